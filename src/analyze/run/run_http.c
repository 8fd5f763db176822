// SPDX-License-Identifier: Apache-2.0
#include "analyze/run/run_http.h"

#include "govern/audit/audit.h"

#include <inttypes.h>

const struct route_parameter analysis_show_parameters[] = {
    {.name = "run", PARAMETER_INTEGER, "an earlier run, by id", .maximum = INT64_MAX},
    PARAMETERS_END,
};
const struct route_parameter analysis_runs_parameters[] = {PARAMETER_LIMIT("50"), PARAMETER_AFTER,
                                                           PARAMETERS_END};

static code find_run(struct scope *scope, enum analysis_kind kind, const struct request *request,
                     struct analysis_run *run, bool *ret_found) {
    int64_t id;

    TRY(request_int64(scope, request, "run", 1, INT64_MAX, 0, &id));
    if (id == 0)
        return analysis_run_latest(scope, kind, run, ret_found);
    TRY(analysis_run_find(scope, kind, id, run));
    *ret_found = true;
    return OK;
}

static code write_run(struct scope *scope, struct response *response,
                      const struct analysis_run *run) {
    struct json_writer *writer = &response->writer;
    struct json *result;

    TRY(json_parse_own(scope, run->result, &result));
    json_key(writer, "run");
    response_int64(response, COLUMN_ID, run->id);
    json_key(writer, "ran_at");
    response_int64(response, COLUMN_INSTANT, run->created_at_us);
    json_key(writer, "change_id");
    response_int64(response, COLUMN_ID, run->change_id);
    json_key(writer, "version");
    json_write_int64(writer, run->version);
    json_key(writer, "result");
    json_write(writer, result);
    return OK;
}

code analysis_http_show(struct scope *scope, enum analysis_kind kind, const struct request *request,
                        struct response *response) {
    struct analysis_run run;
    bool found;

    TRY(find_run(scope, kind, request, &run, &found));
    json_begin_object(&response->writer);
    if (found)
        TRY(write_run(scope, response, &run));
    else {
        json_key(&response->writer, "run");
        json_write_null(&response->writer);
        json_key(&response->writer, "result");
        json_write_null(&response->writer);
    }
    json_end_object(&response->writer);
    return OK;
}

static const struct column run_columns[] = {
    {"run", "Run", COLUMN_ID, NULL},        {"ran_at", "At", COLUMN_INSTANT, NULL},
    {"as_of", "As of", COLUMN_DAY, NULL},   {"customers", "Customers", COLUMN_INTEGER, NULL},
    {"actor", "By", COLUMN_TEXT, NULL},     {"job_id", "Job", COLUMN_ID, NULL},
    {"change_id", "Data", COLUMN_ID, NULL},
};

static void write_run_row(struct response *response, const struct analysis_run *run) {
    response_begin_row(response);
    response_int64(response, COLUMN_ID, run->id);
    response_int64(response, COLUMN_INSTANT, run->created_at_us);
    response_int64(response, COLUMN_DAY, run->as_of_day);
    response_int64(response, COLUMN_INTEGER, run->customer_count);
    response_text(response, run->actor);
    response_int64(response, COLUMN_ID, run->job_id);
    response_int64(response, COLUMN_ID, run->change_id);
    response_end_row(response);
}

code analysis_http_runs(struct scope *scope, enum analysis_kind kind, const struct request *request,
                        struct response *response) {
    const int64_t limit = request_integer(request, "limit");
    struct analysis_run *runs;
    int64_t after;
    size_t count;

    TRY(request_int64(scope, request, "after", 0, INT64_MAX, 0, &after));
    TRY(analysis_run_list(scope, kind, after, limit + 1, &runs, &count));
    response_begin_table(response, NULL, run_columns, sizeof(run_columns) / sizeof(*run_columns));
    for (size_t i = 0; i < count && i < (size_t)limit; i++)
        write_run_row(response, &runs[i]);
    response_end_page(response, count > (size_t)limit ? runs[limit - 1].id : 0);
    return OK;
}

code analysis_http_started(struct scope *scope, const char *action, int64_t job_id,
                           struct response *response) {
    TRY(audit_append(scope, action, text_printf(&scope->arena, "job %" PRId64, job_id),
                     TEXT("{}")));
    json_begin_object(&response->writer);
    json_key(&response->writer, "job_id");
    response_int64(response, COLUMN_ID, job_id);
    json_end_object(&response->writer);
    return OK;
}
