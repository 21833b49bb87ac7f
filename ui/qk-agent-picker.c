#include "qk-agent-picker.h"

#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkAgentPicker {
  AdwBin parent_instance;

  GtkFlowBox *box;
  GtkCheckButton *all;
  GPtrArray *buttons; /* owned, of GtkCheckButton, borrowed: in the order of the recipients */
  GPtrArray *names;   /* owned: theirs, as they stand in the queue */
  guint n_active;
  gboolean choosing; /* several at once: one signal is enough */
};

G_DEFINE_FINAL_TYPE (QkAgentPicker, qk_agent_picker, ADW_TYPE_BIN)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
set_active (QkAgentPicker *self, gboolean active)
{
  self->choosing = TRUE;
  for (guint i = 0; i < self->n_active; i++)
    gtk_check_button_set_active (self->buttons->pdata[i], active);
  self->choosing = FALSE;
}

/* All, none, or something between. */
static void
update_all (QkAgentPicker *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_active; i++)
    n += gtk_check_button_get_active (self->buttons->pdata[i]);
  self->choosing = TRUE;
  gtk_check_button_set_inconsistent (self->all, n > 0 && n < self->n_active);
  gtk_check_button_set_active (self->all, self->n_active > 0 && n == self->n_active);
  self->choosing = FALSE;
}

static void
emit_changed (QkAgentPicker *self)
{
  update_all (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
toggled_cb (GtkCheckButton *button, QkAgentPicker *self)
{
  g_assert (QK_IS_AGENT_PICKER (self));

  if (!self->choosing)
    emit_changed (self);
}

static void
all_toggled_cb (GtkCheckButton *button, QkAgentPicker *self)
{
  g_assert (QK_IS_AGENT_PICKER (self));

  if (self->choosing)
    return;
  set_active (self, gtk_check_button_get_active (button));
  emit_changed (self);
}

static void
qk_agent_picker_finalize (GObject *object)
{
  QkAgentPicker *self = QK_AGENT_PICKER (object);

  g_ptr_array_unref (self->buttons);
  g_ptr_array_unref (self->names);

  G_OBJECT_CLASS (qk_agent_picker_parent_class)->finalize (object);
}

/* How far it is from one to another, that way; a place beside it is further than one in line. */
static float
measure_way (QkAgentPicker *self, GtkWidget *from, GtkWidget *to, int columns, int rows)
{
  graphene_rect_t a, b;
  float x, y, ahead, aside;

  if (!gtk_widget_compute_bounds (from, GTK_WIDGET (self->box), &a) ||
      !gtk_widget_compute_bounds (to, GTK_WIDGET (self->box), &b))
    return G_MAXFLOAT;
  x = b.origin.x - a.origin.x;
  y = b.origin.y - a.origin.y;
  ahead = columns != 0 ? x * (float) columns : y * (float) rows;
  aside = ABS (columns != 0 ? y : x);
  return ahead >= 1 ? ahead + 100 * aside : G_MAXFLOAT;
}

static void
move (QkAgentPicker *self, int columns, int rows)
{
  GtkWidget *from = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self))), *to = NULL;
  float nearest = G_MAXFLOAT;

  for (guint i = 0; i < self->buttons->len; i++)
    {
      float way = measure_way (self, from, self->buttons->pdata[i], columns, rows);

      if (way < nearest)
        to = self->buttons->pdata[i];
      nearest = MIN (nearest, way);
    }
  if (to != NULL)
    gtk_widget_grab_focus (to);
}

/* GTK's own keys move a cursor that is not where the keyboard is. */
static gboolean
key_cb (GtkEventControllerKey *controller,
        guint keyval,
        guint keycode,
        GdkModifierType state,
        QkAgentPicker *self)
{
  static const struct {
    guint key, keypad;
    int columns, rows;
  } keys[] = {
      {GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0},
      {GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0},
      {GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1},
      {GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1},
  };

  g_assert (QK_IS_AGENT_PICKER (self));

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keyval == keys[i].key || keyval == keys[i].keypad)
      {
        move (self, keys[i].columns, keys[i].rows);
        return GDK_EVENT_STOP;
      }
  return GDK_EVENT_PROPAGATE;
}

/* The keyboard goes to the first that is chosen, or to the first of all. */
static gboolean
qk_agent_picker_grab_focus (GtkWidget *widget)
{
  QkAgentPicker *self = QK_AGENT_PICKER (widget);

  for (guint i = 0; i < self->buttons->len; i++)
    if (gtk_check_button_get_active (self->buttons->pdata[i]))
      return gtk_widget_grab_focus (self->buttons->pdata[i]);
  return gtk_widget_grab_focus (self->buttons->len > 0 ? self->buttons->pdata[0]
                                                       : GTK_WIDGET (self->all));
}

/* Through what is in it, one after the other; that of a bin would begin with the above, and never get past
 * it. */
static gboolean
qk_agent_picker_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), direction);
}

static void
qk_agent_picker_class_init (QkAgentPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qk_agent_picker_finalize;
  widget_class->grab_focus = qk_agent_picker_grab_focus;
  widget_class->focus = qk_agent_picker_focus;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  /**
   * QkAgentPicker::changed:
   *
   * Others are chosen.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_agent_picker_init (QkAgentPicker *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->buttons = g_ptr_array_new ();
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->all = GTK_CHECK_BUTTON (gtk_check_button_new_with_mnemonic (_ ("_All active agents")));
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (self->box, TRUE);
  gtk_flow_box_set_min_children_per_line (self->box, 2);
  gtk_flow_box_set_max_children_per_line (self->box, 4);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->box), keys);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->all));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->box));
  adw_bin_set_child (ADW_BIN (self), column);
  g_signal_connect (self->all, "toggled", G_CALLBACK (all_toggled_cb), self);
}

/**
 * qk_agent_picker_set_recipients:
 * @self: a picker without recipients
 * @recipients: whom there is to choose from
 *
 * Offers them; none is chosen.
 */
void
qk_agent_picker_set_recipients (QkAgentPicker *self, const QkRecipients *recipients)
{
  g_return_if_fail (QK_IS_AGENT_PICKER (self));
  g_return_if_fail (self->buttons->len == 0);

  self->n_active = recipients->n_active;
  gtk_widget_set_visible (GTK_WIDGET (self->all), recipients->n_active > 1);
  for (guint i = 0; i < recipients->names->len; i++)
    {
      const char *name = recipients->names->pdata[i];
      g_autofree char *label = qk_words_agent (name);
      GtkWidget *button = gtk_check_button_new_with_label (label);
      GtkWidget *child = gtk_flow_box_child_new ();

      /* The button takes the keyboard, not the cell around it. */
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), button);
      gtk_flow_box_append (self->box, child);
      g_ptr_array_add (self->buttons, button);
      g_ptr_array_add (self->names, g_strdup (name));
      g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), self);
    }
}

/**
 * qk_agent_picker_dup_chosen:
 * @self: a picker
 *
 * Returns: (transfer full) (array zero-terminated=1): who is chosen, as they stand in the queue
 */
char **
qk_agent_picker_dup_chosen (QkAgentPicker *self)
{
  g_autoptr (GStrvBuilder) chosen = g_strv_builder_new ();

  g_return_val_if_fail (QK_IS_AGENT_PICKER (self), NULL);

  for (guint i = 0; i < self->buttons->len; i++)
    if (gtk_check_button_get_active (self->buttons->pdata[i]))
      g_strv_builder_add (chosen, self->names->pdata[i]);
  return g_strv_builder_end (chosen);
}

/**
 * qk_agent_picker_choose:
 * @self: a picker
 * @name: a recipient
 *
 * Chooses it, too, if it is one of them.
 */
void
qk_agent_picker_choose (QkAgentPicker *self, const char *name)
{
  g_return_if_fail (QK_IS_AGENT_PICKER (self));

  for (guint i = 0; i < self->names->len; i++)
    if (g_str_equal (self->names->pdata[i], name))
      gtk_check_button_set_active (self->buttons->pdata[i], TRUE);
}

/**
 * qk_agent_picker_choose_active:
 * @self: a picker
 *
 * Chooses all active agents.
 */
void
qk_agent_picker_choose_active (QkAgentPicker *self)
{
  g_return_if_fail (QK_IS_AGENT_PICKER (self));

  set_active (self, TRUE);
  emit_changed (self);
}
