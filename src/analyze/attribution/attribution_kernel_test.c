// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/markov_chain.h"
#include "analyze/attribution/markov_kernel.h"
#include "analyze/attribution/path_file.h"
#include "analyze/attribution/rule_kernel.h"
#include "base/random.h"
#include "base/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- PathData of the package ChannelAttribution ----

// In the order in which the reference prints them.
enum { PATH_DATA_CHANNELS = 12 };
static const char *const path_data_names[PATH_DATA_CHANNELS] = {
    "eta",   "iota", "alpha",   "beta",  "theta", "lambda",
    "kappa", "zeta", "epsilon", "gamma", "delta", "mi"};

static struct path_file path_data(struct scope *scope) {
    struct path_file file;

    CHECK_OK(path_file_read(scope, test_shared_data(scope, "PathData.csv.gz"), &file));
    return file;
}

static size_t place_of(const struct path_file *file, const char *name) {
    for (size_t c = 0; c < file->paths.channel_count; c++)
        if (text_is(file->channels[c], name))
            return c;
    test_fail(__FILE__, __LINE__, "no channel %s", name);
}

static void check_figures(const struct path_file *file, const double *actual,
                          const double *expected, size_t count, double tolerance) {
    for (size_t i = 0; i < count; i++)
        if (!(fabs(actual[place_of(file, path_data_names[i])] - expected[i]) <= tolerance))
            test_fail(__FILE__, __LINE__, "%s is %.10g, not %.10g", path_data_names[i],
                      actual[place_of(file, path_data_names[i])], expected[i]);
}

TEST(path_data_has_the_totals_of_its_package) {
    const struct path_file file = path_data(scope);

    CHECK_INT(file.row_count, 10000);
    CHECK_INT((int64_t)file.paths.channel_count, PATH_DATA_CHANNELS);
    CHECK_INT(file.paths.conversion_total, 19785);
    CHECK_INT(file.paths.null_total, 68602);
    CHECK_CLOSE((double)file.paths.value_total_micros / 1e6, 74802.972, 1e-8);
}

// ChannelAttribution 2.2.4, heuristic_models; time decay and Shapley by separate programs.
TEST(rules_give_path_data_the_credit_of_the_reference) {
    static const struct {
        enum attribution_rule rule;
        size_t count;
        double tolerance;
        double figures[PATH_DATA_CHANNELS];
    } expected[] = {
        {RULE_FIRST, 12, 1e-9, {3164, 4606, 6308, 2831, 1606, 902, 74, 27, 99, 165, 1, 2}},
        {RULE_LAST, 12, 1e-9, {4167, 3355, 8447, 989, 653, 1207, 230, 107, 531, 92, 5, 2}},
        {RULE_LINEAR,
         12,
         1e-9,
         {3539.951157101, 3857.096221018, 7574.718593751, 2083.500144589, 1022.801393904,
          1035.257572286, 137.964077922, 136.551540466, 272.170437720, 121.041639020, 1.725,
          2.222222222}},
        {RULE_POSITION,
         12,
         1e-6,
         {3618.796149, 3944.948166, 7444.823759, 1969.766179, 1092.744472, 1046.903901, 147.459557,
          88.622864, 301.050233, 125.240911, 2.586667, 2.057143}},
        {RULE_TIME_DECAY,
         5,
         1e-6,
         {3580.496475, 3785.964034, 7667.043830, 2003.978868, 993.903655}},
        {RULE_SHAPLEY,
         12,
         1e-6,
         {3613.655952, 3505.044048, 7627.944048, 1982.739286, 1190.963095, 987.782143, 159.057143,
          199.991667, 374.677381, 138.185714, 2.292857, 2.666667}},
    };
    const struct path_file file = path_data(scope);
    const struct rule_options options = rule_default_options();

    for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
        double conversions[PATH_DATA_CHANNELS], values[PATH_DATA_CHANNELS];
        double sum = 0, value = 0;

        rule_credit(&file.paths, expected[i].rule, &options, conversions, values);
        check_figures(&file, conversions, expected[i].figures, expected[i].count,
                      expected[i].tolerance);
        for (size_t c = 0; c < PATH_DATA_CHANNELS; c++) {
            sum += conversions[c];
            value += values[c];
        }
        CHECK_CLOSE(sum, 19785, 1e-12);
        CHECK_CLOSE(value, 74802.972, 1e-8);
    }
}

// Exact solutions of REFERENCE: the package itself simulates and comes near them with 10⁷ walks.
TEST(markov_removal_on_path_data_is_the_exact_solution) {
    static const struct {
        int order;
        bool with_nulls;
        double figures[PATH_DATA_CHANNELS];
    } expected[] = {
        {1,
         true,
         {3340.847402, 3884.614702, 5344.947682, 2527.352167, 1971.912880, 1282.847223, 274.363256,
          381.062553, 599.570650, 171.145443, 4.613618, 1.722425}},
        {1,
         false,
         {3347.765891, 3899.246228, 5260.069561, 2585.406272, 1938.846090, 1295.482152, 276.651119,
          394.521465, 604.831524, 176.028054, 4.258673, 1.892970}},
        {2,
         true,
         {3391.858163, 3810.511044, 5617.453854, 2439.648976, 1902.473610, 1189.472022, 266.027054,
          374.031325, 614.373523, 171.918183, 5.159056, 2.073189}},
    };
    static const double effects[] = {.34902633, .40583500, .55839949, .26403854,
                                     .20601046, .13402212, .02866339, .03981052,
                                     .06263858, .01787997, .00048200, .00017995};
    const struct path_file file = path_data(scope);

    for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
        const struct markov_options options = {
            .order = expected[i].order, .with_nulls = expected[i].with_nulls, .threads = 1};
        struct markov_removal removal;

        CHECK_OK(markov_remove(scope, &file.paths, &options, &removal));
        check_figures(&file, removal.conversions, expected[i].figures, PATH_DATA_CHANNELS, 1e-6);
        if (i == 0)
            check_figures(&file, removal.effects, effects, PATH_DATA_CHANNELS, 1e-8);
        CHECK_CLOSE(removal.conversion, expected[i].with_nulls ? .2238451356 : 1, 1e-9);
    }
}

// ---- small cases by hand ----

struct test_path {
    const char *touches; // a letter each
    int64_t conversions, nulls, value;
};

static struct paths paths_of(struct scope *scope, const struct test_path *list, size_t count,
                             size_t channels) {
    CLEANUP(path_set_clear) struct path_set set = {0};
    struct paths paths;

    for (size_t i = 0; i < count; i++) {
        uint16_t touches[PATH_TOUCHES];
        const size_t size = strlen(list[i].touches);

        for (size_t k = 0; k < size; k++)
            touches[k] = (uint16_t)(list[i].touches[k] - 'a');
        CHECK_OK(path_set_add(scope, &set, touches, size, list[i].conversions, list[i].nulls,
                              list[i].value * 1000000));
    }
    CHECK_OK(path_set_finish(scope, &set, NULL, channels, &paths));
    return paths;
}
#define PATHS(scope, list, channels) paths_of(scope, list, sizeof(list) / sizeof(*(list)), channels)

// Tests of the package mta (github.com/eeghor/mta).
TEST(shapley_values_are_those_of_the_textbook) {
    static const struct test_path pair[] = {{"a", 4, 0, 4}, {"ab", 6, 0, 6}};
    static const struct test_path four[] = {{"abcd", 10, 0, 10}};
    const struct rule_options options = rule_default_options();
    double conversions[4], values[4];
    struct paths paths = PATHS(scope, pair, 2);

    rule_credit(&paths, RULE_SHAPLEY, &options, conversions, values);
    CHECK_CLOSE(conversions[0], 7, 0);
    CHECK_CLOSE(conversions[1], 3, 0);
    paths = PATHS(scope, four, 4);
    rule_credit(&paths, RULE_SHAPLEY, &options, conversions, values);
    for (int c = 0; c < 4; c++)
        CHECK_CLOSE(conversions[c], 2.5, 0);
}

// A chain written out by serhiipuzyrov.com (2019): from the start 4/5 and 1/5; from a 2/4 convert,
// 1/4 go to b, 1/4 are lost; b always converts.
TEST(markov_removal_is_that_of_the_textbook) {
    static const struct test_path list[] = {{"a", 2, 1, 2}, {"b", 1, 0, 1}, {"ab", 1, 0, 1}};
    const struct markov_options options = {.order = 1, .with_nulls = true, .threads = 1};
    const struct paths paths = PATHS(scope, list, 2);
    struct markov_removal removal;

    CHECK_OK(markov_remove(scope, &paths, &options, &removal));
    CHECK_CLOSE(removal.conversion, 0.8, 1e-15);
    CHECK_CLOSE(removal.effects[0], 0.75, 1e-15);
    CHECK_CLOSE(removal.effects[1], 0.5, 1e-15);
    CHECK_CLOSE(removal.conversions[0], 2.4, 1e-15);
    CHECK_CLOSE(removal.conversions[1], 1.6, 1e-15);
}

TEST(rules_share_out_one_two_and_three_touches) {
    static const struct test_path list[] = {{"abc", 1, 0, 10}, {"bd", 1, 0, 10}, {"d", 1, 0, 10}};
    struct rule_options options = rule_default_options();
    const struct paths paths = PATHS(scope, list, 4);
    double conversions[4], values[4];

    options.direct = 3;
    rule_credit(&paths, RULE_POSITION, &options, conversions, values);
    CHECK_CLOSE(conversions[0], 0.4, 1e-15);
    CHECK_CLOSE(conversions[1], 0.2 + 0.5, 1e-15);
    CHECK_CLOSE(conversions[2], 0.4, 1e-15);
    CHECK_CLOSE(values[3], 15, 1e-15);
    rule_credit(&paths, RULE_LAST_NON_DIRECT, &options, conversions, values);
    CHECK_CLOSE(conversions[1], 1, 0); // before the direct visit
    CHECK_CLOSE(conversions[2], 1, 0);
    CHECK_CLOSE(conversions[3], 1, 0); // nothing but direct
    options.half_life_touches = 1;
    rule_credit(&paths, RULE_TIME_DECAY, &options, conversions, values);
    CHECK_CLOSE(conversions[0], 1.0 / 7, 1e-15);
    CHECK_CLOSE(conversions[2], 4.0 / 7, 1e-15);
}

// ---- against brute force ----

// Paths by chance: `channels` letters, one to eight touches, loops among them.
static struct paths chance_paths(struct scope *scope, uint64_t seed, size_t channels,
                                 size_t count) {
    struct test_path *list = arena_array(&scope->arena, count, sizeof(*list));
    struct random random = random_stream(seed, 1, 2);

    for (size_t i = 0; i < count; i++) {
        const size_t size = 1 + random_below(&random, 8);
        char *touches = arena_array(&scope->arena, size + 1, 1);

        for (size_t k = 0; k < size; k++)
            touches[k] = (char)('a' + random_below(&random, (uint32_t)channels));
        list[i] = (struct test_path){touches, (int64_t)random_below(&random, 4),
                                     (int64_t)random_below(&random, 6), 0};
        list[i].value = list[i].conversions * (int64_t)random_below(&random, 9);
    }
    list[0].conversions += 1;
    return paths_of(scope, list, count, channels);
}

// Σ over coalitions |S|! (n − |S| − 1)! / n! (v(S ∪ c) − v(S)).
static double shapley_by_coalitions(const double *worth, size_t count, size_t channel) {
    double value = 0;

    for (uint32_t set = 0; set < 1u << count; set++) {
        double weight = 1 / (double)count;

        if ((set >> channel & 1) != 0)
            continue;
        // 1 / (n · (n − 1 over |S|))
        for (int k = 0; k < __builtin_popcount(set); k++)
            weight *= (double)(k + 1) / (double)((int)count - 1 - k);
        value += weight * (worth[set | 1u << channel] - worth[set]);
    }
    return value;
}

static void worth_of_coalitions(const struct paths *paths, double *worth) {
    for (uint32_t set = 0; set < 1u << paths->channel_count; set++) {
        worth[set] = 0;
        for (size_t i = 0; i < paths->count; i++) {
            bool within = true;

            for (size_t k = paths->starts[i]; k < paths->starts[i + 1]; k++)
                within = within && (set >> paths->touches[k] & 1) != 0;
            worth[set] += within ? (double)paths->conversions[i] : 0;
        }
    }
}

TEST(shapley_values_equal_the_sum_over_all_coalitions) {
    enum { CHANNELS = 9 };
    const struct rule_options options = rule_default_options();
    double worth[1 << CHANNELS], conversions[CHANNELS], values[CHANNELS];

    for (uint64_t seed = 1; seed <= 5; seed++) {
        const struct paths paths = chance_paths(scope, seed, CHANNELS, 60);

        worth_of_coalitions(&paths, worth);
        rule_credit(&paths, RULE_SHAPLEY, &options, conversions, values);
        for (size_t c = 0; c < CHANNELS; c++)
            CHECK_CLOSE(conversions[c], shapley_by_coalitions(worth, CHANNELS, c), 1e-12);
    }
}

TEST(shapley_values_of_path_data_equal_the_sum_over_4096_coalitions) {
    const struct path_file file = path_data(scope);
    const struct rule_options options = rule_default_options();
    double *worth = arena_array(&scope->arena, 4096, sizeof(*worth));
    double conversions[PATH_DATA_CHANNELS], values[PATH_DATA_CHANNELS];

    worth_of_coalitions(&file.paths, worth);
    rule_credit(&file.paths, RULE_SHAPLEY, &options, conversions, values);
    for (size_t c = 0; c < PATH_DATA_CHANNELS; c++)
        CHECK_CLOSE(conversions[c], shapley_by_coalitions(worth, PATH_DATA_CHANNELS, c), 1e-10);
}

// Gauss-Jordan with pivots over (I − A) x = b, written down from the chain; `channel` taken away.
static double solved(struct scope *scope, const struct markov_chain *chain, size_t channel,
                     const double *constants) {
    const size_t n = chain->state_count;
    double *m = arena_array(&scope->arena, n * (n + 1), sizeof(*m));

    for (size_t s = 0; s < n; s++) {
        const bool gone = markov_state_has(chain->states[s], channel);

        m[s * (n + 1) + s] = 1;
        for (size_t e = chain->edges[s]; e < chain->edges[s + 1] && !gone; e++)
            m[s * (n + 1) + chain->to[e]] -= chain->chances[e];
        m[s * (n + 1) + n] = gone ? 0 : constants[s];
    }
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;

        for (size_t s = k; s < n; s++)
            if (fabs(m[s * (n + 1) + k]) > fabs(m[pivot * (n + 1) + k]))
                pivot = s;
        for (size_t j = 0; j <= n; j++) {
            const double moved = m[k * (n + 1) + j];

            m[k * (n + 1) + j] = m[pivot * (n + 1) + j];
            m[pivot * (n + 1) + j] = moved;
        }
        for (size_t s = 0; s < n; s++) {
            const double factor = s == k ? 0 : m[s * (n + 1) + k] / m[k * (n + 1) + k];

            for (size_t j = k; j <= n && factor != 0; j++)
                m[s * (n + 1) + j] -= factor * m[k * (n + 1) + j];
        }
    }
    return m[n] / m[0];
}

static struct markov_answer answer_of(struct scope *scope, size_t channels) {
    return (struct markov_answer){
        .conversion_without = arena_array(&scope->arena, channels, sizeof(double)),
        .value_without = arena_array(&scope->arena, channels, sizeof(double)),
    };
}

static void check_chain(struct scope *scope, const struct markov_chain *chain) {
    struct markov_answer eliminated = answer_of(scope, chain->channel_count);
    struct markov_answer swept = answer_of(scope, chain->channel_count);

    CHECK_OK(markov_eliminate(scope, chain, &eliminated));
    CHECK_OK(markov_sweep(scope, chain, 2, &swept));
    CHECK_CLOSE(eliminated.conversion, solved(scope, chain, PATH_CHANNELS, chain->converting),
                1e-12);
    CHECK_CLOSE(eliminated.value, solved(scope, chain, PATH_CHANNELS, chain->value), 1e-12);
    CHECK_CLOSE(swept.conversion, eliminated.conversion, 1e-13);
    CHECK_CLOSE(swept.value, eliminated.value, 1e-13);
    for (size_t c = 0; c < chain->channel_count; c++) {
        CHECK_CLOSE(eliminated.conversion_without[c], solved(scope, chain, c, chain->converting),
                    1e-12);
        CHECK_CLOSE(eliminated.value_without[c], solved(scope, chain, c, chain->value), 1e-12);
        CHECK_CLOSE(swept.conversion_without[c], eliminated.conversion_without[c], 1e-13);
        CHECK_CLOSE(swept.value_without[c], eliminated.value_without[c], 1e-13);
    }
}

TEST(elimination_and_sweeps_equal_a_dense_solution_for_each_channel) {
    for (uint64_t seed = 1; seed <= 6; seed++)
        for (int order = 1; order <= MARKOV_ORDER_MOST; order++) {
            const size_t channels = 1 + seed % 5;
            const struct paths paths = chance_paths(scope, seed, channels, 40);
            struct markov_chain chain;

            markov_chain_make(scope, &paths, order, seed % 2 == 0, &chain);
            check_chain(scope, &chain);
        }
}

// A channel that goes to itself a thousand times, and two that go round and round.
TEST(loops_change_nothing_but_the_way) {
    char loop[1000], rounds[1000];
    const struct test_path long_way[] = {{loop, 1, 3, 5}, {"b", 1, 1, 2}};
    static const struct test_path short_way[] = {{"a", 1, 3, 5}, {"b", 1, 1, 2}};
    const struct test_path circles[] = {{rounds, 1, 999, 5}};
    const struct markov_options options = {.order = 1, .with_nulls = true, .threads = 1};
    struct markov_removal removal, expected;
    struct markov_chain chain;
    struct paths paths;

    memset(loop, 'a', sizeof(loop));
    loop[999] = '\0';
    paths = PATHS(scope, long_way, 2);
    CHECK_OK(markov_remove(scope, &paths, &options, &removal));
    paths = PATHS(scope, short_way, 2);
    CHECK_OK(markov_remove(scope, &paths, &options, &expected));
    for (size_t c = 0; c < 2; c++) {
        CHECK_CLOSE(removal.effects[c], expected.effects[c], 1e-15);
        CHECK_CLOSE(removal.values[c], expected.values[c], 1e-15);
    }
    for (size_t i = 0; i < 999; i++)
        rounds[i] = i % 2 == 0 ? 'a' : 'b';
    rounds[999] = '\0';
    paths = PATHS(scope, circles, 2);
    markov_chain_make(scope, &paths, 1, true, &chain);
    check_chain(scope, &chain);
    CHECK_OK(markov_remove(scope, &paths, &options, &removal));
    CHECK_CLOSE(removal.conversion, 0.001, 1e-13);
}

TEST(a_chain_stops_when_it_is_asked_to) {
    const struct paths paths = chance_paths(scope, 5, 4, 40);
    const struct markov_options options = {.order = 2, .with_nulls = true, .threads = 2};
    const atomic_bool asked_to_stop = true;
    struct markov_removal removal;
    struct markov_answer answer = answer_of(scope, 4);
    struct markov_chain chain;

    markov_chain_make(scope, &paths, 2, true, &chain);
    scope->cancelled = &asked_to_stop;
    CHECK_CODE(markov_sweep(scope, &chain, 2, &answer), CANCELLED);
    scope_forgive(scope);
    CHECK_CODE(markov_eliminate(scope, &chain, &answer), CANCELLED);
    scope_forgive(scope);
    CHECK_CODE(markov_remove(scope, &paths, &options, &removal), CANCELLED);
    scope_forgive(scope);
    scope->cancelled = NULL;
    CHECK_OK(markov_remove(scope, &paths, &options, &removal));
}

// ---- invariances ----

TEST(digits_do_not_depend_on_threads_nor_on_the_order_of_rows) {
    enum { CHANNELS = 26, COUNT = 4000 };
    struct test_path list[COUNT], reversed[COUNT];
    struct random random = random_stream(7, 1, 2);
    struct markov_removal one, two, again;
    struct paths paths;

    for (size_t i = 0; i < COUNT; i++) {
        char *touches = arena_array(&scope->arena, 8, 1);

        for (size_t k = 0; k < 1 + i % 7; k++)
            touches[k] = (char)('a' + random_below(&random, CHANNELS));
        list[i] = (struct test_path){touches, (int64_t)i % 3, (int64_t)i % 5, (int64_t)i % 3 * 7};
        reversed[COUNT - 1 - i] = list[i];
    }
    paths = PATHS(scope, list, CHANNELS);
    for (int order = 1; order <= MARKOV_ORDER_MOST; order++) {
        struct markov_options options = {.order = order, .with_nulls = true, .threads = 1};
        struct paths turned;

        CHECK_OK(markov_remove(scope, &paths, &options, &one));
        options.threads = 2;
        CHECK_OK(markov_remove(scope, &paths, &options, &two));
        turned = PATHS(scope, reversed, CHANNELS);
        CHECK_OK(markov_remove(scope, &turned, &options, &again));
        CHECK((one.sweeps > 0) == (order > 1));
        for (size_t c = 0; c < CHANNELS; c++) {
            CHECK(one.conversions[c] == two.conversions[c] && one.values[c] == two.values[c]);
            CHECK(one.conversions[c] == again.conversions[c]);
        }
    }
}

// Twice the journeys: twice the credit, the same effects. Other names: the same figures.
TEST(credit_follows_doubling_and_renaming) {
    const struct paths paths = chance_paths(scope, 11, 5, 50);
    static const uint16_t turned[] = {4, 3, 2, 1, 0};
    const struct markov_options options = {.order = 2, .with_nulls = true, .threads = 1};
    CLEANUP(path_set_clear) struct path_set twice = {0};
    struct markov_removal once, doubled, renamed;
    struct paths double_paths, renamed_paths;

    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < paths.count; i++)
            CHECK_OK(path_set_add(scope, &twice, paths.touches + paths.starts[i],
                                  paths.starts[i + 1] - paths.starts[i], paths.conversions[i],
                                  paths.nulls[i], paths.value_micros[i]));
    CHECK_OK(path_set_finish(scope, &twice, NULL, 5, &double_paths));
    CHECK_OK(path_set_finish(scope, &twice, turned, 5, &renamed_paths));
    CHECK_INT((int64_t)double_paths.count, (int64_t)paths.count);
    CHECK_OK(markov_remove(scope, &paths, &options, &once));
    CHECK_OK(markov_remove(scope, &double_paths, &options, &doubled));
    CHECK_OK(markov_remove(scope, &renamed_paths, &options, &renamed));
    for (size_t c = 0; c < 5; c++) {
        CHECK_CLOSE(doubled.effects[c], once.effects[c], 1e-14);
        CHECK_CLOSE(doubled.conversions[c], 2 * once.conversions[c], 1e-14);
        CHECK_CLOSE(renamed.conversions[4 - c], doubled.conversions[c], 1e-12);
    }
}

TEST(without_conversions_there_is_no_credit) {
    static const struct test_path list[] = {{"ab", 0, 3, 0}, {"b", 0, 1, 0}};
    static const struct test_path single[] = {{"aa", 3, 1, 6}};
    const struct rule_options options = rule_default_options();
    struct markov_options markov = {.order = 3, .with_nulls = true, .threads = 1};
    double conversions[2], values[2];
    struct markov_removal removal;
    struct paths paths = PATHS(scope, list, 2);

    rule_credit(&paths, RULE_LINEAR, &options, conversions, values);
    CHECK_OK(markov_remove(scope, &paths, &markov, &removal));
    for (size_t c = 0; c < 2; c++)
        CHECK(conversions[c] == 0 && removal.conversions[c] == 0 && removal.effects[c] == 0);
    markov.with_nulls = false; // not a single walk
    CHECK_OK(markov_remove(scope, &paths, &markov, &removal));
    CHECK(removal.conversions[0] == 0);
    paths = PATHS(scope, single, 1);
    CHECK_OK(markov_remove(scope, &paths, &markov, &removal));
    CHECK_CLOSE(removal.effects[0], 1, 0);
    CHECK_CLOSE(removal.conversions[0], 3, 0);
    CHECK_CLOSE(removal.values[0], 6, 1e-15);
}

// ---- files ----

static code read_paths(struct scope *scope, const char *content, struct path_file *ret_file) {
    return path_file_read(scope, test_file(scope, "paths.csv", text_of(content)), ret_file);
}

TEST(a_file_of_paths_is_read_by_the_names_of_its_columns) {
    struct path_file file;

    CHECK_OK(read_paths(scope,
                        "path,conversions,value\n"
                        "mail > search,2,30.5\nsearch>mail>search,1,10\nmail > search,1,\n",
                        &file));
    CHECK_INT((int64_t)file.paths.count, 2);
    CHECK(file.has_values && !file.has_nulls);
    CHECK_TEXT(file.channels[0], "mail");
    CHECK_INT(file.paths.conversions[0], 3);
    CHECK_INT(file.paths.value_total_micros, 40500000);
}

TEST(a_file_of_paths_that_is_none_is_refused_with_the_row) {
    static const char *const bad[] = {
        "road,conversions\na > b,1\n",         "path,conversions\na > b,1\n > ,1\n",
        "path,conversions\na > b,-1\n",        "path,conversions\na > b,1.5\n",
        "path,conversions\na > b,nan\n",       "path,conversions,value\na > b,1,inf\n",
        "path,conversions,value\na > b,0,5\n",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct path_file file;

        CHECK_CODE(read_paths(scope, bad[i], &file), INVALID);
        scope_forgive(scope);
    }
}
