#include "qk-message-view.h"

#include "qk-column-set.h"
#include "qk-message-cell.h"
#include "qk-row-focus.h"
#include "qk-row-menu.h"
#include "qk-settings.h"
#include "qk-slim-layout.h"

/* So many cells at most are marked, or let go, in one turn of the main loop. */
#define CELLS_AT_ONCE 60

struct _QkMessageView {
  AdwBin parent_instance;

  GtkColumnView *column_view;
  GMenuModel *row_menu;
  GtkWidget *popover;   /* owned by being its child, nullable */
  QkColumnSet *columns; /* owned */
  QkSettings *settings; /* owned */
  GHashTable *cells; /* owned: a set of QkMessageCell, borrowed: the bound ones that follow time */
  GHashTable
      *texts; /* owned: a set of QkMessageCell, borrowed: those that show what is looked for */
  QkSearch *search;    /* owned, nullable: what is marked in them */
  guint mark_id;       /* source: marks those that are not marked yet */
  GHashTable *unbound; /* owned: a set of QkMessageCell: not bound, not released yet */
  guint release_id;    /* source: releases those */
  QkMessageList *list; /* owned, nullable */
  QkRowFocus *focus;   /* owned, nullable: there is no list yet */
  QkColumn sorted;     /* the column by which it is ordered */
  gboolean descending; /* and whether that is turned round */
  int probed;          /* the column that was asked to compare first, or -1 */
};

G_DEFINE_FINAL_TYPE (QkMessageView, qk_message_view, ADW_TYPE_BIN)

enum { SIGNAL_ACTIVATE, N_SIGNALS };

static guint signals[N_SIGNALS];

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
sort_list (QkMessageView *self)
{
  if (self->list != NULL)
    qk_message_list_set_sort (self->list, qk_column_get_sort_key (self->sorted), self->descending);
}

static void
sort_by (QkMessageView *self, QkColumn column, gboolean descending)
{
  gtk_column_view_sort_by_column (self->column_view,
                                  qk_column_set_get_column (self->columns, column),
                                  descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

/* The order that was kept, if its column is shown. */
static void
restore_sort (QkMessageView *self)
{
  gboolean descending;
  g_autofree char *name = qk_settings_dup_sort (self->settings, &descending);

  if (!qk_column_find (name, &self->sorted) ||
      !gtk_column_view_column_get_visible (qk_column_set_get_column (self->columns, self->sorted)))
    {
      self->sorted = QK_COLUMN_STATUS;
      descending = FALSE;
    }
  self->descending = descending;
  sort_by (self, self->sorted, descending);
}

static void
sorter_changed_cb (GtkSorter *sorter, GtkSorterChange change, QkMessageView *self)
{
  GtkOrdering ordering;

  g_assert (QK_IS_MESSAGE_VIEW (self));

  self->probed = -1;
  ordering = gtk_sorter_compare (sorter, self, self->column_view);
  self->sorted = self->probed < 0 ? QK_COLUMN_STATUS : (QkColumn) self->probed;
  self->descending = self->probed >= 0 && ordering == GTK_ORDERING_LARGER;
  qk_settings_set_sort (self->settings, qk_column_get_name (self->sorted), self->descending);
  sort_list (self);
}

/* An order of which no title tells would be a riddle. */
static void
columns_changed_cb (QkColumnSet *columns, QkMessageView *self)
{
  g_assert (QK_IS_MESSAGE_VIEW (self));

  if (!gtk_column_view_column_get_visible (qk_column_set_get_column (columns, self->sorted)))
    sort_by (self, QK_COLUMN_STATUS, FALSE);
}

/* Marks some of the cells that do not show yet what was looked for. What is not bound is marked when
 * it is bound again. */
static gboolean
mark_cb (gpointer user_data)
{
  QkMessageView *self = user_data;
  GHashTableIter iter;
  gpointer cell;
  guint n_marked = 0;

  g_hash_table_iter_init (&iter, self->texts);
  while (n_marked < CELLS_AT_ONCE && g_hash_table_iter_next (&iter, &cell, NULL))
    if (!g_hash_table_contains (self->unbound, cell))
      n_marked += qk_message_cell_set_search (cell, self->search);
  if (n_marked == CELLS_AT_ONCE)
    return G_SOURCE_CONTINUE;
  self->mark_id = 0;
  return G_SOURCE_REMOVE;
}

/* What is marked is what the list shows: while a search runs, that is the one before. */
static void
settled_cb (QkMessageList *list, QkMessageView *self)
{
  QkFilter *find = qk_message_list_get_filter (list)->find;
  QkSearch *search = find != NULL ? qk_filter_get_search (find) : NULL;

  g_assert (QK_IS_MESSAGE_VIEW (self));

  if (search == self->search || qk_message_list_get_searching (list))
    return;
  g_clear_pointer (&self->search, qk_search_unref);
  self->search = search != NULL ? qk_search_ref (search) : NULL;
  g_clear_handle_id (&self->mark_id, g_source_remove);
  if (mark_cb (self))
    self->mark_id = g_idle_add_full (QK_PRIORITY_STEP, mark_cb, self, NULL);
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

/* Most of them are freed by that, which takes longer than a frame for all the rows of a window. */
static gboolean
release_cb (gpointer user_data)
{
  QkMessageView *self = user_data;
  gpointer cells[CELLS_AT_ONCE], cell;
  guint n_cells = 0;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->unbound);
  while (n_cells < CELLS_AT_ONCE && g_hash_table_iter_next (&iter, &cell, NULL))
    cells[n_cells++] = cell;
  for (guint i = 0; i < n_cells; i++)
    {
      g_hash_table_remove (self->cells, cells[i]);
      g_hash_table_remove (self->texts, cells[i]);
      qk_message_cell_set_message (cells[i], NULL);
      g_hash_table_remove (self->unbound, cells[i]);
    }
  if (g_hash_table_size (self->unbound) > 0)
    return G_SOURCE_CONTINUE;
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
  gtk_column_view_column_set_factory (qk_column_set_get_column (self->columns, column), factory);
  g_object_unref (factory);

  sorter =
      GTK_SORTER (gtk_custom_sorter_new (probe_column, column_data_new (self, column), g_free));
  gtk_column_view_column_set_sorter (qk_column_set_get_column (self->columns, column), sorter);
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
    {
      /* That its columns go is no wish of the operator. */
      g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->column_view), self);
      gtk_column_view_set_model (self->column_view, NULL);
    }
  g_clear_handle_id (&self->release_id, g_source_remove);
  g_clear_handle_id (&self->mark_id, g_source_remove);
  g_hash_table_remove_all (self->cells);
  g_hash_table_remove_all (self->texts);
  g_hash_table_remove_all (self->unbound);
  g_clear_object (&self->list);
  g_clear_object (&self->columns);
  g_clear_object (&self->settings);

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
  self->settings = qk_settings_new ();
  self->columns = qk_column_set_new (self->column_view);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    set_up_column (self, (QkColumn) i);
  restore_sort (self);
  g_signal_connect_object (self->columns, "changed", G_CALLBACK (columns_changed_cb), self, 0);
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
  sort_list (self);
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

/**
 * qk_message_view_get_columns:
 * @self: a view
 *
 * Returns: (transfer none): its columns
 */
QkColumnSet *
qk_message_view_get_columns (QkMessageView *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_VIEW (self), NULL);

  return self->columns;
}
