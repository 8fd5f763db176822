// SPDX-License-Identifier: Apache-2.0
#include "push/message/message_check.h"

#include "base/time.h"
#include "govern/consent/consent.h"
#include "message_sql.h"
#include "store/ledger.h"

static code find_customer(struct scope *scope, int64_t customer, int64_t *ret_customer) {
    return ledger_int64(scope, sql_message_customer, BINDS(BIND_INT64(customer)), 0, ret_customer);
}

static code has_postal_address(struct scope *scope, int64_t customer, bool *ret_has) {
    int64_t found;

    TRY(ledger_int64(scope, sql_message_postal, BINDS(BIND_INT64(customer)), 0, &found));
    *ret_has = found != 0;
    return OK;
}

static code find_address(struct scope *scope, const struct channel *channel, int64_t customer,
                         struct message_address *ret_address, bool *ret_has_address) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    *ret_address = (struct message_address){0};
    *ret_has_address = true;
    if (channel->is_postal)
        return has_postal_address(scope, customer, ret_has_address);
    if (channel->address == 0)
        return OK;
    TRY(ledger_find(scope, sql_message_address,
                    BINDS(BIND_INT64(customer), BIND_INT64(channel->address)), &rows,
                    ret_has_address));
    if (*ret_has_address)
        *ret_address = (struct message_address){
            .identifier_id = rows_int64(rows, 0),
            .value = text_copy(&scope->arena, rows_text(rows, 1)),
        };
    return OK;
}

code message_addressee(struct scope *scope, const struct channel *channel, int64_t customer,
                       int64_t *ret_customer, struct message_address *ret_address,
                       bool *ret_has_address) {
    TRY(find_customer(scope, customer, ret_customer));
    if (*ret_customer == 0)
        return OK;
    return find_address(scope, channel, *ret_customer, ret_address, ret_has_address);
}

static code consented(struct scope *scope, const struct message_rules *rules, int64_t customer,
                      enum message_refusal *ret_refusal) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    *ret_refusal = REFUSED_CONSENT;
    if (rules->channel->asks_no_consent) {
        *ret_refusal = REFUSED_NOT;
        return OK;
    }
    TRY(consent_held(scope, customer, &rows));
    while (rows_next(rows))
        if (text_equal(rows_text(rows, 0), rules->purpose) &&
            text_is(rows_text(rows, 1), rules->channel->name))
            *ret_refusal = text_is(rows_text(rows, 2), "granted") ? REFUSED_NOT : REFUSED_OBJECTION;
    return rows_end(rows);
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

static code check(struct scope *scope, const struct message_rules *rules,
                  const struct message *message, enum message_refusal *ret_refusal,
                  int64_t *ret_customer, struct message_address *ret_address) {
    bool has_address;
    int64_t lately, same;

    TRY(message_addressee(scope, rules->channel, message->customer, ret_customer, ret_address,
                          &has_address));
    *ret_refusal = REFUSED_GONE;
    if (*ret_customer == 0)
        return OK;
    TRY(consented(scope, rules, *ret_customer, ret_refusal));
    if (*ret_refusal != REFUSED_NOT)
        return OK;
    *ret_refusal = REFUSED_ADDRESS;
    if (!has_address)
        return OK;
    TRY(contacts(scope, rules, *ret_customer, message->campaign_id, message->step, &lately, &same));
    *ret_refusal = same > 0                                             ? REFUSED_TWICE
                   : rules->cap_count > 0 && lately >= rules->cap_count ? REFUSED_CAP
                                                                        : REFUSED_NOT;
    return OK;
}

code message_may(struct scope *scope, const struct message_rules *rules, int64_t customer,
                 enum message_refusal *ret_refusal, int64_t *ret_customer,
                 struct message_address *ret_address) {
    const struct message message = {.customer = customer, .step = -1};

    return check(scope, rules, &message, ret_refusal, ret_customer, ret_address);
}

code message_may_start(struct scope *scope, const struct message_rules *rules,
                       const struct message *message, enum message_refusal *ret_refusal,
                       int64_t *ret_customer, struct message_address *ret_address) {
    return check(scope, rules, message, ret_refusal, ret_customer, ret_address);
}
