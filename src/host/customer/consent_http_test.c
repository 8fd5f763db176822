// SPDX-License-Identifier: Apache-2.0
// What staff write down of a customer's consents, the link that they hand out, and addresses that
// are taken off the suppression list.
#include "host/customer/consent_http.h"

#include "govern/consent/suppression.h"
#include "govern/consent/token.h"
#include "store/ledger.h"
#include "store/store_testing.h"

static code ask(struct scope *scope, handler handle, const char *body, struct json **ret_answer) {
    const struct request_parameter parameters[] = {{TEXT("id"), TEXT("1")}};
    struct request request = {
        .parameters = parameters, .parameter_count = 1, .path_parameter_count = 1};
    CLEANUP(response_clear) struct response response;
    struct json *json = NULL;

    scope_forgive(scope);
    if (body)
        CHECK_OK(json_parse(scope, text_of(body), &json));
    request.body = json;
    response_init(&response);
    TRY(handle(scope, &request, &response));
    CHECK_OK(json_parse(scope, text_copy(&scope->arena, buffer_text(&response.body)), ret_answer));
    return OK;
}

// A customer who has a loyalty card, an e-mail address and no telephone.
static void make_customer(struct scope *scope) {
    scope->actor = (struct actor){.name = "alex", .permissions = UINT32_MAX};
    test_ledger_exec(scope, "INSERT INTO customer (id, import_id, created_at_us) VALUES (1, 0, 0);"
                            "INSERT INTO identifier (id, kind, source, value, origin, import_id, "
                            "seen_at_us) VALUES (1000, 3, '', '4711', 1, 0, 0), "
                            "(1001, 1, '', 'anna@example.org', 1, 0, 0)");
}

TEST(a_consent_by_hand_that_needs_a_double_opt_in_waits_at_the_address_with_who_wrote_it_down) {
    struct json *answer;

    test_store(scope);
    make_customer(scope);
    CHECK_OK(ask(scope, customer_http_consent_say,
                 "{\"purpose\": \"newsletter\", \"channel\": \"email\", \"state\": \"granted\", "
                 "\"how\": \"in_shop\", \"proof\": \"form 4711\", \"language\": \"nl\"}",
                 &answer));
    CHECK_TEXT(json_member(answer, "state")->string, "pending");
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, recorded_by, method, proof, locale, "
                                         "text_version, identifier_id FROM consent"),
                 "pending|alex|in_shop|form 4711|nl|newsletter/1|1001");
    CHECK_STRING(test_ledger_rows(scope, "SELECT identifier_id, state FROM consent_confirmation"),
                 "1001|waiting");
    test_ledger_exec(scope, "DELETE FROM identifier WHERE id = 1001");
    CHECK_CODE(ask(scope, customer_http_consent_say,
                   "{\"purpose\": \"newsletter\", \"channel\": \"email\", \"state\": \"granted\", "
                   "\"how\": \"in_shop\", \"proof\": \"form 4711\"}",
                   &answer),
               CONFLICT);
}

TEST(a_link_that_staff_hand_out_proves_no_address) {
    struct preference_token token;
    struct text link, rest;
    struct json *answer;

    test_store(scope);
    make_customer(scope);
    CHECK_OK(ask(scope, customer_http_preference_link, NULL, &answer));
    link = json_member(answer, "link")->string;
    while (text_contains(link, '/'))
        text_split(link, '/', &rest), link = rest;
    CHECK_OK(preference_token_read(scope, PREFERENCE_CENTRE, link, &token));
    CHECK_INT(token.origin, 1);
    CHECK_INT(token.identifier_id, 0);
}

TEST(an_address_is_taken_off_the_suppression_list_unless_it_was_erased) {
    struct json *answer;
    bool is_added;

    test_store(scope);
    make_customer(scope);
    CHECK_OK(ask(scope, suppression_http_add,
                 "{\"channel\": \"email\", \"addresses\": \"ann@example.org\\nbob@example.org\"}",
                 &answer));
    CHECK_OK(ask(scope, suppression_http_lift,
                 "{\"channel\": \"email\", \"address\": \" Ann@Example.org \"}", &answer));
    CHECK_INT((int64_t)json_member(answer, "lifted")->int64, 1);
    CHECK_OK(ask(scope, suppression_http_lift,
                 "{\"channel\": \"email\", \"address\": \"ann@example.org\"}", &answer));
    CHECK_INT((int64_t)json_member(answer, "lifted")->int64, 0);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, suppression_add(scope, TEXT("email"), TEXT("bob@example.org"),
                                               SUPPRESSION_ERASED, TEXT("test"), &is_added)));
    CHECK_CODE(ask(scope, suppression_http_lift,
                   "{\"channel\": \"email\", \"address\": \"bob@example.org\"}", &answer),
               CONFLICT);
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM suppression"), "2");
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM audit WHERE action = 'consent.lift' "
                                         "AND details NOT LIKE '%example%'"),
                 "2");
}

TEST(what_is_no_address_of_the_channel_is_refused_where_it_was_written) {
    struct json *answer;

    test_store(scope);
    CHECK_CODE(ask(scope, suppression_http_lift,
                   "{\"channel\": \"letter\", \"address\": \"ann@example.org\"}", &answer),
               INVALID);
    CHECK_STRING(scope->failure.field, "channel");
    CHECK_CODE(
        ask(scope, suppression_http_lift, "{\"channel\": \"sms\", \"address\": \"ann\"}", &answer),
        INVALID);
    CHECK_STRING(scope->failure.field, "address");
}
