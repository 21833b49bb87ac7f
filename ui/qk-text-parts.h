#pragma once

#include "qk-search.h"

G_BEGIN_DECLS

/* A text as it was given and as it can be shown: what would hide or reorder text is revealed, lines that
 * take too long to be laid out are broken, and there are parts that are small enough to be laid out at
 * once. Immutable, so any thread may use it. */

/**
 * QK_TEXT_PART_BYTES:
 *
 * No part is longer, in bytes.
 */
#define QK_TEXT_PART_BYTES 32768

typedef struct _QkTextParts QkTextParts;

QkTextParts *qk_text_parts_new (const char *text);
QkTextParts *qk_text_parts_ref (QkTextParts *self);
void qk_text_parts_unref (QkTextParts *self);
const char *qk_text_parts_get_text (const QkTextParts *self);
const char *qk_text_parts_get_shown (const QkTextParts *self);
guint qk_text_parts_get_n (const QkTextParts *self);
const char *qk_text_parts_get (const QkTextParts *self, guint part, gsize *length);
gsize qk_text_parts_get_start (const QkTextParts *self, guint part);
guint qk_text_parts_find (const QkTextParts *self, gsize position);
GArray *qk_text_parts_search (const QkTextParts *self, const QkSearch *search);
char *qk_text_parts_dup_given (const QkTextParts *self, gsize start, gsize end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkTextParts, qk_text_parts_unref)

G_END_DECLS
