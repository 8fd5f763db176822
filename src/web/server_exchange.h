// SPDX-License-Identifier: Apache-2.0
// One request on its way through the server, from its head to the last byte of its answer. It
// belongs to the thread of its connection; while the connection is suspended, to a worker.
#pragma once

#include "web/router.h"
#include "web/server_answer.h"

struct MHD_Connection;
struct connection;
struct server;
struct live_listener;

enum exchange_stage {
    EXCHANGE_NEW,       // the head has not been looked at
    EXCHANGE_ASKING,    // with a worker: may the sender do this? Before a large body is received
    EXCHANGE_ADMITTED,  // it may
    EXCHANGE_RECEIVING, // the body comes
    EXCHANGE_RUNNING,   // with a worker
    EXCHANGE_ANSWERED,  // the answer is ready
};

// What the server itself answers, besides the routes.
enum exchange_purpose { PURPOSE_ROUTE, PURPOSE_METRICS };

struct exchange {
    enum exchange_stage stage;
    enum exchange_purpose purpose;
    struct server *server;
    struct MHD_Connection *handle;
    struct connection *connection;
    struct exchange *next; // in the queue of the workers

    char id[17];           // in the log, in the answer and in what is said about our own faults
    int64_t started_us;    // monotonic
    int64_t queued_us;     // monotonic
    char *target;          // "/path?query" as it came
    const char *target_at; // where it stood
    struct text query;

    struct request request; // its texts are the connection's and live as long as this
    struct request_client client;
    struct request_file file; // of a route that takes one
    const struct route *route;
    int64_t content_bytes; // as the head says
    struct buffer body;    // received so far, unless it goes to the file
    int file_fd;           // -1: none
    int64_t file_bytes;
    code receive_problem; // why the body could not be kept; told when all of it has come
    bool takes_gzip;
    bool is_admitted; // `actor` was asked for before the body came
    struct actor actor;

    struct answer answer;
    struct live_listener *listener;
};
