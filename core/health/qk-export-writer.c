#include "qk-export-private.h"

#include "qk-text.h"

void
qk_json_writer_init (QkJsonWriter *self)
{
  *self = (QkJsonWriter){.out = g_string_new (NULL), .first = TRUE};
}

GBytes *
qk_json_writer_finish (QkJsonWriter *self)
{
  g_assert (self->depth == 0);

  g_string_append_c (self->out, '\n');
  return g_string_free_to_bytes (g_steal_pointer (&self->out));
}

static void
append_quoted (QkJsonWriter *self, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  qk_json_append_quoted (self->out, valid);
}

static void
begin_line (QkJsonWriter *self)
{
  if (self->out->len == 0)
    return;
  g_string_append_c (self->out, '\n');
  for (guint i = 0; i < self->depth; i++)
    g_string_append (self->out, "  ");
}

/* @name is NULL in an array, and for the outermost value. */
static void
begin_member (QkJsonWriter *self, const char *name)
{
  if (!self->first)
    g_string_append_c (self->out, ',');
  self->first = FALSE;
  begin_line (self);
  if (name == NULL)
    return;
  append_quoted (self, name);
  g_string_append (self->out, ": ");
}

void
qk_json_writer_begin (QkJsonWriter *self, const char *name, char bracket)
{
  begin_member (self, name);
  g_string_append_c (self->out, bracket);
  self->depth++;
  self->first = TRUE;
}

void
qk_json_writer_end (QkJsonWriter *self, char bracket)
{
  self->depth--;
  if (!self->first)
    begin_line (self);
  g_string_append_c (self->out, bracket);
  self->first = FALSE;
}

/* @text may be NULL: null. */
void
qk_json_writer_add_text (QkJsonWriter *self, const char *name, const char *text)
{
  begin_member (self, name);
  if (text != NULL)
    append_quoted (self, text);
  else
    g_string_append (self->out, "null");
}

void
qk_json_writer_add_number (QkJsonWriter *self, const char *name, gint64 number)
{
  begin_member (self, name);
  g_string_append_printf (self->out, "%" G_GINT64_FORMAT, number);
}

void
qk_json_writer_add_seconds (QkJsonWriter *self, const char *name, gint64 usec)
{
  begin_member (self, name);
  qk_export_append_seconds (self->out, usec);
}

void
qk_json_writer_add_double (QkJsonWriter *self, const char *name, double number)
{
  begin_member (self, name);
  qk_export_append_double (self->out, number);
}

/* @json is "true", "false" or "null". */
void
qk_json_writer_add_literal (QkJsonWriter *self, const char *name, const char *json)
{
  begin_member (self, name);
  g_string_append (self->out, json);
}
