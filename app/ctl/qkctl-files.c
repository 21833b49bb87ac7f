#include "qkctl-files.h"

#include "qk-text.h"
#include "qkctl-table.h"
#include "qkctl-terminal.h"

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static void
await (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static QkctlExit
report_error (QkctlSession *session, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return qkctl_session_report_interruption (session);
  qkctl_note ("%s", error->message);
  if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY))
    return QKCTL_EXIT_LOCKED;
  if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_DAMAGED))
    return QKCTL_EXIT_DAMAGED;
  if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_FOUND))
    return QKCTL_EXIT_NOT_FOUND;
  return QKCTL_EXIT_IO;
}

/* Writes a new file. Returns where it is. */
char *
qkctl_files_write (QkctlSession *session, GBytes *bytes, const char *path, QkctlExit *code)
{
  QkStore *store = qkctl_session_get_store (session);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  char *written;

  qk_store_write_file_async (store, bytes, path, FALSE, qkctl_session_get_cancellable (session),
                             on_done, &done);
  await (&done);
  written = qk_store_write_file_finish (store, done, &error);
  if (written == NULL)
    *code = report_error (session, error);
  return written;
}

/* Reads another file of messages. */
QkDocument *
qkctl_files_read (QkctlSession *session, const char *path, QkctlExit *code)
{
  QkStore *store = qkctl_session_get_store (session);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  QkDocument *document;

  qk_store_read_file_async (store, path, qkctl_session_get_cancellable (session), on_done, &done);
  await (&done);
  document = qk_store_read_file_finish (store, done, &error);
  if (document == NULL)
    *code = report_error (session, error);
  return document;
}

/* What the queue can be restored from, the newest first. */
GPtrArray *
qkctl_files_list_backups (QkctlSession *session, QkctlExit *code)
{
  QkStore *store = qkctl_session_get_store (session);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *backups;

  qk_store_list_backups_async (store, qkctl_session_get_cancellable (session), on_done, &done);
  await (&done);
  backups = qk_store_list_backups_finish (store, done, &error);
  if (backups == NULL)
    *code = report_error (session, error);
  return backups;
}

/* Writes @entries to a new file and takes them out of the queue. */
QkArchived *
qkctl_files_archive (QkctlSession *session,
                     GPtrArray *entries,
                     const char *path,
                     const QkRetryPolicy *policy,
                     QkctlExit *code)
{
  QkStore *store = qkctl_session_get_store (session);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  QkArchived *archived;

  qk_store_archive_async (store, entries, path, policy, qkctl_session_get_cancellable (session),
                          on_done, &done);
  await (&done);
  archived = qk_store_archive_finish (store, done, &error);
  if (archived == NULL)
    *code = report_error (session, error);
  return archived;
}

/* A path as it can be shown. */
char *
qkctl_files_shown (const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  return qk_text_reveal_line (name);
}

/* "+ FAILED Agent-1 f2e39b74  first words (note)" */
void
qkctl_files_print_entry (const QkEntry *entry, const char *mark, const char *note)
{
  QkStatus status = qk_entry_get_status (entry);
  g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);
  g_autofree char *short_id = qkctl_text_short_id (id);
  g_autofree char *recipient = qkctl_text_field (entry, QK_FIELD_RECIPIENT);
  g_autofree char *excerpt = qk_entry_dup_excerpt (entry);
  g_autofree char *line = g_strdup_printf (
      "%s %-10s %-9s %s  %s%s%s%s", mark, qk_status_get_name (status), recipient, short_id,
      note != NULL ? "(" : "", note != NULL ? note : "", note != NULL ? ") " : "", excerpt);
  g_autofree char *fitting = qkctl_text_fit (line, qkctl_terminal_get_width ());

  qkctl_outf ("%s\n", fitting);
}

/* Notes that @entry was left out. */
void
qkctl_files_skip (QkResult *result, const QkEntry *entry, const char *reason)
{
  char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

  qk_result_take_skipped (result, id != NULL ? id : g_strdup (""), g_strdup (reason));
}
