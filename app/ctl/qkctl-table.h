#pragma once

#include "qk-entry.h"
#include "qkctl-terminal.h"

G_BEGIN_DECLS

/* Columns of text for people: aligned by what a terminal shows, not by bytes. */

typedef struct _QkctlTable QkctlTable;

/**
 * QkctlColumn:
 * @title: its head
 * @numeric: whether it is aligned to the right
 */
typedef struct {
  const char *title;
  gboolean numeric;
} QkctlColumn;

QkctlTable *qkctl_table_new (const QkctlColumn *columns, guint n_columns);
void qkctl_table_free (QkctlTable *self);
void qkctl_table_take (QkctlTable *self, QkctlColour colour, char *text);
void qkctl_table_print (QkctlTable *self, guint width);

char *qkctl_text_fit (const char *text, guint width);
char *qkctl_text_pad (const char *text, guint width);
char *qkctl_text_short_id (const char *id);
char *qkctl_text_field (const QkEntry *entry, QkField field);
QkctlColour qkctl_status_get_colour (QkStatus status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkctlTable, qkctl_table_free)

G_END_DECLS
