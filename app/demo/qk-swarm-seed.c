#include "qk-swarm-seed.h"

#include "qk-swarm-entry.h"

/* How an entry got where it is. */
typedef enum {
  STATE_DELIVERED,
  STATE_PENDING,
  STATE_PROCESSING,
  STATE_STUCK,
  STATE_RETRYING,
  STATE_FAILED,
  STATE_REFUSED,
} State;

typedef struct {
  QkSwarmTextKind kind;
  const char *sender;
  const char *recipient;
  State state;
  gboolean urgent;
  gboolean low;
  guint age;         /* since it was created, in seconds */
  guint batch;       /* entries of the same batch have the same content; 0 is none */
  const char *error; /* of a failed one */
} Plan;

#define ORDER     QK_SWARM_TEXT_ORDER, "CAPTAIN"
#define BROADCAST QK_SWARM_TEXT_BROADCAST, "CAPTAIN"
#define REPORT    QK_SWARM_TEXT_REPORT
#define ASK       QK_SWARM_TEXT_COORDINATION
#define HUMAN     QK_SWARM_TEXT_HUMAN, "Discord User (mara.l)"

/* The newest entries, newest last. Among them: a broadcast that reached 6 of 8 agents, one that
 * reached all, failures with their errors, a stuck one, one between two attempts, recipients that
 * are no agents. */
static const Plan newest[] = {
    {BROADCAST, "Agent-1", STATE_DELIVERED, .age = 2402, .batch = 1},
    {BROADCAST, "Agent-2", STATE_DELIVERED, .age = 2402, .batch = 1},
    {BROADCAST, "Agent-3", STATE_DELIVERED, .age = 2402, .batch = 1},
    {BROADCAST, "Agent-4", STATE_DELIVERED, .age = 2401, .batch = 1},
    {BROADCAST, "Agent-5", STATE_DELIVERED, .age = 2401, .batch = 1},
    {BROADCAST, "Agent-6", STATE_DELIVERED, .age = 2401, .batch = 1},
    {BROADCAST, "Agent-7", STATE_DELIVERED, .age = 2400, .batch = 1},
    {BROADCAST, "Agent-8", STATE_DELIVERED, .age = 2400, .batch = 1},
    {REPORT, "Agent-2", "Agent-4", STATE_DELIVERED, .age = 2110},
    {HUMAN, "", STATE_REFUSED, .age = 1905, .error = "missing_recipient"},
    {ORDER, "Agent-5", STATE_DELIVERED, .age = 1620},
    {ASK, "Agent-5", "Agent-2", STATE_DELIVERED, .age = 1415},
    {QK_SWARM_TEXT_ONBOARDING, "CAPTAIN", "Agent-8", STATE_DELIVERED, .age = 1290},
    {REPORT, "Agent-6", "CAPTAIN", STATE_DELIVERED, .age = 1033},
    {ORDER, "Agent-3", STATE_FAILED, .age = 725, .error = "delivery_failed_after_3_attempts"},
    {ASK, "Agent-1", "Agent-7", STATE_FAILED, .age = 640, .error = "target_window_not_found"},
    {ORDER, "Agent-3", STATE_STUCK, .urgent = TRUE, .age = 410},
    {BROADCAST, "Agent-1", STATE_DELIVERED, .age = 242, .batch = 2},
    {BROADCAST, "Agent-2", STATE_DELIVERED, .age = 242, .batch = 2},
    {BROADCAST, "Agent-3", STATE_DELIVERED, .age = 242, .batch = 2},
    {BROADCAST, "Agent-4", STATE_DELIVERED, .age = 241, .batch = 2},
    {BROADCAST, "Agent-5", STATE_DELIVERED, .age = 241, .batch = 2},
    {BROADCAST, "Agent-6", STATE_DELIVERED, .age = 241, .batch = 2},
    {BROADCAST, "Agent-7", STATE_FAILED, .age = 240, .batch = 2,
     .error = "delivery_failed_after_3_attempts"},
    {BROADCAST, "Agent-8", STATE_RETRYING, .age = 240, .batch = 2},
    {ASK, "Agent-4", "Agent-8", STATE_PENDING, .age = 205},
    {REPORT, "Agent-7", "so", STATE_PENDING, .low = TRUE, .age = 190},
    {REPORT, "Agent-2", "Discord", STATE_PENDING, .low = TRUE, .age = 171},
    {ASK, "Agent-2", "Agent-7", STATE_PENDING, .age = 95},
    {QK_SWARM_TEXT_ONBOARDING, "CAPTAIN", "Agent-5", STATE_PENDING, .age = 88},
    {REPORT, "Agent-3", "CAPTAIN", STATE_PENDING, .age = 64},
    {ORDER, "Agent-2", STATE_PENDING, .age = 52},
    {ASK, "Agent-8", "Agent-3", STATE_PENDING, .age = 41},
    {ORDER, "Agent-7", STATE_PENDING, .age = 33},
    {REPORT, "Agent-1", "Agent-4", STATE_PROCESSING, .age = 20},
    {ASK, "Agent-6", "Agent-3", STATE_PENDING, .age = 12},
    {HUMAN, "Agent-7", STATE_PENDING, .urgent = TRUE, .age = 3},
    {HUMAN, "Agent-1", STATE_PENDING, .urgent = TRUE, .age = 2},
};

#undef ORDER
#undef BROADCAST
#undef REPORT
#undef ASK
#undef HUMAN

static const char *const agents[] = {"Agent-1", "Agent-2", "Agent-3", "Agent-4",
                                     "Agent-5", "Agent-6", "Agent-7", "Agent-8"};

/* An entry from before @newest: delivered long ago, one in forty failed. */
static void
make_old_plan (GRand *rand, guint distance, Plan *plan)
{
  static const QkSwarmTextKind kinds[] = {QK_SWARM_TEXT_ORDER, QK_SWARM_TEXT_COORDINATION,
                                          QK_SWARM_TEXT_COORDINATION, QK_SWARM_TEXT_REPORT};

  plan->kind = kinds[g_rand_int_range (rand, 0, G_N_ELEMENTS (kinds))];
  plan->sender =
      plan->kind == QK_SWARM_TEXT_ORDER ? "CAPTAIN" : agents[g_rand_int_range (rand, 0, 8)];
  plan->recipient =
      plan->kind == QK_SWARM_TEXT_REPORT ? "Agent-4" : agents[g_rand_int_range (rand, 0, 8)];
  plan->urgent = g_rand_int_range (rand, 0, 20) == 0;
  plan->age = newest[0].age + 60 * distance + (guint) g_rand_int_range (rand, 0, 60);
  if (g_rand_int_range (rand, 0, 40) == 0)
    {
      plan->state = STATE_FAILED;
      plan->error = "delivery_failed_after_3_attempts";
    }
}

/* Plays the life of the entry so far. */
static void
bring_up (JsonObject *entry, const Plan *plan, gint64 created, gint64 end)
{
  const gint64 second = G_USEC_PER_SEC;
  const gint64 jitter = created % second / 3;

  switch (plan->state)
    {
    case STATE_DELIVERED:
      qk_swarm_entry_set_status (entry, "DELIVERED", created + 9 * second + jitter);
      break;
    case STATE_PROCESSING:
      qk_swarm_entry_set_status (entry, "PROCESSING", end - second - jitter);
      break;
    case STATE_STUCK:
      qk_swarm_entry_set_status (entry, "PROCESSING", created + 20 * second + jitter);
      break;
    case STATE_RETRYING:
      qk_swarm_entry_fail_attempt (entry, "timeout", end - 22 * second);
      qk_swarm_entry_fail_attempt (entry, "timeout", end - 4 * second - jitter);
      break;
    case STATE_FAILED:
      qk_swarm_entry_fail_attempt (entry, plan->error, created + 6 * second + jitter);
      qk_swarm_entry_fail_attempt (entry, plan->error, created + 13 * second + jitter);
      qk_swarm_entry_fail_attempt (entry, plan->error, created + 31 * second + jitter);
      break;
    case STATE_REFUSED:
      qk_swarm_entry_give_up (entry, plan->error, created + 2 * second + jitter);
      break;
    case STATE_PENDING:
    default:
      break;
    }
}

/**
 * qk_swarm_seed_entry:
 * @seed: what makes one queue different from another
 * @index: which entry, from 0
 * @n_entries: how many the queue has in all
 * @end: when the queue was last seen, in wall microseconds
 * @min_length: the shortest content, in bytes
 * @max_length: the longest content, in bytes
 *
 * Makes up one entry of a queue. The same arguments give the same entry.
 *
 * Returns: (transfer full): the entry
 */
JsonObject *
qk_swarm_seed_entry (guint32 seed,
                     guint index,
                     guint n_entries,
                     gint64 end,
                     gsize min_length,
                     gsize max_length)
{
  const guint32 state[] = {seed, index};
  g_autoptr (GRand) rand = g_rand_new_with_seed_array (state, G_N_ELEMENTS (state));
  guint distance;
  Plan plan = {0};
  QkSwarmMessage message;
  gint64 created;
  JsonObject *entry;

  g_return_val_if_fail (index < n_entries, NULL);
  g_return_val_if_fail (min_length < max_length && max_length <= G_MAXINT32, NULL);

  distance = n_entries - 1 - index;
  if (distance < G_N_ELEMENTS (newest))
    plan = newest[G_N_ELEMENTS (newest) - 1 - distance];
  else
    make_old_plan (rand, distance - G_N_ELEMENTS (newest), &plan);

  created = end - (gint64) plan.age * G_USEC_PER_SEC - g_rand_int_range (rand, 1, 400000);
  message = (QkSwarmMessage){
      .kind = plan.kind,
      .sender = plan.sender,
      .recipient = plan.recipient,
      .urgent = plan.urgent,
      .low = plan.low,
  };
  /* Short ones are more frequent than long ones. */
  message.length = min_length + (gsize) ((double) (max_length - min_length) * g_rand_double (rand) *
                                         g_rand_double (rand));
  entry = qk_swarm_entry_new (rand, &message, created);
  if (plan.batch != 0)
    {
      const guint32 batch_state[] = {seed, G_MAXUINT32, plan.batch};
      g_autoptr (GRand) batch_rand = g_rand_new_with_seed_array (batch_state, 3);
      g_autofree char *content =
          qk_swarm_text_compose (batch_rand, plan.kind, plan.sender, "all agents", min_length);

      json_object_set_string_member (json_object_get_object_member (entry, "message"), "content",
                                     content);
    }
  bring_up (entry, &plan, created, end);
  return entry;
}
