#include "qk-swarm.h"

#include "qk-time.h"

#include <string.h>

/* What a queue tells of its swarm, in exact figures. */

#define NOW (G_GINT64_CONSTANT (1770000000) * G_USEC_PER_SEC)

static const char *const members[] = {"Agent-1", "Agent-2", "Agent-3", NULL};

static void
append (GString *json,
        const char *from,
        const char *to,
        const char *content,
        const char *status,
        gint64 age_s,
        gint64 updated_s)
{
  g_autofree char *created = qk_wall_format (NOW - age_s * G_USEC_PER_SEC);
  g_autofree char *updated = qk_wall_format (NOW - updated_s * G_USEC_PER_SEC);

  if (json->len > 1)
    g_string_append_c (json, ',');
  g_string_append_printf (json,
                          "{\"message\":{\"sender\":\"%s\",\"recipient\":\"%s\","
                          "\"content\":\"%s\"},\"status\":\"%s\"",
                          from, to, content, status);
  if (age_s >= 0)
    g_string_append_printf (json, ",\"created_at\":\"%s\"", created);
  g_string_append_printf (json, ",\"updated_at\":\"%s\"}", updated);
}

static QkSwarm *
read_queue (GString *json)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  g_string_append_c (json, ']');
  bytes = g_bytes_new (json->str, json->len);
  document = qk_document_new (bytes, NULL, NULL, &error);
  g_assert_no_error (error);
  return qk_swarm_new (document, members, NOW);
}

/* "1 0 0 2 0 0 0 = 3": by age. */
static char *
describe_pending (const QkSwarmAgent *agent)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < QK_SWARM_N_AGES; i++)
    g_string_append_printf (text, "%u ", agent->pending[i]);
  g_string_append_printf (text, "= %u", agent->n_pending);
  return g_string_free (text, FALSE);
}

static void
test_ages (void)
{
  static const int ages_s[] = {-5, 59, 60, 299, 300, 3599, 3600, 86399, 86400, 604799, 604800};
  g_autoptr (GString) json = g_string_new ("[");
  g_autoptr (QkSwarm) swarm = NULL;
  g_autofree char *pending = NULL, *others = NULL;
  const QkSwarmAgent *agent;

  append (json, "a", "Agent-2", "none", "PENDING", -1, 0);
  for (guint i = 1; i < G_N_ELEMENTS (ages_s); i++)
    append (json, "a", "Agent-2", "x", "PENDING", ages_s[i], 0);
  append (json, "a", "Agent-2", "x", "DELIVERED", 999999, 7);
  swarm = read_queue (json);
  g_assert_cmpuint (swarm->n_members, ==, 3);
  agent = swarm->agents->pdata[1];
  pending = describe_pending (agent);
  g_assert_cmpstr (pending, ==, "1 2 2 2 2 1 1 = 11");
  g_assert_cmpint (agent->oldest_pending, ==, NOW - 7 * G_TIME_SPAN_DAY);
  others = describe_pending (swarm->agents->pdata[0]);
  g_assert_cmpstr (others, ==, "0 0 0 0 0 0 0 = 0");
  g_assert_cmpint (((QkSwarmAgent *) swarm->agents->pdata[0])->oldest_pending, ==, QK_WALL_NONE);
}

static void
test_states (void)
{
  g_autoptr (GString) json = g_string_new ("[");
  g_autoptr (QkSwarm) swarm = NULL;
  const QkSwarmAgent *agent;

  append (json, "a", "Agent-1", "1", "PROCESSING", 90, 60);
  append (json, "a", "Agent-1", "2", "PROCESSING", 90, 61);
  append (json, "a", "Agent-1", "3", "FAILED", 90, 1);
  append (json, "a", "Agent-1", "4", "EXPIRED", 90, 1);
  append (json, "a", "Agent-1", "5", "DELIVERED", 90, 50);
  append (json, "a", "Agent-1", "6", "DELIVERED", 95, 40);
  append (json, "a", "Agent-1", "7", "strange", 90, 1);
  append (json, "a", "\\u0041gent-1", "8", "FAILED", 90, 1);
  append (json, "Agent-1", "x", "9", "FAILED", 70, 1);
  append (json, "Agent\\u002d1", "x", "9", "FAILED", 30, 1);
  swarm = read_queue (json);
  agent = swarm->agents->pdata[0];
  g_assert_cmpuint (agent->total, ==, 8);
  g_assert_cmpuint (agent->n_processing, ==, 2);
  g_assert_cmpuint (agent->n_stuck, ==, 1);
  g_assert_cmpuint (agent->n_failed, ==, 3);
  g_assert_cmpuint (agent->n_delivered, ==, 2);
  g_assert_cmpint (agent->last_delivered, ==, NOW - 40 * G_USEC_PER_SEC);
  g_assert_cmpint (agent->last_sent, ==, NOW - 30 * G_USEC_PER_SEC);
  g_assert_cmpint (qk_swarm_agent_get_last_sign (agent), ==, NOW - 30 * G_USEC_PER_SEC);
}

static void
test_silent (void)
{
  g_autoptr (GString) json = g_string_new ("[");
  g_autoptr (QkSwarm) swarm = NULL;

  append (json, "Agent-1", "CAPTAIN", "1", "DELIVERED", QK_SWARM_SILENT_S, 0);
  append (json, "a", "Agent-2", "2", "DELIVERED", 9999, QK_SWARM_SILENT_S + 1);
  append (json, "a", "Agent-3", "3", "PENDING", 5, 5);
  swarm = read_queue (json);
  g_assert_cmpuint (swarm->agents->len, ==, 4);
  g_assert_false (qk_swarm_agent_is_silent (swarm->agents->pdata[0], NOW));
  g_assert_true (qk_swarm_agent_is_silent (swarm->agents->pdata[0], NOW + G_USEC_PER_SEC));
  g_assert_true (qk_swarm_agent_is_silent (swarm->agents->pdata[1], NOW));
  /* That something waits for it is no sign of it. */
  g_assert_true (qk_swarm_agent_is_silent (swarm->agents->pdata[2], NOW));
  g_assert_cmpint (qk_swarm_agent_get_last_sign (swarm->agents->pdata[2]), ==, QK_WALL_NONE);
  /* Who is no agent is never silent. */
  g_assert_false (qk_swarm_agent_is_silent (swarm->agents->pdata[3], NOW + 9 * G_TIME_SPAN_DAY));
}

/* Agents come first, as they were given; others after them, in natural order. */
static void
test_unknown (void)
{
  g_autoptr (GString) json = g_string_new ("[");
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (QkSwarm) swarm = NULL;

  append (json, "a", "so", "1", "PENDING", 5, 5);
  append (json, "a", "Agent-10", "2", "DELIVERED", 5, 5);
  append (json, "a", "CAPTAIN", "3", "PENDING", 5, 5);
  append (json, "a", "agent_3", "4", "PENDING", 5, 5);
  append (json, "a", "Agent-9", "5", "FAILED", 5, 5);
  append (json, "a", "", "6", "PENDING", 5, 5);
  swarm = read_queue (json);
  for (guint i = 0; i < swarm->agents->len; i++)
    {
      const QkSwarmAgent *agent = swarm->agents->pdata[i];

      g_string_append_printf (found, "%s%s%s%s;", agent->name, agent->is_member ? "*" : "",
                              agent->is_unknown ? "?" : "",
                              agent->guess != NULL ? agent->guess : "");
    }
  g_assert_cmpstr (found->str, ==,
                   "Agent-1*;Agent-2*;Agent-3*;Agent-9?;Agent-10?;?;CAPTAIN;agent_3?Agent-3;so?;");
}

/* "loop 5 p2 600 s every 150 s": what is said again and again, a line each. */
static char *
describe_repeats (const QkSwarm *swarm)
{
  static const char *const kinds[] = {"same", "loop", "ping-pong"};
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < swarm->repeats->len; i++)
    {
      const QkSwarmRepeat *repeat = swarm->repeats->pdata[i];
      g_autofree char *to = qk_entry_dup_field (repeat->entry, QK_FIELD_RECIPIENT);

      g_string_append_printf (text, "%s to %s %u p%u", kinds[repeat->kind], to, repeat->n_entries,
                              repeat->n_pending);
      if (repeat->first != QK_WALL_NONE)
        g_string_append_printf (text, " %" G_GINT64_FORMAT " s every %" G_GINT64_FORMAT " s",
                                (repeat->last - repeat->first) / G_USEC_PER_SEC,
                                repeat->pause / G_USEC_PER_SEC);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static void
assert_repeats (GString *json, const char *expected)
{
  g_autoptr (QkSwarm) swarm = read_queue (json);
  g_autofree char *found = describe_repeats (swarm);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_duplicates (void)
{
  g_autoptr (GString) json = g_string_new ("[");

  /* Twice is not often. */
  append (json, "a", "Agent-1", "twice", "PENDING", 10, 0);
  append (json, "a", "Agent-1", "twice", "PENDING", 9, 0);
  /* Three times, however it is spelled. */
  append (json, "a", "Agent-2", "\xc3\xa4", "PENDING", 100, 0);
  append (json, "a", "Agent-2", "\\u00e4", "DELIVERED", 90, 0);
  append (json, "a", "Agent\\u002d2", "\\u00E4", "PENDING", 10, 0);
  /* A broadcast says the same to several, which is no repetition. */
  for (guint i = 0; i < 3; i++)
    append (json, "CAPTAIN", members[i], "to all", "PENDING", 10, 0);
  /* The same, from several. */
  append (json, "a", "Agent-1", "by several", "PENDING", 10, 0);
  append (json, "b", "Agent-1", "by several", "PENDING", 10, 0);
  append (json, "c", "Agent-1", "by several", "PENDING", 10, 0);
  /* Nothing at all is not said. */
  for (guint i = 0; i < 4; i++)
    append (json, "a", "Agent-1", "", "PENDING", 10, 0);
  /* Without times, and without a sender. */
  for (guint i = 0; i < 4; i++)
    append (json, "", "Agent-3", "bare", "FAILED", -1, 0);
  assert_repeats (json, "same to Agent-3 4 p0\nsame to Agent-2 3 p2 90 s every 80 s\n");
}

static void
test_loop (void)
{
  static const int uneven_s[] = {0, 1, 2, 3, 500, 900, 2000};
  g_autoptr (GString) json = g_string_new ("[");

  for (int i = 0; i < 577; i++)
    append (json, "CAPTAIN", "Agent-4", "again", i < 7 ? "PENDING" : "DELIVERED",
            30 * i + (i % 3 == 0 ? 9 : 0), 0);
  for (guint i = 0; i < G_N_ELEMENTS (uneven_s); i++)
    append (json, "CAPTAIN", "Agent-1", "now and then", "DELIVERED", uneven_s[i], 0);
  for (int i = 0; i < 4; i++)
    append (json, "CAPTAIN", "Agent-1", "too few", "DELIVERED", 60 * i, 0);
  /* All at once is a burst, and has no pace. */
  for (int i = 0; i < 6; i++)
    append (json, "CAPTAIN", "Agent-2", "at once", "DELIVERED", 60, 0);
  assert_repeats (json, "loop to Agent-4 577 p7 17280 s every 30 s\n"
                        "same to Agent-1 7 p0 2000 s every 400 s\n"
                        "same to Agent-2 6 p0 0 s every 0 s\n"
                        "same to Agent-1 4 p0 180 s every 60 s\n");
}

static void
test_ping_pong (void)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (int i = 0; i < 7; i++)
    append (json, i % 2 == 0 ? "Agent-1" : "Agent-2", i % 2 == 0 ? "Agent-2" : "Agent-1", "thanks",
            "DELIVERED", 100 - 10 * i, 0);
  /* One answer makes no conversation, and neither do a few to many. */
  for (int i = 0; i < 5; i++)
    append (json, "Agent-3", "Agent-1", "hello", "PENDING", i * i * 100, 0);
  append (json, "Agent-1", "Agent-3", "hello", "PENDING", 3, 0);
  /* To oneself there is only one way. */
  for (int i = 0; i < 3; i++)
    append (json, "Agent-3", "Agent-3", "note", "PENDING", 0, 0);
  assert_repeats (json, "ping-pong to Agent-2 7 p0 60 s every 10 s\n"
                        "same to Agent-1 5 p5 1600 s every 500 s\n"
                        "same to Agent-3 3 p3 0 s every 0 s\n");
}

/* @n entries, evenly over the last hour unless @within_s says less. */
static gint64
forecast (guint n_old, guint n, int within_s)
{
  g_autoptr (GString) json = g_string_new ("[");
  g_autoptr (QkSwarm) swarm = NULL;

  for (guint i = 0; i < n_old; i++)
    g_string_append_printf (json, "%s%u", i > 0 ? "," : "", i);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *content = g_strdup_printf ("%u", i);

      append (json, "a", "Agent-1", content, "DELIVERED", (gint64) within_s * i / n, 0);
    }
  swarm = read_queue (json);
  g_assert_cmpuint (swarm->total, ==, n_old + n);
  return swarm->full_in;
}

static void
test_room (void)
{
  g_assert_cmpint (forecast (300, 100, 3600), ==, 6 * G_TIME_SPAN_HOUR);
  g_assert_cmpint (forecast (0, 0, 3600), ==, -1);
  g_assert_cmpint (forecast (900, 9, 3600), ==, -1);
  g_assert_cmpint (forecast (900, 10, 3600), ==, 9 * G_TIME_SPAN_HOUR);
  /* All of them within the last quarter of an hour. */
  g_assert_cmpint (forecast (300, 100, 900), ==, -1);
  g_assert_cmpint (forecast (0, 100, 30 * 3600), ==, -1);
  g_assert_cmpint (forecast (985, 14, 3600), ==, G_TIME_SPAN_HOUR / 14);
  g_assert_cmpint (forecast (990, 10, 3600), ==, 0);
  g_assert_cmpint (forecast (2000, 0, 3600), ==, 0);
}

static void
test_odd (void)
{
  g_autoptr (GString) json = g_string_new ("[7,\"x\",{},{\"message\":\"bare\"},null");
  g_autoptr (QkSwarm) swarm = read_queue (json);
  const QkSwarmAgent *nobody = swarm->agents->pdata[3];

  g_assert_cmpuint (swarm->agents->len, ==, 4);
  g_assert_cmpstr (nobody->name, ==, "");
  g_assert_true (nobody->is_unknown);
  g_assert_cmpuint (nobody->total, ==, 5);
  g_assert_cmpuint (swarm->repeats->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/swarm/ages", test_ages);
  g_test_add_func ("/swarm/states", test_states);
  g_test_add_func ("/swarm/silent", test_silent);
  g_test_add_func ("/swarm/unknown", test_unknown);
  g_test_add_func ("/swarm/duplicates", test_duplicates);
  g_test_add_func ("/swarm/loop", test_loop);
  g_test_add_func ("/swarm/ping-pong", test_ping_pong);
  g_test_add_func ("/swarm/room", test_room);
  g_test_add_func ("/swarm/odd", test_odd);
  return g_test_run ();
}
