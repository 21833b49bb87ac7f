#pragma once

#include "qk-change.h"
#include "qk-loss.h"
#include "qk-result.h"

G_BEGIN_DECLS

/* The words in which the window speaks of messages and of what became of them. Everything that
 * comes from the queue is safe to be shown, as text. */

char *qk_words_status (const QkEntry *entry, gint64 now);
const char *qk_words_status_class (const QkEntry *entry, gint64 now);
char *qk_words_status_count (QkStatus status, guint n);
char *qk_words_age (const QkEntry *entry, gint64 now);
char *qk_words_tries (const QkEntry *entry, gint64 now);
char *qk_words_field (const QkEntry *entry, QkField field);
char *qk_words_type (const QkEntry *entry);
char *qk_words_members (const QkEntry *entry, QkField field);
char *qk_words_status_count (QkStatus status, guint n);
char *qk_words_agent (const char *name);
char *qk_words_step (const char *from, const char *to);
char *qk_words_count (guint n_messages);
char *qk_words_hazards (const QkEntry *entry);
char *qk_words_fix (const QkEntry *entry);
char *qk_words_flagged (guint n_messages);
char *qk_words_result (QkChangeKind kind, const QkResult *result);
char *qk_words_skips (const QkResult *result);
char *qk_words_loss (const QkLoss *loss);
char *qk_words_error (QkChangeKind kind, const GError *error);

G_END_DECLS
