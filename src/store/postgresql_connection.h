// SPDX-License-Identifier: Apache-2.0
// Connections to PostgreSQL: the address, the pool that keeps those that nobody uses, beginning
// anew when one is lost, and what the server's failures mean. What the address leaves open
// (password, certificates, service) libpq looks up as everywhere: .pgpass, PGSSLMODE, pg_service.
// No failure and no log line shows a password.
#pragma once

#include "base/config.h"
#include "base/scope.h"

#include <libpq-fe.h>

struct postgresql_pool;

// The address without password and parameters, for messages; INVALID when it cannot be read.
code postgresql_shown_address(struct scope *scope, const char *address, struct text *ret_shown);

// How many connections it gives out and keeps, and what the server allows them, stands in the
// configuration.
code postgresql_pool_open(struct scope *scope, const char *address, const struct config *config,
                          struct postgresql_pool **ret_pool);
void postgresql_pool_close(struct postgresql_pool *pool); // takes NULL; all must be given back

// A connection that remembers nothing: UTF-8, UTC, tables found in `search_path`, a pause between
// tries when the server is away. BUSY when the pool has given out all, UNAVAILABLE when the server
// does not answer.
code postgresql_connect(struct scope *scope, struct postgresql_pool *pool, const char *search_path,
                        PGconn **ret_connection);
void postgresql_disconnect(struct postgresql_pool *pool, PGconn *connection); // takes NULL
// Did the last try to reach the server fail?
bool postgresql_is_away(struct postgresql_pool *pool);
// Has the server closed it since it was used last? Costs no round trip.
bool postgresql_is_lost(PGconn *connection);

// Records what a result says, or the connection's failure when there is none.
code postgresql_fail(struct scope *scope, PGconn *connection, const PGresult *result);
// Runs statements that give no rows.
code postgresql_run(struct scope *scope, PGconn *connection, const char *sql);

// COPY … FROM STDIN: begun, fed (the buffer is empty then), ended. What is refused is told at the
// end.
code postgresql_begin_copy(struct scope *scope, PGconn *connection, const char *sql);
code postgresql_send_copy(struct scope *scope, PGconn *connection, struct buffer *rows);
code postgresql_end_copy(struct scope *scope, PGconn *connection);
// Reads the answers of a pipeline up to its sync. The first failure is told.
code postgresql_take_answers(struct scope *scope, PGconn *connection);
// The statement that runs ends as a cancelled one, if it has not ended before.
void postgresql_ask_to_stop(PGconn *connection);
