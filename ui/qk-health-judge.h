#pragma once

#include "qk-advice.h"

G_BEGIN_DECLS

/* How a queue is all in all, judged in a thread: to look at each entry of a large queue takes longer than
 * a frame. */

void qk_health_judge_async (QkReport *report,
                            QkStore *store,
                            const QkThresholds *thresholds,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
QkAssessment *qk_health_judge_finish (GAsyncResult *result, QkReport **report);

G_END_DECLS
