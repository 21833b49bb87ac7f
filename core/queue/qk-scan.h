#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* JSON text, in two passes.
 *
 * qk_scan_value() checks: strict JSON in strict UTF-8, bounded in depth, without recursion. It is
 * the only judge of what is damaged. Two things beyond the standard pass, as Python writes and
 * reads them: the numbers NaN, Infinity and -Infinity, and escapes of lone surrogates.
 *
 * QkMembers walks over what has been checked, and so needs to look at little more than quotes and
 * brackets. It never reads past the end of a checked value.
 */

/**
 * QkScan:
 * @text: the bytes
 * @length: how many
 * @position: where the scan stands
 * @problem: (nullable): what is wrong at @position
 * @lone_surrogate: half of a surrogate pair was met
 * @n_not_finite: how many numbers were met that qk_json_is_not_finite()
 */
typedef struct {
  const char *text;
  gsize length;
  gsize position;
  const char *problem;
  gboolean lone_surrogate;
  guint n_not_finite;
} QkScan;

/**
 * QkMember:
 * @lead: the white space before the key
 * @key: the key, with its quotes
 * @key_length: its length
 * @value: the value
 * @value_length: its length
 */
typedef struct {
  const char *lead;
  const char *key;
  gsize key_length;
  const char *value;
  gsize value_length;
} QkMember;

typedef struct {
  const char *cursor;
} QkMembers;

void qk_scan_space (QkScan *self);
gboolean qk_scan_char (QkScan *self, char expected);
gboolean qk_scan_string (QkScan *self);
gboolean qk_scan_value (QkScan *self, guint max_depth);

const char *qk_json_skip_space (const char *json);
const char *qk_json_skip_value (const char *json);
gboolean qk_json_is_not_finite (const char *number, gsize length);
gboolean qk_json_key_equal (const char *key, gsize length, const char *name);
void qk_members_init (QkMembers *self, const char *object);
gboolean qk_members_next (QkMembers *self, QkMember *member);
gboolean qk_object_has_key (const char *object, const char *name);

G_END_DECLS
