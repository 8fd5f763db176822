// SPDX-License-Identifier: Apache-2.0
#include "push/mail/mail.h"

#include "base/time.h"
#include "push/mail/outcome.h"
#include "store/ledger.h"
#include "store/store_testing.h"

static struct mail_setup setup_of(const char *host, enum smtp_tls tls) {
    return (struct mail_setup){.host = text_of(host),
                               .port = 25,
                               .tls = (int)tls,
                               .user = TEXT("tessera"),
                               .password = TEXT("s3cret pass"),
                               .connections = 4,
                               .per_domain = 2,
                               .from_name = TEXT("The Shop"),
                               .from_address = TEXT("shop@example.org"),
                               .feedback_id = TEXT("tessera")};
}

static code save(struct scope *scope, const struct mail_setup *setup) {
    scope_forgive(scope);
    TRY(ledger_begin(scope));
    return ledger_end(scope, mail_setup_save(scope, setup));
}

TEST(the_set_up_of_mail_is_kept_its_password_sealed) {
    struct mail_setup setup = setup_of("relay.example.org", SMTP_TLS_REQUIRED);
    unsigned char secret[VERP_KEY_BYTES], again[VERP_KEY_BYTES];
    struct mail_ready ready;

    test_store(scope);
    CHECK_CODE(mail_ready_load(scope, &ready), CONFLICT);
    CHECK_OK(save(scope, &setup));
    CHECK(!strstr(test_ledger_rows(scope, "SELECT password, secret FROM mail_setup"), "s3cret"));
    CHECK_OK(mail_ready_load(scope, &ready));
    CHECK_TEXT(ready.route.relay.password, "s3cret pass");
    CHECK_TEXT(ready.route.return_host, "example.org");
    CHECK_OK(mail_secret_load(scope, secret));
    setup.password = (struct text){0};
    setup.port = 587;
    CHECK_OK(save(scope, &setup)); // an empty password keeps the one that is there
    CHECK_OK(mail_ready_load(scope, &ready));
    CHECK_TEXT(ready.route.relay.password, "s3cret pass");
    CHECK_INT(ready.route.relay.port, 587);
    CHECK_OK(mail_secret_load(scope, again));
    CHECK(memcmp(secret, again, sizeof(secret)) == 0);
}

TEST(a_relay_elsewhere_is_not_used_without_tls) {
    struct mail_setup setup = setup_of("relay.example.org", SMTP_TLS_NONE);

    test_store(scope);
    CHECK_CODE(save(scope, &setup), INVALID);
    CHECK_STRING(scope->failure.field, "tls");
    setup.host = TEXT("127.0.0.1");
    CHECK_OK(save(scope, &setup));
    setup.host = TEXT("relay.example.org/x?");
    CHECK_CODE(save(scope, &setup), INVALID);
    setup = setup_of("relay.example.org", SMTP_TLS_REQUIRED);
    setup.from_address = TEXT("shop@example.org\r\nBcc: x@y.z");
    CHECK_CODE(save(scope, &setup), INVALID);
    setup.from_address = TEXT("shop@example.org");
    setup.per_domain = 21;
    CHECK_CODE(save(scope, &setup), INVALID);
}

static struct mail_key make_key(struct scope *scope, enum dkim_algorithm algorithm,
                                const char *selector) {
    struct mail_key key;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, mail_key_make(scope, algorithm, text_of(selector), &key)));
    return key;
}

TEST(a_new_key_signs_when_it_is_told_to_and_the_one_before_it_stays_in_dns) {
    const struct mail_setup setup = setup_of("127.0.0.1", SMTP_TLS_NONE);
    struct mail_ready ready;

    test_store(scope);
    CHECK_OK(save(scope, &setup));
    CHECK_TEXT(make_key(scope, DKIM_RSA, "a").domain, "example.org");
    make_key(scope, DKIM_ED25519, "e");
    CHECK_OK(mail_ready_load(scope, &ready));
    CHECK_INT((int64_t)ready.route.signature_count, 0);
    CHECK_OK(mail_key_use(scope, TEXT("a")));
    CHECK_OK(mail_key_use(scope, TEXT("e")));
    CHECK_OK(mail_ready_load(scope, &ready));
    CHECK_INT((int64_t)ready.route.signature_count, 2);
    make_key(scope, DKIM_RSA, "b");
    CHECK_OK(mail_key_use(scope, TEXT("b")));
    CHECK_STRING(test_ledger_rows(scope, "SELECT selector, state FROM mail_key ORDER BY selector"),
                 "a|3\nb|2\ne|2");
    CHECK_CODE(mail_key_remove(scope, TEXT("b")), CONFLICT);
    scope_forgive(scope);
    CHECK_OK(mail_key_remove(scope, TEXT("a")));
    CHECK_CODE(mail_key_use(scope, TEXT("a")), NOT_FOUND);
}

TEST(a_warm_up_grows_by_half_each_day_and_ends) {
    struct mail_setup setup = {.warm_up_per_day = 200, .warm_up_day = 100};
    int32_t before = 0;

    CHECK_INT(mail_warm_up_cap(&setup, 100), 200);
    CHECK_INT(mail_warm_up_cap(&setup, 101), 301);
    for (int32_t day = 101; day < 120; day++) {
        const int32_t cap = mail_warm_up_cap(&setup, day);

        CHECK(cap > before && (before == 0 || cap < before * 2));
        before = cap;
    }
    CHECK_INT(mail_warm_up_cap(&setup, 130), INT32_MAX);
    setup.warm_up_per_day = 0;
    CHECK_INT(mail_warm_up_cap(&setup, 100), INT32_MAX);
}

// ---- what comes back ----

static void send_messages(struct scope *scope, int count) {
    test_ledger_exec(
        scope, "INSERT INTO customer (id, import_id, created_at_us) VALUES (10, 0, 1); "
               "INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_at_us) "
               "VALUES (7, 1, '', 'ada@example.net', 10, 0, 1); "
               "INSERT INTO campaign (id, name, description, purpose, channel, segment, state,"
               " hold_out_bp, key, window_days, test_bp, winner_by, winner_after_minutes,"
               " actor, created_at_us, changed_at_us) VALUES (1, 'Spring', '', 'news', 1, '',"
               " 'running', 0, 1, 7, 10000, 'clicks', 0, 'me', 1, 1)");
    for (int i = 1; i <= count; i++)
        test_ledger_exec(
            scope, arena_printf(&scope->arena,
                                "INSERT INTO message (id, campaign_id, step, customer, state, "
                                "due_at_us) VALUES (%d, 1, %d, 10, 'accepted', 1)",
                                i, i));
}

static bool take(struct scope *scope, int64_t message_id, enum mail_report_kind kind,
                 enum mail_class class) {
    const struct mail_report report = {.kind = kind,
                                       .message_id = message_id,
                                       .class = class,
                                       .status = {5, 1, 1},
                                       .recipient = TEXT("Ada@example.net")};
    bool is_new;

    scope->now_us = time_now_us() + message_id * 2 * US_PER_DAY;
    CHECK_OK(mail_report_take(scope, &report, &is_new));
    return is_new;
}

static const char *suppressions(struct scope *scope) {
    return test_ledger_rows(scope, "SELECT count(*) FROM suppression");
}

TEST(nobody_is_suppressed_for_what_blames_the_sender) {
    test_store(scope);
    send_messages(scope, 5);
    for (int64_t i = 1; i <= 5; i++)
        CHECK(take(scope, i, MAIL_REPORT_BOUNCED, MAIL_CLASS_POLICY));
    CHECK_STRING(suppressions(scope), "0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT SUM(bounced) FROM mail_day"), "5");
}

TEST(an_address_at_which_nobody_is_is_suppressed_at_once_and_told_once) {
    test_store(scope);
    send_messages(scope, 1);
    CHECK(take(scope, 1, MAIL_REPORT_BOUNCED, MAIL_CLASS_ADDRESS));
    CHECK(!take(scope, 1, MAIL_REPORT_BOUNCED, MAIL_CLASS_ADDRESS));
    CHECK_STRING(suppressions(scope), "1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT domain, bounced FROM mail_day"), "example.net|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event "
                                         "WHERE name = 'message_bounced'"),
                 "1");
}

TEST(a_full_mailbox_is_suppressed_after_three_over_days) {
    test_store(scope);
    send_messages(scope, 3);
    CHECK(take(scope, 1, MAIL_REPORT_BOUNCED, MAIL_CLASS_MAILBOX));
    CHECK(take(scope, 2, MAIL_REPORT_BOUNCED, MAIL_CLASS_MAILBOX));
    CHECK_STRING(suppressions(scope), "0");
    CHECK(take(scope, 3, MAIL_REPORT_BOUNCED, MAIL_CLASS_MAILBOX));
    CHECK_STRING(suppressions(scope), "1");
}

TEST(a_complaint_is_an_objection) {
    test_store(scope);
    send_messages(scope, 1);
    CHECK(take(scope, 1, MAIL_REPORT_COMPLAINED, MAIL_CLASS_NONE));
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM suppression"), "complained");
}
