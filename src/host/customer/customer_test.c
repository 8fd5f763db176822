// SPDX-License-Identifier: Apache-2.0
// The handlers as a client sees them: finding, viewing, joining.
#include "host/customer/customer.h"

#include "base/test.h"
#include "govern/access/access.h"
#include "host/customer/customer_http.h"
#include "host/identity/identity.h"
#include "host/profile/profile.h"
#include "host/sale/sale_http.h"
#include "store/ledger.h"
#include "store/store_testing.h"
#include "web/router.h"

#include <inttypes.h>

// What the handlers are given and what they answered.
struct client {
    struct request_parameter parameters[8];
    size_t count;
    const struct json *body;
};

static void with(struct client *client, const char *name, struct text value) {
    client->parameters[client->count++] =
        (struct request_parameter){.name = text_of(name), .value = value};
}

static code ask(struct scope *scope, struct client *client, handler handle,
                struct json **ret_answer) {
    // The place in the path counts as a path parameter; all tests give it first, as "id".
    const bool has_place = client->count > 0 && text_is(client->parameters[0].name, "id");
    const struct request request = {
        .parameters = client->parameters,
        .parameter_count = client->count,
        .path_parameter_count = has_place,
        .route_parameters = handle == customer_http_show       ? customer_show_parameters
                            : handle == customer_http_timeline ? customer_timeline_parameters
                                                               : customer_search_parameters,
        .body = client->body};
    CLEANUP(response_clear) struct response response;
    code result;

    response_init(&response);
    result = handle(scope, &request, &response);
    client->count = 0;
    client->body = NULL;
    if (result == OK)
        CHECK_OK(json_parse(scope, buffer_text(&response.body), ret_answer));
    return result;
}

// One column of a table of the answer, its cells joined by "|"; NULL as "-".
static const char *column(struct scope *scope, const struct json *answer, const char *table,
                          const char *name) {
    const struct json *member = json_member(answer, table);
    const struct json *head = json_member(member, "columns")->first;
    struct text cells = TEXT("");
    size_t index = 0;

    for (; head && !text_is(json_member(head, "name")->string, name); head = head->next)
        index++;
    CHECK(head != NULL);
    for (const struct json *row = json_member(member, "rows")->first; row; row = row->next) {
        const struct json *cell = row->first;

        for (size_t i = 0; i < index; i++)
            cell = cell->next;
        cells = text_printf(
            &scope->arena, "%.*s%s%.*s", TEXT_ARG(cells), cells.size > 0 ? "|" : "",
            TEXT_ARG(cell->type == JSON_NULL ? TEXT("-") : json_scalar_text(&scope->arena, cell)));
    }
    return text_string(&scope->arena, cells);
}

static struct text id_text(struct scope *scope, int64_t id) {
    return text_printf(&scope->arena, "%" PRId64, id);
}

// ---- some customers ----

struct people {
    struct resolver *resolver;
    struct profiles *profiles;
};

static void people_close(struct people *people) {
    resolver_free(people->resolver);
    profiles_free(people->profiles);
}

static struct people people_open(struct scope *scope) {
    const struct people people = {.resolver = resolver_new(), .profiles = profiles_new()};

    test_store(scope);
    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, people.resolver));
    return people;
}

static struct resolution add_person(struct scope *scope, struct people *people, const char *number,
                                    const char *email, const char *name) {
    const struct sighted identifiers[] = {
        {IDENTIFIER_CUSTOMER_NUMBER, TEXT("shop"), text_of(number)},
        {IDENTIFIER_EMAIL, TEXT(""), text_of(email)},
    };
    const struct profile_field field = {.name = TEXT("name"), .value = text_of(name)};
    struct resolution resolution = {0};
    enum profile_effect effect;

    CHECK_OK(resolver_resolve(scope, people->resolver,
                              &(struct sighting){.identifiers = identifiers,
                                                 .count = email ? 2 : 1,
                                                 .import_id = 1,
                                                 .seen_at_us = 1,
                                                 .evidence = TEXT("customers.csv row 1")},
                              &resolution));
    CHECK_OK(profiles_put_customer(scope, people->profiles, resolution.origin, 1, SAID_OF_IT,
                                   &field, 1, &effect));
    return resolution;
}

static void add_sale(struct scope *scope, const struct resolution *who, int64_t id, int kind,
                     int64_t sold_at_us, int64_t gross_micros, const char *number,
                     int64_t refund_of) {
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, "
        "identifier_id, "
        "origin, refund_of, net_micros, vat_micros, gross_micros, discount_micros, line_count) "
        "VALUES ($1, 1, 'shop', $2, $3, $4, 'GBP', $5, $6, $7, $8, 0, $8, 0, 1)",
        BINDS(BIND_INT64(id), BIND_STRING(number), BIND_INT64(kind), BIND_INT64(sold_at_us),
              BIND_INT64(who->identifier_id), BIND_INT64(who->origin),
              BIND_INT64_IF(refund_of != 0, refund_of), BIND_INT64(gross_micros))));
}

static const char *numbers_found(struct scope *scope, const char *query) {
    struct client client = {0};
    struct json *answer;

    with(&client, "q", text_of(query));
    CHECK_OK(ask(scope, &client, customer_http_search, &answer));
    return column(scope, answer, "customers", "number");
}

TEST(customers_are_found_by_the_beginnings_of_all_words) {
    CLEANUP(people_close) struct people people = people_open(scope);

    add_person(scope, &people, "1001", "anna.weber@example.org", "Anna Weber");
    add_person(scope, &people, "1002", "a.webster@example.org", "Annabel Webster");
    add_person(scope, &people, "1003", "bert@example.org", "Bert Weber");
    CHECK_STRING(numbers_found(scope, "WEB"), "1001|1003|1002");
    CHECK_STRING(numbers_found(scope, "web ann"), "1001|1002");
    CHECK_STRING(numbers_found(scope, "wéber anna"), "1001");
    CHECK_STRING(numbers_found(scope, "anna.weber"), "1001");
    CHECK_STRING(numbers_found(scope, "A.Webster@example.org"), "1002");
    CHECK_STRING(numbers_found(scope, "1003"), "1003");
    CHECK_STRING(numbers_found(scope, "weber nobody"), "");
    CHECK_STRING(numbers_found(scope, "%"), "");
    CHECK_STRING(numbers_found(scope, ""), "1003|1002|1001");
}

TEST(pages_of_a_search_give_every_customer_once) {
    CLEANUP(people_close) struct people people = people_open(scope);
    struct text after = {0};
    struct client client = {0};
    int64_t seen = 0;

    // Two words of each name begin with "sm".
    for (int i = 0; i < 25; i++)
        add_person(scope, &people, arena_printf(&scope->arena, "%d", 100 + i), NULL,
                   arena_printf(&scope->arena, "Smith Smithson%d", i % 7));
    for (int page = 0; page < 20; page++) {
        struct json *answer;
        const struct json *next;

        with(&client, "q", TEXT("sm"));
        with(&client, "limit", TEXT("4"));
        if (after.size > 0)
            with(&client, "after", after);
        CHECK_OK(ask(scope, &client, customer_http_search, &answer));
        seen += json_member(json_member(answer, "customers"), "row_count")->int64;
        next = json_member(answer, "next");
        if (!next)
            break;
        after = next->string;
    }
    CHECK_INT(seen, 25);
}

// Those with an even last digit of the number, as a condition could say.
static code keep_even(struct scope *scope, struct customer_restriction *restriction,
                      int64_t *customers, size_t *count) {
    size_t kept = 0;

    (void)restriction;
    for (size_t i = 0; i < *count; i++) {
        CLEANUP(rows_close) struct rows *rows = NULL;
        bool found;

        TRY(ledger_find(scope, "SELECT value FROM identifier WHERE origin = $1 AND kind = 4",
                        BINDS(BIND_INT64(customers[i])), &rows, &found));
        if (found && (rows_text(rows, 0).data[rows_text(rows, 0).size - 1] - '0') % 2 == 0)
            customers[kept++] = customers[i];
    }
    *count = kept;
    return OK;
}

TEST(pages_of_a_restricted_search_give_every_customer_once) {
    CLEANUP(people_close) struct people people = people_open(scope);
    struct customer_restriction even = {.keep = keep_even};
    struct customer_page page = {0};
    size_t seen = 0, pages = 0;

    for (int i = 0; i < 25; i++)
        add_person(scope, &people, arena_printf(&scope->arena, "%d", 100 + i), NULL,
                   arena_printf(&scope->arena, "Smith Smithson%d", i % 7));
    do {
        CHECK_OK(customer_search(scope, TEXT("sm"), &even, page.next, 4, &page));
        for (size_t i = 0; i < page.count; i++) {
            const struct text number = page.customers[i].number;

            CHECK(number.data[number.size - 1] % 2 == 0);
            seen |= (size_t)1 << (number.data[1] * 10 + number.data[2] - '0' * 11);
        }
        pages++;
        CHECK(page.count == 4 || page.next.size == 0);
    } while (page.next.size > 0);
    CHECK_INT((int64_t)pages, 4);
    CHECK_INT((int64_t)seen, 0x1555555); // 0, 2, … 24
}

TEST(a_customer_is_named_by_any_of_its_identifiers) {
    CLEANUP(people_close) struct people people = people_open(scope);
    const struct resolution anna =
        add_person(scope, &people, "K-1001", "anna@example.org", "Anna Weber");
    int64_t customer = 0;

    CHECK_OK(customer_find(scope, id_text(scope, anna.customer), &customer));
    CHECK_INT(customer, anna.customer);
    CHECK_OK(customer_find(scope, TEXT("K-1001"), &customer));
    CHECK_INT(customer, anna.customer);
    CHECK_OK(customer_find(scope, TEXT(" Anna@Example.org "), &customer));
    CHECK_INT(customer, anna.customer);
    CHECK_CODE(customer_find(scope, TEXT("bert@example.org"), &customer), NOT_FOUND);
    // Errors are logged: no address in them.
    CHECK(!strstr(scope->failure.message, "bert"));
}

TEST(the_view_adds_up_receipts_and_masks_identifiers) {
    CLEANUP(people_close) struct people people = people_open(scope);
    const struct resolution anna = add_person(scope, &people, "1001", "anna@example.org", "Anna");
    struct client client = {0};
    struct json *answer;

    add_sale(scope, &anna, 11, 1, 1000000, 10000000, "A1", 0);
    add_sale(scope, &anna, 12, 1, 3000000, 5010000, "A2", 0);
    add_sale(scope, &anna, 13, 2, 4000000, -4000000, "R1", 11);
    with(&client, "id", TEXT("1001"));
    CHECK_OK(ask(scope, &client, customer_http_show, &answer));
    CHECK_STRING(column(scope, answer, "identifiers", "value"), "a…@example.org|1001");
    CHECK_STRING(column(scope, answer, "totals", "receipts"), "3");
    CHECK_STRING(column(scope, answer, "totals", "refund_receipts"), "1");
    CHECK_STRING(column(scope, answer, "totals", "revenue_gross"), "11.01");
    CHECK_STRING(column(scope, answer, "totals", "average_purchase"), "7.51"); // 7.505
    CHECK_STRING(column(scope, answer, "totals", "last_purchase"), "1970-01-01T00:00:03Z");
    CHECK_STRING(column(scope, answer, "timeline", "what"), "R1|A2|A1");
    CHECK_STRING(column(scope, answer, "timeline", "detail"), "refund of A1|1 line|1 line");
    with(&client, "id", TEXT("A1"));
    CHECK_OK(ask(scope, &client, sale_http_show, &answer));
    CHECK_TEXT(json_member(answer, "customer_name")->string, "Anna");
    CHECK_STRING(column(scope, answer, "refunds", "number"), "R1");
}

TEST(whole_identifiers_need_a_permission_and_leave_a_record) {
    CLEANUP(people_close) struct people people = people_open(scope);
    struct client client = {0};
    struct json *answer;

    add_person(scope, &people, "1001", "anna@example.org", "Anna");
    with(&client, "id", TEXT("1001"));
    with(&client, "reveal", TEXT("true"));
    CHECK_OK(ask(scope, &client, customer_http_show, &answer));
    CHECK_STRING(column(scope, answer, "identifiers", "value"), "anna@example.org|1001");
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, details FROM audit"),
                 "customer.reveal|{}");
    scope->actor.permissions = MAY_READ_CUSTOMERS;
    with(&client, "id", TEXT("1001"));
    with(&client, "reveal", TEXT("true"));
    CHECK_CODE(ask(scope, &client, customer_http_show, &answer), FORBIDDEN);
}

TEST(the_timeline_is_paged_without_gaps) {
    CLEANUP(people_close) struct people people = people_open(scope);
    const struct resolution anna = add_person(scope, &people, "1001", NULL, "Anna");
    struct client client = {0};
    struct text after = {0};
    struct text all = TEXT("");

    // Three at the same instant, so that a page ends among them.
    for (int i = 0; i < 9; i++)
        add_sale(scope, &anna, 20 + i, 1, INT64_C(1000) * (i / 3), 1,
                 arena_printf(&scope->arena, "S%d", i), 0);
    for (int page = 0; page < 5; page++) {
        struct json *answer;

        with(&client, "id", TEXT("1001"));
        with(&client, "limit", TEXT("2"));
        if (after.size > 0)
            with(&client, "after", after);
        CHECK_OK(ask(scope, &client, customer_http_timeline, &answer));
        all = text_printf(&scope->arena, "%.*s%s/", TEXT_ARG(all),
                          column(scope, answer, "timeline", "what"));
        CHECK((json_member(answer, "timeline_next") != NULL) == (page < 4));
        if (page < 4)
            after = json_member(answer, "timeline_next")->string;
    }
    CHECK_TEXT(all, "S8|S7/S6|S5/S4|S3/S2|S1/S0/");
    with(&client, "id", TEXT("1001"));
    with(&client, "after", TEXT("yesterday"));
    CHECK_CODE(ask(scope, &client, customer_http_timeline, NULL), INVALID);
}

TEST(the_timeline_is_filtered_by_kind_and_channel) {
    CLEANUP(people_close) struct people people = people_open(scope);
    const struct resolution anna = add_person(scope, &people, "1001", NULL, "Anna");
    struct client client = {0};
    struct json *answer;

    add_sale(scope, &anna, 11, 1, 1000, 1, "A1", 0);
    add_sale(scope, &anna, 12, 1, 2000, 1, "A2", 0);
    CHECK_OK(ledger_exec(scope, "UPDATE sale SET channel = 'web' WHERE id = 12", NO_BINDS));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO event (id, import_id, seen_import, source, event_key, origin, at_us, name, "
        "channel) VALUES (13, 1, 1, 'shop', 'e', $1, 3000, 'page viewed', 'web')",
        BINDS(BIND_INT64(anna.origin))));
    with(&client, "id", TEXT("1001"));
    CHECK_OK(ask(scope, &client, customer_http_show, &answer));
    CHECK_TEXT(json_member(answer, "channels")->first->string, "web");
    CHECK(json_member(answer, "channels")->first->next == NULL);
    with(&client, "id", TEXT("1001"));
    with(&client, "channel", TEXT("web"));
    CHECK_OK(ask(scope, &client, customer_http_timeline, &answer));
    CHECK_STRING(column(scope, answer, "timeline", "what"), "page viewed|A2");
    with(&client, "id", TEXT("1001"));
    with(&client, "kind", TEXT("sales"));
    CHECK_OK(ask(scope, &client, customer_http_timeline, &answer));
    CHECK_STRING(column(scope, answer, "timeline", "what"), "A2|A1");
}

TEST(the_timeline_says_what_events_are_about) {
    CLEANUP(people_close) struct people people = people_open(scope);
    const struct resolution anna = add_person(scope, &people, "1001", NULL, "Anna");
    struct client client = {0};
    struct json *answer;

    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO product (id, import_id, code, name) VALUES (1, 1, 'A', "
                         "'Teapot'), (2, 1, 'B', NULL), (3, 1, 'C', 'Cup')",
                         NO_BINDS));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO event (id, import_id, seen_import, source, event_key, origin, at_us, name, "
        "direction, campaign, product_id, coupon, product_ids) VALUES "
        "(11, 1, 1, 'shop', 'e1', $1, 1, 'Product Viewed', 'in', 'spring', 1, 'TEN', NULL), "
        "(12, 1, 1, 'shop', 'e2', $1, 2, 'Product Added', NULL, NULL, 2, NULL, NULL), "
        "(13, 1, 1, 'shop', 'e3', $1, 3, 'Coupon Denied', NULL, NULL, NULL, 'OLD', NULL), "
        "(14, 1, 1, 'shop', 'e4', $1, 4, 'Opened', 'out', NULL, NULL, NULL, NULL), "
        "(15, 1, 1, 'shop', 'e5', $1, 5, 'Cart Viewed', 'in', NULL, NULL, NULL, '2,1'), "
        "(16, 1, 1, 'shop', 'e6', $1, 6, 'Cart Viewed', NULL, NULL, NULL, NULL, '3,1,2,7,8')",
        BINDS(BIND_INT64(anna.origin))));
    with(&client, "id", TEXT("1001"));
    with(&client, "kind", TEXT("events"));
    CHECK_OK(ask(scope, &client, customer_http_timeline, &answer));
    CHECK_STRING(column(scope, answer, "timeline", "detail"),
                 "Cup, Teapot, B and 2 more|B, Teapot, in|out|coupon OLD|B|"
                 "Teapot, coupon TEN, in, spring");
}

static struct json *parsed(struct scope *scope, struct text text) {
    struct json *json;

    CHECK_OK(json_parse(scope, text, &json));
    return json;
}

TEST(customers_joined_over_the_api_separate_again) {
    CLEANUP(people_close) struct people people = people_open(scope);
    const struct resolution anna = add_person(scope, &people, "1001", NULL, "Anna");
    const struct resolution ann = add_person(scope, &people, "1002", NULL, "Ann Weber");
    struct client client = {0};
    struct json *answer;

    add_sale(scope, &anna, 11, 1, 1, 1000000, "A1", 0);
    add_sale(scope, &ann, 12, 1, 2, 2000000, "A2", 0);
    CHECK_OK(ledger_commit(scope));
    with(&client, "id", TEXT("1001"));
    client.body = parsed(scope, TEXT("{\"other\": \"1002\"}"));
    CHECK_CODE(ask(scope, &client, customer_http_join, &answer), INVALID);
    CHECK_STRING(scope->failure.field, "why");
    scope_forgive(scope);
    with(&client, "id", TEXT("1002"));
    client.body = parsed(scope, TEXT("{\"other\": \"1001\", \"why\": \"same address\"}"));
    CHECK_OK(ask(scope, &client, customer_http_join, &answer));
    CHECK_TEXT(json_member(answer, "customer")->string,
               text_string(&scope->arena, id_text(scope, anna.customer)));
    with(&client, "id", TEXT("1002"));
    CHECK_OK(ask(scope, &client, customer_http_show, &answer));
    CHECK_STRING(column(scope, answer, "totals", "revenue_gross"), "3");
    CHECK_STRING(column(scope, answer, "links", "evidence"), ": same address");
    CHECK_STRING(numbers_found(scope, "ann"), "1001");
    with(&client, "id",
         text_of(test_ledger_rows(scope, "SELECT id FROM link WHERE reason = 'by_hand'")));
    CHECK_OK(ask(scope, &client, customer_http_undo_link, &answer));
    CHECK(json_member(answer, "separated")->boolean);
    CHECK_STRING(numbers_found(scope, "ann"), "1002|1001");
    CHECK_STRING(test_ledger_rows(scope, "SELECT action FROM audit ORDER BY id"),
                 "customer.join\nlink.undo");
}
