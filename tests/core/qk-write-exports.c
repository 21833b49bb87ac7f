#include "qk-export.h"
#include "qk-report-sample.h"

/* Writes a report whose every number is known into FOLDER, in every format, for build-aux/check-exports
 * and for whoever wants to look at them. */

static gboolean
write_all (const QkReport *report, const char *folder, const char *name, GError **error)
{
  const QkThresholds thresholds = QK_THRESHOLDS_DEFAULT;
  const QkQueueFigures queue = {.readable = TRUE, .total = 376, .stuck_warning = 1};
  g_autoptr (QkAssessment) assessment = qk_assessment_new (report, &queue, &thresholds);

  for (guint i = 0; i < QK_N_EXPORT_FORMATS; i++)
    {
      QkExportFormat format = (QkExportFormat) i;
      g_autoptr (GBytes) bytes = qk_export_report (report, assessment, format);
      g_autofree char *file = g_strdup_printf ("%s-%s.%s", name, qk_export_format_get_name (format),
                                               qk_export_format_get_extension (format));
      g_autofree char *path = g_build_filename (folder, file, NULL);

      if (!qk_export_save (bytes, path, NULL, error))
        return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (QkReport) report = qk_sample_report_new ();
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (argc != 2)
    {
      g_printerr ("usage: qk-write-exports FOLDER\n");
      return 2;
    }
  done = write_all (report, argv[1], "day", &error);
  report->period = QK_PERIOD_ALL;
  done = done && write_all (report, argv[1], "all", &error);
  if (!done)
    g_printerr ("%s\n", error->message);
  return done ? 0 : 1;
}
