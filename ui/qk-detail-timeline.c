#include "qk-detail-timeline.h"

#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_TOUCHES 50

struct _QkDetailTimeline {
  AdwBin parent_instance;

  GtkListBox *list;
  GtkWidget *problem;        /* a label */
  QkHistory *history;        /* owned, nullable */
  QkSightings *sightings;    /* owned, nullable */
  char *queue;               /* owned, nullable */
  char *id;                  /* owned, nullable: of the message */
  GPtrArray *file_events;    /* owned, element-type Event */
  GPtrArray *touches;        /* owned, nullable, element-type QkHistoryTouch: not known yet */
  GCancellable *cancellable; /* owned, nullable: of the question */
  char *shown;               /* owned, nullable: what the list says, to be known again */
};

G_DEFINE_FINAL_TYPE (QkDetailTimeline, qk_detail_timeline, ADW_TYPE_BIN)

enum { SIGNAL_LOADED, N_SIGNALS };

static guint signals[N_SIGNALS];

typedef struct {
  gint64 time;  /* in wall microseconds */
  char *text;   /* owned */
  char *source; /* owned */
} Event;

static void
event_free (gpointer data)
{
  Event *event = data;

  g_free (event->text);
  g_free (event->source);
  g_free (event);
}

static void
add_event (GPtrArray *events, gint64 time, char *text, char *source)
{
  Event *event = g_new (Event, 1);

  *event = (Event){time, text, source};
  g_ptr_array_add (events, event);
}

static void
read_field (GPtrArray *events, const QkEntry *entry, QkField field, const char *text)
{
  g_autofree char *value = qk_entry_dup_field (entry, field);
  gint64 time = value != NULL ? qk_wall_parse (value, strlen (value), NULL) : QK_WALL_NONE;

  if (time != QK_WALL_NONE)
    add_event (events, time, g_strdup (text), g_strdup (_ ("The queue says so")));
}

/* What the entry itself tells; of the status only the present one. */
static void
read_entry (QkDetailTimeline *self, const QkEntry *entry)
{
  g_autofree char *updated = NULL;
  gint64 retry_at = qk_entry_get_retry_at (entry);

  g_ptr_array_set_size (self->file_events, 0);
  read_field (self->file_events, entry, QK_FIELD_CREATED_AT, _ ("Created"));
  updated = g_strdup_printf (_ ("Last changed; it is %s"),
                             qk_status_get_label (qk_entry_get_status (entry)));
  if (qk_entry_get_updated (entry) != qk_entry_get_created (entry))
    read_field (self->file_events, entry, QK_FIELD_UPDATED_AT, updated);
  read_field (self->file_events, entry, QK_FIELD_DELIVERED_AT, _ ("Delivered"));
  read_field (self->file_events, entry, QK_FIELD_LAST_RETRY_TIME, _ ("Last try"));
  read_field (self->file_events, entry, QK_FIELD_RESEND_TIME, _ ("Resent"));
  if (retry_at != QK_WALL_NONE)
    add_event (self->file_events, retry_at, g_strdup (_ ("Next try")),
               g_strdup (_ ("The queue says so")));
}

static const char *
get_kind (const QkHistoryTouch *touch)
{
  static const struct {
    const char *kind;
    const char *text;
  } kinds[] = {
      {"resend", N_ ("Resent")},
      {"purge", N_ ("Purged")},
      {"send", N_ ("Sent")},
      {"redirect", N_ ("Redirected")},
      {"priority", N_ ("Priority changed")},
      {"edit", N_ ("Edited and resent")},
      {"restore", N_ ("Restored")},
      {"fix", N_ ("Fixed")},
      {"loss", N_ ("Lost: another program took it out with most of the queue")},
  };
  const char *kind = touch->operation->kind;

  if (touch->copied)
    return _ ("Resent as a new message");
  if (strcmp (kind, "undo") == 0)
    return touch->was ? touch->is ? _ ("Put back as it was") : _ ("Taken out by an undo")
                      : _ ("Put back by an undo");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kind, kinds[i].kind) == 0)
      return _ (kinds[i].text);
  return kind;
}

/* The statuses before and after, as far as there are any. */
static char *
describe_touch (const QkHistoryTouch *touch)
{
  const char *kind = get_kind (touch);
  const char *before = qk_status_get_label (touch->before);
  const char *after = qk_status_get_label (touch->after);

  if (touch->copied)
    return g_strdup (kind);
  if (touch->was && touch->is)
    {
      g_autofree char *step = qk_words_step (before, after);

      return g_strdup_printf ("%s: %s", kind, step);
    }
  return g_strdup_printf ("%s: %s", kind, touch->was ? before : after);
}

static char *
describe_source (const QkHistoryOperation *operation)
{
  g_autofree char *user = qk_text_reveal_line (operation->user);
  g_autofree char *program = qk_text_reveal_line (operation->program);

  if (operation->state == QK_HISTORY_UNFINISHED)
    return g_strdup_printf (_ ("History: %s with %s; not known to be finished"), user, program);
  if (operation->undone != 0)
    return g_strdup_printf (_ ("History: %s with %s; undone since"), user, program);
  return g_strdup_printf (_ ("History: %s with %s"), user, program);
}

static void
add_touches (QkDetailTimeline *self, GPtrArray *events)
{
  for (guint i = 0; self->touches != NULL && i < self->touches->len; i++)
    {
      const QkHistoryTouch *touch = self->touches->pdata[i];

      add_event (events, qk_wall_from_unix (touch->operation->time), describe_touch (touch),
                 describe_source (touch->operation));
    }
}

static char *
describe_sighting (const QkSighting *sighting)
{
  if (sighting->before == sighting->after)
    return g_strdup_printf (_ ("Try %u"), sighting->attempts);
  return qk_words_step (qk_status_get_label (sighting->before),
                        qk_status_get_label (sighting->after));
}

static void
add_sightings (QkDetailTimeline *self, GPtrArray *events)
{
  const QkSighting *sightings;
  guint n = 0;

  if (self->sightings == NULL || self->id == NULL)
    return;
  sightings = qk_sightings_get (self->sightings, self->id, &n);
  for (guint i = n; i > 0; i--)
    add_event (events, sightings[i - 1].time, describe_sighting (&sightings[i - 1]),
               g_strdup (_ ("Seen by this window")));
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const Event *left = *(const Event *const *) a, *right = *(const Event *const *) b;

  return left->time < right->time ? 1 : left->time > right->time ? -1 : 0;
}

/* Owned ones are in @events, those of the file are borrowed. */
static GPtrArray *
collect (QkDetailTimeline *self, GPtrArray *events)
{
  GPtrArray *all = g_ptr_array_new ();

  add_touches (self, events);
  add_sightings (self, events);
  g_ptr_array_extend (all, events, NULL, NULL);
  g_ptr_array_extend (all, self->file_events, NULL, NULL);
  g_ptr_array_sort (all, compare_events);
  return all;
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0F, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", FALSE, NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
make_row (const Event *event, gint64 now)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *row = gtk_list_box_row_new ();
  g_autofree char *time = qk_wall_format_short (event->time, now);
  g_autofree char *foot = g_strdup_printf ("%s · %s", time, event->source);
  g_autofree char *all = g_strdup_printf ("%s, %s", event->text, foot);
  GtkWidget *label = make_label (foot, "caption");

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), make_label (event->text, NULL));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, all, -1);
  return row;
}

static char *
sum_up (GPtrArray *events, gint64 now)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < events->len; i++)
    {
      const Event *event = events->pdata[i];
      g_autofree char *time = qk_wall_format_short (event->time, now);

      g_string_append_printf (text, "%s\n%s\n%s\n", event->text, time, event->source);
    }
  return g_string_free (text, FALSE);
}

static void
fill (QkDetailTimeline *self)
{
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (event_free);
  g_autoptr (GPtrArray) events = collect (self, owned);
  gint64 now = qk_wall_now ();
  g_autofree char *sum = sum_up (events, now);
  GtkWidget *row;

  if (g_strcmp0 (sum, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&sum);
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < events->len; i++)
    gtk_list_box_append (self->list, make_row (events->pdata[i], now));
}

typedef struct {
  QkHistory *history; /* owned */
  char *queue;        /* owned */
  char *id;           /* owned */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->history);
  g_free (question->queue);
  g_free (question->id);
  g_free (question);
}

static void
run_ask (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;
  GPtrArray *touches = qk_history_list_of_entry (question->history, question->queue, question->id,
                                                 MAX_TOUCHES, &error);

  if (touches != NULL)
    g_task_return_pointer (task, touches, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkDetailTimeline *self = QK_DETAIL_TIMELINE (source);
  g_autoptr (GError) error = NULL;
  GPtrArray *touches = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->touches, g_ptr_array_unref);
  self->touches = touches;
  if (error != NULL)
    {
      g_autofree char *problem = qk_text_reveal_line (error->message);

      gtk_label_set_text (GTK_LABEL (self->problem), problem);
    }
  gtk_widget_set_visible (self->problem, error != NULL);
  fill (self);
  g_signal_emit (self, signals[SIGNAL_LOADED], 0);
}

static void
stop (QkDetailTimeline *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
ask (QkDetailTimeline *self)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  stop (self);
  if (self->history == NULL || self->queue == NULL || self->id == NULL)
    return;
  question = g_new (Question, 1);
  *question = (Question){g_object_ref (self->history), g_strdup (self->queue), g_strdup (self->id)};
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, answered_cb, NULL);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, run_ask);
}

static void
qk_detail_timeline_dispose (GObject *object)
{
  QkDetailTimeline *self = QK_DETAIL_TIMELINE (object);

  stop (self);
  g_clear_object (&self->history);
  g_clear_object (&self->sightings);

  G_OBJECT_CLASS (qk_detail_timeline_parent_class)->dispose (object);
}

static void
qk_detail_timeline_finalize (GObject *object)
{
  QkDetailTimeline *self = QK_DETAIL_TIMELINE (object);

  g_clear_pointer (&self->touches, g_ptr_array_unref);
  g_ptr_array_unref (self->file_events);
  g_free (self->queue);
  g_free (self->shown);
  g_free (self->id);

  G_OBJECT_CLASS (qk_detail_timeline_parent_class)->finalize (object);
}

static void
qk_detail_timeline_class_init (QkDetailTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_detail_timeline_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_detail_timeline_finalize;

  /**
   * QkDetailTimeline::loaded:
   *
   * The history has answered.
   */
  signals[SIGNAL_LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_detail_timeline_init (QkDetailTimeline *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->file_events = g_ptr_array_new_with_free_func (event_free);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "timeline");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What happened to this message"), -1);
  self->problem = make_label ("", "warning");
  gtk_widget_set_margin_start (self->problem, 12);
  gtk_widget_set_margin_end (self->problem, 12);
  gtk_widget_set_margin_top (self->problem, 12);
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_box_append (GTK_BOX (box), self->problem);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  adw_bin_set_child (ADW_BIN (self), scroller);
}

/**
 * qk_detail_timeline_set_sources:
 * @self: a timeline
 * @history: (nullable): the history
 * @sightings: (nullable): what the window saw
 * @queue: (nullable): which queue, as in qk_store_dup_key()
 *
 * Decides where it knows from what happened.
 */
void
qk_detail_timeline_set_sources (QkDetailTimeline *self,
                                QkHistory *history,
                                QkSightings *sightings,
                                const char *queue)
{
  g_return_if_fail (QK_IS_DETAIL_TIMELINE (self));

  g_set_object (&self->history, history);
  g_set_object (&self->sightings, sightings);
  g_free (self->queue);
  self->queue = g_strdup (queue);
}

/**
 * qk_detail_timeline_show:
 * @self: a timeline
 * @entry: a message
 * @same: whether it is the one that was shown before, which may have changed
 *
 * Shows what happened to @entry. What the history knows comes a little later.
 */
void
qk_detail_timeline_show (QkDetailTimeline *self, const QkEntry *entry, gboolean same)
{
  g_return_if_fail (QK_IS_DETAIL_TIMELINE (self));
  g_return_if_fail (entry != NULL);

  if (!same)
    g_clear_pointer (&self->touches, g_ptr_array_unref);
  g_free (self->id);
  self->id = qk_entry_dup_field (entry, QK_FIELD_ID);
  read_entry (self, entry);
  fill (self);
  ask (self);
}

/**
 * qk_detail_timeline_update:
 * @self: a timeline
 *
 * Lets the words follow the time, and asks anew while something that was done is not known to be finished.
 */
void
qk_detail_timeline_update (QkDetailTimeline *self)
{
  const QkHistoryTouch *latest;

  g_return_if_fail (QK_IS_DETAIL_TIMELINE (self));

  fill (self);
  if (self->touches == NULL || self->touches->len == 0 || self->cancellable != NULL)
    return;
  latest = self->touches->pdata[0];
  if (latest->operation->state == QK_HISTORY_UNFINISHED)
    ask (self);
}

/**
 * qk_detail_timeline_describe_removal:
 * @self: a timeline
 *
 * Returns: (transfer full): that the message is no longer in the queue, and who took it out
 */
char *
qk_detail_timeline_describe_removal (QkDetailTimeline *self)
{
  const QkHistoryTouch *latest = NULL;
  g_autofree char *user = NULL, *program = NULL;

  g_return_val_if_fail (QK_IS_DETAIL_TIMELINE (self), NULL);

  if (self->touches == NULL)
    return g_strdup (_ ("This message is no longer in the queue."));
  for (guint i = 0; latest == NULL && i < self->touches->len; i++)
    if (!((const QkHistoryTouch *) self->touches->pdata[i])->copied)
      latest = self->touches->pdata[i];
  if (latest == NULL || latest->is || strcmp (latest->operation->kind, "loss") == 0)
    return g_strdup (
        _ ("This message is no longer in the queue: another program has taken it out."));
  user = qk_text_reveal_line (latest->operation->user);
  program = qk_text_reveal_line (latest->operation->program);
  return g_strdup_printf (
      strcmp (latest->operation->kind, "purge") == 0
          ? _ ("This message is no longer in the queue: %s purged it with %s.")
          : _ ("This message is no longer in the queue: %s took it out with %s."),
      user, program);
}
