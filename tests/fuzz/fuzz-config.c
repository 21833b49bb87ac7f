#include "qk-fuzz.h"

#include "qk-agents.h"
#include "qk-time.h"

#include <string.h>

/* What is read beside the queue: the list of the active agents. And time stamps. */

const QkFuzzTarget qk_fuzz_target = {"config", QK_FUZZ_CONFIGS, 40000};

static void
check_agents (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) agents = qk_agents_parse_config (text, (gssize) size, &error);

  QK_FUZZ_CHECK ((agents != NULL) == (error == NULL));
  QK_FUZZ_CHECK (agents == NULL || agents[0] != NULL);
  for (guint i = 0; agents != NULL && agents[i] != NULL; i++)
    {
      QK_FUZZ_CHECK (g_utf8_validate (agents[i], -1, NULL));
      QK_FUZZ_CHECK ((qk_agent_compare (agents[i], agents[0]) < 0) ==
                     (qk_agent_compare (agents[0], agents[i]) > 0));
    }
}

/* A time, written as the swarm does and read again, is the same time. */
static void
check_time (const char *text, gsize size)
{
  gboolean has_offset = FALSE;
  gint64 time = qk_wall_parse (text, size, &has_offset);
  g_autofree char *written = NULL;

  if (time == QK_WALL_NONE || time < 0)
    return;
  written = qk_wall_format (time);
  QK_FUZZ_CHECK (written == NULL || qk_wall_parse (written, strlen (written), NULL) == time);
  QK_FUZZ_CHECK (written != NULL || has_offset);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_memdup2 (data, size);

  if (size == 0)
    return 0;
  check_agents (text, size);
  check_time (text, size);
  return 0;
}
