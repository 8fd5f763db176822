// SPDX-License-Identifier: Apache-2.0
// Longley (1967): the certified values of NIST's Statistical Reference Datasets where they exist,
// the rest as R 4.2.2 (lm, summary, cooks.distance, White's errors by their definition) and
// statsmodels 0.13.5 print it. The forty rows below are made up; what they give is R's.
#include "analyze/kernel/multiple_tests.h"
#include "analyze/regression/correlation_kernel.h"
#include "analyze/regression/regression_kernel.h"
#include "base/test.h"

#include <math.h>
#include <string.h>

// ---- Longley ----

enum { LONGLEY_ROWS = 16, LONGLEY_DRIVERS = 6 };

static const double longley_employed[LONGLEY_ROWS] = {60323, 61122, 60171, 61187, 63221, 63639,
                                                      64989, 63761, 66019, 67857, 68169, 66513,
                                                      68655, 69564, 69331, 70551};
static const double longley_drivers[LONGLEY_DRIVERS][LONGLEY_ROWS] = {
    {83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2,
     115.7, 116.9},
    {234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546,
     482704, 502601, 518173, 554894},
    {2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806,
     4007},
    {1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572,
     2827},
    {107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950,
     123366, 125368, 127852, 130081},
    {1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961,
     1962},
};

// In R's units: thousands (`in_thousands`), or in NIST's.
static struct regression longley(struct scope *scope, bool in_thousands) {
    static const struct regression_term terms[LONGLEY_DRIVERS] = {
        {.columns = {0}}, {.columns = {1}}, {.columns = {2}},
        {.columns = {3}}, {.columns = {4}}, {.columns = {5}}};
    static const double units[LONGLEY_DRIVERS] = {1, 1000, 10, 10, 1000, 1};
    struct regression_column *columns =
        arena_array(&scope->arena, LONGLEY_DRIVERS, sizeof(*columns));
    double *outcome = arena_array(&scope->arena, LONGLEY_ROWS, sizeof(double));

    for (size_t i = 0; i < LONGLEY_ROWS; i++)
        outcome[i] = longley_employed[i] / (in_thousands ? 1000 : 1);
    for (size_t j = 0; j < LONGLEY_DRIVERS; j++) {
        double *numbers = arena_array(&scope->arena, LONGLEY_ROWS, sizeof(double));

        for (size_t i = 0; i < LONGLEY_ROWS; i++)
            numbers[i] = longley_drivers[j][i] / (in_thousands ? units[j] : 1);
        columns[j].numbers = numbers;
    }
    return (struct regression){.row_count = LONGLEY_ROWS,
                               .outcome = outcome,
                               .columns = columns,
                               .column_count = LONGLEY_DRIVERS,
                               .terms = terms,
                               .term_count = LONGLEY_DRIVERS};
}

TEST(longley_is_as_nist_certifies) {
    static const double certified[7][2] = {
        {-3482258.63459582, 890420.383607373},
        {15.0618722713733, 84.9149257747669},
        {-0.358191792925910E-01, 0.334910077722432E-01},
        {-2.02022980381683, 0.488399681651699},
        {-1.03322686717359, 0.214274163161675},
        {-0.511041056535807E-01, 0.226073200069370},
        {1829.15146461355, 455.478499142212},
    };
    const struct regression regression = longley(scope, false);
    struct regression_fit fit;

    CHECK_OK(regression_fit(scope, &regression, 0.95, 1, &fit));
    CHECK_INT((int64_t)fit.rank, 7);
    for (size_t j = 0; j < 7; j++) {
        CHECK_CLOSE(fit.coefficients[j].value, certified[j][0], 1e-10);
        CHECK_CLOSE(fit.coefficients[j].standard_error, certified[j][1], 1e-10);
    }
    CHECK_CLOSE(fit.deviation, 304.854073561965, 1e-12);
    CHECK_CLOSE(fit.r_squared, 0.995479004577296, 1e-14);
    CHECK_CLOSE(fit.f, 330.285339234588, 1e-11);
    CHECK_CLOSE(fit.condition, 4.85926e9, 1e-5); // statsmodels
}

TEST(longleys_diagnostics_are_those_of_r_and_statsmodels) {
    static const double inflations[] = {135.5324, 1788.5135, 33.6189, 3.5889, 399.151, 758.9806};
    static const double robust[REGRESSION_ROBUST] = {4.2838437674573926e-01, 5.7117917227212989e-01,
                                                     6.1759295773887679e-01,
                                                     9.2280785047618030e-01};
    const struct regression regression = longley(scope, true);
    struct regression_fit fit;

    CHECK_OK(regression_fit(scope, &regression, 0.95, 1, &fit));
    CHECK_CLOSE(fit.coefficients[0].value, -3482.25863459581, 1e-10);
    CHECK_CLOSE(fit.coefficients[6].value, 1.82915146461355, 1e-10);
    CHECK_CLOSE(fit.deviation, 0.304854073561966, 1e-12);
    CHECK_CLOSE(fit.coefficients[6].p, 0.00303680334163039869, 1e-9);
    CHECK_CLOSE(fit.durbin_watson, 2.5594876893, 1e-9);
    CHECK_CLOSE(fit.breusch_pagan, 2.5096632, 1e-7);
    CHECK_CLOSE(fit.breusch_pagan_p, 0.8673846, 1e-7);
    CHECK_CLOSE(fit.jarque_bera, 0.6841356, 1e-6);
    CHECK_CLOSE(fit.highest_cook, 0.61391684, 1e-7);
    CHECK_CLOSE(fit.highest_leverage, 0.68861460, 1e-7);
    for (size_t j = 0; j < LONGLEY_DRIVERS; j++) {
        CHECK_CLOSE(fit.coefficients[j + 1].inflation, inflations[j], 1e-5);
        CHECK_CLOSE(fit.terms[j].inflation * fit.terms[j].inflation, inflations[j], 1e-5);
        CHECK_CLOSE(fit.terms[j].p, fit.coefficients[j + 1].p, 1e-9);
    }
    for (int kind = 0; kind < REGRESSION_ROBUST; kind++)
        CHECK_CLOSE(fit.coefficients[6].robust_errors[kind], robust[kind], 1e-8);
    CHECK_INT((int64_t)fit.sample_size, LONGLEY_ROWS);
    CHECK_CLOSE(fit.sample[0].studentised, 1.181111702450734935, 1e-9);
    CHECK_CLOSE(fit.sample[9].studentised, 2.169448182416229276, 1e-9);
}

// ---- levels, products, weights ----

enum { ROWS = 40 };
static const double x[ROWS] = {2.287,  -1.197, -0.694, -0.412, -0.971, -0.947, 0.748,  -0.117,
                               0.153,  2.19,   0.357,  2.717,  2.281,  0.324,  1.896,  0.468,
                               -0.894, -0.307, -0.005, 0.988,  0.84,   0.705,  1.306,  -1.388,
                               1.273,  0.184,  0.752,  0.592,  -0.983, -0.276, -0.871, 0.719,
                               0.111,  -0.078, -0.42,  -0.562, 0.998,  -1.105, -0.142, 0.315};
static const double y[ROWS] = {2.264,  -1.101, -0.771, -0.119, -0.023, 0.667, 2.639, 5.289,
                               3.248,  4.204,  3.097,  2.168,  1.68,   1.911, 3.594, 2.721,
                               -2.276, 2.583,  3.639,  1.31,   3.643,  3.808, 5.258, -0.758,
                               5.814,  0.287,  2.684,  2.352,  2.746,  2.474, 0.981, 0.413,
                               2.454,  0.893,  3.688,  3.261,  4.677,  1.848, 1.371, 3.618};
static const uint16_t g[ROWS] = {0, 0, 1, 2, 1, 1, 0, 1, 1, 0, 1, 2, 0, 0, 1, 1, 0, 2, 0, 2,
                                 2, 1, 0, 0, 0, 2, 1, 0, 1, 0, 0, 2, 0, 1, 1, 2, 0, 1, 0, 1};
static const double w[ROWS] = {1.61, 0.86, 1.59, 0.89, 0.78, 1.86, 1.91, 1.95, 0.66, 1.08,
                               1.8,  1.09, 1.76, 0.58, 1.43, 1.29, 0.59, 0.7,  1.91, 1.59,
                               1.63, 1.18, 1.14, 1.56, 1.65, 0.92, 1.91, 0.57, 1.54, 1.59,
                               1.27, 1.01, 0.61, 1.51, 1.77, 1.14, 0.91, 0.78, 1.69, 0.94};
static const struct regression_column two_columns[] = {
    {.numbers = x}, {.codes = g, .level_count = 3, .reference = 0}};
static const struct regression_term with_product[] = {
    {.columns = {0}}, {.columns = {1}}, {.columns = {0, 1}, .is_interaction = true}};

static struct regression forty_rows(void) {
    return (struct regression){.row_count = ROWS,
                               .outcome = y,
                               .columns = two_columns,
                               .column_count = 2,
                               .terms = with_product,
                               .term_count = 3};
}

TEST(levels_and_products_are_those_of_r) {
    static const double expected[6][2] = {
        {1.674894019318013516, 0.40769556090150622},  {1.241624870055032082, 0.33228017869507476},
        {0.845023351830536784, 0.57601032722183665},  {-0.044105081530166915, 0.74795886320523297},
        {-0.207603095423856382, 0.60252143898585575}, {-1.121709223859393090, 0.64729442353923849}};
    static const double hc3[] = {0.42221536782933106, 0.47357616731953628, 0.57548199657808963,
                                 0.86214276530643941, 0.66146570945112915, 0.68219298606036372};
    const struct regression regression = forty_rows();
    struct regression_fit fit;

    CHECK_OK(regression_fit(scope, &regression, 0.95, 2, &fit));
    CHECK_INT((int64_t)fit.column_count, 6);
    for (size_t j = 0; j < 6; j++) {
        CHECK_CLOSE(fit.coefficients[j].value, expected[j][0], 1e-12);
        CHECK_CLOSE(fit.coefficients[j].standard_error, expected[j][1], 1e-12);
        CHECK_CLOSE(fit.coefficients[j].robust_errors[HC3], hc3[j], 1e-12);
    }
    CHECK_INT(fit.coefficients[3].levels[0], 2);
    CHECK_INT(fit.coefficients[4].levels[0], REGRESSION_NUMBER);
    CHECK_INT(fit.coefficients[4].levels[1], 1);
    CHECK_CLOSE(fit.terms[1].f, 1.30552, 1e-5); // drop1
    CHECK_CLOSE(fit.terms[1].p, 0.28427479, 1e-7);
    CHECK_CLOSE(fit.terms[2].f, 1.51310, 1e-5);
    CHECK_CLOSE(fit.terms[2].share, 7.4929901271272723 / 91.6785479265076, 1e-10);
    CHECK_CLOSE(fit.highest_cook, 0.18279188596586363, 1e-12);
    CHECK_CLOSE(fit.aic, 157.28083985030429, 1e-13);
    CHECK_CLOSE(fit.bic, 169.10299602910183, 1e-13);
}

TEST(weighted_rows_are_those_of_r) {
    static const double expected[4][2] = {{1.95692581571943691, 0.41803167568519234},
                                          {0.83907137638751106, 0.25495208059797464},
                                          {0.59834208032192104, 0.57941231166470575},
                                          {-0.64061538688640307, 0.72867356464066446}};
    struct regression regression = forty_rows();
    struct regression_fit fit;
    double worst = 0;

    regression.term_count = 2;
    regression.weights = w;
    CHECK_OK(regression_fit(scope, &regression, 0.95, 1, &fit));
    for (size_t j = 0; j < 4; j++) {
        CHECK_CLOSE(fit.coefficients[j].value, expected[j][0], 1e-12);
        CHECK_CLOSE(fit.coefficients[j].standard_error, expected[j][1], 1e-12);
    }
    CHECK_CLOSE(fit.r_squared, 0.2463026942662844, 1e-12);
    CHECK_CLOSE(fit.highest_cook, 0.18093002549747442, 1e-12);
    CHECK_CLOSE(fit.log_likelihood, -75.224154262267348, 1e-13);
    for (size_t i = 0; i < fit.sample_size; i++)
        worst = fmax(worst, fabs(fit.sample[i].studentised));
    CHECK_CLOSE(worst, 2.4180926959028906, 1e-12);
}

TEST(columns_that_say_the_same_are_left_out_and_named) {
    double twice[ROWS], constant[ROWS];
    const struct regression_column columns[] = {{.numbers = x},
                                                {.codes = g, .level_count = 4, .reference = 0},
                                                {.numbers = twice},
                                                {.numbers = constant}};
    const struct regression_term terms[] = {
        {.columns = {3}}, {.columns = {0}}, {.columns = {2}}, {.columns = {1}}};
    struct regression regression = forty_rows();
    struct regression_fit fit, smaller;

    for (size_t i = 0; i < ROWS; i++) {
        twice[i] = 2 * x[i] + 7;
        constant[i] = 3;
    }
    regression.term_count = 2;
    CHECK_OK(regression_fit(scope, &regression, 0.95, 1, &smaller));
    regression.columns = columns;
    regression.column_count = 4;
    regression.terms = terms;
    regression.term_count = 4;
    CHECK_OK(regression_fit(scope, &regression, 0.95, 1, &fit));
    CHECK_INT((int64_t)fit.column_count, 7);
    CHECK_INT((int64_t)fit.rank, 4);
    CHECK(fit.coefficients[1].is_dropped);  // constant: the intercept says it
    CHECK(!fit.coefficients[2].is_dropped); // the first of two that say the same stays
    CHECK(fit.coefficients[3].is_dropped);
    CHECK(fit.coefficients[6].is_dropped); // a level that no row has
    CHECK(isnan(fit.coefficients[6].value) && isnan(fit.coefficients[6].robust_errors[HC0]));
    CHECK_CLOSE(fit.coefficients[2].value, smaller.coefficients[1].value, 1e-12);
    CHECK_CLOSE(fit.coefficients[5].value, smaller.coefficients[3].value, 1e-12);
    CHECK_CLOSE(fit.r_squared, smaller.r_squared, 1e-12);
    CHECK_INT((int64_t)fit.terms[2].freedom, 0);
}

// ---- many rows ----

struct many {
    struct regression regression;
    double *outcome, *numbers, *more;
    uint16_t *codes;
    struct regression_column columns[3];
    struct regression_term terms[4];
};

static struct many *many_rows(struct scope *scope, size_t count) {
    struct many *many = arena_alloc(&scope->arena, sizeof(*many));
    uint64_t state = 42;

    many->outcome = arena_array(&scope->arena, count, sizeof(double));
    many->numbers = arena_array(&scope->arena, count, sizeof(double));
    many->more = arena_array(&scope->arena, count, sizeof(double));
    many->codes = arena_array(&scope->arena, count, sizeof(uint16_t));
    for (size_t i = 0; i < count; i++) {
        double uniform[4];

        for (int k = 0; k < 4; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            uniform[k] = (double)(state >> 11) / (double)(1ull << 53);
        }
        many->numbers[i] = 100 + 20 * uniform[0];
        many->more[i] = uniform[1] * uniform[1];
        many->codes[i] = (uint16_t)(uniform[2] * 5);
        many->outcome[i] = 3 + 0.5 * many->numbers[i] - 2 * many->more[i] + many->codes[i] +
                           (uniform[3] - 0.5) * (1 + many->more[i]);
    }
    many->columns[0].numbers = many->numbers;
    many->columns[1].numbers = many->more;
    many->columns[2] =
        (struct regression_column){.codes = many->codes, .level_count = 5, .reference = 2};
    many->terms[0].columns[0] = 0;
    many->terms[1].columns[0] = 1;
    many->terms[2].columns[0] = 2;
    many->terms[3] = (struct regression_term){.columns = {1, 2}, .is_interaction = true};
    many->regression = (struct regression){.row_count = count,
                                           .outcome = many->outcome,
                                           .columns = many->columns,
                                           .column_count = 3,
                                           .terms = many->terms,
                                           .term_count = 4};
    return many;
}

TEST(threads_and_a_second_run_change_no_digit_of_a_regression) {
    const struct many *many = many_rows(scope, 30001);
    struct regression_fit fits[3];

    for (int i = 0; i < 3; i++) {
        CHECK_OK(regression_fit(scope, &many->regression, 0.95, i + 1, &fits[i]));
        CHECK(test_is_same(fits[0].coefficients, fits[i].coefficients,
                           fits[0].column_count * sizeof(*fits[0].coefficients)));
        CHECK(test_is_same(fits[0].terms, fits[i].terms, 4 * sizeof(*fits[0].terms)));
        CHECK(test_is_same(&fits[0].deviation, &fits[i].deviation,
                           sizeof(fits[0]) - offsetof(struct regression_fit, deviation)));
    }
    CHECK(fits[0].r_squared > 0.9);
    CHECK(fits[0].breusch_pagan_p < 1e-6); // noise grows with `more`
    CHECK_CLOSE(fits[0].coefficients[1].value, 0.5, 0.01);
    CHECK_INT((int64_t)fits[0].influential_size, REGRESSION_INFLUENTIAL);
}

TEST(the_order_of_rows_their_scale_and_doubling_do_what_they_must) {
    enum { COUNT = 9000 };
    struct many *many = many_rows(scope, COUNT), *other = many_rows(scope, (size_t)2 * COUNT);
    struct regression_fit fit, changed;

    CHECK_OK(regression_fit(scope, &many->regression, 0.95, 1, &fit));
    for (size_t i = 0; i < COUNT; i++)
        for (size_t copy = 0; copy < 2; copy++) {
            const size_t to = (size_t)2 * COUNT - 1 - 2 * i - copy;

            other->outcome[to] = many->outcome[i] * 1000;
            other->numbers[to] = many->numbers[i] / 1e6;
            other->more[to] = many->more[i];
            other->codes[to] = many->codes[i];
        }
    CHECK_OK(regression_fit(scope, &other->regression, 0.95, 1, &changed));
    CHECK_CLOSE(changed.coefficients[1].value, fit.coefficients[1].value * 1e9, 1e-10);
    CHECK_CLOSE(changed.coefficients[4].value, fit.coefficients[4].value * 1e3, 1e-10);
    CHECK_CLOSE(changed.r_squared, fit.r_squared, 1e-12);
    CHECK_CLOSE(changed.highest_leverage * 2, fit.highest_leverage, 1e-10);
    CHECK_CLOSE(changed.breusch_pagan, 2 * fit.breusch_pagan, 1e-8);
    CHECK_CLOSE(changed.coefficients[2].robust_errors[HC0] * sqrt(2) / 1e3,
                fit.coefficients[2].robust_errors[HC0], 1e-10);
}

static void fit_without(struct scope *scope, size_t left, struct regression_fit *ret_fit) {
    double outcome[ROWS], numbers[ROWS];
    uint16_t codes[ROWS];
    const struct regression_column columns[] = {{.numbers = numbers},
                                                {.codes = codes, .level_count = 3, .reference = 0}};
    struct regression without = forty_rows();

    without.row_count = 0;
    without.outcome = outcome;
    without.columns = columns;
    for (size_t i = 0; i < ROWS; i++)
        if (i != left) {
            outcome[without.row_count] = y[i];
            numbers[without.row_count] = x[i];
            codes[without.row_count++] = g[i];
        }
    CHECK_OK(regression_fit(scope, &without, 0.95, 1, ret_fit));
}

// Leverage, Cook's distance and the studentised residual by their definition: without the row.
TEST(influence_is_what_a_fit_without_the_row_shows) {
    const struct regression regression = forty_rows();
    struct regression_fit fit;

    CHECK_OK(regression_fit(scope, &regression, 0.95, 1, &fit));
    for (size_t left = 0; left < ROWS; left += 7) {
        struct regression_fit refit;
        double predicted, square = 0;

        fit_without(scope, left, &refit);
        for (size_t i = 0; i < ROWS; i++) {
            double shift = 0;

            for (size_t j = 0; j < 6; j++) {
                const double column = j == 0   ? 1
                                      : j == 1 ? x[i]
                                      : j < 4  ? g[i] == j - 1
                                               : x[i] * (g[i] == j - 3);

                shift += column * (fit.coefficients[j].value - refit.coefficients[j].value);
            }
            square += shift * shift;
            if (i == left) {
                predicted = fit.sample[i].fitted - shift;
                CHECK_CLOSE(fit.sample[i].residual,
                            (y[i] - predicted) * (1 - fit.sample[i].leverage), 1e-10);
            }
        }
        CHECK_CLOSE(fit.sample[left].cook, square / (6 * fit.deviation * fit.deviation), 1e-9);
    }
}

// ---- what cannot be computed ----

TEST(regressions_of_nothing_are_refused) {
    struct regression regression = forty_rows();
    double outcome[ROWS] = {0};
    struct regression_fit fit;

    regression.outcome = outcome;
    CHECK_CODE(regression_fit(scope, &regression, 0.95, 1, &fit), INVALID);
    CHECK_STRING(scope->failure.message, "the outcome is 0 in all 40 rows: nothing to explain");
    scope_forgive(scope);
    outcome[3] = NAN;
    CHECK_CODE(regression_fit(scope, &regression, 0.95, 1, &fit), INVALID);
    CHECK_STRING(scope->failure.message, "the outcome of row 4 is nan, not a finite number");
    scope_forgive(scope);
    regression = forty_rows();
    regression.row_count = 5;
    CHECK_CODE(regression_fit(scope, &regression, 0.95, 1, &fit), INVALID);
    CHECK_STRING(scope->failure.message, "5 rows are too few for 5 coefficients");
    scope_forgive(scope);
    regression.row_count = 0;
    CHECK_CODE(regression_fit(scope, &regression, 0.95, 1, &fit), INVALID);
}

TEST(a_perfect_fit_and_a_row_of_its_own_have_defined_values) {
    static const uint16_t own[ROWS] = {[5] = 1};
    const struct regression_column columns[] = {{.numbers = x},
                                                {.codes = own, .level_count = 2, .reference = 0}};
    struct regression regression = forty_rows();
    struct regression_fit fit;

    regression.columns = columns;
    regression.term_count = 2;
    CHECK_OK(regression_fit(scope, &regression, 0.95, 1, &fit));
    CHECK_INT(fit.saturated_count, 1);
    CHECK(isnan(fit.sample[5].studentised) && fabs(fit.sample[5].residual) < 1e-12);
    CHECK(isfinite(fit.coefficients[1].robust_errors[HC3]));
    CHECK(isnan(fit.coefficients[2].robust_errors[HC3]) && isnan(fit.coefficients[2].robust_p));
    regression.outcome = x;
    regression.term_count = 1;
    CHECK_OK(regression_fit(scope, &regression, 0.95, 1, &fit));
    CHECK_CLOSE(fit.coefficients[1].value, 1, 1e-12);
    CHECK_CLOSE(fit.r_squared, 1, 1e-15);
}

// ---- correlations, many tests ----

TEST(correlations_are_those_of_r) {
    const struct correlation pearson = correlation_of(x, y, ROWS, 0.95);
    double constant[ROWS] = {0}, rank_x[ROWS], rank_y[ROWS];

    CHECK_CLOSE(pearson.value, 0.48744378206711636, 1e-14);
    CHECK_CLOSE(pearson.low, 0.20743151837124801, 1e-12);
    CHECK_CLOSE(pearson.high, 0.69363005745938233, 1e-12);
    CHECK_CLOSE(pearson.p, 0.0014218914195339, 1e-12);
    correlation_ranks(scope, x, ROWS, rank_x);
    correlation_ranks(scope, y, ROWS, rank_y);
    CHECK_CLOSE(correlation_of_ranks(rank_x, rank_y, ROWS, 0.95).value, 0.47392120075046901, 1e-14);
    correlation_ranks(scope, (const double[]){3, 1, 3, 2}, 4, rank_x);
    CHECK(rank_x[0] == 3.5 && rank_x[1] == 1 && rank_x[2] == 3.5 && rank_x[3] == 2);
    CHECK(isnan(correlation_of(x, constant, ROWS, 0.95).value));
    CHECK(correlation_of(x, x, ROWS, 0.95).p < 1e-100);
    CHECK(isnan(correlation_of(x, y, 2, 0.95).p));
}

TEST(many_tests_are_adjusted_as_r_does) {
    static const double p[] = {0.01, 0.02, NAN, 0.03, 0.04, 0.5};
    static const double holm[] = {0.05, 0.08, NAN, 0.09, 0.09, 0.5};
    double adjusted[6];

    false_discovery_adjust(scope, p, 6, adjusted);
    for (size_t i = 0; i < 6; i++)
        CHECK(i == 2 ? isnan(adjusted[i]) : fabs(adjusted[i] - (i == 5 ? 0.5 : 0.05)) < 1e-15);
    holm_adjust(scope, p, 6, adjusted);
    for (size_t i = 0; i < 6; i++)
        CHECK(i == 2 ? isnan(adjusted[i]) : fabs(adjusted[i] - holm[i]) < 1e-15);
}
