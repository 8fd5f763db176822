// SPDX-License-Identifier: Apache-2.0
// Events: who did what, when, through which channel. Append-only; known by (source, key), so that
// one delivered again changes nothing.
#pragma once

#include "base/scope.h"
#include "store/change.h"

struct event_row {
    struct text source;
    struct text key;       // its id; empty: known by its content
    int64_t identifier_id; // 0: nobody known
    int64_t origin;
    struct text who; // as the file says it, part of the content
    int64_t at_us;
    struct text name;
    struct text channel;
    struct text direction;
    struct text campaign;
    int64_t product_id;      // what it is about; 0: no product, or several
    struct text product_ids; // those, "12,7,30"; empty: none, or one
    struct text product;     // as the file says it, part of the content
    struct text coupon;
    struct text properties; // JSON object, empty for none
};

// Add within the open transaction of an import; *ret_added is false when it was there already.
code event_add(struct scope *scope, struct change_run *run, int64_t import_id,
               const struct event_row *row, bool *ret_added);
// The same for an event with a key, in one statement: who delivers one again leaves no trace.
code event_put(struct scope *scope, struct change_run *run, int64_t import_id,
               const struct event_row *row, bool *ret_added);
// Take back an import's events within the open transaction; those that a later import delivered
// again stay.
code event_undo_import(struct scope *scope, int64_t import_id);
