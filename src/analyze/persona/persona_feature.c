// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/persona_feature.h"

#include "persona_feature_sql.h"
#include "store/lake.h"
#include "store/model_input.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { PRODUCTS_MOST = 300, CHANNELS_MOST = 12, LOOK_ROWS = 1 << 16 };

const struct persona_feature persona_features[PERSONA_MEASURES] = {
    {"recency", "Days since the last purchase", "number", "was here recently",
     "was not here for long", true},
    {"receipts", "Receipts", "number", "buys rarely", "buys often", true},
    {"spend", "Spend", "number", "spends little", "spends much", true},
    {"average_receipt", "Spend per receipt", "number", "small receipts", "large receipts", true},
    {"lines", "Lines per receipt", "number", "few lines", "many lines", true},
    {"tenure", "Days since the first purchase", "number", "new", "known for long", true},
    {"discount_share", "Share of discounts", "share", "pays the full price", "takes discounts",
     false},
    {"return_share", "Share of returns", "share", "keeps what they buy", "returns much", false},
    {"channels", "Receipts through", "share", "not through", "through", false},
    {"categories", "Spend on", "share", "not", "buys", false},
};

code persona_features_parse(struct scope *scope, struct text names, uint32_t *ret_features) {
    uint32_t features = 0;

    for (struct text rest = names; rest.size > 0;) {
        struct text name = text_split(rest, ',', &rest);
        size_t i = 0;

        name = text_trim(name);
        while (i < PERSONA_MEASURES && !text_is(name, persona_features[i].name))
            i++;
        if (i == PERSONA_MEASURES) {
            scope_fail_field(scope, INVALID, "features", "there is no feature \"%.*s\"",
                             TEXT_ARG(name));
            return scope_hint(scope, "features are recency, receipts, spend, average_receipt, "
                                     "lines, tenure, discount_share, return_share, channels, "
                                     "categories");
        }
        features |= 1u << i;
    }
    if (features == 0)
        return scope_fail_field(scope, INVALID, "features", "no feature is named");
    *ret_features = features;
    return OK;
}

#define SPAN_BINDS(span, ...)                                                                      \
    BINDS(BIND_INT64((span).end_day), BIND_INT64((span).begin_day), ##__VA_ARGS__)

code persona_days(struct scope *scope, int32_t *ret_first_day, int32_t *ret_last_day) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(lake_query(scope, sql_persona_days, NO_BINDS, &rows));
    if (!rows_next(rows) || rows_is_null(rows, 0)) {
        TRY(rows_end(rows));
        scope_fail(scope, INVALID, "no known customer has bought anything");
        return scope_hint(scope, "import receipts that name customers");
    }
    *ret_first_day = (int32_t)rows_int64(rows, 0);
    *ret_last_day = (int32_t)rows_int64(rows, 1);
    return rows_end(rows);
}

static code read_texts(struct scope *scope, const char *sql, struct binds binds, size_t most,
                       struct text *texts, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(lake_query(scope, sql, binds, &rows));
    while (rows_next(rows) && count < most)
        texts[count++] = text_copy(&scope->arena, rows_text(rows, 0));
    TRY(rows_end(rows));
    *ret_count = count;
    return OK;
}

code persona_currency(struct scope *scope, struct persona_span span, struct text *ret_currency) {
    struct text currencies[2] = {0};
    size_t count;

    TRY(read_texts(scope, sql_persona_currencies, SPAN_BINDS(span), 2, currencies, &count));
    if (count == 2)
        return scope_fail(scope, INVALID,
                          "amounts in several currencies (%.*s, %.*s, …) cannot be added up",
                          TEXT_ARG(currencies[0]), TEXT_ARG(currencies[1]));
    *ret_currency = currencies[0];
    return OK;
}

static code add_values(struct scope *scope, enum persona_measure measure, const char *sql,
                       struct persona_span span, struct persona_columns *columns) {
    struct text values[PERSONA_VALUES_MOST];
    size_t count;

    TRY(read_texts(scope, sql, SPAN_BINDS(span, BIND_INT64(PERSONA_VALUES_MOST)),
                   PERSONA_VALUES_MOST, values, &count));
    for (size_t i = 0; i < count; i++)
        columns->items[columns->count++] = (struct persona_column){measure, values[i]};
    return OK;
}

code persona_columns(struct scope *scope, uint32_t features, struct persona_span span,
                     struct persona_columns *ret_columns) {
    struct persona_columns columns = {0};

    for (int measure = 0; measure < PERSONA_CHANNELS; measure++)
        if (features & 1u << measure)
            columns.items[columns.count++].measure = (enum persona_measure)measure;
    if (features & 1u << PERSONA_CHANNELS)
        TRY(add_values(scope, PERSONA_CHANNELS, sql_persona_channels, span, &columns));
    if (features & 1u << PERSONA_CATEGORIES)
        TRY(add_values(scope, PERSONA_CATEGORIES, sql_persona_categories, span, &columns));
    *ret_columns = columns;
    return OK;
}

// ---- reading ----

size_t persona_place(const struct persona_data *data, int64_t customer) {
    size_t low = 0, high = data->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (data->customers[middle] < customer)
            low = middle + 1;
        else
            high = middle;
    }
    return low < data->count && data->customers[low] == customer ? low : SIZE_MAX;
}

static void read_measures(const struct rows *rows, int32_t end_day, double *measures) {
    const double receipts = rows_double(rows, 3);
    const double spend = rows_double(rows, 4) / 1e6;
    const double discount = fmax(0, rows_double(rows, 6) / 1e6);

    measures[PERSONA_RECENCY] = end_day - rows_double(rows, 2);
    measures[PERSONA_RECEIPTS] = receipts;
    measures[PERSONA_SPEND] = spend;
    measures[PERSONA_AVERAGE_RECEIPT] = spend / receipts;
    measures[PERSONA_LINES] = rows_double(rows, 5) / receipts;
    measures[PERSONA_TENURE] = end_day - rows_double(rows, 1);
    measures[PERSONA_DISCOUNT_SHARE] = discount / (spend + discount);
    measures[PERSONA_RETURN_SHARE] = fmin(1, fmax(0, -rows_double(rows, 7) / 1e6 / spend));
}

// How many there are is known at the end. The heap moves what grows without a copy and takes back
// what is left over; an arena would keep every smaller array.
static code read_customers(struct scope *scope, struct persona_data *data,
                           struct buffer *measures) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer customers = {0};
    const size_t row = PERSONA_CHANNELS * sizeof(double);

    TRY(model_input_query(scope, MODEL_INPUT_PERSONA, SPAN_BINDS(data->span), &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 0);

        if (++data->count % LOOK_ROWS == 0)
            TRY(scope_check(scope));
        buffer_add(&customers, &customer, sizeof(customer));
        read_measures(rows, data->span.end_day, (double *)(void *)buffer_reserve(measures, row));
        measures->size += row;
    }
    TRY(rows_end(rows));
    data->customers = arena_copy(&scope->arena, customers.data, customers.size);
    return OK;
}

static code read_share(struct scope *scope, const struct persona_columns *columns, size_t j,
                       struct persona_data *data) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct persona_column *column = &columns->items[j];
    const char *sql = column->measure == PERSONA_CHANNELS ? sql_persona_channel_share
                                                          : sql_persona_category_share;

    TRY(lake_query(scope, sql, SPAN_BINDS(data->span, BIND_TEXT(column->of)), &rows));
    while (rows_next(rows)) {
        const size_t i = persona_place(data, rows_int64(rows, 0));

        if (i != SIZE_MAX)
            data->values[i * columns->count + j] = rows_double(rows, 1) / rows_double(rows, 2);
    }
    return rows_end(rows);
}

static code read_values(struct scope *scope, const struct persona_columns *columns,
                        const double *measures, struct persona_data *data) {
    const size_t count = data->count;

    assert(measures || count == 0);
    data->values = arena_array(&scope->arena, data->count * columns->count + 1, sizeof(double));
    for (size_t j = 0; j < columns->count; j++) {
        const enum persona_measure measure = columns->items[j].measure;

        if (measure >= PERSONA_CHANNELS) {
            TRY(read_share(scope, columns, j, data));
            continue;
        }
        for (size_t i = 0; i < count; i++)
            data->values[i * columns->count + j] = measures[i * PERSONA_CHANNELS + measure];
    }
    return OK;
}

code persona_data_read(struct scope *scope, const struct persona_columns *columns,
                       struct persona_span span, enum persona_reading reading,
                       struct persona_data *ret_data) {
    CLEANUP(buffer_clear) struct buffer measures = {0};
    struct persona_data data = {.span = span};

    TRY(read_customers(scope, &data, &measures));
    TRY(read_values(scope, columns, (const double *)(void *)measures.data, &data));
    if (reading == PERSONA_WITH_MEASURES)
        data.measures = arena_copy(&scope->arena, measures.data, measures.size);
    *ret_data = data;
    return OK;
}

// ---- what groups buy ----

static code count_baskets(struct scope *scope, const struct persona_data *data,
                          const uint32_t *labels, size_t k, const int64_t *products,
                          struct persona_counts *counts) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(lake_query(scope, sql_persona_baskets, SPAN_BINDS(data->span, BIND_INT64(PRODUCTS_MOST)),
                   &rows));
    while (rows_next(rows)) {
        const struct persona_data list = {.count = counts->count, .customers = (int64_t *)products};
        const size_t i = persona_place(data, rows_int64(rows, 0));
        const size_t product = persona_place(&list, rows_int64(rows, 1));

        if (i != SIZE_MAX && product != SIZE_MAX)
            counts->in_group[product * k + labels[i]]++;
    }
    return rows_end(rows);
}

code persona_baskets(struct scope *scope, const struct persona_data *data, const uint32_t *labels,
                     size_t k, struct persona_counts *ret_products) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct persona_counts counts = {
        .names = arena_array(&scope->arena, PRODUCTS_MOST, sizeof(struct text)),
        .in_group = arena_array(&scope->arena, PRODUCTS_MOST * k, sizeof(int64_t)),
    };
    int64_t products[PRODUCTS_MOST];

    TRY(lake_query(scope, sql_persona_products, SPAN_BINDS(data->span, BIND_INT64(PRODUCTS_MOST)),
                   &rows));
    while (rows_next(rows) && counts.count < PRODUCTS_MOST) {
        const struct text product = rows_text(rows, 1), name = rows_text(rows, 2);

        products[counts.count] = rows_int64(rows, 0);
        counts.names[counts.count++] =
            name.size > 0 ? text_copy(&scope->arena, name) : text_copy(&scope->arena, product);
    }
    TRY(rows_end(rows));
    rows_close(&rows);
    TRY(count_baskets(scope, data, labels, k, products, &counts));
    *ret_products = counts;
    return OK;
}

// The channels of the most receipts are named already; the others share the last place.
static size_t channel_place(struct persona_counts *counts, struct text channel) {
    for (size_t i = 0; i < CHANNELS_MOST - 1 && i < counts->count; i++)
        if (text_equal(counts->names[i], channel))
            return i;
    if (counts->count < CHANNELS_MOST)
        counts->names[counts->count++] = TEXT("(other)");
    return counts->count - 1;
}

code persona_channels(struct scope *scope, const struct persona_data *data, const uint32_t *labels,
                      size_t k, struct persona_counts *ret_channels) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct persona_counts counts = {
        .names = arena_array(&scope->arena, CHANNELS_MOST, sizeof(struct text)),
        .in_group = arena_array(&scope->arena, CHANNELS_MOST * k, sizeof(int64_t)),
    };

    TRY(read_texts(scope, sql_persona_channels,
                   SPAN_BINDS(data->span, BIND_INT64(CHANNELS_MOST - 1)), CHANNELS_MOST - 1,
                   counts.names, &counts.count));
    TRY(lake_query(scope, sql_persona_receipts, SPAN_BINDS(data->span), &rows));
    while (rows_next(rows)) {
        const size_t i = persona_place(data, rows_int64(rows, 0));
        const struct text channel = rows_text(rows, 1);

        if (i == SIZE_MAX || channel.size == 0)
            continue;
        counts.in_group[channel_place(&counts, channel) * k + labels[i]] += rows_int64(rows, 2);
    }
    TRY(rows_end(rows));
    *ret_channels = counts;
    return OK;
}
