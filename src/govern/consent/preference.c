// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/preference.h"

#include "govern/access/throttle.h"
#include "govern/consent/consent.h"
#include "govern/consent/permit_internal.h"
#include "preference_sql.h"
#include "store/ledger.h"

#include <inttypes.h>

#define SOURCE "preference page"

static code read_language(struct scope *scope, struct preference_person *person) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_preference_language, BINDS(BIND_INT64(person->customer)), &rows,
                    &found));
    person->language = found ? text_copy(&scope->arena, rows_text(rows, 0)) : (struct text){0};
    return OK;
}

code preference_person(struct scope *scope, const struct preference_token *token,
                       struct preference_person *ret_person) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct preference_person person = {0};

    TRY(ledger_find(scope, sql_preference_person,
                    BINDS(BIND_INT64(token->origin), BIND_INT64(token->identifier_id)), &rows,
                    &person.is_known));
    if (person.is_known) {
        person.identifier_id = rows_int64(rows, 0);
        person.origin = rows_int64(rows, 1);
        person.customer = rows_int64(rows, 2);
        person.contact = (enum contact_kind)rows_int64(rows, 3);
        person.address = text_copy(&scope->arena, rows_text(rows, 4));
        rows_close(&rows);
        TRY(read_language(scope, &person));
    }
    *ret_person = person;
    return OK;
}

// ---- what may be chosen ----

static bool is_optional(struct purpose_channel use) {
    return use.basis == BASIS_CONSENT || use.basis == BASIS_LEGITIMATE_INTERESTS ||
           use.basis == BASIS_PUBLIC_TASK;
}

// The words of the version that a fact names; empty when it is none of ours.
static code words_of_fact(struct scope *scope, int64_t fact_id, struct text *ret_words) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct purpose purpose;
    struct text name, number, locale;
    int64_t version;
    bool found;

    *ret_words = (struct text){0};
    TRY(ledger_find(scope, sql_preference_fact, BINDS(BIND_INT64(fact_id)), &rows, &found));
    if (!found)
        return OK;
    name = text_split(text_copy(&scope->arena, rows_text(rows, 2)), '/', &number);
    locale = text_copy(&scope->arena, rows_text(rows, 3));
    rows_close(&rows);
    if (!text_to_int64(number, &version))
        return OK;
    if (purpose_find_version(scope, name, version, &purpose) == OK)
        *ret_words = purpose_words(&purpose, locale).text;
    else if (scope->failure.code != NOT_FOUND)
        return scope->failure.code;
    else
        scope_forgive(scope);
    return OK;
}

static code look_at(struct scope *scope, const struct preference_person *person,
                    const struct purpose *purpose, const struct consent_channel *channel,
                    struct preference_choices *choices) {
    const struct consent_rule rule = {
        .purpose = *purpose, .channel = channel, .use = purpose_channel(purpose, channel)};
    struct preference_choice *choice = &choices->list[choices->count];
    struct consent_standing standing = {0};

    if (!is_optional(rule.use))
        return OK;
    TRY(consent_standing_read(scope, &rule, person->customer, &standing));
    *choice =
        (struct preference_choice){.purpose = purpose,
                                   .channel = channel,
                                   .use = rule.use,
                                   .is_on = consent_decide(&rule, &standing) == VERDICT_PERMITTED,
                                   .is_pending = standing.said[CONSENT_SUBJECT_OWN] == SAID_PENDING,
                                   .since_us = standing.since_us[CONSENT_SUBJECT_OWN]};
    choices->has_objected |= standing.said[CONSENT_SUBJECT_EVERYTHING] >= SAID_DENIED;
    standing.said[CONSENT_SUBJECT_EVERYTHING] = SAID_NOTHING;
    choice->is_said_on = consent_decide(&rule, &standing) == VERDICT_PERMITTED;
    choices->count++;
    if (!choice->is_on || standing.fact_ids[CONSENT_SUBJECT_OWN] == 0)
        return OK;
    return words_of_fact(scope, standing.fact_ids[CONSENT_SUBJECT_OWN], &choice->agreed);
}

code preference_choices(struct scope *scope, const struct preference_person *person,
                        struct preference_choices *ret_choices) {
    struct preference_choices choices = {0};
    struct purpose *purposes;
    size_t count;

    TRY(purpose_list(scope, &purposes, &count));
    choices.list =
        arena_array(&scope->arena, count * consent_channel_count + 1, sizeof(*choices.list));
    for (size_t i = 0; i < count; i++)
        for (size_t channel = 0; channel < consent_channel_count; channel++)
            TRY(look_at(scope, person, &purposes[i], &consent_channels[channel], &choices));
    *ret_choices = choices;
    return OK;
}

// ---- saying it ----

struct act {
    const struct preference_token *token;
    const struct preference_person *person;
    const char *method;
};

static struct text proof_of(struct scope *scope, const struct act *act) {
    return text_printf(&scope->arena, "{\"link\":\"%s\",\"message\":\"%" PRId64 "\"}",
                       act->token->kind == PREFERENCE_CONFIRM  ? "/o"
                       : act->token->kind == PREFERENCE_CENTRE ? "/c"
                                                               : "/u",
                       act->token->message_id);
}

static code say(struct scope *scope, const struct act *act, struct text purpose,
                struct text channel, enum consent_state state, const struct consent_said *more) {
    struct consent_said said = more ? *more : (struct consent_said){0};
    int64_t fact_id;

    said.origin = act->person->origin;
    said.identifier_id = act->person->identifier_id;
    said.source = TEXT(SOURCE);
    said.purpose = purpose;
    said.channel = channel;
    said.state = state;
    said.method = text_of(act->method);
    said.proof = proof_of(scope, act);
    return consent_say(scope, &said, &fact_id);
}

// Unless it stands so already.
static code object_to_all(struct scope *scope, const struct act *act, bool has_objected) {
    if (has_objected)
        return OK;
    return say(scope, act, TEXT(CONSENT_ALL), TEXT(CONSENT_ALL), CONSENT_OBJECTED, NULL);
}

// Of everything that is marketing, at this address: it holds as well when the same address comes
// in again as somebody new.
static code suppress(struct scope *scope, const struct act *act) {
    bool added;

    for (size_t i = 0; i < consent_channel_count; i++)
        if (consent_channels[i].contact == act->person->contact &&
            act->person->contact != CONTACT_NONE)
            TRY(suppression_add(scope, text_of(consent_channels[i].name), act->person->address,
                                SUPPRESSION_UNSUBSCRIBED, TEXT(SOURCE), &added));
    return OK;
}

static code take_one_back(struct scope *scope, const struct act *act) {
    struct consent_standing standing = {0};
    struct consent_rule rule = {.channel = consent_channel_find(act->token->channel)};

    if (!rule.channel)
        return scope_fail(scope, NOT_FOUND, "this link names no channel");
    TRY(purpose_find(scope, act->token->purpose, &rule.purpose));
    TRY(consent_standing_read(scope, &rule, act->person->customer, &standing));
    if (standing.said[CONSENT_SUBJECT_OWN] >= SAID_DENIED)
        return OK;
    return say(scope, act, act->token->purpose, text_of(rule.channel->name), CONSENT_WITHDRAWN,
               NULL);
}

static code take_all_back(struct scope *scope, const struct act *act,
                          const struct preference_choices *choices) {
    for (size_t i = 0; i < choices->count; i++)
        if (choices->list[i].is_said_on || choices->list[i].is_pending)
            TRY(say(scope, act, choices->list[i].purpose->name,
                    text_of(choices->list[i].channel->name), CONSENT_WITHDRAWN, NULL));
    TRY(object_to_all(scope, act, choices->has_objected));
    return suppress(scope, act);
}

static code unsubscribe(struct scope *scope, const struct preference_token *token,
                        const char *method) {
    struct preference_choices choices;
    struct preference_person person;
    const struct act act = {token, &person, method};

    TRY(preference_person(scope, token, &person));
    if (!person.is_known)
        return OK;
    if (token->purpose.size > 0)
        return take_one_back(scope, &act);
    TRY(preference_choices(scope, &person, &choices));
    return take_all_back(scope, &act, &choices);
}

code preference_unsubscribe(struct scope *scope, const struct preference_token *token,
                            const char *method) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, unsubscribe(scope, token, method));
}

code preference_all_off(struct scope *scope, const struct preference_token *token,
                        const struct preference_person *person,
                        const struct preference_choices *choices) {
    const struct act act = {token, person, "preference_centre_all_off"};

    TRY(ledger_begin(scope));
    return ledger_end(scope, take_all_back(scope, &act, choices));
}

// ---- choosing ----

// Who opened a link that was sent to an address has it.
static bool is_proven(const struct preference_person *person,
                      const struct preference_choice *choice) {
    return !choice->use.double_opt_in || choice->channel->contact == person->contact;
}

static code give(struct scope *scope, const struct act *act, const struct preference_choice *choice,
                 struct text language) {
    const struct consent_said more = {.legal_basis = text_of(legal_basis_names[choice->use.basis]),
                                      .text_version = purpose_text_version(scope, choice->purpose),
                                      .locale = purpose_words(choice->purpose, language).language};
    const struct consent_rule rule = {
        .purpose = *choice->purpose, .channel = choice->channel, .use = choice->use};
    int64_t fact_id;

    if (is_proven(act->person, choice))
        return say(scope, act, choice->purpose->name, text_of(choice->channel->name),
                   CONSENT_GRANTED, &more);
    return consent_request(scope, &rule, act->person, TEXT(SOURCE), text_of(act->method),
                           proof_of(scope, act), language, &fact_id);
}

static code throttle_giving(struct scope *scope, const struct preference_person *person) {
    const struct throttle throttle = {
        .names = {text_printf(&scope->arena, "preference %" PRId64, person->identifier_id)},
        .count = 1};
    int64_t wait_us;
    bool is_news;

    TRY(throttle_take(scope, &throttle, &wait_us, &is_news));
    if (wait_us == 0)
        return OK;
    scope_fail(scope, BUSY, "this was changed too often in a short time");
    return scope_retry_after(scope, wait_us);
}

// What was given before an objection must not come back to life with its end.
static code end_objection(struct scope *scope, const struct act *act) {
    int64_t count;

    TRY(say(scope, act, TEXT(CONSENT_ALL), TEXT(CONSENT_ALL), CONSENT_GRANTED, NULL));
    for (size_t i = 0; i < consent_channel_count; i++)
        if (consent_channels[i].contact == act->person->contact &&
            act->person->contact != CONTACT_NONE)
            TRY(suppression_lift(scope, text_of(consent_channels[i].name), act->person->address,
                                 SUPPRESSION_UNSUBSCRIBED, &count));
    return OK;
}

static code save(struct scope *scope, const struct act *act,
                 const struct preference_choices *choices, const bool *wanted,
                 struct text language) {
    bool gives = false, gives_marketing = false;

    for (size_t i = 0; i < choices->count; i++) {
        const struct preference_choice *choice = &choices->list[i];

        gives |= wanted[i] && !choice->is_on;
        gives_marketing |= wanted[i] && choice->purpose->is_marketing;
        if (wanted[i] && !choice->is_said_on)
            TRY(give(scope, act, choice, language));
        else if (!wanted[i] && (choice->is_said_on || choice->is_pending))
            TRY(say(scope, act, choice->purpose->name, text_of(choice->channel->name),
                    CONSENT_WITHDRAWN, NULL));
    }
    if (gives_marketing && choices->has_objected)
        TRY(end_objection(scope, act));
    return gives ? throttle_giving(scope, act->person) : OK;
}

code preference_save(struct scope *scope, const struct preference_token *token,
                     const struct preference_person *person,
                     const struct preference_choices *choices, const bool *wanted,
                     struct text language) {
    const struct act act = {token, person, "preference_centre"};

    TRY(ledger_begin(scope));
    return ledger_end(scope, save(scope, &act, choices, wanted, language));
}

// ---- double opt-in ----

code consent_request(struct scope *scope, const struct consent_rule *rule,
                     const struct preference_person *person, struct text source, struct text method,
                     struct text proof, struct text language, int64_t *ret_fact_id) {
    const struct text locale = purpose_words(&rule->purpose, language).language;
    const struct consent_said said = {.origin = person->origin,
                                      .identifier_id = person->identifier_id,
                                      .source = source,
                                      .purpose = rule->purpose.name,
                                      .channel = text_of(rule->channel->name),
                                      .state = CONSENT_PENDING,
                                      .legal_basis = text_of(legal_basis_names[rule->use.basis]),
                                      .text_version = purpose_text_version(scope, &rule->purpose),
                                      .proof = proof,
                                      .locale = locale,
                                      .method = method};

    TRY(consent_say(scope, &said, ret_fact_id));
    return ledger_exec(scope, sql_preference_ask,
                       BINDS(BIND_INT64(*ret_fact_id), BIND_INT64(person->identifier_id),
                             BIND_INT64(person->origin), BIND_TEXT(rule->purpose.name),
                             BIND_STRING(rule->channel->name), BIND_TEXT(locale),
                             BIND_INT64(scope->now_us)));
}

// What was shown when it was asked for is what is agreed to.
static code confirm_fact(struct scope *scope, const struct act *act, bool *ret_is_confirmed) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct consent_said more = {0};
    bool found;

    TRY(ledger_find(scope, sql_preference_fact, BINDS(BIND_INT64(act->token->message_id)), &rows,
                    &found));
    if (!found || rows_int64(rows, 1) + PREFERENCE_CONFIRM_US < scope->now_us)
        return OK;
    more.text_version = text_copy(&scope->arena, rows_text(rows, 2));
    more.locale = text_copy(&scope->arena, rows_text(rows, 3));
    more.legal_basis = text_copy(&scope->arena, rows_text(rows, 4));
    rows_close(&rows);
    *ret_is_confirmed = true;
    return say(scope, act, act->token->purpose, act->token->channel, CONSENT_GRANTED, &more);
}

static code confirm(struct scope *scope, const struct preference_token *token,
                    bool *ret_is_confirmed) {
    struct consent_rule rule = {.channel = consent_channel_find(token->channel)};
    struct consent_standing standing = {0};
    struct preference_person person;
    const struct act act = {token, &person, "double_opt_in"};

    *ret_is_confirmed = false;
    TRY(preference_person(scope, token, &person));
    if (!person.is_known || !rule.channel)
        return OK;
    TRY(purpose_find(scope, token->purpose, &rule.purpose));
    TRY(consent_standing_read(scope, &rule, person.customer, &standing));
    if (standing.said[CONSENT_SUBJECT_OWN] == SAID_PENDING)
        return confirm_fact(scope, &act, ret_is_confirmed);
    *ret_is_confirmed = standing.said[CONSENT_SUBJECT_OWN] == SAID_GRANTED;
    return OK;
}

code preference_confirm(struct scope *scope, const struct preference_token *token,
                        bool *ret_is_confirmed) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, confirm(scope, token, ret_is_confirmed));
}

// ---- what waits to be sent ----

static code read_confirmations(struct scope *scope, struct rows *rows, size_t limit,
                               struct consent_confirmation *list, size_t *ret_count) {
    size_t count = 0;

    while (count < limit && rows_next(rows))
        list[count++] = (struct consent_confirmation){
            .fact_id = rows_int64(rows, 0),
            .token = {.kind = PREFERENCE_CONFIRM,
                      .identifier_id = rows_int64(rows, 1),
                      .origin = rows_int64(rows, 2),
                      .message_id = rows_int64(rows, 0),
                      .purpose = text_copy(&scope->arena, rows_text(rows, 3)),
                      .channel = text_copy(&scope->arena, rows_text(rows, 4))},
            .language = text_copy(&scope->arena, rows_text(rows, 5))};
    *ret_count = count;
    return rows_end(rows);
}

code consent_confirmations(struct scope *scope, struct text channel, size_t limit,
                           struct consent_confirmation **ret_list, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct consent_confirmation *list = arena_array(&scope->arena, limit + 1, sizeof(*list));
    size_t count;

    TRY(ledger_query(scope, sql_preference_waiting,
                     BINDS(BIND_TEXT(channel), BIND_INT64(scope->now_us - PREFERENCE_CONFIRM_US),
                           BIND_INT64((int64_t)limit)),
                     &rows));
    TRY(read_confirmations(scope, rows, limit, list, &count));
    rows_close(&rows);
    for (size_t i = 0; i < count; i++) {
        struct preference_person person;

        TRY(preference_person(scope, &list[i].token, &person));
        list[i].address = person.address;
    }
    *ret_list = list;
    *ret_count = count;
    return OK;
}

code consent_confirmation_sent(struct scope *scope, int64_t fact_id, bool *ret_is_mine) {
    int64_t count;

    TRY(ledger_change(scope, sql_preference_sent,
                      BINDS(BIND_INT64(fact_id), BIND_INT64(scope->now_us)), &count));
    *ret_is_mine = count > 0;
    return OK;
}
