#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the tests of every layer need: a folder of their own, files in it, small entries, programs
 * to be run. Whatever goes wrong in here fails the test.
 */

/**
 * QkTestFolder:
 * @path: a temporary folder, removed at the end of the test
 * @queue: the path of `queue.json` in it; the file is not there yet
 *
 * A fixture for g_test_add().
 */
typedef struct {
  char *path;
  char *queue;
} QkTestFolder;

void qk_test_folder_set_up (QkTestFolder *folder, gconstpointer user_data);
void qk_test_folder_tear_down (QkTestFolder *folder, gconstpointer user_data);
char *qk_test_folder_write (QkTestFolder *folder,
                            const char *name,
                            const char *text,
                            gssize length);
GPtrArray *qk_test_folder_list (QkTestFolder *folder);
GBytes *qk_test_read (const char *path);

char *qk_test_entry (const char *id, const char *status, const char *recipient);
char *qk_test_queue (const char *const *entries);
char *qk_test_queue_of_ids (const char *ids, const char *status);

int qk_test_run (const char *const *argv, char **output, char **errors);
gboolean qk_test_wait (gboolean (*is_done) (gpointer user_data),
                       gpointer user_data,
                       guint timeout_ms);

gboolean qk_test_is_slow (void);

G_END_DECLS
