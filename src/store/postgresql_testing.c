// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_testing.h"

#include "base/time.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ADDRESS "TESSERA_TEST_POSTGRESQL"
enum { NOT_INSTALLED = 3 }; // the cluster's exit status

struct pipes {
    int to_child[2], from_child[2];
};

static void run_cluster(const struct pipes *pipes) {
    dup2(pipes->to_child[0], STDIN_FILENO);
    dup2(pipes->from_child[1], STDOUT_FILENO);
    setsid(); // an interrupt is for this program; the cluster hears of its end
    execlp("python3", "python3", TEST_SOURCE "/tools/postgresql_cluster.py", (char *)NULL);
    _exit(127);
}

// Takes over the NAME=VALUE lines into the environment, where the rest of the program, and the
// programs that it starts, find them.
static void read_addresses(FILE *answer) {
    char line[512];

    while (fgets(line, sizeof(line), answer) && line[0] != '\n') {
        char *value = strchr(line, '=');

        line[strcspn(line, "\n")] = '\0';
        if (value) {
            *value = '\0';
            setenv(line, value + 1, 1);
        }
    }
}

// The writing end of to_child stays open until the program ends: that is what ends the cluster.
static void start_cluster(void) {
    struct pipes pipes;
    FILE *answer;
    pid_t process;
    int status;

    CHECK(pipe2(pipes.to_child, O_CLOEXEC) == 0 && pipe2(pipes.from_child, O_CLOEXEC) == 0);
    process = fork();
    CHECK(process >= 0);
    if (process == 0)
        run_cluster(&pipes);
    close(pipes.to_child[0]);
    close(pipes.from_child[1]);
    answer = fdopen(pipes.from_child[0], "r");
    CHECK(answer);
    read_addresses(answer);
    fclose(answer);
    if (getenv(ADDRESS))
        return;
    close(pipes.to_child[1]);
    waitpid(process, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_INSTALLED && !getenv("CI"))
        test_skip("PostgreSQL is not installed");
    test_fail(__FILE__, __LINE__, "the private PostgreSQL does not start");
}

// False, having said why, when it cannot be done.
static bool administer(const char *sql) {
    char url[512];
    PGconn *connection;
    PGresult *result;
    bool done;

    snprintf(url, sizeof(url), "%s/postgres", getenv(ADDRESS));
    connection = PQconnectdb(url);
    result = PQexec(connection, sql);
    done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done)
        fprintf(stderr, "  %s: %s", sql, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return done;
}

static void drop_database(void *argument) {
    char sql[128];

    snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", (const char *)argument);
    administer(sql);
}

const char *test_database(struct scope *scope) {
    const char *name =
        arena_printf(&scope->arena, "test_%d_%lld", (int)getpid(), (long long)time_now_us());

    if (!getenv(ADDRESS))
        start_cluster();
    CHECK(administer(arena_printf(&scope->arena, "CREATE DATABASE %s STRATEGY file_copy", name)));
    test_at_end(drop_database, (void *)name);
    return arena_printf(&scope->arena, "%s/%s", getenv(ADDRESS), name);
}
