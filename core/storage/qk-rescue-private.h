#pragma once

#include "qk-rescue.h"
#include "qk-snapshot.h"

G_BEGIN_DECLS

struct _QkRescue {
  const QkPlatform *platform; /* not owned */
  char *path;                 /* owned: with symbolic links followed */
  QkSnapshot base;            /* the version that was read; its handle stays open */
  gboolean present;
  QkSalvage *salvage; /* owned */
};

G_END_DECLS
