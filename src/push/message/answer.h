// SPDX-License-Identifier: Apache-2.0
// What customers, servers and machines say to a message comes back here, from whoever hears it (the
// bounce mailbox, the gateway's reports, signed links, the till), and becomes an event of the
// customer and a date in the message's row. The same answer told again changes nothing.
#pragma once

#include "base/scope.h"

// Names of the events are those here with "message_" before: they are stored.
enum message_answer_kind {
    MESSAGE_WAS_DELIVERED,
    MESSAGE_WAS_BOUNCED,
    MESSAGE_WAS_COMPLAINED,
    MESSAGE_WAS_UNSUBSCRIBED,
    MESSAGE_WAS_OPENED,
    MESSAGE_WAS_CLICKED,
    MESSAGE_WAS_MACHINE_OPENED,
    MESSAGE_WAS_MACHINE_CLICKED,
    MESSAGE_WAS_REPLIED,
    MESSAGE_WAS_REDEEMED,
    MESSAGE_ANSWERS
};

struct message_answer {
    int64_t message_id;
    enum message_answer_kind kind;
    int64_t at_us;      // 0: now
    struct text key;    // tells two of one kind apart (two clicks); empty: there is one at most
    struct text detail; // where a click went, a bounce's status; no address. May be empty
};

// In one transaction of its own, or within the open one. NOT_FOUND for a message that is not there.
code message_answer_take(struct scope *scope, const struct message_answer *answer,
                         bool *ret_is_new);
