#pragma once

#include "qk-store.h"
#include "qk-test-util.h"

G_BEGIN_DECLS

/* A real queue in a folder of its own, and a store that follows it. */

/**
 * QK_UI_PATIENCE_MS:
 *
 * How long a test waits for what must come.
 */
#define QK_UI_PATIENCE_MS 20000

/**
 * QkUiFixture:
 * @folder: the folder with the queue
 * @store: (nullable): the store, made by qk_ui_fixture_open()
 * @n_changes: how often the store changed
 */
typedef struct {
  QkTestFolder folder;
  QkStore *store;
  guint n_changes;
} QkUiFixture;

void qk_ui_fixture_set_up (QkUiFixture *fixture, gconstpointer user_data);
void qk_ui_fixture_tear_down (QkUiFixture *fixture, gconstpointer user_data);
void qk_ui_fixture_write (QkUiFixture *fixture, GPtrArray *entries);
void qk_ui_fixture_open (QkUiFixture *fixture);
void qk_ui_fixture_rewrite (QkUiFixture *fixture, GPtrArray *entries);
char *qk_ui_fixture_read (QkUiFixture *fixture);

char *qk_ui_entry (guint id, QkStatus status, guint agent, double priority, int age_s);
void qk_ui_alter (GPtrArray *entries, guint index, const char *old, const char *new);
GPtrArray *qk_ui_entries_new (void);
char *qk_ui_dup_id (guint id);

G_END_DECLS
