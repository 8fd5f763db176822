// SPDX-License-Identifier: Apache-2.0
// The rule over everybody: the lake folds the facts, the ledger tells whose addresses are all
// suppressed (they are few), and both streams are walked beside the customers asked for.
#include "govern/consent/permit_internal.h"
#include "permit_sql.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "suppression_sql.h"

#include <stdlib.h>

struct ids {
    int64_t *values;
    size_t count, capacity;
};

static void ids_clear(struct ids *ids) {
    free(ids->values);
    *ids = (struct ids){0};
}

static void ids_add(struct ids *ids, int64_t value) {
    if (ids->count == ids->capacity) {
        ids->capacity = ids->capacity ? ids->capacity * 2 : 1024;
        ids->values = realloc(ids->values, ids->capacity * sizeof(*ids->values));
        if (!ids->values)
            abort();
    }
    ids->values[ids->count++] = value;
}

static int compare(const void *a, const void *b) {
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static bool ids_have(const struct ids *ids, int64_t value) {
    return ids->count > 0 &&
           bsearch(&value, ids->values, ids->count, sizeof(*ids->values), compare) != NULL;
}

static code read_suppressed(struct scope *scope, const struct consent_rule *rule, struct ids *ids) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    if (rule->channel->contact != CONTACT_EMAIL && rule->channel->contact != CONTACT_PHONE)
        return OK;
    TRY(ledger_query(scope, sql_suppressed_customers,
                     BINDS(BIND_INT64((int64_t)rule->channel->contact),
                           BIND_STRING(rule->channel->name),
                           BIND_INT64(rule->purpose.is_marketing)),
                     &rows));
    while (rows_next(rows))
        ids_add(ids, rows_int64(rows, 0));
    TRY(rows_end(rows));
    if (ids->count > 0)
        qsort(ids->values, ids->count, sizeof(*ids->values), compare);
    return OK;
}

static bool has_address(const struct consent_rule *rule, const struct rows *rows) {
    switch (rule->channel->contact) {
    case CONTACT_EMAIL:
        return rows_int64(rows, 4) != 0;
    case CONTACT_PHONE:
        return rows_int64(rows, 5) != 0;
    case CONTACT_POSTAL:
        return rows_int64(rows, 6) != 0;
    case CONTACT_NONE:
        break;
    }
    return true;
}

static enum consent_reason decide_row(const struct consent_rule *rule, const struct ids *suppressed,
                                      const struct rows *rows) {
    struct consent_standing standing = {0};
    enum consent_reason reason;

    for (int i = CONSENT_SUBJECT_OWN; i < CONSENT_SUBJECT_COUNT; i++)
        standing.said[i] = (enum consent_strictness)rows_int64(rows, (size_t)i);
    reason = consent_decide(rule, &standing);
    if (reason != VERDICT_PERMITTED)
        return reason;
    if (!has_address(rule, rows))
        return VERDICT_NO_ADDRESS;
    return ids_have(suppressed, rows_int64(rows, 0)) ? VERDICT_SUPPRESSED : VERDICT_PERMITTED;
}

static code tally_rows(struct scope *scope, const struct consent_rule *rule,
                       const struct ids *suppressed, const struct ids *asked, bool is_everybody,
                       struct consent_tally *tally, struct ids *permitted) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t at = 0;

    TRY(lake_query(scope, sql_permit_everybody,
                   BINDS(BIND_TEXT(rule->purpose.name), BIND_STRING(rule->channel->name),
                         BIND_STRING(rule->channel->other_name)),
                   &rows));
    while (rows_next(rows)) {
        const int64_t id = rows_int64(rows, 0);
        enum consent_reason reason;

        while (at < asked->count && asked->values[at] < id) {
            tally->counts[VERDICT_NO_CUSTOMER]++;
            at++;
        }
        if (!is_everybody && (at == asked->count || asked->values[at] != id))
            continue;
        at += !is_everybody;
        reason = decide_row(rule, suppressed, rows);
        tally->counts[reason]++;
        if (permitted && reason == VERDICT_PERMITTED)
            ids_add(permitted, id);
    }
    tally->counts[VERDICT_NO_CUSTOMER] += (int64_t)(asked->count - at) * !is_everybody;
    return rows_end(rows);
}

code consent_count(struct scope *scope, const struct consent_rule *rule, const int64_t *customers,
                   size_t count, bool wants_permitted, struct consent_tally *ret_tally) {
    const struct ids asked = {(int64_t *)customers, customers ? count : 0, 0};
    CLEANUP(ids_clear) struct ids suppressed = {0};
    CLEANUP(ids_clear) struct ids permitted = {0};
    struct consent_tally tally = {0};

    TRY(lake_refresh(scope));
    TRY(read_suppressed(scope, rule, &suppressed));
    TRY(tally_rows(scope, rule, &suppressed, &asked, customers == NULL, &tally,
                   wants_permitted ? &permitted : NULL));
    tally.permitted = permitted.values;
    tally.permitted_count = permitted.count;
    permitted = (struct ids){0};
    *ret_tally = tally;
    return OK;
}

void consent_tally_clear(struct consent_tally *tally) {
    free(tally->permitted);
    *tally = (struct consent_tally){0};
}
