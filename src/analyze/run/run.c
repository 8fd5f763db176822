// SPDX-License-Identifier: Apache-2.0
#include "analyze/run/run.h"

#include "base/progress.h"
#include "base/time.h"
#include "run_sql.h"
#include "store/change.h"
#include "store/ledger.h"
#include "store/rows.h"
#include "store/store.h"

#include <inttypes.h>

// Customers of one transaction.
enum { PIECE = 10000 };

const char *analysis_kind_name(enum analysis_kind kind) {
    static const char *const names[ANALYSIS_KIND_LAST + 1] = {
        [ANALYSIS_LIFETIME_VALUE] = "lifetime_value",
        [ANALYSIS_CHURN] = "churn",
        [ANALYSIS_REGRESSION] = "regression",
        [ANALYSIS_FORECAST] = "forecast",
        [ANALYSIS_PERSONA] = "persona",
        [ANALYSIS_ATTRIBUTION] = "attribution",
        [ANALYSIS_EXPERIMENT] = "experiment",
        [ANALYSIS_UPLIFT] = "uplift",
    };

    return names[kind];
}

// ---- keeping ----

static struct bind value_bind(const struct analysis_scores *scores, size_t value, size_t i) {
    if (value >= scores->value_count || scores->values[value][i] == ANALYSIS_UNKNOWN)
        return BIND_NULL();
    return BIND_INT64(scores->values[value][i]);
}

static code put_score(struct scope *scope, const struct analysis_run *run,
                      const struct analysis_scores *scores, size_t i) {
    return ledger_exec(
        scope, sql_run_score_put,
        BINDS(BIND_INT64(scores->customers[i]), BIND_INT64(run->kind), BIND_INT64(run->id),
              value_bind(scores, 0, i), value_bind(scores, 1, i), value_bind(scores, 2, i),
              value_bind(scores, 3, i), value_bind(scores, 4, i), value_bind(scores, 5, i)));
}

static code put_piece(struct scope *scope, const struct analysis_run *run,
                      const struct analysis_scores *scores, size_t first, size_t last) {
    for (size_t i = first; i < last; i++)
        TRY(put_score(scope, run, scores, i));
    return change_record(scope, CHANGE_ANALYSIS_SCORE, CHANGE_UPDATED, scores->customers[first],
                         scores->customers[last - 1]);
}

static code put_scores(struct scope *scope, const struct analysis_run *run,
                       const struct analysis_scores *scores) {
    for (size_t first = 0; first < scores->count; first += PIECE) {
        const size_t last = first + PIECE < scores->count ? first + PIECE : scores->count;

        TRY(scope_check(scope));
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, put_piece(scope, run, scores, first, last)));
        progress_report(scope->progress, "keeping scores", (int64_t)last, (int64_t)scores->count,
                        "customers");
    }
    return OK;
}

static code remove_piece(struct scope *scope, const struct analysis_run *run,
                         const int64_t *customers, size_t count) {
    for (size_t i = 0; i < count; i++)
        TRY(ledger_exec(
            scope, sql_run_score_remove,
            BINDS(BIND_INT64(customers[i]), BIND_INT64(run->kind), BIND_INT64(run->id))));
    return change_record(scope, CHANGE_ANALYSIS_SCORE, CHANGE_UPDATED, customers[0],
                         customers[count - 1]);
}

// Of customers whom this run does not know.
static code remove_stale(struct scope *scope, const struct analysis_run *run) {
    int64_t *customers = arena_array(&scope->arena, PIECE, sizeof(*customers));
    int64_t after = 0;
    size_t count;

    do {
        CLEANUP(rows_close) struct rows *rows = NULL;

        count = 0;
        TRY(ledger_query(
            scope, sql_run_stale,
            BINDS(BIND_INT64(run->kind), BIND_INT64(run->id), BIND_INT64(after), BIND_INT64(PIECE)),
            &rows));
        while (rows_next(rows))
            customers[count++] = rows_int64(rows, 0);
        TRY(rows_end(rows));
        rows_close(&rows);
        if (count == 0)
            break;
        after = customers[count - 1];
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, remove_piece(scope, run, customers, count)));
    } while (count == PIECE);
    return OK;
}

static code insert_run(struct scope *scope, const struct analysis_run *run) {
    TRY(ledger_exec(
        scope, sql_run_insert,
        BINDS(BIND_INT64(run->id), BIND_INT64(run->kind), BIND_INT64(run->version),
              BIND_INT64(run->as_of_day), BIND_INT64(run->seed), BIND_INT64(run->change_id),
              BIND_TEXT(run->parameters), BIND_TEXT(run->result), BIND_INT64(run->customer_count),
              BIND_INT64(run->job_id), BIND_TEXT(run->actor), BIND_INT64(run->created_at_us))));
    return change_record(scope, CHANGE_ANALYSIS_RUN, CHANGE_CREATED, run->id, run->id);
}

// The run's row comes last: who sees it finds its scores.
code analysis_run_keep(struct scope *scope, struct analysis_run *run,
                       const struct analysis_scores *scores) {
    struct analysis_run kept = *run;

    if (kept.id == 0)
        kept.id = store_new_id(scope);
    kept.customer_count = (int64_t)scores->count;
    kept.actor = text_copy(&scope->arena, text_of(scope->actor.name));
    kept.created_at_us = time_now_us();
    TRY(put_scores(scope, &kept, scores));
    TRY(remove_stale(scope, &kept));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, insert_run(scope, &kept)));
    *run = kept;
    return OK;
}

// ---- reading ----

static struct analysis_run read_run(struct scope *scope, enum analysis_kind kind,
                                    const struct rows *rows) {
    return (struct analysis_run){
        .id = rows_int64(rows, 0),
        .kind = kind,
        .version = (int32_t)rows_int64(rows, 1),
        .as_of_day = (int32_t)rows_int64(rows, 2),
        .seed = rows_int64(rows, 3),
        .change_id = rows_int64(rows, 4),
        .parameters = text_copy(&scope->arena, rows_text(rows, 5)),
        .result = text_copy(&scope->arena, rows_text(rows, 6)),
        .customer_count = rows_int64(rows, 7),
        .job_id = rows_int64(rows, 8),
        .actor = text_copy(&scope->arena, rows_text(rows, 9)),
        .created_at_us = rows_int64(rows, 10),
    };
}

code analysis_run_latest(struct scope *scope, enum analysis_kind kind, struct analysis_run *ret_run,
                         bool *ret_found) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_run_latest, BINDS(BIND_INT64(kind)), &rows, &found));
    if (found)
        *ret_run = read_run(scope, kind, rows);
    *ret_found = found;
    return OK;
}

code analysis_run_find(struct scope *scope, enum analysis_kind kind, int64_t id,
                       struct analysis_run *ret_run) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_run_find, BINDS(BIND_INT64(kind), BIND_INT64(id)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "run %" PRId64 " of %s does not exist", id,
                          analysis_kind_name(kind));
    *ret_run = read_run(scope, kind, rows);
    return OK;
}

code analysis_run_list(struct scope *scope, enum analysis_kind kind, int64_t before_id,
                       int64_t limit, struct analysis_run **ret_runs, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct analysis_run *runs = arena_array(&scope->arena, (size_t)limit, sizeof(*runs));
    size_t count = 0;

    TRY(ledger_query(scope, sql_run_list,
                     BINDS(BIND_INT64(kind), BIND_INT64(before_id > 0 ? before_id : INT64_MAX),
                           BIND_INT64(limit)),
                     &rows));
    while (rows_next(rows) && count < (size_t)limit)
        runs[count++] = read_run(scope, kind, rows);
    TRY(rows_end(rows));
    *ret_runs = runs;
    *ret_count = count;
    return OK;
}
