#pragma once

#include "qk-document.h"

G_BEGIN_DECLS

/* By what messages can be told apart: for each facet an entry has values, mostly one, and these
 * can be counted and chosen. */

/**
 * QkFacet:
 * @QK_FACET_STATUS: values are the names of qk_status_get_name()
 * @QK_FACET_RECIPIENT: as it stands in the queue; "" where there is none
 * @QK_FACET_SENDER: as it stands in the queue; "" where there is none
 * @QK_FACET_TYPE: `message_type` as it stands in the queue; "" where there is none
 * @QK_FACET_TAG: as it stands in the queue; an entry has any number of them
 * @QK_FACET_PRIORITY: the score with one decimal, as the list shows it
 * @QK_FACET_AGE: the span of time in which the entry's age lies
 * @QK_FACET_UPDATED: the day on which the entry was last changed
 * @QK_FACET_STUCK: for how long it is stuck at least; an entry has each of them that it is beyond
 * @QK_FACET_ERROR: the class of the last error; an entry without one has no value
 */
typedef enum {
  QK_FACET_STATUS,
  QK_FACET_RECIPIENT,
  QK_FACET_SENDER,
  QK_FACET_TYPE,
  QK_FACET_TAG,
  QK_FACET_PRIORITY,
  QK_FACET_AGE,
  QK_FACET_UPDATED,
  QK_FACET_STUCK,
  QK_FACET_ERROR,
} QkFacet;
#define QK_N_FACETS (QK_FACET_ERROR + 1)

/**
 * QK_N_AGES:
 *
 * How many spans of time are told apart by %QK_FACET_AGE, the youngest first.
 */
#define QK_N_AGES 6

/**
 * QkFacetCount:
 * @value: a value that occurs
 * @n_entries: in how many entries
 */
typedef struct {
  char *value;
  guint n_entries;
} QkFacetCount;

/**
 * QkFacetFunc:
 * @value: a value of the entry
 * @data: the caller's
 *
 * Returns: whether to go on
 */
typedef gboolean (*QkFacetFunc) (const char *value, gpointer data);

const char *qk_facet_get_name (QkFacet facet);
gboolean qk_facet_parse (const char *name, QkFacet *facet);
gboolean qk_facet_accepts (QkFacet facet, const char *value);
char *qk_facet_describe_values (QkFacet facet);
gboolean qk_facet_is_timed (QkFacet facet);
gboolean qk_facet_has_aged (QkFacet facet, const QkEntry *entry, gint64 then, gint64 now);
const char *qk_facet_get_label (QkFacet facet);
char *qk_facet_dup_value_label (QkFacet facet, const char *value);
void qk_facet_foreach (QkFacet facet,
                       const QkEntry *entry,
                       gint64 now,
                       QkFacetFunc func,
                       gpointer data);
GPtrArray *qk_facet_count (QkFacet facet, QkDocument *document, gint64 now);
guint qk_age_get_number (gint64 created, gint64 now);
const char *qk_age_get_nth_value (guint number);
const char *qk_age_get_value (gint64 created, gint64 now);
char *qk_facet_dup_error (const QkEntry *entry);
char *qk_error_dup_class (const char *error);

G_END_DECLS
