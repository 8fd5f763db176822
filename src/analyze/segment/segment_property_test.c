// SPDX-License-Identifier: Apache-2.0
// Random trees over random small ledgers: whom the compiled SQL finds in the lake is whom a plain
// computation over the ledger's rows finds. The computation reads the tree's JSON, not what the
// reader made of it, and knows no SQL but the statements that fetch the rows.
#include "analyze/metric/metric_testing.h"
#include "analyze/segment/compile.h"
#include "analyze/segment/segment.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

// Without summer time: its days can be computed by hand.
#define ZONE "Asia/Kolkata"
enum {
    ZONE_SECONDS = 19800,
    CUSTOMERS = 12,
    DOCUMENTS = 70,
    LINES = 3 * DOCUMENTS,
    FACTS = 60,
    TREES = 120,
};

struct line {
    int64_t sale, customer, product;
    int kind;
    int32_t day;
    int64_t gross, net, quantity;
    const char *store, *channel, *country, *coupon; // "": none
};

struct event {
    int64_t customer;
    int32_t day;
    const char *name;
    int64_t product;    // 0: none
    int64_t another;    // beside it; 0: none
    const char *coupon; // NULL: none
};

struct consent {
    int64_t origin, at_us, id;
    const char *purpose, *channel, *state;
};

struct customer {
    int64_t id;
    const char *country; // NULL: not known
    int32_t birth_day;   // SEGMENT_NO_DAY: not known
    int32_t created_day;
    bool has_email;
    const char *level; // member of attributes as text, NULL: not known
};

struct world {
    struct random random;
    int32_t as_of_day;
    int64_t customer_of[CUSTOMERS]; // by origin / 10
    int64_t joined_us[CUSTOMERS];   // the same; 0: it is the customer's own
    struct customer customers[CUSTOMERS];
    size_t customer_count;
    struct line lines[LINES];
    size_t line_count;
    struct event events[FACTS];
    struct consent consents[FACTS];
};

static uint32_t draw(struct world *world, uint32_t below) {
    return random_below(&world->random, below);
}

static const char *pick(struct world *world, const char *const *values, uint32_t count) {
    return values[draw(world, count)];
}

static int32_t day_of(int64_t at_us) {
    return (int32_t)((at_us / 1000000 + ZONE_SECONDS) / 86400);
}

// ---- a random ledger ----

static const char *const channels[] = {"store", "web", NULL};
static const char *const countries[] = {"France", "Spain", NULL};
static const char *const coupons[] = {"SPRING", NULL, NULL};
static const char *const levels[] = {"3", "10", "2.5", "gold", "3 stars", NULL};
static const char *const event_names[] = {"opened", "clicked"};
static const char *const purposes[] = {"newsletter", "profiling"};
static const char *const ways[] = {"email", "sms"};
static const char *const states[] = {"granted", "denied", "withdrawn"};

static void make_sales(struct scope *scope, struct world *world) {
    struct test_line *lines = arena_array(&scope->arena, LINES, sizeof(*lines));
    size_t count = 0;

    for (int64_t sale = 1; sale <= DOCUMENTS; sale++) {
        struct test_line line = {.sale = sale, .kind = TEST_SALE};
        const uint32_t kind = draw(world, 8);

        line.kind = kind == 0 ? TEST_REFUND : kind == 1 ? TEST_ADJUSTMENT : TEST_SALE;
        line.at = arena_printf(&scope->arena, "2011-%02u-%02u %02u:30", 1 + draw(world, 6),
                               1 + draw(world, 28), draw(world, 24));
        line.customer = 10 * (int64_t)draw(world, CUSTOMERS - 1); // the last one never buys
        line.store = draw(world, 3);
        line.channel = pick(world, channels, 3);
        line.country = pick(world, countries, 3);
        for (uint32_t i = 1 + draw(world, 3); i > 0; i--) {
            line.product = draw(world, 5);
            line.quantity = (line.kind == TEST_SALE ? 1 : -1) * (1 + (double)draw(world, 3));
            line.price = 0.5 * (double)(1 + draw(world, 8));
            line.rate_bp = 2000;
            line.coupon = pick(world, coupons, 3);
            lines[count++] = line;
        }
    }
    test_sales(scope, lines, count);
}

static void make_customer(struct scope *scope, struct world *world, int64_t id) {
    struct customer *customer = &world->customers[world->customer_count];
    const int64_t created_us = (INT64_C(1293840000) + draw(world, 100) * INT64_C(50000)) * 1000000;
    const char *attributes;

    *customer = (struct customer){
        .id = id,
        .country = pick(world, countries, 3),
        .birth_day = draw(world, 3) ? (int32_t)(3650 + draw(world, 4) * 1000) : SEGMENT_NO_DAY,
        .created_day = day_of(created_us),
        .has_email = draw(world, 2),
        .level = pick(world, levels, 6),
    };
    attributes = customer->level && customer->level[0] <= '9' && !strchr(customer->level, ' ') &&
                         draw(world, 2)
                     ? arena_printf(&scope->arena, "{\"level\": %s}", customer->level)
                     : arena_printf(&scope->arena, customer->level ? "{\"level\": \"%s\"}" : "{}",
                                    customer->level);
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO customer (id, import_id, created_at_us) VALUES ($1, 1, 0) "
                         "ON CONFLICT (id) DO NOTHING",
                         BINDS(BIND_INT64(id))));
    CHECK_OK(ledger_exec(
        scope,
        "UPDATE customer SET country = $2, birth_day = $3, created_at_us = $4, attributes = $5 "
        "WHERE id = $1",
        BINDS(BIND_INT64(id), customer->country ? BIND_STRING(customer->country) : BIND_NULL(),
              BIND_INT64_IF(customer->birth_day != SEGMENT_NO_DAY, customer->birth_day),
              BIND_INT64(created_us), BIND_STRING(attributes))));
    if (customer->has_email)
        CHECK_OK(ledger_exec(
            scope,
            "INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_at_us) "
            "VALUES ($1 + 1, 1, '', $2, $1, 1, 0)",
            BINDS(BIND_INT64(id),
                  BIND_STRING(arena_printf(&scope->arena, "c%d@example.org", (int)id)))));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, id, id));
    world->customer_count++;
}

// Few instants, so that several facts are at the same one.
static int64_t an_instant(struct world *world) {
    return (INT64_C(1304000000) + draw(world, 12) * INT64_C(700000)) * 1000000;
}

static struct text product_list(struct scope *scope, const struct event *event) {
    return event->another == 0
               ? (struct text){0}
               : text_printf(&scope->arena, "%" PRId64 ",%" PRId64, event->product, event->another);
}

static void make_facts(struct scope *scope, struct world *world) {
    for (int64_t i = 0; i < FACTS; i++) {
        const int64_t origin = 10 * (int64_t)(1 + draw(world, CUSTOMERS - 1));
        const int64_t at_us = an_instant(world);
        struct event *event = &world->events[i];
        struct consent *consent = &world->consents[i];

        *event = (struct event){world->customer_of[origin / 10],
                                day_of(at_us),
                                pick(world, event_names, 2),
                                draw(world, 5),
                                0,
                                pick(world, coupons, 3)};
        if (event->product != 0 && draw(world, 2))
            event->another = 1 + (event->product + draw(world, 3)) % 4; // not the same again
        *consent = (struct consent){.origin = origin,
                                    .at_us = at_us,
                                    .id = i + 1,
                                    .purpose = pick(world, purposes, 2),
                                    .channel = pick(world, ways, 2),
                                    .state = pick(world, states, 3)};
        CHECK_OK(ledger_exec(
            scope,
            "INSERT INTO event (id, import_id, seen_import, source, event_key, origin, at_us, "
            "name, product_id, coupon, product_ids) "
            "VALUES ($1, 1, 1, 't', CAST($1 AS TEXT), $2, $3, $4, $5, $6, $7)",
            BINDS(BIND_INT64(i + 1), BIND_INT64(origin), BIND_INT64(at_us),
                  BIND_STRING(event->name),
                  BIND_INT64_IF(event->product != 0 && event->another == 0, event->product),
                  BIND_TEXT_OR_NULL(text_of(event->coupon ? event->coupon : "")),
                  BIND_TEXT_OR_NULL(product_list(scope, event)))));
        CHECK_OK(ledger_exec(
            scope,
            "INSERT INTO consent (id, import_id, seen_import, source, consent_key, identifier_id, "
            "origin, purpose, channel, state, at_us) "
            "VALUES ($1, 1, 1, 't', CAST($1 AS TEXT), $2, $2, $3, $4, $5, $6)",
            BINDS(BIND_INT64(i + 1), BIND_INT64(origin), BIND_STRING(consent->purpose),
                  BIND_STRING(consent->channel), BIND_STRING(consent->state), BIND_INT64(at_us))));
    }
    CHECK_OK(change_record(scope, CHANGE_EVENT, CHANGE_CREATED, 1, FACTS));
    CHECK_OK(change_record(scope, CHANGE_CONSENT, CHANGE_CREATED, 1, FACTS));
}

static const char *copy(struct scope *scope, const struct rows *rows, size_t column) {
    return text_string(&scope->arena, rows_text(rows, column));
}

static void read_lines(struct scope *scope, struct world *world) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    CHECK_OK(ledger_query(
        scope,
        "SELECT s.id, s.origin, l.product_id, s.kind, s.sold_at_us, l.gross_micros, l.net_micros, "
        "l.quantity_micros, t.code, s.channel, s.country, l.coupon "
        "FROM sale s JOIN sale_line l ON l.sale_id = s.id LEFT JOIN store t ON t.id = s.store_id",
        NO_BINDS, &rows));
    while (rows_next(rows))
        world->lines[world->line_count++] = (struct line){
            .sale = rows_int64(rows, 0),
            .customer = world->customer_of[rows_int64(rows, 1) / 10],
            .product = rows_int64(rows, 2),
            .kind = (int)rows_int64(rows, 3),
            .day = day_of(rows_int64(rows, 4)),
            .gross = rows_int64(rows, 5),
            .net = rows_int64(rows, 6),
            .quantity = rows_int64(rows, 7),
            .store = copy(scope, rows, 8),
            .channel = copy(scope, rows, 9),
            .country = copy(scope, rows, 10),
            .coupon = copy(scope, rows, 11),
        };
    CHECK_OK(rows_end(rows));
}

static void make_world(struct scope *scope, struct world *world, uint64_t seed) {
    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT(ZONE)));
    world->random = random_stream(7, 1, seed);
    world->as_of_day = day_from_civil(2011, 6, 15) - (int32_t)draw(world, 40);
    for (int64_t i = 0; i < CUSTOMERS; i++)
        world->customer_of[i] = 10 * i;
    make_sales(scope, world);
    CHECK_OK(ledger_begin(scope));
    if (seed % 2 == 0) { // the others have no aliases: another statement
        world->customer_of[1] = 10 * (int64_t)(4 + draw(world, 4));
        world->customer_of[2] = 10 * (int64_t)(4 + draw(world, 4));
    }
    make_facts(scope, world);
    for (int64_t i = 1; i < CUSTOMERS; i++)
        if (world->customer_of[i] == 10 * i)
            make_customer(scope, world, 10 * i);
    CHECK_OK(ledger_commit(scope));
    for (int64_t i = 1; i < CUSTOMERS; i++)
        if (world->customer_of[i] != 10 * i) {
            world->joined_us[i] = an_instant(world);
            test_alias(scope, 10 * i, world->customer_of[i]);
            CHECK_OK(ledger_exec(scope, "UPDATE alias SET joined_at_us = $2 WHERE origin = $1",
                                 BINDS(BIND_INT64(10 * i), BIND_INT64(world->joined_us[i]))));
        }
    read_lines(scope, world);
}

// ---- random trees ----

static void write_day(struct world *world, struct buffer *out) {
    buffer_printf(out, "\"2011-%02u-%02u\"", 1 + draw(world, 6), 1 + draw(world, 28));
}

static void write_window(struct world *world, struct buffer *out) {
    switch (draw(world, 4)) {
    case 0:
        buffer_printf(out, ", \"window\": {\"days\": %u}", 1 + draw(world, 120));
        return;
    case 1:
        buffer_add_string(out, ", \"window\": {\"from\": ");
        write_day(world, out);
        buffer_add_char(out, '}');
        return;
    case 2:
        buffer_add_string(out, ", \"window\": {\"from\": \"2011-02-10\", \"to\": \"2011-05-20\"}");
        return;
    default:
        return;
    }
}

static void write_where(struct world *world, struct buffer *out) {
    static const char *const choices[] = {
        "",
        "",
        "\"product\": \"P1\"",
        "\"product\": [\"P2\", \"P3\"]",
        "\"category\": \"C1\"",
        "\"coupon\": \"SPRING\"",
        "\"store\": [\"S1\", \"S2\"]",
        "\"channel\": \"web\"",
        "\"country\": \"France\", \"channel\": [\"web\", \"store\"]",
        "\"kind\": \"refund\"",
        "\"kind\": [\"sale\", \"adjustment\"]",
        "\"category\": [\"C2\"], \"store\": \"S1\"",
    };

    buffer_printf(out, ", \"where\": {%s}",
                  pick(world, choices, sizeof(choices) / sizeof(*choices)));
}

static void write_event_where(struct world *world, struct buffer *out) {
    static const char *const choices[] = {
        "\"product\": \"P1\"",
        "\"product\": [\"P2\", \"P3\"], \"coupon\": \"SPRING\"",
        "\"category\": \"C1\"",
        "\"coupon\": [\"SPRING\", \"AUTUMN\"]",
    };

    if (draw(world, 2))
        buffer_printf(out, ", \"where\": {%s}", pick(world, choices, 4));
}

static const char *ordered(struct world *world) {
    static const char *const operators[] = {"is", ">=", "<=", ">", "<"};

    return pick(world, operators, 5);
}

static void write_sales(struct world *world, struct buffer *out) {
    static const char *const measures[] = {
        "count",           "sum_gross",        "sum_net",           "quantity", "average_receipt",
        "days_since_last", "days_since_first", "distinct_products", "first_on", "last_on",
    };
    const uint32_t measure = draw(world, 10);

    buffer_printf(out, "{\"sales\": \"%s\"", measures[measure]);
    write_where(world, out);
    write_window(world, out);
    if (measure >= 8 && draw(world, 4) == 0) {
        buffer_printf(out, ", \"operator\": \"is_%s\"}", draw(world, 2) ? "known" : "unknown");
        return;
    }
    buffer_printf(out, ", \"operator\": \"%s\", \"value\": ", ordered(world));
    if (measure >= 8)
        write_day(world, out);
    else if (measure == 5 || measure == 6)
        buffer_printf(out, "%u", draw(world, 90));
    else if (measure == 0 || measure == 7)
        buffer_printf(out, "%u", draw(world, 5));
    else
        buffer_printf(out, "%s%u.5", draw(world, 6) ? "" : "-", draw(world, 15));
    buffer_add_char(out, '}');
}

static void write_attribute(struct world *world, struct buffer *out) {
    static const char *const clauses[] = {
        "\"country\", \"operator\": \"is\", \"value\": \"France\"",
        "\"country\", \"operator\": \"is_not\", \"value\": \"France\"",
        "\"country\", \"operator\": \"in\", \"value\": [\"France\", \"Italy\"]",
        "\"country\", \"operator\": \"not_in\", \"value\": [\"Spain\", \"Italy\"]",
        "\"country\", \"operator\": \"contains\", \"value\": \"an\"",
        "\"country\", \"operator\": \"starts_with\", \"value\": \"Sp\"",
        "\"country\", \"operator\": \"is_known\"",
        "\"country\", \"operator\": \"is_unknown\"",
        "\"has_email\", \"operator\": \"is\", \"value\": true",
        "\"has_email\", \"operator\": \"is_not\", \"value\": true",
        "\"attributes.level\", \"operator\": \">=\", \"value\": 3",
        "\"attributes.level\", \"operator\": \"<\", \"value\": 10",
        "\"attributes.level\", \"operator\": \"is\", \"value\": 3",
        "\"attributes.level\", \"operator\": \"is\", \"value\": \"3\"",
        "\"attributes.level\", \"operator\": \"in\", \"value\": [\"gold\", 10]",
        "\"attributes.level\", \"operator\": \"not_in\", \"value\": [2.5, 10]",
        "\"attributes.level\", \"operator\": \"is_unknown\"",
        "\"attributes.level\", \"operator\": \">\", \"value\": \"3\"",
    };
    const uint32_t choice = draw(world, sizeof(clauses) / sizeof(*clauses) + 4);

    buffer_add_string(out, "{\"attribute\": ");
    if (choice < sizeof(clauses) / sizeof(*clauses)) {
        buffer_printf(out, "%s}", clauses[choice]);
        return;
    }
    buffer_printf(out, "\"%s\", \"operator\": \"%s\", \"value\": ",
                  choice % 2 ? "birth_on" : "created_on", ordered(world));
    if (choice % 2)
        buffer_add_string(out, "\"1982-09-22\"}");
    else {
        write_day(world, out);
        buffer_add_char(out, '}');
    }
}

static void write_tree(struct world *world, struct buffer *out, int depth) {
    static const char *const heads[] = {"{\"all\": [", "{\"any\": ["};
    const uint32_t kind = draw(world, depth > 3 ? 4 : 8);

    if (kind == 0) {
        write_attribute(world, out);
    } else if (kind == 1) {
        buffer_printf(out, "{\"event\": \"%s\"", pick(world, event_names, 2));
        write_event_where(world, out);
        write_window(world, out);
        if (draw(world, 3))
            buffer_printf(out, ", \"operator\": \"%s\", \"value\": %u", ordered(world),
                          draw(world, 4));
        buffer_add_char(out, '}');
    } else if (kind == 2) {
        buffer_printf(out,
                      "{\"consent\": \"%s\", \"channel\": \"%s\", \"operator\": \"%sgranted\"}",
                      pick(world, purposes, 2), pick(world, ways, 2), draw(world, 2) ? "" : "not_");
    } else if (kind <= 4) {
        write_sales(world, out);
    } else if (kind == 5) {
        buffer_add_string(out, "{\"not\": ");
        write_tree(world, out, depth + 1);
        buffer_add_char(out, '}');
    } else {
        buffer_add_string(out, heads[kind - 6]);
        for (uint32_t count = 1 + draw(world, 3), i = 0; i < count; i++) {
            buffer_add_string(out, i > 0 ? ", " : "");
            write_tree(world, out, depth + 1);
        }
        buffer_add_string(out, "]}");
    }
}

// ---- the plain computation ----

static struct text said(const struct json *clause, const char *member) {
    const struct json *json = json_member(clause, member);

    return json && json->type == JSON_STRING ? json->string : (struct text){0};
}

static double number_of(const struct json *json) {
    return json->type == JSON_INT64 ? (double)json->int64 : json->number;
}

static bool compares(struct text operator, double fact, double value) {
    return text_is(operator, "is")   ? fact == value
           : text_is(operator, ">=") ? fact >= value
           : text_is(operator, "<=") ? fact <= value
           : text_is(operator, ">")  ? fact > value
                                     : fact < value;
}

static int32_t written_day(struct text text) {
    int year, month, day;

    CHECK(sscanf(text.data, "%4d-%2d-%2d", &year, &month, &day) == 3);
    return day_from_civil(year, month, day);
}

static bool within(const struct world *world, const struct json *clause, int32_t day) {
    const struct json *window = json_member(clause, "window");
    const struct json *days = json_member(window, "days");

    if (day > world->as_of_day)
        return false;
    if (days)
        return day > world->as_of_day - (int32_t)days->int64;
    return (!said(window, "from").data || day >= written_day(said(window, "from"))) &&
           (!said(window, "to").data || day <= written_day(said(window, "to")));
}

static bool one_of(const struct json *wanted, const char *fact) {
    if (!wanted)
        return true;
    if (wanted->type == JSON_STRING)
        return text_is(wanted->string, fact) && fact[0] != '\0';
    for (const struct json *item = wanted->first; item; item = item->next)
        if (text_is(item->string, fact))
            return true;
    return false;
}

static bool is_about(const struct json *where, int64_t product, const char *coupon) {
    static const char *const categories[] = {"", "C1", "C2", "", "C1"}; // by product
    static const char *const codes[] = {"", "P1", "P2", "P3", "P4"};

    return one_of(json_member(where, "product"), codes[product]) &&
           one_of(json_member(where, "category"), categories[product]) &&
           one_of(json_member(where, "coupon"), coupon);
}

static bool counts(const struct json *where, const struct line *line, bool all_kinds) {
    static const char *const kinds[] = {"", "sale", "refund", "adjustment"};
    const struct json *kind = json_member(where, "kind");

    return (kind ? one_of(kind, kinds[line->kind]) : all_kinds || line->kind == TEST_SALE) &&
           is_about(where, line->product, line->coupon) &&
           one_of(json_member(where, "store"), line->store) &&
           one_of(json_member(where, "channel"), line->channel) &&
           one_of(json_member(where, "country"), line->country);
}

struct totals {
    bool sales[DOCUMENTS + 1], products[5];
    int64_t gross, net, quantity;
    int receipts, different;
    int32_t first, last;
};

static struct totals add_up(const struct world *world, const struct json *clause, int64_t customer,
                            bool all_kinds) {
    struct totals totals = {.first = INT32_MAX, .last = INT32_MIN};

    for (size_t i = 0; i < world->line_count; i++) {
        const struct line *line = &world->lines[i];

        if (line->customer != customer || !within(world, clause, line->day) ||
            !counts(json_member(clause, "where"), line, all_kinds))
            continue;
        totals.receipts += !totals.sales[line->sale];
        totals.sales[line->sale] = true;
        totals.different += line->product > 0 && !totals.products[line->product];
        totals.products[line->product] = true;
        totals.gross += line->gross;
        totals.net += line->net;
        totals.quantity += line->quantity;
        totals.first = line->day < totals.first ? line->day : totals.first;
        totals.last = line->day > totals.last ? line->day : totals.last;
    }
    return totals;
}

static bool sales_hold(const struct world *world, const struct json *clause, int64_t customer) {
    const struct text measure = said(clause, "sales"), operator= said(clause, "operator");
    const struct json *value = json_member(clause, "value");
    const bool sums = text_is(measure, "sum_gross") || text_is(measure, "sum_net") ||
                      text_is(measure, "quantity");
    const struct totals totals = add_up(world, clause, customer, sums);
    const int32_t day = text_is(measure, "first_on") || text_is(measure, "days_since_first")
                            ? totals.first
                            : totals.last;

    if (text_is(operator, "is_known") || text_is(operator, "is_unknown"))
        return (totals.receipts > 0) == text_is(operator, "is_known");
    if (text_is(measure, "count"))
        return compares(operator, totals.receipts, number_of(value));
    if (text_is(measure, "distinct_products"))
        return compares(operator, totals.different, number_of(value));
    if (sums)
        return compares(operator, (double)(text_is(measure, "sum_gross") ? totals.gross
                                           : text_is(measure, "sum_net") ? totals.net
                                                                         : totals.quantity),
                        round(number_of(value) * 1e6));
    if (totals.receipts == 0)
        return false;
    if (text_is(measure, "average_receipt"))
        return compares(operator,(double) totals.gross / totals.receipts,
                        round(number_of(value) * 1e6));
    if (value->type == JSON_STRING)
        return compares(operator, day, written_day(value->string));
    return compares(operator, world->as_of_day - day, number_of(value));
}

static bool text_holds(struct text operator, const char * fact, const struct json *value) {
    const bool not_in = text_is(operator, "not_in") || text_is(operator, "is_not");
    bool found = false;

    if (text_is(operator, "is_known") || text_is(operator, "is_unknown"))
        return (fact != NULL) == text_is(operator, "is_known");
    if (!fact)
        return not_in;
    if (text_is(operator, "contains"))
        return strstr(fact, "an") != NULL;
    if (text_is(operator, "starts_with"))
        return strncmp(fact, "Sp", 2) == 0;
    for (const struct json *item = value->type == JSON_ARRAY ? value->first : value; item;
         item = value->type == JSON_ARRAY ? item->next : NULL) {
        char *end;
        const double number = strtod(fact, &end);

        if (item->type == JSON_STRING)
            found = found || text_is(item->string, fact);
        else
            found = found || (*end == '\0' && number == number_of(item));
    }
    return found != not_in;
}

static bool member_holds(struct text operator, const char * fact, const struct json *value) {
    char *end = NULL;
    double number;

    if (!fact || !memchr("<>", operator.data[0], 2))
        return text_holds(operator, fact, value);
    if (value->type == JSON_STRING)
        return compares(operator, text_compare(text_of(fact), value->string), 0);
    number = strtod(fact, &end);
    return *end == '\0' && compares(operator, number, number_of(value));
}

static bool attribute_holds(const struct json *clause, const struct customer *customer) {
    const struct text name = said(clause, "attribute"), operator= said(clause, "operator");
    const struct json *value = json_member(clause, "value");

    if (text_is(name, "country"))
        return text_holds(operator, customer->country, value);
    if (text_is(name, "has_email"))
        return (customer->has_email == value->boolean) == text_is(operator, "is");
    if (text_is(name, "birth_on"))
        return customer->birth_day != SEGMENT_NO_DAY &&
               compares(operator, customer->birth_day, written_day(value->string));
    if (text_is(name, "created_on"))
        return compares(operator, customer->created_day, written_day(value->string));
    if (!customer->level && memchr("<>", operator.data[0], 2))
        return false;
    return member_holds(operator, customer->level, value);
}

static bool event_holds(const struct world *world, const struct json *clause, int64_t customer) {
    const struct json *value = json_member(clause, "value");
    const struct json *where = json_member(clause, "where");
    int count = 0;

    for (size_t i = 0; i < FACTS; i++) {
        const struct event *event = &world->events[i];
        const char *coupon = event->coupon ? event->coupon : "";

        count += event->customer == customer && text_is(said(clause, "event"), event->name) &&
                 within(world, clause, event->day) &&
                 (!where || is_about(where, event->product, coupon) ||
                  (event->another != 0 && is_about(where, event->another, coupon)));
    }
    return value ? compares(said(clause, "operator"), count, number_of(value)) : count >= 1;
}

// What one origin said last, or another of its customer when both were that already.
static const struct consent *latest_consent(const struct world *world, const struct json *clause,
                                            int64_t origin) {
    const struct consent *latest = NULL;

    for (size_t i = 0; i < FACTS; i++) { // ids ascend
        const struct consent *consent = &world->consents[i];

        const size_t other = (size_t)(consent->origin / 10), own = (size_t)(origin / 10);
        const bool speaks = world->customer_of[other] == world->customer_of[own] &&
                            consent->at_us > world->joined_us[other] &&
                            consent->at_us > world->joined_us[own];

        if ((consent->origin == origin || speaks) && day_of(consent->at_us) <= world->as_of_day &&
            text_is(said(clause, "consent"), consent->purpose) &&
            text_is(said(clause, "channel"), consent->channel) &&
            (!latest || consent->at_us > latest->at_us ||
             (consent->at_us == latest->at_us && consent->origin == origin)))
            latest = consent;
    }
    return latest;
}

// Somebody of the customer granted it and nobody of it says otherwise.
static bool consent_holds(const struct world *world, const struct json *clause, int64_t customer) {
    bool granted = false, refused = false;

    for (size_t i = 0; i < CUSTOMERS; i++) {
        const struct consent *latest = world->customer_of[i] == customer
                                           ? latest_consent(world, clause, 10 * (int64_t)i)
                                           : NULL;

        if (latest && strcmp(latest->state, "granted") == 0)
            granted = true;
        else if (latest)
            refused = true;
    }
    return (granted && !refused) == text_is(said(clause, "operator"), "granted");
}

static bool holds(const struct world *world, const struct json *node,
                  const struct customer *customer) {
    const struct json *all = json_member(node, "all"), *any = json_member(node, "any");

    for (const struct json *child = all   ? all->first
                                    : any ? any->first
                                          : NULL;
         child; child = child->next)
        if (holds(world, child, customer) == (any != NULL))
            return any != NULL;
    if (all || any)
        return all != NULL;
    if (json_member(node, "not"))
        return !holds(world, json_member(node, "not"), customer);
    if (json_member(node, "attribute"))
        return attribute_holds(node, customer);
    if (json_member(node, "event"))
        return event_holds(world, node, customer->id);
    if (json_member(node, "consent"))
        return consent_holds(world, node, customer->id);
    return sales_hold(world, node, customer->id);
}

// ---- both ----

static void check_tree(struct scope *scope, const struct world *world, const char *text) {
    int64_t count = 0, found, *ids = arena_array(&scope->arena, CUSTOMERS, sizeof(*ids));
    const struct segment_node *tree;
    struct segment_reason *reasons;
    struct json *json;
    size_t clause_count;
    const char *sql;
    struct binds binds;
    struct rows *rows;

    CHECK_OK(json_parse(scope, text_of(text), &json));
    CHECK_OK(segment_tree(scope, json, TEXT(""), &tree, NULL));
    for (size_t i = 0; i < world->customer_count; i++)
        if (holds(world, json, &world->customers[i]))
            ids[count++] = world->customers[i].id;
    CHECK_OK(segment_count(scope, tree, world->as_of_day, &found));
    CHECK_OK(segment_sql(scope, tree, world->as_of_day, &sql, &binds));
    CHECK_OK(lake_query(scope, sql, binds, &rows));
    for (int64_t i = 0; rows_next(rows); i++)
        if (i >= count || rows_int64(rows, 0) != ids[i])
            test_fail(__FILE__, __LINE__, "customer %d is found by %s\n%s",
                      (int)rows_int64(rows, 0), text, sql);
    CHECK_OK(rows_end(rows));
    rows_close(&rows);
    if (found != count)
        test_fail(__FILE__, __LINE__, "%d customers instead of %d are found by %s\n%s", (int)found,
                  (int)count, text, sql);
    CHECK_OK(
        segment_why(scope, tree, world->as_of_day, ids, (size_t)count, &reasons, &clause_count));
    for (size_t i = 0; i < (size_t)count * clause_count; i++)
        CHECK(reasons[i].words.size > 0);
}

static void check_world(struct scope *scope, uint64_t seed) {
    struct world *world = arena_alloc(&scope->arena, sizeof(*world));

    make_world(scope, world, seed);
    for (int i = 0; i < TREES; i++) {
        CLEANUP(buffer_clear) struct buffer text = {0};

        write_tree(world, &text, 0);
        check_tree(scope, world, buffer_string(&text));
    }
    test_store_close(scope);
}

TEST(a_segment_finds_whom_a_plain_computation_finds) {
    check_world(scope, 1);
}

TEST(a_segment_finds_whom_a_plain_computation_finds_with_joined_customers) {
    check_world(scope, 2);
}

TEST(a_segment_finds_whom_a_plain_computation_finds_in_another_world) {
    check_world(scope, 4);
}
