#pragma once

#include "qk-filter.h"

G_BEGIN_DECLS

/* All that narrows a list of messages, as a value: a recipient, one group, whether delivered ones are
 * left out, and a filter. It has a text form that people can write and that fits in one line, so it can be
 * kept, and given on a command line:
 *
 *   is:failed agent:Agent-7 hide:delivered error:"timeout after # s" updated:today two words
 *
 * A query never changes, so any thread may use it.
 */

/**
 * QkFocus:
 *
 * The one group of messages that the operator looks at. @QK_FOCUS_HAZARD: what the swarm trips over,
 * delivered or not.
 */
typedef enum {
  QK_FOCUS_ALL,
  QK_FOCUS_PENDING,
  QK_FOCUS_PROCESSING,
  QK_FOCUS_FAILED,
  QK_FOCUS_STUCK,
  QK_FOCUS_HAZARD,
} QkFocus;
#define QK_N_FOCUSES (QK_FOCUS_HAZARD + 1)

#define QK_QUERY_ERROR (qk_query_error_quark ())

/**
 * QkQueryError:
 * @QK_QUERY_ERROR_KEY: there is nothing of that name to filter by
 * @QK_QUERY_ERROR_VALUE: it cannot have that value
 * @QK_QUERY_ERROR_TWICE: it can be given once only
 * @QK_QUERY_ERROR_QUOTE: a quotation does not end, or an escape says nothing
 */
typedef enum {
  QK_QUERY_ERROR_KEY,
  QK_QUERY_ERROR_VALUE,
  QK_QUERY_ERROR_TWICE,
  QK_QUERY_ERROR_QUOTE,
} QkQueryError;

typedef struct _QkQuery QkQuery;

QkQuery *qk_query_new (const char *agent, QkFocus focus, gboolean hide_delivered, QkFilter *filter);
QkQuery *qk_query_parse (const char *text, GError **error);
QkQuery *qk_query_ref (QkQuery *self);
void qk_query_unref (QkQuery *self);
QkQuery *qk_query_with_error (QkQuery *self, const char *error_class);
const char *qk_query_get_agent (const QkQuery *self);
QkFocus qk_query_get_focus (const QkQuery *self);
gboolean qk_query_get_hide_delivered (const QkQuery *self);
QkFilter *qk_query_get_filter (const QkQuery *self);
char *qk_query_to_text (const QkQuery *self);
gboolean qk_query_is_timed (const QkQuery *self);
gboolean qk_query_matches (const QkQuery *self, const QkEntry *entry, gint64 now);
guint qk_query_count (const QkQuery *self, QkDocument *document, gint64 now);
GArray *qk_query_find (const QkQuery *self, QkDocument *document, gint64 now);
GQuark qk_query_error_quark (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkQuery, qk_query_unref)

G_END_DECLS
