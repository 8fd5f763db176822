// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/touch.h"

#include <stdlib.h>

enum { STREAM_NEWSLETTER = 0x4e705, STREAM_TRAFFIC, STREAM_BROWSER };

enum { LAST_SECOND = 24 * 3600 - 1 };

// A detail: the product below, the place in `traffic` above.
enum { PRODUCT_BITS = 24, PRODUCT_MASK = (1 << PRODUCT_BITS) - 1 };

// What leads to a visit of the web shop: in percent of those who only look, and of those who buy.
// Nothing here makes anybody buy: whatever credit these get, their effect is none.
static const struct {
    const char *source, *medium, *campaign;
    uint32_t looking, buying;
} traffic[] = {
    {NULL, NULL, "", 22, 38},
    {"search", "cpc", "Brand", 10, 16},
    {"search", "cpc", "Assortment", 12, 8},
    {"search", "organic", "", 20, 16},
    {"photos", "paid_social", "Stories", 12, 4},
    {"photos", "social", "", 6, 3},
    {"magazines", "display", "Look again", 10, 3},
    {"coupons", "affiliate", "", 4, 8},
    {"recipes", "referral", "", 4, 4},
};
enum { TRAFFIC_COUNT = sizeof(traffic) / sizeof(*traffic) };

// Of a day, by each customer who likes the web shop.
static const double browsing_rate = 0.02;

static const struct {
    const char *event, *channel, *direction;
} kinds[] = {
    [PRODUCT_VIEWED] = {"product_viewed", "web", "in"},
    [CART_ABANDONED] = {"cart_abandoned", "web", "in"},
    [NEWSLETTER_OPENED] = {"newsletter_opened", "email", "in"},
    [NEWSLETTER_CLICKED] = {"newsletter_clicked", "email", "in"},
    [SUPPORT_CHAT] = {"support_chat", "chat", "in"},
    [COMPLAINT_CALL] = {"complaint_call", "phone", "in"},
};

code touches_open(struct scope *scope, struct touches *touches, const char *folder,
                  const struct company *company) {
    *touches = (struct touches){.company = company};
    return sheet_open(scope, &touches->sheet, folder, "events.csv",
                      "event_id,customer_number,at,event,channel,direction,campaign,properties");
}

code touches_finish(struct scope *scope, struct touches *touches) {
    return sheet_finish(scope, &touches->sheet);
}

void touches_close(struct touches *touches) {
    sheet_close(&touches->sheet);
    buffer_clear(&touches->today);
}

static void add(struct touches *touches, enum touch_kind kind, int64_t shopper, int32_t second,
                uint32_t detail) {
    const struct touch touch = {
        .second = second < 0             ? 0
                  : second > LAST_SECOND ? LAST_SECOND
                                         : second,
        .detail = detail,
        .shopper = shopper,
        .kind = kind,
    };

    buffer_add(&touches->today, &touch, sizeof(touch));
}

// A stream of its own: what else happens stays as it is.
static uint32_t led_by(struct random *random, bool is_buying) {
    uint32_t place = random_below(random, 100), t = 0;

    while (t + 1 < TRAFFIC_COUNT && place >= (is_buying ? traffic[t].buying : traffic[t].looking)) {
        place -= is_buying ? traffic[t].buying : traffic[t].looking;
        t++;
    }
    return t << PRODUCT_BITS;
}

void touches_of_sale(struct touches *touches, struct random *random, const struct visit *visit,
                     const struct basket *basket) {
    const uint32_t detail = (uint32_t)random_next(random);

    if (visit->shopper < 0)
        return;
    if (visit->shop == STORE_WEB) {
        struct random way = random_stream(touches->company->seed + (uint64_t)visit->shopper,
                                          STREAM_TRAFFIC, detail);
        const uint32_t led = led_by(&way, true);

        for (int i = 0; i < basket->line_count && i < 3; i++)
            if (random_chance(random, 0.6))
                add(touches, PRODUCT_VIEWED, visit->shopper,
                    visit->second - 60 * (i + 1) - (int32_t)random_below(random, 55),
                    led | basket->lines[i].product);
        if (random_chance(random, 0.15))
            add(touches, CART_ABANDONED, visit->shopper, visit->second - 7000,
                basket->lines[0].product);
        if (random_chance(random, 0.03))
            add(touches, SUPPORT_CHAT, visit->shopper, visit->second + 1800, detail);
    }
    if (random_chance(random, visit->shop == STORE_WEB ? 0.012 : 0.003))
        add(touches, COMPLAINT_CALL, visit->shopper,
            9 * 3600 + (int32_t)random_below(random, 8 * 3600), detail);
}

static void browse(struct touches *touches, struct random *random, int64_t shopper) {
    const struct catalogue *const catalogue = &touches->company->catalogue;
    const uint32_t led = led_by(random, false);
    const int32_t second = time_of_visit(random, CHANNEL_WEB, 0, 0);
    const uint32_t views = 1 + random_below(random, 3);

    for (uint32_t i = 0; i < views; i++)
        add(touches, PRODUCT_VIEWED, shopper, second + 40 * (int32_t)i,
            led | random_below(random, (uint32_t)catalogue->count));
}

void touches_of_browsers(struct touches *touches, const struct shopper *shoppers, int32_t index) {
    const struct company *const company = touches->company;
    struct random random = random_stream(company->seed, STREAM_BROWSER, (uint64_t)index);
    const uint32_t count = random_poisson(&random, (double)company->customers * browsing_rate);

    for (uint32_t i = 0; i < count; i++) {
        const int64_t shopper = (int64_t)random_below(&random, (uint32_t)company->customers);
        const struct shopper *const found = &shoppers[shopper];

        if (index > found->arrives && index < found->leaves &&
            random_chance(&random, found->web_percent / 100.0))
            browse(touches, &random, shopper);
    }
}

void touches_of_newsletter(struct touches *touches, const struct shopper *shoppers, int32_t index,
                           const struct campaign *campaign) {
    const struct company *const company = touches->company;

    for (int64_t i = 0; i < company->customers; i++) {
        const struct shopper *const shopper = &shoppers[i];
        if (index <= shopper->subscribed_from || index >= shopper->subscribed_until)
            continue;

        struct random random = random_stream(company->seed + (uint64_t)i, STREAM_NEWSLETTER,
                                             (uint64_t)campaign->from_day);
        const double opens = index < shopper->leaves ? 0.24 : 0.05;

        if (!random_chance(&random, opens))
            continue;
        const int32_t second = time_of_visit(&random, CHANNEL_WEB, 0, 0);
        add(touches, NEWSLETTER_OPENED, i, second, (uint32_t)random_next(&random));
        if (random_chance(&random, 0.18))
            add(touches, NEWSLETTER_CLICKED, i, second + 20, (uint32_t)random_next(&random));
    }
}

static int by_time(const void *a, const void *b) {
    const struct touch *const one = a;
    const struct touch *const two = b;

    if (one->second != two->second)
        return one->second < two->second ? -1 : 1;
    if (one->shopper != two->shopper)
        return one->shopper < two->shopper ? -1 : 1;
    if (one->kind != two->kind)
        return one->kind < two->kind ? -1 : 1;
    return one->detail < two->detail ? -1 : one->detail > two->detail;
}

// As the tag tells what led to a visit.
static void write_view(struct sheet *sheet, const char *product, const char *category,
                       uint32_t led) {
    if (traffic[led].source == NULL)
        sheet_printf(sheet, "{\"product\":\"%s\",\"category\":\"%s\"}", product, category);
    else
        sheet_printf(sheet,
                     "{\"product\":\"%s\",\"category\":\"%s\",\"context\":{\"campaign\":"
                     "{\"source\":\"%s\",\"medium\":\"%s\"}}}",
                     product, category, traffic[led].source, traffic[led].medium);
}

static const char *campaign_of(const struct touch *touch, const struct campaign *campaign) {
    switch (touch->kind) {
    case NEWSLETTER_OPENED:
    case NEWSLETTER_CLICKED:
        return campaign ? campaign->name : "";
    case PRODUCT_VIEWED:
        return traffic[touch->detail >> PRODUCT_BITS].campaign;
    case CART_ABANDONED:
    case SUPPORT_CHAT:
    case COMPLAINT_CALL:
        break;
    }
    return "";
}

static void write_properties(struct sheet *sheet, const struct company *company,
                             const struct touch *touch) {
    static const char *const devices[] = {"mobile", "mobile", "desktop", "tablet"};
    static const char *const topics[] = {"delivery", "delivery", "quality",
                                         "refund",   "voucher",  "service"};
    const struct catalogue_product *const products = company->catalogue.products;

    switch (touch->kind) {
    case PRODUCT_VIEWED:
    case CART_ABANDONED:
        write_view(sheet, products[touch->detail & PRODUCT_MASK].code,
                   categories[products[touch->detail & PRODUCT_MASK].category].name,
                   touch->detail >> PRODUCT_BITS);
        break;
    case NEWSLETTER_OPENED:
    case NEWSLETTER_CLICKED:
        sheet_printf(sheet, "{\"device\":\"%s\"}", devices[touch->detail % 4]);
        break;
    case SUPPORT_CHAT:
        sheet_printf(sheet, "{\"topic\":\"%s\",\"satisfaction\":%u}", topics[touch->detail % 6],
                     1 + (touch->detail >> 8) % 5);
        break;
    case COMPLAINT_CALL:
        sheet_printf(sheet, "{\"topic\":\"%s\",\"minutes\":%u}", topics[touch->detail % 6],
                     2 + (touch->detail >> 8) % 18);
        break;
    }
}

code touches_end_day(struct scope *scope, struct touches *touches, int32_t day,
                     const struct campaign *campaign) {
    struct sheet *const sheet = &touches->sheet;
    struct touch *const list = (struct touch *)(void *)touches->today.data;
    const size_t count = touches->today.size / sizeof(*list);

    if (count > 1)
        qsort(list, count, sizeof(*list), by_time);
    for (size_t i = 0; i < count; i++) {
        TRY(sheet_begin_row(scope, sheet));
        sheet_raw(sheet, "V", 1);
        sheet_padded(sheet, (uint64_t)sheet->rows + 1, 8);
        sheet_int64(sheet, shopper_number(list[i].shopper));
        sheet_time(sheet, day, list[i].second);
        sheet_word(sheet, kinds[list[i].kind].event);
        sheet_word(sheet, kinds[list[i].kind].channel);
        sheet_word(sheet, kinds[list[i].kind].direction);
        sheet_word(sheet, campaign_of(&list[i], campaign));
        write_properties(sheet, touches->company, &list[i]);
        sheet_end_row(sheet);
    }
    touches->today.size = 0;
    return OK;
}
