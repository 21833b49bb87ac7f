#include "qk-application.h"

int
main (int argc, char **argv)
{
  g_autoptr (QkApplication) application = qk_application_new ();

  g_set_application_name ("Queuekeeper");
  return g_application_run (G_APPLICATION (application), argc, argv);
}
