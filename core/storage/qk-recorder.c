#include "qk-recorder.h"

#include <string.h>

static void
record_free (gpointer data)
{
  if (data != NULL)
    qk_record_unref (data);
}

static GPtrArray *
records_new (guint n)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (record_free);

  g_ptr_array_set_size (records, (int) n);
  return records;
}

/**
 * qk_recorder_init:
 * @self: what to initialize
 * @journal: (nullable): where to keep it; %NULL where nobody wants to know
 * @queue: which queue
 * @changes: (element-type QkChange): what is to be saved
 *
 * All of the arguments must outlive @self.
 */
void
qk_recorder_init (QkRecorder *self, QkJournal *journal, const char *queue, GPtrArray *changes)
{
  *self = (QkRecorder){.journal = journal, .queue = queue, .changes = changes};
  self->swapped = records_new (changes->len);
  self->planned = records_new (changes->len);
}

/**
 * qk_recorder_clear:
 * @self: a recorder
 *
 * Frees what it holds.
 */
void
qk_recorder_clear (QkRecorder *self)
{
  g_clear_pointer (&self->swapped, g_ptr_array_unref);
  g_clear_pointer (&self->planned, g_ptr_array_unref);
  g_clear_pointer (&self->forgotten, g_ptr_array_unref);
  g_clear_pointer (&self->problem, g_free);
}

static GBytes *
entry_to_bytes (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_json (entry, &length);

  return g_bytes_new (json, length);
}

static gsize
find_position (QkDocument *document, const QkEntry *entry)
{
  gsize length;
  const char *text = g_bytes_get_data (qk_document_get_bytes (document), &length);

  return (gsize) (qk_entry_get_json (entry, &length) - text);
}

static QkRecord *
record_new (QkDocument *document, QkChange *change, const QkEffect *effect)
{
  QkRecord *record = g_new0 (QkRecord, 1);

  g_atomic_ref_count_init (&record->refs);
  record->change = qk_change_ref (change);
  record->position = G_MAXSIZE;
  if (effect->before != NULL)
    {
      record->before = entry_to_bytes (effect->before);
      record->position = find_position (document, effect->before);
    }
  if (effect->after != NULL)
    record->after = g_bytes_new (effect->after, strlen (effect->after));
  if (effect->previous != NULL)
    record->previous_id = qk_entry_dup_field (effect->previous, QK_FIELD_ID);
  return record;
}

/* Several changes of one entry are one record: it goes from its first text to its last. */
static gboolean
is_recorded (GHashTable *seen, const QkEffect *effect)
{
  return effect->before != NULL && !g_hash_table_add (seen, (gpointer) effect->before);
}

static void
make_records (QkRecorder *self, QkDocument *document, const QkPlan *plan)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GPtrArray *records = records_new (self->changes->len);

  for (guint i = 0; i < self->changes->len; i++)
    {
      const char *reason;
      QkVerdict verdict = qk_plan_get_verdict (plan, i, &reason);
      QkEffect effect = qk_plan_get_effect (plan, i);
      QkRecord *swapped = g_ptr_array_index (self->swapped, i);

      if (verdict == QK_VERDICT_CHANGED && !is_recorded (seen, &effect))
        records->pdata[i] = record_new (document, g_ptr_array_index (self->changes, i), &effect);
      else if (verdict == QK_VERDICT_IN_EFFECT && swapped != NULL)
        records->pdata[i] = qk_record_ref (swapped);
    }
  g_ptr_array_unref (self->planned);
  self->planned = records;
}

static int
compare_positions (gconstpointer a, gconstpointer b)
{
  const QkRecord *x = *(const QkRecord *const *) a, *y = *(const QkRecord *const *) b;

  return (x->position > y->position) - (x->position < y->position);
}

/* In the order of the queue: an entry is put back behind one that may have been put back before. */
static GPtrArray *
list_planned (const QkRecorder *self)
{
  GPtrArray *records = g_ptr_array_new ();

  for (guint i = 0; i < self->planned->len; i++)
    if (self->planned->pdata[i] != NULL)
      g_ptr_array_add (records, self->planned->pdata[i]);
  g_ptr_array_sort (records, compare_positions);
  return records;
}

/**
 * qk_recorder_before_swap:
 * @self: a recorder
 * @document: a version of the queue
 * @plan: what is to be swapped in, made of @document
 *
 * Has the journal keep what that version does, and those before it did.
 */
void
qk_recorder_before_swap (QkRecorder *self, QkDocument *document, const QkPlan *plan)
{
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;
  gint64 operation;

  if (self->journal == NULL || self->problem != NULL)
    return;
  make_records (self, document, plan);
  records = list_planned (self);
  if (records->len == 0 && self->operation == 0)
    return;
  operation = qk_journal_write (self->journal, self->queue, self->operation, records, &error);
  if (operation > 0)
    self->operation = operation;
  else
    self->problem = g_strdup (error->message);
}

/**
 * qk_recorder_after_swap:
 * @self: a recorder
 *
 * That version is in place.
 */
void
qk_recorder_after_swap (QkRecorder *self)
{
  GPtrArray *records = self->swapped;

  self->swapped = self->planned;
  self->planned = records;
  g_clear_pointer (&self->forgotten, g_ptr_array_unref);
  self->has_swapped = TRUE;
}

/**
 * qk_recorder_forget_swap:
 * @self: a recorder
 *
 * It was not made of what stood there: what it seemed to do was not done.
 */
void
qk_recorder_forget_swap (QkRecorder *self)
{
  g_clear_pointer (&self->forgotten, g_ptr_array_unref);
  self->forgotten = self->swapped;
  self->swapped = records_new (self->changes->len);
}

/**
 * qk_recorder_remember_swap:
 * @self: a recorder
 *
 * It stays all the same: nothing else could be put in its place.
 */
void
qk_recorder_remember_swap (QkRecorder *self)
{
  if (self->forgotten == NULL)
    return;
  g_ptr_array_unref (self->swapped);
  self->swapped = g_steal_pointer (&self->forgotten);
}

static gboolean
has_records (const QkRecorder *self)
{
  for (guint i = 0; i < self->swapped->len; i++)
    if (self->swapped->pdata[i] != NULL)
      return TRUE;
  return FALSE;
}

/**
 * qk_recorder_end:
 * @self: a recorder
 * @done: whether the last version swapped in stands; else the queue is as it was before the save
 * @result: (nullable): is told how to undo it, or why it cannot be undone
 *
 * The save has ended.
 */
void
qk_recorder_end (QkRecorder *self, gboolean done, QkResult *result)
{
  gboolean in_effect = done && self->has_swapped && self->problem == NULL && has_records (self);

  /* Where even this fails the operation stays begun, and can be undone by its number all the same. */
  if (self->operation != 0)
    (void) qk_journal_end (self->journal, self->operation, in_effect, NULL);
  if (result == NULL)
    return;
  if (in_effect)
    result->operation = self->operation;
  if (done && self->has_swapped && self->problem != NULL)
    result->no_undo = g_steal_pointer (&self->problem);
}
