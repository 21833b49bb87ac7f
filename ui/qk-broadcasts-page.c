#include "qk-broadcasts-page.h"

#include "qk-broadcast-list.h"
#include "qk-broadcast-matrix-cell.h"
#include "qk-broadcast-words.h"
#include "qk-fold-layout.h"
#include "qk-slim-layout.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define AGENT_PREFIX "Agent-"
#define AGENT_WIDTH  76

struct _QkBroadcastsPage {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkColumnView *matrix;
  GtkColumnViewColumn *message_column;
  GtkColumnViewColumn *age_column;
  GtkColumnViewColumn *reached_column;
  GtkLabel *count;
  GtkLabel *selected;
  GtkLabel *summary;
  GtkButton *resend_button;
  GPtrArray *agent_columns;      /* owned, element-type GtkColumnViewColumn */
  char **agents;                 /* owned, nullable: those of the columns */
  QkBroadcastList *list;         /* owned */
  GtkSingleSelection *selection; /* owned */
  QkBroadcastItem *followed;     /* owned, nullable: the selected one */
  GHashTable *cells;             /* owned: a set of QkBroadcastMatrixCell, borrowed: bound ones */
  char *wanted;  /* owned, nullable: the id of a broadcast to be selected when it is found */
  guint tick_id; /* source: lets ages follow the time while the page is shown */
};

G_DEFINE_FINAL_TYPE (QkBroadcastsPage, qk_broadcasts_page, ADW_TYPE_BIN)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What a column's factory is given. */
typedef struct {
  QkBroadcastsPage *page; /* borrowed */
  guint column;
} ColumnData;

static void
cell_setup_cb (GtkListItemFactory *factory, GtkListItem *item, ColumnData *data)
{
  gtk_list_item_set_child (item, qk_broadcast_matrix_cell_new (data->column));
}

static void
cell_bind_cb (GtkListItemFactory *factory, GtkListItem *item, ColumnData *data)
{
  GtkWidget *cell = gtk_list_item_get_child (item);

  qk_broadcast_matrix_cell_set_item (QK_BROADCAST_MATRIX_CELL (cell),
                                     gtk_list_item_get_item (item));
  g_hash_table_add (data->page->cells, cell);
}

static void
cell_unbind_cb (GtkListItemFactory *factory, GtkListItem *item, ColumnData *data)
{
  GtkWidget *cell = gtk_list_item_get_child (item);

  g_hash_table_remove (data->page->cells, cell);
  qk_broadcast_matrix_cell_set_item (QK_BROADCAST_MATRIX_CELL (cell), NULL);
}

static void
set_up_column (QkBroadcastsPage *self, GtkColumnViewColumn *column, guint number)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  ColumnData *data = g_new (ColumnData, 1);

  *data = (ColumnData){self, number};
  g_signal_connect (factory, "setup", G_CALLBACK (cell_setup_cb), data);
  g_signal_connect (factory, "bind", G_CALLBACK (cell_bind_cb), data);
  g_signal_connect (factory, "unbind", G_CALLBACK (cell_unbind_cb), data);
  g_object_set_data_full (G_OBJECT (factory), "qk-column", data, g_free);
  gtk_column_view_column_set_factory (column, factory);
}

/* "A-7" for Agent-7, as there is little room; the cells say the name in full. */
static char *
get_title (const char *agent)
{
  if (g_str_has_prefix (agent, AGENT_PREFIX))
    return g_strdup_printf ("A-%s", agent + strlen (AGENT_PREFIX));
  return qk_text_reveal_line (agent);
}

/* The titles stand where the texts do. GTK 4.8 has no property for that: the title's content is moved
 * within it. */
static void
align_titles (QkBroadcastsPage *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->matrix));
  guint n = self->agent_columns->len, i = 0;

  for (GtkWidget *title = gtk_widget_get_first_child (header); title != NULL;
       title = gtk_widget_get_next_sibling (title), i++)
    if (i > 0 && gtk_widget_get_first_child (title) != NULL)
      gtk_widget_set_halign (gtk_widget_get_first_child (title),
                             i >= 2 && i < 2 + n ? GTK_ALIGN_CENTER : GTK_ALIGN_END);
}

/* A column for each agent; they stay for as long as the agents do. */
static void
show_agents (QkBroadcastsPage *self, const char *const *agents)
{
  if (self->agents != NULL && g_strv_equal ((const char *const *) self->agents, agents))
    return;
  g_strfreev (self->agents);
  self->agents = g_strdupv ((char **) agents);
  for (guint i = 0; i < self->agent_columns->len; i++)
    gtk_column_view_remove_column (self->matrix, self->agent_columns->pdata[i]);
  g_ptr_array_set_size (self->agent_columns, 0);
  /* Cells stand in the order in which their columns came: so the last one comes anew. */
  gtk_column_view_remove_column (self->matrix, self->reached_column);
  for (guint i = 0; agents[i] != NULL; i++)
    {
      g_autofree char *title = get_title (agents[i]);
      GtkColumnViewColumn *column = gtk_column_view_column_new (title, NULL);

      gtk_column_view_column_set_fixed_width (column, AGENT_WIDTH);
      set_up_column (self, column, QK_BROADCAST_COLUMN_AGENT + i);
      gtk_column_view_append_column (self->matrix, column);
      g_ptr_array_add (self->agent_columns, column);
    }
  gtk_column_view_append_column (self->matrix, self->reached_column);
  align_titles (self);
}

static void
update_selected (QkBroadcastsPage *self)
{
  QkBroadcastItem *item = self->followed;
  const QkBroadcast *broadcast = item != NULL ? qk_broadcast_item_get (item) : NULL;
  g_autofree char *excerpt = NULL, *summary = NULL, *resend = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->resend_button), broadcast != NULL);
  if (broadcast != NULL)
    {
      excerpt = qk_entry_dup_excerpt (broadcast->first);
      summary = qk_broadcast_words_summary (qk_broadcast_item_get_broadcasts (item), broadcast);
      resend = qk_broadcast_words_resend (broadcast);
      gtk_button_set_label (self->resend_button, resend);
      if (broadcast->n_missed > 0)
        gtk_widget_add_css_class (GTK_WIDGET (self->resend_button), "suggested-action");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (self->resend_button), "suggested-action");
    }
  gtk_label_set_text (self->selected, excerpt != NULL ? excerpt : _ ("Nothing selected"));
  gtk_label_set_text (self->summary, summary != NULL ? summary : "");
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0);
}

static void
follow (QkBroadcastsPage *self, QkBroadcastItem *item)
{
  if (self->followed != NULL)
    g_signal_handlers_disconnect_by_data (self->followed, self);
  g_set_object (&self->followed, item);
  if (item != NULL)
    g_signal_connect_swapped (item, "changed", G_CALLBACK (update_selected), self);
  update_selected (self);
}

static void
selected_cb (GtkSingleSelection *selection, GParamSpec *pspec, QkBroadcastsPage *self)
{
  g_assert (QK_IS_BROADCASTS_PAGE (self));

  follow (self, gtk_single_selection_get_selected_item (selection));
}

static gboolean
select_wanted (QkBroadcastsPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QkBroadcastItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (!qk_entry_has_id (qk_broadcast_item_get (item)->first, self->wanted))
        continue;
      gtk_single_selection_set_selected (self->selection, i);
      /* GTK 4.8 has no function for that. */
      gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->matrix)),
                                  "list.scroll-to-item", "u", i);
      return TRUE;
    }
  return FALSE;
}

static void
settled_cb (QkBroadcastList *list, QkBroadcastsPage *self)
{
  QkBroadcasts *broadcasts = qk_broadcast_list_get_broadcasts (list);
  guint size = broadcasts != NULL ? qk_broadcasts_get_size (broadcasts) : 0;
  g_autofree char *count = g_strdup_printf ("%u", size);

  g_assert (QK_IS_BROADCASTS_PAGE (self));

  if (broadcasts != NULL)
    show_agents (self, qk_broadcasts_get_agents (broadcasts));
  gtk_label_set_text (self->count, size > 0 ? count : "");
  gtk_stack_set_visible_child_name (self->stack, broadcasts == NULL ? "searching"
                                                 : size > 0         ? "matrix"
                                                                    : "empty");
  if (self->wanted != NULL)
    (void) select_wanted (self);
  g_clear_pointer (&self->wanted, g_free);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0);
}

static gboolean
tick_cb (gpointer user_data)
{
  QkBroadcastsPage *self = user_data;
  gint64 now = qk_wall_now ();
  GHashTableIter iter;
  gpointer cell;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &cell, NULL))
    qk_broadcast_matrix_cell_update_time (cell, now);
  return G_SOURCE_CONTINUE;
}

static void
qk_broadcasts_page_map (GtkWidget *widget)
{
  QkBroadcastsPage *self = QK_BROADCASTS_PAGE (widget);

  GTK_WIDGET_CLASS (qk_broadcasts_page_parent_class)->map (widget);
  qk_broadcast_list_set_watched (self->list, TRUE);
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
}

static void
qk_broadcasts_page_unmap (GtkWidget *widget)
{
  QkBroadcastsPage *self = QK_BROADCASTS_PAGE (widget);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  qk_broadcast_list_set_watched (self->list, FALSE);
  GTK_WIDGET_CLASS (qk_broadcasts_page_parent_class)->unmap (widget);
}

static void
qk_broadcasts_page_dispose (GObject *object)
{
  QkBroadcastsPage *self = QK_BROADCASTS_PAGE (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->matrix != NULL)
    gtk_column_view_set_model (self->matrix, NULL);
  if (self->followed != NULL)
    g_signal_handlers_disconnect_by_data (self->followed, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_object (&self->followed);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (qk_broadcasts_page_parent_class)->dispose (object);
}

static void
qk_broadcasts_page_finalize (GObject *object)
{
  QkBroadcastsPage *self = QK_BROADCASTS_PAGE (object);

  g_ptr_array_unref (self->agent_columns);
  g_hash_table_unref (self->cells);
  g_strfreev (self->agents);
  g_free (self->wanted);

  G_OBJECT_CLASS (qk_broadcasts_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (QK_TYPE_FOLD_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-broadcasts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, matrix);
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, message_column);
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, age_column);
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, reached_column);
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, count);
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, selected);
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, QkBroadcastsPage, resend_button);
}

static void
qk_broadcasts_page_class_init (QkBroadcastsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_broadcasts_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_broadcasts_page_finalize;
  widget_class->map = qk_broadcasts_page_map;
  widget_class->unmap = qk_broadcasts_page_unmap;

  /**
   * QkBroadcastsPage::selected:
   *
   * Another broadcast is selected, or the selected one has changed.
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  bind_template (widget_class);
}

static void
qk_broadcasts_page_init (QkBroadcastsPage *self)
{
  self->agent_columns = g_ptr_array_new_with_free_func (g_object_unref);
  self->cells = g_hash_table_new (NULL, NULL);
  self->list = qk_broadcast_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), qk_slim_layout_new ());
  set_up_column (self, self->message_column, QK_BROADCAST_COLUMN_MESSAGE);
  set_up_column (self, self->age_column, QK_BROADCAST_COLUMN_AGE);
  set_up_column (self, self->reached_column, QK_BROADCAST_COLUMN_REACHED);
  self->selection =
      gtk_single_selection_new (g_object_ref (qk_broadcast_list_get_model (self->list)));
  gtk_column_view_set_model (self->matrix, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
  g_signal_connect (self->list, "settled", G_CALLBACK (settled_cb), self);
  update_selected (self);
}

/**
 * qk_broadcasts_page_set_store:
 * @self: a page
 * @store: (nullable): whose broadcasts to show
 *
 * Shows the broadcasts of @store.
 */
void
qk_broadcasts_page_set_store (QkBroadcastsPage *self, QkStore *store)
{
  g_return_if_fail (QK_IS_BROADCASTS_PAGE (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  qk_broadcast_list_set_store (self->list, store);
}

/**
 * qk_broadcasts_page_select:
 * @self: a page
 * @id: the id of the first message of a broadcast
 *
 * Selects that broadcast, as soon as it is found.
 */
void
qk_broadcasts_page_select (QkBroadcastsPage *self, const char *id)
{
  g_return_if_fail (QK_IS_BROADCASTS_PAGE (self));
  g_return_if_fail (id != NULL);

  g_free (self->wanted);
  self->wanted = g_strdup (id);
  if (select_wanted (self))
    g_clear_pointer (&self->wanted, g_free);
}

/**
 * qk_broadcasts_page_get_selected:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the broadcast that is selected
 */
QkBroadcastItem *
qk_broadcasts_page_get_selected (QkBroadcastsPage *self)
{
  g_return_val_if_fail (QK_IS_BROADCASTS_PAGE (self), NULL);

  return self->followed;
}

/**
 * qk_broadcasts_page_get_model:
 * @self: a page
 *
 * Returns: (transfer none): what it shows, selected or not
 */
GListModel *
qk_broadcasts_page_get_model (QkBroadcastsPage *self)
{
  g_return_val_if_fail (QK_IS_BROADCASTS_PAGE (self), NULL);

  return G_LIST_MODEL (self->selection);
}

/**
 * qk_broadcasts_page_take_focus:
 * @self: a page
 *
 * Moves the keyboard to the rows.
 */
void
qk_broadcasts_page_take_focus (QkBroadcastsPage *self)
{
  g_return_if_fail (QK_IS_BROADCASTS_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->matrix));
}
