#pragma once

#include "qk-change.h"
#include "qk-document.h"

G_BEGIN_DECLS

/* Another file of messages beside the queue: what only it has, what only the queue has, what both have
 * in other states; and the changes that bring over what the operator wants of it.
 *
 * For an import, and for a restore from a backup. It looks at one version of the queue; the changes are
 * judged again by what stands there when they are saved. What the swarm would trip over comes fixed, or
 * not at all. Immutable and shared between threads.
 */

/**
 * QkImportKind:
 * @QK_IMPORT_NEW: only the other file has it
 * @QK_IMPORT_SAME: both have it, however it is laid out
 * @QK_IMPORT_DIFFERS: both have its id, in different states
 * @QK_IMPORT_REPEATED: its id occurs earlier in the other file
 * @QK_IMPORT_ONLY_HERE: only the queue has it
 */
typedef enum {
  QK_IMPORT_NEW,
  QK_IMPORT_SAME,
  QK_IMPORT_DIFFERS,
  QK_IMPORT_REPEATED,
  QK_IMPORT_ONLY_HERE,
} QkImportKind;
#define QK_N_IMPORT_KINDS (QK_IMPORT_ONLY_HERE + 1)

/**
 * QkImportItem:
 * @kind: how it stands with it
 * @theirs: (nullable): the entry of the other file
 * @ours: (nullable): the entry of the queue
 * @previous: (nullable): the entry before @theirs
 *
 * One message. The entries live as long as the import.
 */
typedef struct {
  QkImportKind kind;
  const QkEntry *theirs;
  const QkEntry *ours;
  const QkEntry *previous;
} QkImportItem;

/**
 * QkImportFlags:
 * @QK_IMPORT_AS_NEW: of what differs or is repeated a copy with an id of its own is added
 * @QK_IMPORT_AS_PENDING: it is to be delivered again
 * @QK_IMPORT_PUT_BACK: the queue becomes what the other file is: what it has goes to its place there,
 *   what differs becomes as it was, and what only the queue has is taken out
 */
typedef enum {
  QK_IMPORT_AS_NEW = 1 << 0,
  QK_IMPORT_AS_PENDING = 1 << 1,
  QK_IMPORT_PUT_BACK = 1 << 2,
} QkImportFlags;

typedef struct _QkImport QkImport;

QkImport *qk_import_new (QkDocument *theirs, QkDocument *ours);
QkImport *qk_import_ref (QkImport *self);
void qk_import_unref (QkImport *self);

guint qk_import_get_n_items (const QkImport *self);
const QkImportItem *qk_import_get_item (const QkImport *self, guint index);
guint qk_import_count (const QkImport *self, QkImportKind kind);
const char *qk_import_get_obstacle (const QkImport *self, guint index, guint flags);
gboolean qk_import_needs_fix (const QkImport *self, guint index);
QkChange *qk_import_make_change (const QkImport *self, guint index, guint flags);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkImport, qk_import_unref)

G_END_DECLS
