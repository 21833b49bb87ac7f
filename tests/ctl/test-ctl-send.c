#include "qk-ctl-fixture.h"

#include <string.h>

static void
test_send (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonArray) entries = NULL;
  JsonObject *entry, *message;
  JsonArray *tags;

  qk_ctl_write (fixture, "[]", -1);
  run = qk_ctl_run ("send", fixture->path, "--to", "Agent-3", "--from", "Ops \"1\"", "--priority",
                    "urgent", "--tag", "a", "--tag", "b c", "--content", "line\n🚨 \\ end", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->err, ==, "");
  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (entries), ==, 1);
  entry = json_array_get_object_element (entries, 0);
  message = json_object_get_object_member (entry, "message");
  tags = json_object_get_array_member (message, "tags");
  g_assert_cmpstr (json_object_get_string_member (message, "recipient"), ==, "Agent-3");
  g_assert_cmpstr (json_object_get_string_member (message, "sender"), ==, "Ops \"1\"");
  g_assert_cmpstr (json_object_get_string_member (message, "content"), ==, "line\n🚨 \\ end");
  g_assert_cmpstr (json_object_get_string_member (message, "priority"), ==, "urgent");
  g_assert_cmpfloat (json_object_get_double_member (entry, "priority_score"), ==, 1.0);
  g_assert_cmpstr (json_object_get_string_member (entry, "status"), ==, "PENDING");
  g_assert_cmpuint (json_array_get_length (tags), ==, 2);
  g_assert_cmpstr (json_array_get_string_element (tags, 1), ==, "b c");
  /* What is printed is the id, and nothing else. */
  g_strchomp (run->out);
  g_assert_cmpstr (run->out, ==, json_object_get_string_member (entry, "queue_id"));
}

static void
test_send_many (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) two = NULL;
  g_autoptr (QkCtlRun) all = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonArray) entries = NULL;

  qk_ctl_write (fixture, "[]", -1);
  two = qk_ctl_run ("send", fixture->path, "--to", "Agent-3", "--to", "Discord", "--content", "x",
                    NULL);
  qk_ctl_assert_code (two, 0);
  g_assert_cmpuint (qk_ctl_count_lines (two->out), ==, 2);
  all = qk_ctl_run ("send", "--json", fixture->path, "--to", "all", "--content", "y", NULL);
  qk_ctl_assert_code (all, 0);
  node = qk_ctl_parse (all->out);
  qk_ctl_assert_action (node, 8, 0);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "attempts"), ==, 1);

  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (entries), ==, 10);
  for (guint i = 0; i < 8; i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i + 2);
      JsonObject *message = json_object_get_object_member (entry, "message");
      g_autofree char *agent = g_strdup_printf ("Agent-%u", i + 1);

      g_assert_cmpstr (json_object_get_string_member (message, "recipient"), ==, agent);
      g_assert_cmpstr (json_object_get_string_member (message, "sender"), ==, "CAPTAIN");
      g_assert_cmpstr (json_object_get_string_member (message, "message_type"), ==, "broadcast");
    }
}

/* Only the active agents get what goes to all; where there are none, nobody does. */
static void
test_send_active (QkCtlFixture *fixture, gconstpointer data)
{
  static const struct {
    const char *active;
    int code;
    guint lines;
  } cases[] = {{"\"Agent-6\",\"Agent-4\"", 0, 2}, {"7", 2, 0}};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, "agent_mode_config.json", NULL);
      g_autofree char *config = g_strdup_printf (
          "{\"current_mode\":\"m\",\"modes\":{\"m\":{\"active_agents\":[%s]}}}", cases[i].active);
      g_autoptr (QkCtlRun) run = NULL;
      g_autoptr (JsonArray) entries = NULL;

      qk_ctl_write (fixture, "[]", -1);
      g_assert_true (g_file_set_contents (path, config, -1, NULL));
      run = qk_ctl_run ("send", fixture->path, "--to", "ALL", "--content", "x", NULL);
      qk_ctl_assert_code (run, cases[i].code);
      g_assert_cmpuint (qk_ctl_count_lines (run->out), ==, cases[i].lines);
      entries = qk_ctl_read_entries (fixture);
      g_assert_cmpuint (json_array_get_length (entries), ==, cases[i].lines);
    }
}

static void
test_send_content (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->folder, "text", NULL);
  g_autofree char *absent = g_build_filename (fixture->folder, "absent", NULL);
  g_autoptr (QkCtlRun) from_file = NULL;
  g_autoptr (QkCtlRun) from_input = NULL;
  g_autoptr (QkCtlRun) nul = NULL;
  g_autoptr (QkCtlRun) no_file = NULL;
  g_autoptr (QkCtlRun) folder = NULL;
  g_autoptr (JsonArray) entries = NULL;

  qk_ctl_write (fixture, "[]", -1);
  g_assert_true (g_file_set_contents (file, "from a file\n", -1, NULL));
  from_file = qk_ctl_run ("send", fixture->path, "--to", "Agent-1", "--content-file", file, NULL);
  qk_ctl_assert_code (from_file, 0);
  from_input = qk_ctl_run_with_input ("typed\nin", "send", fixture->path, "--to", "Agent-1",
                                      "--content-file", "-", NULL);
  qk_ctl_assert_code (from_input, 0);

  g_assert_true (g_file_set_contents (file, "a\0b", 3, NULL));
  nul = qk_ctl_run ("send", fixture->path, "--to", "Agent-1", "--content-file", file, NULL);
  qk_ctl_assert_code (nul, 2);
  qk_ctl_assert_one_line (nul->err, "NUL byte");
  no_file = qk_ctl_run ("send", fixture->path, "--to", "Agent-1", "--content-file", absent, NULL);
  qk_ctl_assert_code (no_file, 66);
  qk_ctl_assert_one_line (no_file->err, absent);
  folder = qk_ctl_run ("send", fixture->path, "--to", "Agent-1", "--content-file", fixture->folder,
                       NULL);
  qk_ctl_assert_code (folder, 74);
  qk_ctl_assert_one_line (folder->err, fixture->folder);

  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (entries), ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpstr (
        json_object_get_string_member (
            json_object_get_object_member (json_array_get_object_element (entries, i), "message"),
            "content"),
        ==, i == 0 ? "from a file\n" : "typed\nin");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/send/fields", test_send);
  QK_CTL_TEST ("/ctl/send/many", test_send_many);
  QK_CTL_TEST ("/ctl/send/active", test_send_active);
  QK_CTL_TEST ("/ctl/send/content", test_send_content);
  return g_test_run ();
}
