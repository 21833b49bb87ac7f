#include "qk-loss-banner.h"

#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkLossBanner {
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *restore;
  QkStore *store; /* owned, nullable */
  gboolean read_only;
};

G_DEFINE_FINAL_TYPE (QkLossBanner, qk_loss_banner, ADW_TYPE_BIN)

static void
update (QkLossBanner *self)
{
  g_autoptr (QkLoss) loss = self->store != NULL ? qk_store_dup_loss (self->store) : NULL;
  GtkWidget *widget = GTK_WIDGET (self);

  /* What is hidden keeps its text while it goes. */
  if (loss != NULL)
    {
      g_autofree char *text = qk_words_loss (loss);
      g_autofree char *label =
          g_strdup_printf (ngettext ("_Restore %u", "_Restore %u", loss->n_lost), loss->n_lost);

      gtk_label_set_text (self->label, text);
      gtk_button_set_label (self->restore, label);
      gtk_widget_set_visible (GTK_WIDGET (self->restore), loss->operation != 0);
    }
  gtk_revealer_set_reveal_child (self->revealer, loss != NULL);
  gtk_widget_action_set_enabled (widget, "loss.restore",
                                 loss != NULL && loss->operation != 0 && !self->read_only);
  gtk_widget_action_set_enabled (widget, "loss.dismiss", loss != NULL);
}

static void
loss_cb (QkStore *store, GParamSpec *pspec, QkLossBanner *self)
{
  g_assert (QK_IS_LOSS_BANNER (self));

  update (self);
}

static void
restore_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autoptr (QkLoss) loss = qk_store_dup_loss (QK_LOSS_BANNER (widget)->store);

  if (loss != NULL)
    gtk_widget_activate_action (widget, "win.undo-operation", "x", loss->operation);
}

static void
dismiss_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_store_dismiss_loss (QK_LOSS_BANNER (widget)->store);
}

static void
drop_store (QkLossBanner *self)
{
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
}

static void
qk_loss_banner_dispose (GObject *object)
{
  drop_store (QK_LOSS_BANNER (object));

  G_OBJECT_CLASS (qk_loss_banner_parent_class)->dispose (object);
}

static void
qk_loss_banner_class_init (QkLossBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_loss_banner_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-loss-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, QkLossBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, QkLossBanner, label);
  gtk_widget_class_bind_template_child (widget_class, QkLossBanner, restore);
  gtk_widget_class_install_action (widget_class, "loss.restore", NULL, restore_action);
  gtk_widget_class_install_action (widget_class, "loss.dismiss", NULL, dismiss_action);
}

static void
qk_loss_banner_init (QkLossBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * qk_loss_banner_set_store:
 * @self: a banner
 * @store: (nullable): whose messages to tell of
 *
 * Follows @store.
 */
void
qk_loss_banner_set_store (QkLossBanner *self, QkStore *store)
{
  g_return_if_fail (QK_IS_LOSS_BANNER (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  drop_store (self);
  if (store != NULL)
    {
      self->store = g_object_ref (store);
      g_signal_connect (store, "notify::loss", G_CALLBACK (loss_cb), self);
    }
  update (self);
}

/**
 * qk_loss_banner_set_read_only:
 * @self: a banner
 * @read_only: whether nothing may be restored
 *
 * Offers to do so, or not.
 */
void
qk_loss_banner_set_read_only (QkLossBanner *self, gboolean read_only)
{
  g_return_if_fail (QK_IS_LOSS_BANNER (self));

  self->read_only = read_only;
  update (self);
}

/**
 * qk_loss_banner_get_text:
 * @self: a banner
 *
 * Returns: (transfer none) (nullable): what it says; %NULL while it is hidden
 */
const char *
qk_loss_banner_get_text (QkLossBanner *self)
{
  g_return_val_if_fail (QK_IS_LOSS_BANNER (self), NULL);

  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_text (self->label) : NULL;
}
