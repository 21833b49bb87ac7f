#include "qk-tile-layout.h"

#define SPACING 8

struct _QkTileLayout {
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (QkTileLayout, qk_tile_layout, GTK_TYPE_LAYOUT_MANAGER)

/* What the largest child needs. */
static int
measure_child (GtkWidget *widget, GtkOrientation orientation, int for_size)
{
  int largest = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int minimum;

      gtk_widget_measure (child, orientation, for_size, &minimum, NULL, NULL, NULL);
      largest = MAX (largest, minimum);
    }
  return largest;
}

static int
count_children (GtkWidget *widget)
{
  int n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n++;
  return n;
}

/* How many stand in a row of that width. */
static int
find_columns (GtkWidget *widget, int width)
{
  int tile = measure_child (widget, GTK_ORIENTATION_HORIZONTAL, -1);
  int columns = MAX (count_children (widget), 1);

  while (width >= 0 && columns > 1 && columns * (tile + SPACING) - SPACING > width)
    columns = (columns + 1) / 2;
  return columns;
}

static void
qk_tile_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  int tile, columns, rows;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      tile = measure_child (widget, orientation, -1);
      *minimum = tile;
      *natural = MAX (count_children (widget) * (tile + SPACING) - SPACING, 0);
      return;
    }
  columns = find_columns (widget, for_size);
  rows = (count_children (widget) + columns - 1) / columns;
  tile = measure_child (widget, orientation, -1);
  *minimum = *natural = MAX (rows * (tile + SPACING) - SPACING, 0);
}

static void
qk_tile_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         int width,
                         int height,
                         int baseline)
{
  int columns = find_columns (widget, width), n_children = count_children (widget), i = 0;
  int tile = measure_child (widget, GTK_ORIENTATION_VERTICAL, -1);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child), i++)
    {
      int in_row = MIN (columns, n_children - i / columns * columns);
      int column = mirrored ? in_row - 1 - i % columns : i % columns;
      int x = column * (width + SPACING) / in_row;
      int end = (column + 1) * (width + SPACING) / in_row - SPACING;

      gtk_widget_size_allocate (
          child, &(GtkAllocation){x, i / columns * (tile + SPACING), end - x, tile}, -1);
    }
}

static GtkSizeRequestMode
qk_tile_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
qk_tile_layout_class_init (QkTileLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->measure = qk_tile_layout_measure;
  layout_class->allocate = qk_tile_layout_allocate;
  layout_class->get_request_mode = qk_tile_layout_get_request_mode;
}

static void
qk_tile_layout_init (QkTileLayout *self)
{
}
