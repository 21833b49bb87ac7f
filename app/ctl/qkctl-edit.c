#include "qkctl-action.h"
#include "qkctl-content.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-select.h"
#include "qkctl-terminal.h"

#include "qk-plan.h"
#include "qk-text-diff.h"
#include "qk-text.h"
#include "qk-time.h"

/* What the command line asks for. */
typedef struct {
  char *to;           /* owned, nullable: as the others */
  char *priority;     /* owned */
  char *content;      /* owned */
  char *content_file; /* owned */
  gboolean dry_run;
} EditRequest;

static void
request_clear (EditRequest *request)
{
  g_free (request->to);
  g_free (request->priority);
  g_free (request->content);
  g_free (request->content_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EditRequest, request_clear)

/* One value of a message, and what it becomes. */
typedef struct {
  const char *name;
  char *before; /* owned */
  char *after;  /* owned */
} Difference;

static void
difference_clear (gpointer data)
{
  Difference *difference = data;

  g_free (difference->before);
  g_free (difference->after);
}

static void
add_difference (GArray *differences,
                const char *name,
                const QkEntry *entry,
                QkField field,
                const char *wanted)
{
  Difference difference = {name, qk_entry_dup_field (entry, field), g_strdup (wanted)};

  if (wanted != NULL && g_strcmp0 (difference.before, wanted) != 0)
    g_array_append_val (differences, difference);
  else
    difference_clear (&difference);
}

static GArray *
compare (const QkEntry *entry, const EditRequest *request)
{
  GArray *differences = g_array_new (FALSE, FALSE, sizeof (Difference));

  g_array_set_clear_func (differences, difference_clear);
  add_difference (differences, "recipient", entry, QK_FIELD_RECIPIENT, request->to);
  add_difference (differences, "priority", entry, QK_FIELD_PRIORITY, request->priority);
  add_difference (differences, "content", entry, QK_FIELD_CONTENT, request->content);
  return differences;
}

static void
print_line (const QkTextDiffLine *line, const char *text)
{
  static const QkctlColour colours[] = {
      [QK_TEXT_DIFF_SAME] = QKCTL_COLOUR_NONE,
      [QK_TEXT_DIFF_REMOVED] = QKCTL_COLOUR_RED,
      [QK_TEXT_DIFF_ADDED] = QKCTL_COLOUR_GREEN,
  };
  g_autofree char *part = g_strndup (text + line->start, line->length);
  g_autofree char *safe = qk_text_reveal_line (part);
  g_autofree char *signed_line = g_strdup_printf ("%c%s\n", " -+"[line->kind], safe);

  qkctl_out_coloured (colours[line->kind], signed_line);
}

static void
print_difference (const Difference *difference)
{
  const char *before = difference->before != NULL ? difference->before : "";
  g_autoptr (QkTextDiff) diff = qk_text_diff_new (before, difference->after);

  qkctl_outf ("%s:\n", difference->name);
  for (guint i = 0; i < diff->lines->len; i++)
    {
      const QkTextDiffLine *line = &g_array_index (diff->lines, QkTextDiffLine, i);

      print_line (line, line->kind == QK_TEXT_DIFF_ADDED ? difference->after : before);
    }
}

static void
print_rehearsal_json (const QkEntry *entry, const GArray *differences, const QkResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "would_change");
  json_builder_begin_array (builder);
  if (result->skipped->len == 0)
    {
      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "id", id);
      for (guint i = 0; i < differences->len; i++)
        {
          const Difference *difference = &g_array_index (differences, Difference, i);

          json_builder_set_member_name (builder, difference->name);
          json_builder_begin_object (builder);
          qkctl_json_add_text (builder, "before", difference->before);
          qkctl_json_add_text (builder, "after", difference->after);
          json_builder_end_object (builder);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  qkctl_json_add_skipped (builder, result);
  json_builder_end_object (builder);
  qkctl_json_print (builder);
}

static const char *
get_outcome (const QkEntry *entry)
{
  switch (qk_entry_get_status (entry))
    {
    case QK_STATUS_DELIVERED:
    case QK_STATUS_EXPIRED:
      return "Would send an edited copy of 1 message";
    case QK_STATUS_PENDING:
      return "Would edit 1 message";
    case QK_STATUS_PROCESSING:
    case QK_STATUS_FAILED:
    case QK_STATUS_UNKNOWN:
    default:
      return "Would edit and resend 1 message";
    }
}

/* Tells what @change would do, and why it would not. */
static QkctlExit
rehearse (QkDocument *document,
          const QkctlOptions *options,
          const QkEntry *entry,
          GPtrArray *changes,
          const EditRequest *request)
{
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, qk_wall_now ());
  g_autoptr (GArray) differences = compare (entry, request);
  g_autoptr (QkResult) result = qk_result_new ();
  const char *reason;

  if (qk_plan_get_verdict (plan, 0, &reason) != QK_VERDICT_CHANGED)
    qk_result_take_skipped (result, qk_entry_dup_field (entry, QK_FIELD_ID),
                            g_strdup (reason != NULL ? reason : "nothing in it is different"));
  if (options->json)
    {
      print_rehearsal_json (entry, differences, result);
    }
  else
    {
      qkctl_outf ("%s\n",
                  result->skipped->len > 0 ? "Would edit 0 messages, skip 1" : get_outcome (entry));
      for (guint i = 0; result->skipped->len == 0 && i < differences->len; i++)
        print_difference (&g_array_index (differences, Difference, i));
      qkctl_action_print_skipped (result);
    }
  return result->skipped->len > 0 ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}

static QkctlExit
edit (const QkctlOptions *options, const EditRequest *request)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkResult) result = qk_result_new ();
  const QkRevision revision = {request->to, request->content, request->priority};
  QkDocument *document;
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  document = qk_store_get_document (qkctl_session_get_store (session));
  entries = qkctl_select_ids (document, options->arguments, result);
  if (entries == NULL)
    return QKCTL_EXIT_USAGE;
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (changes, qk_change_new_edit (g_ptr_array_index (entries, i), &revision,
                                                  QK_STUCK_WARNING_S));
  if (request->dry_run && changes->len == 1)
    return rehearse (document, options, g_ptr_array_index (entries, 0), changes, request);
  if (request->dry_run)
    g_ptr_array_set_size (changes, 0);
  return qkctl_action_run (session, options, changes, result, "Edited");
}

static QkctlExit
check_request (const QkctlOptions *options, EditRequest *request)
{
  if (!qkctl_check_text ("--to", request->to) || !qkctl_check_priority (request->priority))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] == NULL)
    return qkctl_usage ("ID is missing");
  if (options->arguments[1] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[1]);
  if (request->to != NULL && *request->to == '\0')
    return qkctl_usage ("--to is empty");
  if (request->content != NULL && request->content_file != NULL)
    return qkctl_usage ("--content and --content-file exclude each other");
  if (request->content == NULL && request->content_file == NULL && request->to == NULL &&
      request->priority == NULL)
    return qkctl_usage ("say what is to be different: --content, --content-file, --to, --priority");
  return qkctl_content_load (&request->content, request->content_file);
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_auto (EditRequest) request = {NULL};
  const GOptionEntry entries[] = {
      {"content", 0, 0, G_OPTION_ARG_FILENAME, &request.content, "Another text", "TEXT"},
      {"content-file", 0, 0, G_OPTION_ARG_FILENAME, &request.content_file,
       "A file with the text; - is standard input", "F"},
      {"to", 0, 0, G_OPTION_ARG_FILENAME, &request.to, "Another recipient", "AGENT"},
      {"priority", 0, 0, G_OPTION_ARG_FILENAME, &request.priority,
       "urgent, high, regular, normal or low", "P"},
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &request.dry_run, "Only tell what would be different",
       NULL},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  QkctlExit code;

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  code = check_request (options, &request);
  return code == QKCTL_EXIT_DONE ? edit (options, &request) : code;
}

const QkctlCommand qkctl_command_edit = {
    .name = "edit",
    .arguments = "FILE ID",
    .summary = "Change a message and have it delivered (again)",
    .description =
        "A message that waits is changed where it is; one that FAILED, or is stuck, becomes PENDING\n"
        "with it. What is DELIVERED stays: a changed copy is sent. Only the values that are given\n"
        "change, every other byte stays. “qkctl undo” takes it back as one. ID may be shortened.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; with\n"
        "--dry-run: would_change (id, and of what is different before and after), skipped.",
    .run = run,
};
