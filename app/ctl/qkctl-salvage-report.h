#pragma once

#include "qk-salvage.h"
#include "qkctl-json.h"

G_BEGIN_DECLS

/* What could be had of a damaged queue, for people and for programs. */

void qkctl_salvage_report_print (const QkSalvage *salvage);
void qkctl_salvage_report_add_json (JsonBuilder *builder, const QkSalvage *salvage);

G_END_DECLS
