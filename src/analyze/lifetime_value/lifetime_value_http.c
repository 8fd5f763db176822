// SPDX-License-Identifier: Apache-2.0
#include "analyze/lifetime_value/lifetime_value_http.h"

#include "analyze/lifetime_value/lifetime_value.h"
#include "analyze/run/run_http.h"
#include "lifetime_value_sql.h"
#include "store/lake.h"

#include <inttypes.h>

// ---- a run ----

const struct route_answer lifetime_value_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANALYSIS_SHOW_MEMBERS(
        "what was found: figures, and the tables by_repeats and by_day (expected beside actual in "
        "the hold-out), alive, tenths, models, parameters; warnings say when not to trust it"),
};

code lifetime_value_http_show(struct scope *scope, const struct request *request,
                              struct response *response) {
    return analysis_http_show(scope, ANALYSIS_LIFETIME_VALUE, request, response);
}

// ---- customers ----

const struct route_parameter lifetime_value_customers_parameters[] = {
    {.name = "customer", PARAMETER_INTEGER, "only this customer, by id", .maximum = INT64_MAX},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_answer lifetime_value_customers_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "list", ANSWER_TABLE, "customers, the most valuable first"},
                              ANSWER_NEXT),
};

static code list_currency(struct scope *scope, const char **ret_unit) {
    struct analysis_run run;
    struct json *result;
    bool found;

    *ret_unit = NULL;
    TRY(analysis_run_latest(scope, ANALYSIS_LIFETIME_VALUE, &run, &found));
    if (!found)
        return OK;
    TRY(json_parse_own(scope, run.result, &result));
    *ret_unit = text_string(&scope->arena,
                            json_scalar_text(&scope->arena, json_member(result, "currency")));
    return OK;
}

static void write_customer(struct response *response, const struct rows *rows) {
    response_begin_row(response);
    response_cell(response, COLUMN_ID, rows, 0);
    response_cell(response, COLUMN_TEXT, rows, 1);
    response_cell(response, COLUMN_SHARE, rows, 2);
    response_cell(response, COLUMN_NUMBER, rows, 3);
    response_cell(response, COLUMN_MONEY, rows, 4);
    response_cell(response, COLUMN_MONEY, rows, 5);
    response_end_row(response);
}

static code query_customers(struct scope *scope, int64_t customer, int64_t after, int64_t limit,
                            struct rows **ret_rows) {
    TRY(lake_refresh(scope));
    if (customer > 0)
        return lake_query(scope, sql_lifetime_value_customer, BINDS(BIND_INT64(customer)),
                          ret_rows);
    return lake_query(scope, sql_lifetime_value_customers,
                      BINDS(BIND_INT64(after), BIND_INT64(limit + 1)), ret_rows);
}

code lifetime_value_http_customers(struct scope *scope, const struct request *request,
                                   struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    int64_t after, customer, count = 0;
    const char *unit;

    TRY(request_int64(scope, request, "customer", 1, INT64_MAX, 0, &customer));
    TRY(request_int64(scope, request, "after", 0, 1000000000, 0, &after));
    TRY(list_currency(scope, &unit));
    TRY(query_customers(scope, customer, after, limit, &rows));
    const struct column columns[] = {
        {"customer", "Customer", COLUMN_ID, NULL},
        {"number", "Number", COLUMN_TEXT, NULL},
        {"alive", "Alive", COLUMN_SHARE, NULL},
        {"purchases", "Expected purchases", COLUMN_NUMBER, NULL},
        {"spend", "Expected spend", COLUMN_MONEY, unit},
        {"value", "Value", COLUMN_MONEY, unit},
    };

    json_begin_object(&response->writer);
    response_begin_table(response, "list", columns, sizeof(columns) / sizeof(*columns));
    while (count < limit && rows_next(rows)) {
        write_customer(response, rows);
        count++;
    }
    response_end_table(response);
    if (count == limit && rows_next(rows)) {
        json_key(&response->writer, "next");
        json_write_text(&response->writer, text_printf(&scope->arena, "%" PRId64, after + limit));
    }
    TRY(rows_end(rows));
    json_end_object(&response->writer);
    return OK;
}

// ---- runs ----

code lifetime_value_http_runs(struct scope *scope, const struct request *request,
                              struct response *response) {
    return analysis_http_runs(scope, ANALYSIS_LIFETIME_VALUE, request, response);
}

const struct route_body lifetime_value_start_body = {
    .fields = lifetime_value_fields,
    .field_count = LIFETIME_VALUE_FIELDS,
    .is_optional = true,
};

code lifetime_value_http_start(struct scope *scope, const struct request *request,
                               struct response *response) {
    struct lifetime_value_options options;
    int64_t job_id;

    TRY(lifetime_value_read_options(scope, request->body, &options));
    TRY(lifetime_value_start(scope, &options, &job_id));
    return analysis_http_started(scope, "lifetime_value.run", job_id, response);
}
