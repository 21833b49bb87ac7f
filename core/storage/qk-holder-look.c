#include "qk-holder-look.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

static QkHolder *
unknown_new (char *reason)
{
  QkHolder *holder = qk_holder_new (QK_HOLDER_UNKNOWN);

  holder->reason = reason;
  return holder;
}

/* Our own lock and handles are in nobody's way, but for the lock of another save in this process. */
static gboolean
is_ours (const QkHolderUse *use, QkHolderHow wanted)
{
  return use->pid == (gint64) getpid () && wanted != QK_HOLDER_LOCKS;
}

/* The first process that holds it in that way and still runs. */
static QkHolder *
choose (const QkHolders *holders, GArray *uses, QkHolderHow how, QkHolderHow wanted, gint64 *gone)
{
  for (guint i = 0; i < uses->len; i++)
    {
      const QkHolderUse *use = &g_array_index (uses, QkHolderUse, i);
      g_autoptr (QkHolder) holder = NULL;
      int code;

      if (use->how != how || use->pid <= 0 || is_ours (use, wanted))
        continue;
      holder = qk_holder_new (QK_HOLDER_FOUND);
      holder->how = how;
      holder->pid = use->pid;
      code = holders->describe (use->pid, holder);
      if (code == 0)
        return g_steal_pointer (&holder);
      if (qk_platform_is_absent (code))
        *gone = use->pid;
    }
  return NULL;
}

static QkHolder *
choose_any (const QkHolders *holders, GArray *uses, QkHolderHow wanted, gint64 *gone)
{
  QkHolder *holder = choose (holders, uses, wanted, wanted, gone);

  for (guint how = 0; holder == NULL && how < QK_N_HOLDER_HOWS; how++)
    holder = choose (holders, uses, (QkHolderHow) how, wanted, gone);
  return holder;
}

static QkHolder *
find_nobody (int code, guint n_unseen, gint64 gone)
{
  QkHolder *holder;

  if (gone != 0)
    {
      holder = qk_holder_new (QK_HOLDER_FOUND);
      holder->pid = gone;
      holder->gone = TRUE;
      return holder;
    }
  if (code != 0)
    return unknown_new (qk_platform_describe_code (code));
  if (n_unseen > 0)
    return unknown_new (g_strdup_printf (
        ngettext ("could not look into %u process", "could not look into %u processes", n_unseen),
        n_unseen));
  return qk_holder_new (QK_HOLDER_NOBODY);
}

/**
 * qk_holder_look:
 * @holders: (nullable): what the system tells; %NULL where it does not
 * @file: which file
 * @wanted: what stands in the way: a lock, or an open file
 * @budget: how long that may take, in microseconds
 *
 * Finds out which process holds a file, best the one that holds it as @wanted. Belongs in a worker
 * thread.
 *
 * Returns: (transfer full): who, or that nobody was found, or why that is not known
 */
QkHolder *
qk_holder_look (const QkHolders *holders,
                const QkFileStamp *file,
                QkHolderHow wanted,
                gint64 budget)
{
  gint64 deadline = g_get_monotonic_time () + budget, gone = 0;
  g_autoptr (GArray) uses = g_array_new (FALSE, FALSE, sizeof (QkHolderUse));
  guint n_unseen = 0;
  QkHolder *holder = NULL;
  int locks_code, open_code;

  g_return_val_if_fail (file != NULL && (guint) wanted < QK_N_HOLDER_HOWS, NULL);

  if (holders == NULL)
    return unknown_new (g_strdup (_ ("this system does not tell")));
  locks_code = holders->find_locks (file, uses);
  if (wanted == QK_HOLDER_LOCKS)
    {
      holder = choose (holders, uses, wanted, wanted, &gone);
      /* Every lock is listed: it was given back meanwhile. */
      if (holder == NULL && locks_code == 0 && uses->len == 0)
        return qk_holder_new (QK_HOLDER_NOBODY);
    }
  if (holder != NULL)
    return holder;
  open_code = holders->find_open (file, wanted, deadline, uses, &n_unseen);
  holder = choose_any (holders, uses, wanted, &gone);
  return holder != NULL ? holder
                        : find_nobody (open_code != 0 ? open_code : locks_code, n_unseen, gone);
}

/**
 * qk_holder_look_for_event:
 * @holders: (nullable): what the system tells
 * @platform: the calls of the system
 * @path: the queue's file
 * @kind: what stood in the way of it
 * @budget: how long that may take, in microseconds
 *
 * Finds out which process was it. Belongs in a worker thread, after the attempt that failed.
 *
 * Returns: (transfer full) (nullable): who, or that nobody was found, or why that is not known; %NULL
 *   where nobody holds anything in such a case
 */
QkHolder *
qk_holder_look_for_event (const QkHolders *holders,
                          const QkPlatform *platform,
                          const char *path,
                          QkLockKind kind,
                          gint64 budget)
{
  g_autofree char *sidecar = NULL;
  QkFileStamp stamp;
  int code;

  if (kind > QK_LOCK_KIND_LOCK_HELD && kind != QK_LOCK_KIND_TORN)
    return NULL;
  if (kind == QK_LOCK_KIND_LOCK_HELD)
    sidecar = g_strconcat (path, ".lock", NULL);
  code = platform->stat_path (sidecar != NULL ? sidecar : path, &stamp);
  if (code != 0)
    return unknown_new (qk_platform_describe_code (code));
  return qk_holder_look (
      holders, &stamp, kind == QK_LOCK_KIND_LOCK_HELD ? QK_HOLDER_LOCKS : QK_HOLDER_WRITES, budget);
}
