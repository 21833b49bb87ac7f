#include "qk-lock-event.h"

#include "platform/qk-platform.h"

#include <glib/gi18n-lib.h>

G_DEFINE_BOXED_TYPE (QkLockEvent, qk_lock_event, qk_lock_event_copy, qk_lock_event_free)

static const struct {
  const char *name;
  const char *label;
} kinds[QK_N_LOCK_KINDS] = {
    [QK_LOCK_KIND_ACCESS_DENIED] = {"access-denied", N_ ("access denied")},
    [QK_LOCK_KIND_IN_USE] = {"in-use", N_ ("file in use")},
    [QK_LOCK_KIND_LOCK_HELD] = {"lock-held", N_ ("lock held by another writer")},
    [QK_LOCK_KIND_ABSENT] = {"absent", N_ ("file absent: a writer is between unlink and rename")},
    [QK_LOCK_KIND_TORN] = {"torn", N_ ("file incomplete: a writer is in the middle of it")},
    [QK_LOCK_KIND_CONFLICT] = {"conflict", N_ ("another writer saved in between: merged")},
    [QK_LOCK_KIND_OVERWRITE] = {"overwrite", N_ ("another writer saved an old list: put right")},
};

/**
 * qk_lock_event_copy:
 * @self: an event
 *
 * Returns: (transfer full): a copy
 */
QkLockEvent *
qk_lock_event_copy (const QkLockEvent *self)
{
  QkLockEvent *copy = g_memdup2 (self, sizeof *self);

  if (copy->holder != NULL)
    qk_holder_ref (copy->holder);
  return copy;
}

/**
 * qk_lock_event_free:
 * @self: (transfer full): an event
 *
 * Frees it.
 */
void
qk_lock_event_free (QkLockEvent *self)
{
  g_clear_pointer (&self->holder, qk_holder_unref);
  g_free (self);
}

/**
 * qk_lock_kind_get_name:
 * @kind: a kind of event
 *
 * Returns: its name for machines
 */
const char *
qk_lock_kind_get_name (QkLockKind kind)
{
  g_return_val_if_fail ((guint) kind < QK_N_LOCK_KINDS, NULL);

  return kinds[kind].name;
}

/**
 * qk_lock_kind_get_label:
 * @kind: a kind of event
 *
 * Returns: its name for people
 */
const char *
qk_lock_kind_get_label (QkLockKind kind)
{
  g_return_val_if_fail ((guint) kind < QK_N_LOCK_KINDS, NULL);

  return _ (kinds[kind].label);
}

/* What Windows calls them, in the words of its own messages made short. */
static const char *
get_winerror_words (int code)
{
  switch (code)
    {
    case 5:
      return _ ("access denied");
    case 32:
      return _ ("in use by another process");
    case 33:
      return _ ("a part is locked by another process");
    default:
      return NULL;
    }
}

/**
 * qk_lock_event_dup_code:
 * @self: an event
 *
 * Returns: (transfer full) (nullable): its code with its name, such as `EBUSY 16` or
 *   `WinError 32, in use by another process`; %NULL where it has none
 */
char *
qk_lock_event_dup_code (const QkLockEvent *self)
{
  const char *words;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->code == 0)
    return NULL;
  if (!self->winerror)
    return g_strdup_printf ("%s %d", qk_platform_get_code_name (self->code), self->code);
  words = get_winerror_words (self->code);
  return words != NULL ? g_strdup_printf (_ ("WinError %d, %s"), self->code, words)
                       : g_strdup_printf (_ ("WinError %d"), self->code);
}

/* What happened, and what comes of it. */
static char *
say_outcome (const QkLockEvent *self, const char *what)
{
  double delay = (double) self->delay / G_USEC_PER_SEC;

  if (self->outcome == QK_LOCK_OUTCOME_MERGED)
    return g_strdup (what);
  if (self->attempts == 0)
    {
      if (self->outcome == QK_LOCK_OUTCOME_RETRY)
        return g_strdup_printf (_ ("%s, next in %g s"), what, delay);
      return self->outcome == QK_LOCK_OUTCOME_GIVE_UP ? g_strdup_printf (_ ("%s, giving up"), what)
                                                      : g_strdup (what);
    }
  if (self->outcome == QK_LOCK_OUTCOME_RETRY)
    return g_strdup_printf (_ ("%s, attempt %u of %u, next in %g s"), what, self->attempt,
                            self->attempts, delay);
  if (self->outcome == QK_LOCK_OUTCOME_GIVE_UP)
    return g_strdup_printf (_ ("%s, attempt %u of %u, giving up"), what, self->attempt,
                            self->attempts);
  return g_strdup_printf (_ ("%s, attempt %u of %u"), what, self->attempt, self->attempts);
}

/**
 * qk_lock_event_describe:
 * @self: an event
 *
 * Returns: (transfer full): one line: what happened with its code, which attempt it was, how long
 *   the next one waits, and who holds the file
 */
char *
qk_lock_event_describe (const QkLockEvent *self)
{
  const char *label;
  g_autofree char *code = NULL, *what = NULL, *text = NULL, *holder = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  label = _ (kinds[self->kind].label);
  code = qk_lock_event_dup_code (self);
  what = code != NULL ? g_strdup_printf ("%s (%s)", label, code) : g_strdup (label);
  text = say_outcome (self, what);
  if (self->holder == NULL)
    return g_steal_pointer (&text);
  holder = qk_holder_describe (self->holder);
  return g_strdup_printf (C_ ("list", "%s, %s"), text, holder);
}
