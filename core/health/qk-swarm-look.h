#pragma once

#include "qk-snapshot.h"

G_BEGIN_DECLS

/* One look at a file of figures that the swarm keeps, made in a worker thread. */

/**
 * QkSwarmLookState:
 * @QK_SWARM_LOOK_SAME: nothing has changed since the look before
 * @QK_SWARM_LOOK_FOUND: there is a version
 * @QK_SWARM_LOOK_ABSENT: there is no such file
 * @QK_SWARM_LOOK_TORN: it cannot be parsed
 * @QK_SWARM_LOOK_REFUSED: the system refuses to read it, or it is no file, or too large
 */
typedef enum {
  QK_SWARM_LOOK_SAME,
  QK_SWARM_LOOK_FOUND,
  QK_SWARM_LOOK_ABSENT,
  QK_SWARM_LOOK_TORN,
  QK_SWARM_LOOK_REFUSED,
} QkSwarmLookState;

/**
 * QkSwarmParse:
 * @data: what stands in the file
 * @size: its length
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what it says
 */
typedef gpointer (*QkSwarmParse) (const char *data, gsize size, GError **error);

/**
 * QkSwarmLook:
 * @platform: the calls of the system
 * @paths: (owned): where to look, the likeliest place first
 * @parse: how to read it
 * @destroy: frees what @parse gave
 * @known: what was read before, its handle closed; its stamp is all 0 where it must be read anew
 * @state: what was found
 * @path: (owned) (nullable): where
 * @found: likewise, what was read now, where that is another
 * @age: how long ago the file was last written, in microseconds
 * @value: (owned) (nullable): what it says
 * @problem: (owned) (nullable): what is wrong with it
 */
typedef struct {
  const QkPlatform *platform;
  char **paths;
  QkSwarmParse parse;
  GDestroyNotify destroy;
  QkSnapshot known;

  QkSwarmLookState state;
  char *path;
  QkSnapshot found;
  gint64 age;
  gpointer value;
  char *problem;
} QkSwarmLook;

void qk_swarm_look_run (QkSwarmLook *self);
void qk_swarm_look_clear (QkSwarmLook *self);

G_END_DECLS
