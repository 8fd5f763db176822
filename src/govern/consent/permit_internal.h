// SPDX-License-Identifier: Apache-2.0
// What permit.c and permit_many.c share, for this folder only: the facts of one customer folded,
// and the decision upon them.
#pragma once

#include "govern/consent/permit.h"

// As permit.sql ranks states: the larger is the stricter.
enum consent_strictness {
    SAID_NOTHING = 0,
    SAID_GRANTED = 1,
    SAID_PENDING = 2,
    SAID_DENIED = 3,
    SAID_WITHDRAWN = 4,
    SAID_OBJECTED = 5,
    SAID_RESTRICTED = 6,
};

// As permit.sql numbers them.
enum consent_subject {
    CONSENT_SUBJECT_OWN = 1,        // this purpose through this channel
    CONSENT_SUBJECT_EVERYTHING = 2, // all purposes
    CONSENT_SUBJECT_RESTRICTION = 3,
    CONSENT_SUBJECT_COUNT
};

struct consent_standing {
    enum consent_strictness said[CONSENT_SUBJECT_COUNT];
    int64_t fact_ids[CONSENT_SUBJECT_COUNT], since_us[CONSENT_SUBJECT_COUNT];
};

// What holds of a customer, folded into *standing, which is zeroed.
code consent_standing_read(struct scope *scope, const struct consent_rule *rule, int64_t customer,
                           struct consent_standing *standing);

// Without a look at addresses.
enum consent_reason consent_decide(const struct consent_rule *rule,
                                   const struct consent_standing *standing);
