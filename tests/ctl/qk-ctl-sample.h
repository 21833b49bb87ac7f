#pragma once

#include "qk-ctl-fixture.h"

G_BEGIN_DECLS

/* A queue of twelve entries in which every form of an entry and every status occurs. The first
 * eight are of the usual form. */

extern const QkCtlEntry qk_ctl_sample[];

void qk_ctl_write_sample (QkCtlFixture *fixture);
void qk_ctl_assert_harmless (const char *text);

G_END_DECLS
