#include "qk-swarm-private.h"

#include "qk-said.h"
#include "qk-time.h"

#include <stdlib.h>

#define MIN_LOOP       5
#define MIN_EACH_WAY   2
#define MAX_UNEVENNESS 4
#define N_SLOTS        (1U << 20)
#define NO_SLOT        G_MAXUINT

/* Entries of the same content between the same two, whichever way. */
typedef struct {
  guint64 said;
  const QkEntry *first; /* gives the direction */
  GPtrArray *there; /* owned, nullable, element-type QkEntry: from its sender to its recipient */
  GPtrArray *back;  /* owned, nullable, likewise: the other way */
} Talk;

static void
talk_free (gpointer data)
{
  Talk *talk = data;

  g_clear_pointer (&talk->there, g_ptr_array_unref);
  g_clear_pointer (&talk->back, g_ptr_array_unref);
  g_free (talk);
}

static guint
talk_hash (gconstpointer key)
{
  const Talk *talk = key;

  return (guint) (talk->said ^ talk->said >> 32);
}

static gboolean
is_directed (const QkEntry *a, QkField sender, QkField recipient, const QkEntry *b)
{
  return qk_said_is_same_text (a, sender, b, QK_FIELD_SENDER) &&
         qk_said_is_same_text (a, recipient, b, QK_FIELD_RECIPIENT);
}

static gboolean
is_same_way (const QkEntry *a, const QkEntry *b)
{
  return is_directed (a, QK_FIELD_SENDER, QK_FIELD_RECIPIENT, b);
}

static gboolean
talk_equal (gconstpointer a, gconstpointer b)
{
  const Talk *x = a, *y = b;

  return x->said == y->said &&
         qk_said_is_same_text (x->first, QK_FIELD_CONTENT, y->first, QK_FIELD_CONTENT) &&
         (is_same_way (x->first, y->first) ||
          is_directed (x->first, QK_FIELD_RECIPIENT, QK_FIELD_SENDER, y->first));
}

/* Both ways have the same one. */
static guint64
hash_talk (const QkEntry *entry)
{
  return qk_said_hash_field (entry, QK_FIELD_CONTENT) +
         (qk_said_hash_field (entry, QK_FIELD_SENDER) ^
          qk_said_hash_field (entry, QK_FIELD_RECIPIENT));
}

static void
add (GHashTable *talks, const QkEntry *entry)
{
  const Talk probe = {hash_talk (entry), entry, NULL, NULL};
  Talk *talk = g_hash_table_lookup (talks, &probe);
  GPtrArray **way;

  if (talk == NULL)
    {
      talk = g_memdup2 (&probe, sizeof probe);
      g_hash_table_add (talks, talk);
      return;
    }
  if (talk->there == NULL)
    {
      talk->there = g_ptr_array_new ();
      g_ptr_array_add (talk->there, (gpointer) talk->first);
    }
  way = is_same_way (talk->first, entry) ? &talk->there : &talk->back;
  if (*way == NULL)
    *way = g_ptr_array_new ();
  g_ptr_array_add (*way, (gpointer) entry);
}

static int
compare_numbers (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* Of times in their order: the pause in the middle, and whether most are like it. */
static gint64
measure_pause (const gint64 *times, guint n, gboolean *is_steady)
{
  g_autofree gint64 *pauses = g_new (gint64, n);
  guint n_alike = 0;
  gint64 usual;

  *is_steady = FALSE;
  if (n < 2)
    return 0;
  for (guint i = 1; i < n; i++)
    pauses[i - 1] = times[i] - times[i - 1];
  qsort (pauses, n - 1, sizeof *pauses, compare_numbers);
  usual = pauses[(n - 1) / 2];
  for (guint i = 0; i < n - 1; i++)
    n_alike += 2 * pauses[i] >= usual && 2 * pauses[i] <= 3 * usual;
  *is_steady = n >= MIN_LOOP && usual > 0 && n_alike * 5 >= (n - 1) * 4;
  return usual;
}

static QkSwarmRepeat *
make_repeat (GPtrArray *entries, gboolean both_ways)
{
  QkSwarmRepeat *repeat = g_new0 (QkSwarmRepeat, 1);
  g_autofree gint64 *times = g_new (gint64, entries->len);
  guint n_times = 0;
  gboolean is_steady;

  repeat->entry = entries->pdata[0];
  repeat->n_entries = entries->len;
  repeat->first = repeat->last = QK_WALL_NONE;
  for (guint i = 0; i < entries->len; i++)
    {
      gint64 created = qk_entry_get_created (entries->pdata[i]);

      repeat->n_pending += qk_entry_get_status (entries->pdata[i]) == QK_STATUS_PENDING;
      if (created != QK_WALL_NONE)
        times[n_times++] = created;
    }
  qsort (times, n_times, sizeof *times, compare_numbers);
  if (n_times > 0)
    {
      repeat->first = times[0];
      repeat->last = times[n_times - 1];
    }
  repeat->pause = measure_pause (times, n_times, &is_steady);
  repeat->kind = both_ways ? QK_SWARM_PING_PONG : is_steady ? QK_SWARM_LOOP : QK_SWARM_DUPLICATES;
  return repeat;
}

static gboolean
is_ping_pong (const Talk *talk)
{
  guint there = talk->there->len, back = talk->back != NULL ? talk->back->len : 0;

  return MIN (there, back) >= MIN_EACH_WAY &&
         MAX (there, back) < MAX_UNEVENNESS * MIN (there, back);
}

static void
collect (GPtrArray *repeats, Talk *talk)
{
  if (talk->there == NULL)
    return;
  if (is_ping_pong (talk))
    {
      g_ptr_array_extend (talk->there, talk->back, NULL, NULL);
      g_ptr_array_add (repeats, make_repeat (talk->there, TRUE));
      return;
    }
  if (talk->there->len >= QK_SWARM_MIN_REPEATS)
    g_ptr_array_add (repeats, make_repeat (talk->there, FALSE));
  if (talk->back != NULL && talk->back->len >= QK_SWARM_MIN_REPEATS)
    g_ptr_array_add (repeats, make_repeat (talk->back, FALSE));
}

/* The most frequent first, then as they stand in the queue. */
static int
compare_repeats (gconstpointer a, gconstpointer b)
{
  const QkSwarmRepeat *x = *(const QkSwarmRepeat *const *) a;
  const QkSwarmRepeat *y = *(const QkSwarmRepeat *const *) b;

  if (x->n_entries != y->n_entries)
    return x->n_entries < y->n_entries ? 1 : -1;
  return (x->entry > y->entry) - (x->entry < y->entry);
}

/* Most of what is said is said once, and differs soon: only what begins like something else is looked
 * at as a whole. Returns the slot of each entry, and in @n_in_slot how many are in it. */
static guint *
sort_out (QkDocument *document, guint8 *n_in_slot)
{
  guint n = qk_document_get_n_entries (document);
  guint *slots = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);

      slots[i] = NO_SLOT;
      if (!qk_said_is_text (entry, QK_FIELD_CONTENT))
        continue;
      slots[i] = (guint) ((qk_said_hash_start (entry, QK_FIELD_CONTENT) +
                           (qk_said_hash_field (entry, QK_FIELD_SENDER) ^
                            qk_said_hash_field (entry, QK_FIELD_RECIPIENT))) %
                          N_SLOTS);
      n_in_slot[slots[i]] = MIN (n_in_slot[slots[i]] + 1, QK_SWARM_MIN_REPEATS);
    }
  return slots;
}

GPtrArray *
qk_swarm_find_repeats (QkDocument *document)
{
  g_autoptr (GHashTable) talks = g_hash_table_new_full (talk_hash, talk_equal, talk_free, NULL);
  g_autofree guint8 *n_in_slot = g_malloc0 (N_SLOTS);
  g_autofree guint *slots = sort_out (document, n_in_slot);
  GPtrArray *repeats = g_ptr_array_new_with_free_func (g_free);
  guint n = qk_document_get_n_entries (document);
  GHashTableIter iter;
  gpointer talk;

  for (guint i = 0; i < n; i++)
    if (slots[i] != NO_SLOT && n_in_slot[slots[i]] >= QK_SWARM_MIN_REPEATS)
      add (talks, qk_document_get_entry (document, i));
  g_hash_table_iter_init (&iter, talks);
  while (g_hash_table_iter_next (&iter, &talk, NULL))
    collect (repeats, talk);
  g_ptr_array_sort (repeats, compare_repeats);
  return repeats;
}
