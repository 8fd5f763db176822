// SPDX-License-Identifier: Apache-2.0
// From a condition tree to one statement over the lake. Facts are read once per table: every clause
// about sales becomes an aggregate per customer in the same pass, equal clauses share one, and what
// all of them ask for restricts the scan. Values are bound; names come from tables.
#pragma once

#include "analyze/segment/tree.h"
#include "base/time.h"
#include "store/rows.h"

// When a tree is evaluated.
struct segment_moment {
    int32_t as_of_day;     // the last day that counts; windows of days end with it
    struct text zone_name; // the business zone, in which the lake's days are
    struct zone *zone;     // the same; for the days of attributes and consents
    bool has_aliases;      // the lake's alias has rows
};

enum segment_output {
    SEGMENT_OUTPUT_COUNT, // one row: the number of customers
    SEGMENT_OUTPUT_IDS,   // one column, ascending
    // One row for each of the customers given, in no order: id, then for each clause that is no
    // reference, in the order of segment_clauses, its fact and whether it holds.
    SEGMENT_OUTPUT_FACTS,
};

struct segment_query {
    const char *sql;
    struct binds binds;
};

// Everything lives in the scope's arena. `customers` are for SEGMENT_OUTPUT_FACTS only. Fails only
// for scores: INVALID when amounts of several currencies would be added up.
code segment_compile(struct scope *scope, const struct segment_node *tree,
                     const struct segment_moment *moment, enum segment_output output,
                     const int64_t *customers, size_t customer_count,
                     struct segment_query *ret_query);

// Which of these customers several trees hold of: one row for each of the customers that there are,
// in the order of their ids: the id, then for each tree whether it holds. The trees have no clauses
// of scores; at least one customer is given.
struct segment_query segment_compile_several(struct scope *scope,
                                             const struct segment_node *const *trees,
                                             size_t tree_count, const struct segment_moment *moment,
                                             const int64_t *customers, size_t customer_count);

// The clauses of a tree from left to right, those of other segments in their place, references
// themselves left out; returns their count, at most LIMIT_SEGMENT_CLAUSES.
size_t segment_clauses(const struct segment_node *tree, const struct segment_clause **clauses);
