#include "qk-counter-strip.h"

#include "qk-counter.h"
#include "qk-settings.h"
#include "qk-slim-layout.h"
#include "qk-tile-layout.h"

#include <math.h>
#include <string.h>

enum { PENDING, PROCESSING, FAILED, STUCK, LOCK_ERRORS, RETRIES, SUCCESS, N_COUNTERS };

#define N_FILTERS (STUCK + 1)

struct _QkCounterStrip {
  AdwBin parent_instance;

  QkCounter *counters[N_COUNTERS];
  GtkToggleButton *buttons[N_FILTERS];
  gboolean updating;    /* the buttons follow the focus, not the other way round */
  QkSettings *settings; /* owned */
};

G_DEFINE_FINAL_TYPE (QkCounterStrip, qk_counter_strip, ADW_TYPE_BIN)

enum { SIGNAL_FOCUS_CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

static const char *const names[N_COUNTERS] = {"pending",     "processing", "failed", "stuck",
                                              "lock_errors", "retries",    "success"};

static const QkFocus focuses[N_FILTERS] = {QK_FOCUS_PENDING, QK_FOCUS_PROCESSING, QK_FOCUS_FAILED,
                                           QK_FOCUS_STUCK};

static void
button_toggled_cb (GtkToggleButton *button, QkCounterStrip *self)
{
  QkFocus focus = QK_FOCUS_ALL;

  g_assert (QK_IS_COUNTER_STRIP (self));

  if (self->updating)
    return;
  for (guint i = 0; i < N_FILTERS; i++)
    if (self->buttons[i] == button && gtk_toggle_button_get_active (button))
      focus = focuses[i];
  qk_counter_strip_set_focus (self, focus);
  g_signal_emit (self, signals[SIGNAL_FOCUS_CHOSEN], 0, (guint) focus);
}

static void
set_count (QkCounterStrip *self, guint counter, guint64 value, gboolean alert)
{
  char text[24];

  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, value);
  qk_counter_set_value (self->counters[counter], text, alert);
}

static void
bind_counters (GtkWidgetClass *widget_class)
{
  static const char *const buttons[N_FILTERS] = {"pending_button", "processing_button",
                                                 "failed_button", "stuck_button"};

  for (guint i = 0; i < N_COUNTERS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, names[i], FALSE,
                                               G_STRUCT_OFFSET (QkCounterStrip, counters) +
                                                   (gssize) (i * sizeof (gpointer)));
  for (guint i = 0; i < N_FILTERS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, buttons[i], FALSE,
                                               G_STRUCT_OFFSET (QkCounterStrip, buttons) +
                                                   (gssize) (i * sizeof (gpointer)));
}

static void
qk_counter_strip_dispose (GObject *object)
{
  g_clear_object (&QK_COUNTER_STRIP (object)->settings);

  G_OBJECT_CLASS (qk_counter_strip_parent_class)->dispose (object);
}

static void
qk_counter_strip_class_init (QkCounterStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_counter_strip_dispose;

  /**
   * QkCounterStrip::focus-chosen:
   * @focus: a #QkFocus
   *
   * The operator wants to see that group.
   */
  signals[SIGNAL_FOCUS_CHOSEN] =
      g_signal_new ("focus-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  g_type_ensure (QK_TYPE_COUNTER);
  g_type_ensure (QK_TYPE_TILE_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-counter-strip.ui");
  bind_counters (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, button_toggled_cb);
}

static void
qk_counter_strip_init (QkCounterStrip *self)
{
  self->settings = qk_settings_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), qk_slim_layout_new ());
  qk_counter_strip_set_summary (self, NULL);
  qk_counter_strip_set_figures (self, NULL);
}

/**
 * qk_counter_strip_set_summary:
 * @self: a strip
 * @summary: (nullable): the counts of messages; %NULL where nothing was loaded yet
 *
 * Shows new counts of messages.
 */
void
qk_counter_strip_set_summary (QkCounterStrip *self, const QkSummary *summary)
{
  static const QkSummary none;

  g_return_if_fail (QK_IS_COUNTER_STRIP (self));

  if (summary == NULL)
    summary = &none;
  set_count (self, PENDING, summary->by_status[QK_STATUS_PENDING], FALSE);
  set_count (self, PROCESSING, summary->by_status[QK_STATUS_PROCESSING], FALSE);
  set_count (self, FAILED, summary->by_status[QK_STATUS_FAILED],
             summary->by_status[QK_STATUS_FAILED] > 0);
  set_count (self, STUCK, summary->stuck, summary->stuck > 0);
}

/**
 * qk_counter_strip_set_figures:
 * @self: a strip
 * @figures: (nullable): what this window has met since it was opened; %NULL where no queue was
 *
 * Shows new counts of errors. They are red only when the retries did not help.
 */
void
qk_counter_strip_set_figures (QkCounterStrip *self, const QkFigures *figures)
{
  static const QkFigures none;
  double rate = 0;
  guint good;
  gboolean known;
  g_autofree char *text = NULL;

  g_return_if_fail (QK_IS_COUNTER_STRIP (self));

  if (figures == NULL)
    figures = &none;
  known = qk_figures_get_success_rate (figures, &rate);
  set_count (self, LOCK_ERRORS, qk_figures_get_lock_errors (figures), figures->saves_failed > 0);
  set_count (self, RETRIES, figures->retries[QK_OPERATION_SAVE], FALSE);
  /* 100 only where it is all of them. */
  text = known ? g_strdup_printf ("%.0f %%", floor (rate * 100 + 1e-9)) : g_strdup ("—");
  g_object_get (self->settings, "alert-success-percent", &good, NULL);
  qk_counter_set_value (self->counters[SUCCESS], text, known && rate * 100 < good);
}

/**
 * qk_counter_strip_set_focus:
 * @self: a strip
 * @focus: the group that is shown
 *
 * Presses the button of that group and lets go of the others.
 */
void
qk_counter_strip_set_focus (QkCounterStrip *self, QkFocus focus)
{
  g_return_if_fail (QK_IS_COUNTER_STRIP (self));

  self->updating = TRUE;
  for (guint i = 0; i < N_FILTERS; i++)
    gtk_toggle_button_set_active (self->buttons[i], focuses[i] == focus);
  self->updating = FALSE;
}

/**
 * qk_counter_strip_get_value:
 * @self: a strip
 * @name: `pending`, `processing`, `failed`, `stuck`, `lock_errors`, `retries` or `success`
 *
 * Returns: (transfer none) (nullable): what that counter shows; %NULL where there is none
 */
const char *
qk_counter_strip_get_value (QkCounterStrip *self, const char *name)
{
  g_return_val_if_fail (QK_IS_COUNTER_STRIP (self), NULL);

  for (guint i = 0; i < N_COUNTERS; i++)
    if (strcmp (names[i], name) == 0)
      return qk_counter_get_value (self->counters[i]);
  return NULL;
}
