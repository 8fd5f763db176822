// SPDX-License-Identifier: Apache-2.0
#include "analyze/rfm/rfm_http.h"

#include "analyze/metric/selection_http.h"
#include "base/limits.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>

static const char *unit_of(struct scope *scope, struct text currency) {
    return currency.size > 0 ? text_string(&scope->arena, currency) : NULL;
}

static code read_rfm(struct scope *scope, const struct request *request,
                     struct selection *ret_selection, struct rfm *ret_rfm) {
    int32_t day;

    TRY(selection_read(scope, request, ret_selection));
    TRY(rfm_default_day(scope, &day));
    TRY(request_day(scope, request, "as-of", day, &day));
    return rfm_compute(scope, ret_selection, day, ret_rfm);
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
#define REFERENCE_MEMBERS                                                                          \
    {.name = "as_of", ANSWER_DAY, "the day that recency is counted to"}, {                         \
        .name = "customers", ANSWER_INTEGER, "customers that are scored"                           \
    }

const struct route_parameter rfm_summary_parameters[] = {AS_OF, SELECTION_PARAMETERS,
                                                         PARAMETERS_END};
const struct route_answer rfm_summary_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        REFERENCE_MEMBERS, SELECTION_ANSWER,
        {.name = "figures", ANSWER_TABLE, "mean, median and maximum of each measure"},
        {.name = "groups", ANSWER_TABLE, "customers and revenue of each group"},
        {.name = "cells", ANSWER_TABLE, "the same of each of the 125 cells"}),
};

code rfm_http_summary(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct selection selection;
    struct rfm rfm;

    TRY(read_rfm(scope, request, &selection, &rfm));
    json_begin_object(&response->writer);
    write_reference(response, &rfm);
    TRY(selection_write(scope, response, &selection));
    write_figures(scope, response, &rfm);
    rfm_write_groups(scope, response, "groups", &rfm);
    write_cells(scope, response, &rfm);
    json_end_object(&response->writer);
    return OK;
}

// ---- the list ----

const struct route_parameter rfm_customers_parameters[] = {
    AS_OF,
    {.name = "group", PARAMETER_TEXT, "only customers of this group"},
    {.name = "limit",
     PARAMETER_INTEGER,
     "rows of the answer at most",
     .usual = "1000",
     .minimum = 1,
     .maximum = LIMIT_REPORT_ROWS},
    {.name = "offset",
     PARAMETER_INTEGER,
     "rows to leave out before the first",
     .usual = "0",
     .maximum = INT64_MAX},
    SELECTION_PARAMETERS,
    PARAMETERS_END,
};
const struct route_answer rfm_customers_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS(REFERENCE_MEMBERS, SELECTION_ANSWER,
                       {.name = "list", ANSWER_TABLE, "customers, their scores and group"},
                       {.name = "matching", ANSWER_INTEGER, "customers that all pages hold"}),
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

code rfm_http_customers(struct scope *scope, const struct request *request,
                        struct response *response) {
    const struct text group = request_text(request, "group");
    struct selection selection;
    struct rfm rfm;
    const int64_t limit = request_integer(request, "limit");
    const int64_t offset = request_integer(request, "offset");
    int64_t matching = 0;

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
        if (group.size > 0 && !text_equal_ascii_case(group, text_of(rfm_groups[rfm.group[i]].name)))
            continue;
        if (matching >= offset && matching - offset < limit)
            write_customer(scope, response, &rfm, i);
        matching++;
    }
    response_end_table(response);
    json_key(&response->writer, "matching");
    json_write_int64(&response->writer, matching);
    json_end_object(&response->writer);
    return OK;
}
