// SPDX-License-Identifier: Apache-2.0
// What the figures say in plain words, and when they should not be trusted.
#include "analyze/experiment/trial_result.h"

#include <inttypes.h>
#include <math.h>

#define SAY(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

// Below it the normal law of a share or a mean is no more than a hope.
enum { FEW = 10, FEW_SPENDERS = 50 };
static const double broken_division = 0.001; // so rare that chance is no explanation
static const double large_part = 0.05;       // of an arm's sum, from one customer

// ---- reading ----

static double shown_scale(const struct trial_result *result,
                          const struct trial_comparison *comparison) {
    return result->trial->outcomes[comparison->outcome].measure == TRIAL_SHARE ? 100 : 1;
}

static const char *p_words(struct scope *scope, double p) {
    if (p < 0.0001)
        return "p below .0001";
    return text_string(&scope->arena, text_printf(&scope->arena, "p = %.4f", p));
}

// " percent", " EUR" or nothing.
static const char *unit_of(struct scope *scope, const struct trial_outcome *outcome) {
    if (outcome->measure == TRIAL_SHARE)
        return " percent";
    if (outcome->unit == NULL)
        return "";
    return text_string(&scope->arena, text_printf(&scope->arena, " %s", outcome->unit));
}

static struct text figures_of(struct scope *scope, const struct trial_result *result,
                              const struct trial_comparison *comparison) {
    const struct trial *trial = result->trial;
    const struct difference *difference = &comparison->difference;
    const double scale = shown_scale(result, comparison);
    const char *unit = unit_of(scope, &trial->outcomes[comparison->outcome]);

    return text_printf(
        &scope->arena, "%.*s: %.2f%s for \"%.*s\", %.2f%s for \"%.*s\"%s",
        TEXT_ARG(trial->outcomes[comparison->outcome].name), scale * difference->second, unit,
        TEXT_ARG(trial->arms[comparison->arm].name), scale * difference->first, unit,
        TEXT_ARG(trial->arms[0].name), comparison->method == TRIAL_ADJUSTED ? ", adjusted" : "");
}

static void say_comparison(struct scope *scope, struct json_writer *writer,
                           const struct trial_result *result,
                           const struct trial_comparison *comparison) {
    const struct difference *difference = &comparison->difference;
    const struct text figures = figures_of(scope, result, comparison);
    const double scale = shown_scale(result, comparison);
    const char *points =
        scale > 1 ? " points" : unit_of(scope, &result->trial->outcomes[comparison->outcome]);
    const double percent = 100 * result->trial->confidence;

    if (!isfinite(difference->p))
        SAY("%.*s. Whether this is chance cannot be told: neither arm varies.", TEXT_ARG(figures));
    else if (trial_is_shown(result, comparison))
        SAY("%.*s. The difference of %+.2f%s (%g percent: %+.2f to %+.2f) is more than chance "
            "(%s, corrected for %zu comparisons).",
            TEXT_ARG(figures), scale * difference->value, points, percent, scale * difference->low,
            scale * difference->high, p_words(scope, comparison->corrected_p), result->decisions);
    else
        SAY("%.*s. No difference is shown (%s, corrected for %zu comparisons): it may be anything "
            "from %+.2f to %+.2f%s. That is not the same as none.",
            TEXT_ARG(figures), p_words(scope, comparison->corrected_p), result->decisions,
            scale * difference->low, scale * difference->high, points);
}

static void say_what_before_does(struct scope *scope, struct json_writer *writer,
                                 const struct trial_result *result,
                                 const struct trial_comparison *comparison) {
    const struct text outcome = result->trial->outcomes[comparison->outcome].name;
    const double explained = 100 * (1 - comparison->kept);

    if (explained >= 1)
        SAY("%.*s: what was known before (%.*s) explains %.0f percent of how customers differ, "
            "which makes the interval narrower.",
            TEXT_ARG(outcome), TEXT_ARG(result->trial->before), explained);
    else if (isfinite(explained))
        SAY("%.*s: what was known before (%.*s) explains hardly any of how customers differ; the "
            "adjusted figure is nearly the plain one.",
            TEXT_ARG(outcome), TEXT_ARG(result->trial->before));
}

static void write_reading(struct scope *scope, struct json_writer *writer,
                          const struct trial_result *result) {
    json_key(writer, "reading");
    json_begin_array(writer);
    for (size_t i = 0; i < result->count; i++)
        if (result->comparisons[i].decides)
            say_comparison(scope, writer, result, &result->comparisons[i]);
    for (size_t i = 0; i < result->count; i++)
        if (result->comparisons[i].method == TRIAL_ADJUSTED && result->comparisons[i].arm == 1)
            say_what_before_does(scope, writer, result, &result->comparisons[i]);
    json_end_array(writer);
}

// ---- warnings ----

static void warn_of_division(struct scope *scope, struct json_writer *writer,
                             const struct trial_result *result) {
    if (result->division_p < broken_division)
        SAY("Do not trust any of this: the arms were not divided as meant (p = %.2g). Somebody was "
            "lost on the way or put into the wrong arm; find out who before reading on.",
            result->division_p);
    if (result->trial->note.size > 0)
        json_write_text(writer, result->trial->note);
    if (result->trial->is_observed)
        SAY("Chance did not make these groups: they differ in more than what you look at. The "
            "figures say how different they are, not what made them so.");
    else
        SAY("It holds only if chance alone put customers into the arms.");
}

static void warn_of_share(struct scope *scope, struct json_writer *writer,
                          const struct trial_outcome *outcome, const struct trial_arm *arm,
                          const double *values) {
    size_t yes = 0;

    for (size_t i = 0; i < arm->count; i++)
        yes += values[i] > 0;
    if (yes < FEW || arm->count - yes < FEW)
        SAY("%.*s: only %zu of %zu customers in \"%.*s\": too few to lean on; the p value is "
            "rough, the interval is wide for good reason.",
            TEXT_ARG(outcome->name), yes, arm->count, TEXT_ARG(arm->name));
}

static void warn_of_mean(struct scope *scope, struct json_writer *writer,
                         const struct trial_outcome *outcome, const struct trial_arm *arm,
                         const double *values) {
    double sum = 0, most = 0;
    size_t spenders = 0;

    for (size_t i = 0; i < arm->count; i++) {
        spenders += values[i] != 0;
        sum += fabs(values[i]);
        most = fmax(most, fabs(values[i]));
    }
    if (spenders < FEW_SPENDERS)
        SAY("%.*s: only %zu of %zu customers in \"%.*s\" have any: a mean of so few is easily "
            "wrong.",
            TEXT_ARG(outcome->name), spenders, arm->count, TEXT_ARG(arm->name));
    else if (most > large_part * sum)
        SAY("%.*s: a single customer makes %.0f percent of \"%.*s\": much hangs on them.",
            TEXT_ARG(outcome->name), 100 * most / sum, TEXT_ARG(arm->name));
}

static void warn_of_arms(struct scope *scope, struct json_writer *writer,
                         const struct trial *trial) {
    for (size_t o = 0; o < trial->outcome_count; o++)
        for (size_t a = 0; a < trial->arm_count; a++) {
            const struct trial_arm *arm = &trial->arms[a];

            if (trial->outcomes[o].measure == TRIAL_SHARE)
                warn_of_share(scope, writer, &trial->outcomes[o], arm, arm->values[o]);
            else
                warn_of_mean(scope, writer, &trial->outcomes[o], arm, arm->values[o]);
        }
}

static void warn_of_looking(struct scope *scope, struct json_writer *writer,
                            const struct trial_result *result) {
    size_t lost = 0, shown = 0;

    for (size_t i = 0; i < result->count; i++)
        if (trial_is_shown(result, &result->comparisons[i])) {
            shown++;
            lost += !(result->comparisons[i].always.p <= 1 - result->trial->confidence);
        }
    SAY("The p values hold for one look at a size fixed before. If you looked along the way and "
        "would have stopped early, read the interval \"looked at any time\"%s",
        shown == 0      ? "."
        : lost == 0     ? ": all differences shown here hold there as well."
        : lost == shown ? ": none of the differences shown here holds there."
                        : ": not all differences shown here hold there.");
}

void trial_words_write(struct scope *scope, struct json_writer *writer,
                       const struct trial_result *result) {
    write_reading(scope, writer, result);
    json_key(writer, "warnings");
    json_begin_array(writer);
    warn_of_division(scope, writer, result);
    warn_of_arms(scope, writer, result->trial);
    if (!result->trial->is_observed)
        warn_of_looking(scope, writer, result);
    json_end_array(writer);
}
