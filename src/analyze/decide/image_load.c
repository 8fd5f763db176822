// SPDX-License-Identifier: Apache-2.0
// Rows are read as they are when they are read, which may be later than the entry of the log that
// names them: putting a row in a second time changes nothing. So what the log says from before the
// beginning of the reading on is all that has to be looked at afterwards.
#include "analyze/decide/image_load.h"

#include "analyze/decide/decide.h"
#include "decide_sql.h"
#include "store/change.h"
#include "store/ledger.h"

#include <stdlib.h>

enum { IDS_MOST = 4096 };

struct loader {
    struct scope *scope;
    struct loaded *loaded;
    struct image *image;
    pthread_rwlock_t *lock; // NULL: nobody reads it yet
};

static void enter(const struct loader *loader) {
    if (loader->lock)
        pthread_rwlock_wrlock(loader->lock);
}

static void leave(const struct loader *loader) {
    if (loader->lock)
        pthread_rwlock_unlock(loader->lock);
}

// ---- rows ----

static code put_customer(const struct loader *loader, const struct rows *rows) {
    const struct trait_list *traits = &loader->loaded->traits;
    CLEANUP(buffer_clear) struct buffer values = {0};

    if (traits->count > 0)
        TRY(decide_write_traits(loader->scope, rows, traits->names, traits->count, &values));
    enter(loader);
    image_put_customer(loader->image, rows_int64(rows, 0), rows_int64(rows, 1));
    if (traits->count > 0)
        image_put_traits(loader->image, rows_int64(rows, 0), buffer_text(&values));
    leave(loader);
    return OK;
}

static code put_customers(const struct loader *loader, int64_t first_id, int64_t last_id) {
    struct scope *scope = loader->scope;
    const char *sql = loader->loaded->traits.count > 0 ? sql_decide_profiles : sql_decide_customers;
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql, BINDS(BIND_INT64(first_id), BIND_INT64(last_id)), &rows));
    while (rows_next(rows)) {
        const struct arena_mark mark = arena_mark(&scope->arena);

        TRY(scope_check(scope));
        TRY(put_customer(loader, rows));
        arena_rewind(&scope->arena, mark);
    }
    return rows_end(rows);
}

static int compare_ids(const void *a, const void *b) {
    const int64_t *first = a, *second = b;

    return (*first > *second) - (*first < *second);
}

static code put_identifiers(const struct loader *loader, int64_t first_id, int64_t last_id) {
    struct scope *scope = loader->scope;
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_decide_identifiers,
                     BINDS(BIND_INT64(first_id), BIND_INT64(last_id)), &rows));
    while (rows_next(rows)) {
        const struct image_name name = image_name_of(loader->image, (int)rows_int64(rows, 1),
                                                     rows_text(rows, 2), rows_text(rows, 3));

        TRY(scope_check(scope));
        enter(loader);
        image_put_identifier(loader->image, rows_int64(rows, 0), name, rows_int64(rows, 4));
        leave(loader);
    }
    return rows_end(rows);
}

// Those that the ledger does not have any more.
static code drop_identifiers(const struct loader *loader, int64_t first_id, int64_t last_id) {
    struct scope *scope = loader->scope;
    int64_t *ids = arena_array(&scope->arena, IDS_MOST, sizeof(*ids));
    size_t count = image_identifiers_in(loader->image, first_id, last_id, ids, IDS_MOST);
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t gone = 0;

    loader->loaded->is_stale |= count == IDS_MOST;
    if (count == 0 || count == IDS_MOST)
        return OK;
    qsort(ids, count, sizeof(*ids), compare_ids);
    TRY(ledger_query(scope, sql_decide_identifiers,
                     BINDS(BIND_INT64(first_id), BIND_INT64(last_id)), &rows));
    while (rows_next(rows)) {
        const int64_t id = rows_int64(rows, 0);
        int64_t *there = bsearch(&id, ids, count, sizeof(*ids), compare_ids);

        if (there) // 0 is no id, and leaves the rest in order where it is looked for
            memmove(there, there + 1, (size_t)(ids + count-- - there - 1) * sizeof(*ids));
    }
    TRY(rows_end(rows));
    gone = count;
    enter(loader);
    image_drop_identifiers(loader->image, ids, gone);
    leave(loader);
    return OK;
}

static code put_objection(const struct loader *loader, int64_t customer) {
    bool objects;

    TRY(decide_objects(loader->scope, customer, &objects));
    enter(loader);
    image_put_objection(loader->image, customer, objects);
    leave(loader);
    return OK;
}

static code put_objections(const struct loader *loader, int64_t first_id, int64_t last_id) {
    struct scope *scope = loader->scope;
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer memory = {0};

    TRY(ledger_query(scope, sql_decide_objectors, BINDS(BIND_INT64(first_id), BIND_INT64(last_id)),
                     &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 0);

        buffer_add(&memory, &customer, sizeof(customer));
    }
    TRY(rows_end(rows));
    for (size_t i = 0; i < memory.size / sizeof(int64_t); i++)
        TRY(put_objection(loader, ((const int64_t *)(const void *)memory.data)[i]));
    return OK;
}

// Who objected as far as is known here may have taken it back, in a fact that is gone.
static code look_at_objectors(const struct loader *loader) {
    int64_t *customers = arena_array(&loader->scope->arena, IDS_MOST, sizeof(*customers));
    const size_t count = image_objectors(loader->image, customers, IDS_MOST);

    loader->loaded->is_stale |= count == IDS_MOST;
    for (size_t i = 0; i < count; i++)
        TRY(put_objection(loader, customers[i]));
    return OK;
}

// Where customers were joined or taken apart. An undoing names every origin on either side.
static code put_aliases(const struct loader *loader, int64_t first_id, int64_t last_id) {
    struct scope *scope = loader->scope;
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer memory = {0};

    TRY(ledger_query(scope, sql_decide_customers, BINDS(BIND_INT64(first_id), BIND_INT64(last_id)),
                     &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 1);

        enter(loader);
        image_put_customer(loader->image, rows_int64(rows, 0), customer);
        leave(loader);
        buffer_add(&memory, &customer, sizeof(customer));
    }
    TRY(rows_end(rows));
    for (size_t i = 0; i < memory.size / sizeof(int64_t); i++)
        TRY(put_objection(loader, ((const int64_t *)(const void *)memory.data)[i]));
    return OK;
}

// ---- segments ----

static void put_bits(const struct loader *loader, int64_t segment_id, struct text name,
                     struct image_bits *bits) {
    struct image_bits *former;

    enter(loader);
    former = image_put_segment(loader->image, segment_id, name, bits);
    leave(loader);
    image_bits_free(former);
}

static code put_segment(const struct loader *loader, int64_t segment_id, struct text name) {
    struct scope *scope = loader->scope;
    struct image_bits *bits = image_bits_new(loader->image);
    CLEANUP(rows_close) struct rows *rows = NULL;

    if (ledger_query(scope, sql_decide_members, BINDS(BIND_INT64(segment_id)), &rows) == OK)
        while (rows_next(rows))
            image_bits_add(loader->image, bits, rows_int64(rows, 0));
    if (scope->failure.code != OK || rows_end(rows) != OK) {
        image_bits_free(bits);
        return scope->failure.code;
    }
    put_bits(loader, segment_id, name, bits);
    return OK;
}

static code put_all_segments(const struct loader *loader) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(loader->scope, sql_decide_all_segments, NO_BINDS, &rows));
    while (rows_next(rows))
        TRY(put_segment(loader, rows_int64(rows, 0),
                        text_copy(&loader->scope->arena, rows_text(rows, 1))));
    return rows_end(rows);
}

// All members anew, or none when there is no such segment any more.
static code put_segment_again(const struct loader *loader, int64_t segment_id) {
    struct scope *scope = loader->scope;
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct image_bits *former;
    bool found;

    TRY(ledger_find(scope, sql_decide_segment_name, BINDS(BIND_INT64(segment_id)), &rows, &found));
    if (found)
        return put_segment(loader, segment_id, text_copy(&scope->arena, rows_text(rows, 0)));
    enter(loader);
    former = image_drop_segment(loader->image, segment_id);
    leave(loader);
    image_bits_free(former);
    return OK;
}

static code put_member(const struct loader *loader, int64_t segment_id, int64_t customer) {
    int64_t is_in;

    TRY(ledger_int64(loader->scope, sql_decide_is_member,
                     BINDS(BIND_INT64(segment_id), BIND_INT64(customer)), 0, &is_in));
    enter(loader);
    image_put_member(loader->image, segment_id, customer, is_in != 0);
    leave(loader);
    return OK;
}

// A segment evaluated for another day than the present one stays here as it was.
static code put_move(const struct loader *loader, int64_t segment_id, int64_t customer) {
    int64_t is_pinned;

    TRY(ledger_int64(loader->scope, sql_decide_is_pinned, BINDS(BIND_INT64(segment_id)), 0,
                     &is_pinned));
    if (is_pinned)
        return OK;
    if (customer == 0 || !image_has_segment(loader->image, segment_id))
        return put_segment_again(loader, segment_id);
    return put_member(loader, segment_id, customer);
}

static code follow_moves(const struct loader *loader) {
    struct loaded *loaded = loader->loaded;
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(loader->scope, sql_decide_moves, BINDS(BIND_INT64(loaded->move_id)), &rows));
    while (rows_next(rows)) {
        TRY(scope_check(loader->scope));
        TRY(put_move(loader, rows_int64(rows, 1), rows_int64(rows, 2)));
        loaded->move_id = rows_int64(rows, 0);
    }
    return rows_end(rows);
}

// ---- the change log ----

static code put_changed_consents(const struct loader *loader, enum change_kind kind, int64_t first,
                                 int64_t last) {
    TRY(put_objections(loader, first, last));
    return kind == CHANGE_UPDATED ? look_at_objectors(loader) : OK;
}

static code put_changed_identifiers(const struct loader *loader, enum change_kind kind,
                                    int64_t first, int64_t last) {
    TRY(put_identifiers(loader, first, last));
    return kind == CHANGE_UPDATED ? drop_identifiers(loader, first, last) : OK;
}

static code put_change(const struct loader *loader, enum change_table table, enum change_kind kind,
                       int64_t first, int64_t last) {
    switch (table) {
    case CHANGE_CUSTOMER:
        return put_customers(loader, first, last);
    case CHANGE_ALIAS:
        return put_aliases(loader, first, last);
    case CHANGE_IDENTIFIER:
        return put_changed_identifiers(loader, kind, first, last);
    case CHANGE_CONSENT:
        return put_changed_consents(loader, kind, first, last);
    case CHANGE_PRODUCT:
    case CHANGE_STORE:
    case CHANGE_STAFF:
    case CHANGE_SALE:
    case CHANGE_EVENT:
    case CHANGE_ANALYSIS_SCORE:
    case CHANGE_ANALYSIS_RUN:
    case CHANGE_FORECAST_SERIES:
        break;
    }
    return OK;
}

static code follow_changes(const struct loader *loader) {
    struct loaded *loaded = loader->loaded;
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(loader->scope, change_entries, BINDS(BIND_INT64(loaded->change_id)), &rows));
    while (rows_next(rows)) {
        TRY(scope_check(loader->scope));
        TRY(put_change(loader, (enum change_table)rows_int64(rows, 1),
                       (enum change_kind)rows_int64(rows, 2), rows_int64(rows, 3),
                       rows_int64(rows, 4)));
        loaded->change_id = rows_int64(rows, 0);
    }
    return rows_end(rows);
}

code loaded_follow(struct scope *scope, struct loaded *loaded, pthread_rwlock_t *lock) {
    const struct loader loader = {scope, loaded, loaded->image, lock};

    TRY(follow_changes(&loader));
    TRY(follow_moves(&loader));
    loaded->is_stale |= image_is_full(loaded->image);
    return OK;
}

// ---- the beginning ----

static code make_image(struct scope *scope, struct loaded *loaded) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_decide_room, NO_BINDS, &rows, &found));
    loaded->image = image_new(
        (struct image_room){.identifiers = rows_int64(rows, 0), .customers = rows_int64(rows, 1)});
    return loaded->image ? OK : scope_fail(scope, UNAVAILABLE, "out of memory");
}

static void keep_traits(struct loaded *loaded, const struct trait_list *traits) {
    struct text *names = arena_array(&loaded->arena, traits->count + 1, sizeof(*names));

    for (size_t i = 0; i < traits->count; i++)
        names[i] = text_copy(&loaded->arena, traits->names[i]);
    loaded->traits = (struct trait_list){.names = names, .count = traits->count};
}

static code read_places(struct scope *scope, struct loaded *loaded) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t oldest;
    bool found;

    TRY(change_span(scope, &oldest, &loaded->change_id));
    TRY(ledger_find(scope, sql_decide_move_span, NO_BINDS, &rows, &found));
    loaded->move_id = rows_is_null(rows, 1) ? 0 : rows_int64(rows, 1);
    return OK;
}

code loaded_build(struct scope *scope, const struct trait_list *traits, struct loaded *loaded) {
    struct loader loader = {.scope = scope, .loaded = loaded};

    arena_init(&loaded->arena);
    keep_traits(loaded, traits);
    TRY(read_places(scope, loaded));
    TRY(make_image(scope, loaded));
    loader.image = loaded->image;
    TRY(put_customers(&loader, 0, INT64_MAX));
    TRY(put_identifiers(&loader, 0, INT64_MAX));
    TRY(put_objections(&loader, 0, INT64_MAX));
    return put_all_segments(&loader);
}

void loaded_clear(struct loaded *loaded) {
    image_free(loaded->image);
    arena_clear(&loaded->arena);
    *loaded = (struct loaded){0};
}
