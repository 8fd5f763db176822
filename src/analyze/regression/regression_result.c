// SPDX-License-Identifier: Apache-2.0
// What a run found, written once, as tables in the form that the API answers with: the page, the
// command line and an export show the same numbers.
#include "analyze/kernel/special.h"
#include "analyze/regression/regression_words.h"
#include "analyze/run/figures.h"

#include <math.h>
#include <stdlib.h>

static const char *string(struct scope *scope, struct text text) {
    return text_string(&scope->arena, text);
}

// ---- effects, in the outcome's own terms ----

struct regression_effect regression_effect_by(const struct regression_analysis *analysis,
                                              size_t coefficient, double step) {
    const struct regression_coefficient *found = &analysis->fit.coefficients[coefficient];
    struct regression_effect effect = {.step = step,
                                       .value = found->value * step,
                                       .low = found->robust_low * step,
                                       .high = found->robust_high * step};

    if (analysis->options.is_logarithmic) {
        effect.value = 100 * expm1(effect.value);
        effect.low = 100 * expm1(effect.low);
        effect.high = 100 * expm1(effect.high);
    }
    return effect;
}

struct regression_effect regression_effect_of(const struct regression_analysis *analysis,
                                              size_t coefficient) {
    const struct regression_coefficient *found = &analysis->fit.coefficients[coefficient];
    const struct regression_term *term = &analysis->terms[found->term];
    const struct regression_column *columns = analysis->table.columns;
    const bool is_number = columns[term->columns[0]].numbers != NULL ||
                           (term->is_interaction && columns[term->columns[1]].numbers != NULL);
    struct regression_effect effect =
        regression_effect_by(analysis, coefficient, is_number ? found->deviation : 1);

    if (!is_number)
        effect.step = NAN;
    return effect;
}

static const char *unit_of(struct scope *scope, const struct regression_analysis *analysis) {
    const struct regression_field *outcome = analysis->options.outcome;

    if (analysis->options.is_logarithmic || outcome->type == REGRESSION_PERCENT)
        return "%";
    if (outcome->type == REGRESSION_AMOUNT)
        return string(scope, analysis->table.currency);
    return outcome->type == REGRESSION_DAYS ? "days" : NULL;
}

// ---- coefficients ----

static int64_t rows_with(const struct regression_analysis *analysis,
                         const struct regression_coefficient *coefficient) {
    const struct regression_term *term;

    if (coefficient->term == REGRESSION_INTERCEPT)
        return (int64_t)analysis->table.row_count;
    term = &analysis->terms[coefficient->term];
    if (term->is_interaction || coefficient->levels[0] == REGRESSION_NUMBER)
        return (int64_t)analysis->table.row_count;
    return analysis->table.levels[term->columns[0]][coefficient->levels[0]].row_count;
}

static void write_effect(struct json_writer *writer, const struct regression_analysis *analysis,
                         size_t j) {
    struct regression_effect effect = {NAN, NAN, NAN, NAN};

    if (j > 0)
        effect = regression_effect_of(analysis, j);
    json_write_double(writer, effect.step);
    json_write_double(writer, effect.value);
    json_write_double(writer, effect.low);
    json_write_double(writer, effect.high);
}

static void write_coefficient(struct scope *scope, struct json_writer *writer,
                              const struct regression_analysis *analysis, size_t j) {
    const struct regression_coefficient *found = &analysis->fit.coefficients[j];

    json_begin_array(writer);
    json_write_text(writer, regression_driver_words(scope, analysis, found->term));
    json_write_text(writer, regression_level_words(scope, analysis, found));
    json_write_text(writer, regression_reference_words(scope, analysis, found));
    json_write_int64(writer, rows_with(analysis, found));
    write_effect(writer, analysis, j);
    json_write_double(writer, found->value);
    json_write_double(writer, found->robust_errors[HC3]);
    json_write_double(writer, found->robust_low);
    json_write_double(writer, found->robust_high);
    json_write_double(writer, found->robust_p);
    json_write_double(writer, analysis->discoveries[j]);
    json_write_double(writer, found->standard_error);
    json_write_double(writer, found->t);
    json_write_double(writer, found->p);
    json_write_double(writer, found->low);
    json_write_double(writer, found->high);
    for (int kind = HC0; kind <= HC2; kind++)
        json_write_double(writer, found->robust_errors[kind]);
    json_write_double(writer, found->inflation);
    json_write_bool(writer, found->is_dropped);
    json_end_array(writer);
}

static void write_coefficients(struct scope *scope, struct json_writer *writer,
                               const struct regression_analysis *analysis) {
    const char *unit = unit_of(scope, analysis);
    const struct figure_column columns[] = {
        {"driver", "Driver", "text", NULL},
        {"level", "Level", "text", NULL},
        {"reference", "Instead of", "text", NULL},
        {"rows", "Rows", "integer", NULL},
        {"step", "Per", "number", NULL},
        {"effect", "Goes with", "number", unit},
        {"effect_low", "From", "number", unit},
        {"effect_high", "To", "number", unit},
        {"coefficient", "Coefficient", "number", NULL},
        {"robust_error", "Robust error (HC3)", "number", NULL},
        {"robust_low", "Robust from", "number", NULL},
        {"robust_high", "Robust to", "number", NULL},
        {"robust_p", "Robust p", "number", NULL},
        {"robust_q", "q (false discovery)", "number", NULL},
        {"standard_error", "Classical error", "number", NULL},
        {"t", "Classical t", "number", NULL},
        {"p", "Classical p", "number", NULL},
        {"low", "Classical from", "number", NULL},
        {"high", "Classical to", "number", NULL},
        {"hc0", "HC0", "number", NULL},
        {"hc1", "HC1", "number", NULL},
        {"hc2", "HC2", "number", NULL},
        {"vif", "VIF", "number", NULL},
        {"dropped", "Left out", "bool", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "coefficients", columns);
    for (size_t j = 0; j < analysis->fit.column_count; j++)
        write_coefficient(scope, writer, analysis, j);
    figures_end_table(writer, (int64_t)analysis->fit.column_count);
}

static void write_terms(struct scope *scope, struct json_writer *writer,
                        const struct regression_analysis *analysis) {
    static const struct figure_column columns[] = {
        {"driver", "Driver", "text", NULL},
        {"coefficients", "Coefficients", "integer", NULL},
        {"share", "Explains of what is left", "share", NULL},
        {"f", "F", "number", NULL},
        {"p", "p", "number", NULL},
        {"inflation", "Generalised VIF^(1/2df)", "number", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "terms", columns);
    for (size_t k = 0; k < analysis->term_count; k++) {
        const struct regression_term_test *test = &analysis->fit.terms[k];

        json_begin_array(writer);
        json_write_text(writer, regression_driver_words(scope, analysis, (int)k));
        json_write_int64(writer, (int64_t)test->freedom);
        json_write_double(writer, test->share);
        json_write_double(writer, test->f);
        json_write_double(writer, test->p);
        json_write_double(writer, test->inflation);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)analysis->term_count);
}

// ---- rows ----

static void write_row(struct json_writer *writer, const struct regression_row *row) {
    json_write_double(writer, row->fitted);
    json_write_double(writer, row->residual);
    json_write_double(writer, row->studentised);
    json_write_double(writer, row->leverage);
    json_write_double(writer, row->cook);
    json_end_array(writer);
}

static void write_rows(struct scope *scope, struct json_writer *writer,
                       const struct regression_analysis *analysis) {
    static const struct figure_column columns[] = {
        {"id", "Row", "id", NULL},
        {"fitted", "Expected", "number", NULL},
        {"residual", "Actual minus expected", "number", NULL},
        {"studentised", "Studentised", "number", NULL},
        {"leverage", "Leverage", "number", NULL},
        {"cook", "Cook's distance", "number", NULL},
    };
    const struct regression_fit *fit = &analysis->fit;

    FIGURES_BEGIN_TABLE(writer, "influential", columns);
    for (size_t i = 0; i < fit->influential_size; i++) {
        const int64_t id = analysis->table.ids[fit->influential[i].row];

        json_begin_array(writer);
        json_write_text(writer, text_printf(&scope->arena, "%lld", (long long)id));
        write_row(writer, &fit->influential[i]);
    }
    figures_end_table(writer, (int64_t)fit->influential_size);
    figures_begin_table(writer, "sample", columns + 1, sizeof(columns) / sizeof(*columns) - 1);
    for (size_t i = 0; i < fit->sample_size; i++) {
        json_begin_array(writer);
        write_row(writer, &fit->sample[i]);
    }
    figures_end_table(writer, (int64_t)fit->sample_size);
}

static int compare(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

enum { QUANTILES = 100 };

// The sample's residuals beside those of a normal law (Blom's places).
static void write_quantiles(struct json_writer *writer, const struct regression_fit *fit) {
    static const struct figure_column columns[] = {
        {"normal", "Normal law", "number", NULL},
        {"studentised", "Residuals", "number", NULL},
    };
    double values[REGRESSION_SAMPLE];
    size_t count = 0, shown;

    for (size_t i = 0; i < fit->sample_size; i++)
        if (isfinite(fit->sample[i].studentised))
            values[count++] = fit->sample[i].studentised;
    qsort(values, count, sizeof(*values), compare);
    shown = count < QUANTILES ? count : QUANTILES;
    FIGURES_BEGIN_TABLE(writer, "quantiles", columns);
    for (size_t k = 0; k < shown; k++) {
        const size_t at = shown > 1 ? k * (count - 1) / (shown - 1) : 0;

        json_begin_array(writer);
        json_write_double(writer, normal_quantile(((double)at + 0.625) / ((double)count + 0.25)));
        json_write_double(writer, values[at]);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)shown);
}

// ---- correlations ----

static const char *variable_label(const struct regression_analysis *analysis, size_t variable) {
    return variable == 0 ? analysis->options.outcome->label
                         : analysis->options.drivers[variable - 1]->label;
}

static void write_correlation(struct json_writer *writer, const struct correlation *found,
                              double adjusted) {
    json_write_double(writer, found->value);
    json_write_double(writer, found->low);
    json_write_double(writer, found->high);
    json_write_double(writer, found->p);
    json_write_double(writer, adjusted);
}

static void write_correlations(struct json_writer *writer,
                               const struct regression_analysis *analysis) {
    static const struct figure_column columns[] = {
        {"first", "Of", "text", NULL},
        {"second", "And", "text", NULL},
        {"pearson", "Pearson", "number", NULL},
        {"pearson_low", "From", "number", NULL},
        {"pearson_high", "To", "number", NULL},
        {"pearson_p", "p", "number", NULL},
        {"pearson_q", "q (false discovery)", "number", NULL},
        {"spearman", "Spearman", "number", NULL},
        {"spearman_low", "From", "number", NULL},
        {"spearman_high", "To", "number", NULL},
        {"spearman_p", "p", "number", NULL},
        {"spearman_q", "q (false discovery)", "number", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "correlations", columns);
    for (size_t i = 0; i < analysis->correlation_count; i++) {
        const struct regression_correlation *pair = &analysis->correlations[i];

        json_begin_array(writer);
        json_write_string(writer, variable_label(analysis, pair->variables[0]));
        json_write_string(writer, variable_label(analysis, pair->variables[1]));
        write_correlation(writer, &pair->pearson, pair->pearson_q);
        write_correlation(writer, &pair->spearman, pair->spearman_q);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)analysis->correlation_count);
}

// ---- the whole ----

static void write_question(struct scope *scope, struct json_writer *writer,
                           const struct regression_analysis *analysis) {
    const struct regression_options *options = &analysis->options;

    figure_text(writer, "of", regression_units[options->unit]);
    figure_text(writer, "outcome", options->outcome->name);
    figure_text(writer, "outcome_label", options->outcome->label);
    figure_bool(writer, "logarithm", options->is_logarithmic);
    figure_text(writer, "unit", unit_of(scope, analysis));
    figure_number(writer, "confidence_percent", options->confidence_percent);
    figure_day(writer, "from", analysis->table.first_day);
    figure_day(writer, "to", analysis->table.last_day);
    figure_integer(writer, "rows", (int64_t)analysis->table.row_count);
    figure_integer(writer, "incomplete_rows", analysis->table.incomplete_count);
    figure_integer(writer, "not_positive_rows", analysis->table.not_positive_count);
    figure_integer(writer, "correlated_rows", (int64_t)analysis->correlation_rows);
}

static void write_quality(struct json_writer *writer, const struct regression_fit *fit) {
    const struct {
        const char *name;
        double value;
    } figures[] = {
        {"r_squared", fit->r_squared},
        {"adjusted_r_squared", fit->adjusted_r_squared},
        {"f", fit->f},
        {"f_p", fit->f_p},
        {"freedom", fit->freedom},
        {"residual_deviation", fit->deviation},
        {"log_likelihood", fit->log_likelihood},
        {"aic", fit->aic},
        {"bic", fit->bic},
        {"condition", fit->condition},
        {"scaled_condition", fit->scaled_condition},
        {"durbin_watson", fit->durbin_watson},
        {"breusch_pagan", fit->breusch_pagan},
        {"breusch_pagan_p", fit->breusch_pagan_p},
        {"jarque_bera", fit->jarque_bera},
        {"jarque_bera_p", fit->jarque_bera_p},
        {"skewness", fit->skewness},
        {"kurtosis", fit->kurtosis},
        {"highest_leverage", fit->highest_leverage},
        {"highest_cook", fit->highest_cook},
    };

    for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++)
        figure_number(writer, figures[i].name, figures[i].value);
    figure_integer(writer, "coefficient_count", (int64_t)fit->rank);
    figure_integer(writer, "outlying_rows", fit->outlying_count);
    figure_integer(writer, "leverage_rows", fit->leverage_count);
    figure_integer(writer, "influential_rows", fit->influential_count);
}

void regression_write(struct scope *scope, struct json_writer *writer,
                      const struct regression_analysis *analysis) {
    json_begin_object(writer);
    write_question(scope, writer, analysis);
    write_quality(writer, &analysis->fit);
    write_coefficients(scope, writer, analysis);
    write_terms(scope, writer, analysis);
    write_correlations(writer, analysis);
    write_rows(scope, writer, analysis);
    write_quantiles(writer, &analysis->fit);
    regression_write_reading(scope, writer, analysis);
    regression_write_warnings(scope, writer, analysis);
    json_end_object(writer);
}
