#pragma once

#include "qk-message-tally.h"
#include "qk-result.h"

G_BEGIN_DECLS

/* What a change would do if it were saved now: to how many messages, for whom, and which would be
 * left alone and why. It is the very plan that a save makes, on the version that was seen last.
 *
 * The changes are made with the first forecast and kept: what is saved in the end is what was
 * foreseen, for the messages that were chosen, whatever the queue became in the meantime. */

/**
 * QkForecastSkip:
 * @reason: why they are left alone, for the operator; a literal
 * @n: how many
 */
typedef struct {
  const char *reason;
  guint n;
} QkForecastSkip;

/**
 * QkForecast:
 * @changes: (element-type QkChange): the changes, one for each chosen message
 * @due: (element-type QkChange): those of them that would change something
 * @left: the others, and why, as a save would tell it
 * @tally: what those that would be changed consist of
 * @n_skipped: how many would be left alone
 * @skips: (element-type QkForecastSkip): why, the most frequent reason first
 * @n_others: of a purge, how many messages of the queue were not chosen
 */
typedef struct {
  GPtrArray *changes;    /* owned */
  GPtrArray *due;        /* owned */
  QkResult *left;        /* owned */
  QkMessageTally *tally; /* owned */
  guint n_skipped;
  GArray *skips; /* owned */
  guint n_others;
} QkForecast;

QkForecast *qk_forecast_new (QkDocument *document,
                             const QkPick *pick,
                             QkChangeKind kind,
                             GPtrArray *changes,
                             gint64 now);
void qk_forecast_free (QkForecast *self);
void qk_forecast_async (QkDocument *document,
                        QkPick *pick,
                        QkChangeKind kind,
                        GPtrArray *changes,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
QkForecast *qk_forecast_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkForecast, qk_forecast_free)

G_END_DECLS
