// SPDX-License-Identifier: Apache-2.0
// Members of segments, why they are in, and their export. E-mail addresses and phone numbers are
// shown masked; an export holds them only for who may see them.
#include "analyze/segment/segment.h"
#include "analyze/segment/segment_http.h"
#include "base/limits.h"
#include "base/time.h"
#include "govern/export/export_http.h"
#include "host/customer/customer.h"
#include "host/identity/identity.h"
#include "segment_sql.h"
#include "store/ledger.h"

static const struct column member_columns[] = {
    {"customer", "Customer", COLUMN_ID, NULL}, {"number", "Number", COLUMN_TEXT, NULL},
    {"name", "Name", COLUMN_TEXT, NULL},       {"country", "Country", COLUMN_TEXT, NULL},
    {"email", "E-mail", COLUMN_TEXT, NULL},    {"phone", "Phone", COLUMN_TEXT, NULL},
    {"since", "Since", COLUMN_INSTANT, NULL},  {"why", "Why", COLUMN_TEXT, NULL},
};
enum { MEMBER_COLUMNS = sizeof(member_columns) / sizeof(*member_columns) };

struct member {
    int64_t customer;
    int64_t since_us;
    struct text number, name, country, email, phone;
};

static struct text masked(struct scope *scope, enum identifier_kind kind, const struct rows *rows,
                          size_t column) {
    if (rows_is_null(rows, column))
        return (struct text){0};
    return identifier_mask(&scope->arena, kind, rows_text(rows, column));
}

static code read_members(struct scope *scope, int64_t segment_id, int64_t after, int64_t limit,
                         struct member *members, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_segment_members,
                     BINDS(BIND_INT64(segment_id), BIND_INT64(after), BIND_INT64(limit)), &rows));
    while (rows_next(rows)) {
        struct member *member = &members[count++];

        text_to_int64(rows_text(rows, 0), &member->customer);
        member->number = text_copy(&scope->arena, rows_text(rows, 1));
        member->name = text_copy(&scope->arena, rows_text(rows, 2));
        member->country = text_copy(&scope->arena, rows_text(rows, 3));
        member->since_us = rows_int64(rows, 4);
        member->email = masked(scope, IDENTIFIER_EMAIL, rows, 5);
        member->phone = masked(scope, IDENTIFIER_PHONE, rows, 6);
    }
    TRY(rows_end(rows));
    *ret_count = count;
    return OK;
}

static void write_text(struct response *response, struct text text) {
    if (text.size > 0)
        response_text(response, text);
    else
        response_null(response);
}

static void write_member(struct response *response, const struct member *member) {
    response_int64(response, COLUMN_ID, member->customer);
    write_text(response, member->number);
    write_text(response, member->name);
    write_text(response, member->country);
    write_text(response, member->email);
    write_text(response, member->phone);
    response_int64(response, COLUMN_INSTANT, member->since_us);
}

// A clause that does not hold is said to, since it may be one of several of which any is enough.
static void write_reasons(struct response *response, const struct segment_reason *reasons,
                          size_t count) {
    CLEANUP(buffer_clear) struct buffer words = {0};

    for (size_t i = 0; i < count; i++) {
        buffer_add_string(&words, i > 0 ? "; " : "");
        buffer_add_text(&words, reasons[i].words);
        buffer_add_string(&words, reasons[i].holds ? "" : " does not hold");
    }
    response_text(response, buffer_text(&words));
}

static code write_members(struct scope *scope, struct response *response,
                          const struct segment *segment, const struct member *members, size_t count,
                          bool why) {
    struct segment_reason *reasons = NULL;
    const struct segment_node *tree;
    int64_t *customers = arena_array(&scope->arena, count + 1, sizeof(*customers));
    size_t clause_count = 0;

    for (size_t i = 0; i < count; i++)
        customers[i] = members[i].customer;
    if (why) {
        TRY(segment_tree_of(scope, segment, &tree, NULL));
        TRY(segment_why(scope, tree, segment->as_of_day, customers, count, &reasons,
                        &clause_count));
    }
    response_begin_table(response, "members", member_columns, MEMBER_COLUMNS - (why ? 0 : 1));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        write_member(response, &members[i]);
        if (why)
            write_reasons(response, reasons + i * clause_count, clause_count);
        response_end_row(response);
    }
    response_end_table(response);
    return OK;
}

const struct route_parameter segment_members_parameters[] = {
    SEGMENT_AS_OF_PARAMETER,
    {.name = "why", PARAMETER_BOOL, "say which conditions hold", .usual = "false"},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_answer segment_members_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "size", ANSWER_INTEGER, "all members"},
                              {.name = "members", ANSWER_TABLE, "customers, since when and why"},
                              ANSWER_NEXT),
};

code segment_http_members(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct segment segment;
    struct member *members;
    const int64_t limit = request_integer(request, "limit");
    int64_t after;
    int32_t as_of_day;
    size_t count;
    bool more;

    TRY(request_int64(scope, request, "after", 0, INT64_MAX, 0, &after));
    TRY(request_day(scope, request, "as_of", SEGMENT_TODAY, &as_of_day));
    TRY(segment_find(scope, request_text(request, "name"), &segment));
    TRY(segment_freshen(scope, &segment, as_of_day));
    members = arena_array(&scope->arena, (size_t)limit + 1, sizeof(*members));
    TRY(read_members(scope, segment.id, after, limit + 1, members, &count));
    more = (int64_t)count > limit;
    count -= more;
    json_begin_object(&response->writer);
    json_key(&response->writer, "size");
    json_write_int64(&response->writer, segment.size);
    TRY(write_members(scope, response, &segment, members, count, request_flag(request, "why")));
    if (more) {
        json_key(&response->writer, "next");
        json_write_text(&response->writer,
                        text_printf(&scope->arena, "%lld", (long long)members[count - 1].customer));
    }
    json_end_object(&response->writer);
    return OK;
}

// As of when each segment was evaluated last.
code segment_http_of_customer(struct scope *scope, const struct request *request,
                              struct response *response) {
    static const struct column columns[] = {
        {"segment", "Segment", COLUMN_TEXT, NULL},
        {"since", "Since", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t customer;

    TRY(customer_find(scope, request_text(request, "id"), &customer));
    TRY(ledger_query(scope, sql_segment_of_customer, BINDS(BIND_INT64(customer)), &rows));
    return response_rows(scope, response, NULL, columns, sizeof(columns) / sizeof(*columns), rows);
}

// ---- export ----

static const struct json_field export_fields[] = {EXPORT_ORDER_FIELDS(0)};

const struct route_body segment_export_body = {
    .fields = export_fields,
    .field_count = sizeof(export_fields) / sizeof(*export_fields),
    .is_optional = true,
};
const struct route_answer segment_export_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(EXPORT_ANSWER_MEMBER,
                              {.name = "customers", ANSWER_INTEGER, "rows of the file"}),
};

static code write_file(struct scope *scope, void *context, const char *path,
                       enum export_format format, int64_t *ret_count) {
    return segment_export(scope, context, path, format, ret_count);
}

code segment_http_export(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct export_order order = {.format = EXPORT_CSV};
    struct export_source source = {.write = write_file};
    struct segment segment;
    char day[TIME_TEXT_SIZE];
    int32_t as_of_day;
    int64_t count;

    TRY(request_day(scope, request, "as_of", SEGMENT_TODAY, &as_of_day));
    if (request->body)
        TRY(json_read_record(scope, request->body, export_fields,
                             sizeof(export_fields) / sizeof(*export_fields), &order));
    TRY(segment_find(scope, request_text(request, "name"), &segment));
    TRY(segment_freshen(scope, &segment, as_of_day));
    source.context = &segment;
    source.what = text_printf(&scope->arena, "segment %.*s", TEXT_ARG(segment.name));
    source.name = text_printf(&scope->arena, "%.*s-%s", TEXT_ARG(segment.name),
                              day_format(segment.as_of_day, day));
    json_begin_object(&response->writer);
    TRY(export_deliver(scope, &order, &source, response, &count));
    json_key(&response->writer, "customers");
    json_write_int64(&response->writer, count);
    json_end_object(&response->writer);
    return OK;
}
