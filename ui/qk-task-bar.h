#pragma once

#include "qk-changer.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What is on its way, for as long as that takes: how far a paced run has come, with Pause and Cancel;
 * and a set of changes that waits for others for longer than a moment, with Cancel. Escape in it
 * cancels. It is hidden while there is nothing to tell. */

#define QK_TYPE_TASK_BAR (qk_task_bar_get_type ())
G_DECLARE_FINAL_TYPE (QkTaskBar, qk_task_bar, QK, TASK_BAR, AdwBin)

void qk_task_bar_set_changer (QkTaskBar *self, QkChanger *changer);
void qk_task_bar_set_read_only (QkTaskBar *self, gboolean read_only);
const char *qk_task_bar_get_text (QkTaskBar *self);

G_END_DECLS
