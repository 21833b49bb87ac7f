#include "qk-leftovers.h"

#include "qk-backup.h"
#include "qk-merge.h"
#include "qk-temp-name.h"

#include <glib/gi18n-lib.h>

typedef struct {
  char *path;           /* owned */
  QkSnapshot snapshot;  /* owned: open, and marked as in use */
  QkDocument *document; /* owned, nullable: nothing can be had of it */
  gboolean torn;
} Leftover;

struct _QkLeftovers {
  const QkPlatform *platform; /* not owned */
  char *path;                 /* owned: the queue */
  GPtrArray *files;           /* owned, of Leftover: versions of other writers */
  guint n_removed;
  char *kept;    /* owned, nullable: where a torn one is now */
  char *problem; /* owned, nullable: why nothing was merged */
};

static void
leftover_free (const QkPlatform *platform, Leftover *leftover)
{
  qk_snapshot_clear (&leftover->snapshot, platform);
  g_clear_pointer (&leftover->document, qk_document_unref);
  g_free (leftover->path);
  g_free (leftover);
}

/**
 * qk_leftovers_free: (skip)
 * @self: (transfer full): leftovers
 *
 * Frees them. What was not removed stays for another time.
 */
void
qk_leftovers_free (QkLeftovers *self)
{
  for (guint i = 0; i < self->files->len; i++)
    leftover_free (self->platform, self->files->pdata[i]);
  g_ptr_array_unref (self->files);
  g_free (self->path);
  g_free (self->kept);
  g_free (self->problem);
  g_free (self);
}

static gboolean
is_ours (const char *path, const char *name, QkTempName *parsed)
{
  return qk_temp_name_parse (path, name, parsed) && parsed->user == qk_platform_get_user ();
}

/**
 * qk_leftovers_exist: (skip)
 * @path: the queue, with symbolic links followed
 *
 * Returns: whether there may be any; a save that is under way has some, too
 */
gboolean
qk_leftovers_exist (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  QkTempName parsed;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (qk_temp_name_is_new (path, name) || is_ours (path, name, &parsed))
      return TRUE;
  return FALSE;
}

static void
discard (QkLeftovers *self, const char *path)
{
  if (qk_temp_discard (self->platform, path))
    self->n_removed++;
}

/* Whether there is nothing in it that is not elsewhere. */
static gboolean
is_useless (const QkFileStamp *stamp, const QkTempName *name)
{
  return stamp->file == name->own || (stamp->file == name->file && stamp->size == name->size &&
                                      stamp->modified == name->modified);
}

/* Takes over the version of another writer. */
static void
take (QkLeftovers *self, char *path, QkSnapshot *snapshot)
{
  Leftover *leftover = g_new0 (Leftover, 1);

  leftover->path = path;
  leftover->snapshot = *snapshot;
  leftover->document = qk_document_new (snapshot->bytes, NULL, NULL, NULL);
  leftover->torn = leftover->document == NULL;
  if (leftover->torn)
    leftover->document = qk_merge_read_pieces (snapshot->bytes);
  g_ptr_array_add (self->files, leftover);
}

static void
look_at (QkLeftovers *self, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  QkSnapshot snapshot;
  QkTempName parsed;

  if (qk_temp_name_is_new (self->path, name))
    discard (self, path);
  /* Somebody may have planted a link to what is not theirs to read. */
  if (!is_ours (self->path, name, &parsed) || !qk_platform_is_single (path) ||
      qk_snapshot_read (&snapshot, self->platform, path, QK_DOCUMENT_MAX_BYTES) != 0)
    return;
  if (qk_platform_is_plain (path, &snapshot.stamp) &&
      !qk_platform_is_lock_held (self->platform->claim (snapshot.handle)))
    {
      if (!is_useless (&snapshot.stamp, &parsed))
        {
          take (self, g_steal_pointer (&path), &snapshot);
          return;
        }
      discard (self, path);
    }
  qk_snapshot_clear (&snapshot, self->platform);
}

/**
 * qk_leftovers_find: (skip)
 * @platform: the calls of the system
 * @path: the queue, with symbolic links followed
 *
 * Looks for leftovers and removes those that are of no use.
 *
 * Returns: (transfer full): the others
 */
QkLeftovers *
qk_leftovers_find (const QkPlatform *platform, const char *path)
{
  QkLeftovers *self = g_new0 (QkLeftovers, 1);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  self->platform = platform;
  self->path = g_strdup (path);
  self->files = g_ptr_array_new ();
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    look_at (self, folder, name);
  return self;
}

typedef struct {
  QkJournal *journal;
  const char *queue;
  GError *error;
} Question;

static gboolean
was_purged (const char *id, gpointer user_data)
{
  Question *question = user_data;
  gboolean purged = FALSE;

  if (question->error == NULL)
    (void) qk_journal_was_purged (question->journal, question->queue, id, &purged,
                                  &question->error);
  return purged;
}

/**
 * qk_leftovers_merge: (skip)
 * @self: leftovers
 * @document: the queue as it stands
 * @journal: (nullable): knows what was purged; without it nothing is merged
 * @queue: (nullable): the name of the queue in @journal
 *
 * Returns: (transfer full) (element-type QkChange): what puts into the queue what it lacks
 */
GPtrArray *
qk_leftovers_merge (QkLeftovers *self, QkDocument *document, QkJournal *journal, const char *queue)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  Question question = {journal, queue, NULL};

  if (self->files->len > 0 && journal == NULL)
    self->problem = g_strdup (_ ("there is no history"));
  for (guint i = 0; i < self->files->len && self->problem == NULL; i++)
    {
      const Leftover *leftover = self->files->pdata[i];
      GPtrArray *found;

      if (leftover->document == NULL)
        continue;
      found = qk_merge_find (document, leftover->document, was_purged, &question);
      g_ptr_array_extend_and_steal (changes, found);
      if (question.error != NULL)
        self->problem = g_strdup (question.error->message);
    }
  g_clear_error (&question.error);
  if (self->problem != NULL)
    g_ptr_array_set_size (changes, 0);
  return g_steal_pointer (&changes);
}

/**
 * qk_leftovers_remove: (skip)
 * @self: leftovers that are merged, durably
 *
 * Removes their files; those of torn ones go to the backups.
 */
void
qk_leftovers_remove (QkLeftovers *self)
{
  for (guint i = 0; i < self->files->len && self->problem == NULL; i++)
    {
      const Leftover *leftover = self->files->pdata[i];

      if (!leftover->torn)
        discard (self, leftover->path);
      else
        {
          g_free (self->kept);
          self->kept = qk_backup_move (leftover->path, self->path);
        }
    }
}

/**
 * qk_leftovers_describe: (skip)
 * @self: leftovers
 * @n_recovered: how many messages were put into the queue
 *
 * Returns: (transfer full) (nullable): what became of them, for the operator; %NULL where there were
 *   none
 */
char *
qk_leftovers_describe (const QkLeftovers *self, guint n_recovered)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->problem != NULL)
    return g_strdup_printf (
        _ ("An interrupted save has left a version of another program as %s. It "
           "is not merged, since what was purged is not known: %s."),
        ((const Leftover *) self->files->pdata[0])->path, self->problem);
  if (self->files->len == 0 && self->n_removed == 0)
    return NULL;
  if (n_recovered > 0)
    g_string_append_printf (
        text,
        ngettext (
            "An interrupted save was cleaned up: %u message of another program was put back "
            "into the queue.",
            "An interrupted save was cleaned up: %u messages of another program were put back "
            "into the queue.",
            n_recovered),
        n_recovered);
  else
    g_string_append (text, _ ("An interrupted save was cleaned up."));
  if (self->kept != NULL)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("A torn version of it is kept as %s."), self->kept);
    }
  return g_strdup (text->str);
}
