// SPDX-License-Identifier: Apache-2.0
// The gateway's settings, its addresses, and what comes back to them. Kannel itself:
// tests/kannel_test.c.
#include "base/test.h"
#include "govern/consent/consent.h"
#include "govern/consent/permit.h"
#include "host/identity/identity.h"
#include "push/sms/reply.h"
#include "store/ledger.h"
#include "store/store_testing.h"

static struct sms_gateway example(void) {
    return (struct sms_gateway){.kind = SMS_GATEWAY_KANNEL,
                                .url = TEXT("https://sms.example.com/send"),
                                .sender = TEXT("Example"),
                                .user = TEXT("shop"),
                                .password = TEXT("not-a-real-secret")};
}

static void save(struct scope *scope, const struct sms_gateway *gateway) {
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sms_gateway_save(scope, gateway)));
}

TEST(a_gateway_is_kept_with_its_password_sealed_and_its_addresses_for_good) {
    struct sms_gateway gateway = example(), first, second;

    test_store_in_folder(scope);
    CHECK_CODE(sms_gateway_load(scope, &first), NOT_FOUND);
    scope_forgive(scope);
    save(scope, &gateway);
    CHECK_OK(sms_gateway_load(scope, &first));
    CHECK_TEXT(first.password, "not-a-real-secret");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM sms_gateway WHERE password LIKE "
                                         "'%secret%'"),
                 "0");
    gateway.password = TEXT("");
    gateway.sender = TEXT("Other");
    save(scope, &gateway);
    CHECK_OK(sms_gateway_load(scope, &second));
    CHECK_TEXT(second.password, "not-a-real-secret");
    CHECK_TEXT(second.sender, "Other");
    gateway.url = TEXT("https://other.example.com/send"); // nobody is sent another one's password
    save(scope, &gateway);
    CHECK_OK(sms_gateway_load(scope, &second));
    CHECK_TEXT(second.password, "");
    CHECK(text_equal(first.handle, second.handle));
    CHECK(memcmp(first.key, second.key, SMS_KEY_BYTES) == 0);
}

TEST(a_gateway_that_could_not_be_called_is_not_kept) {
    struct sms_gateway gateway = example();

    test_store_in_folder(scope);
    CHECK_OK(ledger_begin(scope));
    gateway.url = TEXT("http://127.0.0.1:13013/cgi-bin/sendsms");
    CHECK_CODE(sms_gateway_save(scope, &gateway), INVALID);
    CHECK_STRING(scope->failure.field, "url");
    scope_forgive(scope);
    gateway = example();
    gateway.sender = TEXT("Ex\r\nX-Kannel-To: 1");
    CHECK_CODE(sms_gateway_save(scope, &gateway), INVALID);
    scope_forgive(scope);
    gateway = example();
    gateway.password = TEXT("a\nb");
    CHECK_CODE(sms_gateway_save(scope, &gateway), INVALID);
    scope_forgive(scope);
    ledger_rollback(scope);
}

TEST(nobody_can_make_the_address_of_a_message_s_reports) {
    struct sms_gateway gateway = {0}, other = {.key = {1}};
    const struct text token = sms_report_token(&scope->arena, &gateway, 4711);
    char changed[64];
    int64_t id;

    CHECK(sms_report_read(&gateway, token, &id));
    CHECK_INT(id, 4711);
    CHECK(!sms_report_read(&other, token, &id));
    for (size_t i = 0; i < token.size; i++) {
        memcpy(changed, token.data, token.size);
        changed[i] = changed[i] == '1' ? '2' : '1';
        CHECK(!sms_report_read(&gateway, (struct text){changed, token.size}, &id));
        CHECK(!sms_report_read(&gateway, (struct text){token.data, i}, &id));
    }
    CHECK(!sms_report_read(&gateway, TEXT(""), &id));
}

TEST(the_word_that_ends_it_is_known_in_its_languages_and_alone) {
    static const char *const stops[] = {"STOP",   "stop",  " Stop. ", "ARRÊT",      "arret!",
                                        "Stop !", "Stopp", "UIT",     "Unsubscribe"};
    static const char *const others[] = {"", "Please don't stop", "stop it now or I call",
                                         "STOPP mich", "Thank you"};

    for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
        if (!sms_is_stop(&scope->arena, text_of(stops[i])))
            test_fail(__FILE__, __LINE__, "%s", stops[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (sms_is_stop(&scope->arena, text_of(others[i])))
            test_fail(__FILE__, __LINE__, "%s", others[i]);
}

// A customer with a telephone who agreed to offers by text message.
static int64_t add_customer(struct scope *scope) {
    const struct sighted phone = {.kind = IDENTIFIER_PHONE, .value = TEXT("+447700900123")};
    const struct sighting sighting = {
        .identifiers = &phone, .count = 1, .seen_at_us = scope->now_us};
    struct resolver *resolver = resolver_new();
    struct consent_said said = {.purpose = TEXT("marketing"),
                                .channel = TEXT("sms"),
                                .source = TEXT("by hand"),
                                .state = CONSENT_GRANTED};
    struct resolution resolved;
    int64_t fact_id;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, resolver));
    CHECK_OK(resolver_resolve(scope, resolver, &sighting, &resolved));
    said.origin = resolved.origin;
    CHECK_OK(consent_say(scope, &said, &fact_id));
    CHECK_OK(ledger_commit(scope));
    resolver_free(resolver);
    return resolved.origin;
}

TEST(stop_takes_back_every_consent_to_text_messages_at_once) {
    const struct sms_gateway gateway = example();
    struct consent_verdict verdict;
    struct sms_reply_receipt receipt;
    struct sms_reply reply = {.from = TEXT("+44 7700 900123"), .text = TEXT("Thanks a lot")};
    struct sms_gateway kept;
    int64_t customer;

    test_store_in_folder(scope);
    save(scope, &gateway);
    CHECK_OK(sms_gateway_load(scope, &kept));
    customer = add_customer(scope);
    CHECK_OK(consent_permits(scope, customer, TEXT("marketing"), TEXT("sms"), &verdict));
    CHECK(verdict.is_permitted);

    reply.handle = TEXT("somebody-else-s");
    CHECK_CODE(sms_reply_take(scope, &reply, &receipt), NOT_FOUND);
    scope_forgive(scope);
    reply.handle = kept.handle;
    CHECK_OK(sms_reply_take(scope, &reply, &receipt));
    CHECK(receipt.is_known && !receipt.is_stop);
    CHECK_OK(consent_permits(scope, customer, TEXT("marketing"), TEXT("sms"), &verdict));
    CHECK(verdict.is_permitted);

    reply.text = TEXT("Stop");
    reply.from = TEXT("447700900123");
    CHECK_OK(sms_reply_take(scope, &reply, &receipt));
    CHECK(receipt.is_known && receipt.is_stop);
    CHECK_OK(consent_permits(scope, customer, TEXT("marketing"), TEXT("sms"), &verdict));
    CHECK(!verdict.is_permitted);

    reply.from = TEXT("+447700900999");
    CHECK_OK(sms_reply_take(scope, &reply, &receipt));
    CHECK(!receipt.is_known && receipt.is_stop);
    reply.from = TEXT("a word");
    CHECK_CODE(sms_reply_take(scope, &reply, &receipt), INVALID);
    scope_forgive(scope);
}
