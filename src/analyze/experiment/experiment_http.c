// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/experiment_http.h"

#include "analyze/experiment/sample_size.h"
#include "analyze/experiment/segment_arms.h"
#include "analyze/metric/comparison_http.h"
#include "analyze/metric/selection_http.h"
#include "analyze/run/run_http.h"
#include "govern/audit/audit.h"
#include "store/lake.h"

#include <inttypes.h>

// ---- planning ----

#define NUMBER(field, words)                                                                       \
    { .name = field, .type = PARAMETER_TEXT, .help = words }

const struct route_parameter experiment_sample_parameters[] = {
    NUMBER("baseline", "percent of customers that do it without the treatment"),
    NUMBER("mean", "in place of a baseline: the mean of a figure without the treatment"),
    NUMBER("deviation", "of a mean: the standard deviation between customers"),
    NUMBER("effect", "the smallest change worth knowing, in percent of the baseline or mean"),
    NUMBER("customers", "in place of an effect: customers in each group"),
    NUMBER("per_day", "customers that come into the test each day"),
    NUMBER("power", "percent of such effects that are to be found; otherwise 80"),
    NUMBER("confidence", "of the test, in percent; otherwise 95"),
    NUMBER("groups", "how many, the control included; otherwise 2"),
    NUMBER("outcomes", "how many will be compared; otherwise 1"),
    PARAMETERS_END,
};

const struct route_answer experiment_sample_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "measure", ANSWER_TEXT, "share or mean"},
        {.name = "each", ANSWER_INTEGER, "customers in each group"},
        {.name = "all", ANSWER_INTEGER, "customers in all groups"},
        {.name = "days", ANSWER_NUMBER, "how long that takes", .is_nullable = true},
        {.name = "before", ANSWER_NUMBER, "the share or mean without the treatment"},
        {.name = "difference", ANSWER_NUMBER, "the smallest rise found"},
        {.name = "effect", ANSWER_NUMBER, "the same as a share of what is without it"},
        {.name = "power", ANSWER_NUMBER, "how probable it is to find it"},
        {.name = "level", ANSWER_NUMBER, "of each comparison"},
        {.name = "comparisons", ANSWER_INTEGER, "among which the level is divided"},
        {.name = "reading", ANSWER_TEXT, "what it says in words", .is_list = true},
        {.name = "warnings", ANSWER_TEXT, "when not to trust it", .is_list = true},
        {.name = "curve", ANSWER_TABLE, "the smallest rise found by customers in each group"}),
};

code experiment_http_sample_size(struct scope *scope, const struct request *request,
                                 struct response *response) {
    struct sample_plan plan = sample_plan_usual();

    for (int i = 0; i < SAMPLE_FIELDS; i++)
        if (request_text(request, sample_fields[i].name).size > 0)
            TRY(sample_plan_read(scope, &plan, &sample_fields[i],
                                 request_text(request, sample_fields[i].name)));
    return sample_plan_write(scope, &plan, &response->writer);
}

// ---- segments as arms ----

const struct route_parameter experiment_segments_parameters[] = {
    {.name = "segment",
     .type = PARAMETER_TEXT,
     .help = "two to eight segments, the control first",
     .is_required = true,
     .repeats = true},
    {.name = "division",
     .type = PARAMETER_TEXT,
     .help = "shares that chance was to give them, the control first, as in 50,50; absent: chance "
             "did not make them"},
    SELECTION_PARAMETERS,
    PARAMETERS_END,
};

const struct route_answer experiment_segments_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        SELECTION_ANSWER, COMPARE_ANSWER, {.name = "customers", ANSWER_INTEGER, "in all arms"},
        {.name = "left_out", ANSWER_INTEGER, "customers of several of the segments"},
        {.name = "comparisons", ANSWER_INTEGER, "that p values are corrected for"},
        {.name = "confidence", ANSWER_NUMBER, "of the intervals"},
        {.name = "division_p",
         ANSWER_NUMBER,
         "that the arms were divided as meant",
         .is_nullable = true},
        {.name = "reading", ANSWER_TEXT, "what it says in words", .is_list = true},
        {.name = "warnings", ANSWER_TEXT, "when not to trust it", .is_list = true},
        {.name = "arms", ANSWER_TABLE, "the arms and their customers"},
        {.name = "differences",
         ANSWER_TABLE,
         "of each outcome, arm and way of comparing: how it differs from the control's"}),
};

static code read_arms(struct scope *scope, const struct request *request,
                      struct segment_arms *arms) {
    const struct text division = request_text(request, "division");
    struct text names[TRIAL_ARMS + 1];
    size_t shares;

    arms->count = request_all(request, "segment", names, TRIAL_ARMS + 1);
    if (arms->count < 2 || arms->count > TRIAL_ARMS)
        return scope_fail_field(scope, INVALID, "segment", "two to %d segments are compared",
                                TRIAL_ARMS);
    memcpy(arms->names, names, arms->count * sizeof(*names));
    arms->is_divided = division.size > 0;
    if (!arms->is_divided)
        return OK;
    TRY(trial_division_read(scope, division, arms->division, &shares));
    if (shares != arms->count)
        return scope_fail_field(scope, INVALID, "division", "%zu shares for %zu arms", shares,
                                arms->count);
    return OK;
}

// *ret_last_day is that of the period, *ret_change_id the state of the data.
static code compare(struct scope *scope, const struct request *request, struct response *response,
                    int32_t *ret_last_day, int64_t *ret_change_id) {
    struct segment_arms arms = {0};
    struct selection now, before;
    struct trial trial;

    TRY(read_arms(scope, request, &arms));
    TRY(selection_read(scope, request, &now));
    TRY(lake_watermark(scope, ret_change_id));
    TRY(segment_arms_read(scope, &arms, &now, &trial, &before));
    *ret_last_day = now.to_day;
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &now));
    comparison_write(response, COMPARE_PREVIOUS, &before);
    TRY(trial_write(scope, &trial, &response->writer));
    json_end_object(&response->writer);
    return OK;
}

code experiment_http_segments(struct scope *scope, const struct request *request,
                              struct response *response) {
    int64_t change_id;
    int32_t last_day;

    return compare(scope, request, response, &last_day, &change_id);
}

// ---- comparisons that are kept ----

const struct route_answer experiment_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANALYSIS_SHOW_MEMBERS("what was found, as /api/v1/experiments/segments answers it"),
};

code experiment_http_show(struct scope *scope, const struct request *request,
                          struct response *response) {
    return analysis_http_show(scope, ANALYSIS_EXPERIMENT, request, response);
}

const struct route_answer experiment_keep_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "run", ANSWER_ID, "what was kept"}),
};

static void write_texts(struct json_writer *writer, const char *key, const struct text *texts,
                        size_t count) {
    json_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++)
        json_write_text(writer, texts[i]);
    json_end_array(writer);
}

// What was asked, as it was asked.
static struct text parameters_of(struct scope *scope, const struct request *request) {
    static const char *const names[] = {"division", "from", "to"};
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct text segments[TRIAL_ARMS], filters[SELECTION_FILTERS];
    const size_t arms = request_all(request, "segment", segments, TRIAL_ARMS);
    const size_t count = request_all(request, "filter", filters, SELECTION_FILTERS);
    struct json_writer writer;

    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    write_texts(&writer, "segments", segments, arms);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        json_key(&writer, names[i]);
        json_write_text(&writer, request_text(request, names[i]));
    }
    write_texts(&writer, "filters", filters, count);
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&text));
}

code experiment_http_keep(struct scope *scope, const struct request *request,
                          struct response *response) {
    CLEANUP(response_clear) struct response compared;
    const struct analysis_scores nobody = {0};
    struct analysis_run run = {.kind = ANALYSIS_EXPERIMENT, .version = EXPERIMENT_VERSION};

    response_init(&compared);
    TRY(compare(scope, request, &compared, &run.as_of_day, &run.change_id));
    run.parameters = parameters_of(scope, request);
    run.result = text_copy(&scope->arena, buffer_text(&compared.body));
    TRY(analysis_run_keep(scope, &run, &nobody));
    TRY(audit_append(scope, "experiment.keep", text_printf(&scope->arena, "run %" PRId64, run.id),
                     TEXT("{}")));
    json_begin_object(&response->writer);
    json_key(&response->writer, "run");
    response_int64(response, COLUMN_ID, run.id);
    json_end_object(&response->writer);
    return OK;
}

static const struct column kept_columns[] = {
    {"run", "Run", COLUMN_ID, NULL},           {"ran_at", "At", COLUMN_INSTANT, NULL},
    {"segments", "Groups", COLUMN_TEXT, NULL}, {"from", "From", COLUMN_TEXT, NULL},
    {"to", "To", COLUMN_TEXT, NULL},           {"actor", "By", COLUMN_TEXT, NULL},
};

static struct text segments_of(struct scope *scope, const struct json *parameters) {
    CLEANUP(buffer_clear) struct buffer text = {0};

    for (const struct json *name = json_member(parameters, "segments")->first; name != NULL;
         name = name->next)
        buffer_printf(&text, "%s%.*s", text.size > 0 ? ", " : "", TEXT_ARG(name->string));
    return text_copy(&scope->arena, buffer_text(&text));
}

// Rows of the list have no parameters: each run is looked up for them.
static code write_kept(struct scope *scope, struct response *response, int64_t id) {
    struct analysis_run run;
    struct json *parameters;

    TRY(analysis_run_find(scope, ANALYSIS_EXPERIMENT, id, &run));
    TRY(json_parse_own(scope, run.parameters, &parameters));
    response_begin_row(response);
    response_int64(response, COLUMN_ID, run.id);
    response_int64(response, COLUMN_INSTANT, run.created_at_us);
    response_text(response, segments_of(scope, parameters));
    response_text(response, json_member(parameters, "from")->string);
    response_text(response, json_member(parameters, "to")->string);
    response_text(response, run.actor);
    response_end_row(response);
    return OK;
}

code experiment_http_runs(struct scope *scope, const struct request *request,
                          struct response *response) {
    const int64_t limit = request_integer(request, "limit");
    struct analysis_run *runs;
    int64_t after;
    size_t count;

    TRY(request_int64(scope, request, "after", 0, INT64_MAX, 0, &after));
    TRY(analysis_run_list(scope, ANALYSIS_EXPERIMENT, after, limit + 1, &runs, &count));
    response_begin_table(response, NULL, kept_columns,
                         sizeof(kept_columns) / sizeof(*kept_columns));
    for (size_t i = 0; i < count && i < (size_t)limit; i++)
        TRY(write_kept(scope, response, runs[i].id));
    response_end_page(response, count > (size_t)limit ? runs[limit - 1].id : 0);
    return OK;
}
