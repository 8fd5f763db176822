// SPDX-License-Identifier: Apache-2.0
#include "govern/export/export_http.h"

#include "export_sql.h"
#include "govern/access/path.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"
#include "store/shelf.h"

const struct route_answer export_file_members[] = {
    {.name = "id", ANSWER_ID, "the export"},
    {.name = "name", ANSWER_TEXT, "under which it is kept"},
    {.name = "bytes", ANSWER_INTEGER, "its size"},
    {.name = "row_count", ANSWER_INTEGER, "its rows"},
    {.name = NULL},
};

static const char *content_type_of(struct text name) {
    static const struct {
        struct text ending;
        const char *type;
    } types[] = {
        {TEXT(".csv"), "text/csv; charset=utf-8"},
        {TEXT(".jsonl"), "application/x-ndjson"},
        {TEXT(".parquet"), "application/vnd.apache.parquet"},
    };

    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (text_ends_with(name, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}

static void write_kept(struct response *response, const struct export *export) {
    struct json_writer *writer = &response->writer;

    json_key(writer, "file");
    json_begin_object(writer);
    json_key(writer, "id");
    response_int64(response, COLUMN_ID, export->id);
    json_key(writer, "name");
    json_write_text(writer, export->name);
    json_key(writer, "bytes");
    json_write_int64(writer, export->bytes);
    json_key(writer, "row_count");
    json_write_int64(writer, export->row_count);
    json_end_object(writer);
}

static code deliver_to_path(struct scope *scope, const struct export_order *order,
                            const struct export_source *source, struct response *response,
                            int64_t *ret_count) {
    TRY(access_name_path(scope, "without \"path\" the file is kept to be fetched"));
    if (order->path.size == 0 || text_contains(order->path, '\0'))
        return scope_fail_field(scope, INVALID, "path", "no file is named");
    TRY(source->write(scope, source->context, text_string(&scope->arena, order->path),
                      (enum export_format)order->format, ret_count));
    json_key(&response->writer, "file");
    json_write_text(&response->writer, order->path);
    return OK;
}

code export_deliver(struct scope *scope, const struct export_order *order,
                    const struct export_source *source, struct response *response,
                    int64_t *ret_count) {
    struct export export;
    const char *path;

    if (order->path.data)
        return deliver_to_path(scope, order, source, response, ret_count);
    TRY(export_new(scope, &export, &path));
    TRY(source->write(scope, source->context, path, (enum export_format)order->format, ret_count));
    export.row_count = *ret_count;
    export.what = source->what;
    export.name = text_printf(&scope->arena, "%.*s.%s", TEXT_ARG(source->name),
                              export_format_names[order->format]);
    TRY(export_keep(scope, &export));
    write_kept(response, &export);
    return OK;
}

static code send_written(struct scope *scope, const struct export_order *order,
                         const struct export_source *source, struct text file,
                         struct response *response) {
    const struct text name = text_printf(&scope->arena, "%.*s.%s", TEXT_ARG(source->name),
                                         export_format_names[order->format]);
    const char *path;
    int64_t count;
    int fd;

    TRY(shelf_path(scope, SHELF_EXPORTS, file, &path));
    TRY(source->write(scope, source->context, path, (enum export_format)order->format, &count));
    TRY(shelf_open(scope, SHELF_EXPORTS, file, &fd));
    response->file = fd;
    response->content_type = content_type_of(name);
    return response_attachment(scope, response, name);
}

code export_send(struct scope *scope, const struct export_order *order,
                 const struct export_source *source, struct response *response) {
    struct text file;
    int64_t count;

    if (order->path.data) {
        json_begin_object(&response->writer);
        TRY(deliver_to_path(scope, order, source, response, &count));
        json_key(&response->writer, "rows");
        json_write_int64(&response->writer, count);
        json_end_object(&response->writer);
        return OK;
    }
    file = shelf_new_name(scope);
    send_written(scope, order, source, file, response);
    shelf_remove(scope, SHELF_EXPORTS, file); // who has it open reads it to its end
    return scope->failure.code;
}

const struct route_parameter export_list_parameters[] = {
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code export_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    static const struct column columns[] = {
        {"id", "Export", COLUMN_ID, NULL},          {"name", "File", COLUMN_TEXT, NULL},
        {"what", "What", COLUMN_TEXT, NULL},        {"rows", "Rows", COLUMN_INTEGER, "rows"},
        {"bytes", "Size", COLUMN_INTEGER, "bytes"}, {"created_at", "Made", COLUMN_INSTANT, NULL},
        {"actor", "By", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    int64_t after;

    TRY(request_int64(scope, request, "after", 1, INT64_MAX, INT64_MAX, &after));
    TRY(ledger_query(scope, sql_export_list,
                     BINDS(BIND_INT64(after), BIND_INT64(shelf_oldest_us(scope, SHELF_EXPORTS)),
                           BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, columns, sizeof(columns) / sizeof(*columns), rows, limit);
}

const struct route_answer export_fetch_answer = {
    .type = ANSWER_FILE,
    .help = "the file, as an attachment",
};

// Who takes the data out is recorded before they have it.
code export_http_fetch(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct export export;
    int64_t id;
    int fd;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &id));
    TRY(export_find(scope, id, &export));
    TRY(shelf_open(scope, SHELF_EXPORTS, export.file, &fd));
    response->file = fd;
    response->content_type = content_type_of(export.name);
    TRY(response_attachment(scope, response, export.name));
    return audit_append(
        scope, "export.fetch", text_printf(&scope->arena, "export %lld", (long long)id),
        text_printf(&scope->arena, "{\"count\": %lld}", (long long)export.row_count));
}
