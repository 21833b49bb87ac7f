#include "qk-fake-report.h"
#include "qk-health-page.h"

#include <stdlib.h>
#include <string.h>

/* Shows the Lock health page with made-up figures, to be looked at: show-health STYLE.CSS WHAT [PERIOD],
 * where WHAT is `week`, `quiet` or `problem`. */

static QkReport *
make_report (const char *what, QkPeriod period)
{
  gint64 now = g_get_real_time ();
  QkReport *report = strcmp (what, "quiet") == 0 ? qk_fake_report_quiet (period, now)
                                                 : qk_fake_report_week (period, now);

  if (strcmp (what, "problem") == 0)
    report->problem = g_strdup ("The history cannot be used: database is locked. Only what this "
                                "window has counted itself is shown.");
  return report;
}

static void
period_cb (QkHealthPage *page, GParamSpec *pspec, gpointer user_data)
{
  g_autoptr (QkReport) report = make_report (user_data, qk_health_page_get_period (page));

  qk_health_page_set_report (page, report);
}

static void
add_style (const char *path)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_path (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (provider);
}

int
main (int argc, char **argv)
{
  GtkWidget *window;
  QkHealthPage *page;

  if (argc < 3)
    {
      g_printerr ("usage: show-health STYLE.CSS week|quiet|problem [PERIOD]\n");
      return EXIT_FAILURE;
    }
  adw_init ();
  add_style (argv[1]);
  if (adw_style_manager_get_high_contrast (adw_style_manager_get_default ()))
    {
      g_autofree char *folder = g_path_get_dirname (argv[1]);
      g_autofree char *contrast = g_build_filename (folder, "style-hc.css", NULL);

      add_style (contrast);
    }
  if (adw_style_manager_get_dark (adw_style_manager_get_default ()))
    {
      g_autofree char *folder = g_path_get_dirname (argv[1]);
      g_autofree char *dark = g_build_filename (folder, "style-dark.css", NULL);

      add_style (dark);
    }
  window = adw_window_new ();
  page = g_object_new (QK_TYPE_HEALTH_PAGE, NULL);
  g_signal_connect (page, "notify::period", G_CALLBACK (period_cb), argv[2]);
  if (argc > 3)
    g_object_set (page, "period", argv[3], NULL);
  period_cb (page, NULL, argv[2]);
  adw_window_set_content (ADW_WINDOW (window), GTK_WIDGET (page));
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 754);
  gtk_window_set_title (GTK_WINDOW (window), "Lock health");
  gtk_window_present (GTK_WINDOW (window));
  while (g_list_model_get_n_items (gtk_window_get_toplevels ()) > 0)
    g_main_context_iteration (NULL, TRUE);
  return EXIT_SUCCESS;
}
