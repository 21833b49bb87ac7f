#include "qk-recorded-save.h"

typedef struct {
  GArray *saves;    /* owned, of QkRecordedSave: those that are complete */
  GHashTable *open; /* owned, of process to QkRecordedSave */
  guint n_incomplete;
} Collection;

/* Who made it: the queue is the same, and a process saves it one after the other. */
static char *
make_key (const QkReportEvent *event)
{
  return g_strdup_printf ("%d %" G_GINT64_FORMAT, (int) event->source, event->pid);
}

static gboolean
is_failed_attempt (const QkLockEvent *event)
{
  return event->operation == QK_OPERATION_SAVE && event->outcome != QK_LOCK_OUTCOME_MERGED &&
         event->attempt > 0;
}

static gboolean
is_last_attempt (const QkLockEvent *event)
{
  return event->outcome == QK_LOCK_OUTCOME_GIVE_UP ||
         (event->attempts > 0 && event->attempt >= event->attempts);
}

static void
close_save (Collection *self, QkRecordedSave *save)
{
  g_array_append_val (self->saves, *save);
}

/* The attempts are told in their order; where one is missing the save is of no use. */
static void
extend (Collection *self, const QkReportEvent *event)
{
  const QkLockEvent *told = event->event;
  g_autofree char *key = make_key (event);
  QkRecordedSave *save = g_hash_table_lookup (self->open, key);

  if (save != NULL && told->attempt != save->failed && told->attempt != save->failed + 1)
    {
      if (told->attempt == 1)
        close_save (self, save);
      else
        self->n_incomplete++;
      g_hash_table_remove (self->open, key);
      save = NULL;
    }
  else if (save != NULL && told->attempt == 1 && told->time > save->start + save->gone)
    {
      /* The first attempt of the next one, after one that failed once. */
      close_save (self, save);
      g_hash_table_remove (self->open, key);
      save = NULL;
    }
  if (save == NULL && told->attempt > 1)
    {
      self->n_incomplete++;
      return;
    }
  if (save == NULL)
    {
      save = g_new0 (QkRecordedSave, 1);
      *save = (QkRecordedSave){.source = event->source, .pid = event->pid, .start = told->time};
      g_hash_table_insert (self->open, g_strdup (key), save);
    }
  save->failed = told->attempt;
  save->waited += told->delay;
  save->lasted = MAX (told->time - save->start, 0);
  save->gone = save->lasted + told->delay;
  if (is_last_attempt (told))
    {
      save->gone = G_MAXINT64;
      close_save (self, save);
      g_hash_table_remove (self->open, key);
    }
}

static void
close_all (Collection *self, gint64 end)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      QkRecordedSave *save = value;

      /* Its next attempt is still to come. */
      if (save->start + save->gone > end)
        self->n_incomplete++;
      else
        close_save (self, save);
    }
}

static int
compare_saves (gconstpointer a, gconstpointer b)
{
  const QkRecordedSave *x = a, *y = b;

  return (x->start > y->start) - (x->start < y->start);
}

/**
 * qk_recorded_saves_collect:
 * @report: a report
 * @n_incomplete: (out) (optional): saves of which a part is missing, or still to come
 *
 * Returns: (transfer full) (element-type QkRecordedSave): the saves, the oldest first
 */
GArray *
qk_recorded_saves_collect (const QkReport *report, guint *n_incomplete)
{
  Collection collection = {0};

  g_return_val_if_fail (report != NULL, NULL);

  collection.saves = g_array_new (FALSE, FALSE, sizeof (QkRecordedSave));
  collection.open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = report->events->len; i > 0; i--)
    {
      const QkReportEvent *event = g_ptr_array_index (report->events, i - 1);

      if (is_failed_attempt (event->event))
        extend (&collection, event);
    }
  close_all (&collection, report->to);
  g_hash_table_unref (collection.open);
  g_array_sort (collection.saves, compare_saves);
  if (n_incomplete != NULL)
    *n_incomplete = collection.n_incomplete;
  return collection.saves;
}

/**
 * qk_recorded_save_was_given_up:
 * @self: a save
 *
 * Returns: whether it was given up after its last attempt
 */
gboolean
qk_recorded_save_was_given_up (const QkRecordedSave *self)
{
  return self->gone == G_MAXINT64;
}
