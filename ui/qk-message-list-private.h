#pragma once

#include "qk-list-stage.h"
#include "qk-message-list.h"
#include "qk-message-order.h"
#include "qk-message-search.h"
#include "qk-message-sort.h"

G_BEGIN_DECLS

/* What the files of the list share: what it keeps, how it follows the store, how rows come into their
 * order, what is let through, and what is selected. */

struct _QkMessageList {
  GObject parent_instance;

  QkStore *store;        /* owned, nullable */
  QkMessageIndex *index; /* owned, nullable: nothing was loaded yet */
  GArray *order;         /* owned: guint, which entries are shown, in order */
  QkMessageFilter filter;
  QkMessageSearch *search; /* owned, nullable: what runs */
  QkMessageSort *sort;     /* owned, nullable: what runs */
  gint64 aged;             /* until when ages were looked at, in wall microseconds */
  QkSortKey key;
  gboolean descending;

  QkListStage *stage; /* owned: what is shown of @order so far */
  GArray *graves;     /* owned: QkMessageGrave, what is on the stage and not in the queue */
  guint step_id;      /* source: goes on with the change of the stage */
  gboolean held;      /* what others do does not move rows */
  gboolean asked;     /* the operator wants to see something else, which is not known yet */
  gboolean answered;  /* the order is what the operator asked for last */
  guint n_held;       /* changes that are held back */
};

void qk_message_list_notify_searching (QkMessageList *self);

/* Puts the list in order again. */
void qk_message_list_reorder (QkMessageList *self);

/* End a run of which nobody is to hear any more. */
void qk_message_list_drop_sort (QkMessageList *self);
void qk_message_list_drop_search (QkMessageList *self);

/* Looks at what must be looked at anew. Returns whether that is done already. */
gboolean qk_message_list_search_renewed (QkMessageList *self, gint64 now);

G_END_DECLS
