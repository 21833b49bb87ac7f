#include "qk-activity-entry.h"

struct _QkActivityEntry {
  GObject parent_instance;

  QkHistoryEntry *entry; /* owned */
};

G_DEFINE_FINAL_TYPE (QkActivityEntry, qk_activity_entry, G_TYPE_OBJECT)

static void
qk_activity_entry_finalize (GObject *object)
{
  qk_history_entry_free (QK_ACTIVITY_ENTRY (object)->entry);

  G_OBJECT_CLASS (qk_activity_entry_parent_class)->finalize (object);
}

static void
qk_activity_entry_class_init (QkActivityEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_activity_entry_finalize;
}

static void
qk_activity_entry_init (QkActivityEntry *self)
{
}

/**
 * qk_activity_entry_new:
 * @entry: (transfer full): an entry
 *
 * Returns: (transfer full): a row for it
 */
QkActivityEntry *
qk_activity_entry_new (QkHistoryEntry *entry)
{
  QkActivityEntry *self;

  g_return_val_if_fail (entry != NULL, NULL);

  self = g_object_new (QK_TYPE_ACTIVITY_ENTRY, NULL);
  self->entry = entry;
  return self;
}

/**
 * qk_activity_entry_get:
 * @self: a row
 *
 * Returns: (transfer none): its entry
 */
const QkHistoryEntry *
qk_activity_entry_get (QkActivityEntry *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_ENTRY (self), NULL);

  return self->entry;
}
