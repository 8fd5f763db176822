// SPDX-License-Identifier: Apache-2.0
// Between the library and everything else: connections become exchanges, answers become responses.
// A thread of the library never waits and never asks the store; whoever must is suspended and
// handed to a worker, whose answer resumes the connection.
#include "web/server.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "web/server_asset.h"
#include "web/server_body.h"
#include "web/server_clock.h"
#include "web/server_request.h"
#include "web/server_socket.h"
#include "web/server_workers.h"

#include <assert.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    HEAD_MEMORY_BYTES = 64 << 10, // of a connection: its head and what is read at once
    ASK_FIRST_BYTES = 64 << 10,   // of a body: from here on its sender is asked for before
    IDLE_SECONDS = 60,            // without a byte in either direction
    STEP_MS = 20,
};

struct connection {
    struct server *server;
    int fd;
    bool is_owner;
    char address[SOCKET_ADDRESS_SIZE];
};

struct server {
    struct server_options options;
    struct store *store;
    struct workers *workers;
    struct MHD_Daemon *public_daemon; // TCP
    struct MHD_Daemon *store_daemon;  // the socket in the store's folder
    int public_fd, store_fd;
    uint16_t port;
    uint64_t id_seed;
    atomic_uint_fast64_t exchange_count; // ever made
    atomic_int open_exchanges;
};

// ---- exchanges ----

static struct exchange *exchange_new(struct server *server, struct MHD_Connection *handle,
                                     const char *target) {
    struct exchange *exchange = calloc(1, sizeof(*exchange));
    const uint64_t number = atomic_fetch_add(&server->exchange_count, 1);

    if (!exchange)
        abort();
    exchange->server = server;
    exchange->handle = handle;
    exchange->target_at = target;
    exchange->target = strdup(target ? target : "");
    exchange->file_fd = -1;
    exchange->started_us = clock_us();
    snprintf(exchange->id, sizeof(exchange->id), "%016" PRIx64,
             random_mix(server->id_seed + number));
    answer_init(&exchange->answer);
    atomic_fetch_add(&server->open_exchanges, 1);
    return exchange;
}

static void exchange_free(struct exchange *exchange) {
    atomic_fetch_sub(&exchange->server->open_exchanges, 1);
    body_clear(exchange);
    answer_clear(&exchange->answer);
    free(exchange->target);
    free(exchange);
}

static void log_exchange(const struct exchange *exchange) {
    LOG(LOG_LEVEL_INFO, "request", LOG_STRING("request", exchange->id),
        LOG_STRING("method", method_name(exchange->request.method)),
        LOG_STRING("route", exchange->route ? exchange->route->path : "-"),
        LOG_INT64("status", exchange->answer.status),
        LOG_INT64("duration_us", clock_us() - exchange->started_us),
        LOG_INT64("bytes", answer_bytes(&exchange->answer)));
}

// ---- answers ----

static struct MHD_Response *make_response(struct answer *answer) {
    struct MHD_Response *response;

    if (answer->file >= 0) {
        response = MHD_create_response_from_fd64((uint64_t)answer->file_bytes, answer->file);
        answer->file = -1;
    } else if (answer->constant.data) {
        response = MHD_create_response_from_buffer(
            answer->constant.size, (void *)answer->constant.data, MHD_RESPMEM_PERSISTENT);
    } else {
        response = MHD_create_response_from_buffer(answer->body.size, answer->body.data,
                                                   MHD_RESPMEM_PERSISTENT);
    }
    return response;
}

// The answer's memory stays with the exchange, which outlives the sending.
static enum MHD_Result send_answer(struct exchange *exchange) {
    struct answer *answer = &exchange->answer;
    struct MHD_Response *response;
    const char *name, *value;
    enum MHD_Result result;
    size_t position = 0;

    answer_field(answer, "X-Request-Id", text_of(exchange->id));
    if (exchange->client.is_owner) // the command line, which must be of this version
        answer_field(answer, "X-Tessera-Version", TEXT(TESSERA_VERSION));
    answer_secure(answer, exchange->client.is_secure);
    response = make_response(answer);
    if (!response)
        return MHD_NO;
    while (answer_next_field(answer, &position, &name, &value))
        MHD_add_response_header(response, name, value);
    result = MHD_queue_response(exchange->handle, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static void prepare_refusal(struct exchange *exchange, int status, const char *message) {
    const code reason = status == 413 || status == 414 || status == 431 ? TOO_LARGE
                        : status == 503                                 ? BUSY
                        : status == 404 || status == 405                ? NOT_FOUND
                                                                        : INVALID;

    exchange->stage = EXCHANGE_ANSWERED;
    exchange->answer.closes_connection |= exchange->content_bytes > 0;
    answer_refuse(&exchange->answer, status, reason, message);
}

static void prepare_busy(struct exchange *exchange) {
    answer_field(&exchange->answer, "Retry-After", TEXT("1"));
    prepare_refusal(exchange, 503, "too many requests wait already");
}

static enum MHD_Result refuse(struct exchange *exchange, int status, const char *message) {
    prepare_refusal(exchange, status, message);
    return send_answer(exchange);
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
static enum MHD_Result hand_over(struct exchange *exchange, enum exchange_stage stage) {
    struct server *server = exchange->server;

    exchange->stage = stage;
    MHD_suspend_connection(exchange->handle);
    if (!workers_take(server->workers, exchange)) {
        prepare_busy(exchange);
        MHD_resume_connection(exchange->handle);
    }
    return MHD_YES;
}

static void resume(struct exchange *exchange) {
    MHD_resume_connection(exchange->handle);
}

static enum MHD_Result begin_route(struct exchange *exchange, struct text content_type) {
    struct server *server = exchange->server;
    int status = 0;
    const char *refusal = body_refusal(&server->options, exchange->route, content_type,
                                       exchange->content_bytes, &status);

    if (refusal)
        return refuse(exchange, status, refusal);
    if (!workers_have_room(server->workers)) {
        prepare_busy(exchange);
        return send_answer(exchange);
    }
    if (exchange->route->takes == ROUTE_TAKES_FILE || exchange->content_bytes > ASK_FIRST_BYTES)
        return hand_over(exchange, EXCHANGE_ASKING);
    exchange->stage = EXCHANGE_RECEIVING;
    return MHD_YES;
}

static enum MHD_Result answer_no_route(struct exchange *exchange) {
    CLEANUP(buffer_clear) struct buffer allowed = {0};

    request_allowed(&exchange->server->options, exchange->request.path, &allowed);
    if (allowed.size == 0)
        return refuse(exchange, 404, "there is nothing at this address");
    answer_field(&exchange->answer, "Allow", buffer_text(&allowed));
    return refuse(exchange, 405, "this method is not answered at this address");
}

static enum MHD_Result begin(struct exchange *exchange, const struct head *head) {
    struct server *server = exchange->server;
    const struct server_options *options = &server->options;
    const struct connection *connection = exchange->connection;
    const struct request_way way = {.address = connection->address,
                                    .is_owner = connection->is_owner,
                                    .is_encrypted = options->certificate && !connection->is_owner};
    struct request *request = &exchange->request;
    const struct asset *asset;
    struct framing framing = {0};
    const struct refusal *refusal = head_check(head, &framing);

    exchange->answer.closes_connection = refusal != NULL;
    if (!refusal)
        refusal = request_read(exchange, head, &framing, &way, options);
    if (refusal)
        return refuse(exchange, refusal->status, refusal->message);
    exchange->route =
        router_find(options->routes, options->route_count, request->method, request->path);
    if (exchange->route)
        return begin_route(exchange, head_field(head, "Content-Type"));
    asset = request->method == METHOD_GET
                ? asset_find(options->assets, options->asset_count, request->path)
                : NULL;
    if (!asset)
        return answer_no_route(exchange);
    exchange->stage = EXCHANGE_ANSWERED;
    asset_answer(&exchange->answer, asset, head_field(head, "If-None-Match"), exchange->takes_gzip);
    return send_answer(exchange);
}

// ---- what the library calls ----

static void *on_target(void *argument, const char *target, struct MHD_Connection *handle) {
    return exchange_new(argument, handle, target);
}

static enum MHD_Result on_request(void *argument, struct MHD_Connection *handle, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **context) {
    struct exchange *exchange = *context;
    struct head head;

    (void)argument;
    (void)url;
    if (*data_size > 0) {
        body_take(exchange, data, *data_size);
        *data_size = 0;
        return MHD_YES;
    }
    switch (exchange->stage) {
    case EXCHANGE_NEW:
        exchange->connection =
            MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
        read_head(exchange, method, version, &head);
        return begin(exchange, &head);
    case EXCHANGE_ADMITTED:
        exchange->stage = EXCHANGE_RECEIVING;
        if (exchange->route->takes == ROUTE_TAKES_FILE)
            body_open_file(exchange, store_path(exchange->server->store));
        return MHD_YES;
    case EXCHANGE_RECEIVING:
        body_end(exchange);
        return hand_over(exchange, EXCHANGE_RUNNING);
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
    log_exchange(exchange);
    exchange_free(exchange);
    *context = NULL;
}

static void on_connection(void *argument, struct MHD_Connection *handle, void **context,
                          enum MHD_ConnectionNotificationCode what) {
    struct connection *connection;

    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        free(*context);
        *context = NULL;
        return;
    }
    connection = calloc(1, sizeof(*connection));
    if (!connection)
        abort();
    connection->server = argument;
    connection->fd = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    socket_peer_address(connection->fd, connection->address);
    connection->is_owner = connection->address[0] == '\0' && socket_is_owner(connection->fd);
    *context = connection;
}

// ---- start and stop ----

static int processor_count(void) {
    const long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : (int)count;
}

static struct MHD_Daemon *start_daemon(struct server *server, int fd, int thread_count,
                                       bool is_encrypted) {
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME |
                           (is_encrypted ? (unsigned)MHD_USE_TLS : 0);
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, fd, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_MEMORY_BYTES, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, LIMIT_CONNECTIONS, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_THREAD_POOL_SIZE, thread_count > 1 ? thread_count : 0, NULL},
        {is_encrypted ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, 0,
         (void *)server->options.certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)server->options.key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
    };

    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_URI_LOG_CALLBACK,
                            on_target, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_ARRAY,
                            options, MHD_OPTION_END);
}

static code open_server(struct scope *scope, struct server *server) {
    const struct server_options *options = &server->options;
    const struct workers_options workers = {
        .store = server->store,
        .server = &server->options,
        .count = options->workers > 0 ? options->workers : 2 * processor_count(),
        .answered = resume,
    };

    TRY(socket_listen(scope, options->address, options->port, &server->public_fd, &server->port));
    TRY(socket_listen_store(scope, store_path(server->store), &server->store_fd));
    TRY(workers_start(scope, &workers, &server->workers));
    server->store_daemon = start_daemon(server, server->store_fd, 1, false);
    server->public_daemon =
        start_daemon(server, server->public_fd, processor_count(), options->certificate != NULL);
    if (!server->store_daemon || !server->public_daemon) {
        scope_fail(scope, UNAVAILABLE, "the server could not be started");
        return options->certificate ? scope_hint(scope, "are the certificate and its key right?")
                                    : UNAVAILABLE;
    }
    return OK;
}

code server_start(struct scope *scope, struct store *store, const struct server_options *options,
                  struct server **ret_server) {
    struct server *server = calloc(1, sizeof(*server));

    if (!server)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    server->options = *options;
    server->store = store;
    server->public_fd = server->store_fd = -1;
    randombytes_buf(&server->id_seed, sizeof(server->id_seed));
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

// From here on connections are refused, those that are open go on.
static void stop_listening(struct MHD_Daemon *daemon, int *fd) {
    if (daemon)
        MHD_quiesce_daemon(daemon);
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void wait_for_exchanges(struct server *server, int grace_ms) {
    const int64_t end_us = clock_us() + (int64_t)grace_ms * 1000;

    while (atomic_load(&server->open_exchanges) > 0 && clock_us() < end_us)
        usleep(STEP_MS * 1000);
}

void server_stop(struct server *server, int grace_ms) {
    if (!server)
        return;
    if (server->store_fd >= 0)
        socket_remove_store(store_path(server->store));
    stop_listening(server->public_daemon, &server->public_fd);
    stop_listening(server->store_daemon, &server->store_fd);
    wait_for_exchanges(server, grace_ms);
    if (server->workers) {
        workers_cancel(server->workers);
        workers_stop(server->workers);
    }
    if (server->public_daemon)
        MHD_stop_daemon(server->public_daemon);
    if (server->store_daemon)
        MHD_stop_daemon(server->store_daemon);
    workers_free(server->workers);
    free(server);
}
