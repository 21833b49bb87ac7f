#pragma once

#include "qk-query.h"

G_BEGIN_DECLS

char *qk_query_words (const QkQuery *query);

G_END_DECLS
