// SPDX-License-Identifier: Apache-2.0
#include "govern/backup/backup_http.h"

#include "base/config.h"
#include "govern/access/access.h"
#include "govern/backup/backup.h"
#include "store/store.h"

#define AT(member) offsetof(struct backup_request, member)
static const struct json_field request_fields[] = {
    {"path", JSON_FIELD_TEXT, AT(path), false, NULL,
     "file or folder; the command line alone may name one"},
    {"plain", JSON_FIELD_BOOL, AT(is_plain), false, NULL, "not compressed"},
    {"files", JSON_FIELD_BOOL, AT(has_files), false, NULL,
     "what was exported and uploaded as well"},
};
#undef AT
enum { FIELD_COUNT = sizeof(request_fields) / sizeof(*request_fields) };

const struct route_body backup_start_body = {
    .fields = request_fields, .field_count = FIELD_COUNT, .is_optional = true};

code backup_http_start(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct backup_request wanted = {0};
    int64_t job_id;

    if (request->body)
        TRY(json_read_record(scope, request->body, request_fields, FIELD_COUNT, &wanted));
    if (wanted.path.size > 0 && (scope->actor.permissions & MAY_NAME_PATHS) == 0)
        return scope_fail_field(scope, FORBIDDEN, "path", "you may not %s",
                                permission_name(MAY_NAME_PATHS));
    TRY(backup_start(scope, &wanted, &job_id));
    json_begin_object(&response->writer);
    json_key(&response->writer, "job_id");
    response_int64(response, COLUMN_ID, job_id);
    json_end_object(&response->writer);
    return OK;
}

code backup_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    static const struct column columns[] = {
        {"name", "Name", COLUMN_TEXT, NULL},
        {"bytes", "Size", COLUMN_INTEGER, "bytes"},
        {"written_at", "Written", COLUMN_INSTANT, NULL},
    };
    struct backup_file *files;
    size_t count;

    (void)request;
    TRY(backup_list(scope, &files, &count));
    response_begin_table(response, NULL, columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        response_text(response, text_of(files[i].name));
        response_int64(response, COLUMN_INTEGER, files[i].bytes);
        response_int64(response, COLUMN_INSTANT, files[i].written_at_us);
        response_end_row(response);
    }
    response_end_table(response);
    return OK;
}
