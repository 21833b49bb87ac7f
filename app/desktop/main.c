#include "qk-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (QkApplication) application = NULL;
  const char *locales = g_getenv ("QK_LOCALE_DIR");

  setlocale (LC_ALL, "");
  /* The build folder, where it is run there. */
  bindtextdomain (GETTEXT_PACKAGE, locales != NULL ? locales : QK_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  application = qk_application_new ();
  g_set_application_name ("Queuekeeper");
  return g_application_run (G_APPLICATION (application), argc, argv);
}
