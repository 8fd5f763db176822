// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/double_opt_in.h"

#include "double_opt_in_sql.h"
#include "govern/consent/permit_internal.h"
#include "govern/consent/preference.h"
#include "store/ledger.h"

// ---- asking ----

code consent_request(struct scope *scope, const struct consent_rule *rule,
                     const struct consent_said *as, int64_t *ret_fact_id) {
    struct consent_said said = *as;

    said.purpose = rule->purpose.name;
    said.channel = text_of(rule->channel->name);
    said.state = CONSENT_PENDING;
    said.legal_basis = text_of(legal_basis_names[rule->use.basis]);
    said.text_version = purpose_text_version(scope, &rule->purpose);
    said.locale = purpose_words(&rule->purpose, as->locale).language;
    TRY(consent_say(scope, &said, ret_fact_id));
    return ledger_exec(scope, sql_confirmation_insert,
                       BINDS(BIND_INT64(*ret_fact_id), BIND_INT64(said.identifier_id),
                             BIND_INT64(said.origin), BIND_TEXT(said.purpose),
                             BIND_TEXT(said.channel), BIND_TEXT(said.locale),
                             BIND_INT64(scope->now_us)));
}

// ---- where it is confirmed ----

static bool has_identifiers(const struct consent_channel *channel) {
    return channel->contact == CONTACT_EMAIL || channel->contact == CONTACT_PHONE;
}

static code read_addresses(struct scope *scope, const struct consent_channel *channel,
                           int64_t customer, int64_t identifier_id,
                           struct confirmation_address *addresses, size_t most, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_confirmation_addresses,
                     BINDS(BIND_INT64(customer), BIND_INT64((int64_t)channel->contact),
                           BIND_INT64(identifier_id)),
                     &rows));
    while (count < most && rows_next(rows))
        addresses[count++] = (struct confirmation_address){
            rows_int64(rows, 0), text_copy(&scope->arena, rows_text(rows, 1))};
    *ret_count = count;
    return rows_end(rows);
}

// Who unsubscribed may ask again, so only what stops everything keeps the question back.
code confirmation_address_find(struct scope *scope, const struct consent_channel *channel,
                               int64_t customer, int64_t identifier_id,
                               struct confirmation_address *ret_address) {
    enum { MOST = 20 };
    struct confirmation_address addresses[MOST];
    size_t count = 0;

    *ret_address = (struct confirmation_address){0};
    if (!has_identifiers(channel))
        return OK;
    TRY(read_addresses(scope, channel, customer, identifier_id, addresses, MOST, &count));
    for (size_t i = 0; i < count && ret_address->identifier_id == 0; i++) {
        enum suppression_reason reason;

        TRY(suppression_find(scope, text_of(channel->name), addresses[i].address, false, &reason));
        if (reason == SUPPRESSION_NONE)
            *ret_address = addresses[i];
    }
    return OK;
}

// ---- what is due ----

static code read_due(struct scope *scope, size_t limit, struct confirmation *list,
                     int64_t *customers, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_confirmation_waiting,
                     BINDS(BIND_INT64(scope->now_us), BIND_INT64(scope->now_us - DOUBLE_OPT_IN_US),
                           BIND_INT64((int64_t)limit)),
                     &rows));
    while (count < limit && rows_next(rows)) {
        customers[count] = rows_int64(rows, 7);
        list[count++] = (struct confirmation){
            .fact_id = rows_int64(rows, 0),
            .token = {.kind = PREFERENCE_CONFIRM,
                      .identifier_id = rows_int64(rows, 1),
                      .origin = rows_int64(rows, 2),
                      .message_id = rows_int64(rows, 0),
                      .purpose = text_copy(&scope->arena, rows_text(rows, 3)),
                      .channel = text_copy(&scope->arena, rows_text(rows, 4))},
            .channel = consent_channel_find(rows_text(rows, 4)),
            .language = text_copy(&scope->arena, rows_text(rows, 5)),
            .tries = (int)rows_int64(rows, 6)};
    }
    *ret_count = count;
    return rows_end(rows);
}

code confirmation_due(struct scope *scope, size_t limit, struct confirmation **ret_list,
                      size_t *ret_count) {
    struct confirmation *list = arena_array(&scope->arena, limit + 1, sizeof(*list));
    int64_t *customers = arena_array(&scope->arena, limit + 1, sizeof(*customers));
    size_t count;

    TRY(read_due(scope, limit, list, customers, &count));
    for (size_t i = 0; i < count; i++) {
        struct confirmation_address found = {0};

        if (list[i].channel)
            TRY(confirmation_address_find(scope, list[i].channel, customers[i],
                                          list[i].token.identifier_id, &found));
        list[i].token.identifier_id = found.identifier_id;
        list[i].address = found.address;
    }
    *ret_list = list;
    *ret_count = count;
    return OK;
}

// The names of the channels with this kind of address: there are up to two.
enum { NAMES = 2 };
static void names_of(enum contact_kind contact, const char *names[NAMES]) {
    size_t count = 0;

    for (size_t i = 0; i < NAMES; i++)
        names[i] = "";
    for (size_t i = 0; i < consent_channel_count && count < NAMES; i++)
        if (consent_channels[i].contact == contact)
            names[count++] = consent_channels[i].name;
}

code confirmation_due_count(struct scope *scope, enum contact_kind contact, int64_t *ret_count) {
    const char *names[NAMES];

    names_of(contact, names);
    return ledger_int64(scope, sql_confirmation_waiting_count,
                        BINDS(BIND_INT64(scope->now_us),
                              BIND_INT64(scope->now_us - DOUBLE_OPT_IN_US), BIND_STRING(names[0]),
                              BIND_STRING(names[1])),
                        0, ret_count);
}

// ---- sending ----

// Whoever took it back, confirmed it or had the processing restricted meanwhile is asked nothing.
static code is_pending(struct scope *scope, const struct confirmation *confirmation,
                       bool *ret_is_pending) {
    struct consent_rule rule = {.channel = confirmation->channel,
                                .purpose = {.name = confirmation->token.purpose}};
    struct consent_standing standing = {0};
    struct preference_person person;

    *ret_is_pending = false;
    TRY(preference_person(scope, &confirmation->token, &person));
    if (!person.is_known)
        return OK;
    TRY(consent_standing_read(scope, &rule, person.customer, &standing));
    *ret_is_pending = standing.said[CONSENT_SUBJECT_OWN] == SAID_PENDING &&
                      standing.said[CONSENT_SUBJECT_RESTRICTION] <= SAID_GRANTED;
    return OK;
}

code confirmation_start(struct scope *scope, const struct confirmation *confirmation,
                        bool *ret_is_mine) {
    int64_t count = 0;
    bool pending;

    TRY(is_pending(scope, confirmation, &pending));
    TRY(ledger_change(
        scope, sql_confirmation_start,
        BINDS(BIND_INT64(confirmation->fact_id), BIND_STRING(pending ? "started" : "needless")),
        &count));
    *ret_is_mine = pending && count > 0;
    return OK;
}

code confirmation_sent(struct scope *scope, int64_t fact_id) {
    return ledger_exec(
        scope, sql_confirmation_end,
        BINDS(BIND_INT64(fact_id), BIND_STRING("sent"), BIND_INT64(scope->now_us), BIND_NULL()));
}

code confirmation_failed(struct scope *scope, int64_t fact_id, const char *detail) {
    return ledger_exec(
        scope, sql_confirmation_end,
        BINDS(BIND_INT64(fact_id), BIND_STRING("failed"), BIND_NULL(), BIND_STRING(detail)));
}

code confirmation_put_off(struct scope *scope, int64_t fact_id, int64_t until_us,
                          const char *detail) {
    return ledger_exec(scope, sql_confirmation_put_off,
                       BINDS(BIND_INT64(fact_id), BIND_INT64(until_us), BIND_STRING(detail)));
}

code confirmation_put_off_all(struct scope *scope, enum contact_kind contact, int64_t until_us,
                              const char *detail) {
    const char *names[NAMES];

    names_of(contact, names);
    return ledger_exec(scope, sql_confirmation_put_off_all,
                       BINDS(BIND_INT64(scope->now_us),
                             BIND_INT64(scope->now_us - DOUBLE_OPT_IN_US), BIND_INT64(until_us),
                             BIND_STRING(detail), BIND_STRING(names[0]), BIND_STRING(names[1])));
}

code confirmation_counts(struct scope *scope, struct rows **ret_rows) {
    return ledger_query(scope, sql_confirmation_counts, NO_BINDS, ret_rows);
}
