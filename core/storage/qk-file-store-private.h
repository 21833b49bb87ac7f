#pragma once

#include "qk-file-store.h"
#include "qk-keeper.h"
#include "qk-reading.h"
#include "qk-watch.h"
#include "qk-writer.h"

G_BEGIN_DECLS

/* The parts of the store see one another here: the object itself, how it looks at the file
 * (qk-file-store-look.c), how it saves and guards (qk-file-store-save.c), what becomes of the versions
 * that it has displaced (qk-file-store-displaced.c), how it salvages what is damaged
 * (qk-file-store-salvage.c), and the other files that it writes and reads (qk-file-store-keep.c). */

struct _QkFileStore {
  GObject parent_instance;

  const QkPlatform *platform;
  GMainContext *context; /* owned */
  GThreadPool *saver;    /* owned: one thread, so that saves follow one another */
  QkWatch *watch;        /* owned, nullable before the start */
  char *path;            /* owned */
  QkJournal *journal;    /* owned, nullable */
  QkRetryPolicy policy;  /* where none is given */
  gint64 poll;           /* of the watch */

  QkDocument *document; /* owned, nullable */
  QkStoreState state;
  char *problem;        /* owned, nullable */
  char **agents;        /* owned, nullable: those of the swarm's configuration */
  char **found_agents;  /* owned, nullable: those that the queue tells of, or told of before */
  char **chosen_agents; /* owned, nullable: those that the operator says */
  guint n_saving;
  gboolean read_only; /* the queue is left alone */

  QkFileStamp seen;     /* of the last look */
  QkReadingState found; /* by the last look */
  char *found_problem;  /* owned, nullable */
  gboolean obstructed;  /* something stood in its way */
  QkLockKind obstacle;  /* what */
  int found_code;       /* the system's, or 0 */
  QkHolder *holder;     /* owned, nullable: who stood in its way */
  gint64 found_age;     /* of the file, in microseconds */
  gint64 trouble_since; /* monotonic; 0 while there is none */
  gint64 last_look;     /* monotonic */
  gboolean looking;     /* a look is under way */
  gboolean look_again;  /* and another is wanted */
  guint look_source;

  QkKeeper *keeper;    /* owned: shared with the writer's thread */
  GPtrArray *repairs;  /* owned, nullable: to be saved, or being saved */
  guint repair_source; /* until they are */
  guint settle_source; /* until all has settled */

  QkGivenUp *given_up;    /* owned, nullable: as it was last notified */
  gboolean recovered;     /* it was seen to what an interrupted save has left */
  gboolean was_gentle;    /* something was saved and is not durable yet */
  guint n_settling;       /* it is being made durable */
  QkFileStamp ours;       /* of the version of ours that was saved last */
  gint64 foreign_seen;    /* monotonic: when a version of another writer was; 0: never */
  GPtrArray *displaced;   /* owned, of QkDisplaced: a late writer may still write to them */
  guint displaced_source; /* until they are looked at */
  GPtrArray *kept;        /* owned, of QkDisplaced: whose files stay until all has settled */
  QkLoss *loss;           /* owned, nullable */
  GPtrArray *recoveries;  /* owned, of QkRecovery, borrowed: those that were made and live */
};

/* What the saver does, one after the other: the beginning of a job. */
typedef struct _QkFileStoreJob QkFileStoreJob;
struct _QkFileStoreJob {
  void (*run) (QkFileStoreJob *job);
};

void qk_file_store_look (QkFileStore *self);
void qk_file_store_schedule_look (QkFileStore *self, guint msec);
void qk_file_store_check_guard (QkFileStore *self);
void qk_file_store_recover (QkFileStore *self);
void qk_file_store_watch_displaced (QkFileStore *self, QkDisplaced *displaced);
void qk_file_store_settle (QkFileStore *self);
void qk_file_store_set_guard (QkStore *store, gint64 settle);
void qk_file_store_set_policy (QkStore *store, const QkRetryPolicy *policy);
void qk_file_store_get_policy (QkStore *store, QkRetryPolicy *policy);
void qk_file_store_resume (QkStore *store, gboolean at_once);
void qk_file_store_set_n_saving (QkFileStore *self, guint n_saving);
void qk_file_store_tell_event (QkFileStore *self, const QkLockEvent *event);
void qk_file_store_hand_over (QkFileStore *self,
                              GSourceFunc function,
                              gpointer data,
                              GDestroyNotify free_data);
void qk_file_store_update_recoveries (QkFileStore *self);
void qk_file_store_forget_recoveries (QkFileStore *self);
void qk_file_store_apply_async (QkStore *store,
                                GPtrArray *changes,
                                const QkRetryPolicy *policy,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void qk_file_store_apply_kept_async (QkStore *store,
                                     GPtrArray *changes,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
QkResult *qk_file_store_apply_finish (QkStore *store, GAsyncResult *result, GError **error);
void qk_file_store_set_read_only (QkStore *store, gboolean read_only);
gboolean qk_file_store_refuse (QkFileStore *self, GTask *task);
void qk_file_store_salvage_async (QkStore *store,
                                  gboolean all_of_backups,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
QkRecovery *qk_file_store_salvage_finish (QkStore *store, GAsyncResult *result, GError **error);
void qk_file_store_repair_async (QkStore *store,
                                 QkRecovery *recovery,
                                 const QkRetryPolicy *policy,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
char *qk_file_store_repair_finish (QkStore *store,
                                   GAsyncResult *result,
                                   gboolean *durable,
                                   GError **error);
void qk_file_store_save_copy_async (QkStore *store,
                                    QkRecovery *recovery,
                                    const char *path,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean qk_file_store_save_copy_finish (QkStore *store, GAsyncResult *result, GError **error);
void qk_file_store_write_file_async (QkStore *store,
                                     GBytes *bytes,
                                     const char *path,
                                     gboolean replace,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
char *qk_file_store_write_file_finish (QkStore *store, GAsyncResult *result, GError **error);
void qk_file_store_read_file_async (QkStore *store,
                                    const char *path,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
QkDocument *qk_file_store_read_file_finish (QkStore *store, GAsyncResult *result, GError **error);
void qk_file_store_list_backups_async (QkStore *store,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *qk_file_store_list_backups_finish (QkStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
