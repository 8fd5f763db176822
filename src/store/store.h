// SPDX-License-Identifier: Apache-2.0
// The one door to the databases. A store is a folder:
//
//   ledger.db   SQLite, the truth
//   lake.db     DuckDB, derived from the ledger; may be deleted while no process uses it
//   lock        held by the process that has the store open
//   exports/    files written for people
//
// One process owns it; each of its threads works through its own session.
//
// Or a database in PostgreSQL, postgresql://HOST/DATABASE: the ledger in its schema "tessera", the
// lake as views of it, the rest in the folder config.files. Any number of processes work in it.
#pragma once

#include "base/config.h"
#include "base/scope.h"

struct store;
struct session;

enum store_mode {
    STORE_READ_WRITE,  // own the folder: create what is missing, migrate, start the mirror
    STORE_LEDGER_ONLY, // beside the owner: the ledger alone (look at jobs, ask one to stop)
    STORE_LEDGER_NEW,  // a new folder with a ledger alone, which somebody fills (store_copy.h)
};

// Open the store at `path`, a folder or an address; the folder (mode 0700) or the schema is made
// when it does not exist.
// CONFLICT: another process owns it, or its schema is newer than this program.
// A missing or outdated lake is rebuilt before the call returns, with progress in the scope.
code store_open(struct scope *scope, const char *path, enum store_mode mode,
                struct store **ret_store);
// The same with another configuration than the defaults; its texts outlive the store.
code store_open_configured(struct scope *scope, const char *path, enum store_mode mode,
                           const struct config *config, struct store **ret_store);
// Brings the mirror up to date and closes. Takes NULL.
void store_close(struct store *store);

const char *store_path(const struct store *store);    // the folder
const char *store_address(const struct store *store); // what it was opened by
const struct config *store_config(const struct store *store);
// Opened STORE_READ_WRITE: there is a lake to ask.
bool store_owns_lake(const struct store *store);

// Several processes may have it open at once, each as good as the other.
bool store_is_shared(const struct store *store);

// How the lake keeps up with the ledger, and whether there is one to ask.
struct store_health {
    int64_t mirror_behind_us; // for so long the oldest change waits; 0: the lake has all
    bool mirror_fails;        // its last tries ended in failures
    bool database_is_away;    // the last try to reach it failed
};
struct store_health store_health(struct store *store);

// Is this the process that does what one of them has to do now and then? The owner of a folder is;
// of those that share a database one is, for as long as it lives and reaches the database, and then
// another one. Ask again before each work: it costs a round trip.
code store_leads(struct scope *scope, struct store *store, bool *ret_leads);

// Shared questions to the lake (lake_query_shared), ever.
struct store_lake_counts {
    int64_t run;    // that a database answered
    int64_t shared; // that were told what another was
};
struct store_lake_counts store_lake_counts(struct store *store);

// Give the scope a session of its own / take it back. One scope, one thread, one session.
code session_open(struct scope *scope, struct store *store);
// A session on the ledger as it is now, for work that is only tried: nobody sees what it writes,
// and it is gone when it is closed.
enum trial_kind {
    // Costs nothing beforehand where the database can do that. Whoever has to wait for it, waits
    // for a moment: the next ledger_begin fails with BUSY, as does what somebody else came in the
    // way of (or with CONFLICT); then it is to be tried apart.
    TRIAL_AMONG_OTHERS,
    // On a private copy: it keeps nobody waiting. Copying reports progress and checks for
    // cancelling; it takes the room of the ledger on the disk (STORAGE_FULL).
    TRIAL_APART,
};
code session_open_trial(struct scope *scope, struct store *store, enum trial_kind kind);
void session_close(struct scope *scope);
struct store *session_store(const struct scope *scope);

// Work that needs much memory for a moment (hashing passwords) goes through here, so that many
// requests at once do not need it many times.
struct gate;
enum { STORE_HEAVY_AT_ONCE = 2 };
struct gate *session_heavy_gate(const struct scope *scope);

// A new id: 64 bits, positive, larger than every id given before by this store, time-ordered:
// milliseconds since 2020 in the upper bits, a counter below.
int64_t store_new_id(struct scope *scope);
// `count` consecutive ids; returns the first.
int64_t store_new_ids(struct scope *scope, int64_t count);
// The instant at which an id was made, µs, to the millisecond.
int64_t store_instant_of_id(int64_t id);
