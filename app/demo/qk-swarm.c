#include "qk-swarm.h"

#include "qk-swarm-entry.h"
#include "qk-swarm-file.h"

#define N_AGENTS 8
/* With a backlog above this the processor hurries, below it it rests: so the queue neither runs
 * dry nor over while somebody looks at it. */
#define CALM_BACKLOG 12

static const char *const agents[N_AGENTS] = {"Agent-1", "Agent-2", "Agent-3", "Agent-4",
                                             "Agent-5", "Agent-6", "Agent-7", "Agent-8"};
static const char *const errors[] = {"delivery_failed_after_3_attempts", "target_window_not_found",
                                     "timeout"};

typedef struct _Actor Actor;
typedef void (*ActorStep) (Actor *actor);

struct _Actor {
  QkSwarm *swarm;                 /* (not owned): it owns us */
  ActorStep step;                 /* what comes next */
  guint source;                   /* the timer until then */
  GPtrArray *held;                /* (owned) (nullable): the list between load and save */
  void (*enqueue) (Actor *actor); /* of a producer: adds a message to what is held */
  double share;                   /* of a producer: which part of all messages it sends */
  char *taken;                    /* (owned) (nullable): of the processor: the id at hand */
};

struct _QkSwarm {
  char *path;        /* (owned) */
  GRand *rand;       /* (owned) */
  GPtrArray *actors; /* (owned) (element-type Actor) */
  double interval;   /* between two messages, in seconds */
  gboolean warned;   /* an error or a full queue is told once */
};

static gboolean
on_actor_timer (gpointer user_data)
{
  Actor *actor = user_data;

  actor->source = 0;
  actor->step (actor);
  return G_SOURCE_REMOVE;
}

static void
actor_later (Actor *actor, double seconds, ActorStep step)
{
  g_assert (actor->source == 0);

  actor->step = step;
  actor->source = g_timeout_add ((guint) (seconds * 1000), on_actor_timer, actor);
}

static void
actor_free (gpointer data)
{
  Actor *actor = data;

  g_clear_handle_id (&actor->source, g_source_remove);
  g_clear_pointer (&actor->held, g_ptr_array_unref);
  g_free (actor->taken);
  g_free (actor);
}

static void
warn_once (QkSwarm *self, const char *message)
{
  if (!self->warned)
    g_printerr ("demo swarm: %s\n", message);
  self->warned = TRUE;
}

static gboolean
actor_load (Actor *actor)
{
  g_autoptr (GError) error = NULL;

  actor->held = qk_swarm_file_load (actor->swarm->path, &error);
  if (actor->held == NULL)
    warn_once (actor->swarm, error->message);
  return actor->held != NULL;
}

static void
actor_save (Actor *actor)
{
  g_autoptr (GPtrArray) held = g_steal_pointer (&actor->held);
  g_autoptr (GError) error = NULL;

  if (!qk_swarm_file_save (actor->swarm->path, held, &error))
    warn_once (actor->swarm, error->message);
}

/* How long a writer sits on its list before it saves it. Most are quick; now and then one is busy
 * with something else, and that is the one that brings purged messages back. */
static double
draw_hold (QkSwarm *self)
{
  double hold = g_rand_double_range (self->rand, 0.01, 0.06);

  if (g_rand_int_range (self->rand, 0, 20) == 0)
    hold = g_rand_double_range (self->rand, 0.3, 1.2);
  return hold * MIN (1.0, self->interval / 2);
}

static void
hold_message (Actor *actor, const QkSwarmMessage *message)
{
  g_ptr_array_add (actor->held,
                   qk_swarm_entry_new (actor->swarm->rand, message, qk_swarm_wall_now ()));
}

static const char *
draw_agent (GRand *rand)
{
  return agents[g_rand_int_range (rand, 0, N_AGENTS)];
}

static gsize
draw_length (GRand *rand)
{
  return 300 + (gsize) (2700 * g_rand_double (rand) * g_rand_double (rand));
}

static void
enqueue_as_agent (Actor *actor)
{
  GRand *rand = actor->swarm->rand;
  gboolean report = g_rand_int_range (rand, 0, 3) == 0;
  QkSwarmMessage message = {
      .kind = report ? QK_SWARM_TEXT_REPORT : QK_SWARM_TEXT_COORDINATION,
      .sender = draw_agent (rand),
      .recipient = report ? "CAPTAIN" : draw_agent (rand),
      .length = draw_length (rand),
  };

  hold_message (actor, &message);
}

static void
enqueue_as_discord (Actor *actor)
{
  GRand *rand = actor->swarm->rand;
  QkSwarmMessage message = {
      .kind = QK_SWARM_TEXT_HUMAN,
      .sender = "Discord User (mara.l)",
      .recipient = draw_agent (rand),
      .urgent = g_rand_boolean (rand),
      .length = 150,
  };

  hold_message (actor, &message);
}

static void
enqueue_as_captain (Actor *actor)
{
  GRand *rand = actor->swarm->rand;
  QkSwarmMessage message = {
      .kind = QK_SWARM_TEXT_ORDER,
      .sender = "CAPTAIN",
      .recipient = draw_agent (rand),
      .urgent = g_rand_int_range (rand, 0, 6) == 0,
      .length = draw_length (rand),
  };
  guint32 state;

  if (g_rand_int_range (rand, 0, 6) != 0)
    {
      hold_message (actor, &message);
      return;
    }
  /* A broadcast is one entry per agent with the same content. */
  message.kind = QK_SWARM_TEXT_BROADCAST;
  state = g_rand_int (rand);
  for (guint i = 0; i < N_AGENTS; i++)
    {
      g_autoptr (GRand) text_rand = g_rand_new_with_seed (state);
      g_autofree char *content = qk_swarm_text_compose (text_rand, message.kind, message.sender,
                                                        "all agents", message.length);
      JsonObject *entry;

      message.recipient = agents[i];
      entry = qk_swarm_entry_new (rand, &message, qk_swarm_wall_now () + i);
      json_object_set_string_member (json_object_get_object_member (entry, "message"), "content",
                                     content);
      g_ptr_array_add (actor->held, entry);
    }
}

static void producer_begin (Actor *actor);

static void
producer_rest (Actor *actor)
{
  double mean = actor->swarm->interval / actor->share;

  actor_later (actor, mean * g_rand_double_range (actor->swarm->rand, 0.5, 1.5), producer_begin);
}

static void
producer_save (Actor *actor)
{
  actor_save (actor);
  producer_rest (actor);
}

static void
producer_begin (Actor *actor)
{
  if (!actor_load (actor))
    producer_rest (actor);
  else if (actor->held->len >= QK_SWARM_MAX_ENTRIES)
    {
      warn_once (actor->swarm, "the queue is full (1000 entries), as a real swarm's can be: purge "
                               "delivered ones and it goes on");
      g_clear_pointer (&actor->held, g_ptr_array_unref);
      producer_rest (actor);
    }
  else
    {
      actor->enqueue (actor);
      actor_later (actor, draw_hold (actor->swarm), producer_save);
    }
}

/* The highest score first, then the order in the file. */
static JsonObject *
choose_next (GPtrArray *entries, gint64 now, guint *n_ready)
{
  JsonObject *best = NULL;

  *n_ready = 0;
  for (guint i = 0; i < entries->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (entries, i);

      if (!qk_swarm_entry_is_ready (entry, now))
        continue;
      (*n_ready)++;
      if (best == NULL || qk_swarm_entry_get_score (entry) > qk_swarm_entry_get_score (best))
        best = entry;
    }
  return best;
}

static JsonObject *
find_entry (GPtrArray *entries, const char *id)
{
  for (guint i = 0; i < entries->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (entries, i);

      if (g_strcmp0 (qk_swarm_entry_get_id (entry), id) == 0)
        return entry;
    }
  return NULL;
}

/* One in ten deliveries goes wrong; one to nobody that exists always does. */
static void
settle (JsonObject *entry, GRand *rand, gint64 now)
{
  const char *recipient = qk_swarm_entry_get_recipient (entry);
  gboolean lucky = g_rand_int_range (rand, 0, 10) != 0;
  const char *error = errors[g_rand_int_range (rand, 0, G_N_ELEMENTS (errors))];

  if (recipient == NULL || *recipient == '\0')
    qk_swarm_entry_give_up (entry, "missing_recipient", now);
  else if (!lucky || g_str_equal (recipient, "so"))
    qk_swarm_entry_fail_attempt (entry, error, now);
  else
    qk_swarm_entry_set_status (entry, "DELIVERED", now);
}

static void processor_take (Actor *actor);

static void
processor_finished (Actor *actor)
{
  actor_save (actor);
  actor_later (actor, actor->swarm->interval * 0.15, processor_take);
}

static void
processor_finish (Actor *actor)
{
  g_autofree char *id = g_steal_pointer (&actor->taken);
  JsonObject *entry = NULL;

  if (actor_load (actor))
    entry = find_entry (actor->held, id);
  if (entry == NULL)
    {
      /* Purged meanwhile, or lost by one of the others. */
      g_clear_pointer (&actor->held, g_ptr_array_unref);
      actor_later (actor, actor->swarm->interval * 0.15, processor_take);
      return;
    }
  settle (entry, actor->swarm->rand, qk_swarm_wall_now ());
  actor_later (actor, draw_hold (actor->swarm), processor_finished);
}

static void
processor_taken (Actor *actor)
{
  actor_save (actor);
  actor_later (actor, actor->swarm->interval * g_rand_double_range (actor->swarm->rand, 0.3, 0.6),
               processor_finish);
}

static void
processor_take (Actor *actor)
{
  gint64 now = qk_swarm_wall_now ();
  guint n_ready = 0;
  JsonObject *entry = actor_load (actor) ? choose_next (actor->held, now, &n_ready) : NULL;
  gboolean calm = n_ready <= CALM_BACKLOG && g_rand_int_range (actor->swarm->rand, 0, 3) != 0;

  if (entry == NULL || calm)
    {
      g_clear_pointer (&actor->held, g_ptr_array_unref);
      actor_later (actor, actor->swarm->interval * 0.5, processor_take);
      return;
    }
  actor->taken = g_strdup (qk_swarm_entry_get_id (entry));
  qk_swarm_entry_set_status (entry, "PROCESSING", now);
  actor_later (actor, draw_hold (actor->swarm), processor_taken);
}

static Actor *
add_actor (QkSwarm *self)
{
  Actor *actor = g_new0 (Actor, 1);

  actor->swarm = self;
  g_ptr_array_add (self->actors, actor);
  return actor;
}

static void
add_producer (QkSwarm *self, void (*enqueue) (Actor *), double share)
{
  Actor *actor = add_actor (self);

  actor->enqueue = enqueue;
  actor->share = share;
  producer_rest (actor);
}

/**
 * qk_swarm_new:
 * @path: the queue file
 * @rate: messages per minute, from 1 to %QK_SWARM_MAX_RATE
 * @seed: what makes one run different from another
 *
 * Starts a swarm in the default main context.
 *
 * Returns: (transfer full): the swarm
 */
QkSwarm *
qk_swarm_new (const char *path, guint rate, guint32 seed)
{
  QkSwarm *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (rate > 0 && rate <= QK_SWARM_MAX_RATE, NULL);

  self = g_new0 (QkSwarm, 1);
  self->path = g_strdup (path);
  self->rand = g_rand_new_with_seed (seed);
  self->actors = g_ptr_array_new_with_free_func (actor_free);
  self->interval = 60.0 / rate;
  add_producer (self, enqueue_as_agent, 0.3);
  add_producer (self, enqueue_as_agent, 0.3);
  add_producer (self, enqueue_as_captain, 0.2);
  add_producer (self, enqueue_as_discord, 0.2);
  actor_later (add_actor (self), self->interval * 0.5, processor_take);
  return self;
}

/**
 * qk_swarm_free:
 * @self: (transfer full): a swarm
 *
 * Stops the swarm. A list that somebody holds is not saved any more.
 */
void
qk_swarm_free (QkSwarm *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->actors);
  g_rand_free (self->rand);
  g_free (self->path);
  g_free (self);
}
