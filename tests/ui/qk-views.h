#pragma once

#include "qk-changer.h"
#include "qk-ui-fixture.h"
#include "qk-window.h"

G_BEGIN_DECLS

/* Every page of the window and every dialog above it, each to be brought up by its number: for what must
 * be so of all of them. The window is on a queue with messages of every kind, and has a week of figures.
 */

/**
 * QkViews:
 * @queue: its queue
 * @window: (nullable): the window
 * @changer: what the dialogs that are made by hand save with
 * @dialog: (nullable): the dialog that is open
 *
 * A fixture for g_test_add(); it wants a display and the keyboard for itself.
 */
typedef struct {
  QkUiFixture queue;
  QkWindow *window;
  QkChanger *changer;
  GtkWindow *dialog;
} QkViews;

void qk_views_set_up (QkViews *self, gconstpointer data);
void qk_views_tear_down (QkViews *self, gconstpointer data);

guint qk_views_get_n_pages (void);
const char *qk_views_show_page (QkViews *self, guint index);
void qk_views_show_page_called (QkViews *self, const char *name);

guint qk_views_get_n_dialogs (void);
const char *qk_views_open_dialog (QkViews *self, guint index);
void qk_views_open_dialog_called (QkViews *self, const char *name);
void qk_views_close_dialog (QkViews *self);

gboolean qk_views_await_dialog_end (QkViews *self, guint patience_ms);

G_END_DECLS
