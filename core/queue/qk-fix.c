#include "qk-fix.h"

#include "qk-change-private.h"
#include "qk-entry-private.h"
#include "qk-patch.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The first time that has five digits of years, in wall microseconds. */
#define YEAR_10000 (G_GINT64_CONSTANT (253402300800) * G_USEC_PER_SEC)

#define REPLACEMENT_ESCAPE "\\ufffd"
#define ESCAPE_LENGTH      6
#define MAX_EDITS          4

/* With these the swarm calculates: null would stop it where NaN does not. */
static const QkField counted[] = {QK_FIELD_ATTEMPTS, QK_FIELD_TOP_ATTEMPTS,
                                  QK_FIELD_NEXT_RETRY_DELAY, QK_FIELD_RETRY_COUNT};

/* What a flat entry lacks makes it one; it is no fault that can be mended. */
static QkHazard
get_fixable (const QkEntry *entry)
{
  return entry->flat ? entry->hazards & ~QK_HAZARD_INCOMPLETE : entry->hazards;
}

static gboolean
lacks (const QkEntry *entry, QkField field)
{
  return !entry->flat && entry->fields[field].length == 0;
}

static const char *
get_priority_json (const QkEntry *entry)
{
  g_autofree char *name = qk_entry_dup_field (entry, QK_FIELD_PRIORITY);

  return qk_priority_get_json (name != NULL ? name : "");
}

static gboolean
is_writable (gint64 wall)
{
  return wall >= 0 && wall < YEAR_10000;
}

/* The time as JSON: to the letter where it stands there without a zone, else as the swarm writes it. */
static char *
write_time (const QkEntry *entry, QkField field)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length);
  gboolean has_offset = FALSE;
  gint64 wall = qk_wall_parse (json + 1, length - 2, &has_offset);
  g_autofree char *text = NULL;

  if (!has_offset)
    return g_strndup (json, length);
  text = qk_wall_format (wall);
  return g_strdup_printf ("\"%s\"", text);
}

/* Decoded, a key is what it will become. Keys that are the same already lose nothing more. */
static gboolean
has_clash (const char *object)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  QkMembers members;
  QkMember member;

  qk_members_init (&members, object);
  while (qk_members_next (&members, &member))
    {
      gboolean changes = FALSE;
      char *name = qk_json_decode (member.key, member.key_length, &changes);
      gpointer twin_changes = NULL;

      if (g_hash_table_lookup_extended (names, name, NULL, &twin_changes) &&
          (changes || GPOINTER_TO_INT (twin_changes)))
        {
          g_free (name);
          return TRUE;
        }
      g_hash_table_insert (names, name, GINT_TO_POINTER (changes));
    }
  return FALSE;
}

/* Whether two keys of an object in @entry, or of @entry, would become the same. */
static gboolean
would_lose_member (const QkEntry *entry)
{
  const char *end = entry->json + entry->length;

  for (const char *p = entry->json; p < end; p = *p == '"' ? qk_json_skip_value (p) : p + 1)
    if (*p == '{' && has_clash (p))
      return TRUE;
  return FALSE;
}

static const char *
get_missing (const QkEntry *entry)
{
  if (entry->flat)
    return entry->hazards == QK_HAZARD_INCOMPLETE
               ? _ ("it is of the flat form, which the swarm drops: send its text anew, then purge it")
               : NULL;
  if (lacks (entry, QK_FIELD_MESSAGE))
    return _ ("it has no message: only a person can tell what it was to say");
  if (lacks (entry, QK_FIELD_ID))
    return _ ("it has no queue_id: send its text anew, then purge it");
  if (lacks (entry, QK_FIELD_STATUS))
    return _ (
        "it has no status: only a person can tell whether it was delivered; send its text anew "
        "or purge it");
  if ((lacks (entry, QK_FIELD_UPDATED_AT) && !is_writable (entry->created)) ||
      (lacks (entry, QK_FIELD_CREATED_AT) && !is_writable (entry->updated)))
    return _ ("no time of it can be read: only a person can tell when it was created");
  return NULL;
}

/**
 * qk_fix_get_obstacle:
 * @entry: an entry with hazards
 *
 * Returns: (nullable): why it cannot be fixed without a person, and what that can do; a literal.
 *   %NULL where it can be
 */
const char *
qk_fix_get_obstacle (const QkEntry *entry)
{
  const char *missing;

  if (*entry->json != '{')
    return _ ("it is no message at all: purge it");
  missing = (entry->hazards & QK_HAZARD_INCOMPLETE) ? get_missing (entry) : NULL;
  if (missing != NULL)
    return missing;
  if ((entry->hazards & QK_HAZARD_OFFSET) && !is_writable (entry->created))
    return _ (
        "its created_at cannot be written without a time zone: send its text anew, then purge it");
  if ((entry->hazards & QK_HAZARD_SURROGATE) && would_lose_member (entry))
    return _ ("two of its keys would become the same, and one value lost: send its text anew, then "
              "purge it");
  return NULL;
}

static char *
describe_metadata (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_METADATA, &length);

  return g_strdup (*json == 'n'
                       ? _ ("metadata becomes {}")
                       : _ ("metadata becomes an object that keeps the old value as “replaced”"));
}

static char *
describe_created (const QkEntry *entry)
{
  g_autofree char *time = write_time (entry, QK_FIELD_CREATED_AT);

  return g_strdup_printf (_ ("created_at becomes %s, which is local time"), time);
}

static void
describe_missing (const QkEntry *entry, GStrvBuilder *lines)
{
  static const struct {
    QkField field;
    const char *text;
  } texts[] = {
      {QK_FIELD_CREATED_AT, N_ ("created_at is added, from updated_at")},
      {QK_FIELD_UPDATED_AT, N_ ("updated_at is added, from created_at")},
      {QK_FIELD_PRIORITY_SCORE, N_ ("priority_score is added, from its priority")},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (lacks (entry, texts[i].field))
      g_strv_builder_add (lines, _ (texts[i].text));
}

static void
take_line (GStrvBuilder *lines, char *line)
{
  g_strv_builder_add (lines, line);
  g_free (line);
}

/**
 * qk_fix_describe:
 * @entry: an entry with hazards that can be fixed
 *
 * Returns: (transfer full) (array zero-terminated=1): what a fix changes, a line for each; safe to be
 *   shown
 */
char **
qk_fix_describe (const QkEntry *entry)
{
  QkHazard fixable = get_fixable (entry);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  if (fixable & QK_HAZARD_PRIORITY)
    take_line (lines, g_strdup_printf (_ ("priority_score becomes %s"), get_priority_json (entry)));
  if (fixable & QK_HAZARD_METADATA)
    take_line (lines, describe_metadata (entry));
  if (fixable & QK_HAZARD_SURROGATE)
    g_strv_builder_add (lines, _ ("half a character becomes \xef\xbf\xbd"));
  if (fixable & QK_HAZARD_OFFSET)
    take_line (lines, describe_created (entry));
  if (fixable & QK_HAZARD_NOT_FINITE)
    g_strv_builder_add (lines,
                        _ ("NaN or Infinity becomes null, or 0 where the swarm counts with it"));
  if (fixable & QK_HAZARD_INCOMPLETE)
    describe_missing (entry, lines);
  return g_strv_builder_end (lines);
}

/* The code unit of the u-escape at @p; 0 where there is none. */
static guint
read_unit (const char *p, const char *end)
{
  guint unit = 0;

  if (end - p < ESCAPE_LENGTH || p[0] != '\\' || p[1] != 'u')
    return 0;
  for (guint i = 2; i < ESCAPE_LENGTH; i++)
    unit = unit * 16 + (guint) g_ascii_xdigit_value (p[i]);
  return unit;
}

/* Copies the escape at @p, but U+FFFD for half of a surrogate pair: that is as long. Returns what
 * follows it. */
static const char *
append_escape (GString *out, const char *p, const char *end)
{
  guint unit = read_unit (p, end);
  guint low = unit >= 0xd800 && unit <= 0xdbff ? read_unit (p + ESCAPE_LENGTH, end) : 0;
  gsize length = p[1] != 'u'                      ? 2
                 : low >= 0xdc00 && low <= 0xdfff ? 2 * ESCAPE_LENGTH
                                                  : ESCAPE_LENGTH;

  if (length == ESCAPE_LENGTH && unit >= 0xd800 && unit <= 0xdfff)
    g_string_append (out, REPLACEMENT_ESCAPE);
  else
    g_string_append_len (out, p, (gssize) length);
  return p + length;
}

static void
append_string (GString *out, const char *json, const char *end)
{
  while (json < end)
    {
      const char *escape = memchr (json, '\\', (gsize) (end - json));

      g_string_append_len (out, json, (escape != NULL ? escape : end) - json);
      json = escape != NULL ? append_escape (out, escape, end) : end;
    }
}

static gboolean
is_counted (const QkEntry *entry, const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (counted); i++)
    if (entry->fields[counted[i]].length > 0 &&
        entry->json + entry->fields[counted[i]].start == value)
      return TRUE;
  return FALSE;
}

/* The entry with what is wrong inside of strings and numbers put right, wherever it is. */
static char *
clean_values (const QkEntry *entry)
{
  GString *out = g_string_sized_new (entry->length + 16);
  const char *end = entry->json + entry->length, *next;

  for (const char *p = entry->json; p < end; p = next)
    {
      gboolean is_number = strchr ("-0123456789NI", *p) != NULL;

      next = *p == '"' || is_number ? qk_json_skip_value (p) : p + 1;
      if (*p == '"')
        append_string (out, p, next);
      else if (is_number && qk_json_is_not_finite (p, (gsize) (next - p)))
        g_string_append (out, is_counted (entry, p) ? "0" : "null");
      else
        g_string_append_len (out, p, next - p);
    }
  return g_string_free (out, FALSE);
}

/* What stood there is kept within the object that the swarm wants, where it said anything. */
static char *
write_metadata (const QkEntry *entry, const QkStyle *style)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_METADATA, &length);
  g_autofree char *old = g_strndup (json, length);
  g_autofree char *indent = g_strconcat (style->base, style->unit, NULL);
  GString *out = g_string_new (NULL);
  const QkMemberEdit edit = {.key = "replaced", .json = old, .verbatim = TRUE};

  qk_patch_object (out, "{}", &edit, *json != 'n' ? 1 : 0, style, indent);
  return g_string_free (out, FALSE);
}

/* The members of the entry itself that must be others. @entry has clean values. */
static char *
fix_members (const QkEntry *entry, const QkStyle *style)
{
  g_autofree char *metadata = NULL, *created = NULL, *updated = NULL;
  const char *score = NULL;
  QkMemberEdit edits[MAX_EDITS];
  GString *out = g_string_new (NULL);
  gsize n = 0;

  if ((entry->hazards & QK_HAZARD_PRIORITY) || lacks (entry, QK_FIELD_PRIORITY_SCORE))
    score = get_priority_json (entry);
  if (entry->hazards & QK_HAZARD_METADATA)
    metadata = write_metadata (entry, style);
  if (lacks (entry, QK_FIELD_CREATED_AT))
    created = write_time (entry, QK_FIELD_UPDATED_AT);
  else if (entry->hazards & QK_HAZARD_OFFSET)
    created = write_time (entry, QK_FIELD_CREATED_AT);
  if (lacks (entry, QK_FIELD_UPDATED_AT))
    updated = write_time (entry, QK_FIELD_CREATED_AT);

  if (score != NULL)
    edits[n++] = (QkMemberEdit){.key = "priority_score", .json = score, .verbatim = TRUE};
  if (metadata != NULL)
    edits[n++] = (QkMemberEdit){.key = "metadata", .json = metadata, .verbatim = TRUE};
  if (created != NULL)
    edits[n++] = (QkMemberEdit){.key = "created_at", .json = created, .verbatim = TRUE};
  if (updated != NULL)
    edits[n++] = (QkMemberEdit){.key = "updated_at", .json = updated, .verbatim = TRUE};
  qk_patch_object (out, entry->json, edits, n, style, style->base);
  return g_string_free (out, FALSE);
}

/**
 * qk_fix_write:
 * @entry: an entry with hazards that can be fixed
 * @style: how new text is laid out
 *
 * Returns: (transfer full): its text without them
 */
char *
qk_fix_write (const QkEntry *entry, const QkStyle *style)
{
  g_autofree char *text = clean_values (entry);
  QkEntry clean;

  g_return_val_if_fail (qk_fix_get_obstacle (entry) == NULL, g_steal_pointer (&text));

  (void) qk_entry_check (&clean, text, strlen (text));
  return fix_members (&clean, style);
}
