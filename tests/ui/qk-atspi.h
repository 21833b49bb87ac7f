#pragma once

#include "qk-test-util.h"

#include <atspi/atspi.h>

G_BEGIN_DECLS

/* The program as it is built, on a queue of its own, driven from outside as a screen reader and a
 * keyboard would: through the accessibility bus. What does not come up within the patience fails the
 * test, with what was looked for.
 *
 * Names are the accessible ones; a part of one is enough. What is found belongs to the caller.
 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiAccessible, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiAction, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiComponent, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiSelection, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiStateSet, g_object_unref)

/**
 * QK_ATSPI_PATIENCE_MS:
 *
 * How long a test waits for what must come.
 */
#define QK_ATSPI_PATIENCE_MS 30000

/**
 * QkAtspi:
 * @folder: where its queue is, and all that it keeps
 * @process: (nullable): the program, from qk_atspi_start() on
 * @ended: whether it is over
 * @bus: (nullable): the accessibility bus
 * @application: (nullable): what it shows
 *
 * A fixture for g_test_add().
 */
typedef struct {
  QkTestFolder folder;
  GSubprocess *process;
  gboolean ended;
  GDBusConnection *bus;
  AtspiAccessible *application;
} QkAtspi;

/**
 * QkAtspiStep:
 * @QK_ATSPI_INTO: to what is in it
 * @QK_ATSPI_PAST: not to what is in it
 * @QK_ATSPI_STOP: nowhere
 *
 * Where a walk goes on.
 */
typedef enum { QK_ATSPI_INTO, QK_ATSPI_PAST, QK_ATSPI_STOP } QkAtspiStep;

/**
 * QkAtspiVisit:
 * @accessible: where a walk has come to
 * @path: (element-type AtspiAccessible): what it is in, from its window on, and itself
 * @user_data: of the walk
 *
 * Returns: where to go on
 */
typedef QkAtspiStep (*QkAtspiVisit) (AtspiAccessible *accessible,
                                     GPtrArray *path,
                                     gpointer user_data);

gboolean qk_atspi_init (void);
void qk_atspi_set_up (QkAtspi *self, gconstpointer data);
void qk_atspi_tear_down (QkAtspi *self, gconstpointer data);
void qk_atspi_start (QkAtspi *self);
guint qk_atspi_count_windows (QkAtspi *self);
void qk_atspi_await_windows (QkAtspi *self, guint n_windows);
gboolean qk_atspi_wait (QkAtspi *self, gboolean (*is_done) (gpointer data), gpointer data);
void qk_atspi_wait_for_end (QkAtspi *self);

void qk_atspi_walk (QkAtspi *self, QkAtspiVisit visit, gpointer user_data);
void qk_atspi_walk_newest (QkAtspi *self, QkAtspiVisit visit, gpointer user_data);
AtspiAccessible *qk_atspi_look (QkAtspi *self, AtspiRole role, const char *name);
AtspiAccessible *qk_atspi_find (QkAtspi *self, AtspiRole role, const char *name);
void qk_atspi_await (QkAtspi *self, AtspiRole role, const char *name);
void qk_atspi_await_none (QkAtspi *self, AtspiRole role, const char *name);
gboolean qk_atspi_has_state (AtspiAccessible *accessible, AtspiStateType state);
gboolean qk_atspi_is_on_screen (AtspiAccessible *accessible);
char *qk_atspi_describe (AtspiAccessible *accessible);

void qk_atspi_click (QkAtspi *self, const char *name);
void qk_atspi_select_row (QkAtspi *self, const char *name);
void qk_atspi_press (const char *accelerator);
void qk_atspi_type (const char *text);

G_END_DECLS
