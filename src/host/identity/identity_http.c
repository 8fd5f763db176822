// SPDX-License-Identifier: Apache-2.0
// The identity graph over the API: one customer's, what was kept apart, identifiers that are
// stopped, and what people decide about them. Values are masked unless they are asked for by
// somebody who may, which is written into the audit log.
#include "host/identity/identity_http.h"

#include "base/limits.h"
#include "govern/access/access.h"
#include "govern/audit/audit.h"
#include "host/customer/customer.h"
#include "identity_view_sql.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

// ---- cells ----

// A kind and a value that stand beside each other in a row.
static void identifier_cells(struct scope *scope, struct response *response,
                             const struct rows *rows, size_t column, bool reveal) {
    const enum identifier_kind kind = (enum identifier_kind)rows_int64(rows, column);
    const struct text value = rows_text(rows, column + 1);

    response_text(response, text_of(identifier_kind_name(kind)));
    response_text(response, reveal ? value : identifier_shown(&scope->arena, kind, value));
}

static void guard_cell(struct response *response, const struct rows *rows, size_t column) {
    const char *name = identifier_guard_name((enum identifier_guard)rows_int64(rows, column));

    if (*name)
        response_text(response, text_of(name));
    else
        response_null(response);
}

static void text_cell(struct response *response, const struct rows *rows, size_t column) {
    if (rows_is_null(rows, column) || rows_text(rows, column).size == 0)
        response_null(response);
    else
        response_text(response, rows_text(rows, column));
}

// ---- the graph of one customer ----

const struct route_parameter identity_show_parameters[] = {
    {.name = "reveal",
     PARAMETER_BOOL,
     "show identifiers whole; it needs a permission and is written into the audit log",
     .usual = "false"},
    PARAMETERS_END,
};
const struct route_answer identity_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "id", ANSWER_ID, "the customer"},
        {.name = "identifiers", ANSWER_TABLE, "the nodes, with what came under each"},
        {.name = "links",
         ANSWER_TABLE,
         "the edges, live and undone, with why they are and the customers at both ends"},
        {.name = "kept_apart", ANSWER_TABLE, "joins that were refused, the newest 200"}),
};

static code write_nodes(struct scope *scope, struct response *response, int64_t customer,
                        bool reveal) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"kind", "Kind", COLUMN_TEXT, NULL},
        {"value", "Value", COLUMN_TEXT, NULL},
        {"source", "Source", COLUMN_TEXT, NULL},
        {"first_seen", "First seen", COLUMN_INSTANT, NULL},
        {"origin", "Origin", COLUMN_ID, NULL},
        {"guard", "Guard", COLUMN_TEXT, NULL},
        {"guard_why", "Why", COLUMN_TEXT, NULL},
        {"receipts", "Receipts", COLUMN_INTEGER, NULL},
        {"events", "Events", COLUMN_INTEGER, NULL},
        {"consents", "Consents", COLUMN_INTEGER, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_identity_nodes, BINDS(BIND_INT64(customer)), &rows));
    response_begin_table(response, "identifiers", columns, COUNT_OF(columns));
    while (rows_next(rows)) {
        const enum identifier_kind kind = (enum identifier_kind)rows_int64(rows, 1);
        const struct text value = rows_text(rows, 3);

        response_begin_row(response);
        response_int64(response, COLUMN_ID, rows_int64(rows, 0));
        response_text(response, text_of(identifier_kind_name(kind)));
        response_text(response, reveal ? value : identifier_shown(&scope->arena, kind, value));
        text_cell(response, rows, 2);
        response_int64(response, COLUMN_INSTANT, rows_int64(rows, 4));
        response_int64(response, COLUMN_ID, rows_int64(rows, 5));
        guard_cell(response, rows, 6);
        text_cell(response, rows, 7);
        for (size_t column = 8; column < COUNT_OF(columns); column++)
            response_int64(response, COLUMN_INTEGER, rows_int64(rows, column));
        response_end_row(response);
    }
    response_end_table(response);
    return rows_end(rows);
}

static code write_edges(struct scope *scope, struct response *response, int64_t customer,
                        bool reveal) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"identifier_a", "Identifier", COLUMN_ID, NULL},
        {"identifier_b", "Identifier", COLUMN_ID, NULL},
        {"kind_a", "Kind", COLUMN_TEXT, NULL},
        {"value_a", "Value", COLUMN_TEXT, NULL},
        {"kind_b", "Kind", COLUMN_TEXT, NULL},
        {"value_b", "Value", COLUMN_TEXT, NULL},
        {"customer_a", "Customer", COLUMN_ID, NULL},
        {"customer_b", "Customer", COLUMN_ID, NULL},
        {"reason", "Reason", COLUMN_TEXT, NULL},
        {"source", "Source", COLUMN_TEXT, NULL},
        {"evidence", "Evidence", COLUMN_TEXT, NULL},
        {"since", "Since", COLUMN_INSTANT, NULL},
        {"undone_at", "Undone", COLUMN_INSTANT, NULL},
        {"undone_by", "Undone by", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_identity_edges, BINDS(BIND_INT64(customer)), &rows));
    response_begin_table(response, "links", columns, COUNT_OF(columns));
    while (rows_next(rows)) {
        response_begin_row(response);
        for (size_t column = 0; column < 3; column++)
            response_int64(response, COLUMN_ID, rows_int64(rows, column));
        identifier_cells(scope, response, rows, 3, reveal);
        identifier_cells(scope, response, rows, 5, reveal);
        for (size_t column = 7; column < COUNT_OF(columns); column++)
            response_cell(response, columns[column].type, rows, column);
        response_end_row(response);
    }
    response_end_table(response);
    return rows_end(rows);
}

// ---- what was kept apart ----

static const struct column conflict_columns[] = {
    {"id", "Id", COLUMN_ID, NULL},
    {"at", "At", COLUMN_INSTANT, NULL},
    {"reason", "Reason", COLUMN_TEXT, NULL},
    {"source", "Source", COLUMN_TEXT, NULL},
    {"evidence", "Evidence", COLUMN_TEXT, NULL},
    {"identifier_a", "Identifier", COLUMN_ID, NULL},
    {"kind_a", "Kind", COLUMN_TEXT, NULL},
    {"value_a", "Value", COLUMN_TEXT, NULL},
    {"customer_a", "Customer", COLUMN_ID, NULL},
    {"identifier_b", "Identifier", COLUMN_ID, NULL},
    {"kind_b", "Kind", COLUMN_TEXT, NULL},
    {"value_b", "Value", COLUMN_TEXT, NULL},
    {"customer_b", "Customer", COLUMN_ID, NULL},
    {"decision", "Decision", COLUMN_TEXT, NULL},
    {"decided_by", "Decided by", COLUMN_TEXT, NULL},
    {"decided_at", "Decided", COLUMN_INSTANT, NULL},
};

static void conflict_row(struct scope *scope, struct response *response, const struct rows *rows,
                         bool reveal) {
    response_begin_row(response);
    for (size_t column = 0; column < COUNT_OF(conflict_columns); column++) {
        if (column == 6 || column == 10)
            identifier_cells(scope, response, rows, column++, reveal);
        else
            response_cell(response, conflict_columns[column].type, rows, column);
    }
    response_end_row(response);
}

static code write_kept_apart(struct scope *scope, struct response *response, int64_t customer,
                             bool reveal) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_identity_conflicts_of, BINDS(BIND_INT64(customer)), &rows));
    response_begin_table(response, "kept_apart", conflict_columns, COUNT_OF(conflict_columns));
    while (rows_next(rows))
        conflict_row(scope, response, rows, reveal);
    response_end_table(response);
    return rows_end(rows);
}

static code check_reveal(struct scope *scope, int64_t customer) {
    if (!(scope->actor.permissions & MAY_UNMASK_IDENTIFIERS))
        return scope_fail(scope, FORBIDDEN, "seeing whole identifiers needs a permission");
    return audit_append(scope, "customer.reveal",
                        text_printf(&scope->arena, "customer %" PRId64, customer), TEXT("{}"));
}

code identity_http_show(struct scope *scope, const struct request *request,
                        struct response *response) {
    const bool reveal = request_flag(request, "reveal");
    int64_t customer;

    TRY(customer_find(scope, request_text(request, "id"), &customer));
    if (reveal)
        TRY(check_reveal(scope, customer));
    json_begin_object(&response->writer);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, customer);
    TRY(write_nodes(scope, response, customer, reveal));
    TRY(write_edges(scope, response, customer, reveal));
    TRY(write_kept_apart(scope, response, customer, reveal));
    json_end_object(&response->writer);
    return OK;
}

static const char *const conflict_states[] = {"all", "open", "decided", NULL};

const struct route_parameter identity_conflicts_parameters[] = {
    {.name = "state",
     PARAMETER_CHOICE,
     "decided or not",
     .usual = "open",
     .choices = conflict_states},
    {.name = "reason", PARAMETER_TEXT, "only those kept apart for this reason"},
    PARAMETER_LIMIT("20"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

static int64_t conflict_state(const struct request *request) {
    const struct text state = request_choice(request, "state");
    int64_t index = 0;

    while (!text_is(state, conflict_states[index]))
        index++;
    return index;
}

code identity_http_conflicts(struct scope *scope, const struct request *request,
                             struct response *response) {
    const int64_t limit = request_integer(request, "limit");
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t before, last = 0, count = 0;

    TRY(request_int64(scope, request, "after", 1, INT64_MAX, INT64_MAX, &before));
    TRY(ledger_query(scope, sql_identity_conflicts,
                     BINDS(BIND_INT64(before), BIND_TEXT(request_text(request, "reason")),
                           BIND_INT64(conflict_state(request)), BIND_INT64(limit + 1)),
                     &rows));
    response_begin_table(response, NULL, conflict_columns, COUNT_OF(conflict_columns));
    while (rows_next(rows) && count++ < limit) {
        last = rows_int64(rows, 0);
        conflict_row(scope, response, rows, false);
    }
    TRY(rows_end(rows));
    response_end_page(response, count > limit ? last : 0);
    return OK;
}

// ---- decisions ----

struct decision {
    int decision; // index of decisions
    struct text why;
};

enum { DECISION_JOINED, DECISION_KEPT_APART };
static const char *const decisions[] = {"joined", "kept_apart", NULL};

static const struct json_field decide_fields[] = {
    {.name = "decision",
     .type = JSON_FIELD_ENUM,
     .offset = offsetof(struct decision, decision),
     .required = true,
     .choices = decisions,
     .description = "are the two one customer?"},
    {.name = "why",
     .type = JSON_FIELD_TEXT,
     .offset = offsetof(struct decision, why),
     .required = true,
     .description = "how that is known"},
};
const struct route_body identity_decide_body = {.fields = decide_fields,
                                                .field_count = COUNT_OF(decide_fields)};
const struct route_answer identity_decide_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "conflict", ANSWER_ID, "what was decided about"},
                              {.name = "decision", ANSWER_TEXT, "joined or kept_apart"}),
};

static const struct json_field guard_fields[] = {
    {.name = "why",
     .type = JSON_FIELD_TEXT,
     .offset = offsetof(struct decision, why),
     .required = true,
     .description = "the reason, kept with the identifier"},
};
const struct route_body identity_guard_body = {.fields = guard_fields,
                                               .field_count = COUNT_OF(guard_fields)};
const struct route_answer identity_guard_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "identifier", ANSWER_ID, "the identifier"},
        {.name = "guard", ANSWER_TEXT, "what it is now"},
        {.name = "links_undone", ANSWER_INTEGER, "of a blocked one", .is_optional = true}),
};

static code read_decision(struct scope *scope, const struct request *request,
                          const struct route_body *body, struct decision *ret_decision) {
    if (!request->body)
        return scope_fail(scope, INVALID, "the request has no body");
    TRY(json_read_record(scope, request->body, body->fields, body->field_count, ret_decision));
    ret_decision->why = text_trim(ret_decision->why);
    if (ret_decision->why.size == 0)
        return scope_fail_field(scope, INVALID, "why", "a decision needs a reason");
    if (ret_decision->why.size > LIMIT_FIELD_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "why", "the reason is longer than %d bytes",
                                LIMIT_FIELD_BYTES);
    return OK;
}

static code finish(struct scope *scope, code result) {
    if (result == OK)
        result = ledger_commit(scope);
    if (result != OK)
        ledger_rollback(scope);
    return result;
}

static code decide(struct scope *scope, int64_t id, const struct decision *decision) {
    TRY(identity_decide(scope, id, decision->decision == DECISION_JOINED, decision->why));
    return AUDIT(scope, "identity.decide", text_printf(&scope->arena, "conflict %" PRId64, id),
                 {"decision", text_of(decisions[decision->decision])});
}

code identity_http_decide(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct decision decision = {0};
    int64_t id;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &id));
    TRY(read_decision(scope, request, &identity_decide_body, &decision));
    TRY(ledger_begin(scope));
    TRY(finish(scope, decide(scope, id, &decision)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "conflict");
    response_int64(response, COLUMN_ID, id);
    json_key(&response->writer, "decision");
    response_text(response, text_of(decisions[decision.decision]));
    json_end_object(&response->writer);
    return OK;
}

// ---- identifiers that are stopped ----

const struct route_parameter identity_guards_parameters[] = {
    PARAMETER_LIMIT("20"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code identity_http_guards(struct scope *scope, const struct request *request,
                          struct response *response) {
    static const struct column columns[] = {
        {"identifier", "Identifier", COLUMN_ID, NULL},   {"kind", "Kind", COLUMN_TEXT, NULL},
        {"value", "Value", COLUMN_TEXT, NULL},           {"customer", "Customer", COLUMN_ID, NULL},
        {"guard", "Guard", COLUMN_TEXT, NULL},           {"why", "Why", COLUMN_TEXT, NULL},
        {"decided_by", "Decided by", COLUMN_TEXT, NULL}, {"at", "At", COLUMN_INSTANT, NULL},
    };
    const int64_t limit = request_integer(request, "limit");
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t before, last = 0, count = 0;

    TRY(request_int64(scope, request, "after", 1, INT64_MAX, INT64_MAX, &before));
    TRY(ledger_query(scope, sql_identity_guards, BINDS(BIND_INT64(before), BIND_INT64(limit + 1)),
                     &rows));
    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    while (rows_next(rows) && count++ < limit) {
        last = rows_int64(rows, 0);
        response_begin_row(response);
        response_int64(response, COLUMN_ID, last);
        identifier_cells(scope, response, rows, 1, false);
        response_int64(response, COLUMN_ID, rows_int64(rows, 3));
        guard_cell(response, rows, 4);
        text_cell(response, rows, 5);
        text_cell(response, rows, 6);
        response_int64(response, COLUMN_INSTANT, rows_int64(rows, 7));
        response_end_row(response);
    }
    TRY(rows_end(rows));
    response_end_page(response, count > limit ? last : 0);
    return OK;
}

static code put_guard(struct scope *scope, int64_t id, enum identifier_guard guard, struct text why,
                      int64_t *ret_undone) {
    const struct text object = text_printf(&scope->arena, "identifier %" PRId64, id);

    *ret_undone = 0;
    if (guard == GUARD_RELEASED) {
        TRY(identity_release(scope, id, why));
        return audit_append(scope, "identifier.release", object, TEXT("{}"));
    }
    TRY(identity_block(scope, id, why, ret_undone));
    return AUDIT(scope, "identifier.block", object,
                 {"links_undone", text_printf(&scope->arena, "%" PRId64, *ret_undone)});
}

static code answer_guard(struct scope *scope, const struct request *request,
                         enum identifier_guard guard, struct response *response) {
    struct decision decision = {0};
    int64_t id, undone;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &id));
    TRY(read_decision(scope, request, &identity_guard_body, &decision));
    TRY(ledger_begin(scope));
    TRY(finish(scope, put_guard(scope, id, guard, decision.why, &undone)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "identifier");
    response_int64(response, COLUMN_ID, id);
    json_key(&response->writer, "guard");
    response_text(response, text_of(identifier_guard_name(guard)));
    if (guard == GUARD_BLOCKED) {
        json_key(&response->writer, "links_undone");
        response_int64(response, COLUMN_INTEGER, undone);
    }
    json_end_object(&response->writer);
    return OK;
}

code identity_http_block(struct scope *scope, const struct request *request,
                         struct response *response) {
    return answer_guard(scope, request, GUARD_BLOCKED, response);
}

code identity_http_release(struct scope *scope, const struct request *request,
                           struct response *response) {
    return answer_guard(scope, request, GUARD_RELEASED, response);
}
