#pragma once

#include "qk-document.h"
#include "qk-journal.h"

G_BEGIN_DECLS

/* A mass disappearance: a writer that finds the queue absent starts from an empty list and saves that
 * ("340 to 1 entries"). What is gone goes to the journal, from where the operator can have it put
 * back; by itself nothing is, for it may have been meant.
 */

/**
 * QkLoss:
 * @before: how many entries there were
 * @after: how many there are now
 * @n_lost: how many are gone, and were not purged by anybody who keeps a journal
 * @operation: the number in the journal by which they are put back; 0 where it could not be kept
 * @problem: (nullable): why not, for the operator
 */
typedef struct {
  guint before;
  guint after;
  guint n_lost;
  gint64 operation;
  char *problem;    /* owned */
  GHashTable *lost; /* owned: set of their ids */
} QkLoss;

#define QK_TYPE_LOSS (qk_loss_get_type ())

GType qk_loss_get_type (void) G_GNUC_CONST;
gboolean qk_loss_is_likely (const QkDiff *diff);
QkLoss *qk_loss_find (QkDocument *before, QkDocument *after, QkJournal *journal, const char *queue);
QkLoss *qk_loss_copy (const QkLoss *self);
void qk_loss_free (QkLoss *self);
gboolean qk_loss_is_over (const QkLoss *self, QkDocument *document);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkLoss, qk_loss_free)

G_END_DECLS
