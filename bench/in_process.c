// SPDX-License-Identifier: Apache-2.0
// Requests and queries timed within one process that has the store open, as a server has it: no
// start of a program, no opening of databases is in the figures.
//
//   in_process STORE [FILES]
//                         reads lines "GET /api/v1/…?name=value&…" or "SQL SELECT …" (on the lake),
//                         answers each with "MICROSECONDS<tab>the answer, on one line"
#include "app/tables.h"
#include "govern/access/access.h"
#include "store/lake.h"
#include "store/store.h"
#include "web/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t clock_us(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static code ask(struct scope *scope, struct text target, struct response *response) {
    struct request_parameter parameters[16];
    struct request request = {.method = METHOD_GET, .parameters = parameters};
    struct text query;

    request.path = text_split(target, '?', &query);
    while (query.size > 0 && request.parameter_count < 16) {
        struct text value, parameter = text_split(query, '&', &query);
        const struct text name = text_split(parameter, '=', &value);

        parameters[request.parameter_count++] = (struct request_parameter){name, value};
    }
    return router_handle(scope, routes, route_count, &request, response);
}

// The first row of the result, columns separated by "|".
static code query(struct scope *scope, struct text sql, struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(lake_query(scope, text_string(&scope->arena, sql), NO_BINDS, &rows));
    if (rows_next(rows))
        for (size_t i = 0; i < rows_column_count(rows); i++) {
            buffer_add_string(&response->body, i > 0 ? "|" : "");
            buffer_add_text(&response->body, rows_text(rows, i));
        }
    return rows_end(rows);
}

static code run(struct scope *scope, struct text line) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const int64_t begin_us = clock_us();
    struct response response;
    struct text rest;
    code result;

    response_init(&response);
    if (text_is(text_split(line, ' ', &rest), "SQL"))
        result = query(scope, rest, &response);
    else
        result = ask(scope, rest, &response);
    printf("%lld\t%.*s\n", (long long)(clock_us() - begin_us),
           TEXT_ARG(buffer_text(&response.body)));
    response_clear(&response);
    arena_rewind(&scope->arena, mark);
    return result;
}

static code serve(struct scope *scope, const char *path, const char *files) {
    struct config config;
    struct store *store = NULL;
    char *line = NULL;
    size_t capacity = 0;
    code result = OK;

    config_init(&config);
    config.files = files;
    TRY(store_open_configured(scope, path, STORE_READ_WRITE, &config, &store));
    result = session_open(scope, store);
    while (result == OK && getline(&line, &capacity, stdin) > 0)
        result = run(scope, text_trim(text_of(line)));
    free(line);
    session_close(scope);
    store_close(store);
    return result;
}

int main(int argc, char **argv) {
    struct scope scope;
    code result = INVALID;

    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: in_process STORE [FILES]\n");
        return 2;
    }
    scope_init(&scope);
    scope.actor.permissions = MAY_EVERYTHING;
    result = serve(&scope, argv[1], argc == 3 ? argv[2] : "");
    if (result != OK)
        fprintf(stderr, "%s (%s)\n", scope.failure.message, scope.failure.detail);
    scope_clear(&scope);
    return code_info(result)->exit_code;
}
