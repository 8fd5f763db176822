// SPDX-License-Identifier: Apache-2.0
// The reports as answers. Each carries its selection and the lake's watermark.
#include "analyze/report/report_http.h"

#include "analyze/metric/comparison_http.h"
#include "analyze/metric/selection_http.h"
#include "analyze/report/report_tables_http.h"
#include "analyze/rfm/rfm_http.h"
#include "base/time.h"
#include "report_sql.h"
#include "store/lake.h"
#include "store/setting.h"

static const char *const sales_metrics[] = {
    "revenue_gross", "revenue_net", "vat",           "refunds_gross",       "receipts",
    "basket_value",  "customers",   "customers_new", "customers_returning", NULL};
static const char *const league_metrics[] = {
    "revenue_gross", "receipts", "basket_value", "customers", "refunds_gross", "refund_rate", NULL};

static const char *const periods[] = {"day", "week", "month", "quarter", "year", NULL};

const struct route_parameter report_parameters[] = {SELECTION_PARAMETERS, PARAMETERS_END};
const struct route_parameter report_explained_parameters[] = {EXPLANATION_PARAMETER,
                                                              SELECTION_PARAMETERS, PARAMETERS_END};
const struct route_parameter report_period_parameters[] = {
    {.name = "by", PARAMETER_CHOICE, "one row for each", .usual = "month", .choices = periods},
    SELECTION_PARAMETERS,
    PARAMETERS_END,
};

const struct route_parameter report_sales_parameters[] = {
    {.name = "by", PARAMETER_CHOICE, "one row for each", .usual = "month", .choices = periods},
    COMPARE_PARAMETER,
    SELECTION_PARAMETERS,
    PARAMETERS_END,
};

// ---- what there is ----

const struct route_answer report_span_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "first_day",
         ANSWER_DAY,
         "of documents; null: there are none",
         .is_nullable = true},
        {.name = "last_day", ANSWER_DAY, "of documents; null: there are none", .is_nullable = true},
        {.name = "today", ANSWER_DAY, "in the business time zone"},
        {.name = "currencies", ANSWER_TEXT, "of documents", .is_list = true}),
};

static void write_day(struct json_writer *writer, const char *key, bool is_known, int32_t day) {
    char text[TIME_TEXT_SIZE];

    json_key(writer, key);
    if (is_known)
        json_write_string(writer, day_format(day, text));
    else
        json_write_null(writer);
}

static code find_today(struct scope *scope, int32_t *ret_day) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &zone));
    *ret_day = zone_day(zone, scope->now_us);
    return OK;
}

code report_http_span(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct json_writer *writer = &response->writer;
    struct report_span span;
    int32_t today;

    (void)request;
    TRY(lake_refresh(scope));
    TRY(report_span(scope, &span));
    TRY(find_today(scope, &today));
    json_begin_object(writer);
    write_day(writer, "first_day", span.currency_count > 0, span.first_day);
    write_day(writer, "last_day", span.currency_count > 0, span.last_day);
    write_day(writer, "today", true, today);
    json_key(writer, "currencies");
    json_begin_array(writer);
    for (size_t i = 0; i < span.currency_count; i++)
        json_write_text(writer, span.currencies[i]);
    json_end_array(writer);
    json_end_object(writer);
    return OK;
}

// ---- sales, stores, cashiers ----

const struct route_answer report_sales_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(SELECTION_ANSWER, COMPARE_ANSWER,
                              {.name = "periods", ANSWER_TABLE, "one row a period"},
                              {.name = "total", ANSWER_TABLE, "the whole as one row"}),
};
const struct route_answer report_stores_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(SELECTION_ANSWER,
                              {.name = "stores", ANSWER_TABLE, "by revenue, with rank and share"}),
};
const struct route_answer report_cashiers_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        SELECTION_ANSWER, {.name = "cashiers", ANSWER_TABLE, "by revenue, with rank and share"}),
};

code report_http_sales(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct report_layout layout = {.metrics = sales_metrics};
    const struct dimension *period;
    struct selection selection, before;

    TRY(dimension_find(scope, request_choice(request, "by"), &period));
    TRY(selection_read(scope, request, &selection));
    TRY(comparison_read(scope, request, &selection, &layout.comparison, &before));
    layout.before = &before;
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &selection));
    comparison_write(response, layout.comparison, &before);
    layout.dimension = period->name;
    TRY(report_write_layout(scope, response, "periods", &layout, &selection));
    layout.dimension = NULL;
    TRY(report_write_layout(scope, response, "total", &layout, &selection));
    json_end_object(&response->writer);
    return OK;
}

static code write_league(struct scope *scope, const struct request *request,
                         struct response *response, const char *key, const char *dimension) {
    const struct report_layout layout = {.metrics = league_metrics, .dimension = dimension};
    struct selection selection;

    TRY(selection_read(scope, request, &selection));
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &selection));
    TRY(report_write_league(scope, response, key, &layout, &selection));
    json_end_object(&response->writer);
    return OK;
}

code report_http_stores(struct scope *scope, const struct request *request,
                        struct response *response) {
    return write_league(scope, request, response, "stores", "store");
}

code report_http_cashiers(struct scope *scope, const struct request *request,
                          struct response *response) {
    return write_league(scope, request, response, "cashiers", "cashier");
}

// ---- VAT ----

const struct route_answer report_vat_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS(SELECTION_ANSWER,
                       {.name = "periods", ANSWER_TABLE, "net, VAT and gross by period and rate"},
                       {.name = "rates", ANSWER_TABLE, "the same by rate"},
                       {.name = "total", ANSWER_TABLE, "the same by currency"}),
};

code report_http_vat(struct scope *scope, const struct request *request,
                     struct response *response) {
    const struct dimension *period;
    struct selection selection;
    struct vat_row *rows;
    size_t count;

    TRY(dimension_find(scope, request_choice(request, "by"), &period));
    TRY(selection_read(scope, request, &selection));
    TRY(report_vat(scope, &selection, period, &rows, &count));
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &selection));
    report_write_vat(scope, response, rows, count);
    json_end_object(&response->writer);
    return OK;
}

// ---- how spend is distributed ----

const struct route_answer report_histogram_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(SELECTION_ANSWER,
                              {.name = "bins", ANSWER_TABLE, "customers by what they spent"},
                              EXPLANATION_ANSWER),
};
const struct route_answer report_pareto_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        SELECTION_ANSWER, {.name = "customers", ANSWER_INTEGER, "those whose spend is above zero"},
        {.name = "customers_without_spend", ANSWER_INTEGER, "those whose spend is not"},
        {.name = "customers_for_80_percent", ANSWER_INTEGER, "the fewest that bring 80 %"},
        {.name = "gini",
         ANSWER_NUMBER,
         "0: all spend the same; 1: one spends everything",
         .is_nullable = true},
        {.name = "top", ANSWER_TABLE, "what part the best 1, 5, 10, … % bring"},
        EXPLANATION_ANSWER),
};

static const char histogram_definition[] = "What each known customer spent including VAT, refunds "
                                           "and adjustments deducted, on the selected"
                                           " documents; customers are counted in steps of 1, 2, 5, "
                                           "10, 20, 50, …, each from its lower bound"
                                           " to below its upper one.";
static const char pareto_definition[] =
    "Customers whose spend (including VAT, refunds and adjustments deducted, on the selected"
    " documents) is above zero, the largest first: the share of the sum that the first 1, 5, 10, … "
    "%"
    " bring. Gini coefficient: 2 Σ i x / (n Σ x) − (n + 1) / n over spends x in ascending order.";

static const char *spend_unit(struct scope *scope, const struct spend *spend) {
    return spend->currency.size > 0 ? text_string(&scope->arena, spend->currency) : NULL;
}

static void write_share(struct response *response, int64_t part, int64_t whole) {
    if (whole == 0)
        response_null(response);
    else
        response_double(response, (double)part / (double)whole);
}

static void write_bin(struct response *response, const struct spend_bin *bin, int64_t customers,
                      int64_t revenue_micros) {
    response_begin_row(response);
    if (bin->low_micros == INT64_MIN)
        response_null(response);
    else
        response_int64(response, COLUMN_MONEY, bin->low_micros);
    response_int64(response, COLUMN_MONEY, bin->high_micros);
    response_int64(response, COLUMN_INTEGER, bin->count);
    write_share(response, bin->count, customers);
    response_int64(response, COLUMN_MONEY, bin->sum_micros);
    write_share(response, bin->sum_micros, revenue_micros);
    response_end_row(response);
}

static void write_histogram(struct scope *scope, struct response *response,
                            const struct spend *spend) {
    const char *unit = spend_unit(scope, spend);
    const struct column columns[] = {
        {"from", "From", COLUMN_MONEY, unit},
        {"below", "Below", COLUMN_MONEY, unit},
        {"customers", "Customers", COLUMN_INTEGER, NULL},
        {"customer_share", "Of customers", COLUMN_SHARE, NULL},
        {"revenue_gross", "Revenue, gross", COLUMN_MONEY, unit},
        {"revenue_share", "Of revenue", COLUMN_SHARE, NULL},
    };
    struct spend_bin bins[SPEND_BINS];
    const size_t count = spend_histogram(spend->micros, spend->count, bins);
    int64_t revenue_micros = 0;

    for (size_t i = 0; i < count; i++)
        revenue_micros += bins[i].sum_micros;
    response_begin_table(response, "bins", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < count; i++)
        write_bin(response, &bins[i], (int64_t)spend->count, revenue_micros);
    response_end_table(response);
}

// What the customers of a selection spent, as `write` shows it, and how that comes about.
static code answer_spend(struct scope *scope, const struct request *request,
                         struct response *response, const char *definition,
                         void (*write)(struct scope *scope, struct response *response,
                                       const struct spend *spend)) {
    struct selection selection;
    struct spend spend;

    TRY(selection_read(scope, request, &selection));
    TRY(report_spend(scope, &selection, &spend));
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &selection));
    write(scope, response, &spend);
    TRY(explanation_write(scope, request, response, &selection, definition, sql_report_spend));
    json_end_object(&response->writer);
    return OK;
}

code report_http_histogram(struct scope *scope, const struct request *request,
                           struct response *response) {
    return answer_spend(scope, request, response, histogram_definition, write_histogram);
}

static void write_member_int64(struct response *response, const char *key, int64_t value) {
    json_key(&response->writer, key);
    json_write_int64(&response->writer, value);
}

// Only customers whose spend is above zero take part: shares of a sum mean nothing with negative
// parts.
static void write_pareto(struct scope *scope, struct response *response,
                         const struct spend *spend) {
    static const double percents[] = {1, 5, 10, 20, 50, 100};
    const struct column columns[] = {
        {"top_percent", "Top %", COLUMN_NUMBER, NULL},
        {"customers", "Customers", COLUMN_INTEGER, NULL},
        {"revenue_gross", "Revenue, gross", COLUMN_MONEY, spend_unit(scope, spend)},
        {"revenue_share", "Of revenue", COLUMN_SHARE, NULL},
    };
    int64_t total_micros, sum_micros;
    size_t count = 0;

    spend_sort(spend->micros, spend->count);
    while (count < spend->count && spend->micros[count] > 0)
        count++;
    spend_top(spend->micros, count, 100, &total_micros);
    write_member_int64(response, "customers", (int64_t)count);
    write_member_int64(response, "customers_without_spend", (int64_t)(spend->count - count));
    write_member_int64(response, "customers_for_80_percent",
                       (int64_t)spend_count_for(spend->micros, count, 0.8));
    json_key(&response->writer, "gini");
    json_write_double(&response->writer, spend_gini(spend->micros, count));
    response_begin_table(response, "top", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < sizeof(percents) / sizeof(*percents); i++) {
        const size_t top = spend_top(spend->micros, count, percents[i], &sum_micros);

        response_begin_row(response);
        response_double(response, percents[i]);
        response_int64(response, COLUMN_INTEGER, (int64_t)top);
        response_int64(response, COLUMN_MONEY, sum_micros);
        write_share(response, sum_micros, total_micros);
        response_end_row(response);
    }
    response_end_table(response);
}

code report_http_pareto(struct scope *scope, const struct request *request,
                        struct response *response) {
    return answer_spend(scope, request, response, pareto_definition, write_pareto);
}

// ---- overview ----

const struct route_answer report_overview_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        SELECTION_ANSWER, {.name = "totals", ANSWER_TABLE, "sales as one row"},
        {.name = "customers", ANSWER_TABLE, "customers as one row"},
        {.name = "months", ANSWER_TABLE, "one row a month"},
        {.name = "top_stores", ANSWER_TABLE, "the five best"},
        {.name = "channels", ANSWER_TABLE, "the five best"},
        {.name = "top_countries", ANSWER_TABLE, "the five best"},
        {.name = "top_products", ANSWER_TABLE, "the ten best"},
        {.name = "vat", ANSWER_TABLE, "net, VAT and gross by rate"},
        {.name = "rfm_groups", ANSWER_TABLE, "customers by recency, frequency and value"}),
};

static code write_overview_sales(struct scope *scope, struct response *response,
                                 const struct selection *selection) {
    static const char *const total[] = {"revenue_gross", "revenue_net",  "vat",
                                        "refunds_gross", "receipts",     "sale_lines",
                                        "basket_value",  "basket_lines", NULL};
    static const char *const who[] = {"customers",
                                      "customers_new",
                                      "customers_returning",
                                      "receipts_per_customer",
                                      "revenue_per_customer",
                                      "anonymous_share",
                                      NULL};
    static const char *const monthly[] = {
        "revenue_gross",       "receipts", "basket_value", "customers", "customers_new",
        "customers_returning", NULL};
    static const char *const place[] = {"revenue_gross", "receipts", "basket_value", "refund_rate",
                                        NULL};
    static const char *const article[] = {"revenue_gross", "units", "price_per_unit", NULL};
    const struct report_layout layouts[] = {
        {.metrics = total}, {.metrics = who}, {.metrics = monthly, .dimension = "month"}};
    const struct report_layout stores = {.metrics = place, .dimension = "store", .limit = 5};
    const struct report_layout channels = {.metrics = place, .dimension = "channel", .limit = 5};
    const struct report_layout countries = {.metrics = place, .dimension = "country", .limit = 5};
    const struct report_layout products = {.metrics = article, .dimension = "product", .limit = 10};

    TRY(report_write_layout(scope, response, "totals", &layouts[0], selection));
    TRY(report_write_layout(scope, response, "customers", &layouts[1], selection));
    TRY(report_write_layout(scope, response, "months", &layouts[2], selection));
    TRY(report_write_league(scope, response, "top_stores", &stores, selection));
    TRY(report_write_league(scope, response, "channels", &channels, selection));
    TRY(report_write_league(scope, response, "top_countries", &countries, selection));
    return report_write_league(scope, response, "top_products", &products, selection);
}

static code write_overview(struct scope *scope, struct response *response,
                           const struct selection *selection) {
    const struct dimension *year;
    struct vat_row *vat_rows;
    size_t vat_count;
    int32_t reference_day;
    struct rfm rfm;

    TRY(write_overview_sales(scope, response, selection));
    TRY(dimension_find(scope, TEXT("year"), &year));
    TRY(report_vat(scope, selection, year, &vat_rows, &vat_count));
    report_write_vat_rates(scope, response, "vat", vat_rows, vat_count);
    TRY(rfm_default_day(scope, &reference_day));
    TRY(rfm_compute(scope, selection, reference_day, &rfm));
    rfm_write_groups(scope, response, "rfm_groups", &rfm);
    return OK;
}

code report_http_overview(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct selection selection;

    TRY(selection_read(scope, request, &selection));
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &selection));
    TRY(write_overview(scope, response, &selection));
    json_end_object(&response->writer);
    return OK;
}
