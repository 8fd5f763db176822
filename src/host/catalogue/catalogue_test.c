// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"
#include "host/catalogue/catalogue_http.h"
#include "host/sale/sale_http.h"
#include "store/store_testing.h"

// The answer of a handler to at most two parameters; the first is the path's when `place` says so.
static const char *answer(struct scope *scope, handler handle, bool place, const char *name,
                          const char *value, const char *other_name, const char *other_value) {
    const struct request_parameter parameters[] = {
        {.name = text_of(name), .value = text_of(value)},
        {.name = text_of(other_name), .value = text_of(other_value)},
    };
    const struct request request = {
        .parameters = parameters,
        .parameter_count = (size_t)(name ? 1 : 0) + (other_name ? 1 : 0),
        .path_parameter_count = place,
        .route_parameters =
            handle == sale_http_show ? sale_show_parameters : catalogue_list_parameters};
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    if (route_check_parameters(scope, &request, request.route_parameters) != OK ||
        handle(scope, &request, &response) != OK)
        return scope->failure.message;
    return text_string(&scope->arena, buffer_text(&response.body));
}

static bool has(const char *answer_text, const char *part) {
    return strstr(answer_text, part) != NULL;
}

TEST(products_are_listed_by_code_and_searched_by_any_part) {
    const char *page;

    test_store(scope);
    test_ledger_exec(scope,
                     "INSERT INTO product (id, import_id, code, name, vat_rate_bp, price_micros, "
                     "attributes) VALUES "
                     "(3, 1, 'C', '100% wool', 2000, 2550000, '{\"colour\":\"red\"}'), "
                     "(1, 1, 'A', 'White Lantern', NULL, NULL, NULL), "
                     "(2, 1, 'B', NULL, NULL, NULL, NULL)");
    page = answer(scope, product_http_list, false, "limit", "2", NULL, NULL);
    CHECK(has(page, "\"A\"") && has(page, "\"B\"") && !has(page, "\"C\"") &&
          has(page, "\"next\":\"B\""));
    page = answer(scope, product_http_list, false, "limit", "2", "after", "B");
    CHECK(!has(page, "\"B\"") && has(page, "[\"3\",\"C\",\"100% wool\",null,null,20,2.55]"));
    page = answer(scope, product_http_list, false, "q", "LANT", NULL, NULL);
    CHECK(has(page, "\"A\"") && has(page, "\"row_count\":1"));
    page = answer(scope, product_http_list, false, "q", "0%", NULL, NULL);
    CHECK(has(page, "\"C\"") && has(page, "\"row_count\":1"));
    CHECK_STRING(
        answer(scope, product_http_show, true, "code", "C", NULL, NULL),
        "{\"id\":\"3\",\"code\":\"C\",\"name\":\"100% wool\",\"vat_rate\":20,\"price\":2.55,"
        "\"attributes\":{\"colour\":\"red\"}}");
    CHECK_STRING(answer(scope, product_http_show, true, "code", "X", NULL, NULL),
                 "product \"X\" does not exist");
}

TEST(staff_are_shown_with_their_store) {
    test_store(scope);
    test_ledger_exec(scope,
                     "INSERT INTO store (id, import_id, code, name) VALUES (7, 1, 'S1', 'Graz');"
                     "INSERT INTO staff (id, import_id, code, name, store_id) VALUES "
                     "(8, 1, 'E1', 'Eva', 7)");
    CHECK_STRING(answer(scope, staff_http_show, true, "code", "E1", NULL, NULL),
                 "{\"id\":\"8\",\"code\":\"E1\",\"name\":\"Eva\",\"store_code\":\"S1\","
                 "\"store_name\":\"Graz\"}");
    CHECK(has(answer(scope, store_http_list, false, "q", "gra", NULL, NULL), "\"S1\""));
}

TEST(a_receipt_number_of_several_sources_asks_for_the_source) {
    test_store(scope);
    test_ledger_exec(scope,
                     "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, "
                     "net_micros, vat_micros, gross_micros, discount_micros, line_count) VALUES "
                     "(11, 1, 'shop', '1', 1, 1, 'EUR', 0, 0, 0, 0, 0), "
                     "(12, 1, 'web', '1', 1, 1, 'EUR', 0, 0, 0, 0, 0), "
                     "(13, 1, 'web', '2', 3, 1, 'EUR', 0, 0, 0, 0, 0)");
    CHECK(has(answer(scope, sale_http_show, true, "id", "1", "source", "web"), "\"id\":\"12\""));
    CHECK(
        has(answer(scope, sale_http_show, true, "id", "2", NULL, NULL), "\"kind\":\"adjustment\""));
    CHECK_STRING(answer(scope, sale_http_show, true, "id", "1", NULL, NULL),
                 "several sources have a receipt \"1\"");
}
