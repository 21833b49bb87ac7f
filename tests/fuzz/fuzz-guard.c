#include "qk-fuzz-changes.h"

#include "qk-change-private.h"
#include "qk-entry-private.h"
#include "qk-guard.h"
#include "qk-time.h"

#include <string.h>

/* The guard, over a series of versions. The input is a queue, and a script of what happens: the
 * operator changes something, another writer saves, an old list comes back, time passes. */

#define SETTLE      (6 * G_TIME_SPAN_SECOND)
#define MAX_STEPS   24
#define MAX_ENTRIES 50
#define NOW         "2026-03-01T12:00:00"

const QkFuzzTarget qk_fuzz_target = {"guard", QK_FUZZ_TEXTS_WITH_SCRIPTS, 10000};

typedef struct {
  QkGuard *guard;        /* owned */
  QkDocument *document;  /* owned: what stands there now */
  GPtrArray *versions;   /* owned, of QkDocument: all that stood there */
  GHashTable *expected;  /* owned, set of ids that it was ever told of */
  GHashTable *n_repairs; /* owned, id to how often in a row it was put right */
  gint64 now;            /* monotonic */
} Play;

static void
stand (Play *play, QkDocument *document)
{
  g_ptr_array_add (play->versions, qk_document_ref (document));
  qk_document_unref (play->document);
  play->document = qk_document_ref (document);
}

/* The next version, if @changes are applied to what stands there. */
static QkDocument *
apply (Play *play, GPtrArray *changes, QkPlan **plan)
{
  gint64 wall = qk_wall_parse (NOW, strlen (NOW), NULL) + play->now;
  g_autoptr (GBytes) bytes = NULL;
  QkDocument *next;

  *plan = qk_plan_new (play->document, changes, wall);
  bytes = qk_fuzz_plan_to_bytes (*plan);
  next = qk_fuzz_read (bytes);
  QK_FUZZ_CHECK (next != NULL);
  return next;
}

static void
expect_id (Play *play, const char *text, gsize length)
{
  QkEntry entry;
  char *id;

  QK_FUZZ_CHECK (qk_entry_check (&entry, text, length));
  id = qk_entry_dup_field (&entry, QK_FIELD_ID);
  if (id == NULL)
    return;
  g_hash_table_remove (play->n_repairs, id);
  g_hash_table_add (play->expected, id);
}

static GPtrArray *
make_changes (Play *play, QkFuzzInput *script)
{
  static const QkRevision anew = {.recipient = "Agent-9", .content = "Anew.", .priority = "low"};
  GPtrArray *changes = qk_fuzz_list_new ();
  guint n = qk_document_get_n_entries (play->document);

  for (guint n_changes = qk_fuzz_take_number (script, 3) + 1; n > 0 && n_changes > 0; n_changes--)
    {
      const QkEntry *entry =
          qk_document_get_entry (play->document, qk_fuzz_take_number (script, n));
      guint kind = qk_fuzz_take_number (script, 6);

      g_ptr_array_add (changes, kind == 0   ? qk_change_new_purge (entry)
                                : kind == 1 ? qk_change_new_resend (entry, 0)
                                : kind == 2 ? qk_change_new_set_recipient (entry, "Agent-9")
                                : kind == 3 ? qk_change_new_fix (entry)
                                : kind == 4 ? qk_change_new_set_priority (entry, "urgent")
                                            : qk_change_new_edit (entry, &anew, 0));
    }
  return changes;
}

/* Saves changes. Returns what was saved, and of what. */
static QkPlan *
save (Play *play, QkFuzzInput *script, GPtrArray **changes)
{
  QkPlan *plan;
  g_autoptr (QkDocument) next = NULL;

  *changes = make_changes (play, script);
  next = apply (play, *changes, &plan);
  for (guint i = 0; i < (*changes)->len; i++)
    {
      QkEffect effect = qk_plan_get_effect (plan, i);

      if (effect.before != NULL)
        expect_id (play, effect.before->json, effect.before->length);
      else if (effect.after != NULL)
        expect_id (play, effect.after, strlen (effect.after));
    }
  qk_guard_expect_plan (play->guard, plan, *changes, play->now);
  stand (play, next);
  return plan;
}

/* Another writer's version: of now, or of an old list; entries moved, gone and repeated. */
static QkDocument *
make_foreign (Play *play, QkFuzzInput *script)
{
  QkDocument *base =
      g_ptr_array_index (play->versions, qk_fuzz_take_number (script, play->versions->len));
  g_autoptr (GBytes) rearranged = qk_fuzz_rearrange (base, script);
  g_autoptr (GBytes) spoilt = qk_fuzz_spoil (rearranged, script);
  QkDocument *document = qk_fuzz_read (spoilt);

  if (document != NULL && qk_document_get_n_entries (document) > MAX_ENTRIES)
    g_clear_pointer (&document, qk_document_unref);
  return document != NULL ? document : qk_fuzz_read (rearranged);
}

static void
merge (Play *play, QkFuzzInput *script)
{
  g_autoptr (QkDocument) displaced = make_foreign (play, script);

  for (guint i = 0; i < qk_document_get_n_entries (displaced); i++)
    {
      const QkEntry *entry = qk_document_get_entry (displaced, i);

      expect_id (play, entry->json, entry->length);
    }
  qk_guard_expect_merged (play->guard, play->document, displaced, play->now);
  QK_FUZZ_CHECK (qk_guard_get_n_items (play->guard) <= g_hash_table_size (play->expected));
}

/* No repair is of a message that it does not guard, and none is there twice. */
static void
check_repairs (Play *play, GPtrArray *repairs)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 delay = qk_guard_get_delay (play->guard, repairs, play->now);

  QK_FUZZ_CHECK (repairs->len <= qk_guard_get_n_items (play->guard));
  QK_FUZZ_CHECK (delay > 0 && delay <= G_TIME_SPAN_SECOND);
  for (guint i = 0; i < repairs->len; i++)
    {
      const QkChange *repair = g_ptr_array_index (repairs, i);
      const char *id = qk_change_get_id (repair);
      guint n;

      QK_FUZZ_CHECK (repair != NULL && id != NULL);
      QK_FUZZ_CHECK (repair->kind == QK_CHANGE_PURGE || repair->kind == QK_CHANGE_RESTORE);
      QK_FUZZ_CHECK (g_hash_table_contains (play->expected, id));
      QK_FUZZ_CHECK (g_hash_table_add (seen, (gpointer) id));
      QK_FUZZ_CHECK (qk_guard_is_wanted (play->guard, repair));
      n = GPOINTER_TO_UINT (g_hash_table_lookup (play->n_repairs, id));
      QK_FUZZ_CHECK (n < QK_GUARD_MAX_REPAIRS);
      g_hash_table_insert (play->n_repairs, g_strdup (id), GUINT_TO_POINTER (n + 1));
    }
}

/* The guard looks at what stands there; what it asks for is done, and then it is content. */
static void
check (Play *play)
{
  g_autoptr (GPtrArray) repairs = qk_guard_check (play->guard, play->document, play->now);
  g_autoptr (QkGivenUp) given_up = qk_guard_dup_given_up (play->guard);
  g_autoptr (GPtrArray) more = NULL;
  g_autoptr (QkPlan) plan = NULL;
  g_autoptr (QkDocument) next = NULL;

  if (given_up != NULL)
    {
      QK_FUZZ_CHECK (given_up->n_messages <= g_hash_table_size (play->expected));
      QK_FUZZ_CHECK (given_up->n_repairs <= QK_GUARD_MAX_REPAIRS && given_up->span >= 0);
    }
  check_repairs (play, repairs);
  if (repairs->len == 0)
    return;
  next = apply (play, repairs, &plan);
  for (guint i = 0; i < repairs->len; i++)
    {
      const char *reason;

      QK_FUZZ_CHECK (qk_plan_get_verdict (plan, i, &reason) == QK_VERDICT_CHANGED);
      qk_guard_count_repair (play->guard, qk_change_get_id (g_ptr_array_index (repairs, i)),
                             play->now);
    }
  stand (play, next);
  more = qk_guard_check (play->guard, play->document, play->now);
  QK_FUZZ_CHECK (more->len == 0);
}

/* The only entry of this id, or NULL. @n: how many there are. */
static const QkEntry *
find_only (QkDocument *document, const char *id, guint *n)
{
  const QkEntry *found = NULL;

  *n = 0;
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    if (qk_entry_has_id (qk_document_get_entry (document, i), id))
      {
        found = qk_document_get_entry (document, i);
        (*n)++;
      }
  return *n == 1 ? found : NULL;
}

/* Whether @shown, of another writer's version, is not newer than what was saved. */
static gboolean
is_stale (const QkEntry *shown, const QkEntry *before, const QkEntry *after)
{
  return shown == NULL || after == NULL || shown->updated < after->updated ||
         (before != NULL && qk_entry_hash_state (shown) == qk_entry_hash_state (before));
}

/* After an old list came back and was put right: what was saved is in effect. */
static void
check_in_effect (Play *play, const QkEffect *effect, QkDocument *old)
{
  QkEntry after;
  g_autofree char *id = NULL;
  const QkEntry *shown, *now;
  guint n_old, n;

  if (effect->after != NULL)
    QK_FUZZ_CHECK (qk_entry_check (&after, effect->after, strlen (effect->after)));
  id = qk_entry_dup_field (effect->before != NULL ? effect->before : &after, QK_FIELD_ID);
  shown = id != NULL ? find_only (old, id, &n_old) : NULL;
  if (id == NULL || n_old > 1 ||
      !is_stale (shown, effect->before, effect->after != NULL ? &after : NULL))
    return;
  now = find_only (play->document, id, &n);
  QK_FUZZ_CHECK (n == (effect->after != NULL));
  QK_FUZZ_CHECK (now == NULL || qk_entry_hash_state (now) == qk_entry_hash_state (&after));
}

/* Something is saved, and another writer saves what it loaded before. */
static void
overwrite (Play *play, QkFuzzInput *script)
{
  g_autoptr (QkDocument) base = qk_document_ref (play->document), old = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkPlan) plan = save (play, script, &changes);

  old = qk_document_ref (
      g_ptr_array_index (play->versions, qk_fuzz_take_number (script, play->versions->len)));
  stand (play, old);
  check (play);
  for (guint i = 0; i < changes->len; i++)
    {
      QkEffect effect = qk_plan_get_effect (plan, i);
      g_autofree char *id =
          effect.before != NULL ? qk_entry_dup_field (effect.before, QK_FIELD_ID) : NULL;
      guint n;

      if (effect.before == NULL && effect.after == NULL)
        continue;
      if (id == NULL || find_only (base, id, &n) != NULL)
        check_in_effect (play, &effect, old);
    }
}

/* A writer that puts the same old list back again and again wears nobody out for ever. */
static void
insist (Play *play, QkFuzzInput *script)
{
  g_autoptr (QkDocument) foreign = make_foreign (play, script);

  for (guint i = 0; i < QK_GUARD_MAX_REPAIRS + 5; i++)
    {
      guint n = play->versions->len;

      stand (play, foreign);
      check (play);
      play->now += G_TIME_SPAN_MILLISECOND;
      /* Only how it ends is of interest to what comes later. */
      g_ptr_array_set_size (play->versions, (int) n);
    }
  stand (play, foreign);
  check (play);
  QK_FUZZ_CHECK (play->document == foreign);
}

static void
step (Play *play, QkFuzzInput *script)
{
  switch (qk_fuzz_take_number (script, 8))
    {
      case 0: {
        g_autoptr (GPtrArray) changes = NULL;
        g_autoptr (QkPlan) plan = save (play, script, &changes);

        break;
      }
    case 1:
      overwrite (play, script);
      break;
    case 2:
      case 3: {
        g_autoptr (QkDocument) foreign = make_foreign (play, script);

        stand (play, foreign);
        break;
      }
    case 4:
      merge (play, script);
      break;
    case 5:
      play->now += qk_fuzz_take_number (script, 16) * G_TIME_SPAN_SECOND / 2;
      break;
    case 6:
      insist (play, script);
      break;
    default:
      check (play);
    }
}

/* With nobody about, all settles, and then nothing is guarded. */
static void
end (Play *play)
{
  gint64 settled;

  check (play);
  settled = qk_guard_get_end (play->guard);
  QK_FUZZ_CHECK ((settled == 0) == (qk_guard_get_n_items (play->guard) == 0));
  QK_FUZZ_CHECK (settled <= play->now + SETTLE);
  play->now = MAX (settled, play->now);
  check (play);
  QK_FUZZ_CHECK (qk_guard_get_n_items (play->guard) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  QkFuzzInput script = {data, size}, text = qk_fuzz_take_until (&script, QK_FUZZ_SCRIPT);
  g_autoptr (GBytes) bytes = qk_fuzz_take_bytes (&text);
  Play play = {.document = qk_fuzz_read (bytes), .now = 1000 * G_TIME_SPAN_SECOND};

  if (play.document == NULL)
    return 0;
  play.guard = qk_guard_new (SETTLE);
  play.versions = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_document_unref);
  g_ptr_array_add (play.versions, qk_document_ref (play.document));
  play.expected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  play.n_repairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (qk_document_get_n_entries (play.document) <= MAX_ENTRIES)
    {
      for (guint i = 0; i < MAX_STEPS && script.size > 0; i++)
        step (&play, &script);
      end (&play);
    }
  g_hash_table_unref (play.n_repairs);
  g_hash_table_unref (play.expected);
  g_ptr_array_unref (play.versions);
  qk_document_unref (play.document);
  qk_guard_free (play.guard);
  return 0;
}
