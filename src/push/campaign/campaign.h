// SPDX-License-Identifier: Apache-2.0
// Campaigns: whom (a segment) to write to, for which purpose, through which channel, with which
// content (arms), when, and for how much. A campaign without a purpose cannot be written down.
//
//   draft ─submit─▶ waiting ─approve─▶ approved ─▶ running ─▶ finished
//     ▲                │                  │         │   ▲
//     └────withdraw────┴──────────────────┘       paused┘          any of them ─stop─▶ stopped
//
// One whose receiver keeps a list (an ad platform) is updated when it is finished: it runs again,
// for those who are to be added to the list and taken off it.
//
// What is sent, and that it is sent once, is push/message's business; what came of it is told by
// campaign_result.h.
#pragma once

#include "base/json.h"
#include "push/channel/channel.h"

enum {
    CAMPAIGN_ARMS = 7, // beside the hold-out
    CAMPAIGN_EVERYBODY_BP = 10000,
};

enum campaign_state {
    CAMPAIGN_DRAFT,
    CAMPAIGN_WAITING, // for somebody to approve it
    CAMPAIGN_APPROVED,
    CAMPAIGN_RUNNING,
    CAMPAIGN_PAUSED,
    CAMPAIGN_FINISHED,
    CAMPAIGN_STOPPED,
    CAMPAIGN_IMPORTED, // was sent elsewhere: its result alone stands here
    CAMPAIGN_STATE_COUNT
};
const char *campaign_state_name(enum campaign_state state);

// By which the test's winner is chosen. Names are stored.
enum campaign_winner { WINNER_BY_CLICKS, WINNER_BY_BUYERS, WINNER_BY_REVENUE, WINNER_COUNT };
extern const char *const campaign_winner_names[]; // end with NULL

struct campaign_arm {
    struct text name;
    int32_t share;            // of the sum of shares, above 0
    struct text template;     // its name; empty: the parts below, in the same language
    int64_t template_version; // id of the version that was approved; 0: none yet
    struct text subject, html, text;
};

struct campaign {
    int64_t id;
    struct text name, description, purpose, segment;
    const struct channel *channel; // NULL: this program knows it no more
    enum campaign_state state;
    struct text problem; // why it is paused
    int32_t hold_out_bp;
    int64_t key;
    int64_t budget_micros; // −1: none
    int64_t cost_micros, spent_micros;
    int32_t margin_bp;    // −1: not known
    int64_t starts_at_us; // 0: when it is approved
    int32_t send_minute;  // −1: at any time
    int32_t window_days;
    int32_t test_bp; // CAMPAIGN_EVERYBODY_BP: nothing is decided on the way
    enum campaign_winner winner_by;
    int32_t winner_after_minutes;
    int32_t winner_arm; // −1: none yet
    struct text actor, approved_by;
    int64_t job_id;
    // 0: not yet
    int64_t created_at_us, changed_at_us, approved_at_us, reserved_at_us, started_at_us,
        tested_at_us, next_at_us, finished_at_us;
    struct text result; // JSON, of an imported one
    struct campaign_arm arms[CAMPAIGN_ARMS];
    size_t arm_count;
};

// ---- drafts ----

// What a new one has when nothing else is said: 5 % held out, 14 days, one arm "A".
struct campaign campaign_usual(void);
// Fields as documents have them (docs/api.md); those that are absent stay as they are. INVALID
// names the field.
code campaign_read(struct scope *scope, const struct json *json, struct campaign *campaign);
enum { CAMPAIGN_FIELDS = 15 };
extern const struct json_field campaign_fields[CAMPAIGN_FIELDS];
void campaign_write(struct scope *scope, struct json_writer *writer,
                    const struct campaign *campaign);

// Within the open transaction, as all that changes something here; each leaves its record in the
// audit log. CONFLICT: the name is taken, or the state does not allow it.
code campaign_create(struct scope *scope, struct campaign *campaign);
code campaign_change(struct scope *scope, struct campaign *campaign); // a draft's
code campaign_delete(struct scope *scope, const struct campaign *campaign);

// NOT_FOUND. By name, or by id.
code campaign_find(struct scope *scope, struct text name_or_id, struct campaign *ret_campaign);
code campaign_find_id(struct scope *scope, int64_t id, struct campaign *ret_campaign);

// ---- the way of a campaign ----

enum campaign_step {
    CAMPAIGN_SUBMIT,
    CAMPAIGN_WITHDRAW, // back to a draft, as long as nobody has a row
    CAMPAIGN_APPROVE,
    CAMPAIGN_PAUSE,
    CAMPAIGN_RESUME,
    CAMPAIGN_STOP,
    CAMPAIGN_UPDATE, // of a list that the receiver keeps: who has come and gone since
    CAMPAIGN_STEP_COUNT
};
extern const char *const campaign_step_names[]; // "submit"; end with NULL

// Checks what the step needs: contents and a segment that can be evaluated to submit, another
// person to approve where the setting campaign_approval asks for one.
code campaign_take_step(struct scope *scope, struct campaign *campaign, enum campaign_step step);

// Sends a message whose outcome is unknown, maybe once more. Within the open transaction.
// NOT_FOUND; CONFLICT when it is not unknown, or the campaign was stopped: nothing would send it.
code campaign_resend(struct scope *scope, int64_t id, int64_t message_id);

// For who runs it: pauses with a problem that people read. Within the open transaction.
code campaign_halt(struct scope *scope, int64_t id, struct text problem);

// Gives each campaign that has something to do a job, unless it has one. Asked for often.
code campaign_start_due(struct scope *scope);
// The job; one that is not the campaign's last does nothing.
code campaign_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                  struct json_writer *result);
