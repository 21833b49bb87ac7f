#pragma once

#include "platform/qk-holders.h"

G_BEGIN_DECLS

/**
 * QK_HOLDER_BUDGET_USEC:
 *
 * For how long it is looked for who holds a file, at most. A look takes a few milliseconds, but more on
 * a machine that has much else to do.
 */
#define QK_HOLDER_BUDGET_USEC (100 * G_TIME_SPAN_MILLISECOND)

QkHolder *qk_holder_look (const QkHolders *holders,
                          const QkFileStamp *file,
                          QkHolderHow wanted,
                          gint64 budget);
QkHolder *qk_holder_look_for_event (const QkHolders *holders,
                                    const QkPlatform *platform,
                                    const char *path,
                                    QkLockKind kind,
                                    gint64 budget);

G_END_DECLS
