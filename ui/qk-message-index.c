#include "qk-message-index.h"

#include "qk-change.h"
#include "qk-stuck.h"
#include "qk-time.h"

#include <string.h>

static const QkEntry *
get_entry (const QkMessageIndex *self, guint item)
{
  return qk_document_get_entry (self->document, item);
}

static gboolean
is_for (const QkEntry *entry, const char *agent)
{
  gsize length, wanted = strlen (agent);
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_RECIPIENT, &length);
  g_autofree char *name = NULL;

  /* Decoding is only for the few that are not plain. */
  if (json != NULL && *json == '"' && memchr (json, '\\', length) == NULL)
    return length - 2 == wanted && memcmp (json + 1, agent, wanted) == 0;
  name = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
  return strcmp (name != NULL ? name : "", agent) == 0;
}

static gboolean
is_in_focus (const QkMessageIndex *self, guint i)
{
  const QkItem *item = &self->items[i];

  switch (self->filter->focus)
    {
    case QK_FOCUS_HAZARD:
      return qk_entry_get_hazards (get_entry (self, i)) != 0;
    case QK_FOCUS_PENDING:
      return item->status == QK_STATUS_PENDING;
    case QK_FOCUS_PROCESSING:
      return item->status == QK_STATUS_PROCESSING;
    case QK_FOCUS_FAILED:
      return item->status == QK_STATUS_FAILED;
    case QK_FOCUS_STUCK:
      return (item->flags & QK_ITEM_STUCK) != 0;
    case QK_FOCUS_ALL:
    default:
      return TRUE;
    }
}

/* Delivered messages are left out, unless they are asked for. */
static gboolean
may_be_delivered (const QkMessageFilter *filter)
{
  return !filter->hide_delivered || filter->focus == QK_FOCUS_HAZARD ||
         (filter->find != NULL && qk_filter_has_value (filter->find, QK_FACET_STATUS,
                                                       qk_status_get_name (QK_STATUS_DELIVERED)));
}

static void
match (QkMessageIndex *self, guint i)
{
  const QkMessageFilter *filter = self->filter;
  QkItem *item = &self->items[i];

  item->flags &= (guint16) ~QK_ITEM_MATCHES;
  if ((item->status != QK_STATUS_DELIVERED || may_be_delivered (filter)) && is_in_focus (self, i) &&
      (filter->find == NULL || (item->flags & QK_ITEM_FOUND)) &&
      (filter->agent == NULL || is_for (get_entry (self, i), filter->agent)))
    item->flags |= QK_ITEM_MATCHES;
}

/* Returns whether it is stuck and was not, or was and is no more. */
static gboolean
look_at_stuck (QkMessageIndex *self, guint i, gint64 now)
{
  QkItem *item = &self->items[i];
  gboolean was_stuck = (item->flags & QK_ITEM_STUCK) != 0, is_stuck = FALSE;

  if (item->status == QK_STATUS_PROCESSING)
    {
      const QkEntry *entry = get_entry (self, i);
      gint64 updated = qk_entry_get_updated (entry);

      is_stuck = qk_entry_is_stuck (entry, now, self->stuck_after_s);
      if (!is_stuck && updated != QK_WALL_NONE)
        self->next_stuck =
            MIN (self->next_stuck, updated + self->stuck_after_s * G_TIME_SPAN_SECOND + 1);
    }
  if (is_stuck == was_stuck)
    return FALSE;
  item->flags ^= QK_ITEM_STUCK;
  return TRUE;
}

static void
read_item (QkMessageIndex *self, guint i, gint64 now)
{
  self->items[i].status = (guint8) qk_entry_get_status (get_entry (self, i));
  self->items[i].flags |= QK_ITEM_MOVED;
  if (self->filter->find != NULL)
    self->items[i].flags |= QK_ITEM_RENEWED;
  (void) look_at_stuck (self, i, now);
  match (self, i);
}

static QkMessageIndex *
index_alloc (QkDocument *document, const QkMessageFilter *filter)
{
  QkMessageIndex *self = g_new0 (QkMessageIndex, 1);

  self->document = qk_document_ref (document);
  self->filter = filter;
  self->n_items = qk_document_get_n_entries (document);
  self->items = g_new0 (QkItem, self->n_items);
  self->sequence = g_array_new (FALSE, FALSE, sizeof (guint));
  self->next_stuck = G_MAXINT64;
  self->stuck_after_s = qk_stuck_get_after_s ();
  return self;
}

/**
 * qk_message_index_new: (skip)
 * @document: a version of the queue
 * @filter: what is to be shown; must outlive the index
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): an index of it in which nothing is listed yet
 */
QkMessageIndex *
qk_message_index_new (QkDocument *document, const QkMessageFilter *filter, gint64 now)
{
  QkMessageIndex *self = index_alloc (document, filter);

  for (guint i = 0; i < self->n_items; i++)
    read_item (self, i, now);
  return self;
}

/* Takes over what is known of an entry that was there before. */
static void
inherit (QkMessageIndex *self, guint i, QkItem *before, gboolean changed, gint64 now)
{
  QkItem *item = &self->items[i];

  *item = *before;
  before->row = NULL;
  before->text = NULL;
  if (item->row != NULL)
    qk_message_move (item->row, self->document, i);
  if (changed)
    {
      g_clear_pointer (&item->text, g_free);
      read_item (self, i, now);
      item->flags |= QK_ITEM_CHANGED;
    }
  else if (item->status == QK_STATUS_PROCESSING && look_at_stuck (self, i, now))
    {
      match (self, i);
      item->flags |= QK_ITEM_MOVED | QK_ITEM_CHANGED;
    }
}

static void
translate_sequence (QkMessageIndex *self, const QkMessageIndex *old)
{
  for (guint i = 0; i < old->sequence->len; i++)
    {
      guint place = self->places[g_array_index (old->sequence, guint, i)];

      if (place != QK_ITEM_GONE)
        g_array_append_val (self->sequence, place);
    }
}

/**
 * qk_message_index_new_from: (skip)
 * @document: a newer version of the queue
 * @old: the index of the version before; its rows are handed over
 * @diff: which entry is which
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): an index of @document. Listed are the entries that were; changed ones
 *   are marked.
 */
QkMessageIndex *
qk_message_index_new_from (QkDocument *document, QkMessageIndex *old, QkDiff *diff, gint64 now)
{
  QkMessageIndex *self = index_alloc (document, old->filter);
  guint next = 0;

  g_return_val_if_fail (qk_diff_get_old_size (diff) == old->n_items, self);

  self->key = old->key;
  self->descending = old->descending;
  self->rekeyed = old->rekeyed;
  self->places = g_new (guint, old->n_items + 1);
  memset (self->places, 0xff, (old->n_items + 1) * sizeof (guint));
  for (guint i = 0; i < self->n_items; i++)
    {
      gboolean changed = FALSE;
      guint origin = qk_diff_get_origin (diff, i, &changed);

      if (origin == QK_DIFF_NEW)
        {
          read_item (self, i, now);
          continue;
        }
      inherit (self, i, &old->items[origin], changed, now);
      self->places[origin] = i;
      self->shuffled = self->shuffled || origin < next;
      next = origin + 1;
    }
  translate_sequence (self, old);
  return self;
}

/**
 * qk_message_index_update_filter: (skip)
 * @self: an index
 *
 * Looks again at all entries after the filter has changed.
 */
void
qk_message_index_update_filter (QkMessageIndex *self)
{
  for (guint i = 0; i < self->n_items; i++)
    match (self, i);
}

/**
 * qk_message_index_renew: (skip)
 * @self: an index
 * @found: whether nothing was looked for so far, so that all were found
 *
 * Notes that something else is looked for in all entries. Until that is known, those pass that did.
 */
void
qk_message_index_renew (QkMessageIndex *self, gboolean found)
{
  guint16 flags = found ? QK_ITEM_RENEWED | QK_ITEM_FOUND : QK_ITEM_RENEWED;

  for (guint i = 0; i < self->n_items; i++)
    self->items[i].flags |= flags;
}

/**
 * qk_message_index_find_renewed: (skip)
 * @self: an index
 * @enough: how many bytes to count; the entries from there on are not read
 * @n_bytes: (out): how long they are together, or more than @enough
 *
 * Returns: (transfer full) (element-type guint): the entries that must be looked at anew
 */
GArray *
qk_message_index_find_renewed (const QkMessageIndex *self, gsize enough, gsize *n_bytes)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (guint));

  *n_bytes = 0;
  for (guint i = 0; i < self->n_items; i++)
    if (self->items[i].flags & QK_ITEM_RENEWED)
      {
        gsize length = 0;

        if (*n_bytes <= enough)
          (void) qk_entry_get_json (get_entry (self, i), &length);
        *n_bytes += length;
        g_array_append_val (items, i);
      }
  return items;
}

/**
 * qk_message_index_set_found: (skip)
 * @self: an index
 * @item: an entry
 * @found: whether what is looked for is in it
 *
 * Takes note of that.
 */
void
qk_message_index_set_found (QkMessageIndex *self, guint item, gboolean found)
{
  self->items[item].flags &= (guint16) ~(QK_ITEM_FOUND | QK_ITEM_RENEWED);
  if (found)
    self->items[item].flags |= QK_ITEM_FOUND;
  match (self, item);
}

/**
 * qk_message_index_age: (skip)
 * @self: an index
 * @then: when this was last asked, in wall microseconds
 * @now: the present, in wall microseconds
 *
 * Notes which entries must be looked at anew because time has passed.
 */
void
qk_message_index_age (QkMessageIndex *self, gint64 then, gint64 now)
{
  for (guint i = 0; i < self->n_items; i++)
    if (qk_filter_has_aged (self->filter->find, get_entry (self, i), then, now))
      self->items[i].flags |= QK_ITEM_RENEWED;
}

/**
 * qk_message_index_free: (skip)
 * @self: (transfer full): an index
 *
 * Frees it and lets go of its rows.
 */
void
qk_message_index_free (QkMessageIndex *self)
{
  for (guint i = 0; i < self->n_items && self->items != NULL; i++)
    {
      g_clear_object (&self->items[i].row);
      g_free (self->items[i].text);
    }
  for (guint i = 0; i < self->n_items && self->texts != NULL; i++)
    g_free (self->texts[i]);
  g_free (self->items);
  g_free (self->ranks);
  g_free (self->texts);
  g_free (self->places);
  g_array_unref (self->sequence);
  qk_document_unref (self->document);
  g_free (self);
}

/**
 * qk_message_index_update_stuck: (skip)
 * @self: an index
 * @now: the present, in wall microseconds
 *
 * Looks again which entries are stuck. Costs nothing while no entry can have become so.
 *
 * Returns: whether that changed; those entries are marked as moved
 */
gboolean
qk_message_index_update_stuck (QkMessageIndex *self, gint64 now)
{
  gboolean any = FALSE;

  if (now < self->next_stuck && self->stuck_after_s == qk_stuck_get_after_s ())
    return FALSE;
  self->stuck_after_s = qk_stuck_get_after_s ();
  self->next_stuck = G_MAXINT64;
  for (guint i = 0; i < self->n_items; i++)
    if (look_at_stuck (self, i, now))
      {
        match (self, i);
        self->items[i].flags |= QK_ITEM_MOVED | QK_ITEM_CHANGED;
        any = TRUE;
      }
  return any;
}

/**
 * qk_message_index_get_row: (skip)
 * @self: an index
 * @item: an entry
 *
 * Returns: (transfer none): its row, made now if it has none
 */
QkMessage *
qk_message_index_get_row (QkMessageIndex *self, guint item)
{
  if (self->items[item].row == NULL)
    self->items[item].row = qk_message_new (self->document, item);
  return self->items[item].row;
}
