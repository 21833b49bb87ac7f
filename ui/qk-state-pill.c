#include "qk-state-pill.h"

#include "qk-text.h"

#include <glib/gi18n-lib.h>

/* How long a state that passes by itself must last to be shown. */
#define SETTLE_MS 150
/* How often the time until the next attempt is counted down. */
#define COUNTDOWN_MS 100
/* How long changes must have waited for a file to be told so. */
#define HELD_USEC G_TIME_SPAN_SECOND
/* How much of the text is seen at least, in characters. */
#define NARROW_CHARS 4

struct _QkStatePill {
  AdwBin parent_instance;

  GtkWidget *pill;
  GtkLabel *label;
  GtkWidget *guarded;
  QkStore *store;       /* owned, nullable */
  QkLockEvent *event;   /* owned, nullable: the last retry of the save that is on its way */
  char *guarded_text;   /* owned, nullable: what it says of guarded changes */
  gint64 deadline;      /* when the next attempt begins, in monotonic microseconds */
  gint64 trouble_since; /* monotonic; 0 while there is a whole file */
  gboolean torn;        /* it was there, but incomplete, when that was last told */
  const char *style;    /* nullable: the style class that is set */
  guint settle_id;      /* source: a passing state may be shown */
  guint countdown_id;   /* source: counts down to the next attempt, or up while there is no file */
};

G_DEFINE_FINAL_TYPE (QkStatePill, qk_state_pill, ADW_TYPE_BIN)

static const char *
get_state_text (QkStoreState state)
{
  switch (state)
    {
    case QK_STORE_STATE_LIVE:
      return _ ("Live");
    case QK_STORE_STATE_WAITING:
      return _ ("Waiting for the writer");
    case QK_STORE_STATE_DAMAGED:
      return _ ("Damaged");
    case QK_STORE_STATE_GONE:
      return _ ("Gone");
    case QK_STORE_STATE_UNREADABLE:
      return _ ("Unreadable");
    case QK_STORE_STATE_OPENING:
    default:
      return _ ("Opening");
    }
}

static const char *
get_style (QkStoreState state, gboolean saving, gboolean held)
{
  if (held)
    return "held";
  if (saving)
    return "writing";
  switch (state)
    {
    case QK_STORE_STATE_LIVE:
      return "live";
    case QK_STORE_STATE_DAMAGED:
    case QK_STORE_STATE_GONE:
    case QK_STORE_STATE_UNREADABLE:
      return "broken";
    case QK_STORE_STATE_OPENING:
    case QK_STORE_STATE_WAITING:
    default:
      return "waiting";
    }
}

/* @event: (nullable): the last lock event of a save that is on its way. @remaining: microseconds until the next
 * attempt; 0 or less while it is being made. */
static char *
describe (QkStoreState state, gboolean saving, const QkLockEvent *event, gint64 remaining)
{
  if (!saving)
    return g_strdup (get_state_text (state));
  if (event == NULL || event->outcome != QK_LOCK_OUTCOME_RETRY)
    return g_strdup (_ ("Writing"));
  if (remaining > 0)
    return g_strdup_printf (_ ("Writing · attempt %u of %u · next in %.1f s"), event->attempt,
                            event->attempts, (double) MAX (remaining, 100000) / G_USEC_PER_SEC);
  return g_strdup_printf (_ ("Writing · attempt %u of %u"), event->attempt + 1, event->attempts);
}

/**
 * qk_state_pill_describe_wait:
 * @state: the state of the store
 * @torn: whether the file was incomplete, not absent, when that was last told
 * @waited: for how long there has been no whole file, in microseconds
 * @sentence: (out): the same as a sentence
 *
 * Returns: (transfer full): that changes wait for the file
 */
char *
qk_state_pill_describe_wait (QkStoreState state, gboolean torn, gint64 waited, char **sentence)
{
  gboolean damaged = state == QK_STORE_STATE_DAMAGED || (state == QK_STORE_STATE_WAITING && torn);
  int seconds = (int) (waited / G_TIME_SPAN_SECOND);

  if (damaged)
    {
      *sentence =
          g_strdup_printf (_ ("The queue file is damaged for %d s; your changes wait."), seconds);
      return g_strdup_printf (_ ("File damaged for %d s; your changes wait"), seconds);
    }
  *sentence =
      g_strdup_printf (_ ("The queue file is missing for %d s; your changes wait."), seconds);
  return g_strdup_printf (_ ("File missing for %d s; your changes wait"), seconds);
}

static void
set_style (QkStatePill *self, const char *style)
{
  if (g_strcmp0 (self->style, style) == 0)
    return;
  if (self->style != NULL)
    gtk_widget_remove_css_class (self->pill, self->style);
  self->style = style;
  gtk_widget_add_css_class (self->pill, style);
}

static char *
dup_tooltip (QkStatePill *self)
{
  g_autofree char *problem = NULL;

  if (self->event != NULL)
    return qk_lock_event_describe (self->event);
  problem = qk_store_dup_problem (self->store);
  if (problem == NULL)
    problem = qk_store_dup_location (self->store);
  return problem != NULL ? qk_text_reveal (problem) : NULL;
}

static void
show_guarded (QkStatePill *self)
{
  guint n = qk_store_get_n_guarded (self->store);
  g_autofree char *tooltip = NULL;

  g_free (self->guarded_text);
  self->guarded_text =
      g_strdup_printf (ngettext ("Watching over %u change", "Watching over %u changes", n), n);
  tooltip = g_strdup_printf ("%s\n%s", self->guarded_text,
                             _ ("Changes that are put right if another program undoes them"));
  gtk_widget_set_tooltip_text (self->guarded, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->guarded), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->guarded_text, -1);
  /* While there is more to tell, that goes first. */
  gtk_widget_set_visible (self->guarded, n > 0 && !qk_store_get_saving (self->store));
}

/* Whether what is saved waits for the file. A damaged one is being repaired, if it is only the lock
 * that this waits for. */
static gboolean
waits_for_file (QkStatePill *self, QkStoreState state, gint64 now)
{
  gboolean repairs = state == QK_STORE_STATE_DAMAGED && self->event != NULL &&
                     self->event->kind == QK_LOCK_KIND_LOCK_HELD;

  return !repairs && self->trouble_since != 0 && now - self->trouble_since >= HELD_USEC;
}

static void
show (QkStatePill *self)
{
  gboolean saving = qk_store_get_saving (self->store);
  QkStoreState state = qk_store_get_state (self->store);
  gint64 now = g_get_monotonic_time ();
  gboolean held = saving && waits_for_file (self, state, now);
  g_autofree char *sentence = NULL;
  g_autofree char *text =
      held ? qk_state_pill_describe_wait (state, self->torn, now - self->trouble_since, &sentence)
           : describe (state, saving, self->event, self->deadline - now);
  g_autofree char *tooltip = held ? g_strdup (sentence) : dup_tooltip (self);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  show_guarded (self);
  set_style (self, get_style (state, saving, held));
  gtk_widget_set_tooltip_text (self->pill, tooltip);
  if (g_strcmp0 (text, gtk_label_get_text (self->label)) == 0)
    return;
  gtk_label_set_text (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  held ? sentence : text, -1);
}

static gboolean
settled_cb (gpointer user_data)
{
  QkStatePill *self = user_data;

  self->settle_id = 0;
  show (self);
  return G_SOURCE_REMOVE;
}

static gboolean
countdown_cb (gpointer user_data)
{
  QkStatePill *self = user_data;

  if (self->settle_id == 0)
    show (self);
  return G_SOURCE_CONTINUE;
}

static void
start_countdown (QkStatePill *self)
{
  if (self->countdown_id == 0)
    self->countdown_id = g_timeout_add (COUNTDOWN_MS, countdown_cb, self);
}

static void
note_trouble (QkStatePill *self, QkStoreState state)
{
  switch (state)
    {
    case QK_STORE_STATE_WAITING:
    case QK_STORE_STATE_DAMAGED:
    case QK_STORE_STATE_GONE:
      if (self->trouble_since == 0)
        self->trouble_since = g_get_monotonic_time ();
      break;
    case QK_STORE_STATE_OPENING:
    case QK_STORE_STATE_LIVE:
    case QK_STORE_STATE_UNREADABLE:
    default:
      self->trouble_since = 0;
    }
}

static void
update (QkStatePill *self)
{
  gboolean saving = qk_store_get_saving (self->store);
  QkStoreState state = qk_store_get_state (self->store);

  note_trouble (self, state);
  if (saving && self->trouble_since != 0)
    start_countdown (self);
  if (!saving)
    {
      g_clear_pointer (&self->event, qk_lock_event_free);
      g_clear_handle_id (&self->countdown_id, g_source_remove);
    }
  if (self->event == NULL && (saving || state == QK_STORE_STATE_WAITING))
    {
      if (self->settle_id == 0)
        self->settle_id = g_timeout_add (SETTLE_MS, settled_cb, self);
    }
  else
    show (self);
}

static void
store_notify_cb (QkStore *store, GParamSpec *pspec, QkStatePill *self)
{
  g_assert (QK_IS_STATE_PILL (self));

  update (self);
}

static void
guarded_cb (QkStore *store, GParamSpec *pspec, QkStatePill *self)
{
  g_assert (QK_IS_STATE_PILL (self));

  show_guarded (self);
}

static void
lock_event_cb (QkStore *store, QkLockEvent *event, QkStatePill *self)
{
  g_assert (QK_IS_STATE_PILL (self));

  if (event->kind == QK_LOCK_KIND_ABSENT || event->kind == QK_LOCK_KIND_TORN)
    self->torn = event->kind == QK_LOCK_KIND_TORN;
  if (event->operation != QK_OPERATION_SAVE || event->outcome != QK_LOCK_OUTCOME_RETRY)
    return;
  g_clear_pointer (&self->event, qk_lock_event_free);
  self->event = qk_lock_event_copy (event);
  self->deadline = g_get_monotonic_time () + event->delay;
  start_countdown (self);
  update (self);
}

static void
drop_store (QkStatePill *self)
{
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->countdown_id, g_source_remove);
  g_clear_pointer (&self->event, qk_lock_event_free);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  self->trouble_since = 0;
}

static void
qk_state_pill_dispose (GObject *object)
{
  drop_store (QK_STATE_PILL (object));

  G_OBJECT_CLASS (qk_state_pill_parent_class)->dispose (object);
}

static void
qk_state_pill_finalize (GObject *object)
{
  g_free (QK_STATE_PILL (object)->guarded_text);

  G_OBJECT_CLASS (qk_state_pill_parent_class)->finalize (object);
}

static void
qk_state_pill_class_init (QkStatePillClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_state_pill_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_state_pill_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-state-pill.ui");
  gtk_widget_class_bind_template_child (widget_class, QkStatePill, pill);
  gtk_widget_class_bind_template_child (widget_class, QkStatePill, label);
  gtk_widget_class_bind_template_child (widget_class, QkStatePill, guarded);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
qk_state_pill_init (QkStatePill *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_state_pill_set_store:
 * @self: a pill
 * @store: (nullable): whose state to show; the pill hides where there is none
 *
 * Follows @store.
 */
void
qk_state_pill_set_store (QkStatePill *self, QkStore *store)
{
  g_return_if_fail (QK_IS_STATE_PILL (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  drop_store (self);
  gtk_widget_set_visible (GTK_WIDGET (self), store != NULL);
  if (store == NULL)
    return;
  self->store = g_object_ref (store);
  g_signal_connect (store, "notify::state", G_CALLBACK (store_notify_cb), self);
  g_signal_connect (store, "notify::saving", G_CALLBACK (store_notify_cb), self);
  g_signal_connect (store, "notify::n-guarded", G_CALLBACK (guarded_cb), self);
  g_signal_connect (store, "lock-event", G_CALLBACK (lock_event_cb), self);
  note_trouble (self, qk_store_get_state (store));
  show (self);
}

/**
 * qk_state_pill_set_narrow:
 * @self: a pill
 * @narrow: whether there is little room
 *
 * Lets its text be cut, or not. The tooltip says the rest.
 */
void
qk_state_pill_set_narrow (QkStatePill *self, gboolean narrow)
{
  g_return_if_fail (QK_IS_STATE_PILL (self));

  gtk_label_set_ellipsize (self->label, narrow ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_width_chars (self->label, narrow ? NARROW_CHARS : -1);
}

/**
 * qk_state_pill_get_text:
 * @self: a pill
 *
 * Returns: (transfer none): what it says
 */
const char *
qk_state_pill_get_text (QkStatePill *self)
{
  g_return_val_if_fail (QK_IS_STATE_PILL (self), NULL);

  return gtk_label_get_text (self->label);
}

/**
 * qk_state_pill_get_guarded:
 * @self: a pill
 *
 * Returns: (transfer none) (nullable): what it says of guarded changes; %NULL while there are none
 */
const char *
qk_state_pill_get_guarded (QkStatePill *self)
{
  g_return_val_if_fail (QK_IS_STATE_PILL (self), NULL);

  return gtk_widget_get_visible (self->guarded) ? self->guarded_text : NULL;
}
