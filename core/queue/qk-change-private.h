#pragma once

#include "qk-change.h"

G_BEGIN_DECLS

struct _QkChange {
  gatomicrefcount refs;
  QkChangeKind kind;
  char *id;          /* owned, nullable: of the entry; of the new one if it is to be sent */
  guint32 id_hash;   /* of @id, or of the whole entry where it has none */
  guint64 seen_json; /* hash of the entry as it was seen */
  QkStatus seen_status;
  gint64 seen_updated; /* wall microseconds */
  QkHazard seen_hazards;
  gboolean exact; /* only if it is to the byte what was seen */
  guint stuck_after_s;
  char *text;      /* owned, nullable: the whole new entry */
  char *recipient; /* owned, nullable: these three: what is to be different */
  char *content;
  char *priority;
  char *new_id;   /* owned, nullable: of the copy that a resend of a delivered one makes */
  char *after_id; /* owned, nullable: behind which entry it is put back; NULL: to the front */
  guint64 made;   /* the state that has taken the place of what is put back; 0: it was taken out */
  char *stamp;    /* owned, nullable: the time that marks what a resend has done */
};

const char *qk_priority_get_json (const char *name);

G_END_DECLS
