#pragma once

#include "qkctl-command.h"

G_BEGIN_DECLS

/* The text of a message that is given on the command line, or in a file, and what it may be. */

QkctlExit qkctl_content_load (char **content, const char *path);

G_END_DECLS
