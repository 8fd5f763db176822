// SPDX-License-Identifier: Apache-2.0
#include "govern/audit/audit_http.h"

#include "audit_sql.h"
#include "base/limits.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"

enum { USUAL_PAGE_ROWS = 50 };

code audit_http_list(struct scope *scope, const struct request *request,
                     struct response *response) {
    static const char *const parameters[] = {"limit", "before", NULL};
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},       {"at", "At", COLUMN_INSTANT, NULL},
        {"actor", "Who", COLUMN_TEXT, NULL}, {"action", "Did", COLUMN_TEXT, NULL},
        {"object", "To", COLUMN_TEXT, NULL}, {"details", "Details", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t limit, before;

    TRY(request_only(scope, request, parameters));
    TRY(request_int64(scope, request, "limit", 1, LIMIT_PAGE_ROWS, USUAL_PAGE_ROWS, &limit));
    TRY(request_int64(scope, request, "before", 1, INT64_MAX, INT64_MAX, &before));
    TRY(ledger_query(scope, sql_audit_page, BINDS(BIND_INT64(before), BIND_INT64(limit)), &rows));
    return response_rows(scope, response, NULL, columns, sizeof(columns) / sizeof(*columns), rows);
}

code audit_http_verify(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const char *const parameters[] = {NULL};
    struct json_writer *writer = &response->writer;
    int64_t count;

    TRY(request_only(scope, request, parameters));
    TRY(audit_verify(scope, &count));
    json_begin_object(writer);
    json_key(writer, "record_count");
    json_write_int64(writer, count);
    json_key(writer, "intact");
    json_write_bool(writer, true);
    json_end_object(writer);
    return OK;
}
