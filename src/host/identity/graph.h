// SPDX-License-Identifier: Apache-2.0
// The identity graph's own operations, for this folder only: new origins, links, joins and
// regrouping. Everything happens inside the open ledger transaction and records its changes.
#pragma once

#include "base/scope.h"
#include "host/identity/identity.h"

#include <stddef.h>

// Why a join was refused, as written into identity_conflict.
#define KEPT_APART_LIMIT   "limit_per_kind"
#define KEPT_APART_CEILING "too_many_joins"
#define KEPT_APART_UNDONE  "undone_by_hand"
#define KEPT_APART_ALIAS   "alias_of_known"  // an alias between two known customers
#define KEPT_APART_BREAKER "circuit_breaker" // both ends are the identifier that tripped

// A customer without identifiers and profile yet.
code graph_new_origin(struct scope *scope, int64_t import_id, int64_t *ret_origin);

// Put identifier_a < identifier_b in order, as link and identity_conflict keep them.
static inline void graph_order(int64_t *identifier_a, int64_t *identifier_b) {
    if (*identifier_a > *identifier_b) {
        const int64_t larger = *identifier_a;

        *identifier_a = *identifier_b;
        *identifier_b = larger;
    }
}

struct graph_link {
    int64_t identifier_a, identifier_b; // in any order
    const char *reason;
    struct text evidence;
    int64_t import_id; // 0 when made by hand
    int64_t linked_at_us;
    struct text source; // empty: the import's
};
code graph_add_link(struct scope *scope, const struct graph_link *link, int64_t *ret_link_id);

// *ret_refusal is NULL when two customers may be joined, else a KEPT_APART_* text. The limits per
// kind are for what files say (`by_hand` false); the ceilings hold always.
code graph_may_join(struct scope *scope, int64_t customer_a, int64_t customer_b, bool by_hand,
                    const char **ret_refusal);
// The same for one more identifier of a customer.
code graph_may_add(struct scope *scope, int64_t customer, const struct sighted *identifier,
                   const char **ret_refusal);

// Make one customer of two: the older origin stays. Points the other's origins to it and folds the
// profile.
code graph_join(struct scope *scope, int64_t customer_a, int64_t customer_b, int64_t *ret_customer);

// One end of an edge.
struct graph_end {
    int64_t id;
    int64_t origin;
    enum identifier_kind kind;
};
// Does it pull too many together by now, and is there no decision about it? Then it is stopped and
// the stop reported. To be asked when an edge of it joined two customers or was refused.
code graph_check_breaker(struct scope *scope, const struct graph_end *end,
                         const struct sighting *sighting, bool *ret_tripped);

// Tell everybody who keeps look-ups in memory that they are stale; returns the new epoch.
code graph_bump_epoch(struct scope *scope, int64_t *ret_epoch);

// Work out anew which identifiers of a customer (the id it had) belong together, after links among
// them were undone or identifiers deleted: each group becomes a customer, origins without
// identifiers go.
code graph_regroup(struct scope *scope, int64_t customer);

// Remove an origin that has no identifier left, and all that hangs on it.
code graph_drop_origin(struct scope *scope, int64_t origin);
