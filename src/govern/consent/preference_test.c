// SPDX-License-Identifier: Apache-2.0
// The public pages: what they show, what they change, and what they never do.
#include "govern/consent/preference.h"

#include "govern/consent/double_opt_in.h"
#include "govern/consent/form.h"
#include "govern/consent/preference_http.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <inttypes.h>

static void make_customer(struct scope *scope) {
    test_ledger_exec(scope,
                     "INSERT INTO customer (id, import_id, created_at_us, language) VALUES (1, 0, "
                     "0, 'de');"
                     "INSERT INTO identifier (id, kind, source, value, origin, import_id, "
                     "seen_at_us) VALUES (1001, 1, '', 'anna@example.org', 1, 0, 0)");
}

static int64_t say(struct scope *scope, const char *purpose, const char *channel,
                   enum consent_state state) {
    const struct consent_said said = {.origin = 1,
                                      .source = TEXT("test"),
                                      .purpose = text_of(purpose),
                                      .channel = text_of(channel),
                                      .text_version = TEXT("newsletter/1"),
                                      .locale = TEXT("fr"),
                                      .state = state};
    int64_t id = 0;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, consent_say(scope, &said, &id)));
    return id;
}

static const char *verdict_of(struct scope *scope, const char *purpose, const char *channel) {
    struct consent_verdict verdict;

    CHECK_OK(consent_permits(scope, 1, text_of(purpose), text_of(channel), &verdict));
    return consent_reason_name(verdict.reason);
}

static struct text token_of(struct scope *scope, enum preference_kind kind, int64_t message_id) {
    const struct preference_token token = {.kind = kind,
                                           .origin = 1,
                                           .identifier_id = 1001,
                                           .message_id = message_id,
                                           .purpose = TEXT("newsletter"),
                                           .channel = TEXT("email")};
    struct text text;

    CHECK_OK(preference_token_make(scope, &token, &text));
    return text;
}

struct shown {
    int status;
    const char *html;
};

static struct shown visit(struct scope *scope, handler show, struct text token, struct text body) {
    const struct request_parameter parameters[] = {{TEXT("token"), token}};
    const struct request request = {.parameters = parameters, .parameter_count = 1, .bytes = body};
    struct response response;
    struct shown shown;

    response_init(&response);
    CHECK_OK(show(scope, &request, &response));
    shown = (struct shown){response.status ? response.status : 200,
                           text_string(&scope->arena, buffer_text(&response.body))};
    response_clear(&response);
    return shown;
}

static int64_t fact_count(struct scope *scope) {
    int64_t count;

    CHECK_OK(ledger_int64(scope, "SELECT COUNT(*) FROM consent", NO_BINDS, 0, &count));
    return count;
}

#define ONE_CLICK TEXT("List-Unsubscribe=One-Click")

TEST(a_look_at_the_unsubscribe_page_changes_nothing_and_one_click_does) {
    struct text token;

    test_store(scope);
    make_customer(scope);
    say(scope, "newsletter", "email", CONSENT_GRANTED);
    token = token_of(scope, PREFERENCE_UNSUBSCRIBE, 5);
    CHECK(strstr(visit(scope, preference_http_unsubscribe, token, TEXT("")).html, "Abmelden"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "permitted");
    CHECK_INT(visit(scope, preference_http_unsubscribe_now, token, TEXT("x=y")).status, 400);
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "permitted");
    CHECK_INT(visit(scope, preference_http_unsubscribe_now, token, ONE_CLICK).status, 200);
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "withdrawn");
    CHECK_INT(fact_count(scope), 2);
    CHECK_INT(visit(scope, preference_http_unsubscribe_now, token, ONE_CLICK).status, 200);
    CHECK_INT(fact_count(scope), 2);
}

TEST(one_click_is_understood_as_multipart_too) {
    test_store(scope);
    make_customer(scope);
    say(scope, "newsletter", "email", CONSENT_GRANTED);
    CHECK_INT(visit(scope, preference_http_unsubscribe_now,
                    token_of(scope, PREFERENCE_UNSUBSCRIBE, 5),
                    TEXT("--xyz\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n"
                         "\r\nOne-Click\r\n--xyz--\r\n"))
                  .status,
              200);
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "withdrawn");
}

TEST(a_link_to_unsubscribe_gives_nothing) {
    struct text token;

    test_store(scope);
    make_customer(scope);
    token = token_of(scope, PREFERENCE_UNSUBSCRIBE, 5);
    CHECK_INT(visit(scope, preference_http_centre, token, TEXT("")).status, 404);
    CHECK_INT(visit(scope, preference_http_choose, token,
                    TEXT("do=save&shown=newsletter/email&on=newsletter/email"))
                  .status,
              404);
    CHECK_INT(fact_count(scope), 0);
}

TEST(the_centre_gives_and_takes_what_it_shows_and_leaves_the_rest) {
    struct text token;

    test_store(scope);
    make_customer(scope);
    token = token_of(scope, PREFERENCE_CENTRE, 5);
    say(scope, "marketing", "sms", CONSENT_GRANTED);
    CHECK_INT(visit(scope, preference_http_choose, token,
                    TEXT("do=save&shown=newsletter%2Femail&on=newsletter%2Femail"))
                  .status,
              200);
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "permitted");
    CHECK_STRING(verdict_of(scope, "marketing", "sms"), "no_address");
    CHECK_STRING(test_ledger_rows(scope, "SELECT text_version, locale, method FROM consent WHERE "
                                         "purpose = 'newsletter'"),
                 "newsletter/1|de|preference_centre");
    visit(scope, preference_http_choose, token, TEXT("do=save&shown=newsletter%2Femail"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "withdrawn");
}

TEST(turning_everything_off_is_an_objection_and_what_was_given_before_stays_off) {
    struct text token;

    test_store(scope);
    make_customer(scope);
    token = token_of(scope, PREFERENCE_CENTRE, 5);
    say(scope, "newsletter", "email", CONSENT_GRANTED);
    say(scope, "marketing", "email", CONSENT_GRANTED);
    visit(scope, preference_http_choose, token, TEXT("do=all_off"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "objected");
    CHECK_STRING(verdict_of(scope, "service", "email"), "permitted");
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM suppression WHERE reason = "
                                         "'unsubscribed'"),
                 "1");
    visit(scope, preference_http_choose, token,
          TEXT("do=save&shown=newsletter/email&on=newsletter/email&shown=marketing/email"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "permitted");
    CHECK_STRING(verdict_of(scope, "marketing", "email"), "withdrawn");
}

// Somebody asks for the newsletter without a proof.
static int64_t ask(struct scope *scope) {
    CLEANUP(consent_rule_clear) struct consent_rule rule = {0};
    const struct consent_said as = {.origin = 1,
                                    .identifier_id = 1001,
                                    .source = TEXT("form"),
                                    .method = TEXT("form"),
                                    .proof = TEXT("{}"),
                                    .recorded_by = TEXT("alex"),
                                    .locale = TEXT("de-AT")};
    int64_t id = 0;

    CHECK_OK(consent_rule_load(scope, TEXT("newsletter"), TEXT("email"), &rule));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, consent_request(scope, &rule, &as, &id)));
    return id;
}

// The one that waits to be sent, and the token of its link.
static struct confirmation waiting_one(struct scope *scope, struct text *ret_token) {
    struct confirmation *waiting;
    size_t count;

    CHECK_OK(confirmation_due(scope, 10, &waiting, &count));
    CHECK_INT((int64_t)count, 1);
    CHECK_OK(preference_token_make(scope, &waiting[0].token, ret_token));
    return waiting[0];
}

static bool start(struct scope *scope, const struct confirmation *confirmation) {
    bool is_mine = false;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, confirmation_start(scope, confirmation, &is_mine)));
    return is_mine;
}

TEST(a_pending_consent_is_confirmed_by_a_button_and_not_by_a_look) {
    struct confirmation waiting;
    struct text token;

    test_store(scope);
    make_customer(scope);
    ask(scope);
    waiting = waiting_one(scope, &token);
    CHECK_TEXT(waiting.address, "anna@example.org");
    CHECK_TEXT(waiting.language, "de");
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, recorded_by FROM consent"), "pending|alex");
    visit(scope, preference_http_confirm, token, TEXT(""));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "unconfirmed");
    CHECK(strstr(visit(scope, preference_http_confirm_now, token, TEXT("do=confirm")).html,
                 "Newsletter"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "permitted");
    say(scope, "newsletter", "email", CONSENT_WITHDRAWN);
    visit(scope, preference_http_confirm_now, token, TEXT("do=confirm"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "withdrawn");
}

TEST(a_message_that_asks_to_confirm_is_started_once_and_only_while_there_is_something_to_confirm) {
    struct confirmation waiting;
    struct text token;

    test_store(scope);
    make_customer(scope);
    ask(scope);
    waiting = waiting_one(scope, &token);
    CHECK(start(scope, &waiting));
    CHECK(!start(scope, &waiting));
    say(scope, "newsletter", "email", CONSENT_WITHDRAWN);
    ask(scope);
    waiting = waiting_one(scope, &token);
    say(scope, "newsletter", "email", CONSENT_WITHDRAWN);
    CHECK(!start(scope, &waiting));
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, tries FROM consent_confirmation "
                                         "ORDER BY fact_id"),
                 "started|1\nneedless|1");
}

TEST(what_waits_to_be_confirmed_goes_on_waiting_when_the_page_is_saved_as_it_is) {
    struct text token;

    test_store(scope);
    make_customer(scope);
    ask(scope);
    token = token_of(scope, PREFERENCE_CENTRE, 5);
    visit(scope, preference_http_choose, token,
          TEXT("do=save&shown=newsletter/email&on=newsletter/email"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "unconfirmed");
    CHECK_INT(fact_count(scope), 1);
    visit(scope, preference_http_choose, token, TEXT("do=save&shown=newsletter/email"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "withdrawn");
}

// As an agent hands it out: sent to no address.
static struct text agent_token(struct scope *scope) {
    const struct preference_token token = {.kind = PREFERENCE_CENTRE, .origin = 1};
    struct text text;

    CHECK_OK(preference_token_make(scope, &token, &text));
    return text;
}

TEST(a_link_that_was_sent_to_no_address_asks_to_confirm_and_lifts_nothing) {
    struct text token, confirm;

    test_store(scope);
    make_customer(scope);
    token = agent_token(scope);
    visit(scope, preference_http_choose, token, TEXT("do=all_off"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "objected");
    visit(scope, preference_http_choose, token,
          TEXT("do=save&shown=newsletter/email&on=newsletter/email"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "objected");
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM suppression"), "1");
    CHECK_TEXT(waiting_one(scope, &confirm).address, "anna@example.org");
    visit(scope, preference_http_confirm_now, confirm, TEXT("do=confirm"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "permitted");
    CHECK_STRING(verdict_of(scope, "marketing", "letter"), "objected");
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM suppression"), "0");
}

TEST(a_consent_to_e_mail_that_was_asked_for_by_telephone_is_confirmed_at_the_e_mail_address) {
    const struct preference_token by_phone = {
        .kind = PREFERENCE_CENTRE, .origin = 1, .identifier_id = 1002, .message_id = 5};
    struct confirmation waiting;
    struct text token, confirm;

    test_store(scope);
    make_customer(scope);
    test_ledger_exec(scope, "INSERT INTO identifier (id, kind, source, value, origin, import_id, "
                            "seen_at_us) VALUES (1002, 2, '', '+447700900123', 1, 0, 0)");
    CHECK_OK(preference_token_make(scope, &by_phone, &token));
    visit(scope, preference_http_choose, token,
          TEXT("do=save&shown=newsletter/email&on=newsletter/email"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "unconfirmed");
    waiting = waiting_one(scope, &confirm);
    CHECK_TEXT(waiting.address, "anna@example.org");
    CHECK_INT(waiting.token.identifier_id, 1001);
}

TEST(an_objection_to_text_messages_is_neither_one_to_everything_nor_ended_by_other_channels) {
    struct text token;

    test_store(scope);
    make_customer(scope);
    token = token_of(scope, PREFERENCE_CENTRE, 5);
    say(scope, "marketing", "sms", CONSENT_GRANTED);
    say(scope, CONSENT_ALL, "sms", CONSENT_WITHDRAWN); // STOP
    visit(scope, preference_http_choose, token,
          TEXT("do=save&shown=marketing/email&on=marketing/email&shown=marketing/sms"));
    CHECK_STRING(verdict_of(scope, "marketing", "email"), "permitted");
    CHECK_STRING(verdict_of(scope, "marketing", "sms"), "objected");
    visit(scope, preference_http_choose, token, TEXT("do=all_off"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM consent WHERE purpose = 'all' AND "
                                         "channel = 'all' AND state = 'objected'"),
                 "1");
    CHECK_STRING(verdict_of(scope, "ads", "ads"), "objected");
    visit(scope, preference_http_choose, token, TEXT("do=all_off"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM consent WHERE purpose = 'all' AND "
                                         "channel = 'all'"),
                 "1");
    visit(scope, preference_http_choose, token,
          TEXT("do=save&shown=newsletter/email&on=newsletter/email"));
    CHECK_STRING(verdict_of(scope, "newsletter", "email"), "permitted");
    CHECK_STRING(verdict_of(scope, "marketing", "email"), "withdrawn"); // it was not asked for
    CHECK_STRING(verdict_of(scope, "marketing", "sms"), "objected");
}

TEST(a_link_of_somebody_who_is_gone_is_answered_all_the_same) {
    struct text token;

    test_store(scope);
    token = token_of(scope, PREFERENCE_UNSUBSCRIBE, 5);
    CHECK_INT(visit(scope, preference_http_unsubscribe_now, token, ONE_CLICK).status, 200);
    CHECK_INT(fact_count(scope), 0);
}

TEST(forms_that_are_broken_are_refused) {
    static const char *const broken[] = {"a=%",
                                         "a=%2",
                                         "a=%zz",
                                         "a=%00",
                                         "a=%ff",
                                         "--x",
                                         "--x\r\n",
                                         "--x\r\nname\r\n--x--",
                                         ("--x\r\nContent-Disposition: form-data; name=\"a\r\n\r\n"
                                          "b\r\n--x--\r\n")};
    struct form form;

    for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
        CHECK_CODE(form_parse(scope, text_of(broken[i]), &form), INVALID);
        scope_forgive(scope);
    }
    CHECK_OK(form_parse(scope, TEXT("&a=b+c&&d=%C3%A9&e"), &form));
    CHECK_INT((int64_t)form.count, 3);
    CHECK_TEXT(form_value(&form, "a"), "b c");
    CHECK_TEXT(form_value(&form, "d"), "é");
}
