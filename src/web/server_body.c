// SPDX-License-Identifier: Apache-2.0
#include "web/server_body.h"

#include "base/limits.h"
#include "web/server_once.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_BYTES = 16 };

static bool is_json(struct text content_type) {
    struct text parameters;

    return text_equal_ascii_case(text_trim(text_split(content_type, ';', &parameters)),
                                 TEXT("application/json"));
}

static int64_t most_bytes(const struct server_options *options, const struct route *route) {
    if (route->takes == ROUTE_TAKES_FILE)
        return options->upload_limit_bytes > 0 ? options->upload_limit_bytes : LIMIT_UPLOAD_BYTES;
    if (route->takes == ROUTE_TAKES_BYTES)
        return LIMIT_HOOK_BYTES;
    return options->body_limit_bytes > 0 && options->body_limit_bytes < LIMIT_JSON_BYTES
               ? options->body_limit_bytes
               : LIMIT_JSON_BYTES;
}

const char *body_refusal(const struct server_options *options, const struct route *route,
                         struct text content_type, int64_t content_bytes, int *ret_status) {
    if (content_bytes > most_bytes(options, route)) {
        *ret_status = 413;
        return "the body is too large";
    }
    if (content_bytes == 0)
        return NULL;
    if (route->method == METHOD_GET) {
        *ret_status = 400;
        return "a GET has no body";
    }
    // Forms of other sites can send every type but this one.
    if (route->takes != ROUTE_TAKES_FILE && route->takes != ROUTE_TAKES_BYTES &&
        !is_json(content_type)) {
        *ret_status = 415;
        return "the body of this request is application/json";
    }
    return NULL;
}

static code problem_of(int number) {
    return number == ENOSPC || number == EDQUOT ? STORAGE_FULL : UNAVAILABLE;
}

void body_open_file(struct exchange *exchange, const char *store_path) {
    unsigned char random[NAME_BYTES];
    char name[NAME_BYTES * 2 + 1];
    char *path = NULL;

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(name, sizeof(name), random, sizeof(random));
    if (asprintf(&path, "%s/uploads", store_path) < 0)
        abort();
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        exchange->receive_problem = problem_of(errno);
    free(path);
    if (asprintf(&path, "%s/uploads/%s.part", store_path, name) < 0)
        abort();
    exchange->file.path = path;
    exchange->file_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (exchange->file_fd < 0)
        exchange->receive_problem = problem_of(errno);
    exchange->request.file = &exchange->file;
}

static void write_file(struct exchange *exchange, const char *data, size_t size) {
    while (size > 0 && exchange->receive_problem == OK) {
        const ssize_t step = write(exchange->file_fd, data, size);

        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0) {
            exchange->receive_problem = problem_of(errno);
            return;
        }
        data += step;
        size -= (size_t)step;
        exchange->file.bytes += step;
    }
}

void body_take(struct exchange *exchange, const void *data, size_t size) {
    if (exchange->once)
        once_take(exchange->once, data, size);
    if (exchange->receive_problem != OK)
        return;
    if (exchange->request.file)
        write_file(exchange, data, size);
    else
        buffer_add(&exchange->body, data, size);
}

void body_end(struct exchange *exchange) {
    if (exchange->file_fd >= 0 && close(exchange->file_fd) != 0)
        exchange->receive_problem = problem_of(errno);
    exchange->file_fd = -1;
}

void body_clear(struct exchange *exchange) {
    body_end(exchange);
    buffer_clear(&exchange->body);
    if (exchange->file.path) {
        unlink(exchange->file.path);
        free((char *)exchange->file.path);
        exchange->file.path = NULL;
    }
}
