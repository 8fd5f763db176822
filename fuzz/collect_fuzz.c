// SPDX-License-Identifier: Apache-2.0
// Messages of any bytes are read or kept apart with a reason: what is taken has all that an event
// needs, within the limits, and every part of it that is kept as JSON is JSON. The first byte
// chooses the source; then comes a body, whose member "schemas" is taken for the source's own where
// it is a schema.
#include "plug/collect/message.h"

#include "base/limits.h"
#include "base/time.h"
#include "fuzz/fuzz.h"
#include "plug/collect/order.h"
#include "plug/sender/schema.h"

#include <assert.h>

#define RECEIVED_US INT64_C(1700000000000000)

static void check_json(struct scope *scope, struct text text) {
    struct json *json;

    if (text.size > 0)
        assert(json_parse(scope, text, &json) == OK);
}

static void check_order(const struct order *order) {
    assert(!order->is_sale || order->number.size > 0);
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];

        assert(!order->is_sale || line->gross_micros == line->net_micros + line->vat_micros);
    }
}

static void check_taken(const struct message_context *context, const struct message *message) {
    assert(message->type < MESSAGE_TYPE_COUNT);
    assert(message->key.size > 0 && message->key.size <= MESSAGE_KEY_BYTES);
    assert(message->name.size > 0 && message->name.size <= MESSAGE_NAME_BYTES);
    assert(message->at_us > 0 && message->at_us <= context->received_at_us);
    assert(message->identifier_count > 0 && message->identifier_count <= MESSAGE_IDENTIFIERS);
    for (size_t i = 0; i < message->identifier_count; i++) {
        assert(message->identifiers[i].value.size > 0);
        assert(!context->sender->is_exempt || message->identifiers[i].kind == IDENTIFIER_COOKIE ||
               message->identifiers[i].kind == IDENTIFIER_DEVICE);
    }
    if (message->order)
        check_order(message->order);
}

static void check_message(struct scope *scope, const struct message_context *context,
                          const struct json *json, enum message_type type) {
    struct message message, again;

    message_read(&scope->arena, context, json, type, &message);
    assert(message.is_taken || message.fault.reason);
    assert(message.part_count <= MESSAGE_PARTS);
    if (message_wrong(&message)) {
        assert(message_wrong(&message)->field && message_wrong(&message)->message);
        assert(message.raw.size > 0 || message.is_forgotten);
        check_json(scope, message.raw);
    }
    check_json(scope, message.properties);
    if (!message.is_taken)
        return;
    check_taken(context, &message);
    message_read(&scope->arena, context, json, type, &again);
    assert(text_equal(message.key, again.key) && message.at_us == again.at_us);
}

static void check_body(struct scope *scope, struct message_context *context,
                       const struct json *body) {
    const struct json *schemas = json_member(body, "schemas");
    const struct json *batch = json_member(body, "batch");

    if (schemas && schema_check(scope, schemas) == OK)
        context->schemas = schemas;
    scope_forgive(scope);
    message_instant(&scope->arena, context->zone, json_member(body, "sentAt"),
                    &context->sent_at_us);
    for (int type = 0; type <= MESSAGE_TYPE_COUNT; type++)
        check_message(scope, context, body, (enum message_type)type);
    context->context = json_member(body, "context");
    if (!batch || batch->type != JSON_ARRAY)
        return;
    for (const struct json *one = batch->first; one; one = one->next)
        check_message(scope, context, one, MESSAGE_TYPE_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sender sender = {.name = TEXT("shop")};
    struct message_context context = {
        .sender = &sender, .received_at_us = RECEIVED_US, .country = TEXT("DE")};
    struct scope scope;
    struct json *json;

    if (size == 0)
        return 0;
    sender.type = (enum sender_type)(data[0] % SENDER_TYPE_COUNT);
    sender.is_exempt = data[0] & 32;
    sender.schema_policy = data[0] & 64 ? SCHEMA_MARK : SCHEMA_QUARANTINE;
    scope_init(&scope);
    assert(zone_open(&scope, TEXT("UTC"), &context.zone) == OK);
    if (json_parse(&scope, (struct text){(const char *)data + 1, size - 1}, &json) == OK &&
        json->type == JSON_OBJECT)
        check_body(&scope, &context, json);
    zone_free(context.zone);
    scope_clear(&scope);
    return 0;
}
