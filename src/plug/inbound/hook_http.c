// SPDX-License-Identifier: Apache-2.0
// Webhooks over HTTP: the address that other systems send to, and what people do with hooks.
#include "plug/inbound/hook_http.h"

#include "hook_sql.h"
#include "plug/inbound/hook.h"
#include "store/ledger.h"

#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { KEEP_USUALLY_S = 86400 };

// ---- receiving ----

const struct route_answer hook_receive_answer = {
    .type = ANSWER_OBJECT,
    .help = "the message is committed",
    .members = ANSWER_MEMBERS(
        {.name = "state", ANSWER_TEXT, "taken, or duplicate: its id was taken before"},
        {.name = "accepted", ANSWER_INTEGER, "objects taken"},
        {.name = "duplicate", ANSWER_INTEGER, "objects that were there"},
        {.name = "quarantined", ANSWER_INTEGER, "objects that could not be read; they are kept"}),
};

static void write_count(struct response *response, const char *key, int64_t count) {
    json_key(&response->writer, key);
    json_write_int64(&response->writer, count);
}

code hook_http_receive(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const struct request_client nobody;
    const struct request_client *client = request->client ? request->client : &nobody;
    const struct signed_message message = {.id = client->webhook_id,
                                           .timestamp = client->webhook_timestamp,
                                           .signature = client->webhook_signature,
                                           .stripe = client->stripe_signature,
                                           .body = request->bytes};
    struct hook_receipt receipt;

    TRY(hook_receive(scope, request_text(request, "handle"), &message, &receipt));
    json_begin_object(&response->writer);
    json_key(&response->writer, "state");
    json_write_string(&response->writer, receipt.was_taken_before ? "duplicate" : "taken");
    write_count(response, "accepted", receipt.tally.accepted);
    write_count(response, "duplicate", receipt.tally.duplicate);
    write_count(response, "quarantined", receipt.tally.quarantined);
    json_end_object(&response->writer);
    return OK;
}

// ---- looking ----

code hook_http_list(struct scope *scope, const struct request *request, struct response *response) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"name", "Webhook", COLUMN_TEXT, NULL},
        {"address", "Address", COLUMN_TEXT, NULL},
        {"scheme", "Signed by", COLUMN_TEXT, NULL},
        {"kind", "Brings", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"last_at", "Last message", COLUMN_INSTANT, NULL},
        {"accepted", "Taken", COLUMN_INTEGER, NULL},
        {"duplicate", "Again", COLUMN_INTEGER, NULL},
        {"quarantined", "In quarantine", COLUMN_INTEGER, NULL},
        {"created_at", "Made", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(ledger_query(scope, sql_hook_list, NO_BINDS, &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}

#define HOOK_MEMBERS                                                                               \
    {.name = "id", ANSWER_ID, "of the webhook, its source and its quarantine"},                    \
        {.name = "name", ANSWER_TEXT, "the source of what it brings"},                             \
        {.name = "address", ANSWER_TEXT, "where to send: the path behind the server's name"}, {    \
        .name = "scheme", ANSWER_TEXT, "how messages are signed"                                   \
    }

const struct route_answer hook_add_answer = {
    .type = ANSWER_OBJECT,
    .help = "the webhook and its secret, told this once",
    .members =
        ANSWER_MEMBERS(HOOK_MEMBERS, {.name = "secret", ANSWER_TEXT, "what the sender signs with"}),
};
const struct route_answer hook_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(HOOK_MEMBERS,
                              {.name = "is_enabled", ANSWER_BOOL, "whether messages are taken"},
                              {.name = "mapping", ANSWER_OBJECT, "what the members mean"}),
};

static void write_text(struct response *response, const char *key, struct text value) {
    json_key(&response->writer, key);
    json_write_text(&response->writer, value);
}

static void write_hook(struct scope *scope, struct response *response, const struct hook *hook) {
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, hook->id);
    write_text(response, "name", hook->name);
    write_text(response, "address",
               text_printf(&scope->arena, "/hooks/%.*s", TEXT_ARG(hook->handle)));
    write_text(response, "scheme", text_of(signature_scheme_names[hook->scheme]));
}

code hook_http_show(struct scope *scope, const struct request *request, struct response *response) {
    struct json *mapping;
    struct hook hook;

    TRY(hook_find(scope, request_text(request, "id"), &hook));
    TRY(json_parse(scope, hook.mapping, &mapping));
    json_begin_object(&response->writer);
    write_hook(scope, response, &hook);
    json_key(&response->writer, "is_enabled");
    json_write_bool(&response->writer, hook.is_enabled);
    json_key(&response->writer, "mapping");
    json_write(&response->writer, mapping);
    json_end_object(&response->writer);
    return OK;
}

// ---- making and changing ----

struct body {
    struct text name;
    int scheme;
    struct text secret;
    const struct json *mapping;
    int64_t keep_s;
};

#define AT(member) offsetof(struct body, member)
#define MAPPING                                                                                    \
    {                                                                                              \
        "mapping", JSON_FIELD_JSON, AT(mapping), true, NULL,                                       \
            "what the members of a message mean: a mapping, or the name of a kept one"             \
    }
#define SECRET                                                                                     \
    {                                                                                              \
        "secret", JSON_FIELD_TEXT, AT(secret), false, NULL,                                        \
            "the secret that the sender gave; absent: one is made"                                 \
    }
static const struct json_field add_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL,
     "what its events, receipts and customer numbers are known by"},
    {"scheme", JSON_FIELD_ENUM, AT(scheme), false, signature_scheme_names,
     "how the sender signs: standard (Standard Webhooks) unless told otherwise"},
    MAPPING,
    SECRET,
};
static const struct json_field remap_fields[] = {MAPPING};
static const struct json_field rotate_fields[] = {
    SECRET,
    {"keep_s", JSON_FIELD_INT64, AT(keep_s), false, NULL,
     "seconds that the secret before it counts as well; 86,400 unless told otherwise"},
};
#undef AT
#undef MAPPING
#undef SECRET

const struct route_body hook_add_body = {.fields = add_fields, .field_count = COUNT_OF(add_fields)};
const struct route_body hook_remap_body = {.fields = remap_fields,
                                           .field_count = COUNT_OF(remap_fields)};
const struct route_body hook_rotate_body = {
    .fields = rotate_fields, .field_count = COUNT_OF(rotate_fields), .is_optional = true};
const struct route_answer hook_remap_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "changed", ANSWER_TEXT, "the webhook"}),
};
const struct route_answer hook_rotate_answer = {
    .type = ANSWER_OBJECT,
    .help = "the secret, told this once",
    .members = ANSWER_MEMBERS({.name = "secret", ANSWER_TEXT, "what the sender signs with now"}),
};

static code read_mapping(struct scope *scope, const struct json *given,
                         struct mapping *ret_mapping) {
    return given->type == JSON_STRING ? mapping_load(scope, given->string, ret_mapping)
                                      : mapping_read(scope, given, ret_mapping);
}

code hook_http_add(struct scope *scope, const struct request *request, struct response *response) {
    struct body body = {0};
    struct hook_choices choices = {0};
    struct text secret;
    struct hook hook;

    TRY(json_read_record(scope, request->body, add_fields, COUNT_OF(add_fields), &body));
    choices = (struct hook_choices){
        .name = body.name, .scheme = (enum signature_scheme)body.scheme, .secret = body.secret};
    TRY(read_mapping(scope, body.mapping, &choices.mapping));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, hook_add(scope, &choices, &hook, &secret)));
    json_begin_object(&response->writer);
    write_hook(scope, response, &hook);
    write_text(response, "secret", secret);
    json_end_object(&response->writer);
    return OK;
}

code hook_http_remap(struct scope *scope, const struct request *request,
                     struct response *response) {
    const struct text name = request_text(request, "id");
    struct body body = {0};
    struct mapping mapping;

    TRY(json_read_record(scope, request->body, remap_fields, COUNT_OF(remap_fields), &body));
    TRY(read_mapping(scope, body.mapping, &mapping));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, hook_remap(scope, name, &mapping)));
    json_begin_object(&response->writer);
    write_text(response, "changed", name);
    json_end_object(&response->writer);
    return OK;
}

code hook_http_rotate(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct body body = {.keep_s = KEEP_USUALLY_S};
    struct text secret;

    if (request->body)
        TRY(json_read_record(scope, request->body, rotate_fields, COUNT_OF(rotate_fields), &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(
        scope, hook_rotate(scope, request_text(request, "id"), body.secret, body.keep_s, &secret)));
    json_begin_object(&response->writer);
    write_text(response, "secret", secret);
    json_end_object(&response->writer);
    return OK;
}
