// SPDX-License-Identifier: Apache-2.0
// Who is who: identifiers, normalised once on the way in, and the links that make several of them
// one customer. Deterministic: identifiers seen together in one row are linked, within the guards.
#pragma once

#include "base/scope.h"

// Values are stored: append only.
enum identifier_kind {
    IDENTIFIER_EMAIL = 1,
    IDENTIFIER_PHONE = 2,
    IDENTIFIER_LOYALTY_CARD = 3,
    IDENTIFIER_CUSTOMER_NUMBER = 4, // means something within its source only
    IDENTIFIER_COOKIE = 5,
    IDENTIFIER_DEVICE = 6,
    IDENTIFIER_SOCIAL = 7,
    IDENTIFIER_PICKUP_CODE = 8, // of one click-and-collect order: scanned when it is picked up
    IDENTIFIER_MESSAGE = 9, // of one message to one person: comes back in the address of a click
};

// What holds of a kind wherever it is seen.
struct identifier_rules {
    int limit;    // of one customer, by source where is_of_source; the ceiling holds beside it
    int priority; // 1 first: of two edges that cannot both be, the one to the surer kind is made
    bool is_of_source; // means something within its source only
    bool is_anonymous; // says that somebody was there, not who: a browser, an order, a message
};

const char *identifier_kind_name(enum identifier_kind kind); // "email"
bool identifier_kind_parse(struct text name, enum identifier_kind *ret_kind);
struct identifier_rules identifier_rules(enum identifier_kind kind);

// The value as it is kept: e-mail trimmed and lower-cased; phone E.164 (national numbers need
// `country`, ISO 3166 alpha-2); cards and numbers trimmed, inner blanks out. In the arena. False
// when the value cannot be one of its kind; *ret_blocked is true when it is a placeholder
// (^[0-]*$, -1, null, none, n/a, anonymous, unknown, test@…): such a value identifies nobody.
bool identifier_normalise(struct arena *arena, enum identifier_kind kind, struct text raw,
                          struct text country, struct text *ret_value, bool *ret_blocked);

// For people without the permission to see it: "a…@example.org", "+44…789", "…0042".
struct text identifier_mask(struct arena *arena, enum identifier_kind kind, struct text value);
// As staff see it: masked, but for customer numbers, which are what they call a customer by and say
// nothing outside their source.
struct text identifier_shown(struct arena *arena, enum identifier_kind kind, struct text value);

// One identifier of a row, normalised. source is empty for kinds that mean the same everywhere.
struct sighted {
    enum identifier_kind kind;
    struct text source;
    struct text value;
};

struct sighting {
    // At least one. The first carries the row, unless it is stopped and another is not; the others
    // are linked to it in the order of their priorities.
    const struct sighted *identifiers;
    size_t count;
    int64_t import_id;
    int64_t seen_at_us;
    struct text evidence; // where they were seen together: "receipts.csv row 17"
    struct text source;   // who says so; empty: the import tells
    const char *reason;   // "identify", "receipt" …; NULL: "seen_together"
};

// The surest identifier first, those alike in their order: how streams give them.
void identifiers_by_priority(struct sighted *identifiers, size_t count);

struct resolution {
    int64_t identifier_id; // of the first identifier
    int64_t origin;        // its origin: what events and sales carry
    int64_t customer;      // the customer it is now
    bool created;          // a new customer
    int joined;            // customers joined by this row
    int kept_apart;        // joins that the guards refused (reported in identity_conflict)
    int erased;            // new addresses whose owner had asked to be erased: they stay suppressed
};

enum { SIGHTED_MOST = 16 }; // identifiers of one row

// Finds or makes identifiers, origin and links inside the open ledger transaction and records the
// changes. A bounded cache of recent look-ups makes repeated customers cheap; memory does not grow
// with the file.
struct resolver;
struct resolver *resolver_new(void);
void resolver_free(struct resolver *resolver); // takes NULL
// Call first in every transaction: somebody else may have joined or undone since the last one, and
// what the cache holds of that time must not be believed. Costs two small queries.
code resolver_begin(struct scope *scope, struct resolver *resolver);
// After a rollback the cache may name rows that do not exist: forget it.
void resolver_forget(struct resolver *resolver);
code resolver_resolve(struct scope *scope, struct resolver *resolver,
                      const struct sighting *sighting, struct resolution *ret_resolution);

// "Who was `previous` until now is `user`" (identifiers[1] and [0] of the sighting), as trackers
// say once at a sign-up. Links the two when nobody knows yet who `previous` is; a customer who is
// known is never joined to another by it: that is kept apart and reported ("alias_of_known").
code resolver_alias(struct scope *scope, struct resolver *resolver, const struct sighting *sighting,
                    struct resolution *ret_resolution);

// The customer an origin is now.
code identity_customer_of(struct scope *scope, int64_t origin, int64_t *ret_customer);

// Join two customers by hand / undo one link: both histories stand again as they were. Undoing
// re-keys the rows of identifiers that it cuts off from their origin's customer. Inside the open
// transaction. A person may exceed the limits per kind, which guard against bad files, but not the
// ceilings (CONFLICT).
code identity_join(struct scope *scope, int64_t customer_a, int64_t customer_b, struct text why,
                   int64_t *ret_link_id);
code identity_undo_link(struct scope *scope, int64_t link_id);

// ---- identifiers that are stopped ----

// An identifier that pulls too many customers together (LIMIT_PULLS_PER_IDENTIFIER, joined or
// refused) trips: nothing is joined through it any more and no refusal is written for it, until a
// person decides. Values are stored.
enum identifier_guard {
    GUARD_NONE = 0,
    GUARD_TRIPPED = 1,
    GUARD_BLOCKED =
        2, // identifies nobody: its links are undone, what comes with it alone stays its own
    GUARD_RELEASED = 3, // joins within the limits and does not trip
};

const char *identifier_guard_name(enum identifier_guard guard); // "tripped"; "" of none

// A person's decision about an identifier, inside the open transaction. Blocking undoes its live
// links; *ret_undone is their count. NOT_FOUND; CONFLICT when it is so already.
code identity_block(struct scope *scope, int64_t identifier_id, struct text why,
                    int64_t *ret_undone);
code identity_release(struct scope *scope, int64_t identifier_id, struct text why);

// A person's decision about two that were kept apart: they are one customer, or they are not and
// nobody needs to look again. NOT_FOUND; CONFLICT when it is decided, and as identity_join.
code identity_decide(struct scope *scope, int64_t conflict_id, bool are_one, struct text why);

// Take back what an import brought: its links, then the identifiers that nothing else uses. Called
// inside the open transaction, after the import's sales, events and consents are gone.
code identity_undo_import(struct scope *scope, int64_t import_id);
