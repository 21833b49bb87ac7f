/* bench-queue MAKE-QUEUE BENCH-JSON.PY ENTRIES...: how long reading and saving take, beside a parser
 * that reads the whole file, Python's json, and the floor: the plain writing of the same bytes.
 *
 * Prints a table. Figures of one run may be compared with each other, not with those of another
 * machine or hour: the last column says how many times the floor each is.
 */

#include "qk-reading.h"
#include "qk-swarm.h"
#include "qk-time.h"
#include "qk-writer.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ROUNDS 9

typedef struct {
  char *folder; /* owned */
  char *path;   /* owned */
  const char *script;
  guint n_entries;
  gsize size;
  guint rounds;
  double floor; /* milliseconds */
  guint step;   /* makes each change another one */
} Bench;

typedef void (*BenchFunc) (Bench *bench);

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (double *times, guint n)
{
  qsort (times, n, sizeof *times, compare_doubles);
  return times[n / 2];
}

static void
print_row (const Bench *bench, const char *name, double msec)
{
  g_print ("%-44s %10.2f ms %8.2f x\n", name, msec, msec / bench->floor);
}

/* @prepare is not counted. */
static double
measure (Bench *bench, BenchFunc prepare, BenchFunc run)
{
  double times[MAX_ROUNDS];

  for (guint i = 0; i < bench->rounds; i++)
    {
      gint64 start;

      if (prepare != NULL)
        prepare (bench);
      start = g_get_monotonic_time ();
      run (bench);
      times[i] = (double) (g_get_monotonic_time () - start) / 1000;
    }
  return median (times, bench->rounds);
}

static QkReading *
look (Bench *bench, QkDocument *previous)
{
  const QkFileStamp none = {0};
  QkReading *reading = qk_reading_new (qk_platform_get_native (), bench->path, previous, &none);

  qk_reading_run (reading);
  g_assert (reading->state == QK_READING_WHOLE);
  return reading;
}

static void
load (Bench *bench)
{
  qk_reading_free (look (bench, NULL));
}

/* What the window has, as of the last look. */
static QkDocument *current;

static void
look_again (Bench *bench)
{
  g_autoptr (QkReading) reading = look (bench, current);

  g_clear_pointer (&current, qk_document_unref);
  current = g_steal_pointer (&reading->document);
}

/* The writer, with a change of one message in the middle. */
static void
save (Bench *bench)
{
  QkWriter writer = {
      .platform = qk_platform_get_native (),
      .path = bench->path,
      .policy = QK_RETRY_POLICY_DEFAULT,
      .known = current,
  };
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkResult) result = NULL;
  g_autofree char *recipient = g_strdup_printf ("Agent-%u", bench->step++ % 8 + 1);
  guint i = bench->n_entries / 2;

  while (qk_entry_get_status (qk_document_get_entry (current, i)) != QK_STATUS_PENDING)
    i = (i + 1) % bench->n_entries;
  g_ptr_array_add (changes,
                   qk_change_new_set_recipient (qk_document_get_entry (current, i), recipient));
  result = qk_writer_save (&writer, changes, NULL, NULL);
  g_assert (result != NULL && result->skipped->len <= 1);
}

/* A click: save, and see what has become of it. */
static void
operator_cycle (Bench *bench)
{
  save (bench);
  look_again (bench);
}

static void
tell_swarm (Bench *bench)
{
  g_auto (GStrv) agents = qk_agents_dup_default ();

  qk_swarm_free (qk_swarm_new (current, (const char *const *) agents, qk_wall_now ()));
}

static void
find_agents (Bench *bench)
{
  g_strfreev (qk_agents_find (current));
}

static void
load_json_glib (Bench *bench)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (!json_parser_load_from_file (parser, bench->path, &error))
    g_error ("%s", error->message);
}

static void
replace_file (Bench *bench, const char *text, gsize length)
{
  const QkPlatform *platform = qk_platform_get_native ();
  QkSegment segment = {text, length};
  QkHandle like, handle;
  QkFileStamp stamp;
  g_autofree char *temp = NULL;
  gboolean exchanged;

  g_assert (platform->open_read (bench->path, &like) == 0);
  g_assert (platform->stat_handle (like, &stamp) == 0);
  g_assert (platform->create_temp (bench->path, like, &stamp, &handle, &temp) == 0);
  g_assert (platform->write (handle, &segment, 1) == 0);
  g_assert (platform->sync (handle) == 0);
  platform->close (handle);
  platform->close (like);
  g_assert (platform->swap (temp, bench->path, &exchanged) == 0);
  if (exchanged)
    g_assert (platform->remove (temp) == 0);
  g_assert (platform->sync_folder (bench->path) == 0);
}

static void
save_json_glib (Bench *bench)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;
  JsonArray *array;
  gsize length;

  json_parser_load_from_file (parser, bench->path, NULL);
  array = json_node_get_array (json_parser_get_root (parser));
  json_object_set_string_member (json_array_get_object_element (array, bench->n_entries / 2),
                                 "status", "PENDING");
  json_generator_set_root (generator, json_parser_get_root (parser));
  text = json_generator_to_data (generator, &length);
  replace_file (bench, text, length);
}

static GBytes *floor_bytes;

static void
write_floor (Bench *bench)
{
  gsize length;
  const char *text = g_bytes_get_data (floor_bytes, &length);

  replace_file (bench, text, length);
}

/* The script measures itself, so that its start does not count: "NAME<tab>MILLISECONDS" a line. */
static void
run_python (Bench *bench)
{
  g_autofree char *rounds = g_strdup_printf ("%u", bench->rounds);
  const char *argv[] = {"python3", bench->script, bench->path, rounds, NULL};
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                     NULL, &error))
    {
      g_print ("(no figures of Python: %s)\n", error->message);
      return;
    }
  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *tab = strchr (lines[i], '\t');

      if (tab == NULL)
        continue;
      *tab = '\0';
      print_row (bench, lines[i], g_ascii_strtod (tab + 1, NULL));
    }
}

static void
make_queue (Bench *bench, const char *program)
{
  g_autofree char *entries = g_strdup_printf ("%u", bench->n_entries);
  const char *argv[] = {program, "--write", bench->path, "--entries", entries, NULL};
  g_autoptr (GError) error = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    g_error ("%s", error->message);
}

static void
run (Bench *bench, const char *program)
{
  g_autofree char *text = NULL;

  make_queue (bench, program);
  if (!g_file_get_contents (bench->path, &text, &bench->size, NULL))
    g_error ("cannot read %s", bench->path);
  floor_bytes = g_bytes_new_take (g_steal_pointer (&text), bench->size);
  bench->rounds = bench->size > 100 << 20 ? 3 : MAX_ROUNDS;
  bench->floor = measure (bench, NULL, write_floor);
  g_print ("\n%u entries, %.1f MB; median of %u\n", bench->n_entries, (double) bench->size / 1e6,
           bench->rounds);
  print_row (bench, "floor: write, fsync, rename", bench->floor);
  print_row (bench, "load: queuekeeper", measure (bench, NULL, load));
  print_row (bench, "load: json-glib, the whole file", measure (bench, NULL, load_json_glib));
  look_again (bench);
  print_row (bench, "reload after one change: queuekeeper", measure (bench, save, look_again));
  print_row (bench, "save one change: queuekeeper", measure (bench, NULL, save));
  look_again (bench);
  print_row (bench, "operator's cycle, save and see: queuekeeper",
             measure (bench, NULL, operator_cycle));
  print_row (bench, "what it tells of the swarm: queuekeeper", measure (bench, NULL, tell_swarm));
  print_row (bench, "who is in the swarm: queuekeeper", measure (bench, NULL, find_agents));
  print_row (bench, "load and save one change: json-glib", measure (bench, NULL, save_json_glib));
  write_floor (bench);
  run_python (bench);
  g_clear_pointer (&floor_bytes, g_bytes_unref);
  g_clear_pointer (&current, qk_document_unref);
}

static void
clean_up (Bench *bench)
{
  g_autoptr (GFile) folder = g_file_new_for_path (bench->folder);
  g_autoptr (GFileEnumerator) children =
      g_file_enumerate_children (folder, G_FILE_ATTRIBUTE_STANDARD_NAME, 0, NULL, NULL);
  GFile *child;

  while (g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) && child != NULL)
    g_file_delete (child, NULL, NULL);
  g_file_delete (folder, NULL, NULL);
  g_free (bench->path);
  g_free (bench->folder);
}

int
main (int argc, char **argv)
{
  if (argc < 4)
    {
      g_printerr ("usage: bench-queue MAKE-QUEUE BENCH-JSON.PY ENTRIES...\n");
      return 2;
    }
  for (int i = 3; i < argc; i++)
    {
      Bench bench = {.script = argv[2], .n_entries = (guint) g_ascii_strtoull (argv[i], NULL, 10)};

      bench.folder = g_dir_make_tmp ("qk-bench-XXXXXX", NULL);
      bench.path = g_build_filename (bench.folder, "queue.json", NULL);
      run (&bench, argv[1]);
      clean_up (&bench);
    }
  return 0;
}
