#include "qk-agents.h"

#include <string.h>

/* Who is in a swarm, as its queue tells, and whom a name is likely to mean. */

static void
append (GString *json,
        const char *type,
        const char *from,
        const char *to,
        const char *status,
        guint text)
{
  g_string_append_printf (
      json,
      "%s{\"message\":{\"sender\":\"%s\",\"recipient\":\"%s\",\"content\":\"Text %u\","
      "\"message_type\":\"%s\"},\"status\":\"%s\"}",
      json->len > 1 ? "," : "", from, to, text, type, status);
}

/* The agents that a queue tells of, with spaces between; "-" where it tells nothing. */
static char *
find (GString *json)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) agents = NULL;

  g_string_append_c (json, ']');
  bytes = g_bytes_new (json->str, json->len);
  document = qk_document_new (bytes, NULL, NULL, &error);
  g_assert_no_error (error);
  agents = qk_agents_find (document);
  return agents != NULL ? g_strjoinv (" ", agents) : g_strdup ("-");
}

static void
append_broadcasts (GString *json, guint n, const char *const *to)
{
  for (guint i = 0; i < n; i++)
    for (guint k = 0; to[k] != NULL; k++)
      append (json, "broadcast", "CAPTAIN", to[k], "PENDING", i);
}

static void
test_broadcasts (void)
{
  static const char *const to[] = {"Agent-10", "Agent-2", "Scribe", "CAPTAIN", "ALL", NULL};
  g_autoptr (GString) json = g_string_new ("[");
  g_autofree char *found = NULL;

  append_broadcasts (json, QK_AGENTS_MIN_BROADCASTS, to);
  append (json, "broadcast", "CAPTAIN", "so", "PENDING", 0);
  append (json, "text", "CAPTAIN", "other", "DELIVERED", 0);
  found = find (json);
  g_assert_cmpstr (found, ==, "Agent-2 Agent-10 Scribe");
}

/* Few broadcasts tell nothing, even if they are many entries. */
static void
test_too_few (void)
{
  static const char *const to[] = {"Agent-1", "Agent-2", "Agent-3", NULL};
  g_autoptr (GString) json = g_string_new ("[");
  g_autofree char *found = NULL;

  append_broadcasts (json, QK_AGENTS_MIN_BROADCASTS - 1, to);
  append_broadcasts (json, QK_AGENTS_MIN_BROADCASTS - 1, to);
  found = find (json);
  g_assert_cmpstr (found, ==, "-");
}

/* Who missed every broadcast and is alive is missed; a name to which nothing was ever delivered is not. */
static void
test_alive (void)
{
  static const char *const to[] = {"Agent-1", "Agent-2", NULL};
  g_autoptr (GString) json = g_string_new ("[");
  g_autofree char *found = NULL;

  append_broadcasts (json, QK_AGENTS_MIN_BROADCASTS, to);
  append (json, "text", "CAPTAIN", "Agent-5", "DELIVERED", 0);
  append (json, "text", "Agent-6", "CAPTAIN", "PENDING", 0);
  append (json, "text", "CAPTAIN", "Agent-9", "FAILED", 0);
  found = find (json);
  g_assert_cmpstr (found, ==, "Agent-1 Agent-2 Agent-5 Agent-6");
}

static void
test_odd (void)
{
  g_autoptr (GString) json = g_string_new ("[7,\"x\",{},{\"message\":\"bare\"}");
  g_autofree char *found = find (json);

  g_assert_cmpstr (found, ==, "-");
}

static void
test_guess (void)
{
  static const char *const agents[] = {"Agent-1", "Agent-7", "Agent-10", "Scribe", "CAPTAIN", NULL};
  static const struct {
    const char *name;
    const char *guess;
  } cases[] = {
      {"agent-7", "Agent-7"},
      {"AGENT_07", "Agent-7"},
      {"Agent 7", "Agent-7"},
      {"Agent7", "Agent-7"},
      {"Agnet-7", "Agent-7"},
      {"Aget-7", "Agent-7"},
      {"Agentt-10", "Agent-10"},
      {"scrib", "Scribe"},
      {"Captain", "CAPTAIN"},
      {"Agent-9", NULL},
      {"Agent-70", NULL},
      {"Agent-01x", "Agent-1"},
      {"so", NULL},
      {"", NULL},
      {"7", NULL},
      {"Agent-", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].name);
      g_assert_cmpstr (qk_agents_guess (agents, cases[i].name), ==, cases[i].guess);
    }
}

/* Of two that are as near, neither is guessed. */
static void
test_guess_of_two (void)
{
  static const char *const agents[] = {"Scribe-a", "Scribe-b", NULL};

  g_assert_null (qk_agents_guess (agents, "Scribe-c"));
  g_assert_cmpstr (qk_agents_guess (agents + 1, "Scribe-c"), ==, "Scribe-b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agents/broadcasts", test_broadcasts);
  g_test_add_func ("/agents/too-few", test_too_few);
  g_test_add_func ("/agents/alive", test_alive);
  g_test_add_func ("/agents/odd", test_odd);
  g_test_add_func ("/agents/guess", test_guess);
  g_test_add_func ("/agents/guess-of-two", test_guess_of_two);
  return g_test_run ();
}
