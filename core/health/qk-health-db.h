#pragma once

#include "qk-history-db.h"
#include "qk-slices.h"
#include "qk-summary.h"

G_BEGIN_DECLS

/* What QkHealth does with the database of the history, in its worker: each function is a whole of short
 * transactions, so that no save has to wait for it. */

/**
 * QK_HEALTH_EVENTS_DAYS:
 *
 * For how many days events and saves are kept one by one, at most.
 */
#define QK_HEALTH_EVENTS_DAYS 7
/**
 * QK_HEALTH_MAX_AGENTS:
 *
 * So many agents are told apart in a sample.
 */
#define QK_HEALTH_MAX_AGENTS 500

/**
 * QK_HEALTH_BATCH_MAX:
 *
 * How many events, and saves, wait one by one for a database that cannot be written.
 */
#define QK_HEALTH_BATCH_MAX 10000

/**
 * QkHealthSession:
 * @id: its number, random and above 0
 * @queue: which queue
 * @started: when it began
 * @host: on which machine
 * @pid: its process
 * @program: the program of that
 *
 * From when a process opens a queue until it closes it.
 */
typedef struct {
  gint64 id;
  char *queue; /* owned */
  gint64 started;
  char *host; /* owned */
  gint64 pid;
  char *program; /* owned */
} QkHealthSession;

/**
 * QkHealthBatch:
 * @events: (element-type QkLockEvent): what happened
 * @saves: (element-type QkSave): saves that ended
 * @slices: (element-type QkSlice): what these count, and what those count that are left out of them
 *
 * What is not in the database yet.
 */
typedef struct {
  GPtrArray *events; /* owned */
  GArray *saves;     /* owned */
  GArray *slices;    /* owned */
} QkHealthBatch;

QkHealthSession *qk_health_session_new (const char *queue);
void qk_health_session_free (QkHealthSession *self);
QkHealthBatch *qk_health_batch_new (void);
void qk_health_batch_free (QkHealthBatch *self);
gboolean qk_health_batch_is_empty (const QkHealthBatch *self);
void qk_health_batch_append (QkHealthBatch *self, QkHealthBatch *other);

gboolean qk_health_db_write (QkHistoryDb *db,
                             const QkHealthSession *session,
                             QkHealthBatch *batch,
                             gboolean ended,
                             GError **error);
gboolean qk_health_db_add_slice (QkHistoryDb *db,
                                 gint64 queue,
                                 gint64 session,
                                 const QkSlice *slice,
                                 GError **error);
gboolean qk_health_db_sample (QkHistoryDb *db,
                              const QkHealthSession *session,
                              gint64 time,
                              const QkSummary *summary,
                              GError **error);
gboolean qk_health_db_find_first (QkHistoryDb *db,
                                  const QkHealthSession *session,
                                  gint64 *first,
                                  GError **error);
gboolean qk_health_db_read (QkHistoryDb *db,
                            const QkHealthSession *session,
                            QkReport *report,
                            GError **error);
gboolean qk_health_db_get_version (QkHistoryDb *db, gint64 *version, GError **error);
gboolean qk_health_db_age (QkHistoryDb *db,
                           const QkHealthSession *session,
                           gint64 now,
                           guint days,
                           gint64 budget,
                           GError **error);
gboolean qk_health_db_find_queue (QkHistoryDb *db, const char *queue, gint64 *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkHealthSession, qk_health_session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkHealthBatch, qk_health_batch_free)

G_END_DECLS
