#pragma once

#include "qk-search.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* A long text of a message, to be read, selected, copied and searched. Never markup.
 *
 * What would hide or reorder text is revealed; what is copied is the text as it was given. Only a part
 * of bounded size is laid out at a time, so that no text stops the window; the others are turned to,
 * and what is looked for is found in all of them, beside the main loop. When the text changes while it
 * is read, what did not change stays where it is, and stays selected. */

#define QK_TYPE_DETAIL_TEXT (qk_detail_text_get_type ())
G_DECLARE_FINAL_TYPE (QkDetailText, qk_detail_text, QK, DETAIL_TEXT, AdwBin)

void qk_detail_text_set_text (QkDetailText *self, const char *text, gboolean keep);
void qk_detail_text_set_note (QkDetailText *self, const char *note);
void qk_detail_text_set_raw (QkDetailText *self, const char *label);
void qk_detail_text_set_marked (QkDetailText *self, QkSearch *search);
void qk_detail_text_find (QkDetailText *self);
gboolean qk_detail_text_step (QkDetailText *self, int step);
gboolean qk_detail_text_stop_finding (QkDetailText *self);
void qk_detail_text_take_focus (QkDetailText *self);
char *qk_detail_text_dup_selected (QkDetailText *self);
GtkTextView *qk_detail_text_get_view (QkDetailText *self);

G_END_DECLS
