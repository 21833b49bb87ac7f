#include "qk-thresholds.h"

static const struct {
  const char *property;
  gsize offset;
} fields[] = {
    {"alert-total-warning", G_STRUCT_OFFSET (QkThresholds, total_warning)},
    {"alert-total-critical", G_STRUCT_OFFSET (QkThresholds, total_critical)},
    {"alert-stuck-warning-seconds", G_STRUCT_OFFSET (QkThresholds, stuck_warning_s)},
    {"alert-stuck-critical-seconds", G_STRUCT_OFFSET (QkThresholds, stuck_critical_s)},
    {"alert-processing-percent", G_STRUCT_OFFSET (QkThresholds, processing_percent)},
    {"alert-age-minutes", G_STRUCT_OFFSET (QkThresholds, age_minutes)},
    {"alert-failure-warning-percent", G_STRUCT_OFFSET (QkThresholds, failure_warning_percent)},
    {"alert-failure-critical-percent", G_STRUCT_OFFSET (QkThresholds, failure_critical_percent)},
    {"alert-success-percent", G_STRUCT_OFFSET (QkThresholds, success_percent)},
    {"alert-lock-errors", G_STRUCT_OFFSET (QkThresholds, lock_errors)},
};

/**
 * qk_thresholds_read:
 * @self: (out caller-allocates): thresholds
 * @settings: an object with the properties `alert-…`, such as QkSettings
 *
 * Takes what the operator has chosen.
 */
void
qk_thresholds_read (QkThresholds *self, GObject *settings)
{
  g_return_if_fail (G_IS_OBJECT (settings));

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_object_get (settings, fields[i].property, G_STRUCT_MEMBER_P (self, fields[i].offset), NULL);
}
