// SPDX-License-Identifier: Apache-2.0
// The kernels of lifetime value, timed within one process.
//
//   lifetime_value fit THREADS    reads lines "repeats last observed"; groups and fits
//   lifetime_value grow THREADS CUSTOMERS
//                                 the same of customers that are made up, and their forecasts
//
// Writes lines "WHAT<tab>MICROSECONDS<tab>MICROSECONDS OF PROCESSORS<tab>figures".
#include "analyze/lifetime_value/bg_nbd_kernel.h"
#include "analyze/lifetime_value/pareto_nbd_kernel.h"
#include "analyze/lifetime_value/purchase_model.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

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

static void tell(const char *what, struct moment begin, double figure) {
    const struct moment now = moment();

    printf("%s\t%" PRId64 "\t%" PRId64 "\t%.8f", what, now.wall_us - begin.wall_us,
           now.processor_us - begin.processor_us, figure);
}

struct history {
    int64_t *repeats;
    double *last, *observed;
    size_t count, capacity;
};

static void add(struct history *history, int64_t repeats, double last, double observed) {
    if (history->count == history->capacity) {
        history->capacity = history->capacity > 0 ? history->capacity * 2 : 65536;
        history->repeats = realloc(history->repeats, history->capacity * sizeof(int64_t));
        history->last = realloc(history->last, history->capacity * sizeof(double));
        history->observed = realloc(history->observed, history->capacity * sizeof(double));
        if (history->repeats == NULL || history->last == NULL || history->observed == NULL)
            abort();
    }
    history->repeats[history->count] = repeats;
    history->last[history->count] = last;
    history->observed[history->count++] = observed;
}

static void read_lines(struct history *history) {
    char line[200];

    while (fgets(line, sizeof(line), stdin) != NULL) {
        char *at = line;
        const long long repeats = strtoll(at, &at, 10);
        const double last = strtod(at, &at);

        add(history, repeats, last, strtod(at, NULL));
    }
}

// ---- customers that are made up ----

static double uniform(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15U;

    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebU;
    return ((double)((mixed ^ mixed >> 31) >> 11) + 0.5) / 9007199254740992.0;
}

// Gamma(1/2, rate 8 weeks): the square of a normal variable; leaving with probability up to a half
// after each purchase. Days are whole, of three years.
static void make_up(struct history *history, size_t count) {
    uint64_t state = 1;

    for (size_t i = 0; i < count; i++) {
        const double normal = sqrt(-2 * log(uniform(&state))) * cos(2 * M_PI * uniform(&state));
        const double rate = normal * normal / 2 / 8;
        const double leave = uniform(&state) / 2;
        const double observed = floor(uniform(&state) * 1095) / 7;
        double at = 0, last = 0;
        int64_t repeats = 0;

        for (bool is_alive = true; is_alive; is_alive = uniform(&state) > leave) {
            at += -log(uniform(&state)) / rate;
            if (floor(at * 7) / 7 > observed)
                break;
            if (floor(at * 7) / 7 <= last)
                continue; // of a day one
            last = floor(at * 7) / 7;
            repeats++;
        }
        add(history, repeats, last, observed);
    }
}

// ---- measuring ----

static void tell_fit(const char *what, struct moment begin, const struct likelihood_fit *fit) {
    tell(what, begin, fit->log_likelihood);
    for (int i = 0; i < LIKELIHOOD_PARAMETERS; i++)
        printf("\t%.8g", fit->parameters[i]);
    printf("\t%d\n", fit->evaluations);
}

static code measure(struct scope *scope, const struct history *history, int threads,
                    bool forecasts) {
    const struct purchase_history columns = {history->count, history->repeats, history->last,
                                             history->observed};
    struct purchase_groups groups;
    struct purchase_forecast forecast;
    struct likelihood_fit fit;
    struct moment begin = moment();

    TRY(purchase_groups_make(scope, &columns, &groups));
    tell("group", begin, (double)groups.count);
    printf("\n");
    for (size_t i = 0; i < purchase_model_count; i++) {
        if (purchase_models[i].is_discrete)
            continue;
        begin = moment();
        TRY(purchase_models[i].fit(scope, &groups, threads, &fit));
        tell_fit(purchase_models[i].name, begin, &fit);
        if (!forecasts)
            continue;
        begin = moment();
        purchase_model_forecast(scope, &purchase_models[i], fit.parameters, &groups, 52, 12, 0.008,
                                threads, &forecast);
        printf("ahead ");
        tell(purchase_models[i].name, begin, 0);
        printf("\n");
    }
    return OK;
}

int main(int argc, char **argv) {
    struct history history = {0};
    struct rusage usage;
    struct scope scope;
    code result;

    if (argc < 3) {
        fprintf(stderr, "usage: lifetime_value fit THREADS | grow THREADS CUSTOMERS\n");
        return 2;
    }
    if (strcmp(argv[1], "grow") == 0 && argc == 4)
        make_up(&history, strtoul(argv[3], NULL, 10));
    else
        read_lines(&history);
    scope_init(&scope);
    result = measure(&scope, &history, (int)strtol(argv[2], NULL, 10), argc == 4);
    if (result != OK)
        fprintf(stderr, "%s\n", scope.failure.message);
    getrusage(RUSAGE_SELF, &usage);
    printf("memory\t%ld\t0\t0\n", usage.ru_maxrss);
    scope_clear(&scope);
    free(history.repeats);
    free(history.last);
    free(history.observed);
    return result == OK ? 0 : 1;
}
