#pragma once

#include "qk-history.h"
#include "qk-test-util.h"
#include "qk-writer.h"

G_BEGIN_DECLS

/* A queue whose writer tells a history of its own. */

#define QK_HISTORY_FIXTURE_QUEUE "/the/queue"

/**
 * QkHistoryFixture:
 * @folder: where the queue is
 * @db: the path of the database, in a folder of its own that is not there yet
 * @platform: what the writer calls: the native one unless a test replaces parts of it
 * @history: the history
 * @result: of the last save
 *
 * A fixture for g_test_add().
 */
typedef struct {
  QkTestFolder folder;
  char *db;
  QkPlatform platform;
  QkHistory *history;
  QkResult *result;
} QkHistoryFixture;

void qk_history_fixture_set_up (QkHistoryFixture *self, gconstpointer data);
void qk_history_fixture_tear_down (QkHistoryFixture *self, gconstpointer data);
void qk_history_fixture_reopen (QkHistoryFixture *self);

void qk_history_fixture_write (QkHistoryFixture *self, const char *text);
void qk_history_fixture_write_ids (QkHistoryFixture *self, const char *ids, const char *status);
char *qk_history_fixture_read (QkHistoryFixture *self);
void qk_history_fixture_assert_text (QkHistoryFixture *self, const char *text);
QkDocument *qk_history_fixture_load (QkHistoryFixture *self);

typedef QkChange *(*QkHistoryFixtureFunc) (const QkEntry *entry);

QkChange *qk_history_fixture_resend (const QkEntry *entry);
gboolean qk_history_fixture_save (QkHistoryFixture *self, GPtrArray *changes);
gboolean qk_history_fixture_apply (QkHistoryFixture *self,
                                   QkHistoryFixtureFunc make,
                                   const guint *entries,
                                   guint n);
gboolean qk_history_fixture_undo (QkHistoryFixture *self, gint64 operation, GError **error);
const char *qk_history_fixture_get_skipped (QkHistoryFixture *self, guint index);
QkHistoryOperation *qk_history_fixture_dup_last (QkHistoryFixture *self);
gint64 qk_history_fixture_count (QkHistoryFixture *self, const char *sql);
void qk_history_fixture_execute (QkHistoryFixture *self, const char *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkHistoryOperation, qk_history_operation_free)

G_END_DECLS
