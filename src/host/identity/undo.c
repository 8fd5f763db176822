// SPDX-License-Identifier: Apache-2.0
// Taking links back: the identifiers of a customer are grouped anew by the links that are left, and
// every group becomes a customer with the origins that are its own. Only identifiers cut off from
// the owner of their origin move to another one, and their sales, events and consents with them.
#include "host/identity/graph.h"

#include "host/customer/search_term.h"
#include "host/profile/profile.h"
#include "identity_sql.h"
#include "store/change.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdlib.h>

struct member {
    int64_t id;
    int64_t origin;
    int64_t import_id;
    size_t group; // index of the group's first member, through other members (union-find)
};

struct origin {
    int64_t id;
    size_t owner; // index of its first member; NOBODY when it has none
};

enum { NOBODY = SIZE_MAX };

struct regrouping {
    int64_t customer;       // the id it had
    struct member *members; // by id
    size_t member_count;
    struct origin *origins; // by id
    size_t origin_count;
    int64_t *customer_of_group; // by the index of the group's first member
};

// ---- reading ----

static code read_members(struct scope *scope, struct regrouping *regrouping) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t capacity = 0;

    TRY(ledger_query(scope, sql_identity_members, BINDS(BIND_INT64(regrouping->customer)), &rows));
    while (rows_next(rows)) {
        const size_t index = regrouping->member_count++;

        if (index == capacity) {
            const size_t used = capacity * sizeof(struct member);
            struct member *grown;

            capacity = capacity > 0 ? capacity * 2 : 16;
            grown = arena_array(&scope->arena, capacity, sizeof(struct member));
            if (used > 0)
                memcpy(grown, regrouping->members, used);
            regrouping->members = grown;
        }
        regrouping->members[index] = (struct member){.id = rows_int64(rows, 0),
                                                     .origin = rows_int64(rows, 1),
                                                     .import_id = rows_int64(rows, 2),
                                                     .group = index};
    }
    return rows_end(rows);
}

static struct origin *origin_find(const struct regrouping *regrouping, int64_t id) {
    for (size_t i = 0; i < regrouping->origin_count; i++)
        if (regrouping->origins[i].id == id)
            return &regrouping->origins[i];
    return NULL;
}

static code read_origins(struct scope *scope, struct regrouping *regrouping) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t joined;

    TRY(ledger_int64(scope, sql_identity_alias_count, BINDS(BIND_INT64(regrouping->customer)), 0,
                     &joined));
    regrouping->origins =
        arena_array(&scope->arena, (size_t)joined + 1, sizeof(*regrouping->origins));
    TRY(ledger_query(scope, sql_identity_origins, BINDS(BIND_INT64(regrouping->customer)), &rows));
    while (rows_next(rows))
        regrouping->origins[regrouping->origin_count++] =
            (struct origin){.id = rows_int64(rows, 0), .owner = NOBODY};
    TRY(rows_end(rows));
    for (size_t i = regrouping->member_count; i-- > 0;)
        origin_find(regrouping, regrouping->members[i].origin)->owner = i;
    return OK;
}

// ---- grouping ----

static size_t group_of(const struct regrouping *regrouping, size_t member) {
    while (regrouping->members[member].group != member)
        member = regrouping->members[member].group;
    return member;
}

static int compare_members(const void *a, const void *b) {
    const int64_t id_a = ((const struct member *)a)->id;
    const int64_t id_b = ((const struct member *)b)->id;

    return (id_a > id_b) - (id_a < id_b);
}

static size_t member_index(const struct regrouping *regrouping, int64_t id) {
    const struct member key = {.id = id};
    const struct member *found;

    if (!regrouping->members)
        return NOBODY;
    found =
        bsearch(&key, regrouping->members, regrouping->member_count, sizeof(key), compare_members);

    return found ? (size_t)(found - regrouping->members) : NOBODY;
}

// The smaller index leads, so that a group's first member is its oldest.
static void unite(struct regrouping *regrouping, size_t a, size_t b) {
    a = group_of(regrouping, a);
    b = group_of(regrouping, b);
    if (a < b)
        regrouping->members[b].group = a;
    else
        regrouping->members[a].group = b;
}

static code group_by_links(struct scope *scope, struct regrouping *regrouping) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_identity_live_links, BINDS(BIND_INT64(regrouping->customer)),
                     &rows));
    while (rows_next(rows)) {
        const size_t a = member_index(regrouping, rows_int64(rows, 0));
        const size_t b = member_index(regrouping, rows_int64(rows, 1));

        if (a != NOBODY && b != NOBODY)
            unite(regrouping, a, b);
    }
    return rows_end(rows);
}

// A group's customer is the oldest of the origins whose owners are in it; a group that owns none
// gets a new one.
static code choose_customers(struct scope *scope, struct regrouping *regrouping) {
    int64_t *chosen = arena_array(&scope->arena, regrouping->member_count, sizeof(*chosen));

    for (size_t i = 0; i < regrouping->origin_count; i++) {
        const struct origin *origin = &regrouping->origins[i];
        const size_t group = origin->owner == NOBODY ? 0 : group_of(regrouping, origin->owner);

        if (origin->owner != NOBODY && chosen[group] == 0)
            chosen[group] = origin->id;
    }
    for (size_t i = 0; i < regrouping->member_count; i++)
        if (regrouping->members[i].group == i && chosen[i] == 0)
            TRY(graph_new_origin(scope, regrouping->members[i].import_id, &chosen[i]));
    regrouping->customer_of_group = chosen;
    return OK;
}

// ---- writing ----

static code move_rows(struct scope *scope, enum change_table table, const char *sql,
                      const struct member *member, int64_t origin) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql,
                     BINDS(BIND_INT64(member->id), BIND_INT64(member->origin), BIND_INT64(origin)),
                     &rows));
    while (rows_next(rows))
        TRY(change_record(scope, table, CHANGE_UPDATED, rows_int64(rows, 0), rows_int64(rows, 0)));
    return rows_end(rows);
}

static code move_member(struct scope *scope, const struct member *member, int64_t origin) {
    TRY(ledger_exec(scope, sql_identity_move, BINDS(BIND_INT64(member->id), BIND_INT64(origin))));
    TRY(change_record(scope, CHANGE_IDENTIFIER, CHANGE_UPDATED, member->id, member->id));
    TRY(move_rows(scope, CHANGE_SALE, sql_identity_move_sales, member, origin));
    TRY(move_rows(scope, CHANGE_EVENT, sql_identity_move_events, member, origin));
    return move_rows(scope, CHANGE_CONSENT, sql_identity_move_consents, member, origin);
}

static code move_members(struct scope *scope, struct regrouping *regrouping) {
    for (size_t i = 0; i < regrouping->member_count; i++) {
        const struct member *member = &regrouping->members[i];
        const size_t group = group_of(regrouping, i);
        const struct origin *origin = origin_find(regrouping, member->origin);

        if (group_of(regrouping, origin->owner) != group)
            TRY(move_member(scope, member, regrouping->customer_of_group[group]));
    }
    return OK;
}

static code point_origin(struct scope *scope, int64_t origin, int64_t customer) {
    if (origin == customer)
        TRY(ledger_exec(scope, sql_identity_delete_alias, BINDS(BIND_INT64(origin))));
    else
        TRY(ledger_exec(
            scope, sql_identity_insert_alias,
            BINDS(BIND_INT64(origin), BIND_INT64(customer), BIND_INT64(scope->now_us))));
    TRY(change_record(scope, CHANGE_ALIAS, CHANGE_UPDATED, origin, origin));
    return change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, origin, origin);
}

code graph_drop_origin(struct scope *scope, int64_t origin) {
    TRY(search_terms_remove(scope, origin));
    TRY(ledger_exec(scope, sql_identity_delete_profiles, BINDS(BIND_INT64(origin))));
    TRY(ledger_exec(scope, sql_identity_delete_alias, BINDS(BIND_INT64(origin))));
    TRY(ledger_exec(scope, sql_identity_delete_customer, BINDS(BIND_INT64(origin))));
    TRY(change_record(scope, CHANGE_ALIAS, CHANGE_UPDATED, origin, origin));
    return change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, origin, origin);
}

static code point_origins(struct scope *scope, const struct regrouping *regrouping) {
    for (size_t i = 0; i < regrouping->origin_count; i++) {
        const struct origin *origin = &regrouping->origins[i];

        if (origin->owner == NOBODY) {
            TRY(graph_drop_origin(scope, origin->id));
            continue;
        }
        TRY(point_origin(scope, origin->id,
                         regrouping->customer_of_group[group_of(regrouping, origin->owner)]));
    }
    return OK;
}

// Profiles first: the search terms follow their names. An origin made just now is not among those
// read.
static code fold_groups(struct scope *scope, const struct regrouping *regrouping) {
    for (size_t i = 0; i < regrouping->member_count; i++) {
        const int64_t customer = regrouping->customer_of_group[i];

        if (regrouping->members[i].group != i)
            continue;
        TRY(profile_fold_customer(scope, customer));
        if (!origin_find(regrouping, customer))
            TRY(search_terms_rebuild(scope, customer));
    }
    for (size_t i = 0; i < regrouping->origin_count; i++)
        if (regrouping->origins[i].owner != NOBODY)
            TRY(search_terms_rebuild(scope, regrouping->origins[i].id));
    return OK;
}

static code regroup(struct scope *scope, int64_t customer) {
    struct regrouping regrouping = {.customer = customer};

    TRY(read_members(scope, &regrouping));
    TRY(read_origins(scope, &regrouping));
    TRY(group_by_links(scope, &regrouping));
    TRY(choose_customers(scope, &regrouping));
    TRY(move_members(scope, &regrouping));
    TRY(point_origins(scope, &regrouping));
    return fold_groups(scope, &regrouping);
}

code graph_regroup(struct scope *scope, int64_t customer) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const code result = regroup(scope, customer);

    arena_rewind(&scope->arena, mark);
    return result;
}

// ---- one link ----

code identity_undo_link(struct scope *scope, int64_t link_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t customer, epoch;
    bool found;

    TRY(ledger_find(scope, sql_identity_link, BINDS(BIND_INT64(link_id)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "link %" PRId64 " does not exist", link_id);
    if (!rows_is_null(rows, 0))
        return scope_fail(scope, CONFLICT, "link %" PRId64 " is undone already", link_id);
    TRY(identity_customer_of(scope, rows_int64(rows, 1), &customer));
    TRY(ledger_exec(
        scope, sql_identity_undo_link,
        BINDS(BIND_INT64(link_id), BIND_INT64(scope->now_us), BIND_STRING(scope->actor.name))));
    TRY(graph_regroup(scope, customer));
    return graph_bump_epoch(scope, &epoch);
}

// ---- an import ----

// A list of ids in the scope's arena, read whole so that the rows can be changed while walking it.
static code read_ids(struct scope *scope, const char *sql, int64_t import_id, int64_t **ret_ids,
                     size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer ids = {0};

    TRY(ledger_query(scope, sql, BINDS(BIND_INT64(import_id)), &rows));
    while (rows_next(rows)) {
        const int64_t id = rows_int64(rows, 0);

        buffer_add(&ids, &id, sizeof(id));
    }
    TRY(rows_end(rows));
    *ret_ids = arena_copy(&scope->arena, ids.data, ids.size);
    *ret_count = ids.size / sizeof(int64_t);
    return OK;
}

static code undo_links(struct scope *scope, int64_t import_id) {
    const struct binds by_import = BINDS(BIND_INT64(import_id));

    TRY(ledger_exec(scope, sql_identity_hand_over_links, by_import));
    TRY(ledger_exec(scope, sql_identity_hand_back_links, by_import));
    return ledger_exec(scope, sql_identity_undo_links_of_import,
                       BINDS(BIND_INT64(import_id), BIND_INT64(scope->now_us)));
}

// An identifier that is gone does not tell whose it was: its customer is named before.
static code record_holders(struct scope *scope, int64_t import_id) {
    int64_t *holders;
    size_t count;

    TRY(read_ids(scope, sql_identity_holders, import_id, &holders, &count));
    for (size_t i = 0; i < count; i++)
        TRY(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, holders[i], holders[i]));
    return OK;
}

static code delete_identifiers(struct scope *scope, int64_t import_id) {
    const struct binds by_import = BINDS(BIND_INT64(import_id));
    CLEANUP(rows_close) struct rows *range = NULL;
    bool found;

    TRY(ledger_exec(scope, sql_identity_hand_over, by_import));
    TRY(ledger_exec(scope, sql_identity_hand_back, by_import));
    TRY(record_holders(scope, import_id));
    TRY(ledger_find(scope, sql_identity_import_range, by_import, &range, &found));
    if (!found || rows_is_null(range, 0))
        return OK;
    TRY(change_record(scope, CHANGE_IDENTIFIER, CHANGE_UPDATED, rows_int64(range, 0),
                      rows_int64(range, 1)));
    TRY(ledger_exec(scope, sql_identity_delete_unused, by_import));
    return ledger_exec(scope, sql_identity_delete_unused_guards, NO_BINDS);
}

static code undo_import(struct scope *scope, int64_t import_id) {
    const struct binds by_import = BINDS(BIND_INT64(import_id));
    int64_t *loosened, *empty;
    size_t loosened_count, empty_count;
    int64_t epoch;

    TRY(undo_links(scope, import_id));
    TRY(delete_identifiers(scope, import_id));
    TRY(read_ids(scope, sql_identity_loosened, import_id, &loosened, &loosened_count));
    TRY(ledger_exec(scope, sql_identity_delete_dangling_links, by_import));
    TRY(ledger_exec(scope, sql_identity_delete_conflicts, by_import));
    for (size_t i = 0; i < loosened_count; i++)
        TRY(graph_regroup(scope, loosened[i]));
    TRY(read_ids(scope, sql_identity_empty_origins, import_id, &empty, &empty_count));
    for (size_t i = 0; i < empty_count; i++)
        TRY(graph_drop_origin(scope, empty[i]));
    TRY(ledger_exec(scope, sql_identity_hand_over_customers, by_import));
    return graph_bump_epoch(scope, &epoch);
}

code identity_undo_import(struct scope *scope, int64_t import_id) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const code result = undo_import(scope, import_id);

    arena_rewind(&scope->arena, mark);
    return result;
}
