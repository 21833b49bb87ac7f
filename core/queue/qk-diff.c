#include "qk-diff-private.h"

#include "qk-entry-private.h"
#include "qk-id-index.h"

/* How many candidates of one id are compared to the letter before the first free one is taken:
 * bounds the work where thousands share an id. */
#define MAX_CANDIDATES 64

struct _QkDiff {
  gatomicrefcount refs;
  guint n_old;
  guint n_new;
  guint prefix;     /* so many at the beginning are the same */
  guint suffix;     /* and so many at the end */
  guint *origins;   /* owned: of the new ones in between */
  gboolean *edited; /* owned: whether these were changed in place */
  gboolean is_empty;
};

/* The state while the entries in between are matched. */
typedef struct {
  const QkEntry *old_entries;
  const QkEntry *new_entries;
  QkIdIndex index; /* over the old ones that are no origin yet */
} Matching;

static guint
find_origin (Matching *matching, const QkEntry *entry, gboolean exact)
{
  guint candidates = 0;
  guint32 i;

  for (i = qk_id_index_first (&matching->index, entry->id_hash);
       i != QK_ID_INDEX_NONE && candidates < MAX_CANDIDATES;
       i = qk_id_index_next (&matching->index, i), candidates++)
    {
      const QkEntry *old = &matching->old_entries[i];

      if (exact ? qk_entry_same_json (old, entry) : qk_entry_same_id (old, entry))
        {
          qk_id_index_remove (&matching->index, i);
          return i;
        }
    }
  return QK_DIFF_NEW;
}

/* First those that are the same to the letter, so that none of them is taken for a changed one. */
static void
match (QkDiff *self, Matching *matching)
{
  guint n = self->n_new - self->prefix - self->suffix;

  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = &matching->new_entries[i];

      self->origins[i] = find_origin (matching, entry, TRUE);
    }
  for (guint i = 0; i < n; i++)
    if (self->origins[i] == QK_DIFF_NEW)
      {
        const QkEntry *entry = &matching->new_entries[i];

        self->origins[i] = find_origin (matching, entry, FALSE);
        self->edited[i] = self->origins[i] != QK_DIFF_NEW;
      }
}

/* Entries that were read anew may be the same nevertheless: white space between them has changed. */
static gboolean
finds_nothing (const QkDiff *self)
{
  guint n = self->n_new - self->prefix - self->suffix;

  if (self->n_old != self->n_new)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (self->origins[i] != self->prefix + i || self->edited[i])
      return FALSE;
  return TRUE;
}

/* @same_prefix and @same_suffix entries are known to be the same to the letter. In a text that
 * repeats itself they can overlap: the prefix counts. */
QkDiff *
qk_diff_new (const QkEntry *old_entries,
             guint n_old,
             const QkEntry *new_entries,
             guint n_new,
             guint same_prefix,
             guint same_suffix)
{
  QkDiff *self = g_new0 (QkDiff, 1);
  guint n_between;

  g_atomic_ref_count_init (&self->refs);
  self->n_old = n_old;
  self->n_new = n_new;
  self->prefix = same_prefix;
  self->suffix = MIN (same_suffix, MIN (n_old, n_new) - same_prefix);
  n_between = n_new - self->prefix - self->suffix;
  self->origins = g_new0 (guint, MAX (n_between, 1));
  self->edited = g_new0 (gboolean, MAX (n_between, 1));
  if (n_between > 0)
    {
      Matching matching = {.old_entries = old_entries, .new_entries = new_entries + self->prefix};

      qk_id_index_init (&matching.index, old_entries, self->prefix, n_old - self->suffix);
      match (self, &matching);
      qk_id_index_clear (&matching.index);
    }
  self->is_empty = finds_nothing (self);
  return self;
}

/**
 * qk_diff_ref:
 * @self: a difference
 *
 * Returns: (transfer full): @self
 */
QkDiff *
qk_diff_ref (QkDiff *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_diff_unref:
 * @self: (transfer full): a difference
 *
 * Gives up a reference.
 */
void
qk_diff_unref (QkDiff *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->origins);
  g_free (self->edited);
  g_free (self);
}

/**
 * qk_diff_get_old_size:
 * @self: a difference
 *
 * Returns: how many entries the older version has
 */
guint
qk_diff_get_old_size (const QkDiff *self)
{
  return self->n_old;
}

/**
 * qk_diff_get_new_size:
 * @self: a difference
 *
 * Returns: how many entries the newer version has
 */
guint
qk_diff_get_new_size (const QkDiff *self)
{
  return self->n_new;
}

/**
 * qk_diff_get_origin:
 * @self: a difference
 * @index: an entry of the newer version
 * @changed: (out) (optional): whether its text is another now
 *
 * Returns: which entry of the older version it was, or %QK_DIFF_NEW. No two have the same origin;
 *   entries of the older version that are no origin are gone.
 */
guint
qk_diff_get_origin (const QkDiff *self, guint index, gboolean *changed)
{
  g_return_val_if_fail (index < self->n_new, QK_DIFF_NEW);

  if (changed != NULL)
    *changed = FALSE;
  if (index < self->prefix)
    return index;
  if (index >= self->n_new - self->suffix)
    return index - self->n_new + self->n_old;
  if (changed != NULL)
    *changed = self->edited[index - self->prefix];
  return self->origins[index - self->prefix];
}

/**
 * qk_diff_is_empty:
 * @self: a difference
 *
 * Returns: whether no entry differs
 */
gboolean
qk_diff_is_empty (const QkDiff *self)
{
  return self->is_empty;
}
