// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_connection.h"

#include "base/clock.h"
#include "base/time.h"
#include "store/deadline.h"
#include "store/store_internal.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WAIT_MS = 10000,         // for a connection when all are given out
    PAUSE_SHORTEST_MS = 100, // between tries to reach a server that is away
    PAUSE_LONGEST_MS = 2000,
    IDLE_LONGEST_S = 300, // then an idle connection is closed
};

struct idle {
    PGconn *connection;
    int64_t since_us; // of the clock that only goes forward
};

struct postgresql_pool {
    char *address;
    int most, most_idle;
    int64_t statement_timeout_s, lock_timeout_s, transaction_timeout_s;
    pthread_mutex_t mutex; // guards what follows
    pthread_cond_t given_back;
    int count;         // those that are used, and those that are idle
    struct idle *idle; // most_idle places; the one used last is the last
    int idle_count;
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
    {"57014", BUSY, "a statement took longer than it may"},
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
    if (scope->session && strncmp(state, "40", 2) == 0)
        scope->session->has_collided = true;
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

// ---- rows in bulk ----

code postgresql_begin_copy(struct scope *scope, PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    const bool begun = PQresultStatus(result) == PGRES_COPY_IN;

    if (!begun)
        postgresql_fail(scope, connection, result);
    PQclear(result);
    return begun ? OK : scope->failure.code;
}

code postgresql_send_copy(struct scope *scope, PGconn *connection, struct buffer *rows) {
    const struct text text = buffer_text(rows);

    if (text.size > 0 && PQputCopyData(connection, text.data, (int)text.size) != 1)
        return postgresql_fail(scope, connection, NULL);
    rows->size = 0;
    return OK;
}

code postgresql_end_copy(struct scope *scope, PGconn *connection) {
    code outcome = OK;
    PGresult *result;

    if (PQputCopyEnd(connection, NULL) != 1)
        return postgresql_fail(scope, connection, NULL);
    while ((result = PQgetResult(connection))) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && outcome == OK)
            outcome = postgresql_fail(scope, connection, result);
        PQclear(result);
    }
    return outcome;
}

// ---- the pool ----

code postgresql_pool_open(struct scope *scope, const char *address, const struct config *config,
                          struct postgresql_pool **ret_pool) {
    const size_t most_idle = (size_t)config->database_idle_connections;
    struct postgresql_pool *pool = calloc(1, sizeof(*pool));

    if (!pool || !(pool->idle = calloc(most_idle + 1, sizeof(*pool->idle))) ||
        !(pool->address = strdup(address))) {
        if (pool)
            free(pool->idle);
        free(pool);
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    }
    pool->most = (int)config->database_connections;
    pool->most_idle = (int)most_idle;
    pool->statement_timeout_s = config->database_statement_timeout_s;
    pool->lock_timeout_s = config->database_lock_timeout_s;
    pool->transaction_timeout_s = config->database_transaction_timeout_s;
    pthread_mutex_init(&pool->mutex, NULL);
    monotonic_cond_init(&pool->given_back);
    *ret_pool = pool;
    return OK;
}

void postgresql_pool_close(struct postgresql_pool *pool) {
    if (!pool)
        return;
    while (pool->idle_count > 0)
        PQfinish(pool->idle[--pool->idle_count].connection);
    pthread_cond_destroy(&pool->given_back);
    pthread_mutex_destroy(&pool->mutex);
    explicit_bzero(pool->address, strlen(pool->address));
    free(pool->address);
    free(pool->idle);
    free(pool);
}

static void leave(struct postgresql_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pool->count--;
    pthread_cond_signal(&pool->given_back);
    pthread_mutex_unlock(&pool->mutex);
}

// While the server is away, one try in each pause: everybody else is told at once.
static int64_t pause_left(struct postgresql_pool *pool) {
    const int64_t now_us = clock_us();

    if (pool->pause_ms > 0 && now_us < pool->next_try_us)
        return pool->next_try_us - now_us;
    pool->next_try_us = now_us + pool->pause_ms * 1000;
    return 0;
}

// What nobody has used for long goes, beginning with the oldest. With the mutex held.
static PGconn *take_outdated(struct postgresql_pool *pool) {
    PGconn *oldest = NULL;

    if (pool->idle_count > 0 &&
        clock_us() - pool->idle[0].since_us > IDLE_LONGEST_S * US_PER_SECOND) {
        oldest = pool->idle[0].connection;
        memmove(pool->idle, pool->idle + 1, (size_t)--pool->idle_count * sizeof(*pool->idle));
        pool->count--;
    }
    return oldest;
}

// A place among those that are used, and with it an idle connection if there is one.
static code enter(struct scope *scope, struct postgresql_pool *pool, PGconn **ret_idle,
                  PGconn **ret_outdated) {
    const struct timespec deadline = deadline_in_ms(WAIT_MS);
    int64_t wait_us = 0;
    int waited = 0;

    pthread_mutex_lock(&pool->mutex);
    *ret_outdated = take_outdated(pool);
    while (pool->idle_count == 0 && pool->count >= pool->most && waited == 0)
        waited = pthread_cond_timedwait(&pool->given_back, &pool->mutex, &deadline);
    if (pool->idle_count > 0) {
        *ret_idle = pool->idle[--pool->idle_count].connection;
        waited = 0;
    } else if (waited == 0) {
        wait_us = pause_left(pool);
        pool->count += wait_us == 0;
    }
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
    pool->next_try_us = clock_us() + pool->pause_ms * 1000;
    pthread_mutex_unlock(&pool->mutex);
}

bool postgresql_is_away(struct postgresql_pool *pool) {
    bool is_away;

    pthread_mutex_lock(&pool->mutex);
    is_away = pool->pause_ms > 0;
    pthread_mutex_unlock(&pool->mutex);
    return is_away;
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
static code set_up(struct scope *scope, const struct postgresql_pool *pool, PGconn *connection,
                   const char *search_path) {
    char statement[24], lock[24], transaction[24];
    const char *const values[] = {search_path, statement, lock, transaction};
    PGresult *result;
    code outcome = OK;

    snprintf(statement, sizeof(statement), "%" PRId64 "s", pool->statement_timeout_s);
    snprintf(lock, sizeof(lock), "%" PRId64 "s", pool->lock_timeout_s);
    snprintf(transaction, sizeof(transaction), "%" PRId64 "s", pool->transaction_timeout_s);
    result = PQexecParams(
        connection,
        "SELECT set_config('search_path', $1, false), set_config('TimeZone', 'UTC', false),"
        " set_config('statement_timeout', $2, false), set_config('lock_timeout', $3, false),"
        " set_config('idle_in_transaction_session_timeout', $4, false),"
        " set_config('default_transaction_isolation', 'read committed', false),"
        " set_config('standard_conforming_strings', 'on', false),"
        " set_config('client_min_messages', 'warning', false),"
        " set_config('jit', 'off', false)",
        4, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        outcome = postgresql_fail(scope, connection, result);
    PQclear(result);
    return outcome;
}

// Notices are for people at a terminal.
static void ignore_notice(void *unused, const PGresult *notice) {
    (void)unused, (void)notice;
}

static code connect_anew(struct scope *scope, struct postgresql_pool *pool, const char *search_path,
                         PGconn **ret_connection) {
    PGconn *connection = dial(pool->address);
    code result;

    note_try(pool, PQstatus(connection) == CONNECTION_OK);
    if (PQstatus(connection) != CONNECTION_OK) {
        result = fail_unreachable(scope, connection);
    } else {
        PQsetNoticeReceiver(connection, ignore_notice, NULL);
        result = set_up(scope, pool, connection, search_path);
    }
    if (result != OK) {
        PQfinish(connection);
        leave(pool);
        return result;
    }
    *ret_connection = connection;
    return OK;
}

// One that was idle may be lost: the next one is looked at then, a new one in the end.
code postgresql_connect(struct scope *scope, struct postgresql_pool *pool, const char *search_path,
                        PGconn **ret_connection) {
    for (;;) {
        const struct failure before = scope->failure;
        PGconn *idle = NULL, *outdated = NULL;
        const code result = enter(scope, pool, &idle, &outdated);

        PQfinish(outdated);
        TRY(result);
        if (!idle)
            return connect_anew(scope, pool, search_path, ret_connection);
        if (!postgresql_is_lost(idle) && set_up(scope, pool, idle, search_path) == OK) {
            *ret_connection = idle;
            return OK;
        }
        PQfinish(idle);
        leave(pool);
        scope->failure = before;
    }
}

// Nothing of what was done with it may be found by the next who has it: settings, statements,
// temporary tables, locks.
static bool is_clean(PGconn *connection) {
    PGresult *result;
    bool is_clean;

    if (PQstatus(connection) != CONNECTION_OK || PQpipelineStatus(connection) != PQ_PIPELINE_OFF ||
        PQtransactionStatus(connection) != PQTRANS_IDLE)
        return false;
    result = PQexec(connection, "DISCARD ALL");
    is_clean = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return is_clean;
}

static bool put_aside(struct postgresql_pool *pool, PGconn *connection) {
    bool has_room;

    pthread_mutex_lock(&pool->mutex);
    has_room = pool->idle_count < pool->most_idle;
    if (has_room) {
        pool->idle[pool->idle_count++] =
            (struct idle){.connection = connection, .since_us = clock_us()};
        pthread_cond_signal(&pool->given_back);
    }
    pthread_mutex_unlock(&pool->mutex);
    return has_room;
}

void postgresql_disconnect(struct postgresql_pool *pool, PGconn *connection) {
    if (!connection)
        return;
    if (pool->most_idle > 0 && is_clean(connection) && put_aside(pool, connection))
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
