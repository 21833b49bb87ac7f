#include "qk-swarm-file.h"

#include "qk-swarm-entry.h"
#include "qk-swarm-json.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

/* The list inside the file: the top level itself, or what stands in a known wrapper. */
static JsonArray *
find_list (JsonNode *root)
{
  static const char *const wrappers[] = {"entries", "pending_pushes"};

  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    return json_node_get_array (root);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (wrappers); i++)
    {
      JsonNode *node = json_object_get_member (json_node_get_object (root), wrappers[i]);

      if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
        return json_node_get_array (node);
    }
  return NULL;
}

/**
 * qk_swarm_file_load:
 * @path: the queue file
 * @error: a file or JSON error
 *
 * Loads the list of entries. As in the swarm, a file that is absent becomes an empty queue at
 * once, an entry that lacks a key is dropped, and keys that are not known are forgotten.
 *
 * Returns: (transfer full) (element-type JsonObject) (nullable): the entries
 */
GPtrArray *
qk_swarm_file_load (const char *path, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  JsonArray *list;

  g_return_val_if_fail (path != NULL, NULL);

  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  if (!g_file_get_contents (path, &text, &length, &local_error))
    {
      if (!g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      return qk_swarm_file_save (path, entries, error) ? g_steal_pointer (&entries) : NULL;
    }
  if (!json_parser_load_from_data (parser, text, (gssize) length, error))
    return NULL;
  list = find_list (json_parser_get_root (parser));
  if (list == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s holds no list of entries", path);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (JSON_NODE_HOLDS_OBJECT (node) && qk_swarm_entry_is_whole (json_node_get_object (node)))
        g_ptr_array_add (entries, qk_swarm_entry_strip (json_node_get_object (node)));
    }
  return g_steal_pointer (&entries);
}

static GString *
print_list (GPtrArray *entries)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < entries->len; i++)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

      json_node_set_object (node, g_ptr_array_index (entries, i));
      if (i > 0)
        g_string_append_c (json, ',');
      qk_swarm_json_append (json, node, FALSE, 0);
    }
  g_string_append_c (json, ']');
  return json;
}

static gboolean
set_system_error (GError **error, const char *what, const char *path)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (code), "Cannot %s %s: %s", what,
               path, g_strerror (code));
  return FALSE;
}

/**
 * qk_swarm_file_save:
 * @path: the queue file
 * @entries: (element-type JsonObject): what it is to hold
 * @error: a file error
 *
 * Saves the list the way the swarm does, with every one of its faults, for they are what
 * Queuekeeper has to live with:
 *
 * - no lock is taken, and nobody looks whether the file is still the one that was loaded: what
 *   others saved since then is lost;
 * - the temporary file has one fixed name that all writers share, and is never synced to the disk;
 * - the old file is unlinked before the new one is renamed: between the two, readers find nothing.
 *
 * Returns: whether it was saved
 */
gboolean
qk_swarm_file_save (const char *path, GPtrArray *entries, GError **error)
{
  g_autofree char *temp = NULL;
  g_autoptr (GString) json = NULL;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (entries != NULL, FALSE);

  temp = g_strconcat (path, ".tmp", NULL);
  json = print_list (entries);
  if (!g_file_set_contents_full (temp, json->str, (gssize) json->len, G_FILE_SET_CONTENTS_NONE,
                                 0666, error))
    return FALSE;
  if (g_unlink (path) != 0 && errno != ENOENT)
    return set_system_error (error, "unlink", path);
  if (g_rename (temp, path) != 0)
    return set_system_error (error, "rename", temp);
  return TRUE;
}
