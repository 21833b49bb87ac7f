#pragma once

#include "qk-agent-sidebar.h"
#include "qk-counter-strip.h"
#include "qk-error-group-view.h"
#include "qk-find-bar.h"
#include "qk-message-detail.h"
#include "qk-message-view.h"
#include "qk-messages-page.h"
#include "qk-summarizer.h"

G_BEGIN_DECLS

/* What the files of the page share: its parts. Each file sees to one side of it; what it sets up
 * listens to those parts that are its own. */

struct _QkMessagesPage {
  AdwBin parent_instance;

  AdwFlap *flap;
  AdwLeaflet *leaflet;
  GtkWidget *top;
  QkAgentSidebar *sidebar;
  QkCounterStrip *strip;
  GtkLabel *title;
  GtkToggleButton *hazard_button;
  GtkLabel *hazards;
  QkFindBar *find_bar;
  GtkStack *stack;
  AdwStatusPage *nothing;
  GtkButton *nothing_button;
  QkMessageView *view;
  GtkWidget *separator;
  QkMessageDetail *detail;
  QkErrorGroupView *groups;
  GtkWidget *selection_bar;
  GtkWidget *held_bar;
  GtkLabel *held;
  GtkWidget *thaw_button;
  GtkLabel *selected;
  QkStore *store;                /* owned, nullable */
  QkHealth *health;              /* owned, nullable */
  QkMessageList *list;           /* owned */
  QkMessageSelection *selection; /* owned */
  QkListHold *hold;              /* owned */
  QkSummarizer *summarizer;      /* owned */
  QkSavedFilters *saved;         /* owned */
  gboolean grouping;             /* errors in groups are shown instead of the list */
  gboolean focus_due;            /* the keyboard is to go to the list once there is one */
  guint n_ticks;                 /* since the last count for the time alone */
  char *sought;                  /* owned, nullable: the id of a message to be shown */
  guint folded_id;               /* source: follows the leaflet */
  guint tick_id;                 /* source: lets ages follow the time while the page is shown */
};

/* What is shown: the list, the groups of errors, or why there is neither. */
void qk_messages_page_content_set_up (QkMessagesPage *self);
void qk_messages_page_content_update (QkMessagesPage *self);
void qk_messages_page_set_grouping (QkMessagesPage *self, gboolean grouping);

/* What is counted, now and as time goes on. */
void qk_messages_page_counts_set_up (QkMessagesPage *self);
void qk_messages_page_counts_update_time (QkMessagesPage *self, gint64 now);

/* What is looked for: words, and one message. */
void qk_messages_page_find_bind (GtkWidgetClass *widget_class);
void qk_messages_page_find_set_up (QkMessagesPage *self);
void qk_messages_page_mark_words (QkMessagesPage *self);
void qk_messages_page_seek (QkMessagesPage *self);

/* Which of the panes stand side by side. */
void qk_messages_page_layout_bind (GtkWidgetClass *widget_class);
void qk_messages_page_layout_set_up (QkMessagesPage *self);
void qk_messages_page_layout_update (QkMessagesPage *self);
gboolean qk_messages_page_is_reading (QkMessagesPage *self);

/* What narrows the list. */
void qk_messages_page_narrow_bind (GtkWidgetClass *widget_class);
void qk_messages_page_narrow_set_up (QkMessagesPage *self);
void qk_messages_page_mark_saved (QkMessagesPage *self);

G_END_DECLS
