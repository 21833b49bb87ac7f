#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Parts of a test that need another user or file systems of their own run in a process of their own.
 * What is asserted there fails the test here. */

/**
 * QK_TEST_CHILD_SKIP:
 *
 * The exit code of a part that cannot be run here.
 */
#define QK_TEST_CHILD_SKIP 77

gboolean qk_test_child_is_root (void);
gboolean qk_test_child_can_mount (void);
void qk_test_child_run_as (uid_t uid, void (*function) (gpointer data), gpointer data);
void qk_test_child_run_with_mounts (void (*function) (gpointer data), gpointer data);

G_END_DECLS
