#include "qkctl-salvage-report.h"

#include "qkctl-action.h"
#include "qkctl-terminal.h"

#include "qk-text.h"

#define EXCERPT_BYTES 80
#define MAX_LINES     20

/* The beginning of what is left over, safe to be shown. */
static char *
make_excerpt (QkSalvageSource *source, const QkSalvagePart *part)
{
  g_autofree char *text = qk_salvage_source_dup_text (source, part, EXCERPT_BYTES);
  g_autofree char *safe = qk_text_reveal_line (text);

  return g_strconcat (safe, part->length > EXCERPT_BYTES ? "…" : "", NULL);
}

static void
print_part (QkSalvageSource *source, const QkSalvagePart *part)
{
  g_autofree char *detail = NULL;

  if (part->kind == QK_SALVAGE_REPAIRED)
    detail = qk_text_reveal_line (part->how);
  else
    detail = make_excerpt (source, part);
  qkctl_outf ("  %s at byte %" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT " bytes: %s\n",
              part->kind == QK_SALVAGE_REPAIRED ? "repairable" : "left over", part->offset,
              part->length, detail);
}

static void
print_source (const QkSalvage *salvage, guint index)
{
  QkSalvageSource *source = qk_salvage_get_source (salvage, index);
  const char *problem = qk_salvage_source_get_problem (source);
  g_autofree char *name = qk_text_reveal_line (qk_salvage_source_get_name (source));
  gsize left_over, padding;
  guint shown = 0, more = 0, whole, repaired;

  whole = qk_salvage_source_count (source, QK_SALVAGE_WHOLE, NULL);
  repaired = qk_salvage_source_count (source, QK_SALVAGE_REPAIRED, NULL);
  (void) qk_salvage_source_count (source, QK_SALVAGE_LEFT_OVER, &left_over);
  (void) qk_salvage_source_count (source, QK_SALVAGE_PADDING, &padding);
  qkctl_out_coloured (QKCTL_COLOUR_BOLD, name);
  qkctl_outf (": %s%s\n", problem != NULL ? "damaged: " : "not damaged",
              problem != NULL ? problem : "");
  qkctl_outf ("  %u whole, %u repairable, %" G_GSIZE_FORMAT " bytes left over", whole, repaired,
              left_over);
  if (padding > 0)
    qkctl_outf (", %" G_GSIZE_FORMAT " bytes of padding", padding);
  qkctl_outf ("; %u used%s\n", qk_salvage_count_used (salvage, index),
              qk_salvage_only_completes (salvage, index) ? " to complete the above" : "");
  for (guint i = 0; i < qk_salvage_source_get_n_parts (source); i++)
    {
      const QkSalvagePart *part = qk_salvage_source_get_part (source, i);

      if (part->kind != QK_SALVAGE_REPAIRED && part->kind != QK_SALVAGE_LEFT_OVER)
        continue;
      if (shown++ < MAX_LINES)
        print_part (source, part);
      else
        more++;
    }
  if (more > 0)
    qkctl_outf ("  and %u more\n", more);
}

/* For people. */
void
qkctl_salvage_report_print (const QkSalvage *salvage)
{
  g_autoptr (GBytes) bytes = qk_salvage_to_bytes (salvage);
  g_autofree char *count = qkctl_count_messages (qk_salvage_get_n_entries (salvage));
  guint n_withheld = qk_salvage_get_n_withheld (salvage);

  for (guint i = 0; i < qk_salvage_get_n_sources (salvage); i++)
    print_source (salvage, i);
  qkctl_outf ("Result: %s, %" G_GSIZE_FORMAT " bytes\n", count, g_bytes_get_size (bytes));
  if (n_withheld > 0)
    qkctl_outf ("%u more %s only in backups: --from-backups uses %s\n", n_withheld,
                n_withheld == 1 ? "is" : "are", n_withheld == 1 ? "it" : "them");
}

static void
add_parts (JsonBuilder *builder, const char *name, QkSalvageSource *source, QkSalvageKind kind)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < qk_salvage_source_get_n_parts (source); i++)
    {
      const QkSalvagePart *part = qk_salvage_source_get_part (source, i);
      g_autofree char *excerpt = NULL;

      if (part->kind != kind)
        continue;
      json_builder_begin_object (builder);
      qkctl_json_add_number (builder, "offset", (gint64) part->offset);
      qkctl_json_add_number (builder, "length", (gint64) part->length);
      if (kind == QK_SALVAGE_LEFT_OVER)
        excerpt = make_excerpt (source, part);
      qkctl_json_add_text (builder, kind == QK_SALVAGE_LEFT_OVER ? "excerpt" : "how",
                           kind == QK_SALVAGE_LEFT_OVER ? excerpt : part->how);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_sources (JsonBuilder *builder, const QkSalvage *salvage)
{
  json_builder_set_member_name (builder, "sources");
  json_builder_begin_array (builder);
  for (guint i = 0; i < qk_salvage_get_n_sources (salvage); i++)
    {
      QkSalvageSource *source = qk_salvage_get_source (salvage, i);
      gsize padding;

      (void) qk_salvage_source_count (source, QK_SALVAGE_PADDING, &padding);
      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "name", qk_salvage_source_get_name (source));
      qkctl_json_add_text (builder, "problem", qk_salvage_source_get_problem (source));
      qkctl_json_add_number (builder, "whole",
                             qk_salvage_source_count (source, QK_SALVAGE_WHOLE, NULL));
      add_parts (builder, "repairable", source, QK_SALVAGE_REPAIRED);
      add_parts (builder, "left_over", source, QK_SALVAGE_LEFT_OVER);
      qkctl_json_add_number (builder, "padding", (gint64) padding);
      qkctl_json_add_number (builder, "used", qk_salvage_count_used (salvage, i));
      add_flag (builder, "only_completes", qk_salvage_only_completes (salvage, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* The members `sources`, `messages`, `bytes` and `complete`. */
void
qkctl_salvage_report_add_json (JsonBuilder *builder, const QkSalvage *salvage)
{
  g_autoptr (GBytes) bytes = qk_salvage_to_bytes (salvage);

  add_sources (builder, salvage);
  qkctl_json_add_number (builder, "messages", qk_salvage_get_n_entries (salvage));
  qkctl_json_add_number (builder, "bytes", (gint64) g_bytes_get_size (bytes));
  add_flag (builder, "complete", qk_salvage_is_complete (salvage));
}
