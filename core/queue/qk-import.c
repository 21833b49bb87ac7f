#include "qk-import.h"

#include "qk-entry-private.h"
#include "qk-fix.h"
#include "qk-id-index.h"
#include "qk-patch.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_EDITS 8

struct _QkImport {
  gatomicrefcount refs;
  QkDocument *theirs; /* owned */
  QkDocument *ours;   /* owned */
  QkStyle style;      /* of @ours */
  gboolean is_flat;   /* @ours has entries of the flat form */
  GArray *items;      /* owned, of QkImportItem */
  guint counts[QK_N_IMPORT_KINDS];
};

static void
add_item (QkImport *self,
          QkImportKind kind,
          const QkEntry *theirs,
          const QkEntry *ours,
          const QkEntry *previous)
{
  QkImportItem item = {kind, theirs, ours, previous};

  g_array_append_val (self->items, item);
  self->counts[kind]++;
}

static void
index_document (QkIdIndex *index, QkDocument *document)
{
  guint n = qk_document_get_n_entries (document);

  qk_id_index_init (index, n > 0 ? qk_document_get_entry (document, 0) : NULL, 0, n);
}

static guint
hash_json (gconstpointer entry)
{
  guint64 hash = qk_entry_hash_json (entry);

  return (guint) (hash ^ hash >> 32);
}

static gboolean
is_same_json (gconstpointer a, gconstpointer b)
{
  return qk_entry_same_json (a, b);
}

/* Of entries that are the same to the byte, the first; @next has the one after each. */
static GHashTable *
index_json (QkDocument *document, guint32 *next)
{
  GHashTable *firsts = g_hash_table_new (hash_json, is_same_json);

  for (guint i = qk_document_get_n_entries (document); i > 0; i--)
    {
      const QkEntry *entry = qk_document_get_entry (document, i - 1);
      gpointer later;

      next[i - 1] = g_hash_table_lookup_extended (firsts, entry, NULL, &later)
                        ? GPOINTER_TO_UINT (later)
                        : QK_ID_INDEX_NONE;
      g_hash_table_insert (firsts, (gpointer) entry, GUINT_TO_POINTER (i - 1));
    }
  return firsts;
}

/* What is the same to the byte finds its twin first, wherever that stands. */
static void
claim_same (QkImport *self, guint32 *partners, gboolean *claimed)
{
  g_autofree guint32 *next = g_new (guint32, qk_document_get_n_entries (self->ours) + 1);
  g_autoptr (GHashTable) firsts = index_json (self->ours, next);

  for (guint i = 0; i < qk_document_get_n_entries (self->theirs); i++)
    {
      const QkEntry *entry = qk_document_get_entry (self->theirs, i);
      gpointer first;

      partners[i] = QK_ID_INDEX_NONE;
      if (!g_hash_table_lookup_extended (firsts, entry, NULL, &first))
        continue;
      partners[i] = GPOINTER_TO_UINT (first);
      claimed[partners[i]] = TRUE;
      if (next[partners[i]] == QK_ID_INDEX_NONE)
        g_hash_table_remove (firsts, entry);
      else
        g_hash_table_insert (firsts, (gpointer) entry, GUINT_TO_POINTER (next[partners[i]]));
    }
}

/* Of what is left, the first with the id. What is claimed is taken out on the way, so that nobody meets
 * it again, be they thousands with one id. */
static guint32
claim_named (QkImport *self, QkIdIndex *index, gboolean *claimed, const QkEntry *entry)
{
  for (guint32 i = qk_id_index_first (index, entry->id_hash); i != QK_ID_INDEX_NONE;
       i = qk_id_index_next (index, i))
    {
      gboolean is_named = qk_entry_same_id (qk_document_get_entry (self->ours, i), entry);

      if (!claimed[i] && !is_named)
        continue;
      qk_id_index_remove (index, i);
      if (claimed[i])
        continue;
      claimed[i] = TRUE;
      return i;
    }
  return QK_ID_INDEX_NONE;
}

/* @a and @b are texts, each with its quotes. One program writes "ä", another "\u00e4". */
static gboolean
is_same_string (const char *a, const char *b, const char *a_end, const char *b_end)
{
  g_autofree char *x = NULL, *y = NULL;
  gboolean halves = FALSE;

  if (a_end - a == b_end - b && memcmp (a, b, (gsize) (a_end - a)) == 0)
    return TRUE;
  x = qk_json_decode (a, (gsize) (a_end - a), &halves);
  y = qk_json_decode (b, (gsize) (b_end - b), &halves);
  return !halves && strcmp (x, y) == 0;
}

/* Whether both say the same in the same order, however they are laid out: repair tools lay out the
 * whole file anew. */
static gboolean
is_same_but_layout (const QkEntry *one, const QkEntry *other)
{
  const char *a = one->json, *b = other->json;
  const char *a_end = a + one->length, *b_end = b + other->length;

  while (a < a_end && b < b_end)
    {
      if (*a == '"' && *b == '"')
        {
          const char *a_next = qk_json_skip_value (a), *b_next = qk_json_skip_value (b);

          if (!is_same_string (a, b, a_next, b_next))
            return FALSE;
          a = a_next;
          b = b_next;
        }
      else if (*a++ != *b++)
        return FALSE;
      while (a < a_end && strchr (" \t\r\n", *a) != NULL)
        a++;
      while (b < b_end && strchr (" \t\r\n", *b) != NULL)
        b++;
    }
  return a == a_end && b == b_end;
}

static gboolean
is_repeated (QkImport *self, const QkIdIndex *theirs, guint position)
{
  const QkEntry *entry = qk_document_get_entry (self->theirs, position);

  for (guint32 i = qk_id_index_first (theirs, entry->id_hash); i < position;
       i = qk_id_index_next (theirs, i))
    if (qk_entry_same_id (qk_document_get_entry (self->theirs, i), entry))
      return TRUE;
  return FALSE;
}

/* @partners: which entry of the queue is the same to the byte, and then which one it is at all. */
static void
compare_theirs (QkImport *self, guint32 *partners, gboolean *claimed)
{
  guint n = qk_document_get_n_entries (self->theirs);
  const QkEntry *previous = NULL;
  g_auto (QkIdIndex) theirs = {NULL}, unclaimed = {NULL};

  index_document (&theirs, self->theirs);
  index_document (&unclaimed, self->ours);
  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_document_get_entry (self->theirs, i), *ours = NULL;
      QkImportKind kind = QK_IMPORT_SAME;

      if (partners[i] == QK_ID_INDEX_NONE)
        {
          partners[i] = claim_named (self, &unclaimed, claimed, entry);
          kind = QK_IMPORT_DIFFERS;
        }
      if (partners[i] != QK_ID_INDEX_NONE)
        ours = qk_document_get_entry (self->ours, partners[i]);
      if (kind == QK_IMPORT_DIFFERS && ours != NULL && is_same_but_layout (entry, ours))
        kind = QK_IMPORT_SAME;
      if (ours == NULL)
        kind = is_repeated (self, &theirs, i) ? QK_IMPORT_REPEATED : QK_IMPORT_NEW;
      add_item (self, kind, entry, ours, previous);
      previous = qk_entry_is_named (entry) ? entry : previous;
    }
}

static void
add_only_here (QkImport *self, const gboolean *claimed)
{
  for (guint i = 0; i < qk_document_get_n_entries (self->ours); i++)
    if (!claimed[i])
      add_item (self, QK_IMPORT_ONLY_HERE, NULL, qk_document_get_entry (self->ours, i), NULL);
}

/**
 * qk_import_new:
 * @theirs: what may be brought over
 * @ours: the queue
 *
 * Compares them. Its cost grows with the size of both.
 *
 * Returns: (transfer full): the entries of @theirs in their order, then what only @ours has
 */
QkImport *
qk_import_new (QkDocument *theirs, QkDocument *ours)
{
  QkImport *self;
  g_autofree guint32 *partners = NULL;
  g_autofree gboolean *claimed = NULL;

  g_return_val_if_fail (theirs != NULL && ours != NULL, NULL);

  self = g_new0 (QkImport, 1);
  g_atomic_ref_count_init (&self->refs);
  self->theirs = qk_document_ref (theirs);
  self->ours = qk_document_ref (ours);
  self->items = g_array_new (FALSE, FALSE, sizeof (QkImportItem));
  qk_style_detect (&self->style, ours);
  for (guint i = 0; i < qk_document_get_n_entries (ours) && !self->is_flat; i++)
    self->is_flat = qk_entry_is_flat (qk_document_get_entry (ours, i));
  partners = g_new (guint32, qk_document_get_n_entries (theirs) + 1);
  claimed = g_new0 (gboolean, qk_document_get_n_entries (ours) + 1);
  claim_same (self, partners, claimed);
  compare_theirs (self, partners, claimed);
  add_only_here (self, claimed);
  return self;
}

/**
 * qk_import_ref:
 * @self: an import
 *
 * Returns: (transfer full): @self
 */
QkImport *
qk_import_ref (QkImport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_import_unref:
 * @self: (transfer full): an import
 *
 * Gives up a reference.
 */
void
qk_import_unref (QkImport *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  qk_document_unref (self->theirs);
  qk_document_unref (self->ours);
  g_array_unref (self->items);
  g_free (self);
}

/**
 * qk_import_get_n_items:
 * @self: an import
 *
 * Returns: how many messages there are in both
 */
guint
qk_import_get_n_items (const QkImport *self)
{
  return self->items->len;
}

/**
 * qk_import_get_item:
 * @self: an import
 * @index: which one
 *
 * Returns: (transfer none): the message
 */
const QkImportItem *
qk_import_get_item (const QkImport *self, guint index)
{
  g_return_val_if_fail (index < self->items->len, NULL);

  return &g_array_index (self->items, QkImportItem, index);
}

/**
 * qk_import_count:
 * @self: an import
 * @kind: a kind
 *
 * Returns: how many messages are of it
 */
guint
qk_import_count (const QkImport *self, QkImportKind kind)
{
  return self->counts[kind];
}

/* What the swarm would trip over. What Python reads it does not; nor over the flat form where that is
 * in use. */
static guint
get_faults (const QkImport *self, const QkEntry *entry)
{
  guint faults = qk_entry_get_hazards (entry) & ~(guint) QK_HAZARD_NOT_FINITE;

  return self->is_flat && qk_entry_is_flat (entry) ? faults & ~(guint) QK_HAZARD_INCOMPLETE
                                                   : faults;
}

static const char *
get_kind_obstacle (QkImportKind kind, guint flags)
{
  gboolean put_back = (flags & QK_IMPORT_PUT_BACK) != 0, as_new = (flags & QK_IMPORT_AS_NEW) != 0;

  if (kind == QK_IMPORT_SAME)
    return _ ("already in the queue");
  if (kind == QK_IMPORT_DIFFERS && !put_back && !as_new)
    return _ ("its id is in the queue already, in another state");
  if (kind == QK_IMPORT_REPEATED && !as_new)
    return _ ("its id occurs earlier in the file");
  if (kind == QK_IMPORT_ONLY_HERE && !put_back)
    return _ ("only the queue has it");
  return NULL;
}

/**
 * qk_import_get_obstacle:
 * @self: an import
 * @index: which message
 * @flags: how it is to be brought over, of #QkImportFlags
 *
 * Returns: (nullable): why it cannot be, for the operator; %NULL where it can
 */
const char *
qk_import_get_obstacle (const QkImport *self, guint index, guint flags)
{
  const QkImportItem *item = qk_import_get_item (self, index);
  const char *obstacle = get_kind_obstacle (item->kind, flags);

  if (obstacle != NULL || item->theirs == NULL || get_faults (self, item->theirs) == 0)
    return obstacle;
  obstacle = qk_fix_get_obstacle (item->theirs);
  /* Of the flat form, which is left when all else is fixed. */
  if (obstacle == NULL && qk_entry_is_flat (item->theirs) && !self->is_flat)
    obstacle = _ ("it is of the flat form, which the swarm drops");
  return obstacle;
}

/**
 * qk_import_needs_fix:
 * @self: an import
 * @index: which message
 *
 * Returns: whether the swarm would trip over it, so that it comes fixed if at all
 */
gboolean
qk_import_needs_fix (const QkImport *self, guint index)
{
  const QkImportItem *item = qk_import_get_item (self, index);

  return item->theirs != NULL && get_faults (self, item->theirs) != 0;
}

static char *
quote (const char *text)
{
  GString *json = g_string_new (NULL);

  qk_json_append_quoted (json, text);
  return g_string_free (json, FALSE);
}

/* As if it had not been tried yet. */
static char *
write_metadata (const QkImport *self, const QkEntry *entry)
{
  static const char *const history[] = {"last_error", "last_retry_time", "next_retry_delay"};
  gsize length;
  const char *old = qk_entry_get_field_json (entry, QK_FIELD_METADATA, &length);
  g_autofree char *indent = g_strconcat (self->style.base, self->style.unit, NULL);
  QkMemberEdit edits[MAX_EDITS];
  gsize n = 0;
  GString *out = g_string_new (NULL);

  edits[n++] = (QkMemberEdit){.key = "delivery_attempts", .json = "0"};
  for (gsize i = 0; i < G_N_ELEMENTS (history); i++)
    edits[n++] = (QkMemberEdit){.key = history[i]};
  qk_patch_object (out, old != NULL && *old == '{' ? old : "{}", edits, n, &self->style, indent);
  return g_string_free (out, FALSE);
}

/* What @text, which has no hazard, becomes by @flags. */
static char *
adapt (const QkImport *self, char *text, gboolean copy, gboolean pending)
{
  g_autofree char *owned = text, *metadata = NULL, *now = NULL, *new_id = NULL;
  QkMemberEdit edits[MAX_EDITS];
  gsize n = 0;
  QkEntry entry;
  GString *out;

  if (!qk_entry_check (&entry, text, strlen (text)))
    return NULL;
  if (copy)
    {
      g_autofree char *id = g_uuid_string_random ();

      new_id = quote (id);
      edits[n++] =
          (QkMemberEdit){.key = qk_entry_is_flat (&entry) ? "id" : "queue_id", .json = new_id};
    }
  if (pending && qk_entry_get_status (&entry) != QK_STATUS_PENDING)
    {
      g_autofree char *time = qk_wall_format (qk_wall_now ());

      now = quote (time);
      metadata = write_metadata (self, &entry);
      edits[n++] =
          (QkMemberEdit){.key = "status",
                         .json = qk_entry_is_flat (&entry) ? "\"pending\"" : "\"PENDING\""};
      if (!qk_entry_is_flat (&entry) || qk_entry_has_field (&entry, QK_FIELD_UPDATED_AT))
        edits[n++] = (QkMemberEdit){.key = "updated_at", .json = now};
      edits[n++] = (QkMemberEdit){.key = "metadata", .json = metadata, .verbatim = TRUE};
      if (qk_entry_has_field (&entry, QK_FIELD_TOP_ATTEMPTS))
        edits[n++] = (QkMemberEdit){.key = "delivery_attempts", .json = "0"};
    }
  if (n == 0)
    return g_steal_pointer (&owned);
  out = g_string_new (NULL);
  qk_patch_object (out, text, edits, n, &self->style, self->style.base);
  return g_string_free (out, FALSE);
}

static char *
write_entry (const QkImport *self, const QkImportItem *item, guint flags)
{
  gsize length;
  const char *json = qk_entry_get_json (item->theirs, &length);
  gboolean copy = (flags & QK_IMPORT_AS_NEW) != 0 && item->kind != QK_IMPORT_NEW;
  char *text = get_faults (self, item->theirs) != 0 ? qk_fix_write (item->theirs, &self->style)
                                                    : g_strndup (json, length);

  return adapt (self, text, copy, (flags & QK_IMPORT_AS_PENDING) != 0);
}

/**
 * qk_import_make_change:
 * @self: an import
 * @index: which message; qk_import_get_obstacle() knows of no obstacle
 * @flags: how it is to be brought over, of #QkImportFlags
 *
 * Returns: (transfer full): the change that does it; it can be undone
 */
QkChange *
qk_import_make_change (const QkImport *self, guint index, guint flags)
{
  const QkImportItem *item = qk_import_get_item (self, index);
  g_autofree char *text = NULL, *previous = NULL;
  g_autoptr (GBytes) json = NULL, made = NULL;

  g_return_val_if_fail (qk_import_get_obstacle (self, index, flags) == NULL, NULL);

  if (item->kind == QK_IMPORT_ONLY_HERE)
    return qk_change_new_purge_exact (item->ours);
  text = write_entry (self, item, flags);
  json = g_bytes_new (text, strlen (text));
  if ((flags & QK_IMPORT_PUT_BACK) == 0)
    return qk_change_new_restore (json, QK_CHANGE_AT_THE_END, NULL);
  if (item->ours != NULL)
    {
      gsize length;
      const char *ours = qk_entry_get_json (item->ours, &length);

      made = g_bytes_new (ours, length);
    }
  if (item->previous != NULL)
    previous = qk_entry_dup_field (item->previous, QK_FIELD_ID);
  return qk_change_new_restore (json, previous, made);
}
