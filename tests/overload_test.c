// SPDX-License-Identifier: Apache-2.0
// More than a server can do: it refuses early what it cannot take, keeps what it took, needs no
// more memory the longer it lasts, and is itself again when it is over. And thousands of clients
// that are slow on purpose: others are answered as if they were not there.
//
// Clients of 127.0.0.1, .2, … in one thread: askers and senders of files that ask again at once
// whatever they are told, readers that hardly read, senders of bodies and of heads that hardly
// send, and some that say nothing. TESSERA_TEST_FULL=1 makes each last a minute.
#include "base/clock.h"
#include "base/json.h"
#include "store/store_testing.h"
#include "tests/program.h"
#include "web/server_testing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    USUAL_SECONDS = 4,
    FULL_SECONDS = 60,
    PER_ADDRESS = 600,
    FILE_BYTES = 256 << 10,
    DRIP_MS = 250, // between the bytes of the slow ones
    LOOK_MS = 250, // at memory and health
    HEAD_BYTES = 2048,
    MOST_HEALTH_US = 2000000,
    MOST_RECOVERY_US = 3000000,
    MOST_GROWTH_KB = 24 << 10, // of memory, once the first half of the time has passed
    ASKED_PER_LOOK = 4,
    MOST_LATENCIES = 4 * FULL_SECONDS * ASKED_PER_LOOK * 1000 / LOOK_MS,
    MOST_SLOWED_US = 500000, // of an answer beside thousands of slow clients
};

enum client_kind { ASKER, FILE_SENDER, SLOW_READER, SLOW_SENDER, SLOW_HEAD, SILENT, KIND_COUNT };

struct client {
    enum client_kind kind;
    int fd; // -1: to be opened
    int address;
    size_t sent;
    char head[HEAD_BYTES]; // of the answer
    size_t head_bytes;
    int64_t body_left; // -1: the head is not whole
};

struct load {
    uint16_t port;
    int poll;
    struct text requests[KIND_COUNT];
    struct client *clients;
    int client_count;
    int64_t accepted, refused, cut; // askers' and files' answers; ends without one
    int64_t files_accepted;
    int64_t without_retry_after, strange; // answers that should not be
    int64_t health_us;                    // the slowest answer
    int health_missed;

    bool asks_normally; // is a request of one more client answered meanwhile?
    int64_t latencies_us[MOST_LATENCIES];
    size_t latency_count;
};

// ---- clients ----

static void close_client(struct client *client) {
    if (client->fd >= 0)
        close(client->fd);
    client->fd = -1;
}

// What a slow reader could read is left where it is.
static uint32_t events_of(const struct client *client, bool wants_to_send) {
    return (client->kind == SLOW_READER ? 0 : (uint32_t)EPOLLIN) |
           (wants_to_send ? (uint32_t)EPOLLOUT : 0);
}

static void open_client(struct load *load, struct client *client) {
    struct sockaddr_in own = {.sin_family = AF_INET,
                              .sin_addr.s_addr =
                                  htonl(INADDR_LOOPBACK + (uint32_t)client->address)};
    const struct sockaddr_in other = {.sin_family = AF_INET,
                                      .sin_port = htons(load->port),
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {
        .events = events_of(client, client->kind == ASKER || client->kind == FILE_SENDER),
        .data.ptr = client};
    const int small = 4096, yes = 1;

    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    client->sent = client->head_bytes = 0;
    client->body_left = -1;
    setsockopt(client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof(yes));
    if (client->kind == SLOW_READER)
        setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    if (bind(client->fd, (struct sockaddr *)&own, sizeof(own)) != 0 ||
        (connect(client->fd, (const struct sockaddr *)&other, sizeof(other)) != 0 &&
         errno != EINPROGRESS) ||
        epoll_ctl(load->poll, EPOLL_CTL_ADD, client->fd, &event) != 0)
        close_client(client);
}

static void watch(struct load *load, struct client *client, bool wants_to_send) {
    struct epoll_event event = {.events = events_of(client, wants_to_send), .data.ptr = client};

    epoll_ctl(load->poll, EPOLL_CTL_MOD, client->fd, &event);
}

static void send_some(struct load *load, struct client *client, size_t most) {
    const struct text request = load->requests[client->kind];
    const size_t left = request.size - client->sent;
    const ssize_t step = send(client->fd, request.data + client->sent, left < most ? left : most,
                              MSG_NOSIGNAL | MSG_DONTWAIT);

    if (step > 0)
        client->sent += (size_t)step;
    if (client->sent == request.size || (step < 0 && errno != EAGAIN))
        watch(load, client, false);
}

static int64_t number_behind(const char *head, const char *name) {
    const char *at = strcasestr(head, name);

    return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

static void count_answer(struct load *load, const struct client *client) {
    const int64_t status = strtoll(client->head + 9, NULL, 10);

    load->accepted += status == 200;
    load->files_accepted += status == 200 && client->kind == FILE_SENDER;
    load->refused += status == 503;
    load->without_retry_after +=
        status == 503 && number_behind(client->head, "\nRetry-After: ") < 1;
    load->strange += status != 200 && status != 503;
}

static void take_head(struct load *load, struct client *client, const char *data, size_t size) {
    const size_t room = HEAD_BYTES - 1 - client->head_bytes;
    const char *end;

    memcpy(client->head + client->head_bytes, data, size < room ? size : room);
    client->head_bytes += size < room ? size : room;
    client->head[client->head_bytes] = '\0';
    end = strstr(client->head, "\r\n\r\n");
    if (!end)
        return;
    count_answer(load, client);
    client->body_left = number_behind(client->head, "\nContent-Length: ") -
                        (int64_t)(client->head_bytes - (size_t)(end + 4 - client->head));
}

// The answer is whole: the same again.
static void ask_again(struct load *load, struct client *client) {
    if (strcasestr(client->head, "\nConnection: close")) {
        close_client(client);
        return;
    }
    client->sent = client->head_bytes = 0;
    client->body_left = -1;
    watch(load, client, true);
}

static void receive_some(struct load *load, struct client *client) {
    char data[4096];
    const size_t most = client->kind == SLOW_READER ? 1
                        : client->body_left < 0     ? 1024
                                                    : sizeof(data);
    const ssize_t size = recv(client->fd, data, most, MSG_DONTWAIT);

    if (size == 0 || (size < 0 && errno != EAGAIN)) {
        load->cut += client->body_left < 0;
        close_client(client);
        return;
    }
    if (size < 0 || client->kind == SLOW_READER)
        return;
    if (client->body_left < 0)
        take_head(load, client, data, (size_t)size);
    else
        client->body_left -= size;
    if (client->body_left == 0)
        ask_again(load, client);
}

// ---- the load ----

static void drip(struct load *load) {
    for (int i = 0; i < load->client_count; i++) {
        struct client *client = &load->clients[i];

        if (client->fd < 0)
            open_client(load, client);
        else if (client->kind == SLOW_READER && client->sent == 0)
            send_some(load, client, SIZE_MAX);
        else if (client->kind == SLOW_SENDER)
            send_some(load, client, client->sent == 0 ? 200 : 1);
        else if (client->kind == SLOW_HEAD)
            send_some(load, client, client->sent == 0 ? 20 : 1);
        else if (client->kind == SLOW_READER)
            receive_some(load, client);
    }
}

static void move(struct load *load) {
    enum { AT_ONCE = 256, WAIT_MS = 10 };
    struct epoll_event events[AT_ONCE];
    const int count = epoll_wait(load->poll, events, AT_ONCE, WAIT_MS);

    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;

        if (events[i].events & EPOLLOUT)
            send_some(load, client, SIZE_MAX);
        if (client->fd >= 0 && client->kind != SLOW_READER &&
            (events[i].events & ~(uint32_t)EPOLLOUT))
            receive_some(load, client);
        else if (client->fd >= 0 && (events[i].events & (EPOLLHUP | EPOLLERR)))
            close_client(client);
    }
}

// Who asks whether all is well gets an answer, whatever else is going on.
static void check_health(struct scope *scope, struct load *load) {
    const int64_t begin_us = clock_us();
    const int status = test_get(scope, load->port, "/healthz").status;
    const int64_t took_us = clock_us() - begin_us;

    load->health_missed += status != 200 && status != 503;
    if (took_us > load->health_us)
        load->health_us = took_us;
}

static void ask_normally(struct scope *scope, struct load *load) {
    const int64_t begin_us = clock_us();
    const int status = test_ask(scope, load->port, load->requests[ASKER]).status;

    if (status != 200 && status != 0) // none within a second is a latency
        test_fail(__FILE__, __LINE__, "one more client got %d", status);
    if (load->latency_count < MOST_LATENCIES)
        load->latencies_us[load->latency_count++] = clock_us() - begin_us;
}

static int64_t resident_kb(struct scope *scope, pid_t process) {
    char content[4096];
    const int fd =
        open(arena_printf(&scope->arena, "/proc/%d/status", (int)process), O_RDONLY | O_CLOEXEC);
    const ssize_t size = read(fd, content, sizeof(content) - 1);

    CHECK(size > 0);
    close(fd);
    content[size] = '\0';
    return number_behind(content, "\nVmRSS:");
}

struct memory {
    int64_t before_kb, first_half_kb, most_kb;
};

static void look(struct scope *scope, struct load *load, pid_t process, bool is_first_half,
                 struct memory *memory) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const int64_t kb = resident_kb(scope, process);

    check_health(scope, load);
    for (int i = 0; load->asks_normally && i < ASKED_PER_LOOK; i++)
        ask_normally(scope, load);
    memory->most_kb = kb > memory->most_kb ? kb : memory->most_kb;
    if (is_first_half)
        memory->first_half_kb = memory->most_kb;
    arena_rewind(&scope->arena, mark);
}

static void press(struct scope *scope, struct load *load, pid_t process, int seconds,
                  struct memory *memory) {
    const int64_t begin_us = clock_us(), half_us = seconds * INT64_C(500000);
    int64_t dripped_us = 0, looked_us = begin_us;

    for (int64_t now_us = begin_us; now_us < begin_us + 2 * half_us; now_us = clock_us()) {
        if (now_us - dripped_us > INT64_C(1000) * DRIP_MS) {
            drip(load);
            dripped_us = now_us;
        }
        move(load);
        if (now_us - looked_us > INT64_C(1000) * LOOK_MS) {
            look(scope, load, process, now_us < begin_us + half_us, memory);
            looked_us = now_us;
        }
    }
}

static int compare_int64(const void *a, const void *b) {
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

// Of the latencies until now, which are forgotten.
static int64_t take_latency_us(struct load *load, size_t percent) {
    const size_t count = load->latency_count;

    CHECK(count > 0);
    qsort(load->latencies_us, count, sizeof(*load->latencies_us), compare_int64);
    load->latency_count = 0;
    return load->latencies_us[(count * percent + 99) / 100 - 1];
}

static struct load *make_load(struct scope *scope, uint16_t port, const char *key,
                              const int counts[KIND_COUNT]) {
    struct load *load = arena_alloc(&scope->arena, sizeof(*load));
    char *file = arena_alloc(&scope->arena, FILE_BYTES + 1);
    const char *head =
        arena_printf(&scope->arena, "Host: localhost\r\nAuthorization: Bearer %s\r\n", key);
    int made = 0;

    memset(load, 0, sizeof(*load));
    load->port = port;
    load->poll = epoll_create1(EPOLL_CLOEXEC);
    memset(file, 'a', FILE_BYTES);
    file[FILE_BYTES] = '\0';
    load->requests[ASKER] =
        text_printf(&scope->arena, "GET /api/v1/imports?limit=1 HTTP/1.1\r\n%s\r\n", head);
    load->requests[FILE_SENDER] = text_printf(
        &scope->arena, "POST /api/v1/uploads?name=a.csv HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s",
        head, FILE_BYTES, file);
    load->requests[SLOW_READER] =
        text_printf(&scope->arena, "GET /api/v1/openapi.json HTTP/1.1\r\n%s\r\n", head);
    load->requests[SLOW_SENDER] = load->requests[FILE_SENDER];
    load->requests[SLOW_HEAD] = load->requests[ASKER];
    for (enum client_kind kind = 0; kind < KIND_COUNT; kind++)
        load->client_count += counts[kind];
    load->clients = arena_array(&scope->arena, (size_t)load->client_count, sizeof(*load->clients));
    for (enum client_kind kind = 0; kind < KIND_COUNT; kind++)
        for (int i = 0; i < counts[kind]; i++, made++)
            load->clients[made] =
                (struct client){.kind = kind, .fd = -1, .address = 1 + made / PER_ADDRESS};
    return load;
}

static void end_load(struct load *load) {
    for (int i = 0; i < load->client_count; i++)
        close_client(&load->clients[i]);
    close(load->poll);
}

// ---- the server ----

static const char *make_key(struct scope *scope) {
    const struct program_result made =
        run_program(scope, "key add load --may import --may use_account --format json", TEXT(""));
    struct json *json;

    CHECK_INT(made.exit_code, 0);
    CHECK_OK(json_parse(scope, made.out, &json));
    return text_string(&scope->arena, json_member(json, "key")->string);
}

// From the end of the load until a request is answered as if nothing had been.
static int64_t recover(struct scope *scope, const struct load *load) {
    const int64_t begin_us = clock_us();
    const struct text request = load->requests[ASKER];
    struct test_answer answer = {0};

    while (answer.status != 200 && clock_us() - begin_us < INT64_C(2) * MOST_RECOVERY_US)
        answer = test_ask(scope, load->port, request);
    CHECK_INT(answer.status, 200);
    return clock_us() - begin_us;
}

// Files that were accepted are there, each.
static int64_t count_files(struct scope *scope) {
    int64_t count;

    test_store_in_folder(scope);
    count = strtoll(test_ledger_rows(scope, "SELECT count(*) FROM upload WHERE bytes = 262144"),
                    NULL, 10);
    test_store_close(scope);
    return count;
}

static bool is_full(void) {
    return getenv("TESSERA_TEST_FULL") != NULL;
}

// Beside much else that a machine does, short tests see single answers come late.
static void check_steadiness(const struct load *load, const struct memory *memory) {
    CHECK(load->health_missed <= (is_full() ? 0 : 2));
    if (test_is_instrumented())
        return;
    CHECK(load->health_us < MOST_HEALTH_US);
    CHECK(memory->most_kb < memory->first_half_kb + MOST_GROWTH_KB);
}

TEST(an_overloaded_server_refuses_early_keeps_what_it_took_and_recovers_at_once) {
    static const int counts[KIND_COUNT] = {[ASKER] = 1600,
                                           [FILE_SENDER] = 100,
                                           [SLOW_READER] = 100,
                                           [SLOW_SENDER] = 100,
                                           [SILENT] = 100};
    const int seconds = is_full() ? FULL_SECONDS : USUAL_SECONDS;
    const char *key = make_key(scope);
    const struct served *served = serve_program(scope, " --workers 2");
    struct load *load = make_load(scope, served->port, key, counts);
    struct memory memory = {.before_kb = resident_kb(scope, served->process)};
    int64_t recovery_us;

    press(scope, load, served->process, seconds, &memory);
    end_load(load);
    recovery_us = recover(scope, load);
    CHECK(kill(served->process, SIGTERM) == 0);
    CHECK_INT(wait_program(served->process), 0);
    printf("  %d s: %lld answered, %lld refused, %lld cut, files %lld; memory %lld, %lld, %lld KB; "
           "health %lld us, recovery %lld us\n",
           seconds, (long long)load->accepted, (long long)load->refused, (long long)load->cut,
           (long long)load->files_accepted, (long long)memory.before_kb,
           (long long)memory.first_half_kb, (long long)memory.most_kb, (long long)load->health_us,
           (long long)recovery_us);
    CHECK(load->accepted > 0 && load->refused > 0);
    CHECK(load->files_accepted > 0 || test_is_instrumented());
    CHECK_INT(load->without_retry_after, 0);
    CHECK_INT(load->strange, 0);
    CHECK(count_files(scope) >= load->files_accepted);
    CHECK(recovery_us < MOST_RECOVERY_US);
    check_steadiness(load, &memory);
}

TEST(thousands_of_slow_clients_do_not_slow_down_another_one) {
    static const int usual[KIND_COUNT] = {
        [SLOW_READER] = 200, [SLOW_SENDER] = 200, [SLOW_HEAD] = 200, [SILENT] = 100};
    static const int full[KIND_COUNT] = {
        [SLOW_READER] = 1500, [SLOW_SENDER] = 1500, [SLOW_HEAD] = 1500, [SILENT] = 500};
    const int seconds = is_full() ? FULL_SECONDS : USUAL_SECONDS;
    const char *key = make_key(scope);
    const struct served *served = serve_program(scope, "");
    struct load *load = make_load(scope, served->port, key, is_full() ? full : usual);
    struct memory memory = {.before_kb = resident_kb(scope, served->process)};
    const size_t percent = is_full() ? 99 : 50;
    int64_t before_us, beside_us;

    for (int i = 0; i < 200; i++)
        ask_normally(scope, load);
    before_us = take_latency_us(load, percent);
    load->asks_normally = true;
    press(scope, load, served->process, seconds, &memory);
    beside_us = take_latency_us(load, percent);
    end_load(load);
    CHECK(kill(served->process, SIGTERM) == 0);
    CHECK_INT(wait_program(served->process), 0);
    printf("  %d s: %d slow clients, %lld cut; p%zu of another one %lld us, before %lld us; memory "
           "%lld, %lld, %lld KB\n",
           seconds, load->client_count, (long long)load->cut, percent, (long long)beside_us,
           (long long)before_us, (long long)memory.before_kb, (long long)memory.first_half_kb,
           (long long)memory.most_kb);
    CHECK(test_is_instrumented() || beside_us < MOST_SLOWED_US);
    check_steadiness(load, &memory);
}
