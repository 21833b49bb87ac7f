#pragma once

#include "qk-entry.h"

G_BEGIN_DECLS

/* What can be had from the bytes of one file, be it damaged or not.
 *
 * A file that is a queue gives exactly its entries. In any other, entries are looked for in the
 * list; where the thread is lost (an entry breaks off, another writer's text begins), it is taken
 * up again at the next object that can only be an entry: with an id, a status and a message, and
 * not the value of some key. What stands inside a broken entry is never one.
 *
 * Nothing is invented: a whole entry stands in the file to the byte; a repaired one says in which
 * way it differs from what stands there. There are two repairs:
 *  - bytes inside a text that are not UTF-8 become U+FFFD;
 *  - an entry that lacks its first bytes is completed with the punctuation and keys that all other
 *    entries of the file begin with, never with a value.
 * Two halves that were spliced so that they read as one sound entry cannot be told from one, save
 * by keys that stand there twice or on the wrong level.
 *
 * Pure; time and memory grow with the size of the file, whatever is in it.
 */

/**
 * QkSalvageKind:
 * @QK_SALVAGE_WHOLE: an entry, as it stands there
 * @QK_SALVAGE_REPAIRED: an entry, repaired
 * @QK_SALVAGE_LEFT_OVER: bytes of which no entry can be made
 * @QK_SALVAGE_PADDING: NUL bytes or a byte order mark, which say nothing
 */
typedef enum {
  QK_SALVAGE_WHOLE,
  QK_SALVAGE_REPAIRED,
  QK_SALVAGE_LEFT_OVER,
  QK_SALVAGE_PADDING,
} QkSalvageKind;

/**
 * QkSalvagePart:
 * @kind: what it is
 * @offset: where in the file, in bytes
 * @length: how many bytes of the file
 * @list: a number that entries share which certainly stand in one list
 * @entry: (nullable): the entry, of whole and repaired ones
 * @how: (nullable): what was repaired, for the operator
 *
 * A piece of the file. What is between the pieces is white space, commas and brackets.
 */
typedef struct {
  QkSalvageKind kind;
  gsize offset;
  gsize length;
  guint list;
  const QkEntry *entry;
  const char *how;

  /*< private >*/
  char *text; /* owned, nullable: of a repaired entry */
} QkSalvagePart;

typedef struct _QkSalvageSource QkSalvageSource;

QkSalvageSource *qk_salvage_source_new (const char *name, GBytes *bytes);
QkSalvageSource *qk_salvage_source_ref (QkSalvageSource *self);
void qk_salvage_source_unref (QkSalvageSource *self);

const char *qk_salvage_source_get_name (const QkSalvageSource *self);
GBytes *qk_salvage_source_get_bytes (const QkSalvageSource *self);
const char *qk_salvage_source_get_problem (const QkSalvageSource *self);
guint qk_salvage_source_get_n_parts (const QkSalvageSource *self);
const QkSalvagePart *qk_salvage_source_get_part (const QkSalvageSource *self, guint index);
char *qk_salvage_source_dup_text (const QkSalvageSource *self,
                                  const QkSalvagePart *part,
                                  gsize max_bytes);
guint qk_salvage_source_count (const QkSalvageSource *self, QkSalvageKind kind, gsize *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSalvageSource, qk_salvage_source_unref)

G_END_DECLS
