#pragma once

#include "qk-entry.h"

G_BEGIN_DECLS

/* Everything that stands in an entry, known or not, as a table of keys and values. */

/**
 * QK_ENTRY_MEMBERS_MAX:
 *
 * So many members are told at most.
 */
#define QK_ENTRY_MEMBERS_MAX 200

/**
 * QkEntryMember:
 * @key: the names of the keys that lead to it, decoded: `message.metadata.stalled`
 * @value: a string decoded, anything else in JSON, to the letter; cut where it is long
 * @cut: whether it was cut
 *
 * A value of an entry that is no object.
 */
typedef struct {
  char *key;   /* owned */
  char *value; /* owned */
  gboolean cut;
} QkEntryMember;

GPtrArray *qk_entry_dup_members (const QkEntry *entry, gboolean *all);

G_END_DECLS
