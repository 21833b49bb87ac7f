#pragma once

#include "qk-recovery.h"

G_BEGIN_DECLS

/* For the stores, which make it and keep in it what they need to repair the queue with it. */

QkRecovery *qk_recovery_new (QkSalvage *salvage,
                             const char *problem,
                             gpointer found,
                             GDestroyNotify free_found);
gpointer qk_recovery_get_found (QkRecovery *self);
void qk_recovery_set_current (QkRecovery *self, gboolean current);

G_END_DECLS
