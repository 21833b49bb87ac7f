#include "qk-export-private.h"

#include "qk-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MEASURE(function, expression)                                                              \
  static gint64 function (const QkFigures *figures)                                                \
  {                                                                                                \
    return (gint64) (expression);                                                                  \
  }

MEASURE (get_lock_errors, qk_figures_get_lock_errors (figures))
MEASURE (get_saves, figures->saves)
MEASURE (get_saves_retried, figures->saves_retried)
MEASURE (get_saves_failed, figures->saves_failed)
MEASURE (get_read_retries, figures->retries[QK_OPERATION_READ])
MEASURE (get_save_retries, figures->retries[QK_OPERATION_SAVE])
MEASURE (get_attempts, figures->total_attempts)
MEASURE (get_worst_attempts, figures->worst_attempts)
MEASURE (get_waited, figures->waited)
MEASURE (get_worst_wait, figures->worst_wait)
MEASURE (get_timed, figures->n_elapsed)
MEASURE (get_elapsed, figures->elapsed)
MEASURE (get_worst_elapsed, figures->worst_elapsed)
MEASURE (get_winerror_5, figures->winerrors[0])
MEASURE (get_winerror_32, figures->winerrors[1])
MEASURE (get_winerror_33, figures->winerrors[2])
MEASURE (get_conflicts, figures->conflicts)
MEASURE (get_overwrites, figures->overwrites)

static const QkMeasure measures[] = {
    {"lock_errors", N_ ("Lock errors"), "lock_errors",
     "Times that access was denied, the file was in use or the lock was held.", FALSE, FALSE, FALSE,
     get_lock_errors},
    {"saves", N_ ("Saves"), "saves", "Saves that succeeded.", FALSE, FALSE, FALSE, get_saves},
    {"saves_retried", N_ ("Saves after a retry"), "saves_retried",
     "Saves that succeeded after more than one attempt.", FALSE, FALSE, FALSE, get_saves_retried},
    {"saves_failed", N_ ("Saves given up"), "saves_failed", "Saves that were given up.", FALSE,
     FALSE, FALSE, get_saves_failed},
    {"read_retries", N_ ("Retries of reads"), "read_retries", "Times that a read was tried again.",
     FALSE, FALSE, FALSE, get_read_retries},
    {"save_retries", N_ ("Retries of saves"), "save_retries", "Times that a save was tried again.",
     FALSE, FALSE, TRUE, get_save_retries},
    {"attempts", N_ ("Attempts"), "save_attempts", "Attempts of all saves that succeeded.", FALSE,
     FALSE, TRUE, get_attempts},
    {"worst_attempts", N_ ("Most attempts"), "save_attempts_max", "The most attempts of one save.",
     FALSE, TRUE, FALSE, get_worst_attempts},
    {"waited", N_ ("Waited"), "save_wait", "Time that all saves waited before another attempt.",
     TRUE, FALSE, TRUE, get_waited},
    {"worst_wait", N_ ("Longest wait"), "save_wait_max",
     "The longest time that one save waited before another attempt.", TRUE, TRUE, FALSE,
     get_worst_wait},
    {"timed_saves", N_ ("Saves of known duration"), "saves_timed", "Saves of known duration.",
     FALSE, FALSE, FALSE, get_timed},
    {"elapsed", N_ ("Duration of these"), "save_duration",
     "Duration of all saves of known duration.", TRUE, FALSE, FALSE, get_elapsed},
    {"worst_elapsed", N_ ("Longest duration"), "save_duration_max",
     "The longest duration of one save.", TRUE, TRUE, FALSE, get_worst_elapsed},
    {"winerror_5", N_ ("Error 5 (access denied)"), "winerror_5", "Errors of code 5, access denied.",
     FALSE, FALSE, FALSE, get_winerror_5},
    {"winerror_32", N_ ("Error 32 (file in use)"), "winerror_32",
     "Errors of code 32, sharing violation.", FALSE, FALSE, FALSE, get_winerror_32},
    {"winerror_33", N_ ("Error 33 (part of the file locked)"), "winerror_33",
     "Errors of code 33, lock violation.", FALSE, FALSE, TRUE, get_winerror_33},
    {"conflicts", N_ ("Versions of others merged"), "conflicts",
     "Versions of other writers that were merged.", FALSE, FALSE, FALSE, get_conflicts},
    {"overwrites", N_ ("Undone changes put right"), "overwrites",
     "Changes that another writer undid and that were put right.", FALSE, FALSE, FALSE,
     get_overwrites},
};

const QkMeasure *
qk_measures_get (guint *n)
{
  *n = G_N_ELEMENTS (measures);
  return measures;
}

const char *
qk_operation_get_name (guint operation)
{
  return operation == QK_OPERATION_READ ? "read" : "save";
}

const char *
qk_lock_outcome_get_name (QkLockOutcome outcome)
{
  static const char *const names[] = {
      [QK_LOCK_OUTCOME_RETRY] = "retry",
      [QK_LOCK_OUTCOME_GIVE_UP] = "give-up",
      [QK_LOCK_OUTCOME_MERGED] = "merged",
  };

  return names[outcome];
}

/* Whether the swarm has told how long its deliveries took. */
gboolean
qk_agent_figures_have_times (const QkAgentFigures *self)
{
  return self->deliveries > 0 || self->failures > 0;
}

/* In one line. Of what others met, no more is known of who held the file than its short form. */
char *
qk_export_describe_event (const QkReportEvent *event)
{
  g_autofree char *text = qk_lock_event_describe (event->event);

  if (event->holder == NULL || event->event->holder != NULL)
    return g_steal_pointer (&text);
  /* What happened, and who held the file then. */
  return g_strdup_printf (_ ("%s, holder: %s"), text, event->holder);
}

/* What comes out of files, for people: one line, and valid in any case. */
char *
qk_export_reveal (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return qk_text_reveal_line (valid);
}

/* "2026-01-08T12:00:00.5Z", for programs. */
char *
qk_export_format_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *seconds = NULL;
  gint64 fraction = time % G_USEC_PER_SEC;

  if (utc == NULL || time < 0)
    return g_strdup ("1970-01-01T00:00:00Z");
  seconds = g_date_time_format (utc, "%Y-%m-%dT%H:%M:%S");
  if (fraction == 0)
    return g_strconcat (seconds, "Z", NULL);
  return g_strdup_printf ("%s.%06dZ", seconds, (int) fraction);
}

/* "2026-01-08 13:00:00", for people: on their clock. */
char *
qk_export_format_local_time (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S") : g_strdup ("—");
}

/* To the microsecond, and no digit more: "0.15". */
void
qk_export_append_seconds (GString *out, gint64 usec)
{
  guint64 absolute = usec < 0 ? -(guint64) usec : (guint64) usec;

  g_string_append_printf (out, "%s%" G_GUINT64_FORMAT, usec < 0 ? "-" : "",
                          absolute / G_USEC_PER_SEC);
  if (absolute % G_USEC_PER_SEC == 0)
    return;
  g_string_append_printf (out, ".%06u", (guint) (absolute % G_USEC_PER_SEC));
  while (out->str[out->len - 1] == '0')
    g_string_truncate (out, out->len - 1);
}

/* Six digits after the point at most; what is no number is 0. */
void
qk_export_append_double (GString *out, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value) || fabs (value) >= 9e12)
    g_string_append (out, isfinite (value) ? g_ascii_formatd (buffer, sizeof buffer, "%.17g", value)
                                           : "0");
  else
    qk_export_append_seconds (out, (gint64) (value * G_USEC_PER_SEC + (value < 0 ? -0.5 : 0.5)));
}
