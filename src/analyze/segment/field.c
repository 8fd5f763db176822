// SPDX-License-Identifier: Apache-2.0
#include "analyze/segment/field.h"

#include "analyze/run/run.h"
#include "base/nearest.h"

static const char *const clause_type_names[CLAUSE_TYPE_COUNT] = {
    [CLAUSE_ATTRIBUTE] = "attribute", [CLAUSE_SALES] = "sales",     [CLAUSE_RFM] = "rfm",
    [CLAUSE_EVENT] = "event",         [CLAUSE_CONSENT] = "consent", [CLAUSE_SEGMENT] = "segment",
};

static const char *const comparison_names[COMPARISON_COUNT] = {
    [COMPARE_IS] = "is",
    [COMPARE_IS_NOT] = "is_not",
    [COMPARE_IN] = "in",
    [COMPARE_NOT_IN] = "not_in",
    [COMPARE_CONTAINS] = "contains",
    [COMPARE_STARTS_WITH] = "starts_with",
    [COMPARE_IS_KNOWN] = "is_known",
    [COMPARE_IS_UNKNOWN] = "is_unknown",
    [COMPARE_AT_LEAST] = ">=",
    [COMPARE_AT_MOST] = "<=",
    [COMPARE_MORE] = ">",
    [COMPARE_LESS] = "<",
    [COMPARE_GRANTED] = "granted",
    [COMPARE_NOT_GRANTED] = "not_granted",
};

#define BIT(comparison) (1u << (comparison))
enum {
    ORDERED = BIT(COMPARE_AT_LEAST) | BIT(COMPARE_AT_MOST) | BIT(COMPARE_MORE) | BIT(COMPARE_LESS),
    KNOWN = BIT(COMPARE_IS_KNOWN) | BIT(COMPARE_IS_UNKNOWN),
    LISTED = BIT(COMPARE_IN) | BIT(COMPARE_NOT_IN),
    TEXTUAL = BIT(COMPARE_IS) | BIT(COMPARE_IS_NOT) | LISTED | BIT(COMPARE_CONTAINS) |
              BIT(COMPARE_STARTS_WITH) | KNOWN,
};

static const struct {
    const char *name, *expected;
    unsigned comparisons;
} value_types[VALUE_TYPE_COUNT] = {
    [VALUE_TEXT] = {"text", "a text", TEXTUAL},
    [VALUE_BOOL] = {"bool", "true or false", BIT(COMPARE_IS) | BIT(COMPARE_IS_NOT)},
    [VALUE_DAY] = {"day", "a day as \"2011-12-09\"", BIT(COMPARE_IS) | ORDERED | KNOWN},
    [VALUE_COUNT] = {"count", "a whole number from 0", BIT(COMPARE_IS) | ORDERED},
    [VALUE_MONEY] = {"money", "an amount in decimal units", BIT(COMPARE_IS) | ORDERED},
    [VALUE_QUANTITY] = {"quantity", "a number", BIT(COMPARE_IS) | ORDERED},
    [VALUE_DAYS] = {"days", "a number of days from 0 to 100000", BIT(COMPARE_IS) | ORDERED},
    [VALUE_SCORE] = {"score", "a score from 1 to 5", BIT(COMPARE_IS) | ORDERED},
    [VALUE_GROUP] = {"group", "the name of an RFM group, as \"Champions\"",
                     BIT(COMPARE_IS) | BIT(COMPARE_IS_NOT) | LISTED},
    [VALUE_MEMBER] = {"text or number", "a text or a number", TEXTUAL | ORDERED},
    [VALUE_CONSENT] = {"consent", "nothing", BIT(COMPARE_GRANTED) | BIT(COMPARE_NOT_GRANTED)},
    [VALUE_SEGMENT] = {"segment", "nothing", LISTED},
};

// clang-format off
#define ATTRIBUTE(name, type, definition)                                                          \
    {CLAUSE_ATTRIBUTE, #name, type, definition, #name, MEASURE_NONE, false, 0}
#define SALES(name, type, measure, zero_without, definition)                                       \
    {CLAUSE_SALES, name, type, definition, NULL, measure, zero_without, 0}

const struct segment_field segment_fields[] = {
    ATTRIBUTE(number, VALUE_TEXT, "customer number; of several the first in bytewise order"),
    ATTRIBUTE(name, VALUE_TEXT, "full name"),
    ATTRIBUTE(given_name, VALUE_TEXT, "given name"),
    ATTRIBUTE(family_name, VALUE_TEXT, "family name"),
    ATTRIBUTE(company, VALUE_TEXT, "company"),
    ATTRIBUTE(birth_on, VALUE_DAY, "day of birth"),
    ATTRIBUTE(gender, VALUE_TEXT, "gender, as the source writes it"),
    ATTRIBUTE(language, VALUE_TEXT, "language, as the source writes it"),
    ATTRIBUTE(street, VALUE_TEXT, "street and number"),
    ATTRIBUTE(postal_code, VALUE_TEXT, "postal code"),
    ATTRIBUTE(city, VALUE_TEXT, "city"),
    ATTRIBUTE(region, VALUE_TEXT, "region"),
    ATTRIBUTE(country, VALUE_TEXT, "country, as the source writes it"),
    ATTRIBUTE(has_email, VALUE_BOOL, "an e-mail address is known"),
    ATTRIBUTE(has_phone, VALUE_BOOL, "a phone number is known"),
    ATTRIBUTE(has_card, VALUE_BOOL, "a loyalty card is known"),
    {CLAUSE_ATTRIBUTE, "created_on", VALUE_DAY, "day on which the customer became known here",
     "created_at_us", MEASURE_NONE, false, 0},
    {CLAUSE_ATTRIBUTE, "alive", VALUE_QUANTITY,
     "probability from 0 to 1 of still being a customer, as last estimated", "value_1",
     MEASURE_NONE, false, ANALYSIS_LIFETIME_VALUE},
    {CLAUSE_ATTRIBUTE, "expected_purchases", VALUE_QUANTITY,
     "days of purchase within the horizon of the last estimate of lifetime values", "value_2",
     MEASURE_NONE, false, ANALYSIS_LIFETIME_VALUE},
    {CLAUSE_ATTRIBUTE, "lifetime_value", VALUE_MONEY,
     "discounted value within the horizon of the last estimate of lifetime values", "value_4",
     MEASURE_NONE, false, ANALYSIS_LIFETIME_VALUE},
    {CLAUSE_ATTRIBUTE, "churn_probability", VALUE_QUANTITY,
     "probability from 0 to 1 of leaving within the horizon of the last estimate of churn",
     "value_1", MEASURE_NONE, false, ANALYSIS_CHURN},
    {CLAUSE_ATTRIBUTE, "persona", VALUE_QUANTITY,
     "number of the persona that the last run put the customer in", "value_1", MEASURE_NONE, false,
     ANALYSIS_PERSONA},
    {CLAUSE_ATTRIBUTE, "persona_before", VALUE_QUANTITY,
     "number of the persona at the earlier day of the last run", "value_3", MEASURE_NONE, false,
     ANALYSIS_PERSONA},
    {CLAUSE_ATTRIBUTE, "uplift", VALUE_QUANTITY,
     "how much the last test's treatment raises the chance of a response, from -1 to 1", "value_1",
     MEASURE_NONE, false, ANALYSIS_UPLIFT},
    {CLAUSE_ATTRIBUTE, "uplift_rank", VALUE_QUANTITY,
     "share of customers whom the last test's treatment moves as much or more, from 0 to 1",
     "value_2", MEASURE_NONE, false, ANALYSIS_UPLIFT},
    {CLAUSE_ATTRIBUTE, "attributes.*", VALUE_MEMBER, "any other attribute that a source delivered",
     "attributes", MEASURE_NONE, false, 0},

    SALES("count", VALUE_COUNT, MEASURE_COUNT, true,
          "receipts of kind sale"),
    SALES("sum_gross", VALUE_MONEY, MEASURE_SUM_GROSS, true,
          "amount including VAT, refunds and adjustments deducted"),
    SALES("sum_net", VALUE_MONEY, MEASURE_SUM_NET, true,
          "amount without VAT, refunds and adjustments deducted"),
    SALES("quantity", VALUE_QUANTITY, MEASURE_QUANTITY, true,
          "quantity, refunds and adjustments deducted"),
    SALES("average_receipt", VALUE_MONEY, MEASURE_AVERAGE_RECEIPT, false,
          "amount including VAT of receipts of kind sale, divided by their number"),
    SALES("days_since_last", VALUE_DAYS, MEASURE_DAYS_SINCE_LAST, false,
          "days since the last receipt of kind sale; 0 on its own day"),
    SALES("days_since_first", VALUE_DAYS, MEASURE_DAYS_SINCE_FIRST, false,
          "days since the first receipt of kind sale; 0 on its own day"),
    SALES("first_on", VALUE_DAY, MEASURE_FIRST_ON, false,
          "day of the first receipt of kind sale"),
    SALES("last_on", VALUE_DAY, MEASURE_LAST_ON, false,
          "day of the last receipt of kind sale"),
    SALES("distinct_products", VALUE_COUNT, MEASURE_DISTINCT_PRODUCTS, true,
          "different products on receipts of kind sale"),

    {CLAUSE_RFM, "group", VALUE_GROUP, "named group of the scores", "rfm_group", MEASURE_NONE,
     false, 0},
    {CLAUSE_RFM, "recency", VALUE_SCORE, "5: the fifth of the customers who bought last", "recency",
     MEASURE_NONE, false, 0},
    {CLAUSE_RFM, "frequency", VALUE_SCORE, "5: the fifth who bought most often", "frequency",
     MEASURE_NONE, false, 0},
    {CLAUSE_RFM, "monetary", VALUE_SCORE, "5: the fifth who bought for most", "monetary",
     MEASURE_NONE, false, 0},

    {CLAUSE_EVENT, "*", VALUE_COUNT, "events of this name", NULL, MEASURE_NONE, true, 0},
    {CLAUSE_CONSENT, "*", VALUE_CONSENT, "the latest fact for this purpose and channel", NULL,
     MEASURE_NONE, false, 0},
    {CLAUSE_SEGMENT, "*", VALUE_SEGMENT, "customers of another segment", NULL, MEASURE_NONE, false,
     0},
};
// clang-format on
const size_t segment_field_count = sizeof(segment_fields) / sizeof(*segment_fields);

const struct segment_restriction segment_restrictions[RESTRICTION_COUNT] = {
    [RESTRICT_PRODUCT] = {"product", "codes of products", true, true, "code", "product"},
    [RESTRICT_CATEGORY] = {"category", "categories of products", true, true, "category", "product"},
    [RESTRICT_COUPON] = {"coupon", "coupons on lines, and of events", true, true, "coupon", NULL},
    [RESTRICT_STORE] = {"store", "codes of stores", false, false, "code", "store"},
    [RESTRICT_CHANNEL] = {"channel", "channels", false, true, "channel", NULL},
    [RESTRICT_COUNTRY] = {"country", "countries of the sales", false, false, "country", NULL},
    [RESTRICT_KIND] = {"kind", "sale, refund, adjustment", false, false, "kind", NULL},
};

const char *clause_type_name(enum clause_type type) {
    return clause_type_names[type];
}

const char *comparison_name(enum comparison comparison) {
    return comparison_names[comparison];
}

bool comparison_parse(struct text name, enum comparison *ret_comparison) {
    for (int i = 0; i < COMPARISON_COUNT; i++)
        if (text_is(name, comparison_names[i])) {
            *ret_comparison = (enum comparison)i;
            return true;
        }
    return false;
}

bool comparison_takes_value(enum comparison comparison) {
    return comparison != COMPARE_IS_KNOWN && comparison != COMPARE_IS_UNKNOWN &&
           comparison != COMPARE_GRANTED && comparison != COMPARE_NOT_GRANTED;
}

bool comparison_takes_list(enum comparison comparison) {
    return comparison == COMPARE_IN || comparison == COMPARE_NOT_IN;
}

const char *value_type_name(enum value_type type) {
    return value_types[type].name;
}

const char *value_type_expected(enum value_type type) {
    return value_types[type].expected;
}

unsigned value_type_comparisons(enum value_type type) {
    return value_types[type].comparisons;
}

static bool names(const struct segment_field *field, struct text name) {
    const struct text prefix = TEXT("attributes.");

    if (field->type == VALUE_MEMBER)
        return name.size > prefix.size && text_starts_with(name, prefix);
    return field->name[0] == '*' || text_is(name, field->name);
}

const struct segment_field *segment_field_find(enum clause_type clause, struct text name) {
    for (size_t i = 0; i < segment_field_count; i++)
        if (segment_fields[i].clause == clause && names(&segment_fields[i], name))
            return &segment_fields[i];
    return NULL;
}

const char *segment_field_nearest(enum clause_type clause, struct text name) {
    const char *candidates[sizeof(segment_fields) / sizeof(*segment_fields)];
    size_t count = 0;

    for (size_t i = 0; i < segment_field_count; i++)
        if (segment_fields[i].clause == clause)
            candidates[count++] = segment_fields[i].name;
    return nearest(name, candidates, count);
}
