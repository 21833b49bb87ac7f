#include "qk-agents.h"

#include "qk-scan.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define N_AGENTS  8
#define MAX_DEPTH 64

static const char *const other_known[] = {"CAPTAIN", "Discord", "DISCORD", "ALL", "SYSTEM"};

/**
 * qk_agent_is_swarm_member:
 * @name: a recipient
 *
 * Returns: whether it has the form of an agent's name, `Agent-` and a number
 */
gboolean
qk_agent_is_swarm_member (const char *name)
{
  const char *digits;

  if (!g_str_has_prefix (name, "Agent-"))
    return FALSE;
  digits = name + strlen ("Agent-");
  return *digits != '\0' && strspn (digits, "0123456789") == strlen (digits);
}

/**
 * qk_agent_is_known:
 * @name: a recipient
 *
 * Returns: whether it is one that the swarm delivers to or that is usual beside the agents
 */
gboolean
qk_agent_is_known (const char *name)
{
  if (qk_agent_is_swarm_member (name))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (other_known); i++)
    if (strcmp (name, other_known[i]) == 0)
      return TRUE;
  return FALSE;
}

/**
 * qk_agent_compare:
 * @a: a name
 * @b: a name
 *
 * Orders names for people: agents before others, `Agent-2` before `Agent-10`.
 *
 * Returns: less than, equal to or greater than 0
 */
int
qk_agent_compare (const char *a, const char *b)
{
  gboolean member_a = qk_agent_is_swarm_member (a), member_b = qk_agent_is_swarm_member (b);

  if (member_a != member_b)
    return member_a ? -1 : 1;
  if (member_a)
    {
      guint64 number_a = g_ascii_strtoull (a + strlen ("Agent-"), NULL, 10);
      guint64 number_b = g_ascii_strtoull (b + strlen ("Agent-"), NULL, 10);

      if (number_a != number_b)
        return number_a < number_b ? -1 : 1;
    }
  return strcmp (a, b);
}

/**
 * qk_agents_dup_default:
 *
 * Returns: (transfer full) (array zero-terminated=1): the agents of a swarm that says nothing
 *   else: Agent-1 to Agent-8
 */
char **
qk_agents_dup_default (void)
{
  char **agents = g_new0 (char *, N_AGENTS + 1);

  for (guint i = 0; i < N_AGENTS; i++)
    agents[i] = g_strdup_printf ("Agent-%u", i + 1);
  return agents;
}

static JsonObject *
get_object (JsonObject *object, const char *key)
{
  JsonNode *node = object != NULL && key != NULL ? json_object_get_member (object, key) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_string (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static char **
dup_strings (JsonNode *node)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (names, json_node_get_string (element));
    }
  return g_strv_builder_end (names);
}

/**
 * qk_agents_parse_config:
 * @json: the contents of `agent_mode_config.json`
 * @length: their length, or -1 where terminated by NUL
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the agents that are active in the
 *   current mode
 */
char **
qk_agents_parse_config (const char *json, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;
  JsonObject *mode = NULL;
  g_auto (GStrv) agents = NULL;
  QkScan scan = {.text = json, .length = length < 0 ? strlen (json) : (gsize) length};

  /* The parser is recursive, and reads on after the first value: what is nested too deep must not
   * reach it, wherever it stands. */
  if (qk_scan_value (&scan, MAX_DEPTH))
    {
      qk_scan_space (&scan);
      if (scan.position < scan.length)
        scan.problem = _ ("more text after the end of the value");
      else if (scan.lone_surrogate)
        scan.problem = _ ("half of a surrogate pair");
    }
  if (scan.problem != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("%s at byte %zu"), scan.problem,
                   scan.position);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, json, length, error))
    return NULL;
  root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    {
      JsonObject *config = json_node_get_object (root);

      mode = get_object (get_object (config, "modes"), get_string (config, "current_mode"));
    }
  agents = dup_strings (mode != NULL ? json_object_get_member (mode, "active_agents") : NULL);
  if (agents[0] != NULL)
    return g_steal_pointer (&agents);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("no active agents are listed for the current mode"));
  return NULL;
}
