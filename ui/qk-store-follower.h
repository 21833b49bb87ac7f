#pragma once

#include "qk-store.h"

G_BEGIN_DECLS

/* Follows what can be found out of a store's queue, beside the main loop and as long as somebody looks
 * at it: one worker at a time, and what changes in the meantime is looked at by the next.
 *
 * What it finds belongs to it. Signal: "found", after qk_store_follower_get_found() has become another
 * one; what it was before lives until all handlers have returned. */

#define QK_TYPE_STORE_FOLLOWER (qk_store_follower_get_type ())
G_DECLARE_FINAL_TYPE (QkStoreFollower, qk_store_follower, QK, STORE_FOLLOWER, GObject)

/**
 * QkStoreFollowerFind:
 * @document: a version of the queue
 * @agents: whom the swarm consists of
 *
 * Is called in a worker.
 *
 * Returns: (transfer full): what was found out
 */
typedef gpointer (*QkStoreFollowerFind) (QkDocument *document, const char *const *agents);

QkStoreFollower *qk_store_follower_new (QkStoreFollowerFind find,
                                        GDestroyNotify free_found,
                                        guint every_s);
void qk_store_follower_set_store (QkStoreFollower *self, QkStore *store);
void qk_store_follower_set_watched (QkStoreFollower *self, gboolean watched);
gpointer qk_store_follower_get_found (QkStoreFollower *self);

G_END_DECLS
