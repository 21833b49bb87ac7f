#include "qk-fake-store.h"
#include "qk-state-pill.h"
#include "qk-test-util.h"
#include "qk-ui-test.h"

/* What the state pill says, and when. */

#define PATIENCE_MS 10000

typedef struct {
  QkFakeStore *store;
  QkStatePill *pill; /* with a reference of its own */
  const char *expected;
  gboolean looked;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->store = qk_fake_store_new ();
  fixture->pill = g_object_ref_sink (g_object_new (QK_TYPE_STATE_PILL, NULL));
  qk_state_pill_set_store (fixture->pill, QK_STORE (fixture->store));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_state_pill_set_store (fixture->pill, NULL);
  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->pill);
}

#define assert_says(fixture, text)                                                                 \
  g_assert_cmpstr (qk_state_pill_get_text (fixture->pill), ==, text)

static gboolean
says (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_str_equal (qk_state_pill_get_text (fixture->pill), fixture->expected);
}

static void
wait_until_says (Fixture *fixture, const char *text)
{
  fixture->expected = text;
  if (!qk_test_wait (says, fixture, PATIENCE_MS))
    assert_says (fixture, text);
}

static void
test_states (Fixture *fixture, gconstpointer data)
{
  assert_says (fixture, "Live");
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_DAMAGED);
  assert_says (fixture, "Damaged");
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_GONE);
  assert_says (fixture, "Gone");
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_UNREADABLE);
  assert_says (fixture, "Unreadable");
}

static gboolean
look_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  assert_says (fixture, "Live");
  fixture->looked = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
has_looked (gpointer user_data)
{
  return ((Fixture *) user_data)->looked;
}

/* A moment's absence, as the swarm makes one with each save, is not shown; a longer one is. */
static void
test_passing (Fixture *fixture, gconstpointer data)
{
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_WAITING);
  /* Before whatever else is due then, so that a slow machine changes nothing. */
  g_timeout_add_full (G_PRIORITY_HIGH, 50, look_cb, fixture, NULL);
  g_assert_true (qk_test_wait (has_looked, fixture, PATIENCE_MS));
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_LIVE);
  assert_says (fixture, "Live");
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_WAITING);
  wait_until_says (fixture, "Waiting for the writer");
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_LIVE);
  assert_says (fixture, "Live");
}

static void
test_retry (Fixture *fixture, gconstpointer data)
{
  qk_fake_store_set_saving (fixture->store, TRUE);
  wait_until_says (fixture, "Writing");
  qk_fake_store_retry (fixture->store, 3, 600000);
  assert_says (fixture, "Writing · attempt 3 of 8 · next in 0.6 s");
  wait_until_says (fixture, "Writing · attempt 3 of 8 · next in 0.3 s");
  wait_until_says (fixture, "Writing · attempt 4 of 8");
  qk_fake_store_retry (fixture->store, 4, 1200000);
  assert_says (fixture, "Writing · attempt 4 of 8 · next in 1.2 s");
  qk_fake_store_set_saving (fixture->store, FALSE);
  assert_says (fixture, "Live");
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

#define ADD(path, function)                                                                        \
  if (has_display)                                                                                 \
  g_test_add ("/ui/state-pill/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("states", test_states);
  ADD ("passing", test_passing);
  ADD ("retry", test_retry);
  return qk_ui_test_run (has_display);
}
