// SPDX-License-Identifier: Apache-2.0
// The change of revenue told in three ways: by hand on small cases, and on random receipts each
// beside a plain computation.
#include "analyze/bridge/bridge.h"
#include "analyze/metric/metric_testing.h"
#include "base/random.h"
#include "base/time.h"
#include "store/lake.h"

#include <math.h>

static double sum_of(const struct bridge_mix *mix) {
    return mix->volume + mix->mix + mix->price + mix->arrived + mix->gone + mix->other;
}

TEST(volume_mix_and_price_are_told_apart) {
    // Twice as much of everything, then dearer, then the dear one instead of the cheap one.
    static const struct bridge_item more[] = {{{10, 20}, {100, 200}}, {{5, 10}, {500, 1000}}};
    static const struct bridge_item dearer[] = {{{10, 10}, {100, 110}}, {{5, 5}, {500, 550}}};
    static const struct bridge_item shifted[] = {{{10, 5}, {100, 50}}, {{5, 10}, {500, 1000}}};
    struct bridge_mix mix;

    bridge_mix(more, 2, &mix);
    CHECK_CLOSE(mix.volume, 600, 1e-12);
    CHECK(fabs(mix.mix) < 1e-9 && fabs(mix.price) < 1e-9);
    bridge_mix(dearer, 2, &mix);
    CHECK_CLOSE(mix.price, 60, 1e-12);
    CHECK(fabs(mix.mix) < 1e-9 && fabs(mix.volume) < 1e-9);
    bridge_mix(shifted, 2, &mix);
    CHECK_CLOSE(mix.mix, 450, 1e-12);
    CHECK(fabs(mix.price) < 1e-9 && fabs(mix.volume) < 1e-9);
}

TEST(what_comes_goes_or_cannot_be_priced_stands_apart) {
    static const struct bridge_item items[] = {
        {{0, 3}, {0, 30}},    // new
        {{4, 0}, {40, 0}},    // gone
        {{2, -1}, {20, -10}}, // only came back
        {{0, 0}, {0, 5}},     // an amount without a quantity
    };
    struct bridge_mix mix;

    bridge_mix(items, 4, &mix);
    CHECK(mix.arrived == 30 && mix.gone == -40 && mix.other == -25);
    CHECK(mix.volume == 0 && mix.mix == 0 && mix.price == 0);
    bridge_mix(NULL, 0, &mix);
    CHECK(sum_of(&mix) == 0);
}

TEST(effects_add_up_to_the_change_whatever_was_sold) {
    struct random random = random_stream(7, 0, 0);

    for (int round = 0; round < 200; round++) {
        struct bridge_item items[40];
        double change = 0;
        struct bridge_mix mix;

        for (int i = 0; i < 40; i++)
            for (int period = 0; period < BRIDGE_PERIODS; period++) {
                items[i].units[period] = (double)random_below(&random, 7) - 1;
                items[i].revenue[period] =
                    items[i].units[period] * (double)random_below(&random, 100);
                change += items[i].revenue[period] * (period == BRIDGE_NOW ? 1 : -1);
            }
        bridge_mix(items, 40, &mix);
        CHECK(fabs(sum_of(&mix) - change) < 1e-6);
    }
}

TEST(number_and_size_share_the_change_alike_in_both_directions) {
    static const double count[] = {100, 150}, product[] = {1000, 3000};
    static const double count_back[] = {150, 100}, product_back[] = {3000, 1000};
    static const double none[] = {0, 10}, nothing[] = {0, 70};
    double of_count, of_size, count_again, size_again;

    bridge_factors(count, product, &of_count, &of_size);
    CHECK_CLOSE(of_count + of_size, 2000, 1e-12);
    // L(3000, 1000) ln 1.5, ln 2 for the rest.
    CHECK_CLOSE(of_count, 2000 / log(3) * log(1.5), 1e-12);
    bridge_factors(count_back, product_back, &count_again, &size_again);
    CHECK_CLOSE(count_again, -of_count, 1e-12);
    CHECK_CLOSE(size_again, -of_size, 1e-12);
    bridge_factors(count, count, &of_count, &of_size);
    CHECK_CLOSE(of_count, 50, 1e-12);
    bridge_factors(none, nothing, &of_count, &of_size);
    CHECK(of_count == 70 && of_size == 0);
}

// ---- on a store ----

enum { YEAR_2011 = 14975, YEAR_2012 = YEAR_2011 + 365 }; // days since 1970

static const struct test_line lines[] = {
    // Before: customers 1 and 2, somebody unknown; P1 at 10, P2 at 20.
    {.sale = 1,
     .kind = TEST_SALE,
     .at = "2011-01-05 10:00",
     .customer = 1,
     .product = 1,
     .quantity = 2,
     .price = 10},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-01-06 10:00",
     .customer = 2,
     .product = 2,
     .quantity = 1,
     .price = 20},
    {.sale = 3,
     .kind = TEST_SALE,
     .at = "2011-01-07 10:00",
     .product = 1,
     .quantity = 1,
     .price = 10},
    // Even earlier: customer 3.
    {.sale = 4,
     .kind = TEST_SALE,
     .at = "2010-06-01 10:00",
     .customer = 3,
     .product = 1,
     .quantity = 1,
     .price = 9},
    // Now: 1 stays, 2 left, 3 is back, 4 is new; P1 at 12, P2 is gone, P3 has come.
    {.sale = 5,
     .kind = TEST_SALE,
     .at = "2012-01-05 10:00",
     .customer = 1,
     .product = 1,
     .quantity = 3,
     .price = 12},
    {.sale = 6,
     .kind = TEST_SALE,
     .at = "2012-01-06 10:00",
     .customer = 3,
     .product = 3,
     .quantity = 1,
     .price = 50},
    {.sale = 7,
     .kind = TEST_SALE,
     .at = "2012-01-07 10:00",
     .customer = 4,
     .product = 1,
     .quantity = 1,
     .price = 12},
    {.sale = 8,
     .kind = TEST_REFUND,
     .at = "2012-01-08 10:00",
     .customer = 4,
     .product = 1,
     .quantity = -1,
     .price = 12},
};

static struct selection days(int32_t from_day, int32_t to_day) {
    return (struct selection){
        .has_from = true, .has_to = true, .from_day = from_day, .to_day = to_day};
}

TEST(the_change_of_revenue_is_told_by_articles_receipts_and_customers) {
    struct selection before, now;
    struct bridge bridge;

    test_store(scope);
    test_sales(scope, lines, sizeof(lines) / sizeof(*lines));
    before = days(YEAR_2011, YEAR_2012 - 1);
    now = days(YEAR_2012, YEAR_2012 + 365);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(bridge_make(scope, &before, &now, &bridge));
    CHECK_TEXT(bridge.currency, "EUR");
    CHECK_INT(bridge.micros[BRIDGE_BEFORE], 50000000);
    CHECK_INT(bridge.micros[BRIDGE_NOW], 86000000);
    // P1: 3 units at 10, now 3 at 12; P2 is gone with 20, P3 has come with 50.
    CHECK_CLOSE(bridge.mix.price, 6e6, 1e-12);
    CHECK(fabs(bridge.mix.volume) < 1 && fabs(bridge.mix.mix) < 1 && bridge.mix.other == 0);
    CHECK(bridge.mix.arrived == 50e6 && bridge.mix.gone == -20e6);
    CHECK(bridge.of_refunds == -12e6 && bridge.of_adjustments == 0);
    CHECK_CLOSE(bridge.of_receipts + bridge.of_size, 48e6, 1e-12);
    CHECK_INT(bridge.groups[BRIDGE_STAYED].micros[BRIDGE_NOW], 36000000);
    CHECK_INT(bridge.groups[BRIDGE_STAYED].micros[BRIDGE_BEFORE], 20000000);
    CHECK_INT(bridge.groups[BRIDGE_LEFT].micros[BRIDGE_BEFORE], 20000000);
    CHECK_INT(bridge.groups[BRIDGE_BACK].micros[BRIDGE_NOW], 50000000);
    CHECK_INT(bridge.groups[BRIDGE_NEW].customers, 1);
    CHECK_INT(bridge.groups[BRIDGE_NEW].micros[BRIDGE_NOW], 0); // and brought it back
    CHECK_INT(bridge.groups[BRIDGE_ANONYMOUS].micros[BRIDGE_BEFORE], 10000000);
}

TEST(nothing_sold_is_no_change) {
    struct selection before, now;
    struct bridge bridge;

    test_store(scope);
    before = days(YEAR_2011, YEAR_2012 - 1);
    now = days(YEAR_2012, YEAR_2012 + 365);
    CHECK_OK(bridge_make(scope, &before, &now, &bridge));
    CHECK_TEXT(bridge.currency, "");
    CHECK(bridge.of_receipts == 0 && bridge.mix.volume == 0);
}
