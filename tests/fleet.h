// SPDX-License-Identifier: Apache-2.0
// Several servers, real ones, on one database in PostgreSQL: started, asked, killed and made to
// stand still. The test's own store is in the same database.
#pragma once

#include "base/test.h"
#include "govern/access/account.h"
#include "web/server_testing.h"

enum { FLEET_MOST = 2 };

struct member {
    pid_t process; // 0: it does not run
    uint16_t port;
    const char *log; // its events
    int starts;
};

struct fleet {
    struct scope *scope;
    const char *address, *files, *config;
    struct text key; // may do everything that a key may
    struct member members[FLEET_MOST];
};

// None of them runs yet. `configuration` is lines of their file, beside what they share. Opens the
// test's store in the database at `address`, and gives the scope a session with it.
struct fleet *fleet_new(struct scope *scope, const char *address, const char *configuration);
void fleet_start(struct fleet *fleet, int index); // returns when it answers
void fleet_kill(struct fleet *fleet, int index, int signal);

// One request with the key, and more lines of the head ("" or "Name: value\r\n"); body "": none.
// Its status is 0 when no answer came.
struct test_answer fleet_ask(struct fleet *fleet, int index, const char *method, const char *path,
                             const char *fields, struct text body);
// The same without the key.
struct test_answer fleet_ask_plainly(struct fleet *fleet, int index, const char *method,
                                     const char *path, const char *fields, struct text body);
// Like fleet_ask with GET, for an answer that does not end: the connection, on which it comes.
int fleet_listen(struct fleet *fleet, int index, const char *path);
// A member of an answer's object that is a text.
const char *fleet_member(struct fleet *fleet, const struct test_answer *answer, const char *name);

// ---- somebody who signs in ----

#define FLEET_PASSWORD    "a clock without hands"
#define FLEET_SAME_ORIGIN "Sec-Fetch-Site: same-origin\r\n"  // what a browser sends besides
void fleet_add_account(struct fleet *fleet, enum role role); // ann, with the password
struct test_answer fleet_try_sign_in(struct fleet *fleet, int index, const char *password);
// The cookie's token.
const char *fleet_sign_in(struct fleet *fleet, int index, const char **ret_csrf);

// How many lines of the log of one of them hold this.
int fleet_log_count(struct fleet *fleet, int index, const char *what);

// The store's queries, without leaving anything in the arena.
int64_t fleet_number(struct fleet *fleet, const char *sql);
