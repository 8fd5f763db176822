// SPDX-License-Identifier: Apache-2.0
// What a database puts behind the lake. Only the files of a database, lake.c and store.c include
// this.
#pragma once

#include "store/rows_engine.h"

struct store;

// The first member of each database's own structs: the open lake, and the connections of one
// session, which come into being when they are first needed.
struct lake {
    const struct lake_engine *engine;
};
struct lake_session {
    const struct lake_engine *engine;
};

struct lake_engine {
    const char *version_sql; // one row: what version() says of the database
    void (*close)(struct lake *lake);
    void (*session_close)(struct lake_session *session);
    bool (*session_is_lost)(const struct lake_session *session); // NULL: it cannot be

    code (*query)(struct scope *scope, const char *sql, struct binds binds, struct rows **ret_rows);
    // From begin to end `query` answers of one state, that of the watermark. Begin leaves nothing
    // open on failure; end does nothing outside.
    code (*snapshot_begin)(struct scope *scope, int64_t *ret_change_id);
    void (*snapshot_end)(struct scope *scope);
    code (*query_untrusted)(struct scope *scope, struct text sql, struct rows **ret_rows);
    code (*refresh)(struct scope *scope);
    code (*watermark)(struct scope *scope, int64_t *ret_change_id);
    // What answers depend on where no mirror tells: a number that grows with each change, and what
    // else makes others of the same rows. NULL where one does.
    code (*state)(struct scope *scope, int64_t *ret_change_id, struct text *ret_variant);
    code (*rebuild)(struct scope *scope);
    // Would every statement of the text run? For tests.
    code (*prepares)(struct scope *scope, const char *sql);
};

extern const struct lake_engine lake_duckdb, lake_postgresql;

// The lake of the scope's session. NULL on failure: what is only tried has none, nor has a process
// beside the owner.
struct lake *session_lake(struct scope *scope);
