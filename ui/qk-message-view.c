#include "qk-message-view.h"

#include "qk-message-cell.h"
#include "qk-row-focus.h"
#include "qk-row-menu.h"
#include "qk-slim-layout.h"

struct _QkMessageView {
  AdwBin parent_instance;

  GtkColumnView *column_view;
  GMenuModel *row_menu;
  GtkWidget *popover; /* owned by being its child, nullable */
  GtkColumnViewColumn *columns[QK_N_COLUMNS];
  GHashTable *cells; /* owned: a set of QkMessageCell, borrowed: the bound ones that follow time */
  GHashTable
      *texts; /* owned: a set of QkMessageCell, borrowed: those that show what is looked for */
  QkSearch *search;    /* owned, nullable: what is marked in them */
  GHashTable *unbound; /* owned: a set of QkMessageCell: not bound, not released yet */
  guint release_id;    /* source: releases those */
  QkMessageList *list; /* owned, nullable */
  QkRowFocus *focus;   /* owned, nullable: there is no list yet */
  int probed;          /* the column that was asked to compare first, or -1 */
};

G_DEFINE_FINAL_TYPE (QkMessageView, qk_message_view, ADW_TYPE_BIN)

enum { SIGNAL_ACTIVATE, N_SIGNALS };

static guint signals[N_SIGNALS];

static const QkSortKey sort_keys[QK_N_COLUMNS] = {
    [QK_COLUMN_STATUS] = QK_SORT_ATTENTION,
    [QK_COLUMN_PRIORITY] = QK_SORT_PRIORITY,
    [QK_COLUMN_RECIPIENT] = QK_SORT_RECIPIENT,
    [QK_COLUMN_SENDER] = QK_SORT_SENDER,
    [QK_COLUMN_TYPE] = QK_SORT_TYPE,
    [QK_COLUMN_EXCERPT] = QK_SORT_EXCERPT,
    [QK_COLUMN_AGE] = QK_SORT_AGE,
    [QK_COLUMN_TRIES] = QK_SORT_ATTEMPTS,
};

/* What a column's sorter or factory is given. */
typedef struct {
  QkMessageView *view; /* borrowed */
  QkColumn column;
} ColumnData;

static ColumnData *
column_data_new (QkMessageView *view, QkColumn column)
{
  ColumnData *data = g_new (ColumnData, 1);

  *data = (ColumnData){view, column};
  return data;
}

/* Nothing is ever sorted by this: the list orders itself. GTK 4.8 does not tell which column was
 * clicked, but the view's sorter asks that column first, and turns its answer round if that is
 * what the operator wants. */
static int
probe_column (gconstpointer a, gconstpointer b, gpointer user_data)
{
  ColumnData *data = user_data;

  if (data->view->probed < 0)
    data->view->probed = (int) data->column;
  return -1;
}

static void
sorter_changed_cb (GtkSorter *sorter, GtkSorterChange change, QkMessageView *self)
{
  GtkOrdering ordering;

  g_assert (QK_IS_MESSAGE_VIEW (self));

  if (self->list == NULL)
    return;
  self->probed = -1;
  ordering = gtk_sorter_compare (sorter, self, self);
  if (self->probed < 0)
    qk_message_list_set_sort (self->list, QK_SORT_ATTENTION, FALSE);
  else
    qk_message_list_set_sort (self->list, sort_keys[self->probed], ordering == GTK_ORDERING_LARGER);
}

/* What is marked is what the list shows: while a search runs, that is the one before. */
static void
settled_cb (QkMessageList *list, QkMessageView *self)
{
  QkFilter *find = qk_message_list_get_filter (list)->find;
  QkSearch *search = find != NULL ? qk_filter_get_search (find) : NULL;
  GHashTableIter iter;
  gpointer cell;

  g_assert (QK_IS_MESSAGE_VIEW (self));

  if (search == self->search || qk_message_list_get_searching (list))
    return;
  g_clear_pointer (&self->search, qk_search_unref);
  self->search = search != NULL ? qk_search_ref (search) : NULL;
  g_hash_table_iter_init (&iter, self->texts);
  while (g_hash_table_iter_next (&iter, &cell, NULL))
    qk_message_cell_set_search (cell, search);
}

static void
cell_setup_cb (GtkListItemFactory *factory, GtkListItem *item, ColumnData *data)
{
  gtk_list_item_set_child (item, qk_message_cell_new (data->column));
}

static void
cell_bind_cb (GtkListItemFactory *factory, GtkListItem *item, ColumnData *data)
{
  QkMessageCell *cell = QK_MESSAGE_CELL (gtk_list_item_get_child (item));

  g_hash_table_remove (data->view->unbound, cell);
  qk_message_add_seen (gtk_list_item_get_item (item), 1);
  qk_message_cell_set_message (cell, gtk_list_item_get_item (item));
  if (qk_message_cell_follows_time (cell))
    g_hash_table_add (data->view->cells, cell);
  if (!qk_message_cell_shows_search (cell))
    return;
  qk_message_cell_set_search (cell, data->view->search);
  g_hash_table_add (data->view->texts, cell);
}

static gboolean
release_cb (gpointer user_data)
{
  QkMessageView *self = user_data;
  GHashTableIter iter;
  gpointer cell;

  g_hash_table_iter_init (&iter, self->unbound);
  while (g_hash_table_iter_next (&iter, &cell, NULL))
    {
      g_hash_table_remove (self->cells, cell);
      g_hash_table_remove (self->texts, cell);
      qk_message_cell_set_message (cell, NULL);
    }
  g_hash_table_remove_all (self->unbound);
  self->release_id = 0;
  return G_SOURCE_REMOVE;
}

/* Where a row comes or goes, GTK 4.8 unbinds some 200 rows below it and binds them again to what
 * they had. So a cell keeps its message until it is idle; bound to it again, it has nothing to
 * do. */
static void
cell_unbind_cb (GtkListItemFactory *factory, GtkListItem *item, ColumnData *data)
{
  QkMessageView *self = data->view;

  qk_message_add_seen (gtk_list_item_get_item (item), -1);
  g_hash_table_add (self->unbound, g_object_ref (gtk_list_item_get_child (item)));
  if (self->release_id == 0)
    self->release_id = g_idle_add (release_cb, self);
}

static void
set_up_column (QkMessageView *self, QkColumn column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  ColumnData *data = column_data_new (self, column);
  g_autoptr (GtkSorter) sorter = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (cell_setup_cb), data);
  g_signal_connect (factory, "bind", G_CALLBACK (cell_bind_cb), data);
  g_signal_connect (factory, "unbind", G_CALLBACK (cell_unbind_cb), data);
  g_object_set_data_full (G_OBJECT (factory), "qk-column", data, g_free);
  gtk_column_view_column_set_factory (self->columns[column], factory);
  g_object_unref (factory);

  sorter =
      GTK_SORTER (gtk_custom_sorter_new (probe_column, column_data_new (self, column), g_free));
  gtk_column_view_column_set_sorter (self->columns[column], sorter);
}

/* The titles of numbers stand where the numbers do. GTK 4.8 has no property for that: the title's
 * content is moved within it. */
static void
align_titles (QkMessageView *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));
  guint column = 0;

  for (GtkWidget *title = gtk_widget_get_first_child (header); title != NULL;
       title = gtk_widget_get_next_sibling (title), column++)
    if (column < QK_N_COLUMNS && qk_message_cell_is_number ((QkColumn) column) &&
        gtk_widget_get_first_child (title) != NULL)
      gtk_widget_set_halign (gtk_widget_get_first_child (title), GTK_ALIGN_END);
}

static void
activate_cb (GtkColumnView *column_view, guint position, QkMessageView *self)
{
  g_assert (QK_IS_MESSAGE_VIEW (self));

  g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0);
}

static void
qk_message_view_dispose (GObject *object)
{
  QkMessageView *self = QK_MESSAGE_VIEW (object);

  g_clear_pointer (&self->focus, qk_row_focus_free);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  if (self->column_view != NULL)
    gtk_column_view_set_model (self->column_view, NULL);
  g_clear_handle_id (&self->release_id, g_source_remove);
  g_hash_table_remove_all (self->cells);
  g_hash_table_remove_all (self->texts);
  g_hash_table_remove_all (self->unbound);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (qk_message_view_parent_class)->dispose (object);
}

static void
qk_message_view_finalize (GObject *object)
{
  QkMessageView *self = QK_MESSAGE_VIEW (object);

  g_hash_table_unref (self->cells);
  g_hash_table_unref (self->texts);
  g_clear_pointer (&self->search, qk_search_unref);
  g_hash_table_unref (self->unbound);

  G_OBJECT_CLASS (qk_message_view_parent_class)->finalize (object);
}

static void
qk_message_view_class_init (QkMessageViewClass *klass)
{
  static const char *const ids[QK_N_COLUMNS] = {"status", "priority", "recipient", "sender",
                                                "type",   "excerpt",  "age",       "tries"};
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_message_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_message_view_finalize;

  /**
   * QkMessageView::activate:
   *
   * The operator wants to read the selected message.
   */
  signals[SIGNAL_ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, QkMessageView, column_view);
  gtk_widget_class_bind_template_child (widget_class, QkMessageView, row_menu);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, ids[i], FALSE,
                                               G_STRUCT_OFFSET (QkMessageView, columns) +
                                                   (gssize) (i * sizeof (gpointer)));
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
qk_message_view_init (QkMessageView *self)
{
  self->cells = g_hash_table_new (NULL, NULL);
  self->texts = g_hash_table_new (NULL, NULL);
  self->unbound = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), qk_slim_layout_new ());
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    set_up_column (self, (QkColumn) i);
  align_titles (self);
  gtk_column_view_sort_by_column (self->column_view, self->columns[QK_COLUMN_STATUS],
                                  GTK_SORT_ASCENDING);
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed",
                           G_CALLBACK (sorter_changed_cb), self, 0);
}

/**
 * qk_message_view_set_list:
 * @self: a view
 * @list: the messages; the view orders them as its column titles say
 * @selection: a selection of @list
 *
 * Shows @list.
 */
void
qk_message_view_set_list (QkMessageView *self, QkMessageList *list, QkMessageSelection *selection)
{
  g_return_if_fail (QK_IS_MESSAGE_VIEW (self));
  g_return_if_fail (QK_IS_MESSAGE_LIST (list));
  g_return_if_fail (QK_IS_MESSAGE_SELECTION (selection));

  g_set_object (&self->list, list);
  qk_message_list_set_paced (list, TRUE);
  g_signal_connect_object (list, "settled", G_CALLBACK (settled_cb), self, 0);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (selection));
  g_clear_pointer (&self->focus, qk_row_focus_free);
  self->focus = qk_row_focus_new (self->column_view, list);
  if (self->popover == NULL)
    self->popover = qk_row_menu_attach (GTK_WIDGET (self), self->column_view, list, self->row_menu);
}

/**
 * qk_message_view_update_time:
 * @self: a view
 * @now: the present, in wall microseconds
 *
 * Lets the cells on the screen follow the time.
 */
void
qk_message_view_update_time (QkMessageView *self, gint64 now)
{
  GHashTableIter iter;
  gpointer cell;

  g_return_if_fail (QK_IS_MESSAGE_VIEW (self));

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &cell, NULL))
    qk_message_cell_update (cell, now);
}

/**
 * qk_message_view_select_all:
 * @self: a view
 *
 * Selects every message that is listed.
 */
void
qk_message_view_select_all (QkMessageView *self)
{
  GtkSelectionModel *model;

  g_return_if_fail (QK_IS_MESSAGE_VIEW (self));

  model = gtk_column_view_get_model (self->column_view);
  if (model != NULL)
    gtk_selection_model_select_all (model);
}

/**
 * qk_message_view_scroll_to:
 * @self: a view
 * @position: of a row
 *
 * Brings it into sight.
 */
void
qk_message_view_scroll_to (QkMessageView *self, guint position)
{
  g_return_if_fail (QK_IS_MESSAGE_VIEW (self));

  gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->column_view)),
                              "list.scroll-to-item", "u", position);
}

/**
 * qk_message_view_take_focus:
 * @self: a view
 *
 * Moves the keyboard to the rows.
 */
void
qk_message_view_take_focus (QkMessageView *self)
{
  g_return_if_fail (QK_IS_MESSAGE_VIEW (self));

  if (self->focus != NULL)
    (void) qk_row_focus_take (self->focus);
}
