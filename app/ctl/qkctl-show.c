#include "qkctl-options.h"
#include "qkctl-select.h"
#include "qkctl-session.h"
#include "qkctl-table.h"

#include "qk-fix.h"
#include "qk-text.h"
#include "qk-time.h"

#include <string.h>

static void
print_json (GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      gsize length;
      const char *json = qk_entry_get_json (g_ptr_array_index (entries, i), &length);

      qkctl_out_raw (json, length);
      qkctl_out_raw ("\n", 1);
    }
}

static void
print_line (const char *name, const char *value)
{
  g_autofree char *padded = g_strdup_printf ("%-16s", name);

  qkctl_out_coloured (QKCTL_COLOUR_DIM, padded);
  qkctl_outf ("%s\n", value);
}

static void
print_field (const QkEntry *entry, const char *name, QkField field)
{
  g_autofree char *value = NULL;

  if (!qk_entry_has_field (entry, field))
    return;
  value = qkctl_text_field (entry, field);
  print_line (name, value);
}

/* A value as it stands in the file, but on one line however it is laid out there. */
static void
print_value (const QkEntry *entry, const char *name, QkField field)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length);
  g_autoptr (GString) compact = g_string_new (NULL);
  g_autofree char *safe = NULL;
  gboolean in_string = FALSE;

  if (json == NULL)
    return;
  for (gsize i = 0; i < length; i++)
    {
      if (in_string || strchr (" \t\r\n", json[i]) == NULL)
        g_string_append_c (compact, json[i]);
      if (in_string && json[i] == '\\' && i + 1 < length)
        g_string_append_c (compact, json[++i]);
      else if (json[i] == '"')
        in_string = !in_string;
    }
  safe = qk_text_reveal_line (compact->str);
  print_line (name, safe);
}

/* The time as it stands in the file, and how long ago that is. */
static void
print_time (const QkEntry *entry, const char *name, QkField field, gint64 wall, gint64 now)
{
  g_autofree char *value = NULL, *age = NULL, *line = NULL;

  if (!qk_entry_has_field (entry, field))
    return;
  value = qkctl_text_field (entry, field);
  if (wall != QK_WALL_NONE)
    age = qk_duration_format (now - wall);
  line = age != NULL ? g_strdup_printf ("%s (%s ago)", value, age) : g_strdup (value);
  print_line (name, line);
}

/* What the swarm would make of an entry that it does not understand. */
static void
print_hazards (const QkEntry *entry)
{
  static const struct {
    QkHazard hazard;
    const char *text;
  } hazards[] = {
      {QK_HAZARD_PRIORITY, "its priority_score is not a number: stops the swarm's processor"},
      {QK_HAZARD_METADATA, "its metadata is not an object: stops the swarm's processor"},
      {QK_HAZARD_SURROGATE, "it holds half of a surrogate pair: stops the swarm's processor"},
      {QK_HAZARD_OFFSET, "its created_at has a time zone: stops the swarm's processor"},
      {QK_HAZARD_INCOMPLETE, "it lacks a required key: the swarm drops it at its next save"},
      {QK_HAZARD_NOT_FINITE, "it holds NaN or Infinity, which other programs than Python refuse"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (hazards); i++)
    if ((qk_entry_get_hazards (entry) & hazards[i].hazard) != 0)
      {
        qkctl_out_coloured (QKCTL_COLOUR_YELLOW, "Warning         ");
        qkctl_outf ("%s\n", hazards[i].text);
      }
}

/* What “qkctl fix” would do about it, or why it cannot. */
static void
print_remedies (const QkEntry *entry)
{
  const char *obstacle;
  g_auto (GStrv) lines = NULL;

  if (qk_entry_get_hazards (entry) == 0)
    return;
  obstacle = qk_fix_get_obstacle (entry);
  if (obstacle != NULL)
    {
      print_line ("No fix", obstacle);
      return;
    }
  lines = qk_fix_describe (entry);
  for (guint i = 0; lines[i] != NULL; i++)
    print_line ("Fix", lines[i]);
}

static void
print_head (const QkEntry *entry)
{
  QkStatus status = qk_entry_get_status (entry);
  g_autofree char *error = qkctl_text_field (entry, QK_FIELD_LAST_ERROR);

  if (status == QK_STATUS_FAILED)
    {
      qkctl_out_coloured (QKCTL_COLOUR_RED, error);
      qkctl_out ("\n");
    }
  if (status == QK_STATUS_UNKNOWN)
    print_field (entry, "Status", QK_FIELD_STATUS);
  else
    print_line ("Status", qk_status_get_name (status));
  if (status != QK_STATUS_FAILED)
    print_field (entry, "Last error", QK_FIELD_LAST_ERROR);
}

static void
print_times (const QkEntry *entry)
{
  gint64 now = qk_wall_now (), retry = qk_entry_get_retry_at (entry);

  print_time (entry, "Created", QK_FIELD_CREATED_AT, qk_entry_get_created (entry), now);
  print_time (entry, "Updated", QK_FIELD_UPDATED_AT, qk_entry_get_updated (entry), now);
  print_field (entry, "Delivered", QK_FIELD_DELIVERED_AT);
  print_field (entry, "Resent", QK_FIELD_RESEND_TIME);
  print_field (entry, "Last retry", QK_FIELD_LAST_RETRY_TIME);
  print_field (entry, "Retry delay", QK_FIELD_NEXT_RETRY_DELAY);
  if (retry != QK_WALL_NONE && retry > now)
    {
      g_autofree char *wait = qk_duration_format (retry - now);

      print_line ("Next retry in", wait);
    }
}

static void
print_human (const QkEntry *entry)
{
  g_autofree char *content = qk_entry_dup_field (entry, QK_FIELD_CONTENT);
  g_autofree char *safe = qk_text_reveal (content != NULL ? content : "—");
  g_autofree char *tries = g_strdup_printf ("%u", qk_entry_get_attempts (entry));
  g_autofree char *score = g_strdup_printf ("%g", qk_entry_get_priority (entry));

  print_head (entry);
  print_line ("Tries", tries);
  print_hazards (entry);
  print_remedies (entry);
  print_field (entry, "Id", QK_FIELD_ID);
  print_field (entry, "Recipient", QK_FIELD_RECIPIENT);
  print_field (entry, "Sender", QK_FIELD_SENDER);
  print_field (entry, "Priority", QK_FIELD_PRIORITY);
  print_line ("Score", score);
  print_field (entry, "Type", QK_FIELD_MESSAGE_TYPE);
  print_value (entry, "Tags", QK_FIELD_TAGS);
  print_times (entry);
  print_field (entry, "Retry count", QK_FIELD_RETRY_COUNT);
  print_field (entry, "Resent from", QK_FIELD_RESENT_FROM);
  print_value (entry, "Metadata", QK_FIELD_METADATA);
  print_value (entry, "In the message", QK_FIELD_MESSAGE_METADATA);
  qkctl_outf ("\n%s\n", safe);
}

static QkctlExit
show (const QkctlOptions *options)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (QkResult) missing = qk_result_new ();
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  entries = qkctl_select_ids (qk_store_get_document (qkctl_session_get_store (session)),
                              options->arguments, missing);
  if (entries == NULL)
    return QKCTL_EXIT_USAGE;
  if (entries->len == 0)
    {
      qkctl_note ("no message has the id “%s”; qkctl list tells which there are",
                  options->arguments[0]);
      return QKCTL_EXIT_SKIPPED;
    }
  if (options->json)
    print_json (entries);
  for (guint i = 0; !options->json && i < entries->len; i++)
    {
      if (i > 0)
        qkctl_out ("\n\n");
      print_human (g_ptr_array_index (entries, i));
    }
  return QKCTL_EXIT_DONE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, NULL);

  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] == NULL)
    return qkctl_usage ("ID is missing");
  if (options->arguments[1] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[1]);
  return show (options);
}

const QkctlCommand qkctl_command_show = {
    .name = "show",
    .arguments = "FILE ID",
    .summary = "Show one message in full",
    .description =
        "ID may be shortened as long as it is unique. Where several entries share an id, all are\n"
        "shown, one after the other. Exits with 1 if no message has this id.\n"
        "--json prints the entry to the letter as it stands in the file.",
    .run = run,
};
