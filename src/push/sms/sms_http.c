// SPDX-License-Identifier: Apache-2.0
#include "push/sms/sms_http.h"

#include "host/identity/identity.h"
#include "push/sms/gateway.h"
#include "push/sms/reply.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

static void write_text(struct response *response, const char *key, struct text value) {
    json_key(&response->writer, key);
    json_write_text(&response->writer, value);
}

static void write_bool(struct response *response, const char *key, bool value) {
    json_key(&response->writer, key);
    json_write_bool(&response->writer, value);
}

static void write_int64(struct response *response, const char *key, int64_t value) {
    json_key(&response->writer, key);
    json_write_int64(&response->writer, value);
}

// ---- the gateway ----

const struct route_answer sms_gateway_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "kind", ANSWER_TEXT, "kannel, or http for any that takes JSON"},
        {.name = "url", ANSWER_TEXT, "where it takes messages"},
        {.name = "sender", ANSWER_TEXT, "whom people see; empty: the gateway's own"},
        {.name = "user", ANSWER_TEXT, "by which it knows this store"},
        {.name = "has_password", ANSWER_BOOL, "whether a password is kept; nobody is told it"},
        {.name = "replies",
         ANSWER_TEXT,
         "where it brings what people answer: the path behind the server's name, a secret"}),
};

code sms_http_gateway(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct sms_gateway gateway;

    (void)request;
    TRY(sms_gateway_load(scope, &gateway));
    json_begin_object(&response->writer);
    write_text(response, "kind", text_of(sms_gateway_kind_names[gateway.kind]));
    write_text(response, "url", gateway.url);
    write_text(response, "sender", gateway.sender);
    write_text(response, "user", gateway.user);
    write_bool(response, "has_password", gateway.password.size > 0);
    write_text(response, "replies",
               text_printf(&scope->arena, "/sms/replies/%.*s", TEXT_ARG(gateway.handle)));
    json_end_object(&response->writer);
    return OK;
}

struct gateway_put {
    int kind;
    struct text url, sender, user, password;
};
#define AT(member) offsetof(struct gateway_put, member)
static const struct json_field gateway_fields[] = {
    {"kind", JSON_FIELD_ENUM, AT(kind), true, sms_gateway_kind_names,
     "kannel, or http for any that takes JSON"},
    {"url", JSON_FIELD_TEXT, AT(url), true, NULL,
     "where it takes messages: https, or a server that internal_hosts of the configuration names"},
    {"sender", JSON_FIELD_TEXT, AT(sender), false, NULL, "whom people see: a number or a word"},
    {"user", JSON_FIELD_TEXT, AT(user), false, NULL, "by which it knows this store"},
    {"password", JSON_FIELD_TEXT, AT(password), false, NULL,
     "sealed in the store; absent: the one that is kept, as long as kind and url stay"},
};
#undef AT
const struct route_body sms_gateway_put_body = {.fields = gateway_fields,
                                                .field_count = COUNT_OF(gateway_fields)};

code sms_http_gateway_put(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct gateway_put wanted = {0};
    struct sms_gateway gateway;

    TRY(json_read_record(scope, request->body, gateway_fields, COUNT_OF(gateway_fields), &wanted));
    gateway = (struct sms_gateway){.kind = (enum sms_gateway_kind)wanted.kind,
                                   .url = wanted.url,
                                   .sender = wanted.sender,
                                   .user = wanted.user,
                                   .password = wanted.password};
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, sms_gateway_save(scope, &gateway)));
    return sms_http_gateway(scope, request, response);
}

// ---- sizes ----

const struct route_parameter sms_size_parameters[] = {
    {.name = "text", .type = PARAMETER_TEXT, .help = "what shall be sent", .is_required = true},
    PARAMETERS_END,
};
const struct route_answer sms_size_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "alphabet", ANSWER_TEXT, "gsm-7, or ucs-2 where one character is not in it"},
        {.name = "units", ANSWER_INTEGER, "septets, or UTF-16 units"},
        {.name = "parts", ANSWER_INTEGER, "messages that it takes on the air, each with a price"},
        {.name = "left", ANSWER_INTEGER, "units that fit in before there is one part more"},
        {.name = "culprit", ANSWER_TEXT, "the first character that makes it ucs-2; may be empty"}),
};

code sms_http_size(struct scope *scope, const struct request *request, struct response *response) {
    const struct sms_size size = sms_measure(request_text(request, "text"));

    (void)scope;
    json_begin_object(&response->writer);
    write_text(response, "alphabet", text_of(sms_alphabet_name(size.alphabet)));
    write_int64(response, "units", size.unit_count);
    write_int64(response, "parts", size.part_count);
    write_int64(response, "left", size.left_count);
    write_text(response, "culprit", size.culprit);
    json_end_object(&response->writer);
    return OK;
}

// ---- trying it out ----

struct try {
    struct text to, text;
};
static const struct json_field try_fields[] = {
    {"to", JSON_FIELD_TEXT, offsetof(struct try, to), true, NULL, "a number of your own"},
    {"text", JSON_FIELD_TEXT, offsetof(struct try, text), true, NULL, "what it says"},
};
const struct route_body sms_try_body = {.fields = try_fields, .field_count = COUNT_OF(try_fields)};
const struct route_answer sms_try_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "accepted", ANSWER_BOOL, "whether the gateway took it"},
                              {.name = "detail", ANSWER_TEXT, "what it said"}),
};

code sms_http_try(struct scope *scope, const struct request *request, struct response *response) {
    struct sms_gateway gateway;
    struct sms_outcome outcome;
    struct settings settings;
    struct try wanted;
    struct sms sms = {0};
    bool blocked;

    TRY(json_read_record(scope, request->body, try_fields, COUNT_OF(try_fields), &wanted));
    TRY(settings_load(scope, &settings));
    if (!identifier_normalise(&scope->arena, IDENTIFIER_PHONE, wanted.to, settings.country, &sms.to,
                              &blocked) ||
        blocked)
        return scope_fail_field(scope, INVALID, "to", "this is no telephone number");
    sms.text = wanted.text;
    TRY(sms_gateway_load(scope, &gateway));
    sms_send(scope, &gateway, TEXT(""), &sms, &outcome);
    json_begin_object(&response->writer);
    write_bool(response, "accepted", outcome.result == SMS_ACCEPTED);
    write_text(response, "detail", text_of(outcome.detail));
    json_end_object(&response->writer);
    return OK;
}

// ---- what comes back ----

const struct route_parameter sms_report_parameters[] = {
    {.name = "status",
     .type = PARAMETER_TEXT,
     .help = "1 or delivered, 2, 16 or failed; others say that it is on its way",
     .is_required = true},
    PARAMETERS_END,
};
static const struct json_field report_fields[] = {
    {"status", JSON_FIELD_TEXT, 0, true, NULL, "delivered, failed, or another word"},
};
const struct route_body sms_report_body = {.fields = report_fields,
                                           .field_count = COUNT_OF(report_fields)};
const struct route_answer sms_report_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "is_new", ANSWER_BOOL, "false: it was told before"}),
};

static code report(struct scope *scope, const struct request *request, struct text status,
                   struct response *response) {
    bool is_new;

    TRY(sms_report_take(scope, request_text(request, "token"), status, &is_new));
    json_begin_object(&response->writer);
    write_bool(response, "is_new", is_new);
    json_end_object(&response->writer);
    return OK;
}

code sms_http_report(struct scope *scope, const struct request *request,
                     struct response *response) {
    return report(scope, request, request_text(request, "status"), response);
}

code sms_http_report_body(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct text status;

    TRY(json_read_record(scope, request->body, report_fields, COUNT_OF(report_fields), &status));
    return report(scope, request, status, response);
}

const struct route_parameter sms_reply_parameters[] = {
    {.name = "from",
     .type = PARAMETER_TEXT,
     .help = "the number that it came from",
     .is_required = true},
    {.name = "text", .type = PARAMETER_TEXT, .help = "what it says"},
    PARAMETERS_END,
};
static const struct json_field reply_fields[] = {
    {"from", JSON_FIELD_TEXT, offsetof(struct sms_reply, from), true, NULL,
     "the number that it came from"},
    {"text", JSON_FIELD_TEXT, offsetof(struct sms_reply, text), false, NULL, "what it says"},
};
const struct route_body sms_reply_body = {.fields = reply_fields,
                                          .field_count = COUNT_OF(reply_fields)};
const struct route_answer sms_reply_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "stopped", ANSWER_BOOL, "it was the word that ends it: nothing more is sent"}),
};

// Whether somebody has the number is not told.
static code reply(struct scope *scope, const struct request *request, struct sms_reply *given,
                  struct response *response) {
    struct sms_reply_receipt receipt;

    given->handle = request_text(request, "handle");
    TRY(sms_reply_take(scope, given, &receipt));
    json_begin_object(&response->writer);
    write_bool(response, "stopped", receipt.is_stop);
    json_end_object(&response->writer);
    return OK;
}

code sms_http_reply(struct scope *scope, const struct request *request, struct response *response) {
    struct sms_reply given = {.from = request_text(request, "from"),
                              .text = request_text(request, "text")};

    return reply(scope, request, &given, response);
}

code sms_http_reply_body(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct sms_reply given = {0};

    TRY(json_read_record(scope, request->body, reply_fields, COUNT_OF(reply_fields), &given));
    return reply(scope, request, &given, response);
}
