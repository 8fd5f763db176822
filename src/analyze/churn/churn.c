// SPDX-License-Identifier: Apache-2.0
// Nothing is left to chance, so a run has no seed.
#include "analyze/churn/churn.h"

#include "analyze/kernel/parallel.h"
#include "analyze/lifetime_value/purchase_record.h"
#include "analyze/run/run.h"
#include "base/progress.h"
#include "base/time.h"
#include "store/job.h"
#include "store/lake.h"

#include <inttypes.h>

// ---- options ----

static const char *const choices[] = {
    [CHURN_BEST] = "best", [CHURN_LOGISTIC] = "logistic", [CHURN_TREES] = "trees", NULL};

#define AT(member) offsetof(struct churn_request, member)
const struct json_field churn_fields[CHURN_FIELDS] = {
    {"as_of", JSON_FIELD_TEXT, AT(as_of), false, NULL,
     "the last day that counts; otherwise that of the last sale"},
    {"horizon_days", JSON_FIELD_INT64, AT(horizon_days), false, NULL,
     "who buys nothing within so many days has left; 90 when nothing is said"},
    {"active_days", JSON_FIELD_INT64, AT(active_days), false, NULL,
     "who bought within so many days is a customer still; 365 when nothing is said"},
    {"model", JSON_FIELD_ENUM, AT(model), false, choices,
     "the model to use; best: the one that forecast best when nothing is said"},
};
#undef AT

struct churn_options churn_default_options(void) {
    return (struct churn_options){
        .as_of_day = CHURN_LAST_DAY, .horizon_days = 90, .active_days = 365};
}

code churn_read_options(struct scope *scope, const struct json *object,
                        struct churn_options *ret_options) {
    struct churn_options options = churn_default_options();
    struct churn_request request = {.horizon_days = options.horizon_days,
                                    .active_days = options.active_days};

    if (object != NULL)
        TRY(json_read_record(scope, object, churn_fields, CHURN_FIELDS, &request));
    if (request.horizon_days < 7 || request.horizon_days > 730)
        return scope_fail_field(scope, INVALID, "horizon_days", "%" PRId64 " days are not 7 to 730",
                                request.horizon_days);
    if (request.active_days < 7 || request.active_days > 3650)
        return scope_fail_field(scope, INVALID, "active_days", "%" PRId64 " days are not 7 to 3650",
                                request.active_days);
    if (request.as_of.size > 0 && !day_parse(request.as_of, DATE_ORDER_YMD, &options.as_of_day))
        return scope_fail_field(scope, INVALID, "as_of", "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(request.as_of));
    options.horizon_days = request.horizon_days;
    options.active_days = request.active_days;
    options.model = (enum churn_choice)request.model;
    *ret_options = options;
    return OK;
}

static struct text options_json(struct scope *scope, const struct churn_options *options) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct churn_request request = {.horizon_days = options->horizon_days,
                                    .active_days = options->active_days,
                                    .model = (int)options->model};
    struct json_writer writer;
    char day[TIME_TEXT_SIZE];

    if (options->as_of_day != CHURN_LAST_DAY)
        request.as_of = text_of(day_format(options->as_of_day, day));
    json_writer_init(&writer, &text);
    json_write_record(&writer, churn_fields, CHURN_FIELDS, &request);
    return text_copy(&scope->arena, buffer_text(&text));
}

code churn_start(struct scope *scope, const struct churn_options *options, int64_t *ret_job_id) {
    return job_create(scope, "churn", TEXT("estimate who will leave"), options_json(scope, options),
                      ret_job_id);
}

void churn_clear(struct churn *churn) {
    churn_model_clear(&churn->model);
}

// ---- the job ----

static code choose_days(struct scope *scope, struct churn *churn) {
    struct text currency;
    int32_t last_day = 0;
    int64_t count = 0;

    TRY(purchase_span(scope, &churn->first_day, &last_day, &count));
    churn->end_day =
        churn->options.as_of_day == CHURN_LAST_DAY ? last_day : churn->options.as_of_day;
    if (count == 0 || churn->end_day < churn->first_day) {
        scope_fail(scope, INVALID, "no known customer has bought anything%s",
                   count > 0 ? " by that day" : "");
        return scope_hint(scope, "import receipts that name customers");
    }
    // Of a day after the last sale nobody bought anything: that is not known, nothing was
    // delivered.
    if (churn->end_day > last_day)
        churn->end_day = last_day;
    TRY(purchase_currency(scope, churn->end_day, &currency));
    TRY(churn_buyers_count(scope, churn->end_day, &churn->buyers));
    churn->stride = (churn->buyers + CHURN_SAMPLE_MOST - 1) / CHURN_SAMPLE_MOST;
    return OK;
}

static code keep(struct scope *scope, const struct churn *churn, int64_t job_id,
                 struct analysis_run *run) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    const struct analysis_scores scores = {
        .count = churn->count,
        .customers = churn->customers,
        .value_count = 5,
        .values = {churn->scores[0], churn->scores[1], churn->scores[2], churn->scores[3],
                   churn->scores[4]},
    };
    struct json_writer writer;

    json_writer_init(&writer, &text);
    churn_write(scope, &writer, churn);
    *run = (struct analysis_run){
        .kind = ANALYSIS_CHURN,
        .version = CHURN_VERSION,
        .as_of_day = churn->end_day,
        .change_id = churn->change_id,
        .parameters = options_json(scope, &churn->options),
        .result = text_copy(&scope->arena, buffer_text(&text)),
        .job_id = job_id,
    };
    return analysis_run_keep(scope, run, &scores);
}

// Customers are read for each month that is tried.
static code work_out(struct scope *scope, struct churn *churn, int threads) {
    TRY(choose_days(scope, churn));
    TRY(churn_backtest(scope, churn, threads));
    return churn->is_usable ? churn_score(scope, churn, threads) : OK;
}

code churn_run(struct scope *scope, int64_t job_id, const struct json *parameters,
               struct json_writer *result) {
    const int threads = parallel_threads(0);
    CLEANUP(churn_clear) struct churn churn = {0};
    struct analysis_run run;

    TRY(churn_read_options(scope, parameters, &churn.options));
    TRY(lake_snapshot_begin(scope, &churn.change_id));
    TRY(lake_snapshot_end(scope, work_out(scope, &churn, threads)));
    TRY(keep(scope, &churn, job_id, &run));
    json_begin_object(result);
    json_key(result, "run_id");
    json_write_text(result, text_printf(&scope->arena, "%" PRId64, run.id));
    json_key(result, "customers");
    json_write_int64(result, run.customer_count);
    json_key(result, "usable");
    json_write_bool(result, churn.is_usable);
    json_end_object(result);
    return OK;
}
