#pragma once

#include "qk-change.h"
#include "qk-document.h"

G_BEGIN_DECLS

/* What one version of the queue has that another lacks, as changes that put it there.
 *
 * For versions that cannot take the place of the queue themselves: one that was left behind by a
 * crash, or of which only pieces can be read. What they lack was not necessarily taken out, so
 * nothing is.
 */

/**
 * QkMergeFunc:
 * @id: a message that is not in the queue
 * @user_data: the caller's
 *
 * Returns: whether it was taken out on purpose, and stays out
 */
typedef gboolean (*QkMergeFunc) (const char *id, gpointer user_data);

QkDocument *qk_merge_read_pieces (GBytes *bytes);
GPtrArray *qk_merge_find (QkDocument *base,
                          QkDocument *other,
                          QkMergeFunc was_purged,
                          gpointer user_data);

G_END_DECLS
