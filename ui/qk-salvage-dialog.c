#include "qk-salvage-dialog.h"

#include "qk-salvage-page.h"
#include "qk-text.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkSalvageDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkRevealer *banner;
  GtkLabel *banner_text;
  AdwToastOverlay *toasts;
  GtkStack *stack;
  GtkLabel *work;
  GtkLabel *obstacle;
  AdwStatusPage *notice;
  QkSalvagePage *page;
  QkStore *store;            /* owned */
  QkRecovery *recovery;      /* owned, nullable: not found yet */
  GCancellable *cancellable; /* owned, nullable: of what is under way */
  gboolean repairing;
  gboolean read_only;
  gboolean closing; /* as soon as the repair has ended */
};

G_DEFINE_FINAL_TYPE (QkSalvageDialog, qk_salvage_dialog, ADW_TYPE_WINDOW)

enum { SIGNAL_REPAIRED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What is under way does not keep the dialog: closed, it is gone at once, and with it what it waits
 * for is cancelled. */
static GWeakRef *
weak_ref_new (QkSalvageDialog *self)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, self);
  return ref;
}

/* Frees @ref. Returns the dialog, if there still is one. */
static QkSalvageDialog *
weak_ref_take (GWeakRef *ref)
{
  QkSalvageDialog *self = g_weak_ref_get (ref);

  g_weak_ref_clear (ref);
  g_free (ref);
  return self;
}

static void
show_banner (QkSalvageDialog *self, const char *text)
{
  g_autofree char *shown = text != NULL ? qk_text_reveal (text) : NULL;

  if (shown != NULL)
    gtk_label_set_text (self->banner_text, shown);
  gtk_revealer_set_reveal_child (self->banner, shown != NULL);
}

/* Shows @page, and lets happen what can happen there. */
static void
show_page (QkSalvageDialog *self, const char *page)
{
  gboolean found = g_str_equal (page, "found"), can_repair, has_messages;
  GtkWidget *widget = GTK_WIDGET (self);

  can_repair = found && !self->read_only && qk_recovery_can_repair (self->recovery) &&
               qk_recovery_is_current (self->recovery);
  has_messages = found && qk_salvage_get_n_entries (qk_recovery_get_salvage (self->recovery)) > 0;
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_action_set_enabled (widget, "salvage.repair", can_repair);
  gtk_widget_action_set_enabled (widget, "salvage.save-copy", has_messages);
  gtk_widget_action_set_enabled (widget, "salvage.look-again", !g_str_equal (page, "working"));
}

static void
show_work (QkSalvageDialog *self, const char *text)
{
  gtk_label_set_text (self->work, text);
  gtk_label_set_text (self->obstacle, "");
  show_banner (self, NULL);
  show_page (self, "working");
}

/* What there is to say where there is nothing to show. */
static void
show_notice (QkSalvageDialog *self, const char *icon, const char *title, const char *text)
{
  g_autofree char *shown = qk_text_reveal (text);
  g_autofree char *markup = g_markup_escape_text (shown, -1);

  adw_status_page_set_icon_name (self->notice, icon);
  adw_status_page_set_title (self->notice, title);
  adw_status_page_set_description (self->notice, markup);
  show_page (self, "notice");
}

static void
current_cb (QkRecovery *recovery, GParamSpec *pspec, QkSalvageDialog *self)
{
  gboolean current = qk_recovery_is_current (recovery);

  g_assert (QK_IS_SALVAGE_DIALOG (self));

  /* The repair itself changes the queue too. */
  if (self->repairing)
    return;
  show_banner (self, current ? NULL
                             : _ ("The queue changed meanwhile: this is what stood there before."));
  show_page (self, qk_salvage_dialog_get_shown (self));
}

static void
drop_recovery (QkSalvageDialog *self)
{
  if (self->recovery != NULL)
    g_signal_handlers_disconnect_by_data (self->recovery, self);
  g_clear_object (&self->recovery);
}

static void
take_recovery (QkSalvageDialog *self, QkRecovery *recovery)
{
  self->recovery = g_object_ref (recovery);
  g_signal_connect (recovery, "notify::current", G_CALLBACK (current_cb), self);
  if (qk_recovery_get_problem (recovery) != NULL)
    {
      qk_salvage_page_set_recovery (self->page, recovery);
      show_page (self, "found");
      if (self->read_only)
        show_banner (self,
                     _ ("Read-only mode is on: a copy can be saved, but nothing is repaired."));
      qk_salvage_page_take_focus (self->page);
    }
  else
    show_notice (self, "emblem-ok-symbolic", _ ("There is nothing to repair"),
                 _ ("The queue is no longer damaged, or no longer there."));
}

static void
salvaged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkSalvageDialog) self = weak_ref_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkRecovery) recovery = qk_store_salvage_finish (QK_STORE (source), result, &error);

  if (self == NULL)
    return;
  if (recovery != NULL)
    take_recovery (self, recovery);
  else
    show_notice (self, "dialog-warning-symbolic", _ ("The queue cannot be salvaged"),
                 error->message);
}

static void
begin (QkSalvageDialog *self, const char *text)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  show_work (self, text);
}

static void
look (QkSalvageDialog *self)
{
  qk_salvage_page_set_recovery (self->page, NULL);
  drop_recovery (self);
  begin (self, _ ("Looking what can be had…"));
  qk_store_salvage_async (self->store, qk_salvage_page_get_all_of_backups (self->page),
                          self->cancellable, salvaged_cb, weak_ref_new (self));
}

static void
look_again_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  look (QK_SALVAGE_DIALOG (widget));
}

static void
all_of_backups_cb (QkSalvagePage *page, GParamSpec *pspec, QkSalvageDialog *self)
{
  g_assert (QK_IS_SALVAGE_DIALOG (self));

  look (self);
}

static void
tell_repaired (QkSalvageDialog *self, const char *backup, gboolean durable)
{
  QkSalvage *salvage = qk_recovery_get_salvage (self->recovery);
  g_autofree char *count = qk_words_count (qk_salvage_get_n_entries (salvage));
  g_autofree char *shown = qk_text_reveal_line (backup);
  g_autofree char *text =
      durable
          ? g_strdup_printf (_ ("Repaired: %s · damaged file: %s"), count, shown)
          : g_strdup_printf (_ ("Repaired: %s, saved, but the disk has not confirmed it · damaged "
                                "file: %s"),
                             count, shown);

  g_signal_emit (self, signals[SIGNAL_REPAIRED], 0, text);
}

static void
repaired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkSalvageDialog) self = weak_ref_take (user_data);
  g_autoptr (GError) error = NULL;
  gboolean durable;
  g_autofree char *backup = qk_store_repair_finish (QK_STORE (source), result, &durable, &error);

  if (self == NULL)
    return;
  self->repairing = FALSE;
  if (backup != NULL)
    tell_repaired (self, backup, durable);
  if (backup != NULL || self->closing)
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  show_page (self, "found");
  show_banner (self, error->message);
}

static void
repair_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkSalvageDialog *self = QK_SALVAGE_DIALOG (widget);

  self->repairing = TRUE;
  begin (self, _ ("Repairing the queue…"));
  qk_store_repair_async (self->store, self->recovery, NULL, self->cancellable, repaired_cb,
                         weak_ref_new (self));
}

static void
lock_event_cb (QkStore *store, QkLockEvent *event, QkSalvageDialog *self)
{
  g_autofree char *text = NULL;

  g_assert (QK_IS_SALVAGE_DIALOG (self));

  if (!self->repairing || event->operation != QK_OPERATION_SAVE)
    return;
  text = qk_lock_event_describe (event);
  gtk_label_set_text (self->obstacle, text);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkSalvageDialog) self = weak_ref_take (user_data);
  g_autoptr (GError) error = NULL;
  gboolean written = qk_store_save_copy_finish (QK_STORE (source), result, &error);

  if (self == NULL)
    return;
  if (!written)
    show_banner (self, error->message);
  else
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("The copy is saved")));
}

static void
file_chosen_cb (GtkNativeDialog *dialog, int response, QkSalvageDialog *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  g_assert (QK_IS_SALVAGE_DIALOG (self));

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    path = g_file_get_path (file);
  if (path != NULL)
    qk_salvage_dialog_save_copy (self, path);
  else if (file != NULL)
    show_banner (self, _ ("A copy can only be saved on this computer."));
  g_object_unref (dialog);
}

static void
save_copy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Save a Copy"), GTK_WINDOW (widget),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "queue-salvaged.json");
  g_signal_connect_object (dialog, "response", G_CALLBACK (file_chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
qk_salvage_dialog_close_request (GtkWindow *window)
{
  QkSalvageDialog *self = QK_SALVAGE_DIALOG (window);

  if (!self->repairing)
    return GTK_WINDOW_CLASS (qk_salvage_dialog_parent_class)->close_request (window);
  self->closing = TRUE;
  g_cancellable_cancel (self->cancellable);
  return TRUE;
}

static void
qk_salvage_dialog_dispose (GObject *object)
{
  QkSalvageDialog *self = QK_SALVAGE_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  drop_recovery (self);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_salvage_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, title);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, banner_text);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, work);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, obstacle);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, notice);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDialog, page);
  gtk_widget_class_bind_template_callback (widget_class, all_of_backups_cb);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "salvage.look-again", NULL, look_again_action);
  gtk_widget_class_install_action (widget_class, "salvage.save-copy", NULL, save_copy_action);
  gtk_widget_class_install_action (widget_class, "salvage.repair", NULL, repair_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "salvage.look-again", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK,
                                       "salvage.save-copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
qk_salvage_dialog_class_init (QkSalvageDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_salvage_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = qk_salvage_dialog_close_request;

  /**
   * QkSalvageDialog::repaired:
   * @text: what was done, and where the damaged version is kept, for the operator
   *
   * The queue is repaired; the dialog closes.
   */
  signals[SIGNAL_REPAIRED] = g_signal_new ("repaired", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (QK_TYPE_SALVAGE_PAGE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-salvage-dialog.ui");
  bind_template (widget_class);
  install_actions (widget_class);
}

static void
qk_salvage_dialog_init (QkSalvageDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* As large as it is useful, but within its parent. */
static void
choose_size (QkSalvageDialog *self, GtkWindow *parent)
{
  int width = 1080, height = 700;

  if (parent != NULL && gtk_widget_get_width (GTK_WIDGET (parent)) > 0)
    {
      width = MIN (width, gtk_widget_get_width (GTK_WIDGET (parent)) - 48);
      height = MIN (height, gtk_widget_get_height (GTK_WIDGET (parent)) - 48);
    }
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
}

static void
set_title (QkSalvageDialog *self)
{
  g_autofree char *location = qk_store_dup_location (self->store);
  g_autofree char *name = g_path_get_basename (location);
  g_autofree char *shown = qk_text_reveal_line (name);
  g_autofree char *title = g_strdup_printf (_ ("Salvage %s"), shown);

  adw_window_title_set_title (self->title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

/**
 * qk_salvage_dialog_new:
 * @parent: (nullable): the window to show it in
 * @store: a store with a damaged queue
 *
 * Begins to look what can be had.
 *
 * Returns: (transfer none): the dialog, not shown yet
 */
GtkWidget *
qk_salvage_dialog_new (GtkWindow *parent, QkStore *store)
{
  QkSalvageDialog *self;

  g_return_val_if_fail (QK_IS_STORE (store), NULL);

  self = g_object_new (QK_TYPE_SALVAGE_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref (store);
  g_signal_connect (store, "lock-event", G_CALLBACK (lock_event_cb), self);
  choose_size (self, parent);
  set_title (self);
  look (self);
  return GTK_WIDGET (self);
}

/**
 * qk_salvage_dialog_save_copy:
 * @self: a dialog that has found messages
 * @path: (type filename): a new file
 *
 * Saves what was found as @path.
 */
void
qk_salvage_dialog_save_copy (QkSalvageDialog *self, const char *path)
{
  g_return_if_fail (QK_IS_SALVAGE_DIALOG (self));
  g_return_if_fail (path != NULL);

  /* It may have been chosen long after it was found. */
  if (self->recovery != NULL)
    qk_store_save_copy_async (self->store, self->recovery, path, NULL, copied_cb,
                              weak_ref_new (self));
}

/**
 * qk_salvage_dialog_set_read_only:
 * @self: a dialog
 * @read_only: whether the queue may not be repaired
 *
 * To be called before it is shown: it lets look, and save a copy elsewhere.
 */
void
qk_salvage_dialog_set_read_only (QkSalvageDialog *self, gboolean read_only)
{
  g_return_if_fail (QK_IS_SALVAGE_DIALOG (self));

  self->read_only = read_only;
  show_page (self, qk_salvage_dialog_get_shown (self));
}

/**
 * qk_salvage_dialog_get_shown:
 * @self: a dialog
 *
 * Returns: (transfer none): what fills it: `working`, `notice` or `found`
 */
const char *
qk_salvage_dialog_get_shown (QkSalvageDialog *self)
{
  g_return_val_if_fail (QK_IS_SALVAGE_DIALOG (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}
