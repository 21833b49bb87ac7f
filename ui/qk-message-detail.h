#pragma once

#include "qk-detail-pane.h"
#include "qk-message-selection.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The pane beside the list: the selected message in full, or what a selection of many consists
 * of. */

#define QK_TYPE_MESSAGE_DETAIL (qk_message_detail_get_type ())
G_DECLARE_FINAL_TYPE (QkMessageDetail, qk_message_detail, QK, MESSAGE_DETAIL, AdwBin)

void qk_message_detail_set_selection (QkMessageDetail *self, QkMessageSelection *selection);
QkDetailPane *qk_message_detail_get_pane (QkMessageDetail *self);
void qk_message_detail_take_focus (QkMessageDetail *self);

G_END_DECLS
