// SPDX-License-Identifier: Apache-2.0
#include "push/mail/mail_http.h"

#include "base/base64.h"
#include "mail_sql.h"
#include "push/mail/link.h"
#include "push/mail/mail.h"
#include "push/mail/mail_doctor.h"
#include "push/mail/outcome.h"
#include "push/message/answer.h"
#include "store/ledger.h"

#include <stddef.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

static void write_text(struct response *response, const char *key, struct text value) {
    json_key(&response->writer, key);
    json_write_text(&response->writer, value);
}

static void write_int(struct response *response, const char *key, int64_t value) {
    json_key(&response->writer, key);
    json_write_int64(&response->writer, value);
}

// ---- the set-up ----

struct setup_body {
    struct mail_setup setup;
    int tls; // from 0
};

#define AT(member) offsetof(struct setup_body, setup.member)
static const struct json_field setup_fields[] = {
    {"host", JSON_FIELD_TEXT, AT(host), false, NULL, "the relay that mail leaves through"},
    {"port", JSON_FIELD_INT32, AT(port), false, NULL, "of the relay (587)"},
    {"tls", JSON_FIELD_ENUM, offsetof(struct setup_body, tls), false, smtp_tls_names,
     "starttls (required), implicit, or none where the relay is this machine"},
    {"user", JSON_FIELD_TEXT, AT(user), false, NULL, "at the relay; empty: it asks for none"},
    {"password", JSON_FIELD_TEXT, AT(password), false, NULL,
     "at the relay; absent: it stays as it is"},
    {"helo", JSON_FIELD_TEXT, AT(helo), false, NULL, "the name that this machine gives"},
    {"connections", JSON_FIELD_INT32, AT(connections), false, NULL, "at once, 1 to 64"},
    {"per_domain", JSON_FIELD_INT32, AT(per_domain), false, NULL,
     "of them to one destination, 1 to 20"},
    {"from_name", JSON_FIELD_TEXT, AT(from_name), false, NULL, "of the sender"},
    {"from_address", JSON_FIELD_TEXT, AT(from_address), false, NULL, "of the sender"},
    {"reply_to", JSON_FIELD_TEXT, AT(reply_to), false, NULL,
     "where replies go; empty: to the sender"},
    {"return_host", JSON_FIELD_TEXT, AT(return_host), false, NULL,
     "bounces come to b+…@ this host; empty: the sender's domain"},
    {"list_id", JSON_FIELD_TEXT, AT(list_id), false, NULL, "news.example.org"},
    {"feedback_id", JSON_FIELD_TEXT, AT(feedback_id), false, NULL,
     "by which Gmail counts complaints: 5 to 15 letters"},
    {"warm_up_per_day", JSON_FIELD_INT32, AT(warm_up_per_day), false, NULL,
     "mails to one destination on the first day, half as many more on each one after it; 0: no "
     "warm-up"},
};
#undef AT

const struct route_body mail_save_body = {.fields = setup_fields,
                                          .field_count = COUNT_OF(setup_fields)};
const struct route_answer mail_save_answer = {
    .type = ANSWER_OBJECT, .members = ANSWER_MEMBERS({.name = "changed", ANSWER_TEXT, "mail"})};
const struct route_answer mail_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "host", ANSWER_TEXT, "the relay; empty: none is set up"},
                              {.name = "port", ANSWER_INTEGER, "of the relay"},
                              {.name = "tls", ANSWER_TEXT, "starttls, implicit or none"},
                              {.name = "user", ANSWER_TEXT, "at the relay"},
                              {.name = "has_password", ANSWER_BOOL, "whether one is kept"},
                              {.name = "helo", ANSWER_TEXT, "the name that this machine gives"},
                              {.name = "connections", ANSWER_INTEGER, "at once"},
                              {.name = "per_domain", ANSWER_INTEGER, "to one destination"},
                              {.name = "from_name", ANSWER_TEXT, "of the sender"},
                              {.name = "from_address", ANSWER_TEXT, "of the sender"},
                              {.name = "reply_to", ANSWER_TEXT, "where replies go"},
                              {.name = "return_host", ANSWER_TEXT, "where bounces come to"},
                              {.name = "list_id", ANSWER_TEXT, "of List-Id"},
                              {.name = "feedback_id", ANSWER_TEXT, "of Feedback-ID"},
                              {.name = "warm_up_per_day", ANSWER_INTEGER, "on the first day"},
                              {.name = "keys", ANSWER_TABLE, "DKIM keys and their DNS records"}),
};

static void write_setup(struct response *response, const struct mail_setup *setup) {
    write_text(response, "host", setup->host);
    write_int(response, "port", setup->port);
    write_text(response, "tls", text_of(smtp_tls_names[setup->tls - 1]));
    write_text(response, "user", setup->user);
    json_key(&response->writer, "has_password");
    json_write_bool(&response->writer, setup->has_password);
    write_text(response, "helo", setup->helo);
    write_int(response, "connections", setup->connections);
    write_int(response, "per_domain", setup->per_domain);
    write_text(response, "from_name", setup->from_name);
    write_text(response, "from_address", setup->from_address);
    write_text(response, "reply_to", setup->reply_to);
    write_text(response, "return_host", setup->return_host);
    write_text(response, "list_id", setup->list_id);
    write_text(response, "feedback_id", setup->feedback_id);
    write_int(response, "warm_up_per_day", setup->warm_up_per_day);
}

static void write_key_row(struct scope *scope, struct response *response, const struct rows *rows) {
    response_begin_row(response);
    response_text(response, rows_text(rows, 0));
    response_text(response, text_of(dkim_algorithm_names[rows_int64(rows, 2) - 1]));
    response_text(response, text_of(mail_key_state_names[rows_int64(rows, 3) - 1]));
    response_text(response,
                  text_printf(&scope->arena, "%.*s._domainkey.%.*s", TEXT_ARG(rows_text(rows, 0)),
                              TEXT_ARG(rows_text(rows, 1))));
    response_text(response, rows_text(rows, 4));
    response_int64(response, COLUMN_INSTANT, rows_int64(rows, 5));
    response_end_row(response);
}

code mail_http_show(struct scope *scope, const struct request *request, struct response *response) {
    static const struct column columns[] = {
        {"selector", "Selector", COLUMN_TEXT, NULL}, {"algorithm", "Algorithm", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},       {"name", "Name in DNS", COLUMN_TEXT, NULL},
        {"record", "TXT record", COLUMN_TEXT, NULL}, {"created_at", "Made", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct mail_setup setup;

    (void)request;
    TRY(mail_setup_load(scope, &setup));
    TRY(mail_key_list(scope, &rows));
    json_begin_object(&response->writer);
    write_setup(response, &setup);
    response_begin_table(response, "keys", columns, COUNT_OF(columns));
    while (rows_next(rows))
        write_key_row(scope, response, rows);
    response_end_table(response);
    json_end_object(&response->writer);
    return rows_end(rows);
}

code mail_http_save(struct scope *scope, const struct request *request, struct response *response) {
    struct setup_body body = {0};

    TRY(mail_setup_load(scope, &body.setup));
    body.tls = body.setup.tls - 1;
    TRY(json_read_record(scope, request->body, setup_fields, COUNT_OF(setup_fields), &body));
    body.setup.tls = body.tls + 1;
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, mail_setup_save(scope, &body.setup)));
    response_done(response, "changed", TEXT("mail"));
    return OK;
}

// ---- keys ----

struct key_body {
    int algorithm; // from 0
    struct text selector;
};
static const struct json_field key_fields[] = {
    {"algorithm", JSON_FIELD_ENUM, offsetof(struct key_body, algorithm), false,
     dkim_algorithm_names, "rsa-sha256, which everybody reads, or ed25519-sha256 beside it"},
    {"selector", JSON_FIELD_TEXT, offsetof(struct key_body, selector), false, NULL,
     "its name in DNS; absent: made of the algorithm and the day"},
};
const struct route_body mail_key_body = {.fields = key_fields, .field_count = COUNT_OF(key_fields)};
const struct route_answer mail_key_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "selector", ANSWER_TEXT, "its name"},
                              {.name = "name", ANSWER_TEXT, "of the record in DNS"},
                              {.name = "record", ANSWER_TEXT, "the TXT record"}),
};
const struct route_answer mail_key_changed_answer = {
    .type = ANSWER_OBJECT, .members = ANSWER_MEMBERS({.name = "changed", ANSWER_TEXT, "the key"})};

code mail_http_key_add(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct key_body body = {0};
    struct mail_key key;

    TRY(json_read_record(scope, request->body, key_fields, COUNT_OF(key_fields), &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, mail_key_make(scope, (enum dkim_algorithm)(body.algorithm + 1),
                                        body.selector, &key)));
    json_begin_object(&response->writer);
    write_text(response, "selector", key.selector);
    write_text(response, "name",
               text_printf(&scope->arena, "%.*s._domainkey.%.*s", TEXT_ARG(key.selector),
                           TEXT_ARG(key.domain)));
    write_text(response, "record", key.record);
    json_end_object(&response->writer);
    return OK;
}

code mail_http_key_use(struct scope *scope, const struct request *request,
                       struct response *response) {
    const struct text selector = request_text(request, "selector");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, mail_key_use(scope, selector)));
    response_done(response, "changed", selector);
    return OK;
}

code mail_http_key_remove(struct scope *scope, const struct request *request,
                          struct response *response) {
    const struct text selector = request_text(request, "selector");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, mail_key_remove(scope, selector)));
    response_done(response, "changed", selector);
    return OK;
}

// ---- checks and figures ----

const struct route_answer mail_check_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "is_red", ANSWER_BOOL, "mail for many should not leave"},
                              {.name = "checks", ANSWER_TABLE, "what was found, and what to do"}),
};

// Where DNS is asked: the machine's servers, or ADDRESS:PORT in TESSERA_DNS.
static struct dns_server dns_server(void) {
    struct dns_server server = {0};
    struct text port;
    int64_t number;

    server.address = text_split(text_of(getenv("TESSERA_DNS")), ':', &port);
    server.port = text_to_int64(port, &number) && number > 0 && number < 65536 ? (int)number : 53;
    return server;
}

code mail_http_check(struct scope *scope, const struct request *request,
                     struct response *response) {
    static const struct column columns[] = {
        {"check", "Check", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"finding", "Finding", COLUMN_TEXT, NULL},
        {"advice", "What to do", COLUMN_TEXT, NULL},
    };
    const struct dns_server server = dns_server();
    struct doctor_check *checks;
    size_t count;
    bool is_red;

    (void)request;
    TRY(mail_doctor_examine(scope, &server, &checks, &count, &is_red));
    json_begin_object(&response->writer);
    json_key(&response->writer, "is_red");
    json_write_bool(&response->writer, is_red);
    response_begin_table(response, "checks", columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        response_text(response, text_of(checks[i].name));
        response_text(response, text_of(doctor_state_name(checks[i].state)));
        response_text(response, checks[i].finding);
        response_text(response, checks[i].advice);
        response_end_row(response);
    }
    response_end_table(response);
    json_end_object(&response->writer);
    return OK;
}

const struct route_parameter mail_figures_parameters[] = {
    {.name = "days",
     .type = PARAMETER_INTEGER,
     .help = "the last so many",
     .minimum = 1,
     .maximum = 400,
     .usual = "30"},
    {0},
};

code mail_http_figures(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const struct column columns[] = {
        {"domain", "Destination", COLUMN_TEXT, NULL},
        {"accepted", "Taken by the relay", COLUMN_INTEGER, NULL},
        {"put_off", "Put off", COLUMN_INTEGER, NULL},
        {"failed", "Refused", COLUMN_INTEGER, NULL},
        {"unknown", "Unknown", COLUMN_INTEGER, NULL},
        {"delivered", "Delivered", COLUMN_INTEGER, NULL},
        {"bounced", "Bounced", COLUMN_INTEGER, NULL},
        {"complained", "Complained", COLUMN_INTEGER, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(mail_figures_list(scope, (int)request_integer(request, "days"), &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}

// ---- mail that comes back ----

struct receive_body {
    struct text recipient, mail;
};
static const struct json_field receive_fields[] = {
    {"recipient", JSON_FIELD_TEXT, offsetof(struct receive_body, recipient), false, NULL,
     "whom it came to, when the mail server tells"},
    {"mail", JSON_FIELD_TEXT, offsetof(struct receive_body, mail), true, NULL,
     "the whole mail, as base64"},
};
const struct route_body mail_receive_body = {.fields = receive_fields,
                                             .field_count = COUNT_OF(receive_fields)};
const struct route_answer mail_receive_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "kind",
         ANSWER_TEXT,
         "none, delivered, delayed, bounced, complained, replied or automatic"},
        {.name = "class", ANSWER_TEXT, "of a bounce: address, mailbox, content, policy, place"},
        {.name = "message", ANSWER_ID, "that it is about; 0: none of ours"}),
};

code mail_http_receive(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct receive_body body = {0};
    struct mail_report report;
    struct text mail;

    TRY(json_read_record(scope, request->body, receive_fields, COUNT_OF(receive_fields), &body));
    if (!base64_decode(&scope->arena, body.mail, BASE64_STANDARD, &mail))
        return scope_fail_field(scope, INVALID, "mail", "this is no base64");
    TRY(mail_receive(scope, body.recipient, mail, &report));
    json_begin_object(&response->writer);
    write_text(response, "kind", text_of(mail_report_names[report.kind]));
    write_text(response, "class", text_of(mail_class_names[report.class]));
    json_key(&response->writer, "message");
    response_int64(response, COLUMN_ID, report.message_id);
    json_end_object(&response->writer);
    return OK;
}

// ---- one mail, to try it ----

struct test_body {
    struct text to;
};
static const struct json_field test_fields[] = {
    {"to", JSON_FIELD_TEXT, offsetof(struct test_body, to), true, NULL, "an address of yours"},
};
const struct route_body mail_test_body = {.fields = test_fields,
                                          .field_count = COUNT_OF(test_fields)};
const struct route_answer mail_test_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "state", ANSWER_TEXT, "accepted, retry, failed or unknown"},
                              {.name = "detail", ANSWER_TEXT, "what the relay said"}),
};

code mail_http_test(struct scope *scope, const struct request *request, struct response *response) {
    static const char *const states[] = {"unknown", "accepted", "retry", "failed"};
    struct mail_sender *sender = NULL;
    struct test_body body = {0};
    struct mail_item item = {0};
    struct mail_ready ready;
    struct smtp_result result;

    TRY(json_read_record(scope, request->body, test_fields, COUNT_OF(test_fields), &body));
    TRY(mail_ready_load(scope, &ready));
    ready.route.connections = 1;
    item.message = (struct mime_message){
        .from = {ready.setup.from_name, ready.setup.from_address},
        .to = {.address = body.to},
        .subject = TEXT("A test of how mail leaves"),
        .at_us = scope->now_us,
        .message_id =
            text_printf(&scope->arena, "test.%llx@%.*s", (unsigned long long)scope->now_us,
                        TEXT_ARG(mime_domain(&scope->arena, ready.setup.from_address))),
        .text = TEXT("This mail went through the relay that is set up, signed by the keys that "
                     "sign.\n"),
        .is_automatic = true};
    TRY(mail_sender_open(scope, &ready.route, &sender));
    mail_sender_send(scope, sender, &item, 1, &result);
    mail_sender_close(sender);
    json_begin_object(&response->writer);
    write_text(response, "state", text_of(states[result.state]));
    write_text(response, "detail", text_of(result.detail));
    json_end_object(&response->writer);
    return OK;
}

// ---- links ----

const struct route_answer mail_follow_answer = {
    .type = ANSWER_OBJECT, .help = "302: leads to where the link was made to lead"};

// Told whoever it was; one who is gone, or a message that is gone, keeps nobody from getting there.
static void note_visit(struct scope *scope, const struct request *request,
                       const struct mail_link *link) {
    static const struct request_client nobody;
    const struct request_client *client = request->client ? request->client : &nobody;
    struct message_answer answer = {
        .message_id = link->message_id,
        .detail = {link->url.data, link->url.size},
        .key = text_printf(&scope->arena, "%llx", (unsigned long long)text_hash(link->url))};
    int64_t sent_at_us = 0;
    bool is_new;

    if (ledger_int64(scope, sql_mail_message_sent_at, BINDS(BIND_INT64(link->message_id)), 0,
                     &sent_at_us) == OK) {
        answer.kind =
            mail_link_is_machine(client->is_head, client->user_agent, sent_at_us, scope->now_us)
                ? MESSAGE_WAS_MACHINE_CLICKED
                : MESSAGE_WAS_CLICKED;
        message_answer_take(scope, &answer, &is_new);
    }
    scope_forgive(scope);
}

code mail_http_follow(struct scope *scope, const struct request *request,
                      struct response *response) {
    unsigned char key[VERP_KEY_BYTES];
    struct mail_link link;

    TRY(mail_secret_load(scope, key));
    TRY(mail_link_read(scope, key, request_text(request, "token"), &link));
    note_visit(scope, request, &link);
    response->status = 302;
    TRY(response_header(scope, response, "Location", link.url));
    json_begin_object(&response->writer);
    json_end_object(&response->writer);
    return OK;
}
