#include "qk-temp-name.h"

#include <string.h>

#define NEW_SUFFIX    ".new"
#define TEMP_SUFFIX   ".tmp"
#define RANDOM_LENGTH 32
#define N_NUMBERS     5
#define MAX_DISCARDS  3

static char *
format (const char *path, const char *middle, const char *suffix)
{
  g_autofree char *folder = g_path_get_dirname (path), *name = g_path_get_basename (path);

  return g_strdup_printf ("%s" G_DIR_SEPARATOR_S ".%s.%s%s", folder, name, middle, suffix);
}

/**
 * qk_temp_name_format_new:
 * @path: the queue
 * @random: 32 hexadecimal digits that nobody can foresee
 *
 * Returns: (transfer full): the path of a file that is about to be created
 */
char *
qk_temp_name_format_new (const char *path, const char *random)
{
  return format (path, random, NEW_SUFFIX);
}

/**
 * qk_temp_name_format:
 * @path: the queue
 * @own: the number of the file
 * @replaced: the stamp of the version that it is to replace
 * @random: 32 hexadecimal digits that nobody can foresee
 *
 * Returns: (transfer full): the path of a file that may be swapped with the queue
 */
char *
qk_temp_name_format (const char *path, guint64 own, const QkFileStamp *replaced, const char *random)
{
  g_autofree char *middle =
      g_strdup_printf ("%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER
                       "x-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%s",
                       own, replaced->file, replaced->size, (guint64) replaced->modified,
                       qk_platform_get_user (), random);

  return format (path, middle, TEMP_SUFFIX);
}

/* What stands between `.queue.json.` and the suffix; NULL where it is not such a name. */
static char *
find_middle (const char *path, const char *name, const char *suffix)
{
  g_autofree char *queue = g_path_get_basename (path);
  g_autofree char *prefix = g_strdup_printf (".%s.", queue);
  gsize length = strlen (name), rest = strlen (prefix) + strlen (suffix);

  if (length <= rest || !g_str_has_prefix (name, prefix) || !g_str_has_suffix (name, suffix))
    return NULL;
  return g_strndup (name + strlen (prefix), length - rest);
}

static gboolean
is_random (const char *text)
{
  return strlen (text) == RANDOM_LENGTH && strspn (text, "0123456789abcdef") == RANDOM_LENGTH;
}

/**
 * qk_temp_name_is_new:
 * @path: the queue
 * @name: the name of a file in its folder
 *
 * Returns: whether it is of a file that was never swapped
 */
gboolean
qk_temp_name_is_new (const char *path, const char *name)
{
  g_autofree char *middle = find_middle (path, name, NEW_SUFFIX);

  return middle != NULL && is_random (middle);
}

/**
 * qk_temp_name_parse:
 * @path: the queue
 * @name: the name of a file in its folder
 * @parsed: (out): what the name tells
 *
 * Returns: whether it is of a file that may have been swapped
 */
gboolean
qk_temp_name_parse (const char *path, const char *name, QkTempName *parsed)
{
  g_autofree char *middle = find_middle (path, name, TEMP_SUFFIX);
  g_auto (GStrv) parts = middle != NULL ? g_strsplit (middle, "-", -1) : NULL;
  guint64 numbers[N_NUMBERS];

  if (parts == NULL || g_strv_length (parts) != N_NUMBERS + 1 || !is_random (parts[N_NUMBERS]))
    return FALSE;
  for (guint i = 0; i < N_NUMBERS; i++)
    if (!g_ascii_string_to_unsigned (parts[i], 16, 0, G_MAXUINT64, &numbers[i], NULL))
      return FALSE;
  *parsed = (QkTempName){numbers[0], numbers[1], numbers[2], (gint64) numbers[3], numbers[4]};
  return TRUE;
}

/**
 * qk_temp_discard:
 * @platform: the calls of the system
 * @temp: a file of such a name that is of no more use
 *
 * Removes it. One that stays because the system refuses for good is harmless: nobody reads it, and the
 * next save tries again.
 *
 * Returns: whether it is gone
 */
gboolean
qk_temp_discard (const QkPlatform *platform, const char *temp)
{
  for (guint i = 0; i < MAX_DISCARDS; i++)
    if (platform->remove (temp) == 0)
      return TRUE;
  return FALSE;
}
