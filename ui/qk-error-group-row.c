#include "qk-error-group-row.h"

#include "qk-fold-layout.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

/* Narrower than this, the buttons stand below the words. */
#define FOLD_BELOW 440

struct _QkErrorGroupRow {
  AdwBin parent_instance;

  GtkLabel *title;        /* owned by the widget */
  GtkLabel *numbers;      /* owned by the widget */
  GtkWidget *resend;      /* owned by the widget */
  GtkWidget *purge;       /* owned by the widget */
  QkErrorGroupItem *item; /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (QkErrorGroupRow, qk_error_group_row, ADW_TYPE_BIN)

static void
set_label (GtkWidget *widget, const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static char *
describe (const QkErrorGroup *group, gint64 now)
{
  g_autofree char *messages =
      g_strdup_printf (ngettext ("%u message", "%u messages", group->n_entries), group->n_entries);
  g_autofree char *agents =
      g_strdup_printf (ngettext ("%u agent", "%u agents", group->n_agents), group->n_agents);
  g_autofree char *age =
      group->oldest != QK_WALL_NONE ? qk_duration_format (now - group->oldest) : NULL;

  /* Translators: how many messages, how many agents, and the age of the oldest message. */
  return age != NULL ? g_strdup_printf (_ ("%s, %s, oldest %s"), messages, agents, age)
                     /* Translators: how many messages, and how many agents. */
                     : g_strdup_printf (_ ("%s, %s"), messages, agents);
}

static void
update_buttons (QkErrorGroupRow *self, const QkErrorGroup *group)
{
  /* Translators: %s is an error. */
  g_autofree char *resend =
      g_strdup_printf (ngettext ("Resend the %u message with “%s”",
                                 "Resend all %u messages with “%s”", group->n_entries),
                       group->n_entries, gtk_label_get_text (self->title));
  g_autofree char *purge =
      g_strdup_printf (ngettext ("Purge the %u message with “%s”",
                                 "Purge all %u messages with “%s”", group->n_entries),
                       group->n_entries, gtk_label_get_text (self->title));

  set_label (self->resend, resend);
  set_label (self->purge, purge);
}

static void
update (QkErrorGroupRow *self)
{
  const QkErrorGroup *group = qk_error_group_item_get (self->item);
  g_autofree char *title = qk_text_reveal_line (group->error_class);

  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->resend), "s", group->error_class);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->purge), "s", group->error_class);
  update_buttons (self, group);
  qk_error_group_row_update_time (self, qk_wall_now ());
}

static void
changed_cb (QkErrorGroupItem *item, QkErrorGroupRow *self)
{
  g_assert (QK_IS_ERROR_GROUP_ROW (self));

  update (self);
}

static void
qk_error_group_row_dispose (GObject *object)
{
  QkErrorGroupRow *self = QK_ERROR_GROUP_ROW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (qk_error_group_row_parent_class)->dispose (object);
}

static void
qk_error_group_row_class_init (QkErrorGroupRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_error_group_row_dispose;
}

/* The keyboard stays on the row, whose keys do the same: else Enter would resend and not show. */
static GtkWidget *
add_button (GtkWidget *box, const char *label, const char *action, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
qk_error_group_row_init (QkErrorGroupRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->numbers = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_ellipsize (self->title, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  gtk_label_set_xalign (self->numbers, 0);
  gtk_label_set_ellipsize (self->numbers, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->numbers), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->numbers), "numeric");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->numbers));
  gtk_widget_set_layout_manager (
      box, g_object_new (QK_TYPE_FOLD_LAYOUT, "fold-below", FOLD_BELOW, "spacing", 9, NULL));
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), buttons);
  self->resend = add_button (buttons, _ ("Resend All"), "win.resend-error",
                             _ ("Resend every message of this group (Ctrl+R)"));
  self->purge = add_button (buttons, _ ("Purge All"), "win.purge-error",
                            _ ("Purge every message of this group (Delete)"));
  gtk_widget_add_css_class (self->purge, "error");
  gtk_widget_add_css_class (self->purge, "flat");
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * qk_error_group_row_new:
 *
 * Returns: (transfer floating): a widget without a group
 */
GtkWidget *
qk_error_group_row_new (void)
{
  return g_object_new (QK_TYPE_ERROR_GROUP_ROW, NULL);
}

/**
 * qk_error_group_row_set_item:
 * @self: a widget
 * @item: (nullable): what it stands for
 *
 * Shows @item from now on.
 */
void
qk_error_group_row_set_item (QkErrorGroupRow *self, QkErrorGroupItem *item)
{
  g_return_if_fail (QK_IS_ERROR_GROUP_ROW (self));

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  gtk_label_set_text (self->numbers, "");
  if (item == NULL)
    return;
  g_signal_connect (item, "changed", G_CALLBACK (changed_cb), self);
  update (self);
}

/**
 * qk_error_group_row_update_time:
 * @self: a widget
 * @now: the present, in wall microseconds
 *
 * Lets the age follow the time.
 */
void
qk_error_group_row_update_time (QkErrorGroupRow *self, gint64 now)
{
  g_autofree char *numbers = NULL, *name = NULL;

  g_return_if_fail (QK_IS_ERROR_GROUP_ROW (self));

  if (self->item == NULL)
    return;
  numbers = describe (qk_error_group_item_get (self->item), now);
  if (g_str_equal (numbers, gtk_label_get_text (self->numbers)))
    return;
  gtk_label_set_text (self->numbers, numbers);
  name = g_strdup_printf ("%s: %s", gtk_label_get_text (self->title), numbers);
  set_label (GTK_WIDGET (self), name);
}
