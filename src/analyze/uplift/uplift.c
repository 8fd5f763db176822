// SPDX-License-Identifier: Apache-2.0
#include "analyze/uplift/uplift.h"

#include "analyze/kernel/parallel.h"
#include "analyze/run/figures.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

const char *const uplift_method_labels[UPLIFT_METHODS] = {"Two models", "Class transformation"};

// ---- working out ----

static struct uplift_rows part_of(struct scope *scope, const struct uplift_rows *rows,
                                  const unsigned char *is_measured, unsigned char part) {
    double *values = arena_array(&scope->arena, rows->count * rows->features, sizeof(*values));
    unsigned char *treated = arena_array(&scope->arena, rows->count, 1);
    unsigned char *responded = arena_array(&scope->arena, rows->count, 1);
    size_t count = 0;

    for (size_t row = 0; row < rows->count; row++) {
        if ((is_measured != NULL ? is_measured[row] : row % 2) != part)
            continue;
        memcpy(values + count * rows->features, rows->values + row * rows->features,
               rows->features * sizeof(*values));
        treated[count] = rows->treated[row];
        responded[count++] = rows->responded[row];
    }
    return (struct uplift_rows){count, rows->features, values, treated, responded};
}

static code measure_method(struct scope *scope, struct uplift *uplift, enum uplift_method method,
                           uint64_t seed) {
    const struct uplift_rows *rows = &uplift->measured;
    double *scores = arena_array(&scope->arena, rows->count, sizeof(*scores));
    struct uplift_model model;

    TRY(uplift_fit(scope, &uplift->learnt, method, UPLIFT_PENALTY, parallel_threads(0), &model));
    uplift_score(scope, &model, rows, scores);
    return uplift_measure(scope, rows->count, scores, rows->treated, rows->responded, seed,
                          &uplift->quality[method]);
}

// Class transformation cannot be had of every experiment; two models must be.
static code measure_all(struct scope *scope, struct uplift *uplift, uint64_t seed) {
    TRY(measure_method(scope, uplift, UPLIFT_TWO_MODELS, seed));
    uplift->is_fit[UPLIFT_TWO_MODELS] = true;
    if (measure_method(scope, uplift, UPLIFT_CLASS_TRANSFORMATION, seed) == OK) {
        uplift->is_fit[UPLIFT_CLASS_TRANSFORMATION] = true;
        if (uplift->quality[UPLIFT_CLASS_TRANSFORMATION].qini.value >
            uplift->quality[UPLIFT_TWO_MODELS].qini.value)
            uplift->best = UPLIFT_CLASS_TRANSFORMATION;
        return OK;
    }
    if (scope->failure.code != INVALID)
        return scope->failure.code;
    uplift->why_not[UPLIFT_CLASS_TRANSFORMATION] =
        text_copy(&scope->arena, text_of(scope->failure.message));
    scope_forgive(scope);
    return OK;
}

// ---- telling ----

static void write_methods(struct json_writer *writer, const struct uplift *uplift) {
    static const struct figure_column columns[] = {
        {"method", "Method", "text", NULL},     {"qini", "Qini", "number", NULL},
        {"low", "Low", "number", NULL},         {"high", "High", "number", NULL},
        {"auuc", "AUUC", "number", NULL},       {"at_10", "First 10 %", "share", NULL},
        {"at_30", "First 30 %", "share", NULL}, {"at_50", "First 50 %", "share", NULL},
        {"noise", "Noise", "bool", NULL},
    };
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, "methods", columns);
    for (int method = 0; method < UPLIFT_METHODS; method++) {
        const struct uplift_quality *quality = &uplift->quality[method];

        if (!uplift->is_fit[method])
            continue;
        json_begin_array(writer);
        json_write_string(writer, uplift_method_labels[method]);
        json_write_double(writer, quality->qini.value);
        json_write_double(writer, quality->qini.low);
        json_write_double(writer, quality->qini.high);
        json_write_double(writer, quality->auuc);
        json_write_double(writer, quality->at[UPLIFT_POINTS / 10 - 1].value);
        json_write_double(writer, quality->at[UPLIFT_POINTS * 3 / 10 - 1].value);
        json_write_double(writer, quality->at[UPLIFT_POINTS / 2 - 1].value);
        json_write_bool(writer, quality->is_noise);
        json_end_array(writer);
        count++;
    }
    figures_end_table(writer, count);
}

static void write_curve(struct json_writer *writer, const struct uplift *uplift) {
    static const struct figure_column columns[] = {
        {"share", "Treated, the best first", "share", NULL},
        {"uplift", "Difference it makes", "share", NULL},
        {"low", "Low", "share", NULL},
        {"high", "High", "share", NULL},
        {"gained", "Responses gained", "number", NULL},
        {"gained_low", "Gained, from", "number", NULL},
        {"gained_high", "Gained, to", "number", NULL},
        {"by_chance", "Chosen by lot", "number", NULL},
    };
    const struct uplift_quality *quality = &uplift->quality[uplift->best];

    FIGURES_BEGIN_TABLE(writer, "curve", columns);
    for (int i = 0; i < UPLIFT_POINTS; i++) {
        json_begin_array(writer);
        json_write_double(writer, (i + 1.0) / UPLIFT_POINTS);
        json_write_double(writer, quality->at[i].value);
        json_write_double(writer, quality->at[i].low);
        json_write_double(writer, quality->at[i].high);
        json_write_double(writer, quality->gained[i].value);
        json_write_double(writer, quality->gained[i].low);
        json_write_double(writer, quality->gained[i].high);
        json_write_double(writer, quality->by_chance[i]);
        json_end_array(writer);
    }
    figures_end_table(writer, UPLIFT_POINTS);
}

#define SAY(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

static void write_reading(struct scope *scope, struct json_writer *writer,
                          const struct uplift *uplift) {
    const struct uplift_quality *quality = &uplift->quality[uplift->best];
    const struct uplift_estimate *all = &quality->at[UPLIFT_POINTS - 1];
    const struct uplift_estimate *third = &quality->at[UPLIFT_POINTS * 3 / 10 - 1];

    json_key(writer, "reading");
    json_begin_array(writer);
    SAY("Treating everybody changes the share that responds by %+.2f points (95 percent: %+.2f to "
        "%+.2f).",
        100 * all->value, 100 * all->low, 100 * all->high);
    if (quality->is_noise)
        SAY("Nothing here: no ranking is shown to find customers whom it moves more than others "
            "(Qini %.4f, 95 percent: %.4f to %.4f). Treat all of them, or none.",
            quality->qini.value, quality->qini.low, quality->qini.high);
    else
        SAY("“%s” finds customers whom it moves more than others (Qini %.4f, 95 percent: %.4f to "
            "%.4f): among the first 30 percent the difference is %+.2f points.",
            uplift_method_labels[uplift->best], quality->qini.value, quality->qini.low,
            quality->qini.high, 100 * third->value);
    json_end_array(writer);
}

void uplift_write_warnings(struct scope *scope, struct json_writer *writer,
                           const struct uplift *uplift) {
    SAY("It holds only if chance alone put customers into the arms, and if every feature was known "
        "before the treatment.");
    SAY("The better of two methods was chosen by the same customers it was measured on: expect a "
        "little less.");
    if (uplift->measured.count < 2000)
        SAY("Only %zu customers to measure on: intervals are wide.", uplift->measured.count);
    for (int method = 0; method < UPLIFT_METHODS; method++)
        if (!uplift->is_fit[method])
            SAY("%s was left out: %.*s.", uplift_method_labels[method],
                TEXT_ARG(uplift->why_not[method]));
}

void uplift_write(struct scope *scope, struct json_writer *writer, const struct uplift *uplift) {
    const struct uplift_rows *rows = uplift->rows;
    int64_t treated = 0, responses[2] = {0};

    for (size_t i = 0; i < rows->count; i++) {
        treated += rows->treated[i];
        responses[rows->treated[i]] += rows->responded[i];
    }
    figure_integer(writer, "treated", treated);
    figure_integer(writer, "control", (int64_t)rows->count - treated);
    figure_integer(writer, "responses_treated", responses[1]);
    figure_integer(writer, "responses_control", responses[0]);
    figure_integer(writer, "learnt_from", (int64_t)uplift->learnt.count);
    figure_integer(writer, "measured_on", (int64_t)uplift->measured.count);
    figure_integer(writer, "features", (int64_t)rows->features);
    figure_text(writer, "best", uplift_method_names[uplift->best]);
    figure_bool(writer, "noise", uplift->quality[uplift->best].is_noise);
    write_reading(scope, writer, uplift);
    write_methods(writer, uplift);
    write_curve(writer, uplift);
}

// ---- the whole ----

code uplift_work(struct scope *scope, const struct uplift_rows *rows,
                 const unsigned char *is_measured, uint64_t seed, struct uplift *ret_uplift) {
    struct uplift uplift = {.rows = rows};

    if (rows->count < 4)
        return scope_fail(scope, INVALID, "%zu customers are no experiment", rows->count);
    uplift.learnt = part_of(scope, rows, is_measured, 0);
    uplift.measured = part_of(scope, rows, is_measured, 1);
    TRY(measure_all(scope, &uplift, seed));
    *ret_uplift = uplift;
    return OK;
}

code uplift_of_experiment(struct scope *scope, const struct experiment *experiment, uint64_t seed,
                          struct text *ret_result) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;
    struct uplift uplift;

    TRY(uplift_work(scope, &experiment->rows, NULL, seed, &uplift));
    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    figure_integer(&writer, "left_out", experiment->left_out);
    uplift_write(scope, &writer, &uplift);
    json_key(&writer, "warnings");
    json_begin_array(&writer);
    uplift_write_warnings(scope, &writer, &uplift);
    json_end_array(&writer);
    json_end_object(&writer);
    *ret_result = text_copy(&scope->arena, buffer_text(&text));
    return OK;
}
