// SPDX-License-Identifier: Apache-2.0
#include "app/serve_cli.h"

#include "analyze/decide/decide_http.h"
#include "analyze/segment/follower.h"
#include "analyze/segment/touched_http.h"
#include "app/chores.h"
#include "app/tables.h"
#include "base/log.h"
#include "cli/output.h"
#include "govern/access/authenticate_http.h"
#include "govern/access/invitation.h"
#include "govern/access/seal.h"
#include "plug/collect/collect.h"
#include "store/job_runner.h"
#include "store/shelf.h"
#include "web/server.h"
#include "web/service.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { GRACE_MS = 10000 };

static code read_file(struct scope *scope, const char *path, const char **ret_content) {
    struct text content;

    TRY(cli_read_file(scope, path, &content));
    *ret_content = text_string(&scope->arena, content);
    return OK;
}

static code read_certificate(struct scope *scope, const struct config *config,
                             struct server_options *options) {
    struct text key;

    if (config->tls_certificate[0] == '\0')
        return OK;
    TRY(read_file(scope, config->tls_certificate, &options->certificate));
    TRY(config_read_secret(scope, "tls_key", config->tls_key, &key));
    options->key = text_string(&scope->arena, key);
    return OK;
}

static code read_options(struct scope *scope, const struct config *config,
                         struct server_options *options) {
    const char **origins = arena_array(&scope->arena, 2, sizeof(*origins));
    char *address = arena_alloc(&scope->arena, CONFIG_ADDRESS_SIZE);

    if (!config_split_address(text_of(config->listen), address, &options->port))
        return scope_fail(scope, INTERNAL, "listen is %s", config->listen);
    options->address = address;
    if (config->base_url[0] != '\0')
        origins[0] = config->base_url;
    options->origins = origins;
    options->trusted_proxy = text_of(config->trusted_proxy);
    options->workers = (int)config->workers;
    options->body_limit_bytes = config->body_limit_bytes;
    options->upload_limit_bytes = config->upload_limit_bytes;
    return read_certificate(scope, config, options);
}

// Each connection takes a descriptor; the usual limit of 1,024 is one for old programs.
static void allow_descriptors(void) {
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

// What the link begins with, also when the port was left to the system.
static struct text reached_at(struct scope *scope, const struct config *config, uint16_t port) {
    const struct text usual = config_base_url(&scope->arena, config);
    char address[CONFIG_ADDRESS_SIZE];
    uint16_t wanted;

    if (config->base_url[0] != '\0' ||
        !config_split_address(text_of(config->listen), address, &wanted) || wanted != 0)
        return usual;
    return text_printf(&scope->arena, "%.*s:%u", (int)usual.size - (int)strlen(":0"), usual.data,
                       port);
}

// Where nobody has ever signed in: said to who started the server, and not logged.
static void tell_first_link(struct scope *scope, struct cli *cli, uint16_t port, struct text link) {
    const struct text base = reached_at(scope, cli_config(cli), port);

    if (link.size == 0)
        return;
    fprintf(
        cli->err,
        "Nobody can sign in yet. Open this link to become the administrator; it works once and\n"
        "holds for three days:\n\n  %.*s%s\n\n",
        TEXT_ARG(base), strstr(text_string(&scope->arena, link), "/welcome#"));
    fflush(cli->err);
}

// Servers on one database have the same folder and the same key, or none of them would be right.
static code check_what_is_shared(struct scope *scope) {
    TRY(shelf_check(scope));
    return seal_check(scope);
}

static void wait_until_told(struct cli *cli, struct store *store) {
    struct chores chores = {0};

    interrupt_begin_graceful(cli->interrupt);
    interrupt_serve(cli->interrupt);
    service_tell("READY=1"); // from here on signals mean what the unit says
    do
        chores_look(&chores, store);
    while (!interrupt_wait(cli->interrupt, chores_look_every_ms(store)));
    LOG(LOG_LEVEL_INFO, "stopping");
    service_tell("STOPPING=1");
}

// What runs beside the server and outlives it.
struct beside {
    struct job_runner *runner;
    struct collector *collector;
    struct follower *follower;
    struct memory *memory;
    struct instant instant; // out of it
};

// False: a job would not end.
static bool stop_beside(struct beside *beside) {
    collector_stop(beside->collector);
    follower_stop(beside->follower);
    memory_stop(beside->memory);
    return job_runner_stop(beside->runner, GRACE_MS);
}

// What would not end works in the store, which can then not be closed: the store is as after a
// crash, which is safe.
static void stop_beside_or_exit(struct scope *scope, struct cli *cli, struct beside *beside) {
    if (stop_beside(beside))
        return;
    LOG(LOG_LEVEL_WARN, "job_left_behind");
    if (scope->failure.code != OK)
        output_failure(cli, &scope->failure);
    fflush(cli->err);
    _exit(code_info(scope->failure.code)->exit_code);
}

static code start_beside(struct scope *scope, struct cli *cli, struct beside *beside) {
    struct store *store = session_store(scope);

    TRY(job_runner_start(scope, store, cli->jobs, cli->job_count, &beside->runner));
    if (collector_start(scope, store, &beside->collector) == OK &&
        follower_start(scope, store, &beside->follower) == OK &&
        memory_start(scope, store, &beside->memory) == OK) {
        beside->instant = (struct instant){.context = beside->memory,
                                           .answer = decide_http_instant,
                                           .write_figures = decide_http_figures};
        return OK;
    }
    stop_beside_or_exit(scope, cli, beside);
    return scope->failure.code;
}

static code serve(struct scope *scope, struct cli *cli, struct server_options *options) {
    struct store *store = session_store(scope);
    struct beside beside = {0};
    struct server *server = NULL;
    struct text link;

    TRY(check_what_is_shared(scope));
    TRY(access_first_link(scope, &link));
    TRY(start_beside(scope, cli, &beside));
    options->intake = collector_intake(beside.collector);
    options->instant = &beside.instant;
    if (server_start(scope, store, options, &server) != OK) {
        stop_beside_or_exit(scope, cli, &beside);
        return scope->failure.code;
    }
    tell_first_link(scope, cli, server_port(server), link);
    LOG(LOG_LEVEL_INFO, "serving", LOG_STRING("address", options->address),
        LOG_INT64("port", server_port(server)), LOG_STRING("version", TESSERA_VERSION));
    wait_until_told(cli, store);
    server_stop(server, GRACE_MS);
    stop_beside_or_exit(scope, cli, &beside);
    interrupt_end_graceful(cli->interrupt);
    return OK;
}

static code run_serve(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct config *config = cli_config(cli);
    struct server_options options = {.routes = cli->routes,
                                     .route_count = cli->route_count,
                                     .assets = assets,
                                     .asset_count = asset_count,
                                     .authenticate = access_authenticate,
                                     .look_at_customers = touched_http_look};
    enum log_level level;

    (void)arguments;
    TRY(service_harden(scope));
    TRY(config_check_server(scope, config));
    if (!log_level_parse(text_of(config->log), &level))
        return scope_fail(scope, INTERNAL, "log is %s", config->log);
    TRY(log_start(scope, level, config->log_file));
    TRY(read_options(scope, config, &options));
    allow_descriptors();
    return serve(scope, cli, &options);
}

static const struct option serve_options[] = {
    {.name = "listen",
     .value = "ADDRESS:PORT",
     .help = "where to listen (127.0.0.1:7380); port 0 takes any that is free"},
    {.name = "base-url", .value = "URL", .help = "what people have in the address bar"},
    {.name = "tls-certificate", .value = "FILE", .help = "certificate and its chain, PEM"},
    {.name = "tls-key", .value = "FILE", .help = "the certificate's private key, PEM"},
    {.name = "trusted-proxy",
     .value = "ADDRESS",
     .help = "the proxy in front, whose X-Forwarded-For and -Proto are believed"},
    {.name = "workers", .value = "COUNT", .help = "requests worked on at once; 0: by processors"},
    {.name = "lake-memory", .value = "BYTES", .help = "what counting may take, as in 2G"},
    {.name = "body-limit", .value = "BYTES", .help = "the largest request that is no file"},
    {.name = "upload-limit", .value = "BYTES", .help = "the largest file that can be uploaded"},
    {.name = "uploads-kept", .value = "DURATION", .help = "how long uploads are kept, as in 7d"},
    {.name = "exports-kept", .value = "DURATION", .help = "how long exports can be fetched"},
    {.name = "backups", .value = "FOLDER", .help = "where backups go that name no place"},
    {.name = "log", .value = "LEVEL", .help = "error, warn, info or debug"},
    {.name = "log-file", .value = "FILE", .help = "where events go, otherwise standard error"},
    {0},
};

const struct command serve_commands[] = {
    {.name = "serve",
     .operands = "",
     .summary = "Serve the web app and the API",
     .help = "Until Ctrl-C or SIGTERM; what runs then comes to its end first. While it serves,\n"
             "other `tessera` commands on the same data reach it through a socket in the folder.\n"
             "Only names of this machine and the one in --base-url are answered to.\n"
             "\n"
             "Its options stand as well in the configuration file: see `tessera config`.\n"
             "\n"
             "  tessera serve\n"
             "  tessera serve --listen 127.0.0.1:8080 --base-url https://crm.example.com \\\n"
             "      --trusted-proxy 127.0.0.1\n",
     .options = serve_options,
     .run = run_serve,
     .store = COMMAND_SERVES},
};
const size_t serve_command_count = sizeof(serve_commands) / sizeof(*serve_commands);
