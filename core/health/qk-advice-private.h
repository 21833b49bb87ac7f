#pragma once

#include "qk-advice.h"

G_BEGIN_DECLS

/* The rules, and the one place into which they put what they find. */

void qk_assessment_take (QkAssessment *self,
                         const char *id,
                         QkHealthVerdict severity,
                         const char *title,
                         char *reason,
                         char *proposal);
void qk_advice_judge_locks (QkAssessment *self, const QkReport *report);
void qk_advice_judge_queue (QkAssessment *self);

G_END_DECLS
