#pragma once

#include "qk-store.h"

G_BEGIN_DECLS

/* A store without a file that is in whatever state a test wants. It remembers what was applied, and
 * saves nothing. */

#define QK_TYPE_FAKE_STORE (qk_fake_store_get_type ())
G_DECLARE_FINAL_TYPE (QkFakeStore, qk_fake_store, QK, FAKE_STORE, GObject)

QkFakeStore *qk_fake_store_new (void);
void qk_fake_store_set_state (QkFakeStore *self, QkStoreState state);
void qk_fake_store_set_saving (QkFakeStore *self, gboolean saving);
void qk_fake_store_set_n_guarded (QkFakeStore *self, guint n_guarded);
void qk_fake_store_set_given_up (QkFakeStore *self, const QkGivenUp *given_up);
const char *qk_fake_store_get_resumed (QkFakeStore *self);
void qk_fake_store_show (QkFakeStore *self, QkDocument *document, QkDiff *diff);
void qk_fake_store_obstruct (QkFakeStore *self, QkLockKind kind);
void qk_fake_store_retry (QkFakeStore *self, guint attempt, gint64 delay);
GPtrArray *qk_fake_store_get_applied (QkFakeStore *self);
void qk_fake_store_set_error (QkFakeStore *self, const char *message);

G_END_DECLS
