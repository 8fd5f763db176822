// SPDX-License-Identifier: Apache-2.0
#include "push/message/message.h"

#include "base/time.h"
#include "message_sql.h"
#include "store/ledger.h"

static code has_postal_address(struct scope *scope, int64_t customer, bool *ret_has) {
    int64_t found;

    TRY(ledger_int64(scope, sql_message_postal, BINDS(BIND_INT64(customer)), 0, &found));
    *ret_has = found != 0;
    return OK;
}

// Consent says which address, too: the newest that is not suppressed.
static code permitted(struct scope *scope, const struct message_rules *rules,
                      struct message_addressee *addressee, const char **ret_refusal) {
    struct consent_verdict verdict;
    bool is_reachable = true;

    *ret_refusal = NULL;
    if (!rules->consent)
        return OK;
    TRY(consent_rule_ask(scope, rules->consent, addressee->customer, &verdict));
    if (!verdict.is_permitted) {
        *ret_refusal = consent_reason_name(verdict.reason);
        return OK;
    }
    addressee->identifier_id = verdict.identifier_id;
    addressee->address = verdict.address;
    if (rules->channel->is_postal)
        TRY(has_postal_address(scope, addressee->customer, &is_reachable));
    else if (rules->channel->address != 0)
        is_reachable = verdict.identifier_id != 0;
    if (!is_reachable)
        *ret_refusal = REFUSED_ADDRESS;
    return OK;
}

static code contacts(struct scope *scope, const struct message_rules *rules, int64_t customer,
                     int64_t campaign_id, int32_t step, int64_t *ret_lately, int64_t *ret_same) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_message_contacts,
                    BINDS(BIND_INT64(customer),
                          BIND_INT64(scope->now_us - rules->cap_days * US_PER_DAY),
                          BIND_INT64(campaign_id), BIND_INT64(step)),
                    &rows, &found));
    *ret_lately = rows_int64(rows, 0);
    *ret_same = rows_int64(rows, 1);
    return OK;
}

code message_may(struct scope *scope, const struct message_rules *rules,
                 const struct message *message, const char **ret_refusal,
                 struct message_addressee *ret_addressee) {
    int64_t lately, same;

    *ret_addressee = (struct message_addressee){0};
    TRY(ledger_int64(scope, sql_message_customer, BINDS(BIND_INT64(message->customer)), 0,
                     &ret_addressee->customer));
    *ret_refusal = REFUSED_GONE;
    if (ret_addressee->customer == 0)
        return OK;
    TRY(permitted(scope, rules, ret_addressee, ret_refusal));
    if (*ret_refusal)
        return OK;
    TRY(contacts(scope, rules, ret_addressee->customer, message->campaign_id, message->step,
                 &lately, &same));
    if (same > 0)
        *ret_refusal = REFUSED_TWICE;
    else if (rules->cap_count > 0 && lately >= rules->cap_count)
        *ret_refusal = REFUSED_CAP;
    return OK;
}
