#include "qkctl-action.h"
#include "qkctl-options.h"
#include "qkctl-select.h"
#include "qkctl-terminal.h"

#include "qk-text.h"
#include "qk-time.h"

typedef enum {
  ANSWER_YES,
  ANSWER_NO,
  ANSWER_INTERRUPTED,
} Answer;

/* What was agreed to on the command line. */
typedef struct {
  gboolean yes;         /* nobody is to be asked */
  gboolean in_delivery; /* what is being delivered goes, too */
} Consent;

/* Somebody is at work on it at this moment. What is stuck is not. */
static gboolean
is_in_delivery (const QkEntry *entry, gint64 now)
{
  return qk_entry_get_status (entry) == QK_STATUS_PROCESSING &&
         !qk_entry_is_stuck (entry, now, QK_STUCK_WARNING_S);
}

/* " 2 of them are being delivered and may have arrived.", or nothing. */
static char *
describe_deliveries (GPtrArray *entries)
{
  gint64 now = qk_wall_now ();
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    n += is_in_delivery (g_ptr_array_index (entries, i), now);
  if (n == 0)
    return g_strdup ("");
  if (entries->len == 1)
    return g_strdup (" It is being delivered and may have arrived.");
  return g_strdup_printf (" %u of them %s being delivered and may have arrived.", n,
                          n == 1 ? "is" : "are");
}

static Answer
ask (QkctlSession *session, GPtrArray *entries)
{
  g_autofree char *count = qkctl_count_messages (entries->len);
  g_autofree char *safe = qk_text_reveal_line (qkctl_session_get_path (session));
  g_autofree char *deliveries = describe_deliveries (entries);
  g_autofree char *question =
      g_strdup_printf ("Purge %s from %s?%s [y/N] ", count, safe, deliveries);
  g_autofree char *answer = qkctl_terminal_ask (question, qkctl_session_get_cancellable (session));

  if (qkctl_session_get_interruption (session) != QKCTL_EXIT_DONE)
    return ANSWER_INTERRUPTED;
  if (answer != NULL &&
      (g_ascii_strcasecmp (answer, "y") == 0 || g_ascii_strcasecmp (answer, "yes") == 0))
    return ANSWER_YES;
  return ANSWER_NO;
}

static void
skip_all (GPtrArray *entries, QkResult *result)
{
  for (guint i = 0; i < entries->len; i++)
    {
      char *id = qk_entry_dup_field (g_ptr_array_index (entries, i), QK_FIELD_ID);

      qk_result_take_skipped (result, id != NULL ? id : g_strdup (""), g_strdup ("not confirmed"));
    }
}

/* Nobody is asked, and nobody said that these, too, are to go. */
static void
skip_deliveries (GPtrArray *entries, QkResult *result)
{
  gint64 now = qk_wall_now ();

  for (guint i = 0; i < entries->len; i++)
    {
      const QkEntry *entry = g_ptr_array_index (entries, i);
      char *id;

      if (!is_in_delivery (entry, now))
        continue;
      id = qk_entry_dup_field (entry, QK_FIELD_ID);
      qk_result_take_skipped (result, id != NULL ? id : g_strdup (""),
                              g_strdup ("it was being delivered and may have arrived; "
                                        "--in-delivery purges it all the same"));
      g_ptr_array_remove_index (entries, i--);
    }
}

static QkctlExit
purge_entries (QkctlSession *session,
               const QkctlOptions *options,
               const Consent *consent,
               GPtrArray *entries,
               QkResult *result)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  Answer answer = ANSWER_YES;

  if (consent->yes && !consent->in_delivery)
    skip_deliveries (entries, result);
  if (!consent->yes && !options->dry_run && entries->len > 0)
    answer = ask (session, entries);
  if (answer == ANSWER_INTERRUPTED)
    return qkctl_session_report_interruption (session);
  if (answer == ANSWER_NO && !options->json)
    {
      qkctl_out ("Nothing was purged\n");
      return QKCTL_EXIT_SKIPPED;
    }
  if (answer == ANSWER_NO)
    skip_all (entries, result);
  for (guint i = 0; answer == ANSWER_YES && i < entries->len; i++)
    g_ptr_array_add (changes, qk_change_new_purge (g_ptr_array_index (entries, i)));
  return qkctl_action_run (session, options, changes, result, "Purged");
}

static QkctlExit
purge (const QkctlOptions *options, const Consent *consent, const QkctlFilter *filter)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (QkResult) result = qk_result_new ();
  g_autoptr (QkDocument) document = NULL;
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  /* The store may take a newer version while the question is open. */
  document = qk_document_ref (qk_store_get_document (qkctl_session_get_store (session)));
  if (options->arguments[0] != NULL)
    entries = qkctl_select_ids (document, options->arguments, result);
  else
    entries = qkctl_select_matching (document, filter, G_MAXUINT);
  if (entries == NULL)
    return QKCTL_EXIT_USAGE;
  return purge_entries (session, options, consent, entries, result);
}

static gboolean
check_request (char **ids, gboolean chosen, gboolean narrowed)
{
  if (ids[0] == NULL && !chosen)
    qkctl_usage ("say which messages: ids, --status, --error or --filter");
  else if (ids[0] != NULL && (chosen || narrowed))
    qkctl_usage ("ids go without --status, --error, --filter, --agent and --older-than");
  else
    return TRUE;
  return FALSE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_auto (GStrv) agents = NULL, statuses = NULL, errors = NULL;
  g_autofree char *older = NULL, *query = NULL;
  Consent consent = {FALSE, FALSE};
  gint64 age = 0;
  const GOptionEntry entries[] = {
      {"status", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &statuses, "All messages in STATUS", "STATUS"},
      {"error", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &errors,
       "All messages that failed like CLASS, as “qkctl errors” prints it", "CLASS"},
      {"filter", 0, 0, G_OPTION_ARG_FILENAME, &query,
       "All messages that FILTER finds, as “qkctl list” has it", "FILTER"},
      {"agent", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &agents, "Of those, the ones to AGENT", "AGENT"},
      {"older-than", 0, 0, G_OPTION_ARG_FILENAME, &older,
       "Of those, the ones created longer ago: 90s, 15m, 12h, 7d, 2w", "AGE"},
      {"yes", 'y', 0, G_OPTION_ARG_NONE, &consent.yes, "Do not ask", NULL},
      {"in-delivery", 0, 0, G_OPTION_ARG_NONE, &consent.in_delivery,
       "With --yes: purge also what is being delivered and may have arrived", NULL},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  g_auto (QkctlFilter) filter;

  qkctl_filter_init (&filter);
  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  qkctl_options_add_dry_run (options, "purge");
  if (!qkctl_options_parse (options, argv) || !qkctl_filter_set_agents (&filter, agents) ||
      !qkctl_filter_set_statuses (&filter, statuses) ||
      !qkctl_filter_set_errors (&filter, errors) || !qkctl_filter_set_query (&filter, query) ||
      (older != NULL && !qkctl_parse_age ("--older-than", older, &age)) ||
      !check_request (options->arguments, statuses != NULL || errors != NULL || query != NULL,
                      agents != NULL || older != NULL))
    return QKCTL_EXIT_USAGE;
  if (older != NULL)
    filter.created_before = qk_wall_now () - age;
  if (!consent.yes && !options->dry_run && !qkctl_terminal_can_ask ())
    return qkctl_usage ("there is no terminal to ask on: add --yes to purge without a question");
  return purge (options, &consent, &filter);
}

const QkctlCommand qkctl_command_purge = {
    .name = "purge",
    .arguments = "FILE ID… | FILE --status S | --error CLASS [--agent A] [--older-than AGE]",
    .summary = "Take messages out of the queue",
    .description =
        "Asks first, unless --yes is given; exits with 1 if the answer is no. With --yes, what is being\n"
        "delivered (PROCESSING and not stuck) is skipped unless --in-delivery is given, too: it may have\n"
        "arrived. A message that changed since it was looked at is skipped. One without a readable\n"
        "created_at is never older than AGE.\n"
        "--status, --error and --agent may be repeated: any of them. All that is given must hold. ids may be shortened.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; with\n"
        "--dry-run: would_change (id), skipped.",
    .run = run,
};
