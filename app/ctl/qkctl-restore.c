#include "qkctl-action.h"
#include "qkctl-files.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-select.h"
#include "qkctl-table.h"
#include "qkctl-terminal.h"

#include "qk-text.h"
#include "qk-time.h"

#include <string.h>

/* What was asked for. */
typedef struct {
  const char *backup; /* nullable: list them */
  char **ids;         /* not owned: which messages */
  gboolean all;       /* all that only the backup has */
  gboolean dry_run;
} Request;

static const char *const kinds[QK_N_IMPORT_KINDS] = {
    [QK_IMPORT_NEW] = "only-in-backup",      [QK_IMPORT_SAME] = "same",
    [QK_IMPORT_DIFFERS] = "changed",         [QK_IMPORT_REPEATED] = "repeated",
    [QK_IMPORT_ONLY_HERE] = "only-in-queue",
};

static void
print_backups_json (GPtrArray *backups)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < backups->len; i++)
    {
      const QkBackupInfo *info = backups->pdata[i];
      g_autofree char *time = qk_wall_format (info->time);

      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "name", info->name);
      qkctl_json_add_text (builder, "written", time);
      qkctl_json_add_number (builder, "messages", info->n_entries);
      qkctl_json_add_text (builder, "problem", info->problem);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  qkctl_json_print (builder);
}

static QkctlExit
list (QkctlSession *session, const QkctlOptions *options)
{
  static const QkctlColumn columns[] = {{"WRITTEN", FALSE}, {"MESSAGES", TRUE}, {"BACKUP", FALSE}};
  QkctlExit code = QKCTL_EXIT_DONE;
  g_autoptr (GPtrArray) backups = qkctl_files_list_backups (session, &code);
  g_autoptr (QkctlTable) table = qkctl_table_new (columns, G_N_ELEMENTS (columns));
  gint64 now = qk_wall_now ();

  if (backups == NULL)
    return code;
  if (options->json)
    {
      print_backups_json (backups);
      return QKCTL_EXIT_DONE;
    }
  for (guint i = 0; i < backups->len; i++)
    {
      const QkBackupInfo *info = backups->pdata[i];
      QkctlColour colour = info->problem != NULL ? QKCTL_COLOUR_RED : QKCTL_COLOUR_NONE;

      qkctl_table_take (table, QKCTL_COLOUR_NONE, qk_wall_format_short (info->time, now));
      qkctl_table_take (table, colour,
                        info->problem != NULL ? g_strdup ("damaged")
                                              : g_strdup_printf ("%u", info->n_entries));
      qkctl_table_take (table, QKCTL_COLOUR_NONE, qk_text_reveal_line (info->name));
    }
  if (backups->len > 0)
    qkctl_table_print (table, qkctl_terminal_get_width ());
  else
    qkctl_out ("There is no backup beside the queue\n");
  return QKCTL_EXIT_DONE;
}

/* By its name in the list, or as a path. */
static char *
find_backup (QkctlSession *session, const char *name)
{
  QkctlExit code = QKCTL_EXIT_DONE;
  g_autoptr (GPtrArray) backups = qkctl_files_list_backups (session, &code);

  for (guint i = 0; backups != NULL && i < backups->len; i++)
    {
      const QkBackupInfo *info = backups->pdata[i];
      g_autofree char *base = g_path_get_basename (info->path);

      if (strcmp (info->name, name) == 0 || strcmp (base, name) == 0)
        return g_strdup (info->path);
    }
  return g_strdup (name);
}

static char *
describe_change (const QkImportItem *item)
{
  if (item->kind != QK_IMPORT_DIFFERS)
    return NULL;
  return g_strdup_printf ("now %s", qk_status_get_name (qk_entry_get_status (item->ours)));
}

static void
print_diff (const QkImport *import)
{
  for (guint i = 0; i < qk_import_get_n_items (import); i++)
    {
      const QkImportItem *item = qk_import_get_item (import, i);
      g_autofree char *note = describe_change (item);

      if (item->kind == QK_IMPORT_NEW)
        qkctl_files_print_entry (item->theirs, "+", NULL);
      else if (item->kind == QK_IMPORT_DIFFERS)
        qkctl_files_print_entry (item->theirs, "~", note);
      else if (item->kind == QK_IMPORT_ONLY_HERE)
        qkctl_files_print_entry (item->ours, " ", "only in the queue");
    }
  qkctl_outf (
      "%u only in the backup (+), %u changed since (~), %u only in the queue, %u the same\n",
      qk_import_count (import, QK_IMPORT_NEW), qk_import_count (import, QK_IMPORT_DIFFERS),
      qk_import_count (import, QK_IMPORT_ONLY_HERE), qk_import_count (import, QK_IMPORT_SAME));
}

static void
print_diff_json (const QkImport *import)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < qk_import_get_n_items (import); i++)
    {
      const QkImportItem *item = qk_import_get_item (import, i);
      const QkEntry *entry = item->theirs != NULL ? item->theirs : item->ours;
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);
      g_autofree char *was =
          item->theirs != NULL ? qk_entry_dup_field (item->theirs, QK_FIELD_STATUS) : NULL;
      g_autofree char *is =
          item->ours != NULL ? qk_entry_dup_field (item->ours, QK_FIELD_STATUS) : NULL;

      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "id", id);
      qkctl_json_add_text (builder, "kind", kinds[item->kind]);
      qkctl_json_add_text (builder, "in_backup", was);
      qkctl_json_add_text (builder, "in_queue", is);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  qkctl_json_print (builder);
}

/* The changes that bring back what was asked for; the rest is in @result. NULL after a wrong usage. */
static GPtrArray *
make_changes (const QkImport *import, QkDocument *backup, const Request *request, QkResult *result)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (GPtrArray) named = qkctl_select_ids (backup, request->ids, result);
  g_autoptr (GHashTable) asked = g_hash_table_new (NULL, NULL);

  if (named == NULL)
    return NULL;
  for (guint i = 0; i < named->len; i++)
    g_hash_table_add (asked, named->pdata[i]);
  for (guint i = 0; i < qk_import_get_n_items (import); i++)
    {
      const QkImportItem *item = qk_import_get_item (import, i);
      const char *obstacle;

      if (!(request->all && item->kind == QK_IMPORT_NEW) &&
          !g_hash_table_contains (asked, item->theirs))
        continue;
      obstacle = qk_import_get_obstacle (import, i, QK_IMPORT_PUT_BACK);
      if (obstacle != NULL)
        qkctl_files_skip (result, item->theirs, obstacle);
      else
        g_ptr_array_add (changes, qk_import_make_change (import, i, QK_IMPORT_PUT_BACK));
    }
  return g_steal_pointer (&changes);
}

static QkctlExit
restore (const QkctlOptions *options, const Request *request)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (QkDocument) backup = NULL;
  g_autoptr (QkImport) import = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkResult) result = qk_result_new ();
  g_autofree char *path = NULL;
  QkctlExit code;

  qkctl_session_tell_retries (session);
  if (request->backup == NULL)
    return list (session, options);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  path = find_backup (session, request->backup);
  backup = qkctl_files_read (session, path, &code);
  if (backup == NULL)
    return code;
  import = qk_import_new (backup, qk_store_get_document (qkctl_session_get_store (session)));
  if (request->dry_run && options->json)
    print_diff_json (import);
  else if (request->dry_run)
    print_diff (import);
  if (request->dry_run)
    return QKCTL_EXIT_DONE;
  changes = make_changes (import, backup, request, result);
  if (changes == NULL)
    return QKCTL_EXIT_USAGE;
  return qkctl_action_run (session, options, changes, result, "Restored");
}

static gboolean
check_request (const Request *request, gboolean list)
{
  if (list && request->backup != NULL)
    qkctl_usage ("--list goes without BACKUP");
  else if (request->all && request->backup == NULL)
    qkctl_usage ("--all needs BACKUP: “qkctl restore FILE” lists them");
  else if (request->all && request->ids[0] != NULL)
    qkctl_usage ("--all goes without ids");
  else
    return TRUE;
  return FALSE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  static char *nobody[] = {NULL};
  Request request = {.ids = nobody};
  gboolean only_list = FALSE;
  const GOptionEntry entries[] = {
      {"list", 0, 0, G_OPTION_ARG_NONE, &only_list, "List the backups; so it does without BACKUP",
       NULL},
      {"all", 0, 0, G_OPTION_ARG_NONE, &request.all,
       "Bring back every message that only the backup has", NULL},
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &request.dry_run,
       "Only tell how the backup differs; so it does without ids and --all", NULL},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  request.backup = options->arguments[0];
  if (request.backup != NULL)
    request.ids = options->arguments + 1;
  if (!check_request (&request, only_list))
    return QKCTL_EXIT_USAGE;
  if (!request.all && request.ids[0] == NULL)
    request.dry_run = TRUE;
  return restore (options, &request);
}

const QkctlCommand qkctl_command_restore = {
    .name = "restore",
    .arguments = "FILE [BACKUP [ID… | --all]]",
    .summary = "Bring messages back from a backup",
    .description =
        "Without BACKUP, lists backups/queue_*.json, queue_backup_*.json and archive/*.json beside FILE.\n"
        "With BACKUP, one of these names or a path, tells what only the backup has (+), what changed\n"
        "since (~), and what only the queue has; with ids or --all it brings messages back. A message\n"
        "goes to its place and becomes what it was, to the letter, unless it moved on meanwhile; the\n"
        "file is never replaced. What only the queue has stays: “qkctl purge” takes it out. “qkctl undo”\n"
        "undoes it.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; an array\n"
        "of name, written, messages, problem for the list; of id, kind, in_backup, in_queue for the\n"
        "difference.",
    .run = run,
};
