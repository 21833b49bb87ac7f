#include "qk-ctl-sample.h"

/* Every status, an unknown one, three ways to name a recipient, ids that begin alike, an id that
 * two entries share. The last four are not of the usual form. */
const QkCtlEntry qk_ctl_sample[] = {
    {"aa11-0001", "PENDING", "Agent-2", "first words", 7260, NULL},
    {"aa11-0002", "PENDING", "Agent-10", "Straße \\u00e4 \\ud83d\\udea8 end", 90, NULL},
    {"bb22-0003", "PROCESSING", "Agent-2", "fresh", 5, NULL},
    {"bb33-0004", "PROCESSING", "Agent-2",
     "stuck for so long that it takes more words than there is room for", 900,
     "{\"delivery_attempts\":2}"},
    {"cc44-0005", "FAILED", "Agent-7", "went wrong", 3660,
     "{\"delivery_attempts\":3,\"last_error\":\"target \\u001b[31mlost\\u202e\"}"},
    {"dd55-0006", "DELIVERED", "Agent-2", "one\\nNeedle\\nthree\\u0007\\u202e.", 100000, NULL},
    {"ee66-same", "DELIVERED", "Agent-2", "twin a", 60, NULL},
    {"ee66-same", "FAILED", "Agent-7", "twin b", 60, "{\"last_error\":\"e\"}"},
};

static const char unusual[] =
    ",\n {\"message\":\"bare words\",\"queue_id\":\"ff77-bare\",\"status\":\"PENDING\"},"
    "\n {\"message\":{\"from\":\"x\",\"to\":\"so\",\"content\":\"c\"},\"queue_id\":\"ff88-to\","
    "\"status\":\"Strange\\u001b[2J\"},"
    "\n {\"id\":\"ff99-flat\",\"sender\":\"s\",\"recipient\":\"Agent-2\",\"content\":\"flat\","
    "\"status\":\"delivered\",\"created_at\":\"2026-01-02 03:04:05\"},"
    "\n {\"queue_id\":\"gg00-exp\",\"status\":\"EXPIRED\",\"n\":[1E+2,-0,0.10]}\n]";

void
qk_ctl_write_sample (QkCtlFixture *fixture)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *head = NULL;

  qk_ctl_write_entries (fixture, qk_ctl_sample, G_N_ELEMENTS (qk_ctl_sample));
  head = qk_ctl_read (fixture, NULL);
  g_string_append (text, head);
  g_string_truncate (text, text->len - 1);
  g_string_append (text, unusual);
  qk_ctl_write (fixture, text->str, (gssize) text->len);
}

/* Nothing that a file says may steer the terminal. */
void
qk_ctl_assert_harmless (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_true (c == '\n' || (c >= 0x20 && c != 0x7f));
      g_assert_true (c != 0x202e && (c < 0x80 || c >= 0xa0));
    }
}
