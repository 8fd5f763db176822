// SPDX-License-Identifier: Apache-2.0
// A message of the Segment tracking API, read: who, what and when, normalised, ready to be written.
// Pure: a JSON tree in, a struct out; no database.
#pragma once

#include "base/json.h"
#include "host/identity/identity.h"
#include "host/profile/profile.h"
#include "plug/sender/sender.h"

enum {
    MESSAGE_BYTES = 32 << 10,  // of one message, as compact JSON
    MESSAGE_BATCH = 2500,      // messages of one request
    MESSAGE_KEY_BYTES = 100,   // of messageId
    MESSAGE_NAME_BYTES = 256,  // of an event's name
    MESSAGE_TRAITS = 300,      // of traits, and of properties
    MESSAGE_GROUP_BYTES = 500, // of groupId
    MESSAGE_IDENTIFIERS = 8,
    MESSAGE_PARTS = 3, // traits, order, schema
};

enum message_type {
    MESSAGE_IDENTIFY,
    MESSAGE_TRACK,
    MESSAGE_PAGE,
    MESSAGE_SCREEN,
    MESSAGE_GROUP,
    MESSAGE_ALIAS,
    MESSAGE_TYPE_COUNT
};
extern const char *const message_type_names[]; // "identify"; ends with NULL
bool message_type_parse(struct text name, enum message_type *ret_type);

// Why a message, or a part of it, is not taken. Words that hold no identifier of a person.
struct message_fault {
    const char *reason; // "no_identity"; NULL: nothing is wrong
    const char *field;
    const char *message;
};

struct order;
struct order_subject;

// Texts live as long as the arena they were read into.
struct message {
    enum message_type type;
    struct text key;     // messageId, or "#" and a hash of what it says
    struct text name;    // of the event
    struct text purpose; // that it was collected for, behind the tag's messageId; empty: none said
    int64_t at_us;
    struct text channel, campaign;
    struct text properties; // JSON object; empty: none
    struct sighted identifiers[MESSAGE_IDENTIFIERS];
    size_t identifier_count;
    struct profile_field *traits; // of the customer
    size_t trait_count;
    const struct order *order;           // what is bought, taken back or looked at; NULL: nothing
    const struct order_subject *subject; // the product and the coupon it is about; NULL: neither
    // Why the whole message is kept apart. When it could not be read only this and `raw` are set,
    // and key where there is one.
    struct message_fault fault;
    struct message_fault parts[MESSAGE_PARTS]; // what is kept apart of it, beside the event
    size_t part_count;
    struct message_fault late_fault; // what turned out to be wrong when it was written
    bool is_choice;                  // a visitor's answer to the tag's banner (plug/tag/choice.h)
    bool is_taken;                   // there is an event to write
    bool is_forgotten; // whoever it is of has refused its purpose: nothing of it may be kept
    bool is_duplicate; // it was there already; known when it is written
    struct text raw;   // where something is kept apart: JSON, so that it can be tried again
    uint64_t raw_hash; // the same when it is sent again
};

// What is the same for all messages of a request.
struct message_context {
    const struct sender *sender;
    const struct json *context; // of the batch, beneath that of each message; NULL: none
    const struct json *schemas; // of its events (schema.h); NULL: anything goes
    size_t context_bytes;       // its weight: it is kept with each message
    int64_t sent_at_us;         // of the batch; 0: not said
    int64_t received_at_us;
    struct text country; // of national phone numbers
    struct zone *zone;   // UTC
};

// "Received at" less how long ago it happened by the sender's own clock: its clock may be wrong by
// years, and nothing happens in the future. Without sent_at_us (0) the clock is believed.
int64_t message_corrected_us(int64_t at_us, int64_t sent_at_us, int64_t received_at_us);

// About how long it is as compact JSON; *ret_has_nul: a text in it holds a NUL, which no database
// keeps.
size_t message_weight(const struct json *json, bool *ret_has_nul);

// An instant as messages write it: ISO 8601, or seconds or milliseconds since 1970. False: none.
bool message_instant(struct arena *arena, struct zone *zone, const struct json *json,
                     int64_t *ret_at_us);

// A message that was read, as one that reads the same, for what turns out to be wrong later. Of a
// source that names nobody without who it is.
code message_retell(struct scope *scope, const struct message *message, bool is_exempt,
                    struct text *ret_raw);

// What is wrong with it, the first of it; NULL: nothing.
const struct message_fault *message_wrong(const struct message *message);
// The same of the part that a field belongs to ("traits", "properties", those of the order), which
// is tried again by itself.
const struct message_fault *message_wrong_part(const struct message *message, struct text field);

// Though it is not taken: it was read, and does not fit its source's schema.
bool message_is_readable(const struct message *message);

// `type`: said by the address; MESSAGE_TYPE_COUNT: by the message itself.
void message_read(struct arena *arena, const struct message_context *context,
                  const struct json *json, enum message_type type, struct message *ret_message);
