// SPDX-License-Identifier: Apache-2.0
// An arm is a template by its name, or parts that stand in the campaign: both are compiled once and
// rendered for a batch of customers at a time.
#include "push/campaign/campaign_content.h"

#include "base/config.h"
#include "base/time.h"
#include "govern/consent/token.h"
#include "push/campaign/campaign_coupon.h"
#include "push/template/template.h"
#include "store/setting.h"
#include "store/store.h"

struct campaign_content {
    const struct campaign *campaign;
    const struct template_program *programs[CAMPAIGN_ARMS]; // NULL: the arm says nothing
    struct template_renderer *renderer;
    struct message_rules rules;
    struct text base_url;
    struct campaign_coupons coupons;
    int32_t today;
};

code campaign_purpose_check(struct scope *scope, const struct campaign *campaign) {
    CLEANUP(campaign_rules_clear) struct message_rules rules = {0};

    TRY(campaign_rules(scope, campaign, &rules));
    if (rules.consent && rules.consent->use.basis == BASIS_NONE)
        return scope_fail_field(scope, INVALID, "channel",
                                "the purpose \"%.*s\" does not use the channel \"%s\"",
                                TEXT_ARG(campaign->purpose), campaign->channel->name);
    return OK;
}

// ---- contents ----

static enum template_kind kind_of(const struct channel *channel) {
    switch (channel->kind) {
    case CHANNEL_SMS:
    case CHANNEL_CALL_LIST:
    case CHANNEL_WEB_PUSH:
        return TEMPLATE_TEXT;
    case CHANNEL_LETTER:
        return TEMPLATE_LETTER;
    case CHANNEL_ON_SITE:
        return TEMPLATE_ONSITE;
    case CHANNEL_WEBHOOK:
        return TEMPLATE_WEBHOOK;
    case CHANNEL_EMAIL:
    case CHANNEL_AUDIENCE:
    case CHANNEL_FILE:
    default:
        return TEMPLATE_EMAIL;
    }
}

static bool says_nothing(const struct campaign_arm *arm) {
    return arm->template.size == 0 && arm->subject.size == 0 && arm->html.size == 0 &&
           arm->text.size == 0;
}

// What an arm names, or what stands in it. How its text is read is the channel's business: values
// are escaped for a letter whatever the template was written for.
static code version_of(struct scope *scope, const struct campaign *campaign,
                       const struct campaign_arm *arm, struct template_version *ret_version) {
    if (arm->template.size > 0) {
        TRY(arm->template_version != 0
                ? template_find_version(scope, arm->template_version, ret_version)
                : template_find(scope, arm->template, 0, ret_version));
        ret_version->kind = kind_of(campaign->channel);
        return OK;
    }
    *ret_version = (struct template_version){
        .name = campaign->name,
        .kind = kind_of(campaign->channel),
        .content = {.subject = arm->subject, .html = arm->html, .text = arm->text},
    };
    return OK;
}

// Values in JSON are escaped where the template knows that it is JSON.
static code check_kind(struct scope *scope, const struct campaign *campaign,
                       const struct template_version *version) {
    if (kind_of(campaign->channel) != TEMPLATE_WEBHOOK || version->kind == TEMPLATE_WEBHOOK)
        return OK;
    return scope_fail_field(scope, INVALID, "template",
                            "the template \"%.*s\" is one of kind %s; a webhook needs one of kind "
                            "%s",
                            TEXT_ARG(version->name), template_kind_names[version->kind],
                            template_kind_names[TEMPLATE_WEBHOOK]);
}

static code check_arm(struct scope *scope, const struct campaign *campaign,
                      struct campaign_arm *arm) {
    const struct template_program *program;
    struct template_version version = {0};
    struct channel_content sources;

    if (!says_nothing(arm)) {
        TRY(version_of(scope, campaign, arm, &version));
        TRY(check_kind(scope, campaign, &version));
        TRY(template_compile(scope, &version, NULL, &program));
        TRY(campaign_coupon_check(scope, program));
        arm->template_version = version.id;
    }
    sources = (struct channel_content){.subject = version.content.subject,
                                       .html = version.content.html,
                                       .text = version.content.text};
    return campaign->channel->prepare ? campaign->channel->prepare(scope, &sources) : OK;
}

code campaign_content_check(struct scope *scope, struct campaign *campaign) {
    for (size_t i = 0; i < campaign->arm_count; i++)
        TRY(check_arm(scope, campaign, &campaign->arms[i]));
    return OK;
}

// ---- rendering ----

static code open_arm(struct scope *scope, struct campaign_content *content, size_t arm) {
    const struct campaign *campaign = content->campaign;
    struct template_version version;

    if (says_nothing(&campaign->arms[arm]))
        return OK;
    TRY(version_of(scope, campaign, &campaign->arms[arm], &version));
    TRY(template_compile(scope, &version, NULL, &content->programs[arm]));
    return campaign_coupon_open(scope, &content->coupons, content->programs[arm]);
}

static code read_today(struct scope *scope, int32_t *ret_day) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &zone));
    *ret_day = zone_day(zone, scope->now_us);
    return OK;
}

static code fill(struct scope *scope, struct campaign_content *content) {
    const struct config *config = store_config(session_store(scope));

    content->base_url = config_base_url(&scope->arena, config);
    content->coupons.base_url = content->base_url;
    TRY(read_today(scope, &content->today));
    TRY(campaign_rules(scope, content->campaign, &content->rules));
    TRY(template_renderer_new(scope, &content->renderer));
    for (size_t arm = 0; arm < content->campaign->arm_count; arm++)
        TRY(open_arm(scope, content, arm));
    return OK;
}

code campaign_content_open(struct scope *scope, const struct campaign *campaign,
                           struct campaign_content **ret_content) {
    struct campaign_content *content = arena_alloc(&scope->arena, sizeof(*content));
    code result;

    content->campaign = campaign;
    result = fill(scope, content);
    if (result != OK) {
        campaign_content_close(&content);
        return result;
    }
    *ret_content = content;
    return OK;
}

void campaign_content_close(struct campaign_content **content) {
    struct campaign_content *open = *content;

    *content = NULL;
    if (!open)
        return;
    template_renderer_free(open->renderer);
    campaign_rules_clear(&open->rules);
}

// The links of a message: good for what it was sent for, and for nothing else. Those of a test,
// which has no row, are nobody's: who tries them takes nothing back for the customer it was written
// as.
static code write_links(struct scope *scope, struct campaign_content *content,
                        struct message_work *work, struct template_message *message) {
    const struct consent_rule *rule = content->rules.consent;
    const bool is_test = work->content.id == 0;
    struct preference_token token = {
        .kind = PREFERENCE_UNSUBSCRIBE,
        .origin = is_test ? 0 : work->content.customer,
        .identifier_id = is_test ? 0 : work->content.identifier_id,
        .message_id = work->content.id,
        .purpose = content->campaign->purpose,
        .channel = text_of(content->campaign->channel->name),
    };

    if (!rule)
        return OK;
    TRY(preference_link(scope, &rule->secret, content->base_url, &token,
                        &message->unsubscribe_url));
    token.kind = PREFERENCE_CENTRE;
    return preference_link(scope, &rule->secret, content->base_url, &token,
                           &message->preference_url);
}

// One whose rendering breaks its limits is not written to; the others are.
static code render_one(struct scope *scope, struct campaign_content *content,
                       struct template_people *people, size_t index, struct message_work *work) {
    struct template_message message = {.campaign = content->campaign->name,
                                       .coupon_expires_day = INT32_MIN,
                                       .day = content->today};
    struct template_output output;
    code result;

    TRY(write_links(scope, content, work, &message));
    TRY(campaign_coupon_choose(
        scope, &content->coupons, content->programs[work->message.arm],
        template_person_coupon_series(content->programs[work->message.arm], people, index), work,
        &message));
    result = template_render(scope, content->renderer, content->programs[work->message.arm], people,
                             index, &message, &output);
    if (result == TOO_LARGE) {
        scope_forgive(scope);
        work->refusal = REFUSED_CONTENT;
        return OK;
    }
    TRY(result);
    work->content.content = (struct channel_content){
        .subject = text_copy(&scope->arena, output.subject),
        .html = text_copy(&scope->arena, output.html),
        .text = text_copy(&scope->arena, output.text),
    };
    return OK;
}

// Customers who became one since may stand in a batch twice: the second waits for the next one,
// where it is refused.
static void leave_out_second(struct message_work *work, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t other = 0; other < i && work[i].content.customer != 0; other++)
            if (work[other].content.customer == work[i].content.customer)
                work[i].content.customer = 0;
}

static code render_arm(struct scope *scope, struct campaign_content *content, int32_t arm,
                       struct message_work *work, size_t count) {
    int64_t *customers = arena_array(&scope->arena, count, sizeof(*customers));
    struct template_people *people;
    size_t found = 0, next = 0;

    for (size_t i = 0; i < count; i++)
        if (work[i].message.arm == arm && work[i].content.customer != 0)
            customers[found++] = work[i].content.customer;
    if (found == 0 || !content->programs[arm])
        return OK;
    TRY(template_people_read(scope, content->programs[arm], customers, found, &people));
    for (size_t i = 0; i < count; i++)
        if (work[i].message.arm == arm && work[i].content.customer != 0)
            TRY(render_one(scope, content, people, next++, &work[i]));
    return OK;
}

code campaign_content_render(struct scope *scope, struct campaign_content *content,
                             struct message_work *work, size_t count) {
    leave_out_second(work, count);
    for (size_t arm = 0; arm < content->campaign->arm_count; arm++)
        TRY(render_arm(scope, content, (int32_t)arm, work, count));
    return OK;
}
