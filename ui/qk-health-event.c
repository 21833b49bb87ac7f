#include "qk-health-event.h"

#include "qk-health-words.h"
#include "qk-text.h"

struct _QkHealthEvent {
  GObject parent_instance;

  QkReport *report; /* owned: it holds the event */
  const QkReportEvent *event;
  char *folded; /* owned, nullable: all its words, made when first asked for */
  guint serial;
};

G_DEFINE_FINAL_TYPE (QkHealthEvent, qk_health_event, G_TYPE_OBJECT)

static void
qk_health_event_finalize (GObject *object)
{
  QkHealthEvent *self = QK_HEALTH_EVENT (object);

  qk_report_unref (self->report);
  g_free (self->folded);

  G_OBJECT_CLASS (qk_health_event_parent_class)->finalize (object);
}

static void
qk_health_event_class_init (QkHealthEventClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_health_event_finalize;
}

static void
qk_health_event_init (QkHealthEvent *self)
{
}

/**
 * qk_health_event_new:
 * @report: a report
 * @index: of one of its events
 * @serial: by what the row is told from others
 *
 * Returns: (transfer full): a row for it
 */
QkHealthEvent *
qk_health_event_new (QkReport *report, guint index, guint serial)
{
  QkHealthEvent *self;

  g_return_val_if_fail (report != NULL && index < report->events->len, NULL);

  self = g_object_new (QK_TYPE_HEALTH_EVENT, NULL);
  self->report = qk_report_ref (report);
  self->event = report->events->pdata[index];
  self->serial = serial;
  return self;
}

/**
 * qk_health_event_move:
 * @self: a row
 * @report: another report
 * @index: of an equal event in it
 *
 * Lets go of the report that it was in before.
 */
void
qk_health_event_move (QkHealthEvent *self, QkReport *report, guint index)
{
  QkReport *old;

  g_return_if_fail (QK_IS_HEALTH_EVENT (self));
  g_return_if_fail (report != NULL && index < report->events->len);

  old = self->report;
  self->report = qk_report_ref (report);
  self->event = report->events->pdata[index];
  qk_report_unref (old);
}

/**
 * qk_health_event_get_serial:
 * @self: a row
 *
 * Returns: by what it is told from others
 */
guint
qk_health_event_get_serial (QkHealthEvent *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_EVENT (self), 0);

  return self->serial;
}

/**
 * qk_health_event_get:
 * @self: a row
 *
 * Returns: (transfer none): its event
 */
const QkReportEvent *
qk_health_event_get (QkHealthEvent *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_EVENT (self), NULL);

  return self->event;
}

/**
 * qk_health_event_get_folded:
 * @self: a row
 *
 * Returns: (transfer none): all that it says, with the case folded, to be searched
 */
const char *
qk_health_event_get_folded (QkHealthEvent *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_EVENT (self), NULL);

  if (self->folded == NULL)
    {
      g_autofree char *sentence = qk_health_words_event (self->event);

      self->folded = qk_text_fold_case (sentence);
    }
  return self->folded;
}

/**
 * qk_health_event_hash:
 * @event: (type QkReportEvent): an event
 *
 * Returns: equal for equal events
 */
guint
qk_health_event_hash (gconstpointer event)
{
  const QkReportEvent *self = event;
  const QkLockEvent *e = self->event;

  return g_int64_hash (&e->time) ^ (guint) e->kind << 3 ^ (guint) e->code << 8 ^ e->attempt << 16 ^
         (guint) self->source << 28 ^ (guint) self->pid;
}

/**
 * qk_health_event_equal:
 * @a: (type QkReportEvent): an event
 * @b: (type QkReportEvent): another one
 *
 * Returns: whether they tell of the same
 */
gboolean
qk_health_event_equal (gconstpointer a, gconstpointer b)
{
  const QkReportEvent *x = a, *y = b;

  return x->event->time == y->event->time && x->event->operation == y->event->operation &&
         x->event->kind == y->event->kind && x->event->code == y->event->code &&
         x->event->attempt == y->event->attempt && x->event->delay == y->event->delay &&
         x->event->outcome == y->event->outcome && x->source == y->source && x->pid == y->pid;
}
