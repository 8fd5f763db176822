// SPDX-License-Identifier: Apache-2.0
// For tests: a store of one's own.
#pragma once

#include "base/test.h"
#include "store/store.h"

// Opens a store in test_folder(scope), gives the scope a session with it, and closes both when the
// test ends, however it ends. Settings: zone UTC, currency EUR, country empty. With
// TESSERA_TEST_STORE=postgresql in the environment the store is a database of its own and the
// folder beside it: the same tests run on both. With TESSERA_TEST_STORE=citus it is the database on
// a cluster that TESSERA_TEST_CITUS names, emptied first, and its tables are spread.
void test_store(struct scope *scope);
// The same in a folder, for what is about its files; one that another process made is opened.
void test_store_in_folder(struct scope *scope);
bool test_store_is_shared(void); // a database that several processes may use at once

// Where the scope's store is, for who opens it once more. Lives as long as the scope.
struct test_place {
    const char *address, *folder;
};
struct test_place test_store_place(struct scope *scope);
code test_store_open(struct scope *scope, struct test_place place, enum store_mode mode,
                     struct store **ret_store);
// Gives a scope whose store was closed a session with it again.
void test_store_open_at(struct scope *scope, struct test_place place);

// Closes it now and opens it again: what a restart does. One in a folder may be closed already.
void test_store_reopen(struct scope *scope);
void test_store_close(struct scope *scope);

// Runs statements, written in the ledger's dialect and separated by ";", without values. The rows
// they change are not told to the mirror.
void test_ledger_exec(struct scope *scope, const char *sql);
// From now on the table refuses every new row, with CONFLICT.
void test_ledger_refuse_rows(struct scope *scope, const char *table);
// The result as text: columns separated by "|", rows by "\n"; NULL as "-". Fails the test on
// failure.
const char *test_ledger_rows(struct scope *scope, const char *sql);
const char *test_lake_rows(struct scope *scope, const char *sql); // refreshed before
