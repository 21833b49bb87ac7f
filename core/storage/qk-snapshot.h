#pragma once

#include "platform/qk-platform.h"

G_BEGIN_DECLS

/* A file read whole, with every sharing right granted to others.
 *
 * It is never mapped, since others truncate it. The handle can be kept: as long as it is open, the
 * number of the file is not given to another, so that stamps tell versions apart for sure.
 */

/**
 * QkSnapshot:
 * @handle: the open file, or %QK_PLATFORM_NO_HANDLE
 * @stamp: of the version that was read
 * @bytes: (nullable): its contents
 */
typedef struct {
  QkHandle handle;
  QkFileStamp stamp;
  GBytes *bytes;
} QkSnapshot;

/* What stands beside the system's own error numbers, which are positive. */
#define QK_SNAPSHOT_NOT_REGULAR (-1)
#define QK_SNAPSHOT_TOO_LARGE   (-2)
#define QK_SNAPSHOT_NO_MEMORY   (-3)

#define QK_SNAPSHOT_INIT ((QkSnapshot){.handle = QK_PLATFORM_NO_HANDLE})

int qk_snapshot_read (QkSnapshot *self,
                      const QkPlatform *platform,
                      const char *path,
                      guint64 limit);
int qk_snapshot_refresh (QkSnapshot *self, const QkPlatform *platform, gboolean *changed);
void qk_snapshot_clear (QkSnapshot *self, const QkPlatform *platform);
gboolean qk_snapshot_is_at (const QkSnapshot *self, const QkPlatform *platform, const char *path);
gboolean qk_stamp_equal (const QkFileStamp *a, const QkFileStamp *b);
gboolean qk_stamp_is_young (const QkFileStamp *stamp);

G_END_DECLS
