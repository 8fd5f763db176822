// SPDX-License-Identifier: Apache-2.0
#include "cli/remote.h"

#include "base/failure.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_BYTES = 64, VERSION_BYTES = 64 };

struct remote {
    CURL *handle;
    struct curl_slist *headers;
    int folder_fd;
    char socket_path[PATH_BYTES];
    char version[VERSION_BYTES]; // of the server, as its last answer said
};

// ---- one exchange ----

static size_t take_body(char *data, size_t size, size_t count, void *argument) {
    buffer_add(argument, data, size * count);
    return size * count;
}

// As libcurl wants it: NOLINTNEXTLINE(readability-non-const-parameter)
static size_t take_header(char *data, size_t size, size_t count, void *argument) {
    const struct text line = {.data = data, .size = size * count};
    struct remote *remote = argument;
    struct text value;

    if (text_equal_ascii_case(text_split(line, ':', &value), TEXT("X-Tessera-Version"))) {
        value = text_trim(value);
        snprintf(remote->version, sizeof(remote->version), "%.*s", TEXT_ARG(value));
    }
    return line.size;
}

static struct text url_of(struct scope *scope, const struct request *request) {
    CLEANUP(buffer_clear) struct buffer url = {0};

    buffer_add_string(&url, "http://localhost");
    buffer_add_text(&url, request->path);
    for (size_t i = 0; i < request->parameter_count; i++) {
        const struct request_parameter *parameter = &request->parameters[i];

        buffer_add_char(&url, i == 0 ? '?' : '&');
        buffer_add_text(&url, request_path_element(&scope->arena, parameter->name));
        buffer_add_char(&url, '=');
        buffer_add_text(&url, request_path_element(&scope->arena, parameter->value));
    }
    return text_copy(&scope->arena, buffer_text(&url));
}

// A body is sent as it is written again; it outlives the exchange.
static void set_body(CURL *handle, const struct request *request, struct buffer *body) {
    struct json_writer writer;

    if (request->method == METHOD_GET)
        return;
    if (request->body) {
        json_writer_init(&writer, body);
        json_write(&writer, request->body);
    }
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, buffer_string(body));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->size);
}

static CURLcode exchange(struct scope *scope, struct remote *remote, const struct request *request,
                         struct buffer *out, long *ret_status) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    CURL *handle = remote->handle;
    CURLcode result;

    curl_easy_reset(handle);
    remote->version[0] = '\0';
    curl_easy_setopt(handle, CURLOPT_URL, text_string(&scope->arena, url_of(scope, request)));
    curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, remote->socket_path);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, remote->headers);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, remote);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, out);
    set_body(handle, request, &body);
    if (request->method != METHOD_GET && request->method != METHOD_POST)
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method_name(request->method));
    result = curl_easy_perform(handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, ret_status);
    return result;
}

// ---- opening ----

static code check_version(struct scope *scope, const struct remote *remote) {
    if (strcmp(remote->version, TESSERA_VERSION) == 0)
        return OK;
    scope_fail(scope, CONFLICT, "the server is version %s, this program is %s",
               remote->version[0] != '\0' ? remote->version : "unknown", TESSERA_VERSION);
    return scope_hint(scope, "stop the server and start it anew with this program");
}

static code greet(struct scope *scope, struct remote *remote, bool *ret_answers) {
    const struct request request = {.method = METHOD_GET, .path = TEXT("/healthz")};
    CLEANUP(buffer_clear) struct buffer body = {0};
    long status = 0;

    *ret_answers = exchange(scope, remote, &request, &body, &status) == CURLE_OK;
    return *ret_answers ? check_version(scope, remote) : OK;
}

// The path of a socket has some hundred bytes at most; through the folder's descriptor any fits.
static bool find_socket(struct remote *remote, const char *store_path) {
    remote->folder_fd = open(store_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (remote->folder_fd < 0 || faccessat(remote->folder_fd, "socket", F_OK, 0) != 0)
        return false;
    snprintf(remote->socket_path, sizeof(remote->socket_path), "/proc/self/fd/%d/socket",
             remote->folder_fd);
    return true;
}

static bool start_library(struct remote *remote) {
    if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
        return false;
    remote->handle = curl_easy_init();
    remote->headers = curl_slist_append(NULL, "Content-Type: application/json");
    return remote->handle && remote->headers;
}

code remote_open(struct scope *scope, const char *store_path, struct remote **ret_remote) {
    struct remote *remote = calloc(1, sizeof(*remote));
    bool answers = false;
    code result = OK;

    if (!remote)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    if (find_socket(remote, store_path)) {
        result = start_library(remote) ? greet(scope, remote, &answers)
                                       : scope_fail(scope, UNAVAILABLE, "libcurl cannot be used");
    }
    if (result != OK || !answers) {
        remote_close(remote);
        remote = NULL;
    }
    if (result == OK)
        *ret_remote = remote;
    return result;
}

void remote_close(struct remote *remote) {
    if (!remote)
        return;
    curl_slist_free_all(remote->headers);
    curl_easy_cleanup(remote->handle);
    if (remote->folder_fd >= 0)
        close(remote->folder_fd);
    free(remote);
}

// ---- asking ----

// The failure of the other end as one of this scope.
static code take_failure(struct scope *scope, struct text document, long status) {
    const struct json *error = NULL;
    struct json *json = NULL;

    if (json_parse_own(scope, document, &json) == OK)
        error = json_member(json, "error");
    if (!error) {
        scope_forgive(scope);
        return scope_fail(scope, UNAVAILABLE, "the server answered with status %ld", status);
    }
    return failure_read(scope, error);
}

code remote_send(struct scope *scope, struct remote *remote, const struct request *request,
                 struct buffer *out) {
    CLEANUP(buffer_clear) struct buffer answer = {0};
    long status = 0;
    const CURLcode result = exchange(scope, remote, request, &answer, &status);

    if (result != CURLE_OK) {
        scope_fail(scope, UNAVAILABLE, "the server that has the store open does not answer: %s",
                   curl_easy_strerror(result));
        return scope_hint(scope, "has it been stopped? The command works without it, too");
    }
    if (status < 200 || status > 299)
        return take_failure(scope, buffer_text(&answer), status);
    buffer_add_text(out, buffer_text(&answer));
    return OK;
}
