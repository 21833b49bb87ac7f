#include "qk-salvage-words.h"

#include "qk-text.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

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

/* A sentence after others. */
static void
add_sentence (GString *text, char *sentence)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", sentence);
  g_free (sentence);
}

static void
append_left_over (GString *text, const QkSalvage *salvage)
{
  gsize n_bytes = count_left_over (salvage);

  if (n_bytes > 0)
    add_sentence (text, g_strdup_printf (ngettext ("%zu byte is left over.",
                                                   "%zu bytes are left over.", n_bytes),
                                         n_bytes));
  else if (qk_salvage_get_n_entries (salvage) > 0)
    add_sentence (text, g_strdup (_ ("Nothing is left over.")));
}

/* @name: of the only other source of them, or NULL. */
static char *
say_origin (gboolean all, guint n_messages, guint n_sources, const char *name)
{
  if (all && name != NULL)
    return g_strdup_printf (ngettext ("It comes from %s.", "They come from %s.", n_messages), name);
  if (all)
    return g_strdup_printf (
        ngettext ("They come from %u other file.", "They come from %u other files.", n_sources),
        n_sources);
  if (name != NULL)
    return g_strdup_printf (
        ngettext ("%u of them comes from %s.", "%u of them come from %s.", n_messages), n_messages,
        name);
  return g_strdup_printf (ngettext ("%u of them come from %u other file.",
                                    "%u of them come from %u other files.", n_sources),
                          n_messages, n_sources);
}

/* "3 of them come from queue.json.tmp." */
static void
append_origin (GString *text, const QkSalvage *salvage)
{
  guint n_messages = 0, n_sources = 0, last = 0;
  g_autofree char *from = NULL;

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
  if (n_sources == 1)
    from = qk_text_reveal_line (qk_salvage_source_get_name (qk_salvage_get_source (salvage, last)));
  add_sentence (text, say_origin (n_messages == qk_salvage_get_n_entries (salvage), n_messages,
                                  n_sources, from));
}

/**
 * qk_salvage_words_summary:
 * @salvage: a result
 *
 * Returns: (transfer full): what can be had: `98 messages are whole. 1 message can be repaired. Nothing
 *   is left over.`
 */
char *
qk_salvage_words_summary (const QkSalvage *salvage)
{
  guint n_repaired = count_repaired (salvage);
  guint n_whole = qk_salvage_get_n_entries (salvage) - n_repaired;
  GString *text = g_string_new (NULL);

  if (n_whole > 0)
    add_sentence (
        text, g_strdup_printf (ngettext ("%u message is whole.", "%u messages are whole.", n_whole),
                               n_whole));
  if (n_repaired > 0)
    add_sentence (text, g_strdup_printf (ngettext ("%u message can be repaired.",
                                                   "%u messages can be repaired.", n_repaired),
                                         n_repaired));
  if (n_whole == 0 && n_repaired == 0)
    add_sentence (text, g_strdup (_ ("No message was found.")));
  append_left_over (text, salvage);
  append_origin (text, salvage);
  return g_string_free (text, FALSE);
}

/* How much there is of a kind of pieces: of messages their number, of others their bytes. */
static char *
count_kind (QkSalvageKind kind, guint n, gsize n_bytes)
{
  switch (kind)
    {
    case QK_SALVAGE_WHOLE:
      return g_strdup_printf (ngettext ("%u whole", "%u whole", n), n);
    case QK_SALVAGE_REPAIRED:
      return g_strdup_printf (ngettext ("%u repaired", "%u repaired", n), n);
    case QK_SALVAGE_LEFT_OVER:
      return g_strdup_printf (ngettext ("%zu byte left over", "%zu bytes left over", n_bytes),
                              n_bytes);
    case QK_SALVAGE_PADDING:
    default:
      return g_strdup_printf (ngettext ("%zu byte of padding", "%zu bytes of padding", n_bytes),
                              n_bytes);
    }
}

static char *
count_used (guint n)
{
  return n > 0 ? g_strdup_printf (ngettext ("%u used", "%u used", n), n)
               : g_strdup (_ ("none used"));
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
  static const QkSalvageKind kinds[] = {QK_SALVAGE_WHOLE, QK_SALVAGE_REPAIRED, QK_SALVAGE_LEFT_OVER,
                                        QK_SALVAGE_PADDING};
  GString *text = g_string_new (NULL);
  guint n_entries = 0, n_used = qk_salvage_count_used (salvage, source);
  g_autofree char *used = count_used (n_used);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize n_bytes;
      guint n =
          qk_salvage_source_count (qk_salvage_get_source (salvage, source), kinds[i], &n_bytes);
      g_autofree char *count = count_kind (kinds[i], n, n_bytes);

      if (n > 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", count);
      if (kinds[i] == QK_SALVAGE_WHOLE || kinds[i] == QK_SALVAGE_REPAIRED)
        n_entries += n;
    }
  if (text->len == 0)
    g_string_append (text, _ ("nothing in it"));
  if (n_used < n_entries)
    g_string_append_printf (text, " · %s", used);
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
  return g_strdup_printf (ngettext ("%zu byte", "%zu bytes", n_bytes), n_bytes);
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
      [QK_SALVAGE_WHOLE] = N_ ("Whole"),
      [QK_SALVAGE_REPAIRED] = N_ ("Repaired"),
      [QK_SALVAGE_LEFT_OVER] = N_ ("Left over"),
      [QK_SALVAGE_PADDING] = N_ ("Padding"),
  };

  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (names), NULL);

  return _ (names[kind]);
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
    return g_strdup_printf (_ ("Not used · %s"), text);
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

  if (*recipient == '\0')
    return g_strdup_printf (_ ("%s at byte %zu, %s: %s"), qk_salvage_words_kind (part->kind),
                            part->offset, length, gist);
  return g_strdup_printf (_ ("%s at byte %zu, %s, to %s: %s"), qk_salvage_words_kind (part->kind),
                          part->offset, length, recipient, gist);
}
