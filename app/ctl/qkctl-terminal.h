#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What goes to standard output and standard error, and the question that comes from there.
 *
 * Text is UTF-8 here and in the terminal's own encoding there; raw bytes go out as they are. A
 * failed write is remembered and told once, at the end: qkctl_out_finish().
 */

/**
 * QkctlColour:
 *
 * How a piece of text stands out. Nothing does where standard output is no terminal.
 */
typedef enum {
  QKCTL_COLOUR_NONE,
  QKCTL_COLOUR_BOLD,
  QKCTL_COLOUR_DIM,
  QKCTL_COLOUR_RED,
  QKCTL_COLOUR_GREEN,
  QKCTL_COLOUR_YELLOW,
  QKCTL_COLOUR_BLUE,
} QkctlColour;

void qkctl_terminal_init (void);
gboolean qkctl_terminal_can_ask (void);
gboolean qkctl_terminal_is_shown (void);
guint qkctl_terminal_get_width (void);
char *qkctl_terminal_ask (const char *question, GCancellable *cancellable);

void qkctl_out (const char *text);
void qkctl_outf (const char *format, ...) G_GNUC_PRINTF (1, 2);
void qkctl_out_coloured (QkctlColour colour, const char *text);
void qkctl_out_raw (const char *bytes, gsize length);
gboolean qkctl_out_flush (void);
int qkctl_out_finish (int exit_code);
guint qkctl_out_watch_closed (GSourceFunc callback, gpointer user_data);

void qkctl_note (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
