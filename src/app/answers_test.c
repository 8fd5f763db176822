// SPDX-License-Identifier: Apache-2.0
// What routes answer is what they declare: every member that must be there, none besides, each of
// its type. Asked of a store with a little of everything.
#include "app/tables.h"
#include "base/test.h"
#include "govern/access/access.h"
#include "store/store_testing.h"

static bool is_text(const struct json *json) {
    return json->type == JSON_STRING;
}

static bool is_table(const struct json *json) {
    return json->type == JSON_OBJECT && json_member(json, "columns") && json_member(json, "rows") &&
           json_member(json, "row_count");
}

static bool is_of_type(const struct json *json, enum answer_type type) {
    switch (type) {
    case ANSWER_TEXT:
    case ANSWER_ID:
    case ANSWER_DAY:
    case ANSWER_INSTANT:
        return is_text(json);
    case ANSWER_INTEGER:
        return json->type == JSON_INT64;
    case ANSWER_NUMBER:
        return json->type == JSON_INT64 || json->type == JSON_DOUBLE;
    case ANSWER_BOOL:
        return json->type == JSON_BOOL;
    case ANSWER_TABLE:
    case ANSWER_PAGE:
        return is_table(json);
    case ANSWER_OBJECT:
        return json->type == JSON_OBJECT;
    case ANSWER_ANY:
    case ANSWER_FILE:
    case ANSWER_EVENTS:
        break;
    }
    return true;
}

static const struct route_answer *declared(const struct route_answer *members, struct text name) {
    for (; members->name; members++)
        if (text_is(name, members->name))
            return members;
    return NULL;
}

static void check(const char *path, const struct route_answer *answer, const struct json *json);

static void check_members(const char *path, const struct route_answer *members,
                          const struct json *json) {
    for (const struct json *member = json->first; member; member = member->next)
        if (!declared(members, member->key))
            test_fail(__FILE__, __LINE__, "%s answers \"%.*s\", which it does not declare", path,
                      TEXT_ARG(member->key));
    for (; members->name; members++) {
        const struct json *member = json_member(json, members->name);

        if (!member && !members->is_optional)
            test_fail(__FILE__, __LINE__, "%s does not answer \"%s\"", path, members->name);
        if (member)
            check(path, members, member);
    }
}

static void check_one(const char *path, const struct route_answer *answer,
                      const struct json *json) {
    if (!is_of_type(json, answer->type))
        test_fail(__FILE__, __LINE__, "%s: \"%s\" is of another type than it says", path,
                  answer->name ? answer->name : "the answer");
    if (answer->type == ANSWER_OBJECT && answer->members)
        check_members(path, answer->members, json);
}

static void check(const char *path, const struct route_answer *answer, const struct json *json) {
    if (json->type == JSON_NULL && answer->is_nullable)
        return;
    if (!answer->is_list) {
        check_one(path, answer, json);
        return;
    }
    if (json->type != JSON_ARRAY)
        test_fail(__FILE__, __LINE__, "%s: \"%s\" is no list", path, answer->name);
    for (const struct json *one = json->first; one; one = one->next)
        check_one(path, answer, one);
}

static void make_rows(struct scope *scope) {
    test_store(scope);
    test_ledger_exec(
        scope,
        "INSERT INTO job (id, kind, title, state, parameters, actor, created_at_us)"
        " VALUES (1, 'k', 't', 'done', '{}', 'a', 1);"
        "INSERT INTO import (id, job_id, kind, source, path, file_bytes, file_digest, mapping,"
        " state, created_at_us) VALUES (1, 1, 'sales', 's', '/x', 1, 'd', '{}', 'done', 1);"
        "INSERT INTO quarantine (import_id, row, line, reason, field, message, raw,"
        " raw_encoding, state) VALUES (1, 1, 1, 'r', 'f', 'm', 'raw', 'utf8', 'waiting');"
        "INSERT INTO product (id, import_id, code) VALUES (1, 1, 'x');"
        "INSERT INTO store (id, import_id, code) VALUES (1, 1, 'x');"
        "INSERT INTO staff (id, import_id, code) VALUES (1, 1, 'x');"
        "INSERT INTO segment (id, name, description, definition, created_at_us, updated_at_us) "
        "VALUES (1, 'x', '', "
        "'{\"attribute\":\"country\",\"operator\":\"is\",\"value\":\"FR\"}', 1, 1);");
}

// Placeholders that stand for what there is; the others are asked about in their nouns' tests.
static const char *filled(struct scope *scope, const char *path) {
    static const char *const words[][2] = {
        {"/api/v1/jobs/{id}", "/api/v1/jobs/1"},
        {"/api/v1/jobs/{id}/log", "/api/v1/jobs/1/log"},
        {"/api/v1/imports/{id}", "/api/v1/imports/1"},
        {"/api/v1/imports/{id}/quarantine", "/api/v1/imports/1/quarantine"},
        {"/api/v1/products/{code}", "/api/v1/products/x"},
        {"/api/v1/stores/{code}", "/api/v1/stores/x"},
        {"/api/v1/staff/{code}", "/api/v1/staff/x"},
        {"/api/v1/segments/{name}/history", "/api/v1/segments/x/history"},
        {"/api/v1/metrics/{name}", "/api/v1/metrics/receipts"},
        {"/api/v1/metrics/{names}/values", "/api/v1/metrics/receipts,basket_value/values"},
    };

    (void)scope;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcmp(path, words[i][0]) == 0)
            return words[i][1];
    return strchr(path, '{') ? NULL : path;
}

TEST(routes_answer_what_they_declare) {
    const struct request_client client = {.address = TEXT("127.0.0.1")};
    int asked = 0;

    make_rows(scope);
    for (size_t i = 0; i < route_count; i++) {
        const char *path = filled(scope, routes[i].path);
        const struct request request = {
            .method = METHOD_GET, .path = text_of(path ? path : ""), .client = &client};
        CLEANUP(response_clear) struct response response;
        struct json *answer;

        response_init(&response);
        scope_forgive(scope);
        scope->actor.permissions = MAY_EVERYTHING;
        if (!path || routes[i].method != METHOD_GET)
            continue;
        // Some need more than a store: an account of one's own, a document.
        if (router_handle(scope, routes, route_count, &request, &response) != OK ||
            response.file >= 0 || response.is_live)
            continue;
        CHECK_OK(json_parse(scope, buffer_text(&response.body), &answer));
        check(routes[i].path, routes[i].answer, answer);
        asked++;
    }
    CHECK(asked > 40);
}
