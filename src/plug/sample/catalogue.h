// SPDX-License-Identifier: Apache-2.0
// The products of a sample company, made of the assortment's tables, and the shelf: what is on sale
// in one week, at which price, with which promotion.
#pragma once

#include "base/random.h"
#include "base/scope.h"
#include "plug/sample/assortment.h"

enum { PRODUCT_NONE = UINT32_MAX };

struct catalogue_product {
    const char *code;  // "P020017"
    const char *cells; // "P020017,Kornfeld Spaghetti Classic 500 g,Pantry,": as a receipt has them
    uint32_t cells_size;
    const char *name;
    const char *brand;
    enum category category;
    uint32_t type;                         // of product_types
    uint32_t partner_first, partner_count; // products often bought with it
    int32_t base_cents;                    // in the first year
    float popularity;
    int16_t from_week, until_week; // listed in weeks from ≤ week < until
};

struct catalogue {
    uint64_t seed;
    struct catalogue_product *products; // by category
    uint32_t count;
    uint32_t category_first[CATEGORY_COUNT + 1];
};

// The same products for every size of company. Lives as long as the scope.
void catalogue_init(struct scope *scope, struct catalogue *catalogue, uint64_t seed,
                    int week_count);
code catalogue_write(struct scope *scope, const struct catalogue *catalogue, const char *folder,
                     int last_week, int64_t *ret_bytes);

// ---- a week ----

enum { PERSONA_COUNT = 8, PERSONA_WALK_IN = PERSONA_COUNT, PERSONA_SLOTS };

struct shelf {
    const struct catalogue *catalogue;
    int week;           // of the simulation, from 0
    int32_t *cents;     // by product: price of this week
    uint8_t *promotion; // by product: percent off, 0 for none
    bool *listed;       // by product: can be bought
    struct weighted_choice products[CATEGORY_COUNT];
    struct weighted_choice wishes[PERSONA_SLOTS]; // categories that a visitor comes for
    double *weights, *scratch;
};

void shelf_init(struct scope *scope, struct shelf *shelf, const struct catalogue *catalogue);
// Dress the shelf for the week that begins on this day. Persona weights are by category.
void shelf_turn(struct shelf *shelf, int week, int32_t day,
                const float persona_weights[PERSONA_SLOTS][CATEGORY_COUNT]);

// What a product costs in a week: prices rise by about 2.5 % a year, each in steps of its own.
int32_t catalogue_price(const struct catalogue *catalogue, uint32_t product, int week);
