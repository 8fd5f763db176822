// SPDX-License-Identifier: Apache-2.0
// The list of customers restricted by conditions: conditions are answered by the lake, words and
// what is shown by the ledger. Nothing is kept from one page to the next but the last id.
#include "analyze/segment/compile.h"
#include "analyze/segment/evaluate.h"
#include "analyze/segment/segment.h"
#include "analyze/segment/segment_http.h"
#include "govern/access/access.h"
#include "host/customer/customer_http.h"
#include "store/lake.h"

#include <stdlib.h>

struct conditions {
    struct customer_restriction base; // first: the restriction is this struct
    const struct segment_node *tree;
    struct segment_moment moment;
};

static const struct conditions *conditions_of(const struct customer_restriction *restriction) {
    return (const struct conditions *)restriction;
}

static code read_ids(struct scope *scope, const char *sql, struct binds binds, int64_t *ids,
                     size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(lake_query(scope, sql, binds, &rows));
    while (rows_next(rows))
        ids[count++] = rows_int64(rows, 0);
    *ret_count = count;
    return rows_end(rows);
}

static code newest(struct scope *scope, const struct customer_restriction *restriction,
                   int64_t before, size_t limit, int64_t *customers, size_t *ret_count) {
    const struct conditions *conditions = conditions_of(restriction);
    struct segment_query query;
    struct bind *binds;
    size_t count;

    TRY(segment_compile(scope, conditions->tree, &conditions->moment, SEGMENT_OUTPUT_IDS, NULL, 0,
                        &query));
    count = query.binds.count;
    binds = arena_array(&scope->arena, count + 2, sizeof(*binds));
    if (count > 0)
        memcpy(binds, query.binds.values, count * sizeof(*binds));
    binds[count] = BIND_INT64(before);
    binds[count + 1] = BIND_INT64((int64_t)limit);
    return read_ids(scope,
                    arena_printf(&scope->arena,
                                 "SELECT id FROM (%s) found WHERE id < $%zu"
                                 " ORDER BY id DESC LIMIT $%zu",
                                 query.sql, count + 1, count + 2),
                    (struct binds){.values = binds, .count = count + 2}, customers, ret_count);
}

static int by_id(const void *a, const void *b) {
    const int64_t first = *(const int64_t *)a;
    const int64_t second = *(const int64_t *)b;

    return (first > second) - (first < second);
}

static code keep(struct scope *scope, const struct customer_restriction *restriction,
                 int64_t *customers, size_t *count) {
    const struct conditions *conditions = conditions_of(restriction);
    int64_t *found = arena_array(&scope->arena, *count + 1, sizeof(*found));
    struct segment_query query;
    size_t found_count, kept = 0;

    if (*count == 0)
        return OK;
    TRY(segment_compile(scope, conditions->tree, &conditions->moment, SEGMENT_OUTPUT_IDS, customers,
                        *count, &query));
    TRY(read_ids(scope, query.sql, query.binds, found, &found_count));
    for (size_t i = 0; i < *count; i++)
        if (bsearch(&customers[i], found, found_count, sizeof(*found), by_id))
            customers[kept++] = customers[i];
    *count = kept;
    return OK;
}

static code read_conditions(struct scope *scope, struct text text,
                            struct conditions *ret_conditions) {
    struct conditions conditions = {.base = {.newest = newest, .keep = keep}};
    struct json *json;

    if (!(scope->actor.permissions & MAY_READ_SEGMENTS))
        return scope_fail(scope, FORBIDDEN, "conditions need the permission to read segments");
    TRY(json_parse(scope, text, &json));
    TRY(segment_tree(scope, json, TEXT(""), &conditions.tree, NULL));
    TRY(segment_moment_open(scope, SEGMENT_TODAY, &conditions.moment));
    *ret_conditions = conditions;
    return OK;
}

static void conditions_clear(struct conditions *conditions) {
    segment_moment_close(&conditions->moment);
}

code segment_http_customers(struct scope *scope, const struct request *request,
                            struct response *response) {
    CLEANUP(conditions_clear) struct conditions conditions = {0};
    const struct text where = request_text(request, "where");

    if (where.size == 0)
        return customer_http_search(scope, request, response);
    TRY(read_conditions(scope, where, &conditions));
    return customer_http_search_among(scope, request, &conditions.base, response);
}
