// SPDX-License-Identifier: Apache-2.0
// Requests with an Idempotency-Key that are sent until they are answered, to a server that is
// killed while it works on them.
#include "base/json.h"
#include "store/store_testing.h"
#include "tests/program.h"
#include "web/server_testing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    USUAL_KILLS = 8,
    FULL_KILLS = 120,
    MOST_LIFE_US = 6000, // of a server from the request on
    TRIES = 4,
    FILE_BYTES = 40000,
    STEP_MS = 10,
    PATIENCE_MS = 30000,
};

static bool holds(struct text text, const char *what) {
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what)) != NULL;
}

// ---- the server ----

static void kill_at_end(void *process) {
    if (*(pid_t *)process > 0)
        kill(*(pid_t *)process, SIGKILL);
}

// Whose it is, once it is started: killed at the test's end, however that comes.
static pid_t *server_process(struct scope *scope) {
    pid_t *process = arena_alloc(&scope->arena, sizeof(*process));

    *process = 0;
    test_at_end(kill_at_end, process);
    return process;
}

static const char *socket_of(struct scope *scope) {
    return arena_printf(&scope->arena, "%s/store/socket", test_folder(scope));
}

// One that was killed has left its socket behind, at which nobody answers.
static bool is_served(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_there;

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    is_there = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    close(fd);
    return is_there;
}

static void start(struct scope *scope, pid_t *process) {
    *process = start_program(scope, "serve --listen 127.0.0.1:0 --log-file /dev/null");
    for (int waited_ms = 0; !is_served(socket_of(scope)); waited_ms += STEP_MS) {
        CHECK(waited_ms < PATIENCE_MS);
        usleep(STEP_MS * 1000);
    }
}

static void stop(pid_t *process, int signal) {
    CHECK(kill(*process, signal) == 0);
    CHECK_INT(wait_program(*process), signal == SIGKILL ? 128 + SIGKILL : 0);
    *process = 0;
}

static struct test_answer ask(struct scope *scope, struct text request) {
    const int fd = test_connect_socket(socket_of(scope));
    struct test_answer answer;

    test_send(fd, request);
    answer = test_receive(scope, fd, false);
    close(fd);
    return answer;
}

// An answer may have come before the server dies.
static struct test_answer ask_the_dying(struct scope *scope, pid_t *process, struct text request,
                                        int life_us) {
    struct test_answer answer;
    int fd;

    start(scope, process);
    fd = test_connect_socket(socket_of(scope));
    test_send(fd, request);
    usleep((useconds_t)life_us);
    stop(process, SIGKILL);
    answer = test_receive(scope, fd, false);
    close(fd);
    return answer;
}

// ---- files ----

static struct text upload_of(struct scope *scope, int round) {
    char *file = arena_alloc(&scope->arena, FILE_BYTES + 1);

    memset(file, 'a', FILE_BYTES);
    file[FILE_BYTES] = '\0';
    return text_printf(&scope->arena,
                       "POST /api/v1/uploads?name=%d.csv HTTP/1.1\r\nHost: localhost\r\n"
                       "Idempotency-Key: round-%d\r\nContent-Length: %d\r\n\r\n%s",
                       round, round, FILE_BYTES, file);
}

struct outcome {
    bool is_done;           // 200, perhaps from a server that died then
    bool is_unknown;        // 409
    struct text first_body; // of the first 200
};

static void take_answer(struct outcome *outcome, const struct test_answer *answer) {
    if (answer->status == 409 && holds(answer->body, "the server ended while it ran")) {
        CHECK(!outcome->is_done); // what was answered is durable
        outcome->is_unknown = true;
        return;
    }
    CHECK_INT(answer->status, 200);
    CHECK(!outcome->is_unknown);
    if (outcome->is_done)
        CHECK(text_equal(answer->body, outcome->first_body));
    outcome->is_done = true;
    outcome->first_body = answer->body;
}

static int64_t files_of(struct scope *scope, int round) {
    const char *sql =
        arena_printf(&scope->arena, "SELECT count(*) FROM upload WHERE name = '%d.csv'", round);

    return strtoll(test_ledger_rows(scope, sql), NULL, 10);
}

TEST(what_is_sent_again_to_a_server_that_was_killed_is_done_once_at_most) {
    const int kills = getenv("TESSERA_TEST_FULL") ? FULL_KILLS : USUAL_KILLS;
    struct outcome *outcomes = arena_array(&scope->arena, (size_t)kills, sizeof(*outcomes));
    int unknown = 0;
    pid_t *process = server_process(scope);

    memset(outcomes, 0, (size_t)kills * sizeof(*outcomes));
    for (int round = 0; round < kills; round++) {
        const struct test_answer answer =
            ask_the_dying(scope, process, upload_of(scope, round), round * (MOST_LIFE_US / kills));

        if (answer.status != 0)
            take_answer(&outcomes[round], &answer);
    }
    start(scope, process);
    for (int round = 0; round < kills * TRIES; round++) {
        const struct test_answer answer = ask(scope, upload_of(scope, round % kills));

        take_answer(&outcomes[round % kills], &answer);
    }
    stop(process, SIGTERM);
    test_store_in_folder(scope);
    for (int round = 0; round < kills; round++) {
        unknown += outcomes[round].is_unknown;
        CHECK(outcomes[round].is_done ? files_of(scope, round) == 1 : files_of(scope, round) <= 1);
    }
    printf("  %d kills, %d requests of which it is not known what came of them\n", kills, unknown);
}

// ---- secrets ----

static bool is_in_store(struct scope *scope, const char *what) {
    const char *folder = arena_printf(&scope->arena, "%s/store", test_folder(scope));
    const char *const words[] = {"grep", "-rqF", what, folder, NULL};

    return run_other(scope, words) == 0;
}

TEST(a_key_of_the_api_is_made_once_and_never_kept_as_it_is) {
    static const char body[] = "{\"name\": \"canary\", \"permissions\": [\"read_metrics\"]}";
    struct test_answer first, second;
    struct text request;
    struct json *json;
    pid_t *process = server_process(scope);

    start(scope, process);
    request = text_printf(&scope->arena,
                          "POST /api/v1/keys HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: a\r\n"
                          "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          strlen(body), body);
    first = ask(scope, request);
    second = ask(scope, request);
    CHECK_INT(first.status, 200);
    CHECK_INT(second.status, 409);
    CHECK(holds(second.body, "told once only"));
    CHECK_OK(json_parse(scope, first.body, &json));
    CHECK(is_in_store(scope, "canary"));
    CHECK(!is_in_store(scope, text_string(&scope->arena, json_member(json, "key")->string)));
}
