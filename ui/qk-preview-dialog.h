#pragma once

#include "qk-forecast.h"
#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The question before a large resend and before every purge: how many, for whom, and what will be
 * left alone and why.
 *
 * The messages are those that were chosen when it was asked, whatever is selected later. The figures
 * are what a save would do now: they follow the queue while the question stands, and are worked out
 * in a worker where that would take longer than a frame. Its response is %QK_PREVIEW_RESPONSE_GO or
 * `cancel`, which is what closing it means and, before a purge, has the focus. */

#define QK_PREVIEW_RESPONSE_GO "go"

/**
 * QK_PREVIEW_THRESHOLD:
 *
 * A resend of more messages than this is previewed.
 */
#define QK_PREVIEW_THRESHOLD 20

#define QK_TYPE_PREVIEW_DIALOG (qk_preview_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkPreviewDialog, qk_preview_dialog, QK, PREVIEW_DIALOG, AdwMessageDialog)

GtkWidget *qk_preview_dialog_new (GtkWindow *parent,
                                  QkStore *store,
                                  QkPick *pick,
                                  QkChangeKind kind);
void qk_preview_dialog_ask_for_name (QkPreviewDialog *self, const char *name, guint days);
gboolean qk_preview_dialog_get_asks_for_name (QkPreviewDialog *self);
void qk_preview_dialog_set_obstacle (QkPreviewDialog *self, const char *text);
void qk_preview_dialog_allow_pace (QkPreviewDialog *self, gboolean allow);
QkStore *qk_preview_dialog_get_store (QkPreviewDialog *self);
QkChangeKind qk_preview_dialog_get_kind (QkPreviewDialog *self);
const QkForecast *qk_preview_dialog_get_forecast (QkPreviewDialog *self);
guint qk_preview_dialog_get_per_second (QkPreviewDialog *self);

G_END_DECLS
