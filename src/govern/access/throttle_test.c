// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"
#include "govern/access/throttle.h"
#include "store/ledger.h"
#include "store/store_testing.h"

static bool take(struct scope *scope, const char *a, const char *b, bool *ret_is_news) {
    const struct throttle throttle = {.names = {text_of(a), text_of(b)}, .count = b ? 2 : 1};
    int64_t wait_us;
    bool is_news;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(throttle_take(scope, &throttle, &wait_us, &is_news));
    CHECK_OK(ledger_commit(scope));
    if (ret_is_news)
        *ret_is_news = is_news;
    CHECK(wait_us >= 0 && wait_us <= THROTTLE_STEP_US);
    return wait_us == 0;
}

TEST(a_burst_is_let_through_and_then_one_a_minute) {
    test_store(scope);
    for (int i = 0; i < THROTTLE_BURST; i++)
        CHECK(take(scope, "a", NULL, NULL));
    CHECK(!take(scope, "a", NULL, NULL));
    CHECK(take(scope, "b", NULL, NULL));
    scope->now_us += THROTTLE_STEP_US - 1;
    CHECK(!take(scope, "a", NULL, NULL));
    scope->now_us += 1;
    CHECK(take(scope, "a", NULL, NULL));
    CHECK(!take(scope, "a", NULL, NULL));
}

TEST(at_most_twenty_of_any_number_of_tries_get_through_in_ten_minutes) {
    int taken = 0;

    test_store(scope);
    for (int i = 0; i < 1000; i++) {
        taken += take(scope, "a", NULL, NULL);
        scope->now_us += 600 * US_PER_SECOND / 1000;
    }
    CHECK(taken >= THROTTLE_BURST && taken <= 20);
}

TEST(of_two_names_none_pays_when_one_is_exhausted) {
    test_store(scope);
    for (int i = 0; i < THROTTLE_BURST; i++)
        CHECK(take(scope, "source", NULL, NULL));
    for (int i = 0; i < 20; i++)
        CHECK(!take(scope, "account", "source", NULL));
    for (int i = 0; i < THROTTLE_BURST; i++)
        CHECK(take(scope, "account", NULL, NULL));
}

TEST(a_try_given_back_does_not_count) {
    const struct throttle throttle = {.names = {TEXT("a")}, .count = 1};

    test_store(scope);
    for (int i = 0; i < 3 * THROTTLE_BURST; i++) {
        CHECK(take(scope, "a", NULL, NULL));
        CHECK_OK(throttle_give_back(scope, &throttle));
    }
}

TEST(a_refusal_is_news_once_in_ten_minutes) {
    bool is_news;

    test_store(scope);
    for (int i = 0; i < THROTTLE_BURST; i++) {
        take(scope, "a", NULL, &is_news);
        CHECK(!is_news);
    }
    take(scope, "a", NULL, &is_news);
    CHECK(is_news);
    take(scope, "a", NULL, &is_news);
    CHECK(!is_news);
}

TEST(a_clock_that_is_put_back_keeps_nobody_out_for_more_than_a_minute) {
    test_store(scope);
    for (int i = 0; i < 20; i++)
        take(scope, "a", NULL, NULL);
    scope->now_us -= 3650 * US_PER_DAY;
    CHECK(!take(scope, "a", NULL, NULL));
    scope->now_us += THROTTLE_STEP_US;
    CHECK(take(scope, "a", NULL, NULL));
}

TEST(names_that_matter_no_more_are_forgotten) {
    test_store(scope);
    take(scope, "a", NULL, NULL);
    scope->now_us += 1200 * US_PER_SECOND;
    take(scope, "b", NULL, NULL);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name FROM throttle"), "b");
}

TEST(an_address_of_ipv6_counts_as_its_network) {
    struct arena *arena = &scope->arena;

    CHECK_TEXT(throttle_source(arena, TEXT("192.0.2.7")), "192.0.2.7");
    CHECK_TEXT(throttle_source(arena, TEXT("2001:db8:1:2:3:4:5:6")), "2001:db8:1:2::");
    CHECK_TEXT(throttle_source(arena, TEXT("2001:db8:1:2:ffff::")), "2001:db8:1:2::");
    CHECK_TEXT(throttle_source(arena, TEXT("::ffff:192.0.2.7")), "192.0.2.7");
    CHECK_TEXT(throttle_source(arena, TEXT("unknown")), "unknown");
}
