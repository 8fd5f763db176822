// SPDX-License-Identifier: Apache-2.0
// A message of an arm to one's own address, written as for a customer: no row, no cost, no answer
// that counts.
#include "govern/audit/audit.h"
#include "host/customer/customer.h"
#include "push/campaign/campaign_content.h"
#include "push/campaign/campaign_http.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store.h"

#include <inttypes.h>

struct try_request {
    struct text arm, customer, to;
};
#define AT(member) offsetof(struct try_request, member)
static const struct json_field try_fields[] = {
    {"arm", JSON_FIELD_TEXT, AT(arm), false, NULL, "its name; absent: the first"},
    {"customer", JSON_FIELD_TEXT, AT(customer), true, NULL,
     "as whom it is written: an id, number or address"},
    {"to", JSON_FIELD_TEXT, AT(to), false, NULL,
     "your own address; of a channel that has addresses"},
};
#undef AT
const struct route_body campaign_test_body = {try_fields, sizeof(try_fields) / sizeof(*try_fields),
                                              NULL, false};

static code find_arm(struct scope *scope, const struct campaign *campaign, struct text name,
                     int32_t *ret_arm) {
    *ret_arm = 0;
    if (name.size == 0)
        return OK;
    for (size_t i = 0; i < campaign->arm_count; i++)
        if (text_equal(campaign->arms[i].name, name)) {
            *ret_arm = (int32_t)i;
            return OK;
        }
    return scope_fail_field(scope, INVALID, "arm", "the campaign has no arm \"%.*s\"",
                            TEXT_ARG(name));
}

static code read_address(struct scope *scope, const struct channel *channel, struct text to,
                         struct text *ret_address) {
    struct settings settings;
    bool is_blocked;

    *ret_address = (struct text){0};
    if (channel->address == 0)
        return OK;
    TRY(settings_load(scope, &settings));
    if (to.size > 0 && identifier_normalise(&scope->arena, channel->address, to, settings.country,
                                            ret_address, &is_blocked))
        return OK;
    return scope_fail_field(scope, INVALID, "to", "a test needs your own address (%s)",
                            identifier_kind_name(channel->address));
}

static code hand_over(struct scope *scope, const struct campaign *campaign,
                      const struct channel_message *message) {
    const struct channel *channel = campaign->channel;
    const struct channel_order order = {
        .campaign_id = campaign->id, .campaign = campaign->name, .purpose = campaign->purpose};
    struct channel_outcome outcome = {.cost_micros = -1};
    void *connection = NULL;
    code result;

    if (channel->way == CHANNEL_AS_A_FILE)
        return scope_fail(scope, INVALID, "%s makes files: there is no test to be sent",
                          channel->label);
    if (channel->open)
        TRY(channel->open(scope, &order, &connection));
    result = channel->send(scope, connection, &order, message, 1, &outcome);
    if (channel->close)
        channel->close(connection);
    TRY(result);
    if (outcome.result == CHANNEL_ACCEPTED)
        return OK;
    return scope_fail(scope, UNAVAILABLE, "the test was not accepted: %s", outcome.detail);
}

static code record(struct scope *scope, const struct campaign *campaign) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, campaign_record(scope, "campaign.test", campaign));
}

code campaign_http_test(struct scope *scope, const struct request *request,
                        struct response *response) {
    CLEANUP(campaign_content_close) struct campaign_content *content = NULL;
    struct try_request wanted = {0};
    struct message_work work = {0};
    struct campaign campaign;

    TRY(json_read_record(scope, request->body, try_fields, sizeof(try_fields) / sizeof(*try_fields),
                         &wanted));
    TRY(campaign_find(scope, request_text(request, "name"), &campaign));
    if (!campaign.channel)
        return scope_fail(scope, INVALID, "the campaign's channel is gone");
    TRY(find_arm(scope, &campaign, wanted.arm, &work.message.arm));
    TRY(customer_find(scope, wanted.customer, &work.content.customer));
    TRY(read_address(scope, campaign.channel, wanted.to, &work.content.address));
    TRY(campaign_content_check(scope, &campaign));
    TRY(campaign_content_open(scope, &campaign, &content));
    TRY(campaign_content_render(scope, content, &work, 1));
    work.content.key = text_printf(&scope->arena, "test.%" PRIx64, store_new_id(scope));
    TRY(hand_over(scope, &campaign, &work.content));
    TRY(record(scope, &campaign));
    json_begin_object(&response->writer);
    json_key(&response->writer, "name");
    json_write_text(&response->writer, campaign.name);
    json_key(&response->writer, "state");
    json_write_string(&response->writer, campaign_state_name(campaign.state));
    json_end_object(&response->writer);
    return OK;
}
