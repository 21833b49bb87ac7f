#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A card with names and how often each was counted: who held the file, who counted. */

#define QK_TYPE_HEALTH_TALLY (qk_health_tally_get_type ())
G_DECLARE_FINAL_TYPE (QkHealthTally, qk_health_tally, QK, HEALTH_TALLY, GtkBox)

void qk_health_tally_begin (QkHealthTally *self);
void qk_health_tally_add (QkHealthTally *self,
                          const char *name,
                          guint64 count,
                          const char *detail,
                          const char *tooltip);
void qk_health_tally_end (QkHealthTally *self, const char *nothing);
char *qk_health_tally_dup_text (QkHealthTally *self);

G_END_DECLS
