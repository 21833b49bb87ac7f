#include "qk-agent-row.h"

#include "qk-agents.h"
#include "qk-status-bar.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkAgentRow {
  GtkListBoxRow parent_instance;

  char *name; /* owned, nullable: as it stands in the queue; NULL for all agents */
  GtkLabel *title;
  GtkLabel *pending;
  QkStatusBar *bar;
};

G_DEFINE_FINAL_TYPE (QkAgentRow, qk_agent_row, GTK_TYPE_LIST_BOX_ROW)

static void
qk_agent_row_finalize (GObject *object)
{
  g_free (QK_AGENT_ROW (object)->name);

  G_OBJECT_CLASS (qk_agent_row_parent_class)->finalize (object);
}

static void
qk_agent_row_class_init (QkAgentRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qk_agent_row_finalize;

  g_type_ensure (QK_TYPE_STATUS_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-agent-row.ui");
  gtk_widget_class_bind_template_child (widget_class, QkAgentRow, title);
  gtk_widget_class_bind_template_child (widget_class, QkAgentRow, pending);
  gtk_widget_class_bind_template_child (widget_class, QkAgentRow, bar);
}

static void
qk_agent_row_init (QkAgentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
update_label (QkAgentRow *self)
{
  g_autofree char *statuses = qk_status_bar_dup_description (self->bar);
  g_autofree char *label = g_strdup_printf ("%s: %s", gtk_label_get_text (self->title), statuses);

  gtk_widget_set_tooltip_text (GTK_WIDGET (self), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/**
 * qk_agent_row_new:
 * @name: (nullable): a recipient as it stands in the queue, "" for none; %NULL for all agents
 *
 * Returns: (transfer floating): a row for it
 */
GtkWidget *
qk_agent_row_new (const char *name)
{
  QkAgentRow *self = g_object_new (QK_TYPE_AGENT_ROW, NULL);
  g_autofree char *title = name != NULL ? qk_words_agent (name) : g_strdup (_ ("All agents"));

  self->name = g_strdup (name);
  gtk_label_set_text (self->title, title);
  if (name == NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->bar), FALSE);
  else if (*name == '\0' || !qk_agent_is_known (name))
    gtk_widget_add_css_class (GTK_WIDGET (self), "unknown");
  update_label (self);
  return GTK_WIDGET (self);
}

/**
 * qk_agent_row_get_name:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the recipient, or %NULL for all agents
 */
const char *
qk_agent_row_get_name (QkAgentRow *self)
{
  g_return_val_if_fail (QK_IS_AGENT_ROW (self), NULL);

  return self->name;
}

/**
 * qk_agent_row_get_section:
 * @self: a row
 *
 * Returns: under which title it belongs
 */
QkAgentSection
qk_agent_row_get_section (QkAgentRow *self)
{
  g_return_val_if_fail (QK_IS_AGENT_ROW (self), QK_AGENT_SECTION_ALL);

  if (self->name == NULL)
    return QK_AGENT_SECTION_ALL;
  return qk_agent_is_swarm_member (self->name) ? QK_AGENT_SECTION_AGENTS : QK_AGENT_SECTION_OTHERS;
}

/**
 * qk_agent_row_set_counts:
 * @self: a row
 * @counts: (array fixed-size=6): how many of its messages have each #QkStatus
 *
 * Sets its numbers.
 */
void
qk_agent_row_set_counts (QkAgentRow *self, const guint counts[QK_N_STATUSES])
{
  char pending[16] = "";

  g_return_if_fail (QK_IS_AGENT_ROW (self));

  if (counts[QK_STATUS_PENDING] > 0)
    g_snprintf (pending, sizeof pending, "%u", counts[QK_STATUS_PENDING]);
  gtk_label_set_text (self->pending, pending);
  if (qk_status_bar_set_counts (self->bar, counts))
    update_label (self);
}

/**
 * qk_agent_row_compare:
 * @self: a row
 * @other: a row
 *
 * Returns: less than, equal to or greater than 0: which comes first
 */
int
qk_agent_row_compare (QkAgentRow *self, QkAgentRow *other)
{
  int order = (int) qk_agent_row_get_section (self) - (int) qk_agent_row_get_section (other);

  if (order != 0 || self->name == NULL || other->name == NULL)
    return order;
  return qk_agent_compare (self->name, other->name);
}
