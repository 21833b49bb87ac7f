#pragma once

#include "qk-message-index.h"
#include "qk-report.h"
#include "qk-summary.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The strip of live counters. Those of messages are also filters: a click shows that group, once
 * more shows all. */

#define QK_TYPE_COUNTER_STRIP (qk_counter_strip_get_type ())
G_DECLARE_FINAL_TYPE (QkCounterStrip, qk_counter_strip, QK, COUNTER_STRIP, AdwBin)

void qk_counter_strip_set_summary (QkCounterStrip *self, const QkSummary *summary);
void qk_counter_strip_set_figures (QkCounterStrip *self, const QkFigures *figures);
void qk_counter_strip_set_focus (QkCounterStrip *self, QkFocus focus);
const char *qk_counter_strip_get_value (QkCounterStrip *self, const char *name);

G_END_DECLS
