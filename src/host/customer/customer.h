// SPDX-License-Identifier: Apache-2.0
// Customers as people look at them: found by words, listed, seen with everything that is known. All
// from the ledger's indexes, so an answer takes milliseconds whatever the number of customers.
// Reads only.
#pragma once

#include "base/scope.h"

#include <stddef.h>

// The customer that a person means by an id, a customer number, an e-mail address, a phone or a
// card number. NOT_FOUND; CONFLICT when several sources have the number.
code customer_find(struct scope *scope, struct text key, int64_t *ret_customer);

// ---- lists ----

struct customer_summary {
    int64_t id;
    struct text name, number, city, country; // empty: not known
    int64_t receipt_count;
    int64_t last_purchase_us; // 0: none
    int64_t total_micros;     // gross, refunds deducted, in `currency`
    struct text currency;     // the one used most; empty without a receipt
};

struct customer_page {
    struct customer_summary *customers; // in the scope's arena
    size_t count;
    struct text next; // where the next page begins; empty after the last one
};

// Whom a list is restricted to. Who knows conditions makes one (analyze/segment).
struct customer_restriction {
    // The newest of them with a smaller id than `before`, at most `limit`, the newest first.
    code (*newest)(struct scope *scope, struct customer_restriction *restriction, int64_t before,
                   size_t limit, int64_t *customers, size_t *ret_count);
    // Leaves those that are among them, in their order.
    code (*keep)(struct scope *scope, struct customer_restriction *restriction, int64_t *customers,
                 size_t *count);
};

// Customers whose names or identifiers have words beginning with each of the query's words. Without
// a query: all, the newest first. Without a restriction (NULL) everybody. `after` is a page's
// `next`, empty for the first page. A page may be shorter than `limit` and still have a next one:
// the work per page is bounded.
code customer_search(struct scope *scope, struct text query,
                     struct customer_restriction *restriction, struct text after, size_t limit,
                     struct customer_page *ret_page);

// ---- timeline ----

struct timeline_entry {
    int64_t at_us;
    int64_t id;         // of the sale, event or consent
    const char *kind;   // sale, refund, adjustment, event, consent
    struct text what;   // receipt number, event name, purpose
    struct text place;  // store or channel
    struct text detail; // lines, refunded receipt, campaign, state
    struct text source; // who told it
    bool has_amount;
    int64_t amount_micros; // gross
    struct text currency;
    struct text product_ids; // of an event about several (host/event/event.h), named in `detail`
};

struct timeline {
    struct timeline_entry *entries; // newest first, in the scope's arena
    size_t count;
    struct text next; // where the next page begins; empty after the last one
};

// What of a timeline is asked for: empty texts for everything.
struct timeline_filter {
    struct text kind;    // one of timeline_kinds
    struct text channel; // as the sources call it
};

extern const char *const timeline_kinds[]; // sales, events, consents; ends with NULL

// INVALID when `after` is no page's `next`.
code customer_timeline(struct scope *scope, int64_t customer, const struct timeline_filter *filter,
                       struct text after, size_t limit, struct timeline *ret_timeline);
