// SPDX-License-Identifier: Apache-2.0
// The registry. Expressions are aggregates over the facts of a group; `fact` is a document where
// the sale's own columns suffice and a line otherwise, and both must say the same of the same
// selection.
#include "analyze/metric/metric.h"

#include <inttypes.h>
#include <stdio.h>

#define MICROS(aggregate)         "CAST(coalesce(" aggregate ", 0) AS BIGINT)"
#define OF_KIND(name)             " FILTER (WHERE fact.kind = '" name "')"
#define SUM(column)               MICROS("sum(fact." column ")")
#define SUM_OF_KIND(column, name) MICROS("sum(fact." column ")" OF_KIND(name))
#define BOTH(expression)                                                                           \
    { .on_sale = (expression), .on_line = (expression) }
#define WITH_CUSTOMER(expression)                                                                  \
    { .on_sale = (expression), .on_line = (expression), .needs = NEED_CUSTOMER }
#define WITH_FIRST(expression)                                                                     \
    { .on_sale = (expression), .on_line = (expression), .needs = NEED_CUSTOMER | NEED_FIRST }
#define LINES(expression)                                                                          \
    { .on_line = (expression) }

#define SALE_DOCUMENTS_OF_LINES "count(DISTINCT fact.sale_id)" OF_KIND("sale")
#define CUSTOMERS               "count(DISTINCT " FACT_CUSTOMER ")"
#define NEW_CUSTOMERS                                                                              \
    "count(DISTINCT " FACT_CUSTOMER ") FILTER (WHERE fact.sold_at_us = first_document.at_us)"
// NULL when the divisor is 0. Both are whole numbers first: the quotient is the same to the last
// digit whichever way the sums were added up.
#define DIVIDE(dividend, divisor) "CAST(" dividend " AS DOUBLE PRECISION) / nullif(" divisor ", 0)"
// Averages of money and quantities, to the hundredth.
#define HUNDREDTHS(quotient)             "CAST(round((" quotient ") / 10000) AS BIGINT) * 10000"
#define DIVIDE_MICROS(dividend, divisor) HUNDREDTHS(DIVIDE(dividend, divisor))

const struct metric metrics[] = {
    {"revenue_gross", "Revenue, gross", METRIC_MONEY, "currency",
     "What was sold including VAT, refunds and adjustments deducted.", BOTH(SUM("gross_micros"))},
    {"revenue_net", "Revenue, net", METRIC_MONEY, "currency",
     "What was sold without VAT, refunds and adjustments deducted.", BOTH(SUM("net_micros"))},
    {"vat", "VAT", METRIC_MONEY, "currency",
     "The value added tax contained in the gross revenue, that of refunds deducted.",
     BOTH(SUM("vat_micros"))},
    {"sales_gross", "Sales, gross", METRIC_MONEY, "currency",
     "The gross amount of documents that are sales, before refunds and adjustments.",
     BOTH(SUM_OF_KIND("gross_micros", "sale"))},
    {"refunds_gross", "Refunds, gross", METRIC_MONEY, "currency",
     "The gross amount of refunds, written as a positive number when money was given back.",
     BOTH(MICROS("-sum(fact.gross_micros)" OF_KIND("refund")))},
    {"refund_rate", "Refund rate", METRIC_SHARE, "of sales, gross",
     "The gross amount of refunds divided by that of sales.",
     BOTH(DIVIDE(MICROS("-sum(fact.gross_micros)" OF_KIND("refund")),
                 SUM_OF_KIND("gross_micros", "sale")))},
    {"discount", "Discount", METRIC_MONEY, "currency",
     "Discounts given on the lines, those of refunds deducted.", BOTH(SUM("discount_micros"))},
    {"receipts",
     "Receipts",
     METRIC_COUNT,
     "documents",
     "Documents of all kinds: sales, refunds and adjustments.",
     {.on_sale = "count(*)", .on_line = "count(DISTINCT fact.sale_id)"}},
    {"sale_receipts",
     "Sale receipts",
     METRIC_COUNT,
     "documents",
     "Documents that are sales.",
     {.on_sale = "count(*)" OF_KIND("sale"), .on_line = SALE_DOCUMENTS_OF_LINES}},
    {"refund_receipts",
     "Refund receipts",
     METRIC_COUNT,
     "documents",
     "Documents that are refunds.",
     {.on_sale = "count(*)" OF_KIND("refund"),
      .on_line = "count(DISTINCT fact.sale_id)" OF_KIND("refund")}},
    {"sale_lines",
     "Lines",
     METRIC_COUNT,
     "lines",
     "Lines of documents of all kinds.",
     {.on_sale = MICROS("sum(fact.line_count)"), .on_line = "count(*)"}},
    {"units", "Units", METRIC_QUANTITY, "units",
     "The quantity sold, refunds and adjustments deducted.", LINES(SUM("quantity_micros"))},
    {"products", "Products", METRIC_COUNT, "products", "Different products on the lines.",
     LINES("count(DISTINCT fact.product_id)")},
    {"basket_value",
     "Basket value",
     METRIC_MONEY,
     "currency",
     "The gross amount of sales divided by the number of documents that are sales, to the cent.",
     {.on_sale = DIVIDE_MICROS(SUM_OF_KIND("gross_micros", "sale"), "count(*)" OF_KIND("sale")),
      .on_line = DIVIDE_MICROS(SUM_OF_KIND("gross_micros", "sale"), SALE_DOCUMENTS_OF_LINES)}},
    {"basket_units", "Basket units", METRIC_QUANTITY, "units",
     "The quantity on sales divided by the number of documents that are sales, to the hundredth.",
     LINES(DIVIDE_MICROS(SUM_OF_KIND("quantity_micros", "sale"), SALE_DOCUMENTS_OF_LINES))},
    {"basket_lines",
     "Basket lines",
     METRIC_NUMBER,
     "lines",
     "Lines of sales divided by the number of documents that are sales.",
     {.on_sale = DIVIDE(SUM_OF_KIND("line_count", "sale"), "count(*)" OF_KIND("sale")),
      .on_line = DIVIDE("count(*)" OF_KIND("sale"), SALE_DOCUMENTS_OF_LINES)}},
    {"price_per_unit", "Price per unit", METRIC_MONEY, "currency",
     "The gross amount of sales divided by the quantity on them, to the hundredth of a cent.",
     LINES("CAST(round(10000 * (" DIVIDE(
         SUM_OF_KIND("gross_micros", "sale"),
         SUM_OF_KIND("quantity_micros", "sale")) ")) AS BIGINT) * 100")},
    {"customers", "Customers", METRIC_COUNT, "customers",
     "Different known customers with at least one document of any kind.", WITH_CUSTOMER(CUSTOMERS)},
    {"customers_new", "New customers", METRIC_COUNT, "customers",
     "Customers whose very first document is among those counted.", WITH_FIRST(NEW_CUSTOMERS)},
    {"customers_returning", "Returning customers", METRIC_COUNT, "customers",
     "Customers whose very first document is not among those counted: customers less new ones.",
     WITH_FIRST(CUSTOMERS " - " NEW_CUSTOMERS)},
    {"revenue_per_customer", "Revenue per customer", METRIC_MONEY, "currency",
     "The gross revenue with known customers divided by their number, to the cent.",
     WITH_CUSTOMER(DIVIDE_MICROS(
         MICROS("sum(fact.gross_micros) FILTER (WHERE fact.origin IS NOT NULL)"), CUSTOMERS))},
    {"receipts_per_customer",
     "Receipts per customer",
     METRIC_NUMBER,
     "documents",
     "Documents of known customers divided by the number of these customers.",
     {.on_sale = DIVIDE("count(fact.origin)", CUSTOMERS),
      .on_line =
          DIVIDE("count(DISTINCT fact.sale_id) FILTER (WHERE fact.origin IS NOT NULL)", CUSTOMERS),
      .needs = NEED_CUSTOMER}},
    {"anonymous_share", "Anonymous share", METRIC_SHARE, "of revenue, gross",
     "The part of the gross revenue that belongs to no known customer.",
     BOTH(DIVIDE(MICROS("sum(fact.gross_micros) FILTER (WHERE fact.origin IS NULL)"),
                 SUM("gross_micros")))},
};
const size_t metric_count = sizeof(metrics) / sizeof(*metrics);

#define PERIOD(word) BOTH("date_trunc('" word "', fact.sold_on)")
#define SALE_COLUMN(name)                                                                          \
    { .on_sale = "fact." name, .on_line = "document." name, .needs = NEED_DOCUMENT }

// To add one: a row here, its value in metric_test.c and a line in docs/metrics.md.
const struct dimension dimensions[] = {
    {"day", "Day", DIMENSION_DAY, BOTH("fact.sold_on"), "business day, in the business time zone"},
    {"week", "Week", DIMENSION_WEEK, PERIOD("week"), "ISO 8601 week, from Monday"},
    {"month", "Month", DIMENSION_MONTH, PERIOD("month"), "calendar month"},
    {"quarter", "Quarter", DIMENSION_QUARTER, PERIOD("quarter"), "calendar quarter"},
    {"year", "Year", DIMENSION_YEAR, PERIOD("year"), "calendar year"},
    {"weekday", "Weekday", DIMENSION_WEEKDAY,
     BOTH("CAST(extract(isodow FROM fact.sold_on) AS INTEGER)"), "day of the week"},
    {"hour", "Hour", DIMENSION_HOUR,
     BOTH("CAST(extract(hour FROM to_timestamp(fact.sold_at_us / 1000000.0)"
          " AT TIME ZONE (SELECT zone FROM lake_state)) AS INTEGER)"),
     "hour of the day, in the business time zone"},
    {"country", "Country", DIMENSION_TEXT, BOTH("fact.country"), "as the source writes it"},
    {"store", "Store", DIMENSION_STORE, BOTH("fact.store_id"), "where it was sold"},
    {"cashier", "Cashier", DIMENSION_CASHIER, BOTH("fact.cashier_id"), "who sold it"},
    {"till", "Till", DIMENSION_TEXT, SALE_COLUMN("till"), "the till within the store"},
    {"product", "Product", DIMENSION_PRODUCT, LINES("fact.product_id"), "the article sold"},
    {"category",
     "Category",
     DIMENSION_TEXT,
     {.on_line = "product.category", .needs = NEED_PRODUCT},
     "category of the product"},
    {"brand",
     "Brand",
     DIMENSION_TEXT,
     {.on_line = "product.brand", .needs = NEED_PRODUCT},
     "brand of the product"},
    {"channel", "Channel", DIMENSION_TEXT, BOTH("fact.channel"), "store, web, …"},
    {"vat_rate", "VAT rate", DIMENSION_RATE, LINES("fact.vat_rate_bp"), "percent"},
    {"coupon", "Coupon", DIMENSION_TEXT, LINES("fact.coupon"), "redeemed on the line"},
    {"currency", "Currency", DIMENSION_TEXT, BOTH("fact.currency"), "ISO 4217"},
    {"kind", "Kind", DIMENSION_TEXT, BOTH("fact.kind"), "sale, refund or adjustment"},
    {"payment", "Payment", DIMENSION_TEXT, SALE_COLUMN("payment"), "tender"},
    {"source", "Source", DIMENSION_TEXT, SALE_COLUMN("source"), "where the receipt comes from"},
};
const size_t dimension_count = sizeof(dimensions) / sizeof(*dimensions);

// ---- finding ----

code metric_find(struct scope *scope, struct text name, const struct metric **ret_metric) {
    char names[400] = "";
    size_t used = 0;

    for (size_t i = 0; i < metric_count; i++) {
        if (text_is(name, metrics[i].name)) {
            *ret_metric = &metrics[i];
            return OK;
        }
        if (used < sizeof(names))
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "",
                                     metrics[i].name);
    }
    scope_fail_field(scope, NOT_FOUND, "metric", "metric \"%.*s\" does not exist", TEXT_ARG(name));
    return scope_hint(scope, "metrics are: %s", names);
}

code dimension_find(struct scope *scope, struct text name, const struct dimension **ret_dimension) {
    char names[400] = "";
    size_t used = 0;

    for (size_t i = 0; i < dimension_count; i++) {
        if (text_is(name, dimensions[i].name)) {
            *ret_dimension = &dimensions[i];
            return OK;
        }
        if (used < sizeof(names))
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "",
                                     dimensions[i].name);
    }
    scope_fail_field(scope, INVALID, "by", "dimension \"%.*s\" does not exist", TEXT_ARG(name));
    return scope_hint(scope, "dimensions are: %s", names);
}

bool dimension_is_time(const struct dimension *dimension) {
    return dimension->type >= DIMENSION_DAY && dimension->type <= DIMENSION_HOUR;
}

size_t dimension_width(const struct dimension *dimension) {
    return dimension->type >= DIMENSION_STORE && dimension->type <= DIMENSION_PRODUCT ? 2 : 1;
}

// ---- values as text ----

// The year and number of an ISO 8601 week are those of its Thursday.
static struct text week_text(struct arena *arena, int32_t monday) {
    int year, month, day;

    day_to_civil(monday + 3, &year, &month, &day);
    return text_printf(arena, "%04d-W%02d", year,
                       (monday + 3 - day_from_civil(year, 1, 1)) / 7 + 1);
}

static struct text period_text(struct arena *arena, enum dimension_type type, int32_t first_day) {
    int year, month, day;

    if (type == DIMENSION_WEEK)
        return week_text(arena, first_day);
    day_to_civil(first_day, &year, &month, &day);
    if (type == DIMENSION_MONTH)
        return text_printf(arena, "%04d-%02d", year, month);
    if (type == DIMENSION_QUARTER)
        return text_printf(arena, "%04d-Q%d", year, (month + 2) / 3);
    if (type == DIMENSION_YEAR)
        return text_printf(arena, "%04d", year);
    return text_printf(arena, "%04d-%02d-%02d", year, month, day);
}

static struct text rate_text(struct arena *arena, int64_t rate_bp) {
    if (rate_bp % 100 == 0)
        return text_printf(arena, "%" PRId64, rate_bp / 100);
    if (rate_bp % 10 == 0)
        return text_printf(arena, "%" PRId64 ".%" PRId64, rate_bp / 100, rate_bp % 100 / 10);
    return text_printf(arena, "%" PRId64 ".%02" PRId64, rate_bp / 100, rate_bp % 100);
}

struct text dimension_text(struct arena *arena, const struct dimension *dimension,
                           const struct rows *rows, size_t column) {
    static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};

    if (rows_is_null(rows, column))
        return (struct text){0};
    switch (dimension->type) {
    case DIMENSION_DAY:
    case DIMENSION_WEEK:
    case DIMENSION_MONTH:
    case DIMENSION_QUARTER:
    case DIMENSION_YEAR:
        return period_text(arena, dimension->type, (int32_t)rows_int64(rows, column));
    case DIMENSION_WEEKDAY:
        return text_of(weekdays[(rows_int64(rows, column) - 1) % 7]);
    case DIMENSION_HOUR:
        return text_printf(arena, "%02" PRId64 ":00", rows_int64(rows, column));
    case DIMENSION_RATE:
        return rate_text(arena, rows_int64(rows, column));
    case DIMENSION_TEXT:
    case DIMENSION_STORE:
    case DIMENSION_CASHIER:
    case DIMENSION_PRODUCT:
        break;
    }
    return text_copy(arena, rows_text(rows, column));
}
