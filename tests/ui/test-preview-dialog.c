#include "qk-fake-store.h"
#include "qk-preview-dialog.h"
#include "qk-time.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"

/* What is said before many messages are changed, and that it holds. */

typedef struct {
  QkUiFixture queue;
  GPtrArray *entries;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_ui_fixture_set_up (&fixture->queue, data);
  fixture->entries = qk_ui_entries_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->entries);
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static void
add (Fixture *fixture, guint n, QkStatus status)
{
  for (guint i = 0; i < n; i++)
    {
      guint id = fixture->entries->len + 1;

      g_ptr_array_add (fixture->entries, qk_ui_entry (id, status, id % 3 + 1, 0.5, 20));
    }
}

static void
open_store (Fixture *fixture)
{
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_ui_fixture_open (&fixture->queue);
}

static QkPick *
pick_all (QkStore *store)
{
  return qk_pick_new_all (qk_store_get_document (store));
}

static void
applied_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  *(QkResult **) user_data = qk_store_apply_finish (QK_STORE (source), async_result, NULL);
}

static gboolean
is_set (gpointer user_data)
{
  return *(gpointer *) user_data != NULL;
}

static guint
count_reason (const QkResult *result, const char *reason)
{
  guint n = 0;

  for (guint i = 0; i < result->skipped->len; i++)
    n += g_str_equal (((QkSkip *) result->skipped->pdata[i])->reason, reason);
  return n;
}

/* What is foreseen is what a save then does. */
static void
test_forecast (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkPick) pick = NULL;
  g_autoptr (QkForecast) forecast = NULL;
  g_autoptr (QkResult) result = NULL;
  guint n_agents = 0;

  add (fixture, 7, QK_STATUS_FAILED);
  add (fixture, 5, QK_STATUS_PENDING);
  add (fixture, 3, QK_STATUS_PROCESSING);
  add (fixture, 4, QK_STATUS_DELIVERED);
  open_store (fixture);
  pick = pick_all (fixture->queue.store);
  /* Two of them move on before it is looked at. */
  qk_ui_alter (fixture->entries, 0, "FAILED", "PROCESSING");
  g_ptr_array_remove_index (fixture->entries, 6);
  qk_ui_fixture_rewrite (&fixture->queue, fixture->entries);
  forecast = qk_forecast_new (qk_store_get_document (fixture->queue.store), pick, QK_CHANGE_RESEND,
                              NULL, qk_wall_now ());
  g_assert_cmpuint (forecast->tally->n_messages, ==, 5 + 4);
  g_assert_cmpuint (forecast->n_skipped, ==, 2 + 5 + 3);
  for (guint i = 0; i < forecast->tally->agents->len; i++)
    n_agents += ((QkTallyCount *) forecast->tally->agents->pdata[i])->n;
  g_assert_cmpuint (n_agents, ==, 9);

  qk_store_apply_async (fixture->queue.store, forecast->changes, NULL, NULL, applied_cb, &result);
  g_assert_true (qk_test_wait (is_set, &result, QK_UI_PATIENCE_MS));
  g_assert_cmpuint (result->changed->len, ==, forecast->tally->n_messages);
  g_assert_cmpuint (result->skipped->len, ==, forecast->n_skipped);
  g_assert_cmpuint (forecast->skips->len, ==, 4);
  for (guint i = 0; i < forecast->skips->len; i++)
    {
      const QkForecastSkip *skip = &g_array_index (forecast->skips, QkForecastSkip, i);

      g_assert_cmpuint (count_reason (result, skip->reason), ==, skip->n);
    }
}

/* The figures follow the queue; what was chosen stays what it was. */
static void
test_preview_follows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkPick) pick = NULL;
  GtkWidget *dialog;
  QkPreviewDialog *preview;
  AdwMessageDialog *message;

  add (fixture, 30, QK_STATUS_FAILED);
  open_store (fixture);
  pick = pick_all (fixture->queue.store);
  dialog = qk_preview_dialog_new (NULL, fixture->queue.store, pick, QK_CHANGE_RESEND);
  preview = QK_PREVIEW_DIALOG (dialog);
  message = ADW_MESSAGE_DIALOG (dialog);
  g_assert_cmpstr (adw_message_dialog_get_heading (message), ==, "Resend 30 Messages?");
  g_assert_cmpstr (adw_message_dialog_get_body (message), ==,
                   "30 failed, for Agent-1, Agent-2 and Agent-3.");
  g_assert_cmpuint (qk_preview_dialog_get_per_second (preview), ==, 0);

  add (fixture, 9, QK_STATUS_FAILED);
  g_ptr_array_remove_range (fixture->entries, 0, 10);
  qk_ui_fixture_rewrite (&fixture->queue, fixture->entries);
  g_assert_cmpstr (adw_message_dialog_get_heading (message), ==, "Resend 30 Messages?");
  g_assert_cmpuint (qk_preview_dialog_get_forecast (preview)->tally->n_messages, ==, 20);
  g_assert_cmpuint (qk_preview_dialog_get_forecast (preview)->n_skipped, ==, 10);
  g_assert_cmpstr (adw_message_dialog_get_response_label (message, QK_PREVIEW_RESPONSE_GO), ==,
                   "_Resend 20 Messages");
  g_ptr_array_set_size (fixture->entries, 0);
  qk_ui_fixture_rewrite (&fixture->queue, fixture->entries);
  g_assert_cmpstr (adw_message_dialog_get_body (message), ==, "There is nothing left to be done.");
  g_assert_false (adw_message_dialog_get_response_enabled (message, QK_PREVIEW_RESPONSE_GO));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static gboolean
has_focus (gpointer user_data)
{
  return gtk_window_get_focus (user_data) != NULL;
}

/* Before a purge the keyboard is at Cancel, before a resend at what it does. */
static void
test_focus (Fixture *fixture, gconstpointer data)
{
  static const struct {
    QkChangeKind kind;
    const char *label;
  } cases[] = {{QK_CHANGE_PURGE, "Cancel"}, {QK_CHANGE_RESEND, "Resend 30 Messages"}};

  add (fixture, 30, QK_STATUS_FAILED);
  open_store (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkPick) pick = pick_all (fixture->queue.store);
      GtkWidget *dialog = qk_preview_dialog_new (NULL, fixture->queue.store, pick, cases[i].kind);

      gtk_window_present (GTK_WINDOW (dialog));
      g_assert_true (qk_test_wait (has_focus, dialog, QK_UI_PATIENCE_MS));
      g_assert_nonnull (qk_ui_test_find (gtk_window_get_focus (GTK_WINDOW (dialog)), GTK_TYPE_LABEL,
                                         cases[i].label));
      gtk_window_destroy (GTK_WINDOW (dialog));
    }
}

static gboolean
has_forecast (gpointer user_data)
{
  return qk_preview_dialog_get_forecast (user_data) != NULL;
}

typedef struct {
  gint64 last;
  gint64 longest;
  guint n;
} Beats;

static gboolean
beat_cb (gpointer user_data)
{
  Beats *beats = user_data;
  gint64 now = g_get_monotonic_time ();

  beats->longest = MAX (beats->longest, now - beats->last);
  beats->last = now;
  beats->n++;
  return G_SOURCE_CONTINUE;
}

static QkDocument *
make_large (guint n)
{
  GString *json = g_string_new ("[");
  g_autoptr (GBytes) bytes = NULL;
  QkDocument *document;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *entry =
          qk_ui_entry (i, i % 2 == 0 ? QK_STATUS_FAILED : QK_STATUS_PENDING, i % 8, 0.5, 30);

      g_string_append_printf (json, "%s%s", i > 0 ? "," : "", entry);
    }
  g_string_append_c (json, ']');
  bytes = g_string_free_to_bytes (json);
  document = qk_document_new (bytes, NULL, NULL, NULL);
  g_assert_nonnull (document);
  return document;
}

/* A hundred thousand messages are looked through while the main loop goes on. */
static void
test_large (void)
{
  g_autoptr (QkFakeStore) store = qk_fake_store_new ();
  g_autoptr (QkDocument) document = make_large (100000);
  g_autoptr (QkPick) pick = NULL;
  Beats beats = {0};
  GtkWidget *dialog;
  guint source;
  gint64 start, made;

  qk_fake_store_show (store, document, NULL);
  pick = qk_pick_new_all (document);
  source = g_timeout_add_full (G_PRIORITY_HIGH, 1, beat_cb, &beats, NULL);
  start = beats.last = g_get_monotonic_time ();
  dialog = qk_preview_dialog_new (NULL, QK_STORE (store), pick, QK_CHANGE_RESEND);
  made = g_get_monotonic_time () - start;
  g_assert_null (qk_preview_dialog_get_forecast (QK_PREVIEW_DIALOG (dialog)));
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog),
                                                           QK_PREVIEW_RESPONSE_GO));
  g_assert_true (qk_test_wait (has_forecast, dialog, QK_UI_PATIENCE_MS));
  g_test_message ("made in %.1f ms, known after %.1f ms, %u beats, longest gap %.1f ms",
                  (double) made / 1000, (double) (g_get_monotonic_time () - start) / 1000, beats.n,
                  (double) beats.longest / 1000);
  g_assert_cmpuint (beats.n, >, 3);
  g_assert_cmpuint (qk_preview_dialog_get_forecast (QK_PREVIEW_DIALOG (dialog))->tally->n_messages,
                    ==, 50000);
  g_source_remove (source);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/ui/preview-dialog/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      ADD ("forecast", test_forecast);
      ADD ("follows", test_preview_follows);
      ADD ("focus", test_focus);
      g_test_add_func ("/ui/preview-dialog/large", test_large);
    }
  return qk_ui_test_run (has_display);
}
