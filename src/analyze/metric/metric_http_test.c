// SPDX-License-Identifier: Apache-2.0
// What the API says of metrics: numbers with their definitions and selection, errors with the
// field.
#include "analyze/metric/metric_http.h"
#include "analyze/metric/metric_testing.h"

#include <stdio.h>

static const struct test_line ledger[] = {
    {.sale = 1,
     .kind = TEST_SALE,
     .at = "2011-01-05",
     .customer = 10,
     .quantity = 2,
     .price = 1.001},
    {.sale = 2, .kind = TEST_SALE, .at = "2011-02-06", .customer = 20, .quantity = 1, .price = 5},
    {.sale = 3,
     .kind = TEST_REFUND,
     .at = "2011-02-07",
     .customer = 20,
     .quantity = -1,
     .price = 5},
};

static void make_ledger(struct scope *scope) {
    test_store(scope);
    test_sales(scope, ledger, sizeof(ledger) / sizeof(*ledger));
}

struct parameters {
    struct request_parameter list[6];
};

// The answer, or the failure's message.
static const char *answer(struct scope *scope, handler handle, struct parameters parameters) {
    struct request request = {.parameters = parameters.list, .path_parameter_count = 1};
    CLEANUP(response_clear) struct response response;

    while (request.parameter_count < 6 && parameters.list[request.parameter_count].name.data)
        request.parameter_count++;
    if (handle == metric_http_values)
        request.route_parameters = metric_values_parameters;
    response_init(&response);
    if (route_check_parameters(scope, &request, request.route_parameters) != OK ||
        handle(scope, &request, &response) != OK)
        return scope->failure.message;
    return text_string(&scope->arena, buffer_text(&response.body));
}

#define ASK(...) answer(scope, metric_http_values, (struct parameters){{__VA_ARGS__}})
#define P(name, value)                                                                             \
    { TEXT(name), TEXT(value) }

static bool holds(const char *whole, const char *part) {
    if (strstr(whole, part))
        return true;
    fprintf(stderr, "  %s\n  does not hold %s\n", whole, part);
    return false;
}

TEST(values_come_with_their_definition_selection_and_unit) {
    const char *values;

    make_ledger(scope);
    values = ASK(P("names", "revenue_gross,receipts"), P("by", "month"), P("from", "2011-01-01"),
                 P("filter", "customer = known"));
    CHECK(holds(values, "\"rows\":[[\"2011-01\",2.002,1],[\"2011-02\",0,2]]"));
    CHECK(holds(values, "\"type\":\"money\",\"unit\":\"EUR\""));
    CHECK(holds(values, "\"definition\":\"What was sold including VAT"));
    CHECK(holds(values, "\"from\":\"2011-01-01\",\"to\":null,\"filters\":[\"customer=known\"]"));
    CHECK(holds(values, "\"watermark\":\""));
    CHECK(!strstr(values, "\"sql\"") && !strstr(values, "notices"));
}

TEST(values_come_with_their_sql_when_asked_for) {
    const char *values;

    make_ledger(scope);
    values = ASK(P("names", "receipts"), P("sql", "true"), P("filter", "country=x' OR 1=1"));
    CHECK(holds(values, "FROM sale fact\\nWHERE fact.country = $1"));
    CHECK(holds(values, "\"values_bound\":[\"x' OR 1=1\",100000]"));
    CHECK(holds(values, "\"rows\":[[0]]"));
}

TEST(a_limit_that_may_hide_rows_is_said) {
    make_ledger(scope);
    CHECK(holds(ASK(P("names", "receipts"), P("by", "day"), P("limit", "2")), "\"notices\":["));
    CHECK(!strstr(ASK(P("names", "receipts"), P("by", "day"), P("limit", "4")), "notices"));
}

TEST(parameters_that_mean_nothing_are_refused_by_name) {
    make_ledger(scope);
    CHECK(holds(ASK(P("names", "receipts"), P("form", "2011-01-01")), "form"));
    scope_forgive(scope);
    CHECK(holds(ASK(P("names", "receipts"), P("from", "01.02.2011")), "from"));
    scope_forgive(scope);
    CHECK(holds(ASK(P("names", "receipts"), P("limit", "0")), "limit"));
    scope_forgive(scope);
    ASK(P("names", "receipts"), P("from", "2011-02-01"), P("to", "2011-01-01"));
    CHECK_STRING(scope->failure.field, "to");
    scope_forgive(scope);
    ASK(P("names", "receipts,"));
    CHECK_STRING(scope->failure.field, "metric");
    scope_forgive(scope);
    ASK(P("names", "receipts"), P("by", "month,moon"));
    CHECK_STRING(scope->failure.field, "by");
}

TEST(a_definition_is_found_by_its_name_without_a_store) {
    const char *found =
        answer(scope, metric_http_find, (struct parameters){{P("name", "basket_value")}});

    CHECK(holds(found, "\"unit\":\"currency\""));
    CHECK(holds(found, "\"over_documents\":\"CAST(round("));
    CHECK(holds(found, "\"sql\":\"SELECT m0 AS basket_value"));
    CHECK(holds(answer(scope, metric_http_list, (struct parameters){0}), "[\"revenue_gross\","));
    answer(scope, metric_http_find, (struct parameters){{P("name", "profit")}});
    CHECK(scope->failure.code == NOT_FOUND);
}
