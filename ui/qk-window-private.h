#pragma once

#include "qk-activity-page.h"
#include "qk-alerter.h"
#include "qk-broadcasts-page.h"
#include "qk-changer.h"
#include "qk-given-up-banner.h"
#include "qk-health-page.h"
#include "qk-loss-banner.h"
#include "qk-recent-list.h"
#include "qk-settings.h"
#include "qk-state-pill.h"
#include "qk-task-bar.h"
#include "qk-window.h"

G_BEGIN_DECLS

/* What the files of the window share: its parts, and its actions. Each action is a line in a table that
 * says when it can be used; qk_window_update_actions() sees to that. */

struct _QkWindow {
  AdwApplicationWindow parent_instance;

  AdwViewSwitcherTitle *title;
  AdwViewSwitcherBar *switcher_bar;
  AdwSplitButton *open_button;
  AdwToastOverlay *toasts;
  GtkWidget *sidebar_button;
  GtkPopover *open_popover;
  GtkWidget *back_button;
  QkStatePill *pill;
  GtkRevealer *banner;
  GtkLabel *banner_text;
  GtkButton *banner_button;
  QkGivenUpBanner *given_up;
  QkLossBanner *loss;
  GtkStack *stack;
  AdwStatusPage *problem;
  GtkButton *problem_button;
  GtkWidget *look_button;
  GtkWidget *read_only_button;
  GtkWidget *read_only_label;
  GtkWidget *new_button;
  GtkWidget *add_button;
  QkTaskBar *task_bar;
  AdwViewStack *views;
  QkMessagesPage *page;
  QkBroadcastsPage *broadcasts;
  QkSwarmPage *swarm_page;
  QkHealthPage *health_page;
  QkActivityPage *activity;
  QkStore *store;       /* owned, nullable: no queue was chosen yet */
  QkHealth *health;     /* owned, nullable: of the store */
  QkChanger *changer;   /* owned */
  QkSettings *settings; /* owned */
  QkAlerter *alerter;   /* owned */
  QkBroadcasts *spent;  /* owned, nullable: those from which one was resent */
  guint focus_id;       /* tick callback: looks where the keyboard is */
  guint width_id;       /* tick callback: the width has changed */
  gint64 focus_frame;   /* the frame in which it last moved */
  guint form;           /* what the header bar has room for */
  gboolean read_only;   /* nothing is written */
  gboolean closing;     /* hidden, and to be destroyed when all changes are there to stay */
};

/**
 * QkNeeds:
 * @QK_NEEDS_STORE: a queue was chosen
 * @QK_NEEDS_SAVING: changes can be saved to it now, and read-only mode is off
 * @QK_NEEDS_MESSAGES: the page of messages is shown
 * @QK_NEEDS_SHOWN: likewise, and at least one of them
 * @QK_NEEDS_SELECTION: likewise, and at least one of them is selected
 * @QK_NEEDS_READING: likewise, and one of them fills the page
 * @QK_NEEDS_MISSED: a broadcast is selected that some have missed
 * @QK_NEEDS_DAMAGE: the queue is damaged
 * @QK_NEEDS_HEALTH: the page of lock health is shown
 * @QK_NEEDS_UNDOABLE: the page of what was done is shown, and what is selected on it can be undone
 *
 * What is needed for an action. What is not seen is not changed: the actions on messages belong to
 * their page.
 */
typedef enum {
  QK_NEEDS_STORE = 1 << 0,
  QK_NEEDS_SAVING = 1 << 1,
  QK_NEEDS_MESSAGES = 1 << 2,
  QK_NEEDS_SHOWN = 1 << 3,
  QK_NEEDS_SELECTION = 1 << 4,
  QK_NEEDS_READING = 1 << 5,
  QK_NEEDS_MISSED = 1 << 6,
  QK_NEEDS_DAMAGE = 1 << 7,
  QK_NEEDS_HEALTH = 1 << 8,
  QK_NEEDS_UNDOABLE = 1 << 9,
} QkNeeds;

/**
 * QkWindowAction:
 * @name: such as `win.resend`
 * @activate: what it does
 * @parameter: (nullable): the type of its parameter
 * @key: its key, or 0
 * @modifiers: what is held down with it
 * @needs: what it needs, of #QkNeeds
 */
typedef struct {
  const char *name;
  GtkWidgetActionActivateFunc activate;
  const char *parameter;
  guint key;
  GdkModifierType modifiers;
  guint needs;
} QkWindowAction;

extern const QkWindowAction qk_window_general_actions[];
extern const QkWindowAction qk_window_swarm_actions[];
extern const QkWindowAction qk_window_activity_actions[];
extern const QkWindowAction qk_window_manners_actions[];
extern const QkWindowAction qk_window_health_actions[];
extern const QkWindowAction qk_window_list_actions[];
extern const QkWindowAction qk_window_message_actions[];
extern const QkWindowAction qk_window_find_actions[];
extern const QkWindowAction qk_window_keep_actions[];
extern const QkWindowAction qk_window_bulk_actions[];
extern const QkWindowAction qk_window_act_actions[];
extern const QkWindowAction qk_window_detail_actions[];

void qk_window_install_actions (GtkWidgetClass *widget_class);
void qk_window_alerts_set_up (QkWindow *self);
void qk_window_width_set_up (QkWindow *self);
void qk_window_note_width (QkWindow *self, int width);
void qk_window_manners_set_up (QkWindow *self);
void qk_window_recent_chosen_cb (QkRecentList *list, const char *path, QkWindow *self);
void qk_window_remember (QkWindow *self);
void qk_window_follow_settings (QkWindow *self);
void qk_window_apply_settings (QkWindow *self);
void qk_window_apply_counters (QkWindow *self);
void qk_window_focus_set_up (QkWindow *self);
void qk_window_keep_set_up (QkWindow *self);
void qk_window_swarm_set_up (QkWindow *self);
void qk_window_swarm_open (QkWindow *self);
void qk_window_activity_set_up (QkWindow *self);
void qk_window_update_actions (QkWindow *self);
gboolean qk_window_shows_view (QkWindow *self, const char *name);
void qk_window_tell (QkWindow *self, const char *text, gboolean lasting, gint64 operation);
void qk_window_ask (QkWindow *self, QkPick *pick, QkChangeKind kind);
gboolean qk_window_ask_to_stop (QkWindow *self);
void qk_window_apply_read_only (QkWindow *self);
GtkWidget *qk_window_make_details (QkWindow *self, const char *text, const QkResult *result);

G_END_DECLS
