#include "qk-scan.h"

#include <string.h>

typedef struct {
  const char *json;
  gssize problem_at; /* -1: it is valid */
} Case;

static const Case cases[] = {
    {"[]", -1},
    {"{}", -1},
    {"null", -1},
    {"true", -1},
    {"false", -1},
    {"0", -1},
    {"-0", -1},
    {"-0.5e+10", -1},
    {"1e400", -1},
    {"123456789012345678901234567890", -1},
    {"NaN", -1},
    {"Infinity", -1},
    {"-Infinity", -1},
    {"\"\"", -1},
    {"\"a longer string without anything in it\"", -1},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", -1},
    {"\"\\ud83d\\ude80\"", -1},
    {"\"\\ud83d\"", -1},
    {"\"\\udc00\\ud800\"", -1},
    {"\"é 🚀 \xf4\x8f\xbf\xbf\"", -1},
    {" \t\r\n [ 1 , 2 ] ", -1},
    {"{\"a\":{\"b\":[{},[],\"\",0]},\"a\":null}", -1},
    {"", 0},
    {" ", 1},
    {"[", 1},
    {"[1", 2},
    {"[1,", 3},
    {"[1,]", 3},
    {"[1 2]", 3},
    {"{", 1},
    {"{1:2}", 1},
    {"{\"a\"}", 4},
    {"{\"a\":}", 5},
    {"{\"a\":1,}", 7},
    {"{\"a\":1]", 6},
    {"[1}", 2},
    {"'a'", 0},
    {"nul", 0},
    {"NAN", 0},
    {"+1", 0},
    {"01", 1},
    {"-01", 2},
    {"-", 1},
    {"1.", 2},
    {".5", 0},
    {"1e", 2},
    {"1e+", 3},
    {"\"a", 2},
    {"\"a\\\"", 4},
    {"\"\\x\"", 2},
    {"\"\\u12g4\"", 2},
    {"\"\\u12", 2},
    {"\"a\nb\"", 2},
    {"\"eight888\x01\"", 9},
    {"\"\x80\"", 1},
    {"\"\xc0\xaf\"", 1},
    {"\"\xe0\x80\x80\"", 1},
    {"\"\xed\xa0\x80\"", 1},
    {"\"\xf4\x90\x80\x80\"", 1},
    {"\"\xf5\x80\x80\x80\"", 1},
    {"\"\xc3", 1},
    {"\"\xf0\x9f\x9a", 1},
    {"\"12345678\xe2\x28\xa1\"", 9},
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* Without the NUL at the end, so that a sanitizer sees a read too far. */
      gsize length = strlen (cases[i].json);
      g_autofree char *text = g_memdup2 (cases[i].json, length);
      QkScan scan = {.text = text, .length = length};
      gboolean valid = qk_scan_value (&scan, 512);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (valid, ==, cases[i].problem_at < 0);
      if (valid)
        {
          qk_scan_space (&scan);
          g_assert_cmpuint (scan.position, ==, length);
        }
      else
        {
          g_assert_nonnull (scan.problem);
          g_assert_cmpint ((gssize) scan.position, ==, cases[i].problem_at);
        }
    }
}

static void
test_nul_bytes (void)
{
  QkScan inside = {.text = "\"a\0b\"", .length = 5};
  QkScan outside = {.text = "[1,\0]", .length = 5};

  g_assert_false (qk_scan_value (&inside, 512));
  g_assert_cmpuint (inside.position, ==, 2);
  g_assert_false (qk_scan_value (&outside, 512));
  g_assert_cmpuint (outside.position, ==, 3);
}

static gboolean
scan_nested (guint depth, guint max_depth)
{
  GString *text = g_string_new (NULL);
  QkScan scan;
  gboolean valid;

  for (guint i = 0; i < depth; i++)
    g_string_append (text, i % 2 ? "{\"k\":" : "[");
  g_string_append (text, "1");
  for (guint i = depth; i > 0; i--)
    g_string_append_c (text, (i - 1) % 2 ? '}' : ']');
  scan = (QkScan){.text = text->str, .length = text->len};
  valid = qk_scan_value (&scan, max_depth);
  g_string_free (text, TRUE);
  return valid;
}

static void
test_depth (void)
{
  g_assert_true (scan_nested (512, 512));
  g_assert_false (scan_nested (513, 512));
  g_assert_true (scan_nested (3, 3));
  g_assert_false (scan_nested (4, 3));
  g_assert_false (scan_nested (1000000, 512));
}

static void
test_lone_surrogates (void)
{
  QkScan pair = {.text = "\"\\ud83d\\ude80\"", .length = 14};
  QkScan half = {.text = "\"\\ud83d x\"", .length = 10};
  QkScan swapped = {.text = "\"\\ude80\\ud83d\"", .length = 14};

  g_assert_true (qk_scan_value (&pair, 1));
  g_assert_false (pair.lone_surrogate);
  g_assert_true (qk_scan_value (&half, 1));
  g_assert_true (half.lone_surrogate);
  g_assert_true (qk_scan_value (&swapped, 1));
  g_assert_true (swapped.lone_surrogate);
}

static void
test_not_finite (void)
{
  static const struct {
    const char *text;
    guint n;
  } numbers[] = {
      {"NaN", 1},     {"Infinity", 1}, {"-Infinity", 1},      {"[NaN,{\"NaN\":-Infinity}]", 2},
      {"\"NaN\"", 0}, {"1e308", 0},    {"1e309", 1},          {"-1.5E+400", 1},
      {"1e-400", 0},  {"0e999", 0},    {"[1,2.5,-0,1E5]", 0},
  };
  g_autofree char *digits = g_strnfill (400, '9');
  g_autofree char *too_large = g_strconcat (digits, ".0", NULL);
  QkScan integer = {.text = digits, .length = 400}, real = {.text = too_large, .length = 402};

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      QkScan scan = {.text = numbers[i].text, .length = strlen (numbers[i].text)};

      g_test_message ("%s", numbers[i].text);
      g_assert_true (qk_scan_value (&scan, 4));
      g_assert_cmpuint (scan.n_not_finite, ==, numbers[i].n);
    }
  /* Python reads an integer whole, however long it is. */
  g_assert_true (qk_scan_value (&integer, 1));
  g_assert_cmpuint (integer.n_not_finite, ==, 0);
  g_assert_true (qk_scan_value (&real, 1));
  g_assert_cmpuint (real.n_not_finite, ==, 1);
}

static void
test_members (void)
{
  const char *object = "{ \"a\" : [1,{\"b\":\"]}\"}] ,\n\"q\\\"\\\\\":\"x\\\\\", \"n\":-1.5e3}";
  QkMembers members;
  QkMember member;

  qk_members_init (&members, object);
  g_assert_true (qk_members_next (&members, &member));
  g_assert_true (qk_json_key_equal (member.key, member.key_length, "a"));
  g_assert_cmpmem (member.value, member.value_length, "[1,{\"b\":\"]}\"}]", 14);
  g_assert_cmpint (member.key - member.lead, ==, 1);
  g_assert_true (qk_members_next (&members, &member));
  g_assert_true (qk_json_key_equal (member.key, member.key_length, "q\"\\"));
  g_assert_false (qk_json_key_equal (member.key, member.key_length, "q"));
  g_assert_cmpmem (member.value, member.value_length, "\"x\\\\\"", 5);
  g_assert_true (qk_members_next (&members, &member));
  g_assert_cmpmem (member.value, member.value_length, "-1.5e3", 6);
  g_assert_false (qk_members_next (&members, &member));
}

static void
test_escaped_keys (void)
{
  const char *key = "\"st\\u0061tus\"";

  g_assert_true (qk_json_key_equal (key, strlen (key), "status"));
  g_assert_false (qk_json_key_equal (key, strlen (key), "st\\u0061tus"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/cases", test_cases);
  g_test_add_func ("/scan/nul-bytes", test_nul_bytes);
  g_test_add_func ("/scan/depth", test_depth);
  g_test_add_func ("/scan/lone-surrogates", test_lone_surrogates);
  g_test_add_func ("/scan/not-finite", test_not_finite);
  g_test_add_func ("/scan/members", test_members);
  g_test_add_func ("/scan/escaped-keys", test_escaped_keys);
  return g_test_run ();
}
