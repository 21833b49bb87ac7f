#include "qk-swarm-metrics.h"

#include "qk-rows.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Python counts on one system, and we may read on another: its numbers stand here as such. 11 is
 * EAGAIN, 13 EACCES, 16 EBUSY and 26 ETXTBSY on Linux; Python gives 13 on Windows, too. */
#define WINERROR_ABSENT    2
#define WINERROR_NO_FOLDER 3
#define WINERROR_DENIED    5
#define WINERROR_SHARING   32
#define WINERROR_LOCK      33
#define ERRNO_AGAIN        11
#define ERRNO_ACCESS       13
#define ERRNO_BUSY         16
#define ERRNO_TEXT_BUSY    26
#define MAX_CODE           G_MAXINT
#define MAX_ATTEMPTS       1000000

struct _QkSwarmMetrics {
  GArray *errors;      /* owned, of QkSwarmError */
  GArray *retries;     /* owned, of QkSwarmRetry */
  GArray *concurrency; /* owned, of QkMoment */
  QkSwarmSummary summary;
  gint64 updated;
  guint64 skipped;
  gatomicrefcount refs;
};

/* Without one of these codes the class of the error tells. What is none of this stays a denied access,
 * with its code: it is an error to the swarm, and stands in its total. */
static void
judge (QkSwarmError *error, const char *type)
{
  error->winerror = TRUE;
  error->kind = QK_LOCK_KIND_ACCESS_DENIED;
  switch (error->code)
    {
    case WINERROR_SHARING:
    case WINERROR_LOCK:
      error->kind = QK_LOCK_KIND_IN_USE;
      return;
    case ERRNO_AGAIN:
    case ERRNO_BUSY:
    case ERRNO_TEXT_BUSY:
      error->kind = QK_LOCK_KIND_IN_USE;
      error->winerror = FALSE;
      return;
    case ERRNO_ACCESS:
      error->winerror = FALSE;
      return;
    case WINERROR_ABSENT:
    case WINERROR_NO_FOLDER:
      error->kind = QK_LOCK_KIND_ABSENT;
      return;
    case 0:
      error->winerror = FALSE;
      break;
    case WINERROR_DENIED:
    default:
      return;
    }
  if (strcmp (type, "BlockingIOError") == 0)
    error->kind = QK_LOCK_KIND_IN_USE;
  else if (strcmp (type, "FileNotFoundError") == 0)
    error->kind = QK_LOCK_KIND_ABSENT;
  else if (strcmp (type, "JSONDecodeError") == 0)
    error->kind = QK_LOCK_KIND_TORN;
}

static void
read_error (QkSwarmMetrics *self, QkMembers *members)
{
  QkSwarmError error = {.time = QK_WALL_NONE};
  g_autofree char *type = g_strdup ("");
  QkMember member;

  while (qk_members_next (members, &member))
    if (qk_member_is (&member, "timestamp"))
      error.time = qk_member_get_time (&member);
    else if (qk_member_is (&member, "winerror_code"))
      error.code = (int) MIN (qk_member_get_count (&member), MAX_CODE);
    else if (qk_member_is (&member, "attempt"))
      error.attempt = (guint) MIN (qk_member_get_count (&member), MAX_ATTEMPTS);
    else if (qk_member_is (&member, "delay"))
      error.delay = MAX (qk_member_get_seconds (&member), 0);
    else if (qk_member_is (&member, "error_type"))
      {
        g_free (type);
        type = qk_member_dup_text (&member);
      }
  judge (&error, type);
  g_array_append_val (self->errors, error);
}

static void
read_retry (QkSwarmMetrics *self, QkMembers *members)
{
  QkSwarmRetry retry = {.time = QK_WALL_NONE, .attempts = 1};
  QkMember member;

  while (qk_members_next (members, &member))
    if (qk_member_is (&member, "timestamp"))
      retry.time = qk_member_get_time (&member);
    else if (qk_member_is (&member, "attempts"))
      retry.attempts = (guint) CLAMP (qk_member_get_count (&member), 1, MAX_ATTEMPTS);
    else if (qk_member_is (&member, "total_delay"))
      retry.waited = MAX (qk_member_get_seconds (&member), 0);
  g_array_append_val (self->retries, retry);
}

static void
read_concurrency (QkSwarmMetrics *self, QkMembers *members)
{
  QkMoment moment = {.time = QK_WALL_NONE};
  QkMember member;

  while (qk_members_next (members, &member))
    if (qk_member_is (&member, "timestamp"))
      moment.time = qk_member_get_time (&member);
    else if (qk_member_is (&member, "concurrent_writes"))
      moment.writes = qk_member_get_count (&member);
    else if (qk_member_is (&member, "time_window_seconds"))
      moment.window = MAX (qk_member_get_seconds (&member), 0);
  g_array_append_val (self->concurrency, moment);
}

typedef void (*ReadFunc) (QkSwarmMetrics *self, QkMembers *members);

static gboolean
read_list (QkSwarmMetrics *self, const QkMember *list, GArray *array, ReadFunc read)
{
  QkRows rows;
  const char *row;

  if (*list->value != '[')
    return FALSE;
  /* Of keys that are there twice Python takes the last one. */
  g_array_set_size (array, 0);
  self->skipped += qk_rows_init (&rows, list->value);
  while ((row = qk_rows_next (&rows)) != NULL)
    {
      QkMembers members;

      if (*row != '{')
        {
          self->skipped++;
          continue;
        }
      qk_members_init (&members, row);
      read (self, &members);
    }
  return TRUE;
}

static gboolean
read_summary (QkSwarmMetrics *self, const QkMember *object)
{
  QkSwarmSummary *summary = &self->summary;
  const struct {
    const char *name;
    guint64 *count;
  } counts[] = {
      {"total_errors", &summary->total_errors},
      {"winerror_5_count", &summary->winerror_5_count},
      {"winerror_32_count", &summary->winerror_32_count},
      {"retry_success_count", &summary->retry_success_count},
      {"retry_failure_count", &summary->retry_failure_count},
      {"max_retries_needed", &summary->max_retries_needed},
      {"high_concurrency_count", &summary->high_concurrency_count},
  };
  QkMembers members;
  QkMember member;

  if (*object->value != '{')
    return FALSE;
  *summary = (QkSwarmSummary){0};
  qk_members_init (&members, object->value);
  while (qk_members_next (&members, &member))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
        if (qk_member_is (&member, counts[i].name))
          *counts[i].count = qk_member_get_count (&member);
      if (qk_member_is (&member, "avg_retry_delay"))
        summary->avg_retry_delay = MAX (qk_member_get_seconds (&member), 0);
    }
  return TRUE;
}

/* Returns whether it is one of the parts that tell what file this is. */
static gboolean
read_part (QkSwarmMetrics *self, const QkMember *member)
{
  if (qk_member_is (member, "errors"))
    return read_list (self, member, self->errors, read_error);
  if (qk_member_is (member, "retry_success"))
    return read_list (self, member, self->retries, read_retry);
  if (qk_member_is (member, "concurrency_events"))
    return read_list (self, member, self->concurrency, read_concurrency);
  if (qk_member_is (member, "summary"))
    return read_summary (self, member);
  if (qk_member_is (member, "last_updated"))
    self->updated = qk_member_get_time (member);
  return FALSE;
}

/**
 * qk_swarm_metrics_parse:
 * @data: the contents of `file_locking_metrics.json`
 * @size: their length
 * @error: return location for an error
 *
 * Reads the swarm's counters. What is missing in them counts as none; rows that are no objects, and
 * more than %QK_ROWS_MAX of a kind, are skipped and counted.
 *
 * Returns: (transfer full) (nullable): the counters; %NULL with %G_IO_ERROR_INVALID_DATA where the text
 *   is damaged, too large, nested too deep, or something else
 */
QkSwarmMetrics *
qk_swarm_metrics_parse (const char *data, gsize size, GError **error)
{
  g_autoptr (QkSwarmMetrics) self = NULL;
  const char *root = qk_rows_check (data, size, error);
  gboolean known = FALSE;
  QkMembers members;
  QkMember member;

  if (root == NULL)
    return NULL;
  self = g_new0 (QkSwarmMetrics, 1);
  g_atomic_ref_count_init (&self->refs);
  self->errors = g_array_new (FALSE, FALSE, sizeof (QkSwarmError));
  self->retries = g_array_new (FALSE, FALSE, sizeof (QkSwarmRetry));
  self->concurrency = g_array_new (FALSE, FALSE, sizeof (QkMoment));
  self->updated = QK_WALL_NONE;
  if (*root == '{')
    {
      qk_members_init (&members, root);
      while (qk_members_next (&members, &member))
        known = read_part (self, &member) || known;
    }
  if (known)
    return g_steal_pointer (&self);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("it holds no errors, no retries and no summary"));
  return NULL;
}

/**
 * qk_swarm_metrics_ref:
 * @self: the swarm's counters
 *
 * Returns: (transfer full): @self
 */
QkSwarmMetrics *
qk_swarm_metrics_ref (QkSwarmMetrics *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_swarm_metrics_unref:
 * @self: (transfer full): the swarm's counters
 *
 * Releases them.
 */
void
qk_swarm_metrics_unref (QkSwarmMetrics *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->errors);
  g_array_unref (self->retries);
  g_array_unref (self->concurrency);
  g_free (self);
}

/**
 * qk_swarm_metrics_get_summary:
 * @self: the swarm's counters
 *
 * Returns: (transfer none): what the swarm itself says of all time
 */
const QkSwarmSummary *
qk_swarm_metrics_get_summary (const QkSwarmMetrics *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->summary;
}

/**
 * qk_swarm_metrics_get_errors:
 * @self: the swarm's counters
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the latest errors, as they stand in the file
 */
const QkSwarmError *
qk_swarm_metrics_get_errors (const QkSwarmMetrics *self, guint *n)
{
  g_return_val_if_fail (self != NULL && n != NULL, NULL);

  *n = self->errors->len;
  return (const QkSwarmError *) (void *) self->errors->data;
}

/**
 * qk_swarm_metrics_get_retries:
 * @self: the swarm's counters
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the latest saves that succeeded after a retry
 */
const QkSwarmRetry *
qk_swarm_metrics_get_retries (const QkSwarmMetrics *self, guint *n)
{
  g_return_val_if_fail (self != NULL && n != NULL, NULL);

  *n = self->retries->len;
  return (const QkSwarmRetry *) (void *) self->retries->data;
}

/**
 * qk_swarm_metrics_get_concurrency:
 * @self: the swarm's counters
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the latest moments of high concurrency
 */
const QkMoment *
qk_swarm_metrics_get_concurrency (const QkSwarmMetrics *self, guint *n)
{
  g_return_val_if_fail (self != NULL && n != NULL, NULL);

  *n = self->concurrency->len;
  return (const QkMoment *) (void *) self->concurrency->data;
}

/**
 * qk_swarm_metrics_get_updated:
 * @self: the swarm's counters
 *
 * Returns: when the swarm wrote them, in microseconds since the Unix epoch, or %QK_WALL_NONE
 */
gint64
qk_swarm_metrics_get_updated (const QkSwarmMetrics *self)
{
  g_return_val_if_fail (self != NULL, QK_WALL_NONE);

  return self->updated;
}

/**
 * qk_swarm_metrics_get_skipped:
 * @self: the swarm's counters
 *
 * Returns: how many rows were not looked at
 */
guint64
qk_swarm_metrics_get_skipped (const QkSwarmMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->skipped;
}

/**
 * qk_swarm_metrics_get_first:
 * @self: the swarm's counters
 * @since: a time, in microseconds since the Unix epoch; what lies before it is taken for a mistake
 *
 * Returns: the time of the earliest error or retry in its lists, in microseconds since the Unix epoch,
 *   or %QK_WALL_NONE
 */
gint64
qk_swarm_metrics_get_first (const QkSwarmMetrics *self, gint64 since)
{
  gint64 first = G_MAXINT64;

  g_return_val_if_fail (self != NULL, QK_WALL_NONE);

  for (guint i = 0; i < self->errors->len; i++)
    {
      gint64 time = g_array_index (self->errors, QkSwarmError, i).time;

      if (time != QK_WALL_NONE && time >= since)
        first = MIN (first, time);
    }
  for (guint i = 0; i < self->retries->len; i++)
    {
      gint64 time = g_array_index (self->retries, QkSwarmRetry, i).time;

      if (time != QK_WALL_NONE && time >= since)
        first = MIN (first, time);
    }
  return first != G_MAXINT64 ? first : QK_WALL_NONE;
}
