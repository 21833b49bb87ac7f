#include "qk-compose-dialog.h"

#include "qk-agent-picker.h"
#include "qk-agents.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_SENDER "CAPTAIN"
/* The swarm takes no more messages when so many stand in the queue, whatever their status. From the
 * second number on the operator is told. */
#define MAX_ENTRIES  1000
#define NEAR_ENTRIES 950
/* So many names are given; of more, the first and the last. */
#define SHOWN_NAMES 4

struct _QkComposeDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkWidget *send_button;
  QkAgentPicker *picker;
  GtkLabel *to_problem;
  GtkTextView *content;
  GtkLabel *content_problem;
  GtkLabel *count;
  GtkEditable *from;
  GtkLabel *from_problem;
  AdwComboRow *priority;
  AdwComboRow *type;
  GtkEditable *tags;
  GtkLabel *preview;
  GtkWidget *warning_box;
  GtkLabel *warning;
  QkStore *store; /* owned */
  gboolean broadcast;
  gboolean tried; /* to send: what is missing is an error from then on */
  gboolean shown; /* for the first time: a keyboard that is somewhere stays there */
};

G_DEFINE_FINAL_TYPE (QkComposeDialog, qk_compose_dialog, ADW_TYPE_WINDOW)

/* The first stands for what the swarm derives from the sender. */
static const char *const types[] = {
    NULL,
    "text",
    "broadcast",
    "onboarding",
    "agent_to_agent",
    "captain_to_agent",
    "system_to_agent",
    "human_to_agent",
    "multi_agent_request",
};

/* Who sent the last message, in this run of the program. */
static char *last_sender;

static char *
dup_content (QkComposeDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->content);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

/* Between commas. */
static char **
dup_tags (QkComposeDialog *self)
{
  g_auto (GStrv) parts = g_strsplit (gtk_editable_get_text (self->tags), ",", -1);
  g_autoptr (GStrvBuilder) tags = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_strv_builder_add (tags, parts[i]);
  return g_strv_builder_end (tags);
}

/* What is missing in a field: a hint at first, an error once it was tried to send. Returns whether
 * nothing is. */
static gboolean
show_problem (QkComposeDialog *self, GtkLabel *label, GtkWidget *field, const char *problem)
{
  gtk_label_set_text (label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (label), problem != NULL);
  gtk_widget_add_css_class (GTK_WIDGET (label), self->tried ? "error" : "dim-label");
  gtk_widget_remove_css_class (GTK_WIDGET (label), self->tried ? "dim-label" : "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL && self->tried ? GTK_ACCESSIBLE_INVALID_TRUE
                                                              : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  problem != NULL ? problem : "", -1);
  return problem == NULL;
}

static void
show_preview (QkComposeDialog *self, char **agents)
{
  guint n = g_strv_length (agents);
  g_autofree char *names = NULL, *text = NULL, *safe = NULL;

  if (n > SHOWN_NAMES)
    names = g_strdup_printf ("%s … %s", agents[0], agents[n - 1]);
  else
    names = g_strjoinv (", ", agents);
  safe = qk_text_reveal_line (names);
  if (n > 0)
    text = g_strdup_printf (ngettext ("%u message: %s", "%u messages: %s", n), n, safe);
  gtk_label_set_text (self->preview, text != NULL ? text : _ ("No message"));
}

static void
show_count (QkComposeDialog *self, const char *content)
{
  glong n = g_utf8_strlen (content, -1);
  g_autofree char *text =
      g_strdup_printf (ngettext ("%ld character", "%ld characters", (gulong) n), n);

  gtk_label_set_text (self->count, text);
}

static void
append_warning (GString *text, char *warning)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", warning);
  g_free (warning);
}

/* The swarm stops at its limit, and counts what is delivered, too. */
static void
warn_of_limit (QkComposeDialog *self, GString *text, guint n)
{
  QkDocument *document = qk_store_get_document (self->store);
  guint there = document != NULL ? qk_document_get_n_entries (document) : 0;

  if (there + n > MAX_ENTRIES)
    append_warning (
        text,
        g_strdup_printf (_ ("The swarm stops at %d entries: %u are there, and %u would be with "
                            "this. Purge delivered ones first."),
                         MAX_ENTRIES, there, there + n));
  else if (there + n >= NEAR_ENTRIES)
    append_warning (text, g_strdup_printf (_ ("The swarm stops at %d entries: %u are there."),
                                           MAX_ENTRIES, there));
}

static void
warn_of_names (GString *text, char **agents)
{
  for (guint i = 0; agents[i] != NULL; i++)
    if (!qk_agent_is_known (agents[i]))
      {
        g_autofree char *safe = qk_text_reveal_line (agents[i]);

        append_warning (
            text, g_strdup_printf (_ ("“%s” is no agent that the swarm knows: it may not be able "
                                      "to deliver it."),
                                   safe));
      }
}

static void
warn_of_characters (GString *text, const char *content)
{
  g_autofree char *revealed = qk_text_reveal (content);

  if (!g_str_equal (revealed, content))
    append_warning (text, g_strdup (_ ("The text holds characters that cannot be seen, or that "
                                       "turn others round. They are sent as they are.")));
}

static void
show_warnings (QkComposeDialog *self, char **agents, const char *content)
{
  g_autoptr (GString) text = g_string_new (NULL);

  warn_of_limit (self, text, g_strv_length (agents));
  warn_of_names (text, agents);
  warn_of_characters (text, content);
  gtk_label_set_text (self->warning, text->str);
  gtk_widget_set_visible (self->warning_box, text->len > 0);
}

/* Looks at all that there is. Returns the first field with which something is wrong, or NULL. */
static GtkWidget *
update (QkComposeDialog *self)
{
  g_auto (GStrv) agents = qk_agent_picker_dup_chosen (self->picker);
  g_autofree char *content = dup_content (self);
  gboolean has_agents, has_content, has_sender;

  if (self->store == NULL)
    return NULL;
  has_agents = show_problem (self, self->to_problem, GTK_WIDGET (self->picker),
                             agents[0] == NULL ? _ ("Choose who is to get it.") : NULL);
  has_content = show_problem (self, self->content_problem, GTK_WIDGET (self->content),
                              is_blank (content) ? _ ("Write what is to be sent.") : NULL);
  has_sender =
      show_problem (self, self->from_problem, GTK_WIDGET (self->from),
                    is_blank (gtk_editable_get_text (self->from)) ? _ ("Say who sends it.") : NULL);
  show_preview (self, agents);
  show_count (self, content);
  show_warnings (self, agents, content);
  gtk_widget_set_sensitive (self->send_button, has_agents && has_content && has_sender);
  if (has_agents && has_content && has_sender)
    return NULL;
  return !has_agents    ? GTK_WIDGET (self->picker)
         : !has_content ? GTK_WIDGET (self->content)
                        : GTK_WIDGET (self->from);
}

static void
changed_cb (gpointer source, QkComposeDialog *self)
{
  g_assert (QK_IS_COMPOSE_DIALOG (self));

  (void) update (self);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkComposeDialog *self)
{
  g_assert (QK_IS_COMPOSE_DIALOG (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    (void) update (self);
}

/* One change for each message: they are saved together. */
static GPtrArray *
make_changes (QkComposeDialog *self, const QkDraft *draft, char **agents)
{
  GPtrArray *changes;
  QkDraft copy = *draft;

  if (self->broadcast)
    return qk_change_new_broadcast (draft, (const char *const *) agents);
  changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  for (guint i = 0; agents[i] != NULL; i++)
    {
      copy.recipient = agents[i];
      g_ptr_array_add (changes, qk_change_new_send (&copy));
    }
  return changes;
}

static void
send_message (QkComposeDialog *self)
{
  g_auto (GStrv) agents = qk_agent_picker_dup_chosen (self->picker), tags = dup_tags (self);
  g_autofree char *content = dup_content (self);
  g_autofree char *sender = g_strstrip (g_strdup (gtk_editable_get_text (self->from)));
  const QkDraft draft = {
      .sender = sender,
      .content = content,
      .priority = qk_priority_get_name (adw_combo_row_get_selected (self->priority)),
      .message_type = types[adw_combo_row_get_selected (self->type)],
      .tags = tags[0] != NULL ? (const char *const *) tags : NULL,
  };
  g_autoptr (GPtrArray) changes = make_changes (self, &draft, agents);

  g_free (last_sender);
  last_sender = g_strdup (sender);
  qk_dialog_submit (GTK_WIDGET (self), changes);
}

static void
submit_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkComposeDialog *self = QK_COMPOSE_DIALOG (widget);
  GtkWidget *wrong;

  self->tried = TRUE;
  wrong = update (self);
  if (wrong != NULL)
    gtk_widget_grab_focus (wrong);
  else
    send_message (self);
}

/* Shown for the first time, the keyboard goes to what is to be done first. */
static void
qk_compose_dialog_show (GtkWidget *widget)
{
  QkComposeDialog *self = QK_COMPOSE_DIALOG (widget);
  g_auto (GStrv) agents = qk_agent_picker_dup_chosen (self->picker);

  (void) update (self);
  GTK_WIDGET_CLASS (qk_compose_dialog_parent_class)->show (widget);
  if (!self->shown)
    gtk_widget_grab_focus (agents[0] != NULL ? GTK_WIDGET (self->content)
                                             : GTK_WIDGET (self->picker));
  self->shown = TRUE;
}

static void
qk_compose_dialog_dispose (GObject *object)
{
  QkComposeDialog *self = QK_COMPOSE_DIALOG (object);

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_compose_dialog_parent_class)->dispose (object);
}

static void
qk_compose_dialog_class_init (QkComposeDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_compose_dialog_dispose;
  widget_class->show = qk_compose_dialog_show;

  g_type_ensure (QK_TYPE_AGENT_PICKER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-compose-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, title);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, send_button);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, picker);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, to_problem);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, content);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, content_problem);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, count);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, from);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, from_problem);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, priority);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, type);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, tags);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, warning_box);
  gtk_widget_class_bind_template_child (widget_class, QkComposeDialog, warning);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  qk_dialog_install (widget_class, submit_action);
}

static void
fill_choices (QkComposeDialog *self)
{
  g_autoptr (GtkStringList) priorities = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  for (guint i = 0; i < QK_N_PRIORITIES; i++)
    gtk_string_list_append (priorities, qk_priority_get_label (i));
  adw_combo_row_set_model (self->priority, G_LIST_MODEL (priorities));
  adw_combo_row_set_selected (self->priority, qk_priority_find ("regular"));
  gtk_string_list_append (labels, _ ("By its sender"));
  for (guint i = 1; i < G_N_ELEMENTS (types); i++)
    gtk_string_list_take (labels, g_strdelimit (g_strdup (types[i]), "_", ' '));
  adw_combo_row_set_model (self->type, G_LIST_MODEL (labels));
}

static void
qk_compose_dialog_init (QkComposeDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  qk_dialog_set_up (GTK_WIDGET (self));
  fill_choices (self);
  gtk_editable_set_text (self->from, last_sender != NULL ? last_sender : DEFAULT_SENDER);
  g_signal_connect_object (gtk_text_view_get_buffer (self->content), "changed",
                           G_CALLBACK (changed_cb), self, 0);
}

/**
 * qk_compose_dialog_new:
 * @parent: (nullable): the window above which it is shown
 * @store: where the message goes
 * @broadcast: whether it goes to all active agents, unless some are left out
 *
 * Returns: (transfer none): the dialog, not shown yet
 */
GtkWidget *
qk_compose_dialog_new (GtkWindow *parent, QkStore *store, gboolean broadcast)
{
  QkComposeDialog *self = g_object_new (QK_TYPE_COMPOSE_DIALOG, "transient-for", parent, NULL);
  g_autoptr (QkRecipients) recipients = qk_recipients_new (store);

  self->store = g_object_ref (store);
  self->broadcast = broadcast;
  qk_agent_picker_set_recipients (self->picker, recipients);
  if (broadcast)
    {
      gtk_window_set_title (GTK_WINDOW (self), _ ("New Broadcast"));
      adw_window_title_set_title (self->title, _ ("New Broadcast"));
      adw_combo_row_set_selected (self->type, 2);
      gtk_editable_set_text (self->tags, "system, coordination");
      qk_agent_picker_choose_active (self->picker);
    }
  g_signal_connect (store, "changed", G_CALLBACK (store_changed_cb), self);
  (void) update (self);
  return GTK_WIDGET (self);
}

/**
 * qk_compose_dialog_choose:
 * @self: a dialog
 * @agent: a recipient
 *
 * Chooses @agent, if it is one of those that can be chosen.
 */
void
qk_compose_dialog_choose (QkComposeDialog *self, const char *agent)
{
  g_return_if_fail (QK_IS_COMPOSE_DIALOG (self));

  qk_agent_picker_choose (self->picker, agent);
}

/**
 * qk_compose_dialog_is_broadcast:
 * @self: a dialog
 *
 * Returns: whether it sends a broadcast
 */
gboolean
qk_compose_dialog_is_broadcast (QkComposeDialog *self)
{
  g_return_val_if_fail (QK_IS_COMPOSE_DIALOG (self), FALSE);

  return self->broadcast;
}

/**
 * qk_compose_dialog_is_touched:
 * @self: a dialog
 *
 * Returns: whether there is text in it that would be lost with it
 */
gboolean
qk_compose_dialog_is_touched (QkComposeDialog *self)
{
  g_autofree char *content = NULL;

  g_return_val_if_fail (QK_IS_COMPOSE_DIALOG (self), FALSE);

  content = dup_content (self);
  return !is_blank (content);
}

/**
 * qk_compose_dialog_get_store:
 * @self: a dialog
 *
 * Returns: (transfer none): where the message goes
 */
QkStore *
qk_compose_dialog_get_store (QkComposeDialog *self)
{
  g_return_val_if_fail (QK_IS_COMPOSE_DIALOG (self), NULL);

  return self->store;
}
