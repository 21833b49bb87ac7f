#include "qk-fuzz-changes.h"

#include "qk-change-private.h"
#include "qk-entry-private.h"
#include "qk-scan.h"
#include "qk-time.h"

#include <string.h>

/* Changes, plans and patches. The input is a queue, and a script that says how it has moved on since
 * the operator saw it, and what is to be changed. */

/* Of longer queues only the first entries are compared with each other. */
#define MAX_ENTRIES 200
#define NOW         "2026-03-01T12:00:00"

const QkFuzzTarget qk_fuzz_target = {"plan", QK_FUZZ_TEXTS_WITH_SCRIPTS, 10000};

/* The members that a change may write: of the entry, of its metadata and of its message. */
static const struct {
  const char *entry[12];
  const char *metadata[5];
  const char *message[5];
} writes[QK_N_CHANGE_KINDS] = {
    [QK_CHANGE_RESEND] = {{"status", "updated_at", "delivery_attempts", "metadata"},
                          {"delivery_attempts", "resend_time", "last_retry_time",
                           "next_retry_delay"},
                          {NULL}},
    [QK_CHANGE_SET_RECIPIENT] = {{"message", "recipient", "to", "updated_at"},
                                 {NULL},
                                 {"recipient", "to"}},
    [QK_CHANGE_SET_PRIORITY] = {{"message", "priority", "priority_score", "updated_at"},
                                {NULL},
                                {"priority"}},
    [QK_CHANGE_EDIT] = {{"status", "updated_at", "delivery_attempts", "metadata", "message",
                         "recipient", "to", "content", "priority", "priority_score"},
                        {"delivery_attempts", "resend_time", "last_retry_time", "next_retry_delay"},
                        {"recipient", "to", "content", "priority"}},
};

/* What the copy of a delivered entry does not take over from it. */
static const char *const copy_writes[] = {
    "queue_id",          "id", "status", "updated_at", "created_at", "delivered_at", "metadata",
    "delivery_attempts", NULL};

static QkPlan *
plan_new (QkDocument *document, GPtrArray *changes)
{
  return qk_plan_new (document, changes, qk_wall_parse (NOW, strlen (NOW), NULL));
}

/* The field where it is an object, or NULL. */
static const char *
get_object (const QkEntry *entry, QkField field)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length);

  return json != NULL && *json == '{' ? json : NULL;
}

/* Not a byte of what the change does not say is another one. */
static void
check_untouched (QkChangeKind kind, const QkEntry *before, const QkEntry *after)
{
  qk_fuzz_check_same_but (before->json, after->json, writes[kind].entry);
  if (get_object (before, QK_FIELD_METADATA) != NULL &&
      get_object (after, QK_FIELD_METADATA) != NULL)
    qk_fuzz_check_same_but (get_object (before, QK_FIELD_METADATA),
                            get_object (after, QK_FIELD_METADATA), writes[kind].metadata);
  if (get_object (before, QK_FIELD_MESSAGE) != NULL && get_object (after, QK_FIELD_MESSAGE) != NULL)
    qk_fuzz_check_same_but (get_object (before, QK_FIELD_MESSAGE),
                            get_object (after, QK_FIELD_MESSAGE), writes[kind].message);
}

static void
check_text_is (const QkEntry *entry, QkField field, const char *text)
{
  g_autofree char *found = qk_entry_dup_field (entry, field);

  QK_FUZZ_CHECK (g_strcmp0 (found, text) == 0);
}

static void
check_revised (const QkChange *change, const QkEntry *after)
{
  if (change->recipient != NULL)
    check_text_is (after, QK_FIELD_RECIPIENT, change->recipient);
  if (change->content != NULL)
    check_text_is (after, QK_FIELD_CONTENT, change->content);
  if (change->priority == NULL)
    return;
  QK_FUZZ_CHECK (!(qk_entry_get_hazards (after) & QK_HAZARD_PRIORITY));
  if (get_object (after, QK_FIELD_MESSAGE) != NULL)
    check_text_is (after, QK_FIELD_PRIORITY, change->priority);
}

/* What a change that stands alone has made of an entry. */
static void
check_changed (const QkChange *change, const QkEntry *before, const char *text)
{
  g_autofree char *list = g_strdup_printf ("[%s]", text);
  g_autoptr (GBytes) bytes = qk_fuzz_copy (list, strlen (list));
  g_autoptr (QkDocument) document = qk_fuzz_read (bytes);
  QkChangeKind kind = qk_change_get_kind (change);
  const QkEntry *after;
  gsize length;

  QK_FUZZ_CHECK (document != NULL && qk_document_get_n_entries (document) == 1);
  after = qk_document_get_entry (document, 0);
  QK_FUZZ_CHECK (strlen (text) == (qk_entry_get_json (after, &length), length));
  if (kind == QK_CHANGE_RESTORE)
    return;
  /* A flat entry stays flat, and so incomplete. */
  if (kind == QK_CHANGE_FIX)
    {
      QK_FUZZ_CHECK ((qk_entry_get_hazards (after) & ~(guint) QK_HAZARD_INCOMPLETE) == 0);
      QK_FUZZ_CHECK (qk_entry_get_status (after) == qk_entry_get_status (before));
      return;
    }
  QK_FUZZ_CHECK (qk_entry_same_id (before, after) || !qk_entry_is_named (before));
  check_untouched (kind, before, after);
  check_revised (change, after);
  if (kind == QK_CHANGE_RESEND || kind == QK_CHANGE_EDIT)
    QK_FUZZ_CHECK (qk_entry_get_status (after) == QK_STATUS_PENDING);
  if (kind == QK_CHANGE_RESEND || change->seen_status == QK_STATUS_FAILED)
    QK_FUZZ_CHECK (kind == QK_CHANGE_SET_RECIPIENT || kind == QK_CHANGE_SET_PRIORITY ||
                   (!qk_entry_has_field (after, QK_FIELD_LAST_RETRY_TIME) &&
                    !qk_entry_has_field (after, QK_FIELD_NEXT_RETRY_DELAY)));
}

static guint
count_of_entry (QkPlan *plan, guint n_changes, const QkEntry *before)
{
  guint n = 0;

  for (guint i = 0; i < n_changes; i++)
    n += qk_plan_get_effect (plan, i).before == before;
  return n;
}

static void
check_effects (QkPlan *plan, GPtrArray *changes)
{
  gboolean changes_anything = FALSE;

  for (guint i = 0; i < changes->len; i++)
    {
      const QkChange *change = g_ptr_array_index (changes, i);
      QkEffect effect = qk_plan_get_effect (plan, i);
      const char *reason;
      QkVerdict verdict = qk_plan_get_verdict (plan, i, &reason);

      changes_anything = changes_anything || verdict == QK_VERDICT_CHANGED;
      QK_FUZZ_CHECK (verdict != QK_VERDICT_SKIPPED || reason != NULL);
      QK_FUZZ_CHECK (verdict == QK_VERDICT_CHANGED ||
                     (effect.before == NULL && effect.after == NULL));
      QK_FUZZ_CHECK (verdict != QK_VERDICT_CHANGED || effect.before != NULL ||
                     effect.after != NULL);
      if (effect.before != NULL && effect.after != NULL &&
          count_of_entry (plan, changes->len, effect.before) == 1)
        check_changed (change, effect.before, effect.after);
    }
  QK_FUZZ_CHECK (qk_plan_changes_anything (plan) == changes_anything);
}

static gboolean
is_text (const QkEntry *entry, const char *text, gsize length)
{
  return entry->length == length && memcmp (entry->json, text, length) == 0;
}

/* The text that the entry has in the next version; NULL where it is taken out. */
static const char *
get_next_text (QkPlan *plan, guint n_changes, const QkEntry *entry, gsize *length)
{
  for (guint i = 0; i < n_changes; i++)
    {
      QkEffect effect = qk_plan_get_effect (plan, i);

      if (effect.before != entry)
        continue;
      *length = effect.after != NULL ? strlen (effect.after) : 0;
      return effect.after;
    }
  return qk_entry_get_json (entry, length);
}

static void
take_added (GPtrArray *added, const QkEntry *entry)
{
  for (guint i = 0; i < added->len; i++)
    {
      const char *text = g_ptr_array_index (added, i);

      if (!is_text (entry, text, strlen (text)))
        continue;
      g_ptr_array_remove_index (added, i);
      return;
    }
  qk_fuzz_fail (__FILE__, __LINE__, "an entry stands there that nobody put there");
}

/* The next version is the old entries in their order, changed or not, or gone, and the new ones. */
static void
check_entries (QkDocument *document, QkPlan *plan, guint n_changes, QkDocument *next)
{
  g_autoptr (GPtrArray) added = g_ptr_array_new ();
  guint n = qk_document_get_n_entries (document), at = 0;

  for (guint i = 0; i < n_changes; i++)
    {
      QkEffect effect = qk_plan_get_effect (plan, i);

      if (effect.before == NULL && effect.after != NULL)
        g_ptr_array_add (added, (gpointer) effect.after);
    }
  for (guint i = 0; i < n; i++)
    {
      gsize length;
      const char *text =
          get_next_text (plan, n_changes, qk_document_get_entry (document, i), &length);

      while (text != NULL && at < qk_document_get_n_entries (next) &&
             !is_text (qk_document_get_entry (next, at), text, length))
        take_added (added, qk_document_get_entry (next, at++));
      if (text != NULL)
        QK_FUZZ_CHECK (at++ < qk_document_get_n_entries (next));
    }
  for (; at < qk_document_get_n_entries (next); at++)
    take_added (added, qk_document_get_entry (next, at));
  QK_FUZZ_CHECK (added->len == 0);
}

/* What stands around the list stays to the letter. */
static void
check_around (QkDocument *document, QkDocument *next)
{
  gsize size, next_size, tail, start = qk_document_get_list_start (document);
  const char *data = g_bytes_get_data (qk_document_get_bytes (document), &size);
  const char *next_data = g_bytes_get_data (qk_document_get_bytes (next), &next_size);
  const char *end = data + start;
  guint n = qk_document_get_n_entries (document);

  if (n > 0)
    end = qk_document_get_entry (document, n - 1)->json +
          qk_document_get_entry (document, n - 1)->length;
  tail = size - (gsize) (qk_json_skip_space (end) - data);
  QK_FUZZ_CHECK (qk_document_get_list_start (next) == start);
  QK_FUZZ_CHECK (memcmp (data, next_data, start) == 0);
  QK_FUZZ_CHECK (next_size >= start + tail);
  QK_FUZZ_CHECK (memcmp (data + size - tail, next_data + next_size - tail, tail) == 0);
}

static gboolean
has_kind (GPtrArray *changes, QkChangeKind kind)
{
  for (guint i = 0; i < changes->len; i++)
    if (qk_change_get_kind (g_ptr_array_index (changes, i)) == kind)
      return TRUE;
  return FALSE;
}

static void
check_copies (QkDocument *document, QkPlan *plan, GPtrArray *changes)
{
  /* The copy of an entry that is fixed in the same plan is fixed, too. */
  if (has_kind (changes, QK_CHANGE_FIX))
    return;
  for (guint i = 0; i < changes->len; i++)
    {
      const QkChange *change = g_ptr_array_index (changes, i);
      QkEffect effect = qk_plan_get_effect (plan, i);

      if (qk_change_get_kind (change) != QK_CHANGE_RESEND || effect.before != NULL ||
          effect.after == NULL)
        continue;
      for (guint j = 0; j < qk_document_get_n_entries (document); j++)
        {
          const QkEntry *entry = qk_document_get_entry (document, j);

          if (qk_entry_hash_json (entry) != change->seen_json)
            continue;
          qk_fuzz_check_same_but (entry->json, effect.after, copy_writes);
          break;
        }
    }
}

/* Whether every entry has an id of its own. */
static gboolean
has_unique_ids (QkDocument *document)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      char *id = qk_entry_dup_field (qk_document_get_entry (document, i), QK_FIELD_ID);

      if (id == NULL || !g_hash_table_add (ids, id))
        return FALSE;
    }
  return TRUE;
}

/* Whether a change puts something back: then the list may hold what takes back another one. */
static gboolean
restores (GPtrArray *changes)
{
  return has_kind (changes, QK_CHANGE_RESTORE);
}

static gboolean
has_verdict (QkPlan *plan, guint change, QkVerdict verdict)
{
  const char *reason;

  return qk_plan_get_verdict (plan, change, &reason) == verdict;
}

/* Whether a change of another kind has changed the entry of change @index as well. */
static gboolean
is_cleared_by_another (QkPlan *plan, GPtrArray *changes, guint index)
{
  const QkChange *change = g_ptr_array_index (changes, index);

  for (guint i = 0; i < changes->len; i++)
    {
      const QkChange *other = g_ptr_array_index (changes, i);

      if (other->kind != change->kind && g_strcmp0 (other->id, change->id) == 0 &&
          has_verdict (plan, i, QK_VERDICT_CHANGED))
        return TRUE;
    }
  return FALSE;
}

static gboolean
disagree (const char *a, const char *b)
{
  return a != NULL && b != NULL && strcmp (a, b) != 0;
}

/* Whether another change of the same entry wants another value: then each has the last word in turn. */
static gboolean
is_contradicted (GPtrArray *changes, guint index)
{
  const QkChange *change = g_ptr_array_index (changes, index);

  for (guint i = 0; i < changes->len; i++)
    {
      const QkChange *other = g_ptr_array_index (changes, i);

      if (g_strcmp0 (other->id, change->id) == 0 &&
          (disagree (other->recipient, change->recipient) ||
           disagree (other->content, change->content) ||
           disagree (other->priority, change->priority)))
        return TRUE;
    }
  return FALSE;
}

/* Nothing is done twice. What did not fit may fit now, where another change made it so: an edit adds
 * the key for want of which a message could not be resent. */
static void
check_again (QkPlan *plan, GPtrArray *changes, QkDocument *next)
{
  g_autoptr (QkPlan) again = plan_new (next, changes);

  for (guint i = 0; i < changes->len; i++)
    QK_FUZZ_CHECK (
        !has_verdict (again, i, QK_VERDICT_CHANGED) || is_contradicted (changes, i) ||
        (has_verdict (plan, i, QK_VERDICT_SKIPPED) && is_cleared_by_another (plan, changes, i)));
}

static QkChange *
make_purge (const char *text)
{
  g_autofree char *list = g_strdup_printf ("[%s]", text);
  g_autoptr (GBytes) bytes = qk_fuzz_copy (list, strlen (list));
  g_autoptr (QkDocument) document = qk_fuzz_read (bytes);

  return qk_change_new_purge (qk_document_get_entry (document, 0));
}

/* As the history does it: in the order of the queue, one change for each entry that was changed. */
static GPtrArray *
make_undo (QkDocument *document, QkPlan *plan, guint n_changes)
{
  GPtrArray *undo = qk_fuzz_list_new ();

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    for (guint j = 0; j < n_changes; j++)
      {
        QkEffect effect = qk_plan_get_effect (plan, j);
        g_autofree char *id = NULL;
        g_autoptr (GBytes) before = NULL, after = NULL;

        if (effect.before != qk_document_get_entry (document, i))
          continue;
        id = effect.previous != NULL ? qk_entry_dup_field (effect.previous, QK_FIELD_ID) : NULL;
        before = qk_fuzz_copy_entry (effect.before);
        after = effect.after != NULL ? qk_fuzz_copy (effect.after, strlen (effect.after)) : NULL;
        g_ptr_array_add (undo, qk_change_new_restore (before, id, after));
        break;
      }
  for (guint j = 0; j < n_changes; j++)
    if (qk_plan_get_effect (plan, j).before == NULL && qk_plan_get_effect (plan, j).after != NULL)
      g_ptr_array_add (undo, make_purge (qk_plan_get_effect (plan, j).after));
  return undo;
}

/* Undone, every entry is back where it stood, byte for byte. */
static void
check_undo (QkDocument *document, QkPlan *plan, guint n_changes, QkDocument *next)
{
  g_autoptr (GPtrArray) undo = make_undo (document, plan, n_changes);
  g_autoptr (QkPlan) undo_plan = plan_new (next, undo);
  g_autoptr (GBytes) bytes = qk_fuzz_plan_to_bytes (undo_plan);
  g_autoptr (QkDocument) undone = qk_fuzz_read (bytes);

  QK_FUZZ_CHECK (undone != NULL);
  QK_FUZZ_CHECK (qk_document_get_n_entries (undone) == qk_document_get_n_entries (document));
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    QK_FUZZ_CHECK (qk_entry_same_json (qk_document_get_entry (undone, i),
                                       qk_document_get_entry (document, i)));
}

static void
check_changes (QkDocument *document, GPtrArray *changes)
{
  g_autoptr (QkPlan) plan = plan_new (document, changes);
  g_autoptr (GBytes) bytes = qk_fuzz_plan_to_bytes (plan);
  g_autoptr (QkDocument) next = qk_fuzz_read (bytes);

  QK_FUZZ_CHECK (next != NULL);
  qk_fuzz_check_document (next);
  check_around (document, next);
  QK_FUZZ_CHECK (qk_plan_changes_anything (plan) ||
                 g_bytes_equal (bytes, qk_document_get_bytes (document)));
  check_effects (plan, changes);
  check_entries (document, plan, changes->len, next);
  check_copies (document, plan, changes);
  if (!has_unique_ids (document) || restores (changes))
    return;
  check_again (plan, changes, next);
  check_undo (document, plan, changes->len, next);
}

static void
check_nothing (QkDocument *document)
{
  g_autoptr (GPtrArray) nothing = qk_fuzz_list_new ();
  g_autoptr (QkPlan) plan = plan_new (document, nothing);
  g_autoptr (GBytes) bytes = qk_fuzz_plan_to_bytes (plan);

  QK_FUZZ_CHECK (!qk_plan_changes_anything (plan));
  QK_FUZZ_CHECK (g_bytes_equal (bytes, qk_document_get_bytes (document)));
}

/* What is seen can be purged, whatever it is: all of it, at once. */
static void
check_purge_all (QkDocument *document)
{
  g_autoptr (GPtrArray) changes = qk_fuzz_list_new ();
  g_autoptr (QkPlan) plan = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QkDocument) next = NULL;

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, i)));
  plan = plan_new (document, changes);
  bytes = qk_fuzz_plan_to_bytes (plan);
  next = qk_fuzz_read (bytes);
  QK_FUZZ_CHECK (next != NULL && qk_document_get_n_entries (next) == 0);
  check_around (document, next);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  QkFuzzInput input = {data, size}, text = qk_fuzz_take_until (&input, QK_FUZZ_SCRIPT);
  g_autoptr (GBytes) bytes = qk_fuzz_take_bytes (&text), moved = NULL;
  g_autoptr (QkDocument) seen = qk_fuzz_read (bytes), document = NULL;
  g_autoptr (GPtrArray) changes = NULL;

  if (seen == NULL)
    return 0;
  check_nothing (seen);
  check_purge_all (seen);
  if (qk_document_get_n_entries (seen) > MAX_ENTRIES)
    return 0;
  moved = qk_fuzz_rearrange (seen, &input);
  document = qk_fuzz_read (moved);
  QK_FUZZ_CHECK (document != NULL);
  changes = qk_fuzz_take_changes (seen, &input);
  check_changes (seen, changes);
  check_changes (document, changes);
  return 0;
}
