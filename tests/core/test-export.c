#include "qk-export.h"
#include "qk-report-sample.h"
#include "qk-test-util.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

static const QkThresholds thresholds = QK_THRESHOLDS_DEFAULT;

static const QkQueueFigures queue = {
    .readable = TRUE,
    .total = 376,
    .by_status =
        {[QK_STATUS_PENDING] = 12, [QK_STATUS_PROCESSING] = 1, [QK_STATUS_DELIVERED] = 363},
    .stuck_warning = 1,
    .oldest_pending = 1500000,
    .average_age = 61250000,
    .finished = 100,
    .failed = 3,
};

static char *export(const QkReport *report, QkExportFormat format)
{
  g_autoptr (QkAssessment) assessment = qk_assessment_new (report, &queue, &thresholds);
  g_autoptr (GBytes) bytes = qk_export_report (report, assessment, format);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_true (g_utf8_validate (data, (gssize) size, NULL));
  return g_strndup (data, size);
}

static char *
export_sample (QkExportFormat format)
{
  g_autoptr (QkReport) report = qk_sample_report_new ();

  return export(report, format);
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_test_message ("looked for “%s”", part);
  g_assert_nonnull (strstr (text, part));
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *p = strstr (text, part); p != NULL; p = strstr (p + 1, part))
    n++;
  return n;
}

/* RFC 4180, read by a reader of our own: rows of cells. */
static GPtrArray *
parse_csv (const char *text)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GString) cell = g_string_new (NULL);
  GPtrArray *row = g_ptr_array_new_with_free_func (g_free);
  gboolean quoted = FALSE;

  for (const char *p = text; *p != '\0'; p++)
    if (quoted && p[0] == '"' && p[1] == '"')
      g_string_append_c (cell, *p++);
    else if (*p == '"')
      quoted = !quoted;
    else if (!quoted && (*p == ',' || (p[0] == '\r' && p[1] == '\n')))
      {
        g_ptr_array_add (row, g_strdup (cell->str));
        g_string_truncate (cell, 0);
        if (*p == ',')
          continue;
        g_ptr_array_add (rows, row);
        row = g_ptr_array_new_with_free_func (g_free);
        p++;
      }
    else
      {
        g_assert_true (quoted || (*p != '\r' && *p != '\n'));
        g_string_append_c (cell, *p);
      }
  g_assert_false (quoted);
  g_assert_cmpuint (row->len, ==, 0);
  g_assert_cmpuint (cell->len, ==, 0);
  g_ptr_array_unref (row);
  return rows;
}

static guint
find_column (GPtrArray *rows, const char *name)
{
  GPtrArray *head = g_ptr_array_index (rows, 0);

  for (guint i = 0; i < head->len; i++)
    if (strcmp (g_ptr_array_index (head, i), name) == 0)
      return i;
  g_assert_not_reached ();
}

static const char *
get_cell (GPtrArray *rows, GPtrArray *row, const char *column)
{
  return g_ptr_array_index (row, find_column (rows, column));
}

/* The value of the one row of this source and measure. */
static const char *
find_value (GPtrArray *rows, const char *source, const char *measure)
{
  const char *value = NULL;

  for (guint i = 1; i < rows->len; i++)
    {
      GPtrArray *row = g_ptr_array_index (rows, i);

      if (strcmp (get_cell (rows, row, "record"), "figure") != 0 ||
          strcmp (get_cell (rows, row, "source"), source) != 0 ||
          strcmp (get_cell (rows, row, "measure"), measure) != 0)
        continue;
      g_assert_null (value);
      value = get_cell (rows, row, "value");
    }
  g_assert_nonnull (value);
  return value;
}

static void
test_csv (void)
{
  g_autofree char *text = export_sample (QK_EXPORT_CSV);
  g_autoptr (GPtrArray) rows = parse_csv (text);
  guint n_events = 0, n_agents = 0, n_holders = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      GPtrArray *row = g_ptr_array_index (rows, i);

      g_assert_cmpuint (row->len, ==, 18);
      n_events += strcmp (get_cell (rows, row, "record"), "event") == 0;
      n_agents += strcmp (get_cell (rows, row, "measure"), "deliveries") == 0;
      n_holders += strcmp (get_cell (rows, row, "holder"), "'=x · <b> (9) of alice") == 0;
      for (guint j = 0; j < row->len; j++)
        {
          const char *cell = g_ptr_array_index (row, j);

          g_assert_null (strpbrk (cell, "\n\r\t\x1b"));
          g_assert_true (*cell == '\0' || strchr ("=+-@", *cell) == NULL);
        }
    }
  g_assert_cmpuint (n_events, ==, 12);
  g_assert_cmpuint (n_agents, ==, 1);
  g_assert_cmpuint (n_holders, ==, 1);
  g_assert_cmpstr (find_value (rows, "total", "saves"), ==, "135");
  g_assert_cmpstr (find_value (rows, "here", "saves_retried"), ==, "7");
  g_assert_cmpstr (find_value (rows, "total", "lock_errors"), ==, "25");
  g_assert_cmpstr (find_value (rows, "here", "waited"), ==, "4.25");
  g_assert_cmpstr (find_value (rows, "here", "elapsed"), ==, "1.2505");
  g_assert_cmpstr (find_value (rows, "swarm", "worst_attempts"), ==, "4");
  g_assert_cmpstr (find_value (rows, "others", "saves"), ==, "0");
}

/* What a spreadsheet would calculate is text there, and what would hide is seen. */
static void
test_csv_cells (void)
{
  static const struct {
    const char *name;
    const char *cell;
  } cases[] = {
      {"plain", ",plain,"},
      {"=1+1", ",\"'=1+1\","},
      {"+1", ",\"'+1\","},
      {"-1", ",\"'-1\","},
      {"@SUM(A1)", ",\"'@SUM(A1)\","},
      {"  =cmd|' /C calc'!A0", ",\"'  =cmd|' /C calc'!A0\","},
      {"＝1", ",\"'＝1\","},
      {"\t=1", ",␉=1,"},
      {"a,b", ",\"a,b\","},
      {"say \"x\"", ",\"say \"\"x\"\"\","},
      {"a\r\nb", ",a␍␊b,"},
      {"\xe2\x80\xae"
       "abc",
       ",⟨U+202E⟩abc,"},
      {"\xff", ",\xef\xbf\xbd,"},
      {"a=b", ",a=b,"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkReport) report = qk_report_new ();
      g_autofree char *text = NULL, *row = NULL;
      QkHolderCount *holder = g_new0 (QkHolderCount, 1);

      holder->label = g_strdup (cases[i].name);
      holder->count = 5;
      g_ptr_array_add (report->holders, holder);
      text = export(report, QK_EXPORT_CSV);
      row = g_strdup_printf ("\r\nholder,%sevents,5,,,,,,,,,,,,,\r\n", cases[i].cell);
      assert_has (text, row);
    }
}

static JsonObject *
parse (const char *text, JsonNode **root)
{
  g_autoptr (GError) error = NULL;

  *root = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_get_object (*root);
}

static void
test_json (void)
{
  g_autofree char *text = export_sample (QK_EXPORT_JSON);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object = parse (text, &root), *here, *swarm, *agent, *event;

  g_assert_cmpint (json_object_get_int_member (object, "schema_version"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (object, "to"), ==, "2026-01-08T12:00:00Z");
  g_assert_cmpstr (json_object_get_string_member (object, "period"), ==, "24h");
  g_assert_cmpstr (json_object_get_string_member (object, "verdict"), ==, "critical");
  here =
      json_object_get_object_member (json_object_get_object_member (object, "by_source"), "here");
  g_assert_cmpint (json_object_get_int_member (here, "saves"), ==, 120);
  g_assert_cmpint (json_object_get_int_member (here, "overwrites"), ==, 6);
  g_assert_cmpfloat (json_object_get_double_member (here, "waited_s"), ==, 4.25);
  g_assert_cmpfloat (json_object_get_double_member (here, "success_rate"), ==, 0.875);
  g_assert_cmpint (
      json_array_get_int_element (json_object_get_array_member (here, "saves_by_attempts"), 4), ==,
      1);
  g_assert_cmpint (
      json_object_get_int_member (
          json_object_get_object_member (json_object_get_object_member (here, "events"), "read"),
          "torn"),
      ==, 5);
  swarm =
      json_object_get_object_member (json_object_get_object_member (object, "by_source"), "swarm");
  g_assert_cmpint (json_object_get_int_member (swarm, "winerror_5"), ==, 16);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "events")), ==,
                    12);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "intervals")), ==,
                    48);
  event = json_array_get_object_element (json_object_get_array_member (object, "events"), 0);
  g_assert_cmpstr (json_object_get_string_member (event, "kind"), ==, "conflict");
  g_assert_cmpint (json_object_get_int_member (event, "pid"), ==, 77);
  g_assert_true (json_object_get_null_member (event, "holder"));
  event = json_array_get_object_element (json_object_get_array_member (object, "events"), 1);
  g_assert_cmpint (json_object_get_int_member (event, "code"), ==, 5);
  g_assert_true (json_object_get_boolean_member (event, "winerror"));
  event = json_array_get_object_element (json_object_get_array_member (object, "events"), 2);
  g_assert_cmpstr (json_object_get_string_member (event, "holder"), ==, "=x · <b> (9) of alice");
  g_assert_true (g_str_has_suffix (json_object_get_string_member (event, "text"),
                                   ", holder: =x · <b> (9) of alice"));
  agent = json_array_get_object_element (json_object_get_array_member (object, "agents"), 2);
  /* To the byte: it is for programs. */
  g_assert_cmpstr (json_object_get_string_member (agent, "name"), ==,
                   "<script>alert(1)</script>\xe2\x80\xae");
  g_assert_true (json_object_get_null_member (agent, "deliveries"));
  agent = json_object_get_object_member (
      json_array_get_object_element (json_object_get_array_member (object, "agents"), 0),
      "deliveries");
  g_assert_cmpfloat (json_object_get_double_member (agent, "worst_s"), ==, 31.0625);
  g_assert_null (strchr (text, '\x1b'));
}

/* Runs @argv on a file with @text. Returns FALSE where that program is not there. */
static gboolean
check_with (QkTestFolder *folder, const char *const *probe, const char *const *argv)
{
  g_autofree char *out = NULL, *err = NULL, *program = g_find_program_in_path (probe[0]);
  int code;

  if (program == NULL || qk_test_run (probe, NULL, NULL) != 0)
    return FALSE;
  code = qk_test_run (argv, &out, &err);
  if (code != 0)
    g_test_message ("%s%s", out, err);
  g_assert_cmpint (code, ==, 0);
  g_assert_cmpstr (out, ==, "");
  return TRUE;
}

/* As the published schema has it, of a full report and of an empty one. */
static void
test_schema (QkTestFolder *folder, gconstpointer data)
{
  static const char script[] =
      "import json, sys, jsonschema\n"
      "schema, file = (json.load(open(p, encoding='utf-8')) for p in sys.argv[1:])\n"
      "validator = jsonschema.Draft202012Validator(schema)\n"
      "validator.check_schema(schema)\n"
      "for e in validator.iter_errors(file): print(list(e.absolute_path), e.message)\n";
  const char *probe[] = {"python3", "-c", "import jsonschema", NULL};
  g_autoptr (QkReport) empty = qk_report_new ();
  g_autofree char *text = export_sample (QK_EXPORT_JSON), *nothing = export(empty, QK_EXPORT_JSON);
  g_autofree char *path = qk_test_folder_write (folder, "report.json", text, -1);
  g_autofree char *other = qk_test_folder_write (folder, "empty.json", nothing, -1);
  const char *argv[] = {"python3", "-c", script, g_getenv ("QK_STATS_SCHEMA"), path, NULL};
  const char *again[] = {"python3", "-c", script, g_getenv ("QK_STATS_SCHEMA"), other, NULL};

  if (!check_with (folder, probe, argv))
    g_test_skip ("python3-jsonschema is not installed");
  else
    g_assert_true (check_with (folder, probe, again));
}

static void
test_metrics (void)
{
  static const char *const samples[] = {
      "queuekeeper_saves{queue=\"/srv/swarm/message_queue/queue.json\",source=\"here\"} 120\n",
      ",source=\"swarm\",operation=\"save\",kind=\"access-denied\"} 16\n",
      ",source=\"here\",operation=\"read\",kind=\"torn\"} 5\n",
      "queuekeeper_save_wait_seconds{queue=\"/srv/swarm/message_queue/queue.json\",source=\"here\"} "
      "4.25\n",
      ",source=\"here\",attempts=\"5\"} 1\n",
      ",status=\"DELIVERED\"} 363\n",
      ",severity=\"warning\"} 1\n",
      ",agent=\"Agent-1\",outcome=\"failed\"} 2\n",
      ",agent=\"Agent-1\",statistic=\"worst\"} 31.0625\n",
      ",agent=\"=1+1,\\\"x\\\"␊next\",status=\"PENDING\"} 2\n",
      "queuekeeper_health{queue=\"/srv/swarm/message_queue/queue.json\"} 2\n",
      "queuekeeper_up{queue=\"/srv/swarm/message_queue/queue.json\"} 1\n",
  };
  g_autofree char *text = export_sample (QK_EXPORT_OPENMETRICS);
  g_autofree char *older = export_sample (QK_EXPORT_PROMETHEUS);

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      assert_has (text, samples[i]);
      assert_has (older, samples[i]);
    }
  g_assert_true (g_str_has_suffix (text, "\n# EOF\n"));
  g_assert_null (strstr (older, "EOF"));
  /* Of a day, so they go down as well. */
  assert_has (text, "# TYPE queuekeeper_saves gauge\n");
  g_assert_null (strstr (text, "counter"));
}

/* Counters where the report reaches back to the beginning, declared as each format wants it. */
static void
test_counters (void)
{
  g_autoptr (QkReport) report = qk_sample_report_new ();
  g_autofree char *text = NULL, *older = NULL;

  report->period = QK_PERIOD_ALL;
  text = export(report, QK_EXPORT_OPENMETRICS);
  older = export(report, QK_EXPORT_PROMETHEUS);
  assert_has (text, "# TYPE queuekeeper_saves counter\nqueuekeeper_saves_total{");
  assert_has (older, "# TYPE queuekeeper_saves_total counter\nqueuekeeper_saves_total{");
  assert_has (text, "# TYPE queuekeeper_save_wait_seconds counter\n"
                    "queuekeeper_save_wait_seconds_total{");
  assert_has (text, "# TYPE queuekeeper_save_attempts_max gauge\nqueuekeeper_save_attempts_max{");
  assert_has (text, "# TYPE queuekeeper_entries gauge\nqueuekeeper_entries{");
}

/* What the swarm lists no longer is no counter: it may become less. */
static void
test_cut (void)
{
  static const char *const kept[] = {"lock_errors_total", "saves_total", "saves_retried_total",
                                     "saves_failed_total", "save_attempts_max"};
  static const char *const left_out[] = {"save_attempts_total", "save_wait_seconds_total",
                                         "save_retries_total",  "winerror_33_total",
                                         "events_total",        "saves_by_attempts_total"};
  g_autoptr (QkReport) report = qk_sample_report_new ();

  report->period = QK_PERIOD_ALL;
  for (guint cut = 0; cut < 2; cut++)
    {
      g_autofree char *text = NULL;

      report->swarm_is_cut = cut != 0;
      text = export(report, QK_EXPORT_OPENMETRICS);
      for (guint i = 0; i < G_N_ELEMENTS (kept) + G_N_ELEMENTS (left_out); i++)
        {
          gboolean is_kept = i < G_N_ELEMENTS (kept);
          const char *name = is_kept ? kept[i] : left_out[i - G_N_ELEMENTS (kept)];
          g_autofree char *pattern =
              g_strdup_printf ("\nqueuekeeper_%s\\{[^\n]*source=\"swarm\"", name);
          g_autofree char *ours =
              g_strdup_printf ("\nqueuekeeper_%s\\{[^\n]*source=\"here\"", name);

          g_assert_cmpint (g_regex_match_simple (pattern, text, 0, 0), ==, is_kept || cut == 0);
          g_assert_true (g_regex_match_simple (ours, text, 0, 0));
        }
    }
}

static void
test_promtool (QkTestFolder *folder, gconstpointer data)
{
  static const QkPeriod periods[] = {QK_PERIOD_ALL, QK_PERIOD_HOUR};
  const char *probe[] = {"promtool", "--version", NULL};

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      g_autoptr (QkReport) report = qk_sample_report_new ();
      g_autofree char *text = NULL, *path = NULL, *command = NULL;
      const char *argv[] = {"sh", "-c", NULL, NULL};

      report->period = periods[i];
      text = export(report, QK_EXPORT_PROMETHEUS);
      path = qk_test_folder_write (folder, "queue.prom", text, -1);
      command = g_strdup_printf ("exec promtool check metrics <'%s'", path);
      argv[2] = command;
      if (!check_with (folder, probe, argv))
        g_test_skip ("promtool is not installed");
    }
}

/* A sample that stood there twice would make the whole scrape fail. */
static void
test_same_labels (void)
{
  static const char *const names[] = {"a\x1b", "a␛", "a␛ (2)"};
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < 300; i++)
    {
      QkAgentFigures *agent = g_new0 (QkAgentFigures, 1);

      agent->name = i < G_N_ELEMENTS (names) ? g_strdup (names[i]) : g_strdup_printf ("x%u", i);
      g_ptr_array_add (report->agents, agent);
    }
  text = export(report, QK_EXPORT_PROMETHEUS);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      *(strrchr (lines[i], ' ')) = '\0';
      g_assert_true (lines[i][0] == '#' || g_hash_table_add (seen, lines[i]));
    }
  assert_has (text, "agent=\"a␛ (2)\"");
  g_assert_cmpuint (count (text, "status=\"PENDING\""), ==, QK_EXPORT_MAX_AGENTS + 1);
  assert_has (text, "queuekeeper_agents{queue=\"\"} 300\n");
}

static void
test_html (void)
{
  g_autofree char *text = export_sample (QK_EXPORT_HTML);

  assert_has (text, "<td class=\"n\">135</td>");
  assert_has (text, "<td class=\"n\">4.25 s</td>");
  assert_has (text, "python3 (pid 4312)</td><td class=\"n\">9</td>");
  assert_has (text, "<td class=\"n\">31.0625 s</td>");
  assert_has (text, "&lt;script&gt;alert(1)&lt;/script&gt;⟨U+202E⟩");
  assert_has (text, "prefers-color-scheme:dark");
  assert_has (text, "@media print");
  g_assert_cmpuint (count (text, "<svg"), ==, 3);
  g_assert_cmpuint (count (text, "<svg"), ==, count (text, "</svg>"));
  g_assert_null (strstr (text, "<script"));
  g_assert_null (strstr (text, "http:"));
  g_assert_null (strstr (text, "https:"));
  /* A bar of each kind where the errors were: at 24 hours, 20 of the swarm's and 4 and 2 of ours. */
  g_assert_cmpuint (count (text, "<rect class=\"s1\""), ==, 2);
  g_assert_cmpuint (count (text, "<rect class=\"s2\""), ==, 1);
}

/* Well-formed, whatever stands in it. */
static void
test_html_markup (QkTestFolder *folder, gconstpointer data)
{
  static const char script[] =
      "import sys, html.parser\n"
      "void = {'meta', 'br', 'line', 'rect'}\n"
      "class P(html.parser.HTMLParser):\n"
      "  open = []\n"
      "  def handle_starttag(self, tag, attrs):\n"
      "    if tag not in void: self.open.append(tag)\n"
      "  def handle_startendtag(self, tag, attrs): pass\n"
      "  def handle_endtag(self, tag):\n"
      "    if not self.open or self.open.pop() != tag: print('end of', tag, self.getpos())\n"
      "p = P(); p.feed(open(sys.argv[1], encoding='utf-8').read()); p.close()\n"
      "if p.open: print('open', p.open)\n";
  const char *probe[] = {"python3", "--version", NULL};
  g_autofree char *text = export_sample (QK_EXPORT_HTML);
  g_autofree char *path = qk_test_folder_write (folder, "report.html", text, -1);
  const char *argv[] = {"python3", "-c", script, path, NULL};

  if (!check_with (folder, probe, argv))
    g_test_skip ("python3 is not installed");
}

static void
test_text (void)
{
  g_autofree char *text = export_sample (QK_EXPORT_TEXT);

  assert_has (text, "Critical: Saves were given up. Given up: 1 of 121 saves");
  assert_has (text, "           135           120             0            15  Saves\n");
  assert_has (text, "        6.05 s        4.25 s           0 s         1.8 s  Waited\n");
  assert_has (text, "             0            19  access denied\n");
  assert_has (text, "           376  entries in all\n");
  assert_has (text, "             9  python3 (pid 4312)\n");
  assert_has (text, "=1+1,\"x\"␊next\n");
  assert_has (text, "Of the saves that met a lock 95.7 % succeeded.");
  assert_has (text,
              "access denied (WinError 5, access denied), attempt 1 of 8, next in 0.15 s  (the "
              "swarm)\n");
  assert_has (text, "  [Note] Lock errors persist. ");
}

/* As the swarm's own report tool reads it. */
static void
test_swarm (void)
{
  g_autofree char *text = export_sample (QK_EXPORT_SWARM);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object = parse (text, &root), *summary, *error, *success;
  JsonArray *errors = json_object_get_array_member (object, "errors");
  JsonArray *successes = json_object_get_array_member (object, "retry_success");

  g_assert_cmpuint (json_array_get_length (errors), ==, 11);
  error = json_array_get_object_element (errors, 0);
  g_assert_cmpint (json_object_get_int_member (error, "winerror_code"), ==, 33);
  g_assert_cmpint (json_object_get_int_member (error, "attempt"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (error, "delay"), ==, 0.15);
  error = json_array_get_object_element (errors, 10);
  g_assert_cmpint (json_object_get_int_member (error, "winerror_code"), ==, 5);
  /* The save of two failed attempts, and what the swarm counted itself. */
  g_assert_cmpuint (json_array_get_length (successes), ==, 2);
  success = json_array_get_object_element (successes, 0);
  g_assert_cmpint (json_object_get_int_member (success, "attempts"), ==, 3);
  g_assert_cmpfloat (json_object_get_double_member (success, "total_delay"), ==, 0.45);
  summary = json_object_get_object_member (object, "summary");
  g_assert_cmpint (json_object_get_int_member (summary, "total_errors"), ==, 25);
  g_assert_cmpint (json_object_get_int_member (summary, "winerror_5_count"), ==, 19);
  g_assert_cmpint (json_object_get_int_member (summary, "winerror_32_count"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (summary, "retry_success_count"), ==, 22);
  g_assert_cmpint (json_object_get_int_member (summary, "retry_failure_count"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (summary, "max_retries_needed"), ==, 5);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (summary, "avg_retry_delay"),
                                  6.05 / 23, 1e-6);
  g_assert_cmpint (
      json_object_get_int_member (summary, "high_concurrency_count"), ==,
      json_array_get_length (json_object_get_array_member (object, "concurrency_events")));
}

/* What the swarm has told comes back; and when another writer saved while we did, by the second. */
static void
test_swarm_moments (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (QkAssessment) assessment = qk_assessment_new (report, NULL, &thresholds);
  const gint64 noon = G_GINT64_CONSTANT (1795521600) * G_USEC_PER_SEC;
  const QkMoment told = {.time = noon + G_TIME_SPAN_HOUR, .writes = 4, .window = 2500000};
  const gint64 conflicts[] = {0, 400, G_USEC_PER_SEC + 1};
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object, *moment;
  JsonArray *moments;

  report->period = QK_PERIOD_ALL;
  g_array_append_val (report->moments, told);
  report->n_moments = 9;
  for (guint i = 0; i < G_N_ELEMENTS (conflicts); i++)
    qk_sample_add_event (report, QK_SOURCE_HERE, 1, noon + conflicts[i], QK_LOCK_KIND_CONFLICT, 0,
                         0, QK_LOCK_OUTCOME_MERGED);
  bytes = qk_export_report (report, assessment, QK_EXPORT_SWARM);
  object = parse (g_bytes_get_data (bytes, NULL), &root);
  moments = json_object_get_array_member (object, "concurrency_events");
  g_assert_cmpuint (json_array_get_length (moments), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      static const gint64 writes[] = {3, 2, 4};

      moment = json_array_get_object_element (moments, i);
      g_assert_cmpint (json_object_get_int_member (moment, "concurrent_writes"), ==, writes[i]);
    }
  g_assert_cmpfloat (json_object_get_double_member (moment, "time_window_seconds"), ==, 2.5);
  /* What is no longer listed counts. */
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "summary"),
                                               "high_concurrency_count"),
                   ==, 11);
}

/* A report of which nothing is known, in every format. */
static void
test_empty (void)
{
  for (guint i = 0; i < QK_N_EXPORT_FORMATS; i++)
    {
      g_autoptr (QkReport) report = qk_report_new ();
      g_autoptr (QkAssessment) assessment = qk_assessment_new (report, NULL, &thresholds);
      g_autoptr (GBytes) bytes = qk_export_report (report, assessment, (QkExportFormat) i);
      const char *name = qk_export_format_get_name ((QkExportFormat) i);
      QkExportFormat format;

      g_assert_cmpuint (g_bytes_get_size (bytes), >, 100);
      g_assert_true (qk_export_format_parse (name, &format));
      g_assert_cmpuint (format, ==, i);
      g_assert_nonnull (qk_export_format_get_content_type (format));
      g_assert_nonnull (qk_export_format_get_extension (format));
      g_assert_nonnull (qk_export_format_get_label (format));
    }
}

/* Never over the queue, by whatever name. */
static void
test_save (QkTestFolder *folder, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new", 3), read = NULL, kept = NULL;
  g_autofree char *path = qk_test_folder_write (folder, "out.prom", "old, and longer", -1);
  g_autofree char *link = g_build_filename (folder->path, "link", NULL);
  g_autofree char *dotted = g_build_filename (folder->path, ".", "queue.json", NULL);
  g_autofree char *missing = g_build_filename (folder->path, "no", "such", "folder", NULL);
  g_autofree char *queue_path = qk_test_folder_write (folder, "queue.json", "[]", -1);
  const char *guarded[] = {folder->queue, NULL};
  const char *const refused[] = {folder->queue, link, dotted};
  g_autoptr (GError) error = NULL;

  g_assert_true (qk_export_save (bytes, path, guarded, &error));
  g_assert_no_error (error);
  read = qk_test_read (path);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), "new", 3);
  g_assert_cmpint (symlink ("queue.json", link), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (qk_export_save (bytes, refused[i], guarded, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
      g_clear_error (&error);
    }
  kept = qk_test_read (queue_path);
  g_assert_cmpmem (g_bytes_get_data (kept, NULL), g_bytes_get_size (kept), "[]", 2);
  /* Nor where it will come back. */
  g_assert_cmpint (g_remove (folder->queue), ==, 0);
  g_assert_false (qk_export_save (bytes, dotted, guarded, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (qk_export_save (bytes, missing, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* What the swarm keeps beside its queue is no place for an export. */
static void
test_guarded (QkTestFolder *folder, gconstpointer data)
{
  static const char *const names[] = {"queue.json", "queue.json.lock", "queue.json.tmp",
                                      "metrics.json", "alerts.json"};
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new", 3);
  g_auto (GStrv) guarded = NULL;
  g_autofree char *elsewhere = g_build_filename (folder->path, "counters.json", NULL);
  g_autofree char *free_name = g_build_filename (folder->path, "metrics.prom", NULL);
  g_autoptr (GError) error = NULL;

  report->swarm_location = g_strdup (elsewhere);
  guarded = qk_export_list_guarded (folder->queue, report);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = qk_test_folder_write (folder, names[i], "kept", -1);

      g_assert_false (qk_export_save (bytes, path, (const char *const *) guarded, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
      g_clear_error (&error);
    }
  g_assert_false (qk_export_save (bytes, elsewhere, (const char *const *) guarded, NULL));
  g_assert_true (qk_export_save (bytes, free_name, (const char *const *) guarded, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/csv", test_csv);
  g_test_add_func ("/export/csv-cells", test_csv_cells);
  g_test_add_func ("/export/json", test_json);
  g_test_add ("/export/schema", QkTestFolder, NULL, qk_test_folder_set_up, test_schema,
              qk_test_folder_tear_down);
  g_test_add_func ("/export/metrics", test_metrics);
  g_test_add_func ("/export/cut", test_cut);
  g_test_add_func ("/export/counters", test_counters);
  g_test_add ("/export/promtool", QkTestFolder, NULL, qk_test_folder_set_up, test_promtool,
              qk_test_folder_tear_down);
  g_test_add_func ("/export/same-labels", test_same_labels);
  g_test_add_func ("/export/html", test_html);
  g_test_add ("/export/html-markup", QkTestFolder, NULL, qk_test_folder_set_up, test_html_markup,
              qk_test_folder_tear_down);
  g_test_add_func ("/export/text", test_text);
  g_test_add_func ("/export/swarm", test_swarm);
  g_test_add_func ("/export/swarm-moments", test_swarm_moments);
  g_test_add_func ("/export/empty", test_empty);
  g_test_add ("/export/save", QkTestFolder, NULL, qk_test_folder_set_up, test_save,
              qk_test_folder_tear_down);
  g_test_add ("/export/guarded", QkTestFolder, NULL, qk_test_folder_set_up, test_guarded,
              qk_test_folder_tear_down);
  return g_test_run ();
}
