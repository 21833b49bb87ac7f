#include "qk-detail-pane.h"

#include "qk-detail-errors.h"
#include "qk-detail-metadata.h"
#include "qk-detail-text.h"
#include "qk-detail-timeline.h"
#include "qk-fix.h"
#include "qk-sightings.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _QkDetailPane {
  AdwBin parent_instance;

  GtkLabel *heading;
  GtkLabel *subtitle;
  GtkWidget *gone_box;
  GtkLabel *gone;
  GtkWidget *hazard_box;
  GtkLabel *hazards;
  GtkWidget *fix_button;
  GtkWidget *switcher;
  GtkStack *tabs;
  GtkStackPage *errors_page;
  QkDetailText *content;
  QkDetailErrors *errors;
  QkDetailTimeline *timeline;
  QkDetailMetadata *metadata;
  QkDetailText *raw;
  QkStore *store;         /* owned, nullable */
  QkHistory *history;     /* owned, nullable */
  QkSightings *sightings; /* owned */
  QkMessage *message;     /* owned, nullable */
  GHashTable *filled;     /* owned, of names of tabs, static: those that show the message */
  gboolean chosen;        /* the operator chose the tab */
  gboolean switching;     /* the pane does */
  gboolean is_gone;       /* the message left the queue */
};

G_DEFINE_FINAL_TYPE (QkDetailPane, qk_detail_pane, ADW_TYPE_BIN)

/* Setting a text that a label has already would lose what the operator has selected of it. */
static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static void
append (GString *text, const char *part)
{
  if (*part != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

static char *
make_subtitle (const QkEntry *entry, gint64 now)
{
  g_autofree char *type = qk_words_type (entry);
  g_autofree char *priority = qk_words_field (entry, QK_FIELD_PRIORITY);
  g_autofree char *tries = qk_words_tries (entry, now), *status = qk_words_status (entry, now);
  g_autofree char *tried = NULL;
  guint attempts = qk_entry_get_attempts (entry);
  GString *text = g_string_new (NULL);

  append (text, status);
  append (text, type);
  append (text, priority);
  if (*tries != '\0')
    tried = g_strdup_printf (ngettext ("%s try", "%s tries", attempts), tries);
  append (text, tried != NULL ? tried : "");
  return g_string_free (text, FALSE);
}

static void
show_heading (QkDetailPane *self, const QkEntry *entry, gint64 now)
{
  g_autofree char *sender = qk_words_field (entry, QK_FIELD_SENDER);
  g_autofree char *recipient = qk_words_field (entry, QK_FIELD_RECIPIENT);
  g_autofree char *heading =
      qk_words_step (*sender != '\0' ? sender : "?", *recipient != '\0' ? recipient : "?");
  g_autofree char *subtitle = make_subtitle (entry, now);

  set_text (self->heading, heading);
  set_text (self->subtitle, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), *subtitle != '\0');
}

/* What is wrong, and what a fix changes, or why there is none. */
static void
show_hazards (QkDetailPane *self, const QkEntry *entry)
{
  g_autofree char *hazards = qk_words_hazards (entry);
  g_autofree char *fix = hazards != NULL ? qk_words_fix (entry) : NULL;
  g_autofree char *text = NULL, *tooltip = NULL;

  gtk_widget_set_visible (self->hazard_box, hazards != NULL);
  gtk_widget_set_visible (self->fix_button, fix != NULL);
  if (fix != NULL)
    tooltip = g_strdup_printf ("%s (F7)", fix);
  else if (hazards != NULL)
    text = g_strdup_printf (_ ("%s\nNo fix: %s."), hazards, qk_fix_get_obstacle (entry));
  set_text (self->hazards, text != NULL ? text : hazards != NULL ? hazards : "");
  gtk_widget_set_tooltip_text (self->fix_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fix_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  tooltip != NULL ? tooltip : "", -1);
}

/* Long words get an ellipsis rather than more room than the pane has. */
static void
fit_tabs (QkDetailPane *self)
{
  for (GtkWidget *button = gtk_widget_get_first_child (self->switcher); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    {
      GtkWidget *label = gtk_widget_get_first_child (button);

      if (GTK_IS_LABEL (label))
        gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    }
}

/* How often it went wrong stands on the tab. */
static void
show_error_count (QkDetailPane *self, const QkEntry *entry)
{
  guint attempts = qk_entry_get_attempts (entry);
  gboolean any = qk_entry_has_field (entry, QK_FIELD_LAST_ERROR);
  g_autofree char *title =
      any && attempts > 0 ? g_strdup_printf (_ ("Errors %u"), attempts) : g_strdup (_ ("Errors"));

  if (g_strcmp0 (gtk_stack_page_get_title (self->errors_page), title) != 0)
    gtk_stack_page_set_title (self->errors_page, title);
  fit_tabs (self);
}

static void
fill_content (QkDetailPane *self, const QkEntry *entry, gboolean keep)
{
  g_autofree char *content = qk_entry_dup_field (entry, QK_FIELD_CONTENT);

  qk_detail_text_set_text (self->content, content != NULL ? content : "", keep);
  qk_detail_text_set_note (self->content,
                           content == NULL || *content == '\0' ? _ ("No content") : NULL);
}

static void
fill_raw (QkDetailPane *self, const QkEntry *entry, gboolean keep)
{
  gsize length, size;
  const char *json = qk_entry_get_json (entry, &length);
  g_autofree char *text = g_strndup (json, length);
  const char *file =
      g_bytes_get_data (qk_document_get_bytes (qk_message_get_document (self->message)), &size);
  g_autofree char *note = g_strdup_printf (
      ngettext ("%zu byte, at byte %zu of the file", "%zu bytes, at byte %zu of the file", length),
      length, (gsize) (json - file));

  g_assert (json >= file && json + length <= file + size);

  qk_detail_text_set_text (self->raw, text, keep);
  qk_detail_text_set_note (self->raw, note);
}

static void
find_links (QkDetailPane *self)
{
  if (self->store != NULL && !self->is_gone)
    qk_detail_errors_look (self->errors, self->store, qk_message_get_document (self->message),
                           qk_message_get_entry (self->message));
}

/* Fills the tab that is seen, unless it shows the message already. */
static void
fill (QkDetailPane *self, gboolean keep)
{
  const char *tab = gtk_stack_get_visible_child_name (self->tabs);
  const QkEntry *entry;

  if (self->message == NULL || tab == NULL || g_hash_table_contains (self->filled, tab))
    return;
  entry = qk_message_get_entry (self->message);
  g_hash_table_add (self->filled, (gpointer) g_intern_string (tab));
  if (strcmp (tab, "content") == 0)
    fill_content (self, entry, keep);
  else if (strcmp (tab, "errors") == 0)
    {
      qk_detail_errors_show (self->errors, entry, qk_wall_now ());
      find_links (self);
    }
  else if (strcmp (tab, "timeline") == 0)
    qk_detail_timeline_show (self->timeline, entry, keep);
  else if (strcmp (tab, "metadata") == 0)
    qk_detail_metadata_show (self->metadata, entry);
  else
    fill_raw (self, entry, keep);
}

static void
tab_cb (GtkStack *tabs, GParamSpec *pspec, QkDetailPane *self)
{
  g_assert (QK_IS_DETAIL_PANE (self));

  /* While it is built and while it goes there is nothing to show. */
  if (self->filled == NULL)
    return;
  if (!self->switching)
    self->chosen = TRUE;
  /* Whether it showed this message before or another one is not known any more. */
  fill (self, FALSE);
}

static void
show_message (QkDetailPane *self, gboolean keep)
{
  const QkEntry *entry = qk_message_get_entry (self->message);

  show_heading (self, entry, qk_wall_now ());
  show_hazards (self, entry);
  show_error_count (self, entry);
  g_hash_table_remove_all (self->filled);
  fill (self, keep);
}

static void
message_changed_cb (QkMessage *message, QkDetailPane *self)
{
  g_assert (QK_IS_DETAIL_PANE (self));

  show_message (self, TRUE);
}

static void
loaded_cb (QkDetailTimeline *timeline, QkDetailPane *self)
{
  g_autofree char *text = NULL;

  g_assert (QK_IS_DETAIL_PANE (self));

  if (!self->is_gone)
    return;
  text = qk_detail_timeline_describe_removal (timeline);
  set_text (self->gone, text);
}

static gboolean
is_in_queue (QkDetailPane *self)
{
  QkDocument *document = self->store != NULL ? qk_store_get_document (self->store) : NULL;
  const QkEntry *entry = qk_message_get_entry (self->message);

  for (guint i = 0; document != NULL && i < qk_document_get_n_entries (document); i++)
    if (qk_entry_same_id (qk_document_get_entry (document, i), entry))
      return TRUE;
  return FALSE;
}

static void
show_gone (QkDetailPane *self)
{
  g_autofree char *text = NULL;

  self->is_gone = TRUE;
  gtk_widget_set_visible (self->gone_box, TRUE);
  gtk_widget_set_visible (self->hazard_box, FALSE);
  qk_detail_errors_forget (self->errors);
  /* Who took it out is in the history. */
  qk_detail_timeline_show (self->timeline, qk_message_get_entry (self->message), FALSE);
  text = qk_detail_timeline_describe_removal (self->timeline);
  set_text (self->gone, text);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkDetailPane *self)
{
  g_assert (QK_IS_DETAIL_PANE (self));

  if (self->message == NULL)
    return;
  if (self->is_gone && is_in_queue (self))
    set_text (self->gone,
              _ ("This message is in the queue again. Select it to see it as it is now; "
                 "below it is as it was."));
  else if (!self->is_gone && g_hash_table_contains (self->filled, "errors"))
    find_links (self);
}

static GtkWidget *
get_shown (QkDetailPane *self)
{
  return gtk_stack_get_visible_child (self->tabs);
}

static void
step_tab (QkDetailPane *self, int step)
{
  g_autoptr (GtkSelectionModel) pages = gtk_stack_get_pages (self->tabs);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (pages)), at = 0;
  g_autoptr (GObject) page = NULL;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  gboolean inside = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self));

  while (at < n && !gtk_selection_model_is_selected (pages, at))
    at++;
  page = g_list_model_get_item (G_LIST_MODEL (pages), (at + n + (guint) step) % n);
  gtk_stack_set_visible_child (self->tabs, gtk_stack_page_get_child (GTK_STACK_PAGE (page)));
  if (inside)
    qk_detail_pane_take_focus (self);
}

static gboolean
next_tab_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  step_tab (QK_DETAIL_PANE (widget), 1);
  return TRUE;
}

static gboolean
previous_tab_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  step_tab (QK_DETAIL_PANE (widget), -1);
  return TRUE;
}

/* In what is no text there is nothing to be found but in the content. */
static gboolean
find_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  QkDetailPane *self = QK_DETAIL_PANE (widget);

  if (self->message == NULL)
    return FALSE;
  if (!QK_IS_DETAIL_TEXT (get_shown (self)))
    qk_detail_pane_show_tab (self, "content");
  qk_detail_text_find (QK_DETAIL_TEXT (get_shown (self)));
  return TRUE;
}

static gboolean
find_next_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  GtkWidget *shown = get_shown (QK_DETAIL_PANE (widget));

  return QK_IS_DETAIL_TEXT (shown) && qk_detail_text_step (QK_DETAIL_TEXT (shown), 1);
}

static gboolean
find_previous_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  GtkWidget *shown = get_shown (QK_DETAIL_PANE (widget));

  return QK_IS_DETAIL_TEXT (shown) && qk_detail_text_step (QK_DETAIL_TEXT (shown), -1);
}

static void
add_key (GtkEventController *keys, guint key, GdkModifierType modifiers, GtkShortcutAction *action)
{
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers), action));
}

/* Before the text gets them, which has other uses for some. */
static void
add_keys (QkDetailPane *self)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
    GtkShortcutFunc func;
  } keys[] = {
      {GDK_KEY_Page_Down, GDK_CONTROL_MASK, next_tab_cb},
      {GDK_KEY_Page_Up, GDK_CONTROL_MASK, previous_tab_cb},
      {GDK_KEY_f, GDK_CONTROL_MASK, find_cb},
      {GDK_KEY_F3, 0, find_next_cb},
      {GDK_KEY_F3, GDK_SHIFT_MASK, find_previous_cb},
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    add_key (controller, keys[i].key, keys[i].modifiers,
             gtk_callback_action_new (keys[i].func, NULL, NULL));
  add_key (controller, GDK_KEY_F7, 0, gtk_named_action_new ("win.fix"));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
drop_message (QkDetailPane *self)
{
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  self->is_gone = FALSE;
}

static void
qk_detail_pane_dispose (GObject *object)
{
  QkDetailPane *self = QK_DETAIL_PANE (object);

  drop_message (self);
  g_clear_pointer (&self->filled, g_hash_table_unref);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_object (&self->history);
  g_clear_object (&self->sightings);

  G_OBJECT_CLASS (qk_detail_pane_parent_class)->dispose (object);
}

static void
qk_detail_pane_class_init (QkDetailPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_detail_pane_dispose;

  g_type_ensure (QK_TYPE_DETAIL_ERRORS);
  g_type_ensure (QK_TYPE_DETAIL_METADATA);
  g_type_ensure (QK_TYPE_DETAIL_TEXT);
  g_type_ensure (QK_TYPE_DETAIL_TIMELINE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-detail-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, heading);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, subtitle);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, gone_box);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, gone);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, hazard_box);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, hazards);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, fix_button);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, switcher);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, tabs);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, errors_page);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, content);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, errors);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, timeline);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, metadata);
  gtk_widget_class_bind_template_child (widget_class, QkDetailPane, raw);
  gtk_widget_class_bind_template_callback (widget_class, tab_cb);
  gtk_widget_class_bind_template_callback (widget_class, loaded_cb);
}

static void
qk_detail_pane_init (QkDetailPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filled = g_hash_table_new (g_str_hash, g_str_equal);
  self->sightings = qk_sightings_new ();
  qk_detail_text_set_raw (self->raw, _ ("The bytes of the message"));
  add_keys (self);
  fit_tabs (self);
}

static void
set_sources (QkDetailPane *self)
{
  g_autofree char *queue = self->store != NULL ? qk_store_dup_key (self->store) : NULL;

  qk_detail_timeline_set_sources (self->timeline, self->history, self->sightings, queue);
}

/**
 * qk_detail_pane_set_store:
 * @self: a pane
 * @store: (nullable): whose messages are shown
 *
 * Follows @store. To be called before the list does, so that what was seen of a message is known when it
 * is shown.
 */
void
qk_detail_pane_set_store (QkDetailPane *self, QkStore *store)
{
  g_return_if_fail (QK_IS_DETAIL_PANE (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  drop_message (self);
  self->chosen = FALSE;
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_set_object (&self->store, store);
  qk_sightings_set_store (self->sightings, store);
  if (store != NULL)
    g_signal_connect_after (store, "changed", G_CALLBACK (store_changed_cb), self);
  set_sources (self);
}

/**
 * qk_detail_pane_set_history:
 * @self: a pane
 * @history: what knows what was done
 *
 * Asks @history from now on.
 */
void
qk_detail_pane_set_history (QkDetailPane *self, QkHistory *history)
{
  g_return_if_fail (QK_IS_DETAIL_PANE (self));
  g_return_if_fail (QK_IS_HISTORY (history));

  g_set_object (&self->history, history);
  set_sources (self);
}

/**
 * qk_detail_pane_set_marked:
 * @self: a pane
 * @search: (nullable): what the list looks for
 *
 * Marks the words of @search in the texts.
 */
void
qk_detail_pane_set_marked (QkDetailPane *self, QkSearch *search)
{
  g_return_if_fail (QK_IS_DETAIL_PANE (self));

  qk_detail_text_set_marked (self->content, search);
  qk_detail_text_set_marked (self->raw, search);
}

/**
 * qk_detail_pane_set_message:
 * @self: a pane
 * @message: (nullable): a message
 *
 * Shows @message. Without one, the next one opens on the tab that suits it.
 */
void
qk_detail_pane_set_message (QkDetailPane *self, QkMessage *message)
{
  g_return_if_fail (QK_IS_DETAIL_PANE (self));
  g_return_if_fail (message == NULL || QK_IS_MESSAGE (message));

  if (self->message == message)
    return;
  drop_message (self);
  if (message == NULL)
    {
      self->chosen = FALSE;
      return;
    }
  self->message = g_object_ref (message);
  g_signal_connect (message, "changed", G_CALLBACK (message_changed_cb), self);
  gtk_widget_set_visible (self->gone_box, FALSE);
  qk_detail_errors_forget (self->errors);
  /* Of the message before nothing is filled any more. */
  g_hash_table_remove_all (self->filled);
  if (!self->chosen)
    qk_detail_pane_show_tab (
        self, qk_entry_get_status (qk_message_get_entry (message)) == QK_STATUS_FAILED ? "errors"
                                                                                       : "content");
  show_message (self, FALSE);
}

/**
 * qk_detail_pane_get_message:
 * @self: a pane
 *
 * Returns: (transfer none) (nullable): the message that it shows
 */
QkMessage *
qk_detail_pane_get_message (QkDetailPane *self)
{
  g_return_val_if_fail (QK_IS_DETAIL_PANE (self), NULL);

  return self->message;
}

/**
 * qk_detail_pane_let_go:
 * @self: a pane
 *
 * The message is no longer in the list. If it is no longer in the queue either, its last version stays,
 * and a line says so.
 *
 * Returns: whether it stays
 */
gboolean
qk_detail_pane_let_go (QkDetailPane *self)
{
  g_return_val_if_fail (QK_IS_DETAIL_PANE (self), FALSE);

  if (self->message != NULL && self->is_gone)
    return TRUE;
  if (self->message != NULL && !is_in_queue (self))
    {
      show_gone (self);
      return TRUE;
    }
  qk_detail_pane_set_message (self, NULL);
  return FALSE;
}

/**
 * qk_detail_pane_update:
 * @self: a pane
 *
 * Lets what depends on the time follow it.
 */
void
qk_detail_pane_update (QkDetailPane *self)
{
  const QkEntry *entry;
  gint64 now = qk_wall_now ();

  g_return_if_fail (QK_IS_DETAIL_PANE (self));

  if (self->message == NULL)
    return;
  entry = qk_message_get_entry (self->message);
  show_heading (self, entry, now);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->tabs), "errors") == 0)
    qk_detail_errors_show (self->errors, entry, now);
  else if (g_strcmp0 (gtk_stack_get_visible_child_name (self->tabs), "timeline") == 0)
    qk_detail_timeline_update (self->timeline);
}

/**
 * qk_detail_pane_show_tab:
 * @self: a pane
 * @name: a tab: `content`, `errors`, `timeline`, `metadata` or `raw`
 *
 * Shows that tab for this message; it is not what the operator chose for others.
 */
void
qk_detail_pane_show_tab (QkDetailPane *self, const char *name)
{
  g_return_if_fail (QK_IS_DETAIL_PANE (self));

  self->switching = TRUE;
  gtk_stack_set_visible_child_name (self->tabs, name);
  self->switching = FALSE;
}

static void
focus_tab (QkDetailPane *self)
{
  for (GtkWidget *button = gtk_widget_get_first_child (self->switcher); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)))
      gtk_widget_grab_focus (button);
}

/**
 * qk_detail_pane_take_focus:
 * @self: a pane
 *
 * Moves the keyboard to what the tab shows.
 */
void
qk_detail_pane_take_focus (QkDetailPane *self)
{
  GtkWidget *shown, *focus;

  g_return_if_fail (QK_IS_DETAIL_PANE (self));

  shown = get_shown (self);
  if (QK_IS_DETAIL_TEXT (shown))
    qk_detail_text_take_focus (QK_DETAIL_TEXT (shown));
  else if (!gtk_widget_child_focus (shown, GTK_DIR_TAB_FORWARD))
    focus_tab (self);
  /* A label that gets the keyboard selects all of itself. */
  focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  if (GTK_IS_LABEL (focus))
    gtk_label_select_region (GTK_LABEL (focus), 0, 0);
}
