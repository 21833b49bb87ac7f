#pragma once

#include "qk-document.h"
#include "qk-plan.h"

G_BEGIN_DECLS

/* What the fuzz targets share.
 *
 * A target is one function over bytes that aborts where a property does not hold. libFuzzer drives it
 * (build-aux/fuzz), or qk-fuzz-main.c does, which replays seeds and fixtures and mutates them in a
 * way that is the same every time.
 *
 * Where a target needs more than one text, they are split at a byte that stands in none of them.
 */

/* Ends a text: what follows is a script, which says what is done with it. */
#define QK_FUZZ_SCRIPT '\0'
/* Ends a file, where several are salvaged: no JSON text holds it. */
#define QK_FUZZ_FILE '\x1e'

/**
 * QK_FUZZ_CHECK:
 * @condition: what a header promises
 *
 * Aborts where it does not hold, in every build.
 */
#define QK_FUZZ_CHECK(condition)                                                                   \
  do                                                                                               \
    {                                                                                              \
      if (!(condition))                                                                            \
        qk_fuzz_fail (__FILE__, __LINE__, #condition);                                             \
    }                                                                                              \
  while (0)

/**
 * QkFuzzTarget:
 * @name: its name
 * @seeds: which seeds fit it
 * @n_mutations: how many mutations a short run makes
 *
 * A target, for the driver of our own.
 */
typedef struct {
  const char *name;
  enum {
    QK_FUZZ_TEXTS,
    QK_FUZZ_TEXTS_WITH_SCRIPTS,
    QK_FUZZ_FILES,
    QK_FUZZ_CONFIGS,
    QK_FUZZ_METRICS,
  } seeds;
  guint n_mutations;
} QkFuzzTarget;

extern const QkFuzzTarget qk_fuzz_target;
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/**
 * QkFuzzInput:
 * @data: (array length=size): the bytes that are left
 * @size: how many
 */
typedef struct {
  const guint8 *data;
  gsize size;
} QkFuzzInput;

void qk_fuzz_fail (const char *file, int line, const char *condition) G_GNUC_NORETURN;

QkFuzzInput qk_fuzz_take_until (QkFuzzInput *input, guint8 separator);
guint qk_fuzz_take_number (QkFuzzInput *input, guint limit);
GBytes *qk_fuzz_take_bytes (QkFuzzInput *input);
GBytes *qk_fuzz_copy (const void *data, gsize size);

QkDocument *qk_fuzz_read (GBytes *bytes);
GBytes *qk_fuzz_rearrange (QkDocument *document, QkFuzzInput *script);
GBytes *qk_fuzz_spoil (GBytes *bytes, QkFuzzInput *script);
GBytes *qk_fuzz_plan_to_bytes (QkPlan *plan);
void qk_fuzz_check_document (QkDocument *document);

const char *qk_fuzz_json_end (const char *json, gsize length, guint max_depth);

G_END_DECLS
