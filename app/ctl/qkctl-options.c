#include "qkctl-options.h"

#include "qk-change.h"
#include "qk-settings.h"
#include "qkctl-terminal.h"

#include <math.h>
#include <string.h>

#define MIN_GUARD    3U
#define MAX_GUARD    30U
#define MAX_ATTEMPTS 1000
#define MIN_DELAY_S  0.001
#define MAX_DELAY_S  3600.0

/* Texts are taken as file names are, to the byte: GOption would turn them from the locale's
 * encoding into UTF-8, and so refuse every emoji under LANG=C, which is what cron runs with. */

/* @entries belong to the command alone; may be NULL. */
QkctlOptions *
qkctl_options_new (const QkctlCommand *command, const GOptionEntry *entries)
{
  QkctlOptions *self = g_new0 (QkctlOptions, 1);
  const GOptionEntry shared[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print JSON, for programs", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->positional, NULL, NULL},
      {NULL},
  };

  self->context = g_option_context_new (command->arguments);
  g_option_context_set_summary (self->context, command->summary);
  g_option_context_set_description (self->context, command->description);
  if (entries != NULL)
    g_option_context_add_main_entries (self->context, entries, NULL);
  g_option_context_add_main_entries (self->context, shared, NULL);
  return self;
}

void
qkctl_options_free (QkctlOptions *self)
{
  g_option_context_free (self->context);
  g_free (self->file);
  g_strfreev (self->arguments);
  g_strfreev (self->positional);
  g_free (self->attempts);
  g_free (self->base_delay);
  g_free (self->max_delay);
  g_free (self->guard_text);
  g_free (self->agents_text);
  g_strfreev (self->agents);
  g_free (self->counters);
  g_free (self);
}

/* The command writes: it has the retry options. */
void
qkctl_options_add_retry (QkctlOptions *self)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();
  const GOptionEntry entries[] = {
      {"attempts", 0, 0, G_OPTION_ARG_FILENAME, &self->attempts,
       "Try a locked file so often in all (default: as in the preferences, 8)", "N"},
      {"base-delay", 0, 0, G_OPTION_ARG_FILENAME, &self->base_delay,
       "Wait after the first failure; doubled each time (default: as in the preferences, 0.15)",
       "SECONDS"},
      {"max-delay", 0, 0, G_OPTION_ARG_FILENAME, &self->max_delay,
       "Never wait longer than this at a time (default: as in the preferences, 2.0)", "SECONDS"},
      {NULL},
  };

  qk_retry_policy_read (&self->policy, G_OBJECT (settings));
  g_option_context_add_main_entries (self->context, entries, NULL);
}

/* For the commands whose changes other writers may undo. */
void
qkctl_options_add_guard (QkctlOptions *self)
{
  const GOptionEntry entries[] = {
      {"guard", 0, 0, G_OPTION_ARG_FILENAME, &self->guard_text,
       "Stay, and put right what other writers undo, until that has not happened for so long "
       "(3 to 30; default: 0, do not stay)",
       "SECONDS"},
      {NULL},
  };

  g_option_context_add_main_entries (self->context, entries, NULL);
}

/* With -n nothing is written: see qkctl_action_run(). */
void
qkctl_options_add_dry_run (QkctlOptions *self, const char *verb)
{
  const GOptionEntry entries[] = {
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &self->dry_run, "Only tell what would be done", NULL},
      {NULL},
  };

  self->verb = verb;
  g_option_context_add_main_entries (self->context, entries, NULL);
}

/* For the commands that have to know who the agents are. */
void
qkctl_options_add_agents (QkctlOptions *self)
{
  const GOptionEntry entries[] = {
      {"agents", 0, 0, G_OPTION_ARG_FILENAME, &self->agents_text,
       "Who the agents of the swarm are (default: those that were chosen, or that the swarm lists)",
       "A,B,..."},
      {NULL},
  };

  g_option_context_add_main_entries (self->context, entries, NULL);
}

/* For the commands that tell what stood in the way. */
void
qkctl_options_add_counters (QkctlOptions *self)
{
  const GOptionEntry entries[] = {
      {"counters", 0, 0, G_OPTION_ARG_FILENAME, &self->counters,
       "Where the swarm counts its lock errors (default: the file that was chosen in the window, or a "
       "file_locking_metrics.json near the queue)",
       "FILE"},
      {NULL},
  };

  g_option_context_add_main_entries (self->context, entries, NULL);
}

static gboolean
parse_agents (QkctlOptions *self)
{
  if (self->agents_text == NULL)
    return TRUE;
  self->agents = g_strsplit (self->agents_text, ",", -1);
  for (guint i = 0; self->agents[i] != NULL; i++)
    if (*g_strstrip (self->agents[i]) == '\0')
      {
        qkctl_usage ("--agents takes names with commas between, not “%s”", self->agents_text);
        return FALSE;
      }
  if (self->agents[0] != NULL)
    return qkctl_check_texts ("--agents", self->agents);
  qkctl_usage ("--agents is empty");
  return FALSE;
}

/* Shorter than three seconds would miss most of the writers that hold old lists. */
static gboolean
parse_guard (QkctlOptions *self)
{
  if (self->guard_text == NULL || strcmp (self->guard_text, "0") == 0)
    return TRUE;
  if (!qkctl_parse_count ("--guard", self->guard_text, MAX_GUARD, &self->guard))
    return FALSE;
  if (self->guard >= MIN_GUARD)
    return TRUE;
  qkctl_usage ("--guard takes 0, or %u to %u seconds, not “%s”", MIN_GUARD, MAX_GUARD,
               self->guard_text);
  return FALSE;
}

static gboolean
parse_delay (const char *option, const char *text, gint64 *usec)
{
  char *end;
  double seconds;

  if (text == NULL)
    return TRUE;
  seconds = g_ascii_strtod (text, &end);
  /* strtod() would also take " 1", "0x1" and "nan". */
  if (*text == '\0' || *end != '\0' || strspn (text, "0123456789.eE+-") != strlen (text) ||
      !(seconds >= MIN_DELAY_S && seconds <= MAX_DELAY_S))
    {
      qkctl_usage ("%s takes seconds between 0.001 and 3600, not “%s”", option, text);
      return FALSE;
    }
  *usec = (gint64) round (seconds * G_USEC_PER_SEC);
  return TRUE;
}

static gboolean
parse_policy (QkctlOptions *self)
{
  if ((self->attempts != NULL &&
       !qkctl_parse_count ("--attempts", self->attempts, MAX_ATTEMPTS, &self->policy.attempts)) ||
      !parse_delay ("--base-delay", self->base_delay, &self->policy.base_delay) ||
      !parse_delay ("--max-delay", self->max_delay, &self->policy.max_delay))
    return FALSE;
  if (self->policy.base_delay <= self->policy.max_delay)
    return TRUE;
  qkctl_usage ("--base-delay (%g s) is longer than --max-delay (%g s)",
               (double) self->policy.base_delay / G_USEC_PER_SEC,
               (double) self->policy.max_delay / G_USEC_PER_SEC);
  return FALSE;
}

/* Returns FALSE after saying what is wrong. Does not return after --help. */
gboolean
qkctl_options_parse (QkctlOptions *self, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) rest = g_strdupv (argv);

  if (!g_option_context_parse_strv (self->context, &rest, &error))
    {
      qkctl_usage ("%s", error->message);
      return FALSE;
    }
  if (self->positional == NULL || *self->positional[0] == '\0')
    {
      qkctl_usage ("FILE is missing");
      return FALSE;
    }
  if (self->counters != NULL && *self->counters == '\0')
    {
      qkctl_usage ("--counters is empty");
      return FALSE;
    }
  self->file = g_strdup (self->positional[0]);
  self->arguments = g_strdupv (self->positional + 1);
  return parse_policy (self) && parse_guard (self) && parse_agents (self);
}

/* Says in one line what is wrong with the command line. */
QkctlExit
qkctl_usage (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  qkctl_note ("%s (see “%s --help”)", text, g_get_prgname ());
  return QKCTL_EXIT_USAGE;
}

/* Whether @text, which may be NULL, can stand in the queue. */
gboolean
qkctl_check_text (const char *option, const char *text)
{
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    return TRUE;
  qkctl_usage ("%s is not valid UTF-8", option);
  return FALSE;
}

gboolean
qkctl_check_texts (const char *option, char **texts)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    if (!qkctl_check_text (option, texts[i]))
      return FALSE;
  return TRUE;
}

/* Whether @name, which may be NULL, is a priority. */
gboolean
qkctl_check_priority (const char *name)
{
  double score;

  if (name == NULL || qk_priority_parse (name, &score))
    return TRUE;
  qkctl_usage ("there is no priority “%s”: it is one of urgent, high, regular, normal, low", name);
  return FALSE;
}

gboolean
qkctl_parse_count (const char *option, const char *text, guint max, guint *count)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, max, &value, NULL))
    {
      qkctl_usage ("%s takes a whole number between 1 and %u, not “%s”", option, max, text);
      return FALSE;
    }
  *count = (guint) value;
  return TRUE;
}

/* "90s", "15m", "12h", "7d", "2w". */
gboolean
qkctl_parse_age (const char *option, const char *text, gint64 *usec)
{
  static const struct {
    char unit;
    guint seconds;
  } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 24 * 3600}, {'w', 7 * 24 * 3600}};
  gsize length = strlen (text);
  g_autofree char *number = g_strndup (text, length > 0 ? length - 1 : 0);
  guint64 value;

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (length > 1 && text[length - 1] == units[i].unit &&
        g_ascii_string_to_unsigned (number, 10, 0, 1000000000, &value, NULL))
      {
        *usec = (gint64) value * units[i].seconds * G_USEC_PER_SEC;
        return TRUE;
      }
  qkctl_usage ("%s takes a number and a unit (90s, 15m, 12h, 7d or 2w), not “%s”", option, text);
  return FALSE;
}
