#include "qk-advice-card.h"

struct _QkAdviceCard {
  GtkBox parent_instance;

  GtkListBox *list;
  GtkWidget *nothing;
  char *text; /* owned, nullable: what the rows say */
};

G_DEFINE_FINAL_TYPE (QkAdviceCard, qk_advice_card, GTK_TYPE_BOX)

static GtkWidget *
make_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
make_icon (QkHealthVerdict severity)
{
  static const char *const icons[QK_N_HEALTH_VERDICTS] = {
      "dialog-information-symbolic", "dialog-warning-symbolic", "dialog-error-symbolic"};
  static const char *const styles[QK_N_HEALTH_VERDICTS] = {"dim-label", "warning", "error"};
  GtkWidget *icon = gtk_image_new_from_icon_name (icons[severity]);

  gtk_widget_add_css_class (icon, styles[severity]);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (icon, qk_health_verdict_get_label (severity));
  return icon;
}

static char *
dup_sentence (const QkAdvice *advice)
{
  return g_strdup_printf ("%s. %s %s", advice->title, advice->proposal, advice->reason);
}

static GtkWidget *
make_row (const QkAdvice *advice)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *sentence = dup_sentence (advice);

  gtk_box_append (GTK_BOX (texts), make_label (advice->title, "caption-heading"));
  gtk_box_append (GTK_BOX (texts), make_label (advice->proposal, NULL));
  gtk_box_append (GTK_BOX (texts), make_label (advice->reason, "advice-reason"));
  gtk_box_append (GTK_BOX (box), make_icon (advice->severity));
  gtk_box_append (GTK_BOX (box), texts);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
  return row;
}

static void
qk_advice_card_finalize (GObject *object)
{
  g_free (QK_ADVICE_CARD (object)->text);

  G_OBJECT_CLASS (qk_advice_card_parent_class)->finalize (object);
}

static void
qk_advice_card_class_init (QkAdviceCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qk_advice_card_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-advice-card.ui");
  gtk_widget_class_bind_template_child (widget_class, QkAdviceCard, list);
  gtk_widget_class_bind_template_child (widget_class, QkAdviceCard, nothing);
}

static void
qk_advice_card_init (QkAdviceCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_advice_card_set_assessment:
 * @self: a card
 * @assessment: how the queue is
 *
 * Shows its advice. Nothing is touched where it is the same as before.
 */
void
qk_advice_card_set_assessment (QkAdviceCard *self, const QkAssessment *assessment)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GtkListBoxRow *row;

  g_return_if_fail (QK_IS_ADVICE_CARD (self));
  g_return_if_fail (assessment != NULL);

  for (guint i = 0; i < assessment->advice->len; i++)
    {
      const QkAdvice *advice = assessment->advice->pdata[i];
      g_autofree char *sentence = dup_sentence (advice);

      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "",
                              qk_health_verdict_get_label (advice->severity), sentence);
    }
  gtk_widget_set_visible (self->nothing, assessment->advice->len == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->list), assessment->advice->len > 0);
  if (g_strcmp0 (self->text, text->str) == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (text->str);
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < assessment->advice->len; i++)
    gtk_list_box_append (self->list, make_row (assessment->advice->pdata[i]));
}
