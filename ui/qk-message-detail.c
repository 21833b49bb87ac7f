#include "qk-message-detail.h"

#include "qk-facet.h"
#include "qk-fix.h"
#include "qk-same-error.h"
#include "qk-selection-pane.h"
#include "qk-slim-layout.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More than this of a text is not laid out: a label of megabytes would stop the window. */
#define MAX_CHARS 65536

enum {
  FIELD_ID,
  FIELD_STATUS,
  FIELD_CREATED,
  FIELD_UPDATED,
  FIELD_DELIVERED,
  FIELD_NEXT_RETRY,
  FIELD_LAST_ERROR,
  FIELD_RESENT,
  FIELD_RESENT_FROM,
  FIELD_TAGS,
  FIELD_MESSAGE_METADATA,
  FIELD_METADATA,
  N_FIELDS,
};

struct _QkMessageDetail {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkLabel *heading;
  GtkLabel *subtitle;
  GtkWidget *error_box;
  GtkLabel *error;
  GtkWidget *hazard_box;
  GtkLabel *hazards;
  GtkWidget *fix_button;
  GtkLabel *content;
  GtkLabel *content_note;
  GtkGrid *grid;
  QkSelectionPane *many;
  GtkWidget *actions;
  GtkWidget *edit_button;
  GtkLabel *keys[N_FIELDS];
  GtkLabel *values[N_FIELDS];
  QkSameError *same_error;
  QkMessageSelection *selection; /* owned, nullable */
  QkMessage *message;            /* owned, nullable: the only one that is selected */
};

G_DEFINE_FINAL_TYPE (QkMessageDetail, qk_message_detail, ADW_TYPE_BIN)

static const char *const field_titles[N_FIELDS] = {
    [FIELD_ID] = "Queue id",
    [FIELD_STATUS] = "Status",
    [FIELD_CREATED] = "Created",
    [FIELD_UPDATED] = "Updated",
    [FIELD_DELIVERED] = "Delivered",
    [FIELD_NEXT_RETRY] = "Next try",
    [FIELD_LAST_ERROR] = "Last error",
    [FIELD_RESENT] = "Resent",
    [FIELD_RESENT_FROM] = "Resent from",
    [FIELD_TAGS] = "Tags",
    [FIELD_MESSAGE_METADATA] = "Message metadata",
    [FIELD_METADATA] = "Metadata",
};

/* Cuts a text that is too long to be laid out. Returns how many characters there were if it was
 * cut, else 0. */
static glong
cut (char *text)
{
  glong length = g_utf8_strlen (text, -1);

  if (length <= MAX_CHARS)
    return 0;
  *g_utf8_offset_to_pointer (text, MAX_CHARS) = '\0';
  return length;
}

/* Setting a text that a label has already would lose what the operator has selected of it. */
static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static char *
read_time (gint64 wall, gint64 now)
{
  return wall != QK_WALL_NONE ? qk_wall_format_short (wall, now) : NULL;
}

/* A time is given as the others are if it can be read, else as it stands there. */
static char *
read_time_field (const QkEntry *entry, QkField field, gint64 now)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);
  char *time;

  if (text == NULL)
    return NULL;
  time = read_time (qk_wall_parse (text, strlen (text), NULL), now);
  return time != NULL ? time : qk_text_reveal_line (text);
}

static char *
read_text (const QkEntry *entry, QkField field)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);

  if (text == NULL)
    return NULL;
  cut (text);
  return qk_text_reveal (text);
}

static char *
read_members (const QkEntry *entry, QkField field)
{
  g_autofree char *text = qk_words_members (entry, field);

  if (text == NULL)
    return NULL;
  cut (text);
  return qk_text_reveal (text);
}

static char *
read_field (guint field, const QkEntry *entry, gint64 now)
{
  switch (field)
    {
    case FIELD_ID:
      return read_text (entry, QK_FIELD_ID);
    case FIELD_STATUS:
      return qk_words_status (entry, now);
    case FIELD_CREATED:
      return read_time_field (entry, QK_FIELD_CREATED_AT, now);
    case FIELD_UPDATED:
      return read_time_field (entry, QK_FIELD_UPDATED_AT, now);
    case FIELD_DELIVERED:
      return read_time_field (entry, QK_FIELD_DELIVERED_AT, now);
    case FIELD_NEXT_RETRY:
      return read_time (qk_entry_get_retry_at (entry), now);
    case FIELD_LAST_ERROR:
      return qk_entry_get_status (entry) != QK_STATUS_FAILED
                 ? read_text (entry, QK_FIELD_LAST_ERROR)
                 : NULL;
    case FIELD_RESENT:
      return read_time_field (entry, QK_FIELD_RESEND_TIME, now);
    case FIELD_RESENT_FROM:
      return read_text (entry, QK_FIELD_RESENT_FROM);
    case FIELD_TAGS:
      return read_members (entry, QK_FIELD_TAGS);
    case FIELD_MESSAGE_METADATA:
      return read_members (entry, QK_FIELD_MESSAGE_METADATA);
    case FIELD_METADATA:
    default:
      return read_members (entry, QK_FIELD_METADATA);
    }
}

static char *
make_subtitle (const QkEntry *entry, gint64 now)
{
  g_autofree char *type = qk_words_type (entry);
  g_autofree char *priority = qk_words_field (entry, QK_FIELD_PRIORITY);
  g_autofree char *tries = qk_words_tries (entry, now);
  GString *text = g_string_new (type);

  if (*priority != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", priority);
  if (*tries != '\0')
    g_string_append_printf (text, "%s%s %s", text->len > 0 ? " · " : "", tries,
                            qk_entry_get_attempts (entry) == 1 ? "try" : "tries");
  return g_string_free (text, FALSE);
}

static void
show_heading (QkMessageDetail *self, const QkEntry *entry, gint64 now)
{
  g_autofree char *sender = qk_words_field (entry, QK_FIELD_SENDER);
  g_autofree char *recipient = qk_words_field (entry, QK_FIELD_RECIPIENT);
  g_autofree char *heading = g_strdup_printf ("%s → %s", *sender != '\0' ? sender : "?",
                                              *recipient != '\0' ? recipient : "?");
  g_autofree char *subtitle = make_subtitle (entry, now);

  set_text (self->heading, heading);
  set_text (self->subtitle, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), *subtitle != '\0');
}

/* What is wrong, and what a fix changes, or why there is none. */
static void
show_hazards (QkMessageDetail *self, const QkEntry *entry)
{
  g_autofree char *hazards = qk_words_hazards (entry);
  g_autofree char *fix = hazards != NULL ? qk_words_fix (entry) : NULL;
  g_autofree char *text = NULL, *tooltip = NULL;

  gtk_widget_set_visible (self->hazard_box, hazards != NULL);
  gtk_widget_set_visible (self->fix_button, fix != NULL);
  if (fix != NULL)
    tooltip = g_strdup_printf ("%s (F7)", fix);
  else if (hazards != NULL)
    text = g_strdup_printf ("%s\nNo fix: %s.", hazards, qk_fix_get_obstacle (entry));
  set_text (self->hazards, text != NULL ? text : hazards != NULL ? hazards : "");
  gtk_widget_set_tooltip_text (self->fix_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fix_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  tooltip != NULL ? tooltip : "", -1);
}

static void
show_troubles (QkMessageDetail *self, const QkEntry *entry)
{
  g_autofree char *error = NULL;

  if (qk_entry_get_status (entry) == QK_STATUS_FAILED)
    error = read_text (entry, QK_FIELD_LAST_ERROR);
  gtk_widget_set_visible (self->error_box, error != NULL);
  set_text (self->error, error != NULL ? error : "");
  show_hazards (self, entry);
}

static void
show_content (QkMessageDetail *self, const QkEntry *entry)
{
  g_autofree char *content = qk_entry_dup_field (entry, QK_FIELD_CONTENT);
  g_autofree char *shown = NULL, *note = NULL;
  glong length = content != NULL ? cut (content) : 0;

  shown = qk_text_reveal (content != NULL ? content : "");
  set_text (self->content, *shown != '\0' ? shown : "No content");
  if (*shown != '\0')
    gtk_widget_remove_css_class (GTK_WIDGET (self->content), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->content), "dim-label");
  if (length > 0)
    note = g_strdup_printf ("These are the first %d of %ld characters.", MAX_CHARS, length);
  set_text (self->content_note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->content_note), note != NULL);
}

static void
show_same_error (QkMessageDetail *self, const QkEntry *entry)
{
  g_autofree char *error_class =
      qk_entry_get_status (entry) == QK_STATUS_FAILED ? qk_facet_dup_error (entry) : NULL;

  qk_same_error_set (self->same_error, qk_message_get_document (self->message), error_class);
}

static void
show_message (QkMessageDetail *self)
{
  const QkEntry *entry = qk_message_get_entry (self->message);
  gint64 now = qk_wall_now ();

  show_same_error (self, entry);

  show_heading (self, entry, now);
  show_troubles (self, entry);
  show_content (self, entry);
  for (guint i = 0; i < N_FIELDS; i++)
    {
      g_autofree char *value = read_field (i, entry, now);
      gboolean visible = value != NULL && *value != '\0';

      set_text (self->values[i], visible ? value : "");
      gtk_widget_set_visible (GTK_WIDGET (self->keys[i]), visible);
      gtk_widget_set_visible (GTK_WIDGET (self->values[i]), visible);
    }
}

static void
message_changed_cb (QkMessage *message, QkMessageDetail *self)
{
  g_assert (QK_IS_MESSAGE_DETAIL (self));

  show_message (self);
}

static void
set_message (QkMessageDetail *self, QkMessage *message)
{
  if (self->message == message)
    return;
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_set_object (&self->message, message);
  if (message == NULL)
    return;
  g_signal_connect (message, "changed", G_CALLBACK (message_changed_cb), self);
  show_message (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

static void
selection_settled_cb (QkMessageSelection *selection, QkMessageDetail *self)
{
  guint size = qk_message_selection_get_size (selection);
  g_autoptr (GPtrArray) messages = NULL;

  g_assert (QK_IS_MESSAGE_DETAIL (self));

  if (size == 1)
    messages = qk_message_selection_dup_messages (selection);
  set_message (self, size == 1 ? messages->pdata[0] : NULL);
  if (size > 1)
    qk_selection_pane_show (self->many, selection);
  gtk_widget_set_visible (self->actions, size > 0);
  gtk_widget_set_visible (self->edit_button, size == 1);
  gtk_stack_set_visible_child_name (self->stack, size == 0 ? "none" : size == 1 ? "one" : "many");
}

/* A hyphen that is not in the queue would be one too many. */
static void
forbid_hyphens (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
}

static void
add_fields (QkMessageDetail *self)
{
  for (guint i = 0; i < N_FIELDS; i++)
    {
      self->keys[i] =
          g_object_new (GTK_TYPE_LABEL, "label", field_titles[i], "xalign", 0.0F, "yalign", 0.0F,
                        "wrap", TRUE, "width-chars", 9, "max-width-chars", 9, NULL);
      self->values[i] =
          g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, "yalign", 0.0F, "wrap", TRUE, "wrap-mode",
                        PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "hexpand", TRUE, NULL);
      gtk_widget_add_css_class (GTK_WIDGET (self->keys[i]), "dim-label");
      if (i == FIELD_ID || i == FIELD_RESENT_FROM)
        gtk_widget_add_css_class (GTK_WIDGET (self->values[i]), "data");
      forbid_hyphens (self->values[i]);
      gtk_grid_attach (self->grid, GTK_WIDGET (self->keys[i]), 0, (int) i, 1, 1);
      gtk_grid_attach (self->grid, GTK_WIDGET (self->values[i]), 1, (int) i, 1, 1);
    }
}

static void
add_same_error (QkMessageDetail *self)
{
  GtkWidget *key = g_object_new (GTK_TYPE_LABEL, "label", _ ("Same error"), "xalign", 0.0F, NULL);

  self->same_error = QK_SAME_ERROR (qk_same_error_new ());
  gtk_widget_add_css_class (key, "dim-label");
  g_object_bind_property (self->same_error, "visible", key, "visible", G_BINDING_SYNC_CREATE);
  gtk_grid_attach (self->grid, key, 0, N_FIELDS, 1, 1);
  gtk_grid_attach (self->grid, GTK_WIDGET (self->same_error), 1, N_FIELDS, 1, 1);
}

static void
add_copy_button (QkMessageDetail *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.copy-id");
  gtk_widget_set_tooltip_text (button, "Copy the queue id");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "inline");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  "Copy queue id", -1);
  gtk_grid_attach (self->grid, button, 2, FIELD_ID, 1, 1);
}

static void
qk_message_detail_dispose (GObject *object)
{
  QkMessageDetail *self = QK_MESSAGE_DETAIL (object);

  set_message (self, NULL);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (qk_message_detail_parent_class)->dispose (object);
}

static void
qk_message_detail_class_init (QkMessageDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_message_detail_dispose;

  g_type_ensure (QK_TYPE_SELECTION_PANE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-message-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, scroller);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, heading);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, subtitle);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, error_box);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, error);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, hazard_box);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, hazards);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, fix_button);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, content);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, content_note);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, grid);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, many);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, actions);
  gtk_widget_class_bind_template_child (widget_class, QkMessageDetail, edit_button);
}

static void
qk_message_detail_init (QkMessageDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), qk_slim_layout_new ());
  forbid_hyphens (self->heading);
  forbid_hyphens (self->error);
  forbid_hyphens (self->content);
  add_fields (self);
  add_copy_button (self);
  add_same_error (self);
}

/**
 * qk_message_detail_set_selection:
 * @self: a pane
 * @selection: what is selected
 *
 * Follows @selection.
 */
void
qk_message_detail_set_selection (QkMessageDetail *self, QkMessageSelection *selection)
{
  g_return_if_fail (QK_IS_MESSAGE_DETAIL (self));
  g_return_if_fail (QK_IS_MESSAGE_SELECTION (selection));
  g_return_if_fail (self->selection == NULL);

  self->selection = g_object_ref (selection);
  g_signal_connect (selection, "settled", G_CALLBACK (selection_settled_cb), self);
  selection_settled_cb (selection, self);
}

/**
 * qk_message_detail_update:
 * @self: a pane
 *
 * Lets what depends on the time follow it.
 */
void
qk_message_detail_update (QkMessageDetail *self)
{
  const QkEntry *entry;
  g_autofree char *status = NULL;
  gint64 now = qk_wall_now ();

  g_return_if_fail (QK_IS_MESSAGE_DETAIL (self));

  if (self->message == NULL)
    return;
  entry = qk_message_get_entry (self->message);
  status = qk_words_status (entry, now);
  set_text (self->values[FIELD_STATUS], status);
  show_same_error (self, entry);
  show_heading (self, entry, now);
}
