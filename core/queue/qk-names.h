#pragma once

#include "qk-entry.h"

G_BEGIN_DECLS

/* A table from names, as entries spell them, to values: of many entries only few have a name that was
 * not read before, and only those are decoded. One name can be spelled in several ways. Keys point
 * into the document, which has to outlive the table. */

typedef struct _QkNames QkNames;

QkNames *qk_names_new (void);
void qk_names_free (QkNames *self);
gboolean qk_names_find (QkNames *self, const QkEntry *entry, QkField field, gpointer *value);
void qk_names_add (QkNames *self, const QkEntry *entry, QkField field, gpointer value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkNames, qk_names_free)

G_END_DECLS
