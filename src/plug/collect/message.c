// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/message.h"

#include "base/limits.h"
#include "base/time.h"
#include "plug/collect/message_part.h"
#include "plug/collect/order.h"
#include "plug/sender/schema.h"
#include "plug/tag/configuration.h"

#include <inttypes.h>

const char *const message_type_names[] = {
    [MESSAGE_IDENTIFY] = "identify", [MESSAGE_TRACK] = "track", [MESSAGE_PAGE] = "page",
    [MESSAGE_SCREEN] = "screen",     [MESSAGE_GROUP] = "group", [MESSAGE_ALIAS] = "alias",
    [MESSAGE_TYPE_COUNT] = NULL,
};

bool message_type_parse(struct text name, enum message_type *ret_type) {
    for (int type = 0; type < MESSAGE_TYPE_COUNT; type++)
        if (text_is(name, message_type_names[type])) {
            *ret_type = (enum message_type)type;
            return true;
        }
    return false;
}

static struct text compact(struct arena *arena, const struct json *json) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_write(&writer, json);
    return text_copy(arena, buffer_text(&out));
}

// ---- limits ----

static size_t weigh(const struct json *json, bool *has_nul) {
    size_t size = 2 + (json->key.size > 0 ? json->key.size + 3 : 0);

    if (json->type == JSON_STRING) {
        *has_nul |= text_contains(json->string, '\0');
        size += json->string.size;
    } else if (json->type == JSON_OBJECT || json->type == JSON_ARRAY) {
        for (const struct json *child = json->first; child; child = child->next) {
            *has_nul |= text_contains(child->key, '\0');
            size += weigh(child, has_nul) + 1;
        }
    } else {
        size += 4;
    }
    return size;
}

size_t message_weight(const struct json *json, bool *ret_has_nul) {
    *ret_has_nul = false;
    return weigh(json, ret_has_nul);
}

static struct message_fault fault_of(const char *reason, const char *field, const char *message) {
    return (struct message_fault){.reason = reason, .field = field, .message = message};
}

static bool is_text_within(const struct json *json, size_t most_bytes) {
    return json && json->type == JSON_STRING && json->string.size > 0 &&
           json->string.size <= most_bytes;
}

static size_t count_of(const struct json *json) {
    return json && json->type == JSON_OBJECT ? json->count : 0;
}

// What the specification asks of each kind of message.
static struct message_fault check_kind(const struct json *json, enum message_type type) {
    const struct json *traits = json_member(json, "traits");
    const struct json *properties = json_member(json, "properties");

    if (type == MESSAGE_TRACK && !is_text_within(json_member(json, "event"), MESSAGE_NAME_BYTES))
        return fault_of("no_event", "event", "a track has an event of 1 to 256 bytes");
    if (type == MESSAGE_GROUP && !is_text_within(json_member(json, "groupId"), MESSAGE_GROUP_BYTES))
        return fault_of("no_group", "groupId", "a group has a groupId of 1 to 500 bytes");
    if (type == MESSAGE_ALIAS && !json_member(json, "previousId"))
        return fault_of("no_previous_id", "previousId", "an alias has a previousId");
    if (count_of(traits) > MESSAGE_TRAITS)
        return fault_of("too_many_traits", "traits", "a message has at most 300 traits");
    if (count_of(properties) > MESSAGE_TRAITS)
        return fault_of("too_many_properties", "properties",
                        "a message has at most 300 properties");
    return (struct message_fault){0};
}

static struct message_fault check(const struct message_context *context, const struct json *json,
                                  enum message_type *type) {
    const struct json *given = json_member(json, "type");
    const struct json *key = json_member(json, "messageId");
    bool has_nul;

    if (json->type != JSON_OBJECT)
        return fault_of("no_object", "", "a message is a JSON object");
    if (message_weight(json, &has_nul) + context->context_bytes > MESSAGE_BYTES)
        return fault_of("too_large", "",
                        "a message has at most 32 KB, the context of its batch among them");
    if (has_nul)
        return fault_of("bad_text", "", "a text holds a NUL");
    if (*type == MESSAGE_TYPE_COUNT &&
        (!given || given->type != JSON_STRING || !message_type_parse(given->string, type)))
        return fault_of("bad_type", "type",
                        "the type is one of identify, track, page, screen, group, alias");
    if (key && key->type != JSON_NULL && !is_text_within(key, MESSAGE_KEY_BYTES))
        return fault_of("bad_message_id", "messageId", "a messageId has 1 to 100 bytes");
    return check_kind(json, *type);
}

// What is counted without consent must not be joined with anybody: nothing in it says who it is.
// What is kept apart of such a message does not say it either.
static bool names_somebody(const struct json *json, const struct json *common,
                           enum message_type type) {
    static const char *const members[] = {"userId", "traits", "previousId", "groupId"};
    static const char *const contexts[] = {"traits", "externalIds"};
    const struct json *own = json_member(json, "context");

    if (type == MESSAGE_IDENTIFY || type == MESSAGE_ALIAS || type == MESSAGE_GROUP)
        return true;
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
        if (json_member(json, members[i]))
            return true;
    for (size_t i = 0; i < sizeof(contexts) / sizeof(*contexts); i++)
        if ((own && json_member(own, contexts[i])) || (common && json_member(common, contexts[i])))
            return true;
    return false;
}

static struct message_fault refuse_identity(void) {
    return fault_of("exempt_source", "userId",
                    "a source that counts without consent tells nothing of who somebody is");
}

// What is kept apart for whoever mends it. Of a source that counts without consent that is no more
// than what the event would have kept: whatever is wrong, the message may say who somebody is.
static void keep_raw(struct arena *arena, const struct message_context *context,
                     const struct json *json, struct message *message) {
    if (!context->sender->is_exempt) {
        message->raw = message_whole(arena, context, json, message->key, &message->raw_hash);
        return;
    }
    if (message_is_readable(message) && message->properties.size > 0)
        message->raw = message->properties;
    else if (message->type == MESSAGE_TYPE_COUNT)
        message->raw = TEXT("{}");
    else
        message->raw = text_printf(arena, "{\"type\":\"%s\"}", message_type_names[message->type]);
    message->raw_hash = text_hash(message->raw);
}

// ---- whether it may be kept ----

static const struct json *object_member(const struct json *object, const char *key) {
    const struct json *member = object ? json_member(object, key) : NULL;

    return member && member->type == JSON_OBJECT ? member : NULL;
}

// The tag's messages name their purpose behind their id (ui/tag/queue.ts).
static struct text purpose_of(const struct message_context *context, const struct json *json) {
    const struct json *key = json_member(json, "messageId");
    struct text purpose = {0};

    if (context->sender->type == SENDER_WEBSITE && key && key->type == JSON_STRING)
        text_split(key->string, '~', &purpose);
    return purpose;
}

// The choice that a message carries, by purpose (context.consent of the Segment specification).
static const struct json *preferences_of(const struct message_context *context,
                                         const struct json *json) {
    const struct json *consent = object_member(object_member(json, "context"), "consent");

    if (!consent && context->context && context->context->type == JSON_OBJECT)
        consent = object_member(context->context, "consent");
    return object_member(consent, "categoryPreferences");
}

static bool is_yes(const struct json *preference) {
    return preference->type == JSON_BOOL && preference->boolean;
}

// A visitor's answer to the tag's banner is told whatever it is.
static bool is_choice(const struct message_context *context, const struct json *json,
                      enum message_type type) {
    const struct json *event = json_member(json, "event"), *said = json_member(json, "type");

    if (type == MESSAGE_TYPE_COUNT && said && said->type == JSON_STRING)
        message_type_parse(said->string, &type);
    return type == MESSAGE_TRACK && context->sender->type == SENDER_WEBSITE && event &&
           event->type == JSON_STRING && text_is(event->string, TAG_CONSENT_EVENT);
}

// Its own purpose was refused; where it names none, or one that the choice does not speak of,
// everything was.
static bool is_refused(const struct message_context *context, const struct json *json,
                       enum message_type type) {
    const struct json *preferences =
        json->type == JSON_OBJECT ? preferences_of(context, json) : NULL;
    const struct text purpose = purpose_of(context, json);

    if (!preferences || preferences->count == 0 || is_choice(context, json, type))
        return false;
    for (const struct json *one = preferences->first; purpose.size > 0 && one; one = one->next)
        if (text_equal(one->key, purpose))
            return !is_yes(one);
    for (const struct json *one = preferences->first; one; one = one->next)
        if (is_yes(one))
            return false;
    return true;
}

// ---- when ----

int64_t message_corrected_us(int64_t at_us, int64_t sent_at_us, int64_t received_at_us) {
    int64_t corrected = at_us;

    if (sent_at_us != 0 && (__builtin_sub_overflow(received_at_us, sent_at_us, &corrected) ||
                            __builtin_add_overflow(corrected, at_us, &corrected)))
        corrected = received_at_us;
    return corrected > received_at_us || corrected <= 0 ? received_at_us : corrected;
}

bool message_instant(struct arena *arena, struct zone *zone, const struct json *json,
                     int64_t *ret_at_us) {
    bool has_time;

    if (!json || (json->type != JSON_STRING && json->type != JSON_INT64))
        return false;
    return time_parse(json_scalar_text(arena, json), DATE_ORDER_YMD, zone, ret_at_us, &has_time);
}

static void read_time(struct arena *arena, const struct message_context *context,
                      const struct json *json, struct message *message) {
    int64_t sent_at_us = context->sent_at_us, at_us = context->received_at_us;

    message_instant(arena, context->zone, json_member(json, "sentAt"), &sent_at_us);
    if (!message_instant(arena, context->zone, json_member(json, "originalTimestamp"), &at_us) &&
        !message_instant(arena, context->zone, json_member(json, "timestamp"), &at_us)) {
        message->at_us = context->received_at_us;
        return;
    }
    message->at_us = message_corrected_us(at_us, sent_at_us, context->received_at_us);
}

// ---- what ----

// A message without an id is known by what it says, sentAt and all: the same one sent again is the
// same.
static struct text read_key(struct arena *arena, const struct json *json) {
    const struct json *given = json_member(json, "messageId");
    struct text whole;

    if (given && given->type == JSON_STRING)
        return given->string;
    whole = compact(arena, json);
    return text_printf(arena, "#%016" PRIx64 "-%zu", text_hash(whole), whole.size);
}

static struct text read_name(const struct json *json, enum message_type type) {
    return type == MESSAGE_TRACK ? json_member(json, "event")->string
                                 : text_of(message_type_names[type]);
}

static struct text text_member(const struct json *object, const char *key) {
    const struct json *member = object ? json_member(object, key) : NULL;

    return member && member->type == JSON_STRING ? member->string : (struct text){0};
}

static void read_ways(const struct message_context *context, const struct json *json,
                      struct message *message) {
    const struct json *campaign = object_member(object_member(json, "context"), "campaign");

    if (!campaign)
        campaign = object_member(context->context, "campaign");
    message->campaign = text_member(campaign, "name");
    message->channel = sender_type_channel(context->sender->type);
    if (message->channel.size == 0)
        message->channel = text_member(json, "channel");
}

// Texts of the tree are the reader's own memory only until the next document; all that is kept of
// the message is copied.
static void keep(struct arena *arena, struct message *message) {
    message->key = text_copy(arena, message->key);
    message->name = text_copy(arena, message->name);
    message->purpose = text_copy(arena, message->purpose);
    message->channel = text_copy(arena, message->channel);
    message->campaign = text_copy(arena, message->campaign);
}

void message_add_part(struct message *message, struct message_fault fault) {
    message->parts[message->part_count++] = fault;
}

// What cannot be kept as a sale is kept as an event, with a copy for whoever mends it.
static void read_order(struct arena *arena, const struct json *json, struct message *message) {
    const struct json *properties = object_member(json, "properties");
    struct message_fault fault = {0};

    if (message->type != MESSAGE_TRACK)
        return;
    message->subject = order_read_subject(arena, message->name, properties);
    message->order = order_read(arena, message->name, properties, message->key, &fault);
    if (fault.reason)
        message_add_part(message, fault);
}

// An event that its source does not want is kept apart with all that it says.
static void check_schema(struct arena *arena, const struct message_context *context,
                         const struct json *json, struct message *message) {
    const char *problem = context->schemas
                              ? schema_violation(arena, context->schemas, message->name,
                                                 object_member(json, "properties"))
                              : NULL;

    if (!problem)
        return;
    message->is_taken = context->sender->schema_policy == SCHEMA_MARK;
    if (message->is_taken)
        message_add_part(message, fault_of("schema", "properties", problem));
    else
        message->fault = fault_of("schema", "properties", problem);
}

const struct message_fault *message_wrong(const struct message *message) {
    return message->fault.reason        ? &message->fault
           : message->part_count > 0    ? &message->parts[0]
           : message->late_fault.reason ? &message->late_fault
                                        : NULL;
}

// Of the rest an order has several fields.
static bool is_same_part(struct text field, const char *other) {
    static const char *const names[] = {"traits", "properties"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (text_is(field, names[i]) || strcmp(other, names[i]) == 0)
            return text_is(field, other);
    return true;
}

const struct message_fault *message_wrong_part(const struct message *message, struct text field) {
    if (message->fault.reason)
        return &message->fault;
    for (size_t i = 0; i < message->part_count; i++)
        if (is_same_part(field, message->parts[i].field))
            return &message->parts[i];
    return message->late_fault.reason && is_same_part(field, message->late_fault.field)
               ? &message->late_fault
               : NULL;
}

bool message_is_readable(const struct message *message) {
    return message->is_taken || text_is(text_of(message->fault.reason), "schema");
}

void message_read(struct arena *arena, const struct message_context *context,
                  const struct json *json, enum message_type type, struct message *ret_message) {
    struct message message = {.type = type};

    if (is_refused(context, json, type)) {
        *ret_message = (struct message){
            .type = type,
            .is_forgotten = true,
            .fault = fault_of("consent_refused", "context.consent",
                              "its purpose was refused: nothing of it may be kept")};
        return;
    }
    message.fault = check(context, json, &message.type);
    if (!message.fault.reason && context->sender->is_exempt &&
        names_somebody(json, context->context, message.type))
        message.fault = refuse_identity();
    if (!message.fault.reason) {
        message.key = read_key(arena, json);
        message.name = read_name(json, message.type);
        message.purpose = purpose_of(context, json);
        read_time(arena, context, json, &message);
        read_ways(context, json, &message);
        message.is_choice = is_choice(context, json, message.type);
        keep(arena, &message);
        message_read_who(arena, context, json, &message);
    }
    if (!message.fault.reason) {
        message.is_taken = true;
        message_read_properties(arena, context, json, &message);
        message_read_traits(arena, context, json, &message);
        read_order(arena, json, &message);
        check_schema(arena, context, json, &message);
    }
    if (message.fault.reason || message.part_count > 0)
        keep_raw(arena, context, json, &message);
    *ret_message = message;
}
