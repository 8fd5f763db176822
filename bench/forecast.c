// SPDX-License-Identifier: Apache-2.0
// The kernels of forecasts over monthly series that are made up, timed within one process.
//
//   forecast write COUNT STEP     every STEP-th of COUNT series, a line of values each
//   forecast fit THREADS COUNT STEP
//                                 Theta and ETS of all series, 12 months held out, then with the
//                                 trial on the past; figures are those of every STEP-th series
//
// Writes lines "WHAT<tab>MICROSECONDS<tab>MICROSECONDS OF PROCESSORS<tab>figures": the mean sMAPE
// of the months held out; of ETS the mean AICc as well.
#include "analyze/forecast/ets_kernel.h"
#include "analyze/forecast/series_kernel.h"
#include "analyze/forecast/theta_kernel.h"
#include "analyze/kernel/parallel.h"
#include "base/random.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LONGEST = 144, SHORTEST = 72, YEAR = 12, SEED = 20111209 };

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

struct made_up {
    size_t count;
    double values[LONGEST];
};

// Six to twelve years: a level that drifts, a trend or none, a season of factors or none, errors.
static void make(size_t index, struct made_up *series) {
    struct random random = random_stream(SEED, 1, index);
    double season[YEAR], level = 50 * exp(3 * random_uniform(&random));
    const double slope = random_chance(&random, 0.7) ? 0.004 * random_normal(&random) : 0;
    const double swing = random_chance(&random, 0.8) ? 0.25 * random_uniform(&random) : 0;
    const double drift = 0.03 * random_uniform(&random);
    const double error = 0.02 + 0.1 * random_uniform(&random);

    series->count = SHORTEST + random_below(&random, LONGEST - SHORTEST + 1);
    for (int i = 0; i < YEAR; i++)
        season[i] = exp(swing * random_normal(&random));
    for (size_t i = 0; i < series->count; i++) {
        level *= exp(slope + drift * random_normal(&random));
        series->values[i] =
            round(100 * level * season[i % YEAR] * exp(error * random_normal(&random))) / 100;
    }
}

struct work {
    const struct made_up *series;
    double *theta, *ets, *aicc; // sMAPE of the year held out
    double *scratch[PARALLEL_THREADS];
};

static double smape(const struct made_up *series, const double *means) {
    const double *actual = series->values + series->count - YEAR;
    double sum = 0;

    for (size_t h = 0; h < YEAR; h++)
        sum += 2 * fabs(actual[h] - means[h]) / (fabs(actual[h]) + fabs(means[h])) / YEAR;
    return sum;
}

static void fit_theta(void *data, size_t piece, int thread) {
    struct work *work = data;
    const struct made_up *series = &work->series[piece];
    double means[YEAR], variances[YEAR];
    struct theta_fit fit;

    if (!theta_fit(series->values, series->count - YEAR, YEAR, work->scratch[thread], &fit))
        abort();
    theta_forecast(&fit, YEAR, means, variances);
    work->theta[piece] = smape(series, means);
}

static void fit_ets(void *data, size_t piece, int thread) {
    struct work *work = data;
    const struct made_up *series = &work->series[piece];
    double means[YEAR];
    struct ets_fit fit;

    (void)thread;
    if (!ets_choose(series->values, series->count - YEAR, YEAR, &fit))
        abort();
    ets_forecast(&fit, YEAR, means);
    work->ets[piece] = smape(series, means);
    work->aicc[piece] = fit.aicc;
}

static void forecast_whole(void *data, size_t piece, int thread) {
    struct work *work = data;
    const struct made_up *series = &work->series[piece];
    const struct series_question question = {.values = series->values,
                                             .count = series->count,
                                             .season = YEAR,
                                             .horizon = YEAR,
                                             .seed = piece,
                                             .is_positive = true};
    struct series_answer answer;

    series_forecast(&question, work->scratch[thread], &answer);
}

static double mean_of(const double *values, size_t count, size_t step) {
    double sum = 0;
    size_t found = 0;

    for (size_t i = 0; i < count; i += step, found++)
        sum += values[i];
    return sum / (double)found;
}

static void measure(const char *what, struct work *work, size_t count, int threads,
                    parallel_work *function) {
    const struct moment begin = moment();
    struct moment end;

    parallel_pieces(count, threads, function, work);
    end = moment();
    printf("%s\t%" PRId64 "\t%" PRId64, what, end.wall_us - begin.wall_us,
           end.processor_us - begin.processor_us);
}

static void *room(size_t count, size_t size) {
    void *memory = calloc(count, size);

    if (memory == NULL)
        abort();
    return memory;
}

static void fit_all(int threads, size_t count, size_t step) {
    struct made_up *series = room(count, sizeof(*series));
    struct work work = {.series = series,
                        .theta = room(count, sizeof(double)),
                        .ets = room(count, sizeof(double)),
                        .aicc = room(count, sizeof(double))};

    for (int i = 0; i < threads; i++)
        work.scratch[i] = room(series_scratch_count(LONGEST, YEAR), sizeof(double));
    for (size_t i = 0; i < count; i++)
        make(i, &series[i]);
    measure("theta", &work, count, threads, fit_theta);
    printf("\t%.6f\n", mean_of(work.theta, count, step));
    measure("ets", &work, count, threads, fit_ets);
    printf("\t%.6f\t%.6f\n", mean_of(work.ets, count, step), mean_of(work.aicc, count, step));
    measure("tried", &work, count, threads, forecast_whole);
    printf("\t0\n");
}

static void write_some(size_t count, size_t step) {
    for (size_t i = 0; i < count; i += step) {
        struct made_up series;

        make(i, &series);
        for (size_t k = 0; k < series.count; k++)
            printf("%s%.2f", k > 0 ? " " : "", series.values[k]);
        printf("\n");
    }
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "write") == 0)
        write_some(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    else if (argc == 5 && strcmp(argv[1], "fit") == 0)
        fit_all(parallel_threads((int)strtol(argv[2], NULL, 10)), strtoul(argv[3], NULL, 10),
                strtoul(argv[4], NULL, 10));
    else {
        fprintf(stderr, "forecast write COUNT STEP | fit THREADS COUNT STEP\n");
        return 2;
    }
    return 0;
}
