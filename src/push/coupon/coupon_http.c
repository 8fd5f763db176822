// SPDX-License-Identifier: Apache-2.0
// Series of coupons over HTTP: made, issued, looked at, exported. The till: coupon_till_http.c.
#include "push/coupon/coupon_http.h"

#include "base/time.h"
#include "coupon_sql.h"
#include "govern/audit/audit.h"
#include "host/customer/customer.h"
#include "push/coupon/coupon.h"
#include "store/csv_cell.h"
#include "store/ledger.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { MOST_AT_ONCE = 10000, EXPORT_PAGE = 1000 };

// ---- looking ----

static code write_series_row(struct scope *scope, struct response *response,
                             const struct rows *rows) {
    struct coupon_terms terms = {0};
    struct json *definition;

    TRY(json_parse_own(scope, text_copy(&scope->arena, rows_text(rows, 2)), &definition));
    TRY(json_read_record(scope, definition, coupon_terms_fields, coupon_terms_field_count, &terms));
    response_begin_row(response);
    response_cell(response, COLUMN_ID, rows, 0);
    response_cell(response, COLUMN_TEXT, rows, 1);
    response_text(response, coupon_title(scope, &terms));
    response_text(response, rows_is_null(rows, 3) ? TEXT("personal") : TEXT("shared"));
    response_text(response, terms.until);
    response_cell(response, COLUMN_INTEGER, rows, 4);
    for (size_t i = 7; i <= 9; i++)
        response_int64(response, COLUMN_INTEGER, rows_int64(rows, i));
    response_int64(response, COLUMN_MONEY, rows_int64(rows, 10));
    response_int64(response, COLUMN_MONEY, rows_int64(rows, 11));
    response_text(response, terms.currency);
    response_text(response, rows_int64(rows, 6) != 0 ? TEXT("stopped") : TEXT("on"));
    response_cell(response, COLUMN_INSTANT, rows, 12);
    response_end_row(response);
    return OK;
}

code coupon_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"name", "Series", COLUMN_TEXT, NULL},
        {"gives", "Gives", COLUMN_TEXT, NULL},
        {"codes", "Codes", COLUMN_TEXT, NULL},
        {"until", "Until", COLUMN_TEXT, NULL},
        {"issued", "Issued", COLUMN_INTEGER, NULL},
        {"redeemed", "Redeemed", COLUMN_INTEGER, NULL},
        {"again", "Once too often", COLUMN_INTEGER, NULL},
        {"outside", "Outside its days", COLUMN_INTEGER, NULL},
        {"revenue", "Revenue, gross", COLUMN_MONEY, NULL},
        {"discount", "Discount", COLUMN_MONEY, NULL},
        {"currency", "Currency", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"created_at", "Made", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(ledger_query(scope, sql_coupon_series_list, NO_BINDS, &rows));
    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    while (rows_next(rows))
        TRY(write_series_row(scope, response, rows));
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}

#define SERIES_MEMBERS                                                                             \
    {.name = "id", ANSWER_ID, "of the series"}, {.name = "name", ANSWER_TEXT, "of the series"},    \
        {.name = "gives", ANSWER_TEXT, "what a code gives, for people"},                           \
        {.name = "terms", ANSWER_OBJECT, "what a code gives"},                                     \
        {.name = "shared_code", ANSWER_TEXT, "the code of everybody", .is_nullable = true},        \
        {.name = "uses", ANSWER_INTEGER, "times that a code may be redeemed; 0: any number"},      \
        {.name = "most", ANSWER_INTEGER, "codes at most; 0: any number"},                          \
        {.name = "issued", ANSWER_INTEGER, "codes issued"}, {                                      \
        .name = "is_stopped", ANSWER_BOOL, "nothing more is issued"                                \
    }

const struct route_answer coupon_add_answer = {.type = ANSWER_OBJECT,
                                               .members = ANSWER_MEMBERS(SERIES_MEMBERS)};
const struct route_answer coupon_show_answer = {.type = ANSWER_OBJECT,
                                                .members = ANSWER_MEMBERS(SERIES_MEMBERS)};

static void write_text(struct response *response, const char *key, struct text value) {
    json_key(&response->writer, key);
    json_write_text(&response->writer, value);
}

static void write_count(struct response *response, const char *key, int64_t value) {
    json_key(&response->writer, key);
    json_write_int64(&response->writer, value);
}

static void write_series(struct scope *scope, struct response *response,
                         const struct coupon_series *series) {
    json_begin_object(&response->writer);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, series->id);
    write_text(response, "name", series->name);
    write_text(response, "gives", coupon_title(scope, &series->terms));
    json_key(&response->writer, "terms");
    json_write_record(&response->writer, coupon_terms_fields, coupon_terms_field_count,
                      &series->terms);
    json_key(&response->writer, "shared_code");
    if (series->shared_code.size > 0)
        json_write_text(&response->writer, series->shared_code);
    else
        json_write_null(&response->writer);
    write_count(response, "uses", series->use_count);
    write_count(response, "most", series->most_count);
    write_count(response, "issued", series->issued_count);
    json_key(&response->writer, "is_stopped");
    json_write_bool(&response->writer, series->is_stopped);
    json_end_object(&response->writer);
}

code coupon_http_show(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct coupon_series series;

    TRY(coupon_series_find(scope, request_text(request, "name"), &series));
    write_series(scope, response, &series);
    return OK;
}

const struct route_parameter coupon_page_parameters[] = {PARAMETER_LIMIT("100"), PARAMETER_AFTER,
                                                         PARAMETERS_END};

code coupon_http_redemptions(struct scope *scope, const struct request *request,
                             struct response *response) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"coupon", "Coupon", COLUMN_TEXT, NULL},
        {"at", "When", COLUMN_INSTANT, NULL},
        {"receipt", "Receipt", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"revenue", "Revenue, gross", COLUMN_MONEY, NULL},
        {"discount", "Discount", COLUMN_MONEY, NULL},
        {"currency", "Currency", COLUMN_TEXT, NULL},
    };
    const int64_t limit = request_integer(request, "limit");
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct coupon_series series;
    int64_t before;

    TRY(coupon_series_find(scope, request_text(request, "name"), &series));
    TRY(request_int64(scope, request, "after", 1, INT64_MAX, INT64_MAX, &before));
    TRY(ledger_query(scope, sql_coupon_redemption_list,
                     BINDS(BIND_INT64(series.id), BIND_INT64(before), BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, columns, COUNT_OF(columns), rows, limit);
}

// ---- making ----

struct add_body {
    struct text name, shared_code;
    const struct json *terms;
    int64_t uses, most;
};

#define AT(member) offsetof(struct add_body, member)
static const struct json_field add_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL, "of the series"},
    {"terms", JSON_FIELD_JSON, AT(terms), true, NULL,
     "what a code gives: kind (percent, amount, text), value, currency, title, note, minimum, "
     "from, until, products, categories"},
    {"shared_code", JSON_FIELD_TEXT, AT(shared_code), false, NULL,
     "one code for everybody; otherwise each is its own"},
    {"uses", JSON_FIELD_INT64, AT(uses), false, NULL,
     "times that a code may be redeemed, 0: any number; once unless it is shared"},
    {"most", JSON_FIELD_INT64, AT(most), false, NULL, "codes at most; any number unless told"},
};
#undef AT
const struct route_body coupon_add_body = {.fields = add_fields,
                                           .field_count = COUNT_OF(add_fields)};

code coupon_http_add(struct scope *scope, const struct request *request,
                     struct response *response) {
    struct add_body body = {.uses = -1};
    struct coupon_choices choices = {0};
    struct coupon_series series;

    TRY(json_read_record(scope, request->body, add_fields, COUNT_OF(add_fields), &body));
    TRY(json_read_record(scope, body.terms, coupon_terms_fields, coupon_terms_field_count,
                         &choices.terms));
    choices.name = body.name;
    choices.shared_code = body.shared_code;
    choices.use_count = body.uses;
    choices.most_count = body.most;
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, coupon_series_add(scope, &choices, &series)));
    write_series(scope, response, &series);
    return OK;
}

const struct route_answer coupon_done_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "changed", ANSWER_TEXT, "what was changed"}),
};

code coupon_http_stop(struct scope *scope, const struct request *request,
                      struct response *response) {
    const struct text name = request_text(request, "name");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, coupon_series_stop(scope, name)));
    response_done(response, "changed", name);
    return OK;
}

struct issue_body {
    int64_t count;
    struct text customer;
};
static const struct json_field issue_fields[] = {
    {"count", JSON_FIELD_INT64, offsetof(struct issue_body, count), false, NULL,
     "how many codes of nobody; 1 unless told otherwise, at most 10,000 at once"},
    {"customer", JSON_FIELD_TEXT, offsetof(struct issue_body, customer), false, NULL,
     "whose code: an id, an e-mail address, a phone or a card number; the same one each time"},
};
const struct route_body coupon_issue_body = {
    .fields = issue_fields, .field_count = COUNT_OF(issue_fields), .is_optional = true};
const struct route_answer coupon_issue_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "codes", ANSWER_TEXT, "the codes", .is_list = true}),
};

static code issue_all(struct scope *scope, const struct coupon_series *series, int64_t customer,
                      int64_t count, struct json_writer *writer) {
    struct text issued;

    for (int64_t i = 0; i < count; i++) {
        TRY(coupon_issue(scope, series, customer, 0, &issued));
        json_write_text(writer, coupon_code_shown(&scope->arena, issued));
    }
    return AUDIT(scope, "coupon.issue", series->name,
                 {"count", text_printf(&scope->arena, "%" PRId64, count)});
}

code coupon_http_issue(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct issue_body body = {.count = 1};
    struct coupon_series series;
    int64_t customer = 0;

    if (request->body)
        TRY(json_read_record(scope, request->body, issue_fields, COUNT_OF(issue_fields), &body));
    if (body.count < 1 || body.count > MOST_AT_ONCE)
        return scope_fail_field(scope, INVALID, "count", "%" PRId64 " is not from 1 to %d",
                                body.count, MOST_AT_ONCE);
    if (body.customer.size > 0 && body.count != 1)
        return scope_fail_field(scope, INVALID, "count", "a customer gets one code of a series");
    TRY(coupon_series_find(scope, request_text(request, "name"), &series));
    if (body.customer.size > 0)
        TRY(customer_find(scope, body.customer, &customer));
    json_begin_object(&response->writer);
    json_key(&response->writer, "codes");
    json_begin_array(&response->writer);
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, issue_all(scope, &series, customer, body.count, &response->writer)));
    json_end_array(&response->writer);
    json_end_object(&response->writer);
    return OK;
}

// ---- the file for a printer ----

const struct route_answer coupon_file_answer = {.type = ANSWER_FILE, .help = "CSV"};

static void add_cell(struct buffer *out, struct text cell, char end) {
    csv_add_safe_cell(out, cell);
    buffer_add_char(out, end);
}

static void add_line(struct scope *scope, const struct rows *rows, struct buffer *out) {
    const struct text coupon = rows_text(rows, 0);
    char instant[TIME_TEXT_SIZE];

    add_cell(out, coupon_code_shown(&scope->arena, coupon), ',');
    add_cell(out, coupon, ',');
    add_cell(out, rows_text(rows, 1), ',');
    add_cell(out, text_of(time_format_utc(rows_int64(rows, 3), instant)), ',');
    add_cell(out, rows_int64(rows, 4) != 0 ? TEXT("void") : TEXT("issued"), ',');
    add_cell(out, rows_text(rows, 5), '\r');
    buffer_add_char(out, '\n');
}

// The codes behind `after`, the last of which it is then; *ret_count of them.
static code export_page(struct scope *scope, int64_t series_id, char after[COUPON_SHARED_BYTES + 1],
                        struct buffer *out, int64_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t count = 0;

    out->size = 0;
    TRY(ledger_query(scope, sql_coupon_list,
                     BINDS(BIND_INT64(series_id), BIND_STRING(after), BIND_INT64(EXPORT_PAGE)),
                     &rows));
    for (; rows_next(rows); count++) {
        add_line(scope, rows, out);
        snprintf(after, COUPON_SHARED_BYTES + 1, "%.*s", TEXT_ARG(rows_text(rows, 0)));
    }
    *ret_count = count;
    return rows_end(rows);
}

// However many there are: a page at a time.
static code write_codes(struct scope *scope, int64_t series_id, FILE *file, int64_t *ret_total) {
    CLEANUP(buffer_clear) struct buffer lines = {0};
    char after[COUPON_SHARED_BYTES + 1] = "";
    int64_t count, total = 0;

    buffer_add_string(&lines, "coupon,scanned,customer,issued_at,state,redeemed\r\n");
    fwrite(lines.data, 1, lines.size, file);
    do {
        const struct arena_mark mark = arena_mark(&scope->arena);

        TRY(scope_check(scope));
        TRY(export_page(scope, series_id, after, &lines, &count));
        fwrite(lines.data, 1, lines.size, file);
        arena_rewind(&scope->arena, mark);
        total += count;
    } while (count == EXPORT_PAGE);
    *ret_total = total;
    return OK;
}

// A file that has no name any more: it is gone with whoever holds it.
static code open_nameless(struct scope *scope, int *ret_file) {
    const char *path = arena_printf(&scope->arena, "%s/coupons-%" PRId64 ".part",
                                    store_path(session_store(scope)), store_new_id(scope));
    const int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (file < 0)
        return scope_fail(scope, UNAVAILABLE, "the codes cannot be written: %s", strerror(errno));
    unlink(path);
    *ret_file = file;
    return OK;
}

static code write_file(struct scope *scope, int64_t series_id, int file, int64_t *ret_total) {
    const int copy = fcntl(file, F_DUPFD_CLOEXEC, 0);
    FILE *out = copy >= 0 ? fdopen(copy, "w") : NULL;
    bool is_written;
    code result;

    if (!out) {
        scope_fail(scope, UNAVAILABLE, "the codes cannot be written: %s", strerror(errno));
        close(copy);
        return UNAVAILABLE;
    }
    result = write_codes(scope, series_id, out, ret_total);
    is_written = !ferror(out);
    is_written = fclose(out) == 0 && lseek(file, 0, SEEK_SET) == 0 && is_written;
    if (result == OK && !is_written)
        return scope_fail(scope, STORAGE_FULL, "the codes cannot be written to their file");
    return result;
}

code coupon_http_export(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct coupon_series series;
    int64_t total;

    TRY(coupon_series_find(scope, request_text(request, "name"), &series));
    TRY(open_nameless(scope, &response->file)); // closed with the response
    TRY(write_file(scope, series.id, response->file, &total));
    response->content_type = "text/csv; charset=utf-8";
    TRY(AUDIT(scope, "coupon.export", series.name,
              {"count", text_printf(&scope->arena, "%" PRId64, total)}));
    return response_attachment(scope, response, TEXT("coupons.csv"));
}

// ---- what came in with sales ----

const struct route_answer coupon_collect_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "read", ANSWER_INTEGER, "coupons found on sales"},
        {.name = "taken", ANSWER_INTEGER, "redemptions that were not known"},
        {.name = "attached", ANSWER_INTEGER, "that a till had told of"},
        {.name = "again", ANSWER_INTEGER, "redeemed once too often"},
        {.name = "outside", ANSWER_INTEGER, "redeemed outside their days"},
        {.name = "void", ANSWER_INTEGER, "redeemed although void"},
        {.name = "unknown", ANSWER_INTEGER, "made as ours are, and issued by nobody"},
        {.name = "foreign", ANSWER_INTEGER, "none of ours"}),
};

code coupon_http_collect(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct coupon_tally tally;

    (void)request;
    TRY(coupon_collect(scope, &tally));
    json_begin_object(&response->writer);
    write_count(response, "read", tally.read);
    write_count(response, "taken", tally.taken);
    write_count(response, "attached", tally.attached);
    write_count(response, "again", tally.again);
    write_count(response, "outside", tally.outside);
    write_count(response, "void", tally.voided);
    write_count(response, "unknown", tally.unknown);
    write_count(response, "foreign", tally.foreign);
    json_end_object(&response->writer);
    return OK;
}
