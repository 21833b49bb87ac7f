#include "qk-given-up.h"

#include <glib/gi18n-lib.h>

G_DEFINE_BOXED_TYPE (QkGivenUp, qk_given_up, qk_given_up_copy, qk_given_up_free)

/**
 * qk_given_up_copy:
 * @self: what was given up
 *
 * Returns: (transfer full): a copy
 */
QkGivenUp *
qk_given_up_copy (const QkGivenUp *self)
{
  return g_memdup2 (self, sizeof *self);
}

/**
 * qk_given_up_free:
 * @self: (transfer full): what was given up
 *
 * Frees it.
 */
void
qk_given_up_free (QkGivenUp *self)
{
  g_free (self);
}

/**
 * qk_given_up_equal:
 * @a: (nullable): what was given up; %NULL for nothing
 * @b: (nullable): the same
 *
 * Returns: whether both say the same
 */
gboolean
qk_given_up_equal (const QkGivenUp *a, const QkGivenUp *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->kind == b->kind && a->mixed == b->mixed && a->n_messages == b->n_messages &&
         a->n_repairs == b->n_repairs && a->span == b->span;
}

/* For each kind, with the number of messages. */
static char *
name_kind (QkChangeKind kind, guint n)
{
  switch (kind)
    {
    case QK_CHANGE_RESEND:
      return g_strdup_printf (
          ngettext ("your resend of %u message", "your resend of %u messages", n), n);
    case QK_CHANGE_PURGE:
      return g_strdup_printf (ngettext ("your purge of %u message", "your purge of %u messages", n),
                              n);
    case QK_CHANGE_SEND:
      return g_strdup_printf (
          ngettext ("your sending of %u message", "your sending of %u messages", n), n);
    case QK_CHANGE_SET_RECIPIENT:
      return g_strdup_printf (
          ngettext ("your redirection of %u message", "your redirection of %u messages", n), n);
    case QK_CHANGE_RESTORE:
      return g_strdup_printf (
          ngettext ("your restoring of %u message", "your restoring of %u messages", n), n);
    case QK_CHANGE_FIX:
      return g_strdup_printf (ngettext ("your fix of %u message", "your fix of %u messages", n), n);
    case QK_CHANGE_SET_PRIORITY:
    case QK_CHANGE_EDIT:
    default:
      return g_strdup_printf (
          ngettext ("your change of %u message", "your change of %u messages", n), n);
    }
}

/**
 * qk_given_up_dup_name:
 * @self: what was given up
 *
 * Returns: (transfer full): what it is, for the operator: `your purge of 3 messages`
 */
char *
qk_given_up_dup_name (const QkGivenUp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return name_kind (self->mixed ? QK_CHANGE_EDIT : self->kind, self->n_messages);
}

/**
 * qk_given_up_describe:
 * @self: what was given up
 *
 * Returns: (transfer full): what happened and what to do next, for the operator
 */
char *
qk_given_up_describe (const QkGivenUp *self)
{
  g_autofree char *name = NULL;
  gint64 seconds;

  g_return_val_if_fail (self != NULL, NULL);

  name = qk_given_up_dup_name (self);
  seconds = (self->span + G_TIME_SPAN_SECOND / 2) / G_TIME_SPAN_SECOND;
  return g_strdup_printf (
      ngettext ("Another program keeps saving an old list: %s was undone %u time in %d s. "
                "It is not in effect. Stop or restart the queue processor, then retry.",
                "Another program keeps saving an old list: %s was undone %u times in %d s. "
                "It is not in effect. Stop or restart the queue processor, then retry.",
                self->n_repairs),
      name, self->n_repairs, (int) MAX (seconds, 1));
}
