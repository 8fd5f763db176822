// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/basket.h"

enum { FAVOURITE_PRODUCTS = 5 };

struct visitor {
    const struct shelf *shelf;
    struct random *random;
    const struct shopper *shopper; // NULL for a walk-in
    int64_t index;
    const struct campaign *campaign; // NULL while none runs
    bool subscribed;
};

static enum category wish(const struct visitor *visitor, bool first) {
    struct random *const random = visitor->random;
    const int persona = visitor->shopper ? visitor->shopper->persona : PERSONA_WALK_IN;

    // Who reads the newsletter comes for what it offers, now and then.
    if (first && visitor->campaign && visitor->subscribed && random_chance(random, 0.15))
        return visitor->campaign->category;
    if (visitor->shopper && random_chance(random, 0.10))
        return (enum category)visitor->shopper->favourite;
    return (enum category)weighted_choice_pick(&visitor->shelf->wishes[persona], random);
}

// People buy again what they bought before: a few products of each category are theirs.
static uint32_t favourite_product(const struct visitor *visitor, enum category category) {
    const struct weighted_choice *const choice = &visitor->shelf->products[category];
    const uint32_t which = random_below(visitor->random, FAVOURITE_PRODUCTS);
    struct random own = random_stream((uint64_t)visitor->index, (uint64_t)category, which);

    return weighted_choice_pick(choice, &own);
}

static uint32_t pick_product(const struct visitor *visitor, enum category category) {
    const struct shelf *const shelf = visitor->shelf;
    const uint32_t first = shelf->catalogue->category_first[category];
    const enum taste taste = visitor->shopper ? (enum taste)visitor->shopper->taste : TASTE_ANY;

    if (visitor->shopper && random_chance(visitor->random, 0.25))
        return first + favourite_product(visitor, category);

    const uint32_t one = first + weighted_choice_pick(&shelf->products[category], visitor->random);

    if (taste == TASTE_ANY)
        return one;

    const uint32_t two = first + weighted_choice_pick(&shelf->products[category], visitor->random);
    const bool one_is_cheaper = shelf->cents[one] <= shelf->cents[two];

    return one_is_cheaper == (taste == TASTE_CHEAP) ? one : two;
}

static uint32_t next_product(const struct visitor *visitor, uint32_t previous) {
    const struct catalogue_product *const last = &visitor->shelf->catalogue->products[previous];
    const double place = random_uniform(visitor->random);

    if (last->partner_count && place < 0.16) {
        const uint32_t partner =
            last->partner_first + random_below(visitor->random, last->partner_count);
        if (visitor->shelf->listed[partner])
            return partner;
    }
    if (place < 0.40)
        return pick_product(visitor, last->category);
    if (place < 0.50) {
        const uint32_t which = random_below(visitor->random, CATEGORY_COMPANIONS);
        return pick_product(visitor, categories[last->category].companions[which]);
    }
    return pick_product(visitor, wish(visitor, false));
}

static int32_t pick_quantity(struct random *random, const struct catalogue_product *product) {
    const double more = (double)categories[product->category].more_of_it;
    int32_t pieces = 1;

    // 50 grams to a kilogram and a half, around 400 grams.
    if (product_types[product->type].weighed)
        return 50 * (1 + (int32_t)(random_below(random, 15) + random_below(random, 15)));
    if (product->base_cents > 3000)
        return random_chance(random, more / 4) ? 2000 : 1000;
    while (pieces < 6 && random_chance(random, more))
        pieces++;
    return pieces * 1000;
}

static int32_t percent_of(int64_t cents, int percent) {
    return (int32_t)((cents * percent + 50) / 100);
}

static void set_line(const struct visitor *visitor, struct basket_line *line, uint32_t product) {
    const struct catalogue_product *const item = &visitor->shelf->catalogue->products[product];
    const struct campaign *const campaign = visitor->campaign;

    line->product = product;
    line->quantity_milli = pick_quantity(visitor->random, item);
    line->unit_cents = visitor->shelf->cents[product];
    line->discount_cents = 0;
    line->coupon = NULL;

    const int64_t cents = basket_line_cents(line);

    if (visitor->shelf->promotion[product]) {
        line->discount_cents = percent_of(cents, visitor->shelf->promotion[product]);
    } else if (campaign && visitor->shopper && campaign->category == item->category &&
               random_chance(visitor->random, visitor->subscribed ? 0.55 : 0.12)) {
        line->discount_cents = percent_of(cents, campaign->percent);
        line->coupon = campaign->coupon;
    }
}

void basket_fill(struct basket *basket, struct random *random, const struct shelf *shelf,
                 const struct shopper *shopper, int64_t index, const struct campaign *campaign,
                 bool subscribed) {
    const struct visitor visitor = {shelf, random, shopper, index, campaign, subscribed};
    int kind = 0;

    if (shopper) {
        kind = shopper->basket;
    } else {
        const double place = random_uniform(random);
        const double small = (double)basket_kinds_of_walk_ins[0];
        const double medium = (double)basket_kinds_of_walk_ins[1];
        kind = place < small ? 0 : place < small + medium ? 1 : 2;
    }

    uint32_t product = pick_product(&visitor, wish(&visitor, true));

    basket->line_count = 0;
    do {
        if (basket->line_count > 0)
            product = next_product(&visitor, product);
        set_line(&visitor, &basket->lines[basket->line_count++], product);
    } while (basket->line_count < BASKET_LINES &&
             random_chance(random, (double)basket_continues[kind]));
}
