#include "qk-sightings.h"

#include "qk-time.h"

struct _QkSightings {
  GObject parent_instance;

  QkStore *store;       /* owned, nullable */
  QkDocument *document; /* owned, nullable: the version before */
  GHashTable *seen;     /* owned, of GArray of QkSighting by id: both owned */
  GQueue order;         /* of the ids in seen, borrowed: those that came first are first */
};

G_DEFINE_FINAL_TYPE (QkSightings, qk_sightings, G_TYPE_OBJECT)

static void
forget_all (QkSightings *self)
{
  g_queue_clear (&self->order);
  g_hash_table_remove_all (self->seen);
  g_clear_pointer (&self->document, qk_document_unref);
}

static void
forget_first (QkSightings *self)
{
  char *id = g_queue_pop_head (&self->order);

  g_hash_table_remove (self->seen, id);
}

static GArray *
ensure (QkSightings *self, char *id)
{
  GArray *of_it = g_hash_table_lookup (self->seen, id);

  if (of_it != NULL)
    {
      g_free (id);
      return of_it;
    }
  if (self->order.length == QK_SIGHTINGS_MAX)
    forget_first (self);
  of_it = g_array_sized_new (FALSE, FALSE, sizeof (QkSighting), 2);
  g_hash_table_insert (self->seen, id, of_it);
  g_queue_push_tail (&self->order, id);
  return of_it;
}

static void
note (QkSightings *self, const QkEntry *before, const QkEntry *after, gint64 now)
{
  QkSighting sighting = {now, qk_entry_get_status (before), qk_entry_get_status (after),
                         qk_entry_get_attempts (after)};
  GArray *of_it;
  char *id;

  if (sighting.before == sighting.after && qk_entry_get_attempts (before) == sighting.attempts)
    return;
  id = qk_entry_dup_field (after, QK_FIELD_ID);
  if (id == NULL)
    return;
  of_it = ensure (self, id);
  if (of_it->len == QK_SIGHTINGS_OF_EACH)
    g_array_remove_index (of_it, 0);
  g_array_append_val (of_it, sighting);
}

static void
changed_cb (QkStore *store, QkDiff *diff, QkSightings *self)
{
  QkDocument *document = qk_store_get_document (store);
  gint64 now = qk_wall_now ();

  g_assert (QK_IS_SIGHTINGS (self));

  for (guint i = 0; diff != NULL && self->document != NULL && i < qk_diff_get_new_size (diff); i++)
    {
      gboolean changed;
      guint origin = qk_diff_get_origin (diff, i, &changed);

      if (origin != QK_DIFF_NEW && changed)
        note (self, qk_document_get_entry (self->document, origin),
              qk_document_get_entry (document, i), now);
    }
  g_clear_pointer (&self->document, qk_document_unref);
  if (document != NULL)
    self->document = qk_document_ref (document);
}

static void
qk_sightings_dispose (GObject *object)
{
  QkSightings *self = QK_SIGHTINGS (object);

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  forget_all (self);

  G_OBJECT_CLASS (qk_sightings_parent_class)->dispose (object);
}

static void
qk_sightings_finalize (GObject *object)
{
  g_hash_table_unref (QK_SIGHTINGS (object)->seen);

  G_OBJECT_CLASS (qk_sightings_parent_class)->finalize (object);
}

static void
qk_sightings_class_init (QkSightingsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_sightings_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_sightings_finalize;
}

static void
qk_sightings_init (QkSightings *self)
{
  self->seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  g_queue_init (&self->order);
}

/**
 * qk_sightings_new:
 *
 * Returns: (transfer full): what was not seen yet
 */
QkSightings *
qk_sightings_new (void)
{
  return g_object_new (QK_TYPE_SIGHTINGS, NULL);
}

/**
 * qk_sightings_set_store:
 * @self: what was seen
 * @store: (nullable): what to look at
 *
 * Looks at @store from now on. Whoever reads what was seen when @store changes connects to it later.
 */
void
qk_sightings_set_store (QkSightings *self, QkStore *store)
{
  g_return_if_fail (QK_IS_SIGHTINGS (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  forget_all (self);
  g_set_object (&self->store, store);
  if (store == NULL)
    return;
  if (qk_store_get_document (store) != NULL)
    self->document = qk_document_ref (qk_store_get_document (store));
  g_signal_connect (store, "changed", G_CALLBACK (changed_cb), self);
}

/**
 * qk_sightings_get:
 * @self: what was seen
 * @id: a message
 * @n_sightings: (out): how many there are
 *
 * Returns: (transfer none) (nullable) (array length=n_sightings): how it changed, the oldest first;
 *   valid until the store changes
 */
const QkSighting *
qk_sightings_get (QkSightings *self, const char *id, guint *n_sightings)
{
  const GArray *of_it;

  g_return_val_if_fail (QK_IS_SIGHTINGS (self) && id != NULL && n_sightings != NULL, NULL);

  of_it = g_hash_table_lookup (self->seen, id);
  *n_sightings = of_it != NULL ? of_it->len : 0;
  return of_it != NULL ? (const QkSighting *) (gconstpointer) of_it->data : NULL;
}

/**
 * qk_sightings_get_size:
 * @self: what was seen
 *
 * Returns: of how many messages it knows something
 */
guint
qk_sightings_get_size (QkSightings *self)
{
  g_return_val_if_fail (QK_IS_SIGHTINGS (self), 0);

  return self->order.length;
}
