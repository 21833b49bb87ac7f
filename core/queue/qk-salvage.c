#include "qk-salvage.h"

#include "qk-entry-private.h"

/* No id is longer. */
#define MAX_NAME 256

/* An entry that might be used. */
typedef struct {
  const QkEntry *entry; /* not owned */
  guint source;
  guint list; /* of all lists of all sources */
} Candidate;

/* All candidates with one id. Those of one list are twins and stay together. */
typedef struct {
  GArray *best; /* owned, of indices of candidates: those of one list */
  GArray *next; /* owned, likewise: of the list that is being read */
  guint first_list;
  guint n_first; /* how many places the first list has for them */
  guint n_used;
} Family;

typedef struct {
  GArray *candidates;   /* owned, of Candidate */
  GHashTable *families; /* owned: QkEntry (not owned) -> Family */
} Merge;

struct _QkSalvage {
  gatomicrefcount refs;
  GPtrArray *sources; /* owned, of QkSalvageSource */
  guint n_full;
  GArray *entries;  /* owned, of Candidate */
  guint n_withheld; /* messages that only sources have which complete */
};

/* `null` and "" name nothing. */
static gboolean
has_id (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_ID, &length);

  return json != NULL && (*json == '"' ? length > 2 : *json != 'n');
}

static guint
hash_entry (gconstpointer data)
{
  const QkEntry *entry = data;

  return has_id (entry) ? entry->id_hash : (guint) qk_entry_hash_json (entry);
}

static gboolean
is_same (gconstpointer a, gconstpointer b)
{
  if (has_id (a) && has_id (b))
    return qk_entry_same_id (a, b);
  return qk_entry_same_json (a, b);
}

static void
free_family (gpointer data)
{
  Family *family = data;

  g_array_unref (family->best);
  g_array_unref (family->next);
  g_free (family);
}

static const Candidate *
get_candidate (const Merge *merge, const GArray *indices, guint i)
{
  return &g_array_index (merge->candidates, Candidate, g_array_index (indices, guint, i));
}

static gint64
get_updated (const Merge *merge, const GArray *indices)
{
  gint64 updated = G_MININT64;

  for (guint i = 0; i < indices->len; i++)
    updated = MAX (updated, qk_entry_get_updated (get_candidate (merge, indices, i)->entry));
  return updated;
}

/* The list that was read is at its end: it counts if it knows of something newer. */
static void
settle (const Merge *merge, Family *family)
{
  GArray *loser = family->next;

  if (family->next->len == 0)
    return;
  if (family->best->len == 0 ||
      get_updated (merge, family->next) > get_updated (merge, family->best))
    {
      loser = family->best;
      family->best = family->next;
    }
  g_array_set_size (loser, 0);
  family->next = loser;
}

static void
add_candidate (Merge *merge, const Candidate *candidate)
{
  Family *family = g_hash_table_lookup (merge->families, candidate->entry);
  guint index = merge->candidates->len;

  g_array_append_val (merge->candidates, *candidate);
  if (family == NULL)
    {
      family = g_new0 (Family, 1);
      family->best = g_array_new (FALSE, FALSE, sizeof (guint));
      family->next = g_array_new (FALSE, FALSE, sizeof (guint));
      family->first_list = candidate->list;
      g_hash_table_insert (merge->families, (gpointer) candidate->entry, family);
    }
  if (family->next->len > 0 && get_candidate (merge, family->next, 0)->list != candidate->list)
    settle (merge, family);
  g_array_append_val (family->next, index);
  family->n_first += candidate->list == family->first_list;
}

/* Puts every text between two quotes that could be an id into @names: which of the quotes open a
 * text cannot be known here. */
static void
collect_names (GHashTable *names, const char *text, gsize length)
{
  const char *end = text + length, *quote = memchr (text, '"', length);

  while (quote != NULL)
    {
      const char *next = memchr (quote + 1, '"', (gsize) (end - quote - 1));
      gsize n = next != NULL ? (gsize) (next - quote - 1) : 0;

      if (n > 0 && n <= MAX_NAME)
        g_hash_table_add (names, g_strndup (quote + 1, n));
      quote = next;
    }
}

static GHashTable *
collect_left_over_names (const QkSalvage *self)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->n_full; i++)
    {
      QkSalvageSource *source = g_ptr_array_index (self->sources, i);
      const char *data = g_bytes_get_data (qk_salvage_source_get_bytes (source), NULL);

      for (guint j = 0; j < qk_salvage_source_get_n_parts (source); j++)
        {
          const QkSalvagePart *part = qk_salvage_source_get_part (source, j);

          if (part->kind == QK_SALVAGE_LEFT_OVER)
            collect_names (names, data + part->offset, part->length);
        }
    }
  return names;
}

static gboolean
is_known (const Merge *merge, GHashTable *names, const QkEntry *entry)
{
  g_autofree char *id = NULL;

  if (!has_id (entry))
    return FALSE;
  if (g_hash_table_contains (merge->families, entry))
    return TRUE;
  id = qk_entry_dup_field (entry, QK_FIELD_ID);
  return id != NULL && g_hash_table_contains (names, id);
}

static void
add_candidates (QkSalvage *self, Merge *merge)
{
  g_autoptr (GHashTable) names = collect_left_over_names (self);
  g_autoptr (GHashTable) withheld = g_hash_table_new (hash_entry, is_same);
  guint first_list = 0;

  for (guint i = 0; i < self->sources->len; i++)
    {
      QkSalvageSource *source = g_ptr_array_index (self->sources, i);
      guint last_list = first_list;

      for (guint j = 0; j < qk_salvage_source_get_n_parts (source); j++)
        {
          const QkSalvagePart *part = qk_salvage_source_get_part (source, j);
          Candidate candidate = {part->entry, i, first_list + part->list};

          last_list = candidate.list;
          if (part->entry == NULL)
            continue;
          if (i < self->n_full || is_known (merge, names, part->entry))
            add_candidate (merge, &candidate);
          else if (has_id (part->entry))
            g_hash_table_add (withheld, (gpointer) part->entry);
        }
      first_list = last_list + 1;
    }
  self->n_withheld = g_hash_table_size (withheld);
}

/* Where the first list has an entry, the one that counts stands; twins that it does not have come
 * behind its last. */
static void
use_candidates (QkSalvage *self, Merge *merge)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, merge->families);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    settle (merge, value);
  for (guint i = 0; i < merge->candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (merge->candidates, Candidate, i);
      Family *family = g_hash_table_lookup (merge->families, candidate->entry);

      if (candidate->list != family->first_list)
        continue;
      family->n_first--;
      do
        {
          if (family->n_used == family->best->len)
            break;
          g_array_append_val (self->entries, *get_candidate (merge, family->best, family->n_used));
          family->n_used++;
        }
      while (family->n_first == 0);
    }
}

/**
 * qk_salvage_new:
 * @sources: (element-type QkSalvageSource): the files, that of the queue first
 * @n_full: how many of them give all that they have; the others only complete
 *
 * Merges what was found.
 *
 * Returns: (transfer full): the result
 */
QkSalvage *
qk_salvage_new (GPtrArray *sources, guint n_full)
{
  QkSalvage *self;
  Merge merge;

  g_return_val_if_fail (sources != NULL && n_full <= sources->len, NULL);

  self = g_new0 (QkSalvage, 1);
  g_atomic_ref_count_init (&self->refs);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_salvage_source_unref);
  for (guint i = 0; i < sources->len; i++)
    g_ptr_array_add (self->sources, qk_salvage_source_ref (g_ptr_array_index (sources, i)));
  self->n_full = n_full;
  self->entries = g_array_new (FALSE, FALSE, sizeof (Candidate));
  merge.candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  merge.families = g_hash_table_new_full (hash_entry, is_same, NULL, free_family);
  add_candidates (self, &merge);
  use_candidates (self, &merge);
  g_array_unref (merge.candidates);
  g_hash_table_unref (merge.families);
  return self;
}

/**
 * qk_salvage_ref:
 * @self: a result
 *
 * Returns: (transfer full): @self
 */
QkSalvage *
qk_salvage_ref (QkSalvage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_salvage_unref:
 * @self: (transfer full): a result
 *
 * Gives up a reference.
 */
void
qk_salvage_unref (QkSalvage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->entries);
  g_ptr_array_unref (self->sources);
  g_free (self);
}

/**
 * qk_salvage_get_n_sources:
 * @self: a result
 *
 * Returns: how many files it was made of
 */
guint
qk_salvage_get_n_sources (const QkSalvage *self)
{
  return self->sources->len;
}

/**
 * qk_salvage_get_source:
 * @self: a result
 * @index: which file, from 0; that is the queue's
 *
 * Returns: (transfer none): what was found in it
 */
QkSalvageSource *
qk_salvage_get_source (const QkSalvage *self, guint index)
{
  g_return_val_if_fail (index < self->sources->len, NULL);

  return g_ptr_array_index (self->sources, index);
}

/**
 * qk_salvage_only_completes:
 * @self: a result
 * @source: which file, from 0
 *
 * Returns: whether only those of its entries are used whose id occurs elsewhere
 */
gboolean
qk_salvage_only_completes (const QkSalvage *self, guint source)
{
  return source >= self->n_full;
}

/**
 * qk_salvage_get_n_entries:
 * @self: a result
 *
 * Returns: how many entries it has
 */
guint
qk_salvage_get_n_entries (const QkSalvage *self)
{
  return self->entries->len;
}

/**
 * qk_salvage_get_entry:
 * @self: a result
 * @index: which entry, from 0
 * @source: (out) (optional): from which file it is
 *
 * Returns: (transfer none): the entry
 */
const QkEntry *
qk_salvage_get_entry (const QkSalvage *self, guint index, guint *source)
{
  const Candidate *candidate;

  g_return_val_if_fail (index < self->entries->len, NULL);

  candidate = &g_array_index (self->entries, Candidate, index);
  if (source != NULL)
    *source = candidate->source;
  return candidate->entry;
}

/**
 * qk_salvage_count_used:
 * @self: a result
 * @source: which file, from 0
 *
 * Returns: how many entries are from that file
 */
guint
qk_salvage_count_used (const QkSalvage *self, guint source)
{
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    n += g_array_index (self->entries, Candidate, i).source == source;
  return n;
}

/**
 * qk_salvage_get_n_withheld:
 * @self: a result
 *
 * Returns: how many messages are not used because only sources have them that complete
 */
guint
qk_salvage_get_n_withheld (const QkSalvage *self)
{
  return self->n_withheld;
}

/**
 * qk_salvage_is_complete:
 * @self: a result
 *
 * Returns: whether nothing is left over in the files that give all they have
 */
gboolean
qk_salvage_is_complete (const QkSalvage *self)
{
  for (guint i = 0; i < self->n_full; i++)
    if (qk_salvage_source_count (g_ptr_array_index (self->sources, i), QK_SALVAGE_LEFT_OVER, NULL) >
        0)
      return FALSE;
  return TRUE;
}
