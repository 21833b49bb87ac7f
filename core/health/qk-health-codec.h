#pragma once

#include "qk-report.h"
#include "qk-summary.h"

G_BEGIN_DECLS

/* How figures and samples stand in the history: sequences of unsigned numbers of 7 bits a byte, the lowest
 * first, each byte but the last with its highest bit set.
 *
 * Figures are pairs of a place and a value, for every value that is not 0. A place never changes its
 * meaning; one that is not known is passed over. Samples: one number for each status, in the order of
 * #QkStatus; of agents the number of the agent before them.
 */

void qk_varint_append (GByteArray *bytes, guint64 value);
gboolean qk_varint_read (const guint8 **data, const guint8 *end, guint64 *value);
GByteArray *qk_figures_encode (const QkFigures *self);
void qk_figures_decode (QkFigures *self, gconstpointer data, gsize size);

G_END_DECLS
