// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/preference.h"

#include "govern/access/throttle.h"
#include "govern/consent/consent.h"
#include "govern/consent/double_opt_in.h"
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
    *choice = (struct preference_choice){
        .name = text_printf(&scope->arena, "%.*s/%s", TEXT_ARG(purpose->name), channel->name),
        .purpose = purpose,
        .channel = channel,
        .use = rule.use,
        .is_on = consent_decide(&rule, &standing) == VERDICT_PERMITTED,
        .is_pending = standing.said[CONSENT_SUBJECT_OWN] == SAID_PENDING,
        .is_objected =
            purpose->is_marketing && standing.said[CONSENT_SUBJECT_EVERYTHING] >= SAID_DENIED,
        .since_us = standing.since_us[CONSENT_SUBJECT_OWN]};
    standing.said[CONSENT_SUBJECT_EVERYTHING] = SAID_NOTHING;
    choice->is_said_on = consent_decide(&rule, &standing) == VERDICT_PERMITTED;
    choices->count++;
    if (!choice->is_on || standing.fact_ids[CONSENT_SUBJECT_OWN] == 0)
        return OK;
    return words_of_fact(scope, standing.fact_ids[CONSENT_SUBJECT_OWN], &choice->agreed);
}

// An objection to one channel (STOP by text message) is none to all of them.
static code read_objection(struct scope *scope, int64_t customer, bool *ret_has_objected) {
    static const struct consent_channel every_channel = {CONSENT_ALL, CONSENT_ALL, CONTACT_NONE};
    const struct consent_rule rule = {.channel = &every_channel};
    struct consent_standing standing = {0};

    TRY(consent_standing_read(scope, &rule, customer, &standing));
    *ret_has_objected = standing.said[CONSENT_SUBJECT_EVERYTHING] >= SAID_DENIED;
    return OK;
}

code preference_choices(struct scope *scope, const struct preference_person *person,
                        struct preference_choices *ret_choices) {
    struct preference_choices choices = {0};
    struct purpose *purposes;
    size_t count;

    TRY(read_objection(scope, person->customer, &choices.has_objected));
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

// Unless it stands so already, through every channel.
static code object_to_all(struct scope *scope, const struct act *act,
                          const struct preference_choices *choices) {
    bool has_objected = choices->has_objected;

    for (size_t i = 0; i < choices->count; i++)
        has_objected &= choices->list[i].is_objected || !choices->list[i].purpose->is_marketing;
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

static code take_choice_back(struct scope *scope, const struct act *act,
                             const struct preference_choice *choice) {
    if (!choice->is_said_on && !choice->is_pending)
        return OK;
    return say(scope, act, choice->purpose->name, text_of(choice->channel->name), CONSENT_WITHDRAWN,
               NULL);
}

static code take_all_back(struct scope *scope, const struct act *act) {
    struct preference_choices choices;

    TRY(preference_choices(scope, act->person, &choices));
    for (size_t i = 0; i < choices.count; i++)
        TRY(take_choice_back(scope, act, &choices.list[i]));
    TRY(object_to_all(scope, act, &choices));
    return suppress(scope, act);
}

static code unsubscribe(struct scope *scope, const struct preference_token *token,
                        const char *method) {
    struct preference_person person;
    const struct act act = {token, &person, method};

    TRY(preference_person(scope, token, &person));
    if (!person.is_known)
        return OK;
    return token->purpose.size > 0 ? take_one_back(scope, &act) : take_all_back(scope, &act);
}

code preference_unsubscribe(struct scope *scope, const struct preference_token *token,
                            const char *method) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, unsubscribe(scope, token, method));
}

static code all_off(struct scope *scope, const struct preference_token *token) {
    struct preference_person person;
    const struct act act = {token, &person, "preference_centre_all_off"};

    TRY(preference_person(scope, token, &person));
    return person.is_known ? take_all_back(scope, &act) : OK;
}

code preference_all_off(struct scope *scope, const struct preference_token *token) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, all_off(scope, token));
}

// ---- giving ----

// Who opened a link that was sent to an address has it. A link that an agent hands out was sent to
// none.
static bool came_through(const struct act *act, const struct consent_channel *channel) {
    return act->token->identifier_id != 0 &&
           act->token->identifier_id == act->person->identifier_id &&
           channel->contact != CONTACT_NONE && channel->contact == act->person->contact;
}

// Whoever answers from the address that unsubscribed wants to be written to there again.
static code grant(struct scope *scope, const struct act *act, const struct purpose *purpose,
                  const struct consent_channel *channel, const struct consent_said *more) {
    int64_t count;

    TRY(say(scope, act, purpose->name, text_of(channel->name), CONSENT_GRANTED, more));
    if (!purpose->is_marketing || !came_through(act, channel))
        return OK;
    return suppression_lift(scope, text_of(channel->name), act->person->address,
                            SUPPRESSION_UNSUBSCRIBED, &count);
}

static code give(struct scope *scope, const struct act *act, const struct preference_choice *choice,
                 struct text language, bool *ret_is_granted) {
    const struct consent_rule rule = {
        .purpose = *choice->purpose, .channel = choice->channel, .use = choice->use};
    struct consent_said said = {.legal_basis = text_of(legal_basis_names[choice->use.basis]),
                                .text_version = purpose_text_version(scope, choice->purpose),
                                .locale = purpose_words(choice->purpose, language).language};
    int64_t fact_id;

    *ret_is_granted = !choice->use.double_opt_in || came_through(act, choice->channel);
    if (*ret_is_granted)
        return grant(scope, act, choice->purpose, choice->channel, &said);
    said.origin = act->person->origin;
    said.identifier_id = act->person->identifier_id;
    said.source = TEXT(SOURCE);
    said.method = text_of(act->method);
    said.proof = proof_of(scope, act);
    return consent_request(scope, &rule, &said, &fact_id);
}

// Through one channel: of the others nothing was said. What was given before the objection and
// nobody asked for again must not come back to life with its end.
static code end_objection(struct scope *scope, const struct act *act,
                          const struct preference_choices *choices, const bool *is_dealt_with,
                          const struct consent_channel *channel) {
    for (size_t i = 0; i < choices->count; i++)
        if (choices->list[i].channel == channel && choices->list[i].is_objected &&
            !is_dealt_with[i])
            TRY(take_choice_back(scope, act, &choices->list[i]));
    return say(scope, act, TEXT(CONSENT_ALL), text_of(channel->name), CONSENT_GRANTED, NULL);
}

// ---- choosing ----

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

// A page's wishes beside what holds.
struct saving {
    struct preference_choices choices;
    bool *is_dealt_with; // of each choice: it was wished for or taken back
    bool *is_opened;     // of each channel: an objection to it ends
    bool gives;
};

static const struct preference_wish *wish_of(const struct preference_choice *choice,
                                             const struct preference_wish *wishes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(wishes[i].name, choice->name))
            return &wishes[i];
    return NULL;
}

static code follow_wish(struct scope *scope, const struct act *act, struct saving *saving,
                        size_t index, bool is_wanted, struct text language) {
    const struct preference_choice *choice = &saving->choices.list[index];
    bool is_granted;

    saving->is_dealt_with[index] = true;
    if (!is_wanted)
        return take_choice_back(scope, act, choice);
    if (choice->is_on || choice->is_pending)
        return OK;
    saving->gives = true;
    TRY(give(scope, act, choice, language, &is_granted));
    if (is_granted && choice->is_objected)
        saving->is_opened[choice->channel - consent_channels] = true;
    return OK;
}

static code save(struct scope *scope, const struct act *act, const struct preference_wish *wishes,
                 size_t count, struct text language) {
    struct saving saving = {0};

    TRY(preference_choices(scope, act->person, &saving.choices));
    saving.is_dealt_with =
        arena_array(&scope->arena, saving.choices.count + 1, sizeof(*saving.is_dealt_with));
    saving.is_opened = arena_array(&scope->arena, consent_channel_count, sizeof(*saving.is_opened));
    for (size_t i = 0; i < saving.choices.count; i++) {
        const struct preference_wish *wish = wish_of(&saving.choices.list[i], wishes, count);

        if (wish)
            TRY(follow_wish(scope, act, &saving, i, wish->is_wanted, language));
    }
    for (size_t i = 0; i < consent_channel_count; i++)
        if (saving.is_opened[i])
            TRY(end_objection(scope, act, &saving.choices, saving.is_dealt_with,
                              &consent_channels[i]));
    return saving.gives ? throttle_giving(scope, act->person) : OK;
}

static code save_of(struct scope *scope, const struct preference_token *token,
                    const struct preference_wish *wishes, size_t count, struct text language) {
    struct preference_person person;
    const struct act act = {token, &person, "preference_centre"};

    TRY(preference_person(scope, token, &person));
    return person.is_known ? save(scope, &act, wishes, count, language) : OK;
}

code preference_save(struct scope *scope, const struct preference_token *token,
                     const struct preference_wish *wishes, size_t count, struct text language) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, save_of(scope, token, wishes, count, language));
}

// ---- double opt-in ----

// Whoever confirms wants it in spite of an objection before.
static code end_objection_for(struct scope *scope, const struct act *act,
                              const struct consent_rule *rule) {
    struct preference_choices choices;
    bool *is_dealt_with;
    bool is_objected = false;

    TRY(preference_choices(scope, act->person, &choices));
    is_dealt_with = arena_array(&scope->arena, choices.count + 1, sizeof(*is_dealt_with));
    for (size_t i = 0; i < choices.count; i++) {
        const struct preference_choice *choice = &choices.list[i];

        if (choice->channel != rule->channel ||
            !text_equal(choice->purpose->name, rule->purpose.name))
            continue;
        is_dealt_with[i] = true;
        is_objected = choice->is_objected;
    }
    return is_objected ? end_objection(scope, act, &choices, is_dealt_with, rule->channel) : OK;
}

// What was shown when it was asked for is what is agreed to.
static code confirm_fact(struct scope *scope, const struct act *act,
                         const struct consent_rule *rule, bool *ret_is_confirmed) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct consent_said more = {0};
    bool found;

    TRY(ledger_find(scope, sql_preference_fact, BINDS(BIND_INT64(act->token->message_id)), &rows,
                    &found));
    if (!found || rows_int64(rows, 1) + DOUBLE_OPT_IN_US < scope->now_us)
        return OK;
    more.text_version = text_copy(&scope->arena, rows_text(rows, 2));
    more.locale = text_copy(&scope->arena, rows_text(rows, 3));
    more.legal_basis = text_copy(&scope->arena, rows_text(rows, 4));
    rows_close(&rows);
    *ret_is_confirmed = true;
    TRY(grant(scope, act, &rule->purpose, rule->channel, &more));
    return end_objection_for(scope, act, rule);
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
        return confirm_fact(scope, &act, &rule, ret_is_confirmed);
    *ret_is_confirmed = standing.said[CONSENT_SUBJECT_OWN] == SAID_GRANTED;
    return OK;
}

code preference_confirm(struct scope *scope, const struct preference_token *token,
                        bool *ret_is_confirmed) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, confirm(scope, token, ret_is_confirmed));
}
