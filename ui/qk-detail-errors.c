#include "qk-detail-errors.h"

#include "qk-detail-links.h"
#include "qk-detail-table.h"
#include "qk-facet.h"
#include "qk-same-error.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More of an error than this is not laid out; all of it is in the raw bytes. */
#define MAX_BYTES 16384

struct _QkDetailErrors {
  AdwBin parent_instance;

  GtkLabel *error;
  QkDetailTable *table;
  QkSameError *same_error;
  GtkWidget *broadcast_button;
  GCancellable *cancellable; /* owned, nullable: of the search that is under way */
  QkStore *store;            /* owned, nullable: those of what is to be looked for next */
  QkDocument *document;      /* owned, nullable: likewise */
  const QkEntry *entry;      /* of the document */
};

G_DEFINE_FINAL_TYPE (QkDetailErrors, qk_detail_errors, ADW_TYPE_BIN)

static char *
read_text (const QkEntry *entry, QkField field)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);
  g_autofree char *start = NULL;

  if (text == NULL || strlen (text) <= MAX_BYTES)
    return text != NULL ? qk_text_reveal (text) : NULL;
  start = g_utf8_make_valid (text, MAX_BYTES - 3);
  return qk_text_reveal (start);
}

/* As the other times if it can be read, else as it stands there. */
static char *
read_time (const QkEntry *entry, QkField field, gint64 now)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);
  gint64 time;

  if (text == NULL)
    return NULL;
  time = qk_wall_parse (text, strlen (text), NULL);
  return time != QK_WALL_NONE ? qk_wall_format_short (time, now) : qk_text_reveal_line (text);
}

static char *
read_next_try (const QkEntry *entry, gint64 now)
{
  gint64 retry_at = qk_entry_get_retry_at (entry);
  g_autofree char *delay = NULL, *time = NULL;

  if (retry_at == QK_WALL_NONE)
    return NULL;
  time = qk_wall_format_short (retry_at, now);
  if (retry_at <= now)
    return g_strdup_printf (_ ("due since %s"), time);
  delay = qk_duration_format (retry_at - now + G_USEC_PER_SEC - 1);
  return g_strdup_printf (_ ("in %s, %s"), delay, time);
}

static char *
read_tries (const QkEntry *entry)
{
  guint attempts = qk_entry_get_attempts (entry);

  return attempts > 0 ? g_strdup_printf ("%u", attempts) : NULL;
}

static char *
read_class (const QkEntry *entry)
{
  g_autofree char *error = qk_entry_dup_field (entry, QK_FIELD_LAST_ERROR);
  g_autofree char *class = error != NULL ? qk_error_dup_class (error) : NULL;

  return class != NULL ? qk_text_reveal_line (class) : NULL;
}

static void
show_error (QkDetailErrors *self, const QkEntry *entry)
{
  g_autofree char *error = read_text (entry, QK_FIELD_LAST_ERROR);
  gboolean any = error != NULL && *error != '\0';
  const char *text = any ? error : _ ("No error is known of this message.");
  GtkWidget *label = GTK_WIDGET (self->error);

  if (g_strcmp0 (gtk_label_get_text (self->error), text) != 0)
    gtk_label_set_text (self->error, text);
  gtk_widget_remove_css_class (label, any ? "dim-label" : "error");
  gtk_widget_remove_css_class (label, any ? "dim-label" : "heading");
  gtk_widget_add_css_class (label, any ? "error" : "dim-label");
  if (any)
    gtk_widget_add_css_class (label, "heading");
}

static GtkWidget *
make_link (const char *name)
{
  GtkWidget *button = gtk_button_new_with_label ("");
  GtkWidget *label = gtk_button_get_child (GTK_BUTTON (button));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "link-button");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), g_variant_new_string (""));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), name);
  gtk_widget_set_visible (button, FALSE);
  return button;
}

static GtkWidget *
make_same_row (QkDetailErrors *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *key = gtk_label_new (_ ("Same error"));

  gtk_widget_add_css_class (key, "dim-label");
  gtk_box_append (GTK_BOX (box), key);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->same_error));
  g_object_bind_property (self->same_error, "visible", box, "visible", G_BINDING_SYNC_CREATE);
  return box;
}

static GtkWidget *
make_copy_button (void)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.copy-id");
  gtk_widget_set_tooltip_text (button, _ ("Copy the queue id (Ctrl+Shift+C)"));
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "inline");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy the queue id"), -1);
  return button;
}

static void
show_links (QkDetailErrors *self, const QkDetailLinks *links)
{
  gboolean broadcast = links != NULL && links->broadcast != NULL;

  gtk_widget_set_visible (self->broadcast_button, broadcast);
  if (broadcast)
    {
      g_autofree char *text =
          g_strdup_printf (ngettext ("Broadcast: reached %u of %u agent",
                                     "Broadcast: reached %u of %u agents", links->n_expected),
                           links->n_reached, links->n_expected);

      gtk_label_set_text (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->broadcast_button))),
                          text);
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->broadcast_button),
                                              g_variant_new_string (links->broadcast));
    }
}

static void
show_same (QkDetailErrors *self, QkDocument *document, const QkEntry *entry)
{
  g_autofree char *error_class =
      qk_entry_get_status (entry) != QK_STATUS_DELIVERED ? qk_facet_dup_error (entry) : NULL;

  qk_same_error_set (self->same_error, document, error_class);
}

static void start (QkDetailErrors *self);

/* What was looked for meanwhile is looked for next. */
static void
links_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkDetailErrors) self = user_data;
  g_autoptr (QkDetailLinks) links = qk_detail_links_find_finish (result, NULL);

  if (links != NULL)
    show_links (self, links);
  g_clear_object (&self->cancellable);
  start (self);
}

static void
start (QkDetailErrors *self)
{
  g_auto (GStrv) agents = NULL;
  g_autoptr (QkDocument) document = g_steal_pointer (&self->document);

  if (document == NULL)
    return;
  agents = qk_store_dup_agents (self->store);
  self->cancellable = g_cancellable_new ();
  qk_detail_links_find_async (document, self->entry, (const char *const *) agents,
                              self->cancellable, links_cb, g_object_ref (self));
}

static void
qk_detail_errors_dispose (GObject *object)
{
  QkDetailErrors *self = QK_DETAIL_ERRORS (object);

  g_clear_pointer (&self->document, qk_document_unref);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_detail_errors_parent_class)->dispose (object);
}

static void
qk_detail_errors_class_init (QkDetailErrorsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_detail_errors_dispose;
}

static void
qk_detail_errors_init (QkDetailErrors *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *links = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "text-card");
  self->error = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, "wrap", TRUE, "wrap-mode",
                              PANGO_WRAP_WORD_CHAR, "selectable", TRUE, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->error), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Last error"), -1);
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->error));
  self->table = QK_DETAIL_TABLE (qk_detail_table_new (11));
  qk_detail_table_attach (self->table, make_copy_button ());
  self->same_error = QK_SAME_ERROR (qk_same_error_new ());
  self->broadcast_button = make_link ("win.show-broadcast");
  gtk_box_append (GTK_BOX (links), make_same_row (self));
  gtk_box_append (GTK_BOX (links), self->broadcast_button);
  gtk_box_append (GTK_BOX (box), card);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  gtk_box_append (GTK_BOX (box), links);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  adw_bin_set_child (ADW_BIN (self), scroller);
}

/**
 * qk_detail_errors_show:
 * @self: a tab
 * @entry: a message
 * @now: the present, in wall microseconds
 *
 * Shows what the message itself says.
 */
void
qk_detail_errors_show (QkDetailErrors *self, const QkEntry *entry, gint64 now)
{
  g_autofree char *id = read_text (entry, QK_FIELD_ID), *status = qk_words_status (entry, now);
  g_autofree char *created = read_time (entry, QK_FIELD_CREATED_AT, now);
  g_autofree char *tries = read_tries (entry), *next = read_next_try (entry, now);
  g_autofree char *last = read_time (entry, QK_FIELD_LAST_RETRY_TIME, now);
  g_autofree char *resent = read_time (entry, QK_FIELD_RESEND_TIME, now);
  g_autofree char *from = read_text (entry, QK_FIELD_RESENT_FROM), *class = read_class (entry);

  g_return_if_fail (QK_IS_DETAIL_ERRORS (self));

  show_error (self, entry);
  qk_detail_table_begin (self->table);
  qk_detail_table_add (self->table, _ ("Queue id"), id != NULL ? id : "—", TRUE);
  qk_detail_table_add (self->table, _ ("Status"), status, FALSE);
  qk_detail_table_add (self->table, _ ("Created"), created, FALSE);
  qk_detail_table_add (self->table, _ ("Tries"), tries, FALSE);
  qk_detail_table_add (self->table, _ ("Last try"), last, FALSE);
  qk_detail_table_add (self->table, _ ("Next try"), next, FALSE);
  qk_detail_table_add (self->table, _ ("Resent"), resent, FALSE);
  qk_detail_table_add (self->table, _ ("Resent from"), from, TRUE);
  qk_detail_table_add (self->table, _ ("Kind of error"), class, FALSE);
  qk_detail_table_end (self->table);
}

/**
 * qk_detail_errors_look:
 * @self: a tab
 * @store: whose queue it is
 * @document: a version of it
 * @entry: a message of @document
 *
 * Looks for what @entry belongs to, and shows it when that is known.
 */
void
qk_detail_errors_look (QkDetailErrors *self,
                       QkStore *store,
                       QkDocument *document,
                       const QkEntry *entry)
{
  g_return_if_fail (QK_IS_DETAIL_ERRORS (self));
  g_return_if_fail (QK_IS_STORE (store));
  g_return_if_fail (document != NULL && entry != NULL);

  show_same (self, document, entry);
  g_clear_pointer (&self->document, qk_document_unref);
  g_set_object (&self->store, store);
  self->document = qk_document_ref (document);
  self->entry = entry;
  if (self->cancellable == NULL)
    start (self);
}

/**
 * qk_detail_errors_forget:
 * @self: a tab
 *
 * Another message is to be shown, or none of the queue: of what this one belongs to nothing is said.
 */
void
qk_detail_errors_forget (QkDetailErrors *self)
{
  g_return_if_fail (QK_IS_DETAIL_ERRORS (self));

  g_clear_pointer (&self->document, qk_document_unref);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  show_links (self, NULL);
}
