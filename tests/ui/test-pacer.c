#include "qk-pacer.h"

/* When which of many changes are due. */

/* Nothing is looked at but which they are. */
static GPtrArray *
make_drafts (guint n)
{
  const QkDraft draft = {.sender = "A", .recipient = "B", .content = "C", .priority = "low"};
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (changes, qk_change_new_send (&draft));
  return changes;
}

static void
assert_takes (QkPacer *pacer, gint64 now_ms, GPtrArray *changes, guint first, guint n)
{
  g_autoptr (GPtrArray) set = qk_pacer_take (pacer, now_ms * 1000);

  g_assert_cmpuint (set != NULL ? set->len : 0, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_true (set->pdata[i] == changes->pdata[first + i]);
}

static void
test_pace (void)
{
  g_autoptr (GPtrArray) changes = make_drafts (17);
  g_autoptr (QkPacer) pacer = qk_pacer_new (changes, 5);

  g_assert_cmpint (qk_pacer_get_rest (pacer), ==, 4 * G_USEC_PER_SEC);
  g_assert_cmpint (qk_pacer_get_delay (pacer, 0), ==, 0);
  assert_takes (pacer, 0, changes, 0, 5);
  /* Never two at a time, however late it is. */
  assert_takes (pacer, 60000, changes, 0, 0);
  g_assert_cmpint (qk_pacer_get_delay (pacer, 0), ==, QK_PACER_NEVER);
  qk_pacer_settle (pacer);
  g_assert_cmpint (qk_pacer_get_delay (pacer, 400000), ==, 600000);
  assert_takes (pacer, 999, changes, 0, 0);
  assert_takes (pacer, 1000, changes, 5, 5);
  qk_pacer_settle (pacer);
  /* Time that has passed is not made up for. */
  assert_takes (pacer, 9000, changes, 10, 5);
  qk_pacer_settle (pacer);
  assert_takes (pacer, 9500, changes, 0, 0);
  g_assert_cmpuint (qk_pacer_get_n_left (pacer), ==, 2);
  assert_takes (pacer, 10000, changes, 15, 2);
  g_assert_false (qk_pacer_is_over (pacer));
  qk_pacer_settle (pacer);
  g_assert_true (qk_pacer_is_over (pacer));
  g_assert_cmpuint (qk_pacer_get_n_settled (pacer), ==, 17);
  assert_takes (pacer, 20000, changes, 0, 0);
}

static void
test_pace_interrupted (void)
{
  g_autoptr (GPtrArray) changes = make_drafts (9);
  g_autoptr (QkPacer) pacer = qk_pacer_new (changes, 3);

  assert_takes (pacer, 0, changes, 0, 3);
  qk_pacer_give_back (pacer);
  assert_takes (pacer, 1000, changes, 0, 3);
  qk_pacer_settle (pacer);
  qk_pacer_set_paused (pacer, TRUE);
  g_assert_cmpint (qk_pacer_get_delay (pacer, 0), ==, QK_PACER_NEVER);
  assert_takes (pacer, 5000, changes, 0, 0);
  qk_pacer_set_paused (pacer, FALSE);
  assert_takes (pacer, 5000, changes, 3, 3);
  /* What is given away is on its way: it is settled, and nothing comes after it. */
  qk_pacer_cancel (pacer);
  g_assert_false (qk_pacer_is_over (pacer));
  qk_pacer_settle (pacer);
  g_assert_true (qk_pacer_is_over (pacer));
  g_assert_cmpuint (qk_pacer_get_n_settled (pacer), ==, 6);
}

/* Given back after it was cancelled, a set is not due again. */
static void
test_pace_cancelled (void)
{
  g_autoptr (GPtrArray) changes = make_drafts (9);
  g_autoptr (QkPacer) pacer = qk_pacer_new (changes, 3);

  assert_takes (pacer, 0, changes, 0, 3);
  qk_pacer_cancel (pacer);
  qk_pacer_give_back (pacer);
  g_assert_true (qk_pacer_is_over (pacer));
  g_assert_cmpuint (qk_pacer_get_n_settled (pacer), ==, 0);
  assert_takes (pacer, 1000, changes, 0, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pacer/pace", test_pace);
  g_test_add_func ("/pacer/interrupted", test_pace_interrupted);
  g_test_add_func ("/pacer/cancelled", test_pace_cancelled);
  return g_test_run ();
}
