// SPDX-License-Identifier: Apache-2.0
// A disk that fills up while events come: what is refused says so, what was answered 200 stays, and
// when there is room again the server goes on by itself.
#include "base/json.h"
#include "store/store_testing.h"
#include "tests/program.h"
#include "web/server_testing.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PER_BATCH = 50, MOST_BATCHES = 2000, REFUSALS = 5, WAIT_MS = 15000, STEP_MS = 50 };

// A small file system of its own, seen by nobody else, with a file in it that goes when it is told.
static const char script[] =
    "mkdir -p \"$1/small\" && mount -t tmpfs -o size=64m none \"$1/small\" || exit 77\n"
    "cp -a \"$1/store\" \"$1/small/store\" && head -c 40000000 /dev/zero > \"$1/small/filler\"\n"
    "touch \"$1/mounted\"\n"
    "(while [ ! -e \"$1/go\" ]; do sleep 0.1; done; rm \"$1/small/filler\") &\n"
    "exec \"$2\" --data \"$1/small/store\" serve --listen \"127.0.0.1:$3\" --log-file /dev/null\n";

struct disk {
    uint16_t port;
    struct text key;
    pid_t process;
};

static void kill_at_end(void *argument) {
    const struct disk *disk = argument;

    kill(disk->process, SIGKILL);
    wait_program(disk->process);
}

static void make_source(struct scope *scope, struct disk *disk) {
    const struct program_result added =
        run_program(scope, "source add shop --type server --format json", TEXT(""));
    struct json *json;

    CHECK_INT(added.exit_code, 0);
    CHECK_OK(json_parse(scope, added.out, &json));
    disk->key = json_member(json, "key")->string;
}

static bool listens(uint16_t port) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool is_open = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;

    close(fd);
    return is_open;
}

static void start(struct scope *scope, struct disk *disk) {
    const char *folder = test_folder(scope);
    const char *port = arena_printf(&scope->arena, "%d", disk->port);
    const char *const words[] = {"unshare", "-m",   "sh",         "-c", script,
                                 "sh",      folder, TEST_PROGRAM, port, NULL};
    const char *mounted = arena_printf(&scope->arena, "%s/mounted", folder);
    const char *const probe[] = {"unshare", "-m", "true", NULL};
    int waited_ms = 0;

    if (run_other(scope, probe) != 0)
        test_skip("no file system can be mounted here");
    disk->process = start_other(scope, words);
    test_at_end(kill_at_end, disk);
    while (access(mounted, F_OK) != 0) {
        CHECK((waited_ms += STEP_MS) < WAIT_MS);
        usleep(STEP_MS * 1000);
    }
    while (!listens(disk->port)) {
        CHECK((waited_ms += STEP_MS) < WAIT_MS);
        usleep(STEP_MS * 1000);
    }
}

static struct test_answer send_batch(struct scope *scope, const struct disk *disk, int number) {
    CLEANUP(buffer_clear) struct buffer body = {0};

    buffer_printf(&body, "{\"writeKey\":\"%.*s\",\"batch\":[", TEXT_ARG(disk->key));
    for (int i = 0; i < PER_BATCH; i++)
        buffer_printf(&body,
                      "%s{\"type\":\"track\",\"userId\":\"u%d\",\"event\":\"x\",\"messageId\":"
                      "\"%d-%d\",\"properties\":{\"p\":\"%0500d\"}}",
                      i > 0 ? "," : "", number, number, i, i);
    buffer_add_string(&body, "]}");
    return test_ask(scope, disk->port,
                    text_printf(&scope->arena,
                                "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                                "%zu\r\n\r\n%.*s",
                                body.size, TEXT_ARG(buffer_text(&body))));
}

static bool holds(struct text text, const char *what) {
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what));
}

// How many of the batches, the first ones, were answered 200.
static int send_until_full(struct scope *scope, const struct disk *disk, char *is_acked) {
    int number = 0, refused = 0;

    for (; number < MOST_BATCHES && refused < REFUSALS; number++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct test_answer answer = send_batch(scope, disk, number);

        CHECK(answer.status == 200 || answer.status == 507 || answer.status == 503);
        CHECK(answer.status == 200 || test_field(&answer, "Retry-After").size > 0);
        is_acked[number] = answer.status == 200;
        refused += answer.status != 200;
        arena_rewind(&scope->arena, mark);
    }
    CHECK_INT(refused, REFUSALS);
    return number;
}

TEST(a_full_disk_refuses_events_and_loses_none) {
    struct disk *disk = arena_alloc(&scope->arena, sizeof(*disk));
    char *is_acked = arena_alloc(&scope->arena, MOST_BATCHES);
    int count, fd;

    make_source(scope, disk);
    disk->port = free_port();
    start(scope, disk);
    count = send_until_full(scope, disk, is_acked);
    fd = open(arena_printf(&scope->arena, "%s/go", test_folder(scope)), O_CREAT | O_WRONLY, 0600);
    CHECK(fd >= 0);
    close(fd);
    for (int waited_ms = 0; send_batch(scope, disk, count - 1).status != 200;
         waited_ms += STEP_MS) {
        CHECK(waited_ms < WAIT_MS);
        usleep(STEP_MS * 1000);
    }
    is_acked[count - 1] = true; // it was refused last
    for (int number = 0; number < count; number++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct test_answer answer = send_batch(scope, disk, number);

        CHECK_INT(answer.status, 200);
        CHECK(holds(answer.body,
                    is_acked[number] ? "\"duplicates\":50" : "\"accepted\":50,\"duplicates\":0"));
        arena_rewind(&scope->arena, mark);
    }
}
