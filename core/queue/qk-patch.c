#include "qk-patch.h"

#include "qk-scan.h"

#include <string.h>

/* The state while an object is written anew, member by member. */
typedef struct {
  GString *out;              /* not owned */
  const QkMemberEdit *edits; /* not owned */
  gsize n_edits;
  const QkStyle *style; /* not owned */
  char *indent;         /* owned: the indentation of the members */
  guint n_written;
  const char *last_end; /* after the last member of the object, or after its brace */
  const char *lead;     /* what stands before the first key */
  gsize lead_length;
} Patch;

static const QkMemberEdit *
find_edit (const Patch *patch, const QkMember *member)
{
  for (gsize i = 0; i < patch->n_edits; i++)
    if (qk_json_key_equal (member->key, member->key_length, patch->edits[i].key))
      return &patch->edits[i];
  return NULL;
}

static void
append_value (Patch *patch, const QkMemberEdit *edit)
{
  if (edit->verbatim)
    g_string_append (patch->out, edit->json);
  else
    qk_style_append (patch->style, patch->out, edit->json, patch->indent);
}

/* Of a key that stands there twice, the last one counts and is changed. */
static gboolean
stands_again (QkMembers rest, const char *key)
{
  QkMember member;

  while (qk_members_next (&rest, &member))
    if (qk_json_key_equal (member.key, member.key_length, key))
      return TRUE;
  return FALSE;
}

static void
write_member (Patch *patch, const QkMember *member, const char *end, const QkMemberEdit *edit)
{
  GString *out = patch->out;

  if (patch->n_written == 0)
    g_string_append_len (out, patch->lead, (gssize) patch->lead_length);
  else
    {
      g_string_append_c (out, ',');
      g_string_append_len (out, member->lead, member->key - member->lead);
    }
  g_string_append_len (out, member->key, member->value - member->key);
  if (edit != NULL)
    append_value (patch, edit);
  else
    g_string_append_len (out, member->value, (gssize) member->value_length);
  /* White space before the comma belongs to the member, that before the brace does not. */
  if (*end == ',')
    g_string_append_len (out, member->value + member->value_length,
                         end - member->value - (gssize) member->value_length);
  patch->n_written++;
}

static void
write_new_member (Patch *patch, const QkMemberEdit *edit)
{
  GString *out = patch->out;

  if (patch->n_written++ > 0)
    g_string_append_c (out, ',');
  if (*patch->style->newline != '\0')
    g_string_append_printf (out, "%s%s", patch->style->newline, patch->indent);
  else if (patch->n_written > 1)
    g_string_append (out, patch->style->comma);
  g_string_append_printf (out, "\"%s\"%s", edit->key, patch->style->colon);
  append_value (patch, edit);
}

/* Writes the members that stay. Returns which of the edits have found their member. */
static guint64
write_old_members (Patch *patch, const char *object)
{
  guint64 found = 0;
  QkMembers members;
  QkMember member;

  qk_members_init (&members, object);
  while (qk_members_next (&members, &member))
    {
      const QkMemberEdit *edit = find_edit (patch, &member);
      const char *end = qk_json_skip_space (member.value + member.value_length);

      if (patch->lead == NULL)
        {
          patch->lead = member.lead;
          patch->lead_length = (gsize) (member.key - member.lead);
        }
      patch->last_end = member.value + member.value_length;
      if (edit != NULL && edit->json != NULL && stands_again (members, edit->key))
        edit = NULL;
      else if (edit != NULL)
        found |= G_GUINT64_CONSTANT (1) << (edit - patch->edits);
      if (edit == NULL || edit->json != NULL)
        write_member (patch, &member, end, edit);
    }
  return found;
}

/**
 * qk_patch_object:
 * @out: where to append the new text of the object
 * @object: an object of checked JSON
 * @edits: (array length=n_edits): what to change, at most 64 members
 * @n_edits: how many
 * @style: how new text is laid out
 * @indent: the indentation of the line in which the object begins
 *
 * Writes @object with the edits done: new values where their keys stand, new members at the end.
 */
void
qk_patch_object (GString *out,
                 const char *object,
                 const QkMemberEdit *edits,
                 gsize n_edits,
                 const QkStyle *style,
                 const char *indent)
{
  Patch patch = {.out = out, .edits = edits, .n_edits = n_edits, .style = style};
  const char *closing, *end;
  gboolean was_empty;
  guint64 found;

  g_return_if_fail (n_edits <= 64);

  patch.indent = g_strconcat (indent, style->unit, NULL);
  patch.last_end = object + 1;
  g_string_append_c (out, '{');
  found = write_old_members (&patch, object);
  was_empty = patch.last_end == object + 1;
  for (gsize i = 0; i < n_edits; i++)
    if (edits[i].json != NULL && (found & G_GUINT64_CONSTANT (1) << i) == 0)
      write_new_member (&patch, &edits[i]);
  closing = patch.last_end;
  end = qk_json_skip_space (closing);
  if (was_empty && patch.n_written > 0 && *style->newline != '\0')
    g_string_append_printf (out, "%s%s", style->newline, indent);
  else if (patch.n_written > 0 || was_empty)
    g_string_append_len (out, closing, end - closing);
  g_string_append_c (out, '}');
  g_free (patch.indent);
}
