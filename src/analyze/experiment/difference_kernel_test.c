// SPDX-License-Identifier: Apache-2.0
// Hillstrom's e-mail experiment (64,000 customers, three arms): figures that R 4.2.2 gives for it
// (prop.test, t.test, power.t.test; ratio, CUPED and medians by their definitions).
#include "analyze/experiment/difference_kernel.h"

#include "analyze/kernel/special.h"
#include "base/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { ROWS_MOST = 64000, ARMS = 3 };
enum arm { NOBODY, MENS, WOMENS };

struct group {
    size_t count, visits, conversions;
    double *history, *visit, *spend;
};

// Only the second column, which nobody asks for, is ever quoted.
static struct text column_at(struct text line, int column) {
    struct text rest = line, cell = {0};

    for (int i = 0; i <= column; i++) {
        if (text_starts_with(rest, TEXT("\""))) {
            rest = (struct text){.data = rest.data + 1, .size = rest.size - 1};
            text_split(rest, '"', &rest);
        }
        cell = text_split(rest, ',', &rest);
    }
    return cell;
}

static double number_at(struct text line, int column) {
    double number;

    CHECK(text_to_double(text_trim(column_at(line, column)), &number));
    return number;
}

static void read_hillstrom(struct scope *scope, struct group groups[ARMS]) {
    gzFile file = gzopen(test_shared_data(scope, "hillstrom.csv.gz"), "rb");
    char line[400];

    CHECK(file != NULL);
    for (int arm = 0; arm < ARMS; arm++)
        groups[arm] = (struct group){
            .history = arena_array(&scope->arena, ROWS_MOST, sizeof(double)),
            .visit = arena_array(&scope->arena, ROWS_MOST, sizeof(double)),
            .spend = arena_array(&scope->arena, ROWS_MOST, sizeof(double)),
        };
    CHECK(gzgets(file, line, sizeof(line)) != NULL);
    while (gzgets(file, line, sizeof(line)) != NULL) {
        const struct text row = text_of(line);
        const struct text segment = column_at(row, 8);
        struct group *group = &groups[text_starts_with(segment, TEXT("Mens"))     ? MENS
                                      : text_starts_with(segment, TEXT("Womens")) ? WOMENS
                                                                                  : NOBODY];

        group->history[group->count] = number_at(row, 2);
        group->visit[group->count] = number_at(row, 9);
        group->spend[group->count] = number_at(row, 11);
        group->visits += number_at(row, 9) > 0;
        group->conversions += number_at(row, 10) > 0;
        group->count++;
    }
    gzclose(file);
}

static struct proportion visits(const struct group *group) {
    return (struct proportion){(int64_t)group->count, (int64_t)group->visits};
}

static struct proportion conversions(const struct group *group) {
    return (struct proportion){(int64_t)group->count, (int64_t)group->conversions};
}

TEST(hillstroms_differences_are_those_of_r) {
    struct group groups[ARMS];
    struct difference found;

    read_hillstrom(scope, groups);
    CHECK_INT((int64_t)groups[MENS].count, 21307);
    CHECK_INT((int64_t)groups[WOMENS].visits, 3238);
    CHECK_INT((int64_t)groups[NOBODY].conversions, 122);
    found = difference_of_proportions(visits(&groups[NOBODY]), visits(&groups[MENS]), 0.95);
    CHECK_CLOSE(found.value, 0.076589564, 1e-8);
    CHECK_CLOSE(found.statistic, 22.48604083, 1e-9);
    CHECK_CLOSE(found.low, 0.0699535, 1e-3); // R's is Wald's; so many customers make them alike
    CHECK_CLOSE(found.high, 0.0832256, 1e-3);
    found =
        difference_of_proportions(conversions(&groups[NOBODY]), conversions(&groups[MENS]), 0.95);
    CHECK_CLOSE(found.value, 0.006805007, 1e-6);
    CHECK_CLOSE(found.statistic, 7.38511441, 1e-9);
    found = difference_of_proportions(visits(&groups[NOBODY]), visits(&groups[WOMENS]), 0.95);
    CHECK_CLOSE(found.value, 0.045233107, 1e-8);
    CHECK_CLOSE(found.statistic, 13.94918066, 1e-9);
    found =
        difference_of_proportions(conversions(&groups[NOBODY]), conversions(&groups[WOMENS]), 0.95);
    CHECK_CLOSE(found.statistic, 3.77956096, 1e-8);
    found = difference_of_means(sample_of(groups[NOBODY].spend, groups[NOBODY].count),
                                sample_of(groups[MENS].spend, groups[MENS].count), 0.95);
    CHECK_CLOSE(found.value, 0.769827156, 1e-9);
    CHECK_CLOSE(found.statistic, 5.300140358412, 1e-11);
    CHECK_CLOSE(found.freedom, 36671.15797736, 1e-11);
    CHECK_CLOSE(found.p, 1.16381496823e-07, 1e-9);
    CHECK_CLOSE(found.low, 0.485139732568407, 1e-10);
    CHECK_CLOSE(found.high, 1.054514579220666, 1e-10);
    found = difference_of_means(sample_of(groups[NOBODY].spend, groups[NOBODY].count),
                                sample_of(groups[WOMENS].spend, groups[WOMENS].count), 0.95);
    CHECK_CLOSE(found.value, 0.424412216, 1e-8);
    CHECK_CLOSE(found.statistic, 3.25637158, 1e-8);
    CHECK_CLOSE(found.p, 0.00112940, 1e-5);
}

TEST(ratios_and_means_that_history_adjusts_are_those_of_r) {
    struct group groups[ARMS];
    struct difference found;
    double kept;

    read_hillstrom(scope, groups);
    found = difference_of_ratios(
        pair_sample_of(groups[NOBODY].spend, groups[NOBODY].visit, groups[NOBODY].count),
        pair_sample_of(groups[MENS].spend, groups[MENS].visit, groups[MENS].count), 0.95);
    CHECK_CLOSE(found.first, 6.148687002652520, 1e-12);
    CHECK_CLOSE(found.value, 1.63551690078867, 1e-11);
    CHECK_CLOSE(found.statistic, 1.65682277990637, 1e-10);
    found = difference_of_adjusted_means(
        pair_sample_of(groups[NOBODY].spend, groups[NOBODY].history, groups[NOBODY].count),
        pair_sample_of(groups[MENS].spend, groups[MENS].history, groups[MENS].count), 0.95, &kept);
    CHECK_CLOSE(found.statistic, 5.284918224678, 1e-10);
    CHECK_CLOSE(found.freedom, 36676.59175868, 1e-10);
    CHECK_CLOSE(found.low, 0.482823975032956, 1e-9);
    CHECK(kept < 1 && kept > 0.99); // history hardly tells who will spend
    found = difference_of_medians(scope, groups[NOBODY].history, groups[NOBODY].count,
                                  groups[MENS].history, groups[MENS].count, 0.95);
    CHECK_CLOSE(found.first, 156.655, 1e-14);
    CHECK_CLOSE(found.second, 157.22, 1e-14);
    CHECK_CLOSE(found.error, sqrt(2.64116698207478 + 3.59890154523692), 1e-9);
}

TEST(few_values_have_a_median_and_equal_ones_no_error) {
    static const double first[] = {3.1, 2.2, 5.9, 4.4, 8.8, 1.0, 6.3, 7.7, 2.9, 3.3, 4.1};
    static const double second[] = {5.2, 6.6, 9.9, 4.7, 8.1, 7.3, 12.5, 3.9, 6.1, 10.4};
    static const double zeros[9] = {0};
    const struct difference found = difference_of_medians(scope, first, 11, second, 10, 0.95);

    CHECK_CLOSE(found.value, 6.95 - 4.1, 1e-13);
    CHECK_CLOSE(found.error, sqrt(0.851475200361591 + 1.536296029318033), 1e-12);
    CHECK(isnan(difference_of_medians(scope, first, 11, zeros, 9, 0.95).p));
    CHECK(isnan(difference_of_medians(scope, first, 4, second, 10, 0.95).error));
    CHECK(isnan(difference_of_medians(scope, NULL, 0, second, 10, 0.95).first));
}

TEST(small_proportions_have_newcombes_interval) {
    // Newcombe 1998, table II, method 10: 56/70 − 48/80, 9/10 − 3/10, 10/10 − 0/20.
    struct difference found =
        difference_of_proportions((struct proportion){80, 48}, (struct proportion){70, 56}, 0.95);

    CHECK(fabs(found.low - 0.0524) < 5e-5 && fabs(found.high - 0.3339) < 5e-5);
    found = difference_of_proportions((struct proportion){10, 3}, (struct proportion){10, 9}, 0.95);
    CHECK(fabs(found.low - 0.1705) < 5e-5 && fabs(found.high - 0.8090) < 5e-5);
    found =
        difference_of_proportions((struct proportion){20, 0}, (struct proportion){10, 10}, 0.95);
    CHECK(fabs(found.low - 0.6791) < 5e-5 && fabs(found.high - 1) < 5e-5);
    found = difference_of_proportions((struct proportion){10, 0}, (struct proportion){10, 0}, 0.95);
    CHECK(found.value == 0 && isnan(found.p) && found.low < 0 && found.high > 0);
    CHECK(
        isnan(difference_of_proportions((struct proportion){0, 0}, (struct proportion){5, 1}, 0.95)
                  .value));
}

TEST(how_many_it_takes_is_what_r_says) {
    CHECK_CLOSE(count_for_proportions(0.5, 0.75, 0.9, 0.05), 76.70693011, 1e-6);
    CHECK_CLOSE(count_for_means(1, 1, 0.9, 0.05), 22.0210977039, 1e-6);
    CHECK_CLOSE(power_of_means(1, 1, 20, 0.05), 0.868952801692, 1e-9);
    CHECK_CLOSE(power_of_means(-1.5, 1, 4, 0.05), 0.429927295271, 1e-8);
    CHECK_CLOSE(power_of_proportions(0.1, 0.13, 500, 0.05), 0.317883433733, 1e-9);
    CHECK(isnan(count_for_means(0, 1, 0.9, 0.05)) && isnan(power_of_means(1, 0, 20, 0.05)));
    CHECK(isnan(count_for_proportions(0.2, 0.2, 0.8, 0.05)));
}

TEST(a_broken_division_is_found) {
    static const int64_t fair[] = {21307, 21387, 21306};
    static const int64_t broken[] = {21307, 22387, 20306};
    static const double thirds[] = {1, 1, 1};

    CHECK_CLOSE(division_p(fair, thirds, 3), 0.903692957560419, 1e-11);
    CHECK(division_p(broken, thirds, 3) < 1e-10);
    CHECK(isnan(division_p(fair, thirds, 1)));
}

static double normal(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return normal_quantile(((double)(*state >> 11) + 0.5) / (double)(1ull << 53));
}

// Two thousand experiments without a difference, each looked at forty times: of the usual intervals
// many miss 0 at some time, of these no more than one in twenty.
TEST(who_looks_every_day_is_not_fooled) {
    enum { EXPERIMENTS = 2000, LOOKS = 40, PER_LOOK = 25 };
    uint64_t state = 11;
    int usual = 0, at_all_times = 0;

    for (int i = 0; i < EXPERIMENTS; i++) {
        double sum = 0;
        bool is_usual = false, is_found = false;

        for (int look = 1; look <= LOOKS; look++) {
            const double count = 2.0 * look * PER_LOOK;
            struct difference difference = {0}, always;

            sum += sqrt(2 * PER_LOOK) * normal(&state); // of the differences of so many pairs
            difference.value = sum / (count / 2);
            difference.error = sqrt(4 / count);
            always = difference_at_all_times(difference, (int64_t)count, 1000, 0.95);
            is_usual = is_usual || fabs(difference.value / difference.error) > 1.96;
            is_found = is_found || always.low > 0 || always.high < 0;
            CHECK((always.low > 0 || always.high < 0) == (always.p < 0.05));
        }
        usual += is_usual;
        at_all_times += is_found;
    }
    CHECK(usual > EXPERIMENTS / 4);
    CHECK(at_all_times <= EXPERIMENTS / 20);
}

TEST(the_smallest_difference_found_is_that_whose_count_was_asked_for) {
    static const double counts[] = {20, 500, 40000};

    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        const double of_means = difference_for_means(15, counts[i], 0.8, 0.05);
        const double of_shares = difference_for_proportions(0.1, counts[i], 0.8, 0.05);

        CHECK_CLOSE(count_for_means(of_means, 15, 0.8, 0.05), counts[i], 1e-8);
        CHECK_CLOSE(count_for_proportions(0.1, 0.1 + of_shares, 0.8, 0.05), counts[i], 1e-8);
    }
    CHECK(isnan(difference_for_proportions(0.9, 3, 0.8, 0.05))); // not even all of them
    CHECK(isnan(difference_for_proportions(1.5, 300, 0.8, 0.05)));
    CHECK(isnan(difference_for_means(0, 300, 0.8, 0.05)));
    CHECK(isnan(difference_for_means(1, 1, 0.8, 0.05)));
}
