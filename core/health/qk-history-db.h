#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The file of the history: an SQLite database that several processes use at once, in WAL mode.
 *
 * Whatever goes wrong with it is an error for its caller to tell and to go on without. A damaged one
 * is moved aside, never deleted. Not safe for several threads: QkHistory sees to that.
 */

/**
 * QK_HISTORY_BUSY_MSEC:
 *
 * How long another process may hold the database before we do without it.
 */
#define QK_HISTORY_BUSY_MSEC 200

#define QK_HISTORY_ERROR (qk_history_error_quark ())
/**
 * QkHistoryError:
 * @QK_HISTORY_ERROR_UNAVAILABLE: the history cannot be read or written now
 * @QK_HISTORY_ERROR_DAMAGED: it is damaged
 * @QK_HISTORY_ERROR_NO_OPERATION: there is no operation of that number
 * @QK_HISTORY_ERROR_NOTHING_TO_UNDO: there is nothing left to be undone
 * @QK_HISTORY_ERROR_ALREADY_UNDONE: that operation is undone already
 */
typedef enum {
  QK_HISTORY_ERROR_UNAVAILABLE,
  QK_HISTORY_ERROR_DAMAGED,
  QK_HISTORY_ERROR_NO_OPERATION,
  QK_HISTORY_ERROR_NOTHING_TO_UNDO,
  QK_HISTORY_ERROR_ALREADY_UNDONE,
} QkHistoryError;
GQuark qk_history_error_quark (void);

typedef struct _QkHistoryDb QkHistoryDb;

QkHistoryDb *qk_history_db_open (const char *path, GError **error);
void qk_history_db_close (QkHistoryDb *self);
gboolean qk_history_db_is_in_place (QkHistoryDb *self);
gboolean qk_history_db_set_aside (const char *path, char **kept_as, GError **error);

sqlite3_stmt *qk_history_db_prepare (QkHistoryDb *self, const char *sql, GError **error);
gboolean qk_history_db_step (QkHistoryDb *self,
                             sqlite3_stmt *statement,
                             gboolean *row,
                             GError **error);
gboolean qk_history_db_run (QkHistoryDb *self, sqlite3_stmt *statement, GError **error);
gboolean qk_history_db_begin (QkHistoryDb *self, gboolean durable, GError **error);
gboolean qk_history_db_commit (QkHistoryDb *self, GError **error);
void qk_history_db_roll_back (QkHistoryDb *self);
void qk_history_db_tidy (QkHistoryDb *self);
gboolean qk_history_db_get_version (QkHistoryDb *self, gint64 *others, gint64 *own, GError **error);
gint64 qk_history_db_get_last_id (QkHistoryDb *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkHistoryDb, qk_history_db_close)

G_END_DECLS
