#include "qkctl-json.h"

#include "qk-time.h"
#include "qkctl-terminal.h"

/* One line: the value that was built, and a line end. */
void
qkctl_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;
  gsize length;

  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, &length);
  qkctl_out_raw (text, length);
  qkctl_out_raw ("\n", 1);
}

/* @text may be NULL: null. */
void
qkctl_json_add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

void
qkctl_json_add_number (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
qkctl_json_add_seconds (JsonBuilder *builder, const char *name, gint64 usec)
{
  gint64 msec = (usec + (usec < 0 ? -500 : 500)) / 1000;

  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, (double) msec / 1000);
}

/* {"PENDING":3}: those that occur. */
static void
add_counts (JsonBuilder *builder, const char *name, const guint *by_status)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  for (guint i = 0; by_status != NULL && i < QK_N_STATUSES; i++)
    if (by_status[i] > 0)
      qkctl_json_add_number (builder, qk_status_get_name ((QkStatus) i), by_status[i]);
  json_builder_end_object (builder);
}

/* @summary is NULL where there is nothing that could be counted. */
void
qkctl_json_add_summary (JsonBuilder *builder,
                        const char *path,
                        const QkSummary *summary,
                        gint64 now,
                        gboolean damaged)
{
  qkctl_json_add_text (builder, "path", path);
  qkctl_json_add_number (builder, "total", summary != NULL ? summary->total : 0);
  add_counts (builder, "by_status", summary != NULL ? summary->by_status : NULL);
  json_builder_set_member_name (builder, "agents");
  json_builder_begin_object (builder);
  for (guint i = 0; summary != NULL && i < summary->agents->len; i++)
    {
      const QkAgentCount *agent = g_ptr_array_index (summary->agents, i);

      add_counts (builder, agent->name, agent->by_status);
    }
  json_builder_end_object (builder);
  qkctl_json_add_number (builder, "stuck", summary != NULL ? summary->stuck : 0);
  qkctl_json_add_number (builder, "hazards", summary != NULL ? summary->hazards : 0);
  if (summary != NULL && summary->oldest_pending != QK_WALL_NONE)
    qkctl_json_add_seconds (builder, "oldest_pending_s", now - summary->oldest_pending);
  else
    qkctl_json_add_text (builder, "oldest_pending_s", NULL);
  json_builder_set_member_name (builder, "damaged");
  json_builder_add_boolean_value (builder, damaged);
}

void
qkctl_json_add_skipped (JsonBuilder *builder, const QkResult *result)
{
  json_builder_set_member_name (builder, "skipped");
  json_builder_begin_array (builder);
  for (guint i = 0; i < result->skipped->len; i++)
    {
      const QkSkip *skip = g_ptr_array_index (result->skipped, i);

      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "id", skip->id);
      qkctl_json_add_text (builder, "reason", skip->reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
qkctl_json_add_result (JsonBuilder *builder, const QkResult *result)
{
  json_builder_set_member_name (builder, "changed");
  json_builder_begin_array (builder);
  for (guint i = 0; i < result->changed->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (result->changed, i));
  json_builder_end_array (builder);
  qkctl_json_add_skipped (builder, result);
  qkctl_json_add_number (builder, "attempts", result->attempts);
  qkctl_json_add_seconds (builder, "waited_s", result->waited);
  qkctl_json_add_number (builder, "conflicts", result->conflicts);
  qkctl_json_add_text (builder, "recovered", result->recovered);
  if (result->operation != 0)
    qkctl_json_add_number (builder, "operation", result->operation);
  else
    qkctl_json_add_text (builder, "operation", NULL);
}

static void
add_holder (JsonBuilder *builder, const QkHolder *holder)
{
  g_autofree char *started = NULL;

  json_builder_set_member_name (builder, "holder");
  if (holder == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  if (holder->started > 0)
    started = qk_wall_format (qk_wall_from_unix (holder->started));
  json_builder_begin_object (builder);
  qkctl_json_add_text (builder, "state", qk_holder_state_get_name (holder->state));
  if (holder->state == QK_HOLDER_FOUND)
    {
      qkctl_json_add_text (builder, "how", qk_holder_how_get_name (holder->how));
      qkctl_json_add_number (builder, "pid", holder->pid);
      qkctl_json_add_text (builder, "name", holder->name);
      qkctl_json_add_text (builder, "user", holder->user);
      qkctl_json_add_text (builder, "started", started);
      qkctl_json_add_text (builder, "command", holder->command);
    }
  if (holder->state == QK_HOLDER_UNKNOWN)
    qkctl_json_add_text (builder, "reason", holder->reason);
  json_builder_end_object (builder);
}

void
qkctl_json_add_lock_event (JsonBuilder *builder, const QkLockEvent *event)
{
  static const char *const outcomes[] = {
      [QK_LOCK_OUTCOME_RETRY] = "retry",
      [QK_LOCK_OUTCOME_GIVE_UP] = "give-up",
      [QK_LOCK_OUTCOME_MERGED] = "merged",
  };
  static const char *const operations[] = {
      [QK_OPERATION_READ] = "read",
      [QK_OPERATION_SAVE] = "save",
  };

  qkctl_json_add_text (builder, "operation", operations[event->operation]);
  qkctl_json_add_text (builder, "kind", qk_lock_kind_get_name (event->kind));
  qkctl_json_add_number (builder, "code", event->code);
  qkctl_json_add_number (builder, "attempt", event->attempt);
  qkctl_json_add_number (builder, "attempts", event->attempts);
  qkctl_json_add_seconds (builder, "delay_s", event->delay);
  qkctl_json_add_text (builder, "outcome", outcomes[event->outcome]);
  add_holder (builder, event->holder);
}
