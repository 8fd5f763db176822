// SPDX-License-Identifier: Apache-2.0
// While a batch of events is taken, the n-th allocation, write or fsync of the server fails, for n
// = 1, 2, … until the batch needs no more of them: it is answered or refused, or the server ends
// for want of memory, and never otherwise; what was answered 200 is there, and what is sent again
// is there once. TESSERA_TEST_FULL=1 tries every call.
#include "base/json.h"
#include "store/store_testing.h"
#include "tests/fault_orders.h"
#include "tests/program.h"
#include "web/server_testing.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PER_BATCH = 8, WAIT_MS = 20000, STEP_MS = 10, DYING_MS = 2000 };
enum { USUAL_SPREAD = 3, MOST_CALLS = 100000 };

struct run {
    struct fault_orders *orders;
    const char *orders_path;
    struct text key;
    pid_t process; // 0: none
    int64_t batches;
    int64_t deaths, refusals;
};

static const char *socket_path(struct scope *scope) {
    return arena_printf(&scope->arena, "%s/store/socket", test_folder(scope));
}

static void kill_at_end(void *argument) {
    const struct run *run = argument;

    if (run->process > 0)
        kill(run->process, SIGKILL);
}

static void map_orders(struct scope *scope, struct run *run) {
    int fd;

    run->orders_path = arena_printf(&scope->arena, "%s/orders", test_folder(scope));
    fd = open(run->orders_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && ftruncate(fd, sizeof(*run->orders)) == 0);
    run->orders = mmap(NULL, sizeof(*run->orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(run->orders != MAP_FAILED);
    close(fd);
}

static void arm(struct run *run, enum fault_kind kind, long call, bool is_lasting) {
    atomic_store(&run->orders->count, 0);
    atomic_store(&run->orders->left, call);
    atomic_store(&run->orders->is_lasting, is_lasting);
    atomic_store(&run->orders->kind, (int)kind);
}

static void start(struct scope *scope, struct run *run) {
    const char *const words[] = {
        "env",
        arena_printf(&scope->arena, "LD_PRELOAD=%s", TEST_FAULT_LIBRARY),
        arena_printf(&scope->arena, FAULT_ORDERS_VARIABLE "=%s", run->orders_path),
        TEST_PROGRAM,
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log-file",
        "/dev/null",
        NULL};

    unlink(socket_path(scope)); // one that died leaves it
    run->process = start_other(scope, words);
    CHECK(run->process > 0);
    for (int waited_ms = 0; access(socket_path(scope), F_OK) != 0; waited_ms += STEP_MS) {
        CHECK(waited_ms < WAIT_MS);
        usleep(STEP_MS * 1000);
    }
}

// Does it still run? One that has ended did so for want of memory, by its own decision.
static bool look_after(struct run *run) {
    int status;

    if (waitpid(run->process, &status, WNOHANG) == 0)
        return true;
    run->process = 0;
    run->deaths++;
    if (WIFSIGNALED(status))
        CHECK_INT(WTERMSIG(status), SIGABRT);
    else
        CHECK(WEXITSTATUS(status) != 0); // with a reason
    return false;
}

static struct text batch_of(struct scope *scope, const struct run *run, int64_t number) {
    CLEANUP(buffer_clear) struct buffer body = {0};

    buffer_printf(&body, "{\"writeKey\":\"%.*s\",\"batch\":[", TEXT_ARG(run->key));
    for (int i = 0; i < PER_BATCH; i++)
        buffer_printf(&body,
                      "%s{\"type\":\"%s\",\"userId\":\"u%lld\",\"anonymousId\":\"c%lld\","
                      "\"event\":\"Product Viewed\",\"messageId\":\"%lld-%d\",\"properties\":"
                      "{\"product_id\":\"P%lld\",\"name\":\"Pan\"},\"traits\":{\"city\":\"B%d\"}}",
                      i > 0 ? "," : "", i % 4 == 0 ? "identify" : "track",
                      (long long)(number * 7 + i) % 100, (long long)(number * 3 + i) % 300,
                      (long long)number, i, (long long)(number + i) % 500, i);
    buffer_add_string(&body, "]}");
    return text_printf(&scope->arena,
                       "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                       "%zu\r\n\r\n%.*s",
                       body.size, TEXT_ARG(buffer_text(&body)));
}

static int send_batch(struct scope *scope, const struct run *run, int64_t number,
                      int64_t *ret_known) {
    const int fd = test_connect_socket(socket_path(scope));
    const struct json *duplicates;
    struct test_answer answer;
    struct json *json;

    test_send(fd, batch_of(scope, run, number));
    answer = test_receive(scope, fd, false);
    close(fd);
    *ret_known = 0;
    if (answer.status != 200)
        return answer.status;
    CHECK_OK(json_parse(scope, answer.body, &json));
    duplicates = json_member(json, "duplicates");
    CHECK(duplicates && duplicates->type == JSON_INT64);
    *ret_known = duplicates->int64;
    return 200;
}

static void wait_if_dying(struct run *run) {
    for (int waited_ms = 0; waited_ms < DYING_MS && look_after(run); waited_ms += STEP_MS)
        usleep(STEP_MS * 1000);
}

// One batch with the fault, and the same one without. False: the fault was not come to.
static bool try_call(struct scope *scope, struct run *run, enum fault_kind kind, long call,
                     bool is_lasting) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const int64_t number = run->batches++;
    int64_t known;
    long count;
    int status;

    arm(run, kind, call, is_lasting);
    status = send_batch(scope, run, number, &known);
    count = atomic_load(&run->orders->count);
    arm(run, FAULT_NONE, 0, false);
    CHECK(status == 200 || status == 503 || status == 507 || status == 500 ||
          (status == 0 && kind == FAULT_MEMORY));
    CHECK(status == 200 || count > 0);
    run->refusals += status != 200 && status != 0;
    if (status == 0)
        wait_if_dying(run);
    if (run->process == 0 || !look_after(run))
        start(scope, run);
    CHECK_INT(send_batch(scope, run, number, &known), 200);
    CHECK(known == PER_BATCH || (known == 0 && status != 200));
    arena_rewind(&scope->arena, mark);
    return count > 0;
}

// The gaps grow, so that a batch that allocates thousands of times is tried some dozen times.
static long next_call(long call) {
    return getenv("TESSERA_TEST_FULL") ? call + 1 : call + 1 + call / USUAL_SPREAD;
}

static long try_kind(struct scope *scope, struct run *run, enum fault_kind kind, bool is_lasting) {
    long call = 1, tried = 0;

    for (; call < MOST_CALLS && try_call(scope, run, kind, call, is_lasting);
         call = next_call(call))
        tried++;
    CHECK(tried > 0);
    return tried;
}

static void add_source(struct scope *scope, struct run *run) {
    const struct program_result added =
        run_program(scope, "source add shop --type website --format json", TEXT(""));
    struct json *json;

    CHECK_INT(added.exit_code, 0);
    CHECK_OK(json_parse(scope, added.out, &json));
    run->key = json_member(json, "key")->string;
}

TEST(whatever_call_fails_under_an_event_it_is_lost_never_and_doubled_never) {
    struct run *run = arena_alloc(&scope->arena, sizeof(*run));
    long tried[FAULT_KINDS] = {0};

    if (test_is_instrumented())
        test_skip("a sanitizer has these calls to itself");
    test_at_end(kill_at_end, run);
    map_orders(scope, run);
    add_source(scope, run);
    start(scope, run);
    for (int kind = FAULT_MEMORY; kind < FAULT_KINDS; kind++) {
        tried[kind] = try_kind(scope, run, (enum fault_kind)kind, false);
        if (kind != FAULT_MEMORY)
            tried[kind] += try_kind(scope, run, (enum fault_kind)kind, true);
    }
    kill(run->process, SIGKILL);
    wait_program(run->process);
    run->process = 0;
    test_store_in_folder(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT event_key) FROM event"),
                 arena_printf(&scope->arena, "%lld|%lld", (long long)run->batches * PER_BATCH,
                              (long long)run->batches * PER_BATCH));
    printf(
        "  calls that failed: %ld allocations, %ld writes, %ld for want of room, %ld syncs; %lld "
        "refusals, %lld ends of the server; lost 0, doubled 0\n",
        tried[FAULT_MEMORY], tried[FAULT_WRITE], tried[FAULT_ROOM], tried[FAULT_SYNC],
        (long long)run->refusals, (long long)run->deaths);
}
