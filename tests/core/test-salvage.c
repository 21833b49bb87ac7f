#include "qk-document.h"
#include "qk-salvage.h"

#include <string.h>

/* What can be had from damaged files: each kind of damage by hand, then cuts and splices at random. */

#define HEAD(sender)                                                                               \
  "{\"message\":{\"sender\":\"" sender "\",\"recipient\":\"Agent-1\",\"content\":\""
#define TAIL(id, seconds) TAIL_WITH (id, "PENDING", seconds)
#define TAIL_WITH(id, status, seconds)                                                             \
  "\",\"tags\":[],\"metadata\":{}},\"queue_id\":\"" id "\",\"priority_score\":0.50,\"status\":"    \
  "\"" status                                                                                      \
  "\",\"created_at\":\"2026-01-08T19:00:00\",\"updated_at\":\"2026-01-08T19:00:" seconds           \
  "\",\"metadata\":{\"delivery_attempts\":0}}"
#define ENTRY(id, seconds) HEAD ("CAPTAIN") "Text of " id TAIL (id, seconds)

#define ENTRY_OTHER(id, seconds) HEAD ("CAPTAIN") "Other text of " id TAIL (id, seconds)

#define A     ENTRY ("a", "01")
#define B     ENTRY ("b", "01")
#define C     ENTRY ("c", "01")
#define D     ENTRY ("d", "01")
#define A_NEW ENTRY ("a", "09")

#define INDENTED                                                                                   \
  "{\n    \"message\": \"m\",\n    \"queue_id\": \"i\",\n    \"status\": \"PENDING\"\n  }"
#define NESTED(key, id)                                                                            \
  "{\"metadata\":{\"metadata\":{\"" key "\":1}},\"message\":\"m\",\"queue_id\":\"" id              \
  "\",\"status\":\"PENDING\"}"
#define BOM "\xef\xbb\xbf"

typedef struct {
  const char *name;
  const char *bytes;
  gsize length; /* 0: as long as the text is */
  const char *result;
  guint repaired;
  const char *left_over; /* of all such parts, one a line; NULL for none */
  guint padding;         /* in bytes */
} Case;

static const Case cases[] = {
    {"sound", "[" A ",\n\n" B "]", 0, "[" A "," B "]", 0, NULL, 0},
    {"sound-twins", "[" A "," B "," A "," A_NEW "]", 0, "[" A "," B "," A "," A_NEW "]", 0, NULL,
     0},
    {"sound-scalars", "[1,\"x\",{\"a\":1}]", 0, "[1,\"x\",{\"a\":1}]", 0, NULL, 0},
    {"sound-wrapper", "{\"v\":1,\"entries\":[" A "]}", 0, "[" A "]", 0, NULL, 0},
    {"empty", "", 0, "[]", 0, NULL, 0},
    {"cut-behind-entry", "[" A "," B, 0, "[" A "," B "]", 0, NULL, 0},
    {"cut-behind-comma", "[" A "," B ",", 0, "[" A "," B "]", 0, NULL, 0},
    {"cut-in-message", "[" A "," HEAD ("x"), 0, "[" A "]", 0, HEAD ("x"), 0},
    {"cut-in-metadata",
     "[" A "," HEAD ("x") "y\"},\"queue_id\":\"q\",\"status\":\"PENDING\",\"metadata\":{", 0,
     "[" A "]", 0, HEAD ("x") "y\"},\"queue_id\":\"q\",\"status\":\"PENDING\",\"metadata\":{", 0},
    {"cut-before-last-brace", "[" A ",{\"message\":\"m\",\"queue_id\":\"q\",\"status\":\"PENDING\"",
     0, "[" A "]", 0, "{\"message\":\"m\",\"queue_id\":\"q\",\"status\":\"PENDING\"", 0},
    {"cut-wrapper", "{\"v\":1,\"entries\":[" A "," HEAD ("x"), 0, "[" A "]", 0,
     "\"v\":1\n" HEAD ("x"), 0},
    {"wrapper-extra", "{\"entries\":[" A "]}\n]}", 0, "[" A "]", 0, "}", 0},
    {"extra-tail",
     "[" A "," B "]"
     "essage\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\",\"content\":\"" TAIL ("z",
                                                                                       "01") "]",
     0, "[" A "," B "," HEAD ("CAPTAIN") TAIL ("z", "01") "]", 1, NULL, 0},
    {"extra-tail-older",
     "[" A_NEW "," B "]"
     "sage\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\",\"content\":\"" TAIL ("a",
                                                                                     "01") "," C
                                                                                           "]",
     0, "[" A_NEW "," B "," C "]", 1, NULL, 0},
    {"extra-tail-in-text",
     "[" A "," B "]"
     "xt of z" TAIL ("z", "01") "," C "]",
     0, "[" A "," B "," C "]", 0, "xt of z" TAIL ("z", "01"), 0},
    {"extra-tail-of-other-kind",
     "[" A ",{\"id\":\"f\",\"content\":\"x\",\"status\":\"pending\"}]"
     "sage\":{\"sender\":\"x\"},"
     "\"queue_id\":\"z\",\"status\":\"PENDING\"}]",
     0, "[" A ",{\"id\":\"f\",\"content\":\"x\",\"status\":\"pending\"}]", 0,
     "sage\":{\"sender\":\"x\"},\"queue_id\":\"z\",\"status\":\"PENDING\"}", 0},
    {"extra-tail-and-cut",
     "[" A "," B "]"
     "sage\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\",\"content\":\"" TAIL (
         "z",
         "01") "," HEAD ("x"),
     0, "[" A "," B "," HEAD ("CAPTAIN") TAIL ("z", "01") "]", 1, HEAD ("x"), 0},
    {"extra-tail-then-garbage",
     "[" A "," B "]"
     "sage\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\",\"content\":\"" TAIL ("z", "01") "x",
     0, "[" A "," B "]", 0, "*", 0},
    {"extra-tail-without-id",
     "[" A "," B "]"
     "sage\":{\"sender\":\"x\"}}",
     0, "[" A "," B "]", 0, "sage\":{\"sender\":\"x\"}}", 0},
    {"extra-tail-ambiguous",
     "[" NESTED ("x", "a") "," NESTED (
         "y",
         "b") "]{\"metadata\":{\"x\":1}}},\"message\":\"m\",\"queue_id\":\"z\",\"status\":\"PENDING\"}",
     0, "[" NESTED ("x", "a") "," NESTED ("y", "b") "]", 0,
     "{\"metadata\":{\"x\":1}}},\"message\":\"m\",\"queue_id\":\"z\",\"status\":\"PENDING\"}", 0},
    {"without-id-behind-list", "[" A "],{\"message\":\"m\",\"status\":\"PENDING\"},", 0, "[" A "]",
     0, "{\"message\":\"m\",\"status\":\"PENDING\"}", 0},
    {"extra-tail-from-later-key",
     "[" A
     ",{\"message\":{\"type\":\"t\",\"sender\":\"x\"},\"queue_id\":\"y\",\"status\":\"PENDING\"}]"
     "\"recipient\":\"x\"},\"queue_id\":\"z\",\"status\":\"PENDING\"}",
     0,
     "[" A
     ",{\"message\":{\"type\":\"t\",\"sender\":\"x\"},\"queue_id\":\"y\",\"status\":\"PENDING\"}]",
     0, "\"recipient\":\"x\"},\"queue_id\":\"z\",\"status\":\"PENDING\"}", 0},
    {"extra-bracket", "[" A "]]", 0, "[" A "]", 0, NULL, 0},
    {"lost-beginning",
     "\"message\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\",\"content\":\"" TAIL (
         "z",
         "01") "," A "]",
     0, "[" HEAD ("CAPTAIN") TAIL ("z", "01") "," A "]", 1, NULL, 0},
    {"two-arrays", "[" A "," B "][" C "]", 0, "[" A "," B "," C "]", 0, NULL, 0},
    {"two-arrays-newer", "[" A "," B "]\n[" B "," A_NEW "]", 0, "[" A_NEW "," B "]", 0, NULL, 0},
    {"two-arrays-older", "[" A_NEW "," B "][" B "," A "]", 0, "[" A_NEW "," B "]", 0, NULL, 0},
    {"two-wrappers", "{\"entries\":[" A "]}{\"entries\":[" B "]}", 0, "[" A "," B "]", 0, NULL, 0},
    {"lines", A "\n" B "\n", 0, "[" A "," B "]", 0, NULL, 0},
    {"missing-comma", "[" A B "]", 0, "[" A "," B "]", 0, NULL, 0},
    {"interleaved-in-text",
     "[" A "," HEAD ("x") "cut sho"
                          "[" B "," C "]",
     0, "[" A "," B "," C "]", 0, HEAD ("x") "cut sho", 0},
    {"interleaved-before-key",
     "[" A "," HEAD ("x") "y\","
                          "[" B "," C "]",
     0, "[" A "," B "," C "]", 0, HEAD ("x") "y\"", 0},
    {"interleaved-mid-entry",
     "[" A "," HEAD ("x") "y\""
                          "ent\":\"zz" TAIL ("q", "01") "," C "]",
     0, "[" A "," C "]", 0, HEAD ("x") "y\"ent\":\"zz" TAIL ("q", "01"), 0},
    {"interleaved-behind-backslash",
     "[" A "," HEAD ("x") "y\\"
                          "[" B "]",
     0, "[" A "," B "]", 0, HEAD ("x") "y\\", 0},
    {"interleaved-indented",
     "[" A "," HEAD ("x") "y"
                          "[\n  " B "\n]\n",
     0, "[" A "," B "]", 0, HEAD ("x") "y", 0},
    {"keys-twice",
     "[" A "," HEAD ("x") "y\"},\"queue_id\":\"q\",\"status\":\"PENDING\",\"queue_id\":\"r\"}," B,
     0, "[" A "," B "]", 0,
     HEAD ("x") "y\"},\"queue_id\":\"q\",\"status\":\"PENDING\",\"queue_id\":\"r\"}", 0},
    {"wrong-level",
     "[" A "," HEAD (
         "x") "y\"},\"queue_id\":\"q\",\"status\":\"PENDING\",\"tags\":[],\"metadata\":{}},\"queue_id\":\"r\","
              "\"status\":\"PENDING\"}," B "]",
     0, "[" A "," B "]", 0,
     HEAD (
         "x") "y\"},\"queue_id\":\"q\",\"status\":\"PENDING\",\"tags\":[],\"metadata\":{}},\"queue_id\":\"r\",\"status\":\"PENDING\"}",
     0},
    {"bom", BOM "[" A "," B "]", 0, "[" A "," B "]", 0, NULL, 3},
    {"nul-behind", "[" A "]\0\0\0\0", sizeof "[" A "]\0\0\0\0" - 1, "[" A "]", 0, NULL, 4},
    {"nul-before", "\0\0[" A "]", sizeof "\0\0[" A "]" - 1, "[" A "]", 0, NULL, 2},
    {"nul-inside", "[" A "," HEAD ("x") "y\0\0\0", sizeof "[" A "," HEAD ("x") "y\0\0\0" - 1,
     "[" A "]", 0, HEAD ("x") "y", 3},
    {"nul-amid", "[" A "," HEAD ("x") "y\0\0" TAIL ("q", "01") "," B "]",
     sizeof "[" A "," HEAD ("x") "y\0\0" TAIL ("q", "01") "," B "]" - 1, "[" A "," B "]", 0, "*",
     0},
    {"bad-byte", "[" A "," HEAD ("x") "y\xffz" TAIL ("q", "01") "," B "]", 0,
     "[" A "," HEAD ("x") "y\xef\xbf\xbdz" TAIL ("q", "01") "," B "]", 1, NULL, 0},
    {"half-character", "[" A "," HEAD ("x") "y\xf0\x9f\x90" TAIL ("q", "01") "]", 0,
     "[" A "," HEAD ("x") "y\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" TAIL ("q", "01") "]", 1, NULL, 0},
    {"half-character-at-end", "[" A "," HEAD ("x") "y\xf0\x9f", 0, "[" A "]", 0,
     HEAD ("x") "y\xf0\x9f", 0},
    {"bad-byte-in-id", "[" A "," HEAD ("x") TAIL ("q\xff", "01") "," B "]", 0, "[" A "," B "]", 0,
     HEAD ("x") TAIL ("q\xff", "01"), 0},
    {"bad-byte-in-status", "[" A "," HEAD ("x") TAIL_WITH ("q", "PEND\xff", "01") "," B "]", 0,
     "[" A "," B "]", 0, HEAD ("x") TAIL_WITH ("q", "PEND\xff", "01"), 0},
    {"bad-byte-outside", "[" A ",\xff" B "]", 0, "[" A "," B "]", 0, "\xff", 0},
    {"without-id", "[{\"message\":\"m\",\"status\":\"PENDING\"},{\"message\":1}," A ",{", 0,
     "[{\"message\":\"m\",\"status\":\"PENDING\"},{\"message\":1}," A "]", 0, "{", 0},
    {"without-id-without-comma", "[" A "{\"message\":\"m\",\"status\":\"PENDING\"}," B "]]", 0,
     "[" A "," B "]", 0, "{\"message\":\"m\",\"status\":\"PENDING\"}", 0},
    {"without-id-after-damage", "[" A ",x{\"message\":\"m\",\"status\":\"PENDING\"}," B "]", 0,
     "[" A "," B "]", 0, "x{\"message\":\"m\",\"status\":\"PENDING\"}", 0},
    {"empty-id", "[" A ",{\"message\":\"m\",\"queue_id\":\"\",\"status\":\"PENDING\"}garbage", 0,
     "[" A "]", 0, "{\"message\":\"m\",\"queue_id\":\"\",\"status\":\"PENDING\"}garbage", 0},
    {"nested-message",
     "[" A
     ",{\"message\":x{\"sender\":\"s\",\"id\":\"i\",\"status\":\"PENDING\",\"content\":\"c\"},\"y\":1}," B,
     0, "[" A "," B "]", 0,
     "{\"message\":x{\"sender\":\"s\",\"id\":\"i\",\"status\":\"PENDING\",\"content\":\"c\"},\"y\":1}",
     0},
    {"flat-after-damage",
     "[{\"id\":\"f\"x,{\"id\":\"g\",\"content\":\"x\",\"status\":\"pending\"}]", 0,
     "[{\"id\":\"g\",\"content\":\"x\",\"status\":\"pending\"}]", 0, "{\"id\":\"f\"x", 0},
    {"no-flat-after-damage",
     "[" A ",{\"id\":\"f\"x,{\"id\":\"g\",\"content\":\"x\",\"status\":\"pending\"}]", 0, "[" A "]",
     0, "{\"id\":\"f\"x,{\"id\":\"g\",\"content\":\"x\",\"status\":\"pending\"}", 0},
    {"nested-as-value", "[" A ",{\"y\":x,\"original\":" C ",\"queue_id\":\"q\"}," B "]", 0,
     "[" A "," B "]", 0, "{\"y\":x,\"original\":" C ",\"queue_id\":\"q\"}", 0},
    {"nested-list", "[" A ",{\"y\":x,\"history\":[" C "," D "],\"queue_id\":\"q\"}," B "]", 0,
     "[" A "," B "]", 0, "{\"y\":x,\"history\":[" C "," D "],\"queue_id\":\"q\"}", 0},
    {"nested-in-cut", "[" A ",{\"y\":{\"original\":" C "},\"history\":[" D "],\"queue_id\":\"q", 0,
     "[" A "]", 0, "{\"y\":{\"original\":" C "},\"history\":[" D "],\"queue_id\":\"q", 0},
    {"scalars", "[1,\"x\"," A, 0, "[" A "]", 0, "1,\"x\"", 0},
    {"garbage", "hello", 0, "[]", 0, "hello", 0},
    {"indented", "[\n  " INDENTED ",\n  " INDENTED "\n]\n]", 0,
     "[\n  " INDENTED ",\n  " INDENTED "\n]", 0, NULL, 0},
    {"indented-crlf",
     "{\r\n\t\"entries\": [\r\n\t\t{\r\n\t\t\t\"message\": 1\r\n\t\t},{\"message\":1}]", 0,
     "[\r\n\t\t{\r\n\t\t\t\"message\": 1\r\n\t\t},\r\n\t\t{\"message\":1}\r\n\t]", 0, NULL, 0},
    {"spaced", "[{\"message\": 1, \"y\": 2},{\"message\":1}]]", 0,
     "[{\"message\": 1, \"y\": 2}, {\"message\":1}]", 0, NULL, 0},
};

static GBytes *
to_bytes (const char *text, gsize length)
{
  return g_bytes_new (text, length > 0 ? length : strlen (text));
}

static char *
describe_left_over (QkSalvageSource *source)
{
  const char *data = g_bytes_get_data (qk_salvage_source_get_bytes (source), NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < qk_salvage_source_get_n_parts (source); i++)
    {
      const QkSalvagePart *part = qk_salvage_source_get_part (source, i);

      if (part->kind == QK_SALVAGE_LEFT_OVER)
        {
          if (text->len > 0)
            g_string_append_c (text, '\n');
          g_string_append_len (text, data + part->offset, (gssize) part->length);
        }
    }
  return g_strdup (text->str);
}

/* The parts are in the order of the file, and what is between them says nothing. */
static void
assert_parts (QkSalvageSource *source)
{
  gsize length, end = 0;
  const char *data = g_bytes_get_data (qk_salvage_source_get_bytes (source), &length);

  for (guint i = 0; i <= qk_salvage_source_get_n_parts (source); i++)
    {
      const QkSalvagePart *part = i < qk_salvage_source_get_n_parts (source)
                                      ? qk_salvage_source_get_part (source, i)
                                      : NULL;
      gsize start = part != NULL ? part->offset : length, n;

      g_assert_cmpuint (start, >=, end);
      if (qk_salvage_source_get_problem (source) != NULL)
        for (gsize j = end; j < start; j++)
          if (strchr (" \t\r\n,[]{}:\"entriespending_pushes", data[j]) == NULL || data[j] == '\0')
            g_error ("byte %" G_GSIZE_FORMAT " is nowhere", j);
      if (part == NULL)
        break;
      g_assert_cmpuint (part->length, >, 0);
      g_assert_cmpint (part->entry != NULL, ==, part->kind <= QK_SALVAGE_REPAIRED);
      g_assert_cmpint (part->how != NULL, ==, part->kind == QK_SALVAGE_REPAIRED);
      end = part->offset + part->length;
      g_assert_cmpuint (end, <=, length);
      if (part->kind == QK_SALVAGE_WHOLE)
        g_assert_cmpmem (qk_entry_get_json (part->entry, &n), part->length, data + part->offset,
                         part->length);
      if (part->kind == QK_SALVAGE_WHOLE)
        g_assert_cmpuint (n, ==, part->length);
    }
}

static QkSalvage *
salvage (GBytes *first, GBytes *second, guint n_full)
{
  g_autoptr (GPtrArray) sources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_salvage_source_unref);

  g_ptr_array_add (sources, qk_salvage_source_new ("first", first));
  if (second != NULL)
    g_ptr_array_add (sources, qk_salvage_source_new ("second", second));
  for (guint i = 0; i < sources->len; i++)
    assert_parts (g_ptr_array_index (sources, i));
  return qk_salvage_new (sources, MIN (n_full, sources->len));
}

static void
assert_result (const QkSalvage *salvaged, const char *expected)
{
  g_autoptr (GBytes) bytes = qk_salvage_to_bytes (salvaged);
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (text, ==, expected);
  document = qk_document_new (bytes, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (qk_document_get_n_entries (document), ==, qk_salvage_get_n_entries (salvaged));
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) bytes = to_bytes (c->bytes, c->length);
  g_autoptr (QkSalvage) salvaged = salvage (bytes, NULL, 1);
  QkSalvageSource *source = qk_salvage_get_source (salvaged, 0);
  g_autofree char *left_over = describe_left_over (source);
  gboolean any = c->left_over != NULL;
  gsize padding;

  assert_result (salvaged, c->result);
  g_assert_cmpuint (qk_salvage_source_count (source, QK_SALVAGE_REPAIRED, NULL), ==, c->repaired);
  if (g_strcmp0 (c->left_over, "*") != 0)
    g_assert_cmpstr (left_over, ==, any ? c->left_over : "");
  g_assert_cmpint (qk_salvage_source_count (source, QK_SALVAGE_LEFT_OVER, NULL) > 0, ==, any);
  g_assert_cmpint (qk_salvage_is_complete (salvaged), ==, !any);
  (void) qk_salvage_source_count (source, QK_SALVAGE_PADDING, &padding);
  g_assert_cmpuint (padding, ==, c->padding);
}

typedef struct {
  const char *name;
  const char *first;
  const char *second;
  guint n_full;
  const char *result;
} Pair;

static const Pair pairs[] = {
    {"newer-in-second", "[" A "," B, "[" C "," A_NEW "]", 2, "[" A_NEW "," B "," C "]"},
    {"older-in-second", "[" A_NEW "," B, "[" A "," C "]", 2, "[" A_NEW "," B "," C "]"},
    {"tie", "[" A "," B, "[" ENTRY_OTHER ("a", "01") "]", 2, "[" A "," B "]"},
    {"first-is-empty", "", "[" A "," B "]", 2, "[" A "," B "]"},
    {"only-completes", "[" A "," B, "[" C "," A_NEW "]", 1, "[" A_NEW "," B "]"},
    {"completes-left-over", "[" A "," HEAD ("x") "y\n" TAIL ("c", "01"), "[" C "," D "]", 1,
     "[" A "," C "]"},
    {"completes-cut", "[" A ",{\"queue_id\":\"c\",\"message\":{\"sender", "[" C "," D "]", 1,
     "[" A "," C "]"},
    {"completes-nothing", "[" A ",{\"queue_id\":\"c", "[" C "," D "]", 1, "[" A "]"},
    {"without-id", "[{\"message\":1},{\"message\":2},", "[{\"message\":2},{\"message\":3}]", 2,
     "[{\"message\":1},{\"message\":2},{\"message\":3}]"},
    {"without-id-completes", "[{\"message\":1},", "[{\"message\":1},{\"message\":3}]", 1,
     "[{\"message\":1}]"},
    {"null-ids", "[{\"queue_id\":null,\"message\":1},",
     "[{\"queue_id\":null,\"message\":2},{\"queue_id\":\"\",\"message\":1}]", 2,
     "[{\"queue_id\":null,\"message\":1},{\"queue_id\":null,\"message\":2},{\"queue_id\":\"\",\"message\":1}]"},
    {"short-numbers", "[{\"queue_id\":7,\"message\":1},",
     "[{\"queue_id\":7,\"message\":2,\"updated_at\":\"2026-01-08T19:00:00\"}]", 2,
     "[{\"queue_id\":7,\"message\":2,\"updated_at\":\"2026-01-08T19:00:00\"}]"},
    {"twins-stay", "[" A "," B "," A "]]", "[" A "]", 2, "[" A "," B "," A "]"},
    {"twins-newer", "[" A "," B "]]", "[" A_NEW "," A "]", 2, "[" A_NEW "," A "," B "]"},
    {"twins-replaced", "[" A "," B "," A "]]", "[" A_NEW "]", 2, "[" A_NEW "," B "]"},
    {"escaped-id",
     "[{\"queue_id\":\"\\u0061\",\"message\":\"m\",\"updated_at\":\"2026-01-08T19:00:00\"},",
     "[" A "]", 1, "[" A "]"},
};

static void
test_pair (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (GBytes) first = to_bytes (pair->first, 0), second = to_bytes (pair->second, 0);
  g_autoptr (QkSalvage) salvaged = salvage (first, second, pair->n_full);
  guint n = qk_salvage_get_n_entries (salvaged);

  assert_result (salvaged, pair->result);
  g_assert_cmpuint (qk_salvage_count_used (salvaged, 0) + qk_salvage_count_used (salvaged, 1), ==,
                    n);
  g_assert_cmpint (qk_salvage_only_completes (salvaged, 1), ==, pair->n_full == 1);
}

/* What only completing sources have is counted, each message once. */
static void
test_withheld (void)
{
  static const char *const texts[] = {"[" A, "[" B "," C "," A_NEW "]", "[{\"message\":1}," C "]"};
  g_autoptr (GPtrArray) sources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_salvage_source_unref);
  g_autoptr (QkSalvage) some = NULL, all = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = to_bytes (texts[i], 0);

      g_ptr_array_add (sources, qk_salvage_source_new ("name", bytes));
    }
  some = qk_salvage_new (sources, 1);
  g_assert_cmpuint (qk_salvage_get_n_entries (some), ==, 1);
  g_assert_cmpuint (qk_salvage_get_n_withheld (some), ==, 2);
  all = qk_salvage_new (sources, 3);
  g_assert_cmpuint (qk_salvage_get_n_withheld (all), ==, 0);
}

static void
test_where_from (void)
{
  g_autoptr (GBytes) first = to_bytes ("[" A "," B, 0), second = to_bytes ("[" A_NEW "]", 0);
  g_autoptr (QkSalvage) salvaged = salvage (first, second, 2);
  guint source;

  (void) qk_salvage_get_entry (salvaged, 0, &source);
  g_assert_cmpuint (source, ==, 1);
  (void) qk_salvage_get_entry (salvaged, 1, &source);
  g_assert_cmpuint (source, ==, 0);
  g_assert_cmpuint (qk_salvage_count_used (salvaged, 1), ==, 1);
}

static void
test_how (void)
{
  g_autoptr (GBytes) tail =
      to_bytes ("[" A "]"
                "ssage\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\",\"content\":\"" TAIL (
                    "z", "01") "]",
                0);
  g_autoptr (GBytes) bad = to_bytes ("[" HEAD ("x") "y\xf0\x9f" TAIL ("q", "01") "]", 0);
  g_autoptr (QkSalvage) one = salvage (tail, NULL, 1), other = salvage (bad, NULL, 1);
  const QkSalvagePart *part = qk_salvage_source_get_part (qk_salvage_get_source (one, 0), 1);

  g_assert_cmpstr (
      part->how, ==,
      "its first 4 bytes were missing: completed with “{\"me”, as the other entries begin");
  g_assert_cmpuint (part->offset, ==, strlen ("[" A "]"));
  part = qk_salvage_source_get_part (qk_salvage_get_source (other, 0), 0);
  g_assert_cmpstr (part->how, ==, "2 bytes in a text that are not UTF-8 became U+FFFD");
  g_assert_cmpstr (qk_salvage_source_get_problem (qk_salvage_get_source (one, 0)), !=, NULL);
}

/* The members of a sound queue, to the byte. */
static GHashTable *
collect_members (GHashTable *members, const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      gsize n;
      const char *json = qk_entry_get_json (qk_document_get_entry (document, i), &n);

      g_hash_table_add (members, g_strndup (json, n));
    }
  return members;
}

/* A queue of the swarm's form, with contents of all kinds. */
static char *
make_queue (GRand *random, const char *prefix)
{
  static const char *const words[] = {"word",
                                      " ",
                                      "\\\"id\\\":",
                                      "{",
                                      "}",
                                      "[",
                                      "]",
                                      "\\\\",
                                      "\xc3\xa4",
                                      ",",
                                      ":",
                                      "\\n",
                                      "{\\\"queue_id\\\":",
                                      "\xf0\x9f\x90\x9d"};
  static const char *const names[] = {"PENDING", "DELIVERED", "FAILED", "PROCESSING"};
  GString *text = g_string_new ("[");
  gboolean indent = g_rand_boolean (random);
  guint n = (guint) g_rand_int_range (random, 1, 12);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GString) content = g_string_new (NULL);
      const char *newline = indent ? "\n    " : "";

      for (int j = g_rand_int_range (random, 0, 40); j > 0; j--)
        g_string_append (content, words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))]);
      g_string_append_printf (
          text,
          "%s%s{%s\"message\":{\"sender\":\"S\",\"content\":\"%s\",\"tags\":[\"x\"],"
          "\"metadata\":{\"stalled\":false}},%s\"queue_id\":\"%s%u\",\"status\":\"%s\","
          "\"updated_at\":\"2026-01-08T19:00:%02u\",\"metadata\":{\"n\":[1,{\"a\":2}]}}",
          i > 0 ? "," : "", indent ? "\n  " : "", newline, content->str, newline, prefix, i,
          names[g_rand_int_range (random, 0, G_N_ELEMENTS (names))],
          (guint) g_rand_int_range (random, 0, 60));
    }
  g_string_append (text, indent ? "\n]\n" : "]");
  return g_string_free (text, FALSE);
}

/* How many entries of @text end at or before @cut. */
static guint
count_before (const char *text, gsize cut)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  guint n = 0;

  for (; n < qk_document_get_n_entries (document); n++)
    {
      gsize length;
      const char *json = qk_entry_get_json (qk_document_get_entry (document, n), &length);

      if ((gsize) (json - (const char *) g_bytes_get_data (bytes, NULL)) + length > cut)
        break;
    }
  return n;
}

typedef struct {
  guint runs;
  guint sound; /* read as a queue all the same */
  guint whole; /* entries that were found */
  guint repaired;
  guint damaged; /* of merged: in a queue that does not read as a sound one */
  guint merged;  /* ones that are whole across the cut, and members of neither queue */
} Tally;

static char *
without_indentation (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_strstrip (lines[i]);
  return g_strjoinv ("", lines);
}

/* Its first bytes are those of the other queue, which may be laid out otherwise. */
static gboolean
has_member (GHashTable *members, const char *text)
{
  g_autofree char *plain = without_indentation (text);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, members);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_autofree char *member = without_indentation (key);

      if (strcmp (member, plain) == 0)
        return TRUE;
    }
  return FALSE;
}

/* @first up to @cut, then @second from @from on. */
static void
check_splice (const char *first, gsize cut, const char *second, gsize from, Tally *tally)
{
  g_autofree char *spliced = g_strdup_printf ("%.*s%s", (int) cut, first, second + from);
  g_autoptr (GBytes) bytes = g_bytes_new (spliced, strlen (spliced));
  g_autoptr (QkSalvageSource) source = qk_salvage_source_new ("x", bytes);
  g_autoptr (GHashTable) members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint before = 0, expected = count_before (first, cut);

  tally->runs++;
  tally->sound += qk_salvage_source_get_problem (source) == NULL;
  (void) collect_members (members, first, strlen (first));
  (void) collect_members (members, second, strlen (second));
  assert_parts (source);
  for (guint i = 0; i < qk_salvage_source_get_n_parts (source); i++)
    {
      const QkSalvagePart *part = qk_salvage_source_get_part (source, i);
      g_autofree char *text = g_strndup (spliced + part->offset, part->length);

      before += part->kind == QK_SALVAGE_WHOLE && part->offset + part->length <= cut;
      if (part->entry != NULL && part->kind == QK_SALVAGE_REPAIRED)
        {
          gsize length;
          const char *json = qk_entry_get_json (part->entry, &length);
          g_autofree char *repaired = g_strndup (json, length);

          /* With its first bytes, it is what it was. */
          tally->repaired++;
          if (part->offset >= cut && !has_member (members, repaired))
            g_error ("invented: %s\nout of: %s", repaired, spliced);
        }
      if (part->kind != QK_SALVAGE_WHOLE)
        continue;
      tally->whole++;
      if (g_hash_table_contains (members, text))
        continue;
      if (part->offset >= cut || part->offset + part->length <= cut)
        g_error ("invented: %s\nout of: %s", text, spliced);
      tally->merged++;
      tally->damaged += qk_salvage_source_get_problem (source) != NULL;
    }
  g_assert_cmpuint (before, ==, expected);
}

#define RUNS 20000

static void
test_cuts (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260108);
  Tally tally = {0};

  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *text = make_queue (random, "a");
      gsize cut = (gsize) g_rand_int_range (random, 0, (gint32) strlen (text));

      check_splice (text, cut, text, strlen (text), &tally);
    }
  g_assert_cmpuint (tally.merged, ==, 0);
  g_test_message ("%u cuts, %u still sound, %u entries", tally.runs, tally.sound, tally.whole);
}

/* Halves of two entries that read as one cannot be told from one; everything else must be as it was
 * written. */
static void
test_splices (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260109);
  Tally tally = {0};

  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *first = make_queue (random, "a"), *second = make_queue (random, "b");

      check_splice (first, (gsize) g_rand_int_range (random, 0, (gint32) strlen (first)), second,
                    (gsize) g_rand_int_range (random, 0, (gint32) strlen (second)), &tally);
    }
  g_test_message (
      "%u splices, %u still sound, %u entries, %u of them of two halves, %u of these in what is not sound",
      tally.runs, tally.sound, tally.whole, tally.merged, tally.damaged);
  g_assert_cmpuint (tally.merged - tally.damaged, <=, tally.sound);
  g_assert_cmpuint (tally.damaged, <=, RUNS / 200);
}

/* The tail of an older, longer version: nothing is of two halves then. */
static void
test_tails (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260110);
  Tally tally = {0};

  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *first = make_queue (random, "a"), *second = make_queue (random, "b");

      check_splice (first, strlen (first), second,
                    (gsize) g_rand_int_range (random, 0, (gint32) strlen (second)), &tally);
    }
  g_assert_cmpuint (tally.merged, ==, 0);
  g_test_message ("%u tails, %u still sound, %u entries and %u repaired ones", tally.runs,
                  tally.sound, tally.whole, tally.repaired);
  g_assert_cmpuint (tally.repaired, >, RUNS / 200);
}

/* Takes out, puts in, doubles and overwrites pieces. */
static void
make_noise (GRand *random, GString *text)
{
  static const char *const pieces[] = {
      "{", "}", "[", "]", "\"", ",", ":", "\\", "\xf0\x9f", BOM, "{\"entries\":["};

  for (int i = g_rand_int_range (random, 1, 6); i > 0 && text->len > 0; i--)
    {
      gint32 at = g_rand_int_range (random, 0, (gint32) text->len);
      gint32 length = g_rand_int_range (random, 0, MIN (200, (gint32) text->len - at) + 1);
      g_autofree char *piece = g_strndup (text->str + at, (gsize) length);

      switch (g_rand_int_range (random, 0, 4))
        {
        case 0:
          g_string_erase (text, at, length);
          break;
        case 1:
          g_string_insert (text, at, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
          break;
        case 2:
          g_string_insert (text, g_rand_int_range (random, 0, (gint32) text->len), piece);
          break;
        default:
          text->str[at] = (char) g_rand_int_range (random, 0, 256);
        }
    }
}

/* Whatever it is: every byte is somewhere, what is whole stands there, and the result is a queue. */
static void
test_noise (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260111);

  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *first = make_queue (random, "a"), *second = make_queue (random, "b");
      g_autoptr (GString) a = g_string_new (first), b = g_string_new (second);
      g_autoptr (GBytes) one = NULL, other = NULL, result = NULL;
      g_autoptr (QkSalvage) salvaged = NULL;
      g_autoptr (QkDocument) document = NULL;
      g_autoptr (GError) error = NULL;

      make_noise (random, a);
      make_noise (random, b);
      one = g_bytes_new (a->str, a->len);
      other = g_bytes_new (b->str, b->len);
      salvaged = salvage (one, other, (guint) g_rand_int_range (random, 1, 3));
      result = qk_salvage_to_bytes (salvaged);
      document = qk_document_new (result, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (qk_document_get_n_entries (document), ==,
                        qk_salvage_get_n_entries (salvaged));
    }
}

#define HOSTILE_SIZE (2 * 1024 * 1024)

static const char *const hostile[] = {
    "{\"a\":",
    "{",
    "[",
    "\"",
    "{\"",
    "{ \"",
    "[{",
    "{\"a\":[",
    "{\"entries\":[",
    "x[" A "]}",
    "\\\"",
    "{\"\":{\"\":\"",
    A,
    "x" A,
    "\xff",
    HEAD ("x") "\xff" TAIL ("q", "01"),
    ":{\"a\":1}",
    "{                                                                ",
    "x{\"a\":[" A ",",
    "{\"a\":1},",
    "{\"entries\":[" A ",",
    "\"queue_id\":",
    "]",
    "}",
    "{\"entries\":{\"entries\":[]},",
};

static void
test_hostile (void)
{
  gint64 worst = 0;

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    for (guint listed = 0; listed < 2; listed++)
      {
        g_autoptr (GString) text = g_string_new (listed ? "[" : "");
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (QkSalvage) salvaged = NULL;
        gint64 start;

        while (text->len < HOSTILE_SIZE)
          g_string_append (text, hostile[i]);
        bytes = g_bytes_new (text->str, text->len);
        start = g_get_monotonic_time ();
        salvaged = salvage (bytes, NULL, 1);
        g_bytes_unref (qk_salvage_to_bytes (salvaged));
        worst = MAX (worst, g_get_monotonic_time () - start);
        if (g_get_monotonic_time () - start > 5 * G_USEC_PER_SEC)
          g_error ("%.2f s for “%s”", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
                   hostile[i]);
      }
  g_test_message ("at most %.3f s for 2 MB", (double) worst / G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/salvage/case/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = g_strconcat ("/salvage/merge/", pairs[i].name, NULL);

      g_test_add_data_func (path, &pairs[i], test_pair);
    }
  g_test_add_func ("/salvage/merge/withheld", test_withheld);
  g_test_add_func ("/salvage/merge/where-from", test_where_from);
  g_test_add_func ("/salvage/how", test_how);
  g_test_add_func ("/salvage/random/cuts", test_cuts);
  g_test_add_func ("/salvage/random/splices", test_splices);
  g_test_add_func ("/salvage/random/tails", test_tails);
  g_test_add_func ("/salvage/random/noise", test_noise);
  g_test_add_func ("/salvage/hostile", test_hostile);
  return g_test_run ();
}
