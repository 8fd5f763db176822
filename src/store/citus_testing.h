// SPDX-License-Identifier: Apache-2.0
// For tests: a stand-in for Citus in a plain PostgreSQL. It moves nothing. Its functions look
// whether a real cluster would take the call (the column is there, never NULL and not computed,
// every unique index holds it, no foreign key, co-located columns of one type), and write it down;
// from then on a row's column may not be changed, as on a cluster. What a cluster makes of
// statements it does not show.
#pragma once

#include "base/test.h"

// Into the database of the scope's store; its session may use it then.
void test_citus_make(struct scope *scope);

// ---- a cluster of one's own ----

// The address that TESSERA_TEST_CITUS names: a database on a coordinator with its workers, prepared
// as docs/scale.md says, for nothing else: the store in it is removed. Skips the test when it is
// not set.
const char *test_cluster(struct scope *scope);
// Spreads the tables of the scope's store.
void test_cluster_spread(struct scope *scope);
