// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/till.h"

#include "plug/sample/record.h"

#include <assert.h>
#include <math.h>

static const char *const payments[] = {"cash",    "debit card", "credit card", "mobile payment",
                                       "invoice", "wallet",     "direct debit"};

static const char header[] =
    "receipt,sold_at,store,till,cashier,channel,customer_number,email,product,product_name,"
    "category,"
    "quantity,"
    "unit_price,discount,coupon,vat_rate,vat,line_total,currency,payment,refund_of";

code till_open(struct scope *scope, struct till *till, const char *folder,
               struct company *company) {
    *till = (struct till){
        .company = company, .chain = &company->chain, .catalogue = &company->catalogue};
    return sheet_open(scope, &till->sheet, folder, "receipts.csv", header);
}

code till_finish(struct scope *scope, struct till *till) {
    return sheet_finish(scope, &till->sheet);
}

void till_close(struct till *till) {
    sheet_close(&till->sheet);
    for (int i = 0; i < REFUND_DAYS + 2; i++)
        buffer_clear(&till->refunds[i]);
}

int64_t vat_in_gross_cents(int64_t gross_cents, int32_t rate_bp) {
    const int64_t whole = 10000 + rate_bp;
    const int64_t half = gross_cents < 0 ? -whole : whole;

    return (2 * gross_cents * rate_bp + half) / (2 * whole);
}

// ---- the cells of a receipt ----

static void write_number(struct sheet *sheet, const struct chain *chain,
                         struct receipt_number number) {
    if (number.shop == STORE_WEB) {
        sheet_raw(sheet, "WEB-", 4);
    } else {
        sheet_raw(sheet, chain->shops[number.shop].code, 4);
        sheet_raw(sheet, (char[]){'-', (char)('1' + number.till), '-'}, 3);
    }
    sheet_padded(sheet, number.running, 6);
}

static void write_customer(struct till *till, const struct visit *visit) {
    struct sheet *const sheet = &till->sheet;
    char email[RECORD_EMAIL_SIZE] = "";
    enum shown shown = visit->shown;

    if (visit->shopper < 0) {
        sheet_raw(sheet, ",,", 2);
        return;
    }
    if (shown != SHOWN_NUMBER && !record_email(till->company, visit->shopper, email))
        shown = SHOWN_NUMBER;
    if (shown != SHOWN_EMAIL)
        sheet_int64(sheet, shopper_number(visit->shopper));
    else
        sheet_comma(sheet);
    sheet_word(sheet, email);
}

// Everything up to the customer, the same on each line of a receipt.
static void write_head(struct till *till, const struct visit *visit, struct receipt_number number) {
    struct sheet *const sheet = &till->sheet;

    write_number(sheet, till->chain, number);
    sheet_time(sheet, till->day, visit->second);
    if (visit->shop == STORE_WEB) {
        sheet_raw(sheet, "WEB,WEB,,web,", 13);
    } else {
        const bool late = visit->second >= SHIFT_CHANGE_SECOND;
        sheet_word(sheet, till->chain->shops[visit->shop].code);
        sheet_int64(sheet, number.till + 1);
        sheet_word(sheet,
                   chain_cashier(till->chain, visit->shop, till->day, number.till, late)->code);
        sheet_raw(sheet, "store,", 6);
    }
    write_customer(till, visit);
}

static void write_quantity(struct sheet *sheet, int32_t quantity_milli) {
    if (quantity_milli % 1000 == 0) {
        sheet_int64(sheet, quantity_milli / 1000);
        return;
    }
    const int32_t magnitude = quantity_milli < 0 ? -quantity_milli : quantity_milli;

    if (quantity_milli < 0)
        sheet_raw(sheet, "-", 1);
    sheet_raw(sheet, (char[]){(char)('0' + magnitude / 1000), '.'}, 2);
    sheet_padded(sheet, (uint64_t)(magnitude % 1000), 3);
}

static void write_line(struct till *till, const struct basket_line *line) {
    struct sheet *const sheet = &till->sheet;
    const struct catalogue_product *const product = &till->catalogue->products[line->product];
    const int32_t rate_bp = categories[product->category].vat_rate_bp;
    const int64_t gross_cents = basket_line_cents(line);

    assert((int64_t)line->quantity_milli * line->unit_cents % 1000 == 0);
    sheet_raw(sheet, product->cells, product->cells_size);
    write_quantity(sheet, line->quantity_milli);
    sheet_cents(sheet, line->unit_cents);
    sheet_cents(sheet, line->discount_cents);
    sheet_word(sheet, line->coupon ? line->coupon : "");
    sheet_int64(sheet, rate_bp / 100);
    sheet_cents(sheet, vat_in_gross_cents(gross_cents, rate_bp));
    sheet_cents(sheet, gross_cents);
}

// The lines stand in the buffer together, so each takes its head from the first.
static code write_receipt(struct scope *scope, struct till *till, const struct visit *visit,
                          struct receipt_number number, const struct basket_line *lines,
                          int line_count, uint8_t payment, const struct receipt_number *refund_of) {
    struct sheet *const sheet = &till->sheet;

    TRY(sheet_begin_row(scope, sheet));

    const size_t head = sheet->size;

    write_head(till, visit, number);

    const size_t head_size = sheet->size - head;

    for (int i = 0; i < line_count; i++) {
        if (i > 0)
            sheet_raw(sheet, sheet->data + head, head_size);
        write_line(till, &lines[i]);
        sheet_raw(sheet, "EUR,", 4);
        sheet_word(sheet, payments[payment]);
        if (refund_of)
            write_number(sheet, till->chain, *refund_of);
        else
            sheet_comma(sheet);
        sheet_end_row(sheet);
    }
    return OK;
}

// ---- sales and refunds ----

static struct receipt_number next_number(struct till *till, uint16_t shop, struct random *random) {
    if (shop == STORE_WEB)
        return (struct receipt_number){.shop = shop, .running = ++till->chain->web_receipts};

    // The first tills are open all day, the others when it is busy.
    const uint32_t count = (uint32_t)till->chain->shops[shop].till_count;
    const uint32_t one = random_below(random, count), two = random_below(random, count);
    const uint16_t number = (uint16_t)(one < two ? one : two);

    return (struct receipt_number){shop, number, ++till->chain->shops[shop].receipts[number]};
}

static uint8_t pick_payment(struct random *random, bool web, int line_count) {
    // Cumulated percent of the names above: small baskets, large ones, the web shop.
    static const uint8_t percents[3][7] = {{52, 80, 88, 100, 100, 100, 100},
                                           {30, 74, 88, 100, 100, 100, 100},
                                           {0, 0, 28, 28, 52, 90, 100}};
    const uint8_t *const cumulated = percents[web ? 2 : line_count > 3 ? 1 : 0];
    const uint32_t draw = random_below(random, 100);
    uint8_t payment = 0;

    while (cumulated[payment] <= draw)
        payment++;
    return payment;
}

// Brought back whole, or one piece of several when no discount would have to be divided.
static struct basket_line taken_back(const struct basket_line *line, struct random *random) {
    struct basket_line back = *line;

    back.coupon = NULL;
    back.discount_cents = -line->discount_cents;
    back.quantity_milli = -line->quantity_milli;
    if (line->discount_cents == 0 && line->quantity_milli % 1000 == 0 && random_chance(random, 0.5))
        back.quantity_milli = -1000;
    return back;
}

static void plan_refund(struct till *till, const struct visit *visit, struct receipt_number number,
                        const struct basket *basket, uint8_t payment, struct random *random,
                        uint16_t home_shop) {
    const bool web = visit->shop == STORE_WEB;
    struct refund refund = {
        .of = number, .shopper = visit->shopper, .shown = visit->shown, .payment = payment};

    for (int i = 0; i < basket->line_count && refund.line_count < REFUND_LINES; i++) {
        const struct basket_line *const line = &basket->lines[i];
        const double rate =
            (double)categories[till->catalogue->products[line->product].category].refund_rate;
        if (random_chance(random, web ? 2.4 * rate : rate))
            refund.lines[refund.line_count++] = taken_back(line, random);
    }
    if (refund.line_count == 0)
        return;
    if (web && random_chance(random, 0.3) && till->chain->shops[home_shop].opened_day <= till->day)
        refund.shop = home_shop;
    else
        refund.shop = visit->shop;

    const int delay = 1 + (int)fmin(REFUND_DAYS - 1, 8 * random_exponential(random));

    buffer_add(&till->refunds[(till->day + delay) % (REFUND_DAYS + 2)], &refund, sizeof(refund));
}

code till_sell(struct scope *scope, struct till *till, const struct visit *visit,
               const struct basket *basket, struct random *random, uint16_t home_shop) {
    const struct receipt_number number = next_number(till, visit->shop, random);
    const uint8_t payment = pick_payment(random, visit->shop == STORE_WEB, basket->line_count);

    TRY(write_receipt(scope, till, visit, number, basket->lines, basket->line_count, payment,
                      NULL));
    plan_refund(till, visit, number, basket, payment, random, home_shop);
    till->sales++;
    till->anonymous += visit->shopper < 0;
    return OK;
}

size_t till_refunds_today(struct till *till, bool shops_are_shut,
                          const struct refund **ret_refunds) {
    struct buffer *const today = &till->refunds[till->day % (REFUND_DAYS + 2)];
    struct buffer *const tomorrow = &till->refunds[(till->day + 1) % (REFUND_DAYS + 2)];
    struct refund *const refunds = (struct refund *)(void *)today->data;
    size_t count = today->size / sizeof(struct refund);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (shops_are_shut && refunds[i].shop != STORE_WEB)
            buffer_add(tomorrow, &refunds[i], sizeof(refunds[i]));
        else
            refunds[kept++] = refunds[i];
    }
    *ret_refunds = refunds;
    return kept;
}

code till_refund(struct scope *scope, struct till *till, const struct visit *visit,
                 const struct refund *refund) {
    struct random random = {visit->random};
    const struct receipt_number number = next_number(till, visit->shop, &random);

    till->refunds_written++;
    return write_receipt(scope, till, visit, number, refund->lines, refund->line_count,
                         refund->payment, &refund->of);
}

void till_end_day(struct till *till) {
    till->refunds[till->day % (REFUND_DAYS + 2)].size = 0;
}
