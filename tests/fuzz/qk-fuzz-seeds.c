#include "qk-fuzz-seeds.h"

#include <string.h>

#define LONG_BYTES (256 * 1024)

#define ENTRY(id, status, more)                                                                    \
  "{\"message\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\",\"content\":\"Text of " id       \
  "\",\"priority\":\"regular\",\"message_type\":\"text\",\"tags\":[\"a\",\"b\"],\"metadata\":"     \
  "{\"stalled\":false}},\"queue_id\":\"" id "\",\"priority_score\":0.50,\"status\":\"" status      \
  "\",\"created_at\":\"2026-01-08T19:07:55.818905\",\"updated_at\":\"2026-01-08T19:07:55\","       \
  "\"metadata\":{\"delivery_callback\":false" more "}}"
#define FAILED                                                                                     \
  ENTRY ("f", "FAILED",                                                                            \
         ",\"last_error\":\"no\",\"delivery_attempts\":3,\"last_retry_time\":"                     \
         "\"2026-01-08T19:07:50\",\"next_retry_delay\":15.0")
#define PENDING                                                                                    \
  ENTRY ("p", "PENDING",                                                                           \
         ",\"last_retry_time\":\"2026-01-08T19:07:50\",\"next_retry_delay\":5,\"x\":1e400")
#define PROCESSING ENTRY ("w", "PROCESSING", "")
#define DELIVERED  ENTRY ("d", "DELIVERED", ",\"resend_time\":\"2026-01-08T19:00:00\"")
#define FLAT                                                                                       \
  "{\"id\":\"n\",\"sender\":\"a\",\"to\":\"b\",\"content\":\"c\",\"priority\":\"high\","           \
  "\"status\":\"failed\",\"created_at\":\"2026-01-08 19:07:55Z\",\"delivered_at\":null}"
#define LINES                                                                                      \
  "{\n    \"message\": \"bare \\u00e4\\ud83d\\ude00\",\n    \"queue_id\": \"i\",\n"                \
  "    \"status\": \"FAILED\",\n    \"priority_score\": 5e-1,\n    \"created_at\": "               \
  "\"2026-01-08T19:07:55+02:00\",\n    \"updated_at\": \"2026-01-08T19:07\",\n"                    \
  "    \"metadata\": {}\n  }"

typedef struct {
  const char *name;
  const char *bytes;
  gsize length; /* 0: as long as the text is */
} Text;

static const Text texts[] = {
    {"empty-list", "[]", 0},
    {"space", " [\r\n\t ] \n", 0},
    {"one", "[" FAILED "]", 0},
    {"all", "[" PENDING "," FAILED "," PROCESSING "," DELIVERED "," FLAT "]", 0},
    {"lines", "[\n  " LINES ",\n  " FAILED "\n]\n", 0},
    {"crlf",
     "{\r\n  \"v\": 1,\r\n  \"entries\": [\r\n    " FAILED ",\r\n    " PENDING "\r\n  ]\r\n}", 0},
    {"pushes", "{\"pending_pushes\":[" DELIVERED "],\"after\":[1,{}]}", 0},
    {"wrapped-twice", "{\"pending_pushes\":[1],\"entries\":[" FAILED "],\"entries\":[" FLAT ",2]}",
     0},
    {"escaped-wrapper", "{\"\\u0065ntries\":[" PENDING "]}", 0},
    {"twins", "[" FAILED "," FAILED "," ENTRY ("f", "PENDING", "") "," DELIVERED "]", 0},
    {"twins-newer",
     "[{\"queue_id\":\"f\",\"status\":\"PENDING\",\"message\":1,\"updated_at\":\"2026-02-01T00:00:00\"},"
     "{\"queue_id\":\"f\",\"status\":\"FAILED\",\"message\":2}]",
     0},
    {"scalars", "[1,\"x\",null,true,-0.0,NaN,-Infinity,{},[],{\"a\":1},[[]],1e400,1]", 0},
    {"null-ids",
     "[{\"queue_id\":null,\"status\":\"FAILED\",\"message\":\"m\"},{\"queue_id\":null,\"status\":"
     "\"PENDING\",\"message\":\"n\"},{\"queue_id\":7,\"id\":\"7\"},{\"queue_id\":\"7\"}]",
     0},
    {"keys-twice",
     "[{\"status\":\"PENDING\",\"queue_id\":\"a\",\"status\":\"FAILED\",\"metadata\":1,\"metadata\":"
     "{\"resend_time\":1,\"resend_time\":2},\"message\":{\"to\":\"x\",\"from\":\"y\"},\"priority_"
     "score\":0.50,\"created_at\":\"\",\"updated_at\":0}]",
     0},
    {"escapes",
     "[{\"queue\\u005fid\":\"\\u0000\\\\\\\"\\/\\b\\f\\n\\r\\t\",\"message\":{\"content\":\"[H] "
     "\\nFrom: x\\n\\n# **b** \\u202e\\u2028\\ud800\",\"recipient\":\"\\udc00\\ud83d\\ude00\"},"
     "\"status\":\"F\\u0041ILED\"}]",
     0},
    {"unicode",
     "[{\"id\":\"\xc3\xa4\xf0\x9f\x98\x80\xe2\x80\xae\x7f\",\"content\":\"\xef\xbb\xbf\"}]", 0},
    {"cut-in-text", "[" FAILED ",{\"message\":{\"sender\":\"CAP", 0},
    {"cut-in-number", "[" FAILED "," PENDING ",{\"queue_id\":\"z\",\"priority_score\":0.", 0},
    {"cut-in-escape", "[" FAILED ",{\"message\":\"\\ud83d\\u", 0},
    {"tail",
     "[" FAILED "," PENDING "]age\":{\"sender\":\"x\",\"recipient\":\"y\"},\"queue_id\":"
     "\"t\",\"status\":\"PENDING\",\"metadata\":{}}]",
     0},
    {"spliced", "[" FAILED ",{\"message\":{\"sender\":\"CA[" PENDING "," DELIVERED "]", 0},
    {"nested", "[{\"x\":[" FAILED "," PENDING "],\"queue_id\":\"o\"},{\"a\":{" DELIVERED "]", 0},
    {"two-queues", "[" FAILED "][" PENDING "]{\"entries\":[" FLAT "]}}", 0},
    {"no-commas", "[" FAILED PENDING " " DELIVERED "", 0},
    {"not-utf8",
     "[{\"message\":\"\xff\xc3(\xed\xa0\x80\",\"queue_id\":\"u\",\"status\":\"FAILED\"}," FAILED
     "]",
     0},
    {"leading-zero", "01", 0},
    {"surrogate-in-utf8", "[\"\xed\xa0\x80\"]", 0},
    {"overlong-utf8", "[\"\xe0\x9f\xbf\"]", 0},
    {"beyond-unicode", "[\"\xf4\x90\x80\x80\"]", 0},
    {"last-of-unicode",
     "[\"\xf4\x8f\xbf\xbf\xee\x80\x80\xed\x9f\xbf\xe0\xa0\x80\xf0\x90\x80\x80\xc2\x80\"]", 0},
    {"bom", "\xef\xbb\xbf[" FAILED "]", 0},
    {"words", "nothing to be had {\"\" {\" {\"queue_id\":\"q\"", 0},
};

/* Scripts begin with how entries are moved (see qk_fuzz_rearrange()). */
static const Text scripts[] = {
    {"none", "", 0},
    {"take-out", "\x01\x00\x00\x00\x01\x01\x00\x02", 8},
    {"repeat", "\x01\x01\x00\x01\x00\x02\x00\x00", 8},
    {"move-spoil", "\x01\x02\x00\x01\x02\x03\x09\x05\x02\x01\x07\x03\x04", 13},
    {"resend-all", "\x00\x05\x00\x00\x00\x00\x01\x00\x00\x02\x00\x00\x03\x00\x00\x04\x00", 17},
    {"edit-all", "\x00\x05\x04\x00\x02\x03\x00\x00\x04\x01\x03\x03\x01\x01\x04\x04\x00", 17},
    {"purge-send", "\x00\x03\x01\x00\x01\x02\x02\x00\x01\x02\x03\x05\x01\x02\x01", 15},
    {"restore", "\x02\x00\x00\x00\x00\x01\x00\x01\x05\x00\x01\x00\x05\x01\x00\x01", 16},
    {"save-old-check", "\x00\x00\x00\x01\x02\x00\x00\x00\x07\x05\x02\x07", 12},
    {"save-insist", "\x00\x01\x00\x00\x01\x01\x06\x00\x00\x00\x05\x0f\x07", 13},
    {"settle-save-older", "\x00\x00\x00\x02\x05\x0f\x07\x01\x00\x00\x03\x00", 12},
    {"merge-old-check", "\x04\x00\x01\x01\x00\x00\x00\x02\x00\x00\x00\x07\x06\x00\x00\x00", 16},
};

static const Text configs[] = {
    {"modes",
     "{\"current_mode\":\"m\",\"modes\":{\"m\":{\"active_agents\":[\"Agent-1\",\"Agent-10\",\"Agent-2\","
     "\"so\",1],\"processing_order\":[]}}}",
     0},
    {"no-mode", "{\"current_mode\":null,\"modes\":{\"m\":[]}}", 0},
    {"list", "[[],{}]", 0},
    {"two", "{} {\"modes\":1}", 0},
    {"time", "2026-01-08T19:07:55.818905", 0},
    {"time-zone", "2026-02-29 23:59:60.5+02:00", 0},
    {"time-z", "2024-02-29 19:07Z", 0},
};

#define LOCK_ERROR                                                                                   \
  "{\"timestamp\":\"2026-01-06T11:30:00.5\",\"error_type\":\"PermissionError\",\"winerror_code\":5," \
  "\"attempt\":1,\"delay\":0.15,\"file_path\":\"message_queue\\\\queue.json\"}"
#define LOCK_RETRY                                                                                 \
  "{\"timestamp\":\"2026-01-06T11:30:01\",\"attempts\":2,\"total_delay\":0.15,\"winerror_code\":null}"
#define DELIVERY                                                                                   \
  "{\"queue_id\":\"d\",\"recipient\":\"Agent-10\",\"delivery_method\":\"x\",\"success\":true,"     \
  "\"delivery_time_seconds\":8.21,\"attempt_number\":1,\"timestamp\":\"2026-01-06T11:30:00\"}"

static const Text metrics[] = {
    {"counters",
     "{\n  \"errors\": [" LOCK_ERROR "," LOCK_ERROR "],\n  \"retry_success\": [" LOCK_RETRY
     "],\"concurrency_events\":[{\"timestamp\":\"2026-01-06T11:00:00\",\"concurrent_writes\":4,"
     "\"time_window_seconds\":2.5}],\"summary\":{\"total_errors\":3,\"winerror_5_count\":2,"
     "\"winerror_32_count\":1,\"retry_success_count\":2,\"retry_failure_count\":1,"
     "\"max_retries_needed\":7,\"avg_retry_delay\":0.25,\"high_concurrency_count\":1},"
     "\"last_updated\":\"2026-01-06T11:59:59\"}",
     0},
    {"counters-odd",
     "{\"errors\":[1,[],{},{\"winerror_code\":32,\"delay\":-1,\"attempt\":1e300},{\"error_type\":"
     "\"BlockingIOError\",\"winerror_code\":null}],\"errors\":[{\"winerror_code\":13}],"
     "\"summary\":{\"total_errors\":1e18,\"avg_retry_delay\":Infinity},\"retry_success\":[{}]}",
     0},
    {"deliveries",
     "[" DELIVERY ",{\"recipient\":\"so\",\"success\":false,\"delivery_time_seconds\":1e300}]", 0},
    {"deliveries-wrapped", "{\"version\":1,\"deliveries\":[" DELIVERY "," DELIVERY "]}", 0},
    {"command", "/usr/bin/python3.11\0-u\0src/queue_processor.py\0--once", 52},
    {"command-module", "python3\0-m\0swarm.send", 21},
};

/* What is repeated until it is long: the time that is taken must grow with the length alone. */
static const struct {
  const char *name;
  const char *before;
  const char *unit;
  const char *after;
  guint max_times; /* 0: up to the length */
} longs[] = {
    {"entries", "[" PENDING, "," FAILED, "]", 0},
    {"empty-objects", "[0", ",{}", ",0]", 0},
    {"numbers", "[0", ",1", "]", 0},
    {"same-ids", "[{\"id\":1}", ",{\"id\":2}", ",{\"id\":3}]", 0},
    {"spaces", "[1,", "          ", "2]", 0},
    {"keys", "[{\"a\":1", ",\"status\":1", "}]", 0},
    {"metadata-keys", "[{\"status\":\"FAILED\",\"metadata\":{\"a\":1", ",\"resend_time\":1", "}}]",
     0},
    {"backslashes", "[\"", "\\\\", "\"]", 0},
    {"quotes", "[\"", "\\\"", "\"]", 0},
    {"surrogates", "[{\"content\":\"", "\\ud83d", "\"}]", 0},
    {"control", "[{\"content\":\"", "\\u202e", "\"}]", 0},
    {"fraction", "[{\"priority_score\":0.", "0123456789", "}]", 0},
    {"headers", "[{\"content\":\"[H]", "\\nA: b", "\"}]", 0},
    {"depth-510", "[", "[", "", 510},
    {"lists", "", "[", "", 0},
    {"second-lists", "{}", "[", "", 0},
    {"list-ends", "[1", "]", "", 0},
    {"objects", "", "{\"a\":", "", 0},
    {"object-starts", "[", "{\"", "", 0},
    {"braces", "[", "{", "", 0},
    {"texts", "[", "\"", "", 0},
    {"nul", "[", "\x01", "", 0},
    {"not-utf8", "[\"", "\xff", "\"", 0},
    {"entries-damaged", "[" FAILED, "," PENDING "{", "", 0},
    {"ids-in-lists", "[" FAILED, "]" FAILED "[", "", 0},
    {"small-lists", "", "[{\"id\":1,\"status\":\"\",\"to\":1}]", "", 0},
    {"twins-and-lists", "[{\"id\":1,\"status\":\"\",\"to\":1}",
     ",{\"id\":1,\"status\":\"\",\"to\":1}][{\"id\":1,\"status\":\"\",\"to\":1}", "]", 0},
    {"tails", "[" FAILED "," PENDING "]", "ge\":{\"sender\":\"x\"},\"queue_id\":\"1\"}]", "", 0},
    {"lock-errors", "{\"errors\":[" LOCK_ERROR, "," LOCK_ERROR, "]}", 0},
    {"retries", "{\"retry_success\":[{}", ",{}", "]}", 0},
    {"recipients", "[" DELIVERY, "," DELIVERY, "]", 0},
    {"left-over-lists", "[" FAILED "{", "{\"queue_id\":\"a\",\"x\":[1]},", "", 0},
};

static const char *const tokens[] = {
    "\"queue_id\":",
    "\"id\":",
    "\"status\":",
    "\"message\":",
    "\"metadata\":",
    "\"updated_at\":",
    "\"created_at\":",
    "\"priority_score\":",
    "\"recipient\":",
    "\"to\":",
    "\"from\":",
    "\"content\":",
    "\"delivery_attempts\":",
    "\"resend_time\":",
    "\"next_retry_delay\":",
    "\"last_retry_time\":",
    "\"entries\":[",
    "\"pending_pushes\":[",
    "\"PENDING\"",
    "\"FAILED\"",
    "\"PROCESSING\"",
    "\"DELIVERED\"",
    "\"2026-01-08T19:07:55\"",
    "null",
    "true",
    "NaN",
    "-Infinity",
    "1e400",
    "0.50",
    "\\ud83d",
    "\\ude00",
    "\\u0000",
    "\\u202e",
    "\\\"",
    "\\\\",
    "{}",
    "[]",
    "},{",
    "],[",
    "{\"",
    "\":{",
    "\":\"",
    "\xef\xbb\xbf",
    "\xff",
    "\xc3",
    "\xed\xa0\x80",
    "\xc0\x80",
    "\r\n  ",
    "\x1e",
};

static void
seed_free (gpointer data)
{
  QkFuzzSeed *seed = data;

  g_free (seed->name);
  g_bytes_unref (seed->bytes);
  g_free (seed);
}

static void
add (GPtrArray *seeds, char *name, GString *text)
{
  QkFuzzSeed *seed = g_new (QkFuzzSeed, 1);

  seed->name = name;
  seed->bytes = qk_fuzz_copy (text->str, text->len);
  g_string_free (text, TRUE);
  g_ptr_array_add (seeds, seed);
}

static void
append (GString *text, const Text *more)
{
  g_string_append_len (text, more->bytes,
                       (gssize) (more->length > 0 ? more->length : strlen (more->bytes)));
}

static void
add_text (GPtrArray *seeds, const Text *text)
{
  GString *seed = g_string_new (NULL);

  append (seed, text);
  add (seeds, g_strdup (text->name), seed);
}

static void
add_two (GPtrArray *seeds, const Text *first, char separator, const Text *second)
{
  GString *seed = g_string_new (NULL);

  append (seed, first);
  g_string_append_c (seed, separator);
  append (seed, second);
  add (seeds, g_strdup_printf ("%s-%s", first->name, second->name), seed);
}

/**
 * qk_fuzz_seeds_new:
 * @target: a target
 *
 * Returns: (transfer full) (element-type QkFuzzSeed): the seeds that fit it
 */
GPtrArray *
qk_fuzz_seeds_new (const QkFuzzTarget *target)
{
  GPtrArray *seeds = g_ptr_array_new_with_free_func (seed_free);

  for (guint i = 0; target->seeds == QK_FUZZ_CONFIGS && i < G_N_ELEMENTS (configs); i++)
    add_text (seeds, &configs[i]);
  for (guint i = 0; target->seeds == QK_FUZZ_METRICS && i < G_N_ELEMENTS (metrics); i++)
    add_text (seeds, &metrics[i]);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      add_text (seeds, &texts[i]);
      for (guint j = 0; target->seeds == QK_FUZZ_TEXTS_WITH_SCRIPTS && j < G_N_ELEMENTS (scripts);
           j++)
        add_two (seeds, &texts[i], QK_FUZZ_SCRIPT, &scripts[j]);
      for (guint j = 0; target->seeds == QK_FUZZ_FILES && j < G_N_ELEMENTS (texts); j++)
        add_two (seeds, &texts[i], QK_FUZZ_FILE, &texts[j]);
    }
  return seeds;
}

/**
 * qk_fuzz_seeds_new_long:
 * @target: a target
 *
 * Returns: (transfer full) (element-type QkFuzzSeed): long inputs, which are slow where anything
 *   takes more time than their length asks for
 */
GPtrArray *
qk_fuzz_seeds_new_long (const QkFuzzTarget *target)
{
  GPtrArray *seeds = g_ptr_array_new_with_free_func (seed_free);

  for (guint i = 0; i < G_N_ELEMENTS (longs); i++)
    {
      GString *text = g_string_new (longs[i].before);
      gsize unit = strlen (longs[i].unit);

      for (gsize n = 0; text->len + unit <= LONG_BYTES; n++)
        if (longs[i].max_times > 0 && n == longs[i].max_times)
          break;
        else
          g_string_append (text, longs[i].unit);
      g_string_append (text, longs[i].after);
      /* No text in C holds it. */
      for (gsize j = 0; strcmp (longs[i].name, "nul") == 0 && j < text->len; j++)
        text->str[j] = text->str[j] == '\x01' ? '\0' : text->str[j];
      if (target->seeds == QK_FUZZ_TEXTS_WITH_SCRIPTS)
        {
          /* The first entry is moved far back. */
          g_string_append_len (text, "\0\x01\x02\x00\x00\xff\xff", 7);
        }
      add (seeds, g_strdup (longs[i].name), text);
    }
  return seeds;
}

/**
 * qk_fuzz_tokens:
 * @n: (out): how many
 *
 * Returns: (array length=n): what queues are made of
 */
const char *const *
qk_fuzz_tokens (guint *n)
{
  *n = G_N_ELEMENTS (tokens);
  return tokens;
}
