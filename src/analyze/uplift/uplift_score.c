// SPDX-License-Identifier: Apache-2.0
// What the store knows of a test's customers, and what it says of the customers of now. Members,
// features and responses come in the order of customers and are walked along side by side.
#include "analyze/churn/churn_feature.h"
#include "analyze/experiment/arm_members.h"
#include "analyze/kernel/parallel.h"
#include "analyze/uplift/uplift_run.h"
#include "base/progress.h"
#include "store/lake.h"
#include "uplift_sql.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CONTROL, TREATED, ARMS };

// ---- the test ----

struct reading {
    struct uplift_test *test;
    const struct arm_member *members;
    size_t count, at; // of members; the next to look at
    size_t seen[ARMS];
    double *values;
    unsigned char *treated;
    size_t rows;
    int64_t known;
};

// Of each arm every stride-th customer is in, of these every other one is measured on: chance does
// not make one half of an arm larger, in whatever order customers were divided.
static void add_row(struct reading *reading, size_t arm, int64_t customer, const double *values) {
    struct uplift_test *test = reading->test;
    const size_t place = reading->seen[arm]++;

    reading->known++;
    if (place % test->stride != 0)
        return;
    test->row_customers[reading->rows] = customer;
    test->is_measured[reading->rows] = place / test->stride % 2;
    reading->treated[reading->rows] = arm == TREATED;
    memcpy(reading->values + reading->rows * CHURN_FEATURES, values,
           CHURN_FEATURES * sizeof(*values));
    reading->rows++;
}

static code take_features(struct scope *scope, void *data, const struct churn_rows *rows) {
    struct reading *reading = data;

    for (size_t i = 0; i < rows->count; i++) {
        const int64_t customer = rows->customers[i];

        while (reading->at < reading->count && reading->members[reading->at].customer < customer)
            reading->at++;
        if (reading->at < reading->count && reading->members[reading->at].customer == customer)
            add_row(reading, reading->members[reading->at].arm, customer,
                    rows->values + i * CHURN_FEATURES);
    }
    progress_report(scope->progress, "reading what was known", (int64_t)reading->at,
                    (int64_t)reading->count, "customers");
    return OK;
}

static code read_responses(struct scope *scope, const struct uplift_test *test, size_t count,
                           unsigned char *responded) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t least = test->options.spend_at_least_micros;
    size_t i = 0;

    TRY(lake_query(scope, sql_uplift_outcomes,
                   BINDS(BIND_INT64(test->options.start_day), BIND_INT64(test->end_day)), &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 0);

        while (i < count && test->row_customers[i] < customer)
            i++;
        if (i < count && test->row_customers[i] == customer)
            responded[i] = least > 0 ? rows_int64(rows, 2) >= least : rows_int64(rows, 1) > 0;
    }
    return rows_end(rows);
}

static code check_arms(struct scope *scope, const struct reading *reading) {
    const struct uplift_options *options = &reading->test->options;

    for (size_t arm = 0; arm < ARMS; arm++)
        if (reading->seen[arm] < UPLIFT_ARM_LEAST) {
            const struct text name = arm == TREATED ? options->treated : options->control;

            scope_fail_field(scope, INVALID, arm == TREATED ? "treated" : "control",
                             "%zu customers of \"%.*s\" had bought before the start: %d are the "
                             "fewest that say anything",
                             reading->seen[arm], TEXT_ARG(name), UPLIFT_ARM_LEAST);
            return scope_hint(scope, "members are those of arms_on, who are in one segment only");
        }
    return OK;
}

code uplift_test_read(struct scope *scope, struct uplift_test *test) {
    const struct text segments[ARMS] = {
        [CONTROL] = test->options.control, [TREATED] = test->options.treated};
    struct reading reading = {.test = test};
    struct arm_member *members;
    unsigned char *responded;
    size_t capacity;

    TRY(arm_members_read(scope, segments, ARMS, test->options.arms_day, &members, &reading.count,
                         &test->several));
    reading.members = members;
    test->members = (int64_t)reading.count;
    test->stride = (reading.count + UPLIFT_SAMPLE_MOST - 1) / UPLIFT_SAMPLE_MOST;
    if (test->stride == 0)
        test->stride = 1;
    capacity = reading.count / test->stride + ARMS;
    test->row_customers = arena_array(&scope->arena, capacity, sizeof(*test->row_customers));
    test->is_measured = arena_array(&scope->arena, capacity, 1);
    reading.treated = arena_array(&scope->arena, capacity, 1);
    reading.values = arena_array(&scope->arena, capacity * CHURN_FEATURES, sizeof(double));
    TRY(churn_features_each(scope, test->options.start_day - 1, UPLIFT_EVER_DAYS, take_features,
                            &reading));
    test->none = test->members - reading.known;
    TRY(check_arms(scope, &reading));
    responded = arena_array(&scope->arena, capacity, 1);
    TRY(read_responses(scope, test, reading.rows, responded));
    test->rows = (struct uplift_rows){reading.rows, CHURN_FEATURES, reading.values, reading.treated,
                                      responded};
    return OK;
}

// ---- the customers of now ----

struct scoring {
    struct uplift_test *test;
    struct uplift_model model;
    double *uplifts;
    size_t capacity;
};

static code take_customers(struct scope *scope, void *data, const struct churn_rows *rows) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct scoring *scoring = data;
    struct uplift_test *test = scoring->test;
    const size_t room = scoring->capacity - test->count;
    const size_t count = rows->count < room ? rows->count : room;
    const struct uplift_rows customers = {
        .count = count, .features = CHURN_FEATURES, .values = rows->values};

    uplift_score(scope, &scoring->model, &customers, scoring->uplifts + test->count);
    memcpy(test->customers + test->count, rows->customers, count * sizeof(*rows->customers));
    test->count += count;
    progress_report(scope->progress, "scoring", (int64_t)test->count, (int64_t)scoring->capacity,
                    "customers");
    arena_rewind(&scope->arena, mark);
    return OK;
}

struct ranked {
    double uplift;
    size_t place;
};

static int by_uplift(const void *a, const void *b) {
    const struct ranked *one = a, *other = b;

    if (one->uplift != other->uplift)
        return one->uplift > other->uplift ? -1 : 1;
    return (one->place > other->place) - (one->place < other->place);
}

// The rank of equal scores is that of the last of them: so many are moved as much or more.
static void rank_customers(struct scope *scope, struct scoring *scoring) {
    struct uplift_test *test = scoring->test;
    const size_t count = test->count;
    struct ranked *ranked = arena_array(&scope->arena, count + 1, sizeof(*ranked));

    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){scoring->uplifts[i], i};
    qsort(ranked, count, sizeof(*ranked), by_uplift);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && ranked[next].uplift == ranked[i].uplift;)
            next++;
        for (size_t j = i; j < next; j++) {
            const size_t tenth = j * UPLIFT_TENTHS / count;

            test->scores[0][ranked[j].place] = llround(ranked[j].uplift * 1e6);
            test->scores[1][ranked[j].place] = llround((double)next / (double)count * 1e6);
            test->tenth_sum[tenth] += ranked[j].uplift;
            test->tenth_count[tenth]++;
        }
    }
}

code uplift_test_score(struct scope *scope, struct uplift_test *test) {
    struct scoring scoring = {.test = test};
    int64_t buyers;

    TRY(uplift_fit(scope, &test->rows, test->uplift.best, UPLIFT_PENALTY, parallel_threads(0),
                   &scoring.model));
    TRY(churn_buyers_count(scope, test->last_day, &buyers));
    scoring.capacity = (size_t)buyers;
    scoring.uplifts = arena_array(&scope->arena, scoring.capacity, sizeof(double));
    test->customers = arena_array(&scope->arena, scoring.capacity, sizeof(*test->customers));
    for (int k = 0; k < 2; k++)
        test->scores[k] = arena_array(&scope->arena, scoring.capacity, sizeof(int64_t));
    TRY(churn_features_each(scope, test->last_day, UPLIFT_EVER_DAYS, take_customers, &scoring));
    rank_customers(scope, &scoring);
    return OK;
}
