#pragma once

#include "qk-salvage.h"
#include "qk-writer.h"

G_BEGIN_DECLS

/* The rescue of a damaged queue: gathers what there is, and puts the result in its place.
 *
 * Sources are the file, `<file>.tmp` (what a writer that was ended left behind), and the newest of
 * what is called `…_corrupted.json` or `queue_backup_….json` in `backups`; none but the file is
 * read through a symbolic link. A program that watched the queue adds the last good version that it
 * saw: what a writer truncates is nowhere else.
 *
 * Applying, under the lock of the sidecar:
 *  1. The file must still be the version that was read.
 *  2. That version is written to `backups/queue_YYYYmmdd_HHMMSS_corrupted.json`, durably, and never
 *     over another file: a number is added where there is one.
 *  3. The result is written to a temporary file and swapped with the queue.
 *  4. What came out is looked at: if it is not the version that was read, it goes back.
 *
 * Blocks: belongs in a worker thread. The result is put together by qk_rescue_new(): while another
 * thread applies or writes it, the salvage may be looked at.
 */

typedef struct _QkRescue QkRescue;

/**
 * QkRescueOutcome:
 * @backup: (nullable): where the damaged version was kept
 * @durable: the system says that the new version is on the disk
 */
typedef struct {
  char *backup; /* owned */
  gboolean durable;
} QkRescueOutcome;

QkRescue *qk_rescue_new (const QkPlatform *platform,
                         const char *path,
                         GBytes *seen,
                         gboolean from_backups,
                         GCancellable *cancellable,
                         GError **error);
void qk_rescue_free (QkRescue *self);

QkSalvage *qk_rescue_get_salvage (QkRescue *self);
gboolean qk_rescue_is_present (QkRescue *self);
const QkFileStamp *qk_rescue_get_stamp (QkRescue *self);
const char *qk_rescue_get_problem (QkRescue *self);
QkRescueOutcome *qk_rescue_apply (QkRescue *self,
                                  const QkRetryPolicy *policy,
                                  QkWriterFunc on_event,
                                  gpointer user_data,
                                  GCancellable *cancellable,
                                  GError **error);
gboolean qk_rescue_write_to (QkRescue *self, const char *path, GError **error);
void qk_rescue_outcome_free (QkRescueOutcome *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkRescue, qk_rescue_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkRescueOutcome, qk_rescue_outcome_free)

G_END_DECLS
