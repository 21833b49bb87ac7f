#include "qk-messages-page.h"

#include "qk-agent-sidebar.h"
#include "qk-counter-strip.h"
#include "qk-error-group-view.h"
#include "qk-find-bar.h"
#include "qk-message-detail.h"
#include "qk-message-view.h"
#include "qk-selection-pane.h"
#include "qk-summarizer.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

/* So often what is counted with the time is counted again, in seconds. */
#define COUNT_EVERY_S 5

struct _QkMessagesPage {
  AdwBin parent_instance;

  AdwFlap *flap;
  AdwLeaflet *leaflet;
  GtkWidget *top;
  QkAgentSidebar *sidebar;
  QkCounterStrip *strip;
  GtkLabel *title;
  GtkToggleButton *hazard_button;
  GtkLabel *hazards;
  QkFindBar *find_bar;
  GtkStack *stack;
  AdwStatusPage *nothing;
  GtkButton *nothing_button;
  QkMessageView *view;
  GtkWidget *separator;
  QkMessageDetail *detail;
  QkErrorGroupView *groups;
  GtkWidget *selection_bar;
  GtkWidget *held_bar;
  GtkLabel *held;
  GtkWidget *thaw_button;
  GtkLabel *selected;
  QkStore *store;                /* owned, nullable */
  QkHealth *health;              /* owned, nullable */
  QkMessageList *list;           /* owned */
  QkMessageSelection *selection; /* owned */
  QkListHold *hold;              /* owned */
  QkSummarizer *summarizer;      /* owned */
  QkSavedFilters *saved;         /* owned */
  gboolean grouping;             /* errors in groups are shown instead of the list */
  gboolean focus_due;            /* the keyboard is to go to the list once there is one */
  guint n_ticks;                 /* since the last count for the time alone */
  char *sought;                  /* owned, nullable: the id of a message to be shown */
  guint tick_id;                 /* source: lets ages follow the time while the page is shown */
};

G_DEFINE_FINAL_TYPE (QkMessagesPage, qk_messages_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_HIDE_DELIVERED,
  PROP_SIDEBAR_VISIBLE,
  PROP_READING,
  PROP_GROUP_BY_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_reading (QkMessagesPage *self)
{
  return adw_leaflet_get_folded (self->leaflet) &&
         adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->detail);
}

static QkDetailPane *
get_pane (QkMessagesPage *self)
{
  return qk_message_detail_get_pane (self->detail);
}

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
                             narrowed ? _ ("No such messages") : _ ("All delivered"));
  adw_status_page_set_icon_name (self->nothing,
                                 narrowed ? "edit-find-symbolic" : "emblem-ok-symbolic");
  adw_status_page_set_description (self->nothing, text);
  gtk_button_set_label (self->nothing_button,
                        narrowed ? _ ("_Clear the Filters") : _ ("_Show All"));
}

static void list_settled_cb (QkMessageList *list, QkMessagesPage *self);
static void update_selection_bar (QkMessagesPage *self);

/* The row of the saved filter that is shown is marked. */
static void
mark_saved (QkMessagesPage *self)
{
  g_autoptr (QkQuery) query = qk_messages_page_dup_query (self);
  g_autofree char *text = qk_query_to_text (query);

  qk_saved_filter_list_set_active (qk_agent_sidebar_get_saved (self->sidebar), text);
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

/* What is not seen is not selected: no action may reach it. */
static void
set_grouping (QkMessagesPage *self, gboolean grouping)
{
  gboolean had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self->stack)) != NULL;

  self->grouping = grouping;
  if (grouping)
    {
      gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
      qk_messages_page_go_back (self);
    }
  list_settled_cb (self->list, self);
  update_selection_bar (self);
  if (had_focus)
    qk_messages_page_take_focus (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROUP_BY_ERROR]);
}

/* What the list looks for is marked in the message too. */
static void
mark_words (QkMessagesPage *self)
{
  QkFilter *find = qk_message_list_get_filter (self->list)->find;

  qk_detail_pane_set_marked (get_pane (self), find != NULL ? qk_filter_get_search (find) : NULL);
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
static void
seek (QkMessagesPage *self)
{
  if (self->sought != NULL && !select_sought (self) &&
      !qk_message_list_get_searching (self->list) && !qk_message_list_get_held (self->list, NULL))
    g_clear_pointer (&self->sought, g_free);
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

static void
list_settled_cb (QkMessageList *list, QkMessagesPage *self)
{
  guint n_shown = qk_message_list_get_n_listed (list);
  guint total = qk_message_list_get_total (list);
  gboolean waiting = n_shown == 0 && total > 0 && qk_message_list_get_searching (list);

  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_find_bar_set_document (self->find_bar,
                            self->store != NULL ? qk_store_get_document (self->store) : NULL);
  update_title (self);
  update_held (self);
  mark_words (self);
  if (n_shown == 0)
    update_nothing (self);
  seek (self);
  /* Beside nothing there is nothing to read. */
  gtk_widget_set_visible (GTK_WIDGET (self->detail), n_shown > 0 && !self->grouping);
  gtk_widget_set_visible (self->separator, n_shown > 0 && !self->grouping);
  gtk_stack_set_visible_child_name (self->stack, n_shown > 0 && self->grouping ? "groups"
                                                 : n_shown > 0 || waiting      ? "list"
                                                 : total > 0                   ? "nothing"
                                                                               : "empty");
  mark_saved (self);
  update_groups (self);
  focus_when_listed (self);
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

static void
update_selection_bar (QkMessagesPage *self)
{
  g_autofree char *text = qk_selection_pane_describe (self->selection);

  gtk_label_set_text (self->selected, text);
  gtk_widget_set_visible (self->selection_bar,
                          adw_leaflet_get_folded (self->leaflet) && !self->grouping);
}

static void
selection_settled_cb (QkMessageSelection *selection, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  update_selection_bar (self);
  if (qk_message_selection_get_size (selection) == 0 && is_reading (self))
    qk_messages_page_go_back (self);
}

static void
leaflet_notify_cb (AdwLeaflet *leaflet, GParamSpec *pspec, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  update_selection_bar (self);
  gtk_widget_set_visible (self->top, !is_reading (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READING]);
}

static void
flap_notify_cb (AdwFlap *flap, GParamSpec *pspec, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIDEBAR_VISIBLE]);
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

static void
find_left_cb (QkFindBar *find_bar, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_messages_page_take_focus (self);
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

static void
saved_changed_cb (QkSavedFilters *saved, QkMessagesPage *self)
{
  QkSavedFilterList *list = qk_agent_sidebar_get_saved (self->sidebar);

  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_saved_filter_list_set_filters (list, saved);
  qk_summarizer_set_queries (self->summarizer, qk_saved_filter_list_get_queries (list));
  mark_saved (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  QkMessagesPage *self = user_data;
  gint64 now = qk_wall_now ();

  if (qk_message_list_update_time (self->list, now) || must_count (self))
    qk_summarizer_count (self->summarizer);
  qk_error_group_view_update_time (self->groups, now);
  qk_message_view_update_time (self->view, now);
  qk_detail_pane_update (get_pane (self));
  return G_SOURCE_CONTINUE;
}

static void
qk_messages_page_map (GtkWidget *widget)
{
  QkMessagesPage *self = QK_MESSAGES_PAGE (widget);

  GTK_WIDGET_CLASS (qk_messages_page_parent_class)->map (widget);
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
}

static void
qk_messages_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&QK_MESSAGES_PAGE (widget)->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (qk_messages_page_parent_class)->unmap (widget);
}

static void
health_changed_cb (QkHealth *health, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_counter_strip_set_figures (self->strip, qk_health_get_session (health));
}

static void
qk_messages_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkMessagesPage *self = QK_MESSAGES_PAGE (object);

  switch (id)
    {
    case PROP_HIDE_DELIVERED:
      g_value_set_boolean (value, qk_message_list_get_filter (self->list)->hide_delivered);
      break;
    case PROP_SIDEBAR_VISIBLE:
      g_value_set_boolean (value, adw_flap_get_reveal_flap (self->flap));
      break;
    case PROP_READING:
      g_value_set_boolean (value, is_reading (self));
      break;
    case PROP_GROUP_BY_ERROR:
      g_value_set_boolean (value, self->grouping);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_messages_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkMessagesPage *self = QK_MESSAGES_PAGE (object);

  switch (id)
    {
    case PROP_HIDE_DELIVERED:
      if (qk_message_list_get_filter (self->list)->hide_delivered == g_value_get_boolean (value))
        break;
      qk_message_list_set_hide_delivered (self->list, g_value_get_boolean (value));
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_SIDEBAR_VISIBLE:
      adw_flap_set_reveal_flap (self->flap, g_value_get_boolean (value));
      break;
    case PROP_GROUP_BY_ERROR:
      if (self->grouping != g_value_get_boolean (value))
        set_grouping (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_messages_page_dispose (GObject *object)
{
  QkMessagesPage *self = QK_MESSAGES_PAGE (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->summarizer != NULL)
    g_signal_handlers_disconnect_by_data (self->summarizer, self);
  if (self->saved != NULL)
    g_signal_handlers_disconnect_by_data (self->saved, self);
  g_clear_object (&self->saved);
  g_clear_object (&self->summarizer);
  g_clear_object (&self->hold);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  if (self->health != NULL)
    g_signal_handlers_disconnect_by_data (self->health, self);
  g_clear_object (&self->health);
  g_clear_object (&self->store);
  g_clear_pointer (&self->sought, g_free);

  G_OBJECT_CLASS (qk_messages_page_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * QkMessagesPage:hide-delivered:
   *
   * Whether delivered messages are left out of the list.
   */
  properties[PROP_HIDE_DELIVERED] =
      g_param_spec_boolean ("hide-delivered", NULL, NULL, TRUE, flags | G_PARAM_READWRITE);
  /**
   * QkMessagesPage:sidebar-visible:
   *
   * Whether the sidebar is shown.
   */
  properties[PROP_SIDEBAR_VISIBLE] =
      g_param_spec_boolean ("sidebar-visible", NULL, NULL, TRUE, flags | G_PARAM_READWRITE);
  /**
   * QkMessagesPage:reading:
   *
   * Whether a message fills the page, so that there is a way back to the list.
   */
  properties[PROP_READING] =
      g_param_spec_boolean ("reading", NULL, NULL, FALSE, flags | G_PARAM_READABLE);
  /**
   * QkMessagesPage:group-by-error:
   *
   * Whether the errors of the messages are shown in groups instead of the messages.
   */
  properties[PROP_GROUP_BY_ERROR] =
      g_param_spec_boolean ("group-by-error", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, flap);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, top);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, sidebar);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, strip);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, title);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, hazard_button);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, hazards);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, find_bar);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, nothing_button);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, view);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, separator);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, detail);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, groups);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, selection_bar);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, held_bar);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, held);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, thaw_button);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, selected);
  gtk_widget_class_bind_template_callback (widget_class, leaflet_notify_cb);
  gtk_widget_class_bind_template_callback (widget_class, flap_notify_cb);
  gtk_widget_class_bind_template_callback (widget_class, agent_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, focus_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_left_cb);
  gtk_widget_class_bind_template_callback (widget_class, hazard_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, qk_messages_page_read);
}

static void
qk_messages_page_class_init (QkMessagesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = qk_messages_page_dispose;
  object_class->get_property = qk_messages_page_get_property;
  object_class->set_property = qk_messages_page_set_property;
  widget_class->map = qk_messages_page_map;
  widget_class->unmap = qk_messages_page_unmap;
  install_properties (object_class);

  g_type_ensure (QK_TYPE_AGENT_SIDEBAR);
  g_type_ensure (QK_TYPE_COUNTER_STRIP);
  g_type_ensure (QK_TYPE_ERROR_GROUP_VIEW);
  g_type_ensure (QK_TYPE_FIND_BAR);
  g_type_ensure (QK_TYPE_MESSAGE_DETAIL);
  g_type_ensure (QK_TYPE_MESSAGE_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-messages-page.ui");
  bind_template (widget_class);
}

static void
qk_messages_page_init (QkMessagesPage *self)
{
  self->list = qk_message_list_new ();
  qk_message_list_set_hide_delivered (self->list, TRUE);
  self->selection = qk_message_selection_new (g_object_ref (self->list));
  gtk_widget_init_template (GTK_WIDGET (self));
  qk_message_view_set_list (self->view, self->list, self->selection);
  qk_message_detail_set_selection (self->detail, self->selection);
  qk_find_bar_set_list (self->find_bar, self->list);
  qk_find_bar_set_key_capture (self->find_bar, GTK_WIDGET (self));
  self->hold = qk_list_hold_new (self->list, self->selection);
  g_signal_connect_object (self->hold, "notify::frozen", G_CALLBACK (held_cb), self, 0);
  g_signal_connect (self->list, "notify::held", G_CALLBACK (held_cb), self);
  g_signal_connect (self->list, "items-changed", G_CALLBACK (list_items_changed_cb), self);
  g_signal_connect (self->list, "settled", G_CALLBACK (list_settled_cb), self);
  g_signal_connect (self->selection, "settled", G_CALLBACK (selection_settled_cb), self);
  self->summarizer = qk_summarizer_new ();
  g_signal_connect (self->summarizer, "summary", G_CALLBACK (summary_cb), self);
  self->saved = qk_saved_filters_new ();
  g_signal_connect (self->saved, "changed", G_CALLBACK (saved_changed_cb), self);
  saved_changed_cb (self->saved, self);
  list_settled_cb (self->list, self);
}

/**
 * qk_messages_page_set_store:
 * @self: a page
 * @store: (nullable): whose messages to show
 *
 * Shows the messages of @store, and all agents of it.
 */
void
qk_messages_page_set_store (QkMessagesPage *self, QkStore *store)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_set_object (&self->store, store);
  g_clear_pointer (&self->sought, g_free);
  qk_agent_sidebar_select (self->sidebar, NULL);
  qk_find_bar_clear (self->find_bar);
  qk_detail_pane_set_store (get_pane (self), store);
  qk_message_list_set_store (self->list, store);
  qk_summarizer_set_store (self->summarizer, store);
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

/**
 * qk_messages_page_set_history:
 * @self: a page
 * @history: what knows what was done
 *
 * Tells of a message what was done to it.
 */
void
qk_messages_page_set_history (QkMessagesPage *self, QkHistory *history)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  qk_detail_pane_set_history (get_pane (self), history);
}

/**
 * qk_messages_page_get_detail:
 * @self: a page
 *
 * Returns: (transfer none): the selected message in full
 */
QkDetailPane *
qk_messages_page_get_detail (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return get_pane (self);
}

static gboolean
has_focus (GtkWidget *pane)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (pane));

  return focus != NULL && gtk_widget_is_ancestor (focus, pane);
}

/**
 * qk_messages_page_step_pane:
 * @self: a page
 * @step: 1 or -1
 *
 * Moves the keyboard to the next pane that is seen, or the previous one: the sidebar, the list, the
 * message.
 */
void
qk_messages_page_step_pane (QkMessagesPage *self, int step)
{
  GtkWidget *panes[] = {GTK_WIDGET (self->sidebar), GTK_WIDGET (self->view),
                        GTK_WIDGET (self->detail)};
  const guint n = G_N_ELEMENTS (panes);
  guint at = 1;

  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  for (guint i = 0; i < n; i++)
    if (has_focus (panes[i]))
      at = i;
  for (guint i = 0; i < n; i++)
    {
      at = (at + n + (guint) step) % n;
      if (!gtk_widget_get_mapped (panes[at]) || !gtk_widget_get_child_visible (panes[at]))
        continue;
      if (at == 1)
        qk_message_view_take_focus (self->view);
      else if (at == 2)
        qk_message_detail_take_focus (self->detail);
      else
        gtk_widget_child_focus (panes[at], GTK_DIR_TAB_FORWARD);
      return;
    }
}

/**
 * qk_messages_page_get_list:
 * @self: a page
 *
 * Returns: (transfer none): the messages that are shown
 */
QkMessageList *
qk_messages_page_get_list (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return self->list;
}

/**
 * qk_messages_page_get_selection:
 * @self: a page
 *
 * Returns: (transfer none): those of them that are selected
 */
QkMessageSelection *
qk_messages_page_get_selection (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return self->selection;
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

  if (is_reading (self))
    qk_messages_page_go_back (self);
  qk_agent_sidebar_select (self->sidebar, qk_query_get_agent (query));
  set_focus (self, qk_query_get_focus (query));
  qk_find_bar_set_filter (self->find_bar, qk_query_get_filter (query));
  g_object_set (self, "hide-delivered", qk_query_get_hide_delivered (query), NULL);
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

/**
 * qk_messages_page_get_hold:
 * @self: a page
 *
 * Returns: (transfer none): what says when the list stands still
 */
QkListHold *
qk_messages_page_get_hold (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return self->hold;
}

/**
 * qk_messages_page_get_columns:
 * @self: a page
 *
 * Returns: (transfer none): the columns in which they are shown
 */
QkColumnSet *
qk_messages_page_get_columns (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return qk_message_view_get_columns (self->view);
}

/**
 * qk_messages_page_select_all:
 * @self: a page
 *
 * Selects every message that is shown.
 */
void
qk_messages_page_select_all (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  if (!self->grouping)
    qk_message_view_select_all (self->view);
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

  if (is_reading (self))
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

  if (is_reading (self))
    qk_messages_page_go_back (self);
  qk_agent_sidebar_select (self->sidebar, NULL);
  set_focus (self, QK_FOCUS_ALL);
  g_object_set (self, "hide-delivered", FALSE, NULL);
  qk_find_bar_set_filter (self->find_bar, filter);
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

  if (is_reading (self))
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

  if (is_reading (self))
    qk_messages_page_go_back (self);
  qk_find_bar_open_menu (self->find_bar);
}

/**
 * qk_messages_page_read:
 * @self: a page
 *
 * Goes from the list to the selected message where each is a page of its own.
 */
void
qk_messages_page_read (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  if (qk_message_selection_get_size (self->selection) > 0)
    adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->detail));
}

/**
 * qk_messages_page_go_back:
 * @self: a page
 *
 * Goes from the message back to the list where each is a page of its own.
 */
void
qk_messages_page_go_back (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
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
