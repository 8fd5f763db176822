// SPDX-License-Identifier: Apache-2.0
#include "analyze/retention/tenure.h"

#include "analyze/kernel/parallel.h"
#include "store/lake.h"
#include "tenure_sql.h"

#include <inttypes.h>
#include <stdlib.h>

const double tenure_confidence = 0.95;

int64_t tenure_gap_quantile(const int64_t *gaps, size_t days, double share) {
    double all = 0, so_far = 0;

    for (size_t i = 0; i < days; i++)
        all += (double)gaps[i];
    for (size_t i = 0; i < days && all > 0; i++) {
        so_far += (double)gaps[i];
        if (so_far >= share * all)
            return (int64_t)i;
    }
    return 0;
}

// ---- spells, counted by length ----

struct lengths {
    int64_t *events, *ended; // by length
    size_t times;            // elements in use
    size_t capacity;
};

static void count_length(struct scope *scope, struct lengths *lengths, bool happened, int64_t time,
                         int64_t count) {
    const size_t needed = time < 0 ? 1 : (size_t)time + 1;

    if (needed > lengths->capacity) {
        const size_t capacity = needed * 2;
        int64_t *events = arena_array(&scope->arena, capacity, sizeof(*events));
        int64_t *ended = arena_array(&scope->arena, capacity, sizeof(*ended));

        for (size_t i = 0; i < lengths->times; i++) {
            events[i] = lengths->events[i];
            ended[i] = lengths->ended[i];
        }
        *lengths = (struct lengths){events, ended, lengths->times, capacity};
    }
    if (needed > lengths->times)
        lengths->times = needed;
    (happened ? lengths->events : lengths->ended)[needed - 1] += count;
}

static code estimate(struct scope *scope, const struct lengths *lengths,
                     struct survival *ret_survival) {
    return survival_estimate(scope, lengths->events, lengths->ended, lengths->times,
                             tenure_confidence, ret_survival);
}

static code read_spells(struct scope *scope, const struct selection *selection,
                        struct tenure *tenure) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct lengths first = {0}, all = {0};

    TRY(selection_query(scope, selection, sql_tenure_spells, &rows));
    while (rows_next(rows)) {
        const bool is_first = rows_int64(rows, 0) == 1, happened = rows_int64(rows, 1) == 1;
        const int64_t days = rows_int64(rows, 2), count = rows_int64(rows, 3);

        count_length(scope, &all, happened, days, count);
        if (is_first) {
            count_length(scope, &first, happened, days, count);
            tenure->customers += count;
        }
        tenure->gap_count += happened ? count : 0;
    }
    TRY(rows_end(rows));
    if (tenure->customers == 0)
        return scope_fail(scope, INVALID, "no known customer bought anything in the selection");
    tenure->gaps = all.events;
    tenure->gap_days = all.times;
    TRY(estimate(scope, &first, &tenure->second));
    return estimate(scope, &all, &tenure->next);
}

// ---- silence ----

// Nine of ten who came back had by then; a week at least, half of what is known at most.
static int64_t usual_silence(const struct tenure *tenure) {
    const int64_t nine_of_ten = tenure_gap_quantile(tenure->gaps, tenure->gap_days, 0.9);
    const int64_t rounded = (nine_of_ten + 4) / 5 * 5;
    const int64_t half = (int64_t)tenure->gap_days / 2;
    const int64_t days = rounded < half ? rounded : half;

    return tenure->gap_count > 0 && days > 7 ? days : tenure->gap_count > 0 ? 7 : 90;
}

// The fragment over the selected documents and the silence that was chosen.
static code query_silence(struct scope *scope, const struct selection *selection,
                          int64_t silence_days, const char *fragment, struct rows **ret_rows) {
    CLEANUP(statement_clear) struct statement statement = {0};

    selection_documents(&statement, selection);
    statement_add(&statement, ", chosen AS (SELECT CAST(");
    statement_bind(&statement, BIND_INT64(silence_days));
    statement_add(&statement, " AS INTEGER) AS days)\n");
    statement_add(&statement, fragment);
    return lake_query_shared(scope, statement_sql(&statement), statement_binds(&statement),
                             ret_rows);
}

static code read_silence(struct scope *scope, const struct selection *selection,
                         struct tenure *tenure) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct lengths lengths = {0};

    TRY(query_silence(scope, selection, tenure->silence_days, sql_tenure_silence, &rows));
    while (rows_next(rows))
        count_length(scope, &lengths, rows_int64(rows, 0) == 1, rows_int64(rows, 1),
                     rows_int64(rows, 2));
    TRY(rows_end(rows));
    return estimate(scope, &lengths, &tenure->silence);
}

static code read_months(struct scope *scope, const struct selection *selection,
                        struct tenure *tenure) {
    CLEANUP(buffer_clear) struct buffer months = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(query_silence(scope, selection, tenure->silence_days, sql_tenure_months, &rows));
    while (rows_next(rows)) {
        const struct tenure_month month = {.first_day = (int32_t)rows_int64(rows, 0),
                                           .active = rows_int64(rows, 1),
                                           .stayed = rows_int64(rows, 2)};

        buffer_add(&months, &month, sizeof(month));
    }
    TRY(rows_end(rows));
    tenure->month_count = months.size / sizeof(*tenure->months);
    if (tenure->month_count > 0)
        tenure->months = arena_copy(&scope->arena, months.data, months.size);
    return OK;
}

// ---- contracts ----

// Too few renewals have no projection; what failed for that reason is no failure of the rest.
static code project(struct scope *scope, const struct contract_group *groups, size_t count,
                    struct tenure *tenure) {
    double renewals = 0, left = 0;

    for (size_t i = 0; i < count; i++) {
        renewals += groups[i].periods * groups[i].count;
        left += groups[i].left ? groups[i].count : 0;
    }
    if (renewals < 20 || left < 5)
        return OK;
    TRY(contract_fit(scope, groups, count, parallel_threads(0), &tenure->projection));
    tenure->has_projection = true;
    return OK;
}

static code read_contracts(struct scope *scope, const struct selection *selection,
                           struct tenure *tenure) {
    CLEANUP(buffer_clear) struct buffer groups = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct lengths lengths = {0};

    TRY(selection_query(scope, selection, sql_tenure_contracts, &rows));
    while (rows_next(rows)) {
        const bool left = rows_int64(rows, 0) == 1;
        const int64_t renewals = rows_int64(rows, 1) - (left ? 0 : 1);
        const struct contract_group group = {
            .periods = (double)renewals, .count = (double)rows_int64(rows, 2), .left = left};

        buffer_add(&groups, &group, sizeof(group));
        count_length(scope, &lengths, left, renewals, rows_int64(rows, 2));
    }
    TRY(rows_end(rows));
    TRY(estimate(scope, &lengths, &tenure->contracts));
    if (groups.size == 0)
        return OK;
    return project(scope, arena_copy(&scope->arena, groups.data, groups.size),
                   groups.size / sizeof(struct contract_group), tenure);
}

// ---- categories ----

static int by_gaps(const void *left, const void *right) {
    const struct tenure_category *a = left, *b = right;

    if (a->gaps != b->gaps)
        return a->gaps > b->gaps ? -1 : 1;
    return text_compare(a->name, b->name);
}

static struct tenure_category category_of(struct text name, const struct lengths *gaps) {
    struct tenure_category category = {.name = name};

    for (size_t i = 0; i < gaps->times; i++)
        category.gaps += gaps->events[i];
    category.lower = tenure_gap_quantile(gaps->events, gaps->times, 0.25);
    category.median = tenure_gap_quantile(gaps->events, gaps->times, 0.5);
    category.upper = tenure_gap_quantile(gaps->events, gaps->times, 0.75);
    return category;
}

static void keep_categories(struct scope *scope, struct buffer *categories, struct tenure *tenure) {
    tenure->category_count = categories->size / sizeof(*tenure->categories);
    if (tenure->category_count == 0)
        return;
    tenure->categories = arena_copy(&scope->arena, categories->data, categories->size);
    qsort(tenure->categories, tenure->category_count, sizeof(*tenure->categories), by_gaps);
    if (tenure->category_count > TENURE_CATEGORIES)
        tenure->category_count = TENURE_CATEGORIES;
}

static struct binds period_of(struct scope *scope, const struct selection *selection) {
    struct bind *days = arena_array(&scope->arena, 2, sizeof(*days));

    days[0] = BIND_INT64(selection->has_from ? selection->from_day : -700000);
    days[1] = BIND_INT64(selection->has_to ? selection->to_day : 2900000);
    return (struct binds){.values = days, .count = 2};
}

static code read_categories(struct scope *scope, const struct selection *selection,
                            struct tenure *tenure) {
    CLEANUP(buffer_clear) struct buffer categories = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct lengths gaps = {0};
    struct text name = {0};

    TRY(lake_query_shared(scope, sql_tenure_categories, period_of(scope, selection), &rows));
    for (bool more = true; more;) {
        more = rows_next(rows);
        if (gaps.times > 0 && (!more || !text_equal(rows_text(rows, 0), name))) {
            const struct tenure_category category = category_of(name, &gaps);

            buffer_add(&categories, &category, sizeof(category));
            gaps = (struct lengths){0};
        }
        if (!more)
            break;
        if (gaps.times == 0)
            name = text_copy(&scope->arena, rows_text(rows, 0));
        count_length(scope, &gaps, true, rows_int64(rows, 1), rows_int64(rows, 2));
    }
    TRY(rows_end(rows));
    keep_categories(scope, &categories, tenure);
    return OK;
}

// ---- reasons ----

static code read_reasons(struct scope *scope, const struct selection *selection,
                         struct tenure *tenure) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    tenure->reasons = arena_array(&scope->arena, 50, sizeof(*tenure->reasons));
    TRY(lake_query_shared(scope, sql_tenure_reasons, period_of(scope, selection), &rows));
    while (rows_next(rows) && tenure->reason_count < 50)
        tenure->reasons[tenure->reason_count++] =
            (struct tenure_reason){.reason = text_copy(&scope->arena, rows_text(rows, 0)),
                                   .event = text_copy(&scope->arena, rows_text(rows, 1)),
                                   .count = rows_int64(rows, 2),
                                   .customers = rows_int64(rows, 3)};
    return rows_end(rows);
}

code tenure_compute(struct scope *scope, const struct selection *selection, int64_t silence_days,
                    struct tenure *ret_tenure) {
    struct tenure tenure = {.silence_days = silence_days, .silence_is_given = silence_days > 0};

    TRY(read_spells(scope, selection, &tenure));
    if (!tenure.silence_is_given)
        tenure.silence_days = usual_silence(&tenure);
    TRY(read_silence(scope, selection, &tenure));
    TRY(read_months(scope, selection, &tenure));
    TRY(read_contracts(scope, selection, &tenure));
    TRY(read_categories(scope, selection, &tenure));
    TRY(read_reasons(scope, selection, &tenure));
    *ret_tenure = tenure;
    return OK;
}
