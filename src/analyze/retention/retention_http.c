// SPDX-License-Identifier: Apache-2.0
// The matrix as one row a cohort and one column a month since; months that are not over yet for a
// cohort are null, not 0.
#include "analyze/retention/retention_http.h"

#include "analyze/metric/selection_http.h"
#include "analyze/retention/retention.h"
#include "retention_sql.h"

// Columns beyond these are cut off: ten years of months.
enum { RETENTION_MONTHS = 120 };

static size_t shown_months(const struct retention *retention) {
    return retention->size < RETENTION_MONTHS ? retention->size : RETENTION_MONTHS;
}

static void write_cohort(struct scope *scope, struct response *response,
                         const struct retention *retention, size_t cohort, bool shares) {
    const int64_t *row = retention->customers + cohort * retention->size;
    const int32_t month = retention->first_month + (int32_t)cohort;

    response_begin_row(response);
    response_text(response, text_printf(&scope->arena, "%04d-%02d", month / 12, month % 12 + 1));
    if (shares)
        response_int64(response, COLUMN_INTEGER, row[0]);
    for (size_t since = 0; since < shown_months(retention); since++) {
        if (since >= retention_known(retention, cohort) || (shares && row[0] == 0))
            response_null(response);
        else if (shares)
            response_double(response, (double)row[since] / (double)row[0]);
        else
            response_int64(response, COLUMN_INTEGER, row[since]);
    }
    response_end_row(response);
}

static void write_matrix(struct scope *scope, struct response *response, const char *key,
                         const struct retention *retention, bool shares) {
    struct column columns[2 + RETENTION_MONTHS] = {
        {"cohort", "Cohort", COLUMN_TEXT, NULL},
        {"customers", "Customers", COLUMN_INTEGER, NULL},
    };
    const size_t first = shares ? 2 : 1; // month 0 of the counts are the customers

    for (size_t i = 0; i < shown_months(retention); i++)
        columns[first + i] = (struct column){.name = arena_printf(&scope->arena, "month_%zu", i),
                                             .label = arena_printf(&scope->arena, "%zu", i),
                                             .type = shares ? COLUMN_SHARE : COLUMN_INTEGER};
    response_begin_table(response, key, columns, first + shown_months(retention));
    for (size_t cohort = 0; cohort < retention->size; cohort++)
        write_cohort(scope, response, retention, cohort, shares);
    response_end_table(response);
}

static void write_curve(struct response *response, const struct retention *retention) {
    static const struct column columns[] = {
        {"month", "Months since", COLUMN_INTEGER, NULL},
        {"cohorts", "Cohorts", COLUMN_INTEGER, NULL},
        {"customers", "Customers", COLUMN_INTEGER, NULL},
        {"of", "Of", COLUMN_INTEGER, NULL},
        {"share", "Share", COLUMN_SHARE, NULL},
    };

    response_begin_table(response, "curve", columns, sizeof(columns) / sizeof(*columns));
    for (size_t since = 0; since < shown_months(retention); since++) {
        const struct retention_point point = retention_point(retention, since);

        response_begin_row(response);
        response_int64(response, COLUMN_INTEGER, (int64_t)since);
        response_int64(response, COLUMN_INTEGER, (int64_t)point.cohorts);
        response_int64(response, COLUMN_INTEGER, point.customers);
        response_int64(response, COLUMN_INTEGER, point.of);
        if (point.of > 0)
            response_double(response, (double)point.customers / (double)point.of);
        else
            response_null(response);
        response_end_row(response);
    }
    response_end_table(response);
}

static const char definition[] =
    "Known customers by the month (in the business time zone) of their first sale among the "
    "selected"
    " documents; each cell counts those of them with a sale so many months later. Refunds and"
    " adjustments are no purchases. Of a curve, each month takes the cohorts that have come so "
    "far.";

const struct route_parameter retention_cohorts_parameters[] = {
    EXPLANATION_PARAMETER, SELECTION_PARAMETERS, PARAMETERS_END};
const struct route_answer retention_cohorts_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        SELECTION_ANSWER,
        {.name = "counts", ANSWER_TABLE, "customers of each month's newcomers by months since"},
        {.name = "shares", ANSWER_TABLE, "the same as part of all newcomers of the month"},
        {.name = "curve", ANSWER_TABLE, "all cohorts together by months since"},
        EXPLANATION_ANSWER),
};

code retention_http_cohorts(struct scope *scope, const struct request *request,
                            struct response *response) {
    struct selection selection;
    struct retention retention;

    TRY(selection_read(scope, request, &selection));
    TRY(retention_compute(scope, &selection, &retention));
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &selection));
    write_matrix(scope, response, "counts", &retention, false);
    write_matrix(scope, response, "shares", &retention, true);
    write_curve(response, &retention);
    TRY(explanation_write(scope, request, response, &selection, definition, sql_retention_entries));
    json_end_object(&response->writer);
    return OK;
}
