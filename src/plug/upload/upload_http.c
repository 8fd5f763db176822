// SPDX-License-Identifier: Apache-2.0
#include "plug/upload/upload_http.h"

#include "plug/upload/upload.h"
#include "store/ledger.h"
#include "store/shelf.h"
#include "upload_sql.h"

const struct route_parameter upload_add_parameters[] = {
    {.name = "name", PARAMETER_TEXT, "what the file is called", .is_required = true},
    PARAMETERS_END,
};
const struct route_answer upload_add_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS({.name = "upload", ANSWER_TEXT, "the handle by which imports name it"},
                       {.name = "name", ANSWER_TEXT, "what it is called"},
                       {.name = "bytes", ANSWER_INTEGER, "its size"}),
};

code upload_http_add(struct scope *scope, const struct request *request,
                     struct response *response) {
    struct json_writer *writer = &response->writer;
    struct upload upload;

    if (!request->file)
        return scope_fail(scope, INVALID, "the request has no file");
    TRY(upload_add(scope, request->file->path, request->file->bytes, request_text(request, "name"),
                   &upload));
    json_begin_object(writer);
    json_key(writer, "upload");
    json_write_text(writer, upload.id);
    json_key(writer, "name");
    json_write_text(writer, upload.name);
    json_key(writer, "bytes");
    json_write_int64(writer, upload.bytes);
    json_end_object(writer);
    return OK;
}

const struct route_parameter upload_list_parameters[] = {
    PARAMETER_LIMIT("1000"),
    PARAMETERS_END,
};

code upload_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    static const struct column columns[] = {
        {"upload", "Upload", COLUMN_TEXT, NULL},    {"name", "File", COLUMN_TEXT, NULL},
        {"bytes", "Size", COLUMN_INTEGER, "bytes"}, {"created_at", "Sent", COLUMN_INSTANT, NULL},
        {"actor", "By", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_upload_list,
                     BINDS(BIND_INT64(shelf_oldest_us(scope, SHELF_UPLOADS)),
                           BIND_INT64(request_integer(request, "limit"))),
                     &rows));
    return response_rows(scope, response, NULL, columns, sizeof(columns) / sizeof(*columns), rows);
}

const struct route_answer upload_delete_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "deleted", ANSWER_TEXT, "the handle"}),
};

code upload_http_delete(struct scope *scope, const struct request *request,
                        struct response *response) {
    const struct text id = request_text(request, "id");

    TRY(upload_delete(scope, id));
    response_done(response, "deleted", id);
    return OK;
}
