#pragma once

#include "qk-fuzz.h"

G_BEGIN_DECLS

GByteArray *qk_fuzz_mutate (GPtrArray *seeds, int kind, GRand *rand);

G_END_DECLS
