#include "qk-fuzz.h"

#include "qk-entry-private.h"
#include "qk-scan.h"
#include "qk-summary.h"
#include "qk-text.h"
#include "qk-time.h"

#include <math.h>
#include <string.h>

/* The scanner, the document, its entries, and reading a version beside the one before it. The input
 * is a text, and a script that makes the next version of it. */

/* Of a long list, so many entries at both ends are looked at closely. */
#define N_CLOSE 64

const QkFuzzTarget qk_fuzz_target = {"document", QK_FUZZ_TEXTS_WITH_SCRIPTS, 6000};

static void
check_scan (GBytes *bytes, guint max_depth)
{
  QkScan scan = {.position = 0};
  const char *end;

  scan.text = g_bytes_get_data (bytes, &scan.length);
  end = qk_fuzz_json_end (scan.text, scan.length, max_depth);
  QK_FUZZ_CHECK (qk_scan_value (&scan, max_depth) == (end != NULL));
  QK_FUZZ_CHECK (scan.position <= scan.length);
  QK_FUZZ_CHECK (end == NULL ? scan.problem != NULL : scan.text + scan.position == end);
}

/* A list is read if and only if it is JSON, not too deep; an object only if it is. */
static void
check_verdict (GBytes *bytes, QkDocument *document)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size), *end, *start = text;
  guint depth;

  if (size == 0)
    {
      QK_FUZZ_CHECK (document == NULL);
      return;
    }
  while (start < text + size && *start != '\0' && strchr (" \t\r\n", *start) != NULL)
    start++;
  if (document == NULL && (start == text + size || *start != '['))
    return;
  depth = *start == '[' ? QK_DOCUMENT_MAX_DEPTH - 1 : QK_DOCUMENT_MAX_DEPTH;
  end = qk_fuzz_json_end (text, size, depth);
  for (; end != NULL && end < text + size; end++)
    if (*end == '\0' || strchr (" \t\r\n", *end) == NULL)
      break;
  QK_FUZZ_CHECK ((end == text + size) == (document != NULL));
}

/* Whether text that is to be shown holds a character that is not to be shown. */
static gboolean
is_unsafe (gunichar c, gboolean lines)
{
  return (lines ? c < 0x20 && c != '\n' && c != '\t' : c < 0x20) || (c >= 0x7f && c < 0xa0) ||
         c == 0x061c || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void
check_shown (const char *shown, gboolean lines)
{
  QK_FUZZ_CHECK (g_utf8_validate (shown, -1, NULL));
  for (const char *p = shown; *p != '\0'; p = g_utf8_next_char (p))
    QK_FUZZ_CHECK (!is_unsafe (g_utf8_get_char (p), lines));
}

static void
check_text (const char *text)
{
  g_autofree char *shown = NULL, *line = NULL, *decoded = NULL;
  g_autoptr (GString) quoted = g_string_new (NULL);

  QK_FUZZ_CHECK (g_utf8_validate (text, -1, NULL));
  shown = qk_text_reveal (text);
  check_shown (shown, TRUE);
  line = qk_text_reveal_line (text);
  check_shown (line, FALSE);
  qk_json_append_quoted (quoted, text);
  QK_FUZZ_CHECK (qk_fuzz_json_end (quoted->str, quoted->len, 1) == quoted->str + quoted->len);
  decoded = qk_json_decode (quoted->str, quoted->len, NULL);
  QK_FUZZ_CHECK (strcmp (decoded, text) == 0);
}

static gboolean
is_escape_of (const char *p, const char *digits)
{
  return p[0] == '\\' && p[1] == 'u' && strchr ("dD", p[2]) != NULL &&
         strchr (digits, p[3]) != NULL;
}

/* How many characters a string stands for, its quotes not counted. */
static glong
count_characters (const char *json, gsize length)
{
  const char *end = json + length - 1;
  glong n = 0;

  for (const char *p = json + 1; p < end; n++)
    if (end - p >= 12 && is_escape_of (p, "89abAB") && is_escape_of (p + 6, "cdefCDEF"))
      p += 12;
    else if (*p == '\\')
      p += p[1] == 'u' ? 6 : 2;
    else
      p = g_utf8_next_char (p);
  return n;
}

static void
check_decoded_start (const char *json, gsize length, const char *text)
{
  static const gsize limits[] = {2, 7, 16, 100};

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *start = qk_json_decode_start (json, length, limits[i]);

      QK_FUZZ_CHECK (g_utf8_validate (start, -1, NULL) && g_str_has_prefix (text, start));
      QK_FUZZ_CHECK (length > limits[i] || strcmp (start, text) == 0);
    }
}

static void
check_field (const QkEntry *entry, QkField field)
{
  gsize length, entry_length;
  const char *json = qk_entry_get_field_json (entry, field, &length);
  const char *entry_json = qk_entry_get_json (entry, &entry_length);
  g_autofree char *text = qk_entry_dup_field (entry, field);
  double number;

  QK_FUZZ_CHECK ((json != NULL) == qk_entry_has_field (entry, field));
  if (json == NULL)
    {
      QK_FUZZ_CHECK (text == NULL && !qk_entry_get_number (entry, field, &number));
      return;
    }
  QK_FUZZ_CHECK (json > entry_json && json + length < entry_json + entry_length);
  QK_FUZZ_CHECK (strchr (" \t\r\n", *json) == NULL);
  QK_FUZZ_CHECK (qk_fuzz_json_end (json, length, QK_DOCUMENT_MAX_DEPTH) == json + length);
  QK_FUZZ_CHECK ((text == NULL) == (length == 4 && memcmp (json, "null", 4) == 0));
  QK_FUZZ_CHECK (qk_entry_get_number (entry, field, &number) ==
                 (strchr ("\"{[tfn", *json) == NULL));
  if (text == NULL)
    return;
  check_text (text);
  if (*json != '"')
    {
      QK_FUZZ_CHECK (strlen (text) == length && memcmp (text, json, length) == 0);
      return;
    }
  QK_FUZZ_CHECK (g_utf8_strlen (text, -1) == count_characters (json, length));
  check_decoded_start (json, length, text);
}

static void
check_entry (const QkEntry *entry)
{
  g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);
  g_autofree char *excerpt = qk_entry_dup_excerpt (entry);
  gint64 retry_at = qk_entry_get_retry_at (entry);

  for (guint field = 0; field < QK_N_FIELDS; field++)
    check_field (entry, (QkField) field);
  check_shown (excerpt, FALSE);
  QK_FUZZ_CHECK ((guint) qk_entry_get_status (entry) < QK_N_STATUSES);
  QK_FUZZ_CHECK (isfinite (qk_entry_get_priority (entry)));
  QK_FUZZ_CHECK (qk_entry_get_attempts (entry) <= G_MAXINT);
  QK_FUZZ_CHECK (retry_at == QK_WALL_NONE || qk_entry_get_status (entry) == QK_STATUS_PENDING);
  QK_FUZZ_CHECK (id == NULL || qk_entry_has_id (entry, id));
  QK_FUZZ_CHECK (qk_entry_same_id (entry, entry) && qk_entry_same_json (entry, entry));
  QK_FUZZ_CHECK (qk_entry_hash_state (entry) != 0);
  (void) qk_entry_is_stuck (entry, G_MAXINT64 / 2, QK_STUCK_WARNING_S);
}

/* A list or an object in the place of the id is compared as it is spelled. */
static gboolean
has_plain_id (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_ID, &length);

  return qk_entry_is_named (entry) && *json != '[' && *json != '{';
}

/* What an entry is, and the state that the guard compares, does not hang on the layout. */
static void
check_layout (QkDocument *document)
{
  gsize size;
  const char *text = g_bytes_get_data (qk_document_get_bytes (document), &size), *end = text + size;
  g_autoptr (GByteArray) spread = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QkDocument) other = NULL;

  for (const char *p = text, *next; p < end; p = next)
    {
      next = *p == '"' ? qk_json_skip_value (p) : p + 1;
      g_byte_array_append (spread, (const guint8 *) p, (guint) (next - p));
      if (strchr ("[]{},:", *p) != NULL)
        g_byte_array_append (spread, (const guint8 *) "\r\n\t ", 4);
    }
  bytes = qk_fuzz_copy (spread->data, spread->len);
  other = qk_fuzz_read (bytes);
  QK_FUZZ_CHECK (other != NULL);
  QK_FUZZ_CHECK (qk_document_get_n_entries (other) == qk_document_get_n_entries (document));
  for (guint i = 0; i < MIN (qk_document_get_n_entries (document), N_CLOSE); i++)
    {
      const QkEntry *a = qk_document_get_entry (document, i);
      const QkEntry *b = qk_document_get_entry (other, i);

      QK_FUZZ_CHECK (qk_entry_hash_state (a) == qk_entry_hash_state (b));
      QK_FUZZ_CHECK (a->status == b->status && a->updated == b->updated && a->flat == b->flat &&
                     a->hazards == b->hazards);
      QK_FUZZ_CHECK (!has_plain_id (a) || qk_entry_same_id (a, b));
    }
}

static void
check_summary (QkDocument *document)
{
  g_autoptr (QkSummary) summary = qk_summary_new (document, 0, QK_STUCK_WARNING_S);
  guint by_status = 0, by_agent = 0;

  QK_FUZZ_CHECK (summary->total == qk_document_get_n_entries (document));
  for (guint i = 0; i < QK_N_STATUSES; i++)
    by_status += summary->by_status[i];
  for (guint i = 0; i < summary->agents->len; i++)
    {
      const QkAgentCount *agent = g_ptr_array_index (summary->agents, i);

      by_agent += agent->total;
      QK_FUZZ_CHECK (i >= N_CLOSE || qk_summary_find_agent (summary, agent->name) == agent);
    }
  QK_FUZZ_CHECK (by_status == summary->total && by_agent == summary->total);
}

/* Each entry that is new is not in the older version, and each other one is there once. */
static void
check_origins (QkDocument *old, QkDocument *new, const QkDiff *diff)
{
  guint n_old = qk_document_get_n_entries (old), n_new = qk_document_get_n_entries (new);
  g_autofree gboolean *used = g_new0 (gboolean, n_old + 1);
  gboolean differs = n_old != n_new;

  QK_FUZZ_CHECK (qk_diff_get_old_size (diff) == n_old && qk_diff_get_new_size (diff) == n_new);
  for (guint i = 0; i < n_new; i++)
    {
      const QkEntry *entry = qk_document_get_entry (new, i), *before;
      gboolean changed = FALSE;
      guint origin = qk_diff_get_origin (diff, i, &changed);

      differs = differs || origin != i || changed;
      if (origin == QK_DIFF_NEW)
        continue;
      QK_FUZZ_CHECK (origin < n_old && !used[origin]);
      used[origin] = TRUE;
      before = qk_document_get_entry (old, origin);
      QK_FUZZ_CHECK (changed == !qk_entry_same_json (before, entry));
      QK_FUZZ_CHECK (qk_entry_same_id (before, entry));
    }
  QK_FUZZ_CHECK (qk_diff_is_empty (diff) == !differs);
  for (guint i = 0; i < n_new && n_new <= N_CLOSE && n_old <= N_CLOSE; i++)
    for (guint j = 0; j < n_old && qk_diff_get_origin (diff, i, NULL) == QK_DIFF_NEW; j++)
      QK_FUZZ_CHECK (used[j] || !qk_entry_same_id (qk_document_get_entry (old, j),
                                                   qk_document_get_entry (new, i)));
}

/* Reading @bytes beside @previous gives what reading it alone gives. */
static void
check_next (QkDocument *previous, GBytes *bytes)
{
  g_autoptr (QkDocument) alone = NULL, beside = NULL;
  g_autoptr (QkDiff) diff = NULL;
  g_autoptr (GError) error_alone = NULL, error_beside = NULL;

  alone = qk_document_new (bytes, NULL, NULL, &error_alone);
  beside = qk_document_new (bytes, previous, &diff, &error_beside);
  QK_FUZZ_CHECK ((alone != NULL) == (beside != NULL));
  QK_FUZZ_CHECK ((beside != NULL) == (diff != NULL));
  if (alone == NULL)
    {
      QK_FUZZ_CHECK (g_error_matches (error_beside, error_alone->domain, error_alone->code));
      QK_FUZZ_CHECK (strcmp (error_beside->message, error_alone->message) == 0);
      return;
    }
  QK_FUZZ_CHECK (qk_document_get_list_start (alone) == qk_document_get_list_start (beside));
  QK_FUZZ_CHECK (qk_document_get_n_entries (alone) == qk_document_get_n_entries (beside));
  for (guint i = 0; i < qk_document_get_n_entries (alone); i++)
    QK_FUZZ_CHECK (memcmp (qk_document_get_entry (alone, i), qk_document_get_entry (beside, i),
                           sizeof (QkEntry)) == 0);
  check_origins (previous, beside, diff);
}

/* Another way to the same list: what follows it may then be damage. */
static void
check_other_heads (QkDocument *document)
{
  static const char *const heads[] = {"[", "{\"entries\":[", "{\"pending_pushes\":[",
                                      "{\"entries\":[0],\"pending_pushes\":["};
  gsize size, start = qk_document_get_list_start (document);
  const guint8 *data = g_bytes_get_data (qk_document_get_bytes (document), &size);

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr (GByteArray) text = g_byte_array_new ();
      g_autoptr (GBytes) bytes = NULL;

      g_byte_array_append (text, (const guint8 *) heads[i], (guint) strlen (heads[i]));
      g_byte_array_append (text, data + start, (guint) (size - start));
      bytes = qk_fuzz_copy (text->data, text->len);
      check_next (document, bytes);
    }
}

static void
check_versions (QkDocument *document, QkFuzzInput *script)
{
  g_autoptr (GBytes) rearranged = qk_fuzz_rearrange (document, script);
  g_autoptr (GBytes) spoilt = qk_fuzz_spoil (rearranged, script);
  g_autoptr (QkDocument) next = qk_fuzz_read (rearranged);

  QK_FUZZ_CHECK (next != NULL);
  check_next (document, qk_document_get_bytes (document));
  check_next (document, rearranged);
  check_next (next, qk_document_get_bytes (document));
  check_next (document, spoilt);
  check_next (next, spoilt);
  check_other_heads (document);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  QkFuzzInput input = {data, size}, text = qk_fuzz_take_until (&input, QK_FUZZ_SCRIPT);
  g_autoptr (GBytes) bytes = qk_fuzz_take_bytes (&text);
  g_autoptr (QkDocument) document = qk_fuzz_read (bytes);
  guint n;

  check_scan (bytes, QK_DOCUMENT_MAX_DEPTH);
  check_scan (bytes, 3);
  check_verdict (bytes, document);
  if (document == NULL)
    return 0;
  qk_fuzz_check_document (document);
  n = qk_document_get_n_entries (document);
  for (guint i = 0; i < n; i++)
    if (i < N_CLOSE || i + N_CLOSE >= n)
      check_entry (qk_document_get_entry (document, i));
  check_layout (document);
  check_summary (document);
  check_versions (document, &input);
  return 0;
}
