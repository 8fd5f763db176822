// SPDX-License-Identifier: Apache-2.0
#include "analyze/segment/member.h"

#include "base/progress.h"
#include "segment_sql.h"
#include "store/change.h"
#include "store/ledger.h"
#include "store/store.h"

#include <stdlib.h>

enum { REPORT_ROWS = 20000, SAID_ONE_BY_ONE = 5000 };

// ---- ids ----

void ids_add(struct ids *ids, int64_t id) {
    buffer_add(&ids->memory, &id, sizeof(id));
    ids->items = (int64_t *)(void *)ids->memory.data;
    ids->count++;
}

void ids_clear(struct ids *ids) {
    buffer_clear(&ids->memory);
    *ids = (struct ids){0};
}

static int compare_ids(const void *a, const void *b) {
    const int64_t *first = a, *second = b;

    return (*first > *second) - (*first < *second);
}

void ids_sort(struct ids *ids) {
    size_t kept = 0;

    if (ids->count == 0)
        return;
    qsort(ids->items, ids->count, sizeof(*ids->items), compare_ids);
    for (size_t i = 1; i < ids->count; i++)
        if (ids->items[i] != ids->items[kept])
            ids->items[++kept] = ids->items[i];
    ids->count = kept + 1;
    ids->memory.size = ids->count * sizeof(*ids->items);
}

bool ids_have(const struct ids *ids, int64_t id) {
    return ids->count > 0 && bsearch(&id, ids->items, ids->count, sizeof(*ids->items), compare_ids);
}

void member_changes_clear(struct member_changes *changes) {
    ids_clear(&changes->entered);
    ids_clear(&changes->departed);
}

// ---- what others hear ----

// Writers take turns: an id behind the newest is in the order of the commits, whatever the clocks
// of several machines say.
static code first_move_id(struct scope *scope, size_t count, int64_t *ret_id) {
    int64_t newest, id = store_new_ids(scope, (int64_t)count);

    TRY(ledger_int64(scope, sql_segment_move_newest, NO_BINDS, 0, &newest));
    *ret_id = id > newest ? id : newest + 1;
    return OK;
}

static code say(struct scope *scope, int64_t id, int64_t segment_id, int64_t customer) {
    return ledger_exec(scope, sql_segment_move_insert,
                       BINDS(BIND_INT64(id), BIND_INT64(segment_id), BIND_INT64(customer)));
}

code members_say_all(struct scope *scope, int64_t segment_id) {
    int64_t id;

    TRY(first_move_id(scope, 1, &id));
    return say(scope, id, segment_id, 0);
}

static code say_each(struct scope *scope, const struct member_changes *changes) {
    const size_t count = changes->entered.count + changes->departed.count;
    int64_t id;

    TRY(first_move_id(scope, count, &id));
    for (size_t i = 0; i < changes->entered.count; i++)
        TRY(say(scope, id++, changes->segment_id, changes->entered.items[i]));
    for (size_t i = 0; i < changes->departed.count; i++)
        TRY(say(scope, id++, changes->segment_id, changes->departed.items[i]));
    return ledger_exec(scope, sql_segment_move_forget, BINDS(BIND_INT64(change_kept_from())));
}

// ---- members ----

static code write_each(struct scope *scope, const struct ids *ids, const char *stage,
                       const char *sql, int64_t segment_id, int64_t since_us) {
    const int64_t total = (int64_t)ids->count;

    for (size_t i = 0; i < ids->count; i++) {
        const struct bind values[] = {BIND_INT64(segment_id), BIND_INT64(ids->items[i]),
                                      BIND_INT64(since_us)};

        TRY(ledger_exec(scope, sql,
                        (struct binds){.values = values, .count = since_us > 0 ? 3 : 2}));
        if (i % REPORT_ROWS != 0)
            continue;
        TRY(scope_check(scope));
        progress_report(scope->progress, stage, (int64_t)i, total, "customers");
    }
    return OK;
}

code members_write(struct scope *scope, const struct member_changes *changes) {
    const size_t count = changes->entered.count + changes->departed.count;

    if (count == 0)
        return OK;
    TRY(write_each(scope, &changes->entered, "entering", sql_segment_enter, changes->segment_id,
                   changes->at_us));
    TRY(write_each(scope, &changes->departed, "departing", sql_segment_depart, changes->segment_id,
                   0));
    return count > SAID_ONE_BY_ONE ? members_say_all(scope, changes->segment_id)
                                   : say_each(scope, changes);
}
