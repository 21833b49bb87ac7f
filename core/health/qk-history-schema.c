#include "qk-history-schema.h"

/* operations.time: microseconds since the Unix epoch. operations.queue: as in qk_store_dup_key().
 * operations.undone: the operation that undid it; .undoes: the other way round. operations.batch: the first
 * operation of those that are one piece of work, and are undone as one. No foreign keys: a number that is
 * pruned away says all the same that it happened. An operation that stays `begun` was
 * cut off. entries: in the order of the queue; the bytes are JSON to the letter, before is NULL for
 * what was added, after for what was taken out.
 *
 * Lock health: lock_events and saves are what happened, one by one, and are forgotten after days; slices
 * are what it sums up to, in spans of width seconds that begin at start, per session while its process
 * lives and of session 0 afterwards. Every event and every save is in exactly one slice: spans are merged
 * into wider ones as they age. depths: the last sample of such a span. Blobs: see qk-health-codec.h. */
const char *const qk_history_migrations[] = {
    "CREATE TABLE operations ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  time INTEGER NOT NULL,"
    "  queue TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  host TEXT NOT NULL,"
    "  user TEXT NOT NULL,"
    "  program TEXT NOT NULL,"
    "  pid INTEGER NOT NULL,"
    "  undoes INTEGER,"
    "  undone INTEGER,"
    "  state TEXT NOT NULL CHECK (state IN ('begun', 'done', 'aborted'))"
    ");"
    "CREATE INDEX operations_of_queue ON operations (queue, id);"
    "CREATE TABLE entries ("
    "  operation INTEGER NOT NULL REFERENCES operations (id) ON DELETE CASCADE,"
    "  ordinal INTEGER NOT NULL,"
    "  id TEXT,"
    "  before BLOB,"
    "  after BLOB,"
    "  previous_id TEXT,"
    "  PRIMARY KEY (operation, ordinal)"
    ");",
    "CREATE INDEX entries_of_id ON entries (id);",
    "CREATE TABLE queues (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE agents (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE sessions ("
    "  id INTEGER PRIMARY KEY,"
    "  queue INTEGER NOT NULL,"
    "  started INTEGER NOT NULL,"
    "  seen INTEGER NOT NULL,"
    "  ended INTEGER NOT NULL,"
    "  host TEXT NOT NULL,"
    "  pid INTEGER NOT NULL,"
    "  program TEXT NOT NULL"
    ");"
    "CREATE TABLE lock_events ("
    "  queue INTEGER NOT NULL,"
    "  time INTEGER NOT NULL,"
    "  session INTEGER NOT NULL,"
    "  n INTEGER NOT NULL,"
    "  operation INTEGER NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  code INTEGER NOT NULL,"
    "  winerror INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  attempts INTEGER NOT NULL,"
    "  delay INTEGER NOT NULL,"
    "  outcome INTEGER NOT NULL,"
    "  holder TEXT,"
    "  PRIMARY KEY (queue, time, session, n)"
    ") WITHOUT ROWID;"
    "CREATE TABLE saves ("
    "  queue INTEGER NOT NULL,"
    "  time INTEGER NOT NULL,"
    "  session INTEGER NOT NULL,"
    "  n INTEGER NOT NULL,"
    "  ok INTEGER NOT NULL,"
    "  attempts INTEGER NOT NULL,"
    "  waited INTEGER NOT NULL,"
    "  elapsed INTEGER NOT NULL,"
    "  conflicts INTEGER NOT NULL,"
    "  PRIMARY KEY (queue, time, session, n)"
    ") WITHOUT ROWID;"
    "CREATE TABLE slices ("
    "  queue INTEGER NOT NULL,"
    "  width INTEGER NOT NULL,"
    "  start INTEGER NOT NULL,"
    "  session INTEGER NOT NULL,"
    "  figures BLOB NOT NULL,"
    "  PRIMARY KEY (queue, width, start, session)"
    ") WITHOUT ROWID;"
    "CREATE TABLE depths ("
    "  queue INTEGER NOT NULL,"
    "  width INTEGER NOT NULL,"
    "  start INTEGER NOT NULL,"
    "  stuck INTEGER NOT NULL,"
    "  statuses BLOB NOT NULL,"
    "  agents BLOB NOT NULL,"
    "  PRIMARY KEY (queue, width, start)"
    ") WITHOUT ROWID;",
    "ALTER TABLE operations ADD COLUMN batch INTEGER;"
    "CREATE INDEX operations_of_batch ON operations (batch) WHERE batch IS NOT NULL;",
};

const guint qk_history_version = G_N_ELEMENTS (qk_history_migrations);
