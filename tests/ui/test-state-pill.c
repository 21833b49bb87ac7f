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

static void
test_wait_words (void)
{
  static const struct {
    QkStoreState state;
    gboolean torn;
    gint64 waited;
    const char *text;
    const char *sentence;
  } cases[] = {
      {QK_STORE_STATE_WAITING, FALSE, 2 * G_TIME_SPAN_SECOND,
       "File missing for 2 s; your changes wait",
       "The queue file is missing for 2 s; your changes wait."},
      {QK_STORE_STATE_WAITING, TRUE, 1999999, "File damaged for 1 s; your changes wait",
       "The queue file is damaged for 1 s; your changes wait."},
      {QK_STORE_STATE_GONE, TRUE, 61 * G_TIME_SPAN_SECOND,
       "File missing for 61 s; your changes wait",
       "The queue file is missing for 61 s; your changes wait."},
      {QK_STORE_STATE_DAMAGED, FALSE, 3 * G_TIME_SPAN_SECOND,
       "File damaged for 3 s; your changes wait",
       "The queue file is damaged for 3 s; your changes wait."},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = NULL;
      g_autofree char *text =
          qk_state_pill_describe_wait (cases[i].state, cases[i].torn, cases[i].waited, &sentence);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (sentence, ==, cases[i].sentence);
    }
}

/* Changes on their way wait for a file that is not there: the seconds are counted. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  qk_fake_store_obstruct (fixture->store, QK_LOCK_KIND_TORN);
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_WAITING);
  qk_fake_store_set_saving (fixture->store, TRUE);
  wait_until_says (fixture, "Writing");
  wait_until_says (fixture, "File damaged for 1 s; your changes wait");
  qk_fake_store_obstruct (fixture->store, QK_LOCK_KIND_ABSENT);
  wait_until_says (fixture, "File missing for 2 s; your changes wait");
  /* The writer's attempts go on; what holds them up is more to the point. */
  qk_fake_store_retry (fixture->store, 3, 600000);
  assert_says (fixture, "File missing for 2 s; your changes wait");
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_LIVE);
  g_assert_true (g_str_has_prefix (qk_state_pill_get_text (fixture->pill), "Writing · attempt 3"));
  qk_fake_store_set_state (fixture->store, QK_STORE_STATE_WAITING);
  g_assert_true (g_str_has_prefix (qk_state_pill_get_text (fixture->pill), "Writing · attempt 3"));
  qk_fake_store_set_saving (fixture->store, FALSE);
  wait_until_says (fixture, "Waiting for the writer");
}

static void
test_guarded (Fixture *fixture, gconstpointer data)
{
  static const struct {
    guint n;
    const char *expected;
  } cases[] = {
      {1, "Watching over 1 change"},
      {3, "Watching over 3 changes"},
      {0, NULL},
  };

  g_assert_null (qk_state_pill_get_guarded (fixture->pill));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      qk_fake_store_set_n_guarded (fixture->store, cases[i].n);
      g_assert_cmpstr (qk_state_pill_get_guarded (fixture->pill), ==, cases[i].expected);
      assert_says (fixture, "Live");
    }
  /* It gives way to what is being written. */
  qk_fake_store_set_n_guarded (fixture->store, 3);
  qk_fake_store_set_saving (fixture->store, TRUE);
  wait_until_says (fixture, "Writing");
  g_assert_null (qk_state_pill_get_guarded (fixture->pill));
  qk_fake_store_set_saving (fixture->store, FALSE);
  g_assert_cmpstr (qk_state_pill_get_guarded (fixture->pill), ==, "Watching over 3 changes");
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
  ADD ("held", test_held);
  ADD ("guarded", test_guarded);
  if (has_display)
    g_test_add_func ("/ui/state-pill/wait-words", test_wait_words);
  return qk_ui_test_run (has_display);
}
