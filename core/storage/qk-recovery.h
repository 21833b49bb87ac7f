#pragma once

#include "qk-salvage.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* What can be had of a damaged queue, as it stood when a store looked at it. It comes from
 * qk_store_salvage_finish(); qk_store_repair_async() and qk_store_save_copy_async() take it.
 *
 * It belongs to the main context of its store. What it found never changes, and no other thread
 * touches it, not even while the queue is repaired with it; only :current follows the queue.
 */

#define QK_TYPE_RECOVERY (qk_recovery_get_type ())
G_DECLARE_FINAL_TYPE (QkRecovery, qk_recovery, QK, RECOVERY, GObject)

/* Property (read-only): "current" (boolean). */
QkSalvage *qk_recovery_get_salvage (QkRecovery *self);
const char *qk_recovery_get_problem (QkRecovery *self);
gboolean qk_recovery_can_repair (QkRecovery *self);
gboolean qk_recovery_is_current (QkRecovery *self);

G_END_DECLS
