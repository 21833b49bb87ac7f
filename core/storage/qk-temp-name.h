#pragma once

#include "platform/qk-platform.h"

G_BEGIN_DECLS

/* The names of the files that a save makes beside the queue. They tell, after a crash, what is in
 * them:
 *
 *  - `.queue.json.RANDOM.new`: a file that was just created and was never swapped.
 *  - `.queue.json.OWN-FILE-SIZE-TIME-USER-RANDOM.tmp`: a new version. OWN is its own number; FILE,
 *    SIZE and TIME are the stamp of the version that it was to replace; USER is who made it; all in
 *    hexadecimal. While its number is OWN it was never swapped. If it has the stamp, it is the
 *    version that was replaced. Else it is a version of another writer that came out of the swap.
 */

/**
 * QkTempName:
 * @own: the number of the file that was made under this name
 * @file: the number of the file that it was to replace
 * @size: its size, in bytes
 * @modified: its time, in nanoseconds since the Unix epoch
 * @user: who made it, as in qk_platform_get_user()
 *
 * What a name tells.
 */
typedef struct {
  guint64 own;
  guint64 file;
  guint64 size;
  gint64 modified;
  guint64 user;
} QkTempName;

char *qk_temp_name_format_new (const char *path, const char *random);
char *qk_temp_name_format (const char *path,
                           guint64 own,
                           const QkFileStamp *replaced,
                           const char *random);
gboolean qk_temp_name_is_new (const char *path, const char *name);
gboolean qk_temp_name_parse (const char *path, const char *name, QkTempName *parsed);
gboolean qk_temp_discard (const QkPlatform *platform, const char *temp);

G_END_DECLS
