#include "qkctl-session.h"

#include "qk-health.h"
#include "qk-settings.h"
#include "qkctl-terminal.h"

#ifdef G_OS_UNIX
#include <glib-unix.h>
#include <signal.h>
#endif

/* With a damaged queue. */
#define NEXT_STEP "qkctl salvage tells what can be had."

struct _QkctlSession {
  char *path;                /* owned: the file, for people and for JSON */
  QkStore *store;            /* owned */
  QkHistory *history;        /* owned */
  QkHealth *health;          /* owned: what stood in the way, for the reports of others */
  GCancellable *cancellable; /* owned */
  QkctlExit interruption;    /* QKCTL_EXIT_DONE until a signal came */
  guint interrupt_source;    /* 0 once it has fired */
  guint terminate_source;    /* 0 once it has fired */
};

static gboolean
interrupt (QkctlSession *self, QkctlExit code)
{
  if (self->interruption == QKCTL_EXIT_DONE)
    self->interruption = code;
  g_cancellable_cancel (self->cancellable);
  /* The source goes, and with it the handler: a second Ctrl+C ends a program that hangs. */
  return G_SOURCE_REMOVE;
}

#ifdef G_OS_UNIX
static gboolean
on_interrupt (gpointer user_data)
{
  QkctlSession *self = user_data;

  self->interrupt_source = 0;
  return interrupt (self, QKCTL_EXIT_INTERRUPTED);
}

static gboolean
on_terminate (gpointer user_data)
{
  QkctlSession *self = user_data;

  self->terminate_source = 0;
  return interrupt (self, QKCTL_EXIT_TERMINATED);
}
#endif

/* Does not look at the file yet. */
QkctlSession *
qkctl_session_new (const char *file)
{
  QkctlSession *self = g_new0 (QkctlSession, 1);
  g_autofree char *location = NULL;

  self->cancellable = g_cancellable_new ();
  self->store = qk_store_new (file);
  self->history = qk_history_new (NULL);
  qk_store_set_journal (self->store, QK_JOURNAL (self->history));
  self->health = qk_health_new (self->store, self->history);
  location = qk_store_dup_location (self->store);
  self->path = g_filename_display_name (location);
#ifdef G_OS_UNIX
  self->interrupt_source = g_unix_signal_add (SIGINT, on_interrupt, self);
  self->terminate_source = g_unix_signal_add (SIGTERM, on_terminate, self);
#endif
  return self;
}

void
qkctl_session_free (QkctlSession *self)
{
  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  g_clear_handle_id (&self->terminate_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->health);
  g_clear_object (&self->store);
  g_clear_object (&self->history);
  g_clear_object (&self->cancellable);
  g_free (self->path);
  g_free (self);
}

/* Where the queue is: a folder that was given has been followed to the file in it. */
const char *
qkctl_session_get_path (QkctlSession *self)
{
  return self->path;
}

QkStore *
qkctl_session_get_store (QkctlSession *self)
{
  return self->store;
}

/* Says who the agents are: @agents, or where that is NULL those that were chosen in the window, if any. */
void
qkctl_session_choose_agents (QkctlSession *self, char **agents)
{
  g_autoptr (QkSettings) settings = NULL;
  g_autofree char *key = NULL;
  g_auto (GStrv) chosen = NULL;

  if (agents == NULL)
    {
      settings = qk_settings_new ();
      key = qk_store_dup_key (self->store);
      chosen = qk_settings_dup_agents (settings, key);
      agents = chosen;
    }
  if (agents != NULL)
    qk_store_choose_agents (self->store, (const char *const *) agents);
}

/* Where every change is kept. Not opened before it is needed. */
QkHistory *
qkctl_session_get_history (QkctlSession *self)
{
  return self->history;
}

/* What stood in the way, counted since the session began. */
QkHealth *
qkctl_session_get_health (QkctlSession *self)
{
  return self->health;
}

GCancellable *
qkctl_session_get_cancellable (QkctlSession *self)
{
  return self->cancellable;
}

/* QKCTL_EXIT_DONE as long as nobody wants us to stop. */
QkctlExit
qkctl_session_get_interruption (QkctlSession *self)
{
  return self->interruption;
}

static void
on_lock_event (QkStore *store, const QkLockEvent *event, gpointer user_data)
{
  g_autofree char *text = NULL;

  if (event->outcome != QK_LOCK_OUTCOME_RETRY)
    return;
  text = qk_lock_event_describe (event);
  qkctl_note ("%s", text);
}

/* From now on each retry is a line on standard error. */
void
qkctl_session_tell_retries (QkctlSession *self)
{
  g_signal_connect (self->store, "lock-event", G_CALLBACK (on_lock_event), self);
}

/* Says that nothing was done because somebody wanted us to stop. */
QkctlExit
qkctl_session_report_interruption (QkctlSession *self)
{
  qkctl_note ("interrupted; the queue is as it was");
  return self->interruption;
}

/* What is wrong with the queue and what to do next; NULL while nothing is wrong. */
char *
qkctl_session_dup_problem (QkctlSession *self)
{
  char *problem = qk_store_dup_problem (self->store);

  if (qk_store_get_state (self->store) == QK_STORE_STATE_DAMAGED)
    {
      g_autofree char *damage = problem;

      problem = g_strdup_printf ("%s " NEXT_STEP, damage);
    }
  return problem;
}

static QkctlExit
report_problem (QkctlSession *self, QkctlExit code)
{
  g_autofree char *problem = qkctl_session_dup_problem (self);

  qkctl_note ("%s", problem);
  return code;
}

/* The store would go on waiting for it; a command does not. */
static QkctlExit
report_absence (QkctlSession *self)
{
  qkctl_note ("there is no queue at %s; check the path, or let qkctl watch wait for it",
              self->path);
  return QKCTL_EXIT_NOT_FOUND;
}

/* Opens the store and waits until it is known what stands there. Says what is wrong with it. */
QkctlExit
qkctl_session_open (QkctlSession *self)
{
  qk_store_start (self->store);
  while (!g_cancellable_is_cancelled (self->cancellable))
    {
      switch (qk_store_get_state (self->store))
        {
        case QK_STORE_STATE_LIVE:
          return QKCTL_EXIT_DONE;
        case QK_STORE_STATE_DAMAGED:
          return report_problem (self, QKCTL_EXIT_DAMAGED);
        case QK_STORE_STATE_GONE:
          return report_absence (self);
        case QK_STORE_STATE_UNREADABLE:
          return report_problem (self, QKCTL_EXIT_IO);
        case QK_STORE_STATE_OPENING:
        case QK_STORE_STATE_WAITING:
        default:
          g_main_context_iteration (NULL, TRUE);
        }
    }
  return qkctl_session_report_interruption (self);
}

static QkctlExit
report_error (QkctlSession *self, const GError *error)
{
  QkctlExit code = QKCTL_EXIT_IO;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return qkctl_session_report_interruption (self);
  if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY))
    code = QKCTL_EXIT_LOCKED;
  else if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_DAMAGED))
    code = QKCTL_EXIT_DAMAGED;
  else if (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_FOUND))
    code = QKCTL_EXIT_NOT_FOUND;
  qkctl_note ("%s%s", error->message, code == QKCTL_EXIT_DAMAGED ? " " NEXT_STEP : "");
  return code;
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

/* Saves the changes and waits for it. Returns NULL, with the exit code, after saying why not. */
QkResult *
qkctl_session_apply (QkctlSession *self,
                     GPtrArray *changes,
                     const QkRetryPolicy *policy,
                     QkctlExit *code)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  QkResult *result;

  qk_history_set_retention (self->history, qk_settings_get_history_days (settings));
  /* What is put right later is saved by the same rule. */
  qk_store_set_policy (self->store, policy);
  qk_store_apply_async (self->store, changes, policy, self->cancellable, on_applied, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = qk_store_apply_finish (self->store, done, &error);
  if (result == NULL)
    *code = report_error (self, error);
  return result;
}

static void
on_notice (QkStore *store, const char *text, QkctlSession *self)
{
  qkctl_note ("%s", text);
}

/* From now on what is saved is guarded, until nobody has undone it for @seconds. */
void
qkctl_session_begin_guard (QkctlSession *self, guint seconds)
{
  g_signal_connect (self->store, "notice", G_CALLBACK (on_notice), self);
  qk_store_set_guard (self->store, seconds * G_TIME_SPAN_SECOND);
}

/* Stays until all has settled. Returns FALSE, after saying so, where something would not, or where
 * somebody wanted us to stop before. */
gboolean
qkctl_session_guard (QkctlSession *self)
{
  g_autoptr (QkGivenUp) given_up = NULL;
  g_autofree char *text = NULL;

  while (qk_store_get_n_guarded (self->store) > 0 &&
         !g_cancellable_is_cancelled (self->cancellable))
    g_main_context_iteration (NULL, TRUE);
  given_up = qk_store_dup_given_up (self->store);
  if (given_up != NULL)
    {
      text = qk_given_up_describe (given_up);
      qkctl_note ("%s", text);
    }
  else if (g_cancellable_is_cancelled (self->cancellable))
    qkctl_note ("interrupted; what was changed is saved, and guarded no longer");
  return given_up == NULL && !g_cancellable_is_cancelled (self->cancellable);
}
