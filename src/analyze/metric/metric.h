// SPDX-License-Identifier: Apache-2.0
// The one place where a number of the business is defined: its name, unit, one plain sentence and
// its SQL. Command line, API and web app read this registry, so that a number means the same
// everywhere. A query asks for metrics by dimensions over a selection; the compiler writes its SQL.
#pragma once

#include "analyze/metric/selection.h"

enum { METRIC_COLUMNS = 24, METRIC_DIMENSIONS = 6 };

enum metric_type {
    METRIC_MONEY,    // int64 micros of the currency
    METRIC_COUNT,    // int64
    METRIC_QUANTITY, // int64 micros
    METRIC_NUMBER,   // double
    METRIC_SHARE,    // double, 1 is the whole; NULL when there is no whole
};

// To add one: a row in metric.c, a plain computation in metric_test.c, a line in docs/metrics.md.
struct metric {
    const char *name;  // "revenue_gross"
    const char *label; // "Revenue, gross"
    enum metric_type type;
    const char *unit; // what is counted: "documents"; of money: "currency"
    const char *definition;
    struct fact_expression expression;
};

extern const struct metric metrics[];
extern const size_t metric_count;

enum dimension_type {
    DIMENSION_TEXT,
    DIMENSION_STORE, // these three: a code and a name
    DIMENSION_CASHIER,
    DIMENSION_PRODUCT,
    DIMENSION_DAY, // these five: first days of periods, in the business time zone
    DIMENSION_WEEK,
    DIMENSION_MONTH,
    DIMENSION_QUARTER,
    DIMENSION_YEAR,
    DIMENSION_WEEKDAY, // 1 Monday … 7 Sunday
    DIMENSION_HOUR,    // 0 … 23
    DIMENSION_RATE,    // basis points
};

struct dimension {
    const char *name;
    const char *label;
    enum dimension_type type;
    struct fact_expression expression;
    const char *definition;
};

extern const struct dimension dimensions[];
extern const size_t dimension_count;

// NOT_FOUND, with the names there are.
code metric_find(struct scope *scope, struct text name, const struct metric **ret_metric);
code dimension_find(struct scope *scope, struct text name, const struct dimension **ret_dimension);
bool dimension_is_time(const struct dimension *dimension);
// Columns in a result: 2 where there is a code and a name.
size_t dimension_width(const struct dimension *dimension);
// A dimension's value as people read it: "2010-12", "2010-W48", "Monday", "19", "UK0012". In the
// arena; data is NULL where the fact states none.
struct text dimension_text(struct arena *arena, const struct dimension *dimension,
                           const struct rows *rows, size_t column);

struct metric_query {
    const struct metric *metrics[METRIC_COLUMNS];
    size_t metric_count; // at least one
    const struct dimension *dimensions[METRIC_DIMENSIONS];
    size_t dimension_count;
    struct selection selection;
    // The default order: periods ascending, then the first metric descending, then the other
    // dimensions.
    const struct metric *order_metric; // NULL: the default
    const struct dimension *order_dimension;
    bool order_descending;
    int64_t limit;    // rows; 0: all
    bool count_lines; // ask the lines even when the documents would do; the answer is the same
};

code metric_query_add(struct scope *scope, struct metric_query *query, struct text name);
code metric_query_by(struct scope *scope, struct metric_query *query, struct text name);
// "receipts", "receipts:asc", "country:desc": one of the query's metrics (descending unless it says
// otherwise) or dimensions (ascending).
code metric_query_order(struct scope *scope, struct metric_query *query, struct text order);

// Write the statement. Its columns: those of the dimensions, in order, then the metrics.
code metric_compile(struct scope *scope, const struct metric_query *query,
                    struct statement *ret_statement);
// Compile and run. Amounts of several currencies are refused unless the query divides them;
// *ret_currency is then, and when there are no amounts, empty.
code metric_run(struct scope *scope, const struct metric_query *query, struct rows **ret_rows,
                struct text *ret_currency);
