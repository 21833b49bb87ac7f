#include "qk-plan-private.h"

#include "qk-change-private.h"
#include "qk-entry-private.h"
#include "qk-id-index.h"
#include "qk-scan.h"

#include <string.h>

/* What becomes of an entry. */
typedef struct {
  char *text;     /* owned, nullable: its new text */
  QkEntry entry;  /* read from text */
  guint8 claimed; /* the kinds of change that have found it, one bit each */
  gboolean purge;
} Fate;

typedef struct {
  QkVerdict verdict;
  const char *reason; /* a literal */
} Judgement;

struct _QkPlan {
  QkDocument *document; /* owned */
  QkStyle style;
  Fate *fates;           /* owned, one per entry of the document */
  GPtrArray *added;      /* owned, texts of new entries */
  Judgement *judgements; /* owned, one per change */
  GArray *segments;      /* owned, of QkSegment */
  char *separator;       /* owned: stands before an entry that is added */
  gboolean changes_anything;
};

static const QkEntry *
current_entry (const QkPlan *self, guint index)
{
  return self->fates[index].text != NULL ? &self->fates[index].entry
                                         : qk_document_get_entry (self->document, index);
}

/* Of several entries with the id, the one that is to the letter what was seen; else the only one. */
static guint32
find_target (QkPlan *self, const QkIdIndex *index, const QkChange *change, gboolean *ambiguous)
{
  guint32 only = QK_ID_INDEX_NONE;
  guint8 kind = (guint8) (1 << change->kind);
  guint candidates = 0;

  for (guint32 i = qk_id_index_first (index, change->id_hash); i != QK_ID_INDEX_NONE;
       i = qk_id_index_next (index, i))
    {
      const QkEntry *entry = qk_document_get_entry (self->document, i);

      if ((self->fates[i].claimed & kind) ||
          (change->id != NULL ? !qk_entry_has_id (entry, change->id)
                              : qk_entry_has_field (entry, QK_FIELD_ID)))
        continue;
      if (qk_entry_hash_json (entry) == change->seen_json)
        {
          self->fates[i].claimed |= kind;
          return i;
        }
      candidates++;
      only = i;
    }
  if (candidates == 1 && change->id != NULL)
    {
      self->fates[only].claimed |= kind;
      return only;
    }
  *ambiguous = candidates > 0;
  return QK_ID_INDEX_NONE;
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
carry_out (QkPlan *self, Fate *fate, QkEdit *edit)
{
  if (edit->added != NULL)
    g_ptr_array_add (self->added, edit->added);
  if (edit->text != NULL)
    {
      g_free (fate->text);
      fate->text = edit->text;
      qk_entry_read (&fate->entry, fate->text, strlen (fate->text), FALSE);
    }
  fate->purge = fate->purge || edit->purge;
  self->changes_anything = TRUE;
}

static Judgement
judge_send (QkPlan *self, const QkIdIndex *index, const QkChange *change)
{
  if (is_there (self, index, change->id))
    return (Judgement){QK_VERDICT_IN_EFFECT, NULL};
  g_ptr_array_add (self->added, qk_change_write_new (change, &self->style));
  self->changes_anything = TRUE;
  return (Judgement){QK_VERDICT_CHANGED, NULL};
}

static Judgement
judge (QkPlan *self, const QkIdIndex *index, const QkChange *change, gint64 now)
{
  gboolean ambiguous = FALSE;
  guint32 target;
  QkEdit edit;

  if (change->kind == QK_CHANGE_SEND)
    return judge_send (self, index, change);
  if (change->kind == QK_CHANGE_RESEND && is_there (self, index, change->new_id))
    return (Judgement){QK_VERDICT_IN_EFFECT, NULL};
  target = find_target (self, index, change, &ambiguous);
  if (target == QK_ID_INDEX_NONE && ambiguous)
    return (Judgement){QK_VERDICT_SKIPPED,
                       "several entries share its id, and none is as it was seen"};
  if (target == QK_ID_INDEX_NONE)
    return (Judgement){change->kind == QK_CHANGE_PURGE ? QK_VERDICT_IN_EFFECT : QK_VERDICT_SKIPPED,
                       "no longer in the queue"};
  edit = qk_change_evaluate (change, current_entry (self, target), &self->style, now);
  if (edit.verdict == QK_VERDICT_CHANGED)
    carry_out (self, &self->fates[target], &edit);
  return (Judgement){edit.verdict, edit.reason};
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

static guint
append_old_entries (QkPlan *self)
{
  guint n = qk_document_get_n_entries (self->document), written = 0;

  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_document_get_entry (self->document, i);

      if (self->fates[i].purge)
        continue;
      if (written++ > 0)
        append_range (self, end_of (self, i - 1), entry->json);
      if (self->fates[i].text != NULL)
        append_segment (self, self->fates[i].text, self->fates[i].entry.length);
      else
        append_segment (self, entry->json, entry->length);
    }
  return written;
}

static void
append_added (QkPlan *self, guint written, const char *list)
{
  self->separator = make_separator (self, list);
  for (guint i = 0; i < self->added->len; i++)
    {
      const char *text = g_ptr_array_index (self->added, i);

      if (written++ > 0)
        append_segment (self, self->separator, strlen (self->separator));
      append_segment (self, text, strlen (text));
    }
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

  if (leaves_nothing (self))
    {
      append_range (self, data, list);
      append_range (self, qk_json_skip_space (tail), data + length);
      return;
    }
  append_range (self, data, first);
  append_added (self, append_old_entries (self), list);
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
  g_auto (QkIdIndex) index = {NULL};

  self->document = qk_document_ref (document);
  self->fates = g_new0 (Fate, MAX (n, 1));
  self->added = g_ptr_array_new_with_free_func (g_free);
  self->judgements = g_new0 (Judgement, MAX (changes->len, 1));
  self->segments = g_array_new (FALSE, FALSE, sizeof (QkSegment));
  qk_style_detect (&self->style, document);
  qk_id_index_init (&index, n > 0 ? qk_document_get_entry (document, 0) : NULL, 0, n);
  for (guint i = 0; i < changes->len; i++)
    self->judgements[i] = judge (self, &index, g_ptr_array_index (changes, i), now);
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
