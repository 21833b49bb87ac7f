#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How one text became another: its lines, those that went and those that came, and in them the words
 * that differ.
 *
 * Its time is bounded: where the texts have so little in common that to find it would take long, all
 * of the one goes and all of the other comes. Both texts are the caller's, and are looked at only
 * while the difference is made.
 */

/**
 * QkTextDiffKind:
 * @QK_TEXT_DIFF_SAME: a line of both
 * @QK_TEXT_DIFF_REMOVED: a line of the older text alone
 * @QK_TEXT_DIFF_ADDED: a line of the newer text alone
 */
typedef enum {
  QK_TEXT_DIFF_SAME,
  QK_TEXT_DIFF_REMOVED,
  QK_TEXT_DIFF_ADDED,
} QkTextDiffKind;

/**
 * QkTextDiffMark:
 * @start: where it begins, in bytes from the beginning of the line
 * @length: in bytes
 *
 * A part of a line that its counterpart lacks. Begins and ends between characters.
 */
typedef struct {
  gsize start;
  gsize length;
} QkTextDiffMark;

/**
 * QkTextDiffLine:
 * @kind: which of the texts has it
 * @start: where it begins in that text, of @QK_TEXT_DIFF_SAME in the older one; in bytes
 * @length: in bytes, without the line feed
 * @marks: the first of its marks in #QkTextDiff.marks
 * @n_marks: how many it has; none where all of it is different
 */
typedef struct {
  QkTextDiffKind kind;
  gsize start;
  gsize length;
  guint marks;
  guint n_marks;
} QkTextDiffLine;

/**
 * QkTextDiff:
 * @lines: (element-type QkTextDiffLine): in the order in which they are to be read
 * @marks: (element-type QkTextDiffMark): those of all lines
 * @n_removed: how many lines went
 * @n_added: how many lines came
 */
typedef struct {
  GArray *lines;
  GArray *marks;
  guint n_removed;
  guint n_added;
} QkTextDiff;

QkTextDiff *qk_text_diff_new (const char *before, const char *after);
void qk_text_diff_free (QkTextDiff *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkTextDiff, qk_text_diff_free)

G_END_DECLS
