#include "qk-same-error.h"

#include "qk-error-group.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

struct _QkSameError {
  AdwBin parent_instance;

  GtkButton *button;    /* owned by the widget */
  QkDocument *document; /* owned, nullable */
  char *error_class;    /* owned, nullable */
  gboolean counting;
  gboolean again; /* and another count is wanted */
};

G_DEFINE_FINAL_TYPE (QkSameError, qk_same_error, ADW_TYPE_BIN)

typedef struct {
  QkDocument *document; /* owned */
  char *error_class;    /* owned */
} Count;

static void
count_free (gpointer data)
{
  Count *count = data;

  qk_document_unref (count->document);
  g_free (count->error_class);
  g_free (count);
}

/* The same as what the link shows. */
static void
run_count (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Count *count = task_data;
  g_autoptr (QkQuery) all = qk_query_new (NULL, QK_FOCUS_ALL, TRUE, NULL);
  g_autoptr (QkQuery) query = qk_query_with_error (all, count->error_class);

  g_task_return_pointer (task, qk_error_groups_find (count->document, query, qk_wall_now ()),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
show_group (QkSameError *self, const QkErrorGroup *group)
{
  g_autofree char *messages =
      g_strdup_printf (ngettext ("%u message", "%u messages", group->n_entries), group->n_entries);
  g_autofree char *agents =
      g_strdup_printf (ngettext ("%u agent", "%u agents", group->n_agents), group->n_agents);
  /* Translators: how many messages, and how many agents. */
  g_autofree char *text = g_strdup_printf (_ ("%s, %s"), messages, agents);
  g_autofree char *name = g_strdup_printf (_ ("Show those with the same error: %s"), text);

  if (g_strcmp0 (gtk_button_get_label (self->button), text) != 0)
    gtk_button_set_label (self->button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void start_count (QkSameError *self);

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkSameError *self = QK_SAME_ERROR (source);
  Count *count = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) groups = g_task_propagate_pointer (G_TASK (result), NULL);
  gboolean meant = g_strcmp0 (count->error_class, self->error_class) == 0;

  self->counting = FALSE;
  if (meant && groups->len > 0)
    show_group (self, groups->pdata[0]);
  gtk_widget_set_visible (GTK_WIDGET (self), meant && groups->len > 0);
  if (self->again && self->document != NULL)
    start_count (self);
}

static void
start_count (QkSameError *self)
{
  g_autoptr (GTask) task = NULL;
  Count *count;

  self->again = self->counting;
  if (self->counting)
    return;
  self->counting = TRUE;
  count = g_new (Count, 1);
  *count = (Count){qk_document_ref (self->document), g_strdup (self->error_class)};
  task = g_task_new (self, NULL, counted_cb, NULL);
  g_task_set_task_data (task, count, count_free);
  g_task_run_in_thread (task, run_count);
}

static void
qk_same_error_dispose (GObject *object)
{
  QkSameError *self = QK_SAME_ERROR (object);

  g_clear_pointer (&self->document, qk_document_unref);
  g_clear_pointer (&self->error_class, g_free);

  G_OBJECT_CLASS (qk_same_error_parent_class)->dispose (object);
}

static void
qk_same_error_class_init (QkSameErrorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_same_error_dispose;
}

static void
qk_same_error_init (QkSameError *self)
{
  self->button = GTK_BUTTON (gtk_button_new_with_label (""));
  gtk_widget_set_halign (GTK_WIDGET (self->button), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "link-button");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "win.show-same-error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button),
                               _ ("Show all messages with this error that are not delivered"));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * qk_same_error_new:
 *
 * Returns: (transfer floating): a link that is not shown
 */
GtkWidget *
qk_same_error_new (void)
{
  return g_object_new (QK_TYPE_SAME_ERROR, NULL);
}

/**
 * qk_same_error_set:
 * @self: a link
 * @document: the version of the queue that is shown
 * @error_class: (nullable): the class of the error of the message that is read; %NULL for none
 *
 * Counts the messages with that error, and shows the link when that is done.
 */
void
qk_same_error_set (QkSameError *self, QkDocument *document, const char *error_class)
{
  gboolean same;

  g_return_if_fail (QK_IS_SAME_ERROR (self));
  g_return_if_fail (document != NULL);

  same = g_strcmp0 (error_class, self->error_class) == 0;
  if (same && document == self->document)
    return;
  qk_document_ref (document);
  g_clear_pointer (&self->document, qk_document_unref);
  self->document = document;
  if (!same)
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      g_free (self->error_class);
      self->error_class = g_strdup (error_class);
    }
  if (error_class == NULL)
    return;
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s", error_class);
  start_count (self);
}
