#pragma once

#include "qk-document.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* A link to the messages that failed like one that is read: how many they are, and for how many agents.
 * They are counted beside the main loop. It activates win.show-same-error. */

#define QK_TYPE_SAME_ERROR (qk_same_error_get_type ())
G_DECLARE_FINAL_TYPE (QkSameError, qk_same_error, QK, SAME_ERROR, AdwBin)

GtkWidget *qk_same_error_new (void);
void qk_same_error_set (QkSameError *self, QkDocument *document, const char *error_class);

G_END_DECLS
