#include "qk-export-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

static const struct {
  const char *name;
  const char *label;
  const char *extension;
  const char *content_type;
  GBytes *(*write) (const QkReport *report, const QkAssessment *assessment);
} formats[QK_N_EXPORT_FORMATS] = {
    [QK_EXPORT_TEXT] = {"text", N_ ("Text"), "txt", "text/plain; charset=utf-8",
                        qk_export_write_text},
    [QK_EXPORT_CSV] = {"csv", N_ ("Table (CSV)"), "csv", "text/csv; charset=utf-8",
                       qk_export_write_csv},
    [QK_EXPORT_JSON] = {"json", N_ ("JSON"), "json", "application/json", qk_export_write_json},
    [QK_EXPORT_OPENMETRICS] = {"openmetrics", N_ ("OpenMetrics"), "metrics",
                               "application/openmetrics-text; version=1.0.0; charset=utf-8",
                               qk_export_write_openmetrics},
    [QK_EXPORT_PROMETHEUS] = {"prometheus", N_ ("Prometheus text file"), "prom",
                              "text/plain; version=0.0.4; charset=utf-8",
                              qk_export_write_prometheus},
    [QK_EXPORT_HTML] = {"html", N_ ("Page with charts (HTML)"), "html", "text/html; charset=utf-8",
                        qk_export_write_html},
    [QK_EXPORT_SWARM] = {"swarm", N_ ("The swarm's own (JSON)"), "json", "application/json",
                         qk_export_write_swarm},
};

/**
 * qk_export_report:
 * @report: what to write
 * @assessment: how it is
 * @format: in which format
 *
 * Returns: (transfer full): the whole file, in UTF-8
 */
GBytes *
qk_export_report (const QkReport *report, const QkAssessment *assessment, QkExportFormat format)
{
  g_return_val_if_fail (report != NULL && assessment != NULL, NULL);
  g_return_val_if_fail ((guint) format < QK_N_EXPORT_FORMATS, NULL);

  return formats[format].write (report, assessment);
}

static gboolean
is_same_file (const char *a, const char *b)
{
  GStatBuf info_a, info_b;
  g_autofree char *path_a = NULL, *path_b = NULL;

  if (g_stat (a, &info_a) == 0 && g_stat (b, &info_b) == 0)
    return info_a.st_dev == info_b.st_dev && info_a.st_ino == info_b.st_ino;
  /* The queue may be absent for a moment, or for longer. */
  path_a = g_canonicalize_filename (a, NULL);
  path_b = g_canonicalize_filename (b, NULL);
  return strcmp (path_a, path_b) == 0;
}

/**
 * qk_export_list_guarded:
 * @queue: (type filename): where the queue is
 * @report: what is exported
 *
 * Returns: (transfer full) (array zero-terminated=1): the files that an export must not replace: the
 *   queue, the lock that its writers take, and what the swarm keeps beside it or counts elsewhere
 */
char **
qk_export_list_guarded (const char *queue, const QkReport *report)
{
  static const char *const endings[] = {"", ".lock", ".tmp"};
  static const char *const names[] = {"metrics.json", "alerts.json"};
  g_autoptr (GStrvBuilder) guarded = g_strv_builder_new ();
  g_autofree char *folder = g_path_get_dirname (queue);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (queue, endings[i], NULL);

      g_strv_builder_add (guarded, path);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_strv_builder_add (guarded, path);
    }
  if (report->swarm_location != NULL)
    g_strv_builder_add (guarded, report->swarm_location);
  return g_strv_builder_end (guarded);
}

/**
 * qk_export_save:
 * @bytes: what was written
 * @path: (type filename): into which file
 * @guarded: (nullable) (array zero-terminated=1): files that are not to be replaced: the queue, above all
 * @error: return location for a #GIOErrorEnum or #GFileError
 *
 * Replaces the file in one step: whoever reads it has the old one or the new one. A symbolic link is
 * replaced by a file.
 *
 * Returns: %FALSE where it was not written
 */
gboolean
qk_export_save (GBytes *bytes, const char *path, const char *const *guarded, GError **error)
{
  g_autofree char *safe = NULL;
  const char *data;
  gsize size;

  g_return_val_if_fail (bytes != NULL && path != NULL, FALSE);

  for (guint i = 0; guarded != NULL && guarded[i] != NULL; i++)
    if (is_same_file (path, guarded[i]))
      {
        g_autofree char *shown = g_filename_display_name (path);

        safe = qk_export_reveal (shown);
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                     _ ("%s belongs to the swarm: choose another file for what is exported"), safe);
        return FALSE;
      }
  data = g_bytes_get_data (bytes, &size);
  return g_file_set_contents_full (path, data != NULL ? data : "", (gssize) size,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}

/**
 * qk_export_format_parse:
 * @name: the name of a format
 * @format: (out): which one it is
 *
 * Returns: %FALSE where there is none of this name
 */
gboolean
qk_export_format_parse (const char *name, QkExportFormat *format)
{
  for (guint i = 0; i < QK_N_EXPORT_FORMATS; i++)
    if (strcmp (name, formats[i].name) == 0)
      {
        *format = (QkExportFormat) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * qk_export_format_get_name:
 * @format: a format
 *
 * Returns: (transfer none): its name for programs
 */
const char *
qk_export_format_get_name (QkExportFormat format)
{
  g_return_val_if_fail ((guint) format < QK_N_EXPORT_FORMATS, NULL);

  return formats[format].name;
}

/**
 * qk_export_format_get_label:
 * @format: a format
 *
 * Returns: (transfer none): its name for people
 */
const char *
qk_export_format_get_label (QkExportFormat format)
{
  g_return_val_if_fail ((guint) format < QK_N_EXPORT_FORMATS, NULL);

  return _ (formats[format].label);
}

/**
 * qk_export_format_get_extension:
 * @format: a format
 *
 * Returns: (transfer none): how the name of such a file ends, without the point
 */
const char *
qk_export_format_get_extension (QkExportFormat format)
{
  g_return_val_if_fail ((guint) format < QK_N_EXPORT_FORMATS, NULL);

  return formats[format].extension;
}

/**
 * qk_export_format_get_content_type:
 * @format: a format
 *
 * Returns: (transfer none): its media type, for HTTP
 */
const char *
qk_export_format_get_content_type (QkExportFormat format)
{
  g_return_val_if_fail ((guint) format < QK_N_EXPORT_FORMATS, NULL);

  return formats[format].content_type;
}
