// SPDX-License-Identifier: Apache-2.0
// For tests of analyses: a small ledger written by hand. Codes carry their numbers: store "S2" has
// id 2, cashier "K2", product "P2" with the category "C2" (P3, P6, … have none) and brand "B0" or
// "B1" (even, odd).
#pragma once

#include "store/store_testing.h"

enum { TEST_SALE = 1, TEST_REFUND = 2, TEST_ADJUSTMENT = 3 };

// One line of a document. Lines of one document follow each other and repeat its columns. 0 and
// NULL: not stated; a currency not stated is EUR.
struct test_line {
    int64_t sale;
    int kind;
    const char *at; // "2011-01-05 10:00", local time of the store's zone
    int64_t customer;
    int64_t product;
    double quantity, price; // per unit, gross
    double discount;        // of the line
    int32_t rate_bp;        // 0: none stated
    int64_t store, cashier;
    const char *channel, *currency, *country, *source, *till, *payment, *coupon;
};

// Stores, staff and products 1 … 9, then the lines, told to the mirror.
void test_sales(struct scope *scope, const struct test_line *lines, size_t count);
// From now on the customer `from` is the customer `to`.
void test_alias(struct scope *scope, int64_t from, int64_t to);
