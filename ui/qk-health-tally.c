#include "qk-health-tally.h"

struct _QkHealthTally {
  GtkBox parent_instance;

  GtkLabel *heading;
  GtkListBox *list;
  GtkLabel *nothing;
  guint n; /* rows that were filled since the beginning */
};

G_DEFINE_FINAL_TYPE (QkHealthTally, qk_health_tally, GTK_TYPE_BOX)

enum { PROP_0, PROP_TITLE, N_PROPS };

static GParamSpec *properties[N_PROPS];

static GtkWidget *
make_row (void)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *count = gtk_label_new (NULL);

  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      /* A name ends with the number of its process. */
      gtk_label_set_ellipsize (GTK_LABEL (label),
                               i == 0 ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END);
      gtk_box_append (GTK_BOX (texts), label);
    }
  gtk_widget_add_css_class (gtk_widget_get_last_child (texts), "caption");
  gtk_widget_add_css_class (gtk_widget_get_last_child (texts), "dim-label");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (count, GTK_ALIGN_START);
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static void
set_text (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text);
}

static void
get_labels (GtkListBoxRow *row, GtkWidget **name, GtkWidget **detail, GtkWidget **count)
{
  GtkWidget *box = gtk_list_box_row_get_child (row), *texts = gtk_widget_get_first_child (box);

  *name = gtk_widget_get_first_child (texts);
  *detail = gtk_widget_get_last_child (texts);
  *count = gtk_widget_get_last_child (box);
}

static void
qk_health_tally_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, gtk_label_get_text (QK_HEALTH_TALLY (object)->heading));
}

static void
qk_health_tally_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkHealthTally *self = QK_HEALTH_TALLY (object);

  gtk_label_set_text (self->heading, g_value_get_string (value));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  g_value_get_string (value), -1);
}

static void
qk_health_tally_class_init (QkHealthTallyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = qk_health_tally_get_property;
  object_class->set_property = qk_health_tally_set_property;

  /**
   * QkHealthTally:title:
   *
   * What is counted.
   */
  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-health-tally.ui");
  gtk_widget_class_bind_template_child (widget_class, QkHealthTally, heading);
  gtk_widget_class_bind_template_child (widget_class, QkHealthTally, list);
  gtk_widget_class_bind_template_child (widget_class, QkHealthTally, nothing);
}

static void
qk_health_tally_init (QkHealthTally *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_health_tally_begin:
 * @self: a tally
 *
 * The rows are added anew from here on. Those that are the same stay as they are.
 */
void
qk_health_tally_begin (QkHealthTally *self)
{
  g_return_if_fail (QK_IS_HEALTH_TALLY (self));

  self->n = 0;
}

/**
 * qk_health_tally_add:
 * @self: a tally
 * @name: what was counted, safe to be shown
 * @count: how often
 * @detail: (nullable): more about it, below it
 * @tooltip: (nullable): still more
 *
 * Adds a row.
 */
void
qk_health_tally_add (QkHealthTally *self,
                     const char *name,
                     guint64 count,
                     const char *detail,
                     const char *tooltip)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  g_autofree char *sentence = g_strdup_printf (
      "%s: %s%s%s", name, number, detail != NULL ? ", " : "", detail != NULL ? detail : "");
  GtkListBoxRow *row;
  GtkWidget *name_label, *detail_label, *count_label;

  g_return_if_fail (QK_IS_HEALTH_TALLY (self));

  row = gtk_list_box_get_row_at_index (self->list, (int) self->n++);
  if (row == NULL)
    {
      gtk_list_box_append (self->list, make_row ());
      row = gtk_list_box_get_row_at_index (self->list, (int) self->n - 1);
    }
  get_labels (row, &name_label, &detail_label, &count_label);
  set_text (name_label, name);
  set_text (detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (detail_label, detail != NULL);
  set_text (count_label, number);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), tooltip != NULL ? tooltip : name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
}

/**
 * qk_health_tally_end:
 * @self: a tally
 * @nothing: what to say where no row was added
 *
 * All rows were added.
 */
void
qk_health_tally_end (QkHealthTally *self, const char *nothing)
{
  GtkListBoxRow *row;

  g_return_if_fail (QK_IS_HEALTH_TALLY (self));

  while ((row = gtk_list_box_get_row_at_index (self->list, (int) self->n)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  set_text (GTK_WIDGET (self->nothing), nothing);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), self->n == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->n > 0);
}

/**
 * qk_health_tally_dup_text:
 * @self: a tally
 *
 * Returns: (transfer full): its rows as text, one a line
 */
char *
qk_health_tally_dup_text (QkHealthTally *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GtkListBoxRow *row;

  g_return_val_if_fail (QK_IS_HEALTH_TALLY (self), NULL);

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      GtkWidget *name, *detail, *count;

      get_labels (row, &name, &detail, &count);
      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "",
                              gtk_label_get_text (GTK_LABEL (name)),
                              gtk_label_get_text (GTK_LABEL (count)));
      if (gtk_widget_get_visible (detail))
        g_string_append_printf (text, ", %s", gtk_label_get_text (GTK_LABEL (detail)));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
