// SPDX-License-Identifier: Apache-2.0
// What a run found, written once, as tables in the form that the API answers with: the page, the
// command line and an export show the same numbers.
#include "analyze/kernel/parallel.h"
#include "analyze/lifetime_value/gamma_gamma_kernel.h"
#include "analyze/lifetime_value/lifetime_value.h"
#include "analyze/run/figures.h"
#include "base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- the models ----

static void write_model(struct json_writer *writer, const struct lifetime_value *value, size_t i) {
    const struct candidate *candidate = &value->candidates[i];

    json_begin_array(writer);
    json_write_string(writer, candidate->model ? candidate->model->label : "everybody goes on");
    json_write_double(writer, candidate->quality.expected);
    json_write_int64(writer, value->later_count);
    json_write_double(writer, candidate->quality.mean_absolute_error);
    json_write_double(writer, candidate->quality.root_mean_square_error);
    json_write_double(writer, candidate->model ? candidate->fit.log_likelihood : NAN);
    json_write_bool(writer, i == value->chosen);
    json_end_array(writer);
}

static void write_models(struct json_writer *writer, const struct lifetime_value *value) {
    static const struct figure_column columns[] = {
        {"model", "Model", "text", NULL},
        {"expected", "Expected purchases", "number", NULL},
        {"actual", "Actual purchases", "integer", NULL},
        {"mean_absolute_error", "Mean absolute error", "number", "purchases"},
        {"root_mean_square_error", "Root mean square error", "number", "purchases"},
        {"log_likelihood", "Log-likelihood", "number", NULL},
        {"chosen", "Chosen", "bool", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "models", columns);
    for (size_t i = 0; i < value->candidate_count; i++)
        write_model(writer, value, i);
    figures_end_table(writer, (int64_t)value->candidate_count);
}

static void write_parameter(struct json_writer *writer, const char *of, const char *name,
                            double parameter, double error) {
    json_begin_array(writer);
    json_write_string(writer, of);
    json_write_string(writer, name);
    json_write_double(writer, parameter);
    json_write_double(writer, error);
    json_end_array(writer);
}

static void write_parameters(struct json_writer *writer, const struct lifetime_value *value) {
    static const char *const spend_names[GAMMA_GAMMA_PARAMETERS] = {"p", "q", "gamma"};
    static const struct figure_column columns[] = {
        {"of", "Model", "text", NULL},
        {"parameter", "Parameter", "text", NULL},
        {"value", "Value", "number", NULL},
        {"standard_error", "Standard error", "number", NULL},
    };
    const struct purchase_model *model = value->candidates[value->chosen].model;
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, "parameters", columns);
    for (int i = 0; i < LIKELIHOOD_PARAMETERS && model->parameters[i]; i++, count++)
        write_parameter(writer, model->label, model->parameters[i], value->fit.parameters[i],
                        value->fit.standard_errors[i]);
    for (int i = 0; i < GAMMA_GAMMA_PARAMETERS && value->spend_count > 0; i++, count++)
        write_parameter(writer, "Gamma-Gamma", spend_names[i], value->spend_fit.parameters[i],
                        value->spend_fit.standard_errors[i]);
    figures_end_table(writer, count);
}

// ---- expected beside actual ----

enum { REPEATS_SHOWN = 8 }; // the last stands for these and more

static void write_by_repeats(struct json_writer *writer, const struct lifetime_value *value) {
    static const struct figure_column columns[] = {
        {"repeats", "Repeat purchases before", "text", NULL},
        {"customers", "Customers", "integer", NULL},
        {"actual", "Actual", "number", "purchases"},
        {"expected", "Expected", "number", "purchases"},
    };
    double customers[REPEATS_SHOWN] = {0}, actual[REPEATS_SHOWN] = {0};
    double expected[REPEATS_SHOWN] = {0};
    int64_t count = 0;

    for (size_t i = 0; i < value->calibration.customer_count; i++) {
        const uint32_t group = value->calibration.group_of[i];
        const int bin = (int)fmin(value->calibration.items[group].repeats, REPEATS_SHOWN - 1);

        customers[bin] += 1;
        actual[bin] += (double)value->later[i];
        expected[bin] += value->chosen_expected[group];
    }
    FIGURES_BEGIN_TABLE(writer, "by_repeats", columns);
    for (int i = 0; i < REPEATS_SHOWN; i++) {
        const char text[] = {(char)('0' + i), i == REPEATS_SHOWN - 1 ? '+' : '\0', '\0'};

        if (customers[i] == 0)
            continue;
        json_begin_array(writer);
        json_write_string(writer, text);
        json_write_int64(writer, (int64_t)customers[i]);
        json_write_double(writer, actual[i] / customers[i]);
        json_write_double(writer, expected[i] / customers[i]);
        json_end_array(writer);
        count++;
    }
    figures_end_table(writer, count);
}

enum { POINTS_MOST = 26 };

static double expected_until(struct scope *scope, const struct lifetime_value *value, double days) {
    const struct candidate *chosen = &value->candidates[value->chosen];
    struct purchase_forecast forecast;
    double sum = 0;

    purchase_model_forecast(scope, chosen->model, chosen->fit.parameters, &value->calibration,
                            days / value->time_days, 1, 0, parallel_threads(0), &forecast);
    for (size_t i = 0; i < value->calibration.count; i++)
        sum += forecast.expected[i] * value->calibration.items[i].count;
    return sum;
}

// Cumulative purchases in the hold-out, at no more than POINTS_MOST days, each the last one of an
// opportunity.
static void write_by_day(struct scope *scope, struct json_writer *writer,
                         const struct lifetime_value *value) {
    static const struct figure_column columns[] = {
        {"day", "Until", "day", NULL},
        {"actual", "Actual", "integer", "purchases"},
        {"expected", "Expected", "number", "purchases"},
    };
    const int32_t days = value->records.end_day - value->records.split_day;
    const int32_t units = days / value->unit_days;
    const int32_t points = units < POINTS_MOST ? units : POINTS_MOST;
    char text[TIME_TEXT_SIZE];
    int64_t actual = 0;
    int32_t day = 0;

    FIGURES_BEGIN_TABLE(writer, "by_day", columns);
    for (int32_t point = 1; point <= points; point++) {
        const int32_t until = value->unit_days * (int32_t)((int64_t)units * point / points);

        for (; day < until; day++)
            actual += value->hold_out_days[day];
        json_begin_array(writer);
        json_write_string(writer, day_format(value->records.split_day + day, text));
        json_write_int64(writer, actual);
        json_write_double(writer, expected_until(scope, value, day));
        json_end_array(writer);
    }
    figures_end_table(writer, points);
}

// ---- who is alive ----

static const struct {
    double least;
    const char *label;
} repeat_bins[] = {{0, "0"}, {1, "1"}, {2, "2"}, {3, "3"}, {4, "4–5"}, {6, "6–9"}, {10, "10+"}},
  week_bins[] = {{0, "0–4"}, {4, "4–8"}, {8, "8–13"}, {13, "13–26"}, {26, "26–52"}, {52, "52+"}};
enum {
    REPEAT_BINS = sizeof(repeat_bins) / sizeof(*repeat_bins),
    WEEK_BINS = sizeof(week_bins) / sizeof(*week_bins),
};

static size_t repeat_bin(double repeats) {
    size_t bin = REPEAT_BINS - 1;

    while (repeats < repeat_bins[bin].least)
        bin--;
    return bin;
}

static size_t week_bin(double weeks) {
    size_t bin = WEEK_BINS - 1;

    while (weeks < week_bins[bin].least)
        bin--;
    return bin;
}

static void write_alive(struct json_writer *writer, const struct lifetime_value *value) {
    static const struct figure_column columns[] = {
        {"repeats", "Repeat purchases", "text", NULL},
        {"weeks", "Weeks since the last", "text", NULL},
        {"customers", "Customers", "integer", NULL},
        {"alive", "Alive", "share", NULL},
    };
    double customers[REPEAT_BINS][WEEK_BINS] = {0}, alive[REPEAT_BINS][WEEK_BINS] = {0};

    for (size_t i = 0; i < value->groups.count; i++) {
        const struct purchase_group *group = &value->groups.items[i];
        const size_t a = repeat_bin(group->repeats);
        const size_t b = week_bin((group->observed - group->last) * value->time_days / 7);

        customers[a][b] += group->count;
        alive[a][b] += group->count * value->forecast.alive[i];
    }
    FIGURES_BEGIN_TABLE(writer, "alive", columns);
    for (size_t a = 0; a < REPEAT_BINS; a++)
        for (size_t b = 0; b < WEEK_BINS; b++) {
            json_begin_array(writer);
            json_write_string(writer, repeat_bins[a].label);
            json_write_string(writer, week_bins[b].label);
            json_write_int64(writer, (int64_t)customers[a][b]);
            json_write_double(writer, alive[a][b] / customers[a][b]); // null of nobody
            json_end_array(writer);
        }
    figures_end_table(writer, (int64_t)REPEAT_BINS * WEEK_BINS);
}

// ---- how value is spread ----

static int descending(const void *a, const void *b) {
    const int64_t first = *(const int64_t *)a;
    const int64_t second = *(const int64_t *)b;

    return (first < second) - (first > second);
}

// The most valuable tenth of the customers first; unknown values are left out.
static void write_tenths(struct scope *scope, struct json_writer *writer,
                         const struct lifetime_value *value) {
    const struct figure_column columns[] = {
        {"tenth", "Tenth", "integer", NULL},
        {"customers", "Customers", "integer", NULL},
        {"value", "Value", "money", text_string(&scope->arena, value->records.currency)},
        {"share", "Of all value", "share", NULL},
        {"least", "From", "money", text_string(&scope->arena, value->records.currency)},
    };
    int64_t *values = arena_array(&scope->arena, value->records.count, sizeof(*values));
    size_t count = 0, first = 0;
    int64_t total = 0;

    for (size_t i = 0; i < value->records.count; i++)
        if (value->scores[3][i] != INT64_MIN) {
            values[count++] = value->scores[3][i];
            total += value->scores[3][i];
        }
    qsort(values, count, sizeof(*values), descending);
    FIGURES_BEGIN_TABLE(writer, "tenths", columns);
    for (size_t tenth = 1; tenth <= 10; tenth++) {
        const size_t last = count * tenth / 10;
        const size_t size = last - first;
        int64_t sum = 0;

        for (; first < last; first++)
            sum += values[first];
        json_begin_array(writer);
        json_write_int64(writer, (int64_t)tenth);
        json_write_int64(writer, (int64_t)size);
        json_write_micros(writer, sum);
        json_write_double(writer, (double)sum / (double)total);
        json_write_micros(writer, size > 0 ? values[last - 1] : 0);
        json_end_array(writer);
    }
    figures_end_table(writer, 10);
    json_key(writer, "value");
    json_write_micros(writer, total);
}

// ---- when not to trust it ----

static size_t repeat_customers(const struct lifetime_value *value) {
    size_t count = 0;

    for (size_t i = 0; i < value->records.count; i++)
        count += value->records.repeats[i] > 0;
    return count;
}

static double expected_alive(const struct lifetime_value *value) {
    double alive = 0;

    for (size_t i = 0; i < value->groups.count; i++)
        alive += value->forecast.alive[i] * value->groups.items[i].count;
    return alive;
}

static bool lacks_errors(const struct lifetime_value *value) {
    const struct purchase_model *model = value->candidates[value->chosen].model;

    for (int i = 0; i < LIKELIHOOD_PARAMETERS && model->parameters[i]; i++)
        if (!isfinite(value->fit.standard_errors[i]))
            return true;
    return false;
}

#define WARN(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

static void warn_of_data(struct scope *scope, struct json_writer *writer,
                         const struct lifetime_value *value) {
    const size_t repeats = repeat_customers(value);
    const double held = value->records.end_day - value->records.split_day;
    const double ahead = (double)value->options.horizon_months * 365.25 / 12;

    if (value->records.count < 100)
        WARN("Only %.0f customers: single scores say little, and the models are barely told apart.",
             (double)value->records.count);
    if (repeats < 30)
        WARN("Only %.0f customers came back: how often customers return, and when they stop, is "
             "hardly known.",
             (double)repeats);
    if (held * 2 < ahead)
        WARN("The models were tested on %.0f days, less than half of the time they look ahead.",
             held);
}

static void warn_of_models(struct scope *scope, struct json_writer *writer,
                           const struct lifetime_value *value) {
    const struct candidate *chosen = &value->candidates[value->chosen];
    const struct candidate *naive = &value->candidates[value->candidate_count - 1];
    const double alive = 100 * expected_alive(value) / (double)value->records.count;
    const double off = value->later_count > 0
                           ? 100 * (chosen->quality.expected / (double)value->later_count - 1)
                           : 0;

    if (fabs(off) > 15)
        WARN(
            "In the hold-out customers bought %.0f times, %s expected %.0f, %.0f percent too %s: a "
            "season, a campaign or a change in trade that it does not know.",
            (double)value->later_count, chosen->model->label, chosen->quality.expected, fabs(off),
            off > 0 ? "many" : "few");
    if (!(chosen->quality.root_mean_square_error < naive->quality.root_mean_square_error))
        WARN("%s forecast better than that everybody goes on as before (error %.3f purchases).",
             value->options.model > 0 ? "The chosen model did not" : "No model",
             naive->quality.root_mean_square_error);
    for (size_t i = 0; i + 1 < value->candidate_count; i++)
        if (value->options.model > 0 && value->candidates[i].quality.root_mean_square_error <
                                            chosen->quality.root_mean_square_error * 0.98) {
            WARN("%s was asked for; %s forecast the hold-out better.", chosen->model->label,
                 value->candidates[i].model->label);
            break;
        }
    if (alive > 99)
        WARN("By the model hardly anybody ever leaves (%.1f percent are alive): in so short a time "
             "those who left cannot be told from those who are slow.",
             alive);
    if (value->fit.at_boundary || lacks_errors(value) || !value->fit.converged)
        WARN("A parameter went to its limit (log-likelihood %.1f): the data do not show what the "
             "model looks for, such as customers who leave.",
             value->fit.log_likelihood);
}

static void warn_of_spend(struct scope *scope, struct json_writer *writer,
                          const struct lifetime_value *value) {
    if (value->spend_count == 0) {
        WARN("Spend is not estimated: fewer than two customers spent something on a second day.");
        return;
    }
    if (fabs(value->spend_correlation) > 0.2)
        WARN("How often customers buy and how much they spend go together (correlation %.2f); the "
             "model of spend assumes that they do not.",
             value->spend_correlation);
    if (!(value->spend_fit.parameters[GAMMA_GAMMA_Q] > 1))
        WARN("Spend varies so much that its mean is not defined (q = %.3f): customers who never "
             "came back have no value.",
             value->spend_fit.parameters[GAMMA_GAMMA_Q]);
}

// ---- the whole ----

static void write_facts(struct scope *scope, struct json_writer *writer,
                        const struct lifetime_value *value) {
    const struct candidate *chosen = &value->candidates[value->chosen];
    const double reach = 1.6448536269514722 * value->expected_error; // of 90 percent

    figure_text(writer, "currency", text_string(&scope->arena, value->records.currency));
    figure_day(writer, "from", value->first_day);
    figure_day(writer, "split", value->records.split_day);
    figure_day(writer, "as_of", value->records.end_day);
    figure_integer(writer, "customers", (int64_t)value->records.count);
    figure_integer(writer, "repeat_customers", (int64_t)repeat_customers(value));
    figure_integer(writer, "histories", (int64_t)value->groups.count);
    figure_integer(writer, "opportunity_days", value->options.opportunity_days);
    figure_integer(writer, "horizon_months", value->options.horizon_months);
    figure_number(writer, "discount_percent", value->options.discount_percent);
    figure_number(writer, "margin_percent", value->options.margin_percent);
    figure_text(writer, "model", chosen->model->label);
    figure_number(writer, "log_likelihood", value->fit.log_likelihood);
    figure_number(writer, "expected_alive", expected_alive(value));
    figure_number(writer, "expected_purchases", value->expected);
    figure_number(writer, "expected_low", fmax(0, value->expected - reach));
    figure_number(writer, "expected_high", value->expected + reach);
    figure_integer(writer, "spend_customers", (int64_t)value->spend_count);
    figure_number(writer, "spend_correlation",
                  value->spend_count > 0 ? value->spend_correlation : NAN);
}

void lifetime_value_write(struct scope *scope, struct json_writer *writer,
                          const struct lifetime_value *value) {
    json_begin_object(writer);
    write_facts(scope, writer, value);
    write_by_repeats(writer, value);
    write_by_day(scope, writer, value);
    write_alive(writer, value);
    write_tenths(scope, writer, value);
    lifetime_value_write_cohorts(scope, writer, value);
    write_models(writer, value);
    write_parameters(writer, value);
    json_key(writer, "warnings");
    json_begin_array(writer);
    warn_of_data(scope, writer, value);
    warn_of_models(scope, writer, value);
    warn_of_spend(scope, writer, value);
    json_end_array(writer);
    json_end_object(writer);
}
