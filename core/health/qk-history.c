#include "qk-history-private.h"

#include "qk-history-work.h"

#include <glib/gi18n-lib.h>

static void qk_history_journal_init (QkJournalInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QkHistory,
                               qk_history,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QK_TYPE_JOURNAL, qk_history_journal_init))

static gboolean
is_open (QkHistory *self, GError **error)
{
  if (self->db != NULL && !qk_history_db_is_in_place (self->db))
    g_clear_pointer (&self->db, qk_history_db_close);
  if (self->db == NULL)
    {
      self->db = qk_history_db_open (self->path, error);
      self->opened++;
    }
  return self->db != NULL;
}

/* Whether it is worth another try: with a new file in the place of a damaged one. */
static gboolean
recover (QkHistory *self, GError **problem)
{
  g_autofree char *kept_as = NULL;

  if (!g_error_matches (*problem, QK_HISTORY_ERROR, QK_HISTORY_ERROR_DAMAGED))
    return FALSE;
  g_clear_pointer (&self->db, qk_history_db_close);
  g_clear_error (problem);
  if (!qk_history_db_set_aside (self->path, &kept_as, problem))
    return FALSE;
  if (kept_as != NULL)
    {
      g_autofree char *name = g_filename_display_name (kept_as);

      g_free (self->notice);
      self->notice = g_strdup_printf (_ ("the history was damaged and is kept as %s; what was done "
                                         "before cannot be undone"),
                                      name);
    }
  return TRUE;
}

gboolean
qk_history_run (QkHistory *self, QkHistoryWork work, gpointer data, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (GError) problem = NULL;

  if (is_open (self, &problem) && work (self, data, &problem))
    return TRUE;
  if (recover (self, &problem) && is_open (self, &problem) && work (self, data, &problem))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static const char *
get_kind (const QkHistoryNote *note)
{
  static const char *const kinds[QK_N_CHANGE_KINDS] = {
      [QK_CHANGE_RESEND] = "resend",
      [QK_CHANGE_PURGE] = "purge",
      [QK_CHANGE_SEND] = "send",
      [QK_CHANGE_SET_RECIPIENT] = "redirect",
      [QK_CHANGE_SET_PRIORITY] = "priority",
      [QK_CHANGE_EDIT] = "edit",
      [QK_CHANGE_RESTORE] = "restore",
      [QK_CHANGE_FIX] = "fix",
  };
  const QkRecord *record = note->records->len > 0 ? g_ptr_array_index (note->records, 0) : NULL;

  if (note->undoes != 0)
    return "undo";
  return record != NULL ? kinds[qk_change_get_kind (record->change)] : "none";
}

/* Which operation is undone by what is recorded, or 0. */
static gint64
find_undone (QkHistory *self, GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      const QkRecord *record = g_ptr_array_index (records, i);
      const QkHistoryUndoing *undoing = g_hash_table_lookup (self->undoings, record->change);

      if (undoing != NULL)
        return undoing->undone;
    }
  return 0;
}

static gboolean
do_write (QkHistory *self, gpointer data, GError **error)
{
  QkHistoryNote *note = data;
  g_autoptr (QkHistoryBatch) batch = NULL;

  if (note->kind == NULL)
    {
      note->undoes = find_undone (self, note->records);
      note->kind = get_kind (note);
    }
  batch = qk_history_ref_batch (self, note->records);
  note->batch = batch;
  if (!qk_history_db_write (self->db, note, error))
    return FALSE;
  if (batch != NULL && *batch == 0)
    *batch = note->operation;
  for (guint i = 0; i < note->records->len && note->undoes != 0; i++)
    {
      const QkRecord *record = g_ptr_array_index (note->records, i);
      QkHistoryUndoing *undoing = g_hash_table_lookup (self->undoings, record->change);

      if (undoing != NULL)
        undoing->operation = note->operation;
    }
  return TRUE;
}

static gint64
qk_history_write (QkJournal *journal,
                  const char *queue,
                  gint64 operation,
                  GPtrArray *records,
                  GError **error)
{
  QkHistoryNote note = {.queue = queue, .records = records, .operation = operation};

  return qk_history_run (QK_HISTORY (journal), do_write, &note, error) ? note.operation : 0;
}

typedef struct {
  gint64 operation;
  gboolean done;
} Ending;

static gboolean
is_part_of (gpointer change, gpointer undoing, gpointer operation)
{
  return ((const QkHistoryUndoing *) undoing)->operation == *(const gint64 *) operation;
}

static gboolean
do_end (QkHistory *self, gpointer data, GError **error)
{
  const Ending *ending = data;

  if (!qk_history_db_end (self->db, ending->operation, ending->done, error))
    return FALSE;
  if (ending->done)
    g_hash_table_foreach_remove (self->undoings, is_part_of, (gpointer) &ending->operation);
  /* Once is enough for a process, and it is best done while nobody waits for the queue. */
  if (!self->pruned)
    (void) qk_history_db_prune (
        self->db, g_get_real_time () - (gint64) self->retention * G_TIME_SPAN_DAY, NULL);
  self->pruned = TRUE;
  return TRUE;
}

static gboolean
qk_history_end (QkJournal *journal, gint64 operation, gboolean done, GError **error)
{
  Ending ending = {operation, done};

  return qk_history_run (QK_HISTORY (journal), do_end, &ending, error);
}

static gint64
qk_history_write_loss (QkJournal *journal, const char *queue, GPtrArray *records, GError **error)
{
  QkHistoryNote note = {.queue = queue, .kind = "loss", .records = records};

  if (!qk_history_run (QK_HISTORY (journal), do_write, &note, error) ||
      !qk_history_end (journal, note.operation, TRUE, error))
    return 0;
  return note.operation;
}

typedef struct {
  const char *queue;
  const char *id;
  gboolean purged;
} Question;

static gboolean
do_was_purged (QkHistory *self, gpointer data, GError **error)
{
  Question *question = data;

  return qk_history_db_was_purged (self->db, question->queue, question->id, &question->purged,
                                   error);
}

static gboolean
qk_history_was_purged (QkJournal *journal,
                       const char *queue,
                       const char *id,
                       gboolean *purged,
                       GError **error)
{
  Question question = {queue, id, FALSE};
  gboolean asked = qk_history_run (QK_HISTORY (journal), do_was_purged, &question, error);

  *purged = question.purged;
  return asked;
}

static void
qk_history_journal_init (QkJournalInterface *iface)
{
  iface->write_loss = qk_history_write_loss;
  iface->was_purged = qk_history_was_purged;
  iface->write = qk_history_write;
  iface->end = qk_history_end;
}

static gboolean
do_probe (QkHistory *self, gpointer data, GError **error)
{
  if (!qk_history_db_begin (self->db, TRUE, error))
    return FALSE;
  qk_history_db_roll_back (self->db);
  return TRUE;
}

/**
 * qk_history_probe:
 * @self: a history
 * @error: return location for a #QkHistoryError
 *
 * Finds out whether an operation could be kept now, without keeping one.
 *
 * Returns: whether it could, as far as can be known: the disk may be full a moment later
 */
gboolean
qk_history_probe (QkHistory *self, GError **error)
{
  g_return_val_if_fail (QK_IS_HISTORY (self), FALSE);

  return qk_history_run (self, do_probe, NULL, error);
}

static gboolean
do_prune (QkHistory *self, gpointer data, GError **error)
{
  return qk_history_db_prune (self->db, *(const gint64 *) data, error);
}

/**
 * qk_history_prune:
 * @self: a history
 * @days: how many to keep
 * @error: return location for a #QkHistoryError
 *
 * Forgets what is older than that, of any queue, but never the last %QK_HISTORY_KEPT_ALWAYS.
 *
 * Returns: whether it went well
 */
gboolean
qk_history_prune (QkHistory *self, guint days, GError **error)
{
  gint64 before = g_get_real_time () - (gint64) days * G_TIME_SPAN_DAY;

  g_return_val_if_fail (QK_IS_HISTORY (self), FALSE);

  return qk_history_run (self, do_prune, &before, error);
}

/**
 * qk_history_set_retention:
 * @self: a history
 * @days: how many to keep; %QK_HISTORY_RETENTION_DAYS unless it is set
 *
 * A history prunes itself by this once, after the first operation of its process; and once more,
 * after the next operation, where it was changed since.
 */
void
qk_history_set_retention (QkHistory *self, guint days)
{
  g_return_if_fail (QK_IS_HISTORY (self));

  g_mutex_lock (&self->mutex);
  self->pruned = self->pruned && self->retention == days;
  self->retention = days;
  g_mutex_unlock (&self->mutex);
}

/**
 * qk_history_get_retention:
 * @self: a history
 *
 * Returns: for how many days it keeps what was done
 */
guint
qk_history_get_retention (QkHistory *self)
{
  guint days;

  g_return_val_if_fail (QK_IS_HISTORY (self), 0);

  g_mutex_lock (&self->mutex);
  days = self->retention;
  g_mutex_unlock (&self->mutex);
  return days;
}

/**
 * qk_history_get_path:
 * @self: a history
 *
 * Returns: (transfer none) (type filename): its file
 */
const char *
qk_history_get_path (QkHistory *self)
{
  g_return_val_if_fail (QK_IS_HISTORY (self), NULL);

  return self->path;
}

/**
 * qk_history_recover:
 * @self: a history
 * @notice: (out) (transfer full) (nullable): what became of it, for the operator; %NULL where it was
 *   not damaged after all
 * @error: return location for a #QkHistoryError
 *
 * For who has found its file damaged and has closed it: moves it aside.
 *
 * Returns: whether a new one can be begun
 */
gboolean
qk_history_recover (QkHistory *self, char **notice, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *before = NULL;

  g_return_val_if_fail (QK_IS_HISTORY (self) && notice != NULL, FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  problem = g_error_new_literal (QK_HISTORY_ERROR, QK_HISTORY_ERROR_DAMAGED, "");
  before = g_steal_pointer (&self->notice);
  if (!recover (self, &problem))
    {
      self->notice = g_steal_pointer (&before);
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  *notice = g_strdup (self->notice);
  if (self->notice == NULL)
    self->notice = g_steal_pointer (&before);
  return TRUE;
}

/**
 * qk_history_steal_notice:
 * @self: a history
 *
 * Returns: (transfer full) (nullable): what the operator should be told, once
 */
char *
qk_history_steal_notice (QkHistory *self)
{
  char *notice;

  g_return_val_if_fail (QK_IS_HISTORY (self), NULL);

  g_mutex_lock (&self->mutex);
  notice = g_steal_pointer (&self->notice);
  g_mutex_unlock (&self->mutex);
  return notice;
}

static void
unref_change (gpointer change)
{
  qk_change_unref (change);
}

static void
qk_history_finalize (GObject *object)
{
  QkHistory *self = QK_HISTORY (object);

  g_clear_pointer (&self->db, qk_history_db_close);
  g_hash_table_unref (self->undoings);
  g_hash_table_unref (self->batches);
  g_mutex_clear (&self->batching);
  g_free (self->notice);
  g_free (self->path);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (qk_history_parent_class)->finalize (object);
}

static void
qk_history_class_init (QkHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_history_finalize;
}

static void
qk_history_init (QkHistory *self)
{
  g_mutex_init (&self->mutex);
  self->undoings = g_hash_table_new_full (NULL, NULL, unref_change, g_free);
  self->batches = g_hash_table_new_full (NULL, NULL, unref_change, qk_history_batch_unref);
  g_mutex_init (&self->batching);
  self->retention = QK_HISTORY_RETENTION_DAYS;
}

/**
 * qk_history_new:
 * @path: (nullable): the file; %NULL for `queuekeeper/history.db` in the user's data folder
 *
 * Returns: (transfer full): the history; nothing is opened yet
 */
QkHistory *
qk_history_new (const char *path)
{
  QkHistory *self = g_object_new (QK_TYPE_HISTORY, NULL);

  self->path = path != NULL
                   ? g_strdup (path)
                   : g_build_filename (g_get_user_data_dir (), "queuekeeper", "history.db", NULL);
  return self;
}
