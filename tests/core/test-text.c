#include "qk-agents.h"
#include "qk-text.h"

#include <string.h>

static void
test_reveal (void)
{
  static const struct {
    const char *text;
    const char *block;
    const char *line;
  } cases[] = {
      {"plain", "plain", "plain"},
      {"a\tb\nc", "a\tb\nc", "a␉b␊c"},
      {"a\r\nb\rc", "a\nb␍c", "a␍␊b␍c"},
      {"\x1b[31mred", "␛[31mred", "␛[31mred"},
      {"\x7f", "␡", "␡"},
      {"\xc2\x9b", "⟨U+009B⟩", "⟨U+009B⟩"},
      {"abc\xe2\x80\xae"
       "fdp.exe",
       "abc⟨U+202E⟩fdp.exe", "abc⟨U+202E⟩fdp.exe"},
      {"\xe2\x81\xa6x\xe2\x81\xa9", "⟨U+2066⟩x⟨U+2069⟩", "⟨U+2066⟩x⟨U+2069⟩"},
      {"a\xe2\x80\xa8z", "a⟨U+2028⟩z", "a⟨U+2028⟩z"},
      {"\xef\xbb\xbfx", "⟨U+FEFF⟩x", "⟨U+FEFF⟩x"},
      {"👩‍🚀 שלום", "👩‍🚀 שלום", "👩‍🚀 שלום"},
      {"<b>&amp;</b>", "<b>&amp;</b>", "<b>&amp;</b>"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *block = qk_text_reveal (cases[i].text);
      g_autofree char *line = qk_text_reveal_line (cases[i].text);

      g_assert_cmpstr (block, ==, cases[i].block);
      g_assert_cmpstr (line, ==, cases[i].line);
    }
}

static void
test_decode (void)
{
  static const struct {
    const char *json;
    const char *text;
    gboolean lone_surrogate;
  } cases[] = {
      {"\"\"", "", FALSE},
      {"\"a\\\"b\\\\c\\/d\"", "a\"b\\c/d", FALSE},
      {"\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t", FALSE},
      {"\"\\u00e9\\u20AC\"", "é€", FALSE},
      {"\"\\ud83d\\ude80!\"", "🚀!", FALSE},
      {"\"x\\u0000y\"", "x␀y", FALSE},
      {"\"\\ud83d!\"", "\xef\xbf\xbd!", TRUE},
      {"\"\\ude80\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd", TRUE},
      {"\"\\ud83d\\u0041\"",
       "\xef\xbf\xbd"
       "A",
       TRUE},
      {"12", "12", FALSE},
      {"{\"a\":1}", "{\"a\":1}", FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean lone_surrogate = FALSE;
      g_autofree char *text =
          qk_json_decode (cases[i].json, strlen (cases[i].json), &lone_surrogate);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpint (lone_surrogate, ==, cases[i].lone_surrogate);
    }
}

/* Wherever it is cut, what comes is the beginning of the whole, to the character. */
static void
test_decode_start (void)
{
  const char *json = "\"ab\\n\\u00e9é\\ud83d\\ude80\\u00e9\\ud83d\\ude80🚀\\ud83d\\\"\\\\\\u0041z\"";
  gsize length = strlen (json);
  g_autofree char *whole = qk_json_decode (json, length, NULL);

  for (gsize max = 1; max <= length + 1; max++)
    {
      g_autofree char *start = qk_json_decode_start (json, length, max);

      g_assert_true (g_utf8_validate (start, -1, NULL));
      g_assert_true (g_str_has_prefix (whole, start));
      g_assert_cmpint (max >= length - 1, ==, strcmp (start, whole) == 0);
    }
}

static void
test_quote (void)
{
  g_autoptr (GString) json = g_string_new ("=");
  g_autofree char *again = NULL;
  const char *text = "a\"b\\c/\b\f\n\r\t\x01\x1f é 🚀";

  qk_json_append_quoted (json, text);
  g_assert_cmpstr (json->str, ==, "=\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f é 🚀\"");
  again = qk_json_decode (json->str + 1, json->len - 1, NULL);
  g_assert_cmpstr (again, ==, text);
}

static void
test_agents (void)
{
  g_assert_true (qk_agent_is_swarm_member ("Agent-12"));
  g_assert_false (qk_agent_is_swarm_member ("Agent-"));
  g_assert_false (qk_agent_is_swarm_member ("Agent-1x"));
  g_assert_true (qk_agent_is_known ("CAPTAIN"));
  g_assert_false (qk_agent_is_known ("so"));
  g_assert_cmpint (qk_agent_compare ("Agent-2", "Agent-10"), <, 0);
  g_assert_cmpint (qk_agent_compare ("Agent-2", "Aardvark"), <, 0);
  g_assert_cmpint (qk_agent_compare ("so", "CAPTAIN"), >, 0);
  g_assert_cmpint (qk_agent_compare ("Agent-2", "Agent-2"), ==, 0);
}

static void
test_agents_config (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) agents = qk_agents_parse_config (
      "{\"current_mode\":\"4\",\"modes\":{\"8\":{\"active_agents\":[\"Agent-8\"]},"
      "\"4\":{\"active_agents\":[\"Agent-1\",\"Agent-3\"],\"processing_order\":[]}}}",
      -1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (agents), ==, 2);
  g_assert_cmpstr (agents[1], ==, "Agent-3");
}

static void
test_agents_config_bad (void)
{
  static const char *const bad[] = {
      "",
      "[]",
      "{}",
      "{\"current_mode\":\"4\"}",
      "{\"current_mode\":4,\"modes\":{}}",
      "{\"current_mode\":\"4\",\"modes\":{\"4\":{\"active_agents\":[]}}}",
      "{\"current_mode\":\"4\",\"modes\":{\"4\":{\"active_agents\":[7]}}}",
      "{\"current_mode\":\"4\",\"modes\":[]}",
      "{\"current_mode\":\"4\",\"modes\":{\"4\":{\"active_agents\":[\"a\\ud83db\"]}}}",
      "{\"current_mode\":\"4\",\"modes\":{\"4\":{\"active_agents\":[\"a\"]}}} {}",
  };
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *deep_behind = g_strconcat ("{}", deep, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad) + 2; i++)
    {
      g_autoptr (GError) error = NULL;
      const char *json = i < G_N_ELEMENTS (bad)    ? bad[i]
                         : i == G_N_ELEMENTS (bad) ? deep
                                                   : deep_behind;

      g_assert_null (qk_agents_parse_config (json, -1, &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/reveal", test_reveal);
  g_test_add_func ("/text/decode", test_decode);
  g_test_add_func ("/text/decode-start", test_decode_start);
  g_test_add_func ("/text/quote", test_quote);
  g_test_add_func ("/agents/names", test_agents);
  g_test_add_func ("/agents/config", test_agents_config);
  g_test_add_func ("/agents/config-bad", test_agents_config_bad);
  return g_test_run ();
}
