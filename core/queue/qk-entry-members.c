#include "qk-entry-members.h"

#include "qk-scan.h"
#include "qk-text.h"

#include <string.h>

#define MAX_VALUE_BYTES 4096
/* Deeper ones are told as they stand there. */
#define MAX_DEPTH 8

static void
member_free (gpointer data)
{
  QkEntryMember *member = data;

  g_free (member->key);
  g_free (member->value);
  g_free (member);
}

/* Ends @text before a character that would be cut in two. */
static void
shorten (char *text, gsize length)
{
  while (length > 0 && ((guchar) text[length] & 0xc0) == 0x80)
    length--;
  text[length] = '\0';
}

static QkEntryMember *
make_member (char *key, const QkMember *found)
{
  QkEntryMember *member = g_new0 (QkEntryMember, 1);

  member->key = key;
  if (*found->value == '"' && found->value_length <= MAX_VALUE_BYTES)
    member->value = qk_json_decode (found->value, found->value_length, NULL);
  else if (*found->value == '"')
    {
      member->value = qk_json_decode_start (found->value, found->value_length, MAX_VALUE_BYTES);
      member->cut = TRUE;
    }
  else
    {
      member->cut = found->value_length > MAX_VALUE_BYTES;
      member->value = g_strndup (found->value, MIN (found->value_length, MAX_VALUE_BYTES + 1));
      if (member->cut)
        shorten (member->value, MAX_VALUE_BYTES);
    }
  return member;
}

static gboolean
is_empty (const char *object)
{
  return *qk_json_skip_space (object + 1) == '}';
}

static gboolean
collect (GPtrArray *members, const char *object, const char *prefix, guint depth)
{
  QkMembers walk;
  QkMember found;

  qk_members_init (&walk, object);
  while (qk_members_next (&walk, &found))
    {
      g_autofree char *name = qk_json_decode (found.key, found.key_length, NULL);
      g_autofree char *key =
          prefix != NULL ? g_strdup_printf ("%s.%s", prefix, name) : g_strdup (name);

      if (*found.value == '{' && depth < MAX_DEPTH && !is_empty (found.value))
        {
          if (!collect (members, found.value, key, depth + 1))
            return FALSE;
        }
      else if (members->len == QK_ENTRY_MEMBERS_MAX)
        return FALSE;
      else
        g_ptr_array_add (members, make_member (g_steal_pointer (&key), &found));
    }
  return TRUE;
}

/**
 * qk_entry_dup_members:
 * @entry: an entry
 * @all: (out): whether there are no more than are told
 *
 * Returns: (transfer full) (element-type QkEntryMember): what stands in it, in its order, that of the
 *   objects in it where they stand
 */
GPtrArray *
qk_entry_dup_members (const QkEntry *entry, gboolean *all)
{
  GPtrArray *members = g_ptr_array_new_with_free_func (member_free);
  gsize length;
  const char *json;

  g_return_val_if_fail (entry != NULL && all != NULL, members);

  json = qk_entry_get_json (entry, &length);
  *all = *json != '{' || collect (members, json, NULL, 0);
  return members;
}
