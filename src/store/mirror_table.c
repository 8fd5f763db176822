// SPDX-License-Identifier: Apache-2.0
#include "store/mirror_table.h"

#include "mirror_sql.h"
#include "store/lake_writer.h"

#include <stdlib.h>
#include <string.h>

#define TABLE(table, change_value, instant)                                                        \
    {                                                                                              \
        .name = #table, .change = (change_value), .instant_column = (instant),                     \
        .count = sql_mirror_count_##table, .select = sql_mirror_##table,                           \
        .largest = sql_mirror_largest_##table, .delete_range = sql_mirror_delete_##table##_range,  \
        .delete_keys = sql_mirror_delete_##table                                                   \
    }

const struct mirror_table mirror_tables[] = {
    TABLE(alias, CHANGE_ALIAS, NO_INSTANT_COLUMN),
    TABLE(customer, CHANGE_CUSTOMER, NO_INSTANT_COLUMN),
    TABLE(product, CHANGE_PRODUCT, NO_INSTANT_COLUMN),
    TABLE(store, CHANGE_STORE, NO_INSTANT_COLUMN),
    TABLE(staff, CHANGE_STAFF, NO_INSTANT_COLUMN),
    TABLE(sale, CHANGE_SALE, 5),
    TABLE(sale_line, CHANGE_SALE, 4),
    TABLE(event, CHANGE_EVENT, 4),
    TABLE(consent, CHANGE_CONSENT, NO_INSTANT_COLUMN),
    TABLE(analysis_score, CHANGE_ANALYSIS_SCORE, NO_INSTANT_COLUMN),
    TABLE(analysis_run, CHANGE_ANALYSIS_RUN, NO_INSTANT_COLUMN),
    TABLE(forecast_series, CHANGE_FORECAST_SERIES, NO_INSTANT_COLUMN),
};
const size_t mirror_table_count = sizeof(mirror_tables) / sizeof(*mirror_tables);
_Static_assert(sizeof(mirror_tables) / sizeof(*mirror_tables) <= MIRROR_TABLES_LARGEST,
               "arrays by table hold them all");

// Nothing lies between the range and `first`.
static bool reaches(const struct id_range *range, int64_t first) {
    return first <= range->last || first - 1 == range->last;
}

void id_ranges_add(struct arena *arena, struct id_ranges *ranges, int64_t first, int64_t last) {
    struct id_range *grown;

    // Ids mostly come in order: what continues the last range costs no memory.
    if (ranges->count > 0 && first >= ranges->items[ranges->count - 1].first &&
        reaches(&ranges->items[ranges->count - 1], first)) {
        if (last > ranges->items[ranges->count - 1].last)
            ranges->items[ranges->count - 1].last = last;
        return;
    }
    if (ranges->count == ranges->capacity) {
        ranges->capacity = ranges->capacity > 0 ? ranges->capacity * 2 : 64;
        grown = arena_array(arena, ranges->capacity, sizeof(*grown));
        if (ranges->count > 0)
            memcpy(grown, ranges->items, ranges->count * sizeof(*grown));
        ranges->items = grown;
    }
    ranges->items[ranges->count++] = (struct id_range){.first = first, .last = last};
}

static int compare_ranges(const void *a, const void *b) {
    const int64_t first = ((const struct id_range *)a)->first;
    const int64_t second = ((const struct id_range *)b)->first;

    return (first > second) - (first < second);
}

void id_ranges_normalise(struct id_ranges *ranges) {
    size_t kept = 0;

    if (ranges->count == 0)
        return;
    qsort(ranges->items, ranges->count, sizeof(*ranges->items), compare_ranges);
    for (size_t i = 1; i < ranges->count; i++) {
        struct id_range *previous = &ranges->items[kept];

        if (reaches(previous, ranges->items[i].first)) {
            if (ranges->items[i].last > previous->last)
                previous->last = ranges->items[i].last;
        } else
            ranges->items[++kept] = ranges->items[i];
    }
    ranges->count = kept + 1;
}
