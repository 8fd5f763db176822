// SPDX-License-Identifier: Apache-2.0
// Processes are spawned, not forked: the test's own process has the threads and handlers of the
// databases.
#include "tests/program.h"

#include "base/clock.h"
#include "base/json.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_WORDS = 64, MOST_VARIABLES = 1000 };

// Those of the test runner itself, and where the store is and what the time zone is.
static bool is_the_tests_own(const char *variable) {
    static const char *const own[] = {"TESSERA_TEST_", "TESSERA_DATA=", "TZ="};

    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
        if (strncmp(variable, own[i], strlen(own[i])) == 0)
            return true;
    return false;
}
static char **environment(struct scope *scope) {
    char **variables = arena_array(&scope->arena, MOST_VARIABLES, sizeof(*variables));
    int count = 0;

    for (char **variable = environ; *variable && count + 3 < MOST_VARIABLES; variable++)
        if (!is_the_tests_own(*variable))
            variables[count++] = *variable;
    variables[count++] = arena_printf(&scope->arena, "TESSERA_DATA=%s/store", test_folder(scope));
    variables[count] = arena_printf(&scope->arena, "TZ=UTC");
    return variables;
}

// -1 when there is no such program.
static pid_t spawn(struct scope *scope, char *const *words, int in, int out, int err) {
    posix_spawn_file_actions_t actions;
    pid_t process;
    int status;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    status = posix_spawnp(&process, words[0], &actions, NULL, words, environment(scope));
    posix_spawn_file_actions_destroy(&actions);
    return status == 0 ? process : -1;
}

static pid_t start(struct scope *scope, const char *line, int in, int out, int err) {
    char *words[MOST_WORDS] = {TEST_PROGRAM};
    struct text rest = text_of(line);
    pid_t process;
    int count = 1;

    while (rest.size > 0 && count + 1 < MOST_WORDS)
        words[count++] = text_string(&scope->arena, text_split(rest, ' ', &rest));
    process = spawn(scope, words, in, out, err);
    CHECK(process > 0);
    return process;
}

int wait_program(pid_t process) {
    int status;

    CHECK(waitpid(process, &status, 0) == process);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

pid_t start_program(struct scope *scope, const char *words) {
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    const pid_t process = start(scope, words, null, null, null);

    close(null);
    return process;
}

static int scratch(struct scope *scope, const char *name, struct text content) {
    const char *path = test_file(scope, name, content);
    const int file = open(path, O_RDWR | O_CLOEXEC);

    CHECK(file >= 0);
    return file;
}

static struct text contents(struct scope *scope, int file) {
    const off_t size = lseek(file, 0, SEEK_END);
    char *data = arena_alloc(&scope->arena, (size_t)size + 1);

    CHECK(pread(file, data, (size_t)size, 0) == size);
    close(file);
    return (struct text){.data = data, .size = (size_t)size};
}

struct program_result run_program(struct scope *scope, const char *words, struct text input) {
    const int in = scratch(scope, "in", input);
    const int out = scratch(scope, "out", (struct text){0});
    const int err = scratch(scope, "err", (struct text){0});
    struct program_result result;

    result.exit_code = wait_program(start(scope, words, in, out, err));
    close(in);
    result.out = contents(scope, out);
    result.err = contents(scope, err);
    return result;
}

int run_program_into(struct scope *scope, const char *words, const char *path) {
    const int in = scratch(scope, "in", (struct text){0});
    const int out = open(path, O_WRONLY | O_CLOEXEC);
    const int err = scratch(scope, "err", (struct text){0});
    int exit_code;

    CHECK(out >= 0);
    exit_code = wait_program(start(scope, words, in, out, err));
    close(in);
    close(out);
    close(err);
    return exit_code;
}

static pid_t start_other_into(struct scope *scope, const char *const *words, int out) {
    char *copies[MOST_WORDS] = {NULL};
    int count = 0;

    do
        copies[count] = arena_printf(&scope->arena, "%s", words[count]);
    while (words[++count] && count + 1 < MOST_WORDS);
    return spawn(scope, copies, STDIN_FILENO, out, out);
}

static int run_other_into(struct scope *scope, const char *const *words, int out) {
    const pid_t process = start_other_into(scope, words, out);

    return process < 0 ? 127 : wait_program(process);
}

pid_t start_other(struct scope *scope, const char *const *words) {
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    const pid_t process = start_other_into(scope, words, null);

    close(null);
    return process;
}

int run_other(struct scope *scope, const char *const *words) {
    const int out = scratch(scope, "other", (struct text){0});
    const int exit_code = run_other_into(scope, words, out);

    close(out);
    return exit_code;
}

struct text run_other_for_output(struct scope *scope, const char *const *words) {
    const int out = scratch(scope, "other", (struct text){0});

    run_other_into(scope, words, out);
    return contents(scope, out);
}

struct text test_source(struct scope *scope, const char *path) {
    const int file =
        open(arena_printf(&scope->arena, "%s/%s", TEST_SOURCE, path), O_RDONLY | O_CLOEXEC);

    CHECK(file >= 0);
    return contents(scope, file);
}

// ---- the server ----

static void kill_at_end(void *argument) {
    const struct served *served = argument;

    kill(served->process, SIGKILL);
}

// What is in a log until now; nothing while there is none.
static struct text read_log(struct scope *scope, const char *path) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);

    return file < 0 ? (struct text){0} : contents(scope, file);
}

// The port that a line of its log tells; 0 while none does.
static uint16_t told_port(struct scope *scope, struct text log) {
    while (log.size > 0) {
        const struct text line = text_split(log, '\n', &log);
        struct json *event;

        if (line.size > 0 && json_parse(scope, line, &event) == OK && json_member(event, "port"))
            return (uint16_t)json_member(event, "port")->int64;
        scope_forgive(scope); // a line that is not yet whole
    }
    return 0;
}

const struct served *serve_program(struct scope *scope, const char *options) {
    enum { STEP_MS = 50, PATIENCE_MS = 30000 };
    struct served *served = arena_alloc(&scope->arena, sizeof(*served));
    const char *path = arena_printf(&scope->arena, "%s/serve.log", test_folder(scope));

    served->process = start_program(
        scope,
        arena_printf(&scope->arena, "serve --listen 127.0.0.1:0 --log-file %s%s", path, options));
    test_at_end(kill_at_end, served);
    for (int waited_ms = 0; waited_ms < PATIENCE_MS && served->port == 0; waited_ms += STEP_MS) {
        usleep(STEP_MS * 1000);
        served->port = told_port(scope, read_log(scope, path));
    }
    CHECK(served->port > 0);
    return served;
}

// ---- the server that is killed ----

static void kill_mortal(void *argument) {
    const struct mortal *mortal = argument;

    if (mortal->process > 0)
        kill(mortal->process, SIGKILL);
}

struct mortal *mortal_new(struct scope *scope) {
    struct mortal *mortal = arena_alloc(&scope->arena, sizeof(*mortal));

    *mortal = (struct mortal){
        .scope = scope,
        .socket = arena_printf(&scope->arena, "%s/store/socket", test_folder(scope))};
    test_at_end(kill_mortal, mortal);
    return mortal;
}

void mortal_start(struct mortal *mortal) {
    enum { STEP_MS = 10, PATIENCE_MS = 10000 };
    const int64_t begin_us = clock_us();

    unlink(mortal->socket); // a killed one leaves it
    mortal->process =
        start_program(mortal->scope, "serve --listen 127.0.0.1:0 --log-file /dev/null");
    for (int waited_ms = 0; access(mortal->socket, F_OK) != 0; waited_ms += STEP_MS) {
        CHECK(waited_ms < PATIENCE_MS);
        usleep(STEP_MS * 1000);
    }
    if (clock_us() - begin_us > mortal->slowest_start_us)
        mortal->slowest_start_us = clock_us() - begin_us;
}

void mortal_stop(struct mortal *mortal, int signal) {
    kill(mortal->process, signal);
    CHECK_INT(wait_program(mortal->process), signal == SIGKILL ? 128 + SIGKILL : 0);
    mortal->process = 0;
}

// ---- nginx ----

// Somebody else may take it before it is used; whoever uses it then ends, and the test says so.
uint16_t free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(bind(fd, (const struct sockaddr *)&address, size) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool listens(uint16_t port) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool is_there = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;

    close(fd);
    return is_there;
}

static void kill_nginx(void *argument) {
    const pid_t *process = argument;

    kill(*process, SIGKILL);
    wait_program(*process);
}

// One process, not a master with workers, so that its id is all there is to end.
void start_nginx(struct scope *scope, const char *http, uint16_t port) {
    enum { STEP_MS = 10, PATIENCE_MS = 10000 };
    static const char configuration[] =
        "daemon off; master_process off; pid %1$s/nginx.pid; error_log %1$s/nginx.error warn;\n"
        "events { worker_connections 512; }\n"
        "http {\n"
        "  client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;\n"
        "  fastcgi_temp_path %1$s/fastcgi; uwsgi_temp_path %1$s/uwsgi;\n"
        "  scgi_temp_path %1$s/scgi;\n"
        "%2$s}\n";
    const char *folder = test_folder(scope);
    const char *path =
        test_file(scope, "nginx.conf", text_printf(&scope->arena, configuration, folder, http));
    pid_t *process = arena_alloc(&scope->arena, sizeof(*process));

    *process = start_other(scope, (const char *const[]){"nginx", "-p", folder, "-c", path, NULL});
    if (*process < 0)
        test_skip("there is no nginx");
    test_at_end(kill_nginx, process);
    for (int waited_ms = 0; !listens(port); waited_ms += STEP_MS) {
        CHECK(waited_ms < PATIENCE_MS);
        usleep(STEP_MS * 1000);
    }
}
