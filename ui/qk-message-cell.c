#include "qk-message-cell.h"

#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkMessageCell {
  GtkWidget parent_instance;

  QkMessage *message;   /* owned, nullable: not bound */
  GtkWidget *dot;       /* owned by the widget, nullable */
  GtkWidget *flag;      /* owned by the widget, nullable: not needed yet */
  char *text;           /* owned, nullable: what it says */
  PangoAttrList *marks; /* owned, nullable: of the words in @text that were looked for */
  PangoLayout *layout;  /* owned, nullable: of @text; not drawn yet */
  QkSearch *search;     /* owned, nullable: the words to mark */
  const char *style;    /* nullable: the style class that is set */
  QkColumn column;
  int text_x;     /* where the room for the text begins */
  int text_width; /* how much there is */
  gboolean named; /* the row is called what the message says */
};

G_DEFINE_FINAL_TYPE (QkMessageCell, qk_message_cell, GTK_TYPE_WIDGET)

static char *
read_time (gint64 time, gint64 now)
{
  return time != QK_WALL_NONE ? qk_wall_format_short (time, now) : g_strdup ("");
}

static char *
read_tags (const QkEntry *entry)
{
  g_autofree char *tags = qk_words_members (entry, QK_FIELD_TAGS);

  return tags != NULL ? qk_text_reveal_line (tags) : g_strdup ("");
}

static char *
read_text (QkMessageCell *self, const QkEntry *entry, gint64 now)
{
  switch (self->column)
    {
    case QK_COLUMN_STATUS:
      return qk_words_status (entry, now);
    case QK_COLUMN_PRIORITY:
      return g_strdup_printf ("%.1f", qk_entry_get_priority (entry));
    case QK_COLUMN_RECIPIENT:
      return qk_words_field (entry, QK_FIELD_RECIPIENT);
    case QK_COLUMN_SENDER:
      return qk_words_field (entry, QK_FIELD_SENDER);
    case QK_COLUMN_TYPE:
      return qk_words_type (entry);
    case QK_COLUMN_EXCERPT:
      return qk_entry_dup_excerpt (entry);
    case QK_COLUMN_AGE:
      return qk_words_age (entry, now);
    case QK_COLUMN_TAGS:
      return read_tags (entry);
    case QK_COLUMN_CREATED:
      return read_time (qk_entry_get_created (entry), now);
    case QK_COLUMN_UPDATED:
      return read_time (qk_entry_get_updated (entry), now);
    case QK_COLUMN_ID:
      return qk_words_field (entry, QK_FIELD_ID);
    case QK_COLUMN_ERROR:
      return qk_words_field (entry, QK_FIELD_LAST_ERROR);
    case QK_COLUMN_TRIES:
    default:
      return qk_words_tries (entry, now);
    }
}

static void
set_style (QkMessageCell *self, const char *style)
{
  if (g_strcmp0 (self->style, style) == 0)
    return;
  if (self->style != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->style);
  self->style = style;
  if (style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), style);
}

/* A message that failed says why, rather than what was to be delivered: its error is what the
 * operator looks for. */
static char *
read_tooltip (QkMessageCell *self, const QkEntry *entry)
{
  if (self->column == QK_COLUMN_STATUS && qk_entry_get_status (entry) == QK_STATUS_FAILED)
    return qk_words_field (entry, QK_FIELD_LAST_ERROR);
  if (self->column == QK_COLUMN_AGE && qk_entry_get_created (entry) != QK_WALL_NONE)
    return qk_wall_format_short (qk_entry_get_created (entry), qk_wall_now ());
  return NULL;
}

/* Something of what is drawn has changed. */
static void
redraw (QkMessageCell *self)
{
  g_clear_object (&self->layout);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Marks the words that were looked for. A background that lets the row's own through is seen on light,
 * dark and selected rows. */
static void
mark_words (QkMessageCell *self)
{
  g_autoptr (GArray) ranges = NULL;

  if (self->marks != NULL)
    redraw (self);
  g_clear_pointer (&self->marks, pango_attr_list_unref);
  if (self->search == NULL || self->text == NULL)
    return;
  ranges = qk_search_find_all (self->search, self->text);
  if (ranges->len == 0)
    return;
  self->marks = pango_attr_list_new ();
  for (guint i = 0; i < ranges->len; i++)
    {
      QkSearchRange range = g_array_index (ranges, QkSearchRange, i);
      PangoAttribute *marks[] = {pango_attr_background_new (0xf5f5, 0xc2c2, 0x1111),
                                 pango_attr_background_alpha_new (0x7fff),
                                 pango_attr_weight_new (PANGO_WEIGHT_BOLD)};

      for (gsize m = 0; m < G_N_ELEMENTS (marks); m++)
        {
          marks[m]->start_index = range.start;
          marks[m]->end_index = range.end;
          pango_attr_list_change (self->marks, marks[m]);
        }
    }
  redraw (self);
}

/* A row is read out as one sentence; GTK 4.8 would call it by the name of its widget. The cell of
 * the status does it for its row. */
static void
name_row (QkMessageCell *self, const QkEntry *entry, const char *status)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *sender = qk_words_field (entry, QK_FIELD_SENDER);
  g_autofree char *recipient = qk_words_field (entry, QK_FIELD_RECIPIENT);
  g_autofree char *excerpt = qk_entry_dup_excerpt (entry);
  g_autofree char *name = NULL;

  if (row == NULL ||
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (row)) != GTK_ACCESSIBLE_ROLE_ROW)
    return;
  name = qk_entry_get_hazards (entry) != 0
             ? g_strdup_printf (_ ("Trips the swarm, %s, %s to %s: %s"), status, sender, recipient,
                                excerpt)
             : g_strdup_printf (_ ("%s, %s to %s: %s"), status, sender, recipient, excerpt);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Few messages have one. */
static void
show_flag (QkMessageCell *self, const QkEntry *entry)
{
  g_autofree char *hazards = qk_words_hazards (entry);
  g_autofree char *fix = hazards != NULL ? qk_words_fix (entry) : NULL;
  g_autofree char *text = NULL;

  if (self->flag != NULL)
    gtk_widget_set_visible (self->flag, hazards != NULL);
  if (hazards == NULL)
    return;
  if (self->flag == NULL)
    {
      self->flag = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
      gtk_widget_add_css_class (self->flag, "warning");
      gtk_widget_set_parent (self->flag, GTK_WIDGET (self));
    }
  text = g_strconcat (hazards, fix != NULL ? _ ("\nF7 fixes it.") : "", NULL);
  gtk_widget_set_tooltip_text (self->flag, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->flag), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
message_changed_cb (QkMessage *message, QkMessageCell *self)
{
  g_assert (QK_IS_MESSAGE_CELL (self));

  self->named = FALSE;
  qk_message_cell_update (self, qk_wall_now ());
}

/* What was measured last of the fonts of cells, the plain one and the bold one. */
typedef struct {
  PangoFontDescription *font; /* owned, nullable */
  double resolution;
  int height;
} LineHeight;

static int
get_line_height (GtkWidget *widget)
{
  static LineHeight known[2];
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double resolution = pango_cairo_context_get_resolution (context);
  PangoFontMetrics *metrics;

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].font != NULL && known[i].resolution == resolution &&
        pango_font_description_equal (known[i].font, font))
      return known[i].height;
  metrics = pango_context_get_metrics (context, font, pango_context_get_language (context));
  g_clear_pointer (&known[1].font, pango_font_description_free);
  known[1] = known[0];
  known[0].font = pango_font_description_copy (font);
  known[0].resolution = resolution;
  known[0].height = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));
  pango_font_metrics_unref (metrics);
  return known[0].height;
}

static PangoLayout *
get_layout (QkMessageCell *self)
{
  g_autoptr (PangoAttrList) attributes = NULL;

  if (self->layout != NULL)
    return self->layout;
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  attributes = self->marks != NULL ? pango_attr_list_copy (self->marks) : pango_attr_list_new ();
  if (qk_message_cell_is_number (self->column))
    pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  pango_layout_set_attributes (self->layout, attributes);
  pango_layout_set_width (self->layout, self->text_width * PANGO_SCALE);
  return self->layout;
}

static gboolean
query_tooltip_cb (QkMessageCell *self,
                  int x,
                  int y,
                  gboolean keyboard,
                  GtkTooltip *tooltip,
                  gpointer user_data)
{
  g_autofree char *text = NULL;

  if (self->message == NULL)
    return FALSE;
  text = read_tooltip (self, qk_message_get_entry (self->message));
  if ((text == NULL || *text == '\0') && pango_layout_is_ellipsized (get_layout (self)))
    {
      g_free (text);
      text = g_strdup (self->text);
    }
  if (text == NULL || *text == '\0')
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static int
get_width (GtkWidget *child)
{
  int width = 0;

  if (child != NULL && gtk_widget_should_layout (child))
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  return width;
}

static int
get_height (GtkWidget *child)
{
  int height = 0;

  if (child != NULL && gtk_widget_should_layout (child))
    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  return height;
}

/* A line of text, whatever it says: thousands of cells are measured of which few are seen. */
static void
qk_message_cell_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  QkMessageCell *self = QK_MESSAGE_CELL (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = get_width (self->dot) + get_width (self->flag);
  else
    *minimum = *natural =
        MAX (get_line_height (widget), MAX (get_height (self->dot), get_height (self->flag)));
}

static GtkSizeRequestMode
qk_message_cell_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

/* Puts @child at the beginning of the line, behind @used pixels of it. Returns how many are used then. */
static int
put (QkMessageCell *self, GtkWidget *child, int used, int width, int height)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int child_width = get_width (child);

  if (child == NULL || !gtk_widget_should_layout (child))
    return used;
  gtk_widget_size_allocate (
      child, &(GtkAllocation){rtl ? width - used - child_width : used, 0, child_width, height}, -1);
  return used + child_width;
}

static void
qk_message_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  QkMessageCell *self = QK_MESSAGE_CELL (widget);
  int used = put (self, self->dot, 0, width, height);

  used = put (self, self->flag, used, width, height);
  self->text_x = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? 0 : used;
  if (self->text_width == MAX (width - used, 0))
    return;
  self->text_width = MAX (width - used, 0);
  if (self->layout != NULL)
    pango_layout_set_width (self->layout, self->text_width * PANGO_SCALE);
}

static void
qk_message_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  QkMessageCell *self = QK_MESSAGE_CELL (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  PangoRectangle extents;
  int x = self->text_x;

  GTK_WIDGET_CLASS (qk_message_cell_parent_class)->snapshot (widget, snapshot);
  if (self->text == NULL || *self->text == '\0' || self->text_width == 0)
    return;
  pango_layout_get_pixel_extents (get_layout (self), NULL, &extents);
  if (qk_message_cell_is_number (self->column) != rtl)
    x += self->text_width - extents.width;
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget), x - extents.x,
                              (gtk_widget_get_height (widget) - extents.height) / 2 - extents.y,
                              self->layout);
}

static void
qk_message_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (qk_message_cell_parent_class)->css_changed (widget, change);
  g_clear_object (&QK_MESSAGE_CELL (widget)->layout);
}

static void
qk_message_cell_direction_changed (GtkWidget *widget, GtkTextDirection previous)
{
  GTK_WIDGET_CLASS (qk_message_cell_parent_class)->direction_changed (widget, previous);
  redraw (QK_MESSAGE_CELL (widget));
}

static void
qk_message_cell_dispose (GObject *object)
{
  QkMessageCell *self = QK_MESSAGE_CELL (object);

  qk_message_cell_set_message (self, NULL);
  g_clear_pointer (&self->search, qk_search_unref);
  g_clear_pointer (&self->dot, gtk_widget_unparent);
  g_clear_pointer (&self->flag, gtk_widget_unparent);

  G_OBJECT_CLASS (qk_message_cell_parent_class)->dispose (object);
}

static void
qk_message_cell_finalize (GObject *object)
{
  QkMessageCell *self = QK_MESSAGE_CELL (object);

  g_clear_object (&self->layout);
  g_clear_pointer (&self->marks, pango_attr_list_unref);
  g_free (self->text);

  G_OBJECT_CLASS (qk_message_cell_parent_class)->finalize (object);
}

static void
qk_message_cell_class_init (QkMessageCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_message_cell_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_message_cell_finalize;
  widget_class->measure = qk_message_cell_measure;
  widget_class->get_request_mode = qk_message_cell_get_request_mode;
  widget_class->size_allocate = qk_message_cell_size_allocate;
  widget_class->snapshot = qk_message_cell_snapshot;
  widget_class->css_changed = qk_message_cell_css_changed;
  widget_class->direction_changed = qk_message_cell_direction_changed;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
  gtk_widget_class_set_css_name (widget_class, "messagecell");
}

static void
qk_message_cell_init (QkMessageCell *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
}

/**
 * qk_message_cell_new:
 * @column: what to show of a message
 *
 * Returns: (transfer floating): a cell without a message
 */
GtkWidget *
qk_message_cell_new (QkColumn column)
{
  QkMessageCell *self = g_object_new (QK_TYPE_MESSAGE_CELL, NULL);

  self->column = column;
  if (column == QK_COLUMN_STATUS)
    {
      self->dot = g_object_new (GTK_TYPE_BOX, "valign", GTK_ALIGN_CENTER, "accessible-role",
                                GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
      gtk_widget_add_css_class (self->dot, "dot");
      gtk_widget_set_parent (self->dot, GTK_WIDGET (self));
    }
  return GTK_WIDGET (self);
}

/**
 * qk_message_cell_set_message:
 * @self: a cell
 * @message: (nullable): what to show
 *
 * Shows @message and follows it.
 */
void
qk_message_cell_set_message (QkMessageCell *self, QkMessage *message)
{
  g_return_if_fail (QK_IS_MESSAGE_CELL (self));

  if (self->message == message)
    return;
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_set_object (&self->message, message);
  self->named = FALSE;
  if (message == NULL)
    return;
  g_signal_connect (message, "changed", G_CALLBACK (message_changed_cb), self);
  qk_message_cell_update (self, qk_wall_now ());
}

/**
 * qk_message_cell_get_message:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): what it shows
 */
QkMessage *
qk_message_cell_get_message (QkMessageCell *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_CELL (self), NULL);

  return self->message;
}

/**
 * qk_message_cell_set_search:
 * @self: a cell that qk_message_cell_shows_search()
 * @search: (nullable): the words that were looked for
 *
 * Marks these words in what the cell shows.
 *
 * Returns: whether it showed others before
 */
gboolean
qk_message_cell_set_search (QkMessageCell *self, QkSearch *search)
{
  g_return_val_if_fail (QK_IS_MESSAGE_CELL (self), FALSE);

  if (self->search == search)
    return FALSE;
  g_clear_pointer (&self->search, qk_search_unref);
  if (search != NULL)
    self->search = qk_search_ref (search);
  mark_words (self);
  return TRUE;
}

/**
 * qk_message_cell_update:
 * @self: a cell with a message
 * @now: the present, in wall microseconds
 *
 * Reads the message again.
 */
void
qk_message_cell_update (QkMessageCell *self, gint64 now)
{
  const QkEntry *entry;
  g_autofree char *text = NULL;

  g_return_if_fail (QK_IS_MESSAGE_CELL (self) && self->message != NULL);

  entry = qk_message_get_entry (self->message);
  text = read_text (self, entry, now);
  if (g_strcmp0 (text, self->text) != 0)
    {
      g_free (self->text);
      self->text = g_steal_pointer (&text);
      redraw (self);
      mark_words (self);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      self->text, -1);
      self->named = FALSE;
    }
  if (self->column == QK_COLUMN_EXCERPT)
    show_flag (self, entry);
  if (self->column != QK_COLUMN_STATUS)
    return;
  set_style (self, qk_words_status_class (entry, now));
  if (!self->named)
    name_row (self, entry, self->text);
  self->named = TRUE;
}

/**
 * qk_message_cell_get_text:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): the text that it shows
 */
const char *
qk_message_cell_get_text (QkMessageCell *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_CELL (self), NULL);

  return self->text;
}

/**
 * qk_message_cell_get_marks:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): how the words that were looked for are marked in its text
 */
PangoAttrList *
qk_message_cell_get_marks (QkMessageCell *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_CELL (self), NULL);

  return self->marks;
}

/**
 * qk_message_cell_is_number:
 * @column: a column
 *
 * Returns: whether it holds numbers, which stand at its end
 */
gboolean
qk_message_cell_is_number (QkColumn column)
{
  return column == QK_COLUMN_PRIORITY || column == QK_COLUMN_AGE || column == QK_COLUMN_TRIES;
}

/**
 * qk_message_cell_shows_search:
 * @self: a cell
 *
 * Returns: whether it shows what can be looked for
 */
gboolean
qk_message_cell_shows_search (QkMessageCell *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_CELL (self), FALSE);

  return self->column == QK_COLUMN_EXCERPT || self->column == QK_COLUMN_RECIPIENT ||
         self->column == QK_COLUMN_SENDER;
}

/**
 * qk_message_cell_follows_time:
 * @self: a cell
 *
 * Returns: whether what it shows depends on the time
 */
gboolean
qk_message_cell_follows_time (QkMessageCell *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_CELL (self), FALSE);

  return self->column == QK_COLUMN_STATUS || self->column == QK_COLUMN_AGE ||
         self->column == QK_COLUMN_TRIES;
}
