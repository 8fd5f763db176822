// SPDX-License-Identifier: Apache-2.0
#include "push/sms/sms_channel.h"

#include "base/config.h"
#include "push/sms/gateway.h"
#include "store/store.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

// Owns what the gateway's texts point to.
struct sms_channel {
    struct arena arena;
    struct sms_gateway gateway;
    struct text base_url;
};

code sms_channel_prepare(struct scope *scope, const struct channel_content *sources) {
    if (text_trim(sources->text).size == 0)
        return scope_fail_field(scope, INVALID, "text", "a text message has a text");
    return OK;
}

code sms_channel_cost(struct scope *scope, const struct channel_message *message,
                      int64_t usual_micros, int64_t *ret_micros) {
    (void)scope;
    *ret_micros = sms_measure(message->content.text).part_count * usual_micros;
    return OK;
}

code sms_channel_open(struct scope *scope, const struct channel_order *order,
                      void **ret_connection) {
    struct sms_channel *channel;
    struct sms_gateway gateway;

    (void)order;
    if (sms_gateway_load(scope, &gateway) != OK)
        return scope_fail(scope, UNAVAILABLE, "text messages cannot be sent: %s",
                          arena_printf(&scope->arena, "%s", scope->failure.message));
    channel = calloc(1, sizeof(*channel));
    if (!channel)
        abort();
    arena_init(&channel->arena);
    channel->gateway = gateway;
    channel->gateway.url = text_copy(&channel->arena, gateway.url);
    channel->gateway.sender = text_copy(&channel->arena, gateway.sender);
    channel->gateway.user = text_copy(&channel->arena, gateway.user);
    channel->gateway.password = text_copy(&channel->arena, gateway.password);
    channel->gateway.handle = text_copy(&channel->arena, gateway.handle);
    channel->base_url = config_base_url(&channel->arena, store_config(session_store(scope)));
    *ret_connection = channel;
    return OK;
}

void sms_channel_close(void *connection) {
    struct sms_channel *channel = connection;

    if (!channel)
        return;
    arena_clear(&channel->arena);
    free(channel);
}

static struct channel_outcome outcome_of(const struct sms_outcome *sent) {
    static const struct {
        enum channel_result result;
        enum channel_class class;
    } meanings[] = {
        [SMS_ACCEPTED] = {CHANNEL_ACCEPTED, CHANNEL_CLASS_NONE},
        [SMS_RETRY] = {CHANNEL_RETRY, CHANNEL_CLASS_PLACE},
        [SMS_FAILED] = {CHANNEL_FAILED, CHANNEL_CLASS_CONTENT},
        [SMS_REFUSED_SENDER] = {CHANNEL_RETRY, CHANNEL_CLASS_POLICY},
        [SMS_UNKNOWN] = {CHANNEL_UNKNOWN, CHANNEL_CLASS_PLACE},
    };
    struct channel_outcome outcome = {.result = meanings[sent->result].result,
                                      .class = meanings[sent->result].class,
                                      .cost_micros = -1};

    memcpy(outcome.detail, sent->detail, sizeof(outcome.detail));
    return outcome;
}

// A text without a word, and one that nobody would read to its end, are not sent.
static bool is_sendable(const struct channel_message *message, struct channel_outcome *outcome) {
    const int64_t parts = sms_measure(message->content.text).part_count;

    if (parts > 0 && parts <= SMS_MOST_PARTS)
        return true;
    *outcome = (struct channel_outcome){.result = CHANNEL_FAILED, .class = CHANNEL_CLASS_CONTENT};
    snprintf(outcome->detail, sizeof(outcome->detail), "the text takes %lld parts, of 1 to %d",
             (long long)parts, SMS_MOST_PARTS);
    return false;
}

code sms_channel_send(struct scope *scope, void *connection, const struct channel_order *order,
                      const struct channel_message *messages, size_t count,
                      struct channel_outcome *outcomes) {
    const struct sms_channel *channel = connection;

    (void)order;
    for (size_t i = 0; i < count; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct sms sms = {.message_id = messages[i].id,
                                .key = messages[i].key,
                                .to = messages[i].address,
                                .text = messages[i].content.text};
        struct sms_outcome sent = {.result = SMS_RETRY};

        if (!is_sendable(&messages[i], &outcomes[i]))
            continue;
        if (!scope->cancelled || !atomic_load(scope->cancelled))
            sms_send(scope, &channel->gateway, channel->base_url, &sms, &sent);
        outcomes[i] = outcome_of(&sent);
        arena_rewind(&scope->arena, mark);
    }
    return OK;
}
