#include "qk-agents.h"
#include "qk-broadcast.h"
#include "qk-plan.h"
#include "qk-time.h"

#include <string.h>
#include <time.h>

#define BASE_S G_GINT64_CONSTANT (1770000000)

/* What an entry of a queue is to be; the numbers of its agent and its id, when it was created. */
typedef struct {
  const char *type;
  const char *sender;
  const char *content; /* as JSON spells it */
  guint agent;
  const char *status;
  int at_s;                /* -1: no time at all */
  const char *resent_from; /* nullable */
} Line;

#define ALL_TYPED(content, at)                                                                     \
  {"broadcast", "CAPTAIN", content, 1, "DELIVERED", at, NULL},                                     \
      {"broadcast", "CAPTAIN", content, 2, "DELIVERED", at, NULL},                                 \
      {"broadcast", "CAPTAIN", content, 3, "PROCESSING", at + 1, NULL},                            \
      {"broadcast", "CAPTAIN", content, 4, "PENDING", at + 1, NULL},                               \
      {"broadcast", "CAPTAIN", content, 5, "FAILED", at + 2, NULL},                                \
      {"broadcast", "CAPTAIN", content, 6, "EXPIRED", at + 2, NULL},                               \
  {                                                                                                \
    "broadcast", "CAPTAIN", content, 7, "STRANGE", at + 3, NULL                                    \
  }

static void
append_line (GString *json, const Line *line, guint number)
{
  g_autofree char *time = qk_wall_format ((BASE_S + line->at_s) * G_USEC_PER_SEC);
  g_autofree char *created =
      line->at_s < 0 ? g_strdup ("") : g_strdup_printf ("\"created_at\":\"%s\",", time);

  g_string_append_printf (
      json,
      "%s{\"message\":{\"sender\":\"%s\",\"recipient\":\"Agent-%u\",\"content\":\"%s\","
      "\"priority\":\"urgent\",\"message_type\":\"%s\",\"tags\":[\"a\",7,\"b\"]},"
      "\"queue_id\":\"id-%u\",\"priority_score\":1.0,\"status\":\"%s\",%s"
      "\"updated_at\":\"2026-01-01T00:00:00\",\"metadata\":{",
      number > 0 ? "," : "", line->sender, line->agent, line->content, line->type, number,
      line->status, created);
  if (line->resent_from != NULL)
    g_string_append_printf (json, "\"resent_from\":\"%s\"", line->resent_from);
  g_string_append (json, "}}");
}

static QkDocument *
read_text (const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static QkDocument *
make_document (const Line *lines, guint n)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; i < n; i++)
    append_line (json, &lines[i], i);
  g_string_append_c (json, ']');
  return read_text (json->str, json->len);
}

static QkBroadcasts *
find (QkDocument *document)
{
  g_auto (GStrv) agents = qk_agents_dup_default ();

  return qk_broadcasts_new (document, (const char *const *) agents);
}

/* "DDpP×××· 2/8 missed 3 n 7": a letter for each agent. */
static char *
describe (const QkBroadcasts *broadcasts, guint index)
{
  static const char letters[] = "s-xup>D";
  const QkBroadcast *broadcast = qk_broadcasts_get (broadcasts, index);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < qk_broadcasts_get_n_agents (broadcasts); i++)
    g_string_append_c (text, letters[broadcast->cells[i].reach]);
  g_string_append_printf (text, " %u/%u missed %u of %u", broadcast->n_delivered,
                          broadcast->n_expected, broadcast->n_missed, broadcast->n_entries);
  return g_string_free (text, FALSE);
}

/* What is found in some entries: a line for each broadcast, the newest first. */
typedef struct {
  const char *name;
  const char *found;
  Line lines[20];
} Case;

static const Case cases[] = {
    {"nothing", "", {{NULL}}},
    {"every-state", "DD>pxxu- 2/8 missed 3 of 7", {ALL_TYPED ("All", 0)}},
    {"newest-first",
     "DD>pxxu- 2/8 missed 3 of 7\nDD>pxxu- 2/8 missed 3 of 7",
     {ALL_TYPED ("one", 0), ALL_TYPED ("two", 600)}},
    {"same-text-again-later",
     "DD>pxxu- 2/8 missed 3 of 7\nDD>pxxu- 2/8 missed 3 of 7",
     {ALL_TYPED ("one", 0), ALL_TYPED ("one", 61)}},
    {"the-last-second-of-the-window",
     "DD------ 2/8 missed 6 of 2",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 2, "DELIVERED", 60, NULL}}},
    {"another-sender",
     "x------- 0/8 missed 8 of 1\nD------- 1/8 missed 7 of 1",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "D", "x", 1, "FAILED", 1, NULL}}},
    {"other-types",
     "DDD----- 3/8 missed 5 of 3",
     {{"text", "C", "x", 1, "DELIVERED", 0, NULL},
      {"text", "C", "x", 2, "DELIVERED", 1, NULL},
      {"human_to_agent", "C", "x", 3, "DELIVERED", 10, NULL}}},
    {"other-types-too-slow",
     "",
     {{"text", "C", "x", 1, "DELIVERED", 0, NULL},
      {"text", "C", "x", 2, "DELIVERED", 1, NULL},
      {"text", "C", "x", 3, "DELIVERED", 11, NULL}}},
    {"other-types-two-agents",
     "",
     {{"text", "C", "x", 1, "DELIVERED", 0, NULL},
      {"text", "C", "x", 2, "DELIVERED", 0, NULL},
      {"text", "C", "x", 2, "DELIVERED", 0, NULL},
      {"text", "C", "x", 99, "DELIVERED", 0, NULL}}},
    {"to-nobody-of-them", "", {{"broadcast", "C", "x", 99, "DELIVERED", 0, NULL}}},
    {"to-one-of-them-and-to-others",
     "D------- 1/8 missed 7 of 3",
     {{"broadcast", "C", "x", 97, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 98, "DELIVERED", 0, NULL}}},
    {"loop",
     "",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 1, "FAILED", 1, NULL},
      {"broadcast", "C", "x", 1, "PENDING", 200, NULL}}},
    {"loop-within-a-minute",
     "",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 1, "FAILED", 1, NULL}}},
    {"loop-with-a-copy",
     "",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 1, "FAILED", 100, NULL},
      {"broadcast", "C", "x", 1, "PENDING", 200, "id-0"}}},
    {"loop-far-apart",
     "",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 1, "FAILED", 100, NULL}}},
    {"the-only-one-left",
     "-----x-- 0/8 missed 8 of 1",
     {{"broadcast", "C", "x", 6, "EXPIRED", 0, NULL}}},
    {"the-only-one-left-resent",
     "-----p-- 0/8 missed 7 of 2",
     {{"broadcast", "C", "x", 6, "EXPIRED", 0, NULL},
      {"broadcast", "C", "x", 6, "PENDING", 900, "id-0"}}},
    {"best-state",
     "DDpx---- 2/8 missed 5 of 7",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 1, "FAILED", 1, NULL},
      {"broadcast", "C", "x", 2, "FAILED", 1, NULL},
      {"broadcast", "C", "x", 2, "DELIVERED", 2, NULL},
      {"broadcast", "C", "x", 3, "PENDING", 2, NULL},
      {"broadcast", "C", "x", 3, "FAILED", 3, NULL},
      {"broadcast", "C", "x", 4, "FAILED", 3, NULL}}},
    {"copies-go-home",
     "DDD----- 3/8 missed 5 of 3\nDDDDD--- 5/8 missed 3 of 5",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 2, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 1, "DELIVERED", 1000, NULL},
      {"broadcast", "C", "x", 2, "DELIVERED", 1000, NULL},
      {"broadcast", "C", "x", 3, "DELIVERED", 1001, NULL},
      {"broadcast", "C", "x", 3, "DELIVERED", 2000, "id-0"},
      {"broadcast", "C", "x", 4, "DELIVERED", 2000, "id-0"},
      {"broadcast", "C", "x", 5, "DELIVERED", 3000, "id-6"}}},
    {"copies-of-what-is-gone",
     "DDDp---- 3/8 missed 4 of 4",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 2, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 3, "DELIVERED", 900, "purged"},
      {"broadcast", "C", "x", 4, "PENDING", 900, "purged"}}},
    {"nothing-but-copies",
     "--Dp---- 1/8 missed 6 of 2",
     {{"broadcast", "C", "x", 3, "DELIVERED", 900, "purged"},
      {"broadcast", "C", "x", 4, "PENDING", 900, "purged"}}},
    {"copies-in-a-circle",
     "DD------ 2/8 missed 6 of 2",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, "id-1"},
      {"broadcast", "C", "x", 2, "DELIVERED", 0, "id-0"}}},
    {"a-copy-that-says-something-else",
     "---D---- 1/8 missed 7 of 1\nDD------ 2/8 missed 6 of 2",
     {{"broadcast", "C", "x", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "x", 2, "DELIVERED", 0, NULL},
      {"broadcast", "C", "edited", 4, "DELIVERED", 9, "id-0"}}},
    {"sent-again-by-hand",
     "DDD--D-- 4/8 missed 4 of 5",
     {{"text", "C", "x", 1, "DELIVERED", 0, NULL},
      {"text", "C", "x", 2, "DELIVERED", 0, NULL},
      {"text", "C", "x", 3, "FAILED", 0, NULL},
      {"text", "C", "x", 3, "DELIVERED", 500, NULL},
      {"text", "C", "x", 6, "DELIVERED", 9000, NULL}}},
    {"its-own-sender",
     "D-s----- 1/7 missed 6 of 1",
     {{"broadcast", "Agent-3", "x", 1, "DELIVERED", 0, NULL}}},
    {"its-own-sender-got-it",
     "--D----- 1/8 missed 7 of 1",
     {{"broadcast", "Agent-3", "x", 3, "DELIVERED", 0, NULL}}},
    {"without-times",
     "DDD----- 3/8 missed 5 of 3",
     {{"text", "C", "x", 1, "DELIVERED", -1, NULL},
      {"text", "C", "x", 2, "DELIVERED", -1, NULL},
      {"text", "C", "x", 3, "DELIVERED", -1, NULL},
      {"text", "C", "y", 3, "DELIVERED", 0, NULL}}},
    {"spelled-in-two-ways",
     "DDD----- 3/8 missed 5 of 3",
     {{"text", "C", "gr\\u00fc\\u00dfe 🚨 a/b", 1, "DELIVERED", 0, NULL},
      {"text", "\\u0043", "grüße \\ud83d\\udea8 a\\/b", 2, "DELIVERED", 0, NULL},
      {"text", "C", "gr\\u00FC\\u00DFe 🚨 a/b", 3, "DELIVERED", 0, NULL}}},
    {"slashes-in-two-ways",
     "DD------ 2/8 missed 6 of 2",
     {{"broadcast", "C", "a/b", 1, "DELIVERED", 0, NULL},
      {"broadcast", "C", "a\\/b", 2, "DELIVERED", 0, NULL}}},
    {"no-text", "", {{"broadcast", "C", "", 1, "DELIVERED", 0, NULL}}},
    {"no-sender", "", {{"broadcast", "", "x", 1, "DELIVERED", 0, NULL}}},
};

static void
test_find (gconstpointer data)
{
  const Case *test = data;
  guint n = 0;
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (QkBroadcasts) broadcasts = NULL;
  g_autoptr (GString) found = g_string_new (NULL);

  while (test->lines[n].type != NULL)
    n++;
  document = make_document (test->lines, n);
  broadcasts = find (document);
  for (guint i = 0; i < qk_broadcasts_get_size (broadcasts); i++)
    {
      g_autofree char *text = describe (broadcasts, i);

      g_string_append_printf (found, "%s%s", i > 0 ? "\n" : "", text);
    }
  g_assert_cmpstr (found->str, ==, test->found);
}

/* Each agent once, no more than there may be. */
static void
test_agents (void)
{
  static const Line lines[] = {ALL_TYPED ("x", 0)};
  static const char *const twice[] = {"Agent-2", "Agent-2", "Agent-99", NULL};
  const char *many[QK_BROADCAST_MAX_AGENTS + 3] = {NULL};
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (QkDocument) document = make_document (lines, G_N_ELEMENTS (lines));
  g_autoptr (QkBroadcasts) two = qk_broadcasts_new (document, twice);
  g_autoptr (QkBroadcasts) cut = NULL;
  g_autoptr (QkBroadcasts) none = qk_broadcasts_new (document, twice + 3);

  g_assert_cmpuint (qk_broadcasts_get_n_agents (two), ==, 2);
  g_assert_cmpstr (qk_broadcasts_get_agents (two)[1], ==, "Agent-99");
  g_assert_null (qk_broadcasts_get_agents (two)[2]);
  g_assert_cmpuint (qk_broadcasts_get_size (none), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (many) - 1; i++)
    {
      many[i] = g_strdup_printf ("Agent-%u", i);
      g_ptr_array_add (names, (gpointer) many[i]);
    }
  cut = qk_broadcasts_new (document, many);
  g_assert_cmpuint (qk_broadcasts_get_n_agents (cut), ==, QK_BROADCAST_MAX_AGENTS);
  g_assert_cmpuint (qk_broadcasts_get_size (cut), ==, 1);
}

static QkDocument *
apply (QkDocument *document, GPtrArray *changes)
{
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, (BASE_S + 5000) * G_USEC_PER_SEC);
  g_autoptr (GString) text = g_string_new (NULL);
  const QkSegment *segments;
  const char *reason;
  guint n;

  for (guint i = 0; i < changes->len; i++)
    g_assert_cmpint (qk_plan_get_verdict (plan, i, &reason), ==, QK_VERDICT_CHANGED);
  segments = qk_plan_get_segments (plan, &n);
  for (guint i = 0; i < n; i++)
    g_string_append_len (text, segments[i].data, (gssize) segments[i].size);
  return read_text (text->str, text->len);
}

static void
assert_field (const QkEntry *entry, QkField field, const char *expected)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);

  g_assert_cmpstr (text, ==, expected);
}

/* Whoever missed it gets it, once, as it was; nobody else does. */
static void
test_resend (void)
{
  static const Line lines[] = {ALL_TYPED ("All \\\"hands\\\"", 0)};
  g_autoptr (QkDocument) document = make_document (lines, G_N_ELEMENTS (lines));
  g_autoptr (QkBroadcasts) before = find (document);
  g_autoptr (GPtrArray) changes = qk_broadcasts_dup_resend (before, 0, NULL);
  g_autoptr (QkDocument) next = NULL;
  g_autoptr (QkBroadcasts) after = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autofree char *found = NULL;
  const QkEntry *sent;

  g_assert_null (qk_broadcast_get_obstacle (qk_broadcasts_get (before, 0)));
  g_assert_cmpuint (changes->len, ==, 3);
  g_assert_cmpint (qk_change_get_kind (changes->pdata[0]), ==, QK_CHANGE_RESEND);
  g_assert_cmpstr (qk_change_get_id (changes->pdata[0]), ==, "id-4");
  g_assert_cmpint (qk_change_get_kind (changes->pdata[1]), ==, QK_CHANGE_RESEND);
  g_assert_cmpstr (qk_change_get_id (changes->pdata[1]), ==, "id-5");
  g_assert_cmpint (qk_change_get_kind (changes->pdata[2]), ==, QK_CHANGE_SEND);

  next = apply (document, changes);
  g_assert_cmpuint (qk_document_get_n_entries (next), ==, 9);
  after = find (next);
  g_assert_cmpuint (qk_broadcasts_get_size (after), ==, 1);
  found = describe (after, 0);
  g_assert_cmpstr (found, ==, "DD>pppup 2/8 missed 0 of 9");
  sent = qk_broadcasts_get (after, 0)->cells[7].entry;
  assert_field (sent, QK_FIELD_SENDER, "CAPTAIN");
  assert_field (sent, QK_FIELD_CONTENT, "All \"hands\"");
  assert_field (sent, QK_FIELD_PRIORITY, "urgent");
  assert_field (sent, QK_FIELD_MESSAGE_TYPE, "broadcast");
  assert_field (sent, QK_FIELD_TAGS, "[\"a\",\"b\"]");
  assert_field (sent, QK_FIELD_RESENT_FROM, "id-0");
  assert_field (sent, QK_FIELD_RECIPIENT, "Agent-8");
  none = qk_broadcasts_dup_resend (after, 0, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

/* Only those that are named, and of them only those that missed it. */
static void
test_resend_some (void)
{
  static const Line lines[] = {ALL_TYPED ("x", 0)};
  static const char *const some[] = {"Agent-1", "Agent-4", "Agent-8", "Agent-9", NULL};
  g_autoptr (QkDocument) document = make_document (lines, G_N_ELEMENTS (lines));
  g_autoptr (QkBroadcasts) broadcasts = find (document);
  g_autoptr (GPtrArray) changes = qk_broadcasts_dup_resend (broadcasts, 0, some);

  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_cmpint (qk_change_get_kind (changes->pdata[0]), ==, QK_CHANGE_SEND);
}

/* What cannot be sent as it was is not sent. */
static void
test_obstacles (void)
{
  static const struct {
    const char *content;
    const char *obstacle;
  } contents[] = {
      {"a\\ud83d", "half of a surrogate pair"},
      {"a\\u0000b", "NUL"},
      {"\\\\u0000 is fine", NULL},
      {"a\\n\\u0001", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      const Line line = {"broadcast", "C", contents[i].content, 1, "FAILED", 0, NULL};
      g_autoptr (QkDocument) document = make_document (&line, 1);
      g_autoptr (QkBroadcasts) broadcasts = find (document);
      g_autoptr (GPtrArray) changes = qk_broadcasts_dup_resend (broadcasts, 0, NULL);
      const char *obstacle = qk_broadcast_get_obstacle (qk_broadcasts_get (broadcasts, 0));

      g_test_message ("%s", contents[i].content);
      g_assert_cmpint (obstacle != NULL, ==, contents[i].obstacle != NULL);
      if (obstacle != NULL)
        g_assert_nonnull (strstr (obstacle, contents[i].obstacle));
      g_assert_cmpuint (changes->len, ==, obstacle != NULL ? 0 : 8);
    }
}

/* A priority that has no name is sent as the one that is next to it. */
static void
test_priorities (void)
{
  static const struct {
    const char *priority;
    const char *score;
    const char *sent;
  } priorities[] = {
      {"\"high\"", "0.1", "high"}, {"\"critical\"", "0.95", "urgent"}, {"7", "0.6", "regular"},
      {"null", "-3", "low"},       {"null", "1e300", "urgent"},
  };
  static const char *const agents[] = {"Agent-1", "Agent-2", NULL};

  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      g_autofree char *json = g_strdup_printf (
          "[{\"message\":{\"sender\":\"C\",\"recipient\":\"Agent-1\",\"content\":\"x\","
          "\"priority\":%s,\"message_type\":\"broadcast\"},\"queue_id\":\"i\",\"priority_score\":%s,"
          "\"status\":\"DELIVERED\",\"created_at\":\"2026-01-01T00:00:00\"}]",
          priorities[i].priority, priorities[i].score);
      g_autoptr (QkDocument) document = read_text (json, strlen (json));
      g_autoptr (QkBroadcasts) broadcasts = qk_broadcasts_new (document, agents);
      g_autoptr (GPtrArray) changes = qk_broadcasts_dup_resend (broadcasts, 0, NULL);
      g_autoptr (QkDocument) next = apply (document, changes);

      assert_field (qk_document_get_entry (next, 1), QK_FIELD_PRIORITY, priorities[i].sent);
      assert_field (qk_document_get_entry (next, 1), QK_FIELD_TAGS, "[]");
    }
}

static double
measure (const char *name, const GString *json, guint expected)
{
  g_autoptr (QkDocument) document = read_text (json->str, json->len);
  clock_t start = clock ();
  g_autoptr (QkBroadcasts) broadcasts = find (document);
  double ms = (double) (clock () - start) * 1000 / CLOCKS_PER_SEC;

  g_test_message ("%s: %u entries, %u MB, %.1f ms of the processor", name,
                  qk_document_get_n_entries (document), (guint) (json->len >> 20), ms);
  g_assert_cmpuint (qk_broadcasts_get_size (broadcasts), ==, expected);
  return ms;
}

/* A hundred thousand entries, whatever they are, take no longer than the eye notices; a wide margin
 * for machines that have other things to do. */
static void
test_quick (void)
{
  static const Line loop = {"broadcast", "C", "again and again", 1, "PENDING", 0, NULL};
  const guint n = 100000;
  g_autofree char *filler = g_strnfill (1000, 'x');
  g_autoptr (GString) usual = g_string_new ("[");
  g_autoptr (GString) same = g_string_new ("[");
  g_autoptr (GString) copies = g_string_new ("[");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *content = g_strdup_printf ("%s\\nline %u", filler, i / 8);
      g_autofree char *from = g_strdup_printf ("id-%u", i > 0 ? i - 1 : 0);
      Line line = {"broadcast", "C", content, i % 8 + 1, "DELIVERED", (int) i / 8, NULL};

      append_line (usual, &line, i);
      line = loop;
      line.at_s = (int) i;
      append_line (same, &line, i);
      line.resent_from = from;
      append_line (copies, &line, i);
    }
  g_string_append_c (usual, ']');
  g_string_append_c (same, ']');
  g_string_append_c (copies, ']');
  g_assert_cmpfloat (measure ("broadcasts", usual, n / 8), <, 2000);
  g_assert_cmpfloat (measure ("a loop", same, 0), <, 2000);
  g_assert_cmpfloat (measure ("copies of copies", copies, 1), <, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/broadcast/find/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_find);
    }
  g_test_add_func ("/broadcast/agents", test_agents);
  g_test_add_func ("/broadcast/resend", test_resend);
  g_test_add_func ("/broadcast/resend-some", test_resend_some);
  g_test_add_func ("/broadcast/obstacles", test_obstacles);
  g_test_add_func ("/broadcast/priorities", test_priorities);
  g_test_add_func ("/broadcast/quick", test_quick);
  return g_test_run ();
}
