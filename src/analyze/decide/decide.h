// SPDX-License-Identifier: Apache-2.0
// What is true of a customer now, for web pages, tills and ad servers: the segments that they are
// in, and the traits that whoever asks may be told. docs/decide.md says it for people.
//
// This is the answer out of the ledger, which is always right. The one out of memory (memory.h) is
// the same, a second late at most.
#pragma once

#include "base/scope.h"
#include "host/identity/identity.h"

struct decide_question {
    enum identifier_kind kind;
    struct text source; // empty but for kinds that mean something within their source only
    struct text value;  // as it is kept
    bool is_nobody;     // a placeholder, as "anonymous", or what cannot be of its kind
};

// "email:ada@example.org", "customer_number:shop:1042". INVALID for what names no kind. `country`
// is that of phone numbers written without one.
code decide_parse(struct scope *scope, struct text id, struct text country,
                  struct decide_question *ret_question);

// The object of the answer. Somebody unknown and somebody who objects are in no segment and have no
// traits: the answer does not tell whether there is such a customer.
code decide_answer(struct scope *scope, const struct decide_question *question,
                   const struct text *traits, size_t trait_count, struct buffer *out);

// ---- what memory is made with ----

// Has the customer objected to being told apart: said anything but yes, last, of the purposes
// personalisation, personalization or profiling?
code decide_objects(struct scope *scope, int64_t customer, bool *ret_objects);

// The traits of the row that decide_profiles stands on, as image_put_traits takes them.
struct rows;
code decide_write_traits(struct scope *scope, const struct rows *rows, const struct text *traits,
                         size_t trait_count, struct buffer *out);
