// SPDX-License-Identifier: Apache-2.0
// Time is in weeks, or in opportunities to buy. Nothing is left to chance, so a run has no seed.
#include "analyze/lifetime_value/lifetime_value.h"

#include "analyze/kernel/parallel.h"
#include "analyze/lifetime_value/gamma_gamma_kernel.h"
#include "analyze/run/run.h"
#include "base/progress.h"
#include "base/time.h"
#include "store/job.h"
#include "store/lake.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double days_per_week = 7;
static const double days_per_month = 365.25 / 12;

// ---- options ----

// In the order of purchase_models.
static const char *const model_choices[] = {"best",  "bg_nbd",   "mbg_nbd", "pareto_nbd",
                                            "bg_bb", "contract", NULL};

#define AT(member) offsetof(struct lifetime_value_request, member)
const struct json_field lifetime_value_fields[LIFETIME_VALUE_FIELDS] = {
    {"as_of", JSON_FIELD_TEXT, AT(as_of), false, NULL,
     "the last day whose sales count; otherwise that of the last sale"},
    {"hold_out_days", JSON_FIELD_INT64, AT(hold_out_days), false, NULL,
     "days at the end on which models are measured; otherwise a third of all"},
    {"horizon_months", JSON_FIELD_INT64, AT(horizon_months), false, NULL,
     "months ahead that value is counted for; 12 when nothing is said"},
    {"discount_percent", JSON_FIELD_DOUBLE, AT(discount_percent), false, NULL,
     "what money a year later is worth less; 10 when nothing is said"},
    {"margin_percent", JSON_FIELD_DOUBLE, AT(margin_percent), false, NULL,
     "what remains of the gross amount; 100 when nothing is said"},
    {"model", JSON_FIELD_ENUM, AT(model), false, model_choices,
     "the model to use; best: the one that forecasts the hold-out best when nothing is said; bg_bb "
     "and contract count opportunities"},
    {"opportunity_days", JSON_FIELD_INT64, AT(opportunity_days), false, NULL,
     "days that an opportunity to buy lasts, where trade has such: a weekly market 7, a monthly "
     "fee 31, a yearly appeal 366; all purchases at one count as one. 0 when nothing is said: "
     "none"},
};
#undef AT

struct lifetime_value_options lifetime_value_default_options(void) {
    return (struct lifetime_value_options){.as_of_day = LIFETIME_VALUE_LAST_DAY,
                                           .horizon_months = 12,
                                           .discount_percent = 10,
                                           .margin_percent = 100};
}

enum { OPPORTUNITY_DAYS_LEAST = 7, OPPORTUNITY_DAYS_MOST = 366 };

static code check_request(struct scope *scope, const struct lifetime_value_request *request) {
    if (request->hold_out_days < 0 || request->hold_out_days > 36500)
        return scope_fail_field(scope, INVALID, "hold_out_days",
                                "%" PRId64 " days are not 0 to 36500", request->hold_out_days);
    if (request->horizon_months < 1 || request->horizon_months > LIFETIME_VALUE_MONTHS_MOST)
        return scope_fail_field(scope, INVALID, "horizon_months",
                                "%" PRId64 " months are not 1 to %d", request->horizon_months,
                                LIFETIME_VALUE_MONTHS_MOST);
    if (!(request->discount_percent >= 0 && request->discount_percent <= 100))
        return scope_fail_field(scope, INVALID, "discount_percent",
                                "a discount of %g percent is not 0 to 100",
                                request->discount_percent);
    if (!(request->margin_percent > 0 && request->margin_percent <= 100))
        return scope_fail_field(scope, INVALID, "margin_percent",
                                "a margin of %g percent is not above 0, to 100",
                                request->margin_percent);
    if (request->opportunity_days != 0 && (request->opportunity_days < OPPORTUNITY_DAYS_LEAST ||
                                           request->opportunity_days > OPPORTUNITY_DAYS_MOST))
        return scope_fail_field(scope, INVALID, "opportunity_days",
                                "%" PRId64 " days are not %d to %d", request->opportunity_days,
                                OPPORTUNITY_DAYS_LEAST, OPPORTUNITY_DAYS_MOST);
    if (request->opportunity_days == 0 && request->model > 0 &&
        purchase_models[request->model - 1].is_discrete)
        return scope_fail_field(scope, INVALID, "opportunity_days",
                                "%s counts opportunities to buy: say how many days one lasts",
                                purchase_models[request->model - 1].label);
    return OK;
}

code lifetime_value_read_options(struct scope *scope, const struct json *object,
                                 struct lifetime_value_options *ret_options) {
    struct lifetime_value_options options = lifetime_value_default_options();
    struct lifetime_value_request request = {.horizon_months = options.horizon_months,
                                             .discount_percent = options.discount_percent,
                                             .margin_percent = options.margin_percent};

    if (object != NULL)
        TRY(json_read_record(scope, object, lifetime_value_fields, LIFETIME_VALUE_FIELDS,
                             &request));
    TRY(check_request(scope, &request));
    if (request.as_of.size > 0 && !day_parse(request.as_of, DATE_ORDER_YMD, &options.as_of_day))
        return scope_fail_field(scope, INVALID, "as_of", "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(request.as_of));
    options.hold_out_days = request.hold_out_days;
    options.horizon_months = request.horizon_months;
    options.discount_percent = request.discount_percent;
    options.margin_percent = request.margin_percent;
    options.model = request.model;
    options.opportunity_days = request.opportunity_days;
    *ret_options = options;
    return OK;
}

static struct text options_json(struct scope *scope, const struct lifetime_value_options *options) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct lifetime_value_request request = {.hold_out_days = options->hold_out_days,
                                             .horizon_months = options->horizon_months,
                                             .discount_percent = options->discount_percent,
                                             .margin_percent = options->margin_percent,
                                             .model = options->model,
                                             .opportunity_days = options->opportunity_days};
    struct json_writer writer;
    char day[TIME_TEXT_SIZE];

    if (options->as_of_day != LIFETIME_VALUE_LAST_DAY)
        request.as_of = text_of(day_format(options->as_of_day, day));
    json_writer_init(&writer, &text);
    json_write_record(&writer, lifetime_value_fields, LIFETIME_VALUE_FIELDS, &request);
    return text_copy(&scope->arena, buffer_text(&text));
}

code lifetime_value_start(struct scope *scope, const struct lifetime_value_options *options,
                          int64_t *ret_job_id) {
    return job_create(scope, "lifetime_value", TEXT("estimate lifetime values"),
                      options_json(scope, options), ret_job_id);
}

// ---- reading ----

// Whole opportunities are held out.
static code choose_days(struct scope *scope, struct lifetime_value *value, int32_t *ret_end_day,
                        int32_t *ret_split_day) {
    int32_t last_day = 0;
    int64_t count = 0;
    const int32_t unit_days = value->unit_days;
    int64_t hold_out = value->options.hold_out_days;
    int32_t end_day;

    TRY(purchase_span(scope, &value->first_day, &last_day, &count));
    end_day =
        value->options.as_of_day == LIFETIME_VALUE_LAST_DAY ? last_day : value->options.as_of_day;
    if (count == 0 || end_day < value->first_day) {
        scope_fail(scope, INVALID, "no known customer has bought anything%s",
                   count > 0 ? " by that day" : "");
        return scope_hint(scope, "import receipts that name customers");
    }
    if (hold_out == 0)
        hold_out = (end_day - value->first_day) / 3;
    hold_out = (hold_out + unit_days - 1) / unit_days * unit_days;
    if (hold_out < 1 || end_day - hold_out - unit_days < value->first_day)
        return scope_fail_field(scope, INVALID, "hold_out_days",
                                "of %d days of sales, %" PRId64 " cannot be held out",
                                end_day - value->first_day + 1, hold_out);
    *ret_end_day = end_day;
    *ret_split_day = end_day - (int32_t)hold_out;
    return OK;
}

static code group_all(struct scope *scope, struct lifetime_value *value) {
    const struct purchase_records *records = &value->records;
    double *last = arena_array(&scope->arena, records->count, sizeof(*last));
    double *observed = arena_array(&scope->arena, records->count, sizeof(*observed));
    const double time_days = value->time_days;

    for (size_t i = 0; i < records->count; i++) {
        last[i] = (records->last_days[i] - records->first_days[i]) / time_days;
        observed[i] = (records->end_day - records->first_days[i]) / time_days;
    }
    return purchase_groups_make(scope,
                                &(struct purchase_history){.count = records->count,
                                                           .repeats = records->repeats,
                                                           .last = last,
                                                           .observed = observed},
                                &value->groups);
}

static code group_calibration(struct scope *scope, struct lifetime_value *value) {
    const struct purchase_records *records = &value->records;
    struct arena *arena = &scope->arena;
    int64_t *repeats = arena_array(arena, records->count, sizeof(*repeats));
    double *last = arena_array(arena, records->count, sizeof(*last));
    double *observed = arena_array(arena, records->count, sizeof(*observed));
    const double time_days = value->time_days;
    size_t count = 0;

    value->later = arena_array(arena, records->count, sizeof(*value->later));
    value->calibration_customers =
        arena_array(arena, records->count, sizeof(*value->calibration_customers));
    for (size_t i = 0; i < records->count; i++) {
        if (records->split_repeats[i] < 0)
            continue;
        repeats[count] = records->split_repeats[i];
        last[count] = (records->split_last_days[i] - records->first_days[i]) / time_days;
        observed[count] = (records->split_day - records->first_days[i]) / time_days;
        value->later[count] = records->repeats[i] - records->split_repeats[i];
        value->later_count += value->later[count];
        value->calibration_customers[count++] = (uint32_t)i;
    }
    return purchase_groups_make(
        scope,
        &(struct purchase_history){
            .count = count, .repeats = repeats, .last = last, .observed = observed},
        &value->calibration);
}

static code read_lake(struct scope *scope, struct lifetime_value *value) {
    int32_t end_day = 0, split_day = 0;

    TRY(choose_days(scope, value, &end_day, &split_day));
    TRY(purchase_records_read(scope, end_day, split_day, value->unit_days, &value->records));
    return purchase_days_read(scope, end_day, split_day, value->unit_days, &value->hold_out_days);
}

static code read_all(struct scope *scope, struct lifetime_value *value) {
    progress_report(scope->progress, "reading purchases", 0, 0, "customers");
    TRY(lake_snapshot_begin(scope, &value->change_id));
    TRY(lake_snapshot_end(scope, read_lake(scope, value)));
    TRY(group_calibration(scope, value));
    return group_all(scope, value);
}

// ---- the models, measured on the hold-out ----

double lifetime_value_held_out(const struct lifetime_value *value) {
    return (value->records.end_day - value->records.split_day) / value->time_days;
}

static struct hold_out_quality measure(const struct lifetime_value *value, const double *expected) {
    const size_t count = value->calibration.customer_count;
    struct hold_out_quality quality = {0};
    double squares = 0;

    for (size_t i = 0; i < count; i++) {
        const double forecast = expected[value->calibration.group_of[i]];
        const double error = forecast - (double)value->later[i];

        quality.expected += forecast;
        quality.mean_absolute_error += fabs(error) / (double)count;
        squares += error * error;
    }
    quality.root_mean_square_error = sqrt(squares / (double)count);
    return quality;
}

// Everybody goes on at the rate of before: what a model has to beat.
static const double *naive_forecast(struct scope *scope, const struct lifetime_value *value) {
    const struct purchase_groups *groups = &value->calibration;
    const double ahead = lifetime_value_held_out(value);
    double *expected = arena_array(&scope->arena, groups->count, sizeof(*expected));

    for (size_t i = 0; i < groups->count; i++)
        if (groups->items[i].observed > 0)
            expected[i] = groups->items[i].repeats / groups->items[i].observed * ahead;
    return expected;
}

static code try_model(struct scope *scope, struct lifetime_value *value,
                      const struct purchase_model *model, int threads,
                      const double **ret_expected) {
    struct candidate *candidate = &value->candidates[value->candidate_count];
    struct purchase_forecast forecast;

    candidate->model = model;
    TRY(model->fit(scope, &value->calibration, threads, &candidate->fit));
    purchase_model_forecast(scope, model, candidate->fit.parameters, &value->calibration,
                            lifetime_value_held_out(value), 1, 0, threads, &forecast);
    candidate->quality = measure(value, forecast.expected);
    *ret_expected = forecast.expected;
    return OK;
}

// The smallest squared error: what an expectation minimises. Where models agree, because the data
// do not show what they differ in, the first one stands.
static code try_models(struct scope *scope, struct lifetime_value *value, int threads) {
    double best = DBL_MAX;

    for (size_t i = 0; i < purchase_model_count; i++) {
        const double *expected;
        double error;

        if (purchase_models[i].is_discrete && value->options.opportunity_days == 0)
            continue;
        progress_report(scope->progress, "trying models", (int64_t)i, (int64_t)purchase_model_count,
                        "models");
        TRY(try_model(scope, value, &purchase_models[i], threads, &expected));
        error = value->candidates[value->candidate_count++].quality.root_mean_square_error;
        if (value->options.model > 0 ? i + 1 != (size_t)value->options.model
                                     : !(error < best * (1 - 1e-6)))
            continue;
        best = error;
        value->chosen = value->candidate_count - 1;
        value->chosen_expected = expected;
    }
    value->candidates[value->candidate_count++].quality =
        measure(value, naive_forecast(scope, value));
    return OK;
}

// ---- spend ----

static size_t read_spenders(struct scope *scope, const struct purchase_records *records,
                            struct spend_customer **ret_customers) {
    struct spend_customer *customers =
        arena_array(&scope->arena, records->count, sizeof(*customers));
    size_t count = 0;

    for (size_t i = 0; i < records->count; i++)
        if (records->repeats[i] > 0 && records->repeat_gross_micros[i] > 0)
            customers[count++] = (struct spend_customer){
                .purchases = (double)records->repeats[i],
                .average =
                    (double)records->repeat_gross_micros[i] / 1e6 / (double)records->repeats[i],
            };
    *ret_customers = customers;
    return count;
}

static double correlation(const struct spend_customer *customers, size_t count) {
    double x = 0, y = 0, xx = 0, xy = 0, yy = 0;

    for (size_t i = 0; i < count; i++) {
        x += customers[i].purchases / (double)count;
        y += customers[i].average / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        const double a = customers[i].purchases - x;
        const double b = customers[i].average - y;

        xx += a * a;
        xy += a * b;
        yy += b * b;
    }
    return xy / sqrt(xx * yy);
}

static code fit_spend(struct scope *scope, struct lifetime_value *value, int threads) {
    struct spend_customer *customers;
    const size_t count = read_spenders(scope, &value->records, &customers);

    if (count < 2)
        return OK;
    TRY(gamma_gamma_fit(scope, customers, count, threads, &value->spend_fit));
    value->spend_correlation = correlation(customers, count);
    value->spend_count = count;
    return OK;
}

// ---- scores ----

static int64_t micros(double value) {
    return isfinite(value) && fabs(value) < 9e12 ? llround(value * 1e6) : ANALYSIS_UNKNOWN;
}

static void score(struct scope *scope, struct lifetime_value *value) {
    const struct purchase_records *records = &value->records;
    const double margin = value->options.margin_percent / 100;

    for (size_t k = 0; k < 4; k++)
        value->scores[k] = arena_array(&scope->arena, records->count, sizeof(int64_t));
    for (size_t i = 0; i < records->count; i++) {
        const uint32_t group = value->groups.group_of[i];
        const double repeats = (double)records->repeats[i];
        const double spent = (double)records->repeat_gross_micros[i] / 1e6;
        // Who brought back all that they came back for is known to keep nothing.
        const double average = repeats > 0 ? fmax(0, spent / repeats) : 0;
        const double spend =
            value->spend_count > 0
                ? gamma_gamma_expected(value->spend_fit.parameters, repeats, average)
                : NAN;

        value->scores[0][i] = micros(value->forecast.alive[group]);
        value->scores[1][i] = micros(value->forecast.expected[group]);
        value->scores[2][i] = micros(spend);
        value->scores[3][i] = micros(value->forecast.discounted[group] * spend * margin);
    }
}

static double total_expected(struct scope *scope, const struct lifetime_value *value,
                             const double *parameters, double ahead, int threads) {
    struct purchase_forecast forecast;
    double sum = 0;

    purchase_model_forecast(scope, value->candidates[value->chosen].model, parameters,
                            &value->groups, ahead, 1, 0, threads, &forecast);
    for (size_t i = 0; i < value->groups.count; i++)
        sum += forecast.expected[i] * value->groups.items[i].count;
    return sum;
}

// Two errors add up: that of the parameters, by the gradient of the total and their covariance, and
// that of customers about their expectation, as the hold-out showed it.
static void estimate_error(struct scope *scope, struct lifetime_value *value, double ahead,
                           int threads) {
    const struct candidate *chosen = &value->candidates[value->chosen];
    const double squares =
        chosen->quality.root_mean_square_error * chosen->quality.root_mean_square_error;
    double gradient[LIKELIHOOD_PARAMETERS] = {0};
    double variance =
        squares * (double)value->records.count * ahead / lifetime_value_held_out(value);

    for (int i = 0; i < LIKELIHOOD_PARAMETERS; i++) {
        double moved[LIKELIHOOD_PARAMETERS];
        const double step = value->fit.parameters[i] * 1e-4;

        memcpy(moved, value->fit.parameters, sizeof(moved));
        moved[i] += step;
        gradient[i] =
            (total_expected(scope, value, moved, ahead, threads) - value->expected) / step;
    }
    for (int i = 0; i < LIKELIHOOD_PARAMETERS; i++)
        for (int j = 0; j < LIKELIHOOD_PARAMETERS; j++)
            variance += gradient[i] * gradient[j] * value->fit.covariance[i][j];
    value->expected_error = sqrt(variance); // NaN where the parameters have no covariance
}

static code forecast(struct scope *scope, struct lifetime_value *value, int threads) {
    const struct purchase_model *model = value->candidates[value->chosen].model;
    const double ahead = (double)value->options.horizon_months * days_per_month / value->time_days;
    const double discount = pow(1 + value->options.discount_percent / 100, 1.0 / 12) - 1;

    progress_report(scope->progress, "forecasting", 0, 0, "customers");
    TRY(model->fit(scope, &value->groups, threads, &value->fit));
    TRY(fit_spend(scope, value, threads));
    purchase_model_forecast(scope, model, value->fit.parameters, &value->groups, ahead,
                            (int)value->options.horizon_months, discount, threads,
                            &value->forecast);
    for (size_t i = 0; i < value->groups.count; i++)
        value->expected += value->forecast.expected[i] * value->groups.items[i].count;
    estimate_error(scope, value, ahead, threads);
    score(scope, value);
    return OK;
}

// ---- the job ----

static code keep(struct scope *scope, const struct lifetime_value *value, int64_t job_id,
                 struct analysis_run *run) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    const struct analysis_scores scores = {
        .count = value->records.count,
        .customers = value->records.customers,
        .value_count = 4,
        .values = {value->scores[0], value->scores[1], value->scores[2], value->scores[3]},
    };
    struct json_writer writer;

    json_writer_init(&writer, &text);
    lifetime_value_write(scope, &writer, value);
    *run = (struct analysis_run){
        .kind = ANALYSIS_LIFETIME_VALUE,
        .version = LIFETIME_VALUE_VERSION,
        .as_of_day = value->records.end_day,
        .change_id = value->change_id,
        .parameters = options_json(scope, &value->options),
        .result = text_copy(&scope->arena, buffer_text(&text)),
        .job_id = job_id,
    };
    return analysis_run_keep(scope, run, &scores);
}

code lifetime_value_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                        struct json_writer *result) {
    const int threads = parallel_threads(0);
    struct lifetime_value value = {0};
    struct analysis_run run;

    TRY(lifetime_value_read_options(scope, parameters, &value.options));
    value.unit_days =
        (int32_t)(value.options.opportunity_days > 0 ? value.options.opportunity_days : 1);
    value.time_days = value.options.opportunity_days > 0 ? value.unit_days : days_per_week;
    TRY(read_all(scope, &value));
    TRY(try_models(scope, &value, threads));
    TRY(forecast(scope, &value, threads));
    TRY(lifetime_value_compare_cohorts(scope, &value, threads));
    TRY(keep(scope, &value, job_id, &run));
    json_begin_object(result);
    json_key(result, "run_id");
    json_write_text(result, text_printf(&scope->arena, "%" PRId64, run.id));
    json_key(result, "customers");
    json_write_int64(result, run.customer_count);
    json_key(result, "model");
    json_write_string(result, value.candidates[value.chosen].model->name);
    json_end_object(result);
    return OK;
}
