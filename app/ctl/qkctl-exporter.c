#include "qkctl-options.h"
#include "qkctl-report.h"
#include "qkctl-terminal.h"

#include "qk-export.h"

#include <libsoup/soup.h>
#include <string.h>

#define DEFAULT_LISTEN "127.0.0.1:9842"
#define DEFAULT_PORT   9842

/* However often it is asked: what was written is good for so long. */
#define FRESH (G_USEC_PER_SEC / 2)

/* Those that are served at the same time. One more is told to come again. */
#define MAX_WAITING 32

/* Connections that are open at the same time: for one more the oldest makes room. So nobody keeps
 * others away by connecting and saying nothing, nor takes the files that the queue is read with. */
#define MAX_CONNECTIONS 64
/* How long one may be silent, or not take what it is sent. */
#define SILENCE_S 60

typedef struct {
  QkctlSession *session;   /* not owned */
  SoupServer *server;      /* owned */
  GSocketService *service; /* owned: hands over who connects */
  GQueue connections; /* of GSocketConnection, not owned: those that are open, the oldest first */
  QkThresholds thresholds;
  QkReport *report; /* owned, nullable: the latest */
  gint64 made;      /* when, on the monotonic clock */
  gboolean making;
  GPtrArray *waiting; /* owned, of SoupServerMessage: answered when the report is there */
} Exporter;

/* The one that Prometheus itself asks for first; the older one for all others. */
static QkExportFormat
choose_format (SoupServerMessage *message)
{
  const char *accept =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Accept");

  return accept != NULL && strstr (accept, "application/openmetrics-text") != NULL
             ? QK_EXPORT_OPENMETRICS
             : QK_EXPORT_PROMETHEUS;
}

static void
answer (Exporter *self, SoupServerMessage *message)
{
  QkExportFormat format = choose_format (message);
  g_autoptr (QkAssessment) assessment =
      qkctl_report_assess (self->session, self->report, &self->thresholds);
  g_autoptr (GBytes) bytes = qk_export_report (self->report, assessment, format);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (soup_server_message_get_response_headers (message),
                                         qk_export_format_get_content_type (format), NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
}

static void
refuse (SoupServerMessage *message, guint status, const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain; charset=utf-8", SOUP_MEMORY_STATIC, text,
                                    strlen (text));
}

static void
on_reported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Exporter *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);
  QkReport *report = qk_health_report_finish (QK_HEALTH (source), result, &error);

  self->making = FALSE;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  if (report != NULL)
    {
      g_clear_pointer (&self->report, qk_report_unref);
      self->report = report;
      self->made = g_get_monotonic_time ();
    }
  for (guint i = 0; i < waiting->len; i++)
    {
      SoupServerMessage *message = g_ptr_array_index (waiting, i);

      if (report != NULL)
        answer (self, message);
      else
        refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "There is no report at present.\n");
      soup_server_message_unpause (message);
    }
}

/* The message is answered at once, or when the report is there. */
static void
serve_metrics (Exporter *self, SoupServerMessage *message)
{
  if (self->report != NULL && g_get_monotonic_time () - self->made < FRESH)
    {
      answer (self, message);
      return;
    }
  if (self->waiting->len >= MAX_WAITING)
    {
      refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "Too many at a time: ask again.\n");
      return;
    }
  soup_server_message_pause (message);
  g_ptr_array_add (self->waiting, g_object_ref (message));
  if (self->making)
    return;
  self->making = TRUE;
  qk_health_report_async (qkctl_session_get_health (self->session), QK_PERIOD_ALL,
                          qkctl_session_get_cancellable (self->session), on_reported, self);
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  const char *method = soup_server_message_get_method (message);

  if (strcmp (path, "/metrics") != 0)
    refuse (message, SOUP_STATUS_NOT_FOUND, "There is nothing here but /metrics.\n");
  else if (strcmp (method, "GET") != 0 && strcmp (method, "HEAD") != 0)
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow",
                                    "GET, HEAD");
      refuse (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "Only GET and HEAD.\n");
    }
  else
    serve_metrics (user_data, message);
}

/* Nobody has anything to send to us: it is thrown away piece by piece, and never kept. */
static void
on_request_started (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

/* Returns NULL after saying what is wrong. A name would have to be looked up, and might mean more than
 * one thinks. */
static GSocketAddress *
parse_listen (const char *text)
{
  g_autoptr (GSocketConnectable) parsed = NULL;
  g_autoptr (GInetAddress) address = NULL;
  const char *host = NULL;

  if (g_utf8_validate (text, -1, NULL))
    parsed = g_network_address_parse (text, DEFAULT_PORT, NULL);
  if (parsed != NULL)
    host = g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed));
  if (host != NULL)
    address = strcmp (host, "localhost") == 0 ? g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4)
                                              : g_inet_address_new_from_string (host);
  if (address != NULL)
    return g_inet_socket_address_new (address,
                                      g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));
  qkctl_usage ("--listen takes an address and a port, such as " DEFAULT_LISTEN
               " or [::1]:9842, not “%s”",
               text);
  return NULL;
}

static void
on_closed (gpointer user_data, GObject *connection)
{
  Exporter *self = user_data;

  g_queue_remove (&self->connections, connection);
}

/* Its other end sees that it is over, and so does the server, which lets go of it. */
static void
end_oldest (Exporter *self)
{
  GSocketConnection *oldest = g_queue_pop_head (&self->connections);

  g_object_weak_unref (G_OBJECT (oldest), on_closed, self);
  (void) g_socket_shutdown (g_socket_connection_get_socket (oldest), TRUE, TRUE, NULL);
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             Exporter *self)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GError) error = NULL;

  if (self->connections.length >= MAX_CONNECTIONS)
    end_oldest (self);
  g_socket_set_timeout (g_socket_connection_get_socket (connection), SILENCE_S);
  g_queue_push_tail (&self->connections, connection);
  g_object_weak_ref (G_OBJECT (connection), on_closed, self);
  if (!soup_server_accept_iostream (self->server, G_IO_STREAM (connection), local, remote, &error))
    g_debug ("a connection was not accepted: %s", error->message);
  return TRUE;
}

/* What is not on this machine alone is worth a word, even where it was asked for. */
static void
warn_of_others (GSocketAddress *address)
{
  GInetAddress *host = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));

  if (!g_inet_address_get_is_loopback (host))
    qkctl_note (
        "other machines can reach this address: whoever does sees the path of the queue and "
        "its recipients, without a password");
}

static gboolean
listen_on (Exporter *self, GSocketAddress *address)
{
  g_autoptr (GSocketAddress) effective = NULL;
  g_autofree char *place = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective,
                                      &error))
    {
      g_autofree char *shown = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));

      qkctl_note ("cannot listen on %s: %s; choose another one with --listen", shown,
                  error->message);
      return FALSE;
    }
  warn_of_others (effective);
  place = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (effective));
  qkctl_outf ("Serving http://%s/metrics\n", place);
  return qkctl_out_flush ();
}

/* What still waits for its answer does not get one. */
static void
exporter_end (Exporter *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  soup_server_disconnect (self->server);
  g_cancellable_cancel (qkctl_session_get_cancellable (self->session));
  while (self->making)
    g_main_context_iteration (NULL, TRUE);
  g_ptr_array_unref (self->waiting);
  g_clear_pointer (&self->report, qk_report_unref);
  g_object_unref (self->service);
  g_object_unref (self->server);
  /* Whoever still holds one must not tell us. */
  for (GList *l = self->connections.head; l != NULL; l = l->next)
    g_object_weak_unref (l->data, on_closed, self);
  g_queue_clear (&self->connections);
}

static QkctlExit
serve (const QkctlOptions *options, GSocketAddress *address)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  Exporter exporter = {.session = session};
  QkctlExit code = QKCTL_EXIT_DONE;

  qkctl_report_set_up (session, options);
  qkctl_report_read_thresholds (&exporter.thresholds);
  exporter.waiting = g_ptr_array_new_with_free_func (g_object_unref);
  exporter.server = soup_server_new ("server-header", "queuekeeper", NULL);
  g_signal_connect (exporter.server, "request-started", G_CALLBACK (on_request_started), NULL);
  soup_server_add_handler (exporter.server, NULL, on_request, &exporter, NULL);
  exporter.service = g_socket_service_new ();
  g_signal_connect (exporter.service, "incoming", G_CALLBACK (on_incoming), &exporter);
  qk_store_start (qkctl_session_get_store (session));
  if (!listen_on (&exporter, address))
    code = QKCTL_EXIT_IO;
  while (code == QKCTL_EXIT_DONE && qkctl_session_get_interruption (session) == QKCTL_EXIT_DONE)
    g_main_context_iteration (NULL, TRUE);
  exporter_end (&exporter);
  return code;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autofree char *listen = NULL;
  const GOptionEntry entries[] = {
      {"listen", 'l', 0, G_OPTION_ARG_FILENAME, &listen,
       "Where to listen (default: " DEFAULT_LISTEN ", which only this machine reaches)",
       "ADDRESS:PORT"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  g_autoptr (GSocketAddress) address = NULL;

  qkctl_options_add_counters (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  if (options->json)
    return qkctl_usage (
        "the exporter speaks the language of Prometheus only: --json is for qkctl stats");
  address = parse_listen (listen != NULL ? listen : DEFAULT_LISTEN);
  return address != NULL ? serve (options, address) : QKCTL_EXIT_USAGE;
}

const QkctlCommand qkctl_command_exporter = {
    .name = "exporter",
    .arguments = "FILE",
    .summary = "Serve the figures to Prometheus",
    .description =
        "Serves /metrics over HTTP, as OpenMetrics to those that ask for it, and else in the older\n"
        "format of Prometheus. Prints the address, and ends, with 0, on Ctrl+C or SIGTERM. A FILE that\n"
        "is not there is waited for; queuekeeper_up tells whether it can be read. Whoever reaches the\n"
        "address sees who has how many messages, and none of what they say: give another one than that of\n"
        "this machine only in a network that you trust.",
    .run = run,
};
