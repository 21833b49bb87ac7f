#pragma once

#include "qk-message.h"
#include "qk-query.h"

G_BEGIN_DECLS

/* What the message list knows of each entry of one version: its row if it has one, whether it is
 * shown, and how it compares with others. Plain data of the list, not an object.
 */

/**
 * QkSortKey:
 *
 * By what the list is ordered. @QK_SORT_ATTENTION: what needs the operator first: stuck, failed,
 * then pending in the order of delivery, processing, and what is done, the latest first.
 */
typedef enum {
  QK_SORT_ATTENTION,
  QK_SORT_PRIORITY,
  QK_SORT_RECIPIENT,
  QK_SORT_SENDER,
  QK_SORT_TYPE,
  QK_SORT_EXCERPT,
  QK_SORT_AGE,
  QK_SORT_ATTEMPTS,
  QK_SORT_TAGS,
  QK_SORT_CREATED,
  QK_SORT_UPDATED,
  QK_SORT_ID,
  QK_SORT_ERROR,
} QkSortKey;

/**
 * QkMessageFilter:
 * @agent: (nullable): only messages for this recipient; "" for those without one
 * @focus: only this group
 * @hide_delivered: not those that are delivered
 * @find: (nullable): only those that this lets pass
 */
typedef struct {
  char *agent;
  QkFocus focus;
  gboolean hide_delivered;
  QkFilter *find;
} QkMessageFilter;

/**
 * QkItemFlags:
 * @QK_ITEM_STUCK: it was stuck when last looked at
 * @QK_ITEM_LISTED: it is in the list
 * @QK_ITEM_MOVED: its place in the sequence must be looked for anew
 * @QK_ITEM_CHANGED: it reads differently than before
 * @QK_ITEM_MATCHES: the filter lets it through
 * @QK_ITEM_KEPT: it stays where it is among its neighbours (only while the list is put in order)
 * @QK_ITEM_FOUND: what is looked for is in it, as far as is known
 * @QK_ITEM_RENEWED: that must be looked at anew
 * @QK_ITEM_DISPLACED: it was put into another place of the sequence (until the list is in order)
 * @QK_ITEM_SELECTED: it is selected
 */
typedef enum {
  QK_ITEM_STUCK = 1 << 0,
  QK_ITEM_LISTED = 1 << 1,
  QK_ITEM_MOVED = 1 << 2,
  QK_ITEM_CHANGED = 1 << 3,
  QK_ITEM_MATCHES = 1 << 4,
  QK_ITEM_KEPT = 1 << 5,
  QK_ITEM_FOUND = 1 << 6,
  QK_ITEM_RENEWED = 1 << 7,
  QK_ITEM_DISPLACED = 1 << 8,
  QK_ITEM_SELECTED = 1 << 9,
} QkItemFlags;

/* Small, and all that is looked at of an entry that did not change: a reload of many entries must
 * not touch them all. */
typedef struct {
  QkMessage *row; /* owned, nullable: not asked for yet */
  char *text;     /* owned, nullable: what the current sort key compares */
  guint16 flags;
  guint8 status;
} QkItem;

typedef struct {
  QkDocument *document;          /* owned */
  QkItem *items;                 /* owned, one per entry */
  guint8 *ranks;                 /* owned, nullable: of a snapshot, in place of the items */
  char **texts;                  /* owned, nullable: likewise; not asked for yet */
  guint *places;                 /* owned, nullable: where each entry of the version before is */
  const QkMessageFilter *filter; /* borrowed from the list */
  guint n_items;
  GArray *
      sequence; /* owned: guint, the entries in order; those that moved may be absent or anywhere */
  guint n_selected;
  QkSortKey key;
  gboolean descending;
  gboolean rekeyed;    /* the sequence is of another key */
  gboolean shuffled;   /* entries follow one another otherwise than in the version before */
  guint stuck_after_s; /* from when on an entry is stuck */
  gint64 next_stuck;   /* when the next entry becomes stuck, or G_MAXINT64 */
} QkMessageIndex;

/**
 * QK_ITEM_GONE:
 *
 * The place of an entry that is not in the newer version.
 */
#define QK_ITEM_GONE G_MAXUINT

QkMessageIndex *qk_message_index_new (QkDocument *document,
                                      const QkMessageFilter *filter,
                                      gint64 now);
QkMessageIndex *qk_message_index_new_from (QkDocument *document,
                                           QkMessageIndex *old,
                                           QkDiff *diff,
                                           gint64 now);
void qk_message_index_update_filter (QkMessageIndex *self);
void qk_message_index_renew (QkMessageIndex *self, gboolean found);
GArray *qk_message_index_find_renewed (const QkMessageIndex *self, gsize enough, gsize *n_bytes);
void qk_message_index_set_found (QkMessageIndex *self, guint item, gboolean found);
void qk_message_index_age (QkMessageIndex *self, gint64 then, gint64 now);
void qk_message_index_free (QkMessageIndex *self);
gboolean qk_message_index_update_stuck (QkMessageIndex *self, gint64 now);
QkMessage *qk_message_index_get_row (QkMessageIndex *self, guint item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkMessageIndex, qk_message_index_free)

G_END_DECLS
