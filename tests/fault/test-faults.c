#include "qk-history.h"
#include "qk-test-util.h"
#include "qk-writer.h"

#include <errno.h>
#include <string.h>

/* Every call that a save makes of the system fails in turn: once, and from then on for good, with
 * each of the errors that systems give. Whatever happens, the file is the old one or the new one to
 * the byte, what is reported is what is there, the lock is free, and no file is left behind. Where
 * another writer saves in the moment of the swap, his message is in the queue, or in a file that the
 * next save merges.
 */

#define A     "{\"queue_id\":\"a\"}"
#define B     "{\"queue_id\":\"b\"}"
#define C     "{\"queue_id\":\"c\"}"
#define OLD   "[" A ", " B "]"
#define NEW   "[" B "]"
#define OTHER "[" A ", " B ", " C "]"
#define BOTH  "[" B ", " C "]"

typedef enum {
  SCENE_ALONE,
  SCENE_GENTLE,   /* a save that does not wait for the disk */
  SCENE_CONFLICT, /* another writer saves in the moment of the swap */
  N_SCENES,
} Scene;

static const char *const scene_names[N_SCENES] = {"alone", "gentle", "conflict"};

static const int errors[] = {EIO, ENOSPC, EACCES, EINTR, EXDEV, ESTALE, EROFS, EMFILE};

static struct {
  guint n_calls;     /* so far */
  guint failing;     /* the call that fails, from 1; 0: none */
  gboolean for_good; /* and all that follow */
  int code;
  gboolean removing; /* a removal failed: what stays behind is no fault of ours */
  Scene scene;
  gboolean other_saved;
  const char *path;
} script;

static gboolean
fails (void)
{
  script.n_calls++;
  return script.failing > 0 &&
         (script.n_calls == script.failing || (script.for_good && script.n_calls > script.failing));
}

static const QkPlatform *
native (void)
{
  return qk_platform_get_native ();
}

static int
fault_stat_path (const char *path, QkFileStamp *stamp)
{
  return fails () ? script.code : native ()->stat_path (path, stamp);
}

static int
fault_stat_handle (QkHandle handle, QkFileStamp *stamp)
{
  return fails () ? script.code : native ()->stat_handle (handle, stamp);
}

static int
fault_open_read (const char *path, QkHandle *handle)
{
  return fails () ? script.code : native ()->open_read (path, handle);
}

static int
fault_read (QkHandle handle, char *buffer, gsize size, guint64 offset, gsize *n_read)
{
  if (!fails ())
    return native ()->read (handle, buffer, size, offset, n_read);
  *n_read = 0;
  return script.code;
}

static int
fault_create_temp (const char *path,
                   QkHandle like,
                   const QkFileStamp *replaced,
                   QkHandle *handle,
                   char **temp)
{
  return fails () ? script.code : native ()->create_temp (path, like, replaced, handle, temp);
}

/* A disk that fills up has taken the first bytes. */
static int
fault_write (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  QkSegment part = {segments[0].data, 1};

  if (!fails ())
    return native ()->write (handle, segments, n_segments);
  (void) native ()->write (handle, &part, 1);
  return script.code;
}

static int
fault_sync (QkHandle handle)
{
  return fails () ? script.code : native ()->sync (handle);
}

static int
fault_flush (QkHandle handle)
{
  return fails () ? script.code : native ()->flush (handle);
}

static int
fault_claim (QkHandle handle)
{
  return fails () ? script.code : native ()->claim (handle);
}

static int
fault_sync_folder (const char *path)
{
  return fails () ? script.code : native ()->sync_folder (path);
}

static int
fault_swap (const char *temp, const char *path, gboolean *exchanged)
{
  if (script.scene == SCENE_CONFLICT && !script.other_saved)
    {
      g_assert_true (g_file_set_contents (script.path, OTHER, -1, NULL));
      script.other_saved = TRUE;
    }
  return fails () ? script.code : native ()->swap (temp, path, exchanged);
}

static int
fault_lease (QkHandle handle)
{
  return fails () ? script.code : native ()->lease (handle);
}

static int
fault_remove (const char *path)
{
  if (!fails ())
    return native ()->remove (path);
  script.removing = script.removing || script.for_good;
  return script.code;
}

static int
fault_lock (const char *path, QkHandle *lock)
{
  return fails () ? script.code : native ()->lock (path, lock);
}

static void
fill_platform (QkPlatform *platform)
{
  *platform = *native ();
  platform->stat_path = fault_stat_path;
  platform->stat_handle = fault_stat_handle;
  platform->open_read = fault_open_read;
  platform->read = fault_read;
  platform->create_temp = fault_create_temp;
  platform->write = fault_write;
  platform->sync = fault_sync;
  platform->sync_folder = fault_sync_folder;
  platform->flush = fault_flush;
  platform->claim = fault_claim;
  platform->swap = fault_swap;
  platform->lease = fault_lease;
  platform->remove = fault_remove;
  platform->lock = fault_lock;
}

static void
take_over (QkDisplaced *displaced, gpointer user_data)
{
  qk_displaced_remove (displaced);
  qk_displaced_free (displaced);
}

static QkResult *
save (QkTestFolder *folder, const QkPlatform *platform, GPtrArray *changes, GError **error)
{
  g_autofree char *db = g_build_filename (folder->path, "data", "history.db", NULL);
  g_autoptr (QkHistory) history = qk_history_new (db);
  QkWriter writer = {
      .platform = platform,
      .path = folder->queue,
      .policy = {3, 1000, 1000},
      .gentle = script.scene == SCENE_GENTLE,
      .on_displaced = script.scene == SCENE_GENTLE ? take_over : NULL,
      .journal = script.scene == SCENE_CONFLICT ? QK_JOURNAL (history) : NULL,
      .queue = "queue",
  };

  return qk_writer_save (&writer, changes, NULL, error);
}

static QkResult *
purge_first (QkTestFolder *folder, GError **error)
{
  QkPlatform platform;
  g_autoptr (GBytes) bytes = g_bytes_new_static (OLD, strlen (OLD));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  fill_platform (&platform);
  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, 0)));
  return save (folder, &platform, changes, error);
}

static void
assert_lock_is_free (QkTestFolder *folder)
{
  g_autofree char *sidecar = g_strconcat (folder->queue, ".lock", NULL);
  QkHandle lock;

  g_assert_cmpint (native ()->lock (sidecar, &lock), ==, 0);
  native ()->unlock (lock);
}

static void
assert_no_litter (QkTestFolder *folder)
{
  g_autoptr (GPtrArray) names = qk_test_folder_list (folder);

  for (guint i = 0; i < names->len; i++)
    if (!g_str_has_prefix (names->pdata[i], "queue.json") && strcmp (names->pdata[i], "data") != 0)
      g_error ("call %u, error %d, %s: left behind: %s", script.failing, script.code,
               script.for_good ? "for good" : "once", (const char *) names->pdata[i]);
}

static gboolean
is_text (QkTestFolder *folder, const char *expected)
{
  g_autoptr (GBytes) bytes = qk_test_read (folder->queue);

  return g_bytes_get_size (bytes) == strlen (expected) &&
         memcmp (g_bytes_get_data (bytes, NULL), expected, strlen (expected)) == 0;
}

static G_NORETURN void
complain (const QkResult *result, const GError *error)
{
  g_autoptr (GBytes) bytes = qk_test_read (script.path);

  g_error ("%s, call %u, error %d, %s: reported as %s, and the file is %s",
           scene_names[script.scene], script.failing, script.code,
           script.for_good ? "for good" : "once",
           result != NULL  ? "saved"
           : error != NULL ? error->message
                           : "not saved",
           (const char *) g_bytes_get_data (bytes, NULL));
}

/* What the other writer has saved is there, or kept: then the next save merges it. */
static void
assert_other_is_kept (QkTestFolder *folder, const QkResult *result)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr (QkResult) next = NULL;

  if (!script.other_saved)
    return;
  next = save (folder, native (), nothing, NULL);
  g_assert_nonnull (next);
  /* A list of one entry does not tell how the next one is set off. */
  if (!is_text (folder, result != NULL ? BOTH : OTHER) &&
      (result == NULL || result->kept == NULL || !is_text (folder, "[" B "," C "]")))
    complain (result, NULL);
  assert_no_litter (folder);
}

/* Whether what was replaced stays on the disk: it could not be looked at, or it was merged and that is
 * not known to be durable. */
static gboolean
keeps_other (const QkResult *result)
{
  return result != NULL && (result->kept != NULL || (script.other_saved && !result->durable));
}

static const char *
get_expected (const QkResult *result)
{
  if (script.scene != SCENE_CONFLICT || !script.other_saved)
    return result != NULL ? NEW : OLD;
  /* What could not be merged, or looked at after it was, is kept, and said to be. */
  if (result != NULL && result->kept != NULL)
    return NEW;
  return result != NULL ? BOTH : OTHER;
}

/* One save in which call number @failing fails. Returns how many calls there were. */
static guint
save_with_fault (Scene scene, guint failing, int code, gboolean for_good)
{
  QkTestFolder folder;
  g_autoptr (QkResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n_calls;

  qk_test_folder_set_up (&folder, NULL);
  g_free (qk_test_folder_write (&folder, "queue.json", OLD, -1));
  memset (&script, 0, sizeof script);
  script.scene = scene;
  script.path = folder.queue;
  script.failing = failing;
  script.code = code;
  script.for_good = for_good;
  result = purge_first (&folder, &error);
  n_calls = script.n_calls;
  g_assert_true ((result == NULL) == (error != NULL));
  if (!is_text (&folder, get_expected (result)) &&
      (result == NULL || result->kept == NULL || !is_text (&folder, BOTH)))
    complain (result, error);
  g_assert_true (result == NULL || result->changed->len == 1);
  g_assert_true (error == NULL || strstr (error->message, folder.queue) != NULL);
  assert_lock_is_free (&folder);
  if (!script.removing && !keeps_other (result))
    assert_no_litter (&folder);
  g_assert_true (result == NULL || result->kept == NULL ||
                 g_file_test (result->kept, G_FILE_TEST_EXISTS));
  assert_other_is_kept (&folder, result);
  qk_test_folder_tear_down (&folder, NULL);
  return n_calls;
}

static void
run_faults (Scene scene, gboolean for_good)
{
  guint n_calls = save_with_fault (scene, 0, 0, FALSE), n_runs = 0;

  g_assert_cmpuint (n_calls, >=, 12);
  for (guint failing = 1; failing <= n_calls; failing++)
    for (gsize i = 0; i < G_N_ELEMENTS (errors); i++, n_runs++)
      (void) save_with_fault (scene, failing, errors[i], for_good);
  g_test_message ("%u calls a save, %u errors: %u saves", n_calls, (guint) G_N_ELEMENTS (errors),
                  n_runs);
}

static void
test_once (gconstpointer scene)
{
  run_faults ((Scene) GPOINTER_TO_UINT (scene), FALSE);
}

static void
test_for_good (gconstpointer scene)
{
  run_faults ((Scene) GPOINTER_TO_UINT (scene), TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < N_SCENES; i++)
    {
      g_autofree char *once = g_strdup_printf ("/faults/%s/once", scene_names[i]);
      g_autofree char *for_good = g_strdup_printf ("/faults/%s/for-good", scene_names[i]);

      g_test_add_data_func (once, GUINT_TO_POINTER (i), test_once);
      g_test_add_data_func (for_good, GUINT_TO_POINTER (i), test_for_good);
    }
  return g_test_run ();
}
