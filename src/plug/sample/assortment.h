// SPDX-License-Identifier: Apache-2.0
// What a sample company sells, as tables: categories with their tax, refunds and year, and the
// kinds of product in each. plug/sample/catalogue.h makes products of them. All brands are
// invented.
//
// To add a category: enum category, a row in `categories`, rows in `product_types`, and a weight in
// each persona of plug/sample/shopper.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum category {
    FRESH_FOOD,
    PANTRY,
    SWEETS,
    DRINKS,
    BEAUTY,
    HOUSEHOLD,
    BABY,
    BOOKS,
    STATIONERY,
    HOME,
    CLOTHING,
    TOYS,
    GARDEN,
    ELECTRONICS,
    GIFT_CARDS,
    CATEGORY_COUNT
};

// When in the year a product is on the shelf.
enum rhythm { ALL_YEAR, CHRISTMAS, EASTER, SUMMER, WINTER, SCHOOL };

enum { CATEGORY_BRANDS = 5, CATEGORY_COMPANIONS = 3 };

struct category_info {
    const char *name;
    int32_t vat_rate_bp;
    float more_of_it;          // chance of one piece more, again and again
    float refund_rate;         // of its lines in a store; the web shop has more
    uint8_t month_percent[12]; // demand by month, 100 is the usual
    const char *brands[CATEGORY_BRANDS];
    enum category companions[CATEGORY_COMPANIONS]; // what goes into the basket with it
};

extern const struct category_info categories[CATEGORY_COUNT];

struct product_type {
    enum category category;
    const char *name;
    const char *variants; // "Mild|Aged"; "" for one without a name
    const char *size;     // "500 g", may be empty
    int32_t cents;        // usual price, per kg when weighed
    enum rhythm rhythm;
    bool weighed;
    const char *partner; // name of the type that is often bought with it, or NULL
};

extern const struct product_type product_types[];
extern const size_t product_type_count;
