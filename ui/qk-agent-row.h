#pragma once

#include "qk-entry.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A row of the sidebar: all agents, or one recipient, with what is pending for it and how its
 * messages are divided. */

/**
 * QkAgentSection:
 * @QK_AGENT_SECTION_ALL: the row for everybody
 * @QK_AGENT_SECTION_AGENTS: members of the swarm
 * @QK_AGENT_SECTION_OTHERS: whoever else is written to
 */
typedef enum {
  QK_AGENT_SECTION_ALL,
  QK_AGENT_SECTION_AGENTS,
  QK_AGENT_SECTION_OTHERS,
} QkAgentSection;

#define QK_TYPE_AGENT_ROW (qk_agent_row_get_type ())
G_DECLARE_FINAL_TYPE (QkAgentRow, qk_agent_row, QK, AGENT_ROW, GtkListBoxRow)

GtkWidget *qk_agent_row_new (const char *name);
const char *qk_agent_row_get_name (QkAgentRow *self);
QkAgentSection qk_agent_row_get_section (QkAgentRow *self);
void qk_agent_row_set_counts (QkAgentRow *self, const guint counts[QK_N_STATUSES]);
int qk_agent_row_compare (QkAgentRow *self, QkAgentRow *other);

G_END_DECLS
