#pragma once

#include <glib-object.h>

#include "qk-entry.h"

G_BEGIN_DECLS

/* A version of the queue: its bytes, and the span of every entry in them. Immutable, so any thread
 * may hold and read it.
 *
 * The bytes are never re-serialised: whatever the program does not understand survives to the
 * letter. A new version is read beside the one before it, so that the cost of a reload follows the
 * change and not the file, and the caller learns which entry is which.
 */

#define QK_TYPE_DOCUMENT (qk_document_get_type ())
typedef struct _QkDocument QkDocument;

/**
 * QK_DOCUMENT_MAX_BYTES:
 *
 * The largest file that is read, in bytes.
 */
#define QK_DOCUMENT_MAX_BYTES (G_GUINT64_CONSTANT (1) << 30)
/**
 * QK_DOCUMENT_MAX_ENTRIES:
 *
 * The largest number of entries that are read.
 */
#define QK_DOCUMENT_MAX_ENTRIES 1000000
/**
 * QK_DOCUMENT_MAX_DEPTH:
 *
 * The deepest nesting that is read.
 */
#define QK_DOCUMENT_MAX_DEPTH 512

#define QK_DOCUMENT_ERROR (qk_document_error_quark ())
/**
 * QkDocumentError:
 * @QK_DOCUMENT_ERROR_EMPTY: no byte at all: somebody is writing
 * @QK_DOCUMENT_ERROR_DAMAGED: not a queue; the message says where
 * @QK_DOCUMENT_ERROR_TOO_LARGE: over one of the limits above
 */
typedef enum {
  QK_DOCUMENT_ERROR_EMPTY,
  QK_DOCUMENT_ERROR_DAMAGED,
  QK_DOCUMENT_ERROR_TOO_LARGE,
} QkDocumentError;
GQuark qk_document_error_quark (void);

/**
 * QK_DIFF_NEW:
 *
 * The origin of an entry that the older version does not have.
 */
#define QK_DIFF_NEW G_MAXUINT

/* Which entry of a newer version is which of an older one. */
typedef struct _QkDiff QkDiff;

GType qk_document_get_type (void) G_GNUC_CONST;
QkDocument *qk_document_new (GBytes *bytes, QkDocument *previous, QkDiff **diff, GError **error);
QkDocument *qk_document_ref (QkDocument *self);
void qk_document_unref (QkDocument *self);

GBytes *qk_document_get_bytes (QkDocument *self);
gsize qk_document_get_list_start (QkDocument *self);
guint qk_document_get_n_entries (QkDocument *self);
const QkEntry *qk_document_get_entry (QkDocument *self, guint index);

QkDiff *qk_diff_ref (QkDiff *self);
void qk_diff_unref (QkDiff *self);
guint qk_diff_get_old_size (const QkDiff *self);
guint qk_diff_get_new_size (const QkDiff *self);
guint qk_diff_get_origin (const QkDiff *self, guint index, gboolean *changed);
gboolean qk_diff_is_empty (const QkDiff *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkDocument, qk_document_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkDiff, qk_diff_unref)

G_END_DECLS
