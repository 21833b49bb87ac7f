#include "qk-window-private.h"

#include "qk-filter-name-dialog.h"
#include "qk-preview-dialog.h"
#include "qk-query-words.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

/* What saves filters, and what is done to all messages with one error. */

static QkSavedFilters *
get_saved (QkWindow *self)
{
  return qk_messages_page_get_saved_filters (self->page);
}

/* What is to be done when a name was given. */
typedef struct {
  QkWindow *window; /* borrowed: the dialog is its child */
  char *text;       /* owned, nullable: the query that is saved */
  char *old_name;   /* owned, nullable: of the filter that is renamed */
} Naming;

static void
naming_free (gpointer data, GClosure *closure)
{
  Naming *naming = data;

  g_free (naming->text);
  g_free (naming->old_name);
  g_free (naming);
}

static void
named_cb (GtkWidget *dialog, const char *response, Naming *naming)
{
  QkSavedFilters *saved = get_saved (naming->window);
  g_autofree char *name = qk_filter_name_dialog_dup_name (dialog);
  guint index;

  if (!g_str_equal (response, QK_FILTER_NAME_RESPONSE) || *name == '\0')
    return;
  if (naming->text != NULL)
    qk_saved_filters_save (saved, name, naming->text);
  else if (qk_saved_filters_find (saved, naming->old_name, &index))
    (void) qk_saved_filters_rename (saved, index, name);
}

static void
ask_name (QkWindow *self, const char *name, const char *text)
{
  GtkWidget *dialog =
      qk_filter_name_dialog_new (GTK_WINDOW (self), get_saved (self), name, text == NULL);
  Naming *naming = g_new (Naming, 1);

  *naming = (Naming){self, g_strdup (text), text == NULL ? g_strdup (name) : NULL};
  g_signal_connect_data (dialog, "response", G_CALLBACK (named_cb), naming, naming_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save_filter_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkQuery) query = qk_messages_page_dup_query (self->page);
  g_autofree char *text = qk_query_to_text (query);
  g_autofree char *name = qk_query_words (query);

  if (*name != '\0')
    ask_name (self, name, text);
  else
    qk_window_tell (self, _ ("There is no filter to save: choose one first (Ctrl+Shift+F)"), FALSE,
                    0);
}

static void
show_filter_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkSavedFilters *saved = get_saved (self);
  g_autoptr (QkQuery) query = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = NULL, *text = NULL;
  guint index;

  if (!qk_saved_filters_find (saved, g_variant_get_string (parameter, NULL), &index))
    return;
  query = qk_query_parse (qk_saved_filters_get_text (saved, index), &error);
  if (query != NULL)
    {
      qk_messages_page_show_query (self->page, query);
      return;
    }
  shown = qk_text_reveal_line (error->message);
  text = g_strdup_printf (_ ("The saved filter cannot be used: %s"), shown);
  qk_window_tell (self, text, FALSE, 0);
}

static void
rename_filter_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ask_name (QK_WINDOW (widget), g_variant_get_string (parameter, NULL), NULL);
}

static void
delete_filter_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkSavedFilters *saved = get_saved (self);
  const char *name = g_variant_get_string (parameter, NULL);
  g_autofree char *shown = qk_text_reveal_line (name);
  g_autofree char *text = g_strdup_printf (_ ("Filter “%s” deleted"), shown);
  g_autofree char *title = g_markup_escape_text (text, -1);
  AdwToast *toast;
  guint index;

  if (!qk_saved_filters_find (saved, name, &index))
    return;
  toast = adw_toast_new (title);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.restore-filter");
  adw_toast_set_action_target (toast, "(uss)", index, name,
                               qk_saved_filters_get_text (saved, index));
  qk_saved_filters_remove (saved, index);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
restore_filter_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *name, *text;
  guint index;

  g_variant_get (parameter, "(u&s&s)", &index, &name, &text);
  qk_saved_filters_insert (get_saved (QK_WINDOW (widget)), index, name, text);
}

static void
group_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  gboolean grouping;

  g_object_get (self->page, "group-by-error", &grouping, NULL);
  g_object_set (self->page, "group-by-error", !grouping, NULL);
  qk_messages_page_take_focus (self->page);
  qk_window_update_actions (self);
}

/* A group that is chosen narrows what is shown; the link of a message shows all of its error. */
static void
show_error_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkQuery) all = g_str_equal (action_name, "win.show-error")
                                ? qk_messages_page_dup_query (self->page)
                                : qk_query_new (NULL, QK_FOCUS_ALL, TRUE, NULL);
  g_autoptr (QkQuery) query = qk_query_with_error (all, g_variant_get_string (parameter, NULL));

  qk_messages_page_show_query (self->page, query);
  g_object_set (self->page, "group-by-error", FALSE, NULL);
  qk_messages_page_take_focus (self->page);
  qk_window_update_actions (self);
}

/* What is to be done to all messages with one error: to those that there were when the action was
 * chosen. */
typedef struct {
  QkDocument *document; /* owned */
  QkQuery *query;       /* owned */
  QkStore *store;       /* owned */
  QkChangeKind kind;
} GroupWork;

static void
group_work_free (gpointer data)
{
  GroupWork *work = data;

  qk_document_unref (work->document);
  qk_query_unref (work->query);
  g_object_unref (work->store);
  g_free (work);
}

static void
find_group (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GroupWork *work = task_data;

  g_task_return_pointer (task, qk_query_find (work->query, work->document, qk_wall_now ()),
                         (GDestroyNotify) g_array_unref);
}

static void
change_group (QkWindow *self, const GroupWork *work, GArray *found)
{
  g_autoptr (QkPick) pick = qk_pick_new (work->document, g_array_ref (found));
  g_autoptr (GPtrArray) changes = NULL;

  if (work->kind == QK_CHANGE_PURGE || found->len > QK_PREVIEW_THRESHOLD)
    {
      qk_window_ask (self, pick, work->kind);
      return;
    }
  changes = qk_pick_make_changes (pick, work->kind);
  (void) qk_changer_apply (self->changer, work->store, work->kind, changes);
}

static void
found_group_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkWindow *self = QK_WINDOW (source);
  GroupWork *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GArray) found = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Another queue was opened meanwhile, the window is gone, or nothing is to be written. */
  if (self->store != work->store || self->read_only)
    return;
  if (found->len > 0)
    change_group (self, work, found);
  else
    qk_window_tell (self, _ ("No message has this error any more"), FALSE, 0);
}

static void
change_error_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkDocument *document = self->store != NULL ? qk_store_get_document (self->store) : NULL;
  g_autoptr (QkQuery) query = qk_messages_page_dup_query (self->page);
  g_autoptr (GTask) task = NULL;
  GroupWork *work;

  if (document == NULL)
    return;
  work = g_new (GroupWork, 1);
  *work = (GroupWork){qk_document_ref (document),
                      qk_query_with_error (query, g_variant_get_string (parameter, NULL)),
                      g_object_ref (self->store),
                      g_str_equal (action_name, "win.purge-error") ? QK_CHANGE_PURGE
                                                                   : QK_CHANGE_RESEND};
  task = g_task_new (self, NULL, found_group_cb, NULL);
  g_task_set_task_data (task, work, group_work_free);
  g_task_run_in_thread (task, find_group);
}

const QkWindowAction qk_window_find_actions[] = {
    {"win.save-filter", save_filter_action, NULL, GDK_KEY_s, GDK_CONTROL_MASK, QK_NEEDS_MESSAGES},
    {"win.show-filter", show_filter_action, "s", 0, 0, QK_NEEDS_MESSAGES},
    {"win.rename-filter", rename_filter_action, "s", 0, 0, QK_NEEDS_MESSAGES},
    {"win.delete-filter", delete_filter_action, "s", 0, 0, QK_NEEDS_MESSAGES},
    {"win.restore-filter", restore_filter_action, "(uss)", 0, 0, 0},
    {"win.group-by-error", group_action, NULL, GDK_KEY_g, GDK_CONTROL_MASK, QK_NEEDS_MESSAGES},
    {"win.show-error", show_error_action, "s", 0, 0, QK_NEEDS_MESSAGES},
    {"win.show-same-error", show_error_action, "s", 0, 0, QK_NEEDS_MESSAGES},
    {"win.resend-error", change_error_action, "s", 0, 0, QK_NEEDS_SAVING | QK_NEEDS_MESSAGES},
    {"win.purge-error", change_error_action, "s", 0, 0, QK_NEEDS_SAVING | QK_NEEDS_MESSAGES},
    {NULL},
};
