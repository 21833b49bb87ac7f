#include "qk-plan-private.h"

#include "qk-change-private.h"
#include "qk-entry-private.h"
#include "qk-id-index.h"
#include "qk-scan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What becomes of an entry. */
typedef struct {
  char *text;    /* owned, nullable: its new text */
  QkEntry entry; /* read from text */
  gboolean purge;
} Fate;

/* Where a new entry goes: behind an entry of the document, or to one of the ends. */
#define TO_THE_FRONT (-1)
#define TO_THE_END   G_MAXINT64

typedef struct {
  char *text; /* owned */
  char *id;   /* owned, nullable: of one that is put back */
  gint64 after;
} Added;

typedef struct {
  QkVerdict verdict;
  const char *reason; /* a literal */
  guint32 target;     /* the entry that is changed, or QK_ID_INDEX_NONE */
  const char *added;  /* not owned, nullable: the text of the entry that is added */
  gint64 after;       /* where that goes */
} Judgement;

struct _QkPlan {
  QkDocument *document; /* owned */
  QkStyle style;
  Fate *fates;           /* owned, one per entry of the document */
  GPtrArray *added;      /* owned, of Added */
  Judgement *judgements; /* owned, one per change */
  guint n_changes;
  GArray *segments; /* owned, of QkSegment */
  char *separator;  /* owned: stands before an entry that is added */
  gboolean changes_anything;
};

/* Entries by id: all of them, for each kind of change those that none of that kind has found, and those
 * that were put back: the latest of each id. */
typedef struct {
  QkIdIndex all;
  QkIdIndex unclaimed[QK_N_CHANGE_KINDS];
  GHashTable *put_back; /* owned: id to Added, neither owned */
} Lookup;

static const QkEntry *
current_entry (const QkPlan *self, guint index)
{
  return self->fates[index].text != NULL ? &self->fates[index].entry
                                         : qk_document_get_entry (self->document, index);
}

static void
index_entries (QkIdIndex *index, QkDocument *document)
{
  guint n = qk_document_get_n_entries (document);

  qk_id_index_init (index, n > 0 ? qk_document_get_entry (document, 0) : NULL, 0, n);
}

static void
lookup_clear (Lookup *self)
{
  qk_id_index_clear (&self->all);
  for (guint i = 0; i < G_N_ELEMENTS (self->unclaimed); i++)
    qk_id_index_clear (&self->unclaimed[i]);
  g_clear_pointer (&self->put_back, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lookup, lookup_clear)

/* Of several entries with the id, the one that is to the letter what was seen; else the only one. */
static guint32
find_target (QkPlan *self, Lookup *lookup, const QkChange *change, gboolean *ambiguous)
{
  QkIdIndex *index = &lookup->unclaimed[change->kind];
  guint32 found = QK_ID_INDEX_NONE;
  guint candidates = 0;

  if (index->heads == NULL)
    index_entries (index, self->document);
  for (guint32 i = qk_id_index_first (index, change->id_hash); i != QK_ID_INDEX_NONE;
       i = qk_id_index_next (index, i))
    {
      const QkEntry *entry = qk_document_get_entry (self->document, i);
      gboolean seen = qk_entry_hash_json (entry) == change->seen_json;

      if (change->id != NULL ? !qk_entry_has_id (entry, change->id)
                             : qk_entry_is_named (entry) || !seen)
        continue;
      candidates = seen ? 1 : candidates + 1;
      found = i;
      if (seen)
        break;
    }
  *ambiguous = candidates > 1;
  if (candidates != 1)
    return QK_ID_INDEX_NONE;
  qk_id_index_remove (index, found);
  return found;
}

static gboolean
is_there (QkPlan *self, const QkIdIndex *index, const char *id)
{
  for (guint32 i = qk_id_index_first (index, qk_entry_hash_id (id)); i != QK_ID_INDEX_NONE;
       i = qk_id_index_next (index, i))
    if (qk_entry_has_id (qk_document_get_entry (self->document, i), id))
      return TRUE;
  return FALSE;
}

static void
added_free (gpointer data)
{
  Added *added = data;

  g_free (added->text);
  g_free (added->id);
  g_free (added);
}

static Judgement
add (QkPlan *self, char *text, const char *id, gint64 after)
{
  Added *added = g_new (Added, 1);

  *added = (Added){text, g_strdup (id), after};
  g_ptr_array_add (self->added, added);
  self->changes_anything = TRUE;
  return (Judgement){QK_VERDICT_CHANGED, NULL, QK_ID_INDEX_NONE, text, after};
}

static Judgement
carry_out (QkPlan *self, guint32 target, QkEdit *edit)
{
  Fate *fate = &self->fates[target];

  if (edit->added != NULL)
    return add (self, edit->added, NULL, TO_THE_END);
  if (edit->text != NULL)
    {
      g_free (fate->text);
      fate->text = edit->text;
      (void) qk_entry_check (&fate->entry, fate->text, strlen (fate->text));
    }
  fate->purge = fate->purge || edit->purge;
  self->changes_anything = TRUE;
  return (Judgement){QK_VERDICT_CHANGED, NULL, target, NULL, 0};
}

static Judgement
not_done (QkVerdict verdict, const char *reason)
{
  return (Judgement){verdict, reason, QK_ID_INDEX_NONE, NULL, 0};
}

static Judgement
judge_send (QkPlan *self, const QkIdIndex *index, const QkChange *change)
{
  if (is_there (self, index, change->id))
    return not_done (QK_VERDICT_IN_EFFECT, NULL);
  return add (self, qk_change_write_new (change, &self->style), NULL, TO_THE_END);
}

/* Behind the entry that stood before it, be it in the document or put back by this very plan. */
static gint64
find_place (QkPlan *self, const Lookup *lookup, const char *after_id)
{
  const Added *added;

  if (after_id == NULL)
    return TO_THE_FRONT;
  added = g_hash_table_lookup (lookup->put_back, after_id);
  if (added != NULL)
    return added->after;
  for (guint32 i = qk_id_index_first (&lookup->all, qk_entry_hash_id (after_id));
       i != QK_ID_INDEX_NONE; i = qk_id_index_next (&lookup->all, i))
    if (qk_entry_has_id (qk_document_get_entry (self->document, i), after_id))
      return i;
  return TO_THE_END;
}

/* What was purged is put back once: an entry of its id, or of its text, is it. */
static Judgement
judge_missing (QkPlan *self, Lookup *lookup, const QkChange *change)
{
  Judgement judgement;
  Added *added;

  if (change->kind == QK_CHANGE_PURGE)
    return not_done (QK_VERDICT_IN_EFFECT, _ ("no longer in the queue"));
  if (change->kind != QK_CHANGE_RESTORE || change->made != 0)
    return not_done (QK_VERDICT_SKIPPED, _ ("no longer in the queue"));
  judgement =
      add (self, g_strdup (change->text), change->id, find_place (self, lookup, change->after_id));
  added = g_ptr_array_index (self->added, self->added->len - 1);
  if (added->id != NULL)
    g_hash_table_replace (lookup->put_back, added->id, added);
  return judgement;
}

static Judgement
judge (QkPlan *self, Lookup *lookup, const QkChange *change, gint64 now)
{
  const QkIdIndex *index = &lookup->all;
  gboolean ambiguous = FALSE;
  guint32 target;
  QkEdit edit;

  if (change->kind == QK_CHANGE_SEND)
    return judge_send (self, index, change);
  target = find_target (self, lookup, change, &ambiguous);
  if (change->new_id != NULL && is_there (self, index, change->new_id))
    return not_done (QK_VERDICT_IN_EFFECT, NULL);
  if (target == QK_ID_INDEX_NONE && ambiguous)
    return not_done (QK_VERDICT_SKIPPED,
                     _ ("several entries share its id, and none is as it was seen"));
  if (target == QK_ID_INDEX_NONE)
    return judge_missing (self, lookup, change);
  edit = qk_change_evaluate (change, current_entry (self, target), &self->style, now);
  if (edit.verdict == QK_VERDICT_CHANGED)
    return carry_out (self, target, &edit);
  return not_done (edit.verdict, edit.reason);
}

/* Neighbours in the old text are one segment. */
static void
append_segment (QkPlan *self, const char *data, gsize size)
{
  QkSegment *last = self->segments->len > 0
                        ? &g_array_index (self->segments, QkSegment, self->segments->len - 1)
                        : NULL;
  QkSegment segment = {data, size};

  if (size == 0)
    return;
  if (last != NULL && last->data + last->size == data)
    last->size += size;
  else
    g_array_append_val (self->segments, segment);
}

static void
append_range (QkPlan *self, const char *from, const char *to)
{
  append_segment (self, from, (gsize) (to - from));
}

static const char *
end_of (QkPlan *self, guint index)
{
  const QkEntry *entry = qk_document_get_entry (self->document, index);

  return entry->json + entry->length;
}

/* What stands between two entries: as between the first two, or as before the only one. */
static char *
make_separator (QkPlan *self, const char *list)
{
  guint n = qk_document_get_n_entries (self->document);
  const char *first = n > 0 ? qk_document_get_entry (self->document, 0)->json : NULL;

  if (n >= 2)
    {
      const char *end = end_of (self, 0);

      return g_strndup (end, (gsize) (qk_document_get_entry (self->document, 1)->json - end));
    }
  if (n == 1 && *self->style.newline != '\0')
    {
      g_autofree char *lead = g_strndup (list, (gsize) (first - list));

      return g_strconcat (",", lead, NULL);
    }
  return g_strconcat (",", self->style.comma, NULL);
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Added *x = *(const Added *const *) a, *y = *(const Added *const *) b;

  return (x->after > y->after) - (x->after < y->after);
}

/* The state while the list is written. */
typedef struct {
  guint n_written;
  guint n_added; /* how many of the new entries have had their turn */
} Progress;

/* Those that go behind entry @after of the document. */
static void
append_added (QkPlan *self, Progress *progress, gint64 after)
{
  while (progress->n_added < self->added->len)
    {
      const Added *added = g_ptr_array_index (self->added, progress->n_added);

      if (added->after > after)
        break;
      if (progress->n_written++ > 0)
        append_segment (self, self->separator, strlen (self->separator));
      append_segment (self, added->text, strlen (added->text));
      progress->n_added++;
    }
}

static void
append_old_entry (QkPlan *self, Progress *progress, guint index)
{
  const QkEntry *entry = qk_document_get_entry (self->document, index);
  const Fate *fate = &self->fates[index];

  if (fate->purge)
    return;
  if (progress->n_written++ > 0 && index > 0)
    append_range (self, end_of (self, index - 1), entry->json);
  else if (progress->n_written > 1)
    append_segment (self, self->separator, strlen (self->separator));
  if (fate->text != NULL)
    append_segment (self, fate->text, fate->entry.length);
  else
    append_segment (self, entry->json, entry->length);
}

static void
append_entries (QkPlan *self)
{
  Progress progress = {0, 0};

  /* The sort is stable: what goes to the same place keeps its order. */
  g_ptr_array_sort (self->added, compare_places);
  append_added (self, &progress, TO_THE_FRONT);
  for (guint i = 0; i < qk_document_get_n_entries (self->document); i++)
    {
      append_old_entry (self, &progress, i);
      append_added (self, &progress, i);
    }
  append_added (self, &progress, TO_THE_END);
}

static gboolean
leaves_nothing (const QkPlan *self)
{
  for (guint i = 0; i < qk_document_get_n_entries (self->document); i++)
    if (!self->fates[i].purge)
      return FALSE;
  return self->added->len == 0;
}

static void
compose (QkPlan *self)
{
  gsize length;
  const char *data = g_bytes_get_data (qk_document_get_bytes (self->document), &length);
  const char *list = data + qk_document_get_list_start (self->document);
  guint n = qk_document_get_n_entries (self->document);
  const char *first = n > 0 ? qk_document_get_entry (self->document, 0)->json : list;
  const char *tail = n > 0 ? end_of (self, n - 1) : list;

  if (n > 0 && leaves_nothing (self))
    {
      append_range (self, data, list);
      append_range (self, qk_json_skip_space (tail), data + length);
      return;
    }
  append_range (self, data, first);
  self->separator = make_separator (self, list);
  append_entries (self);
  append_range (self, tail, data + length);
}

/**
 * qk_plan_new:
 * @document: a version of the queue
 * @changes: (element-type QkChange): what to change, in this order
 * @now: the present, in wall microseconds
 *
 * Works out the next version. Its cost is one pass over the ids of the entries.
 *
 * Returns: (transfer full): the plan
 */
QkPlan *
qk_plan_new (QkDocument *document, GPtrArray *changes, gint64 now)
{
  QkPlan *self = g_new0 (QkPlan, 1);
  guint n = qk_document_get_n_entries (document);
  g_auto (Lookup) lookup = {{NULL}};

  self->document = qk_document_ref (document);
  self->fates = g_new0 (Fate, MAX (n, 1));
  self->added = g_ptr_array_new_with_free_func (added_free);
  self->judgements = g_new0 (Judgement, MAX (changes->len, 1));
  self->n_changes = changes->len;
  self->segments = g_array_new (FALSE, FALSE, sizeof (QkSegment));
  qk_style_detect (&self->style, document);
  index_entries (&lookup.all, document);
  lookup.put_back = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < changes->len; i++)
    self->judgements[i] = judge (self, &lookup, g_ptr_array_index (changes, i), now);
  compose (self);
  return self;
}

/**
 * qk_plan_free:
 * @self: (transfer full): a plan
 *
 * Frees it, and with it its segments.
 */
void
qk_plan_free (QkPlan *self)
{
  for (guint i = 0; i < qk_document_get_n_entries (self->document); i++)
    g_free (self->fates[i].text);
  g_free (self->fates);
  g_free (self->judgements);
  g_free (self->separator);
  g_ptr_array_unref (self->added);
  g_array_unref (self->segments);
  qk_document_unref (self->document);
  g_free (self);
}

/**
 * qk_plan_changes_anything:
 * @self: a plan
 *
 * Returns: whether the next version differs from this one
 */
gboolean
qk_plan_changes_anything (const QkPlan *self)
{
  return self->changes_anything;
}

/**
 * qk_plan_get_segments:
 * @self: a plan
 * @n_segments: (out): how many
 *
 * Returns: (transfer none) (array length=n_segments): the next version, piece by piece
 */
const QkSegment *
qk_plan_get_segments (const QkPlan *self, guint *n_segments)
{
  *n_segments = self->segments->len;
  return (const QkSegment *) (void *) self->segments->data;
}

/**
 * qk_plan_get_n_changes:
 * @self: a plan
 *
 * Returns: of how many changes it was made
 */
guint
qk_plan_get_n_changes (const QkPlan *self)
{
  return self->n_changes;
}

/**
 * qk_plan_get_verdict:
 * @self: a plan
 * @change: which of the changes, from 0
 * @reason: (out) (nullable): why it is skipped, for the operator; a literal
 *
 * Returns: what becomes of it
 */
QkVerdict
qk_plan_get_verdict (const QkPlan *self, guint change, const char **reason)
{
  *reason = self->judgements[change].reason;
  return self->judgements[change].verdict;
}

static const QkEntry *
find_named (const QkPlan *self, gint64 index)
{
  for (; index >= 0; index--)
    if (qk_entry_is_named (qk_document_get_entry (self->document, (guint) index)))
      return qk_document_get_entry (self->document, (guint) index);
  return NULL;
}

/**
 * qk_plan_get_effect:
 * @self: a plan
 * @change: which of the changes, from 0
 *
 * Returns: what it does; nothing at all where its verdict is not %QK_VERDICT_CHANGED
 */
QkEffect
qk_plan_get_effect (const QkPlan *self, guint change)
{
  const Judgement *judgement = &self->judgements[change];
  guint32 target = judgement->target;
  QkEffect effect = {.after = judgement->added};

  if (target != QK_ID_INDEX_NONE)
    {
      effect.before = qk_document_get_entry (self->document, target);
      effect.after = self->fates[target].purge ? NULL : self->fates[target].text;
      effect.previous = find_named (self, (gint64) target - 1);
    }
  else if (judgement->added != NULL && judgement->after == TO_THE_END)
    effect.at_end = TRUE;
  else if (judgement->added != NULL)
    effect.previous = find_named (self, judgement->after);
  return effect;
}
