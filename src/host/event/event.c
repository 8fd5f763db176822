// SPDX-License-Identifier: Apache-2.0
#include "host/event/event.h"

#include "event_sql.h"
#include "store/delivered.h"
#include "store/home.h"
#include "store/ledger.h"

static const struct delivered_table table = {
    .change = CHANGE_EVENT,
    .find = sql_event_find,
    .seen = sql_event_seen,
    .pass_on = sql_event_undo_pass_on,
    .unsee = sql_event_undo_unsee,
    .range = sql_event_undo_ids,
    .remove = sql_event_undo,
};

// NULL for the count: nobody asks.
static code write(struct scope *scope, const char *sql, const struct delivered_insert *as,
                  const struct event_row *row, int64_t *ret_count) {
    const int64_t origin = row->identifier_id != 0 ? row->origin : 0;

    return ledger_change(
        scope, sql,
        BINDS(BIND_INT64(as->id), BIND_INT64(as->import_id), BIND_TEXT(row->source),
              BIND_TEXT(as->key), BIND_INT64_IF(row->identifier_id != 0, row->identifier_id),
              BIND_INT64_IF(row->identifier_id != 0, origin), BIND_INT64(row->at_us),
              BIND_TEXT(row->name), BIND_TEXT_OR_NULL(row->channel),
              BIND_TEXT_OR_NULL(row->direction), BIND_TEXT_OR_NULL(row->campaign),
              BIND_TEXT_OR_NULL(row->properties), BIND_INT64(home_of(origin, row->source, as->key)),
              BIND_INT64_IF(row->product_id != 0, row->product_id), BIND_TEXT_OR_NULL(row->coupon),
              BIND_TEXT_OR_NULL(row->product_ids)),
        ret_count);
}

static code insert(struct scope *scope, const struct delivered_insert *as, const void *row) {
    return write(scope, sql_event_insert, as, row, NULL);
}

code event_add(struct scope *scope, struct change_run *run, int64_t import_id,
               const struct event_row *row, bool *ret_added) {
    const struct text parts[] = {row->who,      row->name,       row->channel, row->direction,
                                 row->campaign, row->properties, row->product, row->coupon};
    // Without these two it is known as before there were any.
    const size_t about = row->product.size + row->coupon.size > 0 ? 0 : 2;
    const struct delivered_row delivered = {.source = row->source,
                                            .given_key = row->key,
                                            .at_us = row->at_us,
                                            .parts = parts,
                                            .part_count = sizeof(parts) / sizeof(*parts) - about};

    return delivered_add(scope, &table, &delivered, run, import_id, insert, row, ret_added);
}

code event_put(struct scope *scope, struct change_run *run, int64_t import_id,
               const struct event_row *row, bool *ret_added) {
    struct delivered_insert as = {.import_id = import_id, .key = row->key};
    int64_t count = 0;

    TRY(change_run_next(scope, run, &as.id));
    TRY(write(scope, sql_event_put, &as, row, &count));
    *ret_added = count > 0;
    return OK;
}

code event_undo_import(struct scope *scope, int64_t import_id) {
    return delivered_undo(scope, &table, import_id);
}
