// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/arm_members.h"

#include "analyze/segment/segment.h"
#include "store/lake.h"

#include <stdlib.h>
#include <string.h>

static code read_segment(struct scope *scope, struct text name, size_t arm, int32_t day,
                         struct buffer *members) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct segment_node *tree;
    struct segment segment;
    struct binds binds;
    const char *sql;

    TRY(segment_find(scope, name, &segment));
    TRY(segment_tree_of(scope, &segment, &tree, NULL));
    TRY(segment_sql(scope, tree, day, &sql, &binds));
    TRY(lake_query(scope, sql, binds, &rows));
    while (rows_next(rows)) {
        const struct arm_member member = {.customer = rows_int64(rows, 0), .arm = arm};

        buffer_add(members, &member, sizeof(member));
    }
    return rows_end(rows);
}

static int by_customer(const void *a, const void *b) {
    const int64_t one = ((const struct arm_member *)a)->customer;
    const int64_t other = ((const struct arm_member *)b)->customer;

    return one < other ? -1 : one > other;
}

// Keeps those who are in one arm only; returns how many customers are in several.
static int64_t keep_single(struct arm_member *members, size_t *count) {
    int64_t several = 0;
    size_t kept = 0;

    for (size_t i = 0, next; i < *count; i = next) {
        for (next = i + 1; next < *count && members[next].customer == members[i].customer;)
            next++;
        if (next == i + 1)
            members[kept++] = members[i];
        else
            several++;
    }
    *count = kept;
    return several;
}

code arm_members_read(struct scope *scope, const struct text *segments, size_t segment_count,
                      int32_t day, struct arm_member **ret_members, size_t *ret_count,
                      int64_t *ret_several) {
    CLEANUP(buffer_clear) struct buffer memory = {0};
    struct arm_member *members;
    size_t count;

    for (size_t arm = 0; arm < segment_count; arm++) {
        for (size_t other = 0; other < arm; other++)
            if (text_equal(segments[arm], segments[other]))
                return scope_fail_field(scope, INVALID, "segment", "\"%.*s\" is named twice",
                                        TEXT_ARG(segments[arm]));
        TRY(read_segment(scope, segments[arm], arm, day, &memory));
    }
    count = memory.size / sizeof(*members);
    members = arena_array(&scope->arena, count + 1, sizeof(*members));
    if (count > 0) {
        memcpy(members, memory.data, count * sizeof(*members));
        qsort(members, count, sizeof(*members), by_customer);
    }
    *ret_several = keep_single(members, &count);
    *ret_members = members;
    *ret_count = count;
    return OK;
}
