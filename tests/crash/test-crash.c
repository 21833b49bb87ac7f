#define _GNU_SOURCE

#include "qk-killer.h"

#include "qk-history.h"
#include "qk-test-util.h"
#include "qk-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A save is killed before and after every call that it makes of the system, one after the other, while
 * another writer does what hurts most. Each time: the queue is whole, entry by entry what somebody
 * has saved; the next start cleans up and says so, and then nothing that anybody has saved is
 * missing, the purge is done or not, and no file is left behind.
 */

#define QUEUE_NAME   "the queue"
#define BACKUPS_NAME "backups"
#define MAX_FILES    64

/* What the processes tell one another. */
typedef struct {
  gboolean saved_n; /* the other writer's message "n" stood in the queue */
  gboolean saved_m;
  gboolean is_done; /* the save has ended well */
} Shared;

typedef struct {
  const char *name;
  int (*swap) (const char *temp, const char *path, gboolean *exchanged);
  void (*afterwards) (void);
  gboolean keeps; /* what was displaced, until all has settled */
} Scenario;

static struct {
  QkTestFolder folder;
  char *db;
  const Scenario *scenario;
  Shared *shared;
  guint n_swaps;
  QkHandle leased;
  int pipe[2]; /* open for writing in every process that plays another writer */
} play;

/* 'c' is processed on by the other writer, and newer then. */
static char *
make_entry (char id)
{
  const char *state = id == 'C' ? "\"DELIVERED\",\"updated_at\":\"2026-01-02T00:00:00\""
                                : "\"FAILED\",\"updated_at\":\"2026-01-01T00:00:00\"";

  return g_strdup_printf (
      "{\"message\":{\"content\":\"Text of %c\"},\"queue_id\":\"%c\",\"priority_score\":0.5,"
      "\"status\":%s,\"created_at\":\"2026-01-01T00:00:00\",\"metadata\":{}}",
      g_ascii_tolower (id), g_ascii_tolower (id), state);
}

static char *
make_queue (const char *ids)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);

  for (; *ids != '\0'; ids++)
    g_ptr_array_add (entries, make_entry (*ids));
  g_ptr_array_add (entries, NULL);
  return qk_test_queue ((const char *const *) entries->pdata);
}

/* In one step: the other writer has saved it, or not. */
static void
save_other (const char *text, gboolean *saved)
{
  g_autofree char *temp = g_strconcat (play.folder.queue, ".tmp", NULL);
  int fd = open (temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
  close (fd);
  *saved = TRUE;
  g_assert_cmpint (rename (temp, play.folder.queue), ==, 0);
}

static int
swap_alone (const char *temp, const char *path, gboolean *exchanged)
{
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static int
swap_beside_one (const char *temp, const char *path, gboolean *exchanged)
{
  g_autofree char *text = make_queue ("abCn");

  if (play.n_swaps++ == 0)
    save_other (text, &play.shared->saved_n);
  return swap_alone (temp, path, exchanged);
}

/* The second one has loaded its list before the first one saved: it knows nothing of "n". */
static int
swap_beside_two (const char *temp, const char *path, gboolean *exchanged)
{
  g_autofree char *first = make_queue ("abCn"), *second = make_queue ("abcm");

  if (play.n_swaps == 0)
    save_other (first, &play.shared->saved_n);
  if (play.n_swaps++ == 1)
    save_other (second, &play.shared->saved_m);
  return swap_alone (temp, path, exchanged);
}

static int
swap_beside_torn (const char *temp, const char *path, gboolean *exchanged)
{
  g_autofree char *text = make_queue ("anbc");

  text[strlen (text) - 9] = '\0';
  if (play.n_swaps++ == 0)
    save_other (text, &play.shared->saved_n);
  return swap_alone (temp, path, exchanged);
}

static int
remember_lease (QkHandle handle)
{
  play.leased = handle;
  return qk_platform_get_native ()->lease (handle);
}

/* Another process that rewrites in place. The kernel makes it wait until our lease ends. */
static void
rewrite_in_place (void)
{
  g_autofree char *text = make_queue ("abCn");
  int fd;

  /* The lease ends with the last process that has the file open: that must not be this one. */
  for (fd = STDERR_FILENO + 1; fd < MAX_FILES; fd++)
    if (fd != play.pipe[1])
      close (fd);
  fd = open (play.folder.queue, O_RDWR | O_TRUNC | O_CLOEXEC);
  if (fd < 0 || write (fd, text, strlen (text)) != (gssize) strlen (text) || close (fd) < 0)
    _exit (1);
  play.shared->saved_n = TRUE;
  _exit (0);
}

static int
swap_beside_in_place (const char *temp, const char *path, gboolean *exchanged)
{
  if (play.n_swaps++ == 0)
    {
      if (fork () == 0)
        rewrite_in_place ();
      /* Until it stands before the closed door. */
      while (fcntl ((int) play.leased, F_GETLEASE) == F_RDLCK)
        g_usleep (200);
    }
  return swap_alone (temp, path, exchanged);
}

static int
swap_without_exchange (const char *temp, const char *path, gboolean *exchanged)
{
  *exchanged = FALSE;
  return rename (temp, path) < 0 ? errno : 0;
}

/* After the save a list comes that was loaded before it. */
static void
save_stale (void)
{
  g_autofree char *text = make_queue ("abc");
  gboolean saved;

  save_other (text, &saved);
}

static const Scenario scenarios[] = {
    {"alone", swap_alone, NULL, FALSE},
    {"without-exchange", swap_without_exchange, NULL, FALSE},
    {"beside-one", swap_beside_one, NULL, FALSE},
    {"beside-two", swap_beside_two, NULL, FALSE},
    {"beside-torn", swap_beside_torn, NULL, FALSE},
    {"beside-in-place", swap_beside_in_place, NULL, FALSE},
    {"while-settling", swap_beside_one, save_stale, TRUE},
};

static void
keep (QkDisplaced *displaced, gpointer user_data)
{
  /* As long as the process lives. */
}

static QkResult *
save (GPtrArray *changes, const QkPlatform *platform, gboolean keeps, GError **error)
{
  g_autoptr (QkHistory) history = qk_history_new (play.db);
  QkWriter writer = {
      .platform = platform,
      .path = play.folder.queue,
      .policy = {3, 1000, 1000},
      .journal = QK_JOURNAL (history),
      .queue = QUEUE_NAME,
      .on_displaced = keeps ? keep : NULL,
  };

  return qk_writer_save (&writer, changes, NULL, error);
}

/* The process that is killed: purges the message "a". */
static void
purge (gpointer user_data)
{
  QkPlatform platform = *qk_platform_get_native ();
  g_autofree char *text = make_queue ("a");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkResult) result = NULL;

  platform.swap = play.scenario->swap;
  platform.lease = remember_lease;
  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, 0)));
  result = save (changes, &platform, play.scenario->keeps, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->changed->len, ==, 1);
  play.shared->is_done = TRUE;
  if (play.scenario->afterwards != NULL)
    play.scenario->afterwards ();
}

/* The ids in their order, in capitals where the message is the newer one. The text must be made of
 * whole entries that somebody has saved, to the byte. */
static char *
read_ids (void)
{
  g_autoptr (GBytes) bytes = qk_test_read (play.folder.queue);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, &error);
  GString *ids = g_string_new (NULL);
  g_autofree char *expected = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

      g_assert_null (strchr (ids->str, *id));
      g_string_append_c (
          ids, qk_entry_get_status (entry) == QK_STATUS_DELIVERED ? g_ascii_toupper (*id) : *id);
    }
  expected = make_queue (ids->str);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
  return g_string_free (ids, FALSE);
}

static gboolean
is_queue (void)
{
  g_autoptr (GBytes) bytes = qk_test_read (play.folder.queue);
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);

  return document != NULL;
}

/* Which of the files in the folder are neither the queue, nor what belongs beside it for good. */
static guint
count_litter (void)
{
  g_autoptr (GPtrArray) names = qk_test_folder_list (&play.folder);
  guint n = 0;

  for (guint i = 0; i < names->len; i++)
    n += g_str_has_prefix (names->pdata[i], ".queue.json.");
  return n;
}

static void
remove_file (const char *name)
{
  g_autofree char *path = g_build_filename (play.folder.path, name, NULL);

  (void) g_remove (path);
}

static void
clean_folder (void)
{
  g_autofree char *backups = g_build_filename (play.folder.path, BACKUPS_NAME, NULL);
  g_autoptr (GPtrArray) names = qk_test_folder_list (&play.folder);
  g_autoptr (GDir) dir = g_dir_open (backups, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (backups, name, NULL);

      (void) g_remove (path);
    }
  for (guint i = 0; i < names->len; i++)
    remove_file (names->pdata[i]);
}

/* What came of one scenario, over all kills. */
typedef struct {
  guint kills;
  guint in_effect; /* the purge was, when the process was killed */
  guint littered;  /* so often something was left behind */
  guint recovered; /* so often messages were put back */
} Count;

/* Until no process that plays another writer is alive. */
static void
await_others (void)
{
  char byte;

  close (play.pipe[1]);
  g_assert_cmpint (read (play.pipe[0], &byte, 1), ==, 0);
  close (play.pipe[0]);
}

static void
assert_recovered (Count *count, const char *before, guint litter)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QkResult) result = save (nothing, qk_platform_get_native (), FALSE, &error);
  g_autofree char *after = NULL;

  g_assert_no_error (error);
  g_assert_true ((result->recovered != NULL) == (litter > 0));
  after = read_ids ();
  g_assert_cmpuint (count_litter (), ==, 0);
  g_assert_nonnull (strchr (after, 'b'));
  g_assert_true (strpbrk (after, "cC") != NULL);
  /* Nothing that the other writer has saved is missing. */
  if (play.shared->saved_n)
    g_assert_nonnull (strchr (after, 'n'));
  if (play.shared->saved_m)
    g_assert_nonnull (strchr (after, 'm'));
  /* And what was purged does not come back by the cleaning up. */
  if (strchr (before, 'a') == NULL)
    g_assert_null (strchr (after, 'a'));
  count->in_effect += strchr (before, 'a') == NULL;
  count->littered += litter > 0;
  count->recovered += strcmp (before, after) != 0;
}

/* Kills at stop @kill_at; returns FALSE where the process came to its end before. */
static gboolean
kill_once (Count *count, guint kill_at)
{
  g_autofree char *text = make_queue ("abc"), *before = NULL;
  gboolean ended;
  guint n_stops, litter;

  clean_folder ();
  memset (play.shared, 0, sizeof *play.shared);
  g_assert_cmpint (pipe2 (play.pipe, O_CLOEXEC), ==, 0);
  g_free (qk_test_folder_write (&play.folder, "queue.json", text, -1));
  ended = qk_killer_run (purge, NULL, kill_at, &n_stops);
  await_others ();
  g_assert_true (!ended || play.shared->is_done);
  litter = count_litter ();
  /* The other writer said that it would save and was killed before it had: it runs in the same
   * process. What it has left is the swarm's own affair. */
  if (g_file_test (play.folder.queue, G_FILE_TEST_EXISTS))
    {
      g_autofree char *temp = g_strconcat (play.folder.queue, ".tmp", NULL);

      if (g_file_test (temp, G_FILE_TEST_EXISTS))
        {
          if (play.shared->saved_m)
            play.shared->saved_m = FALSE;
          else
            play.shared->saved_n = FALSE;
        }
    }
  /* Torn by the other writer, with nothing of ours in its place yet. */
  if (!is_queue ())
    {
      g_assert_cmpstr (play.scenario->name, ==, "beside-torn");
      return !ended;
    }
  before = read_ids ();
  assert_recovered (count, before, litter);
  count->kills += !ended;
  return !ended;
}

static void
test_scenario (gconstpointer data)
{
  Count count = {0};
  guint kill_at = 1;

  if (!qk_killer_is_available ())
    {
      g_test_skip ("this system does not let a process trace its children");
      return;
    }
  play.scenario = data;
  play.n_swaps = 0;
  qk_test_folder_set_up (&play.folder, NULL);
  play.db = g_build_filename (play.folder.path, "history.db", NULL);
  while (kill_once (&count, kill_at))
    kill_at++;
  g_test_message ("%s: killed %u times at %u stops; the purge was in effect %u times, files were "
                  "left %u times, messages were put back %u times, nothing was lost",
                  play.scenario->name, count.kills, kill_at - 1, count.in_effect, count.littered,
                  count.recovered);
  g_assert_cmpuint (count.kills, >=, 100);
  clean_folder ();
  qk_test_folder_tear_down (&play.folder, NULL);
  g_clear_pointer (&play.db, g_free);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  play.shared =
      mmap (NULL, sizeof *play.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (play.shared != MAP_FAILED);
  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strconcat ("/crash/", scenarios[i].name, NULL);

      g_test_add_data_func (path, &scenarios[i], test_scenario);
    }
  return g_test_run ();
}
