#include "qk-messages-page-private.h"

#include "qk-words.h"

/* What is counted: in the sidebar, in the strip, and on the chip of what is flagged. */

/* So often what is counted with the time is counted again, in seconds. */
#define COUNT_EVERY_S 5

/* When the last of them is fixed there is no way back but this. */
static void
show_hazards (QkMessagesPage *self, guint n_hazards)
{
  g_autofree char *text = qk_words_flagged (n_hazards);

  gtk_label_set_text (self->hazards, text);
  gtk_widget_set_visible (GTK_WIDGET (self->hazard_button), n_hazards > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->hazard_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (n_hazards == 0)
    gtk_toggle_button_set_active (self->hazard_button, FALSE);
}

static void
summary_cb (QkSummarizer *summarizer, const QkSummary *summary, QkMessagesPage *self)
{
  g_auto (GStrv) agents = NULL;

  g_assert (QK_IS_MESSAGES_PAGE (self));

  if (summary != NULL && self->store != NULL)
    agents = qk_store_dup_agents (self->store);
  qk_agent_sidebar_update (self->sidebar, summary, (const char *const *) agents);
  qk_saved_filter_list_set_counts (qk_agent_sidebar_get_saved (self->sidebar),
                                   qk_summarizer_get_counts (summarizer));
  qk_counter_strip_set_summary (self->strip, summary);
  show_hazards (self, summary != NULL ? summary->hazards : 0);
}

/* Whether some saved filter finds other messages than before because time went on, perhaps. */
static gboolean
must_count (QkMessagesPage *self)
{
  GPtrArray *queries =
      qk_saved_filter_list_get_queries (qk_agent_sidebar_get_saved (self->sidebar));
  gboolean timed = FALSE;

  for (guint i = 0; i < queries->len; i++)
    timed = timed || (queries->pdata[i] != NULL && qk_query_is_timed (queries->pdata[i]));
  self->n_ticks = (self->n_ticks + 1) % COUNT_EVERY_S;
  return timed && self->n_ticks == 0;
}

void
qk_messages_page_counts_update_time (QkMessagesPage *self, gint64 now)
{
  if (qk_message_list_update_time (self->list, now) || must_count (self))
    qk_summarizer_count (self->summarizer);
}

static void
health_changed_cb (QkHealth *health, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_counter_strip_set_figures (self->strip, qk_health_get_session (health));
}

/**
 * qk_messages_page_set_health:
 * @self: a page
 * @health: (nullable): that of its store
 *
 * Shows in the strip what stood in the way of the queue.
 */
void
qk_messages_page_set_health (QkMessagesPage *self, QkHealth *health)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));
  g_return_if_fail (health == NULL || QK_IS_HEALTH (health));

  if (self->health != NULL)
    g_signal_handlers_disconnect_by_data (self->health, self);
  g_set_object (&self->health, health);
  if (health != NULL)
    g_signal_connect (health, "changed", G_CALLBACK (health_changed_cb), self);
  qk_counter_strip_set_figures (self->strip,
                                health != NULL ? qk_health_get_session (health) : NULL);
}

void
qk_messages_page_counts_set_up (QkMessagesPage *self)
{
  self->summarizer = qk_summarizer_new ();
  g_signal_connect (self->summarizer, "summary", G_CALLBACK (summary_cb), self);
}
