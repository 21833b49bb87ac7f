#include "qk-chart-private.h"

#include "qk-axis.h"

#include <math.h>
#include <string.h>

#define MIN_WIDTH  200
#define MIN_HEIGHT 96
/* More slices than any chart has. */
#define FAR (1 << 24)

G_DEFINE_FINAL_TYPE (QkChart, qk_chart, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_TITLE, PROP_SECONDS, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void
clear_series (gpointer data)
{
  QkChartOwnSeries *series = data;

  g_free (series->label);
  g_free (series->values);
}

static void
update_description (QkChart *self)
{
  const char *text = self->reading != NULL ? self->reading : self->summary;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

static void
update_reading (QkChart *self)
{
  g_autofree char *old = g_steal_pointer (&self->reading);

  if (self->position >= 0)
    self->reading = qk_chart_dup_reading (self);
  if (g_strcmp0 (old, self->reading) != 0)
    update_description (self);
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, QkChart *self)
{
  g_assert (QK_IS_CHART (self));

  qk_chart_set_position (self, qk_chart_find_position (self, x));
}

static void
leave_cb (GtkEventController *controller, QkChart *self)
{
  g_assert (QK_IS_CHART (self));

  qk_chart_set_position (self, -1);
}

static gboolean
move (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  QkChart *self = QK_CHART (widget);
  int n = (int) self->time.n, by;

  if (n == 0)
    return FALSE;
  g_variant_get (arguments, "(i)", &by);
  /* The first move begins at the present. */
  if (self->position < 0)
    by = by == -FAR ? by : n;
  qk_chart_set_position (self, CLAMP (self->position + by, 0, n - 1));
  return TRUE;
}

static gboolean
dismiss (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  return qk_chart_set_position (QK_CHART (widget), -1);
}

static void
qk_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  qk_chart_draw (QK_CHART (widget), snapshot);
}

static void
qk_chart_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
}

static void
qk_chart_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  QK_CHART (widget)->has_colors = FALSE;

  GTK_WIDGET_CLASS (qk_chart_parent_class)->css_changed (widget, change);
  gtk_widget_queue_draw (widget);
}

static void
qk_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkChart *self = QK_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_SECONDS:
      g_value_set_boolean (value, self->seconds);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_chart_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkChart *self = QK_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      g_free (self->title);
      self->title = g_value_dup_string (value);
      if (self->title != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        self->title, -1);
      break;
    case PROP_SECONDS:
      self->seconds = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_chart_finalize (GObject *object)
{
  QkChart *self = QK_CHART (object);

  g_array_unref (self->series);
  g_time_zone_unref (self->zone);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->summary);
  g_free (self->reading);

  G_OBJECT_CLASS (qk_chart_parent_class)->finalize (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const struct {
    guint key;
    int by;
  } keys[] = {
      {GDK_KEY_Left, -1},   {GDK_KEY_Right, 1}, {GDK_KEY_KP_Left, -1},   {GDK_KEY_KP_Right, 1},
      {GDK_KEY_Home, -FAR}, {GDK_KEY_End, FAR}, {GDK_KEY_KP_Home, -FAR}, {GDK_KEY_KP_End, FAR},
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].key, 0, move, "(i)", keys[i].by);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, dismiss, NULL);
}

static void
qk_chart_class_init (QkChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = qk_chart_get_property;
  object_class->set_property = qk_chart_set_property;
  object_class->finalize = qk_chart_finalize;
  widget_class->snapshot = qk_chart_snapshot;
  widget_class->measure = qk_chart_measure;
  widget_class->css_changed = qk_chart_css_changed;

  /**
   * QkChart:title:
   *
   * What it shows.
   */
  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /**
   * QkChart:seconds:
   *
   * Whether the values are lengths of time, in seconds, and not counts.
   */
  properties[PROP_SECONDS] = g_param_spec_boolean ("seconds", NULL, NULL, FALSE,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  add_keys (widget_class);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
qk_chart_init (QkChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->series = g_array_new (FALSE, TRUE, sizeof (QkChartOwnSeries));
  g_array_set_clear_func (self->series, clear_series);
  self->zone = g_time_zone_new_local ();
  self->position = -1;
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

static gboolean
is_equal (const double *a, const double *b, guint n)
{
  /* Bit by bit: an unknown value is equal to an unknown one. */
  return n == 0 || memcmp (a, b, n * sizeof *a) == 0;
}

static gboolean
shows (QkChart *self, const QkChartTime *time, const QkChartSeries *series, guint n_series)
{
  if (self->time.from != time->from || self->time.width != time->width || self->time.n != time->n ||
      self->series->len != n_series)
    return FALSE;
  for (guint i = 0; i < n_series; i++)
    {
      QkChartOwnSeries *own = &g_array_index (self->series, QkChartOwnSeries, i);

      if (own->form != series[i].form || strcmp (own->color, series[i].color) != 0 ||
          strcmp (own->label, series[i].label) != 0 ||
          !is_equal (own->values, series[i].values, time->n))
        return FALSE;
    }
  return TRUE;
}

/* The highest bar, or the highest line. */
static double
find_max (const QkChartTime *time, const QkChartSeries *series, guint n_series)
{
  double max = 0;

  for (guint slice = 0; slice < time->n; slice++)
    {
      double stack = 0;

      for (guint i = 0; i < n_series; i++)
        {
          double value = series[i].values[slice];

          if (isnan (value))
            continue;
          if (series[i].form == QK_CHART_BAR)
            stack += value;
          else
            max = MAX (max, value);
        }
      max = MAX (max, stack);
    }
  return max;
}

/* The slice that is read stays the same one while time goes on. */
static void
keep_position (QkChart *self, const QkChartTime *time)
{
  gint64 start = self->time.from + self->position * self->time.width;

  if (self->position < 0)
    return;
  self->position = -1;
  if (self->time.width == time->width && start >= time->from &&
      (start - time->from) / time->width < time->n)
    self->position = (int) ((start - time->from) / time->width);
}

/**
 * qk_chart_set_data:
 * @self: a chart
 * @time: the slices
 * @series: (array length=n_series): what to draw, bars from the lowest to the highest
 * @n_series: how many there are
 *
 * Shows other values. Copies them.
 *
 * Returns: whether anything was different from before
 */
gboolean
qk_chart_set_data (QkChart *self,
                   const QkChartTime *time,
                   const QkChartSeries *series,
                   guint n_series)
{
  g_return_val_if_fail (QK_IS_CHART (self), FALSE);
  g_return_val_if_fail (time != NULL && time->width > 0, FALSE);

  if (shows (self, time, series, n_series))
    return FALSE;
  keep_position (self, time);
  self->time = *time;
  g_array_set_size (self->series, 0);
  for (guint i = 0; i < n_series; i++)
    {
      QkChartOwnSeries own = {g_strdup (series[i].label), series[i].color, series[i].form,
                              g_memdup2 (series[i].values, time->n * sizeof (double))};

      g_array_append_val (self->series, own);
    }
  self->limit = qk_axis_limit (find_max (time, series, n_series), QK_CHART_STEPS, self->limit);
  if (!self->seconds)
    self->limit = MAX (self->limit, QK_CHART_STEPS);
  self->has_colors = FALSE;
  update_reading (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

/**
 * qk_chart_set_subtitle:
 * @self: a chart
 * @subtitle: what stands beside the title, such as the width of a slice
 *
 * Sets it.
 */
void
qk_chart_set_subtitle (QkChart *self, const char *subtitle)
{
  g_return_if_fail (QK_IS_CHART (self));

  if (g_strcmp0 (self->subtitle, subtitle) == 0)
    return;
  g_free (self->subtitle);
  self->subtitle = g_strdup (subtitle);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * qk_chart_set_summary:
 * @self: a chart
 * @summary: what it shows as a whole, in words
 *
 * Says it to a screen reader, while no slice is read.
 */
void
qk_chart_set_summary (QkChart *self, const char *summary)
{
  g_return_if_fail (QK_IS_CHART (self));

  if (g_strcmp0 (self->summary, summary) == 0)
    return;
  g_free (self->summary);
  self->summary = g_strdup (summary);
  update_description (self);
}

/**
 * qk_chart_forget_scale:
 * @self: a chart
 *
 * The next values have nothing to do with those before: their scale may be smaller at once.
 */
void
qk_chart_forget_scale (QkChart *self)
{
  g_return_if_fail (QK_IS_CHART (self));

  self->limit = 0;
}

/**
 * qk_chart_get_limit:
 * @self: a chart
 *
 * Returns: where the scale ends
 */
double
qk_chart_get_limit (QkChart *self)
{
  g_return_val_if_fail (QK_IS_CHART (self), 0);

  return self->limit;
}

/**
 * qk_chart_set_position:
 * @self: a chart
 * @position: a slice, or -1 for none
 *
 * Reads that slice: shows its values and says them.
 *
 * Returns: whether another one was read before
 */
gboolean
qk_chart_set_position (QkChart *self, int position)
{
  g_return_val_if_fail (QK_IS_CHART (self), FALSE);

  if (position >= (int) self->time.n)
    position = -1;
  if (self->position == position)
    return FALSE;
  self->position = position;
  update_reading (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

/**
 * qk_chart_get_reading:
 * @self: a chart
 *
 * Returns: (transfer none) (nullable): what is said of the slice that is read
 */
const char *
qk_chart_get_reading (QkChart *self)
{
  g_return_val_if_fail (QK_IS_CHART (self), NULL);

  return self->reading;
}
