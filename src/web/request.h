// SPDX-License-Identifier: Apache-2.0
// A request as handlers see it, whoever made it: the HTTP server or a command in this process.
#pragma once

#include "base/json.h"
#include "base/scope.h"

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE };

struct request_parameter {
    struct text name;
    struct text value;
};

struct request {
    enum method method;
    struct text path;                           // "/api/v1/metrics/revenue_gross"
    const struct request_parameter *parameters; // of the query string (repeats allowed) and of the path
    size_t parameter_count;
    const struct json *body;                    // NULL when there is none
};

// The first value of a parameter; empty (data NULL) when it is absent.
struct text request_text(const struct request *request, const char *name);
bool request_has(const struct request *request, const char *name);
// All values of a repeated parameter, in order; returns the count, at most `capacity` are written.
size_t request_all(const struct request *request, const char *name, struct text *values, size_t capacity);
// `otherwise` when absent; INVALID with the field for anything but an integer in minimum..maximum.
code request_int64(struct scope *scope, const struct request *request, const char *name, int64_t minimum,
                   int64_t maximum, int64_t otherwise, int64_t *ret_value);
// A day written as YYYY-MM-DD; `otherwise` when absent.
code request_day(struct scope *scope, const struct request *request, const char *name, int32_t otherwise,
                 int32_t *ret_day);
// INVALID when a parameter is present that is not in the NULL-terminated list.
code request_only(struct scope *scope, const struct request *request, const char *const *names);
