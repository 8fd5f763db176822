// SPDX-License-Identifier: Apache-2.0
#include "analyze/regression/regression_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAY(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

// ---- names ----

struct text regression_driver_words(struct scope *scope, const struct regression_analysis *analysis,
                                    int term) {
    const struct regression_term *found;

    if (term == REGRESSION_INTERCEPT)
        return TEXT("(all at their reference, numbers at 0)");
    found = &analysis->terms[term];
    if (!found->is_interaction)
        return text_of(analysis->options.drivers[found->columns[0]]->label);
    return text_printf(&scope->arena, "%s × %s",
                       analysis->options.drivers[found->columns[0]]->label,
                       analysis->options.drivers[found->columns[1]]->label);
}

static struct text level_name(const struct regression_analysis *analysis, size_t column,
                              int level) {
    return level == REGRESSION_NUMBER ? TEXT("") : analysis->table.levels[column][level].name;
}

struct text regression_level_words(struct scope *scope, const struct regression_analysis *analysis,
                                   const struct regression_coefficient *coefficient) {
    const struct regression_term *term;
    struct text first, second;

    if (coefficient->term == REGRESSION_INTERCEPT)
        return TEXT("");
    term = &analysis->terms[coefficient->term];
    first = level_name(analysis, term->columns[0], coefficient->levels[0]);
    if (!term->is_interaction)
        return first;
    second = level_name(analysis, term->columns[1], coefficient->levels[1]);
    if (first.size == 0 || second.size == 0)
        return first.size == 0 ? second : first;
    return text_printf(&scope->arena, "%.*s × %.*s", TEXT_ARG(first), TEXT_ARG(second));
}

static struct text reference_name(const struct regression_analysis *analysis, size_t column) {
    const struct regression_column *found = &analysis->table.columns[column];

    return found->numbers ? TEXT("") : analysis->table.levels[column][found->reference].name;
}

struct text regression_reference_words(struct scope *scope,
                                       const struct regression_analysis *analysis,
                                       const struct regression_coefficient *coefficient) {
    const struct regression_term *term;
    struct text first, second;

    if (coefficient->term == REGRESSION_INTERCEPT)
        return TEXT("");
    term = &analysis->terms[coefficient->term];
    first = reference_name(analysis, term->columns[0]);
    if (!term->is_interaction)
        return first;
    second = reference_name(analysis, term->columns[1]);
    if (first.size == 0 || second.size == 0)
        return first.size == 0 ? second : first;
    return text_printf(&scope->arena, "%.*s × %.*s", TEXT_ARG(first), TEXT_ARG(second));
}

// "1,234", "12.3", "0.0123": what a sentence bears.
static const char *number(struct scope *scope, double value) {
    const double whole = round(value);

    if (!isfinite(value))
        return "an unknown number";
    if (value >= 1e6)
        return arena_printf(&scope->arena, "%.3g million", value / 1e6);
    if (value >= 1000)
        return arena_printf(&scope->arena, "%.0f,%03.0f", floor(whole / 1000), fmod(whole, 1000));
    if (value >= 100)
        return arena_printf(&scope->arena, "%.0f", value);
    return arena_printf(&scope->arena, "%.3g", value);
}

// ---- the reading ----

// Its most certain coefficient; 0: none stands out of what chance gives.
static size_t clearest(const struct regression_analysis *analysis, int term) {
    size_t best = 0;

    for (size_t j = 1; j < analysis->fit.column_count; j++) {
        const struct regression_coefficient *found = &analysis->fit.coefficients[j];

        if (found->term != term || found->is_dropped || !(analysis->discoveries[j] < 0.05))
            continue;
        if (best == 0 || fabs(found->robust_t) > fabs(analysis->fit.coefficients[best].robust_t))
            best = j;
    }
    return best;
}

static const char *unit_words(struct scope *scope, const struct regression_analysis *analysis) {
    const struct regression_field *outcome = analysis->options.outcome;

    if (analysis->options.is_logarithmic)
        return " percent";
    if (outcome->type == REGRESSION_PERCENT)
        return " points";
    if (outcome->type == REGRESSION_AMOUNT)
        return arena_printf(&scope->arena, " %.*s", TEXT_ARG(analysis->table.currency));
    return outcome->type == REGRESSION_DAYS ? " days" : "";
}

static const char *step_words(struct scope *scope, const struct regression_analysis *analysis,
                              const struct regression_field *driver, double step) {
    const char *unit = driver->type == REGRESSION_PERCENT ? " points"
                       : driver->type == REGRESSION_DAYS  ? " days"
                                                          : "";

    if (driver->type == REGRESSION_AMOUNT)
        return arena_printf(&scope->arena, "%s %.*s", number(scope, step),
                            TEXT_ARG(analysis->table.currency));
    return arena_printf(&scope->arena, "%s%s", number(scope, step), unit);
}

// "2.1 to 5", "−5 to −2.1".
static const char *range_words(struct scope *scope, double low, double high) {
    return arena_printf(&scope->arena, "%s%s to %s%s", low < 0 ? "−" : "", number(scope, fabs(low)),
                        high < 0 ? "−" : "", number(scope, fabs(high)));
}

// What a driver goes with depends on those that it interacts with; its coefficient is what it goes
// with where these are at their reference: ", where Weekday is “Monday” and Hour is 0".
static const char *where_words(struct scope *scope, const struct regression_analysis *analysis,
                               size_t column) {
    const char *words = "";

    for (size_t k = 0; k < analysis->term_count; k++) {
        const size_t *columns = analysis->terms[k].columns;
        const size_t other = columns[0] == column ? columns[1] : columns[0];

        if (!analysis->terms[k].is_interaction || (columns[0] != column && columns[1] != column))
            continue;
        words = arena_printf(&scope->arena, "%s%s%s is ", words, words[0] ? " and " : ", where ",
                             analysis->options.drivers[other]->label);
        words = analysis->table.columns[other].numbers
                    ? arena_printf(&scope->arena, "%s0", words)
                    : arena_printf(&scope->arena, "%s“%.*s”", words,
                                   TEXT_ARG(reference_name(analysis, other)));
    }
    return words;
}

static void say_effect(struct scope *scope, struct json_writer *writer,
                       const struct regression_analysis *analysis, size_t j) {
    const struct regression_coefficient *found = &analysis->fit.coefficients[j];
    const size_t column = analysis->terms[found->term].columns[0];
    const struct regression_field *driver = analysis->options.drivers[column];
    const struct regression_effect effect = regression_effect_of(analysis, j);
    const char *outcome = analysis->options.outcome->label;
    const char *unit = unit_words(scope, analysis);
    const char *direction = effect.value > 0 ? "higher" : "lower";
    const char *size = number(scope, fabs(effect.value));
    const char *range = range_words(scope, effect.low, effect.high);
    const char *where = where_words(scope, analysis, column);
    const struct text level = regression_level_words(scope, analysis, found);
    const struct text reference = regression_reference_words(scope, analysis, found);

    if (isnan(effect.step))
        SAY("%s: with “%.*s” instead of “%.*s”, %s is %s%s %s (%s)%s, all else equal.",
            driver->label, TEXT_ARG(level), TEXT_ARG(reference), outcome, size, unit, direction,
            range, where);
    else
        SAY("%s: with %s more, %s is %s%s %s (%s)%s, all else equal.", driver->label,
            step_words(scope, analysis, driver, effect.step), outcome, size, unit, direction, range,
            where);
}

// ---- interactions ----

// The step of a number by itself; of a level 1.
static double own_step(const struct regression_analysis *analysis, size_t column) {
    if (analysis->table.columns[column].numbers == NULL)
        return 1;
    for (size_t j = 1; j < analysis->fit.column_count; j++) {
        const struct regression_coefficient *found = &analysis->fit.coefficients[j];
        const struct regression_term *term = &analysis->terms[found->term];

        if (!term->is_interaction && term->columns[0] == column && found->deviation > 0)
            return found->deviation;
    }
    return 1;
}

// "“web” instead of “store”", "2.5 more Visits".
static const char *change_words(struct scope *scope, const struct regression_analysis *analysis,
                                size_t column, int level) {
    const struct regression_field *driver = analysis->options.drivers[column];

    if (level == REGRESSION_NUMBER)
        return arena_printf(&scope->arena, "%s more %s",
                            step_words(scope, analysis, driver, own_step(analysis, column)),
                            driver->label);
    return arena_printf(&scope->arena, "“%.*s” instead of “%.*s”",
                        TEXT_ARG(level_name(analysis, column, level)),
                        TEXT_ARG(reference_name(analysis, column)));
}

static void say_interaction(struct scope *scope, struct json_writer *writer,
                            const struct regression_analysis *analysis, size_t j) {
    const struct regression_coefficient *found = &analysis->fit.coefficients[j];
    const size_t *columns = analysis->terms[found->term].columns;
    const double step = own_step(analysis, columns[0]) * own_step(analysis, columns[1]);
    const struct regression_effect effect = regression_effect_by(analysis, j, step);

    SAY("%.*s: what %s goes with is itself %s%s %s (%s) with %s.",
        TEXT_ARG(regression_driver_words(scope, analysis, found->term)),
        change_words(scope, analysis, columns[0], found->levels[0]),
        number(scope, fabs(effect.value)), unit_words(scope, analysis),
        effect.value > 0 ? "higher" : "lower", range_words(scope, effect.low, effect.high),
        change_words(scope, analysis, columns[1], found->levels[1]));
}

struct ranked_term {
    int term;
    double share;
};

static int by_share(const void *left, const void *right) {
    const struct ranked_term *a = left, *b = right;

    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return a->term - b->term;
}

static void say_terms(struct scope *scope, struct json_writer *writer,
                      const struct regression_analysis *analysis, bool of_interactions) {
    struct ranked_term terms[REGRESSION_DRIVERS + REGRESSION_INTERACTIONS];
    size_t count = 0;

    for (size_t k = 0; k < analysis->term_count; k++)
        if (analysis->terms[k].is_interaction == of_interactions &&
            analysis->fit.terms[k].share > 0)
            terms[count++] =
                (struct ranked_term){.term = (int)k, .share = analysis->fit.terms[k].share};
    qsort(terms, count, sizeof(*terms), by_share);
    for (size_t k = 0; k < count; k++) {
        const size_t best = clearest(analysis, terms[k].term);
        const struct text driver = regression_driver_words(scope, analysis, terms[k].term);

        if (best > 0 && of_interactions)
            say_interaction(scope, writer, analysis, best);
        else if (best > 0)
            say_effect(scope, writer, analysis, best);
        else
            SAY("%.*s: no difference stands out of what chance alone gives.", TEXT_ARG(driver));
    }
}

void regression_write_reading(struct scope *scope, struct json_writer *writer,
                              const struct regression_analysis *analysis) {
    const struct regression_fit *fit = &analysis->fit;

    json_key(writer, "reading");
    json_begin_array(writer);
    SAY("The drivers together go with %.3g percent of the differences between %s in %s%s; the rest "
        "is something that they do not tell.",
        100 * fmax(0, fit->r_squared), regression_units[analysis->options.unit],
        analysis->options.is_logarithmic ? "the logarithm of " : "",
        analysis->options.outcome->label);
    say_terms(scope, writer, analysis, false);
    say_terms(scope, writer, analysis, true);
    json_end_array(writer);
}

// ---- when not to trust it ----

static void warn_of_rows(struct scope *scope, struct json_writer *writer,
                         const struct regression_analysis *analysis) {
    const struct regression_table *table = &analysis->table;
    const double rows = (double)table->row_count;
    const double left_out = (double)(table->incomplete_count + table->not_positive_count);

    if (rows < 10 * (double)analysis->fit.rank || rows < 50)
        SAY("Only %.0f rows for %.0f coefficients: at least ten rows for each are wanted, or "
            "chance is read as an effect.",
            rows, (double)analysis->fit.rank);
    if (left_out > 0.05 * (rows + left_out))
        SAY("%.0f of %.0f rows are left out because a number is not known%s: what is found holds "
            "for the others, who may differ.",
            left_out, rows + left_out,
            table->not_positive_count > 0 ? " or the outcome has no logarithm" : "");
    for (size_t i = 0; i < analysis->options.driver_count; i++) {
        int64_t rare = 0;

        for (size_t k = 0; table->levels[i] && k < table->columns[i].level_count; k++)
            rare += table->levels[i][k].row_count < 10;
        if (rare > 0)
            SAY("%s: %.0f %s fewer than ten rows; what goes with it is hardly known.",
                analysis->options.drivers[i]->label, (double)rare,
                rare == 1 ? "level has" : "levels have");
        if (table->merged_levels[i] > 0)
            SAY("%s: the %.0f levels with the fewest rows stand together as “(other)”.",
                analysis->options.drivers[i]->label, (double)table->merged_levels[i]);
    }
}

// A driver that the outcome is made of explains it without telling anything.
static void warn_of_question(struct scope *scope, struct json_writer *writer,
                             const struct regression_analysis *analysis) {
    static const char *const parts[][2] = {{"spend", "lines"},
                                           {"spend", "items"},
                                           {"spend", "receipts"},
                                           {"lines", "items"},
                                           {"items", "lines"}};
    const struct regression_options *options = &analysis->options;

    for (size_t i = 0; i < options->driver_count; i++)
        for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
            if (strcmp(options->outcome->name, parts[k][0]) == 0 &&
                strcmp(options->drivers[i]->name, parts[k][1]) == 0)
                SAY("%s is made of %s: that they go together says nothing about the other drivers' "
                    "worth, and takes from what these explain.",
                    options->outcome->label, options->drivers[i]->label);
    for (size_t i = 0; i < options->driver_count; i++) {
        const struct regression_column *column = &analysis->table.columns[i];

        if (!column->numbers && column->level_count < 2)
            SAY("%s is the same in all rows and is left out.", options->drivers[i]->label);
    }
}

static bool is_constant(const struct regression_table *table,
                        const struct regression_column *column) {
    for (size_t i = 1; i < table->row_count; i++)
        if (column->numbers[i] != column->numbers[0])
            return false;
    return true;
}

static bool is_dropped_constant(const struct regression_analysis *analysis,
                                const struct regression_coefficient *coefficient) {
    const struct regression_term *term = &analysis->terms[coefficient->term];
    const struct regression_column *column = &analysis->table.columns[term->columns[0]];

    return !term->is_interaction && column->numbers && is_constant(&analysis->table, column);
}

static void warn_of_columns(struct scope *scope, struct json_writer *writer,
                            const struct regression_analysis *analysis) {
    const struct regression_fit *fit = &analysis->fit;

    for (size_t j = 1; j < fit->column_count; j++)
        if (fit->coefficients[j].is_dropped) {
            const struct text level =
                regression_level_words(scope, analysis, &fit->coefficients[j]);
            const struct text driver =
                regression_driver_words(scope, analysis, fit->coefficients[j].term);

            if (is_dropped_constant(analysis, &fit->coefficients[j]))
                SAY("%.*s is the same in all rows and is left out.", TEXT_ARG(driver));
            else
                SAY("%.*s%s%.*s is left out: it says nothing that those before it do not say "
                    "already.",
                    TEXT_ARG(driver), level.size > 0 ? ": " : "", TEXT_ARG(level));
        }
    for (size_t k = 0; k < analysis->term_count; k++) {
        const struct text driver = regression_driver_words(scope, analysis, (int)k);

        if (!analysis->terms[k].is_interaction && fit->terms[k].inflation > 3.162)
            SAY("%.*s moves together with other drivers (its interval is %.1f times as wide as it "
                "would be alone): which of them it is cannot be told well.",
                TEXT_ARG(driver), fit->terms[k].inflation);
    }
}

static void warn_of_residuals(struct scope *scope, struct json_writer *writer,
                              const struct regression_analysis *analysis) {
    const struct regression_fit *fit = &analysis->fit;

    if (fit->breusch_pagan_p < 0.01)
        SAY("The spread differs between rows (Breusch and Pagan: %.0f, p below 0.01): read the "
            "robust intervals, which are shown; the classical ones are wrong.",
            fit->breusch_pagan);
    if (fabs(fit->skewness) > 2 && !analysis->options.is_logarithmic)
        SAY("What is not explained is lopsided (skewness %.1f): a few very %s rows pull at means. "
            "Ask for the logarithm as well.",
            fit->skewness, fit->skewness > 0 ? "large" : "small");
    if (analysis->options.unit == REGRESSION_OF_RECEIPTS &&
        (fit->durbin_watson < 1.5 || fit->durbin_watson > 2.5))
        SAY("Receipts that follow each other resemble each other (Durbin and Watson: %.2f): a "
            "season or a trend is missing, and intervals are too narrow.",
            fit->durbin_watson);
    if (fit->highest_cook > 0.5)
        SAY("A single row moves the result noticeably (Cook's distance %.2f): look at the most "
            "influential rows.",
            fit->highest_cook);
    if (fit->saturated_count > 0)
        SAY("%.0f %s a coefficient of its own: how sure it is cannot be told.",
            (double)fit->saturated_count, fit->saturated_count == 1 ? "row has" : "rows have");
    if (fit->r_squared < 0.02)
        SAY("The drivers explain next to nothing (%.2g percent): even clear effects say little "
            "about a single row.",
            100 * fmax(0, fit->r_squared));
    if (fit->r_squared > 1 - 1e-9)
        SAY("The fit is perfect but for %.2g of its spread: the outcome follows from the drivers "
            "by its making.",
            1 - fit->r_squared);
}

void regression_write_warnings(struct scope *scope, struct json_writer *writer,
                               const struct regression_analysis *analysis) {
    json_key(writer, "warnings");
    json_begin_array(writer);
    warn_of_question(scope, writer, analysis);
    warn_of_rows(scope, writer, analysis);
    warn_of_columns(scope, writer, analysis);
    warn_of_residuals(scope, writer, analysis);
    json_end_array(writer);
}
