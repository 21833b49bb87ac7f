#include "qk-swarm-watch.h"

#include "qk-swarm-look.h"
#include "qk-watch.h"

#include <glib/gi18n-lib.h>

#define METRICS_NAME    "file_locking_metrics.json"
#define METRICS_FOLDER  "data"
#define METRICS_LEVELS  3
#define DELIVERIES_NAME "metrics.json"

#define POLL_MSEC       1000
#define LOOK_AGAIN_MSEC 50
/* Looks follow one another no faster than frames do. */
#define FRAME_USEC (16 * G_TIME_SPAN_MILLISECOND)
/* How long a file may be absent or torn until that is more than a writer at work. */
#define PATIENCE_USEC (2 * G_TIME_SPAN_SECOND)

enum { METRICS, DELIVERIES, N_PARTS };

/* One of the files. */
typedef struct {
  char **paths; /* owned: where it may be */
  QkSwarmParse parse;
  GDestroyNotify destroy;
  gboolean expected;    /* its absence is a problem */
  char *path;           /* owned, nullable: where it was found */
  QkWatch *watch;       /* owned, nullable: of that */
  QkSnapshot known;     /* what was read last, its handle closed */
  gpointer value;       /* owned, nullable: the last good version */
  char *problem;        /* owned, nullable */
  gint64 trouble_since; /* monotonic, 0 where there is none */
} Part;

struct _QkSwarmWatch {
  GObject parent_instance;

  const QkPlatform *platform;
  char *queue; /* owned */
  Part parts[N_PARTS];
  guint poll_source; /* 0 once disposed */
  guint look_source;
  gint64 last_look;
  gboolean looking;
  gboolean looked; /* at least once */
  gboolean look_again;
  guint n_moves; /* counts what makes a look that is under way void */
};

/* What one look is about: each of the files. */
typedef struct {
  QkSwarmLook looks[N_PARTS];
  guint n_moves;
} Round;

enum { CHANGED, LOOKED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QkSwarmWatch, qk_swarm_watch, G_TYPE_OBJECT)

static void schedule_look (QkSwarmWatch *self, guint msec);

static void
round_free (gpointer data)
{
  Round *round = data;

  for (guint i = 0; i < N_PARTS; i++)
    qk_swarm_look_clear (&round->looks[i]);
  g_free (round);
}

static void
on_hint (QkWatch *watch, QkSwarmWatch *self)
{
  schedule_look (self, 0);
}

static void
drop_watch (QkSwarmWatch *self, Part *part)
{
  if (part->watch != NULL)
    g_signal_handlers_disconnect_by_data (part->watch, self);
  g_clear_object (&part->watch);
  g_clear_pointer (&part->path, g_free);
}

static void
clear_part (QkSwarmWatch *self, Part *part)
{
  drop_watch (self, part);
  g_clear_pointer (&part->paths, g_strfreev);
  g_clear_pointer (&part->known.bytes, g_bytes_unref);
  g_clear_pointer (&part->value, part->destroy);
  g_clear_pointer (&part->problem, g_free);
}

static void
follow (QkSwarmWatch *self, Part *part, const char *path)
{
  if (g_strcmp0 (part->path, path) == 0)
    {
      /* Its folder may have been away, or be another one by now. */
      if (part->trouble_since != 0 && part->watch != NULL)
        qk_watch_renew (part->watch);
      return;
    }
  drop_watch (self, part);
  part->path = g_strdup (path);
  part->watch = qk_watch_new (path);
  g_signal_connect (part->watch, "changed", G_CALLBACK (on_hint), self);
}

static gboolean
set_problem (Part *part, char *problem)
{
  gboolean changed = g_strcmp0 (part->problem, problem) != 0;

  g_free (part->problem);
  part->problem = problem;
  return changed;
}

static char *
describe_trouble (const Part *part, const QkSwarmLook *look)
{
  const char *path = look->path != NULL ? look->path : part->path;
  g_autofree char *name = g_filename_display_name (path != NULL ? path : part->paths[0]);
  gboolean absent = look->state == QK_SWARM_LOOK_ABSENT;

  if (absent && part->value != NULL)
    return g_strdup_printf (_ ("%s is gone. What it said last is shown."), name);
  if (absent)
    return g_strdup_printf (_ ("There is no file %s. It is shown as soon as the swarm writes it."),
                            name);
  if (part->value != NULL)
    return g_strdup_printf (_ ("Cannot read %s: %s. What it said last is shown."), name,
                            look->problem);
  return g_strdup_printf (_ ("Cannot read %s: %s."), name, look->problem);
}

/* Returns whether there is anything new to be told. */
static gboolean
take_trouble (QkSwarmWatch *self, Part *part, const QkSwarmLook *look)
{
  gint64 now = g_get_monotonic_time ();
  gboolean final = look->state == QK_SWARM_LOOK_REFUSED ||
                   (look->state == QK_SWARM_LOOK_TORN && look->age > PATIENCE_USEC);

  if (look->state == QK_SWARM_LOOK_ABSENT && part->value == NULL && !part->expected)
    {
      gboolean had = part->path != NULL;

      drop_watch (self, part);
      part->trouble_since = 0;
      return set_problem (part, NULL) || had;
    }
  if (part->trouble_since == 0)
    part->trouble_since = now;
  if (final || now - part->trouble_since >= PATIENCE_USEC)
    return set_problem (part, describe_trouble (part, look));
  schedule_look (self, LOOK_AGAIN_MSEC);
  return FALSE;
}

static gboolean
take (QkSwarmWatch *self, Part *part, QkSwarmLook *look)
{
  gboolean changed = FALSE;

  if (look->path != NULL && g_strcmp0 (look->path, part->path) != 0)
    {
      follow (self, part, look->path);
      changed = look->state != QK_SWARM_LOOK_TORN;
    }
  if (look->state != QK_SWARM_LOOK_SAME && look->state != QK_SWARM_LOOK_FOUND)
    return take_trouble (self, part, look) || changed;
  if (part->trouble_since != 0)
    follow (self, part, look->path);
  part->trouble_since = 0;
  part->known.stamp = look->found.stamp;
  if (look->state == QK_SWARM_LOOK_FOUND)
    {
      g_clear_pointer (&part->known.bytes, g_bytes_unref);
      part->known.bytes = g_steal_pointer (&look->found.bytes);
      g_clear_pointer (&part->value, part->destroy);
      part->value = g_steal_pointer (&look->value);
      changed = TRUE;
    }
  return set_problem (part, NULL) || changed;
}

/* Whether it is known of each of the files what it says, or what is wrong with it: of one that is torn
 * it is not yet. */
static gboolean
is_settled (QkSwarmWatch *self)
{
  for (guint i = 0; i < N_PARTS; i++)
    if (self->parts[i].trouble_since != 0 && self->parts[i].problem == NULL)
      return FALSE;
  return TRUE;
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkSwarmWatch *self = QK_SWARM_WATCH (source);
  Round *round = g_task_get_task_data (G_TASK (result));
  gboolean again = self->look_again, changed = FALSE;

  self->looking = FALSE;
  self->look_again = FALSE;
  if (self->poll_source == 0)
    return;
  for (guint i = 0; round->n_moves == self->n_moves && i < N_PARTS; i++)
    changed = take (self, &self->parts[i], &round->looks[i]) || changed;
  if (again)
    schedule_look (self, 0);
  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);
  if (!self->looked && round->n_moves == self->n_moves && is_settled (self))
    {
      self->looked = TRUE;
      g_signal_emit (self, signals[LOOKED], 0);
    }
}

static void
run_round (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Round *round = task_data;

  for (guint i = 0; i < N_PARTS; i++)
    qk_swarm_look_run (&round->looks[i]);
  g_task_return_boolean (task, TRUE);
}

/* Where it was found last comes first. */
static char **
list_paths (const Part *part)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  if (part->path != NULL)
    g_strv_builder_add (paths, part->path);
  g_strv_builder_addv (paths, (const char **) part->paths);
  return g_strv_builder_end (paths);
}

/* Looks now, or once more after the look that is under way. */
static void
look (QkSwarmWatch *self)
{
  g_autoptr (GTask) task = NULL;
  Round *round;

  if (self->looking)
    {
      self->look_again = TRUE;
      return;
    }
  self->looking = TRUE;
  self->last_look = g_get_monotonic_time ();
  round = g_new0 (Round, 1);
  round->n_moves = self->n_moves;
  for (guint i = 0; i < N_PARTS; i++)
    {
      const Part *part = &self->parts[i];
      QkSnapshot known = part->known;

      if (known.bytes != NULL)
        g_bytes_ref (known.bytes);
      round->looks[i] = (QkSwarmLook){.platform = self->platform,
                                      .paths = list_paths (part),
                                      .parse = part->parse,
                                      .destroy = part->destroy,
                                      .known = known};
    }
  task = g_task_new (self, NULL, on_looked, NULL);
  g_task_set_task_data (task, round, round_free);
  g_task_run_in_thread (task, run_round);
}

static gboolean
on_look_due (gpointer user_data)
{
  QkSwarmWatch *self = user_data;

  self->look_source = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_look (QkSwarmWatch *self, guint msec)
{
  gint64 next = self->last_look + FRAME_USEC - g_get_monotonic_time ();

  if (self->look_source != 0)
    return;
  if (next > 0)
    msec = MAX (msec, (guint) (next / G_TIME_SPAN_MILLISECOND) + 1);
  self->look_source = g_timeout_add (msec, on_look_due, self);
}

static gboolean
on_poll (gpointer user_data)
{
  look (user_data);
  return G_SOURCE_CONTINUE;
}

static void
qk_swarm_watch_dispose (GObject *object)
{
  QkSwarmWatch *self = QK_SWARM_WATCH (object);

  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->look_source, g_source_remove);
  for (guint i = 0; i < N_PARTS; i++)
    drop_watch (self, &self->parts[i]);

  G_OBJECT_CLASS (qk_swarm_watch_parent_class)->dispose (object);
}

static void
qk_swarm_watch_finalize (GObject *object)
{
  QkSwarmWatch *self = QK_SWARM_WATCH (object);

  for (guint i = 0; i < N_PARTS; i++)
    clear_part (self, &self->parts[i]);
  g_free (self->queue);

  G_OBJECT_CLASS (qk_swarm_watch_parent_class)->finalize (object);
}

static void
qk_swarm_watch_class_init (QkSwarmWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = qk_swarm_watch_dispose;
  object_class->finalize = qk_swarm_watch_finalize;

  /**
   * QkSwarmWatch::changed:
   * @self: the watch
   *
   * The swarm has written other figures, or they have appeared, or what is wrong with them has
   * changed. Emitted in the main context that the watch belongs to.
   */
  signals[CHANGED] = g_signal_new ("changed", QK_TYPE_SWARM_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  /**
   * QkSwarmWatch::looked:
   * @self: a watch
   *
   * It knows for the first time what there is. For a file that is torn or empty that takes a while: a
   * writer may be at work.
   */
  signals[LOOKED] = g_signal_new ("looked", QK_TYPE_SWARM_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
qk_swarm_watch_init (QkSwarmWatch *self)
{
  self->parts[METRICS].parse = (QkSwarmParse) qk_swarm_metrics_parse;
  self->parts[METRICS].destroy = (GDestroyNotify) qk_swarm_metrics_unref;
  self->parts[DELIVERIES].parse = (QkSwarmParse) qk_deliveries_parse;
  self->parts[DELIVERIES].destroy = (GDestroyNotify) qk_deliveries_unref;
  for (guint i = 0; i < N_PARTS; i++)
    self->parts[i].known = QK_SNAPSHOT_INIT;
  self->poll_source = g_timeout_add (POLL_MSEC, on_poll, self);
}

/* Beside the queue and in the folders above it. */
static char **
list_metrics_paths (const char *queue)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_autofree char *folder = g_path_get_dirname (queue);

  for (guint i = 0; i < METRICS_LEVELS; i++)
    {
      g_autofree char *here = g_build_filename (folder, METRICS_NAME, NULL);
      g_autofree char *below = g_build_filename (folder, METRICS_FOLDER, METRICS_NAME, NULL);
      g_autofree char *parent = g_path_get_dirname (folder);

      g_strv_builder_add (paths, here);
      g_strv_builder_add (paths, below);
      g_free (folder);
      folder = g_steal_pointer (&parent);
    }
  return g_strv_builder_end (paths);
}

/**
 * qk_swarm_watch_new:
 * @queue: the path of the queue's file, which need not be there
 *
 * Returns: (transfer full): a watch that belongs to the default main context of this thread, and has
 *   read nothing yet
 */
QkSwarmWatch *
qk_swarm_watch_new (const char *queue)
{
  return qk_swarm_watch_new_with_platform (queue, qk_platform_get_native ());
}

/**
 * qk_swarm_watch_new_with_platform:
 * @queue: the path of the queue's file, which need not be there
 * @platform: the calls of the system; must outlive the watch
 *
 * Returns: (transfer full): likewise
 */
QkSwarmWatch *
qk_swarm_watch_new_with_platform (const char *queue, const QkPlatform *platform)
{
  QkSwarmWatch *self;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (queue != NULL && platform != NULL, NULL);

  self = g_object_new (QK_TYPE_SWARM_WATCH, NULL);
  self->platform = platform;
  self->queue = g_canonicalize_filename (queue, NULL);
  folder = g_path_get_dirname (self->queue);
  self->parts[METRICS].paths = list_metrics_paths (self->queue);
  self->parts[DELIVERIES].paths = g_new0 (char *, 2);
  self->parts[DELIVERIES].paths[0] = g_build_filename (folder, DELIVERIES_NAME, NULL);
  look (self);
  return self;
}

/**
 * qk_swarm_watch_set_location:
 * @self: a watch
 * @path: (nullable): where `file_locking_metrics.json` is; %NULL to look for it again
 *
 * Reads the swarm's counters there and nowhere else. What was read before is forgotten.
 */
void
qk_swarm_watch_set_location (QkSwarmWatch *self, const char *path)
{
  Part *part;

  g_return_if_fail (QK_IS_SWARM_WATCH (self));

  part = &self->parts[METRICS];
  clear_part (self, part);
  part->known = QK_SNAPSHOT_INIT;
  part->trouble_since = 0;
  part->expected = path != NULL;
  part->paths = path != NULL ? g_new0 (char *, 2) : list_metrics_paths (self->queue);
  self->n_moves++;
  if (path != NULL)
    {
      part->paths[0] = g_canonicalize_filename (path, NULL);
      follow (self, part, part->paths[0]);
    }
  look (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * qk_swarm_watch_has_looked:
 * @self: a watch
 *
 * Returns: whether it has found out what there is: before, nothing is known
 */
gboolean
qk_swarm_watch_has_looked (QkSwarmWatch *self)
{
  g_return_val_if_fail (QK_IS_SWARM_WATCH (self), FALSE);

  return self->looked;
}

/**
 * qk_swarm_watch_dup_metrics:
 * @self: a watch
 *
 * Returns: (transfer full) (nullable): the swarm's counters as they could be read last
 */
QkSwarmMetrics *
qk_swarm_watch_dup_metrics (QkSwarmWatch *self)
{
  g_return_val_if_fail (QK_IS_SWARM_WATCH (self), NULL);

  return self->parts[METRICS].value != NULL ? qk_swarm_metrics_ref (self->parts[METRICS].value)
                                            : NULL;
}

/**
 * qk_swarm_watch_dup_location:
 * @self: a watch
 *
 * Returns: (transfer full) (nullable): where the swarm's counters are, for people
 */
char *
qk_swarm_watch_dup_location (QkSwarmWatch *self)
{
  const char *path;

  g_return_val_if_fail (QK_IS_SWARM_WATCH (self), NULL);

  path = self->parts[METRICS].path;
  return path != NULL ? g_filename_display_name (path) : NULL;
}

/**
 * qk_swarm_watch_dup_deliveries:
 * @self: a watch
 *
 * Returns: (transfer full) (nullable): the swarm's record of its deliveries as it could be read last
 */
QkDeliveries *
qk_swarm_watch_dup_deliveries (QkSwarmWatch *self)
{
  g_return_val_if_fail (QK_IS_SWARM_WATCH (self), NULL);

  return self->parts[DELIVERIES].value != NULL ? qk_deliveries_ref (self->parts[DELIVERIES].value)
                                               : NULL;
}

/**
 * qk_swarm_watch_dup_problem:
 * @self: a watch
 *
 * Returns: (transfer full) (nullable): what of the swarm's figures cannot be read and why, a line for
 *   each file
 */
char *
qk_swarm_watch_dup_problem (QkSwarmWatch *self)
{
  const char *metrics, *deliveries;

  g_return_val_if_fail (QK_IS_SWARM_WATCH (self), NULL);

  metrics = self->parts[METRICS].problem;
  deliveries = self->parts[DELIVERIES].problem;
  if (metrics != NULL && deliveries != NULL)
    return g_strconcat (metrics, "\n", deliveries, NULL);
  return g_strdup (metrics != NULL ? metrics : deliveries);
}
