// SPDX-License-Identifier: Apache-2.0
// What a route is: where it stands, who may, and what goes in and out of it. The router refuses
// what a route does not declare, the API reference is written from it, and nothing else knows.
#pragma once

#include "base/limits.h"
#include "web/request.h"
#include "web/response.h"

typedef code (*handler)(struct scope *scope, const struct request *request,
                        struct response *response);

// ---- parameters of the query ----

enum parameter_type {
    PARAMETER_TEXT,
    PARAMETER_INTEGER, // minimum..maximum
    PARAMETER_DAY,     // YYYY-MM-DD
    PARAMETER_BOOL,    // "true", "false", or present without a value: true
    PARAMETER_CHOICE,  // one of `choices`
};

struct route_parameter {
    const char *name; // NULL ends a list
    enum parameter_type type;
    const char *help;           // for the API reference
    const char *usual;          // the value when it is absent, as it would be written; NULL: none
    int64_t minimum;            // of PARAMETER_INTEGER
    int64_t maximum;            // of PARAMETER_INTEGER
    const char *const *choices; // of PARAMETER_CHOICE, ending with NULL
    bool is_required;
    bool repeats;
};

// The page of a list: every list that can be long takes both, and answers with "next", which is the
// "after" of the page behind it, as long as there is one.
#define PARAMETER_LIMIT(usual_rows)                                                                \
    {                                                                                              \
        .name = "limit", .type = PARAMETER_INTEGER, .help = "rows of a page at most",              \
        .usual = usual_rows, .minimum = 1, .maximum = LIMIT_PAGE_ROWS                              \
    }
#define PARAMETER_AFTER                                                                            \
    { .name = "after", .type = PARAMETER_TEXT, .help = "\"next\" of the page before this one" }
#define PARAMETERS_END                                                                             \
    { .name = NULL }

// ---- bodies ----

// The JSON object that a request carries.
struct route_body {
    const struct json_field *fields;
    size_t field_count;
    const char *words; // what the fields cannot say, or the whole of what has none; NULL: nothing
    bool is_optional;
};

// ---- answers ----

enum answer_type {
    ANSWER_TEXT,
    ANSWER_ID, // int64, written as a string
    ANSWER_INTEGER,
    ANSWER_NUMBER,
    ANSWER_BOOL,
    ANSWER_DAY,
    ANSWER_INSTANT,
    ANSWER_TABLE,  // {"columns", "rows", "row_count"}
    ANSWER_PAGE,   // a table with "next", as a whole answer only
    ANSWER_OBJECT, // of `members`; of anything when there are none
    ANSWER_ANY,    // of any kind: `help` tells
    ANSWER_FILE,   // bytes to keep, as a whole answer only
    ANSWER_EVENTS, // server-sent events, as a whole answer only
};

// A whole answer (without a name), or a member of one.
struct route_answer {
    const char *name;
    enum answer_type type;
    const char *help;                   // for the API reference
    const struct route_answer *members; // of an object; ending with one without a name
    bool is_optional;                   // may be left out
    bool is_nullable;
    bool is_list; // an array of them
};

// {.type = ANSWER_OBJECT, .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "its id"}, …)}
#define ANSWER_MEMBERS(...)                                                                        \
    (const struct route_answer[]) {                                                                \
        __VA_ARGS__, {                                                                             \
            .name = NULL                                                                           \
        }                                                                                          \
    }
#define ANSWER_NEXT                                                                                \
    {                                                                                              \
        .name = "next", .type = ANSWER_TEXT,                                                       \
        .help = "\"after\" of the page behind this one; absent on the last", .is_optional = true   \
    }

#define ANSWER_NOTICES                                                                             \
    {                                                                                              \
        .name = "notices", .type = ANSWER_TEXT, .help = "remarks for the reader",                  \
        .is_optional = true, .is_list = true                                                       \
    }

extern const struct route_answer answer_table;
extern const struct route_answer answer_page;
extern const struct route_answer answer_job; // {"job_id"}

// ---- routes ----

enum route_takes {
    ROUTE_TAKES_JSON,    // route.body, or no body
    ROUTE_TAKES_FILE,    // bytes of any kind and size: request.file
    ROUTE_TAKES_BYTES,   // of any kind, at most LIMIT_HOOK_BYTES: request.bytes
    ROUTE_TAKES_NOTHING, // said of a POST, PUT or PATCH: an empty object is taken for no body
};

// What becomes of a request that comes a second time with the same Idempotency-Key.
enum route_once {
    ROUTE_REPEATS,     // the key is passed over
    ROUTE_ONCE,        // it is given the first one's answer
    ROUTE_ONCE_SECRET, // it is told that it was done: the answer holds a secret, which is not kept
};

struct route {
    enum method method;
    const char *path; // "/api/v1/segments/{name}": a {name} matches one path element and becomes a
                      // parameter
    handler handler;
    uint32_t permission; // one bit of enum permission (govern/access/access.h); 0 is refused
    const char *summary; // one line for the API reference
    enum route_takes takes;
    const struct route_parameter *parameters; // of the query; NULL: it takes none
    const struct route_body *body;            // NULL: it takes none, or a file
    const struct route_answer *answer;
    bool is_instant; // may be answered without a worker (web/instant.h)
    bool is_heavy;   // counts over all data: only few run at once, so that others need not wait
    enum route_once once;
};

// Are the parameters of the query those of the list, each of its type and within its bounds, given
// once unless it repeats? INVALID with the field otherwise. NULL: a list of none.
code route_check_parameters(struct scope *scope, const struct request *request,
                            const struct route_parameter *parameters);
