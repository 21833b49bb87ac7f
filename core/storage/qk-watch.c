#include "qk-watch.h"

#include "platform/qk-platform.h"

#ifdef G_OS_UNIX
#include <glib-unix.h>
#endif

/* The first event of a burst is passed on after so long, in milliseconds. */
#define MERGE_MSEC 4

struct _QkWatch {
  GObject parent_instance;

  char *path;      /* owned */
  char *name;      /* owned: of what path leads to, within its folder */
  QkHandle handle; /* of the system's own watch, or QK_PLATFORM_NO_HANDLE */
  guint handle_source;
  GFileMonitor *monitor; /* owned, nullable: where the system has none */
  guint merge_source;
  guint poll_source;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QkWatch, qk_watch, G_TYPE_OBJECT)

static gboolean
on_merged (gpointer user_data)
{
  QkWatch *self = user_data;

  self->merge_source = 0;
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
on_poll (gpointer user_data)
{
  g_signal_emit (user_data, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static gboolean
has_name (const QkWatch *self, GFile *file)
{
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;

  return g_strcmp0 (name, self->name) == 0;
}

static void
merge (QkWatch *self)
{
  if (self->merge_source == 0)
    self->merge_source = g_timeout_add (MERGE_MSEC, on_merged, self);
}

#ifdef G_OS_UNIX
static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  QkWatch *self = user_data;

  /* Our own temporary files and the lock beside the queue are nobody's business. */
  if (qk_platform_watch_read (self->handle, self->name))
    merge (self);
  return G_SOURCE_CONTINUE;
}
#endif

static void
on_event (GFileMonitor *monitor,
          GFile *file,
          GFile *other,
          GFileMonitorEvent event,
          gpointer user_data)
{
  QkWatch *self = user_data;

  if (has_name (self, file) || has_name (self, other))
    merge (self);
}

static void
stop (QkWatch *self)
{
  g_clear_handle_id (&self->handle_source, g_source_remove);
  if (self->handle != QK_PLATFORM_NO_HANDLE)
    qk_platform_watch_close (self->handle);
  self->handle = QK_PLATFORM_NO_HANDLE;
  if (self->monitor != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->monitor, self);
      g_file_monitor_cancel (self->monitor);
    }
  g_clear_object (&self->monitor);
}

static void
monitor_folder (QkWatch *self, GFile *folder)
{
  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor == NULL)
    return;
  g_file_monitor_set_rate_limit (self->monitor, 0);
  g_signal_connect (self->monitor, "changed", G_CALLBACK (on_event), self);
}

/* Without any watch (no such folder, no more of them to be had) the poll does it alone. */
static void
watch_folder (QkWatch *self, GFile *folder)
{
#ifdef G_OS_UNIX
  self->handle = qk_platform_watch_open (g_file_peek_path (folder));
  if (self->handle != QK_PLATFORM_NO_HANDLE)
    {
      self->handle_source = g_unix_fd_add ((int) self->handle, G_IO_IN, on_readable, self);
      return;
    }
#endif
  monitor_folder (self, folder);
}

static void
qk_watch_dispose (GObject *object)
{
  QkWatch *self = QK_WATCH (object);

  g_clear_handle_id (&self->merge_source, g_source_remove);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  stop (self);

  G_OBJECT_CLASS (qk_watch_parent_class)->dispose (object);
}

static void
qk_watch_finalize (GObject *object)
{
  QkWatch *self = QK_WATCH (object);

  g_free (self->path);
  g_free (self->name);

  G_OBJECT_CLASS (qk_watch_parent_class)->finalize (object);
}

static void
qk_watch_class_init (QkWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = qk_watch_dispose;
  object_class->finalize = qk_watch_finalize;

  /**
   * QkWatch::changed:
   * @self: the watch
   *
   * The file may have changed.
   */
  signals[CHANGED] = g_signal_new ("changed", QK_TYPE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
qk_watch_init (QkWatch *self)
{
  self->handle = QK_PLATFORM_NO_HANDLE;
  qk_watch_set_poll (self, QK_WATCH_POLL_DEFAULT);
}

/**
 * qk_watch_new:
 * @path: the file; it need not be there
 *
 * Returns: (transfer full): a watch that belongs to the default main context of this thread
 */
QkWatch *
qk_watch_new (const char *path)
{
  QkWatch *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (QK_TYPE_WATCH, NULL);
  self->path = g_strdup (path);
  qk_watch_renew (self);
  return self;
}

/**
 * qk_watch_renew:
 * @self: a watch
 *
 * Looks anew for the folder to watch: after it was missing, or a symbolic link was changed.
 */
void
qk_watch_renew (QkWatch *self)
{
  g_autofree char *target = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFile) folder = NULL;

  g_return_if_fail (QK_IS_WATCH (self));

  stop (self);
  target = qk_platform_resolve (self->path);
  file = g_file_new_for_path (target);
  folder = g_file_get_parent (file);
  g_free (self->name);
  self->name = g_file_get_basename (file);
  if (folder != NULL)
    watch_folder (self, folder);
}

/**
 * qk_watch_set_poll:
 * @self: a watch
 * @interval: how often the slow poll is, in microseconds, at least a millisecond
 *
 * Counts from now on.
 */
void
qk_watch_set_poll (QkWatch *self, gint64 interval)
{
  g_return_if_fail (QK_IS_WATCH (self) && interval >= G_TIME_SPAN_MILLISECOND);

  g_clear_handle_id (&self->poll_source, g_source_remove);
  self->poll_source = g_timeout_add ((guint) (interval / G_TIME_SPAN_MILLISECOND), on_poll, self);
}
