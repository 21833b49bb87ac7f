#include "qk-saved-filters.h"

#include "qk-settings-private.h"

#define KEY  "saved-filters"
#define TYPE G_VARIANT_TYPE ("a(ss)")

/* The same as in the schema, for where there is none. */
#define INITIAL                                                                                    \
  "[('Failed today', 'status:FAILED updated:today'), ('Stuck over 5 minutes', 'stuck:5m')]"

typedef struct {
  char *name; /* owned */
  char *text; /* owned */
} Saved;

struct _QkSavedFilters {
  GObject parent_instance;

  GSettings *settings; /* owned, nullable: there is no schema, nothing is kept */
  GPtrArray *filters;  /* owned, of Saved */
};

G_DEFINE_FINAL_TYPE (QkSavedFilters, qk_saved_filters, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
saved_free (gpointer data)
{
  Saved *saved = data;

  g_free (saved->name);
  g_free (saved->text);
  g_free (saved);
}

static Saved *
saved_new (const char *name, const char *text)
{
  Saved *saved = g_new (Saved, 1);

  *saved = (Saved){g_strdup (name), g_strdup (text)};
  return saved;
}

static const Saved *
get (QkSavedFilters *self, guint index)
{
  return self->filters->pdata[index];
}

/* A name that is there twice, as an editor of settings may have left it, is taken once. */
static void
take_value (QkSavedFilters *self, GVariant *value)
{
  GVariantIter iter;
  const char *name, *text;

  g_ptr_array_set_size (self->filters, 0);
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &text))
    if (!qk_saved_filters_find (self, name, NULL))
      g_ptr_array_add (self->filters, saved_new (name, text));
}

static void
load (QkSavedFilters *self)
{
  g_autoptr (GVariant) value = self->settings != NULL ? g_settings_get_value (self->settings, KEY)
                                                      : g_variant_new_parsed (INITIAL);

  take_value (self, value);
}

static void
settings_changed_cb (GSettings *settings, const char *key, QkSavedFilters *self)
{
  load (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Keeps what was changed here. GSettings tells the change itself. */
static void
store (QkSavedFilters *self)
{
  GVariantBuilder builder;

  if (self->settings == NULL)
    {
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
      return;
    }
  g_variant_builder_init (&builder, TYPE);
  for (guint i = 0; i < self->filters->len; i++)
    g_variant_builder_add (&builder, "(ss)", get (self, i)->name, get (self, i)->text);
  if (!g_settings_set_value (self->settings, KEY, g_variant_builder_end (&builder)))
    settings_changed_cb (self->settings, KEY, self);
}

static void
qk_saved_filters_dispose (GObject *object)
{
  QkSavedFilters *self = QK_SAVED_FILTERS (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (qk_saved_filters_parent_class)->dispose (object);
}

static void
qk_saved_filters_finalize (GObject *object)
{
  g_ptr_array_unref (QK_SAVED_FILTERS (object)->filters);

  G_OBJECT_CLASS (qk_saved_filters_parent_class)->finalize (object);
}

static void
qk_saved_filters_class_init (QkSavedFiltersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_saved_filters_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_saved_filters_finalize;

  /**
   * QkSavedFilters::changed:
   *
   * Other filters are saved than before, or under other names.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_saved_filters_init (QkSavedFilters *self)
{
  g_autoptr (GSettingsSchema) schema = qk_settings_find_schema ();

  self->filters = g_ptr_array_new_with_free_func (saved_free);
  if (schema != NULL && g_settings_schema_has_key (schema, KEY))
    {
      self->settings = g_settings_new_full (schema, NULL, NULL);
      g_signal_connect (self->settings, "changed::" KEY, G_CALLBACK (settings_changed_cb), self);
    }
  load (self);
}

/**
 * qk_saved_filters_new:
 *
 * Returns: (transfer full): the saved filters
 */
QkSavedFilters *
qk_saved_filters_new (void)
{
  return g_object_new (QK_TYPE_SAVED_FILTERS, NULL);
}

/**
 * qk_saved_filters_get_size:
 * @self: the saved filters
 *
 * Returns: how many there are
 */
guint
qk_saved_filters_get_size (QkSavedFilters *self)
{
  g_return_val_if_fail (QK_IS_SAVED_FILTERS (self), 0);

  return self->filters->len;
}

/**
 * qk_saved_filters_get_name:
 * @self: the saved filters
 * @index: one of them
 *
 * Returns: (transfer none): its name
 */
const char *
qk_saved_filters_get_name (QkSavedFilters *self, guint index)
{
  g_return_val_if_fail (QK_IS_SAVED_FILTERS (self), NULL);
  g_return_val_if_fail (index < self->filters->len, NULL);

  return get (self, index)->name;
}

/**
 * qk_saved_filters_get_text:
 * @self: the saved filters
 * @index: one of them
 *
 * Returns: (transfer none): the text form of its query
 */
const char *
qk_saved_filters_get_text (QkSavedFilters *self, guint index)
{
  g_return_val_if_fail (QK_IS_SAVED_FILTERS (self), NULL);
  g_return_val_if_fail (index < self->filters->len, NULL);

  return get (self, index)->text;
}

/**
 * qk_saved_filters_find:
 * @self: the saved filters
 * @name: a name
 * @index: (out) (optional): which of them has it
 *
 * Returns: whether one has that name
 */
gboolean
qk_saved_filters_find (QkSavedFilters *self, const char *name, guint *index)
{
  g_return_val_if_fail (QK_IS_SAVED_FILTERS (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  for (guint i = 0; i < self->filters->len; i++)
    if (g_str_equal (get (self, i)->name, name))
      {
        if (index != NULL)
          *index = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * qk_saved_filters_save:
 * @self: the saved filters
 * @name: its name
 * @text: the text form of its query
 *
 * Saves a filter: in the place of the one of that name, or as the last one.
 */
void
qk_saved_filters_save (QkSavedFilters *self, const char *name, const char *text)
{
  guint index;

  g_return_if_fail (QK_IS_SAVED_FILTERS (self));
  g_return_if_fail (name != NULL && text != NULL);

  if (qk_saved_filters_find (self, name, &index))
    g_ptr_array_remove_index (self->filters, index);
  else
    index = self->filters->len;
  g_ptr_array_insert (self->filters, (int) index, saved_new (name, text));
  store (self);
}

/**
 * qk_saved_filters_insert:
 * @self: the saved filters
 * @index: where it is to stand, if there are so many
 * @name: its name
 * @text: the text form of its query
 *
 * Puts a filter back that was removed; nothing is done where one has that name meanwhile.
 */
void
qk_saved_filters_insert (QkSavedFilters *self, guint index, const char *name, const char *text)
{
  g_return_if_fail (QK_IS_SAVED_FILTERS (self));
  g_return_if_fail (name != NULL && text != NULL);

  if (qk_saved_filters_find (self, name, NULL))
    return;
  g_ptr_array_insert (self->filters, (int) MIN (index, self->filters->len), saved_new (name, text));
  store (self);
}

/**
 * qk_saved_filters_rename:
 * @self: the saved filters
 * @index: one of them
 * @name: its new name
 *
 * Returns: whether it has that name now, and not another one has
 */
gboolean
qk_saved_filters_rename (QkSavedFilters *self, guint index, const char *name)
{
  Saved *saved;
  guint other;

  g_return_val_if_fail (QK_IS_SAVED_FILTERS (self), FALSE);
  g_return_val_if_fail (index < self->filters->len && name != NULL, FALSE);

  if (qk_saved_filters_find (self, name, &other))
    return other == index;
  saved = self->filters->pdata[index];
  g_free (saved->name);
  saved->name = g_strdup (name);
  store (self);
  return TRUE;
}

/**
 * qk_saved_filters_remove:
 * @self: the saved filters
 * @index: one of them
 *
 * Forgets it.
 */
void
qk_saved_filters_remove (QkSavedFilters *self, guint index)
{
  g_return_if_fail (QK_IS_SAVED_FILTERS (self));
  g_return_if_fail (index < self->filters->len);

  g_ptr_array_remove_index (self->filters, index);
  store (self);
}
