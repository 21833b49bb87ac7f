#pragma once

#include "platform/qk-platform.h"

G_BEGIN_DECLS

/* Judges who lost what. It stands behind the platform seam, where it sees each version that our
 * writer puts in place and each that comes out.
 *
 * A message, or a newer state of one, is displaced by us if a version that came out of a swap has it
 * and the version that went in has not, and the operator did not ask for that. It is lost by us if
 * no later version that we see has it again. So is what is written to a version when it has come out
 * already. What is lost between two versions of other writers is
 * their own loss.
 */

typedef struct {
  guint swaps;
  guint late_writes;
  guint displaced_messages;
  guint displaced_states;
  guint lost_messages;
  guint lost_states;
} QkRaceVerdict;

const QkPlatform *qk_race_judge_start (void);
void qk_race_judge_look (void);
void qk_race_judge_allow_purge (const char *id);
QkRaceVerdict qk_race_judge_finish (const char *path);

G_END_DECLS
