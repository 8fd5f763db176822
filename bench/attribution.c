// SPDX-License-Identifier: Apache-2.0
// The kernels of attribution, timed within one process.
//
//   attribution fit THREADS FILE   reads paths, groups them, applies the rules; Markov by orders
//   attribution grow THREADS JOURNEYS CHANNELS
//                                  the same of journeys that are made up
//
// Writes lines "WHAT<tab>MICROSECONDS<tab>MICROSECONDS OF PROCESSORS<tab>figures". What takes less
// than a millisecond is done REPEATS times and divided.
#include "analyze/attribution/markov_chain.h"
#include "analyze/attribution/markov_kernel.h"
#include "analyze/attribution/path_file.h"
#include "analyze/attribution/rule_kernel.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { REPEATS = 100 };

struct moment {
    int64_t wall_us, processor_us;
};

static int64_t read_clock(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct moment moment(void) {
    return (struct moment){read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID)};
}

// Of one of `times`.
static void tell(const char *what, struct moment begin, int times, double figure) {
    const struct moment now = moment();

    printf("%s\t%.3f\t%.3f\t%.10g\n", what, (double)(now.wall_us - begin.wall_us) / times,
           (double)(now.processor_us - begin.processor_us) / times, figure);
}

// ---- measuring ----

static void measure_rules(struct scope *scope, const struct paths *paths, int times) {
    const struct rule_options options = rule_default_options();
    double *conversions = arena_array(&scope->arena, paths->channel_count, sizeof(double));
    double *values = arena_array(&scope->arena, paths->channel_count, sizeof(double));
    const struct moment begin = moment();

    for (int i = 0; i < times; i++)
        for (int rule = 0; rule < RULE_PATH_COUNT; rule++)
            rule_credit(paths, (enum attribution_rule)rule, &options, conversions, values);
    tell("rules", begin, times, conversions[0]);
}

// From grouped paths to credit, and what of it is the solution alone.
static code measure_markov(struct scope *scope, const struct paths *paths, int order, int threads,
                           int times) {
    const struct markov_options options = {.order = order, .with_nulls = true, .threads = threads};
    struct markov_removal removal = {0};
    struct moment begin = moment();
    char name[32];

    for (int i = 0; i < times; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);

        TRY(markov_remove(scope, paths, &options, &removal));
        if (i + 1 < times)
            arena_rewind(&scope->arena, mark);
    }
    snprintf(name, sizeof(name), "markov %d", order);
    tell(name, begin, times, removal.conversions[0]);
    snprintf(name, sizeof(name), "states %d", order);
    tell(name, begin, times, (double)removal.state_count);
    return OK;
}

static code measure_elimination(struct scope *scope, const struct paths *paths) {
    struct markov_answer answer = {
        .conversion_without = arena_array(&scope->arena, paths->channel_count, sizeof(double)),
        .value_without = arena_array(&scope->arena, paths->channel_count, sizeof(double)),
    };
    struct markov_chain chain;
    struct moment begin;

    markov_chain_make(scope, paths, 1, true, &chain);
    begin = moment();
    for (int i = 0; i < REPEATS * 10; i++)
        TRY(markov_eliminate(scope, &chain, &answer));
    tell("solve 1", begin, REPEATS * 10, answer.conversion);
    return OK;
}

static code measure(struct scope *scope, const struct paths *paths, int threads, int times) {
    measure_rules(scope, paths, times);
    for (int order = 1; order <= MARKOV_ORDER_MOST; order++)
        TRY(measure_markov(scope, paths, order, threads, order == 3 ? (times + 9) / 10 : times));
    return measure_elimination(scope, paths);
}

// ---- journeys that are made up ----

static uint64_t next(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15U;

    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
    return mixed ^ mixed >> 31;
}

// One touch and more with a chance of two thirds each; common channels are a square more common.
static code make_up(struct scope *scope, size_t journeys, size_t channels,
                    struct path_set *ret_set) {
    uint64_t state = 1;

    for (size_t i = 0; i < journeys; i++) {
        uint16_t touches[PATH_TOUCHES];
        size_t count = 0;

        do {
            const double place = (double)(next(&state) >> 11) / 9007199254740992.0;

            touches[count++] = (uint16_t)(place * place * (double)channels);
        } while (count < 20 && next(&state) % 3 != 0);
        const bool converts = next(&state) % 5 == 0;
        TRY(path_set_add(scope, ret_set, touches, count, converts, !converts,
                         converts ? (int64_t)(next(&state) % 100000000) : 0));
    }
    return OK;
}

static code grow(struct scope *scope, int threads, size_t journeys, size_t channels) {
    CLEANUP(path_set_clear) struct path_set set = {0};
    struct moment begin = moment();
    struct paths paths;

    TRY(make_up(scope, journeys, channels, &set));
    TRY(path_set_finish(scope, &set, NULL, channels, &paths));
    tell("group", begin, 1, (double)paths.count);
    TRY(measure(scope, &paths, threads, 1));
    return OK;
}

static code fit(struct scope *scope, int threads, const char *path) {
    struct moment begin = moment();
    struct path_file file;

    TRY(path_file_read(scope, path, &file));
    tell("read", begin, 1, (double)file.paths.count);
    TRY(measure(scope, &file.paths, threads, REPEATS));
    return OK;
}

int main(int argc, char **argv) {
    struct rusage usage;
    struct scope scope;
    code result;

    if (argc < 4 || (strcmp(argv[1], "grow") == 0 && argc < 5)) {
        fprintf(stderr, "usage: attribution fit THREADS FILE | grow THREADS JOURNEYS CHANNELS\n");
        return 2;
    }
    scope_init(&scope);
    if (strcmp(argv[1], "grow") == 0)
        result = grow(&scope, (int)strtol(argv[2], NULL, 10), strtoul(argv[3], NULL, 10),
                      strtoul(argv[4], NULL, 10));
    else
        result = fit(&scope, (int)strtol(argv[2], NULL, 10), argv[3]);
    if (result != OK)
        fprintf(stderr, "%s\n", scope.failure.message);
    getrusage(RUSAGE_SELF, &usage);
    printf("memory\t%ld\t0\t0\n", usage.ru_maxrss);
    scope_clear(&scope);
    return result == OK ? 0 : 1;
}
