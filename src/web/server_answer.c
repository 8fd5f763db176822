// SPDX-License-Identifier: Apache-2.0
#include "web/server_answer.h"

#include "base/json.h"

#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { LEAST_COMPRESSED_BYTES = 1400, FASTEST = 1, GZIP_WINDOW = 15 + 16, USUAL_MEMORY = 8 };

void answer_init(struct answer *answer) {
    *answer = (struct answer){.file = -1};
}

void answer_clear(struct answer *answer) {
    buffer_clear(&answer->fields);
    buffer_clear(&answer->body);
    if (answer->file >= 0)
        close(answer->file);
    answer->file = -1;
}

void answer_field(struct answer *answer, const char *name, struct text value) {
    for (size_t i = 0; i < value.size; i++)
        assert((unsigned char)value.data[i] >= ' ' && value.data[i] != 0x7f);
    buffer_add(&answer->fields, name, strlen(name) + 1);
    buffer_add_text(&answer->fields, value);
    buffer_add_char(&answer->fields, '\0');
}

bool answer_next_field(const struct answer *answer, size_t *position, const char **ret_name,
                       const char **ret_value) {
    const char *name = answer->fields.data + *position;
    const char *value;

    if (*position == answer->fields.size)
        return false;
    value = name + strlen(name) + 1;
    *position = (size_t)(value - answer->fields.data) + strlen(value) + 1;
    *ret_name = name;
    *ret_value = value;
    return true;
}

static bool has_field(const struct answer *answer, const char *name) {
    const char *other, *value;
    size_t position = 0;

    while (answer_next_field(answer, &position, &other, &value))
        if (strcmp(other, name) == 0)
            return true;
    return false;
}

int64_t answer_bytes(const struct answer *answer) {
    if (answer->is_live)
        return -1;
    if (answer->file >= 0)
        return answer->file_bytes;
    return (int64_t)(answer->constant.data ? answer->constant.size : answer->body.size);
}

static void write_error(struct answer *answer, const struct failure *failure) {
    struct response response;

    response_init(&response);
    response_failure(&response, failure);
    buffer_clear(&answer->body);
    answer->body = response.body;
    answer_field(answer, "Content-Type", TEXT("application/json"));
    answer_field(answer, "Cache-Control", TEXT("no-store"));
}

void answer_refuse(struct answer *answer, int status, code reason, const char *message) {
    struct failure failure = {.code = reason};

    snprintf(failure.message, sizeof(failure.message), "%s", message);
    answer->status = status;
    write_error(answer, &failure);
}

static bool tells_of_the_inside(code reason) {
    return reason == INTERNAL || reason == UNAVAILABLE || reason == STORAGE_FULL;
}

static const char *generic_message(code reason) {
    if (reason == UNAVAILABLE)
        return "a database does not answer";
    return reason == STORAGE_FULL ? "the disk is full; nothing that was accepted is lost"
                                  : "something went wrong on our side";
}

void answer_failure(struct answer *answer, const struct failure *failure,
                    const struct response *response, bool is_owner, const char *request_id) {
    struct failure told = *failure;
    char seconds[16];

    if (tells_of_the_inside(failure->code) && !is_owner) {
        told = (struct failure){.code = failure->code};
        snprintf(told.message, sizeof(told.message), "%s", generic_message(failure->code));
        snprintf(told.hint, sizeof(told.hint), "the server's log has more under request %s",
                 request_id);
    }
    answer->status = code_info(failure->code)->http_status;
    write_error(answer, &told);
    for (size_t i = 0; i < response->header_count; i++)
        answer_field(answer, response->headers[i].name, response->headers[i].value);
    if (failure->code == UNAUTHENTICATED)
        answer_field(answer, "WWW-Authenticate", TEXT("Bearer"));
    if ((failure->code != BUSY && failure->code != UNAVAILABLE) || has_field(answer, "Retry-After"))
        return;
    snprintf(seconds, sizeof(seconds), "%d",
             failure->retry_after_s > 0 ? failure->retry_after_s : 1);
    answer_field(answer, "Retry-After", text_of(seconds));
}

static void take_file(struct answer *answer, struct response *response) {
    struct stat status;

    answer->file = response->file;
    response->file = -1;
    answer->file_bytes = fstat(answer->file, &status) == 0 ? status.st_size : 0;
}

void answer_response(struct answer *answer, struct response *response) {
    bool names_cache = false;

    answer->status = response->status ? response->status : code_info(OK)->http_status;
    answer->is_live = response->is_live;
    answer->live_customer = response->live_customer;
    if (response->file >= 0)
        take_file(answer, response);
    answer->body = response->body;
    response->body = (struct buffer){0};
    answer_field(answer, "Content-Type",
                 response->content_type ? text_of(response->content_type)
                                        : TEXT("application/json"));
    for (size_t i = 0; i < response->header_count; i++) {
        answer_field(answer, response->headers[i].name, response->headers[i].value);
        names_cache |= strcmp(response->headers[i].name, "Cache-Control") == 0;
    }
    if (!names_cache)
        answer_field(answer, "Cache-Control", TEXT("no-store"));
}

void answer_compress(struct answer *answer) {
    struct buffer packed = {0};
    z_stream stream = {0};
    uLong bound;

    if (answer->file >= 0 || answer->is_live || answer->body.size < LEAST_COMPRESSED_BYTES ||
        answer->body.size > UINT32_MAX ||
        deflateInit2(&stream, FASTEST, Z_DEFLATED, GZIP_WINDOW, USUAL_MEMORY, Z_DEFAULT_STRATEGY) !=
            Z_OK)
        return;
    bound = deflateBound(&stream, answer->body.size);
    stream.next_in = (Bytef *)answer->body.data;
    stream.avail_in = (uInt)answer->body.size;
    stream.next_out = (Bytef *)buffer_reserve(&packed, bound);
    stream.avail_out = (uInt)bound;
    if (deflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out < answer->body.size) {
        packed.size = stream.total_out;
        buffer_clear(&answer->body);
        answer->body = packed;
        packed = (struct buffer){0};
        answer_field(answer, "Content-Encoding", TEXT("gzip"));
    }
    deflateEnd(&stream);
    buffer_clear(&packed);
}

// The app brings all it needs from here. Its component library writes style elements, hence
// 'unsafe-inline' for styles; scripts come from files only.
static const char content_policy[] =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

void answer_secure(struct answer *answer, bool is_secure) {
    if (!has_field(answer, "Content-Security-Policy")) // a page of its own brings a stricter one
        answer_field(answer, "Content-Security-Policy", text_of(content_policy));
    answer_field(answer, "X-Content-Type-Options", TEXT("nosniff"));
    answer_field(answer, "Referrer-Policy", TEXT("no-referrer"));
    answer_field(answer, "Cross-Origin-Opener-Policy", TEXT("same-origin"));
    if (!has_field(answer, "Cross-Origin-Resource-Policy")) // what other sites may load says so
        answer_field(answer, "Cross-Origin-Resource-Policy", TEXT("same-origin"));
    if (is_secure)
        answer_field(answer, "Strict-Transport-Security",
                     TEXT("max-age=63072000; includeSubDomains"));
    if (answer->closes_connection)
        answer_field(answer, "Connection", TEXT("close"));
}
