#pragma once

#include "qk-message-index.h"

G_BEGIN_DECLS

/* One run that puts all entries of a version in order, in a thread of its own: to compare a hundred
 * thousand of them takes longer than a frame.
 *
 * It works on what was known when it was started. While it runs, the list may go on to newer versions:
 * the run follows, so that its result is of use for all entries that did not change since. A run that
 * is dropped is never heard of again.
 */

typedef struct _QkMessageSort QkMessageSort;

/**
 * QkMessageSortFunc:
 * @data: the caller's
 *
 * Called in the main loop when the run is done.
 */
typedef void (*QkMessageSortFunc) (gpointer data);

QkMessageSort *qk_message_sort_new (QkMessageIndex *index, QkMessageSortFunc func, gpointer data);
void qk_message_sort_drop (QkMessageSort *self);
void qk_message_sort_follow (QkMessageSort *self, const QkMessageIndex *index);
void qk_message_sort_apply (QkMessageSort *self, QkMessageIndex *index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkMessageSort, qk_message_sort_drop)

G_END_DECLS
