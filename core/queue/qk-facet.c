#include "qk-facet.h"

#include "qk-agents.h"
#include "qk-scan.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const labels[QK_N_FACETS] = {
    [QK_FACET_STATUS] = N_ ("Status"), [QK_FACET_RECIPIENT] = N_ ("Recipient"),
    [QK_FACET_SENDER] = N_ ("Sender"), [QK_FACET_TYPE] = N_ ("Type"),
    [QK_FACET_TAG] = N_ ("Tag"),       [QK_FACET_PRIORITY] = N_ ("Priority"),
    [QK_FACET_AGE] = N_ ("Age"),       [QK_FACET_UPDATED] = N_ ("Updated"),
    [QK_FACET_STUCK] = N_ ("Stuck"),   [QK_FACET_ERROR] = N_ ("Error"),
};

/* In the text of a filter. */
static const char *const names[QK_N_FACETS] = {
    [QK_FACET_STATUS] = "status", [QK_FACET_RECIPIENT] = "recipient",
    [QK_FACET_SENDER] = "sender", [QK_FACET_TYPE] = "type",
    [QK_FACET_TAG] = "tag",       [QK_FACET_PRIORITY] = "priority",
    [QK_FACET_AGE] = "age",       [QK_FACET_UPDATED] = "updated",
    [QK_FACET_STUCK] = "stuck",   [QK_FACET_ERROR] = "error",
};

/* The youngest first; each span ends where its limit says. */
static const struct {
  const char *value;
  const char *label;
  gint64 limit; /* microseconds */
} ages[QK_N_AGES] = {
    {"1m", N_ ("under 1 min"), G_TIME_SPAN_MINUTE},
    {"5m", N_ ("1 to 5 min"), 5 * G_TIME_SPAN_MINUTE},
    {"1h", N_ ("5 min to 1 h"), G_TIME_SPAN_HOUR},
    {"1d", N_ ("1 h to 1 day"), G_TIME_SPAN_DAY},
    {"7d", N_ ("1 to 7 days"), 7 * G_TIME_SPAN_DAY},
    {"old", N_ ("over 7 days"), G_MAXINT64},
};

/* The latest first; each begins so many days ago, or fewer. */
static const struct {
  const char *value;
  const char *label;
  gint64 days;
} updates[] = {
    {"today", N_ ("today"), 0},
    {"yesterday", N_ ("yesterday"), 1},
    {"earlier", N_ ("before yesterday"), G_MAXINT64},
};

/* The shortest first. */
static const struct {
  const char *value;
  const char *label;
  guint after_s;
} delays[] = {
    {"1m", N_ ("over 1 min"), 60},
    {"5m", N_ ("over 5 min"), 300},
    {"1h", N_ ("over 1 h"), 3600},
};

/* The @i-th of the values that a facet has by its nature, in their order; NULL after the last, and for
 * a facet whose values come from the queue. */
static const char *
get_fixed_value (QkFacet facet, gsize i, const char **label)
{
  *label = NULL;
  if (facet == QK_FACET_AGE && i < G_N_ELEMENTS (ages))
    {
      *label = _ (ages[i].label);
      return ages[i].value;
    }
  if (facet == QK_FACET_UPDATED && i < G_N_ELEMENTS (updates))
    {
      *label = _ (updates[i].label);
      return updates[i].value;
    }
  if (facet == QK_FACET_STUCK && i < G_N_ELEMENTS (delays))
    {
      *label = _ (delays[i].label);
      return delays[i].value;
    }
  return NULL;
}

static gboolean
has_fixed_values (QkFacet facet)
{
  return facet == QK_FACET_AGE || facet == QK_FACET_UPDATED || facet == QK_FACET_STUCK;
}

/* Where @value stands among those that a facet has by its nature; their number for any other. */
static gsize
get_rank (QkFacet facet, const char *value, const char **label)
{
  const char *fixed;
  gsize i = 0;

  while ((fixed = get_fixed_value (facet, i, label)) != NULL && strcmp (fixed, value) != 0)
    i++;
  return i;
}

/**
 * qk_facet_get_name:
 * @facet: a facet
 *
 * Returns: its name in the text of a filter
 */
const char *
qk_facet_get_name (QkFacet facet)
{
  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);

  return names[facet];
}

/**
 * qk_facet_parse:
 * @name: what may be the name of a facet, in any case
 * @facet: (out): that facet
 *
 * Returns: whether there is such a facet
 */
gboolean
qk_facet_parse (const char *name, QkFacet *facet)
{
  g_return_val_if_fail (name != NULL && facet != NULL, FALSE);

  for (guint i = 0; i < QK_N_FACETS; i++)
    if (g_ascii_strcasecmp (names[i], name) == 0)
      {
        *facet = (QkFacet) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * qk_facet_accepts:
 * @facet: a facet
 * @value: what may be a value of it
 *
 * Returns: whether an entry could have that value
 */
gboolean
qk_facet_accepts (QkFacet facet, const char *value)
{
  const char *label;
  QkStatus status;

  g_return_val_if_fail ((guint) facet < QK_N_FACETS && value != NULL, FALSE);

  if (facet == QK_FACET_STATUS)
    return qk_status_parse (value, &status) && strcmp (qk_status_get_name (status), value) == 0;
  if (!has_fixed_values (facet) || (*value == '\0' && facet != QK_FACET_STUCK))
    return TRUE;
  return get_fixed_value (facet, get_rank (facet, value, &label), &label) != NULL;
}

/**
 * qk_facet_describe_values:
 * @facet: a facet
 *
 * Returns: (transfer full) (nullable): the values that there are, with commas between them; %NULL
 *   where any text is one
 */
char *
qk_facet_describe_values (QkFacet facet)
{
  GString *text;
  const char *value, *label;

  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);

  if (facet != QK_FACET_STATUS && !has_fixed_values (facet))
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; facet == QK_FACET_STATUS && i < QK_N_STATUSES; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", qk_status_get_name ((QkStatus) i));
  for (gsize i = 0; (value = get_fixed_value (facet, i, &label)) != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", value);
  return g_string_free (text, FALSE);
}

/**
 * qk_facet_is_timed:
 * @facet: a facet
 *
 * Returns: whether its values change with the time alone
 */
gboolean
qk_facet_is_timed (QkFacet facet)
{
  return has_fixed_values (facet);
}

/**
 * qk_facet_get_label:
 * @facet: a facet
 *
 * Returns: its name for people
 */
const char *
qk_facet_get_label (QkFacet facet)
{
  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);

  return _ (labels[facet]);
}

/**
 * qk_facet_dup_value_label:
 * @facet: a facet
 * @value: a value of it
 *
 * Returns: (transfer full): the value for people, safe to be shown in one line
 */
char *
qk_facet_dup_value_label (QkFacet facet, const char *value)
{
  const char *label;
  QkStatus status;

  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  if (*value == '\0')
    return g_strdup (C_ ("value of a filter", "none"));
  if (facet == QK_FACET_STATUS && qk_status_parse (value, &status))
    return g_strdup (qk_status_get_label (status));
  if (get_fixed_value (facet, get_rank (facet, value, &label), &label) != NULL)
    return g_strdup (label);
  return qk_text_reveal_line (value);
}

/**
 * qk_age_get_number:
 * @created: when an entry was created, in wall microseconds
 * @now: the present, in wall microseconds
 *
 * Returns: the number of the span of time in which its age lies, less than %QK_N_AGES; %QK_N_AGES
 *   where it has no time
 */
guint
qk_age_get_number (gint64 created, gint64 now)
{
  guint i = 0;

  if (created == QK_WALL_NONE)
    return QK_N_AGES;
  while (i + 1 < QK_N_AGES && now - created >= ages[i].limit)
    i++;
  return i;
}

/**
 * qk_age_get_nth_value:
 * @number: the number of a span of time, or %QK_N_AGES
 *
 * Returns: its value of %QK_FACET_AGE; "" for %QK_N_AGES
 */
const char *
qk_age_get_nth_value (guint number)
{
  g_return_val_if_fail (number <= QK_N_AGES, NULL);

  return number < QK_N_AGES ? ages[number].value : "";
}

/**
 * qk_age_get_value:
 * @created: when an entry was created, in wall microseconds, or %QK_WALL_NONE
 * @now: the present, in wall microseconds
 *
 * Returns: its value of %QK_FACET_AGE; "" where it has no time
 */
const char *
qk_age_get_value (gint64 created, gint64 now)
{
  return qk_age_get_nth_value (qk_age_get_number (created, now));
}

static gint64
get_day (gint64 wall)
{
  return wall / G_TIME_SPAN_DAY - (wall % G_TIME_SPAN_DAY < 0);
}

static const char *
get_update_value (gint64 updated, gint64 now)
{
  gsize i = 0;

  if (updated == QK_WALL_NONE)
    return "";
  while (i + 1 < G_N_ELEMENTS (updates) && get_day (now) - get_day (updated) > updates[i].days)
    i++;
  return updates[i].value;
}

static void
visit_delays (const QkEntry *entry, gint64 now, QkFacetFunc func, gpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (delays); i++)
    if (!qk_entry_is_stuck (entry, now, delays[i].after_s) || !func (delays[i].value, data))
      return;
}

/**
 * qk_facet_has_aged:
 * @facet: a facet
 * @entry: an entry
 * @then: when it was looked at, in wall microseconds
 * @now: the present, in wall microseconds
 *
 * Returns: whether @entry has another value than then only because of the time
 */
gboolean
qk_facet_has_aged (QkFacet facet, const QkEntry *entry, gint64 then, gint64 now)
{
  gint64 created = qk_entry_get_created (entry), updated = qk_entry_get_updated (entry);

  if (facet == QK_FACET_AGE)
    return qk_age_get_value (created, then) != qk_age_get_value (created, now);
  if (facet == QK_FACET_UPDATED)
    return get_update_value (updated, then) != get_update_value (updated, now);
  for (gsize i = 0; facet == QK_FACET_STUCK && i < G_N_ELEMENTS (delays); i++)
    if (qk_entry_is_stuck (entry, then, delays[i].after_s) !=
        qk_entry_is_stuck (entry, now, delays[i].after_s))
      return TRUE;
  return FALSE;
}

static void
visit_field (const QkEntry *entry, QkField field, QkFacetFunc func, gpointer data)
{
  g_autofree char *value = qk_entry_dup_field (entry, field);

  (void) func (value != NULL ? value : "", data);
}

/* A tag that stands there twice counts once. */
static void
visit_tags (const QkEntry *entry, QkFacetFunc func, gpointer data)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  gsize length;
  const char *p = qk_entry_get_field_json (entry, QK_FIELD_TAGS, &length);

  if (p == NULL || *p != '[')
    return;
  for (p = qk_json_skip_space (p + 1); *p != ']';)
    {
      const char *end = qk_json_skip_value (p);
      char *tag = qk_json_decode (p, (gsize) (end - p), NULL);

      if (g_ptr_array_find_with_equal_func (seen, tag, g_str_equal, NULL))
        g_free (tag);
      else
        {
          g_ptr_array_add (seen, tag);
          if (!func (tag, data))
            return;
        }
      p = qk_json_skip_space (end);
      if (*p == ',')
        p = qk_json_skip_space (p + 1);
    }
}

/**
 * qk_facet_dup_error:
 * @entry: an entry
 *
 * Returns: (transfer full) (nullable): its value of %QK_FACET_ERROR; %NULL where it has none
 */
char *
qk_facet_dup_error (const QkEntry *entry)
{
  g_autofree char *error = qk_entry_dup_field (entry, QK_FIELD_LAST_ERROR);
  g_autofree char *value = error != NULL ? qk_error_dup_class (error) : NULL;

  return value != NULL && *value != '\0' ? g_steal_pointer (&value) : NULL;
}

static void
visit_error (const QkEntry *entry, QkFacetFunc func, gpointer data)
{
  g_autofree char *value = qk_facet_dup_error (entry);

  if (value != NULL)
    (void) func (value, data);
}

static void
visit_priority (const QkEntry *entry, QkFacetFunc func, gpointer data)
{
  char value[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (value, sizeof value, "%.1f", qk_entry_get_priority (entry));
  (void) func (value, data);
}

/**
 * qk_facet_foreach:
 * @facet: a facet
 * @entry: an entry
 * @now: the present, in wall microseconds
 * @func: (scope call): what to call
 * @data: for @func
 *
 * Calls @func with each value that @entry has, until that returns %FALSE.
 */
void
qk_facet_foreach (QkFacet facet, const QkEntry *entry, gint64 now, QkFacetFunc func, gpointer data)
{
  switch (facet)
    {
    case QK_FACET_STATUS:
      (void) func (qk_status_get_name (qk_entry_get_status (entry)), data);
      break;
    case QK_FACET_RECIPIENT:
      visit_field (entry, QK_FIELD_RECIPIENT, func, data);
      break;
    case QK_FACET_SENDER:
      visit_field (entry, QK_FIELD_SENDER, func, data);
      break;
    case QK_FACET_TYPE:
      visit_field (entry, QK_FIELD_MESSAGE_TYPE, func, data);
      break;
    case QK_FACET_TAG:
      visit_tags (entry, func, data);
      break;
    case QK_FACET_PRIORITY:
      visit_priority (entry, func, data);
      break;
    case QK_FACET_AGE:
      (void) func (qk_age_get_value (qk_entry_get_created (entry), now), data);
      break;
    case QK_FACET_UPDATED:
      (void) func (get_update_value (qk_entry_get_updated (entry), now), data);
      break;
    case QK_FACET_STUCK:
      visit_delays (entry, now, func, data);
      break;
    case QK_FACET_ERROR:
      visit_error (entry, func, data);
      break;
    default:
      g_return_if_reached ();
    }
}

static void
count_free (gpointer data)
{
  QkFacetCount *count = data;

  g_free (count->value);
  g_free (count);
}

static gboolean
count_value (const char *value, gpointer data)
{
  GHashTable *by_value = data;
  QkFacetCount *count = g_hash_table_lookup (by_value, value);

  if (count == NULL)
    {
      count = g_new0 (QkFacetCount, 1);
      count->value = g_strdup (value);
      g_hash_table_insert (by_value, count->value, count);
    }
  count->n_entries++;
  return TRUE;
}

static int
compare_rank (gconstpointer a, gconstpointer b, gpointer data)
{
  const QkFacetCount *const *x = a, *const *y = b;
  const QkFacet *facet = data;
  const char *label;
  gsize rank_x = get_rank (*facet, (*x)->value, &label);
  gsize rank_y = get_rank (*facet, (*y)->value, &label);

  return (rank_x > rank_y) - (rank_x < rank_y);
}

static int
compare_count (gconstpointer a, gconstpointer b)
{
  const QkFacetCount *const *x = a, *const *y = b;

  if ((*x)->n_entries != (*y)->n_entries)
    return (*x)->n_entries < (*y)->n_entries ? 1 : -1;
  return qk_agent_compare ((*x)->value, (*y)->value);
}

/**
 * qk_facet_count:
 * @facet: a facet
 * @document: a version of the queue
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full) (element-type QkFacetCount): the values that occur: those of time from
 *   the latest or shortest on, others from the most frequent on
 */
GPtrArray *
qk_facet_count (QkFacet facet, QkDocument *document, gint64 now)
{
  g_autoptr (GHashTable) by_value = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *counts = g_ptr_array_new_with_free_func (count_free);
  guint n = qk_document_get_n_entries (document);
  GHashTableIter iter;
  gpointer count;

  for (guint i = 0; i < n; i++)
    qk_facet_foreach (facet, qk_document_get_entry (document, i), now, count_value, by_value);
  g_hash_table_iter_init (&iter, by_value);
  while (g_hash_table_iter_next (&iter, NULL, &count))
    g_ptr_array_add (counts, count);
  if (has_fixed_values (facet))
    g_ptr_array_sort_with_data (counts, compare_rank, &facet);
  else
    g_ptr_array_sort (counts, compare_count);
  return counts;
}
