// SPDX-License-Identifier: Apache-2.0
#include "analyze/retention/survival_kernel.h"
#include "base/random.h"
#include "base/test.h"

#include <math.h>
#include <string.h>

enum { WEEKS = 36 };

// Weeks of remission of 21 patients given 6-mercaptopurine: Freireich et al. (1963), Blood 21.
static const int remissions[] = {6, 6, 6, 7, 10, 13, 16, 22, 23};
static const int ongoing[] = {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};

static void freireich(int64_t events[WEEKS], int64_t ended[WEEKS]) {
    memset(events, 0, WEEKS * sizeof(*events));
    memset(ended, 0, WEEKS * sizeof(*ended));
    for (size_t i = 0; i < sizeof(remissions) / sizeof(*remissions); i++)
        events[remissions[i]]++;
    for (size_t i = 0; i < sizeof(ongoing) / sizeof(*ongoing); i++)
        ended[ongoing[i]]++;
}

// Klein & Moeschberger (2003), Survival Analysis, table 4.1A.
TEST(remissions_of_leukaemia_are_those_of_the_textbook) {
    static const struct {
        int week;
        double at_risk, share, error;
    } published[] = {{6, 21, .857, .076},  {7, 17, .807, .087},  {10, 15, .753, .096},
                     {13, 12, .690, .107}, {16, 11, .628, .114}, {22, 7, .538, .128},
                     {23, 6, .448, .135},  {35, 1, .448, .135}};
    int64_t events[WEEKS], ended[WEEKS];
    struct survival survival;

    freireich(events, ended);
    CHECK_OK(survival_estimate(scope, events, ended, WEEKS, 0.95, &survival));
    for (size_t i = 0; i < sizeof(published) / sizeof(*published); i++) {
        const int week = published[i].week;
        const double error = survival.share[week] * sqrt(survival.greenwood[week]);

        CHECK_CLOSE(survival.at_risk[week], published[i].at_risk, 0);
        CHECK(fabs(survival.share[week] - published[i].share) < 6e-4);
        CHECK(fabs(error - published[i].error) < 6e-4);
        CHECK(survival.low[week] < survival.share[week]);
        CHECK(survival.high[week] > survival.share[week]);
    }
    CHECK_INT(survival_quantile(&survival, 0.5), 23);
    CHECK_INT(survival_quantile(&survival, 0.6), -1);
    // R's survfit with conf.type "log-log".
    CHECK(fabs(survival.low[10] - .503) < 6e-4);
    CHECK(fabs(survival.high[10] - .889) < 6e-4);
    CHECK_CLOSE(survival.low[3], 1, 0);
    CHECK_CLOSE(survival.high[3], 1, 0);
}

// Where the observation ends for nobody, S is the share that is left.
TEST(without_censoring_survival_is_what_is_left) {
    static const int64_t events[] = {0, 3, 2, 0, 5};
    static const int64_t ended[5] = {0};
    struct survival survival;

    CHECK_OK(survival_estimate(scope, events, ended, 5, 0.95, &survival));
    CHECK_CLOSE(survival.share[1], .7, 1e-12);
    CHECK_CLOSE(survival.share[3], .5, 1e-12);
    CHECK_CLOSE(survival.greenwood[3], .5 / (10 * .5), 1e-12); // (1 − S) / (n S)
    CHECK_CLOSE(survival.share[4], 0, 0);
    CHECK(isnan(survival.low[4]) && isnan(survival.high[4]));
    const struct survival_chance chance = survival_chance(&survival, 1, 3, 0.95);

    CHECK_CLOSE(chance.at_risk, 7, 0);
    CHECK_CLOSE(chance.share, 2.0 / 7, 1e-12);
    CHECK(chance.low > 0 && chance.low < 2.0 / 7 && chance.high > 2.0 / 7 && chance.high < 1);
}

// The same by going over the spells one by one.
TEST(survival_is_the_product_over_moments) {
    enum { SPELLS = 200, TIMES = 40 };
    struct random random = random_stream(11, 0, 0);
    int64_t events[TIMES] = {0}, ended[TIMES] = {0};
    int times[SPELLS];
    bool happened[SPELLS];
    struct survival survival;
    double share = 1;

    for (int i = 0; i < SPELLS; i++) {
        times[i] = (int)random_below(&random, TIMES);
        happened[i] = random_chance(&random, 0.6);
        (happened[i] ? events : ended)[times[i]]++;
    }
    CHECK_OK(survival_estimate(scope, events, ended, TIMES, 0.9, &survival));
    for (int t = 0; t < TIMES; t++) {
        double at_risk = 0, now = 0;

        for (int i = 0; i < SPELLS; i++) {
            at_risk += times[i] >= t;
            now += times[i] == t && happened[i];
        }
        share *= 1 - now / at_risk;
        CHECK(fabs(survival.share[t] - share) < 1e-12);
    }
}

TEST(no_spells_and_negative_ones_are_told_apart) {
    static const int64_t none[3] = {0}, wrong[3] = {0, -1, 0};
    struct survival survival;

    CHECK_OK(survival_estimate(scope, none, none, 3, 0.95, &survival));
    CHECK_CLOSE(survival.spells, 0, 0);
    CHECK_INT(survival_quantile(&survival, 0.5), -1);
    CHECK(isnan(survival_chance(&survival, 0, 2, 0.95).share));
    CHECK_OK(survival_estimate(scope, NULL, NULL, 0, 0.95, &survival));
    CHECK_CODE(survival_estimate(scope, none, wrong, 3, 0.95, &survival), INVALID);
    scope_forgive(scope);
}
