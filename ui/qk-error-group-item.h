#pragma once

#include "qk-error-group.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* One row of the errors in groups: a class of errors, which stays the same object while it occurs.
 * ::changed is emitted when its numbers did. */

#define QK_TYPE_ERROR_GROUP_ITEM (qk_error_group_item_get_type ())
G_DECLARE_FINAL_TYPE (QkErrorGroupItem, qk_error_group_item, QK, ERROR_GROUP_ITEM, GObject)

QkErrorGroupItem *qk_error_group_item_new (const QkErrorGroup *group);
void qk_error_group_item_update (QkErrorGroupItem *self, const QkErrorGroup *group);
const QkErrorGroup *qk_error_group_item_get (QkErrorGroupItem *self);

G_END_DECLS
