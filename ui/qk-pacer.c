#include "qk-pacer.h"

struct _QkPacer {
  GPtrArray *changes; /* owned */
  guint per_second;
  guint n_settled;
  guint n_given; /* so many more are given away */
  guint end;     /* those from here on are not to be done */
  gint64 due;    /* when the next set is, by the clock of whoever asks */
  gboolean paused;
  gboolean cancelled;
};

/**
 * qk_pacer_new: (skip)
 * @changes: (element-type QkChange): what is to be done, in this order
 * @per_second: how many at most in a second, at least 1
 *
 * Returns: (transfer full): a pacer; the first set is due at once
 */
QkPacer *
qk_pacer_new (GPtrArray *changes, guint per_second)
{
  QkPacer *self = g_new0 (QkPacer, 1);

  g_assert (per_second > 0);
  self->changes = g_ptr_array_ref (changes);
  self->per_second = per_second;
  self->end = changes->len;
  self->due = G_MININT64;
  return self;
}

/**
 * qk_pacer_free: (skip)
 * @self: (transfer full): a pacer
 *
 * Frees it.
 */
void
qk_pacer_free (QkPacer *self)
{
  g_ptr_array_unref (self->changes);
  g_free (self);
}

static gboolean
has_more (const QkPacer *self)
{
  return self->n_given == 0 && !self->paused && self->n_settled < self->end;
}

/**
 * qk_pacer_take: (skip)
 * @self: a pacer
 * @now: the present, in microseconds
 *
 * Gives away the next set if it is due.
 *
 * Returns: (transfer full) (element-type QkChange) (nullable): the set
 */
GPtrArray *
qk_pacer_take (QkPacer *self, gint64 now)
{
  GPtrArray *set;

  if (!has_more (self) || now < self->due)
    return NULL;
  self->n_given = MIN (self->per_second, self->end - self->n_settled);
  self->due = now + G_USEC_PER_SEC;
  set = g_ptr_array_new_full (self->n_given, (GDestroyNotify) qk_change_unref);
  for (guint i = 0; i < self->n_given; i++)
    g_ptr_array_add (set, qk_change_ref (self->changes->pdata[self->n_settled + i]));
  return set;
}

/**
 * qk_pacer_settle: (skip)
 * @self: a pacer
 *
 * The set that was given away is done.
 */
void
qk_pacer_settle (QkPacer *self)
{
  self->n_settled += self->n_given;
  self->n_given = 0;
}

/**
 * qk_pacer_give_back: (skip)
 * @self: a pacer
 *
 * Nothing of the set that was given away is done.
 */
void
qk_pacer_give_back (QkPacer *self)
{
  self->n_given = 0;
  if (self->cancelled)
    self->end = self->n_settled;
}

/**
 * qk_pacer_get_delay: (skip)
 * @self: a pacer
 * @now: the present, in microseconds
 *
 * Returns: in how many microseconds the next set is due; %QK_PACER_NEVER while it is paused, while a
 *   set is given away, and when nothing is left
 */
gint64
qk_pacer_get_delay (const QkPacer *self, gint64 now)
{
  if (!has_more (self))
    return QK_PACER_NEVER;
  return self->due > now ? self->due - now : 0;
}

/**
 * qk_pacer_get_rest: (skip)
 * @self: a pacer
 *
 * Returns: how long it will take if nothing gets in the way, in microseconds
 */
gint64
qk_pacer_get_rest (const QkPacer *self)
{
  guint n_left = qk_pacer_get_n_left (self);

  return (gint64) ((n_left + self->per_second - 1) / self->per_second) * G_USEC_PER_SEC;
}

/**
 * qk_pacer_set_paused: (skip)
 * @self: a pacer
 * @paused: whether nothing more is due for the time being
 *
 * A set that is given away stays so.
 */
void
qk_pacer_set_paused (QkPacer *self, gboolean paused)
{
  self->paused = paused;
}

/**
 * qk_pacer_get_paused: (skip)
 * @self: a pacer
 *
 * Returns: whether it is paused
 */
gboolean
qk_pacer_get_paused (const QkPacer *self)
{
  return self->paused;
}

/**
 * qk_pacer_cancel: (skip)
 * @self: a pacer
 *
 * Nothing more is due, ever. A set that is given away is settled or given back as before.
 */
void
qk_pacer_cancel (QkPacer *self)
{
  self->cancelled = TRUE;
  self->end = self->n_settled + self->n_given;
}

/**
 * qk_pacer_is_over: (skip)
 * @self: a pacer
 *
 * Returns: whether nothing is left and nothing is given away
 */
gboolean
qk_pacer_is_over (const QkPacer *self)
{
  return self->n_given == 0 && self->n_settled >= self->end;
}

/**
 * qk_pacer_get_n_settled: (skip)
 * @self: a pacer
 *
 * Returns: how many changes are done
 */
guint
qk_pacer_get_n_settled (const QkPacer *self)
{
  return self->n_settled;
}

/**
 * qk_pacer_get_n_left: (skip)
 * @self: a pacer
 *
 * Returns: how many changes are neither done nor cancelled
 */
guint
qk_pacer_get_n_left (const QkPacer *self)
{
  return self->end - self->n_settled;
}
