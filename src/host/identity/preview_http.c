// SPDX-License-Identifier: Apache-2.0
// What a join or an undo would do, before it is done. It is done in a transaction, looked at and
// taken back, so the answer is what the deed would be, not an estimate of it.
#include "base/limits.h"
#include "govern/consent/consent.h"
#include "host/customer/customer.h"
#include "host/identity/graph.h"
#include "host/identity/identity_http.h"
#include "identity_view_sql.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

#define SIDES_HELP   "what each side has: identifiers, receipts, events, consents"
#define AMOUNTS_HELP "what each side bought, gross, by currency"

const struct route_answer identity_join_preview_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS({.name = "customer_a", ANSWER_ID, "one customer"},
                       {.name = "customer_b", ANSWER_ID, "the other"},
                       {.name = "customer", ANSWER_ID, "who both would be", .is_optional = true},
                       {.name = "refusal",
                        ANSWER_TEXT,
                        "why they may not be joined even by hand",
                        .is_optional = true},
                       {.name = "warning",
                        ANSWER_TEXT,
                        "why a file or a stream may not join them",
                        .is_optional = true},
                       {.name = "sides", ANSWER_TABLE, SIDES_HELP},
                       {.name = "amounts", ANSWER_TABLE, AMOUNTS_HELP},
                       {.name = "consents",
                        ANSWER_TABLE,
                        "what holds of each, and of both as one: the most restrictive"}),
};
const struct route_answer identity_undo_preview_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "link", ANSWER_ID, "the link"},
        {.name = "separated", ANSWER_BOOL, "false when other links would still hold both together"},
        {.name = "customer_a", ANSWER_ID, "who one end would be"},
        {.name = "customer_b",
         ANSWER_ID,
         "who the other end would be; an id of its own is given when it is done"},
        {.name = "sides", ANSWER_TABLE, SIDES_HELP},
        {.name = "amounts", ANSWER_TABLE, AMOUNTS_HELP},
        {.name = "identifiers", ANSWER_TABLE, "what would be known of each side"},
        {.name = "consents", ANSWER_TABLE, "what would hold of each side"}),
};

// ---- two sides ----

enum { SIDE_COUNT = 2 };

struct side {
    int64_t customer;
    struct text name;
    int64_t counts[4]; // identifiers, receipts, events, consents
};

static code read_side(struct scope *scope, int64_t customer, struct side *ret_side) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    *ret_side = (struct side){.customer = customer};
    TRY(ledger_find(scope, sql_identity_side, BINDS(BIND_INT64(customer)), &rows, &found));
    if (!found)
        return OK;
    ret_side->name = text_copy(&scope->arena, rows_text(rows, 0));
    for (size_t i = 0; i < COUNT_OF(ret_side->counts); i++)
        ret_side->counts[i] = rows_int64(rows, i + 1);
    return OK;
}

static void side_cell(struct response *response, size_t side) {
    response_text(response, side == 0 ? TEXT("a") : TEXT("b"));
}

static void write_sides(struct response *response, const struct side *sides, size_t count) {
    static const struct column columns[] = {
        {"side", "Side", COLUMN_TEXT, NULL},
        {"customer", "Customer", COLUMN_ID, NULL},
        {"name", "Name", COLUMN_TEXT, NULL},
        {"identifiers", "Identifiers", COLUMN_INTEGER, NULL},
        {"receipts", "Receipts", COLUMN_INTEGER, NULL},
        {"events", "Events", COLUMN_INTEGER, NULL},
        {"consents", "Consents", COLUMN_INTEGER, NULL},
    };

    response_begin_table(response, "sides", columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        side_cell(response, i);
        response_int64(response, COLUMN_ID, sides[i].customer);
        if (sides[i].name.size > 0)
            response_text(response, sides[i].name);
        else
            response_null(response);
        for (size_t j = 0; j < COUNT_OF(sides[i].counts); j++)
            response_int64(response, COLUMN_INTEGER, sides[i].counts[j]);
        response_end_row(response);
    }
    response_end_table(response);
}

static code write_amounts(struct scope *scope, struct response *response, const struct side *sides,
                          size_t count) {
    static const struct column columns[] = {
        {"side", "Side", COLUMN_TEXT, NULL},
        {"currency", "Currency", COLUMN_TEXT, NULL},
        {"receipts", "Receipts", COLUMN_INTEGER, NULL},
        {"revenue_gross", "Revenue, gross", COLUMN_MONEY, NULL},
    };

    response_begin_table(response, "amounts", columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++) {
        CLEANUP(rows_close) struct rows *rows = NULL;

        TRY(ledger_query(scope, sql_identity_side_amounts, BINDS(BIND_INT64(sides[i].customer)),
                         &rows));
        while (rows_next(rows)) {
            response_begin_row(response);
            side_cell(response, i);
            response_cell(response, COLUMN_TEXT, rows, 0);
            response_cell(response, COLUMN_INTEGER, rows, 1);
            response_cell(response, COLUMN_MONEY, rows, 2);
            response_end_row(response);
        }
        TRY(rows_end(rows));
    }
    response_end_table(response);
    return OK;
}

static code write_identifiers(struct scope *scope, struct response *response,
                              const struct side *sides, size_t count) {
    static const struct column columns[] = {
        {"side", "Side", COLUMN_TEXT, NULL},
        {"id", "Id", COLUMN_ID, NULL},
        {"kind", "Kind", COLUMN_TEXT, NULL},
        {"value", "Value", COLUMN_TEXT, NULL},
    };

    response_begin_table(response, "identifiers", columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++) {
        CLEANUP(rows_close) struct rows *rows = NULL;

        TRY(ledger_query(scope, sql_identity_side_identifiers, BINDS(BIND_INT64(sides[i].customer)),
                         &rows));
        while (rows_next(rows)) {
            const enum identifier_kind kind = (enum identifier_kind)rows_int64(rows, 1);

            response_begin_row(response);
            side_cell(response, i);
            response_int64(response, COLUMN_ID, rows_int64(rows, 0));
            response_text(response, text_of(identifier_kind_name(kind)));
            response_text(response, identifier_shown(&scope->arena, kind, rows_text(rows, 2)));
            response_end_row(response);
        }
        TRY(rows_end(rows));
    }
    response_end_table(response);
    return OK;
}

// ---- consents before and after ----

// What holds of three: one, the other, both as one (of an undo: what held of both).
enum { HOLDER_A, HOLDER_B, HOLDER_BOTH, HOLDER_COUNT };

struct held {
    struct text purpose, channel;
    struct text states[HOLDER_COUNT]; // empty: nothing is known
    struct held *next;
};

static struct held *held_of(struct scope *scope, struct held **list, struct text purpose,
                            struct text channel) {
    struct held **end = list;

    while (*end && !(text_equal((*end)->purpose, purpose) && text_equal((*end)->channel, channel)))
        end = &(*end)->next;
    if (!*end) {
        *end = arena_alloc(&scope->arena, sizeof(**end));
        **end = (struct held){.purpose = text_copy(&scope->arena, purpose),
                              .channel = text_copy(&scope->arena, channel)};
    }
    return *end;
}

static code read_held(struct scope *scope, struct held **list, size_t holder, int64_t customer) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(consent_held(scope, customer, &rows));
    while (rows_next(rows))
        held_of(scope, list, rows_text(rows, 0), rows_text(rows, 1))->states[holder] =
            text_copy(&scope->arena, rows_text(rows, 2));
    return rows_end(rows);
}

static void write_held(struct response *response, const struct held *list) {
    static const struct column columns[] = {
        {"purpose", "Purpose", COLUMN_TEXT, NULL},   {"channel", "Channel", COLUMN_TEXT, NULL},
        {"state_a", "One", COLUMN_TEXT, NULL},       {"state_b", "The other", COLUMN_TEXT, NULL},
        {"state_both", "As one", COLUMN_TEXT, NULL},
    };

    response_begin_table(response, "consents", columns, COUNT_OF(columns));
    for (; list; list = list->next) {
        response_begin_row(response);
        response_text(response, list->purpose);
        response_text(response, list->channel);
        for (size_t i = 0; i < HOLDER_COUNT; i++) {
            if (list->states[i].size > 0)
                response_text(response, list->states[i]);
            else
                response_null(response);
        }
        response_end_row(response);
    }
    response_end_table(response);
}

static void write_id(struct response *response, const char *key, int64_t id) {
    json_key(&response->writer, key);
    response_int64(response, COLUMN_ID, id);
}

static void write_if(struct response *response, const char *key, const char *value) {
    if (!value)
        return;
    json_key(&response->writer, key);
    response_text(response, text_of(value));
}

// ---- a join ----

struct other {
    struct text other; // as customer_find takes it
};

static const struct json_field other_fields[] = {
    {.name = "other",
     .type = JSON_FIELD_TEXT,
     .offset = offsetof(struct other, other),
     .required = true,
     .description = "the other customer: id, customer number, e-mail, phone or card"},
};
const struct route_body identity_join_preview_body = {.fields = other_fields,
                                                      .field_count = COUNT_OF(other_fields)};

struct join_preview {
    struct side sides[SIDE_COUNT];
    struct held *held;
    const char *refusal; // NULL: they may be joined by hand
    const char *warning; // NULL: a file may join them as well
    int64_t customer;    // who both would be
};

static code try_join(struct scope *scope, struct join_preview *preview) {
    const int64_t a = preview->sides[0].customer;
    const int64_t b = preview->sides[1].customer;
    int64_t link_id;

    TRY(graph_may_join(scope, a, b, true, &preview->refusal));
    TRY(graph_may_join(scope, a, b, false, &preview->warning));
    TRY(read_held(scope, &preview->held, HOLDER_A, a));
    TRY(read_held(scope, &preview->held, HOLDER_B, b));
    if (preview->refusal)
        return OK;
    TRY(identity_join(scope, a, b, TEXT("preview"), &link_id));
    TRY(identity_customer_of(scope, a, &preview->customer));
    return read_held(scope, &preview->held, HOLDER_BOTH, preview->customer);
}

code identity_http_join_preview(struct scope *scope, const struct request *request,
                                struct response *response) {
    struct join_preview preview = {0};
    struct other other = {0};
    int64_t one, two;
    code result;

    if (!request->body)
        return scope_fail(scope, INVALID, "the request has no body");
    TRY(json_read_record(scope, request->body, other_fields, COUNT_OF(other_fields), &other));
    TRY(customer_find(scope, request_text(request, "id"), &one));
    TRY(customer_find(scope, other.other, &two));
    if (one == two)
        return scope_fail_field(scope, CONFLICT, "other", "both are customer %" PRId64 " already",
                                one);
    TRY(read_side(scope, one, &preview.sides[0]));
    TRY(read_side(scope, two, &preview.sides[1]));
    TRY(ledger_begin(scope));
    result = try_join(scope, &preview);
    ledger_rollback(scope);
    TRY(result);
    json_begin_object(&response->writer);
    write_id(response, "customer_a", one);
    write_id(response, "customer_b", two);
    if (!preview.refusal)
        write_id(response, "customer", preview.customer);
    write_if(response, "refusal", preview.refusal);
    write_if(response, "warning", preview.warning);
    write_sides(response, preview.sides, SIDE_COUNT);
    TRY(write_amounts(scope, response, preview.sides, SIDE_COUNT));
    write_held(response, preview.held);
    json_end_object(&response->writer);
    return OK;
}

// ---- an undo ----

static code ends_of(struct scope *scope, int64_t link_id, struct side sides[SIDE_COUNT]) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_identity_link_sides, BINDS(BIND_INT64(link_id)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "link %" PRId64 " does not exist", link_id);
    for (size_t i = 0; i < SIDE_COUNT; i++)
        TRY(read_side(scope, rows_int64(rows, i), &sides[i]));
    return OK;
}

// Everything is written while it is undone: afterwards a new customer's id is nobody's.
static code write_undone(struct scope *scope, struct response *response, int64_t link_id) {
    struct side sides[SIDE_COUNT];
    struct held *held = NULL;
    bool separated;
    size_t count;

    TRY(ends_of(scope, link_id, sides));
    TRY(read_held(scope, &held, HOLDER_BOTH, sides[0].customer));
    TRY(identity_undo_link(scope, link_id));
    TRY(ends_of(scope, link_id, sides));
    separated = sides[0].customer != sides[1].customer;
    count = separated ? SIDE_COUNT : 1;
    for (size_t i = 0; i < count; i++)
        TRY(read_held(scope, &held, HOLDER_A + i, sides[i].customer));
    json_begin_object(&response->writer);
    write_id(response, "link", link_id);
    json_key(&response->writer, "separated");
    json_write_bool(&response->writer, separated);
    write_id(response, "customer_a", sides[0].customer);
    write_id(response, "customer_b", sides[1].customer);
    write_sides(response, sides, count);
    TRY(write_amounts(scope, response, sides, count));
    TRY(write_identifiers(scope, response, sides, count));
    write_held(response, held);
    json_end_object(&response->writer);
    return OK;
}

code identity_http_undo_preview(struct scope *scope, const struct request *request,
                                struct response *response) {
    int64_t link_id;
    code result;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &link_id));
    TRY(ledger_begin(scope));
    result = write_undone(scope, response, link_id);
    ledger_rollback(scope);
    return result;
}
