#include "qk-row-focus.h"

#include "qk-message-cell.h"

struct _QkRowFocus {
  GtkColumnView *view; /* borrowed */
  GtkWidget *rows;     /* borrowed: the list view in it */
  GtkRoot *root;       /* borrowed, nullable: whose focus is followed */
  QkMessageList *list; /* owned */
  QkMessage *message;  /* owned, nullable: whose row has the keyboard, or had it when it left */
  gboolean away;       /* the view is at its top only until the list is renewed */
  QkMessage *anchor;   /* owned, nullable: what was at the top of the screen before that */
  gpointer row;        /* not owned, may be gone: the row that had the keyboard last */
};

static QkMessage *
get_message (GtkWidget *row)
{
  for (GtkWidget *down = row; down != NULL; down = gtk_widget_get_first_child (down))
    if (QK_IS_MESSAGE_CELL (down))
      return qk_message_cell_get_message (QK_MESSAGE_CELL (down));
  return NULL;
}

/* The row that has the keyboard. */
static GtkWidget *
find_row (QkRowFocus *self)
{
  GtkWidget *focus = self->root != NULL ? gtk_root_get_focus (self->root) : NULL;

  while (focus != NULL && gtk_widget_get_parent (focus) != self->rows)
    focus = gtk_widget_get_parent (focus);
  return focus;
}

static gboolean
is_in_sight (QkRowFocus *self, GtkWidget *row)
{
  graphene_rect_t bounds;

  return gtk_widget_get_mapped (row) && gtk_widget_compute_bounds (row, self->rows, &bounds) &&
         bounds.origin.y >= 0 &&
         bounds.origin.y + bounds.size.height <= (float) gtk_widget_get_height (self->rows);
}

static GtkWidget *
find_first_in_sight (QkRowFocus *self)
{
  GtkWidget *row = gtk_widget_get_first_child (self->rows);

  while (row != NULL && !is_in_sight (self, row))
    row = gtk_widget_get_next_sibling (row);
  return row;
}

/* The view is scrolled only if it must be. */
static gboolean
focus_position (QkRowFocus *self, guint position)
{
  g_autoptr (QkMessage) message = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (message == NULL)
    return FALSE;
  gtk_widget_activate_action (self->rows, "list.scroll-to-item", "u", position);
  for (GtkWidget *row = gtk_widget_get_first_child (self->rows); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (get_message (row) == message)
      return gtk_widget_grab_focus (row);
  return FALSE;
}

static gboolean
is_row (QkRowFocus *self, gconstpointer row)
{
  GtkWidget *child = gtk_widget_get_first_child (self->rows);

  while (child != NULL && child != row)
    child = gtk_widget_get_next_sibling (child);
  return child != NULL;
}

/* Whether @self has lost its row to a change of the list that puts it in elsewhere. */
static gboolean
awaits_row (QkRowFocus *self)
{
  return self->message != NULL && !is_row (self, self->row) &&
         qk_message_list_find (self->list, self->message, NULL);
}

static void
focus_changed_cb (GtkRoot *root, GParamSpec *pspec, QkRowFocus *self)
{
  GtkWidget *focus = gtk_root_get_focus (root), *row = find_row (self);

  if (self->away && (row != NULL || focus == NULL || focus == self->rows))
    return;
  if (row != NULL && !awaits_row (self))
    g_set_object (&self->message, get_message (row));
  else if (row == NULL && focus != NULL && focus != self->rows)
    g_clear_object (&self->message);
  self->row = row;
}

static gboolean
focus_first_in_sight (QkRowFocus *self)
{
  GtkWidget *row = find_first_in_sight (self);

  return row != NULL && gtk_widget_grab_focus (row);
}

static void
renewed_cb (QkMessageList *list, QkRowFocus *self)
{
  g_autoptr (QkMessage) first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  QkMessage *in_sight = get_message (find_first_in_sight (self));

  if (self->away || in_sight == NULL || in_sight == first)
    return;
  g_set_object (&self->anchor, in_sight);
  self->away = TRUE;
  if (find_row (self) != NULL)
    (void) focus_position (self, 0);
  else
    gtk_widget_activate_action (self->rows, "list.scroll-to-item", "u", 0);
}

/* What others did leaves the operator where he was; what he asked for is shown from its beginning. */
static void
come_back (QkRowFocus *self)
{
  g_autoptr (QkMessage) anchor = g_steal_pointer (&self->anchor);
  gboolean had_focus = self->message != NULL;
  guint position = 0;

  self->away = FALSE;
  if (qk_message_list_get_answered (self->list))
    g_clear_object (&self->message);
  else if ((!had_focus || !qk_message_list_find (self->list, self->message, &position)) &&
           anchor != NULL)
    (void) qk_message_list_find (self->list, anchor, &position);
  if (had_focus)
    (void) focus_position (self, position);
  else
    gtk_widget_activate_action (self->rows, "list.scroll-to-item", "u", position);
}

/* Rows are in place again: the keyboard goes where its message is. Where that is gone GTK chooses its
 * neighbour. */
static void
settled_cb (QkMessageList *list, QkRowFocus *self)
{
  GtkWidget *row;
  guint position;

  if (self->away)
    come_back (self);
  row = find_row (self);
  if (self->message == NULL)
    {
      if (self->root != NULL && gtk_root_get_focus (self->root) == self->rows &&
          !focus_first_in_sight (self))
        (void) gtk_widget_grab_focus (self->rows);
      return;
    }
  if (row != NULL && get_message (row) == self->message)
    return;
  if (qk_message_list_get_answered (list))
    {
      g_set_object (&self->message, get_message (row));
      return;
    }
  if (qk_message_list_find (list, self->message, &position) && focus_position (self, position))
    return;
  g_set_object (&self->message, get_message (row));
}

static void
root_cb (GtkWidget *widget, GParamSpec *pspec, QkRowFocus *self)
{
  if (self->root != NULL)
    g_signal_handlers_disconnect_by_data (self->root, self);
  self->root = gtk_widget_get_root (widget);
  if (self->root != NULL)
    g_signal_connect (self->root, "notify::focus-widget", G_CALLBACK (focus_changed_cb), self);
}

static GtkWidget *
find_rows (GtkColumnView *view)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (view));

  while (!GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/**
 * qk_row_focus_new: (skip)
 * @view: the view; must outlive it
 * @list: what it shows
 *
 * Returns: (transfer full): what keeps the keyboard of @view in sight from now on
 */
QkRowFocus *
qk_row_focus_new (GtkColumnView *view, QkMessageList *list)
{
  QkRowFocus *self = g_new0 (QkRowFocus, 1);

  self->view = view;
  self->rows = find_rows (view);
  self->list = g_object_ref (list);
  g_signal_connect (view, "notify::root", G_CALLBACK (root_cb), self);
  root_cb (GTK_WIDGET (view), NULL, self);
  g_signal_connect (list, "settled", G_CALLBACK (settled_cb), self);
  g_signal_connect (list, "renewed", G_CALLBACK (renewed_cb), self);
  return self;
}

/**
 * qk_row_focus_free: (skip)
 * @self: (transfer full): the focus of a view
 *
 * Frees it.
 */
void
qk_row_focus_free (QkRowFocus *self)
{
  g_signal_handlers_disconnect_by_data (self->view, self);
  if (self->root != NULL)
    g_signal_handlers_disconnect_by_data (self->root, self);
  g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_object (&self->list);
  g_clear_object (&self->message);
  g_clear_object (&self->anchor);
  g_free (self);
}

/**
 * qk_row_focus_take: (skip)
 * @self: the focus of a view
 *
 * Moves the keyboard to the view: to the row that had it last if that is in sight, else to the first
 * row in sight.
 *
 * Returns: whether the view has the keyboard
 */
gboolean
qk_row_focus_take (QkRowFocus *self)
{
  GtkWidget *row;

  if (!gtk_widget_grab_focus (GTK_WIDGET (self->view)))
    return FALSE;
  row = find_row (self);
  if (row == NULL || !is_in_sight (self, row))
    (void) focus_first_in_sight (self);
  return TRUE;
}
