// SPDX-License-Identifier: Apache-2.0
// How each table of the ledger stands on a database of several machines: one table, which
// store/distribute.c carries out, the tests hold the statements of the program against, and
// docs/scale.md shows. On a single machine it means nothing.
#pragma once

#include "base/text.h"

#include <stddef.h>

enum table_stand {
    TABLE_SPREAD,      // its rows over all machines, by the value of a column
    TABLE_EVERYWHERE,  // a copy on each machine: small, changed seldom, joined with what is spread
    TABLE_COORDINATOR, // on the machine that is asked, as ever: never joined with what is spread
};

// To add a table, give it a row in distribution.c:
// - what belongs to a customer is TABLE_SPREAD by a column that never changes: a fact by `home`
//   (store/home.h), what is kept per origin or customer by that. `group` is GROUP_OF_CUSTOMERS;
// - what is small and joined with it is TABLE_EVERYWHERE, anything else TABLE_COORDINATOR;
// - a table that is spread and has a key or unique columns without `column` says in `unique` why no
//   row comes twice although each machine looks at its own rows only.
// What is spread or everywhere has a row in docs/scale.md ("How each table stands") as well.
struct table_distribution {
    const char *table;
    enum table_stand stand;
    const char *column; // TABLE_SPREAD: by which
    const char *group;  // tables of one group have the same value on the same machine
    const char *unique; // NULL: what is unique holds the column
};

#define GROUP_OF_CUSTOMERS "customer"

extern const struct table_distribution table_distributions[];
extern const size_t table_distribution_count;

// NULL when the table has no entry.
const struct table_distribution *table_distribution_find(struct text table);
const char *table_stand_name(enum table_stand stand); // spread, everywhere, coordinator
