#include "qk-salvage-words.h"

#include "qk-text.h"
#include "qk-words.h"

#define GIST_BYTES 160

/**
 * qk_salvage_words_collect_used:
 * @salvage: a result
 *
 * Returns: (transfer container) (element-type QkEntry QkEntry): the set of the entries that it has
 */
GHashTable *
qk_salvage_words_collect_used (const QkSalvage *salvage)
{
  GHashTable *used = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < qk_salvage_get_n_entries (salvage); i++)
    g_hash_table_add (used, (gpointer) qk_salvage_get_entry (salvage, i, NULL));
  return used;
}

/* How many entries of the result were repaired. */
static guint
count_repaired (const QkSalvage *salvage)
{
  g_autoptr (GHashTable) used = qk_salvage_words_collect_used (salvage);
  guint n_repaired = 0;

  for (guint i = 0; i < qk_salvage_get_n_sources (salvage); i++)
    {
      QkSalvageSource *source = qk_salvage_get_source (salvage, i);

      for (guint j = 0; j < qk_salvage_source_get_n_parts (source); j++)
        {
          const QkSalvagePart *part = qk_salvage_source_get_part (source, j);

          n_repaired +=
              part->kind == QK_SALVAGE_REPAIRED && g_hash_table_contains (used, part->entry);
        }
    }
  return n_repaired;
}

static gsize
count_left_over (const QkSalvage *salvage)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < qk_salvage_get_n_sources (salvage); i++)
    if (!qk_salvage_only_completes (salvage, i))
      {
        gsize more;

        (void) qk_salvage_source_count (qk_salvage_get_source (salvage, i), QK_SALVAGE_LEFT_OVER,
                                        &more);
        n_bytes += more;
      }
  return n_bytes;
}

static void
append_left_over (GString *text, const QkSalvage *salvage)
{
  gsize n_bytes = count_left_over (salvage);
  g_autofree char *count = qk_salvage_words_bytes (n_bytes);

  if (n_bytes > 0)
    g_string_append_printf (text, ", %s %s left over.", count, n_bytes == 1 ? "is" : "are");
  else if (qk_salvage_get_n_entries (salvage) > 0)
    g_string_append (text, ", nothing is left over.");
  else
    g_string_append_c (text, '.');
}

/* " 3 of them come from queue.json.tmp." */
static void
append_origin (GString *text, const QkSalvage *salvage)
{
  guint n_messages = 0, n_sources = 0, last = 0;

  for (guint i = 1; i < qk_salvage_get_n_sources (salvage); i++)
    {
      guint n_used = qk_salvage_count_used (salvage, i);

      n_messages += n_used;
      n_sources += n_used > 0;
      if (n_used > 0)
        last = i;
    }
  if (n_sources == 0)
    return;
  if (n_messages < qk_salvage_get_n_entries (salvage))
    g_string_append_printf (text, " %u of them %s from ", n_messages,
                            n_messages == 1 ? "comes" : "come");
  else
    g_string_append (text, n_messages == 1 ? " It comes from " : " They come from ");
  if (n_sources == 1)
    {
      g_autofree char *name =
          qk_text_reveal_line (qk_salvage_source_get_name (qk_salvage_get_source (salvage, last)));

      g_string_append_printf (text, "%s.", name);
    }
  else
    g_string_append_printf (text, "%u other files.", n_sources);
}

/**
 * qk_salvage_words_summary:
 * @salvage: a result
 *
 * Returns: (transfer full): what can be had: `98 messages are whole, 1 can be repaired, nothing is
 *   left over.`
 */
char *
qk_salvage_words_summary (const QkSalvage *salvage)
{
  guint n_repaired = count_repaired (salvage);
  guint n_whole = qk_salvage_get_n_entries (salvage) - n_repaired;
  g_autofree char *whole = qk_words_count (n_whole), *repaired = qk_words_count (n_repaired);
  GString *text = g_string_new (NULL);

  if (n_whole > 0)
    g_string_append_printf (text, "%s %s whole", whole, n_whole == 1 ? "is" : "are");
  if (n_whole > 0 && n_repaired > 0)
    g_string_append_printf (text, ", %u can be repaired", n_repaired);
  else if (n_repaired > 0)
    g_string_append_printf (text, "%s can be repaired", repaired);
  else if (n_whole == 0)
    g_string_append (text, "No message was found");
  append_left_over (text, salvage);
  append_origin (text, salvage);
  return g_string_free (text, FALSE);
}

static void
append_count (GString *text, const char *count, const char *what)
{
  g_string_append_printf (text, "%s%s %s", text->len > 0 ? " · " : "", count, what);
}

/**
 * qk_salvage_words_counts:
 * @salvage: a result
 * @source: which file, from 0
 *
 * Returns: (transfer full): what is in it: `98 whole · 1 repaired · 412 bytes left over`
 */
char *
qk_salvage_words_counts (const QkSalvage *salvage, guint source)
{
  static const struct {
    QkSalvageKind kind;
    gboolean in_bytes;
    const char *what;
  } kinds[] = {
      {QK_SALVAGE_WHOLE, FALSE, "whole"},
      {QK_SALVAGE_REPAIRED, FALSE, "repaired"},
      {QK_SALVAGE_LEFT_OVER, TRUE, "left over"},
      {QK_SALVAGE_PADDING, TRUE, "of padding"},
  };
  GString *text = g_string_new (NULL);
  guint n_entries = 0, n_used = qk_salvage_count_used (salvage, source);
  g_autofree char *used = g_strdup_printf ("%u", n_used);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize n_bytes;
      guint n = qk_salvage_source_count (qk_salvage_get_source (salvage, source), kinds[i].kind,
                                         &n_bytes);
      g_autofree char *count =
          kinds[i].in_bytes ? qk_salvage_words_bytes (n_bytes) : g_strdup_printf ("%u", n);

      if (n > 0)
        append_count (text, count, kinds[i].what);
      if (!kinds[i].in_bytes)
        n_entries += n;
    }
  if (text->len == 0)
    g_string_append (text, "nothing in it");
  if (n_used < n_entries)
    append_count (text, n_used > 0 ? used : "none", "used");
  return g_string_free (text, FALSE);
}

/**
 * qk_salvage_words_bytes:
 * @n_bytes: a number
 *
 * Returns: (transfer full): `1 byte`, `412 bytes`
 */
char *
qk_salvage_words_bytes (gsize n_bytes)
{
  return n_bytes == 1 ? g_strdup ("1 byte")
                      : g_strdup_printf ("%" G_GSIZE_FORMAT " bytes", n_bytes);
}

/**
 * qk_salvage_words_kind:
 * @kind: a kind of piece
 *
 * Returns: what it is called
 */
const char *
qk_salvage_words_kind (QkSalvageKind kind)
{
  static const char *const names[] = {
      [QK_SALVAGE_WHOLE] = "Whole",
      [QK_SALVAGE_REPAIRED] = "Repaired",
      [QK_SALVAGE_LEFT_OVER] = "Left over",
      [QK_SALVAGE_PADDING] = "Padding",
  };

  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (names), NULL);

  return names[kind];
}

/**
 * qk_salvage_words_kind_class:
 * @kind: a kind of piece
 *
 * Returns: the style class that gives it its colour
 */
const char *
qk_salvage_words_kind_class (QkSalvageKind kind)
{
  static const char *const classes[] = {
      [QK_SALVAGE_WHOLE] = "whole",
      [QK_SALVAGE_REPAIRED] = "repaired",
      [QK_SALVAGE_LEFT_OVER] = "left-over",
      [QK_SALVAGE_PADDING] = "padding",
  };

  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (classes), NULL);

  return classes[kind];
}

/**
 * qk_salvage_words_gist:
 * @row: a piece
 *
 * Returns: (transfer full): the point of it in one line: what was repaired, what the message says,
 *   the bytes that are left over
 */
char *
qk_salvage_words_gist (QkSalvageRow *row)
{
  const QkSalvagePart *part = qk_salvage_row_get_part (row);
  g_autofree char *text = NULL;

  if (part->how != NULL)
    text = qk_text_reveal_line (part->how);
  else if (part->entry != NULL)
    text = qk_entry_dup_excerpt (part->entry);
  else
    {
      g_autofree char *bytes =
          qk_salvage_source_dup_text (qk_salvage_row_get_source (row), part, GIST_BYTES);

      text = qk_text_reveal_line (bytes);
    }
  if (part->entry != NULL && !qk_salvage_row_is_used (row))
    return g_strdup_printf ("Not used · %s", text);
  return g_steal_pointer (&text);
}

/**
 * qk_salvage_words_row:
 * @row: a piece
 *
 * Returns: (transfer full): it as it is read out: `Repaired, byte 512, 80 bytes, FAILED: ...`
 */
char *
qk_salvage_words_row (QkSalvageRow *row)
{
  const QkSalvagePart *part = qk_salvage_row_get_part (row);
  g_autofree char *length = qk_salvage_words_bytes (part->length);
  g_autofree char *gist = qk_salvage_words_gist (row);
  g_autofree char *recipient =
      part->entry != NULL ? qk_words_field (part->entry, QK_FIELD_RECIPIENT) : g_strdup ("");

  return g_strdup_printf ("%s at byte %" G_GSIZE_FORMAT ", %s%s%s: %s",
                          qk_salvage_words_kind (part->kind), part->offset, length,
                          *recipient != '\0' ? ", to " : "", recipient, gist);
}
