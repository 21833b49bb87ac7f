#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A temporary folder with a queue in it, and runs of the qkctl that was just built. */

/**
 * QkCtlFixture:
 * @folder: the folder
 * @path: queue.json in it
 * @data: the folder that stands for the user's data folder
 */
typedef struct {
  char *folder; /* owned */
  char *path;   /* owned */
  char *data;   /* owned */

  /*< private >*/
  int lock; /* -1, or the descriptor that holds the sidecar lock */
} QkCtlFixture;

/**
 * QkCtlRun:
 * @code: the exit code; 128 + n after signal n
 * @out: what went to standard output
 * @err: what went to standard error
 * @seconds: how long it took
 *
 * A run that has ended.
 */
typedef struct {
  int code;
  char *out; /* owned */
  char *err; /* owned */
  double seconds;
} QkCtlRun;

/**
 * QkCtlEntry:
 * @id: its id
 * @status: its status
 * @recipient: its recipient
 * @content: its content, as JSON spells it between the quotes
 * @age_s: how many seconds ago it was created and updated
 * @metadata: (nullable): its metadata, as JSON
 *
 * What an entry in a queue is to be.
 */
typedef struct {
  const char *id;
  const char *status;
  const char *recipient;
  const char *content;
  int age_s;
  const char *metadata;
} QkCtlEntry;

#define QK_CTL_TEST(path, function)                                                                \
  g_test_add (path, QkCtlFixture, NULL, qk_ctl_fixture_set_up, function, qk_ctl_fixture_tear_down)

void qk_ctl_fixture_set_up (QkCtlFixture *self, gconstpointer data);
void qk_ctl_fixture_tear_down (QkCtlFixture *self, gconstpointer data);
void qk_ctl_write (QkCtlFixture *self, const char *bytes, gssize length);
void qk_ctl_write_entries (QkCtlFixture *self, const QkCtlEntry *entries, guint n);
char *qk_ctl_entry_json (const QkCtlEntry *entry);
char *qk_ctl_read (QkCtlFixture *self, gsize *length);
JsonArray *qk_ctl_read_entries (QkCtlFixture *self);
char *qk_ctl_list_folder (QkCtlFixture *self);

void qk_ctl_hold_lock (QkCtlFixture *self);
void qk_ctl_release_lock (QkCtlFixture *self);

GSubprocess *qk_ctl_spawn (const char *const *arguments, GSubprocessFlags flags);
QkCtlRun *qk_ctl_wait (GSubprocess *process, const char *input);
QkCtlRun *qk_ctl_run (const char *first, ...) G_GNUC_NULL_TERMINATED;
QkCtlRun *qk_ctl_run_with_input (const char *input, const char *first, ...) G_GNUC_NULL_TERMINATED;
QkCtlRun *qk_ctl_run_on_terminal (const char *prompt, const char *answer, const char *first, ...)
    G_GNUC_NULL_TERMINATED;
void qk_ctl_run_free (QkCtlRun *self);

void qk_ctl_assert_code (const QkCtlRun *run, int code);
void qk_ctl_assert_one_line (const char *text, const char *part);
JsonNode *qk_ctl_parse (const char *json);
JsonObject *qk_ctl_assert_action (JsonNode *node, guint n_changed, guint n_skipped);
guint qk_ctl_count_lines (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkCtlRun, qk_ctl_run_free)

G_END_DECLS
