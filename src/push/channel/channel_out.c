// SPDX-License-Identifier: Apache-2.0
#include "push/channel/channel_out.h"

#include "store/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

code channel_out_folder(struct scope *scope, const char **ret_folder) {
    const char *folder = arena_printf(&scope->arena, "%s/outbox", store_path(session_store(scope)));

    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return scope_fail(scope, UNAVAILABLE, "the folder \"%s\" cannot be made: %s", folder,
                          strerror(errno));
    *ret_folder = folder;
    return OK;
}

code channel_out_open(struct scope *scope, const char *path, struct channel_out *ret_out) {
    struct channel_out out = {.path = arena_printf(&scope->arena, "%s", path),
                              .beside = arena_printf(&scope->arena, "%s.part", path)};

    out.file = fopen(out.beside, "we");
    if (!out.file)
        return scope_fail(scope, UNAVAILABLE, "a channel's file cannot be made: %s",
                          strerror(errno));
    *ret_out = out;
    return OK;
}

code channel_out_finish(struct scope *scope, struct channel_out *out) {
    FILE *file = TAKE(out->file);
    const bool is_synced = fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0;

    if (fclose(file) == 0 && is_synced && rename(out->beside, out->path) == 0)
        return OK;
    scope_fail(scope, STORAGE_FULL, "a channel's file cannot be written: %s", strerror(errno));
    unlink(out->beside);
    return scope->failure.code;
}

void channel_out_remove(struct scope *scope, const char *path) {
    static const char *const endings[] = {"", ".part", ".csv", ".csv.part"};

    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
        unlink(arena_printf(&scope->arena, "%s%s", path, endings[i]));
}

void channel_out_abandon(struct channel_out *out) {
    FILE *file = TAKE(out->file);

    if (!file)
        return;
    fclose(file);
    unlink(out->beside);
}
