// SPDX-License-Identifier: Apache-2.0
// The fields a filter may name and the SQL that selects. A field's expression is text of this file;
// what people write is only ever bound.
#include "analyze/metric/selection.h"

#include "base/money.h"
#include "selection_sql.h"
#include "store/lake.h"

#include <assert.h>
#include <stdio.h>

#define BOTH(expression)                                                                           \
    { .on_sale = (expression), .on_line = (expression) }
#define SALE_COLUMN(name)                                                                          \
    { .on_sale = "fact." name, .on_line = "document." name, .needs = NEED_DOCUMENT }
#define LINE_COLUMN(name)                                                                          \
    { .on_line = "fact." name }
#define PRODUCT_COLUMN(name)                                                                       \
    { .on_line = "product." name, .needs = NEED_PRODUCT }

static const char *const kinds[] = {"sale", "refund", "adjustment", NULL};
static const char *const known[] = {"known", "anonymous", NULL};

const struct filter_field filter_fields[] = {
    {"customer", FILTER_KNOWN, BOTH("fact.origin"), known, NULL, "known or anonymous"},
    {"kind", FILTER_CHOICE, BOTH("fact.kind"), kinds, NULL, "sale, refund or adjustment"},
    {"country", FILTER_TEXT, BOTH("fact.country"), NULL, NULL, "as the source writes it"},
    {"channel", FILTER_TEXT, BOTH("fact.channel"), NULL, NULL, "store, web, …"},
    {"currency", FILTER_TEXT, BOTH("fact.currency"), NULL, NULL, "ISO 4217: EUR"},
    {"store", FILTER_CODE, BOTH("fact.store_id"), NULL, sql_selection_store_id, "code of a store"},
    {"cashier", FILTER_CODE, BOTH("fact.cashier_id"), NULL, sql_selection_staff_id,
     "code of a cashier"},
    {"source", FILTER_TEXT, SALE_COLUMN("source"), NULL, NULL, "where the receipt comes from"},
    {"till", FILTER_TEXT, SALE_COLUMN("till"), NULL, NULL, "code of a till"},
    {"payment", FILTER_TEXT, SALE_COLUMN("payment"), NULL, NULL, "tender"},
    {"product", FILTER_CODE, LINE_COLUMN("product_id"), NULL, sql_selection_product_id,
     "code of a product"},
    {"category", FILTER_TEXT, PRODUCT_COLUMN("category"), NULL, NULL, "of the product"},
    {"brand", FILTER_TEXT, PRODUCT_COLUMN("brand"), NULL, NULL, "of the product"},
    {"coupon", FILTER_TEXT, LINE_COLUMN("coupon"), NULL, NULL, "of the line"},
    {"vat_rate", FILTER_RATE, LINE_COLUMN("vat_rate_bp"), NULL, NULL, "percent: 19"},
    {"quantity", FILTER_DECIMAL, LINE_COLUMN("quantity_micros"), NULL, NULL, "of the line"},
    {"unit_price", FILTER_DECIMAL, LINE_COLUMN("unit_price_micros"), NULL, NULL, "of the line"},
    {"discount", FILTER_DECIMAL, LINE_COLUMN("discount_micros"), NULL, NULL, "of the line"},
    {"gross", FILTER_DECIMAL, LINE_COLUMN("gross_micros"), NULL, NULL, "amount of the line"},
};
const size_t filter_field_count = sizeof(filter_fields) / sizeof(*filter_fields);

static const char *const operators[] = {
    [FILTER_EQUAL] = "=",   [FILTER_NOT_EQUAL] = "!=",
    [FILTER_GREATER] = ">", [FILTER_GREATER_OR_EQUAL] = ">=",
    [FILTER_LESS] = "<",    [FILTER_LESS_OR_EQUAL] = "<=",
};

const char *filter_comparison_text(enum filter_comparison comparison) {
    return operators[comparison];
}

// ---- reading ----

static bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || byte == '_';
}

static code find_field(struct scope *scope, struct text name, struct text whole,
                       const struct filter_field **ret_field) {
    char names[360] = "";
    size_t used = 0;

    for (size_t i = 0; i < filter_field_count; i++) {
        if (text_is(name, filter_fields[i].name)) {
            *ret_field = &filter_fields[i];
            return OK;
        }
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "",
                                 filter_fields[i].name);
    }
    scope_fail_field(scope, INVALID, "filter", "filter \"%.*s\" does not begin with a known field",
                     TEXT_ARG(whole));
    return scope_hint(scope, "fields are: %s", names);
}

// The longest operator that the text begins with.
static bool take_operator(struct text *text, enum filter_comparison *ret_comparison) {
    size_t longest = 0;

    for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
        const struct text sign = text_of(operators[i]);

        if (sign.size > longest && text_starts_with(*text, sign)) {
            longest = sign.size;
            *ret_comparison = (enum filter_comparison)i;
        }
    }
    text->data += longest;
    text->size -= longest;
    return longest > 0;
}

static bool is_choice(const char *const *choices, struct text value) {
    for (; *choices; choices++)
        if (text_is(value, *choices))
            return true;
    return false;
}

static code refuse_value(struct scope *scope, const struct filter *filter) {
    scope_fail_field(scope, INVALID, "filter", "filter on %s has the value \"%.*s\"",
                     filter->field->name, TEXT_ARG(filter->value));
    return scope_hint(scope, "%s takes: %s", filter->field->name,
                      filter->field->type == FILTER_DECIMAL ? "a number with a decimal point"
                                                            : filter->field->help);
}

static code check_value(struct scope *scope, struct filter *filter) {
    int32_t rate_bp;

    switch (filter->field->type) {
    case FILTER_CHOICE:
    case FILTER_KNOWN:
        return is_choice(filter->field->choices, filter->value) ? OK : refuse_value(scope, filter);
    case FILTER_DECIMAL:
        if (!micros_parse(filter->value, DECIMAL_POINT, &filter->number))
            return refuse_value(scope, filter);
        return OK;
    case FILTER_RATE:
        if (filter->value.size == 0 && filter->comparison <= FILTER_NOT_EQUAL)
            return OK;
        if (!rate_bp_parse(filter->value, false, &rate_bp))
            return refuse_value(scope, filter);
        filter->number = rate_bp;
        return OK;
    case FILTER_TEXT:
    case FILTER_CODE:
        return text_is_utf8(filter->value) ? OK : refuse_value(scope, filter);
    }
    return scope_fail(scope, INTERNAL, "filter field %s has no type", filter->field->name);
}

code filter_parse(struct scope *scope, struct text text, struct filter *ret_filter) {
    struct text rest = text_trim(text);
    struct text name = {.data = rest.data};
    struct filter filter = {0};
    bool ordered;

    while (name.size < rest.size && is_name_byte(rest.data[name.size]))
        name.size++;
    TRY(find_field(scope, name, text, &filter.field));
    rest = text_trim((struct text){.data = rest.data + name.size, .size = rest.size - name.size});
    if (!take_operator(&rest, &filter.comparison)) {
        scope_fail_field(scope, INVALID, "filter", "filter \"%.*s\" has no operator behind %s",
                         TEXT_ARG(text), filter.field->name);
        return scope_hint(scope, "operators are: = != > >= < <=");
    }
    ordered = filter.comparison != FILTER_EQUAL && filter.comparison != FILTER_NOT_EQUAL;
    if (ordered && filter.field->type != FILTER_DECIMAL && filter.field->type != FILTER_RATE) {
        scope_fail_field(scope, INVALID, "filter", "filter on %s has the operator %s",
                         filter.field->name, filter_comparison_text(filter.comparison));
        return scope_hint(scope, "%s takes: = !=", filter.field->name);
    }
    filter.value = text_trim(rest);
    TRY(check_value(scope, &filter));
    *ret_filter = filter;
    return OK;
}

enum { NO_ID = -1 }; // of a code that nothing has

static code find_code(struct scope *scope, struct filter *filter) {
    if (filter->field->type != FILTER_CODE || filter->value.size == 0)
        return OK;
    return lake_int64_shared(scope, filter->field->find_sql, BINDS(BIND_TEXT(filter->value)), NO_ID,
                             &filter->number);
}

code selection_find_codes(struct scope *scope, struct selection *selection) {
    for (size_t i = 0; i < selection->filter_count; i++)
        TRY(find_code(scope, &selection->filters[i]));
    return OK;
}

bool selection_equal(const struct selection *a, const struct selection *b) {
    if (a->filter_count != b->filter_count || a->has_from != b->has_from ||
        a->has_to != b->has_to || (a->has_from && a->from_day != b->from_day) ||
        (a->has_to && a->to_day != b->to_day))
        return false;
    for (size_t i = 0; i < a->filter_count; i++)
        if (a->filters[i].field != b->filters[i].field ||
            a->filters[i].comparison != b->filters[i].comparison ||
            !text_equal(a->filters[i].value, b->filters[i].value))
            return false;
    return true;
}

code selection_add_filter(struct scope *scope, struct selection *selection, struct text text) {
    struct filter filter = {0};

    if (selection->filter_count == SELECTION_FILTERS)
        return scope_fail_field(scope, TOO_LARGE, "filter", "a selection has at most %d filters",
                                SELECTION_FILTERS);
    TRY(filter_parse(scope, text, &filter));
    assert(filter.field);
    TRY(find_code(scope, &filter));
    if (filter.field->type == FILTER_CODE && filter.number == NO_ID)
        return scope_fail_field(scope, NOT_FOUND, "filter", "%s \"%.*s\" does not exist",
                                filter.field->name, TEXT_ARG(filter.value));
    selection->filters[selection->filter_count++] = filter;
    return OK;
}

// ---- asking ----

code selection_query(struct scope *scope, const struct selection *selection, const char *fragment,
                     struct rows **ret_rows) {
    CLEANUP(statement_clear) struct statement statement = {0};

    selection_documents(&statement, selection);
    statement_add(&statement, fragment);
    return lake_query_shared(scope, statement_sql(&statement), statement_binds(&statement),
                             ret_rows);
}

// The first currency and how many there are; their names, for the error.
static code read_currencies(struct scope *scope, struct rows *rows, struct text *ret_first,
                            size_t *ret_count, char *names, size_t names_size) {
    struct text first = {0};
    size_t count = 0, used = 0;

    while (rows_next(rows)) {
        const struct text currency = rows_text(rows, 0);

        if (count++ == 0)
            first = text_copy(&scope->arena, currency);
        if (used < names_size)
            used += (size_t)snprintf(names + used, names_size - used, "%s%.*s",
                                     used > 0 ? ", " : "", TEXT_ARG(currency));
    }
    TRY(rows_end(rows));
    *ret_first = first;
    *ret_count = count;
    return OK;
}

code selection_currency(struct scope *scope, const struct selection *selection,
                        struct text *ret_currency) {
    CLEANUP(rows_close) struct rows *all = NULL;
    CLEANUP(rows_close) struct rows *selected = NULL;
    struct text currency;
    char names[120] = "";
    size_t count;

    TRY(lake_query_shared(scope, sql_selection_all_currencies, NO_BINDS, &all));
    TRY(read_currencies(scope, all, &currency, &count, names, sizeof(names)));
    if (count > 1) {
        TRY(selection_query(scope, selection, sql_selection_currencies, &selected));
        TRY(read_currencies(scope, selected, &currency, &count, names, sizeof(names)));
    }
    if (count > 1) {
        scope_fail(scope, INVALID, "the selection holds amounts in several currencies: %s", names);
        return scope_hint(scope,
                          "choose one with --filter currency=%.*s, or divide a metric with"
                          " --by currency",
                          TEXT_ARG(currency));
    }
    *ret_currency = currency;
    return OK;
}
