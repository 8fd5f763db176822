// SPDX-License-Identifier: Apache-2.0
// Senders: the sources that send as things happen, a shop's web site or its tills, each with a
// write key. People call them sources; here that word names the readers of files (plug/source).
//
// A write key can put events in and nothing else. That of a web site or an app is read by whoever
// looks at the page, so it is no proof of who sends: what such a sender says of consent, points or
// verified addresses is kept apart (plug/collect).
//
// To add a type: its word in sender.c, whether its key is public, and what its events' channel is.
// One that brings messages of its own form: plug/inbound/inbound.h.
#pragma once

#include "base/scope.h"

#include <stddef.h>

// The words are stored.
enum sender_type {
    SENDER_WEBSITE,
    SENDER_APP,
    SENDER_SERVER,
    SENDER_TILL,
    SENDER_WEBHOOK,
    SENDER_TYPE_COUNT
};
extern const char *const sender_type_names[]; // "website"; ends with NULL
bool sender_type_parse(struct text name, enum sender_type *ret_type);
bool sender_type_is_public(enum sender_type type);
struct text sender_type_channel(enum sender_type type); // of events that name none; may be empty

// What becomes of an event that its sender's schema does not fit.
enum schema_policy { SCHEMA_MARK, SCHEMA_QUARANTINE };
extern const char *const schema_policy_names[]; // "mark", "quarantine"; ends with NULL

struct sender {
    int64_t id;
    struct text name;
    enum sender_type type;
    bool is_enabled;
    int64_t silence_s;  // 0: no alarm; SILENCE_LEARNT (govern/operation/pulse.h)
    struct text schema; // JSON; empty: none
    enum schema_policy schema_policy;
    int64_t old_key_until_us; // 0: only one key counts
    int64_t created_at_us;
    struct text created_by;
    bool asks;      // its tag was published, so that there may be answers to it; of lists only
    bool is_exempt; // it counts without consent, so it may tell nothing of who it is; of lists only
};

// Within the open transaction. `sender` gives what people choose: name, type, silence, schema. The
// key is told this once.
code sender_add(struct scope *scope, const struct sender *sender, int64_t *ret_id,
                struct text *ret_key);
// What people chose, anew; the name stays. By id.
code sender_change(struct scope *scope, const struct sender *sender);
// A new key. The one before counts for keep_s seconds more, so that who sends can be told of the
// new one; the one before that ends at once.
code sender_rotate(struct scope *scope, int64_t id, int64_t keep_s, struct text *ret_key);
// By name or id, in the scope's arena. NOT_FOUND.
code sender_find(struct scope *scope, struct text name_or_id, struct sender *ret_sender);

// ---- figures ----

struct sender_figures {
    int64_t accepted, duplicate, quarantined; // all that came
    int64_t marked;                           // of those accepted: with a part that was kept apart
    int64_t bytes;
    int64_t last_at_us; // 0: nothing came yet
};
// Adds to the hour of `last_at_us`, within the open transaction.
code sender_count(struct scope *scope, int64_t id, const struct sender_figures *figures);
// What came of those that were kept apart at this time: figures are differences.
code sender_recount(struct scope *scope, int64_t id, int64_t received_at_us,
                    const struct sender_figures *change);

// ---- keys in use ----

enum { SENDER_HASH_BYTES = 32 };

// All senders as they were at one time, for who must know a key without asking the ledger. Shared
// by reference; read only.
struct sender_list {
    struct sender_entry {
        struct sender sender;
        unsigned char key_hash[SENDER_HASH_BYTES], old_key_hash[SENDER_HASH_BYTES];
        bool has_old_key;
        int64_t last_at_us;
    } * entries;
    size_t count;
    struct arena arena; // of the texts and entries
};
// Reads them all. Heap memory: sender_list_free, which takes NULL.
code sender_list_read(struct scope *scope, struct sender_list **ret_list);
void sender_list_free(struct sender_list *list);
// Whose key it is at this instant; NULL: nobody's.
const struct sender_entry *sender_list_find(const struct sender_list *list, struct text key,
                                            int64_t now_us);
