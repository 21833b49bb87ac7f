#include "qk-agents.h"

#include <string.h>

#define MAX_GUESSED 32

/* What is left of a name when it does not matter how it is written: "AGENT_07" is "agent7". */
static gsize
fold (const char *name, char folded[MAX_GUESSED + 1])
{
  gsize length = 0;

  for (const char *p = name; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p))
        continue;
      if (*p == '0' && g_ascii_isdigit (p[1]) &&
          (length == 0 || !g_ascii_isdigit (folded[length - 1])))
        continue;
      if (length == MAX_GUESSED)
        return 0;
      folded[length++] = g_ascii_tolower (*p);
    }
  folded[length] = '\0';
  return length;
}

static gboolean
is_swapped (const char *a, const char *b)
{
  return a[0] != '\0' && b[0] != '\0' && a[0] == b[1] && a[1] == b[0] && strcmp (a + 2, b + 2) == 0;
}

/* Whether one letter is too many, missing, another one, or in the place of its neighbour. A number is
 * never taken for another one. */
static gboolean
is_near (const char *a, const char *b)
{
  while (*a != '\0' && *a == *b)
    {
      a++;
      b++;
    }
  if (is_swapped (a, b))
    return g_ascii_isalpha (a[0]) && g_ascii_isalpha (a[1]);
  if (*a != '\0' && *b != '\0' && strcmp (a + 1, b + 1) == 0)
    return g_ascii_isalpha (*a) && g_ascii_isalpha (*b);
  if (*a != '\0' && strcmp (a + 1, b) == 0)
    return g_ascii_isalpha (*a);
  return *b != '\0' && strcmp (a, b + 1) == 0 && g_ascii_isalpha (*b);
}

/**
 * qk_agents_guess:
 * @agents: (array zero-terminated=1): names that there are
 * @name: one that is none of them
 *
 * Returns: (transfer none) (nullable): the only one of @agents that is written much like it: in
 *   another case, with other signs in between, or with one letter wrong; %NULL where none or several are
 */
const char *
qk_agents_guess (const char *const *agents, const char *name)
{
  char folded[MAX_GUESSED + 1], other[MAX_GUESSED + 1];
  const char *near = NULL;
  guint n_near = 0;

  g_return_val_if_fail (agents != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (fold (name, folded) < 4)
    return NULL;
  for (guint i = 0; agents[i] != NULL; i++)
    {
      if (fold (agents[i], other) < 4)
        continue;
      if (strcmp (folded, other) == 0)
        return agents[i];
      if (is_near (folded, other))
        {
          near = agents[i];
          n_near++;
        }
    }
  return n_near == 1 ? near : NULL;
}
