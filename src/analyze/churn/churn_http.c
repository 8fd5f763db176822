// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/churn_http.h"

#include "analyze/churn/churn.h"
#include "analyze/run/run_http.h"
#include "churn_sql.h"
#include "store/lake.h"

#include <inttypes.h>

// ---- runs ----

const struct route_answer churn_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANALYSIS_SHOW_MEMBERS(
        "what was found: figures, and the tables calibration, lift, models and months of the "
        "back-test, drivers and bands of today; usable says whether customers were scored, refusal "
        "why not, warnings when not to trust it"),
};

code churn_http_show(struct scope *scope, const struct request *request,
                     struct response *response) {
    return analysis_http_show(scope, ANALYSIS_CHURN, request, response);
}

code churn_http_runs(struct scope *scope, const struct request *request,
                     struct response *response) {
    return analysis_http_runs(scope, ANALYSIS_CHURN, request, response);
}

const struct route_body churn_start_body = {
    .fields = churn_fields, .field_count = CHURN_FIELDS, .is_optional = true};

code churn_http_start(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct churn_options options;
    int64_t job_id;

    TRY(churn_read_options(scope, request->body, &options));
    TRY(churn_start(scope, &options, &job_id));
    return analysis_http_started(scope, "churn.run", job_id, response);
}

// ---- customers ----

const struct route_parameter churn_customers_parameters[] = {
    {.name = "customer", PARAMETER_INTEGER, "only this customer, by id", .maximum = INT64_MAX},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_answer churn_customers_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "list", ANSWER_TABLE, "customers, the likeliest to leave first"}, ANSWER_NEXT),
};

static const char *driver_label(struct text name) {
    for (size_t i = 0; i < CHURN_FEATURES; i++)
        if (text_is(name, churn_feature_names[i].name))
            return churn_feature_names[i].label;
    return "";
}

static void write_driver(struct response *response, const struct rows *rows, size_t column) {
    response_text(response, text_of(driver_label(rows_text(rows, column))));
    response_cell(response, COLUMN_NUMBER, rows, column + 1);
}

static void write_customer(struct response *response, const struct rows *rows) {
    response_begin_row(response);
    response_cell(response, COLUMN_ID, rows, 0);
    response_cell(response, COLUMN_TEXT, rows, 1);
    response_cell(response, COLUMN_SHARE, rows, 2);
    write_driver(response, rows, 3);
    write_driver(response, rows, 5);
    response_cell(response, COLUMN_MONEY, rows, 7);
    response_end_row(response);
}

static code query_customers(struct scope *scope, int64_t customer, int64_t after, int64_t limit,
                            struct rows **ret_rows) {
    TRY(lake_refresh(scope));
    if (customer > 0)
        return lake_query(scope, sql_churn_customer, BINDS(BIND_INT64(customer)), ret_rows);
    return lake_query(scope, sql_churn_customers, BINDS(BIND_INT64(after), BIND_INT64(limit + 1)),
                      ret_rows);
}

code churn_http_customers(struct scope *scope, const struct request *request,
                          struct response *response) {
    static const struct column columns[] = {
        {"customer", "Customer", COLUMN_ID, NULL},
        {"number", "Number", COLUMN_TEXT, NULL},
        {"probability", "Leaves", COLUMN_SHARE, NULL},
        {"driver_1", "Moved most by", COLUMN_TEXT, NULL},
        {"effect_1", "Its effect", COLUMN_NUMBER, "log-odds"},
        {"driver_2", "Moved next by", COLUMN_TEXT, NULL},
        {"effect_2", "Its effect", COLUMN_NUMBER, "log-odds"},
        {"value", "Lifetime value", COLUMN_MONEY, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    int64_t after, customer, count = 0;

    TRY(request_int64(scope, request, "customer", 1, INT64_MAX, 0, &customer));
    TRY(request_int64(scope, request, "after", 0, 1000000000, 0, &after));
    TRY(query_customers(scope, customer, after, limit, &rows));
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
