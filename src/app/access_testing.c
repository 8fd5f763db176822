// SPDX-License-Identifier: Apache-2.0
#include "app/access_testing.h"

#include "app/tables.h"
#include "govern/access/authenticate_http.h"
#include "govern/access/password.h"
#include "store/ledger.h"

static struct request_client client_of(const struct visitor *visitor) {
    return (struct request_client){
        .address = text_of(visitor->address ? visitor->address : "192.0.2.7"),
        .session = visitor->session,
        .device = visitor->device,
        .csrf = visitor->csrf,
        .key = visitor->key,
        .host = TEXT("crm.example.com"),
        .origin = text_of(visitor->origin),
        .fetch_site = text_of(visitor->fetch_site ? visitor->fetch_site : "same-origin"),
        .user_agent = TEXT("browser"),
        .is_secure = visitor->is_secure,
    };
}

static code answer(struct scope *scope, const struct request *request, struct response *response) {
    const struct route *route = router_find(routes, route_count, request->method, request->path);
    code result = NOT_FOUND;

    if (route)
        result = access_authenticate(scope, request, route);
    if (route && result == OK)
        return router_handle(scope, routes, route_count, request, response);
    if (!route)
        scope_fail(scope, NOT_FOUND, "no route");
    response_failure(response, &scope->failure);
    return result;
}

static struct text cookie_value(struct scope *scope, struct text header, const char *name) {
    struct text rest;
    struct text pair = text_split(header, ';', &rest);
    const struct text found = text_split(pair, '=', &pair);

    return text_is(found, name) ? text_copy(&scope->arena, pair) : (struct text){0};
}

static void keep_headers(struct scope *scope, struct visitor *visitor,
                         const struct response *response) {
    for (size_t i = 0; i < response->header_count; i++) {
        const struct text value = response->headers[i].value;
        struct text token;

        if (strcmp(response->headers[i].name, "Set-Cookie") != 0)
            continue;
        visitor->cookies =
            text_printf(&scope->arena, "%.*s%.*s\n", TEXT_ARG(visitor->cookies), TEXT_ARG(value));
        token = cookie_value(scope, value, request_session_cookie(visitor->is_secure));
        if (token.data)
            visitor->session = token;
        token = cookie_value(scope, value, request_device_cookie(visitor->is_secure));
        if (token.data)
            visitor->device = token;
    }
}

static void keep_csrf(struct scope *scope, struct visitor *visitor) {
    struct json *answer;
    const struct json *csrf;

    if (visitor->answer.size == 0 || visitor->answer.data[0] != '{')
        return;
    CHECK_OK(json_parse(scope, visitor->answer, &answer));
    csrf = json_member(answer, "csrf");
    if (csrf)
        visitor->csrf = csrf->type == JSON_STRING ? csrf->string : TEXT("");
}

code visit(struct scope *scope, struct visitor *visitor, enum method method, const char *path,
           const char *body) {
    const struct request_client client = client_of(visitor);
    struct request request = {.method = method, .path = text_of(path), .client = &client};
    const struct actor actor = scope->actor;
    struct json *json = NULL;
    struct response response;
    code result;

    scope_forgive(scope);
    if (body)
        CHECK_OK(json_parse(scope, text_of(body), &json));
    request.body = json;
    response_init(&response);
    result = answer(scope, &request, &response);
    visitor->answer = text_copy(&scope->arena, buffer_text(&response.body));
    keep_headers(scope, visitor, &response);
    response_clear(&response);
    if (result == OK)
        keep_csrf(scope, visitor);
    scope->actor = actor;
    return result;
}

// ---- people ----

int64_t test_account(struct scope *scope, const char *name, enum role role) {
    struct account account;
    struct text hash;
    int64_t id;

    CHECK_OK(password_hash(scope, TEXT(TEST_PASSWORD), &hash));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(account_create(scope, text_of(name), TEXT(""), role, &id));
    CHECK_OK(account_find(scope, id, &account));
    CHECK_OK(account_set_password(scope, &account, hash, 0));
    CHECK_OK(ledger_commit(scope));
    return id;
}

code try_sign_in(struct scope *scope, struct visitor *visitor, const char *name,
                 const char *password) {
    return visit(
        scope, visitor, METHOD_POST, "/api/v1/session",
        arena_printf(&scope->arena, "{\"name\": \"%s\", \"password\": \"%s\"}", name, password));
}

void test_sign_in(struct scope *scope, struct visitor *visitor, const char *name) {
    CHECK_OK(try_sign_in(scope, visitor, name, TEST_PASSWORD));
    CHECK(visitor->session.size > 0);
}

bool answer_holds(const struct visitor *visitor, const char *part) {
    return visitor->answer.size > 0 &&
           memmem(visitor->answer.data, visitor->answer.size, part, strlen(part)) != NULL;
}

const char *answer_text(struct scope *scope, const struct visitor *visitor, const char *key) {
    struct json *answer;
    const struct json *member;

    CHECK_OK(json_parse(scope, visitor->answer, &answer));
    member = json_member(answer, key);
    CHECK(member && member->type == JSON_STRING);
    return text_string(&scope->arena, member->string);
}
