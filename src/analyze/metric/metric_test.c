// SPDX-License-Identifier: Apache-2.0
// Metrics on a ledger written by hand, with values worked out by hand. The comparison with a plain
// computation over random data is in metric_property_test.c.
#include "analyze/metric/metric.h"
#include "analyze/metric/metric_testing.h"
#include "store/lake.h"
#include "store/setting.h"

// Two stores in January and February; customer 20 has been 10 all along.
#define AT_STORE   .store = 1, .channel = "store"
#define ON_THE_WEB .store = 2, .cashier = 3, .channel = "web"

static const struct test_line ledger[] = {
    {1, TEST_SALE, "2011-01-05 10:00", 10, 1, 2, 50, 0, 2000, AT_STORE, .cashier = 1,
     .country = "France"},
    {1, TEST_SALE, "2011-01-05 10:00", 10, 2, 1, 20, 0, 1000, AT_STORE, .cashier = 1,
     .country = "France"},
    {2, TEST_SALE, "2011-01-31 23:59", 0, 1, 1, 60, 10, 2000, AT_STORE, .cashier = 2,
     .country = "Spain"},
    {3, TEST_SALE, "2011-02-01 00:00", 20, 3, 4, 10, 0, 0, ON_THE_WEB},
    {4, TEST_REFUND, "2011-02-10 12:00", 10, 1, -1, 50, 0, 2000, AT_STORE, .cashier = 1,
     .country = "France"},
    {5, TEST_SALE, "2011-02-28 09:30", 30, 2, 1, 20, 0, 1000, ON_THE_WEB, .country = "Spain"},
};

static void make_ledger(struct scope *scope) {
    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Europe/Berlin")));
    test_sales(scope, ledger, sizeof(ledger) / sizeof(*ledger));
    test_alias(scope, 20, 10);
    CHECK_OK(lake_refresh(scope));
}

static void add_cell(struct buffer *out, const struct metric *metric, const struct rows *rows,
                     size_t column) {
    if (rows_is_null(rows, column))
        buffer_add_string(out, "-");
    else if (metric->type == METRIC_COUNT)
        buffer_printf(out, "%lld", (long long)rows_int64(rows, column));
    else if (metric->type == METRIC_MONEY || metric->type == METRIC_QUANTITY)
        buffer_printf(out, "%.2f", (double)rows_int64(rows, column) / 1e6);
    else
        buffer_printf(out, "%.4f", rows_double(rows, column));
}

static code ask(struct scope *scope, const struct metric_query *query, struct buffer *out) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text currency;

    TRY(metric_run(scope, query, &rows, &currency));
    while (rows_next(rows)) {
        size_t column = 0;

        for (size_t i = 0; i < query->dimension_count; i++)
            for (size_t k = 0; k < dimension_width(query->dimensions[i]); k++, column++) {
                buffer_add_text(out,
                                dimension_text(&scope->arena, query->dimensions[i], rows, column));
                buffer_add_char(out, '|');
            }
        for (size_t i = 0; i < query->metric_count; i++, column++) {
            add_cell(out, query->metrics[i], rows, column);
            buffer_add_char(out, i + 1 < query->metric_count ? '|' : '\n');
        }
    }
    return rows_end(rows);
}

// The rows of a query as text. Lists are separated by commas; NULL: none.
static const char *values(struct scope *scope, const char *metric_names, const char *by,
                          const char *filter) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct metric_query query = {0};
    struct text rest = text_of(metric_names);

    do
        CHECK_OK(metric_query_add(scope, &query, text_split(rest, ',', &rest)));
    while (rest.data);
    for (rest = text_of(by); rest.data;)
        CHECK_OK(metric_query_by(scope, &query, text_split(rest, ',', &rest)));
    if (filter)
        CHECK_OK(selection_add_filter(scope, &query.selection, text_of(filter)));
    CHECK_OK(ask(scope, &query, &out));
    return text_string(&scope->arena, buffer_text(&out));
}

TEST(revenue_deducts_refunds_and_divides_by_month_of_the_business_zone) {
    make_ledger(scope);
    // Sale 2 is sold at 22:59 UTC of January 31, sale 3 at 23:00 UTC: February in Berlin.
    CHECK_STRING(values(scope, "revenue_gross,receipts,refund_receipts,sale_lines", "month", NULL),
                 "2011-01|170.00|2|0|3\n"
                 "2011-02|10.00|3|1|3\n");
    CHECK_STRING(
        values(scope, "revenue_gross,sales_gross,refunds_gross,discount,units", NULL, NULL),
        "180.00|230.00|50.00|10.00|8.00\n");
    CHECK_STRING(values(scope, "revenue_gross", "week,weekday", "kind=refund"),
                 "2011-W06|Thursday|-50.00\n");
}

TEST(customers_are_counted_after_joining_and_new_ones_once) {
    make_ledger(scope);
    CHECK_STRING(values(scope, "customers,customers_new,customers_returning", "month", NULL),
                 "2011-01|1|1|0\n"
                 "2011-02|2|1|1\n");
    CHECK_STRING(values(scope, "customers,customers_new,customers_returning", NULL, NULL),
                 "2|2|0\n");
    // In the web shop 10 is no new customer: the first document was in the store.
    CHECK_STRING(values(scope, "customers,customers_new", "channel", "channel=web"), "web|2|1\n");
    CHECK_STRING(
        values(scope, "revenue_per_customer,receipts_per_customer,anonymous_share", NULL, NULL),
        "65.00|2.0000|0.2778\n"); // 130 / 2, 4 / 2, 50 / 180
}

TEST(baskets_are_of_sales_alone) {
    make_ledger(scope);
    CHECK_STRING(values(scope, "basket_value,basket_units,basket_lines,price_per_unit", NULL, NULL),
                 "57.50|2.25|1.2500|25.56\n"); // 230 / 4, 9 / 4, 5 / 4, 230 / 9
    CHECK_STRING(values(scope, "basket_value,refund_rate", "kind", NULL), "sale|57.50|0.0000\n"
                                                                          "refund|-|-\n");
}

TEST(names_stand_beside_codes_and_what_is_not_stated_comes_as_a_row) {
    make_ledger(scope);
    CHECK_STRING(values(scope, "revenue_gross", "store", NULL), "S1|Store 1|120.00\n"
                                                                "S2|Store 2|60.00\n");
    CHECK_STRING(values(scope, "revenue_gross", "product,category", "customer=known"),
                 "P1|Product 1|C1|50.00\n"
                 "P2|Product 2|C2|40.00\n"
                 "P3|Product 3||40.00\n");
    CHECK_STRING(values(scope, "revenue_gross", "country", "country!=France"), "Spain|70.00\n"
                                                                               "|40.00\n");
    CHECK_STRING(values(scope, "revenue_gross,vat", "vat_rate", NULL), "20|100.00|16.67\n"
                                                                       "10|40.00|3.64\n"
                                                                       "|40.00|0.00\n");
}

TEST(filters_on_lines_leave_the_other_lines_out) {
    make_ledger(scope);
    CHECK_STRING(values(scope, "revenue_gross,receipts", NULL, "product=P2"), "40.00|2\n");
    CHECK_STRING(values(scope, "revenue_gross,receipts", NULL, "quantity>1"), "140.00|2\n");
    CHECK_STRING(values(scope, "revenue_gross,receipts", NULL, "category="), "40.00|1\n");
    CHECK_STRING(values(scope, "revenue_gross,receipts", NULL, "cashier!=K3"), "120.00|3\n");
}

TEST(codes_that_nothing_has_are_refused) {
    struct selection selection = {0};

    make_ledger(scope);
    CHECK_CODE(selection_add_filter(scope, &selection, TEXT("store=S99")), NOT_FOUND);
    CHECK(strstr(scope->failure.message, "S99") != NULL);
}

TEST(orders_and_limits_hold_and_ties_have_an_order_of_their_own) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct metric_query query = {.limit = 2};

    make_ledger(scope);
    CHECK_STRING(values(scope, "receipts", "cashier", NULL),
                 "K1|Cashier 1|2\nK3|Cashier 3|2\nK2|Cashier 2|1\n");
    CHECK_OK(metric_query_add(scope, &query, TEXT("receipts")));
    CHECK_OK(metric_query_by(scope, &query, TEXT("cashier")));
    CHECK_OK(metric_query_order(scope, &query, TEXT("cashier:desc")));
    CHECK_OK(ask(scope, &query, &out));
    CHECK_TEXT(buffer_text(&out), "K3|Cashier 3|2\nK2|Cashier 2|1\n");
}

TEST(amounts_of_several_currencies_are_not_added_up) {
    static const struct test_line lines[] = {
        {.sale = 1, .kind = TEST_SALE, .at = "2011-01-05", .quantity = 1, .price = 10},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-01-06",
         .quantity = 1,
         .price = 7,
         .currency = "GBP"},
    };
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct metric_query query = {0};

    test_store(scope);
    test_sales(scope, lines, 2);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(metric_query_add(scope, &query, TEXT("revenue_gross")));
    CHECK_CODE(ask(scope, &query, &out), INVALID);
    CHECK(strstr(scope->failure.message, "EUR, GBP") != NULL);
    CHECK(strstr(scope->failure.hint, "--by currency") != NULL);
    scope_forgive(scope);
    CHECK_STRING(values(scope, "receipts", NULL, NULL), "2\n");
    CHECK_STRING(values(scope, "revenue_gross", "currency", NULL), "EUR|10.00\nGBP|7.00\n");
    CHECK_STRING(values(scope, "revenue_gross", NULL, "currency=GBP"), "7.00\n");
    query.selection = (struct selection){.has_to = true, .to_day = day_from_civil(2011, 1, 5)};
    CHECK_OK(ask(scope, &query, &out));
    CHECK_TEXT(buffer_text(&out), "10.00\n");
}

TEST(a_store_without_sales_has_zeros_and_no_rows) {
    test_store(scope);
    CHECK_STRING(values(scope, "revenue_gross,receipts,basket_value,customers", NULL, NULL),
                 "0.00|0|-|0\n");
    CHECK_STRING(values(scope, "revenue_gross", "month", NULL), "");
}
