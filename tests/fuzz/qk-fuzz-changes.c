#include "qk-fuzz-changes.h"

#include "qk-scan.h"

#include <string.h>

#define MAX_CHANGES 6

static const char *const texts[] = {
    "Agent-2",
    "",
    "two\nlines, \"quoted\" \\ and a tab\t",
    "\xe2\x80\xae\x01\x7f\xef\xbf\xbd",
};

static const char *const priorities[] = {"urgent", "regular", "low"};

static QkChange *
make_send (QkFuzzInput *script)
{
  const char *const tags[] = {texts[qk_fuzz_take_number (script, G_N_ELEMENTS (texts))], "b", NULL};
  const QkDraft draft = {
      .sender = "CAPTAIN",
      .recipient = texts[qk_fuzz_take_number (script, G_N_ELEMENTS (texts))],
      .content = texts[qk_fuzz_take_number (script, G_N_ELEMENTS (texts))],
      .priority = "urgent",
      .tags = tags,
  };

  return qk_change_new_send (&draft);
}

/**
 * qk_fuzz_copy_entry:
 * @entry: an entry
 *
 * Returns: (transfer full): its text
 */
GBytes *
qk_fuzz_copy_entry (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_json (entry, &length);

  return qk_fuzz_copy (json, length);
}

static const QkEntry *
choose_entry (QkDocument *document, QkFuzzInput *script)
{
  guint n = qk_document_get_n_entries (document);

  return n > 0 ? qk_document_get_entry (document, qk_fuzz_take_number (script, n)) : NULL;
}

static QkChange *
make_restore (QkDocument *seen, const QkEntry *entry, QkFuzzInput *script)
{
  const QkEntry *other = choose_entry (seen, script);
  guint what = qk_fuzz_take_number (script, 4);
  g_autofree char *after_id = (what & 1) != 0 ? qk_entry_dup_field (other, QK_FIELD_ID) : NULL;
  g_autoptr (GBytes) json = qk_fuzz_copy_entry (entry),
                     made = (what & 2) != 0 ? qk_fuzz_copy_entry (other) : NULL;

  return qk_change_new_restore (json, after_id, made);
}

static QkChange *
make_edit (const QkEntry *entry, QkFuzzInput *script)
{
  guint what = qk_fuzz_take_number (script, 8);
  const QkRevision revision = {
      .recipient =
          (what & 1) != 0 ? texts[qk_fuzz_take_number (script, G_N_ELEMENTS (texts))] : NULL,
      .content = (what & 2) != 0 ? texts[qk_fuzz_take_number (script, G_N_ELEMENTS (texts))] : NULL,
      .priority = (what & 4) != 0
                      ? priorities[qk_fuzz_take_number (script, G_N_ELEMENTS (priorities))]
                      : NULL,
  };

  return qk_change_new_edit (entry, &revision, QK_STUCK_CRITICAL_S);
}

static QkChange *
make_change (QkDocument *seen, QkFuzzInput *script)
{
  QkChangeKind kind = (QkChangeKind) qk_fuzz_take_number (script, QK_N_CHANGE_KINDS);
  const QkEntry *entry = choose_entry (seen, script);

  if (entry == NULL || kind == QK_CHANGE_SEND)
    return make_send (script);
  if (kind == QK_CHANGE_RESTORE)
    return make_restore (seen, entry, script);
  if (kind == QK_CHANGE_PURGE)
    return qk_change_new_purge (entry);
  if (kind == QK_CHANGE_FIX)
    return qk_change_new_fix (entry);
  if (kind == QK_CHANGE_SET_RECIPIENT)
    return qk_change_new_set_recipient (entry,
                                        texts[qk_fuzz_take_number (script, G_N_ELEMENTS (texts))]);
  if (kind == QK_CHANGE_SET_PRIORITY)
    return qk_change_new_set_priority (
        entry, priorities[qk_fuzz_take_number (script, G_N_ELEMENTS (priorities))]);
  if (kind == QK_CHANGE_EDIT)
    return make_edit (entry, script);
  return qk_change_new_resend (entry, QK_STUCK_CRITICAL_S);
}

/**
 * qk_fuzz_list_new:
 *
 * Returns: (transfer full) (element-type QkChange): no changes
 */
GPtrArray *
qk_fuzz_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
}

/**
 * qk_fuzz_take_changes:
 * @seen: the queue as the operator sees it
 * @script: what decides
 *
 * Returns: (transfer full) (element-type QkChange): up to six changes, of any kind
 */
GPtrArray *
qk_fuzz_take_changes (QkDocument *seen, QkFuzzInput *script)
{
  GPtrArray *changes = qk_fuzz_list_new ();

  for (guint n = qk_fuzz_take_number (script, MAX_CHANGES) + 1; n > 0; n--)
    g_ptr_array_add (changes, make_change (seen, script));
  return changes;
}

static gboolean
is_one_of (const QkMember *member, const char *const *keys)
{
  for (guint i = 0; keys[i] != NULL; i++)
    if (qk_json_key_equal (member->key, member->key_length, keys[i]))
      return TRUE;
  return FALSE;
}

static gboolean
next_but (QkMembers *members, QkMember *member, const char *const *keys)
{
  while (qk_members_next (members, member))
    if (!is_one_of (member, keys))
      return TRUE;
  return FALSE;
}

/**
 * qk_fuzz_check_same_but:
 * @before: an object of checked JSON
 * @after: another
 * @keys: (array zero-terminated=1): keys
 *
 * Checks that both are the same to the letter, but for the members of these keys.
 */
void
qk_fuzz_check_same_but (const char *before, const char *after, const char *const *keys)
{
  QkMembers old_members, new_members;
  QkMember old_member, new_member;

  qk_members_init (&old_members, before);
  qk_members_init (&new_members, after);
  while (next_but (&old_members, &old_member, keys))
    {
      QK_FUZZ_CHECK (next_but (&new_members, &new_member, keys));
      QK_FUZZ_CHECK (new_member.key_length == old_member.key_length &&
                     memcmp (new_member.key, old_member.key, old_member.key_length) == 0);
      QK_FUZZ_CHECK (new_member.value_length == old_member.value_length &&
                     memcmp (new_member.value, old_member.value, old_member.value_length) == 0);
    }
  QK_FUZZ_CHECK (!next_but (&new_members, &new_member, keys));
}
