// SPDX-License-Identifier: Apache-2.0
#include "host/customer/consent_http.h"

#include "base/config.h"
#include "govern/audit/audit.h"
#include "govern/consent/consent.h"
#include "govern/consent/double_opt_in.h"
#include "govern/consent/token.h"
#include "host/customer/customer.h"
#include "host/identity/identity.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store.h"

#include <inttypes.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { HOW_BYTES = 40, PROOF_BYTES = 2000, MOST_ADDRESSES = 100000 };

static code find_customer(struct scope *scope, const struct request *request, int64_t *ret_id) {
    return customer_find(scope, request_text(request, "id"), ret_id);
}

// ---- looking ----

const struct route_answer customer_consent_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "verdicts", ANSWER_TABLE, "for each purpose and channel: may it be, and why not"},
        {.name = "history", ANSWER_TABLE, "all that was said, newest first"}),
};

static code write_verdict(struct scope *scope, struct response *response, int64_t customer,
                          const struct purpose *purpose, const struct consent_channel *channel) {
    CLEANUP(consent_rule_clear) struct consent_rule rule = {0};
    struct consent_verdict verdict;

    if (purpose_channel(purpose, channel).basis == BASIS_NONE)
        return OK;
    TRY(consent_rule_load(scope, purpose->name, text_of(channel->name), &rule));
    TRY(consent_rule_ask(scope, &rule, customer, &verdict));
    response_begin_row(response);
    response_text(response, purpose->name);
    response_text(response, text_of(channel->name));
    response_text(response, text_of(legal_basis_names[verdict.basis]));
    response_int64(response, COLUMN_BOOL, verdict.is_permitted);
    response_text(response, text_of(consent_reason_name(verdict.reason)));
    if (verdict.since_us != 0)
        response_int64(response, COLUMN_INSTANT, verdict.since_us);
    else
        response_null(response);
    response_end_row(response);
    return OK;
}

static code write_verdicts(struct scope *scope, struct response *response, int64_t customer) {
    static const struct column columns[] = {
        {"purpose", "Purpose", COLUMN_TEXT, NULL},
        {"channel", "Channel", COLUMN_TEXT, NULL},
        {"legal_basis", "Legal basis", COLUMN_TEXT, NULL},
        {"is_permitted", "Permitted", COLUMN_BOOL, NULL},
        {"reason", "Reason", COLUMN_TEXT, NULL},
        {"since", "Since", COLUMN_INSTANT, NULL},
    };
    struct purpose *purposes;
    size_t count;

    TRY(purpose_list(scope, &purposes, &count));
    response_begin_table(response, "verdicts", columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++)
        for (size_t channel = 0; channel < consent_channel_count; channel++)
            TRY(write_verdict(scope, response, customer, &purposes[i], &consent_channels[channel]));
    response_end_table(response);
    return OK;
}

code customer_http_consents(struct scope *scope, const struct request *request,
                            struct response *response) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"at", "At", COLUMN_INSTANT, NULL},
        {"purpose", "Purpose", COLUMN_TEXT, NULL},
        {"channel", "Channel", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"legal_basis", "Legal basis", COLUMN_TEXT, NULL},
        {"text_version", "Text", COLUMN_TEXT, NULL},
        {"locale", "Language", COLUMN_TEXT, NULL},
        {"source", "Source", COLUMN_TEXT, NULL},
        {"method", "How", COLUMN_TEXT, NULL},
        {"recorded_by", "Recorded by", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t customer;

    TRY(find_customer(scope, request, &customer));
    json_begin_object(&response->writer);
    TRY(write_verdicts(scope, response, customer));
    TRY(consent_history(scope, customer, &rows));
    TRY(response_rows(scope, response, "history", columns, COUNT_OF(columns), rows));
    json_end_object(&response->writer);
    return OK;
}

// ---- writing down ----

enum said_state { SAID_GRANTED_NOW, SAID_DENIED_NOW, SAID_WITHDRAWN_NOW, SAID_OBJECTED_NOW };
static const char *const said_names[] = {"granted", "denied", "withdrawn", "objected", NULL};

struct said_body {
    struct text purpose, channel, how, proof, language;
    int state;
};
#define AT(member) offsetof(struct said_body, member)
static const struct json_field said_fields[] = {
    {"purpose", JSON_FIELD_TEXT, AT(purpose), true, NULL, "for what; \"all\": an objection"},
    {"channel", JSON_FIELD_TEXT, AT(channel), true, NULL, "through which channel, or \"all\""},
    {"state", JSON_FIELD_ENUM, AT(state), true, said_names, "what the customer said"},
    {"how", JSON_FIELD_TEXT, AT(how), true, NULL, "how it was said: by_phone, in_shop, by_letter"},
    {"proof", JSON_FIELD_TEXT, AT(proof), false, NULL, "what shows it: where the form is kept"},
    {"language", JSON_FIELD_TEXT, AT(language), false, NULL, "of the text that was read to them"},
};
#undef AT
const struct route_body customer_consent_body = {
    said_fields, COUNT_OF(said_fields),
    "A consent that needs a double opt-in is asked for only: a message that asks to confirm it "
    "waits to be sent.",
    false};
const struct route_answer customer_consent_said_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "of the fact"},
                              {.name = "state", ANSWER_TEXT, "as it was recorded: may be pending"}),
};

static code check_said(struct scope *scope, const struct said_body *body) {
    if (body->how.size == 0 || body->how.size > HOW_BYTES)
        return scope_fail_field(scope, INVALID, "how", "\"how\" has 1 to %d bytes", HOW_BYTES);
    if (body->proof.size > PROOF_BYTES)
        return scope_fail_field(scope, INVALID, "proof", "\"proof\" has at most %d bytes",
                                PROOF_BYTES);
    if (body->state == SAID_GRANTED_NOW && body->proof.size == 0)
        return scope_fail_field(scope, INVALID, "proof", "a consent needs a proof");
    return OK;
}

// An objection to everything, or the end of one.
static code say_of_all(struct scope *scope, int64_t customer, const struct said_body *body,
                       int64_t *ret_id) {
    const struct consent_said said = {.origin = customer,
                                      .source = TEXT("by hand"),
                                      .purpose = TEXT(CONSENT_ALL),
                                      .channel = body->channel,
                                      .state = body->state == SAID_GRANTED_NOW ? CONSENT_GRANTED
                                                                               : CONSENT_OBJECTED,
                                      .proof = body->proof,
                                      .method = body->how,
                                      .recorded_by = text_of(scope->actor.name)};

    if (!text_is(body->channel, CONSENT_ALL) && !consent_channel_find(body->channel))
        return scope_fail_field(scope, INVALID, "channel", "there is no channel \"%.*s\"",
                                TEXT_ARG(body->channel));
    return consent_say(scope, &said, ret_id);
}

static code ask_to_confirm(struct scope *scope, const struct consent_rule *rule,
                           const struct consent_said *said, int64_t *ret_id) {
    struct confirmation_address found;
    struct consent_said as = *said;

    TRY(confirmation_address_find(scope, rule->channel, said->origin, 0, &found));
    if (found.identifier_id == 0)
        return scope_fail(scope, CONFLICT, "the customer has no address to confirm it through");
    as.identifier_id = found.identifier_id;
    return consent_request(scope, rule, &as, ret_id);
}

static code say_of_one(struct scope *scope, int64_t customer, const struct said_body *body,
                       int64_t *ret_id, enum consent_state *ret_state) {
    static const enum consent_state states[] = {CONSENT_GRANTED, CONSENT_DENIED, CONSENT_WITHDRAWN,
                                                CONSENT_OBJECTED};
    CLEANUP(consent_rule_clear) struct consent_rule rule = {0};
    struct consent_said said = {.origin = customer,
                                .source = TEXT("by hand"),
                                .state = states[body->state],
                                .proof = body->proof,
                                .locale = body->language,
                                .method = body->how,
                                .recorded_by = text_of(scope->actor.name)};

    TRY(consent_rule_load(scope, body->purpose, body->channel, &rule));
    if (rule.use.basis == BASIS_NONE)
        return scope_fail_field(scope, INVALID, "channel", "\"%.*s\" does not use \"%s\"",
                                TEXT_ARG(rule.purpose.name), rule.channel->name);
    *ret_state = said.state;
    if (said.state == CONSENT_GRANTED && rule.use.double_opt_in) {
        *ret_state = CONSENT_PENDING;
        return ask_to_confirm(scope, &rule, &said, ret_id);
    }
    said.purpose = rule.purpose.name;
    said.channel = text_of(rule.channel->name);
    said.legal_basis = text_of(legal_basis_names[rule.use.basis]);
    said.text_version = purpose_text_version(scope, &rule.purpose);
    said.locale = purpose_words(&rule.purpose, body->language).language;
    return consent_say(scope, &said, ret_id);
}

static code say(struct scope *scope, int64_t customer, const struct said_body *body,
                int64_t *ret_id, enum consent_state *ret_state) {
    if (text_is(body->purpose, CONSENT_ALL)) {
        *ret_state = body->state == SAID_GRANTED_NOW ? CONSENT_GRANTED : CONSENT_OBJECTED;
        TRY(say_of_all(scope, customer, body, ret_id));
    } else {
        TRY(say_of_one(scope, customer, body, ret_id, ret_state));
    }
    return AUDIT(scope, "consent.record", text_printf(&scope->arena, "customer %" PRId64, customer),
                 {"purpose", body->purpose}, {"channel", body->channel},
                 {"state", text_of(consent_state_name(*ret_state))});
}

code customer_http_consent_say(struct scope *scope, const struct request *request,
                               struct response *response) {
    struct said_body body = {0};
    enum consent_state state = CONSENT_GRANTED;
    int64_t customer, id = 0;

    TRY(json_read_record(scope, request->body, said_fields, COUNT_OF(said_fields), &body));
    TRY(check_said(scope, &body));
    TRY(find_customer(scope, request, &customer));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, say(scope, customer, &body, &id, &state)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, id);
    json_key(&response->writer, "state");
    json_write_string(&response->writer, consent_state_name(state));
    json_end_object(&response->writer);
    return OK;
}

// ---- a link to the customer's own page ----

const struct route_answer customer_preference_link_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "link", ANSWER_TEXT, "who has it may change the consents"}),
};

code customer_http_preference_link(struct scope *scope, const struct request *request,
                                   struct response *response) {
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};
    struct preference_token token = {.kind = PREFERENCE_CENTRE}; // sent to no address: proves none
    struct text link;

    TRY(find_customer(scope, request, &token.origin));
    TRY(consent_secret_load(scope, &secret));
    TRY(preference_link(scope, &secret,
                        config_base_url(&scope->arena, store_config(session_store(scope))), &token,
                        &link));
    TRY(AUDIT(scope, "consent.link", text_printf(&scope->arena, "customer %" PRId64, token.origin),
              {"page", TEXT("/c")}));
    json_begin_object(&response->writer);
    json_key(&response->writer, "link");
    json_write_text(&response->writer, link);
    json_end_object(&response->writer);
    return OK;
}

// ---- suppressed addresses ----

struct suppress_body {
    struct text channel, addresses;
    int reason;
};
#define AT(member) offsetof(struct suppress_body, member)
static const char *const reasons[] = {"imported", "unsubscribed", "bounced", "complained", NULL};
static const struct json_field suppress_fields[] = {
    {"channel", JSON_FIELD_TEXT, AT(channel), true, NULL, "email, sms or phone"},
    {"addresses", JSON_FIELD_TEXT, AT(addresses), true, NULL, "one on each line"},
    {"reason", JSON_FIELD_ENUM, AT(reason), false, reasons, "why (imported)"},
};
#undef AT
const struct route_body suppression_add_body = {suppress_fields, COUNT_OF(suppress_fields), NULL,
                                                false};
const struct route_answer suppression_add_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "added", ANSWER_INTEGER, "new on the list"},
                              {.name = "already", ANSWER_INTEGER, "that were on it"},
                              {.name = "unreadable", ANSWER_INTEGER, "lines that are no address"}),
};

struct suppress_counts {
    int64_t added, already, unreadable;
};

static code suppress_line(struct scope *scope, const struct consent_secret *secret,
                          const struct consent_channel *channel, enum suppression_reason reason,
                          struct text line, struct text country, struct suppress_counts *counts) {
    struct text address;
    bool is_blocked, is_added;

    if (!identifier_normalise(&scope->arena, (enum identifier_kind)channel->contact, line, country,
                              &address, &is_blocked)) {
        counts->unreadable++;
        return OK;
    }
    TRY(suppression_add_with(scope, secret, channel, address, reason, TEXT("by hand"), &is_added));
    counts->added += is_added;
    counts->already += !is_added;
    return OK;
}

static code suppress_lines(struct scope *scope, const struct consent_channel *channel,
                           enum suppression_reason reason, struct text lines,
                           struct suppress_counts *counts) {
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};
    struct settings settings;
    size_t count = 0;

    TRY(consent_secret_load(scope, &secret));
    TRY(settings_load(scope, &settings));
    while (lines.data && lines.size > 0) {
        const struct text line = text_trim(text_split(lines, '\n', &lines));

        if (line.size == 0)
            continue;
        if (++count > MOST_ADDRESSES)
            return scope_fail(scope, TOO_LARGE, "at most %d addresses at once", MOST_ADDRESSES);
        TRY(suppress_line(scope, &secret, channel, reason, line, settings.country, counts));
    }
    return AUDIT(scope, "consent.suppress", text_printf(&scope->arena, "channel %s", channel->name),
                 {"reason", text_of(suppression_reason_names[reason])},
                 {"added", text_printf(&scope->arena, "%" PRId64, counts->added)});
}

static void write_count(struct response *response, const char *key, int64_t count) {
    json_key(&response->writer, key);
    json_write_int64(&response->writer, count);
}

static code addressed_channel(struct scope *scope, struct text name,
                              const struct consent_channel **ret_channel) {
    const struct consent_channel *channel = consent_channel_find(name);

    if (!channel || (channel->contact != CONTACT_EMAIL && channel->contact != CONTACT_PHONE))
        return scope_fail_field(scope, INVALID, "channel", "\"%.*s\" is no channel with addresses",
                                TEXT_ARG(name));
    *ret_channel = channel;
    return OK;
}

code suppression_http_add(struct scope *scope, const struct request *request,
                          struct response *response) {
    static const enum suppression_reason by_name[] = {SUPPRESSION_IMPORTED,
                                                      SUPPRESSION_UNSUBSCRIBED, SUPPRESSION_BOUNCED,
                                                      SUPPRESSION_COMPLAINED};
    struct suppress_counts counts = {0};
    struct suppress_body body = {0};
    const struct consent_channel *channel;

    TRY(json_read_record(scope, request->body, suppress_fields, COUNT_OF(suppress_fields), &body));
    TRY(addressed_channel(scope, body.channel, &channel));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope,
                   suppress_lines(scope, channel, by_name[body.reason], body.addresses, &counts)));
    json_begin_object(&response->writer);
    write_count(response, "added", counts.added);
    write_count(response, "already", counts.already);
    write_count(response, "unreadable", counts.unreadable);
    json_end_object(&response->writer);
    return OK;
}

// ---- and taken off the list again ----

struct lift_body {
    struct text channel, address;
};
static const struct json_field lift_fields[] = {
    {"channel", JSON_FIELD_TEXT, offsetof(struct lift_body, channel), true, NULL,
     "email, sms or phone"},
    {"address", JSON_FIELD_TEXT, offsetof(struct lift_body, address), true, NULL,
     "which may be written to again"},
};
const struct route_body suppression_lift_body = {
    lift_fields, COUNT_OF(lift_fields), "An address that was erased stays on the list.", false};
const struct route_answer suppression_lift_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "lifted", ANSWER_INTEGER, "reasons that held; 0: it was not on it"}),
};

// The address is in no log: who lifted one, and of which channel, is.
static code lift(struct scope *scope, const struct consent_channel *channel, struct text address,
                 int64_t *ret_count) {
    TRY(suppression_lift(scope, text_of(channel->name), address, SUPPRESSION_NONE, ret_count));
    return AUDIT(scope, "consent.lift", text_printf(&scope->arena, "channel %s", channel->name),
                 {"lifted", text_printf(&scope->arena, "%" PRId64, *ret_count)});
}

code suppression_http_lift(struct scope *scope, const struct request *request,
                           struct response *response) {
    const struct consent_channel *channel;
    struct lift_body body = {0};
    struct settings settings;
    struct text address;
    bool is_blocked;
    int64_t count = 0;

    TRY(json_read_record(scope, request->body, lift_fields, COUNT_OF(lift_fields), &body));
    TRY(addressed_channel(scope, body.channel, &channel));
    TRY(settings_load(scope, &settings));
    if (!identifier_normalise(&scope->arena, (enum identifier_kind)channel->contact,
                              text_trim(body.address), settings.country, &address, &is_blocked))
        return scope_fail_field(scope, INVALID, "address", "this is no address of the channel");
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, lift(scope, channel, address, &count)));
    json_begin_object(&response->writer);
    write_count(response, "lifted", count);
    json_end_object(&response->writer);
    return OK;
}
