#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The filters that the operator has saved: pairs of a name, which is there once only, and the text form
 * of a query. What a text says is not looked at here.
 *
 * Kept by GSettings, so they are those of all windows. Where its schema is not installed they begin with
 * the usual ones and are not kept. ::changed is emitted after every change, whichever program made it.
 */

#define QK_TYPE_SAVED_FILTERS (qk_saved_filters_get_type ())
G_DECLARE_FINAL_TYPE (QkSavedFilters, qk_saved_filters, QK, SAVED_FILTERS, GObject)

QkSavedFilters *qk_saved_filters_new (void);
guint qk_saved_filters_get_size (QkSavedFilters *self);
const char *qk_saved_filters_get_name (QkSavedFilters *self, guint index);
const char *qk_saved_filters_get_text (QkSavedFilters *self, guint index);
gboolean qk_saved_filters_find (QkSavedFilters *self, const char *name, guint *index);
void qk_saved_filters_save (QkSavedFilters *self, const char *name, const char *text);
void qk_saved_filters_insert (QkSavedFilters *self,
                              guint index,
                              const char *name,
                              const char *text);
gboolean qk_saved_filters_rename (QkSavedFilters *self, guint index, const char *name);
void qk_saved_filters_remove (QkSavedFilters *self, guint index);

G_END_DECLS
