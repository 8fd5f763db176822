// SPDX-License-Identifier: Apache-2.0
#include "push/webhook/webhook_http.h"

#include "push/webhook/endpoint.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { KEEP_USUALLY_S = 24 * 60 * 60 };

static void write_text(struct response *response, const char *key, struct text value) {
    json_key(&response->writer, key);
    json_write_text(&response->writer, value);
}

static void write_instant(struct response *response, const char *key, int64_t at_us) {
    json_key(&response->writer, key);
    if (at_us > 0)
        response_int64(response, COLUMN_INSTANT, at_us);
    else
        json_write_null(&response->writer);
}

// ---- looking ----

const struct route_answer webhook_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "address", ANSWER_TEXT, "of whom: what stands behind the host is told to nobody"},
        {.name = "state", ANSWER_TEXT, "on, off, gone (it answered 410) or failing (for days)"},
        {.name = "failing_since",
         ANSWER_INSTANT,
         "null: its last answer was a good one",
         .is_nullable = true},
        {.name = "answered_at",
         ANSWER_INSTANT,
         "the last good answer; null: none yet",
         .is_nullable = true},
        {.name = "old_secret_until",
         ANSWER_INSTANT,
         "null: only one secret signs",
         .is_nullable = true}),
};

// Up to the host: a path may hold a token.
static struct text shown(struct text url) {
    size_t slashes = 0, end = 0;

    while (end < url.size && (slashes += url.data[end] == '/' || url.data[end] == '?') < 3)
        end++;
    return (struct text){url.data, end};
}

static code show(struct scope *scope, struct response *response, const struct text *secret) {
    struct webhook_endpoint endpoint;

    TRY(webhook_endpoint_load(scope, &endpoint));
    json_begin_object(&response->writer);
    write_text(response, "address", shown(endpoint.url));
    write_text(response, "state", text_of(webhook_state_names[endpoint.state]));
    write_instant(response, "failing_since", endpoint.failing_since_us);
    write_instant(response, "answered_at", endpoint.answered_at_us);
    write_instant(response, "old_secret_until", endpoint.old_until_us);
    if (secret)
        write_text(response, "secret", *secret);
    json_end_object(&response->writer);
    return OK;
}

code webhook_http_show(struct scope *scope, const struct request *request,
                       struct response *response) {
    (void)request;
    return show(scope, response, NULL);
}

// ---- changing ----

static const struct json_field save_fields[] = {
    {"url", JSON_FIELD_TEXT, 0, true, NULL,
     "where messages are posted: https, or a server that internal_hosts of the configuration "
     "names"},
};
const struct route_body webhook_save_body = {.fields = save_fields,
                                             .field_count = COUNT_OF(save_fields)};
const struct route_answer webhook_save_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "address", ANSWER_TEXT, "of whom"}, {.name = "state", ANSWER_TEXT, "on"},
        {.name = "failing_since", ANSWER_INSTANT, "null", .is_nullable = true},
        {.name = "answered_at",
         ANSWER_INSTANT,
         "the last good answer; null: none yet",
         .is_nullable = true},
        {.name = "old_secret_until",
         ANSWER_INSTANT,
         "null: only one secret signs",
         .is_nullable = true},
        {.name = "secret",
         ANSWER_TEXT,
         "of the first address, told this once; empty: it stays what it was"}),
};

code webhook_http_save(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct text url, secret;

    TRY(json_read_record(scope, request->body, save_fields, COUNT_OF(save_fields), &url));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, webhook_endpoint_save(scope, text_trim(url), &secret)));
    return show(scope, response, &secret);
}

static const struct json_field rotate_fields[] = {
    {"keep_s", JSON_FIELD_INT64, 0, false, NULL,
     "seconds that the secret before it signs as well; 86,400 unless told otherwise"},
};
const struct route_body webhook_rotate_body = {
    .fields = rotate_fields, .field_count = COUNT_OF(rotate_fields), .is_optional = true};
const struct route_answer webhook_rotate_answer = {
    .type = ANSWER_OBJECT,
    .help = "the secret, told this once",
    .members = ANSWER_MEMBERS({.name = "secret", ANSWER_TEXT, "what messages are signed with"}),
};

code webhook_http_rotate(struct scope *scope, const struct request *request,
                         struct response *response) {
    int64_t keep_s = KEEP_USUALLY_S;
    struct text secret;

    if (request->body)
        TRY(json_read_record(scope, request->body, rotate_fields, COUNT_OF(rotate_fields),
                             &keep_s));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, webhook_endpoint_rotate(scope, keep_s, &secret)));
    json_begin_object(&response->writer);
    write_text(response, "secret", secret);
    json_end_object(&response->writer);
    return OK;
}

static const struct json_field switch_fields[] = {
    {"on", JSON_FIELD_BOOL, 0, true, NULL, "whether messages are posted to it"},
};
const struct route_body webhook_switch_body = {.fields = switch_fields,
                                               .field_count = COUNT_OF(switch_fields)};

code webhook_http_switch(struct scope *scope, const struct request *request,
                         struct response *response) {
    bool on;

    TRY(json_read_record(scope, request->body, switch_fields, COUNT_OF(switch_fields), &on));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, webhook_endpoint_switch(scope, on)));
    return show(scope, response, NULL);
}

// ---- trying it out ----

const struct route_answer webhook_try_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "accepted", ANSWER_BOOL, "whether the endpoint took it"},
                              {.name = "detail", ANSWER_TEXT, "what it answered"}),
};

// Says nothing of a customer, and counts for nothing.
code webhook_http_try(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct webhook_endpoint endpoint;
    struct webhook_reply reply;

    (void)request;
    TRY(webhook_endpoint_load(scope, &endpoint));
    webhook_post(scope, &endpoint,
                 text_printf(&scope->arena, "msg_test_%" PRIx64, store_new_id(scope)),
                 TEXT("{\"type\": \"test\", \"data\": {}}"), &reply);
    json_begin_object(&response->writer);
    json_key(&response->writer, "accepted");
    json_write_bool(&response->writer, reply.outcome.result == CHANNEL_ACCEPTED);
    write_text(response, "detail", text_of(reply.outcome.detail));
    json_end_object(&response->writer);
    return OK;
}
