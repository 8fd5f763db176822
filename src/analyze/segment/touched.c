// SPDX-License-Identifier: Apache-2.0
// An entry names a range of ids that may hold rows of others: they are asked for nothing, which
// changes nothing. Joins and their undoing record every customer on either side as a changed
// customer, so aliases of the past need not be known.
#include "analyze/segment/touched.h"

#include "segment_sql.h"
#include "store/change.h"
#include "store/ledger.h"

static const char *rows_of(enum change_table table) {
    switch (table) {
    case CHANGE_CUSTOMER:
    case CHANGE_ANALYSIS_SCORE: // by customer: in the range stand who has a score, and others
        return sql_touched_customers;
    case CHANGE_ALIAS:
        return sql_touched_aliases;
    case CHANGE_IDENTIFIER:
        return sql_touched_identifiers;
    case CHANGE_SALE:
        return sql_touched_sales;
    case CHANGE_EVENT:
        return sql_touched_events;
    case CHANGE_CONSENT:
        return sql_touched_consents;
    case CHANGE_PRODUCT:
    case CHANGE_STORE:
    case CHANGE_STAFF:
    case CHANGE_ANALYSIS_RUN:
    case CHANGE_FORECAST_SERIES:
        break;
    }
    return NULL;
}

static bool is_fact(enum change_table table) {
    return table == CHANGE_SALE || table == CHANGE_EVENT || table == CHANGE_CONSENT;
}

struct entry {
    enum change_table table;
    enum change_kind kind;
    int64_t first_id, last_id;
};

static code add_rows(struct scope *scope, const char *sql, const struct entry *entry,
                     struct touched *touched, int64_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t count = 0;

    TRY(ledger_query(scope, sql,
                     BINDS(BIND_INT64(entry->first_id), BIND_INT64(entry->last_id),
                           BIND_INT64(TOUCHED_MOST + 1)),
                     &rows));
    for (; rows_next(rows); count++) {
        if (rows_is_null(rows, 0))
            continue; // nobody's
        ids_add(&touched->customers, rows_int64(rows, 0));
        if (rows_int64(rows, 1) != rows_int64(rows, 0))
            ids_add(&touched->customers, rows_int64(rows, 1));
    }
    TRY(rows_end(rows));
    touched->is_anybody |= count > TOUCHED_MOST;
    *ret_count = count;
    return OK;
}

// A fact that changed may be one that is gone, and with it whose it was. A row that still stands
// tells; where it went to another customer, that one's former is recorded as changed.
static bool may_hide_somebody(const struct entry *entry, int64_t count) {
    return is_fact(entry->table) && entry->kind == CHANGE_UPDATED &&
           count != entry->last_id - entry->first_id + 1;
}

static code add_entry(struct scope *scope, const struct entry *entry, struct touched *touched) {
    const size_t kept_most = (size_t)4 * TOUCHED_MOST;
    const char *sql = rows_of(entry->table);
    int64_t count;

    if (entry->kind == CHANGE_UPDATED &&
        (entry->table == CHANGE_PRODUCT || entry->table == CHANGE_STORE))
        touched->has_catalogue = true; // a new one is in nobody's sale yet
    if (!sql)
        return OK;
    TRY(add_rows(scope, sql, entry, touched, &count));
    touched->is_anybody |= may_hide_somebody(entry, count);
    if (entry->table == CHANGE_CUSTOMER && entry->kind == CHANGE_UPDATED)
        TRY(add_rows(scope, sql_touched_members, entry, touched, &count));
    if (touched->customers.count > kept_most)
        ids_sort(&touched->customers);
    touched->is_anybody |= touched->customers.count > kept_most;
    return OK;
}

static code read_entries(struct scope *scope, int64_t from, struct buffer *entries) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, change_entries, BINDS(BIND_INT64(from)), &rows));
    while (rows_next(rows)) {
        const struct entry entry = {
            .table = (enum change_table)rows_int64(rows, 1),
            .kind = (enum change_kind)rows_int64(rows, 2),
            .first_id = rows_int64(rows, 3),
            .last_id = rows_int64(rows, 4),
        };

        buffer_add(entries, &entry, sizeof(entry));
    }
    return rows_end(rows);
}

code touched_read(struct scope *scope, int64_t from, struct touched *ret_touched) {
    CLEANUP(buffer_clear) struct buffer memory = {0};
    const struct entry *entries;
    size_t count;

    TRY(read_entries(scope, from, &memory));
    entries = (const struct entry *)(const void *)memory.data;
    count = memory.size / sizeof(*entries);
    for (size_t i = 0; i < count && !ret_touched->is_anybody; i++)
        TRY(add_entry(scope, &entries[i], ret_touched));
    for (size_t i = 0; i < count; i++) // whatever is left out above, this must be known
        ret_touched->has_catalogue |=
            entries[i].kind == CHANGE_UPDATED &&
            (entries[i].table == CHANGE_PRODUCT || entries[i].table == CHANGE_STORE);
    ids_sort(&ret_touched->customers);
    ret_touched->is_anybody |= ret_touched->customers.count > TOUCHED_MOST;
    return OK;
}

void touched_clear(struct touched *touched) {
    ids_clear(&touched->customers);
}
