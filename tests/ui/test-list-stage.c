#include "qk-list-stage.h"

#include <gio/gio.h>

/* A stage against the simplest model of it, with a view that keeps widgets for the rows around some
 * position, as GTK does. */

#define N_IDS     2000
#define N_WIDGETS 200

typedef struct {
  QkListStage *stage;
  GArray *mirror; /* what a view knows */
  guint top;      /* of the rows with widgets */
  gboolean seen[N_IDS];
  guint n_made; /* widgets, in this step */
} Fixture;

static gboolean
is_seen_cb (guint item, gpointer data)
{
  return ((Fixture *) data)->seen[item];
}

/* Gives widgets to the rows that are to have some, and counts those that had none. */
static void
show (Fixture *fixture)
{
  gboolean before[N_IDS];

  memcpy (before, fixture->seen, sizeof before);
  memset (fixture->seen, 0, sizeof fixture->seen);
  fixture->top = MIN (fixture->top, fixture->mirror->len);
  for (guint i = fixture->top; i < MIN (fixture->mirror->len, fixture->top + N_WIDGETS); i++)
    {
      guint item = g_array_index (fixture->mirror, guint, i);

      fixture->seen[item] = TRUE;
      fixture->n_made += !before[item];
    }
}

static void
changed_cb (guint position, guint removed, guint added, gpointer data)
{
  Fixture *fixture = data;
  GArray *items = qk_list_stage_get_items (fixture->stage);

  g_assert_cmpuint (position + removed, <=, fixture->mirror->len);
  if (removed > 0)
    g_array_remove_range (fixture->mirror, position, removed);
  if (added > 0)
    g_array_insert_vals (fixture->mirror, position, &g_array_index (items, guint, position), added);
  g_assert_cmpmem (fixture->mirror->data, fixture->mirror->len * sizeof (guint), items->data,
                   items->len * sizeof (guint));
  show (fixture);
}

static void
renewed_cb (gpointer data)
{
}

static const QkListStageFuncs funcs = {is_seen_cb, renewed_cb, changed_cb};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->stage = qk_list_stage_new (&funcs, fixture);
  fixture->mirror = g_array_new (FALSE, FALSE, sizeof (guint));
  qk_list_stage_set_paced (fixture->stage, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_list_stage_free (fixture->stage);
  g_array_unref (fixture->mirror);
}

static gboolean
never_kept (guint id, gconstpointer data)
{
  return FALSE;
}

static void
change (Fixture *fixture, GArray *order)
{
  g_autoptr (GArray) edits =
      qk_list_edits_new (qk_list_stage_get_items (fixture->stage), order, never_kept, NULL);

  qk_list_stage_change (fixture->stage, order, edits);
}

static GArray *
make_order (guint first, guint n_items, guint step)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < n_items; i++)
    {
      guint item = (first + i * step) % N_IDS;

      g_array_append_val (order, item);
    }
  return order;
}

static void
finish (Fixture *fixture)
{
  while (qk_list_stage_step (fixture->stage))
    ;
}

static void
assert_on_stage (Fixture *fixture, GArray *order)
{
  g_assert_false (qk_list_stage_is_changing (fixture->stage));
  g_assert_cmpmem (fixture->mirror->data, fixture->mirror->len * sizeof (guint), order->data,
                   order->len * sizeof (guint));
}

/* However much changes, few widgets are made in one step. */
static void
test_few_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) first = make_order (0, 1000, 1);
  g_autoptr (GArray) other = make_order (1000, 900, 1);
  GArray *const orders[] = {first, other, first};
  guint n_steps = 0;

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      change (fixture, orders[i]);
      do
        {
          fixture->n_made = 0;
          (void) qk_list_stage_step (fixture->stage);
          g_assert_cmpuint (fixture->n_made, <=, QK_LIST_STAGE_ROWS * 2);
          n_steps++;
        }
      while (qk_list_stage_is_changing (fixture->stage));
      assert_on_stage (fixture, orders[i]);
    }
  g_assert_cmpuint (n_steps, <, 300);
}

/* What nobody sees takes one step. */
static void
test_unseen_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) before = make_order (0, 1000, 1);
  g_autoptr (GArray) after = make_order (0, 600, 1);

  change (fixture, before);
  finish (fixture);
  change (fixture, after);
  fixture->n_made = 0;
  g_assert_false (qk_list_stage_step (fixture->stage));
  g_assert_cmpuint (fixture->n_made, ==, 0);
  assert_on_stage (fixture, after);
}

static void
test_any_change (Fixture *fixture, gconstpointer data)
{
  for (guint round = 0; round < 400; round++)
    {
      g_autoptr (GArray) order =
          make_order ((guint) g_test_rand_int_range (0, N_IDS),
                      (guint) g_test_rand_int_range (0, 900), g_test_rand_bit () ? 1 : 7);

      fixture->top = (guint) g_test_rand_int_range (0, 500);
      show (fixture);
      change (fixture, order);
      for (gint n = g_test_rand_int_range (0, 20); n > 0; n--)
        (void) qk_list_stage_step (fixture->stage);
      if (g_test_rand_bit ())
        continue;
      finish (fixture);
      assert_on_stage (fixture, order);
    }
}

static void
test_unpaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) order = make_order (0, 1000, 1);

  qk_list_stage_set_paced (fixture->stage, FALSE);
  change (fixture, order);
  g_assert_false (qk_list_stage_step (fixture->stage));
  assert_on_stage (fixture, order);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/ui/list-stage/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("few-at-once", test_few_at_once);
  ADD ("unseen-at-once", test_unseen_at_once);
  ADD ("any-change", test_any_change);
  ADD ("unpaced", test_unpaced);
  return g_test_run ();
}
