#pragma once

#include <gio/gio.h>

#include "qk-change.h"

G_BEGIN_DECLS

/* The journal: keeps what a save changes and takes out, so that it can be put back.
 *
 * An interface, because who keeps it (QkHistory) lies above the storage. It is called in the thread
 * of the writer, with the lock of the queue held: it must answer within some hundred milliseconds,
 * and a save goes on whatever it answers.
 */

/**
 * QkRecord:
 * @change: what was asked for
 * @before: (nullable): the entry as it stood in the queue; %NULL where there was none
 * @after: (nullable): the entry as it is now; %NULL where it was taken out
 * @previous_id: (nullable): the id of the nearest entry before @before that has one
 *
 * What became of one entry.
 */
typedef struct {
  QkChange *change;  /* owned */
  GBytes *before;    /* owned, nullable */
  GBytes *after;     /* owned, nullable */
  char *previous_id; /* owned, nullable */
  gsize position;    /* of @before in its version of the queue; G_MAXSIZE where there was none */
  gatomicrefcount refs;
} QkRecord;

#define QK_TYPE_JOURNAL (qk_journal_get_type ())
G_DECLARE_INTERFACE (QkJournal, qk_journal, QK, JOURNAL, GObject)

/**
 * QkJournalInterface:
 *
 * See the functions of the same names.
 */
struct _QkJournalInterface {
  GTypeInterface parent_iface;

  gint64 (*write) (QkJournal *self,
                   const char *queue,
                   gint64 operation,
                   GPtrArray *records,
                   GError **error);
  gboolean (*end) (QkJournal *self, gint64 operation, gboolean done, GError **error);
  gint64 (*write_loss) (QkJournal *self, const char *queue, GPtrArray *records, GError **error);
  gboolean (*was_purged) (QkJournal *self,
                          const char *queue,
                          const char *id,
                          gboolean *purged,
                          GError **error);
};

gint64 qk_journal_write (QkJournal *self,
                         const char *queue,
                         gint64 operation,
                         GPtrArray *records,
                         GError **error);
gboolean qk_journal_end (QkJournal *self, gint64 operation, gboolean done, GError **error);
gint64 qk_journal_write_loss (QkJournal *self,
                              const char *queue,
                              GPtrArray *records,
                              GError **error);
gboolean qk_journal_was_purged (QkJournal *self,
                                const char *queue,
                                const char *id,
                                gboolean *purged,
                                GError **error);

QkRecord *qk_record_ref (QkRecord *self);
void qk_record_unref (QkRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkRecord, qk_record_unref)

G_END_DECLS
