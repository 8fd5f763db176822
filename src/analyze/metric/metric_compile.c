// SPDX-License-Identifier: Apache-2.0
// From a query to SQL. Facts are grouped by short keys first; the names of stores, cashiers and
// products are looked up for the few rows that come out.
#include "analyze/metric/metric.h"

#include "store/lake.h"

// ---- building a query ----

code metric_query_add(struct scope *scope, struct metric_query *query, struct text name) {
    const struct metric *metric;

    TRY(metric_find(scope, name, &metric));
    for (size_t i = 0; i < query->metric_count; i++)
        if (query->metrics[i] == metric)
            return OK;
    if (query->metric_count == METRIC_COLUMNS)
        return scope_fail_field(scope, TOO_LARGE, "metric", "a query has at most %d metrics",
                                METRIC_COLUMNS);
    query->metrics[query->metric_count++] = metric;
    return OK;
}

code metric_query_by(struct scope *scope, struct metric_query *query, struct text name) {
    const struct dimension *dimension;

    TRY(dimension_find(scope, name, &dimension));
    for (size_t i = 0; i < query->dimension_count; i++)
        if (query->dimensions[i] == dimension)
            return OK;
    if (query->dimension_count == METRIC_DIMENSIONS)
        return scope_fail_field(scope, TOO_LARGE, "by", "a query has at most %d dimensions",
                                METRIC_DIMENSIONS);
    query->dimensions[query->dimension_count++] = dimension;
    return OK;
}

code metric_query_order(struct scope *scope, struct metric_query *query, struct text order) {
    struct text way;
    const struct text name = text_split(order, ':', &way);
    const bool ascending = way.data && text_is(way, "asc");
    const bool descending = way.data && text_is(way, "desc");

    if (way.data && !ascending && !descending)
        return scope_fail_field(scope, INVALID, "order",
                                "order \"%.*s\" ends neither in :asc nor :desc", TEXT_ARG(order));
    for (size_t i = 0; i < query->metric_count; i++)
        if (text_is(name, query->metrics[i]->name)) {
            query->order_metric = query->metrics[i];
            query->order_descending = !ascending;
            return OK;
        }
    for (size_t i = 0; i < query->dimension_count; i++)
        if (text_is(name, query->dimensions[i]->name)) {
            query->order_dimension = query->dimensions[i];
            query->order_descending = descending;
            return OK;
        }
    scope_fail_field(scope, INVALID, "order", "order by \"%.*s\", which is not in the answer",
                     TEXT_ARG(name));
    return scope_hint(scope, "order by a metric or a dimension that the query asks for");
}

// ---- writing SQL ----

static bool query_needs_lines(const struct metric_query *query) {
    if (query->count_lines || selection_needs_lines(&query->selection))
        return true;
    for (size_t i = 0; i < query->metric_count; i++)
        if (!query->metrics[i]->expression.on_sale)
            return true;
    for (size_t i = 0; i < query->dimension_count; i++)
        if (!query->dimensions[i]->expression.on_sale)
            return true;
    return false;
}

static unsigned query_needs(const struct metric_query *query) {
    unsigned needs = selection_needs(&query->selection);

    for (size_t i = 0; i < query->metric_count; i++)
        needs |= query->metrics[i]->expression.needs;
    for (size_t i = 0; i < query->dimension_count; i++)
        needs |= query->dimensions[i]->expression.needs;
    return needs;
}

// The small table that says the code and name of a dimension's ids.
static const char *dimension_table(const struct dimension *dimension) {
    if (dimension->type == DIMENSION_STORE)
        return "store";
    if (dimension->type == DIMENSION_CASHIER)
        return "staff";
    return dimension->type == DIMENSION_PRODUCT ? "product" : NULL;
}

// SELECT of the grouped facts: keys k0, k1, …, metrics m0, m1, ….
static void add_groups(struct statement *statement, const struct metric_query *query) {
    const bool lines = query_needs_lines(query);

    statement_add(statement, "SELECT ");
    for (size_t i = 0; i < query->dimension_count; i++) {
        const struct fact_expression *expression = &query->dimensions[i]->expression;

        statement_add(statement, lines ? expression->on_line : expression->on_sale);
        statement_printf(statement, " AS k%zu, ", i);
    }
    for (size_t i = 0; i < query->metric_count; i++) {
        const struct fact_expression *expression = &query->metrics[i]->expression;

        statement_add(statement, i > 0 ? ",\n    " : "\n    ");
        statement_add(statement, lines ? expression->on_line : expression->on_sale);
        statement_printf(statement, " AS m%zu", i);
    }
    selection_from(statement, &query->selection, lines, query_needs(query));
    for (size_t i = 0; i < query->dimension_count; i++)
        statement_printf(statement, "%s%zu", i > 0 ? ", " : "\nGROUP BY ", i + 1);
}

static void add_columns(struct statement *statement, const struct metric_query *query) {
    for (size_t i = 0; i < query->dimension_count; i++) {
        const struct dimension *dimension = query->dimensions[i];

        if (dimension_table(dimension))
            statement_printf(statement, "d%zu.code AS %s, d%zu.name AS %s_name, ", i,
                             dimension->name, i, dimension->name);
        else if (dimension->type >= DIMENSION_DAY && dimension->type <= DIMENSION_YEAR)
            statement_printf(statement, "CAST(k%zu AS DATE) AS %s, ", i, dimension->name);
        else
            statement_printf(statement, "k%zu AS %s, ", i, dimension->name);
    }
    for (size_t i = 0; i < query->metric_count; i++)
        statement_printf(statement, "%sm%zu AS %s", i > 0 ? ", " : "", i, query->metrics[i]->name);
}

static void add_key_order(struct statement *statement, const struct metric_query *query,
                          size_t index, bool descending) {
    const bool has_table = dimension_table(query->dimensions[index]) != NULL;

    statement_printf(statement, has_table ? "d%zu.code" : "k%zu", index);
    statement_add(statement, descending ? " DESC NULLS LAST, " : " NULLS LAST, ");
}

// Every order ends with all keys, so that the same question has the same answer in the same order.
static void add_order(struct statement *statement, const struct metric_query *query) {
    const struct metric *first = query->order_metric;
    bool descending = query->order_descending;

    if (query->dimension_count == 0)
        return;
    statement_add(statement, "\nORDER BY ");
    for (size_t i = 0; i < query->dimension_count; i++)
        if (query->dimensions[i] == query->order_dimension)
            add_key_order(statement, query, i, descending);
    if (!first) {
        for (size_t i = 0; i < query->dimension_count; i++)
            if (dimension_is_time(query->dimensions[i]))
                add_key_order(statement, query, i, false);
        first = query->metrics[0];
        descending = true;
    }
    for (size_t i = 0; i < query->metric_count; i++)
        if (query->metrics[i] == first)
            statement_printf(statement, "m%zu%s NULLS LAST, ", i, descending ? " DESC" : "");
    for (size_t i = 0; i < query->dimension_count; i++)
        add_key_order(statement, query, i, false);
    statement->sql.size -= 2; // the last comma
}

code metric_compile(struct scope *scope, const struct metric_query *query,
                    struct statement *ret_statement) {
    if (query->metric_count == 0)
        return scope_fail_field(scope, INVALID, "metric", "no metric was named");
    if (query_needs(query) & NEED_FIRST) {
        statement_add(ret_statement, "WITH ");
        selection_first_document(ret_statement);
        statement_add(ret_statement, "\n");
    }
    statement_add(ret_statement, "SELECT ");
    add_columns(ret_statement, query);
    statement_add(ret_statement, "\nFROM (");
    add_groups(ret_statement, query);
    statement_add(ret_statement, ") AS grouped");
    for (size_t i = 0; i < query->dimension_count; i++)
        if (dimension_table(query->dimensions[i]))
            statement_printf(ret_statement, "\nLEFT JOIN %s d%zu ON d%zu.id = k%zu",
                             dimension_table(query->dimensions[i]), i, i, i);
    add_order(ret_statement, query);
    if (query->limit > 0) {
        statement_add(ret_statement, "\nLIMIT ");
        statement_bind(ret_statement, BIND_INT64(query->limit));
    }
    return OK;
}

// ---- running ----

static bool query_adds_money(const struct metric_query *query) {
    for (size_t i = 0; i < query->dimension_count; i++)
        if (text_is(TEXT("currency"), query->dimensions[i]->name))
            return false;
    for (size_t i = 0; i < query->metric_count; i++)
        if (query->metrics[i]->type == METRIC_MONEY || query->metrics[i]->type == METRIC_SHARE)
            return true;
    return false;
}

code metric_run(struct scope *scope, const struct metric_query *query, struct rows **ret_rows,
                struct text *ret_currency) {
    CLEANUP(statement_clear) struct statement statement = {0};
    struct text currency = {0};

    if (query_adds_money(query))
        TRY(selection_currency(scope, &query->selection, &currency));
    TRY(metric_compile(scope, query, &statement));
    TRY(lake_query_shared(scope, statement_sql(&statement), statement_binds(&statement), ret_rows));
    *ret_currency = currency;
    return OK;
}
