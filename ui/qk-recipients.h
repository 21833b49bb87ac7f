#pragma once

#include "qk-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Whom a message can be sent to: the active agents of the swarm, and whoever else stands in the queue
 * as a recipient. And what priorities it can have. */

/**
 * QkRecipients:
 * @names: (element-type utf8): as they stand in the queue: first the active agents, then the others
 * @n_active: how many of them are active agents
 *
 * Them, each group in natural order.
 */
typedef struct {
  GPtrArray *names; /* owned */
  guint n_active;
} QkRecipients;

QkRecipients *qk_recipients_new (QkStore *store);
void qk_recipients_free (QkRecipients *self);
GListModel *qk_recipients_make_model (const QkRecipients *self);
guint qk_recipients_find (const QkRecipients *self, const char *name);

/**
 * QK_N_PRIORITIES:
 *
 * How many priorities there are to choose from, the most urgent first.
 */
#define QK_N_PRIORITIES 4

const char *qk_priority_get_name (guint index);
const char *qk_priority_get_label (guint index);
guint qk_priority_find (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkRecipients, qk_recipients_free)

G_END_DECLS
