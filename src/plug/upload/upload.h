// SPDX-License-Identifier: Apache-2.0
// Files that people send to be imported. Each has a handle, random and not to be guessed, by which
// imports name it; it is forgotten after uploads_kept, unless an import still needs it.
#pragma once

#include "base/scope.h"

struct upload {
    struct text id;   // the handle
    struct text name; // what its sender calls it
    int64_t bytes;
    struct text actor;
    int64_t created_at_us;
};

// Keep a received file, which is moved from `received`. Durable when it returns. INVALID for a name
// that is no UTF-8; STORAGE_FULL.
code upload_add(struct scope *scope, const char *received, int64_t bytes, struct text name,
                struct upload *ret_upload);
// NOT_FOUND, also for what cannot be a handle.
code upload_find(struct scope *scope, struct text id, struct upload *ret_upload);
// Where it lies.
code upload_path(struct scope *scope, struct text id, const char **ret_path);
// NOT_FOUND; CONFLICT while an import needs it.
code upload_delete(struct scope *scope, struct text id);
// Forget what is too old.
code upload_expire(struct scope *scope);
