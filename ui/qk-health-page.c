#include "qk-health-page.h"

#include "qk-advice-card.h"
#include "qk-chart.h"
#include "qk-export.h"
#include "qk-fold-layout.h"
#include "qk-health-course.h"
#include "qk-health-event-view.h"
#include "qk-health-judge.h"
#include "qk-health-tally.h"
#include "qk-health-tiles.h"
#include "qk-settings.h"
#include "qk-text.h"
#include "qk-what-if-dialog.h"

#include <glib/gi18n-lib.h>

/* How long nothing new is shown after a report: what changes more often cannot be read. What happens
 * meanwhile is still on screen within a second. */
#define PAUSE_MS 400
/* After so many pauses there is a new report even if nothing happened: time goes on. */
#define MAX_PAUSES 37

/* More holders than these are not looked for by eye. */
#define MAX_HOLDERS 8

struct _QkHealthPage {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkLabel *verdict;
  GtkLabel *problem;
  GtkWidget *periods;
  GtkMenuButton *export_button;
  QkHealthTiles *tiles;
  QkChart *errors;
  QkChart *depth;
  QkChart *saves;
  QkHealthEventView *events;
  QkAdviceCard *advice;
  QkHealthTally *holders;
  QkHealthTally *sources;
  GtkWidget *forget_counters;
  QkSettings *settings;      /* owned */
  QkHealth *health;          /* owned, nullable: whose reports are shown */
  GCancellable *cancellable; /* owned, nullable: of the report that is under way */
  QkReport *report;          /* owned, nullable: none came yet */
  QkPeriod period;
  guint timeout;    /* until the next report, or 0 */
  guint n_pauses;   /* since the latest report */
  gboolean stale;   /* something happened since the latest report was asked for */
  gboolean judged;  /* by what is in the queue now */
  gboolean judging; /* in a thread */
};

G_DEFINE_FINAL_TYPE (QkHealthPage, qk_health_page, ADW_TYPE_BIN)

enum { PROP_0, PROP_PERIOD, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void
show_charts (QkHealthPage *self, gboolean other_period)
{
  QkChart *const charts[] = {self->errors, self->depth, self->saves};
  g_autoptr (GArray) course = qk_health_course_new (self->report, QK_HEALTH_MAX_SLICES);

  for (guint i = 0; i < G_N_ELEMENTS (charts) && other_period; i++)
    qk_chart_forget_scale (charts[i]);
  qk_health_course_show_errors (self->errors, self->report, course);
  qk_health_course_show_depth (self->depth, self->report, course);
  qk_health_course_show_saves (self->saves, self->report, course);
}

static void
show_verdict (QkHealthPage *self, const QkAssessment *assessment)
{
  static const char *const styles[QK_N_HEALTH_VERDICTS] = {"live", "held", "broken"};
  const QkAdvice *first = assessment->advice->len > 0 ? assessment->advice->pdata[0] : NULL;
  /* How the queue is, and why. */
  g_autofree char *text =
      g_strdup_printf (_ ("%s: %s"), qk_health_verdict_get_label (assessment->verdict),
                       first != NULL ? first->title : assessment->summary);

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (i != assessment->verdict)
      gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), styles[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict), styles[assessment->verdict]);
  if (g_strcmp0 (gtk_label_get_text (self->verdict), text) != 0)
    gtk_label_set_text (self->verdict, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->verdict), assessment->summary);
}

static void
show_assessment (QkHealthPage *self, const QkAssessment *assessment)
{
  show_verdict (self, assessment);
  qk_advice_card_set_assessment (self->advice, assessment);
}

static void judge (QkHealthPage *self);

static void
judged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkHealthPage) self = user_data;
  g_autoptr (QkReport) report = NULL;
  g_autoptr (QkAssessment) assessment = qk_health_judge_finish (result, &report);

  self->judging = FALSE;
  if (self->report == report)
    show_assessment (self, assessment);
  else if (self->report != NULL)
    judge (self);
}

/* How it is all in all, the queue included where it is known. */
static void
judge (QkHealthPage *self)
{
  QkStore *store = self->health != NULL ? qk_health_get_store (self->health) : NULL;
  QkThresholds thresholds;

  if (self->judging)
    return;
  self->judged = TRUE;
  qk_thresholds_read (&thresholds, G_OBJECT (self->settings));
  if (store != NULL)
    {
      self->judging = TRUE;
      qk_health_judge_async (self->report, store, &thresholds, judged_cb, g_object_ref (self));
    }
  else
    {
      g_autoptr (QkAssessment) assessment = qk_assessment_new (self->report, NULL, &thresholds);

      show_assessment (self, assessment);
    }
}

static void
show_holders (QkHealthPage *self)
{
  guint64 rest = 0;

  qk_health_tally_begin (self->holders);
  for (guint i = 0; i < self->report->holders->len; i++)
    {
      QkHolderCount *holder = self->report->holders->pdata[i];
      g_autofree char *label = qk_text_reveal_line (holder->label);

      if (i < MAX_HOLDERS)
        qk_health_tally_add (self->holders, label, holder->count, NULL, NULL);
      else
        rest += holder->count;
    }
  if (rest > 0)
    qk_health_tally_add (self->holders, _ ("others"), rest, NULL, NULL);
  qk_health_tally_end (self->holders, qk_figures_get_lock_errors (&self->report->total) > 0
                                          ? _ ("It is not known who.")
                                          : _ ("Nobody stood in the way."));
}

static gboolean
are_counters_chosen (QkHealthPage *self)
{
  g_autofree char *key =
      self->health != NULL ? qk_store_dup_key (qk_health_get_store (self->health)) : NULL;
  g_autofree char *path = key != NULL ? qk_settings_dup_counters (self->settings, key) : NULL;

  return path != NULL;
}

static void
show_sources (QkHealthPage *self)
{
  qk_health_tally_begin (self->sources);
  for (guint source = 0; source < QK_N_SOURCES; source++)
    {
      const QkFigures *figures = &self->report->by_source[source];
      g_autofree char *location = NULL;
      g_autofree char *detail = NULL;

      if (source == QK_SOURCE_SWARM && self->report->swarm_location == NULL)
        continue;
      if (source == QK_SOURCE_SWARM)
        location = qk_text_reveal_line (self->report->swarm_location);
      /* Of the saves that met a lock. */
      if (figures->saves_retried + figures->saves_failed > 0)
        detail = g_strdup_printf (_ ("saved after a retry: %llu, given up: %llu"),
                                  (unsigned long long) figures->saves_retried,
                                  (unsigned long long) figures->saves_failed);
      qk_health_tally_add (self->sources, qk_source_get_label (source),
                           qk_figures_get_lock_errors (figures), detail, location);
    }
  qk_health_tally_end (self->sources, "");
  gtk_widget_set_visible (self->forget_counters, are_counters_chosen (self));
}

static void
show_problem (QkHealthPage *self)
{
  g_autofree char *text =
      self->report->problem != NULL ? qk_text_reveal (self->report->problem) : NULL;

  gtk_label_set_text (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->problem)), text != NULL);
}

static void ask (QkHealthPage *self);

static gboolean
pause_cb (gpointer user_data)
{
  QkHealthPage *self = QK_HEALTH_PAGE (user_data);

  if (!self->judged && !self->stale)
    judge (self);
  if (!self->stale && ++self->n_pauses < MAX_PAUSES)
    return G_SOURCE_CONTINUE;
  self->timeout = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
reported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkHealthPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (QkReport) report = qk_health_report_finish (QK_HEALTH (source), result, &error);

  /* Another one is wanted, or none. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (report != NULL)
    qk_health_page_set_report (self, report);
  else
    g_warning ("no report: %s", error->message);
  self->n_pauses = 0;
  self->timeout = g_timeout_add (PAUSE_MS, pause_cb, self);
}

static void
stop (QkHealthPage *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* Asks for a report, if somebody looks and none is under way. */
static void
ask (QkHealthPage *self)
{
  if (self->health == NULL || self->cancellable != NULL || self->timeout != 0 ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->stale = FALSE;
  self->cancellable = g_cancellable_new ();
  qk_health_report_async (self->health, self->period, self->cancellable, reported_cb,
                          g_object_ref (self));
}

static void
changed_cb (QkHealth *health, QkHealthPage *self)
{
  g_assert (QK_IS_HEALTH_PAGE (self));

  self->stale = TRUE;
  ask (self);
}

static void
queue_changed_cb (QkStore *store, gpointer diff, QkHealthPage *self)
{
  g_assert (QK_IS_HEALTH_PAGE (self));

  self->judged = FALSE;
}

/* Others are listened to only while somebody looks. */
static void
heed (QkHealthPage *self, gboolean whether)
{
  QkStore *store;

  if (self->health == NULL)
    return;
  store = qk_health_get_store (self->health);
  g_signal_handlers_disconnect_by_data (self->health, self);
  g_signal_handlers_disconnect_by_data (store, self);
  if (!whether)
    return;
  g_signal_connect (self->health, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect (store, "changed", G_CALLBACK (queue_changed_cb), self);
  g_signal_connect (store, "notify::state", G_CALLBACK (queue_changed_cb), self);
}

static void
qk_health_page_map (GtkWidget *widget)
{
  QkHealthPage *self = QK_HEALTH_PAGE (widget);

  GTK_WIDGET_CLASS (qk_health_page_parent_class)->map (widget);
  heed (self, TRUE);
  ask (self);
}

static void
qk_health_page_unmap (GtkWidget *widget)
{
  QkHealthPage *self = QK_HEALTH_PAGE (widget);

  stop (self);
  heed (self, FALSE);
  GTK_WIDGET_CLASS (qk_health_page_parent_class)->unmap (widget);
}

static void
what_if_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkHealthPage *self = QK_HEALTH_PAGE (widget);

  gtk_window_present (
      GTK_WINDOW (qk_what_if_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->report)));
}

static void
set_up_export (QkHealthPage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  for (guint i = 0; i < QK_N_EXPORT_FORMATS; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (qk_export_format_get_label (i), NULL);

      g_menu_item_set_action_and_target (item, "win.export-health", "s",
                                         qk_export_format_get_name (i));
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (self->export_button, G_MENU_MODEL (menu));
}

static void
qk_health_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkHealthPage *self = QK_HEALTH_PAGE (object);

  switch (id)
    {
    case PROP_PERIOD:
      g_value_set_string (value, qk_period_get_name (self->period));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_health_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkHealthPage *self = QK_HEALTH_PAGE (object);

  switch (id)
    {
    case PROP_PERIOD:
      for (guint i = 0; i < QK_N_PERIODS; i++)
        if (g_strcmp0 (g_value_get_string (value), qk_period_get_name (i)) == 0)
          qk_health_page_set_period (self, i);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_health_page_dispose (GObject *object)
{
  QkHealthPage *self = QK_HEALTH_PAGE (object);

  stop (self);
  heed (self, FALSE);
  g_clear_object (&self->health);
  g_clear_pointer (&self->report, qk_report_unref);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (qk_health_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, stack);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, problem);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, periods);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, tiles);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, errors);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, depth);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, saves);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, events);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, advice);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, holders);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, sources);
  gtk_widget_class_bind_template_child (widget_class, QkHealthPage, forget_counters);
}

static void
ensure_types (void)
{
  g_type_ensure (QK_TYPE_ADVICE_CARD);
  g_type_ensure (QK_TYPE_CHART);
  g_type_ensure (QK_TYPE_FOLD_LAYOUT);
  g_type_ensure (QK_TYPE_HEALTH_EVENT_VIEW);
  g_type_ensure (QK_TYPE_HEALTH_TALLY);
  g_type_ensure (QK_TYPE_HEALTH_TILES);
}

/* Ctrl+1 to Ctrl+5: the times, in their order. */
static void
add_keys (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < QK_N_PERIODS; i++)
    {
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + i, GDK_CONTROL_MASK,
                                           "health.period", "s", qk_period_get_name (i));
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_1 + i, GDK_CONTROL_MASK,
                                           "health.period", "s", qk_period_get_name (i));
    }
}

static void
qk_health_page_class_init (QkHealthPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = qk_health_page_get_property;
  object_class->set_property = qk_health_page_set_property;
  object_class->dispose = qk_health_page_dispose;
  widget_class->map = qk_health_page_map;
  widget_class->unmap = qk_health_page_unmap;

  /**
   * QkHealthPage:period:
   *
   * Of which time: a name of qk_period_get_name().
   */
  properties[PROP_PERIOD] =
      g_param_spec_string ("period", NULL, NULL, "24h",
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  ensure_types ();
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-health-page.ui");
  bind_template (widget_class);
  gtk_widget_class_install_property_action (widget_class, "health.period", "period");
  gtk_widget_class_install_action (widget_class, "health.what-if", NULL, what_if_action);
  add_keys (widget_class);
}

/* A limit, or the retry rule: the same figures may mean something else. Told with the next report,
 * when the store has the rule, too. */
static void
settings_cb (QkSettings *settings, GParamSpec *pspec, QkHealthPage *self)
{
  g_assert (QK_IS_HEALTH_PAGE (self));

  self->stale = TRUE;
}

static void
qk_health_page_init (QkHealthPage *self)
{
  self->period = QK_PERIOD_DAY;
  self->settings = qk_settings_new ();
  g_signal_connect_object (self->settings, "notify", G_CALLBACK (settings_cb), self, 0);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_up_export (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "health.what-if", FALSE);
}

/**
 * qk_health_page_set_health:
 * @self: a page
 * @health: (nullable): whose reports to show
 *
 * Shows the reports of @health from now on.
 */
void
qk_health_page_set_health (QkHealthPage *self, QkHealth *health)
{
  g_return_if_fail (QK_IS_HEALTH_PAGE (self));
  g_return_if_fail (health == NULL || QK_IS_HEALTH (health));

  stop (self);
  heed (self, FALSE);
  g_set_object (&self->health, health);
  qk_health_page_set_report (self, NULL);
  heed (self, gtk_widget_get_mapped (GTK_WIDGET (self)));
  ask (self);
}

/**
 * qk_health_page_set_report:
 * @self: a page
 * @report: (nullable): what to show, %NULL where it is not there yet
 *
 * Shows a report. What is the same as before is not touched.
 */
void
qk_health_page_set_report (QkHealthPage *self, QkReport *report)
{
  gboolean other_period;
  QkThresholds thresholds;

  g_return_if_fail (QK_IS_HEALTH_PAGE (self));

  other_period = self->report == NULL || report == NULL || self->report->period != report->period;
  if (report != NULL)
    qk_report_ref (report);
  g_clear_pointer (&self->report, qk_report_unref);
  self->report = report;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "health.what-if", report != NULL);
  gtk_stack_set_visible_child_name (self->stack, report != NULL ? "report" : "waiting");
  if (report == NULL)
    return;
  qk_thresholds_read (&thresholds, G_OBJECT (self->settings));
  qk_health_tiles_set_report (self->tiles, report, &thresholds);
  show_charts (self, other_period);
  qk_health_event_view_set_report (self->events, report);
  judge (self);
  show_holders (self);
  show_sources (self);
  show_problem (self);
}

/**
 * qk_health_page_get_report:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what it shows
 */
QkReport *
qk_health_page_get_report (QkHealthPage *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_PAGE (self), NULL);

  return self->report;
}

/**
 * qk_health_page_set_period:
 * @self: a page
 * @period: of which time
 *
 * Chooses it.
 */
void
qk_health_page_set_period (QkHealthPage *self, QkPeriod period)
{
  g_return_if_fail (QK_IS_HEALTH_PAGE (self));
  g_return_if_fail ((guint) period < QK_N_PERIODS);

  if (self->period == period)
    return;
  self->period = period;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PERIOD]);
  /* Chosen with a key, while another one of them had the focus. */
  if (gtk_widget_get_focus_child (self->periods) != NULL)
    qk_health_page_take_focus (self);
  stop (self);
  ask (self);
}

/**
 * qk_health_page_get_period:
 * @self: a page
 *
 * Returns: of which time
 */
QkPeriod
qk_health_page_get_period (QkHealthPage *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_PAGE (self), QK_PERIOD_DAY);

  return self->period;
}

/**
 * qk_health_page_open_export_menu:
 * @self: a page
 *
 * Lets the operator choose a format, if there is something to export.
 */
void
qk_health_page_open_export_menu (QkHealthPage *self)
{
  g_return_if_fail (QK_IS_HEALTH_PAGE (self));

  if (gtk_widget_get_mapped (GTK_WIDGET (self->export_button)))
    gtk_menu_button_popup (self->export_button);
}

/**
 * qk_health_page_take_focus:
 * @self: a page
 *
 * Moves the keyboard to the choice of the time.
 */
void
qk_health_page_take_focus (QkHealthPage *self)
{
  GtkWidget *button;

  g_return_if_fail (QK_IS_HEALTH_PAGE (self));

  /* In the order of the times. */
  button = gtk_widget_get_first_child (self->periods);
  for (guint i = 0; i < self->period; i++)
    button = gtk_widget_get_next_sibling (button);
  gtk_widget_grab_focus (button);
}
