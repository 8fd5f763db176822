// SPDX-License-Identifier: Apache-2.0
// What a database puts behind the ledger. Only the files of a database, ledger.c and store.c
// include this. To add a database: implement the methods in ledger_NAME.c and give its addresses a
// row in engine_of (store.c).
#pragma once

#include "store/rows_engine.h"
#include "store/store.h"

#include <stddef.h>

struct ledger;

enum ledger_access {
    LEDGER_WRITE,   // alone among those that write: nobody changes what was read before the commit
    LEDGER_ROWS,    // beside others that write: only rows that it has locked are its own
    LEDGER_SNAPSHOT // only reads, all from one state
};

struct ledger_engine {
    const char *name;
    bool has_owner;          // one process has the store, and a lake of its own that a mirror fills
    const char *check_sql;   // one row: "ok", or what is wrong first; NULL: nothing to ask
    const char *version_sql; // one row: "SQLite 3.40.1"
    const char *tables_sql;  // the names of all tables

    // A connection for one session / given back. close leaves nothing of an open transaction.
    code (*open)(struct scope *scope, struct store *store, struct ledger **ret_ledger);
    void (*close)(struct ledger *ledger);
    // Another one, for trying, from what `ledger` sees now.
    code (*open_trial)(struct scope *scope, struct store *store, struct ledger *ledger,
                       enum trial_kind kind, struct ledger **ret_trial);

    // *ret_count is how many rows the statement changed. NULL: nobody asks, and a session that
    // writes in bulk may be told later in its transaction how the statement went.
    code (*exec)(struct scope *scope, struct ledger *ledger, const char *sql, struct binds binds,
                 int64_t *ret_count);
    code (*query)(struct scope *scope, struct ledger *ledger, const char *sql, struct binds binds,
                  struct rows **ret_rows);
    // Several statements without values, as schema files are written.
    code (*script)(struct scope *scope, struct ledger *ledger, const char *sql);
    // Would the statement run? For tests.
    code (*prepares)(struct scope *scope, struct ledger *ledger, const char *sql);

    code (*begin)(struct scope *scope, struct ledger *ledger, enum ledger_access access);
    code (*commit)(struct scope *scope, struct ledger *ledger);
    void (*rollback)(struct ledger *ledger); // nothing happens outside a transaction
    bool (*in_transaction)(const struct ledger *ledger);

    bool (*is_lost)(const struct ledger *ledger); // the connection broke; NULL: there is none
    code (*expect_bulk)(struct scope *scope, struct ledger *ledger);
};

extern const struct ledger_engine ledger_sqlite;

// The first member of each database's own struct.
struct ledger {
    const struct ledger_engine *engine;
};

// A prepared statement, the first member of each database's own. Its rows are part of it, so that
// reading them allocates nothing; while they are read, another one serves the same text.
struct prepared {
    struct rows rows;
    struct prepared *next; // in its bucket
    const char *sql;       // the address is the key
    char *text;            // what stood there
    bool busy;             // its rows are being read
};

enum { PREPARED_BUCKETS = 256 /* a power of two */, PREPARED_KEPT = 512 };

// The statements of one connection, by the address of their text. The text is compared too: the
// memory of a text made at run time may hold another one later.
struct prepared_set {
    struct prepared *buckets[PREPARED_BUCKETS];
    int count;
    int most;                                 // that are kept; 0: PREPARED_KEPT
    void (*clear)(struct prepared *prepared); // what the database keeps for it
};

// A struct of `size` bytes that begins with a prepared one. NULL on failure.
struct prepared *prepared_new(struct scope *scope, size_t size, const char *sql,
                              const struct rows_methods *methods);
void prepared_free(struct prepared_set *set, struct prepared *prepared); // one that is not kept
struct prepared *prepared_find(const struct prepared_set *set, const char *sql); // idle, or NULL
// The set owns it from now on. When there are many, those that are idle go first.
void prepared_keep(struct prepared_set *set, struct prepared *prepared);
void prepared_clear(struct prepared_set *set);
