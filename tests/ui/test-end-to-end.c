#include "qk-atspi.h"
#include "qk-ui-fixture.h"

#include <string.h>

/* The program as it is built, on a queue of its own: finds a message, selects it, purges it, and looks
 * at the file. */

typedef struct {
  const char *path;
  const char *contents;
} File;

static gboolean
has_contents (gpointer user_data)
{
  File *file = user_data;
  g_autofree char *contents = NULL;

  return g_file_get_contents (file->path, &contents, NULL, NULL) &&
         strcmp (contents, file->contents) == 0;
}

static void
test_purge (QkAtspi *atspi, gconstpointer data)
{
  g_autofree char *first = qk_ui_entry (1, QK_STATUS_FAILED, 1, 0.5, 100);
  g_autofree char *second = qk_ui_entry (2, QK_STATUS_PENDING, 2, 0.5, 50);
  g_autofree char *third = qk_ui_entry (3, QK_STATUS_PENDING, 3, 0.5, 20);
  const char *const all[] = {first, second, third, NULL};
  const char *const rest[] = {first, third, NULL};
  g_autofree char *before = qk_test_queue (all), *after = qk_test_queue (rest);
  File untouched = {atspi->folder.queue, before}, purged = {atspi->folder.queue, after};

  if (qk_test_is_slow ())
    {
      g_test_skip ("with the address sanitizer a toast is gone before the bus has told of it");
      return;
    }

  g_free (qk_test_folder_write (&atspi->folder, "queue.json", before, -1));
  qk_atspi_start (atspi);
  qk_atspi_await (atspi, ATSPI_ROLE_STATUS_BAR, "Live");

  qk_atspi_select_row (atspi, "Pending, CAPTAIN to Agent-2: Text 2");
  qk_atspi_click (atspi, "Purge");
  g_assert_true (has_contents (&untouched));
  qk_atspi_click (atspi, "Purge 1 Message");
  /* The rest of the file is the same to the letter. */
  g_assert_true (qk_atspi_wait (atspi, has_contents, &purged));
  qk_atspi_await (atspi, ATSPI_ROLE_LABEL, "1 purged");
  qk_atspi_click (atspi, "Close");
  qk_atspi_wait_for_end (atspi);
}

static void
skip (void)
{
  g_test_skip ("there is no display or no session bus");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (qk_atspi_init ())
    g_test_add ("/ui/end-to-end/purge", QkAtspi, NULL, qk_atspi_set_up, test_purge,
                qk_atspi_tear_down);
  else
    g_test_add_func ("/ui/end-to-end", skip);
  return g_test_run ();
}
