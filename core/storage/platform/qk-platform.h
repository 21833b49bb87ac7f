#pragma once

#include "qk-lock-event.h"
#include "qk-plan.h"

G_BEGIN_DECLS

/* The few things that GLib cannot do, or not safely: the seam between the writer and the system.
 *
 * POSIX and Windows fill in the same table; tests fill in their own. Every call gives 0 or the
 * system's own error number (errno, GetLastError()), because the retry rule and the counters are
 * about these. No call blocks on another process.
 *
 * Files are opened so that others may read, write, rename and delete them meanwhile. On POSIX that
 * is so anyway; on Windows it takes FILE_SHARE_READ | WRITE | DELETE, which GLib does not ask for.
 */

/**
 * QK_PLATFORM_NO_HANDLE:
 *
 * No open file.
 */
#define QK_PLATFORM_NO_HANDLE ((QkHandle) -1)

typedef gintptr QkHandle;

/**
 * QkFileStamp:
 * @volume: the device
 * @file: the file on it (the inode number)
 * @size: in bytes
 * @modified: in nanoseconds since the Unix epoch
 * @is_regular: a file, not a folder or a device
 *
 * Tells versions of a file apart.
 */
typedef struct {
  guint64 volume;
  guint64 file;
  guint64 size;
  gint64 modified;
  gboolean is_regular;
} QkFileStamp;

/**
 * QkPlatform:
 * @stat_path: looks at what a path leads to
 * @stat_handle: looks at an open file
 * @open_read: opens a file for reading
 * @read: reads up to @size bytes at @offset; 0 bytes at the end
 * @close: closes a handle
 * @create_temp: creates a file of an unpredictable name in the folder of @path, with the owner, the
 *   mode and the other attributes of @like; follows no symbolic link. The name tells that it is to
 *   replace the version @replaced: see #QkTempName
 * @write: writes all segments
 * @sync: makes the contents of a file durable
 * @flush: sees to it that the contents are never found half written, without waiting until they
 *   are durable; may be refused
 * @sync_folder: makes the names in the folder of @path durable
 * @swap: puts @temp in the place of @path in one step. Where the system can, what stood there is
 *   then found under @temp and @exchanged is set; else it is gone
 * @lease: refuses with #qk_platform_is_lock_held() where anybody has the file, of which @handle is
 *   an open one, open for writing; else whoever opens it for writing waits until @unlease. Other
 *   refusals mean that the system cannot tell
 * @unlease: ends that
 * @claim: marks an open file as in use by this process, until it is closed; refuses with
 *   #qk_platform_is_lock_held() where another handle has
 * @remove: removes a name
 * @lock: takes the exclusive lock on a sidecar file, which is created where it is missing
 * @unlock: gives it back; the sidecar stays
 */
typedef struct {
  int (*stat_path) (const char *path, QkFileStamp *stamp);
  int (*stat_handle) (QkHandle handle, QkFileStamp *stamp);
  int (*open_read) (const char *path, QkHandle *handle);
  int (*read) (QkHandle handle, char *buffer, gsize size, guint64 offset, gsize *n_read);
  void (*close) (QkHandle handle);
  int (*create_temp) (const char *path,
                      QkHandle like,
                      const QkFileStamp *replaced,
                      QkHandle *handle,
                      char **temp);
  int (*write) (QkHandle handle, const QkSegment *segments, guint n_segments);
  int (*sync) (QkHandle handle);
  int (*flush) (QkHandle handle);
  int (*sync_folder) (const char *path);
  int (*swap) (const char *temp, const char *path, gboolean *exchanged);
  int (*lease) (QkHandle handle);
  void (*unlease) (QkHandle handle);
  int (*claim) (QkHandle handle);
  int (*remove) (const char *path);
  int (*lock) (const char *path, QkHandle *lock);
  void (*unlock) (QkHandle lock);
} QkPlatform;

const QkPlatform *qk_platform_get_native (void);
QkHandle qk_platform_watch_open (const char *folder);
gboolean qk_platform_watch_read (QkHandle watch, const char *name);
void qk_platform_watch_close (QkHandle watch);
guint64 qk_platform_get_user (void);
char *qk_platform_resolve (const char *path);
char *qk_platform_dup_random (void);
gboolean qk_platform_is_plain (const char *path, const QkFileStamp *stamp);
gboolean qk_platform_is_single (const char *path);
char *qk_platform_dup_other_owner (QkHandle handle, int code);
gboolean qk_platform_is_obstructed (int code);
gboolean qk_platform_is_absent (int code);
gboolean qk_platform_is_lock_held (int code);
gboolean qk_platform_is_contention (int code, QkLockKind *kind);
gboolean qk_platform_is_denied (int code);
const char *qk_platform_get_code_name (int code);
char *qk_platform_describe_code (int code);

G_END_DECLS
