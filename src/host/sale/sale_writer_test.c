// SPDX-License-Identifier: Apache-2.0
// What writing costs, in looks and not in time: it grows with the lines, whatever they say.
#include "host/sale/sale.h"

#include "base/test.h"
#include "store/ledger.h"
#include "store/store_testing.h"

enum { LINES = 3000, EARLIER = 1, LATER = 2, LATEST = 3 };
enum order { FORWARDS, BACKWARDS };

struct outcome {
    int64_t created, added, repeated;
    int64_t looks;
};

static struct sale_row row_of(struct text number, int64_t price_micros) {
    return (struct sale_row){.source = TEXT("main"),
                             .number = number,
                             .sold_at_us = 1714521600000000,
                             .currency = TEXT("EUR"),
                             .product_code = TEXT("P1"),
                             .quantity_micros = 1000000,
                             .unit_price_micros = price_micros,
                             .vat_rate_bp = -1,
                             .net_micros = price_micros,
                             .gross_micros = price_micros};
}

static void count(struct outcome *outcome, enum sale_effect effect) {
    outcome->created += effect == SALE_CREATED;
    outcome->added += effect == SALE_LINE_ADDED;
    outcome->repeated += effect == SALE_LINE_REPEATED;
}

// Lines by a writer of their own, as an import, or one that is taken up again, has it. Their prices
// repeat after `prices`.
static struct outcome deliver(struct scope *scope, int64_t import_id, struct text number, int lines,
                              int prices, enum order order) {
    struct sale_writer *writer = sale_writer_new(import_id, true);
    struct outcome outcome = {0};

    CHECK_OK(ledger_begin(scope));
    for (int i = 0; i < lines; i++) {
        const int line = order == FORWARDS ? i : lines - 1 - i;
        const struct sale_row row = row_of(number, (1 + line % prices) * INT64_C(10000));
        enum sale_effect effect;

        CHECK_OK(sale_writer_add(scope, writer, &row, &effect));
        count(&outcome, effect);
    }
    CHECK_OK(sale_writer_flush(scope, writer));
    CHECK_OK(ledger_commit(scope));
    outcome.looks = sale_writer_look_count(writer);
    sale_writer_free(writer);
    return outcome;
}

TEST(rows_without_number_that_all_say_the_same_cost_a_few_looks_each) {
    struct outcome outcome;

    test_store(scope);
    outcome = deliver(scope, EARLIER, (struct text){0}, LINES, 1, FORWARDS);
    CHECK_INT(outcome.created, LINES);
    CHECK(outcome.looks <= INT64_C(3) * LINES);
    outcome = deliver(scope, LATER, (struct text){0}, LINES + 10, 1, FORWARDS);
    CHECK_INT(outcome.repeated, LINES);
    CHECK_INT(outcome.created, 10);
    CHECK(outcome.looks <= INT64_C(5) * LINES);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT number), sum(line_count),"
                                         " sum(gross_micros) FROM sale"),
                 "3010|3010|3010|30100000");
}

TEST(an_import_that_is_taken_up_again_finds_where_a_content_stands_without_walking_there) {
    struct outcome outcome;

    test_store(scope);
    deliver(scope, EARLIER, (struct text){0}, LINES, 1, FORWARDS);
    outcome = deliver(scope, EARLIER, (struct text){0}, 1, 1, FORWARDS);
    CHECK_INT(outcome.created, 1);
    CHECK(outcome.looks <= 80);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT number) FROM sale"),
                 "3001|3001");
}

TEST(a_huge_receipt_costs_looks_by_its_lines_in_whatever_order_they_come_again) {
    const int64_t bound = INT64_C(20) * LINES; // a search among LINES takes 12
    struct outcome outcome;

    test_store(scope);
    outcome = deliver(scope, EARLIER, TEXT("R1"), LINES, LINES, FORWARDS);
    CHECK_INT(outcome.created + outcome.added, LINES);
    CHECK(outcome.looks <= bound);
    outcome = deliver(scope, LATER, TEXT("R1"), LINES, LINES, BACKWARDS);
    CHECK_INT(outcome.repeated, LINES);
    CHECK(outcome.looks <= bound);
    // One price more: the repeated lines are told from those that are new.
    outcome = deliver(scope, LATEST, TEXT("R1"), LINES + 1, LINES + 1, BACKWARDS);
    CHECK_INT(outcome.repeated, LINES);
    CHECK_INT(outcome.added, 1);
    CHECK(outcome.looks <= bound);
}

TEST(a_huge_receipt_whose_lines_all_say_the_same_costs_looks_by_its_lines) {
    struct outcome outcome;

    test_store(scope);
    deliver(scope, EARLIER, TEXT("R1"), LINES, 1, FORWARDS);
    outcome = deliver(scope, LATER, TEXT("R1"), LINES + 2, 1, FORWARDS);
    CHECK_INT(outcome.repeated, LINES);
    CHECK_INT(outcome.added, 2);
    CHECK(outcome.looks <= INT64_C(20) * LINES);
    CHECK_STRING(test_ledger_rows(scope, "SELECT line_count, gross_micros FROM sale"),
                 "3002|30020000");
}

TEST(the_lines_of_a_receipt_stand_where_it_stands_whoever_brings_them_later) {
    test_store(scope);
    deliver(scope, EARLIER, text_of("R-1"), 3, 3, FORWARDS);
    deliver(scope, LATER, text_of("R-1"), 5, 5, FORWARDS);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), sum(CASE WHEN s.home < 0 THEN 1 ELSE 0 "
                                         "END) FROM sale s JOIN sale_line l ON l.sale_id = s.id "
                                         "AND l.home = s.home"),
                 "5|5");
}
