#include "qk-window-private.h"

/* How the header bar makes do with the width of the window. It is this width that decides, and not what
 * is left in the bar: what is hidden there would make the very room for which it was hidden. */

/* What the header bar has room for. */
typedef enum {
  FORM_TIGHT,  /* the state of the queue; the rest is in the main menu */
  FORM_NARROW, /* no title, and words that may be cut: the tooltips have all of them */
  FORM_USUAL,  /* a button for a new message, but without words */
  FORM_ROOMY,
} Form;

/* The width from which on it has that form, in pixels. */
static const int widths[] =
    {[FORM_TIGHT] = 0, [FORM_NARROW] = 460, [FORM_USUAL] = 700, [FORM_ROOMY] = 1100};

static Form
find_form (int width)
{
  Form form = FORM_ROOMY;

  while (width < widths[form])
    form--;
  return form;
}

/* The pages are chosen below the page where there is no room for them above it. */
static void
update_switcher (QkWindow *self)
{
  adw_view_switcher_bar_set_reveal (
      self->switcher_bar,
      adw_view_switcher_title_get_view_switcher_enabled (self->title) &&
          (self->form <= FORM_NARROW || adw_view_switcher_title_get_title_visible (self->title)));
}

static void
title_cb (GObject *object, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  update_switcher (self);
}

static void
let_shrink (GtkWidget *label, gboolean narrow)
{
  if (GTK_IS_LABEL (label))
    gtk_label_set_ellipsize (GTK_LABEL (label),
                             narrow ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
}

static void
set_form (QkWindow *self, Form form)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->open_button));
  gboolean narrow = form <= FORM_NARROW;

  self->form = form;
  gtk_widget_set_visible (self->new_button, form == FORM_ROOMY);
  gtk_widget_set_visible (self->add_button, form == FORM_USUAL || form == FORM_NARROW);
  gtk_widget_set_visible (GTK_WIDGET (self->open_button), form != FORM_TIGHT);
  gtk_widget_set_visible (GTK_WIDGET (self->title), !narrow);
  gtk_widget_set_visible (self->read_only_label, !narrow);
  qk_state_pill_set_narrow (self->pill, narrow);
  if (GTK_IS_BUTTON (button))
    let_shrink (gtk_button_get_child (GTK_BUTTON (button)), narrow);
  update_switcher (self);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  QkWindow *self = QK_WINDOW (widget);

  self->width_id = 0;
  set_form (self, find_form (gtk_widget_get_width (widget)));
  return G_SOURCE_REMOVE;
}

/* The window is that wide from now on. What changes asks for another size, which it must not while sizes
 * are given: that is done before the next frame. */
void
qk_window_note_width (QkWindow *self, int width)
{
  if (find_form (width) != self->form && self->width_id == 0)
    self->width_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

/* Once, when the window is made. It is taken for a narrow one until it has a width: else it could not
 * begin as one. */
void
qk_window_width_set_up (QkWindow *self)
{
  g_signal_connect_object (self->title, "notify::title-visible", G_CALLBACK (title_cb), self, 0);
  g_signal_connect_object (self->title, "notify::view-switcher-enabled", G_CALLBACK (title_cb),
                           self, 0);
  set_form (self, FORM_TIGHT);
}
