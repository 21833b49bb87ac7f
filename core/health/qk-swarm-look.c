#include "qk-swarm-look.h"

#include "qk-rows.h"

#include <glib/gi18n-lib.h>

static void
refuse (QkSwarmLook *self, int code)
{
  self->state = QK_SWARM_LOOK_REFUSED;
  if (code == QK_SNAPSHOT_NOT_REGULAR)
    self->problem = g_strdup (_ ("it is not a file"));
  else if (code == QK_SNAPSHOT_TOO_LARGE)
    self->problem = g_strdup_printf (_ ("it is larger than %d MB"), QK_ROWS_MAX_BYTES >> 20);
  else if (code == QK_SNAPSHOT_NO_MEMORY)
    self->problem = g_strdup (_ ("there is not enough memory"));
  else
    self->problem = qk_platform_describe_code (code);
}

/* The first place that is not empty. */
static void
find (QkSwarmLook *self, QkFileStamp *stamp)
{
  for (guint i = 0; self->paths[i] != NULL; i++)
    {
      int code = self->platform->stat_path (self->paths[i], stamp);

      if (qk_platform_is_absent (code))
        continue;
      self->path = g_strdup (self->paths[i]);
      if (code != 0)
        refuse (self, code);
      return;
    }
  self->state = QK_SWARM_LOOK_ABSENT;
}

static void
parse (QkSwarmLook *self)
{
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (self->found.bytes, &size);

  self->value = self->parse (data, size, &error);
  self->state = self->value != NULL ? QK_SWARM_LOOK_FOUND : QK_SWARM_LOOK_TORN;
  if (self->value == NULL)
    self->problem = g_strdup (error->message);
}

static void
read_file (QkSwarmLook *self)
{
  int code = qk_snapshot_read (&self->found, self->platform, self->path, QK_ROWS_MAX_BYTES);

  if (qk_platform_is_absent (code))
    self->state = QK_SWARM_LOOK_ABSENT;
  else if (code != 0)
    refuse (self, code);
  if (code != 0)
    return;
  /* Others may replace and delete it from here on, also where an open handle stood in their way. */
  self->platform->close (self->found.handle);
  self->found.handle = QK_PLATFORM_NO_HANDLE;
  self->age = g_get_real_time () - self->found.stamp.modified / 1000;
  if (self->known.bytes != NULL && g_bytes_equal (self->known.bytes, self->found.bytes))
    self->state = QK_SWARM_LOOK_SAME;
  else
    parse (self);
  /* It may change again without a change of its stamp. */
  if (qk_stamp_is_young (&self->found.stamp))
    self->found.stamp = (QkFileStamp){0};
}

/**
 * qk_swarm_look_run:
 * @self: a look, its first part filled in
 *
 * Looks. Blocks: belongs in a worker thread.
 */
void
qk_swarm_look_run (QkSwarmLook *self)
{
  QkFileStamp stamp = {0};

  self->state = QK_SWARM_LOOK_SAME;
  self->found = QK_SNAPSHOT_INIT;
  find (self, &stamp);
  if (self->state != QK_SWARM_LOOK_SAME)
    return;
  if (self->known.bytes != NULL && qk_stamp_equal (&stamp, &self->known.stamp))
    {
      self->found.stamp = stamp;
      return;
    }
  read_file (self);
}

/**
 * qk_swarm_look_clear:
 * @self: a look
 *
 * Frees what it holds.
 */
void
qk_swarm_look_clear (QkSwarmLook *self)
{
  g_clear_pointer (&self->paths, g_strfreev);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->known.bytes, g_bytes_unref);
  g_clear_pointer (&self->found.bytes, g_bytes_unref);
  if (self->value != NULL)
    self->destroy (self->value);
  self->value = NULL;
}
