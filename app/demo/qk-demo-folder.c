#include "qk-demo-folder.h"

#include "qk-swarm-entry.h"
#include "qk-swarm-file.h"
#include "qk-swarm-seed.h"

#include <gio/gio.h>

#define MIN_LENGTH 300
#define MAX_LENGTH 3000

struct _QkDemoFolder {
  GFile *root; /* (owned) */
  char *queue; /* (owned) */
};

/* Deletes a folder and what is in it; links are removed, not followed. */
static void
delete_tree (GFile *file)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  g_autoptr (GError) error = NULL;

  while (children != NULL)
    {
      GFile *child = NULL;

      if (!g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) || child == NULL)
        break;
      delete_tree (child);
    }
  if (!g_file_delete (file, NULL, &error))
    g_printerr ("demo swarm: %s\n", error->message);
}

static gboolean
write_agents (GFile *root, GError **error)
{
  static const char config[] =
      "{\"current_mode\":\"8-agent\",\"modes\":{\"8-agent\":{"
      "\"active_agents\":[\"Agent-1\",\"Agent-2\",\"Agent-3\",\"Agent-4\",\"Agent-5\",\"Agent-6\","
      "\"Agent-7\",\"Agent-8\"],"
      "\"processing_order\":[\"Agent-1\",\"Agent-2\",\"Agent-3\",\"Agent-5\",\"Agent-6\",\"Agent-7\","
      "\"Agent-8\",\"Agent-4\"]}}}";
  g_autoptr (GFile) file = g_file_get_child (root, "agent_mode_config.json");

  return g_file_set_contents (g_file_peek_path (file), config, -1, error);
}

static gboolean
write_queue (const char *path, guint n_entries, guint32 seed, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  gint64 now = qk_swarm_wall_now ();

  for (guint i = 0; i < n_entries; i++)
    g_ptr_array_add (entries,
                     qk_swarm_seed_entry (seed, i, n_entries, now, MIN_LENGTH, MAX_LENGTH));
  return qk_swarm_file_save (path, entries, error);
}

/**
 * qk_demo_folder_new:
 * @n_entries: how many entries the queue holds to begin with
 * @seed: what makes one run different from another
 * @error: a file error
 *
 * Makes the folder and the queue in it.
 *
 * Returns: (transfer full) (nullable): the folder
 */
QkDemoFolder *
qk_demo_folder_new (guint n_entries, guint32 seed, GError **error)
{
  g_autoptr (QkDemoFolder) self = g_new0 (QkDemoFolder, 1);
  g_autofree char *path = g_dir_make_tmp ("queuekeeper-demo-XXXXXX", error);
  g_autoptr (GFile) folder = NULL;

  if (path == NULL)
    return NULL;
  self->root = g_file_new_for_path (path);
  self->queue = g_build_filename (path, "message_queue", "queue.json", NULL);
  folder = g_file_get_child (self->root, "message_queue");
  if (!g_file_make_directory (folder, NULL, error) || !write_agents (self->root, error) ||
      !write_queue (self->queue, n_entries, seed, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * qk_demo_folder_get_queue:
 * @self: a demo folder
 *
 * Tells where the queue is.
 *
 * Returns: (transfer none): the path of the queue file
 */
const char *
qk_demo_folder_get_queue (QkDemoFolder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->queue;
}

/**
 * qk_demo_folder_free:
 * @self: (transfer full): a demo folder
 *
 * Removes the folder from the disk.
 */
void
qk_demo_folder_free (QkDemoFolder *self)
{
  g_return_if_fail (self != NULL);

  if (self->root != NULL)
    delete_tree (self->root);
  g_clear_object (&self->root);
  g_free (self->queue);
  g_free (self);
}
