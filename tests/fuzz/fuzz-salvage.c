#include "qk-fuzz.h"

#include "qk-entry-private.h"
#include "qk-salvage.h"
#include "qk-scan.h"

#include <string.h>

/* Salvage: what is found in up to three files, each damaged or not, and what is made of them. */

#define MAX_FILES 3
/* Of longer lists it is not looked up what has become of each entry. */
#define MAX_ENTRIES 200
#define GAP         " \t\r\n,[]{}"

const QkFuzzTarget qk_fuzz_target = {"salvage", QK_FUZZ_FILES, 6000};

/* What is between the pieces is white space, commas and brackets; and the key of the list, where an
 * object holds it. */
static void
check_gap (const char *from, const char *to)
{
  while (from < to)
    {
      QkScan scan = {.text = from, .length = (gsize) (to - from)};

      if (*from != '"')
        {
          QK_FUZZ_CHECK (*from != '\0' && strchr (GAP, *from) != NULL);
          from++;
          continue;
        }
      QK_FUZZ_CHECK (qk_scan_string (&scan));
      QK_FUZZ_CHECK (qk_json_key_equal (from, scan.position, "entries") ||
                     qk_json_key_equal (from, scan.position, "pending_pushes"));
      qk_scan_space (&scan);
      QK_FUZZ_CHECK (qk_scan_char (&scan, ':'));
      from += scan.position;
    }
}

static void
check_whole (const QkSalvagePart *part, const char *data)
{
  gsize length;
  const char *json = qk_entry_get_json (part->entry, &length);

  QK_FUZZ_CHECK (part->how == NULL && length == part->length);
  QK_FUZZ_CHECK (memcmp (json, data + part->offset, length) == 0);
  QK_FUZZ_CHECK (qk_fuzz_json_end (json, length, QK_DOCUMENT_MAX_DEPTH) == json + length);
}

/* The bytes that were put before what stands there are what all whole entries begin with, and hold no
 * value. */
static void
check_head (const QkSalvageSource *source, const char *head, gsize length)
{
  guint n_whole = 0;

  for (guint i = 0; i < qk_salvage_source_get_n_parts (source); i++)
    {
      const QkSalvagePart *part = qk_salvage_source_get_part (source, i);
      gsize whole_length;
      const char *json;

      if (part->kind != QK_SALVAGE_WHOLE || *qk_entry_get_json (part->entry, &whole_length) != '{')
        continue;
      json = qk_entry_get_json (part->entry, &whole_length);
      QK_FUZZ_CHECK (whole_length >= length && memcmp (json, head, length) == 0);
      n_whole++;
    }
  QK_FUZZ_CHECK (n_whole > 0);
  for (const char *p = head; p < head + length; p++)
    if (*p == ':')
      {
        const char *value = p + 1;

        while (value < head + length && strchr (" \t\r\n", *value) != NULL)
          value++;
        QK_FUZZ_CHECK (value == head + length || *value == '{');
      }
}

/* One of the two repairs that there are, and nothing else. */
static void
check_repaired (const QkSalvageSource *source, const QkSalvagePart *part, const char *data)
{
  gsize length;
  const char *json = qk_entry_get_json (part->entry, &length);
  g_autofree char *mended = g_utf8_make_valid (data + part->offset, (gssize) part->length);
  gboolean is_mended = strlen (mended) == length && memcmp (mended, json, length) == 0;

  QK_FUZZ_CHECK (part->how != NULL && g_utf8_validate (part->how, -1, NULL));
  QK_FUZZ_CHECK (qk_fuzz_json_end (json, length, QK_DOCUMENT_MAX_DEPTH) == json + length);
  QK_FUZZ_CHECK (qk_entry_has_field (part->entry, QK_FIELD_ID) &&
                 qk_entry_has_field (part->entry, QK_FIELD_STATUS));
  if (is_mended)
    {
      QK_FUZZ_CHECK (!g_utf8_validate_len (data + part->offset, part->length, NULL));
      return;
    }
  QK_FUZZ_CHECK (length > part->length);
  QK_FUZZ_CHECK (memcmp (json + length - part->length, data + part->offset, part->length) == 0);
  check_head (source, json, length - part->length);
}

static void
check_padding (const QkSalvagePart *part, const char *data)
{
  for (gsize i = 0; i < part->length;)
    {
      const char *p = data + part->offset + i;

      QK_FUZZ_CHECK (*p == '\0' || (part->length - i >= 3 && memcmp (p, "\xef\xbb\xbf", 3) == 0));
      i += *p == '\0' ? 1 : 3;
    }
}

static void
check_parts (const QkSalvageSource *source)
{
  gsize size;
  const char *data = g_bytes_get_data (qk_salvage_source_get_bytes (source), &size), *at = data;
  guint list = 0;

  for (guint i = 0; i < qk_salvage_source_get_n_parts (source); i++)
    {
      const QkSalvagePart *part = qk_salvage_source_get_part (source, i);

      QK_FUZZ_CHECK (part->length > 0 && part->offset <= size);
      QK_FUZZ_CHECK (part->length <= size - part->offset && data + part->offset >= at);
      QK_FUZZ_CHECK (part->list >= list);
      QK_FUZZ_CHECK ((part->entry != NULL) ==
                     (part->kind == QK_SALVAGE_WHOLE || part->kind == QK_SALVAGE_REPAIRED));
      if (qk_salvage_source_get_problem (source) != NULL)
        check_gap (at, data + part->offset);
      if (part->kind == QK_SALVAGE_WHOLE)
        check_whole (part, data);
      else if (part->kind == QK_SALVAGE_REPAIRED)
        check_repaired (source, part, data);
      else if (part->kind == QK_SALVAGE_PADDING)
        check_padding (part, data);
      list = part->list;
      at = data + part->offset + part->length;
    }
  if (qk_salvage_source_get_problem (source) != NULL && size > 0)
    check_gap (at, data + size);
}

/* A file that is a queue gives exactly its entries. */
static void
check_sound (const QkSalvageSource *source)
{
  g_autoptr (QkDocument) document = qk_fuzz_read (qk_salvage_source_get_bytes (source));

  QK_FUZZ_CHECK ((document == NULL) == (qk_salvage_source_get_problem (source) != NULL));
  if (document == NULL)
    return;
  QK_FUZZ_CHECK (qk_salvage_source_get_n_parts (source) == qk_document_get_n_entries (document));
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      const QkSalvagePart *part = qk_salvage_source_get_part (source, i);
      const QkEntry *entry = qk_document_get_entry (document, i);

      QK_FUZZ_CHECK (part->kind == QK_SALVAGE_WHOLE && part->list == 0);
      QK_FUZZ_CHECK (qk_entry_same_json (part->entry, entry));
    }
}

static gboolean
is_named (const QkEntry *entry)
{
  g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

  return id != NULL && *id != '\0';
}

static gboolean
is_same_message (const QkEntry *a, const QkEntry *b)
{
  return is_named (a) && is_named (b) ? qk_entry_same_id (a, b) : qk_entry_same_json (a, b);
}

/* Each entry of the result is one that was found, and none is there twice. */
static void
check_result_entries (const QkSalvage *salvage)
{
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  guint n = qk_salvage_get_n_entries (salvage), n_used = 0;

  for (guint i = 0; i < qk_salvage_get_n_sources (salvage); i++)
    {
      const QkSalvageSource *source = qk_salvage_get_source (salvage, i);

      for (guint j = 0; j < qk_salvage_source_get_n_parts (source); j++)
        if (qk_salvage_source_get_part (source, j)->entry != NULL)
          g_hash_table_insert (found, (gpointer) qk_salvage_source_get_part (source, j)->entry,
                               GUINT_TO_POINTER (i));
      n_used += qk_salvage_count_used (salvage, i);
    }
  QK_FUZZ_CHECK (n_used == n);
  for (guint i = 0; i < n; i++)
    {
      gpointer source;
      guint from;
      const QkEntry *entry = qk_salvage_get_entry (salvage, i, &from);

      QK_FUZZ_CHECK (g_hash_table_lookup_extended (found, entry, NULL, &source));
      QK_FUZZ_CHECK (GPOINTER_TO_UINT (source) == from);
      QK_FUZZ_CHECK (g_hash_table_remove (found, entry));
    }
}

static const QkSalvagePart *
find_part (const QkSalvage *salvage, const QkEntry *entry)
{
  for (guint i = 0; i < qk_salvage_get_n_sources (salvage); i++)
    {
      const QkSalvageSource *source = qk_salvage_get_source (salvage, i);

      for (guint j = 0; j < qk_salvage_source_get_n_parts (source); j++)
        if (qk_salvage_source_get_part (source, j)->entry == entry)
          return qk_salvage_source_get_part (source, j);
    }
  return NULL;
}

/* Of a message that several lists hold, the entries of one of them are used. */
static void
check_nothing_twice (const QkSalvage *salvage)
{
  guint n = qk_salvage_get_n_entries (salvage);

  for (guint i = 0; i < n && n <= MAX_ENTRIES; i++)
    for (guint j = 0; j < i; j++)
      {
        guint first_source, second_source;
        const QkEntry *first = qk_salvage_get_entry (salvage, j, &first_source);
        const QkEntry *second = qk_salvage_get_entry (salvage, i, &second_source);

        QK_FUZZ_CHECK (!is_same_message (first, second) ||
                       (first_source == second_source &&
                        find_part (salvage, first)->list == find_part (salvage, second)->list));
      }
}

static gboolean
has_message (const QkSalvage *salvage, const QkEntry *entry)
{
  for (guint i = 0; i < qk_salvage_get_n_entries (salvage); i++)
    {
      const QkEntry *other = qk_salvage_get_entry (salvage, i, NULL);

      if (is_same_message (other, entry) && other->updated >= entry->updated)
        return TRUE;
    }
  return FALSE;
}

/* Whether @part, of @source, is in the result. If another entry of its message and its list is, it must
 * be, too: they are twins. */
static gboolean
is_used (const QkSalvage *salvage, guint source, const QkSalvagePart *part, gboolean *has_twin)
{
  *has_twin = FALSE;
  for (guint i = 0; i < qk_salvage_get_n_entries (salvage); i++)
    {
      guint from;
      const QkEntry *entry = qk_salvage_get_entry (salvage, i, &from);

      if (entry == part->entry)
        return TRUE;
      *has_twin = *has_twin || (from == source && is_same_message (entry, part->entry) &&
                                find_part (salvage, entry)->list == part->list);
    }
  return FALSE;
}

/* Every message of the files that give all they have is in the result, in its latest state, with its
 * twins. */
static void
check_nothing_lost (const QkSalvage *salvage)
{
  if (qk_salvage_get_n_entries (salvage) > MAX_ENTRIES)
    return;
  for (guint i = 0; i < qk_salvage_get_n_sources (salvage); i++)
    {
      const QkSalvageSource *source = qk_salvage_get_source (salvage, i);

      for (guint j = 0; j < qk_salvage_source_get_n_parts (source); j++)
        {
          const QkSalvagePart *part = qk_salvage_source_get_part (source, j);
          gboolean has_twin;

          if (part->entry == NULL || qk_salvage_only_completes (salvage, i))
            continue;
          QK_FUZZ_CHECK (has_message (salvage, part->entry));
          QK_FUZZ_CHECK (is_used (salvage, i, part, &has_twin) || !has_twin);
        }
    }
}

static void
check_bytes (const QkSalvage *salvage)
{
  g_autoptr (GBytes) bytes = qk_salvage_to_bytes (salvage), copy = NULL;
  g_autoptr (QkDocument) document = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  copy = qk_fuzz_copy (data, size);
  document = qk_fuzz_read (copy);
  QK_FUZZ_CHECK (document != NULL);
  QK_FUZZ_CHECK (qk_document_get_n_entries (document) == qk_salvage_get_n_entries (salvage));
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    QK_FUZZ_CHECK (qk_entry_same_json (qk_document_get_entry (document, i),
                                       qk_salvage_get_entry (salvage, i, NULL)));
}

static void
check_salvage (GPtrArray *sources, guint n_full)
{
  g_autoptr (QkSalvage) salvage = qk_salvage_new (sources, n_full);
  gboolean complete = TRUE;

  for (guint i = 0; i < n_full; i++)
    complete = complete && qk_salvage_source_count (g_ptr_array_index (sources, i),
                                                    QK_SALVAGE_LEFT_OVER, NULL) == 0;
  QK_FUZZ_CHECK (qk_salvage_get_n_sources (salvage) == sources->len);
  QK_FUZZ_CHECK (qk_salvage_is_complete (salvage) == complete);
  check_result_entries (salvage);
  check_nothing_twice (salvage);
  check_nothing_lost (salvage);
  check_bytes (salvage);
}

/* One sound file alone gives what it holds, entry by entry. */
static void
check_alone (QkSalvageSource *source)
{
  g_autoptr (GPtrArray) sources = g_ptr_array_new ();
  g_autoptr (QkSalvage) salvage = NULL;
  guint n = qk_salvage_source_get_n_parts (source);

  if (qk_salvage_source_get_problem (source) != NULL)
    return;
  g_ptr_array_add (sources, source);
  salvage = qk_salvage_new (sources, 1);
  QK_FUZZ_CHECK (qk_salvage_get_n_entries (salvage) == n);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  QkFuzzInput input = {data, size};
  g_autoptr (GPtrArray) sources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_salvage_source_unref);

  do
    {
      QkFuzzInput file = qk_fuzz_take_until (&input, QK_FUZZ_FILE);
      g_autoptr (GBytes) bytes = qk_fuzz_take_bytes (&file);
      QkSalvageSource *source = qk_salvage_source_new ("file", bytes);

      g_ptr_array_add (sources, source);
      check_sound (source);
      check_parts (source);
      check_alone (source);
    }
  while (input.size > 0 && sources->len < MAX_FILES);
  for (guint n_full = 0; n_full <= sources->len; n_full++)
    check_salvage (sources, n_full);
  return 0;
}
