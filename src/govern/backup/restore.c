// SPDX-License-Identifier: Apache-2.0
// A backup is read three times: to know that it is whole, to take it apart, and as a ledger whose
// totals must be those of the manifest. Until then its parts lie in a folder of their own.
#include "backup_sql.h"
#include "base/progress.h"
#include "base/time.h"
#include "govern/access/seal.h"
#include "govern/audit/audit.h"
#include "govern/backup/backup.h"
#include "govern/backup/manifest.h"
#include "govern/operation/doctor.h"
#include "store/ledger.h"
#include "store/ledger_copy.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- verifying ----

struct verification {
    struct manifest_file *files;
    size_t count;
    struct buffer manifest;
    bool is_manifest; // the member being read
    bool has_manifest;
};

static code begin_member(struct scope *scope, void *context, const char *name, int64_t size) {
    struct verification *verification = context;

    verification->is_manifest = strcmp(name, "manifest.json") == 0;
    verification->has_manifest |= verification->is_manifest;
    if ((verification->is_manifest && size > MANIFEST_MOST_BYTES) ||
        verification->count >= MANIFEST_MOST_FILES)
        return scope_fail(scope, INVALID, "this is no backup of tessera");
    return OK;
}

static code take_bytes(struct scope *scope, void *context, struct text bytes) {
    struct verification *verification = context;

    (void)scope;
    if (verification->is_manifest)
        buffer_add_text(&verification->manifest, bytes);
    return OK;
}

static code end_member(struct scope *scope, void *context, const char *name, int64_t size,
                       const char *digest) {
    struct verification *verification = context;
    struct manifest_file *file = &verification->files[verification->count];

    if (verification->is_manifest)
        return OK;
    file->name = arena_printf(&scope->arena, "%s", name);
    file->bytes = size;
    snprintf(file->digest, sizeof(file->digest), "%s", digest);
    verification->count++;
    return OK;
}

static code compare(struct scope *scope, const struct verification *verification,
                    const struct json **ret_manifest) {
    struct json *manifest;

    if (!verification->has_manifest)
        return scope_fail(scope, INVALID, "this is no backup of tessera: it has no manifest");
    TRY(json_parse_own(scope, text_copy(&scope->arena, buffer_text(&verification->manifest)),
                       &manifest));
    TRY(manifest_check(scope, manifest));
    TRY(manifest_compare_files(scope, manifest, verification->files, verification->count));
    *ret_manifest = manifest;
    return OK;
}

code backup_verify(struct scope *scope, const char *path, const struct json **ret_manifest) {
    struct verification verification = {
        .files = arena_array(&scope->arena, MANIFEST_MOST_FILES, sizeof(*verification.files))};
    const struct archive_visitor visitor = {begin_member, take_bytes, end_member, &verification};

    if (archive_walk(scope, path, &visitor) == OK)
        compare(scope, &verification, ret_manifest);
    buffer_clear(&verification.manifest);
    return scope->failure.code;
}

// ---- taking apart ----

struct extraction {
    const char *folder;
    int fd;
    const char *path;
};

// ledger.db, access.key, exports/NAME, uploads/NAME, and the manifest, which is not kept.
static bool is_wanted(const char *name) {
    const char *slash = strchr(name, '/');

    if (!slash)
        return strcmp(name, "ledger.db") == 0 || strcmp(name, ACCESS_KEY_FILE) == 0;
    return (strncmp(name, "exports/", 8) == 0 || strncmp(name, "uploads/", 8) == 0) &&
           slash[1] != '\0' && slash[1] != '.' && !strchr(slash + 1, '/');
}

static code begin_file(struct scope *scope, void *context, const char *name, int64_t size) {
    struct extraction *extraction = context;

    (void)size;
    extraction->fd = -1;
    if (strcmp(name, "manifest.json") == 0)
        return OK;
    if (!is_wanted(name))
        return scope_fail(scope, INVALID, "\"%s\" is no file of a backup", name);
    extraction->path = arena_printf(&scope->arena, "%s/%s", extraction->folder, name);
    extraction->fd =
        open(extraction->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (extraction->fd < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot make %s: %s", extraction->path,
                          strerror(errno));
    return OK;
}

static code write_bytes(struct scope *scope, void *context, struct text bytes) {
    const struct extraction *extraction = context;
    size_t written = 0;

    while (extraction->fd >= 0 && written < bytes.size) {
        const ssize_t count = write(extraction->fd, bytes.data + written, bytes.size - written);

        if (count < 0 && errno != EINTR)
            return scope_fail(scope, errno == ENOSPC ? STORAGE_FULL : UNAVAILABLE,
                              "cannot write %s: %s", extraction->path, strerror(errno));
        written += count > 0 ? (size_t)count : 0;
    }
    return OK;
}

static code end_file(struct scope *scope, void *context, const char *name, int64_t size,
                     const char *digest) {
    struct extraction *extraction = context;
    bool is_durable;

    (void)name, (void)size, (void)digest;
    if (extraction->fd < 0)
        return OK;
    is_durable = fsync(extraction->fd) == 0;
    close(extraction->fd);
    extraction->fd = -1;
    return is_durable ? OK
                      : scope_fail(scope, UNAVAILABLE, "cannot write %s: %s", extraction->path,
                                   strerror(errno));
}

static code make_folder(struct scope *scope, const char *path) {
    if (mkdir(path, 0700) == 0)
        return OK;
    return scope_fail(scope, UNAVAILABLE, "cannot make the folder %s: %s", path, strerror(errno));
}

static code extract(struct scope *scope, const char *path, const char *parts) {
    struct extraction extraction = {.folder = parts, .fd = -1};
    const struct archive_visitor visitor = {begin_file, write_bytes, end_file, &extraction};
    code result;

    TRY(make_folder(scope, parts));
    TRY(make_folder(scope, arena_printf(&scope->arena, "%s/exports", parts)));
    TRY(make_folder(scope, arena_printf(&scope->arena, "%s/uploads", parts)));
    result = archive_walk(scope, path, &visitor);
    if (extraction.fd >= 0)
        close(extraction.fd);
    return result;
}

// ---- into place ----

static const char *const part_names[] = {"ledger.db", "exports", "uploads", ACCESS_KEY_FILE};

static bool may_stay(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "lost+found") == 0 ||
           strcmp(name, "tessera.conf") == 0;
}

static code check_empty(struct scope *scope, const char *folder) {
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    const char *found = NULL;

    if (!entries)
        return scope_fail(scope, UNAVAILABLE, "cannot look into %s: %s", folder, strerror(errno));
    while (!found && (entry = readdir(entries)))
        if (!may_stay(entry->d_name))
            found = arena_printf(&scope->arena, "%s", entry->d_name);
    closedir(entries);
    if (!found)
        return OK;
    scope_fail(scope, CONFLICT, "the folder %s is not empty: it holds %s", folder, found);
    return scope_hint(scope, "a backup is restored into a new folder: name one with --data");
}

static code open_folder(struct scope *scope, const char *folder) {
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return scope_fail(scope, UNAVAILABLE, "cannot make the folder %s: %s", folder,
                          strerror(errno));
    return check_empty(scope, folder);
}

static code move_into_place(struct scope *scope, const char *parts, const char *folder) {
    for (size_t i = sizeof(part_names) / sizeof(*part_names); i-- > 0;) // the ledger is the last
        if (rename(arena_printf(&scope->arena, "%s/%s", parts, part_names[i]),
                   arena_printf(&scope->arena, "%s/%s", folder, part_names[i])) != 0 &&
            !(errno == ENOENT && strcmp(part_names[i], ACCESS_KEY_FILE) == 0))
            return scope_fail(scope, UNAVAILABLE, "cannot move %s to %s: %s", part_names[i], folder,
                              strerror(errno));
    if (rmdir(parts) != 0)
        return scope_fail(scope, UNAVAILABLE, "cannot remove %s: %s", parts, strerror(errno));
    return OK;
}

static void remove_files(struct scope *scope, const char *folder) {
    DIR *entries = opendir(folder);
    const struct dirent *entry;

    while (entries && (entry = readdir(entries)))
        unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        closedir(entries);
    rmdir(folder);
    (void)scope;
}

static void remove_parts(struct scope *scope, const char *parts) {
    remove_files(scope, arena_printf(&scope->arena, "%s/exports", parts));
    remove_files(scope, arena_printf(&scope->arena, "%s/uploads", parts));
    remove_files(scope, parts);
}

// ---- checking ----

struct comparison {
    const struct json *manifest;
    int64_t compared;
};

static code compare_ledger(struct scope *scope, void *context) {
    struct comparison *comparison = context;

    return manifest_compare_totals(scope, comparison->manifest, &comparison->compared);
}

static code check_parts(struct scope *scope, const char *parts, struct comparison *comparison) {
    const char *ledger = arena_printf(&scope->arena, "%s/ledger.db", parts);
    struct text problem;

    progress_report(scope->progress, "checking", 0, 0, "");
    TRY(ledger_check_file(scope, ledger, LEDGER_CHECK_ALL, &problem));
    if (problem.size > 0)
        return scope_fail(scope, CONFLICT, "the ledger in the backup is damaged: %.*s",
                          TEXT_ARG(problem));
    return ledger_look_into(scope, parts, compare_ledger, comparison);
}

// Who was signed in when the backup was made may have been kept out since.
static code end_sign_ins(struct scope *scope, const char *name) {
    TRY(ledger_exec(scope, sql_backup_end_sessions, NO_BINDS));
    TRY(ledger_exec(scope, sql_backup_end_links, NO_BINDS));
    return audit_append(scope, "store.restore", text_of(name), TEXT("{}"));
}

static code check_store(struct scope *scope, const char *path) {
    struct doctor_check *checks;
    const char *slash = strrchr(path, '/');
    size_t count;

    TRY(doctor_examine(scope, &checks, &count));
    for (size_t i = 0; i < count; i++)
        if (checks[i].state == DOCTOR_FAIL)
            return scope_fail(scope, CONFLICT, "the restored store is not sound: %s: %.*s",
                              checks[i].name, TEXT_ARG(checks[i].finding));
    TRY(ledger_begin(scope));
    return ledger_end(scope, end_sign_ins(scope, slash ? slash + 1 : path));
}

// Opening it builds the lake.
static code open_and_check(struct scope *scope, const char *path, const char *folder) {
    struct store *store = NULL;
    code result = store_open(scope, folder, STORE_READ_WRITE, &store);

    if (result == OK)
        result = session_open(scope, store);
    if (result == OK) {
        result = check_store(scope, path);
        session_close(scope);
    }
    store_close(store);
    return result;
}

code backup_restore(struct scope *scope, const char *path, const char *folder,
                    struct restore_summary *ret_summary) {
    const char *parts = arena_printf(&scope->arena, "%s/restoring", folder);
    struct restore_summary summary = {.restored_us = -time_now_us()};
    struct comparison comparison = {0};

    TRY(backup_verify(scope, path, &comparison.manifest));
    TRY(open_folder(scope, folder));
    if (extract(scope, path, parts) != OK || check_parts(scope, parts, &comparison) != OK ||
        move_into_place(scope, parts, folder) != OK) {
        remove_parts(scope, parts);
        return scope->failure.code;
    }
    summary.restored_us += time_now_us();
    summary.lake_us = -time_now_us();
    TRY(open_and_check(scope, path, folder));
    summary.lake_us += time_now_us();
    summary.manifest = comparison.manifest;
    summary.compared_count = comparison.compared;
    *ret_summary = summary;
    return OK;
}
