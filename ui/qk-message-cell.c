#include "qk-message-cell.h"

#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkMessageCell {
  GtkWidget parent_instance;

  QkMessage *message; /* owned, nullable: not bound */
  GtkWidget *dot;     /* owned by the widget, nullable */
  GtkWidget *flag;  /* owned by the widget, nullable: seen where the swarm trips over the message */
  GtkWidget *label; /* owned by the widget */
  QkSearch *search; /* owned, nullable: the words to mark */
  const char *style; /* nullable: the style class that is set */
  QkColumn column;
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

/* Marks the words that were looked for. A background that lets the row's own through is seen on light,
 * dark and selected rows. */
static void
mark_words (QkMessageCell *self)
{
  const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (self->label));
  g_autoptr (GArray) ranges = NULL;
  g_autoptr (PangoAttrList) attributes = NULL;

  if (self->search == NULL || text == NULL)
    {
      gtk_inscription_set_attributes (GTK_INSCRIPTION (self->label), NULL);
      return;
    }
  ranges = qk_search_find_all (self->search, text);
  attributes = pango_attr_list_new ();
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
          pango_attr_list_change (attributes, marks[m]);
        }
    }
  gtk_inscription_set_attributes (GTK_INSCRIPTION (self->label),
                                  ranges->len > 0 ? attributes : NULL);
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

static void
show_flag (QkMessageCell *self, const QkEntry *entry)
{
  g_autofree char *hazards = qk_words_hazards (entry);
  g_autofree char *fix = hazards != NULL ? qk_words_fix (entry) : NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->flag, hazards != NULL);
  if (hazards == NULL)
    return;
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

static gboolean
is_cut (QkMessageCell *self)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (
      self->label, gtk_inscription_get_text (GTK_INSCRIPTION (self->label)));
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width > gtk_widget_get_width (self->label);
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
  if ((text == NULL || *text == '\0') && is_cut (self))
    {
      g_free (text);
      text = g_strdup (gtk_inscription_get_text (GTK_INSCRIPTION (self->label)));
    }
  if (text == NULL || *text == '\0')
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
qk_message_cell_dispose (GObject *object)
{
  QkMessageCell *self = QK_MESSAGE_CELL (object);

  qk_message_cell_set_message (self, NULL);
  g_clear_pointer (&self->search, qk_search_unref);
  g_clear_pointer (&self->dot, gtk_widget_unparent);
  g_clear_pointer (&self->flag, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (qk_message_cell_parent_class)->dispose (object);
}

static void
qk_message_cell_class_init (QkMessageCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_message_cell_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
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
  gboolean is_number = qk_message_cell_is_number (column);

  self->column = column;
  if (column == QK_COLUMN_STATUS)
    {
      self->dot = g_object_new (GTK_TYPE_BOX, "valign", GTK_ALIGN_CENTER, "accessible-role",
                                GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
      gtk_widget_add_css_class (self->dot, "dot");
      gtk_widget_set_parent (self->dot, GTK_WIDGET (self));
    }
  if (column == QK_COLUMN_EXCERPT)
    {
      self->flag = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-warning-symbolic", "visible",
                                 FALSE, NULL);
      gtk_widget_add_css_class (self->flag, "warning");
      gtk_widget_set_parent (self->flag, GTK_WIDGET (self));
    }
  /* Measured without its text being laid out, unlike a label: most rows are not seen. */
  self->label =
      g_object_new (GTK_TYPE_INSCRIPTION, "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END,
                    "min-chars", 0, "hexpand", TRUE, "xalign", is_number ? 1.0F : 0.0F, NULL);
  if (is_number)
    gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
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
  if (g_strcmp0 (text, gtk_inscription_get_text (GTK_INSCRIPTION (self->label))) != 0)
    {
      gtk_inscription_set_text (GTK_INSCRIPTION (self->label), text);
      if (self->search != NULL)
        mark_words (self);
      self->named = FALSE;
    }
  if (self->flag != NULL)
    show_flag (self, entry);
  if (self->column != QK_COLUMN_STATUS)
    return;
  set_style (self, qk_words_status_class (entry, now));
  if (!self->named)
    name_row (self, entry, text);
  self->named = TRUE;
}

/**
 * qk_message_cell_get_text:
 * @self: a cell
 *
 * Returns: (transfer none): the text that it shows
 */
const char *
qk_message_cell_get_text (QkMessageCell *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_CELL (self), NULL);

  return gtk_inscription_get_text (GTK_INSCRIPTION (self->label));
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
