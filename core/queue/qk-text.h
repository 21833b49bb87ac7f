#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *qk_text_reveal (const char *text);
char *qk_text_reveal_line (const char *text);
void qk_text_append_folded (GString *folded, gunichar c);
char *qk_text_fold_case (const char *text);
void qk_json_append_quoted (GString *json, const char *text);
char *qk_json_decode_start (const char *json, gsize length, gsize max_bytes);
char *qk_json_decode (const char *json, gsize length, gboolean *lone_surrogate);

G_END_DECLS
