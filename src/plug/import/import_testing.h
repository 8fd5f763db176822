// SPDX-License-Identifier: Apache-2.0
// For tests: imports of small files in one call.
#pragma once

#include "base/test.h"
#include "plug/import/import.h"

// Import `content` as a file of that name; the mapping is proposed, with `options` over it (a JSON
// mapping without its kind: {"constants": …}; NULL for none). Fails the test on failure.
struct import test_import(struct scope *scope, const char *name, enum import_kind kind,
                          struct text content, const char *options);
// The same with a file that is there.
struct import test_import_file(struct scope *scope, const char *path, enum import_kind kind,
                               const char *options);
void test_import_undo(struct scope *scope, int64_t import_id);

// All that the ledger knows, without ids and times of its own, as text to compare.
const char *test_ledger_dump(struct scope *scope);
