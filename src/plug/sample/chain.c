// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/chain.h"

#include "base/time.h"
#include "plug/sample/sheet.h"

#include <math.h>
#include <stdio.h>

enum { STREAM_SHOP = 0xc4a1, STREAM_POSITION };

enum { HOLDERS_OF_A_POSITION = 6 };

// Cashiers first: two shifts of every till and one in reserve. Then who does not sit at a till.
static const char *const others[] = {"Store Manager", "Deputy Manager", "Sales Assistant",
                                     "Sales Assistant"};
enum { OTHER_COUNT = sizeof(others) / sizeof(others[0]) };

static uint32_t cashier_positions(const struct shop *shop) {
    return (uint32_t)shop->till_count * 2 + 1;
}

// The next shop goes where most people share one (D'Hondt's rule), large towns a little tamed.
static uint16_t town_of_next_shop(const uint32_t *shops_in_town) {
    uint16_t best = 0;
    double best_share = 0;

    for (uint16_t t = 0; t < town_count; t++) {
        const double share = pow((double)towns[t].inhabitants, 0.85) / (shops_in_town[t] + 1);
        if (share > best_share) {
            best = t;
            best_share = share;
        }
    }
    return best;
}

static void open_shop(struct scope *scope, struct chain *chain, uint64_t seed, uint32_t index,
                      uint32_t *shops_in_town, int32_t first_day, int32_t day_count) {
    const struct name_list quarters = quarter_names();
    struct random random = random_stream(seed, STREAM_SHOP, index);
    struct shop *const shop = &chain->shops[index];

    snprintf(shop->code, sizeof(shop->code), "S%03u", (index + 1) % 10000);
    shop->town = town_of_next_shop(shops_in_town);

    const uint32_t number = shops_in_town[shop->town]++;
    const size_t quarter = ((size_t)shop->town * 7 + number) % quarters.count;

    shop->name =
        arena_printf(&scope->arena, "%s %s", towns[shop->town].name, quarters.names[quarter]);
    shop->strength = (float)exp(0.3 * random_normal(&random));
    shop->size_m2 = (int32_t)(8 + random_gamma(&random, 3) * 6) * 9;
    const int32_t tills = 1 + shop->size_m2 / 120;

    shop->till_count = (int16_t)(tills < SHOP_TILLS ? tills : SHOP_TILLS);
    shop->opened_day = first_day - 400 - (int32_t)random_below(&random, 6000);
    // One in twelve opens its doors while we watch.
    if (index % 12 == 9)
        shop->opened_day =
            first_day + day_count / 5 + (int32_t)random_below(&random, (uint32_t)day_count / 2);
}

static void choose_by_distance(struct scope *scope, struct chain *chain) {
    struct arena *const arena = &scope->arena;
    double *const weights = arena_array(arena, chain->shop_count, sizeof(double));
    double *const scratch = arena_array(arena, chain->shop_count, sizeof(double));

    chain->of_town = arena_array(arena, town_count, sizeof(struct weighted_choice));
    chain->access = arena_array(arena, town_count, sizeof(double));
    for (size_t t = 0; t < town_count; t++) {
        for (uint32_t s = 0; s < chain->shop_count; s++) {
            const struct shop *const shop = &chain->shops[s];
            const double way = 4 + town_distance_km(&towns[t], &towns[shop->town]);

            weights[s] = (double)shop->strength * shop->size_m2 / (way * way);
            chain->access[t] = fmax(chain->access[t], 1 / (1 + way * way / 400));
        }
        chain->of_town[t] = (struct weighted_choice){
            .count = chain->shop_count,
            .slots = arena_array(arena, chain->shop_count, sizeof(struct weighted_slot)),
        };
        weighted_choice_build(&chain->of_town[t], weights, scratch);
    }

    for (uint32_t s = 0; s < chain->shop_count; s++)
        weights[s] = (double)chain->shops[s].strength * sqrt(chain->shops[s].size_m2);
    chain->walk_in = (struct weighted_choice){
        .count = chain->shop_count,
        .slots = arena_array(arena, chain->shop_count, sizeof(struct weighted_slot)),
    };
    weighted_choice_build(&chain->walk_in, weights, scratch);
}

static void hire(struct chain *chain, struct random *random, uint32_t shop, const char *role,
                 int32_t hired_day) {
    struct employee *const employee = &chain->staff[chain->staff_count++];
    const enum gender gender = random_chance(random, 0.68) ? GENDER_FEMALE : GENDER_MALE;
    const struct name_list given = given_names(gender, 1 + (int)random_below(random, 2));
    const struct name_list family = family_names();

    snprintf(employee->code, sizeof(employee->code), "E%05u", chain->staff_count % 100000);
    employee->given = given.names[random_below(random, (uint32_t)given.count)];
    employee->family = family.names[random_below(random, (uint32_t)family.count)];
    employee->role = role;
    employee->shop = (uint16_t)shop;
    employee->hired_day = hired_day;
    employee->left_day = INT32_MAX;
}

// People stay three and a half years on average; who leaves is followed the next day.
static void fill_position(struct chain *chain, struct random *random, uint32_t shop,
                          const char *role, int32_t first_day, int32_t end_day) {
    const struct shop *const place = &chain->shops[shop];
    int32_t day = place->opened_day > first_day
                      ? place->opened_day
                      : first_day - 1 -
                            (int32_t)fmin(first_day - 1 - place->opened_day,
                                          900 * random_exponential(random));

    chain->positions[chain->position_count++] = chain->staff_count;
    for (int holder = 1;; holder++) {
        const int32_t stay = 60 + (int32_t)(1200 * random_exponential(random));
        const int32_t from_window = day < first_day ? first_day : day;

        hire(chain, random, shop, role, day);
        if (holder == HOLDERS_OF_A_POSITION || from_window + stay >= end_day)
            return;
        day = from_window + stay;
        chain->staff[chain->staff_count - 1].left_day = day;
    }
}

static void staff_shops(struct scope *scope, struct chain *chain, uint64_t seed, int32_t first_day,
                        int32_t end_day) {
    uint32_t positions = 0;

    for (uint32_t s = 0; s < chain->shop_count; s++)
        positions += cashier_positions(&chain->shops[s]) + OTHER_COUNT;
    chain->staff = arena_array(&scope->arena, (size_t)positions * HOLDERS_OF_A_POSITION,
                               sizeof(struct employee));
    chain->positions = arena_array(&scope->arena, positions + 1, sizeof(uint32_t));
    for (uint32_t s = 0; s < chain->shop_count; s++) {
        struct random random = random_stream(seed, STREAM_POSITION, s);

        chain->shops[s].position_first = chain->position_count;
        for (uint32_t p = 0; p < cashier_positions(&chain->shops[s]); p++)
            fill_position(chain, &random, s, "Cashier", first_day, end_day);
        for (int p = 0; p < OTHER_COUNT; p++)
            fill_position(chain, &random, s, others[p], first_day, end_day);
    }
    chain->positions[chain->position_count] = chain->staff_count;
}

void chain_init(struct scope *scope, struct chain *chain, uint64_t seed, int64_t customers,
                int32_t first_day, int32_t day_count) {
    uint32_t *const shops_in_town = arena_array(&scope->arena, town_count, sizeof(uint32_t));

    *chain = (struct chain){.shop_count = 2 + (uint32_t)fmin(sqrt((double)customers) / 25, 397)};
    chain->shops = arena_array(&scope->arena, chain->shop_count, sizeof(struct shop));
    for (uint32_t s = 0; s < chain->shop_count; s++)
        open_shop(scope, chain, seed, s, shops_in_town, first_day, day_count);
    choose_by_distance(scope, chain);
    staff_shops(scope, chain, seed, first_day, first_day + day_count);
}

static uint16_t open_shop_of(const struct chain *chain, const struct weighted_choice *choice,
                             struct random *random, int32_t day) {
    for (int attempt = 0; attempt < 20; attempt++) {
        const uint32_t shop = weighted_choice_pick(choice, random);
        if (chain->shops[shop].opened_day <= day)
            return (uint16_t)shop;
    }
    return 0; // the oldest: it never opens during the simulation
}

uint16_t chain_shop_of_town(const struct chain *chain, struct random *random, uint32_t town,
                            int32_t day) {
    return open_shop_of(chain, &chain->of_town[town], random, day);
}

uint16_t chain_shop_of_walk_in(const struct chain *chain, struct random *random, int32_t day) {
    return open_shop_of(chain, &chain->walk_in, random, day);
}

const struct employee *chain_cashier(const struct chain *chain, uint16_t shop, int32_t day,
                                     int till, bool late) {
    const struct shop *const place = &chain->shops[shop];
    const uint32_t turn = (uint32_t)day + (uint32_t)till * 2 + late;
    const uint32_t position = place->position_first + turn % cashier_positions(place);
    uint32_t employee = chain->positions[position];

    while (employee + 1 < chain->positions[position + 1] && chain->staff[employee].left_day <= day)
        employee++;
    return &chain->staff[employee];
}

static code write_shops(struct scope *scope, const struct chain *chain, const char *folder,
                        int64_t *ret_bytes) {
    CLEANUP(sheet_close) struct sheet sheet;

    TRY(sheet_open(scope, &sheet, folder, "stores.csv",
                   "store,name,city,region,country,opened_on,size_m2"));
    for (uint32_t s = 0; s < chain->shop_count; s++) {
        const struct shop *const shop = &chain->shops[s];

        TRY(sheet_begin_row(scope, &sheet));
        sheet_text(&sheet, shop->code);
        sheet_text(&sheet, shop->name);
        sheet_text(&sheet, towns[shop->town].name);
        sheet_text(&sheet, towns[shop->town].region);
        sheet_text(&sheet, "DE");
        sheet_day(&sheet, shop->opened_day);
        sheet_int64(&sheet, shop->size_m2);
        sheet_end_row(&sheet);
    }
    TRY(sheet_begin_row(scope, &sheet));
    sheet_text(&sheet, "WEB");
    sheet_text(&sheet, "Web Shop");
    sheet_raw(&sheet, ",,DE,2012-04-02,,", 17);
    sheet_end_row(&sheet);
    TRY(sheet_finish(scope, &sheet));
    *ret_bytes = sheet.bytes;
    return OK;
}

static code write_staff(struct scope *scope, const struct chain *chain, const char *folder,
                        int64_t *ret_bytes) {
    CLEANUP(sheet_close) struct sheet sheet;

    TRY(sheet_open(scope, &sheet, folder, "staff.csv", "staff,name,store,role,hired_on,left_on"));
    for (uint32_t e = 0; e < chain->staff_count; e++) {
        const struct employee *const employee = &chain->staff[e];

        TRY(sheet_begin_row(scope, &sheet));
        sheet_text(&sheet, employee->code);
        sheet_printf(&sheet, "%s %s", employee->given, employee->family);
        sheet_text(&sheet, chain->shops[employee->shop].code);
        sheet_text(&sheet, employee->role);
        sheet_day(&sheet, employee->hired_day);
        if (employee->left_day == INT32_MAX)
            sheet_comma(&sheet);
        else
            sheet_day(&sheet, employee->left_day);
        sheet_end_row(&sheet);
    }
    TRY(sheet_finish(scope, &sheet));
    *ret_bytes = sheet.bytes;
    return OK;
}

code chain_write(struct scope *scope, const struct chain *chain, const char *folder,
                 int64_t *ret_bytes) {
    int64_t of_shops = 0, of_staff = 0;

    TRY(write_shops(scope, chain, folder, &of_shops));
    TRY(write_staff(scope, chain, folder, &of_staff));
    *ret_bytes = of_shops + of_staff;
    return OK;
}
