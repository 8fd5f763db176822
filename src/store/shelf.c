// SPDX-License-Identifier: Apache-2.0
#include "store/shelf.h"

#include "store/job_lease.h"
#include "store/ledger.h"
#include "store/part_file.h"
#include "store/setting.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folders[] = {[SHELF_UPLOADS] = "uploads", [SHELF_EXPORTS] = "exports"};

struct text shelf_new_name(struct scope *scope) {
    unsigned char random[SHELF_NAME_BYTES / 2];
    char *name = arena_alloc(&scope->arena, SHELF_NAME_BYTES + 1);

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(name, SHELF_NAME_BYTES + 1, random, sizeof(random));
    return (struct text){.data = name, .size = SHELF_NAME_BYTES};
}

bool shelf_is_name(struct text name) {
    for (size_t i = 0; i < name.size; i++)
        if (!(name.data[i] >= '0' && name.data[i] <= '9') &&
            !(name.data[i] >= 'a' && name.data[i] <= 'f'))
            return false;
    return name.size == SHELF_NAME_BYTES;
}

static const char *folder_path(struct scope *scope, enum shelf shelf) {
    return arena_printf(&scope->arena, "%s/%s", store_path(session_store(scope)), folders[shelf]);
}

code shelf_path(struct scope *scope, enum shelf shelf, struct text name, const char **ret_path) {
    const char *folder = folder_path(scope, shelf);

    if (!shelf_is_name(name))
        return scope_fail(scope, NOT_FOUND, "there is no file \"%.*s\"", TEXT_ARG(name));
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return scope_fail(scope, errno == ENOSPC ? STORAGE_FULL : UNAVAILABLE,
                          "cannot make the folder %s: %s", folder, strerror(errno));
    *ret_path = arena_printf(&scope->arena, "%s/%.*s", folder, TEXT_ARG(name));
    return OK;
}

// Errors of the disk show at the latest here.
static code sync_path(struct scope *scope, const char *path, int flags) {
    const int fd = open(path, flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const bool synced = fd >= 0 && fsync(fd) == 0;
    const int number = errno;

    if (fd >= 0)
        close(fd);
    if (synced)
        return OK;
    return scope_fail(scope, number == ENOSPC || number == EDQUOT ? STORAGE_FULL : UNAVAILABLE,
                      "cannot keep the file: %s", strerror(number));
}

code shelf_put(struct scope *scope, enum shelf shelf, struct text name, const char *received) {
    const char *path = "";

    TRY(shelf_path(scope, shelf, name, &path));
    TRY(sync_path(scope, received, 0));
    if (rename(received, path) != 0)
        return scope_fail(scope, errno == ENOSPC ? STORAGE_FULL : UNAVAILABLE,
                          "cannot keep the file: %s", strerror(errno));
    return sync_path(scope, folder_path(scope, shelf), O_DIRECTORY);
}

code shelf_open(struct scope *scope, enum shelf shelf, struct text name, int *ret_fd) {
    struct stat status;
    const char *path = "";
    int fd;

    TRY(shelf_path(scope, shelf, name, &path));
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        *ret_fd = fd;
        return OK;
    }
    if (fd >= 0)
        close(fd);
    return scope_fail(scope, NOT_FOUND, "the file is not there any more");
}

void shelf_remove(struct scope *scope, enum shelf shelf, struct text name) {
    const char *path = "";

    if (shelf_is_name(name) && shelf_path(scope, shelf, name, &path) == OK)
        unlink(path);
}

static int64_t kept_s(const struct scope *scope, enum shelf shelf) {
    const struct config *config = store_config(session_store(scope));

    return shelf == SHELF_UPLOADS ? config->uploads_kept_s : config->exports_kept_s;
}

int64_t shelf_oldest_us(const struct scope *scope, enum shelf shelf) {
    return scope->now_us - kept_s(scope, shelf) * INT64_C(1000000);
}

struct text shelf_kept(struct scope *scope, enum shelf shelf) {
    enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };
    const int64_t seconds = kept_s(scope, shelf);

    if (seconds >= INT64_C(2) * DAY_S)
        return text_printf(&scope->arena, "files are kept for %" PRId64 " days", seconds / DAY_S);
    return text_printf(&scope->arena, "files are kept for %" PRId64 " hours",
                       (seconds + HOUR_S - 1) / HOUR_S);
}

// "NAME" or "NAME.part", which is still being received.
static bool is_of_shelf(const char *entry, struct text *ret_name) {
    struct text rest;

    *ret_name = text_split(text_of(entry), '.', &rest);
    return shelf_is_name(*ret_name) && (rest.size == 0 || text_is(rest, "part"));
}

static code sweep_entry(struct scope *scope, enum shelf shelf, int folder_fd, const char *entry,
                        const char *is_known) {
    struct stat status;
    struct text name;
    int64_t known;

    if (!is_of_shelf(entry, &name) ||
        fstatat(folder_fd, entry, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        status.st_mtim.tv_sec * INT64_C(1000000) >= shelf_oldest_us(scope, shelf))
        return OK;
    TRY(ledger_int64(scope, is_known, BINDS(BIND_TEXT(name)), 0, &known));
    if (known == 0)
        unlinkat(folder_fd, entry, 0);
    return OK;
}

code shelf_sweep(struct scope *scope, enum shelf shelf, const char *is_known) {
    DIR *folder = opendir(folder_path(scope, shelf));
    struct dirent *entry;
    code result = OK;

    while (folder && result == OK && (entry = readdir(folder)))
        result = sweep_entry(scope, shelf, dirfd(folder), entry->d_name, is_known);
    if (folder)
        closedir(folder);
    return result;
}

// ---- one folder for all ----

// Empty when there is none.
static code read_id(struct scope *scope, const char *path, struct text *ret_id) {
    char *id = arena_alloc(&scope->arena, SHELF_NAME_BYTES + 1);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t size;

    *ret_id = (struct text){0};
    if (fd < 0 && errno == ENOENT)
        return OK;
    size = fd < 0 ? -1 : read(fd, id, SHELF_NAME_BYTES);
    if (fd >= 0)
        close(fd);
    *ret_id = (struct text){.data = id, .size = size > 0 ? (size_t)size : 0};
    return shelf_is_name(*ret_id) ? OK : scope_fail(scope, CONFLICT, "%s holds no id", path);
}

static code write_id(struct scope *scope, const char *path) {
    CLEANUP(part_file_abandon) struct part_file file = {0};
    CLEANUP(buffer_clear) struct buffer content = {0};

    buffer_add_text(&content, shelf_new_name(scope));
    TRY(part_file_open(scope, path, &file));
    TRY(part_file_write(scope, &file, &content));
    TRY(part_file_sync(scope, &file));
    return part_file_finish(scope, &file);
}

// Of two that make one at the same time the first stands.
static code make_id(struct scope *scope, const char *path) {
    const code result = write_id(scope, path);

    if (result == CONFLICT)
        scope_forgive(scope);
    return result == CONFLICT ? OK : result;
}

code shelf_check(struct scope *scope) {
    const char *folder = store_path(session_store(scope));
    const char *path = arena_printf(&scope->arena, "%s/" SHELF_ID_FILE, folder);
    struct text id, known;

    if (!job_lease_is_needed(scope))
        return OK;
    TRY(setting_keep_first(scope, "folder_id", (struct text){0}, &known));
    if (known.size == 0)
        TRY(make_id(scope, path));
    TRY(read_id(scope, path, &id));
    TRY(setting_keep_first(scope, "folder_id", id, &known));
    if (text_equal(id, known))
        return OK;
    scope_fail(scope, CONFLICT, "%s is not the folder that other processes on this database use",
               folder);
    return scope_hint(scope,
                      "let `files` name the same folder on all machines; when that folder is lost, "
                      "DELETE FROM tessera.setting WHERE name = 'folder_id'");
}
