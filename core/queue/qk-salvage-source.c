#include "qk-salvage-private.h"

#include "qk-document.h"
#include "qk-entry-private.h"
#include "qk-scan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Takes the place of a byte that is not UTF-8 while the text is looked through. */
#define MENDED_BYTE '?'

static void
clear_part (gpointer data)
{
  QkSalvagePart *part = data;

  g_free ((QkEntry *) part->entry);
  g_free ((char *) part->how);
  g_free (part->text);
}

/* Parts, which the array owns. */
GArray *
qk_salvage_parts_new (void)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (QkSalvagePart));

  g_array_set_clear_func (parts, clear_part);
  return parts;
}

/* Offsets stay as they are, and outside of a text the letter is as wrong as the byte was. */
static GBytes *
mend (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length), *p = data, *end, *bad;
  char *mended = NULL;

  /* Nothing has no address. */
  if (length == 0)
    return g_bytes_ref (bytes);
  end = data + length;
  for (; p < end && !g_utf8_validate_len (p, (gsize) (end - p), &bad); p = bad + 1)
    {
      if (*bad == '\0')
        continue;
      if (mended == NULL)
        mended = g_memdup2 (data, length);
      mended[bad - data] = MENDED_BYTE;
    }
  return mended != NULL ? g_bytes_new_take (mended, length) : g_bytes_ref (bytes);
}

/* Of @keys, the ones that the object has twice make it the work of two writers. */
static gboolean
repeats_key (const char *object, const char *const *keys)
{
  guint64 seen = 0;
  QkMembers members;
  QkMember member;

  qk_members_init (&members, object);
  while (qk_members_next (&members, &member))
    for (guint i = 0; keys[i] != NULL; i++)
      if (qk_json_key_equal (member.key, member.key_length, keys[i]))
        {
          if (seen & (G_GUINT64_CONSTANT (1) << i))
            return TRUE;
          seen |= G_GUINT64_CONSTANT (1) << i;
        }
  return FALSE;
}

static gboolean
is_spliced (const QkEntry *entry)
{
  static const char *const entry_keys[] = {"message",        "queue_id", "id",
                                           "priority_score", "status",   "created_at",
                                           "updated_at",     "metadata", NULL};
  static const char *const message_keys[] = {"sender",   "recipient",    "content",
                                             "priority", "type",         "tags",
                                             "metadata", "message_type", NULL};
  gsize length;
  const char *message = qk_entry_get_field_json (entry, QK_FIELD_MESSAGE, &length);

  return repeats_key (entry->json, entry_keys) ||
         (message != NULL && *message == '{' && repeats_key (message, message_keys));
}

/* Whether @entry, an object, has what every entry of the swarm has. */
gboolean
qk_salvage_is_entry (const QkEntry *entry)
{
  gsize length;
  const char *id = qk_entry_get_field_json (entry, QK_FIELD_ID, &length);
  const char *status = qk_entry_get_field_json (entry, QK_FIELD_STATUS, &length);

  return id != NULL && (*id == '"' ? id[1] != '"' : *id == '-' || g_ascii_isdigit (*id)) &&
         status != NULL && *status == '"' &&
         (qk_entry_has_field (entry, QK_FIELD_MESSAGE) || qk_entry_is_flat (entry));
}

/* Whether it has a key that no entry of the swarm has: it may have begun in one and end inside
 * another. */
gboolean
qk_salvage_has_foreign_key (const QkEntry *entry)
{
  static const char *const own[] = {"message",    "queue_id",   "priority_score",    "status",
                                    "created_at", "updated_at", "delivery_attempts", "metadata"};
  QkMembers members;
  QkMember member;

  if (!qk_entry_has_field (entry, QK_FIELD_MESSAGE))
    return FALSE;
  qk_members_init (&members, entry->json);
  while (qk_members_next (&members, &member))
    {
      gboolean known = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (own) && !known; i++)
        known = qk_json_key_equal (member.key, member.key_length, own[i]);
      if (!known)
        return TRUE;
    }
  return FALSE;
}

static guint
count_mended (const QkSalvageSource *self, const char *json, gsize length)
{
  const char *mended = g_bytes_get_data (self->mended, NULL);
  const char *data = g_bytes_get_data (self->bytes, NULL);
  const char *original = data + (json - mended);
  guint n = 0;

  if (self->mended == self->bytes)
    return 0;
  for (gsize i = 0; i < length; i++)
    n += json[i] != original[i];
  return n;
}

/* An id or a status that is not what was written is worse than none. */
static gboolean
is_name_mended (const QkSalvageSource *self, const QkEntry *entry)
{
  static const QkField names[] = {QK_FIELD_ID, QK_FIELD_STATUS};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize length;
      const char *json = qk_entry_get_field_json (entry, names[i], &length);

      if (json != NULL && count_mended (self, json, length) > 0)
        return TRUE;
    }
  return FALSE;
}

static QkEntry *
read_entry (const char *json, gsize length)
{
  QkScan scan = {.text = json, .length = length};
  QkEntry *entry = g_new (QkEntry, 1);

  /* It has been checked: this only asks for what is odd in it. */
  (void) qk_scan_value (&scan, QK_DOCUMENT_MAX_DEPTH);
  qk_entry_read (entry, json, length, &scan);
  return entry;
}

/* Adds the entry at @start of the mended text, whose JSON is sound. Returns FALSE where it must not
 * be one: then it is the work of two writers, or its name is damaged. */
gboolean
qk_salvage_add_entry (QkSalvageSource *self, gsize start, gsize length, guint list)
{
  const char *mended = g_bytes_get_data (self->mended, NULL);
  const char *data = g_bytes_get_data (self->bytes, NULL);
  QkSalvagePart part = {.kind = QK_SALVAGE_WHOLE, .offset = start, .length = length, .list = list};
  g_autofree QkEntry *entry = read_entry (mended + start, length);
  guint bad = count_mended (self, mended + start, length);

  if (*entry->json == '{' && is_spliced (entry))
    return FALSE;
  if (bad > 0)
    {
      if (!qk_salvage_is_entry (entry) || is_name_mended (self, entry))
        return FALSE;
      part.kind = QK_SALVAGE_REPAIRED;
      part.text = g_utf8_make_valid (data + start, (gssize) length);
      part.how =
          g_strdup_printf (ngettext ("%u byte in a text that is not UTF-8 became U+FFFD",
                                     "%u bytes in a text that are not UTF-8 became U+FFFD", bad),
                           bad);
      part.entry = read_entry (part.text, strlen (part.text));
    }
  else
    {
      g_free (entry);
      entry = NULL;
      part.entry = read_entry (data + start, length);
    }
  g_array_append_val (self->parts, part);
  return TRUE;
}

static void
take_entries (QkSalvageSource *self, QkDocument *document)
{
  const char *data = g_bytes_get_data (self->bytes, NULL);

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      QkSalvagePart part = {
          .kind = QK_SALVAGE_WHOLE,
          .offset = (gsize) (entry->json - data),
          .length = entry->length,
          .entry = g_memdup2 (entry, sizeof *entry),
      };

      g_array_append_val (self->parts, part);
    }
}

/**
 * qk_salvage_source_new:
 * @name: what the operator knows it by
 * @bytes: its contents
 *
 * Finds what can be had from the contents of a file.
 *
 * Returns: (transfer full): what was found
 */
QkSalvageSource *
qk_salvage_source_new (const char *name, GBytes *bytes)
{
  QkSalvageSource *self;
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (name != NULL && bytes != NULL, NULL);

  self = g_new0 (QkSalvageSource, 1);
  g_atomic_ref_count_init (&self->refs);
  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->parts = qk_salvage_parts_new ();
  document = qk_document_new (bytes, NULL, NULL, &problem);
  if (document != NULL)
    {
      self->mended = g_bytes_ref (bytes);
      take_entries (self, document);
      return self;
    }
  self->problem = g_strdup (problem->message);
  self->mended = mend (bytes);
  qk_salvage_walk (self);
  qk_salvage_complete_heads (self);
  return self;
}

/**
 * qk_salvage_source_ref:
 * @self: a source
 *
 * Returns: (transfer full): @self
 */
QkSalvageSource *
qk_salvage_source_ref (QkSalvageSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_salvage_source_unref:
 * @self: (transfer full): a source
 *
 * Gives up a reference.
 */
void
qk_salvage_source_unref (QkSalvageSource *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->parts);
  g_bytes_unref (self->mended);
  g_bytes_unref (self->bytes);
  g_free (self->problem);
  g_free (self->name);
  g_free (self);
}

/**
 * qk_salvage_source_get_name:
 * @self: a source
 *
 * Returns: what the operator knows it by
 */
const char *
qk_salvage_source_get_name (const QkSalvageSource *self)
{
  return self->name;
}

/**
 * qk_salvage_source_get_bytes:
 * @self: a source
 *
 * Returns: (transfer none): its contents
 */
GBytes *
qk_salvage_source_get_bytes (const QkSalvageSource *self)
{
  return self->bytes;
}

/**
 * qk_salvage_source_get_problem:
 * @self: a source
 *
 * Returns: (nullable): what is wrong with it and where; %NULL where it is sound
 */
const char *
qk_salvage_source_get_problem (const QkSalvageSource *self)
{
  return self->problem;
}

/**
 * qk_salvage_source_get_n_parts:
 * @self: a source
 *
 * Returns: how many pieces there are
 */
guint
qk_salvage_source_get_n_parts (const QkSalvageSource *self)
{
  return self->parts->len;
}

/**
 * qk_salvage_source_get_part:
 * @self: a source
 * @index: which piece, from 0, in the order of the file
 *
 * Returns: (transfer none): the piece
 */
const QkSalvagePart *
qk_salvage_source_get_part (const QkSalvageSource *self, guint index)
{
  g_return_val_if_fail (index < self->parts->len, NULL);

  return &g_array_index (self->parts, QkSalvagePart, index);
}

/**
 * qk_salvage_source_count:
 * @self: a source
 * @kind: a kind
 * @bytes: (out) (optional): how many bytes of the file they take in all
 *
 * Returns: how many pieces are of that kind
 */
guint
qk_salvage_source_count (const QkSalvageSource *self, QkSalvageKind kind, gsize *bytes)
{
  gsize length = 0;
  guint n = 0;

  for (guint i = 0; i < self->parts->len; i++)
    {
      const QkSalvagePart *part = &g_array_index (self->parts, QkSalvagePart, i);

      n += part->kind == kind;
      length += part->kind == kind ? part->length : 0;
    }
  if (bytes != NULL)
    *bytes = length;
  return n;
}
