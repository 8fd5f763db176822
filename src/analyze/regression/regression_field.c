// SPDX-License-Identifier: Apache-2.0
// What can be asked about. Expressions are program text over the tables that regression_read.c
// joins: `fact` is the receipt or, of customers, what they bought in the period.
#include "analyze/regression/regression.h"

const char *const regression_units[] = {"receipts", "customers", NULL};

#define MONEY(expression) "CAST(" expression " AS DOUBLE PRECISION) / 1000000"
// Of what would have been paid without it.
#define DISCOUNT                                                                                   \
    "100 * CAST(fact.discount_micros AS DOUBLE PRECISION)"                                         \
    " / nullif(fact.gross_micros + fact.discount_micros, 0)"
#define OUTCOME true, false
#define DRIVER  false, true
#define BOTH    true, true

static const struct regression_field receipt_fields[] = {
    {"spend", "Spend", REGRESSION_AMOUNT, OUTCOME, MONEY("fact.gross_micros"), 0,
     "what the receipt comes to, gross"},
    {"lines", "Lines", REGRESSION_COUNT, BOTH, "CAST(fact.line_count AS DOUBLE PRECISION)", 0,
     "lines of the receipt"},
    {"items", "Items", REGRESSION_COUNT, BOTH, MONEY("lines.quantity_micros"),
     REGRESSION_NEEDS_LINES, "quantity of all lines"},
    {"discount", "Discount", REGRESSION_PERCENT, BOTH, DISCOUNT, 0,
     "share of the full price that was not asked for"},
    {"coupon", "Coupon", REGRESSION_YES_NO, DRIVER, "lines.has_coupon", REGRESSION_NEEDS_LINES,
     "whether a coupon was redeemed"},
    {"store", "Store", REGRESSION_TEXT, DRIVER, "coalesce(store.name, store.code)",
     REGRESSION_NEEDS_STORE, "where it was bought"},
    {"channel", "Channel", REGRESSION_TEXT, DRIVER, "fact.channel", 0, "how it was bought"},
    {"payment", "Payment", REGRESSION_TEXT, DRIVER, "fact.payment", 0, "how it was paid"},
    {"country", "Country", REGRESSION_TEXT, DRIVER, "fact.country", 0, "country of the receipt"},
    {"category", "Category", REGRESSION_TEXT, DRIVER, "main_category.category",
     REGRESSION_NEEDS_CATEGORY, "category of products that most was spent on"},
    {"weekday", "Weekday", REGRESSION_WEEKDAY, DRIVER,
     "CAST(extract(isodow FROM fact.sold_on) AS BIGINT)", 0, "day of the week"},
    {"hour", "Hour", REGRESSION_HOUR, DRIVER,
     "CAST(extract(hour FROM to_timestamp(fact.sold_at_us / 1000000.0)"
     " AT TIME ZONE (SELECT zone FROM lake_state)) AS BIGINT)",
     0, "hour of the day, in the business time zone"},
    {"month", "Month", REGRESSION_MONTH, DRIVER, "CAST(extract(month FROM fact.sold_on) AS BIGINT)",
     0, "month of the year"},
    {"known", "Known customer", REGRESSION_YES_NO, DRIVER,
     "CAST(CASE WHEN fact.origin IS NULL THEN 0 ELSE 1 END AS BIGINT)", 0,
     "whether the receipt names its customer"},
    {"tenure", "Days since first purchase", REGRESSION_DAYS, DRIVER, "history.tenure_days",
     REGRESSION_NEEDS_HISTORY, "of known customers; 0 on the first day"},
    {"visits", "Earlier receipts", REGRESSION_COUNT, DRIVER, "history.earlier_count",
     REGRESSION_NEEDS_HISTORY, "of known customers, before this one"},
    {"recency", "Days since last receipt", REGRESSION_DAYS, DRIVER, "history.gap_days",
     REGRESSION_NEEDS_HISTORY, "of known customers who came before"},
    {"first", "First purchase", REGRESSION_YES_NO, DRIVER,
     "CAST(CASE WHEN history.earlier_count > 0 THEN 0 WHEN history.earlier_count = 0 THEN 1 END AS"
     " BIGINT)",
     REGRESSION_NEEDS_HISTORY, "whether a known customer bought for the first time"},
};

static const struct regression_field customer_fields[] = {
    {"spend", "Spend", REGRESSION_AMOUNT, OUTCOME, MONEY("fact.gross_micros"), 0,
     "of all receipts in the period, gross"},
    {"spend_per_receipt", "Spend per receipt", REGRESSION_AMOUNT, OUTCOME,
     MONEY("fact.gross_micros") " / fact.receipt_count", 0, "mean of the receipts in the period"},
    {"receipts", "Receipts", REGRESSION_COUNT, BOTH, "CAST(fact.receipt_count AS DOUBLE PRECISION)",
     0, "visits in the period"},
    {"lines", "Lines per receipt", REGRESSION_COUNT, BOTH,
     "CAST(fact.line_count AS DOUBLE PRECISION) / fact.receipt_count", 0, "mean of the receipts"},
    {"discount", "Discount", REGRESSION_PERCENT, BOTH, DISCOUNT, 0,
     "share of the full price that was not asked for"},
    {"tenure", "Days since first purchase", REGRESSION_DAYS, DRIVER,
     "CAST(fact.tenure_days AS DOUBLE PRECISION)", 0,
     "from the first purchase ever to the last day of the period"},
    {"recency", "Days since last purchase", REGRESSION_DAYS, BOTH,
     "CAST(fact.recency_days AS DOUBLE PRECISION)", 0,
     "from the last purchase to the last day of the period"},
    {"store", "Usual store", REGRESSION_TEXT, DRIVER, "coalesce(store.name, store.code)",
     REGRESSION_NEEDS_USUAL, "where most receipts are from"},
    {"channel", "Usual channel", REGRESSION_TEXT, DRIVER, "usual.channel", REGRESSION_NEEDS_USUAL,
     "how most receipts came about"},
    {"gender", "Gender", REGRESSION_TEXT, DRIVER, "person.gender", REGRESSION_NEEDS_PERSON,
     "as the customer stated it"},
    {"age", "Age", REGRESSION_COUNT, DRIVER,
     "CAST(fact.last_year - extract(year FROM person.birth_on) AS DOUBLE PRECISION)",
     REGRESSION_NEEDS_PERSON, "in the last year of the period, of who stated a birthday"},
    {"country", "Country", REGRESSION_TEXT, DRIVER, "person.country", REGRESSION_NEEDS_PERSON,
     "of the customer's address"},
    {"region", "Region", REGRESSION_TEXT, DRIVER, "person.region", REGRESSION_NEEDS_PERSON,
     "of the customer's address"},
    {"language", "Language", REGRESSION_TEXT, DRIVER, "person.language", REGRESSION_NEEDS_PERSON,
     "of the customer"},
    {"email", "E-mail known", REGRESSION_YES_NO, DRIVER,
     "CAST(CASE WHEN person.has_email THEN 1 ELSE 0 END AS BIGINT)", REGRESSION_NEEDS_PERSON,
     "whether there is an address to write to"},
};

size_t regression_field_count(enum regression_unit unit) {
    return unit == REGRESSION_OF_RECEIPTS ? sizeof(receipt_fields) / sizeof(*receipt_fields)
                                          : sizeof(customer_fields) / sizeof(*customer_fields);
}

const struct regression_field *regression_field_at(enum regression_unit unit, size_t i) {
    return unit == REGRESSION_OF_RECEIPTS ? &receipt_fields[i] : &customer_fields[i];
}

bool regression_is_number(const struct regression_field *field) {
    return field->type <= REGRESSION_PERCENT;
}
