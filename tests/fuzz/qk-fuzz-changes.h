#pragma once

#include "qk-change.h"
#include "qk-fuzz.h"

G_BEGIN_DECLS

/* Changes that a script decides, and what they must leave alone. */

GPtrArray *qk_fuzz_list_new (void);
GPtrArray *qk_fuzz_take_changes (QkDocument *seen, QkFuzzInput *script);
GBytes *qk_fuzz_copy_entry (const QkEntry *entry);
void qk_fuzz_check_same_but (const char *before, const char *after, const char *const *keys);

G_END_DECLS
