// SPDX-License-Identifier: Apache-2.0
// For tests: a PostgreSQL of one's own. The first test that asks starts a private cluster
// (tools/postgresql_cluster.py), which ends with the test program, however that ends; or the tests
// use the one that TESSERA_TEST_POSTGRESQL names.
#pragma once

#include "base/test.h"

// The URL of a new, empty database, dropped when the test ends; whoever is still connected then is
// thrown out. Skips the test when PostgreSQL is not installed, and fails it when CI is set in the
// environment: there it must be.
const char *test_database(struct scope *scope);
// The same, with all that stands in another one.
const char *test_database_copy(struct scope *scope, const char *like);
// One that outlives the test; NULL is like none.
void test_database_make(struct scope *scope, const char *like, size_t size, char *ret_name);
void test_database_drop(const char *name);
const char *test_database_address(struct scope *scope, const char *name);

// One of its own, for a test that kills it; it ends with the test. Its address names a database
// that is empty and the test's alone.
struct test_cluster;
struct test_cluster *test_cluster_start(struct scope *scope);
const char *test_cluster_address(const struct test_cluster *cluster);
void test_cluster_kill(struct test_cluster *cluster); // as a crash does; returns when it is gone
// Returns when it answers; one that runs goes on.
void test_cluster_start_again(struct test_cluster *cluster);
// One on a small file system of its own, reached by a port. Filling leaves some megabytes, and is
// done, or undone, soon after it is said.
struct test_cluster *test_cluster_start_small(struct scope *scope);
void test_cluster_fill(struct scope *scope, struct test_cluster *cluster, bool is_full);
