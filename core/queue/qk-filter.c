#include "qk-filter.h"

struct _QkFilter {
  gatomicrefcount refs;
  QkSearch *search;           /* owned */
  char **values[QK_N_FACETS]; /* owned, each never NULL; empty for any value */
};

/**
 * qk_filter_new:
 *
 * Returns: (transfer full): a filter that lets everything pass
 */
QkFilter *
qk_filter_new (void)
{
  QkFilter *self = g_new0 (QkFilter, 1);

  g_atomic_ref_count_init (&self->refs);
  self->search = qk_search_new ("");
  for (guint i = 0; i < QK_N_FACETS; i++)
    self->values[i] = g_new0 (char *, 1);
  return self;
}

static QkFilter *
copy (const QkFilter *self)
{
  QkFilter *other = g_new0 (QkFilter, 1);

  g_atomic_ref_count_init (&other->refs);
  other->search = qk_search_ref (self->search);
  for (guint i = 0; i < QK_N_FACETS; i++)
    other->values[i] = g_strdupv (self->values[i]);
  return other;
}

/**
 * qk_filter_ref:
 * @self: a filter
 *
 * Returns: (transfer full): @self
 */
QkFilter *
qk_filter_ref (QkFilter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_filter_unref:
 * @self: (transfer full): a filter
 *
 * Gives up a reference.
 */
void
qk_filter_unref (QkFilter *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  qk_search_unref (self->search);
  for (guint i = 0; i < QK_N_FACETS; i++)
    g_strfreev (self->values[i]);
  g_free (self);
}

/**
 * qk_filter_with_text:
 * @self: a filter
 * @text: words, with white space between them; "" for none
 *
 * Returns: (transfer full): a filter with these words instead of those of @self
 */
QkFilter *
qk_filter_with_text (QkFilter *self, const char *text)
{
  QkFilter *other;

  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  other = copy (self);
  qk_search_unref (other->search);
  other->search = qk_search_new (text);
  return other;
}

/**
 * qk_filter_with_value:
 * @self: a filter
 * @facet: a facet
 * @value: a value of it
 *
 * Returns: (transfer full): a filter that takes that value too
 */
QkFilter *
qk_filter_with_value (QkFilter *self, QkFacet facet, const char *value)
{
  QkFilter *other;
  guint n;

  g_return_val_if_fail (self != NULL && value != NULL, NULL);
  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);

  if (qk_filter_has_value (self, facet, value))
    return qk_filter_ref (self);
  other = copy (self);
  n = g_strv_length (other->values[facet]);
  other->values[facet] = g_renew (char *, other->values[facet], n + 2);
  other->values[facet][n] = g_strdup (value);
  other->values[facet][n + 1] = NULL;
  return other;
}

/**
 * qk_filter_with_only:
 * @self: a filter
 * @facet: a facet
 * @value: a value of it
 *
 * Returns: (transfer full): a filter that takes that value of @facet and no other
 */
QkFilter *
qk_filter_with_only (QkFilter *self, QkFacet facet, const char *value)
{
  QkFilter *other;

  g_return_val_if_fail (self != NULL && value != NULL, NULL);
  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);

  other = copy (self);
  g_strfreev (other->values[facet]);
  other->values[facet] = g_new0 (char *, 2);
  other->values[facet][0] = g_strdup (value);
  return other;
}

/**
 * qk_filter_without_value:
 * @self: a filter
 * @facet: a facet
 * @value: a value of it
 *
 * Returns: (transfer full): a filter that does not ask for that value
 */
QkFilter *
qk_filter_without_value (QkFilter *self, QkFacet facet, const char *value)
{
  QkFilter *other;
  guint n = 0;

  g_return_val_if_fail (self != NULL && value != NULL, NULL);
  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);

  other = copy (self);
  for (char **p = other->values[facet]; *p != NULL; p++)
    if (g_str_equal (*p, value))
      g_free (*p);
    else
      other->values[facet][n++] = *p;
  other->values[facet][n] = NULL;
  return other;
}

/**
 * qk_filter_get_search:
 * @self: a filter
 *
 * Returns: (transfer none): its words
 */
QkSearch *
qk_filter_get_search (const QkFilter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->search;
}

/**
 * qk_filter_get_values:
 * @self: a filter
 * @facet: a facet
 *
 * Returns: (transfer none) (array zero-terminated=1): the values that will do; none where any will
 */
const char *const *
qk_filter_get_values (const QkFilter *self, QkFacet facet)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);

  return (const char *const *) self->values[facet];
}

/**
 * qk_filter_has_value:
 * @self: a filter
 * @facet: a facet
 * @value: a value of it
 *
 * Returns: whether it asks for that value
 */
gboolean
qk_filter_has_value (const QkFilter *self, QkFacet facet, const char *value)
{
  return g_strv_contains (qk_filter_get_values (self, facet), value);
}

/**
 * qk_filter_has_facets:
 * @self: a filter
 *
 * Returns: whether it asks for any value
 */
gboolean
qk_filter_has_facets (const QkFilter *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < QK_N_FACETS; i++)
    if (self->values[i][0] != NULL)
      return TRUE;
  return FALSE;
}

/**
 * qk_filter_is_empty:
 * @self: a filter
 *
 * Returns: whether it lets everything pass
 */
gboolean
qk_filter_is_empty (const QkFilter *self)
{
  return qk_search_is_empty (qk_filter_get_search (self)) && !qk_filter_has_facets (self);
}

/**
 * qk_filter_equal:
 * @a: a filter
 * @b: a filter
 *
 * Returns: whether both ask for the same, in the same order
 */
gboolean
qk_filter_equal (const QkFilter *a, const QkFilter *b)
{
  if (!qk_search_equal (a->search, b->search))
    return FALSE;
  for (guint i = 0; i < QK_N_FACETS; i++)
    if (!g_strv_equal ((const char *const *) a->values[i], (const char *const *) b->values[i]))
      return FALSE;
  return TRUE;
}

typedef struct {
  const char *const *wanted;
  gboolean found;
} Visit;

static gboolean
visit_value (const char *value, gpointer data)
{
  Visit *visit = data;

  visit->found = g_strv_contains (visit->wanted, value);
  return !visit->found;
}

/**
 * qk_filter_matches:
 * @self: a filter
 * @entry: an entry
 * @now: the present, in wall microseconds
 *
 * Returns: whether it lets @entry pass
 */
gboolean
qk_filter_matches (const QkFilter *self, const QkEntry *entry, gint64 now)
{
  for (guint i = 0; i < QK_N_FACETS; i++)
    {
      Visit visit = {(const char *const *) self->values[i], FALSE};

      if (self->values[i][0] == NULL)
        continue;
      qk_facet_foreach ((QkFacet) i, entry, now, visit_value, &visit);
      if (!visit.found)
        return FALSE;
    }
  return qk_search_matches (self->search, entry);
}

/**
 * qk_filter_has_aged:
 * @self: a filter
 * @entry: an entry
 * @then: when it was matched, in wall microseconds
 * @now: the present, in wall microseconds
 *
 * Cheap enough to be asked about every entry every second.
 *
 * Returns: whether @entry must be matched again only because of the time
 */
gboolean
qk_filter_has_aged (const QkFilter *self, const QkEntry *entry, gint64 then, gint64 now)
{
  for (guint i = 0; i < QK_N_FACETS; i++)
    if (self->values[i][0] != NULL && qk_facet_has_aged ((QkFacet) i, entry, then, now))
      return TRUE;
  return FALSE;
}

/**
 * qk_filter_is_timed:
 * @self: a filter
 *
 * Returns: whether what it lets pass changes with the time alone
 */
gboolean
qk_filter_is_timed (const QkFilter *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < QK_N_FACETS; i++)
    if (self->values[i][0] != NULL && qk_facet_is_timed ((QkFacet) i))
      return TRUE;
  return FALSE;
}
