#pragma once

#include "qk-history.h"

G_BEGIN_DECLS

/* The words in which the window speaks of what was done. All of it is safe to be shown, as text. */

/**
 * QkActivityGroup:
 *
 * What operations are told apart by, for who looks for one.
 */
typedef enum {
  QK_ACTIVITY_ALL,
  QK_ACTIVITY_RESENT,
  QK_ACTIVITY_PURGED,
  QK_ACTIVITY_SENT,
  QK_ACTIVITY_CHANGED,
  QK_ACTIVITY_UNDONE,
  QK_ACTIVITY_LOST,
} QkActivityGroup;
#define QK_N_ACTIVITY_GROUPS (QK_ACTIVITY_LOST + 1)

const char *qk_activity_words_group (QkActivityGroup group);
gboolean qk_activity_group_has (QkActivityGroup group, const QkHistoryOperation *operation);
char *qk_activity_words_time (const QkHistoryOperation *operation);
char *qk_activity_words_what (const QkHistoryOperation *operation, const char *recipient);
char *qk_activity_words_who (const QkHistoryOperation *operation);
char *qk_activity_words_state (const QkHistoryOperation *operation);
const char *qk_activity_words_state_class (const QkHistoryOperation *operation);
char *qk_activity_words_together (const QkHistoryOperation *operation);
char *qk_activity_words_obstacle (const QkHistoryOperation *operation);
char *qk_activity_words_sentence (const QkHistoryOperation *operation, const char *recipient);
char *qk_activity_words_change (const QkHistoryEntry *entry);

G_END_DECLS
