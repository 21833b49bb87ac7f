#include "qk-pick-view.h"

#include "qk-keep-words.h"
#include "qk-search.h"
#include "qk-slim-layout.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

typedef enum {
  COLUMN_PICK,
  COLUMN_WORD,
  COLUMN_STATUS,
  COLUMN_RECIPIENT,
  COLUMN_AGE,
  COLUMN_GIST,
  N_COLUMNS,
} Column;

struct _QkPickView {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkLabel *work;
  AdwStatusPage *notice;
  GtkSearchEntry *search_entry;
  GtkLabel *summary;
  GtkWidget *pick_all;
  GtkWidget *pick_none;
  GtkStack *table;
  GtkColumnView *column_view;
  GtkColumnViewColumn *columns[N_COLUMNS];
  GtkWidget *facts;
  char *entry_name; /* owned, nullable */
  char *other_name; /* owned, nullable */
  GtkLabel *entry_title;
  GtkLabel *entry_facts;
  GtkWidget *other_box;
  GtkLabel *other_title;
  GtkLabel *other_facts;
  GListStore *rows;              /* owned */
  GtkFilterListModel *found;     /* owned */
  GtkCustomFilter *filter;       /* owned */
  GtkSingleSelection *selection; /* owned */
  QkSearch *search;              /* owned, nullable: all are found */
  guint n_picked;
  guint n_danger;
  gboolean picking; /* many at once */
};

G_DEFINE_FINAL_TYPE (QkPickView, qk_pick_view, ADW_TYPE_BIN)

enum { SIGNAL_PICKED, N_SIGNALS };

static guint signals[N_SIGNALS];

static char *
read_text (Column column, QkPickRow *row)
{
  const QkEntry *entry = qk_pick_row_get_entry (row);
  gint64 now = qk_wall_now ();

  switch (column)
    {
    case COLUMN_WORD:
      return g_strdup (qk_pick_row_get_word (row));
    case COLUMN_STATUS:
      return qk_words_status (entry, now);
    case COLUMN_RECIPIENT:
      return qk_words_field (entry, QK_FIELD_RECIPIENT);
    case COLUMN_AGE:
      return qk_words_age (entry, now);
    case COLUMN_GIST:
      return qk_entry_dup_excerpt (entry);
    case COLUMN_PICK:
    case N_COLUMNS:
    default:
      return g_strdup ("");
    }
}

static gboolean
query_tooltip_cb (GtkWidget *label,
                  int x,
                  int y,
                  gboolean keyboard,
                  GtkTooltip *tooltip,
                  gpointer user_data)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))))
    return FALSE;
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (GTK_LABEL (label)));
  return TRUE;
}

static void
cell_setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "ellipsize", PANGO_ELLIPSIZE_END, "hexpand", TRUE, "xalign",
                    GPOINTER_TO_UINT (data) == COLUMN_AGE ? 1.0F : 0.0F, "has-tooltip", TRUE, NULL);

  if (GPOINTER_TO_UINT (data) == COLUMN_AGE)
    gtk_widget_add_css_class (label, "numeric");
  g_signal_connect (label, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  gtk_list_item_set_child (item, label);
}

/* A row is read out as one sentence; GTK 4.8 would call it by the name of its widget. */
static void
name_row (GtkWidget *cell, QkPickRow *row)
{
  GtkWidget *parent = gtk_widget_get_parent (cell);
  GtkWidget *widget = parent != NULL ? gtk_widget_get_parent (parent) : NULL;
  g_autofree char *name = NULL;

  if (widget == NULL ||
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) != GTK_ACCESSIBLE_ROLE_ROW)
    return;
  name = qk_keep_words_row (row, qk_wall_now ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
cell_bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  QkPickRow *row = gtk_list_item_get_item (item);
  g_autofree char *text = read_text (GPOINTER_TO_UINT (data), row);

  gtk_label_set_text (GTK_LABEL (label), text);
  if (GPOINTER_TO_UINT (data) == COLUMN_WORD)
    name_row (label, row);
}

static void
tick_setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *tick = gtk_check_button_new ();

  gtk_widget_set_halign (tick, GTK_ALIGN_CENTER);
  gtk_list_item_set_child (item, tick);
}

static void
tick_bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *tick = gtk_list_item_get_child (item);
  QkPickRow *row = gtk_list_item_get_item (item);
  g_autofree char *name = qk_keep_words_row (row, qk_wall_now ());
  GBinding *binding = g_object_bind_property (row, "picked", tick, "active",
                                              G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);

  gtk_widget_set_sensitive (tick, qk_pick_row_can_pick (row));
  gtk_accessible_update_property (GTK_ACCESSIBLE (tick), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (item), "binding", binding);
}

static void
tick_unbind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GBinding *binding = g_object_steal_data (G_OBJECT (item), "binding");

  if (binding != NULL)
    g_binding_unbind (binding);
}

static void
set_up_column (QkPickView *self, Column column)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  gpointer data = GUINT_TO_POINTER (column);

  if (column == COLUMN_PICK)
    {
      g_signal_connect (factory, "setup", G_CALLBACK (tick_setup_cb), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (tick_bind_cb), NULL);
      g_signal_connect (factory, "unbind", G_CALLBACK (tick_unbind_cb), NULL);
    }
  else
    {
      g_signal_connect (factory, "setup", G_CALLBACK (cell_setup_cb), data);
      g_signal_connect (factory, "bind", G_CALLBACK (cell_bind_cb), data);
    }
  gtk_column_view_column_set_factory (self->columns[column], factory);
}

static gboolean
is_found (gpointer item, gpointer user_data)
{
  QkPickView *self = user_data;

  return self->search == NULL || qk_search_matches (self->search, qk_pick_row_get_entry (item));
}

static void
show_found (QkPickView *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->found)) == 0;

  gtk_stack_set_visible_child_name (self->table, empty ? "nothing" : "table");
}

static void
search_changed_cb (GtkSearchEntry *entry, QkPickView *self)
{
  g_assert (QK_IS_PICK_VIEW (self));

  qk_pick_view_find (self, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

/* Escape first takes the words away, then the dialog. */
static void
stop_search_cb (GtkSearchEntry *entry, QkPickView *self)
{
  g_assert (QK_IS_PICK_VIEW (self));

  if (*gtk_editable_get_text (GTK_EDITABLE (entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (entry), "");
  else
    gtk_widget_activate_action (GTK_WIDGET (entry), "window.close", NULL);
}

static void
pick_all_cb (GtkButton *button, QkPickView *self)
{
  qk_pick_view_pick_all (self, GTK_WIDGET (button) == self->pick_all);
}

static void
activated_cb (GtkColumnView *view, guint position, QkPickView *self)
{
  g_autoptr (QkPickRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (row != NULL)
    qk_pick_row_set_picked (row, !qk_pick_row_is_picked (row));
}

static void
selected_cb (GtkSingleSelection *selection, GParamSpec *pspec, QkPickView *self)
{
  QkPickRow *row = gtk_single_selection_get_selected_item (selection);
  const QkEntry *other = row != NULL ? qk_pick_row_get_other (row) : NULL;
  gint64 now = qk_wall_now ();

  g_assert (QK_IS_PICK_VIEW (self));

  gtk_widget_set_visible (self->facts, row != NULL);
  gtk_widget_set_visible (self->other_box, other != NULL);
  if (row != NULL)
    {
      g_autofree char *text =
          qk_keep_words_facts (qk_pick_row_get_entry (row), qk_pick_row_get_note (row), now);

      gtk_label_set_text (self->entry_facts, text);
      /* What would be taken away is not in the other file. */
      gtk_label_set_text (self->entry_title,
                          qk_pick_row_is_danger (row) ? self->other_name : self->entry_name);
    }
  if (other != NULL)
    {
      g_autofree char *text = qk_keep_words_facts (other, NULL, now);

      gtk_label_set_text (self->other_facts, text);
    }
}

static void
picked_cb (QkPickRow *row, GParamSpec *pspec, QkPickView *self)
{
  int step = qk_pick_row_is_picked (row) ? 1 : -1;

  self->n_picked += (guint) step;
  if (qk_pick_row_is_danger (row))
    self->n_danger += (guint) step;
  if (!self->picking)
    g_signal_emit (self, signals[SIGNAL_PICKED], 0);
}

static void
drop_rows (QkPickView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QkPickRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      g_signal_handlers_disconnect_by_data (row, self);
    }
  g_list_store_remove_all (self->rows);
  self->n_picked = self->n_danger = 0;
}

static void
qk_pick_view_dispose (GObject *object)
{
  QkPickView *self = QK_PICK_VIEW (object);

  if (self->rows != NULL)
    drop_rows (self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->found);
  g_clear_object (&self->filter);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->search, qk_search_unref);
  g_clear_pointer (&self->entry_name, g_free);
  g_clear_pointer (&self->other_name, g_free);

  G_OBJECT_CLASS (qk_pick_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  static const char *const ids[N_COLUMNS] = {
      [COLUMN_PICK] = "pick",           [COLUMN_WORD] = "word", [COLUMN_STATUS] = "status",
      [COLUMN_RECIPIENT] = "recipient", [COLUMN_AGE] = "age",   [COLUMN_GIST] = "gist",
  };

  gtk_widget_class_bind_template_child (widget_class, QkPickView, stack);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, work);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, notice);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, summary);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, pick_all);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, pick_none);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, table);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, column_view);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, facts);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, entry_title);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, entry_facts);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, other_box);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, other_title);
  gtk_widget_class_bind_template_child (widget_class, QkPickView, other_facts);
  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, ids[i], FALSE,
                                               G_STRUCT_OFFSET (QkPickView, columns) +
                                                   (gssize) (i * sizeof (gpointer)));
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, pick_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
qk_pick_view_class_init (QkPickViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_pick_view_dispose;

  /**
   * QkPickView::picked:
   *
   * Other rows are picked than before, or other rows are there.
   */
  signals[SIGNAL_PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-pick-view.ui");
  bind_template (widget_class);
}

static gboolean
find_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  QkPickView *self = QK_PICK_VIEW (widget);

  return gtk_widget_get_mapped (GTK_WIDGET (self->search_entry)) &&
         gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* Wherever in the dialog the keyboard is. */
static void
add_find_key (QkPickView *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_f, GDK_CONTROL_MASK),
                        gtk_callback_action_new (find_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* The title of numbers stands where the numbers do. GTK 4.8 has no property for that: the title's
 * content is moved within it. */
static void
align_title (QkPickView *self, guint column)
{
  GtkWidget *title =
      gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (self->column_view)));

  while (title != NULL && column-- > 0)
    title = gtk_widget_get_next_sibling (title);
  if (title != NULL && gtk_widget_get_first_child (title) != NULL)
    gtk_widget_set_halign (gtk_widget_get_first_child (title), GTK_ALIGN_END);
}

static void
qk_pick_view_init (QkPickView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), qk_slim_layout_new ());
  for (guint i = 0; i < N_COLUMNS; i++)
    set_up_column (self, i);
  add_find_key (self);
  self->rows = g_list_store_new (QK_TYPE_PICK_ROW);
  self->filter = gtk_custom_filter_new (is_found, self, NULL);
  self->found = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)),
                                           GTK_FILTER (g_object_ref (self->filter)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->found)));
  g_signal_connect (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
}

/**
 * qk_pick_view_set_titles:
 * @self: a view
 * @entry: where the messages stand
 * @other: (nullable): where their other states stand; %NULL where there is nothing to compare and
 *   nothing to pick
 *
 * Says what the two sides are. To be called once.
 */
void
qk_pick_view_set_titles (QkPickView *self, const char *entry, const char *other)
{
  g_return_if_fail (QK_IS_PICK_VIEW (self));

  g_return_if_fail (self->entry_name == NULL);

  self->entry_name = g_strdup (entry);
  self->other_name = g_strdup (other);
  /* GTK 4.8 keeps the place of a column that is only hidden. */
  for (guint i = COLUMN_PICK; other == NULL && i <= COLUMN_WORD; i++)
    gtk_column_view_remove_column (self->column_view, self->columns[i]);
  align_title (self, other == NULL ? COLUMN_AGE - COLUMN_STATUS : COLUMN_AGE);
  gtk_label_set_text (self->other_title, other != NULL ? other : "");
}

/**
 * qk_pick_view_show_work:
 * @self: a view
 * @text: what is under way
 *
 * Shows that something is under way.
 */
void
qk_pick_view_show_work (QkPickView *self, const char *text)
{
  g_return_if_fail (QK_IS_PICK_VIEW (self));

  gtk_label_set_text (self->work, text);
  gtk_stack_set_visible_child_name (self->stack, "working");
}

/**
 * qk_pick_view_show_notice:
 * @self: a view
 * @icon: an icon
 * @title: a title
 * @text: what there is to say; any text
 *
 * Says why there is no list.
 */
void
qk_pick_view_show_notice (QkPickView *self, const char *icon, const char *title, const char *text)
{
  g_autofree char *shown = NULL, *markup = NULL;

  g_return_if_fail (QK_IS_PICK_VIEW (self));

  shown = qk_text_reveal (text);
  markup = g_markup_escape_text (shown, -1);
  adw_status_page_set_icon_name (self->notice, icon);
  adw_status_page_set_title (self->notice, title);
  adw_status_page_set_description (self->notice, markup);
  gtk_stack_set_visible_child_name (self->stack, "notice");
  drop_rows (self);
  g_signal_emit (self, signals[SIGNAL_PICKED], 0);
}

/**
 * qk_pick_view_show_rows:
 * @self: a view
 * @rows: (element-type QkPickRow): the messages
 * @summary: what they are, all in all
 *
 * Shows messages.
 */
void
qk_pick_view_show_rows (QkPickView *self, GPtrArray *rows, const char *summary)
{
  gboolean can_pick = FALSE;

  g_return_if_fail (QK_IS_PICK_VIEW (self));

  drop_rows (self);
  for (guint i = 0; i < rows->len; i++)
    {
      g_signal_connect (rows->pdata[i], "notify::picked", G_CALLBACK (picked_cb), self);
      can_pick = can_pick || qk_pick_row_can_pick (rows->pdata[i]);
      self->n_picked += qk_pick_row_is_picked (rows->pdata[i]);
    }
  g_list_store_splice (self->rows, 0, 0, rows->pdata, rows->len);
  gtk_widget_set_visible (self->pick_all, can_pick);
  gtk_widget_set_visible (self->pick_none, can_pick);
  gtk_label_set_text (self->summary, summary);
  show_found (self);
  gtk_stack_set_visible_child_name (self->stack, "list");
  g_signal_emit (self, signals[SIGNAL_PICKED], 0);
}

/**
 * qk_pick_view_get_shown:
 * @self: a view
 *
 * Returns: (transfer none): what fills it: `working`, `notice` or `list`
 */
const char *
qk_pick_view_get_shown (QkPickView *self)
{
  g_return_val_if_fail (QK_IS_PICK_VIEW (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/**
 * qk_pick_view_get_rows:
 * @self: a view
 *
 * Returns: (transfer none): all messages, found or not, of #QkPickRow
 */
GListModel *
qk_pick_view_get_rows (QkPickView *self)
{
  g_return_val_if_fail (QK_IS_PICK_VIEW (self), NULL);

  return G_LIST_MODEL (self->rows);
}

/**
 * qk_pick_view_count_picked:
 * @self: a view
 * @n_danger: (out) (optional): how many of them have to be picked by themselves
 *
 * Returns: how many are picked
 */
guint
qk_pick_view_count_picked (QkPickView *self, guint *n_danger)
{
  g_return_val_if_fail (QK_IS_PICK_VIEW (self), 0);

  if (n_danger != NULL)
    *n_danger = self->n_danger;
  return self->n_picked;
}

/**
 * qk_pick_view_dup_picked:
 * @self: a view
 *
 * Returns: (transfer full) (element-type QkPickRow): what is picked, found or not
 */
GPtrArray *
qk_pick_view_dup_picked (QkPickView *self)
{
  GPtrArray *picked = g_ptr_array_new_with_free_func (g_object_unref);
  guint n;

  g_return_val_if_fail (QK_IS_PICK_VIEW (self), picked);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QkPickRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      if (qk_pick_row_is_picked (row))
        g_ptr_array_add (picked, g_steal_pointer (&row));
    }
  return picked;
}

/**
 * qk_pick_view_pick_all:
 * @self: a view
 * @picked: whether to pick them
 *
 * Picks what is found, or unpicks it. What takes something away is never picked so.
 */
void
qk_pick_view_pick_all (QkPickView *self, gboolean picked)
{
  guint n;

  g_return_if_fail (QK_IS_PICK_VIEW (self));

  n = g_list_model_get_n_items (G_LIST_MODEL (self->found));
  self->picking = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QkPickRow) row = g_list_model_get_item (G_LIST_MODEL (self->found), i);

      if (!picked || !qk_pick_row_is_danger (row))
        qk_pick_row_set_picked (row, picked);
    }
  self->picking = FALSE;
  g_signal_emit (self, signals[SIGNAL_PICKED], 0);
}

/**
 * qk_pick_view_find:
 * @self: a view
 * @words: words; "" for all messages
 *
 * Shows the messages that have all of them.
 */
void
qk_pick_view_find (QkPickView *self, const char *words)
{
  g_return_if_fail (QK_IS_PICK_VIEW (self));

  g_clear_pointer (&self->search, qk_search_unref);
  if (*words != '\0')
    self->search = qk_search_new (words);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_found (self);
}

/**
 * qk_pick_view_get_n_found:
 * @self: a view
 *
 * Returns: how many messages are shown
 */
guint
qk_pick_view_get_n_found (QkPickView *self)
{
  g_return_val_if_fail (QK_IS_PICK_VIEW (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->found));
}
