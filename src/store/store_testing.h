// SPDX-License-Identifier: Apache-2.0
// For tests: a store of one's own.
#pragma once

#include "base/test.h"
#include "store/store.h"

// Opens a store in test_folder(scope), gives the scope a session with it, and closes both when the
// test ends, however it ends. Settings: zone UTC, currency EUR, country empty.
void test_store(struct scope *scope);
// Closes it now and opens it again: what a restart does.
void test_store_reopen(struct scope *scope);
void test_store_close(struct scope *scope);

// Runs statements, written in the ledger's dialect and separated by ";", without values. The rows
// they change are not told to the mirror.
void test_ledger_exec(struct scope *scope, const char *sql);
// The result as text: columns separated by "|", rows by "\n"; NULL as "-". Fails the test on
// failure.
const char *test_ledger_rows(struct scope *scope, const char *sql);
const char *test_lake_rows(struct scope *scope, const char *sql); // refreshed before
