#pragma once

#include "qk-filter.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The button "Add filter": a list of the values that occur in the queue, by facet, each with the
 * number of messages that have it. They are counted beside the main loop, when the list is opened.
 */

/**
 * QK_FILTER_MENU_MAX_VALUES:
 *
 * How many values of a facet are listed, besides those that are asked for.
 */
#define QK_FILTER_MENU_MAX_VALUES 12

#define QK_TYPE_FILTER_MENU (qk_filter_menu_get_type ())
G_DECLARE_FINAL_TYPE (QkFilterMenu, qk_filter_menu, QK, FILTER_MENU, AdwBin)

void qk_filter_menu_set_document (QkFilterMenu *self, QkDocument *document);
void qk_filter_menu_set_filter (QkFilterMenu *self, QkFilter *filter);
void qk_filter_menu_open (QkFilterMenu *self);

G_END_DECLS
