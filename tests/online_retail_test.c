// SPDX-License-Identifier: Apache-2.0
// The known facts of UCI Online Retail after one import: https://doi.org/10.24432/C5BW33, counted
// from the file itself with other tools.
// RFM and cohorts of its cleaned lines: published with the data set's many analyses, computed here
// with pandas (rank(method="first"), qcut(5)).
#include "analyze/kernel/parallel.h"
#include "analyze/metric/metric.h"
#include "analyze/persona/cluster_quality_kernel.h"
#include "analyze/persona/gaussian_mixture_kernel.h"
#include "analyze/retention/retention.h"
#include "analyze/rfm/rfm.h"
#include "plug/import/import_testing.h"
#include "store/lake.h"
#include "store/store_testing.h"

#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

// ---- metrics ----

struct fact {
    const char *key; // first column; NULL: no dimension
    int64_t value;
};

// The first rows of one metric by one dimension.
static void check_metric(struct scope *scope, const char *name, const char *by, const char *order,
                         const struct fact *facts, size_t count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct metric_query query = {0};
    struct text currency;

    CHECK_OK(metric_query_add(scope, &query, text_of(name)));
    if (by)
        CHECK_OK(metric_query_by(scope, &query, text_of(by)));
    if (order)
        CHECK_OK(metric_query_order(scope, &query, text_of(order)));
    CHECK_OK(metric_run(scope, &query, &rows, &currency));
    for (size_t i = 0; i < count; i++) {
        CHECK(rows_next(rows));
        if (by)
            CHECK_TEXT(dimension_text(&scope->arena, query.dimensions[0], rows, 0), facts[i].key);
        CHECK_INT(rows_int64(rows, by ? 1 : 0), facts[i].value);
    }
}

static void check_metrics(struct scope *scope) {
    static const struct {
        const char *metric;
        int64_t value;
    } totals[] = {{"receipts", 25900},
                  {"refund_receipts", 3836},
                  {"sale_lines", 541909},
                  {"customers", 4372},
                  {"customers_new", 4372},
                  {"products", 4070},
                  {"revenue_gross", 9747747934000}};
    static const struct fact countries[] = {{"United Kingdom", 8187806364000},
                                            {"Netherlands", 284661540000},
                                            {"EIRE", 263276820000},
                                            {"Germany", 221698210000},
                                            {"France", 197403900000}};
    static const struct fact months[] = {
        {"2010-12", 748957020000},  {"2011-01", 560000260000},  {"2011-02", 498062650000},
        {"2011-03", 683267080000},  {"2011-04", 493207121000},  {"2011-05", 723333510000},
        {"2011-06", 691123120000},  {"2011-07", 681300111000},  {"2011-08", 682680510000},
        {"2011-09", 1019687622000}, {"2011-10", 1070704670000}, {"2011-11", 1461756250000},
        {"2011-12", 433668010000}};

    for (size_t i = 0; i < sizeof(totals) / sizeof(*totals); i++)
        check_metric(scope, totals[i].metric, NULL, NULL, &(struct fact){.value = totals[i].value},
                     1);
    check_metric(scope, "revenue_gross", "country", NULL, countries, 5);
    check_metric(scope, "revenue_gross", "month", NULL, months, 13);
}

// ---- RFM and cohorts of the cleaned lines ----

static struct selection cleaned(struct scope *scope) {
    struct selection selection = {0};

    CHECK_OK(selection_add_filter(scope, &selection, TEXT("customer=known")));
    CHECK_OK(selection_add_filter(scope, &selection, TEXT("quantity>0")));
    CHECK_OK(selection_add_filter(scope, &selection, TEXT("unit_price>0")));
    return selection;
}

static int by_number(const void *a, const void *b) {
    const int64_t first = *(const int64_t *)a;
    const int64_t second = *(const int64_t *)b;

    return (first > second) - (first < second);
}

static void check_figures(const int64_t *values, size_t count, double mean, double median,
                          int64_t maximum) {
    int64_t *sorted = calloc(count, sizeof(*sorted));
    const size_t below = (count - 1) / 2; // the two in the middle, or twice the one
    const size_t above = count / 2;
    double sum = 0;
    double middle;
    int64_t last;

    for (size_t i = 0; i < count; i++)
        sum += (double)(sorted[i] = values[i]);
    qsort(sorted, count, sizeof(*sorted), by_number);
    middle = (double)(sorted[below] + sorted[above]) / 2;
    last = sorted[count - 1];
    free(sorted);
    CHECK_CLOSE(sum / (double)count, mean, 1e-7);
    CHECK_CLOSE(middle, median, 1e-12);
    CHECK_INT(last, maximum);
}

static void check_customer(const struct rfm *rfm, const char *number, int64_t recency,
                           int64_t frequency, int64_t monetary_micros) {
    size_t i = 0;

    while (i < rfm->count && !text_is(rfm->numbers[i], number))
        i++;
    CHECK(i < rfm->count);
    CHECK_INT(rfm->recency_days[i], recency);
    CHECK_INT(rfm->frequency[i], frequency);
    CHECK_INT(rfm->monetary_micros[i], monetary_micros);
}

static void check_cells(const struct rfm *rfm) {
    int64_t cells[6][6][6] = {0};
    int64_t used = 0;

    for (size_t i = 0; i < rfm->count; i++)
        used +=
            cells[rfm->recency_score[i]][rfm->frequency_score[i]][rfm->monetary_score[i]]++ == 0;
    CHECK_INT(cells[5][5][5], 348);
    CHECK_INT(cells[1][1][1], 185);
    CHECK_INT(used, 117);
}

static void check_rfm(struct scope *scope) {
    const struct selection selection = cleaned(scope);
    struct rfm rfm;
    int32_t day;

    CHECK_OK(rfm_default_day(scope, &day));
    CHECK_INT(day, day_from_civil(2011, 12, 10));
    CHECK_OK(rfm_compute(scope, &selection, day, &rfm));
    CHECK_INT((int64_t)rfm.count, 4338);
    check_figures(rfm.recency_days, rfm.count, 92.059474, 50, 373);
    check_figures(rfm.frequency, rfm.count, 4.272015, 2, 209);
    check_figures(rfm.monetary_micros, rfm.count, 2054.266460e6, 674.485e6, 280206020000);
    check_customer(&rfm, "12347", 2, 7, 4310000000);
    check_customer(&rfm, "12348", 75, 4, 1797240000);
    check_cells(&rfm);
}

static void check_cohorts(struct scope *scope) {
    static const int64_t expected[13][13] = {
        {885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235},
        {417, 92, 111, 96, 134, 120, 103, 101, 125, 136, 152, 49},
        {380, 71, 71, 108, 103, 94, 96, 106, 94, 116, 26},
        {452, 68, 114, 90, 101, 76, 121, 104, 126, 39},
        {300, 64, 61, 63, 59, 68, 65, 78, 22},
        {284, 54, 49, 49, 59, 66, 75, 27},
        {242, 42, 38, 64, 56, 81, 23},
        {188, 34, 39, 42, 51, 21},
        {169, 35, 42, 41, 21},
        {299, 70, 90, 34},
        {358, 86, 41},
        {323, 36},
        {41}};
    const struct selection selection = cleaned(scope);
    struct retention retention;

    CHECK_OK(retention_compute(scope, &selection, &retention));
    CHECK_INT((int64_t)retention.size, 13);
    CHECK_INT(retention.first_month, 2010 * 12 + 11);
    for (size_t i = 0; i < sizeof(expected) / sizeof(**expected); i++)
        CHECK_INT(retention.customers[i], expected[i / 13][i % 13]);
}

// ---- clusters of the same customers ----

// log1p of recency, frequency and monetary value, each with mean 0 and variance 1.
static struct points scaled(struct scope *scope, const struct rfm *rfm) {
    double *values = arena_array(&scope->arena, rfm->count * 3, sizeof(*values));

    for (size_t j = 0; j < 3; j++) {
        double sum = 0, squares = 0;

        for (size_t i = 0; i < rfm->count; i++)
            sum += values[i * 3 + j] = log1p(j == 0   ? (double)rfm->recency_days[i]
                                             : j == 1 ? (double)rfm->frequency[i]
                                                      : (double)rfm->monetary_micros[i] / 1e6);
        for (size_t i = 0; i < rfm->count; i++) {
            values[i * 3 + j] -= sum / (double)rfm->count;
            squares += values[i * 3 + j] * values[i * 3 + j];
        }
        for (size_t i = 0; i < rfm->count; i++)
            values[i * 3 + j] /= sqrt(squares / (double)rfm->count);
    }
    return (struct points){values, rfm->count, 3};
}

static void check_k_means(struct scope *scope, const struct points *points, size_t k,
                          double inertia, int iterations, double best) {
    struct k_means_options options = {
        .k = k, .centres = points->values, .threads = parallel_threads(0)};
    struct k_means fit;

    CHECK_OK(k_means_fit(scope, points, &options, &fit));
    CHECK_CLOSE(fit.inertia, inertia, 1e-13);
    CHECK_INT(fit.iterations, iterations);
    if (k == 4) {
        CHECK_INT((int64_t)fit.sizes[0], 1188);
        CHECK_INT((int64_t)fit.sizes[1], 696);
        CHECK_INT((int64_t)fit.sizes[2], 1626);
        CHECK_INT((int64_t)fit.sizes[3], 828);
    }
    options.centres = NULL;
    options.starts = 50;
    CHECK_OK(k_means_fit(scope, points, &options, &fit));
    CHECK(fit.inertia < best * (1 + 1e-6));
}

// scikit-learn 1.2: KMeans (Lloyd, tol 0) and GaussianMixture (full, unit precisions, tol 1e-8)
// from the first rows, silhouette_score of these groups; the best of 50 starts of k-means++, whose
// groups have silhouettes of .336957 and .299356 where it stops early (tol 1e-4).
static void check_clusters(struct scope *scope) {
    const struct selection selection = cleaned(scope);
    const size_t k[2] = {4, 8};
    const uint32_t *labels[2];
    struct gaussian_mixture mixture;
    struct points points;
    double silhouette[2];
    struct rfm rfm;

    CHECK_OK(rfm_compute(scope, &selection, day_from_civil(2011, 12, 10), &rfm));
    points = scaled(scope, &rfm);
    check_k_means(scope, &points, 4, 3962.6329074449, 41, 3962.432550);
    check_k_means(scope, &points, 8, 2360.0180651367, 56, 2360.105617);
    for (size_t i = 0; i < 2; i++) {
        const struct k_means_options options = {
            .k = k[i], .centres = points.values, .threads = parallel_threads(0)};
        struct k_means fit;

        CHECK_OK(k_means_fit(scope, &points, &options, &fit));
        labels[i] = fit.labels;
    }
    silhouettes(scope, &points, labels, k, 2, parallel_threads(0), silhouette);
    CHECK_CLOSE(silhouette[0], .33634671316197623, 1e-12);
    CHECK_CLOSE(silhouette[1], .2998364762401649, 1e-12);
    CHECK_OK(
        gaussian_mixture_fit(scope, &points,
                             &(struct gaussian_mixture_options){
                                 .k = 4, .means = points.values, .tolerance = 1e-8, .threads = 2},
                             &mixture));
    CHECK(fabs(mixture.mean_log_likelihood - -.3985336510) < 5e-10);
    CHECK_INT(mixture.iterations, 109);
    CHECK(fabs(mixture.bic - 3784.3095) < 5e-5);
}

// ---- the import ----

TEST(online_retail_is_taken_in_to_the_last_line) {
    const char *path = test_shared_data(scope, "onlineretail.csv.gz");
    struct import import;

    test_store(scope);
    import =
        test_import_file(scope, path, IMPORT_SALES, "{\"constants\": {\"currency\": \"GBP\"}}");
    CHECK_INT(import.tally.read, 541909);
    CHECK_INT(import.tally.accepted, 541909);
    CHECK_INT(import.counts.anonymous_lines, 135080);
    CHECK_STRING(
        test_lake_rows(
            scope, "SELECT count(*), sum(gross_micros), count(DISTINCT sale_id) FROM sale_line"),
        "541909|9747747934000|25900");
    CHECK_STRING(
        test_lake_rows(scope, "SELECT kind, count(*) FROM sale GROUP BY kind ORDER BY kind"),
        "adjustment|1339\nrefund|3836\nsale|20725");
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*) FROM customer"), "4372");
    CHECK_STRING(test_lake_rows(scope,
                                "SELECT country, sum(gross_micros) FROM sale GROUP BY country"
                                " ORDER BY 2 DESC LIMIT 5"),
                 "United Kingdom|8187806364000\nNetherlands|284661540000\nEIRE|263276820000\n"
                 "Germany|221698210000\nFrance|197403900000");
    check_metrics(scope);
    check_rfm(scope);
    check_cohorts(scope);
    check_clusters(scope);
}
