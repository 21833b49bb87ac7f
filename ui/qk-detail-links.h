#pragma once

#include "qk-document.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The broadcast that a message is part of. Found beside the main loop, as every entry is looked at. */

/**
 * QkDetailLinks:
 * @broadcast: (nullable): the id of the first message of its broadcast; %NULL where it is in none
 * @n_reached: how many agents have that
 * @n_expected: how many it is for
 */
typedef struct {
  char *broadcast; /* owned */
  guint n_reached;
  guint n_expected;
} QkDetailLinks;

void qk_detail_links_find_async (QkDocument *document,
                                 const QkEntry *entry,
                                 const char *const *agents,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
QkDetailLinks *qk_detail_links_find_finish (GAsyncResult *result, GError **error);
void qk_detail_links_free (QkDetailLinks *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkDetailLinks, qk_detail_links_free)

G_END_DECLS
