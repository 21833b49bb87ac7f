#pragma once

#include "qk-saved-filters.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The question for the name of a filter. Its response is %QK_FILTER_NAME_RESPONSE or `cancel`. */

#define QK_FILTER_NAME_RESPONSE "take"

GtkWidget *qk_filter_name_dialog_new (GtkWindow *parent,
                                      QkSavedFilters *filters,
                                      const char *name,
                                      gboolean renames);
char *qk_filter_name_dialog_dup_name (GtkWidget *dialog);

G_END_DECLS
