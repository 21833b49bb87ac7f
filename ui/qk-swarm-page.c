#include "qk-swarm-page.h"

#include "qk-slim-layout.h"
#include "qk-store-follower.h"
#include "qk-swarm-card.h"
#include "qk-swarm-words.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

/* From these numbers of entries on the bar warns, and from the limit on it is full. */
#define ROOM_WARNING 500
#define ROOM_SCARCE  900
/* So often ages are looked at anew, in seconds. */
#define AGES_EVERY_S 5

struct _QkSwarmPage {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkLabel *source;
  QkSwarmGrid *grid;
  GtkLabel *others;
  GtkLabel *room;
  GtkLevelBar *bar;
  GtkLabel *forecast;
  QkSwarmCard *silent;
  QkSwarmCard *unknown;
  QkSwarmCard *repeats;
  QkStore *store;            /* owned, nullable */
  QkStoreFollower *follower; /* owned */
  gboolean wants_focus;      /* the grid is to have the keyboard as soon as it is there */
};

G_DEFINE_FINAL_TYPE (QkSwarmPage, qk_swarm_page, ADW_TYPE_BIN)

enum { SIGNAL_SHOW_MESSAGES, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
show_messages (QkSwarmPage *self, QkFilter *filter)
{
  g_signal_emit (self, signals[SIGNAL_SHOW_MESSAGES], 0, filter);
  qk_filter_unref (filter);
}

static void
cell_activated_cb (QkSwarmGrid *grid, const char *agent, guint age, QkSwarmPage *self)
{
  g_assert (QK_IS_SWARM_PAGE (self));

  show_messages (self, qk_swarm_filter_pending (agent, age));
}

/* The agent in a row of a card: the rows stand in the order of those for whom @wants holds. */
static const QkSwarmAgent *
find_in_card (QkSwarmPage *self,
              gboolean (*wants) (const QkSwarm *, const QkSwarmAgent *),
              guint row)
{
  const QkSwarm *swarm = qk_store_follower_get_found (self->follower);

  for (guint i = 0; swarm != NULL && i < swarm->agents->len; i++)
    if (wants (swarm, swarm->agents->pdata[i]) && row-- == 0)
      return swarm->agents->pdata[i];
  return NULL;
}

static gboolean
is_silent (const QkSwarm *swarm, const QkSwarmAgent *agent)
{
  return qk_swarm_agent_is_silent (agent, swarm->now);
}

static gboolean
is_unknown (const QkSwarm *swarm, const QkSwarmAgent *agent)
{
  return agent->is_unknown;
}

static void
show_silent_cb (QkSwarmCard *card, guint row, QkSwarmPage *self)
{
  const QkSwarmAgent *agent = find_in_card (self, is_silent, row);

  if (agent != NULL)
    show_messages (self, qk_swarm_filter_to (agent->name));
}

static void
show_unknown_cb (QkSwarmCard *card, guint row, QkSwarmPage *self)
{
  const QkSwarmAgent *agent = find_in_card (self, is_unknown, row);

  if (agent != NULL)
    show_messages (self, qk_swarm_filter_to (agent->name));
}

static void
redirect_unknown_cb (QkSwarmCard *card, guint row, QkSwarmPage *self)
{
  const QkSwarmAgent *agent = find_in_card (self, is_unknown, row);

  if (agent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.redirect-recipient", "s", agent->name);
}

static void
show_repeat_cb (QkSwarmCard *card, guint row, QkSwarmPage *self)
{
  const QkSwarm *swarm = qk_store_follower_get_found (self->follower);

  if (swarm != NULL && row < swarm->repeats->len)
    show_messages (self, qk_swarm_filter_repeat (swarm->repeats->pdata[row]));
}

static void
update_room (QkSwarmPage *self, const QkSwarm *swarm)
{
  g_autofree char *room = qk_swarm_words_room (swarm);
  g_autofree char *forecast = qk_swarm_words_forecast (swarm);

  gtk_label_set_text (self->room, room);
  gtk_label_set_text (self->forecast, forecast);
  gtk_level_bar_set_value (self->bar, MIN (swarm->total, QK_SWARM_LIMIT));
}

/* Where all are silent, one sentence says it. */
static gboolean
is_all_silent (const QkSwarm *swarm)
{
  for (guint i = 0; i < swarm->n_members; i++)
    if (!is_silent (swarm, swarm->agents->pdata[i]))
      return FALSE;
  return swarm->n_members > 1;
}

static void
update_silent (QkSwarmPage *self, const QkSwarm *swarm)
{
  gboolean all = is_all_silent (swarm);

  qk_swarm_card_begin (self->silent);
  for (guint i = 0; i < swarm->n_members && !all; i++)
    {
      const QkSwarmAgent *agent = swarm->agents->pdata[i];
      g_autofree char *name = NULL, *details = NULL;

      if (!is_silent (swarm, agent))
        continue;
      name = qk_words_agent (agent->name);
      details = qk_swarm_words_silent (agent, swarm->now);
      qk_swarm_card_add (self->silent, name, details, FALSE);
    }
  qk_swarm_card_end (self->silent,
                     all ? _ ("No agent at all has sent or got anything within the last hour.")
                         : _ ("Each agent has sent or got something within the last hour."));
}

static void
update_unknown (QkSwarmPage *self, const QkSwarm *swarm)
{
  qk_swarm_card_begin (self->unknown);
  for (guint i = swarm->n_members; i < swarm->agents->len; i++)
    {
      const QkSwarmAgent *agent = swarm->agents->pdata[i];
      g_autofree char *name = NULL, *details = NULL;

      if (!agent->is_unknown)
        continue;
      name = qk_words_agent (agent->name);
      details = qk_swarm_words_unknown (agent);
      qk_swarm_card_add (self->unknown, name, details, agent->total > agent->n_delivered);
    }
  qk_swarm_card_end (self->unknown, _ ("Every message is for somebody who is known."));
}

static void
update_repeats (QkSwarmPage *self, const QkSwarm *swarm)
{
  qk_swarm_card_begin (self->repeats);
  for (guint i = 0; i < swarm->repeats->len; i++)
    {
      const QkSwarmRepeat *repeat = swarm->repeats->pdata[i];
      g_autofree char *title = NULL, *details = NULL;

      /* What is not shown need not be put in words. */
      if (i < QK_SWARM_CARD_MAX_ROWS)
        {
          title = qk_swarm_words_repeat (repeat);
          details = qk_swarm_words_repeat_details (repeat, swarm->now);
        }
      qk_swarm_card_add (self->repeats, title, details, FALSE);
    }
  qk_swarm_card_end (self->repeats, _ ("Nothing was said to anybody three times or more."));
}

static void
update_others (QkSwarmPage *self, const QkSwarm *swarm)
{
  guint n_others = 0;
  g_autofree char *text = NULL;

  for (guint i = swarm->n_members; i < swarm->agents->len; i++)
    n_others += ((const QkSwarmAgent *) swarm->agents->pdata[i])->n_pending > 0;
  n_others -= MIN (n_others, QK_SWARM_GRID_MAX_OTHERS);
  text = g_strdup_printf (
      ngettext ("%u other recipient has pending messages; All counts them too.",
                "%u other recipients have pending messages; All counts them too.", n_others),
      n_others);
  gtk_label_set_text (self->others, text);
  gtk_widget_set_visible (GTK_WIDGET (self->others), n_others > 0);
}

static void
update_source (QkSwarmPage *self, const QkSwarm *swarm)
{
  g_autofree char *text =
      qk_swarm_words_source (qk_store_get_agents_source (self->store), swarm->n_members);

  gtk_label_set_text (self->source, text);
}

static void
found_cb (QkStoreFollower *follower, QkSwarmPage *self)
{
  const QkSwarm *swarm = qk_store_follower_get_found (follower);

  g_assert (QK_IS_SWARM_PAGE (self));

  gtk_stack_set_visible_child_name (self->stack, swarm != NULL ? "swarm" : "searching");
  if (swarm == NULL)
    return;
  qk_swarm_grid_set_swarm (self->grid, swarm);
  update_others (self, swarm);
  update_room (self, swarm);
  update_silent (self, swarm);
  update_unknown (self, swarm);
  update_repeats (self, swarm);
  update_source (self, swarm);
  if (self->wants_focus)
    qk_swarm_page_take_focus (self);
}

static void
qk_swarm_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (qk_swarm_page_parent_class)->map (widget);
  qk_store_follower_set_watched (QK_SWARM_PAGE (widget)->follower, TRUE);
}

static void
qk_swarm_page_unmap (GtkWidget *widget)
{
  QK_SWARM_PAGE (widget)->wants_focus = FALSE;
  qk_store_follower_set_watched (QK_SWARM_PAGE (widget)->follower, FALSE);
  GTK_WIDGET_CLASS (qk_swarm_page_parent_class)->unmap (widget);
}

static void
qk_swarm_page_dispose (GObject *object)
{
  QkSwarmPage *self = QK_SWARM_PAGE (object);

  if (self->follower != NULL)
    g_signal_handlers_disconnect_by_data (self->follower, self);
  g_clear_object (&self->follower);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_swarm_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-swarm-page.ui");
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, stack);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, source);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, grid);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, others);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, room);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, bar);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, forecast);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, silent);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, unknown);
  gtk_widget_class_bind_template_child (widget_class, QkSwarmPage, repeats);
  gtk_widget_class_bind_template_callback (widget_class, cell_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_silent_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_unknown_cb);
  gtk_widget_class_bind_template_callback (widget_class, redirect_unknown_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_repeat_cb);
}

static void
qk_swarm_page_class_init (QkSwarmPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_swarm_page_dispose;
  widget_class->map = qk_swarm_page_map;
  widget_class->unmap = qk_swarm_page_unmap;

  /**
   * QkSwarmPage::show-messages:
   * @filter: (type gpointer): a #QkFilter
   *
   * The operator wants to see the messages that @filter finds.
   */
  signals[SIGNAL_SHOW_MESSAGES] =
      g_signal_new ("show-messages", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_type_ensure (QK_TYPE_SWARM_CARD);
  g_type_ensure (QK_TYPE_SWARM_GRID);
  bind_template (widget_class);
}

static gpointer
find (QkDocument *document, const char *const *agents)
{
  return qk_swarm_new (document, agents, qk_wall_now ());
}

static void
free_swarm (gpointer swarm)
{
  qk_swarm_free (swarm);
}

static void
qk_swarm_page_init (QkSwarmPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), qk_slim_layout_new ());
  gtk_level_bar_add_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_LOW, ROOM_WARNING);
  gtk_level_bar_add_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_HIGH, ROOM_SCARCE);
  gtk_level_bar_add_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_FULL, QK_SWARM_LIMIT);
  self->follower = qk_store_follower_new (find, free_swarm, AGES_EVERY_S);
  g_signal_connect (self->follower, "found", G_CALLBACK (found_cb), self);
}

/**
 * qk_swarm_page_set_store:
 * @self: a page
 * @store: (nullable): whose swarm to show
 *
 * Shows the swarm of @store.
 */
void
qk_swarm_page_set_store (QkSwarmPage *self, QkStore *store)
{
  g_return_if_fail (QK_IS_SWARM_PAGE (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  g_set_object (&self->store, store);
  qk_store_follower_set_store (self->follower, store);
}

/**
 * qk_swarm_page_get_swarm:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what it shows
 */
const QkSwarm *
qk_swarm_page_get_swarm (QkSwarmPage *self)
{
  g_return_val_if_fail (QK_IS_SWARM_PAGE (self), NULL);

  return qk_store_follower_get_found (self->follower);
}

/**
 * qk_swarm_page_get_grid:
 * @self: a page
 *
 * Returns: (transfer none): the pending messages by recipient and age
 */
QkSwarmGrid *
qk_swarm_page_get_grid (QkSwarmPage *self)
{
  g_return_val_if_fail (QK_IS_SWARM_PAGE (self), NULL);

  return self->grid;
}

/**
 * qk_swarm_page_take_focus:
 * @self: a page
 *
 * Moves the keyboard to the grid, now or as soon as it is there.
 */
void
qk_swarm_page_take_focus (QkSwarmPage *self)
{
  g_return_if_fail (QK_IS_SWARM_PAGE (self));

  self->wants_focus = qk_store_follower_get_found (self->follower) == NULL;
  if (!self->wants_focus)
    qk_swarm_grid_take_focus (self->grid);
}
