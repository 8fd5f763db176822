// SPDX-License-Identifier: Apache-2.0
// A customer's timeline: of each of its origins the newest entries of each kind, merged. Every
// query is an index walk that stops at the page's size, so a page costs the same however long the
// history is.
#include "customer_sql.h"
#include "host/customer/customer.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdlib.h>

enum { NAMED_PRODUCTS = 3 }; // of an event about more, as timeline_products asks for

// Entries older than this place.
struct place {
    int64_t at_us;
    int64_t id;
};

struct merge {
    const struct timeline_filter *filter;
    struct place before;
    size_t limit;
    struct timeline_entry *entries; // every source's newest `limit`
    size_t count;
    size_t capacity;
};

static struct timeline_entry *merge_add(struct scope *scope, struct merge *merge) {
    if (merge->count == merge->capacity) {
        const size_t capacity = merge->capacity > 0 ? merge->capacity * 2 : merge->limit * 3;
        struct timeline_entry *grown = arena_array(&scope->arena, capacity, sizeof(*grown));

        if (merge->count > 0)
            memcpy(grown, merge->entries, merge->count * sizeof(*grown));
        merge->entries = grown;
        merge->capacity = capacity;
    }
    return &merge->entries[merge->count++];
}

static const char *sale_kind(int64_t kind) {
    return kind == 2 ? "refund" : kind == 3 ? "adjustment" : "sale";
}

static struct text sale_detail(struct scope *scope, const struct rows *rows) {
    const int64_t lines = rows_int64(rows, 7);

    if (!rows_is_null(rows, 8) && rows_int64(rows, 9) > 1)
        return text_printf(&scope->arena, "refund of %.*s and %" PRId64 " more",
                           TEXT_ARG(rows_text(rows, 8)), rows_int64(rows, 9) - 1);
    if (!rows_is_null(rows, 8))
        return text_printf(&scope->arena, "refund of %.*s", TEXT_ARG(rows_text(rows, 8)));
    return text_printf(&scope->arena, lines == 1 ? "%" PRId64 " line" : "%" PRId64 " lines", lines);
}

static void read_sale(struct scope *scope, const struct rows *rows, struct timeline_entry *entry) {
    *entry = (struct timeline_entry){
        .id = rows_int64(rows, 0),
        .at_us = rows_int64(rows, 1),
        .kind = sale_kind(rows_int64(rows, 2)),
        .what = text_copy(&scope->arena, rows_text(rows, 3)),
        .place = text_copy(&scope->arena, rows_text(rows, 4)),
        .detail = sale_detail(scope, rows),
        .has_amount = true,
        .amount_micros = rows_int64(rows, 5),
        .currency = text_copy(&scope->arena, rows_text(rows, 6)),
        .source = text_copy(&scope->arena, rows_text(rows, 10)),
    };
}

static struct text both(struct scope *scope, struct text first, struct text second) {
    if (first.size == 0 || second.size == 0)
        return text_copy(&scope->arena, first.size > 0 ? first : second);
    return text_printf(&scope->arena, "%.*s, %.*s", TEXT_ARG(first), TEXT_ARG(second));
}

// "Teapot, coupon SPRING, in, newsletter"
static struct text event_detail(struct scope *scope, const struct rows *rows) {
    const struct text way = both(scope, rows_text(rows, 4), rows_text(rows, 5));
    struct text about = text_copy(&scope->arena, rows_text(rows, 7));

    if (!rows_is_null(rows, 8))
        about = both(scope, about,
                     text_printf(&scope->arena, "coupon %.*s", TEXT_ARG(rows_text(rows, 8))));
    return both(scope, about, way);
}

static void read_event(struct scope *scope, const struct rows *rows, struct timeline_entry *entry) {
    *entry = (struct timeline_entry){
        .id = rows_int64(rows, 0),
        .at_us = rows_int64(rows, 1),
        .kind = "event",
        .what = text_copy(&scope->arena, rows_text(rows, 2)),
        .place = text_copy(&scope->arena, rows_text(rows, 3)),
        .detail = event_detail(scope, rows),
        .source = text_copy(&scope->arena, rows_text(rows, 6)),
        .product_ids = text_copy(&scope->arena, rows_text(rows, 9)),
    };
}

static void read_consent(struct scope *scope, const struct rows *rows,
                         struct timeline_entry *entry) {
    *entry = (struct timeline_entry){
        .id = rows_int64(rows, 0),
        .at_us = rows_int64(rows, 1),
        .kind = "consent",
        .what = text_copy(&scope->arena, rows_text(rows, 2)),
        .place = text_copy(&scope->arena, rows_text(rows, 3)),
        .detail = both(scope, rows_text(rows, 4), rows_text(rows, 5)),
        .source = text_copy(&scope->arena, rows_text(rows, 6)),
    };
}

// To add a kind of entry: a timeline_* block of the same parameters, its reader, a row here and in
// timeline_kinds.
static const struct {
    const char *sql;
    void (*read)(struct scope *scope, const struct rows *rows, struct timeline_entry *entry);
} sources[] = {
    {sql_timeline_sales, read_sale},
    {sql_timeline_events, read_event},
    {sql_timeline_consents, read_consent},
};

const char *const timeline_kinds[] = {"sales", "events", "consents", NULL};

static code add_source(struct scope *scope, struct merge *merge, size_t source, int64_t origin) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sources[source].sql,
                     BINDS(BIND_INT64(origin), BIND_INT64(merge->before.at_us),
                           BIND_INT64(merge->before.id), BIND_INT64((int64_t)merge->limit + 1),
                           BIND_TEXT(merge->filter->channel)),
                     &rows));
    while (rows_next(rows))
        sources[source].read(scope, rows, merge_add(scope, merge));
    return rows_end(rows);
}

static bool is_wanted(const struct timeline_filter *filter, size_t source) {
    return filter->kind.size == 0 || text_is(filter->kind, timeline_kinds[source]);
}

static code add_origins(struct scope *scope, struct merge *merge, int64_t customer) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_customer_origins, BINDS(BIND_INT64(customer)), &rows));
    while (rows_next(rows))
        for (size_t source = 0; source < sizeof(sources) / sizeof(*sources); source++)
            if (is_wanted(merge->filter, source))
                TRY(add_source(scope, merge, source, rows_int64(rows, 0)));
    return rows_end(rows);
}

// The first products of a list, and how many it holds.
static size_t read_ids(struct text list, int64_t first[NAMED_PRODUCTS]) {
    size_t count = 0;

    while (list.size > 0) {
        const struct text id = text_split(list, ',', &list);

        if (count < NAMED_PRODUCTS)
            text_to_int64(id, &first[count]);
        count++;
    }
    return count;
}

// "Teapot, Cup, Monopoly and 2 more, coupon SPRING, in"
static code name_products(struct scope *scope, struct timeline_entry *entry) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t ids[NAMED_PRODUCTS] = {0};
    const size_t count = read_ids(entry->product_ids, ids);
    struct text names = {0};

    TRY(ledger_query(scope, sql_timeline_products,
                     BINDS(BIND_INT64(ids[0]), BIND_INT64(ids[1]), BIND_INT64(ids[2])), &rows));
    while (rows_next(rows))
        names = both(scope, names, rows_text(rows, 0));
    if (count > NAMED_PRODUCTS)
        names = text_printf(&scope->arena, "%.*s and %zu more", TEXT_ARG(names),
                            count - NAMED_PRODUCTS);
    entry->detail = both(scope, names, entry->detail);
    return rows_end(rows);
}

static code name_all_products(struct scope *scope, const struct timeline *timeline) {
    for (size_t i = 0; i < timeline->count; i++)
        if (timeline->entries[i].product_ids.size > 0)
            TRY(name_products(scope, &timeline->entries[i]));
    return OK;
}

static int compare_newest_first(const void *a, const void *b) {
    const struct timeline_entry *entry_a = a;
    const struct timeline_entry *entry_b = b;

    if (entry_a->at_us != entry_b->at_us)
        return entry_a->at_us < entry_b->at_us ? 1 : -1;
    return (entry_a->id < entry_b->id) - (entry_a->id > entry_b->id);
}

static code place_read(struct scope *scope, struct text after, struct place *ret_place) {
    struct place place = {.at_us = INT64_MAX, .id = INT64_MAX};
    struct text id;

    if (after.size > 0 && (!text_to_int64(text_split(after, '.', &id), &place.at_us) ||
                           !text_to_int64(id, &place.id)))
        return scope_fail_field(scope, INVALID, "after", "\"%.*s\" is no place in a timeline",
                                TEXT_ARG(after));
    *ret_place = place;
    return OK;
}

code customer_timeline(struct scope *scope, int64_t customer, const struct timeline_filter *filter,
                       struct text after, size_t limit, struct timeline *ret_timeline) {
    struct merge merge = {.filter = filter, .limit = limit};
    struct timeline timeline = {0};

    TRY(place_read(scope, after, &merge.before));
    TRY(add_origins(scope, &merge, customer));
    if (merge.count > 0)
        qsort(merge.entries, merge.count, sizeof(*merge.entries), compare_newest_first);
    timeline.entries = merge.entries;
    timeline.count = merge.count < limit ? merge.count : limit;
    if (merge.count > limit)
        timeline.next =
            text_printf(&scope->arena, "%" PRId64 ".%" PRId64, timeline.entries[limit - 1].at_us,
                        timeline.entries[limit - 1].id);
    TRY(name_all_products(scope, &timeline));
    *ret_timeline = timeline;
    return OK;
}
