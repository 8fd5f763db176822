// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"
#include "govern/access/access.h"
#include "web/router.h"

static code tell(struct response *response, const char *what, struct text value) {
    json_begin_object(&response->writer);
    json_key(&response->writer, what);
    json_write_text(&response->writer, value);
    json_end_object(&response->writer);
    return OK;
}

static code show_one(struct scope *scope, const struct request *request,
                     struct response *response) {
    (void)scope;
    return tell(response, "one", request_text(request, "name"));
}

static code list_all(struct scope *scope, const struct request *request,
                     struct response *response) {
    (void)scope, (void)request;
    return tell(response, "all", (struct text){0});
}

static code fail_late(struct scope *scope, const struct request *request,
                      struct response *response) {
    (void)request;
    json_begin_object(&response->writer);
    json_key(&response->writer, "half");
    return scope_fail_field(scope, CONFLICT, "name", "segment \"vip\" exists");
}

static const struct route_parameter parameters[] = {{.name = "name", PARAMETER_TEXT, "a name"},
                                                    PARAMETERS_END};
static const struct route table[] = {
    {METHOD_GET, "/api/v1/things", list_all, MAY_READ_REPORTS, .summary = "all"},
    {METHOD_GET, "/api/v1/things/{name}", show_one, MAY_READ_REPORTS, .parameters = parameters},
    {METHOD_POST, "/api/v1/things", fail_late, MAY_CHANGE_SEGMENTS, .summary = "make"},
    {METHOD_PUT, "/api/v1/things", list_all, MAY_CHANGE_SEGMENTS, .takes = ROUTE_TAKES_NOTHING},
    {METHOD_GET, "/api/v1/open", list_all, 0, .summary = "forgotten"},
};

enum { COUNT = sizeof(table) / sizeof(*table) };

static code ask(struct scope *scope, enum method method, const char *path, uint32_t permissions,
                struct response *response) {
    const struct request request = {.method = method, .path = text_of(path)};

    response_init(response);
    scope->actor.permissions = permissions;
    return router_handle(scope, table, COUNT, &request, response);
}

TEST(a_path_finds_its_handler_and_its_parameters) {
    struct response response;

    CHECK_OK(ask(scope, METHOD_GET, "/api/v1/things/a%2Fb%20%C3%A9", MAY_READ_REPORTS, &response));
    CHECK_TEXT(buffer_text(&response.body), "{\"one\":\"a/b é\"}");
    response_clear(&response);
    CHECK_OK(ask(scope, METHOD_GET, "/api/v1/things", MAY_READ_REPORTS, &response));
    CHECK_TEXT(buffer_text(&response.body), "{\"all\":\"\"}");
    response_clear(&response);
}

TEST(paths_that_only_look_alike_find_nothing) {
    static const char *const paths[] = {
        "/api/v1/things/",   "/api/v1/things/a/b", "/api/v1/thing", "api/v1/things", "", "/",
        "/api/v1/things/a/",
    };
    struct response response;

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        CHECK_CODE(ask(scope, METHOD_GET, paths[i], MAY_EVERYTHING, &response), NOT_FOUND);
        response_clear(&response);
        scope_forgive(scope);
    }
}

TEST(broken_escapes_in_a_path_are_refused) {
    static const char *const paths[] = {"/api/v1/things/%", "/api/v1/things/%2",
                                        "/api/v1/things/%zz", "/api/v1/things/a%00b",
                                        "/api/v1/things/%FF"};
    struct response response;

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        CHECK_CODE(ask(scope, METHOD_GET, paths[i], MAY_EVERYTHING, &response), INVALID);
        response_clear(&response);
        scope_forgive(scope);
    }
}

TEST(a_path_with_another_method_says_which_it_answers) {
    struct response response;

    CHECK_CODE(ask(scope, METHOD_DELETE, "/api/v1/things/x", MAY_EVERYTHING, &response), NOT_FOUND);
    CHECK_TEXT(buffer_text(&response.body),
               "{\"error\":{\"code\":\"not_found\",\"message\":\"there is nothing at DELETE "
               "/api/v1/things/x\",\"hint\":\"GET is answered there\"}}");
    response_clear(&response);
}

TEST(without_the_permission_the_handler_is_not_called) {
    struct response response;

    CHECK_CODE(ask(scope, METHOD_GET, "/api/v1/things",
                   MAY_EVERYTHING & ~(uint32_t)MAY_READ_REPORTS, &response),
               FORBIDDEN);
    CHECK_STRING(scope->failure.message, "nobody may not read reports");
    response_clear(&response);
}

TEST(a_route_without_a_permission_is_nobodys) {
    struct response response;

    CHECK_CODE(ask(scope, METHOD_GET, "/api/v1/open", MAY_EVERYTHING, &response), FORBIDDEN);
    response_clear(&response);
}

TEST(a_failure_replaces_what_was_half_written) {
    struct response response;

    CHECK_CODE(ask(scope, METHOD_POST, "/api/v1/things", MAY_EVERYTHING, &response), CONFLICT);
    CHECK_TEXT(buffer_text(&response.body),
               "{\"error\":{\"code\":\"conflict\",\"message\":\"segment \\\"vip\\\" exists\","
               "\"field\":\"name\"}}");
    response_clear(&response);
}

TEST(a_query_cannot_take_the_place_of_a_path_parameter) {
    const struct request_parameter query = {.name = TEXT("name"), .value = TEXT("other")};
    const struct request request = {.method = METHOD_GET,
                                    .path = TEXT("/api/v1/things/mine"),
                                    .parameters = &query,
                                    .parameter_count = 1};
    struct response response;

    response_init(&response);
    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_OK(router_handle(scope, table, COUNT, &request, &response));
    CHECK_TEXT(buffer_text(&response.body), "{\"one\":\"mine\"}");
    response_clear(&response);
}

TEST(a_parameter_that_the_route_does_not_declare_is_refused) {
    const struct request_parameter query = {.name = TEXT("nmae"), .value = TEXT("x")};
    struct request request = {.method = METHOD_GET,
                              .path = TEXT("/api/v1/things/mine"),
                              .parameters = &query,
                              .parameter_count = 1};
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_CODE(router_handle(scope, table, COUNT, &request, &response), INVALID);
    CHECK_STRING(scope->failure.hint, "did you mean name?");
    scope_forgive(scope);
    request.path = TEXT("/api/v1/things"); // takes none at all
    CHECK_CODE(router_handle(scope, table, COUNT, &request, &response), INVALID);
    CHECK_STRING(scope->failure.message, "unknown parameter \"nmae\"");
}

TEST(a_body_is_refused_where_none_is_taken) {
    static struct json empty = {.type = JSON_OBJECT};
    static const struct json full = {.type = JSON_OBJECT, .first = &empty};
    struct request request = {.method = METHOD_PUT, .path = TEXT("/api/v1/things"), .body = &empty};
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_OK(router_handle(scope, table, COUNT, &request, &response));
    request.body = &full;
    CHECK_CODE(router_handle(scope, table, COUNT, &request, &response), INVALID);
}

TEST(a_name_survives_the_way_through_a_path) {
    const struct text name = TEXT("50% off / \"Zürich\"?#");
    const struct text element = request_path_element(&scope->arena, name);
    struct text back;

    CHECK_TEXT(element, "50%25%20off%20%2F%20%22Z%C3%BCrich%22%3F%23");
    CHECK_OK(request_path_decode(scope, element, &back));
    CHECK(text_equal(back, name));
}
