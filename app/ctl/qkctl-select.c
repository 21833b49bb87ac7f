#include "qkctl-select.h"

#include "qk-time.h"
#include "qkctl-options.h"
#include "qkctl-table.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_CANDIDATES 5

void
qkctl_filter_init (QkctlFilter *self)
{
  *self = (QkctlFilter){.created_before = QK_WALL_NONE, .stuck_after_s = G_MAXUINT};
}

void
qkctl_filter_clear (QkctlFilter *self)
{
  g_clear_pointer (&self->search, qk_search_unref);
  g_clear_pointer (&self->errors, qk_filter_unref);
  g_clear_pointer (&self->query, qk_query_unref);
}

/* The setters return FALSE after saying what is wrong. @agents is kept, not copied. */
gboolean
qkctl_filter_set_agents (QkctlFilter *self, char **agents)
{
  self->agents = agents;
  return qkctl_check_texts ("--agent", agents);
}

gboolean
qkctl_filter_set_statuses (QkctlFilter *self, char **names)
{
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      QkStatus status;
      g_autoptr (GString) valid = NULL;

      if (qk_status_parse (names[i], &status))
        {
          self->statuses |= 1u << status;
          continue;
        }
      valid = g_string_new (qk_status_get_name (0));
      for (guint s = 1; s < QK_N_STATUSES; s++)
        g_string_append_printf (valid, ", %s", qk_status_get_name ((QkStatus) s));
      qkctl_usage ("there is no status “%s”: it is one of %s", names[i], valid->str);
      return FALSE;
    }
  return TRUE;
}

gboolean
qkctl_filter_set_search (QkctlFilter *self, const char *text)
{
  if (!qkctl_check_text ("--search", text))
    return FALSE;
  self->search = text != NULL ? qk_search_new (text) : NULL;
  return TRUE;
}

/* Each of them is a class, or an error of the class that is meant. */
gboolean
qkctl_filter_set_errors (QkctlFilter *self, char **errors)
{
  if (!qkctl_check_texts ("--error", errors))
    return FALSE;
  for (guint i = 0; errors != NULL && errors[i] != NULL; i++)
    {
      g_autoptr (QkFilter) old =
          self->errors != NULL ? g_steal_pointer (&self->errors) : qk_filter_new ();
      g_autoptr (QkFilter) with = qk_filter_with_value (old, QK_FACET_ERROR, errors[i]);
      g_autofree char *class = qk_error_dup_class (errors[i]);

      self->errors = qk_filter_with_value (with, QK_FACET_ERROR, class);
    }
  return TRUE;
}

gboolean
qkctl_filter_set_query (QkctlFilter *self, const char *text)
{
  g_autofree char *read = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return TRUE;
  if (!qkctl_check_text ("--filter", text))
    return FALSE;
  self->query = qk_query_parse (text, &error);
  if (self->query == NULL)
    {
      qkctl_usage ("--filter: %s", error->message);
      return FALSE;
    }
  /* A variable of a script that is not set must not reach all there is. */
  read = qk_query_to_text (self->query);
  if (*read == '\0')
    qkctl_usage ("--filter finds every message: say which, such as is:failed");
  return *read != '\0';
}

static gboolean
matches_agent (const QkctlFilter *self, const QkEntry *entry)
{
  g_autofree char *recipient = NULL;

  if (self->agents == NULL)
    return TRUE;
  recipient = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
  return g_strv_contains ((const char *const *) self->agents, recipient != NULL ? recipient : "");
}

/* @now is in wall microseconds. */
gboolean
qkctl_filter_matches (const QkctlFilter *self, const QkEntry *entry, gint64 now)
{
  gint64 created = qk_entry_get_created (entry);

  if (self->statuses != 0 && (self->statuses & 1u << qk_entry_get_status (entry)) == 0)
    return FALSE;
  if (self->created_before != QK_WALL_NONE &&
      (created == QK_WALL_NONE || created >= self->created_before))
    return FALSE;
  if (self->stuck_after_s != G_MAXUINT && !qk_entry_is_stuck (entry, now, self->stuck_after_s))
    return FALSE;
  if (self->hazard && qk_entry_get_hazards (entry) == 0)
    return FALSE;
  if ((self->errors != NULL && !qk_filter_matches (self->errors, entry, now)) ||
      (self->query != NULL && !qk_query_matches (self->query, entry, now)))
    return FALSE;
  return matches_agent (self, entry) &&
         (self->search == NULL || qk_search_matches (self->search, entry));
}

/* At most @limit entries, in the order of the queue. They live as long as @document. */
GPtrArray *
qkctl_select_matching (QkDocument *document, const QkctlFilter *filter, guint limit)
{
  GPtrArray *entries = g_ptr_array_new ();
  guint n = qk_document_get_n_entries (document);
  gint64 now = qk_wall_now ();

  for (guint i = 0; i < n && entries->len < limit; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);

      if (qkctl_filter_matches (filter, entry, now))
        g_ptr_array_add (entries, (gpointer) entry);
    }
  return entries;
}

/* The ids of a document in alphabetical order: what begins alike stands together. */
typedef struct {
  char *id; /* owned */
  guint index;
} IdRow;

static void
id_row_clear (gpointer data)
{
  g_free (((IdRow *) data)->id);
}

static int
id_row_compare (gconstpointer a, gconstpointer b)
{
  const IdRow *row_a = a, *row_b = b;
  int order = strcmp (row_a->id, row_b->id);

  return order != 0 ? order : (row_a->index > row_b->index) - (row_a->index < row_b->index);
}

static GArray *
id_rows_new (QkDocument *document)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (IdRow));
  guint n = qk_document_get_n_entries (document);

  g_array_set_clear_func (rows, id_row_clear);
  for (guint i = 0; i < n; i++)
    {
      IdRow row = {qk_entry_dup_field (qk_document_get_entry (document, i), QK_FIELD_ID), i};

      if (row.id != NULL)
        g_array_append_val (rows, row);
    }
  g_array_sort (rows, id_row_compare);
  return rows;
}

static guint
id_rows_lower_bound (const GArray *rows, const char *id)
{
  guint low = 0, high = rows->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (strcmp (g_array_index (rows, IdRow, middle).id, id) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The end of the run of rows that begin with @prefix; how many different ids they have. */
static guint
id_rows_measure (const GArray *rows, guint start, const char *prefix, guint *n_ids)
{
  guint end = start;

  for (*n_ids = 0; end < rows->len; end++)
    {
      const char *id = g_array_index (rows, IdRow, end).id;

      if (!g_str_has_prefix (id, prefix))
        break;
      if (end == start || strcmp (id, g_array_index (rows, IdRow, end - 1).id) != 0)
        ++*n_ids;
    }
  return end;
}

static void
report_ambiguous (const GArray *rows, guint start, guint end, guint n_ids, const char *prefix)
{
  g_autoptr (GString) candidates = g_string_new (NULL);
  const char *last = NULL;
  guint shown = 0;

  for (guint i = start; i < end && shown < SHOWN_CANDIDATES; i++)
    {
      const char *id = g_array_index (rows, IdRow, i).id;

      if (last != NULL && strcmp (id, last) == 0)
        continue;
      g_string_append_printf (candidates, "%s%s", shown++ > 0 ? ", " : "", id);
      last = id;
    }
  if (n_ids > shown)
    g_string_append_printf (candidates, " and %u more", n_ids - shown);
  qkctl_usage ("“%s” is the beginning of %u ids: %s", prefix, n_ids, candidates->str);
}

/* Adds the indices of the entries that @id names. FALSE after a wrong usage. */
static gboolean
resolve_id (const GArray *rows, const char *id, GArray *indices, QkResult *result)
{
  guint start = id_rows_lower_bound (rows, id), n_ids;
  guint end = id_rows_measure (rows, start, id, &n_ids);

  if (*id == '\0')
    {
      qkctl_usage ("an id is empty");
      return FALSE;
    }
  if (start == end)
    {
      qk_result_take_skipped (result, g_strdup (id), g_strdup ("no message has this id"));
      return TRUE;
    }
  /* The id itself comes before those that only begin with it, and beats them. */
  if (strcmp (g_array_index (rows, IdRow, start).id, id) == 0)
    {
      for (guint i = start; i < end && strcmp (g_array_index (rows, IdRow, i).id, id) == 0; i++)
        g_array_append_val (indices, g_array_index (rows, IdRow, i).index);
      return TRUE;
    }
  if (n_ids > 1)
    {
      report_ambiguous (rows, start, end, n_ids, id);
      return FALSE;
    }
  for (guint i = start; i < end; i++)
    g_array_append_val (indices, g_array_index (rows, IdRow, i).index);
  return TRUE;
}

/* The entries that have these ids, or ids that begin so; each once, in the order in which they are
 * named. Ids that nothing has are put into @result as skipped. NULL after a wrong usage. */
GPtrArray *
qkctl_select_ids (QkDocument *document, char **ids, QkResult *result)
{
  g_autoptr (GArray) rows = id_rows_new (document);
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  g_autofree gboolean *seen = g_new0 (gboolean, qk_document_get_n_entries (document) + 1);

  if (!qkctl_check_texts ("an id", ids))
    return NULL;
  for (guint i = 0; ids[i] != NULL; i++)
    if (!resolve_id (rows, ids[i], indices, result))
      return NULL;
  for (guint i = 0; i < indices->len; i++)
    {
      guint index = g_array_index (indices, guint, i);

      if (!seen[index])
        g_ptr_array_add (entries, (gpointer) qk_document_get_entry (document, index));
      seen[index] = TRUE;
    }
  return g_steal_pointer (&entries);
}
