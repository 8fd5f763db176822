// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/sample_http.h"

#include "base/time.h"
#include "govern/audit/audit.h"
#include "plug/sample/sample_job.h"

struct wanted {
    int64_t customers, lines, seed, years;
    struct text last_day;
};

#define AT(member) offsetof(struct wanted, member)
static const struct json_field fields[] = {
    {"customers", JSON_FIELD_INT64, AT(customers), false, NULL,
     "registered customers; 10,000 when nothing is said"},
    {"lines", JSON_FIELD_INT64, AT(lines), false, NULL,
     "lines of receipts, within a few percent; otherwise twelve per customer and year"},
    {"years", JSON_FIELD_INT64, AT(years), false, NULL,
     "years that the files cover; 3 when nothing is said"},
    {"last_day", JSON_FIELD_TEXT, AT(last_day), false, NULL,
     "the last of their days; otherwise yesterday"},
    {"seed", JSON_FIELD_INT64, AT(seed), false, NULL,
     "another number makes another company; 1 when nothing is said"},
};
#undef AT
enum { FIELD_COUNT = sizeof(fields) / sizeof(*fields) };

const struct route_body sample_start_body = {
    .fields = fields,
    .field_count = FIELD_COUNT,
    .is_optional = true,
};

static code read_options(struct scope *scope, const struct request *request,
                         struct sample_options *options) {
    struct wanted wanted = {.seed = (int64_t)options->seed, .years = options->years};

    if (request->body)
        TRY(json_read_record(scope, request->body, fields, FIELD_COUNT, &wanted));
    if (wanted.years < 1 || wanted.years > SAMPLE_YEARS_MAXIMUM)
        return scope_fail_field(scope, INVALID, "years", "%lld years are not 1 to %d",
                                (long long)wanted.years, SAMPLE_YEARS_MAXIMUM);
    if (wanted.last_day.size > 0 && !day_parse(wanted.last_day, DATE_ORDER_YMD, &options->last_day))
        return scope_fail_field(scope, INVALID, "last_day", "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(wanted.last_day));
    options->customers = wanted.customers;
    options->lines = wanted.lines;
    options->seed = (uint64_t)wanted.seed;
    options->years = (int)wanted.years;
    return OK;
}

code sample_http_start(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct sample_options options = sample_default_options(scope);
    int64_t job_id;

    TRY(read_options(scope, request, &options));
    TRY(sample_start(scope, &options, &job_id));
    TRY(audit_append(scope, "sample.start",
                     text_printf(&scope->arena, "job %lld", (long long)job_id), TEXT("{}")));
    json_begin_object(&response->writer);
    json_key(&response->writer, "job_id");
    response_int64(response, COLUMN_ID, job_id);
    json_end_object(&response->writer);
    return OK;
}
