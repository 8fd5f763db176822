// SPDX-License-Identifier: Apache-2.0
// What a store takes on its disks: by table, index and file, and by machine where its tables are
// spread. It reads sizes and estimates, and no more of the rows than it must; in SQLite it walks
// through the pages.
#pragma once

#include "base/scope.h"

#include <stddef.h>

struct storage_table {
    struct text place; // ledger or lake
    struct text name;
    struct text stand; // spread, everywhere, coordinator; empty: on one machine
    int64_t row_count; // -1: not known without counting on all machines
    bool is_estimated; // the database's own guess, for large tables
    int64_t table_bytes,
        index_bytes;     // on all machines; of what is spread, indexes are in the first
    int64_t shard_count; // 0: not spread
    double skew;         // of shards, the largest one to their mean: 1 is even
};

struct storage_index {
    struct text table, name;
    int64_t bytes;
};

// Of a cluster.
struct storage_node {
    struct text name; // host:port
    int64_t shard_count, bytes;
    double share; // of all bytes
};

// In the store's folder; one that is a folder tells what is in it.
struct storage_file {
    struct text name;
    int64_t bytes;
};

struct storage {
    struct text ledger_version;
    struct storage_table *tables;
    struct storage_index *indexes;
    struct storage_node *nodes;
    struct storage_file *files;
    size_t table_count, index_count, node_count, file_count;
};

// The lake's tables are there where it is a file of its own and this process has it open.
code storage_look(struct scope *scope, struct storage *ret_storage);
