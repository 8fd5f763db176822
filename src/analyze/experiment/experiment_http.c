// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/experiment_http.h"

#include "analyze/experiment/sample_size.h"
#include "analyze/experiment/segment_arms.h"
#include "analyze/metric/comparison_http.h"
#include "analyze/metric/selection_http.h"

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

code experiment_http_segments(struct scope *scope, const struct request *request,
                              struct response *response) {
    struct segment_arms arms = {0};
    struct selection now, before;
    struct trial trial;

    TRY(read_arms(scope, request, &arms));
    TRY(selection_read(scope, request, &now));
    TRY(segment_arms_read(scope, &arms, &now, &trial, &before));
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &now));
    comparison_write(response, COMPARE_PREVIOUS, &before);
    TRY(trial_write(scope, &trial, &response->writer));
    json_end_object(&response->writer);
    return OK;
}
