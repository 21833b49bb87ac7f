#include "qk-agent-sidebar.h"

#include "qk-agent-row.h"

#include <glib/gi18n-lib.h>

struct _QkAgentSidebar {
  AdwBin parent_instance;

  GtkListBox *list_box;
  GtkLabel *more;
  QkSavedFilterList *saved;
  GHashTable *rows; /* owned: name -> QkAgentRow, borrowed from the list box */
  QkAgentRow *all;  /* borrowed from the list box */
  char *agent;      /* owned, nullable: what is selected */
};

G_DEFINE_FINAL_TYPE (QkAgentSidebar, qk_agent_sidebar, ADW_TYPE_BIN)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

static const guint no_counts[QK_N_STATUSES];

static int
compare_rows (GtkListBoxRow *a, GtkListBoxRow *b, gpointer user_data)
{
  return qk_agent_row_compare (QK_AGENT_ROW (a), QK_AGENT_ROW (b));
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  static const char *const titles[] = {NULL, N_ ("Agents"), N_ ("Other recipients")};
  QkAgentSection section = qk_agent_row_get_section (QK_AGENT_ROW (row));
  GtkWidget *header;

  if (titles[section] == NULL ||
      (before != NULL && qk_agent_row_get_section (QK_AGENT_ROW (before)) == section))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  if (gtk_list_box_row_get_header (row) != NULL)
    return;
  header = gtk_label_new (_ (titles[section]));
  gtk_label_set_xalign (GTK_LABEL (header), 0);
  gtk_widget_add_css_class (header, "section");
  gtk_widget_add_css_class (header, "caption-heading");
  gtk_list_box_row_set_header (row, header);
}

static void
row_selected_cb (GtkListBox *list_box, GtkListBoxRow *row, QkAgentSidebar *self)
{
  const char *agent = row != NULL ? qk_agent_row_get_name (QK_AGENT_ROW (row)) : NULL;

  g_assert (QK_IS_AGENT_SIDEBAR (self));

  if (row == NULL || g_strcmp0 (agent, self->agent) == 0)
    return;
  g_free (self->agent);
  self->agent = g_strdup (agent);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, self->agent);
}

static void
qk_agent_sidebar_finalize (GObject *object)
{
  QkAgentSidebar *self = QK_AGENT_SIDEBAR (object);

  g_hash_table_unref (self->rows);
  g_free (self->agent);

  G_OBJECT_CLASS (qk_agent_sidebar_parent_class)->finalize (object);
}

static void
qk_agent_sidebar_class_init (QkAgentSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qk_agent_sidebar_finalize;

  /**
   * QkAgentSidebar::selected:
   * @agent: (nullable): a recipient as it stands in the queue; %NULL for all
   *
   * The operator wants to see the messages for @agent.
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (QK_TYPE_SAVED_FILTER_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-agent-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, QkAgentSidebar, list_box);
  gtk_widget_class_bind_template_child (widget_class, QkAgentSidebar, more);
  gtk_widget_class_bind_template_child (widget_class, QkAgentSidebar, saved);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
}

static void
qk_agent_sidebar_init (QkAgentSidebar *self)
{
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_sort_func (self->list_box, compare_rows, NULL, NULL);
  gtk_list_box_set_header_func (self->list_box, update_header, NULL, NULL);
  self->all = QK_AGENT_ROW (qk_agent_row_new (NULL));
  gtk_list_box_append (self->list_box, GTK_WIDGET (self->all));
  gtk_list_box_select_row (self->list_box, GTK_LIST_BOX_ROW (self->all));
}

static void
ensure_row (QkAgentSidebar *self, const char *name, const guint counts[QK_N_STATUSES])
{
  QkAgentRow *row = g_hash_table_lookup (self->rows, name);

  if (row == NULL)
    {
      row = QK_AGENT_ROW (qk_agent_row_new (name));
      g_hash_table_insert (self->rows, g_strdup (name), row);
      gtk_list_box_append (self->list_box, GTK_WIDGET (row));
    }
  qk_agent_row_set_counts (row, counts);
}

/* The selected recipient keeps its row even when its last message is gone. */
static void
remove_others (QkAgentSidebar *self, GHashTable *wanted)
{
  GHashTableIter iter;
  gpointer name, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &name, &row))
    if (g_hash_table_contains (wanted, name))
      continue;
    else if (g_strcmp0 (name, self->agent) == 0)
      qk_agent_row_set_counts (row, no_counts);
    else
      {
        gtk_list_box_remove (self->list_box, row);
        g_hash_table_iter_remove (&iter);
      }
}

static void
show_more (QkAgentSidebar *self, guint n_more)
{
  g_autofree char *text = g_strdup_printf (ngettext ("and %u more", "and %u more", n_more), n_more);

  gtk_label_set_text (self->more, text);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n_more > 0);
}

/**
 * qk_agent_sidebar_update:
 * @self: a sidebar
 * @summary: (nullable): the counts; %NULL where nothing was loaded yet
 * @agents: (nullable) (array zero-terminated=1): who has a row in any case
 *
 * Shows new counts.
 */
void
qk_agent_sidebar_update (QkAgentSidebar *self, const QkSummary *summary, const char *const *agents)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_names = 0;

  g_return_if_fail (QK_IS_AGENT_SIDEBAR (self));

  qk_agent_row_set_counts (self->all, summary != NULL ? summary->by_status : no_counts);
  for (guint i = 0; summary != NULL && i < summary->agents->len; i++)
    {
      const QkAgentCount *count = summary->agents->pdata[i];

      if (++n_names > QK_AGENT_SIDEBAR_MAX_ROWS && g_strcmp0 (count->name, self->agent) != 0)
        continue;
      g_hash_table_add (wanted, count->name);
      ensure_row (self, count->name, count->by_status);
    }
  for (guint i = 0; agents != NULL && agents[i] != NULL; i++)
    if (g_hash_table_add (wanted, (gpointer) agents[i]))
      ensure_row (self, agents[i], no_counts);
  remove_others (self, wanted);
  show_more (self, n_names - MIN (n_names, QK_AGENT_SIDEBAR_MAX_ROWS));
}

/**
 * qk_agent_sidebar_select:
 * @self: a sidebar
 * @agent: (nullable): a recipient; %NULL for all
 *
 * Selects a row as if the operator did. A recipient without one gets one.
 */
void
qk_agent_sidebar_select (QkAgentSidebar *self, const char *agent)
{
  gpointer row = self->all;

  g_return_if_fail (QK_IS_AGENT_SIDEBAR (self));

  if (agent != NULL && !g_hash_table_contains (self->rows, agent))
    ensure_row (self, agent, no_counts);
  if (agent != NULL)
    row = g_hash_table_lookup (self->rows, agent);
  gtk_list_box_select_row (self->list_box, row);
}

/**
 * qk_agent_sidebar_get_saved:
 * @self: a sidebar
 *
 * Returns: (transfer none): the saved filters in it
 */
QkSavedFilterList *
qk_agent_sidebar_get_saved (QkAgentSidebar *self)
{
  g_return_val_if_fail (QK_IS_AGENT_SIDEBAR (self), NULL);

  return self->saved;
}
