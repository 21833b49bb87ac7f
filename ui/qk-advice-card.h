#pragma once

#include "qk-advice.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The card with what to change, and why. */

#define QK_TYPE_ADVICE_CARD (qk_advice_card_get_type ())
G_DECLARE_FINAL_TYPE (QkAdviceCard, qk_advice_card, QK, ADVICE_CARD, GtkBox)

void qk_advice_card_set_assessment (QkAdviceCard *self, const QkAssessment *assessment);

G_END_DECLS
