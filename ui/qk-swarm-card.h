#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A card of the page of the swarm: a title, a line that says what it means, and up to so many rows,
 * each with a button or two. The rows are kept: filling the card anew changes only what they say. */

/**
 * QK_SWARM_CARD_MAX_ROWS:
 *
 * So many rows are shown; what more there is is counted.
 */
#define QK_SWARM_CARD_MAX_ROWS 8

#define QK_TYPE_SWARM_CARD (qk_swarm_card_get_type ())
G_DECLARE_FINAL_TYPE (QkSwarmCard, qk_swarm_card, QK, SWARM_CARD, GtkBox)

/* Properties: "title" (string), "action" (string, nullable: the label of a second button). Signals:
 * "show-row" (guint: its number), "act-row" (guint). */
void qk_swarm_card_begin (QkSwarmCard *self);
void qk_swarm_card_add (QkSwarmCard *self,
                        const char *title,
                        const char *subtitle,
                        gboolean can_act);
void qk_swarm_card_end (QkSwarmCard *self, const char *nothing);

G_END_DECLS
