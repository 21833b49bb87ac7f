#include "qk-keep-words.h"

#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

#define MAX_CONTENT 400

/**
 * qk_keep_words_import_kind:
 * @kind: how it stands with a message of another file
 *
 * Returns: the word for it
 */
const char *
qk_keep_words_import_kind (QkImportKind kind)
{
  static const char *const words[QK_N_IMPORT_KINDS] = {
      [QK_IMPORT_NEW] = N_ ("New"),
      [QK_IMPORT_SAME] = N_ ("In the queue"),
      [QK_IMPORT_DIFFERS] = N_ ("Other state"),
      [QK_IMPORT_REPEATED] = N_ ("Twice in the file"),
      [QK_IMPORT_ONLY_HERE] = N_ ("Only in the queue"),
  };

  return _ (words[kind]);
}

/**
 * qk_keep_words_restore_kind:
 * @kind: how it stands with a message of a backup
 *
 * Returns: the word for it
 */
const char *
qk_keep_words_restore_kind (QkImportKind kind)
{
  static const char *const words[QK_N_IMPORT_KINDS] = {
      [QK_IMPORT_NEW] = N_ ("Only in the backup"),
      [QK_IMPORT_SAME] = N_ ("The same"),
      [QK_IMPORT_DIFFERS] = N_ ("Changed since"),
      [QK_IMPORT_REPEATED] = N_ ("Twice in the backup"),
      [QK_IMPORT_ONLY_HERE] = N_ ("Only in the queue"),
  };

  return _ (words[kind]);
}

/**
 * qk_keep_words_row:
 * @row: a row
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): the row as one line, to be read out
 */
char *
qk_keep_words_row (QkPickRow *row, gint64 now)
{
  const QkEntry *entry = qk_pick_row_get_entry (row);
  g_autofree char *status = qk_words_status (entry, now);
  g_autofree char *recipient = qk_words_field (entry, QK_FIELD_RECIPIENT);
  g_autofree char *excerpt = qk_entry_dup_excerpt (entry);
  const char *note = qk_pick_row_get_note (row);

  return g_strjoin (", ", qk_pick_row_get_word (row), status, recipient, excerpt, note, NULL);
}

static void
append_fact (GString *text, const char *format, char *value)
{
  g_autofree char *owned = value;

  if (*value == '\0')
    return;
  if (text->len > 0)
    g_string_append_c (text, '\n');
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_string_append_printf (text, format, value);
#pragma GCC diagnostic pop
}

static char *
dup_content (const QkEntry *entry)
{
  g_autofree char *text = qk_entry_dup_field (entry, QK_FIELD_CONTENT);
  g_autofree char *cut = NULL;

  if (text == NULL)
    return g_strdup ("");
  if (g_utf8_strlen (text, -1) <= MAX_CONTENT)
    return qk_text_reveal (text);
  cut = g_utf8_substring (text, 0, MAX_CONTENT);
  g_free (text);
  text = g_strconcat (cut, "…", NULL);
  return qk_text_reveal (text);
}

/**
 * qk_keep_words_facts:
 * @entry: an entry
 * @note: (nullable): what else is to be known
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): what tells one state of a message from another, a line each
 */
char *
qk_keep_words_facts (const QkEntry *entry, const char *note, gint64 now)
{
  GString *text = g_string_new (NULL);
  gint64 updated = qk_entry_get_updated (entry);

  if (note != NULL)
    append_fact (text, "%s", qk_text_reveal_line (note));
  append_fact (text, _ ("Queue id: %s"), qk_words_field (entry, QK_FIELD_ID));
  append_fact (text, _ ("Status: %s"), qk_words_status (entry, now));
  append_fact (text, _ ("To: %s"), qk_words_field (entry, QK_FIELD_RECIPIENT));
  append_fact (text, _ ("From: %s"), qk_words_field (entry, QK_FIELD_SENDER));
  if (updated != QK_WALL_NONE)
    append_fact (text, _ ("Updated: %s"), qk_wall_format_short (updated, now));
  append_fact (text, _ ("Attempts: %s"), qk_words_tries (entry, now));
  append_fact (text, _ ("Last error: %s"), qk_words_field (entry, QK_FIELD_LAST_ERROR));
  append_fact (text, "%s", dup_content (entry));
  return g_string_free (text, FALSE);
}

/**
 * qk_keep_words_path:
 * @path: (type filename): a path
 *
 * Returns: (transfer full): it, as it can be shown
 */
char *
qk_keep_words_path (const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  return qk_text_reveal_line (name);
}

/* The reason of the most of them; others are rare. */
static const char *
get_reason (const QkResult *result)
{
  return ((const QkSkip *) result->skipped->pdata[0])->reason;
}

/**
 * qk_keep_words_archived:
 * @archived: what was archived
 *
 * Returns: (transfer full): it for the operator: `312 archived to …, 3 left: changed meanwhile`
 */
char *
qk_keep_words_archived (const QkArchived *archived)
{
  const QkResult *result = archived->result;
  guint n_archived = result->changed->len, n_left = result->skipped->len;
  g_autofree char *path = qk_keep_words_path (archived->path), *reason = NULL;
  GString *text = g_string_new (NULL);

  g_string_append_printf (
      text, ngettext ("%u message archived to %s", "%u messages archived to %s", n_archived),
      n_archived, path);
  if (n_left > 0)
    {
      reason = qk_text_reveal_line (get_reason (result));
      g_string_append (text, " · ");
      g_string_append_printf (
          text, ngettext ("%u stays in the queue: %s", "%u stay in the queue: %s", n_left), n_left,
          reason);
    }
  if (result->no_undo != NULL)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, _ ("cannot be undone: %s"), result->no_undo);
    }
  return g_string_free (text, FALSE);
}
