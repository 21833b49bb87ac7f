#pragma once

#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window.h"

G_BEGIN_DECLS

/* The real window on a real queue. */

/**
 * QkWindowFixture:
 * @queue: the queue; its store is not opened: the window has its own
 * @window: (nullable): the window, until it is destroyed
 * @entries: (element-type utf8): what qk_window_fixture_open() writes
 * @expected: (nullable): what is waited for
 * @n_expected: likewise
 */
typedef struct {
  QkUiFixture queue;
  QkWindow *window;
  GPtrArray *entries;
  const char *expected;
  guint n_expected;
} QkWindowFixture;

void qk_window_fixture_set_up (QkWindowFixture *fixture, gconstpointer user_data);
void qk_window_fixture_tear_down (QkWindowFixture *fixture, gconstpointer user_data);
void qk_window_fixture_open (QkWindowFixture *fixture);
GtkWidget *qk_window_fixture_find (QkWindowFixture *fixture, GType type, const char *label);
void qk_window_fixture_expect (QkWindowFixture *fixture, const char *text);
void qk_window_fixture_activate (QkWindowFixture *fixture, const char *action);

G_END_DECLS
