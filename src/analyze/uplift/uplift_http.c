// SPDX-License-Identifier: Apache-2.0
#include "analyze/uplift/uplift_http.h"

#include "analyze/run/run_http.h"
#include "analyze/uplift/uplift_run.h"
#include "store/lake.h"
#include "uplift_sql.h"

#include <inttypes.h>

// ---- runs ----

const struct route_answer uplift_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANALYSIS_SHOW_MEMBERS(
        "what was found: figures, the tables methods, curve (the Qini curve, and the difference "
        "among those ranked first) and tenths of today; usable says whether customers were scored, "
        "reading what it says in words, warnings when not to trust it"),
};

code uplift_http_show(struct scope *scope, const struct request *request,
                      struct response *response) {
    return analysis_http_show(scope, ANALYSIS_UPLIFT, request, response);
}

code uplift_http_runs(struct scope *scope, const struct request *request,
                      struct response *response) {
    return analysis_http_runs(scope, ANALYSIS_UPLIFT, request, response);
}

const struct route_body uplift_start_body = {.fields = uplift_fields, .field_count = UPLIFT_FIELDS};

code uplift_http_start(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct uplift_options options;
    int64_t job_id;

    TRY(uplift_read_options(scope, request->body, &options));
    TRY(uplift_start(scope, &options, &job_id));
    return analysis_http_started(scope, "uplift.run", job_id, response);
}

// ---- customers ----

const struct route_parameter uplift_customers_parameters[] = {
    {.name = "customer", PARAMETER_INTEGER, "only this customer, by id", .maximum = INT64_MAX},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_answer uplift_customers_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "list", ANSWER_TABLE, "customers, those whom the treatment moves most first"},
        ANSWER_NEXT),
};

static void write_customer(struct response *response, const struct rows *rows) {
    response_begin_row(response);
    response_cell(response, COLUMN_ID, rows, 0);
    response_cell(response, COLUMN_TEXT, rows, 1);
    response_cell(response, COLUMN_SHARE, rows, 2);
    response_cell(response, COLUMN_SHARE, rows, 3);
    response_cell(response, COLUMN_SHARE, rows, 4);
    response_cell(response, COLUMN_MONEY, rows, 5);
    response_end_row(response);
}

static code query_customers(struct scope *scope, int64_t customer, int64_t after, int64_t limit,
                            struct rows **ret_rows) {
    TRY(lake_refresh(scope));
    if (customer > 0)
        return lake_query(scope, sql_uplift_customer, BINDS(BIND_INT64(customer)), ret_rows);
    return lake_query(scope, sql_uplift_customers, BINDS(BIND_INT64(after), BIND_INT64(limit + 1)),
                      ret_rows);
}

code uplift_http_customers(struct scope *scope, const struct request *request,
                           struct response *response) {
    static const struct column columns[] = {
        {"customer", "Customer", COLUMN_ID, NULL},
        {"number", "Number", COLUMN_TEXT, NULL},
        {"uplift", "Difference it makes", COLUMN_SHARE, NULL},
        {"rank", "Moved as much or more", COLUMN_SHARE, NULL},
        {"churn", "Leaves", COLUMN_SHARE, NULL},
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
    for (; count < limit && rows_next(rows); count++)
        write_customer(response, rows);
    response_end_table(response);
    if (count == limit && rows_next(rows)) {
        json_key(&response->writer, "next");
        json_write_text(&response->writer, text_printf(&scope->arena, "%" PRId64, after + limit));
    }
    TRY(rows_end(rows));
    json_end_object(&response->writer);
    return OK;
}
