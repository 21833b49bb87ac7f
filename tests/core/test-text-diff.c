#include "qk-text-diff.h"

#include <string.h>

static void
append_line (GString *out, const QkTextDiff *diff, const QkTextDiffLine *line, const char *text)
{
  gsize at = 0;

  g_string_append_c (out, " -+"[line->kind]);
  for (guint i = 0; i < line->n_marks; i++)
    {
      const QkTextDiffMark *mark = &g_array_index (diff->marks, QkTextDiffMark, line->marks + i);

      g_assert_cmpuint (mark->start, >=, at);
      g_assert_cmpuint (mark->length, >, 0);
      g_assert_cmpuint (mark->start + mark->length, <=, line->length);
      g_string_append_len (out, text + line->start + at, (gssize) (mark->start - at));
      g_string_append_c (out, '[');
      g_string_append_len (out, text + line->start + mark->start, (gssize) mark->length);
      g_string_append_c (out, ']');
      at = mark->start + mark->length;
    }
  g_string_append_len (out, text + line->start + at, (gssize) (line->length - at));
  g_string_append_c (out, '\n');
}

/* A line for each, with its sign, and the marks in brackets. */
static char *
draw (const char *before, const char *after)
{
  g_autoptr (QkTextDiff) diff = qk_text_diff_new (before, after);
  GString *out = g_string_new (NULL);
  guint counts[3] = {0};

  for (guint i = 0; i < diff->lines->len; i++)
    {
      const QkTextDiffLine *line = &g_array_index (diff->lines, QkTextDiffLine, i);

      counts[line->kind]++;
      append_line (out, diff, line, line->kind == QK_TEXT_DIFF_ADDED ? after : before);
    }
  g_assert_cmpuint (diff->n_removed, ==, counts[QK_TEXT_DIFF_REMOVED]);
  g_assert_cmpuint (diff->n_added, ==, counts[QK_TEXT_DIFF_ADDED]);
  return g_string_free (out, FALSE);
}

static void
test_cases (void)
{
  static const struct {
    const char *before, *after, *expected;
  } cases[] = {
      {"", "", " \n"},
      {"a", "a", " a\n"},
      {"a\nb\n", "a\nb\n", " a\n b\n \n"},
      {"", "new", "-\n+new\n"},
      {"old", "", "-old\n+\n"},
      /* One word, and two in a row with the space between them. */
      {"Send the report now", "Send the summary now",
       "-Send the [report] now\n"
       "+Send the [summary] now\n"},
      {"we stay here until noon or so", "we stay till dusk or so",
       "-we stay [here until noon] or so\n+we stay [till dusk] or so\n"},
      /* What only comes, or only goes, is marked in the line that has it. */
      {"go to the gate", "go to the north gate", "-go to the gate\n+go to the [north ]gate\n"},
      {"a b, c.", "a b c.", "-a b[,] c.\n+a b c.\n"},
      /* Lines that come and go leave their neighbours alone. */
      {"x\ny", "x\nn\ny", " x\n+n\n y\n"},
      {"x\nn\ny", "x\ny", " x\n-n\n y\n"},
      {"a\nb\nc\nd", "b\nc\nd\ne", "-a\n b\n c\n d\n+e\n"},
      {"x", "x\n", " x\n+\n"},
      /* Nothing in common: no marks. */
      {"alpha beta", "12345", "-alpha beta\n+12345\n"},
      /* Several lines at once; no mark goes beyond its line. */
      {"Head of it all\none two three\nfour five six", "Head of it all\none 2 three\nfour 5 six",
       " Head of it all\n-one [two] three\n-four [five] six\n+one [2] three\n+four [5] six\n"},
      /* Characters are never cut: an accent of its own goes with its letter. */
      {"le cafe\xcc\x81 est ici", "le cafe est ici",
       "-le [cafe\xcc\x81] est ici\n"
       "+le [cafe] est ici\n"},
      {"grüße an alle 🚨", "grüße an alle 🚀", "-grüße an alle [🚨]\n+grüße an alle [🚀]\n"},
      {"a\r\nb", "a\nb", "-a[\r]\n+a\n b\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *drawn = draw (cases[i].before, cases[i].after);

      g_assert_cmpstr (drawn, ==, cases[i].expected);
    }
}

/* The lines of one text, put together from the difference. */
static char *
rebuild (const QkTextDiff *diff, const char *before, const char *after, QkTextDiffKind leave_out)
{
  GString *text = g_string_new (NULL);
  gboolean first = TRUE;

  for (guint i = 0; i < diff->lines->len; i++)
    {
      const QkTextDiffLine *line = &g_array_index (diff->lines, QkTextDiffLine, i);
      const char *source = line->kind == QK_TEXT_DIFF_ADDED ? after : before;

      if (line->kind == leave_out)
        continue;
      g_string_append_printf (text, "%s%.*s", first ? "" : "\n", (int) line->length,
                              source + line->start);
      first = FALSE;
    }
  return g_string_free (text, FALSE);
}

static void
assert_complete (const char *before, const char *after)
{
  g_autoptr (QkTextDiff) diff = qk_text_diff_new (before, after);
  g_autofree char *old = rebuild (diff, before, after, QK_TEXT_DIFF_ADDED);
  g_autofree char *new = rebuild (diff, before, after, QK_TEXT_DIFF_REMOVED);
  g_autofree char *drawn = draw (before, after);

  g_assert_cmpstr (old, ==, before);
  g_assert_cmpstr (new, ==, after);
  g_assert_true (g_utf8_validate (drawn, -1, NULL));
}

static char *
make_text (GRand *rand, guint n_words)
{
  static const char *const words[] = {"a", "b", "ab", "\n", "\n", " ", " ", "é", "e\xcc\x81", "."};
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_words; i++)
    g_string_append (text, words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
  return g_string_free (text, FALSE);
}

/* Whatever they are, both texts can be had from it. */
static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *before = make_text (rand, (guint) g_rand_int_range (rand, 0, 40));
      g_autofree char *after = make_text (rand, (guint) g_rand_int_range (rand, 0, 40));

      assert_complete (before, after);
    }
}

/* The fewest lines: as many as the longest common subsequence leaves, which is found the slow way. */
static guint
count_common (char **a, char **b)
{
  guint n = g_strv_length (a), m = g_strv_length (b);
  g_autofree guint *table = g_new0 (guint, (n + 1) * (m + 1));

  for (guint i = n; i-- > 0;)
    for (guint j = m; j-- > 0;)
      table[i * (m + 1) + j] = strcmp (a[i], b[j]) == 0
                                   ? table[(i + 1) * (m + 1) + j + 1] + 1
                                   : MAX (table[(i + 1) * (m + 1) + j], table[i * (m + 1) + j + 1]);
  return table[0];
}

static void
test_shortest (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *before = make_text (rand, (guint) g_rand_int_range (rand, 0, 80));
      g_autofree char *after = make_text (rand, (guint) g_rand_int_range (rand, 0, 80));
      g_auto (GStrv) old = g_strsplit (before, "\n", -1), new = g_strsplit (after, "\n", -1);
      g_autoptr (QkTextDiff) diff = qk_text_diff_new (before, after);
      guint n_old = MAX (g_strv_length (old), 1), n_new = MAX (g_strv_length (new), 1);

      /* g_strsplit() makes nothing of nothing: that is one empty line. */
      if (*before == '\0' || *after == '\0')
        continue;
      g_assert_cmpuint (n_old - diff->n_removed, ==, count_common (old, new));
      g_assert_cmpuint (n_new - diff->n_added, ==, count_common (old, new));
    }
}

/* Texts of megabytes that have nothing in common take no longer than the bound lets them. */
static void
test_bounded (void)
{
  GString *before = g_string_new (NULL), *after = g_string_new (NULL);
  gint64 start;

  for (guint i = 0; i < 200000; i++)
    {
      g_string_append_printf (before, "%x ", i * 2654435761U);
      g_string_append_printf (after, "%x%s", i * 40503U + 1, i % 9 == 0 ? "\n" : " ");
    }
  start = g_get_monotonic_time ();
  assert_complete (before->str, after->str);
  g_test_message ("%.3f s", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_TIME_SPAN_SECOND);
  g_string_free (before, TRUE);
  g_string_free (after, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text-diff/cases", test_cases);
  g_test_add_func ("/text-diff/random", test_random);
  g_test_add_func ("/text-diff/shortest", test_shortest);
  g_test_add_func ("/text-diff/bounded", test_bounded);
  return g_test_run ();
}
