#pragma once

#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The voice of the writer: Live, Writing with the attempt and the time until the next one, Waiting
 * for the writer, Damaged, Gone. What lasts but a moment is not shown, so that the pill does not
 * flicker beside a swarm that writes all the time; a retry is shown at once. Beside it stands how many
 * changes are being watched over. */

#define QK_TYPE_STATE_PILL (qk_state_pill_get_type ())
G_DECLARE_FINAL_TYPE (QkStatePill, qk_state_pill, QK, STATE_PILL, AdwBin)

void qk_state_pill_set_store (QkStatePill *self, QkStore *store);
const char *qk_state_pill_get_text (QkStatePill *self);
void qk_state_pill_set_narrow (QkStatePill *self, gboolean narrow);
const char *qk_state_pill_get_guarded (QkStatePill *self);
char *qk_state_pill_describe_wait (QkStoreState state,
                                   gboolean torn,
                                   gint64 waited,
                                   char **sentence);

G_END_DECLS
