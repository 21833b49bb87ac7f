#include "qk-contention.h"
#include "qk-export.h"
#include "qk-file-store.h"
#include "qk-health-event-view.h"
#include "qk-health-page.h"
#include "qk-health-tally.h"
#include "qk-health-tiles.h"
#include "qk-health-words.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"

#include <string.h>
#include <unistd.h>

/* What the Lock health page shows, what is exported, what the database has and what another process
 * says, against what really happened. */

typedef struct {
  QkTestFolder folder;
  char *db;
  QkHistory *history;
  QkStore *store;
  QkHealth *health;
  QkHealthPage *page;
  GtkWidget *window;
  const char *tile; /* what is waited for */
  const char *value;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", "[]", -1));
  /* Where it is for a program whose data are in that folder. */
  fixture->db = g_build_filename (fixture->folder.path, "queuekeeper", "history.db", NULL);
  fixture->history = qk_history_new (fixture->db);
  fixture->store = qk_contention_store_new (fixture->folder.queue);
  fixture->health = qk_health_new (fixture->store, fixture->history);
  fixture->page = g_object_new (QK_TYPE_HEALTH_PAGE, "period", "all", NULL);
  fixture->window = adw_window_new ();
  adw_window_set_content (ADW_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 754);
  gtk_window_present (GTK_WINDOW (fixture->window));
  qk_health_page_set_health (fixture->page, fixture->health);
}

static gboolean
is_finalized (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_add_weak_pointer (G_OBJECT (fixture->store), (gpointer *) &fixture->store);
  g_object_unref (fixture->health);
  g_object_unref (fixture->store);
  g_assert_true (qk_test_wait (is_finalized, &fixture->store, QK_UI_PATIENCE_MS));
  g_object_unref (fixture->history);
  qk_test_folder_tear_down (&fixture->folder, NULL);
  g_free (fixture->db);
}

static gpointer
get_part (Fixture *fixture, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (fixture->page), QK_TYPE_HEALTH_PAGE, name);
}

static const char *
get_value (Fixture *fixture, const char *caption)
{
  return qk_health_tiles_get_value (get_part (fixture, "tiles"), caption);
}

static gboolean
has_value (gpointer data)
{
  Fixture *fixture = data;

  return g_strcmp0 (get_value (fixture, fixture->tile), fixture->value) == 0;
}

static void
wait_for_value (Fixture *fixture, const char *tile, const char *value)
{
  fixture->tile = tile;
  fixture->value = value;
  if (!qk_test_wait (has_value, fixture, QK_UI_PATIENCE_MS))
    g_error ("“%s” is %s instead of %s", tile, get_value (fixture, tile), value);
}

static GListModel *
get_rows (Fixture *fixture)
{
  return G_LIST_MODEL (qk_health_event_view_get_selection (get_part (fixture, "events")));
}

static gboolean
has_all_events (gpointer data)
{
  Fixture *fixture = data;
  QkReport *report = qk_health_page_get_report (fixture->page);

  return report != NULL && report->total.saves == 2 && report->n_events == QK_CONTENTION_EVENTS &&
         g_list_model_get_n_items (get_rows (fixture)) == QK_CONTENTION_EVENTS;
}

/* The window: its tiles, and its list. */
static void
assert_page (Fixture *fixture)
{
  static const struct {
    const char *caption;
    const char *value;
  } tiles[] = {
      {"Access denied · 5", "2"},   {"File in use · 32", "0"},     {"Lock held", "3"},
      {"Conflicts merged", "0"},    {"Overwrites repaired", "0"},  {"Saved after retry", "50 %"},
      {"Attempts, average", "2.0"}, {"Attempts, worst", "3 of 8"},
  };
  guint counts[QK_N_LOCK_KINDS] = {0}, n_named = 0;
  g_autofree char *sources = NULL, *pid = g_strdup_printf ("(%d)", (int) getpid ());

  if (!qk_test_wait (has_all_events, fixture, QK_UI_PATIENCE_MS))
    g_error ("%u events on the page", g_list_model_get_n_items (get_rows (fixture)));
  for (guint i = 0; i < G_N_ELEMENTS (tiles); i++)
    g_assert_cmpstr (get_value (fixture, tiles[i].caption), ==, tiles[i].value);
  for (guint i = 0; i < QK_CONTENTION_EVENTS; i++)
    {
      g_autoptr (QkHealthEvent) row = g_list_model_get_item (get_rows (fixture), i);
      const QkReportEvent *event = qk_health_event_get (row);
      g_autofree char *holder = qk_health_words_holder (event);

      counts[event->event->kind]++;
      /* It is this process that held the lock. */
      n_named += event->event->kind == QK_LOCK_KIND_LOCK_HELD && strstr (holder, pid) != NULL;
    }
  g_assert_cmpuint (counts[QK_LOCK_KIND_LOCK_HELD], ==, QK_CONTENTION_HELD);
  g_assert_cmpuint (counts[QK_LOCK_KIND_ACCESS_DENIED], ==, QK_CONTENTION_DENIED);
  g_assert_cmpuint (counts[QK_LOCK_KIND_TORN], ==, QK_CONTENTION_TORN);
  /* Between attempts there are a few milliseconds to look; after the last there is more time. */
  g_assert_cmpuint (n_named, >=, 1);
  g_assert_nonnull (qk_ui_test_find (get_part (fixture, "events"), GTK_TYPE_LABEL, "6 events"));
  sources = qk_health_tally_dup_text (get_part (fixture, "sources"));
  g_assert_cmpstr (sources, ==,
                   "this program: 5, saved after a retry: 1, given up: 1\nother Queuekeepers: 0");
}

#define TRUTH_HEAD                                                                                 \
  "lock_errors 5\nsaves 2\nsaves_retried 1\nsaves_failed 1\nread_retries 1\nsave_retries 4\n"      \
  "attempts 4\nworst_attempts 3\nconflicts 0\noverwrites 0\n"                                      \
  "read torn 1\nsave access-denied 2\nsave lock-held 3\n"

static const char truth[] = TRUTH_HEAD "listed 6\n";
/* Metrics list no events. */
static const char truth_of_metrics[] = TRUTH_HEAD;
/* The swarm counts neither reads nor saves that met nothing. */
static const char truth_of_swarm[] =
    "lock_errors 5\nsaves_retried 1\nsaves_failed 1\nworst_attempts 3\n"
    "save access-denied 2\nsave lock-held 3\nlisted 5\n";

/* What a reader that is not ours reads back. */
static void
assert_read (const char *format, const char *path, const char *source, const char *expected)
{
  const char *argv[] = {"python3", g_getenv ("QK_READ_FIGURES"), format, path, source, NULL};
  g_autofree char *out = NULL, *err = NULL;
  int code = qk_test_run (argv, &out, &err);

  if (code != 0 || strcmp (out, expected) != 0)
    g_error ("%s, %s: %s%s", format, source, out, err);
}

static void
assert_exports (Fixture *fixture)
{
  static const QkThresholds thresholds = QK_THRESHOLDS_DEFAULT;
  QkReport *report = qk_health_page_get_report (fixture->page);
  g_autoptr (QkAssessment) assessment = qk_assessment_new (report, NULL, &thresholds);

  for (guint format = 0; format < QK_N_EXPORT_FORMATS; format++)
    {
      g_autoptr (GBytes) bytes = qk_export_report (report, assessment, format);
      g_autofree char *path =
          qk_test_folder_write (&fixture->folder, "export", g_bytes_get_data (bytes, NULL),
                                (gssize) g_bytes_get_size (bytes));
      gboolean is_metrics = format == QK_EXPORT_OPENMETRICS || format == QK_EXPORT_PROMETHEUS;

      assert_read (qk_export_format_get_name (format), path, "here",
                   format == QK_EXPORT_SWARM ? truth_of_swarm
                   : is_metrics              ? truth_of_metrics
                                             : truth);
    }
}

static char *
run_qkctl (Fixture *fixture)
{
  g_autofree char *data = g_strconcat ("XDG_DATA_HOME=", fixture->folder.path, NULL);
  const char *argv[] = {"env",      data,   g_getenv ("QKCTL"), "stats", fixture->folder.queue,
                        "--format", "json", "--since",          "all",   NULL};
  g_autofree char *err = NULL;
  char *out = NULL;

  g_assert_cmpint (qk_test_run (argv, &out, &err), ==, 0);
  g_assert_cmpstr (err, ==, "");
  return out;
}

static gboolean
is_kept (gpointer data)
{
  Fixture *fixture = data;
  const char *argv[] = {"python3", g_getenv ("QK_READ_FIGURES"), "database", fixture->db, NULL};
  g_autofree char *out = NULL;

  return g_file_test (fixture->db, G_FILE_TEST_EXISTS) && qk_test_run (argv, &out, NULL) == 0 &&
         strcmp (out, truth) == 0;
}

static void
test_contention (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = NULL, *path = NULL;
  const char *none;

  qk_contention_run (fixture->health, &fixture->folder);
  qk_contention_assert (qk_health_get_session (fixture->health));
  assert_page (fixture);
  assert_exports (fixture);
  if (!qk_test_wait (is_kept, fixture, QK_UI_PATIENCE_MS))
    assert_read ("database", fixture->db, "here", truth);
  theirs = run_qkctl (fixture);
  path = qk_test_folder_write (&fixture->folder, "theirs.json", theirs, -1);
  assert_read ("json", path, "others", truth);
  none = "lock_errors 0\nsaves 0\nsaves_retried 0\nsaves_failed 0\nread_retries 0\nsave_retries 0\n"
         "attempts 0\nworst_attempts 0\nconflicts 0\noverwrites 0\nlisted 0\n";
  assert_read ("json", path, "here", none);
}

/* As the swarm writes it: so many errors of code 5, and 15 saves that succeeded after a retry. */
static void
write_counters (Fixture *fixture, guint n_errors)
{
  g_autoptr (GString) text = g_string_new ("{\"errors\":[");
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  for (guint i = 0; i < n_errors; i++)
    {
      g_autoptr (GDateTime) when = g_date_time_add_seconds (now, (double) i - 600);
      g_autofree char *time = g_date_time_format (when, "%Y-%m-%dT%H:%M:%S");

      g_string_append_printf (
          text,
          "%s{\"timestamp\":\"%s\",\"error_type\":\"PermissionError\","
          "\"winerror_code\":5,\"attempt\":1,\"delay\":0.15,\"file_path\":\"q\"}",
          i > 0 ? "," : "", time);
    }
  g_string_append (text, "],\"retry_success\":[");
  for (guint i = 0; i < 15; i++)
    {
      g_autoptr (GDateTime) when = g_date_time_add_seconds (now, (double) i - 599);
      g_autofree char *time = g_date_time_format (when, "%Y-%m-%dT%H:%M:%S");

      g_string_append_printf (text,
                              "%s{\"timestamp\":\"%s\",\"attempts\":2,\"total_delay\":0.15,"
                              "\"winerror_code\":null}",
                              i > 0 ? "," : "", time);
    }
  g_string_append_printf (text,
                          "],\"concurrency_events\":[],\"summary\":{\"total_errors\":%u,"
                          "\"winerror_5_count\":%u,\"winerror_32_count\":0,"
                          "\"retry_success_count\":15,\"retry_failure_count\":0,"
                          "\"max_retries_needed\":2,\"avg_retry_delay\":0.15,"
                          "\"high_concurrency_count\":0}}",
                          n_errors, n_errors);
  g_free (qk_test_folder_write (&fixture->folder, "file_locking_metrics.json", text->str, -1));
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

#define N_CHANGES 5

/* The swarm's own counters; and each change of them within a second. It comes when the latest report is
 * just there, which is when the page waits longest with the next one. */
static void
test_swarm (Fixture *fixture, gconstpointer data)
{
  gint64 times[N_CHANGES];
  g_autofree char *sources = NULL;

  write_counters (fixture, 16);
  qk_store_start (fixture->store);
  wait_for_value (fixture, "Access denied · 5", "16");
  g_assert_cmpstr (get_value (fixture, "File in use · 32"), ==, "0");
  g_assert_cmpstr (get_value (fixture, "Saved after retry"), ==, "100 %");
  sources = qk_health_tally_dup_text (get_part (fixture, "sources"));
  g_assert_nonnull (strstr (sources, "the swarm: 16, saved after a retry: 15, given up: 0"));
  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%u", 17 + i);
      gint64 start = g_get_monotonic_time ();

      write_counters (fixture, 17 + i);
      wait_for_value (fixture, "Access denied · 5", expected);
      times[i] = g_get_monotonic_time () - start;
      g_test_message ("%s on screen after %.0f ms", expected, (double) times[i] / 1000);
      g_assert_cmpuint (g_list_model_get_n_items (get_rows (fixture)), ==, 17 + i);
    }
  /* The machine may be busy with other tests for a moment. */
  qsort (times, N_CHANGES, sizeof *times, compare_times);
  g_assert_cmpint (times[N_CHANGES / 2], <, G_USEC_PER_SEC);
}

/* Another process, which holds the lock until its input ends. */
static GSubprocess *
hold_lock (Fixture *fixture, char **pid)
{
  static const char script[] = "import fcntl, sys\n"
                               "f = open(sys.argv[1], 'a')\n"
                               "fcntl.flock(f, fcntl.LOCK_EX)\n"
                               "print('held', flush=True)\n"
                               "sys.stdin.read()\n";
  g_autofree char *path = qk_test_folder_write (&fixture->folder, "holder.py", script, -1);
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        "python3", path, sidecar, NULL);
  char line[5];

  g_assert_no_error (error);
  g_assert_true (g_input_stream_read_all (g_subprocess_get_stdout_pipe (process), line, sizeof line,
                                          NULL, NULL, &error));
  *pid = g_strdup (g_subprocess_get_identifier (process));
  return process;
}

static void
emit (Fixture *fixture, QkHolder *holder)
{
  const QkLockEvent event = {.time = g_get_real_time (),
                             .operation = QK_OPERATION_SAVE,
                             .kind = QK_LOCK_KIND_ACCESS_DENIED,
                             .code = 13,
                             .attempt = 1,
                             .attempts = 8,
                             .delay = 150000,
                             .holder = holder};

  g_signal_emit_by_name (fixture->store, "lock-event", &event);
  qk_holder_unref (holder);
}

static QkHolder *
make_holder (QkHolderHow how, gint64 pid, const char *name)
{
  QkHolder *holder = qk_holder_new (QK_HOLDER_FOUND);

  holder->how = how;
  holder->pid = pid;
  holder->name = g_strdup (name);
  return holder;
}

/* A real flock was met already; now an open reader, a writer in another user's name, a process that is
 * gone meanwhile, nobody, and no way to look. */
static void
emit_holders (Fixture *fixture)
{
  static const char command[] = "python3\0/srv/queue_processor.py";
  QkHolder *other = make_holder (QK_HOLDER_WRITES, 202, "python3"),
           *gone = make_holder (QK_HOLDER_LOCKS, 203, NULL),
           *unknown = qk_holder_new (QK_HOLDER_UNKNOWN);

  emit (fixture, make_holder (QK_HOLDER_READS, 201, "le\nss <b>"));
  qk_holder_take_command (other, command, sizeof command);
  other->user = g_strdup ("alice");
  other->is_other_user = TRUE;
  emit (fixture, other);
  gone->gone = TRUE;
  emit (fixture, gone);
  emit (fixture, qk_holder_new (QK_HOLDER_NOBODY));
  unknown->reason = g_strdup ("could not look into 3 processes of other users");
  emit (fixture, unknown);
}

static gboolean
has_seven (gpointer data)
{
  return g_list_model_get_n_items (get_rows (data)) == 7;
}

static gboolean
is_shown (gpointer data)
{
  Fixture *fixture = data;

  return qk_ui_test_find (get_part (fixture, "events"), GTK_TYPE_LABEL, fixture->value) != NULL;
}

/* On a row of the list, and on a row of the card; and how it was held, under the pointer. */
static void
assert_holder (Fixture *fixture, const char *label, const char *description)
{
  GtkWidget *cell;
  g_autofree char *tooltip = NULL;

  fixture->value = label;
  if (!qk_test_wait (is_shown, fixture, QK_UI_PATIENCE_MS))
    g_error ("no row of the list says “%s”", label);
  cell = qk_ui_test_find (get_part (fixture, "events"), GTK_TYPE_LABEL, label);
  tooltip = gtk_widget_get_tooltip_text (cell) != NULL
                ? g_strdup (gtk_widget_get_tooltip_text (cell))
                : NULL;
  g_assert_cmpstr (tooltip, ==, description);
  g_assert_nonnull (qk_ui_test_find (get_part (fixture, "holders"), GTK_TYPE_LABEL, label));
}

/* Who held it, as others read it from the history. */
static void
assert_told_to_others (Fixture *fixture)
{
  g_autofree char *theirs = run_qkctl (fixture);
  static const char *const holders[] = {
      "\"holder\": \"le␊ss <b> (201)\"",
      "\"holder\": \"python3 · queue_processor.py (202) of alice\"",
      "\"holder\": \"process 203, gone meanwhile\"",
      "\"holder\": \"nobody found\"",
      "\"holder\": \"could not look\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (holders); i++)
    if (strstr (theirs, holders[i]) == NULL)
      g_error ("qkctl does not say %s in %s", holders[i], theirs);
}

static gboolean
is_written (gpointer data)
{
  const char *const argv[] = {"python3", "-c",
                              "import sqlite3, sys\n"
                              "b = sqlite3.connect(sys.argv[1])\n"
                              "print(b.execute('SELECT count(*) FROM lock_events').fetchone()[0])",
                              ((Fixture *) data)->db, NULL};
  g_autofree char *out = NULL;

  return qk_test_run (argv, &out, NULL) == 0 && strcmp (out, "7\n") == 0;
}

static void
test_holders (Fixture *fixture, gconstpointer data)
{
  const QkRetryPolicy policy = {2, 1000, 1000};
  g_autofree char *pid = NULL, *label = NULL, *description = NULL,
                  *queue = qk_test_queue_of_ids ("ab", "FAILED");
  g_autoptr (QkResult) failed = NULL;
  g_autoptr (GSubprocess) process = NULL;

  g_free (qk_test_folder_write (&fixture->folder, "queue.json", queue, -1));
  qk_store_start (fixture->store);
  process = hold_lock (fixture, &pid);
  failed = qk_contention_purge_first (fixture->store, &fixture->folder, &policy);
  g_assert_null (failed);
  emit_holders (fixture);
  g_assert_true (qk_test_wait (has_seven, fixture, QK_UI_PATIENCE_MS));
  label = g_strdup_printf ("python3 · holder.py (%s)", pid);
  description = g_strdup_printf ("held by python3, process %s (holder.py)", pid);
  assert_holder (fixture, label, description);
  assert_holder (fixture, "le␊ss <b> (201)", "open for reading in le␊ss <b>, process 201");
  assert_holder (fixture, "python3 · queue_processor.py (202) of alice",
                 "open for writing in python3, process 202 (queue_processor.py) of alice");
  assert_holder (fixture, "process 203, gone meanwhile", "held by process 203, gone meanwhile");
  assert_holder (fixture, "nobody found", "nobody on this machine was found to hold it");
  assert_holder (fixture, "could not look",
                 "not known who holds it: could not look into 3 processes of other users");
  g_assert_true (qk_test_wait (is_written, fixture, QK_UI_PATIENCE_MS));
  assert_told_to_others (fixture);
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL));
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
}

#define UI_TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      UI_TEST ("/ui/truth/contention", test_contention);
      UI_TEST ("/ui/truth/swarm", test_swarm);
      UI_TEST ("/ui/truth/holders", test_holders);
    }
  return qk_ui_test_run (has_display);
}
