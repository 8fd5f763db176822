// SPDX-License-Identifier: Apache-2.0
// A request as handlers see it, whoever made it: the HTTP server or a command in this process.
#pragma once

#include "base/json.h"
#include "base/scope.h"

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_COUNT };

const char *method_name(enum method method); // "GET"

struct route_parameter;
struct intake;

struct request_parameter {
    struct text name;
    struct text value;
};

// The other end of a connection, as far as it tells. Texts are empty when they were not said.
struct request_client {
    struct text address; // "192.0.2.7", "::1"
    struct text session; // the cookie's token
    struct text device;  // the token of the other cookie: a device that somebody signed in on
    struct text key;     // of "Authorization: Bearer …"
    struct text csrf;    // X-CSRF-Token
    struct text host;    // of the header Host, which the server has found among its own
    struct text origin;
    struct text fetch_site; // Sec-Fetch-Site
    struct text user_agent;
    struct text if_none_match;
    struct text idempotency_key;
    // What senders of webhooks sign with (plug/inbound/signature.h).
    struct text webhook_id, webhook_timestamp, webhook_signature, stripe_signature;
    bool opts_out;    // its browser says not to track: Sec-GPC: 1, DNT: 1
    bool is_head;     // asks for the head of the answer alone
    bool is_secure;   // TLS ends here, or at a trusted proxy
    bool is_owner;    // over the store's socket: the user whose process this is, or root
    struct text user; // the name of that user; empty: the one whose process this is
};

// Names of the two cookies. Over TLS "__Host-" makes browsers keep them to this host.
const char *request_session_cookie(bool is_secure); // "__Host-tessera", "tessera"
const char *request_device_cookie(bool is_secure);  // "__Host-tessera-device", "tessera-device"

// A body that is a file (enum route_takes), received before the handler is called. The server
// removes it afterwards when it is still there: a handler that keeps it renames it.
struct request_file {
    const char *path;
    int64_t bytes;
};

struct request {
    enum method method;
    struct text path; // "/api/v1/metrics/revenue_gross", percent-encoded
    const struct request_parameter
        *parameters; // of the path, then of the query string (repeats allowed)
    size_t parameter_count;
    size_t path_parameter_count;                    // the first ones; set by the router
    const struct route_parameter *route_parameters; // what the route declares; set by the router
    const struct json *body;                        // NULL when there is none
    const struct request_file *file;                // NULL when the route takes none
    struct text bytes;                   // the body as it came, of a route that takes bytes
    const struct request_client *client; // NULL: made in this process
    const struct intake *intake;         // of the server that it came to (web/intake.h); NULL: none
};

// One element of a path, made safe: "a/b 1%" → "a%2Fb%201%25". In the arena.
struct text request_path_element(struct arena *arena, struct text element);
// The way back. INVALID for a broken escape, an encoded NUL and for what is not UTF-8.
code request_path_decode(struct scope *scope, struct text element, struct text *ret_text);

// The first value of a parameter; empty (data NULL) when it is absent.
struct text request_text(const struct request *request, const char *name);
bool request_has(const struct request *request, const char *name);
// All values of a repeated parameter, in order; returns the count, at most `capacity` are written.
size_t request_all(const struct request *request, const char *name, struct text *values,
                   size_t capacity);
// `otherwise` when absent; INVALID with the field for anything but an integer in minimum..maximum.
code request_int64(struct scope *scope, const struct request *request, const char *name,
                   int64_t minimum, int64_t maximum, int64_t otherwise, int64_t *ret_value);
// A day written as YYYY-MM-DD; `otherwise` when absent.
code request_day(struct scope *scope, const struct request *request, const char *name,
                 int32_t otherwise, int32_t *ret_day);
// "true" (or empty: present is enough) and "false"; false when absent.
code request_bool(struct scope *scope, const struct request *request, const char *name,
                  bool *ret_value);

// Of parameters that the route declares and the router has checked (web/route.h): the given value,
// or the usual one. Another name stops the process.
int64_t request_integer(const struct request *request, const char *name);
bool request_flag(const struct request *request, const char *name);
struct text request_choice(const struct request *request, const char *name);
