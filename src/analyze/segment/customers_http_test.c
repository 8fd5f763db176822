// SPDX-License-Identifier: Apache-2.0
#include "analyze/metric/metric_testing.h"
#include "analyze/segment/segment_http.h"
#include "govern/access/access.h"
#include "host/customer/customer_http.h"

#include <stdio.h>

enum { CUSTOMERS = 30, ROWS = 7 };

// Every customer bought once, for as much as its number.
static void make_store(struct scope *scope) {
    struct test_line lines[CUSTOMERS];

    test_store(scope);
    scope->actor.permissions |= MAY_READ_SEGMENTS;
    for (int64_t i = 0; i < CUSTOMERS; i++)
        lines[i] = (struct test_line){.sale = i + 1,
                                      .kind = TEST_SALE,
                                      .at = "2011-03-01",
                                      .customer = i + 1,
                                      .quantity = 1,
                                      .price = (double)(i + 1),
                                      .country = i % 2 == 0 ? "France" : "Spain"};
    test_sales(scope, lines, CUSTOMERS);
}

static code ask(struct scope *scope, const char *where, struct text after,
                struct json **ret_answer) {
    const struct request_parameter parameters[] = {
        {TEXT("where"), text_of(where)},
        {TEXT("limit"), text_printf(&scope->arena, "%d", ROWS)},
        {TEXT("after"), after},
    };
    const struct request request = {.parameters = parameters,
                                    .parameter_count = after.size > 0 ? 3 : 2,
                                    .route_parameters = customer_search_parameters};
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    TRY(segment_http_customers(scope, &request, &response));
    return json_parse(scope, buffer_text(&response.body), ret_answer);
}

// "30 29 …" of all pages.
static const char *found(struct scope *scope, const char *where) {
    CLEANUP(buffer_clear) struct buffer ids = {0};
    struct text after = {0};

    do {
        struct json *answer;
        const struct json *next;

        CHECK_OK(ask(scope, where, after, &answer));
        for (const struct json *row = json_member(json_member(answer, "customers"), "rows")->first;
             row; row = row->next)
            buffer_printf(&ids, "%s%.*s", ids.size > 0 ? " " : "", TEXT_ARG(row->first->string));
        next = json_member(answer, "next");
        after = next ? next->string : (struct text){0};
    } while (after.size > 0);
    return arena_printf(&scope->arena, "%s", buffer_string(&ids));
}

TEST(a_list_of_customers_is_restricted_by_conditions_page_by_page) {
    make_store(scope);
    CHECK_STRING(found(scope, "{\"sales\": \"sum_gross\", \"operator\": \">\", \"value\": 21}"),
                 "30 29 28 27 26 25 24 23 22");
    CHECK_STRING(found(scope, "{\"all\": [{\"sales\": \"count\", \"where\": {\"country\":"
                              " \"France\"}, \"operator\": \">=\", \"value\": 1},"
                              " {\"rfm\": \"monetary\", \"operator\": \"is\", \"value\": 5}]}"),
                 "29 27 25");
    CHECK_STRING(found(scope, "{\"attribute\": \"country\", \"operator\": \"is\","
                              " \"value\": \"Italy\"}"),
                 "");
}

TEST(conditions_of_a_list_are_refused_with_their_place) {
    struct json *answer;

    make_store(scope);
    CHECK_CODE(ask(scope, "{\"all\": [{\"sales\": \"sum\"}]}", TEXT(""), &answer), INVALID);
    CHECK(strstr(scope->failure.field, "all[0]") != NULL);
    scope_forgive(scope);
    CHECK_CODE(ask(scope, "{", TEXT(""), &answer), INVALID);
    scope_forgive(scope);
    scope->actor.permissions &= ~(uint32_t)MAY_READ_SEGMENTS;
    CHECK_CODE(ask(scope, "{\"all\": []}", TEXT(""), &answer), FORBIDDEN);
}

static code ask_segments(struct scope *scope, const char *id, const char **ret_answer) {
    const struct request_parameter parameters[] = {{TEXT("id"), text_of(id)}};
    const struct request request = {
        .parameters = parameters, .parameter_count = 1, .path_parameter_count = 1};
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    TRY(segment_http_of_customer(scope, &request, &response));
    *ret_answer = arena_printf(&scope->arena, "%s", buffer_string(&response.body));
    return OK;
}

TEST(a_customer_tells_the_segments_it_is_in_and_since_when) {
    const char *answer;

    make_store(scope);
    test_ledger_exec(scope, "INSERT INTO segment (id, name, description, definition, created_at_us,"
                            " updated_at_us) VALUES (900, 'big', '', '{}', 1, 1),"
                            " (901, 'small', '', '{}', 1, 1), (902, 'all', '', '{}', 1, 1)");
    test_ledger_exec(scope, "INSERT INTO segment_member (segment_id, customer, since_us) VALUES"
                            " (900, 30, 1300000000000000), (901, 1, 1), (902, 30, 1)");
    CHECK_OK(ask_segments(scope, "30", &answer));
    CHECK(strstr(answer, "[[\"all\",\"1970-01-01T00:00:00.000001Z\"],"
                         "[\"big\",\"2011-03-13T07:06:40Z\"]]"));
    CHECK_OK(ask_segments(scope, "2", &answer));
    CHECK(strstr(answer, "\"rows\":[]"));
    CHECK_CODE(ask_segments(scope, "777", &answer), NOT_FOUND);
}
