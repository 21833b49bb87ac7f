#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A live number with its name below: "28 Pending". */

#define QK_TYPE_COUNTER (qk_counter_get_type ())
G_DECLARE_FINAL_TYPE (QkCounter, qk_counter, QK, COUNTER, AdwBin)

void qk_counter_set_value (QkCounter *self, const char *value, gboolean alert);
const char *qk_counter_get_value (QkCounter *self);

G_END_DECLS
