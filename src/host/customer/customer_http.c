// SPDX-License-Identifier: Apache-2.0
// Customers over the API: lists and the view of one. What is shown of an identifier is masked
// unless it is asked for by somebody who may, which is written into the audit log.
#include "host/customer/customer_http.h"

#include "base/money.h"
#include "customer_sql.h"
#include "govern/access/access.h"
#include "govern/audit/audit.h"
#include "govern/consent/consent.h"
#include "host/customer/customer.h"
#include "host/identity/identity.h"
#include "store/ledger.h"
#include "web/live.h"

#include <inttypes.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

static code read_customer(struct scope *scope, const struct request *request,
                          int64_t *ret_customer) {
    return customer_find(scope, request_text(request, "id"), ret_customer);
}

// ---- members and cells ----

static void write_id(struct response *response, const char *key, int64_t id) {
    json_key(&response->writer, key);
    response_int64(response, COLUMN_ID, id);
}

static void write_text_if_known(struct response *response, const char *key, struct text value) {
    if (value.size == 0)
        return;
    json_key(&response->writer, key);
    response_text(response, value);
}

static void text_cell(struct response *response, struct text value) {
    if (value.size == 0)
        response_null(response);
    else
        response_text(response, value);
}

static void instant_cell(struct response *response, int64_t at_us) {
    if (at_us == 0)
        response_null(response);
    else
        response_int64(response, COLUMN_INSTANT, at_us);
}

// ---- lists ----

const struct route_parameter customer_search_parameters[] = {
    {.name = "q", PARAMETER_TEXT, "words of a name, an e-mail address, a phone, a card, a number"},
    {.name = "where",
     PARAMETER_TEXT,
     "only customers of whom these conditions hold: JSON, as a segment's definition"},
    PARAMETER_LIMIT("20"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_answer customer_search_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(ANSWER_NEXT, {.name = "customers", ANSWER_TABLE, "one row each"}),
};

static void list_row(struct response *response, const struct customer_summary *customer) {
    response_begin_row(response);
    response_int64(response, COLUMN_ID, customer->id);
    text_cell(response, customer->number);
    text_cell(response, customer->name);
    text_cell(response, customer->city);
    text_cell(response, customer->country);
    response_int64(response, COLUMN_INTEGER, customer->receipt_count);
    instant_cell(response, customer->last_purchase_us);
    if (customer->currency.size > 0)
        response_int64(response, COLUMN_MONEY, customer->total_micros);
    else
        response_null(response);
    text_cell(response, customer->currency);
    response_end_row(response);
}

// The currency of all rows that have one; NULL when they differ.
static const char *common_currency(struct scope *scope, const struct customer_page *page) {
    struct text currency = {0};

    for (size_t i = 0; i < page->count; i++) {
        const struct text of_row = page->customers[i].currency;

        if (of_row.size > 0 && currency.size > 0 && !text_equal(of_row, currency))
            return NULL;
        if (of_row.size > 0)
            currency = of_row;
    }
    return currency.size > 0 ? text_string(&scope->arena, currency) : NULL;
}

code customer_http_search_among(struct scope *scope, const struct request *request,
                                struct customer_restriction *restriction,
                                struct response *response) {
    struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"number", "Number", COLUMN_TEXT, NULL},
        {"name", "Name", COLUMN_TEXT, NULL},
        {"city", "City", COLUMN_TEXT, NULL},
        {"country", "Country", COLUMN_TEXT, NULL},
        {"receipts", "Receipts", COLUMN_INTEGER, NULL},
        {"last_purchase", "Last purchase", COLUMN_INSTANT, NULL},
        {"revenue_gross", "Revenue, gross", COLUMN_MONEY, NULL},
        {"currency", "Currency", COLUMN_TEXT, NULL},
    };
    struct customer_page page;
    const size_t limit = (size_t)request_integer(request, "limit");

    TRY(customer_search(scope, request_text(request, "q"), restriction,
                        request_text(request, "after"), limit, &page));
    columns[7].unit = common_currency(scope, &page);
    json_begin_object(&response->writer);
    write_text_if_known(response, "next", page.next);
    response_begin_table(response, "customers", columns, COUNT_OF(columns));
    for (size_t i = 0; i < page.count; i++)
        list_row(response, &page.customers[i]);
    response_end_table(response);
    json_end_object(&response->writer);
    return OK;
}

code customer_http_search(struct scope *scope, const struct request *request,
                          struct response *response) {
    return customer_http_search_among(scope, request, NULL, response);
}

// ---- the view of one ----

#define TIMELINE_MEMBERS                                                                           \
    {.name = "timeline", ANSWER_TABLE, "what happened, newest first"}, {                           \
        .name = "timeline_next", ANSWER_TEXT,                                                      \
        "\"after\" of the timeline's next page; absent on the last", .is_optional = true           \
    }

const struct route_parameter customer_show_parameters[] = {
    {.name = "reveal",
     PARAMETER_BOOL,
     "show identifiers whole; it needs a permission and is written into the audit log",
     .usual = "false"},
    PARAMETER_LIMIT("20"),
    PARAMETERS_END,
};
const struct route_answer customer_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "id", ANSWER_ID, "the customer"},
        {.name = "profile", ANSWER_OBJECT, "name, birth day, address, …: what is known"},
        {.name = "identifiers", ANSWER_TABLE, "what the customer is known by"},
        {.name = "totals", ANSWER_TABLE, "what was bought, one row a currency"},
        {.name = "consents", ANSWER_TABLE, "what the customer agreed to"},
        {.name = "channels", ANSWER_TEXT, "where they were met", .is_list = true},
        {.name = "origins", ANSWER_TABLE, "customers that became this one"},
        {.name = "links", ANSWER_TABLE, "why the identifiers are one customer"}, TIMELINE_MEMBERS),
};
const struct route_parameter customer_timeline_parameters[] = {
    {.name = "kind", PARAMETER_CHOICE, "only entries of this kind", .choices = timeline_kinds},
    {.name = "channel", PARAMETER_TEXT, "only entries of this channel"},
    PARAMETER_LIMIT("20"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_answer customer_timeline_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "the customer"}, TIMELINE_MEMBERS),
};
const struct route_answer customer_links_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "the customer"},
                              {.name = "links", ANSWER_TABLE, "links, live and undone"}),
};

// The person's words about themselves, those that are known, and everything else that a source
// said.
static code write_profile(struct scope *scope, struct response *response, int64_t customer) {
    static const struct {
        const char *key;
        enum column_type type;
    } members[] = {
        {"name", COLUMN_TEXT},          {"given_name", COLUMN_TEXT}, {"family_name", COLUMN_TEXT},
        {"company", COLUMN_TEXT},       {"birth_day", COLUMN_DAY},   {"gender", COLUMN_TEXT},
        {"language", COLUMN_TEXT},      {"street", COLUMN_TEXT},     {"postal_code", COLUMN_TEXT},
        {"city", COLUMN_TEXT},          {"region", COLUMN_TEXT},     {"country", COLUMN_TEXT},
        {"created_at", COLUMN_INSTANT},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct json *attributes;
    bool found;

    TRY(ledger_find(scope, sql_customer_profile, BINDS(BIND_INT64(customer)), &rows, &found));
    json_key(&response->writer, "profile");
    json_begin_object(&response->writer);
    for (size_t i = 0; found && i < COUNT_OF(members); i++) {
        if (rows_is_null(rows, i))
            continue;
        json_key(&response->writer, members[i].key);
        response_cell(response, members[i].type, rows, i);
    }
    if (found && !rows_is_null(rows, COUNT_OF(members))) {
        TRY(json_parse(scope, rows_text(rows, COUNT_OF(members)), &attributes));
        json_key(&response->writer, "attributes");
        json_write(&response->writer, attributes);
    }
    json_end_object(&response->writer);
    return OK;
}

static struct text shown(struct scope *scope, enum identifier_kind kind, struct text value,
                         bool reveal) {
    return reveal ? value : identifier_shown(&scope->arena, kind, value);
}

static code write_identifiers(struct scope *scope, struct response *response, int64_t customer,
                              bool reveal) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"kind", "Kind", COLUMN_TEXT, NULL},
        {"source", "Source", COLUMN_TEXT, NULL},
        {"value", "Value", COLUMN_TEXT, NULL},
        {"first_seen", "First seen", COLUMN_INSTANT, NULL},
        {"origin", "Origin", COLUMN_ID, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_customer_identifiers, BINDS(BIND_INT64(customer)), &rows));
    response_begin_table(response, "identifiers", columns, COUNT_OF(columns));
    while (rows_next(rows)) {
        const enum identifier_kind kind = (enum identifier_kind)rows_int64(rows, 1);

        response_begin_row(response);
        response_int64(response, COLUMN_ID, rows_int64(rows, 0));
        response_text(response, text_of(identifier_kind_name(kind)));
        text_cell(response, rows_text(rows, 2));
        response_text(response, shown(scope, kind, rows_text(rows, 3), reveal));
        response_int64(response, COLUMN_INSTANT, rows_int64(rows, 4));
        response_int64(response, COLUMN_ID, rows_int64(rows, 5));
        response_end_row(response);
    }
    response_end_table(response);
    return rows_end(rows);
}

// What was bought in one currency.
struct total {
    struct text currency;
    int64_t receipts, refunds, revenue_micros, purchases, purchases_micros;
    int64_t first_purchase_us, last_purchase_us; // 0: none
    struct total *next;
};

static code read_totals(struct scope *scope, int64_t customer, struct total **ret_totals) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct total *totals = NULL;
    struct total **end = &totals;

    TRY(ledger_query(scope, sql_customer_totals, BINDS(BIND_INT64(customer)), &rows));
    while (rows_next(rows)) {
        *end = arena_alloc(&scope->arena, sizeof(**end));
        **end = (struct total){.currency = text_copy(&scope->arena, rows_text(rows, 0)),
                               .receipts = rows_int64(rows, 1),
                               .refunds = rows_int64(rows, 2),
                               .revenue_micros = rows_int64(rows, 3),
                               .purchases = rows_int64(rows, 4),
                               .purchases_micros = rows_int64(rows, 5),
                               .first_purchase_us = rows_int64(rows, 6),
                               .last_purchase_us = rows_int64(rows, 7)};
        end = &(*end)->next;
    }
    TRY(rows_end(rows));
    *ret_totals = totals;
    return OK;
}

// Rounded to what the currency can pay, half away from zero.
static int64_t mean_micros(const struct total *total) {
    int64_t step = MICROS_PER_UNIT;
    const int64_t sum = total->purchases_micros;
    int64_t steps;

    for (int digit = 0; digit < currency_digits(total->currency); digit++)
        step /= 10;
    steps = ((sum < 0 ? -sum : sum) + total->purchases * step / 2) / (total->purchases * step);
    return (sum < 0 ? -steps : steps) * step;
}

static void totals_row(struct response *response, const struct total *total) {
    response_begin_row(response);
    response_text(response, total->currency);
    response_int64(response, COLUMN_INTEGER, total->receipts);
    response_int64(response, COLUMN_INTEGER, total->refunds);
    response_int64(response, COLUMN_MONEY, total->revenue_micros);
    if (total->purchases > 0)
        response_int64(response, COLUMN_MONEY, mean_micros(total));
    else
        response_null(response);
    instant_cell(response, total->first_purchase_us);
    instant_cell(response, total->last_purchase_us);
    response_end_row(response);
}

// The unit of the customer's amounts; NULL when there are several, or none.
static const char *only_currency(struct scope *scope, const struct total *totals) {
    return totals && !totals->next ? text_string(&scope->arena, totals->currency) : NULL;
}

static void write_totals(struct response *response, const struct total *totals,
                         const char *currency) {
    const struct column columns[] = {
        {"currency", "Currency", COLUMN_TEXT, NULL},
        {"receipts", "Receipts", COLUMN_INTEGER, NULL},
        {"refund_receipts", "Refunds", COLUMN_INTEGER, NULL},
        {"revenue_gross", "Revenue, gross", COLUMN_MONEY, currency},
        {"average_purchase", "Average purchase", COLUMN_MONEY, currency},
        {"first_purchase", "First purchase", COLUMN_INSTANT, NULL},
        {"last_purchase", "Last purchase", COLUMN_INSTANT, NULL},
    };

    response_begin_table(response, "totals", columns, COUNT_OF(columns));
    for (; totals; totals = totals->next)
        totals_row(response, totals);
    response_end_table(response);
}

static code write_consents(struct scope *scope, struct response *response, int64_t customer) {
    static const struct column columns[] = {
        {"purpose", "Purpose", COLUMN_TEXT, NULL},
        {"channel", "Channel", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"legal_basis", "Legal basis", COLUMN_TEXT, NULL},
        {"text_version", "Text version", COLUMN_TEXT, NULL},
        {"source", "Source", COLUMN_TEXT, NULL},
        {"since", "Since", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(consent_held(scope, customer, &rows));
    return response_rows(scope, response, "consents", columns, COUNT_OF(columns), rows);
}

static code write_channels(struct scope *scope, struct response *response, int64_t customer) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_customer_channels, BINDS(BIND_INT64(customer)), &rows));
    json_key(&response->writer, "channels");
    json_begin_array(&response->writer);
    while (rows_next(rows))
        json_write_text(&response->writer, rows_text(rows, 0));
    json_end_array(&response->writer);
    return rows_end(rows);
}

static code write_origins(struct scope *scope, struct response *response, int64_t customer) {
    static const struct column columns[] = {
        {"origin", "Origin", COLUMN_ID, NULL},
        {"created_at", "Created", COLUMN_INSTANT, NULL},
        {"import", "Import", COLUMN_ID, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_customer_origins, BINDS(BIND_INT64(customer)), &rows));
    return response_rows(scope, response, "origins", columns, COUNT_OF(columns), rows);
}

static code write_links(struct scope *scope, struct response *response, int64_t customer) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"kind_a", "Kind", COLUMN_TEXT, NULL},
        {"value_a", "Identifier", COLUMN_TEXT, NULL},
        {"kind_b", "Kind", COLUMN_TEXT, NULL},
        {"value_b", "Identifier", COLUMN_TEXT, NULL},
        {"reason", "Reason", COLUMN_TEXT, NULL},
        {"evidence", "Evidence", COLUMN_TEXT, NULL},
        {"linked_at", "Linked", COLUMN_INSTANT, NULL},
        {"undone_at", "Undone", COLUMN_INSTANT, NULL},
        {"undone_by", "Undone by", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_customer_links, BINDS(BIND_INT64(customer)), &rows));
    response_begin_table(response, "links", columns, COUNT_OF(columns));
    while (rows_next(rows)) {
        response_begin_row(response);
        response_cell(response, COLUMN_ID, rows, 0);
        for (size_t column = 1; column <= 3; column += 2) {
            const enum identifier_kind kind = (enum identifier_kind)rows_int64(rows, column);

            response_text(response, text_of(identifier_kind_name(kind)));
            response_text(response, shown(scope, kind, rows_text(rows, column + 1), false));
        }
        for (size_t column = 5; column < COUNT_OF(columns); column++)
            response_cell(response, columns[column].type, rows, column);
        response_end_row(response);
    }
    response_end_table(response);
    return rows_end(rows);
}

static code write_timeline(struct scope *scope, struct response *response, int64_t customer,
                           const char *currency, const struct timeline_filter *filter,
                           struct text after, size_t limit) {
    const struct column columns[] = {
        {"at", "At", COLUMN_INSTANT, NULL},
        {"kind", "Kind", COLUMN_TEXT, NULL},
        {"id", "Id", COLUMN_ID, NULL},
        {"what", "What", COLUMN_TEXT, NULL},
        {"place", "Where", COLUMN_TEXT, NULL},
        {"amount", "Amount", COLUMN_MONEY, currency},
        {"currency", "Currency", COLUMN_TEXT, NULL},
        {"detail", "Detail", COLUMN_TEXT, NULL},
        {"source", "Source", COLUMN_TEXT, NULL},
    };
    struct timeline timeline;

    TRY(customer_timeline(scope, customer, filter, after, limit, &timeline));
    response_begin_table(response, "timeline", columns, COUNT_OF(columns));
    for (size_t i = 0; i < timeline.count; i++) {
        const struct timeline_entry *entry = &timeline.entries[i];

        response_begin_row(response);
        response_int64(response, COLUMN_INSTANT, entry->at_us);
        response_text(response, text_of(entry->kind));
        response_int64(response, COLUMN_ID, entry->id);
        text_cell(response, entry->what);
        text_cell(response, entry->place);
        if (entry->has_amount)
            response_int64(response, COLUMN_MONEY, entry->amount_micros);
        else
            response_null(response);
        text_cell(response, entry->currency);
        text_cell(response, entry->detail);
        text_cell(response, entry->source);
        response_end_row(response);
    }
    response_end_table(response);
    write_text_if_known(response, "timeline_next", timeline.next);
    return OK;
}

static code check_reveal(struct scope *scope, int64_t customer) {
    if (!(scope->actor.permissions & MAY_UNMASK_IDENTIFIERS))
        return scope_fail(scope, FORBIDDEN, "seeing whole identifiers needs a permission");
    return audit_append(scope, "customer.reveal",
                        text_printf(&scope->arena, "customer %" PRId64, customer), TEXT("{}"));
}

code customer_http_show(struct scope *scope, const struct request *request,
                        struct response *response) {
    const struct timeline_filter everything = {0};
    struct total *totals;
    int64_t customer;
    const size_t limit = (size_t)request_integer(request, "limit");
    const bool reveal = request_flag(request, "reveal");

    TRY(read_customer(scope, request, &customer));
    if (reveal)
        TRY(check_reveal(scope, customer));
    TRY(read_totals(scope, customer, &totals));
    json_begin_object(&response->writer);
    write_id(response, "id", customer);
    TRY(write_profile(scope, response, customer));
    TRY(write_identifiers(scope, response, customer, reveal));
    write_totals(response, totals, only_currency(scope, totals));
    TRY(write_consents(scope, response, customer));
    TRY(write_channels(scope, response, customer));
    TRY(write_origins(scope, response, customer));
    TRY(write_links(scope, response, customer));
    TRY(write_timeline(scope, response, customer, only_currency(scope, totals), &everything,
                       TEXT(""), limit));
    json_end_object(&response->writer);
    return OK;
}

code customer_http_timeline(struct scope *scope, const struct request *request,
                            struct response *response) {
    const struct timeline_filter filter = {.kind = request_choice(request, "kind"),
                                           .channel = request_text(request, "channel")};
    struct total *totals;
    int64_t customer;
    const size_t limit = (size_t)request_integer(request, "limit");

    TRY(read_customer(scope, request, &customer));
    TRY(read_totals(scope, customer, &totals));
    json_begin_object(&response->writer);
    write_id(response, "id", customer);
    TRY(write_timeline(scope, response, customer, only_currency(scope, totals), &filter,
                       request_text(request, "after"), limit));
    json_end_object(&response->writer);
    return OK;
}

const struct route_answer customer_live_answer = {
    .type = ANSWER_EVENTS,
    .help = "events named \"customer\": one at once, then one within a second of each change, and "
            "now and then while so much happens that it may be one; also those of GET "
            "/api/v1/live, for who may read jobs",
};

code customer_http_live(struct scope *scope, const struct request *request,
                        struct response *response) {
    int64_t customer;

    TRY(read_customer(scope, request, &customer));
    return live_stream(scope, response, customer);
}

code customer_http_links(struct scope *scope, const struct request *request,
                         struct response *response) {
    int64_t customer;

    TRY(read_customer(scope, request, &customer));
    json_begin_object(&response->writer);
    write_id(response, "id", customer);
    TRY(write_links(scope, response, customer));
    json_end_object(&response->writer);
    return OK;
}
