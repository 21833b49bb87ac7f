#include "qk-health-words.h"

#include "qk-text.h"

#include <glib/gi18n-lib.h>

/**
 * qk_health_words_kind:
 * @kind: a kind of event
 *
 * Returns: (transfer none): it in two words
 */
const char *
qk_health_words_kind (QkLockKind kind)
{
  static const char *const kinds[QK_N_LOCK_KINDS] = {
      [QK_LOCK_KIND_ACCESS_DENIED] = N_ ("Access denied"),
      [QK_LOCK_KIND_IN_USE] = N_ ("File in use"),
      [QK_LOCK_KIND_LOCK_HELD] = N_ ("Lock held"),
      [QK_LOCK_KIND_ABSENT] = N_ ("File absent"),
      [QK_LOCK_KIND_TORN] = N_ ("File incomplete"),
      [QK_LOCK_KIND_CONFLICT] = N_ ("Conflict merged"),
      [QK_LOCK_KIND_OVERWRITE] = N_ ("Overwrite repaired"),
  };

  g_return_val_if_fail ((guint) kind < QK_N_LOCK_KINDS, NULL);

  return _ (kinds[kind]);
}

/**
 * qk_health_words_kind_with_code:
 * @event: an event
 *
 * Returns: (transfer full): its kind, and the system's number for it
 */
char *
qk_health_words_kind_with_code (const QkReportEvent *event)
{
  const char *kind = qk_health_words_kind (event->event->kind);

  if (event->event->code == 0)
    return g_strdup (kind);
  /* What happened, and the system's number for it. */
  return g_strdup_printf (_ ("%s (%d)"), kind, event->event->code);
}

/**
 * qk_health_words_time:
 * @time: microseconds since the Unix epoch
 *
 * Returns: (transfer full): the time on the clock on the wall
 */
char *
qk_health_words_time (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return local != NULL ? g_date_time_format (local, C_ ("time", "%e %b %H:%M:%S")) : g_strdup ("—");
}

/**
 * qk_health_words_what:
 * @event: an event
 *
 * Returns: (transfer full): what was being done
 */
char *
qk_health_words_what (const QkReportEvent *event)
{
  const QkLockEvent *e = event->event;
  gboolean saving = e->operation == QK_OPERATION_SAVE;

  if (e->kind == QK_LOCK_KIND_OVERWRITE)
    return g_strdup (_ ("guard"));
  if (e->attempts == 0 || e->outcome == QK_LOCK_OUTCOME_MERGED)
    return g_strdup (saving ? _ ("save") : _ ("read"));
  if (saving)
    return g_strdup_printf (_ ("save, %u of %u"), e->attempt, e->attempts);
  return g_strdup_printf (_ ("read, %u of %u"), e->attempt, e->attempts);
}

/**
 * qk_health_words_delay:
 * @event: an event
 *
 * Returns: (transfer full): how long the next attempt was waited for
 */
char *
qk_health_words_delay (const QkReportEvent *event)
{
  const QkLockEvent *e = event->event;

  if (e->outcome == QK_LOCK_OUTCOME_GIVE_UP)
    return g_strdup (_ ("gave up"));
  if (e->outcome == QK_LOCK_OUTCOME_MERGED)
    return g_strdup ("—");
  return g_strdup_printf (_ ("%.2f s"), (double) e->delay / G_USEC_PER_SEC);
}

/**
 * qk_health_words_holder:
 * @event: an event
 *
 * Returns: (transfer full): who stood in the way, or what came of it
 */
char *
qk_health_words_holder (const QkReportEvent *event)
{
  if (event->holder != NULL)
    return qk_text_reveal_line (event->holder);
  switch (event->event->kind)
    {
    case QK_LOCK_KIND_ABSENT:
      return g_strdup (_ ("a writer was between unlink and rename"));
    case QK_LOCK_KIND_TORN:
      return g_strdup (_ ("a writer was in the middle of it"));
    case QK_LOCK_KIND_CONFLICT:
      return g_strdup (_ ("another writer saved in between"));
    case QK_LOCK_KIND_OVERWRITE:
      return g_strdup (_ ("another writer saved an old list"));
    case QK_LOCK_KIND_ACCESS_DENIED:
    case QK_LOCK_KIND_IN_USE:
    case QK_LOCK_KIND_LOCK_HELD:
    default:
      break;
    }
  return g_strdup (_ ("not known who"));
}

/**
 * qk_health_words_source:
 * @event: an event
 *
 * Returns: (transfer full): who met it
 */
char *
qk_health_words_source (const QkReportEvent *event)
{
  g_autofree char *program = NULL, *pid = NULL;

  if (event->source != QK_SOURCE_OTHERS || event->program == NULL)
    return g_strdup (qk_source_get_label (event->source));
  program = qk_text_reveal_line (event->program);
  if (event->pid == 0)
    return g_steal_pointer (&program);
  /* A program, and the number of its process. */
  pid = g_strdup_printf ("%" G_GINT64_FORMAT, event->pid);
  return g_strdup_printf (_ ("%s · %s"), program, pid);
}

/**
 * qk_health_words_event:
 * @event: an event
 *
 * Returns: (transfer full): all there is to say of it, in one line
 */
char *
qk_health_words_event (const QkReportEvent *event)
{
  g_autofree char *time = qk_health_words_time (event->event->time);
  g_autofree char *kind = qk_health_words_kind_with_code (event);
  g_autofree char *what = qk_health_words_what (event);
  g_autofree char *delay = qk_health_words_delay (event);
  g_autofree char *holder = qk_health_words_holder (event);
  g_autofree char *source = qk_health_words_source (event);

  return g_strdup_printf ("%s, %s, %s, %s, %s, %s", time, kind, what, delay, holder, source);
}

/**
 * qk_health_words_width:
 * @width: of a slice of time, in microseconds
 *
 * Returns: (transfer full): for how long each value of a chart stands
 */
char *
qk_health_words_width (gint64 width)
{
  gint64 minutes = width / G_TIME_SPAN_MINUTE;

  if (minutes >= 1440)
    return g_strdup_printf (ngettext ("per day", "per %d days", (gulong) (minutes / 1440)),
                            (int) (minutes / 1440));
  if (minutes >= 60)
    return g_strdup_printf (ngettext ("per hour", "per %d h", (gulong) (minutes / 60)),
                            (int) (minutes / 60));
  return g_strdup_printf (ngettext ("per minute", "per %d min", (gulong) MAX (minutes, 1)),
                          (int) MAX (minutes, 1));
}

/**
 * qk_health_words_quiet:
 * @period: a span of time
 *
 * Returns: (transfer full): that nothing happened in it
 */
char *
qk_health_words_quiet (QkPeriod period)
{
  static const char *const texts[QK_N_PERIODS] = {
      [QK_PERIOD_SESSION] = N_ ("No lock errors in this session"),
      [QK_PERIOD_HOUR] = N_ ("No lock errors in the last hour"),
      [QK_PERIOD_DAY] = N_ ("No lock errors in the last 24 hours"),
      [QK_PERIOD_WEEK] = N_ ("No lock errors in the last 7 days"),
      [QK_PERIOD_ALL] = N_ ("No lock errors at all"),
  };

  g_return_val_if_fail ((guint) period < QK_N_PERIODS, NULL);

  return g_strdup (_ (texts[period]));
}
