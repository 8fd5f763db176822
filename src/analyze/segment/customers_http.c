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
    // All of whom they hold, in order; read when it is first asked of somebody.
    bool is_read;
    struct buffer ids; // int64_t
};

static struct conditions *conditions_of(struct customer_restriction *restriction) {
    return (struct conditions *)restriction;
}

static code newest(struct scope *scope, struct customer_restriction *restriction, int64_t before,
                   size_t limit, int64_t *customers, size_t *ret_count) {
    const struct conditions *conditions = conditions_of(restriction);
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct segment_query query;
    struct bind *binds;
    size_t bound, count = 0;

    TRY(segment_compile(scope, conditions->tree, &conditions->moment, SEGMENT_OUTPUT_IDS, NULL, 0,
                        &query));
    bound = query.binds.count;
    binds = arena_array(&scope->arena, bound + 2, sizeof(*binds));
    if (bound > 0)
        memcpy(binds, query.binds.values, bound * sizeof(*binds));
    binds[bound] = BIND_INT64(before);
    binds[bound + 1] = BIND_INT64((int64_t)limit);
    TRY(lake_query(scope,
                   arena_printf(&scope->arena,
                                "SELECT id FROM (%s) found WHERE id < $%zu"
                                " ORDER BY id DESC LIMIT $%zu",
                                query.sql, bound + 1, bound + 2),
                   (struct binds){.values = binds, .count = bound + 2}, &rows));
    while (rows_next(rows))
        customers[count++] = rows_int64(rows, 0);
    *ret_count = count;
    return rows_end(rows);
}

static code read_all(struct scope *scope, struct conditions *conditions) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct segment_query query;

    if (conditions->is_read)
        return OK;
    TRY(segment_compile(scope, conditions->tree, &conditions->moment, SEGMENT_OUTPUT_IDS, NULL, 0,
                        &query));
    TRY(lake_query(scope, query.sql, query.binds, &rows));
    while (rows_next(rows)) {
        const int64_t id = rows_int64(rows, 0);

        buffer_add(&conditions->ids, &id, sizeof(id));
    }
    conditions->is_read = true;
    return rows_end(rows);
}

static int by_id(const void *a, const void *b) {
    const int64_t first = *(const int64_t *)a;
    const int64_t second = *(const int64_t *)b;

    return (first > second) - (first < second);
}

// Candidates come some hundreds at a time: one reading of all costs no more than one of these.
static code keep(struct scope *scope, struct customer_restriction *restriction, int64_t *customers,
                 size_t *count) {
    struct conditions *conditions = conditions_of(restriction);
    size_t kept = 0;

    TRY(read_all(scope, conditions));
    for (size_t i = 0; i < *count && conditions->ids.size > 0; i++)
        if (bsearch(&customers[i], conditions->ids.data, conditions->ids.size / sizeof(int64_t),
                    sizeof(int64_t), by_id))
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
    buffer_clear(&conditions->ids);
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
