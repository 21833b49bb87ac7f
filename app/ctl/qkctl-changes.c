#include "qkctl-changes.h"

static void
add_change (GArray *changes, QkctlChangeKind kind, const QkEntry *entry, QkStatus was)
{
  QkctlChange change = {kind, entry, was};

  g_array_append_val (changes, change);
}

/* What @diff means, entry by entry: first what went, then what came, in the order of the queue. */
GArray *
qkctl_changes_collect (QkDocument *old, QkDocument *document, const QkDiff *diff)
{
  guint n_old = qk_diff_get_old_size (diff), n_new = qk_diff_get_new_size (diff);
  g_autofree gboolean *kept = g_new0 (gboolean, n_old + 1);
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (QkctlChange));
  gboolean changed;

  for (guint i = 0; i < n_new; i++)
    {
      guint origin = qk_diff_get_origin (diff, i, NULL);

      if (origin != QK_DIFF_NEW)
        kept[origin] = TRUE;
    }
  for (guint i = 0; i < n_old; i++)
    if (!kept[i])
      add_change (changes, QKCTL_CHANGE_REMOVED, qk_document_get_entry (old, i), QK_STATUS_UNKNOWN);
  for (guint i = 0; i < n_new; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      guint origin = qk_diff_get_origin (diff, i, &changed);
      QkStatus was;

      if (origin == QK_DIFF_NEW)
        {
          add_change (changes, QKCTL_CHANGE_ADDED, entry, QK_STATUS_UNKNOWN);
        }
      else if (changed)
        {
          was = qk_entry_get_status (qk_document_get_entry (old, origin));
          add_change (changes,
                      was != qk_entry_get_status (entry) ? QKCTL_CHANGE_STATUS
                                                         : QKCTL_CHANGE_EDITED,
                      entry, was);
        }
    }
  return changes;
}
