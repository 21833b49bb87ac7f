#include "qk-displaced.h"

#include "qk-merge.h"
#include "qk-temp-name.h"

/**
 * qk_displaced_new: (skip)
 * @platform: the calls of the system
 * @snapshot: (transfer full): what was displaced; it is left empty
 * @document: that, as a document
 * @path: (nullable): its file, if that is to be kept
 *
 * Returns: (transfer full): it, displaced just now
 */
QkDisplaced *
qk_displaced_new (const QkPlatform *platform,
                  QkSnapshot *snapshot,
                  QkDocument *document,
                  const char *path)
{
  QkDisplaced *self = g_new0 (QkDisplaced, 1);

  self->platform = platform;
  self->snapshot = *snapshot;
  *snapshot = QK_SNAPSHOT_INIT;
  self->document = qk_document_ref (document);
  self->path = g_strdup (path);
  self->since = g_get_monotonic_time ();
  /* Where the mark is refused, another start may merge the file once more: that changes nothing. */
  if (path != NULL)
    (void) platform->claim (self->snapshot.handle);
  return self;
}

/**
 * qk_displaced_free: (skip)
 * @self: (transfer full): a displaced version
 *
 * Closes it. Its file stays.
 */
void
qk_displaced_free (QkDisplaced *self)
{
  qk_snapshot_clear (&self->snapshot, self->platform);
  qk_document_unref (self->document);
  g_free (self->path);
  g_free (self);
}

/**
 * qk_displaced_look: (skip)
 * @self: a displaced version
 * @before: (out) (transfer full) (nullable): what it held until now, if it is %QK_DISPLACED_LATE
 *
 * Looks whether somebody has written to it.
 *
 * Returns: what was found
 */
QkDisplacedLook
qk_displaced_look (QkDisplaced *self, QkDocument **before)
{
  QkDocument *now;
  gboolean changed;

  *before = NULL;
  if (qk_snapshot_refresh (&self->snapshot, self->platform, &changed) != 0)
    return QK_DISPLACED_SAME;
  if (!changed && g_bytes_equal (self->snapshot.bytes, qk_document_get_bytes (self->document)))
    return QK_DISPLACED_SAME;
  now = qk_document_new (self->snapshot.bytes, self->document, NULL, NULL);
  if (now == NULL)
    return QK_DISPLACED_TORN;
  *before = self->document;
  self->document = now;
  return QK_DISPLACED_LATE;
}

/**
 * qk_displaced_take_pieces: (skip)
 * @self: a displaced version that was left torn
 *
 * Returns: (transfer full) (nullable): its whole entries; %NULL where there is none
 */
QkDocument *
qk_displaced_take_pieces (QkDisplaced *self)
{
  return qk_merge_read_pieces (self->snapshot.bytes);
}

/**
 * qk_displaced_remove: (skip)
 * @self: a displaced version
 *
 * All that was in it is elsewhere: removes its file.
 */
void
qk_displaced_remove (QkDisplaced *self)
{
  if (self->path != NULL)
    (void) qk_temp_discard (self->platform, self->path);
  g_clear_pointer (&self->path, g_free);
}
