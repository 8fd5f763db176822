// SPDX-License-Identifier: Apache-2.0
// What the server counts about itself, for people who look after it: GET /metrics in the text
// format of Prometheus, GET /healthz. No figure tells of a person.
#pragma once

#include "store/store.h"
#include "web/router.h"
#include "web/server_workers.h"

struct metrics;

struct metrics *metrics_new(const struct server_options *options);
void metrics_free(struct metrics *metrics); // takes NULL

// An answer has gone. `route` NULL: none of the table, as files of the web app. Any thread.
void metrics_count(struct metrics *metrics, const struct route *route, int status,
                   int64_t duration_us, int64_t bytes);

// What others know.
struct metrics_state {
    struct workers_state workers;
    int connections;
    int64_t cut_connections;  // ever
    int64_t left_connections; // ever
    int listeners;
};

code metrics_write(struct scope *scope, const struct metrics *metrics,
                   const struct metrics_state *state, struct response *response);

// Is what was accepted also processed? NULL when all is well, otherwise what is not, without
// numbers or names: everybody may ask.
const char *health_problem(struct store *store, const struct metrics_state *state);
