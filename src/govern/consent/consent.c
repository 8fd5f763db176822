// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/consent.h"

#include "consent_sql.h"
#include "store/delivered.h"
#include "store/home.h"
#include "store/ledger.h"

#include <inttypes.h>

static const struct delivered_table table = {
    .change = CHANGE_CONSENT,
    .find = sql_consent_find,
    .seen = sql_consent_seen,
    .pass_on = sql_consent_undo_pass_on,
    .unsee = sql_consent_undo_unsee,
    .range = sql_consent_undo_ids,
    .remove = sql_consent_undo,
};

const char *consent_state_name(enum consent_state state) {
    static const char *const names[] = {"",        "granted",  "denied",    "withdrawn",
                                        "pending", "objected", "restricted"};

    return names[state];
}

static code insert(struct scope *scope, const struct delivered_insert *as, const void *given) {
    const struct consent_row *row = given;
    // Nothing was said in the future: else it would outlast joins that come before then.
    const int64_t at_us = row->at_us < scope->now_us ? row->at_us : scope->now_us;

    return ledger_exec(
        scope, sql_consent_insert,
        BINDS(BIND_INT64(as->id), BIND_INT64(as->import_id), BIND_TEXT(row->source),
              BIND_TEXT(as->key), BIND_INT64(row->identifier_id), BIND_INT64(row->origin),
              BIND_TEXT(row->purpose), BIND_TEXT(row->channel),
              BIND_STRING(consent_state_name(row->state)), BIND_TEXT_OR_NULL(row->legal_basis),
              BIND_TEXT_OR_NULL(row->text_version), BIND_INT64(at_us),
              BIND_TEXT_OR_NULL(row->proof), BIND_INT64(home_of(row->origin, row->source, as->key)),
              BIND_TEXT_OR_NULL(row->locale), BIND_TEXT_OR_NULL(row->method),
              BIND_TEXT_OR_NULL(row->recorded_by)));
}

code consent_add(struct scope *scope, struct change_run *run, int64_t import_id,
                 const struct consent_row *row, bool *ret_added) {
    const struct text parts[] = {row->who, row->purpose, row->channel,
                                 text_of(consent_state_name(row->state)), row->text_version};
    const struct delivered_row delivered = {.source = row->source,
                                            .given_key = row->key,
                                            .at_us = row->at_us,
                                            .parts = parts,
                                            .part_count = sizeof(parts) / sizeof(*parts)};

    return delivered_add(scope, &table, &delivered, run, import_id, insert, row, ret_added);
}

// Its key is its id: saying the same twice is two facts.
static code add_said(struct scope *scope, const struct consent_said *said, int64_t identifier_id,
                     int64_t *ret_fact_id) {
    struct change_run run = {.table = CHANGE_CONSENT};
    const struct consent_row row = {.source = said->source,
                                    .identifier_id = identifier_id,
                                    .origin = said->origin,
                                    .purpose = said->purpose,
                                    .channel = said->channel,
                                    .state = said->state,
                                    .legal_basis = said->legal_basis,
                                    .text_version = said->text_version,
                                    .at_us = said->at_us ? said->at_us : scope->now_us,
                                    .proof = said->proof,
                                    .locale = said->locale,
                                    .method = said->method,
                                    .recorded_by = said->recorded_by};
    struct delivered_insert as = {0};

    TRY(change_run_next(scope, &run, &as.id));
    as.key = text_printf(&scope->arena, "%" PRId64, as.id);
    TRY(insert(scope, &as, &row));
    TRY(change_run_announce(scope, &run));
    *ret_fact_id = as.id;
    return OK;
}

code consent_say(struct scope *scope, const struct consent_said *said, int64_t *ret_fact_id) {
    struct consent_said placed = *said;
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t identifier_id;
    bool found;

    TRY(ledger_find(scope, sql_consent_place,
                    BINDS(BIND_INT64(said->origin), BIND_INT64(said->identifier_id)), &rows,
                    &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "there is no customer %" PRId64, said->origin);
    identifier_id = rows_int64(rows, 0);
    placed.origin = rows_int64(rows, 1);
    rows_close(&rows);
    return add_said(scope, &placed, identifier_id, ret_fact_id);
}

code consent_undo_import(struct scope *scope, int64_t import_id) {
    return delivered_undo(scope, &table, import_id);
}

code consent_held(struct scope *scope, int64_t customer, struct rows **ret_rows) {
    return ledger_query(scope, sql_consent_held, BINDS(BIND_INT64(customer)), ret_rows);
}

code consent_history(struct scope *scope, int64_t customer, struct rows **ret_rows) {
    return ledger_query(scope, sql_consent_history, BINDS(BIND_INT64(customer)), ret_rows);
}
