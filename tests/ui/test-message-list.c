#include "qk-fake-store.h"
#include "qk-list-edits.h"
#include "qk-message-search.h"
#include "qk-message-selection.h"
#include "qk-message-sequence.h"
#include "qk-time.h"
#include "qk-ui-fixture.h"

#include <string.h>

/* The list of messages on a real queue that is rewritten by somebody else. */

typedef struct {
  QkUiFixture queue;
  QkMessageList *list;
  QkMessageSelection *selection;
  GPtrArray *entries; /* what stands in the queue */
  guint n_emissions;
  guint n_removed;
  guint n_added;
  guint n_row_changes;
} Fixture;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Fixture *fixture)
{
  fixture->n_emissions++;
  fixture->n_removed += removed;
  fixture->n_added += added;
}

static void
row_changed_cb (QkMessage *message, Fixture *fixture)
{
  fixture->n_row_changes++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_ui_fixture_set_up (&fixture->queue, data);
  fixture->entries = qk_ui_entries_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->selection);
  if (fixture->list != NULL)
    g_signal_handlers_disconnect_by_data (fixture->list, fixture);
  g_clear_object (&fixture->list);
  g_ptr_array_unref (fixture->entries);
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static void
add (Fixture *fixture, guint id, QkStatus status, guint agent, double priority, int age_s)
{
  g_ptr_array_add (fixture->entries, qk_ui_entry (id, status, agent, priority, age_s));
}

static void
replace (Fixture *fixture, guint index, char *entry)
{
  g_free (fixture->entries->pdata[index]);
  fixture->entries->pdata[index] = entry;
}

static void
open_list (Fixture *fixture)
{
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_ui_fixture_open (&fixture->queue);
  fixture->list = qk_message_list_new ();
  qk_message_list_set_store (fixture->list, fixture->queue.store);
  fixture->selection = qk_message_selection_new (g_object_ref (fixture->list));
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

static void
reload (Fixture *fixture)
{
  fixture->n_emissions = fixture->n_removed = fixture->n_added = fixture->n_row_changes = 0;
  qk_ui_fixture_rewrite (&fixture->queue, fixture->entries);
}

/* The ids in the list, "3 1 2". */
static char *
dup_order (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->list)); i++)
    {
      g_autoptr (QkMessage) message = g_list_model_get_item (G_LIST_MODEL (fixture->list), i);
      g_autofree char *id = qk_entry_dup_field (qk_message_get_entry (message), QK_FIELD_ID);

      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "",
                              g_ascii_strtoull (id, NULL, 16));
    }
  return g_string_free (text, FALSE);
}

#define assert_order(fixture, expected)                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *order_ = dup_order (fixture);                                                 \
    g_assert_cmpstr (order_, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

static void
add_mixture (Fixture *fixture)
{
  add (fixture, 1, QK_STATUS_DELIVERED, 1, 0.5, 900);
  add (fixture, 2, QK_STATUS_PENDING, 2, 0.5, 10);
  add (fixture, 3, QK_STATUS_PENDING, 10, 0.5, 50);
  add (fixture, 4, QK_STATUS_PENDING, 1, 1.0, 5);
  add (fixture, 5, QK_STATUS_FAILED, 2, 0.3, 300);
  add (fixture, 6, QK_STATUS_PROCESSING, 1, 0.5, 4);
  add (fixture, 7, QK_STATUS_PROCESSING, 3, 0.5, 400);
  add (fixture, 8, QK_STATUS_DELIVERED, 2, 1.0, 100);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  add_mixture (fixture);
  open_list (fixture);
  /* Stuck, failed, pending by priority and then age, processing, delivered from the latest on. */
  assert_order (fixture, "7 5 4 3 2 6 8 1");
  qk_message_list_set_sort (fixture->list, QK_SORT_AGE, FALSE);
  assert_order (fixture, "6 4 2 3 8 5 7 1");
  qk_message_list_set_sort (fixture->list, QK_SORT_AGE, TRUE);
  assert_order (fixture, "1 7 5 8 3 2 4 6");
  /* Agent-10 comes after Agent-3; the order of attention decides among equal ones. */
  qk_message_list_set_sort (fixture->list, QK_SORT_RECIPIENT, FALSE);
  assert_order (fixture, "4 6 1 5 2 8 7 3");
  qk_message_list_set_sort (fixture->list, QK_SORT_PRIORITY, TRUE);
  assert_order (fixture, "5 7 3 2 6 1 4 8");
  qk_message_list_set_sort (fixture->list, QK_SORT_EXCERPT, TRUE);
  assert_order (fixture, "8 7 6 5 4 3 2 1");
}

/* By what stands in the columns that are hidden at first. What is equal goes by attention. */
static void
test_order_by_more (Fixture *fixture, gconstpointer data)
{
  add_mixture (fixture);
  qk_ui_alter (fixture->entries, 2, "[\"system\"]", "[\"alarm\"]");
  qk_ui_alter (fixture->entries, 0, "[\"system\"]", "[\"urgent\",\"alarm\"]");
  qk_ui_alter (fixture->entries, 4, "\"delivery_callback\"",
               "\"last_error\":\"no route\",\"delivery_callback\"");
  qk_ui_alter (fixture->entries, 7, "\"delivery_callback\"",
               "\"last_error\":\"ended\",\"delivery_callback\"");
  qk_ui_alter (fixture->entries, 1, "\"updated_at\":\"2", "\"updated_at\":\"1");
  open_list (fixture);
  qk_message_list_set_sort (fixture->list, QK_SORT_TAGS, FALSE);
  assert_order (fixture, "3 7 5 4 2 6 8 1");
  qk_message_list_set_sort (fixture->list, QK_SORT_TAGS, TRUE);
  assert_order (fixture, "1 7 5 4 2 6 8 3");
  qk_message_list_set_sort (fixture->list, QK_SORT_CREATED, FALSE);
  assert_order (fixture, "1 7 5 8 3 2 4 6");
  qk_message_list_set_sort (fixture->list, QK_SORT_UPDATED, FALSE);
  assert_order (fixture, "2 1 7 5 8 3 4 6");
  qk_message_list_set_sort (fixture->list, QK_SORT_ID, TRUE);
  assert_order (fixture, "8 7 6 5 4 3 2 1");
  qk_message_list_set_sort (fixture->list, QK_SORT_ERROR, TRUE);
  assert_order (fixture, "5 8 7 4 3 2 6 1");
}

static void
test_filter (Fixture *fixture, gconstpointer data)
{
  add_mixture (fixture);
  open_list (fixture);
  qk_message_list_set_hide_delivered (fixture->list, TRUE);
  assert_order (fixture, "7 5 4 3 2 6");
  g_assert_cmpuint (qk_message_list_get_total (fixture->list), ==, 8);
  qk_message_list_set_agent (fixture->list, "Agent-2");
  assert_order (fixture, "5 2");
  qk_message_list_set_hide_delivered (fixture->list, FALSE);
  assert_order (fixture, "5 2 8");
  qk_message_list_set_agent (fixture->list, NULL);
  qk_message_list_set_focus (fixture->list, QK_FOCUS_PROCESSING);
  assert_order (fixture, "7 6");
  qk_message_list_set_focus (fixture->list, QK_FOCUS_STUCK);
  assert_order (fixture, "7");
  qk_message_list_set_focus (fixture->list, QK_FOCUS_ALL);
  qk_message_list_set_agent (fixture->list, "Agent-99");
  assert_order (fixture, "");
}

/* What the swarm trips over is shown even if it is delivered. */
static void
test_hazards (Fixture *fixture, gconstpointer data)
{
  add_mixture (fixture);
  qk_ui_alter (fixture->entries, 2, "Text", "\\ud800");
  qk_ui_alter (fixture->entries, 7, "\"stalled\":false", "\"stalled\":NaN");
  open_list (fixture);
  qk_message_list_set_hide_delivered (fixture->list, TRUE);
  qk_message_list_set_focus (fixture->list, QK_FOCUS_HAZARD);
  assert_order (fixture, "3 8");
  qk_message_list_set_focus (fixture->list, QK_FOCUS_ALL);
  assert_order (fixture, "7 5 4 3 2 6");
}

static void
test_change_in_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkMessage) row = NULL, again = NULL;
  g_autoptr (GString) entry = NULL;
  g_autofree char *recipient = NULL;

  add_mixture (fixture);
  open_list (fixture);
  row = g_list_model_get_item (G_LIST_MODEL (fixture->list), 1);
  g_signal_connect (row, "changed", G_CALLBACK (row_changed_cb), fixture);
  /* The same age, so the same place. */
  entry = g_string_new (fixture->entries->pdata[4]);
  g_string_replace (entry, "Agent-2", "Agent-6", 0);
  replace (fixture, 4, g_strdup (entry->str));
  reload (fixture);
  again = g_list_model_get_item (G_LIST_MODEL (fixture->list), 1);
  recipient = qk_entry_dup_field (qk_message_get_entry (row), QK_FIELD_RECIPIENT);
  g_assert_true (again == row);
  g_assert_cmpstr (recipient, ==, "Agent-6");
  g_assert_cmpuint (fixture->n_emissions, ==, 0);
  g_assert_cmpuint (fixture->n_row_changes, ==, 1);
  g_signal_handlers_disconnect_by_data (row, fixture);
}

static void
test_few_ranges (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 400; i++)
    add (fixture, i, QK_STATUS_PENDING, 1, 0.5, 4000 - (int) i);
  open_list (fixture);

  /* One more at the end, one less in the middle. */
  add (fixture, 400, QK_STATUS_PENDING, 1, 0.5, 1);
  g_ptr_array_remove_index (fixture->entries, 200);
  reload (fixture);
  g_assert_cmpuint (fixture->n_emissions, ==, 2);
  g_assert_cmpuint (fixture->n_removed, ==, 1);
  g_assert_cmpuint (fixture->n_added, ==, 1);

  /* Ten leave, far from one another. */
  for (guint i = 300; i > 100; i -= 20)
    g_ptr_array_remove_index (fixture->entries, i);
  reload (fixture);
  g_assert_cmpuint (fixture->n_emissions, ==, 10);
  g_assert_cmpuint (fixture->n_removed, ==, 10);
  g_assert_cmpuint (fixture->n_added, ==, 0);

  /* Many leave: the ranges are drawn together. */
  for (guint i = 380; i > 10; i -= 10)
    g_ptr_array_remove_index (fixture->entries, i);
  reload (fixture);
  g_assert_cmpuint (fixture->n_emissions, >, 0);
  g_assert_cmpuint (fixture->n_emissions, <=, QK_LIST_EDITS_MAX);
  g_assert_cmpuint (fixture->n_removed - fixture->n_added, ==, 37);
}

/* What a view does: keeps its own copy of the list by what ::items-changed says. */
static void
mirror_cb (GListModel *model, guint position, guint removed, guint added, GPtrArray *mirror)
{
  g_assert_cmpuint (position + removed, <=, mirror->len);
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror, (int) (position + i), g_list_model_get_item (model, position + i));
  g_assert_cmpuint (mirror->len, ==, g_list_model_get_n_items (model));
  /* In the middle of a change, what was told and what is there are the same. */
  for (guint i = 0; i < mirror->len; i += 7)
    {
      g_autoptr (QkMessage) message = g_list_model_get_item (model, i);

      g_assert_true (message == mirror->pdata[i]);
    }
}

static void
scramble (Fixture *fixture, guint *next_id)
{
  guint n = (guint) g_test_rand_int_range (1, 12);

  for (guint i = 0; i < n; i++)
    {
      guint at = (guint) g_test_rand_int_range (0, (int) fixture->entries->len);
      int what = g_test_rand_int_range (0, 5);
      QkStatus status = (QkStatus) g_test_rand_int_range (0, QK_STATUS_DELIVERED + 1);
      guint agent = (guint) g_test_rand_int_range (1, 4), id;
      const char *queue_id;

      if (what == 0)
        g_ptr_array_insert (fixture->entries, (int) at,
                            qk_ui_entry ((*next_id)++, status, agent, 0.5, (int) at));
      else if (what == 1 && fixture->entries->len > 20)
        g_ptr_array_remove_index (fixture->entries, at);
      else if (what == 2)
        g_ptr_array_insert (fixture->entries, 0, g_ptr_array_steal_index (fixture->entries, at));
      else
        {
          queue_id = strstr (fixture->entries->pdata[at], "\"queue_id\":\"") + 12;
          id = (guint) g_ascii_strtoull (queue_id, NULL, 16);
          replace (fixture, at,
                   qk_ui_entry (id, status, agent, 0.5, g_test_rand_int_range (0, 99)));
        }
    }
}

static void
assert_mirrored (Fixture *fixture, GPtrArray *mirror)
{
  QkDocument *document = qk_store_get_document (fixture->queue.store);
  const QkMessageFilter *filter = qk_message_list_get_filter (fixture->list);
  guint n_expected = 0;

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      g_autofree char *recipient = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);

      if ((!filter->hide_delivered || qk_entry_get_status (entry) != QK_STATUS_DELIVERED) &&
          (filter->agent == NULL || g_str_equal (filter->agent, recipient)) &&
          (filter->find == NULL || qk_filter_matches (filter->find, entry, qk_wall_now ())))
        n_expected++;
    }
  g_assert_cmpuint (mirror->len, ==, n_expected);
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr (QkMessage) message = g_list_model_get_item (G_LIST_MODEL (fixture->list), i);
      guint position;

      g_assert_true (message == mirror->pdata[i]);
      g_assert_true (qk_message_list_find (fixture->list, message, &position));
      g_assert_cmpuint (position, ==, i);
      g_assert_true (qk_message_get_entry (message) ==
                     qk_document_get_entry (document, qk_message_get_index (message)));
    }
}

static gboolean
has_searched (gpointer user_data)
{
  return !qk_message_list_get_searching (user_data);
}

static void
wait_for_search (Fixture *fixture)
{
  g_assert_true (qk_test_wait (has_searched, fixture->list, QK_UI_PATIENCE_MS));
}

static QkFilter *
filter_new (const char *text, const char *status)
{
  g_autoptr (QkFilter) empty = qk_filter_new ();
  g_autoptr (QkFilter) filter = qk_filter_with_text (empty, text);

  if (status == NULL)
    return g_steal_pointer (&filter);
  return qk_filter_with_value (filter, QK_FACET_STATUS, status);
}

static void
find (Fixture *fixture, const char *text, const char *status)
{
  g_autoptr (QkFilter) filter = filter_new (text, status);

  qk_message_list_set_find (fixture->list, filter);
}

/* Lets a message be so long that it is not looked at at once. */
static void
lengthen (Fixture *fixture, guint index)
{
  g_autofree char *padding = g_strnfill (200 * 1024, '.');
  g_autofree char *text = g_strdup_printf ("\"content\":\"%s ", padding);

  qk_ui_alter (fixture->entries, index, "\"content\":\"", text);
}

/* What is looked for, and the rest of the filter. */
static void
test_find (Fixture *fixture, gconstpointer data)
{
  add_mixture (fixture);
  open_list (fixture);
  find (fixture, "agent-2 TEXT", NULL);
  g_assert_false (qk_message_list_get_searching (fixture->list));
  assert_order (fixture, "5 2 8");
  find (fixture, "agent-2", "PENDING");
  assert_order (fixture, "2");
  find (fixture, "", "PENDING");
  assert_order (fixture, "4 3 2");
  qk_message_list_set_agent (fixture->list, "Agent-1");
  assert_order (fixture, "4");
  find (fixture, "captain", NULL);
  assert_order (fixture, "4 6 1");
  qk_message_list_set_hide_delivered (fixture->list, TRUE);
  assert_order (fixture, "4 6");
  qk_message_list_set_focus (fixture->list, QK_FOCUS_FAILED);
  assert_order (fixture, "");
  qk_message_list_set_agent (fixture->list, NULL);
  assert_order (fixture, "5");
  qk_message_list_set_focus (fixture->list, QK_FOCUS_ALL);
  /* Delivered ones are left out unless they are asked for. */
  find (fixture, "agent-2", "DELIVERED");
  assert_order (fixture, "8");
  find (fixture, "", NULL);
  g_assert_null (qk_message_list_get_filter (fixture->list)->find);
  qk_message_list_set_focus (fixture->list, QK_FOCUS_ALL);
  assert_order (fixture, "7 5 4 3 2 6");
  g_assert_cmpuint (qk_message_list_get_total (fixture->list), ==, 8);
}

/* The list stays as it was until it is known what is found; of two searches only the latter counts. */
static void
test_find_stale (Fixture *fixture, gconstpointer data)
{
  add_mixture (fixture);
  lengthen (fixture, 2);
  open_list (fixture);
  fixture->n_emissions = 0;
  find (fixture, "agent-1", NULL);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  assert_order (fixture, "7 5 4 3 2 6 8 1");
  find (fixture, "agent-3", NULL);
  wait_for_search (fixture);
  assert_order (fixture, "7");
  g_assert_cmpuint (fixture->n_emissions, ==, 1);
  /* One that nobody wants any more. */
  find (fixture, "agent-2", NULL);
  find (fixture, "", NULL);
  g_assert_false (qk_message_list_get_searching (fixture->list));
  assert_order (fixture, "7 5 4 3 2 6 8 1");
  fixture->n_emissions = 0;
  for (guint i = 0; i < 50; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpuint (fixture->n_emissions, ==, 0);
  /* One that outlives its list. */
  find (fixture, "agent-2", NULL);
  g_clear_object (&fixture->selection);
  g_signal_handlers_disconnect_by_data (fixture->list, fixture);
  g_clear_object (&fixture->list);
  for (guint i = 0; i < 50; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

/* When the queue changes, only what changed is looked at anew: where that is little, at once,
 * however large the rest is. Rows and selection stay. */
static void
test_find_reload (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkMessage) row = NULL, again = NULL;

  add_mixture (fixture);
  lengthen (fixture, 2);
  open_list (fixture);
  find (fixture, "captain", "PENDING");
  wait_for_search (fixture);
  assert_order (fixture, "4 3 2");
  row = g_list_model_get_item (G_LIST_MODEL (fixture->list), 1);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (fixture->selection), 1, TRUE);
  add (fixture, 9, QK_STATUS_PENDING, 2, 0.5, 1);
  add (fixture, 10, QK_STATUS_FAILED, 2, 0.5, 1);
  replace (fixture, 1, qk_ui_entry (2, QK_STATUS_FAILED, 2, 0.5, 10));
  g_signal_connect (row, "changed", G_CALLBACK (row_changed_cb), fixture);
  reload (fixture);
  g_assert_false (qk_message_list_get_searching (fixture->list));
  assert_order (fixture, "4 3 9");
  g_assert_cmpuint (fixture->n_removed, ==, 1);
  g_assert_cmpuint (fixture->n_added, ==, 1);
  again = g_list_model_get_item (G_LIST_MODEL (fixture->list), 1);
  g_assert_true (again == row);
  g_assert_cmpuint (fixture->n_row_changes, ==, 0);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (fixture->selection), 1));
  g_assert_cmpuint (qk_message_selection_get_size (fixture->selection), ==, 1);
  g_signal_handlers_disconnect_by_data (row, fixture);
}

static void
set_done (gpointer data)
{
  *(gboolean *) data = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return *(gboolean *) data;
}

static QkDocument *
read_entries (Fixture *fixture, QkDocument *previous, QkDiff **diff)
{
  g_autofree char *json = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_ptr_array_add (fixture->entries, NULL);
  json = qk_test_queue ((const char *const *) fixture->entries->pdata);
  g_ptr_array_remove_index (fixture->entries, fixture->entries->len - 1);
  bytes = g_bytes_new (json, strlen (json));
  return qk_document_new (bytes, previous, diff, NULL);
}

/* A search that runs while the queue changes is of use for what did not change. */
static void
test_find_meanwhile (Fixture *fixture, gconstpointer data)
{
  QkMessageFilter filter = {.find = filter_new ("agent-2", NULL)};
  g_autoptr (QkDocument) before = NULL, after = NULL;
  g_autoptr (QkMessageIndex) old = NULL, index = NULL;
  g_autoptr (QkMessageSearch) search = NULL;
  g_autoptr (GArray) items = NULL, rest = NULL;
  QkDiff *diff;
  gboolean done = FALSE;
  gsize n_bytes;

  add_mixture (fixture);
  before = read_entries (fixture, NULL, NULL);
  old = qk_message_index_new (before, &filter, qk_wall_now ());
  items = qk_message_index_find_renewed (old, G_MAXSIZE, &n_bytes);
  g_assert_cmpuint (items->len, ==, 8);
  search = qk_message_search_new (old, items, qk_wall_now (), set_done, &done);

  /* The first goes, the second is for another, the fifth stays for Agent-2. */
  replace (fixture, 1, qk_ui_entry (2, QK_STATUS_PENDING, 3, 0.5, 10));
  g_ptr_array_remove_index (fixture->entries, 0);
  after = read_entries (fixture, before, &diff);
  index = qk_message_index_new_from (after, old, diff, qk_wall_now ());
  qk_diff_unref (diff);
  qk_message_search_follow (search, index);
  g_assert_true (qk_test_wait (is_done, &done, QK_UI_PATIENCE_MS));
  qk_message_search_apply (search, index);
  for (guint i = 0; i < index->n_items; i++)
    g_assert_cmpint ((index->items[i].flags & QK_ITEM_MATCHES) != 0, ==, i == 3 || i == 6);
  rest = qk_message_index_find_renewed (index, G_MAXSIZE, &n_bytes);
  g_assert_cmpuint (rest->len, ==, 1);
  g_assert_cmpuint (g_array_index (rest, guint, 0), ==, 0);
  qk_filter_unref (filter.find);
}

/* The list lets its search follow. */
static void
test_find_follow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkFakeStore) store = qk_fake_store_new ();
  g_autoptr (QkDocument) before = NULL, after = NULL;
  QkDiff *diff;

  add_mixture (fixture);
  lengthen (fixture, 5);
  before = read_entries (fixture, NULL, NULL);
  fixture->list = qk_message_list_new ();
  qk_message_list_set_store (fixture->list, QK_STORE (store));
  qk_fake_store_show (store, before, NULL);
  find (fixture, "agent-2", NULL);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  replace (fixture, 1, qk_ui_entry (2, QK_STATUS_PENDING, 3, 0.5, 10));
  replace (fixture, 2, qk_ui_entry (3, QK_STATUS_PENDING, 2, 0.5, 50));
  g_ptr_array_remove_index (fixture->entries, 0);
  after = read_entries (fixture, before, &diff);
  qk_fake_store_show (store, after, diff);
  qk_diff_unref (diff);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  wait_for_search (fixture);
  assert_order (fixture, "5 3 8");
}

/* Ages pass without the queue. */
static void
test_find_age (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkFilter) empty = qk_filter_new ();
  g_autoptr (QkFilter) young = qk_filter_with_value (empty, QK_FACET_AGE, "1m");
  gint64 now;

  add (fixture, 1, QK_STATUS_PENDING, 1, 0.5, 10);
  add (fixture, 2, QK_STATUS_PENDING, 1, 0.5, 100);
  lengthen (fixture, 0);
  open_list (fixture);
  qk_message_list_set_find (fixture->list, young);
  wait_for_search (fixture);
  assert_order (fixture, "1");
  now = qk_wall_now ();
  fixture->n_emissions = 0;
  (void) qk_message_list_update_time (fixture->list, now + G_USEC_PER_SEC);
  g_assert_cmpuint (fixture->n_emissions, ==, 0);
  g_assert_false (qk_message_list_get_searching (fixture->list));
  (void) qk_message_list_update_time (fixture->list, now + 55 * G_USEC_PER_SEC);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  wait_for_search (fixture);
  assert_order (fixture, "");
  (void) qk_message_list_update_time (fixture->list, now + 56 * G_USEC_PER_SEC);
  g_assert_false (qk_message_list_get_searching (fixture->list));
}

static void
test_any_change (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);
  static const char *const texts[] = {"", "1", "text 2", "agent-3"};
  guint next_id = 300;

  for (guint i = 0; i < next_id; i++)
    add (fixture, i, (QkStatus) (i % 4), 1 + i % 3, 0.5, (int) i);
  open_list (fixture);
  mirror_cb (G_LIST_MODEL (fixture->list), 0, 0,
             g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), mirror);
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (mirror_cb), mirror);
  for (guint round = 0; round < 60; round++)
    {
      qk_message_list_set_hide_delivered (fixture->list, g_test_rand_bit ());
      qk_message_list_set_agent (fixture->list, g_test_rand_bit () ? "Agent-2" : NULL);
      qk_message_list_set_sort (fixture->list,
                                (QkSortKey) g_test_rand_int_range (0, QK_SORT_ATTEMPTS + 1),
                                g_test_rand_bit ());
      find (fixture, texts[g_test_rand_int_range (0, G_N_ELEMENTS (texts))],
            g_test_rand_bit () ? "FAILED" : NULL);
      if (g_test_rand_bit ())
        wait_for_search (fixture);
      if (!qk_message_list_get_searching (fixture->list))
        assert_mirrored (fixture, mirror);
      scramble (fixture, &next_id);
      /* Never the same file twice: the store would rightly say nothing. */
      g_ptr_array_add (fixture->entries, qk_ui_entry (next_id++, QK_STATUS_FAILED, 2, 0.5, 1));
      reload (fixture);
      wait_for_search (fixture);
      assert_mirrored (fixture, mirror);
    }
  g_signal_handlers_disconnect_by_data (fixture->list, mirror);
}

/* The order of a list that is made anew, so that nothing moved in it. */
static char *
dup_order_anew (Fixture *fixture, QkSortKey key)
{
  Fixture other = {.list = qk_message_list_new ()};
  g_autoptr (QkMessageList) list = other.list;

  qk_message_list_set_sort (list, key, FALSE);
  qk_message_list_set_store (list, fixture->queue.store);
  wait_for_search (&other);
  return dup_order (&other);
}

/* Many are put in order beside the main loop: until then the list stays as it was, and what changes
 * meanwhile is in its place at the end. */
static void
test_sort_beside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *meanwhile = NULL, *expected = NULL;

  for (guint i = 0; i < QK_SORT_AT_ONCE + 200; i++)
    add (fixture, i, (QkStatus) (i % 4), 1 + i % 30, 0.1 * (i % 7), (int) (i * 7 % 500));
  open_list (fixture);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 0);
  wait_for_search (fixture);
  before = dup_order (fixture);
  qk_message_list_set_sort (fixture->list, QK_SORT_RECIPIENT, FALSE);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  meanwhile = dup_order (fixture);
  g_assert_cmpstr (meanwhile, ==, before);

  replace (fixture, 5, qk_ui_entry (5, QK_STATUS_FAILED, 29, 0.9, 3));
  g_ptr_array_remove_index (fixture->entries, 77);
  add (fixture, 9000, QK_STATUS_PENDING, 11, 0.5, 1);
  reload (fixture);
  wait_for_search (fixture);
  g_clear_pointer (&before, g_free);
  before = dup_order (fixture);
  expected = dup_order_anew (fixture, QK_SORT_RECIPIENT);
  g_assert_cmpstr (before, ==, expected);

  /* Most of them change. */
  for (guint i = 0; i < fixture->entries->len - 50; i++)
    replace (fixture, i, qk_ui_entry (i, QK_STATUS_PENDING, 1 + i % 9, 0.5, (int) i));
  reload (fixture);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  wait_for_search (fixture);
  g_free (before);
  g_free (expected);
  before = dup_order (fixture);
  expected = dup_order_anew (fixture, QK_SORT_RECIPIENT);
  g_assert_cmpstr (before, ==, expected);
}

/* A newer version comes while the list is put in order. */
static void
test_sort_follow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkFakeStore) store = qk_fake_store_new ();
  g_autoptr (QkDocument) before = NULL, after = NULL;
  g_autofree char *order = NULL, *expected = NULL;
  Fixture other = {.list = qk_message_list_new ()};
  g_autoptr (QkMessageList) list = other.list;
  QkDiff *diff;

  for (guint i = 0; i < QK_SORT_AT_ONCE + 200; i++)
    add (fixture, i, (QkStatus) (i % 4), 1 + i % 30, 0.5, (int) (i * 7 % 500));
  before = read_entries (fixture, NULL, NULL);
  fixture->list = qk_message_list_new ();
  qk_message_list_set_store (fixture->list, QK_STORE (store));
  qk_fake_store_show (store, before, NULL);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  replace (fixture, 5, qk_ui_entry (5, QK_STATUS_FAILED, 29, 0.9, 3));
  g_ptr_array_remove_range (fixture->entries, 7, 70);
  add (fixture, 9000, QK_STATUS_PENDING, 11, 0.5, 1);
  after = read_entries (fixture, before, &diff);
  qk_fake_store_show (store, after, diff);
  qk_diff_unref (diff);
  g_assert_true (qk_message_list_get_searching (fixture->list));
  wait_for_search (fixture);
  order = dup_order (fixture);
  qk_message_list_set_store (list, QK_STORE (store));
  wait_for_search (&other);
  expected = dup_order (&other);
  g_assert_cmpstr (order, ==, expected);
}

/* A list that is held says what is true, but none of its rows comes, goes or moves. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  GtkSelectionModel *model;
  g_autoptr (QkMessage) row = NULL;
  guint n_changes;

  add_mixture (fixture);
  open_list (fixture);
  model = GTK_SELECTION_MODEL (fixture->selection);
  qk_message_list_set_hide_delivered (fixture->list, TRUE);
  assert_order (fixture, "7 5 4 3 2 6");
  gtk_selection_model_select_item (model, 1, TRUE);  /* 5 */
  gtk_selection_model_select_item (model, 4, FALSE); /* 2 */
  qk_message_list_set_held (fixture->list, TRUE);
  g_assert_true (qk_message_list_get_held (fixture->list, &n_changes));
  g_assert_cmpuint (n_changes, ==, 0);

  /* One is delivered, one fails, one is new, one is purged. */
  replace (fixture, 4, qk_ui_entry (5, QK_STATUS_DELIVERED, 2, 0.3, 300));
  replace (fixture, 5, qk_ui_entry (6, QK_STATUS_FAILED, 1, 0.5, 4));
  add (fixture, 9, QK_STATUS_FAILED, 1, 0.5, 4);
  g_ptr_array_remove_index (fixture->entries, 1);
  reload (fixture);
  assert_order (fixture, "7 5 4 3 2 6");
  g_assert_cmpuint (fixture->n_emissions, ==, 0);
  row = g_list_model_get_item (G_LIST_MODEL (fixture->list), 1);
  g_assert_cmpint (qk_entry_get_status (qk_message_get_entry (row)), ==, QK_STATUS_DELIVERED);
  g_assert_true (qk_message_list_get_held (fixture->list, &n_changes));
  g_assert_cmpuint (n_changes, ==, 4);

  /* What is gone is not selected, and cannot be. */
  g_assert_cmpuint (qk_message_selection_get_size (fixture->selection), ==, 1);
  g_assert_true (gtk_selection_model_is_selected (model, 1));
  g_assert_false (gtk_selection_model_is_selected (model, 4));
  gtk_selection_model_select_item (model, 4, FALSE);
  g_assert_cmpuint (qk_message_selection_get_size (fixture->selection), ==, 1);

  /* What the operator asks for is shown. */
  qk_message_list_set_agent (fixture->list, "Agent-1");
  assert_order (fixture, "6 9 4");
  qk_message_list_set_agent (fixture->list, NULL);
  assert_order (fixture, "7 6 9 4 3");
  g_assert_true (qk_message_list_get_held (fixture->list, &n_changes));
  g_assert_cmpuint (n_changes, ==, 0);

  add (fixture, 10, QK_STATUS_FAILED, 1, 1.0, 4);
  reload (fixture);
  assert_order (fixture, "7 6 9 4 3");
  qk_message_list_set_held (fixture->list, FALSE);
  assert_order (fixture, "7 10 6 9 4 3");
}

static void
test_selection (Fixture *fixture, gconstpointer data)
{
  GtkSelectionModel *model;
  g_autoptr (QkMessage) selected = NULL;
  g_autofree char *id = NULL, *expected = qk_ui_dup_id (2);

  add_mixture (fixture);
  open_list (fixture);
  model = GTK_SELECTION_MODEL (fixture->selection);
  qk_message_list_set_hide_delivered (fixture->list, TRUE);
  gtk_selection_model_select_item (model, 4, TRUE);  /* 2 */
  gtk_selection_model_select_item (model, 2, FALSE); /* 4 */
  g_assert_cmpuint (qk_message_selection_get_size (fixture->selection), ==, 2);

  /* 2 fails, so it moves up; 4 is delivered, so it is not shown any more. */
  replace (fixture, 1, qk_ui_entry (2, QK_STATUS_FAILED, 2, 0.9, 10));
  replace (fixture, 3, qk_ui_entry (4, QK_STATUS_DELIVERED, 1, 1.0, 5));
  reload (fixture);
  assert_order (fixture, "7 2 5 3 6");
  g_assert_true (gtk_selection_model_is_selected (model, 1));
  g_assert_cmpuint (qk_message_selection_get_size (fixture->selection), ==, 1);
  selected = qk_message_selection_dup_single (fixture->selection);
  g_assert_nonnull (selected);
  id = qk_entry_dup_field (qk_message_get_entry (selected), QK_FIELD_ID);
  g_assert_cmpstr (id, ==, expected);

  /* 4 comes back into view, but not into the selection. */
  qk_message_list_set_hide_delivered (fixture->list, FALSE);
  g_assert_cmpuint (qk_message_selection_get_size (fixture->selection), ==, 1);

  gtk_selection_model_select_all (model);
  g_assert_cmpuint (qk_message_selection_get_size (fixture->selection), ==, 8);
  gtk_selection_model_unselect_all (model);
  g_assert_cmpuint (qk_message_selection_get_size (fixture->selection), ==, 0);
}

static void
test_time (Fixture *fixture, gconstpointer data)
{
  add_mixture (fixture);
  open_list (fixture);
  g_assert_false (qk_message_list_update_time (fixture->list, qk_wall_now ()));
  fixture->n_emissions = 0;
  g_assert_true (qk_message_list_update_time (fixture->list, qk_wall_now () + 61 * G_USEC_PER_SEC));
  assert_order (fixture, "7 6 5 4 3 2 8 1");
  g_assert_cmpuint (fixture->n_emissions, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/ui/message-list/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("order", test_order);
  ADD ("order-by-more", test_order_by_more);
  ADD ("filter", test_filter);
  ADD ("hazards", test_hazards);
  ADD ("change-in-place", test_change_in_place);
  ADD ("few-ranges", test_few_ranges);
  ADD ("any-change", test_any_change);
  ADD ("sort-beside", test_sort_beside);
  ADD ("sort-follow", test_sort_follow);
  ADD ("held", test_held);
  ADD ("selection", test_selection);
  ADD ("time", test_time);
  ADD ("find", test_find);
  ADD ("find-stale", test_find_stale);
  ADD ("find-reload", test_find_reload);
  ADD ("find-meanwhile", test_find_meanwhile);
  ADD ("find-follow", test_find_follow);
  ADD ("find-age", test_find_age);
  return g_test_run ();
}
