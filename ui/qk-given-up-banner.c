#include "qk-given-up-banner.h"

#include <glib/gi18n-lib.h>

struct _QkGivenUpBanner {
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  QkStore *store;     /* owned, nullable */
  QkGivenUp *resumed; /* owned, nullable: it is being tried again */
  gboolean read_only;
};

G_DEFINE_FINAL_TYPE (QkGivenUpBanner, qk_given_up_banner, ADW_TYPE_BIN)

enum { SIGNAL_IN_EFFECT, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
set_shown (QkGivenUpBanner *self, gboolean shown)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_revealer_set_reveal_child (self->revealer, shown);
  gtk_widget_action_set_enabled (widget, "given-up.retry", shown && !self->read_only);
  gtk_widget_action_set_enabled (widget, "given-up.keep-trying", shown && !self->read_only);
  gtk_widget_action_set_enabled (widget, "given-up.leave", shown);
}

static void
update (QkGivenUpBanner *self)
{
  g_autoptr (QkGivenUp) given_up = self->store != NULL ? qk_store_dup_given_up (self->store) : NULL;
  g_autofree char *text = given_up != NULL ? qk_given_up_describe (given_up) : NULL;

  /* What is hidden keeps its text while it goes. */
  if (text != NULL)
    {
      gtk_label_set_text (self->label, text);
      g_clear_pointer (&self->resumed, qk_given_up_free);
    }
  set_shown (self, text != NULL);
}

static void
given_up_cb (QkStore *store, GParamSpec *pspec, QkGivenUpBanner *self)
{
  g_assert (QK_IS_GIVEN_UP_BANNER (self));

  update (self);
}

/* All has settled: what was tried again is in effect. */
static void
guarded_cb (QkStore *store, GParamSpec *pspec, QkGivenUpBanner *self)
{
  g_autoptr (QkGivenUp) resumed = NULL;
  g_autofree char *name = NULL, *text = NULL;

  g_assert (QK_IS_GIVEN_UP_BANNER (self));

  if (self->resumed == NULL || qk_store_get_n_guarded (store) > 0)
    return;
  resumed = g_steal_pointer (&self->resumed);
  name = qk_given_up_dup_name (resumed);
  text = g_strdup_printf (_ ("In effect: %s"), name);
  g_signal_emit (self, signals[SIGNAL_IN_EFFECT], 0, text);
}

static void
resume_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkGivenUpBanner *self = QK_GIVEN_UP_BANNER (widget);

  g_clear_pointer (&self->resumed, qk_given_up_free);
  self->resumed = qk_store_dup_given_up (self->store);
  if (g_str_equal (action_name, "given-up.retry"))
    qk_store_retry_given_up (self->store);
  else
    qk_store_keep_trying (self->store);
}

static void
leave_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  set_shown (QK_GIVEN_UP_BANNER (widget), FALSE);
}

static void
drop_store (QkGivenUpBanner *self)
{
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_pointer (&self->resumed, qk_given_up_free);
}

static void
qk_given_up_banner_dispose (GObject *object)
{
  drop_store (QK_GIVEN_UP_BANNER (object));

  G_OBJECT_CLASS (qk_given_up_banner_parent_class)->dispose (object);
}

static void
qk_given_up_banner_class_init (QkGivenUpBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_given_up_banner_dispose;

  /**
   * QkGivenUpBanner::in-effect:
   * @self: the banner
   * @text: what, for the operator
   *
   * What was tried again has stayed.
   */
  signals[SIGNAL_IN_EFFECT] =
      g_signal_new ("in-effect", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-given-up-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, QkGivenUpBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, QkGivenUpBanner, label);
  gtk_widget_class_install_action (widget_class, "given-up.retry", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "given-up.keep-trying", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "given-up.leave", NULL, leave_action);
}

static void
qk_given_up_banner_init (QkGivenUpBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * qk_given_up_banner_set_store:
 * @self: a banner
 * @store: (nullable): whose changes to tell of
 *
 * Follows @store.
 */
void
qk_given_up_banner_set_store (QkGivenUpBanner *self, QkStore *store)
{
  g_return_if_fail (QK_IS_GIVEN_UP_BANNER (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  drop_store (self);
  if (store != NULL)
    {
      self->store = g_object_ref (store);
      g_signal_connect (store, "notify::given-up", G_CALLBACK (given_up_cb), self);
      g_signal_connect (store, "notify::n-guarded", G_CALLBACK (guarded_cb), self);
    }
  update (self);
}

/**
 * qk_given_up_banner_set_read_only:
 * @self: a banner
 * @read_only: whether nothing may be tried again
 *
 * Offers to do so, or not.
 */
void
qk_given_up_banner_set_read_only (QkGivenUpBanner *self, gboolean read_only)
{
  g_return_if_fail (QK_IS_GIVEN_UP_BANNER (self));

  self->read_only = read_only;
  update (self);
}

/**
 * qk_given_up_banner_get_text:
 * @self: a banner
 *
 * Returns: (transfer none) (nullable): what it says; %NULL while it is hidden
 */
const char *
qk_given_up_banner_get_text (QkGivenUpBanner *self)
{
  g_return_val_if_fail (QK_IS_GIVEN_UP_BANNER (self), NULL);

  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_text (self->label) : NULL;
}
