#include "qk-messages-page-private.h"

/* What narrows the list: a recipient, a group, words and filters, by themselves or as they were saved. */

/* The groups are chosen with the strip and with the chip of what is flagged; each follows the other. */
static void
set_focus (QkMessagesPage *self, QkFocus focus)
{
  qk_message_list_set_focus (self->list, focus);
  qk_counter_strip_set_focus (self->strip, focus);
  gtk_toggle_button_set_active (self->hazard_button, focus == QK_FOCUS_HAZARD);
}

static void
hazard_toggled_cb (GtkToggleButton *button, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  if (gtk_toggle_button_get_active (button))
    set_focus (self, QK_FOCUS_HAZARD);
  else if (qk_message_list_get_filter (self->list)->focus == QK_FOCUS_HAZARD)
    set_focus (self, QK_FOCUS_ALL);
}

static void
agent_selected_cb (QkAgentSidebar *sidebar, const char *agent, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_message_list_set_agent (self->list, agent);
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
focus_chosen_cb (QkCounterStrip *strip, guint focus, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  set_focus (self, (QkFocus) focus);
}

/* The row of the saved filter that is shown is marked. */
void
qk_messages_page_mark_saved (QkMessagesPage *self)
{
  g_autoptr (QkQuery) query = qk_messages_page_dup_query (self);
  g_autofree char *text = qk_query_to_text (query);

  qk_saved_filter_list_set_active (qk_agent_sidebar_get_saved (self->sidebar), text);
}

static void
saved_changed_cb (QkSavedFilters *saved, QkMessagesPage *self)
{
  QkSavedFilterList *list = qk_agent_sidebar_get_saved (self->sidebar);

  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_saved_filter_list_set_filters (list, saved);
  qk_summarizer_set_queries (self->summarizer, qk_saved_filter_list_get_queries (list));
  qk_messages_page_mark_saved (self);
}

/**
 * qk_messages_page_get_saved_filters:
 * @self: a page
 *
 * Returns: (transfer none): the filters that its sidebar offers
 */
QkSavedFilters *
qk_messages_page_get_saved_filters (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return self->saved;
}

/**
 * qk_messages_page_dup_query:
 * @self: a page
 *
 * Returns: (transfer full): all that narrows the list now
 */
QkQuery *
qk_messages_page_dup_query (QkMessagesPage *self)
{
  const QkMessageFilter *filter;

  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  filter = qk_message_list_get_filter (self->list);
  return qk_query_new (filter->agent, filter->focus, filter->hide_delivered, filter->find);
}

/**
 * qk_messages_page_show_query:
 * @self: a page
 * @query: what to show
 *
 * Lets the list, and all that the operator can narrow it with, show just what @query asks for.
 */
void
qk_messages_page_show_query (QkMessagesPage *self, QkQuery *query)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));
  g_return_if_fail (query != NULL);

  if (qk_messages_page_is_reading (self))
    qk_messages_page_go_back (self);
  qk_agent_sidebar_select (self->sidebar, qk_query_get_agent (query));
  set_focus (self, qk_query_get_focus (query));
  qk_find_bar_set_filter (self->find_bar, qk_query_get_filter (query));
  g_object_set (self, "hide-delivered", qk_query_get_hide_delivered (query), NULL);
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

/**
 * qk_messages_page_show:
 * @self: a page
 * @agent: (nullable): a recipient; %NULL for all
 * @focus: a group of messages
 *
 * Shows that group of that recipient, and nothing else narrows the list.
 */
void
qk_messages_page_show (QkMessagesPage *self, const char *agent, QkFocus focus)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  if (qk_messages_page_is_reading (self))
    qk_messages_page_go_back (self);
  qk_find_bar_clear (self->find_bar);
  qk_agent_sidebar_select (self->sidebar, agent);
  qk_message_list_set_agent (self->list, agent);
  set_focus (self, focus);
}

/**
 * qk_messages_page_show_all:
 * @self: a page
 *
 * Drops what narrows the list; delivered messages are shown only if nothing is to be seen else.
 */
void
qk_messages_page_show_all (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  qk_agent_sidebar_select (self->sidebar, NULL);
  set_focus (self, QK_FOCUS_ALL);
  qk_find_bar_clear (self->find_bar);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0)
    g_object_set (self, "hide-delivered", FALSE, NULL);
}

/**
 * qk_messages_page_show_found:
 * @self: a page
 * @filter: what to look for
 *
 * Shows that, whomever it is for and whatever has become of it, and nothing else.
 */
void
qk_messages_page_show_found (QkMessagesPage *self, QkFilter *filter)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));
  g_return_if_fail (filter != NULL);

  if (qk_messages_page_is_reading (self))
    qk_messages_page_go_back (self);
  qk_agent_sidebar_select (self->sidebar, NULL);
  set_focus (self, QK_FOCUS_ALL);
  g_object_set (self, "hide-delivered", FALSE, NULL);
  qk_find_bar_set_filter (self->find_bar, filter);
}

void
qk_messages_page_narrow_bind (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, agent_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, focus_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, hazard_toggled_cb);
}

void
qk_messages_page_narrow_set_up (QkMessagesPage *self)
{
  self->saved = qk_saved_filters_new ();
  g_signal_connect (self->saved, "changed", G_CALLBACK (saved_changed_cb), self);
  saved_changed_cb (self->saved, self);
}
