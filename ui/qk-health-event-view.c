#include "qk-health-event-view.h"

#include "qk-fold-layout.h"
#include "qk-health-words.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>

typedef enum { TIME, KIND, WHAT, DELAY, HOLDER, SOURCE, N_COLUMNS } Column;

struct _QkHealthEventView {
  AdwBin parent_instance;

  GtkColumnViewColumn *columns[N_COLUMNS];
  GtkColumnView *list;
  GtkScrolledWindow *scroller;
  GtkStack *stack;
  AdwStatusPage *quiet;
  GtkLabel *count;
  GtkDropDown *kind;
  GtkDropDown *source;
  GtkSearchEntry *words;
  QkHealthEvents *events;        /* owned */
  GtkSingleSelection *selection; /* owned */
  QkReport *report;              /* owned, nullable: none came yet */
};

G_DEFINE_FINAL_TYPE (QkHealthEventView, qk_health_event_view, ADW_TYPE_BIN)

static char *(*const texts[N_COLUMNS]) (const QkReportEvent *event) = {
    [KIND] = qk_health_words_kind_with_code, [WHAT] = qk_health_words_what,
    [DELAY] = qk_health_words_delay,         [HOLDER] = qk_health_words_holder,
    [SOURCE] = qk_health_words_source,
};

/* How bad it is: what was settled at once is no error. */
static const char *
get_style (const QkReportEvent *event)
{
  if (event->event->outcome == QK_LOCK_OUTCOME_GIVE_UP)
    return "error";
  return event->event->outcome == QK_LOCK_OUTCOME_MERGED ? "accent" : "warning";
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);
  Column column = GPOINTER_TO_UINT (user_data);

  gtk_label_set_xalign (GTK_LABEL (label), column == DELAY ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (column == TIME || column == WHAT || column == DELAY)
    gtk_widget_add_css_class (label, "numeric");
  if (column == TIME || column == SOURCE)
    gtk_widget_add_css_class (label, "dim-label");
  gtk_list_item_set_child (item, label);
}

/* The row is read out as one sentence; the cell of the time does it for its row. */
static void
name_row (GtkWidget *label, const QkReportEvent *event)
{
  GtkWidget *cell = gtk_widget_get_parent (label);
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *sentence = qk_health_words_event (event);

  if (row != NULL &&
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (row)) == GTK_ACCESSIBLE_ROLE_ROW)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                    -1);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  static const char *const styles[] = {"error", "warning", "accent"};
  const QkReportEvent *event = qk_health_event_get (gtk_list_item_get_item (item));
  GtkWidget *label = gtk_list_item_get_child (item);
  Column column = GPOINTER_TO_UINT (user_data);
  g_autofree char *text =
      column == TIME ? qk_health_words_time (event->event->time) : texts[column](event);
  g_autofree char *sentence = NULL;

  gtk_label_set_text (GTK_LABEL (label), text);
  if (column == TIME)
    name_row (label, event);
  if (column == KIND)
    {
      g_autofree char *description = qk_lock_event_describe (event->event);

      sentence = qk_text_reveal_line (description);
      for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
        gtk_widget_remove_css_class (label, styles[i]);
      gtk_widget_add_css_class (label, get_style (event));
    }
  /* How it held the file, or why that is not known. */
  if (column == HOLDER && event->event->holder != NULL)
    sentence = qk_holder_describe (event->event->holder);
  gtk_widget_set_tooltip_text (label, sentence != NULL ? sentence : text);
}

static void
set_up_columns (QkHealthEventView *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
      gtk_column_view_column_set_factory (self->columns[i], factory);
      g_object_unref (factory);
    }
}

static void
setup_choice_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_choice_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* Where there is little room, what is chosen is cut; the list of the choices is not. */
static void
let_shrink (GtkDropDown *choice)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  gtk_drop_down_set_list_factory (choice, gtk_drop_down_get_factory (choice));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_choice_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_choice_cb), NULL);
  gtk_drop_down_set_factory (choice, factory);
  g_object_unref (factory);
}

/* The first choice is all of them. */
static void
set_up_choices (QkHealthEventView *self)
{
  GtkStringList *kinds = gtk_string_list_new (NULL), *sources = gtk_string_list_new (NULL);

  gtk_string_list_append (kinds, _ ("All kinds"));
  for (guint i = 0; i < QK_N_LOCK_KINDS; i++)
    gtk_string_list_append (kinds, qk_health_words_kind (i));
  gtk_string_list_append (sources, _ ("All sources"));
  for (guint i = 0; i < QK_N_SOURCES; i++)
    gtk_string_list_append (sources, qk_source_get_label (i));
  gtk_drop_down_set_model (self->kind, G_LIST_MODEL (kinds));
  gtk_drop_down_set_model (self->source, G_LIST_MODEL (sources));
  let_shrink (self->kind);
  let_shrink (self->source);
  g_object_unref (kinds);
  g_object_unref (sources);
}

static char *
dup_count (QkHealthEventView *self)
{
  guint n_shown = g_list_model_get_n_items (qk_health_events_get_model (self->events));
  guint64 n_total = self->report->n_events;

  if (n_shown == n_total)
    return g_strdup_printf (ngettext ("%u event", "%u events", n_shown), n_shown);
  /* How many events are shown, of how many. */
  return g_strdup_printf (_ ("%u of %llu"), n_shown, (unsigned long long) n_total);
}

static void
update_shown (QkHealthEventView *self)
{
  const char *shown = "list";
  g_autofree char *title = NULL, *count = NULL;

  if (self->report == NULL)
    return;
  if (qk_health_events_get_total (self->events) == 0)
    shown = "quiet";
  else if (g_list_model_get_n_items (qk_health_events_get_model (self->events)) == 0)
    shown = "filtered";
  title = qk_health_words_quiet (self->report->period);
  if (g_strcmp0 (adw_status_page_get_title (self->quiet), title) != 0)
    adw_status_page_set_title (self->quiet, title);
  count = dup_count (self);
  gtk_label_set_text (self->count, count);
  gtk_stack_set_visible_child_name (self->stack, shown);
}

static void
filter_cb (GObject *object, GParamSpec *pspec, QkHealthEventView *self)
{
  g_assert (QK_IS_HEALTH_EVENT_VIEW (self));

  if (self->events == NULL)
    return;
  qk_health_events_set_filter (self->events, (int) gtk_drop_down_get_selected (self->kind) - 1,
                               (int) gtk_drop_down_get_selected (self->source) - 1,
                               gtk_editable_get_text (GTK_EDITABLE (self->words)));
  update_shown (self);
}

static void
words_cb (GtkSearchEntry *words, QkHealthEventView *self)
{
  filter_cb (G_OBJECT (words), NULL, self);
}

static void
stop_cb (GtkSearchEntry *words, QkHealthEventView *self)
{
  g_assert (QK_IS_HEALTH_EVENT_VIEW (self));

  gtk_editable_set_text (GTK_EDITABLE (words), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
show_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_health_event_view_set_filter (QK_HEALTH_EVENT_VIEW (widget), QK_HEALTH_ANY, QK_HEALTH_ANY, "");
}

static void
qk_health_event_view_dispose (GObject *object)
{
  QkHealthEventView *self = QK_HEALTH_EVENT_VIEW (object);

  g_clear_object (&self->selection);
  g_clear_object (&self->events);
  g_clear_pointer (&self->report, qk_report_unref);

  G_OBJECT_CLASS (qk_health_event_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  static const char *const columns[N_COLUMNS] = {"time_column",  "kind_column",   "what_column",
                                                 "delay_column", "holder_column", "source_column"};

  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, columns[i], FALSE,
                                               G_STRUCT_OFFSET (QkHealthEventView, columns) +
                                                   (gssize) (i * sizeof (gpointer)));
  gtk_widget_class_bind_template_child (widget_class, QkHealthEventView, list);
  gtk_widget_class_bind_template_child (widget_class, QkHealthEventView, scroller);
  gtk_widget_class_bind_template_child (widget_class, QkHealthEventView, stack);
  gtk_widget_class_bind_template_child (widget_class, QkHealthEventView, quiet);
  gtk_widget_class_bind_template_child (widget_class, QkHealthEventView, count);
  gtk_widget_class_bind_template_child (widget_class, QkHealthEventView, kind);
  gtk_widget_class_bind_template_child (widget_class, QkHealthEventView, source);
  gtk_widget_class_bind_template_child (widget_class, QkHealthEventView, words);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, words_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
}

static void
qk_health_event_view_class_init (QkHealthEventViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_health_event_view_dispose;

  g_type_ensure (QK_TYPE_FOLD_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-health-event-view.ui");
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "events.show-all", NULL, show_all_action);
}

static void
qk_health_event_view_init (QkHealthEventView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_up_choices (self);
  set_up_columns (self);
  self->events = qk_health_events_new ();
  self->selection =
      gtk_single_selection_new (g_object_ref (qk_health_events_get_model (self->events)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
}

/**
 * qk_health_event_view_set_report:
 * @self: a view
 * @report: a report
 *
 * Shows its events. Who looks at the newest ones goes on seeing the newest ones.
 */
void
qk_health_event_view_set_report (QkHealthEventView *self, QkReport *report)
{
  GtkAdjustment *adjustment;
  gboolean at_top;

  g_return_if_fail (QK_IS_HEALTH_EVENT_VIEW (self));
  g_return_if_fail (report != NULL);

  adjustment = qk_health_event_view_get_adjustment (self);
  at_top = gtk_adjustment_get_value (adjustment) <= gtk_adjustment_get_lower (adjustment) &&
           gtk_widget_get_focus_child (GTK_WIDGET (self->list)) == NULL;
  qk_report_ref (report);
  g_clear_pointer (&self->report, qk_report_unref);
  self->report = report;
  qk_health_events_set_report (self->events, report);
  update_shown (self);
  if (at_top && g_list_model_get_n_items (qk_health_events_get_model (self->events)) > 0)
    gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->list)),
                                "list.scroll-to-item", "u", 0);
}

/**
 * qk_health_event_view_get_selection:
 * @self: a view
 *
 * Returns: (transfer none): what it shows, selected or not
 */
GtkSingleSelection *
qk_health_event_view_get_selection (QkHealthEventView *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_EVENT_VIEW (self), NULL);

  return self->selection;
}

/**
 * qk_health_event_view_get_adjustment:
 * @self: a view
 *
 * Returns: (transfer none): how far it is scrolled
 */
GtkAdjustment *
qk_health_event_view_get_adjustment (QkHealthEventView *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_EVENT_VIEW (self), NULL);

  return gtk_scrolled_window_get_vadjustment (self->scroller);
}

/**
 * qk_health_event_view_set_filter:
 * @self: a view
 * @kind: a #QkLockKind, or %QK_HEALTH_ANY
 * @source: a #QkSource, or %QK_HEALTH_ANY
 * @words: what must stand in an event
 *
 * Chooses which events are shown, as the operator would.
 */
void
qk_health_event_view_set_filter (QkHealthEventView *self, int kind, int source, const char *words)
{
  g_return_if_fail (QK_IS_HEALTH_EVENT_VIEW (self));
  g_return_if_fail (words != NULL);

  gtk_drop_down_set_selected (self->kind, (guint) (kind + 1));
  gtk_drop_down_set_selected (self->source, (guint) (source + 1));
  gtk_editable_set_text (GTK_EDITABLE (self->words), words);
}

/**
 * qk_health_event_view_get_shown:
 * @self: a view
 *
 * Returns: (transfer none): `list`, `quiet` or `filtered`
 */
const char *
qk_health_event_view_get_shown (QkHealthEventView *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_EVENT_VIEW (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}
