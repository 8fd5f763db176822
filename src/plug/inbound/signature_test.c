// SPDX-License-Identifier: Apache-2.0
#include "plug/inbound/signature.h"

#include "base/test.h"
#include "base/time.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

static void at(struct scope *scope, int64_t now_s) {
    scope->now_us = now_s * US_PER_SECOND;
}

static code check(struct scope *scope, enum signature_scheme scheme,
                  const struct signed_message *message, const char *secret,
                  const char *old_secret) {
    const struct text secrets[] = {text_of(secret), text_of(old_secret ? old_secret : "")};
    struct text key;

    scope_forgive(scope);
    return signature_check(scope, scheme, message, secrets, old_secret ? 2 : 1, &key);
}

// The example of the Standard Webhooks reference libraries.
static struct signed_message published(void) {
    return (struct signed_message){
        .id = TEXT("msg_p5jXN8AQM9LWM0D4loKWxJek"),
        .timestamp = TEXT("1614265330"),
        .signature = TEXT("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        .body = TEXT("{\"test\": 2432232314}"),
    };
}

TEST(the_published_standard_signature_is_found_right_and_any_change_wrong) {
    struct signed_message message = published();
    const struct signed_message right = message;

    at(scope, 1614265330);
    CHECK_OK(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL));
    CHECK_TEXT(signature_make(&scope->arena, SIGNATURE_STANDARD, TEXT(SECRET), &message),
               "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    message.body = TEXT("{\"test\": 2432232315}");
    CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL), UNAUTHENTICATED);
    message = right;
    message.id = TEXT("msg_other");
    CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL), UNAUTHENTICATED);
    message = right;
    message.timestamp = TEXT("1614265331");
    CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL), UNAUTHENTICATED);
    message = right;
    message.signature = TEXT("");
    CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL), UNAUTHENTICATED);
}

TEST(one_of_several_signatures_and_of_two_secrets_is_enough) {
    struct signed_message message = published();

    at(scope, 1614265330);
    message.signature =
        TEXT("v1a,bm9uZQ== v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    CHECK_OK(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL));
    CHECK_OK(check(scope, SIGNATURE_STANDARD, &message,
                   "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", SECRET));
    CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message,
                     "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", NULL),
               UNAUTHENTICATED);
    // Another version's letters are not ours.
    message.signature = TEXT("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL), UNAUTHENTICATED);
}

TEST(a_signature_is_good_for_five_minutes_either_way) {
    const struct signed_message message = published();

    at(scope, 1614265330 + SIGNATURE_WINDOW_S);
    CHECK_OK(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL));
    at(scope, 1614265330 - SIGNATURE_WINDOW_S);
    CHECK_OK(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL));
    at(scope, 1614265330 + SIGNATURE_WINDOW_S + 1);
    CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL), UNAUTHENTICATED);
    at(scope, 1614265330 - SIGNATURE_WINDOW_S - 1);
    CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL), UNAUTHENTICATED);
}

TEST(times_that_are_no_time_are_refused) {
    static const char *const times[] = {"",
                                        "now",
                                        "1614265330.0",
                                        "-1",
                                        "99999999999999999999",
                                        "9223372036854775807",
                                        "-9223372036854775808"};
    struct signed_message message = published();

    at(scope, 1614265330);
    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
        message.timestamp = text_of(times[i]);
        CHECK_CODE(check(scope, SIGNATURE_STANDARD, &message, SECRET, NULL), UNAUTHENTICATED);
    }
}

TEST(the_scheme_of_stripe_signs_time_and_body_with_the_secret_as_it_is) {
    static const char *const secret = "whsec_test_secret_of_a_sender";
    struct signed_message message = {.timestamp = TEXT("1492774577"),
                                     .body = TEXT("{\"id\": \"evt_1\"}")};

    at(scope, 1492774577);
    message.stripe = signature_make(&scope->arena, SIGNATURE_STRIPE, text_of(secret), &message);
    CHECK(text_starts_with(message.stripe, TEXT("t=1492774577,v1=")));
    CHECK_OK(check(scope, SIGNATURE_STRIPE, &message, secret, NULL));
    CHECK_CODE(check(scope, SIGNATURE_STRIPE, &message, "whsec_another_secret_of_a_sender", NULL),
               UNAUTHENTICATED);
    message.stripe = text_printf(&scope->arena, "%.*s,v0=00,v1=00", TEXT_ARG(message.stripe));
    CHECK_OK(check(scope, SIGNATURE_STRIPE, &message, secret, NULL));
    message.body = TEXT("{\"id\": \"evt_2\"}");
    CHECK_CODE(check(scope, SIGNATURE_STRIPE, &message, secret, NULL), UNAUTHENTICATED);
    message.stripe = TEXT("v1=00");
    CHECK_CODE(check(scope, SIGNATURE_STRIPE, &message, secret, NULL), UNAUTHENTICATED);
}

TEST(secrets_that_are_none_are_refused_and_ours_are_sound) {
    CHECK_OK(
        signature_secret_check(scope, SIGNATURE_STANDARD, signature_secret_make(&scope->arena)));
    CHECK_CODE(signature_secret_check(scope, SIGNATURE_STANDARD, TEXT("whsec_c2hvcnQ=")), INVALID);
    scope_forgive(scope);
    CHECK_CODE(signature_secret_check(scope, SIGNATURE_STANDARD, TEXT("whsec_!")), INVALID);
    scope_forgive(scope);
    CHECK_CODE(signature_secret_check(scope, SIGNATURE_STRIPE, TEXT("short")), INVALID);
}
