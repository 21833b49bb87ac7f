#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Mends what GTK tells a screen reader of its own widgets: the mnemonic of a button was read aloud with
 * its name ("_Open Open"), and the list in a table, which has the keyboard, had no name. Once installed
 * it sees to all widgets as they come up.
 */

void qk_accessible_install (void);

G_END_DECLS
