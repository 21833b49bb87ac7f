#include "qk-salvage-page.h"

#include "qk-salvage-source-row.h"
#include "qk-salvage-view.h"
#include "qk-salvage-words.h"
#include "qk-text.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkSalvagePage {
  AdwBin parent_instance;

  GtkLabel *summary;
  GtkLabel *problem;
  GtkCheckButton *all_of_backups;
  GtkWidget *source_pane;
  GtkListBox *sources;
  QkSalvageView *view;
  GtkLabel *next_step;
  GtkWidget *repair_button;
  QkRecovery *recovery; /* owned, nullable */
  GHashTable *used;     /* owned, nullable: a set of QkEntry of the recovery */
};

G_DEFINE_FINAL_TYPE (QkSalvagePage, qk_salvage_page, ADW_TYPE_BIN)

enum { PROP_0, PROP_ALL_OF_BACKUPS, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void
fill_sources (QkSalvagePage *self)
{
  QkSalvage *salvage = qk_recovery_get_salvage (self->recovery);
  guint n_sources = qk_salvage_get_n_sources (salvage);
  GtkListBoxRow *first;

  while ((first = gtk_list_box_get_row_at_index (self->sources, 0)) != NULL)
    gtk_list_box_remove (self->sources, GTK_WIDGET (first));
  for (guint i = 0; i < n_sources; i++)
    gtk_list_box_append (self->sources, qk_salvage_source_row_new (salvage, i));
  gtk_widget_set_visible (self->source_pane, n_sources > 1);
  gtk_list_box_select_row (self->sources, gtk_list_box_get_row_at_index (self->sources, 0));
}

/* What is wrong with the queue's file, and what it has. */
static char *
describe_problem (QkSalvage *salvage)
{
  QkSalvageSource *source = qk_salvage_get_source (salvage, 0);
  const char *problem = qk_salvage_source_get_problem (source);
  g_autofree char *name = qk_text_reveal_line (qk_salvage_source_get_name (source));
  g_autofree char *shown = problem != NULL ? qk_text_reveal_line (problem) : NULL;

  if (g_bytes_get_size (qk_salvage_source_get_bytes (source)) == 0)
    return g_strdup_printf (_ ("%s is empty: a writer was interrupted."), name);
  return g_strdup_printf (_ ("%s is damaged: %s."), name, shown);
}

static const char *
get_next_step (QkSalvagePage *self)
{
  if (!qk_recovery_can_repair (self->recovery) &&
      qk_salvage_get_n_withheld (qk_recovery_get_salvage (self->recovery)) > 0)
    return _ (
        "There is nothing to repair the queue with but what backups have: choose above to bring "
        "it back.");
  if (!qk_recovery_can_repair (self->recovery))
    return _ (
        "There is nothing to repair the queue with. Restore a backup of your own, or write [] "
        "into the file to begin anew.");
  return _ ("A repair keeps the damaged file as backups/queue_YYYYmmdd_HHMMSS_corrupted.json, with "
            "all that is in it.");
}

/* What only backups have is asked for, with its number. */
static void
show_backups (QkSalvagePage *self, QkSalvage *salvage)
{
  guint n_withheld = qk_salvage_get_n_withheld (salvage);
  g_autofree char *label =
      n_withheld > 0 ? g_strdup_printf (ngettext ("_Bring back %u message that only backups have",
                                                  "_Bring back %u messages that only backups have",
                                                  n_withheld),
                                        n_withheld)
                     : g_strdup (_ ("_Bring back messages that only backups have"));

  gtk_check_button_set_label (self->all_of_backups, label);
  gtk_widget_set_visible (GTK_WIDGET (self->all_of_backups),
                          n_withheld > 0 || qk_salvage_page_get_all_of_backups (self));
}

static void
show_recovery (QkSalvagePage *self)
{
  QkSalvage *salvage = qk_recovery_get_salvage (self->recovery);
  g_autofree char *summary = qk_salvage_words_summary (salvage);
  g_autofree char *problem = describe_problem (salvage);

  gtk_label_set_text (self->summary, summary);
  gtk_label_set_text (self->problem, problem);
  gtk_label_set_text (self->next_step, get_next_step (self));
  show_backups (self, salvage);
  gtk_widget_set_visible (self->repair_button, qk_recovery_can_repair (self->recovery));
  fill_sources (self);
}

static void
all_of_backups_cb (GtkCheckButton *button, GParamSpec *pspec, QkSalvagePage *self)
{
  g_assert (QK_IS_SALVAGE_PAGE (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALL_OF_BACKUPS]);
}

static void
source_selected_cb (GtkListBox *box, GtkListBoxRow *row, QkSalvagePage *self)
{
  g_assert (QK_IS_SALVAGE_PAGE (self));

  if (row == NULL || self->recovery == NULL)
    return;
  qk_salvage_view_set_source (self->view,
                              qk_salvage_get_source (qk_recovery_get_salvage (self->recovery),
                                                     (guint) gtk_list_box_row_get_index (row)),
                              self->used);
}

static void
qk_salvage_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ALL_OF_BACKUPS)
    g_value_set_boolean (value, qk_salvage_page_get_all_of_backups (QK_SALVAGE_PAGE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qk_salvage_page_dispose (GObject *object)
{
  QkSalvagePage *self = QK_SALVAGE_PAGE (object);

  g_clear_object (&self->recovery);
  g_clear_pointer (&self->used, g_hash_table_unref);

  G_OBJECT_CLASS (qk_salvage_page_parent_class)->dispose (object);
}

static void
qk_salvage_page_class_init (QkSalvagePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = qk_salvage_page_get_property;
  object_class->dispose = qk_salvage_page_dispose;

  /**
   * QkSalvagePage:all-of-backups:
   *
   * Whether the operator wants all messages of the backups to be used, purged ones too.
   */
  properties[PROP_ALL_OF_BACKUPS] =
      g_param_spec_boolean ("all-of-backups", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (QK_TYPE_SALVAGE_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-salvage-page.ui");
  gtk_widget_class_bind_template_child (widget_class, QkSalvagePage, summary);
  gtk_widget_class_bind_template_child (widget_class, QkSalvagePage, problem);
  gtk_widget_class_bind_template_child (widget_class, QkSalvagePage, all_of_backups);
  gtk_widget_class_bind_template_child (widget_class, QkSalvagePage, source_pane);
  gtk_widget_class_bind_template_child (widget_class, QkSalvagePage, sources);
  gtk_widget_class_bind_template_child (widget_class, QkSalvagePage, view);
  gtk_widget_class_bind_template_child (widget_class, QkSalvagePage, next_step);
  gtk_widget_class_bind_template_child (widget_class, QkSalvagePage, repair_button);
  gtk_widget_class_bind_template_callback (widget_class, all_of_backups_cb);
  gtk_widget_class_bind_template_callback (widget_class, source_selected_cb);
}

static void
qk_salvage_page_init (QkSalvagePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_salvage_page_set_recovery:
 * @self: a page
 * @recovery: (nullable): what was found of a damaged queue; %NULL to let go of it
 *
 * Shows @recovery.
 */
void
qk_salvage_page_set_recovery (QkSalvagePage *self, QkRecovery *recovery)
{
  g_return_if_fail (QK_IS_SALVAGE_PAGE (self));

  qk_salvage_view_set_source (self->view, NULL, NULL);
  g_set_object (&self->recovery, recovery);
  g_clear_pointer (&self->used, g_hash_table_unref);
  if (recovery == NULL)
    return;
  self->used = qk_salvage_words_collect_used (qk_recovery_get_salvage (recovery));
  show_recovery (self);
}

/**
 * qk_salvage_page_get_all_of_backups:
 * @self: a page
 *
 * Returns: whether the operator wants all messages of the backups to be used
 */
gboolean
qk_salvage_page_get_all_of_backups (QkSalvagePage *self)
{
  g_return_val_if_fail (QK_IS_SALVAGE_PAGE (self), FALSE);

  return gtk_check_button_get_active (self->all_of_backups);
}

/**
 * qk_salvage_page_take_focus:
 * @self: a page
 *
 * Moves the keyboard to the pieces.
 */
void
qk_salvage_page_take_focus (QkSalvagePage *self)
{
  g_return_if_fail (QK_IS_SALVAGE_PAGE (self));

  qk_salvage_view_take_focus (self->view);
}
