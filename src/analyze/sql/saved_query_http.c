// SPDX-License-Identifier: Apache-2.0
#include "analyze/sql/saved_query_http.h"

#include "analyze/sql/saved_query.h"
#include "base/limits.h"
#include "base/time.h"
#include "govern/audit/audit.h"
#include "saved_query_sql.h"
#include "store/ledger.h"

const struct route_parameter saved_query_list_parameters[] = {
    PARAMETER_LIMIT("100"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code saved_query_http_list(struct scope *scope, const struct request *request,
                           struct response *response) {
    static const struct column columns[] = {
        {"name", "Query", COLUMN_TEXT, NULL},
        {"description", "What it tells", COLUMN_TEXT, NULL},
        {"query", "SQL", COLUMN_TEXT, NULL},
        {"actor", "Changed by", COLUMN_TEXT, NULL},
        {"changed_at", "Changed", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");

    TRY(ledger_query(scope, sql_saved_query_list,
                     BINDS(BIND_TEXT(request_text(request, "after")), BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, columns, sizeof(columns) / sizeof(*columns), rows, limit);
}

const struct route_answer saved_query_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "name", ANSWER_TEXT, "under which it is kept"},
                              {.name = "query", ANSWER_TEXT, "SQL"},
                              {.name = "description", ANSWER_TEXT, "what it tells"},
                              {.name = "actor", ANSWER_TEXT, "who changed it last"},
                              {.name = "changed_at", ANSWER_INSTANT, "when"}),
};

code saved_query_http_show(struct scope *scope, const struct request *request,
                           struct response *response) {
    struct json_writer *writer = &response->writer;
    struct saved_query saved;

    TRY(saved_query_find(scope, request_text(request, "name"), &saved));
    json_begin_object(writer);
    json_key(writer, "name");
    json_write_text(writer, saved.name);
    json_key(writer, "query");
    json_write_text(writer, saved.query);
    json_key(writer, "description");
    json_write_text(writer, saved.description);
    json_key(writer, "actor");
    json_write_text(writer, saved.actor);
    json_key(writer, "changed_at");
    response_int64(response, COLUMN_INSTANT, saved.changed_at_us);
    json_end_object(writer);
    return OK;
}

static const struct json_field put_fields[] = {
    {"query", JSON_FIELD_TEXT, offsetof(struct saved_query, query), true, NULL, "SQL"},
    {"description", JSON_FIELD_TEXT, offsetof(struct saved_query, description), false, NULL,
     "what it tells"},
};
const struct route_body saved_query_put_body = {
    .fields = put_fields,
    .field_count = sizeof(put_fields) / sizeof(*put_fields),
};
const struct route_answer saved_query_put_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "saved", ANSWER_TEXT, "name of the query"}),
};
const struct route_answer saved_query_delete_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "deleted", ANSWER_TEXT, "name of the query"}),
};

static code record(struct scope *scope, code done, const char *action, struct text name) {
    TRY(done);
    return audit_append(scope, action,
                        text_printf(&scope->arena, "saved query %.*s", TEXT_ARG(name)), TEXT("{}"));
}

code saved_query_http_put(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct saved_query saved = {.name = request_text(request, "name"), .description = TEXT("")};

    TRY(json_read_record(scope, request->body, put_fields, sizeof(put_fields) / sizeof(*put_fields),
                         &saved));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, record(scope, saved_query_put(scope, &saved), "query.save", saved.name)));
    response_done(response, "saved", saved.name);
    return OK;
}

code saved_query_http_delete(struct scope *scope, const struct request *request,
                             struct response *response) {
    const struct text name = request_text(request, "name");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, record(scope, saved_query_delete(scope, name), "query.delete", name)));
    response_done(response, "deleted", name);
    return OK;
}
