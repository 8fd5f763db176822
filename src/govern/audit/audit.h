// SPDX-License-Identifier: Apache-2.0
// The append-only record of who did what. Each record's hash covers the one before it, so a change,
// a removal or a swap anywhere but at the end is found by audit_verify. Records cut off at the end
// are found only by who kept a copy of a later hash.
#pragma once

#include "base/scope.h"

// Append within the open ledger transaction (opens and commits one of its own when none is open).
// `details` is a JSON object and holds no direct identifier of a person.
code audit_append(struct scope *scope, const char *action, struct text object, struct text details);

// The same with its details one by one: AUDIT(scope, "account.role", object, {"to", role});
struct audit_detail {
    const char *key;
    struct text value;
};
code audit_append_details(struct scope *scope, const char *action, struct text object,
                          const struct audit_detail *details, size_t count);
#define AUDIT(scope, action, object, ...)                                                          \
    audit_append_details(scope, action, object, (const struct audit_detail[]){__VA_ARGS__},        \
                         sizeof((const struct audit_detail[]){__VA_ARGS__}) /                      \
                             sizeof(struct audit_detail))

// Walk the chain; *ret_count records were read. CONFLICT names the first record that does not fit.
code audit_verify(struct scope *scope, int64_t *ret_count);
