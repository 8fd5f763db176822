// SPDX-License-Identifier: Apache-2.0
#include "analyze/retention/retention.h"

#include "retention_sql.h"
#include "store/lake.h"

void retention_fill(struct scope *scope, const struct retention_entry *entries, size_t count,
                    struct retention *ret_retention) {
    struct retention retention = {0};

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || entries[i].cohort_month < retention.first_month)
            retention.first_month = entries[i].cohort_month;
        if (i == 0 || entries[i].month > retention.last_month)
            retention.last_month = entries[i].month;
    }
    if (count > 0) {
        retention.size = (size_t)(retention.last_month - retention.first_month) + 1;
        retention.customers = arena_array(&scope->arena, retention.size * retention.size,
                                          sizeof(*retention.customers));
    }
    for (size_t i = 0; i < count; i++) {
        const size_t cohort = (size_t)(entries[i].cohort_month - retention.first_month);
        const size_t since = (size_t)(entries[i].month - entries[i].cohort_month);

        retention.customers[cohort * retention.size + since] += entries[i].customers;
    }
    *ret_retention = retention;
}

size_t retention_known(const struct retention *retention, size_t cohort) {
    return retention->size - cohort;
}

struct retention_point retention_point(const struct retention *retention, size_t since) {
    struct retention_point point = {0};

    for (size_t cohort = 0; cohort < retention->size; cohort++) {
        const int64_t *row = retention->customers + cohort * retention->size;

        if (since >= retention_known(retention, cohort) || row[0] == 0)
            continue;
        point.cohorts++;
        point.customers += row[since];
        point.of += row[0];
    }
    return point;
}

code retention_compute(struct scope *scope, const struct selection *selection,
                       struct retention *ret_retention) {
    CLEANUP(buffer_clear) struct buffer entries = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(selection_query(scope, selection, sql_retention_entries, &rows));
    while (rows_next(rows)) {
        const struct retention_entry entry = {.cohort_month = (int32_t)rows_int64(rows, 0),
                                              .month = (int32_t)rows_int64(rows, 1),
                                              .customers = rows_int64(rows, 2)};

        buffer_add(&entries, &entry, sizeof(entry));
    }
    TRY(rows_end(rows));
    retention_fill(scope, (const struct retention_entry *)(const void *)entries.data,
                   entries.size / sizeof(struct retention_entry), ret_retention);
    return OK;
}
