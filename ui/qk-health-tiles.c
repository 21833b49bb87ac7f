#include "qk-health-tiles.h"

#include "qk-health-course.h"
#include "qk-health-tile.h"
#include "qk-tile-layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_BARS 24

enum { DENIED, IN_USE, HELD, MERGED, REPAIRED, SUCCESS, AVERAGE, WORST, N_TILES };

struct _QkHealthTiles {
  GtkWidget parent_instance;

  QkHealthTile *tiles[N_TILES]; /* owned by the widget */
};

G_DEFINE_FINAL_TYPE (QkHealthTiles, qk_health_tiles, GTK_TYPE_WIDGET)

static const struct {
  const char *caption;
  const char *meaning;
} texts[N_TILES] = {
    [DENIED] = {N_ ("Access denied · 5"),
                N_ ("Another process stood in the way, and the system refused access: error 5 of "
                    "Windows, EACCES elsewhere.")},
    [IN_USE] = {N_ ("File in use · 32"),
                N_ ("Another process had the file open without sharing it: error 32 or 33 of "
                    "Windows, EBUSY elsewhere.")},
    [HELD] = {N_ ("Lock held"), N_ ("Another writer that cooperates had the lock.")},
    [MERGED] = {N_ ("Conflicts merged"),
                N_ ("Another writer saved in between; its version was merged, nothing was lost.")},
    [REPAIRED] = {N_ ("Overwrites repaired"),
                  N_ ("Another writer saved an old list over a change; that was put right.")},
    [SUCCESS] = {N_ ("Saved after retry"),
                 N_ ("Of the saves that had to be tried again, how many succeeded.")},
    [AVERAGE] = {N_ ("Attempts, average"), N_ ("How many attempts a save took.")},
    [WORST] = {N_ ("Attempts, worst"),
               N_ ("The most attempts that a save took, of those that it would have had.")},
};

static double
get_errors (const QkFigures *figures, QkLockKind kind)
{
  return (double) (figures->errors[QK_OPERATION_READ][kind] +
                   figures->errors[QK_OPERATION_SAVE][kind]);
}

/* NAN where it is not known. */
static double
get_figure (const QkFigures *figures, guint tile)
{
  double value;

  switch (tile)
    {
    case DENIED:
      return get_errors (figures, QK_LOCK_KIND_ACCESS_DENIED);
    case IN_USE:
      return get_errors (figures, QK_LOCK_KIND_IN_USE);
    case HELD:
      return get_errors (figures, QK_LOCK_KIND_LOCK_HELD);
    case MERGED:
      return (double) figures->conflicts;
    case REPAIRED:
      return (double) figures->overwrites;
    case SUCCESS:
      return qk_figures_get_success_rate (figures, &value) ? value : NAN;
    case AVERAGE:
      return qk_figures_get_average_attempts (figures, &value) ? value : NAN;
    default:
      return figures->worst_attempts > 0 ? figures->worst_attempts : NAN;
    }
}

static char *
format_figure (double value, guint tile, const QkRetryPolicy *policy)
{
  if (isnan (value))
    return g_strdup ("—");
  switch (tile)
    {
    case SUCCESS:
      /* A share, in hundredths. 100 only where it is all of them. */
      return g_strdup_printf (_ ("%.0f %%"), floor (value * 100 + 1e-9));
    case AVERAGE:
      return g_strdup_printf ("%.1f", value);
    case WORST:
      /* Attempts that it took, of those that it would have had. */
      return g_strdup_printf (_ ("%.0f of %u"), value, MAX (policy->attempts, (guint) value));
    default:
      return g_strdup_printf ("%.0f", value);
    }
}

static gboolean
is_alarming (double value, guint tile, const QkReport *report, const QkThresholds *thresholds)
{
  if (isnan (value))
    return FALSE;
  return (tile == SUCCESS && value * 100 < thresholds->success_percent) ||
         (tile == WORST && report->total.saves_failed > 0);
}

/* Reads and saves apart, where they are counted apart. */
static void
add_operations (GString *text, const QkFigures *figures, guint tile)
{
  static const QkLockKind kinds[] = {QK_LOCK_KIND_ACCESS_DENIED, QK_LOCK_KIND_IN_USE,
                                     QK_LOCK_KIND_LOCK_HELD};

  if (tile > HELD)
    return;
  g_string_append_c (text, '\n');
  g_string_append_printf (text, _ ("while reading: %llu, while saving: %llu"),
                          (unsigned long long) figures->errors[QK_OPERATION_READ][kinds[tile]],
                          (unsigned long long) figures->errors[QK_OPERATION_SAVE][kinds[tile]]);
}

static char *
explain (QkReport *report, guint tile)
{
  g_autoptr (GString) text = g_string_new (_ (texts[tile].meaning));

  g_string_append_c (text, '\n');
  /* Of which time a figure is. */
  g_string_append_printf (text, _ ("Time: %s."), qk_period_get_label (report->period));
  for (guint source = 0; source < QK_N_SOURCES; source++)
    {
      double value = get_figure (&report->by_source[source], tile);
      g_autofree char *figure = format_figure (value, tile, &report->policy);

      g_string_append_printf (text, "\n%s: %s", qk_source_get_label (source), figure);
    }
  add_operations (text, &report->total, tile);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
qk_health_tiles_dispose (GObject *object)
{
  QkHealthTiles *self = QK_HEALTH_TILES (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (qk_health_tiles_parent_class)->dispose (object);
}

static void
qk_health_tiles_class_init (QkHealthTilesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_health_tiles_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, QK_TYPE_TILE_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
qk_health_tiles_init (QkHealthTiles *self)
{
  for (guint i = 0; i < N_TILES; i++)
    {
      GtkWidget *tile = qk_health_tile_new (_ (texts[i].caption));

      gtk_widget_set_parent (tile, GTK_WIDGET (self));
      self->tiles[i] = QK_HEALTH_TILE (tile);
    }
}

/**
 * qk_health_tiles_set_report:
 * @self: some tiles
 * @report: a report
 * @thresholds: from when on the operator should act
 *
 * Shows its figures.
 */
void
qk_health_tiles_set_report (QkHealthTiles *self, QkReport *report, const QkThresholds *thresholds)
{
  g_autoptr (GArray) course = NULL;
  g_autofree double *values = NULL;

  g_return_if_fail (QK_IS_HEALTH_TILES (self));
  g_return_if_fail (report != NULL && thresholds != NULL);

  course = qk_health_course_new (report, MAX_BARS);
  values = g_new (double, course->len + 1);
  for (guint i = 0; i < N_TILES; i++)
    {
      double value = get_figure (&report->total, i);
      g_autofree char *text = format_figure (value, i, &report->policy);
      g_autofree char *explanation = explain (report, i);

      for (guint slice = 0; slice < course->len; slice++)
        values[slice] = get_figure (&g_array_index (course, QkBucket, slice).figures, i);
      qk_health_tile_set_value (self->tiles[i], text, is_alarming (value, i, report, thresholds),
                                explanation);
      qk_health_tile_set_course (self->tiles[i], values, course->len);
    }
}

/**
 * qk_health_tiles_get_value:
 * @self: some tiles
 * @caption: of one of them
 *
 * Returns: (transfer none) (nullable): what that tile shows; %NULL where there is none
 */
const char *
qk_health_tiles_get_value (QkHealthTiles *self, const char *caption)
{
  g_return_val_if_fail (QK_IS_HEALTH_TILES (self), NULL);

  for (guint i = 0; i < N_TILES; i++)
    if (strcmp (qk_health_tile_get_caption (self->tiles[i]), caption) == 0)
      return qk_health_tile_get_value (self->tiles[i]);
  return NULL;
}
