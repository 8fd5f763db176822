// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_connection.h"

#include "base/time.h"
#include "store/deadline.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    WAIT_MS = 10000,         // for a connection when all are given out
    PAUSE_SHORTEST_MS = 100, // between tries to reach a server that is away
    PAUSE_LONGEST_MS = 5000,
    LOCK_TIMEOUT_MS = 30000,
};

struct postgresql_pool {
    char *address;
    int most;
    pthread_mutex_t mutex; // guards what follows
    pthread_cond_t given_back;
    int count;
    int64_t pause_ms; // 0: the last try reached the server
    int64_t next_try_us;
};

// ---- the address ----

static struct text option_of(const PQconninfoOption *options, const char *name) {
    for (; options->keyword; options++)
        if (strcmp(options->keyword, name) == 0)
            return text_of(options->val ? options->val : "");
    return TEXT("");
}

code postgresql_shown_address(struct scope *scope, const char *address, struct text *ret_shown) {
    PQconninfoOption *options = PQconninfoParse(address, NULL); // its message may show a password
    struct text user, port;

    if (!options)
        return scope_fail_field(scope, INVALID, "data",
                                "the address of the store is not one that PostgreSQL understands");
    user = option_of(options, "user");
    port = option_of(options, "port");
    *ret_shown = text_printf(&scope->arena, "postgresql://%.*s%s%.*s%s%.*s/%.*s", TEXT_ARG(user),
                             user.size > 0 ? "@" : "", TEXT_ARG(option_of(options, "host")),
                             port.size > 0 ? ":" : "", TEXT_ARG(port),
                             TEXT_ARG(option_of(options, "dbname")));
    PQconninfoFree(options);
    return OK;
}

// ---- failures ----

// To add one: a row, the longest prefix first.
// https://www.postgresql.org/docs/15/errcodes-appendix.html
static const struct meaning {
    const char *state; // beginning of SQLSTATE
    code reason;
    const char *message;
} meanings[] = {
    {"40001", BUSY, "somebody else changed the same rows of the ledger"},
    {"40P01", BUSY, "somebody else changed the same rows of the ledger"},
    {"55P03", BUSY, "the ledger is being written by somebody else"},
    {"53100", STORAGE_FULL, "the disk of the store is full"},
    {"57014", CANCELLED, "cancelled on request"},
    {"25006", UNAVAILABLE, "the ledger can be read only"},
    {"42501", UNAVAILABLE, "the role may not do this in the ledger's database"},
    {"08", UNAVAILABLE, "the ledger's database does not answer"},
    {"22", INVALID, "a value does not suit the ledger"},
    {"23", CONFLICT, "the ledger refuses a row"},
    {"53", UNAVAILABLE, "the ledger's database has no room for more work"},
    {"54", TOO_LARGE, "a value is too large for the ledger"},
    {"57P", UNAVAILABLE, "the ledger's database does not answer"},
    {"58", UNAVAILABLE, "the ledger cannot be read or written"},
    {"XX", UNAVAILABLE, "the ledger cannot be read or written"},
    {"", INTERNAL, "a statement of the ledger failed"},
};

static code fail_unreachable(struct scope *scope, PGconn *connection) {
    scope_fail(scope, UNAVAILABLE, "the ledger's database does not answer");
    return scope_detail(scope, "%.*s", (int)strcspn(PQerrorMessage(connection), "\n"),
                        PQerrorMessage(connection));
}

// Messages of class 22 show the value at fault, which may be somebody's address.
code postgresql_fail(struct scope *scope, PGconn *connection, const PGresult *result) {
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const struct meaning *meaning = meanings;

    if (!state)
        return fail_unreachable(scope, connection);
    while (strncmp(state, meaning->state, strlen(meaning->state)) != 0)
        meaning++;
    scope_fail(scope, meaning->reason, "%s", meaning->message);
    if (meaning->reason == INVALID)
        scope_detail(scope, "SQLSTATE %s", state);
    else
        scope_detail(scope, "%s (SQLSTATE %s)", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
                     state);
    if (meaning->reason == STORAGE_FULL)
        scope_hint(scope, "make room on the disk and try again; what was accepted is kept");
    return scope->failure.code;
}

code postgresql_run(struct scope *scope, PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    const ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        postgresql_fail(scope, connection, result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? OK : scope->failure.code;
}

// ---- the pool ----

code postgresql_pool_open(struct scope *scope, const char *address, int most,
                          struct postgresql_pool **ret_pool) {
    struct postgresql_pool *pool = calloc(1, sizeof(*pool));

    if (!pool || !(pool->address = strdup(address))) {
        free(pool);
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    }
    pool->most = most;
    pthread_mutex_init(&pool->mutex, NULL);
    monotonic_cond_init(&pool->given_back);
    *ret_pool = pool;
    return OK;
}

void postgresql_pool_close(struct postgresql_pool *pool) {
    if (!pool)
        return;
    pthread_cond_destroy(&pool->given_back);
    pthread_mutex_destroy(&pool->mutex);
    explicit_bzero(pool->address, strlen(pool->address));
    free(pool->address);
    free(pool);
}

static void leave(struct postgresql_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pool->count--;
    pthread_cond_signal(&pool->given_back);
    pthread_mutex_unlock(&pool->mutex);
}

// While the server is away, one try in each pause: everybody else is told at once.
static code enter(struct scope *scope, struct postgresql_pool *pool) {
    const struct timespec deadline = deadline_in_ms(WAIT_MS);
    const int64_t now_us = time_now_us();
    int64_t wait_us = 0;
    int waited = 0;

    pthread_mutex_lock(&pool->mutex);
    if (pool->pause_ms > 0 && now_us < pool->next_try_us &&
        pool->next_try_us - now_us <=
            INT64_C(1000) * PAUSE_LONGEST_MS) // the clock may have been set
        wait_us = pool->next_try_us - now_us;
    pool->next_try_us = wait_us > 0 ? pool->next_try_us : now_us + pool->pause_ms * 1000;
    while (wait_us == 0 && pool->count >= pool->most && waited == 0)
        waited = pthread_cond_timedwait(&pool->given_back, &pool->mutex, &deadline);
    if (wait_us == 0 && waited == 0)
        pool->count++;
    pthread_mutex_unlock(&pool->mutex);
    if (wait_us > 0) {
        scope_fail(scope, UNAVAILABLE, "the ledger's database does not answer");
        return scope_retry_after(scope, wait_us);
    }
    return waited == 0 ? OK
                       : scope_fail(scope, BUSY, "all %d connections to the database are in use",
                                    pool->most);
}

static void note_try(struct postgresql_pool *pool, bool reached) {
    pthread_mutex_lock(&pool->mutex);
    if (reached)
        pool->pause_ms = 0;
    else if (pool->pause_ms == 0)
        pool->pause_ms = PAUSE_SHORTEST_MS;
    else if (pool->pause_ms < PAUSE_LONGEST_MS)
        pool->pause_ms =
            pool->pause_ms * 2 < PAUSE_LONGEST_MS ? pool->pause_ms * 2 : PAUSE_LONGEST_MS;
    pool->next_try_us = time_now_us() + pool->pause_ms * 1000;
    pthread_mutex_unlock(&pool->mutex);
}

// What stands before the address is a default that the address may replace.
static PGconn *dial(const char *address) {
    static const char *const names[] = {"connect_timeout",
                                        "tcp_user_timeout",
                                        "keepalives_idle",
                                        "fallback_application_name",
                                        "dbname",
                                        "client_encoding",
                                        NULL};
    const char *const values[] = {"10", "30000", "30", "tessera", address, "UTF8", NULL};

    return PQconnectdbParams(names, values, 1);
}

// Nothing of what the server's configuration or the role's settings say may change a result.
static code set_up(struct scope *scope, PGconn *connection, const char *search_path) {
    const char *const values[] = {search_path};
    PGresult *result = PQexecParams(
        connection,
        "SELECT set_config('search_path', $1, false), set_config('TimeZone', 'UTC', false),"
        " set_config('lock_timeout', '30s', false),"
        " set_config('default_transaction_isolation', 'read committed', false),"
        " set_config('standard_conforming_strings', 'on', false),"
        " set_config('client_min_messages', 'warning', false),"
        " set_config('jit', 'off', false)",
        1, NULL, values, NULL, NULL, 0);
    code outcome = OK;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        outcome = postgresql_fail(scope, connection, result);
    PQclear(result);
    return outcome;
}

// Notices are for people at a terminal.
static void ignore_notice(void *unused, const PGresult *notice) {
    (void)unused, (void)notice;
}

code postgresql_connect(struct scope *scope, struct postgresql_pool *pool, const char *search_path,
                        PGconn **ret_connection) {
    PGconn *connection;

    TRY(enter(scope, pool));
    connection = dial(pool->address);
    note_try(pool, PQstatus(connection) == CONNECTION_OK);
    if (PQstatus(connection) != CONNECTION_OK)
        fail_unreachable(scope, connection);
    else {
        PQsetNoticeReceiver(connection, ignore_notice, NULL);
        if (set_up(scope, connection, search_path) == OK) {
            *ret_connection = connection;
            return OK;
        }
    }
    postgresql_disconnect(pool, connection);
    return scope->failure.code;
}

void postgresql_disconnect(struct postgresql_pool *pool, PGconn *connection) {
    if (!connection)
        return;
    PQfinish(connection);
    leave(pool);
}

// An idle connection has something to read when the server said good-bye.
bool postgresql_is_lost(PGconn *connection) {
    struct pollfd socket = {.fd = PQsocket(connection), .events = POLLIN};

    while (PQstatus(connection) == CONNECTION_OK && poll(&socket, 1, 0) > 0)
        PQconsumeInput(connection); // the good-bye, and then the end
    return PQstatus(connection) != CONNECTION_OK;
}

// ---- what is on its way ----

void postgresql_ask_to_stop(PGconn *connection) {
    PGcancel *cancel = PQgetCancel(connection);
    char unused[256];

    if (cancel)
        PQcancel(cancel, unused, sizeof(unused));
    PQfreeCancel(cancel);
}

// The first failure is the reason of all that follow it.
code postgresql_take_answers(struct scope *scope, PGconn *connection) {
    bool was_null = false;
    code outcome = OK;

    for (;;) {
        PGresult *result = PQgetResult(connection);
        const ExecStatusType status = PQresultStatus(result);

        if (!result && was_null) // each answer ends with one; two: there is nothing more to come
            return outcome != OK ? outcome : postgresql_fail(scope, connection, NULL);
        was_null = !result;
        if (result && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
            status != PGRES_PIPELINE_SYNC && outcome == OK)
            outcome = postgresql_fail(scope, connection, result);
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            return outcome;
    }
}
