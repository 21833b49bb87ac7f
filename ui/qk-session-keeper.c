#include "qk-session-keeper.h"

#include "qk-session.h"
#include "qk-window.h"

/* A window that is resized changes often. */
#define DELAY_MSEC 300

struct _QkSessionKeeper {
  GObject parent_instance;

  GtkApplication *application; /* borrowed: owns this one */
  char *path;                  /* owned */
  char *saved;                 /* owned, nullable: what stands in the file, as far as is known */
  guint source;                /* until it is saved */
  gboolean saving;             /* in a worker */
  gboolean quitting;           /* windows that go now are to come back */
};

G_DEFINE_FINAL_TYPE (QkSessionKeeper, qk_session_keeper, G_TYPE_OBJECT)

typedef struct {
  char *path; /* owned */
  char *text; /* owned */
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_free (save->path);
  g_free (save->text);
  g_free (save);
}

/* Oldest first; NULL where nothing is open. */
static char *
dup_text (QkSessionKeeper *self)
{
  g_autoptr (GPtrArray) windows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_session_window_free);

  for (GList *l = g_list_last (gtk_application_get_windows (self->application)); l != NULL;
       l = l->prev)
    {
      QkSessionWindow *window = QK_IS_WINDOW (l->data) ? qk_window_dup_arrangement (l->data) : NULL;

      if (window != NULL)
        g_ptr_array_add (windows, window);
    }
  return windows->len > 0 ? qk_session_format (windows) : NULL;
}

static void
run_save (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Save *save = task_data;
  GError *error = NULL;

  if (qk_session_save (save->path, save->text, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void schedule (QkSessionKeeper *self);

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkSessionKeeper *self = QK_SESSION_KEEPER (source);
  g_autoptr (GError) error = NULL;

  self->saving = FALSE;
  /* Nothing is lost by it but the arrangement of windows. */
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_message ("the open queues cannot be kept for the next start: %s", error->message);
  schedule (self);
}

static gboolean
save_cb (gpointer user_data)
{
  QkSessionKeeper *self = user_data;
  g_autofree char *text = dup_text (self);
  g_autoptr (GTask) task = NULL;
  Save *save;

  self->source = 0;
  if (self->quitting || self->saving || text == NULL || g_strcmp0 (text, self->saved) == 0)
    return G_SOURCE_REMOVE;
  self->saving = TRUE;
  g_free (self->saved);
  self->saved = g_strdup (text);
  save = g_new0 (Save, 1);
  save->path = g_strdup (self->path);
  save->text = g_steal_pointer (&text);
  task = g_task_new (self, NULL, saved_cb, NULL);
  g_task_set_task_data (task, save, save_free);
  g_task_run_in_thread (task, run_save);
  return G_SOURCE_REMOVE;
}

static void
schedule (QkSessionKeeper *self)
{
  if (self->source == 0 && !self->quitting)
    self->source = g_timeout_add (DELAY_MSEC, save_cb, self);
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window, QkSessionKeeper *self)
{
  g_assert (QK_IS_SESSION_KEEPER (self));

  if (!QK_IS_WINDOW (window))
    return;
  g_signal_connect_object (window, "arranged", G_CALLBACK (schedule), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "hide", G_CALLBACK (schedule), self, G_CONNECT_SWAPPED);
}

static void
qk_session_keeper_dispose (GObject *object)
{
  QkSessionKeeper *self = QK_SESSION_KEEPER (object);

  g_clear_handle_id (&self->source, g_source_remove);
  self->quitting = TRUE;

  G_OBJECT_CLASS (qk_session_keeper_parent_class)->dispose (object);
}

static void
qk_session_keeper_finalize (GObject *object)
{
  QkSessionKeeper *self = QK_SESSION_KEEPER (object);

  g_free (self->path);
  g_free (self->saved);

  G_OBJECT_CLASS (qk_session_keeper_parent_class)->finalize (object);
}

static void
qk_session_keeper_class_init (QkSessionKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_session_keeper_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_session_keeper_finalize;
}

static void
qk_session_keeper_init (QkSessionKeeper *self)
{
}

/**
 * qk_session_keeper_new:
 * @application: whose windows; owns the keeper
 * @path: (type filename): where to keep the session
 *
 * Returns: (transfer full): a keeper that follows the windows from now on
 */
QkSessionKeeper *
qk_session_keeper_new (GtkApplication *application, const char *path)
{
  QkSessionKeeper *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (QK_TYPE_SESSION_KEEPER, NULL);
  self->application = application;
  self->path = g_strdup (path);
  g_signal_connect_object (application, "window-added", G_CALLBACK (window_added_cb), self, 0);
  return self;
}

/**
 * qk_session_keeper_restore:
 * @self: a keeper
 *
 * Opens what was open, as it was.
 *
 * Returns: how many windows
 */
guint
qk_session_keeper_restore (QkSessionKeeper *self)
{
  g_autoptr (GPtrArray) windows = NULL;

  g_return_val_if_fail (QK_IS_SESSION_KEEPER (self), 0);

  windows = qk_session_load (self->path);
  for (guint i = 0; i < windows->len; i++)
    {
      GtkWidget *window = qk_window_new (self->application);

      qk_window_arrange (QK_WINDOW (window), windows->pdata[i]);
      gtk_window_present (GTK_WINDOW (window));
    }
  return windows->len;
}

/**
 * qk_session_keeper_set_quitting:
 * @self: a keeper
 * @quitting: whether all windows are being closed
 *
 * While the application quits, the windows that go are kept.
 */
void
qk_session_keeper_set_quitting (QkSessionKeeper *self, gboolean quitting)
{
  g_return_if_fail (QK_IS_SESSION_KEEPER (self));

  if (quitting)
    qk_session_keeper_flush (self);
  self->quitting = quitting;
  schedule (self);
}

/**
 * qk_session_keeper_flush:
 * @self: a keeper
 *
 * Saves at once what is still to be saved: there will be no later.
 */
void
qk_session_keeper_flush (QkSessionKeeper *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (QK_IS_SESSION_KEEPER (self));

  if (self->source == 0 || self->quitting)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  text = dup_text (self);
  if (text != NULL && g_strcmp0 (text, self->saved) != 0 &&
      !qk_session_save (self->path, text, &error))
    g_message ("the open queues cannot be kept for the next start: %s", error->message);
}
