// SPDX-License-Identifier: Apache-2.0
// Messages as they are kept for whoever mends them and tries them again (plug/collect/replay.h):
// each by itself, with its id and its time, so that it is read a second time as it was the first.
#include "plug/collect/message_part.h"

#include "base/time.h"

static void write_text(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    json_write_text(writer, value);
}

static void write_instant(struct json_writer *writer, const char *key, int64_t at_us) {
    char text[TIME_TEXT_SIZE];

    write_text(writer, key, text_of(time_format_utc(at_us, text)));
}

static bool is_object(const struct json *json) {
    return json && json->type == JSON_OBJECT;
}

// ---- as it was sent ----

// The message's own, and of the batch's what the message does not say itself.
static void write_context(struct json_writer *writer, const struct json *own,
                          const struct json *common) {
    json_key(writer, "context");
    json_begin_object(writer);
    for (const struct json *member = is_object(own) ? own->first : NULL; member;
         member = member->next) {
        json_key_text(writer, member->key);
        json_write(writer, member);
    }
    for (const struct json *member = is_object(common) ? common->first : NULL; member;
         member = member->next) {
        bool is_said = false;

        for (const struct json *one = is_object(own) ? own->first : NULL; one; one = one->next)
            is_said |= text_equal(one->key, member->key);
        if (is_said)
            continue;
        json_key_text(writer, member->key);
        json_write(writer, member);
    }
    json_end_object(writer);
}

// When it was sent is no part of what it is: it is told after the rest.
static bool is_ours(struct text name, bool has_key) {
    return text_is(name, "context") || text_is(name, "writeKey") || text_is(name, "sentAt") ||
           (has_key && text_is(name, "messageId"));
}

static void write_sent_at(struct json_writer *writer, const struct message_context *context,
                          const struct json *json) {
    const struct json *own = json_member(json, "sentAt");

    if (own) {
        json_key(writer, "sentAt");
        json_write(writer, own);
    } else if (context->sent_at_us != 0) {
        write_instant(writer, "sentAt", context->sent_at_us);
    }
}

struct text message_whole(struct arena *arena, const struct message_context *context,
                          const struct json *json, struct text key, uint64_t *ret_hash) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    if (json->type != JSON_OBJECT) {
        json_write(&writer, json);
        *ret_hash = text_hash(buffer_text(&out));
        return text_copy(arena, buffer_text(&out));
    }
    json_begin_object(&writer);
    for (const struct json *member = json->first; member; member = member->next) {
        if (is_ours(member->key, key.size > 0))
            continue;
        json_key_text(&writer, member->key);
        json_write(&writer, member);
    }
    if (key.size > 0)
        write_text(&writer, "messageId", key);
    if (json_member(json, "context") || context->context)
        write_context(&writer, json_member(json, "context"), context->context);
    *ret_hash = text_hash(buffer_text(&out));
    write_sent_at(&writer, context, json);
    json_end_object(&writer);
    return text_copy(arena, buffer_text(&out));
}

// ---- as it was read ----

static void write_identifiers(struct json_writer *writer, const struct message *message) {
    json_key(writer, "context");
    json_begin_object(writer);
    json_key(writer, "externalIds");
    json_begin_array(writer);
    for (size_t i = 0; i < message->identifier_count; i++) {
        json_begin_object(writer);
        write_text(writer, "type", text_of(identifier_kind_name(message->identifiers[i].kind)));
        write_text(writer, "id", message->identifiers[i].value);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

// Fields whose names are no traits (message_facts.c).
static const char *trait_of(struct text field) {
    return text_is(field, "given_name")    ? "firstName"
           : text_is(field, "family_name") ? "lastName"
           : text_is(field, "birth_day")   ? "birthday"
                                           : NULL;
}

static void write_trait(struct json_writer *writer, const struct profile_field *trait) {
    const char *name = trait_of(trait->name);
    int64_t day;

    if (text_is(trait->name, "postal_code")) {
        json_key(writer, "address");
        json_begin_object(writer);
        write_text(writer, "postalCode", trait->value);
        json_end_object(writer);
        return;
    }
    if (name)
        json_key(writer, name);
    else
        json_key_text(writer, trait->name);
    if (text_is(trait->name, "birth_day") && text_to_int64(trait->value, &day)) {
        char text[TIME_TEXT_SIZE];

        json_write_string(writer, day_format((int32_t)day, text));
        return;
    }
    json_write_text(writer, trait->value);
}

static void write_traits(struct json_writer *writer, const struct message *message) {
    json_key(writer, "traits");
    json_begin_object(writer);
    for (size_t i = 0; i < message->trait_count; i++)
        write_trait(writer, &message->traits[i]);
    json_end_object(writer);
}

static void write_what(struct json_writer *writer, const struct message *message) {
    if (message->type == MESSAGE_TRACK)
        write_text(writer, "event", message->name);
    if (message->channel.size > 0)
        write_text(writer, "channel", message->channel);
    write_instant(writer, "timestamp", message->at_us);
}

code message_retell(struct scope *scope, const struct message *message, bool is_exempt,
                    struct text *ret_raw) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json *properties = NULL;
    struct json_writer writer;

    if (message->properties.size > 0)
        TRY(json_parse_own(scope, message->properties, &properties));
    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    if (message->type < MESSAGE_TYPE_COUNT)
        write_text(&writer, "type", text_of(message_type_names[message->type]));
    write_text(&writer, "messageId", message->key);
    if (message->name.size > 0)
        write_what(&writer, message);
    if (!is_exempt && message->identifier_count > 0)
        write_identifiers(&writer, message);
    if (!is_exempt && message->trait_count > 0)
        write_traits(&writer, message);
    if (properties) {
        json_key(&writer, "properties");
        json_write(&writer, properties);
    }
    json_end_object(&writer);
    *ret_raw = text_copy(&scope->arena, buffer_text(&out));
    return OK;
}
