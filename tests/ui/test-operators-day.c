#include "qk-atspi.h"
#include "qk-ui-fixture.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* An operator's day, with the keyboard only, at the program as it is built, beside a writer that adds a
 * message and saves the whole list again and again, and takes no lock. In the end every message that
 * was ever there is there, or was purged on purpose. */

#define WRITE_EVERY_US 1000000

/* The swarm: one that enqueues, and now and then delivers. */
typedef struct {
  QkAtspi atspi;
  GThread *writer;
  GMutex mutex; /* over the file, among us; the program knows nothing of it */
  gboolean over;
  guint n_written;
} Day;

typedef void (*Work) (JsonArray *entries, gpointer data);

static JsonParser *
load (Day *day)
{
  JsonParser *parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, day->atspi.folder.queue, &error);
  g_assert_no_error (error);
  return parser;
}

/* Loads all, changes, saves all under another name and renames it. */
static void
rewrite (Day *day, Work work, gpointer data)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *other = g_strconcat (day->atspi.folder.queue, ".tmp", NULL);
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&day->mutex);
  parser = load (day);
  work (json_node_get_array (json_parser_get_root (parser)), data);
  json_generator_set_root (generator, json_parser_get_root (parser));
  json_generator_to_file (generator, other, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_rename (other, day->atspi.folder.queue), ==, 0);
  g_mutex_unlock (&day->mutex);
}

static void
enqueue (JsonArray *entries, gpointer data)
{
  guint *n_written = data;
  g_autofree char *text =
      qk_ui_entry (1000 + *n_written, QK_STATUS_PENDING, 1 + *n_written % 8, 0.5, 0);
  g_autoptr (GError) error = NULL;

  json_array_add_element (entries, json_from_string (text, &error));
  g_assert_no_error (error);
  (*n_written)++;
}

static gboolean
is_over (Day *day)
{
  gboolean over;

  g_mutex_lock (&day->mutex);
  over = day->over;
  g_mutex_unlock (&day->mutex);
  return over;
}

static gpointer
write_on (gpointer data)
{
  Day *day = data;

  while (!is_over (day))
    {
      rewrite (day, enqueue, &day->n_written);
      g_usleep (WRITE_EVERY_US);
    }
  return NULL;
}

static void
stop_writer (Day *day)
{
  if (day->writer == NULL)
    return;
  g_mutex_lock (&day->mutex);
  day->over = TRUE;
  g_mutex_unlock (&day->mutex);
  g_thread_join (g_steal_pointer (&day->writer));
}

static void
set_up (Day *day, gconstpointer data)
{
  qk_atspi_set_up (&day->atspi, data);
  g_mutex_init (&day->mutex);
}

static void
tear_down (Day *day, gconstpointer data)
{
  stop_writer (day);
  g_mutex_clear (&day->mutex);
  qk_atspi_tear_down (&day->atspi, data);
}

static const char *
get_content (JsonObject *entry)
{
  return json_object_get_string_member (json_object_get_object_member (entry, "message"),
                                        "content");
}

static const char *
get_recipient (JsonObject *entry)
{
  return json_object_get_string_member (json_object_get_object_member (entry, "message"),
                                        "recipient");
}

/* What must be so of the file. */
typedef struct {
  Day *day;
  const char *content;   /* of the entries that are meant: what it begins with */
  const char *status;    /* of those that are so */
  const char *recipient; /* (nullable): likewise */
  gboolean resent;       /* they were resent */
  guint n;               /* how many are so */
  guint n_others;        /* how many are not */
} Truth;

static gboolean
is_as_meant (const Truth *truth, JsonObject *entry)
{
  JsonObject *metadata = json_object_get_object_member (entry, "metadata");

  return strcmp (json_object_get_string_member (entry, "status"), truth->status) == 0 &&
         (truth->recipient == NULL || strcmp (get_recipient (entry), truth->recipient) == 0) &&
         (!truth->resent || json_object_has_member (metadata, "resend_time"));
}

static gboolean
is_true (gpointer data)
{
  Truth *truth = data;
  g_autoptr (JsonParser) parser = load (truth->day);
  JsonArray *entries = json_node_get_array (json_parser_get_root (parser));
  guint n = 0, n_right = 0;

  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);

      if (!g_str_has_prefix (get_content (entry), truth->content))
        continue;
      n++;
      n_right += is_as_meant (truth, entry);
    }
  return n_right == truth->n && n - n_right == truth->n_others;
}

static void
await_truth (Truth truth)
{
  if (!qk_test_wait (is_true, &truth, QK_ATSPI_PATIENCE_MS))
    g_error ("there are not %u messages “%s” that are %s as they should be", truth.n, truth.content,
             truth.status);
}

/* Finds the only message with a word, and selects it. */
static void
go_to (Day *day, const char *word)
{
  QkAtspi *atspi = &day->atspi;

  qk_atspi_press ("<Control>f");
  qk_atspi_type (word);
  qk_atspi_await_none (atspi, ATSPI_ROLE_TABLE_ROW, "Text 1");
  qk_atspi_await (atspi, ATSPI_ROLE_TABLE_ROW, word);
  qk_atspi_press ("Down");
  qk_atspi_press ("Home");
  qk_atspi_await (atspi, ATSPI_ROLE_PUSH_BUTTON, "Edit and Resend");
}

static QkAtspiStep
field_visit (AtspiAccessible *accessible, GPtrArray *path, gpointer user_data)
{
  AtspiRole role = atspi_accessible_get_role (accessible, NULL);

  if (!qk_atspi_has_state (accessible, ATSPI_STATE_FOCUSED))
    return QK_ATSPI_INTO;
  *(gboolean *) user_data = role == ATSPI_ROLE_TEXT || role == ATSPI_ROLE_ENTRY;
  return QK_ATSPI_STOP;
}

/* A key is lost that is pressed while the keyboard is on its way from a dialog to the window: whoever sees
 * that presses it again. */
static gboolean
is_in_field (gpointer data)
{
  Day *day = data;
  gboolean is_in = FALSE;

  qk_atspi_walk_newest (&day->atspi, field_visit, &is_in);
  if (!is_in)
    qk_atspi_press ("<Control>f");
  return is_in;
}

/* Back to all of them, and out of the field, whose text has an undo of its own. */
static void
leave (Day *day)
{
  g_assert_true (qk_atspi_wait (&day->atspi, is_in_field, day));
  qk_atspi_press ("Escape");
  qk_atspi_await (&day->atspi, ATSPI_ROLE_TABLE_ROW, "Text 1");
  qk_atspi_press ("Escape");
}

static void
resend_group (Day *day)
{
  QkAtspi *atspi = &day->atspi;

  qk_atspi_press ("<Control>g");
  qk_atspi_await (atspi, ATSPI_ROLE_LABEL, "timeout");
  qk_atspi_press ("Home");
  qk_atspi_press ("<Control>r");
  await_truth ((Truth){day, "Late", "PENDING", NULL, TRUE, 3});
  await_truth ((Truth){day, "Orchid", "FAILED", NULL, FALSE, 1});
  qk_atspi_press ("<Control>g");
  qk_atspi_await (atspi, ATSPI_ROLE_TABLE_ROW, "Orchid");
}

static void
edit (Day *day)
{
  go_to (day, "Orchid");
  qk_atspi_press ("<Control>e");
  qk_atspi_await_windows (&day->atspi, 2);
  qk_atspi_type ("Mended ");
  qk_atspi_press ("<Control>Return");
  await_truth ((Truth){day, "Mended Orchid", "PENDING", NULL, TRUE, 1});
  await_truth ((Truth){day, "Orchid", "", NULL, FALSE, 0});
  qk_atspi_await_windows (&day->atspi, 1);
  leave (day);
}

static QkAtspiStep
focus_visit (AtspiAccessible *accessible, GPtrArray *path, gpointer user_data)
{
  char **focus = user_data;

  if (!qk_atspi_has_state (accessible, ATSPI_STATE_FOCUSED))
    return QK_ATSPI_INTO;
  *focus = g_strdup (ATSPI_OBJECT (accessible)->path);
  return QK_ATSPI_STOP;
}

/* Where the keyboard is, in the newest window. */
static char *
dup_focus (Day *day)
{
  char *focus = NULL;

  qk_atspi_walk_newest (&day->atspi, focus_visit, &focus);
  return focus;
}

typedef struct {
  Day *day;
  const char *focus;
} Place;

static gboolean
is_at (gpointer data)
{
  Place *place = data;
  g_autofree char *focus = dup_focus (place->day);

  return g_strcmp0 (focus, place->focus) == 0;
}

static gboolean
is_elsewhere (gpointer data)
{
  return !is_at (data);
}

static void
redirect (Day *day)
{
  Place place = {day, NULL};
  g_autofree char *focus = NULL;

  go_to (day, "Tulip");
  qk_atspi_press ("<Control>t");
  qk_atspi_await_windows (&day->atspi, 2);
  /* The second of the list, which opens and closes. */
  focus = dup_focus (day);
  place.focus = focus;
  qk_atspi_press ("space");
  g_assert_true (qk_atspi_wait (&day->atspi, is_elsewhere, &place));
  qk_atspi_press ("Down");
  qk_atspi_press ("Return");
  g_assert_true (qk_atspi_wait (&day->atspi, is_at, &place));
  qk_atspi_press ("<Control>Return");
  await_truth ((Truth){day, "Tulip", "PENDING", "Agent-2", TRUE, 1});
  qk_atspi_await_windows (&day->atspi, 1);
  leave (day);
}

/* The processor: two of them do not get it. */
static void
deliver_broadcast (JsonArray *entries, gpointer data)
{
  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);
      gboolean fails = strcmp (get_recipient (entry), "Agent-2") == 0 ||
                       strcmp (get_recipient (entry), "Agent-5") == 0;

      if (g_str_has_prefix (get_content (entry), "All hands"))
        json_object_set_string_member (entry, "status", fails ? "FAILED" : "DELIVERED");
    }
}

static void
broadcast (Day *day)
{
  QkAtspi *atspi = &day->atspi;

  qk_atspi_press ("<Control><Shift>n");
  qk_atspi_await_windows (atspi, 2);
  qk_atspi_type ("All hands");
  qk_atspi_press ("<Control>Return");
  await_truth ((Truth){day, "All hands", "PENDING", NULL, FALSE, 8});
  qk_atspi_await_windows (atspi, 1);
  rewrite (day, deliver_broadcast, NULL);

  qk_atspi_press ("<Alt>2");
  qk_atspi_await (atspi, ATSPI_ROLE_TABLE_ROW, "All hands");
  qk_atspi_await (atspi, ATSPI_ROLE_LABEL, "6 of 8");
  qk_atspi_press ("Home");
  qk_atspi_press ("<Control>m");
  await_truth ((Truth){day, "All hands", "PENDING", NULL, TRUE, 2, 6});
  qk_atspi_press ("<Alt>1");
}

static void
purge_and_undo (Day *day)
{
  static const char *const words[] = {"Poppy", "Daisy"};

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      go_to (day, words[i]);
      qk_atspi_press ("Delete");
      qk_atspi_await (&day->atspi, ATSPI_ROLE_PUSH_BUTTON, "Purge 1 Message");
      await_truth ((Truth){day, words[i], "PENDING", NULL, FALSE, 1});
      qk_atspi_press ("<Alt>p");
      await_truth ((Truth){day, words[i], "", NULL, FALSE, 0});
      qk_atspi_await_windows (&day->atspi, 1);
      leave (day);
    }
  qk_atspi_press ("<Control>z");
  await_truth ((Truth){day, "Daisy", "PENDING", NULL, FALSE, 1});
  await_truth ((Truth){day, "Poppy", "", NULL, FALSE, 0});
}

static gboolean
is_there (gpointer data)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  return json_parser_load_from_file (parser, data, NULL);
}

static void export(Day *day)
{
  g_autofree char *path = g_build_filename (day->atspi.folder.path, "out.json", NULL);
  g_autofree char *contents = NULL;

  go_to (day, "Tulip");
  qk_atspi_press ("<Control><Shift>e");
  qk_atspi_await_windows (&day->atspi, 2);
  qk_atspi_press ("<Control>a");
  qk_atspi_type (path);
  qk_atspi_press ("Return");
  g_assert_true (qk_atspi_wait (&day->atspi, is_there, path));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_nonnull (strstr (contents, "Tulip"));
  g_assert_nonnull (strstr (contents, "Agent-2"));
  g_assert_null (strstr (contents, "Daisy"));
  qk_atspi_await_windows (&day->atspi, 1);
  leave (day);
}

static void
write_morning (Day *day)
{
  static const struct {
    const char *content, *error;
  } made[] = {
      {"Late 1", "timeout"}, {"Late 2", "timeout"},
      {"Late 3", "timeout"}, {"Orchid", "target_window_not_found"},
      {"Tulip", "missing"},  {"Poppy", NULL},
      {"Daisy", NULL},
  };
  g_autoptr (GPtrArray) entries = qk_ui_entries_new ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    {
      gboolean failed = made[i].error != NULL;
      g_autofree char *content = g_strdup_printf ("Text %u\"", i + 1);
      g_autofree char *better = g_strdup_printf ("%s\"", made[i].content);

      g_ptr_array_add (
          entries, qk_ui_entry (i + 1, failed ? QK_STATUS_FAILED : QK_STATUS_PENDING, 3, 0.5, 60));
      qk_ui_alter (entries, i, content, better);
      if (failed)
        {
          g_autofree char *error =
              g_strdup_printf ("\"last_error\":\"%s\",\"delivery_callback\"", made[i].error);

          qk_ui_alter (entries, i, "\"delivery_callback\"", error);
        }
    }
  g_ptr_array_add (entries, NULL);
  text = qk_test_queue ((const char *const *) entries->pdata);
  g_free (qk_test_folder_write (&day->atspi.folder, "queue.json", text, -1));
}

/* All that was ever there: what was written in the morning but one, the broadcast, and what the writer
 * has added, each once. */
static void
check_all (Day *day)
{
  await_truth ((Truth){day, "Text 1", "PENDING", NULL, FALSE, day->n_written});
  await_truth ((Truth){day, "Late", "PENDING", NULL, TRUE, 3});
  await_truth ((Truth){day, "Mended Orchid", "PENDING", "Agent-3", TRUE, 1});
  await_truth ((Truth){day, "Tulip", "PENDING", "Agent-2", TRUE, 1});
  await_truth ((Truth){day, "Daisy", "PENDING", "Agent-3", FALSE, 1});
  await_truth ((Truth){day, "", "PENDING", NULL, FALSE, day->n_written + 3 + 3 + 2, 6});
}

static void
test_day (Day *day, gconstpointer data)
{
  if (qk_test_is_slow ())
    {
      g_test_skip ("with the address sanitizer a toast is gone before the bus has told of it");
      return;
    }
  write_morning (day);
  day->writer = g_thread_new ("writer", write_on, day);
  qk_atspi_start (&day->atspi);
  qk_atspi_await (&day->atspi, ATSPI_ROLE_TABLE_ROW, "Failed, CAPTAIN to Agent-3: Late");
  resend_group (day);
  edit (day);
  redirect (day);
  broadcast (day);
  purge_and_undo (day);
  export(day);
  stop_writer (day);
  check_all (day);
  qk_atspi_press ("<Control>q");
  qk_atspi_wait_for_end (&day->atspi);
  check_all (day);
}

static void
skip (void)
{
  g_test_skip ("there is no display or no session bus");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (qk_atspi_init ())
    g_test_add ("/ui/operators-day", Day, NULL, set_up, test_day, tear_down);
  else
    g_test_add_func ("/ui/operators-day", skip);
  return g_test_run ();
}
