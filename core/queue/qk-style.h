#pragma once

#include "qk-document.h"

G_BEGIN_DECLS

/* How a queue is laid out, so that what is added looks like what is there. */

/**
 * QkStyle:
 * @newline: "\n", "\r\n", or "" where all stands in one line
 * @base: the indentation of an entry
 * @unit: one more level of indentation
 * @comma: what follows a comma within a line: "" or " "
 * @colon: ":" or ": "
 */
typedef struct {
  const char *newline;
  char base[64];
  char unit[16];
  const char *comma;
  const char *colon;
} QkStyle;

void qk_style_detect (QkStyle *self, QkDocument *document);
void qk_style_append (const QkStyle *self, GString *out, const char *compact, const char *indent);

G_END_DECLS
