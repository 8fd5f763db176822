// SPDX-License-Identifier: Apache-2.0
// The touches of a sample company with its customers besides buying: what they looked at in the web
// shop, which newsletters they opened, when they chatted or complained.
#pragma once

#include "plug/sample/sheet.h"
#include "plug/sample/till.h"

enum touch_kind {
    PRODUCT_VIEWED,
    CART_ABANDONED,
    NEWSLETTER_OPENED,
    NEWSLETTER_CLICKED,
    SUPPORT_CHAT,
    COMPLAINT_CALL
};

struct touch {
    int32_t second;
    uint32_t detail; // product and above it what led to the visit, or a random number
    int64_t shopper;
    enum touch_kind kind;
};

struct touches {
    struct sheet sheet;
    const struct company *company;
    struct buffer today; // of struct touch
};

code touches_open(struct scope *scope, struct touches *touches, const char *folder,
                  const struct company *company);
code touches_finish(struct scope *scope, struct touches *touches);
void touches_close(struct touches *touches);

// What went before and after a purchase in the web shop or a store.
void touches_of_sale(struct touches *touches, struct random *random, const struct visit *visit,
                     const struct basket *basket);
// Some look around in the web shop without buying.
void touches_of_browsers(struct touches *touches, const struct shopper *shoppers, int32_t index);
// The newsletter of a campaign reaches its subscribers.
void touches_of_newsletter(struct touches *touches, const struct shopper *shoppers, int32_t index,
                           const struct campaign *campaign);
// Write the day's touches in the order of time.
code touches_end_day(struct scope *scope, struct touches *touches, int32_t day,
                     const struct campaign *campaign);
