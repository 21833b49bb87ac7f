#pragma once

#include "qk-rescue.h"
#include "qk-snapshot.h"

G_BEGIN_DECLS

struct _QkRescue {
  const QkPlatform *platform; /* not owned */
  char *path;                 /* owned: with symbolic links followed */
  QkSnapshot base;            /* the version that was read; its handle stays open */
  gboolean present;
  QkSalvage *salvage; /* owned; not touched after qk_rescue_new() */
  char *problem;      /* owned, nullable: of the file */
  GBytes *result;     /* owned: the queue that it makes */
  guint n_entries;    /* in @result */
};

G_END_DECLS
