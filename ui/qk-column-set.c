#include "qk-column-set.h"

#include "qk-settings.h"

#include <glib/gi18n-lib.h>

/* A column that is being drawn wider is kept when that is done. */
#define KEEP_AFTER_MS 400

struct _QkColumnSet {
  GObject parent_instance;

  GtkColumnView *view;                        /* borrowed: it outlives this */
  GtkColumnViewColumn *columns[QK_N_COLUMNS]; /* owned */
  int widths[QK_N_COLUMNS];                   /* of those that are hidden */
  QkSettings *settings;                       /* owned */
  GMenu *menu;                                /* owned: of every title */
  gboolean applying;                          /* it is not the operator who changes them */
  guint keep_id;                              /* source: keeps what was changed */
};

G_DEFINE_FINAL_TYPE (QkColumnSet, qk_column_set, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static QkColumn
get_id (QkColumnSet *self, GtkColumnViewColumn *column)
{
  guint i = 0;

  while (i < QK_N_COLUMNS - 1 && self->columns[i] != column)
    i++;
  return (QkColumn) i;
}

/* The titles of numbers stand where the numbers do. GTK 4.8 has no property for that: the title's
 * content is moved within it. Titles are made anew when a column is shown again. */
static void
align_titles (QkColumnSet *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *title = gtk_widget_get_first_child (header);
  GListModel *list = gtk_column_view_get_columns (self->view);

  for (guint i = 0; i < g_list_model_get_n_items (list) && title != NULL; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (list, i);
      GtkWidget *content = gtk_widget_get_first_child (title);

      if (content != NULL)
        gtk_widget_set_halign (content, qk_message_cell_is_number (get_id (self, column))
                                            ? GTK_ALIGN_END
                                            : GTK_ALIGN_FILL);
      title = gtk_widget_get_next_sibling (title);
    }
}

static void
keep (QkColumnSet *self)
{
  QkColumnState states[QK_N_COLUMNS];

  g_clear_handle_id (&self->keep_id, g_source_remove);
  qk_column_set_get_states (self, states);
  qk_settings_set_columns (self->settings, qk_columns_format (states));
}

static gboolean
keep_cb (gpointer user_data)
{
  keep (user_data);
  return G_SOURCE_REMOVE;
}

static void
keep_soon (QkColumnSet *self)
{
  if (self->applying)
    return;
  g_clear_handle_id (&self->keep_id, g_source_remove);
  self->keep_id = g_timeout_add (KEEP_AFTER_MS, keep_cb, self);
}

static void
changed (QkColumnSet *self)
{
  if (self->applying)
    return;
  align_titles (self);
  keep_soon (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* GTK 4.8 leaves room for the fixed width of a column that is hidden. */
static void
visible_cb (GtkColumnViewColumn *column, GParamSpec *pspec, QkColumnSet *self)
{
  int *width = &self->widths[get_id (self, column)];

  g_assert (QK_IS_COLUMN_SET (self));

  if (self->applying)
    return;
  if (gtk_column_view_column_get_visible (column))
    gtk_column_view_column_set_fixed_width (column, *width);
  else
    {
      *width = gtk_column_view_column_get_fixed_width (column);
      gtk_column_view_column_set_fixed_width (column, -1);
    }
  changed (self);
}

static void
width_cb (GtkColumnViewColumn *column, GParamSpec *pspec, QkColumnSet *self)
{
  g_assert (QK_IS_COLUMN_SET (self));

  keep_soon (self);
}

/* A column that moves is taken out and put in: in between one is missing. */
static void
order_cb (GListModel *list, guint position, guint removed, guint added, QkColumnSet *self)
{
  g_assert (QK_IS_COLUMN_SET (self));

  if (g_list_model_get_n_items (list) == QK_N_COLUMNS)
    changed (self);
}

static void
apply (QkColumnSet *self, const QkColumnState *states)
{
  self->applying = TRUE;
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    {
      GtkColumnViewColumn *column = self->columns[states[i].column];

      gtk_column_view_insert_column (self->view, i, column);
      gtk_column_view_column_set_visible (column, states[i].visible);
      self->widths[states[i].column] = states[i].width;
      gtk_column_view_column_set_fixed_width (column, states[i].visible ? states[i].width : -1);
    }
  self->applying = FALSE;
  align_titles (self);
}

static void
reset_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  qk_column_set_reset (user_data);
}

static GtkColumnViewColumn *
make_column (QkColumnSet *self, QkColumn id, GMenu *section)
{
  const char *title = qk_column_get_title (id);
  g_autofree char *action = g_strconcat ("columns.", qk_column_get_name (id), NULL);
  GtkColumnViewColumn *column = gtk_column_view_column_new (title, NULL);

  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, id == QK_COLUMN_EXCERPT);
  gtk_column_view_column_set_header_menu (column, G_MENU_MODEL (self->menu));
  g_signal_connect (column, "notify::visible", G_CALLBACK (visible_cb), self);
  g_signal_connect (column, "notify::fixed-width", G_CALLBACK (width_cb), self);
  g_menu_append (section, title, action);
  return column;
}

static void
add_actions (QkColumnSet *self)
{
  static const GActionEntry entries[] = {{.name = "reset", .activate = reset_action}};
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  for (guint i = 0; i < QK_N_COLUMNS; i++)
    {
      g_autoptr (GPropertyAction) action =
          g_property_action_new (qk_column_get_name ((QkColumn) i), self->columns[i], "visible");

      /* An action that is not there is a line of the menu that cannot be chosen. */
      if (i != QK_COLUMN_STATUS)
        g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self->view), "columns", G_ACTION_GROUP (group));
}

static void
set_up (QkColumnSet *self)
{
  g_autoptr (GMenu) section = g_menu_new (), last = g_menu_new ();
  g_autoptr (GVariant) kept = qk_settings_dup_columns (self->settings);
  QkColumnState states[QK_N_COLUMNS];

  for (guint i = 0; i < QK_N_COLUMNS; i++)
    self->columns[i] = make_column (self, (QkColumn) i, section);
  g_menu_append (last, _ ("_Columns…"), "win.columns");
  g_menu_append (last, _ ("_Reset"), "columns.reset");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (last));
  add_actions (self);
  qk_columns_parse (kept, states);
  apply (self, states);
  g_signal_connect_object (gtk_column_view_get_columns (self->view), "items-changed",
                           G_CALLBACK (order_cb), self, 0);
}

/* What the operator changed last is kept, however short a time ago. */
static void
qk_column_set_dispose (GObject *object)
{
  QkColumnSet *self = QK_COLUMN_SET (object);

  if (self->keep_id != 0)
    keep (self);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    if (self->columns[i] != NULL)
      g_signal_handlers_disconnect_by_data (self->columns[i], self);

  G_OBJECT_CLASS (qk_column_set_parent_class)->dispose (object);
}

static void
qk_column_set_finalize (GObject *object)
{
  QkColumnSet *self = QK_COLUMN_SET (object);

  for (guint i = 0; i < QK_N_COLUMNS; i++)
    g_clear_object (&self->columns[i]);
  g_clear_object (&self->menu);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (qk_column_set_parent_class)->finalize (object);
}

static void
qk_column_set_class_init (QkColumnSetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_column_set_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_column_set_finalize;

  /**
   * QkColumnSet::changed:
   *
   * The columns are in another order, or others are shown.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_column_set_init (QkColumnSet *self)
{
  self->settings = qk_settings_new ();
  self->menu = g_menu_new ();
}

/**
 * qk_column_set_new:
 * @view: a view without columns; must outlive the set
 *
 * Returns: (transfer full): the columns of @view, which are in it now, as the settings say
 */
QkColumnSet *
qk_column_set_new (GtkColumnView *view)
{
  QkColumnSet *self = g_object_new (QK_TYPE_COLUMN_SET, NULL);

  self->view = view;
  set_up (self);
  return self;
}

/**
 * qk_column_set_get_column:
 * @self: the columns of a view
 * @column: which
 *
 * Returns: (transfer none): that column
 */
GtkColumnViewColumn *
qk_column_set_get_column (QkColumnSet *self, QkColumn column)
{
  g_return_val_if_fail (QK_IS_COLUMN_SET (self) && column < QK_N_COLUMNS, NULL);

  return self->columns[column];
}

/**
 * qk_column_set_get_states:
 * @self: the columns of a view
 * @states: (out caller-allocates) (array fixed-size=13): how they are now, in their order
 *
 * Reads them.
 */
void
qk_column_set_get_states (QkColumnSet *self, QkColumnState states[QK_N_COLUMNS])
{
  GListModel *list;

  g_return_if_fail (QK_IS_COLUMN_SET (self));

  list = gtk_column_view_get_columns (self->view);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (list, i);
      gboolean visible = gtk_column_view_column_get_visible (column);
      QkColumn id = get_id (self, column);

      states[i].column = id;
      states[i].visible = visible;
      states[i].width =
          visible ? gtk_column_view_column_get_fixed_width (column) : self->widths[id];
    }
}

/**
 * qk_column_set_show:
 * @self: the columns of a view
 * @column: one of them, other than the status
 * @visible: whether to show it
 *
 * Shows or hides it.
 */
void
qk_column_set_show (QkColumnSet *self, QkColumn column, gboolean visible)
{
  g_return_if_fail (QK_IS_COLUMN_SET (self));
  g_return_if_fail (column < QK_N_COLUMNS && column != QK_COLUMN_STATUS);

  gtk_column_view_column_set_visible (self->columns[column], visible);
}

/**
 * qk_column_set_move:
 * @self: the columns of a view
 * @column: one of them
 * @by: how many places it is to move, to the end where that is more than 0
 *
 * Moves it, as far as there are places.
 */
void
qk_column_set_move (QkColumnSet *self, QkColumn column, int by)
{
  QkColumnState states[QK_N_COLUMNS];
  int place = 0;

  g_return_if_fail (QK_IS_COLUMN_SET (self));
  g_return_if_fail (column < QK_N_COLUMNS);

  qk_column_set_get_states (self, states);
  while (states[place].column != column)
    place++;
  by = CLAMP (place + by, 0, QK_N_COLUMNS - 1) - place;
  if (by != 0)
    gtk_column_view_insert_column (self->view, (guint) (place + by), self->columns[column]);
}

/**
 * qk_column_set_reset:
 * @self: the columns of a view
 *
 * Puts all columns back to how they are at first.
 */
void
qk_column_set_reset (QkColumnSet *self)
{
  QkColumnState states[QK_N_COLUMNS];

  g_return_if_fail (QK_IS_COLUMN_SET (self));

  qk_columns_parse (NULL, states);
  apply (self, states);
  g_clear_handle_id (&self->keep_id, g_source_remove);
  qk_settings_set_columns (self->settings, NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
