#include "qk-history-schema.h"

/* operations.time: microseconds since the Unix epoch. operations.queue: as in qk_store_dup_key().
 * operations.undone: the operation that undid it; .undoes: the other way round. No foreign keys: a
 * number that is pruned away says all the same that it happened. An operation that stays `begun` was
 * cut off. entries: in the order of the queue; the bytes are JSON to the letter, before is NULL for
 * what was added, after for what was taken out. */
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
};

const guint qk_history_version = G_N_ELEMENTS (qk_history_migrations);
