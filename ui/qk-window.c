#include "qk-window-private.h"

#include "qk-accessible.h"
#include "qk-tab-order.h"
#include "qk-text.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (QkWindow, qk_window, ADW_TYPE_APPLICATION_WINDOW)

enum { PROP_0, PROP_READ_ONLY, PROP_FROZEN, N_PROPS };

static GParamSpec *properties[N_PROPS];

/* @operation: what can be undone, or 0. @result: (nullable): what was skipped. */
static void
tell (QkWindow *self, const char *text, gboolean lasting, gint64 operation, const QkResult *result)
{
  /* The title of a toast is markup. */
  g_autofree char *title = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (title);

  if (lasting)
    {
      adw_toast_set_timeout (toast, 0);
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
    }
  if (operation > 0)
    {
      adw_toast_set_button_label (toast, _ ("_Undo"));
      adw_toast_set_action_target_value (toast, g_variant_new_int64 (operation));
      adw_toast_set_action_name (toast, "win.undo-operation");
    }
  if (result != NULL && result->skipped->len > 0)
    adw_toast_set_custom_title (toast, qk_window_make_details (self, text, result));
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* @operation: what can be undone, or 0. */
void
qk_window_tell (QkWindow *self, const char *text, gboolean lasting, gint64 operation)
{
  tell (self, text, lasting, operation, NULL);
}

/* Changes or a repair are on their way, or other writers may still save an old list over them. */
static gboolean
is_needed (QkWindow *self)
{
  return qk_changer_get_n_pending (self->changer) > 0 ||
         (self->store != NULL && (qk_store_get_saving (self->store) ||
                                  (qk_store_get_n_guarded (self->store) > 0 && !self->read_only)));
}

/* A window that is closed while it is needed goes on out of sight. */
static void
leave_if_done (QkWindow *self)
{
  if (self->closing && !is_needed (self))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
come_back (QkWindow *self)
{
  if (self->closing)
    gtk_window_present (GTK_WINDOW (self));
  self->closing = FALSE;
}

static void
arrived_cb (QkChanger *changer, const char *text, gboolean failed, gint64 operation, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  tell (self, text, failed, operation, qk_changer_get_latest (changer));
  /* What was not saved may be tried again; what was is seen in other broadcasts than these. */
  if (failed)
    g_clear_pointer (&self->spent, qk_broadcasts_unref);
  qk_window_update_actions (self);
  if (failed)
    come_back (self);
  leave_if_done (self);
}

static void
settled_cb (QkStore *store, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  leave_if_done (self);
}

static void
given_up_cb (QkStore *store, GParamSpec *pspec, QkWindow *self)
{
  g_autoptr (QkGivenUp) given_up = qk_store_dup_given_up (store);

  g_assert (QK_IS_WINDOW (self));

  /* The banner tells it. */
  if (given_up != NULL)
    come_back (self);
}

/* Something that nobody here has asked for. */
static void
notice_cb (QkStore *store, const char *text, QkWindow *self)
{
  g_autofree char *safe = qk_text_reveal_line (text);

  g_assert (QK_IS_WINDOW (self));

  qk_window_tell (self, safe, TRUE, 0);
}

static void
in_effect_cb (QkGivenUpBanner *banner, const char *text, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_window_tell (self, text, FALSE, 0);
}

static void
selection_settled_cb (QkMessageSelection *selection, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_window_update_actions (self);
}

static void
reading_cb (QkMessagesPage *page, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_window_update_actions (self);
}

static void
broadcast_selected_cb (QkBroadcastsPage *page, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  if (self->changer != NULL)
    qk_window_update_actions (self);
}

static void
take_focus (QkWindow *self)
{
  if (qk_window_shows_view (self, "broadcasts"))
    qk_broadcasts_page_take_focus (self->broadcasts);
  else if (qk_window_shows_view (self, "swarm"))
    qk_swarm_page_take_focus (self->swarm_page);
  else if (qk_window_shows_view (self, "health"))
    qk_health_page_take_focus (self->health_page);
  else if (qk_window_shows_view (self, "activity"))
    qk_activity_page_take_focus (self->activity);
  else
    qk_messages_page_take_focus (self->page);
}

static void
view_cb (AdwViewStack *views, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  if (self->changer == NULL)
    return;
  qk_window_update_actions (self);
  take_focus (self);
}

/* The next step with what is wrong. */
static void
offer_step (GtkButton *button, QkStoreState state)
{
  const char *label = _ ("_Look Again"), *action = "win.refresh";

  if (state == QK_STORE_STATE_GONE)
    {
      label = _ ("_Open Another…");
      action = "win.open";
    }
  else if (state == QK_STORE_STATE_DAMAGED)
    {
      label = _ ("_Salvage…");
      action = "win.salvage";
    }
  gtk_button_set_label (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
}

/* What is wrong while nothing of the queue was ever seen: a page of its own. */
static void
show_problem (QkWindow *self, QkStoreState state, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);
  gboolean gone = state == QK_STORE_STATE_GONE;

  adw_status_page_set_icon_name (self->problem, gone ? "document-open-recent-symbolic"
                                                     : "dialog-warning-symbolic");
  adw_status_page_set_title (self->problem, gone ? _ ("Waiting for a Queue")
                                            : state == QK_STORE_STATE_DAMAGED
                                                ? _ ("The Queue Is Damaged")
                                                : _ ("The Queue Cannot Be Read"));
  adw_status_page_set_description (self->problem, markup);
  offer_step (self->problem_button, state);
  gtk_widget_set_visible (self->look_button, state == QK_STORE_STATE_DAMAGED);
  if (state == QK_STORE_STATE_DAMAGED)
    gtk_widget_add_css_class (GTK_WIDGET (self->problem_button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->problem_button), "suggested-action");
}

/* What is wrong beside the last good view: a line above it. */
static void
show_banner (QkWindow *self, QkStoreState state, const char *text)
{
  gtk_label_set_text (self->banner_text, text);
  offer_step (self->banner_button, state);
}

/* What is wrong and what to do next. */
static char *
dup_problem (QkStore *store)
{
  g_autofree char *problem = qk_store_dup_problem (store);

  if (qk_store_get_state (store) == QK_STORE_STATE_DAMAGED)
    return g_strdup_printf (_ ("%s Salvage shows what can be had."), problem);
  return g_steal_pointer (&problem);
}

static void
update_state (QkWindow *self)
{
  g_autofree char *problem = self->store != NULL ? dup_problem (self->store) : NULL;
  g_autofree char *text = problem != NULL ? qk_text_reveal (problem) : NULL;
  gboolean loaded = self->store != NULL && qk_store_get_document (self->store) != NULL;
  const char *shown = "welcome";

  if (self->store != NULL)
    shown = loaded ? "queue" : text != NULL ? "problem" : "opening";
  if (text != NULL && loaded)
    show_banner (self, qk_store_get_state (self->store), text);
  else if (text != NULL)
    show_problem (self, qk_store_get_state (self->store), text);
  gtk_revealer_set_reveal_child (self->banner, text != NULL && loaded);
  if (g_strcmp0 (qk_window_get_shown (self), shown) != 0)
    {
      gtk_stack_set_visible_child_name (self->stack, shown);
      adw_view_switcher_title_set_view_switcher_enabled (self->title, loaded);
      if (loaded)
        {
          qk_window_remember (self);
          take_focus (self);
        }
    }
  qk_window_update_actions (self);
}

static void
store_notify_cb (QkStore *store, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  update_state (self);
}

/* So many characters of it stand on a button. */
#define MAX_NAME 16

/* What tells the queue of one swarm from that of another: where the file and its folder are called as
 * usual, the folder above. */
static char *
dup_swarm (const char *location)
{
  g_autofree char *folder = g_path_get_dirname (location);
  g_autofree char *above = g_path_get_dirname (folder);
  g_autofree char *file = g_path_get_basename (location);
  g_autofree char *inner = g_path_get_basename (folder);
  g_autofree char *outer = g_path_get_basename (above);

  const char *name = !g_str_equal (file, "queue.json")      ? file
                     : g_str_equal (inner, "message_queue") ? outer
                                                            : inner;
  g_autofree char *shown = qk_text_reveal_line (name), *start = NULL;

  if (g_utf8_strlen (shown, -1) <= MAX_NAME)
    return g_steal_pointer (&shown);
  start = g_utf8_substring (shown, 0, MAX_NAME - 1);
  return g_strconcat (start, "…", NULL);
}

static void
update_title (QkWindow *self)
{
  g_autofree char *location = qk_store_dup_location (self->store);
  g_autofree char *name = g_path_get_basename (location);
  g_autofree char *folder = g_path_get_dirname (location);
  g_autofree char *shown_name = qk_text_reveal_line (name);
  g_autofree char *shown_folder = NULL, *window_title = NULL, *path = NULL, *tooltip = NULL;
  g_autofree char *swarm = dup_swarm (location);
  const char *home = g_get_home_dir ();

  if (g_str_has_prefix (folder, home) && strchr ("/\\", folder[strlen (home)]) != NULL)
    {
      g_autofree char *rest = g_strconcat ("~", folder + strlen (home), NULL);

      shown_folder = qk_text_reveal_line (rest);
    }
  else
    shown_folder = qk_text_reveal_line (folder);
  adw_view_switcher_title_set_title (self->title, shown_name);
  adw_view_switcher_title_set_subtitle (self->title, shown_folder);
  path = g_build_filename (shown_folder, shown_name, NULL);
  tooltip = g_strdup_printf (_ ("%s\nOpen another queue (Ctrl+O)"), path);
  adw_split_button_set_use_underline (self->open_button, FALSE);
  adw_split_button_set_label (self->open_button, swarm);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->open_button), tooltip);
  window_title = g_strdup_printf (_ ("%s — Queuekeeper"), shown_name);
  gtk_window_set_title (GTK_WINDOW (self), window_title);
}

static void
qk_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  qk_window_note_width (QK_WINDOW (widget), width);

  GTK_WIDGET_CLASS (qk_window_parent_class)->size_allocate (widget, width, height, baseline);
}

static gboolean
qk_window_close_request (GtkWindow *window)
{
  QkWindow *self = QK_WINDOW (window);

  if (qk_window_ask_to_stop (self))
    return TRUE;
  if (!is_needed (self))
    return GTK_WINDOW_CLASS (qk_window_parent_class)->close_request (window);
  self->closing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  return TRUE;
}

/* The action is asked for its state before there is a page. */
static gboolean
is_frozen (QkWindow *self)
{
  return self->page != NULL && qk_list_hold_get_frozen (qk_messages_page_get_hold (self->page));
}

static void
qk_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_READ_ONLY)
    g_value_set_boolean (value, QK_WINDOW (object)->read_only);
  else if (id == PROP_FROZEN)
    g_value_set_boolean (value, is_frozen (QK_WINDOW (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qk_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkWindow *self = QK_WINDOW (object);

  if (id == PROP_FROZEN)
    {
      qk_list_hold_set_frozen (qk_messages_page_get_hold (self->page), g_value_get_boolean (value));
      return;
    }
  if (id != PROP_READ_ONLY)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  if (self->read_only == g_value_get_boolean (value))
    return;
  self->read_only = g_value_get_boolean (value);
  qk_window_apply_read_only (self);
  g_object_notify_by_pspec (object, pspec);
}

static void
drop_store (QkWindow *self)
{
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  if (self->alerter != NULL)
    qk_alerter_set_store (self->alerter, NULL);
  g_clear_object (&self->health);
  g_clear_object (&self->store);
}

static void
qk_window_dispose (GObject *object)
{
  QkWindow *self = QK_WINDOW (object);

  drop_store (self);
  g_clear_pointer (&self->spent, qk_broadcasts_unref);
  g_clear_object (&self->changer);
  g_clear_object (&self->alerter);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (qk_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, QkWindow, title);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, open_popover);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, pill);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, banner_text);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, banner_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, given_up);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, loss);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, problem_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, look_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, read_only_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, read_only_label);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, new_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, add_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, task_bar);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, views);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, page);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, broadcasts);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, swarm_page);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, health_page);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, activity);
  gtk_widget_class_bind_template_callback (widget_class, broadcast_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_cb);
  gtk_widget_class_bind_template_callback (widget_class, in_effect_cb);
  gtk_widget_class_bind_template_callback (widget_class, reading_cb);
  gtk_widget_class_bind_template_callback (widget_class, qk_window_recent_chosen_cb);
}

static void
qk_window_class_init (QkWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_window_dispose;
  G_OBJECT_CLASS (klass)->get_property = qk_window_get_property;
  G_OBJECT_CLASS (klass)->set_property = qk_window_set_property;
  widget_class->size_allocate = qk_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = qk_window_close_request;

  qk_accessible_install ();
  qk_tab_order_install ();
  g_type_ensure (QK_TYPE_ACTIVITY_PAGE);
  g_type_ensure (QK_TYPE_BROADCASTS_PAGE);
  g_type_ensure (QK_TYPE_GIVEN_UP_BANNER);
  g_type_ensure (QK_TYPE_HEALTH_PAGE);
  g_type_ensure (QK_TYPE_LOSS_BANNER);
  g_type_ensure (QK_TYPE_MESSAGES_PAGE);
  g_type_ensure (QK_TYPE_RECENT_LIST);
  g_type_ensure (QK_TYPE_STATE_PILL);
  g_type_ensure (QK_TYPE_SWARM_PAGE);
  g_type_ensure (QK_TYPE_TASK_BAR);
  /**
   * QkWindow:read-only:
   *
   * Whether nothing is written to the queue.
   */
  properties[PROP_READ_ONLY] =
      g_param_spec_boolean ("read-only", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * QkWindow:frozen:
   *
   * Whether the operator has frozen the list of messages.
   */
  properties[PROP_FROZEN] =
      g_param_spec_boolean ("frozen", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  /**
   * QkWindow::arranged:
   *
   * What it shows, or how, changed in a way that is to be the same when it is opened again.
   */
  g_signal_new ("arranged", QK_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-window.ui");
  bind_template (widget_class);
  qk_window_install_actions (widget_class);
}

static void
frozen_cb (QkListHold *hold, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FROZEN]);
}

static void
qk_window_init (QkWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->changer = qk_changer_new ();
  qk_messages_page_set_history (self->page, qk_changer_get_history (self->changer));
  self->settings = qk_settings_new ();
  g_signal_connect_object (self->changer, "arrived", G_CALLBACK (arrived_cb), self, 0);
  qk_window_follow_settings (self);
  g_signal_connect_object (qk_messages_page_get_selection (self->page), "settled",
                           G_CALLBACK (selection_settled_cb), self, 0);
  g_signal_connect_object (qk_messages_page_get_hold (self->page), "notify::frozen",
                           G_CALLBACK (frozen_cb), self, 0);
  qk_window_focus_set_up (self);
  qk_window_keep_set_up (self);
  qk_window_swarm_set_up (self);
  qk_window_activity_set_up (self);
  qk_window_width_set_up (self);
  qk_window_manners_set_up (self);
  qk_window_alerts_set_up (self);
  qk_task_bar_set_changer (self->task_bar, self->changer);
  self->read_only = qk_settings_get_read_only (self->settings);
  qk_window_apply_read_only (self);
  update_state (self);
}

/**
 * qk_window_new:
 * @application: (nullable): the application
 *
 * Returns: (transfer none): a window without a queue
 */
GtkWidget *
qk_window_new (GtkApplication *application)
{
  return g_object_new (QK_TYPE_WINDOW, "application", application, NULL);
}

/**
 * qk_window_open:
 * @self: a window
 * @location: the path of a queue, or of a folder that holds it
 *
 * Shows that queue from now on.
 */
void
qk_window_open (QkWindow *self, const char *location)
{
  g_return_if_fail (QK_IS_WINDOW (self));
  g_return_if_fail (location != NULL);

  drop_store (self);
  self->store = qk_store_new (location);
  qk_messages_page_set_store (self->page, self->store);
  qk_broadcasts_page_set_store (self->broadcasts, self->store);
  qk_window_swarm_open (self);
  qk_state_pill_set_store (self->pill, self->store);
  qk_given_up_banner_set_store (self->given_up, self->store);
  qk_loss_banner_set_store (self->loss, self->store);
  /* After the page: what the window shows depends on what the page has. */
  g_signal_connect (self->store, "notify::document", G_CALLBACK (store_notify_cb), self);
  g_signal_connect (self->store, "notify::state", G_CALLBACK (store_notify_cb), self);
  g_signal_connect (self->store, "notify::problem", G_CALLBACK (store_notify_cb), self);
  g_signal_connect (self->store, "notify::n-guarded", G_CALLBACK (settled_cb), self);
  g_signal_connect (self->store, "notify::saving", G_CALLBACK (settled_cb), self);
  g_signal_connect (self->store, "notice", G_CALLBACK (notice_cb), self);
  g_signal_connect (self->store, "notify::given-up", G_CALLBACK (given_up_cb), self);
  qk_window_apply_settings (self);
  qk_alerter_set_store (self->alerter, self->store);
  qk_store_set_read_only (self->store, self->read_only);
  qk_store_set_journal (self->store, qk_changer_get_journal (self->changer));
  self->health = qk_health_new (self->store, qk_changer_get_history (self->changer));
  qk_window_apply_counters (self);
  qk_messages_page_set_health (self->page, self->health);
  qk_health_page_set_health (self->health_page, self->health);
  qk_activity_page_set_queue (self->activity, self->store, qk_changer_get_history (self->changer));
  update_title (self);
  update_state (self);
  g_signal_emit_by_name (self, "arranged");
  qk_store_start (self->store);
}

/**
 * qk_window_get_store:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the queue that it shows
 */
QkStore *
qk_window_get_store (QkWindow *self)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  return self->store;
}

/**
 * qk_window_get_health:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the health of the queue that it shows
 */
QkHealth *
qk_window_get_health (QkWindow *self)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  return self->health;
}

/**
 * qk_window_get_messages_page:
 * @self: a window
 *
 * Returns: (transfer none): its page of messages
 */
QkMessagesPage *
qk_window_get_messages_page (QkWindow *self)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  return self->page;
}

/**
 * qk_window_get_health_page:
 * @self: a window
 *
 * Returns: (transfer none): its page of lock health
 */
QkHealthPage *
qk_window_get_health_page (QkWindow *self)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  return self->health_page;
}

/**
 * qk_window_get_activity_page:
 * @self: a window
 *
 * Returns: (transfer none): its page of what was done
 */
QkActivityPage *
qk_window_get_activity_page (QkWindow *self)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  return self->activity;
}

/**
 * qk_window_get_broadcasts_page:
 * @self: a window
 *
 * Returns: (transfer none): its page of broadcasts
 */
QkBroadcastsPage *
qk_window_get_broadcasts_page (QkWindow *self)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  return self->broadcasts;
}

/**
 * qk_window_get_shown:
 * @self: a window
 *
 * Returns: (transfer none): what fills it: `welcome`, `opening`, `problem` or `queue`
 */
const char *
qk_window_get_shown (QkWindow *self)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/**
 * qk_window_get_swarm_page:
 * @self: a window
 *
 * Returns: (transfer none): its page of the swarm
 */
QkSwarmPage *
qk_window_get_swarm_page (QkWindow *self)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  return self->swarm_page;
}
