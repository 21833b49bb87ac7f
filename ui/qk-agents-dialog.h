#pragma once

#include "qk-settings.h"
#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Who the agents of a swarm are: a list to which names are added and from which they are removed. What
 * is chosen holds at once, and is kept for this queue; there is a way back to what the swarm says. */

#define QK_TYPE_AGENTS_DIALOG (qk_agents_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkAgentsDialog, qk_agents_dialog, QK, AGENTS_DIALOG, AdwWindow)

GtkWidget *qk_agents_dialog_new (GtkWindow *parent, QkStore *store, QkSettings *settings);

G_END_DECLS
