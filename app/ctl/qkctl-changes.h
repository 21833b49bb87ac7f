#pragma once

#include "qk-document.h"

G_BEGIN_DECLS

/* What another version of the queue means for its entries. */

/**
 * QkctlChangeKind:
 * @QKCTL_CHANGE_ADDED: it is new
 * @QKCTL_CHANGE_REMOVED: it is gone
 * @QKCTL_CHANGE_STATUS: it has another status
 * @QKCTL_CHANGE_EDITED: anything else in it differs
 */
typedef enum {
  QKCTL_CHANGE_ADDED,
  QKCTL_CHANGE_REMOVED,
  QKCTL_CHANGE_STATUS,
  QKCTL_CHANGE_EDITED,
} QkctlChangeKind;
#define QKCTL_N_CHANGE_KINDS (QKCTL_CHANGE_EDITED + 1)

/**
 * QkctlChange:
 * @kind: in what way it differs
 * @entry: the entry as it is, or as it was if it is removed
 * @was: its status before, of one with another status
 */
typedef struct {
  QkctlChangeKind kind;
  const QkEntry *entry;
  QkStatus was;
} QkctlChange;

GArray *qkctl_changes_collect (QkDocument *old, QkDocument *document, const QkDiff *diff);

G_END_DECLS
