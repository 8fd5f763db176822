// SPDX-License-Identifier: Apache-2.0
// The document as a reader of OpenAPI takes it: whole, each name once, no reference into nothing.
#include "app/tables.h"
#include "base/test.h"
#include "govern/access/access.h"
#include "web/openapi.h"

static const struct json *document(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer buffer = {0};
    struct json_writer writer;
    struct json *json;

    json_writer_init(&writer, &buffer);
    openapi_write(&writer, &scope->arena, routes, route_count);
    // Keys that stand twice are refused by the parser: paths, schemas and members are unique.
    CHECK_OK(json_parse(scope, text_copy(&scope->arena, buffer_text(&buffer)), &json));
    return json;
}

// "#/components/schemas/Table" within the document; NULL when it leads nowhere.
static const struct json *follow(const struct json *json, struct scope *scope,
                                 struct text reference) {
    struct text rest = reference;

    CHECK(text_is(text_split(rest, '/', &rest), "#"));
    while (json && rest.data)
        json = json_member(json, text_string(&scope->arena, text_split(rest, '/', &rest)));
    return json;
}

static int check_references(struct scope *scope, const struct json *root, const struct json *json) {
    int count = 0;

    for (const struct json *member = json->first; member; member = member->next) {
        if (member->type == JSON_STRING && text_is(member->key, "$ref")) {
            if (!follow(root, scope, member->string))
                test_fail(__FILE__, __LINE__, "%.*s leads nowhere", TEXT_ARG(member->string));
            count++;
        }
        if (member->type == JSON_OBJECT || member->type == JSON_ARRAY)
            count += check_references(scope, root, member);
    }
    return count;
}

TEST(every_reference_of_the_document_leads_somewhere) {
    const struct json *json = document(scope);

    CHECK(check_references(scope, json, json) > 100);
    CHECK_TEXT(json_member(json, "openapi")->string, "3.1.0");
    CHECK_TEXT(json_member(json_member(json, "info"), "version")->string, TESSERA_VERSION);
}

static const struct json *operation(struct scope *scope, const struct json *json,
                                    const struct route *route) {
    const struct json *path = json_member(json_member(json, "paths"), route->path);
    const struct text method = text_of(method_name(route->method));

    return path ? json_member(path,
                              text_string(&scope->arena, text_lower_ascii(&scope->arena, method)))
                : NULL;
}

static size_t count_of(const struct json *array, const char *key, const char *value) {
    size_t count = 0;

    for (const struct json *one = array->first; one; one = one->next) {
        const struct json *member = json_member(one, key);

        count += member && text_is(member->string, value);
    }
    return count;
}

static size_t placeholders(const char *path) {
    size_t count = 0;

    for (; *path; path++)
        count += *path == '{';
    return count;
}

TEST(every_route_stands_in_the_document_with_all_that_it_takes) {
    const struct json *json = document(scope);

    for (size_t i = 0; i < route_count; i++) {
        const struct json *found = operation(scope, json, &routes[i]);
        const struct route_parameter *known = routes[i].parameters;
        const struct json *parameters;

        if (!found)
            test_fail(__FILE__, __LINE__, "%s is missing", routes[i].path);
        parameters = json_member(found, "parameters");
        CHECK_TEXT(json_member(found, "summary")->string, routes[i].summary);
        CHECK_TEXT(json_member(found, "x-permission")->string,
                   permission_key(routes[i].permission));
        CHECK(count_of(parameters, "in", "path") == placeholders(routes[i].path));
        for (; known && known->name; known++)
            CHECK(count_of(parameters, "name", known->name) == 1);
        CHECK((json_member(found, "requestBody") != NULL) ==
              (routes[i].body || routes[i].takes == ROUTE_TAKES_FILE ||
               routes[i].takes == ROUTE_TAKES_BYTES));
        CHECK((json_member(found, "security") != NULL) == (routes[i].permission == MAY_SIGN_IN));
        CHECK(json_member(json_member(json_member(found, "responses"), "200"), "content") != NULL);
    }
}

TEST(every_operation_has_a_name_of_its_own) {
    for (size_t i = 0; i < route_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(openapi_operation(&scope->arena, &routes[i]),
                       openapi_operation(&scope->arena, &routes[k])) == 0)
                test_fail(__FILE__, __LINE__, "%s and %s are both %s", routes[i].path,
                          routes[k].path, openapi_operation(&scope->arena, &routes[i]));
}

TEST(every_failure_stands_in_the_document_with_its_status) {
    const struct json *json = document(scope);
    const struct json *responses = json_member(json_member(json, "components"), "responses");
    const struct json *links = json_member(
        operation(scope, json,
                  router_find(routes, route_count, METHOD_POST, TEXT("/api/v1/links/1/undo"))),
        "responses");

    for (int i = OK + 1; i < CODE_COUNT; i++)
        CHECK(json_member(responses, code_info((code)i)->name) != NULL);
    CHECK_TEXT(json_member(json_member(links, "404"), "$ref")->string,
               "#/components/responses/not_found");
    CHECK_TEXT(json_member(json_member(links, "409"), "$ref")->string,
               "#/components/responses/conflict");
}
