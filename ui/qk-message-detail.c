#include "qk-message-detail.h"

#include "qk-detail-pane.h"
#include "qk-selection-pane.h"
#include "qk-slim-layout.h"

/* How wide it is beside the list. */
#define WIDTH 352

struct _QkMessageDetail {
  AdwBin parent_instance;

  GtkStack *stack;
  QkDetailPane *pane;
  QkSelectionPane *many;
  GtkWidget *actions;
  GtkWidget *edit_button;
  QkMessageSelection *selection; /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (QkMessageDetail, qk_message_detail, ADW_TYPE_BIN)

static void
selection_settled_cb (QkMessageSelection *selection, QkMessageDetail *self)
{
  guint size = qk_message_selection_get_size (selection);
  g_autoptr (QkMessage) message = qk_message_selection_dup_single (selection);
  gboolean kept = FALSE;

  g_assert (QK_IS_MESSAGE_DETAIL (self));

  if (size == 0)
    kept = qk_detail_pane_let_go (self->pane);
  else
    qk_detail_pane_set_message (self->pane, message);
  if (size > 1)
    qk_selection_pane_show (self->many, selection);
  gtk_widget_set_visible (self->actions, size > 0);
  gtk_widget_set_visible (self->edit_button, size == 1);
  gtk_stack_set_visible_child_name (self->stack, size == 1 || kept ? "one"
                                                 : size == 0       ? "none"
                                                                   : "many");
}

static void
qk_message_detail_dispose (GObject *object)
{
  QkMessageDetail *self = QK_MESSAGE_DETAIL (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (qk_message_detail_parent_class)->dispose (object);
}

static void
qk_message_detail_class_init (QkMessageDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_message_detail_dispose;

  g_type_ensure (QK_TYPE_DETAIL_PANE);
  g_type_ensure (QK_TYPE_SELECTION_PANE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-message-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, pane);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, many);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, edit_button);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, actions);
}

static void
qk_message_detail_init (QkMessageDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self),
                                 g_object_new (QK_TYPE_SLIM_LAYOUT, "width", WIDTH, NULL));
}

/**
 * qk_message_detail_set_selection:
 * @self: a pane
 * @selection: what is selected
 *
 * Follows @selection.
 */
void
qk_message_detail_set_selection (QkMessageDetail *self, QkMessageSelection *selection)
{
  g_return_if_fail (QK_IS_MESSAGE_DETAIL (self));
  g_return_if_fail (QK_IS_MESSAGE_SELECTION (selection));
  g_return_if_fail (self->selection == NULL);

  self->selection = g_object_ref (selection);
  g_signal_connect (selection, "settled", G_CALLBACK (selection_settled_cb), self);
  selection_settled_cb (selection, self);
}

/**
 * qk_message_detail_get_pane:
 * @self: a pane
 *
 * Returns: (transfer none): what shows a single message
 */
QkDetailPane *
qk_message_detail_get_pane (QkMessageDetail *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_DETAIL (self), NULL);

  return self->pane;
}

/**
 * qk_message_detail_take_focus:
 * @self: a pane
 *
 * Moves the keyboard to what is shown.
 */
void
qk_message_detail_take_focus (QkMessageDetail *self)
{
  g_return_if_fail (QK_IS_MESSAGE_DETAIL (self));

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "one") == 0)
    qk_detail_pane_take_focus (self->pane);
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}
