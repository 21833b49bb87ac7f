#include "qkctl-action.h"

#include "qk-plan.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qkctl-json.h"
#include "qkctl-table.h"

char *
qkctl_count_messages (guint n)
{
  return g_strdup_printf ("%u %s", n, n == 1 ? "message" : "messages");
}

/* A pipe gets the outcome and nothing else: this is for a person. */
static void
print_how_to_undo (const QkctlOptions *options, gint64 operation)
{
  g_autofree char *quoted = g_shell_quote (options->file);
  g_autofree char *file = qk_text_reveal_line (quoted);

  qkctl_outf ("undo with: qkctl undo %s %" G_GINT64_FORMAT "\n", file, operation);
}

/* A line for each; an entry may have no id. */
void
qkctl_action_print_skipped (const QkResult *result)
{
  for (guint i = 0; i < result->skipped->len; i++)
    {
      const QkSkip *skip = g_ptr_array_index (result->skipped, i);
      g_autofree char *id =
          qk_text_reveal_line (skip->id != NULL && *skip->id != '\0' ? skip->id : "—");
      g_autofree char *reason = qk_text_reveal_line (skip->reason);

      qkctl_outf ("skipped %s: %s\n", id, reason);
    }
}

static void
print_human (const QkctlOptions *options, const QkResult *result, const char *done)
{
  g_autofree char *count = qkctl_count_messages (result->changed->len);

  for (guint i = 0; done == NULL && i < result->changed->len; i++)
    {
      g_autofree char *id = qk_text_reveal_line (g_ptr_array_index (result->changed, i));

      qkctl_outf ("%s\n", id);
    }
  if (done != NULL)
    qkctl_outf ("%s %s", done, count);
  if (done != NULL && result->skipped->len > 0)
    qkctl_outf (", skipped %u", result->skipped->len);
  if (done != NULL)
    qkctl_out ("\n");
  qkctl_action_print_skipped (result);
  if (result->operation != 0 && qkctl_terminal_is_shown ())
    print_how_to_undo (options, result->operation);
}

static void
print_result (const QkctlOptions *options, const QkResult *result, const char *done)
{
  if (options->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      qkctl_json_add_result (builder, result);
      json_builder_end_object (builder);
      qkctl_json_print (builder);
    }
  else
    {
      print_human (options, result, done);
    }
  if (result->changed->len > 0 && !result->durable && !result->settling)
    qkctl_note ("saved, but the system did not confirm that it is on the disk");
  if (result->kept != NULL)
    qkctl_note (
        "saved; what another program saved meanwhile could not be read whole and is kept as %s",
        result->kept);
  if (result->recovered != NULL)
    qkctl_note ("%s", result->recovered);
  if (result->no_undo != NULL)
    qkctl_note ("saved, but it cannot be undone: %s", result->no_undo);
}

/* Moves what became of the changes behind what was skipped before. */
static void
add_outcome (QkResult *result, const QkResult *outcome)
{
  for (guint i = 0; i < outcome->changed->len; i++)
    qk_result_take_changed (result, g_strdup (g_ptr_array_index (outcome->changed, i)));
  for (guint i = 0; i < outcome->skipped->len; i++)
    {
      const QkSkip *skip = g_ptr_array_index (outcome->skipped, i);

      qk_result_take_skipped (result, g_strdup (skip->id), g_strdup (skip->reason));
    }
  result->attempts = outcome->attempts;
  result->waited = outcome->waited;
  result->conflicts = outcome->conflicts;
  result->durable = outcome->durable;
  result->settling = outcome->settling;
  result->operation = outcome->operation;
  result->kept = g_strdup (outcome->kept);
  result->recovered = g_strdup (outcome->recovered);
  result->no_undo = g_strdup (outcome->no_undo);
}

/* What happened to the history, if anything did. */
void
qkctl_action_tell_notice (QkctlSession *session)
{
  g_autofree char *notice = qk_history_steal_notice (qkctl_session_get_history (session));

  if (notice != NULL)
    qkctl_note ("%s", notice);
}

static void
print_rehearsal_json (const QkResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "would_change");
  json_builder_begin_array (builder);
  for (guint i = 0; i < result->changed->len; i++)
    {
      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "id", result->changed->pdata[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  qkctl_json_add_skipped (builder, result);
  json_builder_end_object (builder);
  qkctl_json_print (builder);
}

static void
print_rehearsal (const QkctlOptions *options, const QkResult *result)
{
  g_autofree char *count = qkctl_count_messages (result->changed->len);

  qkctl_outf ("Would %s %s", options->verb, count);
  if (result->skipped->len > 0)
    qkctl_outf (", skip %u", result->skipped->len);
  qkctl_out ("\n");
  for (guint i = 0; i < result->changed->len; i++)
    {
      g_autofree char *id = qk_text_reveal_line (result->changed->pdata[i]);

      qkctl_outf ("%s\n", *id != '\0' ? id : "—");
    }
  qkctl_action_print_skipped (result);
}

/* What a save would do now, by the plan that it makes. */
static QkctlExit
rehearse (QkctlSession *session, const QkctlOptions *options, GPtrArray *changes, QkResult *result)
{
  QkDocument *document = qk_store_get_document (qkctl_session_get_store (session));
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, qk_wall_now ());

  for (guint i = 0; i < changes->len; i++)
    {
      const char *reason, *known = qk_change_get_id (changes->pdata[i]);
      char *id = g_strdup (known != NULL ? known : "");

      if (qk_plan_get_verdict (plan, i, &reason) == QK_VERDICT_CHANGED)
        qk_result_take_changed (result, id);
      else
        qk_result_take_skipped (
            result, id, g_strdup (reason != NULL ? reason : "nothing in it would be different"));
    }
  if (options->json)
    print_rehearsal_json (result);
  else
    print_rehearsal (options, result);
  return result->skipped->len > 0 ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}

/* Saves @changes, if any, and prints the outcome: "@done 3 messages", or the ids alone where @done
 * is NULL. @result holds what was skipped before. With --dry-run only says what would be done. */
QkctlExit
qkctl_action_run (QkctlSession *session,
                  const QkctlOptions *options,
                  GPtrArray *changes,
                  QkResult *result,
                  const char *done)
{
  QkctlExit code = QKCTL_EXIT_DONE;
  gboolean stays = TRUE;

  if (options->dry_run)
    return rehearse (session, options, changes, result);
  if (changes->len > 0)
    {
      g_autoptr (QkResult) outcome = NULL;

      if (options->guard > 0)
        qkctl_session_begin_guard (session, options->guard);
      outcome = qkctl_session_apply (session, changes, &options->policy, &code);
      if (outcome == NULL)
        return code;
      add_outcome (result, outcome);
      stays = qkctl_session_guard (session);
    }
  print_result (options, result, done);
  qkctl_action_tell_notice (session);
  return result->skipped->len > 0 || !stays ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}
