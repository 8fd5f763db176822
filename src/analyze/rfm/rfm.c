// SPDX-License-Identifier: Apache-2.0
// The lake adds up what each customer bought; days and scores are worked out here, over columns.
#include "analyze/rfm/rfm.h"

#include "base/time.h"
#include "rfm_sql.h"
#include "store/lake.h"
#include "store/setting.h"

#include <stdlib.h>

code rfm_default_day(struct scope *scope, int32_t *ret_day) {
    const int64_t today = scope->now_us / US_PER_DAY;
    int64_t last;

    TRY(lake_int64_shared(scope, sql_rfm_last_day, NO_BINDS, today - 1, &last));
    *ret_day = (int32_t)last + 1;
    return OK;
}

// ---- reading ----

struct reader {
    struct scope *scope;
    struct zone *zone;
    struct rfm *rfm;
    size_t capacity;
};

static void *grow(struct reader *reader, const void *array, size_t size) {
    void *grown = arena_array(&reader->scope->arena, reader->capacity, size);

    if (reader->rfm->count > 0)
        memcpy(grown, array, reader->rfm->count * size);
    return grown;
}

static void make_room(struct reader *reader) {
    struct rfm *rfm = reader->rfm;

    if (rfm->count < reader->capacity)
        return;
    reader->capacity = reader->capacity > 0 ? reader->capacity * 2 : 1024;
    rfm->customers = grow(reader, rfm->customers, sizeof(*rfm->customers));
    rfm->numbers = grow(reader, rfm->numbers, sizeof(*rfm->numbers));
    rfm->last_days = grow(reader, rfm->last_days, sizeof(*rfm->last_days));
    rfm->recency_days = grow(reader, rfm->recency_days, sizeof(*rfm->recency_days));
    rfm->frequency = grow(reader, rfm->frequency, sizeof(*rfm->frequency));
    rfm->monetary_micros = grow(reader, rfm->monetary_micros, sizeof(*rfm->monetary_micros));
}

// A purchase at midnight sharp, as files without a time of day give, is a whole day away from the
// next midnight; any later one on that day is not. Days of 23 and 25 hours make no difference.
static int64_t whole_days(struct reader *reader, int32_t last_day, int64_t last_at_us) {
    const int64_t local_us = last_at_us + zone_offset_us(reader->zone, last_at_us);

    return reader->rfm->reference_day - last_day - (local_us % US_PER_DAY != 0);
}

static code read_customers(struct reader *reader, struct rows *rows) {
    struct rfm *rfm = reader->rfm;

    while (rows_next(rows)) {
        const size_t i = rfm->count;

        make_room(reader);
        rfm->customers[i] = rows_int64(rows, 0);
        rfm->numbers[i] = text_copy(&reader->scope->arena, rows_text(rows, 1));
        rfm->last_days[i] = (int32_t)rows_int64(rows, 3);
        rfm->recency_days[i] = whole_days(reader, rfm->last_days[i], rows_int64(rows, 2));
        rfm->frequency[i] = rows_int64(rows, 4);
        rfm->monetary_micros[i] = rows_int64(rows, 5);
        rfm->count++;
        if (i % 65536 == 0)
            TRY(scope_check(reader->scope));
    }
    return rows_end(rows);
}

// ---- scoring ----

// Recent is good: the longest ago has rank 1.
static void score_recency(struct scope *scope, struct rfm *rfm) {
    int64_t *nearness = arena_array(&scope->arena, rfm->count, sizeof(*nearness));

    for (size_t i = 0; i < rfm->count; i++)
        nearness[i] = -rfm->recency_days[i];
    rfm_quintiles(nearness, rfm->count, rfm->recency_score);
}

static void score(struct scope *scope, struct rfm *rfm) {
    rfm->recency_score = arena_array(&scope->arena, rfm->count, 1);
    rfm->frequency_score = arena_array(&scope->arena, rfm->count, 1);
    rfm->monetary_score = arena_array(&scope->arena, rfm->count, 1);
    rfm->group = arena_array(&scope->arena, rfm->count, 1);
    score_recency(scope, rfm);
    rfm_quintiles(rfm->frequency, rfm->count, rfm->frequency_score);
    rfm_quintiles(rfm->monetary_micros, rfm->count, rfm->monetary_score);
    for (size_t i = 0; i < rfm->count; i++)
        rfm->group[i] = (uint8_t)rfm_group_of(rfm->recency_score[i], rfm->frequency_score[i],
                                              rfm->monetary_score[i]);
}

struct selection rfm_selection(const struct selection *selection, int32_t reference_day) {
    struct selection before = *selection;

    if (!before.has_to || before.to_day >= reference_day)
        before.to_day = reference_day - 1;
    before.has_to = true;
    return before;
}

code rfm_compute(struct scope *scope, const struct selection *selection, int32_t reference_day,
                 struct rfm *ret_rfm) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(zone_close) struct zone *zone = NULL;
    const struct selection before = rfm_selection(selection, reference_day);
    struct settings settings;
    struct rfm rfm = {.reference_day = reference_day};
    struct reader reader = {.scope = scope, .rfm = &rfm};

    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &zone));
    reader.zone = zone;
    TRY(selection_currency(scope, &before, &rfm.currency));
    TRY(selection_query(scope, &before, sql_rfm_customers, &rows));
    TRY(read_customers(&reader, rows));
    score(scope, &rfm);
    *ret_rfm = rfm;
    return OK;
}
