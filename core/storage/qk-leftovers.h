#pragma once

#include "qk-document.h"
#include "qk-journal.h"
#include "qk-snapshot.h"

G_BEGIN_DECLS

/* What a save that was cut off (a crash, a kill, a power failure) has left beside the queue.
 *
 * The name of each file tells what it is: see #QkTempName. A new version that was never swapped, and
 * the version that one of ours was meant to replace, are of no more use and are removed. Any other is
 * a version of another writer that came out of a swap and was not merged yet: what it has and the
 * queue lacks is put there, but for what the operator has purged, which only the journal knows. Of a
 * torn one the whole entries are used, and its file is kept among the backups.
 *
 * Files of other users are theirs to clean up, and those that a process has in use are left alone.
 * All but qk_leftovers_exist() with the lock on the sidecar held.
 */

typedef struct _QkLeftovers QkLeftovers;

gboolean qk_leftovers_exist (const char *path);
QkLeftovers *qk_leftovers_find (const QkPlatform *platform, const char *path);
void qk_leftovers_free (QkLeftovers *self);
GPtrArray *qk_leftovers_merge (QkLeftovers *self,
                               QkDocument *document,
                               QkJournal *journal,
                               const char *queue);
void qk_leftovers_remove (QkLeftovers *self);
char *qk_leftovers_describe (const QkLeftovers *self, guint n_recovered);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkLeftovers, qk_leftovers_free)

G_END_DECLS
