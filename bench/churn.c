// SPDX-License-Identifier: Apache-2.0
// Models of churn, timed within one process.
//
//   churn make ROWS FILE                  rows that are made up: 18 doubles and a label (a double)
//   churn logistic|trees THREADS FILE     fit to them, then log-odds of all
//   churn explain THREADS FILE            trees fitted to the first 200,000 rows at most, then the
//                                         Shapley values of all
//
// Writes lines "WHAT<tab>MICROSECONDS<tab>MICROSECONDS OF PROCESSORS<tab>figures".
#include "analyze/churn/boosted_kernel.h"
#include "analyze/churn/logistic_kernel.h"
#include "analyze/churn/score_quality.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { FEATURES = 18, PIECE = 16384, TAUGHT = 200000 };

static int64_t read_clock(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static double uniform(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / (double)(1ull << 53);
}

static int make(size_t rows, const char *path) {
    FILE *file = fopen(path, "wb");
    uint64_t state = 7;

    if (file == NULL)
        return 1;
    for (size_t i = 0; i < rows; i++) {
        double row[FEATURES + 1], log_odds = -0.4;

        for (int j = 0; j < FEATURES; j++) {
            row[j] = uniform(&state) + uniform(&state) + uniform(&state) - 1.5;
            log_odds += row[j] * (j % 2 ? -1.5 : 1) / (j + 1);
        }
        log_odds += row[0] * row[1] - row[2] * row[3];
        row[FEATURES] = uniform(&state) < logistic_probability(log_odds);
        fwrite(row, sizeof(row), 1, file);
    }
    return fclose(file) == 0 ? 0 : 1;
}

static bool read_rows(struct scope *scope, const char *path, struct labelled_rows *ret_rows) {
    FILE *file = fopen(path, "rb");
    double row[FEATURES + 1], *values;
    unsigned char *labels;
    size_t rows;

    if (file == NULL)
        return false;
    fseek(file, 0, SEEK_END);
    rows = (size_t)ftell(file) / sizeof(row);
    rewind(file);
    values = arena_array(&scope->arena, rows * FEATURES, sizeof(*values));
    labels = arena_array(&scope->arena, rows, 1);
    for (size_t i = 0; i < rows && fread(row, sizeof(row), 1, file) == 1; i++) {
        memcpy(values + i * FEATURES, row, FEATURES * sizeof(*values));
        labels[i] = row[FEATURES] > 0.5;
    }
    fclose(file);
    *ret_rows = (struct labelled_rows){
        .count = rows, .features = FEATURES, .values = values, .labels = labels};
    return true;
}

static code fit_logistic(struct scope *scope, const struct labelled_rows *rows, int threads,
                         double *ret_log_odds) {
    struct logistic_fit fit;

    TRY(logistic_fit(scope, rows, 1, threads, &fit));
    for (size_t i = 0; i < rows->count; i++)
        ret_log_odds[i] = logistic_log_odds(&fit, rows->values + i * FEATURES);
    return OK;
}

static const struct boosted_options options = {.trees = 100, .depth = 4, .learning_rate = 0.1};

static code fit_trees(struct scope *scope, const struct labelled_rows *rows, int threads,
                      double *ret_log_odds) {
    CLEANUP(boosted_free) struct boosted *boosted = NULL;

    TRY(boosted_fit(scope, rows, &options, &boosted));
    return boosted_log_odds(scope, boosted, rows->values, rows->count, threads, ret_log_odds);
}

static code explain(struct scope *scope, const struct labelled_rows *rows, int threads,
                    double *ret_log_odds) {
    CLEANUP(boosted_free) struct boosted *boosted = NULL;
    double *parts = arena_array(&scope->arena, (size_t)PIECE * FEATURES, sizeof(*parts));
    struct labelled_rows taught = *rows;

    taught.count = rows->count < TAUGHT ? rows->count : TAUGHT;
    TRY(boosted_fit(scope, &taught, &options, &boosted));
    for (size_t first = 0; first < rows->count; first += PIECE) {
        const size_t count = rows->count - first < PIECE ? rows->count - first : PIECE;
        double expected;

        TRY(boosted_contributions(scope, boosted, rows->values + first * FEATURES, count, threads,
                                  parts, &expected));
        for (size_t i = 0; i < count; i++) {
            ret_log_odds[first + i] = expected;
            for (size_t j = 0; j < FEATURES; j++)
                ret_log_odds[first + i] += parts[i * FEATURES + j];
        }
    }
    return OK;
}

static int run(const char *what, int threads, const char *path) {
    struct score_quality quality;
    struct labelled_rows rows;
    struct rusage usage;
    struct scope scope;
    double *log_odds;
    int64_t wall, processor;
    code (*fit)(struct scope * scope, const struct labelled_rows *rows, int threads,
                double *ret_log_odds) = strcmp(what, "logistic") == 0 ? fit_logistic
                                        : strcmp(what, "trees") == 0  ? fit_trees
                                                                      : explain;

    scope_init(&scope);
    if (!read_rows(&scope, path, &rows))
        return 1;
    log_odds = arena_array(&scope.arena, rows.count, sizeof(*log_odds));
    wall = read_clock(CLOCK_MONOTONIC);
    processor = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    if (fit(&scope, &rows, threads, log_odds) != OK) {
        fprintf(stderr, "%s\n", scope.failure.message);
        return 1;
    }
    wall = read_clock(CLOCK_MONOTONIC) - wall;
    processor = read_clock(CLOCK_PROCESS_CPUTIME_ID) - processor;
    getrusage(RUSAGE_SELF, &usage);
    for (size_t i = 0; i < rows.count; i++)
        log_odds[i] = logistic_probability(log_odds[i]);
    score_quality_measure(&scope, log_odds, rows.labels, rows.count, &quality);
    printf("%s\t%" PRId64 "\t%" PRId64 "\t%.9g\t%.9g\t%ld\n", what, wall, processor, quality.auc,
           quality.log_loss, usage.ru_maxrss / 1024);
    scope_clear(&scope);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        return make((size_t)strtoull(argv[2], NULL, 10), argv[3]);
    if (argc == 4)
        return run(argv[1], (int)strtoull(argv[2], NULL, 10), argv[3]);
    fprintf(stderr, "churn make ROWS FILE | churn logistic|trees|explain THREADS FILE\n");
    return 2;
}
