#include "qk-preferences.h"

#include "qk-retry.h"
#include "qk-settings.h"

#include <glib/gi18n-lib.h>

struct _QkPreferences {
  AdwPreferencesWindow parent_instance;

  GtkWidget *total;     /* the row that tells when a save gives up */
  GtkWidget *reset;     /* the button */
  QkSettings *settings; /* owned */
};

G_DEFINE_FINAL_TYPE (QkPreferences, qk_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* A setting, or the beginning of a page or a group. */
typedef struct {
  const char *name;  /* of the setting; NULL for a page or a group */
  const char *icon;  /* of a page; NULL for a group */
  const char *title; /* all that follows is untranslated */
  const char *subtitle;
  const char *upper; /* nullable: the setting that this one must not exceed */
} Line;

#define PAGE(icon, title)                                                                          \
  {                                                                                                \
    NULL, icon, title, NULL, NULL                                                                  \
  }
#define GROUP(title, text)                                                                         \
  {                                                                                                \
    NULL, NULL, title, text, NULL                                                                  \
  }
#define ROW(name, title, text)                                                                     \
  {                                                                                                \
    name, NULL, title, text, NULL                                                                  \
  }
#define BELOW(name, upper, title, text)                                                            \
  {                                                                                                \
    name, NULL, title, text, upper                                                                 \
  }

static const Line lines[] = {
    PAGE ("preferences-system-symbolic", N_ ("General")),
    GROUP (N_ ("Windows"), NULL),
    ROW ("restore-session",
         N_ ("Open again what was open"),
         N_ ("A start without a queue opens those that were open last.")),
    ROW ("compact-rows", N_ ("Compact rows"), N_ ("More messages fit into the window.")),
    ROW (
        "hold-while-selected",
        N_ ("Hold still while several are selected"),
        N_ ("No message comes, goes or moves in the list then, as if it were frozen with Ctrl+L.")),
    ROW ("read-only",
         N_ ("Start read only"),
         N_ ("A window writes nothing to its queue until that is allowed with Ctrl+Shift+M.")),
    GROUP (N_ ("History"), NULL),
    ROW (
        "history-days",
        N_ ("Days in the history"),
        N_ ("What was done can be undone for so long. The last 100 operations are always kept; what is older is forgotten with the next change.")),
    GROUP (N_ ("Looking at the queue"), NULL),
    ROW (
        "poll-seconds",
        N_ ("Seconds between looks"),
        N_ ("Changes are seen at once where the system tells of them. Network drives tell of none: there it takes so long.")),
    PAGE ("document-save-symbolic", N_ ("Saving")),
    GROUP (
        N_ ("When the queue is locked"),
        N_ ("A save that meets a lock is tried again. It waits twice as long each time. qkctl saves by the same rule.")),
    ROW ("retry-attempts", N_ ("Attempts"), NULL),
    BELOW ("retry-base-milliseconds",
           "retry-cap-milliseconds",
           N_ ("First wait in milliseconds"),
           NULL),
    ROW ("retry-cap-milliseconds", N_ ("Longest wait in milliseconds"), NULL),
    GROUP (
        N_ ("Watching over changes"),
        N_ ("Other programs save lists that they loaded a while ago, and so undo what was saved meanwhile. Queuekeeper puts that right.")),
    ROW (
        "guard-seconds",
        N_ ("Guard time in seconds"),
        N_ ("A change that nobody undoes for so long has settled. It should be more than twice the longest time for which any program holds a list before it saves it.")),
    PAGE ("preferences-system-notifications-symbolic", N_ ("Notifications")),
    GROUP (N_ ("Notifications"),
           N_ ("The desktop tells of what happens while you look at something else.")),
    ROW ("notify", N_ ("Notifications"), NULL),
    ROW (
        "notify-minutes",
        N_ ("Pause in minutes"),
        N_ ("There is at most one of a kind in so many minutes. What happens meanwhile is told together.")),
    GROUP (N_ ("What they tell of"), NULL),
    ROW ("notify-failures", N_ ("New failures"), NULL),
    ROW ("notify-stuck", N_ ("Stuck messages"), NULL),
    ROW ("notify-given-up",
         N_ ("What was given up"),
         N_ ("A change could not be saved, or will not stay.")),
    ROW ("notify-damage",
         N_ ("Damage and loss"),
         N_ ("The queue is damaged, or most of its messages disappeared.")),
    ROW ("notify-health",
         N_ ("Thresholds"),
         N_ ("The queue is too large, too many messages fail or are being processed at once, or "
             "they wait for long.")),
    PAGE ("dialog-warning-symbolic", N_ ("Thresholds")),
    GROUP (N_ ("Stuck messages"),
           N_ ("A message that is being processed and was not updated for longer than this.")),
    BELOW ("alert-stuck-warning-seconds",
           "alert-stuck-critical-seconds",
           N_ ("Stuck after so many seconds"),
           NULL),
    ROW ("alert-stuck-critical-seconds", N_ ("Critical after so many seconds"), NULL),
    GROUP (N_ ("Size of the queue"),
           N_ ("Messages of all statuses. The swarm itself takes no more than 1000.")),
    BELOW ("alert-total-warning", "alert-total-critical", N_ ("Warn above"), NULL),
    ROW ("alert-total-critical", N_ ("Critical above"), NULL),
    GROUP (N_ ("Failures"),
           N_ ("Of the last 100 messages that were delivered or failed, in percent.")),
    BELOW ("alert-failure-warning-percent",
           "alert-failure-critical-percent",
           N_ ("Warn above this percentage"),
           NULL),
    ROW ("alert-failure-critical-percent", N_ ("Critical above this percentage"), NULL),
    GROUP (N_ ("Work and locks"), NULL),
    ROW ("alert-processing-percent",
         N_ ("Being processed, in percent"),
         N_ ("Warn when more of the queue than this is being processed.")),
    ROW ("alert-age-minutes",
         N_ ("Age in minutes"),
         N_ ("Warn when undelivered messages are older than this on average.")),
    ROW ("alert-success-percent",
         N_ ("Success of retries, in percent"),
         N_ ("Warn when fewer saves than this that met a lock succeeded.")),
    ROW ("alert-lock-errors",
         N_ ("Persisting lock errors"),
         N_ ("So many lock errors, or more, count as persisting.")),
};

/* What belongs to the setting @name, as wide as it may be. */
static GtkWidget *
make_spin (QkPreferences *self, const char *name)
{
  GParamSpecUInt *spec =
      G_PARAM_SPEC_UINT (g_object_class_find_property (G_OBJECT_GET_CLASS (self->settings), name));
  double step = spec->maximum >= 10000 && spec->default_value >= 100 ? 50 : 1;
  GtkWidget *spin = gtk_spin_button_new_with_range (spec->minimum, spec->maximum, 1);

  gtk_spin_button_set_increments (GTK_SPIN_BUTTON (spin), step, step * 10);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  g_object_bind_property (self->settings, name, spin, "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  return spin;
}

static GtkWidget *
make_switch (QkPreferences *self, const char *name)
{
  GtkWidget *toggle = gtk_switch_new ();

  g_object_bind_property (self->settings, name, toggle, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  return toggle;
}

typedef struct {
  const char *other; /* static */
  gboolean is_upper; /* @other must not be less, or not be more */
} Bound;

/* A warning that is later than what is critical would never be seen: the other one gives way. */
static void
bound_cb (QkSettings *settings, GParamSpec *pspec, Bound *bound)
{
  guint mine, others;

  g_object_get (settings, pspec->name, &mine, bound->other, &others, NULL);
  if (bound->is_upper ? others < mine : others > mine)
    g_object_set (settings, bound->other, mine, NULL);
}

static void
bind_order (QkPreferences *self, const char *name, const char *other, gboolean is_upper)
{
  g_autofree char *signal = g_strconcat ("notify::", name, NULL);
  Bound *bound = g_new (Bound, 1);
  GClosure *closure;

  *bound = (Bound){other, is_upper};
  closure = g_cclosure_new (G_CALLBACK (bound_cb), bound, (GClosureNotify) (void *) g_free);
  /* The settings may live on; the window watches no longer than it lives itself. */
  g_object_watch_closure (G_OBJECT (self), closure);
  g_signal_connect_closure (self->settings, signal, closure, FALSE);
}

/* What cannot be changed can be read. */
static GtkWidget *
make_row (QkPreferences *self, const Line *line)
{
  GParamSpec *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (self->settings), line->name);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *control = G_IS_PARAM_SPEC_BOOLEAN (spec) ? make_switch (self, line->name)
                                                      : make_spin (self, line->name);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (line->title));
  if (line->subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (line->subtitle));
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (line->title), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  gtk_widget_set_sensitive (row, qk_settings_is_writable (self->settings, line->name));
  if (line->upper != NULL)
    {
      bind_order (self, line->name, line->upper, TRUE);
      bind_order (self, line->upper, line->name, FALSE);
    }
  /* What is off as a whole is not asked for one by one. */
  if (g_str_has_prefix (line->name, "notify-") &&
      qk_settings_is_writable (self->settings, line->name))
    g_object_bind_property (self->settings, "notify", row, "sensitive", G_BINDING_SYNC_CREATE);
  return row;
}

static void
update_total (QkSettings *settings, GParamSpec *pspec, QkPreferences *self)
{
  QkRetryPolicy policy;
  g_autofree char *text = NULL;

  g_assert (QK_IS_PREFERENCES (self));

  qk_retry_policy_read (&policy, G_OBJECT (settings));
  text = policy.attempts == 1
             ? g_strdup (_ ("At once: there is no second attempt."))
             : g_strdup_printf (_ ("After %.1f s of waiting in all."),
                                (double) qk_retry_policy_get_total (&policy) / G_USEC_PER_SEC);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->total), text);
}

static GtkWidget *
make_total (QkPreferences *self)
{
  self->total = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->total), _ ("When a save gives up"));
  g_signal_connect_object (self->settings, "notify", G_CALLBACK (update_total), self, 0);
  update_total (self->settings, NULL, self);
  return self->total;
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, QkPreferences *self)
{
  g_assert (QK_IS_PREFERENCES (self));

  if (g_str_equal (response, "reset"))
    qk_settings_reset (self->settings);
}

static void
reset_cb (GtkButton *button, QkPreferences *self)
{
  AdwMessageDialog *dialog;

  g_assert (QK_IS_PREFERENCES (self));

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
      GTK_WINDOW (self), _ ("Reset All Settings?"),
      _ ("What stands in this window becomes what it was before you chose anything. Saved filters, "
         "columns and who the agents are stay, and so do your queues and the history.")));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "reset", _ ("_Reset"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "reset", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static AdwPreferencesGroup *
add_group (AdwPreferencesPage *page, const char *title, const char *text)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, title != NULL ? title : "");
  adw_preferences_group_set_description (group, text);
  adw_preferences_page_add (page, group);
  return group;
}

static void
add_not_kept (AdwPreferencesPage *page)
{
  AdwPreferencesGroup *group = add_group (page, NULL, NULL);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 _ ("These settings cannot be changed here"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               _ ("They are not installed with the program, or they are locked. "
                                  "What is shown is in use."));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             g_object_new (GTK_TYPE_IMAGE, "icon-name",
                                           "dialog-information-symbolic", "accessible-role",
                                           GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  adw_preferences_group_add (group, row);
}

static void
add_reset (QkPreferences *self, AdwPreferencesPage *page)
{
  AdwPreferencesGroup *group = add_group (page, NULL, NULL);

  self->reset = gtk_button_new_with_mnemonic (_ ("_Reset All Settings…"));
  gtk_widget_set_halign (self->reset, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->reset, "pill");
  gtk_widget_set_sensitive (self->reset, qk_settings_is_writable (self->settings, "guard-seconds"));
  g_signal_connect_object (self->reset, "clicked", G_CALLBACK (reset_cb), self, 0);
  adw_preferences_group_add (group, self->reset);
}

static AdwPreferencesPage *
add_page (QkPreferences *self, const Line *line)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());

  adw_preferences_page_set_title (page, _ (line->title));
  adw_preferences_page_set_icon_name (page, line->icon);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), page);
  return page;
}

static void
fill (QkPreferences *self)
{
  AdwPreferencesPage *page = NULL, *first = NULL;
  AdwPreferencesGroup *group = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      const Line *line = &lines[i];

      if (line->name != NULL)
        adw_preferences_group_add (group, make_row (self, line));
      else if (line->icon == NULL)
        group =
            add_group (page, _ (line->title), line->subtitle != NULL ? _ (line->subtitle) : NULL);
      else
        page = add_page (self, line);
      if (first == NULL)
        {
          first = page;
          if (!qk_settings_is_writable (self->settings, "guard-seconds"))
            add_not_kept (page);
        }
      if (g_strcmp0 (line->name, "retry-cap-milliseconds") == 0)
        adw_preferences_group_add (group, make_total (self));
    }
  add_reset (self, first);
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
  G_OBJECT_CLASS (klass)->dispose = qk_preferences_dispose;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_w, GDK_CONTROL_MASK,
                                       "window.close", NULL);
}

static void
qk_preferences_init (QkPreferences *self)
{
  self->settings = qk_settings_new ();
  fill (self);
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
  return g_object_new (QK_TYPE_PREFERENCES, "title", _ ("Preferences"), "modal", TRUE,
                       "destroy-with-parent", TRUE, "default-width", 660, "default-height", 620,
                       "transient-for", parent, NULL);
}
