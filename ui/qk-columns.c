#include "qk-columns.h"

#include <glib/gi18n-lib.h>

#define WIDTH_MIN 24
#define WIDTH_MAX 4000

static const struct {
  const char *name;
  const char *title;
  QkSortKey key;
  gboolean visible;
  int width;
} columns[QK_N_COLUMNS] = {
    [QK_COLUMN_STATUS] = {"status", N_ ("Status"), QK_SORT_ATTENTION, TRUE, 136},
    [QK_COLUMN_PRIORITY] = {"priority", N_ ("Priority"), QK_SORT_PRIORITY, TRUE, 76},
    [QK_COLUMN_RECIPIENT] = {"recipient", N_ ("Recipient"), QK_SORT_RECIPIENT, TRUE, 90},
    [QK_COLUMN_SENDER] = {"sender", N_ ("Sender"), QK_SORT_SENDER, TRUE, 82},
    [QK_COLUMN_TYPE] = {"type", N_ ("Type"), QK_SORT_TYPE, TRUE, 78},
    [QK_COLUMN_EXCERPT] = {"message", N_ ("Message"), QK_SORT_EXCERPT, TRUE, -1},
    [QK_COLUMN_AGE] = {"age", N_ ("Age"), QK_SORT_AGE, TRUE, 62},
    [QK_COLUMN_TRIES] = {"tries", N_ ("Tries"), QK_SORT_ATTEMPTS, TRUE, 70},
    [QK_COLUMN_TAGS] = {"tags", N_ ("Tags"), QK_SORT_TAGS, FALSE, 110},
    [QK_COLUMN_CREATED] = {"created", N_ ("Created"), QK_SORT_CREATED, FALSE, 150},
    [QK_COLUMN_UPDATED] = {"updated", N_ ("Updated"), QK_SORT_UPDATED, FALSE, 150},
    [QK_COLUMN_ID] = {"id", N_ ("Queue Id"), QK_SORT_ID, FALSE, 270},
    [QK_COLUMN_ERROR] = {"error", N_ ("Last Error"), QK_SORT_ERROR, FALSE, 180},
};

/**
 * qk_column_get_name:
 * @column: a column
 *
 * Returns: (transfer none): what it is called in the settings
 */
const char *
qk_column_get_name (QkColumn column)
{
  g_return_val_if_fail (column < QK_N_COLUMNS, NULL);

  return columns[column].name;
}

/**
 * qk_column_get_title:
 * @column: a column
 *
 * Returns: (transfer none): what it is called in the window
 */
const char *
qk_column_get_title (QkColumn column)
{
  g_return_val_if_fail (column < QK_N_COLUMNS, NULL);

  return _ (columns[column].title);
}

/**
 * qk_column_get_sort_key:
 * @column: a column
 *
 * Returns: what its title orders by
 */
QkSortKey
qk_column_get_sort_key (QkColumn column)
{
  g_return_val_if_fail (column < QK_N_COLUMNS, QK_SORT_ATTENTION);

  return columns[column].key;
}

/**
 * qk_column_find:
 * @name: what a column is called in the settings
 * @column: (out): which that is
 *
 * Returns: whether there is such a column
 */
gboolean
qk_column_find (const char *name, QkColumn *column)
{
  g_return_val_if_fail (name != NULL && column != NULL, FALSE);

  for (guint i = 0; i < QK_N_COLUMNS; i++)
    if (g_str_equal (name, columns[i].name))
      {
        *column = (QkColumn) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * qk_columns_parse:
 * @value: (nullable): an a(sbi), by whoever wrote it; %NULL for how the columns are at first
 * @states: (out caller-allocates) (array fixed-size=13): how the columns are to be
 *
 * Every column is in @states once: what @value leaves out follows at the end as it is at first, and
 * what it names that there is not, or twice, is left out. The status is always shown: it speaks for
 * its row.
 */
void
qk_columns_parse (GVariant *value, QkColumnState states[QK_N_COLUMNS])
{
  gboolean known[QK_N_COLUMNS] = {FALSE};
  guint n_states = 0;

  g_return_if_fail (value == NULL || g_variant_is_of_type (value, G_VARIANT_TYPE ("a(sbi)")));

  for (gsize i = 0; value != NULL && i < g_variant_n_children (value); i++)
    {
      const char *name;
      QkColumnState state;

      g_variant_get_child (value, i, "(&sbi)", &name, &state.visible, &state.width);
      if (!qk_column_find (name, &state.column) || known[state.column])
        continue;
      known[state.column] = TRUE;
      state.visible = state.visible || state.column == QK_COLUMN_STATUS;
      state.width = state.width < 0 ? -1 : CLAMP (state.width, WIDTH_MIN, WIDTH_MAX);
      states[n_states++] = state;
    }
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    if (!known[i])
      states[n_states++] = (QkColumnState){(QkColumn) i, columns[i].visible, columns[i].width};
}

/**
 * qk_columns_format:
 * @states: (array fixed-size=13): how the columns are
 *
 * Returns: (transfer floating): the value for qk_columns_parse()
 */
GVariant *
qk_columns_format (const QkColumnState states[QK_N_COLUMNS])
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sbi)"));

  for (guint i = 0; i < QK_N_COLUMNS; i++)
    g_variant_builder_add (&builder, "(sbi)", qk_column_get_name (states[i].column),
                           states[i].visible, states[i].width);
  return g_variant_builder_end (&builder);
}
