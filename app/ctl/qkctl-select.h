#pragma once

#include "qk-document.h"
#include "qk-query.h"
#include "qk-result.h"
#include "qk-search.h"
#include "qkctl-command.h"

G_BEGIN_DECLS

/* Which entries a command is about: by id, or by what they are. */

/**
 * QkctlFilter:
 * @agents: (nullable) (array zero-terminated=1): recipients, any of them
 * @statuses: a bit for each status, any of them; 0 for all
 * @search: (nullable): words, each somewhere in it
 * @errors: (nullable): classes of errors, any of them
 * @query: (nullable): what it must match
 * @created_before: in wall microseconds, or %QK_WALL_NONE
 * @stuck_after_s: only what is stuck for so long; %G_MAXUINT for all
 * @hazard: only what the swarm trips over
 *
 * What an entry must be. All conditions hold together.
 */
typedef struct {
  char **agents; /* not owned */
  guint statuses;
  QkSearch *search; /* owned */
  QkFilter *errors; /* owned */
  QkQuery *query;   /* owned */
  gint64 created_before;
  guint stuck_after_s;
  gboolean hazard;
} QkctlFilter;

void qkctl_filter_init (QkctlFilter *self);
void qkctl_filter_clear (QkctlFilter *self);
gboolean qkctl_filter_set_agents (QkctlFilter *self, char **agents);
gboolean qkctl_filter_set_statuses (QkctlFilter *self, char **names);
gboolean qkctl_filter_set_search (QkctlFilter *self, const char *text);
gboolean qkctl_filter_set_errors (QkctlFilter *self, char **errors);
gboolean qkctl_filter_set_query (QkctlFilter *self, const char *text);
gboolean qkctl_filter_matches (const QkctlFilter *self, const QkEntry *entry, gint64 now);

GPtrArray *qkctl_select_matching (QkDocument *document, const QkctlFilter *filter, guint limit);
GPtrArray *qkctl_select_ids (QkDocument *document, char **ids, QkResult *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QkctlFilter, qkctl_filter_clear)

G_END_DECLS
