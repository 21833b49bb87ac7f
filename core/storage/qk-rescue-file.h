#pragma once

#include "platform/qk-platform.h"

G_BEGIN_DECLS

/* Files that a rescue creates under a name of its own choice, in folders that others may write to.
 * What QkPlatform has is a temporary file of an unpredictable name; here the name is given, so that
 * creating it must fail where anything stands. */

/**
 * QkRescueFolder:
 * @QK_RESCUE_FOLDER_ANY: where the operator said; symbolic links are followed
 * @QK_RESCUE_FOLDER_OWN: made where it is missing, for its owner only; never a symbolic link
 */
typedef enum {
  QK_RESCUE_FOLDER_ANY,
  QK_RESCUE_FOLDER_OWN,
} QkRescueFolder;

int qk_rescue_file_create (const char *path, QkRescueFolder kind, QkHandle like, QkHandle *handle);
int qk_rescue_file_move (const char *path, const char *target);
int qk_rescue_file_publish (const char *temp, const char *path, gboolean replace);
gboolean qk_rescue_file_exists (int code);

G_END_DECLS
