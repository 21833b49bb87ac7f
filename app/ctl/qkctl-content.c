#include "qkctl-content.h"

#include "qkctl-options.h"
#include "qkctl-terminal.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define MAX_CONTENT (16 * 1024 * 1024)

/* Reads to the end, or one byte more than there may be. */
static GString *
read_stream (FILE *stream)
{
  GString *text = g_string_new (NULL);
  char buffer[65536];
  gsize n;

  while (text->len <= MAX_CONTENT && (n = fread (buffer, 1, sizeof buffer, stream)) > 0)
    g_string_append_len (text, buffer, (gssize) n);
  return text;
}

/* "-" is standard input. Returns NULL, with the exit code, after saying what is wrong. */
static GString *
read_content_file (const char *path, QkctlExit *code)
{
  gboolean standard_input = strcmp (path, "-") == 0;
  FILE *stream = standard_input ? stdin : g_fopen (path, "rb");
  g_autoptr (GString) text = NULL;
  int failure = 0;

  if (stream == NULL)
    {
      qkctl_note ("cannot read the content from “%s”: %s", path, g_strerror (errno));
      *code = errno == ENOENT ? QKCTL_EXIT_NOT_FOUND : QKCTL_EXIT_IO;
      return NULL;
    }
  text = read_stream (stream);
  if (ferror (stream))
    failure = errno != 0 ? errno : EIO;
  if (!standard_input)
    fclose (stream);
  if (failure == 0)
    return g_steal_pointer (&text);
  qkctl_note ("cannot read the content from “%s”: %s", path, g_strerror (failure));
  *code = QKCTL_EXIT_IO;
  return NULL;
}

static gboolean
check_content (const char *content, gsize length)
{
  const char *end;

  if (length == 0)
    qkctl_usage ("the content is empty");
  else if (length > MAX_CONTENT)
    qkctl_usage ("the content is longer than %d MB", MAX_CONTENT / 1024 / 1024);
  else if (memchr (content, '\0', length) != NULL)
    qkctl_usage ("the content holds a NUL byte: it is not text");
  else if (!g_utf8_validate (content, (gssize) length, &end))
    qkctl_usage ("the content is not valid UTF-8, from byte %" G_GSIZE_FORMAT " on",
                 (gsize) (end - content) + 1);
  else
    return TRUE;
  return FALSE;
}

/* Checks *@content; where that is NULL, reads it from @path, if there is one. Says what is wrong. */
QkctlExit
qkctl_content_load (char **content, const char *path)
{
  g_autoptr (GString) text = NULL;
  QkctlExit code = QKCTL_EXIT_USAGE;

  if (*content != NULL)
    return check_content (*content, strlen (*content)) ? QKCTL_EXIT_DONE : QKCTL_EXIT_USAGE;
  if (path == NULL)
    return QKCTL_EXIT_DONE;
  text = read_content_file (path, &code);
  if (text == NULL)
    return code;
  if (!check_content (text->str, text->len))
    return QKCTL_EXIT_USAGE;
  *content = g_strdup (text->str);
  return QKCTL_EXIT_DONE;
}
