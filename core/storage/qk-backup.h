#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Damaged versions of the queue, kept where the swarm keeps its own:
 * `backups/queue_YYYYmmdd_HHMMSS_corrupted.json`. A backup never takes the place of another file: a
 * number is added where there is one.
 */

/**
 * QK_BACKUP_MAX_TRIES:
 *
 * How many numbers are tried.
 */
#define QK_BACKUP_MAX_TRIES 100

char *qk_backup_make_path (const char *queue, guint number);
char *qk_backup_move (const char *path, const char *queue);

G_END_DECLS
