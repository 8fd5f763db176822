// SPDX-License-Identifier: Apache-2.0
// The kernels of personas, timed within one process.
//
//   cluster k_means THREADS FILE DIMENSIONS K    from the first K points, and one k-means++ start
//   cluster gmm THREADS FILE DIMENSIONS K        20 iterations from the first K points
//   cluster grow THREADS POINTS                  both of 8 numbers that are made up, 8 groups
//
// FILE holds points by row, as doubles. Writes lines "WHAT<tab>MICROSECONDS<tab>MICROSECONDS OF
// PROCESSORS<tab>figures": inertia or mean log-likelihood, and iterations.

#include "analyze/persona/gaussian_mixture_kernel.h"
#include "base/random.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { ITERATIONS = 20, MADE_UP = 8 };

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

static void tell(const char *what, struct moment begin, double figure, int iterations) {
    const struct moment now = moment();

    printf("%s\t%" PRId64 "\t%" PRId64 "\t%.9f\t%d\n", what, now.wall_us - begin.wall_us,
           now.processor_us - begin.processor_us, figure, iterations);
}

static struct points read_points(const char *path, size_t dimensions) {
    FILE *file = fopen(path, "rb");
    double *values;
    long size;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
        exit(1);
    rewind(file);
    values = malloc((size_t)size + 1);
    if (values == NULL || fread(values, 1, (size_t)size, file) != (size_t)size)
        exit(1);
    fclose(file);
    return (struct points){values, (size_t)size / sizeof(double) / dimensions, dimensions};
}

static struct points make_points(size_t count) {
    double *values = malloc(count * MADE_UP * sizeof(double));
    struct random random = random_stream(1, 0, 1);

    if (values == NULL)
        abort();
    for (size_t i = 0; i < count; i++) {
        const size_t group = random_below(&random, 8);

        for (size_t j = 0; j < MADE_UP; j++)
            values[i * MADE_UP + j] = random_normal(&random) + (group >> j % 3 & 1 ? 1.5 : -1.5);
    }
    return (struct points){values, count, MADE_UP};
}

static void stop_on(struct scope *scope, code result) {
    if (result == OK)
        return;
    fprintf(stderr, "%s\n", scope->failure.message);
    exit(1);
}

static void time_k_means(struct scope *scope, const struct points *points, size_t k, int threads) {
    struct k_means_options options = {.k = k, .centres = points->values, .threads = threads};
    struct moment begin = moment();
    struct k_means fit;

    stop_on(scope, k_means_fit(scope, points, &options, &fit));
    tell("k_means", begin, fit.inertia, fit.iterations);
    options.centres = NULL;
    options.starts = 1;
    begin = moment();
    stop_on(scope, k_means_fit(scope, points, &options, &fit));
    tell("k_means++", begin, fit.inertia, fit.iterations);
}

static void time_mixture(struct scope *scope, const struct points *points, size_t k, int threads) {
    const struct gaussian_mixture_options options = {.k = k,
                                                     .means = points->values,
                                                     .tolerance = 1e-300,
                                                     .iterations_most = ITERATIONS,
                                                     .threads = threads};
    const struct moment begin = moment();
    struct gaussian_mixture fit;

    stop_on(scope, gaussian_mixture_fit(scope, points, &options, &fit));
    tell("gmm", begin, fit.mean_log_likelihood, fit.iterations);
}

static void tell_memory(void) {
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    printf("memory\t%ld\t0\t0\n", usage.ru_maxrss);
}

int main(int count, char **words) {
    const int threads = count > 2 ? (int)strtol(words[2], NULL, 10) : 0;
    struct points points;
    struct scope scope;

    scope_init(&scope);
    if (count == 4 && strcmp(words[1], "grow") == 0) {
        points = make_points((size_t)strtoull(words[3], NULL, 10));
        time_k_means(&scope, &points, 8, threads);
        time_mixture(&scope, &points, 8, threads);
        tell_memory();
    } else if (count == 6) {
        points = read_points(words[3], (size_t)strtoull(words[4], NULL, 10));
        if (strcmp(words[1], "k_means") == 0)
            time_k_means(&scope, &points, (size_t)strtoull(words[5], NULL, 10), threads);
        else
            time_mixture(&scope, &points, (size_t)strtoull(words[5], NULL, 10), threads);
    } else {
        fprintf(stderr, "usage: cluster k_means|gmm THREADS FILE DIMENSIONS K | grow THREADS N\n");
        return 2;
    }
    scope_clear(&scope);
    free((double *)points.values);
    return 0;
}
