// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/catalogue.h"

#include "base/time.h"
#include "plug/sample/season.h"
#include "plug/sample/sheet.h"

#include <math.h>
#include <stdio.h>

enum { STREAM_PRODUCT = 0xca7a109, STREAM_PROMOTION };

enum { BRANDS_OF_A_TYPE = 3 };

// Prices end as people expect them to: 1.79, 12.49, 59.99; what is weighed costs a multiple of 20
// cents per kilogram, so that 50 grams cost whole cents.
static int32_t price_ending(double cents, bool weighed) {
    if (weighed)
        return (int32_t)fmax(1, floor(cents / 20 + 0.5)) * 20;
    if (cents < 1000)
        return (int32_t)fmax(2, floor(cents / 10 + 0.5)) * 10 - 1;
    if (cents < 5000)
        return (int32_t)floor(cents / 50 + 0.5) * 50 - 1;
    return (int32_t)floor(cents / 500 + 0.5) * 500 - 1;
}

static const char *product_name(struct arena *arena, const struct product_type *type,
                                const char *brand, struct text variant) {
    if (type->category == BOOKS)
        return variant.size ? arena_printf(arena, "%.*s, %s", TEXT_ARG(variant), type->name)
                            : type->name;
    return arena_printf(arena, "%s %s%s%.*s%s%s", brand, type->name, variant.size ? " " : "",
                        TEXT_ARG(variant), type->size[0] ? " " : "", type->size);
}

static const char *receipt_cells(struct arena *arena, const struct catalogue_product *product) {
    const char *const quote = strchr(product->name, ',') ? "\"" : "";

    return arena_printf(arena, "%s,%s%s%s,%s,", product->code, quote, product->name, quote,
                        categories[product->category].name);
}

static void list_for_a_time(struct catalogue_product *product, struct random *random,
                            int week_count) {
    const double fate = random_uniform(random);

    product->from_week = INT16_MIN;
    product->until_week = INT16_MAX;
    if (product->category == GIFT_CARDS)
        return;
    if (fate < 0.14)
        product->from_week = (int16_t)random_below(random, (uint32_t)week_count);
    else if (fate < 0.22)
        product->until_week = (int16_t)(1 + random_below(random, (uint32_t)week_count));
}

static void add_product(struct scope *scope, struct catalogue *catalogue, struct random *random,
                        uint32_t type_index, const char *brand, struct text variant,
                        int week_count) {
    const struct product_type *const type = &product_types[type_index];
    struct catalogue_product *const product = &catalogue->products[catalogue->count];
    const uint32_t place = catalogue->count - catalogue->category_first[type->category];
    const double brand_level = strcmp(brand, "Basics") == 0 ? 0.7 : 1;
    const double spread = exp(0.14 * random_normal(random));
    int64_t euros = 0;

    product->code = arena_printf(&scope->arena, "P%02d%04u", type->category + 1, place + 1);
    product->name = product_name(&scope->arena, type, brand, variant);
    product->brand = brand;
    product->category = type->category;
    product->type = type_index;
    if (type->category == GIFT_CARDS && text_to_int64(variant, &euros))
        product->base_cents = (int32_t)euros * 100;
    else
        product->base_cents = price_ending(type->cents * brand_level * spread, type->weighed);
    product->cells = receipt_cells(&scope->arena, product);
    product->cells_size = (uint32_t)strlen(product->cells);
    // A few products sell much and most a little; what costs less sells more often.
    product->popularity =
        (float)(exp(0.9 * random_normal(random)) * pow(product->base_cents, -0.45));
    list_for_a_time(product, random, week_count);
    catalogue->count++;
}

static uint32_t add_type(struct scope *scope, struct catalogue *catalogue, uint32_t type_index,
                         int week_count) {
    const struct product_type *const type = &product_types[type_index];
    const struct category_info *const category = &categories[type->category];
    const int brand_count =
        type->category == BOOKS || type->category == GIFT_CARDS ? 1 : BRANDS_OF_A_TYPE;
    struct random random = random_stream(catalogue->seed, STREAM_PRODUCT, type_index);
    const uint32_t first_brand = random_below(&random, CATEGORY_BRANDS);

    for (int i = 0; i < brand_count; i++) {
        const char *const brand = category->brands[(first_brand + (uint32_t)i) % CATEGORY_BRANDS];
        struct text rest = text_of(type->variants);

        do {
            const struct text variant = text_split(rest, '|', &rest);
            add_product(scope, catalogue, &random, type_index, brand, variant, week_count);
        } while (rest.data != NULL);
    }
    return catalogue->count;
}

static size_t most_products(void) {
    size_t count = 0;

    for (size_t i = 0; i < product_type_count; i++) {
        count += BRANDS_OF_A_TYPE;
        for (const char *c = product_types[i].variants; *c; c++)
            count += *c == '|' ? BRANDS_OF_A_TYPE : 0;
    }
    return count;
}

static void find_partners(struct catalogue *catalogue, const uint32_t *type_end) {
    for (uint32_t i = 0; i < catalogue->count; i++) {
        struct catalogue_product *const product = &catalogue->products[i];
        const char *const partner = product_types[product->type].partner;

        for (uint32_t t = 0; partner && t < product_type_count; t++) {
            if (strcmp(product_types[t].name, partner) != 0)
                continue;
            product->partner_first = t ? type_end[t - 1] : 0;
            product->partner_count = type_end[t] - product->partner_first;
        }
    }
}

void catalogue_init(struct scope *scope, struct catalogue *catalogue, uint64_t seed,
                    int week_count) {
    uint32_t *const type_end = arena_array(&scope->arena, product_type_count, sizeof(*type_end));
    enum category category = CATEGORY_COUNT;

    *catalogue = (struct catalogue){
        .seed = seed,
        .products = arena_array(&scope->arena, most_products(), sizeof(struct catalogue_product)),
    };
    for (uint32_t t = 0; t < product_type_count; t++) {
        if (product_types[t].category != category) {
            category = product_types[t].category;
            catalogue->category_first[category] = catalogue->count;
        }
        type_end[t] = add_type(scope, catalogue, t, week_count);
    }
    catalogue->category_first[CATEGORY_COUNT] = catalogue->count;
    find_partners(catalogue, type_end);
}

int32_t catalogue_price(const struct catalogue *catalogue, uint32_t product, int week) {
    const struct catalogue_product *const item = &catalogue->products[product];
    const int phase = (int)(random_mix(catalogue->seed + product) % 52);
    const int steps = (week + phase) / 52;

    if (item->category == GIFT_CARDS)
        return item->base_cents;
    return price_ending(item->base_cents * pow(1.025, steps) + 0.5,
                        product_types[item->type].weighed);
}

code catalogue_write(struct scope *scope, const struct catalogue *catalogue, const char *folder,
                     int last_week, int64_t *ret_bytes) {
    CLEANUP(sheet_close) struct sheet sheet;

    TRY(sheet_open(scope, &sheet, folder, "products.csv",
                   "product,name,category,brand,vat_rate,price"));
    for (uint32_t i = 0; i < catalogue->count; i++) {
        const struct catalogue_product *const product = &catalogue->products[i];
        const struct category_info *const category = &categories[product->category];

        TRY(sheet_begin_row(scope, &sheet));
        sheet_text(&sheet, product->code);
        sheet_text(&sheet, product->name);
        sheet_text(&sheet, category->name);
        sheet_text(&sheet, product->brand);
        sheet_int64(&sheet, category->vat_rate_bp / 100);
        sheet_cents(&sheet, catalogue_price(catalogue, i, last_week));
        sheet_end_row(&sheet);
    }
    TRY(sheet_finish(scope, &sheet));
    *ret_bytes = sheet.bytes;
    return OK;
}

// ---- a week ----

void shelf_init(struct scope *scope, struct shelf *shelf, const struct catalogue *catalogue) {
    struct arena *const arena = &scope->arena;
    const size_t count = catalogue->count;

    *shelf = (struct shelf){.catalogue = catalogue, .week = -1};
    shelf->cents = arena_array(arena, count, sizeof(*shelf->cents));
    shelf->promotion = arena_array(arena, count, sizeof(*shelf->promotion));
    shelf->listed = arena_array(arena, count, sizeof(*shelf->listed));
    shelf->weights = arena_array(arena, count, sizeof(double));
    shelf->scratch = arena_array(arena, count, sizeof(double));
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        const uint32_t in_category =
            catalogue->category_first[c + 1] - catalogue->category_first[c];
        shelf->products[c].count = in_category;
        shelf->products[c].slots = arena_array(arena, in_category, sizeof(struct weighted_slot));
    }
    for (int p = 0; p < PERSONA_SLOTS; p++) {
        shelf->wishes[p].count = CATEGORY_COUNT;
        shelf->wishes[p].slots = arena_array(arena, CATEGORY_COUNT, sizeof(struct weighted_slot));
    }
}

static double christmas_demand(int month, int day_of_month) {
    static const double before[] = {[10] = 0.5, [11] = 2, [12] = 3};

    if (month == 12 && day_of_month > 24)
        return 0.4;
    return month >= 10 ? before[month] : 0;
}

static double easter_demand(int32_t days_to_easter) {
    if (days_to_easter >= 0 && days_to_easter <= 14)
        return 3.5;
    return days_to_easter >= -35 && days_to_easter <= 50 ? 0.8 : 0;
}

static double summer_demand(int32_t day_of_year) {
    if (day_of_year >= 135 && day_of_year < 230)
        return 2;
    return day_of_year >= 95 && day_of_year < 260 ? 0.8 : 0;
}

static double winter_demand(int month) {
    if (month >= 11 || month == 1)
        return 1.8;
    return month == 10 || month == 2 ? 1 : 0;
}

// How much of a rhythm's demand falls on a day; 0 when the shelf does not have it.
static double rhythm_demand(enum rhythm rhythm, int32_t day) {
    int year, month, day_of_month;

    day_to_civil(day, &year, &month, &day_of_month);

    const int32_t of_year = day - day_from_civil(year, 1, 1);

    switch (rhythm) {
    case ALL_YEAR:
        return 1;
    case CHRISTMAS:
        return christmas_demand(month, day_of_month);
    case EASTER:
        return easter_demand(easter_sunday(year) - day);
    case SUMMER:
        return summer_demand(of_year);
    case WINTER:
        return winter_demand(month);
    case SCHOOL:
        return of_year >= 205 && of_year < 260 ? 4 : 0.5;
    }
    return 1;
}

static int promotion_percent(const struct shelf *shelf, uint32_t index, int32_t day) {
    static const int usual[] = {10, 15, 20, 20, 25, 30};
    static const int clearance[] = {20, 30, 30, 40, 50};
    const struct catalogue_product *const product = &shelf->catalogue->products[index];
    struct random random = random_stream(shelf->catalogue->seed, STREAM_PROMOTION,
                                         ((uint64_t)shelf->week << 32) + index);
    int year, month, day_of_month;

    day_to_civil(day, &year, &month, &day_of_month);
    if (product->category == GIFT_CARDS || strcmp(product->brand, "Basics") == 0)
        return 0;
    const bool sales = product->category == CLOTHING &&
                       ((month == 1 && day_of_month > 4) || (month == 7 && day_of_month > 14));
    if (sales && random_chance(&random, 0.35))
        return clearance[random_below(&random, 5)];
    return random_chance(&random, 0.08) ? usual[random_below(&random, 6)] : 0;
}

static void price_product(struct shelf *shelf, uint32_t index, int32_t day) {
    const struct catalogue_product *const product = &shelf->catalogue->products[index];
    const double demand = rhythm_demand(product_types[product->type].rhythm, day);
    const bool listed =
        demand > 0 && shelf->week >= product->from_week && shelf->week < product->until_week;

    shelf->cents[index] = catalogue_price(shelf->catalogue, index, shelf->week);
    shelf->promotion[index] = (uint8_t)promotion_percent(shelf, index, day);
    shelf->listed[index] = listed;
    shelf->weights[index] =
        listed ? product->popularity * demand * (1 + shelf->promotion[index] / 12.0) : 0;
}

void shelf_turn(struct shelf *shelf, int week, int32_t day,
                const float persona_weights[PERSONA_SLOTS][CATEGORY_COUNT]) {
    const struct catalogue *const catalogue = shelf->catalogue;
    int year, month, day_of_month;

    shelf->week = week;
    for (uint32_t i = 0; i < catalogue->count; i++)
        price_product(shelf, i, day);
    for (int c = 0; c < CATEGORY_COUNT; c++)
        weighted_choice_build(&shelf->products[c], &shelf->weights[catalogue->category_first[c]],
                              shelf->scratch);

    day_to_civil(day + 3, &year, &month, &day_of_month);
    for (int p = 0; p < PERSONA_SLOTS; p++) {
        double weights[CATEGORY_COUNT];
        for (int c = 0; c < CATEGORY_COUNT; c++)
            weights[c] = (double)persona_weights[p][c] * categories[c].month_percent[month - 1];
        weighted_choice_build(&shelf->wishes[p], weights, shelf->scratch);
    }
}
