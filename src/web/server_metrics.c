// SPDX-License-Identifier: Apache-2.0
#include "web/server_metrics.h"

#include "base/time.h"
#include "store/job.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    MOST_WAITING_US = 5000000, // a request that waits so long is one that nobody works on
    MOST_BEHIND_US = 60000000, // the lake may be so far behind while much is imported
    LEAST_FREE_BYTES = 64 << 20,
};

static const int statuses[] = {200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 411, 413,
                               414, 415, 417, 421, 422, 429, 431, 499, 500, 501, 503, 505, 507};
enum { STATUS_COUNT = sizeof(statuses) / sizeof(*statuses) + 1 }; // the last: any other

static const int64_t bounds_us[] = {1000,   2500,   5000,    10000,   25000,   50000,   100000,
                                    250000, 500000, 1000000, 2500000, 5000000, 10000000};
enum { BOUND_COUNT = sizeof(bounds_us) / sizeof(*bounds_us) };

struct counts {
    atomic_uint_fast64_t by_status[STATUS_COUNT];
};

struct metrics {
    const struct route *routes, *intake_routes;
    size_t route_count, intake_count;
    atomic_uint_fast64_t by_duration[BOUND_COUNT + 1]; // the last: longer than all bounds
    atomic_uint_fast64_t duration_us, bytes;
    struct counts counts[]; // one per route, one more for what has none
};

struct metrics *metrics_new(const struct server_options *options) {
    const struct intake *intake = options->intake;
    const size_t count = options->route_count + (intake ? intake->route_count : 0);
    struct metrics *metrics = calloc(1, sizeof(*metrics) + (count + 1) * sizeof(struct counts));

    if (!metrics)
        abort();
    metrics->routes = options->routes;
    metrics->route_count = options->route_count;
    metrics->intake_routes = intake ? intake->routes : NULL;
    metrics->intake_count = intake ? intake->route_count : 0;
    return metrics;
}

void metrics_free(struct metrics *metrics) {
    free(metrics);
}

static size_t status_index(int status) {
    size_t index = 0;

    while (index < STATUS_COUNT - 1 && statuses[index] != status)
        index++;
    return index;
}

static void add(atomic_uint_fast64_t *count, uint64_t value) {
    atomic_fetch_add_explicit(count, value, memory_order_relaxed);
}

static uint64_t get(const atomic_uint_fast64_t *count) {
    return atomic_load_explicit(count, memory_order_relaxed);
}

// Routes outside of the table, as the server's own, count as none.
static size_t route_index(const struct metrics *metrics, const struct route *route) {
    for (size_t i = 0; route && i < metrics->route_count; i++)
        if (route == &metrics->routes[i])
            return i;
    for (size_t i = 0; route && i < metrics->intake_count; i++)
        if (route == &metrics->intake_routes[i])
            return metrics->route_count + i;
    return metrics->route_count + metrics->intake_count;
}

// NULL for what has none.
static const struct route *route_at(const struct metrics *metrics, size_t index) {
    if (index < metrics->route_count)
        return &metrics->routes[index];
    index -= metrics->route_count;
    return index < metrics->intake_count ? &metrics->intake_routes[index] : NULL;
}

void metrics_count(struct metrics *metrics, const struct route *route, int status,
                   int64_t duration_us, int64_t bytes) {
    struct counts *counts = &metrics->counts[route_index(metrics, route)];
    size_t bucket = 0;

    while (bucket < BOUND_COUNT && duration_us > bounds_us[bucket])
        bucket++;
    add(&counts->by_status[status_index(status)], 1);
    add(&metrics->by_duration[bucket], 1);
    add(&metrics->duration_us, (uint64_t)duration_us);
    if (bytes > 0)
        add(&metrics->bytes, (uint64_t)bytes);
}

// ---- writing ----

static void head(struct buffer *out, const char *name, const char *type, const char *help) {
    buffer_printf(out, "# HELP tessera_%s %s\n# TYPE tessera_%s %s\n", name, help, name, type);
}

static void one(struct buffer *out, const char *name, const char *type, const char *help,
                double value) {
    head(out, name, type, help);
    buffer_printf(out, "tessera_%s %.15g\n", name, value);
}

static void write_requests(struct buffer *out, const struct metrics *metrics) {
    head(out, "requests_total", "counter", "Answers sent, by route and status.");
    for (size_t i = 0; i <= metrics->route_count + metrics->intake_count; i++)
        for (size_t k = 0; k < STATUS_COUNT; k++) {
            const uint64_t count = get(&metrics->counts[i].by_status[k]);
            const struct route *route = route_at(metrics, i);
            char status[8] = "other";

            if (count == 0)
                continue;
            if (k < STATUS_COUNT - 1)
                snprintf(status, sizeof(status), "%d", statuses[k]);
            buffer_printf(out,
                          "tessera_requests_total{method=\"%s\",route=\"%s\",status=\"%s\"} "
                          "%" PRIu64 "\n",
                          route ? method_name(route->method) : "", route ? route->path : "", status,
                          count);
        }
}

static void write_durations(struct buffer *out, const struct metrics *metrics) {
    static const char name[] = "request_duration_seconds";
    uint64_t count = 0;

    head(out, name, "histogram", "From the first line of a request to the end of its answer.");
    for (size_t i = 0; i < BOUND_COUNT; i++) {
        count += get(&metrics->by_duration[i]);
        buffer_printf(out, "tessera_%s_bucket{le=\"%g\"} %" PRIu64 "\n", name,
                      (double)bounds_us[i] / (double)US_PER_SECOND, count);
    }
    count += get(&metrics->by_duration[BOUND_COUNT]);
    buffer_printf(out, "tessera_%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, count);
    buffer_printf(out, "tessera_%s_sum %.6f\ntessera_%s_count %" PRIu64 "\n", name,
                  (double)get(&metrics->duration_us) / (double)US_PER_SECOND, name, count);
}

static code write_jobs(struct scope *scope, struct buffer *out) {
    struct job_state_count *states;
    size_t count;

    TRY(job_count_states(scope, &states, &count));
    head(out, "jobs", "gauge", "Long work, by state.");
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "tessera_jobs{state=\"%.*s\"} %" PRId64 "\n", TEXT_ARG(states[i].state),
                      states[i].count);
    return OK;
}

static void write_lake(struct buffer *out, struct store *store) {
    const struct store_lake_counts counts = store_lake_counts(store);

    head(out, "lake_questions_total", "counter",
         "Shared questions to the lake, by how they were answered.");
    buffer_printf(out,
                  "tessera_lake_questions_total{answered=\"by a query\"} %" PRId64
                  "\ntessera_lake_questions_total{answered=\"as another\"} %" PRId64 "\n",
                  counts.run, counts.shared);
}

static double resident_bytes(void) {
    FILE *file = fopen("/proc/self/statm", "re");
    long pages = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%*s %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

code metrics_write(struct scope *scope, const struct metrics *metrics,
                   const struct metrics_state *state, struct response *response) {
    const struct store_health health = store_health(session_store(scope));
    struct buffer *out = &response->body;

    response->content_type = "text/plain; version=0.0.4; charset=utf-8";
    write_requests(out, metrics);
    write_durations(out, metrics);
    one(out, "response_bytes_total", "counter", "Bytes of answers' bodies.",
        (double)get(&metrics->bytes));
    one(out, "queue_requests", "gauge", "Requests that wait for a worker.", state->workers.waiting);
    one(out, "queue_oldest_seconds", "gauge", "How long the first of them waits.",
        (double)state->workers.oldest_us / (double)US_PER_SECOND);
    one(out, "workers_busy", "gauge", "Workers that run a request.", state->workers.running);
    one(out, "heavy_requests_waiting", "gauge", "Requests that wait to count over all data.",
        state->workers.heavy_waiting);
    one(out, "heavy_requests_running", "gauge", "Requests that count over all data.",
        state->workers.heavy_running);
    one(out, "connections", "gauge", "Open connections.", state->connections);
    one(out, "connections_cut_total", "counter", "Connections that were too slow.",
        (double)state->cut_connections);
    one(out, "connections_left_total", "counter",
        "Connections whose other end left while its request was worked on.",
        (double)state->left_connections);
    one(out, "live_listeners", "gauge", "Streams of live updates.", state->listeners);
    write_lake(out, session_store(scope));
    TRY(write_jobs(scope, out));
    one(out, "mirror_lag_seconds", "gauge", "How far the lake is behind the ledger.",
        (double)health.mirror_behind_us / (double)US_PER_SECOND);
    one(out, "mirror_failing", "gauge", "1: the lake could not be brought up to date lately.",
        health.mirror_fails);
    one(out, "resident_memory_bytes", "gauge", "Memory that the process holds.", resident_bytes());
    return OK;
}

const char *health_problem(struct store *store, const struct metrics_state *state) {
    const struct store_health health = store_health(store);
    struct statvfs disk;

    if (state->workers.oldest_us > MOST_WAITING_US)
        return "requests wait and nobody works on them";
    if (health.database_is_away)
        return "the database does not answer";
    if (health.mirror_fails || health.mirror_behind_us > MOST_BEHIND_US)
        return "figures are not brought up to date";
    if (statvfs(store_path(store), &disk) == 0 &&
        (uint64_t)disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES)
        return "the disk is full";
    return NULL;
}
