#include "qk-health-events.h"

#include "qk-list-edits.h"
#include "qk-text.h"

#include <string.h>

struct _QkHealthEvents {
  GObject parent_instance;

  GListStore *shown; /* owned */
  GPtrArray *rows;   /* owned, of QkHealthEvent: all of them */
  guint serial;      /* of the next row */
  int kind;          /* or QK_HEALTH_ANY */
  int source;        /* or QK_HEALTH_ANY */
  char **words;      /* owned, folded */
};

G_DEFINE_FINAL_TYPE (QkHealthEvents, qk_health_events, G_TYPE_OBJECT)

static gboolean
passes (QkHealthEvents *self, QkHealthEvent *row)
{
  const QkReportEvent *event = qk_health_event_get (row);

  if (self->kind != QK_HEALTH_ANY && (int) event->event->kind != self->kind)
    return FALSE;
  if (self->source != QK_HEALTH_ANY && (int) event->source != self->source)
    return FALSE;
  for (guint i = 0; self->words[i] != NULL; i++)
    if (strstr (qk_health_event_get_folded (row), self->words[i]) == NULL)
      return FALSE;
  return TRUE;
}

static guint
get_serial_at (GListModel *model, guint position)
{
  g_autoptr (QkHealthEvent) row = g_list_model_get_item (model, position);

  return qk_health_event_get_serial (row);
}

/* The serials of the rows that stay, in the order that they have in both. */
static GHashTable *
find_kept (const GArray *before, const GArray *after)
{
  g_autoptr (GHashTable) positions = g_hash_table_new (NULL, NULL);
  GHashTable *kept = g_hash_table_new (NULL, NULL);
  guint next = 0;

  for (guint i = 0; i < after->len; i++)
    g_hash_table_insert (positions, GUINT_TO_POINTER (g_array_index (after, guint, i)),
                         GUINT_TO_POINTER (i));
  for (guint i = 0; i < before->len; i++)
    {
      gpointer serial = GUINT_TO_POINTER (g_array_index (before, guint, i)), position;

      if (g_hash_table_lookup_extended (positions, serial, NULL, &position) &&
          GPOINTER_TO_UINT (position) >= next)
        {
          next = GPOINTER_TO_UINT (position) + 1;
          g_hash_table_add (kept, serial);
        }
    }
  return kept;
}

static gboolean
is_kept (guint serial, gconstpointer kept)
{
  return g_hash_table_contains ((GHashTable *) kept, GUINT_TO_POINTER (serial));
}

/* Shows what passes; what was shown before and still is, is not touched. */
static void
update (QkHealthEvents *self)
{
  GListModel *model = G_LIST_MODEL (self->shown);
  guint n_before = g_list_model_get_n_items (model);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) kept = NULL;
  g_autoptr (GArray) edits = NULL;

  for (guint i = 0; i < n_before; i++)
    {
      guint serial = get_serial_at (model, i);

      g_array_append_val (before, serial);
    }
  for (guint i = 0; i < self->rows->len; i++)
    if (passes (self, self->rows->pdata[i]))
      {
        guint serial = qk_health_event_get_serial (self->rows->pdata[i]);

        g_ptr_array_add (rows, self->rows->pdata[i]);
        g_array_append_val (after, serial);
      }
  kept = find_kept (before, after);
  edits = qk_list_edits_new (before, after, is_kept, kept);
  for (guint i = edits->len; i > 0; i--)
    {
      QkListEdit *edit = &g_array_index (edits, QkListEdit, i - 1);

      g_list_store_splice (self->shown, edit->old_start, edit->old_end - edit->old_start,
                           rows->pdata + edit->new_start, edit->new_end - edit->new_start);
    }
}

/* The rows by their events. Of equal events, the first row is the first in its list. */
static GHashTable *
index_rows (QkHealthEvents *self)
{
  GHashTable *index = g_hash_table_new (qk_health_event_hash, qk_health_event_equal);

  for (guint i = self->rows->len; i > 0; i--)
    {
      QkHealthEvent *row = self->rows->pdata[i - 1];
      gpointer event = (gpointer) qk_health_event_get (row);

      g_hash_table_insert (index, event, g_slist_prepend (g_hash_table_lookup (index, event), row));
    }
  return index;
}

/* The row that the event has, which is taken out of the index; or a new one. */
static QkHealthEvent *
take_row (QkHealthEvents *self, GHashTable *index, QkReport *report, guint i)
{
  gpointer event = report->events->pdata[i];
  GSList *same = g_hash_table_lookup (index, event);
  QkHealthEvent *row;

  if (same == NULL)
    return qk_health_event_new (report, i, self->serial++);
  row = g_object_ref (same->data);
  same = g_slist_delete_link (same, same);
  g_hash_table_insert (index, event, same);
  return row;
}

static void
qk_health_events_finalize (GObject *object)
{
  QkHealthEvents *self = QK_HEALTH_EVENTS (object);

  g_object_unref (self->shown);
  g_ptr_array_unref (self->rows);
  g_strfreev (self->words);

  G_OBJECT_CLASS (qk_health_events_parent_class)->finalize (object);
}

static void
qk_health_events_class_init (QkHealthEventsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_health_events_finalize;
}

static void
qk_health_events_init (QkHealthEvents *self)
{
  self->shown = g_list_store_new (QK_TYPE_HEALTH_EVENT);
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->kind = self->source = QK_HEALTH_ANY;
  self->words = g_new0 (char *, 1);
}

/**
 * qk_health_events_new:
 *
 * Returns: (transfer full): no events
 */
QkHealthEvents *
qk_health_events_new (void)
{
  return g_object_new (QK_TYPE_HEALTH_EVENTS, NULL);
}

/**
 * qk_health_events_get_model:
 * @self: some events
 *
 * Returns: (transfer none): those that pass
 */
GListModel *
qk_health_events_get_model (QkHealthEvents *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_EVENTS (self), NULL);

  return G_LIST_MODEL (self->shown);
}

/**
 * qk_health_events_set_report:
 * @self: some events
 * @report: a report
 *
 * Shows the events of @report from now on.
 */
void
qk_health_events_set_report (QkHealthEvents *self, QkReport *report)
{
  g_autoptr (GHashTable) index = NULL;
  g_autoptr (GPtrArray) old = NULL;
  GHashTableIter iter;
  gpointer same;

  g_return_if_fail (QK_IS_HEALTH_EVENTS (self));
  g_return_if_fail (report != NULL);

  index = index_rows (self);
  old = g_steal_pointer (&self->rows);
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < report->events->len; i++)
    g_ptr_array_add (self->rows, take_row (self, index, report, i));
  g_hash_table_iter_init (&iter, index);
  while (g_hash_table_iter_next (&iter, NULL, &same))
    g_slist_free (same);
  update (self);
  /* Only now: the index was made of the events that they had. */
  for (guint i = 0; i < self->rows->len; i++)
    qk_health_event_move (self->rows->pdata[i], report, i);
}

/**
 * qk_health_events_set_filter:
 * @self: some events
 * @kind: a #QkLockKind, or %QK_HEALTH_ANY
 * @source: a #QkSource, or %QK_HEALTH_ANY
 * @words: what must stand in an event, in any order and case
 *
 * Shows only those events.
 */
void
qk_health_events_set_filter (QkHealthEvents *self, int kind, int source, const char *words)
{
  g_autofree char *folded = NULL;

  g_return_if_fail (QK_IS_HEALTH_EVENTS (self));
  g_return_if_fail (words != NULL);

  folded = qk_text_fold_case (words);
  self->kind = kind;
  self->source = source;
  g_strfreev (self->words);
  self->words = g_strsplit_set (g_strstrip (folded), " \t", -1);
  update (self);
}

/**
 * qk_health_events_get_total:
 * @self: some events
 *
 * Returns: how many there are, those that do not pass included
 */
guint
qk_health_events_get_total (QkHealthEvents *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_EVENTS (self), 0);

  return self->rows->len;
}
