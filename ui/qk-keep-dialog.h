#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What the dialogs that archive, import and restore have in common. What is under way does not keep
 * them: closed, they are gone at once. */

GWeakRef *qk_weak_ref_new (gpointer object);
gpointer qk_weak_ref_take (GWeakRef *ref);

void qk_keep_dialog_install_keys (GtkWidgetClass *widget_class, const char *action);
void qk_keep_dialog_set_up (GtkWindow *dialog,
                            AdwWindowTitle *title,
                            GtkWindow *parent,
                            const char *name,
                            const char *subtitle);

G_END_DECLS
