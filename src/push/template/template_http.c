// SPDX-License-Identifier: Apache-2.0
#include "push/template/template_http.h"

#include "base/limits.h"
#include "base/time.h"
#include "host/customer/customer.h"
#include "push/template/content.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "template_sql.h"

#include <inttypes.h>

// ---- lists ----

const struct route_parameter template_list_parameters[] = {
    PARAMETER_LIMIT("100"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code template_http_list(struct scope *scope, const struct request *request,
                        struct response *response) {
    static const struct column columns[] = {
        {"name", "Template", COLUMN_TEXT, NULL},
        {"kind", "Kind", COLUMN_TEXT, NULL},
        {"version", "Version", COLUMN_INTEGER, NULL},
        {"description", "What it is for", COLUMN_TEXT, NULL},
        {"actor", "Saved by", COLUMN_TEXT, NULL},
        {"saved_at", "Saved", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");

    TRY(ledger_query(scope, sql_template_list,
                     BINDS(BIND_TEXT(request_text(request, "after")), BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, columns, sizeof(columns) / sizeof(*columns), rows, limit);
}

const struct route_parameter template_versions_parameters[] = {
    PARAMETER_LIMIT("100"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code template_http_versions(struct scope *scope, const struct request *request,
                            struct response *response) {
    static const struct column columns[] = {
        {"version", "Version", COLUMN_INTEGER, NULL},
        {"description", "What it is for", COLUMN_TEXT, NULL},
        {"actor", "Saved by", COLUMN_TEXT, NULL},
        {"saved_at", "Saved", COLUMN_INSTANT, NULL},
        {"id", "Id", COLUMN_ID, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    const struct text after = request_text(request, "after");
    struct template_version version;
    int64_t before = INT32_MAX;

    if (after.size > 0 && !text_to_int64(after, &before))
        return scope_fail_field(scope, INVALID, "after", "\"%.*s\" is no page's \"next\"",
                                TEXT_ARG(after));
    TRY(template_find(scope, request_text(request, "name"), 0, &version));
    TRY(ledger_query(
        scope, sql_template_versions,
        BINDS(BIND_INT64(version.template_id), BIND_INT64(before), BIND_INT64(limit + 1)), &rows));
    return response_page(scope, response, columns, sizeof(columns) / sizeof(*columns), rows, limit);
}

// ---- one ----

const struct route_parameter template_show_parameters[] = {
    {.name = "version",
     .type = PARAMETER_INTEGER,
     .help = "an earlier version",
     .usual = "0",
     .minimum = 0,
     .maximum = INT32_MAX},
    PARAMETERS_END,
};
const struct route_answer template_show_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS({.name = "id", ANSWER_ID, "of the version"},
                       {.name = "name", ANSWER_TEXT, "of the template"},
                       {.name = "kind", ANSWER_TEXT, "email, text, letter, onsite or webhook"},
                       {.name = "version", ANSWER_INTEGER, "its number"},
                       {.name = "description", ANSWER_TEXT, "what it is for"},
                       {.name = "subject", ANSWER_TEXT, "in Liquid"},
                       {.name = "html", ANSWER_TEXT, "in Liquid; empty: it has none"},
                       {.name = "text", ANSWER_TEXT, "in Liquid; empty: made from the HTML"},
                       {.name = "variants",
                        ANSWER_OBJECT,
                        "for languages and segments; the first that fits is taken",
                        .is_list = true},
                       {.name = "actor", ANSWER_TEXT, "who saved it"},
                       {.name = "saved_at", ANSWER_INSTANT, "when"}),
};

static void write_member(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    json_write_text(writer, value);
}

code template_http_show(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct json_writer *writer = &response->writer;
    struct template_version version;

    TRY(template_find(scope, request_text(request, "name"), request_integer(request, "version"),
                      &version));
    json_begin_object(writer);
    json_key(writer, "id");
    response_int64(response, COLUMN_ID, version.id);
    write_member(writer, "name", version.name);
    write_member(writer, "kind", text_of(template_kind_names[version.kind]));
    json_key(writer, "version");
    json_write_int64(writer, version.number);
    write_member(writer, "description", version.description);
    write_member(writer, "subject", version.content.subject);
    write_member(writer, "html", version.content.html);
    write_member(writer, "text", version.content.text);
    json_key(writer, "variants");
    template_variants_write(writer, &version);
    write_member(writer, "actor", version.actor);
    json_key(writer, "saved_at");
    response_int64(response, COLUMN_INSTANT, version.saved_at_us);
    json_end_object(writer);
    return OK;
}

// ---- saving ----

struct content_body {
    struct template_version version;
    int kind;
    const struct json *variants;
    struct text customer;
};

// clang-format off
#define FIELD(name, type, member, required, choices, description)                                  \
    {name, JSON_FIELD_##type, offsetof(struct content_body, member), required, choices, description}
#define CONTENT_FIELDS                                                                             \
    FIELD("kind", ENUM, kind, true, template_kind_names, "what it is written for"),                \
    FIELD("subject", TEXT, version.content.subject, false, NULL, "in Liquid"),                     \
    FIELD("html", TEXT, version.content.html, false, NULL, "in Liquid"),                           \
    FIELD("text", TEXT, version.content.text, false, NULL,                                         \
          "in Liquid; empty: made from the HTML"),                                                 \
    FIELD("variants", JSON, variants, false, NULL,                                                 \
          "[{\"language\", \"segment\", \"subject\", \"html\", \"text\"}]: the first that "        \
          "fits a customer is taken")
// clang-format on

static const struct json_field save_fields[] = {
    CONTENT_FIELDS,
    {"description", JSON_FIELD_TEXT, offsetof(struct content_body, version.description), false,
     NULL, "what it is for"},
};
const struct route_body template_save_body = {
    .fields = save_fields,
    .field_count = sizeof(save_fields) / sizeof(*save_fields),
};
const struct route_answer template_save_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "saved", ANSWER_TEXT, "name of the template"},
                              {.name = "version", ANSWER_INTEGER, "the newest one's number"},
                              {.name = "id", ANSWER_ID, "of the version"}),
};

static code read_body(struct scope *scope, const struct request *request,
                      const struct json_field *fields, size_t field_count,
                      struct content_body *body) {
    TRY(json_read_record(scope, request->body, fields, field_count, body));
    body->version.kind = (enum template_kind)body->kind;
    return template_variants_read(scope, body->variants, &body->version);
}

code template_http_save(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct content_body body = {
        .version = {.name = request_text(request, "name"),
                    .description = TEXT(""),
                    .content = {.subject = TEXT(""), .html = TEXT(""), .text = TEXT("")}}};
    int64_t id, number;

    TRY(read_body(scope, request, save_fields, sizeof(save_fields) / sizeof(*save_fields), &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, template_save(scope, &body.version, &id, &number)));
    json_begin_object(&response->writer);
    write_member(&response->writer, "saved", body.version.name);
    json_key(&response->writer, "version");
    json_write_int64(&response->writer, number);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, id);
    json_end_object(&response->writer);
    return OK;
}

// ---- the language ----

const struct route_answer template_language_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS({.name = "values", ANSWER_TABLE, "what templates may name"},
                       {.name = "filters", ANSWER_TABLE, "that values can be passed through"},
                       {.name = "tags", ANSWER_TABLE, "of conditions, loops and blocks"}),
};

static void write_declarations(struct scope *scope, struct response *response,
                               const struct liquid_declaration *declarations, const char *prefix) {
    static const char *const types[] = {"nothing", "truth", "number", "number", "money",
                                        "text",    "time",  "day",    "list",   "object"};

    for (; declarations->name; declarations++) {
        const char *name = arena_printf(&scope->arena, "%s%s", prefix, declarations->name);

        response_begin_row(response);
        response_text(response, text_of(name));
        response_text(response, text_of(types[declarations->type]));
        response_text(response, text_of(declarations->example));
        response_text(response, text_of(declarations->description));
        response_end_row(response);
        if (declarations->members)
            write_declarations(scope, response, declarations->members,
                               arena_printf(&scope->arena, "%s%s.", name,
                                            declarations->type == LIQUID_LIST ? "[]" : ""));
    }
}

static void write_words(struct response *response, const char *key,
                        const struct liquid_word *words) {
    static const struct column columns[] = {
        {"name", "Word", COLUMN_TEXT, NULL},
        {"usage", "As it is written", COLUMN_TEXT, NULL},
        {"description", "What it does", COLUMN_TEXT, NULL},
    };

    response_begin_table(response, key, columns, sizeof(columns) / sizeof(*columns));
    for (; words->name; words++) {
        response_begin_row(response);
        response_text(response, text_of(words->name));
        response_text(response, text_of(words->usage));
        response_text(response, text_of(words->description));
        response_end_row(response);
    }
    response_end_table(response);
}

code template_http_language(struct scope *scope, const struct request *request,
                            struct response *response) {
    static const struct column columns[] = {
        {"name", "Value", COLUMN_TEXT, NULL},
        {"type", "Type", COLUMN_TEXT, NULL},
        {"example", "Example", COLUMN_TEXT, NULL},
        {"description", "What it is", COLUMN_TEXT, NULL},
    };

    (void)request;
    json_begin_object(&response->writer);
    response_begin_table(response, "values", columns, sizeof(columns) / sizeof(*columns));
    write_declarations(scope, response, template_declarations, "");
    response_end_table(response);
    write_words(response, "filters", liquid_filters);
    write_words(response, "tags", liquid_tags);
    json_end_object(&response->writer);
    return OK;
}

// ---- a preview ----

static const struct json_field preview_fields[] = {
    CONTENT_FIELDS,
    {"customer", JSON_FIELD_TEXT, offsetof(struct content_body, customer), true, NULL,
     "id, customer number, e-mail address, phone or card number"},
};
const struct route_body template_preview_body = {
    .fields = preview_fields,
    .field_count = sizeof(preview_fields) / sizeof(*preview_fields),
};
const struct route_answer template_preview_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "subject", ANSWER_TEXT, "as the customer gets it", .is_optional = true},
        {.name = "html", ANSWER_TEXT, "to be shown in a sandbox only", .is_optional = true},
        {.name = "text", ANSWER_TEXT, "the part for programs without HTML", .is_optional = true},
        {.name = "variant",
         ANSWER_INTEGER,
         "number of the variant, from 1; 0: none",
         .is_optional = true},
        {.name = "customer", ANSWER_TEXT, "name of the customer", .is_optional = true},
        {.name = "fault",
         ANSWER_OBJECT,
         "what is wrong; the other members are then absent",
         .members = ANSWER_MEMBERS(
             {.name = "part", ANSWER_TEXT, "subject, html, text, or that of a variant"},
             {.name = "line", ANSWER_INTEGER, "from 1"},
             {.name = "column", ANSWER_INTEGER, "from 1, in characters"},
             {.name = "message", ANSWER_TEXT, "in words"}),
         .is_optional = true}),
};

// Where a fault stands is an answer, not a failure: an editor asks after every pause in typing.
static void write_fault(struct scope *scope, struct response *response,
                        const struct liquid_fault *fault) {
    struct json_writer *writer = &response->writer;

    json_begin_object(writer);
    json_key(writer, "fault");
    json_begin_object(writer);
    write_member(writer, "part", text_of(scope->failure.field));
    json_key(writer, "line");
    json_write_int64(writer, fault->line);
    json_key(writer, "column");
    json_write_int64(writer, fault->column);
    write_member(writer, "message", text_of(fault->message));
    json_end_object(writer);
    json_end_object(writer);
    scope_forgive(scope);
}

static void free_renderer(struct template_renderer **renderer) {
    template_renderer_free(*renderer);
}

static code render_for(struct scope *scope, const struct template_program *program,
                       int64_t customer, struct response *response) {
    CLEANUP(free_renderer) struct template_renderer *renderer = NULL;
    const struct template_message message = {
        .campaign = TEXT("Preview"),
        .preference_url = TEXT("https://example.com/preferences"),
        .unsubscribe_url = TEXT("https://example.com/unsubscribe"),
        .view_url = TEXT("https://example.com/view"),
        .coupon_code = TEXT("PREVIEW-1234"),
        .coupon_value = TEXT("10 %"),
        .coupon_expires_day = (int32_t)(scope->now_us / US_PER_DAY) + 30,
        .coupon_qr_url = TEXT("https://example.com/q/qr.png"),
        .coupon_bars_url = TEXT("https://example.com/q/bars.png"),
        .sender = TEXT("Preview"),
        .day = (int32_t)(scope->now_us / US_PER_DAY),
    };
    struct json_writer *writer = &response->writer;
    struct template_output output;
    struct template_people *people;

    TRY(template_people_read(scope, program, &customer, 1, &people));
    TRY(template_renderer_new(scope, &renderer));
    TRY(template_render(scope, renderer, program, people, 0, &message, &output));
    json_begin_object(writer);
    write_member(writer, "subject", output.subject);
    write_member(writer, "html", output.html);
    write_member(writer, "text", output.text);
    json_key(writer, "variant");
    json_write_int64(writer, output.variant + 1);
    write_member(writer, "customer", template_person_name(people, 0));
    json_end_object(writer);
    return OK;
}

code template_http_preview(struct scope *scope, const struct request *request,
                           struct response *response) {
    struct content_body body = {
        .version = {.content = {.subject = TEXT(""), .html = TEXT(""), .text = TEXT("")}}};
    struct liquid_fault fault = {0};
    const struct template_program *program;
    int64_t customer;

    TRY(read_body(scope, request, preview_fields, sizeof(preview_fields) / sizeof(*preview_fields),
                  &body));
    TRY(customer_find(scope, body.customer, &customer));
    if (template_compile(scope, &body.version, &fault, &program) != OK) {
        if (fault.line == 0)
            return scope->failure.code;
        write_fault(scope, response, &fault);
        return OK;
    }
    return render_for(scope, program, customer, response);
}
