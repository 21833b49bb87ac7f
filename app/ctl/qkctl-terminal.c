#include "qkctl-terminal.h"

#include "qk-text.h"
#include "qkctl-command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#ifdef G_OS_UNIX
#include <glib-unix.h>
#endif

#define DEFAULT_WIDTH 100
#define NARROWEST     20

/* The error number of the first write to standard output that failed, 0 while all is well. */
static int out_error;
static gboolean colours;

/* The output may be read by a program that ends before us ("qkctl list | head"). That must show as
 * a failed write: a signal would end us in the middle of a save. */
void
qkctl_terminal_init (void)
{
  const char *no_colour = g_getenv ("NO_COLOR"), *terminal = g_getenv ("TERM");

#ifdef SIGPIPE
  signal (SIGPIPE, SIG_IGN);
#endif
  colours = (no_colour == NULL || *no_colour == '\0') && g_strcmp0 (terminal, "dumb") != 0 &&
            g_log_writer_supports_color (fileno (stdout));
}

/* Whether a person can answer: both the question and the answer must go through a terminal. GLib
 * tells terminals apart by this function only. */
gboolean
qkctl_terminal_can_ask (void)
{
  return g_log_writer_supports_color (fileno (stdin)) &&
         g_log_writer_supports_color (fileno (stderr));
}

/* Whether a person sees the output. */
gboolean
qkctl_terminal_is_shown (void)
{
  return g_log_writer_supports_color (fileno (stdout));
}

/* How many columns a table may take; 0 is "as many as it needs". */
guint
qkctl_terminal_get_width (void)
{
  const char *columns = g_getenv ("COLUMNS");
  guint64 width;

  if (!qkctl_terminal_is_shown ())
    return 0;
  if (columns != NULL &&
      g_ascii_string_to_unsigned (columns, 10, NARROWEST, G_MAXUINT16, &width, NULL))
    return (guint) width;
  return DEFAULT_WIDTH;
}

static char *
to_terminal (const char *text)
{
  const char *charset;
  g_autofree char *converted = NULL;

  if (!g_get_console_charset (&charset))
    converted = g_convert_with_fallback (text, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
  return converted != NULL ? g_steal_pointer (&converted) : g_strdup (text);
}

static void
put_error (const char *text)
{
  g_autofree char *bytes = to_terminal (text);

  fputs (bytes, stderr);
  fflush (stderr);
}

static gboolean
on_readable (GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
  gboolean *readable = user_data;

  *readable = TRUE;
  return G_SOURCE_REMOVE;
}

/* Asks and waits for a line, in the main loop so that Ctrl+C is heard. Returns the answer without
 * white space around it, or NULL at the end of the input and when cancelled. */
char *
qkctl_terminal_ask (const char *question, GCancellable *cancellable)
{
  g_autoptr (GIOChannel) channel = g_io_channel_unix_new (fileno (stdin));
  g_autofree char *answer = NULL;
  gboolean readable = FALSE;
  guint source;

  put_error (question);
  source = g_io_add_watch (channel, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, &readable);
  while (!readable && !g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (NULL, TRUE);
  if (!readable)
    {
      g_source_remove (source);
      put_error ("\n");
      return NULL;
    }
  (void) g_io_channel_set_encoding (channel, NULL, NULL);
  if (g_io_channel_read_line (channel, &answer, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    return NULL;
  return g_strdup (g_strstrip (answer));
}

void
qkctl_out_raw (const char *bytes, gsize length)
{
  if (out_error == 0 && fwrite (bytes, 1, length, stdout) != length)
    out_error = errno != 0 ? errno : EIO;
}

void
qkctl_out (const char *text)
{
  const char *charset;

  if (g_get_console_charset (&charset))
    {
      qkctl_out_raw (text, strlen (text));
    }
  else
    {
      g_autofree char *bytes = to_terminal (text);

      qkctl_out_raw (bytes, strlen (bytes));
    }
}

void
qkctl_outf (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  qkctl_out (text);
}

void
qkctl_out_coloured (QkctlColour colour, const char *text)
{
  static const char *const codes[] = {
      [QKCTL_COLOUR_NONE] = "",          [QKCTL_COLOUR_BOLD] = "\033[1m",
      [QKCTL_COLOUR_DIM] = "\033[2m",    [QKCTL_COLOUR_RED] = "\033[31m",
      [QKCTL_COLOUR_GREEN] = "\033[32m", [QKCTL_COLOUR_YELLOW] = "\033[33m",
      [QKCTL_COLOUR_BLUE] = "\033[34m",
  };

  if (!colours || colour == QKCTL_COLOUR_NONE)
    qkctl_out (text);
  else
    qkctl_outf ("%s%s\033[0m", codes[colour], text);
}

/* Returns whether everything so far arrived. */
gboolean
qkctl_out_flush (void)
{
  if (out_error == 0 && fflush (stdout) != 0)
    out_error = errno != 0 ? errno : EIO;
  return out_error == 0;
}

/* To be called last. A reader that has seen enough is no error; a full disk is one. */
int
qkctl_out_finish (int exit_code)
{
  if (qkctl_out_flush () || out_error == EPIPE)
    return exit_code;
  qkctl_note ("the output could not be written: %s", g_strerror (out_error));
  return exit_code == QKCTL_EXIT_DONE ? QKCTL_EXIT_IO : exit_code;
}

#ifdef G_OS_UNIX
typedef struct {
  GSourceFunc callback;
  gpointer user_data;
} ClosedWatch;

static gboolean
on_out_closed (int fd, GIOCondition condition, gpointer user_data)
{
  ClosedWatch *watch = user_data;

  return watch->callback (watch->user_data);
}
#endif

/* Calls back when nobody reads standard output any more, be there something to write or not.
 * Returns a source id, 0 where the system cannot tell. */
guint
qkctl_out_watch_closed (GSourceFunc callback, gpointer user_data)
{
#ifdef G_OS_UNIX
  ClosedWatch *watch = g_new (ClosedWatch, 1);

  *watch = (ClosedWatch){callback, user_data};
  return g_unix_fd_add_full (G_PRIORITY_DEFAULT, fileno (stdout), G_IO_ERR | G_IO_HUP,
                             on_out_closed, watch, g_free);
#else
  return 0;
#endif
}

/* One line to standard error, after the program's name. What it quotes may come from anywhere. */
void
qkctl_note (const char *format, ...)
{
  g_autofree char *text = NULL, *valid = NULL, *safe = NULL, *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  valid = g_utf8_make_valid (text, -1);
  safe = qk_text_reveal_line (valid);
  line = g_strdup_printf ("%s: %s\n", g_get_prgname (), safe);
  put_error (line);
}
