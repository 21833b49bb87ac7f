#include "qk-ctl-fixture.h"

#include <string.h>

#define N_PROCESSES 8
#define N_SENDS     25

/* One after the other, as a script would; which of them failed is a line on standard output. */
static GSubprocess *
spawn_sender (QkCtlFixture *fixture, guint sender)
{
  static const char script[] =
      "i=1; while [ $i -le $4 ]; do "
      "\"$1\" send \"$2\" --to \"Agent-$3\" --from \"P-$3\" --content \"$3.$i\" "
      ">/dev/null 2>\"$2.$3.err\" || { echo \"$i: exit $?\"; cat \"$2.$3.err\"; }; "
      "i=$((i+1)); done; rm -f \"$2.$3.err\"";
  g_autofree char *number = g_strdup_printf ("%u", sender);
  g_autofree char *sends = g_strdup_printf ("%u", N_SENDS);
  g_autoptr (GError) error = NULL;
  GSubprocess *process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "sh", "-c", script, "sh",
                        g_getenv ("QKCTL"), fixture->path, number, sends, NULL);

  g_assert_no_error (error);
  return process;
}

static void
test_senders (QkCtlFixture *fixture, gconstpointer data)
{
  GSubprocess *processes[N_PROCESSES];
  g_autoptr (GHashTable) contents = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (JsonArray) entries = NULL;
  g_autofree char *folder = NULL;

  qk_ctl_write (fixture, "[]", -1);
  for (guint i = 0; i < N_PROCESSES; i++)
    processes[i] = spawn_sender (fixture, i + 1);
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      g_autoptr (QkCtlRun) run = qk_ctl_wait (processes[i], NULL);

      qk_ctl_assert_code (run, 0);
      g_assert_cmpstr (run->out, ==, "");
    }

  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (entries), ==, N_PROCESSES * N_SENDS);
  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);
      JsonObject *message = json_object_get_object_member (entry, "message");

      g_hash_table_add (contents, (gpointer) json_object_get_string_member (message, "content"));
      g_hash_table_add (ids, (gpointer) json_object_get_string_member (entry, "queue_id"));
    }
  g_assert_cmpuint (g_hash_table_size (contents), ==, N_PROCESSES * N_SENDS);
  g_assert_cmpuint (g_hash_table_size (ids), ==, N_PROCESSES * N_SENDS);
  for (guint sender = 1; sender <= N_PROCESSES; sender++)
    for (guint i = 1; i <= N_SENDS; i++)
      {
        g_autofree char *content = g_strdup_printf ("%u.%u", sender, i);

        g_assert_true (g_hash_table_contains (contents, content));
      }

  /* Nothing is left behind but the queue and the lock file. */
  folder = qk_ctl_list_folder (fixture);
  g_assert_cmpuint (qk_ctl_count_lines (folder) + 1, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/race/senders", test_senders);
  return g_test_run ();
}
