#include "qk-swarm-text.h"

#define PICK(rand, array) ((array)[g_rand_int_range ((rand), 0, G_N_ELEMENTS (array))])

static const char *const areas[] = {
    "the message router",   "the vector index",       "the contract tests",
    "the onboarding guide", "the delivery callbacks", "the status dashboard",
    "the trading bridge",   "the duplicate finder",   "the retry queue",
    "the config loader",    "the release checklist",  "the web hook receiver",
    "the log archive",      "the session recorder",   "the lint baseline",
};

static const char *const files[] = {
    "src/core/messaging_core.py",    "src/services/onboarding.py",  "src/utils/file_locking.py",
    "tests/test_queue_processor.py", "src/web/dashboard_routes.py", "src/core/config_ssot.py",
    "docs/architecture/overview.md", "tools/audit_imports.py",      "src/services/vector_store.py",
    "tests/unit/test_retry_rule.py", "src/discord/bot_commands.py", "scripts/nightly_report.sh",
};

static const char *const subjects[QK_N_SWARM_TEXT_KINDS][5] = {
    {"confirm the rollout plan for %s", "take over %s and report by the end of the cycle",
     "consolidate the findings on %s", "stop work on %s until the review is through",
     "split %s into modules below 400 lines"},
    {"Proposed approach: verify %s before we merge", "Can you look at %s with me?",
     "I am about to touch %s, are you holding changes?", "Handing %s over to you, state below",
     "Question on %s before I go on"},
    {"Cycle accomplishments report: %s", "%s is done, tests are green",
     "Blocked on %s, details below", "%s: first half landed, second half next",
     "Review of %s finished, three remarks"},
    {"swarm checkpoint: freeze %s at the top of the hour", "all agents: new rule for %s",
     "roll call before the release of %s", "nobody commits to %s until the audit is over",
     "cycle turn: report on %s within ten minutes"},
    {"onboarding: read the handbook, then start with %s", "welcome, your first area is %s",
     "onboarding: pair on %s for one cycle", "your role, your inbox, and %s",
     "session start: pick up %s where it was left"},
    {"production check: is %s all right?", "please look at %s when you have a minute",
     "who owns %s at the moment?", "can somebody explain why %s was slow last night?",
     "screenshot of %s for the weekly call, please"},
};

static const char *const sentences[] = {
    "The last run took %d seconds, and nothing in it was retried.",
    "Two of the %d checks still depend on the order in which the agents answer.",
    "Keep the public functions as they are; only what is behind them may move.",
    "I compared both versions by hand and found no difference that an operator would see.",
    "If the queue is longer than %d messages, pause the producers first and tell the Captain.",
    "The old path stays until every caller is gone, then it goes in a commit of its own.",
    "Agent-%d has the other half of this; do not start before you have its go-ahead.",
    "The failure shows up in about one run of %d, always right after a restart.",
    "Write down what you measured, with the command, so that it can be repeated.",
    "There are %d open questions in the notes; the first one decides all the others.",
    "Nobody needs to stop what they are doing, but please finish before you take new work.",
    "The log shows access denied, then three retries, then success on attempt %d.",
    "A clean import now takes %d ms, half of what it took at the start of the week.",
    "The test that failed yesterday was right: the lock was released too early.",
    "Keep replies short, one line per item, and name the file that you mean.",
    "This replaces the plan from cycle %d; anything that still refers to it is stale.",
    "Coverage moved from %d to 91 per cent, most of it in the error paths.",
    "Please do not resend this by hand: the processor picks it up within a minute.",
};

static const char *const items[] = {
    "Check %s against the contract and note every difference",
    "Run the tests of %s three times in a row, not once",
    "Move the constants out of %s",
    "Remove the dead branch in %s",
    "Write the missing test for %s",
    "Ask the owner of %s before the signature changes",
    "Measure %s before and after, same machine, same load",
    "Leave %s alone in this cycle",
};

static const char *const headings[] = {
    "**CONTEXT**",         "**WHAT TO DO**", "**STATE**",
    "**EXPECTED RESULT**", "**RISKS**",      "**NEXT STEPS**",
};

static const char *const closings[] = {
    "Reply with a status line when you have read this.",
    "No answer needed if you agree.",
    "Report to CAPTAIN when done. 🐝",
    "Thanks! ✅",
    "WE. ARE. SWARM. ⚡",
};

static void
append_header (GString *text,
               GRand *rand,
               const char *title,
               const char *sender,
               const char *recipient)
{
  g_string_append_printf (text, "[HEADER] %s\nFrom: %s\nTo: %s\nMessage ID: %08x-%04x\n\n", title,
                          sender, recipient, g_rand_int (rand), g_rand_int (rand) & 0xffff);
}

static void
append_subject (GString *text, GRand *rand, QkSwarmTextKind kind)
{
  const char *format = PICK (rand, subjects[kind]);
  const char *area = PICK (rand, areas);
  g_auto (GStrv) halves = g_strsplit (format, "%s", 2);

  g_string_append_printf (text, "%s%s%s\n\n", halves[0], area, halves[1]);
}

static void
append_opening (GString *text,
                GRand *rand,
                QkSwarmTextKind kind,
                const char *sender,
                const char *recipient)
{
  switch (kind)
    {
    case QK_SWARM_TEXT_ORDER:
      if (g_rand_boolean (rand))
        append_header (text, rand, "C2A ORDER — CAPTAIN TO AGENT", sender, recipient);
      g_string_append_printf (text, "Stage %d: ", g_rand_int_range (rand, 1, 5));
      break;
    case QK_SWARM_TEXT_COORDINATION:
      if (g_rand_boolean (rand))
        append_header (text, rand, "A2A COORDINATION — BILATERAL", sender, recipient);
      break;
    case QK_SWARM_TEXT_REPORT:
      g_string_append_printf (text, "✅ Cycle %d · ", g_rand_int_range (rand, 30, 60));
      break;
    case QK_SWARM_TEXT_BROADCAST:
      g_string_append (text, "📣 Broadcast: ");
      break;
    case QK_SWARM_TEXT_HUMAN:
      if (g_rand_boolean (rand))
        g_string_append (text, "🚨 urgent: ");
      break;
    case QK_SWARM_TEXT_ONBOARDING:
    default:
      break;
    }
}

static void
append_paragraph (GString *text, GRand *rand)
{
  int n_sentences = g_rand_int_range (rand, 2, 5);

  for (int i = 0; i < n_sentences; i++)
    {
      g_auto (GStrv) halves = g_strsplit (PICK (rand, sentences), "%d", 2);

      g_string_append (text, halves[0]);
      if (halves[1] != NULL)
        g_string_append_printf (text, "%d%s", g_rand_int_range (rand, 2, 9), halves[1]);
      g_string_append_c (text, i + 1 < n_sentences ? ' ' : '\n');
    }
}

static void
append_list (GString *text, GRand *rand)
{
  int n_items = g_rand_int_range (rand, 3, 6);

  g_string_append_printf (text, "%s\n", PICK (rand, headings));
  for (int i = 0; i < n_items; i++)
    {
      g_auto (GStrv) halves = g_strsplit (PICK (rand, items), "%s", 2);

      g_string_append_printf (text, "- %s`%s`%s\n", halves[0], PICK (rand, files), halves[1]);
    }
}

/**
 * qk_swarm_text_compose:
 * @rand: the random state
 * @kind: what kind of message it is
 * @sender: who writes it
 * @recipient: who is to get it
 * @length: about how long it is to be, in bytes; the text ends with the paragraph that reaches it
 *
 * Makes up the content of a message.
 *
 * Returns: (transfer full): some lines of English text in UTF-8
 */
char *
qk_swarm_text_compose (GRand *rand,
                       QkSwarmTextKind kind,
                       const char *sender,
                       const char *recipient,
                       gsize length)
{
  GString *text;

  g_return_val_if_fail (rand != NULL, NULL);
  g_return_val_if_fail (kind < QK_N_SWARM_TEXT_KINDS, NULL);

  text = g_string_new (NULL);
  append_opening (text, rand, kind, sender, recipient);
  append_subject (text, rand, kind);
  append_paragraph (text, rand);
  while (text->len < length)
    {
      g_string_append_c (text, '\n');
      if (g_rand_boolean (rand))
        append_list (text, rand);
      else
        append_paragraph (text, rand);
    }
  g_string_append_printf (text, "\n%s", PICK (rand, closings));
  return g_string_free (text, FALSE);
}
