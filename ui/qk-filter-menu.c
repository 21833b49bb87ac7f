#include "qk-filter-menu.h"

#include "qk-filter-row.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

struct _QkFilterMenu {
  AdwBin parent_instance;

  GtkMenuButton *button;
  GtkStack *stack;
  GtkListBox *list_box;
  QkDocument *document;      /* owned, nullable */
  QkFilter *filter;          /* owned */
  GCancellable *cancellable; /* owned, nullable: of the count that runs */
  guint n_values[QK_N_FACETS];
};

G_DEFINE_FINAL_TYPE (QkFilterMenu, qk_filter_menu, ADW_TYPE_BIN)

enum { SIGNAL_TOGGLED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* Recipients stand in the sidebar. */
static const QkFacet facets[] = {QK_FACET_STATUS,  QK_FACET_ERROR,    QK_FACET_SENDER,
                                 QK_FACET_TYPE,    QK_FACET_PRIORITY, QK_FACET_AGE,
                                 QK_FACET_UPDATED, QK_FACET_STUCK,    QK_FACET_TAG};

static void
count_values (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GPtrArray *counts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  gint64 now = qk_wall_now ();

  for (gsize i = 0; i < G_N_ELEMENTS (facets) && !g_cancellable_is_cancelled (cancellable); i++)
    g_ptr_array_add (counts, qk_facet_count (facets[i], task_data, now));
  g_task_return_pointer (task, counts, (GDestroyNotify) g_ptr_array_unref);
}

static void
add_row (QkFilterMenu *self, QkFacet facet, const char *value, guint n_messages)
{
  GtkWidget *row = qk_filter_row_new (facet, value, n_messages);

  qk_filter_row_set_active (QK_FILTER_ROW (row), qk_filter_has_value (self->filter, facet, value));
  gtk_list_box_append (self->list_box, row);
}

/* What is asked for is listed even if it does not occur any more, so that it can be dropped. */
static void
add_facet (QkFilterMenu *self, QkFacet facet, GPtrArray *counts)
{
  g_autoptr (GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);
  const char *const *wanted = qk_filter_get_values (self->filter, facet);

  self->n_values[facet] = counts->len;
  for (guint i = 0; i < counts->len; i++)
    {
      const QkFacetCount *count = counts->pdata[i];

      if (i >= QK_FILTER_MENU_MAX_VALUES &&
          !qk_filter_has_value (self->filter, facet, count->value))
        continue;
      add_row (self, facet, count->value, count->n_entries);
      g_hash_table_add (listed, count->value);
    }
  for (guint i = 0; wanted[i] != NULL; i++)
    if (!g_hash_table_contains (listed, wanted[i]))
      add_row (self, facet, wanted[i], 0);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkFilterMenu *self = QK_FILTER_MENU (source);
  g_autoptr (GPtrArray) counts = g_task_propagate_pointer (G_TASK (result), NULL);
  GtkWidget *row;

  /* Cancelled: another count runs, or none is wanted. */
  if (counts == NULL)
    return;
  g_clear_object (&self->cancellable);
  while ((row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list_box, 0))) != NULL)
    gtk_list_box_remove (self->list_box, row);
  for (gsize i = 0; i < G_N_ELEMENTS (facets); i++)
    add_facet (self, facets[i], counts->pdata[i]);
  row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list_box, 0));
  gtk_stack_set_visible_child_name (self->stack, row != NULL ? "values" : "nothing");
  if (row != NULL)
    gtk_widget_grab_focus (row);
}

static void
stop_counting (QkFilterMenu *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
visible_cb (GtkWidget *popover, GParamSpec *pspec, QkFilterMenu *self)
{
  g_autoptr (GTask) task = NULL;

  g_assert (QK_IS_FILTER_MENU (self));

  stop_counting (self);
  if (!gtk_widget_get_visible (popover))
    return;
  gtk_stack_set_visible_child_name (self->stack, self->document != NULL ? "counting" : "nothing");
  if (self->document == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, counted_cb, NULL);
  g_task_set_task_data (task, qk_document_ref (self->document), (GDestroyNotify) qk_document_unref);
  g_task_run_in_thread (task, count_values);
}

static void
row_activated_cb (GtkListBox *list_box, GtkListBoxRow *row, QkFilterMenu *self)
{
  g_assert (QK_IS_FILTER_MENU (self));

  g_signal_emit (self, signals[SIGNAL_TOGGLED], 0,
                 (guint) qk_filter_row_get_facet (QK_FILTER_ROW (row)),
                 qk_filter_row_get_value (QK_FILTER_ROW (row)));
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  QkFilterMenu *self = user_data;
  QkFacet facet = qk_filter_row_get_facet (QK_FILTER_ROW (row));
  g_autofree char *title = NULL;
  GtkWidget *header;

  if (before != NULL && qk_filter_row_get_facet (QK_FILTER_ROW (before)) == facet)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  if (gtk_list_box_row_get_header (row) != NULL)
    return;
  title = self->n_values[facet] > QK_FILTER_MENU_MAX_VALUES
              ? g_strdup_printf (_ ("%s · the first %u of %u"), qk_facet_get_label (facet),
                                 QK_FILTER_MENU_MAX_VALUES, self->n_values[facet])
              : g_strdup (qk_facet_get_label (facet));
  header = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (header), 0);
  gtk_widget_add_css_class (header, "section");
  gtk_widget_add_css_class (header, "caption-heading");
  gtk_list_box_row_set_header (row, header);
}

static void
qk_filter_menu_dispose (GObject *object)
{
  QkFilterMenu *self = QK_FILTER_MENU (object);

  stop_counting (self);
  g_clear_pointer (&self->document, qk_document_unref);

  G_OBJECT_CLASS (qk_filter_menu_parent_class)->dispose (object);
}

static void
qk_filter_menu_finalize (GObject *object)
{
  qk_filter_unref (QK_FILTER_MENU (object)->filter);

  G_OBJECT_CLASS (qk_filter_menu_parent_class)->finalize (object);
}

static void
qk_filter_menu_class_init (QkFilterMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_filter_menu_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_filter_menu_finalize;

  /**
   * QkFilterMenu::toggled:
   * @facet: a #QkFacet
   * @value: a value of it
   *
   * The operator wants to ask for that value, or to do so no more.
   */
  signals[SIGNAL_TOGGLED] =
      g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-filter-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, QkFilterMenu, button);
  gtk_widget_class_bind_template_child (widget_class, QkFilterMenu, stack);
  gtk_widget_class_bind_template_child (widget_class, QkFilterMenu, list_box);
  gtk_widget_class_bind_template_callback (widget_class, visible_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
qk_filter_menu_init (QkFilterMenu *self)
{
  self->filter = qk_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list_box, update_header, self, NULL);
}

/**
 * qk_filter_menu_set_document:
 * @self: a menu
 * @document: (nullable): the version of the queue whose values to count
 *
 * Takes note of it. A list that is open stays as it is.
 */
void
qk_filter_menu_set_document (QkFilterMenu *self, QkDocument *document)
{
  g_return_if_fail (QK_IS_FILTER_MENU (self));

  g_clear_pointer (&self->document, qk_document_unref);
  if (document != NULL)
    self->document = qk_document_ref (document);
}

/**
 * qk_filter_menu_set_filter:
 * @self: a menu
 * @filter: what is asked for now
 *
 * Marks the values that are asked for.
 */
void
qk_filter_menu_set_filter (QkFilterMenu *self, QkFilter *filter)
{
  GtkListBoxRow *row;

  g_return_if_fail (QK_IS_FILTER_MENU (self));
  g_return_if_fail (filter != NULL);

  (void) qk_filter_ref (filter);
  qk_filter_unref (self->filter);
  self->filter = filter;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list_box, i)) != NULL; i++)
    {
      QkFilterRow *value = QK_FILTER_ROW (row);

      qk_filter_row_set_active (value, qk_filter_has_value (filter, qk_filter_row_get_facet (value),
                                                            qk_filter_row_get_value (value)));
    }
}

/**
 * qk_filter_menu_open:
 * @self: a menu
 *
 * Opens the list as if the operator did.
 */
void
qk_filter_menu_open (QkFilterMenu *self)
{
  g_return_if_fail (QK_IS_FILTER_MENU (self));

  gtk_menu_button_popup (self->button);
}
