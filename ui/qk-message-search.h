#pragma once

#include "qk-message-index.h"

G_BEGIN_DECLS

/* One run of the list's filter over some entries, in a thread of its own: the bytes of a large queue
 * take longer than a frame to look at.
 *
 * It looks at the version of the queue that it was started with. While it runs, the list may go on
 * to newer versions: the search follows, so that what it finds of entries that did not change is
 * still of use. A search that is dropped is never heard of again.
 */

typedef struct _QkMessageSearch QkMessageSearch;

/**
 * QkMessageSearchFunc:
 * @data: the caller's
 *
 * Called in the main loop when the search is done.
 */
typedef void (*QkMessageSearchFunc) (gpointer data);

QkMessageSearch *qk_message_search_new (QkMessageIndex *index,
                                        GArray *items,
                                        gint64 now,
                                        QkMessageSearchFunc func,
                                        gpointer data);
void qk_message_search_drop (QkMessageSearch *self);
void qk_message_search_follow (QkMessageSearch *self, const QkMessageIndex *index);
void qk_message_search_apply (QkMessageSearch *self, QkMessageIndex *index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkMessageSearch, qk_message_search_drop)

G_END_DECLS
