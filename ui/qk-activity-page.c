#include "qk-activity-page.h"

#include "qk-activity-detail.h"
#include "qk-activity-list.h"
#include "qk-activity-log.h"
#include "qk-activity-words.h"
#include "qk-fold-layout.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _QkActivityPage {
  AdwBin parent_instance;

  GtkWidget *problem;
  GtkLabel *problem_text;
  GtkBox *groups;
  GtkSearchEntry *words;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkColumnView *list;
  GtkColumnViewColumn *columns[QK_N_ACTIVITY_COLUMNS];
  QkActivityDetail *detail;
  QkActivityLog *log;            /* owned */
  GtkFilter *filter;             /* owned */
  GtkSingleSelection *selection; /* owned */
  char *wanted;                  /* owned, nullable: the words, with the case folded */
  QkActivityGroup group;
};

G_DEFINE_FINAL_TYPE (QkActivityPage, qk_activity_page, ADW_TYPE_BIN)

enum { SIGNAL_SELECTED, SIGNAL_SHOW_MESSAGE, N_SIGNALS };

static guint signals[N_SIGNALS];

static gboolean
is_wanted (gpointer item, gpointer user_data)
{
  QkActivityPage *self = user_data;

  return qk_activity_group_has (self->group, qk_activity_item_get (item)) &&
         (self->wanted == NULL ||
          strstr (qk_activity_item_get_folded (item), self->wanted) != NULL);
}

static const char *
choose_shown (QkActivityPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    return "list";
  if (g_list_model_get_n_items (qk_activity_log_get_model (self->log)) > 0)
    return "filtered";
  if (qk_activity_log_get_loaded (self->log))
    return "empty";
  return qk_activity_log_get_problem (self->log) != NULL ? "unknown" : "opening";
}

/* What is wrong with the history, and what to do about it. */
static void
show_problem (QkActivityPage *self)
{
  const char *problem = qk_activity_log_get_problem (self->log);
  g_autofree char *safe = problem != NULL ? qk_text_reveal_line (problem) : NULL;

  gtk_label_set_text (self->problem_text, safe != NULL ? safe : "");
  gtk_widget_set_visible (self->problem, safe != NULL);
}

static void
show_empty (QkActivityPage *self)
{
  QkHistory *history = qk_activity_log_get_history (self->log);
  guint days = history != NULL ? qk_history_get_retention (history) : QK_HISTORY_RETENTION_DAYS;
  g_autofree char *text = g_strdup_printf (
      ngettext ("What you resend, purge, fix or send is kept here for %u day, to be undone.",
                "What you resend, purge, fix or send is kept here for %u days, to be undone.",
                days),
      days);

  if (g_strcmp0 (adw_status_page_get_description (self->empty), text) != 0)
    adw_status_page_set_description (self->empty, text);
}

static void
update_shown (QkActivityPage *self)
{
  show_problem (self);
  show_empty (self);
  gtk_stack_set_visible_child_name (self->stack, choose_shown (self));
}

static void
selection_cb (GtkSingleSelection *selection, GParamSpec *pspec, QkActivityPage *self)
{
  g_assert (QK_IS_ACTIVITY_PAGE (self));

  qk_activity_detail_set_item (self->detail, gtk_single_selection_get_selected_item (selection));
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0);
}

/* How an operation ended is searched, too. Nothing is selected before anybody chose: the latest is. */
static void
updated_cb (QkActivityLog *log, QkActivityPage *self)
{
  g_assert (QK_IS_ACTIVITY_PAGE (self));

  if (self->wanted != NULL)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  if (gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    gtk_single_selection_set_selected (self->selection, 0);
  update_shown (self);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0);
}

static void
narrow (QkActivityPage *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_shown (self);
}

static void
group_cb (GtkToggleButton *button, GParamSpec *pspec, QkActivityPage *self)
{
  g_assert (QK_IS_ACTIVITY_PAGE (self));

  if (!gtk_toggle_button_get_active (button))
    return;
  self->group = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "group"));
  narrow (self);
}

static void
words_cb (GtkSearchEntry *words, QkActivityPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (words));

  g_assert (QK_IS_ACTIVITY_PAGE (self));

  g_clear_pointer (&self->wanted, g_free);
  if (*text != '\0')
    self->wanted = qk_text_fold_case (text);
  narrow (self);
}

static void
stop_cb (GtkSearchEntry *words, QkActivityPage *self)
{
  g_assert (QK_IS_ACTIVITY_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (words), "");
  qk_activity_page_take_focus (self);
}

/* To what was found. */
static void
words_activate_cb (GtkSearchEntry *words, QkActivityPage *self)
{
  g_assert (QK_IS_ACTIVITY_PAGE (self));

  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    qk_activity_page_take_focus (self);
}

static void
activate_cb (GtkColumnView *list, guint position, QkActivityPage *self)
{
  g_assert (QK_IS_ACTIVITY_PAGE (self));

  qk_activity_detail_take_focus (self->detail);
}

static void
show_message_cb (QkActivityDetail *detail, const char *id, QkActivityPage *self)
{
  g_assert (QK_IS_ACTIVITY_PAGE (self));

  g_signal_emit (self, signals[SIGNAL_SHOW_MESSAGE], 0, id);
}

static void
show_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkActivityPage *self = QK_ACTIVITY_PAGE (widget);
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self->groups));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (first), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->words), "");
}

static void
add_groups (QkActivityPage *self)
{
  GtkToggleButton *first = NULL;

  for (guint i = 0; i < QK_N_ACTIVITY_GROUPS; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (qk_activity_words_group (i));

      g_object_set_data (G_OBJECT (button), "group", GUINT_TO_POINTER (i));
      gtk_widget_add_css_class (button, "chip");
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
      if (first == NULL)
        first = GTK_TOGGLE_BUTTON (button);
      gtk_box_append (self->groups, button);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == 0);
      g_signal_connect (button, "notify::active", G_CALLBACK (group_cb), self);
    }
}

static void
qk_activity_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (qk_activity_page_parent_class)->map (widget);
  qk_activity_log_set_followed (QK_ACTIVITY_PAGE (widget)->log, TRUE);
}

static void
qk_activity_page_unmap (GtkWidget *widget)
{
  qk_activity_log_set_followed (QK_ACTIVITY_PAGE (widget)->log, FALSE);
  GTK_WIDGET_CLASS (qk_activity_page_parent_class)->unmap (widget);
}

static void
qk_activity_page_dispose (GObject *object)
{
  QkActivityPage *self = QK_ACTIVITY_PAGE (object);

  if (self->log != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->selection, self);
      g_signal_handlers_disconnect_by_data (self->log, self);
      qk_activity_log_set_followed (self->log, FALSE);
      gtk_column_view_set_model (self->list, NULL);
    }
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->log);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (qk_activity_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  static const char *const columns[QK_N_ACTIVITY_COLUMNS] = {
      "number_column", "time_column", "what_column", "who_column", "state_column", "undo_column"};

  for (guint i = 0; i < QK_N_ACTIVITY_COLUMNS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, columns[i], FALSE,
                                               G_STRUCT_OFFSET (QkActivityPage, columns) +
                                                   (gssize) (i * sizeof (gpointer)));
  gtk_widget_class_bind_template_child (widget_class, QkActivityPage, problem);
  gtk_widget_class_bind_template_child (widget_class, QkActivityPage, problem_text);
  gtk_widget_class_bind_template_child (widget_class, QkActivityPage, groups);
  gtk_widget_class_bind_template_child (widget_class, QkActivityPage, words);
  gtk_widget_class_bind_template_child (widget_class, QkActivityPage, stack);
  gtk_widget_class_bind_template_child (widget_class, QkActivityPage, empty);
  gtk_widget_class_bind_template_child (widget_class, QkActivityPage, list);
  gtk_widget_class_bind_template_child (widget_class, QkActivityPage, detail);
  gtk_widget_class_bind_template_callback (widget_class, words_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, words_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_message_cb);
}

static void
qk_activity_page_class_init (QkActivityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_activity_page_dispose;
  widget_class->map = qk_activity_page_map;
  widget_class->unmap = qk_activity_page_unmap;

  /**
   * QkActivityPage::selected:
   *
   * Another operation is selected, or what can be done about it has changed.
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * QkActivityPage::show-message:
   * @id: of a message
   *
   * The operator wants to see that message.
   */
  signals[SIGNAL_SHOW_MESSAGE] =
      g_signal_new ("show-message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (QK_TYPE_ACTIVITY_DETAIL);
  g_type_ensure (QK_TYPE_FOLD_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-activity-page.ui");
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "activity.show-all", NULL, show_all_action);
}

static void
qk_activity_page_init (QkActivityPage *self)
{
  GtkFilterListModel *filtered;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->log = qk_activity_log_new ();
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_wanted, self, NULL));
  filtered = gtk_filter_list_model_new (g_object_ref (qk_activity_log_get_model (self->log)),
                                        g_object_ref (self->filter));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (filtered));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  for (guint i = 0; i < QK_N_ACTIVITY_COLUMNS; i++)
    {
      g_autoptr (GtkListItemFactory) factory = qk_activity_list_make_factory (i);

      gtk_column_view_column_set_factory (self->columns[i], factory);
    }
  gtk_column_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  add_groups (self);
  gtk_search_entry_set_key_capture_widget (self->words, GTK_WIDGET (self));
  g_signal_connect (self->selection, "notify::selected-item", G_CALLBACK (selection_cb), self);
  g_signal_connect (self->log, "updated", G_CALLBACK (updated_cb), self);
  update_shown (self);
}

/**
 * qk_activity_page_set_queue:
 * @self: a page
 * @store: a queue
 * @history: where is kept what was done to it
 *
 * Shows what was done to that queue.
 */
void
qk_activity_page_set_queue (QkActivityPage *self, QkStore *store, QkHistory *history)
{
  g_autofree char *key = NULL;

  g_return_if_fail (QK_IS_ACTIVITY_PAGE (self));
  g_return_if_fail (QK_IS_STORE (store) && QK_IS_HISTORY (history));

  key = qk_store_dup_key (store);
  qk_activity_log_set_queue (self->log, store, history);
  qk_activity_detail_set_history (self->detail, history, key);
}

/**
 * qk_activity_page_get_undoable:
 * @self: a page
 *
 * Returns: the number of the selected operation; 0 where none is, or it cannot be undone
 */
gint64
qk_activity_page_get_undoable (QkActivityPage *self)
{
  QkActivityItem *item;
  g_autofree char *obstacle = NULL;

  g_return_val_if_fail (QK_IS_ACTIVITY_PAGE (self), 0);

  item = gtk_single_selection_get_selected_item (self->selection);
  if (item == NULL)
    return 0;
  obstacle = qk_activity_words_obstacle (qk_activity_item_get (item));
  return obstacle == NULL ? qk_activity_item_get (item)->id : 0;
}

/**
 * qk_activity_page_get_selection:
 * @self: a page
 *
 * Returns: (transfer none): the operations that it shows, of #QkActivityItem, selected or not
 */
GtkSingleSelection *
qk_activity_page_get_selection (QkActivityPage *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_PAGE (self), NULL);

  return self->selection;
}

/**
 * qk_activity_page_get_shown:
 * @self: a page
 *
 * Returns: (transfer none): `list`, `empty`, `filtered`, `unknown` or `opening`
 */
const char *
qk_activity_page_get_shown (QkActivityPage *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_PAGE (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/**
 * qk_activity_page_take_focus:
 * @self: a page
 *
 * Moves the keyboard to the operations.
 */
void
qk_activity_page_take_focus (QkActivityPage *self)
{
  g_return_if_fail (QK_IS_ACTIVITY_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}
