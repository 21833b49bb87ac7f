#pragma once

#include "qk-import.h"
#include "qk-pick-row.h"
#include "qk-store-archive.h"

G_BEGIN_DECLS

/* The words in which the window speaks of archives, imports and backups. */

const char *qk_keep_words_import_kind (QkImportKind kind);
const char *qk_keep_words_restore_kind (QkImportKind kind);
char *qk_keep_words_row (QkPickRow *row, gint64 now);
char *qk_keep_words_facts (const QkEntry *entry, const char *note, gint64 now);
char *qk_keep_words_archived (const QkArchived *archived);
char *qk_keep_words_path (const char *path);

G_END_DECLS
