// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_testing.h"

#include "base/time.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ADDRESS      "TESSERA_TEST_POSTGRESQL"
#define FILLER_BYTES "90000000"
enum { NOT_INSTALLED = 3, NOT_MOUNTED = 77 }; // exit statuses of the cluster
enum { MOST_NAME_BYTES = 64 };

struct pipes {
    int to_child[2], from_child[2];
};

// A small file system of its own, seen by nobody else, with a file in it that goes when it is told.
static const char small_script[] =
    "mount -t tmpfs -o size=160m,mode=777 none \"$1\" || exit 77\n"
    "wait_for() { while [ ! -e \"$1\" ]; do kill -0 $$ || exit; sleep 0.1; done; }\n"
    "(wait_for \"$1.fill\"; head -c \"$3\" /dev/zero > \"$1/filler\"\n"
    " wait_for \"$1.empty\"; rm \"$1/filler\") < /dev/null > /dev/null 2>&1 &\n"
    "TMPDIR=\"$1\" exec python3 \"$2\"\n";

// `folder` is where the small file system is mounted; NULL: none.
static void run_cluster(const struct pipes *pipes, const char *folder) {
    dup2(pipes->to_child[0], STDIN_FILENO);
    dup2(pipes->from_child[1], STDOUT_FILENO);
    setsid(); // an interrupt is for this program; the cluster hears of its end
    if (folder)
        execlp("unshare", "unshare", "-m", "sh", "-c", small_script, "sh", folder,
               TEST_SOURCE "/tools/postgresql_cluster.py", FILLER_BYTES, (char *)NULL);
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
static pid_t start_process(struct pipes *pipes, const char *folder) {
    pid_t process;

    CHECK(pipe2(pipes->to_child, O_CLOEXEC) == 0 && pipe2(pipes->from_child, O_CLOEXEC) == 0);
    process = fork();
    CHECK(process >= 0);
    if (process == 0)
        run_cluster(pipes, folder);
    close(pipes->to_child[0]);
    close(pipes->from_child[1]);
    return process;
}

_Noreturn static void fail_to_start(pid_t process, const struct pipes *pipes) {
    int status;

    close(pipes->to_child[1]);
    waitpid(process, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_INSTALLED && !getenv("CI"))
        test_skip("PostgreSQL is not installed");
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_MOUNTED)
        test_skip("no file system can be mounted here");
    test_fail(__FILE__, __LINE__, "the private PostgreSQL does not start");
}

static void start_cluster(void) {
    struct pipes pipes;
    const pid_t process = start_process(&pipes, NULL);
    FILE *answer = fdopen(pipes.from_child[0], "r");

    CHECK(answer);
    read_addresses(answer);
    fclose(answer);
    if (!getenv(ADDRESS))
        fail_to_start(process, &pipes);
}

// False, having said why, when it cannot be done.
static bool administer_at(const char *address, const char *sql) {
    char url[512];
    PGconn *connection;
    PGresult *result;
    bool done;

    snprintf(url, sizeof(url), "%s/postgres", address);
    connection = PQconnectdb(url);
    result = PQexec(connection, sql);
    done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done)
        fprintf(stderr, "  %s: %s", sql, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return done;
}

// ---- one that is killed ----

struct test_cluster {
    pid_t process;
    struct pipes pipes;
    FILE *answer;
    char address[256];
    const char *folder; // of the small file system; NULL: none
};

static void end_cluster(void *argument) {
    struct test_cluster *cluster = argument;

    close(cluster->pipes.to_child[1]);
    waitpid(cluster->process, &(int){0}, 0);
    fclose(cluster->answer);
    if (cluster->folder)
        unsetenv("PGPASSFILE");
}

// An address with a password is refused: it goes into a file that libpq reads.
static void hide_password(struct scope *scope, char *address) {
    char *password = strchr(address + strlen("postgresql://"), ':'), *host = strchr(address, '@');
    const char *path;

    CHECK(password && host && password < host);
    path = test_file(
        scope, "pgpass",
        text_printf(&scope->arena, "*:*:*:*:%.*s\n", (int)(host - password - 1), password + 1));
    CHECK(chmod(path, 0600) == 0);
    setenv("PGPASSFILE", path, 1);
    memmove(password, host, strlen(host) + 1);
}

// A socket in a file system that nobody else sees cannot be reached; a port can.
static struct test_cluster *start_in(struct scope *scope, const char *folder) {
    const char *name = folder ? ADDRESS "_TCP=" : ADDRESS "=";
    struct test_cluster *cluster = arena_alloc(&scope->arena, sizeof(*cluster));
    char line[256], found[200] = "";

    *cluster = (struct test_cluster){.folder = folder};
    cluster->process = start_process(&cluster->pipes, folder);
    cluster->answer = fdopen(cluster->pipes.from_child[0], "r");
    CHECK(cluster->answer);
    while (fgets(line, sizeof(line), cluster->answer) && line[0] != '\n')
        if (strncmp(line, name, strlen(name)) == 0)
            snprintf(found, sizeof(found), "%.*s", (int)strcspn(line + strlen(name), "\n"),
                     line + strlen(name));
    if (found[0] == '\0')
        fail_to_start(cluster->process, &cluster->pipes);
    test_at_end(end_cluster, cluster);
    if (folder)
        hide_password(scope, found);
    CHECK(administer_at(found, "CREATE DATABASE test"));
    snprintf(cluster->address, sizeof(cluster->address), "%s/test", found);
    return cluster;
}

struct test_cluster *test_cluster_start(struct scope *scope) {
    return start_in(scope, NULL);
}

struct test_cluster *test_cluster_start_small(struct scope *scope) {
    const char *folder = arena_printf(&scope->arena, "%s/small", test_folder(scope));

    CHECK(mkdir(folder, 0777) == 0);
    CHECK(chmod(test_folder(scope), 0755) == 0); // for the user that the server runs as
    return start_in(scope, folder);
}

static void say(struct scope *scope, const char *folder, const char *word) {
    const int fd = open(arena_printf(&scope->arena, "%s.%s", folder, word),
                        O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    CHECK(fd >= 0);
    close(fd);
}

void test_cluster_fill(struct scope *scope, struct test_cluster *cluster, bool is_full) {
    say(scope, cluster->folder, is_full ? "fill" : "empty");
}

const char *test_cluster_address(const struct test_cluster *cluster) {
    return cluster->address;
}

static void order(struct test_cluster *cluster, const char *line) {
    char answer[8];

    CHECK(write(cluster->pipes.to_child[1], line, strlen(line)) == (ssize_t)strlen(line));
    CHECK(fgets(answer, sizeof(answer), cluster->answer));
}

void test_cluster_kill(struct test_cluster *cluster) {
    order(cluster, "kill\n");
}

void test_cluster_start_again(struct test_cluster *cluster) {
    order(cluster, "start\n");
}

static bool administer(const char *sql) {
    return administer_at(getenv(ADDRESS), sql);
}

// Has the query a row?
static bool is_true(const char *sql) {
    char url[512];
    PGconn *connection;
    PGresult *result;
    bool is_true;

    snprintf(url, sizeof(url), "%s/postgres", getenv(ADDRESS));
    connection = PQconnectdb(url);
    result = PQexec(connection, sql);
    is_true = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
    PQclear(result);
    PQfinish(connection);
    return is_true;
}

// Processes of the superuser's, which this role may not throw out, go by themselves.
void test_database_drop(const char *name) {
    enum { TRIES = 20, PAUSE_US = 100000 };
    char sql[192];

    snprintf(sql, sizeof(sql),
             "SELECT 1 FROM pg_stat_activity WHERE datname = '%s' AND usename <> current_user",
             name);
    for (int i = 0; i < TRIES && is_true(sql); i++)
        usleep(PAUSE_US);
    snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", name);
    administer(sql);
}

void test_database_make(struct scope *scope, const char *like, size_t size, char *ret_name) {
    snprintf(ret_name, size, "test_%d_%lld", (int)getpid(), (long long)time_now_us());
    if (!getenv(ADDRESS))
        start_cluster();
    CHECK(administer(arena_printf(&scope->arena, "CREATE DATABASE %s STRATEGY file_copy%s%s",
                                  ret_name, like ? " TEMPLATE " : "", like ? like : "")));
}

const char *test_database_address(struct scope *scope, const char *name) {
    return arena_printf(&scope->arena, "%s/%s", getenv(ADDRESS), name);
}

static void drop_at_end(void *name) {
    test_database_drop(name);
}

const char *test_database_copy(struct scope *scope, const char *like) {
    char *name = arena_alloc(&scope->arena, MOST_NAME_BYTES);

    test_database_make(scope, like, MOST_NAME_BYTES, name);
    test_at_end(drop_at_end, name);
    return test_database_address(scope, name);
}

const char *test_database(struct scope *scope) {
    return test_database_copy(scope, NULL);
}
