#include "qk-counter.h"

struct _QkCounter {
  AdwBin parent_instance;

  GtkLabel *value;
  GtkLabel *caption;
};

G_DEFINE_FINAL_TYPE (QkCounter, qk_counter, ADW_TYPE_BIN)

enum { PROP_0, PROP_CAPTION, N_PROPS };

static GParamSpec *properties[N_PROPS];

/* A counter that can be pressed is read out as the button around it. */
static void
update_label (QkCounter *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = g_strdup_printf ("%s: %s", gtk_label_get_text (self->caption),
                                            gtk_label_get_text (self->value));

  gtk_accessible_update_property (
      GTK_ACCESSIBLE (GTK_IS_BUTTON (parent) ? parent : GTK_WIDGET (self)),
      GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
qk_counter_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkCounter *self = QK_COUNTER (object);

  switch (id)
    {
    case PROP_CAPTION:
      g_value_set_string (value, gtk_label_get_text (self->caption));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_counter_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkCounter *self = QK_COUNTER (object);

  switch (id)
    {
    case PROP_CAPTION:
      gtk_label_set_text (self->caption, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_counter_class_init (QkCounterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = qk_counter_get_property;
  object_class->set_property = qk_counter_set_property;

  /**
   * QkCounter:caption:
   *
   * What is counted.
   */
  properties[PROP_CAPTION] =
      g_param_spec_string ("caption", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-counter.ui");
  gtk_widget_class_bind_template_child (widget_class, QkCounter, value);
  gtk_widget_class_bind_template_child (widget_class, QkCounter, caption);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
qk_counter_init (QkCounter *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_counter_set_value:
 * @self: a counter
 * @value: the number, as text
 * @alert: whether the operator should act on it
 *
 * Sets the number.
 */
void
qk_counter_set_value (QkCounter *self, const char *value, gboolean alert)
{
  g_return_if_fail (QK_IS_COUNTER (self));

  if (g_strcmp0 (gtk_label_get_text (self->value), value) != 0)
    {
      gtk_label_set_text (self->value, value);
      update_label (self);
    }
  if (alert)
    gtk_widget_add_css_class (GTK_WIDGET (self->value), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->value), "error");
}

/**
 * qk_counter_get_value:
 * @self: a counter
 *
 * Returns: (transfer none): the number, as text
 */
const char *
qk_counter_get_value (QkCounter *self)
{
  g_return_val_if_fail (QK_IS_COUNTER (self), NULL);

  return gtk_label_get_text (self->value);
}
