// SPDX-License-Identifier: Apache-2.0
// What a report counts: the documents (sales, refunds, adjustments) of a period that pass its
// filters. Every report takes the same period and filters, so that two of them with the same
// selection agree. A filter on lines (quantity>0) selects lines; a document then counts with its
// selected lines only.
#pragma once

#include "analyze/metric/statement.h"
#include "base/time.h"
#include "store/rows.h"

enum { SELECTION_FILTERS = 32 };

// Where a column stands. Documents are few, lines are many: what documents can answer is asked of
// them.
struct fact_expression {
    const char *on_sale; // over `sale fact`; NULL when only lines know
    const char *on_line; // over `sale_line fact`
    unsigned needs;      // bits of enum fact_need
};

enum fact_need {
    NEED_DOCUMENT = 1u << 0, // on_line reads `document`, the line's sale
    NEED_CUSTOMER = 1u << 1, // reads `alias`
    NEED_PRODUCT = 1u << 2,  // reads `product`
    NEED_FIRST = 1u << 3,    // reads `first_document`, the instant of the customer's first one
};

// The customer of a fact; it needs NEED_CUSTOMER.
#define FACT_CUSTOMER "coalesce(alias.customer, fact.origin)"

enum filter_comparison {
    FILTER_EQUAL,
    FILTER_NOT_EQUAL,
    FILTER_GREATER,
    FILTER_GREATER_OR_EQUAL,
    FILTER_LESS,
    FILTER_LESS_OR_EQUAL,
};

enum filter_type {
    FILTER_TEXT,
    FILTER_CHOICE,  // a text of a closed list
    FILTER_DECIMAL, // micros
    FILTER_RATE,    // basis points, written as percent
    FILTER_CODE,    // the code of a store, staff member or product, kept as its id
    FILTER_KNOWN,   // known or anonymous
};

// To add a field: a row in selection.c and in docs/metrics.md.
struct filter_field {
    const char *name;
    enum filter_type type;
    struct fact_expression expression;
    const char *const *choices; // FILTER_CHOICE
    const char *find_sql;       // FILTER_CODE: id by code
    const char *help;
};

extern const struct filter_field filter_fields[];
extern const size_t filter_field_count;

struct filter {
    const struct filter_field *field;
    enum filter_comparison comparison;
    struct text value; // as it was given
    int64_t number;    // of a decimal, a rate or an id
};

struct selection {
    bool has_from, has_to;
    int32_t from_day, to_day; // both days count
    struct filter filters[SELECTION_FILTERS];
    size_t filter_count;
};

// Read "quantity>0", "country = France". INVALID names the fields, operators or values there are.
// Texts live as long as `text`.
code filter_parse(struct scope *scope, struct text text, struct filter *ret_filter);
// The same, added to the selection. Codes are looked up in the lake: NOT_FOUND for one that nothing
// has.
code selection_add_filter(struct scope *scope, struct selection *selection, struct text text);
// Look the codes of filters up that were only parsed. One that nothing has selects nothing.
code selection_find_codes(struct scope *scope, struct selection *selection);
bool selection_equal(const struct selection *a, const struct selection *b);
const char *filter_comparison_text(enum filter_comparison comparison);

bool selection_needs_lines(const struct selection *selection);
unsigned selection_needs(const struct selection *selection);

// FROM and WHERE of the selected facts, for the expressions with these needs.
void selection_from(struct statement *statement, const struct selection *selection, bool lines,
                    unsigned needs);
// The CTE first_document (customer, at_us) that NEED_FIRST reads, over all documents there are.
void selection_first_document(struct statement *statement);

// WITH selected AS (…): one row per selected document: document, customer (NULL: anonymous), kind,
// sold_at_us, sold_on, gross_micros of what is selected of it. A fragment of SQL goes behind it.
void selection_documents(struct statement *statement, const struct selection *selection);
// Run a fragment on the selected documents.
code selection_query(struct scope *scope, const struct selection *selection, const char *fragment,
                     struct rows **ret_rows);

// The one currency of the selection's amounts; empty when nothing is selected. INVALID, with what
// to do, when there are several: amounts of different currencies are never added up.
code selection_currency(struct scope *scope, const struct selection *selection,
                        struct text *ret_currency);
