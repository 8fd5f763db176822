// SPDX-License-Identifier: Apache-2.0
#include "analyze/uplift/uplift_run.h"

#include "analyze/churn/churn_feature.h"
#include "analyze/lifetime_value/purchase_record.h"
#include "analyze/run/figures.h"
#include "analyze/run/run.h"
#include "base/money.h"
#include "base/progress.h"
#include "base/time.h"
#include "store/job.h"
#include "store/lake.h"

#include <inttypes.h>
#include <math.h>

// ---- options ----

struct uplift_request { // as it is written in JSON
    struct text treated, control, start, arms_on;
    int64_t window_days;
    double spend_at_least;
    int64_t seed;
};

#define AT(member) offsetof(struct uplift_request, member)
const struct json_field uplift_fields[UPLIFT_FIELDS] = {
    {"treated", JSON_FIELD_TEXT, AT(treated), true, NULL, "the segment that was treated"},
    {"control", JSON_FIELD_TEXT, AT(control), true, NULL, "the segment that was left alone"},
    {"start", JSON_FIELD_TEXT, AT(start), true, NULL,
     "the first day of the test: purchases from it on are responses, features end the day before"},
    {"arms_on", JSON_FIELD_TEXT, AT(arms_on), false, NULL,
     "the day whose members the arms are; otherwise the one before the start"},
    {"window_days", JSON_FIELD_INT64, AT(window_days), false, NULL,
     "so many days are waited for a response; 30 when nothing is said"},
    {"spend_at_least", JSON_FIELD_DOUBLE, AT(spend_at_least), false, NULL,
     "a response is to have spent so much, in units of the currency; otherwise any purchase is"},
    {"seed", JSON_FIELD_INT64, AT(seed), false, NULL,
     "of the resamples that intervals come from; 1 when nothing is said"},
};
#undef AT

enum { WINDOW_MOST = 730 };
static const double spend_most = 1e9;

static code read_day(struct scope *scope, const char *field, struct text text, int32_t *ret_day) {
    if (!day_parse(text, DATE_ORDER_YMD, ret_day))
        return scope_fail_field(scope, INVALID, field, "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(text));
    return OK;
}

static code check_request(struct scope *scope, const struct uplift_request *request) {
    if (request->window_days < 1 || request->window_days > WINDOW_MOST)
        return scope_fail_field(scope, INVALID, "window_days", "%" PRId64 " days are not 1 to %d",
                                request->window_days, WINDOW_MOST);
    if (!(request->spend_at_least >= 0 && request->spend_at_least <= spend_most))
        return scope_fail_field(scope, INVALID, "spend_at_least",
                                "an amount is to be 0 or more, %.0f at most", spend_most);
    if (text_equal(request->treated, request->control))
        return scope_fail_field(scope, INVALID, "control", "\"%.*s\" is named twice",
                                TEXT_ARG(request->control));
    return OK;
}

code uplift_read_options(struct scope *scope, const struct json *object,
                         struct uplift_options *ret_options) {
    struct uplift_request request = {.window_days = 30, .seed = 1};
    struct uplift_options options;

    if (object == NULL)
        return scope_fail(scope, INVALID, "two segments and the day of the start are needed");
    TRY(json_read_record(scope, object, uplift_fields, UPLIFT_FIELDS, &request));
    TRY(check_request(scope, &request));
    options = (struct uplift_options){.treated = request.treated,
                                      .control = request.control,
                                      .window_days = request.window_days,
                                      .spend_at_least_micros =
                                          llround(request.spend_at_least * (double)MICROS_PER_UNIT),
                                      .seed = request.seed};
    TRY(read_day(scope, "start", request.start, &options.start_day));
    options.arms_day = options.start_day - 1;
    if (request.arms_on.size > 0)
        TRY(read_day(scope, "arms_on", request.arms_on, &options.arms_day));
    *ret_options = options;
    return OK;
}

static struct text options_json(struct scope *scope, const struct uplift_options *options) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    char start[TIME_TEXT_SIZE], arms_on[TIME_TEXT_SIZE];
    const struct uplift_request request = {
        .treated = options->treated,
        .control = options->control,
        .start = text_of(day_format(options->start_day, start)),
        .arms_on = text_of(day_format(options->arms_day, arms_on)),
        .window_days = options->window_days,
        .spend_at_least = (double)options->spend_at_least_micros / (double)MICROS_PER_UNIT,
        .seed = options->seed};
    struct json_writer writer;

    json_writer_init(&writer, &text);
    json_write_record(&writer, uplift_fields, UPLIFT_FIELDS, &request);
    return text_copy(&scope->arena, buffer_text(&text));
}

code uplift_start(struct scope *scope, const struct uplift_options *options, int64_t *ret_job_id) {
    return job_create(scope, "uplift", TEXT("find whom a treatment moves"),
                      options_json(scope, options), ret_job_id);
}

// ---- telling ----

static void write_facts(struct json_writer *writer, const struct uplift_test *test) {
    const struct uplift_options *options = &test->options;
    const bool is_noise = test->uplift.quality[test->uplift.best].is_noise;

    json_key(writer, "treated_segment");
    json_write_text(writer, options->treated);
    json_key(writer, "control_segment");
    json_write_text(writer, options->control);
    figure_day(writer, "start", options->start_day);
    figure_day(writer, "until", test->end_day);
    figure_day(writer, "arms_on", options->arms_day);
    figure_integer(writer, "window_days", options->window_days);
    figure_number(writer, "spend_at_least",
                  options->spend_at_least_micros > 0
                      ? (double)options->spend_at_least_micros / (double)MICROS_PER_UNIT
                      : NAN);
    json_key(writer, "currency");
    json_write_text(writer, test->currency);
    figure_integer(writer, "members", test->members);
    figure_integer(writer, "several", test->several);
    figure_integer(writer, "never_bought", test->none);
    figure_integer(writer, "every", (int64_t)test->stride);
    figure_day(writer, "as_of", test->last_day);
    figure_bool(writer, "usable", !is_noise);
    figure_integer(writer, "customers", (int64_t)test->count);
}

// Of today's customers.
static void write_tenths(struct json_writer *writer, const struct uplift_test *test) {
    static const struct figure_column columns[] = {
        {"tenth", "Tenth, the most moved first", "integer", NULL},
        {"customers", "Customers", "integer", NULL},
        {"uplift", "Estimated difference", "share", NULL},
    };
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, "tenths", columns);
    for (int i = 0; i < UPLIFT_TENTHS; i++) {
        if (test->tenth_count[i] == 0)
            continue;
        json_begin_array(writer);
        json_write_int64(writer, i + 1);
        json_write_int64(writer, test->tenth_count[i]);
        json_write_double(writer, test->tenth_sum[i] / (double)test->tenth_count[i]);
        json_end_array(writer);
        count++;
    }
    figures_end_table(writer, count);
}

#define WARN(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

// How far the arms' means of a feature are apart, in standard errors (Welch).
static double apart(const struct uplift_rows *rows, size_t feature) {
    double n[2] = {0}, sums[2] = {0}, squares[2] = {0}, error = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const double value = rows->values[i * rows->features + feature];

        n[rows->treated[i]]++;
        sums[rows->treated[i]] += value;
    }
    for (size_t i = 0; i < rows->count; i++) {
        const unsigned char arm = rows->treated[i];
        const double from_mean = rows->values[i * rows->features + feature] - sums[arm] / n[arm];

        squares[arm] += from_mean * from_mean;
    }
    for (int arm = 0; arm < 2; arm++)
        error += squares[arm] / (n[arm] - 1) / n[arm];
    return error > 0 ? (sums[1] / n[1] - sums[0] / n[0]) / sqrt(error) : 0;
}

// Of as many features as there are chance lets one be so far apart in less than one of a thousand
// tests: 18 × 2 Φ(−4.2) is 0.0005.
static const double apart_most = 4.2;

static void warn_of_division(struct scope *scope, struct json_writer *writer,
                             const struct uplift_rows *rows) {
    size_t count = 0, worst = 0;
    double most = 0;

    for (size_t feature = 0; feature < rows->features; feature++) {
        const double errors = fabs(apart(rows, feature));

        count += errors > apart_most;
        if (errors > most) {
            most = errors;
            worst = feature;
        }
    }
    if (count > 0)
        WARN("Chance did not divide these segments: before the start they differed in %zu of %zu "
             "things known, most in “%s” (%.1f standard errors). What looks like the treatment may "
             "be that.",
             count, rows->features, churn_feature_names[worst].label, most);
}

static void write_warnings(struct scope *scope, struct json_writer *writer,
                           const struct uplift_test *test) {
    const struct uplift_options *options = &test->options;
    const int32_t wanted = options->start_day + (int32_t)options->window_days - 1;

    json_key(writer, "warnings");
    json_begin_array(writer);
    warn_of_division(scope, writer, &test->rows);
    if (options->arms_day >= options->start_day)
        WARN("Members are those of a day within the test: a segment that depends on what customers "
             "did by then chooses them by their response.");
    if (test->end_day < wanted)
        WARN("Sales are known for %d of %" PRId64 " days of the window only.",
             test->end_day - options->start_day + 1, options->window_days);
    if (test->none > 0)
        WARN("%" PRId64 " members had bought nothing before the start: nothing is known of them "
             "to tell them apart by, and they were left out.",
             test->none);
    WARN("Segments of attributes and scores are made of what is known now, not at the start.");
    uplift_write_warnings(scope, writer, &test->uplift);
    json_end_array(writer);
}

static struct text result_of(struct scope *scope, const struct uplift_test *test) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;

    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    write_facts(&writer, test);
    uplift_write(scope, &writer, &test->uplift);
    write_tenths(&writer, test);
    write_warnings(scope, &writer, test);
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&text));
}

// ---- the job ----

static code choose_days(struct scope *scope, struct uplift_test *test) {
    const struct uplift_options *options = &test->options;
    int32_t first_day;
    int64_t count;
    char last[TIME_TEXT_SIZE];

    TRY(purchase_span(scope, &first_day, &test->last_day, &count));
    if (count == 0)
        return scope_fail(scope, INVALID, "no known customer has bought anything");
    if (test->last_day < options->start_day)
        return scope_fail_field(scope, INVALID, "start", "sales are known until %s only",
                                day_format(test->last_day, last));
    test->end_day = options->start_day + (int32_t)options->window_days - 1;
    if (test->end_day > test->last_day)
        test->end_day = test->last_day;
    if (options->arms_day > test->end_day)
        return scope_fail_field(scope, INVALID, "arms_on", "the arms' day comes after the test");
    return purchase_currency(scope, test->last_day, &test->currency);
}

static code keep(struct scope *scope, const struct uplift_test *test, int64_t job_id,
                 struct analysis_run *run) {
    const struct analysis_scores scores = {.count = test->count,
                                           .customers = test->customers,
                                           .value_count = 2,
                                           .values = {test->scores[0], test->scores[1]}};

    *run = (struct analysis_run){
        .kind = ANALYSIS_UPLIFT,
        .version = UPLIFT_VERSION,
        .as_of_day = test->last_day,
        .seed = test->options.seed,
        .change_id = test->change_id,
        .parameters = options_json(scope, &test->options),
        .result = result_of(scope, test),
        .job_id = job_id,
    };
    return analysis_run_keep(scope, run, &scores);
}

// The customers to score are read once it is known that there is something to tell.
static code work_out(struct scope *scope, struct uplift_test *test) {
    TRY(choose_days(scope, test));
    TRY(uplift_test_read(scope, test));
    progress_report(scope->progress, "learning and measuring", 0, 0, "");
    TRY(uplift_work(scope, &test->rows, test->is_measured, (uint64_t)test->options.seed,
                    &test->uplift));
    return test->uplift.quality[test->uplift.best].is_noise ? OK : uplift_test_score(scope, test);
}

code uplift_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result) {
    struct uplift_test test = {0};
    struct analysis_run run;
    bool is_noise;

    TRY(uplift_read_options(scope, parameters, &test.options));
    TRY(lake_snapshot_begin(scope, &test.change_id));
    TRY(lake_snapshot_end(scope, work_out(scope, &test)));
    is_noise = test.uplift.quality[test.uplift.best].is_noise;
    TRY(keep(scope, &test, job_id, &run));
    json_begin_object(result);
    json_key(result, "run_id");
    json_write_text(result, text_printf(&scope->arena, "%" PRId64, run.id));
    json_key(result, "customers");
    json_write_int64(result, run.customer_count);
    json_key(result, "usable");
    json_write_bool(result, !is_noise);
    json_end_object(result);
    return OK;
}
