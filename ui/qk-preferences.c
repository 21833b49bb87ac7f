#include "qk-preferences.h"

#include "qk-settings.h"

struct _QkPreferences {
  AdwPreferencesWindow parent_instance;

  GtkWidget *not_kept;
  GtkWidget *guard_row;
  GtkSpinButton *guard_seconds;
  GtkWidget *history_row;
  GtkSpinButton *history_days;
  GtkWidget *read_only_row;
  GtkSwitch *read_only;
  QkSettings *settings; /* owned */
};

G_DEFINE_FINAL_TYPE (QkPreferences, qk_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* The limits of @name are those of @spin. What cannot be changed can be read. */
static void
bind_setting (QkPreferences *self, const char *name, GtkSpinButton *spin, GtkWidget *row)
{
  GParamSpecUInt *spec =
      G_PARAM_SPEC_UINT (g_object_class_find_property (G_OBJECT_GET_CLASS (self->settings), name));

  gtk_spin_button_set_range (spin, spec->minimum, spec->maximum);
  gtk_spin_button_set_increments (spin, 1, 10);
  g_object_bind_property (self->settings, name, spin, "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  gtk_widget_set_sensitive (row, qk_settings_is_writable (self->settings, name));
}

static void
qk_preferences_dispose (GObject *object)
{
  g_clear_object (&QK_PREFERENCES (object)->settings);

  G_OBJECT_CLASS (qk_preferences_parent_class)->dispose (object);
}

static void
qk_preferences_class_init (QkPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_preferences_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, QkPreferences, not_kept);
  gtk_widget_class_bind_template_child (widget_class, QkPreferences, guard_row);
  gtk_widget_class_bind_template_child (widget_class, QkPreferences, guard_seconds);
  gtk_widget_class_bind_template_child (widget_class, QkPreferences, history_row);
  gtk_widget_class_bind_template_child (widget_class, QkPreferences, history_days);
  gtk_widget_class_bind_template_child (widget_class, QkPreferences, read_only_row);
  gtk_widget_class_bind_template_child (widget_class, QkPreferences, read_only);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
qk_preferences_init (QkPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = qk_settings_new ();
  bind_setting (self, "guard-seconds", self->guard_seconds, self->guard_row);
  bind_setting (self, "history-days", self->history_days, self->history_row);
  g_object_bind_property (self->settings, "read-only", self->read_only, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  gtk_widget_set_sensitive (self->read_only_row,
                            qk_settings_is_writable (self->settings, "read-only"));
  gtk_widget_set_visible (self->not_kept,
                          !qk_settings_is_writable (self->settings, "guard-seconds"));
}

/**
 * qk_preferences_new:
 * @parent: (nullable): the window above which it is shown
 *
 * Returns: (transfer none): the window, not shown yet
 */
GtkWidget *
qk_preferences_new (GtkWindow *parent)
{
  return g_object_new (QK_TYPE_PREFERENCES, "transient-for", parent, NULL);
}
