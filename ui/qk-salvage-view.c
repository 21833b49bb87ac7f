#include "qk-salvage-view.h"

#include "qk-salvage-detail.h"
#include "qk-salvage-words.h"
#include "qk-slim-layout.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

typedef enum {
  COLUMN_KIND,
  COLUMN_OFFSET,
  COLUMN_LENGTH,
  COLUMN_ID,
  COLUMN_RECIPIENT,
  COLUMN_STATUS,
  COLUMN_GIST,
  N_COLUMNS,
} Column;

struct _QkSalvageView {
  AdwBin parent_instance;

  GtkLabel *name;
  GtkToggleButton *only_trouble;
  GtkLabel *shown;
  GtkStack *stack;
  GtkLabel *nothing;
  GtkColumnView *column_view;
  GtkColumnViewColumn *columns[N_COLUMNS];
  QkSalvageDetail *detail;
  QkSalvageList *list;           /* owned */
  GtkSingleSelection *selection; /* owned */
};

G_DEFINE_FINAL_TYPE (QkSalvageView, qk_salvage_view, ADW_TYPE_BIN)

static gboolean
is_number (Column column)
{
  return column == COLUMN_OFFSET || column == COLUMN_LENGTH;
}

static char *
read_entry (Column column, const QkEntry *entry)
{
  if (entry == NULL)
    return g_strdup ("");
  if (column == COLUMN_ID)
    return qk_words_field (entry, QK_FIELD_ID);
  if (column == COLUMN_RECIPIENT)
    return qk_words_field (entry, QK_FIELD_RECIPIENT);
  return qk_words_status (entry, qk_wall_now ());
}

static char *
read_text (Column column, QkSalvageRow *row)
{
  const QkSalvagePart *part = qk_salvage_row_get_part (row);

  switch (column)
    {
    case COLUMN_KIND:
      return g_strdup (qk_salvage_words_kind (part->kind));
    case COLUMN_OFFSET:
      return g_strdup_printf ("%" G_GSIZE_FORMAT, part->offset);
    case COLUMN_LENGTH:
      return g_strdup_printf ("%" G_GSIZE_FORMAT, part->length);
    case COLUMN_GIST:
      return qk_salvage_words_gist (row);
    case COLUMN_ID:
    case COLUMN_RECIPIENT:
    case COLUMN_STATUS:
    case N_COLUMNS:
    default:
      return read_entry (column, part->entry);
    }
}

static gboolean
query_tooltip_cb (GtkWidget *label,
                  int x,
                  int y,
                  gboolean keyboard,
                  GtkTooltip *tooltip,
                  gpointer user_data)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))))
    return FALSE;
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (GTK_LABEL (label)));
  return TRUE;
}

static void
cell_setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  Column column = GPOINTER_TO_UINT (data);
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "ellipsize", PANGO_ELLIPSIZE_END, "hexpand", TRUE, "xalign",
                    is_number (column) ? 1.0F : 0.0F, "has-tooltip", TRUE, NULL);
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 7);

  g_signal_connect (label, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  if (is_number (column))
    gtk_widget_add_css_class (label, "numeric");
  if (column == COLUMN_KIND)
    {
      GtkWidget *dot = g_object_new (GTK_TYPE_BOX, "valign", GTK_ALIGN_CENTER, "accessible-role",
                                     GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      gtk_widget_add_css_class (dot, "dot");
      gtk_box_append (GTK_BOX (cell), dot);
    }
  gtk_box_append (GTK_BOX (cell), label);
  gtk_list_item_set_child (item, cell);
}

/* A row is read out as one sentence; GTK 4.8 would call it by the name of its widget. */
static void
name_row (GtkWidget *cell, QkSalvageRow *row)
{
  GtkWidget *parent = gtk_widget_get_parent (cell);
  GtkWidget *widget = parent != NULL ? gtk_widget_get_parent (parent) : NULL;
  g_autofree char *name = NULL;

  if (widget == NULL ||
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) != GTK_ACCESSIBLE_ROLE_ROW)
    return;
  name = qk_salvage_words_row (row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
cell_bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  Column column = GPOINTER_TO_UINT (data);
  QkSalvageRow *row = gtk_list_item_get_item (item);
  GtkWidget *cell = gtk_list_item_get_child (item);
  const char *classes[] = {"salvage-cell", NULL, NULL};
  g_autofree char *text = read_text (column, row);

  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (cell)), text);
  if (column != COLUMN_KIND)
    return;
  classes[1] = qk_salvage_words_kind_class (qk_salvage_row_get_part (row)->kind);
  gtk_widget_set_css_classes (cell, classes);
  name_row (cell, row);
}

static void
set_up_column (QkSalvageView *self, Column column)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (cell_setup_cb), GUINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (cell_bind_cb), GUINT_TO_POINTER (column));
  gtk_column_view_column_set_factory (self->columns[column], factory);
}

/* The titles of numbers stand where the numbers do. GTK 4.8 has no property for that: the title's
 * content is moved within it. */
static void
align_titles (QkSalvageView *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));
  guint column = 0;

  for (GtkWidget *title = gtk_widget_get_first_child (header); title != NULL;
       title = gtk_widget_get_next_sibling (title), column++)
    if (is_number (column) && gtk_widget_get_first_child (title) != NULL)
      gtk_widget_set_halign (gtk_widget_get_first_child (title), GTK_ALIGN_END);
}

static void
update_shown (QkSalvageView *self)
{
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  guint n_total = qk_salvage_list_get_total (self->list);
  g_autofree char *shown = g_strdup_printf (_ ("%u of %u"), n_shown, n_total);

  gtk_label_set_text (self->shown, shown);
  gtk_label_set_text (self->nothing, n_total == 0
                                         ? _ ("There is nothing in this file.")
                                         : _ ("Nothing was repaired, and nothing is left over."));
  gtk_widget_set_visible (GTK_WIDGET (self->only_trouble), n_total > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->shown), n_total > 0);
  gtk_stack_set_visible_child_name (self->stack, n_shown > 0 ? "table" : "nothing");
}

static void
only_trouble_cb (GtkToggleButton *button, GParamSpec *pspec, QkSalvageView *self)
{
  g_assert (QK_IS_SALVAGE_VIEW (self));

  qk_salvage_list_set_only_trouble (self->list, gtk_toggle_button_get_active (button));
  update_shown (self);
}

static void
selected_cb (GtkSingleSelection *selection, GParamSpec *pspec, QkSalvageView *self)
{
  g_assert (QK_IS_SALVAGE_VIEW (self));

  qk_salvage_detail_set_row (self->detail, gtk_single_selection_get_selected_item (selection));
}

static void
qk_salvage_view_dispose (GObject *object)
{
  QkSalvageView *self = QK_SALVAGE_VIEW (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (qk_salvage_view_parent_class)->dispose (object);
}

static void
qk_salvage_view_class_init (QkSalvageViewClass *klass)
{
  static const char *const ids[N_COLUMNS] = {
      [COLUMN_KIND] = "kind",           [COLUMN_OFFSET] = "offset",
      [COLUMN_LENGTH] = "length",       [COLUMN_ID] = "id",
      [COLUMN_STATUS] = "status",       [COLUMN_GIST] = "gist",
      [COLUMN_RECIPIENT] = "recipient",
  };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_salvage_view_dispose;

  g_type_ensure (QK_TYPE_SALVAGE_DETAIL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-salvage-view.ui");
  gtk_widget_class_bind_template_child (widget_class, QkSalvageView, name);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageView, only_trouble);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageView, shown);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageView, stack);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageView, nothing);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageView, column_view);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageView, detail);
  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, ids[i], FALSE,
                                               G_STRUCT_OFFSET (QkSalvageView, columns) +
                                                   (gssize) (i * sizeof (gpointer)));
  gtk_widget_class_bind_template_callback (widget_class, only_trouble_cb);
}

static void
qk_salvage_view_init (QkSalvageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), qk_slim_layout_new ());
  for (guint i = 0; i < N_COLUMNS; i++)
    set_up_column (self, i);
  align_titles (self);
  self->list = qk_salvage_list_new ();
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  g_signal_connect (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
  update_shown (self);
}

/**
 * qk_salvage_view_set_source:
 * @self: a view
 * @source: (nullable): the source to show
 * @used: (nullable) (element-type QkEntry QkEntry): the set of all entries that the result has;
 *   needed with a source
 *
 * Shows @source.
 */
void
qk_salvage_view_set_source (QkSalvageView *self, QkSalvageSource *source, GHashTable *used)
{
  g_autofree char *name = NULL;

  g_return_if_fail (QK_IS_SALVAGE_VIEW (self));

  name = qk_text_reveal_line (source != NULL ? qk_salvage_source_get_name (source) : "");
  gtk_label_set_text (self->name, name);
  qk_salvage_list_set_source (self->list, source, used);
  update_shown (self);
}

/**
 * qk_salvage_view_get_list:
 * @self: a view
 *
 * Returns: (transfer none): the pieces that are shown
 */
QkSalvageList *
qk_salvage_view_get_list (QkSalvageView *self)
{
  g_return_val_if_fail (QK_IS_SALVAGE_VIEW (self), NULL);

  return self->list;
}

/**
 * qk_salvage_view_take_focus:
 * @self: a view
 *
 * Moves the keyboard to the rows, if there are any.
 */
void
qk_salvage_view_take_focus (QkSalvageView *self)
{
  g_return_if_fail (QK_IS_SALVAGE_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}
