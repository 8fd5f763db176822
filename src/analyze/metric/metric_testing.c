// SPDX-License-Identifier: Apache-2.0
#include "analyze/metric/metric_testing.h"

#include "base/money.h"
#include "base/time.h"
#include "store/change.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <math.h>

enum { CODES = 9 };

static void put_codes(struct scope *scope) {
    for (int64_t id = 1; id <= CODES; id++) {
        const struct text number = text_printf(&scope->arena, "%d", (int)id);
        const struct text category =
            id % 3 ? text_printf(&scope->arena, "C%d", (int)id % 3) : TEXT("");

        CHECK_OK(ledger_exec(scope,
                             "INSERT INTO store (id, import_id, code, name) "
                             "VALUES ($1, 1, 'S' || $2, 'Store ' || $2)",
                             BINDS(BIND_INT64(id), BIND_TEXT(number))));
        CHECK_OK(ledger_exec(scope,
                             "INSERT INTO staff (id, import_id, code, name) "
                             "VALUES ($1, 1, 'K' || $2, 'Cashier ' || $2)",
                             BINDS(BIND_INT64(id), BIND_TEXT(number))));
        CHECK_OK(ledger_exec(scope,
                             "INSERT INTO product (id, import_id, code, name, category, brand) "
                             "VALUES ($1, 1, 'P' || $2, 'Product ' || $2, $3, $4)",
                             BINDS(BIND_INT64(id), BIND_TEXT(number), BIND_TEXT_OR_NULL(category),
                                   BIND_STRING(id % 2 ? "B1" : "B0"))));
    }
    CHECK_OK(change_record(scope, CHANGE_STORE, CHANGE_CREATED, 1, CODES));
    CHECK_OK(change_record(scope, CHANGE_STAFF, CHANGE_CREATED, 1, CODES));
    CHECK_OK(change_record(scope, CHANGE_PRODUCT, CHANGE_CREATED, 1, CODES));
}

static void put_customer(struct scope *scope, int64_t customer) {
    if (customer == 0)
        return;
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO customer (id, import_id, created_at_us) VALUES ($1, 1, 0) "
                         "ON CONFLICT (id) DO NOTHING",
                         BINDS(BIND_INT64(customer))));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_at_us) "
        "VALUES ($1, 4, 'test', $2, $1, 1, 0) ON CONFLICT (id) DO NOTHING",
        BINDS(BIND_INT64(customer), BIND_TEXT(text_printf(&scope->arena, "%d", (int)customer)))));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_CREATED, customer, customer));
}

struct amounts {
    int64_t net, vat, gross, discount;
};

static int64_t micros(double value) {
    return llround(value * 1e6);
}

static struct amounts amounts_of(const struct test_line *line) {
    const int64_t gross = micros(line->quantity * line->price) - micros(line->discount);
    const int64_t vat = vat_in_gross_micros(gross, line->rate_bp);

    return (struct amounts){gross - vat, vat, gross, micros(line->discount)};
}

static struct bind string_or_null(const char *string) {
    return string ? BIND_STRING(string) : BIND_NULL();
}

static void put_line(struct scope *scope, const struct test_line *line, int64_t number) {
    const struct amounts amounts = amounts_of(line);

    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, product_id, "
        "quantity_micros, unit_price_micros, discount_micros, coupon, net_micros, vat_rate_bp, "
        "vat_micros, gross_micros) VALUES ($1, $2, 1, 1, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        BINDS(BIND_INT64(line->sale), BIND_INT64(number),
              BIND_INT64_IF(line->product != 0, line->product), BIND_INT64(micros(line->quantity)),
              BIND_INT64(micros(line->price)), BIND_INT64(amounts.discount),
              string_or_null(line->coupon), BIND_INT64(amounts.net),
              BIND_INT64_IF(line->rate_bp != 0, line->rate_bp), BIND_INT64(amounts.vat),
              BIND_INT64(amounts.gross))));
}

static void put_document(struct scope *scope, const struct test_line *lines, size_t count,
                         struct zone *zone) {
    struct amounts sum = {0};
    int64_t at_us;
    bool has_time;

    CHECK(time_parse(text_of(lines->at), DATE_ORDER_YMD, zone, &at_us, &has_time));
    for (size_t i = 0; i < count; i++) {
        const struct amounts amounts = amounts_of(&lines[i]);

        sum.net += amounts.net;
        sum.vat += amounts.vat;
        sum.gross += amounts.gross;
        sum.discount += amounts.discount;
        put_line(scope, &lines[i], (int64_t)i + 1);
    }
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, store_id, till, "
        "cashier_id, channel, currency, country, identifier_id, origin, payment, net_micros, "
        "vat_micros, gross_micros, discount_micros, line_count) VALUES ($1, 1, $2, $3, $4, $5, "
        "$6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16, $17, $18)",
        BINDS(BIND_INT64(lines->sale), BIND_STRING(lines->source ? lines->source : "test"),
              BIND_TEXT(text_printf(&scope->arena, "n%d", (int)lines->sale)),
              BIND_INT64(lines->kind), BIND_INT64(at_us),
              BIND_INT64_IF(lines->store != 0, lines->store), string_or_null(lines->till),
              BIND_INT64_IF(lines->cashier != 0, lines->cashier), string_or_null(lines->channel),
              BIND_STRING(lines->currency ? lines->currency : "EUR"),
              string_or_null(lines->country), BIND_INT64_IF(lines->customer != 0, lines->customer),
              string_or_null(lines->payment), BIND_INT64(sum.net), BIND_INT64(sum.vat),
              BIND_INT64(sum.gross), BIND_INT64(sum.discount), BIND_INT64((int64_t)count))));
    put_customer(scope, lines->customer);
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_CREATED, lines->sale, lines->sale));
}

void test_sales(struct scope *scope, const struct test_line *lines, size_t count) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct settings settings;

    CHECK_OK(settings_load(scope, &settings));
    CHECK_OK(zone_open(scope, settings.zone, &zone));
    CHECK_OK(ledger_begin(scope));
    put_codes(scope);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && lines[next].sale == lines[first].sale;)
            next++;
        put_document(scope, lines + first, next - first, zone);
    }
    CHECK_OK(ledger_commit(scope));
}

void test_alias(struct scope *scope, int64_t from, int64_t to) {
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, $2)",
                         BINDS(BIND_INT64(from), BIND_INT64(to))));
    CHECK_OK(change_record(scope, CHANGE_ALIAS, CHANGE_CREATED, from, from));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, from, from));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, to, to));
    CHECK_OK(ledger_commit(scope));
}
