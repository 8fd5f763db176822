// SPDX-License-Identifier: Apache-2.0
// Every metric by every dimension under every filter, over random small ledgers: what the compiled
// SQL says of the lake is what a plain computation over the lines of the ledger says. The
// computation knows no SQL but the one statement that reads the lines, and uses the C library's
// calendar.
#include "analyze/metric/metric.h"
#include "analyze/metric/metric_testing.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// Without summer time, so that the C library's UTC calendar serves.
#define ZONE "Asia/Kolkata"
enum { ZONE_SECONDS = 19800, MOST_FACTS = 400, ROUNDS = 2, DOCUMENTS = 60 };

// One line with everything its document says.
struct fact {
    int64_t sale, at_us, customer; // customer after joining, 0: anonymous
    int kind;
    int64_t product, store, cashier; // 0: none
    int64_t quantity, unit_price, discount, net, vat, gross;
    int64_t rate_bp;                                                             // -1: none
    const char *channel, *currency, *country, *source, *till, *payment, *coupon; // "": none
};

struct facts {
    struct fact all[MOST_FACTS];
    size_t count;
};

// ---- random ledgers ----

static uint32_t draw(uint64_t *state, uint32_t below) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % below;
}

static const char *pick(uint64_t *state, const char *const *values, uint32_t count) {
    return values[draw(state, count)];
}

static void random_document(struct scope *scope, uint64_t *state, struct test_line *document) {
    static const char *const channels[] = {"store", "web", NULL};
    static const char *const countries[] = {"France", "Spain", NULL, NULL};
    static const char *const words[] = {"a", "b", NULL};
    static const char *const currencies[] = {"EUR", "EUR", "GBP"};

    document->kind = (int)draw(state, 10);
    document->kind = document->kind < 8 ? TEST_SALE : document->kind - 6;
    document->at = arena_printf(&scope->arena, "20%02u-%02u-%02u %02u:%02u", 10 + draw(state, 2),
                                1 + draw(state, 12), 1 + draw(state, 28), draw(state, 24),
                                draw(state, 2) * 30);
    document->customer = (int64_t)draw(state, 12) * 10;
    document->store = draw(state, 4);
    document->cashier = draw(state, 4);
    document->channel = pick(state, channels, 3);
    document->currency = pick(state, currencies, 3);
    document->country = pick(state, countries, 4);
    document->source = pick(state, words, 2);
    document->till = pick(state, words, 3);
    document->payment = pick(state, words, 3);
}

static void random_line(uint64_t *state, struct test_line *line) {
    static const int32_t rates[] = {0, 700, 1900, 550};
    static const char *const coupons[] = {"a", "b", NULL, NULL};
    const double sign = line->kind == TEST_SALE && draw(state, 8) > 0 ? 1 : -1;

    line->product = draw(state, 7);
    line->quantity = sign * (draw(state, 5) == 0 ? 0.375 : 1 + draw(state, 9));
    line->price = draw(state, 6) == 0 ? 0 : (double)draw(state, 5000) / 1000;
    line->discount = draw(state, 3) == 0 ? (double)draw(state, 100) / 100 : 0;
    line->rate_bp = rates[draw(state, 4)];
    line->coupon = pick(state, coupons, 4);
}

static void random_ledger(struct scope *scope, uint64_t seed) {
    struct test_line *lines = arena_array(&scope->arena, MOST_FACTS, sizeof(*lines));
    uint64_t state = seed;
    size_t count = 0;

    for (int64_t sale = 1; sale <= DOCUMENTS; sale++) {
        struct test_line document = {.sale = sale};
        const uint32_t length = 1 + draw(&state, 4);

        random_document(scope, &state, &document);
        for (uint32_t i = 0; i < length; i++) {
            random_line(&state, &document);
            lines[count++] = document;
        }
    }
    test_sales(scope, lines, count);
    test_alias(scope, 20, 10);
    test_alias(scope, 70, 30);
}

static const char *text_column(struct scope *scope, const struct rows *rows, size_t column) {
    return text_string(&scope->arena, rows_text(rows, column));
}

static void read_facts(struct scope *scope, struct facts *facts) {
    static const char sql[] =
        "SELECT l.sale_id, s.sold_at_us, coalesce(a.customer, s.origin), s.kind, l.product_id, "
        "s.store_id, s.cashier_id, l.quantity_micros, l.unit_price_micros, l.discount_micros, "
        "l.net_micros, l.vat_micros, l.gross_micros, coalesce(l.vat_rate_bp, -1), s.channel, "
        "s.currency, s.country, s.source, s.till, s.payment, l.coupon "
        "FROM sale_line l JOIN sale s ON s.id = l.sale_id LEFT JOIN alias a ON a.origin = s.origin";
    CLEANUP(rows_close) struct rows *rows = NULL;

    facts->count = 0;
    CHECK_OK(ledger_query(scope, sql, NO_BINDS, &rows));
    while (rows_next(rows)) {
        struct fact *fact = &facts->all[facts->count++];
        int64_t *numbers[] = {&fact->product,    &fact->store,    &fact->cashier, &fact->quantity,
                              &fact->unit_price, &fact->discount, &fact->net,     &fact->vat,
                              &fact->gross,      &fact->rate_bp};
        const char **texts[] = {&fact->channel, &fact->currency, &fact->country, &fact->source,
                                &fact->till,    &fact->payment,  &fact->coupon};

        fact->sale = rows_int64(rows, 0);
        fact->at_us = rows_int64(rows, 1);
        fact->customer = rows_int64(rows, 2);
        fact->kind = (int)rows_int64(rows, 3);
        for (size_t i = 0; i < 10; i++)
            *numbers[i] = rows_int64(rows, 4 + i);
        for (size_t i = 0; i < 7; i++)
            *texts[i] = text_column(scope, rows, 14 + i);
    }
    CHECK_OK(rows_end(rows));
}

// ---- the plain computation: what a fact says ----

static const char *kind_of(const struct fact *fact) {
    static const char *const names[] = {"", "sale", "refund", "adjustment"};

    return names[fact->kind];
}

static const char *calendar(struct scope *scope, const struct fact *fact, const char *period) {
    const time_t local = fact->at_us / 1000000 + ZONE_SECONDS;
    struct tm parts;
    char text[40];

    gmtime_r(&local, &parts);
    if (strcmp(period, "day") == 0)
        strftime(text, sizeof(text), "%Y-%m-%d", &parts);
    else if (strcmp(period, "week") == 0)
        strftime(text, sizeof(text), "%G-W%V", &parts);
    else if (strcmp(period, "month") == 0)
        strftime(text, sizeof(text), "%Y-%m", &parts);
    else if (strcmp(period, "quarter") == 0)
        snprintf(text, sizeof(text), "%d-Q%d", parts.tm_year + 1900, parts.tm_mon / 3 + 1);
    else if (strcmp(period, "year") == 0)
        strftime(text, sizeof(text), "%Y", &parts);
    else if (strcmp(period, "weekday") == 0)
        strftime(text, sizeof(text), "%A", &parts);
    else if (strcmp(period, "hour") == 0)
        strftime(text, sizeof(text), "%H:00", &parts);
    else
        return NULL;
    return arena_printf(&scope->arena, "%s", text);
}

static const char *coded(struct scope *scope, const char *letter, const char *name, int64_t id) {
    if (id == 0)
        return name ? "|" : "";
    if (!name)
        return arena_printf(&scope->arena, "%s%d", letter, (int)id);
    return arena_printf(&scope->arena, "%s%d|%s %d", letter, (int)id, name, (int)id);
}

static const char *category_of(struct scope *scope, const struct fact *fact) {
    return fact->product % 3 ? arena_printf(&scope->arena, "C%d", (int)(fact->product % 3)) : "";
}

static const char *brand_of(const struct fact *fact) {
    return fact->product == 0 ? "" : fact->product % 2 ? "B1" : "B0";
}

static const char *rate_of(struct scope *scope, const struct fact *fact) {
    return fact->rate_bp < 0 ? "" : arena_printf(&scope->arena, "%g", (double)fact->rate_bp / 100);
}

// A dimension's value, as the answer writes it; a filter's field, as people write it.
static const char *says(struct scope *scope, const struct fact *fact, const char *name,
                        bool names) {
    const char *period = calendar(scope, fact, name);
    const struct {
        const char *name, *value;
    } texts[] = {{"channel", fact->channel},
                 {"currency", fact->currency},
                 {"country", fact->country},
                 {"source", fact->source},
                 {"till", fact->till},
                 {"payment", fact->payment},
                 {"coupon", fact->coupon},
                 {"kind", kind_of(fact)},
                 {"brand", brand_of(fact)},
                 {"category", category_of(scope, fact)},
                 {"vat_rate", rate_of(scope, fact)},
                 {"store", coded(scope, "S", names ? "Store" : NULL, fact->store)},
                 {"cashier", coded(scope, "K", names ? "Cashier" : NULL, fact->cashier)},
                 {"product", coded(scope, "P", names ? "Product" : NULL, fact->product)},
                 {"customer", fact->customer ? "known" : "anonymous"}};

    if (period)
        return period;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (strcmp(texts[i].name, name) == 0)
            return texts[i].value;
    test_fail(__FILE__, __LINE__, "the plain computation does not know %s", name);
}

static double number_of(const char *text) {
    double number;

    CHECK(text_to_double(text_of(text), &number));
    return number;
}

static bool compares(double difference, const char *sign) {
    if (strcmp(sign, ">") == 0)
        return difference > 0;
    if (strcmp(sign, ">=") == 0)
        return difference >= 0;
    if (strcmp(sign, "<") == 0)
        return difference < 0;
    if (strcmp(sign, "<=") == 0)
        return difference <= 0;
    return (strcmp(sign, "=") == 0) == (difference == 0);
}

static bool passes(struct scope *scope, const struct fact *fact, const char *field,
                   const char *sign, const char *value) {
    const struct {
        const char *name;
        int64_t micros;
    } numbers[] = {{"quantity", fact->quantity},
                   {"unit_price", fact->unit_price},
                   {"discount", fact->discount},
                   {"gross", fact->gross}};
    bool equal;

    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        if (strcmp(numbers[i].name, field) == 0)
            return compares((double)numbers[i].micros / 1e6 - number_of(value), sign);
    if (strcmp(field, "vat_rate") == 0 && sign[0] == '>')
        return fact->rate_bp >= 0 && compares((double)fact->rate_bp / 100 - number_of(value), sign);
    equal = strcmp(says(scope, fact, field, false), value) == 0;
    return equal == (strcmp(sign, "=") == 0);
}

// ---- the plain computation: metrics over the facts of a group ----

struct group {
    const struct facts *everything; // for what is the first document
    const struct fact *facts[MOST_FACTS];
    size_t count;
};

struct number {
    bool is_null;
    double value; // whole numbers and micros are exact up to 2⁵³
};

struct named {
    const char *name;
    struct number number;
};

static bool is_first(const struct group *group, const struct fact *fact) {
    for (size_t i = 0; i < group->everything->count; i++) {
        const struct fact *other = &group->everything->all[i];

        if (other->customer == fact->customer && other->at_us < fact->at_us)
            return false;
    }
    return fact->customer != 0;
}

enum { OF_SALE, OF_CUSTOMER, OF_PRODUCT };

static int64_t id_of(const struct fact *fact, int of) {
    return of == OF_SALE ? fact->sale : of == OF_CUSTOMER ? fact->customer : fact->product;
}

// Different ids that are not 0, of facts of one kind (0: any) that are wanted.
static double count_different(const struct group *group, int of, int kind,
                              bool (*wanted)(const struct group *, const struct fact *)) {
    double count = 0;

    for (size_t i = 0; i < group->count; i++) {
        const struct fact *fact = group->facts[i];
        bool is_new = id_of(fact, of) != 0;

        if ((kind && fact->kind != kind) || (wanted && !wanted(group, fact)))
            continue;
        for (size_t k = 0; k < i && is_new; k++)
            is_new = !(id_of(group->facts[k], of) == id_of(fact, of) &&
                       (!kind || group->facts[k]->kind == kind) &&
                       (!wanted || wanted(group, group->facts[k])));
        count += is_new;
    }
    return count;
}

static bool is_known(const struct group *group, const struct fact *fact) {
    (void)group;
    return fact->customer != 0;
}

static bool is_anonymous(const struct group *group, const struct fact *fact) {
    return !is_known(group, fact);
}

static double sum(const struct group *group, size_t offset, int kind,
                  bool (*wanted)(const struct group *, const struct fact *)) {
    int64_t total = 0;

    for (size_t i = 0; i < group->count; i++) {
        const struct fact *fact = group->facts[i];

        if ((!kind || fact->kind == kind) && (!wanted || wanted(group, fact)))
            total += *(const int64_t *)(const void *)((const char *)fact + offset);
    }
    return (double)total;
}

#define SUM(column, kind) sum(group, offsetof(struct fact, column), (kind), NULL)

static double count_lines(const struct group *group, int kind) {
    double count = 0;

    for (size_t i = 0; i < group->count; i++)
        count += !kind || group->facts[i]->kind == kind;
    return count;
}

static struct number plain(double value) {
    return (struct number){.value = value};
}

static struct number ratio(double dividend, double divisor, double unit) {
    if (divisor == 0)
        return (struct number){.is_null = true};
    return plain(unit > 0 ? round(dividend / divisor / unit) * unit : dividend / divisor);
}

static size_t compute_money(const struct group *group, struct named *named) {
    const double sales = SUM(gross, TEST_SALE);
    const double refunds = -SUM(gross, TEST_REFUND);
    const double receipts = count_different(group, OF_SALE, TEST_SALE, NULL);
    const double customers = count_different(group, OF_CUSTOMER, 0, NULL);
    const double known = sum(group, offsetof(struct fact, gross), 0, is_known);
    const double anonymous = sum(group, offsetof(struct fact, gross), 0, is_anonymous);
    const struct named all[] = {
        {"revenue_gross", plain(SUM(gross, 0))},
        {"revenue_net", plain(SUM(net, 0))},
        {"vat", plain(SUM(vat, 0))},
        {"sales_gross", plain(sales)},
        {"refunds_gross", plain(refunds)},
        {"refund_rate", ratio(refunds, sales, 0)},
        {"discount", plain(SUM(discount, 0))},
        {"basket_value", ratio(sales, receipts, 10000)},
        {"price_per_unit", SUM(quantity, TEST_SALE) == 0
                               ? (struct number){.is_null = true}
                               : plain(round(sales / SUM(quantity, TEST_SALE) * 10000) * 100)},
        {"revenue_per_customer", ratio(known, customers, 10000)},
        {"anonymous_share", ratio(anonymous, SUM(gross, 0), 0)},
    };

    memcpy(named, all, sizeof(all));
    return sizeof(all) / sizeof(*all);
}

static size_t compute_counts(const struct group *group, struct named *named) {
    const double sale_receipts = count_different(group, OF_SALE, TEST_SALE, NULL);
    const double customers = count_different(group, OF_CUSTOMER, 0, NULL);
    const double new_customers = count_different(group, OF_CUSTOMER, 0, is_first);
    const struct named all[] = {
        {"receipts", plain(count_different(group, OF_SALE, 0, NULL))},
        {"sale_receipts", plain(sale_receipts)},
        {"refund_receipts", plain(count_different(group, OF_SALE, TEST_REFUND, NULL))},
        {"sale_lines", plain(count_lines(group, 0))},
        {"units", plain(SUM(quantity, 0))},
        {"products", plain(count_different(group, OF_PRODUCT, 0, NULL))},
        {"basket_units", ratio(SUM(quantity, TEST_SALE), sale_receipts, 10000)},
        {"basket_lines", ratio(count_lines(group, TEST_SALE), sale_receipts, 0)},
        {"customers", plain(customers)},
        {"customers_new", plain(new_customers)},
        {"customers_returning", plain(customers - new_customers)},
        {"receipts_per_customer",
         ratio(count_different(group, OF_SALE, 0, is_known), customers, 0)},
    };

    memcpy(named, all, sizeof(all));
    return sizeof(all) / sizeof(*all);
}

struct computed {
    struct named all[2 * METRIC_COLUMNS];
    size_t count;
};

static void compute(const struct group *group, struct computed *computed) {
    computed->count = compute_money(group, computed->all);
    computed->count += compute_counts(group, computed->all + computed->count);
}

static struct number find_number(const struct computed *computed, const char *name) {
    for (size_t i = 0; i < computed->count; i++)
        if (strcmp(computed->all[i].name, name) == 0)
            return computed->all[i].number;
    test_fail(__FILE__, __LINE__, "the plain computation does not know %s", name);
}

// ---- the comparison ----

struct question {
    const char *filter[3]; // field, sign, value; NULL: none
    bool first_half;       // only the first half of 2011
    const struct dimension *by[2];
    bool only_documents; // metrics that documents alone can answer
};

static bool is_selected(struct scope *scope, const struct question *question,
                        const struct fact *fact) {
    const char *day = says(scope, fact, "day", false);

    if (question->first_half && (strcmp(day, "2011-01-01") < 0 || strcmp(day, "2011-06-30") > 0))
        return false;
    if (strcmp(fact->currency, "EUR") != 0)
        return false;
    return !question->filter[0] ||
           passes(scope, fact, question->filter[0], question->filter[1], question->filter[2]);
}

static const char *key_of_fact(struct scope *scope, const struct question *question,
                               const struct fact *fact) {
    const char *key = "";

    for (size_t i = 0; i < 2 && question->by[i]; i++)
        key = arena_printf(&scope->arena, "%s%s|", key,
                           says(scope, fact, question->by[i]->name, true));
    return key;
}

static const char *key_of_row(struct scope *scope, const struct metric_query *query,
                              const struct rows *rows, size_t *ret_column) {
    const char *key = "";
    size_t column = 0;

    for (size_t i = 0; i < query->dimension_count; i++)
        for (size_t k = 0; k < dimension_width(query->dimensions[i]); k++, column++) {
            const struct text part =
                dimension_text(&scope->arena, query->dimensions[i], rows, column);

            key = arena_printf(&scope->arena, "%s%.*s|", key, TEXT_ARG(part));
        }
    *ret_column = column;
    return key;
}

static void check_row(struct scope *scope, const struct metric_query *query,
                      const struct rows *rows, const struct group *group, const char *key) {
    struct computed computed;
    size_t column;

    compute(group, &computed);
    key_of_row(scope, query, rows, &column);
    for (size_t i = 0; i < query->metric_count; i++, column++) {
        const struct metric *metric = query->metrics[i];
        const struct number expected = find_number(&computed, metric->name);
        const bool is_whole = metric->type != METRIC_NUMBER && metric->type != METRIC_SHARE;
        const double actual =
            is_whole ? (double)rows_int64(rows, column) : rows_double(rows, column);

        if (rows_is_null(rows, column) != expected.is_null ||
            (!expected.is_null && actual != expected.value))
            test_fail(__FILE__, __LINE__, "%s of \"%s\" is %.17g, expected %.17g", metric->name,
                      key, rows_is_null(rows, column) ? NAN : actual,
                      expected.is_null ? NAN : expected.value);
    }
}

// The facts of a row's group, and how many facts are selected at all.
static void find_group(struct scope *scope, const struct question *question,
                       const struct facts *facts, const char *key, struct group *group) {
    *group = (struct group){.everything = facts};
    for (size_t i = 0; i < facts->count; i++)
        if (is_selected(scope, question, &facts->all[i]) &&
            strcmp(key_of_fact(scope, question, &facts->all[i]), key) == 0)
            group->facts[group->count++] = &facts->all[i];
}

static void build_query(struct scope *scope, const struct question *question,
                        struct metric_query *query) {
    *query = (struct metric_query){0};
    for (size_t i = 0; i < metric_count; i++)
        if (!question->only_documents || metrics[i].expression.on_sale)
            query->metrics[query->metric_count++] = &metrics[i];
    for (size_t i = 0; i < 2 && question->by[i]; i++)
        query->dimensions[query->dimension_count++] = question->by[i];
    CHECK_OK(selection_add_filter(scope, &query->selection, TEXT("currency=EUR")));
    if (question->filter[0])
        CHECK_OK(selection_add_filter(scope, &query->selection,
                                      text_printf(&scope->arena, "%s %s %s", question->filter[0],
                                                  question->filter[1], question->filter[2])));
    if (question->first_half) {
        query->selection.has_from = query->selection.has_to = true;
        query->selection.from_day = day_from_civil(2011, 1, 1);
        query->selection.to_day = day_from_civil(2011, 6, 30);
    }
}

static void check_question(struct scope *scope, const struct facts *facts,
                           const struct question *question) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct group *group = arena_alloc(&scope->arena, sizeof(*group));
    struct metric_query query;
    size_t seen = 0, selected = 0, column;
    struct text currency;

    build_query(scope, question, &query);
    CHECK_OK(metric_run(scope, &query, &rows, &currency));
    while (rows_next(rows)) {
        const char *key = key_of_row(scope, &query, rows, &column);

        find_group(scope, question, facts, key, group);
        CHECK(group->count > 0 || query.dimension_count == 0);
        check_row(scope, &query, rows, group, key);
        seen += group->count;
    }
    CHECK_OK(rows_end(rows));
    for (size_t i = 0; i < facts->count; i++)
        selected += is_selected(scope, question, &facts->all[i]);
    CHECK_INT((int64_t)seen, (int64_t)selected); // no group is missing
}

static const char *const filters[][3] = {
    {NULL, NULL, NULL},          {"customer", "=", "known"}, {"customer", "!=", "known"},
    {"kind", "=", "refund"},     {"kind", "!=", "sale"},     {"country", "=", "France"},
    {"country", "!=", "France"}, {"channel", "=", ""},       {"channel", "!=", ""},
    {"store", "=", "S1"},        {"store", "!=", "S1"},      {"cashier", "=", "K2"},
    {"source", "=", "a"},        {"till", "!=", "b"},        {"payment", "=", "a"},
    {"product", "=", "P2"},      {"product", "!=", "P2"},    {"category", "=", "C1"},
    {"category", "!=", "C1"},    {"brand", "=", "B0"},       {"coupon", "=", "a"},
    {"coupon", "=", ""},         {"vat_rate", "=", "19"},    {"vat_rate", ">=", "7"},
    {"vat_rate", "!=", "5.5"},   {"quantity", ">", "0"},     {"unit_price", ">", "0"},
    {"discount", "!=", "0"},     {"gross", "<", "0"},        {"gross", ">=", "1.5"},
    {"quantity", "<=", "0.375"}, {"unit_price", "=", "0"},
};
enum { FILTERS = sizeof(filters) / sizeof(*filters) };

static void check_dimension(struct scope *scope, const struct facts *facts, uint64_t *state,
                            size_t index) {
    for (int i = 0; i < 4; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const uint32_t filter = i == 0 ? 0 : draw(state, FILTERS);
        struct question question = {.first_half = draw(state, 3) == 0,
                                    .only_documents = i % 2 == 0};

        if (index < dimension_count)
            question.by[0] = &dimensions[index];
        if (question.by[0] && i > 1 && draw(state, 2))
            question.by[1] = &dimensions[draw(state, (uint32_t)dimension_count)];
        if (question.by[1] == question.by[0])
            question.by[1] = NULL;
        memcpy(question.filter, filters[filter], sizeof(question.filter));
        check_question(scope, facts, &question);
        arena_rewind(&scope->arena, mark);
    }
}

TEST(every_metric_says_of_the_lake_what_a_plain_computation_says_of_the_ledger) {
    struct facts *facts = arena_alloc(&scope->arena, sizeof(*facts));
    uint64_t state = 11;

    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT(ZONE)));
    random_ledger(scope, 2024);
    CHECK_OK(lake_refresh(scope));
    read_facts(scope, facts);
    CHECK(facts->count > DOCUMENTS);
    for (size_t i = 0; i <= dimension_count; i++)
        check_dimension(scope, facts, &state, i);
}

TEST(every_filter_selects_what_a_plain_computation_selects) {
    struct facts *facts = arena_alloc(&scope->arena, sizeof(*facts));

    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT(ZONE)));
    random_ledger(scope, 99);
    CHECK_OK(lake_refresh(scope));
    read_facts(scope, facts);
    for (size_t i = 0; i < FILTERS; i++) {
        struct question question = {.only_documents = true};

        memcpy(question.filter, filters[i], sizeof(question.filter));
        check_question(scope, facts, &question);
    }
}

// The plain computation above reads lines; this makes sure that the documents were asked at all.
TEST(documents_and_lines_give_the_same_numbers) {
    struct facts *facts = arena_alloc(&scope->arena, sizeof(*facts));
    struct question question = {.only_documents = true};
    struct metric_query query;

    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT(ZONE)));
    random_ledger(scope, 7);
    CHECK_OK(lake_refresh(scope));
    read_facts(scope, facts);
    for (int lines = 0; lines < 2; lines++) {
        CLEANUP(rows_close) struct rows *rows = NULL;
        struct group *group = arena_alloc(&scope->arena, sizeof(*group));
        struct text currency;

        CHECK_OK(dimension_find(scope, TEXT("channel"), &question.by[0]));
        build_query(scope, &question, &query);
        query.count_lines = lines;
        CHECK_OK(metric_run(scope, &query, &rows, &currency));
        while (rows_next(rows)) {
            size_t column;
            const char *key = key_of_row(scope, &query, rows, &column);

            find_group(scope, &question, facts, key, group);
            check_row(scope, &query, rows, group, key);
        }
        CHECK_OK(rows_end(rows));
    }
}
