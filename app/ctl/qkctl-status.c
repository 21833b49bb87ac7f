#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-session.h"
#include "qkctl-table.h"

#include "qk-change.h"
#include "qk-text.h"
#include "qk-time.h"

static void
print_json (const char *path, const QkSummary *summary, gint64 now, gboolean damaged)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  qkctl_json_add_summary (builder, path, summary, now, damaged);
  json_builder_end_object (builder);
  qkctl_json_print (builder);
}

static void
add_row (QkctlTable *table, const QkSummary *all, char *name, const guint *by_status, guint total)
{
  qkctl_table_take (table, QKCTL_COLOUR_NONE, name);
  for (guint i = 0; i < QK_N_STATUSES; i++)
    if (i <= QK_STATUS_DELIVERED || all->by_status[i] > 0)
      qkctl_table_take (
          table, by_status[i] > 0 ? qkctl_status_get_colour ((QkStatus) i) : QKCTL_COLOUR_DIM,
          g_strdup_printf ("%u", by_status[i]));
  qkctl_table_take (table, QKCTL_COLOUR_BOLD, g_strdup_printf ("%u", total));
}

/* Agent by status. The two rare statuses have a column only where they occur. */
static void
print_table (const QkSummary *summary)
{
  QkctlColumn columns[QK_N_STATUSES + 2] = {{"AGENT", FALSE}};
  g_autoptr (QkctlTable) table = NULL;
  guint n = 1;

  for (guint i = 0; i < QK_N_STATUSES; i++)
    if (i <= QK_STATUS_DELIVERED || summary->by_status[i] > 0)
      columns[n++] = (QkctlColumn){qk_status_get_name ((QkStatus) i), TRUE};
  columns[n++] = (QkctlColumn){"TOTAL", TRUE};
  table = qkctl_table_new (columns, n);
  for (guint i = 0; i < summary->agents->len; i++)
    {
      const QkAgentCount *agent = g_ptr_array_index (summary->agents, i);
      char *name = qk_text_reveal_line (*agent->name != '\0' ? agent->name : "—");

      add_row (table, summary, name, agent->by_status, agent->total);
    }
  add_row (table, summary, g_strdup ("total"), summary->by_status, summary->total);
  qkctl_table_print (table, 0);
}

static void
print_human (const char *path, const QkSummary *summary, gint64 now)
{
  g_autofree char *safe = qk_text_reveal_line (path);
  g_autofree char *oldest = summary->oldest_pending != QK_WALL_NONE
                                ? qk_duration_format (now - summary->oldest_pending)
                                : g_strdup ("none");
  g_autofree char *stuck = g_strdup_printf ("%u", summary->stuck);
  g_autofree char *hazards = g_strdup_printf ("%u", summary->hazards);

  qkctl_out_coloured (QKCTL_COLOUR_BOLD, safe);
  qkctl_out ("\n\n");
  print_table (summary);
  qkctl_outf ("\nOldest pending  %s\n", oldest);
  qkctl_out ("Stuck           ");
  qkctl_out_coloured (summary->stuck > 0 ? QKCTL_COLOUR_RED : QKCTL_COLOUR_NONE, stuck);
  qkctl_outf ("  (PROCESSING for more than %d s)\n", QK_STUCK_WARNING_S);
  qkctl_out ("Flagged         ");
  qkctl_out_coloured (summary->hazards > 0 ? QKCTL_COLOUR_YELLOW : QKCTL_COLOUR_NONE, hazards);
  qkctl_out (
      "  (the swarm trips over them; “qkctl list --hazard” lists, “qkctl fix” fixes them)\n");
  qkctl_out ("Damaged         no\n");
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, NULL);
  g_autoptr (QkctlSession) session = NULL;
  g_autoptr (QkSummary) summary = NULL;
  gint64 now;
  QkctlExit code;

  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);

  session = qkctl_session_new (options->file);
  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  now = qk_wall_now ();
  if (code == QKCTL_EXIT_DAMAGED && options->json)
    print_json (qkctl_session_get_path (session), NULL, now, TRUE);
  if (code != QKCTL_EXIT_DONE)
    return code;

  summary = qk_summary_new (qk_store_get_document (qkctl_session_get_store (session)), now,
                            QK_STUCK_WARNING_S);
  if (options->json)
    print_json (qkctl_session_get_path (session), summary, now, FALSE);
  else
    print_human (qkctl_session_get_path (session), summary, now);
  return QKCTL_EXIT_DONE;
}

const QkctlCommand qkctl_command_status = {
    .name = "status",
    .arguments = "FILE",
    .summary = "Count the messages per agent and status",
    .description = "--json prints one object: path, total, by_status, agents, stuck, hazards, "
                   "oldest_pending_s, damaged.\nOf a damaged file it says damaged, and counts "
                   "nothing.",
    .run = run,
};
