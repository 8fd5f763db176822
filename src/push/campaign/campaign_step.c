// SPDX-License-Identifier: Apache-2.0
// The way of a campaign through its states, and the rules that its messages are held to.
#include "analyze/segment/segment.h"
#include "base/time.h"
#include "campaign_sql.h"
#include "govern/access/access.h"
#include "govern/audit/audit.h"
#include "push/campaign/campaign_content.h"
#include "push/campaign/campaign_record.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>

const char *const campaign_step_names[] = {"submit", "withdraw", "approve", "pause",
                                           "resume", "stop",     "update",  NULL};

static const struct {
    unsigned from; // bits of the states that it may be taken in
    enum campaign_state to;
    const char *action;
} steps[] = {
    [CAMPAIGN_SUBMIT] = {1u << CAMPAIGN_DRAFT, CAMPAIGN_WAITING, "campaign.submit"},
    [CAMPAIGN_WITHDRAW] = {1u << CAMPAIGN_WAITING | 1u << CAMPAIGN_APPROVED, CAMPAIGN_DRAFT,
                           "campaign.withdraw"},
    [CAMPAIGN_APPROVE] = {1u << CAMPAIGN_WAITING, CAMPAIGN_APPROVED, "campaign.approve"},
    [CAMPAIGN_PAUSE] = {1u << CAMPAIGN_APPROVED | 1u << CAMPAIGN_RUNNING, CAMPAIGN_PAUSED,
                        "campaign.pause"},
    [CAMPAIGN_RESUME] = {1u << CAMPAIGN_PAUSED, CAMPAIGN_RUNNING, "campaign.resume"},
    [CAMPAIGN_STOP] = {1u << CAMPAIGN_WAITING | 1u << CAMPAIGN_APPROVED | 1u << CAMPAIGN_RUNNING |
                           1u << CAMPAIGN_PAUSED,
                       CAMPAIGN_STOPPED, "campaign.stop"},
    [CAMPAIGN_UPDATE] = {0, CAMPAIGN_RUNNING, "campaign.update"},
};
_Static_assert(sizeof(steps) / sizeof(*steps) == CAMPAIGN_STEP_COUNT, "a row for each step");

// ---- what a step needs ----

static code check_ready(struct scope *scope, struct campaign *campaign) {
    const struct segment_node *tree;
    struct segment segment;

    if (!campaign->channel)
        return scope_fail_field(scope, INVALID, "channel", "the campaign's channel is gone");
    TRY(segment_find(scope, campaign->segment, &segment));
    TRY(segment_tree_of(scope, &segment, &tree, NULL));
    TRY(campaign_purpose_check(scope, campaign));
    return campaign_content_check(scope, campaign);
}

static code check_approver(struct scope *scope, const struct campaign *campaign) {
    const bool is_own = text_is(campaign->actor, scope->actor.name);
    const bool manages = (scope->actor.permissions & MAY_MANAGE_ACCESS) != 0;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    if (!is_own || text_is(settings.campaign_approval, "never") ||
        (manages && !text_is(settings.campaign_approval, "always")))
        return OK;
    scope_fail(scope, FORBIDDEN, "campaign \"%.*s\" is approved by another person",
               TEXT_ARG(campaign->name));
    return scope_hint(scope, "the setting campaign_approval says whose campaigns are");
}

static code approve(struct scope *scope, struct campaign *campaign) {
    struct channel_terms terms;

    TRY(check_approver(scope, campaign));
    TRY(check_ready(scope, campaign));
    TRY(channel_terms_read(scope, campaign->channel, &terms));
    for (size_t i = 0; i < campaign->arm_count; i++)
        if (campaign->arms[i].template_version != 0)
            TRY(ledger_exec(scope, sql_campaign_arm_pin,
                            BINDS(BIND_INT64(campaign->id), BIND_INT64((int64_t)i),
                                  BIND_INT64(campaign->arms[i].template_version))));
    return ledger_exec(scope, sql_campaign_approve,
                       BINDS(BIND_INT64(campaign->id), BIND_STRING(scope->actor.name),
                             BIND_INT64(scope->now_us), BIND_INT64(terms.cost_micros)));
}

static code withdraw(struct scope *scope, const struct campaign *campaign) {
    int64_t has_rows;

    TRY(ledger_int64(scope, sql_campaign_has_rows, BINDS(BIND_INT64(campaign->id)), 0, &has_rows));
    if (has_rows != 0)
        return scope_fail(scope, CONFLICT,
                          "campaign \"%.*s\" has begun: it can be paused or stopped",
                          TEXT_ARG(campaign->name));
    return ledger_exec(scope, sql_campaign_arms_unpin, BINDS(BIND_INT64(campaign->id)));
}

static code prepare(struct scope *scope, struct campaign *campaign, enum campaign_step step) {
    int64_t dropped;

    switch (step) {
    case CAMPAIGN_SUBMIT:
        return check_ready(scope, campaign);
    case CAMPAIGN_APPROVE:
        return approve(scope, campaign);
    case CAMPAIGN_WITHDRAW:
        return withdraw(scope, campaign);
    case CAMPAIGN_STOP:
        TRY(message_drop_reserved(scope, campaign->id, &dropped));
        return campaign_keeps_list(campaign) ? campaign->channel->forget(scope, campaign->id) : OK;
    case CAMPAIGN_UPDATE:
        return ledger_exec(scope, sql_campaign_reserve_anew, BINDS(BIND_INT64(campaign->id)));
    case CAMPAIGN_PAUSE:
    case CAMPAIGN_RESUME:
    case CAMPAIGN_STEP_COUNT:
    default:
        return OK;
    }
}

bool campaign_keeps_list(const struct campaign *campaign) {
    return campaign->channel && campaign->channel->take_off;
}

// A list at its receiver goes on when the campaign that made it is finished, until it is stopped.
static bool may_be_taken(const struct campaign *campaign, enum campaign_step step) {
    const bool is_kept = campaign->state == CAMPAIGN_FINISHED && campaign_keeps_list(campaign);

    return (steps[step].from & 1u << campaign->state) != 0 ||
           (is_kept && (step == CAMPAIGN_UPDATE || step == CAMPAIGN_STOP));
}

// What was paused before anybody had a row waits again as it did.
static enum campaign_state state_after(const struct campaign *campaign, enum campaign_step step) {
    return step == CAMPAIGN_RESUME && campaign->reserved_at_us == 0 ? CAMPAIGN_APPROVED
                                                                    : steps[step].to;
}

code campaign_take_step(struct scope *scope, struct campaign *campaign, enum campaign_step step) {
    const char *from = campaign_state_name(campaign->state);
    const enum campaign_state to = state_after(campaign, step);
    int64_t count = 0;

    if (!may_be_taken(campaign, step))
        return scope_fail(scope, CONFLICT, "campaign \"%.*s\" is %s: that cannot be done",
                          TEXT_ARG(campaign->name), from);
    TRY(prepare(scope, campaign, step));
    TRY(ledger_change(scope, sql_campaign_set_state,
                      BINDS(BIND_INT64(campaign->id), BIND_STRING(campaign_state_name(to)),
                            BIND_STRING(""), BIND_INT64(scope->now_us),
                            BIND_INT64_IF(to == CAMPAIGN_APPROVED && campaign->starts_at_us > 0,
                                          campaign->starts_at_us),
                            BIND_INT64_IF(to == CAMPAIGN_STOPPED, scope->now_us),
                            BIND_STRING(from)),
                      &count));
    if (count == 0)
        return scope_fail(scope, CONFLICT, "campaign \"%.*s\" was changed meanwhile",
                          TEXT_ARG(campaign->name));
    TRY(campaign_record(scope, steps[step].action, campaign));
    campaign->state = to;
    return OK;
}

code campaign_resend(struct scope *scope, int64_t id, int64_t message_id) {
    struct campaign campaign;
    int64_t is_its;

    TRY(campaign_find_id(scope, id, &campaign));
    TRY(ledger_int64(scope, sql_campaign_message_of, BINDS(BIND_INT64(message_id), BIND_INT64(id)),
                     0, &is_its));
    if (is_its == 0)
        return scope_fail(scope, NOT_FOUND, "campaign \"%.*s\" has no message %" PRId64,
                          TEXT_ARG(campaign.name), message_id);
    if (campaign.state == CAMPAIGN_STOPPED)
        return scope_fail(scope, CONFLICT,
                          "campaign \"%.*s\" was stopped: nothing is sent any more",
                          TEXT_ARG(campaign.name));
    TRY(message_resend(scope, message_id));
    TRY(ledger_exec(scope, sql_campaign_reopen, BINDS(BIND_INT64(id), BIND_INT64(scope->now_us))));
    return AUDIT(scope, "message.resend",
                 text_printf(&scope->arena, "message %" PRId64, message_id),
                 {"campaign", campaign.name});
}

code campaign_halt(struct scope *scope, int64_t id, struct text problem) {
    struct campaign campaign;
    int64_t count = 0;

    TRY(ledger_change(scope, sql_campaign_halt,
                      BINDS(BIND_INT64(id), BIND_TEXT(problem), BIND_INT64(scope->now_us)),
                      &count));
    if (count == 0)
        return OK;
    TRY(campaign_find_id(scope, id, &campaign));
    return campaign_record(scope, "campaign.halt", &campaign);
}

// ---- rules ----

static void read_cap(struct text text, struct message_rules *rules) {
    struct text days_text;
    const struct text count_text = text_split(text, '/', &days_text);
    int64_t count = 0, days = 1;

    if (!text_to_int64(count_text, &count) || !text_to_int64(days_text, &days))
        count = 0;
    rules->cap_count = (int32_t)count;
    rules->cap_days = (int32_t)days;
}

code campaign_rules(struct scope *scope, const struct campaign *campaign,
                    struct message_rules *ret_rules) {
    struct settings settings;
    struct message_rules rules = {.channel = campaign->channel};
    struct consent_rule *consent = arena_alloc(&scope->arena, sizeof(*consent));

    TRY(settings_load(scope, &settings));
    if (!campaign->channel->asks_no_consent) {
        TRY(consent_rule_load(scope, campaign->purpose, text_of(campaign->channel->name), consent));
        rules.consent = consent;
    }
    read_cap(settings.contact_cap, &rules);
    *ret_rules = rules;
    return OK;
}

void campaign_rules_clear(struct message_rules *rules) {
    if (rules->consent)
        consent_rule_clear((struct consent_rule *)rules->consent);
    rules->consent = NULL;
}
