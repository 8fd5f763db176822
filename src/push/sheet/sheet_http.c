// SPDX-License-Identifier: Apache-2.0
#include "push/sheet/sheet_http.h"

#include "govern/access/path.h"
#include "govern/audit/audit.h"
#include "push/sheet/sheet_mail.h"
#include "sheet_sql.h"
#include "store/ledger.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// ---- the picture ----

struct draw_request {
    int format;
    struct text path;
};
static const struct json_field draw_fields[] = {
    {"format", JSON_FIELD_ENUM, offsetof(struct draw_request, format), false, sheet_format_names,
     "pdf when nothing is said"},
    {"path", JSON_FIELD_TEXT, offsetof(struct draw_request, path), false, NULL,
     "file to write, on the command line"},
};
const struct route_body sheet_draw_body = {.fields = draw_fields,
                                           .field_count =
                                               sizeof(draw_fields) / sizeof(*draw_fields),
                                           .is_optional = true};
const struct route_answer sheet_draw_answer = {
    .type = ANSWER_FILE,
    .help = "the dashboard as PDF or PNG; where the command line named a path, what was written",
};

static code write_file(struct scope *scope, struct text path, struct text bytes,
                       struct response *response) {
    FILE *file;
    bool is_whole;

    TRY(access_name_path(scope, "without \"path\" the answer is the picture"));
    if (path.size == 0 || text_contains(path, '\0'))
        return scope_fail_field(scope, INVALID, "path", "no file is named");
    file = fopen(text_string(&scope->arena, path), "wbx");
    if (!file)
        return scope_fail_field(scope, errno == EEXIST ? CONFLICT : INVALID, "path",
                                "\"%.*s\" cannot be made: %s", TEXT_ARG(path), strerror(errno));
    is_whole = fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    if (fclose(file) != 0 || !is_whole)
        return scope_fail(scope, UNAVAILABLE, "\"%.*s\" cannot be written", TEXT_ARG(path));
    response_done(response, "file", path);
    return OK;
}

code sheet_http_draw(struct scope *scope, const struct request *request,
                     struct response *response) {
    CLEANUP(buffer_clear) struct buffer picture = {0};
    struct draw_request wanted = {0};
    struct sheet sheet;

    if (request->body)
        TRY(json_read_record(scope, request->body, draw_fields, 2, &wanted));
    TRY(sheet_read(scope, request_text(request, "name"), &sheet));
    TRY(sheet_draw(scope, &sheet, (enum sheet_format)wanted.format, &picture));
    if (wanted.path.data)
        return write_file(scope, wanted.path, buffer_text(&picture), response);
    buffer_add_text(&response->body, buffer_text(&picture));
    response->content_type = wanted.format == SHEET_PNG ? "image/png" : "application/pdf";
    return response_attachment(scope, response,
                               text_printf(&scope->arena, "%.*s.%s", TEXT_ARG(sheet.name),
                                           sheet_format_names[wanted.format]));
}

// ---- by e-mail ----

const struct route_parameter sheet_mail_list_parameters[] = {
    PARAMETER_LIMIT("100"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

static struct text addresses_of(struct scope *scope, struct text list) {
    struct text together = TEXT("");
    struct json *to;

    if (json_parse_own(scope, list, &to) != OK)
        return list;
    for (const struct json *item = to->first; item; item = item->next)
        together = text_printf(&scope->arena, "%.*s%s%.*s", TEXT_ARG(together),
                               together.size > 0 ? ", " : "", TEXT_ARG(item->string));
    return together;
}

static void write_mail(struct scope *scope, struct response *response, const struct rows *rows) {
    response_begin_row(response);
    response_int64(response, COLUMN_ID, rows_int64(rows, 0));
    response_text(response, addresses_of(scope, rows_text(rows, 1)));
    response_text(response, text_of(sheet_rhythm_names[rows_int64(rows, 2) - 1]));
    response_int64(response, COLUMN_INTEGER, rows_int64(rows, 3));
    response_int64(response, COLUMN_INTEGER, rows_int64(rows, 4));
    response_text(response, text_of(sheet_format_names[rows_int64(rows, 5)]));
    response_int64(response, COLUMN_INSTANT, rows_int64(rows, 6));
    if (rows_is_null(rows, 7))
        response_null(response);
    else
        response_int64(response, COLUMN_INSTANT, rows_int64(rows, 7));
    response_text(response, rows_text(rows, 8));
    response_text(response, rows_text(rows, 9));
    response_end_row(response);
}

code sheet_http_mails(struct scope *scope, const struct request *request,
                      struct response *response) {
    static const struct column columns[] = {
        {"id", "E-mail", COLUMN_ID, NULL},
        {"to", "To", COLUMN_TEXT, NULL},
        {"every", "Every", COLUMN_TEXT, NULL},
        {"day", "Day", COLUMN_INTEGER, NULL},
        {"hour", "Hour", COLUMN_INTEGER, NULL},
        {"format", "As", COLUMN_TEXT, NULL},
        {"next_at", "Next", COLUMN_INSTANT, NULL},
        {"sent_at", "Last", COLUMN_INSTANT, NULL},
        {"outcome", "What became of it", COLUMN_TEXT, NULL},
        {"actor", "By", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    int64_t after, count = 0, last = 0;

    TRY(request_int64(scope, request, "after", 0, INT64_MAX, 0, &after));
    TRY(ledger_query(
        scope, sql_sheet_mail_list,
        BINDS(BIND_TEXT(request_text(request, "name")), BIND_INT64(after), BIND_INT64(limit + 1)),
        &rows));
    response_begin_table(response, NULL, columns, sizeof(columns) / sizeof(*columns));
    while (count < limit && rows_next(rows)) {
        write_mail(scope, response, rows);
        last = rows_int64(rows, 0);
        count++;
    }
    if (!(count == limit && rows_next(rows)))
        last = 0;
    TRY(rows_end(rows));
    response_end_page(response, last);
    return OK;
}

const struct route_body sheet_mail_create_body = {.fields = sheet_mail_fields,
                                                  .field_count = SHEET_MAIL_FIELDS};
const struct route_answer sheet_mail_create_answer = {
    .type = ANSWER_OBJECT, .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "of the e-mail"})};
const struct route_answer sheet_mail_delete_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "deleted", ANSWER_TEXT, "id of the e-mail"})};

static code record(struct scope *scope, code done, const char *action, struct text dashboard) {
    TRY(done);
    return audit_append(scope, action,
                        text_printf(&scope->arena, "dashboard %.*s", TEXT_ARG(dashboard)),
                        TEXT("{}"));
}

code sheet_http_mail_create(struct scope *scope, const struct request *request,
                            struct response *response) {
    struct sheet_mail mail = sheet_mail_usual();
    int64_t id = 0;

    TRY(json_read_record(scope, request->body, sheet_mail_fields, SHEET_MAIL_FIELDS, &mail));
    mail.dashboard = request_text(request, "name");
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, record(scope, sheet_mail_create(scope, &mail, &id), "dashboard.mail",
                                 mail.dashboard)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, id);
    json_end_object(&response->writer);
    return OK;
}

code sheet_http_mail_delete(struct scope *scope, const struct request *request,
                            struct response *response) {
    const struct text dashboard = request_text(request, "name");
    int64_t id;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &id));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, record(scope, sheet_mail_delete(scope, dashboard, id),
                                 "dashboard.mail_delete", dashboard)));
    response_done(response, "deleted", text_printf(&scope->arena, "%" PRId64, id));
    return OK;
}

code sheet_http_mail_send(struct scope *scope, const struct request *request,
                          struct response *response) {
    const struct text dashboard = request_text(request, "name");
    int64_t id, job_id = 0;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &id));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, record(scope, sheet_mail_send(scope, dashboard, id, &job_id),
                                 "dashboard.mail_send", dashboard)));
    response_done(response, "job_id", text_printf(&scope->arena, "%" PRId64, job_id));
    return OK;
}
