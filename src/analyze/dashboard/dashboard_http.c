// SPDX-License-Identifier: Apache-2.0
#include "analyze/dashboard/dashboard_http.h"

#include "analyze/dashboard/dashboard.h"
#include "base/limits.h"
#include "dashboard_sql.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

const struct route_parameter dashboard_list_parameters[] = {
    PARAMETER_LIMIT("100"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code dashboard_http_list(struct scope *scope, const struct request *request,
                         struct response *response) {
    static const struct column columns[] = {
        {"name", "Dashboard", COLUMN_TEXT, NULL},
        {"description", "What it shows", COLUMN_TEXT, NULL},
        {"actor", "Changed by", COLUMN_TEXT, NULL},
        {"changed_at", "Changed", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");

    TRY(ledger_query(scope, sql_dashboard_list,
                     BINDS(BIND_TEXT(request_text(request, "after")), BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, columns, COUNT_OF(columns), rows, limit);
}

const struct route_answer dashboard_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "name", ANSWER_TEXT, "under which it is kept"},
                              {.name = "description", ANSWER_TEXT, "what it shows"},
                              {.name = "definition", ANSWER_OBJECT, "days and tiles"},
                              {.name = "actor", ANSWER_TEXT, "who changed it last"},
                              {.name = "changed_at", ANSWER_INSTANT, "when"}),
};

code dashboard_http_show(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct json_writer *writer = &response->writer;
    struct dashboard dashboard;
    struct json *definition;

    TRY(dashboard_find(scope, request_text(request, "name"), &dashboard));
    TRY(json_parse_own(scope, dashboard.definition, &definition));
    json_begin_object(writer);
    json_key(writer, "name");
    json_write_text(writer, dashboard.name);
    json_key(writer, "description");
    json_write_text(writer, dashboard.description);
    json_key(writer, "definition");
    json_write(writer, definition);
    json_key(writer, "actor");
    json_write_text(writer, dashboard.actor);
    json_key(writer, "changed_at");
    response_int64(response, COLUMN_INSTANT, dashboard.changed_at_us);
    json_end_object(writer);
    return OK;
}

struct put_request {
    struct text description;
    const struct json *definition;
};
static const struct json_field put_fields[] = {
    {"description", JSON_FIELD_TEXT, offsetof(struct put_request, description), false, NULL,
     "what it shows"},
    {"definition", JSON_FIELD_JSON, offsetof(struct put_request, definition), true, NULL,
     "days and tiles"},
};
const struct route_body dashboard_put_body = {
    put_fields, COUNT_OF(put_fields),
    "A definition has period (last30, last90, last12months, year, lastYear, all), compare (year, "
    "previous or empty) and tiles, each with kind (figure, chart, table, text, segment, bridge, "
    "forecast) and, as the kind needs it, title, metric, by, shape, way, text, segment, target "
    "and width (1 to 4).",
    false};
const struct route_answer dashboard_put_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "saved", ANSWER_TEXT, "name of the dashboard"}),
};
const struct route_answer dashboard_delete_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "deleted", ANSWER_TEXT, "name of the dashboard"}),
};

static code record(struct scope *scope, code done, const char *action, struct text name) {
    TRY(done);
    return audit_append(scope, action, text_printf(&scope->arena, "dashboard %.*s", TEXT_ARG(name)),
                        TEXT("{}"));
}

code dashboard_http_put(struct scope *scope, const struct request *request,
                        struct response *response) {
    const struct text name = request_text(request, "name");
    struct put_request wanted = {.description = TEXT("")};

    TRY(json_read_record(scope, request->body, put_fields, COUNT_OF(put_fields), &wanted));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope,
                   record(scope, dashboard_put(scope, name, wanted.description, wanted.definition),
                          "dashboard.save", name)));
    response_done(response, "saved", name);
    return OK;
}

code dashboard_http_delete(struct scope *scope, const struct request *request,
                           struct response *response) {
    const struct text name = request_text(request, "name");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, record(scope, dashboard_delete(scope, name), "dashboard.delete", name)));
    response_done(response, "deleted", name);
    return OK;
}
