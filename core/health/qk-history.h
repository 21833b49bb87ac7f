#pragma once

#include "qk-history-db.h"
#include "qk-history-entry.h"
#include "qk-journal.h"

G_BEGIN_DECLS

/* What was done to queues, kept so that it can be undone: a #QkJournal in an SQLite database that all
 * programs of a user share.
 *
 * It may be used by several threads. Its functions block: on the disk, and for up to
 * %QK_HISTORY_BUSY_MSEC on another process. Nothing is opened before it is needed, and what fails is
 * tried anew the next time.
 */

/**
 * QK_HISTORY_RETENTION_DAYS:
 *
 * How long operations are kept unless a setting says otherwise.
 */
#define QK_HISTORY_RETENTION_DAYS 30
/**
 * QK_HISTORY_KEPT_ALWAYS:
 *
 * So many of the latest operations are kept, however old they are.
 */
#define QK_HISTORY_KEPT_ALWAYS 100

/**
 * QkHistoryState:
 * @QK_HISTORY_UNFINISHED: under way, or cut off: it may have been done or not
 * @QK_HISTORY_DONE: done
 * @QK_HISTORY_ABORTED: not done: the queue was left as it was
 */
typedef enum {
  QK_HISTORY_UNFINISHED,
  QK_HISTORY_DONE,
  QK_HISTORY_ABORTED,
} QkHistoryState;

/**
 * QkHistoryOperation:
 * @id: its number, from 1
 * @time: when it began, in microseconds since the Unix epoch
 * @kind: `resend`, `purge`, `send`, `edit`, `fix`, `restore` or `undo`; `loss` is what another program
 *   did
 * @count: how many entries it changed
 * @host: on which machine
 * @user: who
 * @program: with which program
 * @pid: its process
 * @undoes: which operation it undoes, or 0
 * @undone: which operation undid it, or 0
 * @state: how it ended
 * @n_together: how many there are, with this one, that are undone as one
 *
 * Something that was done to a queue.
 */
typedef struct {
  gint64 id;
  gint64 time;
  char *kind; /* owned */
  guint count;
  char *host;    /* owned */
  char *user;    /* owned */
  char *program; /* owned */
  gint64 pid;
  gint64 undoes;
  gint64 undone;
  QkHistoryState state;
  guint n_together;
} QkHistoryOperation;

/**
 * QkHistoryVersion:
 *
 * By what it is known whether a history has changed. All of it is 0 at first.
 */
typedef struct {
  /*< private >*/
  guint opened; /* how often it was */
  gint64 others;
  gint64 own;
} QkHistoryVersion;

/**
 * QkHistoryTouch:
 * @operation: what was done
 * @was: whether the entry was in the queue before it
 * @is: whether it was afterwards
 * @copied: whether it stayed as it was, and another entry was made of it
 * @before: its status before it, where @was
 * @after: its status afterwards, where @is; of the other entry where @copied
 *
 * What an operation did to one entry.
 */
typedef struct {
  QkHistoryOperation *operation; /* owned */
  gboolean was;
  gboolean is;
  gboolean copied;
  QkStatus before;
  QkStatus after;
} QkHistoryTouch;

#define QK_TYPE_HISTORY (qk_history_get_type ())
G_DECLARE_FINAL_TYPE (QkHistory, qk_history, QK, HISTORY, GObject)

QkHistory *qk_history_new (const char *path);
GPtrArray *qk_history_list (QkHistory *self, const char *queue, guint limit, GError **error);
GPtrArray *qk_history_list_entries (QkHistory *self,
                                    const char *queue,
                                    gint64 operation,
                                    guint limit,
                                    GError **error);
gboolean qk_history_has_changed (QkHistory *self,
                                 QkHistoryVersion *version,
                                 gboolean *changed,
                                 GError **error);
GPtrArray *qk_history_list_of_entry (QkHistory *self,
                                     const char *queue,
                                     const char *id,
                                     guint limit,
                                     GError **error);
void qk_history_touch_free (QkHistoryTouch *touch);
GPtrArray *qk_history_dup_undo (QkHistory *self,
                                const char *queue,
                                gint64 operation,
                                gint64 *chosen,
                                GError **error);
void qk_history_begin_batch (QkHistory *self, GPtrArray *changes);
void qk_history_end_batch (QkHistory *self, GPtrArray *changes);
gboolean qk_history_probe (QkHistory *self, GError **error);
gboolean qk_history_prune (QkHistory *self, guint days, GError **error);
void qk_history_set_retention (QkHistory *self, guint days);
guint qk_history_get_retention (QkHistory *self);
const char *qk_history_get_path (QkHistory *self);
gboolean qk_history_recover (QkHistory *self, char **notice, GError **error);
char *qk_history_steal_notice (QkHistory *self);

const char *qk_history_state_get_name (QkHistoryState state);
QkHistoryOperation *qk_history_operation_copy (const QkHistoryOperation *operation);
void qk_history_operation_free (QkHistoryOperation *operation);

G_END_DECLS
