#pragma once

#include "qk-agents.h"
#include "qk-backup-info.h"
#include "qk-change.h"
#include "qk-document.h"
#include "qk-given-up.h"
#include "qk-journal.h"
#include "qk-lock-event.h"
#include "qk-loss.h"
#include "qk-recovery.h"
#include "qk-result.h"

G_BEGIN_DECLS

/* The store: the one façade through which the window and the command line see a queue.
 *
 * It speaks in entries, changes, results and events; where and how the queue is kept is the
 * business of an implementation (QkFileStore is the one there is). All of its properties, signals
 * and callbacks belong to the main context in which the store was made; nothing of it blocks.
 *
 * ::changed is emitted after :document took a new value, with the difference to the document
 * before it, at most once per turn of the main loop. The last good document stays when the queue
 * is absent, empty, torn or damaged: only :state tells.
 */

#define QK_STORE_ERROR (qk_store_error_quark ())
/**
 * QkStoreError:
 * @QK_STORE_ERROR_NOT_FOUND: there is no such queue
 * @QK_STORE_ERROR_NOT_REGULAR: it is not a file
 * @QK_STORE_ERROR_DAMAGED: the queue is damaged: nothing was written
 * @QK_STORE_ERROR_DENIED: no right to read or write it
 * @QK_STORE_ERROR_BUSY: still locked after every attempt
 * @QK_STORE_ERROR_FAILED: any other error of the system
 */
typedef enum {
  QK_STORE_ERROR_NOT_FOUND,
  QK_STORE_ERROR_NOT_REGULAR,
  QK_STORE_ERROR_DAMAGED,
  QK_STORE_ERROR_DENIED,
  QK_STORE_ERROR_BUSY,
  QK_STORE_ERROR_FAILED,
} QkStoreError;
GQuark qk_store_error_quark (void);

/**
 * QkStoreState:
 * @QK_STORE_STATE_OPENING: not looked yet
 * @QK_STORE_STATE_LIVE: :document is what stands in the queue
 * @QK_STORE_STATE_WAITING: absent or torn for a moment: a writer is at work
 * @QK_STORE_STATE_DAMAGED: it cannot be read as a queue
 * @QK_STORE_STATE_GONE: there is no queue at that place
 * @QK_STORE_STATE_UNREADABLE: the system refuses to read it
 */
typedef enum {
  QK_STORE_STATE_OPENING,
  QK_STORE_STATE_LIVE,
  QK_STORE_STATE_WAITING,
  QK_STORE_STATE_DAMAGED,
  QK_STORE_STATE_GONE,
  QK_STORE_STATE_UNREADABLE,
} QkStoreState;
#define QK_TYPE_STORE_STATE (qk_store_state_get_type ())
GType qk_store_state_get_type (void) G_GNUC_CONST;

/**
 * QK_STORE_GUARD_DEFAULT:
 *
 * The usual settling time, in microseconds. It should exceed twice the time for which any writer holds
 * a list: an old one that was saved and replaced again before anybody of us saw it may have been
 * loaded meanwhile, and what is no longer guarded is undone by whoever saves it.
 */
#define QK_STORE_GUARD_DEFAULT (10 * G_TIME_SPAN_SECOND)

#define QK_TYPE_STORE (qk_store_get_type ())
G_DECLARE_INTERFACE (QkStore, qk_store, QK, STORE, GObject)

/**
 * QkStoreInterface:
 *
 * See the functions of the same names.
 */
struct _QkStoreInterface {
  GTypeInterface parent_iface;

  void (*start) (QkStore *self);
  void (*refresh) (QkStore *self);
  void (*apply_async) (QkStore *self,
                       GPtrArray *changes,
                       const QkRetryPolicy *policy,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  void (*apply_kept_async) (QkStore *self,
                            GPtrArray *changes,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
  QkResult *(*apply_finish) (QkStore *self, GAsyncResult *result, GError **error);
  void (*set_read_only) (QkStore *self, gboolean read_only);
  char **(*dup_agents) (QkStore *self);
  QkAgentsSource (*get_agents_source) (QkStore *self);
  void (*choose_agents) (QkStore *self, const char *const *agents);
  void (*set_guard) (QkStore *self, gint64 settle);
  void (*set_policy) (QkStore *self, const QkRetryPolicy *policy);
  void (*get_policy) (QkStore *self, QkRetryPolicy *policy);
  void (*set_poll) (QkStore *self, gint64 interval);
  void (*resume) (QkStore *self, gboolean at_once);
  void (*set_journal) (QkStore *self, QkJournal *journal);
  char *(*dup_key) (QkStore *self);
  void (*dismiss_loss) (QkStore *self);
  void (*salvage_async) (QkStore *self,
                         gboolean all_of_backups,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  QkRecovery *(*salvage_finish) (QkStore *self, GAsyncResult *result, GError **error);
  void (*repair_async) (QkStore *self,
                        QkRecovery *recovery,
                        const QkRetryPolicy *policy,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  char *(*repair_finish) (QkStore *self, GAsyncResult *result, gboolean *durable, GError **error);
  void (*save_copy_async) (QkStore *self,
                           QkRecovery *recovery,
                           const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  gboolean (*save_copy_finish) (QkStore *self, GAsyncResult *result, GError **error);
  void (*write_file_async) (QkStore *self,
                            GBytes *bytes,
                            const char *path,
                            gboolean replace,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
  char *(*write_file_finish) (QkStore *self, GAsyncResult *result, GError **error);
  void (*read_file_async) (QkStore *self,
                           const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  QkDocument *(*read_file_finish) (QkStore *self, GAsyncResult *result, GError **error);
  void (*list_backups_async) (QkStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
  GPtrArray *(*list_backups_finish) (QkStore *self, GAsyncResult *result, GError **error);
};

/* Properties (all read-only): "document" (QkDocument, nullable), "state" (QkStoreState), "problem"
 * (string, nullable: what is wrong and what to do next), "location" (string: where the queue is,
 * for people), "saving" (boolean: changes are on their way), "n-guarded" (uint: messages that are
 * kept as they were saved), "given-up" (QkGivenUp, nullable: what would not stay as it was saved, all
 * of it, until that is resumed or changed anew), "loss" (QkLoss, nullable: another program made most
 * messages disappear). :problem says what is wrong; where the queue is damaged, the next step is
 * qk_store_salvage_async(), and how that is called is for the window or the command line to say.
 * Signals: "changed" (QkDiff, nullable: NULL means everything), "lock-event" (QkLockEvent), "saved"
 * (QkResult, nullable: NULL where it failed; guint: attempts), "notice" (string: what the operator
 * should read), "agents-changed". */
QkStore *qk_store_new (const char *location);
void qk_store_start (QkStore *self);
void qk_store_refresh (QkStore *self);
QkDocument *qk_store_get_document (QkStore *self);
QkStoreState qk_store_get_state (QkStore *self);
char *qk_store_dup_problem (QkStore *self);
char *qk_store_dup_location (QkStore *self);
gboolean qk_store_get_saving (QkStore *self);
char **qk_store_dup_agents (QkStore *self);
QkAgentsSource qk_store_get_agents_source (QkStore *self);
void qk_store_choose_agents (QkStore *self, const char *const *agents);
void qk_store_set_guard (QkStore *self, gint64 settle);
void qk_store_set_policy (QkStore *self, const QkRetryPolicy *policy);
void qk_store_get_policy (QkStore *self, QkRetryPolicy *policy);
void qk_store_set_poll (QkStore *self, gint64 interval);
guint qk_store_get_n_guarded (QkStore *self);
QkLoss *qk_store_dup_loss (QkStore *self);
void qk_store_dismiss_loss (QkStore *self);
QkGivenUp *qk_store_dup_given_up (QkStore *self);
void qk_store_retry_given_up (QkStore *self);
void qk_store_keep_trying (QkStore *self);
void qk_store_set_journal (QkStore *self, QkJournal *journal);
char *qk_store_dup_key (QkStore *self);
void qk_store_apply_async (QkStore *self,
                           GPtrArray *changes,
                           const QkRetryPolicy *policy,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
void qk_store_apply_kept_async (QkStore *self,
                                GPtrArray *changes,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QkResult *qk_store_apply_finish (QkStore *self, GAsyncResult *result, GError **error);
void qk_store_set_read_only (QkStore *self, gboolean read_only);

void qk_store_salvage_async (QkStore *self,
                             gboolean all_of_backups,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
QkRecovery *qk_store_salvage_finish (QkStore *self, GAsyncResult *result, GError **error);
void qk_store_repair_async (QkStore *self,
                            QkRecovery *recovery,
                            const QkRetryPolicy *policy,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
char *qk_store_repair_finish (QkStore *self,
                              GAsyncResult *result,
                              gboolean *durable,
                              GError **error);
void qk_store_save_copy_async (QkStore *self,
                               QkRecovery *recovery,
                               const char *path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean qk_store_save_copy_finish (QkStore *self, GAsyncResult *result, GError **error);

void qk_store_write_file_async (QkStore *self,
                                GBytes *bytes,
                                const char *path,
                                gboolean replace,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
char *qk_store_write_file_finish (QkStore *self, GAsyncResult *result, GError **error);
void qk_store_read_file_async (QkStore *self,
                               const char *path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
QkDocument *qk_store_read_file_finish (QkStore *self, GAsyncResult *result, GError **error);
void qk_store_list_backups_async (QkStore *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *qk_store_list_backups_finish (QkStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
