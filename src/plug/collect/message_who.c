// SPDX-License-Identifier: Apache-2.0
// Whom a message is about. An alias names two ids of one person, the new one and the one before;
// what that joins is host/identity's to say.
#include "plug/collect/message_part.h"

// Of context.externalIds, besides the kinds' own names.
static const struct {
    const char *name;
    enum identifier_kind kind;
} external_types[] = {
    {"pickup_code", IDENTIFIER_PICKUP_CODE}, {"message_id", IDENTIFIER_MESSAGE},
    {"user_id", IDENTIFIER_CUSTOMER_NUMBER}, {"customer_id", IDENTIFIER_CUSTOMER_NUMBER},
    {"anonymous_id", IDENTIFIER_COOKIE},     {"loyalty_id", IDENTIFIER_LOYALTY_CARD},
    {"card", IDENTIFIER_LOYALTY_CARD},       {"device_id", IDENTIFIER_DEVICE},
    {"android.id", IDENTIFIER_DEVICE},       {"android.idfa", IDENTIFIER_DEVICE},
    {"ios.id", IDENTIFIER_DEVICE},           {"ios.idfa", IDENTIFIER_DEVICE},
};

struct reading {
    struct arena *arena;
    const struct message_context *context;
    struct message *message;
    bool has_any; // something was said, read or not
};

static bool is_known(const struct message *message, const struct sighted *sighted) {
    for (size_t i = 0; i < message->identifier_count; i++)
        if (message->identifiers[i].kind == sighted->kind &&
            text_equal(message->identifiers[i].value, sighted->value))
            return true;
    return false;
}

static void add(struct reading *reading, enum identifier_kind kind, const struct json *given) {
    struct message *message = reading->message;
    struct sighted sighted = {.kind = kind};
    bool is_blocked;
    struct text raw;

    if (!given || (given->type != JSON_STRING && given->type != JSON_INT64))
        return;
    raw = json_scalar_text(reading->arena, given);
    reading->has_any |= raw.size > 0;
    if (message->identifier_count == MESSAGE_IDENTIFIERS ||
        !identifier_normalise(reading->arena, kind, raw, reading->context->country, &sighted.value,
                              &is_blocked))
        return;
    if (kind == IDENTIFIER_CUSTOMER_NUMBER)
        sighted.source = reading->context->sender->name;
    sighted.value = text_copy(reading->arena, sighted.value);
    if (!is_known(message, &sighted))
        message->identifiers[message->identifier_count++] = sighted;
}

static bool find_external(struct text name, enum identifier_kind *ret_kind) {
    for (size_t i = 0; i < sizeof(external_types) / sizeof(*external_types); i++)
        if (text_is(name, external_types[i].name)) {
            *ret_kind = external_types[i].kind;
            return true;
        }
    return identifier_kind_parse(name, ret_kind);
}

static void add_external(struct reading *reading, const struct json *context) {
    const struct json *list = context ? json_member(context, "externalIds") : NULL;

    for (const struct json *one = list && list->type == JSON_ARRAY ? list->first : NULL; one;
         one = one->next) {
        const struct json *type = json_member(one, "type");
        enum identifier_kind kind;

        if (type && type->type == JSON_STRING && find_external(type->string, &kind))
            add(reading, kind, json_member(one, "id"));
    }
}

static void add_traits(struct reading *reading, const struct json *traits) {
    if (!traits)
        return;
    add(reading, IDENTIFIER_EMAIL, json_member(traits, "email"));
    add(reading, IDENTIFIER_PHONE, json_member(traits, "phone"));
}

// An app makes up an id for its installation, a page one for the browser.
static enum identifier_kind anonymous_kind(const struct reading *reading) {
    return reading->context->sender->type == SENDER_APP || reading->message->type == MESSAGE_SCREEN
               ? IDENTIFIER_DEVICE
               : IDENTIFIER_COOKIE;
}

// Its ids are what people call others by: an e-mail address, a number, or a tracker's own id.
static void read_alias(struct reading *reading, const struct json *json) {
    struct message *message = reading->message;
    const struct json *previous = json_member(json, "previousId");

    add(reading, IDENTIFIER_CUSTOMER_NUMBER, json_member(json, "userId"));
    if (message->identifier_count == 0)
        return;
    add(reading,
        previous->type == JSON_STRING && text_contains(previous->string, '@')
            ? IDENTIFIER_EMAIL
            : anonymous_kind(reading),
        previous);
}

static void read_seen_together(struct reading *reading, const struct json *json) {
    const struct json *own_context = json_member(json, "context");
    struct message *message = reading->message;

    if (message->is_choice) { // it was made on this device, whoever is said to use it
        add(reading, IDENTIFIER_COOKIE, json_member(json, "anonymousId"));
        return;
    }
    add(reading, IDENTIFIER_CUSTOMER_NUMBER, json_member(json, "userId"));
    if (message->type != MESSAGE_GROUP) // whose traits are the group's
        add_traits(reading, json_member(json, "traits"));
    add_traits(reading, own_context ? json_member(own_context, "traits") : NULL);
    add_external(reading, own_context);
    add_external(reading, reading->context->context);
    add(reading, anonymous_kind(reading), json_member(json, "anonymousId"));
    identifiers_by_priority(message->identifiers, message->identifier_count);
}

void message_read_who(struct arena *arena, const struct message_context *context,
                      const struct json *json, struct message *message) {
    struct reading reading = {.arena = arena, .context = context, .message = message};

    if (message->type == MESSAGE_ALIAS)
        read_alias(&reading, json);
    else
        read_seen_together(&reading, json);
    if (message->identifier_count > 0)
        return;
    message->fault = (struct message_fault){
        .reason = reading.has_any ? "bad_identity" : "no_identity",
        .field = "userId",
        .message = reading.has_any ? "none of its identifiers identifies anybody"
                                   : "a message has a userId or an anonymousId"};
}
