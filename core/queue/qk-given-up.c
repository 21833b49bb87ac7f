#include "qk-given-up.h"

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

static const char *
get_noun (const QkGivenUp *self)
{
  static const char *const nouns[QK_N_CHANGE_KINDS] = {
      [QK_CHANGE_RESEND] = "resend",       [QK_CHANGE_PURGE] = "purge",
      [QK_CHANGE_SEND] = "sending",        [QK_CHANGE_SET_RECIPIENT] = "redirection",
      [QK_CHANGE_SET_PRIORITY] = "change", [QK_CHANGE_EDIT] = "change",
      [QK_CHANGE_RESTORE] = "restoring",   [QK_CHANGE_FIX] = "fix",
  };

  return self->mixed ? "change" : nouns[self->kind];
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

  return g_strdup_printf ("your %s of %u %s", get_noun (self), self->n_messages,
                          self->n_messages == 1 ? "message" : "messages");
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
  return g_strdup_printf ("Another program keeps saving an old list: %s was undone %u %s in %d s. "
                          "It is not in effect. Stop or restart the queue processor, then retry.",
                          name, self->n_repairs, self->n_repairs == 1 ? "time" : "times",
                          (int) MAX (seconds, 1));
}
