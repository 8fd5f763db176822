// SPDX-License-Identifier: Apache-2.0
// What the files of this wing share and nobody else sees: the store, a session, and the doors of
// the two databases that are not for features.
#pragma once

#include "base/gate.h"
#include "store/change.h"
#include "store/job_bell.h"
#include "store/lake_shared.h"
#include "store/rows.h"
#include "store/store.h"
#include "store/write_turn.h"

#include <stdatomic.h>

struct ledger;        // ledger_engine.h: one connection with its prepared statements
struct ledger_engine; // the database behind it
struct lake;          // lake_engine.h: the open lake
struct lake_session;  // lake_engine.h: the connections of one session
struct mirror;        // mirror.c

struct store {
    const struct ledger_engine *engine;
    char *path;    // the folder
    char *address; // of the database; NULL: the folder is all
    struct config config;
    enum store_mode mode;
    int lock_fd;                        // -1 beside the owner, and where there is none
    _Atomic int64_t last_id;            // store_new_ids says of what
    atomic_bool has_seen_ids;           // those in the ledger
    _Atomic int process_number;         // among those that use the same database at once
    struct postgresql_pool *postgresql; // NULL: SQLite
    atomic_bool has_had_number;         // which has to be kept
    pthread_mutex_t keeper_mutex;       // guards the keeper and what it holds
    struct pg_conn *keeper;             // holds the process\'s number in the database
    bool leads;                         // that lock is held, too
    struct lake *lake;                  // NULL beside the owner
    struct mirror *mirror;              // NULL beside the owner
    atomic_bool runs_jobs;              // a runner takes up what is queued
    atomic_bool has_reserved;           // jobs that are queued for this process alone
    struct write_turn write_turn;
    struct job_bell job_bell;
    struct gate heavy_gate;
    struct shared_answers *shared_answers;
};

// A range of the change log that may grow yet; kind 0: none.
struct pending_change {
    enum change_kind kind;
    int64_t first_id, last_id;
};

// One thread's way into the store. Connections are opened when they are first needed.
struct session {
    struct store *store;
    struct ledger *ledger;
    struct lake_session *lake;
    bool is_trial; // the ledger is a copy of its own
    bool in_lake_snapshot;
    bool has_changes;     // the open transaction recorded changes
    bool has_queued_jobs; // and jobs to run
    bool has_collided;    // the database ended a statement for the sake of another's
    int64_t commits;      // ever
    int64_t job_id;       // it works for this job, for as long as it has its lease; 0: for none
    struct pending_change pending[CHANGE_TABLE_LAST + 1]; // by table
    int64_t last_change_id; // of the open transaction's entries in the log; 0: none yet
};

// The next id is larger than every one in the ledger.
code store_seed_ids(struct scope *scope, struct store *store);
// The next one is larger than this one, which another process gave.
void store_see_id(struct store *store, int64_t id);

// Write what is pending, before the transaction commits / drop it, when it begins.
code change_flush(struct scope *scope);
void change_forget(struct scope *scope);
// What the first id given at an instant is at least.
int64_t store_id_of_instant(int64_t at_us);

// ---- the ledger's database ----

// The session's connection, opened when it is first needed. NULL on failure.
struct ledger *session_ledger(struct scope *scope);
void ledger_close(struct ledger *ledger); // takes NULL

// Several statements without values, schema text in the common dialect.
code ledger_script(struct scope *scope, const char *sql);
// A transaction that does not wait for the turn to write, where there is one in the database: it
// changes rows that it has locked (FOR UPDATE), and depends on nothing else.
code ledger_begin_rows(struct scope *scope);
// A transaction that only reads, all from one state of the ledger. Ends with ledger_rollback.
code ledger_begin_snapshot(struct scope *scope);
// Would the statement run? For tests.
code ledger_prepares(struct scope *scope, const char *sql);
// ---- settings ----

// Keep the machine's time zone of now as the store's: days must not depend on who opens it.
code settings_pin(struct scope *scope);

// ---- the lake's database ----

void lake_close(struct lake *lake); // takes NULL; every session must be closed before
void lake_session_close(struct lake_session *session);    // takes NULL
bool lake_is_lost(const struct scope *scope);             // the session's connection broke
code lake_prepares(struct scope *scope, const char *sql); // for tests: every statement of the text

// INVALID when the file is no lake that this DuckDB can read, CONFLICT when another program has it
// open. It takes at most that much memory; 0: as much as suits the machine.
code lake_open(struct scope *scope, const char *folder, int64_t memory_bytes,
               struct lake **ret_lake);
void lake_remove(const char *folder);

// ---- the mirror ----

// Makes the lake usable (building it when it is not) and starts the thread.
code mirror_start(struct scope *scope, struct store *store);
void mirror_stop(struct mirror *mirror);  // carries the rest; takes NULL
void mirror_nudge(struct mirror *mirror); // a commit recorded changes; takes NULL
struct store_health mirror_health(struct mirror *mirror);
int64_t mirror_state(struct mirror *mirror); // another one after every change of the lake; 0: none
// What lake.h says of refresh, watermark and rebuild, for the lake that the mirror fills.
code mirror_refresh(struct scope *scope);
code mirror_watermark(struct scope *scope, int64_t *ret_change_id);
code mirror_rebuild(struct scope *scope);
