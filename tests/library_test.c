// SPDX-License-Identifier: Apache-2.0
// libtessera as its users have it: its calls beside published results, what it says of arrays that
// cannot be, the C example linked to it and the Python example that loads it.
#include "analyze/library/tessera.h"
#include "analyze/lifetime_value/purchase_testing.h"
#include "base/test.h"
#include "tests/program.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static struct tessera *open_place(void) {
    struct tessera *place = tessera_open(0);

    CHECK(place != NULL);
    CHECK_STRING(tessera_error(place), "");
    return place;
}

// ---- models ----

TEST(the_library_fits_cdnow_as_published) {
    struct tessera *place = open_place();
    struct test_purchases cdnow;
    const struct purchase_history *history = &cdnow.history;
    struct tessera_fit fit;
    double *alive, *expected, sum = 0;

    test_cdnow(scope, "cdnow_sample.txt", &cdnow);
    CHECK_INT(tessera_purchases_fit(place, "bg_nbd", history->count, history->repeats,
                                    history->last, history->observed, &fit),
              0);
    CHECK(fit.parameter_count == 4 && fit.converged && !fit.at_boundary);
    CHECK_CLOSE(fit.log_likelihood, -9582.42920668, 1e-9);
    CHECK_CLOSE(fit.parameters[0], .2425945, 5e-4);
    alive = arena_array(&scope->arena, history->count, sizeof(*alive));
    expected = arena_array(&scope->arena, history->count, sizeof(*expected));
    CHECK_INT(tessera_purchases_expect(place, "bg_nbd", fit.parameters, history->count,
                                       history->repeats, history->last, history->observed, 39,
                                       alive, expected),
              0);
    for (size_t i = 0; i < history->count; i++) {
        CHECK(alive[i] > 0 && alive[i] <= 1);
        sum += expected[i];
    }
    CHECK_CLOSE(sum, 1653.408, 1e-5); // CLVTools
    CHECK_INT(tessera_purchases_fit(place, "pareto_nbd", history->count, history->repeats,
                                    history->last, history->observed, &fit),
              0);
    CHECK_CLOSE(fit.log_likelihood, -9594.97618, 1e-8);
    tessera_close(place);
}

// Fader & Hardie (2007), the regular customers.
TEST(the_library_projects_contracts_as_published) {
    static const double here[] = {1000, 631, 468, 382, 326, 289, 262, 241};
    struct tessera *place = open_place();
    double periods[8], customers[8];
    unsigned char left[8];
    struct tessera_fit fit;

    for (int i = 0; i < 7; i++) {
        periods[i] = i + 1;
        customers[i] = here[i] - here[i + 1];
        left[i] = 1;
    }
    periods[7] = 7;
    customers[7] = here[7];
    left[7] = 0;
    CHECK_INT(tessera_contracts_fit(place, 8, periods, customers, left, &fit), 0);
    CHECK_CLOSE(fit.parameters[0], .70407732, 1e-5);
    CHECK_CLOSE(fit.parameters[1], 1.18204307, 1e-5);
    CHECK_CLOSE(tessera_contracts_survival(fit.parameters, 12), .170037, 1e-5);
    tessera_close(place);
}

TEST(the_library_parts_groups_that_lie_apart) {
    struct tessera *place = open_place();
    double values[200], centres[4], weights[2], means[4], covariances[8], inertia, likelihood, bic;
    uint32_t labels[100], mixed[100];

    for (int i = 0; i < 100; i++) {
        double *point = &values[2L * i];

        point[0] = (i % 2 == 0 ? 0 : 100) + i % 7;
        point[1] = (i % 2 == 0 ? 0 : 50) + i % 5;
    }
    CHECK_INT(tessera_k_means(place, values, 100, 2, 2, 5, 1, centres, labels, &inertia), 0);
    CHECK_INT(tessera_gaussian_mixture(place, values, 100, 2, 2, 1, weights, means, covariances,
                                       mixed, &likelihood, &bic),
              0);
    for (int i = 2; i < 100; i++) {
        CHECK(labels[i] == labels[i % 2]);
        CHECK(mixed[i] == mixed[i % 2]);
    }
    CHECK(labels[0] != labels[1] && mixed[0] != mixed[1]);
    CHECK_CLOSE(weights[0], .5, 1e-6);
    tessera_close(place);
}

// y = 1 + 2 a − 3 b, to which a little is added that neither knows.
TEST(the_library_finds_the_line_behind_the_points) {
    struct tessera *place = open_place();
    double values[120], outcome[60], coefficients[3], errors[3], p[3];
    struct tessera_regression summary;

    for (int i = 0; i < 60; i++) {
        double *row = &values[2L * i];

        row[0] = i;
        row[1] = i * i % 11;
        outcome[i] = 1 + 2 * row[0] - 3 * row[1] + .01 * (i % 3 - 1);
    }
    CHECK_INT(tessera_regress(place, values, outcome, 60, 2, coefficients, errors, NULL, p, NULL,
                              &summary),
              0);
    CHECK_CLOSE(coefficients[0], 1, .02);
    CHECK_CLOSE(coefficients[1], 2, 1e-3);
    CHECK_CLOSE(coefficients[2], -3, 1e-3);
    CHECK(summary.r_squared > .999 && p[1] < 1e-9);
    tessera_close(place);
}

TEST(the_library_attributes_as_the_textbook_does) {
    // a 4 times; a, then b 6 times (mta's test cases).
    static const size_t starts[] = {0, 1, 3};
    static const uint16_t touches[] = {0, 0, 1};
    static const int64_t conversions[] = {4, 6}, nulls[] = {0, 0}, values[] = {4000000, 6000000};
    struct tessera *place = open_place();
    double credit[2], worth[2];

    CHECK_INT(tessera_attribute(place, "shapley", 2, 2, starts, touches, conversions, nulls, values,
                                credit, worth),
              0);
    CHECK_CLOSE(credit[0], 7, 1e-12);
    CHECK_CLOSE(worth[1], 3, 1e-12);
    CHECK_INT(tessera_attribute(place, "markov_1", 2, 2, starts, touches, conversions, nulls,
                                values, credit, worth),
              0);
    CHECK_CLOSE(credit[0] + credit[1], 10, 1e-12);
    tessera_close(place);
}

TEST(the_library_says_what_is_wrong_and_goes_on) {
    static const int64_t repeats[] = {-1};
    static const double times[] = {1}, series[] = {1, NAN};
    static const size_t starts[] = {0, 1};
    static const uint16_t touches[] = {7};
    static const int64_t one[] = {1};
    struct tessera *place = open_place();
    double numbers[12];
    char model[TESSERA_MODEL_NAME];
    struct tessera_fit fit;

    CHECK(tessera_purchases_fit(place, "tarot", 1, repeats, times, times, &fit) != 0);
    CHECK(strstr(tessera_error(place), "no model \"tarot\"") != NULL);
    CHECK(strstr(tessera_error(place), "bg_nbd") != NULL);
    CHECK(tessera_purchases_fit(place, "bg_nbd", 1, repeats, times, times, &fit) != 0);
    CHECK(tessera_purchases_fit(place, "bg_nbd", 0, repeats, times, times, &fit) != 0);
    CHECK(tessera_forecast(place, series, 2, 1, 3, 1, numbers, numbers, numbers, model) != 0);
    CHECK_STRING(tessera_error(place), "value 2 is not finite");
    CHECK(tessera_attribute(place, "first", 2, 1, starts, touches, one, one, one, numbers,
                            numbers) != 0);
    CHECK(strstr(tessera_error(place), "of no channel") != NULL);
    CHECK_INT(tessera_forecast(place, series, 1, 1, 3, 1, numbers, numbers, numbers, model), 0);
    CHECK_STRING(tessera_error(place), "");
    tessera_close(place);
    tessera_close(NULL);
}

// ---- as it is used ----

static const char *customers_file(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer lines = {0};
    struct test_purchases cdnow;

    test_cdnow(scope, "cdnow_sample.txt", &cdnow);
    for (size_t i = 0; i < cdnow.history.count; i++)
        buffer_printf(&lines, "%" PRId64 " %.17g %.17g 0\n", cdnow.history.repeats[i],
                      cdnow.history.last[i], cdnow.history.observed[i]);
    return test_file(scope, "customers.txt", buffer_text(&lines));
}

static struct text run_line(struct scope *scope, const char *line) {
    return run_other_for_output(scope, (const char *const[]){"sh", "-c", line, NULL});
}

TEST(a_program_that_knows_only_the_header_fits_cdnow) {
    const char *customers = customers_file(scope);

    CHECK(text_starts_with(
        run_line(scope, arena_printf(&scope->arena, "%s < %s", TEST_EXAMPLE, customers)),
        TEXT("2357 customers, log-likelihood -9582.429\n"
             "r 0.2426 alpha 4.4136 a 0.7929 b 2.4259\n")));
}

TEST(the_library_shows_nothing_but_what_its_header_names) {
    const struct text names = run_line(scope, "nm -D --defined-only " TEST_LIBRARY
                                              " | awk '$2 == \"T\" {print $3}' | grep -v "
                                              "'^tessera_' | head");

    CHECK_TEXT(names, "");
}

TEST(python_loads_the_library_and_forecasts) {
    CLEANUP(buffer_clear) struct buffer values = {0};
    const char *file;
    struct text out;
    int lines = 0;

    if (test_is_instrumented())
        test_skip("a sanitizer wants to be loaded before Python is");
    for (int i = 0; i < 60; i++)
        buffer_printf(&values, "%d\n", 100 + i + 20 * (i % 12 == 11));
    file = test_file(scope, "values.txt", buffer_text(&values));
    out = run_line(scope, arena_printf(&scope->arena, "python3 %s/examples/forecast.py %s < %s",
                                       TEST_SOURCE, TEST_LIBRARY, file));
    for (size_t i = 0; i < out.size; i++)
        lines += out.data[i] == '\n';
    CHECK_INT(lines, 13); // the model, twelve months
}
