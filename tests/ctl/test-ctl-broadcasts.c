#include "qk-ctl-fixture.h"
#include "qk-ctl-sample.h"

#include <string.h>

/* Two broadcasts, the older one to all; a message to one agent, and one that says the same twice. */
static const struct {
  const char *type;
  QkCtlEntry entry;
} queue[] = {
    {"broadcast", {"aa00-1", "DELIVERED", "Agent-1", "older", 7200, NULL}},
    {"broadcast", {"aa00-2", "DELIVERED", "Agent-2", "older", 7200, NULL}},
    {"broadcast", {"aa00-3", "DELIVERED", "Agent-3", "older", 7200, NULL}},
    {"broadcast", {"aa00-4", "DELIVERED", "Agent-4", "older", 7200, NULL}},
    {"broadcast", {"aa00-5", "DELIVERED", "Agent-5", "older", 7200, NULL}},
    {"broadcast", {"aa00-6", "DELIVERED", "Agent-6", "older", 7200, NULL}},
    {"broadcast", {"aa00-7", "DELIVERED", "Agent-7", "older", 7200, NULL}},
    {"broadcast", {"aa00-8", "DELIVERED", "Agent-8", "older", 7200, NULL}},
    {"human_to_agent", {"bb11-1", "DELIVERED", "Agent-1", "newer \\u001b[2J", 60, NULL}},
    {"human_to_agent", {"bb11-2", "PENDING", "Agent-2", "newer \\u001b[2J", 60, NULL}},
    {"human_to_agent", {"bb11-3", "PROCESSING", "Agent-3", "newer \\u001b[2J", 59, NULL}},
    {"human_to_agent", {"bb11-4", "FAILED", "Agent-4", "newer \\u001b[2J", 59, NULL}},
    {"human_to_agent", {"bb11-5", "DELIVERED", "Agent-5", "newer \\u001b[2J", 58, NULL}},
    {"human_to_agent", {"bb11-6", "DELIVERED", "Agent-6", "newer \\u001b[2J", 58, NULL}},
    {"human_to_agent", {"bb11-7", "DELIVERED", "Agent-7", "newer \\u001b[2J", 58, NULL}},
    {"agent_to_agent", {"cc22-1", "DELIVERED", "Agent-1", "for one", 60, NULL}},
};

static void
write_queue (QkCtlFixture *fixture)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < G_N_ELEMENTS (queue); i++)
    {
      g_autofree char *json = qk_ctl_entry_json (&queue[i].entry);
      g_autofree char *type = g_strdup_printf ("\"message_type\":\"%s\"", queue[i].type);
      g_auto (GStrv) parts = g_strsplit (json, "\"message_type\":\"text\"", -1);
      g_autofree char *typed = g_strjoinv (type, parts);

      g_assert_cmpuint (g_strv_length (parts), ==, 2);
      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", typed);
    }
  g_string_append_c (text, ']');
  qk_ctl_write (fixture, text->str, -1);
}

/* "Agent-4:bb11-4 Agent-8:" of all that is pending and was not before. */
static char *
describe_sent (QkCtlFixture *fixture)
{
  g_autoptr (JsonArray) entries = qk_ctl_read_entries (fixture);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);
      const char *id = json_object_get_string_member (entry, "queue_id");
      JsonObject *message = json_object_get_object_member (entry, "message");

      if (strcmp (json_object_get_string_member (entry, "status"), "PENDING") != 0 ||
          strcmp (id, "bb11-2") == 0)
        continue;
      g_string_append_printf (text, "%s%s:%s", text->len > 0 ? " " : "",
                              json_object_get_string_member (message, "recipient"),
                              i < G_N_ELEMENTS (queue) ? id : "");
    }
  return g_string_free (text, FALSE);
}

static void
test_list (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_auto (GStrv) lines = NULL;

  write_queue (fixture);
  run = qk_ctl_run ("broadcasts", fixture->path, NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->err, ==, "");
  qk_ctl_assert_harmless (run->out);
  lines = g_strsplit (run->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_prefix (lines[0], "ID "));
  g_assert_true (g_str_has_prefix (lines[1], "bb11-1 "));
  g_assert_nonnull (strstr (lines[1], " 4 of 8  Agent-4, Agent-8  newer ␛[2J"));
  g_assert_true (g_str_has_prefix (lines[2], "aa00-1 "));
  g_assert_nonnull (strstr (lines[2], " 8 of 8 "));
  g_assert_null (strstr (lines[2], "Agent-"));
}

/* Many are not all named. */
static void
test_many_missed (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry entries[] = {
      {"a", "DELIVERED", "Agent-1", "one", 20, NULL},
      {"b", "DELIVERED", "Agent-2", "one", 20, NULL},
      {"c", "DELIVERED", "Agent-4", "one", 20, NULL},
      {"d", "FAILED", "Agent-1", "all", 10, NULL},
      {"e", "FAILED", "Agent-2", "all", 10, NULL},
      {"f", "FAILED", "Agent-4", "all", 10, NULL},
  };
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write_entries (fixture, entries, G_N_ELEMENTS (entries));
  run = qk_ctl_run ("broadcasts", fixture->path, NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_nonnull (strstr (run->out, " 3 of 8  Agent-3, Agent-5, Agent-6 and 2 more  one\n"));
  g_assert_nonnull (strstr (run->out, " 0 of 8  everybody "));
}

static void
test_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *newest, *agents;

  write_queue (fixture);
  run = qk_ctl_run ("broadcasts", "--json", fixture->path, NULL);
  qk_ctl_assert_code (run, 0);
  node = qk_ctl_parse (run->out);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 2);
  newest = json_array_get_object_element (json_node_get_array (node), 0);
  agents = json_object_get_object_member (newest, "agents");
  g_assert_cmpstr (json_object_get_string_member (newest, "id"), ==, "bb11-1");
  g_assert_cmpstr (json_object_get_string_member (newest, "content"), ==, "newer \033[2J");
  g_assert_cmpint (json_object_get_int_member (newest, "expected"), ==, 8);
  g_assert_cmpint (json_object_get_int_member (newest, "delivered"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (newest, "missed"), ==, 2);
  g_assert_cmpuint (json_object_get_size (agents), ==, 8);
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (agents, "Agent-3"), "state"),
      ==, "processing");
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (agents, "Agent-4"), "id"), ==,
      "bb11-4");
  g_assert_true (
      json_object_get_null_member (json_object_get_object_member (agents, "Agent-8"), "id"));
}

/* The agents are those of the swarm's configuration. */
static void
test_active (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "agent_mode_config.json", NULL);
  g_autoptr (QkCtlRun) run = NULL;

  write_queue (fixture);
  g_assert_true (g_file_set_contents (
      path,
      "{\"current_mode\":\"m\",\"modes\":{\"m\":{\"active_agents\":[\"Agent-4\",\"Agent-1\","
      "\"Agent-2\"]}}}",
      -1, NULL));
  run = qk_ctl_run ("broadcasts", fixture->path, NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_nonnull (strstr (run->out, " 1 of 3  Agent-4 "));
  g_assert_nonnull (strstr (run->out, " 3 of 3 "));
}

static void
test_agents (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, empty = NULL, one = NULL, send = NULL;

  write_queue (fixture);
  run =
      qk_ctl_run ("broadcasts", fixture->path, "--agents", "Agent-4, Agent-1,Agent-2,Scribe", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_nonnull (strstr (run->out, " 1 of 4  Agent-4, Scribe "));
  empty = qk_ctl_run ("rebroadcast", fixture->path, "latest", "--agents", "Agent-4,,", NULL);
  qk_ctl_assert_code (empty, 2);
  g_assert_nonnull (strstr (empty->err, "names with commas between"));
  one = qk_ctl_run ("send", fixture->path, "--to", "Agent-1", "--agents", "Agent-1", "--content",
                    "x", NULL);
  qk_ctl_assert_code (one, 2);
  send = qk_ctl_run ("send", fixture->path, "--to", "all", "--agents", "Scribe,Agent-12",
                     "--content", "x", NULL);
  qk_ctl_assert_code (send, 0);
  {
    g_autofree char *sent = describe_sent (fixture);

    g_assert_cmpstr (sent, ==, "Scribe: Agent-12:");
  }
}

/* A run of rebroadcast: what follows FILE, its code, how many it changes and skips, what is sent. */
static const struct {
  const char *arguments;
  int code;
  guint changed;
  guint skipped;
  const char *sent;
} cases[] = {
    {"latest", 0, 2, 0, "Agent-4:bb11-4 Agent-8:"},
    {"bb11-1", 0, 2, 0, "Agent-4:bb11-4 Agent-8:"},
    {"bb11-6", 0, 2, 0, "Agent-4:bb11-4 Agent-8:"},
    {"aa00-3", 0, 0, 0, ""},
    {"cc", 1, 0, 1, ""},
    {"nope", 1, 0, 1, ""},
    {"latest --agent Agent-8", 0, 1, 0, "Agent-8:"},
    {"latest --agent Agent-8 --agent Agent-4", 0, 2, 0, "Agent-4:bb11-4 Agent-8:"},
    {"latest --agent Agent-2 --agent Agent-1", 1, 0, 2, ""},
    {"latest --agent Agent-11", 0, 1, 0, "Agent-11:"},
    {"latest --agents Agent-4,Agent-2,Agent-1", 0, 1, 0, "Agent-4:bb11-4"},
};

static void
test_rebroadcast (QkCtlFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line =
          g_strdup_printf ("rebroadcast --json %s %s", fixture->path, cases[i].arguments);
      g_auto (GStrv) words = g_strsplit (line, " ", -1);
      g_autoptr (QkCtlRun) run = NULL;
      g_autoptr (JsonNode) node = NULL;
      g_autofree char *sent = NULL;

      g_test_message ("rebroadcast %s", cases[i].arguments);
      write_queue (fixture);
      run = qk_ctl_wait (
          qk_ctl_spawn ((const char *const *) words,
                        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE),
          NULL);
      qk_ctl_assert_code (run, cases[i].code);
      g_assert_cmpstr (run->err, ==, "");
      node = qk_ctl_parse (run->out);
      qk_ctl_assert_action (node, cases[i].changed, cases[i].skipped);
      sent = describe_sent (fixture);
      g_assert_cmpstr (sent, ==, cases[i].sent);
    }
}

/* Once is enough: they have it then, as one broadcast. And it can be undone. */
static void
test_twice (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) first = NULL;
  g_autoptr (QkCtlRun) second = NULL;
  g_autoptr (QkCtlRun) listed = NULL;
  g_autoptr (QkCtlRun) undone = NULL;
  g_autofree char *sent = NULL;

  write_queue (fixture);
  first = qk_ctl_run ("rebroadcast", fixture->path, "latest", NULL);
  g_assert_cmpstr (first->out, ==, "Sent again 2 messages\n");
  second = qk_ctl_run ("rebroadcast", fixture->path, "latest", NULL);
  qk_ctl_assert_code (second, 0);
  g_assert_cmpstr (second->out, ==, "Sent again 0 messages\n");
  listed = qk_ctl_run ("broadcasts", fixture->path, NULL);
  g_assert_cmpuint (qk_ctl_count_lines (listed->out), ==, 3);
  undone = qk_ctl_run ("undo", fixture->path, NULL);
  qk_ctl_assert_code (undone, 0);
  sent = describe_sent (fixture);
  g_assert_cmpstr (sent, ==, "");
}

static void
test_dry_run (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (QkCtlRun) json = NULL;
  g_autoptr (QkCtlRun) other = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  JsonArray *changes;

  write_queue (fixture);
  before = qk_ctl_read (fixture, NULL);
  run = qk_ctl_run ("rebroadcast", "-n", fixture->path, "latest", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==,
                   "would resend bb11-4 to Agent-4: it failed\n"
                   "would send a new message to Agent-8: there is none\n");
  json = qk_ctl_run ("rebroadcast", "--dry-run", "--json", fixture->path, "latest", "--agent",
                     "Agent-8", NULL);
  node = qk_ctl_parse (json->out);
  changes = json_object_get_array_member (json_node_get_object (node), "would_change");
  g_assert_cmpuint (json_array_get_length (changes), ==, 1);
  g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (changes, 0), "action"), ==,
      "send");
  other = qk_ctl_run ("rebroadcast", "--dry-run", fixture->path, "cc", NULL);
  qk_ctl_assert_code (other, 1);
  g_assert_cmpstr (other->out, ==, "skipped cc: this message belongs to no broadcast\n");
  after = qk_ctl_read (fixture, NULL);
  g_assert_cmpstr (after, ==, before);
}

static void
test_none (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) listed = NULL;
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (QkCtlRun) dry = NULL;

  qk_ctl_write (fixture, "[]", -1);
  listed = qk_ctl_run ("broadcasts", "--json", fixture->path, NULL);
  qk_ctl_assert_code (listed, 0);
  g_assert_cmpstr (listed->out, ==, "[]\n");
  run = qk_ctl_run ("rebroadcast", fixture->path, "latest", NULL);
  qk_ctl_assert_code (run, 1);
  g_assert_nonnull (strstr (run->out, "there is no broadcast in the queue"));
  dry = qk_ctl_run ("rebroadcast", "--dry-run", fixture->path, "latest", NULL);
  qk_ctl_assert_code (dry, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/broadcasts/list", test_list);
  QK_CTL_TEST ("/ctl/broadcasts/many-missed", test_many_missed);
  QK_CTL_TEST ("/ctl/broadcasts/json", test_json);
  QK_CTL_TEST ("/ctl/broadcasts/active", test_active);
  QK_CTL_TEST ("/ctl/broadcasts/agents", test_agents);
  QK_CTL_TEST ("/ctl/broadcasts/rebroadcast", test_rebroadcast);
  QK_CTL_TEST ("/ctl/broadcasts/twice", test_twice);
  QK_CTL_TEST ("/ctl/broadcasts/dry-run", test_dry_run);
  QK_CTL_TEST ("/ctl/broadcasts/none", test_none);
  return g_test_run ();
}
