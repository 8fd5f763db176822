// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/trial_result.h"

#include "analyze/run/figures.h"

static const char *const method_names[TRIAL_METHODS] = {
    [TRIAL_PLAIN] = "plain", [TRIAL_ADJUSTED] = "adjusted", [TRIAL_MEDIAN] = "median"};

static const char *what(const struct trial_result *result,
                        const struct trial_comparison *comparison) {
    if (comparison->method == TRIAL_MEDIAN)
        return "median";
    switch (result->trial->outcomes[comparison->outcome].measure) {
    case TRIAL_SHARE:
        return "share";
    case TRIAL_RATIO:
        return "ratio";
    case TRIAL_MEAN:
    default:
        return "mean";
    }
}

bool trial_is_shown(const struct trial_result *result, const struct trial_comparison *comparison) {
    return comparison->corrected_p <= 1 - result->trial->confidence;
}

static void write_arms(struct json_writer *writer, const struct trial_result *result) {
    static const struct figure_column columns[] = {
        {"arm", "Arm", "text", NULL},
        {"customers", "Customers", "integer", "customers"},
        {"share", "Share of customers", "share", NULL},
        {"meant", "Share meant", "share", NULL},
    };
    const struct trial *trial = result->trial;
    double customers = 0, meant = 0;

    for (size_t arm = 0; arm < trial->arm_count; arm++) {
        customers += (double)trial->arms[arm].count;
        meant += trial->arms[arm].share;
    }
    FIGURES_BEGIN_TABLE(writer, "arms", columns);
    for (size_t arm = 0; arm < trial->arm_count; arm++) {
        json_begin_array(writer);
        json_write_text(writer, trial->arms[arm].name);
        json_write_int64(writer, (int64_t)trial->arms[arm].count);
        json_write_double(writer, (double)trial->arms[arm].count / customers);
        json_write_double(writer, trial->arms[arm].share / meant);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)trial->arm_count);
}

static void write_difference(struct json_writer *writer, const struct trial_result *result,
                             const struct trial_comparison *comparison) {
    const struct trial *trial = result->trial;
    const struct difference *difference = &comparison->difference;

    json_begin_array(writer);
    json_write_text(writer, trial->outcomes[comparison->outcome].name);
    json_write_text(writer, trial->arms[comparison->arm].name);
    json_write_string(writer, what(result, comparison));
    if (trial->outcomes[comparison->outcome].unit != NULL)
        json_write_string(writer, trial->outcomes[comparison->outcome].unit);
    else
        json_write_null(writer);
    json_write_string(writer, method_names[comparison->method]);
    json_write_bool(writer, comparison->decides);
    json_write_double(writer, difference->first);
    json_write_double(writer, difference->second);
    json_write_double(writer, difference->value);
    json_write_double(writer, difference->low);
    json_write_double(writer, difference->high);
    json_write_double(writer, difference->value / difference->first);
    json_write_double(writer, difference->statistic);
    json_write_double(writer, difference->freedom);
    json_write_double(writer, difference->p);
    json_write_double(writer, comparison->corrected_p);
    json_write_double(writer, comparison->discovery_p);
    json_write_double(writer, comparison->together.low);
    json_write_double(writer, comparison->together.high);
    json_write_double(writer, comparison->always.low);
    json_write_double(writer, comparison->always.high);
    json_write_double(writer, comparison->always.p);
    json_write_double(writer, comparison->kept);
    if (comparison->decides)
        json_write_bool(writer, trial_is_shown(result, comparison));
    else
        json_write_null(writer);
    json_end_array(writer);
}

static void write_differences(struct json_writer *writer, const struct trial_result *result) {
    static const struct figure_column columns[] = {
        {"outcome", "Outcome", "text", NULL},
        {"arm", "Arm", "text", NULL},
        {"measure", "Measure", "text", NULL},
        {"unit", "Unit", "text", NULL},
        {"method", "Method", "text", NULL},
        {"decides", "Decides", "bool", NULL},
        {"control", "Control", "number", NULL},
        {"value", "Arm's figure", "number", NULL},
        {"difference", "Difference", "number", NULL},
        {"low", "Low", "number", NULL},
        {"high", "High", "number", NULL},
        {"lift", "Of the control's figure", "share", NULL},
        {"statistic", "z or t", "number", NULL},
        {"freedom", "Degrees of freedom", "number", NULL},
        {"p", "p", "number", NULL},
        {"corrected_p", "p, corrected (Holm)", "number", NULL},
        {"discovery_p", "False discovery rate", "number", NULL},
        {"together_low", "Low, all together", "number", NULL},
        {"together_high", "High, all together", "number", NULL},
        {"always_low", "Low, looked at any time", "number", NULL},
        {"always_high", "High, looked at any time", "number", NULL},
        {"always_p", "p, looked at any time", "number", NULL},
        {"kept", "Variance left", "share", NULL},
        {"shown", "Shown", "bool", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "differences", columns);
    for (size_t i = 0; i < result->count; i++)
        write_difference(writer, result, &result->comparisons[i]);
    figures_end_table(writer, (int64_t)result->count);
}

void trial_result_write(struct scope *scope, struct json_writer *writer,
                        const struct trial_result *result) {
    const struct trial *trial = result->trial;
    int64_t customers = 0;

    for (size_t arm = 0; arm < trial->arm_count; arm++)
        customers += (int64_t)trial->arms[arm].count;
    figure_integer(writer, "customers", customers);
    figure_integer(writer, "left_out", trial->left_out);
    figure_integer(writer, "comparisons", (int64_t)result->decisions);
    figure_number(writer, "confidence", trial->confidence);
    figure_number(writer, "division_p", result->division_p);
    trial_words_write(scope, writer, result);
    write_arms(writer, result);
    write_differences(writer, result);
}
