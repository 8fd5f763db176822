// SPDX-License-Identifier: Apache-2.0
// The address is looked at where libcurl is about to open a socket to it, behind the resolver: a
// name that answers otherwise the second time gains nothing.
#include "push/outbound/outbound.h"

#include "base/config.h"
#include "push/outbound/address.h"
#include "store/store.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { USUAL_TIMEOUT_MS = 20000, CONNECT_TIMEOUT_MS = 10000 };

struct call {
    CURL *curl;
    bool is_internal; // its server is one of those in the configuration
    bool was_private; // it would have gone to an address that is not public
};

// ---- where to ----

struct place {
    const char *host, *port, *scheme; // in the arena
    bool is_internal, has_user;
};

static const char *part_of(struct scope *scope, CURLU *url, CURLUPart part) {
    const char *kept = NULL;
    char *value = NULL;

    if (curl_url_get(url, part, &value, CURLU_DEFAULT_PORT) == CURLUE_OK)
        kept = arena_printf(&scope->arena, "%s", value);
    curl_free(value);
    return kept;
}

static bool is_internal(struct scope *scope, const struct place *place) {
    const struct text wanted = text_printf(&scope->arena, "%s:%s", place->host, place->port);
    struct text rest = text_of(store_config(session_store(scope))->internal_hosts);

    while (rest.size > 0) {
        const struct text host = text_trim(text_split(rest, ' ', &rest));

        if (text_equal_ascii_case(host, wanted))
            return true;
    }
    return false;
}

// False when it is no address of a server.
static bool place_of(struct scope *scope, struct text url, struct place *ret_place) {
    CURLU *parts = curl_url();
    bool is_url =
        parts != NULL && !text_contains(url, '\0') &&
        curl_url_set(parts, CURLUPART_URL, text_string(&scope->arena, url), 0) == CURLUE_OK;

    if (is_url) {
        ret_place->host = part_of(scope, parts, CURLUPART_HOST);
        ret_place->port = part_of(scope, parts, CURLUPART_PORT);
        ret_place->scheme = part_of(scope, parts, CURLUPART_SCHEME);
        ret_place->has_user = part_of(scope, parts, CURLUPART_USER) != NULL;
        is_url = ret_place->host && ret_place->port && ret_place->scheme;
    }
    curl_url_cleanup(parts);
    if (is_url)
        ret_place->is_internal = is_internal(scope, ret_place);
    return is_url;
}

static code check_place(struct scope *scope, const struct place *place, const char *field) {
    const bool is_plain = strcmp(place->scheme, "http") == 0;

    if (place->has_user)
        return scope_fail_field(scope, INVALID, field, "the address holds a name or password");
    if (!is_plain && strcmp(place->scheme, "https") != 0)
        return scope_fail_field(scope, INVALID, field, "\"%s\" is no scheme of an address here",
                                place->scheme);
    if (is_plain && !place->is_internal) {
        scope_fail_field(scope, INVALID, field, "\"%s\" is called over https only", place->host);
        return scope_hint(scope, "a server of your own is called over http when internal_hosts of "
                                 "the configuration names it");
    }
    return OK;
}

code outbound_check(struct scope *scope, struct text url, const char *field) {
    struct place place = {0};

    if (!place_of(scope, url, &place))
        return scope_fail_field(scope, INVALID, field, "\"%.*s\" is no address of a server",
                                TEXT_ARG(url));
    return check_place(scope, &place, field);
}

// ---- calling ----

static curl_socket_t open_socket(void *context, curlsocktype purpose,
                                 struct curl_sockaddr *address) {
    struct call *call = context;

    if (purpose != CURLSOCKTYPE_IPCXN)
        return CURL_SOCKET_BAD;
    if (!call->is_internal && !address_is_public(&address->addr)) {
        call->was_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// What is longer than anybody should answer is cut off.
static size_t take_body(char *data, size_t size, size_t count, void *context) {
    struct buffer *body = context;
    const size_t room = OUTBOUND_ANSWER_BYTES - body->size;
    const size_t given = size * count;

    buffer_add(body, data, given < room ? given : room);
    return given;
}

static struct curl_slist *headers_of(struct scope *scope, const struct outbound_request *request) {
    struct curl_slist *list = NULL;

    for (size_t i = 0; i < request->header_count; i++)
        list = curl_slist_append(list,
                                 arena_printf(&scope->arena, "%s: %.*s", request->headers[i].name,
                                              TEXT_ARG(request->headers[i].value)));
    return list;
}

static void prepare(struct scope *scope, struct call *call, const struct outbound_request *request,
                    struct buffer *body) {
    CURL *curl = call->curl;

    curl_easy_setopt(curl, CURLOPT_URL, text_string(&scope->arena, request->url));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, call->is_internal ? "http,https" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                     (long)(request->timeout_ms > 0 ? request->timeout_ms : USUAL_TIMEOUT_MS));
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, call);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    if (strcmp(request->method, "POST") == 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
    }
}

static void judge(struct call *call, CURLcode status, struct outbound_answer *answer) {
    long request_bytes = 0, http_status = 0;
    curl_off_t retry_after_s = 0;

    curl_easy_getinfo(call->curl, CURLINFO_REQUEST_SIZE, &request_bytes);
    curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &http_status);
    curl_easy_getinfo(call->curl, CURLINFO_RETRY_AFTER, &retry_after_s);
    answer->status = (int)http_status;
    answer->retry_after_s = retry_after_s < OUTBOUND_LONGEST_RETRY_S ? (int64_t)retry_after_s
                                                                     : OUTBOUND_LONGEST_RETRY_S;
    if (status == CURLE_OK) {
        answer->state = OUTBOUND_ANSWERED;
        return;
    }
    answer->state = request_bytes > 0 ? OUTBOUND_UNKNOWN : OUTBOUND_NOT_SENT;
    snprintf(answer->detail, sizeof(answer->detail), "%s",
             call->was_private ? "the address is not on the public internet"
                               : curl_easy_strerror(status));
}

static void call_place(struct scope *scope, const struct place *place,
                       const struct outbound_request *request, struct buffer *body,
                       struct outbound_answer *answer) {
    struct call call = {.curl = curl_easy_init(), .is_internal = place->is_internal};
    struct curl_slist *headers = headers_of(scope, request);

    if (!call.curl)
        abort();
    prepare(scope, &call, request, body);
    curl_easy_setopt(call.curl, CURLOPT_HTTPHEADER, headers);
    judge(&call, curl_easy_perform(call.curl), answer);
    curl_easy_cleanup(call.curl);
    curl_slist_free_all(headers);
}

void outbound_call(struct scope *scope, const struct outbound_request *request,
                   struct outbound_answer *ret_answer) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct place place = {0};

    *ret_answer = (struct outbound_answer){.state = OUTBOUND_NOT_SENT, .body = TEXT("")};
    if (!place_of(scope, request->url, &place) || check_place(scope, &place, "url") != OK) {
        scope_forgive(scope);
        snprintf(ret_answer->detail, sizeof(ret_answer->detail), "the address may not be called");
        return;
    }
    call_place(scope, &place, request, &body, ret_answer);
    ret_answer->body = text_copy(&scope->arena, buffer_text(&body));
}
