// SPDX-License-Identifier: Apache-2.0
// Both ways end in the same decide(): they differ only in who looks the facts up.
#include "govern/consent/permit.h"

#include "govern/consent/permit_internal.h"
#include "permit_sql.h"
#include "store/ledger.h"

static const char *const reasons[VERDICT_REASON_COUNT] = {
    [VERDICT_PERMITTED] = "permitted",     [VERDICT_NO_BASIS] = "no_basis",
    [VERDICT_RESTRICTED] = "restricted",   [VERDICT_OBJECTED] = "objected",
    [VERDICT_WITHDRAWN] = "withdrawn",     [VERDICT_REFUSED] = "refused",
    [VERDICT_UNCONFIRMED] = "unconfirmed", [VERDICT_ABSENT] = "no_consent",
    [VERDICT_NO_ADDRESS] = "no_address",   [VERDICT_SUPPRESSED] = "suppressed",
    [VERDICT_NO_CUSTOMER] = "no_customer",
};

const char *consent_reason_name(enum consent_reason reason) {
    return reasons[reason];
}

// ---- the rule ----

static enum consent_reason reason_of(enum consent_strictness said) {
    static const enum consent_reason by_strictness[] = {
        [SAID_NOTHING] = VERDICT_ABSENT,        [SAID_GRANTED] = VERDICT_PERMITTED,
        [SAID_PENDING] = VERDICT_UNCONFIRMED,   [SAID_DENIED] = VERDICT_REFUSED,
        [SAID_WITHDRAWN] = VERDICT_WITHDRAWN,   [SAID_OBJECTED] = VERDICT_OBJECTED,
        [SAID_RESTRICTED] = VERDICT_RESTRICTED,
    };

    return by_strictness[said];
}

// Consent must have been given. An interest or a public task yields to any no (Art. 21). A
// contract, a duty or somebody's life does not ask.
static enum consent_reason by_basis(enum legal_basis basis, enum consent_strictness said) {
    switch (basis) {
    case BASIS_NONE:
        return VERDICT_NO_BASIS;
    case BASIS_CONSENT:
        return reason_of(said);
    case BASIS_LEGITIMATE_INTERESTS:
    case BASIS_PUBLIC_TASK:
        return said >= SAID_DENIED ? reason_of(said) : VERDICT_PERMITTED;
    case BASIS_CONTRACT:
    case BASIS_LEGAL_OBLIGATION:
    case BASIS_VITAL_INTERESTS:
        break;
    }
    return VERDICT_PERMITTED;
}

enum consent_reason consent_decide(const struct consent_rule *rule,
                                   const struct consent_standing *standing) {
    const enum consent_reason own = by_basis(rule->use.basis, standing->said[CONSENT_SUBJECT_OWN]);

    if (own == VERDICT_NO_BASIS)
        return own;
    if (standing->said[CONSENT_SUBJECT_RESTRICTION] > SAID_GRANTED)
        return VERDICT_RESTRICTED;
    if (rule->purpose.is_marketing && standing->said[CONSENT_SUBJECT_EVERYTHING] >= SAID_DENIED)
        return VERDICT_OBJECTED;
    return own;
}

// ---- of one customer ----

code consent_standing_read(struct scope *scope, const struct consent_rule *rule, int64_t customer,
                           struct consent_standing *standing) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_permit_facts,
                     BINDS(BIND_INT64(customer), BIND_TEXT(rule->purpose.name),
                           BIND_STRING(rule->channel->name),
                           BIND_STRING(rule->channel->other_name)),
                     &rows));
    while (rows_next(rows)) {
        const enum consent_subject subject = (enum consent_subject)rows_int64(rows, 0);
        const enum consent_strictness said = (enum consent_strictness)rows_int64(rows, 1);

        if (said <= standing->said[subject])
            continue;
        standing->said[subject] = said;
        standing->fact_ids[subject] = rows_int64(rows, 2);
        standing->since_us[subject] = rows_int64(rows, 3);
    }
    return rows_end(rows);
}

static enum consent_subject subject_of(enum consent_reason reason,
                                       const struct consent_standing *standing) {
    if (reason == VERDICT_RESTRICTED && standing->said[CONSENT_SUBJECT_RESTRICTION] > SAID_GRANTED)
        return CONSENT_SUBJECT_RESTRICTION;
    if (reason == VERDICT_OBJECTED && standing->said[CONSENT_SUBJECT_EVERYTHING] >= SAID_DENIED)
        return CONSENT_SUBJECT_EVERYTHING;
    return CONSENT_SUBJECT_OWN;
}

// The newest address that is not suppressed; the reason of the newest one when all are.
static code choose_address(struct scope *scope, const struct consent_rule *rule, int64_t customer,
                           struct consent_verdict *verdict) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    enum suppression_reason first = SUPPRESSION_NONE;
    enum { MOST_ADDRESSES = 100 };
    struct text *values = arena_array(&scope->arena, MOST_ADDRESSES, sizeof(*values));
    int64_t ids[MOST_ADDRESSES];
    size_t count = 0;

    TRY(ledger_query(scope, sql_permit_addresses,
                     BINDS(BIND_INT64(customer), BIND_INT64((int64_t)rule->channel->contact)),
                     &rows));
    while (count < MOST_ADDRESSES && rows_next(rows)) {
        ids[count] = rows_int64(rows, 0);
        values[count++] = text_copy(&scope->arena, rows_text(rows, 1));
    }
    rows_close(&rows);
    for (size_t i = 0; i < count; i++) {
        enum suppression_reason reason;

        TRY(suppression_find_with(scope, &rule->secret, rule->channel, values[i],
                                  rule->purpose.is_marketing, &reason));
        if (reason == SUPPRESSION_NONE) {
            verdict->identifier_id = ids[i];
            verdict->address = values[i];
            return OK;
        }
        first = first == SUPPRESSION_NONE ? reason : first;
    }
    verdict->suppression = first;
    verdict->reason = count == 0 ? VERDICT_NO_ADDRESS : VERDICT_SUPPRESSED;
    return OK;
}

code consent_rule_ask(struct scope *scope, const struct consent_rule *rule, int64_t customer,
                      struct consent_verdict *ret_verdict) {
    struct consent_verdict verdict = {.basis = rule->use.basis};
    struct consent_standing standing = {0};
    enum consent_subject subject;
    int64_t has_postal;

    TRY(ledger_int64(scope, sql_permit_customer, BINDS(BIND_INT64(customer)), -1, &has_postal));
    TRY(consent_standing_read(scope, rule, customer, &standing));
    verdict.reason = has_postal < 0 ? VERDICT_NO_CUSTOMER : consent_decide(rule, &standing);
    subject = subject_of(verdict.reason, &standing);
    verdict.fact_id = standing.fact_ids[subject];
    verdict.since_us = standing.since_us[subject];
    if (verdict.reason == VERDICT_PERMITTED && rule->channel->contact == CONTACT_POSTAL)
        verdict.reason = has_postal ? VERDICT_PERMITTED : VERDICT_NO_ADDRESS;
    else if (verdict.reason == VERDICT_PERMITTED && rule->channel->contact != CONTACT_NONE)
        TRY(choose_address(scope, rule, customer, &verdict));
    verdict.is_permitted = verdict.reason == VERDICT_PERMITTED;
    *ret_verdict = verdict;
    return OK;
}

code consent_rule_load(struct scope *scope, struct text purpose, struct text channel,
                       struct consent_rule *ret_rule) {
    struct consent_rule rule = {.channel = consent_channel_find(channel)};

    if (!rule.channel) {
        scope_fail_field(scope, NOT_FOUND, "channel", "there is no channel \"%.*s\"",
                         TEXT_ARG(channel));
        return scope_hint(scope, "email, sms, letter, phone, push, web, ads, webhook");
    }
    TRY(purpose_find(scope, purpose, &rule.purpose));
    rule.use = purpose_channel(&rule.purpose, rule.channel);
    TRY(consent_secret_load(scope, &rule.secret));
    *ret_rule = rule;
    consent_secret_clear(&rule.secret);
    return OK;
}

void consent_rule_clear(struct consent_rule *rule) {
    consent_secret_clear(&rule->secret);
}

code consent_permits(struct scope *scope, int64_t customer, struct text purpose,
                     struct text channel, struct consent_verdict *ret_verdict) {
    CLEANUP(consent_rule_clear) struct consent_rule rule = {0};

    TRY(consent_rule_load(scope, purpose, channel, &rule));
    return consent_rule_ask(scope, &rule, customer, ret_verdict);
}
