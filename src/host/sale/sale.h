// SPDX-License-Identifier: Apache-2.0
// Sales: receipts with their lines, written line by line as files deliver them, each line once.
//
// A receipt is known by (source, number). A line is known within its receipt by what it says
// (product, quantity, price, amount) and by how often that has been said: an article rung up twice
// stands twice, and a file imported again adds nothing. Lines of one receipt need not stand
// together in the file.
#pragma once

#include "base/scope.h"

// Values are stored: append only.
enum sale_kind {
    SALE_KIND_UNSTATED = 0,
    SALE_KIND_SALE = 1,
    SALE_KIND_REFUND = 2,
    SALE_KIND_ADJUSTMENT = 3
};

const char *sale_kind_name(enum sale_kind kind); // "sale"
bool sale_kind_parse(struct text name, enum sale_kind *ret_kind);

// One line with what it says of its receipt. Ids are 0 and texts empty where nothing is said.
struct sale_row {
    // the receipt
    struct text source;
    struct text number;  // empty: the receipt is this one row, known by its content
    enum sale_kind kind; // UNSTATED: by the sign of what the receipt adds up to
    int64_t sold_at_us;
    int64_t store_id;
    struct text till;
    int64_t cashier_id;
    struct text channel;
    struct text currency; // ISO 4217
    struct text country;
    int64_t identifier_id; // 0: anonymous
    int64_t origin;
    struct text customer_key; // who bought, as the file says it; part of the content of a row
                              // without number
    struct text refund_of;    // number of the receipt that it refunds
    struct text payment;
    // the line
    int64_t product_id;
    struct text product_code;
    int64_t quantity_micros;
    int64_t unit_price_micros;
    int64_t discount_micros;
    struct text coupon;
    int32_t vat_rate_bp;                          // -1: the file states none
    int64_t net_micros, vat_micros, gross_micros; // net + vat = gross
};

enum sale_effect {
    SALE_LINE_REPEATED, // it was there already: nothing changed
    SALE_LINE_ADDED,    // to a receipt that was there
    SALE_CREATED,       // with its first line
};

// Writes within the ledger transactions of one import. Receipts still being added to are kept in a
// bounded cache; sale_writer_flush writes them out and must be called before each commit.
struct sale_writer;
// With `negative_is_refund` false, receipts of unstated kind that add up below zero are
// adjustments: for sources that mark their refunds.
struct sale_writer *sale_writer_new(int64_t import_id, bool negative_is_refund);
void sale_writer_free(struct sale_writer *writer); // takes NULL
// TOO_LARGE when a receipt's total does not fit.
code sale_writer_add(struct scope *scope, struct sale_writer *writer, const struct sale_row *row,
                     enum sale_effect *ret_effect);
code sale_writer_flush(struct scope *scope, struct sale_writer *writer);
// How many receipts and known lines were looked at so far: what the writing costs beside the lines
// themselves. Grows with the lines, not with their square.
int64_t sale_writer_look_count(const struct sale_writer *writer);

// Tie refunds to the sale lines they take back: same customer, product and unit price, the latest
// sale before the refund first, never more than was sold. Reads the lake, writes the ledger (in a
// transaction of its own). *ret_tied counts the refund lines tied now; those tied before are left
// alone.
code refund_match(struct scope *scope, int64_t *ret_tied);

// Take back an import's lines; receipts left without lines go, the others are added up again. Lines
// that a later import delivered again stay, as that one's. Runs in transactions of its own, each
// complete in itself: calling it again after a crash goes on.
code sale_undo_import(struct scope *scope, int64_t import_id);
