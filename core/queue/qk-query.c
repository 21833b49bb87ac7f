#include "qk-query.h"

#include "qk-change.h"

struct _QkQuery {
  gatomicrefcount refs;
  char *agent; /* owned, nullable */
  QkFocus focus;
  gboolean hide_delivered;
  QkFilter *filter; /* owned */
};

G_DEFINE_QUARK (qk - query - error - quark, qk_query_error)

/**
 * qk_query_new:
 * @agent: (nullable): only messages for this recipient; "" for those without one
 * @focus: only this group
 * @hide_delivered: not those that are delivered, unless they are asked for
 * @filter: (nullable): only those that this lets pass
 *
 * Returns: (transfer full): a query
 */
QkQuery *
qk_query_new (const char *agent, QkFocus focus, gboolean hide_delivered, QkFilter *filter)
{
  QkQuery *self;

  g_return_val_if_fail ((guint) focus < QK_N_FOCUSES, NULL);

  self = g_new (QkQuery, 1);
  *self = (QkQuery){.agent = g_strdup (agent), .focus = focus, .hide_delivered = hide_delivered};
  self->filter = filter != NULL ? qk_filter_ref (filter) : qk_filter_new ();
  g_atomic_ref_count_init (&self->refs);
  return self;
}

/**
 * qk_query_ref:
 * @self: a query
 *
 * Returns: (transfer full): @self
 */
QkQuery *
qk_query_ref (QkQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_query_unref:
 * @self: (transfer full): a query
 *
 * Gives up a reference.
 */
void
qk_query_unref (QkQuery *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->agent);
  qk_filter_unref (self->filter);
  g_free (self);
}

/**
 * qk_query_with_error:
 * @self: a query
 * @error_class: a class of errors
 *
 * Returns: (transfer full): the query for those of @self that have an error of that class and no other
 */
QkQuery *
qk_query_with_error (QkQuery *self, const char *error_class)
{
  g_autoptr (QkFilter) filter = NULL;

  g_return_val_if_fail (self != NULL && error_class != NULL, NULL);

  filter = qk_filter_with_only (self->filter, QK_FACET_ERROR, error_class);
  return qk_query_new (self->agent, self->focus, self->hide_delivered, filter);
}

/**
 * qk_query_get_agent:
 * @self: a query
 *
 * Returns: (transfer none) (nullable): the recipient; %NULL for any
 */
const char *
qk_query_get_agent (const QkQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->agent;
}

/**
 * qk_query_get_focus:
 * @self: a query
 *
 * Returns: the group
 */
QkFocus
qk_query_get_focus (const QkQuery *self)
{
  g_return_val_if_fail (self != NULL, QK_FOCUS_ALL);

  return self->focus;
}

/**
 * qk_query_get_hide_delivered:
 * @self: a query
 *
 * Returns: whether delivered messages are left out
 */
gboolean
qk_query_get_hide_delivered (const QkQuery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->hide_delivered;
}

/**
 * qk_query_get_filter:
 * @self: a query
 *
 * Returns: (transfer none): its filter
 */
QkFilter *
qk_query_get_filter (const QkQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->filter;
}

/**
 * qk_query_is_timed:
 * @self: a query
 *
 * Returns: whether what it matches changes with the time alone
 */
gboolean
qk_query_is_timed (const QkQuery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->focus == QK_FOCUS_STUCK || qk_filter_is_timed (self->filter);
}

static gboolean
is_in_focus (QkFocus focus, const QkEntry *entry, gint64 now)
{
  switch (focus)
    {
    case QK_FOCUS_HAZARD:
      return qk_entry_get_hazards (entry) != 0;
    case QK_FOCUS_PENDING:
      return qk_entry_get_status (entry) == QK_STATUS_PENDING;
    case QK_FOCUS_PROCESSING:
      return qk_entry_get_status (entry) == QK_STATUS_PROCESSING;
    case QK_FOCUS_FAILED:
      return qk_entry_get_status (entry) == QK_STATUS_FAILED;
    case QK_FOCUS_STUCK:
      return qk_entry_is_stuck (entry, now, QK_STUCK_WARNING_S);
    case QK_FOCUS_ALL:
    default:
      return TRUE;
    }
}

static gboolean
is_left_out (const QkQuery *self, const QkEntry *entry)
{
  const char *delivered = qk_status_get_name (QK_STATUS_DELIVERED);

  return self->hide_delivered && qk_entry_get_status (entry) == QK_STATUS_DELIVERED &&
         self->focus != QK_FOCUS_HAZARD &&
         !qk_filter_has_value (self->filter, QK_FACET_STATUS, delivered);
}

static gboolean
is_for (const QkEntry *entry, const char *agent)
{
  g_autofree char *name = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);

  return g_str_equal (name != NULL ? name : "", agent);
}

/**
 * qk_query_matches:
 * @self: a query
 * @entry: an entry
 * @now: the present, in wall microseconds
 *
 * Returns: whether @entry is asked for
 */
gboolean
qk_query_matches (const QkQuery *self, const QkEntry *entry, gint64 now)
{
  return !is_left_out (self, entry) && is_in_focus (self->focus, entry, now) &&
         (self->agent == NULL || is_for (entry, self->agent)) &&
         qk_filter_matches (self->filter, entry, now);
}

/**
 * qk_query_count:
 * @self: a query
 * @document: a version of the queue
 * @now: the present, in wall microseconds
 *
 * Returns: how many entries are asked for
 */
guint
qk_query_count (const QkQuery *self, QkDocument *document, gint64 now)
{
  guint n = qk_document_get_n_entries (document), count = 0;

  for (guint i = 0; i < n; i++)
    count += qk_query_matches (self, qk_document_get_entry (document, i), now);
  return count;
}

/**
 * qk_query_find:
 * @self: a query
 * @document: a version of the queue
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full) (element-type guint): which entries are asked for, in their order
 */
GArray *
qk_query_find (const QkQuery *self, QkDocument *document, gint64 now)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n = qk_document_get_n_entries (document);

  for (guint i = 0; i < n; i++)
    if (qk_query_matches (self, qk_document_get_entry (document, i), now))
      g_array_append_val (found, i);
  return found;
}
