#include "qk-file-store-private.h"

#include <glib/gi18n-lib.h>

/* Looks follow one another no faster than frames do. */
#define FRAME_USEC (16 * G_TIME_SPAN_MILLISECOND)
/* How long the queue may be absent or torn until that is more than a writer at work. */
#define PATIENCE_USEC       (2 * G_TIME_SPAN_SECOND)
#define FIRST_PATIENCE_USEC (250 * G_TIME_SPAN_MILLISECOND)
#define LOOK_AGAIN_MSEC     20

static void
set_state (QkFileStore *self, QkStoreState state, char *problem)
{
  g_autofree char *old_problem = g_steal_pointer (&self->problem);

  g_object_freeze_notify (G_OBJECT (self));
  self->problem = problem;
  if (g_strcmp0 (old_problem, problem) != 0)
    g_object_notify (G_OBJECT (self), "problem");
  if (self->state != state)
    {
      self->state = state;
      g_object_notify (G_OBJECT (self), "state");
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/* What to do next is not said: to salvage, which each program calls by its own name. */
static char *
describe_damage (const QkFileStore *self)
{
  if (self->seen.size == 0)
    return g_strdup_printf (_ ("%s is empty: a writer was interrupted. Nothing is written to it."),
                            self->path);
  return g_strdup_printf (_ ("%s is damaged: %s. Nothing is written to it."), self->path,
                          self->found_problem);
}

static char *
describe_absence (const QkFileStore *self)
{
  return g_strdup_printf (
      _ ("There is no queue at %s. It is shown as soon as the swarm creates it."), self->path);
}

/* Whether a look that was refused is worth another one soon. A right that is missing stays missing. */
static gboolean
is_in_use (const QkFileStore *self)
{
  return self->obstructed && self->obstacle != QK_LOCK_KIND_ACCESS_DENIED;
}

/* Once for a trouble, however often it is looked at. */
static void
tell_obstacle (QkFileStore *self)
{
  QkLockEvent event = {
      .time = g_get_real_time (),
      .operation = QK_OPERATION_READ,
      .kind = self->obstacle,
      .code = self->found_code,
      .delay = is_in_use (self) ? LOOK_AGAIN_MSEC * G_TIME_SPAN_MILLISECOND : 0,
      .outcome = is_in_use (self) ? QK_LOCK_OUTCOME_RETRY : QK_LOCK_OUTCOME_GIVE_UP,
      .holder = self->holder,
  };

  g_signal_emit_by_name (self, "lock-event", &event);
}

static void
begin_trouble (QkFileStore *self)
{
  if (self->trouble_since != 0)
    return;
  self->trouble_since = g_get_monotonic_time ();
  if (self->document != NULL && self->obstructed)
    tell_obstacle (self);
}

/* Absent or torn: a writer at work, until it has lasted too long for that. A file that has not been
 * touched for long is not being written. */
static void
assess_trouble (QkFileStore *self)
{
  gint64 patience = PATIENCE_USEC;
  gboolean absent = self->found == QK_READING_ABSENT;

  begin_trouble (self);
  if (absent && self->document == NULL)
    patience = FIRST_PATIENCE_USEC;
  if (!absent && self->found_age > PATIENCE_USEC)
    patience = 0;
  if (g_get_monotonic_time () - self->trouble_since < patience)
    {
      set_state (self, QK_STORE_STATE_WAITING, NULL);
      qk_file_store_schedule_look (self, LOOK_AGAIN_MSEC);
    }
  else if (absent)
    {
      if (self->state == QK_STORE_STATE_GONE)
        qk_watch_renew (self->watch);
      set_state (self, QK_STORE_STATE_GONE, describe_absence (self));
    }
  else
    set_state (self, QK_STORE_STATE_DAMAGED, describe_damage (self));
}

static void
assess_refusal (QkFileStore *self)
{
  begin_trouble (self);
  if (is_in_use (self) && self->document != NULL &&
      g_get_monotonic_time () - self->trouble_since < PATIENCE_USEC)
    {
      set_state (self, QK_STORE_STATE_WAITING, NULL);
      qk_file_store_schedule_look (self, LOOK_AGAIN_MSEC);
      return;
    }
  set_state (self, QK_STORE_STATE_UNREADABLE,
             g_strdup_printf (_ ("Cannot read %s: %s."), self->path, self->found_problem));
}

static void
assess (QkFileStore *self)
{
  switch (self->found)
    {
    case QK_READING_WHOLE:
    case QK_READING_SAME:
      if (self->state == QK_STORE_STATE_GONE)
        qk_watch_renew (self->watch);
      self->trouble_since = 0;
      set_state (self, QK_STORE_STATE_LIVE, NULL);
      break;
    case QK_READING_ABSENT:
    case QK_READING_TORN:
      assess_trouble (self);
      break;
    case QK_READING_REFUSED:
    default:
      assess_refusal (self);
      break;
    }
}

/* Two versions, between which most messages have disappeared. */
typedef struct {
  QkDocument *before; /* owned */
  QkDocument *after;  /* owned */
  QkJournal *journal; /* owned */
  char *key;          /* owned: of the queue in the journal */
} Fall;

static void
fall_free (gpointer data)
{
  Fall *fall = data;

  qk_document_unref (fall->before);
  qk_document_unref (fall->after);
  g_object_unref (fall->journal);
  g_free (fall->key);
  g_free (fall);
}

static void
run_fall (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Fall *fall = task_data;

  g_task_return_pointer (task, qk_loss_find (fall->before, fall->after, fall->journal, fall->key),
                         (GDestroyNotify) qk_loss_free);
}

static void
set_loss (QkFileStore *self, QkLoss *loss)
{
  g_clear_pointer (&self->loss, qk_loss_free);
  self->loss = loss;
  g_object_notify (G_OBJECT (self), "loss");
}

static void
on_fall_judged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (source);
  QkLoss *loss = g_task_propagate_pointer (G_TASK (result), NULL);

  if (loss != NULL && !qk_loss_is_over (loss, self->document))
    set_loss (self, loss);
  else
    g_clear_pointer (&loss, qk_loss_free);
}

/* Where most messages have disappeared, finds out whether that was meant. */
static void
look_for_loss (QkFileStore *self, QkDocument *before, const QkDiff *diff)
{
  g_autoptr (GTask) task = NULL;
  Fall *fall;

  if (self->loss != NULL && qk_loss_is_over (self->loss, self->document))
    set_loss (self, NULL);
  if (self->journal == NULL || before == NULL || !qk_loss_is_likely (diff))
    return;
  fall = g_new (Fall, 1);
  *fall = (Fall){qk_document_ref (before), qk_document_ref (self->document),
                 g_object_ref (self->journal), qk_store_dup_key (QK_STORE (self))};
  task = g_task_new (self, NULL, on_fall_judged, NULL);
  g_task_set_task_data (task, fall, fall_free);
  g_task_run_in_thread (task, run_fall);
}

/* A version that nobody here has made. While something is being saved it cannot be told. */
static void
note_foreign (QkFileStore *self)
{
  if (self->n_saving == 0 && self->repairs == NULL && !qk_stamp_equal (&self->seen, &self->ours))
    self->foreign_seen = g_get_monotonic_time ();
}

static void
take_document (QkFileStore *self, QkReading *reading)
{
  g_autoptr (QkDocument) old = g_steal_pointer (&self->document);

  self->document = g_steal_pointer (&reading->document);
  if (reading->diff != NULL && qk_diff_is_empty (reading->diff))
    return;
  if (old != NULL)
    note_foreign (self);
  look_for_loss (self, old, reading->diff);
  g_object_notify (G_OBJECT (self), "document");
  g_signal_emit_by_name (self, "changed", reading->diff);
}

/* Returns whether the agents are others now. */
static gboolean
take_agents (QkFileStore *self, QkReading *reading)
{
  g_auto (GStrv) before = qk_store_dup_agents (QK_STORE (self)), after = NULL;
  QkAgentsSource source = qk_store_get_agents_source (QK_STORE (self));

  if (reading->agents != NULL)
    {
      g_strfreev (self->agents);
      self->agents = g_steal_pointer (&reading->agents);
    }
  /* A queue that was emptied does not make the swarm another one. */
  if (reading->found_agents != NULL)
    {
      g_strfreev (self->found_agents);
      self->found_agents = g_steal_pointer (&reading->found_agents);
    }
  after = qk_store_dup_agents (QK_STORE (self));
  return source != qk_store_get_agents_source (QK_STORE (self)) ||
         !g_strv_equal ((const char *const *) before, (const char *const *) after);
}

static void
take_reading (QkFileStore *self, QkReading *reading)
{
  gboolean other_agents = take_agents (self, reading);

  if (reading->state != QK_READING_SAME)
    {
      gboolean known = reading->state == QK_READING_WHOLE || reading->state == QK_READING_TORN;

      self->found = reading->state;
      self->found_age = reading->age;
      self->seen = known ? reading->stamp : (QkFileStamp){0};
      g_free (self->found_problem);
      self->found_problem = g_steal_pointer (&reading->problem);
      self->obstructed = reading->obstructed;
      self->obstacle = reading->kind;
      self->found_code = reading->state == QK_READING_REFUSED ? reading->code : 0;
      g_clear_pointer (&self->holder, qk_holder_unref);
      self->holder = g_steal_pointer (&reading->holder);
    }
  /* First the document: who waits for the state LIVE finds it there. */
  if (reading->document != NULL)
    take_document (self, reading);
  if (other_agents)
    g_signal_emit_by_name (self, "agents-changed");
  assess (self);
  qk_file_store_recover (self);
  qk_file_store_update_recoveries (self);
  qk_file_store_check_guard (self);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (source);
  QkReading *reading = g_task_get_task_data (G_TASK (result));
  gboolean again = self->look_again;

  self->looking = FALSE;
  self->look_again = FALSE;
  if (self->watch == NULL)
    return;
  take_reading (self, reading);
  if (again)
    qk_file_store_schedule_look (self, 0);
}

static void
run_reading (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  qk_reading_run (task_data);
  g_task_return_boolean (task, TRUE);
}

/* Looks now, or once more after the look that is under way. */
void
qk_file_store_look (QkFileStore *self)
{
  g_autoptr (GTask) task = NULL;
  QkReading *reading;

  g_clear_handle_id (&self->look_source, g_source_remove);
  if (self->looking)
    {
      self->look_again = TRUE;
      return;
    }
  self->looking = TRUE;
  self->last_look = g_get_monotonic_time ();
  task = g_task_new (self, NULL, on_looked, NULL);
  reading = qk_reading_new (self->platform, self->path, self->document, &self->seen);
  /* Of a trouble that is known already it was asked before. */
  if (self->document != NULL && self->trouble_since == 0)
    reading->holders = qk_holders_get_native ();
  g_task_set_task_data (task, reading, (GDestroyNotify) qk_reading_free);
  g_task_run_in_thread (task, run_reading);
}

static gboolean
on_look_due (gpointer user_data)
{
  QkFileStore *self = user_data;

  self->look_source = 0;
  qk_file_store_look (self);
  return G_SOURCE_REMOVE;
}

/* Looks in @msec milliseconds, but not before a frame has passed since the last look. */
void
qk_file_store_schedule_look (QkFileStore *self, guint msec)
{
  gint64 next = self->last_look + FRAME_USEC - g_get_monotonic_time ();

  if (self->look_source != 0)
    return;
  if (next > 0)
    msec = MAX (msec, (guint) (next / G_TIME_SPAN_MILLISECOND) + 1);
  self->look_source = g_timeout_add (msec, on_look_due, self);
}
