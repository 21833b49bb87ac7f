#include "qk-file-store-private.h"

#include "qk-agents.h"

enum {
  PROP_0,
  PROP_DOCUMENT,
  PROP_STATE,
  PROP_PROBLEM,
  PROP_LOCATION,
  PROP_SAVING,
  PROP_N_GUARDED,
  PROP_LOSS,
  PROP_GIVEN_UP,
  N_PROPS
};

static void qk_file_store_iface_init (QkStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QkFileStore,
                               qk_file_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QK_TYPE_STORE, qk_file_store_iface_init))

static void
on_watch_changed (QkWatch *watch, QkFileStore *self)
{
  qk_file_store_schedule_look (self, 0);
}

static void
qk_file_store_start (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);

  if (self->watch != NULL)
    return;
  self->watch = qk_watch_new (self->path);
  qk_watch_set_poll (self->watch, self->poll);
  g_signal_connect (self->watch, "changed", G_CALLBACK (on_watch_changed), self);
  qk_file_store_look (self);
}

static void
qk_file_store_refresh (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);

  if (self->watch != NULL)
    qk_file_store_look (self);
}

static QkAgentsSource
qk_file_store_get_agents_source (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);

  return self->chosen_agents != NULL  ? QK_AGENTS_CHOSEN
         : self->agents != NULL       ? QK_AGENTS_CONFIG
         : self->found_agents != NULL ? QK_AGENTS_HISTORY
                                      : QK_AGENTS_DEFAULT;
}

static void
qk_file_store_set_poll (QkStore *store, gint64 interval)
{
  QkFileStore *self = QK_FILE_STORE (store);

  self->poll = interval;
  if (self->watch != NULL)
    qk_watch_set_poll (self->watch, interval);
}

static char **
qk_file_store_dup_agents (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);
  char **agents = self->chosen_agents != NULL ? self->chosen_agents
                  : self->agents != NULL      ? self->agents
                                              : self->found_agents;

  return agents != NULL ? g_strdupv (agents) : qk_agents_dup_default ();
}

static void
qk_file_store_choose_agents (QkStore *store, const char *const *agents)
{
  QkFileStore *self = QK_FILE_STORE (store);
  gboolean none = agents == NULL || agents[0] == NULL;

  if (none ? self->chosen_agents == NULL
           : self->chosen_agents != NULL &&
                 g_strv_equal ((const char *const *) self->chosen_agents, agents))
    return;
  g_clear_pointer (&self->chosen_agents, g_strfreev);
  if (!none)
    self->chosen_agents = g_strdupv ((char **) agents);
  g_signal_emit_by_name (self, "agents-changed");
}

static void
qk_file_store_set_journal (QkStore *store, QkJournal *journal)
{
  g_set_object (&QK_FILE_STORE (store)->journal, journal);
}

/* The folder is followed on its own: the file may be absent for a moment. */
static char *
qk_file_store_dup_key (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *real_folder = qk_platform_resolve (folder);
  g_autofree char *path = g_build_filename (real_folder, name, NULL);
  g_autofree char *real = qk_platform_resolve (path);

  if (g_utf8_validate (real, -1, NULL))
    return g_steal_pointer (&real);
  return g_filename_to_uri (real, NULL, NULL);
}

static void
qk_file_store_dismiss_loss (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);

  if (self->loss == NULL)
    return;
  g_clear_pointer (&self->loss, qk_loss_free);
  g_object_notify (G_OBJECT (self), "loss");
}

static void
qk_file_store_iface_init (QkStoreInterface *iface)
{
  iface->set_guard = qk_file_store_set_guard;
  iface->set_policy = qk_file_store_set_policy;
  iface->get_policy = qk_file_store_get_policy;
  iface->set_poll = qk_file_store_set_poll;
  iface->resume = qk_file_store_resume;
  iface->start = qk_file_store_start;
  iface->refresh = qk_file_store_refresh;
  iface->apply_async = qk_file_store_apply_async;
  iface->apply_kept_async = qk_file_store_apply_kept_async;
  iface->apply_finish = qk_file_store_apply_finish;
  iface->set_read_only = qk_file_store_set_read_only;
  iface->dup_agents = qk_file_store_dup_agents;
  iface->get_agents_source = qk_file_store_get_agents_source;
  iface->choose_agents = qk_file_store_choose_agents;
  iface->set_journal = qk_file_store_set_journal;
  iface->dup_key = qk_file_store_dup_key;
  iface->dismiss_loss = qk_file_store_dismiss_loss;
  iface->salvage_async = qk_file_store_salvage_async;
  iface->salvage_finish = qk_file_store_salvage_finish;
  iface->repair_async = qk_file_store_repair_async;
  iface->repair_finish = qk_file_store_repair_finish;
  iface->save_copy_async = qk_file_store_save_copy_async;
  iface->save_copy_finish = qk_file_store_save_copy_finish;
  iface->write_file_async = qk_file_store_write_file_async;
  iface->write_file_finish = qk_file_store_write_file_finish;
  iface->read_file_async = qk_file_store_read_file_async;
  iface->read_file_finish = qk_file_store_read_file_finish;
  iface->list_backups_async = qk_file_store_list_backups_async;
  iface->list_backups_finish = qk_file_store_list_backups_finish;
}

static void
qk_file_store_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkFileStore *self = QK_FILE_STORE (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_boxed (value, self->document);
      break;
    case PROP_STATE:
      g_value_set_enum (value, (int) self->state);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_LOCATION:
      g_value_take_string (value, g_filename_display_name (self->path));
      break;
    case PROP_SAVING:
      g_value_set_boolean (value, self->n_saving > 0);
      break;
    case PROP_N_GUARDED:
      /* What is not durable yet is not over. */
      g_value_set_uint (value,
                        MAX (qk_keeper_get_n_items (self->keeper), MIN (self->n_settling, 1)));
      break;
    case PROP_LOSS:
      g_value_set_boxed (value, self->loss);
      break;
    case PROP_GIVEN_UP:
      g_value_set_boxed (value, self->given_up);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_file_store_dispose (GObject *object)
{
  QkFileStore *self = QK_FILE_STORE (object);

  g_clear_handle_id (&self->look_source, g_source_remove);
  g_clear_handle_id (&self->repair_source, g_source_remove);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  g_clear_handle_id (&self->displaced_source, g_source_remove);
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_clear_object (&self->watch);

  G_OBJECT_CLASS (qk_file_store_parent_class)->dispose (object);
}

static void
qk_file_store_finalize (GObject *object)
{
  QkFileStore *self = QK_FILE_STORE (object);

  /* Jobs hold the store: the pool is idle by now. */
  g_thread_pool_free (self->saver, FALSE, FALSE);
  g_main_context_unref (self->context);
  qk_keeper_free (self->keeper);
  qk_file_store_forget_recoveries (self);
  g_clear_pointer (&self->repairs, g_ptr_array_unref);
  g_ptr_array_unref (self->displaced);
  g_ptr_array_unref (self->kept);
  g_clear_pointer (&self->loss, qk_loss_free);
  g_clear_pointer (&self->given_up, qk_given_up_free);
  g_clear_object (&self->journal);
  g_clear_pointer (&self->document, qk_document_unref);
  g_strfreev (self->agents);
  g_strfreev (self->found_agents);
  g_strfreev (self->chosen_agents);
  g_free (self->found_problem);
  g_clear_pointer (&self->holder, qk_holder_unref);
  g_free (self->problem);
  g_free (self->path);

  G_OBJECT_CLASS (qk_file_store_parent_class)->finalize (object);
}

static void
qk_file_store_class_init (QkFileStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = qk_file_store_get_property;
  object_class->dispose = qk_file_store_dispose;
  object_class->finalize = qk_file_store_finalize;

  g_object_class_override_property (object_class, PROP_DOCUMENT, "document");
  g_object_class_override_property (object_class, PROP_STATE, "state");
  g_object_class_override_property (object_class, PROP_PROBLEM, "problem");
  g_object_class_override_property (object_class, PROP_LOCATION, "location");
  g_object_class_override_property (object_class, PROP_SAVING, "saving");
  g_object_class_override_property (object_class, PROP_N_GUARDED, "n-guarded");
  g_object_class_override_property (object_class, PROP_LOSS, "loss");
  g_object_class_override_property (object_class, PROP_GIVEN_UP, "given-up");
}

static void
run_job (gpointer data, gpointer user_data)
{
  QkFileStoreJob *job = data;

  job->run (job);
}

static void
qk_file_store_init (QkFileStore *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->keeper = qk_keeper_new ();
  self->policy = QK_RETRY_POLICY_DEFAULT;
  self->poll = QK_WATCH_POLL_DEFAULT;
  self->displaced = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_displaced_free);
  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_displaced_free);
  self->recoveries = g_ptr_array_new ();
  self->saver = g_thread_pool_new (run_job, NULL, 1, FALSE, NULL);
}

/* A folder stands for the queue in it: here, or where the swarm keeps it. */
static char *
find_file (const char *location)
{
  g_autofree char *path = g_canonicalize_filename (location, NULL);
  g_autofree char *here = NULL, *below = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&path);
  here = g_build_filename (path, "queue.json", NULL);
  below = g_build_filename (path, "message_queue", "queue.json", NULL);
  if (!g_file_test (here, G_FILE_TEST_EXISTS) && g_file_test (below, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&below);
  return g_steal_pointer (&here);
}

/**
 * qk_file_store_new:
 * @location: the path of the queue's file, or of a folder that holds it
 *
 * Returns: (transfer full): a store that belongs to the default main context of this thread
 */
QkFileStore *
qk_file_store_new (const char *location)
{
  return qk_file_store_new_with_platform (location, qk_platform_get_native ());
}

/**
 * qk_file_store_new_with_platform:
 * @location: the path of the queue's file, or of a folder that holds it
 * @platform: the calls of the system; must outlive the store
 *
 * Returns: (transfer full): a store that belongs to the default main context of this thread
 */
QkFileStore *
qk_file_store_new_with_platform (const char *location, const QkPlatform *platform)
{
  QkFileStore *self;

  g_return_val_if_fail (location != NULL, NULL);

  self = g_object_new (QK_TYPE_FILE_STORE, NULL);
  self->platform = platform;
  self->path = find_file (location);
  return self;
}
