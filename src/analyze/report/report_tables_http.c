// SPDX-License-Identifier: Apache-2.0
#include "analyze/report/report_tables_http.h"

#include "analyze/metric/comparison_http.h"
#include "analyze/metric/metric_http.h"

#include <assert.h>

// ---- layouts of metrics ----

static code read_layout(struct scope *scope, const struct report_layout *layout,
                        const struct selection *selection, struct metric_query *ret_query) {
    ret_query->selection = *selection;
    ret_query->limit = layout->limit;
    for (const char *const *name = layout->metrics; *name; name++)
        TRY(metric_query_add(scope, ret_query, text_of(*name)));
    if (layout->dimension)
        TRY(metric_query_by(scope, ret_query, text_of(layout->dimension)));
    return OK;
}

code report_write_layout(struct scope *scope, struct response *response, const char *key,
                         const struct report_layout *layout, const struct selection *selection) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct metric_query query = {0};
    struct text currency;

    TRY(read_layout(scope, layout, selection, &query));
    if (layout->comparison != COMPARE_NOTHING)
        return comparison_write_table(scope, response, key, &query, layout->comparison,
                                      layout->before);
    TRY(metric_run(scope, &query, &rows, &currency));
    return metric_write_table(scope, response, key, &query, rows, currency);
}

// ---- leagues ----

// The first metric over the whole selection, in its smallest unit.
static code find_total(struct scope *scope, const struct metric_query *query, int64_t *ret_total) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct metric_query total = {
        .metrics = {query->metrics[0]}, .metric_count = 1, .selection = query->selection};
    struct text currency;
    int64_t value = 0;

    TRY(metric_run(scope, &total, &rows, &currency));
    if (rows_next(rows))
        value = rows_int64(rows, 0);
    TRY(rows_end(rows));
    *ret_total = value;
    return OK;
}

static void write_text_or_null(struct response *response, struct text value) {
    if (value.data)
        response_text(response, value);
    else
        response_null(response);
}

// Equal values have the same rank, and the next ones leave a gap: 1, 2, 2, 4.
struct ranking {
    int64_t place, rank, value;
};

static int64_t next_rank(struct ranking *ranking, int64_t value) {
    ranking->place++;
    if (ranking->place == 1 || value != ranking->value)
        ranking->rank = ranking->place;
    ranking->value = value;
    return ranking->rank;
}

static void write_league_row(struct scope *scope, struct response *response,
                             const struct metric_query *query, const struct column *columns,
                             const struct rows *rows, struct ranking *ranking, int64_t total) {
    const size_t width = dimension_width(query->dimensions[0]);
    const int64_t value = rows_int64(rows, width);

    response_begin_row(response);
    if (rows_is_null(rows, 0)) // what was sold by nobody in particular has no rank
        response_null(response);
    else
        response_int64(response, COLUMN_INTEGER, next_rank(ranking, value));
    for (size_t i = 0; i < width; i++)
        write_text_or_null(response, dimension_text(&scope->arena, query->dimensions[0], rows, i));
    for (size_t i = 0; i < query->metric_count; i++)
        response_cell(response, columns[1 + width + i].type, rows, width + i);
    if (total != 0)
        response_double(response, (double)value / (double)total);
    else
        response_null(response);
    response_end_row(response);
}

code report_write_league(struct scope *scope, struct response *response, const char *key,
                         const struct report_layout *layout, const struct selection *selection) {
    struct column columns[4 + METRIC_COLUMNS] = {{"rank", "Rank", COLUMN_INTEGER, NULL}};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct metric_query query = {0};
    struct ranking ranking = {0};
    struct text currency;
    int64_t total;
    size_t count = 1;

    TRY(read_layout(scope, layout, selection, &query));
    assert(query.dimension_count == 1);
    TRY(find_total(scope, &query, &total));
    TRY(metric_run(scope, &query, &rows, &currency));
    columns[count++] =
        (struct column){query.dimensions[0]->name, query.dimensions[0]->label, COLUMN_TEXT, NULL};
    if (dimension_width(query.dimensions[0]) == 2)
        columns[count++] = (struct column){"name", "Name", COLUMN_TEXT, NULL};
    for (size_t i = 0; i < query.metric_count; i++)
        columns[count++] = metric_column(scope, query.metrics[i], currency);
    columns[count++] = (struct column){"share", "Share", COLUMN_SHARE, NULL};
    response_begin_table(response, key, columns, count);
    while (rows_next(rows))
        write_league_row(scope, response, &query, columns, rows, &ranking, total);
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}

// ---- VAT ----

static void write_rate(struct response *response, const struct vat_row *row) {
    if (row->has_rate)
        response_int64(response, COLUMN_RATE, row->rate_bp);
    else
        response_null(response);
}

static void write_amounts(struct response *response, const struct vat_row *row) {
    response_int64(response, COLUMN_MONEY, row->net_micros);
    response_int64(response, COLUMN_MONEY, row->vat_micros);
    response_int64(response, COLUMN_MONEY, row->gross_micros);
}

#define AMOUNT_COLUMNS                                                                             \
    {"net", "Net", COLUMN_MONEY, NULL}, {"vat", "VAT", COLUMN_MONEY, NULL}, {                      \
        "gross", "Gross", COLUMN_MONEY, NULL                                                       \
    }

static void write_vat_rows(struct response *response, const struct vat_row *rows, size_t count) {
    static const struct column columns[] = {
        {"currency", "Currency", COLUMN_TEXT, NULL},
        {"period", "Period", COLUMN_TEXT, NULL},
        {"vat_rate", "VAT rate", COLUMN_RATE, NULL},
        AMOUNT_COLUMNS,
    };

    response_begin_table(response, "periods", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        response_text(response, rows[i].currency);
        response_text(response, rows[i].period);
        write_rate(response, &rows[i]);
        write_amounts(response, &rows[i]);
        response_end_row(response);
    }
    response_end_table(response);
}

static void add_amounts(struct vat_row *sum, const struct vat_row *row) {
    sum->net_micros += row->net_micros;
    sum->vat_micros += row->vat_micros;
    sum->gross_micros += row->gross_micros;
}

static bool same_rate(const struct vat_row *a, const struct vat_row *b) {
    return text_equal(a->currency, b->currency) && a->has_rate == b->has_rate &&
           a->rate_bp == b->rate_bp;
}

// Sums by currency and rate, in the order in which they occur first. Rates are few.
static size_t sum_rates(const struct vat_row *rows, size_t count, struct vat_row *sums) {
    size_t sum_count = 0;

    for (size_t i = 0; i < count; i++) {
        size_t k = 0;

        while (k < sum_count && !same_rate(&sums[k], &rows[i]))
            k++;
        if (k == sum_count)
            sums[sum_count++] = (struct vat_row){.currency = rows[i].currency,
                                                 .has_rate = rows[i].has_rate,
                                                 .rate_bp = rows[i].rate_bp};
        add_amounts(&sums[k], &rows[i]);
    }
    return sum_count;
}

static void write_vat_totals(struct response *response, const struct vat_row *rows, size_t count) {
    static const struct column columns[] = {{"currency", "Currency", COLUMN_TEXT, NULL},
                                            AMOUNT_COLUMNS};

    response_begin_table(response, "total", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < count;) {
        struct vat_row sum = {.currency = rows[i].currency};

        for (; i < count && text_equal(rows[i].currency, sum.currency); i++)
            add_amounts(&sum, &rows[i]);
        response_begin_row(response);
        response_text(response, sum.currency);
        write_amounts(response, &sum);
        response_end_row(response);
    }
    response_end_table(response);
}

void report_write_vat_rates(struct scope *scope, struct response *response, const char *key,
                            const struct vat_row *rows, size_t count) {
    static const struct column columns[] = {{"currency", "Currency", COLUMN_TEXT, NULL},
                                            {"vat_rate", "VAT rate", COLUMN_RATE, NULL},
                                            AMOUNT_COLUMNS};
    struct vat_row *sums = arena_array(&scope->arena, count, sizeof(*sums));
    const size_t sum_count = sum_rates(rows, count, sums);

    response_begin_table(response, key, columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < sum_count; i++) {
        response_begin_row(response);
        response_text(response, sums[i].currency);
        write_rate(response, &sums[i]);
        write_amounts(response, &sums[i]);
        response_end_row(response);
    }
    response_end_table(response);
}

void report_write_vat(struct scope *scope, struct response *response, const struct vat_row *rows,
                      size_t count) {
    write_vat_rows(response, rows, count);
    report_write_vat_rates(scope, response, "rates", rows, count);
    write_vat_totals(response, rows, count);
}
