// SPDX-License-Identifier: Apache-2.0
// Condition trees: a group of customers in JSON. The language is described in docs/segments.md.
//
//   node := {"all": [node, …]} | {"any": [node, …]} | {"not": node} | clause
//
//   {"attribute": "country", "operator": "in", "value": ["France", "Spain"]}
//   {"attribute": "attributes.income", "operator": ">=", "value": 50000}
//   {"sales": "sum_gross", "where": {"category": "Tea"}, "window": {"days": 90},
//    "operator": ">=", "value": 500}
//   {"rfm": "group", "filters": ["quantity>0"], "operator": "in", "value": ["Champions", "Loyal"]}
//   {"event": "newsletter.opened", "window": {"from": "2011-01-01"}, "operator": ">=", "value": 3}
//   {"consent": "newsletter", "channel": "email", "operator": "granted"}
//   {"segment": "regulars", "operator": "in"}
//
// An empty "all" is everybody. Every clause is true or false of a customer: a comparison with what
// is not known is false, "is_not" and "not_in" are the opposites of "is" and "in".
#pragma once

#include "analyze/metric/selection.h"
#include "analyze/segment/field.h"
#include "base/json.h"

enum {
    SEGMENT_DAYS_LARGEST = 100000, // of a window, and of days since a sale
    SEGMENT_NO_DAY = INT32_MIN,
};

enum node_kind { NODE_ALL, NODE_ANY, NODE_NOT, NODE_CLAUSE };

struct segment_value {
    enum { SEGMENT_VALUE_TEXT, SEGMENT_VALUE_INT64, SEGMENT_VALUE_NUMBER } type;
    struct text text;
    int64_t int64; // bool, day, count, micros, days
    double number; // of a member
};

struct segment_window {
    int32_t days;             // the days that end with the day of evaluation; 0: not given
    int32_t from_day, to_day; // both days count; SEGMENT_NO_DAY: open
};

struct segment_restricted {
    struct text *values; // one of them
    size_t count;        // 0: not restricted
};

struct segment_clause {
    enum clause_type type;
    const struct segment_field *field;
    struct text name;    // attribute or member, event, purpose, segment
    struct text channel; // of a consent
    enum comparison comparison;
    struct segment_value *values;
    size_t value_count;
    struct segment_restricted where[RESTRICTION_COUNT];
    struct segment_window window;
    struct selection *scored;     // of RFM: the filters; codes are not looked up yet
    struct segment_node *inlined; // of a segment: its tree
};

struct segment_node {
    enum node_kind kind;
    struct segment_node *first; // child of all, any, not
    struct segment_node *next;  // sibling
    const struct segment_clause *clause;
};

// Where the definitions of other segments come from.
struct segment_library {
    // *ret_definition is NULL when no segment has the name.
    code (*find)(struct segment_library *library, struct scope *scope, struct text name,
                 const struct json **ret_definition);
};

// The tree lives in the scope's arena and points into `json`. `name` is the segment's own, empty
// for a tree without one: a definition that leads back to it is refused. Trees of other segments
// are put in the places where they are named. INVALID and TOO_LARGE name the place in the failure's
// field: "all[2].where.kind".
code segment_tree_read(struct scope *scope, const struct json *json, struct text name,
                       struct segment_library *library, const struct segment_node **ret_tree);

// ---- in words ----

// `sum_gross of category "Tea" in the last 90 days`
void segment_write_subject(struct buffer *out, const struct segment_clause *clause);
// `>= 500`, `in "France", "Spain"`, `is known`
void segment_write_comparison(struct buffer *out, const struct segment_clause *clause);
// The whole tree, one clause per line.
void segment_write_tree(struct buffer *out, const struct segment_node *tree);
