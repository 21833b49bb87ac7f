#include "qk-find-bar.h"

#include "qk-filter-chips.h"
#include "qk-filter-menu.h"
#include "qk-fold-layout.h"

#include <glib/gi18n-lib.h>

/* A search that takes longer than this, in milliseconds, is told. */
#define PATIENCE_MS 250

struct _QkFindBar {
  AdwBin parent_instance;

  GtkSearchEntry *entry;
  AdwBin *lead;
  AdwBin *extra;
  QkFilterMenu *menu;
  GtkSpinner *spinner;
  GtkLabel *shown;
  QkFilterChips *chips;
  QkMessageList *list; /* owned, nullable */
  QkFilter *filter;    /* owned */
  guint patience_id;   /* source: tells that a search takes long */
};

G_DEFINE_FINAL_TYPE (QkFindBar, qk_find_bar, ADW_TYPE_BIN)

enum { PROP_0, PROP_LEAD, PROP_EXTRA, N_PROPS };

static GParamSpec *properties[N_PROPS];

enum { SIGNAL_LEFT, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
take_filter (QkFindBar *self, QkFilter *filter)
{
  qk_filter_unref (self->filter);
  self->filter = filter;
  qk_filter_chips_set_filter (self->chips, filter);
  qk_filter_menu_set_filter (self->menu, filter);
  if (self->list != NULL)
    qk_message_list_set_find (self->list, filter);
}

static void
search_changed_cb (GtkSearchEntry *entry, QkFindBar *self)
{
  g_autoptr (QkFilter) filter = NULL;

  g_assert (QK_IS_FIND_BAR (self));

  filter = qk_filter_with_text (self->filter, gtk_editable_get_text (GTK_EDITABLE (entry)));
  if (!qk_filter_equal (filter, self->filter))
    take_filter (self, g_steal_pointer (&filter));
}

static void
leave (QkFindBar *self)
{
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

/* Escape: first what was typed goes, then the keyboard goes back to the list. */
static void
stop_search_cb (GtkSearchEntry *entry, QkFindBar *self)
{
  g_assert (QK_IS_FIND_BAR (self));

  if (*gtk_editable_get_text (GTK_EDITABLE (entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (entry), "");
  else
    leave (self);
}

static void
activate_cb (GtkSearchEntry *entry, QkFindBar *self)
{
  g_assert (QK_IS_FIND_BAR (self));

  leave (self);
}

static gboolean
entry_key_cb (GtkEventControllerKey *controller,
              guint keyval,
              guint keycode,
              GdkModifierType state,
              QkFindBar *self)
{
  g_assert (QK_IS_FIND_BAR (self));

  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  leave (self);
  return GDK_EVENT_STOP;
}

/* Only what writes something is taken from the page: GtkSearchEntry itself would take Delete too. */
static gboolean
page_key_cb (GtkEventControllerKey *controller,
             guint keyval,
             guint keycode,
             GdkModifierType state,
             QkFindBar *self)
{
  gunichar c = gdk_keyval_to_unicode (keyval);
  GtkEditable *text;

  g_assert (QK_IS_FIND_BAR (self));

  text = gtk_editable_get_delegate (GTK_EDITABLE (self->entry));
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) || !g_unichar_isgraph (c) ||
      gtk_widget_has_focus (GTK_WIDGET (text)) || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return GDK_EVENT_PROPAGATE;
  gtk_text_grab_focus_without_selecting (GTK_TEXT (text));
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  return gtk_event_controller_key_forward (controller, GTK_WIDGET (text));
}

static void
toggled_cb (QkFilterMenu *menu, guint facet, const char *value, QkFindBar *self)
{
  g_assert (QK_IS_FIND_BAR (self));

  take_filter (self, qk_filter_has_value (self->filter, (QkFacet) facet, value)
                         ? qk_filter_without_value (self->filter, (QkFacet) facet, value)
                         : qk_filter_with_value (self->filter, (QkFacet) facet, value));
}

static void
removed_cb (QkFilterChips *chips, guint facet, const char *value, QkFindBar *self)
{
  g_assert (QK_IS_FIND_BAR (self));

  take_filter (self, qk_filter_without_value (self->filter, (QkFacet) facet, value));
  leave (self);
}

static void
settled_cb (QkMessageList *list, QkFindBar *self)
{
  g_autofree char *text = NULL, *name = NULL;
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (list));
  guint total = qk_message_list_get_total (list);

  g_assert (QK_IS_FIND_BAR (self));

  text = g_strdup_printf (_ ("%u of %u"), n_shown, total);
  if (g_strcmp0 (text, gtk_label_get_text (self->shown)) == 0)
    return;
  name = g_strdup_printf (_ ("%u of %u messages shown"), n_shown, total);
  gtk_label_set_text (self->shown, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->shown), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
show_searching (QkFindBar *self, gboolean searching)
{
  gtk_spinner_set_spinning (self->spinner, searching);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), searching);
}

static gboolean
patience_cb (gpointer user_data)
{
  QkFindBar *self = user_data;

  self->patience_id = 0;
  show_searching (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
searching_cb (QkMessageList *list, GParamSpec *pspec, QkFindBar *self)
{
  g_assert (QK_IS_FIND_BAR (self));

  if (!qk_message_list_get_searching (list))
    {
      g_clear_handle_id (&self->patience_id, g_source_remove);
      show_searching (self, FALSE);
    }
  else if (self->patience_id == 0 && !gtk_spinner_get_spinning (self->spinner))
    self->patience_id = g_timeout_add (PATIENCE_MS, patience_cb, self);
}

static void
qk_find_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkFindBar *self = QK_FIND_BAR (object);

  switch (id)
    {
    case PROP_LEAD:
      g_value_set_object (value, adw_bin_get_child (self->lead));
      break;
    case PROP_EXTRA:
      g_value_set_object (value, adw_bin_get_child (self->extra));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_find_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkFindBar *self = QK_FIND_BAR (object);

  switch (id)
    {
    case PROP_LEAD:
      adw_bin_set_child (self->lead, g_value_get_object (value));
      break;
    case PROP_EXTRA:
      adw_bin_set_child (self->extra, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_find_bar_dispose (GObject *object)
{
  QkFindBar *self = QK_FIND_BAR (object);

  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (qk_find_bar_parent_class)->dispose (object);
}

static void
qk_find_bar_finalize (GObject *object)
{
  qk_filter_unref (QK_FIND_BAR (object)->filter);

  G_OBJECT_CLASS (qk_find_bar_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  /**
   * QkFindBar:lead:
   *
   * What stands before the field.
   */
  properties[PROP_LEAD] = g_param_spec_object ("lead", NULL, NULL, GTK_TYPE_WIDGET,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /**
   * QkFindBar:extra:
   *
   * What stands between the field and the menu.
   */
  properties[PROP_EXTRA] = g_param_spec_object ("extra", NULL, NULL, GTK_TYPE_WIDGET,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qk_find_bar_class_init (QkFindBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = qk_find_bar_dispose;
  object_class->finalize = qk_find_bar_finalize;
  object_class->get_property = qk_find_bar_get_property;
  object_class->set_property = qk_find_bar_set_property;
  install_properties (object_class);

  /**
   * QkFindBar::left:
   *
   * The operator is done with the bar: the keyboard is to go to the list.
   */
  signals[SIGNAL_LEFT] = g_signal_new ("left", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (QK_TYPE_FILTER_CHIPS);
  g_type_ensure (QK_TYPE_FILTER_MENU);
  g_type_ensure (QK_TYPE_FOLD_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, QkFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, QkFindBar, lead);
  gtk_widget_class_bind_template_child (widget_class, QkFindBar, extra);
  gtk_widget_class_bind_template_child (widget_class, QkFindBar, menu);
  gtk_widget_class_bind_template_child (widget_class, QkFindBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, QkFindBar, shown);
  gtk_widget_class_bind_template_child (widget_class, QkFindBar, chips);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, removed_cb);
}

static void
qk_find_bar_init (QkFindBar *self)
{
  self->filter = qk_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_find_bar_set_list:
 * @self: a bar
 * @list: where to find
 *
 * Decides from now on what @list looks for.
 */
void
qk_find_bar_set_list (QkFindBar *self, QkMessageList *list)
{
  g_return_if_fail (QK_IS_FIND_BAR (self));
  g_return_if_fail (QK_IS_MESSAGE_LIST (list));
  g_return_if_fail (self->list == NULL);

  self->list = g_object_ref (list);
  g_signal_connect (list, "settled", G_CALLBACK (settled_cb), self);
  g_signal_connect (list, "notify::searching", G_CALLBACK (searching_cb), self);
  settled_cb (list, self);
}

/**
 * qk_find_bar_set_document:
 * @self: a bar
 * @document: (nullable): the version of the queue whose values the menu offers
 *
 * Takes note of it.
 */
void
qk_find_bar_set_document (QkFindBar *self, QkDocument *document)
{
  g_return_if_fail (QK_IS_FIND_BAR (self));

  qk_filter_menu_set_document (self->menu, document);
}

/**
 * qk_find_bar_set_key_capture:
 * @self: a bar
 * @widget: a widget
 *
 * What is typed in @widget and means nothing there is typed into the field.
 */
void
qk_find_bar_set_key_capture (QkFindBar *self, GtkWidget *widget)
{
  GtkEventController *controller;

  g_return_if_fail (QK_IS_FIND_BAR (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  controller = gtk_event_controller_key_new ();
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (page_key_cb), self, 0);
  gtk_widget_add_controller (widget, controller);
}

/**
 * qk_find_bar_take_focus:
 * @self: a bar
 *
 * Moves the keyboard to the field.
 */
void
qk_find_bar_take_focus (QkFindBar *self)
{
  g_return_if_fail (QK_IS_FIND_BAR (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

/**
 * qk_find_bar_open_menu:
 * @self: a bar
 *
 * Opens the menu of filters.
 */
void
qk_find_bar_open_menu (QkFindBar *self)
{
  g_return_if_fail (QK_IS_FIND_BAR (self));

  qk_filter_menu_open (self->menu);
}

/**
 * qk_find_bar_clear:
 * @self: a bar
 *
 * Looks for nothing any more.
 */
void
qk_find_bar_clear (QkFindBar *self)
{
  g_autoptr (QkFilter) nothing = qk_filter_new ();

  g_return_if_fail (QK_IS_FIND_BAR (self));

  qk_find_bar_set_filter (self, nothing);
}

/**
 * qk_find_bar_set_filter:
 * @self: a bar
 * @filter: what to look for
 *
 * Looks for that from now on.
 */
void
qk_find_bar_set_filter (QkFindBar *self, QkFilter *filter)
{
  g_return_if_fail (QK_IS_FIND_BAR (self));
  g_return_if_fail (filter != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->entry),
                         qk_search_get_text (qk_filter_get_search (filter)));
  take_filter (self, qk_filter_ref (filter));
}
