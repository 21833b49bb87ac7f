/* bench-frames MAKE-QUEUE ENTRIES...: on a display, with the real window: how long the main loop is
 * held up at most while the operator finds, filters, selects and sorts, and while others save.
 *
 * For each step it prints the longest turn (all that the main loop dispatches at once), the longest
 * frame (before-paint to after-paint of the window's frame clock), each as time on the clock and as
 * processor time of the main thread, which other programs on the machine do not disturb; and how long
 * it took until all of it was in place and painted. Last, messages of 2 MB are read.
 */

#include "qk-window.h"

#include "qk-time.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

/* All is in place when no turn has taken so much for so long; but no step is waited for longer. */
#define BUSY_US     (5 * G_TIME_SPAN_MILLISECOND)
#define QUIET_US    (300 * G_TIME_SPAN_MILLISECOND)
#define PATIENCE_US (8 * G_TIME_SPAN_SECOND)

typedef struct {
  gint64 wall; /* microseconds */
  gint64 cpu;  /* likewise */
} Span;

typedef struct {
  char *folder;      /* owned */
  char *path;        /* owned */
  GtkWidget *window; /* owned by GTK */
  QkMessagesPage *page;
  QkMessageList *list;
  QkMessageSelection *selection;
  Span frame_start;
  Span longest_frame;
  Span longest_turn;
  guint n_changes; /* of the store */
  gint64 active;   /* monotonic: when a turn took long last */
} Bench;

typedef void (*Step) (Bench *bench, const char *argument);

static Span
read_clocks (void)
{
  struct timespec cpu;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
  return (Span){g_get_monotonic_time (), (gint64) cpu.tv_sec * G_USEC_PER_SEC + cpu.tv_nsec / 1000};
}

static void
note (Span *longest, Span start)
{
  Span end = read_clocks ();

  longest->wall = MAX (longest->wall, end.wall - start.wall);
  longest->cpu = MAX (longest->cpu, end.cpu - start.cpu);
}

static void
before_paint_cb (GdkFrameClock *clock, Bench *bench)
{
  bench->frame_start = read_clocks ();
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *bench)
{
  note (&bench->longest_frame, bench->frame_start);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, Bench *bench)
{
  bench->n_changes++;
}

/* One turn of the main loop, of which only what it dispatches is measured. */
static void
turn (Bench *bench)
{
  static GPollFD *fds;
  static gint n_allocated;
  GMainContext *context = g_main_context_default ();
  gint priority, timeout, n_fds;
  Span start;

  (void) g_main_context_acquire (context);
  (void) g_main_context_prepare (context, &priority);
  while ((n_fds = g_main_context_query (context, priority, &timeout, fds, n_allocated)) >
         n_allocated)
    {
      n_allocated = n_fds;
      fds = g_renew (GPollFD, fds, n_allocated);
    }
  timeout = timeout < 0 ? 20 : MIN (timeout, 20);
  (void) g_poll (fds, (guint) n_fds, timeout);
  start = read_clocks ();
  if (g_main_context_check (context, priority, fds, n_fds))
    g_main_context_dispatch (context);
  if (read_clocks ().cpu - start.cpu > BUSY_US)
    bench->active = g_get_monotonic_time ();
  note (&bench->longest_turn, start);
  g_main_context_release (context);
}

static gboolean
is_in_place (QkMessageList *list)
{
  return !qk_message_list_get_searching (list) &&
         g_list_model_get_n_items (G_LIST_MODEL (list)) == qk_message_list_get_n_listed (list);
}

static void
settle (Bench *bench)
{
  gint64 start = g_get_monotonic_time (), now = start;

  bench->active = start;
  while (now - start < PATIENCE_US &&
         (now - bench->active < QUIET_US || !is_in_place (bench->list)))
    {
      turn (bench);
      now = g_get_monotonic_time ();
    }
}

static double
ms (gint64 time)
{
  return (double) time / 1000;
}

static void
run_step (Bench *bench, const char *name, Step step, const char *argument)
{
  Span start, own = {0};

  settle (bench);
  bench->longest_turn = bench->longest_frame = (Span){0};
  start = read_clocks ();
  step (bench, argument);
  note (&own, start);
  if (step != NULL)
    note (&bench->longest_turn,
          (Span){read_clocks ().wall - own.wall, read_clocks ().cpu - own.cpu});
  settle (bench);
  g_print ("%-34s %7u %8.1f %7.1f %8.1f %7.1f %9.1f\n", name,
           g_list_model_get_n_items (G_LIST_MODEL (bench->list)), ms (bench->longest_turn.wall),
           ms (bench->longest_turn.cpu), ms (bench->longest_frame.wall),
           ms (bench->longest_frame.cpu), ms (bench->active - start.wall));
}

static void
find_step (Bench *bench, const char *text)
{
  g_autoptr (QkFilter) empty = qk_filter_new ();
  g_autoptr (QkFilter) filter = qk_filter_with_text (empty, text);

  qk_message_list_set_find (bench->list, filter);
}

static void
filter_step (Bench *bench, const char *status)
{
  g_autoptr (QkFilter) empty = qk_filter_new ();
  g_autoptr (QkFilter) filter = qk_filter_with_value (empty, QK_FACET_STATUS, status);

  qk_message_list_set_find (bench->list, filter);
}

static void
focus_step (Bench *bench, const char *focus)
{
  qk_message_list_set_focus (bench->list, focus != NULL ? QK_FOCUS_FAILED : QK_FOCUS_ALL);
}

static void
agent_step (Bench *bench, const char *agent)
{
  qk_message_list_set_agent (bench->list, agent);
}

static void
delivered_step (Bench *bench, const char *hide)
{
  g_object_set (bench->page, "hide-delivered", hide != NULL, NULL);
}

static void
select_step (Bench *bench, const char *all)
{
  if (all != NULL)
    qk_messages_page_select_all (bench->page);
  else
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (bench->selection));
}

static void
sort_step (Bench *bench, const char *key)
{
  qk_message_list_set_sort (bench->list, (QkSortKey) (key[0] - '0'), key[1] == 'd');
}

/* Somebody else saves: every @nth message is for somebody else. The file is made beside the main
 * loop's time, and its rename is what the step begins with. */
static void
save_as_others (Bench *bench, guint nth)
{
  static const char field[] = "\"recipient\":\"Agent-";
  g_autofree char *temp = g_strconcat (bench->path, ".tmp", NULL);
  g_autofree char *text = NULL;
  gsize length;
  guint n = 0, n_changes = bench->n_changes;

  g_assert (g_file_get_contents (bench->path, &text, &length, NULL));
  for (char *at = text; (at = strstr (at, field)) != NULL; at += sizeof field)
    if (n++ % nth == 0)
      at[sizeof field - 1] = at[sizeof field - 1] == '1' ? '2' : '1';
  g_assert (
      g_file_set_contents_full (temp, text, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  settle (bench);
  bench->longest_turn = bench->longest_frame = (Span){0};
  g_assert (g_rename (temp, bench->path) == 0);
  while (bench->n_changes == n_changes)
    turn (bench);
}

static void
reload (Bench *bench, const char *name, guint nth)
{
  gint64 start;

  save_as_others (bench, nth);
  start = g_get_monotonic_time ();
  settle (bench);
  g_print ("%-34s %7u %8.1f %7.1f %8.1f %7.1f %9.1f\n", name,
           g_list_model_get_n_items (G_LIST_MODEL (bench->list)), ms (bench->longest_turn.wall),
           ms (bench->longest_turn.cpu), ms (bench->longest_frame.wall),
           ms (bench->longest_frame.cpu), ms (bench->active - start));
}

static const struct {
  const char *name;
  Step step;
  const char *argument;
} steps[] = {
    {"find “a”", find_step, "a"},
    {"find “ag”", find_step, "ag"},
    {"find “agent-7”", find_step, "agent-7"},
    {"find “agent-7 cycle”", find_step, "agent-7 cycle"},
    {"find “nowhere”", find_step, "nowhere"},
    {"clear the field", find_step, ""},
    {"filter: failed", filter_step, "FAILED"},
    {"remove the filter", find_step, ""},
    {"counter: failed", focus_step, "failed"},
    {"counter: all", focus_step, NULL},
    {"agent: Agent-7", agent_step, "Agent-7"},
    {"agent: all", agent_step, NULL},
    {"select all", select_step, "all"},
    {"find “agent-7” while selected", find_step, "agent-7"},
    {"select all that were found", select_step, "all"},
    {"filter: failed, while selected", filter_step, "FAILED"},
    {"remove it", find_step, ""},
    {"select all", select_step, "all"},
    {"clear the selection", select_step, NULL},
    {"sort by priority", sort_step, "1"},
    {"sort by recipient", sort_step, "2"},
    {"sort by message", sort_step, "5"},
    {"sort by age, descending", sort_step, "6d"},
    {"sort by attention", sort_step, "0"},
};

static void
measure (Bench *bench)
{
  for (guint shown = 0; shown < 2; shown++)
    {
      run_step (bench, shown == 0 ? "hide delivered" : "show delivered", delivered_step,
                shown == 0 ? "hide" : NULL);
      for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
        run_step (bench, steps[i].name, steps[i].step, steps[i].argument);
      reload (bench, "others change one message", G_MAXUINT);
      reload (bench, "others change 30 per cent", 3);
      g_print ("\n");
    }
}

/* Rules of style cost time, too. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_path (provider, QK_STYLE);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
open_window (Bench *bench, GtkApplication *application)
{
  bench->window = qk_window_new (application);
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1280, 800);
  bench->page = qk_window_get_messages_page (QK_WINDOW (bench->window));
  bench->list = qk_messages_page_get_list (bench->page);
  bench->selection = qk_messages_page_get_selection (bench->page);
  qk_window_open (QK_WINDOW (bench->window), bench->path);
  g_signal_connect (qk_window_get_store (QK_WINDOW (bench->window)), "changed",
                    G_CALLBACK (store_changed_cb), bench);
  gtk_window_present (GTK_WINDOW (bench->window));
  g_signal_connect (gtk_widget_get_frame_clock (bench->window), "before-paint",
                    G_CALLBACK (before_paint_cb), bench);
  g_signal_connect (gtk_widget_get_frame_clock (bench->window), "after-paint",
                    G_CALLBACK (after_paint_cb), bench);
  while (qk_message_list_get_total (bench->list) == 0)
    turn (bench);
  settle (bench);
}

#define LARGE_BYTES 2000000

/* What the text of a large message is made of, as JSON. */
static const struct {
  const char *name;
  const char *pattern;
} large[] = {
    {"read a short one", ""},
    {"read 2 MB without a break", "x"},
    {"read 2 MB of words", "lorem ipsum "},
    {"read 2 MB of lines", "lorem ipsum dolor\\n"},
    {"read 2 MB of emoji", "\U0001f4e3"},
    {"read 2 MB of Arabic", "\u0645\u0631\u062d\u0628\u0627 "},
    {"read 2 MB that are revealed", "\u202e"},
};

static void
write_large (Bench *bench)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < G_N_ELEMENTS (large); i++)
    {
      gsize start;

      g_string_append_printf (text,
                              "%s{\"message\":{\"sender\":\"a\",\"recipient\":\"Agent-1\","
                              "\"content\":\"%u ",
                              i > 0 ? "," : "", i);
      for (start = text->len; *large[i].pattern != '\0' && text->len - start < LARGE_BYTES;)
        g_string_append (text, large[i].pattern);
      g_string_append_printf (text,
                              "\"},\"queue_id\":\"%u\",\"priority_score\":0.5,\"status\":"
                              "\"PENDING\",\"created_at\":\"2026-01-08T10:00:00\","
                              "\"updated_at\":\"2026-01-08T10:00:00\"}",
                              i);
    }
  g_string_append_c (text, ']');
  g_assert (g_file_set_contents (bench->path, text->str, (gssize) text->len, NULL));
}

static void
read_step (Bench *bench, const char *id)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (bench->selection);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (bench->list)); i++)
    {
      g_autoptr (QkMessage) message = g_list_model_get_item (G_LIST_MODEL (bench->list), i);

      if (qk_entry_has_id (qk_message_get_entry (message), id))
        gtk_selection_model_select_item (selection, i, TRUE);
    }
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

static void
run (GtkApplication *application, const char *make_queue, const char *n_entries)
{
  Bench bench = {.folder = g_dir_make_tmp ("qk-bench-XXXXXX", NULL)};
  const char *make[] = {make_queue, "--write", NULL, "--entries", n_entries, "--end", "now", NULL};
  const char *clean_up[] = {"rm", "-r", bench.folder, NULL};

  bench.path = g_build_filename (bench.folder, "queue.json", NULL);
  make[2] = bench.path;
  run_program (make);
  g_print ("\n%s entries\n%-34s %7s %16s %16s %9s\n", n_entries, "milliseconds (cpu: main thread)",
           "listed", "turn, its cpu", "frame, its cpu", "in place");
  open_window (&bench, application);
  measure (&bench);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  write_large (&bench);
  open_window (&bench, application);
  for (guint i = 0; i < G_N_ELEMENTS (large); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      run_step (&bench, large[i].name, read_step, id);
    }
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
      g_printerr ("usage, on a display: bench-frames MAKE-QUEUE ENTRIES...\n");
      return 2;
    }
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_assert (g_application_register (G_APPLICATION (application), NULL, NULL));
  load_style ();
  for (int i = 2; i < argc; i++)
    run (GTK_APPLICATION (application), argv[1], argv[i]);
  return 0;
}
