#include "qk-holder.h"

#include "qk-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CUT_NAME_BYTES    15
#define MAX_NAME_BYTES    64
#define MAX_COMMAND_BYTES 512
#define MAX_SCRIPT_BYTES  128

/* Programs of which the script says more than the name. */
static const char *const interpreters[] = {
    "python", "pypy", "node", "ruby", "perl", "php", "bash", "dash", "sh", "pwsh",
};

/**
 * qk_holder_new:
 * @state: whether a process was found
 *
 * Returns: (transfer full): a holder of which nothing else is known, to be filled by who makes it
 */
QkHolder *
qk_holder_new (QkHolderState state)
{
  QkHolder *self = g_new0 (QkHolder, 1);

  self->state = state;
  g_atomic_ref_count_init (&self->refs);
  return self;
}

/**
 * qk_holder_ref:
 * @self: a holder
 *
 * Returns: (transfer full): @self
 */
QkHolder *
qk_holder_ref (QkHolder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_holder_unref:
 * @self: (transfer full): a holder
 *
 * Releases it.
 */
void
qk_holder_unref (QkHolder *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->name);
  g_free (self->user);
  g_free (self->command);
  g_free (self->script);
  g_free (self->reason);
  g_free (self);
}

/* The beginning of @text, not cut within a character. */
static char *
cut (const char *text, gsize max_bytes)
{
  const char *end;

  if (strlen (text) <= max_bytes)
    return g_strdup (text);
  end = g_utf8_find_prev_char (text, text + max_bytes + 1);
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

static gboolean
is_interpreter (const char *program)
{
  for (gsize i = 0; i < G_N_ELEMENTS (interpreters); i++)
    {
      const char *rest;

      if (!g_str_has_prefix (program, interpreters[i]))
        continue;
      /* python3.11, python.exe */
      rest = program + strlen (interpreters[i]);
      if (strspn (rest, "0123456789.") == strlen (rest) || strcmp (rest, ".exe") == 0)
        return TRUE;
    }
  return FALSE;
}

/* What follows the interpreter and its options; "-m" names a module, "-c" and "-e" bring the script
 * along. */
static char *
find_script (GPtrArray *arguments)
{
  g_autofree char *program = NULL;

  if (arguments->len == 0)
    return NULL;
  program = g_path_get_basename (arguments->pdata[0]);
  if (!is_interpreter (program))
    return NULL;
  for (guint i = 1; i < arguments->len; i++)
    {
      const char *argument = arguments->pdata[i];
      g_autofree char *name = NULL;

      if (strcmp (argument, "-c") == 0 || strcmp (argument, "-e") == 0)
        return NULL;
      if (strcmp (argument, "-m") == 0)
        return i + 1 < arguments->len ? cut (arguments->pdata[i + 1], MAX_SCRIPT_BYTES) : NULL;
      if (*argument == '-' || *argument == '\0')
        continue;
      name = g_path_get_basename (argument);
      return cut (name, MAX_SCRIPT_BYTES);
    }
  return NULL;
}

/* The system may know no more than the beginning of a program's name. */
static void
complete_name (QkHolder *self, const char *path)
{
  g_autofree char *program = g_path_get_basename (path);

  if (self->name == NULL || strlen (self->name) < CUT_NAME_BYTES ||
      !g_str_has_prefix (program, self->name))
    return;
  g_free (self->name);
  self->name = cut (program, MAX_NAME_BYTES);
}

/**
 * qk_holder_take_command:
 * @self: a holder that is being filled
 * @arguments: (array length=length): its command line: arguments, each ended by a NUL byte
 * @length: of all of them, in bytes
 *
 * Sets the command line, and the script that it runs, if it does; completes a name that was cut.
 */
void
qk_holder_take_command (QkHolder *self, const char *arguments, gsize length)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;

  g_return_if_fail (self != NULL && (arguments != NULL || length == 0));

  for (gsize start = 0, n; start < length; start += n + 1)
    {
      n = strnlen (arguments + start, length - start);
      g_ptr_array_add (list, g_utf8_make_valid (arguments + start, (gssize) n));
    }
  g_free (self->script);
  g_free (self->command);
  self->script = find_script (list);
  if (list->len > 0)
    complete_name (self, list->pdata[0]);
  g_ptr_array_add (list, NULL);
  joined = g_strjoinv (" ", (char **) list->pdata);
  self->command = *joined != '\0' ? cut (joined, MAX_COMMAND_BYTES) : NULL;
}

/**
 * qk_holder_state_get_name:
 * @state: whether a process was found
 *
 * Returns: (transfer none): its name for programs
 */
const char *
qk_holder_state_get_name (QkHolderState state)
{
  static const char *const names[] = {"found", "nobody", "unknown"};

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (names), NULL);

  return names[state];
}

/**
 * qk_holder_how_get_name:
 * @how: a way to hold a file
 *
 * Returns: (transfer none): its name for programs
 */
const char *
qk_holder_how_get_name (QkHolderHow how)
{
  static const char *const names[QK_N_HOLDER_HOWS] = {"locks", "writes", "reads"};

  g_return_val_if_fail ((guint) how < QK_N_HOLDER_HOWS, NULL);

  return names[how];
}

/**
 * qk_holder_dup_label:
 * @self: a holder
 *
 * Returns: (transfer full): it in short, such as `python3 · queue_processor.py (4312)`, with the user
 *   where that is another one, `nobody found` or `could not look`: one line, revealed
 */
char *
qk_holder_dup_label (const QkHolder *self)
{
  g_autofree char *name = NULL, *program = NULL, *user = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->state == QK_HOLDER_NOBODY)
    return g_strdup (_ ("nobody found"));
  if (self->state == QK_HOLDER_UNKNOWN)
    return g_strdup (_ ("could not look"));
  if (self->gone || self->name == NULL)
    return g_strdup_printf (_ ("process %d, gone meanwhile"), (int) self->pid);
  name = self->script != NULL ? g_strconcat (self->name, " · ", self->script, NULL)
                              : g_strdup (self->name);
  program = qk_text_reveal_line (name);
  if (!self->is_other_user || self->user == NULL)
    return g_strdup_printf ("%s (%d)", program, (int) self->pid);
  user = qk_text_reveal_line (self->user);
  /* A program, the number of its process, and in whose name it runs. */
  return g_strdup_printf (_ ("%s (%d) of %s"), program, (int) self->pid, user);
}

static char *
dup_who (const QkHolder *self)
{
  g_autofree char *name = qk_text_reveal_line (self->name);
  g_autofree char *script = self->script != NULL ? qk_text_reveal_line (self->script) : NULL;
  g_autofree char *user =
      self->is_other_user && self->user != NULL ? qk_text_reveal_line (self->user) : NULL;
  int pid = (int) self->pid;

  if (script != NULL && user != NULL)
    return g_strdup_printf (_ ("%s, process %d (%s) of %s"), name, pid, script, user);
  if (script != NULL)
    return g_strdup_printf (_ ("%s, process %d (%s)"), name, pid, script);
  if (user != NULL)
    return g_strdup_printf (_ ("%s, process %d of %s"), name, pid, user);
  return g_strdup_printf (_ ("%s, process %d"), name, pid);
}

/**
 * qk_holder_describe:
 * @self: a holder
 *
 * Returns: (transfer full): who holds it and how, such as `held by python3, process 4312
 *   (queue_processor.py)`, or why that is not known: one line, revealed
 */
char *
qk_holder_describe (const QkHolder *self)
{
  g_autofree char *who = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->state == QK_HOLDER_NOBODY)
    return g_strdup (_ ("nobody on this machine was found to hold it"));
  if (self->state == QK_HOLDER_UNKNOWN)
    return g_strdup_printf (_ ("not known who holds it: %s"),
                            self->reason != NULL ? self->reason : "");
  if (self->gone || self->name == NULL)
    return g_strdup_printf (_ ("held by process %d, gone meanwhile"), (int) self->pid);
  who = dup_who (self);
  switch (self->how)
    {
    case QK_HOLDER_WRITES:
      return g_strdup_printf (_ ("open for writing in %s"), who);
    case QK_HOLDER_READS:
      return g_strdup_printf (_ ("open for reading in %s"), who);
    case QK_HOLDER_LOCKS:
    default:
      return g_strdup_printf (_ ("held by %s"), who);
    }
}
