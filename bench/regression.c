// SPDX-License-Identifier: Apache-2.0
// Regression, timed within one process.
//
//   regression make ROWS FILE      rows that are made up, as columns of doubles: the outcome, four
//                                  numbers, weekday 0 … 6, store 0 … 9
//   regression fit THREADS FILE    everything that a run works out of such a file
//
// Writes lines "WHAT<tab>MICROSECONDS<tab>MICROSECONDS OF PROCESSORS<tab>figures".
#include "analyze/regression/regression_kernel.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { NUMBERS = 4, FACTORS = 2, COLUMNS = 1 + NUMBERS + FACTORS };
static const uint16_t levels[FACTORS] = {7, 10};

static int64_t read_clock(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static double uniform(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / (double)(1ull << 53);
}

// Column by column, each from its own stream of numbers; the outcome knows all others' streams.
static double value_at(uint64_t *streams, int column) {
    if (column >= 1 + NUMBERS)
        return floor(uniform(&streams[column]) * levels[column - 1 - NUMBERS]);
    return 10 * column + uniform(&streams[column]) + uniform(&streams[column]);
}

static int make(size_t rows, const char *path) {
    FILE *file = fopen(path, "wb");

    if (file == NULL)
        return 1;
    for (int column = 0; column < COLUMNS; column++) {
        uint64_t streams[COLUMNS];

        for (int k = 0; k < COLUMNS; k++)
            streams[k] = 1000003u * (uint64_t)(k + 1);
        for (size_t i = 0; i < rows; i++) {
            double value = column == 0 ? 5 * (uniform(&streams[0]) - 0.5) : 0;

            if (column > 0)
                value = value_at(streams, column);
            for (int k = 1; column == 0 && k < COLUMNS; k++)
                value += value_at(streams, k) / k;
            fwrite(&value, sizeof(value), 1, file);
        }
    }
    return fclose(file) == 0 ? 0 : 1;
}

static double *read_column(FILE *file, size_t rows) {
    double *values = malloc(rows * sizeof(*values));

    if (values == NULL || fread(values, sizeof(*values), rows, file) != rows)
        abort();
    return values;
}

static void read_rows(FILE *file, struct regression *regression,
                      struct regression_column *columns) {
    size_t rows;

    fseek(file, 0, SEEK_END);
    rows = (size_t)ftell(file) / sizeof(double) / COLUMNS;
    rewind(file);
    regression->row_count = rows;
    regression->outcome = read_column(file, rows);
    for (int k = 0; k < NUMBERS; k++)
        columns[k].numbers = read_column(file, rows);
    for (int k = 0; k < FACTORS; k++) {
        double *values = read_column(file, rows);
        uint16_t *codes = malloc(rows * sizeof(*codes));

        if (codes == NULL)
            abort();
        for (size_t i = 0; i < rows; i++)
            codes[i] = (uint16_t)values[i];
        free(values);
        columns[NUMBERS + k] = (struct regression_column){.codes = codes, .level_count = levels[k]};
    }
}

static int fit(int threads, const char *path) {
    struct regression_column columns[NUMBERS + FACTORS] = {0};
    struct regression_term terms[NUMBERS + FACTORS] = {0};
    struct regression regression = {.columns = columns,
                                    .column_count = NUMBERS + FACTORS,
                                    .terms = terms,
                                    .term_count = NUMBERS + FACTORS};
    FILE *file = fopen(path, "rb");
    struct regression_fit found;
    struct rusage usage;
    struct scope scope;
    int64_t wall, processor;

    if (file == NULL)
        return 1;
    for (size_t k = 0; k < NUMBERS + FACTORS; k++)
        terms[k].columns[0] = k;
    read_rows(file, &regression, columns);
    fclose(file);
    scope_init(&scope);
    wall = read_clock(CLOCK_MONOTONIC);
    processor = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    if (regression_fit(&scope, &regression, 0.95, threads, &found) != OK) {
        fprintf(stderr, "%s\n", scope.failure.message);
        return 1;
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("fit\t%" PRId64 "\t%" PRId64 "\t%.12g\t%.12g\t%.12g\t%ld\n",
           read_clock(CLOCK_MONOTONIC) - wall, read_clock(CLOCK_PROCESS_CPUTIME_ID) - processor,
           found.coefficients[1].value, found.coefficients[1].standard_error, found.r_squared,
           usage.ru_maxrss / 1024);
    scope_clear(&scope);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        return make((size_t)strtoull(argv[2], NULL, 10), argv[3]);
    if (argc == 4 && strcmp(argv[1], "fit") == 0)
        return fit((int)strtoull(argv[2], NULL, 10), argv[3]);
    fprintf(stderr, "regression make ROWS FILE | regression fit THREADS FILE\n");
    return 2;
}
