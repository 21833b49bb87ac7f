#pragma once

#include "qk-change.h"

G_BEGIN_DECLS

/* What another program has undone so often that it is put right no more: for the operator, who alone
 * can stop that program. */

/**
 * QkGivenUp:
 * @kind: what was done to the messages
 * @mixed: it was not the same with all of them; @kind is that of some
 * @n_messages: how many messages it is about
 * @n_repairs: how often it was put right, of the message where that was done most
 * @span: for how long, in microseconds
 *
 * Changes that are not in effect although they were saved.
 */
typedef struct {
  QkChangeKind kind;
  gboolean mixed;
  guint n_messages;
  guint n_repairs;
  gint64 span;
} QkGivenUp;

#define QK_TYPE_GIVEN_UP (qk_given_up_get_type ())

GType qk_given_up_get_type (void) G_GNUC_CONST;
QkGivenUp *qk_given_up_copy (const QkGivenUp *self);
void qk_given_up_free (QkGivenUp *self);
gboolean qk_given_up_equal (const QkGivenUp *a, const QkGivenUp *b);
char *qk_given_up_dup_name (const QkGivenUp *self);
char *qk_given_up_describe (const QkGivenUp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkGivenUp, qk_given_up_free)

G_END_DECLS
