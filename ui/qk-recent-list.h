#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The recent queues as rows to choose from, the latest first. What is not there any more cannot be
 * chosen, and says why; that is looked up beside the main loop. Hidden while there are none. ::chosen
 * is emitted with the path of a queue. */

#define QK_TYPE_RECENT_LIST (qk_recent_list_get_type ())
G_DECLARE_FINAL_TYPE (QkRecentList, qk_recent_list, QK, RECENT_LIST, AdwBin)

void qk_recent_list_show (QkRecentList *self, const char *const *paths);
void qk_recent_list_reload (QkRecentList *self);

G_END_DECLS
