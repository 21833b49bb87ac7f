#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Who holds a file, as it was found at one moment. A value, which is never changed once it is made.
 *
 * "Nobody was found" and "could not look" are different answers. Names and command lines are what
 * other programs call themselves: they are cut to a bounded length, made valid UTF-8, and revealed
 * before they are shown. It tells who; to end that process is for the operator alone.
 */

/**
 * QkHolderState:
 * @QK_HOLDER_FOUND: a process holds it, or did a moment ago
 * @QK_HOLDER_NOBODY: no process on this machine was found to hold it
 * @QK_HOLDER_UNKNOWN: could not look, or not everywhere, and found nobody
 */
typedef enum {
  QK_HOLDER_FOUND,
  QK_HOLDER_NOBODY,
  QK_HOLDER_UNKNOWN,
} QkHolderState;

/**
 * QkHolderHow:
 * @QK_HOLDER_LOCKS: it has a lock on the file
 * @QK_HOLDER_WRITES: it has the file open for writing
 * @QK_HOLDER_READS: it has the file open for reading
 */
typedef enum {
  QK_HOLDER_LOCKS,
  QK_HOLDER_WRITES,
  QK_HOLDER_READS,
} QkHolderHow;
#define QK_N_HOLDER_HOWS (QK_HOLDER_READS + 1)

/**
 * QkHolder:
 * @state: whether it was found
 * @how: in which way it holds the file
 * @pid: its process
 * @gone: whether that had ended before it could be looked at; nothing else is known of it then
 * @name: (nullable): its program
 * @user: (nullable): in whose name it runs
 * @is_other_user: whether that is not who runs this process
 * @started: when it began, in microseconds since the Unix epoch, 0 where that is not known
 * @command: (nullable): its command line, the beginning of a long one
 * @script: (nullable): the script or module that its interpreter runs
 * @reason: (nullable): for %QK_HOLDER_UNKNOWN, why
 *
 * Who holds a file.
 */
typedef struct {
  QkHolderState state;
  QkHolderHow how;
  gint64 pid;
  gboolean gone;
  char *name; /* owned, nullable */
  char *user; /* owned, nullable */
  gboolean is_other_user;
  gint64 started;
  char *command; /* owned, nullable */
  char *script;  /* owned, nullable */
  char *reason;  /* owned, nullable */
  gatomicrefcount refs;
} QkHolder;

QkHolder *qk_holder_new (QkHolderState state);
QkHolder *qk_holder_ref (QkHolder *self);
void qk_holder_unref (QkHolder *self);
void qk_holder_take_command (QkHolder *self, const char *arguments, gsize length);
const char *qk_holder_state_get_name (QkHolderState state);
const char *qk_holder_how_get_name (QkHolderHow how);
char *qk_holder_dup_label (const QkHolder *self);
char *qk_holder_describe (const QkHolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkHolder, qk_holder_unref)

G_END_DECLS
