#pragma once

#include "qk-platform.h"

G_BEGIN_DECLS

/* What the POSIX files of the platform share. */

int qk_posix_create_temp (const char *path,
                          QkHandle like,
                          const QkFileStamp *replaced,
                          QkHandle *handle,
                          char **temp);

G_END_DECLS
