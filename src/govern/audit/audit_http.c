// SPDX-License-Identifier: Apache-2.0
#include "govern/audit/audit_http.h"

#include "audit_sql.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"

const struct route_parameter audit_list_parameters[] = {
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_parameter audit_verify_parameters[] = {
    {.name = "head", PARAMETER_TEXT, "what `audit head` said once: were records cut off since?"},
    PARAMETERS_END,
};
const struct route_answer audit_head_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "record_count", ANSWER_INTEGER, "records in the log"},
                              {.name = "hash", ANSWER_TEXT, "of the last one"},
                              {.name = "head", ANSWER_TEXT, "both, to keep elsewhere"}),
};
const struct route_answer audit_verify_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "record_count", ANSWER_INTEGER, "records examined"},
                              {.name = "intact", ANSWER_BOOL, "true; else the answer is an error"}),
};

code audit_http_list(struct scope *scope, const struct request *request,
                     struct response *response) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},       {"at", "At", COLUMN_INSTANT, NULL},
        {"actor", "Who", COLUMN_TEXT, NULL}, {"action", "Did", COLUMN_TEXT, NULL},
        {"object", "To", COLUMN_TEXT, NULL}, {"details", "Details", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    int64_t after;

    TRY(request_int64(scope, request, "after", 1, INT64_MAX, INT64_MAX, &after));
    TRY(ledger_query(scope, sql_audit_page, BINDS(BIND_INT64(after), BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, columns, sizeof(columns) / sizeof(*columns), rows, limit);
}

static void write_head(struct scope *scope, struct json_writer *writer,
                       const struct audit_head *head) {
    json_key(writer, "record_count");
    json_write_int64(writer, head->count);
    json_key(writer, "hash");
    json_write_string(writer, head->hash);
    json_key(writer, "head");
    json_write_text(writer, audit_head_text(&scope->arena, head));
}

code audit_http_head(struct scope *scope, const struct request *request,
                     struct response *response) {
    struct audit_head head;

    (void)request;
    TRY(audit_head(scope, &head));
    json_begin_object(&response->writer);
    write_head(scope, &response->writer, &head);
    json_end_object(&response->writer);
    return OK;
}

code audit_http_verify(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct json_writer *writer = &response->writer;
    struct audit_head head;

    if (request_has(request, "head")) {
        TRY(audit_head_parse(scope, request_text(request, "head"), &head));
        TRY(audit_verify_since(scope, &head, &head));
    } else {
        TRY(audit_verify(scope, &head.count));
    }
    json_begin_object(writer);
    json_key(writer, "record_count");
    json_write_int64(writer, head.count);
    json_key(writer, "intact");
    json_write_bool(writer, true);
    json_end_object(writer);
    return OK;
}
