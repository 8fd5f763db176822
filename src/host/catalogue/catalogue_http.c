// SPDX-License-Identifier: Apache-2.0
#include "host/catalogue/catalogue_http.h"

#include "catalogue_sql.h"
#include "store/ledger.h"

#include <inttypes.h>

enum { COLUMNS_MOST = 8 };

const struct route_parameter catalogue_list_parameters[] = {
    {.name = "q", PARAMETER_TEXT, "only those whose code or name contains this"},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

#define OPTIONAL(member_name, member_type, member_help)                                            \
    { .name = member_name, .type = member_type, .help = member_help, .is_optional = true }
#define HEAD_MEMBERS                                                                               \
    {.name = "id", ANSWER_ID, "its id"}, {.name = "code", ANSWER_TEXT, "its code in the sources"}, \
        OPTIONAL("name", ANSWER_TEXT, "its name")
#define ATTRIBUTES OPTIONAL("attributes", ANSWER_OBJECT, "what else the sources say")

const struct route_answer product_list_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "products", ANSWER_TABLE, "by code"}, ANSWER_NEXT),
};
const struct route_answer product_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(HEAD_MEMBERS, OPTIONAL("category", ANSWER_TEXT, "its category"),
                              OPTIONAL("brand", ANSWER_TEXT, "its brand"),
                              OPTIONAL("vat_rate", ANSWER_NUMBER, "in percent"),
                              OPTIONAL("price", ANSWER_NUMBER, "its list price"), ATTRIBUTES),
};
const struct route_answer store_list_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "stores", ANSWER_TABLE, "by code"}, ANSWER_NEXT),
};
const struct route_answer store_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(HEAD_MEMBERS, OPTIONAL("city", ANSWER_TEXT, "where it is"),
                              OPTIONAL("region", ANSWER_TEXT, "where it is"),
                              OPTIONAL("country", ANSWER_TEXT, "where it is"), ATTRIBUTES),
};
const struct route_answer staff_list_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "staff", ANSWER_TABLE, "by code"}, ANSWER_NEXT),
};
const struct route_answer staff_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(HEAD_MEMBERS, OPTIONAL("role", ANSWER_TEXT, "their role"),
                              OPTIONAL("store_code", ANSWER_TEXT, "where they work"),
                              OPTIONAL("store_name", ANSWER_TEXT, "where they work"), ATTRIBUTES),
};

// One of the lists. Its blocks give the columns in this order: id and code first; the block for one
// gives the attributes behind them.
struct catalogue {
    const char *noun;    // "product"
    const char *members; // "products"
    const char *sql_list;
    const char *sql_one;
    struct column columns[COLUMNS_MOST]; // end with a NULL name
};

static const struct catalogue products = {
    "product",
    "products",
    sql_catalogue_products,
    sql_catalogue_product,
    {{"id", "Id", COLUMN_ID, NULL},
     {"code", "Code", COLUMN_TEXT, NULL},
     {"name", "Name", COLUMN_TEXT, NULL},
     {"category", "Category", COLUMN_TEXT, NULL},
     {"brand", "Brand", COLUMN_TEXT, NULL},
     {"vat_rate", "VAT rate", COLUMN_RATE, "%"},
     {"price", "Price", COLUMN_MONEY, NULL}},
};

static const struct catalogue stores = {
    "store",
    "stores",
    sql_catalogue_stores,
    sql_catalogue_store,
    {{"id", "Id", COLUMN_ID, NULL},
     {"code", "Code", COLUMN_TEXT, NULL},
     {"name", "Name", COLUMN_TEXT, NULL},
     {"city", "City", COLUMN_TEXT, NULL},
     {"region", "Region", COLUMN_TEXT, NULL},
     {"country", "Country", COLUMN_TEXT, NULL}},
};

static const struct catalogue staff = {
    "staff member",
    "staff",
    sql_catalogue_staff,
    sql_catalogue_staff_member,
    {{"id", "Id", COLUMN_ID, NULL},
     {"code", "Code", COLUMN_TEXT, NULL},
     {"name", "Name", COLUMN_TEXT, NULL},
     {"role", "Role", COLUMN_TEXT, NULL},
     {"store_code", "Store", COLUMN_TEXT, NULL},
     {"store_name", "Store name", COLUMN_TEXT, NULL}},
};

static size_t column_count(const struct catalogue *catalogue) {
    size_t count = 0;

    while (catalogue->columns[count].name)
        count++;
    return count;
}

// Anything that contains the text; its own % and _ mean themselves.
static struct text pattern_of(struct scope *scope, struct text query) {
    char *pattern = arena_alloc(&scope->arena, query.size * 2 + 3);
    size_t size = 0;

    query = text_lower_ascii(&scope->arena, text_trim(query));
    pattern[size++] = '%';
    for (size_t i = 0; i < query.size; i++) {
        if (memchr("%_\\", query.data[i], 3))
            pattern[size++] = '\\';
        pattern[size++] = query.data[i];
    }
    pattern[size++] = '%';
    // Every row matches an empty search, but a row without a name only by its code.
    return (struct text){.data = pattern, .size = query.size == 0 ? 1 : size};
}

static void write_row(struct response *response, const struct catalogue *catalogue,
                      const struct rows *rows) {
    response_begin_row(response);
    for (size_t column = 0; column < column_count(catalogue); column++)
        response_cell(response, catalogue->columns[column].type, rows, column);
    response_end_row(response);
}

static code list(struct scope *scope, const struct request *request, struct response *response,
                 const struct catalogue *catalogue) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    struct text last = {0};
    bool more = false;

    TRY(ledger_query(scope, catalogue->sql_list,
                     BINDS(BIND_TEXT(request_text(request, "after")),
                           BIND_TEXT(pattern_of(scope, request_text(request, "q"))),
                           BIND_INT64(limit + 1)),
                     &rows));
    json_begin_object(&response->writer);
    response_begin_table(response, catalogue->members, catalogue->columns, column_count(catalogue));
    while (!more && rows_next(rows)) {
        more = response->row_count == limit;
        if (more)
            continue;
        write_row(response, catalogue, rows);
        if (response->row_count == limit)
            last = text_copy(&scope->arena, rows_text(rows, 1));
    }
    if (!more)
        TRY(rows_end(rows));
    response_end_table(response);
    if (more) {
        json_key(&response->writer, "next");
        response_text(response, last);
    }
    json_end_object(&response->writer);
    return OK;
}

static code write_attributes(struct scope *scope, struct response *response, struct text text) {
    struct json *attributes;

    if (text.size == 0)
        return OK;
    TRY(json_parse(scope, text, &attributes));
    json_key(&response->writer, "attributes");
    json_write(&response->writer, attributes);
    return OK;
}

static code show(struct scope *scope, const struct request *request, struct response *response,
                 const struct catalogue *catalogue) {
    const struct text key = request_text(request, "code");
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t id = 0;
    bool found;

    (void)text_to_int64(key, &id);
    TRY(ledger_find(scope, catalogue->sql_one, BINDS(BIND_TEXT(key), BIND_INT64(id)), &rows,
                    &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "%s \"%.*s\" does not exist", catalogue->noun,
                          TEXT_ARG(key));
    json_begin_object(&response->writer);
    for (size_t column = 0; column < column_count(catalogue); column++) {
        if (rows_is_null(rows, column))
            continue;
        json_key(&response->writer, catalogue->columns[column].name);
        response_cell(response, catalogue->columns[column].type, rows, column);
    }
    TRY(write_attributes(scope, response, rows_text(rows, column_count(catalogue))));
    json_end_object(&response->writer);
    return OK;
}

code product_http_list(struct scope *scope, const struct request *request,
                       struct response *response) {
    return list(scope, request, response, &products);
}

code product_http_show(struct scope *scope, const struct request *request,
                       struct response *response) {
    return show(scope, request, response, &products);
}

code store_http_list(struct scope *scope, const struct request *request,
                     struct response *response) {
    return list(scope, request, response, &stores);
}

code store_http_show(struct scope *scope, const struct request *request,
                     struct response *response) {
    return show(scope, request, response, &stores);
}

code staff_http_list(struct scope *scope, const struct request *request,
                     struct response *response) {
    return list(scope, request, response, &staff);
}

code staff_http_show(struct scope *scope, const struct request *request,
                     struct response *response) {
    return show(scope, request, response, &staff);
}
