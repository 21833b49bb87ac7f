#include "qk-window.h"

#include "qk-broadcasts-page.h"
#include "qk-changer.h"
#include "qk-given-up-banner.h"
#include "qk-loss-banner.h"
#include "qk-salvage-dialog.h"
#include "qk-settings.h"
#include "qk-state-pill.h"
#include "qk-text.h"
#include "qk-words.h"

#include <string.h>

struct _QkWindow {
  AdwApplicationWindow parent_instance;

  AdwViewSwitcherTitle *title;
  GtkLabel *location;
  AdwToastOverlay *toasts;
  GtkWidget *sidebar_button;
  GtkWidget *back_button;
  QkStatePill *pill;
  GtkRevealer *banner;
  GtkLabel *banner_text;
  GtkButton *banner_button;
  QkGivenUpBanner *given_up;
  QkLossBanner *loss;
  GtkStack *stack;
  AdwStatusPage *problem;
  GtkButton *problem_button;
  GtkWidget *look_button;
  AdwViewStack *views;
  QkMessagesPage *page;
  QkBroadcastsPage *broadcasts;
  QkStore *store;       /* owned, nullable: no queue was chosen yet */
  QkChanger *changer;   /* owned */
  QkSettings *settings; /* owned */
  QkBroadcasts *spent;  /* owned, nullable: those from which one was resent */
  gboolean closing;     /* hidden, and to be destroyed when all changes are there to stay */
};

G_DEFINE_FINAL_TYPE (QkWindow, qk_window, ADW_TYPE_APPLICATION_WINDOW)

/* @operation: what can be undone, or 0. */
static void
tell (QkWindow *self, const char *text, gboolean lasting, gint64 operation)
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
      adw_toast_set_button_label (toast, "_Undo");
      adw_toast_set_action_target_value (toast, g_variant_new_int64 (operation));
      adw_toast_set_action_name (toast, "win.undo-operation");
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Changes or a repair are on their way, or other writers may still save an old list over them. */
static gboolean
is_needed (QkWindow *self)
{
  return qk_changer_get_n_pending (self->changer) > 0 ||
         (self->store != NULL &&
          (qk_store_get_saving (self->store) || qk_store_get_n_guarded (self->store) > 0));
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

static void update_actions (QkWindow *self);

static void
arrived_cb (QkChanger *changer, const char *text, gboolean failed, gint64 operation, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  tell (self, text, failed, operation);
  /* What was not saved may be tried again; what was is seen in other broadcasts than these. */
  if (failed)
    g_clear_pointer (&self->spent, qk_broadcasts_unref);
  update_actions (self);
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

  tell (self, safe, TRUE, 0);
}

static void
in_effect_cb (QkGivenUpBanner *banner, const char *text, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  tell (self, text, FALSE, 0);
}

static GPtrArray *
dup_selected (QkWindow *self)
{
  return qk_message_selection_dup_messages (qk_messages_page_get_selection (self->page));
}

static void
resend_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (GPtrArray) messages = dup_selected (self);

  qk_changer_resend (self->changer, self->store, messages);
}

static void
resend_missed_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkBroadcastItem *item = qk_broadcasts_page_get_selected (self->broadcasts);
  QkBroadcasts *broadcasts = qk_broadcast_item_get_broadcasts (item);

  g_clear_pointer (&self->spent, qk_broadcasts_unref);
  if (qk_broadcast_get_obstacle (qk_broadcast_item_get (item)) == NULL)
    self->spent = qk_broadcasts_ref (broadcasts);
  qk_changer_rebroadcast (self->changer, self->store, broadcasts,
                          qk_broadcast_item_get_index (item));
  update_actions (self);
}

static void
show_page_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_view_stack_set_visible_child_name (QK_WINDOW (widget)->views,
                                         g_variant_get_string (parameter, NULL));
}

static void
fix_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (GPtrArray) messages = dup_selected (self);

  qk_changer_fix (self->changer, self->store, messages);
}

static void
purge_answered_cb (AdwMessageDialog *dialog, const char *response, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_messages_page_take_focus (self->page);
}

static void
purge_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (GPtrArray) messages = dup_selected (self);
  GtkWidget *dialog =
      qk_changer_ask_purge (self->changer, self->store, messages, GTK_WINDOW (self));

  if (dialog != NULL)
    g_signal_connect_object (dialog, "response", G_CALLBACK (purge_answered_cb), self, 0);
}

static void
undo_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);

  if (self->store != NULL)
    qk_changer_undo (self->changer, self->store,
                     parameter != NULL ? g_variant_get_int64 (parameter) : 0);
}

static void
copy_id_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autoptr (GPtrArray) messages = dup_selected (QK_WINDOW (widget));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      const QkEntry *entry = qk_message_get_entry (messages->pdata[i]);
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

      if (id != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", id);
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  tell (QK_WINDOW (widget), messages->len == 1 ? "Queue id copied" : "Queue ids copied", FALSE, 0);
}

static void
select_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_select_all (QK_WINDOW (widget)->page);
}

static void
show_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_show_all (QK_WINDOW (widget)->page);
}

static void
find_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_view_stack_set_visible_child_name (QK_WINDOW (widget)->views, "messages");
  qk_messages_page_find (QK_WINDOW (widget)->page);
}

static void
add_filter_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_view_stack_set_visible_child_name (QK_WINDOW (widget)->views, "messages");
  qk_messages_page_add_filter (QK_WINDOW (widget)->page);
}

static void
read_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_read (QK_WINDOW (widget)->page);
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_go_back (QK_WINDOW (widget)->page);
}

static void
toggle_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *property =
      g_str_equal (action_name, "win.toggle-sidebar") ? "sidebar-visible" : "hide-delivered";
  QkWindow *self = QK_WINDOW (widget);
  gboolean active;

  g_object_get (self->page, property, &active, NULL);
  g_object_set (self->page, property, !active, NULL);
}

static void
refresh_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_store_refresh (QK_WINDOW (widget)->store);
}

static void
repaired_cb (QkSalvageDialog *dialog, const char *text, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  tell (self, text, TRUE, 0);
}

static void
salvage_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  GtkWidget *dialog = qk_salvage_dialog_new (GTK_WINDOW (self), self->store);

  g_signal_connect_object (dialog, "repaired", G_CALLBACK (repaired_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
file_chosen_cb (GtkNativeDialog *dialog, int response, QkWindow *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  g_assert (QK_IS_WINDOW (self));

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    path = g_file_get_path (file);
  if (path != NULL)
    qk_window_open (self, path);
  else if (file != NULL)
    tell (self, "Only a queue on this computer can be opened.", TRUE, 0);
  g_object_unref (dialog);
}

static void
open_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      "Open a Queue", GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_OPEN, "_Open", "_Cancel");
  g_autoptr (GtkFileFilter) queues = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_filter_set_name (queues, "Queues (*.json)");
  gtk_file_filter_add_suffix (queues, "json");
  gtk_file_filter_set_name (all, "All files");
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), queues);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), all);
  g_signal_connect_object (dialog, "response", G_CALLBACK (file_chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
shows_view (QkWindow *self, const char *name)
{
  return g_strcmp0 (qk_window_get_shown (self), "queue") == 0 &&
         g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), name) == 0;
}

/* Once is enough: until the broadcast is seen as it is then, it is not resent again. */
static gboolean
can_resend_missed (QkWindow *self)
{
  QkBroadcastItem *item = qk_broadcasts_page_get_selected (self->broadcasts);

  return shows_view (self, "broadcasts") && item != NULL &&
         qk_broadcast_item_get (item)->n_missed > 0 &&
         qk_broadcast_item_get_broadcasts (item) != self->spent &&
         qk_changer_get_n_pending (self->changer) == 0;
}

/* What is not seen is not changed: the actions on messages belong to their page. */
static void
update_actions (QkWindow *self)
{
  gboolean messages = shows_view (self, "messages");
  guint size =
      messages ? qk_message_selection_get_size (qk_messages_page_get_selection (self->page)) : 0;
  guint n_shown =
      messages ? g_list_model_get_n_items (G_LIST_MODEL (qk_messages_page_get_list (self->page)))
               : 0;
  gboolean can_save = self->store != NULL &&
                      qk_store_get_state (self->store) != QK_STORE_STATE_DAMAGED &&
                      qk_store_get_state (self->store) != QK_STORE_STATE_UNREADABLE &&
                      qk_store_get_state (self->store) != QK_STORE_STATE_GONE;
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean reading;

  g_object_get (self->page, "reading", &reading, NULL);
  gtk_widget_action_set_enabled (widget, "win.resend", size > 0 && can_save);
  gtk_widget_action_set_enabled (widget, "win.resend-missed", can_save && can_resend_missed (self));
  gtk_widget_action_set_enabled (widget, "win.fix", size > 0 && can_save);
  gtk_widget_action_set_enabled (widget, "win.purge", size > 0 && can_save);
  gtk_widget_action_set_enabled (widget, "win.undo", can_save);
  gtk_widget_action_set_enabled (widget, "win.undo-operation", can_save);
  gtk_widget_action_set_enabled (widget, "win.copy-id", size > 0);
  gtk_widget_action_set_enabled (widget, "win.read", size > 0);
  gtk_widget_action_set_enabled (widget, "win.select-all", n_shown > 0);
  gtk_widget_action_set_enabled (widget, "win.refresh", self->store != NULL);
  gtk_widget_action_set_enabled (widget, "win.salvage",
                                 self->store != NULL &&
                                     qk_store_get_state (self->store) == QK_STORE_STATE_DAMAGED);
  gtk_widget_action_set_enabled (widget, "win.back", messages && reading);
  gtk_widget_action_set_enabled (widget, "win.show-all", messages);
  gtk_widget_action_set_enabled (widget, "win.toggle-sidebar", messages);
  gtk_widget_action_set_enabled (widget, "win.toggle-delivered", messages);
  gtk_widget_set_visible (self->back_button, messages && reading);
  gtk_widget_set_visible (self->sidebar_button, messages && !reading);
}

static void
selection_settled_cb (QkMessageSelection *selection, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  update_actions (self);
}

static void
reading_cb (QkMessagesPage *page, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  update_actions (self);
}

static void
broadcast_selected_cb (QkBroadcastsPage *page, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  if (self->changer != NULL)
    update_actions (self);
}

static void
take_focus (QkWindow *self)
{
  if (shows_view (self, "broadcasts"))
    qk_broadcasts_page_take_focus (self->broadcasts);
  else
    qk_messages_page_take_focus (self->page);
}

static void
view_cb (AdwViewStack *views, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  if (self->changer == NULL)
    return;
  update_actions (self);
  take_focus (self);
}

/* The next step with what is wrong. */
static void
offer_step (GtkButton *button, QkStoreState state)
{
  const char *label = "_Look Again", *action = "win.refresh";

  if (state == QK_STORE_STATE_GONE)
    {
      label = "_Open Another…";
      action = "win.open";
    }
  else if (state == QK_STORE_STATE_DAMAGED)
    {
      label = "_Salvage…";
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
  adw_status_page_set_title (self->problem, gone ? "Waiting for a queue"
                                            : state == QK_STORE_STATE_DAMAGED
                                                ? "The queue is damaged"
                                                : "The queue cannot be read");
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
    return g_strdup_printf ("%s Salvage shows what can be had.", problem);
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
        take_focus (self);
    }
  update_actions (self);
}

static void
store_notify_cb (QkStore *store, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  update_state (self);
}

static void
update_title (QkWindow *self)
{
  g_autofree char *location = qk_store_dup_location (self->store);
  g_autofree char *name = g_path_get_basename (location);
  g_autofree char *folder = g_path_get_dirname (location);
  g_autofree char *shown_name = qk_text_reveal_line (name);
  g_autofree char *shown_folder = NULL, *window_title = NULL, *path = NULL;
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
  gtk_label_set_text (self->location, path);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->location), path);
  window_title = g_strdup_printf ("%s — Queuekeeper", shown_name);
  gtk_window_set_title (GTK_WINDOW (self), window_title);
}

static gboolean
qk_window_close_request (GtkWindow *window)
{
  QkWindow *self = QK_WINDOW (window);

  if (!is_needed (self))
    return GTK_WINDOW_CLASS (qk_window_parent_class)->close_request (window);
  self->closing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  return TRUE;
}

static void
apply_guard (QkWindow *self)
{
  if (self->store != NULL)
    qk_store_set_guard (self->store,
                        qk_settings_get_guard_seconds (self->settings) * G_TIME_SPAN_SECOND);
}

static void
guard_seconds_cb (QkSettings *settings, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  apply_guard (self);
}

static void
history_days_cb (QkSettings *settings, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_changer_set_retention (self->changer, qk_settings_get_history_days (settings));
}

static void
drop_store (QkWindow *self)
{
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
}

static void
qk_window_dispose (GObject *object)
{
  QkWindow *self = QK_WINDOW (object);

  drop_store (self);
  g_clear_pointer (&self->spent, qk_broadcasts_unref);
  g_clear_object (&self->changer);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (qk_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct {
    const char *name;
    GtkWidgetActionActivateFunc activate;
    guint key;
    GdkModifierType modifiers;
  } actions[] = {
      {"win.open", open_action, GDK_KEY_o, GDK_CONTROL_MASK},
      {"win.refresh", refresh_action, GDK_KEY_F5, 0},
      {"win.salvage", salvage_action, GDK_KEY_S, GDK_CONTROL_MASK | GDK_SHIFT_MASK},
      {"win.resend", resend_action, GDK_KEY_r, GDK_CONTROL_MASK},
      {"win.resend-missed", resend_missed_action, GDK_KEY_m, GDK_CONTROL_MASK},
      {"win.fix", fix_action, GDK_KEY_F7, 0},
      {"win.purge", purge_action, GDK_KEY_Delete, 0},
      {"win.undo", undo_action, GDK_KEY_z, GDK_CONTROL_MASK},
      {"win.copy-id", copy_id_action, GDK_KEY_C, GDK_CONTROL_MASK | GDK_SHIFT_MASK},
      {"win.select-all", select_all_action, GDK_KEY_a, GDK_CONTROL_MASK},
      {"win.show-all", show_all_action, 0, 0},
      {"win.find", find_action, GDK_KEY_f, GDK_CONTROL_MASK},
      {"win.add-filter", add_filter_action, GDK_KEY_F, GDK_CONTROL_MASK | GDK_SHIFT_MASK},
      {"win.read", read_action, 0, 0},
      {"win.back", back_action, GDK_KEY_Left, GDK_ALT_MASK},
      {"win.toggle-sidebar", toggle_action, GDK_KEY_F9, 0},
      {"win.toggle-delivered", toggle_action, GDK_KEY_d, GDK_CONTROL_MASK},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
      if (actions[i].key != 0)
        gtk_widget_class_add_binding_action (widget_class, actions[i].key, actions[i].modifiers,
                                             actions[i].name, NULL);
    }
  gtk_widget_class_install_action (widget_class, "win.undo-operation", "x", undo_action);
  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1, GDK_ALT_MASK, "win.show-page", "s",
                                       "messages");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_2, GDK_ALT_MASK, "win.show-page", "s",
                                       "broadcasts");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "win.purge", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, QkWindow, title);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, location);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, back_button);
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
  gtk_widget_class_bind_template_child (widget_class, QkWindow, views);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, page);
  gtk_widget_class_bind_template_child (widget_class, QkWindow, broadcasts);
  gtk_widget_class_bind_template_callback (widget_class, broadcast_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_cb);
  gtk_widget_class_bind_template_callback (widget_class, in_effect_cb);
  gtk_widget_class_bind_template_callback (widget_class, reading_cb);
}

static void
qk_window_class_init (QkWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = qk_window_close_request;

  g_type_ensure (QK_TYPE_BROADCASTS_PAGE);
  g_type_ensure (QK_TYPE_GIVEN_UP_BANNER);
  g_type_ensure (QK_TYPE_LOSS_BANNER);
  g_type_ensure (QK_TYPE_MESSAGES_PAGE);
  g_type_ensure (QK_TYPE_STATE_PILL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-window.ui");
  bind_template (widget_class);
  install_actions (widget_class);
}

static void
qk_window_init (QkWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->changer = qk_changer_new ();
  self->settings = qk_settings_new ();
  g_signal_connect_object (self->changer, "arrived", G_CALLBACK (arrived_cb), self, 0);
  g_signal_connect_object (self->settings, "notify::guard-seconds", G_CALLBACK (guard_seconds_cb),
                           self, 0);
  g_signal_connect_object (self->settings, "notify::history-days", G_CALLBACK (history_days_cb),
                           self, 0);
  history_days_cb (self->settings, NULL, self);
  g_signal_connect_object (qk_messages_page_get_selection (self->page), "settled",
                           G_CALLBACK (selection_settled_cb), self, 0);
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
  apply_guard (self);
  qk_store_set_journal (self->store, qk_changer_get_journal (self->changer));
  update_title (self);
  update_state (self);
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
