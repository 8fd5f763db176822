// SPDX-License-Identifier: Apache-2.0
// Routes are few hundreds and a path has few elements: walking the table costs less than reading
// the request.
#include "web/router.h"

#include "govern/access/access.h"
#include "store/unit.h"

enum { MOST_PATH_PARAMETERS = 8 };

static bool is_placeholder(struct text element) {
    return element.size > 2 && element.data[0] == '{' && element.data[element.size - 1] == '}';
}

// Up to the first placeholder both are the same bytes, or do not match: most of the table is passed
// over by this look.
static bool begin_alike(struct text pattern, struct text path) {
    const char *placeholder = memchr(pattern.data, '{', pattern.size);
    const size_t size = placeholder ? (size_t)(placeholder - pattern.data) : pattern.size;

    return path.size >= size && memcmp(pattern.data, path.data, size) == 0;
}

// Does the path have the form of the pattern? Values of placeholders are still encoded.
static bool matches(struct text pattern, struct text path, struct request_parameter *parameters,
                    size_t *ret_count) {
    size_t count = 0;

    if (!begin_alike(pattern, path))
        return false;
    while (pattern.data && path.data) {
        const struct text wanted = text_split(pattern, '/', &pattern);
        const struct text element = text_split(path, '/', &path);

        if (!is_placeholder(wanted)) {
            if (!text_equal(wanted, element))
                return false;
            continue;
        }
        if (element.size == 0 || count == MOST_PATH_PARAMETERS)
            return false;
        parameters[count].name = (struct text){.data = wanted.data + 1, .size = wanted.size - 2};
        parameters[count++].value = element;
    }
    *ret_count = count;
    return !pattern.data && !path.data;
}

code router_permit(struct scope *scope, const struct route *route) {
    // Default deny: a route without a permission is nobody's.
    if (route->permission != 0 &&
        (scope->actor.permissions & route->permission) == route->permission)
        return OK;
    scope_fail(scope, FORBIDDEN, "%s may not %s",
               scope->actor.name[0] ? scope->actor.name : "nobody",
               permission_name(route->permission));
    return scope_hint(scope, "ask an administrator for a role that may");
}

// Many clients send {} where nothing is to be said.
static code check_emptiness(struct scope *scope, const struct json *body) {
    if (body->type == JSON_OBJECT && !body->first)
        return OK;
    return scope_fail(scope, INVALID, "nothing is expected in the body of the request");
}

// A member that the route does not declare is refused before the handler looks at anything. Bodies
// without fields are documents of their own (a mapping), which their reader checks.
static code check_body(struct scope *scope, const struct route *route, const struct json *body) {
    if (route->takes == ROUTE_TAKES_NOTHING)
        return check_emptiness(scope, body);
    if (!route->body || route->body->field_count == 0)
        return OK;
    return json_check_members(scope, body, route->body->fields, route->body->field_count);
}

static code call(struct scope *scope, const struct route *route, const struct request *request,
                 struct request_parameter *found, size_t found_count, struct response *response) {
    const size_t count = found_count + request->parameter_count;
    struct request_parameter *all = arena_array(&scope->arena, count, sizeof(*all));
    struct request complete = *request;

    TRY(router_permit(scope, route));
    for (size_t i = 0; i < found_count; i++) {
        all[i].name = found[i].name;
        TRY(request_path_decode(scope, found[i].value, &all[i].value));
    }
    for (size_t i = 0; i < request->parameter_count; i++)
        all[found_count + i] = request->parameters[i];
    complete.parameters = all;
    complete.parameter_count = count;
    complete.path_parameter_count = found_count;
    TRY(route_check_parameters(scope, &complete, route->parameters));
    if (request->body)
        TRY(check_body(scope, route, request->body));
    complete.route_parameters = route->parameters;
    return route->handler(scope, &complete, response);
}

const struct route *router_find(const struct route *routes, size_t route_count, enum method method,
                                struct text path) {
    for (size_t i = 0; i < route_count; i++) {
        struct request_parameter found[MOST_PATH_PARAMETERS];
        size_t found_count;

        if (routes[i].method == method &&
            matches(text_of(routes[i].path), path, found, &found_count))
            return &routes[i];
    }
    return NULL;
}

static code dispatch(struct scope *scope, const struct route *routes, size_t route_count,
                     const struct request *request, struct response *response) {
    const struct route *other_method = NULL;

    for (size_t i = 0; i < route_count; i++) {
        struct request_parameter found[MOST_PATH_PARAMETERS];
        size_t found_count;

        if (!matches(text_of(routes[i].path), request->path, found, &found_count))
            continue;
        if (routes[i].method == request->method)
            return call(scope, &routes[i], request, found, found_count, response);
        other_method = &routes[i];
    }
    scope_fail(scope, NOT_FOUND, "there is nothing at %s %.*s", method_name(request->method),
               TEXT_ARG(request->path));
    return other_method
               ? scope_hint(scope, "%s is answered there", method_name(other_method->method))
               : NOT_FOUND;
}

struct dispatched {
    const struct route *routes;
    size_t route_count;
    const struct request *request;
    struct response *response;
};

// What was written of the last answer is none of the next one's.
static code dispatch_anew(struct scope *scope, void *argument) {
    const struct dispatched *one = argument;

    response_clear(one->response);
    response_init(one->response);
    return dispatch(scope, one->routes, one->route_count, one->request, one->response);
}

code router_handle(struct scope *scope, const struct route *routes, size_t route_count,
                   const struct request *request, struct response *response) {
    struct dispatched one = {routes, route_count, request, response};
    const code result = unit_run(scope, dispatch_anew, &one);

    if (result != OK)
        response_failure(response, &scope->failure);
    return result;
}
