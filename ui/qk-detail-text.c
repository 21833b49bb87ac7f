#include "qk-detail-text.h"

#include "qk-text-parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _QkDetailText {
  AdwBin parent_instance;

  GtkWidget *bar;
  GtkSearchEntry *entry;
  GtkLabel *count;
  GtkWidget *previous_button;
  GtkWidget *next_button;
  GtkScrolledWindow *scroller;
  GtkTextView *view;
  GtkWidget *foot;
  GtkLabel *note;
  GtkWidget *wrap_button;
  GtkWidget *pager;
  GtkLabel *part_label;
  GtkWidget *back_button;
  GtkWidget *on_button;
  GtkTextBuffer *buffer;     /* borrowed from the view */
  GtkTextTag *plain_tag;     /* borrowed: of all of it */
  GtkTextTag *marked_tag;    /* borrowed: what the list looks for */
  GtkTextTag *found_tag;     /* borrowed: what is looked for here */
  GtkTextTag *current_tag;   /* borrowed: the place that is shown */
  QkTextParts *parts;        /* owned */
  guint part;                /* which of them is shown */
  QkSearch *marked;          /* owned, nullable */
  QkSearch *search;          /* owned, nullable: nothing is looked for */
  GArray *found;             /* owned, nullable, of QkSearchRange in the shown text */
  guint current;             /* of those */
  gboolean jump;             /* to the first place when it is known */
  GCancellable *cancellable; /* owned, nullable: of the search */
};

G_DEFINE_FINAL_TYPE (QkDetailText, qk_detail_text, ADW_TYPE_BIN)

static void
get_iter (QkDetailText *self, gsize byte, GtkTextIter *iter)
{
  const char *start = qk_text_parts_get (self->parts, self->part, NULL);

  gtk_text_buffer_get_iter_at_offset (self->buffer, iter,
                                      (int) g_utf8_pointer_to_offset (start, start + byte));
}

static void
apply_tag (QkDetailText *self, GtkTextTag *tag, const QkSearchRange *range)
{
  gsize length, start = qk_text_parts_get_start (self->parts, self->part);
  GtkTextIter from, to;

  (void) qk_text_parts_get (self->parts, self->part, &length);
  if (range->end <= start || range->start >= start + length)
    return;
  get_iter (self, MAX (range->start, start) - start, &from);
  get_iter (self, MIN (range->end - start, length), &to);
  gtk_text_buffer_apply_tag (self->buffer, tag, &from, &to);
}

/* Marks of other parts are put when those are shown. */
static void
show_marks (QkDetailText *self)
{
  gsize length, start = qk_text_parts_get_start (self->parts, self->part);
  const char *text = qk_text_parts_get (self->parts, self->part, &length);
  GtkTextIter from, to;

  gtk_text_buffer_get_bounds (self->buffer, &from, &to);
  gtk_text_buffer_remove_all_tags (self->buffer, &from, &to);
  gtk_text_buffer_apply_tag (self->buffer, self->plain_tag, &from, &to);
  if (self->marked != NULL)
    {
      g_autofree char *part = g_strndup (text, length);
      g_autoptr (GArray) ranges = qk_search_find_all (self->marked, part);

      for (guint i = 0; i < ranges->len; i++)
        {
          QkSearchRange range = g_array_index (ranges, QkSearchRange, i);

          range.start += (guint) start;
          range.end += (guint) start;
          apply_tag (self, self->marked_tag, &range);
        }
    }
  for (guint i = 0; self->found != NULL && i < self->found->len; i++)
    apply_tag (self, i == self->current ? self->current_tag : self->found_tag,
               &g_array_index (self->found, QkSearchRange, i));
}

static void
show_foot (QkDetailText *self)
{
  guint n = qk_text_parts_get_n (self->parts);
  g_autofree char *text = g_strdup_printf (_ ("%u of %u"), self->part + 1, n);

  gtk_label_set_text (self->part_label, text);
  gtk_widget_set_visible (self->pager, n > 1);
  gtk_widget_set_sensitive (self->back_button, self->part > 0);
  gtk_widget_set_sensitive (self->on_button, self->part + 1 < n);
  gtk_widget_set_visible (self->foot, n > 1 || gtk_widget_get_visible (self->wrap_button) ||
                                          *gtk_label_get_text (self->note) != '\0');
}

static gsize
count_equal_start (const char *a, const char *b)
{
  gsize n = 0;

  while (a[n] != '\0' && a[n] == b[n])
    n++;
  while (n > 0 && ((guchar) a[n] & 0xc0) == 0x80)
    n--;
  return n;
}

static gsize
count_equal_end (const char *a, gsize a_length, const char *b, gsize b_length)
{
  gsize n = 0;

  while (n < MIN (a_length, b_length) && a[a_length - 1 - n] == b[b_length - 1 - n])
    n++;
  while (n > 0 && ((guchar) a[a_length - n] & 0xc0) == 0x80)
    n--;
  return n;
}

/* Replaces what is different, so that the rest stays where it is, and stays selected. */
static void
put_part (QkDetailText *self)
{
  GtkTextIter from, to;
  gsize length, old_length, head, tail;
  const char *text = qk_text_parts_get (self->parts, self->part, &length);
  g_autofree char *new = g_strndup (text, length), *old = NULL;

  gtk_text_buffer_get_bounds (self->buffer, &from, &to);
  old = gtk_text_buffer_get_text (self->buffer, &from, &to, TRUE);
  old_length = strlen (old);
  head = count_equal_start (old, new);
  if (old_length != length || head != length)
    {
      tail = count_equal_end (old + head, old_length - head, new + head, length - head);
      gtk_text_buffer_get_iter_at_offset (self->buffer, &from,
                                          (int) g_utf8_strlen (old, (gssize) head));
      gtk_text_buffer_get_iter_at_offset (self->buffer, &to,
                                          (int) g_utf8_strlen (old, (gssize) (old_length - tail)));
      gtk_text_buffer_delete (self->buffer, &from, &to);
      gtk_text_buffer_insert (self->buffer, &from, new + head, (int) (length - head - tail));
    }
  show_marks (self);
  show_foot (self);
}

static void
show_part (QkDetailText *self, guint part)
{
  GtkTextIter start;

  self->part = part;
  gtk_text_buffer_set_text (self->buffer, "", 0);
  put_part (self);
  gtk_text_buffer_get_start_iter (self->buffer, &start);
  gtk_text_buffer_place_cursor (self->buffer, &start);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_adjustment_set_value (gtk_scrolled_window_get_hadjustment (self->scroller), 0);
}

static void
show_count (QkDetailText *self)
{
  g_autofree char *text = NULL;
  gboolean any = self->found != NULL && self->found->len > 0;

  if (any)
    text = g_strdup_printf (_ ("%u of %u"), self->current + 1, self->found->len);
  gtk_label_set_text (self->count, any ? text : self->found != NULL ? _ ("Not found") : "");
  gtk_widget_set_sensitive (self->previous_button, any);
  gtk_widget_set_sensitive (self->next_button, any);
}

/* Shows the current place: in its part, and in sight. */
static void
show_current (QkDetailText *self)
{
  const QkSearchRange *range;
  GtkTextIter from;
  guint part;

  show_count (self);
  if (self->found == NULL || self->found->len == 0)
    {
      show_marks (self);
      return;
    }
  range = &g_array_index (self->found, QkSearchRange, self->current);
  part = qk_text_parts_find (self->parts, range->start);
  if (part != self->part)
    show_part (self, part);
  else
    show_marks (self);
  get_iter (self, range->start - qk_text_parts_get_start (self->parts, part), &from);
  gtk_text_buffer_place_cursor (self->buffer, &from);
  gtk_text_view_scroll_to_mark (self->view, gtk_text_buffer_get_insert (self->buffer), 0.1, FALSE,
                                0, 0);
}

typedef struct {
  QkTextParts *parts; /* owned */
  QkSearch *search;   /* owned */
} Finding;

static void
finding_free (gpointer data)
{
  Finding *finding = data;

  qk_text_parts_unref (finding->parts);
  qk_search_unref (finding->search);
  g_free (finding);
}

static void
run_find (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Finding *finding = task_data;

  g_task_return_pointer (task, qk_text_parts_search (finding->parts, finding->search),
                         (GDestroyNotify) g_array_unref);
}

/* Goes on from where the operator was, or begins in what is in sight. */
static guint
choose_current (QkDetailText *self)
{
  gsize start = qk_text_parts_get_start (self->parts, self->part);

  if (!self->jump)
    return MIN (self->current, self->found->len > 0 ? self->found->len - 1 : 0);
  for (guint i = 0; i < self->found->len; i++)
    if (g_array_index (self->found, QkSearchRange, i).start >= start)
      return i;
  return 0;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkDetailText *self = QK_DETAIL_TEXT (source);
  GArray *found = g_task_propagate_pointer (G_TASK (result), NULL);

  if (found == NULL)
    return;
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->found, g_array_unref);
  self->found = found;
  self->current = choose_current (self);
  if (self->jump)
    show_current (self);
  else
    {
      show_count (self);
      show_marks (self);
    }
  self->jump = FALSE;
}

static void
stop (QkDetailText *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* @jump: whether the place is to be shown, not only counted. */
static void
find (QkDetailText *self, gboolean jump)
{
  g_autoptr (GTask) task = NULL;
  Finding *finding;

  stop (self);
  self->jump = jump;
  if (self->search == NULL)
    {
      g_clear_pointer (&self->found, g_array_unref);
      show_count (self);
      show_marks (self);
      return;
    }
  finding = g_new (Finding, 1);
  *finding = (Finding){qk_text_parts_ref (self->parts), qk_search_ref (self->search)};
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, found_cb, NULL);
  g_task_set_task_data (task, finding, finding_free);
  g_task_run_in_thread (task, run_find);
}

static void
search_changed_cb (GtkSearchEntry *entry, QkDetailText *self)
{
  g_autoptr (QkSearch) search = qk_search_new (gtk_editable_get_text (GTK_EDITABLE (entry)));

  g_assert (QK_IS_DETAIL_TEXT (self));

  g_clear_pointer (&self->search, qk_search_unref);
  if (!qk_search_is_empty (search))
    self->search = g_steal_pointer (&search);
  find (self, TRUE);
}

static void
activate_cb (GtkSearchEntry *entry, QkDetailText *self)
{
  (void) qk_detail_text_step (self, 1);
}

static void
stop_search_cb (GtkSearchEntry *entry, QkDetailText *self)
{
  (void) qk_detail_text_stop_finding (self);
}

static gboolean
entry_key_cb (GtkEventControllerKey *controller,
              guint key,
              guint code,
              GdkModifierType state,
              QkDetailText *self)
{
  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter) || (state & GDK_SHIFT_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  (void) qk_detail_text_step (self, -1);
  return GDK_EVENT_STOP;
}

static void
previous_cb (GtkButton *button, QkDetailText *self)
{
  (void) qk_detail_text_step (self, -1);
}

static void
next_cb (GtkButton *button, QkDetailText *self)
{
  (void) qk_detail_text_step (self, 1);
}

static void
part_back_cb (GtkButton *button, QkDetailText *self)
{
  g_assert (self->part > 0);

  show_part (self, self->part - 1);
}

static void
part_on_cb (GtkButton *button, QkDetailText *self)
{
  show_part (self, self->part + 1);
}

static void
wrap_cb (GtkToggleButton *button, QkDetailText *self)
{
  gtk_text_view_set_wrap_mode (
      self->view, gtk_toggle_button_get_active (button) ? GTK_WRAP_WORD_CHAR : GTK_WRAP_NONE);
}

/* The text as it was given, and not as it is shown. */
static void
copy_cb (GtkTextView *view, QkDetailText *self)
{
  g_autofree char *text = qk_detail_text_dup_selected (self);

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (view)), text);
  g_signal_stop_emission_by_name (view, "copy-clipboard");
}

static void
qk_detail_text_dispose (GObject *object)
{
  QkDetailText *self = QK_DETAIL_TEXT (object);

  stop (self);

  G_OBJECT_CLASS (qk_detail_text_parent_class)->dispose (object);
}

static void
qk_detail_text_finalize (GObject *object)
{
  QkDetailText *self = QK_DETAIL_TEXT (object);

  g_clear_pointer (&self->found, g_array_unref);
  g_clear_pointer (&self->search, qk_search_unref);
  g_clear_pointer (&self->marked, qk_search_unref);
  qk_text_parts_unref (self->parts);

  G_OBJECT_CLASS (qk_detail_text_parent_class)->finalize (object);
}

static void
qk_detail_text_class_init (QkDetailTextClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_detail_text_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_detail_text_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-detail-text.ui");
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, bar);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, entry);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, count);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, previous_button);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, next_button);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, scroller);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, view);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, foot);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, note);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, wrap_button);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, pager);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, part_label);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, back_button);
  gtk_widget_class_bind_template_child (widget_class, QkDetailText, on_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, part_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, part_on_cb);
  gtk_widget_class_bind_template_callback (widget_class, wrap_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
qk_detail_text_init (QkDetailText *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->parts = qk_text_parts_new ("");
  self->buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_set_enable_undo (self->buffer, FALSE);
  /* A hyphen that is not in the queue would be one too many. */
  self->plain_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "insert-hyphens", FALSE, NULL);
  self->marked_tag = gtk_text_buffer_create_tag (
      self->buffer, NULL, "underline", PANGO_UNDERLINE_SINGLE, "weight", PANGO_WEIGHT_BOLD, NULL);
  self->found_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "background", "#f8e45c",
                                                "foreground", "#000000", NULL);
  self->current_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "background", "#ff7800",
                                                  "foreground", "#000000", NULL);
  show_count (self);
  show_foot (self);
}

/**
 * qk_detail_text_set_text:
 * @self: a text
 * @text: what it is, in UTF-8
 * @keep: whether it is the same text as before, which may have changed
 *
 * Shows @text. Where it is another text, from its beginning.
 */
void
qk_detail_text_set_text (QkDetailText *self, const char *text, gboolean keep)
{
  guint part;

  g_return_if_fail (QK_IS_DETAIL_TEXT (self));
  g_return_if_fail (text != NULL);

  if (keep && strcmp (text, qk_text_parts_get_text (self->parts)) == 0)
    return;
  qk_text_parts_unref (self->parts);
  self->parts = qk_text_parts_new (text);
  g_clear_pointer (&self->found, g_array_unref);
  if (!keep)
    self->current = 0;
  part = keep ? MIN (self->part, qk_text_parts_get_n (self->parts) - 1) : 0;
  if (keep && part == self->part)
    put_part (self);
  else
    show_part (self, part);
  if (self->search != NULL)
    find (self, FALSE);
}

/**
 * qk_detail_text_set_note:
 * @self: a text
 * @note: (nullable): what to say of it
 *
 * Says @note below it.
 */
void
qk_detail_text_set_note (QkDetailText *self, const char *note)
{
  g_return_if_fail (QK_IS_DETAIL_TEXT (self));

  gtk_label_set_text (self->note, note != NULL ? note : "");
  show_foot (self);
}

/**
 * qk_detail_text_set_raw:
 * @self: a text
 * @label: what to call it
 *
 * Shows it as the source that it is: every character equally wide, its lines wrapped or not.
 */
void
qk_detail_text_set_raw (QkDetailText *self, const char *label)
{
  g_return_if_fail (QK_IS_DETAIL_TEXT (self));

  gtk_text_view_set_monospace (self->view, TRUE);
  gtk_widget_set_visible (self->wrap_button, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  show_foot (self);
}

/**
 * qk_detail_text_set_marked:
 * @self: a text
 * @search: (nullable): what the list looks for
 *
 * Marks the words of @search.
 */
void
qk_detail_text_set_marked (QkDetailText *self, QkSearch *search)
{
  g_return_if_fail (QK_IS_DETAIL_TEXT (self));

  if (search != NULL && qk_search_is_empty (search))
    search = NULL;
  if (self->marked == search ||
      (self->marked != NULL && search != NULL && qk_search_equal (self->marked, search)))
    return;
  g_clear_pointer (&self->marked, qk_search_unref);
  if (search != NULL)
    self->marked = qk_search_ref (search);
  show_marks (self);
}

/**
 * qk_detail_text_find:
 * @self: a text
 *
 * Moves the keyboard to a field for words to find in it.
 */
void
qk_detail_text_find (QkDetailText *self)
{
  g_return_if_fail (QK_IS_DETAIL_TEXT (self));

  gtk_widget_set_visible (self->bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

/**
 * qk_detail_text_step:
 * @self: a text
 * @step: 1 or -1
 *
 * Goes to the next place or the previous one of what is looked for; after the last comes the first.
 *
 * Returns: whether there is any
 */
gboolean
qk_detail_text_step (QkDetailText *self, int step)
{
  guint n;

  g_return_val_if_fail (QK_IS_DETAIL_TEXT (self), FALSE);

  if (self->found == NULL || self->found->len == 0)
    return FALSE;
  n = self->found->len;
  self->current = step > 0 ? (self->current + 1) % n : (self->current + n - 1) % n;
  show_current (self);
  return TRUE;
}

/**
 * qk_detail_text_stop_finding:
 * @self: a text
 *
 * Puts the field away and moves the keyboard to the text.
 *
 * Returns: whether it was there
 */
gboolean
qk_detail_text_stop_finding (QkDetailText *self)
{
  g_return_val_if_fail (QK_IS_DETAIL_TEXT (self), FALSE);

  if (!gtk_widget_get_visible (self->bar))
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_set_visible (self->bar, FALSE);
  g_clear_pointer (&self->search, qk_search_unref);
  find (self, FALSE);
  qk_detail_text_take_focus (self);
  return TRUE;
}

/**
 * qk_detail_text_take_focus:
 * @self: a text
 *
 * Moves the keyboard to it.
 */
void
qk_detail_text_take_focus (QkDetailText *self)
{
  g_return_if_fail (QK_IS_DETAIL_TEXT (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/**
 * qk_detail_text_dup_selected:
 * @self: a text
 *
 * Returns: (transfer full) (nullable): what is selected of it, as it was given
 */
char *
qk_detail_text_dup_selected (QkDetailText *self)
{
  GtkTextIter from, to;
  const char *part;
  gsize start;

  g_return_val_if_fail (QK_IS_DETAIL_TEXT (self), NULL);

  if (!gtk_text_buffer_get_selection_bounds (self->buffer, &from, &to))
    return NULL;
  part = qk_text_parts_get (self->parts, self->part, NULL);
  start = qk_text_parts_get_start (self->parts, self->part);
  return qk_text_parts_dup_given (
      self->parts,
      start + (gsize) (g_utf8_offset_to_pointer (part, gtk_text_iter_get_offset (&from)) - part),
      start + (gsize) (g_utf8_offset_to_pointer (part, gtk_text_iter_get_offset (&to)) - part));
}

/**
 * qk_detail_text_get_view:
 * @self: a text
 *
 * Returns: (transfer none): what shows it
 */
GtkTextView *
qk_detail_text_get_view (QkDetailText *self)
{
  g_return_val_if_fail (QK_IS_DETAIL_TEXT (self), NULL);

  return self->view;
}
