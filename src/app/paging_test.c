// SPDX-License-Identifier: Apache-2.0
// The same rule of paging for every list that can be long, whoever wrote it.
#include "app/tables.h"
#include "base/test.h"
#include "govern/access/access.h"
#include "store/store_testing.h"

static void make_rows(struct scope *scope) {
    test_store(scope);
    for (int i = 1; i <= 5; i++) {
        const char *sql = arena_printf(
            &scope->arena,
            "INSERT INTO audit VALUES (%d, 1, 'a', 'b', 'c', '{}', 'h');"
            "INSERT INTO job (id, kind, title, state, parameters, actor, created_at_us)"
            " VALUES (%d, 'k', 't', 'done', '{}', 'a', 1);"
            "INSERT INTO import (id, job_id, kind, source, path, file_bytes, file_digest, mapping,"
            " state, created_at_us) VALUES (%d, 1, 'sales', 's', '/x', 1, 'd', '{}', 'done', 1);"
            "INSERT INTO quarantine (import_id, row, line, reason, field, message, raw,"
            " raw_encoding, state) VALUES (1, %d, 1, 'r', 'f', 'm', 'raw', 'utf8', 'waiting');"
            "INSERT INTO product (id, import_id, code) VALUES (%d, 1, 'P%d');"
            "INSERT INTO store (id, import_id, code) VALUES (%d, 1, 'S%d');"
            "INSERT INTO staff (id, import_id, code) VALUES (%d, 1, 'E%d');"
            "INSERT INTO segment_history VALUES (1, %d, 1, 1, 1, 0, 0);",
            i, i, i, i, i, i, i, i, i, i, i);

        test_ledger_exec(scope, sql);
    }
    test_ledger_exec(scope, "INSERT INTO segment (id, name, description, definition, "
                            "created_at_us, updated_at_us) VALUES (1, 's', '', '{}', 1, 1)");
}

static const struct json *ask(struct scope *scope, const char *path, int limit, struct text after) {
    const struct request_parameter parameters[] = {
        {TEXT("limit"), text_printf(&scope->arena, "%d", limit)}, {TEXT("after"), after}};
    const struct request request = {.method = METHOD_GET,
                                    .path = text_of(path),
                                    .parameters = parameters,
                                    .parameter_count = after.data ? 2 : 1};
    CLEANUP(response_clear) struct response response;
    struct json *answer;

    response_init(&response);
    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_OK(router_handle(scope, routes, route_count, &request, &response));
    CHECK_OK(json_parse(scope, buffer_text(&response.body), &answer));
    return answer;
}

// The first cells of the page's rows behind those that are there already, each with a blank.
static int add_rows(struct scope *scope, const struct json *answer, struct buffer *cells) {
    int count = 0;

    if (!json_member(answer, "rows"))
        for (const struct json *member = answer->first; member; member = member->next)
            if (json_member(member, "rows")) {
                answer = member;
                break;
            }
    for (const struct json *row = json_member(answer, "rows")->first; row; row = row->next) {
        buffer_add_text(cells, json_scalar_text(&scope->arena, row->first));
        buffer_add_string(cells, " ");
        count++;
    }
    return count;
}

static void check_pages(struct scope *scope, const char *path, int limit, const char *whole) {
    CLEANUP(buffer_clear) struct buffer cells = {0};
    struct text after = {0};
    const struct json *next;
    int pages = 0;

    do {
        const struct json *answer = ask(scope, path, limit, after);
        const int rows = add_rows(scope, answer, &cells);

        next = json_member(answer, "next");
        if (rows > limit || rows == 0 || (next && rows < limit))
            test_fail(__FILE__, __LINE__, "%s: a page of %d rows at most has %d", path, limit,
                      rows);
        after = next ? next->string : (struct text){0};
        pages++;
    } while (next);
    CHECK_INT(pages, (5 + limit - 1) / limit);
    if (strcmp(buffer_string(&cells), whole) != 0)
        test_fail(__FILE__, __LINE__, "%s by pages of %d: %s, not %s", path, limit,
                  buffer_string(&cells), whole);
}

TEST(pages_of_every_list_make_the_whole_list_once) {
    static const char *const paths[] = {
        "/api/v1/audit",
        "/api/v1/jobs",
        "/api/v1/imports/1/quarantine",
        "/api/v1/imports",
        "/api/v1/products",
        "/api/v1/stores",
        "/api/v1/staff",
        "/api/v1/segments/s/history",
    };

    make_rows(scope);
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        CLEANUP(buffer_clear) struct buffer whole = {0};

        CHECK_INT(add_rows(scope, ask(scope, paths[i], 1000, (struct text){0}), &whole), 5);
        for (int limit = 1; limit <= 6; limit++)
            check_pages(scope, paths[i], limit, buffer_string(&whole));
    }
}

// Lists of which nothing lies behind the limit: rows of a report, what is shown with a customer,
// uploads, which expire.
static bool is_whole(const struct route *route) {
    static const char *const paths[] = {"/api/v1/metrics/{names}/values", "/api/v1/customers/{id}",
                                        "/api/v1/uploads"};

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        if (strcmp(route->path, paths[i]) == 0)
            return true;
    return false;
}

static bool takes(const struct route *route, const char *name) {
    for (const struct route_parameter *known = route->parameters; known && known->name; known++)
        if (strcmp(known->name, name) == 0)
            return true;
    return false;
}

static bool answers_next(const struct route *route) {
    const struct route_answer *member = route->answer->members;

    for (; member && member->name; member++)
        if (strcmp(member->name, "next") == 0 || strcmp(member->name, "timeline_next") == 0)
            return true;
    return route->answer->type == ANSWER_PAGE;
}

TEST(every_list_with_a_limit_has_a_cursor) {
    for (size_t i = 0; i < route_count; i++)
        if (!is_whole(&routes[i]) && (takes(&routes[i], "limit") != takes(&routes[i], "after") ||
                                      takes(&routes[i], "after") != answers_next(&routes[i])))
            test_fail(__FILE__, __LINE__, "%s is not paged as the others", routes[i].path);
}
