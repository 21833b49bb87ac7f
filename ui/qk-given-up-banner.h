#pragma once

#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What would not stay as it was saved, until the operator has decided: it waits for whoever is away,
 * and takes no keystroke from whoever is not.
 *
 * Retry is for when the other program was stopped: it is put right now, and guarded anew. Keep
 * Trying goes on in the background for as long as the first time. ::in-effect tells that it stayed
 * in the end. Leaving it hides the banner until something else will not stay.
 *
 * Actions: "given-up.retry", "given-up.keep-trying" and "given-up.leave", with keys that hold in the
 * whole window. */

#define QK_TYPE_GIVEN_UP_BANNER (qk_given_up_banner_get_type ())
G_DECLARE_FINAL_TYPE (QkGivenUpBanner, qk_given_up_banner, QK, GIVEN_UP_BANNER, AdwBin)

void qk_given_up_banner_set_store (QkGivenUpBanner *self, QkStore *store);
void qk_given_up_banner_set_read_only (QkGivenUpBanner *self, gboolean read_only);
const char *qk_given_up_banner_get_text (QkGivenUpBanner *self);

G_END_DECLS
