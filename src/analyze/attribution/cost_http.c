// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/cost_http.h"

#include "analyze/attribution/cost.h"
#include "cost_sql.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"

#include <inttypes.h>

enum { COSTS_AT_ONCE = 1000 };

const struct route_parameter channel_cost_list_parameters[] = {
    PARAMETER_LIMIT("100"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code channel_cost_http_list(struct scope *scope, const struct request *request,
                            struct response *response) {
    static const struct column columns[] = {
        {"id", "Cost", COLUMN_ID, NULL},          {"channel", "Channel", COLUMN_TEXT, NULL},
        {"from", "From", COLUMN_DAY, NULL},       {"until", "Until", COLUMN_DAY, NULL},
        {"amount", "Amount", COLUMN_MONEY, NULL}, {"currency", "Currency", COLUMN_TEXT, NULL},
        {"actor", "Noted by", COLUMN_TEXT, NULL}, {"changed_at", "Noted", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    int64_t after;

    TRY(request_int64(scope, request, "after", 0, INT64_MAX, 0, &after));
    TRY(ledger_query(scope, sql_channel_cost_list, BINDS(BIND_INT64(after), BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, columns, sizeof(columns) / sizeof(*columns), rows, limit);
}

struct put {
    const struct json *costs;
};
static const struct json_field put_fields[] = {
    {"costs", JSON_FIELD_JSON, offsetof(struct put, costs), true, NULL,
     "[{\"channel\": \"email\", \"from\": \"2025-01-01\", \"until\": \"2025-01-31\", \"amount\": "
     "120.5, \"currency\": \"EUR\"}, …]; one of the same channel, days and currency is replaced"},
};
const struct route_body channel_cost_put_body = {.fields = put_fields, .field_count = 1};
const struct route_answer channel_cost_put_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "noted", ANSWER_INTEGER, "costs that were noted"}),
};
const struct route_answer channel_cost_delete_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "deleted", ANSWER_TEXT, "id of the cost"}),
};

static code put_all(struct scope *scope, const struct json *costs) {
    for (const struct json *item = costs->first; item != NULL; item = item->next) {
        struct channel_cost_entry entry = {0};

        TRY(json_read_record(scope, item, channel_cost_fields, CHANNEL_COST_FIELDS, &entry));
        TRY(channel_cost_put(scope, &entry));
    }
    return audit_append(scope, "attribution.costs",
                        text_printf(&scope->arena, "%zu costs of channels", (size_t)costs->count),
                        TEXT("{}"));
}

code channel_cost_http_put(struct scope *scope, const struct request *request,
                           struct response *response) {
    struct put put = {0};

    TRY(json_read_record(scope, request->body, put_fields, 1, &put));
    if (put.costs->type != JSON_ARRAY || put.costs->count == 0 || put.costs->count > COSTS_AT_ONCE)
        return scope_fail_field(scope, INVALID, "costs", "costs are no list of 1 to %d",
                                COSTS_AT_ONCE);
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, put_all(scope, put.costs)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "noted");
    json_write_int64(&response->writer, (int64_t)put.costs->count);
    json_end_object(&response->writer);
    return OK;
}

static code delete_one(struct scope *scope, int64_t id) {
    TRY(channel_cost_delete(scope, id));
    return audit_append(scope, "attribution.cost_delete",
                        text_printf(&scope->arena, "cost %" PRId64, id), TEXT("{}"));
}

code channel_cost_http_delete(struct scope *scope, const struct request *request,
                              struct response *response) {
    int64_t id;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &id));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, delete_one(scope, id)));
    response_done(response, "deleted", text_printf(&scope->arena, "%" PRId64, id));
    return OK;
}
