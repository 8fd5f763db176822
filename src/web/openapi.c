// SPDX-License-Identifier: Apache-2.0
#include "web/openapi.h"

#include "govern/access/access.h"
#include "web/openapi_schema.h"

#include <ctype.h>
#include <stdio.h>

#define PREFIX "/api/v1/"

static void begin_member(struct json_writer *writer, const char *key) {
    json_key(writer, key);
    json_begin_object(writer);
}

// ---- names ----

const char *openapi_operation(struct arena *arena, const struct route *route) {
    const char *path = route->path;
    char *name =
        arena_printf(arena, "%s_%s", method_name(route->method),
                     strncmp(path, PREFIX, strlen(PREFIX)) == 0 ? path + strlen(PREFIX) : path + 1);
    size_t size = 0;

    for (const char *at = name; *at; at++)
        if (*at != '{' && *at != '}')
            name[size++] = isalnum((unsigned char)*at) ? (char)tolower((unsigned char)*at) : '_';
    name[size] = '\0';
    return name;
}

// The first word of the path: the noun.
static struct text tag_of(const struct route *route) {
    const char *path = route->path + strlen(PREFIX);

    return (struct text){.data = path, .size = strcspn(path, "/.")};
}

// ---- operations ----

static void write_path_parameters(struct json_writer *writer, const char *path) {
    for (const char *at = path; (at = strchr(at, '{')); at++) {
        const struct text name = {.data = at + 1, .size = strcspn(at + 1, "}")};

        json_begin_object(writer);
        json_key(writer, "name");
        json_write_text(writer, name);
        openapi_member(writer, "in", "path");
        json_key(writer, "required");
        json_write_bool(writer, true);
        begin_member(writer, "schema");
        openapi_member(writer, "type", "string");
        json_end_object(writer);
        json_end_object(writer);
    }
}

static bool is_unsafe(const struct route *route) {
    return route->method != METHOD_GET;
}

static void refer_to_parameter(struct json_writer *writer, const char *name) {
    json_begin_object(writer);
    openapi_reference(writer, "parameters", name);
    json_end_object(writer);
}

static void write_parameters(struct json_writer *writer, const struct route *route) {
    json_key(writer, "parameters");
    json_begin_array(writer);
    write_path_parameters(writer, route->path);
    for (const struct route_parameter *known = route->parameters; known && known->name; known++)
        openapi_write_parameter(writer, known);
    if (is_unsafe(route))
        refer_to_parameter(writer, "CsrfToken");
    if (route->once == ROUTE_ONCE)
        refer_to_parameter(writer, "IdempotencyKey");
    if (route->once == ROUTE_ONCE_SECRET)
        refer_to_parameter(writer, "IdempotencyKeyOfSecret");
    json_end_array(writer);
}

static void begin_content(struct json_writer *writer, const char *type) {
    begin_member(writer, "content");
    begin_member(writer, type);
    begin_member(writer, "schema");
}

static void end_content(struct json_writer *writer) {
    for (int i = 0; i < 3; i++)
        json_end_object(writer);
}

static bool takes_bytes(const struct route *route) {
    return route->takes == ROUTE_TAKES_FILE || route->takes == ROUTE_TAKES_BYTES;
}

static void write_body(struct json_writer *writer, const struct route *route) {
    if (!route->body && !takes_bytes(route))
        return;
    begin_member(writer, "requestBody");
    json_key(writer, "required");
    json_write_bool(writer, !route->body || !route->body->is_optional);
    if (route->body) {
        begin_member(writer, "content");
        begin_member(writer, "application/json");
        json_key(writer, "schema");
        openapi_write_body(writer, route->body);
        json_end_object(writer);
        json_end_object(writer);
    } else {
        begin_content(writer, "application/octet-stream");
        end_content(writer);
    }
    json_end_object(writer);
}

static void write_content(struct json_writer *writer, const struct route_answer *answer) {
    if (answer->type == ANSWER_FILE || answer->type == ANSWER_EVENTS) {
        begin_content(writer, answer->type == ANSWER_FILE ? "application/octet-stream"
                                                          : "text/event-stream");
        end_content(writer);
        return;
    }
    begin_member(writer, "content");
    begin_member(writer, "application/json");
    json_key(writer, "schema");
    openapi_write_answer(writer, answer);
    json_end_object(writer);
    json_end_object(writer);
}

static void write_failure(struct json_writer *writer, code reason) {
    char status[8];

    snprintf(status, sizeof(status), "%d", code_info(reason)->http_status);
    begin_member(writer, status);
    openapi_reference(writer, "responses", code_info(reason)->name);
    json_end_object(writer);
}

// The failures that a caller of this route has to expect; all others are "default".
static void write_answers(struct json_writer *writer, const struct route *route) {
    begin_member(writer, "responses");
    begin_member(writer, "200");
    openapi_member(writer, "description",
                   route->answer && route->answer->help ? route->answer->help : "done");
    if (route->answer)
        write_content(writer, route->answer);
    json_end_object(writer);
    write_failure(writer, INVALID);
    if (route->permission != MAY_SIGN_IN) {
        write_failure(writer, UNAUTHENTICATED);
        write_failure(writer, FORBIDDEN);
    }
    if (strchr(route->path, '{'))
        write_failure(writer, NOT_FOUND);
    if (is_unsafe(route))
        write_failure(writer, CONFLICT);
    if (route->once != ROUTE_REPEATS)
        write_failure(writer, REUSED);
    if (route->body || takes_bytes(route))
        write_failure(writer, TOO_LARGE);
    begin_member(writer, "default");
    openapi_reference(writer, "responses", "failure");
    json_end_object(writer);
    json_end_object(writer);
}

static void write_permission(struct json_writer *writer, const struct route *route) {
    char words[120];

    if (route->permission == MAY_SIGN_IN)
        snprintf(words, sizeof(words), "For everybody, signed in or not.");
    else if (route->permission == MAY_USE_ACCOUNT)
        snprintf(words, sizeof(words), "For everybody who is signed in.");
    else
        snprintf(words, sizeof(words), "For those who may %s.", permission_name(route->permission));
    openapi_member(writer, "description", words);
    openapi_member(writer, "x-permission", permission_key(route->permission));
    if (route->permission != MAY_SIGN_IN)
        return;
    json_key(writer, "security");
    json_begin_array(writer);
    json_end_array(writer);
}

static void write_operation(struct json_writer *writer, struct arena *arena,
                            const struct route *route) {
    static const char *const keys[METHOD_COUNT] = {"get", "post", "put", "patch", "delete"};

    begin_member(writer, keys[route->method]);
    openapi_member(writer, "operationId", openapi_operation(arena, route));
    json_key(writer, "tags");
    json_begin_array(writer);
    json_write_text(writer, tag_of(route));
    json_end_array(writer);
    openapi_member(writer, "summary", route->summary);
    write_permission(writer, route);
    write_parameters(writer, route);
    write_body(writer, route);
    write_answers(writer, route);
    json_end_object(writer);
}

// ---- the document ----

// Each path once, with all its methods, where it comes first in the table.
static void write_paths(struct json_writer *writer, struct arena *arena, const struct route *routes,
                        size_t route_count) {
    begin_member(writer, "paths");
    for (size_t i = 0; i < route_count; i++) {
        size_t first = 0;

        while (strcmp(routes[first].path, routes[i].path) != 0)
            first++;
        if (first < i)
            continue;
        begin_member(writer, routes[i].path);
        for (size_t k = i; k < route_count; k++)
            if (strcmp(routes[k].path, routes[i].path) == 0)
                write_operation(writer, arena, &routes[k]);
        json_end_object(writer);
    }
    json_end_object(writer);
}

static void write_tags(struct json_writer *writer, const struct route *routes, size_t route_count) {
    json_key(writer, "tags");
    json_begin_array(writer);
    for (size_t i = 0; i < route_count; i++) {
        size_t first = 0;

        while (!text_equal(tag_of(&routes[first]), tag_of(&routes[i])))
            first++;
        if (first < i)
            continue;
        json_begin_object(writer);
        json_key(writer, "name");
        json_write_text(writer, tag_of(&routes[i]));
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_info(struct json_writer *writer) {
    openapi_member(writer, "openapi", "3.1.0");
    begin_member(writer, "info");
    openapi_member(writer, "title", "Tessera");
    openapi_member(writer, "version", TESSERA_VERSION);
    openapi_member(
        writer, "description",
        "Everything that the web app and the command line do.\n\n"
        "Failures are {\"error\": {\"code\", \"message\", \"detail\", \"hint\", \"field\"}} with "
        "the "
        "HTTP status of the code. Lists are tables: columns with name, type and unit, and rows. A "
        "long list is given in pages: ask for the next one with \"after\" set to what the page "
        "before it had in \"next\"; the last page has none. Ids are strings of digits. Long work "
        "is "
        "a job: the answer names it, GET /api/v1/jobs/{id} tells how far it is, and "
        "GET /api/v1/live sends every step.");
    begin_member(writer, "license");
    openapi_member(writer, "name", "Apache 2.0");
    openapi_member(writer, "identifier", "Apache-2.0");
    json_end_object(writer);
    json_end_object(writer);
}

static void write_security(struct json_writer *writer) {
    begin_member(writer, "securitySchemes");
    begin_member(writer, "key");
    openapi_member(writer, "type", "http");
    openapi_member(writer, "scheme", "bearer");
    openapi_member(writer, "description",
                   "An API key, made with POST /api/v1/keys or `tessera key add`: "
                   "Authorization: Bearer tsk_…");
    json_end_object(writer);
    begin_member(writer, "session");
    openapi_member(writer, "type", "apiKey");
    openapi_member(writer, "in", "cookie");
    openapi_member(writer, "name", "__Host-tessera");
    openapi_member(writer, "description",
                   "The cookie that POST /api/v1/session sets. Every request but GET needs the "
                   "header X-CSRF-Token with it.");
    json_end_object(writer);
    json_end_object(writer);
}

static void write_failures(struct json_writer *writer) {
    begin_member(writer, "responses");
    for (int i = OK; i < CODE_COUNT; i++) {
        begin_member(writer, i == OK ? "failure" : code_info((code)i)->name);
        openapi_member(writer, "description",
                       i == OK ? "a failure; its code says which" : code_info((code)i)->meaning);
        begin_content(writer, "application/json");
        openapi_reference(writer, "schemas", "Error");
        end_content(writer);
        json_end_object(writer);
    }
    json_end_object(writer);
}

static void write_header(struct json_writer *writer, const char *component, const char *name,
                         const char *description) {
    begin_member(writer, component);
    openapi_member(writer, "name", name);
    openapi_member(writer, "in", "header");
    openapi_member(writer, "description", description);
    begin_member(writer, "schema");
    openapi_member(writer, "type", "string");
    json_end_object(writer);
    json_end_object(writer);
}

static void write_components(struct json_writer *writer) {
    begin_member(writer, "components");
    begin_member(writer, "schemas");
    openapi_write_schemas(writer);
    json_end_object(writer);
    write_failures(writer);
    begin_member(writer, "parameters");
    write_header(writer, "CsrfToken", "X-CSRF-Token",
                 "\"csrf\" of GET /api/v1/session; needed with the cookie, not with a key");
    write_header(writer, "IdempotencyKey", "Idempotency-Key",
                 "a text of your own, 1 to 255 characters: the same request with the same key is "
                 "done once within 24 hours, and answered alike");
    write_header(writer, "IdempotencyKeyOfSecret", "Idempotency-Key",
                 "a text of your own, 1 to 255 characters: the same request with the same key is "
                 "done once within 24 hours; its answer, which holds a secret, is told once, "
                 "then 409");
    json_end_object(writer);
    write_security(writer);
    json_end_object(writer);
}

static void write_choice_of_security(struct json_writer *writer) {
    static const char *const schemes[] = {"key", "session"};

    json_key(writer, "security");
    json_begin_array(writer);
    for (size_t i = 0; i < 2; i++) {
        json_begin_object(writer);
        json_key(writer, schemes[i]);
        json_begin_array(writer);
        json_end_array(writer);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void openapi_write(struct json_writer *writer, struct arena *arena, const struct route *routes,
                   size_t route_count) {
    json_begin_object(writer);
    write_info(writer);
    write_choice_of_security(writer);
    write_tags(writer, routes, route_count);
    write_paths(writer, arena, routes, route_count);
    write_components(writer);
    json_end_object(writer);
}
