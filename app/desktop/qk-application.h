#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The desktop app: a window for each queue that it is given. Every start is a process of its own,
 * as a monitor that hangs must not take another one with it. */

#define QK_TYPE_APPLICATION (qk_application_get_type ())
G_DECLARE_FINAL_TYPE (QkApplication, qk_application, QK, APPLICATION, AdwApplication)

QkApplication *qk_application_new (void);

G_END_DECLS
