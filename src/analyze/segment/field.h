// SPDX-License-Identifier: Apache-2.0
// What conditions can speak of: one table per type of clause. It drives the reading of trees, the
// compiler, the listing of fields for builders, and the words in which a tree is shown.
#pragma once

#include "base/text.h"

enum clause_type {
    CLAUSE_ATTRIBUTE,
    CLAUSE_SALES,
    CLAUSE_RFM,
    CLAUSE_EVENT,
    CLAUSE_CONSENT,
    CLAUSE_SEGMENT,
    CLAUSE_TYPE_COUNT
};
const char *clause_type_name(enum clause_type type); // "attribute", also the member that begins it

enum comparison {
    COMPARE_IS,
    COMPARE_IS_NOT,
    COMPARE_IN,
    COMPARE_NOT_IN,
    COMPARE_CONTAINS,
    COMPARE_STARTS_WITH,
    COMPARE_IS_KNOWN,
    COMPARE_IS_UNKNOWN,
    COMPARE_AT_LEAST,
    COMPARE_AT_MOST,
    COMPARE_MORE,
    COMPARE_LESS,
    COMPARE_GRANTED,
    COMPARE_NOT_GRANTED,
    COMPARISON_COUNT
};
const char *comparison_name(enum comparison comparison); // ">="
bool comparison_parse(struct text name, enum comparison *ret_comparison);
// is_known, granted and their opposites compare with nothing.
bool comparison_takes_value(enum comparison comparison);
bool comparison_takes_list(enum comparison comparison);

enum value_type {
    VALUE_TEXT,
    VALUE_BOOL,
    VALUE_DAY,
    VALUE_COUNT,
    VALUE_MONEY,    // decimal units in JSON, micros within
    VALUE_QUANTITY, // the same
    VALUE_DAYS,     // how many days ago
    VALUE_SCORE,    // 1 to 5
    VALUE_GROUP,    // the name of an RFM group
    VALUE_MEMBER,   // of a customer's attributes: a text, a number or a bool
    VALUE_CONSENT,
    VALUE_SEGMENT,
    VALUE_TYPE_COUNT
};
const char *value_type_name(enum value_type type);     // "money"
const char *value_type_expected(enum value_type type); // "an amount in decimal units"
// Bits 1 << enum comparison.
unsigned value_type_comparisons(enum value_type type);

// The aggregates of sales clauses.
enum measure {
    MEASURE_NONE,
    MEASURE_COUNT,
    MEASURE_SUM_GROSS,
    MEASURE_SUM_NET,
    MEASURE_QUANTITY,
    MEASURE_AVERAGE_RECEIPT,
    MEASURE_DAYS_SINCE_LAST,
    MEASURE_DAYS_SINCE_FIRST,
    MEASURE_FIRST_ON,
    MEASURE_LAST_ON,
    MEASURE_DISTINCT_PRODUCTS,
};

// To add an attribute: a row in field.c and a line in docs/segments.md. To add a measure of sales:
// a value above, a row in field.c, its expression in aggregate.c, a line in docs/segments.md, its
// plain computation in segment_property_test.c.
struct segment_field {
    enum clause_type clause;
    const char *name;
    enum value_type type;
    const char *definition;
    const char *column;   // of the lake's customer, or of the scores; attributes and RFM only
    enum measure measure; // sales only
    bool zero_without;    // customers without a matching fact count as 0; otherwise as unknown
    int estimated_by;     // an attribute of analysis_score: enum analysis_kind; 0: of the customer
};
extern const struct segment_field segment_fields[];
extern const size_t segment_field_count;

// "attributes." followed by a member's name stands for the field named "attributes.*". NULL when
// there is none.
const struct segment_field *segment_field_find(enum clause_type clause, struct text name);
// The nearest name when the given one is mistyped; NULL when none is near.
const char *segment_field_nearest(enum clause_type clause, struct text name);

// What the `where` of a clause over sales or events may restrict.
enum restriction {
    RESTRICT_PRODUCT, // code; this and the two below make a clause over sales ask lines
    RESTRICT_CATEGORY,
    RESTRICT_COUPON,
    RESTRICT_STORE, // code
    RESTRICT_CHANNEL,
    RESTRICT_COUNTRY,
    RESTRICT_KIND, // sale, refund, adjustment
    RESTRICTION_COUNT
};
struct segment_restriction {
    const char *name;
    const char *definition;
    bool of_lines;
    bool of_events;     // of sales all are
    const char *column; // of the facts, or of the table below
    const char *table;  // product or store, matched beforehand; NULL: the facts themselves
};
extern const struct segment_restriction segment_restrictions[RESTRICTION_COUNT];
