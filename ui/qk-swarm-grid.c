#include "qk-swarm-grid.h"

#include "qk-swarm-words.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

/* The name, the ages and their sum, then what is no button. */
#define COLUMN_NAME   0
#define COLUMN_AGE    1
#define COLUMN_ALL    (COLUMN_AGE + QK_SWARM_N_AGES)
#define COLUMN_OLDEST (COLUMN_ALL + 1)
#define COLUMN_SIGN   (COLUMN_OLDEST + 1)
#define N_COLUMNS     (COLUMN_SIGN + 1)

/* Somebody's row, or that of all. */
typedef struct {
  QkSwarmGrid *grid; /* borrowed */
  GtkWidget *box;    /* owned by the grid's widget */
  GtkWidget *cells[N_COLUMNS];
  guint numbers[N_COLUMNS]; /* what the buttons say */
  char *name;               /* owned, nullable: that of all */
} Row;

struct _QkSwarmGrid {
  GtkWidget parent_instance;

  Row *header;                    /* owned: its cells are the titles */
  GPtrArray *rows;                /* owned, element-type Row: the last one is that of all */
  GtkSizeGroup *sizes[N_COLUMNS]; /* owned */
  GtkWidget *current;             /* borrowed: the cell that takes the keyboard */
};

G_DEFINE_FINAL_TYPE (QkSwarmGrid, qk_swarm_grid, GTK_TYPE_WIDGET)

enum { SIGNAL_ACTIVATED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
row_free (gpointer data)
{
  Row *row = data;

  gtk_widget_unparent (row->box);
  g_free (row->name);
  g_free (row);
}

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static gboolean
is_button (guint column)
{
  return column >= COLUMN_AGE && column <= COLUMN_ALL;
}

/* Only one of the cells can be reached with Tab; from there the arrow keys go on. */
static void
set_current (QkSwarmGrid *self, GtkWidget *cell)
{
  if (self->current != NULL && self->current != cell)
    gtk_widget_set_focusable (self->current, FALSE);
  self->current = cell;
  if (cell != NULL)
    gtk_widget_set_focusable (cell, TRUE);
}

static gboolean
find_cell (QkSwarmGrid *self, GtkWidget *cell, guint *row_number, guint *column)
{
  for (guint i = 0; cell != NULL && i < self->rows->len; i++)
    for (guint k = COLUMN_AGE; k <= COLUMN_ALL; k++)
      if (((Row *) self->rows->pdata[i])->cells[k] == cell)
        {
          *row_number = i;
          *column = k;
          return TRUE;
        }
  return FALSE;
}

static void
clicked_cb (GtkButton *button, Row *row)
{
  QkSwarmGrid *self = row->grid;
  guint number, column;

  g_assert (QK_IS_SWARM_GRID (self));

  if (!find_cell (self, GTK_WIDGET (button), &number, &column))
    return;
  set_current (self, GTK_WIDGET (button));
  if (row->numbers[column] == 0)
    {
      gtk_widget_error_bell (GTK_WIDGET (button));
      return;
    }
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, row->name,
                 column == COLUMN_ALL ? QK_SWARM_N_AGES : column - COLUMN_AGE);
}

/* The older, the warmer. */
static const char *
get_hue (guint column)
{
  if (column == COLUMN_ALL || column == COLUMN_AGE + QK_N_AGES)
    return "any-age";
  return column < COLUMN_AGE + 3 ? "young" : column == COLUMN_AGE + 3 ? "old" : "very-old";
}

static GtkWidget *
make_cell (Row *row, guint column, GtkAccessibleRole role)
{
  GtkWidget *cell;

  if (role == GTK_ACCESSIBLE_ROLE_GRID_CELL && is_button (column))
    {
      cell = g_object_new (GTK_TYPE_BUTTON, "accessible-role", role, "focusable", FALSE, "label",
                           "", NULL);
      gtk_widget_add_css_class (cell, "swarm-cell");
      gtk_widget_add_css_class (cell, "numeric");
      gtk_widget_add_css_class (cell, get_hue (column));
      g_signal_connect (cell, "clicked", G_CALLBACK (clicked_cb), row);
      return cell;
    }
  cell = g_object_new (GTK_TYPE_LABEL, "accessible-role", role, "xalign",
                       column == COLUMN_NAME ? 0.0F
                       : is_button (column)  ? 0.5F
                                             : 1.0F,
                       NULL);
  if (column == COLUMN_NAME)
    {
      gtk_label_set_ellipsize (GTK_LABEL (cell), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (cell), 9);
      gtk_label_set_max_width_chars (GTK_LABEL (cell), 18);
    }
  else
    gtk_widget_add_css_class (cell, "numeric");
  return cell;
}

static Row *
make_row (QkSwarmGrid *self, const char *name, GtkAccessibleRole role)
{
  Row *row = g_new0 (Row, 1);

  row->grid = self;
  row->name = g_strdup (name);
  row->box =
      g_object_new (GTK_TYPE_BOX, "spacing", 4, "accessible-role", GTK_ACCESSIBLE_ROLE_ROW, NULL);
  gtk_widget_add_css_class (row->box, "swarm-row");
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      gboolean names_row = i == COLUMN_NAME && role == GTK_ACCESSIBLE_ROLE_GRID_CELL;

      row->cells[i] = make_cell (row, i, names_row ? GTK_ACCESSIBLE_ROLE_ROW_HEADER : role);
      row->numbers[i] = G_MAXUINT;
      gtk_widget_set_hexpand (row->cells[i], i != COLUMN_NAME);
      gtk_size_group_add_widget (self->sizes[i], row->cells[i]);
      gtk_box_append (GTK_BOX (row->box), row->cells[i]);
    }
  if (role != GTK_ACCESSIBLE_ROLE_GRID_CELL)
    set_name (row->box, _ ("Column headings"));
  gtk_widget_set_parent (row->box, GTK_WIDGET (self));
  return row;
}

static void
set_text (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) == 0)
    return;
  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
}

static const char *
get_shade (guint n)
{
  return n == 0 ? "none" : n < 5 ? "few" : n < 25 ? "some" : "many";
}

static void
set_number (Row *row, guint column, guint n)
{
  GtkWidget *cell = row->cells[column];
  g_autofree char *text = NULL, *name = NULL;

  if (row->numbers[column] == n)
    return;
  if (row->numbers[column] != G_MAXUINT)
    gtk_widget_remove_css_class (cell, get_shade (row->numbers[column]));
  row->numbers[column] = n;
  gtk_widget_add_css_class (cell, get_shade (n));
  text = n > 0 ? g_strdup_printf ("%u", n) : g_strdup ("·");
  name = qk_swarm_words_cell (row->name,
                              column == COLUMN_ALL ? QK_SWARM_N_AGES : column - COLUMN_AGE, n);
  gtk_button_set_label (GTK_BUTTON (cell), text);
  gtk_widget_set_tooltip_text (cell, name);
  set_name (cell, name);
}

static void
show_row (Row *row, const QkSwarmAgent *agent, gint64 now)
{
  g_autofree char *name = row->name != NULL ? qk_words_agent (row->name) : g_strdup (_ ("All"));
  g_autofree char *oldest = qk_swarm_words_since (agent->oldest_pending, now);
  g_autofree char *sign = qk_swarm_words_since (qk_swarm_agent_get_last_sign (agent), now);
  gboolean silent = qk_swarm_agent_is_silent (agent, now);

  set_text (row->cells[COLUMN_NAME], name);
  for (guint i = 0; i < QK_SWARM_N_AGES; i++)
    set_number (row, COLUMN_AGE + i, agent->pending[i]);
  set_number (row, COLUMN_ALL, agent->n_pending);
  set_text (row->cells[COLUMN_OLDEST], oldest);
  set_text (row->cells[COLUMN_SIGN],
            silent && agent->last_sent == agent->last_delivered ? _ ("never") : sign);
  if (silent)
    gtk_widget_add_css_class (row->cells[COLUMN_SIGN], "silent");
  else
    gtk_widget_remove_css_class (row->cells[COLUMN_SIGN], "silent");
  set_name (row->box, name);
}

static Row *
find_row (QkSwarmGrid *self, const char *name, guint from)
{
  for (guint i = from; i < self->rows->len; i++)
    if (g_strcmp0 (((Row *) self->rows->pdata[i])->name, name) == 0)
      return self->rows->pdata[i];
  return NULL;
}

/* Brings the row of @name to @place. */
static Row *
place_row (QkSwarmGrid *self, const char *name, guint place)
{
  Row *row = find_row (self, name, place);
  Row *before = place > 0 ? self->rows->pdata[place - 1] : self->header;
  guint at;

  if (row == NULL)
    {
      row = make_row (self, name, GTK_ACCESSIBLE_ROLE_GRID_CELL);
      g_ptr_array_insert (self->rows, (int) place, row);
    }
  else if (g_ptr_array_find (self->rows, row, &at) && at > place)
    {
      g_ptr_array_steal_index (self->rows, at);
      g_ptr_array_insert (self->rows, (int) place, row);
    }
  if (gtk_widget_get_prev_sibling (row->box) != before->box)
    gtk_widget_insert_after (row->box, GTK_WIDGET (self), before->box);
  return row;
}

static void
add_up (QkSwarmAgent *all, const QkSwarmAgent *agent)
{
  for (guint i = 0; i < QK_SWARM_N_AGES; i++)
    all->pending[i] += agent->pending[i];
  all->n_pending += agent->n_pending;
  if (agent->oldest_pending != G_MININT64 &&
      (all->oldest_pending == G_MININT64 || agent->oldest_pending < all->oldest_pending))
    all->oldest_pending = agent->oldest_pending;
  all->last_delivered = MAX (all->last_delivered, agent->last_delivered);
  all->last_sent = MAX (all->last_sent, agent->last_sent);
}

static void
show_rows (QkSwarmGrid *self, const QkSwarm *swarm)
{
  QkSwarmAgent all = {.oldest_pending = G_MININT64,
                      .last_delivered = G_MININT64,
                      .last_sent = G_MININT64};
  guint place = 0, n_others = 0;

  for (guint i = 0; i < swarm->agents->len; i++)
    {
      const QkSwarmAgent *agent = swarm->agents->pdata[i];

      add_up (&all, agent);
      if (!agent->is_member && (agent->n_pending == 0 || ++n_others > QK_SWARM_GRID_MAX_OTHERS))
        continue;
      show_row (place_row (self, agent->name, place), agent, swarm->now);
      place++;
    }
  show_row (place_row (self, NULL, place), &all, swarm->now);
  while (self->rows->len > place + 1)
    {
      Row *row = self->rows->pdata[self->rows->len - 1];

      if (self->current != NULL && gtk_widget_is_ancestor (self->current, row->box))
        self->current = NULL;
      g_ptr_array_set_size (self->rows, (int) self->rows->len - 1);
    }
  for (guint i = 0; i <= self->rows->len; i++)
    {
      Row *row = i > 0 ? self->rows->pdata[i - 1] : self->header;

      gtk_widget_set_visible (row->cells[COLUMN_AGE + QK_N_AGES], all.pending[QK_N_AGES] > 0);
    }
  if (self->current == NULL || !gtk_widget_get_visible (self->current))
    set_current (self, ((Row *) self->rows->pdata[0])->cells[COLUMN_AGE]);
}

static gboolean
move (QkSwarmGrid *self, int rows, int columns)
{
  guint row, column;
  GtkWidget *cell;

  if (!find_cell (self, self->current, &row, &column))
    return FALSE;
  for (;;)
    {
      int to_row = (int) row + rows, to_column = (int) column + columns;

      if (to_row < 0 || to_row >= (int) self->rows->len || to_column < COLUMN_AGE ||
          to_column > COLUMN_ALL)
        return FALSE;
      row = (guint) to_row;
      column = (guint) to_column;
      cell = ((Row *) self->rows->pdata[row])->cells[column];
      if (gtk_widget_get_visible (cell))
        break;
    }
  set_current (self, cell);
  return gtk_widget_grab_focus (cell);
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint keyval,
        guint keycode,
        GdkModifierType state,
        QkSwarmGrid *self)
{
  static const struct {
    guint key, keypad;
    int rows, columns;
  } keys[] = {
      {GDK_KEY_Left, GDK_KEY_KP_Left, 0, -1},
      {GDK_KEY_Right, GDK_KEY_KP_Right, 0, 1},
      {GDK_KEY_Up, GDK_KEY_KP_Up, -1, 0},
      {GDK_KEY_Down, GDK_KEY_KP_Down, 1, 0},
  };

  int ahead = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? -1 : 1;

  g_assert (QK_IS_SWARM_GRID (self));

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keyval == keys[i].key || keyval == keys[i].keypad)
      /* Up and down lead out of the grid at its ends. */
      return move (self, keys[i].rows, ahead * keys[i].columns) || keys[i].columns != 0;
  return GDK_EVENT_PROPAGATE;
}

static void
make_header (QkSwarmGrid *self)
{
  static const char *const tips[N_COLUMNS] = {
      [COLUMN_OLDEST] = N_ ("How long the oldest pending message has been waiting"),
      [COLUMN_SIGN] = N_ ("When it last sent something, or something was last delivered to it"),
  };

  self->header = make_row (self, NULL, GTK_ACCESSIBLE_ROLE_COLUMN_HEADER);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkWidget *title = self->header->cells[i];
      g_autofree char *age = NULL;

      if (i >= COLUMN_AGE && i < COLUMN_ALL)
        age = qk_swarm_words_age (i - COLUMN_AGE);
      gtk_label_set_text (GTK_LABEL (title), i == COLUMN_NAME     ? _ ("Agent")
                                             : i == COLUMN_ALL    ? _ ("pending")
                                             : i == COLUMN_OLDEST ? _ ("oldest")
                                             : i == COLUMN_SIGN   ? _ ("last sign")
                                                                  : age);
      if (tips[i] != NULL)
        gtk_widget_set_tooltip_text (title, _ (tips[i]));
      gtk_widget_add_css_class (title, "caption");
      gtk_widget_add_css_class (title, "dim-label");
    }
}

static void
qk_swarm_grid_dispose (GObject *object)
{
  QkSwarmGrid *self = QK_SWARM_GRID (object);

  self->current = NULL;
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->header, row_free);
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_object (&self->sizes[i]);

  G_OBJECT_CLASS (qk_swarm_grid_parent_class)->dispose (object);
}

static void
qk_swarm_grid_class_init (QkSwarmGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_swarm_grid_dispose;

  /**
   * QkSwarmGrid::activated:
   * @agent: (nullable): a recipient; %NULL for all of them
   * @age: the number of an age, or %QK_SWARM_N_AGES for all ages
   *
   * The operator wants to see the messages of a cell.
   */
  signals[SIGNAL_ACTIVATED] =
      g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "swarmgrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
qk_swarm_grid_init (QkSwarmGrid *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 4);
  self->rows = g_ptr_array_new_with_free_func (row_free);
  for (guint i = 0; i < N_COLUMNS; i++)
    self->sizes[i] = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  make_header (self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  set_name (GTK_WIDGET (self), _ ("Pending messages by recipient and age"));
}

/**
 * qk_swarm_grid_set_swarm:
 * @self: a grid
 * @swarm: what a queue tells
 *
 * Shows that.
 */
void
qk_swarm_grid_set_swarm (QkSwarmGrid *self, const QkSwarm *swarm)
{
  g_return_if_fail (QK_IS_SWARM_GRID (self));
  g_return_if_fail (swarm != NULL);

  show_rows (self, swarm);
}

/**
 * qk_swarm_grid_take_focus:
 * @self: a grid
 *
 * Moves the keyboard to the cell where it was last.
 */
void
qk_swarm_grid_take_focus (QkSwarmGrid *self)
{
  g_return_if_fail (QK_IS_SWARM_GRID (self));

  if (self->current != NULL)
    gtk_widget_grab_focus (self->current);
}

/**
 * qk_swarm_grid_get_cell:
 * @self: a grid
 * @agent: (nullable): a recipient; %NULL for all of them
 * @age: the number of an age, or %QK_SWARM_N_AGES for all ages
 *
 * Returns: (transfer none) (nullable): its cell, %NULL where it has no row
 */
GtkWidget *
qk_swarm_grid_get_cell (QkSwarmGrid *self, const char *agent, guint age)
{
  Row *row;

  g_return_val_if_fail (QK_IS_SWARM_GRID (self), NULL);
  g_return_val_if_fail (age <= QK_SWARM_N_AGES, NULL);

  row = find_row (self, agent, 0);
  return row != NULL ? row->cells[COLUMN_AGE + age] : NULL;
}
