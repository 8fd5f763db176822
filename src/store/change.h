// SPDX-License-Identifier: Apache-2.0
// The change log: in the transaction that changes a mirrored table, say which rows. The mirror
// reads it in order and carries the rows to the lake; whoever keeps something that follows from the
// rows reads it behind what it has seen (live segments, answers from memory). Ids are in the order
// of the commits, in PostgreSQL as well. Entries are kept for some minutes: who is further behind
// has to look at everything. Of older ones the newest is kept, so that whoever had seen all before
// a quiet time has still seen all.
#pragma once

#include "base/scope.h"

// Mirrored tables. Values are stored: append only.
enum change_table {
    CHANGE_CUSTOMER = 1, // customer (current profile) by id
    CHANGE_ALIAS = 2,    // alias by origin
    CHANGE_PRODUCT = 3,
    CHANGE_STORE = 4, // shop
    CHANGE_STAFF = 5,
    CHANGE_SALE = 6, // sale and all its lines, by sale id
    CHANGE_EVENT = 7,
    CHANGE_CONSENT = 8,
    CHANGE_IDENTIFIER = 9,      // carries its customer; record that of a deleted one as well
    CHANGE_ANALYSIS_SCORE = 10, // scores of all kinds, by customer
    CHANGE_ANALYSIS_RUN = 11,
    CHANGE_FORECAST_SERIES = 12, // by run
};
enum { CHANGE_TABLE_LAST = CHANGE_FORECAST_SERIES };

enum change_kind {
    CHANGE_CREATED = 1, // rows with ids first..last are new
    CHANGE_UPDATED =
        2, // rows with ids first..last changed or were deleted: the mirror fetches them anew
};

// Record inside the open transaction: ids first..last (inclusive) of one table. Ids in the range
// that belong to no row of the table are ignored.
code change_record(struct scope *scope, enum change_table table, enum change_kind kind,
                   int64_t first_id, int64_t last_id);

// New rows of one mirrored table, with ids from blocks of the writer's own, so that the ranges it
// announces name nobody else's rows. Begin zeroed but for the table; announce before each commit.
struct change_run {
    enum change_table table;
    int64_t next_id, last_id; // the block being used up
    int64_t first_id;         // first id not announced yet, 0: none
};
code change_run_next(struct scope *scope, struct change_run *run, int64_t *ret_id);
code change_run_announce(struct scope *scope, struct change_run *run);

// ---- reading the log ----

enum { CHANGE_KEPT_MINUTES = 10 };

// Entries with smaller ids may be dropped (once they are carried).
int64_t change_kept_from(void);

// The newest entry and the oldest that is kept; 0: there is none.
code change_span(struct scope *scope, int64_t *ret_oldest, int64_t *ret_newest);
// How long the oldest change behind this entry waits to be reflected; 0: there is none.
code change_behind_us(struct scope *scope, int64_t change_id, int64_t *ret_behind_us);
// Entries behind $1: id, table_id, kind, first_id, last_id, in order.
extern const char *const change_entries;
