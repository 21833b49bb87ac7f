#include "qk-stuck.h"
#include "qk-window-private.h"

/* What the operator has chosen, brought to whatever it is about. */

/* Brings all of it to the window, and to its store where there is one. */
void
qk_window_apply_settings (QkWindow *self)
{
  QkRetryPolicy policy;
  guint poll, stuck;

  g_object_get (self->settings, "poll-seconds", &poll, "alert-stuck-warning-seconds", &stuck, NULL);
  qk_stuck_set_after_s (stuck);
  qk_changer_set_retention (self->changer, qk_settings_get_history_days (self->settings));
  if (qk_settings_is_on (self->settings, "compact-rows"))
    gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "compact");
  if (self->store == NULL)
    return;
  qk_retry_policy_read (&policy, G_OBJECT (self->settings));
  qk_store_set_policy (self->store, &policy);
  qk_store_set_poll (self->store, poll * G_TIME_SPAN_SECOND);
  qk_store_set_guard (self->store,
                      qk_settings_get_guard_seconds (self->settings) * G_TIME_SPAN_SECOND);
}

static void
settings_cb (QkSettings *settings, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_window_apply_settings (self);
}

/* Once, when the window is made. */
void
qk_window_follow_settings (QkWindow *self)
{
  static const char *const names[] = {
      "guard-seconds",
      "history-days",
      "poll-seconds",
      "retry-attempts",
      "retry-base-milliseconds",
      "retry-cap-milliseconds",
      "compact-rows",
      "alert-stuck-warning-seconds",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", names[i], NULL);

      g_signal_connect_object (self->settings, signal, G_CALLBACK (settings_cb), self, 0);
    }
  g_signal_connect_object (self->settings, "counters-changed",
                           G_CALLBACK (qk_window_apply_counters), self, G_CONNECT_SWAPPED);
  qk_window_apply_settings (self);
}
