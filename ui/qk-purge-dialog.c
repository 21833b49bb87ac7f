#include "qk-purge-dialog.h"

#include "qk-message-tally.h"
#include "qk-words.h"

static char *
make_body (const QkMessageTally *tally)
{
  g_autofree char *statuses = qk_message_tally_describe_statuses (tally);
  g_autofree char *agents = qk_message_tally_describe_agents (tally);
  guint in_flight = tally->by_status[QK_STATUS_PROCESSING];
  GString *body = g_string_new (statuses);

  g_string_append_printf (body, ", for %s. ", agents);
  if (in_flight > 0 && tally->n_messages == 1)
    g_string_append (body, "It is being delivered and may have arrived. ");
  else if (in_flight == 1)
    g_string_append (body, "One of them is being delivered and may have arrived. ");
  else if (in_flight > 1)
    g_string_append_printf (body, "%u of them are being delivered and may have arrived. ",
                            in_flight);
  g_string_append (body, tally->n_messages == 1
                             ? "It is taken out of the queue; Ctrl+Z puts it back."
                             : "They are taken out of the queue; Ctrl+Z puts them back.");
  return g_string_free (body, FALSE);
}

/**
 * qk_purge_dialog_new:
 * @parent: (nullable): the window to ask in
 * @messages: (element-type QkMessage): what is to be purged, at least one
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): the question, not shown yet
 */
GtkWidget *
qk_purge_dialog_new (GtkWindow *parent, GPtrArray *messages, gint64 now)
{
  g_autoptr (QkMessageTally) tally = qk_message_tally_new (messages, now);
  g_autofree char *count = qk_words_count (messages->len);
  g_autofree char *heading = g_strdup_printf ("Purge %s?", count);
  g_autofree char *label = g_strdup_printf ("_Purge %s", count);
  g_autofree char *body = make_body (tally);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_responses (dialog, "cancel", "_Cancel", QK_PURGE_RESPONSE_PURGE, label,
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, QK_PURGE_RESPONSE_PURGE,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  return GTK_WIDGET (dialog);
}
