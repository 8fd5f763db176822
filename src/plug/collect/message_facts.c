// SPDX-License-Identifier: Apache-2.0
// What a message says: of the event, and of the customer.
#include "plug/collect/message_part.h"

#include "base/time.h"

#include <inttypes.h>

// ---- properties ----

// Members of `context` that are told elsewhere, or tell more of a person than is asked for: an
// address on the network is not kept.
static bool is_kept(struct text name) {
    static const char *const dropped[] = {"traits", "externalIds", "library",
                                          "ip",     "active",      "groupId"};

    for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++)
        if (text_is(name, dropped[i]))
            return false;
    return true;
}

static void write_members(struct json_writer *writer, const struct json *object) {
    for (const struct json *member = object ? object->first : NULL; member; member = member->next) {
        json_key_text(writer, member->key);
        json_write(writer, member);
    }
}

static const struct json *object_member(const struct json *object, const char *key) {
    const struct json *member = object ? json_member(object, key) : NULL;

    return member && member->type == JSON_OBJECT ? member : NULL;
}

static bool has_member(const struct json *object, struct text name) {
    for (const struct json *member = object ? object->first : NULL; member; member = member->next)
        if (text_equal(member->key, name))
            return true;
    return false;
}

// Of the message, and of the batch what the message does not say itself.
static void write_context(struct json_writer *writer, const struct json *own,
                          const struct json *common) {
    bool is_open = false;

    for (int round = 0; round < 2; round++) {
        const struct json *from = round == 0 ? own : common;

        for (const struct json *member = from ? from->first : NULL; member; member = member->next) {
            if (!is_kept(member->key) || (round == 1 && has_member(own, member->key)))
                continue;
            if (!is_open) {
                json_key(writer, "context");
                json_begin_object(writer);
            }
            is_open = true;
            json_key_text(writer, member->key);
            json_write(writer, member);
        }
    }
    if (is_open)
        json_end_object(writer);
}

// Beside its properties a page has a name and a category, a group its id, an alias the id before.
static void write_own(struct json_writer *writer, const struct json *json,
                      const struct json *properties, enum message_type type) {
    static const char *const names[MESSAGE_TYPE_COUNT][2] = {
        [MESSAGE_PAGE] = {"name", "category"},
        [MESSAGE_SCREEN] = {"name", "category"},
        [MESSAGE_GROUP] = {"groupId", "traits"},
    };

    for (size_t i = 0; i < 2 && names[type][i]; i++) {
        const struct json *member = json_member(json, names[type][i]);

        if (!member || has_member(properties, member->key))
            continue;
        json_key_text(writer, member->key);
        json_write(writer, member);
    }
}

void message_read_properties(struct arena *arena, const struct message_context *context,
                             const struct json *json, struct message *message) {
    const struct json *properties = object_member(json, "properties");
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    write_members(&writer, properties);
    write_own(&writer, json, properties, message->type);
    if (!has_member(properties, TEXT("context")))
        write_context(&writer, object_member(json, "context"),
                      context->context && context->context->type == JSON_OBJECT ? context->context
                                                                                : NULL);
    json_end_object(&writer);
    if (out.size > 2)
        message->properties = text_copy(arena, buffer_text(&out));
}

// ---- traits ----

// Names of the specification and the columns they are.
static const struct {
    const char *trait, *field;
} columns[] = {
    {"name", "name"},
    {"firstName", "given_name"},
    {"first_name", "given_name"},
    {"lastName", "family_name"},
    {"last_name", "family_name"},
    {"gender", "gender"},
    {"birthday", "birth_day"},
    {"language", "language"},
    {"locale", "language"},
};
static const struct {
    const char *trait, *field;
} address_columns[] = {
    {"street", "street"},
    {"postalCode", "postal_code"},
    {"postal_code", "postal_code"},
    {"zip", "postal_code"},
    {"city", "city"},
    {"state", "region"},
    {"region", "region"},
    {"country", "country"},
};

// What only somebody who is known may say of a customer.
static bool is_protected(struct text name) {
    static const char *const names[] = {
        "consent",       "consents",       "consentGiven",  "consent_given",  "optIn",
        "opt_in",        "points",         "loyaltyPoints", "loyalty_points", "verified",
        "emailVerified", "email_verified", "phoneVerified", "phone_verified",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (text_equal_ascii_case(name, text_of(names[i])))
            return true;
    return false;
}

struct traits {
    struct arena *arena;
    struct message *message;
    size_t capacity;
};

static void put(struct traits *traits, struct text name, struct text value) {
    struct message *message = traits->message;

    if (value.size > 0 && message->trait_count < traits->capacity)
        message->traits[message->trait_count++] = (struct profile_field){
            .name = text_copy(traits->arena, name), .value = text_copy(traits->arena, value)};
}

static struct text value_of(struct arena *arena, const struct json *json) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    if (json->type != JSON_OBJECT && json->type != JSON_ARRAY)
        return json_scalar_text(arena, json);
    json_writer_init(&writer, &out);
    json_write(&writer, json);
    return text_copy(arena, buffer_text(&out));
}

static void put_address(struct traits *traits, const struct json *address) {
    for (size_t i = 0; i < sizeof(address_columns) / sizeof(*address_columns); i++) {
        const struct json *part = json_member(address, address_columns[i].trait);

        if (part)
            put(traits, text_of(address_columns[i].field), value_of(traits->arena, part));
    }
}

static void put_birthday(struct traits *traits, const struct json *given) {
    const struct text written = json_scalar_text(traits->arena, given);
    int32_t day;

    if (day_parse((struct text){written.data, written.size < 10 ? written.size : 10},
                  DATE_ORDER_YMD, &day))
        put(traits, TEXT("birth_day"), text_printf(traits->arena, "%" PRId32, day));
}

// Names of columns that a trait is not: what it means there is not what the sender means.
static bool is_reserved(struct text name) {
    static const char *const names[] = {"birth_day", "given_name", "family_name", "postal_code"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (text_is(name, names[i]))
            return true;
    return false;
}

static void put_trait(struct traits *traits, const struct json *trait) {
    const struct json *company = json_member(trait, "name");

    if (text_is(trait->key, "email") || text_is(trait->key, "phone") || is_reserved(trait->key))
        return;
    if (text_is(trait->key, "birthday")) {
        put_birthday(traits, trait);
        return;
    }
    if (text_is(trait->key, "address") && trait->type == JSON_OBJECT) {
        put_address(traits, trait);
        return;
    }
    if (text_is(trait->key, "company") && trait->type == JSON_OBJECT && company)
        trait = company;
    for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
        if (text_is(trait->key, columns[i].trait)) {
            put(traits, text_of(columns[i].field), value_of(traits->arena, trait));
            return;
        }
    put(traits, trait == company ? TEXT("company") : trait->key, value_of(traits->arena, trait));
}

void message_read_traits(struct arena *arena, const struct message_context *context,
                         const struct json *json, struct message *message) {
    const bool is_public = sender_type_is_public(context->sender->type);
    const struct json *own = object_member(object_member(json, "context"), "traits");
    const struct json *given =
        message->type == MESSAGE_IDENTIFY ? object_member(json, "traits") : own;
    struct traits traits = {.arena = arena, .message = message};
    bool is_apart = false;

    if (!given)
        return;
    traits.capacity = given->count + sizeof(address_columns) / sizeof(*address_columns);
    message->traits = arena_array(arena, traits.capacity, sizeof(*message->traits));
    for (const struct json *trait = given->first; trait; trait = trait->next)
        if (is_public && is_protected(trait->key))
            is_apart = true;
        else
            put_trait(&traits, trait);
    if (is_apart)
        message_add_part(message, (struct message_fault){
                                      .reason = "protected_trait",
                                      .field = "traits",
                                      .message = "a public key cannot say this of a customer"});
}
