#include "qkctl-table.h"

#include "qk-text.h"

#define GAP      2
#define SHORT_ID 8

typedef struct {
  char *text; /* owned */
  QkctlColour colour;
} Cell;

struct _QkctlTable {
  QkctlColumn *columns; /* owned */
  guint n_columns;
  GArray *cells; /* owned, (element-type Cell), row by row; the first row is the head */
};

static void
cell_clear (gpointer data)
{
  g_free (((Cell *) data)->text);
}

static guint
char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

static guint
text_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += char_width (g_utf8_get_char (text));
  return width;
}

/* The head of @text that fits into @width columns, with an ellipsis where something is cut off. */
char *
qkctl_text_fit (const char *text, guint width)
{
  const char *end = text;
  guint used = 0;

  if (text_width (text) <= width)
    return g_strdup (text);
  while (used + char_width (g_utf8_get_char (end)) + 1 <= width)
    {
      used += char_width (g_utf8_get_char (end));
      end = g_utf8_next_char (end);
    }
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

/* @text, and blanks up to @width columns. */
char *
qkctl_text_pad (const char *text, guint width)
{
  guint own = text_width (text);

  return g_strdup_printf ("%s%*s", text, own < width ? (int) (width - own) : 0, "");
}

/* The first characters of an id, enough for people; "—" where there is none. */
char *
qkctl_text_short_id (const char *id)
{
  g_autofree char *safe = NULL;

  if (id == NULL || *id == '\0')
    return g_strdup ("—");
  safe = qk_text_reveal_line (id);
  if (g_utf8_strlen (safe, -1) <= SHORT_ID)
    return g_steal_pointer (&safe);
  return g_utf8_substring (safe, 0, SHORT_ID);
}

/* A field on one line, safe to be shown; "—" where it is missing. */
char *
qkctl_text_field (const QkEntry *entry, QkField field)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);

  return text != NULL && *text != '\0' ? qk_text_reveal_line (text) : g_strdup ("—");
}

QkctlColour
qkctl_status_get_colour (QkStatus status)
{
  static const QkctlColour colours[QK_N_STATUSES] = {
      [QK_STATUS_PENDING] = QKCTL_COLOUR_BOLD, [QK_STATUS_PROCESSING] = QKCTL_COLOUR_BLUE,
      [QK_STATUS_FAILED] = QKCTL_COLOUR_RED,   [QK_STATUS_DELIVERED] = QKCTL_COLOUR_GREEN,
      [QK_STATUS_EXPIRED] = QKCTL_COLOUR_DIM,  [QK_STATUS_UNKNOWN] = QKCTL_COLOUR_YELLOW,
  };

  return colours[status];
}

/* Copies @columns, but not their titles. */
QkctlTable *
qkctl_table_new (const QkctlColumn *columns, guint n_columns)
{
  QkctlTable *self = g_new0 (QkctlTable, 1);

  self->columns = g_memdup2 (columns, n_columns * sizeof *columns);
  self->n_columns = n_columns;
  self->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (self->cells, cell_clear);
  for (guint i = 0; i < n_columns; i++)
    qkctl_table_take (self, QKCTL_COLOUR_DIM, g_strdup (columns[i].title));
  return self;
}

void
qkctl_table_free (QkctlTable *self)
{
  g_array_unref (self->cells);
  g_free (self->columns);
  g_free (self);
}

/* Adds the next cell, from left to right and from top to bottom. */
void
qkctl_table_take (QkctlTable *self, QkctlColour colour, char *text)
{
  Cell cell = {text, colour};

  g_array_append_val (self->cells, cell);
}

static void
print_cell (const QkctlColumn *column, const Cell *cell, guint width, gboolean last)
{
  guint own = text_width (cell->text);
  guint padding = own < width ? width - own : 0;

  if (column->numeric)
    qkctl_outf ("%*s", (int) padding, "");
  qkctl_out_coloured (cell->colour, cell->text);
  if (!last)
    qkctl_outf ("%*s", (int) ((column->numeric ? 0 : padding) + GAP), "");
}

/* Cuts the last column so that no line is longer than @width, unless that is 0. */
static void
fit_last (QkctlTable *self, const guint *widths, guint width)
{
  guint before = 0, room;

  for (guint i = 0; i + 1 < self->n_columns; i++)
    before += widths[i] + GAP;
  room = width > before + SHORT_ID ? width - before : SHORT_ID;
  for (guint i = self->n_columns - 1; i < self->cells->len; i += self->n_columns)
    {
      Cell *cell = &g_array_index (self->cells, Cell, i);
      char *fitted = qkctl_text_fit (cell->text, room);

      g_free (cell->text);
      cell->text = fitted;
    }
}

void
qkctl_table_print (QkctlTable *self, guint width)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);

  g_assert (self->cells->len % self->n_columns == 0);

  for (guint i = 0; i < self->cells->len; i++)
    {
      guint *column = &widths[i % self->n_columns];

      *column = MAX (*column, text_width (g_array_index (self->cells, Cell, i).text));
    }
  if (width > 0)
    fit_last (self, widths, width);
  for (guint i = 0; i < self->cells->len; i++)
    {
      guint column = i % self->n_columns;
      gboolean last = column + 1 == self->n_columns;

      print_cell (&self->columns[column], &g_array_index (self->cells, Cell, i), widths[column],
                  last);
      if (last)
        qkctl_out ("\n");
    }
}
