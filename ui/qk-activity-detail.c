#include "qk-activity-detail.h"

#include "qk-activity-entry.h"
#include "qk-activity-words.h"
#include "qk-text.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

#define MAX_ENTRIES 500

typedef enum { ID, RECIPIENT, CHANGE, N_COLUMNS } Column;

struct _QkActivityDetail {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkLabel *what;
  GtkLabel *facts;
  GtkButton *undo_button;
  GtkLabel *count;
  GtkColumnView *list;
  GtkColumnViewColumn *id_column;
  GtkColumnViewColumn *recipient_column;
  GtkColumnViewColumn *change_column;
  QkHistory *history;    /* owned, nullable: no queue yet */
  char *key;             /* owned, nullable: what the queue is called in it */
  QkActivityItem *item;  /* owned, nullable: none is selected */
  GListStore *entries;   /* owned, of QkActivityEntry */
  GCancellable *reading; /* owned, nullable: the entries are being read */
  QkHistoryState state;  /* of the operation whose entries are shown */
  guint n_entries;       /* that it had then */
};

G_DEFINE_FINAL_TYPE (QkActivityDetail, qk_activity_detail, ADW_TYPE_BIN)

enum { SIGNAL_SHOW_MESSAGE, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What the worker needs. */
typedef struct {
  char *key; /* owned */
  gint64 operation;
} Inquiry;

static void
inquiry_free (gpointer data)
{
  g_free (((Inquiry *) data)->key);
  g_free (data);
}

static char *
dup_text (const QkHistoryEntry *entry, Column column)
{
  const char *recipient = qk_history_entry_get_recipient (entry);

  if (column == CHANGE)
    return qk_activity_words_change (entry);
  if (column == RECIPIENT)
    return qk_words_agent (recipient != NULL ? recipient : "");
  return entry->id != NULL ? qk_text_reveal_line (entry->id) : g_strdup (_ ("Without an id"));
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (GPOINTER_TO_UINT (user_data) == ID)
    gtk_widget_add_css_class (label, "monospace");
  gtk_list_item_set_child (item, label);
}

/* The row is read out as one sentence; its first cell does it. */
static void
name_row (GtkWidget *label, const QkHistoryEntry *entry)
{
  GtkWidget *cell = gtk_widget_get_parent (label);
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *id = dup_text (entry, ID), *recipient = dup_text (entry, RECIPIENT);
  g_autofree char *change = dup_text (entry, CHANGE);
  g_autofree char *sentence = g_strdup_printf ("%s, %s, %s", recipient, change, id);

  if (row != NULL &&
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (row)) == GTK_ACCESSIBLE_ROLE_ROW)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                    -1);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const QkHistoryEntry *entry = qk_activity_entry_get (gtk_list_item_get_item (item));
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = dup_text (entry, GPOINTER_TO_UINT (user_data));

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
  if (GPOINTER_TO_UINT (user_data) == ID)
    name_row (label, entry);
}

static void
set_up_columns (QkActivityDetail *self)
{
  GtkColumnViewColumn *columns[N_COLUMNS] = {self->id_column, self->recipient_column,
                                             self->change_column};

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
      gtk_column_view_column_set_factory (columns[i], factory);
    }
}

static void
activate_cb (GtkColumnView *list, guint position, QkActivityDetail *self)
{
  g_autoptr (QkActivityEntry) entry =
      g_list_model_get_item (G_LIST_MODEL (self->entries), position);

  g_assert (QK_IS_ACTIVITY_DETAIL (self));

  if (entry != NULL && qk_activity_entry_get (entry)->id != NULL)
    g_signal_emit (self, signals[SIGNAL_SHOW_MESSAGE], 0, qk_activity_entry_get (entry)->id);
}

/* How many are listed, of how many. */
static void
update_count (QkActivityDetail *self, const char *problem)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->entries));
  const QkHistoryOperation *operation = qk_activity_item_get (self->item);
  g_autofree char *safe = problem != NULL ? qk_text_reveal_line (problem) : NULL;
  g_autofree char *text = NULL;

  if (n < operation->count && safe == NULL)
    text =
        g_strdup_printf (_ ("The first %u of %u messages. “qkctl operations FILE %lld” lists all."),
                         n, operation->count, (long long) operation->id);
  gtk_label_set_text (self->count, safe != NULL ? safe : text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->count), safe != NULL || text != NULL);
}

static void
show_entries (QkActivityDetail *self, GPtrArray *found)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->entries));

  g_ptr_array_set_free_func (found, NULL);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (items, qk_activity_entry_new (found->pdata[i]));
  g_list_store_splice (self->entries, 0, n, items->pdata, items->len);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkActivityDetail) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = g_task_propagate_pointer (G_TASK (result), &error);

  /* Of another operation than the present one. */
  if (g_task_get_cancellable (G_TASK (result)) != self->reading || self->item == NULL)
    return;
  g_clear_object (&self->reading);
  if (found != NULL)
    show_entries (self, found);
  update_count (self, error != NULL ? error->message : NULL);
}

static void
run_inquiry (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Inquiry *inquiry = task_data;
  GError *error = NULL;
  GPtrArray *found =
      qk_history_list_entries (source, inquiry->key, inquiry->operation, MAX_ENTRIES, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
read_entries (QkActivityDetail *self)
{
  const QkHistoryOperation *operation = qk_activity_item_get (self->item);
  g_autoptr (GTask) task = NULL;
  Inquiry *inquiry = g_new (Inquiry, 1);

  self->state = operation->state;
  self->n_entries = operation->count;
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  *inquiry = (Inquiry){g_strdup (self->key), operation->id};
  task = g_task_new (self->history, self->reading, read_cb, g_object_ref (self));
  g_task_set_task_data (task, inquiry, inquiry_free);
  g_task_run_in_thread (task, run_inquiry);
}

/* Once it is done, its entries stay as they are. */
static void
update_facts (QkActivityDetail *self)
{
  const QkHistoryOperation *operation = qk_activity_item_get (self->item);
  g_autofree char *what =
      qk_activity_words_what (operation, qk_activity_item_get_recipient (self->item));
  g_autofree char *time = qk_activity_words_time (operation);
  g_autofree char *who = qk_activity_words_who (operation);
  g_autofree char *state = qk_activity_words_state (operation);
  g_autofree char *obstacle = qk_activity_words_obstacle (operation);
  g_autofree char *together = qk_activity_words_together (operation);
  g_autofree char *facts =
      g_strdup_printf ("#%" G_GINT64_FORMAT " · %s · %s · %s%s%s", operation->id, time, who,
                       obstacle != NULL ? obstacle : state, together != NULL ? " · " : "",
                       together != NULL ? together : "");

  gtk_label_set_text (self->what, what);
  gtk_label_set_text (self->facts, facts);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->facts), facts);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->undo_button),
                               obstacle != NULL ? obstacle : _ ("Undo this (Ctrl+Shift+Z)"));
}

static void
changed_cb (QkActivityItem *item, QkActivityDetail *self)
{
  const QkHistoryOperation *operation = qk_activity_item_get (item);

  g_assert (QK_IS_ACTIVITY_DETAIL (self));

  update_facts (self);
  if (operation->state != self->state || operation->count != self->n_entries)
    read_entries (self);
}

static void
drop_item (QkActivityDetail *self)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_object (&self->reading);
}

static void
qk_activity_detail_dispose (GObject *object)
{
  QkActivityDetail *self = QK_ACTIVITY_DETAIL (object);

  drop_item (self);
  g_clear_object (&self->history);
  g_clear_object (&self->entries);
  g_clear_pointer (&self->key, g_free);

  G_OBJECT_CLASS (qk_activity_detail_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, what);
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, facts);
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, undo_button);
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, count);
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, list);
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, id_column);
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, recipient_column);
  gtk_widget_class_bind_template_child (widget_class, QkActivityDetail, change_column);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
qk_activity_detail_class_init (QkActivityDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_activity_detail_dispose;

  /**
   * QkActivityDetail::show-message:
   * @id: of a message
   *
   * The operator wants to see that message.
   */
  signals[SIGNAL_SHOW_MESSAGE] =
      g_signal_new ("show-message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-activity-detail.ui");
  bind_template (widget_class);
}

static void
qk_activity_detail_init (QkActivityDetail *self)
{
  GtkSingleSelection *selection;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->entries = g_list_store_new (QK_TYPE_ACTIVITY_ENTRY);
  set_up_columns (self);
  selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->entries)));
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  gtk_column_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
}

/**
 * qk_activity_detail_set_history:
 * @self: a detail
 * @history: where operations are kept
 * @key: what their queue is called in it
 *
 * Shows operations of that queue from now on, at first none.
 */
void
qk_activity_detail_set_history (QkActivityDetail *self, QkHistory *history, const char *key)
{
  g_return_if_fail (QK_IS_ACTIVITY_DETAIL (self));
  g_return_if_fail (QK_IS_HISTORY (history) && key != NULL);

  qk_activity_detail_set_item (self, NULL);
  g_set_object (&self->history, history);
  g_free (self->key);
  self->key = g_strdup (key);
}

/**
 * qk_activity_detail_set_item:
 * @self: a detail
 * @item: (nullable): an operation
 *
 * Shows it.
 */
void
qk_activity_detail_set_item (QkActivityDetail *self, QkActivityItem *item)
{
  g_return_if_fail (QK_IS_ACTIVITY_DETAIL (self));
  g_return_if_fail (item == NULL || QK_IS_ACTIVITY_ITEM (item));

  if (item == self->item)
    return;
  drop_item (self);
  g_list_store_remove_all (self->entries);
  gtk_widget_set_visible (GTK_WIDGET (self->count), FALSE);
  gtk_stack_set_visible_child_name (self->stack, item != NULL ? "operation" : "none");
  if (item == NULL)
    return;
  self->item = g_object_ref (item);
  g_signal_connect (item, "changed", G_CALLBACK (changed_cb), self);
  update_facts (self);
  read_entries (self);
}

/**
 * qk_activity_detail_get_entries:
 * @self: a detail
 *
 * Returns: (transfer none): the list of #QkActivityEntry that it shows
 */
GListModel *
qk_activity_detail_get_entries (QkActivityDetail *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_DETAIL (self), NULL);

  return G_LIST_MODEL (self->entries);
}

/**
 * qk_activity_detail_take_focus:
 * @self: a detail
 *
 * Moves the keyboard to the messages.
 */
void
qk_activity_detail_take_focus (QkActivityDetail *self)
{
  g_return_if_fail (QK_IS_ACTIVITY_DETAIL (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}
