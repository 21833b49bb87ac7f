#include "qk-text.h"
#include "qk-window-private.h"

/* Notifications of the desktop, for what happens while the window is not looked at. */

/* One notification a kind and queue: a newer one takes the place of the one before. */
static char *
dup_id (QkWindow *self, QkAlertKind kind)
{
  g_autofree char *key = qk_store_dup_key (self->store);

  return g_strdup_printf ("queuekeeper-%u-%08x", kind, g_str_hash (key));
}

/* Which queue it is about comes last: on most desktops the text is cut off. */
static char *
dup_body (QkWindow *self, const QkAlert *alert)
{
  g_autofree char *location = qk_store_dup_location (self->store);
  g_autofree char *shown = qk_text_reveal_line (location);

  return alert->text != NULL ? g_strdup_printf ("%s\n%s", alert->text, shown)
                             : g_steal_pointer (&shown);
}

static void
alert_cb (QkAlerter *alerter, const QkAlert *alert, QkWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  g_autoptr (GNotification) notification = g_notification_new (alert->title);
  g_autofree char *id = dup_id (self, alert->kind), *body = dup_body (self, alert);
  g_autofree char *location = qk_store_dup_location (self->store);
  g_autofree char *uri = g_filename_to_uri (location, NULL, NULL);

  g_assert (QK_IS_WINDOW (self));

  if (application == NULL || uri == NULL)
    return;
  g_notification_set_body (notification, body);
  g_notification_set_priority (notification, alert->critical ? G_NOTIFICATION_PRIORITY_URGENT
                                                             : G_NOTIFICATION_PRIORITY_NORMAL);
  g_notification_set_default_action_and_target (notification, "app.show-alert", "(sus)", uri,
                                                (guint) alert->kind,
                                                alert->agent != NULL ? alert->agent : "");
  g_application_send_notification (G_APPLICATION (application), id, notification);
}

/* It, or a dialog above it, has the keyboard. */
static gboolean
is_looked_at (gpointer user_data)
{
  QkWindow *self = user_data;
  g_autoptr (GListModel) all = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (all, i);

      if (gtk_window_is_active (window) &&
          (window == GTK_WINDOW (self) ||
           gtk_window_get_transient_for (window) == GTK_WINDOW (self)))
        return TRUE;
    }
  return FALSE;
}

/* What was told is seen by now. */
static void
withdraw (QkWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  for (guint i = 0; i < QK_N_ALERT_KINDS && application != NULL && self->store != NULL; i++)
    {
      g_autofree char *id = dup_id (self, (QkAlertKind) i);

      g_application_withdraw_notification (G_APPLICATION (application), id);
    }
}

static void
active_cb (GObject *object, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  if (gtk_window_is_active (GTK_WINDOW (self)))
    withdraw (self);
}

/* Once, when the window is made. */
void
qk_window_alerts_set_up (QkWindow *self)
{
  self->alerter = qk_alerter_new (self->settings);
  qk_alerter_set_seen_func (self->alerter, is_looked_at, self);
  g_signal_connect_object (self->alerter, "alert", G_CALLBACK (alert_cb), self, 0);
  g_signal_connect_object (self, "notify::is-active", G_CALLBACK (active_cb), self, 0);
}

/**
 * qk_window_show_alert:
 * @self: a window with a queue
 * @kind: what the alert was about
 * @agent: (nullable): whose messages
 *
 * Shows what the operator was told of.
 */
void
qk_window_show_alert (QkWindow *self, QkAlertKind kind, const char *agent)
{
  g_return_if_fail (QK_IS_WINDOW (self));

  if (kind == QK_ALERT_HEALTH)
    adw_view_stack_set_visible_child_name (self->views, "health");
  else
    adw_view_stack_set_visible_child_name (self->views, "messages");
  if (kind == QK_ALERT_FAILURES || kind == QK_ALERT_STUCK)
    qk_messages_page_show (self->page, agent,
                           kind == QK_ALERT_STUCK ? QK_FOCUS_STUCK : QK_FOCUS_FAILED);
}
