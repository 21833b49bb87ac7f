#include "qk-swarm-json.h"

#include <string.h>

static void
append_text (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_printf (json, "\\%c", *c);
      else if (*c == '\n')
        g_string_append (json, "\\n");
      else if (*c == '\r')
        g_string_append (json, "\\r");
      else if (*c == '\t')
        g_string_append (json, "\\t");
      else if ((guchar) *c < 0x20)
        g_string_append_printf (json, "\\u%04x", (guint) *c);
      else
        g_string_append_c (json, *c);
    }
  g_string_append_c (json, '"');
}

static void
append_double (GString *json, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  guint precision = 15;

  do
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%ug", precision++);
      g_ascii_formatd (text, sizeof text, format, number);
    }
  while (precision <= 17 && g_ascii_strtod (text, NULL) != number);

  g_string_append (json, text);
  if (strpbrk (text, ".en") == NULL)
    g_string_append (json, ".0");
}

static void
append_value (GString *json, JsonNode *node)
{
  if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (json, "null");
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    append_text (json, json_node_get_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (json, json_node_get_boolean (node) ? "true" : "false");
  else if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    append_double (json, json_node_get_double (node));
  else
    g_string_append_printf (json, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

static void
append_break (GString *json, gboolean indent, guint level)
{
  if (!indent)
    return;
  g_string_append_c (json, '\n');
  for (guint i = 0; i < level; i++)
    g_string_append (json, "  ");
}

static void
append_object (GString *json, JsonObject *object, gboolean indent, guint level)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  gboolean first = TRUE;

  g_string_append_c (json, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (!first)
        g_string_append_c (json, ',');
      append_break (json, indent, level + 1);
      append_text (json, name);
      g_string_append (json, indent ? ": " : ":");
      qk_swarm_json_append (json, value, indent, level + 1);
      first = FALSE;
    }
  if (!first)
    append_break (json, indent, level);
  g_string_append_c (json, '}');
}

static void
append_array (GString *json, JsonArray *array, gboolean indent, guint level)
{
  guint length = json_array_get_length (array);

  g_string_append_c (json, '[');
  for (guint i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_break (json, indent, level + 1);
      qk_swarm_json_append (json, json_array_get_element (array, i), indent, level + 1);
    }
  if (length > 0)
    append_break (json, indent, level);
  g_string_append_c (json, ']');
}

/**
 * qk_swarm_json_append:
 * @json: where the text goes
 * @node: a value of any type
 * @indent: whether to break lines and indent by two, as the swarm's repair tools do
 * @level: how deep @node stands; only the indentation needs it
 *
 * Appends @node as JSON text.
 */
void
qk_swarm_json_append (GString *json, JsonNode *node, gboolean indent, guint level)
{
  g_return_if_fail (json != NULL);
  g_return_if_fail (node != NULL);

  if (JSON_NODE_HOLDS_OBJECT (node))
    append_object (json, json_node_get_object (node), indent, level);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    append_array (json, json_node_get_array (node), indent, level);
  else
    append_value (json, node);
}
