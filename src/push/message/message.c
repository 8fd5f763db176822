// SPDX-License-Identifier: Apache-2.0
#include "push/message/message.h"

#include "message_sql.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>

static const char *const state_names[] = {"reserved", "held_out", "started", "accepted",
                                          "failed",   "unknown",  "refused"};
_Static_assert(sizeof(state_names) / sizeof(*state_names) == MESSAGE_STATE_COUNT,
               "a name for each state");

const char *message_state_name(enum message_state state) {
    return state_names[state];
}

code message_reserve(struct scope *scope, const struct message_reservation *reservation,
                     bool *ret_is_new) {
    const char *reason = reservation->refusal ? reservation->refusal : "";
    int64_t count = 0;

    TRY(ledger_change(scope, sql_message_insert,
                      BINDS(BIND_INT64(store_new_id(scope)), BIND_INT64(reservation->campaign_id),
                            BIND_INT64(reservation->step), BIND_INT64(reservation->customer),
                            BIND_INT64_IF(reservation->arm >= 0, reservation->arm),
                            BIND_STRING(state_names[reservation->state]), BIND_STRING(reason),
                            BIND_INT64(reservation->due_at_us)),
                      &count));
    *ret_is_new = count > 0;
    return OK;
}

code message_renew(struct scope *scope, int64_t campaign_id, int64_t customer, int64_t *ret_count) {
    TRY(ledger_exec(scope, sql_message_forget_refused,
                    BINDS(BIND_INT64(campaign_id), BIND_INT64(customer))));
    return ledger_change(
        scope, sql_message_renew,
        BINDS(BIND_INT64(campaign_id), BIND_INT64(customer), BIND_INT64(scope->now_us)), ret_count);
}

code message_drop_reserved(struct scope *scope, int64_t campaign_id, int64_t *ret_count) {
    return ledger_change(
        scope, sql_message_drop_reserved,
        BINDS(BIND_INT64(campaign_id), BIND_STRING(REFUSED_STOPPED), BIND_INT64(scope->now_us)),
        ret_count);
}

code message_resend(struct scope *scope, int64_t id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t count = 0;
    bool found;

    TRY(ledger_change(scope, sql_message_resend, BINDS(BIND_INT64(id), BIND_INT64(scope->now_us)),
                      &count));
    if (count > 0)
        return OK;
    TRY(ledger_find(scope, sql_message_state, BINDS(BIND_INT64(id)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "message %" PRId64 " does not exist", id);
    return scope_fail(scope, CONFLICT, "message %" PRId64 " is %.*s, not unknown", id,
                      TEXT_ARG(rows_text(rows, 0)));
}
