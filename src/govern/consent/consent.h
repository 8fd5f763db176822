// SPDX-License-Identifier: Apache-2.0
// Consents as append-only facts: who allowed or refused what, through which channel, on which legal
// basis, having read which text, when, and how that is proven. The latest fact per purpose and
// channel holds.
#pragma once

#include "base/scope.h"
#include "store/change.h"
#include "store/rows.h"

// Values of imports; the ledger keeps the names.
enum consent_state {
    CONSENT_GRANTED = 1,
    CONSENT_DENIED = 2,
    CONSENT_WITHDRAWN = 3,
    CONSENT_PENDING = 4,  // waits for its double opt-in
    CONSENT_OBJECTED = 5, // to direct marketing, when it is said of all purposes
    CONSENT_RESTRICTED = 6,
};
const char *consent_state_name(enum consent_state state);

struct consent_row {
    struct text source;
    struct text key; // its id; empty: known by its content
    int64_t identifier_id;
    int64_t origin;
    struct text who; // as the file says it, part of the content
    struct text purpose;
    struct text channel;
    enum consent_state state;
    struct text legal_basis;
    struct text text_version;
    int64_t at_us;
    struct text proof;
    struct text locale;      // language of the text that was shown; empty: not known
    struct text method;      // how it was said: "preference_centre", "by_phone", …
    struct text recorded_by; // who wrote it down; empty: the person, or an import
};

// Add within the open transaction of an import; *ret_added is false when it was there already.
code consent_add(struct scope *scope, struct change_run *run, int64_t import_id,
                 const struct consent_row *row, bool *ret_added);
// Take back an import's consents within the open transaction.
code consent_undo_import(struct scope *scope, int64_t import_id);

// What a person said here and now, through a page of ours or by somebody who wrote it down.
struct consent_said {
    int64_t origin;        // or customer
    int64_t identifier_id; // 0: that by which the origin is known
    struct text source;    // "preference centre", "by hand"
    struct text purpose, channel;
    enum consent_state state;
    struct text legal_basis, text_version, proof, locale, method, recorded_by;
    int64_t at_us; // 0: now
};
// Adds a fact within the open transaction. NOT_FOUND when nobody has the origin.
code consent_say(struct scope *scope, const struct consent_said *said, int64_t *ret_fact_id);

// What holds of a customer now: purpose, channel, state, legal basis, text version, source,
// instant. Joining customers never widens it: where the histories that became one say different
// things, the most restrictive holds, until the customer says something after the join.
code consent_held(struct scope *scope, int64_t customer, struct rows **ret_rows);
// What its origins ever said, the newest first, at most 500: id, instant, purpose, channel, state,
// legal basis, text version, locale, source, method, who recorded it.
code consent_history(struct scope *scope, int64_t customer, struct rows **ret_rows);
