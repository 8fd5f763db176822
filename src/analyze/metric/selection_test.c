// SPDX-License-Identifier: Apache-2.0
#include "analyze/metric/metric.h"
#include "base/test.h"

TEST(filters_are_read_with_and_without_blanks) {
    struct filter filter;

    CHECK_OK(filter_parse(scope, TEXT("quantity>0"), &filter));
    CHECK_STRING(filter.field->name, "quantity");
    CHECK(filter.comparison == FILTER_GREATER);
    CHECK_INT(filter.number, 0);
    CHECK_OK(filter_parse(scope, TEXT("  unit_price  >=  2.55 "), &filter));
    CHECK(filter.comparison == FILTER_GREATER_OR_EQUAL);
    CHECK_INT(filter.number, 2550000);
    CHECK_OK(filter_parse(scope, TEXT("country != United Kingdom"), &filter));
    CHECK(filter.comparison == FILTER_NOT_EQUAL);
    CHECK_TEXT(filter.value, "United Kingdom");
    CHECK_OK(filter_parse(scope, TEXT("vat_rate<=7"), &filter));
    CHECK_INT(filter.number, 700);
    CHECK_OK(filter_parse(scope, TEXT("customer = known"), &filter));
    CHECK_OK(filter_parse(scope, TEXT("channel="), &filter));
    CHECK_INT((int64_t)filter.value.size, 0);
}

TEST(filters_that_mean_nothing_say_what_would) {
    struct filter filter;

    CHECK_CODE(filter_parse(scope, TEXT("colour=red"), &filter), INVALID);
    CHECK(strstr(scope->failure.hint, "country") != NULL);
    CHECK(strstr(scope->failure.message, "colour=red") != NULL);
    scope_forgive(scope);
    CHECK_CODE(filter_parse(scope, TEXT("country France"), &filter), INVALID);
    CHECK(strstr(scope->failure.hint, ">=") != NULL);
    scope_forgive(scope);
    CHECK_CODE(filter_parse(scope, TEXT("country>France"), &filter), INVALID);
    scope_forgive(scope);
    CHECK_CODE(filter_parse(scope, TEXT("customer=somebody"), &filter), INVALID);
    CHECK(strstr(scope->failure.hint, "anonymous") != NULL);
    scope_forgive(scope);
    CHECK_CODE(filter_parse(scope, TEXT("quantity>many"), &filter), INVALID);
    CHECK_STRING(scope->failure.field, "filter");
    scope_forgive(scope);
    CHECK_CODE(filter_parse(scope, TEXT(""), &filter), INVALID);
    scope_forgive(scope);
    CHECK_CODE(filter_parse(scope, TEXT("country='; DROP TABLE sale; --"), &filter), OK);
}

// Whatever people write, the statement is the same but for the numbers of its values.
TEST(values_are_bound_and_never_become_sql) {
    CLEANUP(statement_clear) struct statement plain = {0};
    CLEANUP(statement_clear) struct statement hostile = {0};
    struct metric_query query = {0};

    CHECK_OK(metric_query_add(scope, &query, TEXT("revenue_gross")));
    CHECK_OK(metric_query_by(scope, &query, TEXT("country")));
    query.selection.filter_count = 1;
    CHECK_OK(filter_parse(scope, TEXT("country=France"), &query.selection.filters[0]));
    CHECK_OK(metric_compile(scope, &query, &plain));
    CHECK_OK(filter_parse(scope, TEXT("country=x' OR '1'='1"), &query.selection.filters[0]));
    CHECK_OK(metric_compile(scope, &query, &hostile));
    CHECK(text_equal(buffer_text(&plain.sql), buffer_text(&hostile.sql)));
    CHECK_INT((int64_t)hostile.bind_count, 1);
    CHECK_TEXT(hostile.binds[0].text, "x' OR '1'='1");
}

static bool reads_lines(struct scope *scope, const char *metric, const char *by,
                        const char *filter) {
    CLEANUP(statement_clear) struct statement statement = {0};
    struct metric_query query = {0};

    CHECK_OK(metric_query_add(scope, &query, text_of(metric)));
    CHECK_OK(metric_query_by(scope, &query, text_of(by)));
    if (filter) {
        CHECK_OK(filter_parse(scope, text_of(filter), &query.selection.filters[0]));
        query.selection.filter_count = 1;
    }
    CHECK_OK(metric_compile(scope, &query, &statement));
    return strstr(statement_sql(&statement), "FROM sale_line fact") != NULL;
}

TEST(lines_are_read_only_when_the_documents_cannot_answer) {
    CHECK(!reads_lines(scope, "revenue_gross", "month", NULL));
    CHECK(!reads_lines(scope, "customers", "store", "country=France"));
    CHECK(reads_lines(scope, "units", "month", NULL));
    CHECK(reads_lines(scope, "revenue_gross", "product", NULL));
    CHECK(reads_lines(scope, "receipts", "month", "quantity>0"));
}

TEST(names_that_do_not_exist_are_answered_with_those_that_do) {
    struct metric_query query = {0};

    CHECK_CODE(metric_query_add(scope, &query, TEXT("profit")), NOT_FOUND);
    CHECK(strstr(scope->failure.hint, "revenue_gross") != NULL);
    scope_forgive(scope);
    CHECK_CODE(metric_query_by(scope, &query, TEXT("planet")), INVALID);
    CHECK(strstr(scope->failure.hint, "month") != NULL);
    scope_forgive(scope);
    CHECK_OK(metric_query_add(scope, &query, TEXT("receipts")));
    CHECK_CODE(metric_query_order(scope, &query, TEXT("vat")), INVALID);
    scope_forgive(scope);
    CHECK_CODE(metric_query_order(scope, &query, TEXT("receipts:up")), INVALID);
    scope_forgive(scope);
    CHECK_OK(metric_query_order(scope, &query, TEXT("receipts:asc")));
}

TEST(every_metric_has_a_sentence_and_a_name_of_its_own) {
    for (size_t i = 0; i < metric_count; i++) {
        const size_t length = strlen(metrics[i].definition);

        CHECK(length > 20 && metrics[i].definition[length - 1] == '.');
        CHECK(metrics[i].expression.on_line != NULL);
        for (size_t k = i + 1; k < metric_count; k++)
            CHECK(strcmp(metrics[i].name, metrics[k].name) != 0);
    }
}
