#pragma once

#include "qk-query.h"

G_BEGIN_DECLS

/* The errors of messages by their class: what failed in the same way. */

/**
 * QkErrorGroup:
 * @error_class: the class, see qk_error_dup_class()
 * @n_entries: how many messages have it
 * @n_agents: for how many recipients these are
 * @oldest: when the oldest of them was created, in wall microseconds, or %QK_WALL_NONE
 */
typedef struct {
  char *error_class;
  guint n_entries;
  guint n_agents;
  gint64 oldest;
} QkErrorGroup;

GPtrArray *qk_error_groups_find (QkDocument *document, const QkQuery *query, gint64 now);

G_END_DECLS
