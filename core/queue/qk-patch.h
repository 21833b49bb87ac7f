#pragma once

#include "qk-style.h"

G_BEGIN_DECLS

/* Changes members of an object; every byte that is not concerned stays as it is. */

/**
 * QkMemberEdit:
 * @key: the key, which needs no escapes
 * @json: (nullable): its new value as compact JSON; %NULL takes the member out
 * @verbatim: @json is laid out already
 */
typedef struct {
  const char *key;
  const char *json;
  gboolean verbatim;
} QkMemberEdit;

void qk_patch_object (GString *out,
                      const char *object,
                      const QkMemberEdit *edits,
                      gsize n_edits,
                      const QkStyle *style,
                      const char *indent);

G_END_DECLS
