#pragma once

#include "qk-health-db.h"
#include "qk-history.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The one worker thread of a QkHealth: keeps what it is handed in the history, and reads there what
 * others have kept.
 *
 * It has a connection of its own, so that no save waits for its mutex, and its transactions are short.
 * While the database cannot be used, what it was handed waits in memory, and it tries again every
 * %QK_EVENT_LOG_RETRY_USEC. Its signals are emitted in the main context in which it was made, until it is
 * closed.
 */

/**
 * QK_EVENT_LOG_RETRY_USEC:
 *
 * How long a database that could not be used is left alone.
 */
#define QK_EVENT_LOG_RETRY_USEC (10 * G_TIME_SPAN_SECOND)

#define QK_TYPE_EVENT_LOG (qk_event_log_get_type ())
G_DECLARE_FINAL_TYPE (QkEventLog, qk_event_log, QK, EVENT_LOG, GObject)

/* What is added to a report in the worker. */
typedef void (*QkEventLogFill) (QkReport *report, gpointer user_data);

QkEventLog *qk_event_log_new (QkHistory *history, const char *queue);
void qk_event_log_close (QkEventLog *self);
char *qk_event_log_dup_problem (QkEventLog *self);
gboolean qk_event_log_is_busy (QkEventLog *self);
void qk_event_log_write (QkEventLog *self, QkHealthBatch *batch);
void qk_event_log_sample (QkEventLog *self, QkDocument *document, gint64 time);
void qk_event_log_look (QkEventLog *self);
void qk_event_log_report (QkEventLog *self,
                          GTask *task,
                          QkReport *report,
                          gint64 first,
                          QkEventLogFill fill,
                          gpointer user_data,
                          GDestroyNotify free_data);

G_END_DECLS
