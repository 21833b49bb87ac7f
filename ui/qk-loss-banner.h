#pragma once

#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* That another program made most of the messages disappear, until they are back or the operator has
 * decided. Nothing is put back unasked: it may have been meant.
 *
 * Actions: "loss.restore", which undoes the operation under which they are kept ("win.undo-operation"),
 * and "loss.dismiss", with keys that hold in the whole window. */

#define QK_TYPE_LOSS_BANNER (qk_loss_banner_get_type ())
G_DECLARE_FINAL_TYPE (QkLossBanner, qk_loss_banner, QK, LOSS_BANNER, AdwBin)

void qk_loss_banner_set_store (QkLossBanner *self, QkStore *store);
void qk_loss_banner_set_read_only (QkLossBanner *self, gboolean read_only);
const char *qk_loss_banner_get_text (QkLossBanner *self);

G_END_DECLS
