// SPDX-License-Identifier: Apache-2.0
// FROM and WHERE of a selection. Expressions are program text; what people wrote is only ever
// bound.
#include "analyze/metric/selection.h"

bool selection_needs_lines(const struct selection *selection) {
    for (size_t i = 0; i < selection->filter_count; i++)
        if (!selection->filters[i].field->expression.on_sale)
            return true;
    return false;
}

unsigned selection_needs(const struct selection *selection) {
    unsigned needs = 0;

    for (size_t i = 0; i < selection->filter_count; i++)
        needs |= selection->filters[i].field->expression.needs;
    return needs;
}

// NULL is a value of its own: what states no country is sold in another country than France.
static const char *comparison_sql(enum filter_comparison comparison) {
    return comparison == FILTER_NOT_EQUAL ? "IS DISTINCT FROM" : filter_comparison_text(comparison);
}

// Nothing behind the operator asks for rows that do not state the field.
static void add_filter(struct statement *statement, const struct filter *filter, bool lines) {
    const struct fact_expression *expression = &filter->field->expression;
    const bool equal = filter->comparison == FILTER_EQUAL;

    statement_add(statement, lines ? expression->on_line : expression->on_sale);
    if (filter->field->type == FILTER_KNOWN || filter->value.size == 0) {
        const bool wants_null = equal != text_is(filter->value, "known");

        statement_add(statement, wants_null ? " IS NULL" : " IS NOT NULL");
        return;
    }
    statement_printf(statement, " %s ", comparison_sql(filter->comparison));
    if (filter->field->type == FILTER_TEXT || filter->field->type == FILTER_CHOICE)
        statement_bind(statement, BIND_TEXT(filter->value));
    else
        statement_bind(statement, BIND_INT64(filter->number));
}

static void add_day(struct statement *statement, const char *comparison, int32_t day) {
    statement_add(statement, comparison);
    statement_add(statement, "DATE '1970-01-01' + CAST(");
    statement_bind(statement, BIND_INT64(day));
    statement_add(statement, " AS INTEGER)");
}

void selection_from(struct statement *statement, const struct selection *selection, bool lines,
                    unsigned needs) {
    const char *word = "\nWHERE ";

    needs |= selection_needs(selection);
    statement_add(statement, lines ? "\nFROM sale_line fact" : "\nFROM sale fact");
    if (lines && (needs & NEED_DOCUMENT))
        statement_add(statement, "\nJOIN sale document ON document.id = fact.sale_id");
    if (needs & NEED_PRODUCT)
        statement_add(statement, "\nLEFT JOIN product ON product.id = fact.product_id");
    if (needs & (NEED_CUSTOMER | NEED_FIRST))
        statement_add(statement, "\nLEFT JOIN alias ON alias.origin = fact.origin");
    if (needs & NEED_FIRST)
        statement_add(statement, "\nLEFT JOIN first_document"
                                 " ON first_document.customer = " FACT_CUSTOMER);
    if (selection->has_from) {
        add_day(statement, "\nWHERE fact.sold_on >= ", selection->from_day);
        word = " AND ";
    }
    if (selection->has_to) {
        statement_add(statement, word);
        add_day(statement, "fact.sold_on <= ", selection->to_day);
        word = " AND ";
    }
    for (size_t i = 0; i < selection->filter_count; i++) {
        statement_add(statement, word);
        add_filter(statement, &selection->filters[i], lines);
        word = " AND ";
    }
}

void selection_first_document(struct statement *statement) {
    statement_add(statement, "first_document AS (SELECT " FACT_CUSTOMER " AS customer,"
                             " min(fact.sold_at_us) AS at_us FROM sale fact"
                             " LEFT JOIN alias ON alias.origin = fact.origin"
                             " WHERE fact.origin IS NOT NULL GROUP BY " FACT_CUSTOMER ")");
}

void selection_documents(struct statement *statement, const struct selection *selection) {
    const bool lines = selection_needs_lines(selection);

    if (lines)
        statement_add(statement,
                      "WITH selected AS (SELECT fact.sale_id AS document,"
                      " min(" FACT_CUSTOMER ") AS customer, min(fact.kind) AS kind,"
                      " min(fact.currency) AS currency,"
                      " min(fact.sold_at_us) AS sold_at_us, min(fact.sold_on) AS sold_on,"
                      " CAST(sum(fact.gross_micros) AS BIGINT) AS gross_micros");
    else
        statement_add(statement, "WITH selected AS (SELECT fact.id AS document, " FACT_CUSTOMER
                                 " AS customer, fact.kind, fact.currency, fact.sold_at_us,"
                                 " fact.sold_on, fact.gross_micros");
    selection_from(statement, selection, lines, NEED_CUSTOMER);
    statement_add(statement, lines ? "\nGROUP BY fact.sale_id)\n" : ")\n");
}
