#include "qk-saved-filter-list.h"

#include "qk-query.h"
#include "qk-saved-filter-row.h"

#include <glib/gi18n-lib.h>

struct _QkSavedFilterList {
  AdwBin parent_instance;

  GtkListBox *list_box;
  GtkPopoverMenu *menu;
  GPtrArray *queries; /* owned, of QkQuery or NULL: one for each row */
};

G_DEFINE_FINAL_TYPE (QkSavedFilterList, qk_saved_filter_list, ADW_TYPE_BIN)

static QkSavedFilterRow *
get_row (QkSavedFilterList *self, guint index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list_box, (int) index);

  return row != NULL ? QK_SAVED_FILTER_ROW (row) : NULL;
}

static void
activate_for (QkSavedFilterList *self, GtkListBoxRow *row, const char *action)
{
  g_autofree char *name = g_strdup (qk_saved_filter_row_get_name (QK_SAVED_FILTER_ROW (row)));

  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", name);
}

static void
row_activated_cb (GtkListBox *list_box, GtkListBoxRow *row, QkSavedFilterList *self)
{
  g_assert (QK_IS_SAVED_FILTER_LIST (self));

  activate_for (self, row, "win.show-filter");
}

static GtkListBoxRow *
get_focused (QkSavedFilterList *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->list_box));

  return focus != NULL && GTK_IS_LIST_BOX_ROW (focus) ? GTK_LIST_BOX_ROW (focus) : NULL;
}

static void
row_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkSavedFilterList *self = QK_SAVED_FILTER_LIST (widget);
  GtkListBoxRow *row = get_focused (self);

  if (row != NULL)
    activate_for (self, row,
                  g_str_equal (action_name, "saved-filter.rename") ? "win.rename-filter"
                                                                   : "win.delete-filter");
}

static void
add_item (GMenu *menu, const char *label, const char *action, GtkListBoxRow *row)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s",
                                     qk_saved_filter_row_get_name (QK_SAVED_FILTER_ROW (row)));
  g_menu_append_item (menu, item);
}

static void
open_menu (QkSavedFilterList *self, GtkListBoxRow *row)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  graphene_rect_t bounds;
  GdkRectangle place;

  if (!gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self), &bounds))
    return;
  add_item (menu, _ ("_Rename…"), "win.rename-filter", row);
  add_item (menu, _ ("_Delete"), "win.delete-filter", row);
  gtk_popover_menu_set_menu_model (self->menu, G_MENU_MODEL (menu));
  place = (GdkRectangle){(int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                         (int) bounds.size.height};
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &place);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, QkSavedFilterList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_y (self->list_box, (int) y);

  g_assert (QK_IS_SAVED_FILTER_LIST (self));

  if (row != NULL)
    open_menu (self, row);
}

static void
menu_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkSavedFilterList *self = QK_SAVED_FILTER_LIST (widget);
  GtkListBoxRow *row = get_focused (self);

  if (row != NULL)
    open_menu (self, row);
}

static void
qk_saved_filter_list_dispose (GObject *object)
{
  QkSavedFilterList *self = QK_SAVED_FILTER_LIST (object);

  if (self->menu != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->menu));
  self->menu = NULL;

  G_OBJECT_CLASS (qk_saved_filter_list_parent_class)->dispose (object);
}

static void
qk_saved_filter_list_finalize (GObject *object)
{
  g_ptr_array_unref (QK_SAVED_FILTER_LIST (object)->queries);

  G_OBJECT_CLASS (qk_saved_filter_list_parent_class)->finalize (object);
}

static void
qk_saved_filter_list_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GTK_WIDGET_CLASS (qk_saved_filter_list_parent_class)
      ->size_allocate (widget, width, height, baseline);
  gtk_popover_present (GTK_POPOVER (QK_SAVED_FILTER_LIST (widget)->menu));
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "saved-filter.rename", NULL, row_action);
  gtk_widget_class_install_action (widget_class, "saved-filter.delete", NULL, row_action);
  gtk_widget_class_install_action (widget_class, "saved-filter.menu", NULL, menu_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "saved-filter.rename", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "saved-filter.delete",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "saved-filter.delete",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "saved-filter.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK,
                                       "saved-filter.menu", NULL);
}

static void
qk_saved_filter_list_class_init (QkSavedFilterListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = qk_saved_filter_list_dispose;
  object_class->finalize = qk_saved_filter_list_finalize;
  widget_class->size_allocate = qk_saved_filter_list_size_allocate;
  install_keys (widget_class);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-saved-filter-list.ui");
  gtk_widget_class_bind_template_child (widget_class, QkSavedFilterList, list_box);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
}

static void
qk_saved_filter_list_init (QkSavedFilterList *self)
{
  self->queries = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->menu = GTK_POPOVER_MENU (gtk_popover_menu_new_from_model (NULL));
  gtk_widget_set_parent (GTK_WIDGET (self->menu), GTK_WIDGET (self));
}

static void
query_free (gpointer data)
{
  g_clear_pointer ((QkQuery **) &data, qk_query_unref);
}

static void
add_filter (QkSavedFilterList *self, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  QkQuery *query = qk_query_parse (text, &error);
  g_autofree char *canonical = query != NULL ? qk_query_to_text (query) : g_strdup (text);

  g_ptr_array_add (self->queries, query);
  gtk_list_box_append (self->list_box, qk_saved_filter_row_new (
                                           name, canonical, error != NULL ? error->message : NULL));
}

/* The row that has the keyboard has it afterwards, or the one that took its place. */
static void
restore_focus (QkSavedFilterList *self, int index)
{
  GtkListBoxRow *row = NULL;

  for (int i = index; i >= 0 && row == NULL; i--)
    row = gtk_list_box_get_row_at_index (self->list_box, i);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

/**
 * qk_saved_filter_list_set_filters:
 * @self: a list
 * @filters: the saved filters, as they are now
 *
 * Shows them.
 */
void
qk_saved_filter_list_set_filters (QkSavedFilterList *self, QkSavedFilters *filters)
{
  GtkListBoxRow *focused, *row;
  int index;

  g_return_if_fail (QK_IS_SAVED_FILTER_LIST (self));
  g_return_if_fail (QK_IS_SAVED_FILTERS (filters));

  focused = get_focused (self);
  index = focused != NULL ? gtk_list_box_row_get_index (focused) : -1;
  while ((row = gtk_list_box_get_row_at_index (self->list_box, 0)) != NULL)
    gtk_list_box_remove (self->list_box, GTK_WIDGET (row));
  /* Whoever counts still reads the old ones. */
  g_ptr_array_unref (self->queries);
  self->queries = g_ptr_array_new_with_free_func (query_free);
  for (guint i = 0; i < qk_saved_filters_get_size (filters); i++)
    add_filter (self, qk_saved_filters_get_name (filters, i),
                qk_saved_filters_get_text (filters, i));
  gtk_widget_set_visible (GTK_WIDGET (self), self->queries->len > 0);
  if (index >= 0)
    restore_focus (self, index);
}

/**
 * qk_saved_filter_list_get_queries:
 * @self: a list
 *
 * Returns: (transfer none) (element-type QkQuery): what the rows ask for; %NULL for a row whose text is
 *   no query. It never changes; after the filters did there is another one
 */
GPtrArray *
qk_saved_filter_list_get_queries (QkSavedFilterList *self)
{
  g_return_val_if_fail (QK_IS_SAVED_FILTER_LIST (self), NULL);

  return self->queries;
}

/**
 * qk_saved_filter_list_set_counts:
 * @self: a list
 * @counts: (nullable) (element-type guint): how many messages each row finds
 *
 * Shows new counts.
 */
void
qk_saved_filter_list_set_counts (QkSavedFilterList *self, const GArray *counts)
{
  g_return_if_fail (QK_IS_SAVED_FILTER_LIST (self));

  for (guint i = 0; i < self->queries->len; i++)
    if (self->queries->pdata[i] != NULL)
      qk_saved_filter_row_set_count (get_row (self, i), counts != NULL && i < counts->len
                                                            ? g_array_index (counts, guint, i)
                                                            : 0);
}

/**
 * qk_saved_filter_list_set_active:
 * @self: a list
 * @text: the text form of the query that is shown
 *
 * Marks the rows that ask for just that.
 */
void
qk_saved_filter_list_set_active (QkSavedFilterList *self, const char *text)
{
  g_return_if_fail (QK_IS_SAVED_FILTER_LIST (self));
  g_return_if_fail (text != NULL);

  for (guint i = 0; i < self->queries->len; i++)
    qk_saved_filter_row_set_active (
        get_row (self, i), g_str_equal (qk_saved_filter_row_get_text (get_row (self, i)), text));
}
