#include "qk-window-private.h"

#include "qk-compose-dialog.h"
#include "qk-edit-dialog.h"
#include "qk-set-dialog.h"
#include "qk-stuck.h"
#include "qk-swarm-words.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

/* What is sent, edited and redirected: the actions that open a dialog for it. */

/* A dialog's way to the queue. */
typedef struct {
  QkWindow *window; /* borrowed: the dialog goes with it */
  QkStore *store;   /* owned: another queue may be opened in the meantime */
  QkChangeKind kind;
} Way;

static void
way_free (gpointer data, GClosure *closure)
{
  Way *way = data;

  g_object_unref (way->store);
  g_free (way);
}

static const char *
get_draft_key (QkComposeDialog *dialog)
{
  return qk_compose_dialog_is_broadcast (dialog) ? "qk-draft-broadcast" : "qk-draft-message";
}

/* Keeps a message that is not sent, for the next time. Closed, it is only hidden: it goes with the
 * window, or when it is retired. */
static void
keep_draft (QkWindow *self, GtkWidget *dialog)
{
  if (QK_IS_COMPOSE_DIALOG (dialog))
    g_object_set_data (G_OBJECT (self), get_draft_key (QK_COMPOSE_DIALOG (dialog)), dialog);
}

/* Whether what was typed would be lost: it was not saved, or the message to be edited is another now. */
static gboolean
is_left_over (QkChanger *changer, GtkWindow *dialog)
{
  const QkResult *result = qk_changer_get_latest (changer);

  return result == NULL || (QK_IS_EDIT_DIALOG (dialog) && result->changed->len == 0);
}

/* What did not arrive can be mended and tried again. */
static void
arrived_cb (QkChanger *changer,
            const char *text,
            gboolean failed,
            gint64 operation,
            GtkWindow *dialog)
{
  GtkWindow *window = gtk_window_get_transient_for (dialog);
  guint set = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (dialog), "qk-set"));

  g_assert (GTK_IS_WINDOW (dialog));

  if (qk_changer_get_latest_set (changer) != set)
    return;
  g_signal_handlers_disconnect_by_func (changer, arrived_cb, dialog);
  if (!is_left_over (changer, dialog))
    {
      qk_dialog_retire (dialog);
      return;
    }
  keep_draft (QK_WINDOW (window), GTK_WIDGET (dialog));
  gtk_window_present (dialog);
}

static void
submit_cb (GtkWidget *dialog, GPtrArray *changes, Way *way)
{
  QkWindow *self = way->window;
  guint set;

  if (QK_IS_COMPOSE_DIALOG (dialog))
    g_object_set_data (G_OBJECT (self), get_draft_key (QK_COMPOSE_DIALOG (dialog)), NULL);
  g_signal_connect_object (self->changer, "arrived", G_CALLBACK (arrived_cb), dialog, 0);
  set = qk_changer_apply (self->changer, way->store, way->kind, changes);
  g_object_set_data (G_OBJECT (dialog), "qk-set", GUINT_TO_POINTER (set));
}

static void
open_dialog (QkWindow *self, GtkWidget *dialog, QkChangeKind kind)
{
  Way *way = g_new (Way, 1);

  *way = (Way){self, g_object_ref (self->store), kind};
  g_signal_connect_data (dialog, "submit", G_CALLBACK (submit_cb), way, way_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What was typed before and not sent. */
static GtkWidget *
find_draft (QkWindow *self, const char *key)
{
  GtkWidget *dialog = g_object_get_data (G_OBJECT (self), key);

  if (dialog == NULL || (qk_compose_dialog_is_touched (QK_COMPOSE_DIALOG (dialog)) &&
                         qk_compose_dialog_get_store (QK_COMPOSE_DIALOG (dialog)) == self->store))
    return dialog;
  g_object_set_data (G_OBJECT (self), key, NULL);
  qk_dialog_retire (GTK_WINDOW (dialog));
  return NULL;
}

/* What was not begun is not kept. */
static gboolean
compose_close_cb (GtkWindow *dialog, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  if (qk_compose_dialog_is_touched (QK_COMPOSE_DIALOG (dialog)))
    return FALSE;
  g_object_set_data (G_OBJECT (self), get_draft_key (QK_COMPOSE_DIALOG (dialog)), NULL);
  qk_dialog_retire (dialog);
  return TRUE;
}

static void
compose_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  gboolean broadcast = g_str_equal (action_name, "win.new-broadcast");
  GtkWidget *dialog = find_draft (self, broadcast ? "qk-draft-broadcast" : "qk-draft-message");
  const char *agent = qk_message_list_get_filter (qk_messages_page_get_list (self->page))->agent;

  if (dialog != NULL)
    {
      gtk_window_present (GTK_WINDOW (dialog));
      return;
    }
  dialog = qk_compose_dialog_new (GTK_WINDOW (self), self->store, broadcast);
  if (agent != NULL && !broadcast)
    qk_compose_dialog_choose (QK_COMPOSE_DIALOG (dialog), agent);
  keep_draft (self, dialog);
  g_signal_connect_object (dialog, "close-request", G_CALLBACK (compose_close_cb), self, 0);
  open_dialog (self, dialog, QK_CHANGE_SEND);
}

static QkPick *
dup_pick (QkWindow *self)
{
  return qk_message_selection_dup_pick (qk_messages_page_get_selection (self->page));
}

static void
edit_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkMessage) message =
      qk_message_selection_dup_single (qk_messages_page_get_selection (self->page));

  if (message != NULL)
    open_dialog (self, qk_edit_dialog_new (GTK_WINDOW (self), self->store, message),
                 QK_CHANGE_EDIT);
  else
    qk_window_tell (self, _ ("Select a single message to edit it"), FALSE, 0);
}

static void
redirect_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkPick) pick = dup_pick (self);

  if (pick != NULL)
    open_dialog (self, qk_set_dialog_new_redirect (GTK_WINDOW (self), self->store, pick),
                 QK_CHANGE_SET_RECIPIENT);
}

/* Those for one recipient, named by the parameter, that are not delivered. */
static void
redirect_recipient_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkDocument *document = qk_store_get_document (self->store);
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (QkFilter) filter = NULL;
  g_autoptr (QkPick) pick = NULL;

  if (document == NULL)
    return;
  filter = qk_swarm_filter_to (g_variant_get_string (parameter, NULL));
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);

      if (qk_entry_get_status (entry) != QK_STATUS_DELIVERED &&
          qk_filter_matches (filter, entry, 0))
        g_array_append_val (indexes, i);
    }
  if (indexes->len == 0)
    return;
  pick = qk_pick_new (document, g_steal_pointer (&indexes));
  open_dialog (self, qk_set_dialog_new_redirect (GTK_WINDOW (self), self->store, pick),
               QK_CHANGE_SET_RECIPIENT);
}

static void
priority_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkPick) pick = dup_pick (self);

  if (pick != NULL)
    open_dialog (self, qk_set_dialog_new_priority (GTK_WINDOW (self), self->store, pick),
                 QK_CHANGE_SET_PRIORITY);
}

/* A resend of those that are stuck: one that is no longer so when it is saved is skipped. */
static void
reset_stuck_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkPick) pick = dup_pick (self);
  guint n = pick != NULL ? qk_pick_get_n_entries (pick) : 0;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  gint64 now = qk_wall_now ();

  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_pick_get_entry (pick, i);

      if (qk_entry_is_stuck (entry, now, qk_stuck_get_after_s ()))
        g_ptr_array_add (changes, qk_change_new_resend (entry, qk_stuck_get_after_s ()));
    }
  if (changes->len > 0)
    (void) qk_changer_apply (self->changer, self->store, QK_CHANGE_RESEND, changes);
  else
    qk_window_tell (self,
                    ngettext ("This message is not stuck", "None of these messages is stuck", n),
                    FALSE, 0);
}

const QkWindowAction qk_window_act_actions[] = {
    {"win.new-message", compose_action, NULL, GDK_KEY_n, GDK_CONTROL_MASK,
     QK_NEEDS_STORE | QK_NEEDS_SAVING},
    {"win.new-broadcast", compose_action, NULL, GDK_KEY_N, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_STORE | QK_NEEDS_SAVING},
    {"win.edit", edit_action, NULL, GDK_KEY_e, GDK_CONTROL_MASK,
     QK_NEEDS_SAVING | QK_NEEDS_SELECTION},
    {"win.redirect-recipient", redirect_recipient_action, "s", 0, 0, QK_NEEDS_SAVING},
    {"win.redirect", redirect_action, NULL, GDK_KEY_t, GDK_CONTROL_MASK,
     QK_NEEDS_SAVING | QK_NEEDS_SELECTION},
    {"win.priority", priority_action, NULL, GDK_KEY_p, GDK_CONTROL_MASK,
     QK_NEEDS_SAVING | QK_NEEDS_SELECTION},
    {"win.reset-stuck", reset_stuck_action, NULL, GDK_KEY_F8, 0,
     QK_NEEDS_SAVING | QK_NEEDS_SELECTION},
    {NULL},
};
