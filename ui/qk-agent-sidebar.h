#pragma once

#include "qk-saved-filter-list.h"
#include "qk-summary.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The sidebar: whose messages are shown, and below that the saved filters. Rows stay the same over reloads, so focus and scroll
 * position do too. */

/**
 * QK_AGENT_SIDEBAR_MAX_ROWS:
 *
 * How many recipients that occur in the queue get a row. A queue may hold any number of them.
 */
#define QK_AGENT_SIDEBAR_MAX_ROWS 64

#define QK_TYPE_AGENT_SIDEBAR (qk_agent_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (QkAgentSidebar, qk_agent_sidebar, QK, AGENT_SIDEBAR, AdwBin)

void qk_agent_sidebar_update (QkAgentSidebar *self,
                              const QkSummary *summary,
                              const char *const *agents);
QkSavedFilterList *qk_agent_sidebar_get_saved (QkAgentSidebar *self);
void qk_agent_sidebar_select (QkAgentSidebar *self, const char *agent);

G_END_DECLS
