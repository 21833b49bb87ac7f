#include "qk-guard.h"

#include "qk-change-private.h"
#include "qk-entry-private.h"
#include "qk-id-index.h"
#include "qk-time.h"

#include <string.h>

#define ABSENT 0
/* The first repair of a message in a row comes soon, each further one later, up to a limit. After a
 * quiet time the row is over. */
#define FIRST_DELAY_USEC (10 * G_TIME_SPAN_MILLISECOND)
#define MAX_DELAY_USEC   (250 * G_TIME_SPAN_MILLISECOND)
#define QUIET_USEC       G_TIME_SPAN_SECOND

typedef struct {
  char *id;           /* owned */
  GBytes *json;       /* owned, nullable: the current state in full; NULL where it is absent */
  char *previous_id;  /* owned, nullable: where it stands */
  gboolean at_end;    /* it was added there */
  gboolean is_ours;   /* the operator changed it: who is told if it will not stay */
  QkChangeKind kind;  /* how, if it is ours */
  guint64 state;      /* its hash, or ABSENT */
  gint64 updated;     /* wall microseconds */
  GArray *superseded; /* owned, of guint64 */
  gint64 since;
  gint64 settled_at;
  gint64 repaired_at; /* 0 before the first repair */
  gint64 delay;       /* of the next repair in this row */
  guint n_repairs;
  gint64 span; /* for how long it was put right, once it is given up */
} Item;

struct _QkGuard {
  GHashTable *items;    /* owned, id to Item */
  GHashTable *given_up; /* owned, id to Item: what the operator may resume */
  gint64 settle;
};

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->id);
  g_free (item->previous_id);
  g_clear_pointer (&item->json, g_bytes_unref);
  g_array_unref (item->superseded);
  g_free (item);
}

/**
 * qk_guard_new: (skip)
 * @settle: the settling time
 *
 * Returns: (transfer full): a guard of nothing
 */
QkGuard *
qk_guard_new (gint64 settle)
{
  QkGuard *self = g_new0 (QkGuard, 1);

  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, item_free);
  self->given_up = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, item_free);
  self->settle = settle;
  return self;
}

/**
 * qk_guard_free: (skip)
 * @self: (transfer full): a guard
 *
 * Frees it.
 */
void
qk_guard_free (QkGuard *self)
{
  g_hash_table_unref (self->items);
  g_hash_table_unref (self->given_up);
  g_free (self);
}

/**
 * qk_guard_set_settle: (skip)
 * @self: a guard
 * @settle: another settling time
 *
 * From now on everything settles by that, also what is guarded already.
 */
void
qk_guard_set_settle (QkGuard *self, gint64 settle)
{
  GHashTableIter iter;
  Item *item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &item))
    item->settled_at += settle - self->settle;
  self->settle = settle;
}

static gboolean
is_superseded (const Item *item, guint64 state)
{
  for (guint i = 0; i < item->superseded->len; i++)
    if (g_array_index (item->superseded, guint64, i) == state)
      return TRUE;
  return FALSE;
}

static void
supersede (Item *item, guint64 state)
{
  if (state != item->state && !is_superseded (item, state))
    g_array_append_val (item->superseded, state);
}

/* @entry: the current state, or NULL for absent. */
static void
set_current (Item *item, const QkEntry *entry)
{
  guint64 old = item->state;

  g_clear_pointer (&item->json, g_bytes_unref);
  if (entry != NULL)
    item->json = g_bytes_new (entry->json, entry->length);
  item->state = entry != NULL ? qk_entry_hash_state (entry) : ABSENT;
  item->updated = entry != NULL ? entry->updated : QK_WALL_NONE;
  supersede (item, old);
  for (guint i = 0; i < item->superseded->len; i++)
    if (g_array_index (item->superseded, guint64, i) == item->state)
      g_array_remove_index_fast (item->superseded, i--);
}

/* @before and @after are states of one message, or NULL for absent. */
static Item *
expect (QkGuard *self,
        const char *id,
        const QkEntry *before,
        const QkEntry *after,
        const QkEntry *previous,
        gboolean at_end,
        gint64 now)
{
  Item *item = g_hash_table_lookup (self->items, id);

  if (item == NULL)
    {
      item = g_new0 (Item, 1);
      item->id = g_strdup (id);
      item->superseded = g_array_new (FALSE, FALSE, sizeof (guint64));
      item->state = before != NULL ? qk_entry_hash_state (before) : ABSENT;
      g_hash_table_insert (self->items, item->id, item);
    }
  else if (before != NULL)
    supersede (item, qk_entry_hash_state (before));
  set_current (item, after);
  g_free (item->previous_id);
  item->previous_id = previous != NULL ? qk_entry_dup_field (previous, QK_FIELD_ID) : NULL;
  item->at_end = at_end;
  item->since = now;
  item->settled_at = now + self->settle;
  item->n_repairs = 0;
  return item;
}

/**
 * qk_guard_expect_plan: (skip)
 * @self: a guard
 * @plan: what was saved
 * @changes: (element-type QkChange): the operator's, of which @plan was made; what it has beyond these
 *   puts back what other writers had saved
 * @now: the time
 *
 * Guards what @plan has changed. An id that several entries share names no message, and cannot be
 * guarded. What was given up of these messages is forgotten: the operator has decided anew.
 */
void
qk_guard_expect_plan (QkGuard *self, QkPlan *plan, GPtrArray *changes, gint64 now)
{
  for (guint i = 0; i < qk_plan_get_n_changes (plan); i++)
    {
      QkEffect effect = qk_plan_get_effect (plan, i);
      Item *item;
      QkEntry after;
      g_autofree char *id = NULL;

      if (effect.after != NULL)
        (void) qk_entry_check (&after, effect.after, strlen (effect.after));
      if (effect.before == NULL && effect.after == NULL)
        continue;
      id = qk_entry_dup_field (effect.before != NULL ? effect.before : &after, QK_FIELD_ID);
      if (id == NULL)
        continue;
      /* What another writer had saved says nothing about a message that the guard knows. */
      if (i >= changes->len && g_hash_table_contains (self->items, id))
        continue;
      item = expect (self, id, effect.before, effect.after != NULL ? &after : NULL, effect.previous,
                     effect.at_end, now);
      if (i >= changes->len)
        continue;
      g_hash_table_remove (self->given_up, id);
      item->is_ours = TRUE;
      item->kind = qk_change_get_kind (changes->pdata[i]);
    }
}

static const QkEntry *
find_entry (QkDocument *document, const QkIdIndex *index, const char *id, gboolean *unique)
{
  const QkEntry *found = NULL;

  *unique = TRUE;
  for (guint32 i = qk_id_index_first (index, qk_entry_hash_id (id)); i != QK_ID_INDEX_NONE;
       i = qk_id_index_next (index, i))
    {
      const QkEntry *entry = qk_document_get_entry (document, i);

      if (!qk_entry_has_id (entry, id))
        continue;
      *unique = found == NULL;
      found = entry;
    }
  return found;
}

static void
index_document (QkIdIndex *index, QkDocument *document)
{
  guint n = qk_document_get_n_entries (document);

  qk_id_index_init (index, n > 0 ? qk_document_get_entry (document, 0) : NULL, 0, n);
}

static QkChange *
make_restore (const Item *item, const QkEntry *stale)
{
  g_autoptr (GBytes) made = stale != NULL ? g_bytes_new (stale->json, stale->length) : NULL;

  /* Behind an entry that is not there means at the end. */
  return qk_change_new_restore (item->json, item->at_end ? "" : item->previous_id, made);
}

/* What is to be done about the message, given what the version shows; NULL where nothing is. */
static QkChange *
judge (Item *item, const QkEntry *entry)
{
  guint64 state = entry != NULL ? qk_entry_hash_state (entry) : ABSENT;

  if (state == item->state)
    return NULL;
  if (item->state == ABSENT)
    return qk_change_new_purge (entry);
  if (state == ABSENT || is_superseded (item, state) || entry->updated < item->updated)
    return make_restore (item, entry);
  set_current (item, entry);
  return NULL;
}

/**
 * qk_guard_expect_merged: (skip)
 * @self: a guard
 * @base: the version that ours was made of
 * @displaced: the version of another writer that ours displaced
 * @now: the time
 *
 * Guards what @displaced has that @base has not: new messages, and newer states. A message that is
 * guarded already stays so: what was purged is not new for being in an old list.
 */
void
qk_guard_expect_merged (QkGuard *self, QkDocument *base, QkDocument *displaced, gint64 now)
{
  g_auto (QkIdIndex) index = {NULL};
  guint n = qk_document_get_n_entries (displaced);

  index_document (&index, base);
  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_document_get_entry (displaced, i);
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);
      Item *item = id != NULL ? g_hash_table_lookup (self->items, id) : NULL;
      const QkEntry *before;
      gboolean unique;

      if (id == NULL)
        continue;
      /* Of a message that is guarded already it shows one more state, perhaps a stale one. */
      if (item != NULL)
        {
          g_autoptr (QkChange) repair = judge (item, entry);

          continue;
        }
      before = find_entry (base, &index, id, &unique);
      if (before == NULL ||
          (unique && qk_entry_hash_state (before) != qk_entry_hash_state (entry) &&
           entry->updated >= before->updated))
        expect (self, id, before, entry, i > 0 ? qk_document_get_entry (displaced, i - 1) : NULL,
                FALSE, now);
    }
}

static gboolean
is_exhausted (const Item *item, gint64 now)
{
  return item->n_repairs >= QK_GUARD_MAX_REPAIRS || now - item->since >= QK_GUARD_MAX_USEC;
}

/* Keeps the item that @iter is at, for the operator to resume it. */
static void
give_up (QkGuard *self, GHashTableIter *iter, Item *item, gint64 now)
{
  item->span = now - item->since;
  g_hash_table_iter_steal (iter);
  g_hash_table_replace (self->given_up, item->id, item);
}

/**
 * qk_guard_check: (skip)
 * @self: a guard
 * @document: a version of the queue
 * @now: the time
 *
 * Compares @document with what is expected. What has settled is guarded no longer; what would have
 * to be put right for too long is given up.
 *
 * Returns: (transfer full) (element-type QkChange): what puts right what is stale
 */
GPtrArray *
qk_guard_check (QkGuard *self, QkDocument *document, gint64 now)
{
  GPtrArray *repairs = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_auto (QkIdIndex) index = {NULL};
  GHashTableIter iter;
  Item *item;

  if (g_hash_table_size (self->items) == 0)
    return repairs;
  index_document (&index, document);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &item))
    {
      gboolean unique;
      const QkEntry *entry = find_entry (document, &index, item->id, &unique);
      g_autoptr (QkChange) repair = unique ? judge (item, entry) : NULL;

      if (repair != NULL && !is_exhausted (item, now))
        {
          g_ptr_array_add (repairs, g_steal_pointer (&repair));
          continue;
        }
      if (repair != NULL && item->is_ours)
        give_up (self, &iter, item, now);
      else if (repair != NULL || now >= item->settled_at)
        g_hash_table_iter_remove (&iter);
    }
  return repairs;
}

/**
 * qk_guard_forget: (skip)
 * @self: a guard
 * @change: a change that was expected and then not saved
 *
 * Guards no longer what it changes.
 */
void
qk_guard_forget (QkGuard *self, const QkChange *change)
{
  if (change->id != NULL)
    g_hash_table_remove (self->items, change->id);
  if (change->new_id != NULL)
    g_hash_table_remove (self->items, change->new_id);
}

/**
 * qk_guard_is_purged: (skip)
 * @self: a guard
 * @id: a message
 *
 * Returns: whether it is guarded, and is not to be in the queue
 */
gboolean
qk_guard_is_purged (const QkGuard *self, const char *id)
{
  const Item *item = g_hash_table_lookup (self->items, id);

  return item != NULL && item->json == NULL;
}

/**
 * qk_guard_is_wanted: (skip)
 * @self: a guard
 * @repair: what was to be put right when the guard was asked
 *
 * Returns: whether it still is: the operator may have changed the message since
 */
gboolean
qk_guard_is_wanted (const QkGuard *self, const QkChange *repair)
{
  const Item *item = g_hash_table_lookup (self->items, qk_change_get_id (repair));
  QkEntry current;
  gsize length;
  const char *json;

  if (item == NULL)
    return FALSE;
  if (item->json == NULL || repair->kind == QK_CHANGE_PURGE)
    return item->json == NULL && repair->kind == QK_CHANGE_PURGE;
  json = g_bytes_get_data (item->json, &length);
  return qk_entry_check (&current, json, length) &&
         qk_entry_hash_json (&current) == repair->seen_json;
}

/**
 * qk_guard_count_repair: (skip)
 * @self: a guard
 * @id: a message
 * @now: the time
 *
 * The message has been put right: it settles anew.
 */
void
qk_guard_count_repair (QkGuard *self, const char *id, gint64 now)
{
  Item *item = g_hash_table_lookup (self->items, id);

  if (item == NULL)
    return;
  item->delay = now - item->repaired_at > QUIET_USEC ? FIRST_DELAY_USEC : item->delay * 3 / 2;
  item->delay = MIN (item->delay, MAX_DELAY_USEC);
  item->n_repairs++;
  item->repaired_at = now;
  item->settled_at = now + self->settle;
}

/**
 * qk_guard_get_delay: (skip)
 * @self: a guard
 * @repairs: (element-type QkChange): what is to be put right
 * @now: the time
 *
 * Two stubborn writers must not wear each other out: the more often in a row a message is put right,
 * the later. All of them go with the one that is due first.
 *
 * Returns: how long to wait before it is done
 */
gint64
qk_guard_get_delay (const QkGuard *self, GPtrArray *repairs, gint64 now)
{
  gint64 delay = MAX_DELAY_USEC;

  for (guint i = 0; i < repairs->len; i++)
    {
      const Item *item = g_hash_table_lookup (self->items, qk_change_get_id (repairs->pdata[i]));

      if (item == NULL || now - item->repaired_at > QUIET_USEC)
        return FIRST_DELAY_USEC;
      delay = MIN (delay, item->delay);
    }
  return delay;
}

/**
 * qk_guard_get_n_items: (skip)
 * @self: a guard
 *
 * Returns: how many messages are guarded
 */
guint
qk_guard_get_n_items (const QkGuard *self)
{
  return g_hash_table_size (self->items);
}

/**
 * qk_guard_get_end: (skip)
 * @self: a guard
 *
 * Returns: when all will have settled if nothing happens; 0 where nothing is guarded
 */
gint64
qk_guard_get_end (const QkGuard *self)
{
  GHashTableIter iter;
  const Item *item;
  gint64 end = 0;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &item))
    end = MAX (end, item->settled_at);
  return end;
}

/**
 * qk_guard_dup_given_up: (skip)
 * @self: a guard
 *
 * Returns: (transfer full) (nullable): all that the operator changed and that has been given up; %NULL
 *   where nothing has
 */
QkGivenUp *
qk_guard_dup_given_up (const QkGuard *self)
{
  QkGivenUp total = {0};
  GHashTableIter iter;
  const Item *item;

  g_hash_table_iter_init (&iter, self->given_up);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &item))
    {
      total.mixed = total.mixed || (total.n_messages > 0 && item->kind != total.kind);
      total.kind = item->kind;
      total.n_messages++;
      total.n_repairs = MAX (total.n_repairs, item->n_repairs);
      total.span = MAX (total.span, item->span);
    }
  return total.n_messages > 0 ? qk_given_up_copy (&total) : NULL;
}

/**
 * qk_guard_resume: (skip)
 * @self: a guard
 * @at_once: put it right as soon as the first time; else go on as slowly as in the end
 * @now: the time
 *
 * Guards what was given up, within the same bounds as at first.
 */
void
qk_guard_resume (QkGuard *self, gboolean at_once, gint64 now)
{
  GHashTableIter iter;
  Item *item;

  g_hash_table_iter_init (&iter, self->given_up);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &item))
    {
      g_hash_table_iter_steal (&iter);
      item->since = now;
      item->settled_at = now + self->settle;
      item->n_repairs = 0;
      item->repaired_at = at_once ? 0 : now;
      item->delay = MAX_DELAY_USEC;
      g_hash_table_replace (self->items, item->id, item);
    }
}
