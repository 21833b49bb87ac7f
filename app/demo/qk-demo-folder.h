#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The temporary folder in which the demo swarm runs. It is laid out like a real swarm's, and gone
 * with everything in it once it is freed.
 */

typedef struct _QkDemoFolder QkDemoFolder;

QkDemoFolder *qk_demo_folder_new (guint n_entries, guint32 seed, GError **error);
const char *qk_demo_folder_get_queue (QkDemoFolder *self);
void qk_demo_folder_free (QkDemoFolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkDemoFolder, qk_demo_folder_free)

G_END_DECLS
