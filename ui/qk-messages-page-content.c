#include "qk-messages-page-private.h"

#include "qk-words.h"

#include <glib/gi18n-lib.h>

/* What is shown: the list, the errors in groups, or why there is neither; and what is said above. */

static void
update_title (QkMessagesPage *self)
{
  static const char *const focuses[] = {
      NULL,
      NC_ ("messages", "pending"),
      NC_ ("messages", "processing"),
      NC_ ("messages", "failed"),
      NC_ ("messages", "stuck"),
      NC_ ("messages", "flagged"),
  };
  const QkMessageFilter *filter = qk_message_list_get_filter (self->list);
  g_autofree char *agent =
      filter->agent != NULL ? qk_words_agent (filter->agent) : g_strdup (_ ("All agents"));
  g_autofree char *title = NULL;

  if (focuses[filter->focus] != NULL)
    title =
        g_strdup_printf ("%s · %s", agent, g_dpgettext2 (NULL, "messages", focuses[filter->focus]));
  gtk_label_set_text (self->title, title != NULL ? title : agent);
}

/* Why no message is shown. */
static char *
describe_nothing (guint n, gboolean narrowed, gboolean hidden)
{
  if (!narrowed)
    return g_strdup_printf (ngettext ("All of the %u message in the queue are delivered.",
                                      "All of the %u messages in the queue are delivered.", n),
                            n);
  if (hidden)
    return g_strdup_printf (
        ngettext ("None of the %u message in the queue is like that; delivered "
                  "ones are hidden (Ctrl+D shows them).",
                  "None of the %u messages in the queue is like that; delivered "
                  "ones are hidden (Ctrl+D shows them).",
                  n),
        n);
  return g_strdup_printf (ngettext ("None of the %u message in the queue is like that.",
                                    "None of the %u messages in the queue is like that.", n),
                          n);
}

static void
update_nothing (QkMessagesPage *self)
{
  const QkMessageFilter *filter = qk_message_list_get_filter (self->list);
  gboolean narrowed =
      filter->agent != NULL || filter->focus != QK_FOCUS_ALL || filter->find != NULL;
  g_autofree char *text =
      describe_nothing (qk_message_list_get_total (self->list), narrowed,
                        filter->hide_delivered && filter->focus != QK_FOCUS_HAZARD);

  adw_status_page_set_title (self->nothing,
                             narrowed ? _ ("No Such Messages") : _ ("All Delivered"));
  adw_status_page_set_icon_name (self->nothing,
                                 narrowed ? "edit-find-symbolic" : "emblem-ok-symbolic");
  adw_status_page_set_description (self->nothing, text);
  gtk_button_set_label (self->nothing_button,
                        narrowed ? _ ("_Clear the Filters") : _ ("_Show All"));
}

static void
update_groups (QkMessagesPage *self)
{
  QkDocument *document = self->store != NULL ? qk_store_get_document (self->store) : NULL;
  g_autoptr (QkQuery) query = NULL;

  if (!self->grouping || document == NULL)
    {
      qk_error_group_view_stop (self->groups);
      return;
    }
  query = qk_messages_page_dup_query (self);
  qk_error_group_view_show (self->groups, document, query);
}

static void
update_held (QkMessagesPage *self)
{
  g_autofree char *text = qk_list_hold_describe (self->hold);

  gtk_widget_set_visible (self->held_bar, text != NULL);
  gtk_widget_set_visible (self->thaw_button, qk_list_hold_get_frozen (self->hold));
  if (text != NULL)
    gtk_label_set_text (self->held, text);
}

static void
held_cb (GObject *object, GParamSpec *pspec, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  update_held (self);
}

static gboolean
has_rows (QkMessagesPage *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  return g_str_equal (shown, "list") || g_str_equal (shown, "groups");
}

/* The keyboard goes to what is there, and on to the list unless it was moved meanwhile. */
static void
focus_when_listed (QkMessagesPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (!self->focus_due || !has_rows (self))
    return;
  self->focus_due = FALSE;
  if (focus == NULL || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->find_bar)))
    qk_messages_page_take_focus (self);
}

void
qk_messages_page_content_update (QkMessagesPage *self)
{
  guint n_shown = qk_message_list_get_n_listed (self->list);
  guint total = qk_message_list_get_total (self->list);
  gboolean waiting = n_shown == 0 && total > 0 && qk_message_list_get_searching (self->list);

  qk_find_bar_set_document (self->find_bar,
                            self->store != NULL ? qk_store_get_document (self->store) : NULL);
  update_title (self);
  update_held (self);
  qk_messages_page_mark_words (self);
  if (n_shown == 0)
    update_nothing (self);
  qk_messages_page_seek (self);
  /* Beside nothing there is nothing to read. */
  gtk_widget_set_visible (GTK_WIDGET (self->detail), n_shown > 0 && !self->grouping);
  gtk_widget_set_visible (self->separator, n_shown > 0 && !self->grouping);
  gtk_stack_set_visible_child_name (self->stack, n_shown > 0 && self->grouping ? "groups"
                                                 : n_shown > 0 || waiting      ? "list"
                                                 : total > 0                   ? "nothing"
                                                                               : "empty");
  qk_messages_page_mark_saved (self);
  update_groups (self);
  focus_when_listed (self);
}

static void
list_settled_cb (QkMessageList *list, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_messages_page_content_update (self);
}

/* The first rows are shown before the last ones are in place. */
static void
list_items_changed_cb (GListModel *list,
                       guint position,
                       guint removed,
                       guint added,
                       QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  if (added > 0 && qk_message_list_get_n_listed (self->list) > 0)
    gtk_stack_set_visible_child_name (self->stack, self->grouping ? "groups" : "list");
}

/* What is not seen is not selected: no action may reach it. */
void
qk_messages_page_set_grouping (QkMessagesPage *self, gboolean grouping)
{
  gboolean had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self->stack)) != NULL;

  self->grouping = grouping;
  if (grouping)
    {
      gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
      qk_messages_page_go_back (self);
    }
  qk_messages_page_content_update (self);
  qk_messages_page_layout_update (self);
  if (had_focus)
    qk_messages_page_take_focus (self);
  g_object_notify (G_OBJECT (self), "group-by-error");
}

/**
 * qk_messages_page_take_focus:
 * @self: a page
 *
 * Moves the keyboard to the list, or to the groups.
 */
void
qk_messages_page_take_focus (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  self->focus_due = !has_rows (self);
  if (self->focus_due)
    qk_find_bar_take_focus (self->find_bar);
  else if (self->grouping)
    qk_error_group_view_take_focus (self->groups);
  else
    qk_message_view_take_focus (self->view);
}

void
qk_messages_page_content_set_up (QkMessagesPage *self)
{
  self->hold = qk_list_hold_new (self->list, self->selection);
  g_signal_connect_object (self->hold, "notify::frozen", G_CALLBACK (held_cb), self, 0);
  g_signal_connect (self->list, "notify::held", G_CALLBACK (held_cb), self);
  g_signal_connect (self->list, "items-changed", G_CALLBACK (list_items_changed_cb), self);
  g_signal_connect (self->list, "settled", G_CALLBACK (list_settled_cb), self);
}
