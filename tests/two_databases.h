// SPDX-License-Identifier: Apache-2.0
// For tests: the same data in both databases.
#pragma once

#include "base/text.h"
#include "store/store_testing.h"

// Opens a store in a folder, as test_store_in_folder, and imports the sample company.
void test_sample_company(struct scope *scope, int64_t customers, int64_t lines);
// Copies the scope's store into a database of its own in PostgreSQL. The returned scope has a
// session with it and failures of its own; both end with the test.
struct scope *test_copy_to_postgresql(struct scope *scope);
// Fails the test with the first line that differs, and with what each is called.
void test_same_lines(const char *one_name, const struct buffer *one, const char *other_name,
                     const struct buffer *other);
