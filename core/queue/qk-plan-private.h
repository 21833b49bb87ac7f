#pragma once

#include "qk-plan.h"
#include "qk-style.h"

G_BEGIN_DECLS

/**
 * QkEdit:
 * @verdict: what becomes of the change
 * @reason: (nullable): why it is skipped, for the operator; a literal
 * @purge: the entry is taken out
 * @text: (nullable): the entry's new text, owned by who asked
 * @added: (nullable): the text of a new entry, owned by who asked
 *
 * What one change does.
 */
typedef struct {
  QkVerdict verdict;
  const char *reason;
  gboolean purge;
  char *text;
  char *added;
} QkEdit;

QkEdit qk_change_evaluate (const QkChange *change,
                           const QkEntry *entry,
                           const QkStyle *style,
                           gint64 now);
char *qk_change_write_new (const QkChange *change, const QkStyle *style);

G_END_DECLS
