#include "qk-reading.h"

#include "qk-agents.h"
#include "qk-holder-look.h"

#include <glib/gi18n-lib.h>

/* `message_queue/queue.json` lies within the folder of the swarm, where this file is. */
#define AGENTS_NAME      "agent_mode_config.json"
#define AGENTS_LEVELS    3
#define AGENTS_MAX_BYTES (1 << 20)

/* What it may cost to find out who is in the way: the next look waits for it. */
#define HOLDER_BUDGET_USEC (20 * G_TIME_SPAN_MILLISECOND)

/**
 * qk_reading_new:
 * @platform: the calls of the system
 * @path: the file
 * @previous: (nullable): the version before
 * @previous_stamp: its stamp
 *
 * Returns: (transfer full): a look that is still to be made
 */
QkReading *
qk_reading_new (const QkPlatform *platform,
                const char *path,
                QkDocument *previous,
                const QkFileStamp *previous_stamp)
{
  QkReading *self = g_new0 (QkReading, 1);

  self->platform = platform;
  self->path = g_strdup (path);
  self->previous = previous != NULL ? qk_document_ref (previous) : NULL;
  self->previous_stamp = *previous_stamp;
  return self;
}

/**
 * qk_reading_free:
 * @self: (transfer full): a look
 *
 * Frees it.
 */
void
qk_reading_free (QkReading *self)
{
  g_free (self->path);
  g_clear_pointer (&self->previous, qk_document_unref);
  g_clear_pointer (&self->document, qk_document_unref);
  g_clear_pointer (&self->diff, qk_diff_unref);
  g_clear_pointer (&self->holder, qk_holder_unref);
  g_free (self->problem);
  g_strfreev (self->agents);
  g_strfreev (self->found_agents);
  g_free (self);
}

static void
refuse (QkReading *self, int code)
{
  self->code = code;
  if (qk_platform_is_absent (code))
    {
      self->state = QK_READING_ABSENT;
      return;
    }
  self->state = QK_READING_REFUSED;
  if (code == QK_SNAPSHOT_NOT_REGULAR)
    self->problem = g_strdup (_ ("It is not a file. Choose the queue's file"));
  else if (code == QK_SNAPSHOT_TOO_LARGE)
    self->problem =
        g_strdup_printf (_ ("It is larger than %u MB. Archive delivered messages first"),
                         (guint) (QK_DOCUMENT_MAX_BYTES >> 20));
  else if (code == QK_SNAPSHOT_NO_MEMORY)
    self->problem = g_strdup (_ ("There is not enough memory to read it"));
  else if (qk_platform_is_denied (code))
    {
      g_autofree char *reason = qk_platform_describe_code (code);

      self->problem = g_strdup_printf (_ ("%s. Ask its owner for the right to read it"), reason);
    }
  else
    {
      g_autofree char *reason = qk_platform_describe_code (code);

      self->problem = g_strdup_printf (_ ("%s. Check the disk or the network"), reason);
    }
}

/* A file of a stamp that is known need not be read, unless it may have changed within a tick. */
static gboolean
is_same (QkReading *self)
{
  return self->platform->stat_path (self->path, &self->stamp) == 0 &&
         qk_stamp_equal (&self->stamp, &self->previous_stamp) && !qk_stamp_is_young (&self->stamp);
}

static void
read_queue (QkReading *self)
{
  QkSnapshot snapshot;
  g_autoptr (GError) error = NULL;
  int code = qk_snapshot_read (&snapshot, self->platform, self->path, QK_DOCUMENT_MAX_BYTES);

  if (code != 0)
    {
      refuse (self, code);
      return;
    }
  self->stamp = snapshot.stamp;
  self->age = g_get_real_time () - snapshot.stamp.modified / 1000;
  self->document = qk_document_new (snapshot.bytes, self->previous, &self->diff, &error);
  qk_snapshot_clear (&snapshot, self->platform);
  if (self->document != NULL)
    self->state = QK_READING_WHOLE;
  else
    {
      gboolean too_large = g_error_matches (error, QK_DOCUMENT_ERROR, QK_DOCUMENT_ERROR_TOO_LARGE);

      self->state = too_large ? QK_READING_REFUSED : QK_READING_TORN;
      self->problem = g_strdup (error->message);
    }
}

static void
read_agents (QkReading *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  for (guint i = 0; i < AGENTS_LEVELS && self->agents == NULL; i++)
    {
      g_autofree char *path = g_build_filename (folder, AGENTS_NAME, NULL);
      g_autofree char *parent = g_path_get_dirname (folder);
      QkSnapshot snapshot;

      if (qk_snapshot_read (&snapshot, self->platform, path, AGENTS_MAX_BYTES) == 0)
        {
          gsize length;
          const char *json = g_bytes_get_data (snapshot.bytes, &length);

          self->agents = qk_agents_parse_config (json, (gssize) length, NULL);
          /* A list that is there but cannot be used is nobody, and not the usual agents. */
          if (self->agents == NULL)
            self->agents = g_new0 (char *, 1);
          qk_snapshot_clear (&snapshot, self->platform);
        }
      g_free (g_steal_pointer (&folder));
      folder = g_steal_pointer (&parent);
    }
}

static void
judge_obstacle (QkReading *self)
{
  self->kind = self->state == QK_READING_ABSENT ? QK_LOCK_KIND_ABSENT : QK_LOCK_KIND_TORN;
  self->obstructed =
      self->state == QK_READING_ABSENT || self->state == QK_READING_TORN ||
      (self->state == QK_READING_REFUSED && qk_platform_is_contention (self->code, &self->kind));
  if (!self->obstructed || self->holders == NULL)
    return;
  self->holder = qk_holder_look_for_event (self->holders, self->platform, self->path, self->kind,
                                           HOLDER_BUDGET_USEC);
  /* That it was torn says already that somebody writes, who may be done by now. */
  if (self->kind == QK_LOCK_KIND_TORN && self->holder != NULL &&
      self->holder->state != QK_HOLDER_FOUND)
    g_clear_pointer (&self->holder, qk_holder_unref);
}

/**
 * qk_reading_run:
 * @self: a look
 *
 * Looks. Blocks: belongs in a worker thread.
 */
void
qk_reading_run (QkReading *self)
{
  if (is_same (self))
    {
      self->state = QK_READING_SAME;
      return;
    }
  read_queue (self);
  judge_obstacle (self);
  read_agents (self);
  if (self->document != NULL)
    self->found_agents = qk_agents_find (self->document);
}
