// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"
#include "base/test.h"

#include <math.h>

TEST(the_generator_gives_the_published_numbers_of_splitmix64) {
    // Seed 1234567: the values that the reference implementation by Sebastiano Vigna prints.
    const uint64_t expected[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                 UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                 UINT64_C(16408922859458223821)};
    struct random random = {1234567};

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        CHECK(random_next(&random) == expected[i]);
}

TEST(streams_of_a_seed_differ_by_purpose_and_index) {
    struct random one = random_stream(1, 2, 3), same = random_stream(1, 2, 3);
    struct random other_seed = random_stream(2, 2, 3), other_purpose = random_stream(1, 3, 3);
    struct random other_index = random_stream(1, 2, 4);
    const uint64_t value = random_next(&one);

    CHECK(random_next(&same) == value);
    CHECK(random_next(&other_seed) != value);
    CHECK(random_next(&other_purpose) != value);
    CHECK(random_next(&other_index) != value);
}

struct moments {
    double mean, variance;
};

enum { DRAWS = 200000 };

static struct moments moments_of(double (*draw)(struct random *random)) {
    struct random random = random_stream(7, 1, 1);
    double sum = 0, squares = 0;

    for (int i = 0; i < DRAWS; i++) {
        const double value = draw(&random);
        sum += value;
        squares += value * value;
    }
    return (struct moments){sum / DRAWS, squares / DRAWS - sum / DRAWS * (sum / DRAWS)};
}

static double draw_small_gamma(struct random *random) {
    return random_gamma(random, 0.7);
}
static double draw_large_gamma(struct random *random) {
    return random_gamma(random, 6);
}
static double draw_small_poisson(struct random *random) {
    return random_poisson(random, 3.5);
}
static double draw_large_poisson(struct random *random) {
    return random_poisson(random, 120);
}

TEST(distributions_have_their_mean_and_variance) {
    const struct {
        double (*draw)(struct random *random);
        double mean, variance;
    } cases[] = {
        {random_uniform, 0.5, 1.0 / 12}, {random_exponential, 1, 1}, {random_normal, 0, 1},
        {draw_small_gamma, 0.7, 0.7},    {draw_large_gamma, 6, 6},   {draw_small_poisson, 3.5, 3.5},
        {draw_large_poisson, 120, 120},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct moments found = moments_of(cases[i].draw);
        // Five standard errors of the mean.
        CHECK(fabs(found.mean - cases[i].mean) < 5 * sqrt(cases[i].variance / DRAWS));
        CHECK_CLOSE(found.variance, cases[i].variance, 0.04);
    }
}

TEST(random_below_reaches_every_value_evenly) {
    struct random random = {1};
    int counts[7] = {0};

    for (int i = 0; i < 70000; i++)
        counts[random_below(&random, 7)]++;
    for (int i = 0; i < 7; i++)
        CHECK(counts[i] > 9500 && counts[i] < 10500);
    CHECK_INT(random_below(&random, 1), 0);
}

TEST(a_weighted_choice_follows_its_weights_and_never_picks_a_zero) {
    const double weights[] = {0, 5, 1, 0, 3, 0.5, 0, 0.5};
    struct weighted_slot slots[8];
    double scratch[8];
    struct weighted_choice choice = {.count = 8, .slots = slots};
    struct random random = {99};
    int counts[8] = {0};

    weighted_choice_build(&choice, weights, scratch);
    for (int i = 0; i < 100000; i++)
        counts[weighted_choice_pick(&choice, &random)]++;
    for (int i = 0; i < 8; i++) {
        CHECK(weights[i] > 0 || counts[i] == 0);
        CHECK(fabs(counts[i] - weights[i] * 10000) < 600);
    }
}

TEST(a_weighted_choice_of_equal_or_single_weights_works) {
    const double equal[] = {2, 2, 2}, single[] = {0.1};
    struct weighted_slot slots[3];
    double scratch[3];
    struct weighted_choice choice = {.count = 3, .slots = slots};
    struct random random = {5};
    int counts[3] = {0};

    weighted_choice_build(&choice, equal, scratch);
    for (int i = 0; i < 30000; i++)
        counts[weighted_choice_pick(&choice, &random)]++;
    for (int i = 0; i < 3; i++)
        CHECK(counts[i] > 9600 && counts[i] < 10400);

    choice.count = 1;
    weighted_choice_build(&choice, single, scratch);
    CHECK_INT(weighted_choice_pick(&choice, &random), 0);
}

TEST(a_sample_takes_every_one_as_often_and_none_twice) {
    struct random random = random_stream(5, 0, 0);
    int times[10] = {0};
    size_t indexes[10];

    for (int round = 0; round < 10000; round++) {
        random_sample(&random, 10, 3, indexes);
        CHECK(indexes[0] < indexes[1] && indexes[1] < indexes[2] && indexes[2] < 10);
        for (int i = 0; i < 3; i++)
            times[indexes[i]]++;
    }
    for (int i = 0; i < 10; i++)
        CHECK(times[i] > 2800 && times[i] < 3200); // 3,000 ± 4 standard deviations
    random_sample(&random, 10, 10, indexes);
    for (size_t i = 0; i < 10; i++)
        CHECK(indexes[i] == i);
    random_sample(&random, 10, 0, indexes);
}
