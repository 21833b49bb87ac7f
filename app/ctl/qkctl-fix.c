#include "qkctl-action.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-select.h"
#include "qkctl-terminal.h"

#include "qk-fix.h"
#include "qk-plan.h"
#include "qk-text.h"
#include "qk-time.h"

static GPtrArray *
make_changes (GPtrArray *entries)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (changes, qk_change_new_fix (g_ptr_array_index (entries, i)));
  return changes;
}

/* Sorts @entries into those that would be fixed, which are returned, and the skipped ones. */
static GPtrArray *
rehearse (QkDocument *document, GPtrArray *entries, QkResult *result)
{
  g_autoptr (GPtrArray) changes = make_changes (entries);
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, qk_wall_now ());
  GPtrArray *fixed = g_ptr_array_new ();

  for (guint i = 0; i < changes->len; i++)
    {
      const char *reason, *id = qk_change_get_id (g_ptr_array_index (changes, i));

      if (qk_plan_get_verdict (plan, i, &reason) == QK_VERDICT_CHANGED)
        g_ptr_array_add (fixed, g_ptr_array_index (entries, i));
      else
        qk_result_take_skipped (result, g_strdup (id != NULL ? id : ""), g_strdup (reason));
    }
  return fixed;
}

static void
add_rehearsed (JsonBuilder *builder, const QkEntry *entry)
{
  g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);
  g_auto (GStrv) lines = qk_fix_describe (entry);

  json_builder_begin_object (builder);
  qkctl_json_add_text (builder, "id", id);
  json_builder_set_member_name (builder, "fixes");
  json_builder_begin_array (builder);
  for (guint i = 0; lines[i] != NULL; i++)
    json_builder_add_string_value (builder, lines[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_rehearsal_json (GPtrArray *fixed, const QkResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "would_change");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fixed->len; i++)
    add_rehearsed (builder, g_ptr_array_index (fixed, i));
  json_builder_end_array (builder);
  qkctl_json_add_skipped (builder, result);
  json_builder_end_object (builder);
  qkctl_json_print (builder);
}

static void
print_rehearsal (GPtrArray *fixed, const QkResult *result)
{
  g_autofree char *count = qkctl_count_messages (fixed->len);

  qkctl_outf ("Would fix %s", count);
  if (result->skipped->len > 0)
    qkctl_outf (", skip %u", result->skipped->len);
  qkctl_out ("\n");
  for (guint i = 0; i < fixed->len; i++)
    {
      const QkEntry *entry = g_ptr_array_index (fixed, i);
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);
      g_autofree char *safe = qk_text_reveal_line (id != NULL ? id : "—");
      g_auto (GStrv) lines = qk_fix_describe (entry);

      for (guint line = 0; lines[line] != NULL; line++)
        qkctl_outf ("%s: %s\n", safe, lines[line]);
    }
  qkctl_action_print_skipped (result);
}

static QkctlExit
fix_entries (QkctlSession *session,
             const QkctlOptions *options,
             gboolean dry_run,
             GPtrArray *entries,
             QkResult *result)
{
  g_autoptr (GPtrArray) changes = NULL, fixed = NULL;

  if (!dry_run)
    {
      changes = make_changes (entries);
      return qkctl_action_run (session, options, changes, result, "Fixed");
    }
  fixed = rehearse (qk_store_get_document (qkctl_session_get_store (session)), entries, result);
  if (options->json)
    print_rehearsal_json (fixed, result);
  else
    print_rehearsal (fixed, result);
  return result->skipped->len > 0 ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}

static QkctlExit
fix (const QkctlOptions *options, gboolean dry_run)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (QkResult) result = qk_result_new ();
  QkDocument *document;
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  document = qk_store_get_document (qkctl_session_get_store (session));
  if (options->arguments[0] != NULL)
    {
      entries = qkctl_select_ids (document, options->arguments, result);
    }
  else
    {
      g_auto (QkctlFilter) filter;

      qkctl_filter_init (&filter);
      filter.hazard = TRUE;
      entries = qkctl_select_matching (document, &filter, G_MAXUINT);
    }
  if (entries == NULL)
    return QKCTL_EXIT_USAGE;
  return fix_entries (session, options, dry_run, entries, result);
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  gboolean all = FALSE, dry_run = FALSE;
  const GOptionEntry entries[] = {
      {"all", 0, 0, G_OPTION_ARG_NONE, &all, "All messages that are flagged", NULL},
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "Only tell what would be changed", NULL},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] == NULL && !all)
    return qkctl_usage ("say which messages: ids or --all");
  if (options->arguments[0] != NULL && all)
    return qkctl_usage ("ids and --all exclude each other");
  return fix (options, dry_run);
}

const QkctlCommand qkctl_command_fix = {
    .name = "fix",
    .arguments = "FILE ID… | FILE --all",
    .summary = "Put right what the swarm trips over",
    .description =
        "Only the values at fault are changed: a priority_score that is no number, metadata that is no\n"
        "object, half a character, a time zone in created_at, NaN and Infinity, a missing key that\n"
        "follows from others. Nothing is guessed: what a person must decide is skipped, with the\n"
        "reason. “qkctl list --hazard” lists what is flagged, “qkctl undo” puts it back as it was.\n"
        "ids may be shortened.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; with\n"
        "--dry-run: would_change (id, fixes), skipped.",
    .run = run,
};
