#pragma once

#include "qk-scan.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Lists of small objects, as the swarm writes them into its files of figures: `[{...}, {...}]`.
 *
 * The text is checked once, with a bound on its size and its depth and without recursion; then its
 * rows are walked over one at a time, and nothing but the values that are asked for is copied. All of
 * it must stay alive meanwhile. What has another type than is asked for counts as not given.
 */

/**
 * QK_ROWS_MAX_BYTES:
 *
 * The largest file that is read.
 */
#define QK_ROWS_MAX_BYTES (16 << 20)
/**
 * QK_ROWS_MAX:
 *
 * So many rows of a list are looked at: the last ones, which are the latest. The swarm keeps 1000.
 */
#define QK_ROWS_MAX 10000

/**
 * QkRows:
 *
 * All of it is private.
 */
typedef struct {
  const char *cursor;
} QkRows;

const char *qk_rows_check (const char *data, gsize size, GError **error);
guint64 qk_rows_init (QkRows *self, const char *list);
const char *qk_rows_next (QkRows *self);

gboolean qk_member_is (const QkMember *member, const char *name);
guint64 qk_member_get_count (const QkMember *member);
gint64 qk_member_get_seconds (const QkMember *member);
gint64 qk_member_get_time (const QkMember *member);
char *qk_member_dup_text (const QkMember *member);

G_END_DECLS
