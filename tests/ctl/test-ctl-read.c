#include "qk-ctl-fixture.h"
#include "qk-ctl-sample.h"

#include <string.h>

static const char *
find_string (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* The recipient as the format has it, found by another parser. */
static const char *
find_recipient (JsonObject *entry)
{
  JsonNode *message = json_object_get_member (entry, "message");
  JsonObject *object =
      message != NULL && JSON_NODE_HOLDS_OBJECT (message) ? json_node_get_object (message) : NULL;
  const char *recipient = find_string (object, "recipient");

  if (recipient == NULL)
    recipient = find_string (object, "to");
  if (recipient == NULL)
    recipient = find_string (entry, "recipient");
  return recipient != NULL ? recipient : "";
}

static const char *
find_status (JsonObject *entry)
{
  static const char *const names[] = {"PENDING", "PROCESSING", "FAILED", "DELIVERED", "EXPIRED"};
  const char *status = find_string (entry, "status");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (status, names[i]) == 0)
      return names[i];
  return "UNKNOWN";
}

/* How many entries have this status and, unless it is NULL, this recipient. */
static guint
count (JsonArray *entries, const char *agent, const char *status)
{
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);

      n += strcmp (find_status (entry), status) == 0 &&
           (agent == NULL || strcmp (find_recipient (entry), agent) == 0);
    }
  return n;
}

static guint
sum_counts (JsonArray *entries, const char *agent, JsonObject *counts)
{
  g_autoptr (GList) names = json_object_get_members (counts);
  guint sum = 0;

  for (GList *l = names; l != NULL; l = l->next)
    {
      guint n = count (entries, agent, l->data);

      g_assert_cmpint (json_object_get_int_member (counts, l->data), ==, n);
      g_assert_cmpuint (n, >, 0);
      sum += n;
    }
  return sum;
}

static void
test_status_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonArray) entries = NULL;
  g_autoptr (GList) agents = NULL;
  JsonObject *status, *by_agent;
  guint sum = 0;

  qk_ctl_write_sample (fixture);
  entries = qk_ctl_read_entries (fixture);
  run = qk_ctl_run ("status", "--json", fixture->path, NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->err, ==, "");
  g_assert_cmpuint (qk_ctl_count_lines (run->out), ==, 1);
  node = qk_ctl_parse (run->out);
  status = json_node_get_object (node);

  g_assert_cmpuint (json_object_get_size (status), ==, 8);
  g_assert_cmpstr (json_object_get_string_member (status, "path"), ==, fixture->path);
  g_assert_cmpint (json_object_get_int_member (status, "total"), ==, 12);
  g_assert_cmpuint (json_array_get_length (entries), ==, 12);
  g_assert_cmpuint (sum_counts (entries, NULL, json_object_get_object_member (status, "by_status")),
                    ==, 12);
  by_agent = json_object_get_object_member (status, "agents");
  g_assert_cmpuint (json_object_get_size (by_agent), ==, 5);
  agents = json_object_get_members (by_agent);
  for (GList *l = agents; l != NULL; l = l->next)
    sum += sum_counts (entries, l->data, json_object_get_object_member (by_agent, l->data));
  g_assert_cmpuint (sum, ==, 12);
  g_assert_cmpint (json_object_get_int_member (status, "stuck"), ==, 1);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (status, "oldest_pending_s"), 7260,
                                  5);
  g_assert_false (json_object_get_boolean_member (status, "damaged"));
}

static void
test_status_human (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (GRegex) squeeze = g_regex_new (" +", 0, 0, NULL);
  g_autofree char *text = NULL;

  qk_ctl_write_sample (fixture);
  /* A folder that holds a queue is as good as the file. */
  run = qk_ctl_run ("status", fixture->folder, NULL);
  qk_ctl_assert_code (run, 0);
  text = g_regex_replace_literal (squeeze, run->out, -1, 0, " ", 0, NULL);
  g_assert_true (g_str_has_prefix (text, fixture->path));
  g_assert_nonnull (
      strstr (text, "\nAGENT PENDING PROCESSING FAILED DELIVERED EXPIRED UNKNOWN TOTAL\n"));
  g_assert_nonnull (strstr (text, "\nAgent-2 1 2 0 3 0 0 6\nAgent-7 0 0 2 0 0 0 2\nAgent-10 1 "));
  g_assert_nonnull (strstr (text, "\ntotal 3 2 2 3 1 1 12\n"));
  g_assert_nonnull (strstr (text, "\nOldest pending 2 h\nStuck 1 "));
  g_assert_nonnull (strstr (text, "\nDamaged no\n"));
  g_assert_null (strchr (text, '\033'));
}

static void
test_empty_queue (QkCtlFixture *fixture, gconstpointer data)
{
  static const char *const texts[] = {"[]", "{\"entries\": []}", " [ ]\r\n"};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (QkCtlRun) status = NULL;
      g_autoptr (QkCtlRun) list = NULL;
      g_autoptr (JsonNode) node = NULL;

      qk_ctl_write (fixture, texts[i], -1);
      status = qk_ctl_run ("status", "--json", fixture->path, NULL);
      qk_ctl_assert_code (status, 0);
      node = qk_ctl_parse (status->out);
      g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "total"), ==, 0);
      g_assert_true (json_object_get_null_member (json_node_get_object (node), "oldest_pending_s"));
      list = qk_ctl_run ("list", "--json", fixture->path, NULL);
      qk_ctl_assert_code (list, 0);
      g_assert_cmpstr (list->out, ==, "[]\n");
    }
}

/* Each entry is there to the letter, in the order of the file, and the whole is an array. */
static void
test_list_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *file = NULL;
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;

  qk_ctl_write_sample (fixture);
  file = qk_ctl_read (fixture, NULL);
  run = qk_ctl_run ("list", "--json", fixture->path, NULL);
  qk_ctl_assert_code (run, 0);
  node = qk_ctl_parse (run->out);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 12);

  g_string_append (expected, file);
  g_string_replace (expected, "},{\"message\"", "},\n{\"message\"", 0);
  g_string_replace (expected, "},\n {", "},\n{", 0);
  g_string_insert (expected, 1, "\n");
  g_string_append_c (expected, '\n');
  g_assert_cmpstr (run->out, ==, expected->str);
}

static const struct {
  const char *options;
  const char *ids;
} filters[] = {
    {"--agent Agent-7", "cc44-0005 ee66-same"},
    {"--agent Agent-10 --agent so", "aa11-0002 ff88-to"},
    {"--agent agent-7", ""},
    {"--status failed", "cc44-0005 ee66-same"},
    {"--status UNKNOWN --status Expired", "ff88-to gg00-exp"},
    {"--status delivered --agent Agent-2", "dd55-0006 ee66-same ff99-flat"},
    {"--search NEEDLE", "dd55-0006"},
    {"--search STRASSE", "aa11-0002"},
    {"--search LOST", "cc44-0005"},
    {"--search Ff8", "ff88-to"},
    {"--search bare", "ff77-bare"},
    {"--search agent-10", "aa11-0002"},
    {"--search captain --limit 2", "aa11-0001 aa11-0002"},
    {"--search nowhere", ""},
    /* A no-break space parts words too: the line of this test is split at the others. */
    {"--search three\302\240needle", "dd55-0006"},
    {"--search needle\302\240first", ""},
    {"--search agent-7\302\240LOST --status failed", "cc44-0005"},
    {"--search 00e4", ""},
    {"--search \303\204\302\240\360\237\232\250", "aa11-0002"},
    {"--limit 1", "aa11-0001"},
    {"--limit 1 --status FAILED", "cc44-0005"},
};

static void
test_list_filters (QkCtlFixture *fixture, gconstpointer data)
{
  qk_ctl_write_sample (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autofree char *line =
          g_strdup_printf ("list --json %s %s", fixture->path, filters[i].options);
      g_auto (GStrv) words = g_strsplit (line, " ", -1);
      g_autoptr (QkCtlRun) run = qk_ctl_wait (
          qk_ctl_spawn ((const char *const *) words, G_SUBPROCESS_FLAGS_STDOUT_PIPE), NULL);
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (GString) ids = g_string_new (NULL);
      JsonArray *entries;

      g_test_message ("%s", filters[i].options);
      qk_ctl_assert_code (run, 0);
      node = qk_ctl_parse (run->out);
      entries = json_node_get_array (node);
      for (guint e = 0; e < json_array_get_length (entries); e++)
        {
          JsonObject *entry = json_array_get_object_element (entries, e);
          const char *id = find_string (entry, "queue_id");

          g_string_append_printf (ids, "%s%s", e > 0 ? " " : "",
                                  id != NULL ? id : find_string (entry, "id"));
        }
      g_assert_cmpstr (ids->str, ==, filters[i].ids);
    }
}

static void
test_list_human (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (GRegex) squeeze = g_regex_new (" +", 0, 0, NULL);
  g_autofree char *text = NULL;

  qk_ctl_write_sample (fixture);
  run = qk_ctl_run ("list", fixture->path, NULL);
  qk_ctl_assert_code (run, 0);
  qk_ctl_assert_harmless (run->out);
  g_assert_cmpuint (qk_ctl_count_lines (run->out), ==, 13);
  text = g_regex_replace_literal (squeeze, run->out, -1, 0, " ", 0, NULL);
  g_assert_true (g_str_has_prefix (text,
                                   "STATUS PRIO RECIPIENT SENDER TYPE AGE TRIES ID MESSAGE\n"
                                   "PENDING 0.5 Agent-2 CAPTAIN text 2 h aa11-000 first words\n"));
  g_assert_nonnull (strstr (text, "\nPENDING 0.5 Agent-10 CAPTAIN text 1 min aa11-000 Straße ä 🚨 "
                                  "end\n"));
  g_assert_nonnull (strstr (text, "\nFAILED 0.5 Agent-7 CAPTAIN text 1 h 3 cc44-000 went wrong\n"));
  g_assert_nonnull (strstr (text, "\nPENDING 0.5 — — — — ff77-bar bare words\n"));
  g_assert_nonnull (strstr (text, "\nStrange␛[2J 0.5 so x — — ff88-to c\n"));
}

static void
test_terminal (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) coloured = NULL;
  g_autoptr (QkCtlRun) plain = NULL;
  g_auto (GStrv) lines = NULL;

  qk_ctl_write_sample (fixture);
  g_setenv ("TERM", "xterm", TRUE);
  coloured = qk_ctl_run_on_terminal (NULL, NULL, "list", fixture->path, NULL);
  if (coloured == NULL)
    {
      g_test_skip ("there is no script(1) here to make a terminal with");
      return;
    }
  g_setenv ("NO_COLOR", "1", TRUE);
  g_setenv ("COLUMNS", "90", TRUE);
  plain = qk_ctl_run_on_terminal (NULL, NULL, "list", fixture->path, NULL);
  g_unsetenv ("NO_COLOR");
  g_unsetenv ("COLUMNS");

  qk_ctl_assert_code (coloured, 0);
  g_assert_nonnull (strstr (coloured->out, "\033[31mFAILED\033[0m"));
  qk_ctl_assert_code (plain, 0);
  g_assert_null (strchr (plain->out, '\033'));
  g_assert_nonnull (strstr (plain->out, "FAILED"));
  g_assert_nonnull (strstr (plain->out, "…\r\n"));
  lines = g_strsplit (plain->out, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 90);
}

/* What is alike stands together, whatever a file says. */
static void
test_errors (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry entries[] = {
      {"a", "FAILED", "Agent-1", "x", 60, "{\"last_error\":\"timeout after 3 s\"}"},
      {"b", "FAILED", "Agent-2", "x", 7200, "{\"last_error\":\"timeout after 4 s\"}"},
      {"c", "PENDING", "Agent-2", "x", 60, "{\"last_error\":\"\\u001b[31mlost\\u202e\"}"},
      {"d", "DELIVERED", "Agent-2", "x", 60, "{\"last_error\":\"timeout after 4 s\"}"},
      {"e", "FAILED", "Agent-2", "x", 60, NULL},
  };
  g_autoptr (QkCtlRun) people = NULL, machines = NULL, few = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *groups;
  JsonObject *first;

  qk_ctl_write_entries (fixture, entries, G_N_ELEMENTS (entries));
  people = qk_ctl_run ("errors", fixture->path, NULL);
  machines = qk_ctl_run ("errors", "--json", fixture->path, NULL);
  few = qk_ctl_run ("errors", "--filter", "status:FAILED agent:Agent-1", fixture->path, NULL);
  qk_ctl_assert_code (people, 0);
  qk_ctl_assert_harmless (people->out);
  g_assert_cmpstr (people->err, ==, "");
  g_assert_nonnull (strstr (people->out, "timeout after # s\n"));
  g_assert_nonnull (strstr (people->out, "␛[#mlost⟨U+202E⟩\n"));
  node = qk_ctl_parse (machines->out);
  groups = json_node_get_array (node);
  g_assert_cmpuint (json_array_get_length (groups), ==, 2);
  first = json_array_get_object_element (groups, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "error"), ==, "timeout after # s");
  g_assert_cmpint (json_object_get_int_member (first, "messages"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (first, "agents"), ==, 2);
  g_assert_cmpfloat (json_object_get_double_member (first, "oldest_s"), >=, 7199);
  qk_ctl_assert_code (few, 0);
  g_assert_null (strstr (few->out, "lost"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/status/json", test_status_json);
  QK_CTL_TEST ("/ctl/status/human", test_status_human);
  QK_CTL_TEST ("/ctl/status/empty", test_empty_queue);
  QK_CTL_TEST ("/ctl/list/json", test_list_json);
  QK_CTL_TEST ("/ctl/list/filters", test_list_filters);
  QK_CTL_TEST ("/ctl/list/human", test_list_human);
  QK_CTL_TEST ("/ctl/list/terminal", test_terminal);
  QK_CTL_TEST ("/ctl/errors", test_errors);
  return g_test_run ();
}
