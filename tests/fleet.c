// SPDX-License-Identifier: Apache-2.0
#include "tests/fleet.h"

#include "base/json.h"
#include "govern/access/access.h"
#include "govern/access/key.h"
#include "govern/access/password.h"
#include "store/ledger.h"
#include "store/store_testing.h"
#include "tests/program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP_MS = 20, PATIENCE_MS = 60000, ANSWER_S = 5 };

// ---- the servers ----

static void end_all(void *argument) {
    struct fleet *fleet = argument;

    for (int i = 0; i < FLEET_MOST; i++)
        if (fleet->members[i].process > 0)
            fleet_kill(fleet, i, SIGKILL);
    test_store_close(fleet->scope);
}

static struct text make_key(struct scope *scope) {
    const struct key_wish wish = {.name = TEXT("fleet"), .permissions = key_permissions_possible()};
    struct text key = {0};
    int64_t id;

    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(key_make(scope, &wish, &id, &key));
    CHECK_OK(ledger_commit(scope));
    return key;
}

struct fleet *fleet_new(struct scope *scope, const char *address, const char *configuration) {
    struct fleet *fleet = arena_alloc(&scope->arena, sizeof(*fleet));

    *fleet = (struct fleet){.scope = scope,
                            .address = address,
                            .files = arena_printf(&scope->arena, "%s/files", test_folder(scope))};
    fleet->config =
        test_file(scope, "fleet.conf",
                  text_printf(&scope->arena, "files = %s\n%s", fleet->files, configuration));
    test_at_end(end_all, fleet);
    test_store_open_at(scope, (struct test_place){.address = address, .folder = fleet->files});
    fleet->key = make_key(scope);
    return fleet;
}

// The first line of its events tells the port.
static uint16_t port_of(const struct member *member) {
    char line[1024] = "";
    const char *at;
    FILE *log = fopen(member->log, "r");

    if (log) {
        while (fgets(line, sizeof(line), log) && !strstr(line, "\"serving\""))
            line[0] = '\0';
        fclose(log);
    }
    at = strstr(line, "\"port\":");
    return at ? (uint16_t)strtol(at + strlen("\"port\":"), NULL, 10) : 0;
}

void fleet_start(struct fleet *fleet, int index) {
    struct member *member = &fleet->members[index];
    struct arena *arena = &fleet->scope->arena;

    CHECK(member->process == 0);
    member->log = arena_printf(arena, "%s/server-%d-%d.log", test_folder(fleet->scope), index,
                               member->starts++);
    member->process = start_program(
        fleet->scope,
        arena_printf(arena, "serve --data %s --config %s --listen 127.0.0.1:0 --log-file %s",
                     fleet->address, fleet->config, member->log));
    for (int waited_ms = 0; (member->port = port_of(member)) == 0; waited_ms += STEP_MS) {
        CHECK(waited_ms < PATIENCE_MS);
        usleep(STEP_MS * 1000);
    }
}

void fleet_kill(struct fleet *fleet, int index, int signal) {
    struct member *member = &fleet->members[index];

    CHECK(kill(member->process, signal) == 0);
    if (signal == SIGSTOP || signal == SIGCONT)
        return;
    wait_program(member->process);
    member->process = 0;
}

int fleet_log_count(struct fleet *fleet, int index, const char *what) {
    char line[4096];
    FILE *log = fopen(fleet->members[index].log, "r");
    int count = 0;

    while (log && fgets(line, sizeof(line), log))
        count += strstr(line, what) != NULL;
    if (log)
        fclose(log);
    return count;
}

// ---- asking ----

static int connect_to(uint16_t port) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval patience = {.tv_sec = ANSWER_S};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool send_all(int fd, struct text bytes) {
    while (bytes.size > 0) {
        const ssize_t sent = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        bytes.data += sent;
        bytes.size -= (size_t)sent;
    }
    return true;
}

struct test_answer fleet_ask_plainly(struct fleet *fleet, int index, const char *method,
                                     const char *path, const char *fields, struct text body) {
    struct arena *arena = &fleet->scope->arena;
    const char *length =
        body.size > 0 ? arena_printf(arena, "Content-Length: %zu\r\n", body.size) : "";
    const int fd = connect_to(fleet->members[index].port);
    struct test_answer answer = {0};

    if (fd < 0)
        return answer;
    if (send_all(fd, text_printf(arena, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n", method,
                                 path, fields, length)) &&
        send_all(fd, body))
        answer = test_receive(fleet->scope, fd, false);
    close(fd);
    return answer;
}

struct test_answer fleet_ask(struct fleet *fleet, int index, const char *method, const char *path,
                             const char *fields, struct text body) {
    return fleet_ask_plainly(fleet, index, method, path,
                             arena_printf(&fleet->scope->arena, "Authorization: Bearer %.*s\r\n%s",
                                          TEXT_ARG(fleet->key), fields),
                             body);
}

int fleet_listen(struct fleet *fleet, int index, const char *path) {
    const int fd = connect_to(fleet->members[index].port);

    CHECK(fd >= 0);
    CHECK(send_all(fd, text_printf(&fleet->scope->arena,
                                   "GET %s HTTP/1.1\r\nHost: localhost\r\n"
                                   "Authorization: Bearer %.*s\r\n\r\n",
                                   path, TEXT_ARG(fleet->key))));
    return fd;
}

const char *fleet_member(struct fleet *fleet, const struct test_answer *answer, const char *name) {
    struct scope *scope = fleet->scope;
    const struct json *member;
    struct json *json;

    CHECK_INT(answer->status, 200);
    CHECK_OK(json_parse(scope, answer->body, &json));
    member = json_member(json, name);
    CHECK(member && member->type == JSON_STRING);
    return text_string(&scope->arena, member->string);
}

int64_t fleet_number(struct fleet *fleet, const char *sql) {
    const struct arena_mark mark = arena_mark(&fleet->scope->arena);
    const int64_t number = strtoll(test_ledger_rows(fleet->scope, sql), NULL, 10);

    arena_rewind(&fleet->scope->arena, mark);
    return number;
}

// ---- somebody who signs in ----

void fleet_add_account(struct fleet *fleet, enum role role) {
    struct scope *scope = fleet->scope;
    struct account account;
    struct text hash;
    int64_t id;

    CHECK_OK(password_hash(scope, TEXT(FLEET_PASSWORD), &hash));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(account_create(scope, TEXT("ann"), TEXT(""), role, &id));
    CHECK_OK(account_find(scope, id, &account));
    CHECK_OK(account_set_password(scope, &account, hash, 0));
    CHECK_OK(ledger_commit(scope));
}

struct test_answer fleet_try_sign_in(struct fleet *fleet, int index, const char *password) {
    return fleet_ask_plainly(
        fleet, index, "POST", "/api/v1/session",
        FLEET_SAME_ORIGIN "Content-Type: application/json\r\n",
        text_printf(&fleet->scope->arena, "{\"name\":\"ann\",\"password\":\"%s\"}", password));
}

const char *fleet_sign_in(struct fleet *fleet, int index, const char **ret_csrf) {
    const struct test_answer answer = fleet_try_sign_in(fleet, index, FLEET_PASSWORD);
    struct arena *arena = &fleet->scope->arena;
    const char *token = strstr(text_string(arena, answer.head), "tessera=");

    *ret_csrf = fleet_member(fleet, &answer, "csrf");
    CHECK(token);
    return text_string(arena,
                       text_split(text_of(token + strlen("tessera=")), ';', &(struct text){0}));
}
