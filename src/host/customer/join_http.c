// SPDX-License-Identifier: Apache-2.0
// Joining customers by hand, and undoing a link. Both are written into the audit log in the
// transaction that does them; why two customers were joined stands in the link's evidence.
#include "base/limits.h"
#include "customer_sql.h"
#include "govern/audit/audit.h"
#include "host/customer/customer.h"
#include "host/customer/customer_http.h"
#include "host/identity/identity.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stddef.h>

struct join_order {
    struct text other; // as customer_find takes it
    struct text why;
};

static const struct json_field join_fields[] = {
    {.name = "other",
     .type = JSON_FIELD_TEXT,
     .offset = offsetof(struct join_order, other),
     .required = true,
     .description = "the other customer: id, customer number, e-mail, phone or card"},
    {.name = "why",
     .type = JSON_FIELD_TEXT,
     .offset = offsetof(struct join_order, why),
     .required = true,
     .description = "how it is known that they are one; kept with the link"},
};

const struct route_body customer_join_body = {
    .fields = join_fields,
    .field_count = sizeof(join_fields) / sizeof(*join_fields),
};
const struct route_answer customer_join_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "customer", ANSWER_ID, "who both are now"},
                              {.name = "link", ANSWER_ID, "the link that joins them"}),
};
const struct route_answer customer_undo_link_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "link", ANSWER_ID, "the link that was undone"},
        {.name = "separated", ANSWER_BOOL, "false when other links still hold both together"},
        {.name = "customer_a", ANSWER_ID, "who one end is now", .is_optional = true},
        {.name = "customer_b", ANSWER_ID, "who the other end is now", .is_optional = true}),
};

static code read_order(struct scope *scope, const struct request *request,
                       struct join_order *ret_order) {
    if (!request->body)
        return scope_fail(scope, INVALID, "the request has no body");
    TRY(json_read_record(scope, request->body, join_fields,
                         sizeof(join_fields) / sizeof(*join_fields), ret_order));
    ret_order->why = text_trim(ret_order->why);
    if (ret_order->why.size == 0) {
        scope_fail_field(scope, INVALID, "why", "a join needs a reason");
        return scope_hint(scope, "tell it with \"why\" (--why TEXT)");
    }
    if (ret_order->why.size > LIMIT_FIELD_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "why", "the reason is longer than %d bytes",
                                LIMIT_FIELD_BYTES);
    return OK;
}

static code join(struct scope *scope, int64_t one, int64_t other, struct text why,
                 int64_t *ret_link_id) {
    TRY(identity_join(scope, one, other, why, ret_link_id));
    return audit_append(
        scope, "customer.join", text_printf(&scope->arena, "customer %" PRId64, one),
        text_printf(&scope->arena, "{\"other\":\"%" PRId64 "\",\"link\":\"%" PRId64 "\"}", other,
                    *ret_link_id));
}

// Commit what was done, or leave nothing of it.
static code finish(struct scope *scope, code result) {
    if (result == OK)
        result = ledger_commit(scope);
    if (result != OK)
        ledger_rollback(scope);
    return result;
}

code customer_http_join(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct join_order order = {0};
    int64_t one, other, link_id, joined;

    TRY(read_order(scope, request, &order));
    TRY(customer_find(scope, request_text(request, "id"), &one));
    TRY(customer_find(scope, order.other, &other));
    TRY(ledger_begin(scope));
    TRY(finish(scope, join(scope, one, other, order.why, &link_id)));
    TRY(identity_customer_of(scope, other, &joined));
    json_begin_object(&response->writer);
    json_key(&response->writer, "customer");
    response_int64(response, COLUMN_ID, joined);
    json_key(&response->writer, "link");
    response_int64(response, COLUMN_ID, link_id);
    json_end_object(&response->writer);
    return OK;
}

static code undo(struct scope *scope, int64_t link_id) {
    TRY(identity_undo_link(scope, link_id));
    return audit_append(scope, "link.undo", text_printf(&scope->arena, "link %" PRId64, link_id),
                        TEXT("{}"));
}

code customer_http_undo_link(struct scope *scope, const struct request *request,
                             struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t link_id;
    bool found;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &link_id));
    TRY(ledger_begin(scope));
    TRY(finish(scope, undo(scope, link_id)));
    TRY(ledger_find(scope, sql_customer_link_ends, BINDS(BIND_INT64(link_id)), &rows, &found));
    json_begin_object(&response->writer);
    json_key(&response->writer, "link");
    response_int64(response, COLUMN_ID, link_id);
    // Two identifiers can hold together by other links still.
    json_key(&response->writer, "separated");
    json_write_bool(&response->writer, found && rows_int64(rows, 0) != rows_int64(rows, 1));
    for (size_t end = 0; found && end < 2; end++) {
        json_key(&response->writer, end == 0 ? "customer_a" : "customer_b");
        response_int64(response, COLUMN_ID, rows_int64(rows, end));
    }
    json_end_object(&response->writer);
    return OK;
}
