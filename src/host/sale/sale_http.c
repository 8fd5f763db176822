// SPDX-License-Identifier: Apache-2.0
#include "host/sale/sale_http.h"

#include "sale_view_sql.h"
#include "store/ledger.h"

#include <inttypes.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

// ---- which one ----

static code not_found(struct scope *scope, struct text key) {
    return scope_fail(scope, NOT_FOUND, "there is no receipt \"%.*s\"", TEXT_ARG(key));
}

static code find_in_source(struct scope *scope, struct text number, struct text source,
                           int64_t *ret_id) {
    return ledger_int64(scope, sql_sale_view_by_source_and_number,
                        BINDS(BIND_TEXT(number), BIND_TEXT(source)), 0, ret_id);
}

// The source behind another one, in the arena; empty at the end.
static code next_source(struct scope *scope, struct text before, struct text *ret_source) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_sale_view_next_source, BINDS(BIND_TEXT(before)), &rows, &found));
    *ret_source = text_copy(&scope->arena, rows_text(rows, 0));
    return OK;
}

static code find_in_any_source(struct scope *scope, struct text number, int64_t *ret_id) {
    struct text source = TEXT(""), found_in = {0};
    int64_t id = 0;

    for (;;) {
        int64_t found;

        TRY(next_source(scope, source, &source));
        if (source.size == 0)
            break;
        TRY(find_in_source(scope, number, source, &found));
        if (found != 0 && id != 0) {
            scope_fail_field(scope, CONFLICT, "source", "several sources have a receipt \"%.*s\"",
                             TEXT_ARG(number));
            return scope_hint(scope, "name the source, for example \"%.*s\"", TEXT_ARG(found_in));
        }
        if (found != 0) {
            id = found;
            found_in = source;
        }
    }
    *ret_id = id;
    return OK;
}

static code find(struct scope *scope, const struct request *request, int64_t *ret_id) {
    const struct text key = request_text(request, "id");
    const struct text source = request_text(request, "source");
    int64_t given;
    int64_t id = 0;

    if (source.data) {
        TRY(find_in_source(scope, key, source, &id));
    } else {
        if (text_to_int64(key, &given))
            TRY(ledger_int64(scope, sql_sale_view_by_id, BINDS(BIND_INT64(given)), 0, &id));
        if (id == 0)
            TRY(find_in_any_source(scope, key, &id));
    }
    if (id == 0)
        return not_found(scope, key);
    *ret_id = id;
    return OK;
}

// ---- the answer ----

static const char *kind_name(int64_t kind) {
    return kind == 2 ? "refund" : kind == 3 ? "adjustment" : "sale";
}

// Members of the head that are known, in the order of the query's columns; the kind is written by
// name.
static void write_head(struct response *response, const struct rows *rows) {
    static const struct {
        const char *key;
        enum column_type type;
    } members[] = {
        {"id", COLUMN_ID},
        {"source", COLUMN_TEXT},
        {"number", COLUMN_TEXT},
        {"kind", COLUMN_INTEGER},
        {"sold_at", COLUMN_INSTANT},
        {"store_code", COLUMN_TEXT},
        {"store_name", COLUMN_TEXT},
        {"till", COLUMN_TEXT},
        {"cashier_code", COLUMN_TEXT},
        {"cashier_name", COLUMN_TEXT},
        {"channel", COLUMN_TEXT},
        {"country", COLUMN_TEXT},
        {"payment", COLUMN_TEXT},
        {"currency", COLUMN_TEXT},
        {"net", COLUMN_MONEY},
        {"vat", COLUMN_MONEY},
        {"gross", COLUMN_MONEY},
        {"discount", COLUMN_MONEY},
        {"line_count", COLUMN_INTEGER},
        {"customer", COLUMN_ID},
        {"customer_name", COLUMN_TEXT},
        {"refund_of", COLUMN_ID},
        {"refund_of_number", COLUMN_TEXT},
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        if (rows_is_null(rows, i))
            continue;
        json_key(&response->writer, members[i].key);
        if (i == 3)
            json_write_string(&response->writer, kind_name(rows_int64(rows, i)));
        else
            response_cell(response, members[i].type, rows, i);
    }
}

static code write_lines(struct scope *scope, struct response *response, int64_t id,
                        const char *currency) {
    const struct column columns[] = {
        {"line", "Line", COLUMN_INTEGER, NULL},
        {"product_code", "Product", COLUMN_TEXT, NULL},
        {"product_name", "Name", COLUMN_TEXT, NULL},
        {"quantity", "Quantity", COLUMN_QUANTITY, NULL},
        {"unit_price", "Unit price", COLUMN_MONEY, currency},
        {"discount", "Discount", COLUMN_MONEY, currency},
        {"coupon", "Coupon", COLUMN_TEXT, NULL},
        {"net", "Net", COLUMN_MONEY, currency},
        {"vat_rate", "VAT rate", COLUMN_RATE, "%"},
        {"vat", "VAT", COLUMN_MONEY, currency},
        {"gross", "Gross", COLUMN_MONEY, currency},
        {"refund_of_number", "Refund of", COLUMN_TEXT, NULL},
        {"refund_of_line", "Its line", COLUMN_INTEGER, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_sale_view_lines, BINDS(BIND_INT64(id)), &rows));
    return response_rows(scope, response, "lines", columns, COUNT_OF(columns), rows);
}

static code write_refunds(struct scope *scope, struct response *response, int64_t id,
                          const char *currency) {
    const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"kind", "Kind", COLUMN_TEXT, NULL},
        {"number", "Number", COLUMN_TEXT, NULL},
        {"sold_at", "At", COLUMN_INSTANT, NULL},
        {"line_count", "Lines", COLUMN_INTEGER, NULL},
        {"gross", "Gross", COLUMN_MONEY, currency},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_sale_view_refunds, BINDS(BIND_INT64(id)), &rows));
    return response_rows(scope, response, "refunds", columns, COUNT_OF(columns), rows);
}

const struct route_parameter sale_show_parameters[] = {
    {.name = "source", PARAMETER_TEXT, "the source whose receipt number {id} is"},
    PARAMETERS_END,
};
#define KNOWN(member_name, member_type, member_help)                                               \
    { .name = member_name, .type = member_type, .help = member_help, .is_optional = true }
const struct route_answer sale_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "id", ANSWER_ID, "the receipt"}, KNOWN("source", ANSWER_TEXT, "where it is from"),
        KNOWN("number", ANSWER_TEXT, "its number in the source"),
        {.name = "kind", ANSWER_TEXT, "sale, refund or adjustment"},
        KNOWN("sold_at", ANSWER_INSTANT, "when"), KNOWN("store_code", ANSWER_TEXT, "where"),
        KNOWN("store_name", ANSWER_TEXT, "where"), KNOWN("till", ANSWER_TEXT, "where"),
        KNOWN("cashier_code", ANSWER_TEXT, "by whom"),
        KNOWN("cashier_name", ANSWER_TEXT, "by whom"), KNOWN("channel", ANSWER_TEXT, "how"),
        KNOWN("country", ANSWER_TEXT, "where to"), KNOWN("payment", ANSWER_TEXT, "how it was paid"),
        KNOWN("currency", ANSWER_TEXT, "of all amounts"),
        KNOWN("net", ANSWER_NUMBER, "without VAT"), KNOWN("vat", ANSWER_NUMBER, "VAT"),
        KNOWN("gross", ANSWER_NUMBER, "with VAT"),
        KNOWN("discount", ANSWER_NUMBER, "what was taken off"),
        KNOWN("line_count", ANSWER_INTEGER, "its lines"),
        KNOWN("customer", ANSWER_ID, "who bought"),
        KNOWN("customer_name", ANSWER_TEXT, "who bought"),
        KNOWN("refund_of", ANSWER_ID, "the receipt that it refunds or adjusts"),
        KNOWN("refund_of_number", ANSWER_TEXT, "the receipt that it refunds"),
        {.name = "lines", ANSWER_TABLE, "what was bought"},
        {.name = "refunds",
         ANSWER_TABLE,
         "receipts that refund or adjust this one; \"kind\" says which"}),
};

code sale_http_show(struct scope *scope, const struct request *request, struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const char *currency;
    bool found;
    int64_t id = 0;

    TRY(find(scope, request, &id));
    TRY(ledger_find(scope, sql_sale_view_head, BINDS(BIND_INT64(id)), &rows, &found));
    if (!found)
        return not_found(scope, request_text(request, "id"));
    currency = text_string(&scope->arena, rows_text(rows, 13));
    json_begin_object(&response->writer);
    write_head(response, rows);
    TRY(write_lines(scope, response, id, currency));
    TRY(write_refunds(scope, response, id, currency));
    json_end_object(&response->writer);
    return OK;
}
