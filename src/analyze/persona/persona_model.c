// SPDX-License-Identifier: Apache-2.0
// The frozen model: how numbers are scaled and where the groups are, and its JSON, whose numbers
// read back as they were to the last digit.
#include "analyze/persona/persona.h"
#include "analyze/run/figures.h"

#include <math.h>
#include <string.h>

static double transformed(const struct persona_column *column, double value) {
    return persona_features[column->measure].is_log ? log1p(value) : value;
}

static bool learn_column(struct persona_model *model, const struct persona_data *data, size_t j) {
    const size_t columns = model->columns.count;
    double mean = 0, squares = 0;

    for (size_t i = 0; i < data->count; i++)
        mean += transformed(&model->columns.items[j], data->values[i * columns + j]) /
                (double)data->count;
    for (size_t i = 0; i < data->count; i++) {
        const double off =
            transformed(&model->columns.items[j], data->values[i * columns + j]) - mean;

        squares += off * off;
    }
    model->means[j] = mean;
    model->deviations[j] = sqrt(squares / (double)data->count);
    return model->deviations[j] > 1e-9 * (1 + fabs(mean));
}

static void drop_column(struct persona_model *model, struct persona_data *data, size_t j) {
    const size_t columns = model->columns.count;
    double *kept = data->values;

    for (size_t i = 0; i < data->count; i++)
        for (size_t column = 0; column < columns; column++)
            if (column != j)
                *kept++ = data->values[i * columns + column];
    for (size_t column = j; column + 1 < columns; column++)
        model->columns.items[column] = model->columns.items[column + 1];
    model->columns.count--;
}

void persona_model_scale(struct scope *scope, struct persona_model *model,
                         struct persona_data *data, struct buffer *dropped) {
    (void)scope;
    for (size_t j = 0; j < model->columns.count;) {
        const struct persona_column *column = &model->columns.items[j];

        if (learn_column(model, data, j)) {
            j++;
            continue;
        }
        buffer_printf(dropped, "%s%s%s%.*s", dropped->size > 0 ? ", " : "",
                      persona_features[column->measure].label, column->of.size > 0 ? " " : "",
                      TEXT_ARG(column->of));
        drop_column(model, data, j);
    }
}

struct points persona_model_points(struct scope *scope, const struct persona_model *model,
                                   const struct persona_data *data) {
    const size_t columns = model->columns.count;
    double *values = arena_array(&scope->arena, data->count * columns + 1, sizeof(*values));

    for (size_t i = 0; i < data->count; i++)
        for (size_t j = 0; j < columns; j++)
            values[i * columns + j] =
                (transformed(&model->columns.items[j], data->values[i * columns + j]) -
                 model->means[j]) /
                model->deviations[j];
    return (struct points){values, data->count, columns};
}

code persona_model_assign(struct scope *scope, const struct persona_model *model,
                          const struct points *points, int threads, uint32_t *ret_labels,
                          double *ret_certainty) {
    double *seconds, likelihood;

    if (points->count == 0)
        return OK;
    if (model->method == PERSONA_GAUSSIAN_MIXTURE)
        return gaussian_mixture_assign(scope, points, &model->mixture, threads, ret_labels,
                                       ret_certainty, &likelihood);
    seconds = arena_array(&scope->arena, points->count, sizeof(*seconds));
    k_means_assign(points, model->centres, model->k, threads, ret_labels, ret_certainty, seconds);
    for (size_t i = 0; i < points->count; i++)
        ret_certainty[i] = isinf(seconds[i]) ? 1
                           : seconds[i] > 0  ? 1 - sqrt(ret_certainty[i] / seconds[i])
                                             : 0;
    return OK;
}

// ---- JSON ----

static void write_numbers(struct json_writer *writer, const char *key, const double *numbers,
                          size_t count) {
    json_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++)
        json_write_double(writer, numbers[i]);
    json_end_array(writer);
}

static void write_column(struct json_writer *writer, const struct persona_model *model, size_t j) {
    json_begin_object(writer);
    figure_text(writer, "feature", persona_features[model->columns.items[j].measure].name);
    json_key(writer, "of");
    json_write_text(writer, model->columns.items[j].of);
    figure_number(writer, "mean", model->means[j]);
    figure_number(writer, "deviation", model->deviations[j]);
    json_end_object(writer);
}

void persona_model_write(struct json_writer *writer, const struct persona_model *model) {
    const size_t n = model->columns.count;

    json_begin_object(writer);
    figure_integer(writer, "method", model->method);
    figure_integer(writer, "features", model->features);
    figure_integer(writer, "window_days", model->window_days);
    figure_integer(writer, "k", (int64_t)model->k);
    figure_integer(writer, "last_number", model->last_number);
    json_key(writer, "columns");
    json_begin_array(writer);
    for (size_t j = 0; j < n; j++)
        write_column(writer, model, j);
    json_end_array(writer);
    json_key(writer, "numbers");
    json_begin_array(writer);
    for (size_t c = 0; c < model->k; c++)
        json_write_int64(writer, model->numbers[c]);
    json_end_array(writer);
    write_numbers(writer, "centres", model->centres, model->k * n);
    if (model->method == PERSONA_GAUSSIAN_MIXTURE) {
        write_numbers(writer, "weights", model->mixture.weights, model->k);
        write_numbers(writer, "covariances", model->mixture.covariances, model->k * n * n);
    }
    json_end_object(writer);
}

static double number_of(const struct json *json) {
    if (json == NULL)
        return NAN;
    return json->type == JSON_INT64    ? (double)json->int64
           : json->type == JSON_DOUBLE ? json->number
                                       : NAN;
}

static code no_model(struct scope *scope) {
    scope_fail(scope, INVALID, "the model of the last run cannot be read");
    return scope_hint(scope, "run personas without \"frozen\"");
}

static code read_numbers(struct scope *scope, const struct json *object, const char *key,
                         size_t count, double **ret_numbers) {
    const struct json *array = json_member(object, key);
    double *numbers = arena_array(&scope->arena, count + 1, sizeof(*numbers));
    size_t i = 0;

    if (array == NULL || array->type != JSON_ARRAY || array->count != count)
        return no_model(scope);
    for (const struct json *each = array->first; each != NULL; each = each->next)
        if (!isfinite(numbers[i++] = number_of(each)))
            return no_model(scope);
    *ret_numbers = numbers;
    return OK;
}

static code read_column(struct scope *scope, const struct json *object,
                        struct persona_model *model) {
    const struct text name = json_scalar_text(&scope->arena, json_member(object, "feature"));
    const size_t j = model->columns.count++;
    uint32_t feature;
    int measure = 0;

    TRY(persona_features_parse(scope, name, &feature));
    while (feature >> measure != 1)
        measure++;
    model->columns.items[j] = (struct persona_column){
        (enum persona_measure)measure, json_scalar_text(&scope->arena, json_member(object, "of"))};
    model->means[j] = number_of(json_member(object, "mean"));
    model->deviations[j] = number_of(json_member(object, "deviation"));
    if (!isfinite(model->means[j]) || !(model->deviations[j] > 0))
        return no_model(scope);
    return OK;
}

static code read_columns(struct scope *scope, const struct json *object,
                         struct persona_model *model) {
    const struct json *columns = json_member(object, "columns");

    if (columns == NULL || columns->type != JSON_ARRAY || columns->count > PERSONA_COLUMNS_MOST)
        return no_model(scope);
    for (const struct json *each = columns->first; each != NULL; each = each->next)
        TRY(read_column(scope, each, model));
    return OK;
}

static code read_groups(struct scope *scope, const struct json *object,
                        struct persona_model *model) {
    const size_t n = model->columns.count;
    double *numbers;

    TRY(read_numbers(scope, object, "numbers", model->k, &numbers));
    for (size_t c = 0; c < model->k; c++)
        model->numbers[c] = (int64_t)numbers[c];
    TRY(read_numbers(scope, object, "centres", model->k * n, &model->centres));
    if (model->method == PERSONA_K_MEANS)
        return OK;
    model->mixture =
        (struct gaussian_mixture){.k = model->k, .dimensions = n, .means = model->centres};
    TRY(read_numbers(scope, object, "weights", model->k, &model->mixture.weights));
    return read_numbers(scope, object, "covariances", model->k * n * n,
                        &model->mixture.covariances);
}

code persona_model_read(struct scope *scope, const struct json *object,
                        struct persona_model *ret_model) {
    const double k = number_of(json_member(object, "k"));
    const double features = number_of(json_member(object, "features"));
    const double window_days = number_of(json_member(object, "window_days"));
    const double last_number = number_of(json_member(object, "last_number"));
    struct persona_model model = {0};

    if (!(k >= 1 && k <= PERSONA_K_MOST && features > 0 && window_days >= 0 && last_number >= k))
        return no_model(scope);
    model.method =
        number_of(json_member(object, "method")) > 0 ? PERSONA_GAUSSIAN_MIXTURE : PERSONA_K_MEANS;
    model.k = (size_t)k;
    model.features = (uint32_t)features;
    model.window_days = (int64_t)window_days;
    model.last_number = (int64_t)last_number;
    TRY(read_columns(scope, object, &model));
    TRY(read_groups(scope, object, &model));
    *ret_model = model;
    return OK;
}
