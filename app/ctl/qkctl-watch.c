#include "qkctl-changes.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-session.h"
#include "qkctl-table.h"

#include "qk-change.h"
#include "qk-text.h"
#include "qk-time.h"

/* Of a reload that changes more entries than this only the counts are told. */
#define MAX_LINES 50

#define WHAT_WIDTH      23
#define RECIPIENT_WIDTH 10
#define MIN_EXCERPT     20

typedef struct {
  QkctlSession *session; /* not owned */
  gboolean json;
  gboolean ended;       /* nobody reads what we say */
  gboolean troubled;    /* the last state that was told is not that all is well */
  QkDocument *document; /* owned, nullable: the version that was told last */
} Watch;

static const char *const change_names[QKCTL_N_CHANGE_KINDS] = {"added", "removed", "status",
                                                               "edited"};

static JsonBuilder *
begin_event (const char *event)
{
  JsonBuilder *builder = json_builder_new ();
  g_autofree char *time = qk_wall_format (qk_wall_now ());

  json_builder_begin_object (builder);
  qkctl_json_add_text (builder, "time", time);
  qkctl_json_add_text (builder, "event", event);
  return builder;
}

static void
flush (Watch *watch)
{
  if (!qkctl_out_flush ())
    watch->ended = TRUE;
}

static void
end_event (Watch *watch, JsonBuilder *builder)
{
  json_builder_end_object (builder);
  qkctl_json_print (builder);
  g_object_unref (builder);
  flush (watch);
}

static void
begin_line (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S  ");

  qkctl_out_coloured (QKCTL_COLOUR_DIM, time);
}

static void
end_line (Watch *watch)
{
  qkctl_out ("\n");
  flush (watch);
}

/* "376 messages: 12 PENDING, 1 PROCESSING, 363 DELIVERED" */
static void
print_summary (const QkSummary *summary)
{
  gboolean first = TRUE;

  qkctl_outf ("%u %s", summary->total, summary->total == 1 ? "message" : "messages");
  for (guint i = 0; i < QK_N_STATUSES; i++)
    if (summary->by_status[i] > 0)
      {
        g_autofree char *count =
            g_strdup_printf ("%u %s", summary->by_status[i], qk_status_get_name ((QkStatus) i));

        qkctl_out (first ? ": " : ", ");
        qkctl_out_coloured (qkctl_status_get_colour ((QkStatus) i), count);
        first = FALSE;
      }
  if (summary->stuck > 0)
    qkctl_outf (", %u stuck", summary->stuck);
}

static void
tell_queue (Watch *watch)
{
  gint64 now = qk_wall_now ();
  g_autoptr (QkSummary) summary = qk_summary_new (watch->document, now, QK_STUCK_WARNING_S);

  if (watch->json)
    {
      JsonBuilder *builder = begin_event ("queue");

      qkctl_json_add_summary (builder, qkctl_session_get_path (watch->session), summary, now,
                              FALSE);
      end_event (watch, builder);
    }
  else
    {
      begin_line ();
      print_summary (summary);
      end_line (watch);
    }
}

static void
print_change_json (Watch *watch, const QkctlChange *change)
{
  JsonBuilder *builder = begin_event (change_names[change->kind]);
  g_autofree char *id = qk_entry_dup_field (change->entry, QK_FIELD_ID);
  g_autofree char *recipient = qk_entry_dup_field (change->entry, QK_FIELD_RECIPIENT);
  g_autofree char *excerpt = qk_entry_dup_excerpt (change->entry);

  qkctl_json_add_text (builder, "id", id);
  qkctl_json_add_text (builder, "status", qk_status_get_name (qk_entry_get_status (change->entry)));
  if (change->kind == QKCTL_CHANGE_STATUS)
    qkctl_json_add_text (builder, "was", qk_status_get_name (change->was));
  qkctl_json_add_text (builder, "recipient", recipient);
  qkctl_json_add_text (builder, "excerpt", excerpt);
  end_event (watch, builder);
}

/* "time  id  what  recipient  excerpt" */
static void
print_change (Watch *watch, const QkctlChange *change)
{
  QkStatus status = qk_entry_get_status (change->entry);
  g_autofree char *id = qk_entry_dup_field (change->entry, QK_FIELD_ID);
  g_autofree char *short_id = qkctl_text_short_id (id);
  g_autofree char *recipient = qkctl_text_field (change->entry, QK_FIELD_RECIPIENT);
  g_autofree char *padded = qkctl_text_pad (recipient, RECIPIENT_WIDTH);
  g_autofree char *excerpt = qk_entry_dup_excerpt (change->entry);
  g_autofree char *what =
      change->kind == QKCTL_CHANGE_STATUS
          ? g_strdup_printf ("%s → %s", qk_status_get_name (change->was),
                             qk_status_get_name (status))
          : g_strdup_printf ("%s %s", change_names[change->kind], qk_status_get_name (status));
  g_autofree char *what_padded = qkctl_text_pad (what, WHAT_WIDTH);
  guint width = qkctl_terminal_get_width ();
  guint used = 10 + 10 + WHAT_WIDTH + 2 + RECIPIENT_WIDTH + 2;
  g_autofree char *fitted =
      width == 0
          ? g_strdup (excerpt)
          : qkctl_text_fit (excerpt, width > used + MIN_EXCERPT ? width - used : MIN_EXCERPT);

  begin_line ();
  qkctl_outf ("%-8s  ", short_id);
  qkctl_out_coloured (qkctl_status_get_colour (status), what_padded);
  qkctl_outf ("  %s  %s", padded, fitted);
  end_line (watch);
}

static void
print_counts (Watch *watch, const guint *counts)
{
  JsonBuilder *builder;

  if (watch->json)
    {
      builder = begin_event ("many");
      for (guint i = 0; i < QKCTL_N_CHANGE_KINDS; i++)
        qkctl_json_add_number (builder, change_names[i], counts[i]);
      end_event (watch, builder);
      return;
    }
  begin_line ();
  qkctl_outf ("many changes at once: %u added, %u removed, %u with another status, %u edited",
              counts[QKCTL_CHANGE_ADDED], counts[QKCTL_CHANGE_REMOVED], counts[QKCTL_CHANGE_STATUS],
              counts[QKCTL_CHANGE_EDITED]);
  end_line (watch);
}

static void
tell_changes (Watch *watch, QkDocument *document, const QkDiff *diff)
{
  g_autoptr (GArray) changes = qkctl_changes_collect (watch->document, document, diff);
  guint counts[QKCTL_N_CHANGE_KINDS] = {0};

  for (guint i = 0; i < changes->len; i++)
    {
      const QkctlChange *change = &g_array_index (changes, QkctlChange, i);

      counts[change->kind]++;
      if (changes->len > MAX_LINES)
        continue;
      if (watch->json)
        print_change_json (watch, change);
      else
        print_change (watch, change);
    }
  if (changes->len > MAX_LINES)
    print_counts (watch, counts);
}

static void
on_changed (QkStore *store, QkDiff *diff, gpointer user_data)
{
  Watch *watch = user_data;
  QkDocument *document = qk_store_get_document (store);
  gboolean first = watch->document == NULL || diff == NULL;

  if (!first)
    tell_changes (watch, document, diff);
  g_clear_pointer (&watch->document, qk_document_unref);
  watch->document = qk_document_ref (document);
  if (first)
    tell_queue (watch);
}

static void
on_lock_event (QkStore *store, const QkLockEvent *event, gpointer user_data)
{
  Watch *watch = user_data;
  g_autofree char *text = qk_lock_event_describe (event);

  if (watch->json)
    {
      JsonBuilder *builder = begin_event ("lock");

      qkctl_json_add_lock_event (builder, event);
      qkctl_json_add_text (builder, "text", text);
      end_event (watch, builder);
    }
  else
    {
      begin_line ();
      qkctl_out_coloured (QKCTL_COLOUR_YELLOW, text);
      end_line (watch);
    }
}

static const char *
get_state_name (QkStoreState state)
{
  static const char *const names[] = {
      [QK_STORE_STATE_OPENING] = "opening", [QK_STORE_STATE_LIVE] = "live",
      [QK_STORE_STATE_WAITING] = "waiting", [QK_STORE_STATE_DAMAGED] = "damaged",
      [QK_STORE_STATE_GONE] = "gone",       [QK_STORE_STATE_UNREADABLE] = "unreadable",
  };

  return names[state];
}

static void
tell_state (Watch *watch, QkStoreState state, const char *problem)
{
  g_autofree char *safe = problem != NULL ? qk_text_reveal_line (problem) : NULL;
  QkctlColour colour = state == QK_STORE_STATE_LIVE      ? QKCTL_COLOUR_GREEN
                       : state == QK_STORE_STATE_WAITING ? QKCTL_COLOUR_YELLOW
                                                         : QKCTL_COLOUR_RED;

  if (watch->json)
    {
      JsonBuilder *builder = begin_event ("state");

      qkctl_json_add_text (builder, "state", get_state_name (state));
      qkctl_json_add_text (builder, "problem", problem);
      end_event (watch, builder);
      return;
    }
  begin_line ();
  qkctl_out_coloured (colour, get_state_name (state));
  if (state == QK_STORE_STATE_GONE)
    qkctl_out (": waiting for the file");
  if (safe != NULL)
    qkctl_outf (": %s", safe);
  end_line (watch);
}

static void
on_state (QkStore *store, GParamSpec *pspec, gpointer user_data)
{
  Watch *watch = user_data;
  QkStoreState state = qk_store_get_state (store);
  g_autofree char *problem = qkctl_session_dup_problem (watch->session);

  /* That it is live in the beginning is said by the line that counts its messages. */
  if (state == QK_STORE_STATE_OPENING || (state == QK_STORE_STATE_LIVE && !watch->troubled))
    return;
  watch->troubled = state != QK_STORE_STATE_LIVE;
  tell_state (watch, state, problem);
}

static void
tell_loss_json (Watch *watch, const QkLoss *loss)
{
  JsonBuilder *builder = begin_event ("loss");

  qkctl_json_add_number (builder, "before", loss->before);
  qkctl_json_add_number (builder, "after", loss->after);
  qkctl_json_add_number (builder, "lost", loss->n_lost);
  if (loss->operation != 0)
    qkctl_json_add_number (builder, "operation", loss->operation);
  else
    qkctl_json_add_text (builder, "operation", NULL);
  qkctl_json_add_text (builder, "problem", loss->problem);
  end_event (watch, builder);
}

/* Another program began anew. Told, and never put back unasked: it may have been meant. */
static void
on_loss (QkStore *store, GParamSpec *pspec, gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (QkLoss) loss = qk_store_dup_loss (store);
  g_autofree char *quoted = g_shell_quote (qkctl_session_get_path (watch->session));
  g_autofree char *file = qk_text_reveal_line (quoted), *text = NULL;

  if (loss == NULL)
    return;
  if (watch->json)
    {
      tell_loss_json (watch, loss);
      return;
    }
  text = g_strdup_printf ("%u to %u messages: it seems that another program has begun anew",
                          loss->before, loss->after);
  begin_line ();
  qkctl_out_coloured (QKCTL_COLOUR_RED, text);
  if (loss->operation != 0)
    qkctl_outf ("; put %u back with: qkctl undo %s %" G_GINT64_FORMAT, loss->n_lost, file,
                loss->operation);
  else
    qkctl_outf ("; they could not be kept: %s", loss->problem);
  end_line (watch);
}

static gboolean
on_out_closed (gpointer user_data)
{
  Watch *watch = user_data;

  watch->ended = TRUE;
  return G_SOURCE_CONTINUE;
}

static QkctlExit
watch_queue (const QkctlOptions *options)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  QkStore *store = qkctl_session_get_store (session);
  Watch watch = {.session = session, .json = options->json};
  guint closed_source = qkctl_out_watch_closed (on_out_closed, &watch);

  g_signal_connect (store, "changed", G_CALLBACK (on_changed), &watch);
  g_signal_connect (store, "lock-event", G_CALLBACK (on_lock_event), &watch);
  g_signal_connect (store, "notify::state", G_CALLBACK (on_state), &watch);
  g_signal_connect (store, "notify::loss", G_CALLBACK (on_loss), &watch);
  qk_store_start (store);
  while (!watch.ended && qkctl_session_get_interruption (session) == QKCTL_EXIT_DONE)
    g_main_context_iteration (NULL, TRUE);

  g_clear_handle_id (&closed_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (store, &watch);
  g_clear_pointer (&watch.document, qk_document_unref);
  return QKCTL_EXIT_DONE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, NULL);

  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  return watch_queue (options);
}

const QkctlCommand qkctl_command_watch = {
    .name = "watch",
    .arguments = "FILE",
    .summary = "Tell each change as it happens",
    .description =
        "First a line that counts the messages, then one for each that is added, removed, edited or\n"
        "gets another status, and one for each retry, lock and state of the file. When more than 50\n"
        "change at once, one line counts them. Where another program makes most of them disappear they\n"
        "are kept, and the line tells how to put them back. A FILE that is not there is waited for.\n"
        "Ends, with 0, on Ctrl+C, or when nobody reads its output any more.\n"
        "--json prints an object on each line: time, event (queue, added, removed, status, edited,\n"
        "many, state, lock, loss), and what belongs to it.",
    .run = run,
};
