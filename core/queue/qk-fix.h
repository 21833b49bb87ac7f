#pragma once

#include "qk-entry.h"
#include "qk-style.h"

G_BEGIN_DECLS

/* Makes an entry that the swarm trips over one that it can live with.
 *
 * Only the values at fault change, every other byte stays. Nothing is guessed: where a person must
 * decide, the whole entry is left as it is, with the reason. What is fixed has no hazard left.
 */

const char *qk_fix_get_obstacle (const QkEntry *entry);
char **qk_fix_describe (const QkEntry *entry);
char *qk_fix_write (const QkEntry *entry, const QkStyle *style);

G_END_DECLS
