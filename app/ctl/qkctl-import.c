#include "qkctl-action.h"
#include "qkctl-files.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-terminal.h"

/* What was asked for. */
typedef struct {
  guint flags; /* of QkImportFlags */
  gboolean dry_run;
} Request;

/* What comes, and what does not. */
typedef struct {
  GPtrArray *changes; /* owned */
  QkResult *result;   /* owned: what is skipped before */
} Sorted;

static void
sort_out (const QkImport *import, const Request *request, gboolean print, Sorted *sorted)
{
  for (guint i = 0; i < qk_import_get_n_items (import); i++)
    {
      const QkImportItem *item = qk_import_get_item (import, i);
      const char *obstacle = qk_import_get_obstacle (import, i, request->flags);

      if (item->kind == QK_IMPORT_ONLY_HERE)
        continue;
      if (obstacle == NULL)
        g_ptr_array_add (sorted->changes, qk_import_make_change (import, i, request->flags));
      else
        qkctl_files_skip (sorted->result, item->theirs, obstacle);
      if (print && obstacle == NULL)
        qkctl_files_print_entry (item->theirs, "+",
                                 qk_import_needs_fix (import, i) ? "fixed" : NULL);
    }
}

static QkctlExit
preview (const QkctlOptions *options, const Sorted *sorted)
{
  g_autofree char *count = qkctl_count_messages (sorted->changes->len);

  if (options->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      qkctl_json_add_number (builder, "selected", sorted->changes->len);
      qkctl_json_add_skipped (builder, sorted->result);
      json_builder_end_object (builder);
      qkctl_json_print (builder);
    }
  else
    {
      qkctl_action_print_skipped (sorted->result);
      qkctl_outf ("Would import %s, skip %u; nothing was written\n", count,
                  sorted->result->skipped->len);
    }
  return sorted->result->skipped->len > 0 ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}

static QkctlExit
import_file (const QkctlOptions *options, const Request *request)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (QkDocument) source = NULL;
  g_autoptr (QkImport) import = NULL;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkResult) result = qk_result_new ();
  Sorted sorted = {changes, result};
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  source = qkctl_files_read (session, options->arguments[0], &code);
  if (source == NULL)
    return code;
  import = qk_import_new (source, qk_store_get_document (qkctl_session_get_store (session)));
  sort_out (import, request, request->dry_run && !options->json, &sorted);
  if (request->dry_run)
    return preview (options, &sorted);
  return qkctl_action_run (session, options, changes, result, "Imported");
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  gboolean as_new = FALSE, pending = FALSE;
  Request request = {0};
  const GOptionEntry entries[] = {
      {"as-new", 0, 0, G_OPTION_ARG_NONE, &as_new,
       "Import what is in the queue in another state as a copy with a new id", NULL},
      {"pending", 0, 0, G_OPTION_ARG_NONE, &pending,
       "Import as PENDING, to be delivered again (default: as they were)", NULL},
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &request.dry_run, "Only tell what would be imported",
       NULL},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] == NULL || *options->arguments[0] == '\0')
    return qkctl_usage ("SOURCE is missing");
  if (options->arguments[1] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[1]);
  request.flags = (as_new ? QK_IMPORT_AS_NEW : 0) | (pending ? QK_IMPORT_AS_PENDING : 0);
  return import_file (options, &request);
}

const QkctlCommand qkctl_command_import = {
    .name = "import",
    .arguments = "FILE SOURCE",
    .summary = "Add the messages of another file",
    .description =
        "SOURCE is an archive, an export, a backup or another queue. Its messages are added at the end,\n"
        "as they were. Skipped are those that are in the queue already, the same or in another\n"
        "state (see --as-new), and those that occur twice. What the swarm trips over is imported fixed,\n"
        "as “qkctl fix” does it, or not at all. “qkctl undo” takes them out again.\n"
        "Exits with 1 if some were skipped.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; with\n"
        "--dry-run: selected, skipped.",
    .run = run,
};
