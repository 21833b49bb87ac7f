#include "qk-names.h"

#include <string.h>

/* A name as it is spelled in the file. */
typedef struct {
  const char *json; /* not owned */
  gsize length;
} Spelling;

struct _QkNames {
  GHashTable *values; /* owned, Spelling to what was added */
};

static guint
spelling_hash (gconstpointer key)
{
  const Spelling *spelling = key;
  guint hash = 5381;

  for (gsize i = 0; i < spelling->length; i++)
    hash = hash * 33 + (guchar) spelling->json[i];
  return hash;
}

static gboolean
spelling_equal (gconstpointer a, gconstpointer b)
{
  const Spelling *x = a, *y = b;

  return x->length == y->length && (x->length == 0 || memcmp (x->json, y->json, x->length) == 0);
}

/**
 * qk_names_new:
 *
 * Returns: (transfer full): an empty table
 */
QkNames *
qk_names_new (void)
{
  QkNames *self = g_new (QkNames, 1);

  self->values = g_hash_table_new_full (spelling_hash, spelling_equal, g_free, NULL);
  return self;
}

/**
 * qk_names_free:
 * @self: (transfer full): a table
 *
 * Frees it.
 */
void
qk_names_free (QkNames *self)
{
  g_hash_table_unref (self->values);
  g_free (self);
}

/**
 * qk_names_find:
 * @self: a table
 * @entry: an entry
 * @field: which of its fields is the name
 * @value: (out) (nullable): the value that was added for it
 *
 * Returns: whether one was added for this spelling
 */
gboolean
qk_names_find (QkNames *self, const QkEntry *entry, QkField field, gpointer *value)
{
  Spelling spelling;

  spelling.json = qk_entry_get_field_json (entry, field, &spelling.length);
  return g_hash_table_lookup_extended (self->values, &spelling, NULL, value);
}

/**
 * qk_names_add:
 * @self: a table
 * @entry: an entry
 * @field: which of its fields is the name
 * @value: (nullable): its value; stays the caller's
 *
 * Adds a spelling.
 */
void
qk_names_add (QkNames *self, const QkEntry *entry, QkField field, gpointer value)
{
  Spelling spelling;

  spelling.json = qk_entry_get_field_json (entry, field, &spelling.length);
  g_hash_table_replace (self->values, g_memdup2 (&spelling, sizeof spelling), value);
}
