// SPDX-License-Identifier: Apache-2.0
#include "analyze/segment/touched_http.h"

#include "analyze/segment/touched.h"
#include "segment_sql.h"
#include "store/change.h"
#include "store/ledger.h"

// A customer that has become another one meanwhile is still looked at by its former id.
static code find_change(struct scope *scope, const struct touched *touched, int64_t customer,
                        enum live_change *ret_change) {
    int64_t present;

    TRY(ledger_int64(scope, sql_touched_present, BINDS(BIND_INT64(customer)), customer, &present));
    *ret_change = ids_have(&touched->customers, customer) || ids_have(&touched->customers, present)
                      ? LIVE_OTHER
                      : LIVE_SAME;
    return OK;
}

static code find_changes(struct scope *scope, int64_t seen_change_id, struct touched *touched,
                         const int64_t *customers, size_t count, enum live_change *ret_changes) {
    TRY(touched_read(scope, seen_change_id, touched));
    for (size_t i = 0; i < count; i++)
        if (touched->is_anybody)
            ret_changes[i] = LIVE_MAY_BE_OTHER;
        else
            TRY(find_change(scope, touched, customers[i], &ret_changes[i]));
    return OK;
}

code touched_http_look(struct scope *scope, int64_t *seen_change_id, const int64_t *customers,
                       size_t count, enum live_change *ret_changes) {
    const int64_t seen = *seen_change_id;
    struct touched touched = {0};
    int64_t oldest, newest;
    code result = OK;

    TRY(change_span(scope, &oldest, &newest));
    for (size_t i = 0; i < count; i++)
        ret_changes[i] = seen != 0 && seen < oldest ? LIVE_MAY_BE_OTHER : LIVE_SAME;
    if (seen != 0 && seen >= oldest && seen != newest)
        result = find_changes(scope, seen, &touched, customers, count, ret_changes);
    touched_clear(&touched);
    TRY(result);
    *seen_change_id = newest;
    return OK;
}
