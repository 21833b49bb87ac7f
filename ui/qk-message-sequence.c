#include "qk-message-sequence.h"

#include "qk-agents.h"

#include <string.h>

static const QkEntry *
get_entry (const QkMessageIndex *self, guint item)
{
  return qk_document_get_entry (self->document, item);
}

/**
 * qk_message_sequence_set_key: (skip)
 * @self: an index
 * @key: by what to compare
 * @descending: whether to turn the order round
 *
 * Sets how entries compare. All of them are to be put in order anew.
 */
void
qk_message_sequence_set_key (QkMessageIndex *self, QkSortKey key, gboolean descending)
{
  if (self->key != key)
    for (guint i = 0; i < self->n_items; i++)
      g_clear_pointer (&self->items[i].text, g_free);
  self->key = key;
  self->descending = descending;
  self->rekeyed = TRUE;
  for (guint i = 0; i < self->n_items; i++)
    self->items[i].flags |= QK_ITEM_MOVED;
}

static const char *
get_text (QkMessageIndex *self, guint i, char *(*make) (const QkEntry *entry))
{
  char **text;

  if (self->ranks != NULL && self->texts == NULL)
    self->texts = g_new0 (char *, self->n_items);
  text = self->ranks != NULL ? &self->texts[i] : &self->items[i].text;
  if (*text == NULL)
    {
      *text = make (get_entry (self, i));
      if (*text == NULL)
        *text = g_strdup ("");
    }
  return *text;
}

static char *
make_recipient (const QkEntry *entry)
{
  return qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
}

static char *
make_sender (const QkEntry *entry)
{
  return qk_entry_dup_field (entry, QK_FIELD_SENDER);
}

static char *
make_tags (const QkEntry *entry)
{
  return qk_entry_dup_field (entry, QK_FIELD_TAGS);
}

static char *
make_id (const QkEntry *entry)
{
  return qk_entry_dup_field (entry, QK_FIELD_ID);
}

static char *
make_error (const QkEntry *entry)
{
  return qk_entry_dup_field (entry, QK_FIELD_LAST_ERROR);
}

static char *
make_type (const QkEntry *entry)
{
  return qk_entry_dup_field (entry, QK_FIELD_MESSAGE_TYPE);
}

static char *
make_excerpt (const QkEntry *entry)
{
  g_autofree char *excerpt = qk_entry_dup_excerpt (entry);
  g_autofree char *folded = g_utf8_casefold (excerpt, -1);

  return g_utf8_collate_key (folded, -1);
}

static int
compare_values (gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

static int
compare_priority (const QkEntry *a, const QkEntry *b)
{
  double x = qk_entry_get_priority (a), y = qk_entry_get_priority (b);

  return (x < y) - (x > y);
}

static guint8
get_item_rank (const QkItem *item)
{
  static const guint8 ranks[QK_N_STATUSES] = {
      [QK_STATUS_FAILED] = 1,  [QK_STATUS_PENDING] = 2, [QK_STATUS_PROCESSING] = 3,
      [QK_STATUS_UNKNOWN] = 4, [QK_STATUS_EXPIRED] = 5, [QK_STATUS_DELIVERED] = 6,
  };

  return item->flags & QK_ITEM_STUCK ? 0 : ranks[item->status];
}

static int
get_rank (const QkMessageIndex *self, guint i)
{
  return self->ranks != NULL ? self->ranks[i] : get_item_rank (&self->items[i]);
}

/* Pending ones in the order in which the swarm delivers them, so the longest waiting first; of
 * what is done the latest is of interest. */
static int
compare_attention (QkMessageIndex *self, guint a, guint b)
{
  int rank = get_rank (self, a);
  int order = compare_values (rank, get_rank (self, b));
  const QkEntry *x, *y;

  if (order != 0)
    return order;
  x = get_entry (self, a);
  y = get_entry (self, b);
  if (rank >= 5)
    return compare_values (qk_entry_get_created (y), qk_entry_get_created (x));
  order = compare_priority (x, y);
  if (order == 0)
    order = compare_values (qk_entry_get_created (x), qk_entry_get_created (y));
  return order;
}

static int
compare_by_key (QkMessageIndex *self, guint a, guint b)
{
  const QkEntry *x = get_entry (self, a), *y = get_entry (self, b);

  switch (self->key)
    {
    case QK_SORT_PRIORITY:
      return compare_priority (x, y);
    case QK_SORT_RECIPIENT:
      return qk_agent_compare (get_text (self, a, make_recipient),
                               get_text (self, b, make_recipient));
    case QK_SORT_SENDER:
      return qk_agent_compare (get_text (self, a, make_sender), get_text (self, b, make_sender));
    case QK_SORT_TYPE:
      return strcmp (get_text (self, a, make_type), get_text (self, b, make_type));
    case QK_SORT_EXCERPT:
      return strcmp (get_text (self, a, make_excerpt), get_text (self, b, make_excerpt));
    case QK_SORT_AGE:
      return compare_values (qk_entry_get_created (y), qk_entry_get_created (x));
    case QK_SORT_ATTEMPTS:
      return compare_values (qk_entry_get_attempts (x), qk_entry_get_attempts (y));
    case QK_SORT_TAGS:
      return strcmp (get_text (self, a, make_tags), get_text (self, b, make_tags));
    case QK_SORT_CREATED:
      return compare_values (qk_entry_get_created (x), qk_entry_get_created (y));
    case QK_SORT_UPDATED:
      return compare_values (qk_entry_get_updated (x), qk_entry_get_updated (y));
    case QK_SORT_ID:
      return strcmp (get_text (self, a, make_id), get_text (self, b, make_id));
    case QK_SORT_ERROR:
      return strcmp (get_text (self, a, make_error), get_text (self, b, make_error));
    case QK_SORT_ATTENTION:
    default:
      return compare_attention (self, a, b);
    }
}

/* Only an entry is equal to itself: what is equal else goes by its place in the queue. */
static int
compare (QkMessageIndex *self, guint a, guint b)
{
  int order = compare_by_key (self, a, b);

  if (order == 0 && self->key != QK_SORT_ATTENTION)
    order = compare_attention (self, a, b);
  else if (self->descending)
    order = -order;
  return order != 0 ? order : compare_values (a, b);
}

static int
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  return compare (data, *(const guint *) a, *(const guint *) b);
}

/**
 * qk_message_sequence_sort: (skip)
 * @self: an index
 * @items: (element-type guint): entries of it
 *
 * Puts @items in order.
 */
void
qk_message_sequence_sort (QkMessageIndex *self, GArray *items)
{
  g_array_sort_with_data (items, compare_items, self);
}

/* Entries that are equal but for their place in the queue may be out of order where that was
 * shuffled. */
static void
find_shuffled (QkMessageIndex *self)
{
  guint before = QK_ITEM_GONE;

  for (guint i = 0; i < self->sequence->len; i++)
    {
      guint item = g_array_index (self->sequence, guint, i);

      if (self->items[item].flags & QK_ITEM_MOVED)
        continue;
      if (before != QK_ITEM_GONE && compare (self, before, item) > 0)
        self->items[item].flags |= QK_ITEM_MOVED;
      else
        before = item;
    }
}

/**
 * qk_message_sequence_count_moved: (skip)
 * @self: an index
 *
 * Returns: how many entries are not in their place
 */
guint
qk_message_sequence_count_moved (QkMessageIndex *self)
{
  guint n_moved = 0;

  if (self->shuffled && self->n_items <= QK_SORT_AT_ONCE)
    find_shuffled (self);
  else if (self->shuffled)
    for (guint i = 0; i < self->n_items; i++)
      self->items[i].flags |= QK_ITEM_MOVED;
  self->shuffled = FALSE;
  for (guint i = 0; i < self->n_items; i++)
    n_moved += (self->items[i].flags & QK_ITEM_MOVED) != 0;
  return n_moved;
}

/* How many of @kept, from @low on, come before @id. */
static guint
find_place (QkMessageIndex *self, const GArray *kept, guint low, guint id)
{
  for (guint high = kept->len; low < high;)
    {
      guint middle = low + (high - low) / 2;

      if (compare (self, g_array_index (kept, guint, middle), id) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static GArray *
merge (QkMessageIndex *self, const GArray *kept, const GArray *moved)
{
  GArray *sequence = g_array_sized_new (FALSE, FALSE, sizeof (guint), kept->len + moved->len);
  guint done = 0;

  for (guint i = 0; i < moved->len; i++)
    {
      guint id = g_array_index (moved, guint, i), place = find_place (self, kept, done, id);

      g_array_append_vals (sequence, &g_array_index (kept, guint, done), place - done);
      g_array_append_val (sequence, id);
      done = place;
    }
  g_array_append_vals (sequence, &g_array_index (kept, guint, done), kept->len - done);
  return sequence;
}

/**
 * qk_message_sequence_place: (skip)
 * @self: an index
 *
 * Puts the entries that moved in their place, now. The others stay in the order that they have.
 */
void
qk_message_sequence_place (QkMessageIndex *self)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) moved = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->sequence->len; i++)
    {
      guint item = g_array_index (self->sequence, guint, i);

      if (!(self->items[item].flags & QK_ITEM_MOVED))
        g_array_append_val (kept, item);
    }
  for (guint i = 0; i < self->n_items; i++)
    if (self->items[i].flags & QK_ITEM_MOVED)
      {
        self->items[i].flags ^= QK_ITEM_MOVED;
        self->items[i].flags |= QK_ITEM_DISPLACED;
        g_array_append_val (moved, i);
      }
  qk_message_sequence_sort (self, moved);
  g_array_unref (self->sequence);
  self->sequence = merge (self, kept, moved);
  self->rekeyed = FALSE;
}

/**
 * qk_message_sequence_snapshot: (skip)
 * @self: an index
 *
 * Returns: (transfer full): what is needed of it to put its entries in order in another thread; it has
 *   no items
 */
QkMessageIndex *
qk_message_sequence_snapshot (const QkMessageIndex *self)
{
  QkMessageIndex *snapshot = g_new0 (QkMessageIndex, 1);

  snapshot->document = qk_document_ref (self->document);
  snapshot->n_items = self->n_items;
  snapshot->ranks = g_new (guint8, self->n_items + 1);
  for (guint i = 0; i < self->n_items; i++)
    snapshot->ranks[i] = get_item_rank (&self->items[i]);
  snapshot->sequence = g_array_new (FALSE, FALSE, sizeof (guint));
  snapshot->key = self->key;
  snapshot->descending = self->descending;
  return snapshot;
}
