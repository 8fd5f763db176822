// SPDX-License-Identifier: Apache-2.0
// The endpoint as it is kept and switched off. What arrives there: tests/webhook_out_test.c.
#include "base/test.h"
#include "base/time.h"
#include "push/webhook/endpoint.h"
#include "push/webhook/webhook_channel.h"
#include "store/ledger.h"
#include "store/store_testing.h"

static struct text save(struct scope *scope, const char *url) {
    struct text secret;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, webhook_endpoint_save(scope, text_of(url), &secret)));
    return secret;
}

static struct text rotate(struct scope *scope, int64_t keep_s) {
    struct text secret;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, webhook_endpoint_rotate(scope, keep_s, &secret)));
    return secret;
}

static struct webhook_endpoint load(struct scope *scope) {
    struct webhook_endpoint endpoint;

    CHECK_OK(webhook_endpoint_load(scope, &endpoint));
    return endpoint;
}

TEST(an_endpoint_of_webhooks_is_kept_sealed_and_its_secret_told_once) {
    struct webhook_endpoint endpoint;
    struct text secret;

    test_store_in_folder(scope);
    scope->now_us = time_now_us();
    CHECK_CODE(webhook_endpoint_load(scope, &endpoint), NOT_FOUND);
    scope_forgive(scope);
    secret = save(scope, "https://hooks.example.com/T0K3N");
    CHECK(text_starts_with(secret, TEXT("whsec_")));
    endpoint = load(scope);
    CHECK_TEXT(endpoint.url, "https://hooks.example.com/T0K3N");
    CHECK(text_equal(endpoint.secrets[0], secret));
    CHECK(endpoint.secret_count == 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM webhook_endpoint WHERE url LIKE "
                                         "'%T0K3N%' OR secret LIKE '%whsec%'"),
                 "0");
    CHECK_TEXT(save(scope, "https://hooks.example.com/other"), "");
    CHECK(text_equal(load(scope).secrets[0], secret));
}

TEST(an_endpoint_that_could_not_be_called_is_not_kept) {
    static const char *const refused[] = {"http://127.0.0.1/x", "ftp://example.com/", "nonsense",
                                          "https://user:word@example.com/"};
    struct text secret;

    test_store_in_folder(scope);
    CHECK_OK(ledger_begin(scope));
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        CHECK_CODE(webhook_endpoint_save(scope, text_of(refused[i]), &secret), INVALID);
        CHECK_STRING(scope->failure.field, "url");
        scope_forgive(scope);
    }
    ledger_rollback(scope);
}

TEST(the_secret_before_signs_as_long_as_it_is_kept) {
    struct webhook_endpoint endpoint;
    struct text first, second;

    test_store_in_folder(scope);
    scope->now_us = time_now_us();
    first = save(scope, "https://hooks.example.com/");
    second = rotate(scope, 3600);
    endpoint = load(scope);
    CHECK(endpoint.secret_count == 2);
    CHECK(text_equal(endpoint.secrets[0], second) && text_equal(endpoint.secrets[1], first));
    scope->now_us += 3600 * US_PER_SECOND;
    CHECK(load(scope).secret_count == 1);
    rotate(scope, 0);
    CHECK(load(scope).secret_count == 1);
    CHECK_OK(ledger_begin(scope));
    CHECK_CODE(webhook_endpoint_rotate(scope, -1, &second), INVALID);
    ledger_rollback(scope);
}

TEST(an_endpoint_is_switched_off_when_it_is_gone_or_took_nothing_for_days) {
    const int64_t day_us = US_PER_DAY;
    struct webhook_endpoint endpoint;

    test_store_in_folder(scope);
    scope->now_us = time_now_us();
    save(scope, "https://hooks.example.com/");
    endpoint = load(scope);
    CHECK_OK(webhook_endpoint_note(scope, &endpoint, WEBHOOK_TOOK_NONE));
    scope->now_us += WEBHOOK_FAILING_DAYS * day_us - 1;
    CHECK_OK(webhook_endpoint_note(scope, &endpoint, WEBHOOK_TOOK_NONE));
    CHECK_INT(load(scope).state, WEBHOOK_ON);
    CHECK_OK(webhook_endpoint_note(scope, &endpoint, WEBHOOK_TOOK_SOME));
    CHECK_INT(load(scope).failing_since_us, 0);
    CHECK_OK(webhook_endpoint_note(scope, &endpoint, WEBHOOK_TOOK_NONE));
    scope->now_us += WEBHOOK_FAILING_DAYS * day_us;
    CHECK_OK(webhook_endpoint_note(scope, &endpoint, WEBHOOK_TOOK_NONE));
    CHECK_INT(load(scope).state, WEBHOOK_FAILING);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, webhook_endpoint_switch(scope, true)));
    CHECK_INT(load(scope).state, WEBHOOK_ON);
    CHECK_INT(load(scope).failing_since_us, 0);

    // What comes of an address that is another one by now says nothing of that one.
    save(scope, "https://hooks.example.com/new");
    CHECK_OK(webhook_endpoint_note(scope, &endpoint, WEBHOOK_IS_GONE));
    CHECK_INT(load(scope).state, WEBHOOK_ON);
    endpoint = load(scope);
    CHECK_OK(webhook_endpoint_note(scope, &endpoint, WEBHOOK_IS_GONE));
    CHECK_INT(load(scope).state, WEBHOOK_GONE);
}

static struct channel_message message_of(int64_t id, const char *body) {
    return (struct channel_message){
        .id = id, .key = TEXT("k"), .customer = id, .content = {.text = text_of(body)}};
}

TEST(webhooks_to_an_address_that_is_not_public_are_not_sent_and_no_json_never_is) {
    const struct channel_order order = {.campaign_id = 1, .campaign = TEXT("spring")};
    const struct channel_message messages[] = {message_of(1, "{\"a\": 1}"),
                                               message_of(2, "{\"a\": "), message_of(3, "[]")};
    struct channel_outcome outcomes[3] = {0};
    void *connection = NULL;

    test_store_in_folder(scope);
    scope->now_us = time_now_us();
    CHECK_CODE(webhook_channel_open(scope, &order, &connection), UNAVAILABLE);
    scope_forgive(scope);
    save(scope, "https://127.0.0.1:1/");
    CHECK_OK(webhook_channel_open(scope, &order, &connection));
    CHECK_OK(webhook_channel_send(scope, connection, &order, messages, 3, outcomes));
    CHECK_INT(outcomes[0].result, CHANNEL_RETRY);
    CHECK_STRING(outcomes[0].detail, "the address is not on the public internet");
    CHECK_INT(outcomes[1].result, CHANNEL_FAILED);
    CHECK_INT(outcomes[1].class, CHANNEL_CLASS_CONTENT);
    CHECK_INT(outcomes[2].result, CHANNEL_RETRY);
    CHECK(load(scope).failing_since_us == scope->now_us);
    webhook_channel_close(connection);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, webhook_endpoint_switch(scope, false)));
    CHECK_CODE(webhook_channel_open(scope, &order, &connection), UNAVAILABLE);
}
