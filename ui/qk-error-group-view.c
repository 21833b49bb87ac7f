#include "qk-error-group-view.h"

#include "qk-error-group-row.h"
#include "qk-time.h"

struct _QkErrorGroupView {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListView *list_view;
  GListStore *store;             /* owned, of QkErrorGroupItem */
  GtkSingleSelection *selection; /* owned */
  GHashTable *items;             /* owned: class -> QkErrorGroupItem, both borrowed from @store */
  GHashTable *rows;              /* owned: a set of the rows that show something */
  QkDocument *document;          /* owned, nullable: what is to be counted */
  QkQuery *query;                /* owned, nullable */
  guint generation;              /* of what is shown: a count for another one is dropped */
  gboolean counting;
  gboolean again; /* and another count is wanted */
  gboolean takes_focus;
};

G_DEFINE_FINAL_TYPE (QkErrorGroupView, qk_error_group_view, ADW_TYPE_BIN)

typedef struct {
  QkDocument *document; /* owned */
  QkQuery *query;       /* owned */
  guint generation;
} Count;

static void
count_free (gpointer data)
{
  Count *count = data;

  qk_document_unref (count->document);
  qk_query_unref (count->query);
  g_free (count);
}

static void
run_count (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Count *count = task_data;

  g_task_return_pointer (task, qk_error_groups_find (count->document, count->query, qk_wall_now ()),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
remove_gone (QkErrorGroupView *self, GHashTable *found)
{
  GListModel *model = G_LIST_MODEL (self->store);

  for (guint i = g_list_model_get_n_items (model); i-- > 0;)
    {
      g_autoptr (QkErrorGroupItem) item = g_list_model_get_item (model, i);
      const char *error_class = qk_error_group_item_get (item)->error_class;

      if (g_hash_table_contains (found, error_class))
        continue;
      g_hash_table_remove (self->items, error_class);
      g_list_store_remove (self->store, i);
    }
}

/* What is known takes its new numbers, what is new comes last. */
static void
take_groups (QkErrorGroupView *self, GPtrArray *groups)
{
  g_autoptr (GHashTable) found = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < groups->len; i++)
    {
      const QkErrorGroup *group = groups->pdata[i];
      QkErrorGroupItem *item = g_hash_table_lookup (self->items, group->error_class);

      g_hash_table_add (found, group->error_class);
      if (item != NULL)
        qk_error_group_item_update (item, group);
      else
        g_ptr_array_add (added, qk_error_group_item_new (group));
    }
  remove_gone (self, found);
  for (guint i = 0; i < added->len; i++)
    g_hash_table_insert (self->items, qk_error_group_item_get (added->pdata[i])->error_class,
                         added->pdata[i]);
  g_list_store_splice (self->store, g_list_model_get_n_items (G_LIST_MODEL (self->store)), 0,
                       added->pdata, added->len);
}

static void
grab_focus (QkErrorGroupView *self)
{
  self->takes_focus = FALSE;
  gtk_widget_child_focus (GTK_WIDGET (self->list_view), GTK_DIR_TAB_FORWARD);
}

static void start_count (QkErrorGroupView *self);

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkErrorGroupView *self = QK_ERROR_GROUP_VIEW (source);
  Count *count = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) groups = g_task_propagate_pointer (G_TASK (result), NULL);

  self->counting = FALSE;
  if (count->generation == self->generation && self->document != NULL)
    {
      take_groups (self, groups);
      gtk_stack_set_visible_child_name (self->stack, groups->len > 0 ? "groups" : "nothing");
      if (self->takes_focus && groups->len > 0)
        grab_focus (self);
    }
  if (self->again && self->document != NULL)
    start_count (self);
}

static void
start_count (QkErrorGroupView *self)
{
  g_autoptr (GTask) task = NULL;
  Count *count;

  self->again = self->counting;
  if (self->counting)
    return;
  self->counting = TRUE;
  count = g_new (Count, 1);
  *count = (Count){qk_document_ref (self->document), qk_query_ref (self->query), self->generation};
  task = g_task_new (self, NULL, counted_cb, NULL);
  g_task_set_task_data (task, count, count_free);
  g_task_run_in_thread (task, run_count);
}

static void
activate_cb (GtkListView *list_view, guint position, QkErrorGroupView *self)
{
  g_autoptr (QkErrorGroupItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  g_assert (QK_IS_ERROR_GROUP_VIEW (self));

  if (item != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-error", "s",
                                qk_error_group_item_get (item)->error_class);
}

/* For the keys: the group that is selected. */
static void
group_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkErrorGroupItem *item =
      gtk_single_selection_get_selected_item (QK_ERROR_GROUP_VIEW (widget)->selection);

  if (item != NULL)
    gtk_widget_activate_action (widget,
                                g_str_equal (action_name, "error-group.resend") ? "win.resend-error"
                                                                                : "win.purge-error",
                                "s", qk_error_group_item_get (item)->error_class);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, QkErrorGroupView *self)
{
  g_assert (QK_IS_ERROR_GROUP_VIEW (self));

  gtk_list_item_set_child (list_item, qk_error_group_row_new ());
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, QkErrorGroupView *self)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  g_assert (QK_IS_ERROR_GROUP_VIEW (self));

  qk_error_group_row_set_item (QK_ERROR_GROUP_ROW (row), gtk_list_item_get_item (list_item));
  g_hash_table_add (self->rows, row);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, QkErrorGroupView *self)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  g_assert (QK_IS_ERROR_GROUP_VIEW (self));

  if (row == NULL)
    return;
  g_hash_table_remove (self->rows, row);
  qk_error_group_row_set_item (QK_ERROR_GROUP_ROW (row), NULL);
}

static void
qk_error_group_view_dispose (GObject *object)
{
  QkErrorGroupView *self = QK_ERROR_GROUP_VIEW (object);

  qk_error_group_view_stop (self);
  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);
  self->list_view = NULL;

  G_OBJECT_CLASS (qk_error_group_view_parent_class)->dispose (object);
}

static void
qk_error_group_view_finalize (GObject *object)
{
  QkErrorGroupView *self = QK_ERROR_GROUP_VIEW (object);

  g_hash_table_unref (self->items);
  g_hash_table_unref (self->rows);
  g_object_unref (self->selection);
  g_object_unref (self->store);

  G_OBJECT_CLASS (qk_error_group_view_parent_class)->finalize (object);
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "error-group.resend", NULL, group_action);
  gtk_widget_class_install_action (widget_class, "error-group.purge", NULL, group_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK,
                                       "error-group.resend", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "error-group.purge", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "error-group.purge",
                                       NULL);
}

static void
qk_error_group_view_class_init (QkErrorGroupViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = qk_error_group_view_dispose;
  object_class->finalize = qk_error_group_view_finalize;
  install_keys (widget_class);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-error-group-view.ui");
  gtk_widget_class_bind_template_child (widget_class, QkErrorGroupView, stack);
  gtk_widget_class_bind_template_child (widget_class, QkErrorGroupView, list_view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
qk_error_group_view_init (QkErrorGroupView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->items = g_hash_table_new (g_str_hash, g_str_equal);
  self->rows = g_hash_table_new (NULL, NULL);
  self->store = g_list_store_new (QK_TYPE_ERROR_GROUP_ITEM);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->store)));
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
}

static gboolean
is_same_query (QkQuery *a, QkQuery *b)
{
  g_autofree char *text_a = a != NULL ? qk_query_to_text (a) : NULL;
  g_autofree char *text_b = qk_query_to_text (b);

  return g_strcmp0 (text_a, text_b) == 0;
}

/**
 * qk_error_group_view_show:
 * @self: a view
 * @document: a version of the queue
 * @query: whose errors to show
 *
 * Counts the errors again, and shows them when that is done. Rows stay the same as long as @query does.
 */
void
qk_error_group_view_show (QkErrorGroupView *self, QkDocument *document, QkQuery *query)
{
  g_return_if_fail (QK_IS_ERROR_GROUP_VIEW (self));
  g_return_if_fail (document != NULL && query != NULL);

  if (!is_same_query (self->query, query))
    {
      self->generation++;
      g_hash_table_remove_all (self->items);
      g_list_store_remove_all (self->store);
      gtk_stack_set_visible_child_name (self->stack, "counting");
    }
  qk_document_ref (document);
  qk_query_ref (query);
  g_clear_pointer (&self->document, qk_document_unref);
  g_clear_pointer (&self->query, qk_query_unref);
  self->document = document;
  self->query = query;
  start_count (self);
}

/**
 * qk_error_group_view_stop:
 * @self: a view
 *
 * Counts no more: the view is not shown. It begins afresh with qk_error_group_view_show().
 */
void
qk_error_group_view_stop (QkErrorGroupView *self)
{
  g_return_if_fail (QK_IS_ERROR_GROUP_VIEW (self));

  self->generation++;
  self->again = FALSE;
  g_clear_pointer (&self->document, qk_document_unref);
  g_clear_pointer (&self->query, qk_query_unref);
}

/**
 * qk_error_group_view_update_time:
 * @self: a view
 * @now: the present, in wall microseconds
 *
 * Lets ages follow the time.
 */
void
qk_error_group_view_update_time (QkErrorGroupView *self, gint64 now)
{
  GHashTableIter iter;
  gpointer row;

  g_return_if_fail (QK_IS_ERROR_GROUP_VIEW (self));

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    qk_error_group_row_update_time (row, now);
}

/**
 * qk_error_group_view_take_focus:
 * @self: a view
 *
 * Moves the keyboard to the groups, as soon as there are any.
 */
void
qk_error_group_view_take_focus (QkErrorGroupView *self)
{
  g_return_if_fail (QK_IS_ERROR_GROUP_VIEW (self));

  self->takes_focus = TRUE;
  if (g_list_model_get_n_items (G_LIST_MODEL (self->store)) > 0)
    grab_focus (self);
}

/**
 * qk_error_group_view_get_groups:
 * @self: a view
 *
 * Returns: (transfer none): the groups, each a #QkErrorGroupItem, in the order in which they are shown
 */
GListModel *
qk_error_group_view_get_groups (QkErrorGroupView *self)
{
  g_return_val_if_fail (QK_IS_ERROR_GROUP_VIEW (self), NULL);

  return G_LIST_MODEL (self->store);
}
