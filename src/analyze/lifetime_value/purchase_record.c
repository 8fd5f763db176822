// SPDX-License-Identifier: Apache-2.0
#include "analyze/lifetime_value/purchase_record.h"

#include "purchase_record_sql.h"
#include "store/lake.h"
#include "store/model_input.h"

#include <string.h>

code purchase_span(struct scope *scope, int32_t *ret_first_day, int32_t *ret_last_day,
                   int64_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(lake_query(scope, sql_purchase_span, NO_BINDS, &rows));
    if (rows_next(rows)) {
        *ret_first_day = (int32_t)rows_int64(rows, 0);
        *ret_last_day = (int32_t)rows_int64(rows, 1);
        *ret_count = rows_int64(rows, 2);
    }
    return rows_end(rows);
}

code purchase_currency(struct scope *scope, int32_t end_day, struct text *ret_currency) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text currencies[2] = {0};
    size_t count = 0;

    TRY(lake_query(scope, sql_purchase_currencies, BINDS(BIND_INT64(end_day)), &rows));
    while (rows_next(rows) && count < 2)
        currencies[count++] = text_copy(&scope->arena, rows_text(rows, 0));
    TRY(rows_end(rows));
    if (count == 2)
        return scope_fail(scope, INVALID,
                          "amounts in several currencies (%.*s, %.*s, …) cannot be added up",
                          TEXT_ARG(currencies[0]), TEXT_ARG(currencies[1]));
    *ret_currency = currencies[0];
    return OK;
}

// ---- columns that grow ----

static void *grown(struct scope *scope, const void *array, size_t count, size_t capacity,
                   size_t size) {
    void *larger = arena_array(&scope->arena, capacity, size);

    if (count > 0)
        memcpy(larger, array, count * size);
    return larger;
}

static void make_room(struct scope *scope, struct purchase_records *records, size_t capacity) {
    const size_t count = records->count;

#define GROW(column)                                                                               \
    records->column = grown(scope, records->column, count, capacity, sizeof(*records->column))
    GROW(customers);
    GROW(first_days);
    GROW(last_days);
    GROW(repeats);
    GROW(repeat_gross_micros);
    GROW(split_last_days);
    GROW(split_repeats);
    GROW(split_gross_micros);
#undef GROW
}

static void read_row(struct purchase_records *records, const struct rows *rows) {
    const size_t i = records->count++;

    records->customers[i] = rows_int64(rows, 0);
    records->first_days[i] = (int32_t)rows_int64(rows, 1);
    records->last_days[i] = (int32_t)rows_int64(rows, 2);
    records->repeats[i] = rows_int64(rows, 3);
    records->repeat_gross_micros[i] = rows_int64(rows, 4);
    records->split_last_days[i] = (int32_t)rows_int64(rows, 5);
    records->split_repeats[i] = rows_int64(rows, 6);
    records->split_gross_micros[i] = rows_int64(rows, 7);
}

code purchase_records_read(struct scope *scope, int32_t end_day, int32_t split_day,
                           int32_t unit_days, struct purchase_records *ret_records) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct purchase_records records = {.end_day = end_day, .split_day = split_day};
    size_t capacity = 0;

    TRY(purchase_currency(scope, end_day, &records.currency));
    TRY(model_input_query(scope, MODEL_INPUT_PURCHASES,
                          BINDS(BIND_INT64(end_day), BIND_INT64(split_day), BIND_INT64(unit_days)),
                          &rows));
    while (rows_next(rows)) {
        if (records.count == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 1024;
            make_room(scope, &records, capacity);
            TRY(scope_check(scope));
        }
        read_row(&records, rows);
    }
    TRY(rows_end(rows));
    *ret_records = records;
    return OK;
}

code purchase_days_read(struct scope *scope, int32_t end_day, int32_t split_day, int32_t unit_days,
                        int64_t **ret_purchases) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t *purchases =
        arena_array(&scope->arena, (size_t)(end_day - split_day) + 1, sizeof(*purchases));

    TRY(lake_query(scope, sql_purchase_days,
                   BINDS(BIND_INT64(end_day), BIND_INT64(split_day), BIND_INT64(unit_days)),
                   &rows));
    while (rows_next(rows))
        purchases[rows_int64(rows, 0) - split_day - 1] += rows_int64(rows, 1);
    TRY(rows_end(rows));
    *ret_purchases = purchases;
    return OK;
}
