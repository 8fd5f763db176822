// SPDX-License-Identifier: Apache-2.0
// The append-only record of who did what. Each record's hash covers the one before it, so a change,
// a removal or a swap anywhere but at the end is found by audit_verify. Records cut off at the end
// are found by who kept the head of the log elsewhere: how many records there were, and the last
// one's hash.
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

// How long the log is and the hash of its last record (zeros when there is none): "12:9f86d0…".
enum { AUDIT_HASH_SIZE = 65 };
struct audit_head {
    int64_t count;
    char hash[AUDIT_HASH_SIZE];
};
code audit_head(struct scope *scope, struct audit_head *ret_head);
struct text audit_head_text(struct arena *arena, const struct audit_head *head);
// INVALID, field "head".
code audit_head_parse(struct scope *scope, struct text text, struct audit_head *ret_head);

// As audit_verify, and does the log begin with the records that it had when `kept` was its head?
code audit_verify_since(struct scope *scope, const struct audit_head *kept,
                        struct audit_head *ret_head);

// Walk the chain; *ret_count records were read. CONFLICT names the first record that does not fit.
code audit_verify(struct scope *scope, int64_t *ret_count);
