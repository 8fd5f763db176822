// SPDX-License-Identifier: Apache-2.0
// Between the library and everything else: connections become exchanges, answers become responses.
// A thread of the library never waits and never asks the store; whoever must is suspended and
// handed to a worker, whose answer resumes the connection.
#include "web/server.h"

#include "base/clock.h"
#include "base/limits.h"
#include "web/live.h"
#include "web/server_body.h"
#include "web/server_exchange.h"
#include "web/server_intake.h"
#include "web/server_metrics.h"
#include "web/server_watch.h"
#include "web/server_workers.h"

#include <microhttpd.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    CONNECTION_MEMORY_BYTES = 64 << 10, // its head, and what is read at once
    IDLE_SECONDS = 60,                  // without a byte in either direction
    STEP_MS = 20,
};

struct server {
    struct serving serving;
    struct MHD_Daemon *public_daemon; // TCP
    struct MHD_Daemon *store_daemon;  // the socket in the store's folder
    int public_fd, store_fd;
    ino_t store_inode; // of the socket in the folder
    uint16_t port;
};

// ---- answers ----

static ssize_t read_live(void *argument, uint64_t position, char *data, size_t size) {
    struct exchange *exchange = argument;
    const ssize_t count = live_read(exchange->listener, data, size);

    (void)position;
    return count < 0 ? MHD_CONTENT_READER_END_OF_STREAM : count;
}

// The answer's memory stays with the exchange, which outlives the sending.
static struct MHD_Response *make_response(struct exchange *exchange) {
    struct answer *answer = &exchange->answer;
    int fd;

    if (exchange->listener)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, CONNECTION_MEMORY_BYTES / 2,
                                                 read_live, exchange, NULL);
    if (answer->file >= 0) {
        fd = answer->file;
        answer->file = -1; // the library closes it
        return MHD_create_response_from_fd64((uint64_t)answer->file_bytes, fd);
    }
    if (answer->constant.data)
        return MHD_create_response_from_buffer(answer->constant.size, (void *)answer->constant.data,
                                               MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_buffer(answer->body.size, answer->body.data,
                                           MHD_RESPMEM_PERSISTENT);
}

static void join_listeners(struct exchange *exchange) {
    if (!exchange->answer.is_live || exchange->is_head)
        return;
    exchange->listener = live_join(exchange->serving->live, exchange, &exchange->request,
                                   exchange->route, exchange->answer.live_customer);
    if (exchange->listener)
        return;
    exchange->answer.is_live = false;
    exchange->answer.fields.size = 0;
    exchange_refuse_busy(exchange, 1);
}

static enum MHD_Result send_answer(struct exchange *exchange) {
    struct answer *answer = &exchange->answer;
    struct MHD_Response *response;
    const char *name, *value;
    enum MHD_Result result;
    size_t position = 0;

    join_listeners(exchange);
    exchange_seal(exchange);
    connection_enter(exchange->connection, exchange->listener ? PHASE_LIVE : PHASE_ANSWER,
                     answer_bytes(answer));
    response = make_response(exchange);
    if (!response)
        return MHD_NO;
    while (answer_next_field(answer, &position, &name, &value))
        MHD_add_response_header(response, name, value);
    result = MHD_queue_response(exchange->handle, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return result;
}

// ---- requests ----

static enum MHD_Result add_field(void *argument, enum MHD_ValueKind kind, const char *name,
                                 size_t name_size, const char *value, size_t value_size) {
    struct head *head = argument;

    (void)kind;
    if (head->field_count < LIMIT_HEAD_FIELDS)
        head->fields[head->field_count] = (struct head_field){
            {.data = name, .size = name_size}, {.data = value ? value : name, .size = value_size}};
    head->field_count++;
    return MHD_YES;
}

static void read_head(struct exchange *exchange, const char *method, const char *version,
                      struct head *head) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->handle, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    head->method = text_of(method);
    head->target = text_of(exchange->target);
    head->target_at = exchange->target_at;
    head->version = text_of(version);
    head->bytes = info ? info->header_size : 0;
    head->field_count = 0;
    MHD_get_connection_values_n(exchange->handle, MHD_HEADER_KIND, add_field, head);
}

// The connection sleeps until a worker has looked at the exchange.
static enum MHD_Result hand_over(struct exchange *exchange) {
    connection_enter(exchange->connection, PHASE_WORK, 0);
    MHD_suspend_connection(exchange->handle);
    if (!workers_take(exchange->serving->workers, exchange)) {
        exchange_refuse_busy(exchange, 1);
        MHD_resume_connection(exchange->handle);
    }
    return MHD_YES;
}

static enum MHD_Result begin(struct exchange *exchange, const char *method, const char *version) {
    const bool is_encrypted =
        MHD_get_connection_info(exchange->handle, MHD_CONNECTION_INFO_GNUTLS_SESSION) != NULL;
    struct head head;

    exchange->connection =
        MHD_get_connection_info(exchange->handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
            ->socket_context;
    read_head(exchange, method, version, &head);
    exchange_begin(exchange, &head, is_encrypted);
    // The library closes the connection behind an answer to this first call; where the request has
    // come whole there is another one, after which it stays open.
    if (exchange->stage == EXCHANGE_ANSWERED)
        return exchange->answer.closes_connection ? send_answer(exchange) : MHD_YES;
    if (exchange->stage == EXCHANGE_ASKING)
        return hand_over(exchange);
    connection_enter(exchange->connection, PHASE_BODY, 0);
    return MHD_YES;
}

// The same for what is none of a worker's business.
static enum MHD_Result hand_to_intake(struct exchange *exchange) {
    connection_enter(exchange->connection, PHASE_WORK, 0);
    MHD_suspend_connection(exchange->handle);
    intake_hand_over(exchange);
    return MHD_YES;
}

static void receive(struct exchange *exchange) {
    exchange->stage = EXCHANGE_RECEIVING;
    connection_enter(exchange->connection, PHASE_BODY, 0);
    if (exchange->route->takes == ROUTE_TAKES_FILE)
        body_open_file(exchange, store_path(exchange->serving->store));
}

// ---- what the library calls ----

static void *on_target(void *argument, const char *target, struct MHD_Connection *handle) {
    return exchange_new(argument, handle, target);
}

static enum MHD_Result on_request(void *argument, struct MHD_Connection *handle, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **context) {
    struct exchange *exchange = *context;

    (void)argument;
    (void)handle;
    (void)url;
    if (*data_size > 0) {
        body_take(exchange, data, *data_size);
        connection_received(exchange->connection, *data_size);
        *data_size = 0;
        return MHD_YES;
    }
    switch (exchange->stage) {
    case EXCHANGE_NEW:
        return begin(exchange, method, version);
    case EXCHANGE_ADMITTED:
        receive(exchange);
        return MHD_YES;
    case EXCHANGE_RECEIVING:
        body_end(exchange);
        exchange->stage = EXCHANGE_RUNNING;
        return exchange->is_intake ? hand_to_intake(exchange) : hand_over(exchange);
    case EXCHANGE_ANSWERED:
        return send_answer(exchange);
    case EXCHANGE_ASKING:
    case EXCHANGE_RUNNING:
        break;
    }
    return MHD_YES;
}

static void on_completed(void *argument, struct MHD_Connection *handle, void **context,
                         enum MHD_RequestTerminationCode reason) {
    struct exchange *exchange = *context;

    (void)argument;
    (void)handle;
    (void)reason;
    if (!exchange)
        return;
    *context = NULL;
    if (exchange->connection)
        connection_enter(exchange->connection, PHASE_HEAD, 0);
    exchange_end(exchange);
}

static void on_connection(void *argument, struct MHD_Connection *handle, void **context,
                          enum MHD_ConnectionNotificationCode what) {
    struct serving *serving = argument;

    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        watch_remove(serving->watch, *context);
        *context = NULL;
        return;
    }
    *context =
        watch_add(serving->watch,
                  MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
}

// The library can be told to stop listening, but then its threads and the caller both take the
// socket out of their sets, and it ends the process when they meet.
static enum MHD_Result on_accept(void *argument, const struct sockaddr *address, socklen_t size) {
    struct serving *serving = argument;

    (void)address;
    (void)size;
    return atomic_load(&serving->is_ending) ? MHD_NO : MHD_YES;
}

// ---- what others call ----

static void resume(struct exchange *exchange) {
    MHD_resume_connection(exchange->handle);
}

static void sleep_listener(void *exchange) {
    MHD_suspend_connection(((struct exchange *)exchange)->handle);
}

static void wake_listener(void *exchange) {
    MHD_resume_connection(((struct exchange *)exchange)->handle);
}

static void cut_listener(void *exchange) {
    connection_cut(((struct exchange *)exchange)->connection);
}

// ---- start and stop ----

static int processor_count(void) {
    const long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : (int)count;
}

// All connections of a proxy come from one address. 0: no limit.
static int most_per_address(const struct server_options *options, bool is_store_socket) {
    if (is_store_socket || options->trusted_proxy.size > 0)
        return 0;
    return options->connections_per_address > 0 ? options->connections_per_address
                                                : LIMIT_CONNECTIONS_PER_ADDRESS;
}

static struct MHD_Daemon *start_daemon(struct server *server, int fd, int thread_count,
                                       bool is_encrypted) {
    struct serving *serving = &server->serving;
    const int per_address = most_per_address(&serving->options, fd == server->store_fd);
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME |
                           (is_encrypted ? (unsigned)MHD_USE_TLS : 0);
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, fd, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY_BYTES, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, LIMIT_CONNECTIONS, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL},
        {MHD_OPTION_THREAD_POOL_SIZE, thread_count > 1 ? thread_count : 0, NULL},
        {is_encrypted ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, 0,
         (void *)serving->options.certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)serving->options.key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
    };

    return MHD_start_daemon(
        flags, 0, on_accept, serving, on_request, serving, MHD_OPTION_URI_LOG_CALLBACK, on_target,
        serving, MHD_OPTION_NOTIFY_COMPLETED, on_completed, serving, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, serving, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static code start_threads(struct scope *scope, struct serving *serving) {
    static const struct live_calls calls = {
        .sleep = sleep_listener, .wake = wake_listener, .cut = cut_listener};
    const int count = serving->options.workers;

    serving->resume = resume;
    serving->metrics = metrics_new(&serving->options);
    TRY(watch_start(scope, serving->options.patience_ms, &serving->watch));
    TRY(live_start(scope, serving->store, &serving->options, &calls, &serving->live));
    return workers_start(scope, serving, count > 0 ? count : 2 * processor_count(), resume,
                         &serving->workers);
}

static code open_server(struct scope *scope, struct server *server) {
    const struct server_options *options = &server->serving.options;

    TRY(socket_listen(scope, options->address, options->port, &server->public_fd, &server->port));
    TRY(socket_listen_store(scope, store_path(server->serving.store), &server->store_fd,
                            &server->store_inode));
    TRY(start_threads(scope, &server->serving));
    server->store_daemon = start_daemon(server, server->store_fd, 1, false);
    server->public_daemon =
        start_daemon(server, server->public_fd, processor_count(), options->certificate != NULL);
    if (server->store_daemon && server->public_daemon)
        return OK;
    scope_fail(scope, UNAVAILABLE, "the server could not be started");
    return options->certificate ? scope_hint(scope, "are the certificate and its key right?")
                                : UNAVAILABLE;
}

code server_start(struct scope *scope, struct store *store, const struct server_options *options,
                  struct server **ret_server) {
    struct server *server = calloc(1, sizeof(*server));

    if (!server)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    server->serving.options = *options;
    server->serving.store = store;
    server->public_fd = server->store_fd = -1;
    randombytes_buf(&server->serving.id_seed, sizeof(server->serving.id_seed));
    if (open_server(scope, server) != OK) {
        server_stop(server, 0);
        return scope->failure.code;
    }
    *ret_server = server;
    return OK;
}

uint16_t server_port(const struct server *server) {
    return server->port;
}

// A daemon closes the socket that it was given.
static void stop_daemon(struct MHD_Daemon *daemon, int fd) {
    if (daemon)
        MHD_stop_daemon(daemon);
    else if (fd >= 0)
        close(fd);
}

static void wait_for_exchanges(struct serving *serving, int grace_ms) {
    const int64_t end_us = clock_us() + (int64_t)grace_ms * 1000;

    while (atomic_load(&serving->open_exchanges) > 0 && clock_us() < end_us)
        usleep(STEP_MS * 1000);
}

// No connection may be suspended when the library stops: workers and listeners come first.
void server_stop(struct server *server, int grace_ms) {
    struct serving *serving = &server->serving;

    if (!server)
        return;
    if (server->store_fd >= 0)
        socket_remove_store(store_path(serving->store), server->store_inode);
    atomic_store(&serving->is_ending, true); // new connections are closed, open ones go on
    live_end(serving->live);
    wait_for_exchanges(serving, grace_ms);
    workers_stop(serving->workers);
    if (serving->options.intake)
        serving->options.intake->stop(serving->options.intake->context);
    stop_daemon(server->public_daemon, server->public_fd);
    stop_daemon(server->store_daemon, server->store_fd);
    live_free(serving->live);
    workers_free(serving->workers);
    watch_stop(serving->watch);
    metrics_free(serving->metrics);
    free(server);
}
