#pragma once

#include "qk-fuzz.h"

G_BEGIN_DECLS

/* What fuzzing begins with: queues in every layout, sound, odd and damaged. */

/**
 * QkFuzzSeed:
 * @name: its name, of which a file name can be made
 * @bytes: the input
 */
typedef struct {
  char *name;    /* owned */
  GBytes *bytes; /* owned */
} QkFuzzSeed;

GPtrArray *qk_fuzz_seeds_new (const QkFuzzTarget *target);
GPtrArray *qk_fuzz_seeds_new_long (const QkFuzzTarget *target);
const char *const *qk_fuzz_tokens (guint *n);

G_END_DECLS
