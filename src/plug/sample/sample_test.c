// SPDX-License-Identifier: Apache-2.0
// The files of a sample company as whoever gets them would check them: by reading what is there.
#include "base/money.h"
#include "base/test.h"
#include "base/time.h"
#include "plug/sample/chain.h"
#include "plug/sample/sample.h"
#include "plug/sample/season.h"
#include "plug/sample/till.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

// ---- reading the files ----

static struct sample_options options_of(int64_t customers, int years, uint64_t seed) {
    return (struct sample_options){.customers = customers,
                                   .seed = seed,
                                   .last_day = day_from_civil(2025, 11, 30),
                                   .years = years};
}

static const char *made(struct scope *scope, struct sample_options options,
                        struct sample_counts *ret_counts) {
    const char *const folder = arena_printf(&scope->arena, "%s/%" PRIu64 "-%" PRId64,
                                            test_folder(scope), options.seed, options.customers);

    CHECK_OK(sample_write(scope, &options, folder, ret_counts));
    return folder;
}

static struct text content(struct scope *scope, const char *folder, const char *name) {
    FILE *const file = fopen(arena_printf(&scope->arena, "%s/%s", folder, name), "rb");
    struct stat status;

    CHECK(file && fstat(fileno(file), &status) == 0);

    char *const data = arena_alloc(&scope->arena, (size_t)status.st_size + 1);

    CHECK_INT((int64_t)fread(data, 1, (size_t)status.st_size, file), status.st_size);
    fclose(file);
    return (struct text){data, (size_t)status.st_size};
}

enum { CELLS = 21 };

// The next row's cells, with quotes off; false at the end. Good for what the generator writes: no
// cell holds a line break, and doubled quotes are not undone.
static bool next_row(struct text *rest, struct text cells[CELLS]) {
    struct text row = text_split(*rest, '\n', rest);
    int count = 0;

    if (row.size == 0)
        return false;
    while (row.data && count < CELLS) {
        if (row.size > 0 && row.data[0] == '"') {
            size_t end = 1;
            while (row.data[end] != '"' || (end + 1 < row.size && row.data[end + 1] == '"'))
                end += row.data[end] == '"' ? 2 : 1;
            cells[count++] = (struct text){row.data + 1, end - 1};
            row = (struct text){row.data + end + 1, row.size - end - 1};
            text_split(row, ',', &row);
        } else {
            cells[count++] = text_split(row, ',', &row);
        }
    }
    for (; count < CELLS; count++)
        cells[count] = (struct text){0};
    return true;
}

static struct text rows_of(struct scope *scope, const char *folder, const char *name) {
    struct text rest = content(scope, folder, name);

    text_split(rest, '\n', &rest); // the header
    return rest;
}

enum receipt_cell {
    RECEIPT,
    SOLD_AT,
    STORE,
    TILL,
    CASHIER,
    CHANNEL,
    CUSTOMER,
    EMAIL,
    PRODUCT,
    PRODUCT_NAME,
    CATEGORY,
    QUANTITY,
    UNIT_PRICE,
    DISCOUNT,
    COUPON,
    VAT_RATE,
    VAT,
    LINE_TOTAL,
    CURRENCY,
    PAYMENT,
    REFUND_OF,
};

static int64_t micros_of(struct text cell) {
    int64_t micros = 0;

    if (!micros_parse(cell, DECIMAL_POINT, &micros))
        test_fail(__FILE__, __LINE__, "\"%.*s\" is no number", TEXT_ARG(cell));
    return micros;
}

// A set of texts with something remembered about each.
struct known {
    struct {
        struct text key;
        struct text about, more, also;
        int64_t amount;
    } * slots;
    size_t capacity;
};

static void known_init(struct scope *scope, struct known *known, size_t capacity) {
    known->capacity = capacity;
    known->slots = arena_array(&scope->arena, capacity, sizeof(known->slots[0]));
}

static size_t known_slot(const struct known *known, struct text key) {
    size_t slot = text_hash(key) % known->capacity;

    while (known->slots[slot].key.size > 0 && !text_equal(known->slots[slot].key, key))
        slot = (slot + 1) % known->capacity;
    return slot;
}

static bool known_has(const struct known *known, struct text key) {
    return known->slots[known_slot(known, key)].key.size > 0;
}

// The first column of a file, remembering another one or two.
static void known_read(struct scope *scope, struct known *known, const char *folder,
                       const char *name, int about, int more) {
    struct text rest = rows_of(scope, folder, name);
    struct text cells[CELLS];

    known_init(scope, known, 1 << 16);
    while (next_row(&rest, cells)) {
        const size_t slot = known_slot(known, cells[0]);
        CHECK(known->slots[slot].key.size == 0); // codes are unique
        known->slots[slot].key = cells[0];
        known->slots[slot].about = cells[about];
        known->slots[slot].more = cells[more];
    }
}

// ---- the tests ----

TEST(the_same_options_give_the_same_bytes_and_another_seed_gives_others) {
    struct sample_counts counts, again, other;
    const char *const one = made(scope, options_of(400, 1, 1), &counts);
    struct text first[8], second;

    for (int f = 0; sample_files[f].name; f++)
        first[f] = content(scope, one, sample_files[f].name);
    made(scope, options_of(400, 1, 1), &again);
    CHECK(memcmp(&counts, &again, sizeof(counts)) == 0);
    for (int f = 0; sample_files[f].name; f++)
        CHECK(text_equal(content(scope, one, sample_files[f].name), first[f]));

    const char *const two = made(scope, options_of(400, 1, 2), &other);

    for (int f = 0; sample_files[f].name; f++) {
        second = content(scope, two, sample_files[f].name);
        CHECK(!text_equal(first[f], second));
    }
}

TEST(the_counts_are_those_of_the_files) {
    struct sample_counts counts;
    const char *const folder = made(scope, options_of(500, 1, 3), &counts);
    const struct {
        const char *name;
        int64_t rows;
    } files[] = {{"customers.csv", counts.customers},
                 {"products.csv", counts.products},
                 {"receipts.csv", counts.lines},
                 {"events.csv", counts.events},
                 {"consents.csv", counts.consents}};
    int64_t bytes = (int64_t)content(scope, folder, "README.txt").size;
    struct text cells[CELLS];

    for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
        struct text rest = rows_of(scope, folder, files[f].name);
        int64_t rows = 0;
        while (next_row(&rest, cells))
            rows++;
        CHECK_INT(rows, files[f].rows);
    }
    for (int f = 0; sample_files[f].name; f++)
        bytes += (int64_t)content(scope, folder, sample_files[f].name).size;
    CHECK_INT(counts.bytes, bytes);
    CHECK_INT(counts.customers, 500);
}

TEST(every_line_reconciles_to_the_cent) {
    struct sample_counts counts;
    const char *const folder = made(scope, options_of(1500, 2, 1), &counts);
    struct text rest = rows_of(scope, folder, "receipts.csv");
    struct text cells[CELLS];

    while (next_row(&rest, cells)) {
        const int64_t total = micros_of(cells[LINE_TOTAL]);
        int64_t product = 0;
        int32_t rate_bp = 0;

        CHECK(micros_multiply(micros_of(cells[QUANTITY]), micros_of(cells[UNIT_PRICE]), &product));
        CHECK_INT(product - micros_of(cells[DISCOUNT]), total);
        CHECK(rate_bp_parse(cells[VAT_RATE], false, &rate_bp));
        CHECK(rate_bp == 1900 || rate_bp == 700 || rate_bp == 0);

        // Half a cent is the most that rounding to cents takes away.
        const int64_t difference = micros_of(cells[VAT]) - vat_in_gross_micros(total, rate_bp);

        CHECK(difference >= -5000 && difference <= 5000);
        CHECK_TEXT(cells[CURRENCY], "EUR");
        CHECK(cells[COUPON].size == 0 || micros_of(cells[DISCOUNT]) > 0);
        CHECK((cells[REFUND_OF].size > 0) == (micros_of(cells[QUANTITY]) < 0));
    }
}

TEST(vat_is_rounded_half_away_from_zero) {
    CHECK_INT(vat_in_gross_cents(11900, 1900), 1900);
    CHECK_INT(vat_in_gross_cents(100, 700), 7); // 6.54
    CHECK_INT(vat_in_gross_cents(-100, 700), -7);
    CHECK_INT(vat_in_gross_cents(3, 2000), 1); // 0.5
    CHECK_INT(vat_in_gross_cents(-3, 2000), -1);
    CHECK_INT(vat_in_gross_cents(5000, 0), 0);
}

TEST(every_code_exists_and_every_cashier_worked_there_that_day) {
    struct sample_counts counts;
    const char *const folder = made(scope, options_of(3000, 3, 4), &counts);
    struct text rest = rows_of(scope, folder, "receipts.csv"), cells[CELLS];
    struct known stores, staff, products, customers, hired;

    known_read(scope, &stores, folder, "stores.csv", 5, 5);
    known_read(scope, &staff, folder, "staff.csv", 2, 5);
    known_read(scope, &hired, folder, "staff.csv", 4, 4);
    known_read(scope, &products, folder, "products.csv", 1, 2);
    known_read(scope, &customers, folder, "customers.csv", 13, 13);
    while (next_row(&rest, cells)) {
        const struct text day = {cells[SOLD_AT].data, 10};
        const size_t product = known_slot(&products, cells[PRODUCT]);
        const size_t cashier = known_slot(&staff, cells[CASHIER]);

        CHECK(known_has(&stores, cells[STORE]));
        CHECK_TEXT(cells[CHANNEL], text_is(cells[STORE], "WEB") ? "web" : "store");
        CHECK(text_compare(stores.slots[known_slot(&stores, cells[STORE])].about, day) <= 0);
        CHECK(text_equal(products.slots[product].key, cells[PRODUCT]));
        CHECK(text_equal(products.slots[product].about, cells[PRODUCT_NAME]));
        CHECK(text_equal(products.slots[product].more, cells[CATEGORY]));
        if (cells[CUSTOMER].size > 0) {
            const size_t customer = known_slot(&customers, cells[CUSTOMER]);
            CHECK(customers.slots[customer].key.size > 0);
            CHECK(text_compare(customers.slots[customer].about, cells[SOLD_AT]) < 0);
        }
        if (text_is(cells[STORE], "WEB")) {
            CHECK(cells[CASHIER].size == 0);
            continue;
        }
        CHECK(staff.slots[cashier].key.size > 0 &&
              text_equal(staff.slots[cashier].about, cells[STORE]));
        CHECK(text_compare(hired.slots[known_slot(&hired, cells[CASHIER])].about, day) <= 0);
        CHECK(staff.slots[cashier].more.size == 0 ||
              text_compare(staff.slots[cashier].more, day) > 0);
    }
}

static struct text sold_key(struct scope *scope, struct text receipt, struct text product) {
    return text_printf(&scope->arena, "%.*s/%.*s", TEXT_ARG(receipt), TEXT_ARG(product));
}

TEST(a_refund_names_an_earlier_receipt_and_takes_back_no_more_than_was_sold) {
    struct sample_counts counts;
    const char *const folder = made(scope, options_of(1500, 2, 5), &counts);
    struct text rest = rows_of(scope, folder, "receipts.csv"), cells[CELLS];
    struct known sold;
    int refund_lines = 0;

    CHECK(counts.refunds > 100);
    known_init(scope, &sold, 1 << 18);
    while (next_row(&rest, cells)) {
        const bool refund = cells[REFUND_OF].size > 0;
        const struct text key =
            sold_key(scope, refund ? cells[REFUND_OF] : cells[RECEIPT], cells[PRODUCT]);
        const size_t slot = known_slot(&sold, key);

        if (refund) {
            refund_lines++;
            CHECK(sold.slots[slot].key.size > 0);
            CHECK(text_compare(sold.slots[slot].about, cells[SOLD_AT]) < 0);
            CHECK(text_equal(sold.slots[slot].more, cells[CUSTOMER]));
            CHECK(text_equal(sold.slots[slot].also, cells[EMAIL]));
        }
        sold.slots[slot].key = key;
        sold.slots[slot].about = refund ? sold.slots[slot].about : cells[SOLD_AT];
        sold.slots[slot].more = cells[CUSTOMER];
        sold.slots[slot].also = cells[EMAIL];
        // What remains of the article's amount never falls below nothing.
        sold.slots[slot].amount += micros_of(cells[LINE_TOTAL]);
        CHECK(sold.slots[slot].amount >= 0);
    }
    CHECK(refund_lines >= counts.refunds);
}

TEST(rows_stand_in_the_order_of_time_and_receipts_are_whole) {
    struct sample_counts counts;
    const char *const folder = made(scope, options_of(1000, 1, 6), &counts);
    struct text rest = rows_of(scope, folder, "receipts.csv"), cells[CELLS];
    struct text last = {0}, last_at = {0};
    struct known seen;
    int64_t receipts = 0;

    known_init(scope, &seen, 1 << 16);
    while (next_row(&rest, cells)) {
        CHECK(text_compare(last_at, cells[SOLD_AT]) <= 0);
        if (!text_equal(last, cells[RECEIPT])) {
            const size_t slot = known_slot(&seen, cells[RECEIPT]);
            CHECK(seen.slots[slot].key.size == 0);
            seen.slots[slot].key = cells[RECEIPT];
            receipts++;
        }
        last = cells[RECEIPT];
        last_at = cells[SOLD_AT];
    }
    CHECK_INT(receipts, counts.receipts);
}

TEST(shares_are_near_what_was_asked_for) {
    struct sample_options options = options_of(4000, 3, 7);
    struct sample_counts counts;
    int64_t web = 0, sundays = 0, december = 0, august = 0;

    options.lines = 120000;

    const char *const folder = made(scope, options, &counts);
    struct text rest = rows_of(scope, folder, "receipts.csv"), cells[CELLS];

    while (next_row(&rest, cells)) {
        const bool in_web = text_is(cells[CHANNEL], "web");
        int32_t day = 0;

        CHECK(day_parse((struct text){cells[SOLD_AT].data, 10}, DATE_ORDER_YMD, &day));
        web += in_web;
        sundays += day_weekday(day) == 6;
        CHECK(in_web || (day_weekday(day) != 6 && !day_is_holiday(day)));
        december += text_starts_with(cells[SOLD_AT], TEXT("2024-12"));
        august += text_starts_with(cells[SOLD_AT], TEXT("2024-08"));
    }
    CHECK_CLOSE((double)counts.lines, 120000, 0.05);
    const int64_t sales = counts.receipts - counts.refunds;
    CHECK_CLOSE((double)counts.anonymous / (double)sales, 0.30, 0.05);
    CHECK(counts.refunds * 100 > 2 * sales && counts.refunds * 100 < 6 * sales);
    CHECK(web * 100 > 8 * counts.lines && web * 100 < 30 * counts.lines);
    CHECK(sundays > 0 && sundays * 100 < 6 * counts.lines);
    CHECK(december * 10 > august * 13);
}

TEST(a_few_people_are_known_twice_and_all_others_share_nothing) {
    struct sample_counts counts;
    const char *const folder = made(scope, options_of(5000, 1, 8), &counts);
    struct text rest = rows_of(scope, folder, "customers.csv"), cells[CELLS];
    struct known emails, cards;
    int same_email = 0;

    known_init(scope, &emails, 1 << 14);
    known_init(scope, &cards, 1 << 14);
    while (next_row(&rest, cells)) {
        const size_t email = known_slot(&emails, cells[3]), card = known_slot(&cards, cells[5]);
        if (cells[3].size > 0) {
            same_email += emails.slots[email].key.size > 0;
            // Whoever has the same address has the same family name.
            CHECK(emails.slots[email].key.size == 0 ||
                  text_equal(emails.slots[email].about, cells[2]));
            emails.slots[email].key = cells[3];
            emails.slots[email].about = cells[2];
        }
        if (cells[5].size > 0) {
            CHECK(cards.slots[card].key.size == 0);
            cards.slots[card].key = cells[5];
        }
    }
    CHECK(same_email > 30 && same_email < 125); // of 2.5 %
}

TEST(a_larger_company_has_the_same_first_customers_and_products) {
    struct sample_counts counts;
    const char *const small = made(scope, options_of(300, 1, 9), &counts);
    const char *const large = made(scope, options_of(900, 1, 9), &counts);
    struct text few = rows_of(scope, small, "customers.csv"),
                many = rows_of(scope, large, "customers.csv");
    struct text one[CELLS], other[CELLS];

    CHECK(text_equal(content(scope, small, "products.csv"), content(scope, large, "products.csv")));
    while (next_row(&few, one)) {
        CHECK(next_row(&many, other));
        for (int cell = 0; cell <= 5; cell++)
            CHECK(text_equal(one[cell], other[cell]));
    }
}

TEST(nobody_reads_a_newsletter_without_having_agreed) {
    struct sample_counts counts;
    const char *const folder = made(scope, options_of(2000, 2, 10), &counts);
    struct text rest = rows_of(scope, folder, "consents.csv"), cells[CELLS];
    struct known granted;
    int read = 0;

    known_init(scope, &granted, 1 << 14);
    while (next_row(&rest, cells)) {
        if (!text_is(cells[2], "email") || text_is(cells[3], "denied"))
            continue;
        const size_t slot = known_slot(&granted, cells[0]);
        granted.slots[slot].key = cells[0];
        if (text_is(cells[3], "granted"))
            granted.slots[slot].about = cells[6];
        else
            granted.slots[slot].more = cells[6];
    }
    rest = rows_of(scope, folder, "events.csv");
    while (next_row(&rest, cells)) {
        if (!text_is(cells[3], "newsletter_opened"))
            continue;
        const size_t slot = known_slot(&granted, cells[1]);
        const struct text until = granted.slots[slot].more;
        read++;
        CHECK(granted.slots[slot].key.size > 0);
        CHECK(text_compare(granted.slots[slot].about, cells[2]) < 0);
        CHECK(until.size == 0 || text_compare(cells[2], until) < 0);
    }
    CHECK(read > 100);
}

TEST(memory_does_not_grow_with_the_lines) {
    struct sample_options options = options_of(500, 2, 11);
    struct sample_counts counts;
    const size_t before = scope->arena.allocated;

    options.lines = 5000;
    made(scope, options, &counts);

    const size_t of_few = scope->arena.allocated;

    options.lines = 100000;
    made(scope, options, &counts);
    CHECK_CLOSE((double)counts.lines, 100000, 0.1);
    CHECK(scope->arena.allocated - of_few <= of_few - before);
    CHECK(sizeof(struct shopper) <= 56);
}

TEST(options_out_of_range_and_folders_that_cannot_be_are_refused) {
    struct sample_options options = options_of(10, 0, 1);
    struct sample_counts counts;

    CHECK_CODE(sample_write(scope, &options, "/nonexistent/x", &counts), INVALID);
    CHECK_STRING(scope->failure.field, "years");
    scope_forgive(scope);
    options.years = 1;
    options.customers = -5;
    CHECK_CODE(sample_write(scope, &options, "/nonexistent/x", &counts), INVALID);
    scope_forgive(scope);
    options.customers = 10;
    CHECK_CODE(sample_write(scope, &options, "/nonexistent/x", &counts), UNAVAILABLE);
    scope_forgive(scope);
}

TEST(one_customer_is_a_company_too) {
    struct sample_counts counts;

    made(scope, options_of(1, 1, 12), &counts);
    CHECK_INT(counts.customers, 1);
}

static atomic_bool asked_to_stop = true;

TEST(a_stopped_run_leaves_no_file_that_looks_complete) {
    const struct sample_options options = options_of(300, 1, 13);
    const char *const folder = test_folder(scope);
    struct sample_counts counts;

    scope->cancelled = &asked_to_stop;
    CHECK_CODE(sample_write(scope, &options, folder, &counts), CANCELLED);
    CHECK(fopen(arena_printf(&scope->arena, "%s/receipts.csv", folder), "rb") == NULL);
}
