#pragma once

#include "qk-document.h"

G_BEGIN_DECLS

QkDiff *qk_diff_new (const QkEntry *old_entries,
                     guint n_old,
                     const QkEntry *new_entries,
                     guint n_new,
                     guint same_prefix,
                     guint same_suffix);

G_END_DECLS
