#pragma once

#include "qk-recipients.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Chooses recipients: a check button for each, and one for all active agents.
 *
 * Signal: "changed". */

#define QK_TYPE_AGENT_PICKER (qk_agent_picker_get_type ())
G_DECLARE_FINAL_TYPE (QkAgentPicker, qk_agent_picker, QK, AGENT_PICKER, AdwBin)

void qk_agent_picker_set_recipients (QkAgentPicker *self, const QkRecipients *recipients);
char **qk_agent_picker_dup_chosen (QkAgentPicker *self);
void qk_agent_picker_choose (QkAgentPicker *self, const char *name);
void qk_agent_picker_choose_active (QkAgentPicker *self);

G_END_DECLS
