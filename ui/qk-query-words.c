#include "qk-query-words.h"

#include "qk-text.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

#define MAX_CHARS 60

static const char *
get_focus_label (QkFocus focus)
{
  static const char *const labels[QK_N_FOCUSES] = {NULL,          N_ ("Pending"), N_ ("Processing"),
                                                   N_ ("Failed"), N_ ("Stuck"),   N_ ("Flagged")};

  return labels[focus] != NULL ? _ (labels[focus]) : NULL;
}

static void
append (GString *text, const char *part)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

/* What tells itself what it is a value of has no label before it. */
static gboolean
speaks_for_itself (QkFacet facet)
{
  return facet == QK_FACET_STATUS || facet == QK_FACET_ERROR || facet == QK_FACET_TYPE;
}

static void
append_values (GString *text, QkFilter *filter, QkFacet facet)
{
  for (const char *const *p = qk_filter_get_values (filter, facet); *p != NULL; p++)
    {
      g_autofree char *value = qk_facet_dup_value_label (facet, *p);
      g_autofree char *part = speaks_for_itself (facet)
                                  ? g_strdup (value)
                                  : g_strdup_printf ("%s: %s", qk_facet_get_label (facet), value);

      append (text, part);
    }
}

/**
 * qk_query_words:
 * @query: a query
 *
 * Returns: (transfer full): what is asked for, in a few words; "" for everything
 */
char *
qk_query_words (const QkQuery *query)
{
  QkFilter *filter = qk_query_get_filter (query);
  const char *focus = get_focus_label (qk_query_get_focus (query));
  g_autofree char *agent =
      qk_query_get_agent (query) != NULL ? qk_words_agent (qk_query_get_agent (query)) : NULL;
  g_autofree char *words = g_strdup (qk_search_get_text (qk_filter_get_search (filter)));
  g_autofree char *shown = qk_text_reveal_line (g_strstrip (words));
  GString *text = g_string_new (NULL);

  if (focus != NULL)
    append (text, focus);
  for (guint i = 0; i < QK_N_FACETS; i++)
    append_values (text, filter, (QkFacet) i);
  if (agent != NULL)
    append (text, agent);
  if (*shown != '\0')
    append (text, shown);
  if (g_utf8_strlen (text->str, -1) > MAX_CHARS)
    {
      g_string_truncate (text,
                         (gsize) (g_utf8_offset_to_pointer (text->str, MAX_CHARS - 1) - text->str));
      g_string_append (text, "…");
    }
  return g_string_free (text, FALSE);
}
