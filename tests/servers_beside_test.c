// SPDX-License-Identifier: Apache-2.0
// Two servers on one database, as behind a load balancer: whoever was asked first, the other knows.
#include "base/clock.h"
#include "base/json.h"
#include "base/time.h"
#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "tests/fleet.h"
#include "tests/program.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { A, B };
enum { PATIENCE_US = 20000000, LOOK_US = 20000 };

#define JSON "Content-Type: application/json\r\n"

static struct fleet *start_two(struct scope *scope) {
    struct fleet *fleet = fleet_new(scope, test_database(scope), "job_lease = 2s\nlog = debug\n");

    fleet_start(fleet, A);
    fleet_start(fleet, B);
    return fleet;
}

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static const char *import_at(struct fleet *fleet, int index, const char *content) {
    struct scope *scope = fleet->scope;
    const struct test_answer sent =
        fleet_ask(fleet, index, "POST", "/api/v1/uploads?name=receipts.csv", "", text_of(content));
    const struct test_answer started =
        fleet_ask(fleet, index, "POST", "/api/v1/imports", JSON,
                  text_printf(&scope->arena, "{\"upload\":\"%s\",\"kind\":\"sales\"}",
                              fleet_member(fleet, &sent, "upload")));

    return fleet_member(fleet, &started, "job_id");
}

static void wait_for(struct fleet *fleet, const char *sql, int64_t expected) {
    const int64_t begin_us = clock_us();

    while (fleet_number(fleet, sql) != expected && clock_us() - begin_us < PATIENCE_US)
        usleep(LOOK_US);
    CHECK_INT(fleet_number(fleet, sql), expected);
}

// ---- who signed in ----

static int ask_as(struct fleet *fleet, int index, const char *method, const char *path,
                  const char *token, const char *csrf) {
    return fleet_ask_plainly(fleet, index, method, path,
                             arena_printf(&fleet->scope->arena,
                                          FLEET_SAME_ORIGIN
                                          "Cookie: tessera=%s\r\nX-CSRF-Token: %s\r\n",
                                          token, csrf),
                             (struct text){0})
        .status;
}

TEST(who_signed_in_at_one_server_is_known_at_the_other_and_gone_from_both) {
    struct fleet *fleet = start_two(scope);
    const char *token, *csrf;

    fleet_add_account(fleet, ROLE_MARKETER);
    token = fleet_sign_in(fleet, A, &csrf);
    CHECK_INT(ask_as(fleet, B, "GET", "/api/v1/customers", token, csrf), 200);
    CHECK_INT(ask_as(fleet, B, "GET", "/api/v1/customers", "another", csrf), 401);
    CHECK_INT(ask_as(fleet, A, "DELETE", "/api/v1/session", token, csrf), 200);
    CHECK_INT(ask_as(fleet, B, "GET", "/api/v1/customers", token, csrf), 401);
    CHECK_INT(ask_as(fleet, A, "GET", "/api/v1/customers", token, csrf), 401);
}

TEST(a_key_that_is_revoked_is_refused_by_every_server_from_the_next_request_on) {
    struct fleet *fleet = start_two(scope);

    for (int i = A; i <= B; i++)
        CHECK_INT(fleet_ask(fleet, i, "GET", "/api/v1/jobs", "", (struct text){0}).status, 200);
    CHECK_OK(ledger_exec(scope, "DELETE FROM api_key", NO_BINDS));
    for (int i = A; i <= B; i++)
        CHECK_INT(fleet_ask(fleet, i, "GET", "/api/v1/jobs", "", (struct text){0}).status, 401);
}

TEST(tries_to_sign_in_are_counted_by_all_servers_together) {
    enum { FREE_TRIES = 8 };
    struct fleet *fleet = start_two(scope);

    fleet_add_account(fleet, ROLE_MARKETER);
    for (int i = 0; i < FREE_TRIES; i++)
        CHECK_INT(fleet_try_sign_in(fleet, i % 2, "not the right one").status, 401);
    for (int i = A; i <= B; i++)
        CHECK_INT(fleet_try_sign_in(fleet, i, FLEET_PASSWORD).status, 429);
}

TEST(a_request_that_is_sent_again_to_the_other_server_is_done_once) {
    struct fleet *fleet = start_two(scope);
    struct test_answer first, second;

    first = fleet_ask(fleet, A, "POST", "/api/v1/uploads?name=a.csv", "Idempotency-Key: one\r\n",
                      TEXT("a,b\n"));
    second = fleet_ask(fleet, B, "POST", "/api/v1/uploads?name=a.csv", "Idempotency-Key: one\r\n",
                       TEXT("a,b\n"));
    CHECK_INT(first.status, 200);
    CHECK_INT(second.status, 200);
    CHECK(text_equal(first.body, second.body));
    CHECK_INT(fleet_number(fleet, "SELECT count(*) FROM upload"), 1);
}

// ---- live updates ----

// Reads the stream until it tells this of the job.
static int64_t hear_us(int fd, const char *job_id, const char *state) {
    CLEANUP(buffer_clear) struct buffer all = {0};
    const int64_t begin_us = clock_us();

    while (clock_us() - begin_us < PATIENCE_US) {
        const ssize_t size = recv(fd, buffer_reserve(&all, 1 << 16), 1 << 16, 0);
        struct text rest;

        CHECK(size > 0);
        all.size += (size_t)size;
        rest = buffer_text(&all);
        while (rest.size > 0) {
            const struct text line = text_split(rest, '\n', &rest);

            if (holds(line, job_id) && holds(line, state))
                return clock_us();
        }
    }
    test_fail(__FILE__, __LINE__, "nobody told that job %s is %s", job_id, state);
}

// How late B tells of the end of a job that was asked for at A; negative when B ran it itself,
// whose look at the queue came first.
static int64_t late_by_us(struct fleet *fleet, int round) {
    struct scope *scope = fleet->scope;
    const int listening = fleet_listen(fleet, B, "/api/v1/live");
    const int run_before = fleet_log_count(fleet, A, "\"event\":\"job_ended\"");
    const char *job_id = import_at(
        fleet, A,
        arena_printf(&scope->arena,
                     "receipt,sold_at,product,quantity,unit_price\n%d,2024-03-10,P1,1,2.50\n",
                     round));
    const int64_t heard_us = hear_us(listening, job_id, "\"state\":\"done\"");
    const int64_t ended_us =
        clock_us() - time_now_us() +
        fleet_number(fleet, "SELECT finished_at_us FROM job ORDER BY id DESC LIMIT 1");

    close(listening);
    usleep(LOOK_US); // the event follows the row
    return fleet_log_count(fleet, A, "\"event\":\"job_ended\"") > run_before ? heard_us - ended_us
                                                                             : -1;
}

TEST(who_listens_at_one_server_hears_of_a_job_that_another_one_runs) {
    enum { ROUNDS = 8, MOST_LATE_US = 1500000 };
    struct fleet *fleet = start_two(scope);
    int64_t late_us = -1;

    for (int round = 0; round < ROUNDS && late_us < 0; round++)
        late_us = late_by_us(fleet, round);
    printf("  heard %" PRId64 " ms after its end\n", late_us / 1000);
    CHECK(late_us >= 0 && late_us < MOST_LATE_US);
}

// ---- what one of them does for all ----

static int leader_count(struct fleet *fleet, int index) {
    return fleet_log_count(fleet, index, "\"event\":\"leading\"");
}

static void add_expired(struct fleet *fleet) {
    struct scope *scope = fleet->scope;

    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO upload (id, name, bytes, actor, created_at_us) VALUES "
                         "('00000000000000000000000000000000', 'old', 1, 'ann', 1)",
                         NO_BINDS));
    CHECK_OK(ledger_exec(
        scope, "INSERT INTO throttle (name, due_at_us, told_at_us) VALUES ('x', 1, 1)", NO_BINDS));
}

TEST(one_server_does_what_one_of_them_has_to_do_and_another_when_that_one_is_gone) {
    static const char left[] = "SELECT (SELECT count(*) FROM upload) + "
                               "(SELECT count(*) FROM throttle)";
    struct fleet *fleet = start_two(scope);
    const int64_t begin_us = clock_us();
    int leader;

    while (leader_count(fleet, A) + leader_count(fleet, B) == 0 &&
           clock_us() - begin_us < PATIENCE_US)
        usleep(LOOK_US);
    sleep(2);
    CHECK_INT(leader_count(fleet, A) + leader_count(fleet, B), 1);
    CHECK_INT(fleet_log_count(fleet, A, "chores_done") + fleet_log_count(fleet, B, "chores_done"),
              1);
    leader = leader_count(fleet, A) == 1 ? A : B;
    add_expired(fleet);
    sleep(2);
    CHECK_INT(fleet_number(fleet, left), 2); // it is not yet time
    fleet_kill(fleet, leader, SIGKILL);
    wait_for(fleet, left, 0); // the other one begins with it
    CHECK_INT(leader_count(fleet, 1 - leader), 1);
    fleet_start(fleet, leader);
    sleep(2);
    CHECK_INT(leader_count(fleet, leader), 0);
}

// ---- commands beside servers ----

// As on a machine of its own: it has no folder in common with the servers, and reaches none.
static struct program_result run_aside(struct fleet *fleet, const char *command) {
    struct scope *scope = fleet->scope;
    const char *config = test_file(
        scope, "aside.conf", text_printf(&scope->arena, "files = %s/aside\n", test_folder(scope)));

    return run_program(scope,
                       arena_printf(&scope->arena, "%s --data %s --config %s --format json",
                                    command, fleet->address, config),
                       (struct text){0});
}

TEST(what_a_command_imports_beside_servers_it_imports_itself) {
    enum { FILES = 6 };
    struct fleet *fleet = start_two(scope);

    for (int i = 0; i < FILES; i++) {
        const char *path = test_file(
            scope, "local.csv",
            text_printf(&scope->arena,
                        "receipt,sold_at,product,quantity,unit_price\n%d,2024-03-10,P1,1,2.50\n",
                        i));
        const struct program_result result =
            run_aside(fleet, arena_printf(&scope->arena, "import %s --as sales --yes", path));

        if (result.exit_code != 0)
            test_fail(__FILE__, __LINE__, "%.*s", TEXT_ARG(result.err));
        CHECK(unlink(path) == 0); // whoever would come later finds none
    }
    CHECK_INT(fleet_number(fleet, "SELECT count(*) FROM sale"), FILES);
    CHECK_INT(fleet_log_count(fleet, A, "job_ended") + fleet_log_count(fleet, B, "job_ended"), 0);
}

static const char *long_file(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer content = {0};

    buffer_add_string(&content, "receipt,sold_at,product,quantity,unit_price,customer\n");
    for (int i = 0; i < 30000; i++)
        buffer_printf(&content, "R%d,2024-03-10,P%d,1,2.50,C%d\n", i, i % 7, i % 991);
    return text_string(&scope->arena, buffer_text(&content));
}

TEST(a_command_that_resumes_what_a_server_runs_already_watches_it_to_its_end) {
    struct fleet *fleet = start_two(scope);
    const char *job_id = import_at(fleet, A, long_file(scope));
    struct program_result result;

    wait_for(fleet, "SELECT count(*) FROM job WHERE state = 'running'", 1);
    result = run_aside(fleet, arena_printf(&scope->arena, "job resume %s", job_id));
    if (result.exit_code != 0)
        test_fail(__FILE__, __LINE__, "%.*s", TEXT_ARG(result.err));
    CHECK(holds(result.out, "\"accepted\":30000"));
    CHECK_INT(fleet_number(fleet, "SELECT count(*) FROM sale"), 30000);
}

// ---- what they must agree on ----

TEST(a_new_time_zone_holds_at_once_at_every_server) {
    struct fleet *fleet = start_two(scope);
    const char *job_id = import_at(fleet, A,
                                   "receipt,sold_at,product,quantity,unit_price,customer\n"
                                   "1,2024-03-10T23:30:00Z,P1,1,2.50,C1\n");

    wait_for(fleet,
             arena_printf(&scope->arena,
                          "SELECT count(*) FROM job WHERE state = 'done' AND id = %s", job_id),
             1);
    for (int round = 0; round < 4; round++) {
        const bool is_tokyo = round % 2 == 1;

        CHECK_INT(
            fleet_ask(fleet, round / 2, "PUT", "/api/v1/settings/zone", JSON,
                      is_tokyo ? TEXT("{\"value\":\"Asia/Tokyo\"}") : TEXT("{\"value\":\"UTC\"}"))
                .status,
            200);
        for (int i = A; i <= B; i++) {
            const struct test_answer span =
                fleet_ask(fleet, i, "GET", "/api/v1/reports/span", "", (struct text){0});

            CHECK_INT(span.status, 200);
            if (!holds(span.body, is_tokyo ? "2024-03-11" : "2024-03-10"))
                test_fail(__FILE__, __LINE__, "round %d, server %d: %.*s", round, i,
                          TEXT_ARG(span.body));
        }
    }
}

// A server that would use other files than those of the others.
static struct program_result serve_with(struct fleet *fleet, const char *files) {
    struct scope *scope = fleet->scope;
    const char *config =
        test_file(scope, "other.conf", text_printf(&scope->arena, "files = %s\n", files));

    return run_program(scope,
                       arena_printf(&scope->arena,
                                    "serve --data %s --config %s --listen 127.0.0.1:0 "
                                    "--log-file /dev/null",
                                    fleet->address, config),
                       (struct text){0});
}

static void copy_into(struct fleet *fleet, const char *folder, const char *name) {
    struct scope *scope = fleet->scope;

    mkdir(folder, 0700);
    CHECK_INT(run_other(scope,
                        (const char *const[]){
                            "cp", "-p", arena_printf(&scope->arena, "%s/%s", fleet->files, name),
                            folder, NULL}),
              0);
}

TEST(a_server_that_has_other_files_or_another_key_than_the_others_does_not_start) {
    struct fleet *fleet = fleet_new(scope, test_database(scope), "");
    const char *other = arena_printf(&scope->arena, "%s/elsewhere", test_folder(scope));
    struct program_result result;

    fleet_start(fleet, A);
    result = serve_with(fleet, other);
    CHECK_INT(result.exit_code, 4);
    CHECK(holds(result.err, "is not the folder that other processes on this database use"));
    copy_into(fleet, other, "folder.id");
    result = serve_with(fleet, other);
    CHECK_INT(result.exit_code, 4);
    CHECK(holds(result.err, "is not the key that other processes on this database use"));
    CHECK(access(arena_printf(&scope->arena, "%s/access.key", other), F_OK) != 0); // none is made
}
