// SPDX-License-Identifier: Apache-2.0
// The stores of a sample company, who works in them, and which store a person goes to.
//
// People choose stores as Huff found (A probabilistic analysis of shopping center trade areas, Land
// Economics 39, 1963): in proportion to a store's size and inversely to the square of the way
// there.
#pragma once

#include "base/random.h"
#include "base/scope.h"
#include "plug/sample/people.h"

enum { SHOP_TILLS = 8, STORE_WEB = UINT16_MAX };

struct shop {
    char code[8]; // "S001"
    const char *name;
    uint16_t town;
    int16_t till_count;
    int32_t size_m2;
    int32_t opened_day;
    float strength; // 1 is usual: some places work, some do not
    uint32_t position_first;
    uint32_t receipts[SHOP_TILLS]; // written so far by each till
};

// Somebody who works or worked there. A position is filled by one person after the other.
struct employee {
    char code[8]; // "E00001"
    const char *given, *family, *role;
    uint16_t shop;
    int32_t hired_day, left_day; // left_day INT32_MAX while employed
};

struct chain {
    struct shop *shops;
    uint32_t shop_count;
    uint32_t web_receipts;
    struct employee *staff; // by shop, position and time
    uint32_t staff_count;
    uint32_t *positions; // index of the first employee of each position; one more at the end
    uint32_t position_count;
    struct weighted_choice *of_town; // by town: its people's choice of a shop
    struct weighted_choice walk_in;  // shop of somebody unknown
    double *access;                  // by town: 1 with a shop around the corner … 0 far from all
};

void chain_init(struct scope *scope, struct chain *chain, uint64_t seed, int64_t customers,
                int32_t first_day, int32_t day_count);

// A shop that is open on that day.
uint16_t chain_shop_of_town(const struct chain *chain, struct random *random, uint32_t town,
                            int32_t day);
uint16_t chain_shop_of_walk_in(const struct chain *chain, struct random *random, int32_t day);

// Who sits at a till (from 0) on that day, in the early or the late shift.
const struct employee *chain_cashier(const struct chain *chain, uint16_t shop, int32_t day,
                                     int till, bool late);

code chain_write(struct scope *scope, const struct chain *chain, const char *folder,
                 int64_t *ret_bytes);
