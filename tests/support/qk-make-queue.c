/* qk-make-queue: writes a queue file of any size, the same for the same arguments. For benches,
 * tests and screenshots. An entry has about 5.6 KB, as in real queues: 376 make 2.1 MB. */

#include "qk-swarm-entry.h"
#include "qk-swarm-json.h"
#include "qk-swarm-seed.h"

#include <gio/gio.h>
#include <stdlib.h>

#define MIN_LENGTH  4600
#define MAX_LENGTH  5700
#define MAX_ENTRIES 1000000
#define EXIT_USAGE  2
#define DEFAULT_END "2026-01-08T20:00:00"

typedef struct {
  char *path;
  char *end;
  int n_entries;
  int seed;
  gboolean indent;
} Options;

/* One entry at a time: a queue of 100,000 is half a gigabyte. */
static gboolean
write_entries (GOutputStream *stream, const Options *options, gint64 end, GError **error)
{
  g_autoptr (GString) json = g_string_new ("[");
  guint n_entries = (guint) options->n_entries;

  for (guint i = 0; i < n_entries; i++)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

      json_node_take_object (node, qk_swarm_seed_entry ((guint32) options->seed, i, n_entries, end,
                                                        MIN_LENGTH, MAX_LENGTH));
      g_string_append (json, i > 0 ? "," : "");
      g_string_append (json, options->indent ? "\n  " : "");
      qk_swarm_json_append (json, node, options->indent, 1);
      if (!g_output_stream_write_all (stream, json->str, json->len, NULL, NULL, error))
        return FALSE;
      g_string_truncate (json, 0);
    }
  g_string_append (json, options->indent && n_entries > 0 ? "\n]" : "]");
  return g_output_stream_write_all (stream, json->str, json->len, NULL, NULL, error);
}

static gboolean
write_file (const Options *options, gint64 end, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (options->path);
  g_autoptr (GFileOutputStream) stream =
      g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error);
  g_autoptr (GOutputStream) buffer = NULL;

  if (stream == NULL)
    return FALSE;
  buffer = g_buffered_output_stream_new_sized (G_OUTPUT_STREAM (stream), 1 << 20);
  return write_entries (buffer, options, end, error) && g_output_stream_close (buffer, NULL, error);
}

static gboolean
parse_end (const char *text, gint64 *end)
{
  if (g_strcmp0 (text, "now") != 0)
    return qk_swarm_wall_parse (text != NULL ? text : DEFAULT_END, end);
  *end = qk_swarm_wall_now ();
  return TRUE;
}

static int
fail_usage (const char *problem)
{
  g_printerr ("qk-make-queue: %s (see --help)\n", problem);
  return EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  Options options = {.n_entries = 376, .seed = 1};
  const GOptionEntry entries[] = {
      {"write", 'w', 0, G_OPTION_ARG_FILENAME, &options.path, "Where to write it", "FILE"},
      {"entries", 'n', 0, G_OPTION_ARG_INT, &options.n_entries, "How many (default 376)", "N"},
      {"seed", 's', 0, G_OPTION_ARG_INT, &options.seed, "Which queue of that size (default 1)",
       "N"},
      {"end", 'e', 0, G_OPTION_ARG_STRING, &options.end,
       "When it was last seen: \"now\", or a time (default " DEFAULT_END ")", "TIME"},
      {"indent", 'i', 0, G_OPTION_ARG_NONE, &options.indent, "Lines, indented by two", NULL},
      {0},
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *path = NULL;
  g_autofree char *end_text = NULL;
  g_autoptr (GError) error = NULL;
  gboolean parsed;
  gint64 end;

  g_option_context_add_main_entries (context, entries, NULL);
  parsed = g_option_context_parse (context, &argc, &argv, &error);
  path = options.path;
  end_text = options.end;
  if (!parsed)
    return fail_usage (error->message);
  if (path == NULL || argc > 1)
    return fail_usage ("--write FILE and nothing else is wanted");
  if (options.n_entries < 0 || options.n_entries > MAX_ENTRIES)
    return fail_usage ("--entries is a number from 0 to 1000000");
  if (!parse_end (end_text, &end))
    return fail_usage ("--end is \"now\" or a time like " DEFAULT_END);
  if (!write_file (&options, end, &error))
    {
      g_printerr ("qk-make-queue: %s\n", error->message);
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
