#include "qk-selection-pane.h"

#include "qk-count-grid.h"
#include "qk-message-tally.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkSelectionPane {
  AdwBin parent_instance;

  GtkLabel *heading;
  GtkLabel *subtitle;
  QkCountGrid *grid;
  GtkButton *fix_button;
  GCancellable *cancellable; /* owned */
  QkPick *next;              /* owned, nullable: to be counted next */
  gboolean counting;
};

G_DEFINE_FINAL_TYPE (QkSelectionPane, qk_selection_pane, ADW_TYPE_BIN)

static void
add_counts (QkSelectionPane *self, const char *title, GPtrArray *counts, gboolean agents)
{
  if (counts->len > 0)
    qk_count_grid_add_title (self->grid, title);
  for (guint i = 0; i < counts->len; i++)
    {
      const QkTallyCount *count = counts->pdata[i];
      g_autofree char *name =
          agents ? qk_words_agent (count->name) : qk_text_reveal_line (count->name);

      qk_count_grid_add (self->grid, *name != '\0' ? name : _ ("No error given"), count->n);
    }
}

static void
add_age (QkSelectionPane *self, const char *title, gint64 created, gint64 now)
{
  g_autofree char *age = NULL, *time = NULL, *text = NULL;

  if (created == QK_WALL_NONE)
    return;
  age = qk_duration_format (now - created);
  time = qk_wall_format_short (created, now);
  text = g_strdup_printf (_ ("%s, %s ago"), time, age);
  qk_count_grid_add_text (self->grid, title, text);
}

static void
show_hazards (QkSelectionPane *self, guint n_hazards)
{
  gtk_widget_set_visible (GTK_WIDGET (self->fix_button), n_hazards > 0);
  if (n_hazards > 0)
    {
      g_autofree char *label =
          g_strdup_printf (ngettext ("_Fix the %u that trips the swarm",
                                     "_Fix the %u that trip the swarm", n_hazards),
                           n_hazards);

      gtk_button_set_label (self->fix_button, label);
    }
}

static void
show_tally (QkSelectionPane *self, const QkMessageTally *tally)
{
  g_autofree char *statuses = qk_message_tally_describe_statuses (tally);
  gint64 now = qk_wall_now ();

  gtk_label_set_text (self->subtitle, statuses);
  qk_count_grid_clear (self->grid);
  add_counts (self, _ ("For whom"), tally->agents, TRUE);
  add_counts (self, _ ("Why they failed"), tally->errors, FALSE);
  if (tally->oldest != QK_WALL_NONE)
    qk_count_grid_add_title (self->grid, _ ("Created"));
  add_age (self, _ ("Oldest"), tally->oldest, now);
  add_age (self, _ ("Newest"), tally->newest, now);
  show_hazards (self, tally->hazards);
}

static void count (QkSelectionPane *self);

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QkMessageTally) tally = qk_message_tally_finish (result, &error);
  QkSelectionPane *self = user_data;

  /* Cancelled: the pane is gone. */
  if (tally == NULL)
    return;
  self->counting = FALSE;
  show_tally (self, tally);
  count (self);
}

static void
count (QkSelectionPane *self)
{
  g_autoptr (QkPick) pick = NULL;

  if (self->counting || self->next == NULL)
    return;
  pick = g_steal_pointer (&self->next);
  if (qk_pick_get_n_entries (pick) <= QK_TALLY_AT_ONCE)
    {
      g_autoptr (QkMessageTally) tally = qk_message_tally_new (pick, NULL, qk_wall_now ());

      show_tally (self, tally);
      return;
    }
  self->counting = TRUE;
  qk_message_tally_async (pick, qk_wall_now (), self->cancellable, counted_cb, self);
}

static void
qk_selection_pane_dispose (GObject *object)
{
  QkSelectionPane *self = QK_SELECTION_PANE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->next, qk_pick_unref);

  G_OBJECT_CLASS (qk_selection_pane_parent_class)->dispose (object);
}

static void
qk_selection_pane_finalize (GObject *object)
{
  g_object_unref (QK_SELECTION_PANE (object)->cancellable);

  G_OBJECT_CLASS (qk_selection_pane_parent_class)->finalize (object);
}

static void
qk_selection_pane_class_init (QkSelectionPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_selection_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_selection_pane_finalize;

  g_type_ensure (QK_TYPE_COUNT_GRID);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-selection-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, QkSelectionPane, heading);
  gtk_widget_class_bind_template_child (widget_class, QkSelectionPane, subtitle);
  gtk_widget_class_bind_template_child (widget_class, QkSelectionPane, grid);
  gtk_widget_class_bind_template_child (widget_class, QkSelectionPane, fix_button);
}

static void
qk_selection_pane_init (QkSelectionPane *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_selection_pane_show:
 * @self: a pane
 * @selection: what is selected, more than one
 *
 * Shows what it consists of now.
 */
void
qk_selection_pane_show (QkSelectionPane *self, QkMessageSelection *selection)
{
  g_autofree char *heading = NULL;

  g_return_if_fail (QK_IS_SELECTION_PANE (self));
  g_return_if_fail (QK_IS_MESSAGE_SELECTION (selection));

  heading = qk_selection_pane_describe (selection);
  gtk_label_set_text (self->heading, heading);
  g_clear_pointer (&self->next, qk_pick_unref);
  self->next = qk_message_selection_dup_pick (selection);
  count (self);
}

/**
 * qk_selection_pane_describe:
 * @selection: a selection
 *
 * Returns: (transfer full): `12 messages selected`, `All 376 matching selected`
 */
char *
qk_selection_pane_describe (QkMessageSelection *selection)
{
  guint size = qk_message_selection_get_size (selection);

  if (size == 0)
    return g_strdup (_ ("Nothing selected"));
  if (size > 1 && qk_message_selection_has_all (selection))
    return g_strdup_printf (ngettext ("All %u matching selected", "All %u matching selected", size),
                            size);
  return g_strdup_printf (ngettext ("%u message selected", "%u messages selected", size), size);
}
