// SPDX-License-Identifier: Apache-2.0
// The chosen model, fitted to the customers of each time of first purchase by themselves: whether
// those won lately behave like those won before. A customer's first purchase is the first one on
// record, so the first cohort holds those who were customers before the records begin.
#include "analyze/kernel/distribution.h"
#include "analyze/lifetime_value/lifetime_value.h"
#include "analyze/run/figures.h"
#include "base/progress.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

// Fewer say nothing of a distribution over customers.
enum { CUSTOMERS_LEAST = 50, REPEATS_LEAST = 10 };

// ---- the times ----

static int32_t month_of(int32_t day) {
    int year, month, of_month;

    day_to_civil(day, &year, &month, &of_month);
    return year * 12 + month - 1;
}

static int32_t first_day_of(int32_t month) {
    return day_from_civil(month / 12, month % 12 + 1, 1);
}

// Months, quarters, halves or years, the first that are not too many.
static int32_t months_each(int32_t first_month, int32_t last_month) {
    static const int32_t choices[] = {1, 3, 6, 12, 24, 60, 120, 240};
    size_t i = 0;

    while (i + 1 < sizeof(choices) / sizeof(*choices) &&
           last_month / choices[i] - first_month / choices[i] >= LIFETIME_VALUE_COHORTS)
        i++;
    return choices[i];
}

static void make_cohorts(struct lifetime_value *value, int32_t months) {
    struct value_cohorts *cohorts = &value->cohorts;
    const int32_t first = month_of(value->first_day) / months;
    const int32_t last = month_of(value->records.end_day) / months;

    cohorts->count = (size_t)(last - first) + 1;
    if (cohorts->count > LIFETIME_VALUE_COHORTS)
        cohorts->count = LIFETIME_VALUE_COHORTS;
    for (size_t i = 0; i < cohorts->count; i++) {
        const int32_t at = last - (int32_t)(cohorts->count - 1 - i);

        cohorts->items[i].from_day = first_day_of(at * months);
        cohorts->items[i].until_day = first_day_of((at + 1) * months) - 1;
    }
    cohorts->items[0].from_day = value->first_day;
    cohorts->items[cohorts->count - 1].until_day = value->records.end_day;
}

static size_t cohort_at(const struct value_cohorts *cohorts, int32_t day) {
    size_t i = cohorts->count - 1;

    while (i > 0 && day < cohorts->items[i].from_day)
        i--;
    return i;
}

static void count_customers(struct lifetime_value *value) {
    const struct purchase_records *records = &value->records;

    for (size_t i = 0; i < records->count; i++) {
        struct value_cohort *cohort =
            &value->cohorts.items[cohort_at(&value->cohorts, records->first_days[i])];

        cohort->customer_count++;
        cohort->repeat_count += records->repeats[i] > 0;
        cohort->alive += value->forecast.alive[value->groups.group_of[i]];
    }
    for (size_t i = 0; i < value->cohorts.count; i++) {
        struct value_cohort *cohort = &value->cohorts.items[i];

        cohort->is_fitted =
            cohort->customer_count >= CUSTOMERS_LEAST && cohort->repeat_count >= REPEATS_LEAST;
        value->cohorts.fitted_count += cohort->is_fitted;
    }
}

// ---- the fits ----

// Of one cohort, or of all that can be fitted (NULL).
static code group_cohort(struct scope *scope, const struct lifetime_value *value,
                         const struct value_cohort *only, struct purchase_groups *ret_groups) {
    const struct purchase_records *records = &value->records;
    int64_t *repeats = arena_array(&scope->arena, records->count, sizeof(*repeats));
    double *last = arena_array(&scope->arena, records->count, sizeof(*last));
    double *observed = arena_array(&scope->arena, records->count, sizeof(*observed));
    size_t count = 0;

    for (size_t i = 0; i < records->count; i++) {
        const struct value_cohort *cohort =
            &value->cohorts.items[cohort_at(&value->cohorts, records->first_days[i])];

        if (only != NULL ? cohort != only : !cohort->is_fitted)
            continue;
        repeats[count] = records->repeats[i];
        last[count] = (records->last_days[i] - records->first_days[i]) / value->time_days;
        observed[count++] = (records->end_day - records->first_days[i]) / value->time_days;
    }
    return purchase_groups_make(
        scope,
        &(struct purchase_history){
            .count = count, .repeats = repeats, .last = last, .observed = observed},
        ret_groups);
}

// Purchases of a customer within a year of the first one.
static double newcomer(const struct lifetime_value *value, const double *parameters) {
    static const struct purchase_group fresh = {.count = 1};
    const struct purchase_model *model = value->candidates[value->chosen].model;

    return model->alive(parameters, &fresh) *
           model->expected_alive(parameters, &fresh, 365.25 / value->time_days);
}

static double newcomer_error(const struct lifetime_value *value, const struct likelihood_fit *fit) {
    const struct purchase_model *model = value->candidates[value->chosen].model;
    double gradient[LIKELIHOOD_PARAMETERS] = {0};
    double variance = 0;
    int count = 0;

    for (; count < LIKELIHOOD_PARAMETERS && model->parameters[count]; count++) {
        double moved[LIKELIHOOD_PARAMETERS];
        const double step = fit->parameters[count] * 1e-4;

        memcpy(moved, fit->parameters, sizeof(moved));
        moved[count] += step;
        gradient[count] = newcomer(value, moved);
        moved[count] -= 2 * step;
        gradient[count] = (gradient[count] - newcomer(value, moved)) / (2 * step);
    }
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            variance += gradient[i] * gradient[j] * fit->covariance[i][j];
    return sqrt(variance);
}

static code fit_cohort(struct scope *scope, const struct lifetime_value *value, int threads,
                       struct value_cohort *cohort) {
    struct purchase_groups groups;

    TRY(group_cohort(scope, value, cohort, &groups));
    TRY(value->candidates[value->chosen].model->fit(scope, &groups, threads, &cohort->fit));
    cohort->newcomer = newcomer(value, cohort->fit.parameters);
    cohort->newcomer_error = newcomer_error(value, &cohort->fit);
    return OK;
}

// The test by the ratio of likelihoods: common parameters against each cohort's own.
static code test_cohorts(struct scope *scope, struct lifetime_value *value, int threads) {
    const struct purchase_model *model = value->candidates[value->chosen].model;
    struct value_cohorts *cohorts = &value->cohorts;
    struct purchase_groups groups;
    struct likelihood_fit common;
    int parameters = 0;

    TRY(group_cohort(scope, value, NULL, &groups));
    TRY(model->fit(scope, &groups, threads, &common));
    while (parameters < LIKELIHOOD_PARAMETERS && model->parameters[parameters])
        parameters++;
    cohorts->statistic = -2 * common.log_likelihood;
    for (size_t i = 0; i < cohorts->count; i++)
        if (cohorts->items[i].is_fitted)
            cohorts->statistic += 2 * cohorts->items[i].fit.log_likelihood;
    cohorts->statistic = fmax(0, cohorts->statistic);
    cohorts->freedom = parameters * (double)(cohorts->fitted_count - 1);
    cohorts->probability = chi_squared_upper(cohorts->statistic, cohorts->freedom);
    return OK;
}

code lifetime_value_compare_cohorts(struct scope *scope, struct lifetime_value *value,
                                    int threads) {
    make_cohorts(value, months_each(month_of(value->first_day), month_of(value->records.end_day)));
    count_customers(value);
    for (size_t i = 0; i < value->cohorts.count; i++) {
        progress_report(scope->progress, "comparing cohorts", (int64_t)i,
                        (int64_t)value->cohorts.count, "cohorts");
        if (value->cohorts.items[i].is_fitted)
            TRY(fit_cohort(scope, value, threads, &value->cohorts.items[i]));
    }
    return value->cohorts.fitted_count > 1 ? test_cohorts(scope, value, threads) : OK;
}

// ---- in words and numbers ----

static const struct value_cohort *extreme(const struct value_cohorts *cohorts, double sign) {
    const struct value_cohort *best = NULL;

    for (size_t i = 0; i < cohorts->count; i++) {
        const struct value_cohort *cohort = &cohorts->items[i];

        if (cohort->is_fitted && isfinite(cohort->newcomer_error) &&
            (best == NULL || sign * cohort->newcomer > sign * best->newcomer))
            best = cohort;
    }
    return best;
}

static struct text tell_difference(struct scope *scope, const struct value_cohorts *cohorts) {
    const struct value_cohort *most = extreme(cohorts, 1);
    const struct value_cohort *least = extreme(cohorts, -1);
    char from[2][TIME_TEXT_SIZE], until[2][TIME_TEXT_SIZE];

    if (most == least)
        return TEXT("Customers won at different times behave differently, but the data do not show "
                    "who buys more.");
    return text_printf(
        &scope->arena,
        "Customers won at different times behave differently (p = %.2g): of those won from %s to "
        "%s, a new one is expected to buy %.2f times within a year of the first purchase, of those "
        "from %s to %s %.2f times. One model for all is a mean of them%s.",
        cohorts->probability, day_format(most->from_day, from[0]),
        day_format(most->until_day, until[0]), most->newcomer, day_format(least->from_day, from[1]),
        day_format(least->until_day, until[1]), least->newcomer,
        most == cohorts->items ? "; the first ones were partly customers before the records begin"
                               : "");
}

static struct text tell(struct scope *scope, const struct value_cohorts *cohorts) {
    if (cohorts->fitted_count < 2)
        return text_printf(&scope->arena,
                           "Customers cannot be compared by when they were won: fewer than two of "
                           "these times have %d customers of whom %d came back.",
                           CUSTOMERS_LEAST, REPEATS_LEAST);
    if (!(cohorts->probability < 0.01))
        return text_printf(&scope->arena,
                           "The data do not show that customers won at different times behave "
                           "differently (p = %.2g): one model for all will do.",
                           cohorts->probability);
    return tell_difference(scope, cohorts);
}

static void write_cohort(struct json_writer *writer, const struct value_cohort *cohort) {
    const double reach = 1.6448536269514722 * cohort->newcomer_error; // of 90 percent
    const bool is_known = cohort->is_fitted && isfinite(cohort->newcomer_error);
    char text[TIME_TEXT_SIZE];

    json_begin_array(writer);
    json_write_string(writer, day_format(cohort->from_day, text));
    json_write_string(writer, day_format(cohort->until_day, text));
    json_write_int64(writer, (int64_t)cohort->customer_count);
    json_write_double(writer, (double)cohort->repeat_count / (double)cohort->customer_count);
    json_write_double(writer, cohort->alive / (double)cohort->customer_count);
    json_write_double(writer, cohort->is_fitted ? cohort->newcomer : NAN);
    json_write_double(writer, is_known ? fmax(0, cohort->newcomer - reach) : NAN);
    json_write_double(writer, is_known ? cohort->newcomer + reach : NAN);
    json_end_array(writer);
}

void lifetime_value_write_cohorts(struct scope *scope, struct json_writer *writer,
                                  const struct lifetime_value *value) {
    static const struct figure_column columns[] = {
        {"from", "First purchase from", "day", NULL},
        {"until", "Until", "day", NULL},
        {"customers", "Customers", "integer", NULL},
        {"returned", "Came back", "share", NULL},
        {"alive", "Alive", "share", NULL},
        {"newcomer", "Of a new one in a year", "number", "purchases"},
        {"low", "At least", "number", "purchases"},
        {"high", "At most", "number", "purchases"},
    };
    const struct value_cohorts *cohorts = &value->cohorts;

    FIGURES_BEGIN_TABLE(writer, "cohorts", columns);
    for (size_t i = 0; i < cohorts->count; i++)
        write_cohort(writer, &cohorts->items[i]);
    figures_end_table(writer, (int64_t)cohorts->count);
    json_key(writer, "cohort_reading");
    json_write_text(writer, tell(scope, cohorts));
    figure_number(writer, "cohort_statistic", cohorts->fitted_count > 1 ? cohorts->statistic : NAN);
    figure_number(writer, "cohort_freedom", cohorts->freedom);
    figure_number(writer, "cohort_probability",
                  cohorts->fitted_count > 1 ? cohorts->probability : NAN);
}
