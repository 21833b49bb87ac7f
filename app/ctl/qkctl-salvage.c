#include "qkctl-action.h"
#include "qkctl-options.h"
#include "qkctl-salvage-report.h"
#include "qkctl-session.h"
#include "qkctl-terminal.h"

#include "qk-rescue.h"
#include "qk-text.h"

typedef struct {
  const QkctlOptions *options; /* not owned */
  QkctlSession *session;       /* owned */
  char *file;                  /* owned */
  char *to;                    /* owned, nullable */
  gboolean apply;
  gboolean from_backups;
  gboolean yes;

  QkRescue *rescue;         /* owned, nullable */
  QkRescueOutcome *outcome; /* owned, nullable: of --apply */
  gboolean written;         /* to @to */
} Salvage;

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* Does @work in a thread and waits in the main loop, so that Ctrl+C is heard. */
static gboolean
run_in_thread (Salvage *self, GTaskThreadFunc work, GError **error)
{
  gboolean done = FALSE;
  g_autoptr (GTask) task =
      g_task_new (NULL, qkctl_session_get_cancellable (self->session), on_done, &done);

  /* What has been done has been done, however late it was cancelled. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, work);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  return g_task_propagate_boolean (task, error);
}

static void
finish_work (GTask *task, gboolean done, GError *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Salvage *self = data;
  GError *error = NULL;

  self->rescue = qk_rescue_new (qk_platform_get_native (), self->file, NULL, self->from_backups,
                                cancellable, &error);
  finish_work (task, self->rescue != NULL, error);
}

/* In the thread: notes go straight to standard error. */
static void
on_event (const QkLockEvent *event, gpointer user_data)
{
  g_autofree char *text = qk_lock_event_describe (event);

  if (event->outcome == QK_LOCK_OUTCOME_RETRY)
    qkctl_note ("%s", text);
}

static void
apply (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Salvage *self = data;
  GError *error = NULL;

  self->outcome =
      qk_rescue_apply (self->rescue, &self->options->policy, on_event, self, cancellable, &error);
  finish_work (task, self->outcome != NULL, error);
}

static void
write_to (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Salvage *self = data;
  GError *error = NULL;

  self->written = qk_rescue_write_to (self->rescue, self->to, &error);
  finish_work (task, self->written, error);
}

static QkctlExit
report_error (Salvage *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return qkctl_session_report_interruption (self->session);
  qkctl_note ("%s", error->message);
  if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY))
    return QKCTL_EXIT_LOCKED;
  if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_FOUND))
    return QKCTL_EXIT_NOT_FOUND;
  if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_DAMAGED))
    return QKCTL_EXIT_DAMAGED;
  return QKCTL_EXIT_IO;
}

static void
add_path (JsonBuilder *builder, const char *name, const char *path)
{
  g_autofree char *display = path != NULL ? g_filename_display_name (path) : NULL;

  qkctl_json_add_text (builder, name, display);
}

static void
print_json (Salvage *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_path (builder, "path", self->file);
  json_builder_set_member_name (builder, "damaged");
  json_builder_add_boolean_value (builder, qk_rescue_get_problem (self->rescue) != NULL);
  qkctl_salvage_report_add_json (builder, qk_rescue_get_salvage (self->rescue));
  add_path (builder, "written",
            self->outcome != NULL ? self->file
            : self->written       ? self->to
                                  : NULL);
  add_path (builder, "backup", self->outcome != NULL ? self->outcome->backup : NULL);
  json_builder_end_object (builder);
  qkctl_json_print (builder);
}

/* What was done, in a few words. */
static void
print_outcome (Salvage *self)
{
  g_autofree char *shown = g_filename_display_name (self->written ? self->to : self->file);
  g_autofree char *safe = qk_text_reveal_line (shown), *backup = NULL, *safe_backup = NULL;

  if (self->outcome != NULL)
    {
      backup = g_filename_display_name (self->outcome->backup);
      safe_backup = qk_text_reveal_line (backup);
      qkctl_outf ("Written to %s\nThe damaged file is kept as %s\n", safe, safe_backup);
    }
  else if (self->written)
    qkctl_outf ("Written to %s\n", safe);
  else if (self->apply)
    qkctl_outf ("%s is not damaged: nothing was written\n", safe);
  else
    qkctl_out ("Nothing was written: --to OUT writes the result to a new file, --apply puts it in "
               "place\n");
}

static gboolean
ask (Salvage *self)
{
  const QkSalvage *salvage = qk_rescue_get_salvage (self->rescue);
  g_autofree char *count = qkctl_count_messages (qk_salvage_get_n_entries (salvage));
  g_autofree char *safe = qk_text_reveal_line (qkctl_session_get_path (self->session));
  g_autofree char *question =
      g_strdup_printf ("Put these %s in the place of %s? [y/N] ", count, safe);
  g_autofree char *answer = NULL;

  (void) qkctl_out_flush ();
  answer = qkctl_terminal_ask (question, qkctl_session_get_cancellable (self->session));
  return answer != NULL &&
         (g_ascii_strcasecmp (answer, "y") == 0 || g_ascii_strcasecmp (answer, "yes") == 0);
}

/* Carries out --apply. Returns whether to go on. */
static gboolean
put_in_place (Salvage *self, QkctlExit *code)
{
  g_autoptr (GError) error = NULL;

  if (!qk_rescue_is_present (self->rescue))
    {
      qkctl_note ("there is no queue at %s that could be replaced; write the result with --to",
                  qkctl_session_get_path (self->session));
      *code = QKCTL_EXIT_NOT_FOUND;
      return FALSE;
    }
  if (qk_rescue_get_problem (self->rescue) == NULL)
    return TRUE;
  if (!self->yes && !ask (self))
    {
      *code = qkctl_session_get_interruption (self->session);
      if (*code != QKCTL_EXIT_DONE)
        *code = qkctl_session_report_interruption (self->session);
      else
        *code = QKCTL_EXIT_SKIPPED;
      if (*code == QKCTL_EXIT_SKIPPED && !self->options->json)
        qkctl_out ("Nothing was written\n");
      return FALSE;
    }
  if (run_in_thread (self, apply, &error))
    return TRUE;
  *code = report_error (self, error);
  return FALSE;
}

static QkctlExit
salvage (Salvage *self)
{
  g_autoptr (GError) error = NULL;
  QkctlExit code = QKCTL_EXIT_DONE;

  if (!run_in_thread (self, look, &error))
    return report_error (self, error);
  if (!self->options->json)
    qkctl_salvage_report_print (qk_rescue_get_salvage (self->rescue));
  if (self->apply && !put_in_place (self, &code))
    {
      if (self->options->json && code == QKCTL_EXIT_SKIPPED)
        print_json (self);
      return code;
    }
  if (self->to != NULL && !run_in_thread (self, write_to, &error))
    return report_error (self, error);
  if (self->options->json)
    print_json (self);
  else
    print_outcome (self);
  if (self->outcome != NULL && !self->outcome->durable)
    qkctl_note ("saved, but the system did not confirm that it is on the disk");
  return qk_salvage_is_complete (qk_rescue_get_salvage (self->rescue)) ? QKCTL_EXIT_DONE
                                                                       : QKCTL_EXIT_SKIPPED;
}

static gboolean
check_request (const Salvage *self)
{
  if (self->options->arguments[0] != NULL)
    qkctl_usage ("“%s” is one argument too many", self->options->arguments[0]);
  else if (self->to != NULL && self->apply)
    qkctl_usage ("--to and --apply exclude each other");
  else if (self->to != NULL && *self->to == '\0')
    qkctl_usage ("--to takes the name of a new file");
  else if (self->apply && !self->yes && !qkctl_terminal_can_ask ())
    qkctl_usage ("there is no terminal to ask on: add --yes to apply without a question");
  else
    return TRUE;
  return FALSE;
}

static void
clear (Salvage *self)
{
  g_clear_pointer (&self->rescue, qk_rescue_free);
  g_clear_pointer (&self->outcome, qk_rescue_outcome_free);
  g_clear_pointer (&self->session, qkctl_session_free);
  g_free (self->file);
  g_free (self->to);
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  Salvage self = {0};
  const GOptionEntry entries[] = {
      {"to", 0, 0, G_OPTION_ARG_FILENAME, &self.to, "Write the result to OUT, a new file", "OUT"},
      {"apply", 0, 0, G_OPTION_ARG_NONE, &self.apply, "Put the result in the place of FILE", NULL},
      {"from-backups", 0, 0, G_OPTION_ARG_NONE, &self.from_backups,
       "Use all messages of the backups, purged ones too", NULL},
      {"yes", 'y', 0, G_OPTION_ARG_NONE, &self.yes, "Do not ask", NULL},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  QkctlExit code = QKCTL_EXIT_USAGE;

  qkctl_options_add_retry (options);
  self.options = options;
  if (qkctl_options_parse (options, argv) && check_request (&self))
    {
      self.session = qkctl_session_new (options->file);
      self.file = qk_store_dup_location (qkctl_session_get_store (self.session));
      code = salvage (&self);
    }
  clear (&self);
  return code;
}

const QkctlCommand qkctl_command_salvage = {
    .name = "salvage",
    .arguments = "FILE [--to OUT | --apply] [--from-backups]",
    .summary = "Save what can be saved of a damaged queue",
    .description =
        "Looks at FILE, at FILE.tmp, which a writer that was ended may have left, and at the newest\n"
        "8 of backups/*_corrupted.json and backups/queue_backup_*.json. Of the states of a message\n"
        "the newest one counts. Tells how many messages are whole, which are repairable and how, and\n"
        "what is left over; writes nothing unless told to.\n\n"
        "Backups may hold messages that were purged since. So of a backup only the messages are\n"
        "used whose id occurs in FILE or FILE.tmp, be it in bytes that are left over; with\n"
        "--from-backups, all of them.\n\n"
        "--to never writes over a file. --apply asks first, unless --yes is given, keeps the damaged\n"
        "file as backups/queue_YYYYmmdd_HHMMSS_corrupted.json, and does nothing to a file that is\n"
        "not damaged, that changed meanwhile, or in which no message was found.\n"
        "Exits with 1 if bytes of FILE or FILE.tmp are left over, or the answer is no.\n"
        "--json prints one object: path, damaged, sources, messages, bytes, complete, written, "
        "backup.",
    .run = run,
};
