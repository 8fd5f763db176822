// SPDX-License-Identifier: Apache-2.0
// The session of the ledger that is copied is in its snapshot all the while; the new ledger has a
// scope of its own, which reports progress for both.
#include "store/ledger_copy.h"

#include "store/store_copy.h"
#include "store/store_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static code fill(struct scope *scope, struct store *store, struct scope *target) {
    struct store_copy_summary summary;

    if (session_open(target, store) == OK)
        store_copy(scope, target, &summary);
    session_close(target);
    return target->failure.code;
}

// Closing the last connection brings everything into the one file.
static code make_ledger(struct scope *scope, const char *folder) {
    struct store *store = NULL;
    struct scope target;

    scope_init(&target);
    target.progress = scope->progress;
    target.cancelled = scope->cancelled;
    if (store_open(&target, folder, STORE_LEDGER_NEW, &store) == OK) {
        fill(scope, store, &target);
        store_close(store);
    }
    if (target.failure.code != OK && scope->failure.code == OK)
        scope->failure = target.failure;
    scope_clear(&target);
    return scope->failure.code;
}

static void remove_folder(struct scope *scope, const char *folder) {
    static const char *const files[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm"};

    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        unlink(arena_printf(&scope->arena, "%s/%s", folder, files[i]));
    rmdir(folder);
}

code ledger_copy_rows(struct scope *scope, const char *path) {
    const char *folder = arena_printf(&scope->arena, "%s.making", path);

    remove_folder(scope, folder); // of a process that was killed
    if (make_ledger(scope, folder) == OK &&
        rename(arena_printf(&scope->arena, "%s/ledger.db", folder), path) != 0)
        scope_fail(scope, UNAVAILABLE, "cannot make the file %s: %s", path, strerror(errno));
    remove_folder(scope, folder);
    return scope->failure.code;
}
