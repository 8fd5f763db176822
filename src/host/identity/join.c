// SPDX-License-Identifier: Apache-2.0
// Links and joins: two customers become one, within the guards. No row of theirs moves; the alias
// table says which origins are which customer.
#include "host/identity/graph.h"

#include "base/limits.h"
#include "host/profile/profile.h"
#include "identity_sql.h"
#include "store/change.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>

code identity_customer_of(struct scope *scope, int64_t origin, int64_t *ret_customer) {
    return ledger_int64(scope, sql_identity_alias, BINDS(BIND_INT64(origin)), origin, ret_customer);
}

code graph_new_origin(struct scope *scope, int64_t import_id, int64_t *ret_origin) {
    const int64_t origin = store_new_id(scope);

    TRY(ledger_exec(scope, sql_identity_insert_customer,
                    BINDS(BIND_INT64(origin), BIND_INT64(import_id), BIND_INT64(scope->now_us))));
    TRY(change_record(scope, CHANGE_CUSTOMER, CHANGE_CREATED, origin, origin));
    *ret_origin = origin;
    return OK;
}

code graph_add_link(struct scope *scope, const struct graph_link *link, int64_t *ret_link_id) {
    const int64_t id = store_new_id(scope);
    int64_t identifier_a = link->identifier_a;
    int64_t identifier_b = link->identifier_b;

    graph_order(&identifier_a, &identifier_b);
    TRY(ledger_exec(scope, sql_identity_insert_link,
                    BINDS(BIND_INT64(id), BIND_INT64(identifier_a), BIND_INT64(identifier_b),
                          BIND_STRING(link->reason), BIND_TEXT(link->evidence),
                          BIND_INT64(link->import_id), BIND_INT64(link->linked_at_us),
                          BIND_TEXT(link->source))));
    *ret_link_id = id;
    return OK;
}

code graph_bump_epoch(struct scope *scope, int64_t *ret_epoch) {
    return ledger_int64(scope, sql_identity_epoch_bump, NO_BINDS, 0, ret_epoch);
}

// ---- guards ----

// How many identifiers of one kind (customer numbers: of one source) a customer has.
struct kind_count {
    enum identifier_kind kind;
    struct text source;
    int64_t count;
    struct kind_count *next;
};

// The entry of a kind, made when there is none. Sources tell customer numbers apart, nothing else.
static struct kind_count *count_of(struct scope *scope, struct kind_count **counts,
                                   enum identifier_kind kind, struct text source) {
    struct kind_count *count = *counts;

    if (!identifier_rules(kind).is_of_source)
        source = (struct text){0};
    while (count && (count->kind != kind || !text_equal(count->source, source)))
        count = count->next;
    if (!count) {
        count = arena_alloc(&scope->arena, sizeof(*count));
        *count = (struct kind_count){
            .kind = kind, .source = text_copy(&scope->arena, source), .next = *counts};
        *counts = count;
    }
    return count;
}

static code count_kinds(struct scope *scope, int64_t customer, struct kind_count **ret_counts,
                        int64_t *ret_total) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct kind_count *counts = NULL;
    int64_t total = 0;

    TRY(ledger_query(scope, sql_identity_kind_counts, BINDS(BIND_INT64(customer)), &rows));
    while (rows_next(rows)) {
        count_of(scope, &counts, (enum identifier_kind)rows_int64(rows, 0), rows_text(rows, 1))
            ->count += rows_int64(rows, 2);
        total += rows_int64(rows, 2);
    }
    TRY(rows_end(rows));
    *ret_counts = counts;
    *ret_total = total;
    return OK;
}

// A kind passes its limit only when both sides bring some: what a person joined beyond it by hand
// does not bar everything that comes later.
static bool limits_hold(struct scope *scope, struct kind_count *a, struct kind_count *b) {
    for (; b; b = b->next) {
        const int64_t others = count_of(scope, &a, b->kind, b->source)->count;

        if (others > 0 && b->count > 0 && others + b->count > identifier_rules(b->kind).limit)
            return false;
    }
    return true;
}

static code origins_are_too_many(struct scope *scope, int64_t customer_a, int64_t customer_b,
                                 bool *ret_too_many) {
    int64_t joined_a, joined_b;

    TRY(ledger_int64(scope, sql_identity_alias_count, BINDS(BIND_INT64(customer_a)), 0, &joined_a));
    TRY(ledger_int64(scope, sql_identity_alias_count, BINDS(BIND_INT64(customer_b)), 0, &joined_b));
    *ret_too_many = joined_a + joined_b + 1 > LIMIT_JOINS_PER_CUSTOMER;
    return OK;
}

static code check_join(struct scope *scope, int64_t customer_a, int64_t customer_b, bool by_hand,
                       const char **ret_refusal) {
    struct kind_count *kinds_a, *kinds_b;
    int64_t total_a, total_b;
    bool too_many;

    TRY(count_kinds(scope, customer_a, &kinds_a, &total_a));
    TRY(count_kinds(scope, customer_b, &kinds_b, &total_b));
    TRY(origins_are_too_many(scope, customer_a, customer_b, &too_many));
    if (too_many || total_a + total_b > LIMIT_IDENTIFIERS_PER_CUSTOMER)
        *ret_refusal = KEPT_APART_CEILING;
    else if (!by_hand && !limits_hold(scope, kinds_a, kinds_b))
        *ret_refusal = KEPT_APART_LIMIT;
    else
        *ret_refusal = NULL;
    return OK;
}

code graph_may_join(struct scope *scope, int64_t customer_a, int64_t customer_b, bool by_hand,
                    const char **ret_refusal) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const code result = check_join(scope, customer_a, customer_b, by_hand, ret_refusal);

    arena_rewind(&scope->arena, mark);
    return result;
}

code graph_may_add(struct scope *scope, int64_t customer, const struct sighted *identifier,
                   const char **ret_refusal) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct kind_count *kinds = NULL;
    int64_t total = 0;
    const code result = count_kinds(scope, customer, &kinds, &total);

    if (result == OK && total >= LIMIT_IDENTIFIERS_PER_CUSTOMER)
        *ret_refusal = KEPT_APART_CEILING;
    else if (result == OK && count_of(scope, &kinds, identifier->kind, identifier->source)->count >=
                                 identifier_rules(identifier->kind).limit)
        *ret_refusal = KEPT_APART_LIMIT;
    else if (result == OK)
        *ret_refusal = NULL;
    arena_rewind(&scope->arena, mark);
    return result;
}

// ---- joining ----

code graph_join(struct scope *scope, int64_t customer_a, int64_t customer_b,
                int64_t *ret_customer) {
    const int64_t older = customer_a < customer_b ? customer_a : customer_b;
    const int64_t younger = customer_a < customer_b ? customer_b : customer_a;
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_identity_repoint,
                     BINDS(BIND_INT64(younger), BIND_INT64(older), BIND_INT64(scope->now_us)),
                     &rows));
    while (rows_next(rows)) {
        const int64_t origin = rows_int64(rows, 0);

        TRY(change_record(scope, CHANGE_ALIAS, CHANGE_UPDATED, origin, origin));
    }
    TRY(rows_end(rows));
    TRY(ledger_exec(scope, sql_identity_insert_alias,
                    BINDS(BIND_INT64(younger), BIND_INT64(older), BIND_INT64(scope->now_us))));
    TRY(change_record(scope, CHANGE_ALIAS, CHANGE_UPDATED, younger, younger));
    TRY(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, younger, younger));
    TRY(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, older, older));
    TRY(profile_fold_customer(scope, older));
    *ret_customer = older;
    return OK;
}

static code must_exist(struct scope *scope, int64_t customer) {
    int64_t exists;

    TRY(ledger_int64(scope, sql_identity_customer_exists, BINDS(BIND_INT64(customer)), 0, &exists));
    if (!exists)
        return scope_fail(scope, NOT_FOUND, "customer %" PRId64 " does not exist", customer);
    return OK;
}

// The link of a join by hand goes between the identifiers that were there first.
static code link_by_hand(struct scope *scope, int64_t customer_a, int64_t customer_b,
                         struct text why, int64_t *ret_link_id) {
    struct graph_link link = {.reason = "by_hand", .linked_at_us = scope->now_us};

    TRY(ledger_int64(scope, sql_identity_owner, BINDS(BIND_INT64(customer_a)), 0,
                     &link.identifier_a));
    TRY(ledger_int64(scope, sql_identity_owner, BINDS(BIND_INT64(customer_b)), 0,
                     &link.identifier_b));
    if (link.identifier_a == 0 || link.identifier_b == 0)
        return scope_fail(scope, CONFLICT, "customer %" PRId64 " has no identifier to link",
                          link.identifier_a == 0 ? customer_a : customer_b);
    link.evidence =
        text_printf(&scope->arena, "%s: %.*s", scope->actor.name, TEXT_ARG(text_trim(why)));
    return graph_add_link(scope, &link, ret_link_id);
}

code identity_join(struct scope *scope, int64_t customer_a, int64_t customer_b, struct text why,
                   int64_t *ret_link_id) {
    const char *refusal;
    int64_t joined, epoch;

    TRY(must_exist(scope, customer_a));
    TRY(must_exist(scope, customer_b));
    TRY(identity_customer_of(scope, customer_a, &customer_a));
    TRY(identity_customer_of(scope, customer_b, &customer_b));
    if (customer_a == customer_b)
        return scope_fail(scope, CONFLICT, "both are customer %" PRId64 " already", customer_a);
    TRY(graph_may_join(scope, customer_a, customer_b, true, &refusal));
    if (refusal)
        return scope_fail(scope, CONFLICT,
                          "a customer may be joined of at most %d origins and %d identifiers",
                          LIMIT_JOINS_PER_CUSTOMER, LIMIT_IDENTIFIERS_PER_CUSTOMER);
    TRY(link_by_hand(scope, customer_a, customer_b, why, ret_link_id));
    TRY(graph_join(scope, customer_a, customer_b, &joined));
    return graph_bump_epoch(scope, &epoch);
}
