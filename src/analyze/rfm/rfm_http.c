// SPDX-License-Identifier: Apache-2.0
#include "analyze/rfm/rfm_http.h"

#include "analyze/metric/selection_http.h"
#include "analyze/rfm/rfm_rule.h"
#include "base/limits.h"
#include "base/time.h"
#include "rfm_sql.h"

#include <stdio.h>
#include <stdlib.h>

static const char *unit_of(struct scope *scope, struct text currency) {
    return currency.size > 0 ? text_string(&scope->arena, currency) : NULL;
}

static const char *const edge_fields[RFM_MEASURES] = {"recency-edges", "frequency-edges",
                                                      "monetary-edges"};

static code read_rules(struct scope *scope, const struct request *request, struct rfm_rules *rules,
                       bool *ret_any) {
    *ret_any = false;
    for (int measure = 0; measure < RFM_MEASURES; measure++) {
        TRY(rfm_rule_parse(scope, (enum rfm_measure)measure, edge_fields[measure],
                           request_text(request, edge_fields[measure]), &rules->of[measure]));
        *ret_any |= rules->of[measure].is_set;
    }
    return OK;
}

static code read_rfm(struct scope *scope, const struct request *request,
                     struct selection *ret_selection, struct rfm *ret_rfm) {
    struct rfm_rules rules = {0};
    bool has_rules;
    int32_t day;

    TRY(read_rules(scope, request, &rules, &has_rules));
    TRY(selection_read(scope, request, ret_selection));
    TRY(rfm_default_day(scope, &day));
    TRY(request_day(scope, request, "as-of", day, &day));
    TRY(rfm_compute(scope, ret_selection, day, ret_rfm));
    if (has_rules)
        rfm_apply_rules(ret_rfm, &rules);
    return OK;
}

// ---- figures of the whole ----

static int by_number(const void *a, const void *b) {
    const int64_t first = *(const int64_t *)a;
    const int64_t second = *(const int64_t *)b;

    return (first > second) - (first < second);
}

struct figures {
    double mean, median;
    int64_t maximum;
};

static struct figures figures_of(struct scope *scope, const int64_t *values, size_t count) {
    int64_t *sorted = arena_copy(&scope->arena, values, count * sizeof(*values));
    const size_t below = (count - 1) / 2; // the two in the middle, or twice the one
    const size_t above = count / 2;
    double sum = 0;

    if (count == 0)
        return (struct figures){0};
    qsort(sorted, count, sizeof(*sorted), by_number);
    for (size_t i = 0; i < count; i++)
        sum += (double)sorted[i];
    return (struct figures){
        .mean = sum / (double)count,
        .median = ((double)sorted[below] + (double)sorted[above]) / 2,
        .maximum = sorted[count - 1],
    };
}

static void write_figures(struct scope *scope, struct response *response, const struct rfm *rfm) {
    const struct column columns[] = {
        {"measure", "Measure", COLUMN_TEXT, NULL},   {"unit", "Unit", COLUMN_TEXT, NULL},
        {"mean", "Mean", COLUMN_NUMBER, NULL},       {"median", "Median", COLUMN_NUMBER, NULL},
        {"maximum", "Maximum", COLUMN_NUMBER, NULL},
    };
    const struct {
        const char *name;
        const char *unit;
        const int64_t *values;
        double divisor;
    } measures[] = {
        {"recency", "days", rfm->recency_days, 1},
        {"frequency", "receipts", rfm->frequency, 1},
        {"monetary", unit_of(scope, rfm->currency), rfm->monetary_micros, 1e6},
    };

    response_begin_table(response, "figures", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < 3; i++) {
        const struct figures figures = figures_of(scope, measures[i].values, rfm->count);

        response_begin_row(response);
        response_text(response, text_of(measures[i].name));
        response_text(response, text_of(measures[i].unit));
        response_double(response, figures.mean / measures[i].divisor);
        response_double(response, figures.median / measures[i].divisor);
        response_double(response, (double)figures.maximum / measures[i].divisor);
        response_end_row(response);
    }
    response_end_table(response);
}

// ---- groups and cells ----

struct sum {
    int64_t customers;
    int64_t monetary_micros;
    int64_t recency_days;
    int64_t frequency;
};

static void add_customer(struct sum *sum, const struct rfm *rfm, size_t i) {
    sum->customers++;
    sum->monetary_micros += rfm->monetary_micros[i];
    sum->recency_days += rfm->recency_days[i];
    sum->frequency += rfm->frequency[i];
}

static void write_share(struct response *response, int64_t part, int64_t whole) {
    if (whole == 0)
        response_null(response);
    else
        response_double(response, (double)part / (double)whole);
}

static void write_sum(struct response *response, const struct sum *sum, const struct sum *total) {
    response_int64(response, COLUMN_INTEGER, sum->customers);
    write_share(response, sum->customers, total->customers);
    response_int64(response, COLUMN_MONEY, sum->monetary_micros);
    write_share(response, sum->monetary_micros, total->monetary_micros);
    write_share(response, sum->recency_days, sum->customers);
    write_share(response, sum->frequency, sum->customers);
}

#define SUM_COLUMNS(money_unit)                                                                    \
    {"customers", "Customers", COLUMN_INTEGER, NULL},                                              \
        {"customer_share", "Of customers", COLUMN_SHARE, NULL},                                    \
        {"revenue_gross", "Revenue, gross", COLUMN_MONEY, money_unit},                             \
        {"revenue_share", "Of revenue", COLUMN_SHARE, NULL},                                       \
        {"mean_recency", "Days since", COLUMN_NUMBER, "days"}, {                                   \
        "mean_frequency", "Receipts each", COLUMN_NUMBER, NULL                                     \
    }

void rfm_write_groups(struct scope *scope, struct response *response, const char *key,
                      const struct rfm *rfm) {
    const struct column columns[] = {
        {"group", "Group", COLUMN_TEXT, NULL},
        SUM_COLUMNS(unit_of(scope, rfm->currency)),
        {"meaning", "Meaning", COLUMN_TEXT, NULL},
    };
    struct sum *sums = arena_array(&scope->arena, rfm_group_count, sizeof(*sums));
    struct sum total = {0};

    for (size_t i = 0; i < rfm->count; i++) {
        add_customer(&sums[rfm->group[i]], rfm, i);
        add_customer(&total, rfm, i);
    }
    response_begin_table(response, key, columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < rfm_group_count; i++) {
        response_begin_row(response);
        response_text(response, text_of(rfm_groups[i].name));
        write_sum(response, &sums[i], &total);
        response_text(response, text_of(rfm_groups[i].meaning));
        response_end_row(response);
    }
    response_end_table(response);
}

static void write_cells(struct scope *scope, struct response *response, const struct rfm *rfm) {
    const struct column columns[] = {
        {"cell", "RFM", COLUMN_TEXT, NULL},
        {"group", "Group", COLUMN_TEXT, NULL},
        SUM_COLUMNS(unit_of(scope, rfm->currency)),
    };
    struct sum *sums = arena_array(&scope->arena, RFM_CELLS, sizeof(*sums));
    struct sum total = {0};

    for (size_t i = 0; i < rfm->count; i++) {
        const size_t cell = (size_t)(rfm->recency_score[i] - 1) * 25 +
                            (size_t)(rfm->frequency_score[i] - 1) * 5 + rfm->monetary_score[i] - 1;

        add_customer(&sums[cell], rfm, i);
        add_customer(&total, rfm, i);
    }
    response_begin_table(response, "cells", columns, sizeof(columns) / sizeof(*columns));
    for (size_t cell = RFM_CELLS; cell-- > 0;) {
        const uint8_t r = (uint8_t)(cell / 25 + 1), f = (uint8_t)(cell / 5 % 5 + 1);
        const uint8_t m = (uint8_t)(cell % 5 + 1);

        if (sums[cell].customers == 0)
            continue;
        response_begin_row(response);
        response_text(response, text_printf(&scope->arena, "%d%d%d", r, f, m));
        response_text(response, text_of(rfm_groups[rfm_group_of(r, f, m)].name));
        write_sum(response, &sums[cell], &total);
        response_end_row(response);
    }
    response_end_table(response);
}

// ---- the map of recency by frequency, and where its edges are ----

// No group asks for the monetary score: all five of a pair have the same.
static void write_grid(struct scope *scope, struct response *response, const struct rfm *rfm) {
    const struct column columns[] = {
        {"recency", "Recency score", COLUMN_INTEGER, NULL},
        {"frequency", "Frequency score", COLUMN_INTEGER, NULL},
        {"group", "Group", COLUMN_TEXT, NULL},
        SUM_COLUMNS(unit_of(scope, rfm->currency)),
    };
    struct sum sums[RFM_SCORES + 1][RFM_SCORES + 1] = {0};
    struct sum total = {0};

    for (size_t i = 0; i < rfm->count; i++) {
        add_customer(&sums[rfm->recency_score[i]][rfm->frequency_score[i]], rfm, i);
        add_customer(&total, rfm, i);
    }
    response_begin_table(response, "grid", columns, sizeof(columns) / sizeof(*columns));
    for (int r = RFM_SCORES; r > 0; r--)
        for (int f = 1; f <= RFM_SCORES; f++) {
            const size_t group = rfm_group_of((uint8_t)r, (uint8_t)f, 1);

            response_begin_row(response);
            response_int64(response, COLUMN_INTEGER, r);
            response_int64(response, COLUMN_INTEGER, f);
            response_text(response, text_of(rfm_groups[group].name));
            write_sum(response, &sums[r][f], &total);
            response_end_row(response);
        }
    response_end_table(response);
}

struct edge {
    int64_t low, high;
};

static void write_edge(struct response *response, const struct edge *edge, enum column_type type) {
    if (edge->low > edge->high) {
        response_null(response);
        response_null(response);
        return;
    }
    response_int64(response, type, edge->low);
    response_int64(response, type, edge->high);
}

static void widen(struct edge *edge, int64_t value) {
    edge->low = value < edge->low ? value : edge->low;
    edge->high = value > edge->high ? value : edge->high;
}

static void write_edges(struct scope *scope, struct response *response, const struct rfm *rfm) {
    const char *unit = unit_of(scope, rfm->currency);
    const struct column columns[] = {
        {"score", "Score", COLUMN_INTEGER, NULL},
        {"last_from", "Last purchase from", COLUMN_DAY, NULL},
        {"last_to", "to", COLUMN_DAY, NULL},
        {"frequency_from", "Receipts from", COLUMN_INTEGER, NULL},
        {"frequency_to", "to", COLUMN_INTEGER, NULL},
        {"monetary_from", "Spent from", COLUMN_MONEY, unit},
        {"monetary_to", "to", COLUMN_MONEY, unit},
    };
    struct edge edges[RFM_SCORES + 1][3];

    for (int score = 0; score <= RFM_SCORES; score++)
        for (int measure = 0; measure < 3; measure++)
            edges[score][measure] = (struct edge){INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < rfm->count; i++) {
        widen(&edges[rfm->recency_score[i]][0], rfm->last_days[i]);
        widen(&edges[rfm->frequency_score[i]][1], rfm->frequency[i]);
        widen(&edges[rfm->monetary_score[i]][2], rfm->monetary_micros[i]);
    }
    response_begin_table(response, "edges", columns, sizeof(columns) / sizeof(*columns));
    for (int score = RFM_SCORES; score > 0; score--) {
        response_begin_row(response);
        response_int64(response, COLUMN_INTEGER, score);
        write_edge(response, &edges[score][0], COLUMN_DAY);
        write_edge(response, &edges[score][1], COLUMN_INTEGER);
        write_edge(response, &edges[score][2], COLUMN_MONEY);
        response_end_row(response);
    }
    response_end_table(response);
}

static const char definition[] =
    "Customers with at least one sale among the selected documents before midnight of the reference"
    " day. Recency: whole days from the last sale to that midnight. Frequency: sales. Monetary:"
    " amount including VAT, refunds and adjustments deducted. Scores are rank quintiles: 5 is the"
    " fifth that bought last, most often, for most; of equal values the customer with the smaller"
    " number has the lower score; a measure with edges is scored by these instead. Groups are "
    "rectangles of recency and frequency scores.";

static void write_reference(struct response *response, const struct rfm *rfm) {
    char text[TIME_TEXT_SIZE];

    json_key(&response->writer, "as_of");
    json_write_string(&response->writer, day_format(rfm->reference_day, text));
    json_key(&response->writer, "customers");
    json_write_int64(&response->writer, (int64_t)rfm->count);
}

#define AS_OF                                                                                      \
    {                                                                                              \
        .name = "as-of", .type = PARAMETER_DAY,                                                    \
        .help = "the day that recency is counted to; else the day after the last sale"             \
    }
#define EDGES                                                                                      \
    {.name = "recency-edges",                                                                      \
     .type = PARAMETER_TEXT,                                                                       \
     .help = "four numbers of days, as 30,90,180,365: scored by these instead of quintiles; at "   \
             "most the first is a 5, more than the last a 1"},                                     \
        {.name = "frequency-edges",                                                                \
         .type = PARAMETER_TEXT,                                                                   \
         .help = "four numbers of receipts: at least the last is a 5, less than the first a 1"},   \
    {                                                                                              \
        .name = "monetary-edges", .type = PARAMETER_TEXT,                                          \
        .help = "four amounts: at least the last is a 5, less than the first a 1"                  \
    }
#define REFERENCE_MEMBERS                                                                          \
    {.name = "as_of", ANSWER_DAY, "the day that recency is counted to"}, {                         \
        .name = "customers", ANSWER_INTEGER, "customers that are scored"                           \
    }

const struct route_parameter rfm_summary_parameters[] = {AS_OF, EDGES, EXPLANATION_PARAMETER,
                                                         SELECTION_PARAMETERS, PARAMETERS_END};
const struct route_answer rfm_summary_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        REFERENCE_MEMBERS, SELECTION_ANSWER,
        {.name = "figures", ANSWER_TABLE, "mean, median and maximum of each measure"},
        {.name = "groups", ANSWER_TABLE, "customers and revenue of each group"},
        {.name = "cells", ANSWER_TABLE, "the same of each of the 125 cells"},
        {.name = "grid", ANSWER_TABLE, "the same of each pair of recency and frequency"},
        {.name = "edges", ANSWER_TABLE, "the values that each score stands for"},
        EXPLANATION_ANSWER),
};

code rfm_http_summary(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct selection selection, read;
    struct rfm rfm;

    TRY(read_rfm(scope, request, &selection, &rfm));
    json_begin_object(&response->writer);
    write_reference(response, &rfm);
    TRY(selection_write(scope, response, &selection));
    write_figures(scope, response, &rfm);
    rfm_write_groups(scope, response, "groups", &rfm);
    write_cells(scope, response, &rfm);
    write_grid(scope, response, &rfm);
    write_edges(scope, response, &rfm);
    read = rfm_selection(&selection, rfm.reference_day);
    TRY(explanation_write(scope, request, response, &read, definition, sql_rfm_customers));
    json_end_object(&response->writer);
    return OK;
}

// ---- the list ----

const struct route_parameter rfm_customers_parameters[] = {
    AS_OF,
    EDGES,
    {.name = "group", PARAMETER_TEXT, "only customers of this group"},
    {.name = "customer", PARAMETER_INTEGER, "only this customer, by id", .maximum = INT64_MAX},
    {.name = "limit",
     PARAMETER_INTEGER,
     "rows of the answer at most",
     .usual = "1000",
     .minimum = 1,
     .maximum = LIMIT_REPORT_ROWS},
    PARAMETER_AFTER,
    SELECTION_PARAMETERS,
    PARAMETERS_END,
};
const struct route_answer rfm_customers_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(REFERENCE_MEMBERS, SELECTION_ANSWER,
                              {.name = "list", ANSWER_TABLE, "customers, their scores and group"},
                              {.name = "matching", ANSWER_INTEGER, "customers that all pages hold"},
                              ANSWER_NEXT),
};

static void write_customer(struct scope *scope, struct response *response, const struct rfm *rfm,
                           size_t i) {
    response_begin_row(response);
    response_int64(response, COLUMN_ID, rfm->customers[i]);
    response_text(response, rfm->numbers[i]);
    response_int64(response, COLUMN_INTEGER, rfm->recency_days[i]);
    response_int64(response, COLUMN_INTEGER, rfm->frequency[i]);
    response_int64(response, COLUMN_MONEY, rfm->monetary_micros[i]);
    response_text(response, text_printf(&scope->arena, "%d%d%d", rfm->recency_score[i],
                                        rfm->frequency_score[i], rfm->monetary_score[i]));
    response_text(response, text_of(rfm_groups[rfm->group[i]].name));
    response_end_row(response);
}

static code check_group(struct scope *scope, struct text group) {
    char names[300] = "";
    size_t used = 0;

    for (size_t i = 0; i < rfm_group_count; i++) {
        if (group.size == 0 || text_equal_ascii_case(group, text_of(rfm_groups[i].name)))
            return OK;
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "",
                                 rfm_groups[i].name);
    }
    scope_fail_field(scope, NOT_FOUND, "group", "group \"%.*s\" does not exist", TEXT_ARG(group));
    return scope_hint(scope, "groups are: %s", names);
}

// `customer` 0 and no group: every customer.
static bool is_asked_for(const struct rfm *rfm, size_t i, int64_t customer, struct text group) {
    if (customer != 0 && rfm->customers[i] != customer)
        return false;
    return group.size == 0 || text_equal_ascii_case(group, text_of(rfm_groups[rfm->group[i]].name));
}

code rfm_http_customers(struct scope *scope, const struct request *request,
                        struct response *response) {
    const struct text group = request_text(request, "group");
    struct selection selection;
    struct rfm rfm;
    const int64_t limit = request_integer(request, "limit");
    int64_t after, customer, matching = 0;

    TRY(request_int64(scope, request, "customer", 0, INT64_MAX, 0, &customer));
    TRY(request_int64(scope, request, "after", 0, INT64_MAX, 0, &after));
    TRY(check_group(scope, group));
    TRY(read_rfm(scope, request, &selection, &rfm));
    const struct column columns[] = {
        {"customer", "Customer", COLUMN_ID, NULL},
        {"number", "Number", COLUMN_TEXT, NULL},
        {"recency", "Recency", COLUMN_INTEGER, "days"},
        {"frequency", "Frequency", COLUMN_INTEGER, "receipts"},
        {"monetary", "Monetary", COLUMN_MONEY, unit_of(scope, rfm.currency)},
        {"cell", "RFM", COLUMN_TEXT, NULL},
        {"group", "Group", COLUMN_TEXT, NULL},
    };

    json_begin_object(&response->writer);
    write_reference(response, &rfm);
    TRY(selection_write(scope, response, &selection));
    response_begin_table(response, "list", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < rfm.count; i++) {
        if (!is_asked_for(&rfm, i, customer, group))
            continue;
        if (matching >= after && matching - after < limit)
            write_customer(scope, response, &rfm, i);
        matching++;
    }
    response_end_table(response);
    json_key(&response->writer, "matching");
    json_write_int64(&response->writer, matching);
    if (matching - limit > after) { // the scores are computed anew: the cursor is a place in them
        json_key(&response->writer, "next");
        response_int64(response, COLUMN_ID, after + limit);
    }
    json_end_object(&response->writer);
    return OK;
}
