// SPDX-License-Identifier: Apache-2.0
// Every named SQL block of the program (generated), for the test that prepares each on its
// databases.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sql_block {
    const char *name;
    const char *text;
    bool for_ledger;
    bool for_lake;   // in either database
    bool for_duckdb; // the lake there alone
};

extern const struct sql_block sql_catalogue[];
extern const size_t sql_catalogue_count;
