#include "qk-history-db.h"

#include "platform/qk-platform.h"
#include "qk-history-schema.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

struct _QkHistoryDb {
  char *path;             /* owned */
  QkFileStamp stamp;      /* when it was opened */
  sqlite3 *sqlite;        /* owned */
  GHashTable *statements; /* owned, of sqlite3_stmt by the address of their text */
};

G_DEFINE_QUARK (qk - history - error - quark, qk_history_error)

static void
set_error (const QkHistoryDb *self, int code, GError **error)
{
  QkHistoryError kind = QK_HISTORY_ERROR_UNAVAILABLE;
  g_autofree char *path = g_filename_display_name (self->path);
  const char *problem = sqlite3_errstr (code);

  switch (code & 0xff)
    {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      kind = QK_HISTORY_ERROR_DAMAGED;
      problem = _ ("it is damaged");
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      problem = _ ("another program has locked it");
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      problem = _ ("it may not be written");
      break;
    case SQLITE_FULL:
      problem = _ ("there is no room left");
      break;
    default:
      break;
    }
  g_set_error (error, QK_HISTORY_ERROR, (int) kind, _ ("the history %s cannot be used: %s"), path,
               problem);
}

static void
finalize_statement (gpointer statement)
{
  (void) sqlite3_finalize (statement);
}

/**
 * qk_history_db_close:
 * @self: (transfer full): a database
 *
 * Closes it.
 */
void
qk_history_db_close (QkHistoryDb *self)
{
  g_hash_table_unref (self->statements);
  (void) sqlite3_close (self->sqlite);
  g_free (self->path);
  g_free (self);
}

/**
 * qk_history_db_is_in_place:
 * @self: a database
 *
 * SQLite would go on writing into a file that has been moved or removed.
 *
 * Returns: whether its path still leads to it
 */
gboolean
qk_history_db_is_in_place (QkHistoryDb *self)
{
  QkFileStamp stamp;

  return qk_platform_get_native ()->stat_path (self->path, &stamp) == 0 &&
         stamp.volume == self->stamp.volume && stamp.file == self->stamp.file;
}

static gboolean
execute (QkHistoryDb *self, const char *sql, GError **error)
{
  int code = sqlite3_exec (self->sqlite, sql, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    set_error (self, code, error);
  return code == SQLITE_OK;
}

/* What was purged is nobody else's to read. SQLite gives its other files the mode of this one. The mode
 * of what a symbolic link leads to is not ours to change. A file that is there is not opened for it: to
 * close it would give up the locks that SQLite holds on it for another thread of this process. */
static int
make_private (const char *path)
{
  int code = 0, descriptor;
  struct stat st;

  if (lstat (path, &st) == 0)
    {
      if (S_ISLNK (st.st_mode))
        return ELOOP;
      return (st.st_mode & 07777) != 0600 && g_chmod (path, 0600) != 0 ? errno : 0;
    }
  descriptor = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return errno == EEXIST ? 0 : errno;
  if (fchmod (descriptor, 0600) != 0)
    code = errno;
  (void) g_close (descriptor, NULL);
  return code;
}

static gboolean
create_file (const QkHistoryDb *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  int code = 0;

  if (g_mkdir_with_parents (folder, 0700) != 0 || g_chmod (folder, 0700) != 0)
    code = errno;
  if (code == 0)
    code = make_private (self->path);
  if (code != 0)
    {
      g_autofree char *path = g_filename_display_name (self->path);

      g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_UNAVAILABLE,
                   _ ("the history %s cannot be used: %s"), path,
                   code == ELOOP ? _ ("a symbolic link stands there; remove it")
                                 : g_strerror (code));
    }
  return code == 0;
}

static gboolean
read_version (QkHistoryDb *self, guint *version, GError **error)
{
  sqlite3_stmt *statement = qk_history_db_prepare (self, "PRAGMA user_version", error);
  gboolean row;

  if (statement == NULL || !qk_history_db_step (self, statement, &row, error))
    return FALSE;
  *version = row ? (guint) sqlite3_column_int (statement, 0) : 0;
  (void) sqlite3_reset (statement);
  return TRUE;
}

static gboolean
take_steps (QkHistoryDb *self, GError **error)
{
  guint version;

  /* Another process may have done it meanwhile. */
  if (!read_version (self, &version, error))
    return FALSE;
  for (; version < qk_history_version; version++)
    {
      g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %u", version + 1);

      if (!execute (self, qk_history_migrations[version], error) || !execute (self, mark, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
migrate (QkHistoryDb *self, GError **error)
{
  guint version;

  if (!read_version (self, &version, error))
    return FALSE;
  if (version == qk_history_version)
    return TRUE;
  if (version > qk_history_version)
    {
      g_autofree char *path = g_filename_display_name (self->path);

      g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_UNAVAILABLE,
                   _ ("the history %s cannot be used: a newer Queuekeeper made it"), path);
      return FALSE;
    }
  if (!qk_history_db_begin (self, TRUE, error))
    return FALSE;
  if (take_steps (self, error) && qk_history_db_commit (self, error))
    return TRUE;
  qk_history_db_roll_back (self);
  return FALSE;
}

/* Opens what is there, whatever it is. One thread at a time: none may open a file that another one has
 * made and is about to close. */
static QkHistoryDb *
open_raw (const char *path, GError **error)
{
  static GMutex mutex;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  QkHistoryDb *self = g_new0 (QkHistoryDb, 1);
  int code;

  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);
  if (!create_file (self, error))
    {
      qk_history_db_close (self);
      return NULL;
    }
  (void) qk_platform_get_native ()->stat_path (path, &self->stamp);
  code = sqlite3_open_v2 (path, &self->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code == SQLITE_OK)
    {
      (void) sqlite3_extended_result_codes (self->sqlite, 1);
      (void) sqlite3_busy_timeout (self->sqlite, QK_HISTORY_BUSY_MSEC);
      return self;
    }
  set_error (self, code, error);
  qk_history_db_close (self);
  return NULL;
}

/**
 * qk_history_db_open:
 * @path: the file; it is made where it is missing
 * @error: return location for a #QkHistoryError
 *
 * Opens the database and brings its schema up to date.
 *
 * Returns: (transfer full) (nullable): the database
 */
QkHistoryDb *
qk_history_db_open (const char *path, GError **error)
{
  g_autoptr (QkHistoryDb) self = open_raw (path, error);

  /* A file system that cannot share memory stays with the other mode: slower, and as good. The first
   * of two processes that turn to WAL at once wins for both. */
  if (self == NULL || !execute (self, "PRAGMA foreign_keys = ON", error))
    return NULL;
  (void) execute (self, "PRAGMA journal_mode = WAL", NULL);
  if (!migrate (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
is_whole (const char *path)
{
  g_autoptr (QkHistoryDb) self = open_raw (path, NULL);
  sqlite3_stmt *statement;
  gboolean row;

  if (self == NULL)
    return FALSE;
  statement = qk_history_db_prepare (self, "PRAGMA quick_check (1)", NULL);
  return statement != NULL && qk_history_db_step (self, statement, &row, NULL) && row &&
         g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;
}

static char *
make_name_aside (const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  char *name = g_strdup_printf ("%s.damaged-%s", path, time);

  for (guint n = 2; g_file_test (name, G_FILE_TEST_EXISTS); n++)
    {
      g_free (name);
      name = g_strdup_printf ("%s.damaged-%s-%u", path, time, n);
    }
  return name;
}

/* With the two files that belong to it: what they hold may still be wanted. */
static gboolean
move_aside (const char *path, char **kept_as, GError **error)
{
  static const char *const endings[] = {"-wal", "-shm"};
  g_autofree char *name = make_name_aside (path);

  if (g_rename (path, name) != 0)
    {
      g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_UNAVAILABLE,
                   _ ("the history %s is damaged and cannot be moved aside: %s"), path,
                   g_strerror (errno));
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *from = g_strconcat (path, endings[i], NULL);
      g_autofree char *to = g_strconcat (name, endings[i], NULL);

      (void) g_rename (from, to);
    }
  *kept_as = g_steal_pointer (&name);
  return TRUE;
}

/**
 * qk_history_db_set_aside:
 * @path: the file, which nobody in this process has open
 * @kept_as: (out) (transfer full) (nullable): where it is now; %NULL where it was not damaged
 * @error: return location for a #QkHistoryError
 *
 * Moves a damaged database out of the way. Of several processes that find it damaged, one does.
 *
 * Returns: whether there is room for a new one, or a whole one
 */
gboolean
qk_history_db_set_aside (const char *path, char **kept_as, GError **error)
{
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (path, ".lock", NULL);
  QkHandle lock;
  gboolean done;

  *kept_as = NULL;
  if (platform->lock (sidecar, &lock) != 0)
    {
      g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_UNAVAILABLE,
                   _ ("the history %s is damaged, and another program has locked it"), path);
      return FALSE;
    }
  done = is_whole (path) || move_aside (path, kept_as, error);
  platform->unlock (lock);
  return done;
}

/**
 * qk_history_db_prepare:
 * @self: a database
 * @sql: a literal
 * @error: return location for a #QkHistoryError
 *
 * Returns: (transfer none) (nullable): the statement, ready to be bound
 */
sqlite3_stmt *
qk_history_db_prepare (QkHistoryDb *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);
  int code;

  if (statement != NULL)
    {
      (void) sqlite3_reset (statement);
      (void) sqlite3_clear_bindings (statement);
      return statement;
    }
  code = sqlite3_prepare_v3 (self->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

/**
 * qk_history_db_step:
 * @self: a database
 * @statement: a statement of it
 * @row: (out): whether there is another row
 * @error: return location for a #QkHistoryError
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_step (QkHistoryDb *self, sqlite3_stmt *statement, gboolean *row, GError **error)
{
  int code = sqlite3_step (statement);

  *row = code == SQLITE_ROW;
  if (code == SQLITE_ROW)
    return TRUE;
  (void) sqlite3_reset (statement);
  if (code != SQLITE_DONE)
    set_error (self, code, error);
  return code == SQLITE_DONE;
}

/**
 * qk_history_db_run:
 * @self: a database
 * @statement: a statement that gives no rows
 * @error: return location for a #QkHistoryError
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_run (QkHistoryDb *self, sqlite3_stmt *statement, GError **error)
{
  gboolean row;

  return qk_history_db_step (self, statement, &row, error);
}

/**
 * qk_history_db_begin:
 * @self: a database
 * @durable: whether what is written must survive a power failure
 * @error: return location for a #QkHistoryError
 *
 * Begins to write. The one place where another process is waited for.
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_begin (QkHistoryDb *self, gboolean durable, GError **error)
{
  if (!execute (self, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error))
    return FALSE;
  return execute (self, "BEGIN IMMEDIATE", error);
}

/**
 * qk_history_db_commit:
 * @self: a database
 * @error: return location for a #QkHistoryError
 *
 * Ends to write. Where it fails, it is still to be rolled back.
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_commit (QkHistoryDb *self, GError **error)
{
  return execute (self, "COMMIT", error);
}

/**
 * qk_history_db_roll_back:
 * @self: a database
 *
 * Forgets what was written since qk_history_db_begin().
 */
void
qk_history_db_roll_back (QkHistoryDb *self)
{
  if (!sqlite3_get_autocommit (self->sqlite))
    (void) execute (self, "ROLLBACK", NULL);
}

/**
 * qk_history_db_tidy:
 * @self: a database
 *
 * Brings what was written to where it belongs, without waiting for anybody, so that who has to write
 * next need not do it.
 */
void
qk_history_db_tidy (QkHistoryDb *self)
{
  (void) sqlite3_wal_checkpoint_v2 (self->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/**
 * qk_history_db_get_version:
 * @self: a database
 * @others: (out): differs after somebody else has written to it
 * @own: (out): how many rows were written by it
 * @error: return location for a #QkHistoryError
 *
 * Both count from when it was opened.
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_get_version (QkHistoryDb *self, gint64 *others, gint64 *own, GError **error)
{
  sqlite3_stmt *statement = qk_history_db_prepare (self, "PRAGMA data_version", error);
  gboolean row;

  if (statement == NULL || !qk_history_db_step (self, statement, &row, error))
    return FALSE;
  *others = row ? sqlite3_column_int64 (statement, 0) : 0;
  *own = sqlite3_total_changes (self->sqlite);
  if (row)
    (void) sqlite3_reset (statement);
  return TRUE;
}

/**
 * qk_history_db_get_last_id:
 * @self: a database
 *
 * Returns: the number of the row that was inserted last
 */
gint64
qk_history_db_get_last_id (QkHistoryDb *self)
{
  return sqlite3_last_insert_rowid (self->sqlite);
}
