#include "qk-swarm-card.h"

#include <glib/gi18n-lib.h>

/* A row of it. */
typedef struct {
  AdwActionRow *row;
  GtkWidget *act; /* nullable */
} CardRow;

struct _QkSwarmCard {
  GtkBox parent_instance;

  GtkLabel *title;
  GtkLabel *note;
  GtkListBox *list;
  char *action;                         /* owned, nullable */
  CardRow rows[QK_SWARM_CARD_MAX_ROWS]; /* owned by the list; as many as were ever needed */
  guint n_rows;                         /* that are there while it is filled */
};

G_DEFINE_FINAL_TYPE (QkSwarmCard, qk_swarm_card, GTK_TYPE_BOX)

enum { PROP_0, PROP_TITLE, PROP_ACTION, N_PROPS };

static GParamSpec *properties[N_PROPS];

enum { SIGNAL_SHOW, SIGNAL_ACT, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
emit_for (QkSwarmCard *self, GtkWidget *button, guint signal)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);

  g_signal_emit (self, signals[signal], 0,
                 (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)));
}

static void
show_cb (GtkWidget *button, QkSwarmCard *self)
{
  g_assert (QK_IS_SWARM_CARD (self));

  emit_for (self, button, SIGNAL_SHOW);
}

static void
act_cb (GtkWidget *button, QkSwarmCard *self)
{
  g_assert (QK_IS_SWARM_CARD (self));

  emit_for (self, button, SIGNAL_ACT);
}

static GtkWidget *
make_button (const char *label, GCallback callback, QkSwarmCard *self)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", callback, self);
  return button;
}

static void
make_row (QkSwarmCard *self, CardRow *row)
{
  GtkWidget *show = make_button (_ ("Show"), G_CALLBACK (show_cb), self);

  row->row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title-lines", 1,
                           "subtitle-lines", 2, "activatable-widget", show, NULL);
  if (self->action != NULL)
    {
      row->act = make_button (self->action, G_CALLBACK (act_cb), self);
      adw_action_row_add_suffix (row->row, row->act);
    }
  adw_action_row_add_suffix (row->row, show);
  gtk_list_box_append (self->list, GTK_WIDGET (row->row));
}

static void
qk_swarm_card_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkSwarmCard *self = QK_SWARM_CARD (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_text (self->title));
      break;
    case PROP_ACTION:
      g_value_set_string (value, self->action);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_swarm_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkSwarmCard *self = QK_SWARM_CARD (object);

  switch (id)
    {
    case PROP_TITLE:
      gtk_label_set_text (self->title, g_value_get_string (value));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value), -1);
      break;
    case PROP_ACTION:
      g_free (self->action);
      self->action = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_swarm_card_finalize (GObject *object)
{
  g_free (QK_SWARM_CARD (object)->action);

  G_OBJECT_CLASS (qk_swarm_card_parent_class)->finalize (object);
}

static void
qk_swarm_card_class_init (QkSwarmCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qk_swarm_card_get_property;
  object_class->set_property = qk_swarm_card_set_property;
  object_class->finalize = qk_swarm_card_finalize;

  /**
   * QkSwarmCard:title:
   *
   * What its rows are.
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  /**
   * QkSwarmCard:action:
   *
   * The label of a second button.
   */
  properties[PROP_ACTION] = g_param_spec_string ("action", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * QkSwarmCard::show-row:
   * @row: the number of a row
   *
   * The operator wants to see its messages.
   */
  signals[SIGNAL_SHOW] = g_signal_new ("show-row", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_UINT);
  /**
   * QkSwarmCard::act-row:
   * @row: the number of a row
   *
   * The second button of a row was clicked.
   */
  signals[SIGNAL_ACT] = g_signal_new ("act-row", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
qk_swarm_card_init (QkSwarmCard *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->title = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, NULL);
  self->note = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, "wrap", TRUE, NULL);
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->note));
}

/**
 * qk_swarm_card_begin:
 * @self: a card
 *
 * Begins to fill it anew.
 */
void
qk_swarm_card_begin (QkSwarmCard *self)
{
  g_return_if_fail (QK_IS_SWARM_CARD (self));

  self->n_rows = 0;
}

/**
 * qk_swarm_card_add:
 * @self: a card
 * @title: what the row is about, safe to be shown
 * @subtitle: more of it, likewise
 * @can_act: whether it has the second button
 *
 * Adds a row, the next of those that there are already.
 */
void
qk_swarm_card_add (QkSwarmCard *self, const char *title, const char *subtitle, gboolean can_act)
{
  CardRow *row;

  g_return_if_fail (QK_IS_SWARM_CARD (self));

  if (self->n_rows++ >= QK_SWARM_CARD_MAX_ROWS)
    return;
  row = &self->rows[self->n_rows - 1];
  if (row->row == NULL)
    make_row (self, row);
  if (g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row->row)), title) != 0)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row->row), title);
      gtk_widget_set_tooltip_text (GTK_WIDGET (row->row), title);
    }
  if (g_strcmp0 (adw_action_row_get_subtitle (row->row), subtitle) != 0)
    adw_action_row_set_subtitle (row->row, subtitle);
  if (row->act != NULL)
    gtk_widget_set_visible (row->act, can_act);
}

/**
 * qk_swarm_card_end:
 * @self: a card
 * @nothing: what to say where there is no row
 *
 * All rows were added.
 */
void
qk_swarm_card_end (QkSwarmCard *self, const char *nothing)
{
  g_autofree char *more = NULL;
  guint n_hidden = self->n_rows - MIN (self->n_rows, QK_SWARM_CARD_MAX_ROWS);

  g_return_if_fail (QK_IS_SWARM_CARD (self));

  for (guint i = 0; i < QK_SWARM_CARD_MAX_ROWS; i++)
    if (self->rows[i].row != NULL)
      gtk_widget_set_visible (GTK_WIDGET (self->rows[i].row), i < self->n_rows);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->n_rows > 0);
  more = g_strdup_printf (ngettext ("and %u more", "and %u more", n_hidden), n_hidden);
  gtk_label_set_text (self->note, self->n_rows == 0 ? nothing : more);
  gtk_widget_set_visible (GTK_WIDGET (self->note), self->n_rows == 0 || n_hidden > 0);
}
