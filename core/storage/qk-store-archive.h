#pragma once

#include "qk-store.h"

G_BEGIN_DECLS

/* Archives delivered messages: they are written to a file first, and taken out of the queue only when
 * that is durable. Only what is in the file to the byte is taken out; what changed meanwhile stays.
 * Works on any store; taking out is a purge like any other, and can be undone.
 */

/**
 * QkArchived:
 * @path: (type filename): the archive
 * @result: what became of the messages in it: those that were taken out of the queue, and those that
 *   were left
 *
 * What was archived.
 */
typedef struct {
  char *path;       /* owned */
  QkResult *result; /* owned */
} QkArchived;

GPtrArray *qk_archive_select (QkDocument *document, gint64 created_before);

void qk_store_archive_async (QkStore *self,
                             GPtrArray *entries,
                             const char *path,
                             const QkRetryPolicy *policy,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
QkArchived *qk_store_archive_finish (QkStore *self, GAsyncResult *result, GError **error);
void qk_archived_free (QkArchived *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkArchived, qk_archived_free)

G_END_DECLS
