// SPDX-License-Identifier: Apache-2.0
// Files of data for people: who had which one made, when, of what. They lie in the store until
// they are fetched, and are removed after exports_kept.
#pragma once

#include "base/scope.h"

struct export {
    int64_t id;
    struct text file; // its random name on the shelf
    struct text name; // under which it is fetched: "regulars-2026-11-22.csv"
    struct text what; // "segment regulars"
    int64_t row_count, bytes;
    struct text actor;
    int64_t created_at_us;
};

// Where to write a file that is to be kept.
code export_new(struct scope *scope, struct export *ret_export, const char **ret_path);
// Keep the file that was written: `name`, `what` and `row_count` are the caller's, the rest is
// filled in. When it fails the file is gone.
code export_keep(struct scope *scope, struct export *export);
// NOT_FOUND.
code export_find(struct scope *scope, int64_t id, struct export *ret_export);
// Remove what is too old.
code export_expire(struct scope *scope);
