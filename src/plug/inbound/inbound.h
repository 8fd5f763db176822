// SPDX-License-Identifier: Apache-2.0
// What comes in one message at a time and is no Segment event: JSON objects, whose members a
// mapping gives a meaning as it does to the columns of a file (plug/import/mapping.h). Everything
// from the mapping on is shared by all ways on which such messages come.
//
// To add a way (inbound e-mail, chat, MQTT, Kafka, a database that is asked):
//   1. its word in sender_type_names and its row in types[] (plug/sender/sender.c);
//   2. a table of its own by sender id for what it needs to know (an address, a place to go on at);
//   3. when it is made: sender_add, then inbound_open, in one transaction;
//   4. when something comes: in one transaction, remember what came (so that it is not taken twice)
//      and inbound_take; only when that is committed, say so to who sent it.
// plug/inbound/hook.c is an example in 250 lines.
#pragma once

#include "plug/import/import.h"

// Columns that a mapping can use beside the members of an object.
#define INBOUND_RECEIVED_AT "_received_at" // when it came: where the object tells no time
#define INBOUND_MESSAGE_ID  "_message_id"  // the message's own id: where the object has none

// A mapping as a sender's: the source is the sender's name, the format is JSON. INVALID as
// mapping_check.
code inbound_mapping(struct scope *scope, struct text sender_name, const struct mapping *given,
                     struct mapping *ret_mapping);

// Within the open transaction: where what the sender brings is counted and kept apart. It is an
// import with the sender's id, so quarantine, replay and undo are those of imports.
code inbound_open(struct scope *scope, int64_t sender_id, struct text sender_name,
                  const struct mapping *mapping);
// Another mapping from now on; what waits in quarantine is tried again with it when asked for.
code inbound_remap(struct scope *scope, int64_t sender_id, const struct mapping *mapping);

struct inbound_message {
    int64_t sender_id;
    struct text body; // an object, or an array of up to INBOUND_MOST_OBJECTS of them
    struct text id;
};
enum { INBOUND_MOST_OBJECTS = 1000 };

// Take a message, within the open transaction. What cannot be read goes to quarantine, as it came,
// and is no failure. UNAVAILABLE while what the sender brought is being taken back.
code inbound_take(struct scope *scope, const struct inbound_message *message,
                  struct import_tally *ret_tally);
