#pragma once

#include "qk-platform.h"

G_BEGIN_DECLS

/* Which processes hold a file: what the system tells about it, behind a table that tests fill in
 * themselves. Every call gives 0 or the system's own error number, and none waits for another process.
 */

/**
 * QkHolderUse:
 * @pid: a process; -1 where the system does not say which
 * @how: in which way it holds the file
 */
typedef struct {
  gint64 pid;
  QkHolderHow how;
} QkHolderUse;

/**
 * QkHolders:
 * @find_locks: adds who has a lock on a file
 * @find_open: adds who has it open, this process aside, until one of the kind @enough was met or
 *   @deadline, in microseconds of the monotonic clock, is over; counts in @n_unseen the processes that
 *   it could not look into or did not come to
 * @describe: fills in a process; an error that qk_platform_is_absent() where it has ended
 */
typedef struct {
  int (*find_locks) (const QkFileStamp *file, GArray *uses);
  int (*find_open) (const QkFileStamp *file,
                    QkHolderHow enough,
                    gint64 deadline,
                    GArray *uses,
                    guint *n_unseen);
  int (*describe) (gint64 pid, QkHolder *holder);
} QkHolders;

const QkHolders *qk_holders_get_native (void);

G_END_DECLS
