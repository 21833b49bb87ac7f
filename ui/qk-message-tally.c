#include "qk-message-tally.h"

#include "qk-agents.h"
#include "qk-facet.h"
#include "qk-stuck.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

#define MAX_NAMES 4

static void
count_free (gpointer data)
{
  QkTallyCount *count = data;

  g_free (count->name);
  g_free (count);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const QkTallyCount *x = *(const QkTallyCount *const *) a;
  const QkTallyCount *y = *(const QkTallyCount *const *) b;

  return qk_agent_compare (x->name, y->name);
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  const QkTallyCount *x = *(const QkTallyCount *const *) a;
  const QkTallyCount *y = *(const QkTallyCount *const *) b;

  if (x->n != y->n)
    return x->n < y->n ? 1 : -1;
  return g_strcmp0 (x->name, y->name);
}

/* Takes @name. */
static void
count (GPtrArray *list, GHashTable *known, char *name)
{
  QkTallyCount *found = g_hash_table_lookup (known, name);

  if (found != NULL)
    {
      found->n++;
      g_free (name);
      return;
    }
  found = g_new (QkTallyCount, 1);
  *found = (QkTallyCount){name, 1};
  g_ptr_array_add (list, found);
  g_hash_table_insert (known, name, found);
}

static void
count_error (QkMessageTally *self, GHashTable *known, const QkEntry *entry)
{
  g_autofree char *error = qk_entry_dup_field (entry, QK_FIELD_LAST_ERROR);

  if (qk_entry_get_status (entry) == QK_STATUS_FAILED)
    count (self->errors, known, error != NULL ? qk_error_dup_class (error) : g_strdup (""));
}

static void
count_entry (QkMessageTally *self, const QkEntry *entry, gint64 now)
{
  gint64 created = qk_entry_get_created (entry);

  self->n_messages++;
  if (qk_entry_is_stuck (entry, now, qk_stuck_get_after_s ()))
    self->stuck++;
  else
    self->by_status[qk_entry_get_status (entry)]++;
  if (qk_entry_get_hazards (entry) != 0)
    self->hazards++;
  if (created == QK_WALL_NONE)
    return;
  if (self->oldest == QK_WALL_NONE || created < self->oldest)
    self->oldest = created;
  if (self->newest == QK_WALL_NONE || created > self->newest)
    self->newest = created;
}

/**
 * qk_message_tally_new: (skip)
 * @pick: some messages
 * @counts: (nullable): for each of them, whether it counts
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): what they consist of
 */
QkMessageTally *
qk_message_tally_new (const QkPick *pick, const gboolean *counts, gint64 now)
{
  QkMessageTally *self = g_new0 (QkMessageTally, 1);
  g_autoptr (GHashTable) agents = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) errors = g_hash_table_new (g_str_hash, g_str_equal);

  self->oldest = QK_WALL_NONE;
  self->newest = QK_WALL_NONE;
  self->agents = g_ptr_array_new_with_free_func (count_free);
  self->errors = g_ptr_array_new_with_free_func (count_free);
  for (guint i = 0; i < qk_pick_get_n_entries (pick); i++)
    {
      const QkEntry *entry = qk_pick_get_entry (pick, i);
      char *recipient;

      if (counts != NULL && !counts[i])
        continue;
      recipient = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
      count_entry (self, entry, now);
      count (self->agents, agents, recipient != NULL ? recipient : g_strdup (""));
      count_error (self, errors, entry);
    }
  g_ptr_array_sort (self->agents, compare_names);
  g_ptr_array_sort (self->errors, compare_counts);
  return self;
}

/**
 * qk_message_tally_free: (skip)
 * @self: (transfer full): a tally
 *
 * Frees it.
 */
void
qk_message_tally_free (QkMessageTally *self)
{
  g_ptr_array_unref (self->agents);
  g_ptr_array_unref (self->errors);
  g_free (self);
}

typedef struct {
  QkPick *pick; /* owned */
  gint64 now;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  qk_pick_unref (job->pick);
  g_free (job);
}

static void
work (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;

  g_task_return_pointer (task, qk_message_tally_new (job->pick, NULL, job->now),
                         (GDestroyNotify) qk_message_tally_free);
}

/**
 * qk_message_tally_async: (skip)
 * @pick: some messages
 * @now: the present, in wall microseconds
 * @cancellable: (nullable): for when nobody wants to know any more
 * @callback: called when they are counted
 * @user_data: for @callback
 *
 * Counts them in a worker.
 */
void
qk_message_tally_async (QkPick *pick,
                        gint64 now,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job){qk_pick_ref (pick), now};
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
}

/**
 * qk_message_tally_finish: (skip)
 * @result: what the callback was given
 * @error: return location for a #GIOError
 *
 * Returns: (transfer full) (nullable): what they consist of
 */
QkMessageTally *
qk_message_tally_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* "a", "a and b", "a, b and c" */
static char *
join (const GPtrArray *parts)
{
  char *text = g_strdup (parts->len > 0 ? parts->pdata[0] : "");

  for (guint i = 1; i < parts->len; i++)
    {
      g_autofree char *before = text;

      text = i + 1 < parts->len
                 ? g_strdup_printf (C_ ("list", "%s, %s"), before, (char *) parts->pdata[i])
                 : g_strdup_printf (C_ ("list", "%s and %s"), before, (char *) parts->pdata[i]);
    }
  return text;
}

/**
 * qk_message_tally_describe_statuses:
 * @self: a tally
 *
 * Returns: (transfer full): `8 pending, 3 failed and 1 stuck`
 */
char *
qk_message_tally_describe_statuses (const QkMessageTally *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < QK_N_STATUSES; i++)
    if (self->by_status[i] > 0)
      g_ptr_array_add (parts, qk_words_status_count ((QkStatus) i, self->by_status[i]));
  if (self->stuck > 0)
    g_ptr_array_add (parts,
                     g_strdup_printf (ngettext ("%u stuck", "%u stuck", self->stuck), self->stuck));
  return join (parts);
}

/**
 * qk_message_tally_describe_agents:
 * @self: a tally
 *
 * Returns: (transfer full): `Agent-1, Agent-3 and 2 others`, safe to be shown
 */
char *
qk_message_tally_describe_agents (const QkMessageTally *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  guint n_named = self->agents->len > MAX_NAMES ? MAX_NAMES - 1 : self->agents->len;

  for (guint i = 0; i < n_named; i++)
    g_ptr_array_add (parts, qk_words_agent (((QkTallyCount *) self->agents->pdata[i])->name));
  if (n_named < self->agents->len)
    {
      guint n = self->agents->len - n_named;

      g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u other", "%u others", n), n));
    }
  return join (parts);
}
