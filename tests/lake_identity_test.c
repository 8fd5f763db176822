// SPDX-License-Identifier: Apache-2.0
// The same company counted by both databases: a store in a folder is copied into PostgreSQL, and
// every metric by every dimension, every report and segments of every kind of clause are written
// out on both, to the last digit.
#include "analyze/regression/regression.h"
#include "analyze/report/report.h"
#include "analyze/retention/retention.h"
#include "analyze/rfm/rfm.h"
#include "analyze/segment/compile.h"
#include "analyze/segment/segment.h"
#include "plug/import/import_testing.h"
#include "store/lake.h"
#include "store/store_testing.h"
#include "tests/two_databases.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// ---- writing out ----

static void write_rows(struct scope *scope, struct buffer *out, const char *title,
                       struct rows *rows) {
    for (int64_t row = 0; rows_next(rows); row++) {
        buffer_printf(out, "%s:", title);
        for (size_t i = 0; i < rows_column_count(rows); i++)
            buffer_printf(out, " %s=%.*s", rows_column_name(rows, i),
                          TEXT_ARG(rows_is_null(rows, i) ? TEXT("-") : rows_text(rows, i)));
        buffer_add_char(out, '\n');
    }
    CHECK_OK(rows_end(rows));
}

static void run_metrics(struct scope *scope, struct buffer *out, struct metric_query *query,
                        const char *title) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text currency;

    CHECK_OK(metric_run(scope, query, &rows, &currency));
    buffer_printf(out, "%s: %.*s\n", title, TEXT_ARG(currency));
    write_rows(scope, out, title, rows);
}

// All metrics that documents can answer, or all that there are, as many in a query as it takes.
static void write_metrics_by(struct scope *scope, struct buffer *out, const char *first,
                             const char *second, const char *filter, bool of_documents) {
    size_t next = 0;

    while (next < metric_count) {
        struct metric_query query = {0};

        for (; next < metric_count && query.metric_count < METRIC_COLUMNS; next++)
            if (!of_documents || metrics[next].expression.on_sale)
                CHECK_OK(metric_query_add(scope, &query, text_of(metrics[next].name)));
        if (query.metric_count == 0)
            return;
        CHECK_OK(metric_query_by(scope, &query, text_of(first)));
        if (second)
            CHECK_OK(metric_query_by(scope, &query, text_of(second)));
        if (filter)
            CHECK_OK(selection_add_filter(scope, &query.selection, text_of(filter)));
        run_metrics(scope, out, &query, first);
    }
}

static void write_metrics(struct scope *scope, struct buffer *out) {
    for (size_t d = 0; d < dimension_count; d++) {
        if (dimensions[d].expression.on_sale)
            write_metrics_by(scope, out, dimensions[d].name, NULL, NULL, true);
        write_metrics_by(scope, out, dimensions[d].name, NULL, NULL, false);
    }
    write_metrics_by(scope, out, "quarter", "country", "quantity>=2", false);
    write_metrics_by(scope, out, "weekday", "hour", "customer=known", true);
}

static void write_reports(struct scope *scope, struct buffer *out) {
    const struct selection all = {0};
    const struct dimension *month;
    struct retention retention;
    struct report_span span;
    struct vat_row *vat;
    struct spend spend;
    size_t count;

    CHECK_OK(dimension_find(scope, TEXT("month"), &month));
    CHECK_OK(report_span(scope, &span));
    buffer_printf(out, "span: %d %d\n", (int)span.first_day, (int)span.last_day);
    CHECK_OK(report_vat(scope, &all, month, &vat, &count));
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "vat: %.*s %.*s %d %" PRId64 " %" PRId64 " %" PRId64 "\n",
                      TEXT_ARG(vat[i].currency), TEXT_ARG(vat[i].period), vat[i].rate_bp,
                      vat[i].net_micros, vat[i].vat_micros, vat[i].gross_micros);
    CHECK_OK(report_spend(scope, &all, &spend));
    spend_sort(spend.micros, spend.count);
    for (size_t i = 0; i < spend.count; i++)
        buffer_printf(out, "spend: %" PRId64 "\n", spend.micros[i]);
    CHECK_OK(retention_compute(scope, &all, &retention));
    for (size_t i = 0; i < retention.size * retention.size; i++)
        buffer_printf(out, "retention: %zu %" PRId64 "\n", i, retention.customers[i]);
}

static void write_rfm(struct scope *scope, struct buffer *out) {
    const struct selection all = {0};
    int32_t reference_day;
    struct rfm rfm;

    CHECK_OK(rfm_default_day(scope, &reference_day));
    CHECK_OK(rfm_compute(scope, &all, reference_day, &rfm));
    for (size_t i = 0; i < rfm.count; i++)
        buffer_printf(
            out, "rfm: %" PRId64 " %.*s %d %" PRId64 " %" PRId64 " %" PRId64 " %d%d%d %d\n",
            rfm.customers[i], TEXT_ARG(rfm.numbers[i]), rfm.last_days[i], rfm.recency_days[i],
            rfm.frequency[i], rfm.monetary_micros[i], rfm.recency_score[i], rfm.frequency_score[i],
            rfm.monetary_score[i], rfm.group[i]);
}

static const char *const trees[] = {
    "{\"attribute\": \"country\", \"operator\": \"is_not\", \"value\": \"France\"}",
    "{\"attribute\": \"number\", \"operator\": \"starts_with\", \"value\": \"1\"}",
    "{\"attribute\": \"has_email\", \"operator\": \"is\", \"value\": true}",
    "{\"attribute\": \"birth_on\", \"operator\": \"<\", \"value\": \"1980-02-29\"}",
    "{\"attribute\": \"name\", \"operator\": \"contains\", \"value\": \"er\"}",
    "{\"attribute\": \"attributes.note\", \"operator\": \"is_unknown\"}",
    "{\"attribute\": \"created_on\", \"operator\": \">=\", \"value\": \"2000-01-01\"}",
    "{\"sales\": \"count\", \"operator\": \">=\", \"value\": 3}",
    "{\"sales\": \"sum_gross\", \"window\": {\"days\": 90}, \"operator\": \">=\", \"value\": 200}",
    "{\"sales\": \"sum_net\", \"operator\": \"<\", \"value\": 10}",
    "{\"sales\": \"quantity\", \"operator\": \">\", \"value\": 12}",
    "{\"sales\": \"average_receipt\", \"operator\": \">\", \"value\": 25.5}",
    "{\"sales\": \"days_since_last\", \"operator\": \"<=\", \"value\": 30}",
    "{\"sales\": \"distinct_products\", \"operator\": \">=\", \"value\": 5}",
    ("{\"all\": [{\"sales\": \"count\", \"where\": {\"kind\": \"refund\"}, \"operator\": \">\","
     " \"value\": 0}, {\"not\": {\"event\": \"newsletter_opened\"}}]}"),
    ("{\"any\": [{\"consent\": \"marketing\", \"channel\": \"email\", \"operator\": \"granted\"},"
     " {\"sales\": \"first_on\", \"operator\": \"<\", \"value\": \"2011-03-01\"}]}"),
    "{\"rfm\": \"group\", \"operator\": \"in\", \"value\": [\"Champions\", \"At risk\"]}",
};

static void write_segment(struct scope *scope, struct buffer *out, const char *tree_text) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct segment_node *tree;
    struct json *definition;
    struct binds binds;
    int32_t as_of_day;
    const char *sql;

    CHECK_OK(rfm_default_day(scope, &as_of_day)); // of the data, not of the calendar
    CHECK_OK(json_parse_own(scope, text_of(tree_text), &definition));
    if (segment_tree(scope, definition, TEXT(""), &tree, NULL) != OK ||
        segment_sql(scope, tree, as_of_day - 1, &sql, &binds) != OK ||
        lake_query(scope, sql, binds, &rows) != OK)
        test_fail(__FILE__, __LINE__, "%s: %s (%s)", tree_text, scope->failure.message,
                  scope->failure.detail);
    write_rows(scope, out, tree_text, rows);
}

// The rows of a regression, as many drivers in a reading as it takes.
static void write_driver_rows(struct scope *scope, struct buffer *out,
                              const struct regression_options *options) {
    struct regression_table table;

    CHECK_OK(regression_read(scope, options, &table));
    for (size_t row = 0; row < table.row_count; row++) {
        buffer_printf(out, "drivers of %s: id=%" PRId64 " %s=%.17g",
                      regression_units[options->unit], table.ids[row], options->outcome->name,
                      table.outcome[row]);
        for (size_t i = 0; i < options->driver_count; i++) {
            const struct regression_column *column = &table.columns[i];

            if (column->numbers)
                buffer_printf(out, " %s=%.17g", options->drivers[i]->name, column->numbers[row]);
            else
                buffer_printf(out, " %s=%.*s", options->drivers[i]->name,
                              TEXT_ARG(table.levels[i][column->codes[row]].name));
        }
        buffer_add_char(out, '\n');
    }
}

static void write_drivers(struct scope *scope, struct buffer *out, enum regression_unit unit) {
    size_t next = 0;

    while (next < regression_field_count(unit)) {
        struct regression_options options = {.unit = unit,
                                             .outcome = regression_field_at(unit, 0),
                                             .from_day = REGRESSION_NO_DAY,
                                             .to_day = REGRESSION_NO_DAY};

        for (; next < regression_field_count(unit) && options.driver_count < REGRESSION_DRIVERS;
             next++)
            if (regression_field_at(unit, next)->can_be_driver)
                options.drivers[options.driver_count++] = regression_field_at(unit, next);
        write_driver_rows(scope, out, &options);
    }
}

static void write_all(struct scope *scope, struct buffer *out) {
    CHECK_OK(lake_refresh(scope));
    write_metrics(scope, out);
    write_reports(scope, out);
    write_rfm(scope, out);
    for (size_t i = 0; i < sizeof(trees) / sizeof(*trees); i++)
        write_segment(scope, out, trees[i]);
    write_drivers(scope, out, REGRESSION_OF_RECEIPTS);
    write_drivers(scope, out, REGRESSION_OF_CUSTOMERS);
}

// ---- comparing ----

static void check_identity(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer duckdb = {0};
    CLEANUP(buffer_clear) struct buffer postgresql = {0};
    struct scope *copy = test_copy_to_postgresql(scope);

    write_all(scope, &duckdb);
    write_all(copy, &postgresql);
    test_same_lines("DuckDB says", &duckdb, "PostgreSQL says", &postgresql);
}

static void check_sample_company(struct scope *scope, int64_t customers, int64_t lines) {
    test_sample_company(scope, customers, lines);
    check_identity(scope);
}

TEST(both_databases_count_the_sample_company_the_same) {
    check_sample_company(scope, 400, 0);
}

// Takes many minutes.
TEST(both_databases_count_a_hundred_thousand_customers_the_same) {
    if (!getenv("TESSERA_TEST_FULL"))
        test_skip("TESSERA_TEST_FULL is not set");
    check_sample_company(scope, 100000, 500000);
}

TEST(both_databases_count_online_retail_the_same) {
    const char *path = test_shared_data(scope, "onlineretail.csv.gz");

    test_store_in_folder(scope);
    test_import_file(scope, path, IMPORT_SALES,
                     "{\"constants\": {\"currency\": \"GBP\"}, \"options\": {\"zone\": "
                     "\"Europe/London\"}}");
    check_identity(scope);
}

TEST(both_databases_count_complete_journey_the_same) {
    const char *sales = test_shared_data(scope, "complete_journey/transactions_sample.csv.gz");
    const char *products = test_shared_data(scope, "complete_journey/products.csv.gz");

    test_store_in_folder(scope);
    test_import_file(scope, sales, IMPORT_SALES, "{\"constants\": {\"currency\": \"USD\"}}");
    test_import_file(scope, products, IMPORT_PRODUCTS, NULL);
    check_identity(scope);
}
