#pragma once

#include "qk-saved-filters.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The saved filters in the sidebar. A row that is activated is shown with the action win.show-filter;
 * F2, Delete and the menu of a row rename or forget it with win.rename-filter and win.delete-filter.
 */

#define QK_TYPE_SAVED_FILTER_LIST (qk_saved_filter_list_get_type ())
G_DECLARE_FINAL_TYPE (QkSavedFilterList, qk_saved_filter_list, QK, SAVED_FILTER_LIST, AdwBin)

void qk_saved_filter_list_set_filters (QkSavedFilterList *self, QkSavedFilters *filters);
GPtrArray *qk_saved_filter_list_get_queries (QkSavedFilterList *self);
void qk_saved_filter_list_set_counts (QkSavedFilterList *self, const GArray *counts);
void qk_saved_filter_list_set_active (QkSavedFilterList *self, const char *text);

G_END_DECLS
