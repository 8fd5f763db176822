// SPDX-License-Identifier: Apache-2.0
// Receipts: of sales, and of refunds some days later that name the receipt they take back.
#pragma once

#include "plug/sample/basket.h"
#include "plug/sample/sheet.h"

enum { REFUND_LINES = 4, REFUND_DAYS = 30 };

// Which receipt: the till of a shop (or of the web shop) and its running number.
struct receipt_number {
    uint16_t shop; // STORE_WEB
    uint16_t till; // from 0
    uint32_t running;
};

// By what a receipt knows its customer: guests of the web shop leave an e-mail address only, and
// some who log in leave it too. So one person is met under several names that have to be found to
// be one.
enum shown { SHOWN_NUMBER, SHOWN_EMAIL, SHOWN_BOTH };

// What somebody will bring back.
struct refund {
    struct receipt_number of;
    int64_t shopper; // −1 when unknown
    uint16_t shop;   // where it is brought; STORE_WEB when sent in
    enum shown shown;
    uint8_t payment;
    uint8_t line_count;
    struct basket_line lines[REFUND_LINES];
};

struct till {
    struct sheet sheet;
    const struct company *company;
    struct chain *chain; // the company's: its tills count
    const struct catalogue *catalogue;
    int32_t day;
    struct buffer refunds[REFUND_DAYS + 2]; // of struct refund, by the day modulo their count
    int64_t sales, refunds_written, anonymous;
};

// Where and when: of a sale or of a refund.
struct visit {
    uint64_t random; // stream of a walk-in
    int64_t shopper; // −1 for a walk-in
    int64_t refund;  // index among the day's refunds, −1 for a sale
    int32_t second;
    uint16_t shop; // STORE_WEB
    enum shown shown;
};

code till_open(struct scope *scope, struct till *till, const char *folder, struct company *company);
code till_finish(struct scope *scope, struct till *till);
void till_close(struct till *till);

// Write a sale. Some of its lines may be brought back: in `home_shop` when bought online.
code till_sell(struct scope *scope, struct till *till, const struct visit *visit,
               const struct basket *basket, struct random *random, uint16_t home_shop);

// The refunds of today. Those that need a shop are put off to tomorrow when shops are shut.
size_t till_refunds_today(struct till *till, bool shops_are_shut,
                          const struct refund **ret_refunds);
code till_refund(struct scope *scope, struct till *till, const struct visit *visit,
                 const struct refund *refund);
// Today's refunds are written.
void till_end_day(struct till *till);

// The tax contained in an amount, rounded to cents, half away from zero.
int64_t vat_in_gross_cents(int64_t gross_cents, int32_t rate_bp);
