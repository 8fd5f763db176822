// SPDX-License-Identifier: Apache-2.0
#include "analyze/regression/regression_http.h"

#include "analyze/regression/regression.h"
#include "analyze/run/run_http.h"

const struct route_answer regression_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANALYSIS_SHOW_MEMBERS(
        "what was found: figures of the fit and its residuals, and the tables coefficients, terms, "
        "correlations, influential, sample (rows at equal distances) and quantiles; reading says "
        "it in words, warnings when not to trust it"),
};

code regression_http_show(struct scope *scope, const struct request *request,
                          struct response *response) {
    return analysis_http_show(scope, ANALYSIS_REGRESSION, request, response);
}

code regression_http_runs(struct scope *scope, const struct request *request,
                          struct response *response) {
    return analysis_http_runs(scope, ANALYSIS_REGRESSION, request, response);
}

// ---- what can be asked about ----

static const struct column field_columns[] = {
    {"of", "Of", COLUMN_TEXT, NULL},           {"name", "Name", COLUMN_TEXT, NULL},
    {"label", "Label", COLUMN_TEXT, NULL},     {"number", "Number", COLUMN_BOOL, NULL},
    {"outcome", "Outcome", COLUMN_BOOL, NULL}, {"driver", "Driver", COLUMN_BOOL, NULL},
    {"meaning", "Meaning", COLUMN_TEXT, NULL},
};

static void write_field(struct response *response, enum regression_unit unit,
                        const struct regression_field *field) {
    response_begin_row(response);
    response_text(response, text_of(regression_units[unit]));
    response_text(response, text_of(field->name));
    response_text(response, text_of(field->label));
    response_int64(response, COLUMN_BOOL, regression_is_number(field));
    response_int64(response, COLUMN_BOOL, field->can_be_outcome);
    response_int64(response, COLUMN_BOOL, field->can_be_driver);
    response_text(response, text_of(field->help));
    response_end_row(response);
}

code regression_http_fields(struct scope *scope, const struct request *request,
                            struct response *response) {
    (void)scope;
    (void)request;
    response_begin_table(response, NULL, field_columns,
                         sizeof(field_columns) / sizeof(*field_columns));
    for (int unit = 0; regression_units[unit]; unit++)
        for (size_t i = 0; i < regression_field_count((enum regression_unit)unit); i++)
            write_field(response, (enum regression_unit)unit,
                        regression_field_at((enum regression_unit)unit, i));
    response_end_table(response);
    return OK;
}

// ---- a run ----

const struct route_body regression_start_body = {
    .fields = regression_request_fields,
    .field_count = REGRESSION_FIELDS,
    .is_optional = true,
};

code regression_http_start(struct scope *scope, const struct request *request,
                           struct response *response) {
    struct regression_options options;
    int64_t job_id;

    TRY(regression_read_options(scope, request->body, &options));
    TRY(regression_start(scope, &options, &job_id));
    return analysis_http_started(scope, "regression.run", job_id, response);
}
