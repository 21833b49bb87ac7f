#include "qk-messages-page-private.h"

/* What is looked for: words, filters, and one message by its id. */

static void
find_left_cb (QkFindBar *find_bar, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_messages_page_take_focus (self);
}

/* What the list looks for is marked in the message too. */
void
qk_messages_page_mark_words (QkMessagesPage *self)
{
  QkFilter *find = qk_message_list_get_filter (self->list)->find;

  qk_detail_pane_set_marked (qk_messages_page_get_detail (self),
                             find != NULL ? qk_filter_get_search (find) : NULL);
}

/**
 * qk_messages_page_find:
 * @self: a page
 *
 * Moves the keyboard to the field of words to find.
 */
void
qk_messages_page_find (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  if (qk_messages_page_is_reading (self))
    qk_messages_page_go_back (self);
  qk_find_bar_take_focus (self->find_bar);
}

/**
 * qk_messages_page_add_filter:
 * @self: a page
 *
 * Opens the menu of filters.
 */
void
qk_messages_page_add_filter (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  if (qk_messages_page_is_reading (self))
    qk_messages_page_go_back (self);
  qk_find_bar_open_menu (self->find_bar);
}

/* The entry of that id, as the store has it; -1 where there is none. */
static int
find_entry (QkMessagesPage *self, const char *id)
{
  QkDocument *document = self->store != NULL ? qk_store_get_document (self->store) : NULL;
  guint n = document != NULL ? qk_document_get_n_entries (document) : 0;

  for (guint i = 0; i < n; i++)
    if (qk_entry_has_id (qk_document_get_entry (document, i), id))
      return (int) i;
  return -1;
}

/* Whether it was in the list, all of whose rows are in place. */
static gboolean
select_sought (QkMessagesPage *self)
{
  int entry = find_entry (self, self->sought);
  QkMessage *message;
  guint position;

  if (entry < 0 || (guint) entry >= qk_message_list_get_total (self->list) ||
      g_list_model_get_n_items (G_LIST_MODEL (self->list)) !=
          qk_message_list_get_n_listed (self->list))
    return FALSE;
  message = qk_message_list_get_row (self->list, (guint) entry);
  if (!qk_entry_has_id (qk_message_get_entry (message), self->sought) ||
      !qk_message_list_find (self->list, message, &position))
    return FALSE;
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  qk_message_view_scroll_to (self->view, position);
  g_clear_pointer (&self->sought, g_free);
  return TRUE;
}

/* What is not listed although all is in place is not waited for. */
void
qk_messages_page_seek (QkMessagesPage *self)
{
  if (self->sought != NULL && !select_sought (self) &&
      !qk_message_list_get_searching (self->list) && !qk_message_list_get_held (self->list, NULL))
    g_clear_pointer (&self->sought, g_free);
}

/**
 * qk_messages_page_show_message:
 * @self: a page
 * @id: the id of a message
 *
 * Selects that message, now or as soon as it is listed. What hides it is dropped.
 *
 * Returns: whether it is in the queue
 */
gboolean
qk_messages_page_show_message (QkMessagesPage *self, const char *id)
{
  int entry;

  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  entry = find_entry (self, id);
  if (entry < 0)
    return FALSE;
  g_object_set (self, "group-by-error", FALSE, NULL);
  g_free (self->sought);
  self->sought = g_strdup (id);
  if (select_sought (self))
    return TRUE;
  g_clear_pointer (&self->sought, g_free);
  qk_messages_page_show_all (self);
  if (qk_entry_get_status (qk_document_get_entry (qk_store_get_document (self->store),
                                                  (guint) entry)) == QK_STATUS_DELIVERED)
    g_object_set (self, "hide-delivered", FALSE, NULL);
  self->sought = g_strdup (id);
  (void) select_sought (self);
  return TRUE;
}

void
qk_messages_page_find_bind (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, find_left_cb);
}

void
qk_messages_page_find_set_up (QkMessagesPage *self)
{
  qk_find_bar_set_list (self->find_bar, self->list);
  qk_find_bar_set_key_capture (self->find_bar, GTK_WIDGET (self));
}
