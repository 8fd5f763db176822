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
