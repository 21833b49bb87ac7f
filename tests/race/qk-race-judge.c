#include "qk-race-judge.h"

#include "qk-document.h"
#include "qk-snapshot.h"

/* A version that came out of a swap, kept open: who had it open may still write to it. */
typedef struct {
  QkSnapshot snapshot;
  GHashTable *seen; /* owned, id to gint64: the newest state that any version had since then */
  gint64 since;
} Displaced;

#define WATCH_USEC (4 * G_TIME_SPAN_SECOND)

/* Called from the writer's thread and from the main one. */
static struct {
  GMutex mutex;
  QkPlatform platform;
  GHashTable *purged;    /* ids that the operator took out */
  GHashTable *displaced; /* id to the gint64 time of the state that was displaced */
  GHashTable *states;    /* ids of those whose message was there, in an older state */
  QkFileStamp ours;      /* of the version that we put in last */
  GArray *open;          /* of Displaced */
  QkRaceVerdict verdict;
} judge;

static QkDocument *
read_version (const char *path)
{
  QkSnapshot snapshot;
  QkDocument *document;

  if (qk_snapshot_read (&snapshot, qk_platform_get_native (), path, QK_DOCUMENT_MAX_BYTES) != 0)
    return NULL;
  document = qk_document_new (snapshot.bytes, NULL, NULL, NULL);
  qk_snapshot_clear (&snapshot, qk_platform_get_native ());
  return document;
}

/* Id to the time of its last update. */
static GHashTable *
list_states (QkDocument *document)
{
  GHashTable *states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; document != NULL && i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      gint64 updated = qk_entry_get_updated (entry);

      g_hash_table_insert (states, qk_entry_dup_field (entry, QK_FIELD_ID),
                           g_memdup2 (&updated, sizeof updated));
    }
  return states;
}

/* What this version has is not lost. */
static void
acquit (GHashTable *states)
{
  GHashTableIter iter;
  const char *id;
  const gint64 *displaced;

  g_hash_table_iter_init (&iter, judge.displaced);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &displaced))
    {
      const gint64 *updated = g_hash_table_lookup (states, id);

      if (updated != NULL && *updated >= *displaced)
        g_hash_table_iter_remove (&iter);
    }
}

static void
accuse (GHashTable *came_out, GHashTable *went_in)
{
  GHashTableIter iter;
  const char *id;
  const gint64 *updated;

  g_hash_table_iter_init (&iter, came_out);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &updated))
    {
      const gint64 *ours = g_hash_table_lookup (went_in, id);

      if (g_hash_table_contains (judge.purged, id) || (ours != NULL && *ours >= *updated))
        continue;
      g_hash_table_replace (judge.displaced, g_strdup (id), g_memdup2 (updated, sizeof *updated));
      if (ours != NULL)
        {
          g_hash_table_add (judge.states, g_strdup (id));
          judge.verdict.displaced_states++;
        }
      else
        {
          g_hash_table_remove (judge.states, id);
          judge.verdict.displaced_messages++;
        }
    }
}

static void
close_displaced (gpointer data)
{
  Displaced *displaced = data;

  qk_snapshot_clear (&displaced->snapshot, qk_platform_get_native ());
  g_hash_table_unref (displaced->seen);
}

static void
see (GHashTable *seen, GHashTable *states)
{
  GHashTableIter iter;
  const char *id;
  const gint64 *updated, *known;

  g_hash_table_iter_init (&iter, states);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &updated))
    {
      known = g_hash_table_lookup (seen, id);
      if (known == NULL || *known < *updated)
        g_hash_table_replace (seen, g_strdup (id), g_memdup2 (updated, sizeof *updated));
    }
}

/* What this version has was not lost before it. */
static void
see_version (GHashTable *states)
{
  for (guint i = 0; i < judge.open->len; i++)
    see (g_array_index (judge.open, Displaced, i).seen, states);
}

static void
keep_open (const char *path)
{
  Displaced displaced = {.since = g_get_monotonic_time ()};

  if (qk_snapshot_read (&displaced.snapshot, qk_platform_get_native (), path,
                        QK_DOCUMENT_MAX_BYTES) != 0)
    return;
  displaced.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_array_append_val (judge.open, displaced);
}

/* Whether somebody has written to what we have displaced. What has stood in the queue since then and is
 * gone again is not our loss. */
static void
look_for_late (Displaced *displaced)
{
  g_autoptr (GBytes) bytes = g_bytes_ref (displaced->snapshot.bytes);
  g_autoptr (QkDocument) before = qk_document_new (bytes, NULL, NULL, NULL), after = NULL;
  g_autoptr (GHashTable) had = list_states (before), has = NULL;
  gboolean changed;

  if (qk_snapshot_refresh (&displaced->snapshot, qk_platform_get_native (), &changed) != 0 ||
      g_bytes_equal (displaced->snapshot.bytes, bytes))
    return;
  after = qk_document_new (displaced->snapshot.bytes, NULL, NULL, NULL);
  if (after == NULL)
    return;
  has = list_states (after);
  judge.verdict.late_writes++;
  see (had, displaced->seen);
  accuse (has, had);
}

/* To be called every now and then. */
void
qk_race_judge_look (void)
{
  g_mutex_lock (&judge.mutex);
  for (guint i = 0; i < judge.open->len; i++)
    {
      Displaced *displaced = &g_array_index (judge.open, Displaced, i);

      look_for_late (displaced);
      if (g_get_monotonic_time () - displaced->since > WATCH_USEC)
        g_array_remove_index_fast (judge.open, i--);
    }
  g_mutex_unlock (&judge.mutex);
}

static int
watched_swap (const char *temp, const char *path, gboolean *exchanged)
{
  g_autoptr (QkDocument) ours = read_version (temp), theirs = NULL;
  g_autoptr (GHashTable) went_in = list_states (ours), came_out = NULL;
  QkFileStamp own = {0}, other = {0};
  int code;

  (void) qk_platform_get_native ()->stat_path (temp, &own);
  code = qk_platform_get_native ()->swap (temp, path, exchanged);
  if (code != 0)
    return code;
  g_mutex_lock (&judge.mutex);
  judge.verdict.swaps++;
  acquit (went_in);
  (void) qk_platform_get_native ()->stat_path (temp, &other);
  if (*exchanged)
    keep_open (temp);
  see_version (went_in);
  /* A torn version that is put back into its place is its writer's again; and what a version of ours
   * has that another writer had not is what that writer lost. */
  if (*exchanged && ours != NULL && !qk_stamp_equal (&other, &judge.ours))
    {
      theirs = read_version (temp);
      came_out = list_states (theirs);
      accuse (came_out, went_in);
    }
  judge.ours = own;
  g_mutex_unlock (&judge.mutex);
  return code;
}

/* The calls of the system, watched. Begins anew. */
const QkPlatform *
qk_race_judge_start (void)
{
  judge.platform = *qk_platform_get_native ();
  judge.platform.swap = watched_swap;
  g_clear_pointer (&judge.open, g_array_unref);
  judge.open = g_array_new (FALSE, FALSE, sizeof (Displaced));
  g_array_set_clear_func (judge.open, close_displaced);
  g_clear_pointer (&judge.purged, g_hash_table_unref);
  g_clear_pointer (&judge.displaced, g_hash_table_unref);
  g_clear_pointer (&judge.states, g_hash_table_unref);
  judge.purged = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  judge.displaced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  judge.states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  judge.verdict = (QkRaceVerdict){0};
  return &judge.platform;
}

/* The operator wants @id to go. */
void
qk_race_judge_allow_purge (const char *id)
{
  g_mutex_lock (&judge.mutex);
  g_hash_table_add (judge.purged, g_strdup (id));
  g_mutex_unlock (&judge.mutex);
}

/* After the last writer has ended. */
QkRaceVerdict
qk_race_judge_finish (const char *path)
{
  g_autoptr (QkDocument) last = read_version (path);
  g_autoptr (GHashTable) states = list_states (last);
  GHashTableIter iter;
  const char *id;

  acquit (states);
  g_hash_table_iter_init (&iter, judge.displaced);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, NULL))
    if (g_hash_table_contains (judge.states, id))
      judge.verdict.lost_states++;
    else
      judge.verdict.lost_messages++;
  return judge.verdict;
}
