#include "qk-document.h"

#include "qk-diff-private.h"
#include "qk-entry-private.h"
#include "qk-scan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The two keys under which an object may hold the list. The first counts where both are there. */
static const char *const wrapper_keys[] = {"entries", "pending_pushes"};

/* How the list of entries is reached. */
typedef enum {
  SHAPE_NONE,
  SHAPE_ARRAY,
  SHAPE_ENTRIES,
  SHAPE_PENDING_PUSHES,
} Shape;

struct _QkDocument {
  gatomicrefcount refs;
  GBytes *bytes;   /* owned */
  GArray *entries; /* owned, of QkEntry, pointing into bytes */
  Shape shape;
  gsize list_start; /* after the [ of the list, in bytes */
};

G_DEFINE_BOXED_TYPE (QkDocument, qk_document, qk_document_ref, qk_document_unref)
G_DEFINE_QUARK (qk - document - error - quark, qk_document_error)

/* A document with fewer bytes is freed at once. Of 50 MB that takes 40 ms. */
#define FREE_AT_ONCE (4 * 1024 * 1024)

/* What is known while a version is read beside an older one. */
typedef struct {
  QkScan scan;
  QkDocument *self;     /* being made */
  QkDocument *previous; /* nullable */
  gsize common_prefix;  /* bytes that both versions begin with */
  gsize common_suffix;  /* bytes that both versions end with */
  guint reused_prefix;  /* entries taken over from the beginning */
  guint reused_suffix;  /* entries taken over from the end */
  Shape rank;           /* of the list that self->entries was read from */
} Reader;

static const QkEntry *
entries_of (QkDocument *document)
{
  return (const QkEntry *) (void *) document->entries->data;
}

static const char *
data_of (QkDocument *document, gsize *length)
{
  return g_bytes_get_data (document->bytes, length);
}

static gsize
end_of (QkDocument *document, guint index)
{
  const QkEntry *entry = &entries_of (document)[index];

  return (gsize) (entry->json - data_of (document, NULL)) + entry->length;
}

/* Takes over entries of the previous version, which stand @shift bytes further on in this one. */
static void
take_over (Reader *reader, guint from, guint to, gssize shift)
{
  GArray *entries = reader->self->entries;
  const char *old_data = data_of (reader->previous, NULL);
  guint first = entries->len;

  if (from == to)
    return;
  g_array_append_vals (entries, &entries_of (reader->previous)[from], to - from);
  for (guint i = first; i < entries->len; i++)
    {
      QkEntry *entry = &g_array_index (entries, QkEntry, i);

      entry->json = reader->scan.text + (entry->json - old_data) + shift;
    }
}

static gsize
count_common_prefix (const char *a, const char *b, gsize length)
{
  const gsize block = 4096;
  gsize i = 0;

  while (length - i >= block && memcmp (a + i, b + i, block) == 0)
    i += block;
  while (i < length && a[i] == b[i])
    i++;
  return i;
}

static gsize
count_common_suffix (const char *a_end, const char *b_end, gsize length)
{
  const gsize block = 4096;
  gsize i = 0;

  while (length - i >= block && memcmp (a_end - i - block, b_end - i - block, block) == 0)
    i += block;
  while (i < length && a_end[-1 - (gssize) i] == b_end[-1 - (gssize) i])
    i++;
  return i;
}

static void
compare_with_previous (Reader *reader)
{
  gsize old_length, shorter;
  const char *old = data_of (reader->previous, &old_length);
  const QkScan *scan = &reader->scan;

  shorter = MIN (old_length, scan->length);
  reader->common_prefix = count_common_prefix (old, scan->text, shorter);
  reader->common_suffix =
      count_common_suffix (old + old_length, scan->text + scan->length, shorter);
}

/* The number of entries of the previous version that end before byte @limit. */
static guint
entries_ending_before (QkDocument *previous, gsize limit)
{
  guint low = 0, high = previous->entries->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (end_of (previous, middle) < limit)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Begins after the entries that stand in the prefix which both versions share: up to there the
 * older one has been checked. @reader stands after the last of them, if there is any. */
static void
reuse_prefix (Reader *reader)
{
  guint n = entries_ending_before (reader->previous, reader->common_prefix);

  if (n == 0)
    return;
  take_over (reader, 0, n, 0);
  reader->reused_prefix = n;
  reader->rank = reader->previous->shape;
  reader->self->list_start = reader->previous->list_start;
  reader->scan.position = end_of (reader->previous, n - 1);
}

/* Where an entry is to begin, the same entry of the older version begins, and both are the same
 * from there to the end: what follows has been checked, too. */
static gboolean
reuse_suffix (Reader *reader)
{
  gsize position = reader->scan.position, old_length, old_position;
  guint first;

  if (reader->previous == NULL || reader->rank != reader->previous->shape ||
      position < reader->scan.length - reader->common_suffix)
    return FALSE;
  (void) data_of (reader->previous, &old_length);
  old_position = old_length - (reader->scan.length - position);
  first = entries_ending_before (reader->previous, old_position + 1);
  if (first == reader->previous->entries->len ||
      end_of (reader->previous, first) - entries_of (reader->previous)[first].length !=
          old_position)
    return FALSE;
  reader->reused_suffix = reader->previous->entries->len - first;
  take_over (reader, first, reader->previous->entries->len,
             (gssize) reader->scan.length - (gssize) old_length);
  reader->scan.position = reader->scan.length;
  return TRUE;
}

static gboolean
set_error (const QkScan *scan, GError **error)
{
  gsize line = 1, line_start = 0;

  for (gsize i = 0; i < scan->position && i < scan->length; i++)
    if (scan->text[i] == '\n')
      {
        line++;
        line_start = i + 1;
      }
  g_set_error (error, QK_DOCUMENT_ERROR, QK_DOCUMENT_ERROR_DAMAGED,
               _ ("%s at byte %zu (line %zu, column %zu)"), scan->problem, scan->position, line,
               scan->position - line_start + 1);
  return FALSE;
}

static gboolean
fail (Reader *reader, const char *problem, GError **error)
{
  reader->scan.problem = problem;
  return set_error (&reader->scan, error);
}

static gboolean
read_entry (Reader *reader, GError **error)
{
  GArray *entries = reader->self->entries;
  QkScan *scan = &reader->scan;
  gsize start = scan->position;

  if (entries->len == QK_DOCUMENT_MAX_ENTRIES)
    {
      g_set_error (error, QK_DOCUMENT_ERROR, QK_DOCUMENT_ERROR_TOO_LARGE,
                   _ ("more than %u entries"), (guint) QK_DOCUMENT_MAX_ENTRIES);
      return FALSE;
    }
  scan->lone_surrogate = FALSE;
  scan->n_not_finite = 0;
  if (!qk_scan_value (scan, QK_DOCUMENT_MAX_DEPTH - 2))
    return set_error (scan, error);
  g_array_set_size (entries, entries->len + 1);
  qk_entry_read (&g_array_index (entries, QkEntry, entries->len - 1), scan->text + start,
                 scan->position - start, scan);
  return TRUE;
}

/* Reads entries up to the end of the list. @after_entry: the scan stands behind an entry. Sets
 * @done where the rest was taken over and nothing is left to read. */
static gboolean
read_entries (Reader *reader, gboolean after_entry, gboolean *done, GError **error)
{
  QkScan *scan = &reader->scan;

  *done = FALSE;
  while (TRUE)
    {
      qk_scan_space (scan);
      if (after_entry)
        {
          if (qk_scan_char (scan, ']'))
            return TRUE;
          if (!qk_scan_char (scan, ','))
            return fail (reader,
                         scan->position < scan->length
                             ? _ ("a comma or ] was expected after an entry")
                             : _ ("the file ends inside the list of entries"),
                         error);
          qk_scan_space (scan);
        }
      else if (qk_scan_char (scan, ']'))
        return TRUE;
      *done = reuse_suffix (reader);
      if (*done)
        return TRUE;
      if (!read_entry (reader, error))
        return FALSE;
      after_entry = TRUE;
    }
}

/* Begins a list. One of a better rank, or a later one of the same, takes the place of what was read
 * before, as it does in Python. */
static gboolean
read_list (Reader *reader, Shape shape, gboolean *done, GError **error)
{
  reader->scan.position++;
  if (reader->rank != SHAPE_NONE && reader->rank < shape)
    {
      reader->scan.position--;
      *done = FALSE;
      return qk_scan_value (&reader->scan, QK_DOCUMENT_MAX_DEPTH - 1) ||
             set_error (&reader->scan, error);
    }
  g_array_set_size (reader->self->entries, 0);
  reader->reused_prefix = 0;
  reader->rank = shape;
  reader->self->list_start = reader->scan.position;
  return read_entries (reader, FALSE, done, error);
}

static gboolean
read_wrapper_member (Reader *reader, gboolean *done, GError **error)
{
  QkScan *scan = &reader->scan;
  gsize key = scan->position;
  gsize key_length;

  if (!qk_scan_string (scan))
    return set_error (scan, error);
  key_length = scan->position - key;
  qk_scan_space (scan);
  if (!qk_scan_char (scan, ':'))
    return fail (reader, _ ("a colon was expected"), error);
  qk_scan_space (scan);
  for (guint i = 0; i < G_N_ELEMENTS (wrapper_keys); i++)
    if (qk_json_key_equal (scan->text + key, key_length, wrapper_keys[i]) &&
        scan->position < scan->length && scan->text[scan->position] == '[')
      return read_list (reader, (Shape) (SHAPE_ENTRIES + i), done, error);
  *done = FALSE;
  return qk_scan_value (scan, QK_DOCUMENT_MAX_DEPTH - 1) || set_error (scan, error);
}

/* Reads the members of the wrapper. @after_member: the scan stands behind one. */
static gboolean
read_wrapper (Reader *reader, gboolean after_member, gboolean *done, GError **error)
{
  QkScan *scan = &reader->scan;

  while (TRUE)
    {
      qk_scan_space (scan);
      if (qk_scan_char (scan, '}'))
        break;
      if (after_member && !qk_scan_char (scan, ','))
        return fail (reader, _ ("a comma or } was expected"), error);
      qk_scan_space (scan);
      if (!read_wrapper_member (reader, done, error))
        return FALSE;
      if (*done)
        return TRUE;
      after_member = TRUE;
    }
  if (reader->rank == SHAPE_NONE)
    return fail (reader, _ ("an object without a list \"entries\" or \"pending_pushes\""), error);
  return TRUE;
}

static gboolean
read_top (Reader *reader, gboolean *done, GError **error)
{
  QkScan *scan = &reader->scan;

  qk_scan_space (scan);
  if (scan->length - scan->position >= 3 &&
      memcmp (scan->text + scan->position, "\xef\xbb\xbf", 3) == 0)
    return fail (reader, _ ("a byte order mark, which the swarm cannot read,"), error);
  if (scan->position < scan->length && scan->text[scan->position] == '[')
    return read_list (reader, SHAPE_ARRAY, done, error);
  if (qk_scan_char (scan, '{'))
    return read_wrapper (reader, FALSE, done, error);
  return fail (reader,
               scan->position == scan->length ? _ ("nothing but white space")
                                              : _ ("neither a list nor an object"),
               error);
}

static gboolean
read_document (Reader *reader, GError **error)
{
  QkScan *scan = &reader->scan;
  gboolean done = FALSE;

  if (reader->previous != NULL)
    {
      compare_with_previous (reader);
      reuse_prefix (reader);
    }
  if (reader->reused_prefix == 0)
    {
      if (!read_top (reader, &done, error))
        return FALSE;
    }
  else
    {
      if (!read_entries (reader, TRUE, &done, error))
        return FALSE;
      if (!done && reader->rank != SHAPE_ARRAY && !read_wrapper (reader, TRUE, &done, error))
        return FALSE;
    }
  reader->self->shape = reader->rank;
  if (done)
    return TRUE;
  qk_scan_space (scan);
  if (scan->position < scan->length)
    return fail (reader, _ ("more text after the end of the queue"), error);
  return TRUE;
}

/**
 * qk_document_new:
 * @bytes: the queue, whole
 * @previous: (nullable): the version before this one
 * @diff: (out) (optional) (nullable): which entry is which; %NULL where there is no @previous
 * @error: return location for a #QkDocumentError
 *
 * Reads a version of the queue. Entries whose bytes did not change since @previous are not read
 * anew.
 *
 * Returns: (transfer full) (nullable): the version, or %NULL where it is not a queue
 */
QkDocument *
qk_document_new (GBytes *bytes, QkDocument *previous, QkDiff **diff, GError **error)
{
  g_autoptr (QkDocument) self = NULL;
  Reader reader = {.previous = previous};

  g_return_val_if_fail (bytes != NULL, NULL);

  if (diff != NULL)
    *diff = NULL;
  if (g_bytes_get_size (bytes) == 0)
    {
      g_set_error_literal (error, QK_DOCUMENT_ERROR, QK_DOCUMENT_ERROR_EMPTY,
                           _ ("the file is empty"));
      return NULL;
    }
  if (g_bytes_get_size (bytes) > QK_DOCUMENT_MAX_BYTES)
    {
      g_set_error (error, QK_DOCUMENT_ERROR, QK_DOCUMENT_ERROR_TOO_LARGE, _ ("larger than %u MB"),
                   (guint) (QK_DOCUMENT_MAX_BYTES >> 20));
      return NULL;
    }

  self = g_new0 (QkDocument, 1);
  g_atomic_ref_count_init (&self->refs);
  self->bytes = g_bytes_ref (bytes);
  self->entries = g_array_sized_new (FALSE, FALSE, sizeof (QkEntry),
                                     previous != NULL ? previous->entries->len + 16 : 64);
  reader.self = self;
  reader.scan.text = g_bytes_get_data (bytes, &reader.scan.length);
  if (!read_document (&reader, error))
    return NULL;
  if (diff != NULL && previous != NULL)
    *diff = qk_diff_new (entries_of (previous), previous->entries->len, entries_of (self),
                         self->entries->len, reader.reused_prefix, reader.reused_suffix);
  return g_steal_pointer (&self);
}

/**
 * qk_document_ref:
 * @self: a document
 *
 * Returns: (transfer full): @self
 */
QkDocument *
qk_document_ref (QkDocument *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static gpointer
free_document (gpointer data)
{
  QkDocument *self = data;

  g_array_unref (self->entries);
  g_bytes_unref (self->bytes);
  g_free (self);
  return NULL;
}

/**
 * qk_document_unref:
 * @self: (transfer full): a document
 *
 * Gives up a reference. Whoever gives up the last one does not wait until much memory is given back to
 * the system.
 */
void
qk_document_unref (QkDocument *self)
{
  GThread *thread = NULL;

  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (g_bytes_get_size (self->bytes) >= FREE_AT_ONCE)
    thread = g_thread_try_new ("qk-free", free_document, self, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    free_document (self);
}

/**
 * qk_document_get_bytes:
 * @self: a document
 *
 * Returns: (transfer none): the queue as it stands in the file
 */
GBytes *
qk_document_get_bytes (QkDocument *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bytes;
}

/**
 * qk_document_get_list_start:
 * @self: a document
 *
 * Returns: where in the bytes the list of entries begins, behind its bracket
 */
gsize
qk_document_get_list_start (QkDocument *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->list_start;
}

/**
 * qk_document_get_n_entries:
 * @self: a document
 *
 * Returns: how many entries there are
 */
guint
qk_document_get_n_entries (QkDocument *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->entries->len;
}

/**
 * qk_document_get_entry:
 * @self: a document
 * @index: which one, from 0, in the order of the file
 *
 * Returns: (transfer none): the entry, which lives as long as @self
 */
const QkEntry *
qk_document_get_entry (QkDocument *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->entries->len, NULL);

  return &entries_of (self)[index];
}
