// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/touch.h"

#include <stdlib.h>

enum { STREAM_NEWSLETTER = 0x4e705 };

enum { LAST_SECOND = 24 * 3600 - 1 };

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

void touches_of_sale(struct touches *touches, struct random *random, const struct visit *visit,
                     const struct basket *basket) {
    const uint32_t detail = (uint32_t)random_next(random);

    if (visit->shopper < 0)
        return;
    if (visit->shop == STORE_WEB) {
        for (int i = 0; i < basket->line_count && i < 3; i++)
            if (random_chance(random, 0.6))
                add(touches, PRODUCT_VIEWED, visit->shopper,
                    visit->second - 60 * (i + 1) - (int32_t)random_below(random, 55),
                    basket->lines[i].product);
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

static void write_properties(struct sheet *sheet, const struct company *company,
                             const struct touch *touch) {
    static const char *const devices[] = {"mobile", "mobile", "desktop", "tablet"};
    static const char *const topics[] = {"delivery", "delivery", "quality",
                                         "refund",   "voucher",  "service"};
    const struct catalogue_product *const products = company->catalogue.products;

    switch (touch->kind) {
    case PRODUCT_VIEWED:
    case CART_ABANDONED:
        sheet_printf(sheet, "{\"product\":\"%s\",\"category\":\"%s\"}",
                     products[touch->detail].code,
                     categories[products[touch->detail].category].name);
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
        const bool of_campaign =
            list[i].kind == NEWSLETTER_OPENED || list[i].kind == NEWSLETTER_CLICKED;

        TRY(sheet_begin_row(scope, sheet));
        sheet_raw(sheet, "V", 1);
        sheet_padded(sheet, (uint64_t)sheet->rows + 1, 8);
        sheet_int64(sheet, shopper_number(list[i].shopper));
        sheet_time(sheet, day, list[i].second);
        sheet_word(sheet, kinds[list[i].kind].event);
        sheet_word(sheet, kinds[list[i].kind].channel);
        sheet_word(sheet, kinds[list[i].kind].direction);
        sheet_word(sheet, of_campaign && campaign ? campaign->name : "");
        write_properties(sheet, touches->company, &list[i]);
        sheet_end_row(sheet);
    }
    touches->today.size = 0;
    return OK;
}
