#include "qk-change.h"
#include "qk-fix.h"
#include "qk-guard.h"
#include "qk-plan.h"
#include "qk-test-util.h"
#include "qk-time.h"

#include <string.h>

/* What the swarm trips over is put right; every expectation is a whole text, so that what must not
 * change is in it to the letter. Python, which the swarm is written in, has the last word. */

#define ZONE "CET-1CEST,M3.5.0,M10.5.0/3"

#define MESSAGE  "\"message\":{\"content\":\"x\",\"priority\":\"high\"}"
#define ID       "\"queue_id\":\"q\""
#define SCORE    "\"priority_score\":0.50"
#define STATUS   "\"status\":\"PENDING\""
#define CREATED  "\"created_at\":\"2026-01-01 10:00:00\""
#define UPDATED  "\"updated_at\":\"2026-01-01T10:00:05.5\""
#define UNTIL_ID MESSAGE "," ID ","
#define TIMES    CREATED "," UPDATED

#define ENTRY(members) "{" members "}"
#define EVIL           "\\ud800"
#define GOOD           "\\ufffd"

typedef struct {
  const char *name;
  int hazards;
  const char *before;
  const char *after; /* NULL: it is left as it is */
} Case;

static const Case cases[] = {
    {"score-text", QK_HAZARD_PRIORITY,
     ENTRY (UNTIL_ID "\"priority_score\" : \"0.9\" ," STATUS "," TIMES),
     ENTRY (UNTIL_ID "\"priority_score\" : 0.8 ," STATUS "," TIMES)},
    {"score-nan", QK_HAZARD_PRIORITY, ENTRY (UNTIL_ID "\"priority_score\":NaN," STATUS "," TIMES),
     ENTRY (UNTIL_ID "\"priority_score\":0.8," STATUS "," TIMES)},
    {"score-overflow", QK_HAZARD_PRIORITY,
     ENTRY (UNTIL_ID "\"priority_score\":-1e400," STATUS "," TIMES),
     ENTRY (UNTIL_ID "\"priority_score\":0.8," STATUS "," TIMES)},
    {"score-null-unknown-priority", QK_HAZARD_PRIORITY,
     ENTRY ("\"message\":{\"priority\":\"asap\"}," ID ",\"priority_score\":null," STATUS "," TIMES),
     ENTRY ("\"message\":{\"priority\":\"asap\"}," ID ",\"priority_score\":0.5," STATUS "," TIMES)},
    {"score-twice", QK_HAZARD_PRIORITY | QK_HAZARD_NOT_FINITE,
     ENTRY (UNTIL_ID "\"priority_score\":NaN,\"priority\\u005fscore\":[]," STATUS "," TIMES),
     ENTRY (UNTIL_ID "\"priority_score\":null,\"priority\\u005fscore\":0.8," STATUS "," TIMES)},
    {"metadata-list", QK_HAZARD_METADATA,
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"metadata\":[ 1, {\"a\":-0} ] "),
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"metadata\":{\"replaced\":[ 1, {\"a\":-0} ]} ")},
    {"metadata-null", QK_HAZARD_METADATA,
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"metadata\":null"),
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"metadata\":{}")},
    {"metadata-text-with-half", QK_HAZARD_METADATA | QK_HAZARD_SURROGATE,
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"metadata\":\"a" EVIL "\""),
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"metadata\":{\"replaced\":\"a" GOOD "\"}")},
    {"surrogates", QK_HAZARD_SURROGATE,
     ENTRY ("\"message\":{\"content\":\"\\\\ud800 \\ud83d\\ude80 \\ud83d\\ud83d\\ude80 \\uDE80 "
            "\\udbffx \\u00e9 \\ud83d\\n\"}," ID "," SCORE "," STATUS "," TIMES),
     ENTRY ("\"message\":{\"content\":\"\\\\ud800 \\ud83d\\ude80 \\ufffd\\ud83d\\ude80 \\ufffd "
            "\\ufffdx \\u00e9 \\ufffd\\n\"}," ID "," SCORE "," STATUS "," TIMES)},
    {"surrogate-keys-and-id", QK_HAZARD_SURROGATE,
     ENTRY ("\"message\":{\"k" EVIL "\":[{\"" EVIL "\":1}]},\"queue_id\":\"q\\udfff\"," SCORE
            "," STATUS "," TIMES),
     ENTRY ("\"message\":{\"k" GOOD "\":[{\"" GOOD "\":1}]},\"queue_id\":\"q\\ufffd\"," SCORE
            "," STATUS "," TIMES)},
    {"surrogate-at-the-end", QK_HAZARD_SURROGATE,
     ENTRY ("\"message\":\"\\ud800\"," ID "," SCORE "," STATUS "," TIMES),
     ENTRY ("\"message\":\"\\ufffd\"," ID "," SCORE "," STATUS "," TIMES)},
    {"keys-would-clash", QK_HAZARD_SURROGATE,
     ENTRY ("\"message\":{\"a\":[{\"\\ud800\":1,\"\\udbff\":2}]}," ID "," SCORE "," STATUS
            "," TIMES),
     NULL},
    {"key-would-clash-with-a-sound-one", QK_HAZARD_SURROGATE,
     ENTRY ("\"message\":{\"\xef\xbf\xbd\":1,\"\\ud800\":2}," ID "," SCORE "," STATUS "," TIMES),
     NULL},
    {"same-keys-before", QK_HAZARD_SURROGATE,
     ENTRY ("\"message\":{\"a\":1,\"a\":{\"\\ud800\":2}}," ID "," SCORE "," STATUS "," TIMES),
     ENTRY ("\"message\":{\"a\":1,\"a\":{\"\\ufffd\":2}}," ID "," SCORE "," STATUS "," TIMES)},
    {"zone-z", QK_HAZARD_OFFSET,
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":\"2026-07-01T10:00:00.000Z\"," UPDATED),
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":\"2026-07-01T12:00:00\"," UPDATED)},
    {"zone-offset", QK_HAZARD_OFFSET,
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":\"2026-01-01 23:59:59.5-03:30\"," UPDATED),
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":\"2026-01-02T04:29:59.500000\"," UPDATED)},
    {"zone-year-one", QK_HAZARD_OFFSET,
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":\"0001-01-01T00:00:00+14:00\"," UPDATED),
     NULL},
    {"zone-last-year", QK_HAZARD_OFFSET,
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":\"9999-12-31T23:59:59-10:00\"," UPDATED),
     NULL},
    {"not-finite", QK_HAZARD_NOT_FINITE,
     ENTRY (
         "\"message\":{\"a\":[NaN,-Infinity , 1e400],\"NaN\":\"NaN\",\"b\":1E-400,\"c\":1e308}," ID
         "," SCORE "," STATUS "," TIMES ",\"metadata\":{\"x\":Infinity}"),
     ENTRY ("\"message\":{\"a\":[null,null , null],\"NaN\":\"NaN\",\"b\":1E-400,\"c\":1e308}," ID
            "," SCORE "," STATUS "," TIMES ",\"metadata\":{\"x\":null}")},
    {"overflow", QK_HAZARD_NOT_FINITE,
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"x\":-1.5E+999"),
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"x\":null")},
    {"not-finite-counted", QK_HAZARD_NOT_FINITE,
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"delivery_attempts\":NaN,\"metadata\":{"
                           "\"delivery_attempts\":NaN,\"retry_count\":1e999,"
                           "\"next_retry_delay\":Infinity,\"last_retry_time\":null}"),
     ENTRY (UNTIL_ID SCORE "," STATUS "," TIMES ",\"delivery_attempts\":0,\"metadata\":{"
                           "\"delivery_attempts\":0,\"retry_count\":0,"
                           "\"next_retry_delay\":0,\"last_retry_time\":null}")},
    {"no-score", QK_HAZARD_INCOMPLETE, ENTRY (UNTIL_ID STATUS "," TIMES " "),
     ENTRY (UNTIL_ID STATUS "," TIMES ",\"priority_score\":0.8 ")},
    {"no-updated", QK_HAZARD_INCOMPLETE, ENTRY (UNTIL_ID SCORE "," STATUS "," CREATED),
     ENTRY (UNTIL_ID SCORE "," STATUS "," CREATED ",\"updated_at\":\"2026-01-01 10:00:00\"")},
    {"no-created-zone", QK_HAZARD_INCOMPLETE,
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"updated_at\":\"2026-01-01T10:00:00Z\""),
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"updated_at\":\"2026-01-01T10:00:00Z\",\"created_at\":"
                           "\"2026-01-01T11:00:00\"")},
    {"no-updated-zone", QK_HAZARD_INCOMPLETE | QK_HAZARD_OFFSET,
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":\"2026-01-01T10:00:00+01:00\""),
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":\"2026-01-01T10:00:00\",\"updated_at\":"
                           "\"2026-01-01T10:00:00\"")},
    {"no-status", QK_HAZARD_INCOMPLETE, ENTRY (UNTIL_ID SCORE "," TIMES), NULL},
    {"no-status-and-nan", QK_HAZARD_INCOMPLETE | QK_HAZARD_NOT_FINITE,
     ENTRY (UNTIL_ID SCORE "," TIMES ",\"metadata\":{\"x\":NaN}"), NULL},
    {"no-id", QK_HAZARD_INCOMPLETE, ENTRY (MESSAGE "," SCORE "," STATUS "," TIMES), NULL},
    {"no-message", QK_HAZARD_INCOMPLETE, ENTRY (ID "," SCORE "," STATUS "," TIMES), NULL},
    {"no-times", QK_HAZARD_INCOMPLETE, ENTRY (UNTIL_ID SCORE "," STATUS), NULL},
    {"no-updated-unreadable", QK_HAZARD_INCOMPLETE,
     ENTRY (UNTIL_ID SCORE "," STATUS ",\"created_at\":null"), NULL},
    {"no-message-at-all", QK_HAZARD_INCOMPLETE, "7", NULL},
    {"flat", QK_HAZARD_INCOMPLETE, "{\"id\":\"q\",\"recipient\":\"a\",\"content\":\"x\"}", NULL},
    {"flat-zone", QK_HAZARD_INCOMPLETE | QK_HAZARD_OFFSET,
     "{\"id\":\"q\",\"recipient\":\"a\",\"content\":\"x\",\"created_at\":\"2026-01-01T10:00:00Z\"}",
     "{\"id\":\"q\",\"recipient\":\"a\",\"content\":\"x\",\"created_at\":\"2026-01-01T11:00:00\"}"},
    {"everything",
     QK_HAZARD_PRIORITY | QK_HAZARD_METADATA | QK_HAZARD_SURROGATE | QK_HAZARD_OFFSET |
         QK_HAZARD_INCOMPLETE | QK_HAZARD_NOT_FINITE,
     ENTRY ("\"queue_id\":\"q\",\"status\":\"FAILED\" ,\"metadata\":[NaN,\"\\udc00\"], "
            "\"priority_score\":[1e999],\"message\":{\"priority\":\"urgent\",\"n\":"
            "12345678901234567890},\t\"created_at\":\"2026-01-01T10:00:00+01\""),
     ENTRY (
         "\"queue_id\":\"q\",\"status\":\"FAILED\" ,\"metadata\":{\"replaced\":[null,\"\\ufffd\"]}, "
         "\"priority_score\":1.0,\"message\":{\"priority\":\"urgent\",\"n\":"
         "12345678901234567890},\t\"created_at\":\"2026-01-01T10:00:00\",\"updated_at\":"
         "\"2026-01-01T10:00:00\"")},
};

static QkDocument *
read_text (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static char *
get_text (QkPlan *plan)
{
  GString *text = g_string_new (NULL);
  guint n_segments;
  const QkSegment *segments = qk_plan_get_segments (plan, &n_segments);

  for (guint i = 0; i < n_segments; i++)
    g_string_append_len (text, segments[i].data, (gssize) segments[i].size);
  return g_string_free (text, FALSE);
}

static GPtrArray *
list_of (QkChange *change)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  g_ptr_array_add (changes, change);
  return changes;
}

/* Fixes entry @index of @seen where @text stands. */
static QkVerdict
fix_seen (const char *seen, guint index, const char *text, char **after, const char **reason)
{
  g_autoptr (QkDocument) seen_document = read_text (seen), document = read_text (text);
  g_autoptr (GPtrArray) changes =
      list_of (qk_change_new_fix (qk_document_get_entry (seen_document, index)));
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, 0);

  *after = get_text (plan);
  return qk_plan_get_verdict (plan, 0, reason);
}

static int
get_hazards (const char *text, guint index)
{
  g_autoptr (QkDocument) document = read_text (text);

  return (int) qk_entry_get_hazards (qk_document_get_entry (document, index));
}

static char *
get_obstacle (const char *text)
{
  g_autoptr (QkDocument) document = read_text (text);

  return g_strdup (qk_fix_get_obstacle (qk_document_get_entry (document, 1)));
}

/* The entry among others: one beside it is as bad, and none of its bytes changes. */
static void
check_case (const Case *c)
{
  g_autofree char *before =
      g_strdup_printf ("{\"v\":NaN,\"entries\":[{\"z\":1e400}, %s ,[NaN]]}\n", c->before);
  g_autofree char *expected =
      c->after != NULL
          ? g_strdup_printf ("{\"v\":NaN,\"entries\":[{\"z\":1e400}, %s ,[NaN]]}\n", c->after)
          : g_strdup (before);
  g_autofree char *after = NULL, *again = NULL, *obstacle = get_obstacle (before);
  const char *reason;
  QkVerdict verdict = fix_seen (before, 1, before, &after, &reason);

  g_test_message ("%s", c->name);
  g_assert_cmpint (get_hazards (before, 1), ==, c->hazards);
  g_assert_cmpint (verdict, ==, c->after != NULL ? QK_VERDICT_CHANGED : QK_VERDICT_SKIPPED);
  g_assert_cmpstr (after, ==, expected);
  g_assert_true ((obstacle == NULL) == (c->after != NULL));
  if (c->after == NULL)
    {
      g_assert_cmpstr (reason, ==, obstacle);
      return;
    }
  g_assert_cmpint (get_hazards (after, 1), ==,
                   g_str_has_prefix (c->name, "flat") ? QK_HAZARD_INCOMPLETE : 0);
  g_assert_cmpint (fix_seen (before, 1, after, &again, &reason), ==, QK_VERDICT_IN_EFFECT);
  g_assert_cmpstr (again, ==, after);
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check_case (&cases[i]);
}

static void
test_indented (void)
{
  const char *before =
      "[\r\n\t{\r\n\t\t\"metadata\": [\r\n\t\t\t1\r\n\t\t],\r\n\t\t\"message\": {},\r\n"
      "\t\t\"queue_id\": \"q\",\r\n\t\t\"status\": \"PENDING\",\r\n"
      "\t\t\"created_at\": \"2026-01-01T10:00:00\"\r\n\t}\r\n]\r\n";
  const char *expected =
      "[\r\n\t{\r\n\t\t\"metadata\": {\r\n\t\t\t\"replaced\": [\r\n\t\t\t1\r\n\t\t]\r\n\t\t},\r\n"
      "\t\t\"message\": {},\r\n\t\t\"queue_id\": \"q\",\r\n\t\t\"status\": \"PENDING\",\r\n"
      "\t\t\"created_at\": \"2026-01-01T10:00:00\",\r\n\t\t\"priority_score\": 0.5,\r\n"
      "\t\t\"updated_at\": \"2026-01-01T10:00:00\"\r\n\t}\r\n]\r\n";
  g_autofree char *after = NULL;
  const char *reason;

  g_assert_cmpint (fix_seen (before, 0, before, &after, &reason), ==, QK_VERDICT_CHANGED);
  g_assert_cmpstr (after, ==, expected);
}

/* A list of one entry of which @score is wrong or not. */
static char *
make_list (const char *score, const char *status)
{
  return g_strdup_printf ("[{" UNTIL_ID "\"priority_score\":%s,\"status\":\"%s\"," TIMES "}]",
                          score, status);
}

/* What is fixed is what stands there when it is saved. */
static void
test_meanwhile (void)
{
  g_autofree char *seen = make_list ("NaN", "PENDING"), *taken = make_list ("NaN", "PROCESSING");
  g_autofree char *mended = make_list ("0.3", "PENDING"), *worse = make_list ("[]", "PENDING");
  g_autofree char *fixed = make_list ("0.8", "PENDING"), *after = NULL;
  g_autofree char *shared =
      g_strdup_printf ("[%.*s,{" ID "},{" ID "}]", (int) strlen (mended) - 2, mended + 1);
  const char *reason;

  g_assert_cmpint (fix_seen (seen, 0, taken, &after, &reason), ==, QK_VERDICT_SKIPPED);
  g_assert_cmpstr (reason, ==, "moved on meanwhile: processing now");
  g_assert_cmpstr (after, ==, taken);
  g_clear_pointer (&after, g_free);
  g_assert_cmpint (fix_seen (seen, 0, mended, &after, &reason), ==, QK_VERDICT_IN_EFFECT);
  g_assert_cmpstr (reason, ==, "nothing is wrong with it");
  g_clear_pointer (&after, g_free);
  g_assert_cmpint (fix_seen (seen, 0, worse, &after, &reason), ==, QK_VERDICT_CHANGED);
  g_assert_cmpstr (after, ==, fixed);
  g_clear_pointer (&after, g_free);
  g_assert_cmpint (fix_seen (seen, 0, "[]", &after, &reason), ==, QK_VERDICT_SKIPPED);
  g_assert_cmpstr (reason, ==, "no longer in the queue");
  g_clear_pointer (&after, g_free);
  g_assert_cmpint (fix_seen (seen, 0, shared, &after, &reason), ==, QK_VERDICT_SKIPPED);
  g_assert_cmpstr (reason, ==, "several entries share its id, and none is as it was seen");
  g_assert_cmpstr (after, ==, shared);
}

/* Of two changes of one entry each finds what the other made of it. */
static void
test_fix_and_resend (void)
{
  g_autofree char *before = make_list ("NaN", "FAILED");
  g_autoptr (QkDocument) document = read_text (before);
  const QkEntry *entry = qk_document_get_entry (document, 0);
  g_autoptr (GPtrArray) changes = list_of (qk_change_new_resend (entry, 60));
  g_autoptr (QkPlan) refused = NULL, done = NULL;
  const char *reason;

  refused = qk_plan_new (document, changes, 0);
  g_assert_cmpint (qk_plan_get_verdict (refused, 0, &reason), ==, QK_VERDICT_SKIPPED);
  g_assert_true (g_str_has_suffix (reason, "; fix it first"));
  g_ptr_array_insert (changes, 0, qk_change_new_fix (entry));
  done = qk_plan_new (document, changes, 0);
  g_assert_cmpint (qk_plan_get_verdict (done, 0, &reason), ==, QK_VERDICT_CHANGED);
  g_assert_cmpint (qk_plan_get_verdict (done, 1, &reason), ==, QK_VERDICT_CHANGED);
}

static void
test_descriptions (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("[%s]", cases[i].before);
      g_autoptr (QkDocument) document = read_text (text);
      g_auto (GStrv) lines = NULL;

      if (cases[i].after == NULL)
        continue;
      g_test_message ("%s", cases[i].name);
      lines = qk_fix_describe (qk_document_get_entry (document, 0));
      g_assert_nonnull (lines[0]);
      if (g_str_equal (cases[i].name, "score-text"))
        g_assert_cmpstr (lines[0], ==, "priority_score becomes 0.8");
      if (g_str_equal (cases[i].name, "zone-offset"))
        g_assert_cmpstr (lines[0], ==,
                         "created_at becomes \"2026-01-02T04:29:59.500000\", which is local time");
      if (g_str_equal (cases[i].name, "everything"))
        g_assert_cmpuint (g_strv_length (lines), ==, 6);
      else if (g_str_equal (cases[i].name, "no-updated"))
        g_assert_cmpuint (g_strv_length (lines), ==, 1);
    }
}

/* A writer that saves the list that it loaded before: the poison is taken out again, though neither
 * the status nor the time of the message differs. */
static void
test_guarded (void)
{
  static const char *const poisons[] = {SCORE ",\"x\":\"" EVIL "\"", "\"priority_score\":\"high\"",
                                        SCORE ",\"x\":NaN"};

  for (gsize i = 0; i < G_N_ELEMENTS (poisons); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("[{" UNTIL_ID "%s," STATUS "," TIMES "}]", poisons[i]);
      g_autoptr (QkDocument) stale = read_text (text), fixed = NULL, repaired = NULL;
      g_autoptr (GPtrArray) changes =
          list_of (qk_change_new_fix (qk_document_get_entry (stale, 0)));
      g_autoptr (QkPlan) plan = qk_plan_new (stale, changes, 0), repair = NULL;
      g_autoptr (QkGuard) guard = qk_guard_new (6 * G_TIME_SPAN_SECOND);
      g_autoptr (GPtrArray) none = NULL, repairs = NULL;
      g_autofree char *fixed_text = get_text (plan), *repaired_text = NULL;

      qk_guard_expect_plan (guard, plan, changes, G_TIME_SPAN_SECOND);
      fixed = read_text (fixed_text);
      none = qk_guard_check (guard, fixed, G_TIME_SPAN_SECOND);
      g_assert_cmpuint (none->len, ==, 0);
      repairs = qk_guard_check (guard, stale, G_TIME_SPAN_SECOND);
      g_assert_cmpuint (repairs->len, ==, 1);
      g_assert_true (qk_guard_is_wanted (guard, repairs->pdata[0]));
      repair = qk_plan_new (stale, repairs, 0);
      repaired_text = get_text (repair);
      g_assert_cmpstr (repaired_text, ==, fixed_text);
    }
}

/* What the swarm does with a queue: orders what is pending, reckons ages, writes it back. */
static const char judge[] =
    "import json, sys\n"
    "from datetime import datetime\n"
    "entries = json.load(open(sys.argv[1], encoding='utf-8'))\n"
    "assert entries\n"
    "sorted(entries, key=lambda e: -e['priority_score'])\n"
    "for e in entries:\n"
    "    for key in ('message', 'queue_id', 'status', 'updated_at'):\n"
    "        e[key]\n"
    "    datetime.now() - datetime.fromisoformat(e['created_at'])\n"
    "    m = e.get('metadata', {})\n"
    "    m.get('delivery_attempts', 0) + 1\n"
    "    5.0 < m.get('next_retry_delay', 0)\n"
    "json.dumps(entries, ensure_ascii=False, allow_nan=False).encode('utf-8')\n";

static void
write_file (QkTestFolder *folder, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (folder->queue, text, -1, &error));
  g_assert_no_error (error);
}

static int
ask_python (QkTestFolder *folder)
{
  const char *argv[] = {"python3", "-c", judge, folder->queue, NULL};
  g_autofree char *errors = NULL;
  int code = qk_test_run (argv, NULL, &errors);

  g_test_message ("%s", errors);
  return code;
}

/* Each case trips it, and does so no more. */
static void
test_python (QkTestFolder *folder, gconstpointer data)
{
  g_autofree char *python = g_find_program_in_path ("python3");

  if (python == NULL)
    {
      g_test_skip ("there is no python3");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *before = g_strdup_printf ("[%s]", cases[i].before), *after = NULL;
      const char *reason;

      if (cases[i].after == NULL || g_str_has_prefix (cases[i].name, "flat"))
        continue;
      g_test_message ("%s", cases[i].name);
      write_file (folder, before);
      g_assert_cmpint (ask_python (folder), ==, 1);
      g_assert_cmpint (fix_seen (before, 0, before, &after, &reason), ==, QK_VERDICT_CHANGED);
      write_file (folder, after);
      g_assert_cmpint (ask_python (folder), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", ZONE, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fix/cases", test_cases);
  g_test_add_func ("/fix/indented", test_indented);
  g_test_add_func ("/fix/meanwhile", test_meanwhile);
  g_test_add_func ("/fix/and-resend", test_fix_and_resend);
  g_test_add_func ("/fix/descriptions", test_descriptions);
  g_test_add_func ("/fix/guarded", test_guarded);
  g_test_add ("/fix/python", QkTestFolder, NULL, qk_test_folder_set_up, test_python,
              qk_test_folder_tear_down);
  return g_test_run ();
}
