#include "qk-broadcast-private.h"

#include "qk-entry-private.h"
#include "qk-said.h"
#include "qk-text.h"
#include "qk-time.h"

#include <string.h>

#define TYPE_BROADCAST "\"broadcast\""
#define MAX_PLAIN_NAME 64
#define NO_GROUP       G_MAXUINT
/* To how many agents a broadcast goes that is of another type. */
#define MIN_AGENTS_OTHER 3

/* An entry by what it says. */
typedef struct {
  guint64 said;
  gint64 created;
  const QkEntry *entry;
  guint group; /* its number */
  guint agent; /* the number of its agent */
} Line;

/* Entries that say the same and were created together. */
typedef struct {
  const QkEntry *first;
  gint64 time;
  gboolean is_typed; /* one of them is of the type broadcast */
  guint n_agents;    /* to how many agents, each counted once */
  guint n_originals; /* entries to agents that are no resent copies */
  guint broadcast;   /* its number in the list, or NO_GROUP */
} Group;

typedef struct {
  QkBroadcasts *broadcasts; /* not owned */
  GHashTable *agents;       /* owned, name to number + 1 */
  GArray *groups;           /* owned, element-type Group: those of the run */
  guint *seen_by;           /* owned: for each agent the last group that went there, + 1 */
} Search;

static gboolean
is_typed (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_MESSAGE_TYPE, &length);

  return length == strlen (TYPE_BROADCAST) && memcmp (json, TYPE_BROADCAST, length) == 0;
}

static gboolean
is_copy (const QkEntry *entry)
{
  return qk_entry_has_field (entry, QK_FIELD_RESENT_FROM);
}

static int
compare_times (const Line *a, const Line *b)
{
  if (a->created != b->created)
    return a->created < b->created ? -1 : 1;
  return (a->entry > b->entry) - (a->entry < b->entry);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const Line *x = a, *y = b;

  if (x->said != y->said)
    return x->said < y->said ? -1 : 1;
  return compare_times (x, y);
}

/* Where two texts have one hash, which nobody but an attacker makes happen. */
static int
compare_texts (gconstpointer a, gconstpointer b)
{
  const Line *x = a, *y = b;
  int order = qk_said_compare (x->entry, y->entry);

  return order != 0 ? order : compare_times (x, y);
}

/* The number of the agent that an entry is for; QK_BROADCAST_MAX_AGENTS where it is none. */
static guint
find_agent (const Search *self, const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_RECIPIENT, &length);
  char plain[MAX_PLAIN_NAME];
  g_autofree char *decoded = NULL;
  const char *name = plain;
  guint number = 0;

  if (json == NULL || *json != '"')
    return QK_BROADCAST_MAX_AGENTS;
  /* Nearly all: no time for an allocation. */
  if (length < sizeof plain && memchr (json, '\\', length) == NULL)
    {
      memcpy (plain, json + 1, length - 2);
      plain[length - 2] = '\0';
    }
  else
    {
      name = decoded = qk_json_decode (json, length, NULL);
    }
  number = GPOINTER_TO_UINT (g_hash_table_lookup (self->agents, name));
  return number > 0 ? number - 1 : QK_BROADCAST_MAX_AGENTS;
}

static gboolean
is_together (const Group *group, gint64 created)
{
  guint window_s = group->is_typed ? QK_BROADCAST_WINDOW_S : QK_BROADCAST_OTHER_WINDOW_S;

  if (group->time == QK_WALL_NONE || created == QK_WALL_NONE)
    return group->time == created;
  return created - group->time <= (gint64) window_s * G_USEC_PER_SEC;
}

/* The group of the entry that has the id from which @entry was resent. */
static guint
find_original (GHashTable *ids, const QkEntry *entry)
{
  g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_RESENT_FROM);
  gpointer number;

  if (id == NULL || !g_hash_table_lookup_extended (ids, id, NULL, &number))
    return NO_GROUP;
  return GPOINTER_TO_UINT (number);
}

static guint
choose_group (Search *self, GHashTable *ids, const Line *line)
{
  guint last = self->groups->len - 1, group = NO_GROUP;
  Group fresh = {
      .first = line->entry,
      .time = line->created,
      .is_typed = is_typed (line->entry),
      .broadcast = NO_GROUP,
  };

  if (ids != NULL && self->groups->len > 0 && is_copy (line->entry))
    {
      group = find_original (ids, line->entry);
      return group != NO_GROUP ? group : last;
    }
  if (self->groups->len > 0 &&
      is_together (&g_array_index (self->groups, Group, last), line->created))
    return last;
  g_array_append_val (self->groups, fresh);
  return last + 1;
}

static gboolean
has_copies (const Line *lines, guint n)
{
  for (guint i = 0; i < n; i++)
    if (is_copy (lines[i].entry))
      return TRUE;
  return FALSE;
}

/* Divides entries that say the same, in the order of their times, into groups. */
static void
divide (Search *self, Line *lines, guint n)
{
  g_autoptr (GHashTable) ids =
      has_copies (lines, n) ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;

  g_array_set_size (self->groups, 0);
  for (guint i = 0; i < n; i++)
    {
      guint number = choose_group (self, ids, &lines[i]);
      Group *group = &g_array_index (self->groups, Group, number);
      char *id = ids != NULL ? qk_entry_dup_field (lines[i].entry, QK_FIELD_ID) : NULL;

      if (id != NULL)
        g_hash_table_insert (ids, id, GUINT_TO_POINTER (number));
      lines[i].group = number;
      group->is_typed = group->is_typed || is_typed (lines[i].entry);
    }
}

/* A group need not stand together: the copies in it come later. */
static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const Line *x = a, *y = b;

  if (x->group != y->group)
    return x->group < y->group ? -1 : 1;
  return compare_times (x, y);
}

static void
count_agents (Search *self, Line *lines, guint n)
{
  memset (self->seen_by, 0, QK_BROADCAST_MAX_AGENTS * sizeof *self->seen_by);
  if (self->groups->len > 1)
    qsort (lines, n, sizeof *lines, compare_groups);
  for (guint i = 0; i < n; i++)
    {
      Group *group = &g_array_index (self->groups, Group, lines[i].group);
      guint agent = lines[i].agent = find_agent (self, lines[i].entry);

      if (agent == QK_BROADCAST_MAX_AGENTS)
        continue;
      group->n_originals += group->first == lines[i].entry || !is_copy (lines[i].entry);
      group->n_agents += self->seen_by[agent] != lines[i].group + 1;
      self->seen_by[agent] = lines[i].group + 1;
    }
}

static gboolean
is_broadcast (const Search *self, const Group *group)
{
  if (group->n_agents >= MIN_AGENTS_OTHER)
    return TRUE;
  if (!group->is_typed)
    return FALSE;
  return group->n_agents == 2 ||
         (group->n_agents == 1 && group->n_originals == 1 && self->groups->len == 1);
}

/* Gives each group its number in the list: its own, or that of the broadcast before it. */
static void
number_groups (Search *self)
{
  guint last = NO_GROUP;
  GArray *list = self->broadcasts->list;

  for (guint i = 0; i < self->groups->len; i++)
    {
      Group *group = &g_array_index (self->groups, Group, i);

      if (is_broadcast (self, group))
        {
          QkBroadcast broadcast = {.first = group->first, .time = group->time};

          last = list->len;
          g_array_append_val (list, broadcast);
        }
      group->broadcast = last;
    }
}

static QkReach
get_reach (const QkEntry *entry)
{
  static const QkReach reaches[QK_N_STATUSES] = {
      [QK_STATUS_PENDING] = QK_REACH_PENDING, [QK_STATUS_PROCESSING] = QK_REACH_PROCESSING,
      [QK_STATUS_FAILED] = QK_REACH_FAILED,   [QK_STATUS_DELIVERED] = QK_REACH_DELIVERED,
      [QK_STATUS_EXPIRED] = QK_REACH_FAILED,  [QK_STATUS_UNKNOWN] = QK_REACH_UNKNOWN,
  };

  return reaches[qk_entry_get_status (entry)];
}

/* The better of two entries to one agent; of two that are as good, the later one. */
static void
take_cell (QkBroadcastCell *cell, const QkEntry *entry)
{
  QkReach reach = get_reach (entry);

  if (cell->entry == NULL || reach >= cell->reach)
    *cell = (QkBroadcastCell){reach, entry};
}

/* Fills the cells of what was found in a run. */
static void
fill_cells (Search *self, const Line *lines, guint n)
{
  QkBroadcasts *broadcasts = self->broadcasts;
  guint n_agents = broadcasts->n_agents;

  g_array_set_size (broadcasts->cells, broadcasts->list->len * n_agents);
  for (guint i = 0; i < n; i++)
    {
      guint number = g_array_index (self->groups, Group, lines[i].group).broadcast;
      guint agent = lines[i].agent;

      if (number == NO_GROUP)
        continue;
      g_array_index (broadcasts->list, QkBroadcast, number).n_entries++;
      if (agent < n_agents)
        take_cell (&g_array_index (broadcasts->cells, QkBroadcastCell, number * n_agents + agent),
                   lines[i].entry);
    }
}

static void
search_run (Search *self, Line *lines, guint n)
{
  guint n_before = self->broadcasts->list->len;

  if (n < MIN_AGENTS_OTHER)
    {
      gboolean typed = FALSE;

      for (guint i = 0; i < n; i++)
        typed = typed || is_typed (lines[i].entry);
      if (!typed)
        return;
    }
  divide (self, lines, n);
  count_agents (self, lines, n);
  number_groups (self);
  if (self->broadcasts->list->len > n_before)
    fill_cells (self, lines, n);
}

/* Calls search_run() for each run of equal texts in lines that have one hash. */
static void
search_hash (Search *self, Line *lines, guint n)
{
  gboolean collided = FALSE;

  for (guint i = 1; i < n && !collided; i++)
    collided = qk_said_compare (lines[0].entry, lines[i].entry) != 0;
  if (!collided)
    {
      search_run (self, lines, n);
      return;
    }
  qsort (lines, n, sizeof *lines, compare_texts);
  for (guint start = 0, end; start < n; start = end)
    {
      for (end = start + 1; end < n && qk_said_compare (lines[start].entry, lines[end].entry) == 0;
           end++)
        ;
      search_run (self, lines + start, end - start);
    }
}

static GArray *
read_lines (QkDocument *document)
{
  guint n = qk_document_get_n_entries (document);
  GArray *lines = g_array_sized_new (FALSE, FALSE, sizeof (Line), n);

  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      Line line = {.created = qk_entry_get_created (entry), .entry = entry};

      if (!qk_said_is_text (entry, QK_FIELD_SENDER) || !qk_said_is_text (entry, QK_FIELD_CONTENT))
        continue;
      line.said = qk_said_hash (entry);
      g_array_append_val (lines, line);
    }
  return lines;
}

/* Finds the broadcasts of the document, in no order, and fills their cells. */
void
qk_broadcasts_find (QkBroadcasts *self)
{
  g_autoptr (GArray) lines = read_lines (self->document);
  Line *data = (Line *) (gpointer) lines->data;
  Search search = {
      .broadcasts = self,
      .agents = g_hash_table_new (g_str_hash, g_str_equal),
      .groups = g_array_new (FALSE, FALSE, sizeof (Group)),
      .seen_by = g_new (guint, QK_BROADCAST_MAX_AGENTS),
  };

  for (guint i = 0; i < self->n_agents; i++)
    g_hash_table_insert (search.agents, self->agents->pdata[i], GUINT_TO_POINTER (i + 1));
  if (lines->len > 0)
    qsort (data, lines->len, sizeof *data, compare_lines);
  for (guint start = 0, end; start < lines->len; start = end)
    {
      for (end = start + 1; end < lines->len && data[end].said == data[start].said; end++)
        ;
      search_hash (&search, data + start, end - start);
    }
  g_hash_table_unref (search.agents);
  g_array_unref (search.groups);
  g_free (search.seen_by);
}
