// SPDX-License-Identifier: Apache-2.0
// The circuit breaker and what people decide: an identifier that pulls too many customers together
// joins nobody any more, is blocked or released; what was kept apart is joined or left.
#include "host/identity/graph.h"

#include "base/limits.h"
#include "identity_sql.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>

const char *identifier_guard_name(enum identifier_guard guard) {
    switch (guard) {
    case GUARD_TRIPPED:
        return "tripped";
    case GUARD_BLOCKED:
        return "blocked";
    case GUARD_RELEASED:
        return "released";
    case GUARD_NONE:
        break;
    }
    return "";
}

// ---- the breaker ----

static code report_trip(struct scope *scope, int64_t identifier_id,
                        const struct sighting *sighting) {
    return ledger_exec(scope, sql_identity_insert_conflict,
                       BINDS(BIND_INT64(store_new_id(scope)), BIND_INT64(identifier_id),
                             BIND_INT64(identifier_id), BIND_STRING(KEPT_APART_BREAKER),
                             BIND_INT64(sighting->import_id), BIND_INT64(sighting->seen_at_us),
                             BIND_TEXT(sighting->source), BIND_TEXT(sighting->evidence)));
}

// Counted from the links and refusals that stand, so what is taken back does not count.
code graph_check_breaker(struct scope *scope, const struct graph_end *end,
                         const struct sighting *sighting, bool *ret_tripped) {
    const char *why;
    int64_t pulled, tripped;

    TRY(ledger_int64(scope, sql_identity_pulled,
                     BINDS(BIND_INT64(end->id), BIND_INT64(end->origin)), 0, &pulled));
    *ret_tripped = false;
    if (pulled < LIMIT_PULLS_PER_IDENTIFIER)
        return OK;
    why = arena_printf(&scope->arena, "seen with %" PRId64 " known customers", pulled);
    TRY(ledger_int64(scope, sql_identity_trip,
                     BINDS(BIND_INT64(end->id), BIND_STRING(why), BIND_INT64(sighting->seen_at_us)),
                     0, &tripped));
    *ret_tripped = tripped != 0;
    return tripped ? report_trip(scope, end->id, sighting) : OK;
}

// ---- decisions about an identifier ----

static code put_guard(struct scope *scope, int64_t identifier_id, enum identifier_guard guard,
                      struct text why) {
    int64_t state;

    TRY(ledger_int64(scope, sql_identity_guard_state, BINDS(BIND_INT64(identifier_id)), -1,
                     &state));
    if (state < 0)
        return scope_fail(scope, NOT_FOUND, "identifier %" PRId64 " does not exist", identifier_id);
    if (state == (int64_t)guard)
        return scope_fail(scope, CONFLICT, "identifier %" PRId64 " is %s already", identifier_id,
                          identifier_guard_name(guard));
    return ledger_exec(scope, sql_identity_guard_put,
                       BINDS(BIND_INT64(identifier_id), BIND_INT64(guard),
                             BIND_STRING(scope->actor.name), BIND_TEXT(text_trim(why)),
                             BIND_INT64(scope->now_us)));
}

static code undo_its_links(struct scope *scope, int64_t identifier_id, int64_t *ret_undone) {
    const char *undone_by = arena_printf(&scope->arena, "block of identifier %" PRId64 " by %s",
                                         identifier_id, scope->actor.name);
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t undone = 0;

    TRY(ledger_query(
        scope, sql_identity_undo_links_of_identifier,
        BINDS(BIND_INT64(identifier_id), BIND_INT64(scope->now_us), BIND_STRING(undone_by)),
        &rows));
    while (rows_next(rows))
        undone++;
    TRY(rows_end(rows));
    *ret_undone = undone;
    return OK;
}

code identity_block(struct scope *scope, int64_t identifier_id, struct text why,
                    int64_t *ret_undone) {
    int64_t customer, epoch;

    TRY(put_guard(scope, identifier_id, GUARD_BLOCKED, why));
    TRY(ledger_int64(scope, sql_identity_holder, BINDS(BIND_INT64(identifier_id)), 0, &customer));
    TRY(undo_its_links(scope, identifier_id, ret_undone));
    TRY(ledger_exec(scope, sql_identity_settle_conflicts,
                    BINDS(BIND_INT64(identifier_id), BIND_STRING(scope->actor.name),
                          BIND_INT64(scope->now_us))));
    if (*ret_undone > 0)
        TRY(graph_regroup(scope, customer));
    return graph_bump_epoch(scope, &epoch);
}

code identity_release(struct scope *scope, int64_t identifier_id, struct text why) {
    int64_t epoch;

    TRY(put_guard(scope, identifier_id, GUARD_RELEASED, why));
    TRY(ledger_exec(scope, sql_identity_settle_breaker,
                    BINDS(BIND_INT64(identifier_id), BIND_STRING(scope->actor.name),
                          BIND_INT64(scope->now_us))));
    return graph_bump_epoch(scope, &epoch);
}

// ---- decisions about what was kept apart ----

static code join_ends(struct scope *scope, const struct rows *rows, struct text why) {
    const int64_t customer_a = rows_int64(rows, 1);
    const int64_t customer_b = rows_int64(rows, 2);
    int64_t link_id;

    // They may have become one by another way since.
    return customer_a == customer_b ? OK
                                    : identity_join(scope, customer_a, customer_b, why, &link_id);
}

code identity_decide(struct scope *scope, int64_t conflict_id, bool are_one, struct text why) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_identity_conflict_read, BINDS(BIND_INT64(conflict_id)), &rows,
                    &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "conflict %" PRId64 " does not exist", conflict_id);
    if (!rows_is_null(rows, 0))
        return scope_fail(scope, CONFLICT, "conflict %" PRId64 " is decided already", conflict_id);
    if (rows_bool(rows, 3)) {
        (void)scope_fail(scope, CONFLICT, "conflict %" PRId64 " is about one identifier",
                         conflict_id);
        return scope_hint(scope, "block or release the identifier");
    }
    if (are_one)
        TRY(join_ends(scope, rows, why));
    return ledger_exec(scope, sql_identity_conflict_decide,
                       BINDS(BIND_INT64(conflict_id),
                             BIND_STRING(are_one ? "joined" : "kept_apart"),
                             BIND_STRING(scope->actor.name), BIND_INT64(scope->now_us)));
}
