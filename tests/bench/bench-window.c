/* bench-window MAKE-QUEUE ENTRIES...: on a display, with the real window:
 *
 * - how long after another process has replaced the queue its change is painted: from the time at
 *   which the system noted the rename to the end of the first frame that shows it;
 * - how long the main loop stands still at most while a save waits 8.25 s for a lock: the longest
 *   gap between the calls of a timer that is due every millisecond;
 * - how long a search takes until it is painted, and how long the main loop stands still at most
 *   meanwhile.
 */

#include "qk-window.h"

#include "platform/qk-platform.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define ROUNDS 20

typedef struct {
  char *folder;      /* owned */
  char *path;        /* owned */
  GtkWidget *window; /* owned by GTK */
  gboolean settled;  /* the model shows the change */
  gint64 painted;    /* when the frame after that ended; in microseconds since the epoch */
  gint64 last_beat;  /* monotonic */
  gint64 longest_gap;
  gboolean done;
} Bench;

static void
on_settled (QkMessageList *list, Bench *bench)
{
  bench->settled = TRUE;
}

static void
on_painted (GdkFrameClock *clock, Bench *bench)
{
  if (bench->settled && bench->painted == 0)
    bench->painted = g_get_real_time ();
}

static void
run_program (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                     &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    g_error ("%s", error->message);
}

/* Another process saves: one message more, at the end, as the swarm adds it. */
static gint64
replace_queue (Bench *bench, guint round)
{
  g_autofree char *temp = g_strconcat (bench->path, ".tmp", NULL);
  g_autofree char *text = NULL;
  g_autofree char *next = NULL;
  const char *argv[] = {"mv", temp, bench->path, NULL};
  gsize length;
  struct stat st;

  g_assert (g_file_get_contents (bench->path, &text, &length, NULL));
  text[length - 1] = '\0';
  next =
      g_strdup_printf ("%s,{\"message\":{\"recipient\":\"Agent-1\",\"content\":\"%u\"},"
                       "\"queue_id\":\"added-%u\",\"priority_score\":1.0,\"status\":\"PENDING\"}]",
                       text, round, round);
  g_assert (g_file_set_contents_full (temp, next, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  bench->settled = FALSE;
  bench->painted = 0;
  run_program (argv);
  g_assert (stat (bench->path, &st) == 0);
  return (gint64) st.st_ctim.tv_sec * G_USEC_PER_SEC + st.st_ctim.tv_nsec / 1000;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static void
measure_latency (Bench *bench)
{
  gint64 latencies[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 renamed = replace_queue (bench, i);

      while (bench->painted == 0)
        g_main_context_iteration (NULL, TRUE);
      latencies[i] = bench->painted - renamed;
    }
  qsort (latencies, ROUNDS, sizeof *latencies, compare_times);
  g_print ("change on the screen after: median %.1f ms, worst of %d %.1f ms\n",
           (double) latencies[ROUNDS / 2] / 1000, ROUNDS, (double) latencies[ROUNDS - 1] / 1000);
}

static gboolean
on_beat (gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();

  bench->longest_gap = MAX (bench->longest_gap, now - bench->last_beat);
  bench->last_beat = now;
  return G_SOURCE_CONTINUE;
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *bench = user_data;
  g_autoptr (GError) error = NULL;

  g_assert (qk_store_apply_finish (QK_STORE (source), result, &error) == NULL);
  g_assert (g_error_matches (error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY));
  bench->done = TRUE;
}

static void
measure_blocking (Bench *bench)
{
  QkStore *store = qk_window_get_store (QK_WINDOW (bench->window));
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (bench->path, ".lock", NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  gint64 start = g_get_monotonic_time ();
  QkHandle lock;
  guint beat;

  g_ptr_array_add (changes,
                   qk_change_new_purge (qk_document_get_entry (qk_store_get_document (store), 0)));
  g_assert (platform->lock (sidecar, &lock) == 0);
  bench->done = FALSE;
  bench->longest_gap = 0;
  bench->last_beat = start;
  beat = g_timeout_add_full (G_PRIORITY_HIGH, 1, on_beat, bench, NULL);
  qk_store_apply_async (store, changes, NULL, NULL, on_applied, bench);
  while (!bench->done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (beat);
  platform->unlock (lock);
  g_print ("main loop while a save waits %.2f s for a lock: longest gap %.1f ms\n",
           (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
           (double) bench->longest_gap / 1000);
}

static void
find (Bench *bench, QkMessageList *list, const char *text)
{
  g_autoptr (QkFilter) empty = qk_filter_new ();
  g_autoptr (QkFilter) filter = qk_filter_with_text (empty, text);
  gint64 start = g_get_monotonic_time ();

  bench->settled = FALSE;
  bench->painted = 0;
  bench->longest_gap = 0;
  bench->last_beat = start;
  qk_message_list_set_find (list, filter);
  while (bench->painted == 0 || qk_message_list_get_searching (list))
    g_main_context_iteration (NULL, TRUE);
  start = g_get_monotonic_time () - start;
  g_print ("find “%s”: %u found, on the screen after %.1f ms, longest gap %.1f ms\n", text,
           g_list_model_get_n_items (G_LIST_MODEL (list)), (double) start / 1000,
           (double) bench->longest_gap / 1000);
}

static void
measure_finding (Bench *bench)
{
  static const char *const texts[] = {"a", "ag", "agent-7", "agent-7 cycle", "nowhere", ""};
  QkMessagesPage *page = qk_window_get_messages_page (QK_WINDOW (bench->window));
  QkMessageList *list = qk_messages_page_get_list (page);
  guint beat = g_timeout_add_full (G_PRIORITY_HIGH, 1, on_beat, bench, NULL);

  for (guint shown = 0; shown < 2; shown++)
    {
      g_object_set (page, "hide-delivered", shown == 0, NULL);
      g_print ("%s\n", shown == 0 ? "delivered hidden" : "delivered shown");
      for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        find (bench, list, texts[i]);
    }
  g_source_remove (beat);
}

static void
open_window (Bench *bench, GtkApplication *application)
{
  QkMessagesPage *page;
  QkMessageList *list;

  bench->window = qk_window_new (application);
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1280, 800);
  page = qk_window_get_messages_page (QK_WINDOW (bench->window));
  list = qk_messages_page_get_list (page);
  g_signal_connect (list, "settled", G_CALLBACK (on_settled), bench);
  qk_window_open (QK_WINDOW (bench->window), bench->path);
  gtk_window_present (GTK_WINDOW (bench->window));
  g_signal_connect (gtk_widget_get_frame_clock (bench->window), "after-paint",
                    G_CALLBACK (on_painted), bench);
  while (qk_message_list_get_total (list) == 0 || bench->painted == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
run (GtkApplication *application, const char *make_queue, const char *n_entries)
{
  Bench bench = {.folder = g_dir_make_tmp ("qk-bench-XXXXXX", NULL)};
  const char *make[] = {make_queue, "--write", NULL, "--entries", n_entries, "--end", "now", NULL};
  const char *clean_up[] = {"rm", "-r", bench.folder, NULL};

  bench.path = g_build_filename (bench.folder, "queue.json", NULL);
  make[2] = bench.path;
  run_program (make);
  g_print ("\n%s entries\n", n_entries);
  open_window (&bench, application);
  measure_finding (&bench);
  measure_latency (&bench);
  measure_blocking (&bench);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  run_program (clean_up);
  g_free (bench.path);
  g_free (bench.folder);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

  if (argc < 3 || !gtk_init_check ())
    {
      g_printerr ("usage, on a display: bench-window MAKE-QUEUE ENTRIES...\n");
      return 2;
    }
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_assert (g_application_register (G_APPLICATION (application), NULL, NULL));
  for (int i = 2; i < argc; i++)
    run (GTK_APPLICATION (application), argv[1], argv[i]);
  return 0;
}
