// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/campaign_content.h"

struct campaign_content {
    const struct campaign *campaign;
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

static code check_arm(struct scope *scope, const struct channel *channel,
                      const struct campaign_arm *arm) {
    const struct channel_content sources = {
        .subject = arm->subject, .html = arm->html, .text = arm->text};

    return channel->prepare ? channel->prepare(scope, &sources) : OK;
}

code campaign_content_check(struct scope *scope, struct campaign *campaign) {
    for (size_t i = 0; i < campaign->arm_count; i++)
        TRY(check_arm(scope, campaign->channel, &campaign->arms[i]));
    return OK;
}

code campaign_content_open(struct scope *scope, const struct campaign *campaign,
                           struct campaign_content **ret_content) {
    struct campaign_content *content = arena_alloc(&scope->arena, sizeof(*content));

    content->campaign = campaign;
    *ret_content = content;
    return OK;
}

void campaign_content_close(struct campaign_content **content) {
    *content = NULL;
}

code campaign_content_render(struct scope *scope, struct campaign_content *content,
                             struct message_work *work, size_t count) {
    (void)scope;
    for (size_t i = 0; i < count; i++) {
        const struct campaign_arm *arm = &content->campaign->arms[work[i].message.arm];

        work[i].content.content =
            (struct channel_content){.subject = arm->subject, .html = arm->html, .text = arm->text};
    }
    return OK;
}
