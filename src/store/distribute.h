// SPDX-License-Identifier: Apache-2.0
// Spreads the tables of a store in PostgreSQL over the machines of a Citus cluster, as
// store/distribution.h says. The one place that knows of Citus, beside what store/storage.h shows
// of it.
#pragma once

#include "base/scope.h"

#include <stddef.h>

// One transaction of the work.
struct distribute_step {
    const char *stage; // "moving sale"
    const char *sql;
};

struct distribute_plan {
    struct distribute_step *steps;
    size_t count;       // 0: all tables stand as they should
    size_t table_count; // that are to be moved
};

// Is the store's database one of Citus, with nothing spread or all of it?
code distribute_is_possible(struct scope *scope, bool *ret_possible);
// What is missing, all of it on a plain database. INVALID where there is no Citus, or it is not
// prepared; CONFLICT when a table stands otherwise than it should, or has a foreign key.
code distribute_plan(struct scope *scope, struct distribute_plan *ret_plan);
// Does it, step by step; one that fails leaves nothing, and those before it stay. CONFLICT while
// other processes use the database.
code distribute_run(struct scope *scope, const struct distribute_plan *plan);
